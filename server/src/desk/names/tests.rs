//! Names by their clocks: reminders over outages, ends, and applications that nobody mended.

use indexer::record::{NameLife, Task, samples, web_name_id};
use proptest::prelude::*;

use super::*;
use crate::{
    desk::{as_task, keeper},
    store::{Backend, By},
};

const BY: By<'_> = By { author: "test", reason: "" };

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

fn days(from: Date, n: i64) -> Date {
    from.checked_add(Span::new().days(n)).unwrap()
}

struct Shelf {
    _dir: tempfile::TempDir,
    store: RecordStore,
    desk: Desk,
}

fn shelf() -> Shelf {
    let dir = tempfile::tempdir().unwrap();
    let store = RecordStore::open(Backend::Redb, dir.path()).unwrap();
    let mut holder = samples::institution("jy", "甲县教育局", "520322");
    holder.owner = Some("520322".parse().unwrap());
    store.put(holder, &BY).unwrap();
    Shelf { _dir: dir, store, desk: Desk::shipped() }
}

/// A registered name of the county's with a last day.
fn name(label: &str, last: Date) -> Record {
    let mut name = samples::web_name(&format!("{label}.政务"), "甲县教育局");
    name.institution_id = Some("jy".into());
    let life = NameLife::begin(day("2029-01-01"), &Default::default(), "甲编〔2029〕1号", "注册管理机构");
    name.life = Some(NameLife { expires: Some(last), ..life });
    let id = web_name_id(&name.ascii);
    samples::record(&id, Body::WebName(name))
}

impl Shelf {
    /// All that a day brings, however many looks it takes.
    fn look(&self, today: Date) {
        crate::clock::set::today(today);
        loop {
            let before = self.store.head();
            keeper::look(&self.store, &self.desk, today).unwrap();
            if self.store.head() == before {
                return;
            }
        }
    }

    fn tasks(&self, matter: TaskMatter) -> Vec<(Record, Task)> {
        let mut found = Vec::new();
        for state in [State::Submitted, State::Approved] {
            let list = List::Tasks(state, &DivisionCode::nation());
            let page = self.store.page(&list, None, 1_000_000).unwrap();
            let of = page.records.into_iter().map(|record| (record.clone(), as_task(&record).unwrap().clone()));
            found.extend(of.filter(|(_, task)| task.matter == matter));
        }
        found
    }
}

#[test]
fn a_name_that_nobody_renews_is_asked_about_and_then_waits_for_the_registry() {
    let shelf = shelf();
    let record = name("甲县教育局", day("2031-06-30"));
    shelf.store.import("names", [record.clone()], &mut |_| {}).unwrap();
    shelf.look(day("2031-04-30"));
    assert!(shelf.tasks(TaskMatter::NameRenewal).is_empty(), "61 days before");
    // The day of the first reminder was missed.
    shelf.look(day("2031-05-03"));
    shelf.look(day("2031-05-03"));
    let tasks = shelf.tasks(TaskMatter::NameRenewal);
    let [(task, renewal)] = &tasks[..] else { panic!("{tasks:?}") };
    assert_eq!((task.owner.as_ref().unwrap().as_str(), renewal.due), ("520322", Some(day("2031-06-30"))));
    assert_eq!(renewal.reminded.iter().map(|r| (r.days_before, r.on)).collect::<Vec<_>>(), [(60, day("2031-05-03"))]);
    // Grace of 45 days and redemption of 15; how long it waits then nobody knows, and the registry is asked.
    shelf.look(day("2031-08-28"));
    assert!(shelf.tasks(TaskMatter::NameDeletion).is_empty());
    shelf.look(day("2031-09-20"));
    let tasks = shelf.tasks(TaskMatter::NameDeletion);
    let [(task, deletion)] = &tasks[..] else { panic!("{tasks:?}") };
    assert!(task.owner.as_ref().unwrap().is_nation() && deletion.says.contains("请办理注销"), "{deletion:?}");
    let left = shelf.store.get(&record.id).unwrap().unwrap();
    assert_eq!(left.revision, 1, "the name itself is as it was");
}

#[test]
fn a_name_whose_last_part_has_a_length_ends_by_itself_on_its_day_whenever_the_run_comes() {
    let mut shelf = shelf();
    let dir = tempfile::tempdir().unwrap();
    std::fs::create_dir_all(dir.path().join("desk")).unwrap();
    let terms = crate::desk::NAME_TERMS.replace(".政务,pending_delete,,,", ".政务,pending_delete,5,自然日,");
    std::fs::write(dir.path().join("desk/name_terms.csv"), terms).unwrap();
    let record = name("甲县教育局", day("2031-06-30"));
    shelf.store.import("names", [record.clone()], &mut |_| {}).unwrap();
    shelf.look(day("2031-12-01"));
    assert_eq!(shelf.tasks(TaskMatter::NameDeletion).len(), 1, "by the shipped terms it waits");
    // The table is another, on the same day.
    shelf.desk = Desk::load(dir.path()).unwrap();
    shelf.look(day("2031-12-01"));
    shelf.look(day("2031-12-02"));
    let left = shelf.store.get(&record.id).unwrap().unwrap();
    let Body::WebName(name) = &left.body else { panic!() };
    let life = name.life.as_ref().unwrap();
    assert_eq!((left.revision, name.status, life.events.len()), (2, NameStatus::NotAdopted, 2));
    assert_eq!(life.tombstones[0].words(), "曾为甲县教育局的网上名称，至 2031-09-04");
}

#[test]
fn names_without_a_last_day_are_left_alone() {
    let shelf = shelf();
    let mut record = name("甲县教育局", day("2031-06-30"));
    if let Body::WebName(name) = &mut record.body {
        name.life.as_mut().unwrap().expires = None;
    }
    shelf.store.import("names", [record], &mut |_| {}).unwrap();
    let head = shelf.store.head();
    shelf.look(day("2099-01-01"));
    assert_eq!(shelf.store.head(), head);
}

/// Names of the property test: a hundred thousand take minutes, in `make soak`.
fn many() -> usize {
    std::env::var("GUANSOU_NAMES").ok().and_then(|n| n.parse().ok()).unwrap_or(120)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2))]

    /// Names whose last days lie over a year, the daily run, and outages of three days at random: every reminder goes out on
    /// the first run from its day on, and none twice.
    #[test]
    fn n9_over_outages_of_three_days_all_reminders_go_out_and_none_twice(
        outages in prop::collection::vec(0i64..430, 0..40),
    ) {
        let shelf = shelf();
        let (first, names) = (day("2031-01-01"), many());
        let last = |n: usize| days(first, (n * 365 / names) as i64);
        let all = (0..names).map(|n| name(&format!("甲县第{n}局"), last(n)));
        shelf.store.import("names", all, &mut |_| {}).unwrap();
        let is_out = |at: i64| outages.iter().any(|from| (0..3).contains(&(at - (from - 62))));
        let runs: Vec<i64> = (-62..=368).filter(|at| *at == 368 || !is_out(*at)).collect();
        for at in &runs {
            shelf.look(days(first, *at));
        }
        let tasks = shelf.tasks(TaskMatter::NameRenewal);
        prop_assert_eq!(tasks.len(), names);
        for (_, task) in tasks {
            let mut sent: Vec<u32> = task.reminded.iter().map(|reminder| reminder.days_before).collect();
            sent.sort_unstable();
            prop_assert_eq!(&sent[..], &[1, 7, 30, 60][..]);
            for reminder in &task.reminded {
                let due = days(task.due.unwrap(), -i64::from(reminder.days_before));
                let first_run = runs.iter().map(|at| days(first, *at)).find(|run| *run >= due).unwrap();
                prop_assert_eq!(reminder.on, first_run);
            }
        }
    }
}
