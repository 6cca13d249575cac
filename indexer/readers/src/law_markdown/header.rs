//! The lines between a law's title and its text: what happened to it, and when.

use std::sync::LazyLock;

use regex::Regex;

use record::{Date, Event, EventKind};
use text::numerals;

static DATE: LazyLock<Regex> = LazyLock::new(|| regex(r"(\d{4})\s*年\s*(\d{1,2})\s*月\s*(\d{1,2})\s*日"));
static ORDER: LazyLock<Regex> =
    LazyLock::new(|| regex(r"([\p{Han}、]{2,30}?令)\s*[（(]?第\s*([\d〇零一二三四五六七八九十百千]{1,8})\s*号"));
static NUMBER: LazyLock<Regex> = LazyLock::new(|| {
    regex(r"([\p{Han}]{2,8}?)\s*[〔\[（(【]\s*((?:19|20)\d\d)\s*[〕\]）)】]\s*第?\s*0*(\d{1,5})\s*号")
});

pub fn regex(pattern: &str) -> Regex {
    Regex::new(pattern).unwrap_or_else(|error| unreachable!("a fixed pattern: {error}"))
}

/// Events of the header's lines. A line without a date goes on with the line before it.
pub fn events(lines: &[&str]) -> Vec<Event> {
    let mut events: Vec<Event> = Vec::new();
    for line in lines {
        let starts: Vec<(usize, usize, Option<Date>)> =
            DATE.captures_iter(line).filter_map(|c| Some((c.get(0)?.start(), c.get(0)?.end(), day(&c)))).collect();
        // Dates inside a sentence belong to it; only one at the very front opens an event.
        match starts.first() {
            Some((start, end, date)) if line[..*start].trim().is_empty() || line[..*start].trim() == "（" => {
                let text = clean(&line[*end..]);
                events.push(Event { date: *date, kind: kind(&text), text });
            }
            _ => match events.last_mut() {
                Some(last) => {
                    last.text.push_str(&clean(line));
                    last.kind = kind(&last.text);
                }
                None => {
                    let text = clean(line);
                    let date = starts.first().and_then(|s| s.2);
                    events.push(Event { date, kind: kind(&text), text });
                }
            },
        }
    }
    events
}

fn clean(text: &str) -> String {
    let text = text.trim_matches(|c: char| c.is_whitespace() || c == '\u{3000}');
    let text = text.strip_suffix("根据").unwrap_or(text).trim_end();
    let open = text.matches(['（', '(']).count();
    let close = text.matches(['）', ')']).count();
    if close > open { text.trim_end_matches(['）', ')']).to_owned() } else { text.to_owned() }
}

fn kind(text: &str) -> EventKind {
    let has = |words: &[&str]| words.iter().any(|w| text.contains(w));
    if text == "施行" || text == "起施行" || text == "实施" {
        EventKind::Effective
    } else if text.ends_with("废止") {
        EventKind::Repealed
    } else if has(&["修正", "修订", "修改"]) {
        EventKind::Amended
    } else if has(&["公布", "发布", "公告", "印发"]) {
        EventKind::Published
    } else if has(&["批准"]) {
        EventKind::Approved
    } else if has(&["通过", "制定"]) {
        EventKind::Adopted
    } else if text.ends_with("施行") || text.ends_with("生效") {
        EventKind::Effective
    } else {
        EventKind::Other
    }
}

fn day(c: &regex::Captures<'_>) -> Option<Date> {
    Date::new(c[1].parse().ok()?, c[2].parse().ok()?, c[3].parse().ok()?).ok()
}

/// The document number named in a text: an order before a bracketed number.
pub fn document_number(text: &str) -> Option<String> {
    if let Some(c) = ORDER.captures(text) {
        let organ = c[1].replace("中华人民共和国", "");
        let organ = organ.trim_start_matches(['日', '月', '年']);
        return numerals::parse(&c[2]).map(|n| format!("{organ}第{n}号"));
    }
    let c = NUMBER.captures(text)?;
    Some(format!("{}〔{}〕{}号", &c[1], &c[2], &c[3]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn events_have_dates_and_kinds() {
        let lines = [
            "2003年11月23日 中华人民共和国国务院令第392号公布",
            "2011年1月8日 《国务院关于废止和修改部分行政法规的决定》第一次修订　",
            "2016年5月27日 浙江省人大常委会会议《关于修改〈浙江省县",
            "乡两级人民代表大会选举实施细则〉的决定》第七次修正）",
            "2021年1月1日 施行",
        ];
        let events = events(&lines);
        let kinds: Vec<EventKind> = events.iter().map(|e| e.kind).collect();
        assert_eq!(kinds, [EventKind::Published, EventKind::Amended, EventKind::Amended, EventKind::Effective]);
        assert_eq!(events[0].date, Some(Date::constant(2003, 11, 23)));
        assert!(events[2].text.ends_with("第七次修正"));
    }

    #[test]
    fn numbers_are_canonical() {
        for (text, want) in [
            ("2003年11月23日 中华人民共和国国务院令第392号公布", Some("国务院令第392号")),
            ("法释〔2024〕10号", Some("法释〔2024〕10号")),
            ("法释[2001]007号", Some("法释〔2001〕7号")),
            ("国家市场监督管理总局令第四十五号", Some("国家市场监督管理总局令第45号")),
            ("第十届全国人民代表大会通过", None),
        ] {
            assert_eq!(document_number(text).as_deref(), want, "{text}");
        }
    }
}
