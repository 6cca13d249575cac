//! Changes, and the tasks that they bring to those whose records rest on what changed.

use std::path::Path;

use indexer::record::{
    Account, Body, Date, DocumentKind, Kind as _, PowerItem, Record, Role, State, Task, TaskMatter, TaskOrigin,
    Website, samples, web_name_id,
};

use super::{
    keeper::{begin, look},
    *,
};
use crate::{
    access::samples::actor,
    clock::today,
    store::{Backend, By, RecordStore, listings::List},
    workflow::{self, Draft, approve_and_publish, draft, hand_in},
};

mod reforms;

const BY: By<'_> = By { author: "test", reason: "" };

#[test]
fn the_tables_of_the_repository_are_those_shipped_and_stand_for_missing_ones() {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("../corpus");
    let desk = Desk::load(&corpus).unwrap();
    assert_eq!((&desk.limits, &desk.reasons), (&Desk::shipped().limits, &Desk::shipped().reasons));
    let dir = tempfile::tempdir().unwrap();
    std::fs::create_dir_all(dir.path().join("desk/working_days")).unwrap();
    let own = LIMITS.replace("submission_review,审核报送,10,自然日", "submission_review,审核报送,7,工作日");
    std::fs::write(dir.path().join("desk/time_limits.csv"), own).unwrap();
    let year = "date,day,name,source\n2031-01-01,放假,元旦,甲通知\n";
    std::fs::write(dir.path().join("desk/working_days/2031.csv"), year).unwrap();
    let desk = Desk::load(dir.path()).unwrap();
    assert_eq!(desk.limits.get(LimitKey::SubmissionReview).length, 7);
    assert!(desk.calendar.is_announced(2031) && !desk.calendar.is_announced(2032));
    assert_ne!(desk.fingerprint(), Desk::shipped().fingerprint());
}

struct Shelf {
    _dir: tempfile::TempDir,
    store: RecordStore,
    desk: Desk,
}

/// An institution of a city with a site and a web name, and an institution below it in a county.
fn shelf() -> Shelf {
    let dir = tempfile::tempdir().unwrap();
    let store = RecordStore::open(Backend::Redb, dir.path()).unwrap();
    store.import("corpus", records("甲市数据局", "sj.jia.gov.cn"), &mut |_| {}).unwrap();
    Shelf { _dir: dir, store, desk: Desk::shipped() }
}

fn records(name: &str, host: &str) -> Vec<Record> {
    let owned = |record: Record, division: &str| Record { owner: Some(division.parse().unwrap()), ..record };
    let mut body = samples::institution("b-city", name, "520300");
    let site = |host: &str| Website {
        url: format!("https://{host}/"),
        host: host.to_owned(),
        evidence: indexer::record::Evidence::Single,
        sources: vec!["a".into()],
        off_gov_cn: false,
    };
    if let Body::Institution(i) = &mut body.body {
        i.websites = vec![site(host)];
    }
    let mut below = samples::institution("b-county", "乙县数据中心", "520302");
    if let Body::Institution(i) = &mut below.body {
        i.parent_id = Some("b-city".into());
        i.websites = vec![site("zx.sj.jia.gov.cn")];
    }
    let mut web_name = samples::web_name("jiashuju.gov.cn", name);
    web_name.institution_id = Some("b-city".into());
    let web_name = samples::record(&web_name_id("jiashuju.gov.cn"), Body::WebName(web_name));
    vec![owned(body, "520300"), owned(below, "520302"), web_name]
}

impl Shelf {
    fn tasks(&self, state: State) -> Vec<Record> {
        self.store.page(&List::Tasks(state, &"000000".parse().unwrap()), None, 1_000).unwrap().records
    }

    /// Open tasks of a matter: division and names of the records.
    fn open(&self, matter: TaskMatter) -> Vec<(String, Vec<String>)> {
        let tasks = self.tasks(State::Submitted).into_iter();
        let of = tasks.filter(|record| task(record).matter == matter).map(|record| {
            let records = task(&record).records.iter().map(|other| other.id.clone()).collect();
            (record.owner.unwrap().to_string(), records)
        });
        of.collect()
    }

    fn look(&self, today: Date) {
        look(&self.store, &self.desk, today).unwrap();
    }

    /// Publishes another content of a record through a review.
    fn publish(&self, id: &str, change: impl FnOnce(&mut Body)) {
        let (writes, reviews) = (actor("w", Role::Contributor, "520000"), actor("r", Role::Reviewer, "000000"));
        let before = self.store.get(id).unwrap().unwrap();
        let mut content = before.body.clone();
        change(&mut content);
        let proposed = Draft {
            target: id.to_owned(),
            based_on: before.revision,
            content: Some(content),
            provenance: Vec::new(),
            answers: None,
            note: String::new(),
        };
        let written = draft(&self.store, &writes, proposed).unwrap();
        let sent = hand_in(&self.store, &self.desk, &writes, &written.id, written.revision).unwrap();
        approve_and_publish(&self.store, &self.desk, &reviews, &sent.id, sent.revision, "").unwrap();
    }
}

fn task(record: &Record) -> &Task {
    as_task(record).unwrap()
}

fn later(days: i64) -> Date {
    today().checked_add(jiff::Span::new().days(days)).unwrap()
}

fn rename(body: &mut Body, name: &str) {
    let Body::Institution(i) = body else { unreachable!() };
    i.name = name.to_owned();
}

#[test]
fn a_body_called_otherwise_brings_tasks_to_whatever_names_it() {
    let shelf = shelf();
    shelf.look(today());
    shelf.publish("b-city", |body| rename(body, "甲市大数据局"));
    let web_name = web_name_id("jiashuju.gov.cn");
    let wanted = [("520302".to_owned(), vec!["b-county".to_owned()])];
    assert_eq!(shelf.open(TaskMatter::InstitutionChanged), wanted);
    // N10: a task for each of its names.
    assert_eq!(shelf.open(TaskMatter::NameHolder), [("520300".to_owned(), Vec::new())]);
    let tasks = shelf.tasks(State::Submitted);
    let one = tasks.iter().map(task).find(|task| task.matter == TaskMatter::NameHolder).unwrap();
    assert_eq!(one.about, web_name);
    assert!(one.says.starts_with("甲市数据局改称甲市大数据局"), "{}", one.says);
    let limit = shelf.desk.limits.get(LimitKey::ChangeFollowup).start(today());
    assert_eq!((one.due, &one.clock), (shelf.desk.calendar.due(&limit).day, &Some(limit)));
    let TaskOrigin::Event { record, revision } = &one.came else { panic!("{:?}", one.came) };
    assert_eq!((record.as_str(), *revision), ("b-city", 2));
    // In the batch of the change itself.
    let change = shelf.store.info("b-city", 2).unwrap().unwrap().at;
    assert!(shelf.store.info(&tasks[0].id, 1).unwrap().unwrap().at <= change + jiff::SignedDuration::from_secs(5));
    // The keeper finds the same change in the log, and makes the same tasks, which are there.
    let head = shelf.store.head();
    shelf.look(today());
    shelf.look(today());
    assert_eq!(shelf.store.head(), head, "nothing is doubled");
    // What is published of the record named ends its task, and no other.
    shelf.publish("b-county", |body| rename(body, "乙县大数据中心"));
    assert_eq!(shelf.open(TaskMatter::InstitutionChanged), []);
    assert_eq!(shelf.open(TaskMatter::NameHolder).len(), 1);
    let done = shelf.tasks(State::Approved);
    assert!(done.iter().any(|record| task(record).ended.as_ref().unwrap().act == "公布了改动"), "{done:?}");
}

/// N10 by what is reported of an institution before its own record changes.
#[test]
fn n10_a_merger_on_record_makes_a_task_for_each_name_of_the_institutions_that_merge() {
    let shelf = shelf();
    shelf.look(today());
    let mut event = Body::blank("institution_event").unwrap();
    let told = |column: &'static indexer::record::Column| {
        Some(match column.name {
            "title" => "甲市数据局与甲市档案局合并为甲市数据档案局",
            "institution_name" => "甲市数据档案局",
            "change" => "合并",
            "from" => "甲市数据局；甲市档案局",
            "to" => "甲市数据档案局",
            _ => column.example,
        })
    };
    event.fill(told).unwrap();
    shelf.store.put(samples::record(&event.id().unwrap(), event), &BY).unwrap();
    shelf.look(today());
    shelf.look(today());
    assert_eq!(shelf.open(TaskMatter::NameHolder), [("520300".to_owned(), Vec::new())]);
    // The record follows: the name has its task already.
    shelf.publish("b-city", |body| rename(body, "甲市数据档案局"));
    shelf.look(today());
    assert_eq!(shelf.open(TaskMatter::NameHolder).len(), 1);
}

#[test]
fn what_is_taken_out_or_moves_to_other_addresses_is_told_too() {
    let shelf = shelf();
    shelf.publish("b-city", |body| {
        let Body::Institution(i) = body else { unreachable!() };
        i.websites[0].host = "data.jia.gov.cn".into();
        i.websites[0].url = "https://data.jia.gov.cn/".into();
    });
    // Whoever has an address below the one that is gone; the institution's own names have followed.
    assert_eq!(shelf.open(TaskMatter::SitesChanged), [("520302".to_owned(), vec!["b-county".to_owned()])]);
    let says = task(&shelf.tasks(State::Submitted)[0]).says.clone();
    assert!(says.contains("由 sj.jia.gov.cn 改为 data.jia.gov.cn"), "{says}");
    let (writes, reviews) = (actor("w", Role::Contributor, "520000"), actor("r", Role::Reviewer, "000000"));
    let grounds = Grounds::new("abolished", "甲委发1号");
    let asked = workflow::withdrawal(&shelf.store, &shelf.desk, &writes, "b-city", grounds).unwrap();
    let sent = hand_in(&shelf.store, &shelf.desk, &writes, &asked.id, asked.revision).unwrap();
    approve_and_publish(&shelf.store, &shelf.desk, &reviews, &sent.id, sent.revision, "").unwrap();
    assert_eq!(shelf.open(TaskMatter::InstitutionChanged).len(), 1);
    assert_eq!(shelf.open(TaskMatter::NameHolder).len(), 1);
}

#[test]
fn what_comes_by_imports_is_found_in_the_log_once_whatever_run_was_missed() {
    let shelf = shelf();
    shelf.look(today());
    assert!(shelf.tasks(State::Submitted).is_empty(), "the first import is no change");
    let before = shelf.store.meta("desk:events").unwrap().unwrap();
    shelf.store.import("corpus", records("甲市数据管理局", "sj.jia.gov.cn"), &mut |_| {}).unwrap();
    shelf.look(today());
    assert_eq!((shelf.open(TaskMatter::InstitutionChanged).len(), shelf.open(TaskMatter::NameHolder).len()), (1, 1));
    // Killed after the tasks were written and before it was noted how far it had come.
    let tasks = shelf.tasks(State::Submitted);
    shelf.store.put_meta("desk:events", &before).unwrap();
    shelf.look(today());
    assert_eq!(shelf.tasks(State::Submitted), tasks);
}

fn law(title: &str, date: Date, text: &str) -> Record {
    samples::law(title, date, &[text])
}

#[test]
fn a_regulation_that_changes_brings_a_task_to_those_that_name_it() {
    let shelf = shelf();
    let old = law("中华人民共和国甲法", Date::constant(2010, 1, 1), "为了甲，制定本法。");
    let mut local = law("乙省实施办法", Date::constant(2015, 1, 1), "根据《甲法》和《丙法》，制定本办法。");
    local.owner = Some("520000".parse().unwrap());
    let other = law("丁条例", Date::constant(2015, 1, 1), "根据《戊法》，制定本条例。");
    shelf.store.import("laws", [old.clone(), local.clone(), other.clone()], &mut |_| {}).unwrap();
    shelf.look(today());
    // A new version of the first, and an older one that was missing: one task.
    let new = law("中华人民共和国甲法", Date::constant(2020, 1, 1), "为了甲和乙，制定本法。");
    let older = law("甲法", Date::constant(2000, 1, 1), "甲。");
    shelf.store.import("more laws", [new.clone(), older], &mut |_| {}).unwrap();
    shelf.look(today());
    assert_eq!(shelf.open(TaskMatter::RegulationChanged), [("520000".to_owned(), vec![local.id.clone()])]);
    let says = task(&shelf.tasks(State::Submitted)[0]).says.clone();
    assert!(says.contains("《中华人民共和国甲法》有了新的版本（2020-01-01）"), "{says}");
    // A decision that abolishes another.
    let mut gone = law("关于废止《丙法》的决定", Date::constant(2021, 1, 1), "废止《丙法》。");
    if let Body::Regulation(r) = &mut gone.body {
        r.document_kind = DocumentKind::Abolition;
    }
    shelf.store.import("decisions", [gone.clone()], &mut |_| {}).unwrap();
    shelf.look(today());
    assert_eq!(shelf.open(TaskMatter::RegulationChanged).len(), 2);
    // And one that is taken out.
    shelf.store.put_over(Record { state: State::Withdrawn, ..new }).unwrap();
    shelf.look(today());
    assert_eq!(shelf.open(TaskMatter::RegulationChanged).len(), 3);
    let about: Vec<String> = shelf.open(TaskMatter::RegulationChanged).into_iter().flat_map(|(_, all)| all).collect();
    assert!(!about.contains(&other.id), "what names none of them has no task");
}

/// An item of a list of 甲市数据局.
fn item() -> Record {
    let mut item = PowerItem::blank().unwrap();
    item.name = "甲证核发".into();
    item.owner_name = "甲市数据局".into();
    item.division = "520300".parse().unwrap();
    item.basis = "【法律】《中华人民共和国甲法》（2010年公布）\n第三条：依照《丙法》第二条办理。".into();
    item.duties_basis = "【法规】《丁条例》\n第八条。".into();
    let record = samples::record(&item.id().unwrap(), Body::PowerItem(item));
    Record { owner: Some("520300".parse().unwrap()), ..record }
}

/// P13's other half: the task is due as many working days after the event as the office has set in the table of limits.
#[test]
fn p13_a_task_of_a_changed_regulation_is_due_as_many_days_on_as_the_office_has_set() {
    let set = Desk::shipped().limits.get(LimitKey::ChangeFollowup).clone();
    for days in [set.length, 1, 15] {
        let dir = tempfile::tempdir().unwrap();
        std::fs::create_dir(dir.path().join("desk")).unwrap();
        let (from, to) = (format!("变动,{},工作日", set.length), format!("变动,{days},工作日"));
        assert!(LIMITS.contains(&from));
        std::fs::write(dir.path().join("desk/time_limits.csv"), LIMITS.replace(&from, &to)).unwrap();
        let mut shelf = shelf();
        shelf.desk = Desk::load(dir.path()).unwrap();
        shelf.store.import("lists", [item()], &mut |_| {}).unwrap();
        shelf.store.import("laws", [law("甲法", Date::constant(2010, 1, 1), "甲。")], &mut |_| {}).unwrap();
        shelf.look(today());
        shelf.store.import("news", [law("甲法", Date::constant(2020, 1, 1), "甲甲。")], &mut |_| {}).unwrap();
        shelf.look(today());
        let tasks = shelf.tasks(State::Submitted).into_iter();
        let made: Vec<Record> = tasks.filter(|record| task(record).matter == TaskMatter::RegulationChanged).collect();
        let [made] = made.as_slice() else { panic!("one task: {made:?}") };
        let clock = task(made).clock.clone().unwrap();
        assert_eq!((clock.started, clock.length, clock.unit), (today(), days, set.unit));
        let due = task(made).due.unwrap();
        let working =
            (1..).map(later).filter(|day| shelf.desk.calendar.is_working(*day)).nth(days as usize - 1).unwrap();
        assert_eq!(due, working, "{days}");
    }
}

/// P13 begins with it: a regulation that a power rests on changes, and the office whose power it is has a task.
#[test]
fn a_law_that_an_item_of_a_list_rests_on_brings_a_task_to_its_office() {
    let (shelf, record) = (shelf(), item());
    let old = [
        law("中华人民共和国甲法", Date::constant(2010, 1, 1), "甲。"),
        law("丙法", Date::constant(2010, 1, 1), "丙。"),
    ];
    shelf.store.import("lists", [record.clone()], &mut |_| {}).unwrap();
    shelf.store.import("laws", old, &mut |_| {}).unwrap();
    shelf.look(today());
    // The words of the basis speak of 丙法; it is no basis.
    shelf.store.import("more", [law("丙法", Date::constant(2020, 1, 1), "丙丙。")], &mut |_| {}).unwrap();
    shelf.look(today());
    assert_eq!(shelf.open(TaskMatter::RegulationChanged), []);
    shelf.store.import("news", [law("甲法", Date::constant(2020, 1, 1), "甲甲。")], &mut |_| {}).unwrap();
    shelf.look(today());
    assert_eq!(shelf.open(TaskMatter::RegulationChanged), [("520300".to_owned(), vec![record.id.clone()])]);
    let mut gone = law("关于废止《丁条例》的决定", Date::constant(2021, 1, 1), "废止《丁条例》。");
    if let Body::Regulation(r) = &mut gone.body {
        r.document_kind = DocumentKind::Abolition;
    }
    shelf.store.import("decisions", [gone], &mut |_| {}).unwrap();
    shelf.look(today());
    assert_eq!(shelf.open(TaskMatter::RegulationChanged).len(), 2);
}

fn account(name: &str, office_name: &str, office_id: Option<&str>, division: &str) -> Record {
    let account = Account {
        name: name.into(),
        office_id: office_id.map(str::to_owned),
        office_name: office_name.into(),
        role: Role::Contributor,
        division: division.parse().unwrap(),
        resets: 0,
        asked: None,
    };
    let record = samples::record(&format!("account-{name}"), Body::Account(account));
    Record { state: State::Approved, ..record }
}

/// Two institutions of one city with accounts of their own, one without, and one whose account was closed.
#[test]
fn each_institution_with_an_account_has_a_task_of_its_own_and_the_rest_of_a_division_one() {
    let shelf = shelf();
    let of = |owner: &str, id: Option<&str>| {
        let Body::PowerItem(mut power) = item().body else { unreachable!() };
        (power.owner_name, power.owner_id) = (owner.into(), id.map(str::to_owned));
        let id = power.id().unwrap();
        Record { owner: Some("520300".parse().unwrap()), ..samples::record(&id, Body::PowerItem(power)) }
    };
    let items =
        [of("市数据局", Some("b-city")), of("甲市水务局", None), of("甲市教育局", None), of("甲市体育局", None)];
    shelf.store.import("lists", items.clone(), &mut |_| {}).unwrap();
    shelf.store.import("laws", [law("甲法", Date::constant(2010, 1, 1), "甲。")], &mut |_| {}).unwrap();
    shelf.look(today());
    let closed = account("c", "甲市体育局", None, "520300");
    for account in [
        account("a", "甲市数据局", Some("b-city"), "520300"),
        account("b", "甲市水务局", None, "520300"),
        account("b2", "甲市水务局", None, "520300"),
        // Of another place, with an institution of the same name.
        account("d", "甲市教育局", None, "530100"),
        Record { state: State::Withdrawn, ..closed },
    ] {
        shelf.store.put(account, &BY).unwrap();
    }
    shelf.store.import("news", [law("甲法", Date::constant(2020, 1, 1), "甲甲。")], &mut |_| {}).unwrap();
    shelf.look(today());
    shelf.look(today());
    let mut made: Vec<(String, Vec<String>)> = Vec::new();
    for record in shelf.tasks(State::Submitted) {
        let task = task(&record);
        if task.matter == TaskMatter::RegulationChanged {
            assert_eq!(record.owner.as_ref().unwrap().as_str(), "520300");
            made.push((task.office.clone(), task.records.iter().map(|named| named.id.clone()).collect()));
        }
    }
    made.sort();
    let ids = |all: &[&Record]| {
        let mut ids: Vec<String> = all.iter().map(|record| record.id.clone()).collect();
        ids.sort();
        ids
    };
    made.iter_mut().for_each(|(_, ids)| ids.sort());
    let want = [
        (String::new(), ids(&[&items[2], &items[3]])),
        ("甲市数据局".to_owned(), ids(&[&items[0]])),
        ("甲市水务局".to_owned(), ids(&[&items[1]])),
    ];
    assert_eq!(made, want);
}

/// Two institutions may have one name, in accounts that were made before one was renamed: their records tell them apart.
/// One whose accounts only read has nobody who could settle a task.
#[test]
fn institutions_of_one_name_have_a_task_each_and_readers_none() {
    let shelf = shelf();
    let of = |name: &str, owner: &str, id: &str| {
        let Body::PowerItem(mut power) = item().body else { unreachable!() };
        (power.name, power.owner_name, power.owner_id) = (name.into(), owner.into(), Some(id.to_owned()));
        let id = power.id().unwrap();
        Record { owner: Some("520300".parse().unwrap()), ..samples::record(&id, Body::PowerItem(power)) }
    };
    let items = [of("一", "甲市甲局", "b-one"), of("二", "甲市甲局", "b-two"), of("三", "甲市乙局", "b-three")];
    shelf.store.import("lists", items, &mut |_| {}).unwrap();
    shelf.store.import("laws", [law("甲法", Date::constant(2010, 1, 1), "甲。")], &mut |_| {}).unwrap();
    shelf.look(today());
    let mut reads = account("c", "甲市乙局", Some("b-three"), "520300");
    let Body::Account(reader) = &mut reads.body else { unreachable!() };
    reader.role = Role::Reader;
    for account in
        [account("a", "甲市甲局", Some("b-one"), "520300"), account("b", "甲市甲局", Some("b-two"), "520300"), reads]
    {
        shelf.store.put(account, &BY).unwrap();
    }
    shelf.store.import("news", [law("甲法", Date::constant(2020, 1, 1), "甲甲。")], &mut |_| {}).unwrap();
    shelf.look(today());
    let made: Vec<Task> = shelf.tasks(State::Submitted).iter().map(|record| task(record).clone()).collect();
    let mut ids: Vec<Option<&str>> = made.iter().map(|task| task.office_id.as_deref()).collect();
    ids.sort_unstable();
    assert_eq!(ids, [None, Some("b-one"), Some("b-two")]);
    // Each sees its own alone.
    let sees = |id: &str| made.iter().filter(|task| task.is_of("甲市甲局", Some(id))).count();
    assert_eq!((sees("b-one"), sees("b-two"), sees("b-four")), (1, 1, 0));
}

/// An account may have been made, and a list written, under a name that the institution no longer has: its record tells
/// that they are one. Each account of it sees the task, and nobody else.
#[test]
fn an_institution_under_an_older_name_has_its_task() {
    let shelf = shelf();
    let institution = |id: &str, name: &str, former: &str| {
        let mut record = samples::institution(id, name, "520300");
        record.owner = Some("520300".parse().unwrap());
        let Body::Institution(institution) = &mut record.body else { unreachable!() };
        institution.former_names = vec![former.to_owned()];
        record
    };
    let all = [
        institution("b-water", "甲市水务局", "甲市水利局"),
        institution("b-two", "甲市文化局", "甲市文体局"),
        institution("b-three", "甲市体育局", "甲市文体局"),
    ];
    shelf.store.import("institutions", all, &mut |_| {}).unwrap();
    let of = |name: &str, owner: &str, id: Option<&str>| {
        let Body::PowerItem(mut power) = item().body else { unreachable!() };
        (power.name, power.owner_name, power.owner_id) = (name.into(), owner.into(), id.map(str::to_owned));
        let id = power.id().unwrap();
        Record { owner: Some("520300".parse().unwrap()), ..samples::record(&id, Body::PowerItem(power)) }
    };
    let items = [
        of("一", "甲市水务局", None),
        of("二", "甲市水利局", None),
        of("三", "甲市水务局", Some("b-water")),
        of("四", "甲市文体局", None),
    ];
    shelf.store.import("lists", items, &mut |_| {}).unwrap();
    shelf.store.import("laws", [law("甲法", Date::constant(2010, 1, 1), "甲。")], &mut |_| {}).unwrap();
    shelf.look(today());
    // One with the record's id, one made before there was a record; the third is of one of two heirs.
    for account in [
        account("a", "甲市水利局", Some("b-water"), "520300"),
        account("b", "甲市水务局", None, "520300"),
        account("c", "甲市文化局", Some("b-two"), "520300"),
    ] {
        shelf.store.put(account, &BY).unwrap();
    }
    shelf.store.import("news", [law("甲法", Date::constant(2020, 1, 1), "甲甲。")], &mut |_| {}).unwrap();
    shelf.look(today());
    let mut made: Vec<(String, Option<String>, usize)> = Vec::new();
    for record in shelf.tasks(State::Submitted) {
        let task = task(&record);
        made.push((task.office.clone(), task.office_id.clone(), task.records.len()));
    }
    made.sort();
    // Which heir has what was done under their common name nobody knows: the division's office asks.
    let water = ("甲市水利局".to_owned(), Some("b-water".to_owned()), 3);
    assert_eq!(made, [(String::new(), None, 1), water]);
    let of = |office: &str, id: Option<&str>, division: &str| {
        let who = crate::access::Actor {
            office_id: id.map(str::to_owned),
            office_name: office.into(),
            ..actor("w", Role::Contributor, division)
        };
        let page = super::inbox_of(&shelf.store, State::Submitted, &who, None, 10).unwrap();
        page.records.iter().filter(|record| !task(record).office.is_empty()).count()
    };
    for (office, id, division, sees) in [
        ("甲市水利局", Some("b-water"), "520300", 1),
        ("甲市水务局", None, "520300", 1),
        ("甲市水务局", Some("b-water"), "520300", 1),
        ("甲市文化局", Some("b-two"), "520300", 0),
        ("甲市水务局", None, "520000", 0),
        ("甲省水务厅", None, "520000", 0),
        // The account is of another division than the institution that it names.
        ("甲市水务局", Some("b-water"), "520000", 1),
        ("甲市水务局", Some("b-water"), "520302", 1),
        ("甲市水务局", Some("b-water"), "110000", 1),
        ("甲市水利局", None, "520302", 0),
        ("甲市文化局", Some("b-two"), "520302", 0),
    ] {
        assert_eq!(of(office, id, division), sees, "{office} {id:?} {division}");
    }
    let away =
        |id: &str| crate::access::Actor { office_id: Some(id.to_owned()), ..actor("w", Role::Contributor, "110000") };
    let own = shelf.tasks(State::Submitted).into_iter().find(|record| task(record).office_id.is_some()).unwrap();
    for stranger in [away("b-two"), actor("w", Role::Contributor, "110000")] {
        assert!(super::find_task(&shelf.store, &stranger, &own.id).is_err());
        assert!(super::finish_task(&shelf.store, &stranger, &own.id, own.revision, "").is_err());
    }
    assert!(super::find_task(&shelf.store, &away("b-water"), &own.id).is_ok());
    // A task of the account's own division, which lies below the institution's, is listed once, and on one page.
    let below = Record { id: "t-below".into(), revision: 0, owner: Some("520302".parse().unwrap()), ..own.clone() };
    shelf.store.put(below, &BY).unwrap();
    let who = crate::access::Actor { division: "520302".parse().unwrap(), ..away("b-water") };
    for limit in [1, 10] {
        let (mut listed, mut after) = (Vec::new(), None);
        loop {
            let page = super::inbox_of(&shelf.store, State::Submitted, &who, after.as_deref(), limit).unwrap();
            listed.extend(page.records.into_iter().map(|record| record.id));
            after = page.next;
            if after.is_none() {
                break;
            }
        }
        assert_eq!(listed, [own.id.as_str(), "t-below"], "{limit}");
    }
    super::finish_task(&shelf.store, &away("b-water"), &own.id, own.revision, "").unwrap();
}

/// An item cites the text of its day, by the numbers of that text; what has changed since is found by its words.
#[test]
fn an_item_that_cites_an_article_by_its_old_number_is_told_of_its_change() {
    const FINE: &str = "未经许可经营甲类示例场所的，由县级人民政府主管部门处一万元以上五万元以下罚款。";
    const REPORT: &str = "经营甲类示例场所的单位应当每年向县级人民政府主管部门报送检验记录和登记表。";
    let shelf = shelf();
    let resting = |name: &str, basis: String| {
        let mut record = item();
        let Body::PowerItem(item) = &mut record.body else { unreachable!() };
        item.name = name.to_owned();
        item.basis = basis;
        item.duties_basis = String::new();
        record.id = item.id().unwrap();
        record
    };
    let changed = resting("甲罚款", format!("《甲法》（2010年修订）第三条：{FINE}"));
    let unchanged = resting("甲检查", format!("《甲法》（2010年修订）第二条：{REPORT}"));
    let whole = resting("甲奖励", "《甲法》（2010年修订）".to_owned());
    shelf.store.import("lists", [changed.clone(), unchanged, whole.clone()], &mut |_| {}).unwrap();
    let law = |day: Date, fine: &str| samples::law("甲法", day, &["为了甲。", fine, REPORT]);
    shelf.store.import("laws", [law(Date::constant(2015, 1, 1), FINE)], &mut |_| {}).unwrap();
    shelf.look(today());
    let now = law(Date::constant(2020, 1, 1), &FINE.replace("五万元", "十万元"));
    shelf.store.import("news", [now], &mut |_| {}).unwrap();
    shelf.look(today());
    let mut about: Vec<String> =
        shelf.open(TaskMatter::RegulationChanged).into_iter().flat_map(|(_, all)| all).collect();
    about.sort();
    let mut expected = [changed.id, whole.id];
    expected.sort();
    assert_eq!(about, expected);
    let says = task(&shelf.tasks(State::Submitted)[0]).says.clone();
    assert!(says.contains("其中 1 条没有写明条，只引用章节或者整部"), "{says}");
}

/// Cities have regulations of one title: what one of them does concerns nobody else, and is no version of another's.
#[test]
fn a_local_regulation_is_no_version_of_one_of_the_same_title_elsewhere() {
    let shelf = shelf();
    let local = |division: &str, year: i16, articles: &[&str]| {
        let mut record = samples::law("养犬管理条例", Date::constant(year, 1, 1), articles);
        record.id = format!("{division}-{year}");
        record.owner = division.parse().ok();
        let Body::Regulation(regulation) = &mut record.body else { unreachable!() };
        regulation.division = division.parse().ok();
        record
    };
    let mut resting = law("遵义市养犬登记办法", Date::constant(2016, 1, 1), "根据《养犬管理条例》，制定本办法。");
    resting.owner = Some("520300".parse().unwrap());
    let (own, of_other) = (local("520300", 2015, &["养犬须登记。"]), local("320100", 2014, &["养犬须办证。"]));
    shelf.store.import("laws", [own.clone(), of_other.clone(), resting.clone()], &mut |_| {}).unwrap();
    shelf.look(today());
    let open = || shelf.open(TaskMatter::RegulationChanged);
    // A newer one of another city, one that it takes out, and one that it tells to be repealed.
    let newer = local("320100", 2020, &["养犬须办新证。"]);
    shelf.store.import("elsewhere", [newer.clone()], &mut |_| {}).unwrap();
    shelf.store.put_over(Record { state: State::Withdrawn, ..of_other }).unwrap();
    let mut gone = newer;
    let Body::Regulation(regulation) = &mut gone.body else { unreachable!() };
    regulation.stated_status = Some(indexer::record::Status::Repealed);
    shelf.store.put_over(gone).unwrap();
    shelf.look(today());
    assert!(open().is_empty(), "{:?}", open());
    // The city's own new version is compared with its own old one; that another city has a newer text changes nothing
    // of it, nor of what it repeals.
    let text = ["养犬须登记。", "本条例自公布之日起施行。《乙条例》同时废止。"];
    shelf.store.import("more", [local("520300", 2018, &text)], &mut |_| {}).unwrap();
    shelf.look(today());
    assert_eq!(open(), [("520300".to_owned(), vec![resting.id])]);
    let says = task(&shelf.tasks(State::Submitted)[0]).says.clone();
    assert!(says.contains("有了新的版本（2018-01-01），同时废止《乙条例》"), "{says}");
}

#[test]
fn a_regulation_is_shown_by_a_version_that_is_public() {
    let shelf = shelf();
    let versions = [2010, 2015, 2020].map(|year| law("甲条例", Date::constant(year, 1, 1), "为了甲。"));
    shelf.store.import("laws", versions.clone(), &mut |_| {}).unwrap();
    let shown = || crate::desk::public_version(&shelf.store, "甲条例", None).unwrap();
    // Whichever comes first: the one that is left is found.
    for left in (0..versions.len()).rev() {
        let first = shown().unwrap();
        let version = versions.iter().find(|version| version.id == first).unwrap();
        shelf.store.put_over(Record { state: State::Withdrawn, ..version.clone() }).unwrap();
        assert_eq!(shown().is_some(), left > 0);
    }
}

/// A text that comes late is no new version, but what it repeals is reported.
#[test]
fn what_a_late_text_repeals_is_told() {
    let shelf = shelf();
    let mut resting = law("丙办法", Date::constant(2009, 1, 1), "根据《乙条例》，制定本办法。");
    resting.owner = Some("520300".parse().unwrap());
    let now = law("甲条例", Date::constant(2020, 1, 1), "为了甲。");
    shelf.store.import("laws", [resting.clone(), now], &mut |_| {}).unwrap();
    shelf.look(today());
    let late = law("甲条例", Date::constant(2010, 1, 1), "本条例自公布之日起施行。《乙条例》同时废止。");
    shelf.store.import("late", [late], &mut |_| {}).unwrap();
    shelf.look(today());
    assert_eq!(shelf.open(TaskMatter::RegulationChanged), [("520300".to_owned(), vec![resting.id])]);
}

/// What a closing article or a decision without titles in its own title takes out of force is reported as well.
#[test]
fn what_the_text_of_a_regulation_repeals_brings_a_task_to_those_that_rest_on_it() {
    let shelf = shelf();
    let resting = |name: &str, basis: &str| {
        let mut record = item();
        let Body::PowerItem(item) = &mut record.body else { unreachable!() };
        (item.name, item.basis, item.duties_basis) = (name.to_owned(), basis.to_owned(), String::new());
        record.id = item.id().unwrap();
        record
    };
    let (on_b, on_c) = (resting("乙事", "《乙法》第一条"), resting("丙事", "《丙法》第一条"));
    shelf.store.import("lists", [on_b.clone(), on_c.clone()], &mut |_| {}).unwrap();
    shelf.look(today());
    let new =
        samples::law("甲法", Date::constant(2020, 1, 1), &["为了甲。", "本法自公布之日起施行。《乙法》同时废止。"]);
    shelf.store.import("laws", [new], &mut |_| {}).unwrap();
    shelf.look(today());
    assert_eq!(shelf.open(TaskMatter::RegulationChanged), [("520300".to_owned(), vec![on_b.id])]);
    let says = task(&shelf.tasks(State::Submitted)[0]).says.clone();
    assert!(says.contains("《甲法》已公布，写明废止《乙法》"), "{says}");
    // A county's decision on a law of the same title is none of theirs.
    let mut elsewhere = law("关于废止《丙法》的决定", Date::constant(2021, 1, 1), "废止《丙法》。");
    if let Body::Regulation(r) = &mut elsewhere.body {
        r.document_kind = DocumentKind::Abolition;
        r.division = "320106".parse().ok();
    }
    shelf.store.import("elsewhere", [elsewhere], &mut |_| {}).unwrap();
    shelf.look(today());
    let of_lists = || {
        let open = shelf.open(TaskMatter::RegulationChanged).into_iter();
        open.filter(|(division, _)| division == "520300").collect::<Vec<_>>()
    };
    assert_eq!(of_lists().len(), 1);
    let mut gone = law("关于废止部分法律的决定", Date::constant(2021, 1, 1), "《丙法》自2021年1月1日起废止。");
    if let Body::Regulation(r) = &mut gone.body {
        r.document_kind = DocumentKind::Abolition;
    }
    shelf.store.import("decisions", [gone], &mut |_| {}).unwrap();
    shelf.look(today());
    let open = of_lists();
    assert!(open.len() == 2 && open.iter().any(|(_, records)| *records == [on_c.id.clone()]), "{open:?}");
}

/// A law that many name: one task a division, with as many records as a page shows. `GUANSOU_DESK_DEPENDENTS` sets how
/// many.
#[test]
fn many_that_name_one_law_are_one_task_a_division() {
    let many: usize = std::env::var("GUANSOU_DESK_DEPENDENTS").ok().and_then(|n| n.parse().ok()).unwrap_or(300);
    let shelf = shelf();
    let old = law("中华人民共和国甲法", Date::constant(2010, 1, 1), "甲。");
    let local = (0..many).map(|n| {
        let mut record = law(&format!("第{n}号办法"), Date::constant(2015, 1, 1), "根据《甲法》，制定本办法。");
        record.owner = Some(["520000", "530000", "320000"][n % 3].parse().unwrap());
        record
    });
    shelf.store.import("laws", std::iter::once(old).chain(local), &mut |_| {}).unwrap();
    let new = law("甲法", Date::constant(2020, 1, 1), "甲和乙。");
    let started = std::time::Instant::now();
    let mut tasks = Pending::new(&shelf.store, &shelf.desk);
    tasks.changed(&new).unwrap();
    let tasks: Vec<Record> = tasks.into_tasks().collect();
    eprintln!("{many} records that name a law: {:?}", started.elapsed());
    assert_eq!(tasks.len(), 3);
    assert_eq!(tasks.iter().map(|record| task(record).records.len() + task(record).more).sum::<usize>(), many);
    assert!(tasks.iter().all(|record| task(record).records.len() == 50.min(many / 3)));
    let written = tasks.into_iter().map(|task| (task, BY)).collect();
    shelf.store.put_together(written).unwrap();
    assert_eq!(shelf.open(TaskMatter::RegulationChanged).len(), 3, "they fit into the store");
}

/// `GUANSOU_DESK_DEPENDENTS` takes more: how long it takes is reported.
#[test]
fn the_items_of_many_institutions_are_one_task_each() {
    let many: usize = std::env::var("GUANSOU_DESK_DEPENDENTS").ok().and_then(|n| n.parse().ok()).unwrap_or(300);
    let shelf = shelf();
    let institution = |n: usize| format!("甲市第{}局", n % (many / 10));
    let items = (0..many).map(|n| {
        let Body::PowerItem(mut power) = item().body else { unreachable!() };
        (power.name, power.owner_name) = (format!("第{n}项"), institution(n));
        let id = power.id().unwrap();
        Record { owner: Some("520300".parse().unwrap()), ..samples::record(&id, Body::PowerItem(power)) }
    });
    shelf.store.import("lists", items, &mut |_| {}).unwrap();
    shelf.store.import("laws", [law("甲法", Date::constant(2010, 1, 1), "甲。")], &mut |_| {}).unwrap();
    // All but one have accounts.
    let accounts = (1..many / 10).map(|n| account(&format!("a{n}"), &institution(n), None, "520300"));
    shelf.store.put_together(accounts.map(|account| (account, BY)).collect()).unwrap();
    let mut tasks = Pending::new(&shelf.store, &shelf.desk);
    let (before, new) = (None, law("甲法", Date::constant(2020, 1, 1), "甲甲。"));
    let started = std::time::Instant::now();
    tasks.changed_from(before, &new, 1).unwrap();
    let tasks: Vec<(Record, By<'_>)> = tasks.into_tasks().map(|task| (task, BY)).collect();
    assert_eq!(tasks.len(), many / 10);
    assert_eq!(tasks.iter().map(|(record, _)| task(record).records.len() + task(record).more).sum::<usize>(), many);
    assert_eq!(tasks.iter().filter(|(record, _)| task(record).office.is_empty()).count(), 1);
    shelf.store.put_together(tasks).unwrap();
    eprintln!("{many} items of {} institutions: {:?}", many / 10, started.elapsed());
}

#[test]
fn n9_reminders_go_out_when_due_and_not_yet_sent() {
    let shelf = shelf();
    let who = actor("w", Role::Contributor, "520000");
    let asked = Asked { about: "b-city", says: "请核对", due: Some(later(40)) };
    let made = ask(&shelf.store, &shelf.desk, &who, asked).unwrap();
    let reminded = || {
        let record = shelf.store.get(&made.id).unwrap().unwrap();
        task(&record).reminded.iter().map(|reminder| (reminder.days_before, reminder.on)).collect::<Vec<_>>()
    };
    shelf.look(later(34));
    assert_eq!(reminded(), []);
    shelf.look(later(37));
    shelf.look(later(37));
    assert_eq!(reminded(), [(5, later(37))], "two days late, and once");
    shelf.look(later(60));
    assert_eq!(reminded(), [(5, later(37)), (0, later(60))]);
    assert!(shelf.store.list(&List::Reminders, None, 9).unwrap().is_empty());
    // What has ended is not brought to mind.
    let second = ask(&shelf.store, &shelf.desk, &who, asked).unwrap();
    finish_task(&shelf.store, &who, &second.id, second.revision, "").unwrap();
    shelf.look(later(99));
    let record = shelf.store.get(&second.id).unwrap().unwrap();
    assert!(task(&record).reminded.is_empty() && record.state == State::Approved);
}

#[test]
fn what_nobody_has_confirmed_for_half_a_year_is_asked_about_until_somebody_does() {
    let shelf = shelf();
    let who = actor("w", Role::Contributor, "520000");
    shelf.look(later(200));
    assert!(shelf.open(TaskMatter::Confirm).is_empty(), "imported, and no office is there to be asked");
    // An office has changed it: its word is confirmed by itself for half a year.
    shelf.publish("b-city", |body| {
        let Body::Institution(i) = body else { unreachable!() };
        i.short_names = vec!["甲市数局".into()];
    });
    shelf.look(later(150));
    assert!(shelf.open(TaskMatter::Confirm).is_empty());
    shelf.look(later(200));
    shelf.look(later(200));
    let tasks = shelf.tasks(State::Submitted);
    let [asked] = &tasks[..] else { panic!("{tasks:?}") };
    assert_eq!((task(asked).matter, task(asked).about.as_str()), (TaskMatter::Confirm, "b-city"));
    finish_task(&shelf.store, &who, &asked.id, asked.revision, "").unwrap();
    shelf.look(later(150));
    assert!(shelf.open(TaskMatter::Confirm).is_empty(), "it was confirmed");
    shelf.look(later(200));
    assert_eq!(shelf.open(TaskMatter::Confirm).len(), 1, "and half a year later is asked about again");
    // A change that is published answers as well.
    shelf.publish("b-city", |body| {
        let Body::Institution(i) = body else { unreachable!() };
        i.short_names = vec!["甲数局".into()];
    });
    assert!(shelf.open(TaskMatter::Confirm).is_empty());
}

#[test]
fn reviews_from_before_there_were_tasks_get_theirs_and_days_move_with_the_tables() {
    let mut shelf = shelf();
    let old = crate::kill_tests::submission("s-old", "b-city");
    shelf.store.put(old, &BY).unwrap();
    begin(&shelf.store, &shelf.desk).unwrap();
    let tasks = shelf.tasks(State::Submitted);
    let [review] = &tasks[..] else { panic!("{tasks:?}") };
    assert_eq!((task(review).matter, task(review).about.as_str()), (TaskMatter::Review, "s-old"));
    let head = shelf.store.head();
    begin(&shelf.store, &shelf.desk).unwrap();
    assert_eq!(shelf.store.head(), head, "once");
    // A table in which the next month is off.
    let dir = tempfile::tempdir().unwrap();
    let years = dir.path().join("desk/working_days");
    std::fs::create_dir_all(&years).unwrap();
    for year in [today().year(), today().year() + 1] {
        let days = today().series(jiff::Span::new().days(1)).take(40).filter(|day| day.year() == year);
        let rows: String = days.map(|day| format!("{day},放假,甲节,甲通知\n")).collect();
        if !rows.is_empty() {
            std::fs::write(years.join(format!("{year}.csv")), format!("date,day,name,source\n{rows}")).unwrap();
        }
    }
    shelf.desk = Desk::load(dir.path()).unwrap();
    begin(&shelf.store, &shelf.desk).unwrap();
    let moved = shelf.store.get(&review.id).unwrap().unwrap();
    assert!(task(&moved).due.unwrap() >= later(40) && task(&moved).due > task(review).due, "{moved:?}");
}
