//! The places of a regulation that a text names, each with its words.

use std::{ops::Range, sync::LazyLock};

use regex::Regex;

use super::{Passage, regex};

/// Passages of one regulation: a list of definitions has some twenty.
const MAX_PASSAGES: usize = 60;

pub(super) static PLACE: LazyLock<Regex> = LazyLock::new(|| {
    let n = "[一二三四五六七八九十百千零〇两0-9０-９]{1,9}";
    // A place stands in one line.
    let s = "[\\s&&[^\n]]*";
    let join = "[、，,和及与至或]";
    let article = format!("第{s}{n}{s}(?:[至到]{s}第?{s}{n}{s})?条(?:{s}之{s}{n})?");
    let element = format!("第?{s}[（(]?{s}{n}{s}[）)]?");
    let sub = format!("(?:{s}{join}?{s}{element}(?:{s}{join}{s}{element})*{s}[款项目])*");
    let articles = format!("{article}{sub}(?:{s}{join}?{s}{article}{sub})*");
    let heading = format!("第{s}{n}{s}[编章节](?:{s}{join}?{s}第{s}{n}{s}[编章节])*(?:{s}{articles})?");
    let annex = format!("附件[0-9一二三四五六七八九十]?(?:{s}第?{s}{n}{s}[项号条])?|第{s}{n}{s}项|全文(?:适用)?");
    regex(&format!("^(?:{articles}|{heading}|{annex})"))
});

/// Words behind a place in running text that make it no beginning: 第三条规定的行为.
const GOES_ON: [&str; 12] = ["规定", "所", "的", "至", "和", "以及", "情形", "行为", "中", "或", "之规定", "及"];

/// What may stand between a place and the colon before its words: 第三条第一款规定：“……”.
const PROVIDES: &str = "规定";

/// The places named in what follows a regulation, each with its words.
pub(super) fn passages(body: &str) -> Vec<Passage> {
    let mut starts: Vec<Range<usize>> = Vec::new();
    let mut at = 0;
    let mut opened = true;
    for (offset, c) in body.char_indices() {
        if opened && offset >= at && (c == '第' || c == '附' || c == '全') {
            let within = !at_start_of_line(body, offset);
            if let Some(place) = place_at(body, offset, within) {
                at = place.end;
                starts.push(place);
            }
        }
        opened = match c {
            '\n' | '。' | '；' | ';' | '”' | '"' | '“' | '：' | ':' => true,
            c if c.is_whitespace() || c == '，' || c == ',' || c == '.' || c == '、' => opened,
            _ => false,
        };
    }
    starts.truncate(MAX_PASSAGES);
    if starts.is_empty() {
        let quote = words(body);
        return if quote.is_empty() { Vec::new() } else { vec![Passage { place: String::new(), quote }] };
    }
    let ends: Vec<usize> = starts.iter().skip(1).map(|place| place.start).chain([body.len()]).collect();
    let passage = |(place, end): (&Range<usize>, usize)| Passage {
        place: body[place.clone()].chars().filter(|c| !c.is_whitespace()).collect(),
        quote: words(&body[place.end..end]),
    };
    starts.iter().zip(ends).map(passage).collect()
}

fn at_start_of_line(body: &str, at: usize) -> bool {
    let line = body[..at].rfind('\n').map_or(0, |n| n + 1);
    body[line..at].chars().all(|c| c.is_whitespace() || matches!(c, '“' | '"' | '：' | ':' | '，' | ',' | '.' | '、'))
}

/// A place that begins a passage: at the beginning of a line, or within one when its words follow a colon or a
/// quotation mark.
fn place_at(body: &str, at: usize, within: bool) -> Option<Range<usize>> {
    let rest = &body[at..];
    let place = PLACE.find(rest)?;
    let behind = &rest[place.end()..];
    let after = behind.trim_start_matches([' ', '\u{3000}', '\u{A0}', '\u{2002}', '\u{2003}']);
    let numbered = place.as_str().contains('条');
    let announced = after.strip_prefix(PROVIDES).unwrap_or(after).starts_with(['：', ':', '“']);
    let alone = after.is_empty() || after.starts_with(['\n', '。', '；', ';']);
    let goes_on = GOES_ON.iter().any(|word| after.starts_with(word));
    // A space stands where the colon was left out.
    let spaced = after.len() < behind.len();
    let run_on = numbered && spaced && !goes_on;
    let begins = if within {
        announced || alone && numbered || run_on
    } else {
        announced || alone || numbered && (spaced || !goes_on)
    };
    begins.then(|| at..at + place.end())
}

/// Quoted words without what surrounds them.
fn words(text: &str) -> String {
    let around =
        |c: char| c.is_whitespace() || matches!(c, '：' | ':' | '“' | '”' | '"' | '；' | ';' | '，' | ',' | '、');
    let text = text.trim_matches(around);
    let text = text.strip_prefix(PROVIDES).filter(|rest| rest.starts_with(['：', ':', '“'])).unwrap_or(text);
    let lines = text.trim_matches(around).lines().map(str::trim).filter(|line| !line.is_empty());
    let joined = lines.collect::<Vec<_>>().join("\n");
    if joined.chars().any(char::is_alphanumeric) { joined } else { String::new() }
}
