//! Work of the desk by itself goes on in pieces.

use indexer::record::{Record, SERVICE};

use crate::store::{By, RecordStore, StoreError};

/// Changes looked at, and reminders sent, in one go: a fraction of a second.
pub(super) const MAX_AT_ONCE: usize = 1_000;

/// Writes tasks; one that somebody changes at this moment is left to the next look.
pub(super) fn write(store: &RecordStore, tasks: impl Iterator<Item = Record>, reason: &str) -> Result<(), StoreError> {
    let by = By { author: SERVICE, reason };
    let all: Vec<(Record, By<'_>)> = tasks.map(|task| (task, by)).collect();
    if all.is_empty() {
        return Ok(());
    }
    store.put_together(all).map(|_| ())
}
