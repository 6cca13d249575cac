//! 定日公布: an approved submission may carry the day on which it is published. The desk does it then, once; a day that it was
//! switched off is made up for.

use indexer::record::{Body, Date, Record, SERVICE, Scheduled, State};

use super::{Then, WorkflowError, division_of, effects, make, may_make, moves, subject, write};
use crate::{
    access::{self, Act, Actor},
    clock::today,
    desk::{Desk, Grounds},
    store::{By, RecordStore, StoreError, listings::List},
};

/// Days ahead for which a publication can be set: what takes longer is approved when its time comes.
pub const MAX_DAYS_AHEAD: i64 = 366;
/// Submissions published in one look: as many as the desk moves in a second. The next look, a second later, goes on.
const MAX_AT_ONCE: usize = 100;

/// The days for which a publication can be set today: the first and the last.
pub fn days_open() -> (Date, Date) {
    let day = |ahead| today().checked_add(jiff::Span::new().days(ahead)).unwrap_or(Date::MAX);
    (day(1), day(MAX_DAYS_AHEAD))
}

/// Sets the day on which an approved submission is published, or another day; durable when it returns. Whoever sets it must be
/// one who may publish it now, and is asked again on the day. Its review waits for the day and runs no further.
pub fn schedule(
    store: &RecordStore,
    desk: &Desk,
    who: &Actor,
    (id, revision): (&str, u64),
    on: Date,
) -> Result<Record, WorkflowError> {
    let mut record = approved(store, who, id, revision)?;
    let (first, last) = days_open();
    if on < first || on > last {
        return Err(WorkflowError::PublicationDay { first, last });
    }
    let step = moves(&record.body).iter().find(|step| step.then == Then::Publish).ok_or(WorkflowError::Unknown)?;
    may_make(store, who, &record, step)?;
    effects::check_answers(store, &record, step, who)?;
    effects::check_target(store, &record)?;
    let Body::Submission(s) = &mut record.body else { return Err(WorkflowError::Unknown) };
    s.publish_on = Some(Scheduled { on, by: who.name.clone() });
    if let Some(clock) = &mut s.clock {
        clock.pause(today());
        s.due = None;
    }
    write(store, desk, &mut record, &[], &By { author: &who.name, reason: &format!("定于 {on} 公布") })?;
    Ok(record)
}

/// Takes the day off again; durable when it returns.
pub fn cancel(
    store: &RecordStore,
    desk: &Desk,
    who: &Actor,
    (id, revision): (&str, u64),
) -> Result<Record, WorkflowError> {
    let record = approved(store, who, id, revision)?;
    if !unscheduled(store, desk, record.clone(), &By { author: &who.name, reason: "取消定日公布" })? {
        return Err(WorkflowError::NotScheduled);
    }
    store.get(id)?.ok_or(WorkflowError::Unknown)
}

/// An approved submission that somebody may review.
fn approved(store: &RecordStore, who: &Actor, id: &str, revision: u64) -> Result<Record, WorkflowError> {
    let record = store.get(id)?.filter(|r| super::as_submission(r).is_some()).ok_or(WorkflowError::Unknown)?;
    access::may(Some(who), Act::Review, &subject(&record, &division_of(&record)))?;
    if record.revision != revision {
        return Err(StoreError::Conflict { id: id.to_owned(), seen: revision, current: record.revision }.into());
    }
    if record.state != State::Approved {
        return Err(WorkflowError::WrongState { label: "定日公布", state: record.state });
    }
    Ok(record)
}

/// Writes a submission without its day; whether it had one.
fn unscheduled(store: &RecordStore, desk: &Desk, mut record: Record, by: &By<'_>) -> Result<bool, WorkflowError> {
    let Body::Submission(s) = &mut record.body else { return Ok(false) };
    if s.publish_on.take().is_none() {
        return Ok(false);
    }
    effects::run_clock(desk, s);
    write(store, desk, &mut record, &[], by)?;
    Ok(true)
}

/// Publishes what is due, as the accounts that set it. What cannot be published any more goes back to wait for a reviewer, with
/// the reason in its history.
pub fn publish_due(store: &RecordStore, desk: &Desk, today: Date) -> Result<(), StoreError> {
    for (key, id) in store.list(&List::Scheduled, None, MAX_AT_ONCE)? {
        // In the order of their days.
        if key.split('\0').nth(1).and_then(|day| day.parse::<Date>().ok()).is_none_or(|day| day > today) {
            break;
        }
        let Some(record) = store.get(&id)? else { continue };
        match publish(store, desk, &record) {
            Ok(()) => {}
            // Somebody has moved it at this moment, and the next look sees what it is now.
            Err(WorkflowError::Store(StoreError::Conflict { .. })) => {}
            Err(WorkflowError::Store(error)) if !is_of_the_record(&error) => return Err(error),
            Err(error) => {
                let reason: String = format!("没有按定日公布：{error}").chars().take(super::MAX_REASON).collect();
                match unscheduled(store, desk, record, &By { author: SERVICE, reason: &reason }) {
                    Err(WorkflowError::Store(StoreError::Conflict { .. })) | Ok(_) => {}
                    Err(WorkflowError::Store(error)) if !is_of_the_record(&error) => return Err(error),
                    Err(error) => tracing::warn!(%error, "a submission could not be taken off its day"),
                }
            }
        }
    }
    Ok(())
}

/// Whether an error lies in one record, and would come again at each look: the others are published all the same.
fn is_of_the_record(error: &StoreError) -> bool {
    matches!(error, StoreError::Damaged { .. } | StoreError::Refused { .. })
}

fn publish(store: &RecordStore, desk: &Desk, record: &Record) -> Result<(), WorkflowError> {
    let scheduled =
        super::as_submission(record).and_then(|s| s.publish_on.as_ref()).ok_or(WorkflowError::NotScheduled)?;
    // An account that was closed meanwhile, or has another role, publishes nothing.
    let who = access::actor_of(store, &scheduled.by)?.ok_or(access::Denied::NotSignedIn)?;
    let said = format!("按定日（{}）公布", scheduled.on);
    make(store, desk, &who, (&record.id, record.revision), |step| step.then == Then::Publish, Grounds::remark(&said))?;
    Ok(())
}

#[cfg(test)]
mod tests;
