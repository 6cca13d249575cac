//! Two versions of a regulation, article by article, side by side or as one text.

use askama::Template;
use axum::{
    extract::{Path, RawQuery, State},
    http::Uri,
    response::{Redirect, Response},
};
use indexer::record::Regulation;

use super::{
    html,
    regulation::{Head, effect, head},
    view::RegulationLink,
};
use crate::{
    http::{
        App, Problem,
        cache::{Known, answer},
        params::Params,
        records::{find_facts, find_regulation, versions_of},
    },
    reading::compare::{Change, Run, RunKind, redline, rows},
    urls,
};

#[derive(Template)]
#[template(path = "compare.html")]
struct Page {
    q: String,
    title: String,
    old: Side,
    new: Side,
    counts: Vec<(&'static str, usize)>,
    rows: Vec<Row>,
    /// How many of them are not the same.
    changed: usize,
    /// Whether the texts stand side by side, and as one. Where nobody chose, a narrow screen shows the one and a wide
    /// screen the other.
    apart: bool,
    merged: bool,
    /// The other views: address, label, and the screens that offer it.
    views: Vec<(String, &'static str, &'static str)>,
    /// Whether unchanged articles are left out, and the address with the other choice.
    only_changes: bool,
    other_scope: String,
    swapped: String,
    /// All versions, to choose others; each with whether it is the older and the newer side here.
    versions: Vec<(RegulationLink, bool, bool)>,
}

struct Side {
    head: Head,
    date: String,
    effect: Option<String>,
}

struct Row {
    change: Change,
    label: String,
    /// The two texts, cut at their differences; each only where it is there.
    old: Vec<Run>,
    new: Vec<Run>,
}

/// The choice of two versions made on a regulation's page leads to their comparison.
pub async fn choose(RawQuery(raw): RawQuery) -> Result<Redirect, Problem> {
    let params = Params::of_page(raw.as_deref(), &["old", "new"])?;
    let id = |name: &str| {
        let id = params.get(name).filter(|id| id.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-'));
        id.ok_or_else(|| Problem::bad_parameter(name, format!("{name} 应为一个文本的编号，请在法规页上选两个文本")))
    };
    let (old, new) = (id("old")?, id("new")?);
    if old == new {
        return Err(Problem::bad_parameter("new", "选的是同一个文本，请选两个不同的文本来对照"));
    }
    Ok(Redirect::to(&urls::comparison(old, new)))
}

pub async fn page(
    State(app): State<App>,
    known: Known,
    uri: Uri,
    Path((id, other)): Path<(String, String)>,
    RawQuery(raw): RawQuery,
) -> Result<Response, Problem> {
    answer(&app, &known, uri.to_string(), move |app, generation| {
        let params = Params::of_page(raw.as_deref(), &["view", "all"])?;
        let all = params.flag("all")?;
        // Both renderings of a whole code would be megabytes.
        let view = params.one_of("view", &["side", "inline"], |v| v)?.or(all.then_some("inline"));
        let (old, new) = (find_regulation(app, &id)?.1, find_regulation(app, &other)?.1);
        let (old_facts, new_facts) = (find_facts(generation, &id)?, find_facts(generation, &other)?);
        if old_facts.work != new_facts.work {
            let detail = format!("《{}》与《{}》不是同一部法规的两个文本，不能对照", old.title, new.title);
            return Err(Problem::bad_parameter("other", detail));
        }
        let compared = rows(&old, &new);
        let count = |change: Change| compared.iter().filter(|r| r.change == change).count();
        let changes = [Change::Changed, Change::Added, Change::Removed, Change::Moved, Change::Same];
        let address = |view: Option<&str>, all: bool| with_query(urls::comparison(&id, &other), view, all);
        let date = |r: &Regulation| r.version_date.map(|d| d.to_string()).unwrap_or_default();
        html(&Page {
            q: String::new(),
            title: new.title.clone(),
            counts: changes.into_iter().map(|c| (c.label(), count(c))).filter(|(_, n)| *n > 0).collect(),
            changed: compared.iter().filter(|r| r.change != Change::Same).count(),
            rows: compared.iter().filter(|r| all || r.change != Change::Same).map(|r| row(&old, &new, r)).collect(),
            apart: view != Some("inline"),
            merged: view != Some("side"),
            views: match view {
                Some("inline") => vec![(address(Some("side"), all), "左右对照", "")],
                Some(_) => vec![(address(Some("inline"), all), "合并显示", "")],
                None => vec![
                    (address(Some("inline"), all), "合并显示", "only-wide"),
                    (address(Some("side"), all), "分开显示", "only-narrow"),
                ],
            },
            only_changes: !all,
            other_scope: address(view, !all),
            versions: versions_of(generation, new_facts)
                .map(|v| (RegulationLink::new(v), v.id == old_facts.id, v.id == new_facts.id))
                .collect(),
            swapped: with_query(urls::comparison(&other, &id), view, all),
            old: Side { head: head(generation, old_facts), date: date(&old), effect: effect(old_facts) },
            new: Side { head: head(generation, new_facts), date: date(&new), effect: effect(new_facts) },
        })
    })
    .await
}

/// The address of a comparison with what was chosen for it.
fn with_query(comparison: String, view: Option<&str>, all: bool) -> String {
    let query: Vec<String> =
        view.map(|view| format!("view={view}")).into_iter().chain(all.then(|| "all=1".to_owned())).collect();
    if query.is_empty() { comparison } else { format!("{comparison}?{}", query.join("&")) }
}

fn row(old: &Regulation, new: &Regulation, row: &crate::reading::compare::Row) -> Row {
    let before = row.old.map(|at| &old.articles[at]);
    let after = row.new.map(|at| &new.articles[at]);
    let label = match (before, after) {
        (Some(b), Some(a)) if b.label != a.label => format!("{} → {}", b.label, a.label),
        (Some(article), _) | (None, Some(article)) => article.label.clone(),
        (None, None) => String::new(),
    };
    let whole = |kind: RunKind, text: &str| vec![Run { kind, text: text.to_owned() }];
    let (old, new) = match (before, after) {
        (Some(b), Some(a)) => {
            let all = redline(&b.text, &a.text);
            let without = |kind| all.iter().filter(|r| r.kind != kind).cloned().collect();
            (without(RunKind::New), without(RunKind::Old))
        }
        (Some(b), None) => (whole(RunKind::Old, &b.text), Vec::new()),
        (None, Some(a)) => (Vec::new(), whole(RunKind::New, &a.text)),
        (None, None) => (Vec::new(), Vec::new()),
    };
    Row { change: row.change, label, old, new }
}

impl Row {
    /// Both texts as one: what was taken out before what came in.
    fn inline(&self) -> Vec<Run> {
        match (self.old.is_empty(), self.new.is_empty()) {
            (false, false) => {
                let text = |runs: &[Run]| runs.iter().map(|r| r.text.as_str()).collect::<String>();
                redline(&text(&self.old), &text(&self.new))
            }
            _ => self.old.iter().chain(&self.new).cloned().collect(),
        }
    }
}
