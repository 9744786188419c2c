//! Case helpers of huandu/xstrings.
