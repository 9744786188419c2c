//! Chart, values and release in; manifests, hooks, notes and CRDs with provenance out.
