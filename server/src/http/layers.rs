//! What every request passes, outermost first:
//!
//! answers that are kept → request id, log, metrics, problems as pages, fixed headers (one layer: a kept answer takes
//! microseconds, and every layer of its own would be felt; preflights of other sites' pages end here) → panics → the
//! body, a place, a time limit ([`admitted`]) → body limit → compression → routes

use std::{
    any::Any,
    sync::{
        LazyLock,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant, SystemTime, UNIX_EPOCH},
};

use axum::{
    Router,
    body::Body,
    extract::{DefaultBodyLimit, MatchedPath, Request, State},
    http::{HeaderName, HeaderValue, Method, StatusCode, header},
    middleware::{self, Next},
    response::{IntoResponse, Redirect, Response},
};
use indexer::corpus::documents::MAX_UPLOAD;
use tower::ServiceBuilder;
use tower_http::{catch_panic::CatchPanicLayer, compression::CompressionLayer};

use super::{
    App, Problem, asks_for_json,
    bodies::{self, MAX_BODY, Paced},
    cache, cross_origin,
    listening::Peer,
    menu, pages, signed, tidy_address,
};
use crate::source::Source;

/// Requests waiting or answered at once, whose bodies have come; kept answers are not counted. It bounds memory; how
/// long an accepted request waits is bounded by the turns, which are far fewer.
pub const MAX_REQUESTS: usize = 256;

/// Whether the service lives, is ready, and how it fares is to be reported above all where everything else is refused.
const ALWAYS_ANSWERED: [&str; 3] = ["/healthz", "/readyz", "/metrics"];

/// By whom a proxy was asked, how it was, and other ways to tell the first.
const FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");
const FORWARDED_PROTO: HeaderName = HeaderName::from_static("x-forwarded-proto");
const REAL_IP: HeaderName = HeaderName::from_static("x-real-ip");

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
/// Longest id taken over from a caller, in bytes: a UUID has 36.
const MAX_REQUEST_ID: usize = 64;

/// Beginnings of paths that programs ask: a problem stays JSON there whatever they accept.
const FOR_MACHINES: [&str; 4] = ["/api/", "/healthz", "/readyz", "/metrics"];

/// Routes whose handlers read the body themselves while it comes, as large as they let it be.
const STREAMED: [&str; 6] = [
    "/console/upload",
    "/console/tables",
    "/console/submissions/{id}/attachments",
    "/console/names/{id}/documents",
    "/api/v1/submissions",
    "/api/v1/tables/{table}",
];
/// Routes that read a file which came before.
const FILE_ROUTES: [&str; 1] = ["/console/upload/{hash}"];
/// The time for a file that has come to be read: two may each take all of their own limit, one after the other.
const FILE_TIME: Duration = Duration::from_secs(120);

const FIXED_HEADERS: [(HeaderName, HeaderValue); 3] = [
    (
        header::CONTENT_SECURITY_POLICY,
        HeaderValue::from_static(
            "default-src 'self'; img-src 'self' data:; frame-ancestors 'none'; base-uri 'none'; form-action 'self'",
        ),
    ),
    (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    (header::REFERRER_POLICY, HeaderValue::from_static("strict-origin-when-cross-origin")),
];

pub fn around(routes: Router<App>, app: App) -> Router<App> {
    let layers = ServiceBuilder::new()
        .layer(middleware::from_fn_with_state(app.clone(), attended))
        .layer(CatchPanicLayer::custom(panicked))
        .layer(middleware::from_fn_with_state(app, admitted))
        .layer(DefaultBodyLimit::max(MAX_BODY))
        .layer(CompressionLayer::new());
    routes
        .fallback(|| async { Problem::not_found("没有这个地址，请检查拼写，或从首页开始查找") })
        .method_not_allowed_fallback(|| async { Problem::method_not_allowed() })
        .layer(layers)
}

/// Gives the request an id, and sees to it that whatever comes back is logged, counted and fit to be sent.
async fn attended(State(app): State<App>, mut request: Request, next: Next) -> Response {
    let started = Instant::now();
    let id = request_id(&request);
    let uri = request.uri().clone();
    let path = uri.path();
    let machine = FOR_MACHINES.iter().any(|start| path.starts_with(start)) || asks_for_json(request.headers());
    let route = request.extensions().get::<MatchedPath>().cloned();
    // Back to the page that led here, where it is another one of ours.
    let back = signed::sent_from(request.headers()).filter(|back| *back != uri.to_string());
    let method = request.method().clone();
    let words = signed::Words::default();
    request.extensions_mut().insert(words.clone());
    let mut response = match cross_origin::preflight(&request) {
        Some(answer) => answer,
        None if machine => next.run(request).await,
        None => {
            let kinds = app.generation().ok().map(|generation| menu::filled(&generation));
            menu::within(kinds, next.run(request)).await
        }
    };
    // A path that is no text is refused before any handler sees it, in the framework's own words.
    let plain =
        |r: &Response| r.headers().get(header::CONTENT_TYPE).is_some_and(|v| v.as_bytes().starts_with(b"text/plain"));
    if response.status() == StatusCode::BAD_REQUEST && plain(&response) {
        response = Problem::bad_path().into_response();
    }
    // Whatever a handler made of it, the reason is that the store takes no writes.
    if response.status() == StatusCode::INTERNAL_SERVER_ERROR && app.store.closed().is_some() {
        response = Problem::read_only(None).into_response();
    }
    if !machine
        && response.status() == StatusCode::NOT_FOUND
        && matches!(method, Method::GET | Method::HEAD)
        && let Some(better) = tidy_address::of(&uri)
    {
        response = Redirect::permanent(&better).into_response();
    }
    if !machine && let Some(unsaved) = response.extensions_mut().remove::<signed::Unsaved>() {
        let make = || pages::for_unsaved(unsaved, response.headers());
        let page = match app.generation() {
            Ok(generation) => menu::making(&generation, make),
            Err(_) => make(),
        };
        response = page.unwrap_or(response);
    }
    if !machine && let Some(problem) = response.extensions().get::<Problem>() {
        let make = || pages::problem(problem, response.headers(), back, words.get());
        response = match app.generation() {
            Ok(generation) => menu::making(&generation, make),
            Err(_) => make(),
        };
    }
    let route = route.as_ref().map_or("none", MatchedPath::as_str);
    let took = started.elapsed();
    app.counters.count(route, response.status(), took);
    // The route and never the query: what people look for is theirs.
    if response.status().is_server_error() {
        tracing::warn!(%method, route, id = ?id, status = response.status().as_u16(), ?took, "answered with an error");
    } else {
        tracing::debug!(%method, route, id = ?id, status = response.status().as_u16(), ?took, "answered");
    }
    finish(&mut response, id);
    response
}

/// Finds out where the request comes from and takes in its body; only then it has a place and its time begins.
async fn admitted(State(app): State<App>, mut request: Request, next: Next) -> Response {
    let source = source(&app, &request);
    request.extensions_mut().insert(source);
    let route = request.extensions().get::<MatchedPath>().cloned();
    let is_one_of = |routes: &[&str]| route.as_ref().is_some_and(|route| routes.contains(&route.as_str()));
    if is_one_of(&ALWAYS_ANSWERED) {
        return within(app.timeout, next.run(request)).await;
    }
    let posted = !matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    if posted && is_one_of(&STREAMED) {
        return streamed(&app, request, next).await;
    }
    let mut share = None;
    if posted && route.is_some() {
        let (parts, body) = request.into_parts();
        let waiting = parts.extensions.get::<Peer>().map(|peer| peer.pulse.waiting_for_body());
        let came = bodies::whole(body, app.pace, &app.bodies, source).await;
        drop(waiting);
        let (body, room) = match came {
            Ok(came) => came,
            Err(problem) => return problem.into_response(),
        };
        share = Some(room);
        request = Request::from_parts(parts, Body::from(body));
    }
    let Ok(_place) = app.places.try_acquire() else { return Problem::busy().into_response() };
    let takes_long = is_one_of(&FILE_ROUTES);
    let limit = if takes_long { app.timeout.max(FILE_TIME) } else { app.timeout };
    let response = within(limit, next.run(request)).await;
    drop(share);
    response
}

/// A handler reads the body while it comes: at its pace, which bounds how long that takes; then the time for the work
/// on it begins. It has no place of the others', so that a hundred slow lines leave them all.
async fn streamed(app: &App, request: Request, next: Next) -> Response {
    let (parts, body) = request.into_parts();
    let (body, ended) = Paced::new(body, app.pace);
    let longest = app.pace.longest(MAX_UPLOAD as u64) + FILE_TIME;
    let over = async {
        let _ = tokio::time::timeout(longest, ended).await;
        tokio::time::sleep(app.timeout.max(FILE_TIME)).await;
    };
    tokio::select! {
        response = next.run(Request::from_parts(parts, Body::new(body))) => response,
        () = over => Problem::timeout().into_response(),
    }
}

async fn within(limit: Duration, answer: impl Future<Output = Response>) -> Response {
    tokio::time::timeout(limit, answer).await.unwrap_or_else(|_| Problem::timeout().into_response())
}

/// Where a request comes from; one that came through no socket comes from this machine.
fn source(app: &App, request: &Request) -> Source {
    let peer = request.extensions().get::<Peer>().map_or(Source::here().address(), |peer| peer.address);
    let headers = request.headers();
    // A proxy that tells how it was asked, and not by whom.
    if app.proxies.include(peer)
        && !headers.contains_key(FORWARDED_FOR)
        && [FORWARDED_PROTO, REAL_IP, header::FORWARDED, header::VIA].iter().any(|told| headers.contains_key(told))
    {
        app.proxies.warn_unnamed_proxy(peer);
    }
    app.proxies.source(peer, headers.get_all(FORWARDED_FOR).iter().filter_map(|value| value.to_str().ok()))
}

fn finish(response: &mut Response, id: HeaderValue) {
    let headers = response.headers_mut();
    headers.insert(REQUEST_ID, id);
    for (name, value) in FIXED_HEADERS.into_iter().chain(cross_origin::OPEN) {
        headers.insert(name, value);
    }
}

/// Answers from what is kept before a route is even looked for: such an answer takes less than the finding.
pub async fn cached_first(State(app): State<App>, request: Request, next: Next) -> Response {
    if let Some(wanted) = cache::wanted(&request) {
        let started = Instant::now();
        if let Some(mut response) = cache::cached(&app, wanted).await {
            app.counters.count(KEPT, response.status(), started.elapsed());
            finish(&mut response, request_id(&request));
            return response;
        }
    }
    next.run(request).await
}

/// The name of the route in the metrics of answers that are kept.
const KEPT: &str = "kept";

/// The caller's id where it is a sane one; else the start of this process and a count.
fn request_id(request: &Request) -> HeaderValue {
    static START: LazyLock<String> = LazyLock::new(|| {
        let started = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |d| d.as_millis());
        format!("{started:x}")
    });
    static COUNT: AtomicU64 = AtomicU64::new(0);
    let given = request.headers().get(REQUEST_ID).filter(|id| {
        id.len() <= MAX_REQUEST_ID
            && id.as_bytes().iter().all(|b| b.is_ascii_alphanumeric() || *b == b'-' || *b == b'_')
    });
    given.cloned().unwrap_or_else(|| {
        let made = format!("{}-{:x}", *START, COUNT.fetch_add(1, Ordering::Relaxed));
        HeaderValue::try_from(made).unwrap_or(HeaderValue::from_static("-"))
    })
}

fn panicked(panic: Box<dyn Any + Send + 'static>) -> Response {
    let message = panic.downcast_ref::<String>().map(String::as_str);
    let message = message.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("panic");
    Problem::internal(&message).into_response()
}
