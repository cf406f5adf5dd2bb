//! Every page in every state with believable data: for the gallery and for the tests.
//!
//! A sample is a view made into plain data, so that a test may also turn each of its strings into
//! a hostile one. What is not covered here is not tested: a new page or state belongs here first.

mod account;
mod around;
mod code;
mod consent;
mod dev;
mod people;
mod sign_in;

use serde::Serialize;
use serde_json::Value;

use crate::html::{Fault, Html};
use crate::render::render;
use crate::{CONTENT_SECURITY_POLICY, Fact, Frame, Language, content_security_policy};

/// A page in one state.
pub struct Sample {
    /// A name of its own, for the file in the gallery: `setup-problems`.
    pub name: &'static str,
    pub(crate) template: &'static str,
    pub(crate) view: Value,
    /// Whether the page is one of the sandbox.
    pub(crate) sandbox: bool,
}

impl Sample {
    /// Renders the page as the server would.
    pub fn render(&self, language: Language) -> Result<Html, Fault> {
        render(self.template, &frame(language, self.sandbox), &self.view)
    }

    /// The `Content-Security-Policy` that the page is served with.
    pub fn policy(&self) -> String {
        let ends_at_an_app = ["sign_in.html", "consent.html", "form_post.html"];
        if ends_at_an_app.contains(&self.template) {
            content_security_policy("https://ledgerly.app")
        } else {
            CONTENT_SECURITY_POLICY.to_owned()
        }
    }

    fn new(name: &'static str, template: &'static str, view: &impl Serialize) -> Self {
        // Views are structs of strings, numbers and lists: they always become JSON. If one did
        // not, its page would show the fault.
        let view = serde_json::to_value(view).unwrap_or(Value::Null);
        Self {
            name,
            template,
            view,
            sandbox: false,
        }
    }

    fn in_sandbox(self) -> Self {
        Self {
            sandbox: true,
            ..self
        }
    }
}

/// All pages in all states.
pub fn all() -> Vec<Sample> {
    let mut samples = around::samples();
    samples.extend(code::samples());
    samples.extend(dev::samples());
    samples.extend(sign_in::samples());
    samples.extend(consent::samples());
    samples.extend(account::samples());
    samples
}

/// A frame as `carnet serve` or `carnet dev` would fill it in.
pub fn frame(language: Language, sandbox: bool) -> Frame {
    let (name, issuer) = if sandbox {
        ("localhost:8080", "http://localhost:8080")
    } else {
        ("auth.acme.example", "https://auth.acme.example")
    };
    Frame {
        language,
        name: name.to_owned(),
        issuer: issuer.to_owned(),
        version: sandbox.then(|| "0.1.0".to_owned()),
        sandbox,
    }
}

fn owned(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|text| (*text).to_owned()).collect()
}

fn fact(name: &str, value: &str, note: Option<&str>) -> Fact {
    Fact {
        name: name.to_owned(),
        value: value.to_owned(),
        note: note.map(str::to_owned),
    }
}
