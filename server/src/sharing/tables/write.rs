//! Writing what a table changes, at the command line.
//!
//! In batches that are durable one by one. A row that is there already makes no revision, so that whoever was interrupted
//! runs the same command again and goes on where it stopped.

use std::collections::BTreeSet;

use indexer::record::{Body, Evidence, Record};

use super::{
    Said,
    prepared::{AUTHOR, Prepared},
};
use crate::{
    store::{By, RecordStore},
    workflow::{WorkflowError, basis as rests_on, effects},
};

/// Records of one durable write: an fsync for them all, and no more than some megabytes at once.
const BATCH: usize = 500;

/// What was written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Written {
    /// Rows.
    pub rows: u64,
    /// Web names that changed with the institutions that have them.
    pub names: u64,
}

/// Writes records in their order; `progress` is told how many are durable.
pub fn write(
    store: &RecordStore,
    prepared: &[Prepared],
    said: Said<'_>,
    progress: &mut dyn FnMut(u64),
) -> Result<Written, WorkflowError> {
    let mut written = Written::default();
    let mut batch = Vec::new();
    let mut ids = BTreeSet::new();
    for Prepared { record, note, .. } in prepared {
        let by = By { author: AUTHOR, reason: note };
        let mut together = with_names(store, record, &by, said)?;
        // A host that two institutions share changes twice: the second change follows the first.
        if batch.len() + together.len() > BATCH || together.iter().any(|r| ids.contains(&r.id)) {
            store.put_together(std::mem::take(&mut batch))?;
            ids.clear();
            progress(written.rows);
            together = with_names(store, record, &by, said)?;
        }
        written.rows += 1;
        written.names += together.len() as u64 - 1;
        ids.extend(together.iter().map(|r| r.id.clone()));
        batch.extend(together.into_iter().map(|record| (record, by)));
    }
    store.put_together(batch)?;
    progress(written.rows);
    Ok(written)
}

/// A record with the web names that change with it.
fn with_names(store: &RecordStore, record: &Record, by: &By<'_>, said: Said<'_>) -> Result<Vec<Record>, WorkflowError> {
    let mut together: Vec<Record> =
        effects::with_web_names(store, record.clone(), by)?.into_iter().map(|effect| effect.record).collect();
    for changed in together.iter_mut().skip(1) {
        let reviewed = store.get(&changed.id)?.is_some_and(|r| basis(&r) == Some(rests_on::REPORTED));
        if let Body::WebName(name) = &mut changed.body
            && [rests_on::REPORTED, rests_on::UNPROVEN].contains(&name.basis.as_str())
            && !reviewed
        {
            // Nobody has reviewed what the table says.
            name.basis = match said {
                Said::Operator(Some(office)) if name.evidence != Evidence::Claimed => format!("{office}提供"),
                _ => "批量导入，尚未核实".to_owned(),
            };
        }
    }
    Ok(together)
}

fn basis(record: &Record) -> Option<&str> {
    match &record.body {
        Body::WebName(name) => Some(&name.basis),
        _ => None,
    }
}
