//! Intents → what to look up and what to search. Pure.

use std::sync::Arc;

use indexer::{
    index::{Generation, catalogue::DivisionEntry},
    record::work_key,
    text::matters::MatterArticle,
    web_name::address,
};

use crate::web_names::{Imitated, Reason, Verdict, check};

use super::{
    ranking::Ranking,
    request::{KindFilter, SearchRequest},
    understand::{Citation, Outcome, Understanding},
};

/// What a query asks of the indexes.
#[derive(Debug, Clone)]
pub struct Plan {
    /// Tried in this order; what they find is certain.
    pub lookups: Vec<Lookup>,
    pub search_directory: bool,
    pub search_articles: bool,
    pub search_regulations: bool,
    /// Terms of the word fields.
    pub words: Vec<String>,
    /// Terms of the bigram fields, with their positions.
    pub bigrams: Vec<(usize, String)>,
    /// The whole query as a run of bigrams, when it is short enough to be a quotation.
    pub passage: Option<Vec<(usize, String)>>,
    /// Quoted phrases: each must stand in a hit as it is.
    pub phrases: Vec<Vec<(usize, String)>>,
    /// The query as a key, to compare names with.
    pub key: String,
    pub latin: Option<String>,
    /// Bigrams of what the law calls the query's everyday words, each with its share of the weight.
    pub legal: Vec<(String, f32)>,
    /// Articles that settle the everyday matter of the query, the most telling first.
    pub matters: Vec<MatterOf>,
    pub ranking: Arc<Ranking>,
}

/// An article that settles a matter, by its law and words of its own.
#[derive(Debug, Clone)]
pub struct MatterOf {
    /// A [`indexer::record::work_key`].
    pub work: String,
    pub phrase: Vec<(usize, String)>,
    /// Share of the query's telling characters that name the matter.
    pub coverage: f32,
}

/// Something that either is there or is not.
#[derive(Debug, Clone)]
pub enum Lookup {
    /// An institution by its id, and why it is an answer.
    Institution(String, &'static str),
    CreditCode(String),
    /// Position in the catalogue's divisions.
    Division(u32),
    Citation(Citation),
    DocumentNumber(String),
    /// A work's key: its version in force.
    Work(String),
    /// An institution by a whole name.
    Name(String),
    /// Records of general kinds whose site has a host.
    ListedHost(String),
    /// A record of a general kind by a whole name.
    ListedName(String),
    /// Division's code and body key.
    RegionBody(String, String),
}

/// Terms searched of one query, words and bigrams each. A query of 256 characters has no more bigrams than this.
const MAX_TERMS: usize = 255;
/// Longest query taken for a quotation of a text, in characters: longer ones are questions or pasted paragraphs.
const MAX_PASSAGE_CHARS: usize = 60;
/// Shortest: below it, single words would count as quotations.
const MIN_PASSAGE_CHARS: usize = 4;

/// Articles led forward for one query: a matter is settled by two or three, and each costs a look-up.
const MAX_MATTERS: usize = 6;

/// Plans the search for an understood query.
pub fn plan(generation: &Generation, u: &Understanding, request: &SearchRequest, ranking: &Arc<Ranking>) -> Plan {
    let wants = |kind: KindFilter| request.kind == KindFilter::All || request.kind == kind;
    let wants_directory = wants(KindFilter::Institution) || matches!(request.kind, KindFilter::Listed(_));
    let (directory, articles, regulations) =
        (wants_directory, wants(KindFilter::Article), wants(KindFilter::Regulation));
    let mut plan = Plan {
        lookups: lookups(generation, u, request, (directory, articles, regulations)),
        search_directory: false,
        search_articles: false,
        search_regulations: false,
        words: Vec::new(),
        bigrams: Vec::new(),
        passage: None,
        phrases: Vec::new(),
        key: u.key.clone(),
        latin: u.latin.clone(),
        legal: Vec::new(),
        matters: Vec::new(),
        ranking: ranking.clone(),
    };
    if u.only_addresses || u.credit_code.is_some() {
        return plan;
    }
    if let Some(number) = &u.document_number {
        // Texts that name it, and nothing that merely has 国务院 or 令 in it.
        plan.search_articles = articles;
        plan.bigrams = bigrams(&generation.pipeline.normalizer.text(number));
        plan.phrases = vec![plan.bigrams.clone()];
        return plan;
    }
    plan.search_directory = directory;
    plan.search_articles = articles;
    plan.search_regulations = regulations;
    let pipeline = &generation.pipeline;
    let text = format!("{} {}", u.words, u.phrases.join(" "));
    let text = pipeline.normalizer.text(&text);
    if articles {
        plan.legal = legal(generation, &text);
    }
    // What asks and does not tell costs as much to search for as what tells.
    let asked = text;
    let text = generation.everyday.without_chatter(&asked);
    if articles && u.phrases.is_empty() {
        plan.matters = matters(generation, &asked, &text);
    }
    let mut words = Vec::new();
    pipeline.segmenter.words(&text, &mut |t| words.push(t.text.to_owned()));
    words.sort_unstable();
    words.dedup();
    words.truncate(MAX_TERMS);
    plan.words = words;
    plan.bigrams = bigrams(&text);
    plan.bigrams.truncate(MAX_TERMS);
    plan.phrases = u.phrases.iter().map(|p| bigrams(p)).filter(|p| !p.is_empty()).collect();
    let chars = u.key.chars().count();
    if (MIN_PASSAGE_CHARS..=MAX_PASSAGE_CHARS).contains(&chars) && u.phrases.is_empty() {
        plan.passage = Some(bigrams(&u.words)).filter(|p| p.len() > 1);
    }
    plan
}

/// What the law calls the everyday words of a text. A long phrase weighs as much as a short one: its bigrams share.
fn legal(generation: &Generation, text: &str) -> Vec<(String, f32)> {
    let mut out: Vec<(String, f32)> = Vec::new();
    for found in generation.everyday.find(text) {
        for phrase in found.legal {
            let bigrams = bigrams(phrase);
            let share = 1.0 / (bigrams.len() as f32).sqrt();
            for (_, bigram) in bigrams {
                match out.iter_mut().find(|(known, _)| *known == bigram) {
                    Some((_, weight)) => *weight = weight.max(share),
                    None => out.push((bigram, share)),
                }
            }
        }
    }
    out.truncate(MAX_TERMS);
    out
}

/// The articles that settle what a question is about; `telling` is the question without its chatter.
fn matters(generation: &Generation, question: &str, telling: &str) -> Vec<MatterOf> {
    let whole = telling.chars().filter(|c| c.is_alphanumeric()).count();
    let found = generation.matters.find(question).into_iter().take(MAX_MATTERS);
    let of = |(said, article): (usize, &MatterArticle)| MatterOf {
        work: work_key(&article.title),
        phrase: bigrams(&article.phrase),
        coverage: said as f32 / whole.max(said) as f32,
    };
    found.map(of).collect()
}

pub fn bigrams(text: &str) -> Vec<(usize, String)> {
    let mut out = Vec::new();
    indexer::text::bigrams(text, &mut |t| out.push((t.position, t.text.to_owned())));
    out
}

/// Addresses of one query whose owners are looked up: a message has a few, and the worst come first.
const MAX_ADDRESSES: usize = 5;

/// Why a body is an answer to an address that is not official for it.
const LISTED: &str = "有名单把该网址归于它，尚待核实";

/// Whose an address is, or whose it imitates.
fn owners_of(generation: &Generation, pasted: &str) -> Vec<Lookup> {
    let checked = check(&generation.official, &generation.pipeline, pasted);
    let (name, why) = match (checked.name, checked.imitates) {
        (Some(name), _) if checked.verdict == Verdict::Official && checked.reasons.contains(&Reason::Delegated) => {
            (name, "该网址是其网站的下级域名")
        }
        (Some(name), _) if checked.verdict == Verdict::Official => (name, "网址一致"),
        (Some(name), _) => (name, LISTED),
        (None, Some(Imitated::Name(name))) => (name, "该网址仿冒的是它；这里是它的正式网站"),
        _ => return Vec::new(),
    };
    let nearer = checked.nearer.into_iter().map(|name| (name, LISTED));
    let names = nearer.chain(std::iter::once((name, why)));
    let ids = names.flat_map(|(name, why)| name.owners().filter_map(move |(id, _)| Some((id?, why))));
    ids.map(|(id, why)| Lookup::Institution(id.to_owned(), why)).collect()
}

fn lookups(
    generation: &Generation,
    u: &Understanding,
    request: &SearchRequest,
    (directory, articles, regulations): (bool, bool, bool),
) -> Vec<Lookup> {
    let mut out = Vec::new();
    if directory {
        let addresses = u.addresses.iter().take(MAX_ADDRESSES);
        out.extend(addresses.clone().flat_map(|address| owners_of(generation, &address.text)));
        let hosts = addresses.filter_map(|address| address::parse(&address.text).ok());
        out.extend(hosts.map(|address| Lookup::ListedHost(address.host.ascii)));
    }
    if u.only_addresses {
        return out;
    }
    if let Some(code) = u.credit_code.as_ref().filter(|_| directory) {
        out.push(Lookup::CreditCode(code.code.clone()));
    }
    for citation in &u.citations {
        let wanted = if citation.article.is_some() { articles || regulations } else { regulations };
        if wanted && matches!(citation.outcome, Outcome::Work(_)) {
            out.push(Lookup::Citation(citation.clone()));
        }
    }
    if regulations {
        out.extend(u.document_number.iter().chain(&u.number_forms).cloned().map(Lookup::DocumentNumber));
        out.extend(u.title.clone().map(Lookup::Work));
        out.extend(u.former_law.as_ref().map(|law| Lookup::Work(law.successor.clone())));
    }
    if directory {
        let divisions = generation.catalogue.divisions();
        out.extend(
            u.division_code
                .as_ref()
                .and_then(|code| divisions.iter().position(|d| d.code == *code).map(|at| Lookup::Division(at as u32))),
        );
        if !u.key.is_empty() {
            out.push(Lookup::Name(u.key.clone()));
            // What asks for a site is part of such a name: 学信网.
            let whole = generation.pipeline.key(&u.text);
            out.extend((whole != u.key).then_some(Lookup::ListedName(whole)));
            out.push(Lookup::ListedName(u.key.clone()));
        }
        let code = |at: u32| divisions.get(at as usize).map(|d: &DivisionEntry| d.code.clone());
        for reading in &u.region_bodies {
            out.extend(code(reading.division).map(|code| Lookup::RegionBody(code, reading.body.clone())));
        }
        // 人社局 with the reader's region given.
        let body = u.body.as_ref().zip(request.region.as_ref().filter(|r| !r.is_nation()));
        out.extend(body.map(|(body, region)| Lookup::RegionBody(region.to_string(), body.clone())));
        out.extend(u.regions.iter().map(|at| Lookup::Division(*at)));
    }
    out
}
