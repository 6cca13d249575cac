//! What the desk does by itself: tasks of changes that came by no review (imports, mirrors, the command line), reminders, and
//! what nobody has confirmed for long.
//!
//! Every run begins where the last one ended, as the store remembers it, and looks for what is due and not yet done: a run that
//! was missed, or that was killed, is made up for by the next. Doing it twice writes nothing.

use std::{
    io,
    sync::{Arc, mpsc},
    thread::{self, JoinHandle},
    time::Duration,
};

use indexer::record::{Body, Date, DivisionCode, Record, Reminder, State, TaskMatter, TaskOrigin};

use super::{
    Desk, LimitKey, Pending, as_task,
    batches::{MAX_AT_ONCE, write},
    is_task, names, reminders_due,
    tasks::{id_of, new, start},
};
use crate::{
    clock::{day_of, today},
    store::{RecordStore, StoreError, is_imported, listings::List},
};

/// How often it looks for changes that others have to know of: where nothing has changed, a look is one read.
const LOOK_EVERY: Duration = Duration::from_millis(200);
/// How many of these looks come before one for what is due by its day, which costs some reads more.
const LOOKS_PER_DAYS: u32 = 5;
/// After a failure.
const TRY_AGAIN_AFTER: Duration = Duration::from_secs(1);
/// Up to which change tasks were made of what came by no review.
const EVENTS_UPTO: &str = "desk:events";
/// Up to which change it was looked whether the records are still confirmed.
const CONFIRMED_UPTO: &str = "desk:confirmed";
/// With which tables the last days were counted.
const COUNTED_WITH: &str = "desk:tables";

/// Stops the desk's own work when dropped.
pub struct Keeping {
    stop: Option<mpsc::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Drop for Keeping {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// What another part of the service does on its day, at each look for what is due.
pub type DueWork = fn(&RecordStore, &Desk, Date) -> Result<(), StoreError>;

/// Begins the desk's own work, and what is due with it.
pub fn keep(store: Arc<RecordStore>, desk: Arc<Desk>, due: DueWork) -> io::Result<Keeping> {
    let (stop, stopped) = mpsc::channel();
    let thread = thread::Builder::new().name("desk".into()).spawn(move || {
        let (mut begun, mut looks) = (false, 0u32);
        while stopped.recv_timeout(LOOK_EVERY) == Err(mpsc::RecvTimeoutError::Timeout) {
            let looked = if begun { Ok(()) } else { begin(&store, &desk) };
            begun |= looked.is_ok();
            let looked = looked.and_then(|()| match looks.is_multiple_of(LOOKS_PER_DAYS) {
                true => due(&store, &desk, today()).and_then(|()| look(&store, &desk, today())),
                false => follow_changes(&store, &desk),
            });
            looks = looks.wrapping_add(1);
            if let Err(error) = looked {
                // The next look tries again: a full disk may have room by then, and who wrote meanwhile is done.
                tracing::warn!(%error, "the tasks of offices could not be brought up to date");
                thread::sleep(TRY_AGAIN_AFTER);
            }
        }
    })?;
    Ok(Keeping { stop: Some(stop), thread: Some(thread) })
}

/// What is done once: reviews from before there were tasks get theirs, and days are counted anew where the tables are others.
pub(super) fn begin(store: &RecordStore, desk: &Desk) -> Result<(), StoreError> {
    let nation = DivisionCode::nation();
    for (kind, state) in [
        ("submission", State::Submitted),
        ("submission", State::Approved),
        ("correction", State::Submitted),
        ("name_application", State::Submitted),
        ("name_application", State::Returned),
    ] {
        let mut after = None;
        loop {
            let page = store.page(&List::Waiting(kind, state, &nation), after.as_deref(), MAX_AT_ONCE)?;
            let mut tasks = Pending::new(store, desk);
            for record in &page.records {
                tasks.adopt_review(record)?;
            }
            write(store, tasks.into_tasks(), "")?;
            match page.next {
                Some(next) => after = Some(next),
                None => break,
            }
        }
    }
    count_anew(store, desk)
}

/// Counts the last days of open tasks with the tables as they are now.
fn count_anew(store: &RecordStore, desk: &Desk) -> Result<(), StoreError> {
    let tables = desk.fingerprint();
    if store.meta(COUNTED_WITH)?.as_deref() == Some(&tables) {
        return Ok(());
    }
    let mut after = None;
    loop {
        let page =
            store.page(&List::Tasks(State::Submitted, &DivisionCode::nation()), after.as_deref(), MAX_AT_ONCE)?;
        let counted = page.records.into_iter().filter_map(|mut record| {
            let Body::Task(task) = &mut record.body else { return None };
            let due = desk.calendar.due(task.clock.as_ref()?).day;
            let moves = due != task.due;
            task.due = due;
            moves.then_some(record)
        });
        write(store, counted, "期限按新的工作日安排重新计算")?;
        match page.next {
            Some(next) => after = Some(next),
            None => break,
        }
    }
    store.put_meta(COUNTED_WITH, &tables)
}

/// One look.
pub fn look(store: &RecordStore, desk: &Desk, today: Date) -> Result<(), StoreError> {
    follow_changes(store, desk)?;
    names::look(store, desk, today)?;
    remind(store, today)?;
    ask_to_confirm(store, desk, today)
}

/// Makes the tasks of changes since the last look. What came by a review has its tasks already.
fn follow_changes(store: &RecordStore, desk: &Desk) -> Result<(), StoreError> {
    let last = store.last_sequence()?;
    // What was there before there was a desk, or came with the first import, is no change.
    let Some(from) = store.meta(EVENTS_UPTO)?.and_then(|upto| upto.parse().ok()) else {
        return store.put_meta(EVENTS_UPTO, &last.to_string());
    };
    if last <= from {
        return Ok(());
    }
    let changes = store.changes_after(from, MAX_AT_ONCE)?;
    let upto = changes.last().map_or(from, |(at, ..)| *at);
    let mut tasks = Pending::new(store, desk);
    for (_, id, revision) in changes.iter().filter(|(_, id, _)| !is_task(id)) {
        let Some(after) = store.get_revision(id, *revision)? else { continue };
        if after.body.is_for_the_public() || after.body.is_shared() {
            let before = store.get_revision(id, revision - 1)?;
            tasks.changed_from(before.as_ref(), &after, *revision)?;
        }
    }
    write(store, tasks.into_tasks(), "")?;
    store.put_meta(EVENTS_UPTO, &upto.to_string())
}

/// Brings to mind what is due and was not yet brought to mind.
fn remind(store: &RecordStore, today: Date) -> Result<(), StoreError> {
    let mut due = Vec::new();
    for (key, id) in store.list(&List::Reminders, None, MAX_AT_ONCE)? {
        // In the order of their days.
        let day = key.split('\0').nth(1).and_then(|day| day.parse::<Date>().ok());
        if day.is_some_and(|day| day > today) {
            break;
        }
        due.push(id);
    }
    let mut reminded = Vec::new();
    for id in due {
        let Some(mut record) = store.get(&id)? else { continue };
        let Body::Task(task) = &mut record.body else { continue };
        let (Some(last), None) = (task.due, &task.ended) else { continue };
        let sent: Vec<u32> = task.reminded.iter().map(|reminder| reminder.days_before).collect();
        for days_before in reminders_due(last, &task.remind_before, &sent, today) {
            task.reminded.push(Reminder { days_before, on: today });
        }
        reminded.push(record);
    }
    write(store, reminded.into_iter(), "提醒")
}

/// Makes tasks of what nobody has confirmed for as long as the table says. Changes are looked at in their order, each once, when
/// it has become old enough.
fn ask_to_confirm(store: &RecordStore, desk: &Desk, today: Date) -> Result<(), StoreError> {
    let from: u64 = store.meta(CONFIRMED_UPTO)?.and_then(|upto| upto.parse().ok()).unwrap_or(0);
    let (mut upto, mut tasks) = (from, Vec::new());
    for (at, id, revision) in store.changes_after(from, MAX_AT_ONCE)? {
        let Some(info) = store.info(&id, revision)? else { continue };
        let cycle = desk.limits.get(LimitKey::ConfirmationCycle).start(day_of(info.at));
        if desk.calendar.due(&cycle).day.is_none_or(|due| due > today) {
            break;
        }
        upto = at;
        let Some(record) = to_confirm(store, &id, revision, info.at)? else { continue };
        let owner = record.owner.clone().unwrap_or_else(DivisionCode::nation);
        let of = format!("{}\0{at}", record.id);
        if store.get(&id_of(TaskMatter::Confirm, &of))?.is_some() || is_asked(store, &record.id)? {
            continue;
        }
        let says = "已经很久没有人确认这条记录：请核对名称、网址，无误的确认，有变化的报送更正".to_owned();
        let mut task = new(TaskMatter::Confirm, &of, &owner, &record, says, TaskOrigin::Time);
        if let Body::Task(task) = &mut task.body {
            start(desk, task, LimitKey::Confirmation, today);
        }
        tasks.push(task);
    }
    if upto == from {
        return Ok(());
    }
    write(store, tasks.into_iter(), "")?;
    store.put_meta(CONFIRMED_UPTO, &upto.to_string())
}

/// The record that nobody has confirmed since a change: its own last one, or the last confirmation. Only what gives an address
/// is asked for, and of what was imported only where an office is there to be asked.
fn to_confirm(store: &RecordStore, id: &str, revision: u64, at: jiff::Timestamp) -> Result<Option<Record>, StoreError> {
    let Some(changed) = store.head_of(id)?.filter(|record| record.revision == revision) else { return Ok(None) };
    let record = match as_task(&changed) {
        Some(task) if task.matter == TaskMatter::Confirm && task.ended.is_some() => store.head_of(&task.about)?,
        Some(_) => None,
        None => Some(changed),
    };
    let Some(record) = record.filter(|record| record.is_public() && !record.body.sites().is_empty()) else {
        return Ok(None);
    };
    let Some(info) = store.info(&record.id, record.revision)? else { return Ok(None) };
    // What has changed since has its own day.
    if info.at > at {
        return Ok(None);
    }
    let asked = !is_imported(&info) || has_account(store, &record)?;
    Ok(asked.then_some(record))
}

/// Whether an account is of the very division that answers for a record.
fn has_account(store: &RecordStore, record: &Record) -> Result<bool, StoreError> {
    let division = record.owner.clone().unwrap_or_else(DivisionCode::nation);
    // In the order of divisions: those of the division itself stand before those below it.
    let first = store.list(&List::Access("account", &division), None, 1)?;
    Ok(first.iter().any(|(key, _)| key.split('\0').nth(2) == Some(division.as_str())))
}

/// Whether an open task asks for a record's confirmation already.
fn is_asked(store: &RecordStore, id: &str) -> Result<bool, StoreError> {
    for (_, task) in store.list(&List::TasksAbout(id), None, MAX_AT_ONCE)? {
        let task = store.get(&task)?;
        if task.as_ref().and_then(as_task).is_some_and(|task| task.matter == TaskMatter::Confirm && task.about == id) {
            return Ok(true);
        }
    }
    Ok(false)
}
