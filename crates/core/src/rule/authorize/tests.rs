//! The authorization endpoint as functions: each row of its table of refusals, and each step.

use carnet_wire::authorize::AuthorizeErrorCode;
use carnet_wire::crn::Crn;

use super::Answer;
use super::Choice;
use super::Expected;
use super::Moment;
use super::Step;
use super::decide;
use super::error_code;
use crate::record::Audience;
use crate::record::ClientAuthentication;
use crate::record::ClientKind;
use crate::record::ClientState;
use crate::record::GrantType;
use crate::record::PolicyRule;
use crate::record::ProjectState;
use crate::record::Trust;
use crate::record::UserState;
use crate::rule::Verdict;
use crate::rule::grant::authorization_code::Code;
use crate::rule::sample::API;
use crate::rule::sample::NOW;
use crate::rule::sample::Sample;
use crate::rule::sample::context;
use crate::rule::sample::query;
use crate::rule::sample::scope;
use crate::store::Change;
use crate::store::Record;
use crate::value::Counting;
use crate::value::UserId;

async fn no(sample: &Sample, query: &str) -> Crn {
    match sample.step(query).await {
        Err(refusal) => refusal.crn,
        Ok(step) => panic!("{step:?}"),
    }
}

#[tokio::test]
async fn rfc6749_4_1_2_1_no_app_and_one_out_of_service_are_one_answer() {
    let sample = Sample::new();
    let unknown = query("").replace("ledgerly&", "nobody&");
    let first = sample.destination(&unknown).await.unwrap_err();
    assert_eq!(first.crn, Crn::CLIENT_UNKNOWN);
    let never = query("").replace("ledgerly&", "%20&");
    assert_eq!(no(&sample, &never).await, Crn::CLIENT_UNKNOWN);

    let mut disabled = Sample::new();
    disabled.client.state = ClientState::Disabled {
        since: NOW,
        reason: "".parse().unwrap(),
    };
    assert_eq!(no(&disabled, &query("")).await, Crn::CLIENT_UNKNOWN);
    let mut suspended = Sample::new();
    suspended.project.state = ProjectState::Suspended { since: NOW };
    let refusal = suspended.destination(&query("")).await.unwrap_err();
    let same = first.detail.replace("nobody", "ledgerly");
    assert_eq!((refusal.crn, refusal.detail), (Crn::CLIENT_UNKNOWN, same));
}

#[tokio::test]
async fn lesson_8_and_34_a_redirect_uri_is_compared_letter_by_letter() {
    let sample = Sample::new();
    for wrong in [
        "https%3A%2F%2Fledgerly.example%2Fcallback%2F",
        "https%3A%2F%2Fledgerly.example%2FCallback",
        "https%3A%2F%2Fledgerly.example%2Fcallback%3Fa%3Db",
        "https%3A%2F%2Fledgerly.example.evil.test%2Fcallback",
        "https%3A%2F%2Fa%40%40ledgerly.example%2Fcallback",
        "https%3A%2F%2Fledgerly.example%2F..%3B%2Fcallback",
        "x",
    ] {
        let query = query("").replace("https%3A%2F%2Fledgerly.example%2Fcallback", wrong);
        assert_eq!(no(&sample, &query).await, Crn::REDIRECT_URI, "{wrong}");
    }
}

#[tokio::test]
async fn ux_4_4_by_which_hair_a_redirect_uri_failed_is_told_to_the_owner_alone() {
    let sample = Sample::new();
    let slash = query("").replace("callback", "callback%2F");
    let refusal = sample.destination(&slash).await.unwrap_err();
    assert!(
        refusal
            .detail
            .contains("https://ledgerly.example/callback/")
    );
    assert!(!refusal.detail.contains("trailing"));
    assert!(
        refusal
            .story
            .contains(&("difference", "trailing_slash".to_owned()))
    );
}

#[tokio::test]
async fn rfc6749_3_1_2_3_a_redirect_uri_is_left_out_only_where_one_is_registered() {
    let mut sample = Sample::new();
    let query = query("").replace(
        "&redirect_uri=https%3A%2F%2Fledgerly.example%2Fcallback",
        "",
    );
    let destination = sample.destination(&query).await.unwrap();
    assert_eq!(
        destination.redirect_uri(),
        "https://ledgerly.example/callback"
    );
    let another = "https://ledgerly.example/other".parse().unwrap();
    sample.client.redirect_uris.push(another);
    assert_eq!(no(&sample, &query).await, Crn::REDIRECT_URI);
}

#[tokio::test]
async fn rfc6749_4_1_2_1_each_wrong_request_has_its_code() {
    use AuthorizeErrorCode as Code;
    let sample = Sample::new();
    let rows = [
        (
            "&request=eyJ",
            Crn::REQUEST_OBJECT,
            Code::InvalidRequestObject,
        ),
        ("&scope=nothing", Crn::SCOPE_UNKNOWN, Code::InvalidScope),
        (
            "&scope=openid+secret",
            Crn::SCOPE_UNKNOWN,
            Code::InvalidScope,
        ),
        ("&scope=profile", Crn::SCOPE_UNKNOWN, Code::InvalidScope),
        (
            "&resource=https://nowhere.example",
            Crn::RESOURCE_UNKNOWN,
            Code::InvalidTarget,
        ),
        (
            "&resource=https://other.example",
            Crn::RESOURCE_UNKNOWN,
            Code::InvalidTarget,
        ),
        (
            "&max_age=-1",
            Crn::AUTHORIZE_PARAMETER,
            Code::InvalidRequest,
        ),
        ("&prompt=none+login", Crn::PROMPT, Code::InvalidRequest),
        (
            "&response_mode=web",
            Crn::RESPONSE_MODE,
            Code::InvalidRequest,
        ),
    ];
    for (more, crn, code) in rows {
        assert_eq!(no(&sample, &query(more)).await, crn, "{more}");
        assert_eq!(error_code(crn), code, "{more}");
    }
    for kind in ["token", "id_token", "code+id_token", "none", "code+code"] {
        let query = query("").replace("response_type=code", &format!("response_type={kind}"));
        assert_eq!(no(&sample, &query).await, Crn::RESPONSE_TYPE, "{kind}");
    }
    let mut other = Sample::new();
    other.client.grants = [GrantType::ClientCredentials].into();
    assert_eq!(no(&other, &query("")).await, Crn::GRANT_NOT_REGISTERED);
    assert_eq!(
        error_code(Crn::GRANT_NOT_REGISTERED),
        Code::UnauthorizedClient
    );
}

#[tokio::test]
async fn rfc9700_2_1_1_pkce_is_needed_with_s256() {
    let mut sample = Sample::new().agreed("read");
    let (before, after) = (query(""), query(""));
    let start = before.split("&code_challenge=").next().unwrap();
    assert_eq!(no(&sample, start).await, Crn::PKCE_MISSING);
    let plain = after.replace("S256", "plain");
    assert_eq!(no(&sample, &plain).await, Crn::PKCE_MISSING);
    sample.client.require_pkce = false;
    assert!(matches!(sample.step(start).await, Ok(Step::Give(_))));
    assert_eq!(no(&sample, &plain).await, Crn::PKCE_MISSING);
    sample.client.authentication = ClientAuthentication::None;
    assert_eq!(no(&sample, start).await, Crn::PKCE_MISSING);
}

#[tokio::test]
async fn rfc6749_3_3_who_asks_for_nothing_gets_the_apps_own_choice() {
    let mut sample = Sample::new().agreed("read");
    let code = sample.code(&query("")).await;
    assert_eq!(code.scope, scope("read"));
    assert_eq!(code.audience, [API.parse().unwrap()]);
    sample.client.default_scopes = scope("");
    assert_eq!(no(&sample, &query("")).await, Crn::SCOPE_EMPTY);
}

#[tokio::test]
async fn oidc_3_1_2_1_who_is_not_signed_in_freshly_signs_in() {
    let sample = Sample::new().agreed("read");
    let quiet = query("&prompt=none&max_age=99");
    assert_eq!(no(&sample, &quiet).await, Crn::LOGIN_REQUIRED);
    for more in [
        "&prompt=login",
        "&prompt=select_account",
        "&max_age=99",
        "&max_age=0",
    ] {
        let step = sample.step(&query(more)).await.unwrap();
        assert!(matches!(step, Step::SignIn), "{more}: {step:?}");
        let step = sample.step_answered(&query(more), true).await.unwrap();
        assert!(matches!(step, Step::Give(_)), "{more}: {step:?}");
    }
    let step = sample.step(&query("&max_age=100")).await.unwrap();
    assert!(matches!(step, Step::Give(_)), "{step:?}");
}

#[tokio::test]
async fn oidc_3_1_2_1_whom_the_app_does_not_expect_it_is_not_told_of() {
    let sample = Sample::new().agreed("read");
    let (asked, destination) = sample.asked(&query("")).await.unwrap();
    let other = Expected::Person(UserId::mint(&mut Counting(9)));
    let own = Expected::Person(sample.user.id.clone());
    let step = |expected: &Expected, none: bool, answered: bool| {
        let mut asked = asked.clone().expecting(Some(expected.clone()));
        asked.prompt.none = none;
        let moment = Moment { answered, now: NOW };
        let (facts, catalog) = (sample.facts(), sample.catalog());
        let entropy = &mut Counting(1);
        match decide(
            &asked,
            &destination,
            Some(&facts),
            &catalog,
            (moment, entropy),
        ) {
            Ok(Step::Give(_)) => "code",
            Ok(Step::SignIn) => "sign in",
            Err(no) if no.crn == Crn::LOGIN_REQUIRED => "login_required",
            _ => "another",
        }
    };
    for (expected, none, answered, wanted) in [
        (&own, false, false, "code"),
        (&own, true, false, "code"),
        (&other, false, false, "sign in"),
        (&other, true, false, "login_required"),
        (&other, false, true, "login_required"),
        (&Expected::Unknown, false, false, "sign in"),
        (&Expected::Unknown, true, false, "login_required"),
        (&Expected::Unknown, false, true, "code"),
    ] {
        assert_eq!(
            step(expected, none, answered),
            wanted,
            "{expected:?} {none} {answered}"
        );
    }
}

#[tokio::test]
async fn lesson_22_a_session_that_ended_and_a_suspended_person_sign_in() {
    let mut ended = Sample::new().agreed("read");
    ended.session.idle_ends = NOW;
    assert!(matches!(ended.step(&query("")).await, Ok(Step::SignIn)));
    let mut suspended = Sample::new().agreed("read");
    suspended.user.state = UserState::Suspended {
        since: NOW,
        reason: "".parse().unwrap(),
    };
    assert!(matches!(suspended.step(&query("")).await, Ok(Step::SignIn)));
    let quiet = query("&prompt=none");
    assert_eq!(no(&suspended, &quiet).await, Crn::LOGIN_REQUIRED);
}

#[tokio::test]
async fn a_person_is_asked_for_what_is_new_and_marked_so() {
    let sample = Sample::new().agreed("read openid");
    let asked = query("&scope=openid+read+write+offline_access");
    let Ok(Step::Ask(question)) = sample.step(&asked).await else {
        panic!("not asked");
    };
    let shown: Vec<_> = question
        .permissions
        .iter()
        .map(|one| (&*one.scope, one.new, one.choice))
        .collect();
    let unticked = Choice::Optional { ticked: false };
    assert_eq!(
        shown,
        [
            ("offline_access", true, unticked),
            ("openid", false, Choice::Required),
            ("read", false, Choice::Required),
            ("write", true, unticked),
        ]
    );
    let quiet = format!("{asked}&prompt=none");
    let refusal = sample.step(&quiet).await.unwrap_err();
    assert_eq!(refusal.crn, Crn::CONSENT_REQUIRED);
    assert!(refusal.detail.ends_with("new scopes: offline_access write"));
}

#[tokio::test]
async fn one_s_own_app_is_not_asked_for_unless_it_wants_to_be() {
    let mut sample = Sample::new();
    sample.client.trust = Trust::Own;
    assert!(matches!(sample.step(&query("")).await, Ok(Step::Give(_))));
    let again = query("&prompt=consent");
    assert!(matches!(sample.step(&again).await, Ok(Step::Ask(_))));
}

#[tokio::test]
async fn rfc8252_8_6_a_program_that_can_be_imitated_is_asked_for_each_time() {
    let mut sample = Sample::new().agreed("read");
    sample.client.kind = ClientKind::Native;
    assert!(matches!(sample.step(&query("")).await, Ok(Step::Give(_))));
    sample.client.redirect_uris = vec!["http://127.0.0.1/callback".parse().unwrap()];
    let local = query("").replace(
        "https%3A%2F%2Fledgerly.example%2F",
        "http%3A%2F%2F127.0.0.1%3A9%2F",
    );
    assert!(matches!(sample.step(&local).await, Ok(Step::Ask(_))));
    let quiet = format!("{local}&prompt=none");
    assert_eq!(no(&sample, &quiet).await, Crn::CONSENT_REQUIRED);
}

#[tokio::test]
async fn rfc8252_8_6_neither_kind_nor_trust_assures_who_waits_on_the_computer() {
    let places = [
        ("http://127.0.0.1/callback", "http%3A%2F%2F127.0.0.1%3A9%2F"),
        ("com.example.app:/callback", "com.example.app%3A%2F"),
    ];
    for (registered, sent) in places {
        for kind in [ClientKind::Native, ClientKind::Browser, ClientKind::Web] {
            for trust in [Trust::Own, Trust::Known, Trust::Unknown] {
                let mut sample = Sample::new().agreed("read");
                (sample.client.kind, sample.client.trust) = (kind, trust);
                sample.client.redirect_uris = vec![registered.parse().unwrap()];
                let query = query("").replace("https%3A%2F%2Fledgerly.example%2F", sent);
                let quiet = format!("{query}&prompt=none");
                // With a secret of its own, a program that only says its name gets no further than a code.
                let proves = kind != ClientKind::Native;
                assert_eq!(
                    matches!(sample.step(&quiet).await, Ok(Step::Give(_))),
                    proves,
                    "{registered} {kind:?} {trust:?}"
                );
                sample.client.authentication = ClientAuthentication::None;
                let step = sample.step(&query).await;
                assert!(
                    matches!(step, Ok(Step::Ask(_))),
                    "{registered} {kind:?} {trust:?}"
                );
                assert_eq!(no(&sample, &quiet).await, Crn::CONSENT_REQUIRED);
            }
        }
    }
}

#[tokio::test]
async fn rfc8707_2_a_resource_of_which_nothing_is_asked_is_no_target() {
    let sample = Sample::new();
    let at = |more: &str| {
        query(&format!(
            "&resource=https://api.acme.example/invoices{more}"
        ))
    };
    for more in ["&scope=openid", "&scope=openid+email"] {
        let refusal = sample.step(&at(more)).await.unwrap_err();
        assert_eq!(refusal.crn, Crn::RESOURCE_UNKNOWN, "{more}");
        assert_eq!(error_code(refusal.crn), AuthorizeErrorCode::InvalidTarget);
    }
    // The app's own choice, where the request names no scope, is of the API.
    for more in ["", "&scope=read", "&scope=openid+write"] {
        let (asked, _) = sample.asked(&at(more)).await.unwrap();
        assert_eq!(asked.audience, [API.parse().unwrap()], "{more}");
    }
    // Whoever says nothing, and by default would get nothing of it, reads it: clients of MCP name where they go, and no scope.
    let mut bare = Sample::new();
    bare.client.default_scopes = scope("openid");
    assert_eq!(no(&bare, &at("")).await, Crn::RESOURCE_UNKNOWN);
    bare.api.scopes[0].risk = crate::record::Risk::Read;
    let (asked, _) = bare.asked(&at("")).await.unwrap();
    assert_eq!(asked.scope.to_string(), "openid read");
    assert_eq!(asked.audience, [API.parse().unwrap()]);
    bare.client.scopes = scope("openid");
    assert_eq!(no(&bare, &at("")).await, Crn::RESOURCE_UNKNOWN);
    // Userinfo is asked for with openid alone.
    let own = |more: &str| query(&format!("&resource=urn:carnet:userinfo{more}"));
    assert!(sample.asked(&own("&scope=openid+read")).await.is_ok());
    assert_eq!(
        no(&sample, &own("&scope=read")).await,
        Crn::RESOURCE_UNKNOWN
    );
}

#[tokio::test]
async fn rfc9396_2_a_detail_is_something_of_its_api_and_is_shown_for_own_apps_too() {
    let mut sample = Sample::new();
    sample.client.trust = Trust::Own;
    sample.api.detail_types = vec![crate::record::DetailType {
        name: "pay".parse().unwrap(),
        title: "Pay".parse().unwrap(),
        detail: "".parse().unwrap(),
        fields: None,
    }];
    let detailed = query(
        "&scope=openid&resource=https://api.acme.example/invoices\
         &authorization_details=%5B%7B%22type%22%3A%22pay%22%7D%5D",
    );
    let (asked, _) = sample.asked(&detailed).await.unwrap();
    assert_eq!(asked.audience, [API.parse().unwrap()]);
    assert!(matches!(sample.step(&detailed).await, Ok(Step::Ask(_))));
    let quiet = format!("{detailed}&prompt=none");
    assert_eq!(no(&sample, &quiet).await, Crn::CONSENT_REQUIRED);
}

#[tokio::test]
async fn a_policy_leaves_nothing_to_agree_to() {
    let mut sample = Sample::new().agreed("read");
    sample.policy(PolicyRule::BlockScopes {
        scopes: scope("read"),
        except: Vec::new(),
    });
    let Ok(Step::Ask(question)) = sample.step(&query("")).await else {
        panic!("not asked");
    };
    let admin = question.admin.unwrap();
    assert_eq!(admin.crn, Crn::POLICY_BLOCKS_SCOPE);
    assert_eq!(error_code(admin.crn), AuthorizeErrorCode::AccessDenied);
    let quiet = query("&prompt=none");
    assert_eq!(no(&sample, &quiet).await, Crn::POLICY_BLOCKS_SCOPE);
    let verdict = said(&sample, &query(""), YES, false).await;
    assert_eq!(verdict.outcome.unwrap_err().crn, Crn::POLICY_BLOCKS_SCOPE);
}

#[tokio::test]
async fn an_app_of_one_organization_is_not_for_people_of_another() {
    let mut sample = Sample::new().agreed("read");
    sample.project.audience = Audience::Internal;
    assert!(matches!(sample.step(&query("")).await, Ok(Step::Give(_))));
    sample.project.organization = None;
    let step = sample.step(&query("")).await;
    assert!(matches!(step, Ok(Step::NotForYou(_))), "{step:?}");
    let quiet = query("&prompt=none");
    assert_eq!(no(&sample, &quiet).await, Crn::INTERNAL_ONLY);
}

const YES: Answer<'static> = Answer {
    allow: true,
    ticked: &[],
};

async fn said(sample: &Sample, query: &str, answer: Answer<'_>, answered: bool) -> Verdict<Code> {
    let (asked, destination) = sample.asked(query).await.unwrap();
    let (facts, catalog) = (sample.facts(), sample.catalog());
    super::answer(
        (&asked, &destination, &facts),
        answer,
        &catalog,
        (answered, &context(NOW)),
        &mut Counting(80),
    )
}

fn remembered(verdict: &Verdict<Code>) -> String {
    let scopes = match verdict.changes.as_slice() {
        [
            Change::Insert(Record::Consent(consent)) | Change::Replace(Record::Consent(consent)),
            Change::Audited(entry),
        ] if entry.action == "consent.allow" => &consent.scopes,
        other => panic!("{other:?}"),
    };
    let names: Vec<_> = scopes.keys().map(ToString::to_string).collect();
    names.join(" ")
}

#[tokio::test]
async fn a_yes_grants_what_was_asked_and_ticked_and_is_remembered() {
    let sample = Sample::new();
    let asked = query("&scope=openid+read+write+offline_access");
    let ticked = Answer {
        allow: true,
        ticked: &["write", "email", "read read"],
    };
    let verdict = said(&sample, &asked, ticked, false).await;
    assert_eq!(remembered(&verdict), "openid read write");
    let code = verdict.outcome.unwrap();
    assert_eq!(code.scope, scope("openid read write"));
    assert_eq!(code.authenticated, sample.session.created);
}

#[tokio::test]
async fn what_is_left_out_of_a_new_yes_is_forgotten_and_what_was_not_asked_is_kept() {
    let sample = Sample::new().agreed("read write email");
    let asked = query("&scope=openid+read+write");
    let verdict = said(&sample, &asked, YES, false).await;
    assert_eq!(remembered(&verdict), "email openid read");
}

#[tokio::test]
async fn rfc6749_4_1_2_1_a_no_is_access_denied_and_writes_nothing() {
    let answer = Answer {
        allow: false,
        ticked: &["read"],
    };
    let verdict = said(&Sample::new(), &query(""), answer, false).await;
    assert!(verdict.changes.is_empty());
    let crn = verdict.outcome.unwrap_err().crn;
    assert_eq!(error_code(crn), AuthorizeErrorCode::AccessDenied);
    let only = query("&scope=read+write");
    let mut sample = Sample::new();
    sample.client.default_scopes = scope("");
    let verdict = said(&sample, &only, YES, false).await;
    assert_eq!(verdict.outcome.unwrap_err().crn, Crn::USER_DENIED);
}

#[tokio::test]
async fn lesson_7_an_old_page_is_judged_as_if_it_had_just_come() {
    let mut sample = Sample::new();
    sample.session.ends = NOW;
    let verdict = said(&sample, &query(""), YES, false).await;
    assert!(verdict.changes.is_empty());
    assert_eq!(verdict.outcome.unwrap_err().crn, Crn::LOGIN_REQUIRED);

    let login = query("&prompt=login");
    let sample = Sample::new();
    let verdict = said(&sample, &login, YES, false).await;
    assert_eq!(verdict.outcome.unwrap_err().crn, Crn::LOGIN_REQUIRED);
    assert!(said(&sample, &login, YES, true).await.outcome.is_ok());

    let mut internal = Sample::new();
    internal.project.audience = Audience::Internal;
    internal.project.organization = None;
    let verdict = said(&internal, &query(""), YES, false).await;
    assert_eq!(verdict.outcome.unwrap_err().crn, Crn::INTERNAL_ONLY);
}

#[tokio::test]
async fn a_code_that_no_url_would_carry_is_refused() {
    let mut sample = Sample::new();
    sample.client.trust = Trust::Own;
    let many: Vec<_> = (0..90)
        .map(|number| format!("{number}{}", "x".repeat(200)))
        .collect();
    let mut api = sample.api.scopes[0].clone();
    for name in &many {
        api.name = name.parse().unwrap();
        sample.api.scopes.push(api.clone());
    }
    sample.client.scopes = scope(&many.join(" "));
    let asked = query(&format!("&scope={}", many.join("+")));
    assert_eq!(no(&sample, &asked).await, Crn::FORM_OUT_OF_BOUNDS);
}
