//! Tests of the rule: see the file beside this directory.

use carnet_jose::digest;
use carnet_wire::crn::Crn;
use carnet_wire::pkce::CodeVerifier;

use super::Back;
use super::CODE_LIFETIME;
use super::PROGRAMS;
use super::Redemption;
use super::addressed;
use super::end;
use super::redeem;
use super::refreshed;
use crate::record::Ended;
use crate::record::WhyEnded;
use crate::record::WorkforceSignIn;
use crate::store::Change;
use crate::value::AuthorizationId;
use crate::value::Seconds;
use crate::value::UnixTime;

const NOW: UnixTime = UnixTime(1_800_000_000);
const HERE: &str = "http://localhost:8085/";
const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";

fn row() -> WorkforceSignIn {
    WorkforceSignIn {
        id: AuthorizationId::from_bytes([7; 16]),
        provider: "locations/global/workforcePools/acme-people/providers/login"
            .parse()
            .unwrap(),
        subject: "alice".to_owned(),
        client: PROGRAMS[0].parse().unwrap(),
        scope: "https://www.googleapis.com/auth/cloud-platform"
            .parse()
            .unwrap(),
        claims: vec![1, 2, 3],
        redirect: digest::sha256(HERE),
        challenge: verifier().s256(|bytes| digest::sha256(bytes)),
        created: NOW,
        code_ends: NOW + CODE_LIFETIME,
        ends: NOW + Seconds(3_600),
        redeemed: None,
        ended: None,
    }
}

fn verifier() -> CodeVerifier<'static> {
    CodeVerifier::parse(VERIFIER).unwrap()
}

/// How a redemption ends: the changes, and the no if it is one.
fn redeemed(row: &WorkforceSignIn, shown: Redemption<'_>, now: UnixTime) -> (usize, Option<Crn>) {
    let verdict = redeem(Some(row), shown, now);
    (
        verdict.changes.len(),
        verdict.outcome.err().map(|no| no.crn),
    )
}

fn good<'v>(verifier: &'v CodeVerifier<'static>) -> Redemption<'v> {
    Redemption {
        client: PROGRAMS[0],
        redirect_uri: Some(HERE),
        verifier: Some(verifier),
    }
}

#[test]
fn lesson_8_a_browser_ends_at_a_port_of_this_machine_or_at_a_page_of_ours() {
    for uri in [
        "http://localhost:8085/",
        "http://127.0.0.1:1/",
        "http://[::1]:65535/",
        "http://localhost/",
    ] {
        assert_eq!(addressed(PROGRAMS[0], uri).unwrap(), Back::Program, "{uri}");
    }
    for uri in [
        "https://sdk.cloud.google/authcode.html",
        "https://sdk.cloud.google/applicationdefaultauthcode.html",
    ] {
        assert_eq!(addressed(PROGRAMS[1], uri).unwrap(), Back::Page, "{uri}");
    }
    for uri in [
        "",
        "/",
        "http://localhost:8085/callback",
        "http://localhost:8085/?a=b",
        "http://localhost:8085",
        "https://localhost:8085/",
        "http://localhost.evil.test:8085/",
        "http://localhost:8085@evil.test/",
        "http://evil.test/",
        "http://127.0.0.2:8085/",
        "http://LOCALHOST:8085/",
        "https://sdk.cloud.google/authcode.html?x",
        "https://sdk.cloud.google.evil.test/authcode.html",
        "urn:ietf:wg:oauth:2.0:oob",
    ] {
        let no = addressed(PROGRAMS[0], uri).unwrap_err();
        assert_eq!(no.crn, Crn::REDIRECT_URI, "{uri}");
    }
    let no = addressed("another", HERE).unwrap_err();
    assert_eq!(no.crn, Crn::CLIENT_UNKNOWN);
}

#[test]
fn rfc6749_4_1_3_a_code_is_of_its_program_and_its_redirect_uri() {
    let verifier = verifier();
    assert_eq!(redeemed(&row(), good(&verifier), NOW), (1, None));
    let other = Redemption {
        client: PROGRAMS[1],
        ..good(&verifier)
    };
    let unknown = (0, Some(Crn::CODE_UNKNOWN));
    assert_eq!(redeemed(&row(), other, NOW), unknown);
    let nobody = redeem(None, good(&verifier), NOW);
    assert_eq!(nobody.outcome.unwrap_err().crn, Crn::CODE_UNKNOWN);
    for redirect_uri in [None, Some("http://localhost:8086/")] {
        let other = Redemption {
            redirect_uri,
            ..good(&verifier)
        };
        let elsewhere = (0, Some(Crn::CODE_REDIRECT_URI));
        assert_eq!(redeemed(&row(), other, NOW), elsewhere);
    }
}

#[test]
fn lesson_37_a_code_is_of_whoever_has_its_verifier() {
    let right = verifier();
    let wrong = CodeVerifier::parse("another-verifier-that-is-as-long-as-it-must-be").unwrap();
    for verifier in [None, Some(&wrong)] {
        let shown = Redemption {
            verifier,
            ..good(&right)
        };
        let mismatch = (0, Some(Crn::PKCE_MISMATCH));
        assert_eq!(redeemed(&row(), shown, NOW), mismatch);
    }
}

#[test]
fn rfc6749_4_1_2_a_code_is_good_once_and_a_second_time_ends_what_the_first_gave() {
    let verifier = verifier();
    let used = WorkforceSignIn {
        redeemed: Some(NOW),
        ..row()
    };
    let verdict = redeem(Some(&used), good(&verifier), NOW);
    assert_eq!(verdict.outcome.unwrap_err().crn, Crn::CODE_REUSED);
    assert_eq!(verdict.changes, [end(&used, WhyEnded::CodeReplayed, NOW)]);
    // Whoever cannot prove that the code is theirs ends nothing.
    let stranger = Redemption {
        verifier: None,
        ..good(&verifier)
    };
    let mismatch = (0, Some(Crn::PKCE_MISMATCH));
    assert_eq!(redeemed(&used, stranger, NOW), mismatch);
}

#[test]
fn rfc6749_4_1_2_a_code_is_good_for_five_minutes() {
    let verifier = verifier();
    let last = NOW + CODE_LIFETIME - Seconds(1);
    assert_eq!(redeemed(&row(), good(&verifier), last), (1, None));
    let late = redeemed(&row(), good(&verifier), NOW + CODE_LIFETIME);
    assert_eq!(late, (0, Some(Crn::CODE_EXPIRED)));
}

#[test]
fn lesson_5_a_refresh_token_stands_while_its_sign_in_does() {
    let stands = WorkforceSignIn {
        redeemed: Some(NOW),
        ..row()
    };
    assert!(refreshed(Some(&stands), PROGRAMS[0], NOW).is_ok());
    let crn = |row: &WorkforceSignIn, client: &str, now| {
        refreshed(Some(row), client, now).unwrap_err().crn
    };
    let unknown = Crn::REFRESH_TOKEN_UNKNOWN;
    assert_eq!(crn(&stands, PROGRAMS[1], NOW), unknown);
    assert_eq!(
        crn(&row(), PROGRAMS[0], NOW),
        unknown,
        "no code was redeemed"
    );
    assert_eq!(refreshed(None, PROGRAMS[0], NOW).unwrap_err().crn, unknown);
    let ended = WorkforceSignIn {
        ended: Some(Ended {
            since: NOW,
            why: WhyEnded::Revoked,
        }),
        ..stands.clone()
    };
    assert_eq!(crn(&ended, PROGRAMS[0], NOW), unknown);
    let end = stands.ends;
    assert!(refreshed(Some(&stands), PROGRAMS[0], end - Seconds(1)).is_ok());
    assert_eq!(crn(&stands, PROGRAMS[0], end), Crn::REFRESH_TOKEN_AGE);
}

#[test]
fn lesson_5_a_sign_in_that_has_ended_redeems_nothing() {
    let verifier = verifier();
    let ended = WorkforceSignIn {
        ended: Some(Ended {
            since: NOW,
            why: WhyEnded::Administrator,
        }),
        ..row()
    };
    let unknown = (0, Some(Crn::CODE_UNKNOWN));
    assert_eq!(redeemed(&ended, good(&verifier), NOW), unknown);
    let change = end(&row(), WhyEnded::Revoked, NOW);
    assert!(matches!(change, Change::AuthorizationEnded { id, .. } if id == row().id));
}
