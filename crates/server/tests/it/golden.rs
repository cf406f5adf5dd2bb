//! Each error row of google-wire 2.4 and of `ux.md` 4.3, as a whole answer: status, headers, body.
//!
//! The answers stand in `snapshots/`. One that changes is a change of the protocol: look at it, and
//! if it is right, `INSTA_UPDATE=always cargo test -p carnet-server` writes it anew.

use carnet_core::rule::admin::Context;
use carnet_core::rule::admin::service_account_key::end_at;
use carnet_core::store::Committed;
use carnet_core::value::Seconds;
use carnet_core::value::UnixTime;
use carnet_testkit::provider::Provider;
use carnet_testkit::world::ALICE;
use carnet_testkit::world::BOB;
use carnet_testkit::world::CAROL;
use carnet_testkit::world::NOW;
use carnet_testkit::world::READ;
use carnet_testkit::world::WRITE;
use carnet_testkit::world::World;
use serde_json::Value;
use serde_json::json;

/// Compares an answer with the one that stands under this name.
pub(crate) fn golden(name: &str, answer: &carnet_testkit::provider::Answer) {
    insta::with_settings!({prepend_module_to_snapshot => false, omit_expression => true}, {
        insta::assert_snapshot!(name, answer.golden());
    });
}

/// Rows whose cause is in the claims.
fn claims() -> Vec<(&'static str, Value)> {
    vec![
        ("iss_missing", json!({"iss": null})),
        ("iss_not_an_account", json!({"iss": "billing"})),
        (
            "account_unknown",
            json!({"iss": "nobody@billing.iam.gserviceaccount.com"}),
        ),
        ("aud_missing", json!({"aud": null})),
        (
            "aud_of_another",
            json!({"aud": "https://acme.example/token"}),
        ),
        ("iat_missing", json!({"iat": null})),
        ("exp_missing", json!({"exp": null})),
        ("iat_is_text", json!({"iat": "now"})),
        (
            "iat_in_the_future",
            json!({"iat": NOW + 543, "exp": NOW + 3_600}),
        ),
        ("exp_passed", json!({"iat": NOW - 4_000, "exp": NOW - 612})),
        ("lifetime_too_long", json!({"exp": NOW + 86_400})),
        ("exp_before_iat", json!({"exp": NOW - 10})),
        (
            "milliseconds",
            json!({"iat": NOW * 1_000, "exp": (NOW + 3_600) * 1_000}),
        ),
        ("iat_too_old", json!({"iat": NOW - 7_200, "exp": NOW + 600})),
        ("scope_empty", json!({"scope": ""})),
        (
            "scope_with_commas",
            json!({"scope": format!("{READ},{WRITE}")}),
        ),
        ("scopes_misnamed", json!({"scope": null, "scopes": READ})),
        (
            "scope_unknown",
            json!({"scope": READ.replace("invoices", "invioces")}),
        ),
        ("scope_malformed", json!({"scope": "a\"b"})),
        ("sub_not_an_email", json!({"sub": "dana"})),
        (
            "sub_in_another_domain",
            json!({"sub": "dana@other.example"}),
        ),
        (
            "delegation_of_other_scopes",
            json!({"sub": ALICE, "scope": WRITE}),
        ),
        (
            "delegation_of_some_scopes",
            json!({"sub": ALICE, "scope": format!("{READ} {WRITE}")}),
        ),
        ("user_unknown", json!({"sub": "nobody@acme.example"})),
        ("user_suspended", json!({"sub": CAROL})),
    ]
}

#[tokio::test]
async fn google_wire_2_4_rows_of_claims() {
    let provider = Provider::new().await;
    for (name, change) in claims() {
        let answer = provider.redeem(&provider.world.with(change)).await;
        golden(name, &answer);
    }
}

#[tokio::test]
async fn google_wire_2_4_rows_of_the_request() {
    let provider = Provider::new().await;
    let bearer = "urn:ietf:params:oauth:grant-type:jwt-bearer";
    for (name, form) in [
        ("grant_type_missing", vec![("assertion", "a.b.c")]),
        (
            "grant_type_unknown",
            vec![("grant_type", "authorization-code")],
        ),
        ("assertion_missing", vec![("grant_type", bearer)]),
        (
            "not_three_parts",
            vec![("grant_type", bearer), ("assertion", "a.b")],
        ),
        (
            "not_base64url",
            vec![("grant_type", bearer), ("assertion", "a+b.e30.e30")],
        ),
        (
            "not_json",
            vec![("grant_type", bearer), ("assertion", "e30x.e30.e30")],
        ),
        (
            "repeated",
            vec![
                ("grant_type", bearer),
                ("grant_type", bearer),
                ("assertion", "a.b.c"),
            ],
        ),
    ] {
        golden(name, &provider.post("/token", &form).await);
    }
    let header = carnet_jose::base64url::encode(r#"{"alg":"HS256","typ":"JWT"}"#);
    let hmac = provider.redeem_text(&format!("{header}.e30.e30")).await;
    golden("alg_hs256", &hmac);
    golden(
        "signature_by_another_key",
        &provider
            .redeem_text(&provider.world.forge(&provider.world.claims()))
            .await,
    );
    golden("get", &provider.get("/token").await);
}

/// A key that was rolled works on for the overlap, and then says when it ended.
#[tokio::test]
async fn google_wire_2_4_a_rolled_key_ends_after_the_overlap() {
    let provider = Provider::new().await;
    let store = provider.world.store();
    let key = store.service_account_key(&provider.world.key_id()).await;
    let key = key.unwrap().expect("the key of the world");
    let context = Context {
        now: UnixTime(NOW),
        actor: "user:2",
        address: "",
        trace: "",
    };
    let rolled = end_at(key, UnixTime(NOW) + Seconds::days(1), &context).unwrap();
    let committed = store.commit(&rolled.changes).await.unwrap();
    assert_eq!(committed, Committed::Yes);
    provider.wait(86_399);
    let moved = json!({"iat": NOW + 86_399, "exp": NOW + 86_399 + 600});
    let last = provider.redeem(&provider.world.with(moved)).await;
    assert_eq!(last.status, 200, "{}", last.body);
    provider.wait(1);
    let moved = json!({"iat": NOW + 86_400, "exp": NOW + 86_400 + 600});
    golden(
        "rolled_key_ended",
        &provider.redeem(&provider.world.with(moved)).await,
    );
}

/// Rows whose cause is in a record.
#[tokio::test]
async fn google_wire_2_4_rows_of_state() {
    async fn told(world: World, change: Value) -> carnet_testkit::provider::Answer {
        let provider = Provider::over(world).await;
        provider.redeem(&provider.world.with(change)).await
    }
    let own = json!({});
    let alice = json!({"sub": ALICE});
    let mut world = World::new().await;
    world.key_is_disabled().await;
    golden("key_disabled", &told(world, own.clone()).await);
    let mut world = World::new().await;
    world.key_has_expired().await;
    golden("key_expired", &told(world, own.clone()).await);
    let mut world = World::new().await;
    world.account_is_disabled().await;
    golden("account_disabled", &told(world, own.clone()).await);
    let mut world = World::new().await;
    world.account_is_deleted().await;
    golden("account_deleted", &told(world, own.clone()).await);
    let mut world = World::new().await;
    world.project_is_suspended().await;
    golden("project_suspended", &told(world, own.clone()).await);
    let mut world = World::new().await;
    world.reading_is_blocked().await;
    golden("policy_blocks_scope", &told(world, own).await);
    let mut world = World::new().await;
    world.project_is_internal().await;
    golden(
        "org_internal",
        &told(world, json!({"sub": "dana@other.example"})).await,
    );
    let mut world = World::new().await;
    world.delegation_is_gone().await;
    golden("delegation_not_allowed", &told(world, alice.clone()).await);
    let mut world = World::new().await;
    world.delegation_has_ended().await;
    golden("delegation_ended", &told(world, alice.clone()).await);
    let mut world = World::new().await;
    world.delegation_is_suspended().await;
    golden("delegation_suspended", &told(world, alice).await);
    let mut world = World::new().await;
    world.only_alice_may_be_acted_for().await;
    golden(
        "user_outside_the_groups",
        &told(world, json!({"sub": BOB})).await,
    );
    let provider = Provider::new().await;
    let claims = provider.world.with(json!({"jti": "once"}));
    assert_eq!(provider.redeem(&claims).await.status, 200);
    golden("jti_replayed", &provider.redeem(&claims).await);
}

#[tokio::test]
async fn rfc6749_5_2_descriptions_hold_only_legal_characters() {
    let provider = Provider::new().await;
    for hostile in [
        "\"><script>",
        "a\\b",
        "line\nbreak",
        "\u{1f600}",
        &"x".repeat(5_000),
    ] {
        for claim in [
            "iss",
            "scope",
            "aud",
            "sub",
            "iat",
            "exp",
            "target_audience",
        ] {
            let answer = provider
                .redeem(&provider.world.with(json!({claim: hostile})))
                .await;
            if answer.status == 200 {
                continue; // an ID token for a strange audience is no error
            }
            assert!(
                answer.status.is_client_error(),
                "{claim}: {}",
                answer.status
            );
            let body = answer.json();
            let description = body["error_description"].as_str().unwrap();
            let legal = |byte: u8| matches!(byte, 0x20..=0x21 | 0x23..=0x5B | 0x5D..=0x7E);
            assert!(description.bytes().all(legal), "{description}");
            assert!(description.len() < 700, "{}", description.len());
        }
    }
}
