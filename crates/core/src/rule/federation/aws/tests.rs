//! Requests that were signed for AWS: what makes one good, and whose it is.

use super::*;

const URL: &str = "https://sts.amazonaws.com?Action=GetCallerIdentity&Version=2011-06-15";
/// 2026-11-26T10:11:12Z.
const THEN: UnixTime = UnixTime(1_795_687_872);
const ACCOUNT: &str = "123456789012";
const TARGET_NAME: &str =
    "//iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/ci/providers/aws";

fn key(session: Option<&str>) -> LocalKey {
    let arn = "arn:aws:sts::123456789012:assumed-role/ci/i-1";
    LocalKey {
        id: "AKIDEXAMPLE".to_owned(),
        secret: Zeroizing::new("wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY".to_owned()),
        session: session.map(|token| Zeroizing::new(token.to_owned())),
        caller: Caller::of(ACCOUNT, arn, "AROA:i-1").unwrap(),
    }
}

/// A request with these headers besides the usual ones, signed over those that are named.
fn token(further: &[(&str, &str)], signed: &str, key: &LocalKey) -> String {
    let mut headers = vec![
        ("host", "sts.amazonaws.com"),
        ("x-amz-date", "20261126T101112Z"),
    ];
    headers.extend(further);
    let with = |signature: &str| {
        let authorization = format!(
            "AWS4-HMAC-SHA256 Credential={}/20261126/us-east-1/sts/aws4_request, \
             SignedHeaders={signed}, Signature={signature}",
            key.id
        );
        let own = ("authorization", authorization.as_str());
        let headers = headers.iter().chain([&own]);
        let headers: Vec<_> = headers
            .map(|(key, value)| json!({ "key": key, "value": value }))
            .collect();
        json!({ "url": URL, "method": "POST", "headers": headers }).to_string()
    };
    let unsigned = SignedRequest::parse(&with(&"0".repeat(64))).unwrap();
    with(&key.signature(&unsigned))
}

fn read_now(text: &str, after: i64) -> Result<SignedRequest, Refusal> {
    read(text, &[TARGET_NAME.to_owned()], THEN + Seconds(after))
}

#[test]
fn google_wire_6_3_another_program_signs_the_same() {
    // Computed by another program, in Python.
    let key = key(None);
    let text = token(&[(TARGET, TARGET_NAME)], "host;x-amz-date", &key);
    let request = read_now(&text, 0).unwrap();
    let expected = "6cd3847d84fe06ce1ea438a0d3e8575af72efd04663f2177e27d22279a181f26";
    assert_eq!(request.signature.hex, expected);
    assert!(key.signed(&request));
}

#[test]
fn google_wire_6_4_what_is_signed_cannot_be_altered() {
    let key = key(Some("session-1"));
    let session = [(TARGET, TARGET_NAME), (SESSION, "session-1")];
    let names = "host;x-amz-date;x-amz-security-token;x-goog-cloud-target-resource";
    let text = token(&session, names, &key);
    let request = read_now(&text, 0).unwrap();
    assert!(key.signed(&request));
    for (from, to) in [
        ("101112Z", "101113Z"),
        ("session-1", "session-2"),
        ("POST", "GET"),
        ("AKIDEXAMPLE", "AKIDEXAMPLF"),
    ] {
        let altered = read_now(&text.replacen(from, to, 1), 0).unwrap();
        assert!(!key.signed(&altered), "{to}");
    }
    // The name of another provider.
    let other = format!("{TARGET_NAME}2");
    let altered = text.replace(TARGET_NAME, &other);
    let altered = read(&altered, &[other], THEN).unwrap();
    assert!(!key.signed(&altered));
    // Another secret, and a session that the key has not.
    let mut stranger = self::key(Some("session-1"));
    stranger.secret = Zeroizing::new("another".to_owned());
    assert!(!stranger.signed(&request));
    let lasting = self::key(None);
    assert!(!lasting.signed(&request));
}

#[test]
fn google_wire_6_4_a_request_names_the_provider_and_is_fresh() {
    let key = key(None);
    let text = token(&[(TARGET, TARGET_NAME)], "host;x-amz-date", &key);
    let of = |result: Result<SignedRequest, Refusal>| result.map_err(|refusal| refusal.crn).err();
    assert_eq!(of(read_now(&text, 900)), None);
    assert_eq!(of(read_now(&text, 901)), Some(Crn::FOREIGN_EXPIRED));
    assert_eq!(of(read_now(&text, -300)), None);
    assert_eq!(of(read_now(&text, -301)), Some(Crn::FOREIGN_TIMES));
    let other = read(&text, &["//iam.googleapis.com/other".to_owned()], THEN);
    assert_eq!(of(other), Some(Crn::FOREIGN_AUDIENCE));
    let none = token(&[], "host;x-amz-date", &key);
    assert_eq!(of(read_now(&none, 0)), Some(Crn::FOREIGN_AUDIENCE));
    for date in [
        "20261126T101162Z",
        "20261126T10111Z",
        "20261126Txxyyzz",
        "20261126T101112",
    ] {
        let altered = text.replace("20261126T101112Z", date);
        assert_eq!(
            of(read_now(&altered, 0)),
            Some(Crn::FOREIGN_TIMES),
            "{date}"
        );
    }
    let nonsense = read_now("nonsense", 0);
    assert_eq!(of(nonsense), Some(Crn::FOREIGN_MALFORMED));
}

#[test]
fn google_wire_6_4_who_signed_is_of_the_providers_account() {
    let key = key(None);
    let own = AwsProvider {
        account: ACCOUNT.to_owned(),
    };
    for (signed, said) in [
        ("host;x-amz-date", false),
        ("host;x-amz-date;x-goog-cloud-target-resource", true),
    ] {
        let text = token(&[(TARGET, TARGET_NAME)], signed, &key);
        let request = read_now(&text, 0).unwrap();
        let good = vouched(&request, &key.caller, &own, THEN).unwrap();
        assert_eq!(good.expires(), THEN + Seconds(3_600));
        let expected = json!({
            "account": ACCOUNT, "arn": key.caller.arn, "userid": "AROA:i-1", "target_signed": said,
        });
        assert_eq!(*good.claims(), expected);
        let other = AwsProvider {
            account: "999999999999".to_owned(),
        };
        let refused = vouched(&request, &key.caller, &other, THEN).unwrap_err();
        assert_eq!(refused.crn, Crn::FOREIGN_ISSUER);
    }
}
