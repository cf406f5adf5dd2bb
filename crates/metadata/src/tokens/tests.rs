//! When a token is kept, renewed, given out although it is old, and pushed out.

use std::sync::Arc;
use std::sync::Mutex;
use std::sync::atomic::AtomicI64;
use std::sync::atomic::Ordering;

use carnet_client::Clock;
use carnet_client::Token;
use tokio::sync::Notify;

use super::Tokens;
use crate::source::Coming;
use crate::source::Source;
use crate::source::Unavailable;
use crate::source::Wanted;

/// A source that numbers its tokens, and can be told to fail or to take its time.
#[derive(Clone, Default)]
struct Numbered(Arc<Inner>);

#[derive(Default)]
struct Inner {
    now: AtomicI64,
    given: AtomicI64,
    life: AtomicI64,
    trouble: Mutex<Option<String>>,
    hold: Mutex<Option<Arc<Notify>>>,
}

impl Source for Numbered {
    fn token(&self, _: &Wanted) -> Coming {
        let Self(inner) = self.clone();
        Box::pin(async move {
            let number = inner.given.fetch_add(1, Ordering::Relaxed) + 1;
            let hold = inner.hold.lock().unwrap().clone();
            if let Some(hold) = hold {
                hold.notified().await;
            }
            if let Some(trouble) = inner.trouble.lock().unwrap().clone() {
                return Err(Unavailable::because(trouble));
            }
            let end = inner.now.load(Ordering::Relaxed) + inner.life.load(Ordering::Relaxed);
            Ok(Token::kept(&format!("t{number}"), end).unwrap())
        })
    }
}

impl Numbered {
    fn begin(life: i64) -> (Self, Tokens) {
        let source = Self::default();
        source.0.life.store(life, Ordering::Relaxed);
        let inner = Arc::clone(&source.0);
        let clock = Clock::told_by(move || inner.now.load(Ordering::Relaxed));
        let tokens = Tokens::new(Arc::new(source.clone()), clock);
        (source, tokens)
    }

    fn at(&self, now: i64) {
        self.0.now.store(now, Ordering::Relaxed);
    }

    fn trouble(&self, why: Option<&str>) {
        *self.0.trouble.lock().unwrap() = why.map(str::to_owned);
    }

    fn given(&self) -> i64 {
        self.0.given.load(Ordering::Relaxed)
    }
}

fn scope(name: &str) -> Wanted {
    Wanted::Access {
        scopes: vec![name.to_owned()],
    }
}

async fn said(tokens: &Tokens, name: &str) -> Result<(String, i64), Unavailable> {
    let (token, left) = tokens.token(&scope(name)).await?;
    Ok((token.value().reveal().to_owned(), left))
}

#[tokio::test]
async fn google_wire_7_2_a_token_is_kept_until_four_and_a_half_minutes_before_its_end() {
    let (source, tokens) = Numbered::begin(3_600);
    assert_eq!(said(&tokens, "a").await, Ok(("t1".into(), 3_600)));
    source.at(3_329);
    assert_eq!(said(&tokens, "a").await, Ok(("t1".into(), 271)));
    source.at(3_330);
    assert_eq!(said(&tokens, "a").await, Ok(("t2".into(), 3_600)));
    // A library that asks because 225 seconds are left never gets the one that it has.
    assert_eq!(said(&tokens, "b").await, Ok(("t3".into(), 3_600)));
}

#[tokio::test]
async fn a_short_token_is_kept_for_half_its_life() {
    let (source, tokens) = Numbered::begin(300);
    assert_eq!(said(&tokens, "a").await, Ok(("t1".into(), 300)));
    source.at(149);
    assert_eq!(said(&tokens, "a").await, Ok(("t1".into(), 151)));
    source.at(150);
    assert_eq!(said(&tokens, "a").await, Ok(("t2".into(), 300)));
}

#[tokio::test]
async fn an_old_token_is_given_out_while_the_source_is_in_trouble() {
    let (source, tokens) = Numbered::begin(3_600);
    said(&tokens, "a").await.unwrap();
    source.trouble(Some("no answer"));
    source.at(3_589);
    assert_eq!(said(&tokens, "a").await, Ok(("t1".into(), 11)));
    source.at(3_590);
    let none = Unavailable::because("no answer");
    assert_eq!(said(&tokens, "a").await, Err(none.clone()));
    let asked = source.given();
    source.trouble(None);
    assert_eq!(said(&tokens, "a").await, Err(none));
    assert_eq!(source.given(), asked, "a failure is shared for a second");
    source.at(3_591);
    assert_eq!(said(&tokens, "a").await.unwrap().1, 3_600);
}

#[tokio::test]
async fn many_who_want_the_same_make_one_request() {
    let (source, tokens) = Numbered::begin(3_600);
    let hold = Arc::new(Notify::new());
    *source.0.hold.lock().unwrap() = Some(Arc::clone(&hold));
    let tokens = Arc::new(tokens);
    let many: Vec<_> = (0..20)
        .map(|_| {
            let tokens = Arc::clone(&tokens);
            tokio::spawn(async move { said(&tokens, "a").await })
        })
        .collect();
    while source.given() == 0 {
        tokio::task::yield_now().await;
    }
    hold.notify_one();
    for one in many {
        assert_eq!(one.await.unwrap(), Ok(("t1".into(), 3_600)));
    }
    assert_eq!(source.given(), 1);
}

#[tokio::test]
async fn others_get_the_old_one_while_it_is_renewed() {
    let (source, tokens) = Numbered::begin(3_600);
    let tokens = Arc::new(tokens);
    said(&tokens, "a").await.unwrap();
    source.at(3_400);
    let hold = Arc::new(Notify::new());
    *source.0.hold.lock().unwrap() = Some(Arc::clone(&hold));
    let renewing = tokio::spawn({
        let tokens = Arc::clone(&tokens);
        async move { said(&tokens, "a").await }
    });
    while source.given() == 1 {
        tokio::task::yield_now().await;
    }
    assert_eq!(said(&tokens, "a").await, Ok(("t1".into(), 200)));
    hold.notify_one();
    assert_eq!(renewing.await.unwrap(), Ok(("t2".into(), 3_600)));
}

#[tokio::test]
async fn what_was_not_wanted_for_longest_makes_room() {
    let (source, tokens) = Numbered::begin(36_000);
    for number in 0..64 {
        source.at(number);
        said(&tokens, &format!("s{number}")).await.unwrap();
    }
    source.at(64);
    said(&tokens, "s0").await.unwrap();
    assert_eq!(source.given(), 64);
    source.at(65);
    said(&tokens, "another").await.unwrap();
    said(&tokens, "s0").await.unwrap();
    assert_eq!(source.given(), 65, "s0 was kept");
    said(&tokens, "s1").await.unwrap();
    assert_eq!(source.given(), 66, "s1 was not");
    assert_eq!(tokens.slots.lock().unwrap().len(), 64);
}
