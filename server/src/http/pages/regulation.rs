//! Reading a norm: status, facts, contents, articles, versions.

use askama::Template;
use axum::{
    extract::{Path, RawQuery, State},
    http::Uri,
    response::Response,
};
use indexer::{
    index::{Generation, catalogue::RegulationEntry, projection::slug},
    record::{Paragraph, Record, Regulation, Status},
};

use super::{
    html,
    view::{Link, NormLink, path, status_class},
};
use crate::http::{
    App, Problem,
    api::{find_article, find_facts, find_regulation, headings_above, versions_of},
    cache::{Known, answer},
    params::Params,
};

#[derive(Template)]
#[template(path = "regulation.html")]
struct Page {
    q: String,
    title: String,
    head: Head,
    facts: Vec<(&'static str, String)>,
    history: Vec<(String, String)>,
    contents: Vec<Entry>,
    preamble: Vec<String>,
    parts: Vec<Part>,
    attachment: Vec<String>,
    versions: Vec<NormLink>,
}

#[derive(Template)]
#[template(path = "article.html")]
struct ArticlePage {
    q: String,
    title: String,
    head: Head,
    headings: Vec<String>,
    part: Part,
    citation: String,
    previous: Option<Link>,
    next: Option<Link>,
}

/// What stands above a norm's text wherever it is read.
struct Head {
    url: String,
    level: &'static str,
    status: &'static str,
    status_class: &'static str,
    reason: String,
    in_force: bool,
    /// The norm that repealed or replaced it.
    by: Option<Link>,
    /// The version in force, when this is another.
    current: Option<Link>,
    region: Vec<Link>,
}

/// A line of the table of contents.
struct Entry {
    depth: u8,
    title: String,
    anchor: String,
}

/// An article with the headings that open right before it.
struct Part {
    headings: Vec<(u8, String)>,
    label: String,
    anchor: String,
    url: String,
    paragraphs: Vec<Paragraph>,
}

pub async fn page(
    State(app): State<App>,
    known: Known,
    uri: Uri,
    Path(id): Path<String>,
    RawQuery(raw): RawQuery,
) -> Result<Response, Problem> {
    Params::read(raw.as_deref(), &[])?;
    answer(&app, &known, uri.to_string(), move |app, generation| {
        let (record, r) = find_regulation(app, &id)?;
        let facts = find_facts(generation, &id)?;
        let parts: Vec<Part> = (0..r.articles.len()).map(|at| part(&id, &r, at)).collect();
        let contents = r
            .headings
            .iter()
            .filter_map(|h| {
                let anchor = parts.get(h.first_article)?.anchor.clone();
                Some(Entry { depth: h.depth, title: h.title.clone(), anchor })
            })
            .collect();
        html(&Page {
            q: String::new(),
            title: r.title.clone(),
            head: head(generation, facts),
            facts: fact_lines(app, &record, &r),
            history: r
                .history
                .iter()
                .map(|e| (e.date.map(|d| d.to_string()).unwrap_or_default(), e.text.clone()))
                .collect(),
            contents,
            preamble: lines(&r.preamble),
            parts,
            attachment: lines(&r.attachment),
            versions: versions_of(generation, facts).map(NormLink::new).collect(),
        })
    })
    .await
}

pub async fn article(
    State(app): State<App>,
    known: Known,
    uri: Uri,
    Path((id, number)): Path<(String, String)>,
    RawQuery(raw): RawQuery,
) -> Result<Response, Problem> {
    Params::read(raw.as_deref(), &[])?;
    answer(&app, &known, uri.to_string(), move |app, generation| {
        let (_, r) = find_regulation(app, &id)?;
        let facts = find_facts(generation, &id)?;
        let at = find_article(&r, &number)?;
        let link = |at: usize| {
            let part = r.articles.get(at).map(|_| part(&id, &r, at))?;
            Some(Link { url: part.url, text: part.label, detail: String::new() })
        };
        let part = part(&id, &r, at);
        html(&ArticlePage {
            q: String::new(),
            title: r.title.clone(),
            head: head(generation, facts),
            headings: headings_above(&r, at).into_iter().map(str::to_owned).collect(),
            citation: format!("《{}》{}", r.title.replace('《', "〈").replace('》', "〉"), part.label),
            part,
            previous: at.checked_sub(1).and_then(link),
            next: link(at + 1),
        })
    })
    .await
}

fn head(generation: &Generation, facts: &RegulationEntry) -> Head {
    let link = |r: &RegulationEntry| Link {
        url: format!("/regulations/{}", r.id),
        text: r.title.clone(),
        detail: r.version_date.map(|d| d.to_string()).unwrap_or_default(),
    };
    let current = versions_of(generation, facts).find(|v| v.status == Status::InForce && v.id != facts.id);
    Head {
        url: format!("/regulations/{}", facts.id),
        level: facts.level.label(),
        status: facts.status.label(),
        status_class: status_class(facts.status),
        reason: facts.status_reason.clone(),
        in_force: facts.status == Status::InForce,
        by: facts.status_by.as_ref().and_then(|id| generation.catalogue.regulation(id)).map(link),
        current: current.map(link),
        region: facts.division.as_deref().map(|d| path(generation, d)).unwrap_or_default(),
    }
}

fn part(id: &str, r: &Regulation, at: usize) -> Part {
    let article = &r.articles[at];
    let slug = slug(article, at);
    Part {
        headings: r.headings.iter().filter(|h| h.first_article == at).map(|h| (h.depth, h.title.clone())).collect(),
        label: article.label.clone(),
        anchor: format!("a{slug}"),
        url: format!("/regulations/{id}/articles/{slug}"),
        paragraphs: article.paragraphs(),
    }
}

fn fact_lines(app: &App, record: &Record, r: &Regulation) -> Vec<(&'static str, String)> {
    let day = |d: Option<indexer::record::Date>| d.map(|d| d.to_string()).unwrap_or_default();
    let source = |id: &str| match app.sources.iter().find(|s| s.id == id) {
        Some(source) => source.title.clone(),
        None => id.replace("laws:", "导入的法规 "),
    };
    let mut sources: Vec<String> = record.provenance.iter().map(|p| source(&p.source)).collect();
    sources.dedup();
    let lines = [
        ("制定机关", r.issuers.join("、")),
        ("文号", r.document_number.clone().unwrap_or_default()),
        ("公布日期", day(r.published)),
        ("施行日期", day(r.effective)),
        ("本版日期", day(r.version_date)),
        ("条文", format!("{} 条", r.articles.len())),
        ("来源", sources.join("；")),
    ];
    lines.into_iter().filter(|(_, value)| !value.is_empty()).collect()
}

fn lines(text: &str) -> Vec<String> {
    text.lines().map(str::trim).filter(|l| !l.is_empty()).map(str::to_owned).collect()
}
