//! Tests of the rule: see the file beside this directory.

use super::{create, delete, roll};
use crate::record::{
    About, Client, ClientAlgorithms, ClientAuthentication, ClientKind, ClientSecret, ClientSource,
    ClientState, Credentials, GrantType, Lifetimes, Trust,
};
use crate::rule::admin::Context;
use crate::store::{Change, Record, RecordKey};
use crate::value::{Counting, Seconds, UnixTime, Version};
use carnet_jose::Prefixed;
use carnet_wire::crn::Crn;
use carnet_wire::scope::Scope;

const NOW: UnixTime = UnixTime(1_775_121_058);

const CONTEXT: Context<'static> = Context {
    now: NOW,
    actor: "user:2",
    address: "",
    trace: "T",
};

fn client(authentication: ClientAuthentication) -> Client {
    Client {
        id: "ledgerly".parse().expect("an id"),
        project: "billing".parse().expect("an id"),
        title: "Ledgerly".parse().expect("a title"),
        kind: ClientKind::Web,
        authentication,
        redirect_uris: Vec::new(),
        origins: Vec::new(),
        grants: [GrantType::AuthorizationCode].into(),
        scopes: Scope::default(),
        default_scopes: Scope::default(),
        credentials: Credentials::default(),
        require_pkce: true,
        require_par: false,
        require_signed_request_object: false,
        algorithms: ClientAlgorithms::default(),
        require_dpop: false,
        refresh_token_rotation: true,
        exchange: crate::record::Exchange::default(),
        legacy: crate::record::Legacy::default(),
        certificate_bound: false,
        lifetimes: Lifetimes::default(),
        about: About::default(),
        trust: Trust::Unknown,
        source: ClientSource::Admin,
        state: ClientState::Active,
        created: NOW,
        changed: NOW,
        version: Version::FIRST,
    }
}

fn basic() -> Client {
    client(ClientAuthentication::SecretBasic)
}

fn secret(chance: u64, expires: Option<UnixTime>) -> ClientSecret {
    let done = create(&basic(), &[], expires, &CONTEXT, &mut Counting(chance));
    done.expect("made").record.secret
}

#[test]
fn a_secret_has_256_bits_a_prefix_and_is_kept_as_its_digest() {
    let done = create(&basic(), &[], None, &CONTEXT, &mut Counting(1)).expect("made");
    let [
        Change::Insert(Record::ClientSecret(kept)),
        Change::Audited(draft),
    ] = done.changes.as_slice()
    else {
        panic!("{:?}", done.changes);
    };
    assert_eq!(kept.digest, done.record.text.digest());
    let text = done.record.text.clone().reveal();
    assert_eq!(
        Prefixed::ClientSecret
            .decode(&text)
            .map(|bytes| bytes.len()),
        Ok(32)
    );
    assert!(text.ends_with(&kept.ends_in) && kept.ends_in.len() == 4);
    assert!(!format!("{done:?}").contains(&text), "it is in no log");
    assert_eq!(draft.target, kept.id.to_string());
}

#[test]
fn a_public_app_has_no_secret() {
    let public = client(ClientAuthentication::None);
    let refused = create(&public, &[], None, &CONTEXT, &mut Counting(1)).expect_err("public");
    assert_eq!(refused.crn, Crn::STATE_DOES_NOT_ALLOW);
    let times = (Seconds(60), None);
    assert!(
        roll(
            &public,
            &[secret(1, None)],
            times,
            &CONTEXT,
            &mut Counting(1)
        )
        .is_err()
    );
}

#[test]
fn two_live_at_most_and_what_expired_makes_room() {
    let two = [secret(1, None), secret(2, None)];
    let refused = create(&basic(), &two, None, &CONTEXT, &mut Counting(3)).expect_err("full");
    assert_eq!(refused.crn, Crn::STATE_DOES_NOT_ALLOW);
    let held = [secret(1, Some(NOW)), secret(2, None)];
    let done = create(&basic(), &held, None, &CONTEXT, &mut Counting(3)).expect("made");
    let gone = RecordKey::ClientSecret(held[0].id, held[0].client.clone());
    assert_eq!(done.changes[0], Change::Remove(gone, Version::FIRST));
    assert!(matches!(done.changes[1], Change::Insert(_)));
}

#[test]
fn a_roll_gives_the_old_one_an_end_and_never_puts_one_off() {
    let overlap = |held: &[ClientSecret], seconds| {
        let times = (Seconds(seconds), None);
        roll(&basic(), held, times, &CONTEXT, &mut Counting(9))
    };
    let end = |held: ClientSecret, seconds| {
        let made = overlap(&[held], seconds).expect("rolled").record;
        made.old.expect("the old one").expires
    };
    assert_eq!(end(secret(1, None), 3_600), Some(NOW + Seconds(3_600)));
    assert_eq!(end(secret(1, None), 0), Some(NOW));
    let soon = NOW + Seconds(60);
    assert_eq!(end(secret(1, Some(soon)), 3_600), Some(soon));
    for wrong in [-1, 90 * 86_400 + 1] {
        let refused = overlap(&[secret(1, None)], wrong).expect_err("out of bounds");
        assert_eq!(refused.wrongs[0].pointer, "/overlap_seconds");
    }
    assert!(overlap(&[], 60).is_err(), "there is nothing to roll");
    assert!(
        overlap(&[secret(1, None), secret(2, None)], 60).is_err(),
        "which?"
    );
    let held = [secret(1, Some(NOW)), secret(2, None)];
    let done = overlap(&held, 60).expect("one lives");
    assert_eq!(done.record.old.map(|old| old.id), Some(held[1].id));
    assert!(matches!(done.changes[0], Change::Remove(..)));
    assert_eq!(done.changes.len(), 5);
}

#[test]
fn a_secret_is_deleted_in_its_version() {
    let secret = secret(1, None);
    let done = delete(secret.clone(), &CONTEXT).expect("deleted");
    let key = RecordKey::ClientSecret(secret.id, secret.client.clone());
    assert_eq!(done.changes[0], Change::Remove(key, secret.version));
}
