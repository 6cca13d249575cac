//! Who is in charge of something, by the duties that institutions' own schemes of organization give them: 谁负责校外培训.

use std::collections::{HashMap, HashSet};

use indexer::{
    index::{Generation, fields::doc_kind, projection::DirectoryEntry},
    record::{Date, Entry, Passage, kind_named},
};
use tantivy::{
    Term,
    query::{BooleanQuery, Occur, Query},
};

use super::{Answer, Content, directory_answers, queries::top, top_entries};
use crate::{SearchError, plan::bigrams, request::SearchRequest, run::exact, understand::responsible::Asked};

/// Schemes looked at for one question.
const CANDIDATES: usize = 200;
/// Answers told.
const MAX: usize = 3;
/// Records of a body, or schemes of a division, among which its last scheme is looked for.
const MAX_OF_A_BODY: usize = 2_000;
/// Share of the matter's pairs of characters that a duty must have: below it speaks of something else. Words that people
/// leave out or add (校外培训 for 校外培训机构) stay within it.
const LEAST: f32 = 0.75;

/// The institutions whose duties speak of the matter: of the region first, then of the nearest one above it. Each
/// record is told with the duty, and is followed by the institution itself.
pub fn answers(generation: &Generation, asked: &Asked, request: &SearchRequest) -> Result<Vec<Answer>, SearchError> {
    let f = &generation.directory.fields;
    let pairs: Vec<String> =
        bigrams(&generation.pipeline.normalizer.text(&asked.matter)).into_iter().map(|(_, pair)| pair).collect();
    if pairs.is_empty() {
        return Ok(Vec::new());
    }
    let term = |pair: &String| -> (Occur, Box<dyn Query>) {
        (Occur::Should, Box::new(exact(Term::from_field_text(f.passages, pair))))
    };
    let query = BooleanQuery::new(pairs.iter().map(term).collect());
    let region = asked.region.clone().or_else(|| request.region.as_ref().map(ToString::to_string));
    let mut found: Vec<Matched> = Vec::new();
    for (_, at) in top(&generation.directory.searcher, &query, CANDIDATES)? {
        let DirectoryEntry::Listed { id, of, entry } = super::directory_entry(generation, at)? else { continue };
        if entry.since.is_some_and(|since| since > generation.manifest.built_on) {
            // What a scheme says before its day nobody is in charge of yet.
            continue;
        }
        let division = entry.division.as_ref().map_or("000000", |division| division.as_str()).to_owned();
        let steps = match &region {
            // How far above the region; what lies beside or below it answers for others.
            Some(region) if generation.catalogue.lies_in(region, &division) => {
                let above = generation.catalogue.path(region);
                above.iter().rev().position(|place| place.code == division).unwrap_or(above.len())
            }
            Some(_) => continue,
            None => generation.catalogue.path(&division).len(),
        };
        let Some((share, times, passage)) = best(generation, &entry, &pairs) else { continue };
        found.push(Matched { steps, share, times, id, of, entry, passage });
    }
    // Whose duties speak of it most comes before whoever has to do with it besides.
    found.sort_by(|a, b| {
        let besides = || b.times.cmp(&a.times).then(a.passage.text.len().cmp(&b.passage.text.len()));
        a.steps.cmp(&b.steps).then(b.share.total_cmp(&a.share)).then_with(besides).then_with(|| a.id.cmp(&b.id))
    });
    // Of a body's schemes of which none is told to be over, the last one answers, also where it has given the duty away and says
    // nothing of it.
    let mut last: HashMap<Body, Option<Date>> = HashMap::new();
    let (mut told, mut answering) = (HashSet::new(), Vec::new());
    for one in found {
        // Of a region's line, the nearest that has an answer.
        let is_farther = |first: &Matched| region.is_some() && first.steps < one.steps;
        if answering.len() == MAX || answering.first().is_some_and(is_farther) {
            break;
        }
        let body = body(&one.entry);
        let since = match last.get(&body) {
            Some(since) => *since,
            None => last_scheme(generation, &one)?,
        };
        last.insert(body.clone(), since);
        if since <= one.entry.since && told.insert(body) {
            answering.push(one);
        }
    }
    let mut all = Vec::new();
    for Matched { steps, share, id, of, entry, passage, .. } in answering {
        let why = match (&region, steps) {
            (Some(_), 0) => "该地区机构的三定规定写明由它负责",
            (Some(_), _) => "本地区没有收录三定规定；这是上级地区机构的，供参照",
            (None, _) => "三定规定写明由它负责；各地机构可能不同，加上地区再查",
        };
        let owner = entry.owner_id.clone();
        let about = format!("{}：{}", passage.label, passage.text);
        let told = Box::new(Entry { about, passages: Vec::new(), ..*entry });
        let content = Content::Directory(DirectoryEntry::Listed { id, of, entry: told });
        all.push(Answer { score: share, content, why });
        if let Some(owner) = owner {
            let owner = exact(Term::from_field_text(f.id, &owner));
            let open = SearchRequest { region: None, ..request.clone() };
            all.extend(directory_answers(generation, &owner, &open, "职责由它承担")?);
        }
    }
    Ok(all)
}

/// Whose scheme it is: the record of the body, or its name and place.
type Body = (String, String);

fn body(entry: &Entry) -> Body {
    let place = || entry.division.as_ref().map_or_else(String::new, ToString::to_string);
    entry.owner_id.clone().map_or_else(|| (entry.owner_name.clone(), place()), |id| (id, String::new()))
}

/// The day of a body's last scheme that has taken effect.
fn last_scheme(generation: &Generation, of: &Matched) -> Result<Option<Date>, SearchError> {
    let f = &generation.directory.fields;
    let query: Box<dyn Query> = match &of.entry.owner_id {
        Some(owner) => Box::new(exact(Term::from_field_text(f.parent, owner))),
        None => {
            let place = of.entry.division.as_ref().map_or("000000", |division| division.as_str());
            let Some(kind) = kind_named(&of.of) else { return Ok(of.entry.since) };
            Box::new(BooleanQuery::intersection(vec![
                Box::new(exact(Term::from_field_text(f.division, place))),
                Box::new(exact(Term::from_field_u64(f.kind, doc_kind(kind)))),
            ]))
        }
    };
    let same = top_entries(generation, &*query, MAX_OF_A_BODY)?.into_iter().filter_map(|entry| match entry {
        DirectoryEntry::Listed { of: kind, entry, .. } if kind == of.of && body(&entry) == body(&of.entry) => {
            entry.since
        }
        _ => None,
    });
    Ok(same.filter(|since| *since <= generation.manifest.built_on).max())
}

/// A scheme that speaks of the matter.
struct Matched {
    /// How far above the region it is.
    steps: usize,
    /// The share of the matter that its best passage has.
    share: f32,
    /// How many of its passages speak of it.
    times: usize,
    id: String,
    /// Its kind.
    of: String,
    entry: Box<Entry>,
    passage: Passage,
}

/// The passage that has most of the pairs, where that is enough: its share, how many passages have enough, and it.
fn best(generation: &Generation, entry: &Entry, pairs: &[String]) -> Option<(f32, usize, Passage)> {
    let share = |passage: &Passage| {
        let text = generation.pipeline.normalizer.text(&passage.text);
        pairs.iter().filter(|pair| text.contains(pair.as_str())).count() as f32 / pairs.len() as f32
    };
    let shares: Vec<(f32, &Passage)> = entry.passages.iter().map(|passage| (share(passage), passage)).collect();
    let times = shares.iter().filter(|(share, _)| *share >= LEAST).count();
    let best =
        shares.into_iter().max_by(|a, b| a.0.total_cmp(&b.0).then_with(|| b.1.text.len().cmp(&a.1.text.len())))?;
    (best.0 >= LEAST).then(|| (best.0, times, best.1.clone()))
}
