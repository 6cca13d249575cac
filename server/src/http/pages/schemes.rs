//! Two schemes of organization side by side, duty by duty: two of one institution, or those of an institution and its
//! counterpart elsewhere.

use askama::Template;
use axum::{
    Router,
    extract::{RawQuery, State},
    http::Uri,
    response::Response,
    routing::get,
};
use indexer::{
    index::Generation,
    record::{
        Record,
        comparison::{DutyChange, Held, in_force},
        kind_named, staffing,
    },
};

use super::html;
use crate::{
    http::{
        App, Problem,
        cache::{Known, answer},
        params::Params,
        schemes::find_scheme_read,
    },
    reading::{
        compare::RunKind,
        facts::Pair,
        schemes::{self, DutyRow, MaySee, Redline, Schemes, comparison_url, same_institution, the_public},
    },
};

/// Counterparts elsewhere that are offered; an address names any other.
const MAX_OFFERED: usize = 60;

#[derive(Template)]
#[template(path = "schemes_compare.html")]
struct Page {
    q: String,
    action: String,
    old: Option<Side>,
    new: Side,
    rows: Vec<DutyRow>,
    others: Vec<Pair>,
    counts: Vec<(&'static str, usize)>,
    same_body: bool,
    only_changes: bool,
    other_scope: String,
    swapped: String,
    /// Schemes to compare with: of the same institution, and of institutions of its kind elsewhere; id, words, whether
    /// chosen.
    own: Vec<(String, String, bool)>,
    elsewhere: Vec<(String, String, bool)>,
}

struct Side {
    id: String,
    title: String,
    url: String,
    called: String,
}

impl Side {
    fn of(held: &Held<'_>) -> Self {
        Self {
            id: held.id.to_owned(),
            title: held.scheme.title.clone(),
            url: schemes::url(held),
            called: held.called(),
        }
    }
}

/// The name of an institution without its region, by which its counterparts elsewhere are found.
fn key(generation: &Generation, held: &Held<'_>) -> Option<String> {
    let path: Vec<(String, String)> = generation
        .catalogue
        .path(held.scheme.division.as_str())
        .iter()
        .map(|division| (division.name.clone(), division.short_name.clone()))
        .collect();
    generation.known_offices.key_of_name(&held.scheme.institution_name, &path)
}

/// `?old=&new=` are ids of schemes; without `old` the page offers what the other can be compared with.
/// Their comparison; what else they have, every kind has.
pub fn routes() -> Router<App> {
    let path = kind_named(staffing::SCHEME).map_or("", |kind| kind.path);
    Router::new().route(&format!("/{path}/compare"), get(compare))
}

pub async fn compare(
    State(app): State<App>,
    known: Known,
    uri: Uri,
    RawQuery(raw): RawQuery,
) -> Result<Response, Problem> {
    let asked = Asked::read(&Params::of_page(raw.as_deref(), &["old", "new", "all"])?)?;
    answer(&app, &known, uri.to_string(), move |app, generation| {
        html(&asked.page(app, generation, &the_public, comparison_url)?)
    })
    .await
}

/// What is asked for: the ids of the schemes, and whether what stays is shown too.
pub struct Asked {
    old: Option<String>,
    new: String,
    all: bool,
}

impl Asked {
    pub fn read(params: &Params) -> Result<Self, Problem> {
        let id = |name: &str| params.get(name).map(str::to_owned);
        let detail = "new 应为一份三定规定的编号：请从机构页面的“对照”进入";
        let new = id("new").ok_or_else(|| Problem::bad_parameter("new", detail))?;
        Ok(Self { old: id("old").filter(|old| *old != new), new, all: params.flag("all")? })
    }

    /// The page for somebody; `url` is where it lies for them, by the older one's id and the newer's.
    pub fn page(
        &self,
        app: &App,
        generation: &Generation,
        may_see: MaySee<'_>,
        url: fn(&str, &str) -> String,
    ) -> Result<impl Template + use<>, Problem> {
        let new = find_scheme_read(app, &self.new, may_see)?;
        let old = self.old.as_ref().map(|old| find_scheme_read(app, old, may_see)).transpose()?;
        page((app, generation), (old.as_ref(), &new), self.all, may_see, url)
    }
}

fn page(
    (app, generation): (&App, &Generation),
    (old, new): (Option<&Record>, &Record),
    all: bool,
    may_see: MaySee<'_>,
    url: fn(&str, &str) -> String,
) -> Result<Page, Problem> {
    let none = || Problem::not_found("没有这份三定规定");
    let after = Held::of(new).ok_or_else(none)?;
    let before = old.and_then(Held::of);
    let own_key = key(generation, &after);
    // One reading serves the choice and the tracing of what is gone.
    let read = Schemes::read(&app.store, may_see, |held| {
        held.scheme.division == after.scheme.division || own_key.is_some() && key(generation, held) == own_key
    })?;
    let mut known = read.held();
    known.sort_by(|a, b| {
        (&a.scheme.division, in_force::begins(b), a.id).cmp(&(&b.scheme.division, in_force::begins(a), b.id))
    });
    let chosen = before.map(|held| held.id);
    let choice = |held: &Held<'_>| (held.id.to_owned(), held.called(), chosen == Some(held.id));
    let others = || known.iter().filter(|held| held.id != after.id);
    let own = others().filter(|held| same_institution(held, &after)).map(choice).collect();
    let elsewhere = others()
        .filter(|held| !same_institution(held, &after) && key(generation, held) == own_key && own_key.is_some())
        .take(MAX_OFFERED)
        .map(choice)
        .collect();
    let redline = old.and_then(|old| schemes::compare(old, new, &read));
    let Redline { rows, others } = redline.unwrap_or(Redline { rows: Vec::new(), others: Vec::new() });
    let count = |change: DutyChange| rows.iter().filter(|row| row.change == change).count();
    let counts =
        DutyChange::ALL.into_iter().map(|change| (change.label(), count(change))).filter(|(_, n)| *n > 0).collect();
    let address = |old: &str, new: &str, all: bool| format!("{}{}", url(old, new), if all { "&all=1" } else { "" });
    Ok(Page {
        q: String::new(),
        action: url("", "").split('?').next().unwrap_or_default().to_owned(),
        counts,
        rows: rows.into_iter().filter(|row| all || row.change != DutyChange::Same).collect(),
        others: others.into_iter().filter(|pair| all || pair.changed).collect(),
        same_body: before.is_some_and(|before| same_institution(&before, &after)),
        only_changes: !all,
        other_scope: before.map(|before| address(before.id, after.id, !all)).unwrap_or_default(),
        swapped: before.map(|before| address(after.id, before.id, all)).unwrap_or_default(),
        old: before.as_ref().map(Side::of),
        new: Side::of(&after),
        own,
        elsewhere,
    })
}
