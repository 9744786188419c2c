//! Generated inputs: random charts through both programs.
//!
//! [`random`] chooses, the same for the same seed; [`templates`] and [`charts`] write inputs, [`mutate`] damages them; [`differ`] runs
//! both programs over a [`sample`] and makes what differs small.

mod atoms;
pub mod charts;
pub mod differ;
mod flags;
mod functions;
pub mod mutate;
pub mod random;
pub mod sample;
mod shrink;
pub mod templates;
mod values;
