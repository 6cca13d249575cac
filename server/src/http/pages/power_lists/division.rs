//! The lists of a division's institutions, and what is wrong between them.

use std::{collections::BTreeMap, sync::Arc};

use askama::Template;
use axum::{
    extract::{Path, RawQuery, State},
    http::Uri,
    response::Response,
};
use indexer::{
    index::Generation,
    record::{
        Body, Date, DivisionCode, Info, KINDS,
        lists::{ListRow, PowerSort},
    },
};

use super::{asked, html};
use crate::{
    clock::today,
    http::{
        App, Problem,
        cache::{Known, answer},
        pages::view::Link,
        params::Params,
        records::find_division,
    },
    query::{SearchError, has_listed},
    reading::{
        bases::Light,
        lists::{
            Lists, Row, findings,
            institution::{self, editions},
        },
    },
    urls,
};

/// Records that the rules are held over for one page: the lists of a province's offices, some tenths of a second.
const MAX_HELD: usize = 50_000;
/// Findings of one rule that a page names; it tells how many there are.
const MAX_NAMED: usize = 300;
/// Institutions that a page names.
const MAX_INSTITUTIONS: usize = 1_000;

#[derive(Template)]
#[template(path = "power_lists.html")]
struct Page {
    q: String,
    code: String,
    name: String,
    /// The day that was asked for; empty where none was.
    on: String,
    institutions: Vec<BodyLine>,
    institutions_in_all: usize,
    items: usize,
    /// Whether there are too many records for the rules.
    too_many: bool,
    /// Each rule with what it asks for and how often it is broken.
    rules: Vec<(&'static str, &'static str, usize)>,
    chosen: String,
    named: Vec<Named>,
    named_in_all: usize,
}

struct BodyLine {
    link: Link,
    items: usize,
    /// Kinds of power with how many there are.
    sorts: String,
    versions: String,
    /// Which versions held on the day that was asked for; empty where none was asked for.
    then: String,
    /// Label, class and number of each light.
    lights: Vec<(&'static str, &'static str, usize)>,
}

struct Named {
    url: String,
    title: String,
    owner: String,
    column: String,
    says: String,
}

#[derive(Default)]
struct Tally<'r> {
    items: usize,
    sorts: BTreeMap<PowerSort, usize>,
    versions: Vec<&'r str>,
    lights: BTreeMap<Light, usize>,
}

pub async fn page(
    State(app): State<App>,
    known: Known,
    uri: Uri,
    Path(code): Path<String>,
    RawQuery(raw): RawQuery,
) -> Result<Response, Problem> {
    let rules: Vec<&'static str> = findings::all_rules().map(|(rule, _)| rule).collect();
    let params = Params::of_page(raw.as_deref(), &["rule", "at"])?;
    let (chosen, on) = (params.one_of("rule", &rules, |rule| rule)?, params.day("at")?);
    answer(&app, &known, uri.to_string(), move |app, generation| {
        let name = find_division(generation, &code)?.name.clone();
        let division = asked::division(generation, &code)?;
        let lists = app.lists(generation)?;
        html(&made((app, generation), &lists, (&division, name), (chosen, on)))
    })
    .await
}

fn made(
    (app, generation): (&App, &Generation),
    lists: &Lists,
    (division, name): (&DivisionCode, String),
    (chosen, on): (Option<&'static str>, Option<Date>),
) -> Page {
    let rows = lists.below(division);
    let too_many = rows.len() > MAX_HELD;
    let told = if too_many { Vec::new() } else { findings::of_division(lists, &app.desk, division, today()) };
    let count = |rule: &str| told.iter().filter(|told| told.rule == rule).count();
    let of_rule = || told.iter().filter(|told| Some(told.rule) == chosen);
    let by_id: BTreeMap<&str, &Arc<Row>> = match chosen {
        Some(_) => above(lists, division).chain(rows).map(|row| (row.id.as_str(), row)).collect(),
        None => BTreeMap::new(),
    };
    let named = of_rule().take(MAX_NAMED).filter_map(|told| {
        let row = by_id.get(told.id.as_str())?;
        let column = row.kind.columns.iter().find(|column| column.name == told.column);
        Some(Named {
            url: urls::record(row.kind, &row.id),
            title: row.title.clone(),
            owner: row.owner.clone(),
            column: column.map(|column| column.label.to_owned()).unwrap_or_default(),
            says: told.says.clone(),
        })
    });
    let (institutions, institutions_in_all) = institutions(generation, lists, division, on);
    Page {
        q: String::new(),
        code: division.to_string(),
        name,
        on: on.map(|day| day.to_string()).unwrap_or_default(),
        items: findings::items(rows).filter(|(_, item)| item.is_exercised()).count(),
        institutions,
        institutions_in_all,
        too_many,
        rules: findings::all_rules().map(|(rule, asks)| (rule, asks, count(rule))).collect(),
        named: named.collect(),
        named_in_all: of_rule().count(),
        chosen: chosen.unwrap_or_default().to_owned(),
    }
}

/// The rows of the divisions above, which have the catalogues.
fn above<'l>(lists: &'l Lists, division: &DivisionCode) -> impl Iterator<Item = &'l Arc<Row>> {
    let above = std::iter::successors(Some(division.clone()), |d| (!d.is_nation()).then(|| d.above())).skip(1);
    above.flat_map(|d| lists.of_division(&d).iter())
}

fn institutions(
    generation: &Generation,
    lists: &Lists,
    division: &DivisionCode,
    on: Option<Date>,
) -> (Vec<BodyLine>, usize) {
    let mut tallies: BTreeMap<(&str, &str), Tally<'_>> = BTreeMap::new();
    for row in lists.below(division) {
        let Some(ListRow::Item(item)) = &row.listed else { continue };
        let tally = tallies.entry((row.division.as_str(), &row.owner)).or_default();
        if !item.is_exercised() {
            continue;
        }
        tally.items += 1;
        *tally.sorts.entry(item.sort).or_default() += 1;
        if !item.version.is_empty() && !tally.versions.contains(&item.version.as_str()) {
            tally.versions.push(&item.version);
        }
        row.light.into_iter().for_each(|light| *tally.lights.entry(light).or_default() += 1);
    }
    let in_all = tallies.len();
    let line = |((code, name), mut tally): ((&str, &str), Tally<'_>)| {
        tally.versions.sort_unstable();
        let place = if code == division.as_str() { String::new() } else { generation.catalogue.full_name(code) };
        let (mut url, mut then) = (urls::power_list(code, name), String::new());
        if let Some(day) = on {
            match held_on(lists, code, name, day) {
                Some(held) => {
                    url.push_str(&format!("?at={day}"));
                    then = format!("{day} 施行的是 {held}");
                }
                None => then = format!("没有写明 {day} 施行的是哪一版"),
            }
        }
        BodyLine {
            link: Link { url, text: name.to_owned(), detail: place },
            then,
            items: tally.items,
            sorts: tally.sorts.iter().map(|(sort, n)| format!("{} {n}", sort.label())).collect::<Vec<_>>().join("，"),
            versions: tally.versions.join("、"),
            lights: tally.lights.into_iter().map(|(light, n)| (light.label(), light.class(), n)).collect(),
        }
    };
    (tallies.into_iter().take(MAX_INSTITUTIONS).map(line).collect(), in_all)
}

/// What the versions of an institution's lists are called that held on a day: of each sort there is one.
fn held_on(lists: &Lists, code: &str, name: &str, day: Date) -> Option<String> {
    let division: DivisionCode = code.parse().ok()?;
    let known = editions(lists.of_institution(&division, name));
    let held: Vec<&str> = institution::held_on(&known, day).into_iter().map(|edition| edition.key.as_str()).collect();
    (!held.is_empty()).then(|| held.join("、"))
}

/// Where the lists of a division's own institutions are; `None` where it has none.
pub fn link(generation: &Generation, code: &str) -> Result<Option<String>, SearchError> {
    let is_item = |kind: &&Info| {
        let blank = Body::blank(kind.name).filter(|_| kind.is_public());
        matches!(blank.and_then(|body| body.listed()), Some(ListRow::Item(_)))
    };
    for kind in KINDS.iter().copied().filter(is_item) {
        if has_listed(generation, kind, code)? {
            return Ok(Some(urls::power_lists(code)));
        }
    }
    Ok(None)
}
