//! What pages of other sites may ask: everything that changes nothing, with their own key and with JSON. A browser asks
//! first (a preflight, Fetch Standard 3.2) where the request is more than a simple one.
//!
//! Cookies never count: an answer that is open to every site is none that a browser sends a session along for.

use axum::{
    body::Body,
    extract::{MatchedPath, Request},
    http::{HeaderName, HeaderValue, Method, StatusCode, header},
    response::Response,
};

/// Routes that are asked by POST and change nothing: what they are asked is longer than an address may be.
pub const READ_BY_POST: [&str; 4] = ["/api/v1/check", "/api/v1/match", "/api/v1/resolve", "/api/v1/web-names/validate"];
const GET: HeaderValue = HeaderValue::from_static("GET, HEAD");
const GET_AND_POST: HeaderValue = HeaderValue::from_static("GET, HEAD, POST");
/// What a page may send beside what every page may: its key, JSON, and what it knows already.
const SENT: HeaderValue = HeaderValue::from_static("authorization, content-type, if-none-match, x-request-id");
/// What a page may read beside what every page may.
const READ: HeaderValue = HeaderValue::from_static("etag, retry-after, server-timing, x-changes-since, x-request-id");
/// Seconds that a browser may go by an answer to a preflight: browsers keep it for two hours at most.
const KEPT: HeaderValue = HeaderValue::from_static("7200");

/// Headers of every answer, so that a page may read it whatever it is: a refusal says how to mend it.
pub const OPEN: [(HeaderName, HeaderValue); 2] = [
    (header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*")),
    (header::ACCESS_CONTROL_EXPOSE_HEADERS, READ),
];

/// The answer to a preflight; `None` for any other request, and for an address that there is not.
pub fn preflight(request: &Request) -> Option<Response> {
    let asks = request.headers().contains_key(header::ACCESS_CONTROL_REQUEST_METHOD);
    let route = request.extensions().get::<MatchedPath>()?.as_str();
    if request.method() != Method::OPTIONS || !asks {
        return None;
    }
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::NO_CONTENT;
    let headers = response.headers_mut();
    let methods = if READ_BY_POST.contains(&route) { GET_AND_POST } else { GET };
    headers.insert(header::ACCESS_CONTROL_ALLOW_METHODS, methods);
    // The console knows nobody by a key, and takes no JSON.
    if route.starts_with("/api/") {
        headers.insert(header::ACCESS_CONTROL_ALLOW_HEADERS, SENT);
    }
    headers.insert(header::ACCESS_CONTROL_MAX_AGE, KEPT);
    Some(response)
}
