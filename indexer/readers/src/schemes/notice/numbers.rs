//! By how much a notice changes numbers of staff, posts and units, and of which institution:
//! 核减行政编制4名，调整后78名.

use std::sync::LazyLock;

use regex::Regex;

use super::{super::text::split_outside, change::InstitutionChange, speaking::is_institution};
use crate::{documents::Span, law_markdown::regex};
use record::staffing::NumberChange;
use text::numerals;

const N: &str = r"([0-9]{1,6}|[一二三四五六七八九十百千两〇零]{1,7})";

pub(super) static KIND: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"(机关后勤服务人员编制|后勤服务人员编制|机关工勤编制|工勤编制|工勤人员编制|政法专项编制|行政编制|事业编制|(?:正|副)?(?:司局|厅|处|科|股)级(?:领导)?(?:干部)?职数|内设机构领导职数|领导职数|副职职数|副(?:主任|局长|处长|院长|站长)职数|内设机构|编制)",
    )
});

/// 由82名减为79名, 由9个调整为10个.
static FROM_TO: LazyLock<Regex> = LazyLock::new(|| {
    regex(&format!(
        r"由(?:原来|原有|原|现有|现)?(?:核定)?(?:的)?{N}(?:名|个|人)?(?:[^，。；0-9一二三四五六七八九十]{{0,3}})(?:(?:核减|调减|减少|减|核增|增加|增)(?:至|为|到)|(?:调整|变更|变|调|升)(?:至|为|到)?){N}(?:名|个|人)"
    ))
});

/// 由24名核增3名: what it was, and by how much it changes.
static FROM_BY: LazyLock<Regex> = LazyLock::new(|| {
    regex(&format!(
        r"由(?:原来|原有|原|现有|现)?(?:核定)?(?:的)?{N}(?:名|个|人)(?P<verb>核减|调减|减少|减|核增|增加|增){N}(?:名|个|人)"
    ))
});

/// 调整后领导职数为站长1名、副站长3名
static POSTS_AFTER: LazyLock<Regex> =
    LazyLock::new(|| regex(&format!(r"后[^，。；]{{0,12}}职数[^，。；]{{0,20}}?(副\p{{Han}}{{1,4}}?){N}(?:名|个|人)")));

static DOWN: LazyLock<Regex> = LazyLock::new(|| {
    regex(&format!(
        r"(?:核减|调减|减少|收回|核销|精简|划出)(?P<what>[^，。；]{{0,24}}?){N}(?:名|个|人)|(?P<back>[^，。；]{{0,16}}?)(?:核减|调减|减少){N}(?:名|个|人)"
    ))
});

/// What comes with another institution's work counts where it is named: 划入事业编制6名, and not 从甲局划入86名.
static UP: LazyLock<Regex> = LazyLock::new(|| {
    regex(&format!(
        r"(?P<what>(?:核增|增核|增加|增设|新增|增配|调增)[^，。；]{{0,24}}?|(?:划入|转入)[^，。；]{{0,10}}编制){N}(?:名|个|人)"
    ))
});

static AFTER: LazyLock<Regex> = LazyLock::new(|| {
    regex(&format!(r"(?:总额为|总数为|为|共|达到|达|总数|总额|编制|职数|后){N}(?:名|个|人)(?:不变)?$"))
});

static SAME: LazyLock<Regex> = LazyLock::new(|| regex(&format!(r"{N}(?:名|个|人)不变")));

/// 核销站长、副站长职数各一名
static EACH: LazyLock<Regex> = LazyLock::new(|| {
    regex(&format!(
        r"(?P<sign>核减|调减|减少|收回|核销|精简|核增|增加|增设|核定)(?P<list>[\p{{Han}}]{{1,12}}(?:[、和][\p{{Han}}]{{1,12}}?)+)职数各{N}(?:名|个)"
    ))
});

/// 领导职数由1正2副调整为1正3副
static PAIR: LazyLock<Regex> =
    LazyLock::new(|| regex(&format!(r"由{N}正{N}副(?:调整|变更|增加|减少|改|变|增|减)(?:为|到|至){N}正{N}副")));

/// The institution in front of what is counted: 县民政局行政编制由16名减少到14名.
static SUBJECT: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"^(?:划转后|调整后|同时|此外|(?P<passing>其中))?(?:同意|决定)?(?:核减|核增|增核|核定|增加|减少|收回|调减|调增)?(?P<body>[\p{Han}（）]{2,30}?(?:局|委|委员会|办|办公室|中心|站|馆|所|院|部|厅|会|社|队|学校|大学|学院))的?(?:机关)?(?:现有)?(?:行政编制|事业编制|政法专项编制|工勤编制|人员编制|空编|空余编制|空缺编制|编制|内设机构|领导职数|副职职数)",
    )
});

/// 从甲局划转事业编制3名到乙局, 将甲局行政编制2名划转至乙局
static TRANSFERRED: LazyLock<Regex> = LazyLock::new(|| {
    regex(&format!(
        r"(?:从(?P<from>[\p{{Han}}（）]{{2,24}}?)(?:划转|划出|划拨|调剂|调出)|将(?P<giver>[\p{{Han}}（）]{{2,24}}?(?:局|委|办|部|厅|中心|院|室|会|站|馆|所))的?)(?P<what>[^，。；0-9]{{0,16}}?)(?P<n>{N})(?:名|个|人)(?P<behind>[^，。；]{{0,12}}?)(?:划转|划拨|调剂)?(?:到|至|给)(?P<to>[\p{{Han}}（）]{{2,24}}?)(?:统一|统筹)?(?:管理|使用|所有|名下|后|用于[^，。；]*)?$"
    ))
});

/// Sentences that sum up what others told.
const SUMS_UP: [&str; 4] = ["以上", "合计", "共计", "总计"];

/// One number told in two sentences, 核减4名。调整后由82名减为78名, is one change; what a sum leaves open follows from
/// it.
pub(super) fn together(told: Vec<InstitutionChange>) -> Vec<InstitutionChange> {
    let mut all: Vec<InstitutionChange> = Vec::new();
    for one in told {
        let before =
            all.last_mut().filter(|last| last.institution == one.institution).and_then(|last| last.numbers.first_mut());
        match (before, one.numbers.first()) {
            (Some(there), Some(number))
                if there.name == number.name && there.before.is_none() && there.after.is_none() =>
            {
                (there.before, there.after) = (number.before, number.after);
                there.change = there.change.or(number.change);
            }
            _ => all.push(one),
        }
    }
    for number in all.iter_mut().flat_map(|one| &mut one.numbers) {
        if let (None, Some(before), Some(after)) = (number.change, number.before, number.after) {
            number.change = Some(i64::from(after) - i64::from(before));
        }
    }
    all
}

/// A number of what is counted.
static COUNTED: LazyLock<Regex> = LazyLock::new(|| regex(&format!(r"{N}(?:名|人|个(?:$|[、（]))")));

/// Numbers that a sentence counts by a kind and that none of its changes has.
pub(super) fn unread_numbers(sentence: &str, changes: &[InstitutionChange]) -> Vec<String> {
    if SUMS_UP.iter().any(|word| sentence.starts_with(word)) {
        return Vec::new();
    }
    let numbers = changes.iter().flat_map(|one| &one.numbers);
    let three = |n: &NumberChange| [n.before.map(i64::from), n.change.map(i64::abs), n.after.map(i64::from)];
    let read: Vec<i64> = numbers.flat_map(three).flatten().collect();
    let mut unread = Vec::new();
    for piece in split_outside(sentence, &['，', '：']) {
        // Grades are parts of what is counted whole; 各 stands for each of several.
        if !KIND.is_match(piece) || piece.contains(['级', '各']) {
            continue;
        }
        for found in COUNTED.captures_iter(piece) {
            let n = numerals::parse(&found[1]).map(i64::from);
            if n.is_some_and(|n| !read.contains(&n)) {
                unread.push(found[0].to_owned());
            }
        }
    }
    unread
}

/// Whom a sentence counts for.
#[derive(Default)]
pub(super) struct Counted {
    /// The first institution that it names.
    pub(super) subject: Option<String>,
    /// Whether it moves numbers from one institution to another.
    pub(super) transfers: bool,
}

pub(super) fn read_numbers(
    sentence: &str,
    span: Span,
    body: &str,
    last: &mut String,
    told: &mut Vec<InstitutionChange>,
) -> Counted {
    let mut counted = Counted::default();
    if SUMS_UP.iter().any(|word| sentence.starts_with(word)) {
        return counted;
    }
    let body = &mut body.to_owned();
    // Each with the institution that it is of.
    let mut found: Vec<(String, NumberChange)> = Vec::new();
    for piece in split_outside(sentence, &['，', '：']) {
        if let Some(found) = SUBJECT.captures(piece).filter(|found| is_institution(&found["body"])) {
            // 其中市水务局, 市水务局所属市水文站: told of in passing.
            let parts = ["所属", "下属"].iter().find_map(|word| found["body"].rsplit_once(word));
            let named = parts.map_or(&found["body"], |(_, part)| part);
            named.clone_into(body);
            if found.name("passing").is_none() && parts.is_none() {
                counted.subject.get_or_insert_with(|| body.clone());
            }
        }
        let number = |text: Option<regex::Match<'_>>| text.and_then(|n| numerals::parse(n.as_str()));
        if let Some(c) = TRANSFERRED.captures(piece)
            && let Some(n) = number(c.name("n"))
            && let Some(giver) = c.name("from").or_else(|| c.name("giver"))
        {
            let of = |group: &str| c.name(group).and_then(|text| KIND.find_iter(text.as_str()).last());
            let kind =
                of("what").or_else(|| of("behind")).map_or_else(|| last.clone(), |kind| kind.as_str().to_owned());
            if !kind.is_empty() {
                counted.transfers = true;
                last.clone_from(&kind);
                let change =
                    |change| NumberChange { name: kind.clone(), before: None, change: Some(change), after: None };
                found.push((giver.as_str().to_owned(), change(-i64::from(n))));
                found.push((c["to"].to_owned(), change(i64::from(n))));
                continue;
            }
        }
        if let Some(c) = EACH.captures(piece) {
            let each = number(c.get(3)).unwrap_or_default();
            let posts = c["list"].split(['、', '和']).count();
            let all = i64::from(each) * i64::try_from(posts).unwrap_or(1);
            let less = !["核增", "增加", "增设", "核定"].contains(&&c["sign"]);
            let change = Some(if less { -all } else { all });
            found.push((body.clone(), NumberChange { name: "领导职数".to_owned(), before: None, change, after: None }));
            continue;
        }
        if let Some(c) = PAIR.captures(piece) {
            let (before, after) = (number(c.get(2)), number(c.get(4)));
            match found.iter_mut().find(|(of, change)| of == body && change.name.starts_with('副')) {
                Some((_, there)) => (there.before, there.after) = (before, after),
                None => {
                    let change = NumberChange { name: "副职职数".to_owned(), before, change: None, after };
                    found.push((body.clone(), change));
                }
            }
            continue;
        }
        if let Some(c) = POSTS_AFTER.captures(piece)
            && let Some((_, there)) =
                found.iter_mut().rev().find(|(_, change)| change.name.strip_suffix("职数") == Some(&c[1]))
        {
            there.after = there.after.or(number(c.get(2)));
            continue;
        }
        let named = KIND.find_iter(piece).last().map(|kind| kind.as_str().to_owned());
        // Posts that nobody holds: of which kind is not said.
        let named = named.or_else(|| piece.contains("空编").then(|| "编制".to_owned()));
        let is_named = named.is_some();
        let name = named.unwrap_or_else(|| last.clone());
        if name.is_empty() {
            continue;
        }
        last.clone_from(&name);
        let known = found.iter().position(|(of, change)| of == body && change.name == name);
        let mut put = |before: Option<u32>, change: Option<i64>, after: Option<u32>| match known {
            Some(at) => {
                let there = &mut found[at].1;
                there.before = there.before.or(before);
                there.change = there.change.or(change);
                there.after = there.after.or(after);
            }
            None => found.push((body.clone(), NumberChange { name: name.clone(), before, change, after })),
        };
        if let Some(c) = FROM_BY.captures(piece) {
            let (before, by) = (number(c.get(1)), number(c.get(3)).map(i64::from));
            put(before, by.map(|by| if c["verb"].contains('减') { -by } else { by }), None);
        } else if let Some(c) = FROM_TO.captures(piece) {
            let (before, after) = (number(c.get(1)), number(c.get(2)));
            put(before, None, after);
        } else if let Some(c) = SAME.captures(piece) {
            let n = number(c.get(1));
            put(n, Some(0), n);
        } else if let Some(c) = AFTER.captures(piece).filter(|_| piece.contains('后')) {
            put(None, None, number(c.get(1)));
        } else if let Some(c) = DOWN.captures(piece) {
            let n = number(c.get(2)).or_else(|| number(c.get(4)));
            put(None, n.map(|n| -i64::from(n)), None);
        // 增设副主任1名 adds a post, whatever was counted last.
        } else if let Some(c) = UP.captures(piece).filter(|c| is_named || !c["what"].starts_with("增设")) {
            put(None, number(c.get(2)).map(i64::from), None);
        } else if let Some(c) = AFTER.captures(piece) {
            put(None, None, number(c.get(1)));
        }
    }
    // 增加正科级领导职数1名，…领导职数由18名调整为20名: the grades are parts of what is told whole.
    let posts = |change: &NumberChange| change.name.contains("职数");
    let whole = |change: &NumberChange| posts(change) && change.before.is_some() && change.after.is_some();
    if found.iter().any(|(_, change)| whole(change)) {
        let graded = |change: &NumberChange| change.name.starts_with(['正', '副']) && change.name.contains('级');
        found.retain(|(_, change)| whole(change) || !(posts(change) && graded(change)));
    }
    for (of, number) in found {
        push_number(number, sentence, span, &of, told);
    }
    counted
}

pub(super) fn push_number(
    number: NumberChange,
    sentence: &str,
    span: Span,
    body: &str,
    told: &mut Vec<InstitutionChange>,
) {
    let change = match () {
        () if number.name.contains("职数") => "调整职数",
        () if number.name == "内设机构" => "调整内设",
        () => "调整编制",
    };
    let numbers = vec![number];
    let (body, sentence) = (body.to_owned(), sentence.to_owned());
    told.push(InstitutionChange {
        change,
        institution: body,
        from: Vec::new(),
        to: Vec::new(),
        numbers,
        sentence,
        span,
    });
}
