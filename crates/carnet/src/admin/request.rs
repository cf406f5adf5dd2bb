//! A request to the admin API, before it is sent.

use std::fmt::Write as _;

use http::Method;
use serde_json::Value;

/// A request.
#[derive(Clone)]
pub(crate) struct Request {
    pub(super) method: Method,
    /// Under `/admin/v1/`.
    pub(super) path: String,
    pub(super) query: Vec<(&'static str, String)>,
    pub(super) body: Option<Value>,
    pub(super) if_match: Option<String>,
    /// Whether the body is never shown.
    secret: bool,
}

impl Request {
    /// A request.
    pub(crate) fn new(method: Method, path: String) -> Self {
        Self {
            method,
            path,
            query: Vec::new(),
            body: None,
            if_match: None,
            secret: false,
        }
    }

    /// Reads.
    pub(crate) fn get(path: String) -> Self {
        Self::new(Method::GET, path)
    }

    /// Makes, or does.
    pub(crate) fn post(path: String) -> Self {
        Self::new(Method::POST, path)
    }

    /// Changes what was read before, if it still is so.
    pub(crate) fn patch(path: String, before: &Value) -> Self {
        let tag = before.get("etag").and_then(Value::as_str).unwrap_or("*");
        Self::new(Method::PATCH, path).if_match(tag)
    }

    /// Sets.
    pub(crate) fn put(path: String) -> Self {
        Self::new(Method::PUT, path)
    }

    /// Takes away.
    pub(crate) fn delete(path: String) -> Self {
        Self::new(Method::DELETE, path)
    }

    /// With this body.
    #[must_use]
    pub(crate) fn json(mut self, body: Value) -> Self {
        self.body = Some(body);
        self
    }

    /// With this body, which nobody is shown.
    #[must_use]
    pub(crate) fn secret_json(mut self, body: Value) -> Self {
        self.secret = true;
        self.json(body)
    }

    /// With this parameter of the query.
    #[must_use]
    pub(crate) fn with(mut self, name: &'static str, value: &str) -> Self {
        self.query.push((name, value.to_owned()));
        self
    }

    /// With this parameter, if it has a value.
    #[must_use]
    pub(crate) fn maybe(self, name: &'static str, value: Option<&str>) -> Self {
        match value {
            Some(value) => self.with(name, value),
            None => self,
        }
    }

    /// Only to this state of the record.
    #[must_use]
    fn if_match(mut self, tag: &str) -> Self {
        self.if_match = Some(tag.to_owned());
        self
    }

    /// The whole URL on this server.
    pub(super) fn url(&self, server: &str) -> String {
        let url = format!("{server}/admin/v1/{}", self.path);
        if self.query.is_empty() {
            return url;
        }
        let query = url::form_urlencoded::Serializer::new(String::new())
            .extend_pairs(&self.query)
            .finish();
        format!("{url}?{query}")
    }

    /// In one line, for `--dry-run`.
    pub(super) fn shown(&self) -> String {
        let line = format!("{} /admin/v1/{}", self.method, self.path);
        match &self.body {
            Some(_) if self.secret => format!("{line}   (a body with a secret)"),
            Some(body) => format!("{line}   {body}"),
            None => line,
        }
    }
}

/// A path of these segments. Whatever a segment holds, it stays one segment, and a colon in it is
/// never a verb.
pub(crate) fn path(segments: &[&str]) -> String {
    let mut path = String::new();
    for segment in segments {
        if !path.is_empty() {
            path.push('/');
        }
        for byte in segment.bytes() {
            if byte.is_ascii_alphanumeric() || b"-._~@".contains(&byte) {
                path.push(char::from(byte));
            } else {
                let _ = write!(path, "%{byte:02X}");
            }
        }
    }
    path
}

#[cfg(test)]
mod tests {
    use super::Request;
    use super::path;

    #[test]
    fn a_dry_run_shows_no_password() {
        let body = serde_json::json!({"password": "eleven zebras"});
        let request = Request::put("users/x/password".to_owned()).secret_json(body);
        assert_eq!(
            request.shown(),
            "PUT /admin/v1/users/x/password   (a body with a secret)"
        );
    }

    #[test]
    fn rfc3986_2_1_a_segment_stays_one_segment() {
        assert_eq!(path(&["projects", "-", "a@b.c"]), "projects/-/a@b.c");
        assert_eq!(
            path(&["x", "a/../b:delete?c=%"]),
            "x/a%2F..%2Fb%3Adelete%3Fc%3D%25"
        );
        assert_eq!(path(&["\u{e4}"]), "%C3%A4");
    }
}
