//! Tests of the rule: see the file beside this directory.

use std::sync::Arc;

use super::{Around, ClientPatch, NewClient, covered, create, delete, disable, enable, update};
use crate::record::{
    Api, ApiScope, Audience, Client, ClientAuthentication, ClientKeys, ClientKind, ClientSecret,
    ClientState, GrantType, IdTokenAlgorithm, Project, ProjectState, Risk, Role, RoleBinding,
    Territory, TokenFormat, Trust, Visibility,
};
use crate::record::{AssertionRules, Holder};
use crate::rule::admin::access::Powers;
use crate::rule::admin::{Context, Decision};
use crate::store::{Catalog, Change};
use crate::value::{
    ApiId, BindingId, Counting, OrganizationId, ProjectNumber, Seconds, SecretDigest, SecretId,
    UnixTime, UserId, Version,
};
use carnet_jose::Algorithm;
use carnet_wire::crn::Crn;

const NOW: UnixTime = UnixTime(1_775_121_058);

const CONTEXT: Context<'static> = Context {
    now: NOW,
    actor: "user:2",
    address: "",
    trace: "T",
};

fn organization() -> OrganizationId {
    OrganizationId::mint(NOW, &mut Counting(1))
}

fn project(id: &str, organization: Option<OrganizationId>) -> Project {
    Project {
        id: id.parse().expect("an id"),
        number: ProjectNumber::mint(&mut Counting(2)),
        organization,
        title: "".parse().expect("a title"),
        audience: Audience::External,
        state: ProjectState::Active,
        assertions: AssertionRules::default(),
        created: NOW,
        changed: NOW,
        version: Version::FIRST,
    }
}

/// `invoices.read` for everybody, `invoices.secret` for the project `billing` and its organization.
fn catalog() -> Catalog {
    let scope = |name: &str, visibility| ApiScope {
        name: name.parse().expect("a scope"),
        title: "".parse().expect("a title"),
        detail: "".parse().expect("a detail"),
        risk: Risk::Read,
        visibility,
    };
    let api = Api {
        id: ApiId::mint(NOW, &mut Counting(3)),
        project: "billing".parse().expect("an id"),
        identifier: "https://api.acme.example/".parse().expect("an identifier"),
        title: "".parse().expect("a title"),
        tokens: TokenFormat::Jwt,
        algorithm: Algorithm::ES256,
        lifetime: Seconds(3_600),
        detail_types: Vec::new(),
        scopes: vec![
            scope("invoices.read", Visibility::Public),
            scope("invoices.secret", Visibility::Private),
        ],
        created: NOW,
        changed: NOW,
        version: Version::FIRST,
    };
    Catalog::new(vec![(Arc::new(api), Some(organization()))])
}

fn powers(role: Role, territory: Territory) -> Powers {
    let binding = RoleBinding {
        id: BindingId::mint(NOW, &mut Counting(4)),
        holder: Holder::User(UserId::mint(&mut Counting(5))),
        role,
        territory,
        created: NOW,
    };
    Powers {
        subject: vec![binding],
        ..Powers::default()
    }
}

fn owner_of_project() -> Powers {
    powers(
        Role::Owner,
        Territory::Project("billing".parse().expect("an id")),
    )
}

fn patch() -> ClientPatch {
    ClientPatch {
        title: Some("Ledgerly".parse().expect("a title")),
        ..ClientPatch::default()
    }
}

fn make(kind: ClientKind, settings: ClientPatch) -> Decision<Client> {
    make_by(&owner_of_project(), kind, settings)
}

fn make_by(powers: &Powers, kind: ClientKind, settings: ClientPatch) -> Decision<Client> {
    let (project, catalog) = (project("billing", Some(organization())), catalog());
    let around = Around {
        project: &project,
        catalog: &catalog,
        powers,
    };
    let new = NewClient {
        id: None,
        kind,
        settings,
    };
    create(new, &around, &CONTEXT, &mut Counting(6))
}

fn made(kind: ClientKind, settings: ClientPatch) -> Client {
    make(kind, settings).expect("made").record
}

fn change_by(
    powers: &Powers,
    client: &Client,
    patch: ClientPatch,
    secrets: &[ClientSecret],
) -> Decision<Client> {
    let (project, catalog) = (project("billing", Some(organization())), catalog());
    let around = Around {
        project: &project,
        catalog: &catalog,
        powers,
    };
    update(client.clone(), patch, secrets, &around, &CONTEXT)
}

fn change(client: &Client, patch: ClientPatch) -> Decision<Client> {
    change_by(&owner_of_project(), client, patch, &[])
}

fn pointers(decision: Decision<Client>) -> Vec<String> {
    let refused = decision.expect_err("wrong");
    assert_eq!(refused.crn, Crn::FIELD_WRONG, "{refused:?}");
    let pointers = refused.wrongs.into_iter().map(|wrong| wrong.pointer);
    pointers.collect()
}

fn uris(uris: &[&str]) -> ClientPatch {
    ClientPatch {
        redirect_uris: Some(uris.iter().map(|uri| uri.parse().expect("a URI")).collect()),
        ..patch()
    }
}

#[test]
fn a_kind_says_with_what_an_app_begins() {
    let code = [GrantType::AuthorizationCode, GrantType::RefreshToken];
    for (kind, authentication, grants) in [
        (
            ClientKind::Web,
            ClientAuthentication::SecretBasic,
            &code[..],
        ),
        (ClientKind::Browser, ClientAuthentication::None, &code[..]),
        (ClientKind::Native, ClientAuthentication::None, &code[..]),
        (
            ClientKind::Daemon,
            ClientAuthentication::SecretBasic,
            &[GrantType::ClientCredentials],
        ),
    ] {
        let client = made(kind, patch());
        assert_eq!(client.authentication, authentication, "{kind:?}");
        assert_eq!(client.grants, grants.iter().copied().collect(), "{kind:?}");
        assert!(client.require_pkce, "{kind:?}");
        assert!(client.id.as_str().starts_with("ledgerly-"), "{}", client.id);
        assert_eq!(client.trust, Trust::Unknown);
    }
    let client = made(ClientKind::Browser, uris(&["https://app.acme.example/cb"]));
    assert_eq!(client.origins[0].as_str(), "https://app.acme.example");
}

#[test]
fn rfc6749_2_1_a_public_app_has_no_secret_no_client_credentials_and_always_pkce() {
    let public = made(ClientKind::Native, patch());
    let without_pkce = ClientPatch {
        require_pkce: Some(false),
        ..patch()
    };
    assert_eq!(
        pointers(change(&public, without_pkce.clone())),
        ["/require_pkce"]
    );
    let for_itself = ClientPatch {
        grants: Some([GrantType::ClientCredentials].into()),
        ..patch()
    };
    assert_eq!(pointers(change(&public, for_itself)), ["/grants"]);
    let web = made(ClientKind::Web, patch());
    assert!(change(&web, without_pkce).is_ok(), "with a secret it may");
    let secret = ClientSecret {
        id: SecretId::mint(NOW, &mut Counting(7)),
        client: web.id.clone(),
        digest: SecretDigest::from_bytes([0; 32]),
        sealed: None,
        ends_in: "9f2c".to_owned(),
        created: NOW,
        expires: None,
        version: Version::FIRST,
    };
    let open = ClientPatch {
        authentication: Some(ClientAuthentication::None),
        ..patch()
    };
    let powers = owner_of_project();
    let refused = change_by(&powers, &web, open.clone(), &[secret]);
    assert_eq!(pointers(refused), ["/authentication"]);
    assert!(change(&web, open.clone()).is_ok());
    assert_eq!(
        pointers(make(ClientKind::Daemon, open)),
        ["/authentication", "/grants"]
    );
    let secretive = ClientPatch {
        authentication: Some(ClientAuthentication::SecretBasic),
        ..patch()
    };
    assert_eq!(
        pointers(make(ClientKind::Browser, secretive)),
        ["/authentication"]
    );
}

#[test]
fn rfc8252_7_1_a_scheme_of_its_own_is_for_native_apps() {
    let own = uris(&["com.acme.ledgerly:/cb", "http://127.0.0.1/cb"]);
    assert!(make(ClientKind::Native, own.clone()).is_ok());
    for kind in [ClientKind::Web, ClientKind::Browser] {
        assert_eq!(pointers(make(kind, own.clone())), ["/redirect_uris/0"]);
    }
    assert_eq!(pointers(make(ClientKind::Daemon, own)), ["/redirect_uris"]);
}

#[test]
fn redirect_uris_are_single_and_at_most_fifty() {
    let twice = uris(&[
        "https://a.example/cb",
        "https://b.example/cb",
        "https://a.example/cb",
    ]);
    assert_eq!(pointers(make(ClientKind::Web, twice)), ["/redirect_uris/2"]);
    let many: Vec<_> = (0..51)
        .map(|number| format!("https://a.example/{number}"))
        .collect();
    let many: Vec<_> = many.iter().map(String::as_str).collect();
    assert!(make(ClientKind::Web, uris(&many[..50])).is_ok());
    assert_eq!(
        pointers(make(ClientKind::Web, uris(&many))),
        ["/redirect_uris"]
    );
}

#[test]
fn grants_go_with_each_other_and_with_the_kind() {
    let grants = |grants: &[GrantType]| ClientPatch {
        grants: Some(grants.iter().copied().collect()),
        ..patch()
    };
    assert_eq!(pointers(make(ClientKind::Web, grants(&[]))), ["/grants"]);
    let alone = grants(&[GrantType::RefreshToken]);
    assert_eq!(pointers(make(ClientKind::Web, alone)), ["/grants"]);
    let all = grants(&GrantType::ALL);
    assert!(make(ClientKind::Web, all.clone()).is_ok());
    let people = make(ClientKind::Daemon, all);
    assert_eq!(pointers(people), ["/grants", "/grants"]);
    let device = grants(&[GrantType::DeviceCode, GrantType::RefreshToken]);
    for kind in [ClientKind::Web, ClientKind::Native, ClientKind::Device] {
        assert!(make(kind, device.clone()).is_ok());
    }
    assert_eq!(pointers(make(ClientKind::Browser, device)), ["/grants"]);
}

#[test]
fn a_scope_is_one_that_the_project_may_know_of() {
    let scopes = |scopes: &str, default: &str| ClientPatch {
        scopes: Some(scopes.parse().expect("a scope")),
        default_scopes: Some(default.parse().expect("a scope")),
        ..patch()
    };
    let known = scopes(
        "openid profile email offline_access invoices.read",
        "openid",
    );
    assert!(make(ClientKind::Web, known).is_ok());
    assert!(make(ClientKind::Web, scopes("invoices.secret", "")).is_ok());
    let refused = make(ClientKind::Web, scopes("invoices.raed address", ""));
    let wrongs = refused.expect_err("unknown").wrongs;
    assert_eq!(wrongs.len(), 2);
    assert!(
        wrongs[1].detail.ends_with("Closest: invoices.read"),
        "{}",
        wrongs[1].detail
    );
    let beyond = scopes("openid", "openid invoices.read");
    assert_eq!(pointers(make(ClientKind::Web, beyond)), ["/default_scopes"]);

    let (elsewhere, catalog) = (project("solo", None), catalog());
    let powers = powers(Role::Owner, Territory::Installation);
    let around = Around {
        project: &elsewhere,
        catalog: &catalog,
        powers: &powers,
    };
    let new = NewClient {
        id: None,
        kind: ClientKind::Web,
        settings: scopes("invoices.secret", ""),
    };
    let refused = create(new, &around, &CONTEXT, &mut Counting(6));
    assert_eq!(
        pointers(refused),
        ["/scopes"],
        "a private scope of others looks unknown"
    );
}

#[test]
fn lifetimes_have_bounds_and_an_order() {
    let lengths = |access, idle, absolute| ClientPatch {
        access_token: Some(Seconds(access)),
        refresh_idle: Some(Seconds(idle)),
        refresh_absolute: Some(Seconds(absolute)),
        ..patch()
    };
    assert!(make(ClientKind::Web, lengths(60, 60, 60)).is_ok());
    assert!(
        make(
            ClientKind::Web,
            lengths(43_200, 365 * 86_400, 1_825 * 86_400)
        )
        .is_ok()
    );
    let names = ["access_token", "refresh_idle", "refresh_absolute"];
    let all: Vec<_> = names
        .iter()
        .map(|name| format!("/lifetimes/{name}_seconds"))
        .collect();
    assert_eq!(pointers(make(ClientKind::Web, lengths(59, 59, 59))), all);
    let long = lengths(43_201, 366 * 86_400, 1_826 * 86_400);
    assert_eq!(pointers(make(ClientKind::Web, long)), all);
    let order = lengths(60, 61, 60);
    assert_eq!(pointers(make(ClientKind::Web, order)), &all[1..2]);
}

#[test]
fn lesson_11_the_whole_record_is_held_against_the_rules_at_each_change() {
    let sound = made(ClientKind::Native, patch());
    let rotten = Client {
        grants: [GrantType::ClientCredentials].into(),
        ..sound
    };
    let other = ClientPatch {
        title: Some("Another".parse().expect("a title")),
        ..ClientPatch::default()
    };
    assert_eq!(pointers(change(&rotten, other)), ["/grants"]);
}

#[test]
fn lesson_19_only_the_organization_says_whom_it_trusts_and_only_it_changes_such_an_app() {
    let trust = |trust| ClientPatch {
        trust: Some(trust),
        ..patch()
    };
    let (project, organization) = (
        owner_of_project(),
        powers(Role::Admin, Territory::Organization(organization())),
    );
    for trusted in [Trust::Own, Trust::Known] {
        let refused = make(ClientKind::Web, trust(trusted)).expect_err("not theirs to say");
        assert_eq!(refused.crn, Crn::ADMIN_ROLE);
        let done = make_by(&organization, ClientKind::Web, trust(trusted));
        let client = done.expect("made").record;
        for patch in [
            uris(&["https://attacker.example/cb"]),
            trust(Trust::Unknown),
        ] {
            let refused = change_by(&project, &client, patch.clone(), &[]);
            assert_eq!(
                refused.expect_err("not theirs to change").crn,
                Crn::ADMIN_ROLE
            );
            assert!(change_by(&organization, &client, patch, &[]).is_ok());
        }
        let place = self::project("billing", Some(self::organization()));
        assert!(covered(&client, &place, &project).is_err());
        assert!(covered(&client, &place, &organization).is_ok());
    }
    let viewer = powers(Role::Viewer, Territory::Installation);
    assert!(make_by(&viewer, ClientKind::Web, trust(Trust::Own)).is_err());
}

#[test]
fn what_changed_is_told_and_nothing_else() {
    let client = made(ClientKind::Web, patch());
    assert_eq!(change(&client, patch()).expect("nothing").changes, []);
    let done = change(&client, uris(&["https://a.example/cb"])).expect("changed");
    assert_eq!(done.record.version, client.version.next());
    let [Change::Replace(_), Change::Audited(draft)] = done.changes.as_slice() else {
        panic!("{:?}", done.changes);
    };
    assert_eq!(draft.target, format!("client:{}", client.id));
    assert_eq!(
        draft.detail,
        r#"{"project":"billing","redirect_uris":"https://a.example/cb"}"#
    );
}

#[test]
fn a_disabled_app_says_since_when_and_is_enabled_again() {
    let client = made(ClientKind::Web, patch());
    let reason = |text: &str| text.parse().expect("a reason");
    let disabled = disable(client, reason("leaked"), &CONTEXT)
        .expect("disabled")
        .record;
    let state = ClientState::Disabled {
        since: NOW,
        reason: reason("leaked"),
    };
    assert_eq!(disabled.state, state);
    let later = Context {
        now: NOW + Seconds(9),
        ..CONTEXT
    };
    let again = disable(disabled.clone(), reason(""), &later).expect("already");
    assert_eq!((again.record.state, again.changes), (state, vec![]));
    let enabled = enable(disabled, &later).expect("enabled").record;
    assert_eq!(enabled.state, ClientState::Active);
    assert_eq!(
        enable(enabled.clone(), &later).expect("already").changes,
        []
    );
    assert_eq!(delete(enabled, &later).expect("deleted").changes.len(), 2);
}

#[test]
fn rfc8252_8_2_tokens_come_through_the_browser_to_web_and_browser_apps_alone() {
    let on = || ClientPatch {
        implicit: Some(true),
        ..patch()
    };
    for kind in [ClientKind::Web, ClientKind::Browser] {
        assert!(!made(kind, patch()).legacy.implicit, "off by default");
        assert!(made(kind, on()).legacy.implicit);
    }
    for kind in [ClientKind::Native, ClientKind::Device, ClientKind::Daemon] {
        assert_eq!(pointers(make(kind, on())), ["/legacy/implicit"], "{kind:?}");
    }
    let bound = ClientPatch {
        require_dpop: Some(true),
        ..on()
    };
    assert_eq!(pointers(make(ClientKind::Web, bound)), ["/legacy/implicit"]);
    let client = made(ClientKind::Web, on());
    let bound = ClientPatch {
        certificate_bound: Some(true),
        ..patch()
    };
    assert_eq!(pointers(change(&client, bound)), ["/legacy/implicit"]);
}

#[test]
fn rfc9700_4_14_2_rotation_is_off_only_with_a_proof() {
    let off = || ClientPatch {
        refresh_token_rotation: Some(false),
        ..patch()
    };
    assert!(made(ClientKind::Web, patch()).refresh_token_rotation);
    assert!(!made(ClientKind::Web, off()).refresh_token_rotation);
    for kind in [ClientKind::Browser, ClientKind::Native, ClientKind::Device] {
        let refused = pointers(make(kind, off()));
        assert_eq!(refused, ["/refresh_token_rotation"], "{kind:?}");
    }
    let bound = ClientPatch {
        require_dpop: Some(true),
        ..off()
    };
    let client = made(ClientKind::Native, bound);
    assert!(!client.refresh_token_rotation);
    let unbound = ClientPatch {
        require_dpop: Some(false),
        ..patch()
    };
    assert_eq!(
        pointers(change(&client, unbound)),
        ["/refresh_token_rotation"]
    );
    let public = ClientPatch {
        authentication: Some(ClientAuthentication::None),
        ..patch()
    };
    let refused = pointers(change(&made(ClientKind::Web, off()), public));
    assert_eq!(refused, ["/refresh_token_rotation"]);
}

#[test]
fn rfc9101_10_5_who_must_sign_has_a_key() {
    let signs = || ClientPatch {
        require_signed_request_object: Some(true),
        ..patch()
    };
    let refused = pointers(make(ClientKind::Web, signs()));
    assert_eq!(refused, ["/require_signed_request_object"]);
    let keys = ClientKeys::At("https://app.example/keys".parse().expect("a page"));
    let with = ClientPatch {
        keys: Some(Some(keys)),
        ..signs()
    };
    let client = made(ClientKind::Web, with);
    assert!(client.require_signed_request_object);
    let without = ClientPatch {
        keys: Some(None),
        ..patch()
    };
    let refused = pointers(change(&client, without));
    assert_eq!(refused, ["/require_signed_request_object"]);
}

#[test]
fn oidc_registration_2_an_algorithm_of_assertions_fits_the_method() {
    let with = |name: &str, authentication, keys: bool| {
        let page = "https://app.example/keys".parse().expect("a page");
        ClientPatch {
            authentication: Some(authentication),
            keys: keys.then(|| Some(ClientKeys::At(page))),
            assertion_algorithm: Some(Some(name.parse().expect("an algorithm"))),
            ..patch()
        }
    };
    let key = ClientAuthentication::PrivateKeyJwt;
    let secret = ClientAuthentication::SecretJwt;
    for (name, method, keys) in [("ES256", key, true), ("HS512", secret, false)] {
        let client = made(ClientKind::Web, with(name, method, keys));
        assert_eq!(
            client
                .algorithms
                .assertion
                .map(crate::record::AssertionAlgorithm::as_str),
            Some(name)
        );
        let away = ClientPatch {
            assertion_algorithm: Some(None),
            ..patch()
        };
        let changed = change(&client, away).expect("a change").record;
        assert_eq!(changed.algorithms.assertion, None);
    }
    for (name, method, keys) in [
        ("HS256", key, true),
        ("RS256", secret, false),
        ("ES256", ClientAuthentication::SecretBasic, false),
    ] {
        let refused = pointers(make(ClientKind::Web, with(name, method, keys)));
        assert_eq!(refused, ["/token_endpoint_auth_signing_alg"], "{name}");
    }
    assert!("none".parse::<IdTokenAlgorithm>().is_err());
    assert!("HS256".parse::<IdTokenAlgorithm>().is_err());
}

/// Whoever makes an app for people makes one that can sign them in; what is said holds.
#[test]
fn an_app_for_people_may_ask_who_they_are_unless_it_is_said_otherwise() {
    let redirected = |scopes: Option<&str>| ClientPatch {
        redirect_uris: Some(vec!["https://app.example/cb".parse().expect("a URI")]),
        scopes: scopes.map(|scopes| scopes.parse().expect("scopes")),
        ..patch()
    };
    let asks = |kind, scopes| made(kind, redirected(scopes)).scopes.to_string();
    assert_eq!(asks(ClientKind::Web, None), "email openid profile");
    assert_eq!(asks(ClientKind::Browser, None), "email openid profile");
    assert_eq!(
        asks(ClientKind::Web, Some("invoices.read")),
        "invoices.read"
    );
    assert_eq!(asks(ClientKind::Web, Some("")), "");
    assert_eq!(made(ClientKind::Daemon, patch()).scopes.to_string(), "");
}
