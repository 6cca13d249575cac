//! 报送: writing, changing and looking up what offices propose.

use indexer::record::{Audience, Body, DivisionCode, Letter, Provenance, Record, State, Submission, ids};

use super::{WorkflowError, as_submission, checked_text, division_of, letter, settling, subject};
use crate::{
    access::{self, Act, Actor, Subject},
    desk::{Desk, Grounds, ReasonedAct, words},
    store::{
        By, RecordStore, RevisionInfo, StoreError,
        listings::{List, RecordPage},
    },
};

/// Drafts of one record that are looked through: as many offices as could write about it.
const MAX_DRAFTS: usize = 100;

/// What an office proposes.
#[derive(Debug, Clone)]
pub struct Draft {
    pub target: String,
    /// The target's revision that it was written on; 0 for a new record.
    pub based_on: u64,
    /// `None`: the target shall be withdrawn.
    pub content: Option<Body>,
    pub provenance: Vec<Provenance>,
    pub answers: Option<String>,
    pub note: String,
}

/// Writes a draft; durable when it returns.
pub fn draft(store: &RecordStore, who: &Actor, draft: Draft) -> Result<Record, WorkflowError> {
    write_draft(store, who, draft, Vec::new())
}

fn write_draft(
    store: &RecordStore,
    who: &Actor,
    mut draft: Draft,
    letters: Vec<Letter>,
) -> Result<Record, WorkflowError> {
    let target = store.get(&draft.target)?;
    if let Some(content) = &mut draft.content {
        settling::settle(store, &draft.target, target.as_ref().map(|t| &t.body), content, &[])?;
    }
    let owner = in_charge(store, draft.content.as_ref(), target.as_ref())?;
    access::may(Some(who), Act::Submit, &Subject::of(&owner))?;
    if let Some(target) = &target {
        if target.revision != draft.based_on {
            let (title, current) = (target.body.title().to_owned(), target.revision);
            return Err(WorkflowError::Outdated { title, seen: draft.based_on, current });
        }
    } else if draft.based_on != 0 {
        return Err(WorkflowError::Unknown);
    }
    let standing = target.as_ref().filter(|t| t.state == State::Published);
    let same = match &draft.content {
        Some(content) => standing.is_some_and(|t| t.body == *content),
        None => standing.is_none(),
    };
    if same {
        return Err(WorkflowError::Same);
    }
    let title = draft.content.as_ref().or(target.as_ref().map(|t| &t.body)).map(|b| b.title().to_owned());
    let title = title.unwrap_or_default();
    if let Some(other) = under_way(store, &draft.target)? {
        return Err(WorkflowError::UnderWay { title, other: other.id });
    }
    if let Some(id) = &draft.answers {
        answered(store, who, id, &draft.target)?;
    }
    let submission = Submission {
        office: who.office(),
        office_name: who.office_name.clone(),
        // Last the one who acts: the log names that one.
        authors: who.behind.iter().chain([&who.name]).cloned().collect(),
        target: draft.target,
        target_title: title,
        based_on: draft.based_on,
        content: draft.content.map(Box::new),
        provenance: draft.provenance,
        answers: draft.answers,
        note: checked_text(&draft.note)?,
        published_as: None,
        due: None,
        concerns: Vec::new(),
        clock: None,
        letters,
        new_hosts: Vec::new(),
        proofs: Vec::new(),
        publish_on: None,
    };
    let from = Provenance { source: "office".into(), place: None, date: Some(crate::clock::today()), licence: None };
    let record = Record::published(new_id()?, Some(owner), vec![from], Body::Submission(submission));
    let record = Record { state: State::Draft, ..record };
    let revision = store.put(record.clone(), &By { author: &who.name, reason: "" })?;
    Ok(Record { revision, ..record })
}

/// A content as a draft of it has it: what nothing records or proves is claimed.
pub fn as_drafted(store: &RecordStore, target: &str, mut content: Body) -> Result<Body, StoreError> {
    let before = store.get(target)?.map(|record| record.body);
    settling::settle(store, target, before.as_ref(), &mut content, &[])?;
    Ok(content)
}

/// Changes a draft, or what was returned. `content` makes the new content of the old.
pub fn revise(
    store: &RecordStore,
    who: &Actor,
    id: &str,
    revision: u64,
    note: &str,
    content: impl FnOnce(&Submission) -> Result<Option<Body>, WorkflowError>,
) -> Result<Record, WorkflowError> {
    let mut record = store.get(id)?.filter(|r| as_submission(r).is_some()).ok_or(WorkflowError::Unknown)?;
    access::may(Some(who), Act::Submit, &subject(&record, &division_of(&record)))?;
    if record.revision != revision {
        return Err(StoreError::Conflict { id: id.to_owned(), seen: revision, current: record.revision }.into());
    }
    may_revise(who, &record)?;
    let Body::Submission(submission) = &mut record.body else { return Err(WorkflowError::Unknown) };
    let body = content(submission)?;
    submission.note = checked_text(note)?;
    if let Some(mut body) = body {
        if let Body::Regulation(r) = &body
            && submission.based_on == 0
        {
            submission.target = indexer::record::regulation_id(&r.title, r.version_date, r.division.as_ref());
        }
        let target = store.get(&submission.target)?;
        settling::settle(store, &submission.target, target.as_ref().map(|t| &t.body), &mut body, &[])?;
        // A regulation's division is a field of its form, and with it changes who is in charge.
        record.owner = Some(in_charge(store, Some(&body), target.as_ref())?);
        submission.target_title = body.title().to_owned();
        submission.content = Some(Box::new(body));
    }
    for author in who.behind.iter().chain([&who.name]) {
        if !submission.authors.contains(author) {
            submission.authors.push(author.clone());
        }
    }
    let target = submission.target.clone();
    access::may(Some(who), Act::Submit, &Subject::of(&division_of(&record)))?;
    if let Some(other) = under_way(store, &target)?.filter(|other| other.id != id) {
        return Err(WorkflowError::UnderWay { title: record.body.title().to_owned(), other: other.id });
    }
    let revision = store.put(record.clone(), &By { author: &who.name, reason: "" })?;
    Ok(Record { revision, ..record })
}

/// Whether somebody may change a submission now: asked before a file for it is taken in.
pub fn may_revise(who: &Actor, record: &Record) -> Result<(), WorkflowError> {
    access::may(Some(who), Act::Submit, &subject(record, &division_of(record)))?;
    match record.state {
        State::Draft | State::Returned => Ok(()),
        state => Err(WorkflowError::WrongState { label: "修改", state }),
    }
}

/// A draft that brings back an earlier revision.
pub fn restore(store: &RecordStore, who: &Actor, id: &str, revision: u64) -> Result<Record, WorkflowError> {
    let current = store.get(id)?.filter(|r| r.body.is_for_the_public()).ok_or(WorkflowError::Unknown)?;
    if store.last_public_change(id)?.is_none() {
        return Err(WorkflowError::Unknown);
    }
    let old = store.get_revision(id, revision)?.filter(Record::is_public).ok_or(WorkflowError::Unknown)?;
    let proposed = Draft {
        target: id.to_owned(),
        based_on: current.revision,
        content: Some(old.body.clone()),
        provenance: old.provenance,
        answers: None,
        note: format!("恢复第 {revision} 次修订的内容"),
    };
    draft(store, who, proposed)
}

/// A draft that takes a record out.
pub fn withdrawal(
    store: &RecordStore,
    desk: &Desk,
    who: &Actor,
    id: &str,
    grounds: Grounds<'_>,
) -> Result<Record, WorkflowError> {
    let current = store.get(id)?.filter(is_shown).ok_or(WorkflowError::Unknown)?;
    let consults = || access::may(Some(who), Act::Consult, &Subject::of(&current.body.shared_on())).is_ok();
    if !current.is_public() && !consults() {
        return Err(WorkflowError::Unknown);
    }
    let said = checked_text(grounds.said)?;
    let letter = letter(desk, ReasonedAct::Withdraw, Grounds { said: &said, ..grounds }, &current)?;
    let proposed = Draft {
        target: id.to_owned(),
        based_on: current.revision,
        content: None,
        provenance: Vec::new(),
        answers: None,
        note: words(&letter),
    };
    write_draft(store, who, proposed, vec![letter])
}

/// What is on its way to a record: handed in, or approved. A draft that lies about keeps nobody from writing another.
pub fn under_way(store: &RecordStore, target: &str) -> Result<Option<Record>, StoreError> {
    for (_, id) in store.list(&List::Target(target), None, MAX_DRAFTS)? {
        if let Some(record) = store.get(&id)?.filter(|r| matches!(r.state, State::Submitted | State::Approved)) {
            return Ok(Some(record));
        }
    }
    Ok(None)
}

/// The division that has to answer for a change: the lowest that covers where the record belongs and where it would. So
/// nobody takes a record out of another's hands by moving it into their own.
fn in_charge(store: &RecordStore, content: Option<&Body>, target: Option<&Record>) -> Result<DivisionCode, StoreError> {
    let now = target.map(division_of);
    let then = match content {
        // A web name belongs where its owner does; one without an owner on record belongs to the nation.
        Some(Body::WebName(w)) => {
            let owner = w.institution_id.as_deref().map(|id| store.get(id)).transpose()?.flatten();
            owner.as_ref().map(division_of)
        }
        Some(body) => Some(body.division().cloned().unwrap_or_else(DivisionCode::nation)),
        None => None,
    };
    Ok(match (now, then) {
        (Some(now), Some(then)) => now.common(&then),
        (Some(division), None) | (None, Some(division)) => division,
        (None, None) => DivisionCode::nation(),
    })
}

/// Whether a reader's suggestion is one that this change can answer.
fn answered(store: &RecordStore, who: &Actor, id: &str, target: &str) -> Result<(), WorkflowError> {
    let suggestion = store.get(id)?.filter(|r| r.state == State::Submitted).ok_or(WorkflowError::Unknown)?;
    let Body::Correction(c) = &suggestion.body else { return Err(WorkflowError::Unknown) };
    if c.about != target {
        return Err(WorkflowError::Unknown);
    }
    Ok(access::may(Some(who), Act::Answer, &Subject::of(&division_of(&suggestion)))?)
}

/// What an office has handed in, the last moved first, and where the next page begins.
pub fn lists_of(
    store: &RecordStore,
    office: &str,
    after: Option<&str>,
    limit: usize,
) -> Result<RecordPage, StoreError> {
    store.page(&List::Office(office), after, limit)
}

/// Who moved it, when and why, the first first.
pub fn history_of(store: &RecordStore, id: &str) -> Result<Vec<RevisionInfo>, StoreError> {
    store.revisions(id)
}

fn new_id() -> Result<String, WorkflowError> {
    let mut bytes = [0u8; 8];
    getrandom::fill(&mut bytes)?;
    Ok(format!("{}{}", ids::SUBMISSION, hex::encode(bytes)))
}

/// Whether anybody finds and reads it.
fn is_shown(record: &Record) -> bool {
    record.is_public() || record.is_shown_to(Audience::Offices)
}
