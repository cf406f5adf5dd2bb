//! The app that `carnet login` is: people administer the server with it, as far as their roles allow.
//!
//! 1. It is public, as everything on people's machines is (RFC 8252 section 8.4), and comes back to a port
//!    of 127.0.0.1 that it opened itself (section 7.3).
//! 2. Where there is no browser, it shows a code for another device (RFC 8628).
//! 3. It is known, but not one's own: any program on the machine can pretend to be it, so people are asked
//!    each time (section 8.6).
//! 4. What it may ask for opens nothing by itself. A token of it has the powers of its person's roles, as
//!    every token for the admin API has.

use std::collections::BTreeSet;

use carnet_core::record::About;
use carnet_core::record::Client;
use carnet_core::record::ClientAlgorithms;
use carnet_core::record::ClientAuthentication;
use carnet_core::record::ClientKind;
use carnet_core::record::ClientSource;
use carnet_core::record::ClientState;
use carnet_core::record::Credentials;
use carnet_core::record::Exchange;
use carnet_core::record::GrantType;
use carnet_core::record::Legacy;
use carnet_core::record::Lifetimes;
use carnet_core::record::Trust;
use carnet_core::store::Fault;
use carnet_core::value::ProjectId;
use carnet_core::value::UnixTime;
use carnet_core::value::Version;
use carnet_wire::scope::Scope;

use crate::system::SCOPE_ADMIN;
use crate::system::SCOPE_ADMIN_READ;

/// Its `client_id`.
pub const CLIENT: &str = "carnet-cli";

/// Where the browser comes back to, at any port.
const REDIRECT: &str = "http://127.0.0.1/callback";

/// Makes it, in the project of the server itself.
pub(super) fn client(project: ProjectId, now: UnixTime) -> Result<Client, Fault> {
    let own = [
        "openid",
        "email",
        "offline_access",
        SCOPE_ADMIN,
        SCOPE_ADMIN_READ,
    ];
    Ok(Client {
        id: CLIENT.parse().map_err(Fault::lasting)?,
        project,
        title: "Carnet command line".parse().map_err(Fault::lasting)?,
        kind: ClientKind::Native,
        authentication: ClientAuthentication::None,
        credentials: Credentials::default(),
        redirect_uris: vec![REDIRECT.parse().map_err(Fault::lasting)?],
        origins: Vec::new(),
        grants: BTreeSet::from([
            GrantType::AuthorizationCode,
            GrantType::RefreshToken,
            GrantType::DeviceCode,
        ]),
        scopes: Scope::from_tokens(own).map_err(Fault::lasting)?,
        default_scopes: Scope::default(),
        exchange: Exchange::default(),
        legacy: Legacy::default(),
        require_pkce: true,
        require_par: false,
        require_signed_request_object: false,
        algorithms: ClientAlgorithms::default(),
        require_dpop: false,
        refresh_token_rotation: true,
        certificate_bound: false,
        lifetimes: Lifetimes::default(),
        about: About::default(),
        trust: Trust::Known,
        source: ClientSource::Admin,
        state: ClientState::Active,
        created: now,
        changed: now,
        version: Version::FIRST,
    })
}
