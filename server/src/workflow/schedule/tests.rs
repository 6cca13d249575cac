use indexer::record::{DivisionLevel, Role, TaskMatter, samples};
use jiff::ToSpan;

use super::*;
use crate::{
    access::{Maker, NewAccount, samples::actor},
    desk,
    store::Backend,
    workflow,
};

struct Shelf {
    dir: tempfile::TempDir,
    store: RecordStore,
    desk: Desk,
    reviewer: Actor,
    approved: Record,
}

/// A store with a submission of the city's that a reviewer with an account has approved.
fn shelf() -> Shelf {
    let dir = tempfile::tempdir().unwrap();
    let store = RecordStore::open(Backend::Redb, dir.path()).unwrap();
    let owned = Record { owner: Some("520300".parse().unwrap()), ..samples::institution("b", "甲局", "520300") };
    let office = samples::institution("o", "省编办", "520000");
    let division = samples::division("520000", "贵州省", "贵州", DivisionLevel::Province, None);
    store.import("corpus", [owned.clone(), office, division], &mut |_| {}).unwrap();
    let new = NewAccount {
        name: "reviews".into(),
        office_id: Some("o".into()),
        office_name: String::new(),
        role: Role::Reviewer,
        division: "520000".parse().unwrap(),
    };
    access::create(&store, new, None, Maker::Operator, &By { author: "test", reason: "" }).unwrap();
    let reviewer = access::actor_of(&store, "reviews").unwrap().unwrap();
    let mut body = owned.body;
    if let Body::Institution(i) = &mut body {
        i.short_names = vec!["甲".into()];
    }
    let (desk, writes) = (Desk::shipped(), actor("writes", Role::Contributor, "520300"));
    let proposed = workflow::Draft {
        target: "b".into(),
        based_on: 1,
        content: Some(body),
        provenance: Vec::new(),
        answers: None,
        note: String::new(),
    };
    let written = workflow::draft(&store, &writes, proposed).unwrap();
    let sent = workflow::hand_in(&store, &desk, &writes, &written.id, written.revision).unwrap();
    let approved =
        workflow::perform(&store, &desk, &reviewer, &sent.id, sent.revision, "approve", Grounds::default()).unwrap();
    Shelf { dir, store, desk, reviewer, approved }
}

fn after(days: i64) -> Date {
    today().checked_add(days.days()).unwrap()
}

impl Shelf {
    fn set(&self, on: Date) -> Result<Record, WorkflowError> {
        let now = self.now();
        schedule(&self.store, &self.desk, &self.reviewer, (&now.id, now.revision), on)
    }

    fn now(&self) -> Record {
        self.store.get(&self.approved.id).unwrap().unwrap()
    }

    fn look(&self, day: Date) {
        publish_due(&self.store, &self.desk, day).unwrap();
        desk::look(&self.store, &self.desk, day).unwrap();
    }

    fn is_published(&self) -> bool {
        let target = self.store.get("b").unwrap().unwrap();
        assert_eq!(target.revision == 2, self.now().state == State::Published);
        target.revision == 2
    }

    fn review(&self) -> Record {
        let tasks = self.store.list(&List::TasksAbout(&self.approved.id), None, 9).unwrap();
        let of = |(_, id): &(String, String)| self.store.get(id).unwrap();
        let mut all = tasks.iter().filter_map(of);
        all.find(|task| matches!(&task.body, Body::Task(t) if t.matter == TaskMatter::Review)).unwrap()
    }
}

#[test]
fn what_is_set_for_a_day_is_published_on_it_once_also_after_an_outage() {
    let shelf = shelf();
    let set = shelf.set(after(3)).unwrap();
    let Body::Submission(s) = &set.body else { unreachable!() };
    assert_eq!((s.publish_on.as_ref().unwrap().on, s.due), (after(3), None));
    assert_eq!(shelf.review().state, State::Returned, "the review waits for the day");
    shelf.look(after(2));
    assert!(!shelf.is_published());
    // The service was off on the day itself, and the store is opened anew.
    let Shelf { dir, store, desk, reviewer, approved } = shelf;
    drop(store);
    let store = RecordStore::open(Backend::Redb, dir.path()).unwrap();
    let shelf = Shelf { dir, store, desk, reviewer, approved };
    shelf.look(after(8));
    assert!(shelf.is_published());
    let done = shelf.now();
    let told = shelf.store.info(&done.id, done.revision).unwrap().unwrap();
    assert_eq!((told.author.as_str(), told.reason), ("reviews", format!("按定日（{}）公布", after(3))));
    let head = shelf.store.head();
    shelf.look(after(9));
    assert_eq!(shelf.store.head(), head, "once");
    assert!(shelf.store.list(&List::Scheduled, None, 9).unwrap().is_empty());
}

#[test]
fn a_day_can_be_changed_and_taken_off() {
    let shelf = shelf();
    for wrong in [today(), after(-1), after(MAX_DAYS_AHEAD + 1)] {
        assert!(matches!(shelf.set(wrong), Err(WorkflowError::PublicationDay { .. })), "{wrong}");
    }
    shelf.set(after(3)).unwrap();
    let set = shelf.set(after(5)).unwrap();
    assert_eq!(shelf.store.list(&List::Scheduled, None, 9).unwrap().len(), 1);
    shelf.look(after(4));
    assert!(!shelf.is_published());
    let stale = cancel(&shelf.store, &shelf.desk, &shelf.reviewer, (&set.id, set.revision - 1));
    assert!(matches!(stale, Err(WorkflowError::Store(StoreError::Conflict { .. }))));
    let off = cancel(&shelf.store, &shelf.desk, &shelf.reviewer, (&set.id, set.revision)).unwrap();
    let Body::Submission(s) = &off.body else { unreachable!() };
    assert!(s.publish_on.is_none() && s.due.is_some(), "the review goes on");
    assert_eq!(shelf.review().state, State::Submitted);
    let again = cancel(&shelf.store, &shelf.desk, &shelf.reviewer, (&off.id, off.revision));
    assert!(matches!(again, Err(WorkflowError::NotScheduled)));
    shelf.look(after(30));
    assert!(!shelf.is_published());
    // Returned, it has no day either.
    let set = shelf.set(after(3)).unwrap();
    let grounds = Grounds::new("other", "请补充");
    workflow::perform(&shelf.store, &shelf.desk, &shelf.reviewer, &set.id, set.revision, "return", grounds).unwrap();
    assert!(shelf.store.list(&List::Scheduled, None, 9).unwrap().is_empty());
    shelf.look(after(30));
    assert!(!shelf.is_published());
}

#[test]
fn only_who_may_publish_sets_a_day_and_nothing_comes_of_those_who_no_longer_may() {
    let shelf = shelf();
    for who in [
        actor("writes", Role::Contributor, "520300"),
        actor("elsewhere", Role::Reviewer, "530000"),
        actor("admin", Role::Administrator, "520000"),
    ] {
        let set = schedule(&shelf.store, &shelf.desk, &who, (&shelf.approved.id, shelf.approved.revision), after(3));
        assert!(matches!(set, Err(WorkflowError::Denied(_))), "{}", who.name);
    }
    shelf.set(after(3)).unwrap();
    access::set_standing(&shelf.store, "reviews", false, &By { author: "test", reason: "" }).unwrap();
    shelf.look(after(3));
    let now = shelf.now();
    assert_eq!(now.state, State::Approved);
    let told = shelf.store.info(&now.id, now.revision).unwrap().unwrap();
    assert!(told.author == SERVICE && told.reason.starts_with("没有按定日公布："), "{told:?}");
    let head = shelf.store.head();
    shelf.look(after(4));
    assert_eq!(shelf.store.head(), head, "it is told once");
}

#[test]
fn what_was_outdated_meanwhile_is_not_published_and_told() {
    let shelf = shelf();
    shelf.set(after(3)).unwrap();
    let mut target = shelf.store.get("b").unwrap().unwrap();
    if let Body::Institution(i) = &mut target.body {
        i.former_names = vec!["甲处".into()];
    }
    shelf.store.put(target, &By { author: "other", reason: "" }).unwrap();
    shelf.look(after(3));
    let now = shelf.now();
    let told = shelf.store.info(&now.id, now.revision).unwrap().unwrap();
    assert!(now.state == State::Approved && told.reason.contains("第 2 次修订"), "{told:?}");
}
