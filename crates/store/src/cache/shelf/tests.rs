//! What a shelf holds, what it forgets, and who loads when many ask at once.

use std::future::Ready;
use std::future::pending;
use std::future::ready;
use std::sync::Arc;
use std::sync::atomic::AtomicUsize;
use std::sync::atomic::Ordering;

use carnet_core::store::Fault;
use carnet_core::store::Known;
use tokio::sync::oneshot;

use super::Shelf;
use crate::cache::cupboard::ABSENT;
use crate::cache::cupboard::Cupboard;

fn shelf() -> Arc<Shelf<u32>> {
    Arc::new(Shelf::new(&Cupboard::new(1_000_000), "numbers", |_| 100))
}

fn loaded(value: Option<u32>) -> Ready<Result<Option<u32>, Fault>> {
    ready(Ok(value))
}

fn refused() -> Ready<Result<Option<u32>, Fault>> {
    ready(Err(Fault::temporary("not now")))
}

fn never() -> impl Future<Output = Result<Option<u32>, Fault>> {
    std::future::poll_fn(|_| unreachable!("this is kept already"))
}

#[tokio::test]
async fn what_was_loaded_is_kept_and_so_is_that_there_is_none() {
    let shelf = shelf();
    assert_eq!(shelf.peek("a"), Known::NotYet);
    assert_eq!(
        shelf.find("a", loaded(Some(1))).await.unwrap().as_deref(),
        Some(&1)
    );
    assert_eq!(shelf.find("b", loaded(None)).await.unwrap(), None);
    assert_eq!(shelf.find("a", never()).await.unwrap().as_deref(), Some(&1));
    assert_eq!(shelf.find("b", never()).await.unwrap(), None);
    assert_eq!(shelf.peek("b"), Known::No);
}

#[tokio::test]
async fn what_changed_is_loaded_anew() {
    let shelf = shelf();
    for (value, forget) in [(1, "one"), (2, "all"), (3, "one")] {
        shelf.find("a", loaded(Some(value))).await.unwrap();
        shelf.find("b", loaded(None)).await.unwrap();
        assert_eq!(shelf.peek("a"), Known::Yes(Arc::new(value)));
        if forget == "all" {
            shelf.forget_all();
            assert_eq!(shelf.peek("b"), Known::NotYet);
        } else {
            shelf.forget("a");
            assert_eq!(shelf.peek("b"), Known::No, "another one stays");
        }
        assert_eq!(shelf.peek("a"), Known::NotYet);
    }
}

#[tokio::test]
async fn a_load_that_began_before_a_change_is_not_kept() {
    for all in [false, true] {
        for value in [Some(1), None] {
            let shelf = shelf();
            let (old, answer) = oneshot::channel();
            let slow = {
                let shelf = Arc::clone(&shelf);
                tokio::spawn(async move {
                    let load = async { Ok(answer.await.unwrap()) };
                    shelf.find("a", load).await.unwrap()
                })
            };
            while shelf.desk().flights.is_empty() {
                tokio::task::yield_now().await;
            }
            if all {
                shelf.forget_all();
            } else {
                shelf.forget("a");
            }
            old.send(value).unwrap();
            assert_eq!(slow.await.unwrap().as_deref(), value.as_ref());
            assert_eq!(shelf.peek("a"), Known::NotYet, "it is what was true before");
            assert_eq!(
                shelf.find("a", loaded(Some(2))).await.unwrap().as_deref(),
                Some(&2)
            );
        }
    }
}

#[tokio::test]
async fn a_crowd_loads_once() {
    let shelf = shelf();
    let loads = Arc::new(AtomicUsize::new(0));
    let (open, gate) = oneshot::channel::<()>();
    let mut gate = Some(gate);
    let crowd: Vec<_> = (0..50)
        .map(|_| {
            let (shelf, loads, gate) = (Arc::clone(&shelf), Arc::clone(&loads), gate.take());
            tokio::spawn(async move {
                let load = async {
                    loads.fetch_add(1, Ordering::SeqCst);
                    if let Some(gate) = gate {
                        gate.await.unwrap();
                    }
                    Ok(Some(7))
                };
                shelf.find("a", load).await.unwrap()
            })
        })
        .collect();
    for _ in 0..200 {
        tokio::task::yield_now().await;
    }
    open.send(()).unwrap();
    for one in crowd {
        assert_eq!(one.await.unwrap().as_deref(), Some(&7));
    }
    assert_eq!(loads.load(Ordering::SeqCst), 1);
    assert!(shelf.desk().flights.is_empty());
}

#[tokio::test]
async fn who_waits_takes_over_from_one_who_went_away() {
    let shelf = shelf();
    let pilot = {
        let shelf = Arc::clone(&shelf);
        tokio::spawn(async move { shelf.find("a", pending()).await.map(drop) })
    };
    while shelf.desk().flights.is_empty() {
        tokio::task::yield_now().await;
    }
    let passenger = {
        let shelf = Arc::clone(&shelf);
        tokio::spawn(async move { shelf.find("a", loaded(Some(3))).await.unwrap() })
    };
    tokio::task::yield_now().await;
    pilot.abort();
    assert_eq!(passenger.await.unwrap().as_deref(), Some(&3));
}

#[tokio::test]
async fn a_failure_is_shared_but_not_kept() {
    let shelf = shelf();
    let (fail, gate) = oneshot::channel::<()>();
    let pilot = {
        let shelf = Arc::clone(&shelf);
        tokio::spawn(async move {
            let load = async {
                gate.await.unwrap();
                refused().await
            };
            shelf.find("a", load).await
        })
    };
    while shelf.desk().flights.is_empty() {
        tokio::task::yield_now().await;
    }
    let passenger = {
        let shelf = Arc::clone(&shelf);
        tokio::spawn(async move { shelf.find("a", loaded(Some(1))).await })
    };
    for _ in 0..10 {
        tokio::task::yield_now().await;
    }
    fail.send(()).unwrap();
    assert!(pilot.await.unwrap().unwrap_err().is_temporary());
    assert!(passenger.await.unwrap().unwrap_err().is_temporary());
    assert_eq!(
        shelf.find("a", loaded(Some(1))).await.unwrap().as_deref(),
        Some(&1)
    );
}

#[tokio::test]
async fn a_flood_of_made_up_names_pushes_nobody_out() {
    let shelf = Shelf::new(&Cupboard::new(1_000_000), "numbers", |_: &u32| 100);
    shelf.find("real", loaded(Some(1))).await.unwrap();
    for number in 0..30_000 {
        shelf
            .find(&format!("made up {number}"), loaded(None))
            .await
            .unwrap();
    }
    assert!(shelf.cupboard.filled().0 <= ABSENT);
    assert_eq!(shelf.peek("real"), Known::Yes(Arc::new(1)));
}

#[tokio::test]
async fn the_room_is_bounded_in_bytes() {
    let shelf = Shelf::new(&Cupboard::new(10_000), "numbers", |_: &u32| 1_000);
    for number in 0..100 {
        shelf
            .find(&format!("{number}"), loaded(Some(number)))
            .await
            .unwrap();
    }
    assert!(shelf.cupboard.filled().1 <= 10_000);
}

#[tokio::test]
async fn what_two_shelves_call_the_same_is_not_the_same() {
    let cupboard = Cupboard::new(1_000_000);
    let numbers = Shelf::new(&cupboard, "numbers", |_: &u32| 100);
    let words = Shelf::new(&cupboard, "words", |_: &String| 100);
    numbers.find("a", loaded(Some(1))).await.unwrap();
    assert_eq!(words.peek("a"), Known::NotYet);
    let word = ready(Ok(Some("one".to_owned())));
    words.find("a", word).await.unwrap();
    assert_eq!(numbers.peek("a"), Known::Yes(Arc::new(1)));
    numbers.forget("a");
    assert_eq!(words.peek("a"), Known::Yes(Arc::new("one".to_owned())));
}
