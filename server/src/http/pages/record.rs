//! Pages of the kinds that have none of their own: all records of a kind, and one of them.

use askama::Template;
use axum::{
    Router,
    extract::{Path, RawQuery, State},
    http::Uri,
    response::Response,
    routing::get,
};
use indexer::{
    index::Generation,
    record::{Evidence, Info, Record, Vouched, kind_named, staffing},
};

use super::{
    bases::{self, OfRecord},
    html,
    item::{self, OfItem},
    schemes,
    view::{Link, Site, general_kinds, path, source_title},
};
use crate::{
    http::{
        App, Problem,
        cache::{Known, answer},
        params::Params,
        records::absent,
    },
    query::{Listed, listed},
    reading::compare::RunKind,
};

/// Pages of every general kind, and the comparison of those that can be set side by side.
pub fn routes() -> Router<App> {
    let compared = kind_named(staffing::SCHEME).map_or("", |kind| kind.path);
    let router = Router::new().route(&format!("/{compared}/compare"), get(schemes::compare));
    general_kinds().fold(router, |router, kind| {
        let all = move |app, known, uri, raw| all(kind, app, known, uri, raw);
        let one = move |app, known, uri, id, raw| one(kind, app, known, uri, id, raw);
        router.route(&format!("/{}", kind.path), get(all)).route(&format!("/{}/{{id}}", kind.path), get(one))
    })
}

#[derive(Template)]
#[template(path = "records.html")]
struct AllPage {
    q: String,
    label: &'static str,
    /// The division whose records alone are listed, with those below it.
    within: Option<String>,
    groups: Vec<(String, Vec<Listed>)>,
    total: u64,
    /// Those on the page; search finds the others.
    shown: u64,
}

async fn all(
    kind: &'static Info,
    State(app): State<App>,
    known: Known,
    uri: Uri,
    RawQuery(raw): RawQuery,
) -> Result<Response, Problem> {
    answer(&app, &known, uri.to_string(), move |_, generation| {
        let params = Params::of_page(raw.as_deref(), &["division"])?;
        let within = match params.get("division").filter(|code| !code.is_empty()) {
            None => None,
            Some(code) => Some(generation.catalogue.division(code).ok_or_else(|| {
                Problem::bad_parameter("division", "division 应为已知的区划代码（6 位或 9 位数字，如 520300）")
            })?),
        };
        let mut groups: Vec<(String, Vec<Listed>)> = Vec::new();
        let records = listed(generation, kind, within.map(|division| division.code.as_str()))?;
        let shown = records.len() as u64;
        let total = match within {
            None => generation.catalogue.counts().of(kind).max(shown),
            Some(_) => shown,
        };
        let within = within.map(|division| division.name.clone());
        for record in records {
            match groups.iter_mut().find(|(category, _)| *category == record.entry.category) {
                Some((_, group)) => group.push(record),
                None => groups.push((record.entry.category.clone(), vec![record])),
            }
        }
        html(&AllPage { q: String::new(), label: kind.label, within, groups, total, shown })
    })
    .await
}

#[derive(Template)]
#[template(path = "record.html")]
struct OnePage {
    q: String,
    id: String,
    label: &'static str,
    kind_path: &'static str,
    title: String,
    about: String,
    phone: Option<String>,
    owner: Link,
    sites: Vec<Site>,
    disputed: bool,
    path: Vec<Link>,
    facts: Vec<(&'static str, Vec<String>)>,
    places: Vec<String>,
    bases: OfRecord,
    /// The site that it is the mark of.
    vouched: Option<Vouched>,
    item: OfItem,
    /// Whether it leads somewhere: a site or a number.
    is_entrance: bool,
    revision: u64,
}

async fn one(
    kind: &'static Info,
    State(app): State<App>,
    known: Known,
    uri: Uri,
    Path(id): Path<String>,
    RawQuery(raw): RawQuery,
) -> Result<Response, Problem> {
    Params::of_page(raw.as_deref(), &[])?;
    answer(&app, &known, uri.to_string(), move |app, generation| {
        let record = app.store.get(&id)?.filter(|r| r.is_public() && r.body.kind() == kind.name);
        let record = record.ok_or_else(|| absent(app, &id, kind.label))?;
        html(&one_page(app, generation, kind, &record)?)
    })
    .await
}

/// The page of a record that nobody has published yet.
pub fn proposed(app: &App, generation: &Generation, record: &Record) -> Result<String, Problem> {
    Ok(one_page(app, generation, record.body.info(), record)?.render()?)
}

fn one_page(app: &App, generation: &Generation, kind: &'static Info, record: &Record) -> Result<OnePage, Problem> {
    let lists = app.lists(generation)?;
    let entry = record.body.entry().unwrap_or_default();
    let sites: Vec<Site> = entry.sites.iter().map(|site| Site::new(generation, site, true, &app.sources)).collect();
    let place = |p: &indexer::record::Provenance| {
        let title = source_title(&app.sources, &p.source);
        p.date.map_or_else(|| title.clone(), |day| format!("{title}（{day} 取得）"))
    };
    Ok(OnePage {
        q: String::new(),
        id: record.id.clone(),
        label: kind.label,
        kind_path: kind.path,
        title: entry.name,
        about: entry.about,
        phone: entry.phone,
        owner: Link {
            url: entry.owner_id.map(|id| format!("/institutions/{id}")).unwrap_or_default(),
            text: entry.owner_name,
            detail: String::new(),
        },
        disputed: sites.iter().any(|site| site.evidence == Evidence::Disputed.name()),
        sites,
        path: record.body.division().map(|division| path(generation, division.as_str())).unwrap_or_default(),
        facts: record
            .body
            .facts()
            .filter(|(_, values)| !values.is_empty())
            .map(|(column, values)| (column.label, values))
            .collect(),
        is_entrance: kind.columns.iter().any(|column| column.name == "websites"),
        bases: bases::of_record(app, generation, &lists, record),
        vouched: record.body.vouches(),
        item: item::of(generation, &lists, record),
        places: record.provenance.iter().map(place).collect(),
        revision: record.revision,
    })
}
