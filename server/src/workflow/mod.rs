//! One way for everything that is reviewed: draft → submitted → (returned | approved) → published → withdrawn.
//!
//! States and moves are data ([`moves`]); who may make a move is decided by [`access::may`](crate::access::may), and a
//! kind of record adds its own checks ([`submissions`], [`corrections`](crate::corrections)); [`effects`] follow from the
//! sites of a record, whatever its kind. A move is a
//! revision: who made it, when and why is in the log.

pub(crate) mod basis;
mod control;
pub(crate) mod effects;
pub mod handling;
pub mod named_institutions;
mod names;
mod numbers;
pub mod queue;
pub mod schedule;
mod settling;
mod site_names;
mod submissions;

#[cfg(test)]
mod tests;

use indexer::record::{Body, Concern, Date, DivisionCode, Letter, Record, Source, State, Submission};

use crate::{
    access::{self, Act, Actor, Denied, Subject},
    clock::today,
    desk::{About, Desk, Grounds, InvalidGrounds, Pending, ReasonedAct, is_task, words},
    store::{
        By, RecordStore, StoreError,
        listings::{List, RecordPage},
    },
};

pub use control::{note_proof, provable, value_to_place};
use effects::Effect;

pub use named_institutions::{doubled, link};
pub use numbers::{FileSays, Noted, forget_file, hand_over_file, note_file, noted, staff_number_in};
pub use submissions::{
    Draft, as_drafted, draft, history_of, lists_of, may_revise, restore, revise, under_way, withdrawal,
};

/// Longest reason or note, in characters.
pub const MAX_REASON: usize = 500;
/// Letters that a submission carries: each revision has them all, and the older ones stay with the older revisions.
const MAX_LETTERS: usize = 20;
/// Times that a move is written where its tasks change meanwhile.
const TASK_TRIES: u32 = 4;
/// Submissions moved by one act: a page of the queue.
pub const MAX_AT_ONCE: usize = 200;

/// A step from one state to another.
#[derive(Debug, PartialEq, Eq)]
pub struct Move {
    /// Name in addresses and interfaces.
    pub name: &'static str,
    pub label: &'static str,
    pub from: &'static [State],
    pub to: State,
    pub act: Act,
    pub asks: Asks,
    pub then: Then,
}

/// What somebody has to say who makes a move.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asks {
    Nothing,
    /// Something, in their own words.
    Words,
    /// A reason of the table.
    Reason(ReasonedAct),
}

/// What a move does besides leading from one state to another: see [`effects`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Then {
    Nothing,
    /// It is looked at whole, and whom it concerns is found.
    HandIn,
    /// Whoever makes the move has to answer for all whom it concerns.
    Approve,
    /// As above, and the record changes.
    Publish,
    /// What was published is taken out.
    Withdraw,
    /// The reason is the answer to a reader.
    Answer,
}

impl Move {
    /// Whether its authors can make it to and fro, and each time keep the content once more.
    pub fn goes_to_and_fro(&self) -> bool {
        self.act == Act::Submit && matches!(self.to, State::Submitted | State::Draft)
    }

    /// Whether it leads on towards publication; pages show the others less loudly.
    pub fn leads_on(&self) -> bool {
        matches!(self.to, State::Submitted | State::Approved | State::Published)
    }
}

const SUBMISSION: [Move; 7] = [
    Move {
        name: "submit",
        label: "提交审核",
        from: &[State::Draft, State::Returned],
        to: State::Submitted,
        act: Act::Submit,
        asks: Asks::Nothing,
        then: Then::HandIn,
    },
    Move {
        name: "recall",
        label: "收回修改",
        from: &[State::Submitted],
        to: State::Draft,
        act: Act::Submit,
        asks: Asks::Nothing,
        then: Then::Nothing,
    },
    Move {
        name: "discard",
        label: "作废",
        from: &[State::Draft, State::Returned],
        to: State::Withdrawn,
        act: Act::Submit,
        asks: Asks::Nothing,
        then: Then::Nothing,
    },
    Move {
        name: "approve",
        label: "核准",
        from: &[State::Submitted],
        to: State::Approved,
        act: Act::Approve,
        asks: Asks::Nothing,
        then: Then::Approve,
    },
    Move {
        name: "publish",
        label: "公布",
        from: &[State::Approved],
        to: State::Published,
        act: Act::Review,
        asks: Asks::Nothing,
        then: Then::Publish,
    },
    Move {
        name: "return",
        label: "退回",
        from: &[State::Submitted, State::Approved],
        to: State::Returned,
        act: Act::Review,
        asks: Asks::Reason(ReasonedAct::Return),
        then: Then::Nothing,
    },
    Move {
        name: "withdraw",
        label: "撤回已公布的内容",
        from: &[State::Published],
        to: State::Withdrawn,
        act: Act::Review,
        asks: Asks::Reason(ReasonedAct::Withdraw),
        then: Then::Withdraw,
    },
];

/// A reader's suggestion has its answer as the reason, which its sender reads.
const CORRECTION: [Move; 2] = [
    Move {
        name: "accept",
        label: "采纳",
        from: &[State::Submitted],
        to: State::Approved,
        act: Act::Answer,
        asks: Asks::Words,
        then: Then::Answer,
    },
    Move {
        name: "decline",
        label: "不采纳",
        from: &[State::Submitted],
        to: State::Returned,
        act: Act::Answer,
        asks: Asks::Reason(ReasonedAct::Decline),
        then: Then::Answer,
    },
];

/// The moves of a kind of record; none for what has no workflow.
pub fn moves(body: &Body) -> &'static [Move] {
    match body {
        Body::Submission(_) => &SUBMISSION,
        Body::Correction(_) => &CORRECTION,
        _ => &[],
    }
}

/// The move of a submission with a name.
pub fn move_named(name: &str) -> Option<&'static Move> {
    SUBMISSION.iter().find(|step| step.name == name)
}

#[derive(Debug, thiserror::Error)]
pub enum WorkflowError {
    #[error("没有这条记录")]
    Unknown,
    #[error("没有“{0}”这个动作")]
    UnknownMove(String),
    #[error("现在是“{}”，不能{label}", .state.label())]
    WrongState { label: &'static str, state: State },
    #[error("请写明理由")]
    NoReason,
    #[error(transparent)]
    Grounds(#[from] InvalidGrounds),
    #[error("理由有 {0} 个字，最多 {MAX_REASON} 个")]
    LongReason(usize),
    #[error("文字中有控制字符 U+{0:04X}，请删去")]
    Control(u32),
    #[error(transparent)]
    Denied(#[from] Denied),
    /// The record has moved on since the submission was written.
    #[error("《{title}》在此期间已改到第 {current} 次修订（报送所依据的是第 {seen} 次）：请在新的内容上重新报送")]
    Outdated { title: String, seen: u64, current: u64 },
    #[error("{title}已有另一份报送在办（{other}）：请先办完那一份")]
    UnderWay { title: String, other: String },
    /// Somebody else's web name.
    #[error("{host} 是{owner}的：要写成本机构的网址，须由管到{owner}的上级审核员核准")]
    NameTaken { host: String, owner: String },
    /// A name that is, or could be taken for, another's.
    #[error("{says}：须由管到区划 {division} 的审核员核准")]
    NotOwnName { says: String, division: DivisionCode },
    #[error("这份报送没有待核验的网址 {0}")]
    NoSuchHost(String),
    #[error("一份报送最多记 {0} 次核验")]
    ManyProofs(usize),
    /// Somebody else has it in hand.
    #[error("{office}的 {by} 已取走办理：请与其商定，或者改由您办理")]
    Taken { by: String, office: String },
    #[error("这份报送没有人取走")]
    NotTaken,
    #[error("公布的日子应在 {first} 到 {last} 之间；今天公布的，直接点“公布”")]
    PublicationDay { first: Date, last: Date },
    #[error("这份报送没有定公布的日子")]
    NotScheduled,
    #[error("请写明要说什么")]
    NoComment,
    #[error("一份报送最多留言 {0} 条")]
    ManyComments(usize),
    #[error("内容与现在公布的没有不同")]
    Same,
    #[error("这类记录不能这样更正")]
    WrongKind,
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("无法取得随机数：{0}")]
    Random(#[from] getrandom::Error),
}

/// An office as a source of facts.
pub fn office_list(who: &Actor) -> String {
    Source::Office(&who.office_name).to_string()
}

/// The division whose office is in charge of a record.
pub fn division_of(record: &Record) -> DivisionCode {
    record.owner.clone().unwrap_or_else(DivisionCode::nation)
}

/// A record as something that an act is done to.
pub fn subject<'a>(record: &'a Record, division: &'a DivisionCode) -> Subject<'a> {
    match &record.body {
        Body::Submission(s) => Subject { division, office: Some(&s.office), authors: &s.authors },
        _ => Subject::of(division),
    }
}

/// The moves that somebody may make now, and why others of their own are not theirs to make this time.
pub fn open_moves(
    store: &RecordStore,
    who: &Actor,
    record: &Record,
) -> Result<(Vec<&'static Move>, Vec<String>), WorkflowError> {
    let (mut open, mut held) = (Vec::new(), Vec::new());
    for step in moves(&record.body).iter().filter(|m| m.from.contains(&record.state)) {
        match may_make(store, who, record, step).and_then(|()| effects::check_answers(store, record, step, who)) {
            Ok(()) => open.push(step),
            Err(WorkflowError::Denied(_)) => {}
            Err(error @ (WorkflowError::NameTaken { .. } | WorkflowError::NotOwnName { .. })) => {
                let told = error.to_string();
                if !held.contains(&told) {
                    held.push(told);
                }
            }
            Err(error) => return Err(error),
        }
    }
    Ok((open, held))
}

/// Whether a move is somebody's to make, whatever state the record is in.
fn may_make(store: &RecordStore, who: &Actor, record: &Record, step: &Move) -> Result<(), WorkflowError> {
    access::may(Some(who), step.act, &subject(record, &division_of(record)))?;
    // A record may have been moved to another division since: whoever publishes or withdraws has to answer for it
    // there.
    if let (Act::Approve | Act::Review, Some(s)) = (step.act, as_submission(record))
        && let Some(target) = store.get(&s.target)?
    {
        access::may(Some(who), Act::Review, &Subject::of(&division_of(&target)))?;
    }
    Ok(())
}

/// Makes the move of a name; durable when it returns. `revision` is the one that was seen.
pub fn perform(
    store: &RecordStore,
    desk: &Desk,
    who: &Actor,
    id: &str,
    revision: u64,
    name: &str,
    grounds: Grounds<'_>,
) -> Result<Record, WorkflowError> {
    make(store, desk, who, (id, revision), |step| step.name == name, grounds).map_err(|error| {
        if matches!(error, WorkflowError::UnknownMove(_)) { WorkflowError::UnknownMove(name.into()) } else { error }
    })
}

/// Hands a draft in; durable when it returns.
pub fn hand_in(
    store: &RecordStore,
    desk: &Desk,
    who: &Actor,
    id: &str,
    revision: u64,
) -> Result<Record, WorkflowError> {
    make(store, desk, who, (id, revision), |step| step.then == Then::HandIn, Grounds::default())
}

fn make(
    store: &RecordStore,
    desk: &Desk,
    who: &Actor,
    (id, revision): (&str, u64),
    wanted: impl Fn(&Move) -> bool,
    grounds: Grounds<'_>,
) -> Result<Record, WorkflowError> {
    let record = store.get(id)?.ok_or(WorkflowError::Unknown)?;
    let all = moves(&record.body);
    if all.is_empty() {
        return Err(WorkflowError::Unknown);
    }
    let step = all.iter().find(|m| wanted(m)).ok_or_else(|| WorkflowError::UnknownMove(String::new()))?;
    may_make(store, who, &record, step)?;
    // After the right to see it: what state a record is in is not for everyone.
    if record.revision != revision {
        return Err(StoreError::Conflict { id: id.to_owned(), seen: revision, current: record.revision }.into());
    }
    if !step.from.contains(&record.state) {
        return Err(WorkflowError::WrongState { label: step.label, state: record.state });
    }
    let said = checked_text(grounds.said)?;
    let grounds = Grounds { said: &said, ..grounds };
    let (reason, letter) = match step.asks {
        Asks::Reason(act) => {
            let letter = letter(desk, act, grounds, &record)?;
            (words(&letter), Some(letter))
        }
        Asks::Words if said.is_empty() => return Err(WorkflowError::NoReason),
        Asks::Words | Asks::Nothing => (said.clone(), None),
    };
    let by = By { author: &who.name, reason: &reason };
    let mut moved = Record { state: step.to, ..record };
    match &mut moved.body {
        Body::Submission(s) => {
            s.letters.extend(letter);
            // Set for what was approved, and only while it is.
            s.publish_on = None;
            let older = s.letters.len().saturating_sub(MAX_LETTERS);
            s.letters.drain(..older);
        }
        Body::Correction(c) => c.letter = letter,
        _ => {}
    }
    let effects = effects::of(store, desk, &mut moved, step, who, &by)?;
    // A task of several records may change with another of them at the same moment: it is read again then.
    for _ in 1..TASK_TRIES {
        match write(store, desk, &mut moved, &effects, &by) {
            Err(WorkflowError::Store(StoreError::Conflict { id: changed, .. }))
                if is_task(&changed) || handling::is_one(&changed) => {}
            written => return written.map(|()| moved),
        }
    }
    write(store, desk, &mut moved, &effects, &by).map(|()| moved)
}

/// Writes what has moved with what changes besides, and the tasks that begin or end by it: all or none.
fn write(
    store: &RecordStore,
    desk: &Desk,
    moved: &mut Record,
    effects: &[Effect],
    by: &By<'_>,
) -> Result<(), WorkflowError> {
    let mut tasks = Pending::new(store, desk);
    tasks.follow_review(moved)?;
    for changed in effects.iter().map(|effect| &effect.record) {
        tasks.follow_review(changed)?;
        tasks.settle(changed)?;
        tasks.changed(changed)?;
    }
    let mut together = vec![(moved.clone(), *by)];
    together.extend(effects.iter().map(|e| (e.record.clone(), By { author: &e.author, reason: &e.reason })));
    together.extend(tasks.into_tasks().map(|task| (task, By { author: by.author, reason: "" })));
    together.extend(handling::released(store, moved)?.map(|h| (h, By { author: by.author, reason: "" })));
    let revisions = store.put_together(together)?;
    moved.revision = revisions.first().copied().unwrap_or_default();
    Ok(())
}

/// The letter that goes with an act on a record.
fn letter(desk: &Desk, act: ReasonedAct, grounds: Grounds<'_>, record: &Record) -> Result<Letter, InvalidGrounds> {
    let office = as_submission(record).map_or("", |s| s.office_name.as_str());
    desk.reasons.write(act, grounds, About { title: record.body.title(), office, day: today() })
}

/// Approves and publishes at once. They are two moves: should the second fail, what is approved waits to be published.
pub fn approve_and_publish(
    store: &RecordStore,
    desk: &Desk,
    who: &Actor,
    id: &str,
    revision: u64,
    remark: &str,
) -> Result<Record, WorkflowError> {
    // What could not be published is not approved either.
    if let Some(record) = store.get(id)?
        && record.revision == revision
        && access::may(Some(who), Act::Read, &subject(&record, &division_of(&record))).is_ok()
    {
        effects::check_target(store, &record)?;
    }
    let approved = make(store, desk, who, (id, revision), |step| step.then == Then::Approve, Grounds::remark(remark))?;
    make(store, desk, who, (id, approved.revision), |step| step.then == Then::Publish, Grounds::default())
}

/// A text of a person, without what no one can read.
pub fn checked_text(text: &str) -> Result<String, WorkflowError> {
    let text = text.replace("\r\n", "\n").trim().to_owned();
    if let Some(c) = text.chars().find(|c| c.is_control() && *c != '\n' && *c != '\t') {
        return Err(WorkflowError::Control(c as u32));
    }
    match text.chars().count() {
        n if n > MAX_REASON => Err(WorkflowError::LongReason(n)),
        _ => Ok(text),
    }
}

/// What waits in a state in a division and below it: division by division, the longest waiting first.
pub fn waiting(
    store: &RecordStore,
    kind: &'static str,
    state: State,
    division: &DivisionCode,
    after: Option<&str>,
    limit: usize,
) -> Result<RecordPage, StoreError> {
    store.page(&List::Waiting(kind, state, division), after, limit)
}

/// What a change says of an institution that more than its own division has to answer for.
pub fn concerns(store: &RecordStore, target: &str, content: &Body) -> Result<Vec<Concern>, StoreError> {
    let Body::Institution(now) = content else { return numbers::concerns(store, content) };
    let before = store.get(target)?;
    let before = match before.as_ref().map(|r| &r.body) {
        Some(Body::Institution(before)) => Some(before),
        _ => None,
    };
    names::concerns(store, target, before, now)
}

/// Submissions that a division or one below it has to answer for besides their own.
pub fn raised(
    store: &RecordStore,
    division: &DivisionCode,
    after: Option<&str>,
    limit: usize,
) -> Result<RecordPage, StoreError> {
    store.page(&List::Raised(division), after, limit)
}

/// Submissions from below that gave institutions addresses which nothing recorded for them.
pub fn with_new_hosts(
    store: &RecordStore,
    division: &DivisionCode,
    after: Option<&str>,
    limit: usize,
) -> Result<RecordPage, StoreError> {
    store.page(&List::NewHosts(division), after, limit)
}

/// How many wait, counted up to `most`.
pub fn count_waiting(
    store: &RecordStore,
    kind: &'static str,
    state: State,
    division: &DivisionCode,
    most: usize,
) -> Result<usize, StoreError> {
    store.count_listed(&List::Waiting(kind, state, division), most)
}

/// The record as a submission would make it if it were published now.
pub fn proposed(store: &RecordStore, submission: &Record) -> Result<Option<Record>, WorkflowError> {
    effects::proposed(store, submission)
}

/// The submission of a record.
pub fn as_submission(record: &Record) -> Option<&Submission> {
    match &record.body {
        Body::Submission(submission) => Some(submission),
        _ => None,
    }
}
