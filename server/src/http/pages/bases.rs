//! Legal bases on pages: of one record, with the old words and the new ones, and how those of a division stand.

use std::{collections::BTreeMap, sync::Arc};

use askama::Template;
use axum::{
    extract::{Path, RawQuery, State},
    http::Uri,
    response::Response,
};
use indexer::{
    index::{
        Generation,
        basis::{Finding, Outcome},
    },
    record::{Record, lists::ListRow},
};

use super::{html, power_lists};
use crate::{
    clock::today,
    http::{
        App, Problem,
        cache::{Known, answer},
        params::Params,
        records::find_division,
    },
    query::urls,
    reading::{
        bases::{Bases, Light, light},
        compare::{Run, RunKind, runs},
        lists::{
            Lists, Row,
            findings::{Duties, missing_duties},
        },
    },
};

/// Records named on it; the figures count all.
const MAX_NAMED: usize = 300;

/// A column's bases.
pub struct Shown {
    pub label: &'static str,
    pub lines: Vec<Line>,
}

/// One place of one norm.
pub struct Line {
    pub label: &'static str,
    pub class: &'static str,
    pub title: String,
    pub place: String,
    /// The article's page, or the norm's.
    pub href: String,
    pub reason: String,
    /// The article that has the words now, where it is another.
    pub now_at: String,
    /// Old words and new ones; empty where they are the same.
    pub was: Vec<Run>,
    pub now: Vec<Run>,
    /// Where both versions stand side by side, and what repealed it.
    pub comparison: String,
    pub by: String,
}

impl Line {
    fn of(finding: Finding) -> Self {
        let norm = finding.norm.as_deref().unwrap_or_default();
        let slug = |number: indexer::record::ArticleNumber| match number.inserted {
            0 => number.number.to_string(),
            inserted => format!("{}-{inserted}", number.number),
        };
        let exists = !matches!(finding.outcome, Outcome::NoSuchPlace);
        let href = match finding
            .article
            .filter(|_| exists && !(finding.outcome == Outcome::Amended && finding.now.is_empty()))
        {
            Some(number) if !norm.is_empty() => urls::article(norm, &slug(number)),
            _ if !norm.is_empty() => urls::regulation(norm),
            _ => String::new(),
        };
        let differs = !finding.was.is_empty() || !finding.now.is_empty();
        let all = if differs { runs(&finding.was, &finding.now) } else { Vec::new() };
        let side = |without: RunKind| all.iter().filter(|run| run.kind != without).cloned().collect();
        Self {
            label: finding.outcome.label(),
            class: Light::of(finding.outcome).class(),
            now_at: match (finding.outcome, finding.article) {
                (Outcome::Moved, Some(number)) => number.to_string(),
                _ => String::new(),
            },
            was: side(RunKind::New),
            now: side(RunKind::Old),
            comparison: finding.earlier.as_deref().map(|old| urls::comparison(old, norm)).unwrap_or_default(),
            by: finding.by.as_deref().map(urls::regulation).unwrap_or_default(),
            href,
            title: finding.title,
            place: finding.place,
            reason: finding.reason,
        }
    }
}

/// What a record's page says of its bases.
#[derive(Default)]
pub struct OfRecord {
    pub columns: Vec<Shown>,
    /// Label and class of its light.
    pub light: Option<(&'static str, &'static str)>,
    /// What else is to be mended.
    pub shortcomings: Vec<String>,
}

pub fn of_record(app: &App, generation: &Generation, lists: &Lists, record: &Record) -> OfRecord {
    let bases = Bases::new(generation, &app.store);
    let checked = bases.of(&record.body);
    let light = light(&checked).map(|light| (light.label(), light.class()));
    let level = bases.level_fault(&record.body, &checked, today());
    let duties = match record.body.listed() {
        Some(ListRow::Item(item)) => {
            let duties = Duties::of(lists.of_institution(&item.body.division, &item.body.name));
            missing_duties(&app.desk, &item, &duties.belonging_to(&record.id, &item))
        }
        _ => None,
    };
    let shown = |checked: crate::reading::bases::Checked| Shown {
        label: checked.column.label,
        lines: checked.findings.into_iter().map(Line::of).collect(),
    };
    OfRecord {
        shortcomings: level.into_iter().chain(record.body.shortcomings()).chain(duties).collect(),
        light,
        columns: checked.into_iter().map(shown).filter(|shown| !shown.lines.is_empty()).collect(),
    }
}

#[derive(Template)]
#[template(path = "bases.html")]
struct HealthPage {
    q: String,
    name: String,
    code: String,
    records: usize,
    /// Places of norms, by outcome: name, label, class, count.
    outcomes: Vec<(&'static str, &'static str, &'static str, usize)>,
    lights: Vec<(&'static str, &'static str, usize)>,
    /// What is asked for, in words.
    chosen: &'static str,
    named: Vec<Named>,
    named_in_all: usize,
    /// Records with something to mend beside their bases.
    shortcomings: usize,
}

struct Named {
    url: String,
    title: String,
    owner: String,
    told: Vec<String>,
}

/// How the bases of the records of a division stand: `?outcome=repealed` names the records.
pub async fn health(
    State(app): State<App>,
    known: Known,
    uri: Uri,
    Path(code): Path<String>,
    RawQuery(raw): RawQuery,
) -> Result<Response, Problem> {
    let chosen = Params::of_page(raw.as_deref(), &["outcome"])?.one_of("outcome", &Outcome::ALL, Outcome::name)?;
    answer(&app, &known, uri.to_string(), move |app, generation| {
        let name = find_division(generation, &code)?.name.clone();
        html(&health_of(app, generation, &code, name, chosen)?)
    })
    .await
}

fn health_of(
    app: &App,
    generation: &Generation,
    code: &str,
    name: String,
    chosen: Option<Outcome>,
) -> Result<HealthPage, Problem> {
    let division = power_lists::division_of(generation, code)?;
    let lists = app.lists(generation)?;
    let rows = || lists.below(&division).iter().filter(|row| row.cites());
    let mut outcomes: BTreeMap<Outcome, usize> = BTreeMap::new();
    let mut lights: BTreeMap<Light, usize> = BTreeMap::new();
    let (mut records, mut shortcomings) = (0, 0);
    let duties = Duties::of(lists.below(&division));
    for row in rows() {
        records += 1;
        for (outcome, n) in Outcome::ALL.into_iter().zip(row.outcomes).filter(|(_, n)| *n > 0) {
            *outcomes.entry(outcome).or_default() += usize::from(n);
        }
        row.light.into_iter().for_each(|light| *lights.entry(light).or_default() += 1);
        shortcomings += usize::from(!row.shortcomings.is_empty() || lacks_duties(app, row, &duties));
    }
    let at = chosen.and_then(|chosen| Outcome::ALL.iter().position(|outcome| *outcome == chosen));
    let has = |row: &&Arc<Row>| at.is_some_and(|at| row.outcomes[at] > 0);
    let bases = Bases::new(generation, &app.store);
    let mut named = Vec::new();
    for row in rows().filter(has).take(MAX_NAMED) {
        let Some(record) = app.store.get(&row.id)?.filter(Record::is_public) else { continue };
        let checked = bases.of(&record.body);
        let findings = checked.iter().flat_map(|checked| checked.findings.iter().map(|f| (checked.column.label, f)));
        let told: Vec<String> = findings
            .filter(|(_, finding)| Some(finding.outcome) == chosen)
            .map(|(label, f)| format!("{label}：《{}》{}　{}", f.title, f.place, f.reason))
            .collect();
        if !told.is_empty() {
            let (url, title, owner) = (urls::record(row.kind, &row.id), row.title.clone(), row.owner.clone());
            named.push(Named { url, title, owner, told });
        }
    }
    Ok(HealthPage {
        q: String::new(),
        name,
        code: code.to_owned(),
        records,
        outcomes: outcomes.into_iter().map(|(o, n)| (o.name(), o.label(), Light::of(o).class(), n)).collect(),
        lights: lights.into_iter().map(|(light, n)| (light.label(), light.class(), n)).collect(),
        chosen: chosen.map_or("", Outcome::label),
        named,
        named_in_all: rows().filter(has).count(),
        shortcomings,
    })
}

fn lacks_duties(app: &App, row: &Row, duties: &Duties<'_>) -> bool {
    match &row.listed {
        Some(ListRow::Item(item)) => missing_duties(&app.desk, item, &duties.belonging_to(&row.id, item)).is_some(),
        _ => false,
    }
}
