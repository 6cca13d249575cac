//! What pages of other sites may ask and read.

use super::*;
use crate::http::{api, cross_origin::READ_BY_POST};

fn preflight(address: &str, method: &str) -> Request<Body> {
    Request::options(address)
        .header(header::ORIGIN, "https://portal.example.gov.cn")
        .header(header::ACCESS_CONTROL_REQUEST_METHOD, method)
        .header(header::ACCESS_CONTROL_REQUEST_HEADERS, "authorization,content-type")
        .body(Body::empty())
        .unwrap()
}

fn list(headers: &axum::http::HeaderMap, name: header::HeaderName) -> Vec<String> {
    let value = headers.get(name).map_or("", |v| v.to_str().unwrap());
    value.split(',').map(|item| item.trim().to_ascii_lowercase()).filter(|item| !item.is_empty()).collect()
}

#[tokio::test]
async fn a_page_may_send_its_key_and_json_to_whatever_changes_nothing() {
    let site = site();
    for (method, address) in [
        ("GET", "/api/v1/search"),
        ("GET", "/api/v1/institutions/520300-gov"),
        ("GET", "/api/v1/submissions/s-1"),
        ("GET", "/api/v1/tables/institutions.csv"),
        ("POST", "/api/v1/resolve"),
        ("POST", "/api/v1/match"),
        ("POST", "/api/v1/check"),
        ("POST", "/api/v1/web-names/validate"),
    ] {
        let (status, headers, body) = call(&site.app, preflight(address, method)).await;
        assert_eq!((status, body.as_str()), (StatusCode::NO_CONTENT, ""), "{method} {address}");
        assert_eq!(headers[header::ACCESS_CONTROL_ALLOW_ORIGIN], "*", "{address}");
        assert!(!headers.contains_key(header::ACCESS_CONTROL_ALLOW_CREDENTIALS), "{address}");
        let methods = list(&headers, header::ACCESS_CONTROL_ALLOW_METHODS);
        assert!(methods.contains(&method.to_ascii_lowercase()), "{method} {address}: {methods:?}");
        let sent = list(&headers, header::ACCESS_CONTROL_ALLOW_HEADERS);
        for name in ["authorization", "content-type", "if-none-match"] {
            assert!(sent.iter().any(|known| known == name), "{address}: {sent:?}");
        }
    }
}

#[tokio::test]
async fn what_changes_something_is_refused_and_the_console_takes_no_key() {
    let site = site();
    for (method, address) in [
        ("POST", "/api/v1/submissions"),
        ("POST", "/api/v1/tables/institutions"),
        ("POST", "/api/v1/records/520300-gov/restore/1"),
        ("POST", "/console/queue"),
        ("POST", "/corrections"),
        ("POST", "/sign-in"),
        ("DELETE", "/api/v1/search"),
        ("PUT", "/api/v1/match"),
    ] {
        let (_, headers, _) = call(&site.app, preflight(address, method)).await;
        let methods = list(&headers, header::ACCESS_CONTROL_ALLOW_METHODS);
        assert!(!methods.contains(&method.to_ascii_lowercase()), "{method} {address}: {methods:?}");
    }
    let (_, headers, _) = call(&site.app, preflight("/console/queue", "GET")).await;
    assert_eq!(list(&headers, header::ACCESS_CONTROL_ALLOW_HEADERS), [""; 0]);
    let (status, ..) = call(&site.app, preflight("/api/v1/nothing", "GET")).await;
    assert_eq!(status, StatusCode::NOT_FOUND);
    let plain = Request::options("/api/v1/search").body(Body::empty()).unwrap();
    assert_eq!(call(&site.app, plain).await.0, StatusCode::METHOD_NOT_ALLOWED, "no preflight");
}

#[tokio::test]
async fn a_page_may_read_what_it_needs_of_every_answer() {
    let site = site();
    let address = format!("/api/v1/search?q={}", encoded("遵义市政府"));
    // Made, kept, refused.
    for (address, status) in [(address.as_str(), 200), (address.as_str(), 200), ("/api/v1/search?q=", 400)] {
        let request = Request::get(address).header(header::ORIGIN, "https://portal.example.gov.cn");
        let (got, headers, _) = call(&site.app, request.body(Body::empty()).unwrap()).await;
        assert_eq!(got.as_u16(), status);
        assert_eq!(headers[header::ACCESS_CONTROL_ALLOW_ORIGIN], "*");
        let read = list(&headers, header::ACCESS_CONTROL_EXPOSE_HEADERS);
        for name in ["etag", "retry-after", "x-request-id", "server-timing"] {
            assert!(read.iter().any(|known| known == name), "{read:?}");
        }
        assert_eq!(headers.get_all(header::ACCESS_CONTROL_ALLOW_ORIGIN).iter().count(), 1);
    }
}

/// What is open to other sites by POST is what anybody may ask by it.
#[test]
fn the_open_routes_are_those_that_need_no_key() {
    let document = api::document();
    let mut open: Vec<&str> = document
        .paths
        .paths
        .iter()
        .filter(|(_, item)| item.post.as_ref().is_some_and(|operation| !api::needs_key(operation)))
        .map(|(path, _)| path.as_str())
        .collect();
    open.sort_unstable();
    assert_eq!(open, READ_BY_POST);
}
