//! Back to the app: with a code, or with a no. Every answer says who gives it (`iss`, RFC 9207) and repeats
//! the app's own word (`state`).

use axum::body::Body;
use axum::http::HeaderValue;
use axum::http::Response;
use axum::http::StatusCode;
use axum::http::header;
use carnet_core::rule::Refusal;
use carnet_core::rule::authorize;
use carnet_core::rule::authorize::Destination;
use carnet_pages::App;
use carnet_pages::AuthorizeCause;
use carnet_pages::FormPost;
use carnet_pages::Parameter;
use carnet_wire::authorize::Addressee;
use carnet_wire::authorize::AuthorizationResponse;
use carnet_wire::authorize::Delivery;
use carnet_wire::authorize::ResponseMode;
use carnet_wire::redirect_uri::RedirectUriKind;
use url::Url;

use crate::parts::Parts;
use crate::web::onward::Waiting;
use crate::web::page;
use crate::web::stopped;
use crate::web::stopped::Stopped;
use crate::web::visit::Visit;

/// What the audit log calls a no.
pub(super) const REFUSED: &str = "authorize.refuse";

/// Where an answer goes, and how.
pub(super) struct To {
    client_id: String,
    name: String,
    redirect_uri: String,
    kind: RedirectUriKind,
    state: Option<String>,
    mode: ResponseMode,
    trusted: bool,
}

impl To {
    /// To an address that is the app's.
    pub(super) fn new(destination: &Destination, addressee: &Addressee<'_>) -> Self {
        Self {
            client_id: destination.client().id.to_string(),
            name: destination.client().title.to_string(),
            redirect_uri: destination.redirect_uri().to_owned(),
            kind: destination.kind(),
            state: addressee.state.as_deref().map(str::to_owned),
            mode: addressee.error_mode,
            trusted: destination.is_trusted(),
        }
    }

    /// The same, in the mode of a request that could be read.
    pub(super) fn answering(mut self, mode: ResponseMode) -> Self {
        self.mode = mode;
        self
    }

    /// The app as people know it.
    pub(super) fn app(&self) -> App {
        App {
            name: self.name.clone(),
            host: self.host(),
        }
    }

    /// The app as the sign-in page knows it.
    pub(super) fn waiting(&self) -> Waiting {
        Waiting {
            name: self.name.clone(),
            host: self.host(),
            destination: self.source(),
        }
    }

    fn host(&self) -> Option<String> {
        let url = Url::parse(&self.redirect_uri).ok()?;
        let web = self.kind != RedirectUriKind::PrivateUse;
        url.host_str().filter(|_| web).map(str::to_owned)
    }

    /// What the policy of a page calls the place where its form ends: an origin, or a scheme.
    pub(super) fn source(&self) -> String {
        let Ok(url) = Url::parse(&self.redirect_uri) else {
            return String::new();
        };
        match self.kind {
            RedirectUriKind::PrivateUse => format!("{}:", url.scheme()),
            RedirectUriKind::Https | RedirectUriKind::Loopback => {
                url.origin().ascii_serialization()
            }
        }
    }

    /// With a yes.
    pub(super) fn give(
        &self,
        parts: &Parts,
        visit: &Visit,
        answer: AuthorizationResponse<'_>,
    ) -> Response<Body> {
        let answer = AuthorizationResponse {
            state: self.state.as_deref().map(Into::into),
            iss: parts.issuer.as_str().into(),
            ..answer
        };
        self.send(parts, visit, &answer)
    }

    /// With a no, which the journal keeps too; where nobody vouches for the app, its person is asked first.
    pub(super) fn refuse(&self, parts: &Parts, visit: &Visit, no: &Refusal) -> Response<Body> {
        if self.trusted {
            return self.refuse_answered(parts, visit, no);
        }
        let link = match self.no(parts, no).deliver(&self.redirect_uri, self.mode) {
            Delivery::Location(location) => Some(location),
            Delivery::Form(_) => None,
        };
        not_sent_on(parts, visit, no, (self, link))
    }

    /// With a no to what its person has answered to.
    pub(super) fn refuse_answered(
        &self,
        parts: &Parts,
        visit: &Visit,
        no: &Refusal,
    ) -> Response<Body> {
        stopped::note(parts, visit, (REFUSED, no), &self.client_id);
        self.send(parts, visit, &self.no(parts, no))
    }

    /// The id of the app.
    pub(super) fn client_id(&self) -> &str {
        &self.client_id
    }

    fn no<'a>(&'a self, parts: &'a Parts, no: &Refusal) -> AuthorizationResponse<'a> {
        let error = authorize::error_code(no.crn);
        let state = self.state.as_deref().map(Into::into);
        let issuer = parts.issuer.as_str();
        let mut answer = AuthorizationResponse::error(error, no.description(), state, issuer);
        answer.error_uri = Some(format!("{issuer}/e/{}", no.crn).into());
        answer
    }

    fn send(
        &self,
        parts: &Parts,
        visit: &Visit,
        answer: &AuthorizationResponse<'_>,
    ) -> Response<Body> {
        match answer.deliver(&self.redirect_uri, self.mode) {
            Delivery::Location(location) => {
                let mut response = page::see("/");
                match HeaderValue::from_str(&location) {
                    Ok(location) => {
                        response.headers_mut().insert(header::LOCATION, location);
                    }
                    Err(_) => *response.status_mut() = StatusCode::INTERNAL_SERVER_ERROR,
                }
                response
            }
            Delivery::Form(parameters) => {
                let frame = visit.frame(parts);
                let parameters = parameters.into_iter().map(|(name, value)| Parameter {
                    name: name.to_owned(),
                    value: value.into_owned(),
                });
                let view = FormPost {
                    action: self.redirect_uri.clone(),
                    app: self.app(),
                    parameters: parameters.collect(),
                };
                let html = carnet_pages::form_post(&frame, &view);
                let toward = self.source();
                let answer = page::answer_toward(StatusCode::OK, &frame, html, Some(&toward));
                page::private(answer)
            }
        }
    }
}

/// A no to an app for which nobody vouches, before its person has answered anything: they are not sent to it
/// unless they follow the link.
fn not_sent_on(
    parts: &Parts,
    visit: &Visit,
    no: &Refusal,
    (to, link): (&To, Option<String>),
) -> Response<Body> {
    let mut stop = Stopped::because(AuthorizeCause::NotSentOn, (REFUSED, no));
    stop.app = Some(to.app());
    to.client_id().clone_into(&mut stop.client_id);
    stop.back = link;
    stop.answer(parts, visit, StatusCode::BAD_REQUEST)
}
