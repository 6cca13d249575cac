//! The home page: the one box.

use askama::Template;
use axum::{
    extract::{RawQuery, State},
    response::Response,
};

use indexer::{index::Generation, record::Info};

use super::{
    html,
    view::{Near, general_kinds},
};

use crate::{
    http::{
        App, Problem,
        cache::{Known, answer},
        params::{self, Params},
    },
    query::is_on_record,
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
    near: Option<Near>,
}

const EXAMPLES: [&str; 6] =
    ["遵义市政府", "贵州教育厅", "行政许可法第十二条", "国务院令第486号", "zunyi.gov.cn", "公司拖欠工资怎么办"];

/// Whether the data has what an example asks for: those that ask for law need the law, the others an institution.
fn has(generation: &Generation, example: &str) -> Result<bool, Problem> {
    let catalogue = &generation.catalogue;
    Ok(match example {
        "行政许可法第十二条" => catalogue.current_version("行政许可法").is_some(),
        "国务院令第486号" => {
            catalogue.regulations().iter().any(|r| r.document_number.as_deref() == Some(example))
        }
        "公司拖欠工资怎么办" => catalogue.current_version("劳动合同法").is_some(),
        body => is_on_record(generation, body)?,
    })
}

pub async fn page(State(app): State<App>, known: Known, RawQuery(raw): RawQuery) -> Result<Response, Problem> {
    let params = Params::of_page(raw.as_deref(), &["near"])?;
    let address = params.get("near").map_or("/".to_owned(), |code| format!("/?near={code}"));
    answer(&app, &known, address, move |_, generation| {
        let near = params::remembered_region(&params, generation).map(|code| Near::of(generation, &code));
        let counts = generation.catalogue.counts();
        let mut examples = Vec::new();
        for example in EXAMPLES {
            examples.extend(has(generation, example)?.then_some(example));
        }
        html(&Home {
            examples,
            near,
            institutions: counts.institutions,
            divisions: counts.divisions,
            regulations: counts.regulations,
            articles: counts.articles,
            general: general_kinds().map(|kind| (kind, counts.of(kind))).filter(|(_, count)| *count > 0).collect(),
        })
    })
    .await
}
