//! The grant's decisions, row by row of google-wire 2.4 and `ux.md` 4.3.

use carnet_wire::crn::Crn;
use serde_json::Value;
use serde_json::json;

use carnet_core::rule::Refusal;
use carnet_core::rule::token::AccessGrant;
use carnet_core::rule::token::Issue;
use carnet_core::rule::token::Subject;
use carnet_testkit::world::ALICE;
use carnet_testkit::world::BOB;
use carnet_testkit::world::CAROL;
use carnet_testkit::world::NOW;
use carnet_testkit::world::PRIVATE;
use carnet_testkit::world::READ;
use carnet_testkit::world::WRITE;
use carnet_testkit::world::World;

/// The error, Google's sentence and the code of a refusal.
fn told(refusal: &Refusal) -> (&'static str, String) {
    (refusal.error().as_str(), refusal.description())
}

/// The person for whom an account's token is.
fn person(grant: &AccessGrant) -> Option<String> {
    match &grant.subject {
        Subject::Account(account) => account.user.as_ref().map(|(_, email)| email.to_string()),
        another => Some(format!("{another:?}")),
    }
}

async fn refused(world: &World, claims: Value) -> Refusal {
    world.ask(claims).await.expect_err("this must be refused")
}

#[tokio::test]
async fn google_wire_2_3_an_account_gets_an_access_token_for_itself() {
    let world = World::new().await;
    let Issue::Access(grant) = world.ask(world.claims()).await.expect("a token") else {
        panic!("an access token was asked for");
    };
    assert_eq!(grant.scope.as_str(), READ);
    assert_eq!(grant.audience, [world.api_identifier()]);
    assert_eq!(grant.expires.0 - grant.issued.0, 3_600);
    assert_eq!(person(&grant), None);
}

#[tokio::test]
async fn google_wire_rule_1_the_audience_is_a_set() {
    let world = World::new().await;
    for audience in [
        "https://auth.acme.example/token",
        "https://auth.acme.example",
        "https://auth.acme.example/oauth2/v4/token",
        "https://oauth2.googleapis.com/token",
        "https://www.googleapis.com/oauth2/v4/token",
        "https://accounts.google.com/o/oauth2/token",
        "https://oauth2.mtls.googleapis.com/token",
    ] {
        let claims = world.with(json!({"aud": audience}));
        assert!(world.ask(claims).await.is_ok(), "{audience}");
        let claims = world.with(json!({"aud": [audience]}));
        assert!(world.ask(claims).await.is_ok(), "[{audience}]");
    }
    for audience in [
        json!("https://evil.example/token"),
        json!(null),
        json!(["https://auth.acme.example/token", "https://evil.example"]),
        json!([]),
    ] {
        let refusal = refused(&world, world.with(json!({"aud": audience}))).await;
        let (error, says) = told(&refusal);
        assert_eq!(
            (error, refusal.crn),
            ("invalid_grant", Crn::AUDIENCE),
            "{audience}"
        );
        assert!(
            says.starts_with("Invalid JWT: Failed audience check. CRN-2004: "),
            "{says}"
        );
    }
}

#[tokio::test]
async fn architecture_4_googles_audience_is_not_accepted_with_an_uploaded_key() {
    let mut world = World::new().await;
    world.key_was_uploaded().await;
    let google = world.with(json!({"aud": "https://oauth2.googleapis.com/token"}));
    assert_eq!(refused(&world, google).await.crn, Crn::AUDIENCE);
    assert!(
        world.ask(world.claims()).await.is_ok(),
        "our own audience is accepted"
    );
}

#[tokio::test]
async fn google_wire_rule_4_a_kid_is_a_hint() {
    let world = World::new().await;
    for kid in [None, Some("0123"), Some(world.key_id().as_str())] {
        assert!(
            world.ask_with_kid(world.claims(), kid).await.is_ok(),
            "{kid:?}"
        );
    }
    let mut world = world;
    world.project_is_strict().await;
    assert!(world.ask_with_kid(world.claims(), None).await.is_ok());
    let refusal = world
        .ask_with_kid(world.claims(), Some("0123"))
        .await
        .expect_err("strict");
    assert_eq!(refusal.crn, Crn::SIGNATURE);
    assert!(
        refusal.detail.contains("kid says 0123"),
        "{}",
        refusal.detail
    );
}

#[tokio::test]
async fn google_wire_rule_6_sub_of_the_account_itself_is_no_delegation() {
    let world = World::new().await;
    let own = world.email();
    for sub in [json!(null), json!(""), json!(own), json!(world.client_id())] {
        let issue = world
            .ask(world.with(json!({"sub": sub})))
            .await
            .expect("a token");
        let Issue::Access(grant) = issue else {
            panic!("an access token")
        };
        assert_eq!(person(&grant), None, "{sub}");
    }
}

#[tokio::test]
async fn google_wire_rule_6_a_claim_of_another_type_is_not_an_absent_one() {
    let world = World::new().await;
    for (claims, crn) in [
        (json!({"sub": [ALICE]}), Crn::SUB_NOT_AN_EMAIL),
        (json!({"prn": 5}), Crn::SUB_NOT_AN_EMAIL),
        (json!({"sub": ALICE, "prn": BOB}), Crn::SUB_NOT_AN_EMAIL),
        (json!({"scope": [READ]}), Crn::SCOPE_MALFORMED),
        (json!({"target_audience": [READ]}), Crn::SCOPE_MALFORMED),
    ] {
        let refusal = refused(&world, world.with(claims.clone())).await;
        assert_eq!(refusal.crn, crn, "{claims}");
    }
}

#[tokio::test]
async fn google_wire_rule_7_windows_of_googles_libraries() {
    let world = World::new().await;
    for (iat, exp) in [
        (json!(NOW), json!(NOW + 3_600)),
        (json!(NOW - 10), json!(NOW + 3_610)),
        (json!(NOW - 60), json!(NOW + 60)),
        (json!(NOW), json!(NOW + 3_900)),
        (json!(NOW.to_string()), json!((NOW + 3_600).to_string())),
        (json!(NOW + 300), json!(NOW + 3_600)),
        (json!(NOW - 3_600), json!(NOW - 300)),
    ] {
        let claims = world.with(json!({"iat": iat, "exp": exp}));
        assert!(world.ask(claims).await.is_ok(), "{iat} {exp}");
    }
}

#[tokio::test]
async fn google_wire_2_4_a_wrong_window_is_measured() {
    let world = World::new().await;
    for (iat, exp, crn, cause) in [
        (
            json!(NOW + 301),
            json!(NOW + 3_600),
            Crn::IAT_IN_THE_FUTURE,
            "iat is 301 s in the future (limit 300 s)",
        ),
        (
            json!(NOW - 3_600),
            json!(NOW - 301),
            Crn::EXP_PASSED,
            "exp passed 301 s ago",
        ),
        (
            json!(NOW),
            json!(NOW + 86_400),
            Crn::LIFETIME_TOO_LONG,
            "lifetime is 86400 s",
        ),
        (
            json!(NOW),
            json!(NOW + 3_901),
            Crn::LIFETIME_TOO_LONG,
            "lifetime is 3901 s",
        ),
        (
            json!(NOW),
            json!(NOW),
            Crn::EXP_BEFORE_IAT,
            "exp is 0 s before iat",
        ),
        (
            json!(NOW),
            json!(NOW - 1),
            Crn::EXP_BEFORE_IAT,
            "exp is 1 s before iat",
        ),
        (
            json!(NOW * 1_000),
            json!(NOW + 60),
            Crn::TIME_IN_MILLISECONDS,
            "is in milliseconds",
        ),
        (
            json!(NOW - 7_200),
            json!(NOW + 600),
            Crn::IAT_TOO_OLD,
            "iat is 2 h in the past",
        ),
    ] {
        let refusal = refused(&world, world.with(json!({"iat": iat, "exp": exp}))).await;
        let (error, says) = told(&refusal);
        assert_eq!((error, refusal.crn), ("invalid_grant", crn), "{iat} {exp}");
        assert!(says.starts_with("Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable timeframe."), "{says}");
        assert!(says.contains(cause), "{says}");
    }
}

#[tokio::test]
async fn google_wire_2_4_times_must_be_there() {
    let world = World::new().await;
    let refusal = refused(&world, world.with(json!({"iat": null}))).await;
    assert!(
        refusal
            .description()
            .starts_with("Invalid JWT: iat (issued at) is not set. CRN-2109: ")
    );
    let refusal = refused(&world, world.with(json!({"exp": "soon"}))).await;
    assert!(refusal.description().starts_with(
        "Invalid JWT: exp (expiration time) is not set. CRN-2109: exp is the string 'soon'"
    ));
}

#[tokio::test]
async fn google_wire_2_4_scopes() {
    let world = World::new().await;
    for (change, crn, cause) in [
        (json!({"scope": ""}), Crn::SCOPE_EMPTY, "scope is empty"),
        (json!({"scope": null}), Crn::SCOPE_EMPTY, "scope is empty"),
        (
            json!({"scope": null, "scopes": READ}),
            Crn::SCOPES_MISNAMED,
            "It must be 'scope'",
        ),
        (
            json!({"scope": format!("{READ},{WRITE}")}),
            Crn::SCOPE_WITH_COMMAS,
            READ,
        ),
        (
            json!({"scope": READ.replace("read", "raed")}),
            Crn::SCOPE_UNKNOWN,
            "Closest: ",
        ),
        (json!({"scope": "\u{e9}"}), Crn::SCOPE_MALFORMED, ""),
    ] {
        let refusal = refused(&world, world.with(change.clone())).await;
        let (error, says) = told(&refusal);
        assert_eq!((error, refusal.crn), ("invalid_scope", crn), "{change}");
        assert!(
            says.starts_with("Invalid OAuth scope or ID token audience provided. CRN-"),
            "{says}"
        );
        assert!(says.contains(cause), "{says}");
    }
}

#[tokio::test]
async fn ux_4_3_a_private_scope_looks_exactly_like_an_unknown_one() {
    let world = World::new().await;
    let private = refused(&world, world.with(json!({"scope": PRIVATE}))).await;
    let unknown = refused(
        &world,
        world.with(json!({"scope": "https://other.example/auth/nothing"})),
    )
    .await;
    assert_eq!(private.crn, unknown.crn);
    assert_eq!(
        private.description().replace(PRIVATE, "X"),
        unknown
            .description()
            .replace("https://other.example/auth/nothing", "X")
    );
}

#[tokio::test]
async fn google_wire_rule_9_a_target_audience_asks_for_an_id_token() {
    let world = World::new().await;
    for scope in [json!(null), json!(READ)] {
        let claims = world.with(json!({"scope": scope, "target_audience": "https://run.example"}));
        let Issue::Id(grant) = world.ask(claims).await.expect("a token") else {
            panic!("an ID token")
        };
        assert_eq!(grant.audience, "https://run.example");
    }
    let mut world = world;
    world.project_is_strict().await;
    let both = world.with(json!({"target_audience": "https://run.example"}));
    assert_eq!(
        refused(&world, both).await.crn,
        Crn::SCOPE_AND_TARGET_AUDIENCE
    );
}

#[tokio::test]
async fn google_wire_2_4_an_account_acts_for_a_person() {
    let world = World::new().await;
    for name in ["sub", "prn"] {
        let Issue::Access(grant) = world
            .ask(world.with(json!({name: ALICE})))
            .await
            .expect("a token")
        else {
            panic!("an access token");
        };
        assert_eq!(person(&grant).as_deref(), Some(ALICE));
    }
}

#[tokio::test]
#[expect(clippy::too_many_lines, reason = "a table")]
async fn ux_4_3_delegation_cause_by_cause() {
    let mut world = World::new().await;
    let ask = |sub: &str, scope: &str| json!({"sub": sub, "scope": scope});
    for (change, error, crn, says) in [
        (
            ask(ALICE, WRITE),
            "unauthorized_client",
            Crn::DELEGATION_OF_OTHER_SCOPES,
            "Client is unauthorized to retrieve access tokens using this method",
        ),
        (
            ask(ALICE, &format!("{READ} {WRITE}")),
            "access_denied",
            Crn::DELEGATION_OF_SOME_SCOPES,
            "Requested client not authorized.",
        ),
        (
            ask("dana@acme.exampel", READ),
            "unauthorized_client",
            Crn::DELEGATION_MISSING,
            "Unauthorized client or scope in request.",
        ),
        (
            ask("nobody@acme.example", READ),
            "invalid_grant",
            Crn::USER_UNKNOWN,
            "Not a valid email.",
        ),
        (ask(CAROL, READ), "access_denied", Crn::USER_SUSPENDED, ""),
        (
            ask("not an address", READ),
            "invalid_request",
            Crn::SUB_NOT_AN_EMAIL,
            "Invalid impersonation &quot;sub&quot; field: not an address",
        ),
    ] {
        let refusal = refused(&world, world.with(change.clone())).await;
        let (found, text) = told(&refusal);
        assert_eq!((found, refusal.crn), (error, crn), "{change}");
        assert!(text.starts_with(says), "{text}");
    }
    world.only_alice_may_be_acted_for().await;
    assert!(world.ask(world.with(ask(ALICE, READ))).await.is_ok());
    assert_eq!(
        refused(&world, world.with(ask(BOB, READ))).await.crn,
        Crn::USER_OUTSIDE_THE_GROUPS
    );
    world.delegation_is_suspended().await;
    assert_eq!(
        refused(&world, world.with(ask(ALICE, READ))).await.crn,
        Crn::DELEGATION_SUSPENDED
    );
    world.delegation_has_ended().await;
    assert_eq!(
        refused(&world, world.with(ask(ALICE, READ))).await.crn,
        Crn::DELEGATION_ENDED
    );
    world.delegation_is_gone().await;
    let refusal = refused(&world, world.with(ask(ALICE, READ))).await;
    assert_eq!(
        (refusal.error().as_str(), refusal.crn),
        ("unauthorized_client", Crn::DELEGATION_NOT_ALLOWED)
    );
}

#[tokio::test]
async fn google_wire_9_3_policies() {
    let mut world = World::new().await;
    world.reading_is_blocked().await;
    for change in [json!({}), json!({"sub": ALICE})] {
        let refusal = refused(&world, world.with(change)).await;
        assert_eq!(
            (refusal.error().as_str(), refusal.crn),
            ("admin_policy_enforced", Crn::POLICY_BLOCKS_SCOPE)
        );
    }
    let mut world = World::new().await;
    world.project_is_internal().await;
    assert!(world.ask(world.with(json!({"sub": ALICE}))).await.is_ok());
    let refusal = refused(&world, world.with(json!({"sub": "dana@other.example"}))).await;
    assert_eq!(
        (
            refusal.error().as_str(),
            refusal.error().status(),
            refusal.crn
        ),
        ("org_internal", 403, Crn::INTERNAL_ONLY)
    );
    assert!(
        refusal
            .description()
            .starts_with("This client is restricted to users within its organization.")
    );
}

#[tokio::test]
async fn security_lesson_22_disabling_anything_stops_the_grant_at_once() {
    let mut world = World::new().await;
    world.key_is_disabled().await;
    let refusal = refused(&world, world.claims()).await;
    assert_eq!(
        (refusal.error().as_str(), refusal.crn),
        ("invalid_grant", Crn::KEY_DISABLED)
    );
    assert!(
        refusal
            .description()
            .starts_with("Invalid JWT Signature. CRN-2011: ")
    );

    let mut world = World::new().await;
    world.key_has_expired().await;
    assert_eq!(refused(&world, world.claims()).await.crn, Crn::KEY_EXPIRED);

    let mut world = World::new().await;
    world.account_is_disabled().await;
    let refusal = refused(&world, world.claims()).await;
    assert_eq!(
        (
            refusal.error().as_str(),
            refusal.error().status(),
            refusal.crn
        ),
        ("disabled_client", 401, Crn::ACCOUNT_DISABLED)
    );
    assert!(
        refusal
            .description()
            .starts_with("The OAuth client was disabled. CRN-2012: ")
    );

    let mut world = World::new().await;
    world.account_is_deleted().await;
    let refusal = refused(&world, world.claims()).await;
    assert_eq!(
        (refusal.error().as_str(), refusal.crn),
        ("deleted_client", Crn::ACCOUNT_DELETED)
    );

    let mut world = World::new().await;
    world.project_is_suspended().await;
    assert_eq!(
        refused(&world, world.claims()).await.crn,
        Crn::PROJECT_DISABLED
    );
}

#[tokio::test]
async fn ux_4_2_the_unproven_are_told_the_same_whatever_is_wrong() {
    let world = World::new().await;
    let mut told: Vec<(String, String)> = Vec::new();
    let stranger = json!({"iss": "nobody@billing.iam.gserviceaccount.com"});
    for refusal in [
        refused(&world, world.with(stranger)).await,
        world
            .ask_signed_by_a_stranger(world.claims())
            .await
            .expect_err("a wrong key"),
        world
            .ask_tampered(world.claims())
            .await
            .expect_err("a wrong signature"),
    ] {
        told.push((refusal.error().to_string(), refusal.description()));
    }
    told.dedup();
    assert_eq!(told.len(), 1, "{told:?}");
}

#[tokio::test]
async fn google_wire_2_4_what_is_no_jwt_is_a_bad_request() {
    let world = World::new().await;
    for (text, crn) in [
        ("", Crn::NOT_THREE_PARTS),
        ("a.b", Crn::NOT_THREE_PARTS),
        ("a.b.c.d", Crn::NOT_THREE_PARTS),
        ("a+b.e30.e30", Crn::NOT_BASE64URL),
        ("e30.e30.e30", Crn::NOT_JSON),
    ] {
        let refusal = world.ask_text(text).await.expect_err("no JWT");
        assert_eq!(refusal.crn, crn, "{text}");
    }
    let header = carnet_jose::base64url::encode(r#"{"alg":"none"}"#);
    let refusal = world
        .ask_text(&format!("{header}.e30."))
        .await
        .expect_err("unsigned");
    assert_eq!(
        (refusal.error().as_str(), refusal.crn),
        ("invalid_grant", Crn::ALGORITHM)
    );
}

#[tokio::test]
async fn security_d3_a_jti_is_redeemed_once() {
    let world = World::new().await;
    let claims = world.with(json!({"jti": "once"}));
    assert_eq!(world.redeem(claims.clone()).await, Ok(()));
    assert_eq!(world.redeem(claims).await, Err(Crn::ASSERTION_REPLAYED));
    assert_eq!(
        world.redeem(world.with(json!({"jti": "twice"}))).await,
        Ok(())
    );
    assert_eq!(
        world.redeem(world.claims()).await,
        Ok(()),
        "without a jti it is no business of ours"
    );
}
