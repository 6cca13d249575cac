use indexer::record::{Role, samples};

use super::*;
use crate::{
    access::{Denied, samples::actor},
    desk::{Desk, Grounds},
    store::{Backend, listings::List},
    workflow::{self, MAX_REASON},
};

struct Shelf {
    _dir: tempfile::TempDir,
    store: RecordStore,
    desk: Desk,
    submission: Record,
}

/// A store with a submission of the city's that waits for its review.
fn shelf() -> Shelf {
    let dir = tempfile::tempdir().unwrap();
    let store = RecordStore::open(Backend::Redb, dir.path()).unwrap();
    let owned = Record { owner: Some("520300".parse().unwrap()), ..samples::institution("b", "甲局", "520300") };
    store.import("corpus", [owned.clone()], &mut |_| {}).unwrap();
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
    let submission = workflow::hand_in(&store, &desk, &writes, &written.id, written.revision).unwrap();
    Shelf { _dir: dir, store, desk, submission }
}

impl Shelf {
    fn handling(&self) -> Handling {
        of(&self.store, &self.submission.id).unwrap().unwrap()
    }

    fn taken_by(&self, account: &str) -> usize {
        self.store.count_listed(&List::Taken(account), 9).unwrap()
    }
}

#[test]
fn one_reviewer_has_a_submission_in_hand_until_it_leaves_the_review() {
    let shelf = shelf();
    let (store, id) = (&shelf.store, shelf.submission.id.as_str());
    let [first, second] = ["first", "second"].map(|name| actor(name, Role::Reviewer, "520000"));
    assert!(of(store, id).unwrap().is_none());
    take(store, &first, id, false).unwrap();
    take(store, &first, id, false).unwrap();
    assert_eq!((shelf.taken_by("first"), shelf.taken_by("second")), (1, 0));
    let taken = shelf.handling().taken.unwrap();
    assert_eq!((taken.by.as_str(), taken.office_name.as_str()), ("first", "first的机构"));
    assert!(matches!(take(store, &second, id, false), Err(WorkflowError::Taken { by, .. }) if by == "first"));
    take(store, &second, id, true).unwrap();
    assert_eq!((shelf.taken_by("first"), shelf.taken_by("second")), (0, 1));
    give_back(store, &first, id).unwrap();
    assert!(matches!(give_back(store, &second, id), Err(WorkflowError::NotTaken)));
    take(store, &first, id, false).unwrap();
    let told: Vec<(String, String)> =
        history_of(store, id).unwrap().into_iter().map(|info| (info.author, info.reason)).collect();
    let told: Vec<(&str, &str)> = told.iter().map(|(by, what)| (by.as_str(), what.as_str())).collect();
    assert_eq!(told, [("first", TAKEN), ("second", TAKEN), ("first", GIVEN_BACK), ("first", TAKEN)]);
    // Neither the submission nor its place in the queue changed.
    assert_eq!(store.get(id).unwrap().unwrap(), shelf.submission);
    let grounds = Grounds::new("other", "请补充依据");
    workflow::perform(store, &shelf.desk, &second, id, shelf.submission.revision, "return", grounds).unwrap();
    assert_eq!((shelf.handling().taken, shelf.taken_by("first")), (None, 0));
    assert!(matches!(take(store, &first, id, false), Err(WorkflowError::WrongState { .. })));
}

#[test]
fn only_those_whom_it_concerns_take_and_talk() {
    let shelf = shelf();
    let (store, id) = (&shelf.store, shelf.submission.id.as_str());
    let elsewhere = actor("elsewhere", Role::Reviewer, "530000");
    let reader = actor("reader.1", Role::Reader, "520300");
    let other = actor("other", Role::Contributor, "520300");
    let writes = actor("writes", Role::Contributor, "520300");
    for who in [&elsewhere, &reader, &other, &writes] {
        assert!(matches!(take(store, who, id, true), Err(WorkflowError::Denied(_))), "{}", who.name);
    }
    for who in [&elsewhere, &reader, &other] {
        assert!(matches!(comment(store, who, id, "甲"), Err(WorkflowError::Denied(_))), "{}", who.name);
    }
    // Whoever wrote it may be a reviewer too, and does not review it.
    let promoted = actor("writes", Role::Reviewer, "520300");
    assert!(matches!(take(store, &promoted, id, false), Err(WorkflowError::Denied(Denied::FourEyes))));
    assert!(matches!(comment(store, &writes, "s-none", "甲"), Err(WorkflowError::Unknown)));
    assert!(of(store, id).unwrap().is_none(), "nothing was written");
}

#[test]
fn comments_are_bounded_and_stay() {
    let shelf = shelf();
    let (store, id) = (&shelf.store, shelf.submission.id.as_str());
    let (writes, reviews) = (actor("writes", Role::Contributor, "520300"), actor("v", Role::Reviewer, "520000"));
    assert!(matches!(comment(store, &writes, id, " \r\n "), Err(WorkflowError::NoComment)));
    assert!(matches!(comment(store, &writes, id, &"长".repeat(MAX_REASON + 1)), Err(WorkflowError::LongReason(_))));
    assert!(matches!(comment(store, &writes, id, "甲\u{7}"), Err(WorkflowError::Control(7))));
    comment(store, &reviews, id, "依据是哪一份文件？\r\n请补上文号。").unwrap();
    let longest = "长".repeat(MAX_REASON);
    for _ in 1..MAX_COMMENTS {
        comment(store, &writes, id, &longest).unwrap();
    }
    assert!(matches!(comment(store, &writes, id, "甲"), Err(WorkflowError::ManyComments(_))));
    let size = serde_json::to_vec(&store.get(&id_of(id)).unwrap().unwrap()).unwrap().len();
    assert!(size < 100_000, "{size}");
    let comments = shelf.handling().comments;
    assert_eq!((comments.len(), comments[0].by.as_str()), (MAX_COMMENTS, "v"));
    assert_eq!(comments[0].text, "依据是哪一份文件？\n请补上文号。");
    assert_eq!(store.get(id).unwrap().unwrap(), shelf.submission, "the submission did not move");
}

#[test]
fn what_is_said_at_the_same_moment_is_not_lost() {
    let shelf = shelf();
    let (store, id) = (&shelf.store, shelf.submission.id.as_str());
    std::thread::scope(|scope| {
        for n in 0..3 {
            scope.spawn(move || {
                let who = actor(&format!("v{n}"), Role::Reviewer, "520000");
                comment(store, &who, id, "甲").unwrap();
            });
        }
    });
    assert_eq!(shelf.handling().comments.len(), 3);
}
