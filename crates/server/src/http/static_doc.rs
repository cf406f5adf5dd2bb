//! Documents that were built once and are served as they are, until they are swapped for newer ones.
//!
//! They are public: any web page may read them. Whoever keeps a copy asks with `If-None-Match`, and a
//! 304 costs no body (RFC 9110 sections 13.1.2 and 15.4.5).

use axum::body::Body;
use bytes::Bytes;
use carnet_jose::base64url;
use carnet_jose::digest;
use http::HeaderMap;
use http::HeaderValue;
use http::Response;
use http::StatusCode;
use http::header;

/// A document with the headers that belong to it.
#[derive(Clone, Debug)]
pub struct Doc {
    bytes: Bytes,
    content_type: HeaderValue,
    cache_control: HeaderValue,
    etag: HeaderValue,
}

impl Doc {
    /// The bytes, their type, and how long a copy may be kept.
    #[must_use]
    pub fn new(bytes: Vec<u8>, content_type: &'static str, cache_control: &'static str) -> Self {
        let hash = digest::sha256(&bytes);
        let tag = format!("\"{}\"", base64url::encode(hash.get(..12).unwrap_or(&hash)));
        Self {
            bytes: bytes.into(),
            content_type: HeaderValue::from_static(content_type),
            cache_control: HeaderValue::from_static(cache_control),
            etag: HeaderValue::from_str(&tag).unwrap_or_else(|_| HeaderValue::from_static("\"0\"")),
        }
    }

    /// The bytes.
    #[must_use]
    pub fn bytes(&self) -> &Bytes {
        &self.bytes
    }

    /// The answer to a GET or HEAD with these headers: the document, or 304 where the caller has it.
    #[must_use]
    pub fn answer(&self, asked: &HeaderMap) -> Response<Body> {
        let known = asked
            .get_all(header::IF_NONE_MATCH)
            .iter()
            .any(|tags| self.matches(tags));
        let body = if known {
            Body::empty()
        } else {
            Body::from(self.bytes.clone())
        };
        let mut response = Response::new(body);
        let headers = response.headers_mut();
        headers.reserve(7);
        headers.insert(header::CACHE_CONTROL, self.cache_control.clone());
        headers.insert(header::ETAG, self.etag.clone());
        headers.insert(
            header::X_CONTENT_TYPE_OPTIONS,
            HeaderValue::from_static("nosniff"),
        );
        headers.insert(
            header::ACCESS_CONTROL_ALLOW_ORIGIN,
            HeaderValue::from_static("*"),
        );
        if known {
            *response.status_mut() = StatusCode::NOT_MODIFIED;
        } else {
            headers.insert(header::CONTENT_TYPE, self.content_type.clone());
        }
        response
    }

    /// RFC 9110 section 13.1.2: any of a list, weak or not, or `*`.
    fn matches(&self, tags: &HeaderValue) -> bool {
        let (Ok(tags), Ok(own)) = (tags.to_str(), self.etag.to_str()) else {
            return false;
        };
        tags.split(',')
            .map(str::trim)
            .any(|tag| tag == "*" || tag.trim_start_matches("W/") == own)
    }
}

#[cfg(test)]
mod tests;
