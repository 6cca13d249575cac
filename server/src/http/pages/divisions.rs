//! The browser of regions: 全国 → 省 → 市 → 县 → 乡镇, with the institutions of each and how far the records reach.

use std::collections::BTreeMap;

use askama::Template;
use axum::{
    extract::{Path, RawQuery, State},
    http::Uri,
    response::{IntoResponse, Redirect, Response},
};
use indexer::{
    index::{Generation, catalogue::DivisionEntry},
    record::{Evidence, FormerDivision, Succession},
};

use super::{
    card::SeatLines,
    chart::{self, Chart},
    html, power_lists, tiles,
    view::{Link, path, source_title},
};
use crate::{
    http::{
        App, Problem,
        cache::{Known, Rendered, answer},
        params::Params,
        records::find_division,
    },
    query::{institutions_of, seat},
    urls,
};

/// Children from which on a list is grouped by initial: what fits on a screen is found by eye.
const GROUPED_FROM: usize = 21;
/// Institutions listed of one category; a search within the region finds the others.
const MAX_INSTITUTIONS: usize = 300;

#[derive(Template)]
#[template(path = "division.html")]
struct Page<'a> {
    q: String,
    /// Where the lists of its institutions are, where there are some.
    lists: Option<String>,
    /// Where it leads, before all else: its government's site and the numbers to call.
    seat: SeatLines<'a>,
    name: String,
    code: String,
    level: &'static str,
    aliases: String,
    /// What it was before, the latest first; the codes that it had under its name of today; what lay in it and went to
    /// places that no source tells.
    former: Vec<FormerLine>,
    codes: String,
    lay_here: Vec<FormerLine>,
    path: Vec<Link>,
    /// Children that have a place in the tile grid.
    tiles: Vec<Tile>,
    /// The others, as one list or by initial.
    children: Vec<Initial>,
    groups: Vec<Group>,
    institutions: usize,
    /// The same with all regions below.
    covered: u32,
    with_site: u32,
    regulations: u32,
    has_below: bool,
    evidence: Option<Chart>,
    meanings: Vec<(&'static str, &'static str)>,
}

struct FormerLine {
    text: String,
    source: String,
}

struct Tile {
    url: String,
    name: String,
    full_name: String,
    row: u8,
    column: u8,
    /// Institutions here and below; `None` where there are none, which is said in words.
    institutions: Option<u32>,
}

/// Children whose names begin with the same letter in pinyin.
struct Initial {
    letter: String,
    children: Vec<Child>,
}

struct Child {
    url: String,
    name: String,
    institutions: u32,
}

/// The institutions of one category.
struct Group {
    category: &'static str,
    institutions: Vec<BodyLine>,
    /// Institutions beyond [`MAX_BODIES`].
    more: usize,
}

struct BodyLine {
    url: String,
    name: String,
    /// Host and evidence of the first site.
    host: String,
    label: &'static str,
    site: Option<String>,
}

pub async fn nation(State(app): State<App>, known: Known, RawQuery(raw): RawQuery) -> Result<Response, Problem> {
    Params::of_page(raw.as_deref(), &[])?;
    answer(&app, &known, "/divisions".into(), |app, generation| render(app, generation, "000000")).await
}

pub async fn page(
    State(app): State<App>,
    known: Known,
    uri: Uri,
    Path(code): Path<String>,
    RawQuery(raw): RawQuery,
) -> Result<Response, Problem> {
    Params::of_page(raw.as_deref(), &[])?;
    if let Some(place) = moved(&*app.generation()?, &code) {
        return Ok(Redirect::temporary(&place).into_response());
    }
    answer(&app, &known, uri.to_string(), move |app, generation| render(app, generation, &code)).await
}

/// Where a code leads that no division has any more: to the successor, or to a search that tells them all.
fn moved(generation: &Generation, code: &str) -> Option<String> {
    if generation.catalogue.division(code).is_some() {
        return None;
    }
    let all = generation.catalogue.former_code(code);
    let (first, _) = all.first()?;
    let certain = all.iter().all(|(d, f)| d.code == first.code && f.succession == Succession::Whole);
    Some(if certain { urls::former_of_division(&first.code) } else { urls::search(code) })
}

fn former_lines(app: &App, division: &DivisionEntry, wanted: impl Fn(&FormerDivision) -> bool) -> Vec<FormerLine> {
    let line = |f: &FormerDivision| {
        let code = f.code.as_ref().map_or_else(String::new, |code| format!("（{code}）"));
        let when = f.until.map_or_else(String::new, |year| format!("：{year} 年"));
        let document = f.document.as_ref().map_or_else(String::new, |number| format!("，{number}"));
        let part = if f.succession == Succession::Part { "，一部分在这里" } else { "" };
        FormerLine {
            text: format!("{}{code}{when}{}{document}{part}", f.name, f.change),
            source: source_title(&app.sources, &f.source),
        }
    };
    division.former.iter().filter(|f| wanted(f)).map(line).collect()
}

fn render(app: &App, generation: &Generation, code: &str) -> Result<Rendered, Problem> {
    let division = find_division(generation, code)?;
    let hits = institutions_of(generation, code)?;
    let mut groups: Vec<Group> = Vec::new();
    for hit in &hits {
        let Some(i) = &hit.institution else { continue };
        let first = i.websites.first();
        let body = BodyLine {
            url: hit.url.clone(),
            name: hit.title.clone(),
            host: first.map(|w| w.host.clone()).unwrap_or_default(),
            label: match first {
                None => "没有网站资料",
                Some(w) if !w.standing_label.is_empty() => w.standing_label,
                Some(w) => w.evidence.label(),
            },
            site: first.filter(|w| w.linked).map(|w| w.url.clone()),
        };
        match groups.last_mut().filter(|g| g.category == i.category) {
            Some(group) if group.institutions.len() >= MAX_INSTITUTIONS => group.more += 1,
            Some(group) => group.institutions.push(body),
            None => groups.push(Group { category: i.category, institutions: vec![body], more: 0 }),
        }
    }
    let coverage = &division.coverage;
    let figures: Vec<(String, u64)> = Evidence::ALL
        .into_iter()
        .zip(coverage.by_evidence)
        .map(|(evidence, n)| (evidence.label().to_owned(), u64::from(n)))
        .chain([("没有网站".to_owned(), u64::from(coverage.institutions - coverage.with_site()))])
        .collect();
    let (tiles, others) = tiles_of(generation.catalogue.children(code));
    let seat = seat(generation, code)?;
    let lists = power_lists::link(generation, &division.code)?;
    html(&Page {
        q: String::new(),
        lists,
        seat: SeatLines::new(&seat.governments, &seat.hotlines),
        name: division.name.clone(),
        code: division.code.clone(),
        level: division.level.label(),
        // A name that it had is reported with its history.
        aliases: division
            .aliases
            .iter()
            .filter(|alias| division.former.iter().all(|f| f.name != **alias))
            .cloned()
            .collect::<Vec<_>>()
            .join("、"),
        former: former_lines(app, division, |f| {
            f.succession != Succession::Unknown && f.had_another_name(&division.name)
        }),
        codes: former_codes(division),
        lay_here: former_lines(app, division, |f| f.succession == Succession::Unknown),
        path: path(generation, code),
        has_below: !tiles.is_empty() || !others.is_empty(),
        tiles,
        children: by_initial(generation, &others),
        institutions: hits.len(),
        groups,
        covered: coverage.institutions,
        with_site: coverage.with_site(),
        regulations: coverage.regulations,
        evidence: (coverage.institutions > 0).then(|| chart::bars("evidence", "机构网址的证据", &figures)),
        meanings: Evidence::ALL.into_iter().map(|e| (e.label(), e.meaning())).collect(),
    })
}

/// 330183（至 1995 年）: codes that it had under the name of today.
fn former_codes(division: &DivisionEntry) -> String {
    let same = division.former.iter().filter(|f| !f.had_another_name(&division.name));
    let one = |f: &FormerDivision| {
        let until = f.until.map_or_else(String::new, |year| format!("（至 {year} 年）"));
        f.code.as_ref().filter(|code| code.as_str() != division.code).map(|code| format!("{code}{until}"))
    };
    same.filter_map(one).collect::<Vec<_>>().join("、")
}

/// Tiles in the usual order, which is that of phones and of the keyboard; and the children that have no tile.
fn tiles_of<'g>(children: impl Iterator<Item = &'g DivisionEntry>) -> (Vec<Tile>, Vec<&'g DivisionEntry>) {
    let mut tiles: Vec<(&str, Tile)> = Vec::new();
    let mut others = Vec::new();
    for d in children {
        match tiles::cell(&d.code) {
            Some((row, column)) => {
                let tile = Tile {
                    url: urls::division(&d.code),
                    name: d.short_name.clone(),
                    full_name: d.name.clone(),
                    row,
                    column,
                    institutions: Some(d.coverage.institutions).filter(|n| *n > 0),
                };
                tiles.push((d.code.as_str(), tile));
            }
            None => others.push(d),
        }
    }
    tiles.sort_by_key(|(code, _)| *code);
    (tiles.into_iter().map(|(_, tile)| tile).collect(), others)
}

/// One list in the order of codes where it is short; else lists by initial, each in the order of sound, syllable by
/// syllable as dictionaries have it.
fn by_initial(generation: &Generation, children: &[&DivisionEntry]) -> Vec<Initial> {
    let child = |d: &&DivisionEntry| Child {
        url: urls::division(&d.code),
        name: d.name.clone(),
        institutions: d.coverage.institutions,
    };
    if children.is_empty() {
        return Vec::new();
    }
    if children.len() < GROUPED_FROM {
        return vec![Initial { letter: String::new(), children: children.iter().map(child).collect() }];
    }
    let pinyin = &generation.pipeline.pinyin;
    let mut groups: BTreeMap<String, Vec<(Vec<String>, Child)>> = BTreeMap::new();
    for d in children {
        let letter = pinyin.initials(&d.name).chars().next().filter(char::is_ascii_alphabetic);
        // What has no reading stands last, under a sign that sorts behind the letters.
        let letter = letter.map_or_else(|| "其他".to_owned(), |c| c.to_ascii_uppercase().to_string());
        groups.entry(letter).or_default().push((pinyin.syllables(&d.name), child(d)));
    }
    groups
        .into_iter()
        .map(|(letter, mut children)| {
            children.sort_by(|a, b| a.0.cmp(&b.0).then_with(|| a.1.url.cmp(&b.1.url)));
            Initial { letter, children: children.into_iter().map(|(_, c)| c).collect() }
        })
        .collect()
}
