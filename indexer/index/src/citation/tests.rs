use std::{collections::HashMap, sync::LazyLock};

use proptest::prelude::*;

use super::*;
use crate::{
    catalogue::Positions,
    survey::{Facts, Survey},
};
use record::{Date, samples};
use text::{Normalizer, Pinyin, Segmenter};

const REGULATIONS: [&str; 6] =
    ["民法典", "中华人民共和国公司法", "中华人民共和国刑法", "甲市停车条例", "宪法修正案（2018年）", "丙办法（试行）"];

static KNOWN: LazyLock<(Pipeline, Titles)> = LazyLock::new(|| {
    let pipeline = Pipeline {
        normalizer: Normalizer::new(&HashMap::from([('〇', '零')])),
        segmenter: Segmenter::new(&[], &[""; 0]),
        pinyin: Pinyin::default(),
    };
    let mut survey = Survey::default();
    for title in REGULATIONS {
        survey.add(&samples::law(title, Date::constant(2020, 1, 1), &["一。"]));
    }
    let catalogue = survey.catalogue(Facts::default(), Date::constant(2026, 1, 1), &Positions::default());
    let titles = Titles::new(&catalogue, &pipeline, &HashMap::new()).unwrap();
    (pipeline, titles)
});

fn cited(text: &str) -> Vec<Citation> {
    find(&KNOWN.0, &KNOWN.1, text)
}

/// 公司法(2023)第四条第一款 → 公司法@2023 4 第一款; headings in the law's words.
fn told(text: &str) -> Vec<String> {
    let one = |c: Citation| {
        let title = match c.outcome {
            Outcome::Work(work) => work,
            Outcome::UnknownTitle(title) => format!("?{title}"),
        };
        let version = c.version.map(|year| format!("@{year}"));
        let article = c.article.map(|n| match n.inserted {
            0 => format!(" {}", n.number),
            inserted => format!(" {}-{inserted}", n.number),
        });
        let section: String = c.section.iter().map(|step| step.label()).collect();
        let within = c.within.label();
        [Some(title), version, article, Some(section), within].into_iter().flatten().collect()
    };
    cited(text).into_iter().map(one).collect()
}

#[test]
fn several_articles_share_one_word() {
    for (text, articles) in [
        ("民法典1079、1080条", "1079 1080"),
        ("民法典第1079、1080、1081条", "1079 1080 1081"),
        ("民法典第1079，1080和第1081条", "1079 1080 1081"),
        ("《民法典》第１０７９、１０８０条", "1079 1080"),
        ("民法典第二十、三十条", "20 30"),
        ("民法典第一千零七十九条、第一千零八十条", "1079 1080"),
        ("民法典1079条和1080条", "1079 1080"),
        ("民法典 1079、1080", "1079 1080"),
        ("民法典第1079-1081条", "1079 1080 1081"),
        ("民法典1079-1081", "1079 1080 1081"),
        ("民法典第1079～1081条", "1079 1080 1081"),
        ("民法典第1079条—第1081条", "1079 1080 1081"),
        ("民法典第1079条至1081条", "1079 1080 1081"),
        ("民法典第一千零七十九条到第一千零八十一条", "1079 1080 1081"),
        ("民法典第1079至81条", "1079 1080 1081"),
        ("民法典第二十至二十二、三十条", "20 21 22 30"),
        ("民法典第一百二十八至三十条", "128 129 130"),
        ("民法典第3、5-7条", "3 5 6 7"),
        ("民法典第十条至第三条", "10 3"),
    ] {
        let want: Vec<String> = articles.split(' ').map(|n| format!("民法典 {n}")).collect();
        assert_eq!(told(text), want, "{text}");
    }
}

#[test]
fn inserted_articles_and_every_numeral() {
    for (text, article) in [
        ("刑法133-1条", "133-1"),
        ("刑法第133-1条", "133-1"),
        ("刑法133-1", "133-1"),
        ("刑法第133条之1", "133-1"),
        ("刑法第133之一条", "133-1"),
        ("刑法第一百三十三条之一", "133-1"),
        ("刑法第壹佰零贰条", "102"),
        ("刑法第廿三条", "23"),
        ("刑法第卅条", "30"),
        ("刑法第一〇二条", "102"),
        ("刑法第 一 百 零 二 条", "102"),
        ("刑 法 第 102 条", "102"),
        ("刑法之第三条", "3"),
        ("刑法：第三条", "3"),
        ("刑法（第三条）", "3"),
        ("刑法中的第三条", "3"),
        ("中华人民共和国刑法第3条", "3"),
        ("中華人民共和國刑法第3條", "3"),
        ("刑法2", "2"),
        ("第三条之一般规定不适用，刑法第三条之一般规定", "3"),
    ] {
        assert_eq!(told(text), [format!("刑法 {article}")], "{text}");
    }
    assert_eq!(told("刑法第一百二十条之一、之二"), ["刑法 120-1", "刑法 120-2"]);
    assert_eq!(told("刑法第一百二十条之一至之三"), ["刑法 120-1", "刑法 120-2", "刑法 120-3"]);
    assert_eq!(told("刑法2019"), Vec::<String>::new(), "a year is no article");
}

#[test]
fn versions_in_brackets_and_beside_the_title() {
    for text in [
        "公司法（2023）第四条",
        "公司法(2023年修订)第四条",
        "《公司法（2023修订）》第4条",
        "《中华人民共和国公司法》（2023年修订）第四条",
        "公司法2023修订第四条",
        "2023年修订的《公司法》第四条",
        "2023版公司法第四条",
        "公司法【2023年12月29日修订】第四条",
        "公司法（2023-12-29修订）第四条",
    ] {
        assert_eq!(told(text), ["公司法@2023 4"], "{text}");
    }
    assert_eq!(told("公司法（2018年修正）"), ["公司法@2018"]);
    assert_eq!(told("宪法修正案（2018年）第三条"), ["宪法修正案（2018年） 3"], "the year is part of the title");
    assert_eq!(told("《甲市停车条例》（甲市人民政府令第7号）第三条"), ["甲市停车条例 3"]);
    assert_eq!(told("丙办法（试行）第三条"), ["丙办法（试行） 3"]);
    let number = cited("依照《公司法》（2023）51号第四条");
    assert_eq!(number[0].version, None, "a document number is no version");
}

#[test]
fn several_paragraphs_and_items() {
    for (text, within) in [
        ("第十二条第一、三款", "第一款、第三款"),
        ("第十二条第一款和第三款", "第一款、第三款"),
        ("第十二条第一款至第三款", "第一款、第二款、第三款"),
        ("第十二条第一款第（一）（三）项", "第一款第（一）项、第（三）项"),
        ("第十二条第一款第（一）、（三）项", "第一款第（一）项、第（三）项"),
        ("第十二条第一款第一项、第三项", "第一款第（一）项、第（三）项"),
        ("第十二条第（一）项至第（三）项", "第（一）项、第（二）项、第（三）项"),
        ("第12条第2款第3项", "第二款第（三）项"),
        ("第十二条第一款、第二款第三项", "第一款、第二款第（三）项"),
        ("第十二条第（三）项第2目", "第（三）项第2目"),
    ] {
        assert_eq!(told(&format!("刑法{text}")), [format!("刑法 12{within}")], "{text}");
    }
    assert_eq!(told("刑法第十二条第一、三款和第十三条第二款"), ["刑法 12第一款、第三款", "刑法 13第二款"]);
    assert_eq!(told("刑法第十二条第二项目"), ["刑法 12"]);
}

#[test]
fn headings_alone() {
    for (text, want) in [
        ("民法典第三编", vec!["民法典第三编"]),
        ("《民法典》第3编", vec!["民法典第三编"]),
        ("刑法第二章第一节", vec!["刑法第二章第一节"]),
        ("民法典第二编第三分编", vec!["民法典第二编第三分编"]),
        ("民法典第一章和第二章", vec!["民法典第一章", "民法典第二章"]),
        ("民法典第二章第一、二节", vec!["民法典第二章第一节", "民法典第二章第二节"]),
        ("民法典第一章至第三章", vec!["民法典第一章", "民法典第二章", "民法典第三章"]),
        ("民法典第三编第一千条", vec!["民法典 1000"]),
        ("民法典三章", vec![]),
    ] {
        assert_eq!(told(text), want, "{text}");
    }
    assert_eq!(Step::of_heading("第三章 总则"), Some(Step { unit: SectionUnit::Chapter, number: 3 }));
    assert_eq!(Step::of_heading("第二分编 所有权"), Some(Step { unit: SectionUnit::SubBook, number: 2 }));
    assert_eq!(Step::of_heading("附则"), None);
}

#[test]
fn long_ranges_are_cut_and_say_so() {
    let found = cited("民法典第1条至第500条");
    assert_eq!(found.len(), grammar::MAX_RANGE as usize);
    assert_eq!(found.iter().map(|c| c.omitted).sum::<u32>(), 500 - grammar::MAX_RANGE);
    let found = cited("民法典第1-500条");
    assert_eq!((found.len(), found.last().unwrap().omitted), (grammar::MAX_RANGE as usize, 500 - grammar::MAX_RANGE));
    let text = "民法典第1条至第1000条，".repeat(40);
    assert!(cited(&text).len() <= MAX_CITATIONS);
}

#[test]
fn texts_of_law_cite_as_before() {
    let text = "违反《中华人民共和国刑法》第一条、第二条和《无此法》第三条，同法第四条除外。第五条不在内。";
    assert_eq!(told(text), ["刑法 1", "刑法 2", "?无此法 3", "?无此法 4"]);
    for c in cited(text) {
        assert!(text.get(c.span).is_some());
    }
    assert_eq!(told("依照《公司法》。第三条"), ["公司法"], "a sentence's end is between");
    assert_eq!(told("《公司法》十日内"), ["公司法"]);
    assert_eq!(told("《公司法》第三条、五日内"), ["公司法 3"]);
}

/// A way of writing a number.
fn written(n: u32, style: u8) -> String {
    let capital = |c: char| match c {
        '十' => '拾',
        '百' => '佰',
        '千' => '仟',
        '一' => '壹',
        '二' => '贰',
        '三' => '叁',
        c => c,
    };
    match style % 4 {
        0 => n.to_string(),
        1 => numerals::format(n),
        2 => numerals::format(n).chars().map(capital).collect(),
        _ => n.to_string().chars().map(|c| char::from_u32(c as u32 - '0' as u32 + '０' as u32).unwrap()).collect(),
    }
}

/// A list of articles as somebody writes it.
fn list(numbers: &[u32], numeral: u8, style: u8) -> String {
    let each = |before: &str, after: &str| -> Vec<String> {
        numbers.iter().map(|n| format!("{before}{}{after}", written(*n, numeral))).collect()
    };
    match style % 5 {
        0 => format!("第{}条", each("", "").join("、")),
        1 => each("第", "条").join("、"),
        2 => format!("{}条", each("", "").join("、")),
        3 => each("第", "条").join("和"),
        _ => format!("第 {} 条", each("", "").join(" 、 ")),
    }
}

proptest! {
    #[test]
    fn what_is_written_is_read_back(
        regulation in 0..4usize, title in 0..4u8, numeral in 0..4u8, style in 0..5u8,
        numbers in proptest::collection::vec(1..1261u32, 1..6),
    ) {
        let name = REGULATIONS[regulation];
        let bare = name.strip_prefix("中华人民共和国").unwrap_or(name);
        let name = match title {
            0 => bare.to_owned(),
            1 => format!("《{name}》"),
            2 => format!("{bare} "),
            _ => format!("《{bare}》的"),
        };
        let text = format!("{name}{}", list(&numbers, numeral, style));
        let want: Vec<String> = numbers.iter().map(|n| format!("{bare} {n}")).collect();
        prop_assert_eq!(told(&text), want, "{}", text);
    }

    #[test]
    fn ranges_are_read_back(from in 1..1200u32, more in 1..40u32, numeral in 0..4u8, dash in 0..7usize, whole in any::<bool>()) {
        let to = from + more;
        let dash = ["至", "到", "-", "～", "—", "–", "——"][dash];
        let (a, b) = (written(from, numeral), written(to, numeral));
        let text = if whole { format!("民法典第{a}条{dash}第{b}条") } else { format!("民法典第{a}{dash}{b}条") };
        let want: Vec<String> = (from..=to).map(|n| format!("民法典 {n}")).collect();
        prop_assert_eq!(told(&text), want, "{}", text);
    }

    #[test]
    fn parts_are_read_back(article in 1..1200u32, inserted in 0..6u32, paragraphs in 1..9u32, items in proptest::collection::vec(1..20u32, 0..4)) {
        let number = ArticleNumber { number: article, inserted };
        let parts: Vec<Part> = match items.is_empty() {
            true => (1..=paragraphs).map(|n| Part { paragraph: Some(n), ..Part::default() }).collect(),
            false => items.iter().map(|n| Part { paragraph: Some(paragraphs), item: Some(*n), subitem: None }).collect(),
        };
        let within = Within { parts };
        let found = cited(&format!("刑法{number}{}", within.label().unwrap()));
        prop_assert_eq!(found.len(), 1);
        prop_assert_eq!((found[0].article, &found[0].within), (Some(number), &within));
    }

    #[test]
    fn no_text_panics_and_spans_lie_in_it(text in "(民法典|《|》|公司法|刑法|第|条|款|项|编|章|节|之|[一二三百十壹]|[0-9]{1,5}|[（）()、，和至到~—\\- ]|２０２３|同法|年修订|。|\\PC){0,24}") {
        let found = cited(&text);
        for c in &found {
            prop_assert!(text.get(c.span.clone()).is_some(), "{:?}", c);
        }
        for pair in found.windows(2) {
            let (a, b) = (&pair[0].span, &pair[1].span);
            prop_assert!(a == b || a.end <= b.start, "{:?}", found);
        }
    }
}
