//! The browser of regions: 全国 → 省 → 市 → 县 → 乡镇, with the bodies of each.

use askama::Template;
use axum::{
    extract::{Path, RawQuery, State},
    http::Uri,
    response::Response,
};
use indexer::index::{Generation, catalogue::DivisionEntry};

use super::{
    html,
    view::{Link, path, recommended},
};
use crate::{
    http::{
        App, Problem,
        api::find_division,
        cache::{Known, Rendered, answer},
        params::Params,
    },
    query::institutions_of,
};

#[derive(Template)]
#[template(path = "division.html")]
struct Page {
    q: String,
    name: String,
    code: String,
    level: &'static str,
    aliases: String,
    path: Vec<Link>,
    children: Vec<Link>,
    groups: Vec<Group>,
    institutions: usize,
}

/// The bodies of one category.
struct Group {
    category: &'static str,
    bodies: Vec<BodyLine>,
}

struct BodyLine {
    url: String,
    name: String,
    /// Host and evidence of the first site.
    host: String,
    label: &'static str,
    site: Option<String>,
}

pub async fn nation(State(app): State<App>, known: Known, RawQuery(raw): RawQuery) -> Result<Response, Problem> {
    Params::read(raw.as_deref(), &[])?;
    answer(&app, &known, "/divisions".into(), |_, generation| render(generation, "000000")).await
}

pub async fn page(
    State(app): State<App>,
    known: Known,
    uri: Uri,
    Path(code): Path<String>,
    RawQuery(raw): RawQuery,
) -> Result<Response, Problem> {
    Params::read(raw.as_deref(), &[])?;
    answer(&app, &known, uri.to_string(), move |_, generation| render(generation, &code)).await
}

fn render(generation: &Generation, code: &str) -> Result<Rendered, Problem> {
    let division = find_division(generation, code)?;
    let link = |d: &DivisionEntry| Link {
        url: format!("/divisions/{}", d.code),
        text: d.name.clone(),
        detail: if d.institutions > 0 { d.institutions.to_string() } else { String::new() },
    };
    let hits = institutions_of(generation, code).map_err(|e| Problem::internal(&e))?;
    let mut groups: Vec<Group> = Vec::new();
    for hit in &hits {
        let Some(i) = &hit.institution else { continue };
        let first = i.websites.first();
        let body = BodyLine {
            url: hit.url.clone(),
            name: hit.title.clone(),
            host: first.map(|w| w.host.clone()).unwrap_or_default(),
            label: first.map_or("未知网站", |w| w.evidence.label()),
            site: first.filter(|w| recommended(w.evidence, w.off_gov_cn)).map(|w| w.url.clone()),
        };
        match groups.last_mut().filter(|g| g.category == i.category) {
            Some(group) => group.bodies.push(body),
            None => groups.push(Group { category: i.category, bodies: vec![body] }),
        }
    }
    html(&Page {
        q: String::new(),
        name: division.name.clone(),
        code: division.code.clone(),
        level: division.level.label(),
        aliases: division.aliases.join("、"),
        path: path(generation, code),
        children: generation.catalogue.children(code).map(link).collect(),
        institutions: hits.len(),
        groups,
    })
}
