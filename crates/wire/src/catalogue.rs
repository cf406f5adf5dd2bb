//! The texts of the catalogue, one file per range of codes.
//!
//! Rules for a text, which the tests beside [`crate::crn`] hold: plain ASCII, no "please", no
//! exclamation marks, one action per fix. A number that was once released is never given to another
//! cause.

mod access_boundary;
mod admin_api;
mod assertion_claims;
mod assertion_form;
mod authorization_details;
mod authorize;
mod captive;
mod client_authentication;
mod code_and_refresh;
mod command_line;
mod delegation;
mod device;
mod impersonation;
mod policy;
mod possession;
mod registration;
mod request_form;
mod request_object;
mod resource_server;
mod scope;
mod server;
mod service_account;
mod sign_in;
mod start;
mod sts;
mod token_exchange;
mod trusted_issuer;

use crate::crn::Crn;

/// All ranges, by number.
pub(crate) const RANGES: &[&[Crn]] = &[
    request_form::CODES,
    authorize::CODES,
    request_object::CODES,
    authorization_details::CODES,
    code_and_refresh::CODES,
    token_exchange::CODES,
    client_authentication::CODES,
    device::CODES,
    possession::CODES,
    registration::CODES,
    assertion_form::CODES,
    service_account::CODES,
    assertion_claims::CODES,
    delegation::CODES,
    scope::CODES,
    policy::CODES,
    impersonation::CODES,
    sts::CODES,
    access_boundary::CODES,
    trusted_issuer::CODES,
    sign_in::CODES,
    resource_server::CODES,
    server::CODES,
    captive::CODES,
    admin_api::CODES,
    command_line::CODES,
    start::CODES,
];
