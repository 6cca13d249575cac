//! A query without certain answers: what may have been meant instead.
//!
//! Only names are corrected (of institutions, divisions and regulations), and only to what has a certain answer. A
//! correction that one name alone explains takes the query's place; of several, the reader chooses.

use std::sync::{Arc, LazyLock};

use indexer::{
    index::{Generation, catalogue::DivisionEntry, projection::DirectoryEntry, spelling::NUMERALS},
    record::DivisionLevel,
};
use regex::Regex;

use super::{
    SearchError,
    nearest::{self, nearest},
    plan::plan,
    ranking::Ranking,
    request::SearchRequest,
    run::{self, Answer, Content, Found, Identity},
    understand::{self, Outcome, Understanding, ends_as_office, hotline},
};

/// A correction at least this good, with no rival, is made without asking: slips of sound, shape or order.
const CERTAIN: f32 = 0.85;
/// Lead over the next best that leaves no doubt.
const LEAD: f32 = 0.05;
/// Corrected queries that are looked up; each costs some look-ups.
const MAX_TRIED: usize = 8;
/// Characters of a region's name at the front of a query: 双江拉祜族佤族布朗族傣族自治县 is cut, and nobody types it
/// whole.
const REGION_CHARS: std::ops::RangeInclusive<usize> = 2..=8;
/// How alike a region's name must be for what follows it to be kept.
const MIN_REGION: f32 = 0.85;

/// Letters of a region's name at the front of a query: e'yi has three, and beyond two dozen nobody types a region.
const REGION_LETTERS: std::ops::RangeInclusive<usize> = 3..=24;
/// Regions read at the front of a query whose rest is then corrected.
const MAX_LEADS: usize = 3;

/// An article's number at the end of a query.
static ARTICLE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new("(第?[0-9零〇一二两三四五六七八九十百千]{1,9}条.*)$")
        .unwrap_or_else(|error| unreachable!("a fixed pattern: {error}"))
});

/// What was meant.
pub struct Correction {
    /// The query in the words that were meant.
    pub text: String,
    pub score: f32,
    /// Whether nothing else can have been meant.
    pub certain: bool,
    /// The name of a place, as typed, that the correction writes otherwise.
    pub division_name: Option<String>,
    /// Other queries that may have been meant.
    pub others: Vec<String>,
    pub answers: Vec<Answer>,
}

/// What a query may have meant that has no certain answer.
pub fn correct(
    generation: &Generation,
    u: &Understanding,
    request: &SearchRequest,
    ranking: &Arc<Ranking>,
) -> Result<Option<Correction>, SearchError> {
    let cited = u.citations.iter().any(|c| matches!(c.outcome, Outcome::Work(_)));
    if u.text.ends_with(['?', '？', '吗', '呢']) {
        // A question names nothing that could be mistyped as a whole.
        return Ok(None);
    }
    if hotline::asked(u).is_some() {
        // 12346 is no slip for 12345: both are somebody's number.
        return Ok(None);
    }
    if !u.former.is_empty() {
        // A name that was is no slip for one that is.
        return Ok(None);
    }
    if !u.addresses.is_empty()
        || u.credit_code.is_some()
        || u.document_number.is_some()
        || u.former_law.is_some()
        || !u.phrases.is_empty()
        || cited
    {
        return Ok(None);
    }
    let kept = match right_front(generation, &u.key) {
        // 广州市医疗保障局 is spelt right, whether or not the directory has it: no other city's is meant.
        Some((_, "")) => return Ok(None),
        Some((region, _)) => region,
        None => "",
    };
    let mut found: Vec<(f32, String, Vec<Answer>)> = Vec::new();
    let likely = candidates(generation, &u.key).into_iter().filter(|(_, text)| text.starts_with(kept));
    for (score, text) in likely.take(MAX_TRIED) {
        let corrected = SearchRequest { text, ..request.clone() };
        let understood = understand::understand(generation, &corrected.text);
        let mut answers = run::look_ups(generation, &plan(generation, &understood, &corrected, ranking), &corrected)?;
        if answers.is_empty() && u.key.bytes().any(|b| b.is_ascii_lowercase()) {
            // zunyi yibao: what the letters say may have no record, and is still what was meant.
            answers = nearest(generation, &understood, &corrected, &Found::default())?.answers;
        }
        if !answers.is_empty() {
            found.push((score, corrected.text, answers));
        }
    }
    // Of two that sound the same (苏州市, 宿州市), the larger place first.
    found.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| size(generation, &b.2).cmp(&size(generation, &a.2))));
    let Some((score, text, answers)) = found.first().cloned() else { return Ok(None) };
    let first = answers.first().map(|a| a.content.identity());
    let rivals: Vec<&(f32, String, Vec<Answer>)> =
        found.iter().skip(1).filter(|(_, _, answers)| answers.first().map(|a| a.content.identity()) != first).collect();
    let place = respelt_place(generation, &u.key, &text);
    // Two characters are like many others: 陕博 is no slip for 上博.
    let telling = u.key.chars().nth(2).is_some();
    let certain =
        telling && place.is_none() && score >= CERTAIN && rivals.iter().all(|(rival, ..)| score - rival >= LEAD);
    let near = rivals.into_iter().filter(|(rival, ..)| score - rival < LEAD);
    let mut answers = answers;
    let mut others = Vec::new();
    for (_, other, more) in near {
        others.push(other.clone());
        answers.extend(more.iter().cloned());
    }
    Ok(Some(Correction { text, score, certain, division_name: place, others, answers }))
}

/// The part of a query that is spelt right for certain, and what is left of it to be corrected: a region by its whole
/// name, and then nothing where an office of a kind that there is follows.
fn right_front<'k>(generation: &Generation, key: &'k str) -> Option<(&'k str, &'k str)> {
    let names = |at: u32, typed: &str| {
        let division = generation.catalogue.divisions().get(at as usize);
        division.is_some_and(|d| generation.pipeline.key(&d.name) == typed || typed.ends_with(d.name.as_str()))
    };
    for reading in generation.gazetteer.readings(&generation.catalogue, key) {
        let (region, rest) = key.split_at(reading.len);
        if region.chars().nth(1).is_none() || rest.is_empty() {
            continue;
        }
        if nearest::is_kind_of_office(generation, rest) {
            return Some((region, ""));
        }
        // 上海一中院, 合肥四院: a court or a hospital by its number is another one than 上海一院, whether or not it has a
        // record.
        if rest.starts_with(|c| NUMERALS.contains(c)) && ends_as_office(rest) {
            return Some((region, ""));
        }
        // 遵义市教肓局: the whole name of a region leaves only the rest in doubt; 宁化 may be 宁夏.
        if names(reading.division, region) && ends_as_office(rest) {
            return Some((region, rest));
        }
    }
    None
}

/// Words for a level that end the name of a place.
const PLACE_ENDS: [char; 6] = ['省', '市', '县', '区', '旗', '盟'];

/// The name of a place with its level word that a correction writes otherwise. It may be the name of a place that was,
/// or of one that we do not know: 富阳市 is no slip for 阜阳市, though one character sounds like the other. No list of
/// names is so whole that what it lacks must be a slip, so that such a correction is proposed and never made. What is
/// typed in letters names no place yet.
fn respelt_place(generation: &Generation, key: &str, text: &str) -> Option<String> {
    let (typed, meant): (Vec<char>, Vec<char>) = (key.chars().collect(), text.chars().collect());
    let from = typed.iter().zip(&meant).take_while(|(a, b)| a == b).count();
    let most = typed.len().min(meant.len()) - from;
    let same_end = typed.iter().rev().zip(meant.iter().rev()).take(most).take_while(|(a, b)| a == b).count();
    if typed[from..typed.len() - same_end].iter().any(char::is_ascii_alphabetic) {
        return None;
    }
    let is_end = |at: &usize| *at > 0 && typed.get(*at).is_some_and(|c| PLACE_ENDS.contains(c));
    // 完县市 is one name, though 完县 is one too; the 市 of 某区市场监管局 begins the name of an office.
    let office_behind = |at: &usize| nearest::is_kind_of_office(generation, &String::from_iter(&typed[at + 1..]));
    let end = (from..typed.len()).find(|at| is_end(at) && (!is_end(&(at + 1)) || office_behind(at)))?;
    let place: String = typed[..=end].iter().collect();
    let readings = generation.gazetteer.readings(&generation.catalogue, text);
    if readings.first().is_some_and(|region| key.starts_with(&text[..region.len])) {
        // 遵义市市政府: the region stands there as it is meant.
        return None;
    }
    let region_meant = readings.first().is_some_and(|region| text[..region.len].chars().count() > from);
    let body_follows = understand::is_empty_or_office(generation, &key[place.len()..]);
    (region_meant || body_follows).then_some(place)
}

/// Institutions of the division that an answer is, or that it is in.
fn size(generation: &Generation, answers: &[Answer]) -> u64 {
    let code = match answers.first().map(|a| &a.content) {
        Some(Content::Directory(DirectoryEntry::Division { code })) => code.as_str(),
        Some(Content::Directory(DirectoryEntry::Institution { institution, .. })) => institution.division.as_str(),
        _ => return 0,
    };
    generation.catalogue.division(code).map_or(0, |d| u64::from(d.coverage.institutions))
}

impl Correction {
    /// Puts the answers of an uncertain correction above what was found, as far as they are more alike.
    pub fn join(&self, found: &mut Found) {
        let known: Vec<Identity> = self.answers.iter().map(|a| a.content.identity()).collect();
        for list in [&mut found.institutions, &mut found.regulations, &mut found.articles] {
            list.retain(|a| !known.contains(&a.content.identity()));
        }
        for answer in self.answers.iter().rev() {
            let list = found.list_of(&answer.content);
            let best = list.first().map_or(0.0, |a| a.score);
            let score = if list.is_empty() { self.score } else { best.max(self.score) };
            list.insert(0, Answer { score, why: "可能是要找这个", ..answer.clone() });
        }
    }
}

/// Queries that may have been meant, the likeliest first.
fn candidates(generation: &Generation, key: &str) -> Vec<(f32, String)> {
    let mut out = candidates_of(generation, key);
    // 浙江省杭洲市人民政府: what stands first is right, what follows may not be.
    for reading in generation.gazetteer.readings(&generation.catalogue, key).iter().take(MAX_LEADS) {
        let (region, rest) = key.split_at(reading.len);
        let after =
            candidates_of(generation, rest).into_iter().map(|(score, text)| (score - 0.01, format!("{region}{text}")));
        out.extend(after);
    }
    out.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    out.dedup_by(|a, b| a.1 == b.1);
    out
}

fn candidates_of(generation: &Generation, key: &str) -> Vec<(f32, String)> {
    let (spelling, pipeline) = (&generation.spelling, &generation.pipeline);
    let bare = understand::without_text_words(key);
    let mut out: Vec<(f32, String)> =
        spelling.proposals(pipeline, bare).into_iter().map(|p| (p.score, p.name.to_owned())).collect();
    if let Some(article) = ARTICLE.find(key) {
        let head = &key[..article.start()];
        out.extend(
            spelling
                .proposals(pipeline, head)
                .into_iter()
                .map(|p| (p.score, format!("{}{}", p.name, article.as_str()))),
        );
    }
    for chars in REGION_CHARS {
        let Some((end, _)) = key.char_indices().nth(chars) else { break };
        let (region, office) = key.split_at(end);
        let in_word = |c: char| c.is_ascii_lowercase();
        if !office.is_ascii() && region.ends_with(in_word) && office.starts_with(in_word) {
            // 北京 for beijin of beijing税务局: the letters are one word.
            continue;
        }
        let near = spelling.near_proposals(pipeline, region).into_iter().filter(|p| p.score >= MIN_REGION);
        let named = near.filter(|p| !generation.gazetteer.named(p.name).is_empty());
        // A region of few characters is easily like another, so that what follows must make up for it.
        out.extend(named.map(|p| (p.score - 0.01, format!("{}{office}", p.name))));
    }
    out.extend(in_letters(generation, key));
    out
}

/// zunyi yibao: a region and an institution in letters that together are no name.
fn in_letters(generation: &Generation, key: &str) -> Vec<(f32, String)> {
    let letters = key.bytes().take_while(u8::is_ascii_lowercase).count();
    let mut out = Vec::new();
    for end in REGION_LETTERS {
        // beijing税务局: where the letters end, the region does; zunyi yibao says nothing of that.
        if end > letters || (letters < key.len() && end != letters) {
            continue;
        }
        let (region, rest) = key.split_at(end);
        let near = generation.spelling.near_proposals(&generation.pipeline, region);
        let regions: Vec<_> = near.into_iter().filter(|p| !generation.gazetteer.named(p.name).is_empty()).collect();
        if regions.is_empty() {
            continue;
        }
        let offices = generation.spelling.near_proposals(&generation.pipeline, rest);
        let offices =
            offices.into_iter().filter(|p| generation.known_offices.known(p.name).is_some()).map(|p| (p.score, p.name));
        let as_typed = (!rest.is_ascii()).then_some((1.0, rest));
        for (score, office) in offices.chain(as_typed) {
            out.extend(regions.iter().map(|r| (r.score.min(score) - 0.01, format!("{}{office}", r.name))));
        }
    }
    out.extend(by_initials(generation, key, letters));
    out
}

/// Letters of a region's name that are read as its initials: sz, hrb, nmg.
const INITIALS: std::ops::RangeInclusive<usize> = 2..=4;
/// What a reading of initials counts at most: many places have the same, so that the reader chooses.
const BY_INITIALS: f32 = 0.84;
/// Places of the same initials that are offered.
const MAX_OF_INITIALS: usize = 4;

/// sz人社局: the initials of a province or city before an office that every region has; those of which the directory
/// holds most first.
fn by_initials(generation: &Generation, key: &str, letters: usize) -> Vec<(f32, String)> {
    let (initials, office) = key.split_at(letters);
    if !INITIALS.contains(&letters) || !nearest::is_kind_of_office(generation, office) {
        return Vec::new();
    }
    let level = |level| matches!(level, DivisionLevel::Province | DivisionLevel::Prefecture);
    let divisions = generation.catalogue.divisions().iter().filter(|d| level(d.level));
    let mut found: Vec<&DivisionEntry> =
        divisions.filter(|d| generation.pipeline.pinyin.initials(&d.short_name) == initials).collect();
    found.sort_by_key(|d| (std::cmp::Reverse(d.coverage.institutions), &d.code));
    let places = found.into_iter().take(MAX_OF_INITIALS).enumerate();
    places.map(|(at, d)| (BY_INITIALS - 0.001 * at as f32, format!("{}{office}", d.name))).collect()
}
