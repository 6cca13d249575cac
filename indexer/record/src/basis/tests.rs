//! Bases as lists write them, with the slips that they have.

use proptest::prelude::*;

use super::*;
use crate::Date;

fn told(text: &str) -> Vec<(String, Vec<(String, String)>)> {
    let passages = |regulation: CitedRegulation| regulation.passages.into_iter().map(|p| (p.place, p.quote)).collect();
    read(text).into_iter().map(|regulation| (regulation.title.clone(), passages(regulation))).collect()
}

fn owned(all: &[(&str, &[(&str, &str)])]) -> Vec<(String, Vec<(String, String)>)> {
    let own = |(place, quote): &(&str, &str)| ((*place).to_owned(), (*quote).to_owned());
    all.iter().map(|(title, passages)| ((*title).to_owned(), passages.iter().map(own).collect())).collect()
}

#[test]
fn regulations_places_and_words_are_told_apart() {
    let text = "【法规】《甲条例》（2005年1月1日国务院令第1号公布 根据2019年3月2日《国务院关于修改部分行政法规的决定》修订）\n 第三条第一款：未经许可，不得办甲。\n 第二十条：违反本条例，依照《丙法》第五条的规定处罚：\n （一）甲；\n （二）乙。\n【规章】《乙办法》（2010年乙部令第2号）第五条：“乙由局管。”";
    let regulations = read(text);
    assert_eq!(
        told(text),
        owned(&[
            (
                "甲条例",
                &[
                    ("第三条第一款", "未经许可，不得办甲。"),
                    ("第二十条", "违反本条例，依照《丙法》第五条的规定处罚：\n（一）甲；\n（二）乙。"),
                ]
            ),
            ("乙办法", &[("第五条", "乙由局管。")]),
        ])
    );
    assert_eq!((regulations[0].sort.as_str(), regulations[1].sort.as_str()), ("法规", "规章"));
    assert!(regulations[0].note.contains("国务院令第1号"));
    assert_eq!(regulations[0].version().map(|noted| noted.day), Some(Date::constant(2019, 3, 2)));
}

/// 【】 marks documents, and places too.
#[test]
fn only_a_mark_of_another_document_ends_what_is_said_of_one() {
    let places = |marked: &str| {
        let text = format!("《甲法》\n第三条：甲由县办。\n{marked}\n第四条：乙由市办。");
        told(&text).swap_remove(0).1.into_iter().map(|(place, _)| place).collect::<Vec<_>>()
    };
    for within in
        ["【罚则】", "【第三十条】", "【罚则】违反《丙法》规定的，处罚款。", "【罚则】违反本法，依照《丙法》处罚。"]
    {
        assert_eq!(places(within), ["第三条", "第四条"], "{within}");
    }
    for other in [
        "【规范性文件】甲委员会《关于乙的通知》",
        "【甲委员会《关于乙的通知》】",
        "【规范性文件】\n甲委员会《关于乙的通知》",
    ] {
        assert_eq!(places(other), ["第三条"], "{other}");
    }
}

#[test]
fn bases_in_one_line_are_told_apart() {
    let text = "《甲法》第三条：“甲由县办。”；《乙法》第四条：“乙由市办。”第六条：“丙由省办。”";
    assert_eq!(
        told(text),
        owned(&[
            ("甲法", &[("第三条", "甲由县办。")]),
            ("乙法", &[("第四条", "乙由市办。"), ("第六条", "丙由省办。")]),
        ])
    );
    assert_eq!(
        told("【法律】《甲法》\n第三条：甲由县办。第四条 乙由市办。"),
        owned(&[("甲法", &[("第三条", "甲由县办。"), ("第四条", "乙由市办。")])])
    );
    assert_eq!(
        told("1.《甲法》第三条、第五条；\n2.《乙条例》（国务院令第3号）第六条第（二）项"),
        owned(&[("甲法", &[("第三条、第五条", "")]), ("乙条例", &[("第六条第（二）项", "")])])
    );
}

#[test]
fn slips_of_lists_are_read() {
    for (text, title, place) in [
        ("【法规】（甲规定》（2002年10月1日公布）\n第四条：甲。", "甲规定", "第四条"),
        ("法律】《甲法》（2002年）\n第四条 甲。", "甲法", "第四条"),
        ("【 法律】《甲法》\n　第 四 条第1、2款 ：甲。", "甲法", "第四条第1、2款"),
        ("【法律】《中华人民共\n和国甲法》\n第四条甲由县办。", "中华人民共和国甲法", "第四条"),
        ("【法律】甲法（2002年公布）\n第四条：甲。", "甲法", "第四条"),
        ("【法律】《甲法》（2002年公布，未闭合\n第四条：甲。", "甲法", "第四条"),
        ("【规范性文件】《甲通知》\n全文适用。", "甲通知", "全文适用"),
        ("【国务院决定】《甲决定》\n附件第109项：乙。", "甲决定", "附件第109项"),
        ("【法律】《甲法》\n第五章、第六章。", "甲法", "第五章、第六章"),
        ("【法律】《甲法》\n第三十九至第五十条、第五十九条。", "甲法", "第三十九至第五十条、第五十九条"),
        ("【法律】《甲法》\n第三至五条：甲。", "甲法", "第三至五条"),
        ("【法律】《甲法》\n第三十二条第一款、第二款规定：甲由县办。", "甲法", "第三十二条第一款、第二款"),
        ("中华人民共和国甲法》（2005年公布）第四条：甲。", "中华人民共和国甲法", "第四条"),
        ("【法律】甲法（试行）》\n第四条：甲。", "甲法（试行）", "第四条"),
        ("1.甲条例》第四条：甲。", "甲条例", "第四条"),
        ("【法律】《甲法》\n第一百二十条之一：甲。", "甲法", "第一百二十条之一"),
    ] {
        let regulations = read(text);
        assert_eq!((regulations.len(), regulations[0].title.as_str()), (1, title), "{text}");
        assert_eq!(regulations[0].passages.len(), 1, "{text}: {regulations:?}");
        assert_eq!(regulations[0].passages[0].place, place, "{text}");
    }
    let unread =
        read("【法律】《甲法》\n第三条：甲由县办。\n【规范性文件】甲委员会、乙局《关于甲的通知》（甲发〔2001〕5号）");
    assert_eq!(unread[0].passages[0].quote, "甲由县办。", "{unread:?}");
    assert_eq!(read("《甲法》\n第三条规定：“甲由县办。”")[0].passages[0].quote, "甲由县办。");
    assert!(read("依照甲法》和乙条例处理。").is_empty(), "a line of prose");
    assert!(read("【法律】《甲法》")[0].passages.is_empty());
    assert!(read("没有依据").is_empty() && read("").is_empty());
}

#[test]
fn regulations_that_the_words_speak_of_are_no_bases() {
    let text = "【法律】《甲法》\n第三条：依照《乙法》和《丙条例》第八条处理。\n第三十二条、第三十三条规定的行为除外。";
    let regulations = read(text);
    assert_eq!(regulations.len(), 1);
    assert_eq!(regulations[0].passages.len(), 1, "{regulations:?}");
}

#[test]
fn days_of_effect_are_no_versions() {
    let regulation = &read("【法律】《甲法》（1994年7月5日通过，2018年12月29日第二次修正，自2019年1月1日起施行）")[0];
    assert_eq!(regulation.version().map(|noted| noted.day), Some(Date::constant(2018, 12, 29)));
    assert_eq!(regulation.days().len(), 3);
    assert_eq!(read("《甲法》（2018年13月40日修正）第一条：甲。")[0].version(), None);
}

#[test]
fn a_month_alone_tells_a_version() {
    let version = |note: &str| read(&format!("《甲法》（{note}）第一条：甲。"))[0].version();
    let october = version("2005年1月1日公布，2017年10月修正").unwrap();
    assert_eq!((october.day, october.month, october.last().day()), (Date::constant(2017, 10, 1), true, 31));
    assert!(october.is(Date::constant(2017, 10, 7)) && !october.is(Date::constant(2017, 11, 1)));
    assert_eq!(october.to_string(), "2017 年 10 月");
    assert_eq!(version("2017年10月7日修正").unwrap().to_string(), "2017-10-07");
    assert_eq!(version("2017年13月修正"), None);
    assert_eq!(version("2017年10月起施行"), None, "a month of effect tells no version");
}

#[test]
fn rules_for_carrying_out_a_regulation_are_regulations_of_their_own() {
    for text in [
        "【规章】《甲办法》实施细则》\n第三条：甲。",
        "《甲办法》实施细则第三条：甲。",
        "《甲办法》实施细则（2010年甲部令第1号）第三条：甲。",
        "第一条略。《甲办法》的实施细则第三条：甲。",
    ] {
        let regulations = read(text);
        assert_eq!(regulations.len(), 1, "{text}: {regulations:?}");
        assert!(
            regulations[0].title.starts_with("甲办法") && regulations[0].title.ends_with("实施细则"),
            "{text}: {regulations:?}"
        );
        assert_eq!(
            regulations[0].passages.first().map(|p| p.place.as_str()),
            Some("第三条"),
            "{text}: {regulations:?}"
        );
    }
    assert_eq!(read("《甲法》若干规定（试行）第二条：甲。")[0].title, "甲法若干规定（试行）");
    assert_eq!(read("《甲省实施〈乙法〉办法》第二条：甲。")[0].title, "甲省实施〈乙法〉办法");
    assert_eq!(read("《甲省实施《乙法》办法》第二条：甲。")[0].title, "甲省实施《乙法》办法");
    assert_eq!(read("《甲法》第二条：实施办法由省定。")[0].title, "甲法");
}

proptest! {
    #[test]
    fn any_text_is_read(text in "[《》（）【】第三条款项：“”。；\n 甲法0-9年月日、附件全文]{0,120}") {
        for regulation in read(&text) {
            let _ = regulation.days();
            prop_assert!(!regulation.title.contains('\n'));
        }
    }
}
