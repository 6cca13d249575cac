//! What a version of an institution's list consists of: its items as one text with its hash, held against what the
//! record of the version says, so that whoever relies on a list as at a day can see that it is the one published.

use askama::Template;
use axum::response::Response;
use indexer::record::{Date, Record, lists};

use super::{
    asked::{Asked, Asking, answered},
    html,
};
use crate::{
    http::{App, Problem, cache::Rendered, params::Params},
    reading::lists::institution::{Edition, items, stated_on},
    urls,
};

const PARAMETERS: &[&str] = &["version", "at"];

#[derive(Template)]
#[template(path = "power_list_consists.html")]
struct Page {
    q: String,
    name: String,
    url: String,
    edition: Edition,
    /// The record of the version, where there is one.
    record: String,
    edit: String,
    count: usize,
    hash: String,
    /// Of what is stated: whether it is so.
    same_count: Option<bool>,
    same_hash: Option<bool>,
    /// Since when the hash is stated, and the day on which the version came to hold, where that is earlier: what
    /// changed in between nobody sees.
    stated_on: Option<Date>,
    held_before: Option<Date>,
}

/// The version that is asked for, with its items.
fn read(app: &App, raw: Option<&str>, asked: &Asked<'_>) -> Result<(Edition, Vec<Record>), Problem> {
    let params = Params::of_page(raw, PARAMETERS)?;
    let editions = asked.editions()?;
    let edition = editions.chosen(params.get("version"), params.day("at")?)?.clone();
    let items = items(&app.store, asked.rows, &edition.number)?;
    Ok((edition, items))
}

pub async fn page(asking: Asking) -> Result<Response, Problem> {
    answered(asking, |app, _, raw, asked| {
        let (edition, items) = read(app, raw, asked)?;
        let hash = lists::items_hash(&lists::items_text(&items));
        let stated_on = stated_on(&app.store, &edition)?;
        let row = asked.rows.iter().find(|row| row.id == edition.id);
        html(&Page {
            q: String::new(),
            url: asked.url(),
            name: asked.name.clone(),
            record: row.map(|row| urls::record(row.kind, &row.id)).unwrap_or_default(),
            edit: row.map(|row| urls::console::edit(&row.id, "")).unwrap_or_default(),
            count: items.len(),
            same_count: edition.stated.items.map(|stated| stated as usize == items.len()),
            same_hash: edition.stated.hash.as_ref().map(|stated| *stated == hash),
            hash,
            held_before: edition.from.filter(|from| stated_on.is_some_and(|day| *from < day)),
            stated_on,
            edition,
        })
    })
    .await
}

/// The text whose hash it is.
pub async fn text(asking: Asking) -> Result<Response, Problem> {
    answered(asking, |app, _, raw, asked| {
        let (_, items) = read(app, raw, asked)?;
        Ok(Rendered::new(lists::items_text(&items).into_bytes(), "text/plain; charset=utf-8"))
    })
    .await
}
