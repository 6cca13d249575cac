//! Which institutions issued a document: by its signature, its title, its letterhead, its caption.

use std::{ops::Range, sync::LazyLock};

use regex::Regex;

use super::{
    Field, Span, day,
    layout::{Joined, LABEL_LINES, Layout},
    names::{is_institution, names, over_two_lines, without_date},
    number,
};
use crate::law_markdown::regex;

/// Who gives a report: 甲市财政局局长　张三.
static SPEAKER: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"^([\p{Han}]{3,30}?)(?:主席|委员长|总理|省长|市长|部长|主任|局长|署长|州长|县长|区长|行长|院长|检察长)[\s\u{3000}：:]+[\p{Han}·\s]{2,12}$",
    )
});
/// Who adopted it: 浙江省第十届人民代表大会常务委员会, 全国人民代表大会常务委员会第九十一次会议, 浙江省人大常委会.
static ADOPTED: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"(?:日|^|[（(\s，。：])(?:([\p{Han}]{2,16}?)?第[〇零一二三四五六七八九十百\d]{1,4}届(全国)?|(全国)|([\p{Han}]{2,16}?))(?:人民代表大会(常务委员会)?|人大(常委会)?)(\s*(?:第|会议|通过|批准))?",
    )
});
/// Whose meeting adopted it: 国务院第25次常务会议, 最高人民法院审判委员会第1800次会议, 国家监察委员会全体会议.
static MEETING: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"(?:日|^|[（(，。、\s])([\p{Han}]{2,30}?)(?:第[〇零一二三四五六七八九十百\d]{1,4}届)?(?:审判委员会|检察委员会)?(?:第[\d〇零一二三四五六七八九十百千]{1,6}次)?(?:全体|常务|办公|党组|[部局委署院行厅室]务)?(?:委员会)?会议(?:讨论|审议)*(?:通过|决定|、|和|，)",
    )
});
static ORDER: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"([\p{Han}、]{2,30}?)(?:令[\s（(〔\[]*(?:\d{4}[〕\]）)年]\s*)?第?\s*[\d〇○零一二三四五六七八九十百千]{1,8}\s*号|第\s*[\d〇○零一二三四五六七八九十百千]{1,8}\s*号\s*令)",
    )
});
static ANNOUNCEMENT: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"([\p{Han}、 \u{3000}]{2,60}?)\n?(?:公\s*告|通\s*告)\s*(?:[（(〔\[]?[\d一二三四五六七八九十〇]{1,4}[届年]?[）)〕\]]?\s*)?[（(]?\s*第?\s*[\d〇○零一二三四五六七八九十百千]{1,8}\s*号",
    )
});
/// 发文机关：甲局, as sites label it.
static LABELLED: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"(?:发文机关|发文单位|发布机构|发布机关|发布单位|制定机关|公布机关)[\s\u{3000}]*(?:[：:]|\t)[\s\u{3000}：:]*([\p{Han}、]{2,60})",
    )
});
static PUBLISHER: LazyLock<Regex> =
    LazyLock::new(|| regex(r"日\s*([\p{Han}、\s]{2,60}?)(?:联合)?(?:发布|公布|印发|颁布)"));
/// （甲局　乙局2020年11月2日印发）
static PUBLISHER_FIRST: LazyLock<Regex> = LazyLock::new(|| {
    regex(r"^[（(]\s*([\p{Han}、\s]{2,60}?)\s*\d{4}年\d{1,2}月\d{1,2}日(?:联合)?(?:发布|公布|印发|颁布)")
});
/// 十四届 behind a place.
static SHORT_TERM: LazyLock<Regex> = LazyLock::new(|| regex(r"第?[〇零一二三四五六七八九十百\d]{1,4}届$"));
static LETTERHEAD: LazyLock<Regex> = LazyLock::new(|| regex(r"^([\p{Han}\s\u{3000}]{2,60}?)\s*文\s*件$"));

pub fn issuers(layout: &Layout<'_>, title: &Field<String>) -> Field<Vec<String>> {
    adopted_below_announcement(layout)
        .or_else(|| by_signature(layout))
        .or_else(|| by_title(layout))
        .or_else(|| by_letterhead(layout))
        .or_else(|| by_order(layout))
        .or_else(|| by_label(layout))
        .or_else(|| by_speaker(layout))
        .or_else(|| by_caption(layout))
        .or_else(|| by_announcement(layout))
        .or_else(|| by_publisher(layout))
        .or_else(|| by_meeting(layout))
        .or_else(|| by_courts(title))
        .unwrap_or_else(|| Field::none("署名、标题、发文机关标志和题注中没有发文机关"))
}

fn field(found: Vec<(Range<usize>, String)>, reason: &str) -> Option<Field<Vec<String>>> {
    let mut institutions: Vec<String> = Vec::new();
    let mut evidence: Vec<Span> = Vec::new();
    for (at, name) in found {
        if !institutions.contains(&name) {
            institutions.push(name);
        }
        evidence.push(at.into());
    }
    (!institutions.is_empty()).then(|| Field::found(institutions, evidence, reason))
}

fn shifted(found: Vec<(Range<usize>, String)>, by: usize) -> impl Iterator<Item = (Range<usize>, String)> {
    found.into_iter().map(move |(at, name)| (at.start + by..at.end + by, name))
}

/// Who adopted a regulation is recognized by its caption; the standing committee that signs the announcement above only
/// publishes what the congress adopted.
fn adopted_below_announcement(layout: &Layout<'_>) -> Option<Field<Vec<String>>> {
    layout.signature.as_ref().filter(|signature| signature.end <= layout.title.start)?;
    adopted_in(&layout.caption_text)
}

fn by_signature(layout: &Layout<'_>) -> Option<Field<Vec<String>>> {
    let mut found = Vec::new();
    let lines = &layout.lines[layout.signature.clone()?];
    let mut at = 0;
    while let Some(line) = lines.get(at) {
        let lower = lines.get(at + 1);
        if let Some((lower, name)) = lower.and_then(|l| Some((l, over_two_lines(line.text, l.text)?))) {
            found.push((line.start..lower.span().end, name));
            at += 2;
            continue;
        }
        let text = day::find(line.text).map_or(line.text, |(at, _)| &line.text[..at.start]);
        found.extend(shifted(names(text.trim_end()), line.start));
        at += 1;
    }
    field(found, "成文日期之上的发文机关署名")
}

/// X关于…的通知, X印发《…》的通知
fn by_title(layout: &Layout<'_>) -> Option<Field<Vec<String>>> {
    let (from, text) = layout.slice(layout.title.clone());
    let about = ["关于", "印发", "转发", "批转"].into_iter().filter_map(|word| text.find(word)).min()?;
    field(shifted(names(text[..about].trim_end()), from).collect(), "标题开头的发文机关")
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
    by_publication(layout, &ORDER, "公布令的机关")
        .or_else(|| by_publication(layout, &number::ORDER_IN_ROWS, "公布令的机关"))
}

/// X公告第12号 above the title or below it.
fn by_announcement(layout: &Layout<'_>) -> Option<Field<Vec<String>>> {
    by_publication(layout, &ANNOUNCEMENT, "发布公告的机关")
}

fn by_publication(layout: &Layout<'_>, pattern: &Regex, reason: &str) -> Option<Field<Vec<String>>> {
    for part in [&layout.head_text, &layout.caption_text] {
        for c in pattern.captures_iter(&part.text) {
            let Some(at) = c.get(1) else { continue };
            let (from, organ) = without_date(at.as_str());
            let organ = organ.replace("中华人民共和国", "");
            let organ = organ.trim_start_matches(['日', '月', '年', '经', '以', '由']).trim();
            let found = names(organ);
            if organ != "主席" && !found.is_empty() {
                // Of a joint order, the place of all names is that of each: some were shortened.
                let at = part.original_range(at.start() + from..at.end());
                return field(found.into_iter().map(|(_, name)| (at.clone(), name)).collect(), reason);
            }
        }
    }
    None
}

/// 发文机关：甲局, among the labels that a site sets above the text.
fn by_label(layout: &Layout<'_>) -> Option<Field<Vec<String>>> {
    layout.lines.iter().take(LABEL_LINES).find_map(|line| {
        let at = LABELLED.captures(line.text)?.get(1)?;
        field(shifted(names(at.as_str()), line.start + at.start()).collect(), "标明为发文机关")
    })
}

/// 1996年6月14日国家计划委员会发布
fn by_publisher(layout: &Layout<'_>) -> Option<Field<Vec<String>>> {
    let caption = &layout.caption_text;
    PUBLISHER.captures_iter(&caption.text).chain(PUBLISHER_FIRST.captures_iter(&caption.text)).find_map(|c| {
        let organ = c.get(1)?;
        let found = names(organ.as_str())
            .into_iter()
            .map(|(at, name)| (caption.original_range(organ.start() + at.start..organ.start() + at.end), name));
        field(found.collect(), "题注中发布它的机关")
    })
}

/// 浙江省第十届人民代表大会常务委员会第二次会议通过
fn by_caption(layout: &Layout<'_>) -> Option<Field<Vec<String>>> {
    adopted_in(&layout.caption_text).or_else(|| adopted_in(&layout.head_text))
}

fn adopted_in(part: &Joined) -> Option<Field<Vec<String>>> {
    for c in ADOPTED.captures_iter(&part.text) {
        let place = c.get(1).or(c.get(4));
        let national = c.get(2).or(c.get(3));
        // Without a term only a meeting tells that this one adopted it.
        let by_meeting = c.get(3).or(c.get(4)).is_none() || c.get(7).is_some();
        if place.is_none() == national.is_none() || !by_meeting {
            continue;
        }
        let standing = if c.get(5).or(c.get(6)).is_some() { "常务委员会" } else { "" };
        let (Some(whole), Some(place)) = (c.get(0), place.or(national)) else { continue };
        let (skipped, place_name) = without_date(place.as_str());
        let place_name = SHORT_TERM.find(place_name).map_or(place_name, |term| &place_name[..term.start()]);
        // 在甲市人民代表大会会议上: where a report was given.
        if place_name.starts_with('在') {
            continue;
        }
        // 市十四届人大常委会: which city, the caption does not say.
        if matches!(
            place_name,
            "" | "省" | "市" | "县" | "区" | "州" | "自治区" | "自治州" | "自治县" | "本市" | "本省"
        ) {
            continue;
        }
        let name = format!("{place_name}人民代表大会{standing}");
        let from = place.start() + skipped;
        return field(vec![(part.original_range(from..whole.end()), name)], "题注中通过它的机关");
    }
    None
}

/// 2023年5月4日最高人民法院审判委员会第1800次会议通过
fn by_meeting(layout: &Layout<'_>) -> Option<Field<Vec<String>>> {
    let caption = &layout.caption_text;
    let organs = MEETING.captures_iter(&caption.text).filter_map(|c| {
        let found = c.get(1)?;
        let (skipped, organ) = without_date(found.as_str());
        // 市人民政府第10次常务会议: which city, the caption does not say.
        let own = !organ.starts_with(['省', '市', '县', '区', '州', '本', '经']) && is_institution(organ);
        own.then(|| (caption.original_range(found.start() + skipped..found.end()), organ.to_owned()))
    });
    field(organs.collect(), "题注中通过它的会议所属的机关")
}

/// 甲市财政局局长　张三 below the title of a report.
fn by_speaker(layout: &Layout<'_>) -> Option<Field<Vec<String>>> {
    layout.lines[layout.caption.clone()].iter().find_map(|line| {
        let at = SPEAKER.captures(line.text)?.get(1)?;
        is_institution(at.as_str()).then_some(())?;
        field(vec![(line.start + at.start()..line.start + at.end(), at.as_str().to_owned())], "作报告的人所在的机关")
    })
}

/// 最高人民法院 in the title of an interpretation without 关于 behind it.
fn by_courts(title: &Field<String>) -> Option<Field<Vec<String>>> {
    let name = title.value.as_deref()?;
    let institutions: Vec<String> =
        ["最高人民法院", "最高人民检察院"].into_iter().filter(|b| name.starts_with(b)).map(str::to_owned).collect();
    (!institutions.is_empty()).then(|| Field::found(institutions, title.evidence.clone(), "标题以发文机关开头"))
}
