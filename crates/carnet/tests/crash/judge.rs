//! After a restart: what is there, against what was answered.

use std::collections::BTreeSet;

use carnet_testkit::talk::Caller;
use serde_json::Value;

use crate::client::Client;
use crate::client::PROJECT;
use crate::client::accounts;
use crate::client::good;
use crate::client::redeem;
use crate::client::text;
use crate::notes::Kind;
use crate::notes::State;
use crate::notes::Thing;

/// What a second redemption of an assertion is told.
const SPENT: &str = "its jti is spent";

impl Client {
    /// Compares all notes; what was in doubt is certain then.
    pub(crate) fn judge(&mut self) {
        for thing in &mut self.notes.things {
            let found = state(&mut self.caller, thing);
            let allowed = found == thing.answered || Some(found) == thing.doubt;
            assert!(allowed, "found {found:?}, but noted {thing:?}");
            thing.answered = found;
            thing.doubt = None;
        }
        self.judge_keys();
        for token in &mut self.notes.tokens {
            let answer = self.caller.form("/introspect", &[("token", &token.text)]);
            let active = good(&answer.unwrap())["active"] == Value::Bool(true);
            assert!(
                active != token.revoked || token.doubt,
                "a token that was revoked ({}) is active ({active})",
                token.revoked
            );
            token.revoked = !active;
            token.doubt = false;
        }
        for assertion in &self.notes.spent {
            let answer = redeem(&mut self.caller, assertion).unwrap();
            assert_eq!(answer.status, 400, "{}", answer.text());
            assert!(answer.text().contains(SPENT), "{}", answer.text());
        }
    }

    /// Each key that an account lists is whole, and each that was answered is listed.
    fn judge_keys(&mut self) {
        for account in &self.notes.things {
            if account.kind != Kind::Account || account.children == 0 {
                continue;
            }
            let keys = format!("{}/keys", account.path);
            let listed = good(&self.caller.get(&keys).unwrap());
            let listed: BTreeSet<String> = items(&listed)
                .map(|key| format!("{keys}/{}", text(key, "id")))
                .collect();
            for path in &listed {
                let key = good(&self.caller.get(path).unwrap());
                assert!(text(&key, "certificate").starts_with("-----BEGIN CERT"));
            }
            let known = self.notes.things.iter().filter(|thing| {
                let there = thing.kind == Kind::Key && thing.answered != State::Gone;
                there && thing.path.starts_with(&keys)
            });
            for thing in known {
                assert!(listed.contains(&thing.path), "{thing:?} is not listed");
            }
        }
    }
}

fn state(caller: &mut Caller, thing: &Thing) -> State {
    let answer = caller.get(&thing.path).unwrap();
    if answer.status == 404 {
        return State::Gone;
    }
    match good(&answer)["state"]["state"].as_str() {
        Some("active") => State::Active,
        Some("disabled" | "suspended") => State::Stopped,
        Some("deleted") => State::Gone,
        other => panic!("{thing:?} is {other:?}"),
    }
}

/// A thing and the audit entry of its making are one write: where one is, there is the other.
pub(crate) fn nothing_is_half_made(caller: &mut Caller) {
    let made: BTreeSet<String> = all(caller, &format!("{}?show_deleted=true", accounts()))
        .iter()
        .map(|account| text(account, "unique_id"))
        .collect();
    let told: BTreeSet<String> = all(caller, "/admin/v1/audit?action=service_account.create")
        .iter()
        .filter(|entry| entry["detail"]["project"] == PROJECT)
        .map(|entry| text(entry, "target"))
        .collect();
    assert_eq!(made, told, "accounts, and accounts whose making was told");
    assert!(!made.is_empty());
}

/// D6: the audit chain holds from its first entry to its last.
pub(crate) fn the_audit_chain_holds(caller: &mut Caller) {
    let mut path = "/admin/v1/audit:verify".to_owned();
    loop {
        let verified = good(&caller.get(&path).unwrap());
        assert_eq!(verified["intact"], true, "{verified}");
        match verified["next_page_token"].as_str() {
            Some(token) => path = format!("/admin/v1/audit:verify?page_token={token}"),
            None => break,
        }
    }
}

fn all(caller: &mut Caller, path: &str) -> Vec<Value> {
    let join = if path.contains('?') { '&' } else { '?' };
    let first = format!("{path}{join}page_size=1000");
    let mut next = first.clone();
    let mut found = Vec::new();
    loop {
        let page = good(&caller.get(&next).unwrap());
        found.extend(items(&page).cloned());
        match page["next_page_token"].as_str() {
            Some(token) => next = format!("{first}&page_token={token}"),
            None => return found,
        }
    }
}

fn items(list: &Value) -> impl Iterator<Item = &Value> {
    list["items"].as_array().into_iter().flatten()
}
