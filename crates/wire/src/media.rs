//! The media types that Carnet reads, found in a `Content-Type` header.
//!
//! RFC 9110 §8.3.1. Parameters are passed over: the form type has none of its own, yet Java and
//! Node send `charset=UTF-8` with it (google-wire 2.1), and both types are UTF-8 whatever they say.

/// What a body claims to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ContentType {
    /// `application/x-www-form-urlencoded`.
    Form,
    /// `application/json`, or a type that ends in `+json`.
    Json,
    /// Something else.
    Other,
}

impl ContentType {
    /// Reads the header's value. Types are case-insensitive.
    pub fn parse(header: &str) -> Self {
        let essence = header.split(';').next().unwrap_or_default().trim();
        if essence.eq_ignore_ascii_case("application/x-www-form-urlencoded") {
            Self::Form
        } else if essence.eq_ignore_ascii_case("application/json") || has_json_suffix(essence) {
            Self::Json
        } else {
            Self::Other
        }
    }
}

/// RFC 6839 §3.1: `application/problem+json` and its like.
fn has_json_suffix(essence: &str) -> bool {
    essence
        .rsplit_once('+')
        .is_some_and(|(kind, suffix)| kind.contains('/') && suffix.eq_ignore_ascii_case("json"))
}

#[cfg(test)]
mod tests;
