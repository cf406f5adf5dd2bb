//! The redemption of a code as a function: each thing that it is held against.

use std::sync::Arc;

use carnet_wire::crn::Crn;
use carnet_wire::pkce::CodeVerifier;

use super::Code;
use super::Facts;
use super::Granted;
use super::LIFETIME;
use super::Redemption;
use super::decide;
use super::replayed;
use crate::record::Binding;
use crate::record::ClientAuthentication;
use crate::record::GrantType;
use crate::record::Password;
use crate::record::PolicyRule;
use crate::record::UserState;
use crate::record::WhyEnded;
use crate::rule::Verdict;
use crate::rule::sample::API;
use crate::rule::sample::NOW;
use crate::rule::sample::Sample;
use crate::rule::sample::VERIFIER;
use crate::rule::sample::context;
use crate::rule::sample::query;
use crate::rule::sample::scope;
use crate::store::Change;
use crate::store::ProjectSnapshot;
use crate::store::Record;
use crate::value::Seconds;
use crate::value::UnixTime;

const CALLBACK: &str = "https://ledgerly.example/callback";

/// A redemption that may be changed before it is decided.
struct Case {
    sample: Sample,
    code: Code,
    redirect_uri: Option<&'static str>,
    verifier: Option<&'static str>,
    resource: Vec<&'static str>,
    binding: Option<Binding>,
    facts: Facts,
}

async fn case(more: &str) -> Case {
    let sample = Sample::new().agreed("openid read write offline_access");
    let code = sample.code(&query(more)).await;
    Case {
        facts: Facts {
            before: None,
            user: Some(sample.user.clone()),
            password: None,
            session: Some(sample.session.clone()),
            policies: Arc::default(),
        },
        sample,
        code,
        redirect_uri: Some(CALLBACK),
        verifier: Some(VERIFIER),
        resource: Vec::new(),
        binding: None,
    }
}

impl Case {
    fn redeem(&self, now: UnixTime) -> Verdict<Granted> {
        let verifier = self.verifier.map(|text| CodeVerifier::parse(text).unwrap());
        let resource: Vec<_> = self.resource.iter().map(|text| (*text).into()).collect();
        let redemption = Redemption {
            details: None,
            redirect_uri: self.redirect_uri,
            verifier: verifier.as_ref(),
            resource: &resource,
            binding: self.binding.as_ref(),
        };
        let project = ProjectSnapshot {
            project: self.sample.project.clone(),
            policies: self.sample.policies.clone(),
        };
        let code = Code::from_bytes(&self.code.to_bytes()).unwrap();
        assert_eq!(code, self.code);
        decide(
            &code,
            redemption,
            (&self.sample.client, &project),
            (&self.facts, &self.sample.catalog()),
            &context(now),
        )
    }

    fn refused(&self) -> Crn {
        let verdict = self.redeem(NOW);
        assert!(verdict.changes.is_empty(), "{:?}", verdict.changes);
        verdict.outcome.unwrap_err().crn
    }
}

#[tokio::test]
async fn rfc6749_4_1_3_a_code_becomes_an_authorization() {
    let case = case("&scope=openid+read&nonce=n").await;
    let verdict = case.redeem(NOW + LIFETIME);
    let granted = verdict.outcome.unwrap();
    let authorization = &granted.authorization;
    let [
        Change::Insert(Record::Authorization(written)),
        Change::Audited(entry),
    ] = verdict.changes.as_slice()
    else {
        panic!("{:?}", verdict.changes)
    };
    assert_eq!(written, authorization);
    assert_eq!(entry.action, "authorization.begin");
    assert_eq!(authorization.id, case.code.authorization);
    assert_eq!(authorization.session, Some(case.sample.session.id));
    assert_eq!(authorization.authenticated, case.sample.session.created);
    assert_eq!(authorization.ends, NOW + LIFETIME + Seconds::days(90));
    assert_eq!(authorization.idle, Seconds::days(30));
    assert_eq!(granted.access.scope, scope("openid read"));
    assert_eq!(granted.access.apis.len(), 1);
    assert_eq!(granted.nonce.as_deref(), Some("n"));
    assert_eq!(granted.refresh.unwrap().authorization, authorization.id);
}

#[tokio::test]
async fn a_client_that_may_not_refresh_gets_no_refresh_token_and_holds_nothing_for_long() {
    let mut case = case("").await;
    case.sample.client.grants = [GrantType::AuthorizationCode].into();
    let granted = case.redeem(NOW).outcome.unwrap();
    assert_eq!(granted.refresh, None);
    assert_eq!(granted.authorization.ends, NOW + Seconds(3_600));
    assert_eq!(granted.authorization.session, None);
}

#[tokio::test]
async fn lesson_20_a_code_is_of_one_client() {
    let mut case = case("").await;
    case.sample.client.id = "another".parse().unwrap();
    assert_eq!(case.refused(), Crn::CODE_UNKNOWN);
}

#[tokio::test]
async fn lesson_37_a_challenge_needs_its_verifier_and_a_verifier_its_challenge() {
    let mut case = case("").await;
    case.verifier = None;
    assert_eq!(case.refused(), Crn::PKCE_MISMATCH);
    case.verifier = Some("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXl");
    assert_eq!(case.refused(), Crn::PKCE_MISMATCH);
    let challenge = case.code.challenge.take().unwrap();
    case.verifier = Some(VERIFIER);
    assert_eq!(case.refused(), Crn::PKCE_MISMATCH);
    case.verifier = None;
    assert!(case.redeem(NOW).outcome.is_ok());
    let said = {
        case.code.challenge = Some(challenge.clone());
        case.redeem(NOW).outcome.unwrap_err()
    };
    assert!(!format!("{said:?}").contains(&*challenge));
}

#[tokio::test]
async fn rfc6749_4_1_3_the_redirect_uri_is_that_of_the_request() {
    let mut case = case("").await;
    for other in [None, Some("https://ledgerly.example/callback/")] {
        case.redirect_uri = other;
        assert_eq!(case.refused(), Crn::CODE_REDIRECT_URI, "{other:?}");
    }
    let without = query("").replace(
        "&redirect_uri=https%3A%2F%2Fledgerly.example%2Fcallback",
        "",
    );
    case.code = case.sample.code(&without).await;
    assert_eq!(case.refused(), Crn::CODE_REDIRECT_URI);
    for fitting in [None, Some(CALLBACK)] {
        case.redirect_uri = fitting;
        assert!(case.redeem(NOW).outcome.is_ok(), "{fitting:?}");
    }
}

#[tokio::test]
async fn lesson_39_wrong_client_or_expired_are_each_enough() {
    let mut case = case("").await;
    let late = NOW + LIFETIME + Seconds(1);
    let refusal = case.redeem(late).outcome.unwrap_err();
    assert_eq!(refusal.crn, Crn::CODE_EXPIRED);
    assert!(refusal.detail.contains("61 s old"), "{}", refusal.detail);
    case.sample.client.id = "another".parse().unwrap();
    assert_eq!(
        case.redeem(late).outcome.unwrap_err().crn,
        Crn::CODE_UNKNOWN
    );
    assert_eq!(case.refused(), Crn::CODE_UNKNOWN);
}

#[tokio::test]
async fn rfc6749_4_1_2_a_code_that_comes_again_ends_what_it_gave() {
    let mut case = case("").await;
    let authorization = case.redeem(NOW).outcome.unwrap().authorization;
    case.facts.before = Some(authorization.clone());
    for moment in [NOW, NOW + Seconds::days(1)] {
        for verdict in [case.redeem(moment), replayed(&case.code, moment)] {
            let [Change::AuthorizationEnded { id, why, .. }] = verdict.changes.as_slice() else {
                panic!("{:?}", verdict.changes)
            };
            assert_eq!((*id, *why), (authorization.id, WhyEnded::CodeReplayed));
            assert_eq!(verdict.outcome.unwrap_err().crn, Crn::CODE_REUSED);
        }
    }
    case.verifier = None;
    assert_eq!(case.refused(), Crn::PKCE_MISMATCH, "a thief ends nothing");
}

#[tokio::test]
async fn lesson_22_the_person_is_looked_at_as_they_are_now() {
    let mut gone = case("").await;
    gone.facts.user = None;
    assert_eq!(gone.refused(), Crn::CODE_UNKNOWN);
    let mut suspended = case("").await;
    let state = UserState::Suspended {
        since: NOW,
        reason: "".parse().unwrap(),
    };
    suspended.facts.user.as_mut().unwrap().state = state;
    assert_eq!(suspended.refused(), Crn::CODE_UNKNOWN);
    let mut signed_out = case("").await;
    signed_out.facts.session = None;
    assert_eq!(signed_out.refused(), Crn::CODE_UNKNOWN);
    let mut changed = case("").await;
    changed.facts.password = Some(Password {
        user: changed.sample.user.id.clone(),
        hash: "$argon2id$v=19$m=16,t=1,p=1$c2FsdHNhbHQ$c2FsdHNhbHRzYWx0c2FsdA"
            .parse()
            .unwrap(),
        changed: NOW,
        version: crate::value::Version::FIRST,
    });
    assert_eq!(changed.refused(), Crn::CODE_UNKNOWN);
}

#[tokio::test]
async fn lesson_39_policies_are_looked_at_as_they_are_now() {
    let mut case = case("").await;
    case.sample.policy(PolicyRule::BlockScopes {
        scopes: scope("read"),
        except: Vec::new(),
    });
    assert_eq!(
        case.refused(),
        Crn::GRANT_FORBIDDEN,
        "the app's organization"
    );
    case.facts.policies = Arc::new(std::mem::take(&mut case.sample.policies));
    assert_eq!(case.refused(), Crn::GRANT_FORBIDDEN, "the person's");
}

#[tokio::test]
async fn rfc8707_2_2_a_resource_narrows_and_never_widens() {
    let mut case = case("&scope=openid+read").await;
    case.resource = vec![API];
    assert_eq!(case.redeem(NOW).outcome.unwrap().access.apis.len(), 1);
    case.resource = vec!["https://other.example"];
    let refusal = case.redeem(NOW).outcome.unwrap_err();
    assert_eq!(refusal.crn, Crn::RESOURCE_UNKNOWN);
    assert_eq!(refusal.error().as_str(), "invalid_target");
}

#[tokio::test]
async fn a_scope_whose_api_is_gone_is_in_no_token() {
    let mut case = case("&scope=openid+read").await;
    case.sample.api.scopes.clear();
    let access = case.redeem(NOW).outcome.unwrap().access;
    assert_eq!(access.scope, scope("openid"));
}

#[tokio::test]
async fn rfc9449_10_a_code_is_redeemed_with_the_key_that_the_request_named() {
    let jkt = "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I";
    let mut case = case(&format!("&dpop_jkt={jkt}")).await;
    for binding in [None, Some(Binding::Key("other".to_owned()))] {
        case.binding = binding;
        let refused = case.redeem(NOW).outcome.unwrap_err();
        assert_eq!(refused.crn, Crn::BOUND_TO_ANOTHER_KEY);
    }
    case.binding = Some(Binding::Key(jkt.to_owned()));
    let granted = case.redeem(NOW).outcome.unwrap();
    assert_eq!(granted.authorization.binding, None, "the app has a secret");
    case.sample.client.authentication = ClientAuthentication::None;
    let granted = case.redeem(NOW).outcome.unwrap();
    assert_eq!(granted.authorization.binding, case.binding);
}

#[tokio::test]
async fn rfc8707_2_2_an_api_of_which_nothing_was_ticked_is_no_audience() {
    let mut case = case("&scope=openid+read").await;
    case.code.scope = scope("openid");
    assert_eq!(case.code.audience, [API.parse().unwrap()]);
    let access = case.redeem(NOW).outcome.unwrap().access;
    assert!(access.apis.is_empty(), "{:?}", access.apis);
    case.resource = vec![API];
    assert_eq!(case.refused(), Crn::RESOURCE_UNKNOWN);
}

#[tokio::test]
async fn lesson_39_what_the_app_may_no_longer_ask_for_is_not_redeemed() {
    let mut case = case("&scope=openid+read+write").await;
    case.sample.client.scopes = scope("openid read");
    let granted = case.redeem(NOW).outcome.unwrap();
    assert_eq!(granted.access.scope, scope("openid read"));
    assert_eq!(granted.authorization.scope, scope("openid read"));
    case.sample.client.scopes = scope("email");
    assert_eq!(case.refused(), Crn::CODE_UNKNOWN);
}

#[tokio::test]
async fn security_d2_a_code_of_before_a_suspension_stays_dead_after_it() {
    let mut case = case("").await;
    let user = case.facts.user.as_mut().unwrap();
    user.sign_ins_since = Some(case.code.authenticated + Seconds(1));
    assert_eq!(case.refused(), Crn::CODE_UNKNOWN);
}
