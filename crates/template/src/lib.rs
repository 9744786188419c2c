//! Go's text/template; knows nothing of Helm.
