//! Records of institutions' organization as tables: out and in again nothing changes, and what is wrong is named by row
//! and column.

use indexer::{
    corpus::documents::Sheet,
    record::{Body, Record, samples, staffing},
};

use super::{
    tests::{OFFICE, shelf},
    *,
};
use crate::store::{By, RecordStore};

const BY: By<'_> = By { author: "甲", reason: "" };

fn kind(name: &str) -> Kind {
    Kind::all().find(|kind| kind.kind() == name).unwrap()
}

fn record(kind: &str, columns: &[(&str, &str)]) -> Record {
    let mut body = Body::blank(kind).unwrap();
    let typed = |name: &str| columns.iter().find(|(column, _)| *column == name).map(|(_, text)| *text);
    body.fill(|column| typed(column.name)).unwrap();
    Record { owner: body.division().cloned(), ..samples::record(&body.id().unwrap(), body) }
}

fn all() -> Vec<Record> {
    let body = [("institution_name", "遵义市人民政府"), ("institution_id", "520300-gov"), ("division", "520300")];
    let of = |kind: &str, more: &[(&str, &str)]| record(kind, &[&body[..], more].concat());
    vec![
        of(
            staffing::SCHEME,
            &[
                ("title", "遵义市人民政府规定"),
                ("issuers", "甲办；乙办"),
                ("signed", "2019-03-20"),
                ("effective", "2019-04-01"),
                ("plates", "甲处；乙处"),
                ("duties", "（一）负责甲工作。\n【职责分工：丙局】（二）与丙局的分工。"),
                ("units", "（一）办公室【正科级，加挂机要室牌子，主任1名】：负责日常。\n（二）财务科"),
                ("stated_units", "2"),
                ("staffing", "行政编制20名（含援派编制2名）\n工勤编制1名"),
                ("posts", "局长1名\n副局长2名"),
                ("clauses", "第一条　甲，“乙”。\n第二条　丙。"),
                ("visibility", "本地区"),
                ("note", "一,二\"三"),
            ],
        ),
        of(
            staffing::COUNT,
            &[
                ("title", "遵义市人民政府编制数"),
                ("as_of", "2024-12-31"),
                ("authorised", "行政编制20名（含援派编制2名）\n工勤编制2名"),
                ("actual", "行政编制18名"),
                ("posts", "局长1名"),
                ("seconded", "3"),
            ],
        ),
        of(
            staffing::EVENT,
            &[
                ("title", "遵义市人民政府更名"),
                ("date", "1997-06-10"),
                ("change", "更名"),
                ("from", "遵义府"),
                ("to", "遵义市人民政府"),
                ("document_number", "国函〔1997〕49号"),
                ("numbers", "行政编制：82－4＝78"),
            ],
        ),
        record(
            staffing::REFORM,
            &[
                ("title", "遵义市机构改革方案"),
                ("division", "520300"),
                ("date", "2024-03-20"),
                ("measures", "合并：甲局、乙局→丙局\n调整内设：丁局（人事科）→丙局"),
            ],
        ),
    ]
}

/// All that there is of a kind, as a table.
fn exported(store: &RecordStore, kind: Kind) -> String {
    let mut text = Vec::new();
    export(store, kind, &|_| true, &mut |line| {
        text.extend(line);
        true
    })
    .unwrap();
    String::from_utf8(text).unwrap()
}

#[test]
fn a_table_that_went_out_comes_in_without_a_change() {
    let (full, empty) = (shelf(), shelf());
    for record in all() {
        full.store().put(record.clone(), &BY).unwrap();
        let kind = kind(record.body.kind());
        let text = exported(full.store(), kind);
        let again = full.check(kind, &text, OFFICE);
        assert_eq!(
            (again.unchanged, again.faults.count, again.prepared.len()),
            (1, 0, 0),
            "{:?}",
            again.faults.reported
        );
        // Into a service that has none of them.
        let (_, without_id) = text.trim_end().rsplit_once(',').unwrap();
        assert_eq!(without_id, record.id);
        let text = text.replace(&record.id, "");
        let taken = empty.take(kind, &text, OFFICE);
        assert_eq!((taken.added, taken.faults.count), (1, 0), "{:?}", taken.faults.reported);
        assert_eq!(empty.store().get(&record.id).unwrap().unwrap().body, record.body);
    }
}

#[test]
fn a_duty_a_unit_and_a_number_may_each_be_a_row() {
    let shelf = shelf();
    let kind = kind(staffing::SCHEME);
    let table = "标题,机构,区划代码,编制数,分项,内容\n\
        遵义市人民政府规定,遵义市人民政府,520300,公开,职责,（一）负责甲工作。\n\
        ,,,,职责,（二）负责乙工作。\n\
        遵义市人民政府规定,遵义市人民政府,520300,公开,内设机构,（一）办公室【正科级】：负责日常。\n\
        ,,,,人员编制,行政编制二十名\n\
        别的规定,遵义市人民政府,520300,公开,职责,负责丙工作。\n";
    let taken = shelf.take(kind, table, OFFICE);
    assert_eq!((taken.added, taken.faults.count), (2, 0), "{:?}", taken.faults.reported);
    let facts = |record: &Record, name: &str| -> Vec<String> {
        record.body.facts().filter(|(column, _)| column.name == name).flat_map(|(_, values)| values).collect()
    };
    let first = &taken.prepared[0].record;
    assert_eq!(facts(first, "duties"), ["（一）负责甲工作。\n（二）负责乙工作。"]);
    assert_eq!(facts(first, "units"), ["（一）办公室【正科级】：负责日常。"]);
    assert_eq!(facts(first, "staffing"), ["行政编制20名"]);
    assert_eq!(facts(&taken.prepared[1].record, "duties"), ["负责丙工作。"]);
    // What is wrong is reported at its own row and column.
    let wrong = "标题,机构,区划代码,编制数,分项,内容\n\
        甲规定,遵义市人民政府,520300,公开,人员编制,行政编制\n\
        ,,,,职务,局长1名\n\
        ,,,,职责,\n\
        ,,,,职责,（一）负责甲工作。\n";
    let checked = shelf.check(kind, wrong, OFFICE);
    let told: Vec<(u32, &str)> =
        checked.faults.reported.iter().map(|fault| (fault.row, fault.column.as_str())).collect();
    assert_eq!(told[..3], [(2, "内容"), (3, "分项"), (4, "内容")], "{:?}", checked.faults.reported);
}

/// Rows that each repeat what the record says as a whole do not contradict the lines that are reported besides.
#[test]
fn a_cell_that_each_row_repeats_and_lines_besides_are_taken_together() {
    let shelf = shelf();
    let row = |line: &str| format!("甲规定,遵义市人民政府,520300,公开,（一）负责甲工作。,职责,{line}\n");
    let lines = ["（二）负责乙工作。", "（三）负责丙工作。", "（四）负责丁工作。"].map(row).concat();
    let table = format!("标题,机构,区划代码,编制数,职责,分项,内容\n{lines}");
    let taken = shelf.take(kind(staffing::SCHEME), &table, OFFICE);
    assert_eq!((taken.added, taken.faults.count), (1, 0), "{:?}", taken.faults.reported);
    let facts = taken.prepared[0].record.body.facts();
    let duties: Vec<String> =
        facts.filter(|(column, _)| column.name == "duties").flat_map(|(_, values)| values).collect();
    assert_eq!(duties, ["（一）负责甲工作。\n（二）负责乙工作。\n（三）负责丙工作。\n（四）负责丁工作。"]);
}

/// Whoever leaves out the rows with faults leaves out the scheme that has one: its other lines come to no other
/// institution.
#[test]
fn a_scheme_with_a_faulty_line_is_left_out_whole_and_joins_no_other() {
    let shelf = shelf();
    let kind = kind(staffing::SCHEME);
    let head = "标题,机构,区划代码,编制数,分项,内容\n";
    let whole = "甲规定,遵义市人民政府,520300,公开,职责,（一）负责甲工作。\n";
    let opens = format!(
        "{head}{whole}乙规定,遵义市人民政府,520300,公开,人员编制,行政编制\n,,,,职责,（一）负责乙工作。\n,,,,内设机构,（一）办公室\n"
    );
    let within = format!(
        "{head}乙规定,遵义市人民政府,520300,公开,职责,（一）负责乙工作。\n,,,,职务,局长1名\n,,,,职责,（二）负责丙工作。\n{whole}"
    );
    for table in [opens, within] {
        let checked = shelf.check(kind, &table, OFFICE);
        assert_eq!(
            (checked.added, checked.bad, checked.faults.count),
            (1, 1, 1),
            "{table}: {:?}",
            checked.faults.reported
        );
        let fault = &checked.faults.reported[0];
        assert!(fault.message.ends_with("这一份的各行都不导入"), "{fault:?}");
        let body = &checked.prepared[0].record.body;
        assert_eq!(body.title(), "甲规定");
        let told: Vec<String> = body.facts().flat_map(|(_, values)| values).collect();
        assert!(
            told.contains(&"（一）负责甲工作。".to_owned())
                && !["乙工作", "丙工作", "办公室"].iter().any(|other| told.concat().contains(other)),
            "{told:?}"
        );
    }
}

#[test]
fn a_cell_beyond_the_header_of_a_table_with_lines_is_told() {
    let shelf = shelf();
    let kind = kind(staffing::SCHEME);
    let table = "标题,机构,区划代码,编制数,分项,内容\n\
        甲规定,遵义市人民政府,520300,公开,职责,（一）负责甲工作。,（二）负责乙工作。\n\
        ,,,,职责,（三）负责丙工作。\n\
        乙规定,遵义市人民政府,520300,公开,职责,（一）负责丁工作。\n\
        ,,,,职责,（二）负责戊工作。,多出来的\n\
        丙规定,遵义市人民政府,520300,公开,,,多出来的\n";
    let checked = shelf.check(kind, table, OFFICE);
    let mut told: Vec<(u32, &str)> =
        checked.faults.reported.iter().map(|fault| (fault.row, fault.value.as_str())).collect();
    told.sort_unstable();
    assert_eq!(told, [(2, "（二）负责乙工作。"), (5, "多出来的"), (6, "多出来的")], "{:?}", checked.faults.reported);
    assert!(checked.faults.reported.iter().all(|fault| fault.message.starts_with("第 7 格没有列名")));
    assert_eq!(checked.added, 0);
}

#[test]
fn rows_of_one_scheme_that_contradict_each_other_are_told() {
    let shelf = shelf();
    let table = "标题,机构,区划代码,编制数,分项,内容\n\
        甲规定,遵义市人民政府,520300,公开,职责,（一）负责甲工作。\n\
        甲规定,遵义市教育局,520300,公开,职责,（一）负责乙工作。\n";
    let checked = shelf.check(kind(staffing::SCHEME), table, OFFICE);
    let told: Vec<(u32, &str)> =
        checked.faults.reported.iter().map(|fault| (fault.row, fault.column.as_str())).collect();
    assert_eq!((told, checked.added), (vec![(3, "机构")], 0), "{:?}", checked.faults.reported);
}

/// 无 takes out what is there and is never a loss without a word: as a line it is a fault, in a cell of parts it is
/// marked, and so is whatever it takes out of a record.
#[test]
fn the_word_for_nothing_is_told_where_it_takes_something_out() {
    let shelf = shelf();
    let head = "标题,机构,区划代码,编制数,分项,内容\n";
    let lines = "甲规定,遵义市人民政府,520300,公开,职责,无\n,,,,职责,（一）负责甲工作。\n";
    let checked = shelf.check(kind(staffing::SCHEME), &format!("{head}{lines}"), OFFICE);
    let told: Vec<(u32, &str)> =
        checked.faults.reported.iter().map(|fault| (fault.row, fault.column.as_str())).collect();
    assert_eq!((told, checked.prepared.len()), (vec![(2, "内容")], 0));
    let head = "标题,机构,区划代码,编制数,职责,内设机构,加挂牌子\n";
    let row = "乙规定,遵义市人民政府,520300,公开,无,（一）无,无\n";
    let checked = shelf.check(kind(staffing::SCHEME), &format!("{head}{row}"), OFFICE);
    let notes = checked.notes.join("\n");
    assert!(notes.contains("第 2 行“职责”列（无）：按没有这一项读"), "{notes}");
    let facts: Vec<(&str, String)> =
        checked.prepared[0].record.body.facts().map(|(column, values)| (column.name, values.concat())).collect();
    assert!(facts.contains(&("units", "（一）无".to_owned())), "{facts:?}");
    assert!(facts.contains(&("plates", String::new())) && !notes.contains("加挂牌子"), "{notes}");
    let there = all().remove(0);
    shelf.store().put(there, &BY).unwrap();
    let head = "标题,机构,区划代码,编制数,成文日期,职责,加挂牌子\n";
    let row = "遵义市人民政府规定,遵义市人民政府,520300,公开,2019-03-20,无,/\n";
    let notes = shelf.check(kind(staffing::SCHEME), &format!("{head}{row}"), OFFICE).notes.join("\n");
    assert!(notes.contains("“职责”列（无）：去掉原有的“（一）负责甲工作。"), "{notes}");
    assert!(notes.contains("“加挂牌子”列（/）：去掉原有的“甲处；乙处”"), "{notes}");
}

/// S6, S10 and S12 of a table's rows: against what is on record, and against one another.
#[test]
fn rows_of_a_table_are_held_against_records_and_one_another() {
    let shelf = shelf();
    let notes = |name: &str, table: &str| shelf.check(kind(name), table, OFFICE).notes.join("\n");
    // S12: two of one institution, neither closed; the second that takes the place of the first is right.
    let head = "标题,机构,区划代码,编制数,文号,施行日期,取代的规定,隶属\n";
    let first = "甲规定,遵义市甲局,520300,公开,甲办〔2014〕1号,2014-01-01,,\n";
    let second = |supersedes: &str| format!("乙规定,遵义市甲局,520300,公开,甲办〔2019〕2号,2019-01-01,{supersedes},\n");
    let told = notes(staffing::SCHEME, &format!("{head}{first}{}", second("")));
    assert!(told.contains("第 2 行“核对发现”列") && told.contains("第 3 行“核对发现”列"), "{told}");
    assert!(told.contains("从 2019-01-01 起与遵义市甲局（甲办〔2014〕1号）同时现行"), "{told}");
    let told = notes(staffing::SCHEME, &format!("{head}{first}{}", second("甲办〔2014〕1号")));
    assert!(!told.contains("同时现行"), "{told}");
    // S6: an event after the end of its institution, which the same table tells.
    let head_of_events = "事项,机构,区划代码,日期,变动,变动前,变动后,核对\n";
    let end = "撤销甲局,遵义市甲局,520300,2019-03-01,撤销,遵义市甲局,遵义市乙局,已对照文件\n";
    let late = "甲局调整编制,遵义市甲局,520300,2020-05-01,调整编制,,,已对照文件\n";
    let told = notes(staffing::EVENT, &format!("{head_of_events}{late}{end}"));
    assert!(told.contains("晚于“遵义市甲局”终止的日期 2019-03-01"), "{told}");
    let early = late.replace("2020-05-01", "2018-05-01");
    let told = notes(staffing::EVENT, &format!("{head_of_events}{early}{end}"));
    assert!(!told.contains("晚于"), "{told}");
    // S10, once the event is on record.
    for prepared in shelf.check(kind(staffing::EVENT), &format!("{head_of_events}{end}"), OFFICE).prepared {
        shelf.store().put(prepared.record, &BY).unwrap();
    }
    let named = |day: &str| format!("{head}丙规定,遵义市丙局,520300,公开,,{day},,遵义市甲局\n");
    let told = notes(staffing::SCHEME, &named("2020-01-01"));
    assert!(told.contains("“遵义市甲局”到 2019-03-01 为止，2020-01-01 时已由遵义市乙局承接"), "{told}");
    assert!(!notes(staffing::SCHEME, &named("2018-01-01")).contains("遵义市甲局”到"));
    // A row that says what is on record anew stands in the place of that record.
    let again = shelf.check(kind(staffing::EVENT), &format!("{head_of_events}{end}"), OFFICE).notes.join("\n");
    assert!(!again.contains("晚于"), "{again}");
}

/// S9 of a table's rows, by the table of their division.
#[test]
fn posts_of_a_tables_rows_are_held_against_the_divisions_table() {
    let dir = tempfile::tempdir().unwrap();
    std::fs::create_dir(dir.path().join("desk")).unwrap();
    let limits = "division,nature,staff_from,staff_to,posts,least,most,source\n520000,,,,副职,1,3,甲规定\n";
    std::fs::write(dir.path().join("desk/post_limits.csv"), limits).unwrap();
    let desk = crate::desk::Desk::load(dir.path()).unwrap();
    let rows = "标题,机构,区划代码,编制数,领导职数\n甲规定,遵义市甲局,520300,公开,副局长3名\n乙规定,遵义市乙局,520300,公开,副局长6名\n";
    let mut checked = shelf().check(kind(staffing::SCHEME), rows, OFFICE);
    checked.hold_posts(&desk.post_limits);
    let notes: Vec<&String> = checked.notes.iter().filter(|note| note.contains("副职应为")).collect();
    assert!(notes.len() == 1 && notes[0].contains("第 3 行") && notes[0].contains("甲规定"), "{:?}", checked.notes);
}

#[test]
fn wrong_lines_of_a_workbook_are_told_with_their_sheet() {
    let shelf = shelf();
    let head = ["标题", "机构", "区划代码", "编制数", "分项", "内容"];
    let rows = |body: [&str; 6]| {
        [head, body].into_iter().zip(1..).map(|(row, n)| (n, row.map(str::to_owned).to_vec())).collect()
    };
    let good = rows(["甲规定", "遵义市人民政府", "520300", "公开", "职责", "（一）负责甲工作。"]);
    let bad = rows(["乙规定", "遵义市人民政府", "520300", "公开", "职务", "局长1名"]);
    let sheet = Sheet { name: "市级".into(), rows: good, more: vec![("县级".into(), bad)], notes: Vec::new() };
    let checked =
        check(shelf.store(), kind(staffing::SCHEME), ("表.xlsx", sheet), OFFICE, MAX_ROWS, &mut |_, _| {}).unwrap();
    assert_eq!((checked.added, checked.faults.count), (1, 1));
    assert!(checked.faults.reported[0].message.starts_with("工作表“县级”："), "{:?}", checked.faults.reported);
}

#[test]
fn wrong_rows_of_counts_and_plans_are_named_by_row_and_column() {
    let shelf = shelf();
    let counts = "标题,机构,区划代码,截至日期,核定编制,借调人数\n\
        甲,遵义市人民政府,520300,2024-12-31,行政编制20名,1\n\
        乙,遵义市人民政府,520399,2024-12-31,行政编制20名,1\n\
        丙,遵义市人民政府,520300,某日,行政编制,一些\n";
    let checked = shelf.check(kind(staffing::COUNT), counts, OFFICE);
    let told: Vec<(u32, &str)> =
        checked.faults.reported.iter().map(|fault| (fault.row, fault.column.as_str())).collect();
    assert_eq!(checked.added, 1, "{told:?}");
    for wanted in [(3, "区划代码"), (4, "截至日期"), (4, "核定编制"), (4, "借调人数")] {
        assert!(told.contains(&wanted), "{wanted:?}: {:?}", checked.faults.reported);
    }
    let plans = "标题,区划代码,实施日期,措施\n甲方案,520300,2024-03-20,合并：甲局\n";
    let checked = shelf.check(kind(staffing::REFORM), plans, OFFICE);
    assert_eq!(checked.faults.reported[0].column, "措施", "{:?}", checked.faults.reported);
}

/// Whoever does not see what others share learns nothing of it by handing in what it might say.
#[test]
fn a_table_tells_nothing_of_what_others_share() {
    let shelf = shelf();
    for record in all() {
        shelf.store().put(record, &BY).unwrap();
    }
    for name in [staffing::SCHEME, staffing::COUNT, staffing::REFORM] {
        let kind = kind(name);
        let text = exported(shelf.store(), kind);
        let check = |text: &str| {
            let sheet = indexer::corpus::documents::sheet(text.as_bytes(), "表.csv").unwrap();
            check_for(
                shelf.store(),
                &|_| false,
                kind,
                ("表.csv", sheet),
                &Headers::default(),
                Said::Office("甲局"),
                MAX_ROWS,
            )
            .unwrap()
        };
        let right = check(&text);
        let id = all().into_iter().find(|record| record.body.kind() == name).unwrap().id;
        let none = check(&text.replace(&id, "xx-000000000000"));
        let told = |checked: &Checked| (checked.added, checked.changed, checked.unchanged, checked.faults.count);
        assert_eq!(told(&right), told(&none), "{name}");
        assert_eq!((right.unchanged, right.changed), (0, 0), "{name}");
    }
}

#[test]
fn whoever_takes_no_more_of_a_table_costs_no_more() {
    let shelf = shelf();
    for n in 0..3 {
        shelf.store().put(samples::institution(&format!("i-{n}"), "甲局", "520300"), &BY).unwrap();
    }
    for stops_after in 1..=3 {
        let mut taken = 0;
        export(shelf.store(), kind("institution"), &|_| true, &mut |_| {
            taken += 1;
            taken < stops_after
        })
        .unwrap();
        assert_eq!(taken, stops_after);
    }
}
