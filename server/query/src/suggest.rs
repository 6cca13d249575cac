//! Completions of what is being typed, grouped by kind.
//!
//! Names are completed by how they begin. Offices are also completed by what people call them behind a region, whatever
//! form of either was chosen for the record (遵义财, 贵州医保, 派出所), and where a region has none on record by the one above.
//! Without a region the reader's own is meant, else the nation's; those of some provinces show that a region goes in
//! front.

use indexer::{
    index::{
        Generation,
        catalogue::RegulationEntry,
        completions::{Completion, CompletionKind},
        projection::DirectoryEntry,
    },
    record::{DivisionLevel, Status, Succession, kind_named},
    text::is_han,
};

use super::{
    SearchError, nearest,
    reply::{SuggestReply, Suggestion},
    request::SearchRequest,
    run::Content,
};
use crate::urls;

/// Suggestions of one kind, so that none crowds out the others.
const PER_KIND: usize = 5;

/// Regions, and kinds of office, that are looked up for one text: each pair costs a look-up of some 50 microseconds.
const MAX_REGIONS: usize = 2;
const MAX_OFFICES: usize = 4;
/// The code of the nation.
const NATION: &str = "000000";

/// Provinces whose office of a kind is offered where no region is named, and how many are looked at for them.
const OTHERS: usize = 3;
const MAX_OTHERS: usize = 4;

/// Completes what is being typed; `text` not empty, `size` from 1 to 20, `near` the code of the reader's region.
pub fn suggest(generation: &Generation, text: &str, size: usize, near: Option<&str>) -> SuggestReply {
    let key = generation.pipeline.key(text);
    let mut suggestions: Vec<Suggestion> = Vec::new();
    if !key.is_empty() {
        let mut groups = CompletionKind::ALL.map(|kind| completed(generation, kind, &key));
        let (begins, institutions) = &mut groups[0];
        *begins |= join_offices(generation, &key, near, institutions);
        // 民法 begins 民法典, and is inside 人民法院: kinds with a name that begins so come first.
        groups.sort_by_key(|(begins, _)| !begins);
        let all = groups.into_iter().flat_map(|(_, group)| group);
        suggestions.extend(all.map(|c| suggestion(generation, &key, c)));
    }
    if suggestions.is_empty() {
        // A slip in what is typed: the names it may have meant.
        for proposal in generation.spelling.proposals(&generation.pipeline, &key) {
            for kind in CompletionKind::ALL {
                let meant = completed(generation, kind, proposal.name).1.into_iter().take(1);
                suggestions.extend(meant.map(|c| suggestion(generation, proposal.name, c)));
            }
        }
    }
    suggestions.truncate(size);
    SuggestReply { query: text.to_owned(), generation: generation.number, suggestions, holds_address: false }
}

/// Divisions or institutions that a text may mean, for whoever has to choose one: by the beginning of a name or of a
/// word in it, by pinyin, or as an office behind a region.
pub fn candidates(generation: &Generation, kind: CompletionKind, text: &str, most: usize) -> Vec<Completion> {
    let key = generation.pipeline.key(text);
    if key.is_empty() {
        return Vec::new();
    }
    let mut offices = Offices::default();
    if kind == CompletionKind::Institution {
        // As above: what cannot be read is none.
        offices = self::offices(generation, &key, None).unwrap_or_default();
    }
    let completions = &generation.completions;
    let begin = completions.best(kind, &key, most).into_iter().chain(completions.best_inside(kind, &key, most));
    let mut all: Vec<Completion> = Vec::new();
    for completion in offices.own.into_iter().chain(begin).chain(offices.above) {
        if all.len() < most && all.iter().all(|known| known.id != completion.id) {
            all.push(completion);
        }
    }
    all
}

/// Joins the offices that a text begins to name to the completions of names; tells whether there are any of the region
/// itself, which come first.
fn join_offices(generation: &Generation, key: &str, near: Option<&str>, completed: &mut Vec<Completion>) -> bool {
    // Completions are a convenience: what cannot be read is none.
    let Offices { own, above } = offices(generation, key, near).unwrap_or_default();
    let found = !own.is_empty();
    let mut all: Vec<Completion> = Vec::new();
    for completion in own.into_iter().chain(std::mem::take(completed)).chain(above) {
        if all.len() < PER_KIND && all.iter().all(|known| known.id != completion.id) {
            all.push(completion);
        }
    }
    *completed = all;
    found
}

#[derive(Default)]
struct Offices {
    own: Vec<Completion>,
    /// Of the same field in the nearest region above, where the region has none; in other regions, where none is named.
    above: Vec<Completion>,
}

fn offices(generation: &Generation, key: &str, near: Option<&str>) -> Result<Offices, SearchError> {
    let catalogue = &generation.catalogue;
    let mut found = Offices::default();
    let readings = generation.gazetteer.readings(catalogue, key);
    let regions = readings.iter().take(MAX_REGIONS).filter_map(|reading| {
        let division = catalogue.divisions().get(reading.division as usize)?;
        Some((division.code.as_str(), key.get(reading.len..)?))
    });
    // Without a region the reader's, then the nation's: 派出所 belong to what 公安部 is in charge of.
    let unnamed = readings.is_empty() && key.chars().nth(1).is_some();
    for place in near.filter(|_| unnamed).map(|code| catalogue.path(code)).unwrap_or_default().iter().rev() {
        if found.own.is_empty() {
            for office in offices_beginning(generation, key) {
                found.own.extend(of_field(generation, &place.code, &office)?);
            }
        }
    }
    for (division, rest) in regions.chain(unnamed.then_some((NATION, key))) {
        let offices = offices_beginning(generation, rest);
        for office in &offices {
            found.own.extend(of_field(generation, division, office)?);
        }
        for place in catalogue.path(division).iter().rev().skip(1).filter(|_| found.own.is_empty()) {
            for office in &offices {
                found.above.extend(of_field(generation, &place.code, office)?);
            }
            if !found.above.is_empty() {
                break;
            }
        }
    }
    if unnamed && !found.own.is_empty() {
        found.above.extend(in_provinces(generation, key)?);
    }
    Ok(found)
}

/// The same kind of office in the first provinces that have it.
fn in_provinces(generation: &Generation, key: &str) -> Result<Vec<Completion>, SearchError> {
    let Some(office) = offices_beginning(generation, key).into_iter().next() else { return Ok(Vec::new()) };
    let provinces = generation.catalogue.divisions().iter().filter(|d| d.level == DivisionLevel::Province);
    let mut found = Vec::new();
    for province in provinces.take(MAX_OTHERS) {
        if found.len() < OTHERS {
            found.extend(of_field(generation, &province.code, &office)?.into_iter().take(1));
        }
    }
    Ok(found)
}

/// Keys of the kinds of office whose names or short names begin so. A single character behind no region says nothing
/// yet.
fn offices_beginning(generation: &Generation, rest: &str) -> Vec<String> {
    if rest.is_empty() || !rest.chars().all(is_han) {
        return Vec::new();
    }
    let mut names: Vec<&str> = generation.known_offices.names().filter(|name| name.starts_with(rest)).collect();
    // What is typed whole before what it begins, and the same from run to run.
    names.sort_unstable_by_key(|name| (name.chars().count(), *name));
    let mut keys: Vec<String> = Vec::new();
    for office in names.into_iter().filter_map(|name| generation.known_offices.known(name)) {
        if keys.len() < MAX_OFFICES && !keys.contains(&office) {
            keys.push(office);
        }
    }
    keys
}

fn of_field(generation: &Generation, division: &str, office: &str) -> Result<Vec<Completion>, SearchError> {
    let found = nearest::of_field(generation, division, office, &SearchRequest::new(""))?;
    let completion = |content: Content| match content {
        Content::Directory(DirectoryEntry::Institution { id, institution }) => Some(Completion {
            kind: CompletionKind::Institution,
            of: String::new(),
            id,
            detail: match generation.catalogue.path(institution.division.as_str()).as_slice() {
                [] => "全国".to_owned(),
                path => path.iter().map(|d| d.name.as_str()).collect::<Vec<_>>().join(" "),
            },
            text: institution.name,
            other_names: Vec::new(),
            rank: 0,
        }),
        _ => None,
    };
    Ok(found.into_iter().filter_map(|answer| completion(answer.content)).collect())
}

/// What completes a text: names that begin with it, then those with a word inside that does; and whether any begins so.
fn completed(generation: &Generation, kind: CompletionKind, key: &str) -> (bool, Vec<Completion>) {
    let mut best = generation.completions.best(kind, key, PER_KIND);
    let begins = !best.is_empty();
    for more in generation.completions.best_inside(kind, key, PER_KIND) {
        if best.len() < PER_KIND && best.iter().all(|known| known.id != more.id || known.text != more.text) {
            best.push(more);
        }
    }
    (begins, best)
}

fn suggestion(generation: &Generation, typed: &str, c: Completion) -> Suggestion {
    const EVERYDAY: &str = "常见问题";
    let (kind, label, url) = match c.kind {
        CompletionKind::Institution => ("institution", "机构", urls::institution(&c.id)),
        CompletionKind::Regulation => ("regulation", "法规", urls::regulation(&c.id)),
        CompletionKind::Division => ("division", "地区", urls::division(&c.id)),
        CompletionKind::Listed => match kind_named(&c.of) {
            Some(kind) => (kind.name, kind.label, urls::record(kind, &c.id)),
            None => ("query", EVERYDAY, urls::search(&c.text)),
        },
        CompletionKind::Everyday => ("query", EVERYDAY, urls::search(&c.text)),
    };
    let detail = match c.kind {
        CompletionKind::Regulation => generation.catalogue.regulation(&c.id).map(regulation_detail).unwrap_or_default(),
        CompletionKind::Division => match former_name(generation, &c.id, typed) {
            Some(former) => format!("{}（{former}）", c.detail),
            None => c.detail,
        },
        _ => c.detail,
    };
    Suggestion { kind, label, text: c.text, detail, url }
}

/// What became of the name that was typed, where the division has another now: 宣武区 2010 年撤销.
fn former_name(generation: &Generation, code: &str, typed: &str) -> Option<String> {
    let division = generation.catalogue.division(code)?;
    let begins = |name: &str| generation.pipeline.key(name).starts_with(typed);
    if begins(&division.name) || begins(&division.short_name) {
        return None;
    }
    let named = division.former.iter().filter(|f| f.succession != Succession::Unknown && begins(&f.name));
    let last = named.max_by_key(|f| f.until)?;
    Some(match last.until {
        Some(year) => format!("{} {year} 年{}", last.name, last.change),
        None => format!("曾用名 {}", last.name),
    })
}

fn regulation_detail(r: &RegulationEntry) -> String {
    let year = r.version_date.map(|d| d.year().to_string()).unwrap_or_default();
    match r.status {
        Status::InForce => format!("{} {year}", r.level.label()),
        other => format!("{} {year} {}", r.level.label(), other.label()),
    }
}
