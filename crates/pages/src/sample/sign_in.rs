//! Samples of signing in and out, of devices, and of sign-ins that cannot begin.

use super::consent;
use super::people::{app, long_app, long_person, native_app, person, rtl_person};
use super::{Sample, fact};
use crate::{
    AccountChoice, AdminOnly, App, AuthorizeCause, AuthorizeError, ChooseAccount, DeviceConfirm,
    DeviceDone, DeviceEntry, DeviceOutcome, DeviceProblem, ExpiredRequest, SignInCode, SignInForm,
    SignInPage, SignInProblem, SignOut, SignedOut,
};

const SEALED: &str = "crn_ar_c2VhbGVkIHJlcXVlc3Q";
const CSRF: &str = "crn_cf_dG9rZW4";

pub(super) fn samples() -> Vec<Sample> {
    let mut samples = sign_ins();
    samples.extend(choices());
    samples.extend(errors());
    samples.extend(devices());
    samples
}

fn form() -> SignInForm {
    SignInForm {
        action: "/login".to_owned(),
        request: Some(SEALED.to_owned()),
        csrf: CSRF.to_owned(),
        app: Some(app()),
        ..SignInForm::default()
    }
}

fn sign_ins() -> Vec<Sample> {
    let page = |name, view: &SignInPage| Sample::new(name, "sign_in.html", view);
    let wrong = |problem| {
        SignInPage::Form(SignInForm {
            email: "dana@acme.example".to_owned(),
            problem: Some(problem),
            ..form()
        })
    };
    let known = SignInForm {
        known: Some(person()),
        switch: Some("/login?other=1".to_owned()),
        email: "dana@acme.example".to_owned(),
        ..form()
    };
    let alone = SignInForm {
        request: None,
        app: None,
        ..form()
    };
    let long = SignInForm {
        known: Some(long_person()),
        app: Some(long_app()),
        ..known.clone()
    };
    let expired = |app: Option<App>| {
        SignInPage::Expired(ExpiredRequest {
            onward: "/login".to_owned(),
            app,
        })
    };
    vec![
        page("sign-in", &SignInPage::Form(form())),
        page("sign-in-account", &SignInPage::Form(alone)),
        page("sign-in-known", &SignInPage::Form(known)),
        page("sign-in-long", &SignInPage::Form(long)),
        page("sign-in-missing", &wrong(SignInProblem::Missing)),
        page("sign-in-mismatch", &wrong(SignInProblem::Mismatch)),
        page("sign-in-suspended", &wrong(SignInProblem::Suspended)),
        page("sign-in-stale", &wrong(SignInProblem::Stale)),
        page(
            "sign-in-slow-down",
            &wrong(SignInProblem::SlowDown { wait_seconds: 28 }),
        ),
        page("sign-in-expired", &expired(Some(app()))),
        page("sign-in-expired-account", &expired(None)),
    ]
}

fn choices() -> Vec<Sample> {
    let choice = |id: &str, person| AccountChoice {
        id: id.to_owned(),
        person,
    };
    let choose = ChooseAccount {
        action: "/login/choose".to_owned(),
        request: Some(SEALED.to_owned()),
        csrf: CSRF.to_owned(),
        app: Some(app()),
        accounts: vec![
            choice("1", person()),
            choice("2", rtl_person()),
            choice("3", long_person()),
        ],
    };
    let sign_out = SignOut {
        action: "/logout".to_owned(),
        request: None,
        csrf: CSRF.to_owned(),
        app: None,
        person: person(),
    };
    let asked = SignOut {
        request: Some(SEALED.to_owned()),
        app: Some(app()),
        ..sign_out.clone()
    };
    let signed_out = SignedOut {
        sign_in: "/login".to_owned(),
        ..SignedOut::default()
    };
    let back = SignedOut {
        app: Some(app()),
        back: Some("https://ledgerly.app/bye?state=7".to_owned()),
        ..signed_out.clone()
    };
    vec![
        Sample::new("choose-account", "choose_account.html", &choose),
        Sample::new("sign-out", "sign_out.html", &sign_out),
        Sample::new("sign-out-asked", "sign_out.html", &asked),
        Sample::new("signed-out", "signed_out.html", &signed_out),
        Sample::new("signed-out-back", "signed_out.html", &back),
    ]
}

fn wrong_link() -> AuthorizeError {
    AuthorizeError {
        cause: AuthorizeCause::SignInLink,
        app: Some(app()),
        person: None,
        switch: None,
        back: None,
        address: None,
        onward: "/".to_owned(),
        reference: "01JQ7VK3M0T6".to_owned(),
        at: "2026-04-02T09:10:58Z".to_owned(),
        status: 400,
        code: "CRN-1203".to_owned(),
        detail: "`redirect_uri` is not registered for this app.".to_owned(),
        sent: vec![
            fact("client_id", "ledgerly-web-7Q2F", None),
            fact("redirect_uri", "https://ledgerly.app/callback/", None),
            fact("scope", "openid invoices.read", None),
        ],
    }
}

fn errors() -> Vec<Sample> {
    let page = |name, view: &AuthorizeError| Sample::new(name, "authorize_error.html", view);
    let link = wrong_link();
    let unknown = AuthorizeError {
        app: None,
        person: Some(person()),
        onward: "/account".to_owned(),
        code: "CRN-1201".to_owned(),
        detail: "This app is not registered here.".to_owned(),
        ..link.clone()
    };
    let unreadable = AuthorizeError {
        cause: AuthorizeCause::Unreadable,
        app: None,
        code: "CRN-1002".to_owned(),
        detail: "`client_id` appears 2 times.".to_owned(),
        ..link.clone()
    };
    let not_for_you = AuthorizeError {
        cause: AuthorizeCause::NotForYou,
        person: Some(person()),
        switch: Some("/login?other=1".to_owned()),
        onward: "/account".to_owned(),
        status: 403,
        code: "CRN-1207".to_owned(),
        detail: "This account is not assigned to the app.".to_owned(),
        ..link.clone()
    };
    let not_sent_on = AuthorizeError {
        cause: AuthorizeCause::NotSentOn,
        back: Some("https://ledgerly.app/callback?error=invalid_scope".to_owned()),
        code: "CRN-2401".to_owned(),
        detail: "There is no such scope.".to_owned(),
        sent: Vec::new(),
        ..link.clone()
    };
    vec![
        page("authorize-not-sent-on", &not_sent_on),
        page("authorize-redirect", &link),
        page("authorize-unknown-app", &unknown),
        page("authorize-unreadable", &unreadable),
        page("authorize-not-for-you", &not_for_you),
        inside_an_app("authorize-embedded", &link, true),
        inside_an_app("authorize-embedded-anywhere", &link, false),
    ]
}

/// The page inside an app, with an address to go on at or without one.
fn inside_an_app(name: &'static str, like: &AuthorizeError, address: bool) -> Sample {
    let going_on = "https://auth.acme.example/authorize?response_type=code&client_id=ledgerly-phone-7Q2F&\
                    state=af0ifjsldkj&redirect_uri=com.example.ledgerly%3A%2Fcallback&scope=openid&\
                    code_challenge_method=S256&code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
    let view = AuthorizeError {
        cause: AuthorizeCause::Embedded,
        address: address.then(|| going_on.to_owned()),
        status: 403,
        code: "CRN-1227".to_owned(),
        detail: "The page was opened in an embedded user agent (Instagram).".to_owned(),
        sent: Vec::new(),
        ..like.clone()
    };
    Sample::new(name, "authorize_error.html", &view)
}

fn devices() -> Vec<Sample> {
    let entry = |user_code: &str, problem| DeviceEntry {
        action: "/device".to_owned(),
        csrf: CSRF.to_owned(),
        user_code: user_code.to_owned(),
        problem,
    };
    let page =
        |name, user_code, problem| Sample::new(name, "device.html", &entry(user_code, problem));
    let slow_down = DeviceProblem::SlowDown { wait_seconds: 28 };
    let done = |name, outcome| {
        let view = DeviceDone {
            outcome,
            app: native_app(),
            manage: "/account/apps".to_owned(),
        };
        Sample::new(name, "device_done.html", &view)
    };
    let mut pages = vec![
        page("device", "", None),
        page("device-filled", "WDJB-MJHT", None),
        page("device-missing", "", Some(DeviceProblem::Missing)),
        page("device-wrong", "WDJB-MJHX", Some(DeviceProblem::Wrong)),
        page("device-slow-down", "wdjb", Some(slow_down)),
        page("device-stale", "WDJB-MJHT", Some(DeviceProblem::Stale)),
    ];
    pages.extend(device_questions());
    pages.push(done("device-allowed", DeviceOutcome::Allowed));
    pages.push(done("device-denied", DeviceOutcome::Denied));
    let code = SignInCode {
        code: "crn_ac_3Jx9VvD7m1kQ".repeat(6),
        minutes: 5,
    };
    pages.push(Sample::new("sign-in-code", "sign_in_code.html", &code));
    pages
}

fn device_questions() -> [Sample; 3] {
    let asked = consent::first();
    let confirm = |app, person| DeviceConfirm {
        action: "/device/confirm".to_owned(),
        csrf: CSRF.to_owned(),
        user_code: "WDJB-MJHT".to_owned(),
        app,
        person,
        switch: "/login?other=1".to_owned(),
        asked_seconds_ago: 95,
        address: "203.0.113.9".to_owned(),
        publisher: asked.publisher.clone(),
        groups: asked.groups.clone(),
        lasts: asked.lasts,
        admin: None,
    };
    let forbidden = DeviceConfirm {
        admin: Some(AdminOnly {
            organization: "Acme".to_owned(),
            contact: None,
        }),
        ..confirm(native_app(), person())
    };
    let page = |name, view: &DeviceConfirm| Sample::new(name, "device_confirm.html", view);
    [
        page("device-confirm", &confirm(native_app(), person())),
        page("device-confirm-long", &confirm(long_app(), long_person())),
        page("device-confirm-admin", &forbidden),
    ]
}
