//! Trace ids, ours and those that callers bring.

use std::collections::HashSet;
use std::time::Duration;

use http::Extensions;
use tokio::time::Instant;

use super::TraceId;
use super::TraceIds;
use super::TraceParent;
use crate::http::arrival::Arrival;
use crate::http::client_address::Scheme;

fn random(bytes: &mut [u8]) -> bool {
    carnet_jose::entropy::fill_random(bytes).is_ok()
}

#[test]
fn an_id_is_printed_as_a_ulid() {
    assert_eq!(TraceId::new(0).as_str(), "00000000000000000000000000");
    assert_eq!(
        TraceId::new(u128::MAX).as_str(),
        "7ZZZZZZZZZZZZZZZZZZZZZZZZZ"
    );
    assert_eq!(TraceId::new(33).as_str(), "00000000000000000000000011");
    // The example of the ULID specification, and its bits.
    let id = TraceId::new(0x0156_3E3A_B5D3_D676_4C61_EFB9_9302_BD5B);
    assert_eq!(id.to_string(), "01ARZ3NDEKTSV4RRFFQ69G5FAV");
}

#[test]
fn ids_begin_with_the_time_and_differ_in_chance() {
    let unix = Duration::from_millis(0x0156_3E3A_B5D3);
    let ids = TraceIds::new(random, unix);
    let now = ids.began;
    let minted: HashSet<_> = (0..1_000).map(|_| ids.mint(now)).collect();
    assert_eq!(minted.len(), 1_000);
    for id in &minted {
        assert_eq!(id.number() >> 80, 0x0156_3E3A_B5D3, "{id}");
    }
    let later = ids.mint(now + Duration::from_millis(5));
    assert_eq!(later.number() >> 80, 0x0156_3E3A_B5D8);
    assert!(
        minted.iter().all(|id| id.as_str() < later.as_str()),
        "they sort by time"
    );
}

#[test]
fn each_bit_of_chance_is_used() {
    let ids = TraceIds::new(random, Duration::ZERO);
    let now = Instant::now();
    let (mut ones, mut zeros) = (0, 0);
    for _ in 0..200 {
        ones |= ids.mint(now).number();
        zeros |= !ids.mint(now).number();
    }
    let chance = (1_u128 << 80) - 1;
    assert_eq!((ones & chance, zeros & chance), (chance, chance));
    assert_ne!(ids.span(), ids.span());
}

#[test]
fn a_request_without_a_listener_has_the_id_zero() {
    let mut extensions = Extensions::new();
    assert_eq!(TraceId::of(&extensions), TraceId::new(0));
    extensions.insert(Arrival {
        trace: TraceId::new(7),
        client: None,
        scheme: Scheme::Http,
    });
    assert_eq!(TraceId::of(&extensions), TraceId::new(7));
}

#[test]
fn trace_context_3_2_a_traceparent_is_read_and_printed() {
    let text = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    let parent = TraceParent::parse(text.as_bytes()).unwrap();
    assert_eq!(parent.trace, 0x0AF7_6519_16CD_43DD_8448_EB21_1C80_319C);
    assert_eq!(parent.span, 0xB7AD_6B71_6920_3331);
    assert_eq!(parent.flags, 1);
    assert_eq!(parent.to_string(), text);
}

#[test]
fn trace_context_3_2_what_is_wrong_counts_as_not_sent() {
    for text in [
        "",
        "00",
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331",
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-0",
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-x",
        "00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01",
        "00-00000000000000000000000000000000-b7ad6b7169203331-01",
        "00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01",
        "00_0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        "00-0af7651916cd43dd8448eb211c80319g-b7ad6b7169203331-01",
        "ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        "01-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01x",
        "0x-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
    ] {
        assert_eq!(TraceParent::parse(text.as_bytes()), None, "{text}");
    }
    let later = "01-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-more";
    assert!(TraceParent::parse(later.as_bytes()).is_some());
    let later = "cc-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-09";
    assert!(TraceParent::parse(later.as_bytes()).is_some());
}
