//! Whom the app expects: `id_token_hint` (OpenID Connect Core 1.0 section 3.1.2.1), an ID token that it got here.
//!
//! It counts if we made it for this app, however old it is. What we cannot tell (a key that is gone, another's
//! token) is about nobody who is signed in, so whoever it may be signs in. The address in it fills in the sign-in
//! page, and nothing that the app was not told.

use carnet_core::record::Client;
use carnet_core::rule::authorize::Expected;
use carnet_wire::authorize::AuthorizationRequest;

use crate::id_token;
use crate::parts::Parts;

/// Whom, and the address by which they sign in.
pub(super) type Hint = (Option<Expected>, Option<String>);

/// What a request says.
pub(super) fn of(request: &AuthorizationRequest<'_>, client: &Client, parts: &Parts) -> Hint {
    let typed = request.login_hint.as_deref().map(str::to_owned);
    let Some(token) = request.id_token_hint.as_deref() else {
        return (None, typed);
    };
    let ours = (parts.issuer.as_str(), &**parts.keyring.load());
    let told = id_token::written(token, ours, |claims, _| {
        let of_client = claims.aud == client.id.as_str();
        let person = claims.sub.parse().ok().filter(|_| of_client)?;
        Some((person, claims.email.as_deref().map(str::to_owned)))
    });
    match told.flatten() {
        Some((person, email)) => (Some(Expected::Person(person)), typed.or(email)),
        None => (Some(Expected::Unknown), typed),
    }
}
