//! What a certificate says to a mapping, and which chain is one.

use super::*;

/// A certificate of `openssl req`: CN=build-7,OU=ci,OU=eu,O=Acme; two DNS names, one URI, one address; until 2126.
const LEAF: &str = include_str!("leaf.b64");

fn text(all: &[&str]) -> String {
    serde_json::to_string(all).unwrap()
}

#[test]
fn google_wire_6_3_a_chain_is_a_json_array_of_base64_the_workloads_own_first() {
    let leaf = LEAF.trim();
    let chain = read(&text(&[leaf, leaf])).unwrap();
    assert_eq!(chain.rest, std::slice::from_ref(&chain.leaf));
    let many = vec![leaf; MOST + 1];
    for wrong in [
        "[]".to_owned(),
        "{}".to_owned(),
        leaf.to_owned(),
        "[7]".to_owned(),
        text(&[""]),
        text(&[leaf, "-"]),
        text(&[&format!("{leaf}\n")]),
        text(&[&"A".repeat(40_000)]),
        text(&many),
    ] {
        let refused = read(&wrong).unwrap_err();
        assert_eq!(refused.crn, Crn::FOREIGN_MALFORMED, "{wrong}");
    }
    let other = read(&text(&["AAAA"])).unwrap();
    let refused = other.vouched(UnixTime(0)).unwrap_err();
    assert_eq!(refused.crn, Crn::FOREIGN_MALFORMED);
}

#[test]
fn google_wire_6_4_the_first_is_the_certificate_of_the_connection() {
    let chain = read(&text(&[LEAF.trim()])).unwrap();
    assert!(chain.is_shown(Some(&chain.leaf)).is_ok());
    for shown in [None, Some(&b"another"[..]), Some(&[])] {
        let refused = chain.is_shown(shown).unwrap_err();
        assert_eq!(refused.crn, Crn::FOREIGN_POSSESSION);
    }
}

#[test]
fn google_wire_6_4_what_a_certificate_says_once_can_be_mapped() {
    let chain = read(&text(&[LEAF.trim()])).unwrap();
    let now = UnixTime(1_800_000_000);
    let vouched = chain.vouched(now).unwrap();
    assert_eq!(vouched.expires(), now + COUNTS);
    let claims = vouched.claims();
    assert_eq!(
        claims["subject"]["dn"],
        json!({ "cn": "build-7", "o": "Acme" })
    );
    assert_eq!(claims["issuer"]["dn"], claims["subject"]["dn"]);
    let san = json!({
        "uri": "spiffe://acme.example/build", "ip": "10.0.0.7",
        "all": {
            "dns": ["a.acme.example", "b.acme.example"], "uri": ["spiffe://acme.example/build"],
            "email": [], "ip": ["10.0.0.7"],
        },
    });
    assert_eq!(claims["san"], san);
    assert_eq!(claims["serial"], "1234abcd");
    let digest = claims["sha256_fingerprint"].as_str().unwrap();
    assert_eq!(digest.len(), 64);
    let refused = chain.vouched(UnixTime(9_000_000_000)).unwrap_err();
    assert_eq!(refused.crn, Crn::FOREIGN_EXPIRED);
}
