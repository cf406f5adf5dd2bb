//! The first administrator: a link, a form, a key that works.

use carnet_core::record::SetupLink;
use carnet_core::store::Change;
use carnet_core::store::Record;
use carnet_core::value::Secret;
use carnet_core::value::UnixTime;
use carnet_testkit::provider::Answer;
use carnet_testkit::provider::Provider;
use carnet_testkit::world::NOW;

const SECRET: &str = "a-secret-of-many-bits";

async fn with_a_link(expires: i64) -> Provider {
    let provider = Provider::new().await;
    let digest = Secret::new(SECRET.to_owned()).digest();
    let link = SetupLink {
        digest,
        expires: UnixTime(expires),
    };
    let store = provider.world.store();
    store
        .commit(&[Change::Insert(Record::SetupLink(link))])
        .await
        .unwrap();
    provider
}

async fn press(provider: &Provider, domain: &str) -> Answer {
    let form = [
        ("token", SECRET),
        ("organization", "Northwind"),
        ("domain", domain),
        ("project", "northwind"),
        ("email", "priya@northwind.example"),
    ];
    provider.post("/setup", &form).await
}

#[tokio::test]
async fn ux_6_3_the_link_makes_an_owner_once() {
    let provider = with_a_link(NOW + 1_800).await;
    let form = provider.get(&format!("/setup?t={SECRET}")).await;
    assert_eq!(
        (
            form.status.as_u16(),
            form.headers["cache-control"].to_str().unwrap()
        ),
        (200, "no-store")
    );
    let wrong = press(&provider, "elsewhere.example").await;
    assert_eq!(wrong.status, 400, "the address is not of the domain");
    let taken = press(&provider, "acme.example").await;
    assert_eq!(taken.status, 400, "nor is it of a domain that is taken");
    let done = press(&provider, "northwind.example").await;
    assert_eq!(done.status, 200, "{}", done.body);
    assert!(done.body.contains("BEGIN PRIVATE KEY"), "the key is shown");
    let again = press(&provider, "northwind.example").await;
    assert_eq!(again.status, 404, "the link is spent");
    assert!(!again.body.contains("BEGIN PRIVATE KEY"));
}

#[tokio::test]
async fn ux_6_3_a_link_that_is_over_or_made_up_shows_nothing() {
    let provider = with_a_link(NOW).await;
    for path in [
        format!("/setup?t={SECRET}"),
        "/setup?t=guess".to_owned(),
        "/setup".to_owned(),
    ] {
        assert_eq!(provider.get(&path).await.status, 404, "{path}");
    }
    assert_eq!(press(&provider, "northwind.example").await.status, 404);
}
