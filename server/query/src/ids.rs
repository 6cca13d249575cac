//! The ids of a kind, for lists of everything that there is.

use indexer::index::{Generation, fields::DirectoryFields};
use tantivy::{DocSet, TERMINATED, schema::IndexRecordOption};

use super::{SearchError, run::engine};

/// The ids of all documents of a kind in the directory, sorted, from the index's dictionary of ids: no document needs to be
/// unpacked. `kind` as the column has it.
pub fn ids_of(generation: &Generation, kind: u64) -> Result<Vec<String>, SearchError> {
    in_index(generation, kind).map_err(engine)
}

fn in_index(generation: &Generation, kind: u64) -> tantivy::Result<Vec<String>> {
    let DirectoryFields { id, .. } = generation.directory.fields;
    let mut ids = Vec::new();
    for segment in generation.directory.searcher.segment_readers() {
        let kinds = segment.fast_fields().u64("kind")?;
        let inverted = segment.inverted_index(id)?;
        let mut terms = inverted.terms().stream()?;
        while let Some((key, info)) = terms.next() {
            let mut postings = inverted.read_postings_from_terminfo(info, IndexRecordOption::Basic)?;
            let mut doc = postings.doc();
            while doc != TERMINATED {
                if !segment.is_deleted(doc) && kinds.first(doc) == Some(kind) {
                    ids.extend(std::str::from_utf8(key).ok().map(str::to_owned));
                    break;
                }
                doc = postings.advance();
            }
        }
    }
    ids.sort_unstable();
    ids.dedup();
    Ok(ids)
}
