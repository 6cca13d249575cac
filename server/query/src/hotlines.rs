//! Numbers of whole systems 热线: which one answers for an institution's field of work, and what stands in for a number
//! that nobody has.

use indexer::{
    index::{
        Generation,
        projection::{DirectoryEntry, answers_term},
    },
    record::{Category, Entry, Institution, InstitutionLevel},
    text::dictionaries::Danger,
};

use super::{
    SearchError,
    plan::Lookup,
    reply::HotlinePart,
    request::SearchRequest,
    run::{self, Answer, Content, Found},
    understand::{
        Understanding, danger,
        hotline::{self, AskedField, GOVERNMENT, OF_GOVERNMENTS},
    },
};

/// Numbers shown for an institution.
const MAX: usize = 3;

/// The numbers that answer for what an institution does, those of its own field first.
pub fn answering_for(generation: &Generation, institution: &Institution) -> Result<Vec<HotlinePart>, SearchError> {
    let mut fields = generation.known_offices.systems(&institution.name);
    for key in generation.office_keys(institution) {
        fields.extend(generation.known_offices.root(&key).map(str::to_owned));
        fields.push(key);
    }
    fields.sort_unstable();
    fields.dedup();
    let mut found = Vec::new();
    for field in fields {
        found.extend(numbers(generation, &Lookup::Answering(answers_term(&field)))?);
    }
    let local = institution.level != InstitutionLevel::Central && institution.category == Category::Government;
    if found.is_empty() && local {
        found = numbers(generation, &Lookup::ListedName(OF_GOVERNMENTS.to_owned()))?;
    }
    found.sort_by(|a, b| (a.number.len(), &a.number).cmp(&(b.number.len(), &b.number)));
    found.dedup_by(|a, b| a.number == b.number);
    found.truncate(MAX);
    Ok(found)
}

/// The numbers of a whole system that answer for a kind of office, whichever region it is of.
pub fn of_office(generation: &Generation, office: &str, request: &SearchRequest) -> Result<Vec<Answer>, SearchError> {
    let mut found: Vec<Answer> = Vec::new();
    for key in [Some(office), generation.known_offices.root(office)].into_iter().flatten() {
        for answer in run::look_up(generation, &Lookup::Answering(answers_term(key)), request)? {
            if found.iter().all(|known| known.content.identity() != answer.content.identity()) {
                found.push(answer);
            }
        }
    }
    // A number that was merged into another one is no number to call.
    found.retain(|answer| entry_of(&answer.content).is_some_and(|entry| entry.answers_for.is_some()));
    found.sort_by_cached_key(|answer| {
        let number = entry_of(&answer.content).and_then(|entry| entry.phone.clone()).unwrap_or_default();
        (number.len(), number)
    });
    found.truncate(MAX);
    Ok(found)
}

fn entry_of(content: &Content) -> Option<&Entry> {
    match content {
        Content::Directory(DirectoryEntry::Listed { entry, .. }) => Some(entry),
        _ => None,
    }
}

/// Numbers in words: 12368（诉讼服务）.
pub fn in_words(answers: &[Answer]) -> String {
    let words = |entry: &Entry| Some(format!("{}（{}）", entry.phone.as_ref()?, entry.about));
    let all: Vec<String> = answers.iter().filter_map(|answer| words(entry_of(&answer.content)?)).collect();
    all.join("、")
}

/// What is offered where a query asks for the number of a field and none is known: the number that takes all matters,
/// and the government of the region that was named. A word about it; `None` where something else answers.
pub fn stand_in(
    generation: &Generation,
    u: &Understanding,
    request: &SearchRequest,
    found: &mut Found,
) -> Result<Option<String>, SearchError> {
    // 燃气公司电话: companies that serve a field have no number for the whole country where the field has none.
    let has_none = |said: &str| {
        let of_companies = said.strip_suffix("公司").filter(|field| !field.is_empty());
        [Some(said), of_companies].into_iter().flatten().any(|field| generation.unnumbered_fields.contains(field))
    };
    let asks = |asked: &AskedField| asked.certain || has_none(&asked.said);
    let behind =
        || u.region_offices.iter().filter_map(|r| hotline::field_behind(u, r).map(|field| (field, r.division)));
    if let Some(danger) = danger::of(&generation.dangers, u) {
        return Ok(in_danger(generation, u, found, danger));
    }
    let Some(asked) = hotline::field(u) else { return Ok(None) };
    if !found.direct.is_empty() || found.has_the_name() {
        return Ok(None);
    }
    // 遵义热线 names no field: the number for all is what is asked for.
    let of_a_place = u.region_offices.iter().find(|reading| hotline::is_bare(reading)).map(|reading| reading.division);
    let (said, division) = match behind().find(|(field, _)| asks(field)) {
        _ if of_a_place.is_some() => (None, of_a_place),
        Some((field, division)) => (Some(field.said), Some(division)),
        None if u.region_offices.is_empty() && asks(&asked) => (Some(asked.said), None),
        None => return Ok(None),
    };
    let for_all = run::look_up(generation, &Lookup::ListedName(OF_GOVERNMENTS.to_owned()), request)?;
    if for_all.is_empty() {
        return Ok(None);
    }
    found.direct = for_all;
    if let Some(place) = division.and_then(|at| generation.catalogue.divisions().get(at as usize)) {
        let government = Lookup::RegionOffice(place.code.clone(), GOVERNMENT.to_owned());
        found.direct.extend(run::look_up(generation, &government, request)?);
    }
    let seen: Vec<_> = found.direct.iter().map(|answer| answer.content.identity()).collect();
    found.institutions.retain(|answer| !seen.contains(&answer.content.identity()));
    let note = |said| {
        format!("资料中没有“{said}”的电话，不作猜测；不知道找谁时可以拨打 {OF_GOVERNMENTS}，由当地政府受理或转办")
    };
    Ok(said.map(note))
}

/// A word about a danger that has no number of its own on record: whom to call at once.
fn in_danger(generation: &Generation, u: &Understanding, found: &Found, danger: &Danger) -> Option<String> {
    let number = |content: &Content| entry_of(content)?.phone.clone();
    let known: Vec<String> = found.direct.iter().filter_map(|answer| number(&answer.content)).collect();
    let answered = |known: &String| !danger.numbers.contains(known);
    if known.iter().any(answered) || (danger.own && !known.is_empty()) {
        return None;
    }
    let said = hotline::field(u).map_or_else(|| danger.word.clone(), |field| field.said);
    let said = generation.pipeline.key(&said);
    let numbers = danger.numbers.join("、");
    Some(format!("资料中没有“{said}”的专门电话，不作猜测；有危险时请立即拨打 {numbers}"))
}

fn numbers(generation: &Generation, lookup: &Lookup) -> Result<Vec<HotlinePart>, SearchError> {
    let answers = run::look_up(generation, lookup, &SearchRequest::new(""))?;
    let part = |content: Content| match content {
        Content::Directory(DirectoryEntry::Listed { id, of, entry }) => {
            let path = indexer::record::kind_named(&of)?.path;
            let Entry { name, phone, about, owner_name, answers_for, .. } = *entry;
            answers_for?;
            Some(HotlinePart { number: phone?, name, matter: about, owner: owner_name, url: format!("/{path}/{id}") })
        }
        _ => None,
    };
    Ok(answers.into_iter().filter_map(|answer| part(answer.content)).collect())
}
