//! More requests than can be worked on: what is refused, and what is answered all the same.

use std::time::Duration;

use tokio::time::Instant;

use super::*;
use crate::http::MOST_SIGN_INS_WAITING;

fn searched(text: &str) -> String {
    format!("/api/v1/search?q={}", encoded(text))
}

#[tokio::test]
async fn too_many_searches_are_refused_while_the_rest_is_answered() {
    let site = site();
    let kept = searched("遵义市政府");
    for address in [&kept, "/"] {
        assert_eq!(call(&site.app, path(address)).await.0, StatusCode::OK);
    }
    // As if every search at work took for ever.
    let mut held = Vec::new();
    while let Ok(turn) = site.app.turns.take().await {
        held.push(turn);
    }
    // By a clock that stands still but for those who wait, so that it is told who waited and not how fast the machine is.
    tokio::time::pause();
    let begun = Instant::now();
    let more = (0..100).map(|n| {
        let app = site.app.clone();
        tokio::spawn(async move { (call(&app, path(&searched(&format!("许可{n}")))).await, begun.elapsed()) })
    });
    let more: Vec<_> = more.collect();
    for address in [kept.as_str(), "/healthz", "/readyz", "/"] {
        assert_eq!(call(&site.app, path(address)).await.0, StatusCode::OK, "{address}");
    }
    let mut at_once = 0;
    for answer in more {
        let ((status, headers, body), after) = answer.await.unwrap();
        assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE);
        assert_eq!(headers[header::RETRY_AFTER], "1");
        let problem: Value = serde_json::from_str(&body).unwrap();
        assert_eq!(problem["type"], "/problems/busy");
        at_once += usize::from(after < Duration::from_millis(50));
        assert!(after < Duration::from_secs(1), "{after:?}");
    }
    assert!(at_once > 50, "{at_once} of a hundred were told at once");
    let (status, _, page) = call(&site.app, path("/search?q=a")).await;
    assert!(status == StatusCode::SERVICE_UNAVAILABLE && page.contains("服务繁忙"), "{page}");
    drop(held);
    assert_eq!(call(&site.app, path(&searched("许可"))).await.0, StatusCode::OK);
}

#[tokio::test]
async fn a_flood_of_sign_ins_is_told_to_come_again() {
    let site = site();
    let guess = || {
        Request::post("/sign-in")
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header(header::ACCEPT, "text/html")
            .body(Body::from("name=nobody&password=x"))
            .unwrap()
    };
    // As if as many as may wait were waiting.
    let held = site.app.sign_ins_waiting.clone().acquire_many_owned(MOST_SIGN_INS_WAITING as u32).await.unwrap();
    let (status, headers, page) = call(&site.app, guess()).await;
    assert!(status == StatusCode::SERVICE_UNAVAILABLE && page.contains("服务繁忙"), "{page}");
    assert_eq!(headers[header::RETRY_AFTER], "1");
    assert_eq!(call(&site.app, path("/sign-in")).await.0, StatusCode::OK);
    drop(held);
    assert_eq!(call(&site.app, guess()).await.0, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn many_who_ask_the_same_need_one_turn() {
    let site = site();
    let address = searched("行政许可 设定");
    let all = (0..200).map(|_| {
        let (app, address) = (site.app.clone(), address.clone());
        tokio::spawn(async move { call(&app, path(&address)).await.0 })
    });
    for answer in all.collect::<Vec<_>>() {
        assert_eq!(answer.await.unwrap(), StatusCode::OK);
    }
}
