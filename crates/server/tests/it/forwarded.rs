//! Who came, and whose trace it is: through sockets, with and without a proxy that is trusted.

use carnet_server::config::http::Http;
use carnet_server::config::http::TraceContext;
use carnet_server::http::client_address::TrustedProxies;

use crate::house::House;
use crate::house::config;

const PARENT: &str = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

fn behind_a_proxy() -> Http {
    Http {
        trusted_proxies: TrustedProxies::new(vec!["127.0.0.0/8".parse().unwrap()]),
        ..config()
    }
}

async fn who(config: Http, headers: &str) -> String {
    let house = House::open(config);
    house
        .say(format!("GET /who HTTP/1.0\r\n{headers}\r\n"))
        .await
}

#[tokio::test]
async fn without_trusted_proxies_only_the_peer_counts() {
    let forged = "X-Forwarded-For: 192.0.2.1\r\nX-Forwarded-Proto: https\r\n";
    let answer = who(config(), forged).await;
    assert!(answer.contains("\r\n\r\n127.0.0.1 Http "), "{answer}");
}

#[tokio::test]
async fn a_trusted_proxy_says_who_came_and_how() {
    let told = "X-Forwarded-For: 203.0.113.9, 192.0.2.1\r\nX-Forwarded-Proto: https\r\n";
    let answer = who(behind_a_proxy(), told).await;
    assert!(answer.contains("\r\n\r\n192.0.2.1 Https "), "{answer}");
}

#[tokio::test]
async fn lesson_42_underscores_do_not_spell_a_header() {
    let forged = "X_Forwarded_For: 192.0.2.1\r\nX-Forwarded_For: 192.0.2.2\r\nForwarded: for=192.0.2.3\r\n\
                  X-Real-IP: 192.0.2.4\r\n";
    let answer = who(behind_a_proxy(), forged).await;
    assert!(answer.contains("\r\n\r\n127.0.0.1 Http "), "{answer}");
}

#[tokio::test]
async fn trace_context_a_trusted_trace_is_continued_and_told() {
    let answer = who(behind_a_proxy(), &format!("traceparent: {PARENT}\r\n")).await;
    assert!(
        answer.contains("\r\ntraceparent: 00-0af7651916cd43dd8448eb211c80319c-"),
        "{answer}"
    );
    assert!(
        !answer.contains("b7ad6b7169203331"),
        "our part has a name of its own: {answer}"
    );
    assert!(
        answer.contains("\r\nx-trace-id: 0AYXJHJ5PD8FER8J7B44E80CCW\r\n"),
        "{answer}"
    );
}

#[tokio::test]
async fn trace_context_a_strangers_trace_is_not_continued() {
    let headers = format!("traceparent: {PARENT}\r\n");
    let stranger = who(config(), &headers).await;
    assert!(!stranger.contains("traceparent"), "{stranger}");
    let nobody = Http {
        trace_context: TraceContext::Nobody,
        ..behind_a_proxy()
    };
    assert!(!who(nobody, &headers).await.contains("traceparent"));
    let anyone = Http {
        trace_context: TraceContext::Anyone,
        ..config()
    };
    assert!(
        who(anyone, &headers)
            .await
            .contains("\r\ntraceparent: 00-0af7651916cd43dd8448eb211c80319c-")
    );
}
