//! A process that reviews is killed over and over: what it acknowledged is there, and each review and its task stand
//! alike.

use std::{
    collections::BTreeMap,
    io::{BufRead, BufReader},
    path::Path,
    sync::Mutex,
};

use indexer::record::{Body, Institution, Provenance, Record, Role, State, TaskMatter, staffing};

use super::{Desk, tasks::id_of};
use crate::{
    access::samples::actor,
    kill_tests::{BY, acknowledged, body, report_acknowledged, start, whole},
    store::{Backend, RecordStore, StoreError},
    workflow::{Draft, approve_and_publish, draft, hand_in},
};

const ROUNDS: u64 = 4;
/// Threads that review at once.
const REVIEWERS: usize = 3;

/// The child. Hands in and publishes until it is killed, and tells each revision once it was acknowledged.
pub(crate) fn review(dir: &Path, backend: Backend) {
    let (out, desk) = (Mutex::new(std::io::stdout()), Desk::shipped());
    let store = RecordStore::open(backend, &dir.join("store")).unwrap();
    let begin = store.last_sequence().unwrap();
    let (writes, reviews) = (actor("zunyi", Role::Contributor, "520300"), actor("guizhou", Role::Reviewer, "520000"));
    std::thread::scope(|scope| {
        for reviewer in 0..REVIEWERS {
            let (out, store, desk, writes, reviews) = (&out, &store, &desk, &writes, &reviews);
            scope.spawn(move || {
                for n in 0.. {
                    let id = format!("k{begin}-{reviewer}-{n}");
                    let owner = Some("520300".parse().unwrap());
                    store.put(Record { owner, ..body(&id, "遵义市甲局") }, &BY).unwrap();
                    let Body::Institution(before) = body(&id, "遵义市甲局").body else { unreachable!() };
                    let content = Institution { short_names: vec![format!("甲局{n}")], ..before };
                    let proposed = Draft {
                        target: id,
                        based_on: 1,
                        content: Some(Body::Institution(content)),
                        provenance: Vec::new(),
                        answers: None,
                        note: String::new(),
                    };
                    let written = draft(store, writes, proposed).unwrap();
                    let sent = hand_in(store, desk, writes, &written.id, written.revision).unwrap();
                    report_acknowledged(out, &sent.id, sent.revision);
                    let done = approve_and_publish(store, desk, reviews, &sent.id, sent.revision, "").unwrap();
                    report_acknowledged(out, &done.id, done.revision);
                    let plan = plan(&format!("{begin}之{reviewer}之{n}"));
                    let from = Provenance { source: "office".into(), place: None, date: None, licence: None };
                    let proposed = Draft {
                        target: plan.id().unwrap(),
                        based_on: 0,
                        content: Some(plan),
                        provenance: vec![from],
                        answers: None,
                        note: String::new(),
                    };
                    let written = draft(store, writes, proposed).unwrap();
                    let sent = hand_in(store, desk, writes, &written.id, written.revision).unwrap();
                    let done = approve_and_publish(store, desk, reviews, &sent.id, sent.revision, "").unwrap();
                    report_acknowledged(out, &done.id, done.revision);
                }
            });
        }
    });
}

/// A plan of reform that sets up an institution of its own.
fn plan(which: &str) -> Body {
    let mut plan = Body::blank(staffing::REFORM).unwrap();
    let (title, measures) = (format!("方案{which}"), format!("设立：遵义市{which}局"));
    let typed = |name: &str| match name {
        "title" => Some(title.as_str()),
        "division" => Some("520300"),
        "date" => Some("2024-03-20"),
        "measures" => Some(measures.as_str()),
        _ => None,
    };
    plan.fill(|column| typed(column.name)).unwrap();
    plan
}

/// A plan that is published has brought its events and its task, each once; one that is not has brought none.
fn brought_once(store: &RecordStore) -> usize {
    let mut plans = Vec::new();
    let mut events = Vec::new();
    let mut tasks = Vec::new();
    let mut take = |record: Record| -> Result<(), StoreError> {
        match &record.body {
            Body::Task(task) if task.matter == TaskMatter::Reform => tasks.push(task.about.clone()),
            body if body.kind() == staffing::EVENT => events.push((record.id.clone(), record.revision)),
            body if !body.plan().is_empty() => plans.push(record),
            _ => {}
        }
        Ok(())
    };
    store.each::<StoreError>(&mut take).unwrap();
    for plan in &plans {
        let brings = plan.body.plan().remove(0).brings;
        assert_eq!(events.iter().filter(|event| **event == (brings[0].id().unwrap(), 1)).count(), 1, "{}", plan.id);
        assert_eq!(tasks.iter().filter(|about| **about == plan.id).count(), 1, "{}", plan.id);
    }
    assert_eq!((events.len(), tasks.len()), (plans.len(), plans.len()));
    plans.len()
}

fn killed_over_and_over(backend: Backend) {
    let dir = tempfile::tempdir().unwrap();
    let mut all: BTreeMap<String, u64> = BTreeMap::new();
    let mut plans = 0;
    for round in 0..ROUNDS {
        let mut child = start(dir.path(), backend, "review", None);
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let mut heard = 0;
        while heard < 6 + round * 5 {
            let line = lines.next().expect("the child ended before it was killed").unwrap();
            if let Some((id, revision)) = acknowledged(&line) {
                all.insert(id, revision);
                heard += 1;
            }
        }
        std::thread::sleep(std::time::Duration::from_micros(round * 1_733 % 5_000));
        child.kill().unwrap();
        child.wait().unwrap();
        for line in lines.map_while(Result::ok) {
            all.extend(acknowledged(&line));
        }
        let store = RecordStore::open(backend, &dir.path().join("store")).unwrap();
        whole(&store, &all);
        plans = brought_once(&store);
        let mut reviewed = 0;
        store
            .each::<StoreError>(&mut |record| {
                if !matches!(record.body, Body::Submission(_)) {
                    return Ok(());
                }
                let task = store.get(&id_of(TaskMatter::Review, &record.id))?.map(|task| task.state);
                let wanted = match record.state {
                    State::Draft => None,
                    State::Submitted | State::Approved => Some(State::Submitted),
                    State::Published => Some(State::Approved),
                    other => panic!("nobody made it {other:?}"),
                };
                assert_eq!(task, wanted, "the task of {} in state {:?}", record.id, record.state);
                reviewed += 1;
                Ok(())
            })
            .unwrap();
        assert!(reviewed >= all.len(), "{reviewed} of {}", all.len());
    }
    assert!(plans > 0, "plans were published");
}

#[test]
fn reviews_and_their_tasks_stand_together_in_sled() {
    killed_over_and_over(Backend::Sled);
}

#[test]
fn reviews_and_their_tasks_stand_together_in_redb() {
    killed_over_and_over(Backend::Redb);
}
