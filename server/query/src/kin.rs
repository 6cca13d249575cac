//! An institution and those around it: above, below, of the same parent, and those of its field a level up and down.

use std::collections::HashSet;

use indexer::{
    index::{Generation, projection::DirectoryEntry},
    record::Institution,
};
use tantivy::{
    Term,
    query::{Query, TermQuery},
    schema::IndexRecordOption,
};

use super::{
    SearchError,
    nearest::of_field,
    request::SearchRequest,
    run::{self, Answer, Content},
};

/// Institutions read of each sort: a province has some hundred below it.
const MAX_KIN: usize = 500;
/// Divisions looked through for the institutions of a field: a province has at most 22 prefectures, the nation 34
/// provinces.
const MAX_DIVISIONS: usize = 60;

/// An institution by name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KinInstitution {
    pub id: String,
    pub name: String,
}

/// Institutions around one. What is above and below is what the records say; the field is read from the names.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Kin {
    /// The chain upward, the nearest first.
    pub above: Vec<KinInstitution>,
    pub below: Vec<KinInstitution>,
    /// Of the same parent and level.
    pub siblings: Vec<KinInstitution>,
    /// Institutions of the same field in the nearest division above that has one.
    pub field_above: Vec<KinInstitution>,
    /// Those of the divisions below.
    pub field_below: Vec<KinInstitution>,
}

/// Finds the institutions around an institution.
pub fn kin(generation: &Generation, id: &str, i: &Institution) -> Result<Kin, SearchError> {
    let mut kin = Kin { below: named(children(generation, id)?, |_| true), ..Kin::default() };
    let mut seen = HashSet::from([id.to_owned()]);
    let mut next = i.parent_id.clone();
    // Bad data could name an institution above itself; every one is followed once.
    while let Some(parent) = next.take().filter(|parent| seen.insert(parent.clone())) {
        if let Some(institution) = by_id(generation, &parent)? {
            next = institution.parent_id.clone();
            kin.above.push(KinInstitution { id: parent, name: institution.name });
        }
    }
    if let Some(parent) = &i.parent_id {
        kin.siblings = named(children(generation, parent)?, |other| other.level == i.level);
        kin.siblings.retain(|sibling| sibling.id != id);
    }
    let request = SearchRequest::new("");
    let keys = generation.office_keys(i);
    let of = |division: &str| -> Result<Vec<KinInstitution>, SearchError> {
        let mut found = Vec::new();
        for key in &keys {
            found.extend(named(of_field(generation, division, key, &request)?, |_| true));
        }
        found.dedup();
        Ok(found)
    };
    for above in generation
        .catalogue
        .path(i.division.as_str())
        .iter()
        .rev()
        .skip(1)
        .map(|d| d.code.as_str())
        .chain((!i.division.is_nation()).then_some("000000"))
    {
        kin.field_above = of(above)?;
        if !kin.field_above.is_empty() {
            break;
        }
    }
    for below in generation.catalogue.children(i.division.as_str()).take(MAX_DIVISIONS) {
        kin.field_below.extend(of(&below.code)?);
    }
    let known: HashSet<String> =
        kin.above.iter().chain(&kin.below).map(|b| b.id.clone()).chain([id.to_owned()]).collect();
    for list in [&mut kin.field_above, &mut kin.field_below] {
        let mut seen = known.clone();
        list.retain(|one| seen.insert(one.id.clone()));
    }
    Ok(kin)
}

fn children(generation: &Generation, parent: &str) -> Result<Vec<Answer>, SearchError> {
    let term = Term::from_field_text(generation.directory.fields.parent, parent);
    institutions(generation, &TermQuery::new(term, IndexRecordOption::Basic))
}

fn by_id(generation: &Generation, id: &str) -> Result<Option<Institution>, SearchError> {
    let term = Term::from_field_text(generation.directory.fields.id, id);
    let found = institutions(generation, &TermQuery::new(term, IndexRecordOption::Basic))?;
    Ok(found.into_iter().find_map(|answer| match answer.content {
        Content::Directory(DirectoryEntry::Institution { institution, .. }) => Some(*institution),
        _ => None,
    }))
}

fn institutions(generation: &Generation, query: &dyn Query) -> Result<Vec<Answer>, SearchError> {
    let found = run::top_entries(generation, query, MAX_KIN)?;
    Ok(found.into_iter().map(|entry| Answer { score: 1.0, content: Content::Directory(entry), why: "" }).collect())
}

/// Names by id, those of divisions with lower codes first, as lists are kept.
fn named(answers: Vec<Answer>, keep: impl Fn(&Institution) -> bool) -> Vec<KinInstitution> {
    let mut found: Vec<(String, KinInstitution)> = answers
        .into_iter()
        .filter_map(|answer| match answer.content {
            Content::Directory(DirectoryEntry::Institution { id, institution }) if keep(&institution) => {
                Some((institution.division.to_string(), KinInstitution { id, name: institution.name }))
            }
            _ => None,
        })
        .collect();
    found.sort_by(|a, b| a.0.cmp(&b.0).then_with(|| a.1.name.cmp(&b.1.name)));
    found.into_iter().map(|(_, one)| one).collect()
}
