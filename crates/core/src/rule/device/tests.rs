//! Polls and decisions, on the clock's edge.

use carnet_wire::device::UserCode;

use super::{Decision, Lasts, decide, open, poll};
use crate::record::{
    AllowedBy, Client, ClientAuthentication, ClientKind, ClientSource, ClientState,
    DeviceAuthorization, DeviceState, GrantType, Session, SignInMethod, Trust,
};
use crate::rule::Verdict;
use crate::store::{Change, Record};
use crate::value::{Counting, Seconds, SecretDigest, SessionId, UnixTime, Version};

const NOW: UnixTime = UnixTime(1_775_121_058);
const LASTS: Lasts = Lasts {
    absolute: Seconds::days(90),
    idle: Seconds::days(30),
};

fn client(id: &str) -> Client {
    Client {
        id: id.parse().expect("an id"),
        project: "demo".parse().expect("a project"),
        title: "TV".parse().expect("a title"),
        kind: ClientKind::Device,
        authentication: ClientAuthentication::None,
        redirect_uris: Vec::new(),
        grants: [GrantType::RefreshToken].into(),
        scopes: "openid invoices.read".parse().expect("a scope"),
        default_scopes: "openid".parse().expect("a scope"),
        credentials: crate::record::Credentials::default(),
        require_pkce: true,
        require_par: false,
        require_dpop: false,
        exchange: crate::record::Exchange::default(),
        certificate_bound: false,
        origins: Vec::new(),
        lifetimes: crate::record::Lifetimes::default(),
        about: crate::record::About::default(),
        trust: Trust::Unknown,
        source: ClientSource::Admin,
        state: ClientState::Active,
        created: NOW,
        changed: NOW,
        version: Version::FIRST,
    }
}

fn device(state: DeviceState) -> DeviceAuthorization {
    DeviceAuthorization {
        digest: SecretDigest::from_bytes([9; 32]),
        user_code: UserCode::parse("WDJB-MJHT").expect("a code"),
        client: "tv-4f2a".parse().expect("an id"),
        scope: "openid invoices.read".parse().expect("a scope"),
        audience: Vec::new(),
        address: "203.0.113.9".to_owned(),
        state,
        interval: Seconds(5),
        polled: None,
        created: NOW,
        ends: NOW + Seconds(900),
    }
}

fn allowed() -> DeviceState {
    DeviceState::Allowed(AllowedBy {
        user: "200000000000000000001".parse().expect("an id"),
        session: SessionId::from_bytes([3; 16]),
        authenticated: NOW - Seconds(7),
        scope: "openid".parse().expect("a scope"),
    })
}

fn asked(device: &DeviceAuthorization, now: UnixTime) -> Verdict<super::Authorization> {
    poll(
        Some(device),
        &client("tv-4f2a"),
        LASTS,
        now,
        &mut Counting(0),
    )
}

fn refusal(verdict: &Verdict<super::Authorization>) -> String {
    let refusal = verdict.outcome.as_ref().expect_err("a no");
    format!("{} {}", refusal.error().as_str(), refusal.crn)
}

#[test]
fn rfc8628_3_5_a_hasty_poll_waits_five_seconds_longer_each_time() {
    let mut device = device(DeviceState::Pending);
    let mut now = NOW;
    let first = asked(&device, now);
    assert_eq!(refusal(&first), "authorization_pending CRN-1501");
    assert_eq!(
        first.changes,
        [Change::DevicePolled(device.digest, now, Seconds(5))]
    );
    for expected in [10, 15, 20, 25, 30, 35, 40, 45, 50, 55, 60, 60] {
        device.polled = Some(now);
        now = now + device.interval - Seconds(1);
        let hasty = asked(&device, now);
        assert_eq!(refusal(&hasty), "slow_down CRN-1502");
        let slower = Change::DevicePolled(device.digest, now, Seconds(expected));
        assert_eq!(hasty.changes, [slower]);
        device.interval = Seconds(expected);
    }
    device.polled = Some(now);
    let patient = asked(&device, now + device.interval);
    assert_eq!(refusal(&patient), "authorization_pending CRN-1501");
}

#[test]
fn rfc8628_3_5_what_is_over_says_how_it_ended() {
    let denied = asked(&device(DeviceState::Denied), NOW);
    assert_eq!(refusal(&denied), "access_denied CRN-1505");
    for state in [DeviceState::Pending, allowed()] {
        let device = device(state);
        let late = asked(&device, device.ends);
        assert_eq!(refusal(&late), "expired_token CRN-1503");
        assert!(late.changes.is_empty());
        let just = asked(&device, device.ends - Seconds(1));
        assert!(just.changes.len() + usize::from(just.outcome.is_ok()) > 0);
    }
}

#[test]
fn lesson_20_a_device_code_of_another_client_is_no_code() {
    let device = device(allowed());
    let other = client("other-1a2b");
    let stolen = poll(Some(&device), &other, LASTS, NOW, &mut Counting(0));
    let invented = poll(None, &other, LASTS, NOW, &mut Counting(0));
    for verdict in [&stolen, &invented] {
        assert_eq!(refusal(verdict), "invalid_grant CRN-1506");
        assert!(verdict.changes.is_empty());
    }
    let said = |verdict: &Verdict<super::Authorization>| {
        let refusal = verdict.outcome.as_ref().expect_err("a no");
        refusal.description()
    };
    assert_eq!(said(&stolen), said(&invented));
    let again = asked(&super::tests::device(DeviceState::Spent), NOW);
    assert_eq!(said(&again), said(&invented));
}

#[test]
fn what_was_allowed_becomes_an_authorization_and_the_code_is_spent() {
    let device = device(allowed());
    let verdict = asked(&device, NOW + Seconds(60));
    let given = verdict.outcome.expect("a yes");
    assert_eq!(given.scope.to_string(), "openid");
    assert_eq!(given.authenticated, NOW - Seconds(7));
    assert_eq!(given.ends, NOW + Seconds(60) + LASTS.absolute);
    assert_eq!(
        verdict.changes,
        [
            Change::DeviceSpent(device.digest),
            Change::Insert(Record::Authorization(given)),
        ]
    );
}

#[test]
fn nobody_is_allowed_more_than_was_asked_for() {
    let session = Session {
        id: SessionId::from_bytes([3; 16]),
        digest: SecretDigest::from_bytes([4; 32]),
        user: "200000000000000000001".parse().expect("an id"),
        method: SignInMethod::Password,
        created: NOW - Seconds(7),
        seen: NOW,
        idle_ends: NOW + Seconds(60),
        ends: NOW + Seconds(60),
        agent: "browser".parse().expect("a text"),
        address: String::new(),
    };
    let device = device(DeviceState::Pending);
    let more = "openid invoices.write".parse().expect("a scope");
    let change = decide(&device, Decision::Allow(more), &session, NOW);
    assert_eq!(change, Change::DeviceDecided(device.digest, allowed(), NOW));
    let denied = decide(&device, Decision::Deny, &session, NOW);
    assert_eq!(
        denied,
        Change::DeviceDecided(device.digest, DeviceState::Denied, NOW)
    );
}

#[test]
fn rfc8628_3_3_only_a_code_that_waits_can_be_answered() {
    assert!(open(None, NOW).is_none());
    let pending = device(DeviceState::Pending);
    assert!(open(Some(pending.clone()), pending.ends).is_none());
    assert!(open(Some(pending.clone()), pending.ends - Seconds(1)).is_some());
    for state in [allowed(), DeviceState::Denied, DeviceState::Spent] {
        assert!(open(Some(device(state)), NOW).is_none());
    }
}
