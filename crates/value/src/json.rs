//! Go's `encoding/json` over values.
