//! What every request passes, outermost first:
//!
//! answers that are kept → request id, time limit, log, metrics, problems as pages, fixed headers (one layer: a kept
//! answer takes microseconds, and every layer of its own would be felt) → panics → shedding → body limit → compression →
//! cross-origin → routes

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
    error_handling::HandleErrorLayer,
    extract::{DefaultBodyLimit, MatchedPath, Request, State},
    http::{HeaderName, HeaderValue, Method, StatusCode, header},
    middleware::{self, Next},
    response::{IntoResponse, Response},
};
use tower::{BoxError, ServiceBuilder, limit::GlobalConcurrencyLimitLayer, load_shed::LoadShedLayer};
use tower_http::{
    catch_panic::CatchPanicLayer,
    compression::CompressionLayer,
    cors::{Any as AnyOrigin, CorsLayer},
};

use super::{App, Problem, cache, pages};

/// Largest request body, in bytes: a thousand names of forty characters to match, or a long text to resolve.
pub const MAX_BODY: usize = 256 << 10;

/// Requests read, waiting or answered at once, kept answers not counted. It bounds memory, with the largest body 64 MiB;
/// how long an accepted request waits is bounded by the turns, which are far fewer.
const MAX_REQUESTS: usize = 256;

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
/// Longest id taken over from a caller, in bytes: a UUID has 36.
const MAX_REQUEST_ID: usize = 64;

/// Beginnings of paths that programs ask: a problem stays JSON there whatever they accept.
const FOR_MACHINES: [&str; 4] = ["/api/", "/healthz", "/readyz", "/metrics"];

/// Routes that take files or read them again, and the time for one to arrive, wait for its turn and be read: 64 MiB at 5
/// Mbit/s, or two that take all of their own limit.
const FILE_ROUTES: [&str; 4] =
    ["/console/upload", "/console/upload/{hash}", "/api/v1/submissions", "/api/v1/tables/{file}"];
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
    let cors = CorsLayer::new().allow_origin(AnyOrigin).allow_methods([Method::GET, Method::HEAD, Method::OPTIONS]);
    let limits = ServiceBuilder::new()
        .layer(HandleErrorLayer::new(|error: BoxError| async move {
            if error.is::<tower::load_shed::error::Overloaded>() { Problem::busy() } else { Problem::internal(&error) }
        }))
        .layer(LoadShedLayer::new())
        .layer(GlobalConcurrencyLimitLayer::new(MAX_REQUESTS));
    let layers = ServiceBuilder::new()
        .layer(middleware::from_fn_with_state(app.clone(), attended))
        .layer(CatchPanicLayer::custom(panicked))
        .layer(limits)
        .layer(DefaultBodyLimit::max(MAX_BODY))
        .layer(CompressionLayer::new())
        .layer(cors);
    routes
        .fallback(|| async { Problem::not_found("没有这个地址，请检查拼写，或从首页开始查找") })
        .method_not_allowed_fallback(|| async { Problem::method_not_allowed() })
        .layer(layers)
}

/// Gives the request an id and a time, and sees to it that whatever comes back is logged, counted and fit to be sent.
async fn attended(State(app): State<App>, request: Request, next: Next) -> Response {
    let started = Instant::now();
    let id = request_id(&request);
    let path = request.uri().path();
    let machine = FOR_MACHINES.iter().any(|start| path.starts_with(start)) || asks_for_json(&request);
    let route = request.extensions().get::<MatchedPath>().cloned();
    let method = request.method().clone();
    let takes_file = route.as_ref().is_some_and(|r| FILE_ROUTES.contains(&r.as_str()));
    let limit = if takes_file { app.timeout.max(FILE_TIME) } else { app.timeout };
    let mut response = match tokio::time::timeout(limit, next.run(request)).await {
        Ok(response) => response,
        Err(_) => Problem::timeout().into_response(),
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
    if !machine && let Some(problem) = response.extensions().get::<Problem>() {
        response = pages::problem(&app, problem, response.headers());
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

fn finish(response: &mut Response, id: HeaderValue) {
    let headers = response.headers_mut();
    headers.insert(REQUEST_ID, id);
    for (name, value) in FIXED_HEADERS {
        headers.insert(name, value);
    }
}

/// Answers from what is kept before a route is even looked for: such an answer takes less than the finding.
pub async fn kept_first(State(app): State<App>, request: Request, next: Next) -> Response {
    if let Some(wanted) = cache::wanted(&request) {
        let started = Instant::now();
        if let Some(mut response) = cache::kept(&app, wanted).await {
            app.counters.count(KEPT, response.status(), started.elapsed());
            finish(&mut response, request_id(&request));
            return response;
        }
    }
    next.run(request).await
}

/// The name of the route in the metrics of answers that are kept.
const KEPT: &str = "kept";

fn asks_for_json(request: &Request) -> bool {
    request.headers().get(header::ACCEPT).and_then(|v| v.to_str().ok()).is_some_and(|v| v.contains("json"))
}

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
