//! Every page a person sees, as a pure function of a view.
//!
//! A page is a function `page(&Frame, &View) -> Result<Html, Fault>`. The view is plain data that
//! the server fills in; the frame says whose server it is and which language the reader wants.
//! Nothing here knows HTTP, the store or the rules, and nothing here can panic: a template that
//! does not fit its view is a [`Fault`].
//!
//! How a page comes to be:
//!
//! 1. [`Language::choose`] reads the reader's `Accept-Language`.
//! 2. The page function hands its view to `render`, which finds the template of that name in the
//!    environment of that language. Environments are built once (`OnceLock`).
//! 3. The template takes every word from the Fluent catalogue (`words/*.ftl`) by `t('key')`.
//!    All output is escaped, addresses pass the filter `href`.
//! 4. Style, script and icon are files of their own with a content hash in the name ([`assets`]),
//!    so that [`CONTENT_SECURITY_POLICY`] can forbid everything inline and everything foreign.
//!
//! All pages with sample data: `cargo run -p carnet-pages --example gallery -- DIRECTORY`.

mod account;
mod asset;
mod authorize_error;
mod consent;
mod demo;
mod dev;
mod device;
mod error;
mod error_code;
mod explain;
mod filter;
mod fix;
mod frame;
mod home;
mod html;
mod language;
mod person;
mod render;
pub mod sample;
mod setup;
mod sign_in;
mod sign_in_code;
mod words;

pub use account::{
    AccountEvent, AccountHome, Activity, ActivityPage, AppChange, ConnectedApp, ConnectedApps,
    Devices, GrantedPermission, PasswordForm, PasswordProblem, Session, account, activity,
    connected_apps, devices, password,
};
pub use asset::{Asset, CONTENT_SECURITY_POLICY, assets, content_security_policy};
pub use authorize_error::{AuthorizeCause, AuthorizeError, authorize_error};
pub use consent::{
    AdminOnly, AskedDetail, Caution, Choice, Consent, FormPost, Lasts, Parameter, Permission,
    PermissionGroup, PermissionText, Publisher, Risk, consent, form_post,
};
pub use demo::{Demo, DemoScope, demo};
pub use dev::{
    ActiveFault, Dev, DevClient, DevClock, DevFaults, DevMail, DevRequest, DevRequests,
    DevServiceAccount, DevUser, Mail, dev, dev_clock, dev_faults, dev_mail, dev_requests,
};
pub use device::{
    DeviceConfirm, DeviceDone, DeviceEntry, DeviceOutcome, DeviceProblem, device, device_confirm,
    device_done,
};
pub use error::{Cause, ErrorPage, WrongHost, error, wrong_host};
pub use error_code::{
    CodeLink, ErrorCode, Level, Seen, UnknownCode, error_code, error_index, unknown_code,
};
pub use explain::{Explain, Outcome, RelatedTrace, explain};
pub use fix::{Fact, Fix, Snippet};
pub use frame::Frame;
pub use home::{Endpoint, Home, Purpose, home};
pub use html::{Fault, Html};
pub use language::Language;
pub use person::{Agent, App, Person};
pub use setup::{Field, FieldProblem, Problem, SetupDone, SetupForm, SetupPage, setup};
pub use sign_in::{
    AccountChoice, ChooseAccount, ExpiredRequest, SignInForm, SignInPage, SignInProblem, SignOut,
    SignedOut, choose_account, sign_in, sign_out, signed_out,
};
pub use sign_in_code::{SignInCode, sign_in_code};

#[cfg(test)]
mod tests;
