//! Somebody who is signed in, on a page of their own or of a device. Who is not is sent to sign in, and comes
//! back.
//!
//! Every form has the token of the session ([`csrf`]). Each visit counts for its person ([`crate::limits`]).

use axum::body::Body;
use axum::extract::Request;
use axum::http::Response;
use axum::http::StatusCode;
use carnet_core::store::Fault;
use carnet_pages::Cause;
use carnet_pages::Frame;
use carnet_pages::Html;
use carnet_wire::params::Params;

use crate::parts::Parts;
use crate::web::csrf;
use crate::web::csrf::Bound;
use crate::web::failed;
use crate::web::form::Form;
use crate::web::onward::Onward;
use crate::web::page;
use crate::web::session;
use crate::web::session::SignedIn;
use crate::web::turned_away;
use crate::web::visit::Visit;

/// The name of the forms of a session.
const FORM: &str = "account";

/// Somebody who is signed in asks for something.
pub(super) struct Caller {
    /// The request.
    pub(super) visit: Visit,
    /// Who it is.
    pub(super) present: SignedIn,
}

impl Caller {
    /// Who asks for the page at this path; or the way to the sign-in page.
    pub(super) async fn of(
        parts: &Parts,
        request: Request,
        path: &str,
    ) -> Result<Self, Box<Response<Body>>> {
        let (head, _) = request.into_parts();
        let visit = Visit::of(parts, head);
        Self::present(parts, visit, path).await
    }

    /// Who posts a form, and its body. Where nobody is signed in, the way leads to the page with the form.
    pub(super) async fn posting(
        parts: &Parts,
        request: Request,
        page: &str,
    ) -> Result<(Self, Form), Box<Response<Body>>> {
        let (head, body) = request.into_parts();
        let visit = Visit::of(parts, head);
        let form = match Form::read(&visit, body).await {
            Ok(form) => form,
            Err(why) => return Err(Box::new(failed::form(parts, &visit, why))),
        };
        Ok((Self::present(parts, visit, page).await?, form))
    }

    /// Who is signed in with the browser; or the way to the sign-in page, and back to this path.
    pub(super) async fn present(
        parts: &Parts,
        visit: Visit,
        path: &str,
    ) -> Result<Self, Box<Response<Body>>> {
        let answer = match session::signed_in(parts, visit.headers(), visit.now).await {
            Ok(Some(present)) => match parts.limits.person(&present.user.id) {
                Ok(()) => return Ok(Self { visit, present }),
                Err(turned) => turned_away::visitor(turned, parts, &visit),
            },
            Ok(None) => sign_in(parts, &visit, path),
            Err(fault) => failed::ours(parts, &visit, &fault),
        };
        Err(Box::new(answer))
    }

    /// The token of the forms of this session.
    pub(super) fn csrf(&self, parts: &Parts) -> String {
        csrf::token(parts, FORM, Bound::Session(&self.present.session))
    }

    /// Whether a form was made for this session.
    pub(super) fn is_ours(&self, parts: &Parts, sent: &str) -> bool {
        csrf::is_ours(parts, FORM, Bound::Session(&self.present.session), sent)
    }

    /// The fields of a form that was made for this session; or what to answer to another.
    pub(super) fn fields<'a>(
        &self,
        parts: &Parts,
        form: &'a Form,
    ) -> Result<Params<'a>, Box<Response<Body>>> {
        let fields = form.fields();
        let mut fields = fields.map_err(|why| Box::new(failed::form(parts, &self.visit, why)))?;
        if self.is_ours(parts, &fields.take("csrf").unwrap_or_default()) {
            Ok(fields)
        } else {
            Err(Box::new(self.stale(parts)))
        }
    }

    /// A page, or our fault.
    pub(super) fn show<V>(
        &self,
        parts: &Parts,
        status: StatusCode,
        view: Result<V, Fault>,
        render: impl Fn(&Frame, &V) -> Result<Html, carnet_pages::Fault>,
    ) -> Response<Body> {
        match view {
            Ok(view) => {
                let frame = self.visit.frame(parts);
                page::private(page::answer(status, &frame, render(&frame, &view)))
            }
            Err(fault) => failed::ours(parts, &self.visit, &fault),
        }
    }

    /// A form that was not made for this session.
    fn stale(&self, parts: &Parts) -> Response<Body> {
        failed::answer(
            parts,
            &self.visit,
            StatusCode::BAD_REQUEST,
            Cause::BadRequest,
        )
    }
}

fn sign_in(parts: &Parts, visit: &Visit, path: &str) -> Response<Body> {
    let onward = Onward::to(path, visit.now);
    let target = onward.map(|onward| onward.sign_in(&parts.encryption));
    match target.transpose() {
        Ok(target) => page::see(target.as_deref().unwrap_or("/login")),
        Err(fault) => failed::ours(parts, visit, &fault),
    }
}
