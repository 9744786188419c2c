//! Fixtures and the reference's answers, for tests only.
