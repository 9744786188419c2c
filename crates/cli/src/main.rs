//! A compiler for Helm charts.

fn main() {}
