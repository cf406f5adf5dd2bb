//! Everything stops at once: no new token, and those that were given are worth nothing.

use carnet_testkit::world::READ;
use serde_json::json;

use super::house::CLOUD;
use super::house::House;
use super::house::MIDDLE;
use super::house::TARGET;

const METHOD: &str = ":generateAccessToken";

/// A house with a token that came through the account in between.
async fn chained() -> (House, String) {
    let house = House::new().await;
    let delegates = [format!("projects/-/serviceAccounts/{MIDDLE}")];
    let token = house
        .become_target(json!({"scope": [READ], "delegates": delegates}))
        .await;
    assert!(house.stands(&token).await);
    (house, token)
}

async fn asked_again(house: &House, caller: &str) -> u16 {
    let delegates = [format!("projects/-/serviceAccounts/{MIDDLE}")];
    let body = json!({"scope": [READ], "delegates": delegates});
    let answer = house.call(caller, &format!("{TARGET}{METHOD}"), body).await;
    answer.status.as_u16()
}

#[tokio::test]
async fn google_wire_5_3_with_the_account_everything_stops_at_once() {
    let (house, token) = chained().await;
    let caller = house.token(CLOUD).await;
    house.disable(TARGET).await;
    assert!(!house.stands(&token).await);
    assert_eq!(asked_again(&house, &caller).await, 403);
}

#[tokio::test]
async fn google_wire_5_3_with_a_delegate_everything_stops_at_once() {
    let (house, token) = chained().await;
    let caller = house.token(CLOUD).await;
    house.disable(MIDDLE).await;
    assert!(!house.stands(&token).await);
    assert_eq!(asked_again(&house, &caller).await, 403);
}

#[tokio::test]
async fn google_wire_5_3_with_the_caller_everything_stops_at_once() {
    let (house, token) = chained().await;
    let caller = house.token(CLOUD).await;
    let email = house.caller().await.email;
    house.disable(email.as_str()).await;
    assert!(!house.stands(&token).await);
    assert_eq!(asked_again(&house, &caller).await, 401);
}

#[tokio::test]
async fn with_a_binding_everything_stops_at_once() {
    for email in [MIDDLE, TARGET] {
        let (house, token) = chained().await;
        let caller = house.token(CLOUD).await;
        house.bind(email, &[]).await;
        assert!(!house.stands(&token).await, "{email}");
        assert_eq!(asked_again(&house, &caller).await, 403, "{email}");
    }
}

#[tokio::test]
async fn with_the_project_everything_stops_at_once() {
    let (house, token) = chained().await;
    let caller = house.token(CLOUD).await;
    house.suspend_project().await;
    assert!(!house.stands(&token).await);
    assert_eq!(asked_again(&house, &caller).await, 401);
}
