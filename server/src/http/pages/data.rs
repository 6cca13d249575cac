//! What is in the index, where it comes from, and what is missing.

use std::collections::BTreeMap;

use askama::Template;
use axum::{
    extract::{RawQuery, State},
    response::Response,
};
use indexer::{
    index::{
        Generation,
        catalogue::{Catalogue, Counts},
        references::UnresolvedReferences,
    },
    record::{Category, Evidence, InstitutionLevel, kind_named},
};

use super::{
    chart::{self, Chart},
    html,
    view::{age, is_current, source_title},
};
use crate::{
    clock::today,
    http::{
        App, Problem,
        cache::{Known, answer},
        params::Params,
    },
    meaning::State as Meaning,
    query::{matters_without_article, ranking::Ranking},
};

/// Contradictions between sources shown; their number is told whole.
const CONTRADICTIONS: usize = 200;
/// Years shown one by one; older ones are one bar.
const YEARS: usize = 25;

#[derive(Template)]
#[template(path = "data.html")]
struct Page<'a> {
    q: String,
    unresolved: &'a UnresolvedReferences,
    references: usize,
    /// Everyday matters known, and those whose article is not there.
    matters: usize,
    unsettled: Vec<String>,
    /// Asked questions known, and those whose article is not there.
    questions: usize,
    unanswered: usize,
    /// Trees that put articles in order for a question, or why there are none.
    trees: Result<usize, &'static str>,
    /// How far what articles mean is known.
    meaning: &'a Meaning,
    counts: &'a Counts,
    contradictions: &'a [String],
    number: u64,
    built_on: String,
    age: String,
    charts: Vec<Chart>,
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
    Params::of_page(raw.as_deref(), &[])?;
    let today = today();
    // The age of the index is part of the page, so each day has its own.
    let meaning = app.meaning.state();
    answer(&app, &known, format!("data {today} {meaning}"), move |app, generation| {
        let counts = generation.catalogue.counts();
        let sources = counts
            .by_source
            .iter()
            .map(|s| {
                let known = app.sources.iter().find(|known| known.id == s.source);
                Source {
                    title: source_title(&app.sources, &s.source),
                    kind: kind_named(&s.kind).map_or("其他", |kind| kind.label),
                    records: s.records,
                    date: s.date.map(|d| d.to_string()).unwrap_or_default(),
                    licence: s.licence.clone().unwrap_or_default(),
                    note: known.map(|k| k.note.clone()).unwrap_or_default(),
                }
            })
            .collect();
        let (matters, unsettled) = matters_without_article(generation)?;
        let bank = &generation.bank;
        let all = 0..bank.questions.texts().len() as u32;
        let ranking: &'static Ranking = Ranking::shipped();
        let fault = || ranking.fault.as_deref().unwrap_or_default();
        html(&Page {
            q: String::new(),
            matters,
            unsettled,
            questions: bank.questions.texts().len(),
            unanswered: all.filter(|question| bank.answering(*question).is_none()).count(),
            trees: ranking.trees.as_ref().map(|trees| trees.len()).ok_or_else(fault),
            meaning: &meaning,
            unresolved: &generation.references.unresolved,
            references: generation.references.len(),
            counts,
            contradictions: &counts.contradictions[..counts.contradictions.len().min(CONTRADICTIONS)],
            number: generation.number,
            built_on: generation.manifest.built_on.to_string(),
            age: age(generation.manifest.built_on, today),
            charts: charts(generation),
            sources,
            missing: &app.missing,
        })
    })
    .await
}

fn charts(generation: &Generation) -> Vec<Chart> {
    let counts = generation.catalogue.counts();
    // In the order of the kinds and not of what happens to be there, and with those that have none: what is missing is
    // part of the picture.
    let count = |rows: &[(String, u64)], name: &str| rows.iter().find(|(l, _)| l == name).map_or(0, |(_, n)| *n);
    let sites: Vec<_> =
        Evidence::ALL.into_iter().map(|e| (e.label().to_owned(), count(&counts.sites_by_evidence, e.name()))).collect();
    let levels: Vec<_> = InstitutionLevel::ALL
        .into_iter()
        .map(|l| (l.label().to_owned(), count(&counts.institutions_by_level, l.name())))
        .collect();
    let categories: Vec<_> = Category::ALL
        .into_iter()
        .map(|c| (c.label().to_owned(), count(&counts.institutions_by_category, c.label())))
        .collect();
    vec![
        chart::bars("regulation-levels", "法规文本，按效力层级", &counts.regulations_by_level),
        chart::bars("regulation-status", "法规文本，按时效", &counts.regulations_by_status),
        chart::bars("regulation-years", "法规文本，按版本年份", &years(&generation.catalogue)),
        chart::bars("regulation-regions", "现行或将要施行的法规，按地区", &regions(&generation.catalogue)),
        chart::bars("site-evidence", "机构网址，按证据", &sites),
        chart::bars("institution-levels", "机构，按级别", &levels),
        chart::bars("institution-categories", "机构，按类别", &categories),
    ]
}

/// Newest first; what is old and what has no date last.
fn years(catalogue: &Catalogue) -> Vec<(String, u64)> {
    let mut by_year: BTreeMap<i16, u64> = BTreeMap::new();
    let mut undated = 0;
    for r in catalogue.regulations() {
        match r.version_date {
            Some(day) => *by_year.entry(day.year()).or_default() += 1,
            None => undated += 1,
        }
    }
    let mut rows: Vec<(String, u64)> =
        by_year.iter().rev().take(YEARS).map(|(year, n)| (format!("{year}年"), *n)).collect();
    let older: u64 = by_year.values().rev().skip(YEARS).sum();
    if let Some((year, _)) = by_year.iter().rev().nth(YEARS).filter(|_| older > 0) {
        rows.push((format!("{year}年及以前"), older));
    }
    if undated > 0 {
        rows.push(("日期不明".to_owned(), undated));
    }
    rows
}

/// National regulations, then the provinces with all below them, most first.
fn regions(catalogue: &Catalogue) -> Vec<(String, u64)> {
    let national = catalogue.regulations().iter().filter(|r| r.division.is_none() && is_current(r.status)).count();
    let mut provinces: Vec<(String, u64)> = catalogue
        .children("000000")
        .filter(|d| d.coverage.regulations > 0)
        .map(|d| (d.short_name.clone(), u64::from(d.coverage.regulations)))
        .collect();
    provinces.sort_by_key(|(_, n)| std::cmp::Reverse(*n));
    let mut rows = vec![("全国性".to_owned(), national as u64)];
    rows.append(&mut provinces);
    rows
}
