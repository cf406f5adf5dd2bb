//! Ranks 8 and 9 of the grammar: values, and what is picked out of them or done with them.
//!
//! Macros are recognised here: `has(a.b)`, `all`, `exists`, `exists_one`, `map`, `filter`. A name that a macro
//! makes is known within its own brackets and hides nothing: it may not be the name of a variable.

use carnet_wire::legal::Echo;

use crate::rule::federation::mapping::Wrong;
use crate::rule::federation::mapping::extract;
use crate::rule::federation::mapping::function;
use crate::rule::federation::mapping::function::Function;
use crate::rule::federation::mapping::function::Style;
use crate::rule::federation::mapping::moment;
use crate::rule::federation::mapping::pattern::Pattern;
use crate::rule::federation::mapping::syntax::Call;
use crate::rule::federation::mapping::syntax::Each;
use crate::rule::federation::mapping::syntax::Kind;
use crate::rule::federation::mapping::syntax::Node;
use crate::rule::federation::mapping::syntax::Over;
use crate::rule::federation::mapping::syntax::Root;
use crate::rule::federation::mapping::syntax::Step;
use crate::rule::federation::mapping::token::Kind as Sort;

use super::LOCALS;
use super::Parser;

/// Words that are no names (cel-spec, "Reserved"); those of the first three lines are no fields either.
const RESERVED: &[&str] = &[
    "true",
    "false",
    "null",
    "in",
    "as",
    "break",
    "const",
    "continue",
    "else",
    "for",
    "function",
    "if",
    "import",
    "let",
    "loop",
    "package",
    "namespace",
    "return",
    "var",
    "void",
    "while",
];
const NO_FIELDS: &[&str] = &["true", "false", "null", "in"];

impl Parser<'_> {
    /// 8. `value.field`, `value[index]`, `value.function(…)`, one behind the other.
    pub(super) fn member(&mut self) -> Result<Node, Wrong> {
        let from = self.place();
        let first = self.primary()?;
        let mut steps = Vec::new();
        loop {
            if self.take(".") {
                steps.push(self.behind_point()?);
            } else if self.take("[") {
                let index = self.expression()?;
                self.need("]")?;
                steps.push(Step::Index(index));
            } else if steps.is_empty() {
                return Ok(first);
            } else {
                return Ok(self.node(from, Kind::Member(Box::new(first), steps)));
            }
        }
    }

    fn behind_point(&mut self) -> Result<Step, Wrong> {
        let place = self.place();
        let name = self.name("a name", NO_FIELDS)?;
        if !self.take("(") {
            return Ok(Step::Field(name));
        }
        let over = match name.as_str() {
            "all" => Over::All,
            "exists" => Over::Exists,
            "exists_one" | "existsOne" => Over::ExistsOne,
            "map" => Over::Map,
            "filter" => Over::Filter,
            _ => {
                let call = self.call(Style::Of, &name, place)?;
                return Ok(Step::Call(call));
            }
        };
        self.each(over).map(Step::Each)
    }

    /// 9. Literals, brackets, names.
    fn primary(&mut self) -> Result<Node, Wrong> {
        let from = self.place();
        let kind = match self.peek() {
            Sort::Text(text) => Kind::Text(text.clone()),
            Sort::Bytes(bytes) => Kind::Bytes(bytes.clone()),
            Sort::Int(digits) => {
                let value = i64::try_from(*digits);
                Kind::Int(value.map_err(|_| self.too_large())?)
            }
            Sort::UInt(value) => Kind::UInt(*value),
            Sort::Double(value) => Kind::Double(*value),
            Sort::Sign("(") => return self.bracketed(),
            Sort::Sign("[") => return self.list(),
            Sort::Sign("{") => return self.map(),
            Sort::Name(_) => return self.named(),
            Sort::Sign(_) | Sort::End => return Err(self.unexpected("a value")),
        };
        self.at += 1;
        Ok(self.node(from, kind))
    }

    fn bracketed(&mut self) -> Result<Node, Wrong> {
        self.need("(")?;
        let inner = self.expression()?;
        self.need(")")?;
        Ok(inner)
    }

    fn list(&mut self) -> Result<Node, Wrong> {
        let from = self.place();
        self.need("[")?;
        let mut entries = Vec::new();
        while !self.take("]") {
            entries.push(self.expression()?);
            if !self.take(",") {
                self.need("]")?;
                break;
            }
        }
        Ok(self.node(from, Kind::List(entries)))
    }

    fn map(&mut self) -> Result<Node, Wrong> {
        let from = self.place();
        self.need("{")?;
        let mut entries = Vec::new();
        while !self.take("}") {
            let key = self.expression()?;
            self.need(":")?;
            entries.push((key, self.expression()?));
            if !self.take(",") {
                self.need("}")?;
                break;
            }
        }
        Ok(self.node(from, Kind::Map(entries)))
    }

    fn named(&mut self) -> Result<Node, Wrong> {
        let from = self.place();
        let word = match self.peek() {
            Sort::Name(name) => name.as_str(),
            _ => "",
        };
        let constant = match word {
            "true" => Some(Kind::Bool(true)),
            "false" => Some(Kind::Bool(false)),
            "null" => Some(Kind::Null),
            _ => None,
        };
        if let Some(kind) = constant {
            self.at += 1;
            return Ok(self.node(from, kind));
        }
        let mut name = self.name("a value", RESERVED)?;
        if function::FAMILIES.contains(&name.as_str()) && self.take(".") {
            let rest = self.name("the name of a function", NO_FIELDS)?;
            name = format!("{name}.{rest}");
            self.need("(")?;
            let call = self.call(Style::Alone, &name, from)?;
            return Ok(self.node(from, Kind::Call(call)));
        }
        if self.take("(") {
            if name == "has" {
                return self.has(from);
            }
            let call = self.call(Style::Alone, &name, from)?;
            return Ok(self.node(from, Kind::Call(call)));
        }
        let kind = self.variable(&name, from)?;
        Ok(self.node(from, kind))
    }

    fn variable(&self, name: &str, from: usize) -> Result<Kind, Wrong> {
        if let Some(place) = self.locals.iter().rposition(|local| local == name) {
            return Ok(Kind::Local(place));
        }
        let root = self.roots.iter().find(|root| root.name() == name);
        root.map(|root| Kind::Root(*root)).ok_or_else(|| {
            let there = self.roots.iter().map(|root| root.name());
            let there = there.collect::<Vec<_>>().join(", ");
            let name = Echo::of(name);
            Wrong::at(
                from,
                format!("there is no variable '{name}' here; there is: {there}."),
            )
        })
    }

    fn name(&mut self, wanted: &str, except: &[&str]) -> Result<String, Wrong> {
        match self.peek() {
            Sort::Name(name) if !except.contains(&name.as_str()) => {
                self.at += 1;
                Ok(name.clone())
            }
            _ => Err(self.unexpected(wanted)),
        }
    }

    /// Behind `has(`.
    fn has(&mut self, from: usize) -> Result<Node, Wrong> {
        let place = self.place();
        let inner = self.expression()?;
        self.need(")")?;
        let field = || {
            Wrong::at(
                place,
                "has() asks for a field: has(value.field).".to_owned(),
            )
        };
        let Kind::Member(of, mut steps) = inner.kind else {
            return Err(field());
        };
        let Some(Step::Field(name)) = steps.pop() else {
            return Err(field());
        };
        let of = if steps.is_empty() {
            of
        } else {
            let (from, to) = (inner.from, inner.to);
            let kind = Kind::Member(of, steps);
            Box::new(Node { kind, from, to })
        };
        Ok(self.node(from, Kind::Has(of, name)))
    }

    /// Behind `name(`: the arguments and the bracket that closes them.
    fn call(&mut self, style: Style, name: &str, place: usize) -> Result<Call, Wrong> {
        let mut arguments = Vec::new();
        if !self.take(")") {
            loop {
                arguments.push(self.expression()?);
                if !self.take(",") {
                    break;
                }
            }
            self.need(")")?;
        }
        let shown = Echo::of(name);
        let function = function::find(style, shown.as_str(), arguments.len());
        let function = function.map_err(|why| Wrong::at(place, why))?;
        let missing = |root: &Root| !self.roots.contains(root);
        if needs(function).as_ref().is_some_and(missing) {
            return Err(Wrong::at(place, format!("there is no function '{shown}'.")));
        }
        let pattern = match function {
            Function::Matches => Some(pattern(&arguments, place)?),
            Function::Extract => {
                template(&arguments)?;
                None
            }
            Function::ToTime | Function::ToSpan | Function::Part(_) => {
                moment(function, &arguments)?;
                None
            }
            _ => None,
        };
        Ok(Call {
            function,
            arguments,
            pattern,
        })
    }

    /// Behind `all(` and its kin: a name, an expression or two, and the bracket.
    fn each(&mut self, over: Over) -> Result<Each, Wrong> {
        let place = self.place();
        let name = self.name("a new name", RESERVED)?;
        if self.roots.iter().any(|root| root.name() == name) {
            let why = format!("'{name}' is a variable already.");
            return Err(Wrong::at(place, why));
        }
        if self.locals.len() >= LOCALS {
            let why = format!("more than {LOCALS} names at one place.");
            return Err(Wrong::at(place, why));
        }
        self.need(",")?;
        self.locals.push(name);
        let mut body = self.expression()?;
        let mut filter = None;
        if over == Over::Map && self.take(",") {
            filter = Some(Box::new(body));
            body = self.expression()?;
        }
        self.locals.pop();
        self.need(")")?;
        Ok(Each {
            over,
            filter,
            body: Box::new(body),
        })
    }
}

/// The variable without which there is no such function.
const fn needs(function: Function) -> Option<Root> {
    match function {
        Function::GetAttribute => Some(Root::Api),
        Function::ToTime | Function::ToSpan | Function::Part(_) => Some(Root::Request),
        _ => None,
    }
}

/// The pattern of `matches` is a literal: what it costs is known when it is saved.
fn pattern(arguments: &[Node], place: usize) -> Result<Pattern, Wrong> {
    let Some(Node { kind, from, .. }) = arguments.last() else {
        return Err(Wrong::at(place, "matches needs a pattern.".to_owned()));
    };
    let Kind::Text(text) = kind else {
        let why = "the pattern of matches is a text in quotes.";
        return Err(Wrong::at(*from, why.to_owned()));
    };
    Pattern::new(text).map_err(|why| Wrong::at(*from, why.to_owned()))
}

/// A template that is a literal is looked at when it is saved.
fn template(arguments: &[Node]) -> Result<(), Wrong> {
    let Some(Node { kind, from, .. }) = arguments.first() else {
        return Ok(());
    };
    let Kind::Text(text) = kind else {
        return Ok(());
    };
    let read = extract::Template::read(text);
    read.map(drop)
        .map_err(|why| Wrong::at(*from, why.to_owned()))
}

/// A time, a length of time or a zone that is a literal is looked at when it is saved.
fn moment(function: Function, arguments: &[Node]) -> Result<(), Wrong> {
    let Some(Node { kind, from, .. }) = arguments.first() else {
        return Ok(());
    };
    let Kind::Text(text) = kind else {
        return Ok(());
    };
    let read = match function {
        Function::ToTime => moment::time(text).map(drop),
        Function::ToSpan => moment::span(text).map(drop),
        _ => moment::zone(text).map(drop),
    };
    read.map_err(|why| Wrong::at(*from, why.to_owned()))
}
