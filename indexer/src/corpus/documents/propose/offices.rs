//! Which bodies issued a document: by its signature, its title, its letterhead, its caption.

use std::{ops::Range, sync::LazyLock};

use regex::Regex;

use super::{Field, Span, dates, layout::Layout};
use crate::corpus::law_markdown::regex;

/// How names of bodies end.
static BODY: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"^[\p{Han}（）()·]{2,40}(?:人民政府|人民代表大会|委员会|办公厅|办公室|法院|检察院|国务院|国务院|管委会|厅|局|部|委|院|署|总署|银行|会|社|总队|支队|中心|海关|公司|学校|大学|处|站|所|馆|组|指挥部|党组|党委)(?:[（(][\p{Han}]{1,20}[）)])?$",
    )
});
static SHORT_BODY: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"^(?:国务院|外交部|教育部|科技部|公安部|民政部|司法部|财政部|商务部|水利部|审计署|中央军委|中共中央|中央编办|税务总局|海关总署)$",
    )
});
/// The signer of an order: 总理 李强.
static SIGNER: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"^(?:国家主席|主席|委员长|总理|代省长|省长|自治区主席|代市长|市长|部长|主任|局长|署长|州长|县长|区长|行长|院长|检察长|会长)[\s\u{3000}：:]*[\p{Han}·\s]{2,12}$",
    )
});
static ADOPTED: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"(?:日|^|[（(\s，。：])([\p{Han}]{2,16}?)?第[〇零一二三四五六七八九十百\d]{1,4}届(全国)?人民代表大会(常务委员会)?",
    )
});
static ORDER: LazyLock<Regex> =
    LazyLock::new(|| regex(r"([\p{Han}、]{2,30}?)令[\s（(]*第?\s*[\d〇零一二三四五六七八九十百千]{1,8}\s*号"));
static PUBLISHER: LazyLock<Regex> =
    LazyLock::new(|| regex(r"日\s*([\p{Han}、\s]{2,60}?)(?:联合)?(?:发布|公布|印发|颁布)"));
static LETTERHEAD: LazyLock<Regex> = LazyLock::new(|| regex(r"^([\p{Han}\s\u{3000}]{2,60}?)\s*文\s*件$"));

/// The names in a line that is nothing but names of bodies, each with its place in the line, in bytes.
fn names(line: &str) -> Vec<(Range<usize>, String)> {
    if line.chars().nth(80).is_some() || line.contains(['。', '，', '：', ':', '；', '《']) {
        return Vec::new();
    }
    let mut pieces: Vec<(Range<usize>, String)> = Vec::new();
    let separators = |c: char| c.is_whitespace() || c == '、';
    let mut start = 0;
    for part in line.split_inclusive(separators) {
        let name = part.trim_matches(separators);
        if !name.is_empty() {
            pieces.push((start..start + name.len(), name.to_owned()));
        }
        start += part.len();
    }
    if pieces.iter().all(|(_, name)| is_body(name)) {
        return pieces;
    }
    // Set with spaces between the characters: 国 务 院.
    let whole: String = pieces.iter().map(|(_, name)| name.as_str()).collect();
    match (pieces.first(), pieces.last()) {
        (Some((first, _)), Some((last, _))) if is_body(&whole) => vec![(first.start..last.end, whole)],
        _ => Vec::new(),
    }
}

fn is_body(name: &str) -> bool {
    SHORT_BODY.is_match(name) || (BODY.is_match(name) && !name.contains("关于"))
}

/// Whether a line is a signature: names of bodies, or the person who signs an order.
pub fn is_signature(line: &str) -> bool {
    !names(line).is_empty() || SIGNER.is_match(line)
}

/// Whether names of bodies and a date stand in one line.
pub fn signed_and_dated(line: &str) -> bool {
    dates::find(line).is_some_and(|(at, _)| {
        line[at.end..].trim().is_empty() && at.start > 0 && !names(line[..at.start].trim()).is_empty()
    })
}

pub fn issuers(layout: &Layout<'_>, title: &Field<String>) -> Field<Vec<String>> {
    by_signature(layout)
        .or_else(|| by_title(layout))
        .or_else(|| by_letterhead(layout))
        .or_else(|| by_order(layout))
        .or_else(|| by_caption(layout))
        .or_else(|| by_publisher(layout))
        .or_else(|| by_courts(title))
        .unwrap_or_else(|| Field::none("署名、标题、发文机关标志和题注中没有发文机关"))
}

fn field(found: Vec<(Range<usize>, String)>, reason: &str) -> Option<Field<Vec<String>>> {
    let mut bodies: Vec<String> = Vec::new();
    let mut evidence: Vec<Span> = Vec::new();
    for (at, name) in found {
        if !bodies.contains(&name) {
            bodies.push(name);
        }
        evidence.push(at.into());
    }
    (!bodies.is_empty()).then(|| Field::found(bodies, evidence, reason))
}

fn shifted(found: Vec<(Range<usize>, String)>, by: usize) -> impl Iterator<Item = (Range<usize>, String)> {
    found.into_iter().map(move |(at, name)| (at.start + by..at.end + by, name))
}

fn by_signature(layout: &Layout<'_>) -> Option<Field<Vec<String>>> {
    let mut found = Vec::new();
    for line in &layout.lines[layout.signature.clone()?] {
        let text = dates::find(line.text).map_or(line.text, |(at, _)| &line.text[..at.start]);
        found.extend(shifted(names(text.trim_end()), line.start));
    }
    field(found, "成文日期之上的发文机关署名")
}

/// X关于…的通知
fn by_title(layout: &Layout<'_>) -> Option<Field<Vec<String>>> {
    let (from, text) = layout.slice(layout.title.clone());
    let about = text.find("关于")?;
    field(shifted(names(&text[..about]), from).collect(), "标题中“关于”之前的发文机关")
}

/// X文件, alone above the title.
fn by_letterhead(layout: &Layout<'_>) -> Option<Field<Vec<String>>> {
    for line in &layout.lines[..layout.title.start] {
        if let Some(c) = LETTERHEAD.captures(line.text) {
            let found = names(&c[1]);
            if !found.is_empty() {
                return field(shifted(found, line.start).collect(), "发文机关标志（红头）");
            }
        }
    }
    None
}

/// X令 above the title or in the caption. 主席令 publishes what congress adopted: the caption names it.
fn by_order(layout: &Layout<'_>) -> Option<Field<Vec<String>>> {
    for part in [&layout.head_text, &layout.caption_text] {
        for c in ORDER.captures_iter(&part.text) {
            let organ = c[1].replace("中华人民共和国", "");
            let organ = organ.trim_start_matches(['日', '月', '年', '经', '以', '由']);
            let found = names(organ);
            if let Some(at) = c.get(1).filter(|_| organ != "主席" && !found.is_empty()) {
                // Of a joint order, the place of all names is that of each: some were shortened.
                let at = part.place(at.range());
                return field(found.into_iter().map(|(_, name)| (at.clone(), name)).collect(), "公布令的机关");
            }
        }
    }
    None
}

/// 1996年6月14日国家计划委员会发布
fn by_publisher(layout: &Layout<'_>) -> Option<Field<Vec<String>>> {
    let caption = &layout.caption_text;
    PUBLISHER.captures_iter(&caption.text).find_map(|c| {
        let organ = c.get(1)?;
        let found = names(organ.as_str())
            .into_iter()
            .map(|(at, name)| (caption.place(organ.start() + at.start..organ.start() + at.end), name));
        field(found.collect(), "题注中发布它的机关")
    })
}

/// 浙江省第十届人民代表大会常务委员会第二次会议通过
fn by_caption(layout: &Layout<'_>) -> Option<Field<Vec<String>>> {
    for part in [&layout.caption_text, &layout.head_text] {
        for c in ADOPTED.captures_iter(&part.text) {
            let place = c.get(1).map_or("", |m| m.as_str());
            let national = c.get(2).map_or("", |m| m.as_str());
            if place.is_empty() == national.is_empty() {
                continue;
            }
            let standing = c.get(3).map_or("", |m| m.as_str());
            let name = format!("{place}{national}人民代表大会{standing}");
            let Some(whole) = c.get(0) else { continue };
            let from = c.get(1).or(c.get(2)).map_or(whole.start(), |m| m.start());
            return field(vec![(part.place(from..whole.end()), name)], "题注中通过它的机关");
        }
    }
    None
}

/// 最高人民法院 in the title of an interpretation without 关于 behind it.
fn by_courts(title: &Field<String>) -> Option<Field<Vec<String>>> {
    let name = title.value.as_deref()?;
    let bodies: Vec<String> =
        ["最高人民法院", "最高人民检察院"].into_iter().filter(|b| name.starts_with(b)).map(str::to_owned).collect();
    (!bodies.is_empty()).then(|| Field::found(bodies, title.evidence.clone(), "标题以发文机关开头"))
}
