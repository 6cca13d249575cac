//! Who is in charge of something, by the duties that institutions' own schemes of organization give them:
//! 谁负责校外培训.

use std::collections::{BTreeMap, HashMap, HashSet};

use indexer::{
    index::{Generation, fields::doc_kind, projection::DirectoryEntry, wordings::Sort},
    record::{Date, DivisionCode, Entry, Passage, comparison, kind_named, staffing},
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
use crate::{
    SearchError,
    plan::{bigrams, everyday},
    request::SearchRequest,
    run::exact,
    understand::responsible::Asked,
};

/// Schemes looked at for one question.
const CANDIDATES: usize = 200;
/// Answers told.
const MAX: usize = 3;
/// Schemes of an institution, or of a division, among which its last one is looked for.
const MAX_OF_A_BODY: usize = 2_000;
/// Share of the matter's pairs of characters that a duty must have: below it speaks of something else. Words that
/// people leave out or add (校外培训 for 校外培训机构) stay within it.
const LEAST: f32 = 0.75;
/// Other ways to put a matter that are looked up: duties of many places say the same in other words.
const MAX_ALIKE: usize = 5;

/// How a matter is put, beside how it is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Put {
    AsAsked,
    /// As the law calls it.
    InWordsOfLaw,
    /// As a duty does that means the same.
    AsMeant,
}

/// The institutions whose duties speak of the matter: in its words, else as the law calls it, else in other words of the
/// same meaning.
pub fn answers(generation: &Generation, asked: &Asked, request: &SearchRequest) -> Result<Vec<Answer>, SearchError> {
    let as_asked = about(generation, asked, (asked.matter.as_str(), Put::AsAsked), request)?;
    if !as_asked.is_empty() {
        return Ok(as_asked.answers);
    }
    let text = generation.pipeline.normalizer.text(&asked.matter);
    let of_law: Vec<String> = everyday(generation, &text)
        .flat_map(|word| word.legal.iter().map(move |phrase| (word.at.clone(), phrase)))
        .filter_map(|(at, phrase)| Some(format!("{}{phrase}{}", text.get(..at.start)?, text.get(at.end..)?)))
        .take(MAX_ALIKE)
        .collect();
    let found = nearest(generation, asked, of_law.iter().map(String::as_str), Put::InWordsOfLaw, request)?;
    if let Some(found) = found {
        return Ok(found.answers);
    }
    let Some(meanings) = generation.meanings() else { return Ok(Vec::new()) };
    let alike = meanings.wordings.like(&meanings.model, Sort::Passage, &asked.matter, MAX_ALIKE);
    let found = nearest(generation, asked, alike.into_iter(), Put::AsMeant, request)?;
    Ok(found.map_or_else(Vec::new, |found| found.answers))
}

/// The first of some ways to put a matter that the region itself has a word on, else the first that the nearest above it
/// has.
fn nearest<'t>(
    generation: &Generation,
    asked: &Asked,
    matters: impl Iterator<Item = &'t str>,
    put: Put,
    request: &SearchRequest,
) -> Result<Option<Found>, SearchError> {
    let mut nearest: Option<Found> = None;
    for matter in matters {
        let found = about(generation, asked, (matter, put), request)?;
        let is_nearer = nearest.as_ref().is_none_or(|nearest| found.steps < nearest.steps);
        if !found.is_empty() && is_nearer {
            nearest = Some(found);
        }
    }
    Ok(nearest)
}

/// What was found for a matter.
#[derive(Default)]
struct Found {
    answers: Vec<Answer>,
    /// How far above the region the nearest is.
    steps: usize,
}

impl Found {
    fn is_empty(&self) -> bool {
        self.answers.is_empty()
    }
}

/// The institutions whose duties speak of a matter as it is put: of the region first, then of the nearest one above it.
/// Each record is reported with the duty, and is followed by the institution itself. What a scheme says that another
/// institution does is reported of that institution; an institution that has ended answers only where nobody else does,
/// as history, and is followed by whoever took over.
fn about(
    generation: &Generation,
    asked: &Asked,
    (matter, put): (&str, Put),
    request: &SearchRequest,
) -> Result<Found, SearchError> {
    let f = &generation.directory.fields;
    let pairs: Vec<String> =
        bigrams(&generation.pipeline.normalizer.text(matter)).into_iter().map(|(_, pair)| pair).collect();
    if pairs.is_empty() {
        return Ok(Found::default());
    }
    let term = |pair: &String| -> (Occur, Box<dyn Query>) {
        (Occur::Should, Box::new(exact(Term::from_field_text(f.passages, pair))))
    };
    let speaks = BooleanQuery::new(pairs.iter().map(term).collect());
    let near = request.region.as_ref().or(request.near.as_ref()).map(ToString::to_string);
    let region = asked.region.clone().or(near);
    let mut places = Places { generation, all: HashMap::new() };
    // Of an institution's schemes of which none is told to be over, the last one answers, also where it has given the
    // duty away and says nothing of it.
    let mut last: HashMap<Body, Option<Date>> = HashMap::new();
    let mut dated = Dated { generation, places: HashMap::new() };
    // Whether the region itself had a word on it that its later schemes do not have.
    let mut was_local = false;
    let mut told = HashSet::new();
    let (mut answering, mut history): (Vec<Doer>, Vec<Doer>) = Default::default();
    for (steps, place) in steps(generation, region.as_deref()) {
        // Of a region's line, the nearest that has an answer; an institution that has ended gives none where another
        // does.
        if answering.len() == MAX || region.is_some() && !answering.is_empty() {
            break;
        }
        for one in matched(generation, &speaks, &pairs, steps, place.as_deref())? {
            if answering.len() == MAX {
                break;
            }
            let body = body(&one.entry);
            let since = match last.get(&body) {
                Some(since) => *since,
                None => dated.last(&one)?,
            };
            last.insert(body.clone(), since);
            if since > one.entry.since {
                was_local |= region.is_some() && steps == 0;
                continue;
            }
            let at = place_of(&one.entry).to_owned();
            let (doer, whose) = match &one.passage.by {
                Some(name) => {
                    let meant = places.meant(name, &at)?;
                    let whose =
                        meant.id.clone().map_or_else(|| (meant.name.clone(), meant.place), |id| (id, String::new()));
                    ((meant.name, meant.id), whose)
                }
                None => ((one.entry.owner_name.clone(), one.entry.owner_id.clone()), body),
            };
            if !told.insert(whose) {
                continue;
            }
            let events = Events::of(generation, &doer.0, &at, doer.1.as_deref())?;
            let end = events.end(&doer.0, generation.manifest.built_on);
            let into = if end.is_some() { &mut history } else { &mut answering };
            if into.len() < MAX {
                into.push(Doer { matched: one, doer, end });
            }
        }
    }
    if answering.is_empty() {
        answering = history;
    }
    let nearest = answering.iter().map(|doer| doer.matched.steps).min().unwrap_or_default();
    let mut all = Vec::new();
    for Doer { matched, doer: (name, id), end } in answering {
        let Matched { steps, share, of, entry, passage, .. } = matched;
        let why = match (&end, &passage.by, &region, steps) {
            (Some(_), ..) => "这个机构已经不在，这是它当时的规定，供参照",
            _ if put == Put::AsMeant => "意思相近的职责，用词不同，供参照",
            (None, Some(_), ..) => "别的机构的三定规定写明由它负责",
            (None, None, Some(_), 0) => "该地区机构的三定规定写明由它负责",
            (None, None, Some(_), _) if was_local => "本地区现行的三定规定没有写明这件事；这是上级地区机构的，供参照",
            (None, None, Some(_), _) => "本地区没有收录写明这件事的三定规定；这是上级地区机构的，供参照",
            (None, None, None, _) => "三定规定写明由它负责；各地机构可能不同，加上地区再查",
        };
        let division = place_of(&entry).to_owned();
        let mut notes: Vec<String> = end.iter().map(|end| end.says(&name)).collect();
        notes.extend(match put {
            Put::AsAsked => None,
            Put::InWordsOfLaw => Some(format!("“{}”在规定里说的是“{matter}”", asked.matter)),
            Put::AsMeant => {
                Some(format!("没有写明“{}”的规定，这是意思相近的一条，请看原文说的是不是这件事", asked.matter))
            }
        });
        notes.extend(passage.by.as_ref().map(|_| format!("写在{}的规定里（{}）", entry.owner_name, entry.about)));
        notes.extend(entry.since.is_none().then(|| "这份规定日期不详".to_owned()));
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
                let heirs = end.to.iter().map(|to| places.meant(to, &division)).collect::<Result<Vec<_>, _>>()?;
                (heirs.into_iter().filter_map(|heir| heir.id).collect(), "承接了它的职责")
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
    Ok(Found { answers: all, steps: nearest })
}

/// An answer with who does it, by name and record, and how that one came to its end.
struct Doer {
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

/// Where schemes are looked for, and how far above the reader's region each is: one division after another, since a
/// whole country has more schemes that speak of a matter than are looked at. Without a region the nation's institutions
/// come first, and then those of any place.
fn steps(generation: &Generation, region: Option<&str>) -> Vec<(usize, Option<String>)> {
    let nation = || DivisionCode::nation().to_string();
    let Some(region) = region else { return vec![(0, Some(nation())), (1, None)] };
    let above = generation.catalogue.path(region).into_iter().rev().map(|place| place.code.clone());
    let mut places: Vec<String> = above.filter(|code| *code != nation()).collect();
    places.push(nation());
    places.into_iter().map(Some).enumerate().collect()
}

/// The passages of schemes of a place, or of any, that speak of the matter: whose duties do most comes before whoever
/// has to do with it besides, and an institution's own word before another's.
fn matched(
    generation: &Generation,
    speaks: &BooleanQuery,
    pairs: &[String],
    steps: usize,
    place: Option<&str>,
) -> Result<Vec<Matched>, SearchError> {
    let f = &generation.directory.fields;
    let of_place = place.map(|place| Box::new(exact(Term::from_field_text(f.division, place))) as Box<dyn Query>);
    let query = BooleanQuery::intersection(of_place.into_iter().chain([Box::new(speaks.clone()) as _]).collect());
    let mut found: Vec<Matched> = Vec::new();
    for (_, at) in top(&generation.directory.searcher, &query, CANDIDATES)? {
        let DirectoryEntry::Listed { id, of, entry } = super::directory_entry(generation, at)? else { continue };
        // What a scheme says before its day nobody is in charge of yet, and of what it said nobody is any more.
        let today = generation.manifest.built_on;
        let is_to_come = entry.since.is_some_and(|since| since > today);
        if is_to_come || entry.is_over(today) || place.is_some_and(|place| place != place_of(&entry)) {
            continue;
        }
        // Of any place, those of higher ones first.
        let steps = if place.is_some() { steps } else { steps + generation.catalogue.path(place_of(&entry)).len() };
        let best = best(generation, &entry, pairs).into_iter();
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
    found.sort_by(|a, b| {
        let besides = || b.times.cmp(&a.times).then(a.passage.text.len().cmp(&b.passage.text.len()));
        let own = a.passage.by.is_some().cmp(&b.passage.by.is_some());
        let order = a.steps.cmp(&b.steps).then(b.share.total_cmp(&a.share)).then(own).then_with(besides);
        order.then_with(|| a.id.cmp(&b.id)).then_with(|| a.passage.by.cmp(&b.passage.by))
    });
    Ok(found)
}

/// The institutions of places, each place read once.
struct Places<'g> {
    generation: &'g Generation,
    /// By place: full names, and the records of those that have one.
    all: HashMap<String, Vec<(String, Option<String>)>>,
}

/// The institution that a name means.
struct Meant {
    /// In full, as far as it is known.
    name: String,
    id: Option<String>,
    place: String,
}

impl Places<'_> {
    /// The institutions of a division that have a record or a scheme.
    fn institutions(&mut self, division: &str) -> Result<&[(String, Option<String>)], SearchError> {
        if !self.all.contains_key(division) {
            let institution = |answer: Answer| match answer.content {
                Content::Directory(DirectoryEntry::Institution { id, institution }) => {
                    Some((institution.name, Some(id)))
                }
                _ => None,
            };
            let institutions = super::institutions_in(self.generation, division)?;
            let mut institutions: Vec<_> = institutions.into_iter().filter_map(institution).collect();
            let mut known: HashSet<String> = institutions.iter().map(|(name, _)| name.clone()).collect();
            for owner in self.owners(division)? {
                if known.insert(owner.0.clone()) {
                    institutions.push(owner);
                }
            }
            self.all.insert(division.to_owned(), institutions);
        }
        Ok(self.all.get(division).map_or(&[], Vec::as_slice))
    }

    /// The institutions that the schemes of a division are of.
    fn owners(&self, division: &str) -> Result<Vec<(String, Option<String>)>, SearchError> {
        let Some(kind) = kind_named(staffing::SCHEME) else { return Ok(Vec::new()) };
        let f = &self.generation.directory.fields;
        let query = BooleanQuery::intersection(vec![
            Box::new(exact(Term::from_field_text(f.division, division))),
            Box::new(exact(Term::from_field_u64(f.kind, doc_kind(kind)))),
        ]);
        let owner = |entry| match entry {
            DirectoryEntry::Listed { entry, .. } => Some((entry.owner_name, entry.owner_id)),
            _ => None,
        };
        Ok(top_entries(self.generation, &query, MAX_OF_A_BODY)?.into_iter().filter_map(owner).collect())
    }

    /// The institution that a scheme of a division means by a name; one that means none of those on record, or several,
    /// stays.
    fn meant(&mut self, name: &str, division: &str) -> Result<Meant, SearchError> {
        // 国家税务总局北京市税务局 is the city's own, though it begins as one of the nation's.
        if let Some((name, id)) = self.institutions(division)?.iter().find(|(full, _)| full == name).cloned() {
            return Ok(Meant { name, id, place: division.to_owned() });
        }
        let place = place_meant(self.generation, name, division);
        let institutions = self.institutions(&place)?;
        let exactly = institutions.iter().find(|(full, _)| full == name);
        let likely = || {
            let at = comparison::meant(name, institutions.iter().map(|(full, _)| full.as_str()))?;
            institutions.get(at)
        };
        let (name, id) = exactly.or_else(likely).cloned().unwrap_or_else(|| (name.to_owned(), None));
        Ok(Meant { name, id, place })
    }
}

/// Words at the front of names that tell no level.
const NO_LEVEL: [&str; 5] = ["市场", "市容", "市政公用", "市政工程", "市政管理"];

/// The division whose institution is meant by a name that begins with the word for its level: 市教育局 in a county's
/// scheme is the city's, 省教育厅 the province's.
fn place_meant(generation: &Generation, name: &str, division: &str) -> String {
    let path = generation.catalogue.path(division);
    let nearest = |end: &str| path.iter().rev().find(|place| place.name.ends_with(end)).map(|place| place.code.clone());
    let first = || path.first().map(|place| place.code.clone());
    let found = match name.chars().next() {
        Some('省') => first(),
        Some('自') if name.starts_with("自治区") => first(),
        Some('自') if name.starts_with("自治州") => nearest("州"),
        Some('国') if name.starts_with("国家") => Some(DivisionCode::nation().to_string()),
        Some('市') if !NO_LEVEL.iter().any(|word| name.starts_with(word)) => nearest("市"),
        Some(level @ ('州' | '盟' | '县' | '区' | '旗')) => nearest(&level.to_string()),
        _ => None,
    };
    found.unwrap_or_else(|| division.to_owned())
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
