//! The bases of a power or a duty as lists write them: regulations with what is said of their history, the articles
//! meant, and their words.
//!
//! ```text
//! 【法规】《甲条例》（2005年1月1日国务院令第1号公布 根据2019年3月2日《…的决定》修订）
//!  第三条第一款：未经许可，不得……。
//!  第二十条、第二十一条：……
//! 【规章】《乙办法》（2010年乙部令第2号）第五条：“……”
//! ```
//! A regulation is one that a line, a mark 【】 or a sentence begins with and not one that the quoted words speak of. What is read is
//! compared with the library elsewhere; here nothing is known but the text.

use std::{fmt, ops::Range, sync::LazyLock};

use regex::Regex;
use text::narrow;

use crate::Date;

/// Regulations read from one text: the longest bases name some twenty.
pub const MAX_REGULATIONS: usize = 60;
/// Passages of one regulation: a list of definitions has some twenty.
const MAX_PASSAGES: usize = 60;
/// Characters of the longest bracket with a regulation's history.
const LONGEST_NOTE: usize = 1_500;
/// Bytes of the longest title.
const LONGEST_TITLE: usize = 900;

/// A regulation that is given as a basis.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CitedRegulation {
    /// What the list calls it, from 【】: 法律, 规章. Empty where it says nothing.
    pub sort: String,
    /// As it is written, without 《》.
    pub title: String,
    /// What stands in brackets behind the title: adoption, amendments, numbers.
    pub note: String,
    /// The places meant; none where the whole regulation is.
    pub passages: Vec<Passage>,
}

/// A place of a regulation and its words as the list has them.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Passage {
    /// 第三条第一款; 第五章、第六章; 附件第3项; empty where none is named.
    pub place: String,
    /// Empty where only the place is named.
    pub quote: String,
}

/// A day in a regulation's history.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotedDay {
    /// The first of the month where only that is written.
    pub day: Date,
    /// Whether only the month is written: 2017年10月修正.
    pub month: bool,
    /// Whether it is the day from which the regulation is applied, which says nothing of its version.
    pub effect: bool,
}

fn regex(pattern: &str) -> Regex {
    Regex::new(pattern).unwrap_or_else(|error| unreachable!("a fixed pattern: {error}"))
}

/// What may stand before a regulation at the beginning of a line: a number, and a mark of its sort that may have lost a
/// bracket.
static LEAD: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"^(?:(?:\d{1,2}|[一二三四五六七八九十]{1,3})[.．、]|[（(]\d{1,2}[）)])?[\s　]*(?:[【\[［]?[\s　]*([^\s　【】\[\]［］《》（）()：:。，；]{2,8})[\s　]*[】\]］][\s　]*)?",
    )
});
/// The same within a line, where it has to be whole.
static MARK: LazyLock<Regex> =
    LazyLock::new(|| regex(r"【[\s　]*([^\s　【】《》（）()：:。，；]{2,8})[\s　]*】[\s　]*"));
static PLACE: LazyLock<Regex> = LazyLock::new(|| {
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
static DAY: LazyLock<Regex> =
    LazyLock::new(|| regex(r"([12]\d{3})\s*[年.．/-]\s*(\d{1,2})\s*(?:[月.．/-]\s*(\d{1,2})\s*日?|月)"));
/// With what a title goes on behind 》: 《甲办法》实施细则 is a regulation of its own. A 》 at its end is that of
/// brackets around the whole.
static DERIVED: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"^的?(?:(?:实施|施行|执行)(?:细则|办法|条例|规定|规则|意见|方案|标准|程序)|若干(?:问题的)?(?:规定|解释|意见))(?:[（(](?:试行|暂行)[）)])?》?",
    )
});

/// Words behind a place in running text that make it no beginning: 第三条规定的行为.
const GOES_ON: [&str; 12] = ["规定", "所", "的", "至", "和", "以及", "情形", "行为", "中", "或", "之规定", "及"];

/// What may stand between a place and the colon before its words: 第三条第一款规定：“……”.
const PROVIDES: &str = "规定";

/// The regulations that a text gives as bases, in order.
pub fn read(text: &str) -> Vec<CitedRegulation> {
    read_those(text, |_| true)
}

/// The regulations that a text gives as bases and whose titles are wanted; the places of others are not read.
pub fn read_those(text: &str, wanted: impl Fn(&str) -> bool) -> Vec<CitedRegulation> {
    let heads = heads(text);
    let ends = heads.iter().skip(1).map(|head| head.span.start).chain([text.len()]).collect::<Vec<_>>();
    let regulation = |(head, end): (Head<'_>, usize)| {
        let title = title_of(head.title);
        if !wanted(&title) {
            return None;
        }
        let (note, from) = note(text, head.span.end);
        let passages = passages(until_next_mark(text.get(from..end).unwrap_or_default()));
        Some(CitedRegulation { sort: head.sort.to_owned(), title, note, passages })
    };
    heads.into_iter().zip(ends).filter_map(regulation).collect()
}

impl CitedRegulation {
    /// The days in its note, in order.
    pub fn days(&self) -> Vec<NotedDay> {
        let note: String = self.note.chars().map(narrow).collect();
        let found: Vec<(Range<usize>, (Date, bool))> =
            DAY.captures_iter(&note).filter_map(|c| Some((c.get(0)?.range(), read_day(&c)?))).collect();
        let ends: Vec<usize> = found.iter().skip(1).map(|(span, _)| span.start).chain([note.len()]).collect();
        let day = |((span, (day, month)), end): (&(Range<usize>, (Date, bool)), usize)| {
            let behind = &note[span.end..end.max(span.end)];
            let says = |word: &str| behind.find(word);
            let effect = [says("施行"), says("实施"), says("执行")].into_iter().flatten().min();
            let other = ["通过", "公布", "发布", "修正", "修订", "修改", "令", "号", "批准", "颁布", "决定"];
            let other = other.into_iter().filter_map(says).min();
            NotedDay { day: *day, month: *month, effect: effect.is_some_and(|at| other.is_none_or(|other| at < other)) }
        };
        found.iter().zip(ends).map(day).collect()
    }

    /// The newest day that tells the version: adoption or the last amendment that the note knows.
    pub fn version(&self) -> Option<NotedDay> {
        self.days().into_iter().filter(|noted| !noted.effect).max_by_key(|noted| noted.day)
    }
}

impl NotedDay {
    /// The last day that may be meant.
    pub fn last(self) -> Date {
        if self.month { self.day.last_of_month() } else { self.day }
    }

    /// Whether a day is the one that is written, or in the month that is.
    pub fn is(self, day: Date) -> bool {
        (self.day..=self.last()).contains(&day)
    }
}

impl fmt::Display for NotedDay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.month {
            true => write!(f, "{} 年 {} 月", self.day.year(), self.day.month()),
            false => write!(f, "{}", self.day),
        }
    }
}

/// A day, and whether only its month is written.
fn read_day(captures: &regex::Captures<'_>) -> Option<(Date, bool)> {
    let number = |at: usize| captures.get(at)?.as_str().parse::<i16>().ok();
    let month = captures.get(3).is_none();
    let day = if month { 1 } else { number(3)? };
    Some((Date::new(number(1)?, number(2)?.try_into().ok()?, day.try_into().ok()?).ok()?, month))
}

/// Where a regulation is named as a basis.
struct Head<'t> {
    /// From its mark or title to behind the title.
    span: Range<usize>,
    sort: &'t str,
    title: &'t str,
}

fn heads(text: &str) -> Vec<Head<'_>> {
    let mut heads: Vec<Head<'_>> = Vec::new();
    let mut at = 0;
    let mut lines = text.split_inclusive('\n');
    let mut next = 0;
    while let Some(line) = lines.next().filter(|_| heads.len() < MAX_REGULATIONS) {
        let start = next;
        next += line.len();
        if let Some(head) = at_line_start(text, start).filter(|head| head.span.start >= at) {
            at = head.span.end.max(note(text, head.span.end).1);
            heads.push(head);
        }
        for (offset, c) in line.char_indices().filter(|(_, c)| matches!(c, '【' | '《')) {
            let here = start + offset;
            if here < at || heads.len() >= MAX_REGULATIONS {
                continue;
            }
            let head = if c == '【' { at_mark(text, here) } else { in_sentence(text, start, here) };
            if let Some(head) = head {
                at = head.span.end.max(note(text, head.span.end).1);
                heads.push(head);
            }
        }
    }
    heads
}

fn at_line_start(text: &str, start: usize) -> Option<Head<'_>> {
    let line = text.get(start..)?;
    let from = start + line.len()
        - line.trim_start_matches([' ', '\u{3000}', '\t', '\u{A0}', '\u{2002}', '\u{2003}', '“', '"']).len();
    let lead = LEAD.captures(text.get(from..)?)?;
    let sort = lead.get(1);
    let at = from + lead.get(0)?.end();
    let (title, end) =
        quoted(text, at).or_else(|| unopened(text, at)).or_else(|| sort.and_then(|_| unquoted(text, at)))?;
    // 《甲法》 in a line of prose begins no citation: 《甲法》和《乙法》规定的…
    let rest = text.get(end..)?.trim_start_matches([' ', '\u{3000}']);
    let joined = ["、", "和", "及", "规定", "的", "与"].iter().any(|word| rest.starts_with(word));
    if joined && sort.is_none() {
        return None;
    }
    Some(Head { span: from..end, sort: sort.map_or("", |m| m.as_str()), title })
}

/// 【法规】《甲条例》 anywhere.
fn at_mark(text: &str, at: usize) -> Option<Head<'_>> {
    let mark = MARK.captures(text.get(at..)?).filter(|c| c.get(0).is_some_and(|m| m.start() == 0))?;
    let from = at + mark.get(0)?.end();
    let (title, end) = quoted(text, from)?;
    Some(Head { span: at..end, sort: mark.get(1).map_or("", |m| m.as_str()), title })
}

/// 《乙法》第四条：“…” behind the end of a sentence and outside quotation marks.
fn in_sentence(text: &str, line: usize, at: usize) -> Option<Head<'_>> {
    let before = text.get(line..at)?;
    let bare = before.trim_end_matches([' ', '\u{3000}']);
    let ended = bare.ends_with(['。', '；', ';', '”', '、', '，']) || bare.ends_with("“");
    let inside = before.matches('“').count() > before.matches('”').count();
    if !ended || inside {
        return None;
    }
    let (title, end) = quoted(text, at)?;
    let (_, behind) = note(text, end);
    let rest = text.get(behind..)?.trim_start_matches([' ', '\u{3000}', '，', ',']);
    let place = PLACE.find(rest)?;
    let after = rest[place.end()..].trim_start_matches([' ', '\u{3000}']);
    let begins = after.is_empty() || after.starts_with(['：', ':', '“', '"', '；', ';', '。', '\n', '、', '，', '《']);
    begins.then_some(Head { span: at..end, sort: "", title })
}

/// A title in 《》, or in brackets one of which was mistyped, and where it ends.
fn quoted(text: &str, at: usize) -> Option<(&str, usize)> {
    let rest = text.get(at..)?;
    let open = rest.chars().next().filter(|c| matches!(c, '《' | '（' | '(' | '〈' | '<'))?;
    let from = at + open.len_utf8();
    let mut depth = 1;
    for (offset, c) in text.get(from..)?.char_indices().take_while(|(offset, _)| *offset < LONGEST_TITLE) {
        match c {
            '《' => depth += 1,
            '》' => depth -= 1,
            // A title broken by the width of a cell goes on in the next line; one without end does not.
            '。' | '；' => return None,
            _ => {}
        }
        if depth == 0 {
            let title = text.get(from..from + offset)?;
            let end = from + offset + '》'.len_utf8();
            let derived = DERIVED.find(text.get(end..)?).filter(|_| open == '《' && !title.trim().is_empty());
            if let Some(goes_on) = derived {
                let end = end + goes_on.end();
                return Some((text.get(from..end)?, end));
            }
            return (!title.trim().is_empty()).then_some((title, end));
        }
    }
    None
}

/// What the titles of regulations end in.
const REGULATIONS: [&str; 10] = ["法", "条例", "办法", "规定", "决定", "细则", "规则", "通知", "意见", "解释"];

/// A title whose 《 was lost at the beginning of a line: 中华人民共和国甲法》（…）.
fn unopened(text: &str, at: usize) -> Option<(&str, usize)> {
    let rest = text.get(at..)?;
    let end = rest.find(['《', '》', '\n', '：', ':', '。', '，', '；', '“', '”', '【'])?;
    let title = rest.get(..end).filter(|_| rest[end..].starts_with('》'))?.trim();
    let whole = title.trim_end_matches(['）', ')']);
    let whole =
        if whole.len() < title.len() { whole.rsplit_once(['（', '(']).map_or(whole, |(name, _)| name) } else { whole };
    let named = REGULATIONS.iter().any(|word| whole.ends_with(word));
    (named && (3..LONGEST_TITLE).contains(&title.len())).then(|| (title, at + end + '》'.len_utf8()))
}

/// A title without brackets behind a mark: 【法律】中华人民共和国甲法（…）.
fn unquoted(text: &str, at: usize) -> Option<(&str, usize)> {
    let rest = text.get(at..)?;
    let end = rest.find(['（', '(', '\n', '：', ':', '第', '。']).unwrap_or(rest.len());
    let title = rest.get(..end)?.trim();
    let named = REGULATIONS.iter().any(|word| title.ends_with(word));
    (named && (3..LONGEST_TITLE).contains(&title.len())).then(|| (title, at + end))
}

/// A title without the breaks that the width of a cell made, and without the brackets of which it has but one.
fn title_of(title: &str) -> String {
    let title = title.split(['\n', '\r']).map(str::trim).collect::<String>();
    let mut depth = 0u32;
    let paired = title.trim().chars().filter(|c| {
        match c {
            '《' => depth += 1,
            '》' if depth == 0 => return false,
            '》' => depth -= 1,
            _ => {}
        }
        true
    });
    paired.collect()
}

/// What stands before the next line that a mark of another document begins, which nobody could read:
/// 【规范性文件】甲委员会《关于……的通知》.
fn until_next_mark(text: &str) -> &str {
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        if at > 0 && marks_a_document(&text[at..]) {
            return &text[..at];
        }
        at += line.len();
    }
    text
}

/// Words before 《》 that make it a mention in a sentence: 【罚则】违反《丙法》规定的….
const MENTIONS: [&str; 10] = ["违反", "依照", "按照", "根据", "依据", "适用", "符合", "执行", "和", "与"];

/// Whether a text begins with a mark that names a document, or that one stands behind: not 【罚则】 or 【第三条】, which
/// mark places.
fn marks_a_document(text: &str) -> bool {
    let marked = text.trim_start().strip_prefix('【').and_then(|rest| rest.split_once('】'));
    let Some((mark, rest)) = marked.filter(|(mark, _)| !mark.contains('\n')) else { return false };
    if mark.contains('《') {
        return true;
    }
    let line = rest.trim_start().lines().next().unwrap_or_default();
    let Some((issuer, title)) = line.split_once('《').filter(|_| !PLACE.is_match(mark.trim())) else { return false };
    let in_a_sentence = issuer.contains(['。', '；', ';', '，', ',', '：', ':', '“', '条'])
        || MENTIONS.iter().any(|word| issuer.trim_end().ends_with(word));
    // A title may go on in the next line.
    let behind = title.split_once('》').map_or("", |(_, behind)| behind).trim_start();
    !in_a_sentence && !["的", "规定"].iter().any(|word| behind.starts_with(word))
}

/// What stands in brackets behind a title, and where it ends.
fn note(text: &str, from: usize) -> (String, usize) {
    let mut note = String::new();
    let mut at = from;
    loop {
        let rest = text.get(at..).unwrap_or_default();
        let trimmed = rest.trim_start_matches([' ', '\u{3000}', '\u{A0}', '，', ',']);
        if !trimmed.starts_with(['（', '(', '〔']) {
            return (note, at);
        }
        let start = at + rest.len() - trimmed.len();
        let mut depth = 0;
        let mut end = None;
        for (offset, c) in trimmed.char_indices().take(LONGEST_NOTE) {
            match c {
                '（' | '(' | '〔' => depth += 1,
                '）' | ')' | '〕' => depth -= 1,
                // A bracket that nobody closed ends with its line.
                '\n' if PLACE.is_match(trimmed[offset..].trim_start()) => {
                    end = Some(start + offset);
                    break;
                }
                _ => {}
            }
            if depth == 0 {
                end = Some(start + offset + c.len_utf8());
                break;
            }
        }
        let Some(end) = end else {
            let line = trimmed.find('\n').map_or(text.len(), |n| start + n);
            note.push_str(&text[start..line]);
            return (note, line);
        };
        note.push_str(&text[start..end]);
        at = end;
    }
}

/// The places named in what follows a regulation, each with its words.
fn passages(body: &str) -> Vec<Passage> {
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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn told(text: &str) -> Vec<(String, Vec<(String, String)>)> {
        let passages =
            |regulation: CitedRegulation| regulation.passages.into_iter().map(|p| (p.place, p.quote)).collect();
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
        let unread = read(
            "【法律】《甲法》\n第三条：甲由县办。\n【规范性文件】甲委员会、乙局《关于甲的通知》（甲发〔2001〕5号）",
        );
        assert_eq!(unread[0].passages[0].quote, "甲由县办。", "{unread:?}");
        assert_eq!(read("《甲法》\n第三条规定：“甲由县办。”")[0].passages[0].quote, "甲由县办。");
        assert!(read("依照甲法》和乙条例处理。").is_empty(), "a line of prose");
        assert!(read("【法律】《甲法》")[0].passages.is_empty());
        assert!(read("没有依据").is_empty() && read("").is_empty());
    }

    #[test]
    fn regulations_that_the_words_speak_of_are_no_bases() {
        let text =
            "【法律】《甲法》\n第三条：依照《乙法》和《丙条例》第八条处理。\n第三十二条、第三十三条规定的行为除外。";
        let regulations = read(text);
        assert_eq!(regulations.len(), 1);
        assert_eq!(regulations[0].passages.len(), 1, "{regulations:?}");
    }

    #[test]
    fn days_of_effect_are_no_versions() {
        let regulation =
            &read("【法律】《甲法》（1994年7月5日通过，2018年12月29日第二次修正，自2019年1月1日起施行）")[0];
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
}
