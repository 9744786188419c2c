//! The function library that Helm gives a template, one file a family.
