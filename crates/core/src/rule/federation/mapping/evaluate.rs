//! An expression over an assertion gives a value, or says why it has none.
//!
//! 1. Work is counted ([`Fuel`]): each step, each byte that is read or made. The stack is bounded by the tree.
//! 2. `&&` and `||` step over what has no value when the other side decides (cel-spec, "Logical Operators"), and
//!    so do `all` and `exists`; an empty tank they do not step over.
//! 3. Nothing is converted by itself: a number is no text until `string()` makes it one.

use std::cmp::Ordering;

use carnet_wire::legal::Echo;
use jiff::Timestamp;
use serde_json::Value as Json;

use super::call;
use super::fuel::Fuel;
use super::fuel::Trouble;
use super::fuel::bounded;
use super::moment;
use super::syntax::Each;
use super::syntax::Kind;
use super::syntax::Node;
use super::syntax::Operator;
use super::syntax::Over;
use super::syntax::Root;
use super::syntax::Step;
use super::value::List;
use super::value::Map;
use super::value::Shared;
use super::value::Value;

mod arithmetic;

/// The values of the variables.
#[derive(Clone, Copy, Debug)]
pub(super) struct Facts<'a> {
    pub(super) assertion: &'a Json,
    pub(super) google: &'a Json,
    pub(super) attribute: &'a Json,
    /// When something is asked for; only where the condition of a binding is.
    pub(super) now: Option<Timestamp>,
    pub(super) resource: &'a Json,
}

/// One evaluation.
pub(super) struct Run<'a, 'f> {
    facts: Facts<'a>,
    fuel: &'f mut Fuel,
    locals: Vec<Value<'a>>,
}

type Found<'a> = Result<Value<'a>, Trouble>;

impl<'a, 'f> Run<'a, 'f> {
    pub(super) fn new(facts: Facts<'a>, fuel: &'f mut Fuel) -> Self {
        let locals = Vec::new();
        Self {
            facts,
            fuel,
            locals,
        }
    }

    /// The value of a part.
    pub(super) fn value(&mut self, node: &'a Node) -> Found<'a> {
        self.fuel.burn(1)?;
        match &node.kind {
            Kind::Null => Ok(Value::Null),
            Kind::Bool(truth) => Ok(Value::Bool(*truth)),
            Kind::Int(number) => Ok(Value::Int(*number)),
            Kind::UInt(number) => Ok(Value::UInt(*number)),
            Kind::Double(number) => Ok(Value::Double(*number)),
            Kind::Text(text) => Ok(Value::lent(text)),
            Kind::Bytes(bytes) => Ok(Value::Bytes(Shared::Lent(bytes))),
            Kind::List(entries) => self.list(entries),
            Kind::Map(entries) => self.map(entries),
            Kind::Root(root) => Ok(self.root(*root)),
            Kind::Local(place) => self.local(*place),
            Kind::Call(called) => {
                let arguments = self.all_of(&called.arguments)?;
                call::call(called, arguments, self.fuel)
            }
            Kind::Has(of, field) => self.has(of, field),
            Kind::Member(of, steps) => self.member(of, steps),
            Kind::Not(inner) => self.truth(inner).map(|truth| Value::Bool(!truth)),
            Kind::Negate(inner) => arithmetic::negated(&self.value(inner)?),
            Kind::Chain(first, rest) => self.chain(first, rest),
            Kind::And(terms) => self.decided(terms, false),
            Kind::Or(terms) => self.decided(terms, true),
            Kind::Choice(arms, otherwise) => self.choice(arms, otherwise),
        }
    }

    /// The truth of a part, which must have one.
    pub(super) fn truth(&mut self, node: &'a Node) -> Result<bool, Trouble> {
        match self.value(node)? {
            Value::Bool(truth) => Ok(truth),
            other => Err(Trouble::new(format!(
                "{} stands where true or false is wanted.",
                other.kind()
            ))),
        }
    }

    fn root(&self, root: Root) -> Value<'a> {
        Value::of(match root {
            Root::Assertion => self.facts.assertion,
            Root::Google => self.facts.google,
            Root::Attribute => self.facts.attribute,
            Root::Resource => self.facts.resource,
            Root::Request => return moment::request(self.facts.now),
            // No expression that is evaluated here may name it.
            Root::Api => &Json::Null,
        })
    }

    fn local(&self, place: usize) -> Found<'a> {
        let value = self.locals.get(place).cloned();
        value.ok_or_else(|| Trouble::new("a name has no value."))
    }

    fn all_of(&mut self, nodes: &'a [Node]) -> Result<Vec<Value<'a>>, Trouble> {
        nodes.iter().map(|node| self.value(node)).collect()
    }

    fn list(&mut self, entries: &'a [Node]) -> Found<'a> {
        bounded(entries.len())?;
        Ok(Value::list(self.all_of(entries)?))
    }

    fn map(&mut self, entries: &'a [(Node, Node)]) -> Found<'a> {
        bounded(entries.len())?;
        let mut made: Vec<(Value<'a>, Value<'a>)> = Vec::with_capacity(entries.len());
        for (key, value) in entries {
            let key = self.value(key)?;
            if !matches!(
                key,
                Value::Text(_) | Value::Int(_) | Value::UInt(_) | Value::Bool(_)
            ) {
                return Err(Trouble::new(format!("{} is no key of a map.", key.kind())));
            }
            for (known, _) in &made {
                if known.equals(&key, self.fuel)? {
                    return Err(Trouble::new("a map has the same key twice."));
                }
            }
            made.push((key, self.value(value)?));
        }
        Ok(Value::Map(Map::Made(made.into())))
    }

    fn has(&mut self, of: &'a Node, field: &'a str) -> Found<'a> {
        let of = self.value(of)?;
        let Value::Map(map) = &of else {
            return Err(no_fields(&of, field));
        };
        let found = map.of(&Value::lent(field), self.fuel)?;
        Ok(Value::Bool(found.is_some()))
    }

    /// What the steps pick out of a value.
    pub(super) fn member(&mut self, of: &'a Node, steps: &'a [Step]) -> Found<'a> {
        let mut value = self.value(of)?;
        for step in steps {
            self.fuel.burn(1)?;
            value = match step {
                Step::Field(name) => self.field(&value, name)?,
                Step::Index(index) => {
                    let index = self.value(index)?;
                    self.picked(&value, &index)?
                }
                Step::Call(called) => {
                    let mut arguments = vec![value];
                    for argument in &called.arguments {
                        arguments.push(self.value(argument)?);
                    }
                    call::call(called, arguments, self.fuel)?
                }
                Step::Each(each) => self.each(&value, each)?,
            };
        }
        Ok(value)
    }

    fn field(&mut self, of: &Value<'a>, name: &'a str) -> Found<'a> {
        let Value::Map(map) = of else {
            return Err(no_fields(of, name));
        };
        let found = map.of(&Value::lent(name), self.fuel)?;
        found.ok_or_else(|| missing(name, map))
    }

    fn picked(&mut self, of: &Value<'a>, index: &Value<'a>) -> Found<'a> {
        match (of, index) {
            (Value::List(list), index) => {
                let place = arithmetic::place(index)?;
                let found = usize::try_from(place).ok().and_then(|place| list.at(place));
                found.ok_or_else(|| {
                    let length = list.len();
                    Trouble::new(format!("entry {place} of a list that has {length}."))
                })
            }
            (Value::Map(map), Value::Text(name)) => {
                let found = map.of(index, self.fuel)?;
                found.ok_or_else(|| missing(name, map))
            }
            (Value::Map(map), _) => {
                let found = map.of(index, self.fuel)?;
                found.ok_or_else(|| Trouble::new("the map has no such key."))
            }
            _ => Err(Trouble::new(format!(
                "{} has no entries to pick from.",
                of.kind()
            ))),
        }
    }

    /// `&&` (`decisive` is false) and `||` (it is true).
    fn decided(&mut self, terms: &'a [Node], decisive: bool) -> Found<'a> {
        let mut trouble = None;
        for term in terms {
            match self.truth(term) {
                Ok(truth) if truth == decisive => return Ok(Value::Bool(decisive)),
                Ok(_) => {}
                Err(found) if found.spent => return Err(found),
                Err(found) => trouble = trouble.or(Some(found)),
            }
        }
        trouble.map_or(Ok(Value::Bool(!decisive)), Err)
    }

    fn choice(&mut self, arms: &'a [(Node, Node)], otherwise: &'a Node) -> Found<'a> {
        for (condition, then) in arms {
            if self.truth(condition)? {
                return self.value(then);
            }
        }
        self.value(otherwise)
    }

    fn chain(&mut self, first: &'a Node, rest: &'a [(Operator, Node)]) -> Found<'a> {
        let mut value = self.value(first)?;
        for (operator, node) in rest {
            let right = self.value(node)?;
            value = self.joined(&value, *operator, &right)?;
        }
        Ok(value)
    }

    fn joined(&mut self, left: &Value<'a>, operator: Operator, right: &Value<'a>) -> Found<'a> {
        let ordered = |wanted: fn(Ordering) -> bool, fuel: &mut Fuel| {
            let order = left.order(right, fuel)?;
            Ok(Value::Bool(order.is_some_and(wanted)))
        };
        match operator {
            Operator::Equal => Ok(Value::Bool(left.equals(right, self.fuel)?)),
            Operator::NotEqual => Ok(Value::Bool(!left.equals(right, self.fuel)?)),
            Operator::Less => ordered(Ordering::is_lt, self.fuel),
            Operator::LessOrEqual => ordered(Ordering::is_le, self.fuel),
            Operator::Greater => ordered(Ordering::is_gt, self.fuel),
            Operator::GreaterOrEqual => ordered(Ordering::is_ge, self.fuel),
            Operator::In => self.within(left, right),
            Operator::Add
            | Operator::Subtract
            | Operator::Multiply
            | Operator::Divide
            | Operator::Modulo => arithmetic::of(left, operator, right, self.fuel),
        }
    }

    fn within(&mut self, value: &Value<'a>, of: &Value<'a>) -> Found<'a> {
        match of {
            Value::List(list) => {
                for at in 0..list.len() {
                    let entry = list.at(at).unwrap_or(Value::Null);
                    if entry.equals(value, self.fuel)? {
                        return Ok(Value::Bool(true));
                    }
                }
                Ok(Value::Bool(false))
            }
            Value::Map(map) => {
                let found = map.of(value, self.fuel)?;
                Ok(Value::Bool(found.is_some()))
            }
            _ => Err(Trouble::new(format!(
                "'in' looks into a list or a map, not into {}.",
                of.kind()
            ))),
        }
    }

    /// `all`, `exists`, `exists_one`, `map`, `filter`: the body once for each entry, a map's keys being its entries.
    fn each(&mut self, of: &Value<'a>, each: &'a Each) -> Found<'a> {
        let entries = match of {
            Value::List(list) => list.clone(),
            Value::Map(map) => {
                self.fuel.burn(map.len())?;
                List::Made(map.keys().into())
            }
            _ => {
                let why = format!("{} has no entries to go through.", of.kind());
                return Err(Trouble::new(why));
            }
        };
        match each.over {
            Over::All => self.until(&entries, &each.body, false),
            Over::Exists => self.until(&entries, &each.body, true),
            Over::ExistsOne => {
                let mut found = 0;
                for at in 0..entries.len() {
                    found += usize::from(self.with(&entries, at, &each.body)?.1);
                }
                Ok(Value::Bool(found == 1))
            }
            Over::Map | Over::Filter => self.made(&entries, each),
        }
    }

    fn until(&mut self, entries: &List<'a>, body: &'a Node, decisive: bool) -> Found<'a> {
        let mut trouble = None;
        for at in 0..entries.len() {
            match self.with(entries, at, body) {
                Ok((_, truth)) if truth == decisive => return Ok(Value::Bool(decisive)),
                Ok(_) => {}
                Err(found) if found.spent => return Err(found),
                Err(found) => trouble = trouble.or(Some(found)),
            }
        }
        trouble.map_or(Ok(Value::Bool(!decisive)), Err)
    }

    /// The entry at a place, and whether the body is true of it.
    fn with(
        &mut self,
        entries: &List<'a>,
        at: usize,
        body: &'a Node,
    ) -> Result<(Value<'a>, bool), Trouble> {
        let entry = entries.at(at).unwrap_or(Value::Null);
        self.fuel.burn(1)?;
        self.locals.push(entry.clone());
        let truth = self.truth(body);
        self.locals.pop();
        Ok((entry, truth?))
    }

    fn made(&mut self, entries: &List<'a>, each: &'a Each) -> Found<'a> {
        let mut made = Vec::new();
        for at in 0..entries.len() {
            let condition = match each.over {
                Over::Filter => Some(&each.body),
                _ => each.filter.as_ref(),
            };
            let entry = match condition {
                Some(condition) => match self.with(entries, at, condition)? {
                    (entry, true) => entry,
                    (_, false) => continue,
                },
                None => entries.at(at).unwrap_or(Value::Null),
            };
            bounded(made.len() + 1)?;
            if each.over == Over::Filter {
                made.push(entry);
                continue;
            }
            self.fuel.burn(1)?;
            self.locals.push(entry);
            let value = self.value(&each.body);
            self.locals.pop();
            made.push(value?);
        }
        Ok(Value::list(made))
    }
}

fn no_fields(of: &Value<'_>, field: &str) -> Trouble {
    let field = Echo::of(field);
    Trouble::new(format!("'{field}' is wanted of {}.", of.kind()))
}

/// Says what there is instead: whoever sees this owns the provider.
fn missing(name: &str, map: &Map<'_>) -> Trouble {
    let name = Echo::of(name);
    let there: Vec<_> = map.keys().into_iter().take(20).collect();
    let there = there.iter().filter_map(|key| match key {
        Value::Text(key) => Some(Echo::of(key).to_string()),
        _ => None,
    });
    let there = there.collect::<Vec<_>>().join(", ");
    Trouble::new(format!("there is no '{name}'; there is: {there}."))
}
