//! The list of one body: a version of it, as a page and as a table, and two versions side by side.

use askama::Template;
use axum::{
    extract::{Path, RawQuery, State},
    http::Uri,
    response::Response,
};
use indexer::{
    index::Generation,
    record::{Date, DivisionCode, Record, kind_named, lists::ListRow},
};

use super::{html, of_body};
use crate::{
    clock::today,
    exchange::flat,
    http::{
        App, Problem,
        cache::{Known, Rendered, answer},
        pages::view::{Link, path},
        params::Params,
        records::find_division,
    },
    reading::{
        compare::RunKind,
        facts::Comparison,
        lists::{
            Lists, Row,
            body::{Amended, Difference, Edition, chosen, difference, editions, items},
        },
    },
    urls,
};

/// Items that a page names; the table has all.
const MAX_SHOWN: usize = 2_000;

/// The body that an address names, its rows and its versions.
struct Asked<'l> {
    code: String,
    name: String,
    rows: &'l [std::sync::Arc<Row>],
    editions: Vec<Edition>,
}

fn asked<'l>(generation: &Generation, lists: &'l Lists, code: &str, name: &str) -> Result<Asked<'l>, Problem> {
    find_division(generation, code)?;
    let division: DivisionCode = code.parse().map_err(|error| Problem::not_found(format!("{error}")))?;
    let rows = lists.of_body(&division, name);
    let editions = editions(rows);
    if editions.is_empty() {
        let shown: String = name.chars().filter(|c| !c.is_control()).take(60).collect();
        return Err(Problem::not_found(format!("没有收录“{shown}”的清单。本地区有清单的机构见 /power-lists/{code}")));
    }
    Ok(Asked { code: code.to_owned(), name: name.to_owned(), rows, editions })
}

impl Asked<'_> {
    fn edition(&self, number: Option<&str>, day: Option<Date>) -> Result<&Edition, Problem> {
        chosen(&self.editions, number, day, today()).ok_or_else(|| match (number, day) {
            (Some(_), _) => {
                let all: Vec<&str> = self.editions.iter().map(|edition| edition.number.as_str()).collect();
                Problem::bad_parameter("version", format!("没有这一版清单，有的是：{}", all.join("、")))
            }
            (_, Some(day)) => Problem::bad_parameter(
                "at",
                format!("{day} 没有已知施行的清单版本：版本的记录里写明了生效日期才能按日期查"),
            ),
            _ => Problem::not_found("还没有收录清单"),
        })
    }
}

#[derive(Template)]
#[template(path = "power_list.html")]
struct Page {
    q: String,
    name: String,
    body_url: String,
    url: String,
    path: Vec<Link>,
    edition: Edition,
    editions: Vec<Edition>,
    /// The version before the one shown, to compare with.
    earlier: String,
    groups: Vec<(&'static str, Vec<Line>)>,
    total: usize,
    shown: usize,
}

struct Line {
    url: String,
    name: String,
    code: String,
    time: String,
    standing: &'static str,
    light: Option<(&'static str, &'static str)>,
}

const PARAMETERS: &[&str] = &["version", "at"];

pub async fn page(
    State(app): State<App>,
    known: Known,
    uri: Uri,
    Path((code, name)): Path<(String, String)>,
    RawQuery(raw): RawQuery,
) -> Result<Response, Problem> {
    answer(&app, &known, uri.to_string(), move |app, generation| {
        let params = Params::of_page(raw.as_deref(), PARAMETERS)?;
        let lists = app.lists(generation)?;
        let asked = asked(generation, &lists, &code, &name)?;
        let edition = asked.edition(params.get("version"), params.day("at")?)?.clone();
        let records = items(&app.store, asked.rows, &edition.number)?;
        let total = records.len();
        let mut groups: Vec<(&'static str, Vec<Line>)> = Vec::new();
        for record in records.iter().take(MAX_SHOWN) {
            let Some(ListRow::Item(item)) = record.body.listed() else { continue };
            let row = asked.rows.iter().find(|row| row.id == record.id);
            let line = Line {
                url: urls::record(record.body.info(), &record.id),
                code: item.code.or(item.basic_code).unwrap_or_default(),
                time: item.promised_limit.or(item.statutory_limit).map(|limit| limit.to_string()).unwrap_or_default(),
                standing: item.standing.map(|standing| standing.label()).unwrap_or_default(),
                light: row.and_then(|row| row.light).map(|light| (light.label(), light.class())),
                name: item.name,
            };
            match groups.last_mut().filter(|(label, _)| *label == item.sort.label()) {
                Some((_, lines)) => lines.push(line),
                None => groups.push((item.sort.label(), vec![line])),
            }
        }
        let at = asked.editions.iter().position(|known| known.number == edition.number).unwrap_or_default();
        let id = asked.rows.iter().find_map(|row| match &row.listed {
            Some(ListRow::Item(item)) => item.body.id.clone(),
            _ => None,
        });
        html(&Page {
            q: String::new(),
            body_url: id.map(|id| urls::institution(&id)).unwrap_or_default(),
            url: of_body(&asked.code, &asked.name),
            path: path(generation, &asked.code),
            earlier: asked.editions.get(at + 1).map(|edition| edition.number.clone()).unwrap_or_default(),
            name: asked.name,
            edition,
            editions: asked.editions,
            shown: groups.iter().map(|(_, lines)| lines.len()).sum(),
            groups,
            total,
        })
    })
    .await
}

/// The items of a version as a table that can be handed in again.
pub async fn table(
    State(app): State<App>,
    known: Known,
    uri: Uri,
    Path((code, name)): Path<(String, String)>,
    RawQuery(raw): RawQuery,
) -> Result<Response, Problem> {
    answer(&app, &known, uri.to_string(), move |app, generation| {
        let params = Params::read(raw.as_deref(), PARAMETERS)?;
        let lists = app.lists(generation)?;
        let asked = asked(generation, &lists, &code, &name)?;
        let edition = asked.edition(params.get("version"), params.day("at")?)?;
        let records = items(&app.store, asked.rows, &edition.number)?;
        let mut csv = Vec::new();
        if let Some(kind) = records.first().and_then(|record| kind_named(record.body.kind())) {
            csv.extend(flat::header(kind)?);
        }
        for record in &records {
            csv.extend(flat::row(record, None)?);
        }
        Ok(Rendered::new(csv, "text/csv; charset=utf-8"))
    })
    .await
}

#[derive(Template)]
#[template(path = "power_list_compare.html")]
struct ComparePage {
    q: String,
    name: String,
    url: String,
    old: Edition,
    new: Edition,
    editions: Vec<Edition>,
    added: Vec<Link>,
    removed: Vec<Link>,
    amended: Vec<(Link, Comparison)>,
    same: usize,
}

pub async fn compare(
    State(app): State<App>,
    known: Known,
    uri: Uri,
    Path((code, name)): Path<(String, String)>,
    RawQuery(raw): RawQuery,
) -> Result<Response, Problem> {
    answer(&app, &known, uri.to_string(), move |app, generation| {
        let params = Params::of_page(raw.as_deref(), &["old", "new"])?;
        let lists = app.lists(generation)?;
        let asked = asked(generation, &lists, &code, &name)?;
        let side = |parameter: &'static str| {
            let number = params.get(parameter).unwrap_or_default();
            let found = asked.editions.iter().find(|edition| edition.number == number).cloned();
            found.ok_or_else(|| {
                let all: Vec<&str> = asked.editions.iter().map(|edition| edition.number.as_str()).collect();
                Problem::bad_parameter(parameter, format!("{parameter} 应为一版清单：{}", all.join("、")))
            })
        };
        let (old, new) = (side("old")?, side("new")?);
        let of = |edition: &Edition| items(&app.store, asked.rows, &edition.number);
        let Difference { added, removed, amended, same } = difference(of(&old)?, of(&new)?);
        let links = |records: Vec<Record>| records.iter().map(link).collect();
        html(&ComparePage {
            q: String::new(),
            url: of_body(&asked.code, &asked.name),
            name: asked.name,
            old,
            new,
            editions: asked.editions,
            added: links(added),
            removed: links(removed),
            amended: amended.into_iter().map(|Amended { record, comparison }| (link(&record), comparison)).collect(),
            same,
        })
    })
    .await
}

fn link(record: &Record) -> Link {
    let entry = record.body.entry().unwrap_or_default();
    Link { url: urls::record(record.body.info(), &record.id), text: entry.name, detail: entry.category }
}
