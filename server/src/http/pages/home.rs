//! The home page: the one box.

use askama::Template;
use axum::{
    extract::{RawQuery, State},
    response::Response,
};

use indexer::{index::Generation, record::Info};

use super::{html, view::general_kinds};

use crate::http::{
    App, Problem,
    cache::{Known, answer},
    params::Params,
};

#[derive(Template)]
#[template(path = "home.html")]
struct Home {
    examples: Vec<&'static str>,
    institutions: u64,
    divisions: u64,
    regulations: u64,
    articles: u64,
    /// Kinds that the directory knows in general, with how many there are.
    general: Vec<(&'static Info, u64)>,
}

const EXAMPLES: [&str; 6] =
    ["遵义市政府", "贵州教育厅", "行政许可法第十二条", "国务院令第486号", "zunyi.gov.cn", "公司拖欠工资怎么办"];

/// Whether the data has what an example asks for: those that ask for law need the law.
fn has(generation: &Generation, example: &str) -> bool {
    let catalogue = &generation.catalogue;
    match example {
        "行政许可法第十二条" => catalogue.current_version("行政许可法").is_some(),
        "国务院令第486号" => {
            catalogue.regulations().iter().any(|r| r.document_number.as_deref() == Some(example))
        }
        "公司拖欠工资怎么办" => catalogue.current_version("劳动合同法").is_some(),
        _ => true,
    }
}

pub async fn page(State(app): State<App>, known: Known, RawQuery(raw): RawQuery) -> Result<Response, Problem> {
    Params::read(raw.as_deref(), &[])?;
    answer(&app, &known, "/".into(), |_, generation| {
        let counts = generation.catalogue.counts();
        html(&Home {
            examples: EXAMPLES.into_iter().filter(|example| has(generation, example)).collect(),
            institutions: counts.institutions,
            divisions: counts.divisions,
            regulations: counts.regulations,
            articles: counts.articles,
            general: general_kinds().map(|kind| (kind, counts.of(kind))).filter(|(_, count)| *count > 0).collect(),
        })
    })
    .await
}
