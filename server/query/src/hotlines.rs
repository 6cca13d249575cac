//! Numbers of whole systems 热线: which one answers for a body's field of work, and what stands in for a number that nobody has.

use indexer::{
    index::{
        Generation,
        projection::{DirectoryEntry, answers_term},
    },
    record::{Category, Entry, Institution, InstitutionLevel},
};

use super::{
    SearchError,
    plan::Lookup,
    reply::HotlinePart,
    request::SearchRequest,
    run::{self, Content},
    understand::hotline::OF_GOVERNMENTS,
};

/// Numbers shown for a body.
const MAX: usize = 3;

/// The numbers that answer for what a body does, those of its own field first.
pub fn answering_for(generation: &Generation, body: &Institution) -> Result<Vec<HotlinePart>, SearchError> {
    let mut fields = generation.bodies.systems(&body.name);
    for key in generation.office_keys(body) {
        fields.extend(generation.bodies.root(&key).map(str::to_owned));
        fields.push(key);
    }
    fields.sort_unstable();
    fields.dedup();
    let mut found = Vec::new();
    for field in fields {
        found.extend(numbers(generation, &Lookup::Answering(answers_term(&field)))?);
    }
    let local = body.level != InstitutionLevel::Central && body.category == Category::Government;
    if found.is_empty() && local {
        found = numbers(generation, &Lookup::ListedName(OF_GOVERNMENTS.to_owned()))?;
    }
    found.sort_by(|a, b| (a.number.len(), &a.number).cmp(&(b.number.len(), &b.number)));
    found.dedup_by(|a, b| a.number == b.number);
    found.truncate(MAX);
    Ok(found)
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
