//! The thread of expressions: what it answers, and what it does when there is too much.

use std::collections::BTreeMap;
use std::sync::Arc;

use carnet_core::record::OidcProvider;
use carnet_core::record::ProviderKeys;
use carnet_core::record::ProviderKind;
use carnet_core::record::WorkloadProvider;
use carnet_core::value::UnixTime;
use carnet_core::value::Version;
use futures_util::FutureExt;

use super::Busy;
use super::Expressions;
use super::Job;
use super::NotReady;
use super::QUEUE;

fn texts(subject: &str) -> BTreeMap<String, String> {
    BTreeMap::from([("google.subject".to_owned(), subject.to_owned())])
}

fn provider(subject: &str) -> WorkloadProvider {
    WorkloadProvider {
        name: "projects/123456789012/locations/global/workloadIdentityPools/acme/providers/github"
            .parse()
            .unwrap(),
        title: "".parse().unwrap(),
        description: "".parse().unwrap(),
        kind: ProviderKind::Oidc(OidcProvider {
            issuer: "https://issuer.example".parse().unwrap(),
            audiences: Vec::new(),
            keys: ProviderKeys::Discovery,
            web: None,
        }),
        mapping: texts(subject),
        condition: None,
        disabled: false,
        deleted: None,
        created: UnixTime(0),
        changed: UnixTime(0),
        version: Version::FIRST,
    }
}

#[tokio::test]
async fn an_expression_is_compiled_or_its_fault_is_told() {
    let expressions = Expressions::default();
    let good = expressions.compile(texts("assertion.sub"), Some("true".to_owned()));
    assert!(good.await.unwrap().is_ok());
    let wrong = expressions
        .compile(texts("assertion."), None)
        .await
        .unwrap();
    assert_eq!(wrong.unwrap_err().which, "google.subject");
}

#[tokio::test]
async fn a_provider_is_compiled_once_for_each_version() {
    let expressions = Expressions::default();
    let mut provider = provider("assertion.sub");
    let first = expressions.of(&provider).await.unwrap();
    assert!(Arc::ptr_eq(
        &first,
        &expressions.of(&provider).await.unwrap()
    ));
    provider.version = provider.version.next();
    provider.mapping = texts("assertion.email");
    let second = expressions.of(&provider).await.unwrap();
    let claims = serde_json::json!({"sub": "a", "email": "b"});
    assert_eq!(first.evaluate(&claims).unwrap().subject, "a");
    assert_eq!(second.evaluate(&claims).unwrap().subject, "b");
}

#[tokio::test]
async fn what_cannot_be_compiled_is_not_kept() {
    let expressions = Expressions::default();
    let refused = expressions.of(&provider("(")).await.unwrap_err();
    assert!(matches!(refused, NotReady::Faulty(_)), "{refused}");
    assert_eq!(expressions.kept().mappings.len(), 0);
}

#[tokio::test]
async fn what_is_kept_is_bounded_and_counted() {
    let expressions = Expressions::default();
    let long = format!("'{}'", "x".repeat(2_000));
    let mut first = provider(&long);
    expressions.of(&first).await.unwrap();
    first.version = first.version.next();
    expressions.of(&first).await.unwrap();
    assert_eq!(expressions.kept().length, 2_002, "one version is kept");
    for number in 1..=300 {
        let mut other = provider(&long);
        let pool = "projects/123456789012/locations/global/workloadIdentityPools/acme";
        other.name = format!("{pool}/providers/other-{number}").parse().unwrap();
        expressions.of(&other).await.unwrap();
        assert!(expressions.kept().length <= super::KEPT);
    }
    assert!(
        expressions.kept().mappings.len() < 300,
        "what was there before went"
    );
}

#[tokio::test]
async fn what_does_not_fit_into_the_queue_is_turned_away_at_once() {
    let expressions = Expressions::default();
    let (sender, mut waiting) = tokio::sync::mpsc::channel::<Job>(QUEUE);
    expressions.jobs.set(sender).unwrap();
    let mut asked: Vec<_> = (0..QUEUE)
        .map(|_| Box::pin(expressions.compile(texts("'x'"), None)))
        .collect();
    // Each asks once and waits; nobody works.
    for asking in &mut asked {
        assert!(asking.as_mut().now_or_never().is_none());
    }
    let one_more = expressions.compile(texts("'x'"), None).await;
    assert_eq!(one_more.unwrap_err(), Busy);
    // Those that gave up are passed over.
    drop(asked);
    let Some(Job::Mapping { answer, .. }) = waiting.recv().await else {
        panic!("a mapping was asked for");
    };
    assert!(answer.is_closed());
}

#[tokio::test(start_paused = true)]
async fn who_waits_too_long_is_told_to_come_back() {
    let expressions = Expressions::default();
    let (sender, _waiting) = tokio::sync::mpsc::channel::<Job>(QUEUE);
    expressions.jobs.set(sender).unwrap();
    let asked = expressions.compile(texts("'x'"), None).await;
    assert_eq!(asked.unwrap_err(), Busy);
}
