//! What lists of powers have wrong, each told by row and column: what needs no library.

use indexer::corpus::documents;

use super::{
    headers_tests::listed,
    tests::{OFFICE, assert_reported, counts, shelf, workbook},
    *,
};

const HEADER: &str =
    "事项名称,事项类型,实施主体,区划代码,设定依据,实施主体代码,基本编码,实施编码,法定时限,承诺时限,申请材料\n";

fn checked(rows: &str) -> Checked {
    shelf().check(listed(), &format!("{HEADER}{rows}"), OFFICE)
}

#[test]
fn codes_with_characters_lost_are_told_with_the_one_way_to_write_them() {
    let lost = checked("甲证核发,许可,遵义市示例局,520300,《甲法》第三条,1151130000877869M,,,,,\n");
    assert_reported(&lost, &[(2, "实施主体代码", "11511300008778693M")]);
    let short = checked(
        "甲证核发,许可,遵义市示例局,520300,《甲法》第三条,,52011234500,,,,\n\
         乙证核发,许可,遵义市示例局,520300,《甲法》第三条,,,1165000001018385F2650116013001,,,\n",
    );
    assert_reported(&short, &[(2, "基本编码", "11 位"), (3, "实施编码", "位")]);
    assert!(short.prepared.is_empty(), "nothing is repaired silently");
}

#[test]
fn promises_beyond_the_statutory_limit_are_told() {
    let told = checked(
        "甲证核发,许可,遵义市示例局,520300,《甲法》第三条,,,,20个工作日,15个工作日,\n\
         乙证核发,许可,遵义市示例局,520300,《甲法》第三条,,,,20个工作日,25个工作日,其他材料\n",
    );
    assert_reported(&told, &[(3, "承诺时限", "25个工作日"), (3, "申请材料", "没有说是什么")]);
    assert_eq!(counts(&told), (1, 0, 0, 1));
}

#[test]
fn items_that_stand_twice_are_told_with_the_row_of_the_first() {
    let told = checked(
        "甲证核发,许可,遵义市示例局,520300,《甲法》第三条,,,,,,\n\
         甲证核发,许可,遵义市示例局,520300,《甲法》第四条,,,,,,\n\
         甲证核发,许可,遵义市示例分局,520300,《甲法》第四条,,,,,,\n",
    );
    assert_reported(&told, &[(3, "事项名称", "第 2 行")]);
    let parts = checked(
        "甲证核发,许可,遵义市示例局,520300,《甲法》第三条,,,520300123XK00101,,,\n\
         甲证核发,许可,遵义市示例局,520300,《甲法》第三条,,,520300123XK00102,,,\n",
    );
    assert_eq!(counts(&parts), (2, 0, 0, 0), "parts of an item have codes of their own: {:?}", parts.faults);
}

#[test]
fn a_sheet_longer_than_fifty_thousand_rows_is_told_and_of_many_faults_the_first() {
    let row = "甲,许可,乙,520300,丙,,,,,,\n";
    let sheet = |rows: usize| documents::sheet(format!("{HEADER}{}", row.repeat(rows)).as_bytes(), "清单.csv").unwrap();
    let shelf = shelf();
    let read =
        |rows: usize| check(shelf.store(), listed(), ("清单.csv", sheet(rows)), OFFICE, MAX_ROWS, &mut |_, _| {});
    let error = read(MAX_ROWS + 1).unwrap_err().to_string();
    assert!(error.contains("50001") && error.contains("50000"), "rows and the most that are taken: {error}");
    // All but the first are that one again.
    let checked = read(faults::MAX_REPORTED + 2).unwrap();
    assert_eq!((checked.added, checked.bad, checked.faults.unlisted_count()), (1, faults::MAX_REPORTED + 1, 1));
}

#[test]
fn formulas_are_read_by_their_result_and_told_where_they_failed() {
    let header: Vec<&str> = HEADER.trim_end().split(',').collect();
    let row = |name, limit| {
        vec![name, "许可", "遵义市示例局", "520300", "《甲法》第三条", "", "", "", "20个工作日", limit, ""]
    };
    let file =
        workbook(&[header, row("甲证核发", "=15&\"个工作日\""), row("乙证核发", "#REF!"), row("丙证核发", "#N/A")]);
    let told = shelf().check_file(listed(), "清单.xlsx", &file, OFFICE);
    assert_reported(&told, &[(2, "承诺时限", "不是时限"), (3, "承诺时限", "公式出错"), (4, "承诺时限", "公式出错")]);
    let sheet = "<row r=\"1\"><c t=\"inlineStr\"><is><t>甲</t></is></c></row><row r=\"2\"><c t=\"str\"><f>15&amp;\"个工作日\"</f><v>15个工作日</v></c></row>";
    let file = documents::sheet(&super::tests::workbook_of(sheet), "清单.xlsx").unwrap();
    assert_eq!(file.rows[1].1, ["15个工作日"], "what a formula came to is what the cell says");
}

#[test]
fn a_formula_that_was_stored_without_its_result_is_told_by_row_and_column() {
    let header: Vec<&str> = HEADER.trim_end().split(',').collect();
    let text = |text: &&str| format!("<c t=\"inlineStr\"><is><t>{text}</t></is></c>");
    let cells = |cells: &[&str]| cells.iter().map(text).collect::<String>();
    let row = ["甲证核发", "许可", "遵义市示例局", "520300", "《甲法》第三条", "", "", "", "20个工作日"];
    let told = |formula: &str| {
        let sheet = format!("<row r=\"1\">{}</row><row r=\"2\">{}{formula}</row>", cells(&header), cells(&row));
        shelf().check_file(listed(), "清单.xlsx", &super::tests::workbook_of(&sheet), OFFICE)
    };
    for formula in ["<c><f>10+5</f></c>", "<c t=\"str\"><f>A1</f></c>", "<c><f>10+5</f><v/></c>"] {
        assert_reported(&told(formula), &[(2, "承诺时限", "公式没有存结果")]);
    }
    let nothing = told("<c t=\"str\"><f>\"\"</f><v></v></c>");
    assert_eq!(counts(&nothing), (1, 0, 0, 0), "a formula that comes to nothing: {:?}", nothing.faults);
}

/// A list whose codes were wrong was taken without them; brought again with the right ones, it revises its items.
#[test]
fn an_item_that_came_without_its_code_is_known_again() {
    let shelf = shelf();
    let row = |name: &str, code: &str, limit: &str| {
        format!("{name},许可,遵义市示例局,520300,《甲法》第三条,,,{code},{limit},,\n")
    };
    let table = |rows: &[String]| format!("{HEADER}{}", rows.concat());
    let write = |rows: &[String]| shelf.take(listed(), &table(rows), OFFICE);
    let (a, b) = ("520300123XK00101", "520300123XK00102");
    let first = write(&[row("甲证核发", "", "20个工作日"), row("乙证核发", b, "20个工作日")]);
    assert_eq!(counts(&first), (2, 0, 0, 0));
    let ids: Vec<&str> = first.prepared.iter().map(|row| row.record.id.as_str()).collect();
    // One has its code now, the other lacks it.
    let again = [row("甲证核发", a, "20个工作日"), row("乙证核发", "", "15个工作日")];
    let checked = write(&again);
    assert_eq!(counts(&checked), (0, 2, 0, 0), "{:?}", checked.faults);
    assert_eq!(checked.prepared.iter().map(|row| row.record.id.as_str()).collect::<Vec<_>>(), ids);
    for (note, said) in checked.notes.iter().filter(|note| note.contains("同一事项")).zip(["补上编码", "它的编码不变"])
    {
        assert!(note.contains(said), "{note}");
    }
    assert_eq!(checked.notes.iter().filter(|note| note.contains("同一事项")).count(), 2, "{:?}", checked.notes);
    let codes = |id: &str| {
        let record = shelf.store().get(id).unwrap().unwrap();
        record.body.facts().find(|(column, _)| column.name == "code").unwrap().1
    };
    assert_eq!((codes(ids[0]), codes(ids[1])), (vec![a.to_owned()], vec![b.to_owned()]));
    // The same table again changes nothing, nor does one with both codes.
    assert_eq!(counts(&shelf.check(listed(), &table(&again), OFFICE)), (0, 0, 2, 0));
    let whole = [row("甲证核发", a, "20个工作日"), row("乙证核发", b, "15个工作日")];
    assert_eq!(counts(&shelf.check(listed(), &table(&whole), OFFICE)), (0, 0, 2, 0));
    // Another code beside one that is there is another part of the item.
    let part = shelf.check(listed(), &table(&[row("甲证核发", "520300123XK00103", "20个工作日")]), OFFICE);
    assert_eq!(counts(&part), (1, 0, 0, 0));
}

/// Of parts that share a name nobody but the office knows which came without its code: each is an item of its own.
#[test]
fn parts_that_share_a_name_are_never_taken_for_one_another() {
    let row =
        |code: &&str, limit: &str| format!("甲证核发,许可,遵义市示例局,520300,《甲法》第三条,,,{code},{limit},,\n");
    let table = |codes: &[&str], limit: &str| {
        format!("{HEADER}{}", codes.iter().map(|code| row(code, limit)).collect::<String>())
    };
    let (a, b) = ("520300123XK00101", "520300123XK00102");
    let beside = |checked: &Checked| checked.notes.iter().filter(|note| note.contains("库中另有同名的")).count();
    // Two rows of one name beside one record without a code: the one without is that record.
    for codes in [["", a], [a, ""]] {
        let shelf = shelf();
        let bare = shelf.take(listed(), &table(&[""], "20个工作日"), OFFICE).prepared.remove(0).record;
        let read = shelf.check(listed(), &table(&codes, "15个工作日"), OFFICE);
        assert_eq!(counts(&read), (1, 1, 0, 0), "{:?}", read.faults);
        assert_eq!(beside(&read), 1, "{:?}", read.notes);
        for (prepared, code) in read.prepared.iter().zip(codes) {
            assert_eq!(prepared.record.id == bare.id, code.is_empty(), "{code}");
        }
    }
    let shelf = shelf();
    shelf.take(listed(), &table(&[""], ""), OFFICE);
    let two = shelf.check(listed(), &table(&[a, b], ""), OFFICE);
    assert_eq!((counts(&two), beside(&two)), ((2, 0, 0, 0), 2), "{:?}", two.notes);
    let shelf = tests::shelf();
    shelf.take(listed(), &table(&[a, b], ""), OFFICE);
    let neither = shelf.check(listed(), &table(&[""], ""), OFFICE);
    assert_eq!((counts(&neither), beside(&neither)), ((1, 0, 0, 0), 1), "{:?}", neither.notes);
}

/// A name alone changes no sort, brings nothing back that was cancelled, and is no stronger than a code.
#[test]
fn items_of_a_name_that_differ_in_what_they_are_stay_apart() {
    let header = "编号,事项名称,事项类型,实施主体,区划代码,设定依据,基本编码,实施编码,事项状态\n";
    let row = |id: &str, name: &str, sort: &str, codes: &str, standing: &str| {
        format!("{id},{name},{sort},遵义市示例局,520300,《甲法》第三条,{codes},{standing}\n")
    };
    let table = |rows: &[String]| format!("{header}{}", rows.concat());
    let (basic, other) = (",520300123XK00101", "520112345000,520300123XK00101");
    for (before, after) in [
        (row("", "甲场所检查", "行政检查", ",", ""), row("", "甲场所检查", "行政许可", basic, "")),
        (row("", "甲证核发", "行政许可", ",", "取消"), row("", "甲证核发", "行政许可", basic, "在用")),
        (row("", "甲证核发", "行政许可", "520112346000,", ""), row("", "甲证核发", "行政许可", other, "")),
    ] {
        let shelf = shelf();
        let first = shelf.take(listed(), &table(std::slice::from_ref(&before)), OFFICE);
        assert_eq!(counts(&first), (1, 0, 0, 0), "{before}: {:?}", first.faults);
        let read = shelf.take(listed(), &table(std::slice::from_ref(&after)), OFFICE);
        assert_eq!(counts(&read), (1, 0, 0, 0), "{after}: {:?}", read.faults);
        assert!(read.notes.iter().any(|note| note.contains("库中另有同名的")), "{:?}", read.notes);
        let there = &first.prepared[0].record;
        assert_eq!(shelf.store().get(&there.id).unwrap().unwrap().body, there.body);
    }
    // Another row names the record by its number.
    let shelf = shelf();
    let first = shelf.take(listed(), &table(&[row("", "甲证核发", "行政许可", ",", "")]), OFFICE);
    let id = &first.prepared[0].record.id;
    let rows = [row("", "甲证核发", "行政许可", basic, ""), row(id, "甲证换发", "行政许可", ",", "")];
    let read = shelf.check(listed(), &table(&rows), OFFICE);
    assert_eq!(counts(&read), (1, 1, 0, 0), "{:?}", read.faults);
    assert_eq!(&read.prepared[1].record.id, id);
}
