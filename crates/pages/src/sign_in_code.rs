//! The code of a sign-in, for a person who copies it to a program on another machine.

use serde::Serialize;

use crate::Frame;
use crate::html::{Fault, Html};
use crate::render::render;

/// The page with the code.
#[derive(Clone, Serialize)]
pub struct SignInCode {
    /// The code.
    pub code: String,
    /// For how many minutes it is good.
    pub minutes: u32,
}

/// The page.
pub fn sign_in_code(frame: &Frame, view: &SignInCode) -> Result<Html, Fault> {
    render("sign_in_code.html", frame, view)
}
