//! JSON Schema over values, with Helm's wording of failures.
