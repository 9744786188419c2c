//! Go's unicode and utf8.
