//! Document numbers 发文字号 (GB/T 9704-2012, 7.2.5) and order numbers, in every bracket style and word order.

use std::{ops::Range, sync::LazyLock};

use indexer::text::numerals;
use regex::{Captures, Regex};

/// A number as it is canonically written, and as it may be recorded too.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DocumentNumber {
    pub canonical: String,
    /// 公安部令〔2020〕160号 and 公安部令2020年第160号 for 公安部令第160号: an order's year is part of some numbers.
    pub others: Vec<String>,
}

const YEAR: &str = r"(?P<year>(?:19|20)\d\d)";
const SERIAL: &str = r"(?P<serial>[\d零〇一二两三四五六七八九十百千廿卅]{1,9})";

/// 代字〔年〕序号: brackets are `(`, `《` after normalization, or missing.
static NUMBER: LazyLock<Regex> = LazyLock::new(|| {
    regex(&format!(
        r"^(?P<organ>[\p{{Han}}]{{1,14}}?)(?:字|发文)?\s*[(《]?\s*{YEAR}\s*年?\s*[)》]?\s*第?\s*0*(?P<serial>\d{{1,5}})\s*号?$"
    ))
});
/// 国务院令第227号, 国务院令(第777号), 主席令第五十五号, 令第227号, 公安部令(2020)第160号, 商务部令2020年第1号.
static ORDER: LazyLock<Regex> = LazyLock::new(|| {
    regex(&format!(
        r"^(?P<organ>[\p{{Han}}]{{0,20}}?)令\s*(?:\(?\s*{YEAR}\s*年?\s*\)?\s*(?:年\s*)?)??\(?\s*第?\s*0*{SERIAL}\s*\)?\s*号?\s*\)?$"
    ))
});
/// 国务院第777号令, 国务院(第777号)令, 公安部2020年第160号令.
static NUMBERED_ORDER: LazyLock<Regex> = LazyLock::new(|| {
    regex(&format!(
        r"^(?P<organ>[\p{{Han}}]{{0,20}}?)\s*(?:\(?\s*{YEAR}\s*年?\s*\)?\s*)??\(?\s*第?\s*0*{SERIAL}\s*号\s*\)?\s*令$"
    ))
});
/// 第777号国务院令.
static ORDER_BEHIND: LazyLock<Regex> =
    LazyLock::new(|| regex(&format!(r"^第?\s*0*{SERIAL}\s*号\s*(?P<organ>[\p{{Han}}]{{1,20}})令$")));
/// What a number in a sentence ends with; who issued it stands in the characters before.
static IN_TEXT: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"(?:令\s*(?:\(?\s*(?:19|20)\d\d\s*年?\s*\)?\s*)?\(?\s*第?\s*[\d零〇一二两三四五六七八九十百千]{1,9}\s*\)?\s*号\s*\)?|\(?第\s*[\d零〇一二两三四五六七八九十百千]{1,9}\s*号\s*\)?\s*令|[(《]\s*(?:19|20)\d\d\s*[)》]\s*第?\s*\d{1,5}\s*号)",
    )
});

fn regex(pattern: &str) -> Regex {
    Regex::new(pattern).unwrap_or_else(|error| unreachable!("a fixed pattern: {error}"))
}

/// Reads a normalized text that is a document number and nothing else.
pub fn parse(normalized: &str) -> Option<DocumentNumber> {
    let text = normalized.trim().trim_matches(['《', '》', '"']).trim();
    let text = text.strip_prefix("中华人民共和国").unwrap_or(text).trim_start();
    if let Some(found) = NUMBER.captures(text).filter(|found| !found["organ"].ends_with('令')) {
        let bracketed = text.contains(['(', '《', '年']) || text.ends_with('号');
        let canonical = format!("{}〔{}〕{}号", &found["organ"], &found["year"], &found["serial"]);
        return bracketed.then_some(DocumentNumber { canonical, others: Vec::new() });
    }
    [&*ORDER, &*NUMBERED_ORDER, &*ORDER_BEHIND].into_iter().find_map(|form| order(&form.captures(text)?))
}

fn order(found: &Captures<'_>) -> Option<DocumentNumber> {
    let serial = numerals::parse(&found["serial"])?;
    let organ = match found["organ"].trim_start_matches("中华人民共和国") {
        "" | "国" => "国务院",
        "国家主席" => "主席",
        organ => organ,
    };
    let year = found.name("year").map(|year| year.as_str());
    let others = year.map_or_else(Vec::new, |year| {
        vec![format!("{organ}令〔{year}〕{serial}号"), format!("{organ}令{year}年第{serial}号")]
    });
    Some(DocumentNumber { canonical: format!("{organ}令第{serial}号"), others })
}

/// Places in a normalized text at which a number may stand, each with the ways to read it: the longest name of who issued
/// it first. Which of them is meant, the library tells.
pub fn candidates(normalized: &str) -> Vec<Vec<(Range<usize>, DocumentNumber)>> {
    /// Characters of the longest name: 国家市场监督管理总局 with another beside it.
    const LONGEST: usize = 20;
    let readings = |m: regex::Match<'_>| {
        let before = normalized[..m.start()].char_indices().rev().take(LONGEST);
        let starts: Vec<usize> =
            before.take_while(|(_, c)| ('\u{4E00}'..='\u{9FFF}').contains(c)).map(|(at, _)| at).collect();
        let starts = starts.into_iter().rev().chain([m.start()]);
        starts.filter_map(|at| Some((at..m.end(), parse(&normalized[at..m.end()])?))).collect::<Vec<_>>()
    };
    IN_TEXT.find_iter(normalized).map(readings).filter(|readings| !readings.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn canonical(text: &str) -> Option<String> {
        parse(text).map(|number| number.canonical)
    }

    #[test]
    fn every_style_has_one_canonical_form() {
        for text in [
            "国发(2016)51号",
            "国发《2016》51号",
            "国发 2016 51号",
            "国发2016年51号",
            "国发(2016)第051号",
            "国发(2016)51",
        ] {
            assert_eq!(canonical(text).as_deref(), Some("国发〔2016〕51号"), "{text}");
        }
        for text in [
            "国务院令第588号",
            "国令第588号",
            "中华人民共和国国务院令第588号",
            "令第588号",
            "国务院令(第588号)",
            "国务院令 第 588 号",
            "国务院第588号令",
            "国务院(第588号)令",
            "国务院588号令",
            "国务院令588号",
            "国务院令588",
            "国务院令(588)号",
            "第588号国务院令",
            "第588号中华人民共和国国务院令",
            "《国务院令第588号》",
            "国务院令第五百八十八号",
            "国务院令(第五百八十八号)",
            "第588号令",
        ] {
            assert_eq!(canonical(text).as_deref(), Some("国务院令第588号"), "{text}");
        }
        for text in ["主席令第五十五号", "中华人民共和国主席令第55号", "国家主席令(第五十五号)", "主席令第055号"]
        {
            assert_eq!(canonical(text).as_deref(), Some("主席令第55号"), "{text}");
        }
        for text in ["行政许可法", "2016年", "命令", "国发", "民法典第十二条", "令", "第号令", "命令第三条"]
        {
            assert_eq!(parse(text), None, "{text}");
        }
    }

    #[test]
    fn an_orders_year_is_part_of_some_numbers() {
        for text in [
            "公安部令(2020)第160号",
            "公安部令(2020)160号",
            "公安部令2020年第160号",
            "公安部2020年第160号令",
            "中华人民共和国公安部令(2020年第160号)",
        ] {
            let number = parse(text).unwrap_or_else(|| panic!("{text}"));
            assert_eq!(number.canonical, "公安部令第160号", "{text}");
            assert_eq!(number.others, ["公安部令〔2020〕160号", "公安部令2020年第160号"], "{text}");
        }
    }

    #[test]
    fn numbers_in_sentences_have_every_reading() {
        let found = candidates("依照国务院令第588号和甲市府发(2020)3号、国务院第7号令办理");
        assert_eq!(found.len(), 3);
        for (readings, want) in found.iter().zip(["国务院令第588号", "甲市府发〔2020〕3号", "国务院令第7号"])
        {
            assert!(readings.iter().any(|(_, number)| number.canonical == want), "{want}: {readings:?}");
        }
        assert!(candidates("第三条规定，命令第三条。").is_empty());
    }

    proptest! {
        #[test]
        fn a_canonical_number_reads_back(organ in "[国黔遵府办发函]{2,6}", year in 1949..2030u32, serial in 1..2000u32) {
            let typed = format!("{organ}({year}){serial}号");
            prop_assert_eq!(canonical(&typed), Some(format!("{organ}〔{year}〕{serial}号")));
        }

        #[test]
        fn orders_read_back_in_every_word_order(
            organ in "(国务院|主席|公安部|国家市场监督管理总局|甲市人民政府)", serial in 1..2000u32, style in 0..8usize, han in any::<bool>(),
        ) {
            let n = if han { numerals::format(serial) } else { serial.to_string() };
            let typed = match style {
                0 => format!("{organ}令第{n}号"),
                1 => format!("{organ}令(第{n}号)"),
                2 => format!("{organ}第{n}号令"),
                3 => format!("{organ}令{n}号"),
                4 => format!("第{n}号{organ}令"),
                5 => format!("《{organ}令第{n}号》"),
                6 => format!("中华人民共和国{organ}令 第 {n} 号"),
                _ => format!("{organ}(第{n}号)令"),
            };
            prop_assert_eq!(canonical(&typed), Some(format!("{organ}令第{serial}号")), "{}", typed);
        }

        #[test]
        fn no_text_panics(text in "(国务院|令|第|号|[(]|[)]|《|》|2020|年|[0-9]{1,6}|[一二百]|\\PC){0,14}") {
            parse(&text);
            candidates(&text);
        }
    }
}
