//! The token in a request: in the header, or in the URL where the route takes it there, and never in
//! both.
//!
//! RFC 6750 §2.1 and §2.3. §2: "Clients MUST NOT use more than one method to transmit the token".
//! The form body (§2.2) is not read: a layer that reads bodies takes them from the handlers.

use std::borrow::Cow;

use carnet_wire::bearer::NotBearer;
use carnet_wire::bearer::Scheme;
use carnet_wire::bearer::parse_shown;
use carnet_wire::crn::Crn;
use http::HeaderMap;
use http::header::AUTHORIZATION;
use url::form_urlencoded;

use crate::refusal::Refusal;

/// The parameter of RFC 6750 §2.3.
const PARAMETER: &str = "access_token";

/// Where a token was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    Header,
    Query,
}

/// Whether a route takes tokens in the URL.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum InQuery {
    #[default]
    Refused,
    Taken,
}

/// The one token of a request, and how it is shown.
pub(crate) fn token<'a>(
    headers: &'a HeaderMap,
    query: Option<&'a str>,
    in_query: InQuery,
) -> Result<(Scheme, Cow<'a, str>, Place), Refusal> {
    let wrong_place = |detail: &str| Err(Refusal::new(Crn::TOKEN_IN_THE_WRONG_PLACE, detail));
    let mut in_header = headers.get_all(AUTHORIZATION).iter();
    let header = in_header.next();
    if in_header.next().is_some() {
        return wrong_place("the header Authorization is there more than once");
    }
    let mut parameters = form_urlencoded::parse(query.unwrap_or_default().as_bytes())
        .filter(|(name, _)| name == PARAMETER)
        .map(|(_, value)| value);
    let parameter = parameters.next();
    match (header, parameter) {
        (Some(_), Some(_)) => wrong_place("the token is in the header and also in the URL"),
        (None, Some(_)) if parameters.next().is_some() => {
            wrong_place("the URL has access_token more than once")
        }
        (None, Some(_)) if in_query == InQuery::Refused => {
            wrong_place("tokens in the URL are not taken here; send it in the header Authorization")
        }
        (None, Some(token)) => Ok((Scheme::Bearer, token, Place::Query)),
        (Some(header), None) => {
            // Bytes outside ASCII are in no token.
            let header = header.to_str().map_err(|_| refused(NotBearer::NotAToken))?;
            let (scheme, token) = parse_shown(header).map_err(refused)?;
            Ok((scheme, Cow::Borrowed(token), Place::Header))
        }
        (None, None) => Err(Refusal::new(Crn::TOKEN_MISSING, "no token was sent")),
    }
}

fn refused(fault: NotBearer) -> Refusal {
    Refusal::new(fault.crn(), fault.to_string())
}

#[cfg(test)]
mod tests;
