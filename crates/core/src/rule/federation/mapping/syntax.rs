//! An expression as a tree. Chains are flat (`a + b + c` is one node, `a.b.c` another), so that the tree is no
//! deeper than the brackets that were written: whoever walks it needs a bounded stack.

use super::function::Function;
use super::pattern::Pattern;

/// Part of an expression and where it stands in the text, in bytes.
#[derive(Debug)]
pub(super) struct Node {
    pub(super) kind: Kind,
    pub(super) from: usize,
    pub(super) to: usize,
}

/// What a part is.
#[derive(Debug)]
pub(super) enum Kind {
    Null,
    Bool(bool),
    Int(i64),
    UInt(u64),
    Double(f64),
    Text(String),
    Bytes(Vec<u8>),
    List(Vec<Node>),
    Map(Vec<(Node, Node)>),
    /// `assertion`, `google` or `attribute`.
    Root(Root),
    /// A name that a macro made, by its place on the stack.
    Local(usize),
    Call(Call),
    /// `has(of.field)`
    Has(Box<Node>, String),
    /// What is picked out of a value, one step after the other.
    Member(Box<Node>, Vec<Step>),
    Not(Box<Node>),
    Negate(Box<Node>),
    /// `+`, `-`, `*`, `/`, `%` and comparisons of one rank, from the left.
    Chain(Box<Node>, Vec<(Operator, Node)>),
    And(Vec<Node>),
    Or(Vec<Node>),
    /// `c ? v : d ? w : otherwise`
    Choice(Vec<(Node, Node)>, Box<Node>),
}

/// One step into a value, or something done with it.
#[derive(Debug)]
pub(super) enum Step {
    Field(String),
    Index(Node),
    Call(Call),
    Each(Each),
}

/// A function and its arguments, without the value it is called on.
#[derive(Debug)]
pub(super) struct Call {
    pub(super) function: Function,
    pub(super) arguments: Vec<Node>,
    /// Made of the argument when the expression was compiled.
    pub(super) pattern: Option<Pattern>,
}

/// `of.all(name, body)` and its kin.
#[derive(Debug)]
pub(super) struct Each {
    pub(super) over: Over,
    /// Only `map(name, filter, body)` has one.
    pub(super) filter: Option<Box<Node>>,
    pub(super) body: Box<Node>,
}

/// Which macro.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Over {
    All,
    Exists,
    ExistsOne,
    Map,
    Filter,
}

/// The variables that there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Root {
    Assertion,
    Google,
    Attribute,
    /// What a binding is on, and what an access boundary is about; the conditions of those are evaluated elsewhere.
    Resource,
    /// The variable of conditions in access boundaries alone.
    Api,
    /// What is asked for where a binding counts: `request.time`.
    Request,
}

impl Root {
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Assertion => "assertion",
            Self::Google => "google",
            Self::Attribute => "attribute",
            Self::Resource => "resource",
            Self::Api => "api",
            Self::Request => "request",
        }
    }
}

/// What stands between two values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Operator {
    Add,
    Subtract,
    Multiply,
    Divide,
    Modulo,
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    In,
}

impl Operator {
    pub(super) const fn sign(self) -> &'static str {
        match self {
            Self::Add => "+",
            Self::Subtract => "-",
            Self::Multiply => "*",
            Self::Divide => "/",
            Self::Modulo => "%",
            Self::Equal => "==",
            Self::NotEqual => "!=",
            Self::Less => "<",
            Self::LessOrEqual => "<=",
            Self::Greater => ">",
            Self::GreaterOrEqual => ">=",
            Self::In => "in",
        }
    }
}
