//! Polls, on the clock's edge.

use std::sync::Arc;

use carnet_wire::crn::Crn;
use carnet_wire::device::UserCode;

use super::Facts;
use super::Granted;
use super::Poll;
use super::decide;
use crate::record::AllowedBy;
use crate::record::Binding;
use crate::record::ClientAuthentication;
use crate::record::DeviceAuthorization;
use crate::record::DeviceState;
use crate::record::GrantType;
use crate::record::Obtained;
use crate::record::Password;
use crate::record::PolicyRule;
use crate::record::UserState;
use crate::rule::Verdict;
use crate::rule::sample::API;
use crate::rule::sample::NOW;
use crate::rule::sample::Sample;
use crate::rule::sample::context;
use crate::rule::sample::scope;
use crate::store::Change;
use crate::store::ProjectSnapshot;
use crate::store::Record;
use crate::value::Counting;
use crate::value::Seconds;
use crate::value::SecretDigest;
use crate::value::UnixTime;

/// A poll that may be changed before it is decided.
struct Case {
    sample: Sample,
    facts: Facts,
    resource: Vec<&'static str>,
    binding: Option<Binding>,
}

fn case(state: DeviceState) -> Case {
    let mut sample = Sample::new();
    sample.client.grants = [GrantType::DeviceCode, GrantType::RefreshToken].into();
    let device = DeviceAuthorization {
        digest: SecretDigest::from_bytes([9; 32]),
        user_code: UserCode::parse("WDJB-MJHT").unwrap(),
        client: sample.client.id.clone(),
        scope: scope("openid read write"),
        audience: vec![API.parse().unwrap()],
        address: "203.0.113.9".to_owned(),
        state,
        interval: Seconds(5),
        polled: None,
        created: NOW,
        ends: NOW + Seconds(900),
    };
    Case {
        facts: Facts {
            device,
            user: Some(sample.user.clone()),
            password: None,
            policies: Arc::default(),
        },
        sample,
        resource: Vec::new(),
        binding: None,
    }
}

fn allowed() -> DeviceState {
    let sample = Sample::new();
    DeviceState::Allowed(AllowedBy {
        user: sample.user.id.clone(),
        session: sample.session.id,
        authenticated: sample.session.created,
        scope: scope("openid read"),
    })
}

impl Case {
    fn poll(&self, now: UnixTime) -> Verdict<Granted> {
        self.shown(Some(&self.facts), now)
    }

    fn shown(&self, facts: Option<&Facts>, now: UnixTime) -> Verdict<Granted> {
        let project = ProjectSnapshot {
            project: self.sample.project.clone(),
            policies: self.sample.policies.clone(),
        };
        let resource: Vec<_> = self.resource.iter().map(|text| (*text).into()).collect();
        decide(
            facts,
            Poll {
                resource: &resource,
                binding: self.binding.as_ref(),
            },
            (&self.sample.client, &project),
            &self.sample.catalog(),
            (&context(now), &mut Counting(60)),
        )
    }

    /// What a poll is refused with that writes nothing.
    fn refused(&self) -> Crn {
        let verdict = self.poll(NOW);
        assert!(verdict.changes.is_empty(), "{:?}", verdict.changes);
        verdict.outcome.unwrap_err().crn
    }
}

fn said(verdict: &Verdict<Granted>) -> String {
    let refusal = verdict.outcome.as_ref().unwrap_err();
    format!("{} {}", refusal.error().as_str(), refusal.crn)
}

#[test]
fn rfc8628_3_5_a_hasty_poll_waits_five_seconds_longer_each_time() {
    let mut case = case(DeviceState::Pending);
    let mut now = NOW;
    let first = case.poll(now);
    assert_eq!(said(&first), "authorization_pending CRN-1501");
    let digest = case.facts.device.digest;
    let noted = |at, interval| [Change::DevicePolled(digest, at, Seconds(interval))];
    assert_eq!(first.changes, noted(now, 5));
    for expected in [10, 15, 20, 25, 30, 35, 40, 45, 50, 55, 60, 60] {
        case.facts.device.polled = Some(now);
        now = now + case.facts.device.interval - Seconds(1);
        let hasty = case.poll(now);
        assert_eq!(said(&hasty), "slow_down CRN-1502");
        assert_eq!(hasty.changes, noted(now, expected));
        case.facts.device.interval = Seconds(expected);
    }
    case.facts.device.polled = Some(now);
    let patient = case.poll(now + case.facts.device.interval);
    assert_eq!(said(&patient), "authorization_pending CRN-1501");
}

#[test]
fn rfc8628_3_5_what_is_over_says_how_it_ended() {
    assert_eq!(case(DeviceState::Denied).refused(), Crn::DEVICE_DENIED);
    for state in [DeviceState::Pending, allowed()] {
        let case = case(state);
        let ends = case.facts.device.ends;
        let late = case.poll(ends);
        assert_eq!(said(&late), "expired_token CRN-1503");
        assert!(late.changes.is_empty());
        let just = case.poll(ends - Seconds(1));
        assert!(just.changes.len() + usize::from(just.outcome.is_ok()) > 0);
    }
}

#[test]
fn lesson_20_a_device_code_of_another_client_is_no_code() {
    let mut case = case(allowed());
    case.sample.client.id = "another".parse().unwrap();
    let (stolen, invented) = (case.poll(NOW), case.shown(None, NOW));
    let spent = super::tests::case(DeviceState::Spent).poll(NOW);
    let words = |verdict: &Verdict<Granted>| {
        assert!(verdict.changes.is_empty());
        let refusal = verdict.outcome.as_ref().unwrap_err();
        format!("{} {}", said(verdict), refusal.description())
    };
    assert_eq!(words(&stolen), words(&invented));
    assert_eq!(words(&spent), words(&invented));
}

#[test]
fn rfc8628_3_5_what_was_allowed_becomes_an_authorization_and_the_code_is_spent() {
    let case = case(allowed());
    let verdict = case.poll(NOW + Seconds(60));
    let granted = verdict.outcome.unwrap();
    let [
        Change::DeviceSpent(digest),
        Change::Insert(Record::Authorization(written)),
        Change::Audited(entry),
    ] = verdict.changes.as_slice()
    else {
        panic!("{:?}", verdict.changes)
    };
    assert_eq!(digest, &case.facts.device.digest);
    assert_eq!(written, &granted.authorization);
    assert_eq!(entry.action, "authorization.begin");
    assert_eq!(written.obtained, Obtained::Device);
    assert_eq!(written.scope, scope("openid read"));
    assert_eq!(written.authenticated, case.sample.session.created);
    assert_eq!(written.session, None, "it outlives the browser's session");
    assert_eq!(written.ends, NOW + Seconds(60) + Seconds::days(90));
    assert_eq!(written.idle, Seconds::days(30));
    assert_eq!(granted.access.scope, scope("openid read"));
    assert_eq!(granted.refresh.unwrap().authorization, written.id);
}

#[test]
fn rfc8707_2_2_a_device_may_ask_for_a_token_for_one_of_its_apis() {
    let mut case = case(allowed());
    case.resource = vec![API];
    assert_eq!(case.poll(NOW).outcome.unwrap().access.apis.len(), 1);
    case.resource = vec!["https://other.example"];
    assert_eq!(case.refused(), Crn::RESOURCE_UNKNOWN);
}

#[test]
fn lesson_12_who_was_suspended_or_deleted_since_lets_nobody_in() {
    let mut case = case(allowed());
    case.facts.user = None;
    assert_eq!(case.refused(), Crn::DEVICE_CODE_UNKNOWN);
    let mut suspended = case.sample.user.clone();
    suspended.state = UserState::Suspended {
        since: NOW,
        reason: "".parse().unwrap(),
    };
    case.facts.user = Some(suspended);
    assert_eq!(case.refused(), Crn::DEVICE_CODE_UNKNOWN);
}

#[test]
fn lesson_22_a_password_that_was_changed_since_ends_what_was_allowed() {
    let mut case = case(allowed());
    let mut password = Password {
        user: case.sample.user.id.clone(),
        hash: "$argon2id$v=19$m=16,t=1,p=1$c2FsdHNhbHQ$c2FsdHNhbHRzYWx0c2FsdA"
            .parse()
            .unwrap(),
        changed: case.sample.session.created,
        version: crate::value::Version::FIRST,
    };
    case.facts.password = Some(password.clone());
    assert!(case.poll(NOW).outcome.is_ok());
    password.changed = case.sample.session.created + Seconds(1);
    case.facts.password = Some(password);
    assert_eq!(case.refused(), Crn::DEVICE_CODE_UNKNOWN);
}

#[test]
fn lesson_39_the_policies_are_those_of_the_redemption() {
    let mut case = case(allowed());
    case.sample.policy(PolicyRule::BlockScopes {
        scopes: scope("read"),
        except: Vec::new(),
    });
    case.facts.policies = Arc::new(case.sample.policies.clone());
    assert_eq!(case.refused(), Crn::GRANT_FORBIDDEN);
}

#[test]
fn rfc9449_5_what_a_public_client_is_given_stays_bound_to_its_key() {
    let mut case = case(allowed());
    case.sample.client.authentication = ClientAuthentication::None;
    let key = Binding::Key("thumbprint".to_owned());
    case.binding = Some(key.clone());
    let granted = case.poll(NOW).outcome.unwrap();
    assert_eq!(granted.authorization.binding, Some(key));
    case.binding = None;
    let free = case.poll(NOW).outcome.unwrap();
    assert_eq!(free.authorization.binding, None);
}
