//! What stands above and below the text of a scheme: its title, its number, its days, who issued it.

use std::sync::LazyLock;

use regex::Regex;

use super::{Read, Scheme, text::Lines};
use crate::{
    documents::{
        Span,
        propose::{day, number},
    },
    law_markdown::regex,
};
use record::Date;

/// Lines at the top in which a title may stand: a notice that brings it has some twenty.
const WITHIN: usize = 40;
/// Rows of one title.
const ROWS: usize = 4;
/// Characters of the longest title.
const LONGEST: usize = 100;

/// A title of a scheme; the institution stands in front.
static TITLE: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"^(?:关于)?(?P<body>[^。，；《》]{2,50}?)(?:机关)?的?(?:职能配置|主要职责|主要职能|职责配置|机构职能|(?:工作)?职责[、和]内设机构|职能[、和]内设机构|(?:工作|办事)机构设置|[“‘「]?三定[”’」]?(?:方案|规定)|机构编制(?:方案|规定)|机构设置(?:方案|规定|、|和)|内设机构(?:、|和)人员编制|办公室设置规定|设置规定)[^。；《》]{0,30}?(?:规定|方案|办法)?(?:[（(](?:试行|暂行|修订)[）)])?$",
    )
});
/// A notice that sets up an institution for coordination is its scheme.
static SETS_UP: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"关于(?:设立|成立|组建|建立)(?P<body>[^。，；《》]{2,50}?(?:领导小组|委员会|指挥部|联席会议|工作专班|协调小组|办公室))的(?:通知|决定)$",
    )
});
static ENDS: LazyLock<Regex> = LazyLock::new(|| regex(r"(?:规定|方案|通知|办法|决定)(?:[（(].{1,6}[）)])?$"));
/// Days on which it takes effect.
static EFFECT: LazyLock<Regex> =
    LazyLock::new(|| regex(r"[自从]([^，。；]{6,24}?)起(?:正式)?(?:施行|实施|执行|生效|试行)"));
static PRINTED: LazyLock<Regex> = LazyLock::new(|| regex(r"^(?:.{0,30}?)([12一二][^，。；]{7,20}日)印发$"));

/// The title and where the text below it begins.
pub struct Head {
    pub title: String,
    pub institution: String,
    pub span: Span,
    /// First line of the title, first line below it.
    pub first: usize,
    pub below: usize,
}

/// The last title at the top that is one of a scheme: the notice that brings it stands above.
pub fn title(lines: &Lines) -> Option<Head> {
    let mut best: Option<Head> = None;
    for from in 0..lines.0.len().min(WITHIN) {
        if stands_above(&lines.0[from].text) {
            continue;
        }
        let mut joined = String::new();
        for rows in 1..=ROWS.min(lines.0.len() - from) {
            let line = &lines.0[from + rows - 1];
            joined.push_str(&line.text);
            if joined.chars().nth(LONGEST).is_some() || joined.contains(['。', '；', '\t']) {
                break;
            }
            let marked = record::staffing::mark(&joined).is_some();
            let brings = joined.contains("印发") || joined.contains("批转") || joined.contains("转发");
            let ends = ENDS.is_match(&joined);
            let body = |pattern: &Regex| pattern.captures(&joined).map(|found| found["body"].to_owned());
            let found = match brings || marked || !ends {
                true => None,
                false => body(&SETS_UP).or_else(|| body(&TITLE)),
            };
            let Some(institution) = found else { continue };
            // A row of the notice's own title may look like one: the whole is what counts.
            let inside =
                from > 0 && lines.0[from - 1].text.contains("印发") && !lines.0[from - 1].text.contains(['。', '，']);
            if inside && rows == 1 && joined.ends_with("通知") {
                continue;
            }
            let institution = institution.trim_start_matches(['“', '"']).trim_end_matches("机关").to_owned();
            let span = Span { start: lines.0[from].span.start, end: line.span.end };
            let head = Head { title: joined.clone(), institution, span, first: from, below: from + rows };
            let later = best.as_ref().is_none_or(|best| from >= best.below);
            if later {
                best = Some(head);
            }
            break;
        }
    }
    best.or_else(|| brought(lines))
}

/// A row above a title that is no part of it: a day, a number, the names of those who issue it.
pub fn stands_above(text: &str) -> bool {
    let issuer = ["办公室", "办公厅", "委员会", "人民政府", "国务院", "文件"].iter().any(|end| text.ends_with(end));
    let number = text.ends_with('号') && text.contains('〔') || number::is_number_line(text);
    day::is_date(text) || text.starts_with('（') || (issuer && !text.contains("关于")) || number
}

/// The title that a notice names between its brackets, where the text follows without one of its own.
fn brought(lines: &Lines) -> Option<Head> {
    let top: usize = lines.0.len().min(ROWS + 4);
    for from in 0..top {
        let mut joined = String::new();
        for rows in 1..=ROWS.min(lines.0.len() - from) {
            let line = &lines.0[from + rows - 1];
            joined.push_str(&line.text);
            let inner = joined.split_once('《').and_then(|(_, rest)| rest.split_once('》')).map(|(inner, _)| inner);
            let found = inner.and_then(|inner| TITLE.captures(inner).map(|c| (inner.to_owned(), c["body"].to_owned())));
            if let Some((title, institution)) = found {
                let span = Span { start: lines.0[from].span.start, end: line.span.end };
                return Some(Head { title, institution, span, first: from, below: from + rows });
            }
        }
    }
    None
}

/// Its number, in the row above the title or right below it.
pub fn document_number(lines: &Lines, head: &Head) -> Read<Option<String>> {
    let near = lines.0.iter().take(head.below + 3);
    for line in near {
        let short = line.text.chars().nth(50).is_none() && !line.text.contains(['。', '《']);
        let tail = line.text.rfind("号").map(|at| &line.text[..at + "号".len()]);
        if let Some(text) = tail.filter(|_| short && !line.text.contains("关于"))
            && let Some((_, number)) = number::bracketed(text)
        {
            return Read::of(Some(without_issuer(number)), line.span);
        }
    }
    Read::default()
}

/// A number without the full name of who issued it in front: 甲县委机构编制委员会　甲编委〔2021〕44号.
fn without_issuer(number: String) -> String {
    let code = number.find(['〔', '[', '［', '（', '(']).unwrap_or(number.len());
    let ends = ["委员会", "办公室", "办公厅", "人民政府"];
    let behind = ends.iter().filter_map(|end| number[..code].rfind(end).map(|at| at + end.len())).max();
    match behind.filter(|at| *at < code) {
        Some(at) => number[at..].to_owned(),
        None => number,
    }
}

/// The day on which it was signed: a row that is nothing but a day, or tells when it was printed.
pub fn signed(lines: &Lines, head: &Head) -> Read<Option<Date>> {
    let day = |text: &str| -> Option<Date> {
        let text = text.trim_start_matches('（').trim_end_matches('）');
        if day::is_date(text) {
            return day::find(text).map(|(_, day)| day);
        }
        let printed = PRINTED.captures(text)?;
        day::find(&printed[1]).map(|(_, day)| day)
    };
    let short = |text: &str| text.chars().nth(45).is_none();
    let found = lines.0.iter().filter(|line| short(&line.text)).find_map(|line| Some((day(&line.text)?, line.span)));
    if let Some((day, span)) = found {
        return Read::of(Some(day), span);
    }
    // （一九八八年九月十二日…第十一次会议审议通过）
    let below = lines.0.iter().skip(head.first).take(head.below - head.first + 3);
    for line in below.filter(|line| line.text.starts_with('（')) {
        if let Some((_, day)) = day::find(&line.text) {
            return Read::of(Some(day), line.span);
        }
    }
    // The signature and its day in one row.
    let last = lines.0.iter().rev().take(4).filter(|line| short(&line.text) && !line.text.contains('。'));
    for line in last {
        if let Some((at, day)) = day::find(&line.text)
            && at.end == line.text.len()
        {
            return Read::of(Some(day), line.span);
        }
    }
    Read::default()
}

pub fn effective(lines: &Lines, head: &Head) -> Read<Option<Date>> {
    for line in lines.0.iter().skip(head.below).chain(lines.0.iter().take(head.first)) {
        let Some(found) = EFFECT.captures(&line.text) else { continue };
        if let Some((_, day)) = day::find(&found[1]) {
            return Read::of(Some(day), line.span);
        }
    }
    Read::default()
}

/// A row that is written as a day.
static WRITTEN_DAY: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"^（?[0-9〇○零一二三四五六七八九十]{4}年[0-9一二三四五六七八九十]{1,3}月[0-9一二三四五六七八九十]{1,3}日）?$",
    )
});

/// Rows that are written as a day and are none that a calendar has.
pub fn no_days(lines: &Lines) -> impl Iterator<Item = Read<String>> {
    let none = |text: &str| WRITTEN_DAY.is_match(text) && day::find(text).is_none();
    let says = |text: &str| format!("日期“{text}”不是日历上有的日期，没有读入");
    lines.0.iter().filter(move |line| none(&line.text)).map(move |line| Read::of(says(&line.text), line.span))
}

/// Days that no calendar has: of effect, and in rows of their own.
pub fn impossible_days(lines: &Lines, head: &Head, scheme: &mut Scheme) {
    scheme.unread.extend(no_days(lines));
    for line in lines.0.iter().skip(head.below) {
        let found = EFFECT.captures(&line.text).map(|found| found[1].to_owned());
        let is_written = |text: &String| text.contains('年') && text.contains('月') && text.contains('日');
        if let Some(text) = found.filter(is_written).filter(|text| day::find(text).is_none()) {
            scheme.unread.push(Read::of(format!("施行日期“{text}”不是日历上有的日期，没有读入"), line.span));
        }
    }
}

/// Who issued it: the names in rows above the title of the notice, or right above the day below it.
pub fn issuers(lines: &Lines, head: &Head) -> Read<Vec<String>> {
    let is_institution = |text: &str| {
        let ends = ["办公厅", "办公室", "委员会", "人民政府", "国务院", "编办"];
        text.chars().nth(40).is_none()
            && !text.contains(['，', '。', '：'])
            && ends.iter().any(|end| text.ends_with(end))
    };
    let dated = lines.0.iter().position(|line| day::is_date(line.text.trim_matches(['（', '）'])));
    if let Some(at) = dated.filter(|at| *at > 0) {
        let mut from = at;
        while from > 0
            && at - from < 4
            && is_institution(&lines.0[from - 1].text)
            && !(head.first..head.below).contains(&(from - 1))
        {
            from -= 1;
        }
        if from < at {
            let names = lines.0[from..at].iter().flat_map(|line| split_names(&line.text)).collect();
            let evidence = lines.0[from..at].iter().map(|line| line.span).collect();
            return Read { value: names, evidence };
        }
    }
    Read::default()
}

fn split_names(text: &str) -> Vec<String> {
    text.split('、').map(str::to_owned).filter(|name| !name.is_empty()).collect()
}
