//! What became of a record, as far as the public may know: the revisions that it could see, and by which office.

use indexer::record::{Body, DivisionCode, Record, State, staffing::employee_number_in};

use crate::{
    access,
    store::{RecordStore, RevisionInfo, StoreError, is_imported},
};

/// A record with a public past, and its public revisions, the first first; `None` where there is none.
pub fn find(store: &RecordStore, id: &str) -> Result<Option<(Record, Vec<RevisionInfo>)>, StoreError> {
    let Some(record) = store.get(id)?.filter(|r| r.body.is_for_the_public()) else { return Ok(None) };
    let mut seen = false;
    let mut revisions = store.revisions(id)?;
    if record.body.info().narrows {
        // What was between offices at a time stays between them.
        let mut public = Vec::with_capacity(revisions.len());
        for info in revisions {
            let past = store.get_revision(id, info.revision)?;
            public.extend(past.filter(|past| past.body.is_for_the_public()).map(|_| info));
        }
        revisions = public;
    }
    revisions.retain(|info| {
        // Its end, where it was withdrawn after it had been seen.
        let shown = info.state == State::Published || seen && info.state == State::Withdrawn;
        seen |= info.state == State::Published;
        shown
    });
    Ok((!revisions.is_empty()).then_some((record, revisions)))
}

/// Whether the content of a revision may be shown: it was published, what followed it was not its withdrawal, and it
/// tells nothing that the record has kept back since.
pub fn shows(
    store: &RecordStore,
    record: &Record,
    revisions: &[RevisionInfo],
    revision: u64,
) -> Result<bool, StoreError> {
    let at = revisions.iter().position(|info| info.revision == revision);
    let Some(at) = at.filter(|at| revisions[*at].state == State::Published) else { return Ok(false) };
    if !record.is_public() || revisions.get(at + 1).is_some_and(|next| next.state == State::Withdrawn) {
        return Ok(false);
    }
    if !record.body.restricts() {
        return Ok(true);
    }
    Ok(store.get_revision(&record.id, revision)?.is_some_and(|past| past.body.restricts()))
}

/// The content of a revision, where it may be shown.
pub fn shown(
    store: &RecordStore,
    record: &Record,
    revisions: &[RevisionInfo],
    revision: u64,
) -> Result<Option<Record>, StoreError> {
    match shows(store, record, revisions, revision)? {
        true => store.get_revision(&record.id, revision),
        false => Ok(None),
    }
}

/// Why a revision was made, as the public is reported: not where what it changed is kept back, since reasons name it,
/// nor where a reason itself tells numbers of staff that are.
pub fn reason(record: &Record, info: &RevisionInfo, shown: bool) -> String {
    let kept_back = record.body.restricts() && (!shown || employee_number_in(&info.reason).is_some());
    if kept_back { String::new() } else { info.reason.clone() }
}

/// Who made a revision, as the public is reported: the office, not its account.
pub fn by(store: &RecordStore, info: &RevisionInfo) -> Result<String, StoreError> {
    if is_imported(info) {
        return Ok("导入公开资料".to_owned());
    }
    // A name that nobody can look up is reported with the division whose administrator gave it.
    let named = |id: Option<String>, name: String, division: &DivisionCode| match id {
        Some(_) => name,
        None => format!("{name}（区划 {division}）"),
    };
    if let Some((_, a)) = access::find(store, &info.author)? {
        return Ok(named(a.office_id, a.office_name, &a.division));
    }
    if let Some(Record { body: Body::ApiKey(k), .. }) = store.get(&info.author)? {
        return Ok(named(k.office_id, k.office_name, &k.division));
    }
    Ok("管理人员".to_owned())
}
