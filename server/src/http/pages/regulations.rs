//! All regulations, newest first: narrowed by level, region, validity, year and issuer; those that take effect soon
//! come first.

use std::collections::BTreeMap;

use askama::Template;
use axum::{
    extract::{RawQuery, State},
    http::Uri,
    response::Response,
};
use indexer::{
    index::{Generation, catalogue::RegulationEntry},
    record::{DivisionLevel, RegulationLevel, Status},
};

use super::{
    html,
    view::{RegulationLink, is_current},
};
use crate::{
    http::{
        App, Problem,
        cache::{Known, answer},
        params::Params,
    },
    query::request::MAX_TOPIC_CHARS,
    urls,
};

/// Regulations a page.
const PER_PAGE: u32 = 50;
/// Pages at most; the library would have to grow a hundredfold to need more.
const MAX_PAGE: u32 = 8_000;
/// Regulations shown that take effect soon.
const MAX_SOON: usize = 10;
/// Longest part of an issuer's name, in characters.
const MAX_ISSUER: usize = 60;
/// Topics offered, the commonest.
const MAX_TOPICS: usize = 100;
/// What `region` says for regulations of the nation.
const NATION: &str = "000000";

#[derive(Template)]
#[template(path = "regulations.html")]
struct Page {
    q: String,
    levels: Vec<Level>,
    all_url: String,
    level: &'static str,
    regions: Vec<Choice>,
    statuses: Vec<Choice>,
    years: Vec<Choice>,
    /// None where no regulation has one.
    topics: Vec<Choice>,
    issuer: String,
    /// How many conditions beside the level narrow the list.
    narrowed: usize,
    soon: Vec<Soon>,
    regulations: Vec<RegulationLink>,
    total: usize,
    /// The feed of the same level and region.
    feed: String,
    page: u32,
    pages: u32,
    previous: Option<String>,
    next: Option<String>,
}

struct Level {
    label: &'static str,
    url: String,
    count: usize,
    current: bool,
}

/// A value to choose from in a form.
struct Choice {
    value: String,
    label: String,
    chosen: bool,
}

/// A regulation that takes effect soon, with its day.
struct Soon {
    day: String,
    regulation: RegulationLink,
}

/// What narrows the list.
#[derive(Clone, Default)]
struct Narrowed {
    level: Option<RegulationLevel>,
    region: Option<String>,
    status: Option<Status>,
    year: Option<u32>,
    topic: String,
    issuer: String,
}

impl Narrowed {
    fn read(params: &Params, generation: &Generation) -> Result<Self, Problem> {
        let region = match params.get("region") {
            None => None,
            Some(code) if generation.catalogue.division(code).is_some() => Some(code.to_owned()),
            Some(_) => return Err(Problem::bad_parameter("region", "region 应为已知的区划代码，全国性的写 000000")),
        };
        let year = params.get("year").map(|_| params.number("year", 0, 9_999)).transpose()?;
        let issuer = params.get("issuer").unwrap_or_default().trim().to_owned();
        if issuer.chars().nth(MAX_ISSUER).is_some() {
            return Err(Problem::bad_parameter("issuer", format!("制定机关最多 {MAX_ISSUER} 个字")));
        }
        let topic = params.get("topic").unwrap_or_default().trim().to_owned();
        if topic.chars().nth(MAX_TOPIC_CHARS).is_some() {
            return Err(Problem::bad_parameter("topic", format!("主题最多 {MAX_TOPIC_CHARS} 个字")));
        }
        Ok(Self {
            topic,
            level: params.one_of("level", &RegulationLevel::ALL, RegulationLevel::label)?,
            region,
            status: params.one_of("status", &Status::ALL, Status::label)?,
            year,
            issuer,
        })
    }

    /// Everything but the level.
    fn passes(&self, generation: &Generation, regulation: &RegulationEntry) -> bool {
        let region = self.region.as_deref().is_none_or(|region| match &regulation.division {
            Some(division) => region != NATION && generation.catalogue.lies_in(division, region),
            None => region == NATION,
        });
        region
            && self.status.map_or_else(|| is_current(regulation.status), |status| regulation.status == status)
            && self
                .year
                .is_none_or(|year| regulation.version_date.is_some_and(|day| i64::from(day.year()) == i64::from(year)))
            && (self.topic.is_empty() || regulation.topics.contains(&self.topic))
            && (self.issuer.is_empty() || regulation.issuers.iter().any(|issuer| issuer.contains(&self.issuer)))
    }

    /// How many conditions the form holds.
    fn conditions(&self) -> usize {
        let chosen = [self.region.is_some(), self.status.is_some(), self.year.is_some()];
        let words = [!self.topic.is_empty(), !self.issuer.is_empty()];
        chosen.into_iter().chain(words).filter(|given| *given).count()
    }

    fn address(&self, level: Option<RegulationLevel>, page: u32) -> String {
        let mut pairs: Vec<(&str, String)> = Vec::new();
        pairs.extend(level.map(|level| ("level", level.label().to_owned())));
        pairs.extend(self.region.clone().map(|region| ("region", region)));
        pairs.extend(self.status.map(|status| ("status", status.label().to_owned())));
        pairs.extend(self.year.map(|year| ("year", year.to_string())));
        pairs.extend(Some(self.topic.clone()).filter(|topic| !topic.is_empty()).map(|topic| ("topic", topic)));
        pairs.extend(Some(self.issuer.clone()).filter(|issuer| !issuer.is_empty()).map(|issuer| ("issuer", issuer)));
        pairs.extend((page > 1).then(|| ("page", page.to_string())));
        let pairs: Vec<(&str, &str)> = pairs.iter().map(|(name, value)| (*name, value.as_str())).collect();
        urls::regulations(&pairs)
    }

    /// The feed of the same level and region: it knows no other conditions.
    fn feed(&self) -> String {
        let level = self.level.map_or("", RegulationLevel::label);
        urls::feed_of_regulations(&[("level", level), ("region", self.region.as_deref().unwrap_or_default())])
    }
}

pub async fn page(
    State(app): State<App>,
    known: Known,
    uri: Uri,
    RawQuery(raw): RawQuery,
) -> Result<Response, Problem> {
    answer(&app, &known, uri.to_string(), move |_, generation| {
        let params =
            Params::of_page(raw.as_deref(), &["level", "region", "status", "year", "topic", "issuer", "page"])?;
        let narrowed = Narrowed::read(&params, generation)?;
        let page = params.number("page", 1, MAX_PAGE)?;
        let all = generation.catalogue.regulations();
        let passing: Vec<&RegulationEntry> =
            all.iter().filter(|regulation| narrowed.passes(generation, regulation)).collect();
        let mut regulations = passing.clone();
        regulations.retain(|regulation| narrowed.level.is_none_or(|level| level == regulation.level));
        regulations.sort_by(|a, b| b.version_date.cmp(&a.version_date).then_with(|| a.title.cmp(&b.title)));
        let pages = (regulations.len() as u32).div_ceil(PER_PAGE).max(1);
        if page > pages {
            return Err(Problem::bad_parameter("page", format!("只有 {pages} 页")));
        }
        let levels = RegulationLevel::ALL.into_iter().map(|level| Level {
            label: level.label(),
            url: narrowed.address(Some(level), 1),
            count: passing.iter().filter(|regulation| regulation.level == level).count(),
            current: narrowed.level == Some(level),
        });
        let mut soon: Vec<_> = regulations
            .iter()
            .filter(|regulation| page == 1 && regulation.status == Status::NotYetInForce)
            .filter_map(|regulation| regulation.effective.map(|day| (day, *regulation)))
            .collect();
        soon.sort_by_key(|(day, regulation)| (*day, regulation.position));
        html(&Page {
            q: String::new(),
            levels: levels.filter(|level| level.count > 0 || level.current).collect(),
            all_url: narrowed.address(None, 1),
            level: narrowed.level.map_or("全部", RegulationLevel::label),
            regions: regions(generation, &narrowed),
            statuses: Status::ALL
                .map(|s| Choice {
                    value: s.label().into(),
                    label: s.label().into(),
                    chosen: narrowed.status == Some(s),
                })
                .into(),
            years: years(all, &narrowed),
            topics: topics(all, &narrowed),
            issuer: narrowed.issuer.clone(),
            narrowed: narrowed.conditions(),
            soon: soon
                .into_iter()
                .take(MAX_SOON)
                .map(|(day, regulation)| Soon { day: day.to_string(), regulation: RegulationLink::new(regulation) })
                .collect(),
            total: regulations.len(),
            regulations: regulations
                .into_iter()
                .skip(((page - 1) * PER_PAGE) as usize)
                .take(PER_PAGE as usize)
                .map(RegulationLink::new)
                .collect(),
            feed: narrowed.feed(),
            page,
            pages,
            previous: (page > 1).then(|| narrowed.address(narrowed.level, page - 1)),
            next: (page < pages).then(|| narrowed.address(narrowed.level, page + 1)),
        })
    })
    .await
}

/// The nation, provinces and cities that have regulations, in the order of their codes; and the one chosen.
fn regions(generation: &Generation, narrowed: &Narrowed) -> Vec<Choice> {
    let catalogue = &generation.catalogue;
    let mut codes: BTreeMap<&str, String> = BTreeMap::from([(NATION, "全国性".to_owned())]);
    for division in catalogue.regulations().iter().filter_map(|regulation| regulation.division.as_deref()) {
        for place in catalogue.path(division) {
            if matches!(place.level, DivisionLevel::Province | DivisionLevel::Prefecture) {
                codes.entry(&place.code).or_insert_with(|| catalogue.full_name(&place.code));
            }
        }
    }
    if let Some(region) = &narrowed.region {
        codes.entry(region).or_insert_with(|| catalogue.full_name(region));
    }
    let choice = |(code, label): (&str, String)| Choice {
        value: code.to_owned(),
        label,
        chosen: narrowed.region.as_deref() == Some(code),
    };
    codes.into_iter().map(choice).collect()
}

/// The topics that issuers class regulations by, the commonest first; and the one chosen.
fn topics(all: &[RegulationEntry], narrowed: &Narrowed) -> Vec<Choice> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for topic in all.iter().filter(|regulation| is_current(regulation.status)).flat_map(|regulation| &regulation.topics)
    {
        *counts.entry(topic).or_default() += 1;
    }
    let mut common: Vec<(&str, usize)> = counts.into_iter().collect();
    common.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(b.0)));
    common.truncate(MAX_TOPICS);
    if !narrowed.topic.is_empty() && common.iter().all(|(topic, _)| *topic != narrowed.topic) {
        common.push((&narrowed.topic, 0));
    }
    let choice = |(topic, count): (&str, usize)| Choice {
        value: topic.to_owned(),
        label: format!("{topic}（{count}）"),
        chosen: narrowed.topic == topic,
    };
    common.into_iter().map(choice).collect()
}

/// Years of decision, the latest first.
fn years(all: &[RegulationEntry], narrowed: &Narrowed) -> Vec<Choice> {
    let mut years: Vec<u32> = all
        .iter()
        .filter_map(|regulation| regulation.version_date.and_then(|day| u32::try_from(day.year()).ok()))
        .collect();
    years.extend(narrowed.year);
    years.sort_unstable_by(|a, b| b.cmp(a));
    years.dedup();
    let choice = |year: u32| Choice {
        value: year.to_string(),
        label: format!("{year} 年"),
        chosen: narrowed.year == Some(year),
    };
    years.into_iter().map(choice).collect()
}
