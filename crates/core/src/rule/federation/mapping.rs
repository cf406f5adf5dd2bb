//! From what a foreign issuer says of its workload to what Carnet calls it: attribute mappings and the condition of
//! a workload provider (google-wire 6.4), in the Common Expression Language.
//!
//! 1. *When a provider is saved* its texts are compiled: each mapping at most 2,048 characters, the condition 4,096,
//!    at most 50 attributes of one's own, brackets at most 32 deep. What is wrong is said with its place.
//! 2. *When a token comes* each mapping is evaluated over `assertion`, the claims of the proven token. Each gives a
//!    text, `google.groups` a list of texts; `google.subject` must be there and has at most 127 bytes; all together
//!    have at most 8 KB.
//! 3. The condition is evaluated over `assertion`, `google` and `attribute`, and must be true.
//! 4. Work is counted, over all of that together: no expression and no token can make it long (`fuel`).
//!
//! The language is our own reading of cel-spec, for two reasons that docs/decisions tells: what an evaluation may
//! cost has to be counted inside of it, and the library has a parser as large as the whole of this directory's
//! neighbours. Compiling is linear in the text, needs a bounded stack, and neither panics nor recurses beyond the
//! brackets.

use std::collections::BTreeMap;

use serde_json::Value as Json;

use self::evaluate::Facts;
use self::evaluate::Run;
use self::fuel::Fuel;
use self::syntax::Node;
use self::syntax::Root;
use self::target::Target;

mod binding;
mod call;
mod condition;
mod evaluate;
mod extract;
mod fuel;
mod function;
mod literal;
mod mapped;
mod moment;
mod parse;
mod pattern;
mod syntax;
mod target;
mod token;
mod trace;
mod truth;
mod value;

#[cfg(test)]
mod tests;

pub use binding::BINDING;
pub use binding::Circumstances;
pub use binding::check_binding;
pub use mapped::Mapped;
pub use trace::Came;
pub use trace::NotMapped;
pub use trace::Step;
pub use trace::Term;
pub use trace::Trace;

/// The text of one mapping has at most so many characters.
pub const MAPPING_CHARS: usize = 2_048;

/// The condition has at most so many characters.
pub const CONDITION_CHARS: usize = 4_096;

/// A provider maps at most so many attributes of its own, `attribute.NAME`.
pub const ATTRIBUTES: usize = 50;

/// What the condition is called where mappings are called by what they map to.
pub const CONDITION: &str = "attribute_condition";

/// What the condition of a rule of an access boundary is called.
pub const AVAILABILITY: &str = "availabilityCondition";

/// A provider's mappings and its condition, ready to be evaluated.
#[derive(Debug)]
pub struct Mapping {
    attributes: Vec<Attribute>,
    condition: Option<Expression>,
}

#[derive(Debug)]
struct Attribute {
    target: Target,
    expression: Expression,
}

#[derive(Debug)]
struct Expression {
    text: Box<str>,
    root: Node,
}

/// What is wrong with a provider's texts.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{which}: {why}")]
pub struct Faulty {
    /// The key of the mapping, or [`CONDITION`].
    pub which: String,
    /// In words, of the characters that an answer may carry.
    pub why: String,
    /// At which character of the text, from 1; nothing where the text as a whole is meant.
    pub at: Option<usize>,
}

/// What is wrong with one text, and where, in bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Wrong {
    at: usize,
    why: String,
}

impl Wrong {
    const fn at(at: usize, why: String) -> Self {
        Self { at, why }
    }

    /// The same, where the part began so far into the text.
    fn behind(self, before: usize) -> Self {
        Self::at(self.at + before, self.why)
    }
}

impl Mapping {
    /// Compiles what a provider has: its mappings by their keys, and its condition.
    pub fn compile(
        texts: &BTreeMap<String, String>,
        condition: Option<&str>,
    ) -> Result<Self, Faulty> {
        let mut attributes = Vec::with_capacity(texts.len());
        for (key, text) in texts {
            let target = Target::read(key).map_err(|why| whole(key, why))?;
            let expression = compiled(key, text, MAPPING_CHARS, &[Root::Assertion])?;
            attributes.push(Attribute { target, expression });
        }
        let own = |attribute: &&Attribute| matches!(attribute.target, Target::Own(_));
        if attributes.iter().filter(own).count() > ATTRIBUTES {
            let why = format!("more than {ATTRIBUTES} attributes are mapped.");
            return Err(whole("attribute_mapping", why));
        }
        // The subject first: without it nothing else matters.
        attributes.sort_by_key(|attribute| attribute.target != Target::Subject);
        if attributes.first().map(|first| &first.target) != Some(&Target::Subject) {
            let why = "a mapping for google.subject is needed: it says who comes.";
            return Err(whole("google.subject", why.to_owned()));
        }
        let condition = condition.map(|text| {
            let roots = [Root::Assertion, Root::Google, Root::Attribute];
            let expression = compiled(CONDITION, text, CONDITION_CHARS, &roots)?;
            truth::is_a_condition(&expression)
                .and_then(|()| condition::names_what_is_mapped(&expression, &attributes))
                .map_err(|wrong| placed(CONDITION, text, wrong))?;
            Ok(expression)
        });
        let condition = condition.transpose()?;
        Ok(Self {
            attributes,
            condition,
        })
    }

    /// The mappings that a provider of AWS has when it says none (google-wire 6.4): the ARN is the subject, and the
    /// role without the session's name is `attribute.aws_role`.
    pub fn of_aws() -> BTreeMap<String, String> {
        let role = "assertion.arn.contains('assumed-role') \
                    ? assertion.arn.extract('{account_arn}assumed-role/') + 'assumed-role/' \
                    + assertion.arn.extract('assumed-role/{role_name}/') \
                    : assertion.arn";
        BTreeMap::from([
            ("google.subject".to_owned(), "assertion.arn".to_owned()),
            ("attribute.aws_role".to_owned(), role.to_owned()),
        ])
    }

    /// How long its texts are together, in bytes: what it takes in memory grows with that.
    pub fn length(&self) -> usize {
        let mapped = self
            .attributes
            .iter()
            .map(|attribute| &attribute.expression);
        let all = mapped.chain(&self.condition);
        all.map(|expression| expression.text.len()).sum()
    }

    /// Who the assertion is about, if it may come; else the first step that says no.
    pub fn evaluate(&self, assertion: &Json) -> Result<Mapped, NotMapped> {
        self.run(assertion, &mut |_| {})
    }

    /// The same with each step: what every mapping gave and what the condition said. For the owner's eyes.
    pub fn trace(&self, assertion: &Json) -> Trace {
        let mut steps = Vec::new();
        let outcome = self.run(assertion, &mut |step| steps.push(step));
        Trace { steps, outcome }
    }

    fn run(&self, assertion: &Json, seen: &mut dyn FnMut(Step)) -> Result<Mapped, NotMapped> {
        let mut fuel = Fuel::full();
        let mut gathered = mapped::Gathered::default();
        let mut refused = None;
        let nothing = Json::Null;
        for attribute in &self.attributes {
            let facts = Facts {
                assertion,
                google: &nothing,
                attribute: &nothing,
                now: None,
                resource: &nothing,
            };
            let value = Run::new(facts, &mut fuel).value(&attribute.expression.root);
            let taken = value.and_then(|value| gathered.take(&attribute.target, &value));
            let which = attribute.target.key();
            let text = &attribute.expression.text;
            match taken {
                Ok(came) => seen(Step::new(which, text, came)),
                Err(trouble) => {
                    seen(Step::new(which, text, Came::Failed(trouble.why.clone())));
                    refused = refused.or(Some(NotMapped::attribute(&attribute.target, trouble)));
                }
            }
        }
        if let Some(refused) = refused {
            return Err(refused);
        }
        let (google, attribute) = gathered.facts();
        if let Some(condition) = &self.condition {
            let facts = Facts {
                assertion,
                google: &google,
                attribute: &attribute,
                now: None,
                resource: &nothing,
            };
            let came = condition::came(condition, facts, &mut fuel);
            let refused = NotMapped::condition(&came);
            seen(Step::new(CONDITION.to_owned(), &condition.text, came));
            if let Some(refused) = refused {
                return Err(refused);
            }
        }
        gathered.finish()
    }
}

/// Whether this can be the condition of a rule of an access boundary: an expression over `resource` and `api`, as the
/// API evaluates that is called (google-wire 6.5).
pub fn check_availability(text: &str) -> Result<(), Faulty> {
    let roots = [Root::Resource, Root::Api];
    let expression = compiled(AVAILABILITY, text, CONDITION_CHARS, &roots)?;
    truth::is_a_condition(&expression).map_err(|wrong| placed(AVAILABILITY, text, wrong))
}

fn compiled(which: &str, text: &str, most: usize, roots: &[Root]) -> Result<Expression, Faulty> {
    // Counting stops where the text is too long, however long it is.
    if text.chars().take(most + 1).count() > most {
        let why = format!("the text has more than {most} characters.");
        return Err(whole(which, why));
    }
    let root = parse::parse(text, roots).map_err(|wrong| placed(which, text, wrong))?;
    Ok(Expression {
        text: text.into(),
        root,
    })
}

fn placed(which: &str, text: &str, wrong: Wrong) -> Faulty {
    let before = text.char_indices().take_while(|(at, _)| *at < wrong.at);
    Faulty {
        which: which.to_owned(),
        why: wrong.why,
        at: Some(before.count() + 1),
    }
}

fn whole(which: &str, why: String) -> Faulty {
    Faulty {
        which: carnet_wire::legal::Echo::of(which).to_string(),
        why,
        at: None,
    }
}
