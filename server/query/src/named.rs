//! The institution that a full name means, where exactly one is called so.

use indexer::{
    index::{Generation, projection::DirectoryEntry},
    record::comparison,
};

use super::{
    SearchError,
    plan::Lookup,
    request::SearchRequest,
    run::{self, Content},
};

/// Id of the one institution of this full name; `None` where there is none, or several.
pub fn institution_named(generation: &Generation, name: &str) -> Result<Option<String>, SearchError> {
    let key = generation.pipeline.key(name);
    let answers = run::look_up(generation, &Lookup::Name(key.clone()), &SearchRequest::new(name))?;
    let mut called_so = answers.into_iter().filter_map(|answer| match answer.content {
        Content::Directory(DirectoryEntry::Institution { id, institution }) => {
            (generation.pipeline.key(&institution.name) == key).then_some(id)
        }
        _ => None,
    });
    Ok(called_so.next().filter(|_| called_so.next().is_none()))
}

/// Id of the one institution of a division that a name means, full or short; `None` where none or several may be.
pub fn institution_in(generation: &Generation, name: &str, division: &str) -> Result<Option<String>, SearchError> {
    let there = run::institutions_in(generation, division)?.into_iter().filter_map(|answer| match answer.content {
        Content::Directory(DirectoryEntry::Institution { id, institution }) => Some((institution.name, id)),
        _ => None,
    });
    let there: Vec<(String, String)> = there.collect();
    let exactly = there.iter().position(|(full, _)| full == name);
    let at = exactly.or_else(|| comparison::meant(name, there.iter().map(|(full, _)| full.as_str())));
    Ok(at.map(|at| there[at].1.clone()))
}
