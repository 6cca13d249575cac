//! The stylesheet, the small script and the icon, compiled in; and what browsers look for.

use axum::{
    Router,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
    routing::get,
};

use sha2::{Digest, Sha256};

use crate::http::App;

/// Ten minutes: the address carries no version, and a new page must not meet an old style for long; after that the ETag
/// spares the bytes.
const CACHE: &str = "public, max-age=600";

const STYLE: &str = include_str!("../../../assets/site.css");
const SCRIPT: &str = include_str!("../../../assets/site.js");
const READING: &str = include_str!("../../../assets/reading.js");
const BADGE: &str = include_str!("../../../assets/badge.js");
const ICON: &str = include_str!("../../../assets/icon.svg");
/// The sign as a picture: for home screens, and for browsers that ask for `/favicon.ico` whatever the page says.
const ICON_PICTURE: &[u8] = include_bytes!("../../../assets/icon.png");
/// What chats show beside a shared link (1200 × 630, Open Graph).
const CARD: &[u8] = include_bytes!("../../../assets/card.png");
const OPENSEARCH: &str = include_str!("../../../assets/opensearch.xml");

pub fn routes() -> Router<App> {
    Router::new()
        .route(
            "/assets/site.css",
            get(|h: HeaderMap| async move { file(&h, STYLE.as_bytes(), "text/css; charset=utf-8") }),
        )
        .route(
            "/assets/site.js",
            get(|h: HeaderMap| async move { file(&h, SCRIPT.as_bytes(), "text/javascript; charset=utf-8") }),
        )
        .route(
            "/assets/reading.js",
            get(|h: HeaderMap| async move { file(&h, READING.as_bytes(), "text/javascript; charset=utf-8") }),
        )
        .route(
            "/assets/badge.js",
            get(|h: HeaderMap| async move { file(&h, BADGE.as_bytes(), "text/javascript; charset=utf-8") }),
        )
        .route("/assets/icon.svg", get(|h: HeaderMap| async move { file(&h, ICON.as_bytes(), "image/svg+xml") }))
        .route("/assets/icon.png", get(|h: HeaderMap| async move { file(&h, ICON_PICTURE, "image/png") }))
        .route("/favicon.ico", get(|h: HeaderMap| async move { file(&h, ICON_PICTURE, "image/png") }))
        .route("/assets/card.png", get(|h: HeaderMap| async move { file(&h, CARD, "image/png") }))
        .route(
            "/opensearch.xml",
            get(|h: HeaderMap| async move { file(&h, OPENSEARCH.as_bytes(), "application/opensearchdescription+xml") }),
        )
}

fn file(asked: &HeaderMap, content: &'static [u8], content_type: &'static str) -> Response {
    let tag = format!("\"{}\"", &hex::encode(Sha256::digest(content))[..16]);
    let same = asked.get(header::IF_NONE_MATCH).is_some_and(|t| t.as_bytes() == tag.as_bytes());
    let mut response = if same { StatusCode::NOT_MODIFIED.into_response() } else { content.into_response() };
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(CACHE));
    if let Ok(tag) = HeaderValue::from_str(&tag) {
        headers.insert(header::ETAG, tag);
    }
    response
}
