//! The query log: what people might ask in a day, made from the generation's own names, titles and addresses and from
//! the rated queries where they lie beside the checkout. The same generation always gives the same log.
//!
//! First a kind is drawn by its share, then a query of that kind by Zipf's law, so that every kind has a few queries
//! that many ask and a long tail that hardly anyone does.

use std::{collections::HashSet, fs, path::Path};

use anyhow::{Context, Result, ensure};
use fastrand::Rng;
use indexer::{index::Generation, text::numerals};

/// Seed of every choice made here; the generator is wyrand of `fastrand`.
pub const SEED: u64 = 20_261_124;
/// Queries in the log.
pub const QUERIES: usize = 20_000;
/// Different queries of one kind at most: with Zipf's law over these the first gets one in nine of its kind.
const POOL: usize = 5_000;
/// Where the rated queries lie, seen from the checkout.
const RATED: &str = "../shared/eval";

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A whole name of an institution or title of a regulation.
    Name,
    /// Half of one, as people leave off the region or stop in the middle.
    HalfName,
    /// 《…》第…条
    Citation,
    /// Two words of titles.
    Words,
    Question,
    /// A name with one character wrong, missing or in the wrong place.
    Typo,
    /// A name in pinyin, whole or as initials.
    Pinyin,
    /// A web name, as pasted or with a letter wrong.
    Address,
}

impl Kind {
    /// With the share of a hundred queries. No log of this service is known yet: names and half names lead because that
    /// is what the service is for.
    pub const ALL: [(Self, usize); 8] = [
        (Self::Name, 25),
        (Self::HalfName, 15),
        (Self::Citation, 12),
        (Self::Words, 12),
        (Self::Question, 16),
        (Self::Typo, 6),
        (Self::Pinyin, 7),
        (Self::Address, 7),
    ];

    pub fn name(self) -> &'static str {
        match self {
            Self::Name => "names",
            Self::HalfName => "half names",
            Self::Citation => "citations",
            Self::Words => "words",
            Self::Question => "questions",
            Self::Typo => "typos",
            Self::Pinyin => "pinyin",
            Self::Address => "addresses",
        }
    }
}

/// A log, in the order in which it is asked.
pub struct QueryLog {
    pub asked: Vec<(Kind, String)>,
}

impl QueryLog {
    pub fn of(generation: &Generation) -> Result<Self> {
        let mut rng = Rng::with_seed(SEED);
        let facts = Facts::of(generation)?;
        let pools: Vec<Pool> =
            Kind::ALL.iter().map(|(kind, _)| Pool::new(&mut rng, facts.queries(*kind, generation))).collect();
        let shares: usize = Kind::ALL.iter().map(|(_, share)| share).sum();
        let mut asked = Vec::with_capacity(QUERIES);
        while asked.len() < QUERIES {
            let mut at = rng.usize(..shares);
            let drawn = Kind::ALL.iter().zip(&pools).find(|((_, share), _)| {
                let here = at < *share;
                at = at.wrapping_sub(*share);
                here
            });
            let ((kind, _), pool) = drawn.context("the shares add up")?;
            asked.extend(pool.draw(&mut rng).map(|query| (*kind, query.to_owned())));
            ensure!(pools.iter().any(|pool| !pool.queries.is_empty()), "the generation has no names to ask for");
        }
        Ok(Self { asked })
    }

    /// Every query once, in the order in which it is first asked.
    pub fn distinct(&self) -> Vec<&(Kind, String)> {
        let mut seen = HashSet::new();
        self.asked.iter().filter(|(_, query)| seen.insert(query.as_str())).collect()
    }
}

/// Queries of one kind, the most asked first.
struct Pool {
    queries: Vec<String>,
    /// Sums of 1/rank up to each query: Zipf's law with exponent 1.
    sums: Vec<f64>,
}

impl Pool {
    fn new(rng: &mut Rng, mut queries: Vec<String>) -> Self {
        let mut seen = HashSet::new();
        queries.retain(|query| !query.is_empty() && seen.insert(query.clone()));
        rng.shuffle(&mut queries);
        queries.truncate(POOL);
        let mut sum = 0.0;
        let sums = (1..=queries.len()).map(|rank| {
            sum += 1.0 / rank as f64;
            sum
        });
        Self { sums: sums.collect(), queries }
    }

    fn draw(&self, rng: &mut Rng) -> Option<&str> {
        let drawn = rng.f64() * self.sums.last()?;
        let rank = self.sums.partition_point(|sum| *sum <= drawn);
        self.queries.get(rank.min(self.queries.len() - 1)).map(String::as_str)
    }
}

/// What the queries are made of.
struct Facts {
    institutions: Vec<String>,
    hosts: Vec<String>,
    titles: Vec<(String, u32)>,
    rated_names: Vec<String>,
    questions: Vec<String>,
}

impl Facts {
    fn of(generation: &Generation) -> Result<Self> {
        let (mut institutions, mut hosts) = (Vec::new(), Vec::new());
        for division in generation.catalogue.divisions().iter().filter(|d| d.institutions > 0) {
            for hit in server::query::institutions_of(generation, &division.code)? {
                institutions.push(hit.title);
                let part = hit.institution.as_ref();
                hosts.extend(part.into_iter().flat_map(|i| i.websites.iter().map(|site| site.host.clone())));
            }
        }
        let titles = generation.catalogue.regulations().iter().map(|r| (r.title.clone(), r.articles)).collect();
        let mut rated_names = rated("site-lookups.dev.jsonl");
        rated_names.extend(rated("regulation-lookups.dev.jsonl"));
        Ok(Self { institutions, hosts, titles, rated_names, questions: rated("lay-queries.dev.jsonl") })
    }

    fn names(&self) -> impl Iterator<Item = &str> {
        // A title may be as long as the longest query; what people type out is shorter.
        let typed = |name: &&str| name.chars().count() <= 40;
        self.institutions.iter().map(String::as_str).chain(self.titles.iter().map(|(t, _)| t.as_str())).filter(typed)
    }

    /// All queries of a kind that can be made.
    fn queries(&self, kind: Kind, generation: &Generation) -> Vec<String> {
        // One for each kind, so that a change of one kind leaves the others as they are.
        let mut rng = Rng::with_seed(SEED ^ kind as u64);
        let pipeline = &generation.pipeline;
        match kind {
            Kind::Name => self.names().map(str::to_owned).chain(self.rated_names.iter().cloned()).collect(),
            Kind::HalfName => self.names().filter_map(|name| half(&mut rng, name)).collect(),
            Kind::Citation => {
                let cited = self.titles.iter().filter(|(title, articles)| *articles > 0 && title.chars().count() <= 40);
                cited
                    .map(|(title, articles)| {
                        let article = rng.u32(1..=*articles);
                        if rng.bool() {
                            format!("《{title}》第{}条", numerals::format(article))
                        } else {
                            format!("{}第{article}条", title.trim_start_matches("中华人民共和国"))
                        }
                    })
                    .collect()
            }
            Kind::Words => {
                let mut words = Vec::new();
                for (title, _) in &self.titles {
                    let title = pipeline.normalizer.text(title);
                    pipeline.segmenter.words(&title, &mut |t| {
                        if (2..=4).contains(&t.text.chars().count()) {
                            words.push(t.text.to_owned());
                        }
                    });
                }
                let pairs = words.iter().map(|word| format!("{word} {}", words[rng.usize(..words.len())]));
                pairs.collect()
            }
            Kind::Question if !self.questions.is_empty() => self.questions.clone(),
            Kind::Question => {
                let short = self.titles.iter().map(|(title, _)| title.trim_start_matches("中华人民共和国"));
                short.map(|title| format!("违反{title}怎么处罚")).collect()
            }
            Kind::Typo => {
                let characters: Vec<char> = self.names().take(POOL).flat_map(str::chars).collect();
                self.names().filter_map(|name| mistyped(&mut rng, name, &characters)).collect()
            }
            Kind::Pinyin => {
                let spelt = self.institutions.iter().map(|name| {
                    if rng.u8(..4) == 0 { pipeline.pinyin.initials(name) } else { pipeline.pinyin.full(name) }
                });
                spelt.collect()
            }
            Kind::Address => {
                let pasted = self.hosts.iter().map(|host| match rng.u8(..4) {
                    0 => host.clone(),
                    1 => format!("https://www.{host}/"),
                    2 => format!("http://{host}/zwgk/index.html"),
                    _ => host.replacen(".gov.", "-gov.", 1),
                });
                pasted.collect()
            }
        }
    }
}

/// The first or the last half of a name of four characters or more.
fn half(rng: &mut Rng, name: &str) -> Option<String> {
    let chars: Vec<char> = name.trim_start_matches("中华人民共和国").chars().collect();
    let middle = chars.len() / 2;
    let half = if rng.bool() { &chars[..middle] } else { &chars[middle..] };
    (middle >= 2).then(|| half.iter().collect())
}

/// A name with one slip.
fn mistyped(rng: &mut Rng, name: &str, characters: &[char]) -> Option<String> {
    let mut chars: Vec<char> = name.chars().collect();
    if chars.len() < 4 {
        return None;
    }
    let at = rng.usize(..chars.len() - 1);
    match rng.u8(..3) {
        0 => chars.swap(at, at + 1),
        1 => {
            chars.remove(at);
        }
        _ => chars[at] = *rng.choice(characters)?,
    }
    Some(chars.into_iter().collect())
}

/// The queries of a rated set; none where it is not there.
fn rated(set: &str) -> Vec<String> {
    let text = fs::read_to_string(Path::new(RATED).join(set)).unwrap_or_default();
    let rows = text.lines().filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok());
    rows.filter_map(|row| row["query"].as_str().map(str::to_owned)).collect()
}
