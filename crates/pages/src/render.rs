//! How a template and a view become a document.
//!
//! One environment per language, built once and kept. Undefined names are errors, printing
//! nothing (`none`) is an error, and everything is escaped for HTML.

use std::sync::OnceLock;

use fluent_bundle::{FluentArgs, FluentValue};
use minijinja::syntax::SyntaxConfig;
use minijinja::value::{Kwargs, Serde, Value, ValueKind};
use minijinja::{
    AutoEscape, Environment, Error, ErrorKind, UndefinedBehavior, context, escape_formatter,
};
use serde::Serialize;

use crate::html::{Fault, Html};
use crate::words::Words;
use crate::{Frame, Language, assets, filter};

/// The templates by name.
pub(crate) const TEMPLATES: &[(&str, &str)] = &[
    ("base.html", include_str!("../templates/base.html")),
    ("parts.html", include_str!("../templates/parts.html")),
    ("account.html", include_str!("../templates/account.html")),
    (
        "account_base.html",
        include_str!("../templates/account_base.html"),
    ),
    (
        "account_parts.html",
        include_str!("../templates/account_parts.html"),
    ),
    ("activity.html", include_str!("../templates/activity.html")),
    (
        "authorize_error.html",
        include_str!("../templates/authorize_error.html"),
    ),
    (
        "card_base.html",
        include_str!("../templates/card_base.html"),
    ),
    (
        "choose_account.html",
        include_str!("../templates/choose_account.html"),
    ),
    (
        "connected_apps.html",
        include_str!("../templates/connected_apps.html"),
    ),
    ("consent.html", include_str!("../templates/consent.html")),
    ("device.html", include_str!("../templates/device.html")),
    (
        "device_confirm.html",
        include_str!("../templates/device_confirm.html"),
    ),
    (
        "device_done.html",
        include_str!("../templates/device_done.html"),
    ),
    ("devices.html", include_str!("../templates/devices.html")),
    (
        "form_post.html",
        include_str!("../templates/form_post.html"),
    ),
    ("password.html", include_str!("../templates/password.html")),
    ("people.html", include_str!("../templates/people.html")),
    (
        "permissions.html",
        include_str!("../templates/permissions.html"),
    ),
    ("sign_in.html", include_str!("../templates/sign_in.html")),
    (
        "sign_in_code.html",
        include_str!("../templates/sign_in_code.html"),
    ),
    ("sign_out.html", include_str!("../templates/sign_out.html")),
    (
        "signed_out.html",
        include_str!("../templates/signed_out.html"),
    ),
    ("demo.html", include_str!("../templates/demo.html")),
    ("dev.html", include_str!("../templates/dev.html")),
    ("dev_base.html", include_str!("../templates/dev_base.html")),
    (
        "dev_clock.html",
        include_str!("../templates/dev_clock.html"),
    ),
    (
        "dev_faults.html",
        include_str!("../templates/dev_faults.html"),
    ),
    ("dev_mail.html", include_str!("../templates/dev_mail.html")),
    (
        "dev_requests.html",
        include_str!("../templates/dev_requests.html"),
    ),
    ("error.html", include_str!("../templates/error.html")),
    (
        "error_code.html",
        include_str!("../templates/error_code.html"),
    ),
    (
        "error_index.html",
        include_str!("../templates/error_index.html"),
    ),
    ("explain.html", include_str!("../templates/explain.html")),
    ("home.html", include_str!("../templates/home.html")),
    ("setup.html", include_str!("../templates/setup.html")),
    (
        "unknown_code.html",
        include_str!("../templates/unknown_code.html"),
    ),
    (
        "wrong_host.html",
        include_str!("../templates/wrong_host.html"),
    ),
];

/// Renders the template with the view.
pub(crate) fn render(
    template: &'static str,
    frame: &Frame,
    view: &impl Serialize,
) -> Result<Html, Fault> {
    render_in(frame.language, template, frame, view)
}

/// The same, with a frame that need not be ours: a test hands in a hostile one.
pub(crate) fn render_in(
    language: Language,
    template: &'static str,
    frame: &impl Serialize,
    view: &impl Serialize,
) -> Result<Html, Fault> {
    let fault = |because: String| Fault::new(template, because);
    let environment = environment(language)
        .as_ref()
        .map_err(|error| fault(error.clone()))?;
    environment
        .get_template(template)
        .and_then(|template| {
            template.render(context! {
                frame => Value::from(Serde(frame)),
                view => Value::from(Serde(view)),
            })
        })
        .map(Html::new)
        .map_err(|error| fault(describe(&error)))
}

/// What went wrong and where, without the values that were at hand.
fn describe(error: &Error) -> String {
    let at = error.name().unwrap_or("?");
    let line = error.line().unwrap_or(0);
    let detail = error.detail().unwrap_or_default();
    format!("{} {detail} ({at}:{line})", error.kind())
}

fn environment(language: Language) -> &'static Result<Environment<'static>, String> {
    static ENVIRONMENTS: [OnceLock<Result<Environment<'static>, String>>; 4] =
        [const { OnceLock::new() }; 4];
    let [english, german, accented, mirrored] = &ENVIRONMENTS;
    let slot = match language {
        Language::English => english,
        Language::German => german,
        Language::Accented => accented,
        Language::Mirrored => mirrored,
    };
    slot.get_or_init(|| build(language))
}

fn build(language: Language) -> Result<Environment<'static>, String> {
    let words = Words::of(language)?;
    let syntax = SyntaxConfig::builder()
        .trim_blocks(true)
        .lstrip_blocks(true)
        .build()
        .map_err(|error| error.to_string())?;
    let mut environment = Environment::new();
    environment.set_syntax(syntax);
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_auto_escape_callback(|_| AutoEscape::Html);
    // The source of a template is not part of a fault.
    environment.set_debug(false);
    environment.set_formatter(|out, state, value| {
        if value.is_none() {
            return Err(Error::new(
                ErrorKind::InvalidOperation,
                "a value that is not there is printed",
            ));
        }
        escape_formatter(out, state, value)
    });
    environment.add_global("lang", language.tag());
    environment.add_global("dir", language.direction());
    environment.add_function("t", move |key: &str, variables: Kwargs| {
        say(&words, key, &variables)
    });
    environment.add_function("asset", asset);
    filter::add(&mut environment);
    for &(name, source) in TEMPLATES {
        environment
            .add_template(name, source)
            .map_err(|error| format!("{name}: {error}"))?;
    }
    Ok(environment)
}

/// `t('key', variable=value)` of the templates.
fn say(words: &Words, key: &str, variables: &Kwargs) -> Result<String, Error> {
    let fault = |text: String| Error::new(ErrorKind::InvalidOperation, text);
    let mut given = FluentArgs::new();
    for name in variables.args() {
        let value: Value = variables.get(name)?;
        let value = match value.kind() {
            ValueKind::String => FluentValue::from(value.to_string()),
            ValueKind::Number => match i64::try_from(value) {
                Ok(number) => FluentValue::from(number),
                Err(_) => {
                    return Err(fault(format!(
                        "message {key}: {name} is not a whole number"
                    )));
                }
            },
            kind => return Err(fault(format!("message {key}: {name} is {kind}"))),
        };
        given.set(name.to_owned(), value);
    }
    words.say(key, &given).map_err(fault)
}

/// `asset('style')` of the templates: the path of a static file.
fn asset(role: &str) -> Result<String, Error> {
    assets()
        .iter()
        .find(|asset| asset.role == role)
        .map(|asset| asset.path.clone())
        .ok_or_else(|| {
            Error::new(
                ErrorKind::InvalidOperation,
                format!("there is no asset {role}"),
            )
        })
}
