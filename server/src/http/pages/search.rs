//! The results: certain answers first, then tabs, facets and ranked hits.

use askama::Template;
use axum::{
    extract::{RawQuery, State},
    http::Uri,
    response::{IntoResponse, Redirect, Response},
};
use indexer::{
    index::Generation,
    record::{DivisionCode, Record, kind_named},
    web_name,
};

use super::{
    card::{Card, card},
    html,
    view::{Near, provenance},
};
use crate::{
    http::{
        App, Problem,
        cache::{Known, answer},
        params::{self, page_request},
        wanted::Lack,
    },
    query::{
        Related, counted, example_office, related,
        reply::{FacetValue, Hit, MissingPart, SearchReply},
        request::{KindFilter, LevelFilter, MAX_QUERY_CHARS, MAX_REACH, SearchRequest, Sort},
        search,
    },
    urls::{self, encode},
};

#[derive(Template)]
#[template(path = "search.html")]
struct Results<'a> {
    q: String,
    reply: &'a SearchReply,
    direct: Vec<Card<'a>>,
    /// Hits in their order, the articles of one regulation together under the first of them.
    groups: Vec<Group<'a>>,
    related: Vec<Related>,
    /// An institution that was named and has no record, and where to tell of it.
    missing: Option<(&'a MissingPart, String)>,
    /// An office on record, for a reader who found nothing.
    example: Option<String>,
    sorts: Vec<Choice>,
    tabs: Vec<Choice>,
    facets: Vec<Facet>,
    /// Filters in force, each with the address without it.
    chosen: Vec<Choice>,
    /// Where the reader is, and the address of the same search wherever they are.
    near: Option<(Near, String)>,
    /// The same with the articles that hold only pieces of what was asked for.
    partial: String,
    previous: Option<String>,
    next: Option<String>,
}

/// Hits that stand together.
struct Group<'a> {
    /// The regulation whose articles these are, where there are several.
    regulation: Option<(&'a str, String)>,
    cards: Vec<Card<'a>>,
}

struct Choice {
    label: String,
    url: String,
    /// Empty where there is nothing to count.
    count: String,
    current: bool,
}

/// Values of a facet in sight; the others are folded up below them.
const IN_SIGHT: usize = 12;

struct Facet {
    title: &'static str,
    values: Vec<Choice>,
}

impl Facet {
    fn first(&self) -> &[Choice] {
        self.values.get(..IN_SIGHT).unwrap_or(&self.values)
    }

    fn rest(&self) -> &[Choice] {
        self.values.get(IN_SIGHT..).unwrap_or_default()
    }
}

const TOPIC: &str = "主题";

pub async fn page(
    State(app): State<App>,
    known: Known,
    uri: Uri,
    RawQuery(raw): RawQuery,
) -> Result<Response, Problem> {
    if let Some(address) = pasted_message(raw.as_deref()) {
        return Ok(Redirect::to(&address).into_response());
    }
    answer(&app, &known, uri.to_string(), move |app, generation| {
        let request = page_request(raw.as_deref(), generation)?;
        let mut reply = search(generation, &request)?;
        if is_cut(raw.as_deref()) {
            reply.query.notes.push(format!("只查了前 {MAX_QUERY_CHARS} 个字；写得短一些，更容易找到。"));
        }
        let direct = reply.direct.first().filter(|_| request.page == 1);
        let related = related(generation, direct)?;
        let mut results = results(generation, &request, &reply, related)?;
        for card in results.direct.iter_mut().filter(|card| card.is_number()) {
            let record = app.store.get(&card.hit.id)?.filter(Record::is_public);
            card.sources = record.map(|record| provenance(&app.sources, &record)).unwrap_or_default();
        }
        let page = html(&results)?;
        Ok(page.lacking(Lack::of(&reply)))
    })
    .await
}

/// Whether what was typed is longer than what is searched for.
fn is_cut(raw: Option<&str>) -> bool {
    let pairs = raw.map(params::pairs).and_then(Result::ok).unwrap_or_default();
    pairs.iter().any(|(name, text)| name == "q" && text.trim().chars().nth(MAX_QUERY_CHARS).is_some())
}

/// Where a text is answered that is too long for a query and has addresses in it: a whole message, pasted.
fn pasted_message(raw: Option<&str>) -> Option<String> {
    let pairs = params::pairs(raw?).ok()?;
    let (_, text) = pairs.iter().find(|(name, _)| name == "q")?;
    let long = text.trim().chars().nth(MAX_QUERY_CHARS).is_some();
    (long && !web_name::find(text).is_empty()).then(|| urls::check(text.trim()))
}

fn results<'a>(
    generation: &Generation,
    request: &SearchRequest,
    reply: &'a SearchReply,
    related: Vec<Related>,
) -> Result<Results<'a>, Problem> {
    let address = |change: &dyn Fn(&mut SearchRequest)| {
        let mut changed = SearchRequest { page: 1, ..request.clone() };
        change(&mut changed);
        url(&changed)
    };
    let counts = generation.catalogue.counts();
    // A kind of which there is no record at all is no choice.
    let there = |kind: &KindFilter| match kind {
        KindFilter::Listed(name) => kind_named(name).is_some_and(|kind| counts.of(kind) > 0) || *kind == request.kind,
        _ => true,
    };
    let tabs = KindFilter::all()
        .into_iter()
        .filter(there)
        .map(|kind| {
            let count = reply.facets.kind.iter().find(|v| v.value == kind.name()).map_or(0, |v| v.count);
            let level = request.level;
            // A level of regulations means nothing among institutions, and the other way round.
            let keep = move |r: &mut SearchRequest| {
                r.kind = kind;
                r.level = level.filter(|_| kind != KindFilter::All);
            };
            let count = if count == 0 { String::new() } else { counted(kind, count) };
            Choice { label: kind.label().into(), url: address(&keep), count, current: kind == request.kind }
        })
        .collect();
    let shown = (reply.page * reply.size) as u64;
    let page = |n: u32| url(&SearchRequest { page: n, ..request.clone() });
    let nothing = reply.direct.is_empty() && reply.hits.is_empty() && reply.check.is_none();
    let example = if nothing { example_office(generation)? } else { None };
    let missing = reply.missing.as_ref().map(|m| (m, urls::new_correction(&m.division, Some(&m.office))));
    Ok(Results {
        example,
        missing,
        near: request.near.as_ref().map(|code| (Near::of(generation, code), address(&|r| r.near = None))),
        q: request.text.clone(),
        direct: if request.page == 1 { reply.direct.iter().map(card).collect() } else { Vec::new() },
        groups: groups(&reply.hits),
        related,
        sorts: Sort::ALL
            .into_iter()
            .map(|sort| Choice {
                label: sort.label().into(),
                url: address(&|r: &mut SearchRequest| r.sort = sort),
                count: String::new(),
                current: sort == request.sort,
            })
            .collect(),
        tabs,
        facets: facets(generation, request, reply, &address),
        chosen: chosen(generation, request, &address),
        partial: address(&|r: &mut SearchRequest| r.partial = true),
        previous: (request.page > 1).then(|| page(request.page - 1)),
        next: (reply.total > shown && (request.page + 1) * request.size <= MAX_REACH).then(|| page(request.page + 1)),
        reply,
    })
}

/// Articles of one regulation on this page go together, in their order, at the place of the best.
fn groups(hits: &[Hit]) -> Vec<Group<'_>> {
    let mut groups: Vec<(Option<&str>, Group<'_>)> = Vec::new();
    for hit in hits {
        let regulation = hit.article.as_ref();
        let known =
            groups.iter_mut().find(|(id, _)| id.is_some() && *id == regulation.map(|a| a.regulation_id.as_str()));
        match (known, regulation) {
            (Some((_, group)), Some(article)) => {
                let url = urls::regulation(&article.regulation_id);
                group.regulation = Some((article.regulation.as_str(), url));
                group.cards.push(card(hit));
            }
            _ => {
                let id = regulation.map(|a| a.regulation_id.as_str());
                groups.push((id, Group { regulation: None, cards: vec![card(hit)] }));
            }
        }
    }
    groups.into_iter().map(|(_, group)| group).collect()
}

type Address<'f> = dyn Fn(&dyn Fn(&mut SearchRequest)) -> String + 'f;

fn facets(generation: &Generation, request: &SearchRequest, reply: &SearchReply, address: &Address<'_>) -> Vec<Facet> {
    let dated = request.from.is_some() || request.to.is_some();
    let narrowed = dated
        || request.level.is_some()
        || request.region.is_some()
        || request.status.is_some()
        || request.topic.is_some();
    let facet = |title, values: &[FacetValue], set: &dyn Fn(&mut SearchRequest, &str)| {
        let values = values
            .iter()
            .map(|v| Choice {
                label: v.label.clone(),
                url: address(&|r: &mut SearchRequest| set(r, &v.value)),
                count: v.count.to_string(),
                current: false,
            })
            .collect::<Vec<_>>();
        // Most regulations have no topic: one is a choice already. And a facet that was there stays when a condition
        // leaves one value of it.
        let least = if title == TOPIC || narrowed { 1 } else { 2 };
        (values.len() >= least).then_some(Facet { title, values })
    };
    // A condition in force stays where it was set, with the way out of it.
    let kept = |title, label: String, without: &dyn Fn(&mut SearchRequest)| {
        let all = Choice { label: "不限".into(), url: address(without), count: String::new(), current: false };
        let here = Choice { label, url: String::new(), count: String::new(), current: true };
        Facet { title, values: vec![all, here] }
    };
    let level = |r: &mut SearchRequest, value: &str| r.level = level_of(value);
    let region = |r: &mut SearchRequest, value: &str| r.region = value.parse().ok();
    let status = |r: &mut SearchRequest, value: &str| {
        r.status = indexer::record::Status::ALL.into_iter().find(|s| s.label() == value);
    };
    let year = |r: &mut SearchRequest, value: &str| {
        r.from = value.parse().ok().and_then(|y| indexer::record::Date::new(y, 1, 1).ok());
        r.to = r.from.map(|d| d.last_of_year());
    };
    let topic = |r: &mut SearchRequest, value: &str| r.topic = Some(value.to_owned());
    let regions = match &request.region {
        None => facet("地区", &reply.facets.region, &region),
        Some(code) => {
            let mut kept = kept("地区", name_of(generation, code), &|r| r.region = None);
            // The way up by one step, as well as all at once.
            let above = generation.catalogue.path(code.as_str()).into_iter().filter(|d| d.code != code.as_str());
            let above = above.map(|d| Choice {
                label: d.name.clone(),
                url: address(&|r: &mut SearchRequest| region(r, &d.code)),
                count: String::new(),
                current: false,
            });
            above.enumerate().for_each(|(n, choice)| kept.values.insert(1 + n, choice));
            let below: Vec<_> = reply.facets.region.iter().filter(|v| v.value != code.as_str()).cloned().collect();
            kept.values.extend(facet("", &below, &region).into_iter().flat_map(|facet| facet.values));
            Some(kept)
        }
    };
    [
        match request.level {
            None => facet("层级", &reply.facets.level, &level),
            Some(level) => Some(kept("层级", level_label(level).to_owned(), &|r| r.level = None)),
        },
        regions,
        match request.status {
            None => facet("时效", &reply.facets.status, &status),
            Some(status) => Some(kept("时效", status.label().to_owned(), &|r| r.status = None)),
        },
        match &request.topic {
            None => facet(TOPIC, &reply.facets.topic, &topic),
            Some(topic) => Some(kept(TOPIC, topic.clone(), &|r| r.topic = None)),
        },
        match dated {
            false => facet("年份", &reply.facets.year, &year),
            true => Some(kept("年份", span(request), &|r| (r.from, r.to) = (None, None))),
        },
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn name_of(generation: &Generation, region: &DivisionCode) -> String {
    generation.catalogue.division(region.as_str()).map_or_else(|| region.to_string(), |d| d.name.clone())
}

fn level_label(level: LevelFilter) -> &'static str {
    match level {
        LevelFilter::Regulation(level) => level.label(),
        LevelFilter::Body(level) => level.label(),
    }
}

fn span(request: &SearchRequest) -> String {
    let day = |d: Option<indexer::record::Date>| d.map(|d| d.to_string()).unwrap_or_default();
    format!("{} 至 {}", day(request.from), day(request.to))
}

fn level_of(value: &str) -> Option<LevelFilter> {
    use indexer::record::{InstitutionLevel, RegulationLevel};
    let regulation = RegulationLevel::ALL.into_iter().find(|l| l.label() == value).map(LevelFilter::Regulation);
    regulation.or_else(|| InstitutionLevel::ALL.into_iter().find(|l| l.name() == value).map(LevelFilter::Body))
}

fn chosen(generation: &Generation, request: &SearchRequest, address: &Address<'_>) -> Vec<Choice> {
    let choice = |label: String, url: String| Choice { label, url, count: String::new(), current: true };
    let mut all = Vec::new();
    if let Some(level) = request.level {
        all.push(choice(level_label(level).into(), address(&|r| r.level = None)));
    }
    if let Some(region) = &request.region {
        all.push(choice(name_of(generation, region), address(&|r| r.region = None)));
    }
    if let Some(status) = request.status {
        all.push(choice(status.label().into(), address(&|r| r.status = None)));
    }
    if let Some(topic) = &request.topic {
        all.push(choice(topic.clone(), address(&|r| r.topic = None)));
    }
    if request.from.is_some() || request.to.is_some() {
        all.push(choice(span(request), address(&|r| (r.from, r.to) = (None, None))));
    }
    all
}

/// The address of a request's page.
fn url(r: &SearchRequest) -> String {
    let mut url = urls::search(&r.text);
    let mut add = |name: &str, value: &str| url.push_str(&format!("&{name}={}", encode(value)));
    if r.kind != KindFilter::All {
        add("kind", r.kind.name());
    }
    if let Some(region) = &r.region {
        add("region", region.as_str());
    }
    if let Some(near) = &r.near {
        add("near", near.as_str());
    }
    match r.level {
        Some(LevelFilter::Regulation(level)) => add("level", level.label()),
        Some(LevelFilter::Body(level)) => add("level", level.name()),
        None => {}
    }
    if let Some(status) = r.status {
        add("status", status.label());
    }
    if let Some(topic) = &r.topic {
        add("topic", topic);
    }
    if let Some(from) = r.from {
        add("since", &from.to_string());
    }
    if let Some(to) = r.to {
        add("until", &to.to_string());
    }
    if r.sort != Sort::Relevance {
        add("sort", r.sort.name());
    }
    if r.partial {
        add("partial", "1");
    }
    if r.page > 1 {
        add("page", &r.page.to_string());
    }
    url
}
