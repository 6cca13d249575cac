//! One name through its whole life, in simulated years.

use indexer::record::{NameStage, State, TaskMatter};

use super::{
    tests::{Shelf, form, shelf},
    *,
};
use crate::{clock, desk::as_task};

fn day(text: &str) -> indexer::record::Date {
    text.parse().unwrap()
}

impl Shelf {
    /// The desk's own work on a day.
    fn on(&self, on: &str) {
        clock::set::today(day(on));
        for _ in 0..3 {
            desk::look(&self.store, &self.desk, day(on)).unwrap();
        }
    }

    fn open(&self, matter: TaskMatter) -> Vec<String> {
        let nation = DivisionCode::nation();
        let page = self.store.page(&List::Tasks(State::Submitted, &nation), None, 100).unwrap();
        let tasks = page.records.iter().filter_map(as_task).filter(|task| task.matter == matter);
        tasks.map(|task| task.says.clone()).collect()
    }
}

#[test]
fn a_name_from_its_registration_to_its_tombstone_and_to_another_holder() {
    let shelf = shelf();
    const NAME: &str = "甲县教育局.政务";
    let host = Host::parse(NAME).unwrap().ascii;
    let terms = shelf.desk.name_terms.of(&host).terms;
    let life = || match shelf.store.get(&indexer::record::web_name_id(&host)).unwrap().unwrap().body {
        Body::WebName(name) => name.life.unwrap(),
        _ => panic!(),
    };
    let stage = |on: &str| life().stage(&terms, day(on));
    let asks = |matter, who| Form { matter, ..form(NAME, who) };
    // Registered: it leads nowhere yet, until somebody has measured that it does.
    shelf.on("2030-03-01");
    shelf.approved(&asks(Matter::Register, "jy")).unwrap();
    assert_eq!(stage("2030-03-02"), NameStage::Unresolved);
    shelf.on("2030-03-20");
    let table = format!("名称,日期,域名服务器,DNSSEC,地址\n{NAME},2030-03-20,ns1.jia.gov.cn,否,192.0.2.1\n");
    let noted = note_dns(&shelf.store, &shelf.desk, &tests::first(), &table, "甲县").unwrap();
    assert_eq!((noted.noted, noted.unknown.len(), noted.wrong), (1, 0, 0));
    assert_eq!(stage("2030-03-20"), NameStage::Normal);
    // It is asked to be renewed sixty days before its last day, and the task ends with the renewal.
    shelf.on("2030-12-30");
    assert!(shelf.open(TaskMatter::NameRenewal).is_empty());
    shelf.on("2031-01-02");
    assert_eq!(stage("2031-01-02"), NameStage::RenewalDue);
    assert!(shelf.open(TaskMatter::NameRenewal)[0].contains("2031-03-01 到期"));
    shelf.approved(&asks(Matter::Renew, "jy")).unwrap();
    assert!(shelf.open(TaskMatter::NameRenewal).is_empty());
    assert_eq!((life().expires, stage("2031-03-02")), (Some(day("2032-03-01")), NameStage::Normal));
    // Frozen while its holder is in dispute, and free again.
    shelf.on("2031-05-01");
    shelf.approved(&Form { freeze: Some(FreezeReason::Dispute), ..asks(Matter::Freeze, "jy") }).unwrap();
    assert_eq!(stage("2031-06-01"), NameStage::Frozen);
    shelf.on("2031-07-01");
    shelf.approved(&asks(Matter::Unfreeze, "jy")).unwrap();
    // Its holder is abolished: its name becomes a task, and the institution with its duties has it, by the document.
    shelf.on("2031-09-01");
    let body = shelf.store.get("jy").unwrap().unwrap();
    shelf.store.put(Record { state: State::Withdrawn, ..body }, &By { author: "test", reason: "" }).unwrap();
    shelf.on("2031-09-01");
    assert!(
        shelf.open(TaskMatter::NameHolder)[0].contains("甲县教育局已撤销"),
        "{:?}",
        shelf.open(TaskMatter::NameHolder)
    );
    let sold = shelf.approved(&asks(Matter::Transfer, "ty")).unwrap_err();
    assert!(matches!(sold, NamingError::Taken { .. }), "without a document that says so: {sold}");
    let to = Form { successor: Some(("ty", "甲编〔2031〕9号")), ..asks(Matter::Transfer, "ty") };
    shelf.approved(&to).unwrap();
    assert!(shelf.open(TaskMatter::NameHolder).is_empty());
    assert_eq!(life().events.last().unwrap().document, "甲编〔2031〕9号");
    // Nobody renews it: grace, redemption, and then it waits for the registry.
    for (on, at) in [
        ("2032-03-01", NameStage::RenewalDue),
        ("2032-04-15", NameStage::Grace),
        ("2032-04-30", NameStage::Redemption),
        ("2032-05-02", NameStage::PendingDelete),
    ] {
        shelf.on(on);
        assert_eq!(stage(on), at, "{on}");
    }
    assert_eq!(shelf.open(TaskMatter::NameDeletion).len(), 1);
    let id = indexer::record::web_name_id(&host);
    let revision = shelf.store.get(&id).unwrap().unwrap().revision;
    let refused =
        cancel_lapsed(&shelf.store, &shelf.desk, &tests::first(), (&id, revision), "甲〔2032〕5号").unwrap_err();
    assert!(matches!(refused, NamingError::Denied(_)), "{refused}");
    cancel_lapsed(&shelf.store, &shelf.desk, &tests::registry(), (&id, revision), "甲〔2032〕5号").unwrap();
    assert!(shelf.open(TaskMatter::NameDeletion).is_empty() && shelf.open(TaskMatter::NameRenewal).is_empty());
    let stones: Vec<String> = life().tombstones.iter().map(|stone| stone.words()).collect();
    assert_eq!(stones, ["曾为甲县教育局的网上名称，至 2031-09-01", "曾为甲县体育局的网上名称，至 2032-05-02"]);
    // Years later it is another's, and the office of the former holder is reported.
    shelf.on("2035-01-01");
    shelf.approved(&asks(Matter::Register, "wh")).unwrap();
    assert!(
        shelf.open(TaskMatter::NameReregistered)[0]
            .contains("曾为甲县体育局的网上名称，至 2032-05-02，现由甲县文化局注册")
    );
    assert_eq!(life().tombstones.len(), 2, "what it was stays told");
}
