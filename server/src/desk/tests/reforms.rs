//! Plans of reform: what they bring comes once, and goes with them.

use indexer::record::{Body, Provenance, Record, Role, State, TaskMatter, samples, staffing, web_name_id};

use super::{BY, Shelf, rename, shelf, task};
use crate::{
    access::samples::actor,
    clock::today,
    desk::{Grounds, ReasonedAct},
    store::{StoreError, listings::List},
    workflow::{self, Draft, approve_and_publish, draft, hand_in},
};

/// A plan for the city: its institution of data is merged with one that is new to the library.
fn plan(measures: &str) -> Body {
    let mut plan = Body::blank(staffing::REFORM).unwrap();
    let typed = |name: &str| match name {
        "title" => Some("甲市机构改革方案"),
        "division" => Some("520300"),
        "date" => Some("2024-03-20"),
        "document_number" => Some("甲办〔2024〕7号"),
        "measures" => Some(measures),
        _ => None,
    };
    plan.fill(|column| typed(column.name).map(|text| &*Box::leak(text.to_owned().into_boxed_str()))).unwrap();
    plan
}

impl Shelf {
    /// Publishes a plan, or another text of it, through a review; returns its submission.
    fn publish_plan(&self, body: Body) -> Record {
        let (writes, reviews) = (actor("w", Role::Contributor, "520000"), actor("r", Role::Reviewer, "000000"));
        let target = body.id().unwrap();
        let based_on = self.store.current_revision(&target).unwrap().unwrap_or(0);
        let from = |place: Option<&str>| Provenance {
            source: "upload:方案.docx".into(),
            place: place.map(str::to_owned),
            date: Some(today()),
            licence: None,
        };
        let (provenance, note) = (vec![from(Some(&format!("sha256:{}", "ab".repeat(32))))], String::new());
        let proposed = Draft { target, based_on, content: Some(body), provenance, answers: None, note };
        let written = draft(&self.store, &writes, proposed).unwrap();
        let sent = hand_in(&self.store, &self.desk, &writes, &written.id, written.revision).unwrap();
        approve_and_publish(&self.store, &self.desk, &reviews, &sent.id, sent.revision, "").unwrap()
    }

    /// Titles of the events that the public sees, with the record of their institution.
    fn events(&self) -> Vec<(String, Option<String>)> {
        let mut all = Vec::new();
        let mut take = |record: Record| -> Result<(), StoreError> {
            if record.is_public() {
                let entry = record.body.entry().unwrap();
                all.push((entry.name, entry.owner_id));
            }
            Ok(())
        };
        self.store.each_of(staffing::EVENT, &mut take).unwrap();
        all.sort();
        all
    }
}

#[test]
fn a_plan_of_reform_brings_events_and_tasks_once_and_takes_them_back_with_it() {
    let shelf = shelf();
    shelf.look(today());
    let submission = shelf.publish_plan(plan("合并：甲市数据局、甲市信息局→甲市大数据局"));
    let merged = || ("甲市数据局、甲市信息局合并为甲市大数据局".to_owned(), Some("b-city".to_owned()));
    assert_eq!(shelf.events(), [merged()], "of the body that is on record");
    // The institution itself and the one below it; its web name has a task of its own.
    let web_name = web_name_id("jiashuju.gov.cn");
    let wanted = [
        ("520300".to_owned(), vec!["b-city".to_owned(), web_name]),
        ("520302".to_owned(), vec!["b-county".to_owned()]),
    ];
    assert_eq!(shelf.open(TaskMatter::Reform), wanted);
    assert_eq!(shelf.open(TaskMatter::NameHolder).len(), 1);
    let says = |at: usize| {
        task(
            &shelf
                .tasks(State::Submitted)
                .into_iter()
                .filter(|t| task(t).matter == TaskMatter::Reform)
                .nth(at)
                .unwrap(),
        )
        .says
        .clone()
    };
    assert!(says(0).contains("自 2024-03-20 起合并：甲市数据局、甲市信息局→甲市大数据局"), "{}", says(0));
    assert!(says(0).contains("并为甲市大数据局收录机构、三定规定和编制数"), "{}", says(0));
    let head = shelf.store.head();
    shelf.look(today());
    shelf.look(today());
    assert_eq!(
        (shelf.events().len(), shelf.open(TaskMatter::Reform).len()),
        (1, 2),
        "looked at again it brings nothing"
    );
    let revision = |id: &str| shelf.store.current_revision(id).unwrap();
    let event = shelf
        .store
        .list(&List::RestsOn("b-city"), None, 10)
        .unwrap()
        .into_iter()
        .map(|(_, id)| id)
        .find(|id| id.starts_with("ev-"))
        .unwrap();
    assert_eq!(revision(&event), Some(1), "{head:?}");
    let standing = shelf.store.get(&event).unwrap().unwrap();
    assert!(
        standing.provenance.iter().all(|p| p.stored_file().is_none() && p.upload_name().is_none()),
        "the plan's file is for offices"
    );
    // What is done about a record is taken off the task.
    shelf.publish("b-county", |body| rename(body, "乙县大数据中心"));
    assert_eq!(shelf.open(TaskMatter::Reform).len(), 1);
    // Another text of it: what it no longer has is taken back, what stays is not reported again.
    shelf.publish_plan(plan("更名：甲市数据局→甲市大数据局\n设立：甲市信息中心"));
    let titles: Vec<String> = shelf.events().into_iter().map(|(title, _)| title).collect();
    assert_eq!(titles, ["甲市数据局更名为甲市大数据局", "设立甲市信息中心"]);
    assert_eq!(shelf.store.get(&event).unwrap().unwrap().state, State::Withdrawn);
    let open = shelf.open(TaskMatter::Reform);
    assert_eq!(open.len(), 3, "two of the renaming, one of what is new: {open:?}");
    // What somebody else made of an event stays; the others go with the plan.
    let renamed = shelf.store.list(&List::Kind(staffing::EVENT), None, 10).unwrap().into_iter().map(|(_, id)| id);
    let renamed =
        renamed.map(|id| shelf.store.get(&id).unwrap().unwrap()).find(|r| r.body.title().contains("更名")).unwrap();
    shelf.publish(&renamed.id, |body| body.fill(|column| (column.name == "note").then_some("按原文更正")).unwrap());
    let reviews = actor("r", Role::Reviewer, "000000");
    let id = shelf.store.list(&List::Office(&actor("w", Role::Contributor, "520000").office()), None, 10).unwrap();
    let last = id.into_iter().map(|(_, id)| shelf.store.get(&id).unwrap().unwrap());
    let last = last.filter(|r| r.body.title() == "甲市机构改革方案").max_by_key(|r| match &r.body {
        Body::Submission(s) => s.published_as,
        _ => None,
    });
    let last = last.unwrap();
    assert_ne!(last.id, submission.id);
    let code = shelf.desk.reasons.of(ReasonedAct::Withdraw).next().unwrap().code.clone();
    workflow::perform(
        &shelf.store,
        &shelf.desk,
        &reviews,
        &last.id,
        last.revision,
        "withdraw",
        Grounds::new(&code, "方案没有批准"),
    )
    .unwrap();
    let titles: Vec<String> = shelf.events().into_iter().map(|(title, _)| title).collect();
    assert_eq!(titles, ["甲市数据局更名为甲市大数据局"]);
    assert_eq!(shelf.open(TaskMatter::Reform), []);
}

#[test]
fn a_plan_that_came_by_no_review_is_followed_by_the_next_look() {
    let shelf = shelf();
    shelf.look(today());
    let body = plan("更名：甲市数据局→甲市大数据局");
    let record = Record { owner: Some("520300".parse().unwrap()), ..samples::record(&body.id().unwrap(), body) };
    shelf.store.put(record, &BY).unwrap();
    assert_eq!(shelf.events(), []);
    shelf.look(today());
    assert_eq!(shelf.events(), [("甲市数据局更名为甲市大数据局".to_owned(), Some("b-city".to_owned()))]);
    assert_eq!(shelf.open(TaskMatter::Reform).len(), 2);
    let sequence = shelf.store.last_sequence().unwrap();
    shelf.look(today());
    shelf.look(today());
    assert_eq!(shelf.store.last_sequence().unwrap(), sequence);
}

#[test]
fn a_plan_taken_back_takes_its_events_along_and_brings_its_tasks_again_when_it_returns() {
    let shelf = shelf();
    shelf.look(today());
    const MEASURES: &str = "合并：甲市数据局、甲市信息局→甲市大数据局";
    shelf.publish_plan(plan(MEASURES));
    assert_eq!((shelf.events().len(), shelf.open(TaskMatter::Reform).len()), (1, 2));
    // The new institution comes on record, so that the event would be linked to it today.
    let mut body = samples::institution("b-new", "甲市大数据局", "520300");
    body.owner = Some("520300".parse().unwrap());
    shelf.store.put(body, &BY).unwrap();
    let id = plan(MEASURES).id().unwrap();
    let standing = shelf.store.get(&id).unwrap().unwrap();
    shelf.store.put(Record { state: State::Withdrawn, ..standing }, &BY).unwrap();
    shelf.look(today());
    assert_eq!((shelf.events(), shelf.open(TaskMatter::Reform)), (vec![], vec![]));
    // Whatever is looked at again brings nothing back; a decision does.
    shelf.look(today());
    assert_eq!(shelf.events(), []);
    shelf.publish_plan(plan(MEASURES));
    shelf.look(today());
    assert_eq!(shelf.events().len(), 1);
    assert!(shelf.open(TaskMatter::Reform).len() >= 2, "{:?}", shelf.open(TaskMatter::Reform));
}

#[test]
fn nobody_plans_what_becomes_of_a_body_above() {
    let shelf = shelf();
    shelf.look(today());
    let mut body = plan("撤销：甲市数据局");
    body.fill(|column| (column.name == "division").then_some("520302")).unwrap();
    shelf.publish_plan(body);
    let events = shelf.events();
    assert!(events.iter().all(|(_, of)| of.is_none()), "{events:?}");
    let open = shelf.open(TaskMatter::Reform);
    assert!(open.iter().all(|(division, _)| division == "520302"), "{open:?}");
}

#[test]
fn a_plan_without_a_review_brings_its_events_and_tasks_once_each_time_that_it_is_published() {
    let shelf = shelf();
    shelf.look(today());
    let body = plan("合并：甲市数据局、甲市信息局→甲市大数据局\n设立：甲市档案馆");
    let id = body.id().unwrap();
    let put = |state: State| {
        let revision = shelf.store.current_revision(&id).unwrap().unwrap_or(0);
        let owner = Some("520300".parse().unwrap());
        shelf.store.put(Record { owner, state, revision, ..samples::record(&id, body.clone()) }, &BY).unwrap();
        shelf.look(today());
    };
    let titles = || shelf.events().into_iter().map(|(title, _)| title).collect::<Vec<_>>();
    let both = ["甲市数据局、甲市信息局合并为甲市大数据局", "设立甲市档案馆"];
    for _ in 0..3 {
        put(State::Published);
        assert_eq!(titles(), both);
        let open = shelf.open(TaskMatter::Reform).len();
        assert!(open >= 2, "{open}");
        let sequence = shelf.store.last_sequence().unwrap();
        shelf.look(today());
        assert_eq!(shelf.store.last_sequence().unwrap(), sequence, "looked at again it brings nothing");
        put(State::Withdrawn);
        assert_eq!((titles(), shelf.open(TaskMatter::Reform)), (vec![], vec![]));
    }
    // Withdrawn and published between two looks it is as it was.
    put(State::Published);
    for state in [State::Withdrawn, State::Published] {
        let revision = shelf.store.current_revision(&id).unwrap().unwrap();
        let owner = Some("520300".parse().unwrap());
        shelf.store.put(Record { owner, state, revision, ..samples::record(&id, body.clone()) }, &BY).unwrap();
    }
    shelf.look(today());
    assert_eq!(titles(), both);
    // An event that somebody took out since stays out.
    let events = shelf.store.list(&List::Kind(staffing::EVENT), None, 10).unwrap();
    let founded = events.into_iter().map(|(_, id)| shelf.store.get(&id).unwrap().unwrap());
    let founded = founded.into_iter().find(|r| r.body.title() == both[1]).unwrap();
    shelf.store.put(Record { state: State::Withdrawn, ..founded }, &BY).unwrap();
    shelf.look(today());
    shelf.look(today());
    assert_eq!(titles(), both[..1]);
}
