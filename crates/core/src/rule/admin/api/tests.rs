//! Tests of the rule: see the file beside this directory.

use super::{
    MAX_TYPE_BYTES, MOST_DETAIL_TYPES, MOST_FIELDS, MOST_VALUES, NewApi, create, delete, update,
};
use crate::record::{
    Api, ApiScope, DetailField, DetailType, FieldKind, Risk, TokenFormat, Visibility,
};
use crate::rule::admin::Context;
use crate::rule::admin::api::ApiPatch;
use crate::value::{Counting, Seconds, UnixTime};
use carnet_jose::Algorithm;
use carnet_wire::crn::Crn;

const SIGNABLE: [Algorithm; 2] = [Algorithm::ES256, Algorithm::RS256];

const ISSUER: &str = "https://auth.acme.example";

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
    let refused = create(new, (&SIGNABLE, ISSUER), &CONTEXT, &mut Counting(0)).expect_err("wrong");
    assert_eq!(refused.crn, Crn::FIELD_WRONG);
    refused
        .wrongs
        .into_iter()
        .map(|wrong| wrong.pointer)
        .collect()
}

fn made() -> Api {
    create(new(), (&SIGNABLE, ISSUER), &CONTEXT, &mut Counting(0))
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
    assert!(create(api, (&SIGNABLE, ISSUER), &CONTEXT, &mut Counting(0)).is_ok());
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

fn kind(name: &str, fields: Vec<DetailField>) -> DetailType {
    DetailType {
        name: name.parse().expect("a type"),
        title: "".parse().expect("a title"),
        detail: "".parse().expect("a detail"),
        fields: Some(fields),
    }
}

fn field(name: &str, kind: FieldKind, values: usize) -> DetailField {
    DetailField {
        name: name.parse().expect("a name"),
        kind,
        required: false,
        values: (0..values)
            .map(|place| format!("v{place}").parse().expect("a value"))
            .collect(),
    }
}

#[test]
fn rfc9396_2_1_every_fault_of_a_type_of_detail_is_told_at_once() {
    let long = "t".repeat(MAX_TYPE_BYTES + 1);
    let fields = vec![
        field("type", FieldKind::Text, 0),
        field("locations", FieldKind::Texts, 0),
        field("amount", FieldKind::Number, 1),
        field("amount", FieldKind::Number, 0),
        field("currency", FieldKind::Text, MOST_VALUES + 1),
        field("payee", FieldKind::Texts, MOST_VALUES),
    ];
    let api = NewApi {
        detail_types: vec![
            kind("payment", fields),
            kind("payment", Vec::new()),
            kind(&long, Vec::new()),
        ],
        ..new()
    };
    assert_eq!(
        wrong(api),
        [
            "/detail_types/0/fields/0/name",
            "/detail_types/0/fields/1/name",
            "/detail_types/0/fields/2/values",
            "/detail_types/0/fields/3/name",
            "/detail_types/0/fields/4/values",
            "/detail_types/1/name",
            "/detail_types/2/name",
        ]
    );
}

#[test]
fn rfc9396_2_1_types_and_members_are_bounded_and_a_change_is_judged_like_a_beginning() {
    let name = |place: usize| format!("n{place}");
    let many = |most: usize| (0..=most).map(name).collect::<Vec<_>>();
    let types = many(MOST_DETAIL_TYPES);
    let types: Vec<_> = types.iter().map(|name| kind(name, Vec::new())).collect();
    let patch = ApiPatch {
        detail_types: Some(types.clone()),
        ..ApiPatch::default()
    };
    let refused = update(made(), patch, &SIGNABLE, &CONTEXT).expect_err("too many");
    assert_eq!(refused.wrongs[0].pointer, "/detail_types");
    let fields = many(MOST_FIELDS);
    let fields = fields.iter().map(|name| field(name, FieldKind::Any, 0));
    let api = NewApi {
        detail_types: vec![kind("payment", fields.collect())],
        ..new()
    };
    assert_eq!(wrong(api), ["/detail_types/0/fields"]);
    let most = ApiPatch {
        detail_types: Some(types[1..].to_vec()),
        ..ApiPatch::default()
    };
    let api = update(made(), most, &SIGNABLE, &CONTEXT).expect("as many as there may be");
    assert_eq!(api.record.detail_types, types[1..]);
}

/// security.md, lesson 19: whoever had an API by the server's own name would be told of everybody's tokens.
#[test]
fn lesson_19_the_issuer_and_what_is_under_it_are_no_apis_of_others() {
    let named = |identifier: &str| {
        let mut api = new();
        api.identifier = identifier.parse().expect("an identifier");
        create(api, (&SIGNABLE, ISSUER), &CONTEXT, &mut Counting(0)).is_ok()
    };
    for own in [
        "https://auth.acme.example",
        "https://auth.acme.example/",
        "https://AUTH.acme.example",
        "https://auth.acme.example/admin/v1",
        "https://auth.acme.example/token",
        "https://auth.acme.example?a",
    ] {
        assert!(!named(own), "{own}");
    }
    for other in [
        "https://auth.acme.example.org",
        "https://auth.acme.example:8443",
        "https://acme.example",
        "urn:acme:auth",
    ] {
        assert!(named(other), "{other}");
    }
}
