//! Go's text/template; knows nothing of Helm.
//!
//! A text goes through `lexer`, `parser` and `ast` into a [`TemplateSet`]; a [`Machine`] runs it.

mod ast;
mod builtins;
mod compare;
mod display;
pub mod error;
mod eval;
mod exec;
pub mod func;
pub mod funcs;
mod lexer;
pub mod machine;
mod number;
mod opaque;
pub mod parser;
mod print;
mod quote;
pub mod source;
pub mod template;
pub mod trace;

pub use error::{CallSite, Detail, Error, ExecError, ParseError, Reason};
pub use func::{Call, Func, Runtime};
pub use funcs::Funcs;
pub use machine::{Machine, MissingKey, Options};
pub use parser::{Parsed, parse};
pub use source::Source;
pub use template::{Template, TemplateSet};
pub use trace::{Frame, Piece, Trace};
