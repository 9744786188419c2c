//! The only door outside: files, clock, entropy, environment.
