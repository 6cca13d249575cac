//! What the parts of a scheme speak of: duties, units, numbers.

use std::sync::LazyLock;

use regex::Regex;

use super::numbers;
use crate::law_markdown::regex;
use record::staffing::{DutySort, division_named};

/// What a part of the text is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum About {
    Duties(DutySort),
    Units,
    Numbers,
    Other,
}

/// 设12个内设机构, 设下列9个内设机构, 内设机构7个, 设五个司（室）.
pub static STATED: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"设(?:置|立|有)?(?:下列|以下)?([0-9]{1,3}|[一二三四五六七八九十两]{1,4})个(?:正科级|副科级|正处级|副处级)?(?:职能|内设|综合性|综合|业务|党政|事业)*(?:机构|办公室|科室|司|处|科|股|室|部)|(?:内设机构|职能科室|内设科室|职能机构)(?:为|共)?([0-9]{1,3}|[一二三四五六七八九十两]{1,4})个|([0-9]{1,3}|[一二三四五六七八九十两]{1,4})个(?:综合性|综合)?(?:内设机构|办事机构|工作机构|职能(?:司|处|科|股|机构)|职能科室|内设科室|[司处科股]（室）)",
    )
});

/// 设置下列综合性办事机构, 设以下科室.
static SETS: LazyLock<Regex> = LazyLock::new(|| {
    regex(r"设(?:置|立|有)?(?:下列|以下)[^，。；：]{0,12}(?:机构|科室|股室|处室|部门|办公室|中心|单位|：)")
});

/// Others that an institution divides its work with: 与A、B的职责分工.
pub static WITH: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"^(?:关于)?[^。；，：]{0,20}?(?:与|同)([^。；，：]{2,80}?)(?:在[^。；，：]{1,30}?方面)?(?:之间)?(?:的)?(?:有关)?(?:职责|工作)(?:分工|边界|关系)",
    )
});

/// The division of some duties, named before its text.
pub static DIVIDED: LazyLock<Regex> = LazyLock::new(|| regex(r"^[^。；，]{2,60}?(?:有关)?职责分工[。：]"));

/// A heading without a number: 主要职责.
pub fn heading(text: &str) -> Option<About> {
    let text = text.trim_end_matches('：');
    Some(match text {
        "主要职责" | "工作职责" | "职责任务" | "职责" => About::Duties(DutySort::Main),
        "职能转变" | "职责调整" | "职能调整" => About::Duties(DutySort::Change),
        "职责分工" | "有关职责分工" => About::Duties(DutySort::Division),
        "内设机构" | "机构设置" | "内设机构设置" => About::Units,
        "人员编制" | "人员编制和领导职数" | "编制和领导职数" | "人员编制和领导职数核定" => {
            About::Numbers
        }
        "其他事项" | "附则" | "事业单位" | "所属事业单位" | "下属事业单位" => About::Other,
        _ => return None,
    })
}

/// What the text of a clause, or a heading, is about.
pub fn topic(text: &str) -> Option<About> {
    let says = |words: &[&str]| words.iter().any(|word| text.contains(word));
    let bare = text.trim_end_matches('。');
    let title = bare.chars().nth(24).is_none() && !bare.contains('。');
    let lists = text.ends_with('：');
    let purpose = text.starts_with("为") && says(&["制定本规定", "制定本方案"]);
    if purpose
        || says(&["本规定确定的", "所属事业单位的设置", "负责解释", "另行规定。"]) && !numbers::names_number(text)
    {
        return Some(About::Other);
    }
    if text.starts_with("职能转变。") || text.starts_with("职能转变：") {
        return Some(About::Duties(DutySort::Change));
    }
    if text.starts_with("宗旨和业务范围") || text.starts_with("主要职责：") {
        return Some(About::Duties(DutySort::Main));
    }
    let heading = text.trim_end_matches(['。', '：']);
    let short = heading.chars().nth(24).is_none() && !heading.contains('。');
    if (title || short || DIVIDED.is_match(text)) && division(text) {
        return Some(About::Duties(DutySort::Division));
    }
    if title && (says(&["职能转变", "职责调整", "职能调整", "转变职能", "职能变化"])) {
        return Some(About::Duties(DutySort::Change));
    }
    if says(&[
        "主要职责是",
        "主要职责为：",
        "主要职责：",
        "主要职责如下",
        "履行下列职责",
        "履行以下职责",
        "承担下列职责",
        "承担以下职责",
        "主要任务是",
        "主要职能是",
        "职责是：",
    ]) && !text.starts_with("根据")
        && lists
    {
        return Some(About::Duties(DutySort::Main));
    }
    if numbers::names_number(text) {
        return Some(About::Numbers);
    }
    if says(&[
        "内设机构",
        "机构设置",
        "职能机构",
        "职能科室",
        "内设科室",
        "设置下列机构",
        "设下列机构",
        "设以下",
        "内设以下",
        "设置以下",
    ]) && (title || lists || STATED.is_match(text))
    {
        return Some(About::Units);
    }
    if title && says(&["主要职责", "职责任务", "宗旨和业务范围", "主要任务", "工作职责", "主要职能"])
        || text.ends_with("主要职责。")
    {
        return Some(About::Duties(DutySort::Main));
    }
    if title && says(&["编制", "职数"]) {
        return Some(About::Numbers);
    }
    // 内设2个股室：综合股、推广股
    let within = STATED.is_match(text) && text.starts_with("内设") && text.contains('：');
    let units = within || lists && (STATED.is_match(text) || SETS.is_match(text));
    units.then_some(About::Units)
}

pub fn division(text: &str) -> bool {
    let text = text.trim_start_matches("（").trim_start();
    let first = text.split(['。', '；', '，', '：']).next().unwrap_or_default();
    // 会同市公安局按照职责分工负责校车检查 is a duty as others are.
    if first.contains("分工") && division_named(first).is_none() {
        return false;
    }
    text.starts_with("有关职责分工")
        || text.starts_with("职责分工")
        || text.starts_with("关于职责分工")
        || WITH.is_match(text)
        || DIVIDED.is_match(text)
}
