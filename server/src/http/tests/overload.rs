//! More requests than can be worked on: what is refused, and what is answered all the same.

use std::time::Duration;

use tokio::time::Instant;

use super::*;
use crate::{http::MAX_SIGN_INS_WAITING, source::Source};

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
    while let Ok(turn) = site.app.admission.take().await {
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

/// A sign-in with a wrong password, from an address as the proxy on this machine tells it.
fn guess(from: &str) -> Request<Body> {
    Request::post("/sign-in")
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .header(header::ACCEPT, "text/html")
        .header("x-forwarded-for", from)
        .body(Body::from("name=nobody&password=x"))
        .unwrap()
}

#[tokio::test]
async fn a_flood_of_sign_ins_is_told_to_come_again() {
    let site = site();
    let source = |n: usize| Source::of([192, 0, 2, u8::try_from(n).unwrap()].into());
    let waiting = |n| site.app.sign_ins_waiting.take(source(n));
    // As if one address had as many waiting as it may, and more tries: it is refused, and nobody else.
    let of_one: Vec<_> = std::iter::from_fn(|| waiting(1)).take(MAX_SIGN_INS_WAITING).collect();
    assert!(of_one.len() < MAX_SIGN_INS_WAITING / 8, "{}", of_one.len());
    let (status, headers, page) = call(&site.app, guess("192.0.2.1")).await;
    assert!(status == StatusCode::SERVICE_UNAVAILABLE && page.contains("服务繁忙"), "{page}");
    assert_eq!(headers[header::RETRY_AFTER], "1");
    for other in ["192.0.2.2", "2001:db8::1"] {
        assert_eq!(call(&site.app, guess(other)).await.0, StatusCode::UNAUTHORIZED);
    }
    // As if as many as may wait were waiting.
    let all: Vec<_> = (2..250).filter_map(waiting).collect();
    assert_eq!(of_one.len() + all.len(), MAX_SIGN_INS_WAITING);
    assert_eq!(call(&site.app, guess("192.0.2.250")).await.0, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(call(&site.app, path("/sign-in")).await.0, StatusCode::OK);
    drop((of_one, all));
    assert_eq!(call(&site.app, guess("192.0.2.1")).await.0, StatusCode::UNAUTHORIZED);
}

#[tokio::test(flavor = "multi_thread")]
async fn forty_who_guess_turn_nobody_else_away() {
    let site = site();
    let stop = Arc::new(std::sync::atomic::AtomicBool::new(false));
    let guessing: Vec<_> = (0..40)
        .map(|_| {
            let (app, stop) = (site.app.clone(), stop.clone());
            tokio::spawn(async move {
                let mut guesses = 0;
                while !stop.load(std::sync::atomic::Ordering::Relaxed) {
                    call(&app, guess("203.0.113.5")).await;
                    guesses += 1;
                    // The way there and back.
                    tokio::time::sleep(Duration::from_millis(1)).await;
                }
                guesses
            })
        })
        .collect();
    for n in 0..25 {
        let (status, _, page) = call(&site.app, guess(&format!("198.51.100.{n}"))).await;
        // Wrong as well, and looked at; locked once the name has failed too often.
        assert!([StatusCode::UNAUTHORIZED, StatusCode::TOO_MANY_REQUESTS].contains(&status), "{n}: {status} {page}");
    }
    stop.store(true, std::sync::atomic::Ordering::Relaxed);
    let mut guesses = 0;
    for guesser in guessing {
        guesses += guesser.await.unwrap();
    }
    assert!(guesses > 40, "they did guess meanwhile: {guesses}");
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
