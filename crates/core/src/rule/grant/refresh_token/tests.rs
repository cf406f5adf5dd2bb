//! The refresh as a function: generations, the grace for lost answers, each lifetime on both sides.

use std::sync::Arc;

use carnet_wire::crn::Crn;

use super::GRACE;
use super::RefreshToken;
use super::Renewed;
use super::Wanted;
use super::decide;
use crate::record::Authorization;
use crate::record::Binding;
use crate::record::ClientAuthentication;
use crate::record::Ended;
use crate::record::Obtained;
use crate::record::PolicyRule;
use crate::record::Trust;
use crate::record::UserState;
use crate::record::WhyEnded;
use crate::rule::Verdict;
use crate::rule::authorization::Facts;
use crate::rule::sample::API;
use crate::rule::sample::NOW;
use crate::rule::sample::Sample;
use crate::rule::sample::scope;
use crate::store::Change;
use crate::store::ProjectSnapshot;
use crate::store::Refreshed;
use crate::value::AuthorizationId;
use crate::value::Counting;
use crate::value::Seconds;
use crate::value::UnixTime;

struct Case {
    sample: Sample,
    facts: Facts,
}

fn case() -> Case {
    let sample = Sample::new().agreed("openid read write email offline_access");
    let authorization = Authorization {
        id: AuthorizationId::mint(NOW, &mut Counting(50)),
        client: sample.client.id.clone(),
        user: sample.user.id.clone(),
        scope: scope("openid read"),
        details: None,
        audience: vec![API.parse().unwrap()],
        obtained: Obtained::Code,
        authenticated: sample.session.created,
        session: Some(sample.session.id),
        binding: None,
        created: NOW,
        ends: NOW + Seconds::days(90),
        idle: Seconds::days(30),
        generation: 7,
        rotated: NOW,
        ended: None,
    };
    let facts = Facts {
        authorization,
        user: Some(sample.user.clone()),
        password: None,
        consent: sample.consent.clone(),
        session: Some(sample.session.clone()),
        policies: Arc::default(),
    };
    Case { sample, facts }
}

impl Case {
    fn refresh(&self, generation: i64, now: UnixTime) -> Verdict<Renewed> {
        self.wanting(generation, Wanted::default(), now)
    }

    fn wanting(&self, generation: i64, wanted: Wanted<'_>, now: UnixTime) -> Verdict<Renewed> {
        let shown = RefreshToken {
            authorization: self.facts.authorization.id,
            generation,
        };
        assert_eq!(RefreshToken::from_bytes(&shown.to_bytes()), Some(shown));
        let project = ProjectSnapshot {
            project: self.sample.project.clone(),
            policies: self.sample.policies.clone(),
        };
        let catalog = self.sample.catalog();
        let client = (&self.sample.client, &project);
        decide((shown, wanted), client, Some(&self.facts), &catalog, now)
    }

    fn refused(&self, now: UnixTime) -> Crn {
        let verdict = self.refresh(7, now);
        assert!(verdict.changes.is_empty(), "{:?}", verdict.changes);
        verdict.outcome.unwrap_err().crn
    }

    /// Granted for longer than the session.
    fn offline() -> Self {
        let mut case = case();
        case.facts.authorization.scope = scope("openid read offline_access");
        case.facts.session = None;
        case
    }
}

#[test]
fn rfc6749_6_the_newest_generation_moves_on() {
    let case = case();
    let verdict = case.refresh(7, NOW + Seconds(5));
    let id = case.facts.authorization.id;
    let (from, to, at) = (7, 8, NOW + Seconds(5));
    assert_eq!(
        verdict.changes,
        [Change::Refreshed(Refreshed { id, from, to, at })]
    );
    let renewed = verdict.outcome.unwrap();
    assert_eq!(renewed.refresh.unwrap().generation, 8);
    assert_eq!(renewed.authorization.generation, 8);
    assert_eq!(renewed.authorization.rotated, at);
    assert_eq!(renewed.access.scope, scope("openid read"));
}

#[test]
fn a_lost_answer_may_be_asked_for_again_for_a_while() {
    let case = case();
    let verdict = case.refresh(6, NOW + GRACE);
    assert!(verdict.changes.is_empty());
    assert_eq!(verdict.outcome.unwrap().authorization.generation, 7);
}

#[test]
fn rfc9700_4_14_2_an_old_refresh_token_ends_everything() {
    let case = case();
    let late = NOW + GRACE + Seconds(1);
    for (generation, now) in [(6, late), (5, NOW), (0, NOW), (i64::MIN, NOW)] {
        let verdict = case.refresh(generation, now);
        let [Change::AuthorizationEnded { id, why, .. }] = verdict.changes.as_slice() else {
            panic!("{generation}: {:?}", verdict.changes)
        };
        let ended = (case.facts.authorization.id, WhyEnded::RefreshReplayed);
        assert_eq!((*id, *why), ended, "{generation}");
        let crn = verdict.outcome.unwrap_err().crn;
        assert_eq!(crn, Crn::REFRESH_TOKEN_REUSED, "{generation}");
    }
}

#[test]
fn rfc9700_4_14_2_without_rotation_the_token_stays() {
    let mut case = Case::offline();
    case.sample.client.refresh_token_rotation = false;
    let at = NOW + Seconds::days(1);
    let verdict = case.refresh(7, at);
    let (id, from, to) = (case.facts.authorization.id, 7, 7);
    assert_eq!(
        verdict.changes,
        [Change::Refreshed(Refreshed { id, from, to, at })]
    );
    let renewed = verdict.outcome.unwrap();
    assert_eq!(renewed.refresh, None);
    assert_eq!(renewed.authorization.rotated, at);
    // What was replaced while it rotated is no longer good, and ends nothing.
    for generation in [6, 0] {
        let verdict = case.refresh(generation, NOW);
        assert!(verdict.changes.is_empty(), "{:?}", verdict.changes);
        let crn = verdict.outcome.unwrap_err().crn;
        assert_eq!(crn, Crn::REFRESH_TOKEN_UNKNOWN);
    }
    assert_eq!(
        case.refused(NOW + Seconds::days(30)),
        Crn::REFRESH_TOKEN_IDLE
    );
}

#[test]
fn rfc9700_4_14_2_what_nothing_goes_with_rotates_whatever_the_setting_says() {
    let mut case = case();
    case.sample.client.refresh_token_rotation = false;
    case.sample.client.authentication = ClientAuthentication::None;
    let renewed = case.refresh(7, NOW).outcome.unwrap();
    assert_eq!(renewed.refresh.unwrap().generation, 8);
    let key = Binding::Key("thumbprint".to_owned());
    case.facts.authorization.binding = Some(key.clone());
    let wanted = Wanted {
        binding: Some(&key),
        ..Wanted::default()
    };
    let renewed = case.wanting(7, wanted, NOW).outcome.unwrap();
    assert_eq!(renewed.refresh, None);
}

#[test]
fn a_refresh_token_of_the_future_is_none() {
    let verdict = case().refresh(8, NOW);
    assert!(verdict.changes.is_empty());
    let crn = verdict.outcome.unwrap_err().crn;
    assert_eq!(crn, Crn::REFRESH_TOKEN_UNKNOWN);
}

#[test]
fn lesson_20_a_refresh_token_is_of_one_client_even_if_it_is_old() {
    let mut case = case();
    case.sample.client.id = "another".parse().unwrap();
    assert_eq!(case.refused(NOW), Crn::REFRESH_TOKEN_UNKNOWN);
    let verdict = case.refresh(0, NOW);
    assert!(verdict.changes.is_empty(), "a stranger ends nothing");
}

#[test]
fn ux_4_4_each_limit_has_its_own_code() {
    let case = Case::offline();
    let idle = NOW + Seconds::days(30);
    assert!(case.refresh(7, idle - Seconds(1)).outcome.is_ok());
    assert_eq!(case.refused(idle), Crn::REFRESH_TOKEN_IDLE);
    let end = NOW + Seconds::days(90);
    assert_eq!(case.refused(end), Crn::REFRESH_TOKEN_AGE);
    let mut busy = Case::offline();
    busy.facts.authorization.rotated = end - Seconds(2);
    assert!(busy.refresh(7, end - Seconds(1)).outcome.is_ok());
    assert_eq!(busy.refused(end), Crn::REFRESH_TOKEN_AGE);
}

#[test]
fn oidc_11_without_offline_access_it_ends_with_the_session() {
    let mut case = case();
    let idle = case.sample.session.idle_ends;
    assert!(case.refresh(7, idle - Seconds(1)).outcome.is_ok());
    assert_eq!(case.refused(idle), Crn::REFRESH_SESSION_ENDED);
    case.facts.session = None;
    assert_eq!(case.refused(NOW), Crn::REFRESH_SESSION_ENDED);
    assert!(Case::offline().refresh(7, idle).outcome.is_ok());
}

#[test]
fn ux_4_4_what_ended_says_why_unless_a_thief_would_learn_it() {
    for (why, crn) in [
        (WhyEnded::Removed, Crn::REFRESH_CONSENT_REMOVED),
        (WhyEnded::SignedOut, Crn::REFRESH_SESSION_ENDED),
        (WhyEnded::RefreshReplayed, Crn::REFRESH_TOKEN_REUSED),
        (WhyEnded::CodeReplayed, Crn::REFRESH_TOKEN_REUSED),
        (WhyEnded::Revoked, Crn::REFRESH_TOKEN_UNKNOWN),
        (WhyEnded::Administrator, Crn::REFRESH_TOKEN_UNKNOWN),
    ] {
        let mut case = case();
        case.facts.authorization.ended = Some(Ended { since: NOW, why });
        assert_eq!(case.refused(NOW), crn, "{why:?}");
    }
}

#[test]
fn lesson_39_a_refresh_looks_at_the_person_and_the_policies_again() {
    let mut suspended = case();
    suspended.facts.user.as_mut().unwrap().state = UserState::Suspended {
        since: NOW,
        reason: "".parse().unwrap(),
    };
    assert_eq!(suspended.refused(NOW), Crn::REFRESH_TOKEN_UNKNOWN);
    let mut blocked = case();
    blocked.sample.policy(PolicyRule::BlockScopes {
        scopes: scope("read"),
        except: Vec::new(),
    });
    assert_eq!(blocked.refused(NOW), Crn::GRANT_FORBIDDEN);
    blocked.facts.policies = Arc::new(std::mem::take(&mut blocked.sample.policies));
    assert_eq!(blocked.refused(NOW), Crn::GRANT_FORBIDDEN);
}

#[test]
fn rfc6749_6_the_scope_shrinks_and_never_grows() {
    let case = case();
    let less = scope("read");
    let wanted = |scope| Wanted {
        details: None,
        scope: Some(scope),
        ..Wanted::default()
    };
    let renewed = case.wanting(7, wanted(&less), NOW).outcome.unwrap();
    assert_eq!(renewed.access.scope, less);
    assert_eq!(renewed.authorization.scope, scope("openid read"));
    let more = scope("read write");
    let verdict = case.wanting(7, wanted(&more), NOW);
    assert!(verdict.changes.is_empty());
    let crn = verdict.outcome.unwrap_err().crn;
    assert_eq!(crn, Crn::SCOPE_UNKNOWN);
}

#[test]
fn rfc9449_5_what_is_bound_is_renewed_with_its_key_only() {
    let mut case = case();
    let key = Binding::Key("k".to_owned());
    case.facts.authorization.binding = Some(key.clone());
    let other = Binding::Key("l".to_owned());
    for binding in [None, Some(&other)] {
        let wanted = Wanted {
            binding,
            ..Wanted::default()
        };
        // Whoever has no key ends nothing with an old token either.
        for generation in [7, 3] {
            let verdict = case.wanting(generation, wanted, NOW);
            assert_eq!(verdict.outcome.unwrap_err().crn, Crn::BOUND_TO_ANOTHER_KEY);
            assert!(verdict.changes.is_empty());
        }
    }
    let wanted = Wanted {
        binding: Some(&key),
        ..Wanted::default()
    };
    assert!(case.wanting(7, wanted, NOW).outcome.is_ok());
}

fn scope_of(verdict: Verdict<Renewed>) -> String {
    verdict.outcome.unwrap().access.scope.to_string()
}

#[test]
fn lesson_17_what_the_person_takes_back_is_out_of_what_was_granted_before() {
    let mut case = Case::offline();
    case.facts.authorization.scope = scope("openid read write offline_access");
    assert_eq!(
        scope_of(case.refresh(7, NOW)),
        "offline_access openid read write"
    );
    case.facts.consent = Sample::new().agreed("openid read offline_access").consent;
    assert_eq!(scope_of(case.refresh(7, NOW)), "offline_access openid read");
    let wanted = scope("read write");
    let some = |wanted| Wanted {
        scope: Some(wanted),
        ..Wanted::default()
    };
    assert_eq!(scope_of(case.wanting(7, some(&wanted), NOW)), "read");
    let wanted = scope("write");
    let refusal = case.wanting(7, some(&wanted), NOW).outcome.unwrap_err();
    assert_eq!(refusal.crn, Crn::SCOPE_UNKNOWN);

    // Without offline_access it is for as long as the session is, which is over here.
    case.facts.consent = Sample::new().agreed("openid read").consent;
    assert_eq!(case.refused(NOW), Crn::REFRESH_SESSION_ENDED);
    case.facts.authorization.session = Some(case.sample.session.id);
    assert_eq!(case.refused(NOW), Crn::REFRESH_SESSION_ENDED);
    case.facts.session = Some(case.sample.session.clone());
    assert_eq!(scope_of(case.refresh(7, NOW)), "openid read");

    case.facts.consent = None;
    assert_eq!(case.refused(NOW), Crn::REFRESH_CONSENT_REMOVED);
    case.sample.client.trust = Trust::Own;
    assert_eq!(
        scope_of(case.refresh(7, NOW)),
        "offline_access openid read write"
    );
}

#[test]
fn lesson_39_a_scope_that_an_administrator_takes_from_the_app_is_out_of_its_refresh_tokens() {
    for trust in [Trust::Known, Trust::Own] {
        let mut case = case();
        case.sample.client.trust = trust;
        case.sample.client.scopes = scope("openid");
        let access = case.refresh(7, NOW).outcome.unwrap().access;
        assert_eq!(access.scope, scope("openid"));
        assert!(access.apis.is_empty(), "{:?}", access.apis);
        case.sample.client.scopes = scope("email");
        assert_eq!(case.refused(NOW), Crn::REFRESH_CONSENT_REMOVED);
    }
}

#[test]
fn rfc8707_2_2_a_resource_of_which_nothing_is_granted_is_no_target() {
    let mut case = case();
    let at = |case: &Case, wanted: &str| {
        let wanted = (!wanted.is_empty()).then(|| scope(wanted));
        let wanted = Wanted {
            scope: wanted.as_ref(),
            resource: &[API.into()],
            ..Wanted::default()
        };
        case.wanting(7, wanted, NOW).outcome.map_err(|no| no.crn)
    };
    assert_eq!(at(&case, "").unwrap().access.apis.len(), 1);
    assert_eq!(at(&case, "openid").unwrap_err(), Crn::RESOURCE_UNKNOWN);
    case.facts.authorization.scope = scope("openid");
    assert_eq!(at(&case, "").unwrap_err(), Crn::RESOURCE_UNKNOWN);
    assert!(case.refresh(7, NOW).outcome.unwrap().access.apis.is_empty());
}

#[test]
fn security_d2_who_was_suspended_or_lost_their_password_has_proved_nothing_since() {
    for facts in [case(), Case::offline()] {
        let mut case = facts;
        let user = case.facts.user.as_mut().unwrap();
        user.sign_ins_since = Some(case.facts.authorization.authenticated);
        assert!(case.refresh(7, NOW).outcome.is_ok());
        let user = case.facts.user.as_mut().unwrap();
        user.sign_ins_since = Some(case.facts.authorization.authenticated + Seconds(1));
        assert_eq!(case.refused(NOW), Crn::REFRESH_PASSWORD_CHANGED);
    }
}

#[test]
fn how_long_it_was_not_used_is_said_in_a_unit_that_fits() {
    let texts = [
        (90, "1 minute."),
        (600, "10 minutes."),
        (7_200, "2 hours."),
        (86_400, "1 day."),
        (30, "30 seconds."),
    ];
    for (idle, text) in texts {
        let mut case = case();
        case.facts.authorization.idle = Seconds(idle);
        let refusal = case.refresh(7, NOW + Seconds(idle)).outcome.unwrap_err();
        assert_eq!(refusal.crn, Crn::REFRESH_TOKEN_IDLE);
        assert!(refusal.detail.contains(text), "{}", refusal.detail);
    }
}
