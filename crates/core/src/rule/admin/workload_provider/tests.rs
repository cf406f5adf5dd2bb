//! Tests of the rule: see the file beside this directory.

use carnet_jose::JwkSet;
use carnet_wire::crn::Crn;

use super::{NewProvider, ProviderPatch, create, delete, purge, undelete, update};
use crate::record::{OidcProvider, ProviderKeys, ProviderKind, SamlProvider, WorkloadProvider};
use crate::rule::admin::workload_pool;
use crate::rule::admin::workload_pool::RESTORABLE;
use crate::rule::admin::workload_pool::tests::{NOW, at, pool};
use crate::store::{Change, Record};
use crate::value::{Seconds, Version};

fn oidc(issuer: &str, audiences: &[&str]) -> OidcProvider {
    OidcProvider {
        issuer: issuer.parse().unwrap(),
        audiences: audiences.iter().map(|one| one.parse().unwrap()).collect(),
        keys: ProviderKeys::Discovery,
        web: None,
    }
}

fn new(kind: OidcProvider) -> NewProvider {
    let subject = ("google.subject".to_owned(), "assertion.sub".to_owned());
    NewProvider {
        id: "github".to_owned(),
        title: "".parse().unwrap(),
        description: "".parse().unwrap(),
        kind: ProviderKind::Oidc(kind),
        mapping: [subject].into(),
        condition: None,
        disabled: false,
    }
}

fn made(kind: OidcProvider) -> Result<WorkloadProvider, String> {
    match create(new(kind), &pool(), None, &at(NOW)) {
        Ok(done) => Ok(done.record),
        Err(no) => Err(no.wrongs[0].pointer.clone()),
    }
}

#[test]
fn google_wire_6_4_a_provider_says_who_is_believed_and_the_audit_log_repeats_it() {
    let done = create(
        new(oidc("https://ci.example", &["a", "b"])),
        &pool(),
        None,
        &at(NOW),
    );
    let done = done.unwrap();
    assert_eq!(done.record.name.pool(), pool().name);
    let Change::Audited(draft) = &done.changes[1] else {
        unreachable!("{:?}", done.changes)
    };
    assert_eq!(
        draft.detail,
        r#"{"audiences":"a b","issuer":"https://ci.example","keys":"by discovery"}"#
    );
    let again = create(
        new(oidc("https://ci.example", &[])),
        &pool(),
        Some(&done.record),
        &at(NOW),
    );
    assert_eq!(again.unwrap_err().crn, Crn::ALREADY_EXISTS);
}

#[test]
fn google_wire_6_4_ten_audiences_at_most_each_once() {
    let many: Vec<String> = (0..11).map(|at| format!("a{at}")).collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    assert!(made(oidc("https://ci.example", &many[..10])).is_ok());
    let too_many = made(oidc("https://ci.example", &many));
    assert_eq!(too_many.unwrap_err(), "/oidc/allowed_audiences");
    let twice = made(oidc("https://ci.example", &["a", "b", "a"]));
    assert_eq!(twice.unwrap_err(), "/oidc/allowed_audiences/2");
}

#[test]
fn lesson_28_an_issuer_that_is_reached_is_https_or_on_this_machine() {
    for issuer in [
        "https://ci.example",
        "http://localhost:8080",
        "http://127.0.0.1:1/x",
        "http://[::1]:80",
    ] {
        assert!(made(oidc(issuer, &[])).is_ok(), "{issuer}");
    }
    for issuer in [
        "http://ci.example",
        "http://localhost.evil.test",
        "http://127.0.0.1.evil.test/",
        "http://[::1].evil.test",
        "http://10.0.0.1",
    ] {
        assert_eq!(made(oidc(issuer, &[])).unwrap_err(), "/oidc/issuer");
        let keys = r#"{"keys":[{"kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0","alg":"ES256"}]}"#;
        let mut given = oidc(issuer, &[]);
        given.keys = ProviderKeys::Inline(JwkSet::parse(keys.as_bytes()).unwrap());
        let wrong = made(given.clone()).unwrap_err();
        assert_eq!(wrong, "/oidc/jwks/keys/0", "its key has no name");
        let named = keys.replace(r#""alg""#, r#""kid":"one","alg""#);
        given.keys = ProviderKeys::Inline(JwkSet::parse(named.as_bytes()).unwrap());
        assert!(made(given).is_ok(), "it is never reached: {issuer}");
    }
}

#[test]
fn google_wire_6_4_a_mapping_says_who_the_principal_is() {
    let mut nobody = new(oidc("https://ci.example", &[]));
    nobody.mapping.clear();
    let no = create(nobody, &pool(), None, &at(NOW)).unwrap_err();
    assert_eq!(no.wrongs[0].pointer, "/attribute_mapping");
}

#[test]
fn a_change_is_committed_with_its_audit_entry_and_a_new_version() {
    let before = made(oidc("https://ci.example", &[])).unwrap();
    let patch = ProviderPatch {
        condition: Some(Some("assertion.ref == 'main'".to_owned())),
        disabled: Some(true),
        ..ProviderPatch::default()
    };
    let done = update(before, patch, &at(NOW + Seconds(9))).unwrap();
    let [
        Change::Replace(Record::WorkloadProvider(row)),
        Change::Audited(draft),
    ] = done.changes.as_slice()
    else {
        unreachable!("{:?}", done.changes)
    };
    assert_eq!(row.version, Version(2));
    assert!(!row.is_on() && draft.detail.contains("assertion.ref"));
    let patch = ProviderPatch {
        condition: Some(None),
        ..ProviderPatch::default()
    };
    let done = update(done.record, patch, &at(NOW)).unwrap();
    assert_eq!(done.record.condition, None);
}

#[test]
fn google_wire_6_4_a_deleted_provider_comes_back_within_30_days_if_its_pool_is_there() {
    let provider = made(oidc("https://ci.example", &[])).unwrap();
    let deleted = delete(provider, &at(NOW)).unwrap().record;
    assert!(delete(deleted.clone(), &at(NOW)).is_err());
    assert!(update(deleted.clone(), ProviderPatch::default(), &at(NOW)).is_err());
    let gone = workload_pool::delete(pool(), &at(NOW)).unwrap().record;
    assert!(undelete(deleted.clone(), &gone, &at(NOW)).is_err());
    assert!(create(new(oidc("https://ci.example", &[])), &gone, None, &at(NOW)).is_err());
    let last = NOW + RESTORABLE - Seconds(1);
    assert!(purge(deleted.clone(), &at(last)).is_err());
    let back = undelete(deleted.clone(), &pool(), &at(last))
        .unwrap()
        .record;
    assert!(back.is_on());
    assert!(undelete(deleted.clone(), &pool(), &at(NOW + RESTORABLE)).is_err());
    assert!(purge(deleted, &at(NOW + RESTORABLE)).is_ok());
}

#[test]
fn google_wire_6_4_a_provider_of_saml_names_whom_it_trusts_and_stays_of_its_kind() {
    let saml = SamlProvider {
        metadata: "<EntityDescriptor/>".to_owned(),
        entity: "https://idp.example".to_owned(),
        certificates: vec![vec![1], vec![2]],
    };
    let mut new = new(oidc("https://ci.example", &[]));
    new.kind = ProviderKind::Saml(saml);
    let done = create(new, &pool(), None, &at(NOW)).unwrap();
    let Change::Audited(draft) = &done.changes[1] else {
        unreachable!("{:?}", done.changes)
    };
    let detail = r#"{"certificates":"2","issuer":"https://idp.example"}"#;
    assert_eq!(draft.detail, detail);
    let patch = ProviderPatch {
        kind: Some(ProviderKind::Oidc(oidc("https://ci.example", &[]))),
        ..ProviderPatch::default()
    };
    let no = update(done.record, patch, &at(NOW)).unwrap_err();
    assert_eq!(no.crn, Crn::STATE_DOES_NOT_ALLOW);
}
