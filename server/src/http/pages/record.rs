//! Pages of the kinds that have none of their own: all records of a kind, and one of them.

use std::{cmp::Reverse, collections::BTreeMap, sync::Arc};

use askama::Template;
use axum::{
    Router,
    extract::{Path, RawQuery, State},
    http::Uri,
    response::Response,
    routing::get,
};
use indexer::{
    index::{Generation, catalogue::DivisionEntry, completions::CompletionKind},
    record::{Column, DivisionCode, Evidence, Info, Record, Shape, Vouched},
};

use super::{
    bases::{self, OfRecord},
    html,
    item::{self, OfItem},
    view::{Link, Site, general_kinds, path, provenance},
};
use crate::{
    called,
    http::{
        App, Problem,
        cache::{Known, answer},
        params::Params,
        records::absent,
    },
    query::{self, Listed, listed},
    reading::{compare::RunKind, lists::Lists},
    urls::{self, encode},
};

/// Pages of every general kind.
pub fn routes() -> Router<App> {
    general_kinds().fold(Router::new(), |router, kind| {
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
    groups: Vec<(String, Vec<Row>)>,
    /// The categories of all, each with its page and how many it has.
    categories: Vec<Category>,
    all_url: String,
    /// All records wherever they belong.
    everywhere: String,
    all_chosen: bool,
    /// Whether its records may have sites and numbers to call.
    gives_sites: bool,
    gives_numbers: bool,
    total: u64,
    feed: String,
    /// Those that the pages list; search finds the others.
    shown: u64,
    page: u32,
    pages: u32,
    previous: Option<String>,
    next: Option<String>,
}

/// A record with the name of where it is, the day on which it happened, and its sites.
struct Row {
    record: Listed,
    region: String,
    day: String,
    sites: Vec<Site>,
}

struct Category {
    label: String,
    url: String,
    count: usize,
    current: bool,
}

/// Records a page: with their descriptions some tens of kilobytes.
const PER_PAGE: u32 = 60;
/// Pages at most: what is listed has no more.
const MAX_PAGE: u32 = 100;
/// Longest description in a list, in characters; the whole stands on the record's page.
const MAX_ABOUT: usize = 120;

/// Sites of a record shown in a list: the rest stands on its page.
const MAX_SITES: usize = 2;

/// Longest name of a division that is looked for, in characters.
const MAX_DIVISION_CHARS: usize = 64;

/// The address of a page of a kind's list.
fn list_address(kind: &Info, division: Option<&str>, category: Option<&str>, page: u32) -> String {
    let division = division.map(|code| format!("division={code}"));
    let category = category.map(|category| format!("category={}", encode(category)));
    let page = (page > 1).then(|| format!("page={page}"));
    let query: Vec<String> = division.into_iter().chain(category).chain(page).collect();
    let joint = if query.is_empty() { "" } else { "?" };
    format!("/{}{joint}{}", kind.path, query.join("&"))
}

/// The division that a reader names: by its code, or the first that is called so or begins so.
fn division_meant<'g>(generation: &'g Generation, said: &str) -> Option<&'g DivisionEntry> {
    let catalogue = &generation.catalogue;
    let said: String = said.trim().chars().take(MAX_DIVISION_CHARS).collect();
    catalogue.division(&said).or_else(|| {
        let first = query::candidates(generation, CompletionKind::Division, &said, 1).into_iter().next()?;
        catalogue.division(&first.id)
    })
}

async fn all(
    kind: &'static Info,
    State(app): State<App>,
    known: Known,
    uri: Uri,
    RawQuery(raw): RawQuery,
) -> Result<Response, Problem> {
    answer(&app, &known, uri.to_string(), move |app, generation| {
        let params = Params::of_page(raw.as_deref(), &["division", "category", "page"])?;
        let page = params.number("page", 1, MAX_PAGE)?;
        let within = match params.get("division").filter(|code| !code.is_empty()) {
            None => None,
            Some(said) => Some(division_meant(generation, said).ok_or_else(|| {
                let said: String = said.chars().filter(|c| !c.is_control()).take(30).collect();
                let detail = format!("没有找到叫“{said}”的地区：请写名称（如 遵义市）、拼音或区划代码（如 520300）");
                Problem::bad_parameter("division", detail)
            })?),
        };
        let mut groups: Vec<(String, Vec<Row>)> = Vec::new();
        let records = listed(generation, kind, within.map(|division| division.code.as_str()))?;
        let shown = records.len() as u64;
        let total = match within {
            None => generation.catalogue.counts().of(kind).max(shown),
            Some(_) => shown,
        };
        let code = within.map(|division| division.code.as_str());
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        for record in &records {
            *counts.entry(record.entry.category.as_str()).or_default() += 1;
        }
        let chosen = match params.get("category").filter(|category| !category.is_empty()) {
            Some(category) if !counts.contains_key(category) => {
                return Err(Problem::bad_parameter("category", "没有这个类别的记录，类别见列表上方"));
            }
            chosen => chosen.map(str::to_owned),
        };
        let address = |page: u32| list_address(kind, code, chosen.as_deref(), page);
        let categories = counts.iter().map(|(category, count)| Category {
            label: (*category).to_owned(),
            url: list_address(kind, code, Some(category), 1),
            count: *count,
            current: chosen.as_deref() == Some(*category),
        });
        let categories: Vec<Category> = categories.collect();
        let mut records = records;
        records.retain(|record| chosen.as_ref().is_none_or(|chosen| record.entry.category == *chosen));
        // A category stands together, on one page or on several in a row; what happened, the latest first.
        let happened = |record: &Listed| record.entry.happened.as_ref().and_then(|happened| happened.day);
        records
            .sort_by(|a, b| (&a.entry.category, Reverse(happened(a))).cmp(&(&b.entry.category, Reverse(happened(b)))));
        let pages = u32::try_from(records.len()).unwrap_or(u32::MAX).div_ceil(PER_PAGE).max(1);
        if page > pages {
            return Err(Problem::bad_parameter("page", format!("只有 {pages} 页")));
        }
        let (previous, next) = ((page > 1).then(|| address(page - 1)), (page < pages).then(|| address(page + 1)));
        let all_url = list_address(kind, code, None, 1);
        let within = within.map(|division| division.name.clone());
        for mut record in records.into_iter().skip(((page - 1) * PER_PAGE) as usize).take(PER_PAGE as usize) {
            if let Some((at, _)) = record.entry.about.char_indices().nth(MAX_ABOUT) {
                record.entry.about.truncate(at);
                record.entry.about.push('…');
            }
            let place = record.entry.division.as_ref().and_then(|code| generation.catalogue.division(code.as_str()));
            let (category, region) =
                (record.entry.category.clone(), place.map(|place| place.name.clone()).unwrap_or_default());
            let sites = record.entry.sites.iter().take(MAX_SITES);
            let row = Row {
                sites: sites.map(|site| Site::new(generation, site, true, &app.sources)).collect(),
                day: happened(&record).map(|day| day.to_string()).unwrap_or_default(),
                record,
                region,
            };
            match groups.iter_mut().find(|(known, _)| *known == category) {
                Some((_, group)) => group.push(row),
                None => groups.push((category, vec![row])),
            }
        }
        let gives = |names: &[&str]| kind.columns.iter().any(|column| names.contains(&column.name));
        html(&AllPage {
            q: String::new(),
            feed: urls::feed_of(kind),
            label: kind.label,
            within,
            groups,
            categories,
            all_url,
            everywhere: list_address(kind, None, None, 1),
            all_chosen: chosen.is_none(),
            gives_sites: gives(&["websites"]),
            gives_numbers: gives(&["hotline", "phone", "phones"]),
            total,
            shown,
            page,
            pages,
            previous,
            next,
        })
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
    facts: Vec<Fact>,
    places: Vec<String>,
    bases: OfRecord,
    /// The site that it is the mark of.
    vouched: Option<Vouched>,
    item: OfItem,
    /// Whether it leads somewhere: a site or a number.
    is_entrance: bool,
    /// Whether it is something that the institution does for others: an item of a list.
    is_act: bool,
    revision: u64,
}

/// A fact of a record as its page shows it.
struct Fact {
    label: &'static str,
    values: Vec<String>,
    /// Whether its many short values are folded up.
    folded: bool,
    /// Whether each value stands on a line of its own.
    by_line: bool,
}

/// Short values from which on they are folded up: of so many words nobody reads each.
const MANY: usize = 12;
/// Characters of the longest value that is short.
const SHORT: usize = 20;

impl Fact {
    /// A code of a division says nothing to readers: they know it by its name.
    fn new(app: &App, column: &'static Column, values: Vec<String>) -> Result<Self, Problem> {
        if !matches!(column.shape, Shape::Division) {
            let short = values.iter().all(|value| value.chars().nth(SHORT).is_none() && !value.contains('｜'));
            let (folded, by_line) = (short && values.len() > MANY, !short && values.len() > 1);
            return Ok(Self { label: column.label, values, folded, by_line });
        }
        let name = |code: String| match code.parse::<DivisionCode>() {
            Ok(division) => called::division(&app.store, &division),
            Err(_) => Ok(code),
        };
        let values: Vec<String> = values.into_iter().map(name).collect::<Result<_, _>>()?;
        let label = if column.label == "区划代码" { "地区" } else { column.label };
        Ok(Self { label, values, folded: false, by_line: false })
    }
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
    let lists = match record.body.listed() {
        Some(_) => app.lists(generation)?,
        None => Arc::new(Lists::none()),
    };
    let entry = record.body.entry().unwrap_or_default();
    let sites: Vec<Site> = entry.sites.iter().map(|site| Site::new(generation, site, true, &app.sources)).collect();
    Ok(OnePage {
        q: String::new(),
        id: record.id.clone(),
        label: kind.label,
        kind_path: kind.path,
        title: entry.name,
        about: entry.about,
        phone: entry.phone,
        owner: Link {
            url: entry.owner_id.map(|id| urls::institution(&id)).unwrap_or_default(),
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
            .map(|(column, values)| Fact::new(app, column, values))
            .collect::<Result<_, _>>()?,
        is_act: record.body.listed().is_some(),
        is_entrance: kind.columns.iter().any(|column| column.name == "websites"),
        bases: bases::of_record(app, generation, &lists, record),
        vouched: record.body.vouches(),
        item: item::of(generation, &lists, record),
        places: provenance(&app.sources, record),
        revision: record.revision,
    })
}
