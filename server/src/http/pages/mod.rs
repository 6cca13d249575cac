//! Pages.
use super::{App, Problem};
use axum::{
    Router,
    http::HeaderMap,
    response::{IntoResponse, Response},
};
pub fn routes() -> Router<App> {
    Router::new()
}
pub fn problem(_app: &App, problem: &Problem, _headers: &HeaderMap) -> Response {
    problem.clone().into_response()
}
