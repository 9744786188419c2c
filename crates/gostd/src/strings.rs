//! Go's strings.
