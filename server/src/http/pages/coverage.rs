//! 数据覆盖: how many institutions there are, how many are on record, with what site, and what is looked for in vain.

use askama::Template;
use axum::{
    extract::{RawQuery, State},
    response::Response,
};
use indexer::{
    index::by_law::StatutoryInstitution,
    record::{Category, Evidence, Institution, InstitutionLevel, Kind as _},
};

use super::{html, view::source_title};
use crate::{
    http::{
        App, Problem,
        cache::{Known, uncached},
        coverage::{WantedLine, province, wanted},
        params::Params,
        wanted::MIN_REPORTED,
    },
    query::coverage::{self, ByLaw, Figures, figures, lies_in},
};

#[derive(Template)]
#[template(path = "coverage.html")]
struct Page {
    q: String,
    /// The province shown; empty for the nation.
    place: String,
    total: Figures,
    by_law: Vec<ByLaw>,
    bases: Vec<&'static str>,
    /// Official lists, with the institutions on record that they name.
    lists: Vec<List>,
    provinces: Vec<(String, String, Figures, Figures)>,
    levels: [InstitutionLevel; InstitutionLevel::ALL.len()],
    kinds: Vec<(&'static str, Vec<Figures>, Figures)>,
    wanted: Vec<WantedLine>,
    fewest: u32,
    meanings: Vec<(&'static str, &'static str)>,
}

struct List {
    title: String,
    date: String,
    institutions: u64,
}

pub async fn page(State(app): State<App>, known: Known, RawQuery(raw): RawQuery) -> Result<Response, Problem> {
    let params = Params::of_page(raw.as_deref(), &["region"])?;
    // What is wanted changes with every search.
    uncached(&app, &known, move |app, generation| {
        let province = province(&params, generation)?;
        let code = province.as_deref();
        let by_law = coverage::by_law(generation, code);
        let mut bases: Vec<&'static str> = by_law.iter().map(|row| row.institution.basis()).collect();
        bases.dedup();
        let kinds = Category::ALL.into_iter().map(|category| {
            let of = |level| {
                figures(generation, |cell| cell.category == category && cell.level == level && lies_in(cell, code))
            };
            let all = figures(generation, |cell| cell.category == category && lies_in(cell, code));
            (category.label(), InstitutionLevel::ALL.map(of).to_vec(), all)
        });
        let lists = generation.catalogue.counts().by_source.iter().filter(|s| {
            let source = app.sources.iter().find(|known| known.id == s.source);
            s.kind == Institution::NAME && source.is_some_and(|known| known.is_official_document())
        });
        let lists = lists.map(|s| List {
            title: source_title(&app.sources, &s.source),
            date: s.date.map(|day| day.to_string()).unwrap_or_default(),
            institutions: s.records,
        });
        let provinces = generation.catalogue.children("000000").map(|d| {
            let all = figures(generation, |cell| cell.province == d.code);
            let governments = figures(generation, |cell| {
                cell.province == d.code && cell.by_law == Some(StatutoryInstitution::Government)
            });
            (d.code.clone(), d.name.clone(), all, governments)
        });
        html(&Page {
            q: String::new(),
            place: code
                .and_then(|code| generation.catalogue.division(code))
                .map(|d| d.name.clone())
                .unwrap_or_default(),
            total: figures(generation, |cell| lies_in(cell, code)),
            by_law,
            bases,
            lists: if code.is_none() { lists.collect() } else { Vec::new() },
            provinces: if code.is_none() { provinces.collect() } else { Vec::new() },
            levels: InstitutionLevel::ALL,
            kinds: kinds.filter(|(.., all)| all.institutions > 0).collect(),
            wanted: wanted(app, generation, code)?,
            fewest: MIN_REPORTED,
            meanings: Evidence::ALL.into_iter().map(|e| (e.label(), e.meaning())).collect(),
        })
    })
    .await
}
