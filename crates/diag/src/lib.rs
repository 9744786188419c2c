//! Files, spans, span maps and the one diagnostic.
