//! What regulations let institutions of a kind do and no item of an institution's list rests on: for its office to
//! settle.

use std::{collections::HashSet, sync::Arc};

use askama::Template;
use axum::response::Response;
use indexer::{
    index::citation,
    record::{Record, basis, lists::ListRow, work_key},
};

use super::{
    asked::{Asking, answered},
    html,
};
use crate::{
    http::{App, Problem},
    query::unlisted::{Given, MAX, given, terms},
    reading::lists::Row,
};

/// Items whose bases are read for one institution.
const MAX_ITEMS: usize = 5_000;

#[derive(Template)]
#[template(path = "power_list_unlisted.html")]
struct Page {
    q: String,
    name: String,
    url: String,
    /// What laws call such an institution.
    terms: Vec<String>,
    /// Powers that regulations give, and those of them that an item rests on.
    given: usize,
    listed: usize,
    shown: Vec<Given>,
    in_all: usize,
}

pub async fn page(asking: Asking) -> Result<Response, Problem> {
    answered(asking, |app, generation, _, asked| {
        let terms = terms(generation, &asked.name).to_vec();
        let mut all = given(generation, &terms, &asked.division)?;
        let in_regulations = all.len();
        let cited = cited(app, asked.rows)?;
        all.retain(|power| !cited.contains(&(power.work.clone(), power.article.clone())));
        let in_all = all.len();
        all.truncate(MAX);
        html(&Page {
            q: String::new(),
            url: asked.url(),
            name: asked.name.clone(),
            terms,
            given: in_regulations,
            listed: in_regulations - in_all,
            shown: all,
            in_all,
        })
    })
    .await
}

/// The articles that the items of a list rest on, by the key of their work and their label.
fn cited(app: &App, rows: &[Arc<Row>]) -> Result<HashSet<(String, String)>, Problem> {
    let mut cited = HashSet::new();
    for row in rows.iter().filter(|row| matches!(row.listed, Some(ListRow::Item(_)))).take(MAX_ITEMS) {
        let Some(record) = app.store.get(&row.id)?.filter(Record::is_public) else { continue };
        let texts = record.body.bases().flat_map(|(_, values)| values);
        for regulation in texts.flat_map(|text| basis::read(&text)) {
            let work = work_key(&regulation.title);
            let places = regulation.passages.iter().flat_map(|passage| citation::articles(&passage.place));
            cited.extend(places.map(|(number, _)| (work.clone(), number.to_string())));
        }
    }
    Ok(cited)
}
