//! All norms, newest first, by level.

use askama::Template;
use axum::{
    extract::{RawQuery, State},
    http::Uri,
    response::Response,
};
use indexer::record::NormLevel;

use super::{
    html,
    view::{NormLink, is_current},
};
use crate::{
    http::{
        App, Problem,
        cache::{Known, answer},
        params::Params,
    },
    urls::encode,
};

/// Norms a page.
const PER_PAGE: u32 = 50;
/// Pages at most; the library would have to grow a hundredfold to need more.
const MAX_PAGE: u32 = 8_000;

#[derive(Template)]
#[template(path = "regulations.html")]
struct Page {
    q: String,
    levels: Vec<Level>,
    all_url: &'static str,
    level: &'static str,
    norms: Vec<NormLink>,
    total: usize,
    /// The feed of the same choice.
    feed: String,
    page: u32,
    pages: u32,
    previous: Option<String>,
    next: Option<String>,
}

struct Level {
    label: &'static str,
    url: String,
    count: usize,
    current: bool,
}

pub async fn page(
    State(app): State<App>,
    known: Known,
    uri: Uri,
    RawQuery(raw): RawQuery,
) -> Result<Response, Problem> {
    answer(&app, &known, uri.to_string(), move |_, generation| {
        let params = Params::of_page(raw.as_deref(), &["level", "page"])?;
        let level = params.one_of("level", &NormLevel::ALL, NormLevel::label)?;
        let page = params.number("page", 1, MAX_PAGE)?;
        let all = generation.catalogue.regulations();
        let mut norms: Vec<_> =
            all.iter().filter(|r| is_current(r.status) && level.is_none_or(|l| l == r.level)).collect();
        norms.sort_by(|a, b| b.version_date.cmp(&a.version_date).then_with(|| a.title.cmp(&b.title)));
        let pages = (norms.len() as u32).div_ceil(PER_PAGE).max(1);
        if page > pages {
            return Err(Problem::bad_parameter("page", format!("只有 {pages} 页")));
        }
        let count = |l: NormLevel| all.iter().filter(|r| is_current(r.status) && r.level == l).count();
        let levels = NormLevel::ALL.into_iter().map(|l| Level {
            label: l.label(),
            url: format!("/regulations?level={}", encode(l.label())),
            count: count(l),
            current: level == Some(l),
        });
        let address = |n: u32| match level {
            Some(l) => format!("/regulations?level={}&page={n}", encode(l.label())),
            None => format!("/regulations?page={n}"),
        };
        html(&Page {
            q: String::new(),
            levels: levels.filter(|l| l.count > 0).collect(),
            all_url: "/regulations",
            level: level.map_or("全部", NormLevel::label),
            total: norms.len(),
            norms: norms
                .into_iter()
                .skip(((page - 1) * PER_PAGE) as usize)
                .take(PER_PAGE as usize)
                .map(NormLink::new)
                .collect(),
            feed: match level {
                Some(l) => format!("/feeds/regulations.atom?level={}", encode(l.label())),
                None => "/feeds/regulations.atom".to_owned(),
            },
            page,
            pages,
            previous: (page > 1).then(|| address(page - 1)),
            next: (page < pages).then(|| address(page + 1)),
        })
    })
    .await
}
