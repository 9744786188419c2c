//! Rules over charts and plans, Helm's lint among them.
