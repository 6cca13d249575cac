//! Who is in charge of something, by the duties that institutions' own schemes of organization give them:
//! 谁负责校外培训.

use std::collections::{BTreeMap, HashMap, HashSet};

use indexer::{
    index::{Generation, fields::doc_kind, projection::DirectoryEntry},
    record::{Date, Entry, Passage, comparison, kind_named},
};
use tantivy::{
    Term,
    query::{BooleanQuery, Occur, Query},
};

use super::{
    Answer, Content, directory_answers,
    lineage::{End, Events},
    queries::top,
    top_entries,
};
use crate::{SearchError, plan::bigrams, request::SearchRequest, run::exact, understand::responsible::Asked};

/// Schemes looked at for one question.
const CANDIDATES: usize = 200;
/// Answers told.
const MAX: usize = 3;
/// Schemes of an institution, or of a division, among which its last one is looked for.
const MAX_OF_A_BODY: usize = 2_000;
/// Share of the matter's pairs of characters that a duty must have: below it speaks of something else. Words that
/// people leave out or add (校外培训 for 校外培训机构) stay within it.
const LEAST: f32 = 0.75;

/// The institutions whose duties speak of the matter: of the region first, then of the nearest one above it. Each
/// record is reported with the duty, and is followed by the institution itself. What a scheme says that another
/// institution does is reported of that institution; an institution that has ended answers only where nobody else does,
/// as history, and is followed by whoever took over.
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
        let division = place_of(&entry).to_owned();
        let steps = match &region {
            // How far above the region; what lies beside or below it answers for others.
            Some(region) if generation.catalogue.lies_in(region, &division) => {
                let above = generation.catalogue.path(region);
                above.iter().rev().position(|place| place.code == division).unwrap_or(above.len())
            }
            Some(_) => continue,
            None => generation.catalogue.path(&division).len(),
        };
        let best = best(generation, &entry, &pairs).into_iter();
        found.extend(best.map(|(share, times, passage)| Matched {
            steps,
            share,
            times,
            id: id.clone(),
            of: of.clone(),
            entry: entry.clone(),
            passage,
        }));
    }
    // Whose duties speak of it most comes before whoever has to do with it besides, and an institution's own word
    // before another's.
    found.sort_by(|a, b| {
        let besides = || b.times.cmp(&a.times).then(a.passage.text.len().cmp(&b.passage.text.len()));
        let own = a.passage.by.is_some().cmp(&b.passage.by.is_some());
        let order = a.steps.cmp(&b.steps).then(b.share.total_cmp(&a.share)).then(own).then_with(besides);
        order.then_with(|| a.id.cmp(&b.id)).then_with(|| a.passage.by.cmp(&b.passage.by))
    });
    let mut places = Places { generation, all: HashMap::new() };
    // Of an institution's schemes of which none is told to be over, the last one answers, also where it has given the
    // duty away and says nothing of it.
    let mut last: HashMap<Body, Option<Date>> = HashMap::new();
    let mut dated = Dated { generation, places: HashMap::new() };
    // Whether the region itself had a word on it that its later schemes do not have.
    let mut was_local = false;
    let mut told = HashSet::new();
    let (mut answering, mut history): (Vec<Found>, Vec<Found>) = Default::default();
    for one in found {
        // Of a region's line, the nearest that has an answer; an institution that has ended gives none where another
        // does.
        let nearest = answering.iter().map(|told| told.matched.steps).min();
        let is_farther = region.is_some() && nearest.is_some_and(|nearest| nearest < one.steps);
        if answering.len() == MAX || is_farther {
            break;
        }
        let body = body(&one.entry);
        let since = match last.get(&body) {
            Some(since) => *since,
            None => dated.last(&one)?,
        };
        last.insert(body.clone(), since);
        if since > one.entry.since {
            was_local |= one.steps == 0;
            continue;
        }
        let place = places.get(place_of(&one.entry))?;
        let doer = match &one.passage.by {
            Some(name) => place.meant(name),
            None => (one.entry.owner_name.clone(), one.entry.owner_id.clone()),
        };
        let whose = match &one.passage.by {
            Some(_) => doer
                .1
                .clone()
                .map_or_else(|| (doer.0.clone(), place_of(&one.entry).to_owned()), |id| (id, String::new())),
            None => body,
        };
        let end = place.events.end(&doer.0, generation.manifest.built_on);
        if !told.insert(whose) {
            continue;
        }
        let into = if end.is_some() { &mut history } else { &mut answering };
        if into.len() < MAX {
            into.push(Found { matched: one, doer, end });
        }
    }
    if answering.is_empty() {
        answering = history;
    }
    let mut all = Vec::new();
    for Found { matched, doer: (name, id), end } in answering {
        let Matched { steps, share, of, entry, passage, .. } = matched;
        let why = match (&end, &passage.by, &region, steps) {
            (Some(_), ..) => "这个机构已经不在，这是它当时的规定，供参照",
            (None, Some(_), ..) => "别的机构的三定规定写明由它负责",
            (None, None, Some(_), 0) => "该地区机构的三定规定写明由它负责",
            (None, None, Some(_), _) if was_local => "本地区现行的三定规定没有写明这件事；这是上级地区机构的，供参照",
            (None, None, Some(_), _) => "本地区没有收录写明这件事的三定规定；这是上级地区机构的，供参照",
            (None, None, None, _) => "三定规定写明由它负责；各地机构可能不同，加上地区再查",
        };
        let division = place_of(&entry).to_owned();
        let mut notes: Vec<String> = end.iter().map(|end| end.says(&name)).collect();
        notes.extend(passage.by.as_ref().map(|_| format!("写在{}的规定里（{}）", entry.owner_name, entry.about)));
        notes.extend(entry.since.is_none().then(|| "这份规定没有写日期".to_owned()));
        notes.push(match &region {
            Some(region) if steps > 0 => {
                let without = if was_local {
                    "现行的三定规定没有写明这件事"
                } else {
                    "没有收录写明这件事的三定规定"
                };
                let (here, there) = (generation.catalogue.full_name(region), called(generation, &division));
                format!("{here}{without}，这是{there}的，以本地的规定为准")
            }
            Some(_) => String::new(),
            None => format!("这是{}机构的规定", called(generation, &division)),
        });
        notes.retain(|note| !note.is_empty());
        // Who does it now.
        let (followed, followed_as) = match end {
            Some(end) => {
                let place = places.get(&division)?;
                let ids = end.to.iter().filter_map(|to| place.meant(to).1).collect();
                (ids, "承接了它的职责")
            }
            None => (id.iter().cloned().collect::<Vec<String>>(), "职责由它承担"),
        };
        let about = format!("{}：{}", passage.label, passage.text);
        let note = notes.join("；");
        let shown = Entry { about, note, owner_name: name, owner_id: id, passages: Vec::new(), ..*entry };
        let content = Content::Directory(DirectoryEntry::Listed { id: matched.id, of, entry: Box::new(shown) });
        all.push(Answer { score: share, content, why });
        let open = SearchRequest { region: None, ..request.clone() };
        for id in followed {
            let owner = exact(Term::from_field_text(f.id, &id));
            all.extend(directory_answers(generation, &owner, &open, followed_as)?);
        }
    }
    Ok(all)
}

/// An answer with who does it, by name and record, and how that one came to its end.
struct Found {
    matched: Matched,
    doer: (String, Option<String>),
    end: Option<End>,
}

/// A place as a reader knows it.
fn called(generation: &Generation, division: &str) -> String {
    match generation.catalogue.full_name(division) {
        name if name.is_empty() || division == "000000" => "全国一级".to_owned(),
        name => name,
    }
}

fn place_of(entry: &Entry) -> &str {
    entry.division.as_ref().map_or("000000", |division| division.as_str())
}

/// What is known of the places of answers, each read once.
struct Places<'g> {
    generation: &'g Generation,
    all: HashMap<String, Place>,
}

/// The institutions of a division and what happened to them.
struct Place {
    institutions: Vec<(String, String)>,
    events: Events,
}

impl Places<'_> {
    fn get(&mut self, division: &str) -> Result<&Place, SearchError> {
        if !self.all.contains_key(division) {
            let institution = |answer: Answer| match answer.content {
                Content::Directory(DirectoryEntry::Institution { id, institution }) => Some((institution.name, id)),
                _ => None,
            };
            let institutions = super::institutions_in(self.generation, division)?;
            let institutions = institutions.into_iter().filter_map(institution).collect();
            let events = Events::of(self.generation, division, None)?;
            self.all.insert(division.to_owned(), Place { institutions, events });
        }
        self.all.get(division).ok_or_else(|| SearchError::Index(format!("没有读到 {division}")))
    }
}

impl Place {
    /// The institution that a name means, full name and record; a name that means none of those on record, or several,
    /// stays.
    fn meant(&self, name: &str) -> (String, Option<String>) {
        let exactly = self.institutions.iter().find(|(full, _)| full == name);
        let likely = || {
            let at = comparison::meant(name, self.institutions.iter().map(|(full, _)| full.as_str()))?;
            self.institutions.get(at)
        };
        match exactly.or_else(likely) {
            Some((full, id)) => (full.clone(), Some(id.clone())),
            None => (name.to_owned(), None),
        }
    }
}

/// Whose scheme it is: the record of the institution, or its name and place.
type Body = (String, String);

fn body(entry: &Entry) -> Body {
    let place = || entry.division.as_ref().map_or_else(String::new, ToString::to_string);
    entry.owner_id.clone().map_or_else(|| (entry.owner_name.clone(), place()), |id| (id, String::new()))
}

/// The days of last schemes, each place read once.
struct Dated<'g> {
    generation: &'g Generation,
    /// By place and kind.
    places: HashMap<(String, String), Days>,
}

/// The days of the last schemes of a place's institutions that have taken effect, by name.
#[derive(Default)]
struct Days {
    /// Of those that name the record of their institution.
    owned: HashMap<String, Date>,
    unowned: HashMap<String, Date>,
}

impl Dated<'_> {
    /// The day of an institution's last scheme that has taken effect. A scheme that does not name the institution's
    /// record is the institution's by name and place.
    fn last(&mut self, of: &Matched) -> Result<Option<Date>, SearchError> {
        let Some(kind) = kind_named(&of.of) else { return Ok(of.entry.since) };
        let f = &self.generation.directory.fields;
        let of_kind = || -> Box<dyn Query> { Box::new(exact(Term::from_field_u64(f.kind, doc_kind(kind)))) };
        let mut last = of.entry.since;
        if let Some(owner) = &of.entry.owner_id {
            let owner: Box<dyn Query> = Box::new(exact(Term::from_field_text(f.parent, owner)));
            last = last.max(self.read(&of.of, vec![owner, of_kind()])?.filter_map(|entry| entry.since).max());
        }
        let key = (place_of(&of.entry).to_owned(), of.of.clone());
        if !self.places.contains_key(&key) {
            let place: Box<dyn Query> = Box::new(exact(Term::from_field_text(f.division, &key.0)));
            let mut days = Days::default();
            for entry in self.read(&of.of, vec![place, of_kind()])? {
                let Some(since) = entry.since else { continue };
                let of = if entry.owner_id.is_some() { &mut days.owned } else { &mut days.unowned };
                of.entry(entry.owner_name).and_modify(|known| *known = since.max(*known)).or_insert(since);
            }
            self.places.insert(key.clone(), days);
        }
        let Some(days) = self.places.get(&key) else { return Ok(last) };
        let name = &of.entry.owner_name;
        // Two institutions of one name are distinguished by their records, where both schemes name theirs.
        let owned = days.owned.get(name).filter(|_| of.entry.owner_id.is_none());
        Ok(last.max(days.unowned.get(name).copied()).max(owned.copied()))
    }

    /// The records of a kind that a query finds, of those that have taken effect.
    fn read(&self, kind: &str, query: Vec<Box<dyn Query>>) -> Result<impl Iterator<Item = Entry>, SearchError> {
        let today = self.generation.manifest.built_on;
        let found = top_entries(self.generation, &BooleanQuery::intersection(query), MAX_OF_A_BODY)?;
        Ok(found.into_iter().filter_map(move |entry| match entry {
            DirectoryEntry::Listed { of, entry, .. }
                if of == kind && entry.since.is_some_and(|since| since <= today) =>
            {
                Some(*entry)
            }
            _ => None,
        }))
    }
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

/// Of each institution that the record speaks of, the passage that has most of the pairs, where that is enough: its
/// share, how many passages have enough, and it.
fn best(generation: &Generation, entry: &Entry, pairs: &[String]) -> Vec<(f32, usize, Passage)> {
    let share = |passage: &Passage| {
        let text = generation.pipeline.normalizer.text(&passage.text);
        pairs.iter().filter(|pair| text.contains(pair.as_str())).count() as f32 / pairs.len() as f32
    };
    let mut by_doer: BTreeMap<Option<&String>, Vec<(f32, &Passage)>> = BTreeMap::new();
    for passage in &entry.passages {
        let share = share(passage);
        if share >= LEAST {
            by_doer.entry(passage.by.as_ref()).or_default().push((share, passage));
        }
    }
    let best = |shares: Vec<(f32, &Passage)>| {
        let times = shares.len();
        let longer = |a: &(f32, &Passage), b: &(f32, &Passage)| {
            a.0.total_cmp(&b.0).then_with(|| b.1.text.len().cmp(&a.1.text.len()))
        };
        shares.into_iter().max_by(longer).map(|(share, passage)| (share, times, passage.clone()))
    };
    by_doer.into_values().filter_map(best).collect()
}
