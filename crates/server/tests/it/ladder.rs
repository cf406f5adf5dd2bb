//! The proof ladder (`ux.md` 4.2): the same question, asked by four callers who have proved more and
//! more, and what each is told.

use carnet_testkit::provider::Provider;
use carnet_testkit::world::READ;
use carnet_testkit::world::World;
use serde_json::json;

/// What proves nothing is verified with a key of ours, so that it takes as long: an ID token of ours holds under it.
#[tokio::test]
async fn google_wire_2_4_an_id_token_of_our_own_is_an_assertion_of_nobody() {
    let provider = Provider::new().await;
    let wanted = json!({"target_audience": "https://app.example", "scope": null});
    let answer = provider.redeem(&provider.world.with(wanted)).await;
    let token = answer.json()["id_token"].as_str().unwrap().to_owned();
    let answer = provider.redeem_text(&token).await;
    assert_eq!(answer.status, 400);
    assert_eq!(answer.json()["error"], "invalid_grant");
    assert!(
        answer.json()["error_description"]
            .as_str()
            .unwrap()
            .contains("CRN-2005"),
        "{}",
        answer.body
    );
}

/// Asks for somebody who is not in the directory, as each level.
#[tokio::test]
async fn ux_4_2_each_level_is_told_as_much_as_it_has_proved() {
    // Level 0: nothing is proved. The account exists, the key is another's.
    let provider = Provider::new().await;
    let nobody = provider.world.with(json!({"sub": "nobody@acme.example"}));
    let level_0 = provider
        .redeem_text(&provider.world.forge(&nobody))
        .await
        .json();
    assert_eq!(level_0["error"], "invalid_grant");
    let said = level_0["error_description"].as_str().unwrap();
    assert!(
        said.starts_with("Invalid JWT Signature. CRN-2005: "),
        "{said}"
    );
    for secret in ["nobody", "delegation", "disabled", "user", "kid"] {
        assert!(
            !said.to_lowercase().contains(secret),
            "level 0 learns of {secret}: {said}"
        );
    }

    // Level 1: the key is proved, and there is no delegation. Nothing is told of the person.
    let mut world = World::new().await;
    world.delegation_is_gone().await;
    let provider = Provider::over(world).await;
    let nobody = provider.world.with(json!({"sub": "nobody@acme.example"}));
    let alice = provider.world.with(json!({"sub": "alice@acme.example"}));
    let level_1 = provider.redeem(&nobody).await.json();
    let of_alice = provider.redeem(&alice).await.json();
    assert_eq!(level_1["error"], "unauthorized_client");
    assert_eq!(
        level_1["error_description"], of_alice["error_description"],
        "level 1 cannot tell a person who exists from one who does not"
    );

    // Level 2: there is a delegation for the domain. Whether the person exists is told.
    let provider = Provider::new().await;
    let nobody = provider.world.with(json!({"sub": "nobody@acme.example"}));
    let level_2 = provider.redeem(&nobody).await.json();
    assert_eq!(level_2["error"], "invalid_grant");
    let said = level_2["error_description"].as_str().unwrap();
    assert!(
        said.starts_with("Not a valid email. CRN-2210: sub nobody@acme.example"),
        "{said}"
    );

    // Level 3: an owner opens the trace of the level-0 refusal and reads which cause it was.
    let forged = provider
        .redeem_text(&provider.world.forge(&provider.world.claims()))
        .await
        .json();
    provider.settle().await;
    let trace = forged["trace_id"].as_str().unwrap();
    let story = provider.story(trace).await;
    assert!(
        story.contains("CRN-2008"),
        "the owner learns the cause: {story}"
    );
    assert!(
        !forged.to_string().contains("CRN-2008"),
        "the caller does not"
    );
}

/// What differs between an unknown account, an unknown key and a wrong signature is chance alone.
#[tokio::test]
async fn ux_4_2_unknown_account_unknown_key_and_wrong_signature_are_the_same_bytes() {
    let provider = Provider::new().await;
    let world = &provider.world;
    let claims = world.claims();
    let stranger = world.with(json!({"iss": "nobody@billing.iam.gserviceaccount.com"}));
    let answers = [
        provider.redeem_text(&world.forge(&claims)).await,
        provider.redeem_text(&world.forge(&stranger)).await,
        provider.redeem(&stranger).await,
        provider
            .redeem_text(&world.forge(&world.with(json!({"iss": "100000000000000000000"}))))
            .await,
    ];
    let mut told: Vec<String> = answers
        .iter()
        .map(carnet_testkit::provider::Answer::golden)
        .collect();
    told.dedup();
    assert_eq!(told.len(), 1, "{told:#?}");
}

/// Possession of a token: who may read what a token says, and that revoking it ends it.
#[tokio::test]
async fn rfc7662_2_1_introspection_wants_a_token_of_its_own() {
    let provider = Provider::new().await;
    let world = &provider.world;
    let token = provider.token(&world.claims()).await;
    let anonymous = provider.post("/introspect", &[("token", &token)]).await;
    assert_eq!(anonymous.status, 401);
    assert!(
        anonymous.headers["www-authenticate"]
            .to_str()
            .unwrap()
            .starts_with("Bearer ")
    );
    let wrong = provider
        .post_as("/introspect", &[("token", &token)], Some(&token))
        .await;
    assert_eq!(wrong.status, 401, "a token for another API is no proof");
    let asker = provider
        .token(&world.with(json!({"scope": "carnet.introspect"})))
        .await;
    let told = provider
        .post_as("/introspect", &[("token", &token)], Some(&asker))
        .await
        .json();
    assert_eq!(
        (&told["active"], &told["scope"]),
        (&json!(true), &json!(READ))
    );
    for other in ["", "x", &token[..token.len() - 1], "crn_at_AAAA"] {
        let told = provider
            .post_as("/introspect", &[("token", other)], Some(&asker))
            .await;
        let inactive = told.body == r#"{"active":false}"#;
        assert!(
            inactive || (other.is_empty() && told.status == 400),
            "{other}: {}",
            told.body
        );
    }
    assert_eq!(
        provider.post("/revoke", &[("token", &token)]).await.body,
        "{}"
    );
    let told = provider
        .post_as("/introspect", &[("token", &token)], Some(&asker))
        .await;
    assert_eq!(told.body, r#"{"active":false}"#);
    provider.wait(3_601);
    let expired = provider
        .post_as("/introspect", &[("token", &token)], Some(&asker))
        .await;
    assert_eq!(expired.status, 401, "the asker's token has expired too");
}

/// That a token stands is remembered, and forgotten with the first change that is told.
#[tokio::test]
async fn google_wire_5_3_a_token_that_was_shown_before_ends_with_its_account() {
    let mut provider = Provider::new().await;
    let claims = provider.world.with(json!({"scope": "carnet.introspect"}));
    let token = provider.token(&claims).await;
    let form = [("token", token.as_str())];
    for time in 1..=3 {
        let told = provider.post_as("/introspect", &form, Some(&token)).await;
        assert_eq!(told.json()["active"], json!(true), "time {time}");
    }
    provider.world.account_is_disabled().await;
    let told = provider.post_as("/introspect", &form, Some(&token)).await;
    assert_eq!(told.status, 401);
}
