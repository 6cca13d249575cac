//! The JSON API, version 1. One file a resource.

mod directory;
mod exchange;
mod history;
mod library;
mod names;
mod reasons;
mod records;
mod references;
mod search;
mod status;
mod submissions;
mod tables;
mod tasks;
mod web_names;

use axum::{
    Json, Router,
    extract::{DefaultBodyLimit, FromRequest, Request, rejection::JsonRejection},
    routing::{get, post},
};
use indexer::corpus::documents::MAX_UPLOAD;
use serde::de::DeserializeOwned;
use utoipa::OpenApi;

use super::{App, Problem, bodies::MAX_BODY};

/// Room for the other parts of a request that brings a file.
const FORM_ROOM: usize = 256 << 10;

#[derive(OpenApi)]
#[openapi(
    info(
        title = "官搜 Guansou",
        version = "1",
        description = "全国公共机构官方网站与法律法规检索。错误一律为 application/problem+json。"
    ),
    paths(
        search::search,
        search::suggest,
        search::resolve,
        search::resolve_text,
        names::match_names,
        directory::institution,
        directory::division,
        directory::division_institutions,
        library::regulation,
        library::article,
        references::references,
        web_names::check,
        web_names::check_many,
        web_names::validate,
        web_names::rules,
        web_names::manifest,
        web_names::download,
        exchange::changes,
        exchange::dumps,
        exchange::dump,
        records::record,
        history::history,
        history::compare,
        history::restore,
        submissions::submit,
        submissions::status,
        reasons::reasons,
        tasks::tasks,
        tasks::task,
        tables::template,
        tables::submit,
    ),
    components(schemas(Problem))
)]
pub struct Description;

/// The API's description as it is served, indented.
#[cfg(test)]
pub fn description() -> String {
    Description::openapi().to_pretty_json().unwrap_or_else(|e| panic!("{e}"))
}

pub fn routes() -> Router<App> {
    let files = Router::new()
        .route("/api/v1/submissions", post(submissions::submit))
        .route("/api/v1/tables/{file}", get(tables::template).post(tables::submit))
        .layer(DefaultBodyLimit::max(MAX_UPLOAD + FORM_ROOM));
    Router::new()
        .merge(files)
        .route("/api/v1/submissions/{id}", get(submissions::status))
        .route("/api/v1/search", get(search::search))
        .route("/api/v1/suggest", get(search::suggest))
        .route("/api/v1/resolve", get(search::resolve).post(search::resolve_text))
        .route("/api/v1/match", post(names::match_names))
        .route("/api/v1/check", get(web_names::check).post(web_names::check_many))
        .route("/api/v1/web-names", get(web_names::manifest))
        .route("/api/v1/web-names/rules", get(web_names::rules))
        .route("/api/v1/web-names/validate", post(web_names::validate))
        .route("/api/v1/web-names/{file}", get(web_names::download))
        .route("/api/v1/institutions/{id}", get(directory::institution))
        .route("/api/v1/divisions/{code}", get(directory::division))
        .route("/api/v1/divisions/{code}/institutions", get(directory::division_institutions))
        .route("/api/v1/regulations/{id}", get(library::regulation))
        .route("/api/v1/regulations/{id}/references", get(references::references))
        .route("/api/v1/regulations/{id}/articles/{number}", get(library::article))
        .route("/api/v1/records/{id}", get(records::record))
        .route("/api/v1/records/{id}/history", get(history::history))
        .route("/api/v1/records/{id}/history/{old}/{new}", get(history::compare))
        .route("/api/v1/records/{id}/restore/{revision}", post(history::restore))
        .route("/api/v1/reasons", get(reasons::reasons))
        .route("/api/v1/tasks", get(tasks::tasks))
        .route("/api/v1/tasks/{id}", get(tasks::task))
        .route("/api/v1/changes", get(exchange::changes))
        .route("/api/v1/dumps", get(exchange::dumps))
        .route("/api/v1/dumps/{file}", get(exchange::dump))
        .route("/api/v1/openapi.json", get(|| async { Json(Description::openapi()) }))
        .route("/openapi.json", get(|| async { Json(Description::openapi()) }))
        .route("/healthz", get(status::healthz))
        .route("/readyz", get(status::readyz))
        .route("/metrics", get(status::metrics))
}

/// A JSON body whose faults are problems.
struct Body<T>(T);

impl<T: DeserializeOwned> FromRequest<App> for Body<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, app: &App) -> Result<Self, Problem> {
        match Json::<T>::from_request(request, app).await {
            Ok(Json(value)) => Ok(Self(value)),
            Err(JsonRejection::MissingJsonContentType(_)) => Err(Problem::unsupported_type()),
            Err(rejection) if rejection.status() == 413 => Err(Problem::too_large(MAX_BODY)),
            Err(JsonRejection::JsonDataError(e)) => {
                Err(Problem::bad_body(format!("字段不符合要求：{}", e.body_text())))
            }
            Err(JsonRejection::JsonSyntaxError(e)) => Err(Problem::bad_body(format!(
                "不是合法的 JSON：{}。文字应为 UTF-8，不得有不成对的代理码元",
                e.body_text()
            ))),
            Err(other) => Err(Problem::bad_body(other.body_text())),
        }
    }
}
