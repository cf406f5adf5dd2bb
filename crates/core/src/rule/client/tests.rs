//! Client authentication, as a function.

use std::sync::Arc;

use carnet_wire::crn::Crn;
use carnet_wire::scope::Scope;

use super::At;
use super::Authenticated;
use super::Facts;
use super::Presented;
use super::Proof;
use crate::record::About;
use crate::record::AssertionRules;
use crate::record::Audience;
use crate::record::Client;
use crate::record::ClientAlgorithms;
use crate::record::ClientAuthentication;
use crate::record::ClientKind;
use crate::record::ClientSecret;
use crate::record::ClientSource;
use crate::record::ClientState;
use crate::record::Credentials;
use crate::record::GrantType;
use crate::record::Lifetimes;
use crate::record::Project;
use crate::record::ProjectState;
use crate::record::Trust;
use crate::rule::Refusal;
use crate::store::ClientSnapshot;
use crate::store::ProjectSnapshot;
use crate::value::Counting;
use crate::value::ProjectNumber;
use crate::value::Secret;
use crate::value::SecretId;
use crate::value::UnixTime;
use crate::value::Version;

const NOW: UnixTime = UnixTime(1_775_121_058);

/// Decides, here and now.
fn authenticate(
    presented: &Presented,
    facts: Facts,
    now: UnixTime,
) -> Result<Authenticated, Refusal> {
    let issuer = "https://auth.acme.example";
    super::authenticate(presented, facts, At { now, issuer }).outcome
}

fn secret(text: &str, expires: Option<UnixTime>) -> ClientSecret {
    ClientSecret {
        id: SecretId::mint(NOW, &mut Counting(0)),
        client: "demo-web".parse().unwrap(),
        digest: Secret::new(text.to_owned()).digest(),
        sealed: None,
        ends_in: String::new(),
        created: NOW,
        expires,
        version: Version::FIRST,
    }
}

fn client(authentication: ClientAuthentication) -> Client {
    Client {
        id: "demo-web".parse().unwrap(),
        project: "demo".parse().unwrap(),
        title: "Demo".parse().unwrap(),
        kind: ClientKind::Daemon,
        authentication,
        redirect_uris: Vec::new(),
        origins: Vec::new(),
        grants: [GrantType::ClientCredentials].into(),
        scopes: Scope::default(),
        default_scopes: Scope::default(),
        credentials: Credentials::default(),
        require_pkce: true,
        require_par: false,
        require_signed_request_object: false,
        algorithms: ClientAlgorithms::default(),
        require_dpop: false,
        refresh_token_rotation: true,
        exchange: crate::record::Exchange::default(),
        legacy: crate::record::Legacy::default(),
        certificate_bound: false,
        lifetimes: Lifetimes::default(),
        about: About::default(),
        trust: Trust::Unknown,
        source: ClientSource::Admin,
        state: ClientState::Active,
        created: NOW,
        changed: NOW,
        version: Version::FIRST,
    }
}

fn facts(client: Client, secrets: Vec<ClientSecret>, state: ProjectState) -> Facts {
    let project = Project {
        id: client.project.clone(),
        number: ProjectNumber::mint(&mut Counting(0)),
        organization: None,
        title: "Demo".parse().unwrap(),
        audience: Audience::External,
        state,
        assertions: AssertionRules::default(),
        created: NOW,
        changed: NOW,
        version: Version::FIRST,
    };
    let project = ProjectSnapshot {
        project,
        policies: Vec::new(),
    };
    let client = ClientSnapshot { client, secrets };
    Facts {
        client: Some((Arc::new(client), Arc::new(project))),
        opened: Vec::new(),
        fetched: None,
    }
}

fn presented(proof: Proof) -> Presented {
    Presented {
        id: "demo-web".to_owned(),
        proof,
        certificate: None,
    }
}

fn basic(text: &str) -> Presented {
    presented(Proof::Basic(Secret::new(text.to_owned())))
}

fn post(text: &str) -> Presented {
    presented(Proof::Post(Secret::new(text.to_owned())))
}

fn two() -> Vec<ClientSecret> {
    let ends = Some(UnixTime(NOW.0 + 60));
    vec![secret("older", ends), secret("newer", None)]
}

fn why(refusal: &Refusal) -> &str {
    let (_, why) = refusal
        .story
        .iter()
        .find(|(name, _)| *name == "why")
        .unwrap();
    why
}

#[test]
fn rfc6749_2_3_1_both_live_secrets_prove_the_client_by_its_method() {
    let of = |method| facts(client(method), two(), ProjectState::Active);
    for text in ["older", "newer"] {
        let with = of(ClientAuthentication::SecretBasic);
        let proved = authenticate(&basic(text), with, NOW).unwrap();
        assert!(proved.is_confidential());
        assert_eq!(proved.client().id.as_str(), "demo-web");
        let with = of(ClientAuthentication::SecretPost);
        assert!(authenticate(&post(text), with, NOW).is_ok());
    }
}

#[test]
fn rfc6749_2_1_a_public_client_is_believed_its_name_and_no_more() {
    let with = facts(
        client(ClientAuthentication::None),
        Vec::new(),
        ProjectState::Active,
    );
    let said = authenticate(&presented(Proof::Nothing), with, NOW).unwrap();
    assert!(!said.is_confidential());
}

#[test]
fn rfc6749_5_2_every_failure_reads_alike_and_the_story_tells_which() {
    use ClientAuthentication::None as Public;
    use ClientAuthentication::SecretBasic as Basic;
    let disabled = Client {
        state: ClientState::Disabled {
            since: NOW,
            reason: "".parse().unwrap(),
        },
        ..client(Basic)
    };
    let suspended = ProjectState::Suspended { since: NOW };
    let at_the_end = UnixTime(NOW.0 + 60);
    let active = || ProjectState::Active;
    let ours = || facts(client(Basic), two(), active());
    let cases = [
        (basic("newer"), Facts::default(), NOW, "unknown client"),
        (basic("wrong"), ours(), NOW, "wrong secret"),
        (basic(""), ours(), NOW, "wrong secret"),
        (basic("older"), ours(), at_the_end, "expired secret"),
        (post("newer"), ours(), NOW, "another method"),
        (presented(Proof::Nothing), ours(), NOW, "another method"),
        (
            basic("newer"),
            facts(client(Public), two(), active()),
            NOW,
            "another method",
        ),
        (
            basic("newer"),
            facts(disabled, two(), active()),
            NOW,
            "out of service",
        ),
        (
            basic("newer"),
            facts(client(Basic), two(), suspended),
            NOW,
            "out of service",
        ),
        (
            basic("x"),
            facts(client(Basic), Vec::new(), active()),
            NOW,
            "wrong secret",
        ),
    ];
    let mut texts = Vec::new();
    for (presented, facts, now, expected) in cases {
        let refusal = authenticate(&presented, facts, now).unwrap_err();
        assert_eq!(refusal.crn, Crn::CLIENT_AUTHENTICATION_FAILED);
        assert_eq!(why(&refusal), expected);
        texts.push(refusal.description());
    }
    texts.dedup();
    assert_eq!(texts.len(), 1, "{texts:?}");
}

#[test]
fn a_secret_that_was_rolled_is_named_to_the_owner() {
    let now = UnixTime(NOW.0 + 60);
    let with = facts(
        client(ClientAuthentication::SecretBasic),
        two(),
        ProjectState::Active,
    );
    let refusal = authenticate(&basic("older"), with, now).unwrap_err();
    let rolled = Crn::CLIENT_SECRET_ROLLED.to_string();
    assert!(refusal.story.contains(&("cause", rolled)));
    let story = format!("{:?} {}", refusal.story, refusal.description());
    assert!(!story.contains("older"), "what was sent is never told");
}
