//! 任务: what waits for an office, and how it ends.
//!
//! A task is a record, written in the same batch as the change that made it or ended it, so that neither is there
//! without the other. Tasks that follow a review end with it; all others end by somebody who says that it is done, by
//! what is published of their records, or with a reason.

use std::collections::BTreeMap;

use indexer::record::{
    Body, Clock, DivisionCode, Provenance, Record, State, Task, TaskEnd, TaskMatter, TaskOrigin, TaskRecord, ids,
    name_application::Stage,
};
use jiff::civil::Date;
use sha2::{Digest, Sha256};

use super::{About, Desk, Grounds, InvalidGrounds, LimitKey, ReasonedAct, former_names::institution_of, words};
use crate::{
    access::{self, Act, Actor, Denied, Subject},
    clock::today,
    store::{
        By, RecordStore, StoreError,
        listings::{List, RecordPage},
    },
};

/// Records that a task names; it tells how many there are besides.
pub(super) const MAX_RECORDS: usize = 50;
/// Open tasks of one record that are looked through when it changes: some of each matter.
const MAX_OF_A_RECORD: usize = 200;
/// Pages of tasks looked through for one page of an institution's own: a city has some fifty institutions.
const MAX_PAGES: usize = 60;
/// Longest words on a task, in characters.
pub const MAX_WORDS: usize = 500;

#[derive(Debug, thiserror::Error)]
pub enum TaskError {
    #[error("没有这项任务，或者它不在您的账户所管的区划之内")]
    Unknown,
    #[error("这项任务已经办结或关闭")]
    Ended,
    #[error("这项任务随审核、答复办结，不能单独关闭：请到它的记录上办理")]
    Follows,
    #[error("请写明要办什么（至多 {MAX_WORDS} 个字，不含控制字符）")]
    Words,
    #[error("没有编号为“{0}”的已公布记录")]
    NoRecord(String),
    #[error(transparent)]
    Grounds(#[from] InvalidGrounds),
    #[error(transparent)]
    Denied(#[from] Denied),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("无法取得随机数：{0}")]
    Random(#[from] getrandom::Error),
}

/// The task of a record.
pub fn as_task(record: &Record) -> Option<&Task> {
    match &record.body {
        Body::Task(task) => Some(task),
        _ => None,
    }
}

/// Whether an id is a task's.
pub fn is_task(id: &str) -> bool {
    id.starts_with(ids::TASK)
}

/// The division whose office has to do it.
fn division_of(record: &Record) -> DivisionCode {
    record.owner.clone().unwrap_or_else(DivisionCode::nation)
}

/// Tasks in a state in a division and below it.
pub fn inbox(
    store: &RecordStore,
    state: State,
    division: &DivisionCode,
    after: Option<&str>,
    limit: usize,
) -> Result<RecordPage, StoreError> {
    store.page(&List::Tasks(state, division), after, limit)
}

/// The tasks that are the institution's of whoever asks: those that name it, by its record or as the account does, and
/// those of the division itself that name none. At least a page, where there are as many.
///
/// An account may be of another division than its institution: those that name the institution's record lie there.
pub fn inbox_of(
    store: &RecordStore,
    state: State,
    who: &Actor,
    after: Option<&str>,
    limit: usize,
) -> Result<RecordPage, StoreError> {
    let id = institution_of(store, who)?;
    let is_own = |record: &Record| {
        as_task(record).is_some_and(|task| match task.office.as_str() {
            "" => division_of(record) == who.division,
            _ if who.division.covers(&division_of(record)) => task.is_of(&who.office_name, id.as_deref()),
            _ => is_of_account(task, who),
        })
    };
    let mut divisions = vec![who.division.clone()];
    divisions.extend(home_elsewhere(store, who)?);
    divisions.sort();
    let begins = after.and_then(|after| after.split('\0').nth(2));
    let (mut all, mut left) = (RecordPage { records: Vec::new(), next: None }, MAX_PAGES);
    for division in &divisions {
        let is_home = *division != who.division;
        let lies_here = |code: &str| match is_home {
            true => code == division.as_str(),
            false => code.starts_with(division.significant()),
        };
        let mut from = match begins {
            Some(code) if lies_here(code) => after.map(str::to_owned),
            Some(code) if code > division.as_str() => continue,
            _ => None,
        };
        loop {
            let page = inbox(store, state, division, from.as_deref(), limit)?;
            left = left.saturating_sub(1);
            // Those of the division itself come before those of the divisions below it, of which the account's own may
            // be one.
            let lies_in = |record: &Record| !is_home || division_of(record) == *division;
            let is_beyond = !page.records.iter().all(lies_in);
            all.records.extend(page.records.into_iter().filter(|record| lies_in(record) && is_own(record)));
            from = page.next.filter(|_| !is_beyond);
            if from.is_none() {
                break;
            }
            if all.records.len() >= limit || left == 0 {
                all.next = from;
                return Ok(all);
            }
        }
    }
    Ok(all)
}

/// The division of the institution whose account somebody has, where it does not lie in the account's own.
fn home_elsewhere(store: &RecordStore, who: &Actor) -> Result<Option<DivisionCode>, StoreError> {
    let record = who.office_id.as_deref().map(|id| store.head_of(id)).transpose()?.flatten();
    let home = record.and_then(|record| match record.body {
        Body::Institution(institution) if record.state == State::Published => Some(institution.division),
        _ => None,
    });
    Ok(home.filter(|home| !who.division.covers(home)))
}

/// Whether a task names the institution by the record that the account does: a name alone may be that of another.
fn is_of_account(task: &Task, who: &Actor) -> bool {
    task.office_id.is_some() && task.office_id == who.office_id
}

/// The division by which it is judged what somebody may do to a task: that of the task, and of a task of the
/// institution whose account it is the account's own, wherever the institution is.
pub fn division_for(who: &Actor, record: &Record) -> DivisionCode {
    match as_task(record) {
        Some(task) if is_of_account(task, who) && !task.matter.follows_a_review() => who.division.clone(),
        _ => division_of(record),
    }
}

/// A task that somebody may read; to all others there is none.
pub fn find(store: &RecordStore, who: &Actor, id: &str) -> Result<Record, TaskError> {
    let record = store.get(id)?.filter(|r| as_task(r).is_some()).ok_or(TaskError::Unknown)?;
    let may = access::may(Some(who), Act::Read, &Subject::of(&division_for(who, &record)));
    may.map_err(|_| TaskError::Unknown)?;
    Ok(record)
}

/// What somebody asks an office to do.
#[derive(Debug, Clone, Copy)]
pub struct Asked<'a> {
    /// The record that it is about.
    pub about: &'a str,
    pub says: &'a str,
    /// The last day, where there is one.
    pub due: Option<Date>,
}

/// Makes a task for the office in charge of a record; durable when it returns.
pub fn ask(store: &RecordStore, desk: &Desk, who: &Actor, asked: Asked<'_>) -> Result<Record, TaskError> {
    let no_record = || TaskError::NoRecord(asked.about.chars().filter(|c| !c.is_control()).take(40).collect());
    let about = store.get(asked.about.trim())?.filter(Record::is_public).ok_or_else(no_record)?;
    let division = division_of(&about);
    access::may(Some(who), Act::Settle, &Subject::of(&division))?;
    let says = checked(asked.says)?;
    let mut bytes = [0u8; 8];
    getrandom::fill(&mut bytes)?;
    let origin = TaskOrigin::Person { account: who.name.clone(), office_name: who.office_name.clone() };
    let mut record = new(TaskMatter::Asked, &hex::encode(bytes), &division, &about, says, origin);
    if let Body::Task(task) = &mut record.body {
        match asked.due {
            // A day that somebody sets is counted from nothing.
            Some(day) => {
                task.due = Some(day);
                task.remind_before = desk.limits.get(LimitKey::ChangeFollowup).remind_before.clone();
            }
            None => start(desk, task, LimitKey::ChangeFollowup, today()),
        }
    }
    let revision = store.put(record.clone(), &By { author: &who.name, reason: "" })?;
    Ok(Record { revision, ..record })
}

/// Ends a task by saying that it is done; durable when it returns.
pub fn finish(store: &RecordStore, who: &Actor, id: &str, revision: u64, said: &str) -> Result<Record, TaskError> {
    let (mut record, said) = (open(store, who, id, revision)?, said.trim());
    if !said.is_empty() {
        checked(said)?;
    }
    let act =
        if as_task(&record).is_some_and(|t| t.matter == TaskMatter::Confirm) { "确认无误" } else { "已办理" };
    end(&mut record, State::Approved, TaskEnd { act: act.to_owned(), letter: None, on: today() });
    let revision = store.put(record.clone(), &By { author: &who.name, reason: said })?;
    Ok(Record { revision, ..record })
}

/// Closes a task with a reason; durable when it returns.
pub fn close(
    store: &RecordStore,
    desk: &Desk,
    who: &Actor,
    (id, revision): (&str, u64),
    grounds: Grounds<'_>,
) -> Result<Record, TaskError> {
    let mut record = open(store, who, id, revision)?;
    if !grounds.said.trim().is_empty() {
        checked(grounds.said)?;
    }
    let about = About { title: record.body.title(), office: "", day: today() };
    let letter = desk.reasons.write(ReasonedAct::CloseTask, grounds, about)?;
    let reason = words(&letter);
    end(&mut record, State::Withdrawn, TaskEnd { act: String::new(), letter: Some(letter), on: today() });
    let revision = store.put(record.clone(), &By { author: &who.name, reason: &reason })?;
    Ok(Record { revision, ..record })
}

/// A task that somebody may end now.
fn open(store: &RecordStore, who: &Actor, id: &str, revision: u64) -> Result<Record, TaskError> {
    let record = find(store, who, id)?;
    access::may(Some(who), Act::Settle, &Subject::of(&division_for(who, &record)))?;
    if record.revision != revision {
        return Err(StoreError::Conflict { id: id.to_owned(), seen: revision, current: record.revision }.into());
    }
    let task = as_task(&record).ok_or(TaskError::Unknown)?;
    if task.matter.follows_a_review() {
        return Err(TaskError::Follows);
    }
    if task.ended.is_some() { Err(TaskError::Ended) } else { Ok(record) }
}

fn checked(text: &str) -> Result<String, TaskError> {
    let text = text.replace("\r\n", "\n").trim().to_owned();
    let sound = text.chars().all(|c| !c.is_control() || c == '\n') && (1..=MAX_WORDS).contains(&text.chars().count());
    if sound { Ok(text) } else { Err(TaskError::Words) }
}

fn end(record: &mut Record, state: State, how: TaskEnd) {
    record.state = state;
    if let Body::Task(task) = &mut record.body {
        task.ended = Some(how);
    }
}

/// The id of a task that comes of something: the same thing makes the same task, however often it is looked at.
pub(super) fn id_of(matter: TaskMatter, of: &str) -> String {
    format!("{}{}", ids::TASK, &hex::encode(Sha256::digest(format!("{}\0{of}", matter.name())))[..24])
}

/// A task that has just come, without a clock.
pub(super) fn new(
    matter: TaskMatter,
    of: &str,
    division: &DivisionCode,
    about: &Record,
    says: String,
    came: TaskOrigin,
) -> Record {
    let task = Task {
        matter,
        about: about.id.clone(),
        about_title: about.body.title().to_owned(),
        office: String::new(),
        office_id: None,
        says,
        came,
        records: Vec::new(),
        more: 0,
        clock: None,
        due: None,
        remind_before: Vec::new(),
        reminded: Vec::new(),
        ended: None,
    };
    let from = Provenance { source: "desk".into(), place: None, date: Some(today()), licence: None };
    let record = Record::published(id_of(matter, of), Some(division.clone()), vec![from], Body::Task(task));
    Record { state: State::Submitted, ..record }
}

/// Starts the clock of a task by a row of the limits.
pub(super) fn start(desk: &Desk, task: &mut Task, limit: LimitKey, day: Date) {
    let limit = desk.limits.get(limit);
    task.remind_before.clone_from(&limit.remind_before);
    set_clock(desk, task, Some(limit.start(day)));
}

/// Gives a task a clock, and the day on which it ends by today's calendar.
pub(super) fn set_clock(desk: &Desk, task: &mut Task, clock: Option<Clock>) {
    if let Some(clock) = &clock {
        task.due = desk.calendar.due(clock).day;
    }
    task.clock = clock;
}

/// The tasks that change with other records, to be written in the same batch.
pub struct Pending<'a> {
    pub(super) store: &'a RecordStore,
    pub(super) desk: &'a Desk,
    tasks: BTreeMap<String, Record>,
}

impl<'a> Pending<'a> {
    pub fn new(store: &'a RecordStore, desk: &'a Desk) -> Self {
        Self { store, desk, tasks: BTreeMap::new() }
    }

    /// All of them.
    pub fn into_tasks(self) -> impl Iterator<Item = Record> {
        self.tasks.into_values()
    }

    /// A task as it is to be, or as it is.
    pub(super) fn get(&self, id: &str) -> Result<Option<Record>, StoreError> {
        match self.tasks.get(id) {
            Some(task) => Ok(Some(task.clone())),
            None => self.store.get(id),
        }
    }

    pub(super) fn set(&mut self, task: Record) {
        self.tasks.insert(task.id.clone(), task);
    }

    /// The task of a review from before there were tasks.
    pub(super) fn adopt_review(&mut self, record: &Record) -> Result<(), StoreError> {
        let id = Review::of(record).map(|review| id_of(review.matter, &record.id));
        match id {
            Some(id) if self.get(&id)?.is_none() => self.follow_review(record),
            _ => Ok(()),
        }
    }

    /// Brings the task of a review to where its record stands; `record` is as it will be written.
    pub fn follow_review(&mut self, record: &Record) -> Result<(), StoreError> {
        let Some(review) = Review::of(record) else { return Ok(()) };
        let before = self.get(&id_of(review.matter, &record.id))?;
        let is_open = matches!(review.stands, Stands::Open | Stands::Waits);
        // What was reviewed before there were tasks has none, and needs none any more.
        if before.is_none() && !is_open {
            return Ok(());
        }
        let mut task = before.unwrap_or_else(|| {
            let event = TaskOrigin::Event { record: record.id.clone(), revision: record.revision + 1 };
            new(review.matter, &record.id, &division_of(record), record, review.says.clone(), event)
        });
        task.owner = Some(division_of(record));
        if let Body::Task(t) = &mut task.body {
            t.about_title = record.body.title().to_owned();
            t.says = review.says;
            match review.clock {
                Some(clock) => {
                    // Another review begins: it is brought to mind as if for the first time.
                    if t.clock.as_ref().is_none_or(|was| (was.started, &was.limit) != (clock.started, &clock.limit)) {
                        t.reminded.clear();
                    }
                    t.remind_before.clone_from(&self.desk.limits.get(review.limit).remind_before);
                    set_clock(self.desk, t, Some(clock));
                }
                // A day that was reported holds as it is.
                None if review.due.is_some() => {
                    t.remind_before.clone_from(&self.desk.limits.get(review.limit).remind_before);
                    (t.clock, t.due) = (None, review.due);
                }
                None if t.clock.is_none() => start(self.desk, t, review.limit, today()),
                None => {}
            }
        }
        match review.stands {
            Stands::Open => task.state = State::Submitted,
            Stands::Waits => task.state = State::Returned,
            Stands::Done(act) if as_task(&task).is_some_and(|t| t.ended.is_none()) => {
                end(&mut task, State::Approved, TaskEnd { act: act.to_owned(), letter: None, on: today() });
            }
            // Published once, and taken out later: the review has ended before.
            Stands::Done(_) => return Ok(()),
        }
        self.set(task);
        Ok(())
    }

    /// Ends the open tasks about a record for which `ends` holds.
    pub(super) fn end_about(&mut self, id: &str, act: &str, ends: impl Fn(&Task) -> bool) -> Result<(), StoreError> {
        let mut after: Option<String> = None;
        loop {
            let page = self.store.list(&List::TasksAbout(id), after.as_deref(), MAX_OF_A_RECORD)?;
            for (_, task) in &page {
                let Some(mut task) = self.get(task)? else { continue };
                if as_task(&task).is_some_and(|t| t.ended.is_none() && t.about == id && ends(t)) {
                    end(&mut task, State::Approved, TaskEnd { act: act.to_owned(), letter: None, on: today() });
                    self.set(task);
                }
            }
            match page.into_iter().nth(MAX_OF_A_RECORD - 1) {
                Some((key, _)) => after = Some(key),
                None => return Ok(()),
            }
        }
    }

    /// Ends what a record's change settles: the request to confirm it, and its part in what was to be looked at.
    /// `record` is as it will be written.
    pub fn settle(&mut self, record: &Record) -> Result<(), StoreError> {
        if !record.body.is_for_the_public() && !record.body.is_shared() {
            return Ok(());
        }
        for (_, id) in self.store.list(&List::TasksAbout(&record.id), None, MAX_OF_A_RECORD)? {
            let Some(mut task) = self.get(&id)? else { continue };
            let Body::Task(t) = &mut task.body else { continue };
            if t.ended.is_some() {
                continue;
            }
            let named = t.records.len();
            t.records.retain(|other| other.id != record.id);
            let confirmed = matches!(t.matter, TaskMatter::Confirm | TaskMatter::NameHolder) && t.about == record.id;
            let looked_at = t.records.len() < named;
            let act = match record.state {
                State::Published => "公布了改动",
                _ => "撤回了记录",
            };
            if confirmed || looked_at && t.records.is_empty() && t.more == 0 {
                end(&mut task, State::Approved, TaskEnd { act: act.to_owned(), letter: None, on: today() });
            }
            if confirmed || looked_at {
                self.set(task);
            }
        }
        Ok(())
    }
}

/// Where the review of a record stands.
struct Review {
    matter: TaskMatter,
    limit: LimitKey,
    says: String,
    clock: Option<Clock>,
    due: Option<Date>,
    stands: Stands,
}

enum Stands {
    Open,
    /// For the other side.
    Waits,
    /// By an act.
    Done(&'static str),
}

impl Review {
    fn of(record: &Record) -> Option<Self> {
        match &record.body {
            Body::Submission(s) => Some(Self {
                matter: TaskMatter::Review,
                limit: LimitKey::SubmissionReview,
                says: format!("审核{}报送的《{}》", s.office_name, s.target_title),
                clock: s.clock.clone(),
                due: s.due,
                stands: match record.state {
                    // It is published on its day, by itself.
                    State::Approved if s.publish_on.is_some() => Stands::Waits,
                    State::Submitted | State::Approved => Stands::Open,
                    State::Draft | State::Returned if s.clock.is_some() => Stands::Waits,
                    // A draft that was never handed in is nobody's task.
                    State::Draft | State::Returned => return None,
                    State::Published => Stands::Done("公布"),
                    State::Withdrawn => Stands::Done("作废"),
                },
            }),
            Body::Correction(c) => Some(Self {
                matter: TaskMatter::Answer,
                limit: LimitKey::CorrectionAnswer,
                says: format!("答复对《{}》的建议（{}）", c.about_title, c.matter.label()),
                clock: None,
                due: None,
                stands: match record.state {
                    State::Draft | State::Submitted => Stands::Open,
                    State::Approved | State::Published => Stands::Done("采纳"),
                    State::Returned => Stands::Done("不采纳"),
                    State::Withdrawn => Stands::Done("撤回"),
                },
            }),
            Body::NameApplication(a) => Some(Self {
                matter: TaskMatter::NameReview,
                limit: match a.stage {
                    Stage::Supplement => LimitKey::NameSupplement,
                    Stage::AwaitsSecond | Stage::InSecond => LimitKey::NameSecondReview,
                    _ => LimitKey::NameFirstReview,
                },
                says: match a.stage {
                    Stage::Supplement => format!("补正“{}”的申请，逾期失效", a.name),
                    _ => format!("审核{}的申请：{}“{}”", a.applicant.name, a.matter.label(), a.name),
                },
                clock: a.clock.clone().filter(|_| a.stage != Stage::Supplement),
                due: a.due,
                stands: match a.stage {
                    Stage::Draft => return None,
                    // What the applicant has to add is the applicant's to do, and its envelope says so.
                    Stage::AwaitsFirst | Stage::InFirst | Stage::AwaitsSecond | Stage::InSecond | Stage::Supplement => {
                        Stands::Open
                    }
                    stage => Stands::Done(stage.label()),
                },
            }),
            _ => None,
        }
    }
}

/// How often records are written again whose tasks have changed with others at the same moment.
const TRIES: usize = 5;

/// Writes records with the tasks that come or end by them: all or none.
pub fn written(
    store: &RecordStore,
    records: &[Record],
    by: By<'_>,
    tasks: impl Fn() -> Result<Vec<Record>, StoreError>,
) -> Result<Vec<u64>, StoreError> {
    let write = || {
        let all = records.iter().cloned().map(|record| (record, by));
        let tasks = tasks()?.into_iter().map(|task| (task, By { author: by.author, reason: "" }));
        store.put_together(all.chain(tasks).collect())
    };
    for _ in 1..TRIES {
        match write() {
            Err(StoreError::Conflict { id, .. }) if is_task(&id) => {}
            written => return written,
        }
    }
    write()
}

/// A record as a task names it.
pub(super) fn named(record: &Record) -> TaskRecord {
    TaskRecord { id: record.id.clone(), title: record.body.title().to_owned() }
}
