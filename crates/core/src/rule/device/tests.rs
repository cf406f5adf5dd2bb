//! Devices as functions: what they may ask for, and what a person is asked and answers.

use carnet_wire::crn::Crn;
use carnet_wire::device::DeviceAuthorizationRequest;
use carnet_wire::device::USER_CODE_ALPHABET;
use carnet_wire::device::UserCode;
use carnet_wire::params::Params;

use super::Asked;
use super::Ended;
use super::INTERVAL;
use super::LIFETIME;
use super::Waiting;
use super::answer;
use super::ask;
use super::question;
use super::waiting;
use crate::record::AllowedBy;
use crate::record::Audience;
use crate::record::ClientAuthentication;
use crate::record::ClientKind;
use crate::record::ClientState;
use crate::record::DeviceAuthorization;
use crate::record::DeviceState;
use crate::record::GrantType;
use crate::record::PolicyRule;
use crate::record::Trust;
use crate::rule::Refusal;
use crate::rule::Verdict;
use crate::rule::authorize::Answer;
use crate::rule::client;
use crate::rule::client::Authenticated;
use crate::rule::client::Presented;
use crate::rule::client::Proof;
use crate::rule::sample::API;
use crate::rule::sample::NOW;
use crate::rule::sample::Sample;
use crate::rule::sample::context;
use crate::rule::sample::scope;
use crate::store::Change;
use crate::store::Committed;
use crate::store::Direct;
use crate::store::Record;
use crate::value::Counting;
use crate::value::Seconds;
use crate::value::SecretDigest;
use crate::value::UnixTime;

/// The app on a device: it has no secret.
fn sample() -> Sample {
    let mut sample = Sample::new();
    sample.client.kind = ClientKind::Device;
    sample.client.authentication = ClientAuthentication::None;
    sample.client.redirect_uris = Vec::new();
    sample.client.grants = [GrantType::DeviceCode, GrantType::RefreshToken].into();
    sample
}

async fn authenticated(sample: &Sample) -> Authenticated {
    let store = sample.store().await;
    let presented = Presented {
        id: "ledgerly".to_owned(),
        proof: Proof::Nothing,
        certificate: None,
    };
    let facts = client::load(&presented, &store).await.unwrap();
    let at = client::At {
        now: NOW,
        issuer: "https://auth.example",
    };
    client::authenticate(&presented, facts, at).outcome.unwrap()
}

async fn asked(sample: &Sample, form: &str) -> Result<Asked, Refusal> {
    let client = authenticated(sample).await;
    let mut params = Params::parse(form.as_bytes()).unwrap();
    let request = DeviceAuthorizationRequest::parse(&mut params).unwrap();
    let digest = SecretDigest::from_bytes([9; 32]);
    let (catalog, context) = (sample.catalog(), context(NOW));
    ask(
        &client,
        &request,
        digest,
        &catalog,
        (&context, &mut Counting(50)),
    )
}

fn device(asked: &Asked) -> DeviceAuthorization {
    match asked.changes.as_slice() {
        [Change::Insert(Record::DeviceAuthorization(device))] => device.clone(),
        other => panic!("{other:?}"),
    }
}

async fn no(sample: &Sample, form: &str) -> Crn {
    asked(sample, form).await.unwrap_err().crn
}

#[tokio::test]
async fn rfc8628_3_2_a_device_gets_a_code_for_its_person() {
    let asked = asked(&sample(), "scope=openid+read").await.unwrap();
    let device = device(&asked);
    assert_eq!(asked.user_code, device.user_code);
    assert_eq!((asked.interval, asked.lasts), (Seconds(5), Seconds(900)));
    assert_eq!(device.ends, NOW + LIFETIME);
    assert_eq!(device.interval, INTERVAL);
    assert_eq!(device.state, DeviceState::Pending);
    assert_eq!(device.scope, scope("openid read"));
    assert_eq!(device.audience, [API.parse().unwrap()]);
    assert_eq!(device.address, "192.0.2.1");
    let letters = device.user_code.as_str().bytes();
    assert!(
        letters
            .into_iter()
            .all(|it| USER_CODE_ALPHABET.contains(&it))
    );
}

#[tokio::test]
async fn rfc8628_3_1_a_device_asks_for_no_more_than_its_client_may() {
    let sample = sample();
    assert_eq!(no(&sample, "scope=nothing").await, Crn::SCOPE_UNKNOWN);
    assert_eq!(no(&sample, "scope=secret").await, Crn::SCOPE_UNKNOWN);
    let elsewhere = "scope=read&resource=https://other.example";
    assert_eq!(no(&sample, elsewhere).await, Crn::RESOURCE_UNKNOWN);
    let defaults = device(&asked(&sample, "").await.unwrap());
    assert_eq!(defaults.scope, scope("read"));
    let mut none = super::tests::sample();
    none.client.default_scopes = scope("");
    assert_eq!(no(&none, "").await, Crn::SCOPE_EMPTY);
}

#[tokio::test]
async fn rfc6749_5_2_a_client_that_is_not_registered_for_devices_gets_no_code() {
    let mut sample = sample();
    sample.client.grants = [GrantType::AuthorizationCode].into();
    assert_eq!(no(&sample, "").await, Crn::CLIENT_GRANT_NOT_ALLOWED);
}

#[tokio::test]
async fn google_wire_9_2_what_the_organization_of_the_app_forbids_is_not_even_asked() {
    let mut sample = sample();
    sample.policy(PolicyRule::BlockScopes {
        scopes: scope("read"),
        except: Vec::new(),
    });
    assert_eq!(no(&sample, "").await, Crn::POLICY_BLOCKS_SCOPE);
}

/// The device waits for its person.
async fn waits(sample: &Sample, form: &str) -> (Direct, DeviceAuthorization) {
    let store = sample.store().await;
    let asked = asked(sample, form).await.unwrap();
    let committed = store.0.commit(&asked.changes).await.unwrap();
    assert_eq!(committed, Committed::Yes);
    (store, device(&asked))
}

async fn found(store: &Direct, code: &UserCode, now: UnixTime) -> Option<Waiting> {
    waiting(code, now, store.0.as_ref(), store).await.unwrap()
}

#[tokio::test]
async fn rfc8628_3_3_wrong_expired_and_answered_codes_are_one_answer() {
    let sample = sample();
    let (store, device) = waits(&sample, "scope=read").await;
    let code = &device.user_code;
    let just = device.ends - Seconds(1);
    assert_eq!(
        found(&store, code, just).await.unwrap().device(),
        &device,
        "it waits until the last second"
    );
    assert!(found(&store, code, device.ends).await.is_none());
    let wrong = UserCode::parse("BBBB-BBBB").unwrap();
    assert!(found(&store, &wrong, NOW).await.is_none());
    let denied = Change::DeviceDecided(device.digest, DeviceState::Denied, NOW);
    store.0.commit(&[denied]).await.unwrap();
    assert!(found(&store, code, NOW).await.is_none());
}

#[tokio::test]
async fn a_device_whose_app_is_out_of_service_does_not_wait() {
    let sample = sample();
    let (store, device) = waits(&sample, "scope=read").await;
    let mut client = sample.client.clone();
    client.version = client.version.next();
    client.state = ClientState::Disabled {
        since: NOW,
        reason: "".parse().unwrap(),
    };
    let changes = [Change::Replace(Record::Client(client))];
    assert_eq!(store.0.commit(&changes).await.unwrap(), Committed::Yes);
    assert!(found(&store, &device.user_code, NOW).await.is_none());
}

async fn waiting_of(sample: &Sample, form: &str) -> Waiting {
    let (store, device) = waits(sample, form).await;
    found(&store, &device.user_code, NOW).await.unwrap()
}

async fn answered(sample: &Sample, form: &str, given: Answer<'_>) -> Verdict<Ended> {
    let waiting = waiting_of(sample, form).await;
    let (facts, catalog) = (sample.facts(), sample.catalog());
    answer(&waiting, &facts, given, &catalog, &context(NOW))
}

const YES: Answer<'_> = Answer {
    allow: true,
    ticked: &[],
};
const NO: Answer<'_> = Answer {
    allow: false,
    ticked: &[],
};

#[tokio::test]
async fn rfc8628_5_4_who_agreed_before_is_asked_again_whoever_runs_the_app() {
    let mut sample = sample().agreed("openid read");
    sample.client.trust = Trust::Own;
    let waiting = waiting_of(&sample, "scope=openid+read").await;
    let asked = question(&waiting, &sample.facts(), &sample.catalog()).unwrap();
    assert!(asked.again && asked.admin.is_none());
    assert_eq!(asked.permissions.len(), 2);
    assert_eq!(asked.news().count(), 0);
}

#[tokio::test]
async fn rfc8628_3_3_a_yes_is_written_about_the_device_first_and_remembered() {
    let sample = sample();
    let more = Answer {
        allow: true,
        ticked: &["write", "secret", "email"],
    };
    let verdict = answered(&sample, "scope=openid+read", more).await;
    assert_eq!(verdict.outcome.unwrap(), Ended::Allowed);
    let [
        Change::DeviceDecided(digest, DeviceState::Allowed(by), NOW),
        Change::Insert(Record::Consent(consent)),
        Change::Audited(entry),
    ] = verdict.changes.as_slice()
    else {
        panic!("{:?}", verdict.changes)
    };
    assert_eq!(digest, &SecretDigest::from_bytes([9; 32]));
    let expected = AllowedBy {
        user: sample.user.id.clone(),
        session: sample.session.id,
        authenticated: sample.session.created,
        scope: scope("openid read"),
    };
    assert_eq!(by, &expected, "no more than was asked for");
    assert_eq!(consent.scopes.len(), 2);
    assert_eq!(entry.action, "device.allow");
    assert_eq!(entry.actor, format!("user:{}", sample.user.id));
}

#[tokio::test]
async fn a_no_and_a_yes_to_nothing_deny_it() {
    let mut sample = sample();
    let denied = answered(&sample, "scope=read", NO).await;
    assert_eq!(denied.outcome.unwrap(), Ended::Denied);
    let [
        Change::DeviceDecided(_, DeviceState::Denied, NOW),
        Change::Audited(entry),
    ] = denied.changes.as_slice()
    else {
        panic!("{:?}", denied.changes)
    };
    assert_eq!(entry.action, "device.deny");
    sample.client.default_scopes = scope("");
    let nothing = answered(&sample, "scope=offline_access", YES).await;
    assert_eq!(nothing.outcome.unwrap(), Ended::Denied);
}

#[tokio::test]
async fn google_wire_1_1_the_project_says_whose_accounts_may_use_its_apps() {
    let mut sample = sample();
    sample.project.audience = Audience::Internal;
    let internal = waiting_of(&sample, "scope=read").await;
    let (mut facts, catalog) = (sample.facts(), sample.catalog());
    assert!(question(&internal, &facts, &catalog).is_ok());
    facts.person.0.organization = crate::value::OrganizationId::mint(NOW, &mut Counting(77));
    let refusal = question(&internal, &facts, &catalog).unwrap_err();
    assert_eq!(refusal.crn, Crn::INTERNAL_ONLY);
    let verdict = answer(&internal, &facts, YES, &catalog, &context(NOW));
    assert!(verdict.changes.is_empty());
    assert_eq!(verdict.outcome.unwrap_err().crn, Crn::INTERNAL_ONLY);
    let no = answer(&internal, &facts, NO, &catalog, &context(NOW));
    assert_eq!(no.outcome.unwrap(), Ended::Denied, "anybody may say no");
}

#[tokio::test]
async fn google_wire_9_2_a_policy_of_the_person_leaves_only_cancel() {
    let mut sample = sample();
    let waiting = waiting_of(&sample, "scope=read").await;
    sample.policy(PolicyRule::BlockScopes {
        scopes: scope("read"),
        except: Vec::new(),
    });
    let (facts, catalog) = (sample.facts(), sample.catalog());
    let asked = question(&waiting, &facts, &catalog).unwrap();
    assert_eq!(asked.admin.unwrap().crn, Crn::POLICY_BLOCKS_SCOPE);
    let verdict = answer(&waiting, &facts, YES, &catalog, &context(NOW));
    assert!(verdict.changes.is_empty());
    assert_eq!(verdict.outcome.unwrap_err().crn, Crn::POLICY_BLOCKS_SCOPE);
}

#[tokio::test]
async fn lesson_22_who_is_not_signed_in_any_more_answers_nothing() {
    let mut sample = sample();
    sample.session.idle_ends = NOW;
    let verdict = answered(&sample, "scope=read", YES).await;
    assert!(verdict.changes.is_empty());
    assert_eq!(verdict.outcome.unwrap_err().crn, Crn::LOGIN_REQUIRED);
}
