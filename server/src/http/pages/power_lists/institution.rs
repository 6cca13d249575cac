//! The list of one institution: a version of it, as a page and as a table, and two versions side by side.

use askama::Template;
use axum::response::Response;
use indexer::record::{Record, kind_named, lists::ListRow};

use super::{
    asked::{Asking, answered},
    html,
};
use crate::{
    exchange::flat,
    http::{
        Problem,
        cache::Rendered,
        pages::view::{Link, path},
        params::Params,
    },
    reading::{
        compare::RunKind,
        facts::Comparison,
        lists::institution::{Amended, Difference, Edition, Listed, before, difference, items, listed},
    },
    urls,
};

/// Items that a page names; the table has all.
const MAX_SHOWN: usize = 2_000;

#[derive(Template)]
#[template(path = "power_list.html")]
struct Page {
    q: String,
    name: String,
    body_url: String,
    url: String,
    path: Vec<Link>,
    edition: Edition,
    editions: Vec<Edition>,
    /// The version before the one shown, to compare with.
    earlier: String,
    groups: Vec<(&'static str, Vec<Line>)>,
    total: usize,
    shown: usize,
}

struct Line {
    url: String,
    name: String,
    code: String,
    time: String,
    standing: &'static str,
    light: Option<(&'static str, &'static str)>,
}

const PARAMETERS: &[&str] = &["version", "at"];

pub async fn page(asking: Asking) -> Result<Response, Problem> {
    answered(asking, |app, generation, raw, asked| {
        let params = Params::of_page(raw, PARAMETERS)?;
        let editions = asked.editions()?;
        let edition = editions.chosen(params.get("version"), params.day("at")?)?.clone();
        let items = listed(&app.store, asked.rows, &edition.number)?;
        let total = items.len();
        let mut groups: Vec<(&'static str, Vec<Line>)> = Vec::new();
        for Listed { id, kind, item, light } in items.into_iter().take(MAX_SHOWN) {
            let line = Line {
                url: urls::record(kind, &id),
                code: item.code.or(item.basic_code).unwrap_or_default(),
                time: item.promised_limit.or(item.statutory_limit).map(|limit| limit.to_string()).unwrap_or_default(),
                standing: item.standing.map(|standing| standing.label()).unwrap_or_default(),
                light: light.map(|light| (light.label(), light.class())),
                name: item.name,
            };
            match groups.last_mut().filter(|(label, _)| *label == item.sort.label()) {
                Some((_, lines)) => lines.push(line),
                None => groups.push((item.sort.label(), vec![line])),
            }
        }
        let id = asked.rows.iter().find_map(|row| match &row.listed {
            Some(ListRow::Item(item)) => item.owner.id.clone(),
            _ => None,
        });
        html(&Page {
            q: String::new(),
            body_url: id.map(|id| urls::institution(&id)).unwrap_or_default(),
            url: asked.url(),
            path: path(generation, asked.division.as_str()),
            earlier: before(&editions.0, &edition).map(|edition| edition.key.clone()).unwrap_or_default(),
            name: asked.name.clone(),
            edition,
            editions: editions.0,
            shown: groups.iter().map(|(_, lines)| lines.len()).sum(),
            groups,
            total,
        })
    })
    .await
}

/// The items of a version as a table that can be handed in again.
pub async fn table(asking: Asking) -> Result<Response, Problem> {
    answered(asking, |app, _, raw, asked| {
        let params = Params::read(raw, PARAMETERS)?;
        let editions = asked.editions()?;
        let edition = editions.chosen(params.get("version"), params.day("at")?)?;
        let records = items(&app.store, asked.rows, &edition.number)?;
        let mut csv = Vec::new();
        if let Some(kind) = records.first().and_then(|record| kind_named(record.body.kind())) {
            csv.extend(flat::header(kind)?);
        }
        for record in &records {
            csv.extend(flat::row(record, None)?);
        }
        Ok(Rendered::new(csv, "text/csv; charset=utf-8"))
    })
    .await
}

#[derive(Template)]
#[template(path = "power_list_compare.html")]
struct ComparePage {
    q: String,
    name: String,
    url: String,
    old: Edition,
    new: Edition,
    editions: Vec<Edition>,
    added: Vec<Link>,
    removed: Vec<Link>,
    amended: Vec<(Link, Comparison)>,
    same: usize,
}

pub async fn compare(asking: Asking) -> Result<Response, Problem> {
    answered(asking, |app, _, raw, asked| {
        let params = Params::of_page(raw, &["old", "new"])?;
        let editions = asked.editions()?;
        let side = |parameter| editions.named(parameter, params.get(parameter).unwrap_or_default()).cloned();
        let (old, new) = (side("old")?, side("new")?);
        let of = |edition: &Edition| items(&app.store, asked.rows, &edition.number);
        let Difference { added, removed, amended, same } = difference(of(&old)?, of(&new)?);
        let links = |records: Vec<Record>| records.iter().map(link).collect();
        html(&ComparePage {
            q: String::new(),
            url: asked.url(),
            name: asked.name.clone(),
            old,
            new,
            editions: editions.0,
            added: links(added),
            removed: links(removed),
            amended: amended.into_iter().map(|Amended { record, comparison }| (link(&record), comparison)).collect(),
            same,
        })
    })
    .await
}

fn link(record: &Record) -> Link {
    let entry = record.body.entry().unwrap_or_default();
    Link { url: urls::record(record.body.info(), &record.id), text: entry.name, detail: entry.category }
}
