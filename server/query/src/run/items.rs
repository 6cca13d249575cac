//! What people have done at offices, asked for in everyday words: 我要开饭店 leads to the items that lists call 食品经营许可,
//! those of the reader's region or of one that the query names.

use indexer::{
    index::{Generation, fields::doc_kind, projection::DirectoryEntry},
    record::{Entry, KINDS},
};
use tantivy::{
    Term,
    query::{BooleanQuery, Query, TermSetQuery},
};

use super::{
    Answer, Content, Found, Identity, directory_entry, exact,
    queries::{any_of, directory_filters, top, with_filters},
};
use crate::{
    SearchError,
    grams::distinct,
    plan::bigrams,
    request::{KindFilter, SearchRequest},
    understand::Understanding,
};

/// An errand and where it is run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Errand {
    /// The everyday word.
    pub word: String,
    /// What lists call it, the likeliest first.
    pub names: Vec<String>,
    /// Codes of the divisions that may be meant.
    pub regions: Vec<String>,
}

/// Items looked at for one name in one division: the name's own come first among those that share characters with it.
const CANDIDATES: usize = 60;
/// Items shown of one name: the parts of one item (新办、变更、注销) fill pages.
const OF_A_NAME: usize = 3;
/// Items that lead: a screen, and the rest of the page stays what it was.
const MOST: usize = 8;
/// Readings of a name of a region that are tried: 朝阳 is one of four.
const REGIONS: usize = 4;
/// Longest name of a division at the end of a query, in characters.
const LONGEST_END: usize = 8;
const WHY: &str = "当地办这件事的事项";

/// Endings of names that say what is done and not what is asked for.
const ENDINGS: [&str; 9] = ["新办审批", "核发", "审批", "审核", "核准", "新办", "首次申请", "发放", "办理"];
/// Characters that are left of a name without its ending: with fewer it would be in too many names.
const LEAST_CORE: usize = 4;

/// Reads a query that is an errand and nothing besides; `None` where no region is known, since items are those of a place.
pub fn errand(generation: &Generation, u: &Understanding, request: &SearchRequest) -> Option<Errand> {
    let says_another_thing = !u.addresses.is_empty()
        || !u.citations.is_empty()
        || !u.phrases.is_empty()
        || u.document_number.is_some()
        || u.credit_code.is_some()
        || u.title.is_some()
        || u.former_law.is_some()
        || u.contacts;
    let wanted = matches!(request.kind, KindFilter::All | KindFilter::Listed(_));
    if says_another_thing || !wanted || u.key.is_empty() {
        return None;
    }
    let words = &generation.item_words;
    let of = |(word, names): (&str, &[String]), regions: Vec<String>| {
        (!regions.is_empty()).then(|| Errand { word: word.to_owned(), names: names.to_vec(), regions })
    };
    if let Some(found) = words.find(&u.key) {
        let region = request.region.as_ref().or(request.near.as_ref()).filter(|region| !region.is_nation());
        return of(found, region.map(ToString::to_string).into_iter().collect());
    }
    let codes = |all: &mut dyn Iterator<Item = u32>| -> Vec<String> {
        let divisions = generation.catalogue.divisions();
        all.filter_map(|at| divisions.get(at as usize)).map(|d| d.code.clone()).take(REGIONS).collect()
    };
    // 遵义开饭店, 我想在遵义开饭店
    for start in words.starts(&u.key) {
        let rest = &u.key[start..];
        let readings = generation.gazetteer.readings(&generation.catalogue, rest);
        for len in distinct_lengths(readings.iter().map(|reading| reading.len)) {
            let Some(found) = rest.get(len..).and_then(|behind| words.find(behind)) else { continue };
            let divisions = readings.iter().filter(|reading| reading.len == len).map(|reading| reading.division);
            return of(found, codes(&mut divisions.into_iter()));
        }
    }
    // 开饭店 遵义
    let places: Vec<usize> = u.key.char_indices().rev().map(|(at, _)| at).take(LONGEST_END).collect();
    places.into_iter().rev().filter(|at| *at > 0).find_map(|at| {
        let divisions = generation.gazetteer.named(&u.key[at..]);
        let found = words.find(&u.key[..at]).filter(|_| !divisions.is_empty())?;
        of(found, codes(&mut divisions.iter().copied()))
    })
}

fn distinct_lengths(all: impl Iterator<Item = usize>) -> Vec<usize> {
    let mut all: Vec<usize> = all.filter(|len| *len > 0).collect();
    all.sort_unstable_by_key(|len| std::cmp::Reverse(*len));
    all.dedup();
    all
}

/// The items of an errand, each of the nearest division that has it: the region's own, else those of the ones above it.
pub fn items(generation: &Generation, errand: &Errand, request: &SearchRequest) -> Result<Vec<Answer>, SearchError> {
    let mut all: Vec<Answer> = Vec::new();
    let mut seen = Vec::new();
    let mut take = |found: Vec<(DirectoryEntry, u8)>, all: &mut Vec<Answer>| {
        for (entry, _) in found {
            let answer = Answer { score: 1.0, content: Content::Directory(entry), why: WHY };
            let identity = answer.content.identity();
            if all.len() < MOST && !seen.contains(&identity) {
                seen.push(identity);
                all.push(answer);
            }
        }
    };
    for region in &errand.regions {
        let path = generation.catalogue.path(region);
        // People's own word for it, where an item has it.
        let own = std::iter::once(&errand.word).map(|word| (word, true));
        for (name, said) in own.chain(errand.names.iter().map(|name| (name, false))) {
            for place in path.iter().rev() {
                let found = named_so(generation, &place.code, name, said, request)?;
                if !found.is_empty() {
                    take(found, &mut all);
                    break;
                }
            }
        }
    }
    Ok(all)
}

/// The items of a division whose names hold a name, those that are it first; `said` where it has to be one of its other
/// names.
fn named_so(
    generation: &Generation,
    division: &str,
    name: &str,
    said: bool,
    request: &SearchRequest,
) -> Result<Vec<(DirectoryEntry, u8)>, SearchError> {
    let f = &generation.directory.fields;
    let core = core(generation, name);
    let pairs: Vec<String> = distinct(&bigrams(&core));
    let terms = pairs.iter().map(|pair| (Term::from_field_text(f.bigrams, pair), 1.0)).collect();
    let Some(query) = any_of(&generation.directory.searcher, terms, 1.0) else { return Ok(Vec::new()) };
    let kinds = KINDS.iter().filter(|kind| kind.general).map(|kind| Term::from_field_u64(f.kind, doc_kind(kind)));
    let here: Box<dyn Query> = Box::new(BooleanQuery::intersection(vec![
        Box::new(exact(Term::from_field_text(f.division, division))),
        Box::new(TermSetQuery::new(kinds)),
    ]));
    let filters = directory_filters(generation, request);
    let query = with_filters(Box::new(BooleanQuery::intersection(vec![here, query])), filters);
    let mut found = Vec::new();
    for (_, at) in top(&generation.directory.searcher, &*query, CANDIDATES)? {
        let entry = directory_entry(generation, at)?;
        let DirectoryEntry::Listed { entry: listed, .. } = &entry else { continue };
        if !listed.applied_for {
            continue;
        }
        let fit = if said { says(generation, listed, name) } else { holds(generation, listed, &core) };
        if let Some(fit) = fit {
            found.push((entry, fit));
        }
    }
    let label = |entry: &DirectoryEntry| match entry {
        DirectoryEntry::Listed { id, entry, .. } => (entry.name.chars().count(), entry.name.clone(), id.clone()),
        _ => Default::default(),
    };
    found.sort_by_cached_key(|(entry, fit)| (*fit, label(entry)));
    found.truncate(OF_A_NAME);
    Ok(found)
}

/// 0 where an item's name is the core, 1 where it ends with it, 2 where it has it.
fn holds(generation: &Generation, entry: &Entry, wanted: &str) -> Option<u8> {
    let name = core(generation, &entry.name);
    if name == wanted {
        Some(0)
    } else if name.ends_with(wanted) {
        Some(1)
    } else {
        name.contains(wanted).then_some(2)
    }
}

fn says(generation: &Generation, entry: &Entry, word: &str) -> Option<u8> {
    let key = generation.pipeline.key(word);
    entry.other_names.iter().any(|name| generation.pipeline.key(name) == key).then_some(0)
}

/// A name without what stands in brackets and without the endings that say what is done.
fn core(generation: &Generation, name: &str) -> String {
    let text = generation.pipeline.normalizer.text(name);
    let mut depth = 0usize;
    let mut bare = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '(' | '（' => depth += 1,
            ')' | '）' => depth = depth.saturating_sub(1),
            c if depth == 0 => bare.push(c),
            _ => {}
        }
    }
    let key = generation.pipeline.key(&bare);
    let enough = |rest: &&str| rest.chars().count() >= LEAST_CORE;
    let cut = ENDINGS.iter().find_map(|ending| key.strip_suffix(ending)).filter(enough).unwrap_or(&key);
    // 食品经营许可证核发 is 食品经营许可.
    let cut = cut.strip_suffix('证').filter(|rest| rest.ends_with("许可")).unwrap_or(cut);
    cut.to_owned()
}

/// Lets the items lead what was found by likeness.
pub fn lead(found: &mut Found, items: Vec<Answer>) {
    let leading: Vec<Identity> = items.iter().map(|answer| answer.content.identity()).collect();
    found.institutions.retain(|answer| !leading.contains(&answer.content.identity()));
    let best = found.institutions.iter().chain(&found.regulations).map(|answer| answer.score).fold(1.0, f32::max);
    found.items = items.len();
    let rest = std::mem::take(&mut found.institutions);
    found.institutions = items.into_iter().map(|answer| Answer { score: best, ..answer }).chain(rest).collect();
}
