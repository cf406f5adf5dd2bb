//! The request as it is read, in two steps: a fault in the first may never redirect.

use carnet_wire::authorize::Addressee;
use carnet_wire::authorize::AuthorizationRequest;
use carnet_wire::crn::Crn;
use carnet_wire::params::Params;

use crate::rule::Refusal;

/// A request of which the first part was read.
#[derive(Debug)]
pub struct Read<'a> {
    /// Who asks, and where the browser goes.
    pub addressee: Addressee<'a>,
    params: Params<'a>,
}

impl<'a> Read<'a> {
    /// Reads the first part.
    pub fn of(form: &'a str) -> Result<Self, Refusal> {
        let mut params = Params::parse(form.as_bytes())
            .map_err(|error| Refusal::new(error.crn(), error.to_string()))?;
        let addressee = Addressee::parse(&mut params)
            .map_err(|error| Refusal::new(error.crn(), error.to_string()))?;
        Ok(Self { addressee, params })
    }

    /// Reads the rest. A reference that is still in it is none of ours, and nothing is fetched.
    pub fn rest(mut self) -> Result<AuthorizationRequest<'a>, Refusal> {
        if self.addressee.request_uri.is_some() {
            let detail = "request_uri is none that was pushed here, and nothing is fetched.";
            return Err(Refusal::new(Crn::REQUEST_URI, detail));
        }
        AuthorizationRequest::parse(&mut self.params)
            .map_err(|error| Refusal::new(error.crn(), error.to_string()))
    }
}
