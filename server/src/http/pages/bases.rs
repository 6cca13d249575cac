//! Legal bases on pages: of one record, with the old words and the new ones, and how those of a division stand.

use std::{
    collections::BTreeMap,
    sync::Arc,
    time::{Duration, Instant},
};

use askama::Template;
use axum::{
    extract::{Path, RawQuery, State},
    http::{HeaderValue, Uri, header},
    response::{IntoResponse, Response},
};
use indexer::{
    index::{
        Generation,
        basis::{Finding, Outcome},
    },
    record::{DivisionCode, Record, lists::ListRow, work_reference},
};

use super::{html, power_lists};
use crate::{
    clock::today,
    exchange::flat,
    http::{
        App, Problem,
        aside::aside,
        cache::{Known, answer},
        params::Params,
        records::{find_division, find_facts},
        sending,
    },
    query::urls,
    reading::{
        bases::{Bases, Light, light},
        compare::{Run, RunKind, redline},
        lists::{
            Lists, Row,
            findings::{Duties, missing_duties},
        },
    },
    store::StoreError,
};

/// Records named on a page; the figures count all.
const MAX_NAMED: usize = 300;
/// Pages of them: the lists of a country.
const MAX_PAGE: u32 = 100_000;
/// How long a table waits for the one before it: as long as people look at an empty page.
const LONGEST_WAIT: Duration = Duration::from_secs(5);
/// How long a table waits in all for whoever takes it: a slow line takes that of a province in so long, and nobody
/// keeps the place from others by reading slowly.
const LONGEST_TAKING: Duration = Duration::from_secs(300);
/// What may be asked of a division.
const PARAMETERS: &[&str] = &["outcome", "law", "page"];

/// A column's bases.
pub struct Shown {
    pub label: &'static str,
    pub lines: Vec<Line>,
}

/// One place of one regulation.
pub struct Line {
    pub label: &'static str,
    pub class: &'static str,
    pub title: String,
    pub place: String,
    /// The article's page, or the regulation's.
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
        let regulation = finding.regulation.as_deref().unwrap_or_default();
        let slug = |number: indexer::record::ArticleNumber| match number.inserted {
            0 => number.number.to_string(),
            inserted => format!("{}-{inserted}", number.number),
        };
        let exists = !matches!(finding.outcome, Outcome::NoSuchPlace);
        let href = match finding
            .article
            .filter(|_| exists && !(finding.outcome == Outcome::Amended && finding.now.is_empty()))
        {
            Some(number) if !regulation.is_empty() => urls::article(regulation, &slug(number)),
            _ if !regulation.is_empty() => urls::regulation(regulation),
            _ => String::new(),
        };
        let differs = !finding.was.is_empty() || !finding.now.is_empty();
        let all = if differs { redline(&finding.was, &finding.now) } else { Vec::new() };
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
            comparison: finding.earlier.as_deref().map(|old| urls::comparison(old, regulation)).unwrap_or_default(),
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
    let institution = bases.institution_fault(&record.body);
    let duties = match record.body.listed() {
        Some(ListRow::Item(item)) => {
            let duties = Duties::of(lists.of_institution(&item.owner.division, &item.owner.name));
            missing_duties(&app.desk, &item, &duties.belonging_to(&record.id, &item))
        }
        _ => None,
    };
    let shown = |checked: crate::reading::bases::Checked| Shown {
        label: checked.column.label,
        lines: checked.findings.into_iter().map(Line::of).collect(),
    };
    OfRecord {
        shortcomings: level.into_iter().chain(institution).chain(record.body.shortcomings()).chain(duties).collect(),
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
    /// Places of regulations, by outcome: name, label, class, count.
    outcomes: Vec<(&'static str, &'static str, &'static str, usize)>,
    lights: Vec<(&'static str, &'static str, usize)>,
    /// What is asked for, in words; empty where nothing is.
    chosen: String,
    named: Vec<Named>,
    named_in_all: usize,
    page: usize,
    pages: usize,
    /// What is asked for as an address has it, to go on from.
    asked: String,
    /// Records with something to mend beside their bases.
    shortcomings: usize,
}

struct Named {
    url: String,
    title: String,
    owner: String,
    told: Vec<String>,
}

/// What is asked for of a division's bases.
#[derive(Default)]
struct Choice {
    outcome: Option<Outcome>,
    /// A regulation, by its id: what cites it in any version.
    law: Option<Law>,
}

struct Law {
    id: String,
    title: String,
    work: String,
}

impl Choice {
    fn read(generation: &Generation, params: &Params) -> Result<Self, Problem> {
        let outcome = params.one_of("outcome", &Outcome::ALL, Outcome::name)?;
        let law = params.get("law").map(|id| {
            let facts = find_facts(generation, id)?;
            let work = work_reference(&facts.title);
            Ok::<_, Problem>(Law { id: id.to_owned(), title: facts.title.clone(), work })
        });
        Ok(Self { outcome, law: law.transpose()? })
    }

    fn is_some(&self) -> bool {
        self.outcome.is_some() || self.law.is_some()
    }

    /// Whether a record has a place that is asked for; without a choice all have.
    fn has(&self, row: &Row) -> bool {
        row.cites() && (!self.is_some() || row.cited.iter().any(|(work, outcome)| self.wants(work, *outcome)))
    }

    fn is(&self, finding: &Finding) -> bool {
        self.wants(&work_reference(&finding.title), finding.outcome)
    }

    fn wants(&self, work: &str, outcome: Outcome) -> bool {
        self.outcome.is_none_or(|wanted| wanted == outcome) && self.law.as_ref().is_none_or(|law| work == law.work)
    }

    fn words(&self) -> String {
        let law = self.law.as_ref().map(|law| format!("引用《{}》", law.title));
        let outcome = self.outcome.map(|outcome| outcome.label().to_owned());
        law.into_iter().chain(outcome).collect::<Vec<_>>().join("，")
    }

    fn address(&self) -> String {
        let outcome = self.outcome.map(|outcome| format!("outcome={}", outcome.name()));
        let law = self.law.as_ref().map(|law| format!("law={}", urls::encode(&law.id)));
        outcome.into_iter().chain(law).collect::<Vec<_>>().join("&")
    }
}

/// How the bases of the records of a division stand: `?outcome=repealed` names the records, `?law=` those that cite a
/// regulation.
pub async fn health(
    State(app): State<App>,
    known: Known,
    uri: Uri,
    Path(code): Path<String>,
    RawQuery(raw): RawQuery,
) -> Result<Response, Problem> {
    let params = Params::of_page(raw.as_deref(), PARAMETERS)?;
    let page = params.number("page", 1, MAX_PAGE)? as usize;
    answer(&app, &known, uri.to_string(), move |app, generation| {
        let name = find_division(generation, &code)?.name.clone();
        let choice = Choice::read(generation, &params)?;
        html(&health_of(app, generation, &code, name, &choice, page)?)
    })
    .await
}

/// Where the records of a division that cite a regulation are named.
pub fn citing(division: &DivisionCode, law: &str) -> String {
    urls::bases(division.as_str(), law)
}

/// Every place of a regulation that the records of a division name, with what became of it: as many lines as there are,
/// one by one.
pub async fn table(
    State(app): State<App>,
    Path(code): Path<String>,
    RawQuery(raw): RawQuery,
) -> Result<Response, Problem> {
    let params = Params::of_page(raw.as_deref(), PARAMETERS)?;
    // The table goes on after this handler, and so does its place.
    let place = tokio::time::timeout(LONGEST_WAIT, app.base_tables.clone().acquire_owned()).await;
    let place = place.ok().and_then(Result::ok).ok_or_else(Problem::busy)?;
    let (generation, worker, of) = (app.generation()?, app.clone(), code.clone());
    let (generation, lists, division, choice) = aside(move || {
        find_division(&generation, &of)?;
        let division = power_lists::division_of(&generation, &of)?;
        let choice = Choice::read(&generation, &params)?;
        let lists = worker.lists(&generation)?;
        Ok((generation, lists, division, choice))
    })
    .await?;
    let lines = sending::body(place, move |sink| {
        let bases = Bases::new(&generation, &app.store);
        let mut waited = Duration::ZERO;
        let mut send = |piece: Vec<u8>| {
            let begun = Instant::now();
            let taken = sink.send(piece);
            waited += begun.elapsed();
            taken && waited < LONGEST_TAKING
        };
        let mut write = || -> Result<(), StoreError> {
            if !send([b"\xEF\xBB\xBF".to_vec(), flat::line(COLUMNS.map(str::to_owned).to_vec())?].concat()) {
                return Ok(());
            }
            for row in lists.below(&division).iter().filter(|row| choice.has(row)) {
                let Some(record) = app.store.get(&row.id)?.filter(Record::is_public) else { continue };
                let mut piece = Vec::new();
                for checked in bases.of(&record.body) {
                    for finding in checked.findings.iter().filter(|finding| choice.is(finding)) {
                        piece.extend(flat::line(cells(row, checked.column.label, finding))?);
                    }
                }
                if !piece.is_empty() && !send(piece) {
                    sink.fail(&"the table was not taken in time");
                    return Ok(());
                }
            }
            Ok(())
        };
        if let Err(error) = write() {
            tracing::error!(%error, "a table of bases broke off");
            sink.fail(&error);
        }
    });
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("text/csv; charset=utf-8; header=present")),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
        (header::CONTENT_DISPOSITION, HeaderValue::try_from(format!("attachment; filename=\"bases-{code}.csv\""))?),
    ];
    Ok((headers, lines).into_response())
}

const COLUMNS: [&str; 14] = [
    "编号",
    "事项",
    "机构",
    "区划",
    "列",
    "法规",
    "条款",
    "核对结果",
    "说明",
    "引文",
    "现行条",
    "现行文字",
    "现行文本编号",
    "废止它的",
];

fn cells(row: &Row, column: &str, finding: &Finding) -> Vec<String> {
    let given = |text: &Option<String>| text.clone().unwrap_or_default();
    vec![
        row.id.clone(),
        row.title.clone(),
        row.owner.clone(),
        row.division.to_string(),
        column.to_owned(),
        finding.title.clone(),
        finding.place.clone(),
        finding.outcome.label().to_owned(),
        finding.reason.clone(),
        finding.quote.clone(),
        finding.article.map(|number| number.to_string()).unwrap_or_default(),
        finding.now.clone(),
        given(&finding.regulation),
        given(&finding.by),
    ]
}

fn health_of(
    app: &App,
    generation: &Generation,
    code: &str,
    name: String,
    choice: &Choice,
    page: usize,
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
    let chosen: Vec<&Arc<Row>> = rows().filter(|row| choice.is_some() && choice.has(row)).collect();
    let pages = chosen.len().div_ceil(MAX_NAMED).max(1);
    if page > pages {
        return Err(Problem::bad_parameter("page", format!("只有 {pages} 页")));
    }
    let bases = Bases::new(generation, &app.store);
    let mut named = Vec::new();
    for row in chosen.iter().skip((page - 1) * MAX_NAMED).take(MAX_NAMED) {
        let Some(record) = app.store.get(&row.id)?.filter(Record::is_public) else { continue };
        let checked = bases.of(&record.body);
        let findings = checked.iter().flat_map(|checked| checked.findings.iter().map(|f| (checked.column.label, f)));
        let told: Vec<String> = findings
            .filter(|(_, finding)| choice.is(finding))
            .map(|(label, f)| match choice.outcome {
                Some(_) => format!("{label}：《{}》{}　{}", f.title, f.place, f.reason),
                None => format!("{label}：《{}》{}　{}　{}", f.title, f.place, f.outcome.label(), f.reason),
            })
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
        chosen: choice.words(),
        asked: choice.address(),
        named,
        named_in_all: chosen.len(),
        page,
        pages,
        shortcomings,
    })
}

fn lacks_duties(app: &App, row: &Row, duties: &Duties<'_>) -> bool {
    match &row.listed {
        Some(ListRow::Item(item)) => missing_duties(&app.desk, item, &duties.belonging_to(&row.id, item)).is_some(),
        _ => false,
    }
}
