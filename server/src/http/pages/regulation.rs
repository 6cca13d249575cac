//! Reading a regulation: status, facts, contents, articles with their references, versions.

use std::collections::{BTreeSet, HashMap};

use askama::Template;
use axum::{
    extract::{Path, RawQuery, State},
    http::Uri,
    response::{IntoResponse, Redirect, Response},
};
use indexer::{
    index::{
        Generation,
        catalogue::RegulationEntry,
        references::{ArticleKey, ReferenceKind},
    },
    record::{AttachedFile, Body, Date, Openness, Record, Regulation, Status, effect, status},
    text::quoted,
};

use super::{
    html,
    view::{Link, RegulationLink, RestingLines, path, source_title, status_class},
};
use crate::{
    clock::today,
    http::{
        App, Problem,
        cache::{Known, answer},
        params::Params,
        records::{find_article, find_facts, find_regulation, headings_above, in_force_on, versions_of},
    },
    query::institution_named,
    reading::{
        links::{self, Line},
        resting::{Resting, resting_on},
    },
    sharing, urls,
};

/// Articles listed as referring to one article; more are counted.
const MAX_CITING: usize = 100;

/// Regulations offered to stand beside one: most name one or two that they were made by.
const MAX_OFFERED: usize = 5;

#[derive(Template)]
#[template(path = "regulation.html")]
struct Page {
    q: String,
    title: String,
    /// The day on which the text is asked for.
    on: Option<String>,
    head: Head,
    /// Those who issued it, each with its page where the directory has one of that name.
    issuers: Vec<Link>,
    facts: Vec<(&'static str, String)>,
    history: Vec<(String, String)>,
    contents: Vec<Entry>,
    preamble: Vec<Line>,
    parts: Vec<Part>,
    attachment: Vec<Line>,
    /// Whether that is an attachment by its own words, and not the signature and the day.
    attaches: bool,
    versions: Vec<Version>,
    /// Regulations that it was made by, each with the page where they stand beside each other.
    made_by: Vec<Link>,
    cites: usize,
    cited_by: usize,
    /// The file that it was made from.
    original: Option<String>,
    attached: Vec<AttachedFile>,
    /// The issuer's own explanation of it.
    explanation: Option<String>,
}

#[derive(Template)]
#[template(path = "article.html")]
struct ArticlePage {
    q: String,
    title: String,
    on: Option<String>,
    head: Head,
    headings: Vec<String>,
    part: Part,
    /// The citation with the day of the text; empty where that is not known.
    dated: String,
    /// Articles that refer to this one, by regulation.
    citing: Vec<Citing>,
    more_citing: usize,
    resting: RestingLines,
    previous: Option<Link>,
    next: Option<Link>,
}

/// A regulation with its articles that refer to an article.
struct Citing {
    title: String,
    articles: Vec<Link>,
}

/// A version with the comparison to the one before it.
struct Version {
    regulation: RegulationLink,
    current: bool,
    compare: Option<String>,
}

/// What stands above a regulation's text wherever it is read.
pub struct Head {
    pub id: String,
    pub url: String,
    pub level: &'static str,
    pub status: &'static str,
    pub status_class: &'static str,
    pub reason: String,
    pub in_force: bool,
    /// The regulation that repealed or replaced it.
    pub by: Option<Link>,
    /// The version in force, when this is another.
    pub current: Option<Link>,
    pub region: Vec<Link>,
}

/// A line of the table of contents.
struct Entry {
    depth: u8,
    title: String,
    anchor: String,
}

/// An article with the headings that open right before it.
struct Part {
    headings: Vec<(u8, String)>,
    label: String,
    anchor: String,
    url: String,
    /// In the standard form: 《中华人民共和国行政许可法》第十二条.
    citation: String,
    lines: Vec<Line>,
    /// References to it by texts in force.
    cited_by: usize,
}

pub async fn page(
    State(app): State<App>,
    known: Known,
    uri: Uri,
    Path(id): Path<String>,
    RawQuery(raw): RawQuery,
) -> Result<Response, Problem> {
    let on = Params::of_page(raw.as_deref(), &["on"])?.day("on")?;
    if let Some(other) = other_text(&app, &id, on)? {
        return Ok(Redirect::to(&on_day_of(&urls::regulation(&other), on)).into_response());
    }
    answer(&app, &known, uri.to_string(), move |app, generation| {
        let (record, r) = find_regulation(app, &id)?;
        let facts = find_facts(generation, &id)?;
        html(&whole(app, generation, (&record, &r), facts, on)?)
    })
    .await
}

/// The page of a text that nobody has published yet. What the index finds out of texts is not known of it: its
/// references, who refers to it, and what others say of its validity.
pub fn proposed(app: &App, generation: &Generation, record: &Record) -> Result<String, Problem> {
    let Body::Regulation(r) = &record.body else { return Err(Problem::not_found("这不是法规的记录")) };
    let alone = [(record.id.as_str(), r)];
    let mut effects = effect::derive(&alone, &[]);
    let basis = status::derive(&alone, &effects, &[], today()).remove(&record.id);
    let basis = basis.ok_or_else(|| Problem::internal(&"a regulation without a status"))?;
    let effect = effects.remove(&record.id).unwrap_or_default();
    let facts = RegulationEntry {
        position: u32::MAX,
        // The reason of the library would speak of texts that were not looked at.
        status_reason: "预览只按这一份文本判断".to_owned(),
        ..RegulationEntry::new(&record.id, r, basis, effect)
    };
    Ok(whole(app, generation, (record, r), &facts, None)?.render()?)
}

fn whole(
    app: &App,
    generation: &Generation,
    (record, r): (&Record, &Regulation),
    facts: &RegulationEntry,
    on: Option<Date>,
) -> Result<Page, Problem> {
    let regulation = facts.position;
    let mut cited_by: HashMap<ArticleKey, usize> = HashMap::new();
    for edge in generation.references.to_regulation(regulation).filter(|e| links::counts(generation, e)) {
        if let Some(place) = edge.article {
            *cited_by.entry(place).or_default() += 1;
        }
    }
    let count = |at: usize| cited_by.get(&ArticleKey::of(&r.articles[at], at)).copied().unwrap_or(0);
    let parts: Vec<Part> =
        (0..r.articles.len()).map(|at| part(generation, facts, regulation, r, at, count(at), "")).collect();
    let contents = r
        .headings
        .iter()
        .filter_map(|h| {
            let anchor = parts.get(h.first_article)?.anchor.clone();
            Some(Entry { depth: h.depth, title: h.title.clone(), anchor })
        })
        .collect();
    let beside_the_articles = |place: ArticleKey, text: &str| {
        links::text_lines(generation, text, generation.references.of_article(regulation, place.ordinal()))
    };
    Ok(Page {
        q: String::new(),
        title: r.title.clone(),
        on: on.map(|day| day.to_string()),
        head: head(generation, facts),
        issuers: issuers(generation, r)?,
        facts: fact_lines(app, record, r, facts),
        history: r
            .history
            .iter()
            .map(|e| (e.date.map(|d| d.to_string()).unwrap_or_default(), e.text.clone()))
            .collect(),
        contents,
        preamble: beside_the_articles(ArticleKey::PREAMBLE, &r.preamble),
        parts,
        attaches: r.attachment.trim_start().starts_with('附'),
        attachment: beside_the_articles(ArticleKey::ATTACHMENT, &r.attachment),
        versions: versions(generation, facts),
        made_by: made_by(generation, &facts.id),
        cites: links::cited(generation, regulation).len(),
        cited_by: links::citing(generation, regulation).len(),
        attached: record.body.attached().to_vec(),
        original: sharing::original(record).map(|_| urls::original(&facts.id)),
        explanation: r.publication.explanation.clone(),
    })
}

pub async fn article(
    State(app): State<App>,
    known: Known,
    uri: Uri,
    Path((id, number)): Path<(String, String)>,
    RawQuery(raw): RawQuery,
) -> Result<Response, Problem> {
    let on = Params::of_page(raw.as_deref(), &["on"])?.day("on")?;
    if let Some(other) = other_text(&app, &id, on)? {
        return Ok(Redirect::to(&on_day_of(&urls::article(&other, &number), on)).into_response());
    }
    answer(&app, &known, uri.to_string(), move |app, generation| {
        let (_, r) = find_regulation(app, &id)?;
        let facts = find_facts(generation, &id)?;
        let at = find_article(&r, &number)?;
        let regulation = position(generation, &id);
        let link = |at: usize| {
            let article = r.articles.get(at)?;
            let url = urls::article(&id, &ArticleKey::of(article, at).slug());
            Some(Link { url, text: article.label.clone(), detail: String::new() })
        };
        let resting = match r.articles[at].number {
            Some(number) => resting_on(generation, &app.store, facts, Some(number))?,
            None => Resting::default(),
        };
        let (citing, more_citing) = citing(generation, regulation, ArticleKey::of(&r.articles[at], at));
        let own_page = urls::regulation(&id);
        let part = part(generation, facts, regulation, &r, at, 0, &own_page);
        let dated = r
            .version_date
            .map(|day| format!("{}（{}年{}月{}日的文本）", part.citation, day.year(), day.month(), day.day()));
        html(&ArticlePage {
            q: String::new(),
            title: r.title.clone(),
            on: on.map(|day| day.to_string()),
            head: head(generation, facts),
            headings: headings_above(&r, at).into_iter().map(str::to_owned).collect(),
            part,
            dated: dated.unwrap_or_default(),
            citing,
            more_citing,
            resting: RestingLines::new(resting),
            previous: at.checked_sub(1).and_then(link),
            next: link(at + 1),
        })
    })
    .await
}

/// The text that was in force on a day, where it is another than the one asked for.
fn other_text(app: &App, id: &str, on: Option<Date>) -> Result<Option<String>, Problem> {
    let Some(day) = on else { return Ok(None) };
    let generation = app.generation()?;
    let facts = find_facts(&generation, id)?;
    let version = in_force_on(&generation, (&facts.title, &facts.work, facts.division.as_deref()), day)?;
    Ok((version.id != id).then(|| version.id.clone()))
}

/// A page of a text as on a day.
pub fn on_day_of(page: &str, on: Option<Date>) -> String {
    on.map_or_else(|| page.to_owned(), |day| format!("{page}?on={day}"))
}

/// A regulation's position in the catalogue, by which the graph of references knows it.
pub fn position(generation: &Generation, id: &str) -> u32 {
    generation.catalogue.position(id).unwrap_or(u32::MAX)
}

/// Articles in force that refer to one, by regulation, and how many are not listed.
fn citing(generation: &Generation, regulation: u32, place: ArticleKey) -> (Vec<Citing>, usize) {
    let mut found: Vec<Citing> = Vec::new();
    let edges = generation.references.to_article(regulation, place).filter(|e| links::counts(generation, e));
    let mut edges: Vec<_> = edges.collect();
    edges.dedup_by_key(|e| e.from);
    let more = edges.len().saturating_sub(MAX_CITING);
    for edge in edges.into_iter().take(MAX_CITING) {
        let Some(from) = generation.catalogue.at(edge.from.0) else { continue };
        let title = if edge.from.0 == regulation { "本法" } else { &from.title };
        let article = Link {
            url: links::path(&from.id, edge.from_article),
            text: edge.from_article.label(),
            detail: edge.kind.label().to_owned(),
        };
        match found.last_mut().filter(|c| c.title == title) {
            Some(citing) => citing.articles.push(article),
            None => found.push(Citing { title: title.to_owned(), articles: vec![article] }),
        }
    }
    (found, more)
}

/// The regulations that one says it was made by, each with the page on which they stand beside each other.
pub fn made_by(generation: &Generation, id: &str) -> Vec<Link> {
    let regulation = position(generation, id);
    let named: BTreeSet<u32> = generation
        .references
        .of_regulation(regulation)
        .iter()
        .filter(|edge| edge.kind == ReferenceKind::Basis && edge.to != regulation)
        .map(|edge| edge.to)
        .collect();
    let link = |at: u32| {
        let above = generation.catalogue.at(at)?;
        Some(Link { url: urls::parallel(id, &above.id), text: quoted(&above.title), detail: String::new() })
    };
    named.into_iter().filter_map(link).take(MAX_OFFERED).collect()
}

/// All versions, newest first, each with the address of its comparison to the one before it.
fn versions(generation: &Generation, facts: &RegulationEntry) -> Vec<Version> {
    let all: Vec<&RegulationEntry> = versions_of(generation, facts).collect();
    let before = all.iter().skip(1).map(Some).chain([None]);
    let compare = |new: &RegulationEntry, old: &RegulationEntry| urls::comparison(&old.id, &new.id);
    all.iter()
        .zip(before)
        .map(|(v, before)| Version {
            regulation: RegulationLink::new(v),
            current: v.id == facts.id,
            compare: before.map(|before| compare(v, before)),
        })
        .collect()
}

pub fn head(generation: &Generation, facts: &RegulationEntry) -> Head {
    let link = |r: &RegulationEntry| Link {
        url: urls::regulation(&r.id),
        text: r.title.clone(),
        detail: r.version_date.map(|d| d.to_string()).unwrap_or_default(),
    };
    let current = versions_of(generation, facts).find(|v| v.status == Status::InForce && v.id != facts.id);
    Head {
        id: facts.id.clone(),
        url: urls::regulation(&facts.id),
        level: facts.level.label(),
        status: facts.status.label(),
        status_class: status_class(facts.status),
        reason: facts.status_reason.clone(),
        in_force: facts.status == Status::InForce,
        by: facts.status_by.as_ref().and_then(|id| generation.catalogue.regulation(id)).map(link),
        current: current.map(link),
        region: facts.division.as_deref().map(|d| path(generation, d)).unwrap_or_default(),
    }
}

fn part(
    generation: &Generation,
    facts: &RegulationEntry,
    regulation: u32,
    r: &Regulation,
    at: usize,
    cited_by: usize,
    own_page: &str,
) -> Part {
    let article = &r.articles[at];
    let slug = ArticleKey::of(article, at).slug();
    let edges = generation.references.of_article(regulation, at as u32);
    Part {
        headings: r.headings.iter().filter(|h| h.first_article == at).map(|h| (h.depth, h.title.clone())).collect(),
        label: article.label.clone(),
        anchor: format!("a{slug}"),
        url: urls::article(&facts.id, &slug),
        citation: format!("{}{}", quoted(&r.title), article.label),
        lines: links::lines(generation, article, edges, own_page),
        cited_by,
    }
}

fn issuers(generation: &Generation, r: &Regulation) -> Result<Vec<Link>, Problem> {
    let link = |name: &String| {
        let id = institution_named(generation, name)?;
        let url = id.map(|id| urls::institution(&id)).unwrap_or_default();
        Ok(Link { url, text: name.clone(), detail: String::new() })
    };
    r.issuers.iter().map(link).collect()
}

/// The judged day of effect with what it rests on; `None` where it is not known.
pub fn effect(facts: &RegulationEntry) -> Option<String> {
    let basis = facts.effective_basis.as_deref().map(|basis| format!("（依据：{basis}）"));
    facts.effective.map(|day| format!("{day}{}", basis.unwrap_or_default()))
}

fn fact_lines(app: &App, record: &Record, r: &Regulation, facts: &RegulationEntry) -> Vec<(&'static str, String)> {
    let day = |d: Option<indexer::record::Date>| d.map(|d| d.to_string()).unwrap_or_default();
    let mut sources: Vec<String> = record.provenance.iter().map(|p| source_title(&app.sources, &p.source)).collect();
    sources.dedup();
    let lines = [
        ("文号", r.document_number.clone().unwrap_or_default()),
        ("公布日期", day(r.published)),
        ("施行日期", effect(facts).unwrap_or_default()),
        ("本版日期", day(r.version_date)),
        ("有效期至", day(r.publication.valid_until)),
        ("主题", r.publication.topics.join("；")),
        ("索引号", r.publication.index_number.clone().unwrap_or_default()),
        ("公开范围", r.publication.openness.map(Openness::label).unwrap_or_default().to_owned()),
        ("条文", format!("{} 条", r.articles.len())),
        ("来源", sources.join("；")),
    ];
    lines.into_iter().filter(|(_, value)| !value.is_empty()).collect()
}
