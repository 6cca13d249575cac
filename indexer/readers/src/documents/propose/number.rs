//! A document number 发文字号, or the number of an order or an announcement, in every written form.

use std::{ops::Range, sync::LazyLock};

use regex::{Captures, Regex};

use super::{day, names};
use crate::law_markdown::regex;
use text::numerals;

const YEAR: &str =
    r"((?:[1１]\s*[9９]|[２2]\s*[0０])\s*\d\s*\d|[一二][〇○◯零ＯOo0９九一][〇○◯零ＯOo0一二三四五六七八九]{2})";
/// A number within a year: 7, 007, 七, 7-1, A7.
const SERIAL: &str =
    r"((?:[A-Za-zＡ-Ｚａ-ｚ]{1,4}[-－]?)?\d{1,5}(?:[-－]\d{1,3})?|[〇○零一二三四五六七八九十百千]{1,7})";
const OPEN: &str = r"[〔\[［（(【﹝{〖〈<]";
const CLOSE: &str = r"[〕\]］）)】﹞}〗〉>]";
/// 甲府办发〔2024〕7号
static BRACKETED: LazyLock<Regex> = LazyLock::new(|| {
    regex(&format!(
        r"([\p{{Han}}A-Za-zＡ-Ｚａ-ｚ]{{1,20}})\s*{OPEN}\s*{YEAR}\s*年?\s*{CLOSE}\s*第?\s*{SERIAL}\s*[号號]"
    ))
});
/// 甲府办发2024年7号, alone in its line.
static BARE_YEAR: LazyLock<Regex> = LazyLock::new(|| {
    regex(&format!(r"^\s*([\p{{Han}}]{{2,20}}?)\s*{YEAR}\s*(?:年|[-－—]|\s)\s*第?\s*{SERIAL}\s*号\s*$"))
});
/// 国务院令第777号, 商务部令2024年第7号
static ORDER: LazyLock<Regex> = LazyLock::new(|| {
    regex(&format!(
        r"([\p{{Han}}、]{{2,30}}?令)\s*[（(]?\s*(?:[〔\[（(]?{YEAR}\s*[〕\]）)年]\s*)?第?\s*([\d〇○零一二三四五六七八九十百千]{{1,8}})\s*号"
    ))
});
/// The names of a joint order in rows above 令 and its number, each in a row of its own.
pub static ORDER_IN_ROWS: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"(?:^|\n)([\p{Han}、 \u{3000}]{2,30}(?:\n[\p{Han}、 \u{3000}]{2,30}){0,5})\n\s*令\s*\n?[（(]?\s*第?\s*([\d〇○零一二三四五六七八九十百千]{1,8})\s*号",
    )
});
/// 甲市人民政府第7号令
static ORDER_BEHIND: LazyLock<Regex> =
    LazyLock::new(|| regex(r"([\p{Han}、]{3,30}?)\s*第\s*([\d〇○零一二三四五六七八九十百千]{1,8})\s*号\s*令"));
/// 财政部 税务总局公告2024年第7号, 甲省人民代表大会常务委员会公告〔十四届〕第12号
static ANNOUNCEMENT: LazyLock<Regex> = LazyLock::new(|| {
    regex(&format!(
        r"([\p{{Han}}、 \t\u{{3000}}]{{2,60}}?)\n?(公\s*告|通\s*告)\s*(?:[（(〔\[]?\s*{YEAR}\s*年\s*|[（(〔\[【]\s*(第?[\d一二三四五六七八九十]{{1,3}}届)\s*[〕\]）)】]\s*)?[（(]?\s*第?\s*{SERIAL}\s*号"
    ))
});
/// 2024年第7号, 〔2024〕7号 below the title of an announcement.
pub static SERIAL_ALONE: LazyLock<Regex> = LazyLock::new(|| {
    regex(&format!(r"^[（(【]?\s*(?:{YEAR}\s*年|{OPEN}\s*{YEAR}\s*{CLOSE})\s*第?\s*{SERIAL}\s*号\s*[）)】]?$"))
});
/// What has the shape of a number and may be miswritten.
static SHAPE: LazyLock<Regex> = LazyLock::new(|| {
    regex(&format!(
        r"^[\p{{Han}}A-Za-z]{{1,20}}\s*{OPEN}\s*[\d〇○零Oo一二三四五六七八九Xx×]{{2,5}}\s*年?{CLOSE}.{{0,10}}号?$"
    ))
});
pub static LABEL: LazyLock<Regex> =
    LazyLock::new(|| regex(r"^(?:发文字号|发文文号|发文编号|文\s*号|文件编号|公告编号|字\s*号|令\s*号)[\s：:]*"));
/// What may stand beside a number, apart from it: 签发人：张三, 办理结果：A.
static BESIDE: LazyLock<Regex> =
    LazyLock::new(|| regex(r"^[\p{Han}]{2,6}[\s\u{3000}]*[：:][\s\u{3000}]*[\p{Han}A-Za-z\d]{0,8}$"));
/// A line with a number is no longer than this, in characters: a signer's name may stand beside it.
pub const LONGEST_LINE: usize = 60;
/// A number found in a text: its place in bytes, and its canonical form.
pub type Found = (Range<usize>, String);

/// 甲府办发〔2024〕7号
pub fn bracketed(text: &str) -> Option<Found> {
    let c = BRACKETED.captures(text)?;
    // A label may be set without a colon.
    let organ = LABEL.replace(&c[1], "").into_owned();
    let at = c.get(0)?;
    let skipped = c[1].len() - organ.len();
    // 关于更正甲府发〔2024〕7号文件的通知 names the number of another.
    if organ.is_empty() || organ.contains("关于") {
        return None;
    }
    let (organ, year, serial) = (half(&organ), day::number(&c[2])?, serial(&c[3])?);
    Some((at.start() + skipped..at.end(), format!("{organ}〔{year}〕{serial}号")))
}

/// An order's number: 国务院令第777号, also over two lines.
pub fn order(text: &str) -> Option<Found> {
    let place = |c: &Captures<'_>| c.get(0).map_or(0..0, |m| m.range());
    let usual = ORDER.captures_iter(text).find_map(|c| {
        let organ = organ(&c[1]);
        let number = numerals::parse(&c[3].replace('○', "〇"))?;
        let year = c.get(2).and_then(|year| day::number(year.as_str()));
        let year = year.map_or_else(String::new, |year| format!("{year}年"));
        // 本令, 此令, 命令: a word of the text.
        (organ.chars().count() >= 3 && !organ.ends_with("命令"))
            .then(|| (place(&c), format!("{organ}{year}第{number}号")))
    });
    let in_rows = || {
        let c = ORDER_IN_ROWS.captures(text)?;
        let names = institutions(&organ(&c[1]))?;
        let number = numerals::parse(&c[2].replace('○', "〇"))?;
        Some((c.get(1)?.start()..c.get(0)?.end(), format!("{names}令第{number}号")))
    };
    usual.or_else(in_rows).or_else(|| {
        ORDER_BEHIND.captures_iter(text).find_map(|c| {
            let organ = organ(&c[1]);
            let number = numerals::parse(&c[2].replace('○', "〇"))?;
            names::is_institution(&organ).then(|| (place(&c), format!("{organ}令第{number}号")))
        })
    })
}

/// Who published it, without the words that stand before a name.
pub fn organ(text: &str) -> String {
    let organ = names::without_date(text).1.replace("中华人民共和国", "");
    organ.trim_start_matches(['日', '月', '年', '经', '以', '由']).to_owned()
}

/// An announcement's number: 财政部、税务总局公告2024年第7号.
pub fn announcement(text: &str) -> Option<Found> {
    ANNOUNCEMENT.captures_iter(text).find_map(|c| {
        let institutions = institutions(&organ(&c[1]))?;
        let kind: String = c[2].split_whitespace().collect();
        let year = c.get(3).and_then(|year| day::number(year.as_str()));
        let term = c.get(4).map(|term| format!("〔{}〕", term.as_str()));
        let year = year.map(|year| format!("{year}年")).or(term).unwrap_or_default();
        let at = c.get(0)?;
        let start = at.start() + (c[1].len() - c[1].trim_start().len());
        Some((start..at.end(), format!("{institutions}{kind}{year}第{}号", serial(&c[5])?)))
    })
}

/// Names set beside each other, joined as one writes them.
pub fn institutions(text: &str) -> Option<String> {
    let pieces: Vec<&str> = text.split(|c: char| c.is_whitespace() || c == '、').filter(|p| !p.is_empty()).collect();
    let each = pieces.iter().all(|piece| names::is_institution(piece));
    let whole: String = pieces.concat();
    match each {
        true if !pieces.is_empty() => Some(pieces.join("、")),
        // Set with spaces between the characters.
        _ => names::is_institution(&whole).then_some(whole),
    }
}

fn bare_year(line: &str) -> Option<Found> {
    let c = BARE_YEAR.captures(line)?;
    let organ = LABEL.replace(&c[1], "").into_owned();
    let other = ["公报", "公告", "通告", "令", "期刊", "简报"].iter().any(|end| organ.ends_with(end));
    let (year, serial) = (day::number(&c[2])?, serial(&c[3])?);
    (organ.chars().count() >= 2 && !other)
        .then(|| (c.get(1).map_or(0, |m| m.start())..line.len(), format!("{organ}〔{year}〕{serial}号")))
}

/// 7, A7 or 7-1 of what is written 007, 七, Ａ７ or 7－1.
pub fn serial(text: &str) -> Option<String> {
    let text = half(text);
    if let Some(number) = numerals::parse(&text.replace('○', "〇")) {
        return Some(number.to_string());
    }
    let digits = text.find(|c: char| c.is_ascii_digit())?;
    let (letters, number) = text.split_at(digits);
    let (first, more) = number.split_once('-').map_or((number, None), |(first, more)| (first, Some(more)));
    let first: u32 = first.parse().ok()?;
    Some(match more {
        Some(more) => format!("{letters}{first}-{more}"),
        None => format!("{letters}{first}"),
    })
}

/// Full-width letters, digits and hyphens as plain ones.
fn half(text: &str) -> String {
    let half = |c: char| match c {
        '０'..='９' | 'Ａ'..='Ｚ' | 'ａ'..='ｚ' | '－' => char::from_u32(c as u32 - 0xFEE0).unwrap_or(c),
        c => c,
    };
    text.chars().map(half).collect()
}

/// The number in a line, whatever its form.
pub fn in_line(line: &str) -> Option<Found> {
    announcement(line).or_else(|| bracketed(line)).or_else(|| order(line)).or_else(|| bare_year(line))
}

/// Whether a canonical number is that of an order.
pub fn is_order(number: &str) -> bool {
    number
        .rsplit_once('第')
        .is_some_and(|(before, _)| before.trim_end_matches(|c: char| c.is_ascii_digit() || c == '年').ends_with('令'))
}

/// Whether a canonical number is that of an announcement.
pub fn is_announcement(number: &str) -> bool {
    number.contains("公告") || number.contains("通告")
}

/// Whether a line is a document number, alone or with a signer, or has at least the shape of one.
pub fn is_number_line(line: &str) -> bool {
    if line.chars().nth(LONGEST_LINE).is_some() || line.contains('。') {
        return false;
    }
    let whole = |at: &Range<usize>| {
        let before = line[..at.start].trim_matches(|c: char| c.is_whitespace() || "（(：:【[".contains(c));
        let after = line[at.end..].trim_matches(|c: char| c.is_whitespace() || "）)】]".contains(c));
        let beside = line[at.end..].starts_with(char::is_whitespace) && BESIDE.is_match(after);
        (before.is_empty() || LABEL.is_match(before)) && (after.is_empty() || after.starts_with("签发") || beside)
    };
    in_line(line).is_some_and(|(at, _)| whole(&at))
        || SERIAL_ALONE.is_match(line)
        || (SHAPE.is_match(line) && !line.contains("关于"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_has_one_canonical_number() {
        for (line, want) in [
            ("甲府办发〔2024〕7号", "甲府办发〔2024〕7号"),
            ("甲府办发〔二〇二四〕7号", "甲府办发〔2024〕7号"),
            ("甲府办发〔二O二四〕第七号", "甲府办发〔2024〕7号"),
            ("甲府办发2024年7号", "甲府办发〔2024〕7号"),
            ("甲府办发〔2024〕七号", "甲府办发〔2024〕7号"),
            ("甲府办发［２０２４］０７号", "甲府办发〔2024〕7号"),
            ("甲府办发 〔2024〕 7 号", "甲府办发〔2024〕7号"),
            ("文号：甲府办发（2024）第007号", "甲府办发〔2024〕7号"),
            ("甲府函〔2024〕7-1号", "甲府函〔2024〕7-1号"),
            ("甲府规〔2024〕A7号", "甲府规〔2024〕A7号"),
            ("ＺＦ甲规〔2024〕7号", "ZF甲规〔2024〕7号"),
            ("甲市人民政府第7号令", "甲市人民政府令第7号"),
            ("甲市人民政府令第七号", "甲市人民政府令第7号"),
            ("商务部令2024年第7号", "商务部令2024年第7号"),
            ("中华人民共和国国务院令（第777号）", "国务院令第777号"),
            ("国家税务总局公告2024年第7号", "国家税务总局公告2024年第7号"),
            ("财政部 税务总局公告2024年第7号", "财政部、税务总局公告2024年第7号"),
            ("（甲市财政局公告2024年第7号）", "甲市财政局公告2024年第7号"),
            ("甲市公安局通告（2024年第7号）", "甲市公安局通告2024年第7号"),
            ("甲省人民代表大会常务委员会公告第12号", "甲省人民代表大会常务委员会公告第12号"),
            ("甲省人民代表大会常务委员会公告〔十四届〕第12号", "甲省人民代表大会常务委员会公告〔十四届〕第12号"),
        ] {
            assert!(is_number_line(line), "{line}");
            assert_eq!(in_line(line).map(|(_, number)| number).as_deref(), Some(want), "{line}");
        }
        for line in ["甲府函〔2024〕7号　　办理结果：A", "〔2024〕7号", "2024年第7号"] {
            assert!(is_number_line(line), "{line}");
        }
        assert!(!is_number_line("甲府函〔2024〕7号　文件已经下发，请各单位遵照执行"));
        assert!(is_number_line("甲政办〔2024〕-7号") && in_line("甲政办〔2024〕-7号").is_none());
        for line in ["关于甲的通知", "甲市人民政府公报2024年第5号", "依照第7号令办理", "2024年4月2日"]
        {
            assert!(in_line(line).is_none(), "{line}");
        }
        assert!(is_order("国务院令第777号") && is_order("商务部令2024年第7号") && !is_order("甲局公告2024年第7号"));
    }
}
