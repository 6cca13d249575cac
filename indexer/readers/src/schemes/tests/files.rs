//! What is read of a docx, an OFD and a PDF: tables by their columns, and the rest as of a text.

use std::collections::BTreeMap;

use super::*;

/// A docx around rows of cells; a cell that begins with `^` goes on with the one above it, `>` is as wide as two
/// columns.
fn docx_table(rows: &[&[&str]]) -> String {
    let cell = |text: &&str| {
        let (properties, text) = match (text.strip_prefix('^'), text.strip_prefix('>')) {
            (Some(_), _) => ("<w:tcPr><w:vMerge/></w:tcPr>", ""),
            (_, Some(text)) => ("<w:tcPr><w:gridSpan w:val=\"2\"/></w:tcPr>", text),
            _ => ("", *text),
        };
        let paragraphs: String =
            text.split('\n').map(|line| format!("<w:p><w:r><w:t>{line}</w:t></w:r></w:p>")).collect();
        format!("<w:tc>{properties}{paragraphs}</w:tc>")
    };
    let row = |cells: &&[&str]| format!("<w:tr>{}</w:tr>", cells.iter().map(cell).collect::<String>());
    format!("<w:tbl>{}</w:tbl>", rows.iter().map(row).collect::<String>())
}

fn paragraphs(text: &str) -> String {
    text.lines().map(|line| format!("<w:p><w:r><w:t>{line}</w:t></w:r></w:p>")).collect()
}

#[test]
fn tables_of_a_docx_are_read_by_their_columns_each_field_beside_its_cell() {
    let body = [
        paragraphs(
            "甲市示例局职能配置、内设机构和人员编制规定\n甲办发〔2019〕7号\n第一条 甲市示例局是甲市人民政府工作部门，为正处级。\n第二条 主要职责见下表：",
        ),
        docx_table(&[
            &["序号", "类别", "职责"],
            &["1", "综合", "拟订示例规划并组织实施。"],
            &["2", "^", "负责示例许可。"],
            &["^", "^", "负责示例检查。"],
            &["3", ">完成交办的其他任务。"],
        ]),
        paragraphs("第三条 内设机构如下："),
        docx_table(&[
            &["序号", "分组", "机构名称", "规格", "主要职责", "领导职数"],
            &["1", "综合处室", "办公室（加挂机要室牌子）", "正科级", "负责日常运转。", "1正2副"],
            &["2", "^", "法规科", "正科级", "负责法制审核。", "1正"],
            &["", "^", "^", "", "负责普法。", ""],
            &["3", "业务处室", "示例科", "正科级", "负责示例工作。\n负责别的工作。", "2"],
        ]),
        paragraphs("第四条 编制和领导职数如下："),
        docx_table(&[
            &["类别", "数量"],
            &["行政编制", "20"],
            &["机关工勤编制", "二"],
            &["局长", "1名"],
            &["副局长", "3"],
            &["合计", "22"],
        ]),
        paragraphs("第五条 本规定自2019年5月1日起施行。"),
    ];
    let file = crate::documents::fixtures::docx_with(&body.concat(), &[]);
    let document = crate::documents::read(&file, "甲.docx").unwrap();
    let text = document.text();
    let scheme = read(&document).unwrap();
    let duties: Vec<(&str, &str)> =
        scheme.duties.iter().map(|d| (d.value.number.as_str(), d.value.text.as_str())).collect();
    let wanted =
        [("1.", "拟订示例规划并组织实施。"), ("2.", "负责示例许可。负责示例检查。"), ("3.", "完成交办的其他任务。")];
    assert_eq!(duties, wanted);
    let units: Vec<String> = scheme.units.iter().map(|unit| unit.value.written()).collect();
    assert_eq!(
        units,
        [
            "1.办公室【正科级，加挂机要室牌子，正职1名，副职2名】：负责日常运转。",
            "2.法规科【正科级，正职1名】：负责法制审核。负责普法。",
            "3.示例科【正科级，职数2名】：负责示例工作。负责别的工作。",
        ]
    );
    let counts = |all: &[Read<Headcount>]| all.iter().map(|count| count.value.written()).collect::<Vec<_>>();
    assert_eq!(counts(&scheme.staffing), ["行政编制20名", "机关工勤编制2名"]);
    assert_eq!(counts(&scheme.posts), ["局长1名", "副局长3名"]);
    // Each stands in its cells, and nowhere else.
    let seen = |spans: &[crate::documents::Span]| spans.iter().map(|s| &text[s.start..s.end]).collect::<Vec<_>>();
    assert_eq!(seen(&scheme.duties[1].evidence), ["负责示例许可。", "负责示例检查。"]);
    assert_eq!(seen(&scheme.units[0].evidence), ["办公室（加挂机要室牌子）", "负责日常运转。"]);
    assert_eq!(seen(&scheme.posts[1].evidence), ["副局长\t3"]);
    let (body, faults) = scheme.body();
    assert!(faults.is_empty(), "{faults:?}");
    let body = body.unwrap();
    // Written and read again, the numbers are numbers still.
    assert!(scheme.duties.iter().all(|duty| Duty::read(&duty.value.written()) == Ok(duty.value.clone())));
    let told: Vec<_> = body.facts().filter(|(column, _)| column.name == "units").flat_map(|(_, v)| v).collect();
    assert!(told[0].contains("1.办公室"), "{told:?}");
}

/// A text as a document is set: its title in the middle, its day and who signs at the right.
fn as_set(text: &str, scheme: &Scheme) -> String {
    let title = &scheme.title.value;
    let line = |line: &str| {
        let plain = super::super::text::plain(line);
        let short = line.chars().nth(28).is_none();
        match () {
            () if !plain.is_empty() && short && fold(title).contains(&fold(line)) => format!("^{plain}\n"),
            () if short && crate::documents::propose::day::is_date(&plain) => format!(">{plain}\n"),
            () => format!("{}\n", line.trim()),
        }
    };
    text.lines().map(line).collect()
}

/// What is read of a file is what is read of its text, each beside the words that it was read from. Tables apart, which
/// other tests have, and papers that are no more than a few rows.
#[test]
fn a_scheme_comes_out_of_a_docx_an_ofd_and_a_pdf_as_out_of_its_text() {
    let mut wrong = Vec::new();
    let mut compared = 0;
    for (number, document, _) in
        all(KNOWN).iter().chain(&all(OTHER_STYLES)).filter(|(.., want)| want["style"] != "调整通知")
    {
        let text: String = document.lines.iter().map(|line| format!("{}\n", line.text)).collect();
        let is_cell = |line: &str| !line.is_empty() && line.trim().chars().all(|c| c.is_ascii_digit());
        // Of a scan whose characters stand apart, rows of print are not reported from cells.
        let apart = text.matches(' ').count() * 8 > text.chars().count();
        let Some(scheme) =
            read(document).filter(|_| !apart && !text.contains(['\t', '|']) && !text.lines().any(is_cell))
        else {
            continue;
        };
        let plain = |scheme: &Scheme| -> BTreeMap<&str, String> {
            let told = |p: Proposed| (p.column, super::super::text::plain(&p.text).replace(['\n', '\t'], ""));
            scheme.columns().into_iter().map(told).collect()
        };
        let wanted = plain(&scheme);
        let set = as_set(&text, &scheme);
        let files = [
            ("甲.docx", crate::documents::fixtures::docx(&text)),
            ("甲.ofd", crate::documents::fixtures::ofd_set(&set, false)),
            ("甲.pdf", crate::documents::fixtures::pdf_set(&set)),
        ];
        for (name, file) in files {
            let document =
                crate::documents::read(&file, name).unwrap_or_else(|error| panic!("{number} {name}: {error}"));
            let Some(scheme) = read(&document) else {
                wrong.push(format!(
                    "{number} {name}: is not read: {:?}",
                    document.lines.iter().take(4).map(|line| &line.text).collect::<Vec<_>>()
                ));
                continue;
            };
            let got = plain(&scheme);
            for column in wanted.keys().chain(got.keys().filter(|column| !wanted.contains_key(*column))) {
                compared += 1;
                if got.get(column) != wanted.get(column) {
                    wrong.push(format!("{number} {name} {column}: {:?} ≠ {:?}", got.get(column), wanted.get(column)));
                }
            }
            let words = document.text();
            for duty in &scheme.duties {
                let seen: String =
                    duty.evidence.iter().map(|span| super::super::text::plain(&words[span.start..span.end])).collect();
                let told = super::super::text::plain(&duty.value.text);
                if !seen.contains(told.chars().take(8).collect::<String>().as_str()) {
                    wrong.push(format!("{number} {name}: {told} is not at {seen}"));
                }
            }
        }
    }
    println!("{} of {compared} differ:\n{}", wrong.len(), wrong.join("\n"));
    assert!(compared > 1_000 && wrong.is_empty(), "{} of {compared} differ", wrong.len());
}
