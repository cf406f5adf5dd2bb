//! What is counted, and with which labels.

use std::time::Duration;

use http::Method;
use http::StatusCode;

use super::Carnet;
use super::Counters;
use super::Registry;
use super::Requests;
use super::Routes;

#[test]
fn counters_are_written_with_their_labels() {
    let registry = Registry::default();
    let carnet = Carnet::new(&registry);
    carnet
        .tokens_issued
        .with(["jwt-bearer", "access_token"])
        .add_one();
    carnet
        .tokens_issued
        .with(["jwt-bearer", "access_token"])
        .add_one();
    carnet
        .token_errors
        .with(["invalid_grant", "2104"])
        .add_one();
    registry.build_info("0.1.0", "abc");
    registry.gauge("carnet_connections", "Open connections.", || 3.0);
    let text = registry.render();
    for line in [
        "# HELP carnet_tokens_issued_total Tokens that were handed out.",
        "# TYPE carnet_tokens_issued_total counter",
        "carnet_tokens_issued_total{grant_type=\"jwt-bearer\",token_type=\"access_token\"} 2",
        "carnet_token_errors_total{error=\"invalid_grant\",code=\"2104\"} 1",
        "carnet_build_info{version=\"0.1.0\",commit=\"abc\"} 1",
        "# TYPE carnet_connections gauge",
        "carnet_connections 3",
    ] {
        assert!(
            text.lines().any(|written| written == line),
            "{line} in {text}"
        );
    }
}

#[test]
fn a_value_of_a_label_cannot_leave_its_quotes() {
    let registry = Registry::default();
    Counters::new(&registry, "n", "h", ["l"])
        .with(["a\"} 1\nb\\"])
        .add_one();
    assert!(
        registry.render().ends_with("n{l=\"a\\\"} 1\\nb\\\\\"} 1\n"),
        "{}",
        registry.render()
    );
}

#[test]
fn nobody_can_fill_the_memory_with_labels() {
    let registry = Registry::default();
    let counters = Counters::new(&registry, "n", "h", ["l"]);
    for number in 0..5_000 {
        counters.with([&number.to_string()]).add_one();
    }
    let text = registry.render();
    assert_eq!(
        text.lines().filter(|line| !line.starts_with('#')).count(),
        1_001
    );
    assert!(text.contains("n{l=\"other\"} 4000\n"), "{text}");
    counters.with(["17"]).add_one();
    assert!(
        registry.render().contains("n{l=\"17\"} 2\n"),
        "who is known stays known"
    );
}

#[test]
fn times_are_counted_in_buckets_that_add_up() {
    let registry = Registry::default();
    let requests = Requests::new(&registry, Routes::new(["/token"]));
    let route = requests.route("/token");
    for micros in [10, 500, 501, 3_000, 20_000_000] {
        requests.note(
            route,
            &Method::POST,
            StatusCode::OK,
            Duration::from_micros(micros),
        );
    }
    let text = registry.render();
    let labels =
        "http_request_method=\"POST\",http_route=\"/token\",http_response_status_code=\"200\"";
    for (le, count) in [
        ("0.0005", 2),
        ("0.001", 3),
        ("0.0025", 3),
        ("0.005", 4),
        ("10", 4),
        ("+Inf", 5),
    ] {
        let line = format!(
            "http_server_request_duration_seconds_bucket{{{labels},le=\"{le}\"}} {count}\n"
        );
        assert!(text.contains(&line), "{line} in {text}");
    }
    assert!(
        text.contains(&format!("_sum{{{labels}}} 20.004011\n")),
        "{text}"
    );
    assert!(text.contains(&format!("_count{{{labels}}} 5\n")), "{text}");
}

#[test]
fn every_status_and_method_has_a_series_and_the_rest_share_one() {
    let registry = Registry::default();
    let requests = Requests::new(&registry, Routes::default());
    let route = requests.route("/token");
    let odd = Method::from_bytes(b"BREW").unwrap();
    requests.note(route, &odd, StatusCode::IM_A_TEAPOT, Duration::ZERO);
    requests.note(
        route,
        &Method::DELETE,
        StatusCode::GATEWAY_TIMEOUT,
        Duration::ZERO,
    );
    let text = registry.render();
    let labels = |method, status| {
        format!(
            "http_request_method=\"{method}\",http_route=\"other\",http_response_status_code=\"{status}\"}} 1"
        )
    };
    assert!(text.contains(&labels("_OTHER", "other")), "{text}");
    assert!(text.contains(&labels("DELETE", "504")), "{text}");
}

#[test]
fn a_route_is_its_pattern() {
    let routes = Routes::new([
        "/",
        "/e/",
        "/e/{code}",
        "/a/{b}/c",
        "/f/{*rest}",
        "/keys/{id}:disable",
    ]);
    for (path, pattern) in [
        ("/", "/"),
        ("/e/", "/e/"),
        ("/e/CRN-2104", "/e/{code}"),
        ("/e/x/y", "other"),
        ("/a/1/c", "/a/{b}/c"),
        ("/a//c", "other"),
        ("/a/1/d", "other"),
        ("/f/1/2/3", "/f/{*rest}"),
        ("/f/", "other"),
        ("/keys/7:disable", "/keys/{id}:disable"),
        ("/keys/7:enable", "other"),
        ("", "other"),
        ("//", "other"),
    ] {
        assert_eq!(routes.pattern(routes.of(path)), pattern, "{path}");
    }
}
