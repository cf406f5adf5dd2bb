//! Back to the program: with a code, or with a no. Where its person copies the code from a page, both are pages of ours.

use axum::body::Body;
use axum::http::Response;
use axum::http::StatusCode;
use carnet_core::rule::Refusal;
use carnet_core::rule::authorize;
use carnet_core::rule::federation::workforce::Back;
use carnet_core::rule::federation::workforce::CODE_LIFETIME;
use carnet_core::store::Fault;
use carnet_core::value::AuthorizationId;
use carnet_pages::AuthorizeCause;
use carnet_pages::Fact;
use carnet_pages::SignInCode;
use carnet_wire::authorize::AuthorizationResponse;
use carnet_wire::authorize::Delivery;
use carnet_wire::authorize::ResponseMode;
use carnet_wire::google::workforce::SignInAddressee;
use carnet_wire::legal::Echo;

use super::toward;
use crate::parts::Parts;
use crate::sealed;
use crate::web::page;
use crate::web::stopped;
use crate::web::stopped::Stopped;
use crate::web::visit::Visit;

/// What the audit log calls a no.
pub(super) const REFUSED: &str = "workforce.refuse";

/// Where an answer goes.
pub(super) struct To {
    pub(super) client_id: String,
    pub(super) redirect_uri: String,
    pub(super) state: Option<String>,
    pub(super) back: Back,
}

impl To {
    /// To an address that is the program's.
    pub(super) fn new(addressee: &SignInAddressee<'_>, back: &Back) -> Self {
        Self {
            client_id: addressee.client_id.to_string(),
            redirect_uri: addressee.redirect_uri.to_string(),
            state: addressee.state.as_deref().map(str::to_owned),
            back: back.clone(),
        }
    }

    /// With the code of this sign-in.
    pub(super) fn give(
        &self,
        parts: &Parts,
        visit: &Visit,
        id: AuthorizationId,
    ) -> Result<Response<Body>, Fault> {
        let code = sealed::seal_sign_in_code(id, &parts.keyring.load())?;
        if self.back == Back::Page {
            let frame = visit.frame(parts);
            let minutes = u32::try_from(CODE_LIFETIME.0 / 60).unwrap_or_default();
            let view = SignInCode { code, minutes };
            let html = carnet_pages::sign_in_code(&frame, &view);
            return Ok(page::private(page::answer(StatusCode::OK, &frame, html)));
        }
        let state = self.state.as_deref().map(Into::into);
        let answer = AuthorizationResponse::code(code, state, parts.issuer.as_str());
        Ok(self.send(&answer))
    }

    /// With a no, which the audit log keeps too.
    pub(super) fn refuse(&self, parts: &Parts, visit: &Visit, no: &Refusal) -> Response<Body> {
        if self.back == Back::Page {
            let mut stopped = Stopped::because(AuthorizeCause::Unreadable, (REFUSED, no));
            stopped.client_id.clone_from(&self.client_id);
            return stopped.answer(parts, visit, StatusCode::BAD_REQUEST);
        }
        stopped::note(parts, visit, (REFUSED, no), &self.client_id);
        parts.limits.refused_page(visit.address);
        let error = authorize::error_code(no.crn);
        let state = self.state.as_deref().map(Into::into);
        let issuer = parts.issuer.as_str();
        let mut answer = AuthorizationResponse::error(error, no.description(), state, issuer);
        answer.error_uri = Some(format!("{issuer}/e/{}", no.crn).into());
        self.send(&answer)
    }

    fn send(&self, answer: &AuthorizationResponse<'_>) -> Response<Body> {
        match answer.deliver(&self.redirect_uri, ResponseMode::Query) {
            Delivery::Location(location) => toward(&location),
            // Not in this mode.
            Delivery::Form(_) => page::see("/"),
        }
    }
}

/// What was sent, for the page of who builds something.
pub(super) fn sent(addressee: &SignInAddressee<'_>) -> Vec<Fact> {
    let fact = |name: &str, value: &str| Fact {
        name: name.to_owned(),
        value: Echo::of(value).to_string(),
        note: None,
    };
    vec![
        fact("client_id", &addressee.client_id),
        fact("redirect_uri", &addressee.redirect_uri),
    ]
}
