//! Numbers, lists and marks, however they are written.

use super::*;

/// Articles that begin as what speaks of an article does, as white space is left out: 第二条　中华人民共和国甲部是….
#[test]
fn articles_are_opened_by_the_full_names_of_ministries() {
    let text = "中华人民共和国海岛部职能配置、内设机构和人员编制规定\n国办发〔2020〕5号\n第一条　根据《中国共产党机构编制工作条例》，制定本规定。\n第二条　中华人民共和国海岛部是国务院组成部门，为正部级。\n第三条　中华人民共和国海岛部的主要职责是：\n（一）负责海岛保护。\n（二）完成国务院交办的其他任务。\n第四条　中华人民共和国海岛部设1个内设机构：\n（一）办公厅。负责机关日常工作。\n第五条　所属事业单位的设置另行规定。\n";
    let scheme = read(&Document::from(text)).unwrap();
    let numbers: Vec<&str> = scheme.clauses.iter().map(|clause| clause.value.number.as_str()).collect();
    assert_eq!(numbers, ["第一条", "第二条", "第三条", "第四条", "第五条"]);
    assert_eq!((scheme.rank.value.as_str(), scheme.duties.len(), scheme.units.len()), ("正部级", 2, 1));
}

/// A scheme of 12,000 characters.
/// A scheme around a clause of numbers.
fn with_numbers(numbers: &str) -> Scheme {
    let text = format!(
        "甲市乙局职能配置、内设机构和人员编制规定\n第一条　根据有关规定，制定本规定。\n第二条　甲市乙局是市人民政府工作部门，为正处级。\n第三条　主要职责是：\n（一）负责示例工作。\n（二）完成市委、市政府交办的其他任务。\n第四条　甲市乙局设下列内设机构：\n（一）办公室。负责日常。\n第五条　{numbers}\n第六条　本规定自2019年4月1日起施行。\n"
    );
    read(&text.as_str().into()).unwrap()
}

/// Ways in which numbers are written: staff, posts, and what is told to be no field's.
#[test]
fn numbers_are_read_however_they_are_written() {
    let mut wrong = Vec::new();
    for (numbers, staffing, posts, unread) in [
        (
            "机关行政编制58名（含纪检监察编制3名）。其中：局长1名、副局长4名；总工程师1名；科级领导职数22名（正科14名、副科8名）。",
            "机关行政编制58名（含纪检监察编制3名）",
            "局长1名\n副局长4名\n总工程师1名\n科级领导职数22名（含正科14名、副科8名）",
            "",
        ),
        (
            "事业编制26名。领导职数：主任1名，副主任2名，科级领导职数6名（3正3副）。",
            "事业编制26名",
            "主任1名\n副主任2名\n科级领导职数6名（含正3名、副3名）",
            "",
        ),
        (
            "行政编制20名。单位领导职数1正3副，内设机构领导职数8正4副。",
            "行政编制20名",
            "正职1名\n副职3名\n内设机构领导职数12名（含正8名、副4名）",
            "",
        ),
        ("行政编制10名（其中：局长1名，副局长2名，科长4名）。", "行政编制10名", "局长1名\n副局长2名\n科长4名", ""),
        ("机关行政编制26名，其中局长1名，副局长2名。", "机关行政编制26名", "局长1名\n副局长2名", ""),
        (
            "机关行政编制30名。科级领导职数12名（其中正科级8名、副科级4名，含机关党委专职副书记1名）。",
            "机关行政编制30名",
            "科级领导职数12名（含正科级8名、副科级4名）",
            "1名",
        ),
        (
            "行政编制40名。设局长1名；内设机构正职12名、副职6名。",
            "行政编制40名",
            "局长1名\n内设机构领导职数18名（含正职12名、副职6名）",
            "",
        ),
        (
            "行政编制40名。内设机构领导职数：正职12名，副职6名。",
            "行政编制40名",
            "内设机构领导职数18名（含正职12名、副职6名）",
            "",
        ),
        (
            "行政编制32名。领导职数按11名配备：党工委书记1名，武装部长1名，其他领导职数2名。",
            "行政编制32名",
            "领导职数11名\n党工委书记1名\n武装部长1名\n其他领导职数2名",
            "",
        ),
        (
            "行政编制共计一百零五名，暂核定事业编制20名，待改革后收回。领导职数5名：局长1名，副局长4名。",
            "行政编制105名\n事业编制20名",
            "领导职数5名（含局长1名、副局长4名）",
            "",
        ),
        (
            "机关行政编制廿五名、机关工勤编制叁名。设局长壹名，副局长贰名。",
            "机关行政编制25名\n机关工勤编制3名",
            "局长1名\n副局长2名",
            "",
        ),
        ("机关行政编制20名，机关工勤编制3名（只减不增），共23名。", "机关行政编制20名\n机关工勤编制3名", "", ""),
        ("机关行政编制20名，机关工勤编制3名，共25名。", "机关行政编制20名\n机关工勤编制3名", "", "之和是 23 名"),
        ("机关行政编制20名。设局长1名，副局长2至4名。", "机关行政编制20名", "局长1名", "4名"),
        ("机关行政编制20名。设局长1名，副局长2—4名。", "机关行政编制20名", "局长1名", "4名"),
        (
            "机关编制35名（含行政编制32名、工勤编制3名）。设局长1名。",
            "机关编制35名（含行政编制32名、工勤编制3名）\n行政编制32名\n工勤编制3名",
            "局长1名",
            "",
        ),
        ("机关行政编制20名，比原核定数增加3名。", "机关行政编制20名", "", "3名"),
    ] {
        let scheme = with_numbers(numbers);
        let written = |counts: &[Read<Headcount>]| {
            let counts: Vec<Headcount> = counts.iter().map(|read| read.value.clone()).collect();
            staffing::written(&counts).concat()
        };
        let told: Vec<&str> = scheme.unread.iter().map(|unread| unread.value.as_str()).collect();
        let right = if unread.is_empty() { told.is_empty() } else { told.len() == 1 && told[0].contains(unread) };
        if written(&scheme.staffing) != staffing || written(&scheme.posts) != posts || !right {
            wrong.push(format!(
                "{numbers}\n  {:?}\n  {:?}\n  {told:?}",
                written(&scheme.staffing),
                written(&scheme.posts)
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Units and duties in lists that are set otherwise than most.
#[test]
fn unusual_lists_are_read_whole() {
    let names = |units: &str| {
        let text = "甲市乙局职能配置、内设机构和人员编制规定\n第一条　根据有关规定，制定本规定。\n第三条　主要职责是：\n（一）负责示例工作。\n（二）完成市委、市政府交办的其他任务。\n".to_owned();
        let scheme = read(&format!("{text}{units}\n第五条　行政编制10名。\n").as_str().into()).unwrap();
        let names: Vec<String> =
            scheme.units.iter().map(|unit| format!("{}{}", unit.value.number, unit.value.name)).collect();
        (
            names.join(" "),
            scheme.stated_units.value,
            scheme.units.iter().map(|unit| unit.value.text.clone()).collect::<String>(),
        )
    };
    for (units, expected, stated, without) in [
        (
            "第四条　市乙局设下列内设机构\n一、办公室。负责日常。\n二、法规科。负责法规。",
            "一、办公室 二、法规科",
            None,
            "",
        ),
        (
            "第四条　市乙局内设2个职能科室和1个直属分局：\n（一）办公室。负责日常。\n（二）法规科。负责法规。\n市乙局下设东城分局、西城分局2个派出机构，为正科级。",
            "（一）办公室 （二）法规科",
            Some(2),
            "分局",
        ),
        (
            "第四条　机构设置\n街道设党政综合办公室、党建工作办公室、公共服务办公室等3个综合性办事机构，均为股级。",
            "党政综合办公室 党建工作办公室 公共服务办公室",
            Some(3),
            "",
        ),
        (
            "第四条　市乙局设5个内设机构：办公室、法规科、财务科、业务科、人事科（机关党委办公室）。",
            "办公室 法规科 财务科 业务科 人事科",
            Some(5),
            "",
        ),
        (
            "第四条　市乙局设下列内设机构：\n（一）办公室。\n负责日常运转。\n（二）法规科\n1.负责法规起草；\n2.负责复议。",
            "（一）办公室 （二）法规科",
            None,
            "",
        ),
    ] {
        let (got, n, text) = names(units);
        assert_eq!((got.as_str(), n), (expected, stated), "{units}");
        assert!(without.is_empty() || !text.contains(without), "{units}: {text}");
    }
    let text = "甲市乙局职能配置、内设机构和人员编制规定\n第三条　主要职责是：\n（一）负责甲类工作。\n（二）负责乙类工作。（三）负责丙类工作。\n（四）\n负责丁类工作。\n（五）\n第五条　行政编制10名。\n第六条　本规定自2019年2月30日起施行。\n";
    let scheme = read(&text.into()).unwrap();
    let duties: Vec<String> = scheme.duties.iter().map(|duty| duty.value.written()).collect();
    assert_eq!(
        duties,
        ["（一）负责甲类工作。", "（二）负责乙类工作。", "（三）负责丙类工作。", "（四）负责丁类工作。"]
    );
    assert!(scheme.unread.iter().any(|told| told.value.contains("2019年2月30日")), "{:?}", scheme.unread);
}

/// The rank that the sentence before a list gives all its units.
#[test]
fn the_rank_of_all_units_is_told_before_them() {
    let ranks = |lead: &str| {
        let text = format!(
            "甲市乙局职能配置、内设机构和人员编制规定\n第一条　根据有关规定，制定本规定。\n第二条　甲市乙局是市人民政府工作部门，为正处级。\n第四条　{lead}\n（一）办公室。负责日常。\n（二）财务科（副科级）。负责财务。\n机关党委。负责党群工作。\n"
        );
        let scheme = read(&text.as_str().into()).unwrap();
        assert_eq!(scheme.rank.value, "正处级", "{lead}");
        scheme.units.iter().map(|unit| unit.value.rank.clone()).collect::<Vec<_>>()
    };
    for lead in [
        "甲市乙局设下列内设机构（正科级）：",
        "设2个内设机构，均为正科级：",
        "设下列内设机构（均为正科级）：",
        "内设机构（均为正科级）",
    ] {
        assert_eq!(ranks(lead), ["正科级", "副科级", ""], "{lead}");
    }
    for lead in ["甲市乙局设下列内设机构：", "甲市乙局为市人民政府直属机构，正处级，设下列内设机构："]
    {
        assert_eq!(ranks(lead), ["", "副科级", ""], "{lead}");
    }
    // The rank of one unit is not that of the others.
    let text =
        "甲市乙局职能配置、内设机构和人员编制规定\n第四条　甲市乙局设3个内设机构：办公室（副科级）、人事科、财务科。\n";
    let scheme = read(&text.into()).unwrap();
    let ranks: Vec<&str> = scheme.units.iter().map(|unit| unit.value.rank.as_str()).collect();
    assert_eq!(ranks, ["副科级", "", ""]);
}

/// A sum row of a table is no number of its own, and is held against the others.
#[test]
fn a_sum_row_is_not_counted_and_is_checked() {
    for (sum, told) in [("合计 | 22", false), ("编制总数（名） | 22", false), ("总计 | 25", true)] {
        let text = format!(
            "甲市乙局职能配置、内设机构和人员编制规定\n第三条　主要职责是：\n（一）负责甲类工作。\n第五条　人员编制\n\n| 类别 | 数量 |\n|---|---|\n| 行政编制 | 20 |\n| 工勤编制 | 2 |\n| {sum} |\n"
        );
        let scheme = read(&text.as_str().into()).unwrap();
        let staff: Vec<u32> = scheme.staffing.iter().map(|count| count.value.n).collect();
        assert_eq!((staff, scheme.unread.len()), (vec![20, 2], usize::from(told)), "{sum}: {:?}", scheme.unread);
    }
}

/// A scheme of a public institution, whose clauses are labels with what they are.
#[test]
fn a_scheme_of_labels_is_read() {
    let text = "甲市储备中心机构编制方案\n甲编〔2023〕7号\n一、机构名称：甲市储备中心\n二、机构性质：甲市发展和改革委员会所属公益一类事业单位，机构规格为正科级。\n三、主要职责\n1.承担储备工作；\n2.完成市发展改革委交办的其他任务。\n四、内设机构：设综合科、储备科2个内设机构。\n五、人员编制：核定事业编制15名。\n2023年2月30日\n";
    let scheme = read(&text.into()).unwrap();
    let of = [&scheme.nature.value, &scheme.superior.value, &scheme.rank.value];
    assert_eq!(of, ["公益一类事业单位", "甲市发展和改革委员会", "正科级"]);
    let units: Vec<&str> = scheme.units.iter().map(|unit| unit.value.name.as_str()).collect();
    assert_eq!((scheme.stated_units.value, &units[..]), (Some(2), &["综合科", "储备科"][..]));
    // A day that no calendar has is no day, and is reported.
    assert_eq!(scheme.signed.value, None);
    assert!(scheme.unread.iter().any(|told| told.value.contains("2023年2月30日")), "{:?}", scheme.unread);
}

/// Rows of a table that are not taken up, and tables that are not known, are reported; a table right below another is
/// one of its own.
#[test]
fn what_a_table_has_beyond_what_is_read_is_told() {
    let text = "甲街道办事处职能配置、内设机构和人员编制规定\n\n| 序号 | 内设机构 | 主要职责 |\n|---|---|---|\n| 1 | 党政办公室 | 负责日常工作 |\n| 2 | 无 | 负责综治工作 |\n| 3 | 12345热线 | 无 |\n\n| 编制类别 | 数量 |\n|---|---|\n| 行政编制 | 20 |\n| 事业编制 | 若干 |\n| 合计 | 36 |\n\n各站所联系方式如下。\n\n| 站所 | 电话 |\n|---|---|\n| 甲站 | 1 |\n";
    let scheme = read(&text.into()).unwrap();
    let units: Vec<&str> = scheme.units.iter().map(|unit| unit.value.name.as_str()).collect();
    assert_eq!(units, ["党政办公室"]);
    let staff: Vec<String> = scheme.staffing.iter().map(|count| count.value.written()).collect();
    assert_eq!(staff, ["行政编制20名"]);
    let told: Vec<&str> = scheme.unread.iter().map(|told| told.value.as_str()).collect();
    let says = |words: &[&str]| told.iter().any(|told| words.iter().all(|word| told.contains(word)));
    for words in [["“无”", "综治"], ["12345热线", "无"], ["事业编制", "若干"], ["合计", "36"], ["站所", "列名"]]
    {
        assert!(says(&words), "{words:?}: {told:?}");
    }
    assert_eq!(told.len(), 5, "{told:?}");
}

/// A point behind a word is a stop, but not within a web name.
#[test]
fn points_of_web_names_are_no_stops() {
    for (text, wanted) in [
        ("办公室.负责文电", "办公室。负责文电"),
        ("办公室．政务、事务", "办公室。政务、事务"),
        ("甲局.政务公开", "甲局。政务公开"),
        ("遵义市人民政府.政务", "遵义市人民政府.政务"),
        ("管理遵义市人民政府.政务等网上名称", "管理遵义市人民政府.政务等网上名称"),
        ("“甲学校.公益”、甲市政府.政务、乙馆.公益。", "“甲学校.公益”、甲市政府.政务、乙馆.公益。"),
        ("维护甲市乙局办公室.政务、甲市乙局法规处.公益", "维护甲市乙局办公室.政务、甲市乙局法规处.公益"),
        ("网站由信息科www.yi.gov.cn管理", "网站由信息科www.yi.gov.cn管理"),
        ("综合科.政务。", "综合科。政务。"),
    ] {
        assert_eq!(super::super::text::plain(text), wanted);
    }
}

/// Of more numbers than a page shows it says that there are more.
#[test]
fn numbers_beyond_those_that_are_listed_are_mentioned() {
    let scheme = |numbers: u32| {
        let rows: String = (0..numbers).map(|n| format!("副局长2至{}名。", 100 + n)).collect();
        with_numbers(&format!("机关行政编制20名。{rows}")).unread
    };
    let says = |unread: &[Read<String>]| unread.last().is_some_and(|last| last.value.contains("没有全部列出"));
    let (few, many) = (scheme(50), scheme(70));
    assert!(few.len() == 50 && !says(&few), "{} {:?}", few.len(), few.last());
    assert!(many.len() == 51 && says(&many), "{} {:?}", many.len(), many.last());
}
