//! The home page: the one box.

use askama::Template;
use axum::{
    extract::{RawQuery, State},
    response::Response,
};

use super::html;
use crate::http::{
    App, Problem,
    cache::{Known, answer},
    params::Params,
};

#[derive(Template)]
#[template(path = "home.html")]
struct Home {
    examples: [&'static str; 6],
    institutions: u64,
    divisions: u64,
    regulations: u64,
    articles: u64,
}

pub async fn page(State(app): State<App>, known: Known, RawQuery(raw): RawQuery) -> Result<Response, Problem> {
    Params::read(raw.as_deref(), &[])?;
    answer(&app, &known, "/".into(), |_, generation| {
        let counts = generation.catalogue.counts();
        html(&Home {
            examples: [
                "遵义市政府",
                "贵州教育厅",
                "行政许可法第十二条",
                "国务院令第588号",
                "zunyi.gov.cn",
                "公司拖欠工资怎么办",
            ],
            institutions: counts.institutions,
            divisions: counts.divisions,
            regulations: counts.regulations,
            articles: counts.articles,
        })
    })
    .await
}
