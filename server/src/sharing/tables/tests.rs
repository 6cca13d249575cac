//! Tables of every kind, good and bad, from both kinds of file.

use std::io::Write as _;

use indexer::{
    corpus::documents,
    record::{
        Body, Category, DivisionLevel, Evidence, Institution, NameStatus, Record, Regulation, State, WebName, samples,
    },
};

use super::{faults::MAX_REPORTED, *};
use crate::store::{Backend, By, RecordStore};

pub(super) const OFFICE: Said<'_> = Said::Operator(Some("遵义市委编办"));
const NOBODY: Said<'_> = Said::Operator(None);

pub(super) struct Shelf {
    _dir: tempfile::TempDir,
    store: RecordStore,
}

pub(super) fn shelf() -> Shelf {
    shelf_of(Backend::Redb)
}

fn shelf_of(backend: Backend) -> Shelf {
    let dir = tempfile::tempdir().unwrap();
    let store = RecordStore::open(backend, dir.path()).unwrap();
    let mut city = samples::institution("520300-gov", "遵义市人民政府", "520300");
    city.owner = Some("520300".parse().unwrap());
    let records = [
        samples::division("520000", "贵州省", "贵州", DivisionLevel::Province, Some("000000")),
        samples::division("520300", "遵义市", "遵义", DivisionLevel::Prefecture, Some("520000")),
        samples::division("520302", "红花岗区", "红花岗", DivisionLevel::County, Some("520300")),
        city,
        samples::record("w-zunyi.gov.cn", Body::WebName(samples::web_name("zunyi.gov.cn", ""))),
    ];
    store.import("corpus", records, &mut |_| {}).unwrap();
    Shelf { _dir: dir, store }
}

impl Shelf {
    pub(super) fn store(&self) -> &RecordStore {
        &self.store
    }

    pub(super) fn check(&self, kind: Kind, text: &str, said: Said<'_>) -> Checked {
        self.check_file(kind, "表.csv", text.as_bytes(), said)
    }

    pub(super) fn check_file(&self, kind: Kind, name: &str, bytes: &[u8], said: Said<'_>) -> Checked {
        let sheet = documents::sheet(bytes, name).unwrap();
        check(&self.store, kind, (name, sheet), said, MAX_ROWS, &mut |_, _| {}).unwrap()
    }

    /// Checks and writes what is right.
    pub(super) fn take(&self, kind: Kind, text: &str, said: Said<'_>) -> Checked {
        let checked = self.check(kind, text, said);
        write(&self.store, &checked.prepared, said, &mut |_| {}).unwrap();
        checked
    }

    fn body(&self, id: &str) -> Institution {
        match self.store.get(id).unwrap().unwrap().body {
            Body::Institution(body) => body,
            other => panic!("{other:?}"),
        }
    }

    fn regulation(&self, id: &str) -> Regulation {
        match self.store.get(id).unwrap().unwrap().body {
            Body::Regulation(regulation) => regulation,
            other => panic!("{other:?}"),
        }
    }

    fn web_name(&self, host: &str) -> WebName {
        match self.store.get(&format!("w-{host}")).unwrap().unwrap().body {
            Body::WebName(name) => name,
            other => panic!("{other:?}"),
        }
    }
}

/// The id of an institution that a table brings.
fn body_id(division: &str, name: &str) -> String {
    Body::Institution(Institution::new(name, Category::Government, division.parse().unwrap())).id().unwrap()
}

pub(super) fn counts(checked: &Checked) -> (usize, usize, usize, usize) {
    (checked.added, checked.changed, checked.unchanged, checked.bad)
}

/// Row, column and a part of the message of each fault.
pub(super) fn assert_reported(checked: &Checked, want: &[(u32, &str, &str)]) {
    let told = &checked.faults.reported;
    for (row, column, part) in want {
        let found = told.iter().any(|f| f.row == *row && f.column == *column && f.message.contains(part));
        assert!(found, "no fault in row {row}, {column}: {part}; told: {told:#?}");
    }
    assert_eq!(told.len(), want.len(), "{told:#?}");
}

const BODIES: &str = "全称,区划代码,类别,简称,上级机构,网址,统一社会信用代码,说明\n\
遵义市教育局,520300,政府,遵义教育局；市教育局,遵义市人民政府,https://jyj.zunyi.gov.cn/,,建库\n\
红花岗区教育局,520302,政府,,遵义市教育局,,,\n\
遵义市人民政府,520300,政府,遵义市政府,,,,\n";

#[test]
fn bodies_are_added_and_changed_and_again_nothing_is() {
    let shelf = shelf();
    let checked = shelf.take(kind("institutions"), BODIES, OFFICE);
    assert_eq!(checked.faults, Faults::default());
    assert_eq!(counts(&checked), (2, 1, 0, 0));
    let id = body_id("520300", "遵义市教育局");
    let record = shelf.store.get(&id).unwrap().unwrap();
    assert!(id.starts_with("i-") && id.len() == 14);
    let from = &record.provenance[0];
    assert_eq!((from.source.as_str(), from.place.as_deref()), ("table:表.csv", Some("第 2 行")));
    assert_eq!(record.owner.as_ref().map(|d| d.as_str()), Some("520300"));
    let body = shelf.body(&id);
    assert_eq!((body.short_names.len(), body.level.label()), (2, "地级"));
    assert_eq!(body.parent_id.as_deref(), Some("520300-gov"));
    let site = &body.websites[0];
    assert_eq!((site.evidence, site.sources[0].as_str()), (Evidence::Confirmed, "遵义市委编办"));
    let below = shelf.body(&body_id("520302", "红花岗区教育局"));
    assert_eq!(below.parent_id, Some(id.clone()), "a body that the table itself brings is found");
    // What is not in the table stays, and where the institution came from is kept.
    let city = shelf.store.get("520300-gov").unwrap().unwrap();
    assert_eq!(city.provenance.iter().map(|p| p.source.as_str()).collect::<Vec<_>>(), ["a", "table:表.csv"]);
    let info = shelf.store.info(&id, 1).unwrap().unwrap();
    assert_eq!((info.author.as_str(), info.reason.as_str()), (AUTHOR, "建库"));
    // The address has its own record, by which it is checked.
    let name = shelf.web_name("jyj.zunyi.gov.cn");
    assert_eq!((name.institution_id, name.status), (Some(id.clone()), NameStatus::InUse));
    assert_eq!(name.basis, "遵义市委编办提供");
    let head = shelf.store.head();
    assert_eq!(counts(&shelf.take(kind("institutions"), BODIES, OFFICE)), (0, 0, 3, 0));
    assert_eq!(shelf.store.head(), head, "what is as the table says makes no revision");
}

#[test]
fn without_an_office_an_address_is_only_claimed_and_none_is_taken_away() {
    let shelf = shelf();
    shelf.take(kind("institutions"), BODIES, OFFICE);
    let id = body_id("520300", "遵义市教育局");
    let text = "全称,区划代码,类别,网址\n遵义市教育局,520300,政府,https://edu.zunyi.gov.cn/\n";
    assert_eq!(counts(&shelf.take(kind("institutions"), text, NOBODY)), (0, 1, 0, 0));
    let sites: Vec<_> = shelf.body(&id).websites.into_iter().map(|site| (site.host, site.evidence)).collect();
    let want = [("jyj.zunyi.gov.cn", Evidence::Confirmed), ("edu.zunyi.gov.cn", Evidence::Claimed)];
    assert_eq!(sites, want.map(|(host, evidence)| (host.to_owned(), evidence)));
    let name = shelf.web_name("edu.zunyi.gov.cn");
    assert_eq!((name.status, name.basis.as_str()), (NameStatus::Pending, "批量导入，尚未核实"));
    assert_eq!(counts(&shelf.take(kind("institutions"), text, NOBODY)), (0, 0, 1, 0));
    let none = "全称,区划代码,类别,网址\n遵义市教育局,520300,政府,无\n";
    assert_reported(&shelf.check(kind("institutions"), none, NOBODY), &[(2, "网址", "须有机构为依据")]);
    // With an office the cell says all that there are, and what is left out is kept as given up.
    assert_eq!(counts(&shelf.take(kind("institutions"), text, OFFICE)), (0, 1, 0, 0));
    let body = shelf.body(&id);
    assert_eq!((body.websites.len(), body.websites[0].evidence), (1, Evidence::Confirmed));
    assert_eq!(body.former_sites[0].host, "jyj.zunyi.gov.cn");
    assert_eq!(shelf.web_name("jyj.zunyi.gov.cn").status, NameStatus::NotAdopted);
}

#[test]
fn an_address_that_is_anothers_is_marked_and_no_office_s_word_makes_it_certain() {
    let shelf = shelf();
    shelf.take(kind("institutions"), BODIES, OFFICE);
    let text =
        "全称,区划代码,类别,网址\n遵义市体育局,520300,政府,https://jyj.zunyi.gov.cn/；https://tyj.zunyi.gov.cn/\n";
    let checked = shelf.take(kind("institutions"), text, OFFICE);
    assert_eq!((counts(&checked), &checked.faults), ((1, 0, 0, 0), &Faults::default()));
    let [mark] = &checked.notes[..] else { panic!("{:?}", checked.notes) };
    for part in ["第 2 行“网址”列", "jyj.zunyi.gov.cn 已是“遵义市教育局”的网站", "待核实"] {
        assert!(mark.contains(part), "{part}: {mark}");
    }
    let sites = shelf.body(&body_id("520300", "遵义市体育局")).websites;
    let evidence = |host: &str| sites.iter().find(|site| site.host == host).unwrap().evidence;
    assert_eq!((evidence("jyj.zunyi.gov.cn"), evidence("tyj.zunyi.gov.cn")), (Evidence::Claimed, Evidence::Confirmed));
    assert_eq!(shelf.web_name("jyj.zunyi.gov.cn").institution_id, Some(body_id("520300", "遵义市教育局")));
    // Its own addresses are nobody else's, and brought again nothing changes.
    assert!(shelf.take(kind("institutions"), BODIES, OFFICE).notes.is_empty());
    assert_eq!(counts(&shelf.take(kind("institutions"), text, OFFICE)), (0, 0, 1, 0));
    // Institutions of one name in two divisions are two.
    let alike = |division: &str| {
        let text = format!("全称,区划代码,类别,网址\n遵义市甲中心,{division},事业单位,https://zx.zunyi.gov.cn/\n");
        shelf.take(kind("institutions"), &text, OFFICE).notes
    };
    assert!(alike("520300").is_empty() && alike("520300").is_empty());
    let notes = alike("520302");
    assert!(notes.len() == 1 && notes[0].contains("已是“遵义市甲中心”的网站"), "{notes:?}");
}

#[test]
fn every_fault_of_a_body_is_told_by_row_and_column() {
    let shelf = shelf();
    let text = "编号,全称,区划代码,类别,级别,简称,网址,统一社会信用代码,说明\n\
,,520300,政府,,,,,\n\
,遵义市甲局,52030,政府,,,,,\n\
,遵义市乙局,529999,政府,,,,,\n\
,遵义市丙局,520300,机关,市级,<b>,ftp://a.cn；https://不是网址,91110000,\n\
no-such,遵义市丁局,520300,政府,,,,,\n\
520300-gov,遵义市人民政府,520302,政府,,,,,\n\
,遵义市戊局,520300,政府,,,,,\n\
,遵义市戊局,520300,政府,,,,,\n\
,遵义市己局,520300,政府,,,,,,多余\n\
,=HYPERLINK(1),520300,政府,,,,,\n";
    let checked = shelf.check(kind("institutions"), text, OFFICE);
    assert_reported(
        &checked,
        &[
            (2, "全称", "不能为空"),
            (3, "区划代码", "6 位"),
            (4, "区划代码", "没有这个区划"),
            (5, "类别", "应为以下之一"),
            (5, "级别", "省级"),
            (5, "简称", "不能用于名称"),
            (5, "网址", "应以 http"),
            (5, "网址", "不能用"),
            (5, "统一社会信用代码", "18 位"),
            (6, "编号", "没有这个编号"),
            (7, "区划代码", "不能改动"),
            (9, "全称", "与第 8 行是同一条"),
            (10, "", "第 10 格没有列名"),
            (11, "全称", "不能用于名称"),
        ],
    );
    assert_eq!(counts(&checked), (1, 0, 0, 9));
    let told = checked.faults.reported[1].to_string();
    assert!(told.starts_with("第 3 行“区划代码”列（52030）："), "{told}");
}

#[test]
fn a_header_that_is_not_understood_stops_the_reading() {
    let shelf = shelf();
    let checked = shelf.check(kind("institutions"), "全称,名字,全称,类别\n甲,乙,丙,丁\n", OFFICE);
    assert_reported(&checked, &[(1, "名字", "不认识这一列"), (1, "全称", "两次"), (1, "区划代码", "缺少这一列")]);
    let check = |text: &str, most| {
        let sheet = documents::sheet(text.as_bytes(), "a.csv").unwrap();
        check(&shelf.store, kind("institutions"), ("a.csv", sheet), OFFICE, most, &mut |_, _| {})
    };
    assert!(matches!(check("\n,\n", 9), Err(TableError::Empty)));
    assert!(matches!(check(BODIES, 2), Err(TableError::Rows { rows: 3, most: 2 })));
}

#[test]
fn only_the_first_faults_are_told_and_all_are_counted() {
    let shelf = shelf();
    let text = format!("全称,区划代码,类别\n{}", "甲,52,政府\n".repeat(MAX_REPORTED + 5));
    let faults = shelf.check(kind("institutions"), &text, OFFICE).faults;
    assert_eq!((faults.reported.len(), faults.count, faults.unlisted_count()), (MAX_REPORTED, MAX_REPORTED + 5, 5));
    assert_eq!(faults.unlisted_rows.len(), 5, "and their rows are known");
}

#[test]
fn templates_are_read_and_their_example_is_passed_over() {
    let shelf = shelf();
    for kind in Kind::all() {
        let template = template(kind);
        let checked = shelf.check_file(kind, "模板.csv", &template, OFFICE);
        assert_eq!((checked.faults.count, checked.examples, counts(&checked)), (0, 1, (0, 0, 0, 0)), "{kind:?}");
    }
    // As something to be taken the examples are right, but for what the store does not have.
    let filled = |kind| String::from_utf8(template(kind)).unwrap().replace("示例", "");
    assert_eq!(counts(&shelf.take(kind("institutions"), &filled(kind("institutions")), OFFICE)), (1, 0, 0, 0));
    assert_eq!(counts(&shelf.take(kind("regulations"), &filled(kind("regulations")), OFFICE)), (1, 0, 0, 0));
    // Its host came with the institution; the table says more of what it rests on.
    assert_eq!(counts(&shelf.take(kind("web-names"), &filled(kind("web-names")), OFFICE)), (0, 1, 0, 0));
}

#[test]
fn gb18030_and_workbooks_are_read_alike() {
    let shelf = shelf();
    let want = shelf.check(kind("institutions"), BODIES, OFFICE);
    let gb18030 = gb18030(BODIES);
    assert_ne!(gb18030, BODIES.as_bytes());
    let checked = shelf.check_file(kind("institutions"), "表.csv", &gb18030, OFFICE);
    assert_eq!(checked.prepared, want.prepared);
    let rows: Vec<Vec<&str>> = BODIES.lines().map(|line| line.split(',').collect()).collect();
    let checked = shelf.check_file(kind("institutions"), "表.xlsx", &workbook(&rows), OFFICE);
    let bodies =
        |checked: &Checked| checked.prepared.iter().map(|p| (p.row, p.record.body.clone())).collect::<Vec<_>>();
    assert_eq!(bodies(&checked), bodies(&want));
    assert_eq!(checked.prepared[0].record.provenance[0].source, "table:表.xlsx");
}

#[test]
fn regulations_are_added_and_changed_and_their_texts_stay() {
    let shelf = shelf();
    let text = "标题,效力层级,制定机关,文号,区划代码,成文日期,施行日期\n\
遵义市湿地保护条例,地方性法规,遵义市人民代表大会常务委员会,,520300,2018年10月30日,2019/2/2\n\
遵义市公园管理通知,规范性文件,遵义市人民政府,遵府发〔2024〕3号,520300,2024-04-02,\n";
    assert_eq!(counts(&shelf.take(kind("regulations"), text, NOBODY)), (2, 0, 0, 0));
    assert_eq!(counts(&shelf.take(kind("regulations"), text, NOBODY)), (0, 0, 2, 0));
    let day = indexer::record::Date::constant(2018, 10, 30);
    let id = indexer::record::regulation_id("遵义市湿地保护条例", Some(day), Some(&"520300".parse().unwrap()));
    assert_eq!(shelf.regulation(&id).effective, Some(indexer::record::Date::constant(2019, 2, 2)));
    // A law with a text gets a number and keeps its text; what its row leaves empty stays.
    let law = samples::law("湿地保护法", indexer::record::Date::constant(2021, 12, 24), &["为了保护湿地，制定本法。"]);
    shelf.store.import("laws", [law.clone()], &mut |_| {}).unwrap();
    let row = "标题,效力层级,文号,成文日期\n湿地保护法,法律,主席令第一〇二号,2021-12-24\n";
    assert_eq!(counts(&shelf.take(kind("regulations"), row, NOBODY)), (0, 1, 0, 0));
    let regulation = shelf.regulation(&law.id);
    assert_eq!((regulation.articles.len(), regulation.issuers.len()), (1, 1));
    assert_eq!(regulation.document_number.as_deref(), Some("主席令第一〇二号"));
    let row = format!("编号,标题,效力层级,文号\n{},中华人民共和国湿地保护法,法律,无\n", law.id);
    assert_eq!(counts(&shelf.take(kind("regulations"), &row, NOBODY)), (0, 1, 0, 0));
    let regulation = shelf.regulation(&law.id);
    assert_eq!((regulation.title.as_str(), regulation.document_number), ("中华人民共和国湿地保护法", None));
    assert_eq!(regulation.version_date, Some(indexer::record::Date::constant(2021, 12, 24)));
}

#[test]
fn every_fault_of_a_regulation_is_told_by_row_and_column() {
    let shelf = shelf();
    shelf.take(kind("regulations"), "标题,效力层级,文号\n甲通知,规范性文件,遵府发〔2024〕3号\n", NOBODY);
    let long = "长".repeat(301);
    let text = format!(
        "编号,标题,效力层级,文件种类,制定机关,文号,区划代码,成文日期,公布日期\n\
,{long},规章,通知,,,529999,202-04-02,明天\n\
,乙条例,地方性法规,,,,,,\n\
r-0,丙通知,规范性文件,,,,,,\n\
,丁通知,规范性文件,,,遵府发〔2024〕3号,,,\n\
,\"戊\u{7}\",其他,,\"甲\u{7}\",,,,\n"
    );
    assert_reported(
        &shelf.check(kind("regulations"), &text, NOBODY),
        &[
            (2, "标题", "最多 300 个"),
            (2, "效力层级", "应为以下之一"),
            (2, "文件种类", "应为以下之一"),
            (2, "区划代码", "没有这个区划"),
            (2, "成文日期", "不是日期"),
            (2, "公布日期", "不是日期"),
            (3, "区划代码", "须属于一个行政区划"),
            (4, "编号", "没有这个编号"),
            (5, "文号", "同一文号"),
            (6, "标题", "U+0007"),
            (6, "制定机关", "U+0007"),
        ],
    );
}

#[test]
fn web_names_are_attributed_shared_and_never_made_less_certain() {
    let shelf = shelf();
    shelf.take(kind("institutions"), BODIES, OFFICE);
    let id = body_id("520300", "遵义市教育局");
    let text = "网上名称,机构,依据\nWWW.JYZX.zunyi.gov.cn,遵义市教育局,\n遵义教育局.政务,遵义市教育局,局网页页脚\nzunyi.gov.cn,遵义市人民政府,\n";
    assert_eq!(counts(&shelf.take(kind("web-names"), text, NOBODY)), (2, 1, 0, 0));
    assert_eq!(counts(&shelf.take(kind("web-names"), text, NOBODY)), (0, 0, 3, 0));
    let name = shelf.web_name("jyzx.zunyi.gov.cn");
    assert_eq!((name.evidence, name.status), (Evidence::Claimed, NameStatus::Pending));
    assert_eq!((name.institution_id.as_deref(), name.sources), (Some(id.as_str()), vec!["table:表.csv".to_owned()]));
    let known = shelf.web_name("zunyi.gov.cn");
    assert_eq!(known.evidence, Evidence::Corroborated, "a claim takes nothing from what is better attested");
    assert_eq!(known.institution_id.as_deref(), Some("520300-gov"));
    // With an office behind it, it is confirmed.
    assert_eq!(counts(&shelf.take(kind("web-names"), text, OFFICE)).1, 3);
    let name = shelf.web_name("jyzx.zunyi.gov.cn");
    assert_eq!((name.evidence, name.status), (Evidence::Confirmed, NameStatus::InUse));
    let mut chinese = None;
    let find = &mut |record: Record| {
        if let Body::WebName(name) = record.body
            && name.name == "遵义教育局.政务"
        {
            chinese = Some(name);
        }
        Ok(())
    };
    shelf.store.each::<crate::store::StoreError>(find).unwrap();
    let chinese = chinese.unwrap();
    assert_eq!((chinese.form.label(), chinese.basis.as_str()), ("简称", "局网页页脚"));
    // A second institution joins.
    let second = "网上名称,机构,区划代码\njyzx.zunyi.gov.cn,红花岗区教育局,520302\n";
    assert_eq!(counts(&shelf.take(kind("web-names"), second, OFFICE)), (0, 1, 0, 0));
    let name = shelf.web_name("jyzx.zunyi.gov.cn");
    assert_eq!((name.institution_id, name.shared_with.len()), (Some(id), 1));
}

#[test]
fn every_fault_of_a_web_name_is_told_by_row_and_column() {
    let shelf = shelf();
    let mut old = samples::web_name("old.zunyi.gov.cn", "遵义市人民政府");
    old.status = NameStatus::NotAdopted;
    shelf.store.import("more", [samples::record("w-old.zunyi.gov.cn", Body::WebName(old))], &mut |_| {}).unwrap();
    let long = "长".repeat(201);
    let text = format!(
        "网上名称,机构,机构编号,区划代码,依据\n\
https://a.gov.cn/,遵义市人民政府,,,\n\
无,遵义市人民政府,,,\n\
b.gov.cn,没有的局,,,{long}\n\
c.gov.cn,遵义市人民政府,no-such,,\n\
d.gov.cn,遵义市教育局,520300-gov,,\n\
e.gov.cn,遵义市人民政府,,5203,\n\
old.zunyi.gov.cn,遵义市人民政府,,,\n\
com.cn,遵义市人民政府,,,\n\
m.weibo.com,遵义市人民政府,,,\n"
    );
    assert_reported(
        &shelf.check(kind("web-names"), &text, NOBODY),
        &[
            (2, "网上名称", "不是域名"),
            (3, "网上名称", "不能为空"),
            (3, "网上名称", "不是域名"),
            (4, "机构", "没有这个全称"),
            (4, "依据", "最多 200 个字"),
            (5, "机构编号", "没有这个编号"),
            (6, "机构", "与编号不符"),
            (7, "区划代码", "不是区划代码"),
            (8, "网上名称", "未采用"),
            (9, "网上名称", "公共后缀"),
            (10, "网上名称", "平台"),
        ],
    );
}

#[test]
fn what_a_person_changed_is_not_overwritten_nor_brought_back() {
    let shelf = shelf();
    let record = shelf.store.get("520300-gov").unwrap().unwrap();
    let mut own = record.clone();
    if let Body::Institution(body) = &mut own.body {
        body.short_names = vec!["市府".into()];
    }
    shelf.store.put(own, &By { author: "zunyi", reason: "" }).unwrap();
    let text = "全称,区划代码,类别,简称\n遵义市人民政府,520300,政府,遵义市政府\n";
    assert_reported(&shelf.check(kind("institutions"), text, OFFICE), &[(2, "全称", "已由 zunyi 更正")]);
    // For a reviewer it is a proposal like any other.
    assert_eq!(counts(&shelf.check(kind("institutions"), text, Said::Office("甲局"))), (0, 1, 0, 0));
    // And what a table says, no import of the corpus changes.
    shelf.take(kind("institutions"), "全称,区划代码,类别\n遵义市甲局,520300,政府\n", NOBODY);
    let id = body_id("520300", "遵义市甲局");
    let summary = shelf.store.import("corpus", [samples::institution(&id, "别的名称", "520300")], &mut |_| {}).unwrap();
    assert_eq!((summary.preserved, shelf.body(&id).name.as_str()), (1 + 1, "遵义市甲局"));
    let gone = shelf.store.get(&id).unwrap().unwrap();
    shelf.store.put(Record { state: State::Withdrawn, ..gone }, &By { author: "guizhou", reason: "" }).unwrap();
    let again = "全称,区划代码,类别\n遵义市甲局,520300,政府\n";
    // Its division went with the import above.
    shelf.store.put_over(samples::division("520300", "遵义市", "遵义", DivisionLevel::Prefecture, None)).unwrap();
    assert_reported(&shelf.check(kind("institutions"), again, NOBODY), &[(2, "全称", "已由 guizhou 撤回")]);
}

#[test]
fn a_renamed_body_is_not_made_twice() {
    let shelf = shelf();
    shelf.take(kind("institutions"), "全称,区划代码,类别\n遵义市甲局,520300,政府\n", NOBODY);
    let id = body_id("520300", "遵义市甲局");
    let renamed = format!("编号,全称,区划代码,类别,曾用名\n{id},遵义市乙局,520300,政府,遵义市甲局\n");
    assert_eq!(counts(&shelf.take(kind("institutions"), &renamed, NOBODY)), (0, 1, 0, 0));
    let old = "全称,区划代码,类别\n遵义市甲局,520300,政府\n";
    assert_reported(&shelf.check(kind("institutions"), old, NOBODY), &[(2, "全称", "已改名为“遵义市乙局”")]);
    let new = "全称,区划代码,类别\n遵义市乙局,520300,政府\n";
    assert_eq!(counts(&shelf.check(kind("institutions"), new, NOBODY)), (0, 0, 1, 0));
}

#[test]
fn checking_writes_nothing_and_what_was_interrupted_goes_on() {
    let shelf = shelf();
    let rows: String = (0..1_200).map(|n| format!("遵义市第{n}局,520300,政府,https://www.zunyi.gov.cn/\n")).collect();
    let text = format!("全称,区划代码,类别,网址\n{rows}");
    let before = shelf.store.head();
    let checked = shelf.check(kind("institutions"), &text, OFFICE);
    assert_eq!((counts(&checked), shelf.store.head()), ((1_200, 0, 0, 0), before));
    // The process ends after the first rows.
    write(&shelf.store, &checked.prepared[..700], OFFICE, &mut |_| {}).unwrap();
    let checked = shelf.check(kind("institutions"), &text, OFFICE);
    assert_eq!(counts(&checked), (500, 0, 700, 0));
    let mut told = 0;
    let written = write(&shelf.store, &checked.prepared, OFFICE, &mut |n| told = n).unwrap();
    assert_eq!((written.rows, told), (500, 500));
    assert_eq!(counts(&shelf.check(kind("institutions"), &text, OFFICE)), (0, 0, 1_200, 0));
    let name = shelf.web_name("zunyi.gov.cn");
    assert_eq!(name.shared_with.len(), 1_199, "bodies of one host follow one another");
}

#[test]
fn rows_with_faults_are_left_out_and_the_others_written() {
    let shelf = shelf();
    let text = "全称,区划代码,类别\n遵义市甲局,520300,政府\n遵义市乙局,52,政府\n遵义市丙局,520300,政府\n";
    let checked = shelf.take(kind("institutions"), text, NOBODY);
    assert_eq!((counts(&checked), checked.faults.count), ((2, 0, 0, 1), 1));
    assert_eq!(checked.prepared.iter().map(|p| p.row).collect::<Vec<_>>(), [2, 4]);
}

/// Rows a second into both databases: `cargo test -p server --lib rows_per_second -- --ignored --nocapture`.
#[test]
#[ignore = "a measurement"]
fn rows_per_second() {
    let rows: String = (0..MAX_ROWS)
        .map(|n| format!("遵义市第{n}局,520300,政府,遵义{n}局,遵义市人民政府,https://b{n}.zunyi.gov.cn/\n"))
        .collect();
    let text = format!("全称,区划代码,类别,简称,上级机构,网址\n{rows}");
    for backend in [Backend::Redb, Backend::Sled] {
        let shelf = shelf_of(backend);
        let started = std::time::Instant::now();
        let checked = shelf.check(kind("institutions"), &text, OFFICE);
        let checking = started.elapsed();
        assert_eq!(counts(&checked), (MAX_ROWS, 0, 0, 0));
        let started = std::time::Instant::now();
        write(&shelf.store, &checked.prepared, OFFICE, &mut |_| {}).unwrap();
        let writing = started.elapsed();
        let started = std::time::Instant::now();
        assert_eq!(shelf.check(kind("institutions"), &text, OFFICE).unchanged, MAX_ROWS);
        let rate = |took: std::time::Duration| MAX_ROWS as f64 / took.as_secs_f64();
        println!(
            "{backend:?}: checked {:.0} rows/s, written {:.0} rows/s (each with its web name), checked again {:.0} rows/s",
            rate(checking),
            rate(writing),
            rate(started.elapsed())
        );
    }
}

fn gb18030(text: &str) -> Vec<u8> {
    encoding_rs::GB18030.encode(text).0.into_owned()
}

/// A workbook with one sheet of texts.
pub fn workbook(rows: &[Vec<&str>]) -> Vec<u8> {
    let escaped = |text: &str| text.replace('&', "&amp;").replace('<', "&lt;");
    let cell = |text: &&str| format!("<c t=\"inlineStr\"><is><t>{}</t></is></c>", escaped(text));
    let row = |(n, cells): (usize, &Vec<&str>)| {
        format!("<row r=\"{}\">{}</row>", n + 1, cells.iter().map(cell).collect::<String>())
    };
    workbook_of(&rows.iter().enumerate().map(row).collect::<String>())
}

/// A workbook with one sheet of rows in its own language.
pub(super) fn workbook_of(rows: &str) -> Vec<u8> {
    let parts = [
        (
            "[Content_Types].xml",
            "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"><Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/><Default Extension=\"xml\" ContentType=\"application/xml\"/><Override PartName=\"/xl/workbook.xml\" ContentType=\"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml\"/></Types>".to_owned(),
        ),
        (
            "_rels/.rels",
            "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship Id=\"r1\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>".to_owned(),
        ),
        (
            "xl/workbook.xml",
            "<workbook xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\" xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\"><sheets><sheet name=\"表\" sheetId=\"1\" r:id=\"r1\"/></sheets></workbook>".to_owned(),
        ),
        (
            "xl/_rels/workbook.xml.rels",
            "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship Id=\"r1\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet\" Target=\"worksheets/sheet1.xml\"/></Relationships>".to_owned(),
        ),
        (
            "xl/worksheets/sheet1.xml",
            format!("<worksheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><sheetData>{rows}</sheetData></worksheet>"),
        ),
    ];
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, text) in parts {
        zip.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
        zip.write_all(text.as_bytes()).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

/// A kind by its name in addresses.
pub(super) fn kind(name: &str) -> Kind {
    Kind::of(name).unwrap_or_else(|| panic!("{name}"))
}

/// Sums that do not come out are reported by row, and refuse nothing; an empty cell of a word that is not needed is
/// none.
#[test]
fn what_does_not_add_up_in_a_row_is_told_by_the_row() {
    let shelf = shelf();
    let table = "事项,机构,区划代码,日期,变动,文号,数量变化,核对\n\
        调整编制甲,遵义市示例局,520300,2020-01-15,调整编制,遵编〔2020〕1号,行政编制：82－4＝79,\n\
        调整编制乙,遵义市示例局,520300,2021-01-15,调整编制,遵编〔2021〕1号,行政编制：82－4＝78,已对照文件\n";
    let checked = shelf.check(kind("institution-events"), table, OFFICE);
    assert_eq!(counts(&checked), (2, 0, 0, 0), "{:?}", checked.faults);
    let told: Vec<&String> = checked.notes.iter().filter(|note| note.contains("算不平")).collect();
    assert!(told.len() == 1 && told[0].contains("第 2 行") && told[0].contains("82－4＝79"), "{:?}", checked.notes);
    let seen: Vec<String> = checked
        .prepared
        .iter()
        .map(|p| p.record.body.facts().find(|(c, _)| c.name == "checked").unwrap().1.concat())
        .collect();
    assert_eq!(seen, ["未对照文件", "已对照文件"]);
}
