//! Who is in charge of something, by the duties that institutions' own schemes of organization give them: 谁负责校外培训.

use std::collections::{HashMap, HashSet};

use indexer::{
    index::{Generation, projection::DirectoryEntry},
    record::{Date, Entry, Passage},
};
use tantivy::{
    Term,
    query::{BooleanQuery, Occur, Query},
};

use super::{Answer, Content, directory_answers, queries::top};
use crate::{SearchError, plan::bigrams, request::SearchRequest, run::exact, understand::responsible::Asked};

/// Schemes looked at for one question.
const CANDIDATES: usize = 200;
/// Answers told.
const MAX: usize = 3;
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
        found.push((steps, share, id, of, entry, passage, times));
    }
    // Whose duties speak of it most comes before whoever has to do with it besides.
    let rank = |a: &Matched, b: &Matched| {
        let besides = || b.6.cmp(&a.6).then(a.5.text.len().cmp(&b.5.text.len())).then_with(|| a.2.cmp(&b.2));
        a.0.cmp(&b.0).then(b.1.total_cmp(&a.1)).then_with(besides)
    };
    found.sort_by(rank);
    // Of a body's schemes of which none is told to be over, the last one answers.
    let newest: HashMap<Body, Option<Date>> = found.iter().fold(HashMap::new(), |mut newest, one| {
        let since = newest.entry(body(&one.4)).or_insert(one.4.since);
        *since = (*since).max(one.4.since);
        newest
    });
    let mut told = HashSet::new();
    found.retain(|one| {
        newest.get(&body(&one.4)).is_some_and(|since| *since == one.4.since) && told.insert(body(&one.4))
    });
    // Of a region's line, the nearest that has an answer.
    if region.is_some()
        && let Some(nearest) = found.first().map(|first| first.0)
    {
        found.retain(|one| one.0 == nearest);
    }
    let mut all = Vec::new();
    for (steps, share, id, of, entry, passage, _) in found.into_iter().take(MAX) {
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

/// A scheme that speaks of the matter: how far above the region, the share of the matter that its best passage has, its id,
/// kind and entry, that passage, and how many of its passages speak of it.
type Matched = (usize, f32, String, String, Box<Entry>, Passage, usize);

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
