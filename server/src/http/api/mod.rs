//! The JSON API, version 1. One file a resource.

mod coverage;
mod directory;
mod document;
mod exchange;
mod history;
mod library;
mod name_queue;
mod names;
mod parameters;
mod reasons;
mod records;
mod references;
mod schemes;
mod search;
mod shapes;
mod shared;
mod status;
mod submissions;
pub mod tables;
mod tasks;
mod web_names;

use std::sync::LazyLock;

use axum::{
    Json, Router,
    extract::{DefaultBodyLimit, FromRequest, Request, rejection::JsonRejection},
    http::header,
    response::{IntoResponse, Response},
    routing::get,
};
use indexer::corpus::documents::MAX_UPLOAD;
use serde::de::DeserializeOwned;
use utoipa::OpenApi;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{App, Problem, bodies::MAX_BODY};

/// Room for the other parts of a request that brings a file.
const FORM_ROOM: usize = 256 << 10;

/// All operations of the interface, without what every one of them has besides: security and the answers to faults.
fn operations() -> OpenApiRouter<App> {
    let files = OpenApiRouter::new()
        .routes(routes!(submissions::submit))
        .routes(routes!(tables::template, tables::submit))
        .layer(DefaultBodyLimit::max(MAX_UPLOAD + FORM_ROOM));
    OpenApiRouter::with_openapi(document::Base::openapi())
        .merge(files)
        .routes(routes!(submissions::status))
        .routes(routes!(reasons::reasons))
        .routes(routes!(tasks::tasks))
        .routes(routes!(tasks::task))
        .routes(routes!(shared::search_shared))
        .routes(routes!(shared::shared_record))
        .routes(routes!(search::search))
        .routes(routes!(search::suggest))
        .routes(routes!(search::resolve, search::resolve_text))
        .routes(routes!(names::match_names))
        .routes(routes!(web_names::check, web_names::check_many))
        .routes(routes!(name_queue::queue))
        .routes(routes!(web_names::manifest))
        .routes(routes!(web_names::rules))
        .routes(routes!(web_names::validate, web_names::precheck))
        .routes(routes!(web_names::download))
        .routes(routes!(directory::institution))
        .routes(routes!(directory::division))
        .routes(routes!(directory::division_institutions))
        .routes(routes!(coverage::coverage))
        .routes(routes!(library::regulation))
        .routes(routes!(references::references))
        .routes(routes!(library::article))
        .routes(routes!(records::record))
        .routes(routes!(schemes::compare_schemes))
        .routes(routes!(history::history))
        .routes(routes!(history::compare))
        .routes(routes!(history::restore))
        .routes(routes!(exchange::changes))
        .routes(routes!(exchange::dumps))
        .routes(routes!(exchange::dump))
        .routes(routes!(status::healthz))
        .routes(routes!(status::readyz))
        .routes(routes!(status::metrics))
}

#[cfg(test)]
pub use document::needs_key;

/// The document of the interface: made of the routes themselves, and so of all of them and no others.
pub fn document() -> utoipa::openapi::OpenApi {
    document::completed(operations().into_openapi())
}

pub fn routes() -> Router<App> {
    // Put together once, however many routers the tests make: describing all operations takes milliseconds.
    static OPERATIONS: LazyLock<Router<App>> = LazyLock::new(|| operations().split_for_parts().0);
    let served = get(served_document);
    OPERATIONS.clone().route("/api/v1/openapi.json", served.clone()).route("/openapi.json", served)
}

async fn served_document() -> Result<Response, Problem> {
    // It says the same as long as the program runs.
    static DOCUMENT: LazyLock<Result<String, serde_json::Error>> = LazyLock::new(|| document().to_json());
    let document = DOCUMENT.as_ref().map_err(|error| Problem::internal(error))?;
    Ok(([(header::CONTENT_TYPE, "application/json")], document.as_str()).into_response())
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
