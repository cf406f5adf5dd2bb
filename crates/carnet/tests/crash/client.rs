//! A client that writes, one request after the other, and notes what was answered.

use std::io;

use carnet_jose::LocalSigner;
use carnet_testkit::dice::Dice;
use carnet_testkit::served::JWT_BEARER;
use carnet_testkit::talk::Answer;
use carnet_testkit::talk::Caller;
use serde_json::Value;
use serde_json::json;

use crate::engine::seconds;
use crate::notes::Kind;
use crate::notes::Minter;
use crate::notes::Notes;
use crate::notes::State;
use crate::notes::Thing;
use crate::notes::Token;

/// Scopes whose tokens are JWTs, and opaque.
pub(crate) const SCOPES: [&str; 2] = [
    "https://crash.example/auth/jwt",
    "https://crash.example/auth/opaque",
];
/// The project of everything that is made.
pub(crate) const PROJECT: &str = "crash";
/// One less than an account may have.
const KEYS: usize = 9;

/// Where the clients work.
#[derive(Clone, Debug)]
pub(crate) struct Place {
    pub(crate) organization: String,
    pub(crate) domain: String,
}

/// One that writes.
pub(crate) struct Client {
    pub(crate) caller: Caller,
    pub(crate) dice: Dice,
    pub(crate) name: String,
    pub(crate) place: Place,
    pub(crate) minter: Minter,
    pub(crate) notes: Notes,
    serial: usize,
}

/// What is done to a thing.
#[derive(Clone, Copy, Debug)]
enum Act {
    Stop,
    Resume,
    Delete,
}

impl Client {
    /// With an account of its own that gets tokens.
    pub(crate) fn new(
        mut caller: Caller,
        name: &str,
        dice: Dice,
        place: &Place,
        issuer: &str,
    ) -> Self {
        let (pair, public) = Minter::key();
        let id = format!("{name}-minter");
        let made = caller
            .post(&accounts(), &json!({ "account_id": id }))
            .unwrap();
        let email = text(&good(&made), "email");
        let upload = format!("{}/{email}/keys:upload", accounts());
        let key = good(
            &caller
                .post(&upload, &json!({ "public_key": public }))
                .unwrap(),
        );
        Self {
            caller,
            dice,
            name: name.to_owned(),
            place: place.clone(),
            minter: Minter {
                email,
                issuer: issuer.to_owned(),
                signer: LocalSigner::new(pair, text(&key, "id")),
            },
            notes: Notes::default(),
            serial: 0,
        }
    }

    /// One write. An error means that it was not answered.
    pub(crate) fn step(&mut self) -> io::Result<()> {
        match self.dice.below(100) {
            0..17 => self.make_account(),
            17..37 => self.upload_key(),
            37..39 => self.generate_key(),
            39..46 => self.make_user(),
            46..53 => self.delegate(),
            53..60 => self.change(Kind::Key, Act::Stop),
            60..64 => self.change(Kind::Key, Act::Delete),
            64..69 => self.change(Kind::Account, Act::Stop),
            69..72 => self.change(Kind::Account, Act::Resume),
            72..76 => self.change(Kind::Account, Act::Delete),
            76..79 => self.change(Kind::Delegation, Act::Stop),
            79..81 => self.change(Kind::Delegation, Act::Delete),
            81..83 => self.change(Kind::User, Act::Stop),
            83..85 => self.change(Kind::User, Act::Delete),
            85..95 => self.mint(),
            _ => self.revoke(),
        }
    }

    fn next(&mut self) -> String {
        self.serial += 1;
        format!("{}-{}", self.name, self.serial)
    }

    fn make_account(&mut self) -> io::Result<()> {
        let id = self.next();
        let path = format!("{}/{id}@{PROJECT}.iam.gserviceaccount.com", accounts());
        self.make(
            Kind::Account,
            path,
            &accounts(),
            &json!({ "account_id": id }),
        )
    }

    fn make_user(&mut self) -> io::Result<()> {
        let email = format!("{}@{}", self.next(), self.place.domain);
        let users = format!("/admin/v1/organizations/{}/users", self.place.organization);
        let path = format!("{users}/{email}");
        self.make(Kind::User, path, &users, &json!({ "email": email }))
    }

    /// Makes a thing whose place is known before.
    fn make(&mut self, kind: Kind, path: String, at: &str, body: &Value) -> io::Result<()> {
        let mut thing = Thing::new(kind, path, State::Gone);
        thing.doubt = Some(State::Active);
        self.notes.things.push(thing);
        good(&self.caller.post(at, body)?);
        if let Some(thing) = self.notes.things.last_mut() {
            thing.answered = State::Active;
            thing.doubt = None;
        }
        self.notes.answered += 1;
        Ok(())
    }

    fn upload_key(&mut self) -> io::Result<()> {
        let Some(account) = self.parent(KEYS) else {
            return self.make_account();
        };
        let (_, public) = Minter::key();
        let at = format!("{account}/keys:upload");
        let made = good(&self.caller.post(&at, &json!({ "public_key": public }))?);
        self.made(Kind::Key, format!("{account}/keys/{}", text(&made, "id")));
        Ok(())
    }

    fn generate_key(&mut self) -> io::Result<()> {
        let Some(account) = self.parent(KEYS) else {
            return self.make_account();
        };
        let made = good(&self.caller.post(&format!("{account}/keys"), &json!({}))?);
        let id = text(&made["key"], "id");
        self.notes
            .secrets
            .push(text(&made, "private_key_data")[..200].to_owned());
        self.made(Kind::Key, format!("{account}/keys/{id}"));
        Ok(())
    }

    fn delegate(&mut self) -> io::Result<()> {
        let Some(account) = self.parent(1) else {
            return self.make_account();
        };
        let email = account.rsplit('/').next().unwrap_or_default();
        let at = format!(
            "/admin/v1/organizations/{}/delegations",
            self.place.organization
        );
        let wanted = json!({ "client": email, "scopes": [SCOPES[0]], "whom": "everyone" });
        let made = good(&self.caller.post(&at, &wanted)?);
        self.made(Kind::Delegation, format!("{at}/{}", text(&made, "id")));
        Ok(())
    }

    /// An account that works and has fewer children than that; it is one more from now on, whatever
    /// is answered.
    fn parent(&mut self, fewer: usize) -> Option<String> {
        let fit = |thing: &Thing| {
            let works = thing.answered == State::Active && thing.doubt.is_none();
            thing.kind == Kind::Account && works && thing.children < fewer
        };
        let at = self.pick(fit)?;
        let thing = &mut self.notes.things[at];
        thing.children += 1;
        Some(thing.path.clone())
    }

    fn made(&mut self, kind: Kind, path: String) {
        self.notes
            .things
            .push(Thing::new(kind, path, State::Active));
        self.notes.answered += 1;
    }

    fn change(&mut self, kind: Kind, act: Act) -> io::Result<()> {
        let fit = |thing: &Thing| {
            let state = match act {
                Act::Stop => thing.answered == State::Active,
                Act::Resume => thing.answered == State::Stopped,
                Act::Delete => thing.answered != State::Gone && thing.children == 0,
            };
            thing.kind == kind && thing.doubt.is_none() && state
        };
        let Some(at) = self.pick(fit) else {
            return self.make_account();
        };
        let thing = &mut self.notes.things[at];
        let (verb, state) = match (act, kind) {
            (Act::Delete, _) => ("", State::Gone),
            (Act::Stop, Kind::Account | Kind::Key) => (":disable", State::Stopped),
            (Act::Stop, _) => (":suspend", State::Stopped),
            (Act::Resume, _) => (":enable", State::Active),
        };
        thing.doubt = Some(state);
        let answer = if verb.is_empty() {
            self.caller.delete(&thing.path)?
        } else {
            self.caller
                .post(&format!("{}{verb}", thing.path), &json!({}))?
        };
        good(&answer);
        thing.answered = state;
        thing.doubt = None;
        self.notes.answered += 1;
        Ok(())
    }

    fn mint(&mut self) -> io::Result<()> {
        let jti = self.next();
        let scope = SCOPES[self.dice.below(2)];
        let assertion = self.minter.assertion(scope, &jti, seconds());
        self.notes.secrets.push(assertion.clone());
        let answer = redeem(&mut self.caller, &assertion)?;
        let token = text(&good(&answer), "access_token");
        self.notes.secrets.push(token.clone());
        self.notes.spent.push(assertion);
        self.notes.tokens.push(Token {
            text: token,
            revoked: false,
            doubt: false,
        });
        self.notes.answered += 1;
        Ok(())
    }

    fn revoke(&mut self) -> io::Result<()> {
        let good_ones = |token: &&mut Token| !token.revoked && !token.doubt;
        let Some(token) = self.notes.tokens.iter_mut().rev().find(good_ones) else {
            return self.mint();
        };
        token.doubt = true;
        good(&self.caller.form("/revoke", &[("token", &token.text)])?);
        (token.revoked, token.doubt) = (true, false);
        self.notes.answered += 1;
        Ok(())
    }

    fn pick(&mut self, fit: impl Fn(&Thing) -> bool) -> Option<usize> {
        let all = self.notes.things.iter().enumerate();
        let fits: Vec<usize> = all
            .filter(|(_, thing)| fit(thing))
            .map(|(at, _)| at)
            .collect();
        let chosen = self.dice.below(fits.len());
        fits.get(chosen).copied()
    }
}

/// Asks for a token.
pub(crate) fn redeem(caller: &mut Caller, assertion: &str) -> io::Result<Answer> {
    caller.form(
        "/token",
        &[("grant_type", JWT_BEARER), ("assertion", assertion)],
    )
}

/// The accounts of the project.
pub(crate) fn accounts() -> String {
    format!("/admin/v1/projects/{PROJECT}/service-accounts")
}

/// The body of an answer that says yes.
pub(crate) fn good(answer: &Answer) -> Value {
    assert!(answer.is_success(), "{}\n{}", answer.head, answer.text());
    answer.json()
}

/// A text in an answer.
pub(crate) fn text(value: &Value, name: &str) -> String {
    let found = value[name].as_str();
    found
        .unwrap_or_else(|| panic!("no {name} in {value}"))
        .to_owned()
}
