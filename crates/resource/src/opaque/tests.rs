//! Opaque tokens: asked about, and not too often.

use serde_json::Value;
use serde_json::json;

use crate::rehearsal::EMAIL;
use crate::rehearsal::INTROSPECT;
use crate::rehearsal::NOW;
use crate::rehearsal::World;
use crate::rehearsal::account;
use crate::rehearsal::opaque;
use crate::verified::TokenKind;

#[tokio::test]
async fn rfc7662_2_2_an_active_token() {
    let world = World::new();
    world.introspection(&json!({"act": {"sub": "7"}}));
    let caller = world.verifier().await.verify(&opaque(1)).await.unwrap();
    assert_eq!(caller.kind(), TokenKind::Opaque);
    assert_eq!(caller.subject(), "104857291830027466113");
    assert_eq!(caller.email(), Some(EMAIL));
    assert_eq!(caller.actor().unwrap().subject(), "7");
    assert!(caller.has_scope("invoices.read"));
}

#[tokio::test]
async fn a_token_that_was_cut_is_not_asked_about() {
    let world = World::new();
    world.introspection(&json!({}));
    let verifier = world.verifier().await;
    let token = opaque(1);
    let mistyped = token.replacen("AQEB", "AQEA", 1);
    for bad in [
        &token[..token.len() - 1],
        &token[..20],
        "crn_at_",
        mistyped.as_str(),
    ] {
        assert_eq!(
            verifier.verify(bad).await.unwrap_err().crn(),
            "CRN-4005",
            "{bad}"
        );
    }
    assert_eq!(world.asked(INTROSPECT), 0);
}

#[tokio::test]
async fn the_answer_is_judged_like_claims() {
    for (changes, verdict) in [
        (json!({"iss": "https://evil.example"}), "CRN-4012"),
        (json!({"iss": Value::Null}), "good"),
        (json!({"aud": "https://other.example"}), "CRN-4002"),
        (json!({"aud": Value::Null}), "CRN-4002"),
        (json!({"exp": NOW - 60}), "CRN-4001"),
        (json!({"exp": NOW - 59}), "good"),
        (json!({"nbf": NOW + 61}), "CRN-4010"),
        (json!({"iat": NOW + 61}), "CRN-4010"),
        (json!({"token_type": "DPoP"}), "CRN-4009"),
        (json!({"token_type": "bearer"}), "good"),
        (json!({"sub": Value::Null}), "good"),
        (
            json!({"sub": Value::Null, "client_id": Value::Null}),
            "CRN-4005",
        ),
        (json!({"exp": Value::Null}), "good"),
    ] {
        let world = World::new();
        world.introspection(&changes);
        let outcome = world.verifier().await.verify(&opaque(1)).await;
        let told = outcome.map_or_else(|refusal| refusal.crn(), |_| "good".to_owned());
        assert_eq!(told, verdict, "{changes}");
    }
}

#[tokio::test]
async fn rfc7662_4_a_yes_is_remembered_30_s_and_never_past_the_end() {
    let world = World::new();
    world.introspection(&json!({}));
    let verifier = world.verifier().await;
    for (wait, asked) in [(0, 1), (29, 1), (1, 2)] {
        world.forward(wait);
        verifier.verify(&opaque(1)).await.unwrap();
        assert_eq!(world.asked(INTROSPECT), asked);
    }
    world.introspection(&json!({"exp": NOW + 30 + 5}));
    verifier.verify(&opaque(2)).await.unwrap();
    world.forward(5);
    verifier.verify(&opaque(2)).await.unwrap();
    assert_eq!(world.asked(INTROSPECT), 4);
}

#[tokio::test]
async fn a_no_is_remembered_10_s() {
    let world = World::new();
    world.set(INTROSPECT, 200, r#"{"active":false}"#);
    let verifier = world.verifier().await;
    for (wait, asked) in [(0, 1), (9, 1), (1, 2)] {
        world.forward(wait);
        assert_eq!(
            verifier.verify(&opaque(1)).await.unwrap_err().crn(),
            "CRN-4004"
        );
        assert_eq!(world.asked(INTROSPECT), asked);
    }
}

#[tokio::test]
async fn many_requests_with_one_token_make_one_question() {
    let world = World::new();
    world.introspection(&json!({}));
    let verifier = world.verifier().await;
    let mut callers = tokio::task::JoinSet::new();
    for _ in 0..100 {
        let verifier = verifier.clone();
        callers.spawn(async move { verifier.verify(&opaque(1)).await.unwrap() });
    }
    assert_eq!(callers.join_all().await.len(), 100);
    assert_eq!(world.asked(INTROSPECT), 1);
}

#[tokio::test]
async fn an_issuer_that_is_down_is_503_and_not_remembered() {
    for (status, body) in [
        (0, ""),
        (503, ""),
        (500, "<html>"),
        (401, ""),
        (200, "<html>"),
    ] {
        let world = World::new();
        world.set(INTROSPECT, status, body);
        let verifier = world.verifier().await;
        let refusal = verifier.verify(&opaque(1)).await.unwrap_err();
        assert_eq!(refusal.status(), 503, "{status}");
        world.introspection(&json!({}));
        assert!(verifier.verify(&opaque(1)).await.is_ok());
    }
}

#[tokio::test]
async fn google_wire_6_5_a_token_with_a_boundary_is_for_apis_that_evaluate_it() {
    let bucket = "//storage.example/buckets/B";
    let rule = json!({
        "availableResource": bucket, "availablePermissions": ["inRole:roles/storage.objectViewer"],
        "availabilityCondition": { "expression": "resource.name.endsWith('notes')" },
    });
    let world = World::new();
    world.introspection(&json!({ "access_boundary": { "accessBoundaryRules": [rule] } }));
    let refused = world.verifier().await.verify(&opaque(1)).await.unwrap_err();
    assert_eq!(
        (refused.crn().as_str(), refused.status()),
        ("CRN-4014", 403)
    );

    let evaluating = world
        .builder()
        .introspect_as(account("https://auth.example/token"));
    let evaluating = evaluating
        .evaluates_access_boundaries()
        .build()
        .await
        .unwrap();
    let caller = evaluating.verify(&opaque(1)).await.unwrap();
    let boundary = caller.access_boundary().unwrap();
    let viewer = |role: &str| role == "roles/storage.objectViewer";
    let asked = |name: &str| {
        boundary.permits(&format!("{bucket}/{name}"), viewer, |condition| {
            condition.expression.contains("notes") && name.ends_with("notes")
        })
    };
    assert!(asked("a-notes"));
    assert!(!asked("a.bin"));
    assert!(!boundary.permits("//storage.example/buckets/C", viewer, |_| true));
}

#[tokio::test]
async fn google_wire_6_5_a_boundary_that_cannot_be_read_makes_the_answer_none() {
    for odd in [json!({}), json!({ "accessBoundaryRules": [] }), json!("x")] {
        let world = World::new();
        world.introspection(&json!({ "access_boundary": odd }));
        let refusal = world.verifier().await.verify(&opaque(1)).await.unwrap_err();
        assert_eq!(refusal.status(), 503, "{odd}");
    }
}
