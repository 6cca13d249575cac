//! What a regulation refers to and who refers to it: lists, and a map for those who would rather look.

use askama::Template;
use axum::{
    extract::{Path, RawQuery, State},
    http::Uri,
    response::Response,
};

use super::{
    html,
    regulation::{Head, head, position},
    view::{RestingLines, status_class},
};
use crate::{
    http::{
        App, Problem,
        cache::{Known, answer},
        params::Params,
        records::find_facts,
    },
    reading::{
        links::{self, Neighbour},
        resting::resting_on,
    },
    urls,
};

/// Regulations drawn on each side of the map: as many as stay readable on a phone.
const MAX_DRAWN: usize = 12;
/// Regulations listed on each side.
const MAX_LISTED: usize = 200;
/// Characters of a title on the map.
const TITLE_CHARS: usize = 16;

#[derive(Template)]
#[template(path = "references.html")]
struct Page {
    q: String,
    title: String,
    head: Head,
    map: Map,
    cited: Vec<Line>,
    citing: Vec<Line>,
    cited_total: usize,
    citing_total: usize,
    /// Records of other kinds that cite it.
    resting: RestingLines,
}

struct Line {
    url: String,
    title: String,
    status: &'static str,
    status_class: &'static str,
    times: u32,
    /// How often, in hundredths of the most often.
    share: u32,
    kind: &'static str,
}

/// The map: the regulation in the middle, those that refer to it on the left, those it refers to on the right.
struct Map {
    height: u32,
    middle: u32,
    title: String,
    left: Vec<Node>,
    right: Vec<Node>,
}

struct Node {
    url: String,
    title: String,
    full_title: String,
    y: u32,
    /// Width of the line, by how often.
    width: u32,
    times: u32,
}

/// Height of a node's row, in units of the drawing.
const ROW: u32 = 34;

pub async fn page(
    State(app): State<App>,
    known: Known,
    uri: Uri,
    Path(id): Path<String>,
    RawQuery(raw): RawQuery,
) -> Result<Response, Problem> {
    Params::of_page(raw.as_deref(), &[])?;
    answer(&app, &known, uri.to_string(), move |app, generation| {
        let facts = find_facts(generation, &id)?;
        let regulation = position(generation, &id);
        let (cited, citing) = (links::cited(generation, regulation), links::citing(generation, regulation));
        let rows = cited.len().min(MAX_DRAWN).max(citing.len().min(MAX_DRAWN)).max(1) as u32;
        let middle = rows * ROW / 2 + ROW / 2;
        html(&Page {
            q: String::new(),
            title: facts.title.clone(),
            head: head(generation, facts),
            map: Map {
                height: rows * ROW + ROW,
                middle,
                title: short(&facts.work),
                left: nodes(&citing, middle),
                right: nodes(&cited, middle),
            },
            cited: lines(&cited),
            citing: lines(&citing),
            cited_total: cited.len(),
            citing_total: citing.len(),
            resting: RestingLines::new(resting_on(generation, &app.store, facts, None)?),
        })
    })
    .await
}

/// The most often referred to stand first.
fn lines(neighbours: &[Neighbour<'_>]) -> Vec<Line> {
    let most = neighbours.first().map_or(1, |n| n.times).max(1);
    let line = |n: &Neighbour<'_>| Line {
        url: urls::regulation(&n.regulation.id),
        title: n.regulation.title.clone(),
        status: n.regulation.status.label(),
        status_class: status_class(n.regulation.status),
        times: n.times,
        share: (n.times * 100 / most).max(2),
        kind: n.kind.label(),
    };
    neighbours.iter().take(MAX_LISTED).map(line).collect()
}

/// One side of the map, spread evenly about the middle.
fn nodes(neighbours: &[Neighbour<'_>], middle: u32) -> Vec<Node> {
    let drawn = neighbours.len().min(MAX_DRAWN) as u32;
    let top = middle.saturating_sub(drawn * ROW / 2);
    let most = neighbours.first().map_or(1, |n| n.times).max(1);
    (0..drawn)
        .zip(neighbours)
        .map(|(at, n)| Node {
            url: urls::regulation(&n.regulation.id),
            title: short(&n.regulation.work),
            full_title: n.regulation.title.clone(),
            y: top + at * ROW + ROW / 2,
            width: 1 + n.times * 5 / most,
            times: n.times,
        })
        .collect()
}

fn short(title: &str) -> String {
    let mut out: String = title.chars().take(TITLE_CHARS).collect();
    if title.chars().count() > TITLE_CHARS {
        out.push('…');
    }
    out
}
