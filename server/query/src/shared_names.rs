//! Short names that several institutions share: all are answers, the one that is meant most often first, and the reply
//! says why.

use indexer::index::{Generation, projection::DirectoryEntry};

use super::{
    run::{Content, Found},
    understand::Understanding,
};

/// What a reader should know where the query is a name of several institutions that were found.
pub fn notes(generation: &Generation, u: &Understanding, found: &Found) -> Option<String> {
    let shared = generation.shared_names.get(&u.key)?;
    let full_name = |content: &Content| match content {
        Content::Directory(DirectoryEntry::Institution { institution, .. }) => Some(institution.name.clone()),
        _ => None,
    };
    let answers: Vec<String> = found.direct.iter().filter_map(|answer| full_name(&answer.content)).collect();
    let names: Vec<&str> =
        shared.institutions.iter().map(String::as_str).filter(|full| answers.iter().any(|name| name == full)).collect();
    let (first, others) = names.split_first()?;
    if others.is_empty() {
        return None;
    }
    Some(format!("“{}”可以指{}和{}。先给出{first}：{}", shared.short, first, others.join("、"), shared.ground))
}
