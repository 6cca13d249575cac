//! The inner units of a scheme, listed one a row or in a sentence.

use std::sync::LazyLock;

use regex::Regex;

use super::{
    Read, Scheme,
    clauses::more,
    numbers,
    text::{Line, numbered, split_outside},
    topic::STATED,
};
use crate::{documents::Span, law_markdown::regex};
use record::staffing::{self, MarkStyle, Unit, mark, stands_behind};
use text::numerals;

/// Units that stand in a sentence of their own: 纪检监察工作委员会、人民武装部按有关规定设置.
static AS_RULED: LazyLock<Regex> =
    LazyLock::new(|| regex(r"^([\p{Han}、]{2,60}?)等?按照?(?:有关|相关)?(?:规定|章程)设置。?$"));

/// Words that a unit's name ends with.
pub static UNIT: LazyLock<Regex> = LazyLock::new(|| {
    regex(r"^[\p{Han}、和与]{1,24}(?:科|股|处|室|司|厅|局|部|党委|纪委|总支|支部|组|队|中心|所|站|办|委|工会|团委)$")
});

/// A name that runs on into what the unit does: 机关党委负责机关和直属单位的党群工作.
static RUNS_ON: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"^([\p{Han}、]{1,20}?(?:科|股|处|室|司|厅|局|部|党委|纪委|总支|支部|组|队|中心|所|站|办|工会|团委)(?:（[^（）]{1,30}）)?)((?:负责|承担|主管).+)$",
    )
});
/// What a sentence calls the units that it sets up: 下列内设机构, 6个内设机构. Behind it stands their rank.
static CALLED: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"内设机构|(?:下列|以下|如下|(?:[0-9]{1,3}|[一二三四五六七八九十两]{1,4})个)[^，。；：、（）]{0,10}(?:机构|科室|股室|处室|办公室|[司处科股]（室）)",
    )
});

/// The rank of all units, right behind what they are called: （正科级）, ，均为正处级.
static RANK_OF_ALL: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"^[^。；，（]{0,8}?[（，](?:机构)?(?:规格)?(?:均|都)?(?:为|是)?((?:正|副)(?:司局|厅局|县处|乡科|厅|司|局|处|科|股)级|股级)(?:$|[）；，])",
    )
});

/// A list of units begins: 设下列内设机构, 设6个.
static LIST_BEGINS: LazyLock<Regex> = LazyLock::new(|| {
    regex(r"^内设机构|设(?:置|立|有)?(?:下列|以下|如下|[0-9]{1,3}个|[一二三四五六七八九十两]{1,4}个)")
});

/// What a sentence before a list says of the rank of its units, and how many units stand before it.
pub struct RankOfAll {
    at: usize,
    /// Empty of a list whose sentence tells none.
    rank: String,
    span: Span,
}

impl RankOfAll {
    pub fn of(text: &str, line: &Line, scheme: &Scheme) -> Option<Self> {
        if !text.ends_with('：') && !text.starts_with("内设机构") && !STATED.is_match(text) {
            return None;
        }
        let rank = CALLED.find_iter(text).find_map(|called| {
            let behind = text[called.end()..].split(['：', '、', '。']).next()?;
            RANK_OF_ALL.captures(behind).map(|found| found[1].to_owned())
        });
        // A list without a rank ends what was said of one before it.
        let ends = || (!scheme.units.is_empty() && LIST_BEGINS.is_match(text)).then(String::new);
        let rank = rank.or_else(ends)?;
        Some(Self { at: scheme.units.len(), rank, span: line.span })
    }

    /// Gives the units behind it its rank, where they have none of their own. 机关党委 and the like, which stand behind
    /// the numbered ones, have another.
    pub fn give(all: &[Self], scheme: &mut Scheme) {
        let numbered = scheme.units.iter().any(|unit| !unit.value.number.is_empty());
        for (at, unit) in scheme.units.iter_mut().enumerate() {
            let of_list = if numbered { !unit.value.number.is_empty() } else { !stands_behind(&unit.value.name) };
            let told = all.iter().rev().find(|told| told.at <= at);
            let told = told.filter(|told| of_list && !told.rank.is_empty() && unit.value.rank.is_empty());
            if let Some(told) = told {
                unit.value.rank.clone_from(&told.rank);
                unit.evidence.push(told.span);
            }
        }
    }
}

/// 甲局下设东城分局、西城分局2个派出机构.
static BELOW: LazyLock<Regex> = LazyLock::new(|| {
    regex(r"^[\p{Han}]{0,24}(?:下设|另设|下辖|所属)[^。；]{2,60}?(?:派出机构|派驻机构|直属机构|直属分局|事业单位)")
});

pub fn unit(line: &Line, found: Option<record::staffing::Mark>, style: &mut Option<MarkStyle>, scheme: &mut Scheme) {
    let rest = found.map_or(line.text.as_str(), |m| &line.text[m.len..]);
    // 设5个党政机构, and behind them 设2个事业机构.
    let opens = scheme.stated_units.value.is_none()
        || found.is_none() && rest.ends_with(['：', '级']) && !scheme.units.is_empty() && rest.starts_with('设');
    let stated =
        STATED.captures(rest).and_then(|c| (1..=3).find_map(|g| c.get(g)).and_then(|n| numerals::parse(n.as_str())));
    if let Some(n) = stated.filter(|_| opens) {
        let before = scheme.stated_units.value.unwrap_or_default();
        scheme.stated_units.evidence.push(line.span);
        scheme.stated_units.value = Some(before.saturating_add(n));
        // The second list has a numbering of its own.
        if before > 0 {
            *style = None;
        }
    }
    // 1　办公室　负责…: a row of a table.
    if line.text.contains('\t') {
        row(line, scheme);
        return;
    }
    match found {
        Some(m) => {
            let first = *style.get_or_insert(m.style);
            if m.style != first {
                continued(line, scheme);
                return;
            }
            let mut unit = named_in(line, rest);
            unit.number = line.text[..m.len].trim().to_owned();
            if unit.name.is_empty() {
                return;
            }
            // 设办公室、人事司二个司（室）, and then each with what it does.
            let named_before = |known: &Read<Unit>| {
                known.value.number.is_empty() && known.value.text.is_empty() && known.value.name == unit.name
            };
            scheme.units.retain(|known| !named_before(known));
            scheme.units.push(Read::of(unit, line.span));
        }
        None => {
            // What stands below the institution and is none of its inner units.
            if BELOW.is_match(rest) && !scheme.units.is_empty() {
                more(line, scheme);
                return;
            }
            if let Some(found) = AS_RULED.captures(rest) {
                let names = found[1].split('、').filter(|name| !name.is_empty());
                let unit = |name: &str| Unit { name: name.to_owned(), ..Unit::default() };
                scheme.units.extend(names.map(|name| Read::of(unit(name), line.span)));
                return;
            }
            let unit = named_in(line, rest);
            let runs_on = RUNS_ON.is_match(rest) && !stands_behind(rest);
            let bare = UNIT.is_match(&unit.name) && !runs_on && !rest.ends_with('：') && !STATED.is_match(rest);
            if bare {
                scheme.units.push(Read::of(unit, line.span));
            } else if rest.ends_with('：') || scheme.units.is_empty() {
                in_a_sentence(rest, line, scheme);
                more(line, scheme);
            } else {
                continued(line, scheme);
            }
        }
    }
}

/// The unit of a row. White space may be all that stands between its name and what it does: 1. 办公室　负责….
fn named_in(line: &Line, rest: &str) -> Unit {
    let unit = named(rest);
    if let Some(found) = RUNS_ON.captures(rest).filter(|_| !UNIT.is_match(&unit.name)) {
        return Unit { text: found[2].to_owned(), ..named(&found[1]) };
    }
    let pieces: Vec<String> = line.raw.split_whitespace().map(super::text::plain).collect();
    let pieces = pieces.iter().map(|piece| mark(piece).map_or(piece.as_str(), |m| &piece[m.len..]));
    let first = pieces.into_iter().find(|piece| !piece.is_empty());
    match first.filter(|name| !UNIT.is_match(&unit.name) && rest.starts_with(*name) && *name != rest) {
        Some(name) => Unit { text: rest[name.len()..].to_owned(), ..named(name) },
        None => unit,
    }
}

/// The row goes on with what the last unit does.
fn continued(line: &Line, scheme: &mut Scheme) {
    if let Some(last) = scheme.units.last_mut() {
        last.value.text.push_str(&line.text);
        last.evidence.push(line.span);
    }
}

pub fn row(line: &Line, scheme: &mut Scheme) {
    let cells: Vec<&str> = line.text.split('\t').map(str::trim).filter(|cell| !cell.is_empty()).collect();
    let number = cells.first().filter(|cell| numerals::parse(cell).is_some() || mark(cell).is_some());
    let cells = if number.is_some() { &cells[1..] } else { &cells[..] };
    let Some((name, rest)) = cells.split_first() else { return };
    if ["机构名称", "名称", "内设机构", "机构", "科室", "科室名称"].contains(name) {
        return;
    }
    let mut unit = named(name);
    if !UNIT.is_match(&unit.name) {
        unread(name, &rest.join("，"), line.span, scheme);
        return;
    }
    unit.number = number.map(|n| numbered(n)).unwrap_or_default();
    unit.text = rest.join("，");
    scheme.units.push(Read::of(unit, line.span));
}

/// Reports a row of units whose name is none of a unit.
pub fn unread(name: &str, rest: &str, span: Span, scheme: &mut Scheme) {
    if numbers::is_sum(name) {
        return;
    }
    let rest = if rest.is_empty() { String::new() } else { format!("（{}）", staffing::short(rest)) };
    let says = format!("内设机构表中的“{}”{rest}不像内设机构的名称，没有读入", staffing::short(name));
    scheme.unread.push(Read::of(says, span));
}

/// 办公室（挂机要室牌子、正科级）。负责…
pub fn named(text: &str) -> Unit {
    let parts = split_outside(text, &['。', '：', '，', '；']);
    let Some(first) = parts.first() else { return Unit::default() };
    let after = &text[text.find(first).unwrap_or(0) + first.len()..];
    let mut unit = Unit { text: after.trim_start_matches(['。', '：', '，', '；']).to_owned(), ..Unit::default() };
    let (name, notes) = first.split_once('（').unwrap_or((first, ""));
    unit.name = name.trim_end_matches('、').to_owned();
    // 办公室挂机要室牌子
    if let Some((name, plate)) = unit.name.clone().split_once("挂").filter(|(_, rest)| rest.ends_with("牌子")) {
        unit.name = name.trim_end_matches('加').to_owned();
        unit.plates.push(plate.trim_end_matches("牌子").to_owned());
    }
    let notes = notes.trim_end_matches('）');
    for note in notes.split(['、', '，', '；']).filter(|note| !note.is_empty()) {
        let plate =
            note.trim_start_matches("加挂").trim_start_matches('挂').trim_end_matches("牌子").trim_end_matches("的");
        let is_rank = note.ends_with('级') || note.ends_with("级别");
        match () {
            () if is_rank => unit.rank = note.to_owned(),
            () if note.contains("简称") || plate.is_empty() => {}
            () => unit.plates.push(plate.to_owned()),
        }
    }
    unit
}

/// 设办公室、财务股、法规股3个内设机构; 内设机构：办公室、财务股。
pub fn in_a_sentence(text: &str, line: &Line, scheme: &mut Scheme) {
    static LIST: LazyLock<Regex> = LazyLock::new(|| {
        regex(
            r"(?:内?设(?:置|立|有)?|内设机构：(?:设(?:置|立|有)?)?|分别是|分别为|[：，](?:设(?:置|立|有)?)?)((?:[\p{Han}（）]{2,30}、){1,20}[\p{Han}（）]{2,30}?)(?:等?(?:[0-9]+|[一二三四五六七八九十]+)个|共|等|[，。；]|$)",
        )
    });
    static BESIDES: LazyLock<Regex> = LazyLock::new(|| regex(r"[。；，]另设(?:置|立)?([\p{Han}]{2,12}?)[。；，]"));
    if !scheme.units.is_empty() {
        return;
    }
    for found in LIST.captures_iter(text) {
        let names: Vec<Unit> = split_outside(&found[1], &['、']).into_iter().map(named).collect();
        if names.len() >= 2 && names.iter().all(|unit| UNIT.is_match(&unit.name)) {
            let besides = BESIDES.captures(text).map(|found| named(&found[1])).filter(|unit| UNIT.is_match(&unit.name));
            scheme.units.extend(names.into_iter().chain(besides).map(|unit| Read::of(unit, line.span)));
            return;
        }
    }
}
