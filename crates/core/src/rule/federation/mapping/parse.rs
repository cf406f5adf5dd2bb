//! From tokens to the tree, by CEL's grammar, one function for each rank of its operators:
//!
//! 1. `c ? v : w`, 2. `||`, 3. `&&`, 4. comparisons and `in`, 5. `+ -`, 6. `* / %`, 7. `! -`, 8. what is picked
//!    out of a value ([`member`]), 9. literals, brackets and names.
//!
//! Whoever opens a bracket begins at 1 again, and may do so 32 deep. Everything else is a loop: the stack that
//! this needs is bounded, and so is the tree's depth. Messages, structures with a type's name, `?.` and names in
//! back quotes are not part of what providers may say.

use carnet_wire::legal::Echo;

use super::Wrong;
use super::syntax::Kind;
use super::syntax::Node;
use super::syntax::Operator;
use super::syntax::Root;
use super::token;
use super::token::Kind as Sort;
use super::token::Token;

mod member;

/// How deep brackets may stand in brackets.
pub(super) const DEPTH: usize = 32;

/// How many names macros may have made at one place.
const LOCALS: usize = 16;

/// Reads an expression over the variables that it may use.
pub(super) fn parse(text: &str, roots: &[Root]) -> Result<Node, Wrong> {
    let tokens = token::tokens(text)?;
    let mut parser = Parser {
        text,
        tokens: &tokens,
        at: 0,
        depth: 0,
        locals: Vec::new(),
        roots,
    };
    let root = parser.expression()?;
    match parser.peek() {
        Sort::End => Ok(root),
        _ => Err(parser.unexpected("the end")),
    }
}

struct Parser<'t> {
    text: &'t str,
    tokens: &'t [Token],
    at: usize,
    depth: usize,
    locals: Vec<String>,
    roots: &'t [Root],
}

impl<'t> Parser<'t> {
    fn peek(&self) -> &'t Sort {
        self.tokens
            .get(self.at)
            .map_or(&Sort::End, |token| &token.kind)
    }

    fn peek_second(&self) -> &'t Sort {
        let next = self.tokens.get(self.at + 1);
        next.map_or(&Sort::End, |token| &token.kind)
    }

    /// Where the next token begins.
    fn place(&self) -> usize {
        let token = self.tokens.get(self.at);
        token.map_or(self.text.len(), |token| token.from)
    }

    /// Where the last token ended.
    fn end(&self) -> usize {
        let last = self.at.checked_sub(1).and_then(|at| self.tokens.get(at));
        last.map_or(0, |token| token.to)
    }

    fn is(&self, sign: &str) -> bool {
        matches!(self.peek(), Sort::Sign(next) if *next == sign)
    }

    fn take(&mut self, sign: &str) -> bool {
        let taken = self.is(sign);
        self.at += usize::from(taken);
        taken
    }

    fn need(&mut self, sign: &str) -> Result<(), Wrong> {
        if self.take(sign) {
            return Ok(());
        }
        Err(self.unexpected(&format!("'{sign}'")))
    }

    fn unexpected(&self, wanted: &str) -> Wrong {
        let token = self
            .tokens
            .get(self.at)
            .filter(|token| token.to > token.from);
        let found = match token.and_then(|token| self.text.get(token.from..token.to)) {
            Some(text) => format!("'{}'", Echo::of(text)),
            None => "the end".to_owned(),
        };
        Wrong::at(
            self.place(),
            format!("{wanted} is wanted here, not {found}."),
        )
    }

    fn node(&self, from: usize, kind: Kind) -> Node {
        let to = self.end();
        Node { kind, from, to }
    }

    /// 1. `c ? v : w`
    fn expression(&mut self) -> Result<Node, Wrong> {
        if self.depth > DEPTH {
            let why = format!("brackets stand more than {DEPTH} deep.");
            return Err(Wrong::at(self.place(), why));
        }
        self.depth += 1;
        let from = self.place();
        let mut arms = Vec::new();
        let otherwise = loop {
            let first = self.any()?;
            if !self.take("?") {
                break first;
            }
            let then = self.any()?;
            self.need(":")?;
            arms.push((first, then));
        };
        self.depth -= 1;
        if arms.is_empty() {
            return Ok(otherwise);
        }
        Ok(self.node(from, Kind::Choice(arms, Box::new(otherwise))))
    }

    /// 2. `||`
    fn any(&mut self) -> Result<Node, Wrong> {
        let from = self.place();
        let first = self.every()?;
        if !self.is("||") {
            return Ok(first);
        }
        let mut terms = vec![first];
        while self.take("||") {
            terms.push(self.every()?);
        }
        Ok(self.node(from, Kind::Or(terms)))
    }

    /// 3. `&&`
    fn every(&mut self) -> Result<Node, Wrong> {
        let from = self.place();
        let first = self.relation()?;
        if !self.is("&&") {
            return Ok(first);
        }
        let mut terms = vec![first];
        while self.take("&&") {
            terms.push(self.relation()?);
        }
        Ok(self.node(from, Kind::And(terms)))
    }

    /// 4. Comparisons and `in`
    fn relation(&mut self) -> Result<Node, Wrong> {
        self.chain(Self::sum, |sort| match sort {
            Sort::Sign("==") => Some(Operator::Equal),
            Sort::Sign("!=") => Some(Operator::NotEqual),
            Sort::Sign("<") => Some(Operator::Less),
            Sort::Sign("<=") => Some(Operator::LessOrEqual),
            Sort::Sign(">") => Some(Operator::Greater),
            Sort::Sign(">=") => Some(Operator::GreaterOrEqual),
            Sort::Name(name) if name == "in" => Some(Operator::In),
            _ => None,
        })
    }

    /// 5. `+ -`
    fn sum(&mut self) -> Result<Node, Wrong> {
        self.chain(Self::product, |sort| match sort {
            Sort::Sign("+") => Some(Operator::Add),
            Sort::Sign("-") => Some(Operator::Subtract),
            _ => None,
        })
    }

    /// 6. `* / %`
    fn product(&mut self) -> Result<Node, Wrong> {
        self.chain(Self::unary, |sort| match sort {
            Sort::Sign("*") => Some(Operator::Multiply),
            Sort::Sign("/") => Some(Operator::Divide),
            Sort::Sign("%") => Some(Operator::Modulo),
            _ => None,
        })
    }

    fn chain(
        &mut self,
        part: fn(&mut Self) -> Result<Node, Wrong>,
        operator: fn(&Sort) -> Option<Operator>,
    ) -> Result<Node, Wrong> {
        let from = self.place();
        let first = part(self)?;
        let mut rest = Vec::new();
        while let Some(found) = operator(self.peek()) {
            self.at += 1;
            rest.push((found, part(self)?));
        }
        if rest.is_empty() {
            return Ok(first);
        }
        Ok(self.node(from, Kind::Chain(Box::new(first), rest)))
    }

    /// 7. `!` and `-`, as often as they are written.
    fn unary(&mut self) -> Result<Node, Wrong> {
        let from = self.place();
        if self.is("!") {
            let mut odd = false;
            while self.take("!") {
                odd = !odd;
            }
            let inner = Box::new(self.member()?);
            let once = self.node(from, Kind::Not(inner));
            if odd {
                return Ok(once);
            }
            return Ok(self.node(from, Kind::Not(Box::new(once))));
        }
        if !self.is("-") {
            return self.member();
        }
        let mut odd = false;
        while self.take("-") {
            odd = !odd;
        }
        if let Some(number) = self.negative(from, odd)? {
            return Ok(number);
        }
        let once = self.member()?;
        let once = self.node(from, Kind::Negate(Box::new(once)));
        if odd {
            return Ok(once);
        }
        Ok(self.node(from, Kind::Negate(Box::new(once))))
    }

    /// A number behind `-`: the smallest one has no positive counterpart.
    fn negative(&mut self, from: usize, odd: bool) -> Result<Option<Node>, Wrong> {
        let behind = matches!(self.peek_second(), Sort::Sign("." | "["));
        let kind = match self.peek() {
            Sort::Int(digits) if odd && !behind => {
                let value = 0_i64.checked_sub_unsigned(*digits);
                Kind::Int(value.ok_or_else(|| self.too_large())?)
            }
            Sort::Double(value) if odd && !behind => Kind::Double(-value),
            _ => return Ok(None),
        };
        self.at += 1;
        Ok(Some(self.node(from, kind)))
    }

    fn too_large(&self) -> Wrong {
        let why = "this number does not fit into 64 bits with a sign.";
        Wrong::at(self.place(), why.to_owned())
    }
}
