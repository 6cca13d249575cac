//! The institution that a full name means, where exactly one is called so.

use indexer::index::{Generation, projection::DirectoryEntry};

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
