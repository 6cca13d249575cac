//! What the service is and how it is used: 使用帮助, 关于, 隐私, 无障碍声明.

use askama::Template;
use axum::{Router, extract::State, http::Uri, response::Response, routing::get};

use super::html;
use crate::http::{
    App, Problem,
    cache::{Known, answer},
};

#[derive(Template)]
#[template(path = "help.html")]
struct Help {
    q: String,
}

#[derive(Template)]
#[template(path = "about.html")]
struct About {
    q: String,
    institutions: u64,
    sites: u64,
    regulations: u64,
    articles: u64,
}

#[derive(Template)]
#[template(path = "privacy.html")]
struct Privacy {
    q: String,
}

#[derive(Template)]
#[template(path = "accessibility.html")]
struct Accessibility {
    q: String,
}

pub fn routes() -> Router<App> {
    Router::new()
        .route("/help", get(|app, known, uri| still(app, known, uri, |_| html(&Help { q: String::new() }))))
        .route("/about", get(|app, known, uri| still(app, known, uri, about)))
        .route("/privacy", get(|app, known, uri| still(app, known, uri, |_| html(&Privacy { q: String::new() }))))
        .route(
            "/accessibility",
            get(|app, known, uri| still(app, known, uri, |_| html(&Accessibility { q: String::new() }))),
        )
}

type Made = Result<crate::http::cache::Rendered, Problem>;

/// A page that takes no parameters.
async fn still(
    State(app): State<App>,
    known: Known,
    uri: Uri,
    made: fn(&indexer::index::Generation) -> Made,
) -> Result<Response, Problem> {
    answer(&app, &known, uri.path().to_owned(), move |_, generation| made(generation)).await
}

fn about(generation: &indexer::index::Generation) -> Made {
    let counts = generation.catalogue.counts();
    html(&About {
        q: String::new(),
        institutions: counts.institutions,
        sites: counts.institutions_with_site,
        regulations: counts.regulations,
        articles: counts.articles,
    })
}
