//! Every page in every state with believable data: for the gallery and for the tests.
//!
//! A sample is a view made into plain data, so that a test may also turn each of its strings into
//! a hostile one. What is not covered here is not tested: a new page or state belongs here first.

mod around;
mod code;
mod dev;

use serde::Serialize;
use serde_json::Value;

use crate::html::{Fault, Html};
use crate::render::render;
use crate::{Frame, Language};

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
