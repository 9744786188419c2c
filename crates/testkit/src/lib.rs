//! Conformance cases, and the machinery that runs and records them. For tests only.
//!
//! A case is plain text: files, command lines, and what Helm answered. `conformance/README.md` describes the
//! format for authors. The way of a case through this crate: [`parse`] reads a case file, [`run`] unpacks
//! one case and runs its commands with a program, [`answer`] holds what came back, [`compare`] words the difference
//! from what is recorded, and [`rewrite`] puts fresh answers into the text. [`generate`] invents inputs for both programs.
//!
//! Beside that stand [`lab`], parts from outside, and [`image`], container images.

pub mod answer;
pub mod case;
pub mod compare;
pub mod generate;
pub mod image;
pub mod inputs;
pub mod lab;
mod ours;
pub mod parse;
pub mod reference;
pub mod rewrite;
pub mod run;
mod words;
