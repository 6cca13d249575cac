//! Where a text names a regulation as a basis, and what the regulation is called.

use std::{ops::Range, sync::LazyLock};

use regex::Regex;

use super::{MAX_REGULATIONS, notes::note, passages::PLACE, regex};

/// Bytes of the longest title.
const LONGEST_TITLE: usize = 900;

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
/// With what a title goes on behind 》: 《甲办法》实施细则 is a regulation of its own. A 》 at its end is that of
/// brackets around the whole.
static DERIVED: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"^的?(?:(?:实施|施行|执行)(?:细则|办法|条例|规定|规则|意见|方案|标准|程序)|若干(?:问题的)?(?:规定|解释|意见))(?:[（(](?:试行|暂行)[）)])?》?",
    )
});

/// Where a regulation is named as a basis.
pub(super) struct Head<'t> {
    /// From its mark or title to behind the title.
    pub span: Range<usize>,
    pub sort: &'t str,
    pub title: &'t str,
}

pub(super) fn heads(text: &str) -> Vec<Head<'_>> {
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
pub(super) fn title_of(title: &str) -> String {
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
