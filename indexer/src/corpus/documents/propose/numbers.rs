//! The document number 发文字号, or the number of an order.

use std::{ops::Range, sync::LazyLock};

use regex::Regex;

use super::{Field, layout::Layout};
use crate::{corpus::law_markdown::regex, text::numerals};

static NUMBER: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"([\p{Han}]{1,20})[\s\u{3000}]*[〔\[［（(【﹝{]\s*((?:[1１][9９]|[2２][0０])\d\d)\s*[〕\]］）)】﹞}]\s*第?\s*(\d{1,5})\s*号",
    )
});
static ORDER: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"([\p{Han}、]{2,30}?令)\s*[（(]?\s*(?:[〔\[（(]?\d{4}[〕\]）)年]\s*)?第?\s*([\d〇○零一二三四五六七八九十百千]{1,8})\s*号",
    )
});
static LABEL: LazyLock<Regex> = LazyLock::new(|| regex(r"^(?:发文字号|发文文号|文号|文件编号|字号)[\s：:]*"));

/// A line with a number is no longer than this, in characters: a signer's name may stand beside it.
const LONGEST_LINE: usize = 60;
/// Lines below the title where a number may stand.
const BELOW_TITLE: usize = 4;
/// Lines looked through where there is no title.
const WITHOUT_TITLE: usize = 20;

/// A number found in a text: its place in bytes, and its canonical form.
pub fn bracketed(text: &str) -> Option<(Range<usize>, String)> {
    let c = NUMBER.captures(text)?;
    // A label may be set without a colon.
    let organ = LABEL.replace(&c[1], "").into_owned();
    let at = c.get(0)?;
    let skipped = c[1].len() - organ.len();
    if organ.is_empty() {
        return None;
    }
    let number = digits(&c[3]).parse::<u32>().ok()?;
    Some((at.start() + skipped..at.end(), format!("{organ}〔{}〕{number}号", digits(&c[2]))))
}

/// An order's number: 国务院令第777号, also over two lines.
pub fn order(text: &str) -> Option<(Range<usize>, String)> {
    ORDER.captures_iter(text).find_map(|c| {
        let organ = c[1].replace("中华人民共和国", "");
        let organ = organ.trim_start_matches(['日', '月', '年', '经', '以', '由']);
        let number = numerals::parse(&c[2])?;
        // 本令, 此令, 命令: a word of the text.
        (organ.chars().count() >= 3 && !organ.ends_with("命令"))
            .then(|| (c.get(0).map_or(0..0, |m| m.range()), format!("{organ}第{number}号")))
    })
}

fn digits(text: &str) -> String {
    let half = |c: char| match c {
        '０'..='９' => char::from_u32(c as u32 - '０' as u32 + '0' as u32).unwrap_or(c),
        c => c,
    };
    text.chars().map(half).collect()
}

/// Whether a line is a document number, alone or with a signer.
pub fn is_number_line(line: &str) -> bool {
    if line.chars().nth(LONGEST_LINE).is_some() || line.contains('。') {
        return false;
    }
    let whole = |at: &Range<usize>| {
        let before = line[..at.start].trim_matches(|c: char| c.is_whitespace() || "（(：:".contains(c));
        let after = line[at.end..].trim_matches(|c: char| c.is_whitespace() || "）)".contains(c));
        (before.is_empty() || LABEL.is_match(before)) && (after.is_empty() || after.starts_with("签发"))
    };
    bracketed(line).is_some_and(|(at, _)| whole(&at)) || order(line).is_some_and(|(at, _)| whole(&at))
}

pub fn document_number(layout: &Layout<'_>) -> Field<String> {
    let head = if layout.title.is_empty() { 0..layout.lines.len().min(WITHOUT_TITLE) } else { 0..layout.title.start };
    let below = layout.title.end..layout.lines.len().min(layout.title.end + BELOW_TITLE);
    // A line of its own above the title, else below it.
    for lines in [head.clone(), below.clone()] {
        for line in &layout.lines[lines] {
            let labelled = LABEL.is_match(line.text);
            if is_number_line(line.text) || labelled {
                let found = bracketed(line.text).or_else(|| order(line.text));
                if let Some((at, number)) = found {
                    let why = if labelled {
                        "标明为发文字号的一行"
                    } else {
                        "标题附近单独成行的发文字号"
                    };
                    return Field::found(number, vec![(line.start + at.start..line.start + at.end).into()], why);
                }
            }
        }
    }
    // An order in two lines above the title; a row of a letterhead.
    let (from, text) = layout.slice(head.clone());
    if let Some((at, number)) = order(text) {
        return Field::found(number, vec![(from + at.start..from + at.end).into()], "标题之前的令号");
    }
    let short =
        layout.lines[head].iter().filter(|l| l.text.chars().nth(LONGEST_LINE).is_none() && !l.text.contains('。'));
    for line in short {
        if let Some((at, number)) = bracketed(line.text) {
            let why = "标题之前的发文字号";
            return Field::found(number, vec![(line.start + at.start..line.start + at.end).into()], why);
        }
    }
    let caption = &layout.caption_text;
    if let Some((at, number)) = order(&caption.text).or_else(|| bracketed(&caption.text)) {
        return Field::found(number, vec![caption.span(at)], "题注中公布它的令号或文号");
    }
    Field::none("标题附近和题注中没有发文字号或令号")
}
