//! What people have done at offices, asked for in everyday words: 我要开饭店 leads to the items that lists call 食品经营许可,
//! those of the reader's region or of one that the query names.

use indexer::{
    index::{
        Generation,
        fields::{DocKind, doc_kind},
        projection::DirectoryEntry,
        wordings::Sort,
    },
    record::{Body, Entry, KINDS, lists::ListRow},
};
use tantivy::{
    Term,
    query::{BooleanQuery, Query},
};

use super::{
    Answer, Content, Found, Identity, directory_entry, exact, is_on_record,
    look_up::stands_in_lists,
    queries::{any_of, directory_filters, must, must_not, top, with_filters},
};
use crate::{SearchError, grams::distinct, plan::bigrams, request::SearchRequest, understand::errand::Errand};

/// Items looked at for one name in one division: the name's own come first among those that share characters with it.
const CANDIDATES: usize = 60;
/// Items shown of one name: the parts of one item (新办、变更、注销) fill pages.
const OF_A_NAME: usize = 3;
/// Items that lead: a screen, and the rest of the page stays what it was.
const MAX: usize = 8;
/// An item of an institution of the place, and of the nation's.
const WHY: &str = "当地办这件事的事项";
const OF_THE_NATION: &str = "国家部门办理的事项";
/// An item of a catalogue, which says what institutions below call it.
const MODEL: &str = "基本目录里的事项，各地以本地的为准";
/// The same where the item's name says in other words what was asked for.
const ALIKE: &str = "意思相近的事项，请看是不是要办的事";
const ALIKE_OF_THE_NATION: &str = "国家部门办理的、意思相近的事项，请看是不是要办的事";
const ALIKE_MODEL: &str = "基本目录里意思相近的事项，请看是不是要办的事；各地以本地的为准";
/// What a reader has to know of an item that is led to.
pub const TO_KNOW: [&str; 5] = [OF_THE_NATION, MODEL, ALIKE, ALIKE_OF_THE_NATION, ALIKE_MODEL];
const NATION: &str = "000000";
/// Names of items looked up that mean the same as an errand that no word of ours leads to.
const MAX_ALIKE: usize = 3;

/// Endings of names that say what is done and not what is asked for.
const ENDINGS: [&str; 9] = ["新办审批", "核发", "审批", "审核", "核准", "新办", "首次申请", "发放", "办理"];
/// Characters that are left of a name without its ending: with fewer it would be in too many names.
const LEAST_CORE: usize = 4;

/// Whether any place's items are on record.
pub fn are_known(generation: &Generation) -> bool {
    let kinds = KINDS.iter().filter(|kind| kind.general && stands_in_lists(kind.name));
    let kind = generation.directory.fields.kind;
    kinds.map(|of| Term::from_field_u64(kind, doc_kind(of))).any(|term| is_on_record(generation, term))
}

/// The items of an errand, each of the nearest division that has it: the region's own, else those of the ones above it, else
/// the nation's.
pub fn items(generation: &Generation, errand: &Errand, request: &SearchRequest) -> Result<Vec<Answer>, SearchError> {
    if errand.names.is_empty() {
        return like(generation, errand, request);
    }
    let mut all: Vec<Answer> = Vec::new();
    let mut seen = Vec::new();
    let mut take = |found: Vec<(DirectoryEntry, u8)>, place: &str, all: &mut Vec<Answer>| {
        for (entry, _) in found {
            let why = why(&entry, place);
            let answer = Answer { score: 1.0, content: Content::Directory(entry), why };
            let identity = answer.content.identity();
            if all.len() < MAX && !seen.contains(&identity) {
                seen.push(identity);
                all.push(answer);
            }
        }
    };
    let anywhere = [NATION.to_owned()];
    let regions = if errand.regions.is_empty() { &anywhere[..] } else { &errand.regions };
    for region in regions {
        let mut path: Vec<&str> =
            generation.catalogue.path(region).into_iter().map(|place| place.code.as_str()).collect();
        path.insert(0, NATION);
        // People's own word for it, where an item has it.
        let own = std::iter::once(&errand.word).map(|word| (word, true));
        for (name, said) in own.chain(errand.names.iter().map(|name| (name, false))) {
            for place in path.iter().rev() {
                let found = named_so(generation, place, name, said, request)?;
                if !found.is_empty() {
                    take(found, place, &mut all);
                    break;
                }
            }
        }
    }
    Ok(all)
}

/// The items whose names mean what an errand says that no word of ours leads to.
fn like(generation: &Generation, errand: &Errand, request: &SearchRequest) -> Result<Vec<Answer>, SearchError> {
    let Some(meanings) = generation.meanings() else { return Ok(Vec::new()) };
    let like = meanings.wordings.like(&meanings.model, Sort::Item, &errand.word, MAX_ALIKE);
    if like.is_empty() {
        return Ok(Vec::new());
    }
    let names = like.into_iter().map(str::to_owned).collect();
    let found = items(generation, &Errand { names, ..errand.clone() }, request)?;
    let alike = |why| match why {
        OF_THE_NATION => ALIKE_OF_THE_NATION,
        MODEL => ALIKE_MODEL,
        _ => ALIKE,
    };
    Ok(found.into_iter().map(|answer| Answer { why: alike(answer.why), ..answer }).collect())
}

/// Why an item of a place is led to.
fn why(entry: &DirectoryEntry, place: &str) -> &'static str {
    let row = match entry {
        DirectoryEntry::Listed { of, .. } => Body::blank(of).and_then(|body| body.listed()),
        _ => None,
    };
    match row {
        Some(ListRow::Catalogued(_)) => MODEL,
        _ if place == NATION => OF_THE_NATION,
        _ => WHY,
    }
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
    // What is no item is left out as it is met: gathering all items of the nation to choose from costs with their number.
    let others = [DocKind::Institution, DocKind::Division, DocKind::WebName];
    let here = std::iter::once(must(exact(Term::from_field_text(f.division, division))))
        .chain(others.map(|kind| must_not(exact(Term::from_field_u64(f.kind, kind as u64)))));
    let here: Box<dyn Query> = Box::new(BooleanQuery::new(here.collect()));
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
