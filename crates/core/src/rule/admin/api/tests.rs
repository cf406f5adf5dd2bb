//! Tests of the rule: see the file beside this directory.

use super::{NewApi, create, delete, update};
use crate::record::{Api, ApiScope, Risk, TokenFormat, Visibility};
use crate::rule::admin::Context;
use crate::rule::admin::api::ApiPatch;
use crate::value::{Counting, Seconds, UnixTime};
use carnet_jose::Algorithm;
use carnet_wire::crn::Crn;

const SIGNABLE: [Algorithm; 2] = [Algorithm::ES256, Algorithm::RS256];

const CONTEXT: Context<'static> = Context {
    now: UnixTime(1_775_121_058),
    actor: "user:2",
    address: "",
    trace: "T",
};

fn scope(name: &str) -> ApiScope {
    ApiScope {
        name: name.parse().expect("a scope"),
        title: "".parse().expect("a title"),
        detail: "".parse().expect("a detail"),
        risk: Risk::Read,
        visibility: Visibility::Public,
    }
}

fn new() -> NewApi {
    NewApi {
        project: "billing".parse().expect("an id"),
        identifier: "https://api.acme.example/".parse().expect("an identifier"),
        title: "".parse().expect("a title"),
        tokens: TokenFormat::Jwt,
        algorithm: Algorithm::ES256,
        lifetime: Seconds(3_600),
        scopes: vec![scope("invoices.read")],
        detail_types: Vec::new(),
    }
}

fn wrong(new: NewApi) -> Vec<String> {
    let refused = create(new, &SIGNABLE, &CONTEXT, &mut Counting(0)).expect_err("wrong");
    assert_eq!(refused.crn, Crn::FIELD_WRONG);
    refused
        .wrongs
        .into_iter()
        .map(|wrong| wrong.pointer)
        .collect()
}

fn made() -> Api {
    create(new(), &SIGNABLE, &CONTEXT, &mut Counting(0))
        .expect("made")
        .record
}

#[test]
fn every_fault_of_an_api_is_told_at_once() {
    let api = NewApi {
        identifier: "urn:carnet:other".parse().expect("an identifier"),
        algorithm: Algorithm::ES384,
        lifetime: Seconds(43_201),
        scopes: vec![scope("carnet.x"), scope("a,b"), scope("c"), scope("c")],
        ..new()
    };
    let pointers = ["/identifier", "/lifetime_seconds", "/algorithm"];
    let scopes = ["/scopes/0/name", "/scopes/1/name", "/scopes/3/name"];
    assert_eq!(wrong(api), [pointers, scopes].concat());
}

#[test]
fn an_opaque_token_needs_no_signing_key() {
    let api = NewApi {
        tokens: TokenFormat::Opaque,
        algorithm: Algorithm::ES384,
        ..new()
    };
    assert!(create(api, &SIGNABLE, &CONTEXT, &mut Counting(0)).is_ok());
}

#[test]
fn keycloak_cve_2026_15572_a_change_is_judged_by_the_whole_record() {
    let opaque = ApiPatch {
        tokens: Some(TokenFormat::Opaque),
        algorithm: Some(Algorithm::ES384),
        ..ApiPatch::default()
    };
    let api = update(made(), opaque, &SIGNABLE, &CONTEXT)
        .expect("opaque")
        .record;
    let back = ApiPatch {
        tokens: Some(TokenFormat::Jwt),
        ..ApiPatch::default()
    };
    assert!(
        update(api, back, &SIGNABLE, &CONTEXT).is_err(),
        "nothing signs ES384"
    );
}

#[test]
fn carnets_own_api_stays() {
    let own = Api {
        identifier: "urn:carnet:admin".parse().expect("an identifier"),
        ..made()
    };
    let refused = delete(own.clone(), &CONTEXT).expect_err("own");
    assert_eq!(refused.crn, Crn::STATE_DOES_NOT_ALLOW);
    assert!(update(own, ApiPatch::default(), &SIGNABLE, &CONTEXT).is_err());
    assert!(delete(made(), &CONTEXT).is_ok());
}
