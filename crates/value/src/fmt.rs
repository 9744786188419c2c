//! Go's `fmt`: `%v` and the printf verbs over values.
