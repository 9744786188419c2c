//! The tree that the parser builds and the machine runs: functions are resolved, constants are values.

use rhumb_value::{Str, Value};

use crate::func::Func;

/// A run of nodes.
#[derive(Debug, Default)]
pub struct List {
    /// Where it starts.
    pub pos: u32,
    /// The nodes in order.
    pub nodes: Vec<Node>,
}

/// One thing that a template does.
#[derive(Debug)]
pub enum Node {
    /// Plain text: a range of the source.
    Text {
        /// First byte.
        start: u32,
        /// Byte behind the last.
        end: u32,
    },
    /// `{{ pipeline }}`
    Action(Box<Pipe>),
    /// `{{if}}`
    If(Box<Branch>),
    /// `{{with}}`
    With(Box<Branch>),
    /// `{{range}}`
    Range(Box<Branch>),
    /// `{{template}}`, and what is left of a `{{block}}`
    Template(Box<TemplateCall>),
    /// `{{break}}`
    Break(u32),
    /// `{{continue}}`
    Continue(u32),
}

/// A control with a condition, a body and perhaps another.
#[derive(Debug)]
pub struct Branch {
    /// Where its pipeline starts.
    pub pos: u32,
    /// The condition, or what is ranged over.
    pub pipe: Pipe,
    /// The body.
    pub list: List,
    /// What `else` has.
    pub otherwise: Option<List>,
}

/// A call of a named template.
#[derive(Debug)]
pub struct TemplateCall {
    /// Where the name stands.
    pub pos: u32,
    /// The name of the template.
    pub name: Str,
    /// What becomes its dot.
    pub pipe: Option<Pipe>,
}

/// A pipeline.
#[derive(Debug)]
pub struct Pipe {
    /// Where it starts.
    pub pos: u32,
    /// Whether the variables are assigned and not declared.
    pub assign: bool,
    /// The variables that take the result.
    pub decl: Vec<Variable>,
    /// The commands in order.
    pub commands: Vec<Command>,
}

/// A command: an operand, or a function with its arguments.
#[derive(Debug)]
pub struct Command {
    /// Where it starts.
    pub pos: u32,
    /// The words; never empty.
    pub args: Vec<Expr>,
}

/// An operand.
#[derive(Debug)]
pub enum Expr {
    /// `.`
    Dot(u32),
    /// `nil`
    Nil(u32),
    /// `true`, `false`
    Bool(u32, bool),
    /// A number or a character.
    Number(Box<Number>),
    /// A string literal.
    Text(Box<Literal>),
    /// `.A.B`
    Field(Box<Field>),
    /// `$x.A.B`
    Variable(Box<Variable>),
    /// `(...).A.B`, or a function's result with fields.
    Chain(Box<Chain>),
    /// The name of a function.
    Function(Box<Function>),
    /// `( pipeline )`
    Pipe(Box<Pipe>),
}

/// A number with all the types it may take.
#[derive(Debug, Default)]
pub struct Number {
    /// Where it stands.
    pub pos: u32,
    /// As written.
    pub text: Str,
    /// As a signed integer.
    pub int: Option<i64>,
    /// As an unsigned integer.
    pub uint: Option<u64>,
    /// As a float.
    pub float: Option<f64>,
    /// As a complex number.
    pub complex: Option<(f64, f64)>,
    /// What it is where nothing asks for a type; none where it does not fit an `int`.
    pub ideal: Option<Value>,
}

/// A string literal.
#[derive(Debug)]
pub struct Literal {
    /// Where it stands.
    pub pos: u32,
    /// With its quotes, as written.
    pub quoted: Str,
    /// What it means.
    pub value: Value,
}

/// Names after a dot.
#[derive(Debug)]
pub struct Field {
    /// Where it stands, as Go counts: the second name where there are several.
    pub pos: u32,
    /// The names.
    pub names: Vec<Str>,
}

/// A variable, perhaps with fields.
#[derive(Debug)]
pub struct Variable {
    /// Where it stands.
    pub pos: u32,
    /// The number of the name within the source; zero is `$`.
    pub id: u32,
    /// The name with its dollar sign.
    pub name: Str,
    /// The fields.
    pub names: Vec<Str>,
}

/// Fields of an operand that is neither field nor variable.
#[derive(Debug)]
pub struct Chain {
    /// Where its first field stands.
    pub pos: u32,
    /// The operand.
    pub node: Expr,
    /// The fields.
    pub names: Vec<Str>,
}

/// A function by name.
#[derive(Debug)]
pub struct Function {
    /// Where it stands.
    pub pos: u32,
    /// The function.
    pub func: &'static Func,
}

impl Expr {
    /// Where it stands, as Go reports it.
    #[must_use]
    pub fn pos(&self) -> u32 {
        match self {
            Expr::Dot(pos) | Expr::Nil(pos) | Expr::Bool(pos, _) => *pos,
            Expr::Number(n) => n.pos,
            Expr::Text(n) => n.pos,
            Expr::Field(n) => n.pos,
            Expr::Variable(n) => n.pos,
            Expr::Chain(n) => n.pos,
            Expr::Function(n) => n.pos,
            Expr::Pipe(n) => n.pos,
        }
    }
}

impl List {
    /// Whether it would write nothing but white space (Go: `parse.IsEmptyTree`).
    #[must_use]
    pub fn is_blank(&self, text: &[u8]) -> bool {
        self.nodes.iter().all(|node| match node {
            Node::Text { start, end } => is_white(&text[*start as usize..*end as usize]),
            _ => false,
        })
    }
}

fn is_white(text: &[u8]) -> bool {
    match std::str::from_utf8(text) {
        Ok(text) => text.trim().is_empty(),
        Err(_) => false,
    }
}
