//! 网上名称办理公示: at whose desk applications lie, and how long offices take.

use askama::Template;
use axum::{
    extract::{RawQuery, State},
    response::Response,
};

use super::html;
use crate::{
    http::{
        App, Problem,
        cache::{Known, uncached},
        params::Params,
    },
    naming::Board,
};

#[derive(Template)]
#[template(path = "name_queue.html")]
struct Page<'a> {
    q: String,
    board: &'a Board,
}

pub async fn page(State(app): State<App>, known: Known, RawQuery(raw): RawQuery) -> Result<Response, Problem> {
    Params::of_page(raw.as_deref(), &[])?;
    uncached(&app, &known, |app, _| {
        let board = app.board()?;
        html(&Page { q: String::new(), board: &board })
    })
    .await
}
