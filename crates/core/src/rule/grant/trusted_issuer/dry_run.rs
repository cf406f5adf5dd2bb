//! What an assertion would get at a trust: every step of the grant, for the owner's eyes.
//!
//! The steps are those of the grant itself ([`super::decide`]). Where one fails the others go on as far as they can, on
//! claims that nothing proved, too. Nothing is issued, no `jti` is spent, and nothing is written.
//!
//! 1. `trust`: it and its project are in use. It is asked first here, since the owner need not prove anything.
//! 2. `token`, `issuer`, `keys`, `signature`, `audience`, `times`: as of every JWT of an issuer elsewhere
//!    ([`crate::rule::dry_run`]), with the causes that the token endpoint has for them. `possession`, where it is bound to a key.
//! 3. `subject`: `sub` is one that is taken.
//! 4. `jti`: there is one, and it was not spent. Whoever asks looks whether it was ([`Run::jti`]).
//! 5. `client`: the client that would bring it may.
//! 6. `scope`: within that of the trust and that of the assertion.
//! 7. `account`, or `user`: whom it is about may have tokens.
//! 8. `grant`: the scopes exist and the policies allow them; so this would be given.

use carnet_wire::legal::Echo;
use carnet_wire::scope::Scope;
use serde_json::Value;

use super::Beside;
use super::Facts;
use super::Named;
use super::called_here;
use super::replayed;
use super::steps;
use super::steps::Allowed;
use super::steps::Whom;
use crate::record::SpentAssertion;
use crate::record::TrustedSubject;
use crate::rule::Refusal;
use crate::rule::dry_run::Step;
use crate::rule::dry_run::Steps;
use crate::store::ProjectSnapshot;
use crate::value::Email;
use crate::value::UniqueId;
use crate::value::UnixTime;
use crate::value::UserId;

/// The steps behind those of every JWT; the account or the user comes after them.
const BEHIND: [&str; 4] = ["subject", "jti", "client", "scope"];

/// What the dry run found.
#[derive(Clone, Debug, PartialEq)]
pub struct Found {
    /// Every step.
    pub steps: Steps,
    /// What would be given, whether or not the assertion was proved; nothing where nothing would.
    pub given: Option<Given>,
}

/// What would be given.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Given {
    /// A token of whom.
    pub subject: Whose,
    /// With which scope.
    pub scope: Scope,
    /// For which APIs.
    pub audience: Vec<String>,
}

/// Whose token would be given.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Whose {
    /// The account's of the trust: its number and its e-mail.
    Account(UniqueId, String),
    /// A user's.
    User(UserId, Email),
}

impl Found {
    /// Whether a token would be given.
    #[must_use]
    pub fn is_accepted(&self) -> bool {
        self.given.is_some() && self.steps.all_passed()
    }
}

/// Begins with what is known of the trust. `project` is that of a trust that is a project's.
#[must_use]
pub fn begin(named: &Named, project: Option<&ProjectSnapshot>) -> Steps {
    let on = steps::is_on(&named.issuer, project);
    Steps::from(came("trust", on, |()| named.issuer.id.to_string()))
}

/// Calls the causes of what was found so far what the token endpoint calls them.
pub fn in_our_words(steps: &mut Steps) {
    steps.rename(|crn| called_here(crn).unwrap_or(crn));
}

/// Ends where the assertion cannot be read.
#[must_use]
pub fn unreadable(named: &Named, mut steps: Steps) -> Found {
    let why = "the token cannot be read";
    steps.skip(&BEHIND, why);
    steps.skip(&[about(named), "grant"], why);
    Found { steps, given: None }
}

/// What the claims of an assertion would get.
pub struct Run<'a> {
    named: &'a Named,
    beside: Beside<'a>,
    facts: &'a Facts,
    judged: steps::Steps<'a>,
}

impl<'a> Run<'a> {
    /// Judges them. Nothing needs to be proved of them.
    #[must_use]
    pub fn new(
        named: &'a Named,
        (claims, now): (&'a Value, UnixTime),
        beside: Beside<'a>,
        facts: &'a Facts,
    ) -> Self {
        let judged = steps::Steps::of(&named.issuer, (claims, now), beside, facts);
        Self {
            named,
            beside,
            facts,
            judged,
        }
    }

    /// What a grant would spend.
    #[must_use]
    pub fn jti(&self) -> Option<&SpentAssertion> {
        self.judged.jti.as_ref().ok()
    }

    /// Ends with what would be given. `seen` says whether what would be spent was spent before.
    #[must_use]
    pub fn finish(self, mut found: Steps, seen: bool) -> Found {
        let judged = self.judged;
        let about = about(self.named);
        let quoted = |sub: &str| format!("'{}'", Echo::of(sub));
        found.note(came("subject", judged.subject, quoted));
        let jti = match judged.jti {
            Ok(_) if seen => Err(replayed(self.named)),
            other => other,
        };
        found.note(came("jti", jti, |_| "was not seen before".to_owned()));
        let client = judged.client.as_ref().copied().unwrap_or_default();
        found.note(came("client", judged.client, |client| match client {
            Some(client) => format!("{} may bring it, and must prove itself", client.client.id),
            None => "whoever has it may bring it".to_owned(),
        }));
        let scope = judged.scope.as_ref().ok().cloned();
        found.note(came("scope", judged.scope, |scope| scope.to_string()));
        let whom = judged.who.as_ref().ok().copied();
        found.note(came(about, judged.who, |whom| whom.whose().to_string()));
        let (Some(whom), Some(scope)) = (whom, scope) else {
            found.skip(&["grant"], "an earlier step failed");
            return Found {
                steps: found,
                given: None,
            };
        };
        let among = (self.facts.catalog.as_ref(), self.beside.own_api);
        let allowed = steps::allowed(whom, client, scope, among);
        let given = allowed.map(|allowed| Given::of(whom.whose(), allowed));
        let noted = match &given {
            Err(refusal) => Step::fail("grant", refusal),
            Ok(given) if found.all_passed() => Step::pass("grant", given.to_string()),
            Ok(given) => Step::skipped("grant", &format!("it would be {given}")),
        };
        found.note(noted);
        Found {
            steps: found,
            given: given.ok(),
        }
    }
}

/// What the step is called that says whom a trust is about.
fn about(named: &Named) -> &'static str {
    match named.issuer.subject {
        TrustedSubject::Account(_) => "account",
        TrustedSubject::User(_) => "user",
    }
}

fn came<T>(name: &str, outcome: Result<T, Refusal>, said: impl FnOnce(T) -> String) -> Step {
    match outcome {
        Ok(good) => Step::pass(name, said(good)),
        Err(refusal) => Step::fail(name, &refusal),
    }
}

impl Whom<'_> {
    fn whose(self) -> Whose {
        match self {
            Self::Account(account, _) => {
                let record = &account.account;
                Whose::Account(record.unique_id.clone(), record.email.to_string())
            }
            Self::User(user, _) => Whose::User(user.id.clone(), user.email.clone()),
        }
    }
}

impl Given {
    fn of(subject: Whose, allowed: Allowed) -> Self {
        let (scope, audience) = match allowed {
            Allowed::Account(scope, apis) => {
                let names = apis.iter().map(|api| api.identifier.to_string());
                (scope, names.collect())
            }
            Allowed::User(_, _, access) => {
                let names = access.apis.iter().map(|api| api.identifier.to_string());
                (access.scope, names.collect())
            }
        };
        Self {
            subject,
            scope,
            audience,
        }
    }
}

impl std::fmt::Display for Whose {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Account(_, email) => f.write_str(email),
            Self::User(_, email) => write!(f, "{email}"),
        }
    }
}

impl std::fmt::Display for Given {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "a token of {} for {}", self.subject, self.scope)
    }
}
