use std::collections::BTreeSet;

use indexer::record::{Body, Record, Role, State, samples};
use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;

use super::*;
use crate::{
    access::{Maker, NewAccount, create, set_standing},
    desk::{self, Asked, Desk, Grounds},
    store::{Backend, By},
    workflow::{self, handling},
};

pub const BY: By<'_> = By { author: "test", reason: "" };

/// A store with offices, accounts and a submission of the county's.
pub struct Shelf {
    _dir: tempfile::TempDir,
    pub store: RecordStore,
    desk: Desk,
    from: Option<follow::Position>,
}

impl Shelf {
    pub fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let store = RecordStore::open(Backend::Redb, dir.path()).unwrap();
        use indexer::record::DivisionLevel::{County, Prefecture};
        let bodies = [
            samples::division("520300", "遵义市", "遵义", Prefecture, None),
            samples::division("520302", "红花岗区", "红花岗", County, Some("520300")),
            samples::institution("o-city", "遵义市委编办", "520300"),
            samples::institution("o-county", "红花岗区委编办", "520302"),
            Record { owner: Some("520302".parse().unwrap()), ..samples::institution("b", "甲局", "520302") },
        ];
        store.import("corpus", bodies, &mut |_| {}).unwrap();
        let mut shelf = Self { _dir: dir, store, desk: Desk::shipped(), from: None };
        for (name, office, role, of) in [
            ("writer", "o-county", Role::Contributor, "520302"),
            ("county", "o-county", Role::Reviewer, "520302"),
            ("city", "o-city", Role::Reviewer, "520300"),
            ("admin", "o-city", Role::Administrator, "520300"),
        ] {
            shelf.account(name, office, role, of);
        }
        // What was there before is no news.
        shelf.look();
        shelf
    }

    fn account(&mut self, name: &str, office: &str, role: Role, division: &str) {
        let new = NewAccount {
            name: name.into(),
            office_id: Some(office.into()),
            office_name: String::new(),
            role,
            division: division.parse().unwrap(),
        };
        create(&self.store, new, None, Maker::Operator, &BY).unwrap();
    }

    pub fn look(&mut self) {
        while follow(&self.store, &mut self.from).unwrap() {}
    }

    fn who(&self, name: &str) -> Actor {
        access::actor_of(&self.store, name).unwrap().unwrap()
    }

    /// What an account is reported now, the last first.
    fn told(&mut self, account: &str) -> Vec<(What, String)> {
        self.look();
        list(&self.store, account).unwrap().into_iter().map(|k| (k.notice.what, k.notice.title)).collect()
    }

    /// A submission of the county's that waits for its review.
    pub fn submitted(&self, short: &str) -> Record {
        let writer = self.who("writer");
        let mut record = self.store.get("b").unwrap().unwrap();
        if let Body::Institution(i) = &mut record.body {
            i.short_names = vec![short.to_owned()];
        }
        let draft = workflow::Draft {
            target: "b".into(),
            based_on: record.revision,
            content: Some(record.body),
            provenance: Vec::new(),
            answers: None,
            note: String::new(),
        };
        let written = workflow::draft(&self.store, &writer, draft).unwrap();
        workflow::hand_in(&self.store, &self.desk, &writer, &written.id, written.revision).unwrap()
    }

    fn moved(&self, who: &str, record: &Record, name: &str, grounds: Grounds<'_>) -> Record {
        let revision = self.store.get(&record.id).unwrap().unwrap().revision;
        workflow::perform(&self.store, &self.desk, &self.who(who), &record.id, revision, name, grounds).unwrap()
    }

    /// Something new for the writer: a comment.
    pub fn comment(&mut self, submission: &Record, text: &str) {
        handling::comment(&self.store, &self.who("city"), &submission.id, text).unwrap();
        self.look();
    }
}

#[test]
fn writers_hear_what_came_of_it_and_reviewers_what_waits() {
    let mut shelf = Shelf::new();
    let submission = shelf.submitted("甲");
    // The county's own reviewer is reported, whoever wrote it is not, nor the city's while the county has one.
    assert_eq!(shelf.told("county"), [(What::Task, "审核报送：甲局".into())]);
    assert_eq!((shelf.told("writer"), shelf.told("city"), shelf.told("admin")), (vec![], vec![], vec![]));
    shelf.moved("city", &submission, "return", Grounds::new("misprint", "请写全称"));
    assert_eq!(shelf.told("writer"), [(What::Returned, "甲局".into())]);
    assert!(list(&shelf.store, "writer").unwrap()[0].notice.says.contains("请写全称"));
    shelf.moved("writer", &submission, "submit", Grounds::default());
    assert_eq!(shelf.told("county").len(), 2, "handed in again, it waits again");
    shelf.moved("county", &submission, "approve", Grounds::default());
    shelf.moved("county", &submission, "publish", Grounds::default());
    assert_eq!(shelf.told("writer")[0], (What::Published, "甲局".into()));
    assert_eq!(unread(&shelf.store, "writer").unwrap(), 2);
    let all = list(&shelf.store, "writer").unwrap();
    mark_read(&shelf.store, "writer", Marked::One(&all[0].id)).unwrap();
    assert_eq!(unread(&shelf.store, "writer").unwrap(), 1);
    mark_read(&shelf.store, "writer", Marked::UpTo(&all[1].id)).unwrap();
    mark_read(&shelf.store, "writer", Marked::UpTo("")).unwrap();
    assert_eq!(unread(&shelf.store, "writer").unwrap(), 0);
}

#[test]
fn comments_assignments_and_tasks_reach_those_they_are_for() {
    let mut shelf = Shelf::new();
    let submission = shelf.submitted("甲");
    shelf.comment(&submission, "简称有依据吗");
    assert_eq!(shelf.told("writer"), [(What::Comment, "甲局".into())]);
    assert_eq!(shelf.told("city"), [], "nobody is told what they said");
    // An administrator gives it to the county's reviewer; a task is asked of the county.
    handling::assign(&shelf.store, &shelf.who("admin"), &submission.id, "county").unwrap();
    assert_eq!(shelf.told("county")[0].0, What::Assigned);
    assert_eq!(handling::of(&shelf.store, &submission.id).unwrap().unwrap().taken.unwrap().by, "county");
    handling::comment(&shelf.store, &shelf.who("writer"), &submission.id, "有，见文件").unwrap();
    assert_eq!((shelf.told("county")[0].0, shelf.told("city")[0].0), (What::Comment, What::Comment));
    let asked = Asked { about: "b", says: "请核对网址", due: None };
    desk::ask(&shelf.store, &shelf.desk, &shelf.who("city"), asked).unwrap();
    assert_eq!(shelf.told("writer")[0], (What::Task, "交办：甲局".into()));
    assert_eq!(shelf.told("county")[0].0, What::Task);
}

/// After a law has changed each institution has a task of its own.
#[test]
fn a_task_of_one_institution_reaches_its_own_accounts() {
    let mut shelf = Shelf::new();
    let mut school = samples::institution("o-school", "红花岗区教育局", "520302");
    let Body::Institution(institution) = &mut school.body else { unreachable!() };
    institution.former_names = vec!["红花岗区教育体育局".into()];
    shelf.store.import("more", [school], &mut |_| {}).unwrap();
    shelf.account("school", "o-school", Role::Contributor, "520302");
    // Of another division than its institution.
    shelf.account("away", "o-school", Role::Contributor, "520300");
    let told = |shelf: &mut Shelf, office: &str, id: Option<&str>| {
        let asked = Asked { about: "b", says: "请核对", due: None };
        let mut made = desk::ask(&shelf.store, &shelf.desk, &shelf.who("city"), asked).unwrap();
        let Body::Task(task) = &mut made.body else { unreachable!() };
        (task.office, task.office_id) = (office.to_owned(), id.map(str::to_owned));
        made.id.push_str("-of");
        let record = Record { revision: 0, ..made };
        // The task that was asked for is everybody's; the other is looked at alone.
        shelf.look();
        let count = |shelf: &mut Shelf, account: &str| shelf.told(account).len();
        let all = ["writer", "county", "school", "away"];
        let before = all.map(|account| count(shelf, account));
        shelf.store.put_over(record).unwrap();
        let mut had = Vec::new();
        for (account, before) in all.into_iter().zip(before) {
            if count(shelf, account) > before {
                had.push(account);
            }
        }
        had
    };
    assert_eq!(told(&mut shelf, "红花岗区教育局", None), ["school"]);
    assert_eq!(told(&mut shelf, "红花岗区教育体育局", Some("o-school")), ["school", "away"]);
    let last = list(&shelf.store, "away").unwrap().swap_remove(0).notice;
    assert!(last.is_readable(&shelf.store, &shelf.who("away")).unwrap(), "and can be opened");
    let stranger = Actor { office_id: Some("o-city".into()), division: "520400".parse().unwrap(), ..shelf.who("away") };
    assert!(!last.is_readable(&shelf.store, &stranger).unwrap());
    assert_eq!(told(&mut shelf, "红花岗区委编办", Some("o-county")), ["writer", "county"]);
    // Of an institution without accounts the division is told.
    assert_eq!(told(&mut shelf, "红花岗区水务局", None), ["writer", "county", "school"]);
}

#[test]
fn a_large_offices_reviewers_are_told_however_many_others_come_before_them() {
    let mut shelf = Shelf::new();
    for n in 0..450 {
        shelf.account(&format!("a{n:03}"), "o-county", Role::Reader, "520302");
    }
    for n in 0..60 {
        shelf.account(&format!("v{n:02}"), "o-county", Role::Reviewer, "520302");
    }
    shelf.submitted("甲");
    shelf.look();
    let told = |name: &str| list(&shelf.store, name).unwrap().len();
    // 49 of them besides the county's other one.
    assert_eq!((told("county"), told("v00"), told("v48"), told("v49"), told("a000")), (1, 1, 1, 0, 0));
}

#[test]
fn the_place_is_noted_while_changes_tell_nobody() {
    let mut shelf = Shelf::new();
    let noted = |shelf: &Shelf| shelf.store.secret("notice_place", "upto").unwrap().unwrap().parse::<u64>().unwrap();
    let before = noted(&shelf);
    let bodies = |from: usize, to: usize| {
        (from..to).map(|n| samples::institution(&format!("x-{n}"), "甲局", "520302")).collect::<Vec<_>>()
    };
    shelf.store.import("corpus", bodies(0, 10), &mut |_| {}).unwrap();
    shelf.look();
    assert_eq!(noted(&shelf), before, "a few are not worth a write");
    shelf.store.import("corpus", bodies(10, 4_200), &mut |_| {}).unwrap();
    shelf.look();
    let after = noted(&shelf);
    assert!(after >= before + 4_000, "{before} {after}");
    // A few at a time come to the same.
    for n in 0..45 {
        shelf.store.import("corpus", bodies(10_000 + n * 100, 10_100 + n * 100), &mut |_| {}).unwrap();
        shelf.look();
    }
    assert!(noted(&shelf) >= after + 4_000, "{after} {}", noted(&shelf));
}

#[test]
fn reviewers_above_hear_of_what_comes_up_to_them() {
    let mut shelf = Shelf::new();
    // A name that is the city's to answer for.
    shelf.submitted("遵义市甲局");
    let review = [(What::Task, "审核报送：甲局".to_owned())];
    assert_eq!(shelf.told("city"), review);
    assert_eq!((shelf.told("county"), shelf.told("admin")), (review.to_vec(), vec![]));
    // A task that goes on to the office above, as an application for a name does after its first review.
    let asked = Asked { about: "b", says: "请核对", due: None };
    let mut task = desk::ask(&shelf.store, &shelf.desk, &shelf.who("writer"), asked).unwrap();
    let put = |shelf: &mut Shelf, task: &mut Record, division: &str| {
        if let Body::Task(t) = &mut task.body {
            t.matter = indexer::record::TaskMatter::NameReview;
        }
        task.owner = Some(division.parse().unwrap());
        task.revision = shelf.store.put(task.clone(), &BY).unwrap();
        (shelf.told("county").len(), shelf.told("city").len())
    };
    let (county, city) = put(&mut shelf, &mut task, "520302");
    assert_eq!(put(&mut shelf, &mut task, "520300"), (county, city + 1));
    assert_eq!(shelf.told("city")[0], (What::Task, "审核网上名称：甲局".to_owned()));
    assert_eq!(put(&mut shelf, &mut task, "520300"), (county, city + 1), "it is told once");
    assert_eq!(put(&mut shelf, &mut task, "520302"), (county, city + 1), "what comes back down was seen there");
}

#[test]
fn submissions_go_to_colleagues_alone_and_only_while_they_are_reviewed() {
    let shelf = Shelf::new();
    let submission = shelf.submitted("甲");
    let names = |who: &str| -> Vec<String> {
        let found = handling::colleagues(&shelf.store, &shelf.who(who), &submission, None).unwrap();
        found.records.into_iter().map(|actor| actor.name).collect()
    };
    assert_eq!(names("admin"), ["city", "county"]);
    assert_eq!(names("city"), ["county"]);
    assert_eq!((names("county"), names("writer")), (vec![], vec![]));
    for (who, to) in
        [("county", "city"), ("writer", "county"), ("city", "writer"), ("city", "nobody"), ("city", "city")]
    {
        assert!(handling::assign(&shelf.store, &shelf.who(who), &submission.id, to).is_err(), "{who} {to}");
    }
    set_standing(&shelf.store, "county", false, &BY).unwrap();
    assert!(handling::assign(&shelf.store, &shelf.who("city"), &submission.id, "county").is_err(), "a closed account");
    set_standing(&shelf.store, "county", true, &BY).unwrap();
    shelf.moved("writer", &submission, "recall", Grounds::default());
    assert!(handling::assign(&shelf.store, &shelf.who("city"), &submission.id, "county").is_err(), "not in review");
}

#[test]
fn every_colleague_of_a_large_office_can_be_chosen() {
    let mut shelf = Shelf::new();
    for n in 0..620 {
        shelf.account(&format!("a{n:04}"), "o-county", Role::Reader, "520302");
    }
    for n in 0..70 {
        shelf.account(&format!("v{n:03}"), "o-county", Role::Reviewer, "520302");
    }
    let submission = shelf.submitted("甲");
    let (mut names, mut after, mut pages) = (Vec::new(), None, 0);
    loop {
        let page = handling::colleagues(&shelf.store, &shelf.who("city"), &submission, after.as_deref()).unwrap();
        names.extend(page.records.into_iter().map(|actor| actor.name));
        pages += 1;
        match page.next {
            Some(next) => after = Some(next),
            None => break,
        }
    }
    let all: BTreeSet<&str> = names.iter().map(String::as_str).collect();
    assert_eq!((names.len(), all.len()), (71, 71), "each once: the county's reviewer and these");
    assert!(all.contains("v069") && all.contains("county") && pages < 8, "{pages}");
}

#[test]
fn the_same_change_makes_the_same_notice_and_the_oldest_go_first() {
    let mut shelf = Shelf::new();
    let begun = shelf.from;
    let submission = shelf.submitted("甲");
    for n in 0..3 {
        shelf.comment(&submission, &format!("第{n}次"));
    }
    let all = list(&shelf.store, "writer").unwrap();
    mark_read(&shelf.store, "writer", Marked::One(&all[0].id)).unwrap();
    let before = list(&shelf.store, "writer").unwrap();
    // As after a run that was killed before it noted where it was.
    shelf.from = begun;
    shelf.look();
    assert_eq!(list(&shelf.store, "writer").unwrap(), before, "none twice, and what was read stays read");
    // A restart goes on where the last one was.
    let mut fresh = None;
    follow(&shelf.store, &mut fresh).unwrap();
    assert_eq!(list(&shelf.store, "writer").unwrap(), before);
    let many: Vec<(u64, Notice)> =
        (0..MAX_STORED as u64 + 5).map(|n| (1 << 20 | n, before[0].notice.clone())).collect();
    shelf.store.change_secrets(|secrets| add(secrets, "writer", &many)).unwrap();
    let kept = list(&shelf.store, "writer").unwrap();
    assert_eq!(
        (kept.len(), kept[0].id.as_str()),
        (MAX_STORED, format!("{:016x}", 1 << 20 | (MAX_STORED as u64 + 4)).as_str())
    );
}

#[test]
fn feeds_and_mail_tell_titles_of_public_records_alone() {
    let shelf = Shelf::new();
    let notice = |target: &str| Notice {
        what: What::Returned,
        about: "s-1".into(),
        target: target.into(),
        title: "不公开的标题".into(),
        says: "不公开的话".into(),
        at: Timestamp::now(),
        read: false,
    };
    let told = |target: &str| notice(target).in_public(&shelf.store).unwrap();
    assert_eq!(told("b"), "报送被退回：甲局");
    let mut body = Body::blank("material").unwrap();
    body.fill(|column| Some(if column.name == "division" { "520300" } else { column.example })).unwrap();
    let secret = samples::record("m-1", body);
    shelf.store.put(secret.clone(), &BY).unwrap();
    let gone = shelf.store.get("b").unwrap().unwrap();
    shelf.store.put(Record { state: State::Withdrawn, ..gone }, &BY).unwrap();
    for target in ["b", secret.id.as_str(), "none", "", "account-writer"] {
        assert_eq!(told(target), "报送被退回", "{target}");
    }
}

#[test]
fn a_feed_is_its_owners_until_it_is_revoked_replaced_or_the_account_closed() {
    let shelf = Shelf::new();
    let of = |token: &str| account_of_feed(&shelf.store, token).unwrap();
    let first = new_feed(&shelf.store, "writer").unwrap();
    assert_eq!((of(&first).as_deref(), first.len()), (Some("writer"), 64));
    assert!(
        !shelf.store.dump().iter().any(|(_, value)| String::from_utf8_lossy(value).contains(&first)),
        "only its hash"
    );
    let second = new_feed(&shelf.store, "writer").unwrap();
    assert_eq!((of(&first), of(&second).as_deref()), (None, Some("writer")));
    set_standing(&shelf.store, "writer", false, &BY).unwrap();
    assert_eq!(of(&second), None);
    set_standing(&shelf.store, "writer", true, &BY).unwrap();
    revoke_feed(&shelf.store, "writer").unwrap();
    assert_eq!((of(&second), of(""), of("\0")), (None, None, None));
}

#[test]
fn an_address_is_confirmed_by_its_code_within_the_hour_and_five_tries() {
    let shelf = Shelf::new();
    let (store, now) = (&shelf.store, Timestamp::now());
    let confirmed = || settings_of(store, "writer").unwrap().mailbox.is_some_and(|mailbox| mailbox.confirmed);
    for wrong in [
        "",
        "甲@b.cn",
        "a b@c.cn",
        "a@b.cn\r\nBcc: x@y.cn",
        "a@b.cn,c@d.cn",
        "<a@b.cn>",
        &format!("{}@b.cn", "a".repeat(300)),
    ] {
        assert!(matches!(ask_address(store, "writer", wrong, now), Err(SettingsError::Address(_))), "{wrong}");
    }
    assert!(matches!(confirm_address(store, "writer", "1", now), Err(SettingsError::NoCode)));
    ask_address(store, "writer", " a@b.cn ", now).unwrap();
    let code = mail::tests::code_of(store, "writer");
    assert!(matches!(confirm_address(store, "writer", "00000", now), Err(SettingsError::WrongCode)));
    let late = now + SignedDuration::from_mins(61);
    for at in [late, now - SignedDuration::from_hours(2)] {
        assert!(matches!(confirm_address(store, "writer", &code, at), Err(SettingsError::CodeOver)), "{at}");
    }
    for _ in 0..4 {
        let _ = confirm_address(store, "writer", "x", now);
    }
    assert!(matches!(confirm_address(store, "writer", &code, now), Err(SettingsError::CodeOver)), "tried too often");
    ask_address(store, "writer", "a@b.cn", now).unwrap();
    let code = mail::tests::code_of(store, "writer");
    assert!(!confirmed());
    confirm_address(store, "writer", &format!(" {code} "), now).unwrap();
    assert!(confirmed());
    // Whoever enters addresses again and again stops nobody's mail and sends no more codes.
    for _ in 0..3 {
        ask_address(store, "writer", "c@d.cn", now).unwrap();
    }
    drop_address(store, "writer").unwrap();
    assert!(matches!(ask_address(store, "writer", "c@d.cn", now), Err(SettingsError::ManyCodes)));
    assert!(ask_address(store, "writer", "c@d.cn", now + SignedDuration::from_hours(25)).is_ok());
}

#[test]
fn what_is_told_can_be_chosen() {
    let shelf = Shelf::new();
    choose(&shelf.store, "writer", &[What::Returned, What::Task]).unwrap();
    let settings = settings_of(&shelf.store, "writer").unwrap();
    let told: Vec<What> = What::ALL.into_iter().filter(|what| settings.includes(*what)).collect();
    assert_eq!(told, [What::Returned, What::Task]);
    assert!(settings_of(&shelf.store, "county").unwrap().choices().iter().all(|choice| choice.enabled));
    for what in What::ALL {
        assert_eq!(serde_json::to_value(what).unwrap(), what.name(), "the same name in forms and in the store");
    }
}

proptest! {
    #[test]
    fn an_address_that_is_taken_ends_no_line(text in "[ -~甲\r\n]{0,40}@[a-z<>,\r\n .]{0,20}") {
        if mail::is_address(&text) {
            prop_assert!(text.is_ascii() && !text.contains(['\r', '\n', ' ', '<', '>', ',']));
        }
    }
}
