//! A store that a failed write has closed: answers go on, nothing is taken, and whoever watches the service is
//! reported.

use super::*;

#[tokio::test]
async fn a_store_closed_by_a_failed_write_still_answers_and_takes_nothing() {
    let site = site();
    let (status, ..) = call(&site.app, path("/readyz")).await;
    assert_eq!(status, StatusCode::OK);
    site.app.store.close_for_test("设备上没有空间");
    let (status, headers, body) = call(&site.app, path("/readyz")).await;
    assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(headers[header::CONTENT_TYPE], "application/problem+json");
    assert!(body.contains("/problems/read-only") && body.contains("设备上没有空间"), "{body}");
    assert_eq!(call(&site.app, path("/healthz")).await.0, StatusCode::OK, "the process lives");
    assert!(!search(&site.app, "遵义市人民政府", "").await["direct"].as_array().unwrap().is_empty());
    let before = site.app.store.last_sequence().unwrap();
    let form = Request::post("/corrections")
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .header(header::ACCEPT, "text/html")
        .body(Body::from(format!("about=520300-gov&matter=website&says={}", encoded("网址已经换成别的"))))
        .unwrap();
    let (status, _, page) = call(&site.app, form).await;
    assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(page.contains("<html") && page.contains("暂时不能保存"), "{page}");
    assert!(!page.contains("设备上没有空间"), "what went wrong inside is for those who run it");
    assert_eq!(site.app.store.last_sequence().unwrap(), before);
}
