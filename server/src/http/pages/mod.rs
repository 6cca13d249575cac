//! Pages, rendered on the server and complete without JavaScript. One file a page; templates in `server/templates`.

mod assets;
mod badge;
mod bases;
mod card;
mod care;
mod chart;
mod check;
mod compare;
mod console;
mod corrections;
mod coverage;
mod data;
mod descent;
mod divisions;
mod feeds;
mod guide;
mod help;
mod history;
mod home;
mod institution;
mod item;
mod law;
mod name_queue;
mod original;
mod parallel;
mod power_lists;
mod record;
mod references;
mod regulation;
mod regulations;
mod schemes;
mod search;
mod share;
mod status;
mod tiles;
mod validate;
mod view;

#[cfg(test)]
#[cfg(test)]
pub use console::carried;
pub use console::for_unsaved;
pub use schemes::Asked as SchemesAsked;

use askama::Template;
use axum::{
    Router,
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
    routing::{get, post},
};

use super::{App, Problem, cache::Rendered};

pub fn routes() -> Router<App> {
    Router::new()
        .route("/", get(home::page))
        .route("/search", get(search::page))
        .route("/institutions/{id}", get(institution::page))
        .route("/divisions", get(divisions::nation))
        .route("/divisions/{code}", get(divisions::page))
        .route("/regulations", get(regulations::page))
        .route("/regulations/compare", get(compare::choose))
        .route("/regulations/{id}", get(regulation::page))
        .route("/regulations/{id}/compare/{other}", get(compare::page))
        .route("/regulations/{id}/parallel/{other}", get(parallel::page))
        .route("/regulations/{id}/original", get(original::download))
        .route("/regulations/{id}/text/{format}", get(original::text))
        .route("/regulations/{id}/attachments/{hash}", get(original::attached))
        .route("/regulations/{id}/references", get(references::page))
        .route("/regulations/{id}/articles/{number}", get(regulation::article))
        .route("/bases/{code}", get(bases::health))
        .route("/bases/{code}/findings.csv", get(bases::table))
        .route("/share", get(share::page))
        .route("/law/{title}", get(law::regulation))
        .route("/law/{title}/{number}", get(law::article))
        .route("/check", get(check::page))
        .route("/web-names/validate", get(validate::page))
        .route("/web-names/queue", get(name_queue::page))
        .route("/corrections/new", get(corrections::form))
        .route("/corrections", post(corrections::submit))
        .route("/corrections/{secret}", get(corrections::sent))
        .merge(power_lists::routes())
        .merge(record::routes())
        .merge(schemes::routes())
        .route("/records/{id}/badge.svg", get(badge::badge))
        .route("/records/{id}/history", get(history::page))
        .route("/records/{id}/history/{old}/{new}", get(history::compare))
        .route("/data", get(data::page))
        .route("/coverage", get(coverage::page))
        .route("/status", get(status::page))
        .merge(help::routes())
        .merge(console::routes())
        .merge(feeds::routes())
        .merge(assets::routes())
        .merge(care::routes())
}

/// A template as an answer.
fn html(template: &impl Template) -> Result<Rendered, Problem> {
    let text = template.render()?;
    Ok(Rendered::new(text.into_bytes(), "text/html; charset=utf-8"))
}

/// Neither kept by caches nor found by crawlers.
fn private(status: StatusCode, template: &impl Template) -> Result<Response, Problem> {
    private_answer(status, template.render()?)
}

/// The same for a page that is text already.
fn private_text(text: String) -> Result<Response, Problem> {
    private_answer(StatusCode::OK, text)
}

fn private_answer(status: StatusCode, text: String) -> Result<Response, Problem> {
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8")),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
        (HeaderName::from_static("x-robots-tag"), HeaderValue::from_static("noindex")),
    ];
    Ok((status, headers, text).into_response())
}

#[derive(Template)]
#[template(path = "problem.html")]
struct ProblemPage<'a> {
    problem: &'a Problem,
    /// The page that the reader comes from.
    back: Option<String>,
    /// What the reader had typed into the form that was refused.
    words: &'a [String],
}

/// A problem as a page, with the headers that the problem itself set.
pub fn problem(problem: &Problem, headers: &HeaderMap, back: Option<String>, words: &[String]) -> Response {
    let status = StatusCode::from_u16(problem.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let Ok(text) = (ProblemPage { problem, back, words }).render() else { return problem.clone().into_response() };
    let mut response = (status, text).into_response();
    let kept = headers.iter().filter(|(name, _)| *name != header::CONTENT_LENGTH && *name != header::CONTENT_ENCODING);
    for (name, value) in kept {
        response.headers_mut().insert(name, value.clone());
    }
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    response
}
