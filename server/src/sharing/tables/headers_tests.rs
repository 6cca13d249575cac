//! Lists as offices have them: columns by other names, columns that nobody reads, and what a row has wrong, by its column.

use indexer::{corpus::documents, record::KINDS};

use super::{
    tests::{OFFICE, Shelf, shelf},
    *,
};

/// A kind whose columns have other names: the lists of power.
pub(super) fn listed() -> Kind {
    Kind::all().find(|kind| kind.0.columns.iter().any(|column| column.cites)).unwrap()
}

fn checked(shelf: &Shelf, text: &str, headers: &Headers) -> Checked {
    let sheet = documents::sheet(text.as_bytes(), "清单.csv").unwrap();
    check_with(shelf.store(), listed(), ("清单.csv", sheet), headers, OFFICE, MAX_ROWS, &mut |_, _| {}).unwrap()
}

const LIST: &str = "序号,职权名称,职权\u{3000}类型,实施机关,行政区划代码,行使层级（本级）,法律依据,咨询电话\n\
                    1,甲证核发,许可,遵义市示例局,520300,地州市级,《甲法》第三条,/\n\
                    2,乙行为的处罚,行政处罚,遵义市示例局,520300,市级,《甲法》第四条,\n";

#[test]
fn no_two_columns_of_a_kind_go_by_one_name() {
    for kind in KINDS {
        let names =
            kind.columns.iter().flat_map(|column| [column.label].into_iter().chain(column.also.iter().copied()));
        let mut all: Vec<&str> = names.collect();
        let many = all.len();
        all.sort_unstable();
        all.dedup();
        assert_eq!(all.len(), many, "{}", kind.name);
    }
}

#[test]
fn the_day_of_effect_has_one_name() {
    for kind in KINDS {
        for column in kind.columns.iter().filter(|column| column.name == "effective") {
            assert_eq!(column.label, "施行日期", "{}", kind.name);
        }
    }
}

#[test]
fn columns_are_known_by_what_lists_call_them() {
    let shelf = shelf();
    let stranger = LIST.replace("序号", "页码");
    let plain = checked(&shelf, &stranger, &Headers::default());
    assert!(plain.prepared.is_empty() && plain.faults.count == 1, "{:?}", plain.faults);
    assert_eq!(plain.faults.reported[0].column, "页码");
    let skipping = checked(&shelf, &stranger, &Headers { skip_unknown: true, ..Headers::default() });
    assert_eq!((skipping.added, skipping.faults.count), (2, 0), "{:?}", skipping.faults);
    for told in ["“职权名称”列按“事项名称”读", "“法律依据”列按“设定依据”读", "略过没有读的列：页码"]
    {
        assert!(skipping.notes.iter().any(|note| note == told), "{told}: {:?}", skipping.notes);
    }
    let body = &skipping.prepared[0].record.body;
    let value = |label: &str| body.facts().find(|(c, _)| c.label == label).map(|(_, v)| v.join("；")).unwrap();
    assert_eq!(
        (value("事项类型"), value("行使层级"), value("咨询电话")),
        ("行政许可".into(), "市级".into(), String::new())
    );
    let named = [("页码".to_owned(), String::new())];
    let by_hand = checked(&shelf, &stranger, &Headers { named: named.into(), ..Headers::default() });
    assert_eq!(by_hand.added, 2);
    let other = LIST.replace("实施机关", "责任部门甲");
    let named = [("序号".to_owned(), String::new()), ("责任部门甲".to_owned(), "实施主体".to_owned())];
    assert_eq!(checked(&shelf, &other, &Headers { named: named.into(), ..Headers::default() }).added, 2);
}

#[test]
fn titles_above_the_columns_and_names_in_two_rows_are_read() {
    let shelf = shelf();
    let titled = format!("遵义市示例局权责清单,,,,,,,\n2024年版,,,,,,,\n{LIST}");
    let skipping = Headers { skip_unknown: true, ..Headers::default() };
    let read = checked(&shelf, &titled, &skipping);
    assert_eq!((read.added, read.faults.count), (2, 0), "{:?}", read.faults);
    assert!(read.notes[0].contains("第 1—2 行是标题"), "{:?}", read.notes);
    assert_eq!(read.prepared[0].row, 4);
    let two = "事项名称,事项类型,实施主体,区划代码,时限,,设定依据\n,,,,法定时限,承诺时限,\n甲证核发,许可,遵义市示例局,520300,20个工作日,10个工作日,《甲法》第三条\n";
    let read = checked(&shelf, two, &Headers::default());
    assert_eq!((read.added, read.faults.count), (1, 0), "{:?}", read.faults);
    let body = &read.prepared[0].record.body;
    let value = |label: &str| body.facts().find(|(c, _)| c.label == label).map(|(_, v)| v.join("；")).unwrap();
    assert_eq!((value("法定时限"), value("承诺时限")), ("20个工作日".into(), "10个工作日".into()));
    // A first row that names columns stays the header, whatever stands below it.
    let plain = checked(&shelf, "事项名称,事项类型\n设定依据,行政许可\n", &Headers::default());
    assert!(plain.faults.reported.iter().all(|fault| fault.row == 1), "{:?}", plain.faults);
}

#[test]
fn every_sheet_with_the_columns_is_read_and_its_name_tells_the_sort() {
    let shelf = shelf();
    let row = |cells: &[&str]| cells.iter().map(|cell| (*cell).to_owned()).collect::<Vec<_>>();
    let head = row(&["事项名称", "实施主体", "区划代码", "设定依据"]);
    let line = |name: &str| row(&[name, "遵义市示例局", "520300", "《甲法》第三条"]);
    let sheet = documents::Sheet {
        name: "封面".into(),
        rows: vec![(1, row(&["遵义市示例局权责清单"]))],
        more: vec![
            ("行政许可（1项）".into(), vec![(1, head.clone()), (2, line("甲证核发"))]),
            (
                "行政处罚".into(),
                vec![(1, row(&["行政处罚"])), (2, head.clone()), (3, line("乙行为的处罚")), (4, line(""))],
            ),
            ("说明".into(), vec![(1, row(&["填表说明"]))]),
        ],
        notes: Vec::new(),
    };
    let read =
        check_with(shelf.store(), listed(), ("a.xlsx", sheet), &Headers::default(), OFFICE, MAX_ROWS, &mut |_, _| {})
            .unwrap();
    assert_eq!((read.added, read.bad), (2, 1), "{:?}", read.faults);
    let sort = |at: usize| {
        let body = &read.prepared[at].record.body;
        body.facts().find(|(c, _)| c.label == "事项类型").map(|(_, v)| v.join("；")).unwrap()
    };
    assert_eq!((sort(0), sort(1)), ("行政许可".into(), "行政处罚".into()));
    assert_eq!(read.left_out, ["封面", "说明"]);
    let why = "没有读工作表“说明”：缺少必填的列：";
    assert!(read.notes.iter().any(|note| note.starts_with(why) && note.contains("事项名称")), "{:?}", read.notes);
    let told = &read.faults.reported[0];
    assert!(told.row == 4 && told.message.contains("工作表“行政处罚”"), "{told:?}");
    let place = read.prepared[1].record.provenance[0].place.clone().unwrap();
    assert_eq!(place, "工作表“行政处罚”第 3 行");
}

/// Each sheet is known by its own header, and nothing of one goes without a word.
#[test]
fn sheets_with_other_columns_are_read_by_their_own_or_told() {
    let row = |cells: &[&str]| cells.iter().map(|cell| (*cell).to_owned()).collect::<Vec<_>>();
    let sheet = |other: &[&str], line: &[&str]| documents::Sheet {
        name: "甲表".into(),
        rows: vec![
            (1, row(&["事项名称", "事项类型", "实施主体", "区划代码"])),
            (2, row(&["甲证核发", "许可", "遵义市示例局", "520300"])),
        ],
        more: vec![("乙表".into(), vec![(1, row(other)), (2, row(line))])],
        notes: Vec::new(),
    };
    let read = |sheet| {
        let shelf = shelf();
        let said = Headers::default();
        check_with(shelf.store(), listed(), ("a.xlsx", sheet), &said, OFFICE, MAX_ROWS, &mut |_, _| {}).unwrap()
    };
    let line = ["520300", "遵义市示例局", "行政处罚", "乙行为的处罚", "甲科"];
    let both = read(sheet(&["区划代码", "实施机关", "权力类型", "职权名称", "承办科室"], &line));
    assert_eq!((both.added, both.faults.count), (2, 0), "{:?}", both.faults);
    let strange = read(sheet(&["区划代码", "实施机关", "权力类型", "职权名称", "口号"], &line));
    let told = &strange.faults.reported[0];
    assert!(told.column == "口号" && told.message.starts_with("工作表“乙表”："), "{told:?}");
    let summary = read(sheet(&["职权名称", "项数"], &["乙", "3"]));
    assert_eq!((summary.added, summary.faults.count), (1, 0), "{:?}", summary.faults);
    let why = "没有读工作表“乙表”：缺少必填的列：事项类型、实施主体、区划代码";
    assert!(summary.notes.iter().any(|note| note == why), "{:?}", summary.notes);
    // A summary in front is no list either.
    let mut in_front = sheet(&["职权名称", "项数"], &["乙", "3"]);
    let behind = std::mem::replace(&mut in_front.more[0].1, std::mem::take(&mut in_front.rows));
    in_front.rows = behind;
    let in_front = read(in_front);
    assert_eq!((in_front.added, in_front.faults.count), (1, 0), "{:?}", in_front.faults);
    assert!(in_front.notes.iter().any(|note| note.starts_with("没有读工作表“甲表”：")), "{:?}", in_front.notes);
}

/// The name of the sheet that a row stood in is none of its facts, though it may be that of a sort.
#[test]
fn where_rows_of_several_sheets_stood_is_no_sort_of_power() {
    let table = "事项名称,实施主体,区划代码,sheet,row\n甲证核发,遵义市示例局,520300,行政许可,3\n\
                 乙证核发,遵义市示例局,520300,行政许可,4\n丙处罚,遵义市示例局,520300,行政处罚,2\n";
    let read = checked(&shelf(), table, &Headers::default());
    assert!(read.faults.reported.iter().any(|fault| fault.column == "事项类型"), "it is missing: {:?}", read.faults);
    assert!(!read.notes.iter().any(|note| note.contains("从内容看")), "{:?}", read.notes);
}

#[test]
fn words_behind_a_level_go_to_what_the_level_does() {
    let shelf = shelf();
    let table = "事项名称,事项类型,实施主体,区划代码,行使层级\n\
                 甲证核发,许可,遵义市示例局,520300,地州市级；负责甲证的初审\n\
                 乙证核发,许可,遵义市示例局,520300,市级\n\
                 丙检查,检查,遵义市示例局,520300,负责市本级公共机构节能监督检查工作\n\
                 丁检查,检查,遵义市示例局,520300,甲级\n";
    let read = checked(&shelf, table, &Headers::default());
    assert_eq!((read.added, read.bad), (3, 1), "{:?}", read.faults);
    assert!(read.faults.reported[0].row == 5 && read.faults.reported[0].column == "行使层级", "{:?}", read.faults);
    let value = |at: usize, label: &str| {
        let body = &read.prepared[at].record.body;
        body.facts().find(|(c, _)| c.label == label).map(|(_, v)| v.join("；")).unwrap_or_default()
    };
    let told = |at| (value(at, "行使层级"), value(at, "行使内容"));
    assert_eq!(told(0), ("市级".into(), "负责甲证的初审".into()));
    assert_eq!(told(1), ("市级".into(), String::new()));
    assert_eq!(told(2), (String::new(), "负责市本级公共机构节能监督检查工作".into()));
    for (row, says) in [(2, "读作“市级”，其余归入“行使内容”"), (4, "归入“行使内容”")] {
        let note = |note: &&String| note.contains(&format!("第 {row} 行“行使层级”列")) && note.contains(says);
        assert!(read.notes.iter().any(|n| note(&n)), "{row}: {:?}", read.notes);
    }
    // Beside what stands in its column already.
    let beside = "事项名称,事项类型,实施主体,区划代码,行使层级,行使内容\n甲证核发,许可,遵义市示例局,520300,市级。负责初审,负责发证\n";
    let read = checked(&shelf, beside, &Headers::default());
    let scope = read.prepared[0].record.body.facts().find(|(c, _)| c.label == "行使内容").map(|(_, v)| v.join(""));
    assert_eq!(scope.as_deref(), Some("负责发证；负责初审"));
}

#[test]
fn several_levels_in_one_cell_are_told_and_none_is_chosen() {
    let shelf = shelf();
    let head = "事项名称,事项类型,实施主体,区划代码,行使层级";
    for several in ["省级；市级", "省级，市级", "省级、市级、县级", "省级、市级和县级", "省级、市（地、州）级"]
    {
        let table = format!("{head}\n甲证核发,许可,遵义市示例局,520300,{several}\n");
        let read = checked(&shelf, &table, &Headers::default());
        assert_eq!((read.added, read.bad), (0, 1), "{several}: {:?}", read.notes);
        assert_eq!(read.faults.reported[0].column, "行使层级", "{several}");
    }
}

/// Ids of items are made of their codes.
#[test]
fn a_code_is_not_left_out_where_that_makes_a_second_record_of_an_item() {
    let shelf = shelf();
    let row = |id: &str, name: &str, code: &str| {
        format!("编号,事项名称,事项类型,实施主体,区划代码,实施编码\n{id},{name},许可,遵义市示例局,520300,{code}\n")
    };
    let (right, wrong) = ("11650000010183859F2650116013001", "1165000001018385F2650116013001");
    let skipping = Headers { skip_codes: true, ..Headers::default() };
    let first = checked(&shelf, &row("", "甲证核发", right), &skipping);
    assert_eq!((first.added, first.bad), (1, 0), "{:?}", first.faults);
    write(shelf.store(), &first.prepared, OFFICE, &mut |_| {}).unwrap();
    let read = checked(&shelf, &row("", "甲证核发", wrong), &skipping);
    assert_eq!((read.added, read.changed, read.bad), (0, 0, 1), "{:?}", read.notes);
    let told = |fault: &&Fault| fault.column == "实施编码" && fault.message.contains("在“编号”列写明");
    assert!(read.faults.reported.iter().any(|fault| told(&fault)), "{:?}", read.faults);
    let named = checked(&shelf, &row(&first.prepared[0].record.id, "甲证核发", wrong), &skipping);
    assert_eq!((named.added, named.unchanged, named.bad), (0, 1, 0), "{:?}", named.faults);
    // Where there is none yet, the row is taken, and taken for the same when it comes again.
    let other = row("", "乙证核发", wrong);
    let read = checked(&shelf, &other, &skipping);
    assert_eq!((read.added, read.bad), (1, 0), "{:?}", read.faults);
    write(shelf.store(), &read.prepared, OFFICE, &mut |_| {}).unwrap();
    assert_eq!(checked(&shelf, &other, &skipping).unchanged, 1);
}

#[test]
fn codes_that_are_wrong_can_be_left_out_and_the_row_taken() {
    let shelf = shelf();
    let table = "事项名称,事项类型,实施主体,区划代码,实施主体代码,基本编码,承诺时限,法定时限\n\
                 甲证核发,许可,遵义市示例局,520300,1151130000877869M,52011234500,,\n\
                 乙证核发,许可,遵义市示例局,520300,1151130000877869M,,25个工作日,20个工作日\n";
    let plain = checked(&shelf, table, &Headers::default());
    assert_eq!((plain.added, plain.bad), (0, 2));
    let read = checked(&shelf, table, &Headers { skip_codes: true, ..Headers::default() });
    assert_eq!((read.added, read.bad), (1, 1), "{:?}", read.faults);
    let columns: Vec<&str> = read.faults.reported.iter().map(|fault| fault.column.as_str()).collect();
    assert_eq!(columns, ["实施主体代码", "承诺时限"], "a row with another fault is told whole");
    for told in ["第 2 行“实施主体代码”列", "第 2 行“基本编码”列"] {
        let note = |note: &&String| note.contains(told) && note.contains("略过这个编码");
        assert!(read.notes.iter().any(|n| note(&n)), "{told}: {:?}", read.notes);
    }
    let has = |label: &str| read.prepared[0].record.body.facts().any(|(c, v)| c.label == label && !v.is_empty());
    assert!(has("实施主体") && !has("实施主体代码") && !has("基本编码"));
}

#[test]
fn what_a_row_of_a_list_has_wrong_is_told_by_row_and_column() {
    let shelf = shelf();
    let header = "事项名称,事项类型,实施主体,区划代码,行使层级,实施主体代码,实施编码,法定时限,承诺时限,申请材料\n";
    let row = |cells: &str| format!("{header}甲证核发,行政许可,遵义市示例局,520300,市级,{cells}\n");
    for (cells, column, told) in [
        ("1151130000877869M,,,,", "实施主体代码", "11511300008778693M"),
        (",1165000001018385F2650116013001,,,", "实施编码", "有 30 位"),
        (",11650000010183859F2650216013001,,,", "实施编码", "行政处罚"),
        (",11650000010183859F2650116013001,,,", "实施编码", "省级"),
        (",,20个工作日,25个工作日,", "承诺时限", "超过法定"),
        (",,,,申请表；其他相关材料", "申请材料", "没有说是什么"),
    ] {
        let checked = checked(&shelf, &row(cells), &Headers::default());
        let found = checked.faults.reported.iter().find(|fault| fault.column == column && fault.row == 2);
        assert!(found.is_some_and(|fault| fault.message.contains(told)), "{cells}: {:?}", checked.faults);
    }
    let twice = format!("{}甲证核发,行政许可,遵义市示例局,520300,市级,,,,,\n", row(",,,,"));
    let checked = checked(&shelf, &twice, &Headers::default());
    assert!(checked.faults.reported[0].message.contains("与第 2 行是同一条"), "{:?}", checked.faults);
}

#[test]
fn what_downloads_tell_beside_the_facts_and_numbers_of_lines_are_left_out() {
    let shelf = shelf();
    let told = format!(
        "{},修订,来源,来源日期,许可\n{},3,甲清单,2026-01-01,公开\n",
        LIST.lines().next().unwrap(),
        LIST.lines().nth(1).unwrap()
    );
    let read = checked(&shelf, &told, &Headers::default());
    assert_eq!((read.added, read.faults.count), (1, 0), "{:?}", read.faults);
    assert!(
        read.notes.iter().any(|note| note == "略过没有读的列：序号、修订、来源、来源日期、许可"),
        "{:?}",
        read.notes
    );
}

#[test]
fn a_table_without_the_division_is_of_whoever_brings_it() {
    let shelf = shelf();
    let table = "职权名称,职权类型,实施机关,法律依据\n甲证核发,许可,遵义市示例局,《甲法》第三条\n";
    let read = checked(&shelf, table, &Headers::default());
    assert!(read.faults.reported.iter().any(|fault| fault.column == "区划代码"), "{:?}", read.faults);
    let own = Headers { division: Some("520300".parse().unwrap()), ..Headers::default() };
    let read = checked(&shelf, table, &own);
    assert_eq!((read.added, read.faults.count), (1, 0), "{:?}", read.faults);
    assert_eq!(read.prepared[0].record.body.division().unwrap().as_str(), "520300");
    assert!(read.notes.iter().any(|note| note.contains("没有“区划代码”列，各行按 520300 读")), "{:?}", read.notes);
    // A column that is there says it itself, and an empty cell of it is a fault.
    let with = "职权名称,职权类型,实施机关,区划代码\n甲证核发,许可,遵义市示例局,\n";
    assert_eq!(checked(&shelf, with, &own).bad, 1);
    // What is there already stays where it is.
    let stored = read.prepared[0].record.clone();
    let edit =
        format!("编号,职权名称,职权类型,实施机关,法律依据\n{},甲证核发,许可,遵义市示例局,《甲法》第五条\n", stored.id);
    write(shelf.store(), &read.prepared, OFFICE, &mut |_| {}).unwrap();
    let province = Headers { division: Some("520000".parse().unwrap()), ..Headers::default() };
    let read = checked(&shelf, &edit, &province);
    assert_eq!((read.changed, read.faults.count), (1, 0), "{:?}", read.faults);
    assert_eq!(read.prepared[0].record.body.division().unwrap().as_str(), "520300");
}

/// Of two columns of one name the one is taken whose cells speak for it.
#[test]
fn a_column_known_by_its_content_is_one_place_and_not_a_name() {
    let shelf = shelf();
    let head = "事项名称,事项类型,实施主体,区划代码,事由,事由\n";
    let lines = ["甲证核发,行政许可", "乙行为处罚,行政处罚", "丙检查,行政检查"];
    let table = lines.map(|line| format!("{line},遵义市示例局,520300,第一期,《甲法》第三条：申请人应当……\n")).concat();
    let read = checked(&shelf, &format!("{head}{table}"), &Headers { skip_unknown: true, ..Headers::default() });
    assert_eq!((read.added, read.faults.count), (3, 0), "{:?} {:?}", read.faults, read.notes);
    let facts = |at: usize| read.prepared[at].record.body.facts().find(|(c, _)| c.label == "设定依据").map(|(_, v)| v);
    assert!(facts(0).unwrap()[0].starts_with("《甲法》第三条"), "{:?}", facts(0));
}

#[test]
fn a_name_in_two_columns_below_one_head_is_that_of_the_part() {
    let shelf = shelf();
    // A cell that spans others is read into each of them.
    let table = "事项名称,事项名称,权力类型,实施主体,区划代码\n主项,子项,权力类型,实施主体,区划代码\n\
                 城市绿化许可,临时占用绿地许可,行政许可,遵义市示例局,520300\n乙证核发,无,行政许可,遵义市示例局,520300\n";
    let read = checked(&shelf, table, &Headers::default());
    assert_eq!((read.added, read.faults.count), (2, 0), "{:?} {:?}", read.faults, read.notes);
    let titles: Vec<&str> = read.prepared.iter().map(|row| row.record.body.title()).collect();
    assert_eq!(titles, ["临时占用绿地许可", "乙证核发"]);
}

#[test]
fn columns_without_a_known_name_are_known_by_what_stands_in_them() {
    let shelf = shelf();
    let lines = ["甲证核发,行政许可", "乙行为处罚,行政处罚", "丙检查,检查"];
    let table = lines.map(|line| format!("{line},遵义市示例局,520300,《甲法》第三条：申请人应当……,第一期\n")).concat();
    let head = "事项名称,属于哪一种,实施主体,区划代码,凭什么,期次\n";
    let read = checked(&shelf, &format!("{head}{table}"), &Headers { skip_unknown: true, ..Headers::default() });
    assert_eq!((read.added, read.faults.count), (3, 0), "{:?}", read.faults);
    for told in ["“属于哪一种”列从内容看是“事项类型”", "“凭什么”列从内容看是“设定依据”", "略过没有读的列：期次"]
    {
        assert!(read.notes.iter().any(|note| note == told), "{told}: {:?}", read.notes);
    }
    // Of two that look the same it is not known which.
    let two = table.replace("第一期", "《乙法》第四条");
    let read = checked(&shelf, &format!("{head}{two}"), &Headers { skip_unknown: true, ..Headers::default() });
    assert!(read.notes.iter().any(|note| note == "略过没有读的列：凭什么、期次"), "{:?}", read.notes);
}

/// Real lists, which are no part of the repository: `GUANSOU_LIST` names one, `GUANSOU_LIST_COLUMNS` its headers as on the
/// command line.
#[test]
#[ignore = "needs GUANSOU_LIST, a real list"]
fn a_real_list_goes_in() {
    let path = std::env::var_os("GUANSOU_LIST").unwrap();
    let named = std::env::var("GUANSOU_LIST_COLUMNS").unwrap_or_default();
    let named = named.split(',').filter_map(|pair| pair.split_once('=')).map(|(a, b)| (a.to_owned(), b.to_owned()));
    let headers = Headers { named: named.collect(), skip_unknown: true, ..Headers::default() };
    let shelf = shelf();
    let code = std::env::var("GUANSOU_LIST_DIVISION").unwrap();
    let level = indexer::record::DivisionLevel::Prefecture;
    let division = indexer::record::samples::division(&code, "示例市", "示例", level, Some("520000"));
    shelf.store().import("more", [division], &mut |_| {}).unwrap();
    let started = std::time::Instant::now();
    let sheet = documents::sheet(&std::fs::read(path).unwrap(), "清单.csv").unwrap();
    let checked =
        check_with(shelf.store(), listed(), ("清单.csv", sheet), &headers, OFFICE, MAX_ROWS, &mut |_, _| {}).unwrap();
    let read = started.elapsed();
    write(shelf.store(), &checked.prepared, OFFICE, &mut |_| {}).unwrap();
    println!(
        "added {}, bad {}, faults {}: checked in {read:?}, written after {:?}",
        checked.added,
        checked.bad,
        checked.faults.count,
        started.elapsed()
    );
    checked.notes.iter().for_each(|note| println!("{note}"));
    checked.faults.reported.iter().for_each(|fault| println!("{fault}"));
}
