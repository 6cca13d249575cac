//! Which change tells whom.

use std::collections::{BTreeMap, BTreeSet};

use indexer::record::{
    Body, DivisionCode, Handling, NameApplication, Record, State, Submission, Task, TaskMatter, ids,
    name_application::Stage,
};

use super::{MAX_SAYS, Notice, What, add, offices::Offices, one_line};
use crate::{
    access::{self, Act, Actor, Subject},
    desk,
    store::{RecordStore, RevisionInfo, StoreError, listings::List},
    workflow::{self, as_submission},
};

/// Table of the place up to which changes were looked through; written with the notices that were made of them.
const PLACE: &str = "notice_place";
const UPTO: &str = "upto";
/// Changes looked through in one go: most are passed over by their ids, and the others take a read or two.
const MAX_AT_ONCE: usize = 2_000;
/// Changes that told nobody, beyond which the place is noted all the same: a restart looks through no more than these
/// again.
const NOTED_EVERY: u64 = 4_000;
/// Accounts of one division that are reported of one thing: a large office. Others there may not do it, so that more
/// are looked at.
const MAX_LISTED: usize = 50;
/// Accounts read in one go.
const READ_AT_ONCE: usize = 200;

/// Up to where the changes were looked through, and up to where that is noted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Position {
    at: u64,
    noted: u64,
}

/// Makes the notices of changes since `from`, and moves it on; `None` before the first look. Whether there may be more.
pub fn follow(store: &RecordStore, from: &mut Option<Position>) -> Result<bool, StoreError> {
    let last = store.last_sequence()?;
    let Position { at: begun, noted } = match *from {
        Some(place) => place,
        None => {
            let noted = store.secret(PLACE, UPTO)?.and_then(|upto| upto.parse::<u64>().ok());
            // What was there before there were notices, or before the store was restored, is no news.
            let begun = noted.filter(|at| *at <= last).unwrap_or(last);
            if noted != Some(begun) {
                store.put_secret(PLACE, UPTO, Some(&begun.to_string()))?;
            }
            Position { at: begun, noted: begun }
        }
    };
    *from = Some(Position { at: begun, noted });
    if last <= begun {
        return Ok(false);
    }
    let changes = store.changes_after(begun, MAX_AT_ONCE)?;
    let upto = changes.last().map_or(begun, |(at, ..)| *at);
    let mut told: BTreeMap<String, Vec<(u64, Notice)>> = BTreeMap::new();
    let mut offices = Offices::default();
    for (at, id, revision) in &changes {
        for (account, notice) in of_change(store, &mut offices, id, *revision)? {
            // Keys hand in too, and accounts are closed: nobody reads what they would be reported.
            if access::actor_of(store, &account)?.is_some() {
                told.entry(account).or_default().push((*at, notice));
            }
        }
    }
    // Changes that tell nobody are looked through again after a restart: noting each look would be a durable write.
    let note = !told.is_empty() || upto - noted >= NOTED_EVERY;
    if note {
        store.change_secrets(|secrets| {
            for (account, notices) in &told {
                add(secrets, account, notices)?;
            }
            secrets.put(PLACE, UPTO, &upto.to_string());
            Ok(())
        })?;
    }
    *from = Some(Position { at: upto, noted: if note { upto } else { noted } });
    Ok(upto < last)
}

/// Accounts with what each is reported.
type Addressed = Vec<(String, Notice)>;

fn of_change(store: &RecordStore, offices: &mut Offices, id: &str, revision: u64) -> Result<Addressed, StoreError> {
    // Submissions, tasks, handling, applications for names: nothing else tells anybody, and most changes are of other
    // records.
    if ![ids::SUBMISSION, ids::TASK, ids::HANDLING, ids::NAME_APPLICATION].iter().any(|start| id.starts_with(start)) {
        return Ok(Vec::new());
    }
    let (Some(after), Some(info)) = (store.get_revision(id, revision)?, store.info(id, revision)?) else {
        return Ok(Vec::new());
    };
    let before = match revision {
        0 | 1 => None,
        _ => store.get_revision(id, revision - 1)?,
    };
    let mut told = match &after.body {
        Body::Submission(s) => of_submission(&after, s, before.as_ref(), &info),
        Body::Handling(h) => of_handling(store, h, before.as_ref(), &info)?,
        Body::Task(t) => of_task((store, offices), &after, t, before.as_ref(), &info)?,
        Body::NameApplication(a) => of_application(&after, a, before.as_ref(), &info),
        _ => Vec::new(),
    };
    // Nobody is told what they did themselves, nor twice.
    let mut once = BTreeSet::new();
    told.retain(|(account, _)| *account != info.author && once.insert(account.clone()));
    Ok(told)
}

fn notice(what: What, about: &str, target: &str, title: &str, says: &str, info: &RevisionInfo) -> Notice {
    let says = one_line(says).chars().take(MAX_SAYS).collect();
    Notice {
        what,
        about: about.to_owned(),
        target: target.to_owned(),
        title: one_line(title),
        says,
        at: info.at,
        read: false,
    }
}

fn of_submission(after: &Record, s: &Submission, before: Option<&Record>, info: &RevisionInfo) -> Addressed {
    let was = before.map(|before| before.state);
    let what = match (was, after.state) {
        (was, now) if was == Some(now) => return Vec::new(),
        (_, State::Returned) => What::Returned,
        (_, State::Published) => What::Published,
        (Some(State::Published), State::Withdrawn) => What::Withdrawn,
        _ => return Vec::new(),
    };
    let told = notice(what, &after.id, &s.target, &s.target_title, &info.reason, info);
    s.authors.iter().map(|author| (author.clone(), told.clone())).collect()
}

fn of_handling(
    store: &RecordStore,
    h: &Handling,
    before: Option<&Record>,
    info: &RevisionInfo,
) -> Result<Addressed, StoreError> {
    let Some(submission) = store.get(&h.submission)? else { return Ok(Vec::new()) };
    let Some(s) = as_submission(&submission) else { return Ok(Vec::new()) };
    let was = before.and_then(|before| match &before.body {
        Body::Handling(was) => Some(was),
        _ => None,
    });
    let of = |what, says: &str| notice(what, &submission.id, &s.target, &s.target_title, says, info);
    let mut told = Vec::new();
    if let Some(taken) = h.taken.as_ref().filter(|taken| was.and_then(|was| was.taken.as_ref()) != Some(taken))
        && let Some(by) = &taken.given_by
    {
        told.push((taken.by.clone(), of(What::Assigned, &format!("由 {by} 交给您"))));
    }
    if let Some(comment) = h.comments.last().filter(|_| h.comments.len() > was.map_or(0, |was| was.comments.len())) {
        let says = format!("{}：{}", comment.office_name, comment.text);
        let spoke = h.comments.iter().map(|comment| &comment.by);
        let people = s.authors.iter().chain(h.taken.iter().map(|taken| &taken.by)).chain(spoke);
        told.extend(people.map(|account| (account.clone(), of(What::Comment, &says))));
    }
    Ok(told)
}

fn of_task(
    (store, offices): (&RecordStore, &mut Offices),
    after: &Record,
    task: &Task,
    before: Option<&Record>,
    info: &RevisionInfo,
) -> Result<Addressed, StoreError> {
    let was = before.and_then(|before| match &before.body {
        Body::Task(was) => Some((before.state, was)),
        _ => None,
    });
    let waits = after.state == State::Submitted && task.ended.is_none();
    let division = workflow::division_of(after);
    // The first review of a name is followed by a second, in the same task: with the office above, or with other
    // people.
    let goes_up = before.map(workflow::division_of).is_some_and(|was| was != division && division.covers(&was));
    let limit = |task: &Task| task.clock.as_ref().map(|clock| clock.limit.clone());
    let is_another =
        was.is_some_and(|(_, was)| was.clock.is_some() && task.clock.is_some() && limit(was) != limit(task));
    let comes = waits
        && (goes_up || is_another || was.is_none_or(|(state, was)| state != State::Submitted || was.ended.is_some()));
    let what = match task.matter {
        _ if waits && was.is_some_and(|(_, was)| was.reminded.len() < task.reminded.len()) => What::Due,
        TaskMatter::NameRenewal | TaskMatter::NameDeletion if comes => What::NameExpires,
        _ if comes => What::Task,
        _ => return Ok(Vec::new()),
    };
    let title = format!("{}：{}", task.matter.label(), task.about_title);
    let told = notice(what, &after.id, &task.about, &title, &task.says, info);
    let submission = match task.matter {
        TaskMatter::Review => store.get(&task.about)?,
        _ => None,
    };
    let ends = |who: &Actor| match task.matter {
        TaskMatter::Review => {
            // Nobody reviews what they wrote.
            submission
                .as_ref()
                .is_some_and(|s| access::may(Some(who), Act::Take, &workflow::subject(s, &division)).is_ok())
        }
        TaskMatter::Answer => access::may(Some(who), Act::Answer, &Subject::of(&division)).is_ok(),
        TaskMatter::NameReview => access::may(Some(who), Act::Review, &Subject::of(&division)).is_ok(),
        _ => access::may(Some(who), Act::Settle, &Subject::of(&desk::division_for(who, after))).is_ok(),
    };
    if !task.office.is_empty() {
        let own = offices.of_task(store, &division, task)?.filter(|who| ends(who)).take(MAX_LISTED);
        let told: Addressed = own.map(|who| (who.name.clone(), told.clone())).collect();
        // Without accounts that may end it, it waits for the division.
        if !told.is_empty() {
            return Ok(told);
        }
    }
    let mut accounts = in_charge(store, &division, ends)?;
    // What the division's own reviewers may not approve waits for those above them as well.
    let concerns = submission.as_ref().and_then(as_submission).map(|s| s.concerns.as_slice()).unwrap_or_default();
    for above in concerns.iter().map(|concern| &concern.division).collect::<BTreeSet<_>>() {
        accounts.extend(in_charge(store, above, ends)?);
    }
    Ok(accounts.into_iter().map(|account| (account, told.clone())).collect())
}

/// Accounts of the division that has to do something, or, where it has none that may, of the next above.
fn in_charge(
    store: &RecordStore,
    division: &DivisionCode,
    may: impl Fn(&Actor) -> bool,
) -> Result<Vec<String>, StoreError> {
    let mut division = division.clone();
    loop {
        let (mut found, mut after) = (Vec::new(), None);
        // In the order of divisions: those of the division itself come first.
        'division: loop {
            let listed = store.list(&List::Access("account", &division), after.as_deref(), READ_AT_ONCE)?;
            for (key, id) in &listed {
                if key.split('\0').nth(2) != Some(division.as_str()) || found.len() == MAX_LISTED {
                    break 'division;
                }
                let name = id.strip_prefix("account-");
                let actor = name.map(|name| access::actor_of(store, name)).transpose()?.flatten();
                found.extend(actor.filter(&may).map(|actor| actor.name));
            }
            match listed.into_iter().nth(READ_AT_ONCE - 1) {
                Some((key, _)) => after = Some(key),
                None => break,
            }
        }
        if !found.is_empty() || division.is_nation() {
            return Ok(found);
        }
        division = division.above();
    }
}

fn of_application(after: &Record, a: &NameApplication, before: Option<&Record>, info: &RevisionInfo) -> Addressed {
    let was = before.and_then(|before| match &before.body {
        Body::NameApplication(was) => Some(was.stage),
        _ => None,
    });
    let tells = matches!(
        a.stage,
        Stage::Supplement | Stage::Approved | Stage::Registered | Stage::Refused | Stage::NotAccepted | Stage::Lapsed
    );
    if !tells || was == Some(a.stage) {
        return Vec::new();
    }
    let says = format!("{}。{}", a.stage.label(), info.reason);
    let told = notice(What::NameMoved, &after.id, "", &a.name, &says, info);
    a.handlers.iter().map(|account| (account.clone(), told.clone())).collect()
}
