//! What every request passes, outermost first.
//!
//! request id → trace → problems as pages → panics → metrics → time limit → shedding → body limit → headers →
//! compression → cross-origin → routes

use std::{
    any::Any,
    time::{Duration, Instant},
};

use axum::{
    Router,
    error_handling::HandleErrorLayer,
    extract::{DefaultBodyLimit, MatchedPath, Request, State},
    http::{HeaderName, HeaderValue, Method, header},
    middleware::{self, Next},
    response::{IntoResponse, Response},
};
use tower::{BoxError, ServiceBuilder, limit::GlobalConcurrencyLimitLayer, load_shed::LoadShedLayer};
use tower_http::{
    catch_panic::CatchPanicLayer,
    compression::CompressionLayer,
    cors::{Any as AnyOrigin, CorsLayer},
    request_id::{MakeRequestUuid, PropagateRequestIdLayer, SetRequestIdLayer},
    set_header::SetResponseHeaderLayer,
    trace::TraceLayer,
};

use super::{App, Problem, pages};

/// Largest request body, in bytes: a thousand names of forty characters to match, or a long text to resolve.
pub const MAX_BODY: usize = 256 << 10;

const CONTENT_SECURITY: &str =
    "default-src 'self'; img-src 'self' data:; frame-ancestors 'none'; base-uri 'none'; form-action 'self'";

pub fn around(routes: Router<App>, app: App) -> Router<App> {
    let fixed = |name: &'static str, value: &'static str| {
        SetResponseHeaderLayer::if_not_present(HeaderName::from_static(name), HeaderValue::from_static(value))
    };
    let cors = CorsLayer::new().allow_origin(AnyOrigin).allow_methods([Method::GET, Method::HEAD, Method::OPTIONS]);
    let limits = ServiceBuilder::new()
        .layer(HandleErrorLayer::new(|error: BoxError| async move {
            if error.is::<tower::load_shed::error::Overloaded>() { Problem::busy() } else { Problem::internal(&error) }
        }))
        .layer(LoadShedLayer::new())
        .layer(GlobalConcurrencyLimitLayer::new(app.max_requests));
    let layers = ServiceBuilder::new()
        .layer(SetRequestIdLayer::x_request_id(MakeRequestUuid))
        .layer(PropagateRequestIdLayer::x_request_id())
        .layer(TraceLayer::new_for_http().make_span_with(span))
        .layer(middleware::from_fn_with_state(app.clone(), problems_as_pages))
        .layer(CatchPanicLayer::custom(panicked))
        .layer(middleware::from_fn(measured))
        .layer(middleware::from_fn_with_state(app.timeout, in_time))
        .layer(limits)
        .layer(DefaultBodyLimit::max(MAX_BODY))
        .layer(fixed("content-security-policy", CONTENT_SECURITY))
        .layer(fixed("x-content-type-options", "nosniff"))
        .layer(fixed("referrer-policy", "strict-origin-when-cross-origin"))
        .layer(CompressionLayer::new())
        .layer(cors);
    routes
        .fallback(|| async { Problem::not_found("没有这个地址，请检查拼写，或从首页开始查找") })
        .method_not_allowed_fallback(|| async { Problem::method_not_allowed() })
        .layer(layers)
}

/// Never the query itself: what people look for is theirs.
fn span(request: &Request) -> tracing::Span {
    let route = request.extensions().get::<MatchedPath>().map_or("-", MatchedPath::as_str);
    let id = request.headers().get("x-request-id").and_then(|v| v.to_str().ok()).unwrap_or("-");
    tracing::info_span!("request", method = %request.method(), route, id)
}

fn panicked(panic: Box<dyn Any + Send + 'static>) -> Response {
    let message = panic.downcast_ref::<String>().map(String::as_str);
    let message = message.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("panic");
    Problem::internal(&message).into_response()
}

async fn in_time(State(limit): State<Duration>, request: Request, next: Next) -> Response {
    match tokio::time::timeout(limit, next.run(request)).await {
        Ok(response) => response,
        Err(_) => Problem::timeout().into_response(),
    }
}

async fn measured(request: Request, next: Next) -> Response {
    let route = request.extensions().get::<MatchedPath>().map_or("none", MatchedPath::as_str).to_owned();
    let started = Instant::now();
    let response = next.run(request).await;
    let labels = [("route", route), ("status", response.status().as_u16().to_string())];
    metrics::counter!("guansou_requests_total", &labels).increment(1);
    metrics::histogram!("guansou_request_seconds", &labels).record(started.elapsed().as_secs_f64());
    response
}

/// A problem is a page where a person is reading.
async fn problems_as_pages(State(app): State<App>, request: Request, next: Next) -> Response {
    let machine = request.uri().path().starts_with("/api/")
        || request.headers().get(header::ACCEPT).and_then(|v| v.to_str().ok()).is_some_and(|v| v.contains("json"));
    let response = next.run(request).await;
    match response.extensions().get::<Problem>() {
        Some(problem) if !machine => pages::problem(&app, problem, response.headers()),
        _ => response,
    }
}
