//! Go times, layouts and zones.
