//! What became of a record, as far as the public may know: the revisions that it could see, and by which office.

use indexer::record::{Record, State};

use crate::{
    access,
    store::{RecordStore, RevisionInfo, StoreError, is_imported},
};

/// A record with a public past, and its public revisions, the first first; `None` where there is none.
pub fn find(store: &RecordStore, id: &str) -> Result<Option<(Record, Vec<RevisionInfo>)>, StoreError> {
    let Some(record) = store.get(id)?.filter(|r| r.body.is_for_the_public()) else { return Ok(None) };
    let mut seen = false;
    let mut revisions = store.revisions(id)?;
    revisions.retain(|info| {
        // Its end, where it was withdrawn after it had been seen.
        let shown = info.state == State::Published || seen && info.state == State::Withdrawn;
        seen |= info.state == State::Published;
        shown
    });
    Ok((!revisions.is_empty()).then_some((record, revisions)))
}

/// Who made a revision, as the public is told: the office, not its account.
pub fn by(store: &RecordStore, info: &RevisionInfo) -> Result<String, StoreError> {
    if is_imported(info) {
        return Ok("导入公开资料".to_owned());
    }
    let account = access::find(store, &info.author)?;
    Ok(account.map_or_else(|| "管理人员".to_owned(), |(_, account)| account.office_name))
}
