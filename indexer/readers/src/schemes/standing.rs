//! What an institution is: 甲市乙局是甲市人民政府工作部门，为正处级，加挂丙局牌子.

use std::sync::LazyLock;

use regex::Regex;

use super::{
    Read, Scheme,
    text::{Line, sentences},
};
use crate::law_markdown::regex;

static NATURE: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"(?:分别是|分别为|是|作为|为|列入|列|机构性质：|单位性质：)(?P<above>[^，。；]{0,40}?)(?:所属|下属|直属|管理|归口管理|领导下|领导|主管[^，。；]{0,24}|的)*的?(?:(?:正|副)[部省厅司局处县科股]{1,2}级|股级)?的?(?:全额拨款|差额拨款|财政全额拨款|财政补助|自收自支)?(?P<nature>管理的机构|组成部门|工作部门|工作机关|综合职能部门|职能部门|职能机构|直属特设机构|直属机构|办事机构|国家局|部门管理机构|管理机构|行政机构|派出机关|派出机构|直属事业单位|公益[一二三]类事业单位|事业单位|(?:临时性|临时|阶段性)?议事协调机构|群团组织|群团机关|人民团体|领导小组)",
    )
});
/// 甲厅管理的副厅级机构
static MANAGED: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"(?:是|为)(?P<above>[\p{Han}]{2,40}?)(?:归口)?(?P<nature>管理的)(?:正|副)[部省厅司局处县科股]{1,2}级(?:行政)?机构",
    )
});
static RANK: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"(?:机构规格|规格|级别|，|：|为|属|所属|的|是|相当)[为是]?((?:正|副)(?:省部|司局|厅局|地厅|县处|乡科|部|省|厅|司|局|处|县|科|乡|股)级|股级)",
    )
});
static PLATE: LazyLock<Regex> =
    LazyLock::new(|| regex(r"(?:对外)?(?:(?:加|增)?挂|保留)[“]?([^，。；]{2,120}?)[”]?(?:的)?牌子"));
static SHORT: LazyLock<Regex> = LazyLock::new(|| regex(r"（(?:以下)?简称[“]?([^）”]{2,20})[”]?）"));
static BASIS: LazyLock<Regex> = LazyLock::new(|| regex(r"《([^《》]{3,120}(?:《[^《》]*》[^《》]*)?)》"));

/// Takes what a text says of the institution's standing, where nothing said it before. `own` are names that the text
/// uses for it.
pub fn read(text: &str, line: &Line, own: &mut Vec<String>, scheme: &mut Scheme) {
    if let Some(found) = SHORT.captures(text)
        && text[..found.get(0).map_or(0, |m| m.start())].contains(scheme.institution.value.as_str())
    {
        own.push(found[1].to_owned());
    }
    let purpose = text.contains("根据")
        && (text.contains("制定本") || text.contains("现将") || text.contains("设立") || text.contains("设置"));
    if purpose && scheme.basis.value.is_empty() {
        let basis: Vec<String> = BASIS.captures_iter(text).map(|found| found[1].to_owned()).collect();
        if !basis.is_empty() {
            scheme.basis = Read::of(basis, line.span);
        }
    }
    let labelled = HOST.captures(text).filter(|_| scheme.superior.value.is_empty());
    if let Some(host) = labelled {
        scheme.superior = Read::of(host[1].to_owned(), line.span);
    }
    if let Some(found) = FOUNDED.captures(text).filter(|_| scheme.superior.value.is_empty()) {
        scheme.superior = Read::of(found[1].to_owned(), line.span);
    }
    if let Some(found) = LED.captures(text).filter(|_| scheme.superior.value.is_empty()) {
        scheme.superior = Read::of(found[1].to_owned(), line.span);
    }
    if let Some(found) = TWO_PLATES.captures(text).filter(|_| scheme.plates.value.is_empty()) {
        scheme.plates = Read::of(vec![found[1].to_owned()], line.span);
    }
    // 甲市乙馆，加挂甲市丙馆牌子, where nothing says what it is.
    let named = text.contains(scheme.institution.value.as_str()) && !text.contains("内设机构");
    if scheme.plates.value.is_empty() && named {
        let plates = plates_in(text);
        if !plates.is_empty() {
            scheme.plates = Read::of(plates, line.span);
        }
    }
    let short = text.chars().nth(80).is_none() && !text.contains("内设机构") && !super::numbers::names_number(text);
    if scheme.rank.value.is_empty()
        && short
        && let Some(rank) = RANK.captures(text)
    {
        scheme.rank = Read::of(rank[1].to_owned(), line.span);
    }
    if !scheme.nature.value.is_empty() {
        return;
    }
    let all: Vec<&str> = sentences(text).collect();
    for (at, sentence) in all.iter().enumerate() {
        let found = MANAGED.captures(sentence).or_else(|| NATURE.captures(sentence));
        let Some(found) = found.filter(|_| !sentence.contains("设在")) else { continue };
        let nature = match &found["nature"] {
            "管理的" | "管理的机构" => "部门管理机构".to_owned(),
            // 甲局管理的副处级行政机构
            "行政机构" if found[0].contains("管理") => "部门管理机构".to_owned(),
            nature => nature.to_owned(),
        };
        // 是市委编委的办事机构，作为市委工作机关
        let acting = ACTING.captures(sentence).map(|c| c[1].to_owned());
        // 主管全省科技工作的省政府组成部门: what follows the last 的 is whose it is.
        let whose = || {
            let from = found.name("above").map_or(0, |m| m.start());
            let to = found.name("nature").map_or(from, |m| m.start());
            let (_, behind) = sentence.get(from..to)?.rsplit_once('的')?;
            superior(behind)
        };
        let above = acting.or_else(|| superior(&found["above"])).or_else(whose);
        scheme.nature = Read::of(nature, line.span);
        if let Some(above) = above {
            scheme.superior = Read::of(above, line.span);
        }
        // What follows goes on with it: 为正科级。加挂甲局牌子.
        let behind = &all[at..(at + 2).min(all.len())];
        let without_units = |text: &&str| !text.contains("内设机构");
        let rank =
            behind.iter().copied().filter(without_units).find_map(|text| RANK.captures(text).map(|c| c[1].to_owned()));
        let plain = || RANK_INSIDE.captures(sentence).map(|c| c[1].to_owned());
        if let Some(rank) = rank.or_else(plain) {
            scheme.rank = Read::of(rank, line.span);
        }
        let plates: Vec<String> = behind.iter().flat_map(|text| plates_in(text)).collect();
        if !plates.is_empty() {
            scheme.plates = Read::of(plates, line.span);
        }
        return;
    }
}

/// The plates that a text gives an institution; those that it no longer has are none.
fn plates_in(text: &str) -> Vec<String> {
    let kept = |c: &regex::Captures<'_>| !text[..c.get(0).map_or(0, |m| m.start())].ends_with("不再");
    let names = |c: regex::Captures<'_>| {
        c[1].split(['、', '（', '）', '“', '”'])
            .filter(|plate| !plate.is_empty())
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    PLATE.captures_iter(text).filter(kept).flat_map(names).collect()
}

/// 甲市档案局（甲市档案馆）…一个机构两块牌子
static TWO_PLATES: LazyLock<Regex> =
    LazyLock::new(|| regex(r"（([\p{Han}]{4,30})）[^。；]{0,60}?一个机构、?(?:两|二)块牌子"));
/// 市政府决定成立甲市防汛抗旱指挥部
static FOUNDED: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"(?:^|，)经?([\p{Han}]{1,16}(?:政府|委|国务院))(?:研究)?决定(?:成立|设立|组建)[\p{Han}]{2,40}(?:小组|委员会|指挥部|联席会议)",
    )
});
/// 由县政府领导
static LED: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"，(?:业务上)?由([\p{Han}]{0,16}(?:政府|省委|市委|县委|区委|国务院))(?:直接|统一|归口)?(?:领导|管理)(?:$|[，。；])",
    )
});
/// 举办单位：甲局
static HOST: LazyLock<Regex> =
    LazyLock::new(|| regex(r"(?:^(?:举办单位|主管部门|主管单位|隶属关系)：|隶属于?)([\p{Han}]{2,40})"));
static ACTING: LazyLock<Regex> = LazyLock::new(|| regex(r"作为([\p{Han}]{2,20}?)(?:的)?工作机关"));
static RANK_INSIDE: LazyLock<Regex> =
    LazyLock::new(|| regex(r"((?:正|副)(?:省部|司局|厅局|地厅|县处|乡科|部|省|厅|司|局|处|县|科|乡|股)级)"));

/// The institution above it, without what stands between its name and what the institution is to it.
fn superior(text: &str) -> Option<String> {
    static TAIL: LazyLock<Regex> = LazyLock::new(|| {
        regex(
            r"(?:所属|下属|直属|归口管理|管理|直接领导下?|领导下?|主管.*|管理全.*|负责.*|综合.*|的)*(?:(?:正|副)[部省厅司局处县科股]{1,2}级|股级)?的?$",
        )
    });
    let mut name = text;
    loop {
        let cut = TAIL.find(name).map_or(name, |tail| &name[..tail.start()]);
        if cut == name {
            break;
        }
        name = cut;
    }
    let name = name.rsplit(['是', '为']).next().unwrap_or(name).trim_matches(['“', '”']);
    (name.chars().count() >= 2).then(|| name.to_owned())
}
