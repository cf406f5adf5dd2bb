//! What is read from a `User-Agent` header.

use super::Agent;

fn named(browser: Option<&str>, system: Option<&str>) -> Agent {
    Agent {
        browser: browser.map(str::to_owned),
        system: system.map(str::to_owned),
    }
}

#[test]
fn a_browser_is_named_by_the_most_particular_mark() {
    let edge = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0 Safari/537.36 Edg/126.0";
    assert_eq!(Agent::of(edge), named(Some("Edge"), Some("Windows")));
    let phone = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1";
    assert_eq!(Agent::of(phone), named(Some("Safari"), Some("iPhone")));
    let android = "Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Mobile Safari/537.36";
    assert_eq!(Agent::of(android), named(Some("Chrome"), Some("Android")));
    let firefox = "Mozilla/5.0 (X11; Linux x86_64; rv:127.0) Gecko/20100101 Firefox/127.0";
    assert_eq!(Agent::of(firefox), named(Some("Firefox"), Some("Linux")));
}

#[test]
fn what_is_not_known_is_not_named_and_a_long_header_is_cut() {
    assert_eq!(Agent::of(""), Agent::default());
    assert_eq!(Agent::of("<script>"), Agent::default());
    assert_eq!(Agent::of("curl/8.5.0"), named(Some("curl"), None));
    let late = format!("{}Firefox/1", "é".repeat(300));
    assert_eq!(Agent::of(&late), Agent::default());
}
