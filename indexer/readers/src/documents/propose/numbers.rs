//! The field of the document number: which of the numbers in a document is its own.

use std::ops::Range;

use super::{
    Field, day,
    layout::Layout,
    number::{
        LABEL, LONGEST_LINE, SERIAL_ALONE, announcement, bracketed, in_line, institutions, is_announcement,
        is_number_line, order, organ, serial,
    },
};

/// Lines below the title where a number may stand.
const BELOW_TITLE: usize = 4;
/// Lines looked through where there is no title.
const WITHOUT_TITLE: usize = 20;

pub fn document_number(layout: &Layout<'_>) -> Field<String> {
    let head = if layout.title.is_empty() { 0..layout.lines.len().min(WITHOUT_TITLE) } else { 0..layout.title.start };
    let below = layout.title.end..layout.lines.len().min(layout.title.end + BELOW_TITLE);
    // A line of its own above the title, else below it.
    for lines in [head.clone(), below.clone()] {
        for line in &layout.lines[lines] {
            let labelled = LABEL.is_match(line.text);
            if (is_number_line(line.text) || labelled)
                && let Some((at, number)) = in_line(line.text)
            {
                let why =
                    if labelled { "标明为发文字号的一行" } else { "标题附近单独成行的发文字号" };
                return Field::found(number, vec![(line.start + at.start..line.start + at.end).into()], why);
            }
        }
    }
    // An order in two lines above the title; a row of a letterhead.
    let (from, text) = layout.slice(head.clone());
    if let Some((at, number)) = order(text) {
        return Field::found(number, vec![(from + at.start..from + at.end).into()], "标题之前的令号");
    }
    if let Some(found) = announced(layout, head.clone(), below) {
        return found;
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
    let in_caption = || announcement(&caption.text).filter(|_| caption.text.chars().nth(4 * LONGEST_LINE).is_none());
    if let Some((at, number)) = order(&caption.text).or_else(|| bracketed(&caption.text)).or_else(in_caption) {
        return Field::found(number, vec![caption.span(at)], "题注中公布它的令号或文号");
    }
    Field::none("标题附近和题注中没有发文字号或令号")
}

/// The number of an announcement over two lines, or without its institution: that one is named above it or by the
/// title.
fn announced(layout: &Layout<'_>, head: Range<usize>, below: Range<usize>) -> Option<Field<String>> {
    let lines = &layout.lines;
    for at in head.clone().skip(1).chain(below.clone()) {
        let line = &lines[at];
        if line.text.chars().nth(LONGEST_LINE).is_some() || line.text.contains('。') {
            continue;
        }
        // 甲局公告 / 2024年第7号, and 甲局 / 公告 / 2024年第7号.
        for rows in [2, 3] {
            let Some(from) = (at + 1).checked_sub(rows) else { continue };
            let joined = lines[from..=at].iter().map(|l| l.text).collect::<Vec<_>>().join("\n");
            // 甲银行公告 / 〔2024〕第5号
            let in_brackets = || bracketed(&joined.replace('\n', "")).filter(|(_, number)| is_announcement(number));
            if joined.chars().nth(2 * LONGEST_LINE).is_none()
                && let Some((found, number)) = announcement(&joined).or_else(in_brackets)
                && found.start == 0
                && found.end + rows > joined.trim_end_matches(['）', ')', '】']).len()
            {
                let at = lines[from].start..line.span().end;
                return Some(Field::found(number, vec![at.into()], "标题附近的公告号"));
            }
        }
        let Some(c) = SERIAL_ALONE.captures(line.text) else { continue };
        let (from, title) = layout.slice(layout.title.clone());
        let kind = ["公告", "通告"].into_iter().find(|kind| title.trim_end().ends_with(kind))?;
        let named =
            title.find("关于").and_then(|about| institutions(&organ(&title[..about])).map(|names| (about, names)));
        let ((about, names), year, serial) = (named?, day::number(c.get(1).or(c.get(2))?.as_str())?, serial(&c[3])?);
        let number = match c.get(1) {
            Some(_) => format!("{names}{kind}{year}年第{serial}号"),
            None => format!("{names}{kind}〔{year}〕{serial}号"),
        };
        let spans = vec![line.span().into(), (from..from + about).into()];
        return Some(Field::found(number, spans, "标题之下的公告号，机关见标题"));
    }
    None
}
