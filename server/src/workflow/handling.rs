//! 办理: who has a submission in hand, and what its writers and reviewers say to each other about it.
//!
//! Both stand in a record beside the submission: see [`Handling`].

use indexer::record::{Body, Comment, Handling, Provenance, Record, State, Taken, ids};

use super::{WorkflowError, as_submission, checked_text, division_of, subject};
use crate::{
    access::{self, Act, Actor, Denied},
    clock::today,
    store::{By, RecordStore, RevisionInfo, StoreError, listings::RecordPage},
};

/// Comments on one submission: a lively exchange. The record that holds them is written whole with each, and with texts
/// of the longest it stays below a hundred kilobytes.
pub const MAX_COMMENTS: usize = 50;
/// Times that a change is written where others change the same record meanwhile.
const TRIES: u32 = 4;

/// What is reported in the log of each change.
const TAKEN: &str = "取走办理";
const GIVEN_BACK: &str = "交还";
const ASSIGNED: &str = "交给同事办理";
const COMMENTED: &str = "留言";

/// Whether an id is one of these records'.
pub fn is_one(id: &str) -> bool {
    id.starts_with(ids::HANDLING)
}

fn id_of(submission: &str) -> String {
    format!("{}{submission}", ids::HANDLING)
}

/// How a submission is handled; `None` where nobody has taken it or said anything.
pub fn of(store: &RecordStore, submission: &str) -> Result<Option<Handling>, StoreError> {
    Ok(store.get(&id_of(submission))?.and_then(|record| match record.body {
        Body::Handling(handling) => Some(handling),
        _ => None,
    }))
}

/// When a submission was taken, given back and spoken about, and by whom; the first first.
pub fn history_of(store: &RecordStore, submission: &str) -> Result<Vec<RevisionInfo>, StoreError> {
    let told = |info: &RevisionInfo| [TAKEN, GIVEN_BACK, ASSIGNED, COMMENTED].contains(&info.reason.as_str());
    Ok(store.revisions(&id_of(submission))?.into_iter().filter(told).collect())
}

/// Takes a submission in hand; durable when it returns. What somebody else has is only taken from them with `over`.
pub fn take(store: &RecordStore, who: &Actor, submission: &str, over: bool) -> Result<(), WorkflowError> {
    change(store, who, submission, Act::Take, TAKEN, |about, handling| {
        if !is_in_review(about.state) {
            return Err(WorkflowError::WrongState { label: TAKEN, state: about.state });
        }
        if let Some(other) = handling.taken.as_ref().filter(|taken| taken.by != who.name && !over) {
            return Err(WorkflowError::Taken { by: other.by.clone(), office: other.office_name.clone() });
        }
        if handling.taken.as_ref().is_none_or(|taken| taken.by != who.name) {
            let (by, office_name) = (who.name.clone(), who.office_name.clone());
            handling.taken = Some(Taken { by, office_name, at: jiff::Timestamp::now(), given_by: None });
        }
        Ok(())
    })
}

/// Accounts looked through for colleagues in one go; a larger division's come page by page.
const LOOKED_AT: usize = 500;
/// Accounts read at a time; with so many colleagues a page is full.
const COLLEAGUES: usize = 50;

/// Whether somebody may give a submission to others for its review now.
pub fn may_assign(who: &Actor, about: &Record) -> bool {
    let division = division_of(about);
    is_in_review(about.state) && access::may(Some(who), Act::Assign, &subject(about, &division)).is_ok()
}

/// To whom somebody may give a submission for its review, in the order of accounts, from where the page before ended.
pub fn colleagues(
    store: &RecordStore,
    who: &Actor,
    about: &Record,
    after: Option<&str>,
) -> Result<RecordPage<Actor>, StoreError> {
    if !may_assign(who, about) {
        return Ok(RecordPage { records: Vec::new(), next: None });
    }
    let division = division_of(about);
    let on = subject(about, &division);
    let mut found = RecordPage { records: Vec::new(), next: after.map(str::to_owned) };
    for _ in 0..LOOKED_AT / COLLEAGUES {
        let page = access::list(store, &who.division, found.next.as_deref(), COLLEAGUES)?;
        let colleagues = page.records.iter().filter_map(|(record, account)| access::actor(record, account));
        found.records.extend(colleagues.filter(|colleague| access::may_give(who, colleague, &on).is_ok()));
        found.next = page.next;
        if found.next.is_none() || found.records.len() >= COLLEAGUES {
            break;
        }
    }
    Ok(found)
}

/// Gives a submission to a colleague for its review, whoever has it in hand; durable when it returns.
pub fn assign(store: &RecordStore, who: &Actor, submission: &str, to: &str) -> Result<(), WorkflowError> {
    let none = || Denied::NoColleague(to.chars().filter(|c| !c.is_control()).take(40).collect());
    let colleague = access::actor_of(store, to)?.ok_or_else(none)?;
    change(store, who, submission, Act::Assign, ASSIGNED, |about, handling| {
        access::may_give(who, &colleague, &subject(about, &division_of(about)))?;
        if !is_in_review(about.state) {
            return Err(WorkflowError::WrongState { label: ASSIGNED, state: about.state });
        }
        handling.taken = Some(Taken {
            by: colleague.name.clone(),
            office_name: colleague.office_name.clone(),
            at: jiff::Timestamp::now(),
            given_by: Some(who.name.clone()),
        });
        Ok(())
    })
}

/// Gives a submission back to the others; durable when it returns. Whoever may take it may also say so for a colleague.
pub fn give_back(store: &RecordStore, who: &Actor, submission: &str) -> Result<(), WorkflowError> {
    change(store, who, submission, Act::Take, GIVEN_BACK, |_, handling| {
        handling.taken.take().map(|_| ()).ok_or(WorkflowError::NotTaken)
    })
}

/// Says something about a submission; durable when it returns.
pub fn comment(store: &RecordStore, who: &Actor, submission: &str, text: &str) -> Result<(), WorkflowError> {
    let text = checked_text(text)?;
    if text.is_empty() {
        return Err(WorkflowError::NoComment);
    }
    change(store, who, submission, Act::Comment, COMMENTED, |_, handling| {
        if handling.comments.len() >= MAX_COMMENTS {
            return Err(WorkflowError::ManyComments(MAX_COMMENTS));
        }
        handling.comments.push(Comment {
            by: who.name.clone(),
            office_name: who.office_name.clone(),
            at: jiff::Timestamp::now(),
            text: text.clone(),
        });
        Ok(())
    })
}

/// The record of a submission that has just moved out of review, in nobody's hands any more; `None` where nobody had
/// it.
pub(super) fn released(store: &RecordStore, moved: &Record) -> Result<Option<Record>, StoreError> {
    if as_submission(moved).is_none() || is_in_review(moved.state) {
        return Ok(None);
    }
    let Some(mut record) = store.get(&id_of(&moved.id))? else { return Ok(None) };
    let Body::Handling(handling) = &mut record.body else { return Ok(None) };
    Ok(handling.taken.take().map(|_| record))
}

fn is_in_review(state: State) -> bool {
    matches!(state, State::Submitted | State::Approved)
}

fn change(
    store: &RecordStore,
    who: &Actor,
    submission: &str,
    act: Act,
    reason: &str,
    change: impl Fn(&Record, &mut Handling) -> Result<(), WorkflowError>,
) -> Result<(), WorkflowError> {
    let mut tries = TRIES;
    loop {
        let about = store.get(submission)?.filter(|r| as_submission(r).is_some()).ok_or(WorkflowError::Unknown)?;
        access::may(Some(who), act, &subject(&about, &division_of(&about)))?;
        let mut record = store.get(&id_of(submission))?.unwrap_or_else(|| new(&about));
        let Body::Handling(handling) = &mut record.body else { return Err(WorkflowError::Unknown) };
        change(&about, handling)?;
        record.owner.clone_from(&about.owner);
        match store.put(record, &By { author: &who.name, reason }) {
            // Somebody else has written to it at the same moment: it is looked at anew.
            Err(StoreError::Conflict { .. }) if tries > 1 => tries -= 1,
            Err(error) => return Err(error.into()),
            Ok(_) => break,
        }
    }
    // It may have left the review at this very moment, when nobody had it yet.
    let moved = store.get(submission)?.map(|moved| released(store, &moved)).transpose()?.flatten();
    match moved.map(|freed| store.put(freed, &By { author: &who.name, reason: GIVEN_BACK })) {
        Some(Err(StoreError::Conflict { .. })) | None => Ok(()),
        Some(done) => Ok(done.map(|_| ())?),
    }
}

fn new(about: &Record) -> Record {
    let handling = Handling {
        submission: about.id.clone(),
        title: about.body.title().to_owned(),
        taken: None,
        comments: Vec::new(),
    };
    let from = Provenance { source: "office".into(), place: None, date: Some(today()), licence: None };
    let record = Record::published(id_of(&about.id), about.owner.clone(), vec![from], Body::Handling(handling));
    // Never published: it is for offices alone.
    Record { state: State::Approved, ..record }
}

#[cfg(test)]
mod tests;
