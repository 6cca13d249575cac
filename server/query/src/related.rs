//! What goes with a certain answer: the institutions above and beside an institution, the regulations made under a law.

use indexer::{
    index::{Generation, projection::DirectoryEntry},
    record::Status,
};

use super::{
    SearchError, kin,
    plan::Lookup,
    reply::Hit,
    request::SearchRequest,
    run::{self, Content},
};
use crate::urls;

/// Names shown: a line or two.
const MAX_RELATED: usize = 6;

/// A name with its page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Related {
    pub name: String,
    pub url: String,
}

/// Names related to a certain answer; none to other hits.
pub fn related(generation: &Generation, direct: Option<&Hit>) -> Result<Vec<Related>, SearchError> {
    let Some(hit) = direct else { return Ok(Vec::new()) };
    let mut found = match (hit.kind, &hit.article) {
        ("institution", _) => around(generation, &hit.id)?,
        ("regulation", _) => made_under(generation, &hit.id),
        (_, Some(article)) => made_under(generation, &article.regulation_id),
        _ => Vec::new(),
    };
    found.truncate(MAX_RELATED);
    Ok(found)
}

fn around(generation: &Generation, id: &str) -> Result<Vec<Related>, SearchError> {
    let lookup = Lookup::Institution(id.to_owned(), "");
    let found = run::look_up(generation, &lookup, &SearchRequest::new(""))?;
    let institution = found.iter().find_map(|answer| match &answer.content {
        Content::Directory(DirectoryEntry::Institution { institution, .. }) => Some(institution),
        _ => None,
    });
    let Some(institution) = institution else { return Ok(Vec::new()) };
    let kin = kin::kin(generation, id, institution)?;
    let few = |institutions: Vec<kin::KinInstitution>, n: usize| institutions.into_iter().take(n);
    let institutions =
        few(kin.above, 1).chain(few(kin.field_above, 1)).chain(few(kin.field_below, 2)).chain(few(kin.siblings, 4));
    Ok(institutions
        .map(|institution| Related { url: urls::institution(&institution.id), name: institution.name })
        .collect())
}

/// Regulations in force whose title has the law's title in it: its implementing rules and interpretations, the most
/// cited first.
fn made_under(generation: &Generation, id: &str) -> Vec<Related> {
    let catalogue = &generation.catalogue;
    let Some(law) = catalogue.regulation(id) else { return Vec::new() };
    let under = |work: &&str| **work != law.work && work.contains(law.work.as_str());
    let current = catalogue.works().filter(under).filter_map(|work| catalogue.current_version(work));
    let mut regulations: Vec<_> = current.filter(|r| r.status == Status::InForce).collect();
    regulations.sort_by(|a, b| {
        let order = |r: &indexer::index::catalogue::RegulationEntry| (r.division.is_some(), std::cmp::Reverse(r.cited));
        order(a).cmp(&order(b)).then_with(|| a.title.cmp(&b.title))
    });
    regulations.iter().map(|r| Related { name: r.title.clone(), url: urls::regulation(&r.id) }).collect()
}
