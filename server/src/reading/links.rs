//! The text of an article with its references as links, and who refers to it.

use std::collections::BTreeMap;

use indexer::{
    index::{
        Generation,
        catalogue::RegulationEntry,
        references::{ArticleKey, Edge, ReferenceKind},
    },
    record::{Article, Status},
};

use crate::urls;

/// A run of text, with where it leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece {
    pub text: String,
    /// Path of the page, for a reference.
    pub href: Option<String>,
    /// What it leads to, where the words alone do not say it, and a warning where that is no longer in force.
    pub title: String,
}

/// A line of an article: a paragraph 款, an item 项, or a sub-item 目.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// 0 for a paragraph, 1 for an item, 2 for a sub-item.
    pub depth: u8,
    pub pieces: Vec<Piece>,
}

/// Another regulation with how often it is referred to, or refers.
#[derive(Debug, Clone)]
pub struct Neighbour<'g> {
    pub regulation: &'g RegulationEntry,
    pub times: u32,
    /// The commonest kind of its references.
    pub kind: ReferenceKind,
}

/// An article's lines. `edges` are its references, in the order of its text; `own_page` the path of the regulation's
/// page, empty where the article is shown on it.
pub fn lines(generation: &Generation, article: &Article, edges: &[Edge], own_page: &str) -> Vec<Line> {
    let mut out = Vec::new();
    let mut at = 0;
    let mut add = |depth: u8, text: &str| {
        // The lines are the text's own, in order, so that each is found from where the last one ended.
        let from = article.text[at..].find(text).map_or(at, |found| at + found);
        at = from + text.len();
        out.push(Line { depth, pieces: pieces(generation, text, from, edges, own_page) });
    };
    for paragraph in article.paragraphs() {
        add(0, &paragraph.text);
        for item in &paragraph.items {
            add(1, &item.text);
            item.subitems.iter().for_each(|sub| add(2, sub));
        }
    }
    out
}

/// The lines of a preamble or an attachment, likewise.
pub fn text_lines(generation: &Generation, text: &str, edges: &[Edge]) -> Vec<Line> {
    let mut at = 0;
    let mut lines = Vec::new();
    for line in text.split_inclusive('\n') {
        let (from, trimmed) = (at + line.len() - line.trim_start().len(), line.trim());
        at += line.len();
        if !trimmed.is_empty() {
            lines.push(Line { depth: 0, pieces: pieces(generation, trimmed, from, edges, "") });
        }
    }
    lines
}

/// A line cut at its references; `from` is its place in the article's text.
fn pieces(generation: &Generation, line: &str, from: usize, edges: &[Edge], own_page: &str) -> Vec<Piece> {
    let plain = |text: &str| Piece { text: text.to_owned(), href: None, title: String::new() };
    let mut out = Vec::new();
    let mut at = 0;
    for edge in edges {
        let (start, end) = ((edge.span.0 as usize).wrapping_sub(from), (edge.span.1 as usize).wrapping_sub(from));
        // Another line's, or one that overlaps the last.
        let (Some(before), Some(text)) = (line.get(at..start), line.get(start..end)) else { continue };
        let Some((href, title)) = target(generation, edge, own_page) else { continue };
        if !before.is_empty() {
            out.push(plain(before));
        }
        out.push(Piece { text: text.to_owned(), href: Some(href), title });
        at = end;
    }
    if at < line.len() || out.is_empty() {
        out.push(plain(&line[at..]));
    }
    out
}

/// Path of a place of a regulation: an article's own page, or where a preamble or attachment stands on the
/// regulation's.
pub fn path(regulation: &str, place: ArticleKey) -> String {
    match place {
        ArticleKey::PREAMBLE | ArticleKey::ATTACHMENT => urls::anchor_in(regulation, &place.slug()),
        _ => urls::article(regulation, &place.slug()),
    }
}

/// Path and title of what a reference leads to.
fn target(generation: &Generation, edge: &Edge, own_page: &str) -> Option<(String, String)> {
    let regulation = generation.catalogue.at(edge.to)?;
    let own = edge.from.0 == edge.to;
    let path = match edge.article {
        Some(place) => urls::article_in(&regulation.id, &place.slug()),
        None => urls::regulation(&regulation.id),
    };
    let note = match regulation.status {
        Status::InForce => String::new(),
        other => format!("（{}）", other.label()),
    };
    Some(match (own, edge.article) {
        (true, Some(place)) => (format!("{own_page}#a{}", place.slug()), String::new()),
        _ => (path, format!("{}{note}", regulation.title)),
    })
}

/// Regulations that a regulation refers to, most often first.
pub fn cited<'g>(generation: &'g Generation, regulation: u32) -> Vec<Neighbour<'g>> {
    let edges = generation.references.of_regulation(regulation).iter().filter(|e| e.to != regulation);
    neighbours(generation, edges.map(|e| (e.to, e.kind)))
}

/// Regulations in force, or soon to be, that refer to a regulation, most often first.
pub fn citing<'g>(generation: &'g Generation, regulation: u32) -> Vec<Neighbour<'g>> {
    let edges =
        generation.references.to_regulation(regulation).filter(|e| e.from.0 != regulation && counts(generation, e));
    neighbours(generation, edges.map(|e| (e.from.0, e.kind)))
}

/// Whether a reference is made by a text that is, or will be, in force: older versions repeat the same words.
pub fn counts(generation: &Generation, edge: &Edge) -> bool {
    let from = generation.catalogue.at(edge.from.0);
    from.is_some_and(|r| matches!(r.status, Status::InForce | Status::NotYetInForce))
}

fn neighbours<'g>(generation: &'g Generation, of: impl Iterator<Item = (u32, ReferenceKind)>) -> Vec<Neighbour<'g>> {
    let mut times: BTreeMap<u32, [u32; ReferenceKind::ALL.len()]> = BTreeMap::new();
    for (regulation, kind) in of {
        times.entry(regulation).or_default()[kind as usize] += 1;
    }
    let mut found: Vec<Neighbour<'g>> = times
        .into_iter()
        .filter_map(|(regulation, kinds)| {
            let commonest = ReferenceKind::ALL.into_iter().max_by_key(|k| kinds[*k as usize])?;
            let regulation = generation.catalogue.at(regulation)?;
            Some(Neighbour { regulation, times: kinds.iter().sum(), kind: commonest })
        })
        .collect();
    found.sort_by(|a, b| b.times.cmp(&a.times).then_with(|| a.regulation.id.cmp(&b.regulation.id)));
    found
}
