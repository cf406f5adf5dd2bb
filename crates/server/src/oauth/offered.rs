//! Which grants there are at the token endpoint, and which of them the metadata names (RFC 8414 section 2).

use carnet_wire::token::GrantType;

/// The grants that this server offers.
pub const OFFERED: &[GrantType] = &[
    GrantType::AuthorizationCode,
    GrantType::RefreshToken,
    GrantType::ClientCredentials,
    GrantType::JwtBearer,
    GrantType::TokenExchange,
    GrantType::DeviceCode,
    GrantType::Password,
];

/// Those that the metadata names. The password grant is for clients whose administrator knows of it.
pub fn listed() -> impl Iterator<Item = GrantType> {
    let all = OFFERED.iter().copied();
    all.filter(|grant| *grant != GrantType::Password)
}
