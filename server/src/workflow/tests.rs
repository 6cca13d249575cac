//! From a draft to what the public sees, and all the ways in which it must not.

use indexer::record::{
    Body, Correction, CorrectionMatter, Date, Evidence, NameStatus, Record, Role, State, Website, Weight, Word, samples,
};

use super::*;
use crate::{
    access::samples::actor,
    store::{Backend, RecordStore},
};

struct Shelf {
    _dir: tempfile::TempDir,
    store: RecordStore,
    desk: Desk,
}

const SITE: &str = "https://www.zunyi.gov.cn/";

fn shelf() -> Shelf {
    let dir = tempfile::tempdir().unwrap();
    let store = RecordStore::open(Backend::Redb, dir.path()).unwrap();
    let mut body = Record {
        owner: Some("520300".parse().unwrap()),
        ..samples::institution("520300-gov", "遵义市人民政府", "520300")
    };
    if let Body::Institution(i) = &mut body.body {
        i.websites = vec![Website {
            url: SITE.into(),
            host: "zunyi.gov.cn".into(),
            evidence: Evidence::Single,
            sources: vec!["a".into()],
            off_gov_cn: false,
        }];
    }
    let mut name = samples::web_name("zunyi.gov.cn", "遵义市人民政府");
    name.institution_id = Some("520300-gov".into());
    let name = samples::record("w-zunyi.gov.cn", Body::WebName(name));
    store.import("corpus", [body, name], &mut |_| {}).unwrap();
    Shelf { _dir: dir, store, desk: Desk::shipped() }
}

impl Shelf {
    fn body(&self) -> Record {
        self.store.get("520300-gov").unwrap().unwrap()
    }

    /// The body as a form of columns gives it: names of columns with what was typed.
    fn edited(&self, who: &Actor, typed: &[(&str, &str)]) -> Result<Body, String> {
        let before = self.body().body;
        let mut body = before.clone();
        let source = office_list(who);
        let word = Word { source: &source, weight: Weight::Own, day: crate::clock::today() };
        body.edit(Some(&before), word, |column| typed.iter().find(|(name, _)| *name == column.name).map(|t| t.1))
            .map_err(|faults| {
                faults.iter().map(|(column, fault)| format!("{}：{fault}", column.label)).collect::<String>()
            })?;
        Ok(body)
    }

    /// A draft that changes the institution by a form.
    fn propose(&self, who: &Actor, typed: &[(&str, &str)]) -> Result<Record, WorkflowError> {
        let record = self.body();
        let proposed = Draft {
            target: record.id.clone(),
            based_on: record.revision,
            content: Some(self.edited(who, typed).unwrap()),
            provenance: Vec::new(),
            answers: None,
            note: "机构改革".into(),
        };
        draft(&self.store, who, proposed)
    }

    fn step(&self, who: &Actor, record: &Record, name: &str, reason: &str) -> Result<Record, WorkflowError> {
        perform(&self.store, &self.desk, who, &record.id, record.revision, name, Grounds::new("other", reason))
    }
}

#[test]
fn a_county_hands_in_and_the_office_above_publishes() {
    let shelf = shelf();
    let (writes, reviews) = (actor("zunyi", Role::Contributor, "520300"), actor("guizhou", Role::Reviewer, "520000"));
    let before = shelf.body();
    let written = shelf.propose(&writes, &[("short_names", "遵义市政府")]).unwrap();
    assert_eq!(written.state, State::Draft);
    assert_eq!(shelf.body(), before, "a draft changes nothing that is published");
    let sent = shelf.step(&writes, &written, "submit", "").unwrap();
    let s = as_submission(&sent).unwrap();
    let clock = s.clock.clone().unwrap();
    assert_eq!((clock.limit.as_str(), clock.started), ("submission_review", crate::clock::today()));
    assert_eq!(s.due, shelf.desk.calendar.due(&clock).day);
    let queue = waiting(&shelf.store, "submission", State::Submitted, &reviews.division, None, 10).unwrap();
    assert_eq!(queue.records.iter().map(|r| r.id.as_str()).collect::<Vec<_>>(), [sent.id.as_str()]);
    let elsewhere =
        waiting(&shelf.store, "submission", State::Submitted, &"530000".parse().unwrap(), None, 10).unwrap();
    assert!(elsewhere.records.is_empty());
    let done = approve_and_publish(&shelf.store, &shelf.desk, &reviews, &sent.id, sent.revision, "").unwrap();
    assert_eq!(done.state, State::Published);
    let Body::Institution(now) = shelf.body().body else { unreachable!() };
    assert_eq!(now.short_names, ["遵义市政府"]);
    let info = shelf.store.info("520300-gov", 2).unwrap().unwrap();
    assert_eq!(info.author, "zunyi");
    assert!(info.reason.contains("机构改革") && info.reason.contains(&sent.id), "{}", info.reason);
    assert!(!done.is_public(), "submissions themselves are never public");
    assert!(
        shelf.store.list(&List::Target("520300-gov"), None, 9).unwrap().is_empty(),
        "nothing is under way any more"
    );
    let moves: Vec<State> = shelf.store.revisions(&sent.id).unwrap().iter().map(|i| i.state).collect();
    assert_eq!(moves, [State::Draft, State::Submitted, State::Approved, State::Published]);
    // What a person has said is not taken back by the next import.
    let summary = shelf.store.import("corpus", [Record { revision: 0, ..before }], &mut |_| {}).unwrap();
    assert_eq!((summary.preserved, summary.changed), (2, 0), "the body, and its web name");
    let Body::Institution(now) = shelf.body().body else { unreachable!() };
    assert_eq!(now.short_names, ["遵义市政府"]);
}

#[test]
fn moves_out_of_turn_are_refused() {
    let shelf = shelf();
    let (writes, reviews) = (actor("zunyi", Role::Contributor, "520300"), actor("guizhou", Role::Reviewer, "520000"));
    let other = actor("tongren", Role::Reviewer, "520600");
    let written = shelf.propose(&writes, &[("name", "遵义市人民政府（新）")]).unwrap();
    assert!(matches!(shelf.step(&reviews, &written, "approve", ""), Err(WorkflowError::WrongState { .. })));
    assert!(matches!(shelf.step(&writes, &written, "fly", ""), Err(WorkflowError::UnknownMove(_))));
    let sent = shelf.step(&writes, &written, "submit", "").unwrap();
    assert!(matches!(shelf.step(&writes, &sent, "approve", ""), Err(WorkflowError::Denied(Denied::Role { .. }))));
    assert!(matches!(shelf.step(&other, &sent, "approve", ""), Err(WorkflowError::Denied(Denied::Division { .. }))));
    assert!(matches!(
        shelf.step(&reviews, &sent, "return", " "),
        Err(WorkflowError::Grounds(InvalidGrounds::NoWords(_)))
    ));
    let bare = perform(&shelf.store, &shelf.desk, &reviews, &sent.id, sent.revision, "return", Grounds::remark("不行"));
    assert!(matches!(bare, Err(WorkflowError::Grounds(InvalidGrounds::None))), "free words alone are no reason");
    assert!(matches!(shelf.step(&reviews, &sent, "return", &"长".repeat(501)), Err(WorkflowError::LongReason(501))));
    assert!(matches!(
        shelf.step(&reviews, &written, "approve", ""),
        Err(WorkflowError::Store(StoreError::Conflict { current: 2, .. }))
    ));
    let back = shelf.step(&reviews, &sent, "return", "请附批文").unwrap();
    assert_eq!(back.state, State::Returned);
    let s = as_submission(&back).unwrap();
    assert!(s.clock.as_ref().unwrap().is_paused() && s.due.is_none(), "the office has to act");
    let letter = s.letters.last().unwrap();
    assert_eq!((letter.code.as_str(), letter.said.as_str()), ("other", "请附批文"));
    assert!(letter.text.contains("zunyi的机构报送的《") && letter.text.ends_with("请附批文"), "{}", letter.text);
    assert_eq!(shelf.store.info(&back.id, back.revision).unwrap().unwrap().reason, "其他：请附批文");
    let recast = revise(&shelf.store, &writes, &back.id, back.revision, "附批文", |_| Ok(None)).unwrap();
    let again = shelf.step(&writes, &recast, "submit", "").unwrap();
    let s = as_submission(&again).unwrap();
    assert!(!s.clock.as_ref().unwrap().is_paused() && s.due.is_some(), "it goes on where it stood");
    let recalled = shelf.step(&writes, &again, "recall", "").unwrap();
    let gone = shelf.step(&writes, &recalled, "discard", "").unwrap();
    assert_eq!(gone.state, State::Withdrawn);
    assert_eq!(shelf.body().revision, 1);
    assert!(open_moves(&shelf.store, &writes, &gone).unwrap().0.is_empty());
}

#[test]
fn nobody_approves_their_own() {
    let shelf = shelf();
    let both = actor("guizhou", Role::Reviewer, "520000");
    let written = shelf.propose(&both, &[("short_names", "遵义市政府")]).unwrap();
    let sent = shelf.step(&both, &written, "submit", "").unwrap();
    let told = approve_and_publish(&shelf.store, &shelf.desk, &both, &sent.id, sent.revision, "").unwrap_err();
    assert!(matches!(told, WorkflowError::Denied(Denied::FourEyes)), "{told}");
    assert!(!open_moves(&shelf.store, &both, &sent).unwrap().0.iter().any(|m| m.name == "approve"));
    let second = actor("guizhou.2", Role::Reviewer, "520000");
    assert!(approve_and_publish(&shelf.store, &shelf.desk, &second, &sent.id, sent.revision, "").is_ok());
}

#[test]
fn two_at_once_are_told_and_the_outdated_is_not_published() {
    let shelf = shelf();
    let (writes, reviews) = (actor("zunyi", Role::Contributor, "520300"), actor("guizhou", Role::Reviewer, "520000"));
    let first = shelf.propose(&writes, &[("short_names", "遵义市政府")]).unwrap();
    let other = actor("zunyi.2", Role::Contributor, "520300");
    let second = shelf.propose(&other, &[("name", "别的")]).unwrap();
    let sent = shelf.step(&writes, &first, "submit", "").unwrap();
    let told = shelf.step(&other, &second, "submit", "").unwrap_err();
    assert!(
        matches!(told, WorkflowError::UnderWay { .. }),
        "a draft stands in nobody's way, what was handed in does: {told}"
    );
    // The record changes meanwhile by another way.
    shelf.store.put_over(Record { valid_from: Some(Date::constant(2026, 1, 1)), ..shelf.body() }).unwrap();
    let told = approve_and_publish(&shelf.store, &shelf.desk, &reviews, &sent.id, sent.revision, "").unwrap_err();
    assert!(matches!(told, WorkflowError::Outdated { seen: 1, current: 2, .. }), "{told}");
    assert_eq!(shelf.store.get(&sent.id).unwrap().unwrap().state, State::Submitted, "nor approved");
    assert!(matches!(shelf.propose(&writes, &[]), Err(WorkflowError::Same | WorkflowError::UnderWay { .. })));
}

#[test]
fn web_names_change_with_the_sites_of_a_body() {
    let shelf = shelf();
    let (writes, reviews) = (actor("zunyi", Role::Contributor, "520300"), actor("guizhou", Role::Reviewer, "520000"));
    let publish = |sites: &str| {
        let written = shelf.propose(&writes, &[("websites", sites)]).unwrap();
        let mut sent = shelf.step(&writes, &written, "submit", "").unwrap();
        let hosts: Vec<String> =
            provable(as_submission(&sent).unwrap()).iter().map(|host| (*host).to_owned()).collect();
        for host in hosts {
            let seen = (host.as_str(), indexer::record::ProofMethod::File, "看到了文件");
            sent = note_proof(&shelf.store, &reviews, &sent.id, sent.revision, seen).unwrap();
        }
        approve_and_publish(&shelf.store, &shelf.desk, &reviews, &sent.id, sent.revision, "").unwrap()
    };
    let host = |host: &str| match shelf.store.get(&format!("w-{host}")).unwrap().unwrap().body {
        Body::WebName(name) => name,
        _ => unreachable!(),
    };
    publish("https://zy.gov.cn/");
    let (old, new) = (host("zunyi.gov.cn"), host("zy.gov.cn"));
    assert_eq!((old.status, old.basis.as_str()), (NameStatus::NotAdopted, "机构更正，不再使用"));
    assert_eq!((new.status, new.evidence), (NameStatus::InUse, Evidence::Confirmed));
    assert_eq!(new.institution_id.as_deref(), Some("520300-gov"));
    let Body::Institution(now) = shelf.body().body else { unreachable!() };
    assert_eq!(now.websites[0].evidence, Evidence::Confirmed);
    assert_eq!(now.former_sites[0].host, "zunyi.gov.cn");
    // And back again.
    publish(SITE);
    assert_eq!((host("zunyi.gov.cn").status, host("zy.gov.cn").status), (NameStatus::InUse, NameStatus::NotAdopted));
    // An address outside the official registries is never made official by anybody's word.
    publish(&format!("{SITE}\nhttps://zunyi.example.com/"));
    assert_eq!(host("zunyi.example.com").status, NameStatus::Pending);
}

#[test]
fn wrong_facts_are_told() {
    let shelf = shelf();
    let writes = actor("zunyi", Role::Contributor, "520300");
    let long = "长".repeat(61);
    for (column, typed, part) in [
        ("name", " ", "全称：不能为空"),
        ("name", long.as_str(), "最多 60 个"),
        ("short_names", "a<b", "不能用于名称"),
        ("websites", "zunyi.gov.cn", "http://"),
        ("websites", "https://", "不能用"),
        ("websites", "http://com.cn/", "公共后缀"),
        ("websites", "https://weibo.com/zunyi", "平台"),
        ("websites", "https://a.cn\u{202E}/", "看不见"),
        ("websites", "https://zunyi.gov.cn@evil.com/", "用户名"),
        ("websites", "https://evil.com\\@zunyi.gov.cn", "反斜杠"),
        ("credit_code", "12100000400002258P", "信用代码"),
        ("category", "别的", "类别"),
        ("division", "520302", "不能改动"),
        ("parent_name", "<b>", "上级机构"),
    ] {
        let told = shelf.edited(&writes, &[(column, typed)]).unwrap_err();
        assert!(told.contains(part), "{told}");
    }
}

#[test]
fn names_of_the_body_stay_as_their_source_wrote_them_and_its_parent_is_found() {
    let shelf = shelf();
    let writes = actor("zunyi", Role::Contributor, "520300");
    let mut odd = shelf.body();
    let Body::Institution(i) = &mut odd.body else { unreachable!() };
    i.name = "遵义市人民政府(行政)".into();
    shelf.store.put_over(odd).unwrap();
    shelf.store.put_over(samples::institution("520000-gov", "贵州省人民政府", "520000")).unwrap();
    let typed =
        [("name", "遵义市人民政府"), ("former_names", "遵义市人民政府(行政)"), ("parent_name", "贵州省人民政府")];
    let mut now = shelf.edited(&writes, &typed).unwrap();
    link(&shelf.store, &mut now).unwrap();
    let Body::Institution(i) = &now else { unreachable!() };
    assert_eq!(i.former_names, ["遵义市人民政府(行政)"]);
    assert_eq!(i.parent_id.as_deref(), Some("520000-gov"));
    let Body::Institution(i) = shelf.edited(&writes, &[("short_names", "市府(新)")]).unwrap() else {
        unreachable!()
    };
    assert_eq!(i.short_names, ["市府（新）"], "a new name is written in the one form");
}

#[test]
fn what_is_withdrawn_can_be_brought_back() {
    let shelf = shelf();
    let (writes, reviews) = (actor("zunyi", Role::Contributor, "520300"), actor("guizhou", Role::Reviewer, "520000"));
    assert!(matches!(
        withdrawal(&shelf.store, &shelf.desk, &writes, "520300-gov", Grounds::remark("撤")),
        Err(WorkflowError::Grounds(_))
    ));
    let asked = withdrawal(&shelf.store, &shelf.desk, &writes, "520300-gov", Grounds::new("abolished", "")).unwrap();
    assert_eq!(as_submission(&asked).unwrap().note, "机构撤销或文件失效");
    let sent = shelf.step(&writes, &asked, "submit", "").unwrap();
    approve_and_publish(&shelf.store, &shelf.desk, &reviews, &sent.id, sent.revision, "").unwrap();
    assert_eq!(shelf.body().state, State::Withdrawn);
    let Body::WebName(name) = shelf.store.get("w-zunyi.gov.cn").unwrap().unwrap().body else { unreachable!() };
    assert_eq!(name.status, NameStatus::NotAdopted);
    let back = restore(&shelf.store, &writes, "520300-gov", 1).unwrap();
    let sent = shelf.step(&writes, &back, "submit", "").unwrap();
    let done = approve_and_publish(&shelf.store, &shelf.desk, &reviews, &sent.id, sent.revision, "").unwrap();
    assert_eq!((shelf.body().state, shelf.body().revision), (State::Published, 3));
    // And a reviewer takes it out at once, with a reason.
    let done = shelf.step(&reviews, &done, "withdraw", "误恢复").unwrap();
    assert_eq!((done.state, shelf.body().state), (State::Withdrawn, State::Withdrawn));
    assert!(restore(&shelf.store, &writes, "account-zunyi", 1).is_err());
}

#[test]
fn a_readers_suggestion_is_answered_and_followed() {
    let shelf = shelf();
    let (writes, reviews) = (actor("zunyi", Role::Contributor, "520300"), actor("guizhou", Role::Reviewer, "520000"));
    let said = |id: &str| {
        let correction = Correction {
            about: "520300-gov".into(),
            about_revision: 1,
            about_title: "遵义市人民政府".into(),
            matter: CorrectionMatter::Name,
            says: "少了简称".into(),
            evidence: None,
            answer: None,
            letter: None,
        };
        let record = Record {
            state: State::Submitted,
            owner: Some("520300".parse().unwrap()),
            ..samples::record(id, Body::Correction(correction))
        };
        shelf.store.put(record.clone(), &By { author: "reader", reason: "" }).unwrap();
        Record { revision: 1, ..record }
    };
    let answer = |id: &str| match shelf.store.get(id).unwrap().unwrap() {
        Record { state, body: Body::Correction(c), .. } => (state, c.answer),
        _ => unreachable!(),
    };
    let (first, second) = (said("k-1"), said("k-2"));
    assert_eq!(
        waiting(&shelf.store, "correction", State::Submitted, &reviews.division, None, 9).unwrap().records.len(),
        2
    );
    assert!(shelf.step(&actor("r", Role::Reader, "520300"), &first, "decline", "不对").is_err());
    shelf.step(&writes, &first, "decline", "名称以批文为准").unwrap();
    let (state, told) = answer("k-1");
    assert!(state == State::Returned && told.as_ref().unwrap().ends_with("原因：名称以批文为准"), "{told:?}");
    let record = shelf.body();
    let proposed = Draft {
        target: record.id.clone(),
        based_on: 1,
        content: Some(shelf.edited(&writes, &[("short_names", "遵义市政府")]).unwrap()),
        provenance: Vec::new(),
        answers: Some(second.id.clone()),
        note: String::new(),
    };
    let written = draft(&shelf.store, &writes, proposed).unwrap();
    let sent = shelf.step(&writes, &written, "submit", "").unwrap();
    approve_and_publish(&shelf.store, &shelf.desk, &reviews, &sent.id, sent.revision, "").unwrap();
    assert_eq!(answer("k-2"), (State::Approved, Some("已按建议更正".into())));
}

#[test]
fn every_state_and_move_has_its_place() {
    for m in SUBMISSION.iter().chain(&CORRECTION) {
        assert!(!m.from.is_empty() && !m.from.contains(&m.to), "{}", m.name);
        assert!(m.from.iter().all(|s| *s != State::Withdrawn), "nothing comes back but by a new submission");
    }
}

#[test]
fn nobody_takes_a_record_into_their_own_hands() {
    let shelf = shelf();
    let (county, above) = (actor("county", Role::Reviewer, "520302"), actor("guizhou", Role::Contributor, "520000"));
    let mut law = samples::law("贵州省公园条例", Date::constant(2020, 1, 1), &["公园免费开放。"]);
    law.owner = Some("520000".parse().unwrap());
    let Body::Regulation(r) = &mut law.body else { unreachable!() };
    r.division = law.owner.clone();
    shelf.store.import("laws", [law.clone()], &mut |_| {}).unwrap();
    let Body::Regulation(r) = &law.body else { unreachable!() };
    let moved = indexer::record::Regulation { division: Some("520302".parse().unwrap()), ..r.clone() };
    let proposed = Draft {
        target: law.id.clone(),
        based_on: 1,
        content: Some(Body::Regulation(moved)),
        provenance: Vec::new(),
        answers: None,
        note: String::new(),
    };
    let written = draft(&shelf.store, &above, proposed).unwrap();
    assert_eq!(division_of(&written).as_str(), "520000", "whoever covers both answers for it");
    let sent = shelf.step(&above, &written, "submit", "").unwrap();
    let told = approve_and_publish(&shelf.store, &shelf.desk, &county, &sent.id, sent.revision, "").unwrap_err();
    assert!(matches!(told, WorkflowError::Denied(Denied::Division { .. })), "{told}");
    let second = actor("guizhou.2", Role::Reviewer, "520000");
    let done = approve_and_publish(&shelf.store, &shelf.desk, &second, &sent.id, sent.revision, "").unwrap();
    let now = shelf.store.get(&law.id).unwrap().unwrap();
    assert_eq!(now.owner.as_ref().unwrap().as_str(), "520302", "and then it is where it was moved to");
    // The county may take it out as it stands; once it has been changed again, the old submission no longer can.
    shelf.store.put_over(Record { valid_from: Some(Date::constant(2026, 1, 1)), ..now }).unwrap();
    let told = shelf.step(&second, &done, "withdraw", "x").unwrap_err();
    assert!(matches!(told, WorkflowError::Outdated { .. }), "{told}");
}

#[test]
fn nobody_takes_a_web_name_of_others() {
    let shelf = shelf();
    let mut name = samples::web_name("guizhou.gov.cn", "贵州省人民政府");
    name.institution_id = Some("520000-gov".into());
    let province = Record {
        owner: Some("520000".parse().unwrap()),
        ..samples::institution("520000-gov", "贵州省人民政府", "520000")
    };
    let mut unowned = samples::web_name("museum.gov.cn", "中国国家博物馆");
    unowned.institution_id = None;
    let records = [
        province,
        samples::record("w-guizhou.gov.cn", Body::WebName(name)),
        samples::record("w-museum.gov.cn", Body::WebName(unowned)),
    ];
    shelf.store.import("more", records, &mut |_| {}).unwrap();
    let writes = actor("zunyi", Role::Contributor, "520300");
    let (city, nation) = (actor("zunyi.2", Role::Reviewer, "520300"), actor("bianban", Role::Reviewer, "000000"));
    let propose = |host: &str| {
        let sites = format!("{SITE}\nhttps://{host}/");
        let written = shelf.propose(&writes, &[("websites", sites.as_str())]).unwrap();
        shelf.step(&writes, &written, "submit", "").unwrap()
    };
    for host in ["guizhou.gov.cn", "museum.gov.cn"] {
        let before = shelf.store.get(&format!("w-{host}")).unwrap().unwrap();
        let sent = propose(host);
        let told = approve_and_publish(&shelf.store, &shelf.desk, &city, &sent.id, sent.revision, "").unwrap_err();
        assert!(matches!(told, WorkflowError::NameTaken { .. }), "{told}");
        assert_eq!(shelf.store.get(&before.id).unwrap().unwrap(), before);
        let back = shelf.step(&city, &sent, "return", "不是本机构的").unwrap();
        shelf.step(&writes, &back, "discard", "").unwrap();
    }
    // Whoever answers for both may say that they share; what the name rested on stays with it.
    let sent = propose("guizhou.gov.cn");
    approve_and_publish(&shelf.store, &shelf.desk, &nation, &sent.id, sent.revision, "").unwrap();
    let shared = shelf.store.get("w-guizhou.gov.cn").unwrap().unwrap();
    let Body::WebName(name) = &shared.body else { unreachable!() };
    assert_eq!(name.institution_name, "贵州省人民政府");
    assert_eq!(name.shared_with.iter().map(|o| o.id.as_str()).collect::<Vec<_>>(), ["520300-gov"]);
    assert!(shared.provenance.iter().any(|p| p.source == "a"));
}

#[test]
fn a_text_has_the_original_that_it_was_made_from() {
    let shelf = shelf();
    let (writes, reviews) = (actor("zunyi", Role::Contributor, "520300"), actor("guizhou", Role::Reviewer, "520000"));
    let upload = |letter: &str| indexer::record::Provenance {
        source: format!("upload:{letter}.txt"),
        place: Some(format!("sha256:{}", letter.repeat(64))),
        date: None,
        licence: None,
    };
    let publish = |letter: &str, based_on: u64, text: &str| {
        let mut law = samples::law("遵义市公园办法", Date::constant(2024, 1, 1), &[text]);
        let Body::Regulation(r) = &mut law.body else { unreachable!() };
        r.division = Some("520300".parse().unwrap());
        let proposed = Draft {
            target: law.id.clone(),
            based_on,
            content: Some(law.body),
            provenance: vec![upload(letter)],
            answers: None,
            note: String::new(),
        };
        let written = draft(&shelf.store, &writes, proposed).unwrap();
        let sent = shelf.step(&writes, &written, "submit", "").unwrap();
        (law.id, approve_and_publish(&shelf.store, &shelf.desk, &reviews, &sent.id, sent.revision, "").unwrap())
    };
    let (id, first) = publish("a", 0, "有人名的公园。");
    shelf.step(&reviews, &first, "withdraw", "含个人信息").unwrap();
    publish("b", 2, "公园免费开放。");
    let now = shelf.store.get(&id).unwrap().unwrap();
    assert_eq!(crate::sharing::original(&now).unwrap().to_string(), "b".repeat(64));
    assert!(!format!("{:?}", now.provenance).contains("a.txt"), "of the withdrawn file nothing is left");
    let revisions = shelf.store.revisions(&id).unwrap();
    let shows = |n| crate::reading::history::shows(&shelf.store, &now, &revisions, n).unwrap();
    let shown: Vec<bool> = (1..=3).map(shows).collect();
    assert_eq!(shown, [false, false, true], "nor is its text shown in a comparison");
}
