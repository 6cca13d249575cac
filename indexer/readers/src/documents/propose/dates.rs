//! Dates: of signature or adoption, of publication, of effect.

use std::sync::LazyLock;

use regex::Regex;

use super::{
    Field, Span,
    day::{DAY, day, ending_at, find, in_digits, is_date, only_date},
    layout::{LABEL_LINES, Layout},
};
use crate::law_markdown::{header, regex};
use record::{Date, Event, EventKind};

static LABELLED: LazyLock<Regex> = LazyLock::new(|| {
    regex(&format!(
        r"(成文|发文|发布|公布|印发|施行|实施|生效)(?:日期|时间)[\s：:]*(?:(\d{{4}})[-/.](\d{{1,2}})[-/.](\d{{1,2}})|{DAY})"
    ))
});
static EFFECTIVE: LazyLock<Regex> = LazyLock::new(|| {
    regex(&format!(
        r"[自从]\s*{DAY}\s*(?:零时)?\s*起\s*(?:正式)?(?:施行|实施|生效|执行|试行|启用)|{DAY}\s*(?:零时)?\s*起\s*(?:正式)?(?:施行|实施|生效|执行)"
    ))
});
/// Words that bring a regulation: 现印发给你们，自2024年5月1日起施行.
static BRINGING: LazyLock<Regex> = LazyLock::new(|| regex(r"现[予将]?(?:印发|公布|发布|颁布|转发)|印发给你们"));
static AT_ONCE: LazyLock<Regex> =
    LazyLock::new(|| regex(r"自(公布|发布|印发|颁布|下发|通过)之日起\s*(?:施行|实施|生效|执行|试行)"));
static PRINTED: LazyLock<Regex> = LazyLock::new(|| regex(&format!(r"{DAY}\s*(?:印发|印制|印)\s*(?:$|[（(])")));
static NOW_PUBLISHED: LazyLock<Regex> = LazyLock::new(|| regex(r"现[予将]?(?:[^。]{0,40})?(?:公布|发布)"));
/// Where one event of a caption in a single paragraph ends and the next begins.
static NEXT_EVENT: LazyLock<Regex> = LazyLock::new(|| {
    regex(&format!(
        r"(?:(?:[\s\u{{3000}}；;，,、]+|^|[（(）)])(?:根据|自)?|根据|和|及|以及|通过|批准|公布|发布|修正|修订|施行)\s*({DAY})"
    ))
});
/// Articles at the end that may tell the day of effect.
const CLOSING_LINES: usize = 8;
/// Lines of the text of a notice that brings a regulation.
const OWN_LINES: usize = 10;
/// Lines at the end that may hold the printer's note 版记.
const IMPRINT_LINES: usize = 12;

/// A date and the place of it.
#[derive(Clone)]
struct Dated {
    date: Date,
    at: Span,
}

pub struct Dates {
    pub version: Field<Date>,
    pub published: Field<Date>,
    pub effective: Field<Date>,
}

pub fn dates(layout: &Layout<'_>) -> (Vec<Event>, Dates) {
    let caption = events(layout);
    let labelled = labelled(layout);
    let signed = signed(layout);
    let version = version(layout, &caption, &labelled, signed.as_ref());
    let published = published(layout, &caption, &labelled, signed.as_ref());
    let effective = effective(layout, &caption, &labelled, &published, &version);
    (caption.into_iter().map(|(event, _)| event).collect(), Dates { version, published, effective })
}

/// The caption's events, each with the place of its date.
fn events(layout: &Layout<'_>) -> Vec<(Event, Span)> {
    let mut pieces: Vec<(usize, &str)> = Vec::new();
    let mut start = 0;
    for line in layout.caption_text.text.split('\n') {
        let mut from = 0;
        for c in NEXT_EVENT.captures_iter(line) {
            let Some(at) = c.get(1).map(|m| m.start()) else { continue };
            // Dates inside quoted titles belong to them.
            let before = &line[..at];
            if before.matches('《').count() > before.matches('》').count() || at == from {
                continue;
            }
            pieces.push((start + from, &line[from..at]));
            from = at;
        }
        pieces.push((start + from, &line[from..]));
        start += line.len() + 1;
    }
    let mut events = Vec::new();
    for (start, piece) in pieces {
        let Some((at, _)) = find(piece) else { continue };
        let text = piece.trim().trim_end_matches("根据").trim().trim_matches(['（', '(']).trim();
        let text = in_digits(text);
        if let Some(event) = header::events(&[text.as_str()]).into_iter().next().filter(|e| e.date.is_some()) {
            // What a meeting decided, it adopted: 国家监察委员会全体会议决定.
            let decided = event.kind == EventKind::Other && event.text.contains("会议") && event.text.contains("决定");
            let kind = if decided { EventKind::Adopted } else { event.kind };
            let event = Event { kind, ..event };
            events.push((event, layout.caption_text.span(start + at.start..start + at.end)));
        }
    }
    events
}

/// The last event of some kinds.
fn latest(events: &[(Event, Span)], kinds: &[EventKind]) -> Option<Dated> {
    let of_kind = events.iter().filter(|(event, _)| kinds.contains(&event.kind));
    of_kind.filter_map(|(event, at)| Some(Dated { date: event.date?, at: *at })).max_by_key(|d| d.date)
}

/// Dates that a site or a form labels, by their label.
fn labelled(layout: &Layout<'_>) -> Vec<(String, Dated)> {
    let mut found = Vec::new();
    for line in layout.lines.iter().take(LABEL_LINES) {
        for c in LABELLED.captures_iter(line.text) {
            let date = day(&c, if c.get(2).is_some() { 2 } else { 5 });
            if let (Some(date), Some(at)) = (date, c.get(0)) {
                let at = (line.start + at.start()..line.start + at.end()).into();
                found.push((c[1].to_owned(), Dated { date, at }));
            }
        }
    }
    found
}

/// The date below the signature; without a signature, a date alone in one of the last lines.
fn signed(layout: &Layout<'_>) -> Option<Dated> {
    let place = |at: usize| {
        if let Some((from, date)) = ending_at(&layout.lines, at) {
            return Some(Dated { date, at: (layout.lines[from].start..layout.lines[at].span().end).into() });
        }
        let line = &layout.lines[at];
        let (span, date) = find(line.text)?;
        Some(Dated { date, at: (line.start + span.start..line.start + span.end).into() })
    };
    if let Some(signature) = &layout.signature {
        return place(signature.end - 1);
    }
    let last = layout.body.end.saturating_sub(IMPRINT_LINES).max(layout.caption.end)..layout.body.end;
    last.rev().find(|&at| is_date(layout.lines[at].text)).and_then(place)
}

fn of_label<'d>(labelled: &'d [(String, Dated)], labels: &[&str]) -> Option<&'d Dated> {
    labelled.iter().find(|(label, _)| labels.contains(&label.as_str())).map(|(_, dated)| dated)
}

fn version(
    layout: &Layout<'_>,
    caption: &[(Event, Span)],
    labelled: &[(String, Dated)],
    signed: Option<&Dated>,
) -> Field<Date> {
    use EventKind::{Adopted, Amended, Approved, Published};
    if let Some(found) = latest(caption, &[Adopted, Approved, Published, Amended]) {
        return Field::found(found.date, vec![found.at], "题注中最近一次通过、公布或修改的日期");
    }
    if let Some(found) = signed {
        return Field::found(found.date, vec![found.at], "署名之下或文末的成文日期");
    }
    if let Some((line, date)) =
        layout.lines[layout.caption.clone()].iter().find_map(|line| Some((line, only_date(line.text)?)))
    {
        return Field::found(date, vec![line.span().into()], "标题之下单独成行的日期");
    }
    let given = layout.lines[layout.caption.clone()].iter().filter(|line| line.text.starts_with('—'));
    if let Some((line, (at, date))) = given.filter_map(|line| Some((line, find(line.text)?))).next() {
        return Field::found(date, vec![(line.start + at.start..line.start + at.end).into()], "标题之下写明的报告日期");
    }
    match of_label(labelled, &["成文", "发文"]) {
        Some(found) => Field::found(found.date, vec![found.at], "标明为成文日期"),
        None => Field::none("题注中没有通过或修改的日期，文末也没有成文日期"),
    }
}

fn published(
    layout: &Layout<'_>,
    caption: &[(Event, Span)],
    labelled: &[(String, Dated)],
    signed: Option<&Dated>,
) -> Field<Date> {
    if let Some(found) = latest(caption, &[EventKind::Published]) {
        return Field::found(found.date, vec![found.at], "题注中公布的日期");
    }
    if let Some(found) = of_label(labelled, &["公布", "发布", "印发"]) {
        return Field::found(found.date, vec![found.at], "标明为发布日期");
    }
    // An order publishes on the day it is signed.
    let (from, head) = layout.slice(0..layout.title.start);
    let in_head = signed.filter(|d| d.at.start < from + head.len() && !layout.title.is_empty());
    if let (Some(said), Some(found)) = (NOW_PUBLISHED.find(head), in_head) {
        let said = (from + said.start()..from + said.end()).into();
        return Field::found(found.date, vec![said, found.at], "公布它的令在这一天签署");
    }
    let last = layout.lines.len().saturating_sub(IMPRINT_LINES)..layout.lines.len();
    for line in layout.lines[last].iter().rev() {
        if let Some(c) = PRINTED.captures(line.text)
            && let (Some(date), Some(at)) = (day(&c, 1), c.get(0))
        {
            let at = line.start + at.start()..line.start + at.end();
            return Field::found(date, vec![at.into()], "版记中的印发日期");
        }
    }
    Field::none("题注、发布信息和版记中没有公布或印发的日期")
}

fn effective(
    layout: &Layout<'_>,
    caption: &[(Event, Span)],
    labelled: &[(String, Dated)],
    published: &Field<Date>,
    version: &Field<Date>,
) -> Field<Date> {
    if let Some(found) = latest(caption, &[EventKind::Effective]) {
        return Field::found(found.date, vec![found.at], "题注中施行的日期");
    }
    if let Some(found) = of_label(labelled, &["施行", "实施", "生效"]) {
        return Field::found(found.date, vec![found.at], "标明为施行日期");
    }
    // The last such sentence of the last lines; else of what stands above the title.
    let body = layout.body.clone();
    let places = [
        body.end.saturating_sub(CLOSING_LINES).max(body.start)..body.end,
        0..layout.title.start,
        layout.caption.clone(),
    ];
    for lines in places.clone() {
        let (from, text) = layout.slice(lines);
        if let Some(c) = EFFECTIVE.captures_iter(text).last()
            && let (Some(date), Some(at)) = (day(&c, if c.get(1).is_some() { 1 } else { 4 }), c.get(0))
        {
            let at = from + at.start()..from + at.end();
            return Field::found(date, vec![at.into()], "文中写明自这一天起施行");
        }
    }
    if let Some(found) = brought(layout) {
        return Field::found(found.date, vec![found.at], "印发它的文件写明自这一天起施行");
    }
    for lines in places {
        let (from, text) = layout.slice(lines);
        let Some(c) = AT_ONCE.captures_iter(text).last() else { continue };
        let Some(at) = c.get(0) else { continue };
        let said: Span = (from + at.start()..from + at.end()).into();
        let day = if &c[1] == "通过" { version } else { published };
        return match day.value {
            Some(date) => {
                let mut evidence = vec![said];
                evidence.extend(&day.evidence);
                Field::found(date, evidence, format!("文中写明自{}之日起施行", &c[1]))
            }
            None => Field::none(format!("文中写明自{0}之日起施行，但没有{0}的日期", &c[1])),
        };
    }
    Field::none("文中没有写明施行日期")
}

/// The day of effect that the notice tells which brings a regulation, in the paragraph that says so.
fn brought(layout: &Layout<'_>) -> Option<Dated> {
    let own = layout.lines[layout.body.clone()].iter().take(OWN_LINES);
    own.filter(|line| BRINGING.is_match(line.text)).find_map(|line| {
        let c = EFFECTIVE.captures(line.text)?;
        let at = c.get(0)?;
        // 自2021年1月1日起施行以来 tells of another regulation.
        let goes_on = line.text[at.end()..].starts_with(['以', '后', '的']);
        let date = day(&c, if c.get(1).is_some() { 1 } else { 4 })?;
        (!goes_on).then(|| Dated { date, at: (line.start + at.start()..line.start + at.end()).into() })
    })
}
