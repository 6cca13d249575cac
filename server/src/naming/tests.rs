//! Applications over the store: whose move it is, what an approval writes, and what it refuses.

use indexer::record::{Category, NameStage, NameStatus, Role, samples, web_name_id};

use super::*;
use crate::{access::samples::actor, store::Backend};

pub(super) struct Shelf {
    _dir: tempfile::TempDir,
    pub store: RecordStore,
    pub desk: Desk,
}

/// Bureaus of a county.
pub(super) fn shelf() -> Shelf {
    let dir = tempfile::tempdir().unwrap();
    let store = RecordStore::open(Backend::Redb, dir.path()).unwrap();
    for (id, name) in [("jy", "甲县教育局"), ("ty", "甲县体育局"), ("wh", "甲县文化局")] {
        let mut record = samples::institution(id, name, "520322");
        record.owner = Some("520322".parse().unwrap());
        if let Body::Institution(body) = &mut record.body {
            body.category = Category::Government;
        }
        store.put(record, &By { author: "test", reason: "" }).unwrap();
    }
    Shelf { _dir: dir, store, desk: Desk::shipped() }
}

pub(super) fn clerk() -> Actor {
    actor("clerk", Role::Contributor, "520322")
}

pub(super) fn first() -> Actor {
    actor("first", Role::Reviewer, "520322")
}

pub(super) fn registry() -> Actor {
    actor("registry", Role::Reviewer, "000000")
}

pub(super) fn form<'a>(name: &'a str, institution: &'a str) -> Form<'a> {
    Form {
        matter: Matter::Register,
        name,
        institution,
        ground: Ground::FullName,
        purpose: "发布教育工作信息",
        consent: "甲教函〔2030〕3号",
        contact: "bgs@jyj.jia.gov.cn",
        agreed: true,
        alternatives: Vec::new(),
        parallel: Vec::new(),
        main_name: "",
        administrative: Some(true),
        freeze: None,
        successor: None,
    }
}

impl Shelf {
    fn make(&self, who: &Actor, record: &Record, name: &str, grounds: Grounds<'_>) -> Result<Record, NamingError> {
        perform(&self.store, &self.desk, who, (&record.id, record.revision), name, grounds)
    }

    fn go(&self, who: &Actor, record: &Record, name: &str) -> Record {
        self.make(who, record, name, Grounds::default()).unwrap_or_else(|error| panic!("{name}: {error}"))
    }

    pub fn approved(&self, form: &Form<'_>) -> Result<Record, NamingError> {
        let record = draft(&self.store, &clerk(), form)?;
        let record = self.make(&clerk(), &record, "submit", Grounds::default())?;
        let record = self.go(&first(), &record, "take");
        let record = self.go(&first(), &record, "pass");
        let record = self.go(&registry(), &record, "take");
        self.make(&registry(), &record, "pass", Grounds::default())
    }
}

fn stage(record: &Record) -> Stage {
    as_application(record).unwrap().stage
}

#[test]
fn an_application_goes_through_its_chain_and_becomes_a_name() {
    let shelf = shelf();
    let record = draft(&shelf.store, &clerk(), &form("甲县教育局.政务", "jy")).unwrap();
    assert_eq!((stage(&record), record.state), (Stage::Draft, State::Draft));
    // Nobody of another place sees it, and nobody else hands it in.
    let beside = actor("beside", Role::Reviewer, "350000");
    assert!(matches!(find(&shelf.store, &beside, &record.id), Err(NamingError::Unknown)));
    assert!(matches!(
        shelf.make(&actor("x", Role::Reader, "520322"), &record, "submit", Grounds::default()),
        Err(NamingError::Denied(_))
    ));
    let record = shelf.go(&clerk(), &record, "submit");
    // The registry's turn comes after the office of the same level.
    let waits = |division: &str| {
        queue(&shelf.store, State::Submitted, &division.parse().unwrap(), None, 10).unwrap().records.len()
    };
    assert_eq!((waits("520322"), waits("350000"), waits("000000")), (1, 0, 1));
    assert_eq!(own(&shelf.store, &clerk().office(), None, 10).unwrap().records.len(), 1);
    let record = shelf.go(&first(), &record, "take");
    let told = shelf.make(&first(), &record, "supplement", Grounds::default()).unwrap_err();
    assert!(matches!(told, NamingError::Grounds(InvalidGrounds::None)), "no refusal without a code");
    let record = shelf.make(&first(), &record, "supplement", Grounds::new("documents", "法人证书")).unwrap();
    let a = as_application(&record).unwrap();
    assert!(a.letters[0].text.contains("甲县教育局申请的网上名称“甲县教育局.政务”材料不全"), "{:?}", a.letters);
    assert!(a.letters[0].text.ends_with("还需要：法人证书") && a.due.is_some());
    // It is changed in place.
    let record = revise(
        &shelf.store,
        &clerk(),
        &record.id,
        record.revision,
        &Form { purpose: "入学登记", ..form("甲县教育局.政务", "jy") },
    )
    .unwrap();
    let record = shelf.go(&clerk(), &record, "submit");
    assert_eq!(stage(&record), Stage::InFirst);
    let closed = revise(&shelf.store, &clerk(), &record.id, record.revision, &form("甲县教育局.政务", "jy"));
    assert!(matches!(closed, Err(NamingError::Closed)));
    let record =
        judge_part(&shelf.store, &first(), (&record.id, record.revision), Part::Name, Verdict::Approve, "").unwrap();
    let record = shelf.go(&first(), &record, "pass");
    assert_eq!(record.owner, None, "it lies at the nation's desk");
    assert!(matches!(shelf.make(&first(), &record, "take", Grounds::default()), Err(NamingError::Denied(_))));
    let record = shelf.go(&registry(), &record, "take");
    let record = shelf.go(&registry(), &record, "pass");
    let ascii = as_application(&record).unwrap().ascii.clone();
    let name = shelf.store.get(&web_name_id(&ascii)).unwrap().unwrap();
    let Body::WebName(name) = name.body else { panic!() };
    assert_eq!((name.status, name.institution_id.as_deref()), (NameStatus::InUse, Some("jy")));
    let life = name.life.unwrap();
    assert_eq!(life.stage(&shelf.desk.name_terms.of(&ascii).terms, today()), NameStage::Unresolved);
    assert_eq!(life.events[0].document, "甲教函〔2030〕3号");
    assert_eq!(life.contact, "bgs@jyj.jia.gov.cn");
    let record = shelf.go(&registry(), &record, "register");
    assert_eq!(stage(&record), Stage::Registered);
    assert_eq!(waits("000000"), 0);
}

/// N13: approval refuses a name live elsewhere, in traditional characters too.
#[test]
fn n13_approval_refuses_what_lives_elsewhere() {
    let shelf = shelf();
    let taken = draft(&shelf.store, &clerk(), &form("甲县教體局.政务", "ty")).unwrap();
    let other = draft(&shelf.store, &clerk(), &form("甲县教体局.政务", "jy")).unwrap();
    let other = shelf.go(&clerk(), &other, "submit");
    let told = shelf.make(&clerk(), &taken, "submit", Grounds::default()).unwrap_err();
    assert!(matches!(told, NamingError::UnderWay { .. }), "two for one name at once: {told}");
    let other = shelf.go(&first(), &other, "take");
    let other = shelf.go(&first(), &other, "pass");
    let other = shelf.go(&registry(), &other, "take");
    // Meanwhile the name is somebody else's by the register's list, in traditional characters.
    let listed = samples::web_name("甲县教體局.政务", "甲县体育局");
    let id = web_name_id(&listed.ascii);
    let listed = samples::record(&id, Body::WebName(listed));
    shelf.store.put(listed, &By { author: "test", reason: "" }).unwrap();
    let before = shelf.store.head();
    let told = shelf.make(&registry(), &other, "pass", Grounds::default()).unwrap_err();
    assert!(matches!(&told, NamingError::Taken { owner, .. } if owner == "甲县体育局"), "{told}");
    assert_eq!(shelf.store.head(), before, "nothing was written");
}

#[test]
fn a_name_is_frozen_cancelled_and_remembered() {
    let shelf = shelf();
    shelf.approved(&form("甲县教育局.政务", "jy")).unwrap();
    let again = |matter| Form { matter, ..form("甲县教育局.政务", "jy") };
    let told = shelf.approved(&again(Matter::Register)).unwrap_err();
    assert!(matches!(told, NamingError::Taken { .. }), "{told}");
    let told = shelf.approved(&Form { matter: Matter::Renew, ..form("甲县体育局.政务", "ty") }).unwrap_err();
    assert!(matches!(told, NamingError::NotOwn(_)), "{told}");
    // N12: to the institution that has its duties alone, by a document.
    let without = Form { successor: Some(("ty", "")), ..again(Matter::Transfer) };
    assert!(matches!(shelf.approved(&without), Err(NamingError::Refused(Refused::Lacks(_)))));
    shelf.approved(&Form { successor: Some(("ty", "甲编〔2031〕2号")), ..again(Matter::Transfer) }).unwrap();
    let host = Host::parse("甲县教育局.政务").unwrap().ascii;
    let name = |shelf: &Shelf| match shelf.store.get(&web_name_id(&host)).unwrap().unwrap().body {
        Body::WebName(name) => name,
        _ => panic!(),
    };
    assert_eq!(name(&shelf).institution_name, "甲县体育局");
    shelf.approved(&Form { matter: Matter::Cancel, ..form("甲县教育局.政务", "ty") }).unwrap();
    let gone = name(&shelf);
    assert_eq!(gone.status, NameStatus::NotAdopted);
    let stones: Vec<String> = gone.life.unwrap().tombstones.iter().map(|stone| stone.words()).collect();
    assert_eq!(
        stones,
        [format!("曾为甲县教育局的网上名称，至 {}", today()), format!("曾为甲县体育局的网上名称，至 {}", today()),]
    );
    // It can be had again, and what it was stays reported.
    shelf.approved(&form("甲县教育局.政务", "jy")).unwrap();
    assert_eq!(name(&shelf).life.unwrap().tombstones.len(), 2);
}

#[test]
fn an_applicant_that_is_gone_gets_nothing() {
    let shelf = shelf();
    let record = draft(&shelf.store, &clerk(), &form("甲县教育局.政务", "jy")).unwrap();
    let record = shelf.go(&clerk(), &record, "submit");
    let record = shelf.go(&first(), &record, "take");
    let record = shelf.go(&first(), &record, "pass");
    let record = shelf.go(&registry(), &record, "take");
    let body = shelf.store.get("jy").unwrap().unwrap();
    shelf.store.put(Record { state: State::Withdrawn, ..body }, &By { author: "test", reason: "" }).unwrap();
    let told = shelf.make(&registry(), &record, "pass", Grounds::default()).unwrap_err();
    assert!(matches!(told, NamingError::Abolished(_)), "{told}");
    let refused = shelf.make(&registry(), &record, "refuse", Grounds::new("abolished", "")).unwrap();
    assert_eq!(stage(&refused), Stage::Refused);
}

#[test]
fn what_is_not_taken_on_is_barred_and_bad_forms_are_told() {
    let shelf = shelf();
    let record = draft(&shelf.store, &clerk(), &form("甲县教育局.政务", "jy")).unwrap();
    let record = shelf.go(&clerk(), &record, "submit");
    shelf.make(&first(), &record, "not-accept", Grounds::new("repeated", "")).unwrap();
    let again = draft(&shelf.store, &clerk(), &form("甲县教育局.政务", "jy")).unwrap();
    let told = shelf.make(&clerk(), &again, "submit", Grounds::default()).unwrap_err();
    assert!(matches!(told, NamingError::Barred(_)), "{told}");
    let long = "长".repeat(501);
    for (form, part) in [
        (form("甲县教育局.网址", "jy"), "不能在这里申请"),
        (form("遵义市红花岗区人力资源和社会保障局综合.政务", "jy"), "63"),
        (form("甲县教育局.政务", "none"), "没有编号为“none”"),
        (Form { purpose: &long, ..form("甲县教育局.政务", "jy") }, "501 个字"),
        (
            Form { parallel: vec!["甲县教育.政务", "jyj.jia.gov.cn"], ..form("甲县教育局.政务", "jy") },
            "还没有指定主域名",
        ),
    ] {
        let told = draft(&shelf.store, &clerk(), &form).unwrap_err().to_string();
        assert!(told.contains(part), "{told}");
    }
    assert!(draft(&shelf.store, &actor("far", Role::Contributor, "350000"), &form("甲县教育局.政务", "jy")).is_err());
}
