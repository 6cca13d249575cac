//! Numbers of staff and posts in running text:
//! 机关行政编制805名（含…）。设局长1名，副局长4名，司局级领导职数120名（含…）。

use std::sync::LazyLock;

use regex::Regex;

use super::{
    Read, Scheme,
    text::{plain, split_outside},
};
use crate::{documents::Span, law_markdown::regex};
use record::staffing::{self, Headcount, Part, counted, totals};
use text::numerals;

const N: &str = r"(?:[0-9]{1,6}|[一二三四五六七八九十百千两〇零廿卅壹贰叁肆伍陆柒捌玖拾佰仟]{1,7})";
/// A number of staff or posts.
static TELLS: LazyLock<Regex> = LazyLock::new(|| {
    regex(&format!(
        r"(?:编制|职数|工勤人员)[^。；]{{0,16}}?{N}(?:名|人|个)|{N}(?:名|人)?(?:行政|事业|政法专项)编制|[长任记席]{N}(?:名|人)|[0-9]{{1,2}}正[0-9]{{1,2}}副"
    ))
});
/// What stands in front of a name and is no part of it.
static LEAD: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"^(?:其中|其中含|包括|内含|含|另|同时|现|共|暂核定|暂定|暂|核定|核给|使用|另使用|另核|另核定|单列|设|配备|配|核配|所需|本|仍|保留|领导职数：|：|，|、|（|其|安排)+",
    )
});
/// Numbers that belong to somebody else, or are none: 从市应急管理局现有行政编制30名中调剂.
static NOT_OWN: LazyLock<Regex> = LazyLock::new(|| regex(r"中调剂|内调剂|不核定|不另|不增|不占|％|%|随自然减员"));
static ONE_AND_DEPUTIES: LazyLock<Regex> = LazyLock::new(|| regex(&format!(r"({N})正({N})副")));
/// Units of an institution, by what their posts are called.
const UNITS: &str = "(?:内设机构|科级|股级|中层|科室|处级)";
/// 内设机构领导职数正职9名, 内设机构正职9名, and what goes on with it: 副职9名.
static OF_UNITS: LazyLock<Regex> = LazyLock::new(|| {
    regex(&format!(r"^([^，。；]*{UNITS}(?:[^，。；]{{0,12}}?职数)?)[为：]?(正职|正[厅处科股]级)({N})[名人个]$"))
});
/// 内设机构领导职数：正职9名，副职9名: the words before the parts.
static UNITS_HEADING: LazyLock<Regex> =
    LazyLock::new(|| regex(&format!(r"^[^0-9，。；]*{UNITS}[^0-9，。；]{{0,8}}?职数[为共]?$")));
static FIRST_OF_UNITS: LazyLock<Regex> = LazyLock::new(|| regex(&format!(r"^(正职|正[厅处科股]级)({N})[名人个]$")));
/// A number of people.
static PEOPLE: LazyLock<Regex> = LazyLock::new(|| regex(&format!(r"({N})[名人]")));
/// 共23名, 合计23名: the sum of what stands before it.
static SUM: LazyLock<Regex> =
    LazyLock::new(|| regex(&format!(r"^(?:以上)?(?:总计|合计|共计|总共|共)(?:编制)?({N})[名人个]$")));
/// 2至3名, 2—4名: no number.
static RANGE: LazyLock<Regex> = LazyLock::new(|| regex(&format!(r"{N}(?:至|到|-|—|－|～|~|–)$")));
static DEPUTIES: LazyLock<Regex> = LazyLock::new(|| regex(&format!(r"^(副职|副[厅处科股]级)({N})[名人个]$")));
/// Names of heads and deputies of an institution.
static POST: LazyLock<Regex> =
    LazyLock::new(|| regex(r"(?:长|主任|书记|主席|主委|政委|总监|总\p{Han}{1,4}师|委员|督察|正职|副职|（副?主任）)$"));

/// Numbers of staff and posts in what a unit does: 设科长1名、副科长2名.
pub fn in_units(text: &str) -> Vec<String> {
    static NUMBERS: LazyLock<Regex> =
        LazyLock::new(|| regex(&format!(r"(?:编制|职数|科长|股长|处长|主任)(?:共|为|：)?{N}(?:名|人)")));
    NUMBERS.find_iter(&plain(text)).map(|found| found.as_str().to_owned()).collect()
}

pub fn names_number(text: &str) -> bool {
    TELLS.is_match(text)
}

/// Whether a row is the sum of those above it: 合计, 编制总数, 总计（名）.
pub fn is_sum(what: &str) -> bool {
    let bare = what.split('（').next().unwrap_or(what);
    [
        "合计",
        "总计",
        "小计",
        "共计",
        "总数",
        "总编制",
        "编制总数",
        "编制总额",
        "编制合计",
        "人员编制合计",
        "机关编制合计",
        "编制总计",
    ]
    .contains(&bare)
}

/// All numbers of staff and posts that a scheme has, those among others with them.
fn known(scheme: &Scheme) -> Vec<u32> {
    let counts = scheme.staffing.iter().chain(&scheme.posts).map(|read| &read.value);
    counts.flat_map(|count| std::iter::once(count.n).chain(count.of_which.iter().map(|part| part.n))).collect()
}

/// Takes one of each of some numbers out of others.
fn less(mut all: Vec<u32>, some: &[u32]) -> Vec<u32> {
    for n in some {
        if let Some(at) = all.iter().position(|known| known == n) {
            all.swap_remove(at);
        }
    }
    all
}

/// Numbers of a text that are reported as not taken up: who confirms it reads no more, and knows by then that it was
/// not read.
const MAX_UNREAD: usize = 50;
const MORE_UNREAD: &str = "没有读入的数很多，没有全部列出，请逐项对照原文";

/// Reads all numbers of a paragraph. Those that are not taken up are reported.
pub fn read(text: &str, span: Span, scheme: &mut Scheme) {
    let before = known(scheme);
    let staff = scheme.staffing.len();
    take(text, span, scheme);
    if scheme.unread.iter().any(|known| known.value == MORE_UNREAD) {
        return;
    }
    let mut taken = less(known(scheme), &before);
    let plain = plain(text);
    let own: Vec<Headcount> = scheme.staffing[staff..].iter().map(|read| read.value.clone()).collect();
    let sum = totals(&own).into_iter().flatten().fold(0, u32::saturating_add);
    for sentence in split_outside(&plain, &['。', '；']) {
        let pieces = split_outside(sentence, &['，', '、', '：']);
        for found in PEOPLE.captures_iter(sentence) {
            let Some(n) = numerals::parse(&found[1]) else { continue };
            if let Some(at) = taken.iter().position(|known| *known == n) {
                taken.swap_remove(at);
                continue;
            }
            let whole = found.get(0).map_or(0..0, |m| m.range());
            let ends = |piece: &&&str| piece.ends_with(&sentence[whole.clone()]) && SUM.is_match(piece);
            let is_sum = pieces.iter().find(ends);
            let told = match is_sum {
                Some(_) if n == sum => continue,
                Some(piece) => format!("写明“{piece}”，读到的各类编制之和是 {sum} 名"),
                None => format!("“{}”没有读入：{}", &sentence[whole], staffing::short(sentence)),
            };
            if scheme.unread.iter().any(|known| known.value == told) {
                continue;
            }
            if scheme.unread.len() >= MAX_UNREAD {
                scheme.unread.push(Read::of(MORE_UNREAD.to_owned(), span));
                return;
            }
            scheme.unread.push(Read::of(told, span));
        }
    }
}

fn take(text: &str, span: Span, scheme: &mut Scheme) {
    let text = plain(text).replace("其中：", "其中").replace("，即", "，其中");
    let text = text.replace("名：", "名，其中").replace("人：", "人，其中");
    // What follows 其中 belongs to the number before it.
    for sentence in split_outside(&text, &['。', '；']) {
        let mut whole: Option<Place> = None;
        let mut heads_of_units = false;
        // 内设机构领导职数：正职9名
        let mut heading: Option<&str> = None;
        for piece in split_outside(sentence, &['，', '、', '：']) {
            if NOT_OWN.is_match(outside(piece)) {
                continue;
            }
            if UNITS_HEADING.is_match(piece) {
                heading = Some(piece);
                continue;
            }
            let headed = heading.take().and_then(|heading| {
                let found = FIRST_OF_UNITS.captures(piece)?;
                Some((heading.to_owned(), found[1].to_owned(), found[2].to_owned()))
            });
            let within = || {
                OF_UNITS.captures(piece).map(|found| (found[1].to_owned(), found[2].to_owned(), found[3].to_owned()))
            };
            if let Some((called, first, n)) = headed.or_else(within) {
                let n = numerals::parse(&n).unwrap_or_default();
                let called = name(called.trim_end_matches(['为', '共']));
                let called = if called.contains("职数") { called } else { format!("{called}领导职数") };
                let mut count = Headcount::new(called, n);
                count.of_which = vec![Part { name: first, n }];
                scheme.posts.push(Read::of(count, span));
                heads_of_units = true;
                continue;
            }
            // 内设机构领导职数正职9名、副职9名: the second goes on with the first.
            if let (true, Some(found)) = (heads_of_units, DEPUTIES.captures(piece))
                && let Some(last) = scheme.posts.last_mut()
            {
                let n = numerals::parse(&found[2]).unwrap_or_default();
                last.value.n = last.value.n.saturating_add(n);
                last.value.of_which.push(Part { name: found[1].into(), n });
                heads_of_units = false;
                continue;
            }
            let of_which = piece.starts_with("其中") || whole.as_ref().is_some_and(|w| w.open);
            if let Some(found) = ONE_AND_DEPUTIES.captures(outside(piece)) {
                pair(&found[1], &found[2], &piece[..found.get(0).map_or(0, |m| m.start())], span, scheme);
                continue;
            }
            let Some(mut count) = one(piece) else { continue };
            let kind = kind(&count);
            let part = Part { name: count.name.clone(), n: count.n };
            if of_which
                && let Some(place) = whole.clone()
                && place.takes(kind, &count)
            {
                if let Some(into) = place.of(scheme) {
                    into.of_which.push(part);
                }
                whole = Some(Place { open: true, ..place.clone() });
                // 机关编制26名，其中行政编制21名: the parts are kinds of their own.
                if kind == Kind::Staff && place.list == Kind::Staff && has_kind(&count.name) {
                    scheme.staffing.push(Read::of(count, span));
                }
                continue;
            }
            whole = match kind {
                Kind::Staff => {
                    expand(&mut count);
                    // 行政编制10名（其中局长1名、副局长2名）: posts are no kind of staff.
                    let (posts, kinds): (Vec<Part>, Vec<Part>) = count
                        .of_which
                        .drain(..)
                        .partition(|part| self::kind(&Headcount::new(&part.name, part.n)) == Kind::Post);
                    count.of_which = kinds;
                    scheme
                        .posts
                        .extend(posts.into_iter().map(|post| Read::of(Headcount::new(post.name, post.n), span)));
                    let own_kinds: Vec<Headcount> = match count.kind() {
                        record::staffing::StaffKind::Other => count
                            .of_which
                            .iter()
                            .filter(|p| has_kind(&p.name))
                            .map(|p| Headcount::new(&p.name, p.n))
                            .collect(),
                        _ => Vec::new(),
                    };
                    scheme.staffing.push(Read::of(count, span));
                    let at = scheme.staffing.len() - 1;
                    scheme.staffing.extend(own_kinds.into_iter().map(|own| Read::of(own, span)));
                    Some(Place { list: Kind::Staff, at, open: false })
                }
                Kind::Posts => {
                    scheme.posts.push(Read::of(count, span));
                    Some(Place { list: Kind::Posts, at: scheme.posts.len() - 1, open: false })
                }
                Kind::Post => {
                    scheme.posts.push(Read::of(count, span));
                    None
                }
                Kind::Neither => whole,
            };
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Staff,
    /// 科级领导职数
    Posts,
    /// 局长
    Post,
    Neither,
}

/// A number that others may be parts of.
#[derive(Debug, Clone)]
struct Place {
    list: Kind,
    at: usize,
    /// 其中 has begun, and what follows goes on with it.
    open: bool,
}

impl Place {
    fn takes(&self, kind: Kind, count: &Headcount) -> bool {
        match self.list {
            Kind::Staff => kind != Kind::Posts && kind != Kind::Post,
            _ => kind != Kind::Staff && !(kind == Kind::Posts && !self.open && count.name.contains("编制")),
        }
    }

    fn of<'s>(&self, scheme: &'s mut Scheme) -> Option<&'s mut Headcount> {
        let list = if self.list == Kind::Staff { &mut scheme.staffing } else { &mut scheme.posts };
        list.get_mut(self.at).map(|read| &mut read.value)
    }
}

fn has_kind(name: &str) -> bool {
    ["行政编制", "事业编制", "政法专项编制", "工勤编制"].iter().any(|kind| name.ends_with(kind))
}

fn kind(count: &Headcount) -> Kind {
    let name = count.name.as_str();
    match () {
        () if name.contains("职数") || name.ends_with("级干部") || name.ends_with("级领导干部") => {
            Kind::Posts
        }
        () if name.contains("编制") || name.contains("工勤人员") || name.contains("后勤服务人员") => {
            Kind::Staff
        }
        () if POST.is_match(name) => Kind::Post,
        () => Kind::Neither,
    }
}

/// The text of a piece without its parentheses.
fn outside(piece: &str) -> &str {
    piece.split('（').next().unwrap_or(piece)
}

/// One number with what its parentheses say it includes.
fn one(piece: &str) -> Option<Headcount> {
    // What follows a number in parentheses tells of it; those before belong to its name: 科长（主任）6名.
    let number_then_note = |((_, c), next): &((usize, char), char)| "名人".contains(*c) && *next == '（';
    let behind = piece.char_indices().zip(piece.chars().skip(1)).find(number_then_note);
    let (head, inner) = match behind {
        Some(((at, c), _)) => {
            let (head, inner) = piece.split_at(at + c.len_utf8());
            (head, inner.trim_start_matches('（').trim_end_matches('）'))
        }
        None => (piece, ""),
    };
    let (head, notes) = match counted(head) {
        Some(_) => (head, ""),
        // 行政编制23名由甲局划入: what follows the number is a note.
        None => match head.rfind(['名', '人']) {
            Some(at) => head.split_at(at + '名'.len_utf8()),
            None => return None,
        },
    };
    let part = counted(head).filter(|part| !RANGE.is_match(&part.name))?;
    let called = own_name(&part.name);
    let mut count = Headcount::new(called, part.n);
    if count.name.is_empty() || notes.starts_with('以') {
        return None;
    }
    let without =
        inner.starts_with("不含") || inner.starts_with("不占") || inner.starts_with('由') || inner.contains("兼");
    if !inner.is_empty() && !without {
        let divided = inner.starts_with("其中") && !inner.starts_with("其中含");
        for part in split_outside(inner, &['，', '、', '；', '：']) {
            // 其中正处级17名、副处级9名，含机关党委专职副书记1名: what comes last is among the others.
            if divided && part.starts_with(['含']) {
                break;
            }
            let Some(found) = counted(part).filter(|part| !RANGE.is_match(&part.name)) else { continue };
            let called = name(&found.name);
            if !called.is_empty() {
                count.of_which.push(Part { name: called, n: found.n });
            }
        }
        if let Some(found) = ONE_AND_DEPUTIES.captures(inner) {
            add_pair(&mut count, &found[1], &found[2]);
        }
    }
    Some(count)
}

/// A name without the words around it.
fn name(text: &str) -> String {
    let mut text = text;
    while let Some(lead) = LEAD.find(text).filter(|lead| lead.end() > 0 && lead.end() < text.len()) {
        // 其他领导职数
        let other = text[..lead.end()].ends_with('其') && text[lead.end()..].starts_with('他');
        text = &text[lead.end() - if other { '其'.len_utf8() } else { 0 }..];
        if other {
            break;
        }
    }
    // 为离退休干部服务的工作人员编制
    text = text.strip_prefix('为').filter(|rest| rest.ends_with("编制")).unwrap_or(text);
    for word in ["核定为", "定为", "为", "核定", "总数", "总额", "定", "不少于", "不低于", "不超过", "按"]
    {
        text = text.strip_suffix(word).unwrap_or(text);
    }
    text.to_owned()
}

/// The same without the institution's own name: 县财政局机关行政编制 is its 机关行政编制.
fn own_name(text: &str) -> String {
    let text = name(text);
    let text = text.strip_prefix("机关核定").map_or_else(|| text.clone(), |rest| format!("机关{rest}"));
    let kinds = [
        "机关行政编制",
        "机关事业编制",
        "机关编制",
        "行政编制",
        "政法专项编制",
        "事业编制",
        "人员编制",
        "机关工勤",
        "机关后勤",
    ];
    let at = kinds.iter().filter_map(|kind| text.find(kind)).min();
    let ends = [
        "局", "厅", "部", "委", "办", "会", "院", "所", "处", "站", "馆", "镇", "乡", "定", "社", "中心", "室", "学",
        "）", "道", "单位", "机关", "组",
    ];
    let own = |front: &str| ends.iter().any(|end| front.ends_with(end));
    match at {
        Some(at) if at > 0 && own(text[..at].trim_end_matches("核定")) => text[at..].to_owned(),
        _ => text,
    }
}

/// 编制数 told as 管理岗位8名 within parentheses stays; nothing else to do for kinds of staff.
fn expand(count: &mut Headcount) {
    count.name = count.name.trim_end_matches("总编制数").to_owned();
    if count.name.is_empty() {
        count.name = "编制".to_owned();
    }
}

fn pair(head: &str, deputies: &str, front: &str, span: Span, scheme: &mut Scheme) {
    let of_units = ["内设", "科级", "处级", "股级", "中层"].iter().any(|word| front.contains(word));
    let (Some(head), Some(deputies)) = (numerals::parse(head), numerals::parse(deputies)) else { return };
    if of_units {
        let mut count = Headcount::new(name(front.trim_end_matches(['为', '：'])), head + deputies);
        count.of_which = vec![Part { name: "正".into(), n: head }, Part { name: "副".into(), n: deputies }];
        scheme.posts.push(Read::of(count, span));
    } else {
        scheme.posts.push(Read::of(Headcount::new("正职", head), span));
        scheme.posts.push(Read::of(Headcount::new("副职", deputies), span));
    }
}

fn add_pair(count: &mut Headcount, head: &str, deputies: &str) {
    if let (Some(head), Some(deputies)) = (numerals::parse(head), numerals::parse(deputies)) {
        count.of_which.push(Part { name: "正".into(), n: head });
        count.of_which.push(Part { name: "副".into(), n: deputies });
    }
}
