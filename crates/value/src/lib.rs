//! Go-like dynamic values: kinds, truth, order, printing, JSON, origins.
