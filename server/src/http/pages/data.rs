//! What is in the index, where it comes from, and what is missing.

use askama::Template;
use axum::{
    extract::{RawQuery, State},
    response::Response,
};
use indexer::{index::catalogue::Counts, record::Evidence};

use super::html;
use crate::http::{
    App, Problem,
    cache::{Known, answer},
    params::Params,
};

#[derive(Template)]
#[template(path = "data.html")]
struct Page<'a> {
    q: String,
    counts: &'a Counts,
    number: u64,
    built_on: String,
    tables: Vec<(&'static str, Vec<(String, u64)>)>,
    sources: Vec<Source>,
    missing: &'a [String],
}

struct Source {
    title: String,
    kind: &'static str,
    records: u64,
    date: String,
    licence: String,
    note: String,
}

pub async fn page(State(app): State<App>, known: Known, RawQuery(raw): RawQuery) -> Result<Response, Problem> {
    Params::read(raw.as_deref(), &[])?;
    answer(&app, &known, "/data".into(), |app, generation| {
        let counts = generation.catalogue.counts();
        let evidence = |name: &str| Evidence::ALL.into_iter().find(|e| e.name() == name).map_or("", Evidence::label);
        let sites = counts.sites_by_evidence.iter().map(|(name, n)| (evidence(name).to_owned(), *n)).collect();
        let sources = counts
            .by_source
            .iter()
            .map(|s| {
                let known = app.sources.iter().find(|known| known.id == s.source);
                Source {
                    title: known.map_or_else(|| s.source.replace("laws:", "导入的法规 "), |k| k.title.clone()),
                    kind: kind(&s.kind),
                    records: s.records,
                    date: s.date.map(|d| d.to_string()).unwrap_or_default(),
                    licence: s.licence.clone().unwrap_or_default(),
                    note: known.map(|k| k.note.clone()).unwrap_or_default(),
                }
            })
            .collect();
        html(&Page {
            q: String::new(),
            counts,
            number: generation.number,
            built_on: generation.manifest.built_on.to_string(),
            tables: vec![
                ("法规位阶", counts.regulations_by_level.clone()),
                ("法规时效", counts.regulations_by_status.clone()),
                ("机构类别", counts.institutions_by_category.clone()),
                ("网址证据", sites),
            ],
            sources,
            missing: &app.missing,
        })
    })
    .await
}

fn kind(name: &str) -> &'static str {
    match name {
        "division" => "行政区划",
        "institution" => "机构",
        "regulation" => "法规",
        "web_name" => "网上名称",
        _ => "其他",
    }
}
