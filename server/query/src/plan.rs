//! Intents → what to look up and what to search. Pure.

use std::{ops::Range, sync::Arc};

use indexer::{
    index::{Generation, catalogue::DivisionEntry},
    record::work_key,
    text::{everyday::Found as Everyday, is_han, matters::MatterArticle},
    web_name::address,
};

use crate::web_names::{Imitated, Reason, Verdict, check};

use super::{
    home::Home,
    ranking::Ranking,
    request::{KindFilter, SearchRequest},
    understand::{
        Citation, Outcome, Understanding, danger, ends_as_office,
        errand::{self, Errand},
        hotline::{self, AskedField},
        is_portal,
        responsible::{self, Asked},
        without_errand,
    },
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
    pub bigrams: Bigrams,
    /// The whole query as a run of bigrams, when it is short enough to be a quotation.
    pub passage: Option<Bigrams>,
    /// Quoted phrases: each must stand in a hit as it is.
    pub phrases: Vec<Bigrams>,
    /// The only character of the query.
    pub character: Option<String>,
    /// Words of the query and what the law calls them: an article must hold one of them as it is.
    pub held: Vec<Bigrams>,
    /// The query where its two characters stand side by side in other words by chance: an article must hold it as a word.
    pub held_word: Option<String>,
    /// What the law calls the query's only word, first what comes nearest to it.
    pub meant: Vec<Bigrams>,
    /// Whether certain answers, if there are any, are all that the query asks for.
    pub names_one_thing: bool,
    /// Whether the query is a region and an office of it, on record or not.
    pub names_office: bool,
    /// The key of the office that the query is, without a region and with nothing besides: whoever asks for one office
    /// asks for no pieces of its name.
    pub office_alone: Option<String>,
    /// The query as a key, to compare names with.
    pub key: String,
    /// The same with what asks for a site: 学信网 is no 学信.
    pub whole_key: String,
    pub latin: Option<String>,
    /// Bigrams of what the law calls the query's everyday words, each with its share of the weight.
    pub legal: Vec<(String, f32)>,
    /// Articles that settle the everyday matter of the query, the most telling first.
    pub matters: Vec<MatterOf>,
    /// The query without its chatter, normalized.
    pub telling: String,
    /// The regions whose local rules are asked about.
    pub home: Home,
    /// What is to be done at an office, in everyday words.
    pub errand: Option<Errand>,
    pub ranking: Arc<Ranking>,
}

/// Bigrams of a text, with their positions.
pub type Bigrams = Vec<(usize, String)>;

/// An article that settles a matter, by its law and words of its own.
#[derive(Debug, Clone)]
pub struct MatterOf {
    /// A [`indexer::record::work_key`].
    pub work: String,
    pub phrase: Bigrams,
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
    /// What stands in lists by a whole name, in a division or the nearest one above it that has it.
    ItemThere(String, String),
    /// Division's code and institution key.
    RegionOffice(String, String),
    /// Where what the governments of a division do is handled online: its own entrance, or that of the division above
    /// it.
    Portal(String),
    /// Institutions whose schemes of organization say that they are in charge of something.
    Responsible(Asked),
    /// Numbers of a whole system, by the term of its field of work.
    Answering(String),
    /// Numbers by a word for the field of life that they are for.
    Field(AskedField),
}

/// Terms searched of one query, words and bigrams each. A query of 256 characters has no more bigrams than this.
const MAX_TERMS: usize = 255;
/// Longest query taken for a quotation of a text, in characters: longer ones are questions or pasted paragraphs.
const MAX_PASSAGE_CHARS: usize = 60;
/// Shortest. Of two characters every article found by the query itself has them.
const MIN_PASSAGE_CHARS: usize = 2;
/// Longest query taken for one word, in characters: what is longer says more than one thing, or is a compound whose
/// parts say enough.
const MAX_WORD_CHARS: usize = 3;

/// Articles led forward for one query: a matter is settled by two or three, and each costs a look-up.
const MAX_MATTERS: usize = 6;

/// Plans the search for an understood query.
pub fn plan(generation: &Generation, u: &Understanding, request: &SearchRequest, ranking: &Arc<Ranking>) -> Plan {
    let wants = |kind: KindFilter| request.kind == KindFilter::All || request.kind == kind;
    let wants_directory = (wants(KindFilter::Institution) || matches!(request.kind, KindFilter::Listed(_)))
        && !request.means_regulations();
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
        character: None,
        held: Vec::new(),
        held_word: None,
        meant: Vec::new(),
        names_one_thing: names_one_thing(generation, u) && responsible::asked(generation, &u.text).is_none(),
        names_office: u.region_offices.iter().any(|named| ends_as_office(&named.typed)),
        office_alone: office_alone(u),
        key: u.key.clone(),
        whole_key: generation.pipeline.key(&u.text),
        latin: u.latin.clone(),
        legal: Vec::new(),
        matters: Vec::new(),
        telling: String::new(),
        home: Home::of(generation, u, request),
        errand: errand::errand(generation, u, request),
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
    let meant = || everyday(generation, &asked).flat_map(|word| word.legal).map(|phrase| bigrams(phrase));
    if articles && u.phrases.is_empty() && u.key.chars().all(is_han) {
        plan.character = (chars == 1).then(|| u.key.clone());
        if (2..=MAX_WORD_CHARS).contains(&chars) {
            plan.meant = meant().collect();
            if u.office.as_ref().is_some_and(|office| is_short_form(&u.key, office)) {
                plan.held_word = Some(u.key.clone());
            } else {
                plan.held.push(bigrams(&u.key));
            }
        }
    }
    if articles && plan.held.is_empty() && plan.held_word.is_none() {
        let telling = |word: &&String| {
            word.chars().nth(1).is_some() && !word.chars().all(|c| c.is_ascii_digit()) && !plan.home.names(word)
        };
        plan.held.extend(plan.words.iter().filter(telling).map(|word| bigrams(word)));
    }
    if articles {
        plan.held.extend(meant());
    }
    plan.telling = text;
    if (MIN_PASSAGE_CHARS..=MAX_PASSAGE_CHARS).contains(&chars) && u.phrases.is_empty() {
        plan.passage = Some(bigrams(&u.words)).filter(|p| p.len() > 1);
    }
    plan
}

fn office_alone(u: &Understanding) -> Option<String> {
    u.office.clone().filter(|office| ends_as_office(&u.bare) || is_short_form(&u.bare, office))
}

/// Whether a text is two characters picked out of an office's name, which stand side by side in other words by chance: 市监
/// in 城市监管, 人社 in 个人社会保险. 落户 is a matter of 公安局 and no form of its name.
fn is_short_form(typed: &str, office: &str) -> bool {
    let mut left = office.chars();
    typed.chars().count() == 2 && !office.contains(typed) && typed.chars().all(|c| left.any(|of| of == c))
}

/// The everyday words of a text, but for those that are part of a longer word: nobody in a 养老院 asks for 养老.
pub fn everyday<'g>(generation: &'g Generation, text: &'g str) -> impl Iterator<Item = Everyday<'g>> {
    let words = generation.pipeline.segmenter.spans(text);
    let part_of = move |at: &Range<usize>| {
        words.iter().any(|word| word.start <= at.start && at.end <= word.end && word.len() > at.len())
    };
    generation.everyday.find(text).filter(move |found| !part_of(&found.at))
}

/// Whether a query is nothing but the name of something, or a citation.
fn names_one_thing(generation: &Generation, u: &Understanding) -> bool {
    let chars = |text: &str| generation.pipeline.key(text).chars().count();
    let cited: usize = u.citations.iter().filter_map(|c| u.text.get(c.span.clone())).map(chars).sum();
    u.addresses.is_empty() && u.phrases.is_empty() && (u.citations.is_empty() || cited >= u.key.chars().count())
}

/// What the law calls the everyday words of a text. A long phrase weighs as much as a short one: its bigrams share.
fn legal(generation: &Generation, text: &str) -> Vec<(String, f32)> {
    let mut out: Vec<(String, f32)> = Vec::new();
    for found in everyday(generation, text) {
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

pub fn bigrams(text: &str) -> Bigrams {
    let mut out = Vec::new();
    indexer::text::bigrams(text, &mut |t| out.push((t.position, t.text.to_owned())));
    out
}

/// Addresses of one query whose owners are looked up: a message has a few, and the worst come first.
const MAX_ADDRESSES: usize = 5;

/// Why an institution is an answer to an address that is not official for it.
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

/// Places that are tried for an item named behind them: 朝阳 is one of four.
const MAX_PLACES: usize = 4;

/// Items by their whole names, which every region's list may have: of the places that a query names in front of one,
/// and of where the reader is.
fn items_there(generation: &Generation, u: &Understanding, request: &SearchRequest) -> Vec<Lookup> {
    let divisions = generation.catalogue.divisions();
    let readings = generation.gazetteer.readings(&generation.catalogue, &u.key);
    let named = readings.iter().filter_map(|reading| {
        let name = u.key.get(reading.len..).filter(|name| !name.is_empty())?;
        let place = divisions.get(reading.division as usize)?;
        Some(Lookup::ItemThere(place.code.clone(), name.to_owned()))
    });
    let reader = request.region.as_ref().or(request.near.as_ref()).filter(|region| !region.is_nation());
    named.take(MAX_PLACES).chain(reader.map(|here| Lookup::ItemThere(here.to_string(), u.key.clone()))).collect()
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
        out.extend(responsible::asked(generation, &u.text).map(Lookup::Responsible));
        let divisions = generation.catalogue.divisions();
        out.extend(
            u.division_code
                .as_ref()
                .and_then(|code| divisions.iter().position(|d| d.code == *code).map(|at| Lookup::Division(at as u32))),
        );
        out.extend(hotline::asked(u).map(|number| Lookup::ListedName(number.to_owned())));
        if !u.key.is_empty() {
            out.push(Lookup::Name(u.key.clone()));
            out.extend(items_there(generation, u, request));
            // What asks for a site is part of such a name: 学信网, 学信网官网入口.
            let whole = generation.pipeline.key(&u.text);
            let mut names: Vec<&String> = std::iter::once(&whole).chain(&u.names).chain([&u.key]).collect();
            names.dedup();
            out.extend(names.into_iter().map(|name| Lookup::ListedName(name.clone())));
        }
        // 浙江大学招生: the institution, and the errand in its hands.
        let bare = u.bare.as_str();
        out.extend((bare != u.key).then(|| Lookup::Name(bare.to_owned())));
        // 学信网登录: the entrance. What everybody's office sees to is asked of the office.
        let entrances = [u.names.first().map_or("", |whole| without_errand(&generation.asked_words, whole)), bare];
        if u.office.is_none() && !u.contacts && u.region_offices.is_empty() {
            let new = entrances.into_iter().filter(|name| !name.is_empty() && *name != u.key);
            out.extend(new.map(|name| Lookup::ListedName(name.to_owned())));
        }
        // In danger the field's own number before whatever else is known by the word: the one that is reported for it,
        // or one on record that answers for it.
        let danger = danger::of(&generation.dangers, u);
        let field = || hotline::field(u).filter(|_| u.region_offices.is_empty()).map(Lookup::Field);
        out.extend(danger.filter(|danger| !danger.own).and_then(|_| field()));
        out.extend(
            danger.into_iter().flat_map(|found| &found.numbers).map(|number| Lookup::ListedName(number.clone())),
        );
        // The number of a field before the offices that have it everywhere, and behind those of a region that is named.
        out.extend(danger.is_none_or(|danger| danger.own).then(field).flatten());
        let code = |at: u32| divisions.get(at as usize).map(|d: &DivisionEntry| d.code.clone());
        for reading in u.region_offices.iter().filter(|reading| reading.typed == hotline::OF_GOVERNMENTS) {
            // 武汉12345 is answered by the government there.
            out.extend(code(reading.division).map(|code| Lookup::RegionOffice(code, hotline::GOVERNMENT.to_owned())));
        }
        for reading in u.region_offices.iter().filter(|reading| is_portal(&reading.typed)) {
            out.extend(code(reading.division).map(Lookup::Portal));
        }
        for reading in &u.region_offices {
            out.extend(code(reading.division).map(|code| Lookup::RegionOffice(code, reading.office.clone())));
        }
        out.extend(u.region_offices.iter().filter_map(|reading| hotline::field_behind(u, reading)).map(Lookup::Field));
        // 人社局 with the reader's region given.
        let office =
            u.office.as_ref().zip(request.region.as_ref().or(request.near.as_ref()).filter(|r| !r.is_nation()));
        out.extend(office.map(|(office, region)| Lookup::RegionOffice(region.to_string(), office.clone())));
        out.extend(u.regions.iter().map(|at| Lookup::Division(*at)));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_short_form_is_picked_out_of_the_name_in_its_order() {
        for (typed, office) in [("市监", "市场监督管理局"), ("人社", "人力资源社会保障局"), ("编办", "机构编制委办")]
        {
            assert!(is_short_form(typed, office), "{typed}");
        }
        for (typed, office) in
            [("落户", "公安局"), ("公安", "公安局"), ("工商", "市场监督管理局"), ("监市", "市场监督管理局"), ("", "")]
        {
            assert!(!is_short_form(typed, office), "{typed}");
        }
    }
}
