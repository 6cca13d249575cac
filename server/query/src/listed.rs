//! The records of a kind that the directory knows in general.

use indexer::{
    index::{Generation, fields::doc_kind, projection::DirectoryEntry},
    record::{Entry, Info, kind_named},
};
use tantivy::{
    Term,
    query::{BooleanQuery, Query},
};

use super::{
    SearchError,
    run::{exact, is_found, top_entries},
};

/// Records of a kind that a page lists; the search finds the others.
const MAX_LISTED: usize = 2_000;

/// A record as the index has it.
pub struct Listed {
    pub id: String,
    pub kind: &'static Info,
    pub entry: Entry,
}

/// Records of general kinds that an institution is in charge of, by name.
pub fn in_charge_of(generation: &Generation, institution: &str) -> Result<Vec<Listed>, SearchError> {
    let query = exact(Term::from_field_text(generation.directory.fields.parent, institution));
    let mut all: Vec<Listed> =
        top_entries(generation, &query, MAX_LISTED)?.into_iter().filter_map(Listed::of).collect();
    all.sort_by(|a, b| (&a.entry.name, &a.id).cmp(&(&b.entry.name, &b.id)));
    Ok(all)
}

impl Listed {
    fn of(entry: DirectoryEntry) -> Option<Self> {
        match entry {
            DirectoryEntry::Listed { id, of, entry } => Some(Self { id, kind: kind_named(&of)?, entry: *entry }),
            _ => None,
        }
    }

    /// Its page.
    pub fn url(&self) -> String {
        crate::urls::record(self.kind, &self.id)
    }
}

/// Whether a division itself has records of a kind.
pub fn has_listed(generation: &Generation, kind: &Info, division: &str) -> Result<bool, SearchError> {
    let f = &generation.directory.fields;
    let query = BooleanQuery::intersection(vec![
        Box::new(exact(Term::from_field_text(f.division, division))),
        Box::new(exact(Term::from_field_u64(f.kind, doc_kind(kind)))),
    ]);
    is_found(generation, &query)
}

/// The records of a kind, of a division and all below it or of all: of the whole nation first, in each division by name.
pub fn listed(generation: &Generation, kind: &Info, division: Option<&str>) -> Result<Vec<Listed>, SearchError> {
    let fields = &generation.directory.fields;
    let mut both: Vec<Box<dyn Query>> = vec![Box::new(exact(Term::from_field_u64(fields.kind, doc_kind(kind))))];
    both.extend(division.map(|code| Box::new(exact(Term::from_field_text(fields.region, code))) as Box<dyn Query>));
    let all = top_entries(generation, &BooleanQuery::intersection(both), MAX_LISTED)?;
    let mut all: Vec<Listed> = all.into_iter().filter_map(Listed::of).collect();
    all.sort_by(|a, b| (&a.entry.division, &a.entry.name, &a.id).cmp(&(&b.entry.division, &b.entry.name, &b.id)));
    Ok(all)
}
