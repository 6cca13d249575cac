//! All schemes of organization of a division in one sheet, with what nobody does any more, what two institutions do,
//! what is divided by one side alone or has its clause, and which institutions have two schemes at once. Signals for
//! people to look at, each with the sentences that it was read from.

use std::collections::BTreeMap;

use askama::Template;
use axum::{
    extract::{RawQuery, State},
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use indexer::record::{
    Date, DivisionCode,
    comparison::{Arrival, Held, Left, Overlap, SHEET, SchemeDuty, SheetRow, Territory, in_force, sheet_row, similar},
    kinds::staff_count,
};

use super::{
    super::{SchemesAsked, private},
    Me, may_see,
    picker::{self, Asks, Picker},
};
use crate::{
    access::{Session, acts},
    clock::today,
    exchange::csv_line,
    http::{
        App, Problem,
        params::{self, Params},
        signed::{Fields, SignedIn},
    },
    query::institutions_of,
    reading::{
        reform::Counts,
        schemes::{self, Schemes, shared_comparison_url},
    },
    urls,
};

/// Signals of one sort that the page shows; the count tells of all.
const MAX_SHOWN: usize = 200;

#[derive(Template)]
#[template(path = "console/schemes.html")]
struct Page {
    q: String,
    me: Me,
    division: String,
    picker: Picker,
    name: String,
    day: Date,
    csv: String,
    columns: Vec<&'static str>,
    rows: Vec<Row>,
    /// Institutions with a scheme in force, with one that has no day, and without one on record.
    with: usize,
    undated: usize,
    without: usize,
    more: bool,
    orphans: Shown<Gone>,
    moved: Shown<Gone>,
    overlaps: Shown<Pair>,
    /// From which likeness on they are shown.
    overlaps_lead: String,
    /// Those that a clause divides.
    divided: Shown<Divided>,
    one_sided: Shown<Pair>,
    double: Shown<Pair>,
    formulas: usize,
}

struct Row {
    /// Page of the scheme, and where it is set beside the one before.
    url: String,
    compare: String,
    cells: Vec<String>,
}

/// The first of a list, and how many there are.
struct Shown<T> {
    first: Vec<T>,
    all: usize,
}

impl<T> Shown<T> {
    fn of(all: impl ExactSizeIterator<Item = T>) -> Self {
        let count = all.len();
        Self { first: all.take(MAX_SHOWN).collect(), all: count }
    }
}

/// A sentence of a scheme.
struct Sentence {
    body: String,
    url: String,
    label: String,
    text: String,
}

impl Sentence {
    fn of(place: &SchemeDuty<'_>) -> Self {
        Self {
            body: place.held.called(),
            url: schemes::url(&place.held),
            label: place.duty.called(),
            text: place.duty.text.clone(),
        }
    }

    fn of_scheme(held: &Held<'_>, text: &str) -> Self {
        Self { body: held.called(), url: schemes::url(held), label: String::new(), text: text.to_owned() }
    }
}

/// What left an institution.
struct Gone {
    matter: String,
    from: Sentence,
    to: Vec<Sentence>,
}

impl Gone {
    fn of(left: &Left<'_>) -> Self {
        let to = left.arrived.iter().map(|Arrival { at, .. }| Sentence::of(at)).collect();
        Self { matter: left.matter.clone(), from: Sentence::of(&left.from), to }
    }
}

/// Two sentences side by side.
struct Pair {
    says: String,
    one: Sentence,
    other: Sentence,
}

impl Pair {
    fn overlap(overlap: &Overlap<'_>) -> Self {
        let says = format!("“{}”与“{}”，相近程度 {:.2}", overlap.matters.0, overlap.matters.1, overlap.score);
        Self { says, one: Sentence::of(&overlap.one), other: Sentence::of(&overlap.other) }
    }
}

/// An overlap with the clause that says how it is divided.
struct Divided {
    pair: Pair,
    clause: Sentence,
}

/// What is asked for: a division, the account's own by default, and a day, today by default.
struct Asked {
    division: DivisionCode,
    name: String,
    day: Date,
}

fn asked(app: &App, session: &Session, raw: Option<&str>) -> Result<Asked, Problem> {
    let params = Params::read(raw, &["division", "on"])?;
    let generation = app.generation()?;
    let division =
        params::division(&params, "division", &generation)?.unwrap_or_else(|| session.actor.division.clone());
    let name = generation.catalogue.division(division.as_str()).map_or_else(String::new, |found| found.name.clone());
    Ok(Asked { name, day: params.day("on")?.unwrap_or_else(today), division })
}

/// The same for the page, whose form finds the code of a division: while somebody looks for one, the account's own is
/// shown.
fn chosen(app: &App, session: &Session, raw: Option<&str>) -> Result<(Asked, Picker, String), Problem> {
    const FIELD: &str = "division";
    let mut fields = Fields(params::pairs(raw.unwrap_or_default())?);
    // A name in place of a code is looked for, whichever button was pressed.
    let typed = fields.get(FIELD).trim();
    let is_name = typed.chars().any(|c| !c.is_ascii_digit());
    if picker::wanted(&fields).is_none() && is_name {
        fields.0.push((picker::LOOK.to_owned(), FIELD.to_owned()));
    }
    if picker::wanted(&fields).is_none() {
        let asked = asked(app, session, raw)?;
        let text = asked.division.to_string();
        let picker = Picker::new(app, Asks::Division, FIELD, &text, None)?;
        return Ok((asked, picker, text));
    }
    let params = Params::read(raw, &[FIELD, "on", picker::LOOK, picker::PICK])?;
    let day = params.day("on")?.unwrap_or_else(today);
    picker::fill_in(app, &mut fields, &[(FIELD, Asks::Division)])?;
    let text = fields.get(FIELD).to_owned();
    let picker = Picker::new(app, Asks::Division, FIELD, &text, picker::wanted(&fields).as_ref())?;
    let division = Some(text.as_str()).filter(|_| !picker.called.is_empty()).and_then(|text| text.parse().ok());
    let division = division.unwrap_or_else(|| session.actor.division.clone());
    let name = app.generation()?.catalogue.division(division.as_str()).map(|found| found.name.clone());
    Ok((Asked { division, name: name.unwrap_or_default(), day }, picker, text))
}

/// The columns of the sheet: what schemes say, and what offices count, for whoever may see it.
fn columns() -> impl Iterator<Item = &'static str> {
    SHEET.into_iter().chain(staff_count::CELLS)
}

/// A row for each institution of the division that the directory or a scheme knows, by name.
fn sheet(app: &App, session: &Session, asked: &Asked, territory: &Territory<'_>) -> Result<Vec<SheetRow>, Problem> {
    let generation = app.generation()?;
    let institutions = institutions_of(&generation, asked.division.as_str())?.into_iter();
    let mut rows: BTreeMap<String, (Option<String>, Option<Held<'_>>)> =
        institutions.map(|hit| (hit.title, (Some(hit.id), None))).collect();
    for (name, now) in territory.in_force() {
        rows.entry(name.to_owned()).or_default().1 = now;
    }
    let counts = Counts::read(&app.store, &may_see(session))?;
    let row = |(name, (id, held)): (String, (Option<String>, Option<Held<'_>>))| {
        let mut row = sheet_row(&name, held);
        let count = counts.of(id.as_deref(), &name, &asked.division, asked.day).and_then(|r| staff_count::of(&r.body));
        // S9, by the numbers of whoever may see them.
        let nature = held.map_or("", |held| held.scheme.nature.as_str());
        let told = match (count, held) {
            (Some(count), _) => Some((&count.authorised, &count.posts)),
            (None, Some(held)) => Some((&held.scheme.staffing, &held.scheme.posts)),
            (None, None) => None,
        };
        let limits = &app.desk.post_limits;
        let told =
            told.map(|(staff, posts)| limits.findings(&asked.division, nature, staff, posts)).unwrap_or_default();
        if let Some(findings) = row.cells.last_mut().filter(|_| !told.is_empty()) {
            let all: Vec<&str> = Some(findings.as_str()).filter(|text| !text.is_empty()).into_iter().collect();
            *findings = all.into_iter().chain(told.iter().map(String::as_str)).collect::<Vec<_>>().join("；");
        }
        row.cells.extend(count.map_or_else(Default::default, |count| count.cells()));
        row
    };
    // What has no day may not hold any more, and comes behind; then those of which there is none.
    let mut rows: Vec<_> = rows.into_iter().collect();
    rows.sort_by_key(|(_, (_, held))| held.as_ref().map_or(2, |held| u8::from(in_force::is_undated(held))));
    Ok(rows.into_iter().map(row).collect())
}

pub async fn page(
    State(app): State<App>,
    SignedIn(session, _): SignedIn<acts::Consult>,
    RawQuery(raw): RawQuery,
) -> Result<Response, Problem> {
    let shared = app.clone();
    // Comparing all schemes of a division is work as a search is.
    let work = move || {
        let (asked, picker, division) = chosen(&app, &session, raw.as_deref())?;
        let read = Schemes::of_division(&app.store, &may_see(&session), &asked.division)?;
        let all = read.held();
        let territory = Territory::new(&all, asked.day);
        let sheet = sheet(&app, &session, &asked, &territory)?;
        let left = territory.left();
        let before: BTreeMap<&str, &str> = left.iter().filter_map(|l| Some((l.now?.id, l.from.held.id))).collect();
        let (gone, moved): (Vec<Left<'_>>, Vec<Left<'_>>) = left.into_iter().partition(Left::is_orphan);
        let found = territory.overlaps();
        let one_sided = territory.one_sided().into_iter().map(|o| Pair {
            says: format!("“{}”没有写与它的分工", o.silent.scheme.institution_name),
            one: Sentence::of(&o.by),
            other: Sentence::of_scheme(&o.silent, "（没有对应的职责分工条款）"),
        });
        let double = territory.double().into_iter().map(|(older, newer, from)| Pair {
            says: format!("从 {from} 起两份同时现行：旧的没有写废止日期，新的没有写取代哪一份"),
            one: Sentence::of_scheme(&older, &older.scheme.title),
            other: Sentence::of_scheme(&newer, &newer.scheme.title),
        });
        let held = |id: &str| all.iter().find(|held| held.id == id).copied();
        let row = |row: SheetRow| Row {
            url: row.scheme.as_deref().and_then(held).as_ref().map(schemes::url).unwrap_or_default(),
            compare: row
                .scheme
                .as_deref()
                .map(|id| shared_comparison_url(before.get(id).copied().unwrap_or_default(), id))
                .unwrap_or_default(),
            cells: row.cells,
        };
        let is_undated =
            |row: &&SheetRow| row.scheme.as_deref().and_then(held).as_ref().is_some_and(in_force::is_undated);
        let undated = sheet.iter().filter(is_undated).count();
        let without = sheet.iter().filter(|row| row.scheme.is_none()).count();
        let with = sheet.len() - without - undated;
        let divided = found
            .divided
            .iter()
            .map(|(overlap, clause)| Divided { pair: Pair::overlap(overlap), clause: Sentence::of(clause) });
        let page = Page {
            q: String::new(),
            me: Me::new(&session),
            csv: urls::console::schemes_sheet(asked.division.as_str(), &asked.day.to_string()),
            columns: columns().skip(1).collect(),
            rows: sheet.into_iter().map(row).collect(),
            with,
            undated,
            without,
            more: read.more,
            orphans: Shown::of(gone.iter().map(Gone::of)),
            moved: Shown::of(moved.iter().map(Gone::of)),
            overlaps: Shown::of(found.open.iter().map(Pair::overlap)),
            overlaps_lead: format!(
                "两段文字的相近程度在 {:.2} 以上的列出（1.00 为相同）；会同、配合、协助的不算。",
                similar::SAME
            ),
            divided: Shown::of(divided),
            one_sided: Shown::of(one_sided),
            double: Shown::of(double),
            formulas: found.formulas,
            division,
            picker,
            name: asked.name,
            day: asked.day,
        };
        private(StatusCode::OK, &page)
    };
    shared.admission.work(work).await
}

/// Two schemes side by side, with those that offices share.
pub async fn compare(
    State(app): State<App>,
    SignedIn(session, _): SignedIn<acts::Consult>,
    RawQuery(raw): RawQuery,
) -> Result<Response, Problem> {
    let asked = SchemesAsked::read(&Params::read(raw.as_deref(), &["old", "new", "all"])?)?;
    let shared = app.clone();
    let work = move || {
        let page = asked.page(&app, &*app.generation()?, &may_see(&session), shared_comparison_url)?;
        private(StatusCode::OK, &page)
    };
    shared.admission.work(work).await
}

/// The sheet as a table for spreadsheets.
pub async fn csv(
    State(app): State<App>,
    SignedIn(session, _): SignedIn<acts::Consult>,
    RawQuery(raw): RawQuery,
) -> Result<Response, Problem> {
    let shared = app.clone();
    let work = move || {
        let asked = asked(&app, &session, raw.as_deref())?;
        let read = Schemes::of_division(&app.store, &may_see(&session), &asked.division)?;
        let all = read.held();
        let mut text = "\u{FEFF}".as_bytes().to_vec();
        text.extend(csv_line(columns().map(str::to_owned).collect())?);
        for row in sheet(&app, &session, &asked, &Territory::new(&all, asked.day))? {
            text.extend(csv_line(row.cells)?);
        }
        let name = urls::encode(&format!("{}三定规定{}.csv", asked.name, asked.day));
        let headers = [
            (header::CONTENT_TYPE, HeaderValue::from_static("text/csv; charset=utf-8")),
            (header::CONTENT_DISPOSITION, HeaderValue::try_from(format!("attachment; filename*=UTF-8''{name}"))?),
            (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
        ];
        Ok((headers, text).into_response())
    };
    shared.admission.work(work).await
}
