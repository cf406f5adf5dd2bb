//! Style, script and icon: files with a hash in their name, kept by browsers for a year.

use axum::body::Body;
use axum::http::HeaderValue;
use axum::http::Response;
use axum::http::StatusCode;
use axum::http::header;
use carnet_pages::Asset;
use carnet_pages::assets;

use crate::http::named::Named;

/// One of the files.
pub async fn get(Named(name): Named) -> Response<Body> {
    let wanted = |asset: &&Asset| asset.path.rsplit('/').next() == Some(name.as_str());
    let Some(asset) = assets().iter().find(wanted) else {
        let mut response = Response::new(Body::empty());
        *response.status_mut() = StatusCode::NOT_FOUND;
        return response;
    };
    let mut response = Response::new(Body::from(asset.bytes));
    let headers = response.headers_mut();
    headers.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static(asset.content_type),
    );
    headers.insert(
        header::CACHE_CONTROL,
        HeaderValue::from_static(Asset::CACHE_CONTROL),
    );
    headers.insert(
        header::X_CONTENT_TYPE_OPTIONS,
        HeaderValue::from_static("nosniff"),
    );
    if let Ok(etag) = HeaderValue::from_str(&asset.etag) {
        headers.insert(header::ETAG, etag);
    }
    response
}
