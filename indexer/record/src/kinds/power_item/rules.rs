//! What can be reported wrong of an item by itself. Rules are numbered as the offices that check lists number them: P4
//! to P6, P8 to P11.

use super::PowerItem;
use crate::{
    Fault,
    lists::{Handling, Level, Limit, LimitUnit, Online, codes},
};

/// Words of materials that name nothing. 安阳市优化营商环境条例 第十三条 forbids them, as 国办发〔2018〕45号 does.
const NAMELESS: [&str; 8] =
    ["其他材料", "其它材料", "其他相关材料", "其它相关材料", "相关材料", "有关材料", "其他有关材料", "其他资料"];
/// Words of steps that take more than a day at a counter: visits to the place, hearings, experts, tests. What is done
/// 现场 at the counter (现场受理, 现场领取) is none.
const NOT_AT_ONCE: [&str; 20] = [
    "勘查", "踏勘", "勘验", "勘察", "现场核查", "现场检查", "现场查验", "现场审查", "现场评审", "现场评估", "现场考察", "现场验收",
    "现场检测", "现场核验", "听证", "专家评审", "专家论证", "检验检测", "检验检疫", "技术评审",
];
/// What stands before such a word where the step is not taken.
const NOT_TAKEN: [&str; 5] = ["无需", "不需", "无须", "免予", "免"];

/// All that is wrong, by column.
pub fn faults(item: &PowerItem) -> Vec<Fault> {
    let mut faults = code_faults(item);
    faults.extend(limit_faults(item));
    faults.extend(step_faults(item));
    faults.extend(material_faults(item));
    faults.extend(fee_and_visit_faults(item));
    faults
}

/// P9, P10, P10b: the parts of the codes against the item's own facts.
fn code_faults(item: &PowerItem) -> Vec<Fault> {
    let mut faults: Vec<Fault> = Vec::new();
    if let Some(body) = &item.institution_code
        && let Err(reason) = codes::institution_code(body)
    {
        faults.push(("body_code", format!("实施主体的统一社会信用代码{reason}")));
    }
    let basic = item.basic_code.as_deref().map(codes::basic_code);
    let whole = item.code.as_deref().map(codes::implementation_code);
    for (column, read) in [("basic_code", &basic), ("code", &whole)] {
        match read {
            Some(Err(fault)) => faults.push((column, fault.to_string())),
            Some(Ok(code)) => faults.extend(disagreement(item, &code.parts).map(|told| (column, told))),
            None => {}
        }
    }
    if let Some(Ok(code)) = &whole {
        if let (Some(inside), Some(Ok(basic))) = (&code.parts.basic, &basic)
            && *inside != basic.text
        {
            faults.push(("code", format!("里面的基本编码 {inside} 与“基本编码”{} 不同", basic.text)));
        }
        if let (Some(inside), Some(body)) = (&code.parts.institution, &item.institution_code)
            && codes::institution_code(body).is_ok_and(|body| body != *inside)
        {
            faults.push(("code", format!("里面的实施主体代码 {inside} 与“实施主体代码”{body} 不同")));
        }
    }
    faults
}

/// Kind and level that a code says, where the item says others.
fn disagreement(item: &PowerItem, parts: &codes::Parts) -> Option<String> {
    if let Some(told) = item.sort.unlike_code(parts.sort) {
        return Some(told);
    }
    let (inside, level) = (parts.level?, item.level?);
    let differs = inside != level && inside != Level::Several && level != Level::Several;
    differs.then(|| format!("编码第 19 位的行使层级是{}，与“{}”不同", inside.label(), level.label()))
}

/// P4: what is promised is not longer than what the law allows.
fn limit_faults(item: &PowerItem) -> Option<Fault> {
    let (statutory, promised) = (item.statutory_limit?, item.promised_limit?);
    if statutory.unit != promised.unit {
        // 即时 is shorter than anything.
        let told = "与法定时限的单位不同：请用同一单位";
        return (promised.value > 0).then(|| ("promised_limit", told.to_owned()));
    }
    (promised.value > statutory.value)
        .then(|| ("promised_limit", format!("承诺 {promised} 超过法定的 {statutory}：承诺时限不能长于法定时限")))
}

/// P5, P6: the steps against what is promised.
fn step_faults(item: &PowerItem) -> Vec<Fault> {
    let mut faults: Vec<Fault> = Vec::new();
    let limits: Option<Vec<Limit>> = item.steps.iter().map(|step| Limit::of_step(step)).collect();
    if let (Some(limits), Some(promised)) = (limits.filter(|l| !l.is_empty()), item.promised_limit)
        && limits.iter().all(|limit| limit.unit == promised.unit)
    {
        let sum: u64 = limits.iter().map(|limit| u64::from(limit.value)).sum();
        if sum != u64::from(promised.value) {
            let unit = promised.unit.label();
            faults.push(("steps", format!("各环节合计 {sum}{unit}，与承诺的 {promised} 不等")));
        }
    }
    if item.handling == Some(Handling::AtOnce) {
        let within_a_day = |limit: &Limit| limit.value <= 1 && limit.unit == LimitUnit::WorkingDay;
        if item.promised_limit.as_ref().is_some_and(|limit| !within_a_day(limit)) {
            faults.push(("promised_limit", "即办件应在 1 个工作日内办结".to_owned()));
        }
        let slow = item.steps.iter().find(|step| NOT_AT_ONCE.iter().any(|word| takes(step, word)));
        faults.extend(slow.map(|step| ("steps", format!("即办件不应有“{}”环节", step.trim()))));
    }
    faults
}

/// Whether a step is one of a kind, and does not say that there is none.
fn takes(step: &str, word: &str) -> bool {
    let needed = |before: &str| !NOT_TAKEN.iter().any(|not| before.trim_end_matches(['要', '现', '场']).ends_with(not));
    step.match_indices(word).any(|(at, _)| needed(&step[..at]))
}

/// P8: each material is named.
fn material_faults(item: &PowerItem) -> Option<Fault> {
    let bare = |text: &str| text.trim_matches(|c: char| !c.is_alphanumeric()).to_owned();
    let nameless = item.documents.iter().find(|material| NAMELESS.contains(&bare(material).as_str()))?;
    Some(("documents", format!("“{nameless}”没有说是什么：请写出材料的名称，没有就删去")))
}

/// P11: a fee has its basis, a visit its reason, and what is done online throughout needs none.
fn fee_and_visit_faults(item: &PowerItem) -> Vec<Fault> {
    let mut faults: Vec<Fault> = Vec::new();
    let free = |fee: &str| fee.starts_with('不') || fee.starts_with('免') || fee.starts_with('否') || fee == "无";
    if !item.fee.is_empty() && !free(&item.fee) && item.fee_basis.is_empty() {
        faults.push(("fee_basis", "收费的须写明收费依据".to_owned()));
    }
    match item.visits {
        Some(visits) if visits > 0 && item.online == Some(Online::Whole) => {
            faults.push(("visits", format!("全程网办的到现场次数应为 0，这里是 {visits}")));
        }
        Some(visits) if visits > 0 && item.visits_reason.is_empty() => {
            faults.push(("visits_reason", "到现场次数大于 0 的须写明原因".to_owned()));
        }
        _ => {}
    }
    faults
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Kind, lists::PowerSort};

    fn item() -> PowerItem {
        PowerItem { name: "甲证核发".into(), sort: PowerSort::Licence, ..PowerItem::blank().unwrap() }
    }

    fn days(value: u32) -> Option<Limit> {
        Some(Limit { value, unit: LimitUnit::WorkingDay })
    }

    fn told(item: &PowerItem) -> Vec<&'static str> {
        faults(item).into_iter().map(|(column, _)| column).collect()
    }

    #[test]
    fn p4_what_is_promised_is_within_the_statutory_limit() {
        let with = |promised| PowerItem { statutory_limit: days(20), promised_limit: promised, ..item() };
        assert!(told(&with(days(15))).is_empty());
        assert_eq!(told(&with(days(25))), ["promised_limit"]);
        assert!(faults(&with(days(25)))[0].1.contains("25个工作日") );
        assert_eq!(told(&with(Some(Limit { value: 15, unit: LimitUnit::Day }))), ["promised_limit"], "another unit");
    }

    #[test]
    fn p5_the_steps_add_up_to_what_is_promised() {
        let with = |steps: &[&str]| PowerItem {
            promised_limit: days(15),
            steps: steps.iter().map(|s| (*s).to_owned()).collect(),
            ..item()
        };
        let whole = ["受理（1个工作日）", "审查（10个工作日）", "决定（3个工作日）", "送达（1个工作日）"];
        assert!(told(&with(&whole)).is_empty());
        let short = with(&["受理（1个工作日）", "审查（10个工作日）", "决定（5个工作日）"]);
        assert!(faults(&short)[0].1.contains("合计 16个工作日"));
        assert!(told(&with(&["受理", "审查（10个工作日）"])).is_empty(), "without all limits nothing adds up");
    }

    #[test]
    fn p6_what_is_done_at_once_takes_a_day_and_no_visit() {
        let with = |promised, step: &str| PowerItem {
            handling: Some(Handling::AtOnce),
            promised_limit: promised,
            steps: vec![step.to_owned()],
            ..item()
        };
        assert!(told(&with(days(1), "受理")).is_empty());
        for step in ["现场勘查", "勘查", "踏勘", "勘验", "现场核查（1个工作日）", "听证", "组织专家评审", "检验检测"] {
            assert_eq!(told(&with(days(1), step)), ["steps"], "{step}");
        }
        let whole = PowerItem { steps: vec!["受理".into(), "勘查".into()], ..with(days(1), "") };
        assert_eq!(faults(&whole)[0].1, "即办件不应有“勘查”环节");
        for step in ["现场受理", "现场领取证件", "无需现场勘查", "不需要听证"] {
            assert!(told(&with(days(1), step)).is_empty(), "{step}");
        }
        assert_eq!(told(&with(days(3), "受理")), ["promised_limit"]);
    }

    #[test]
    fn p8_materials_name_things() {
        let with = |material: &str| PowerItem { documents: vec!["申请表".into(), material.into()], ..item() };
        assert!(told(&with("营业执照")).is_empty());
        for nameless in ["其他相关材料", "其它材料。", "（有关材料）"] {
            assert_eq!(told(&with(nameless)), ["documents"], "{nameless}");
        }
        assert!(told(&with("场所的产权证明等相关材料")).is_empty());
    }

    #[test]
    fn p9_the_body_code_is_a_credit_code() {
        let with = |code: &str| PowerItem { institution_code: Some(code.into()), ..item() };
        assert!(told(&with("11511300008778693M")).is_empty());
        let faults = faults(&with("1151130000877869M"));
        assert!(faults[0].0 == "body_code" && faults[0].1.contains("11511300008778693M"), "{faults:?}");
    }

    #[test]
    fn p10_the_kind_and_level_inside_a_code_are_the_items() {
        let code = |sort, level| PowerItem {
            code: Some("11440000MB2D0164XH2440289876000".into()),
            sort,
            level: Some(level),
            ..item()
        };
        assert!(told(&code(PowerSort::Penalty, Level::Province)).is_empty());
        assert_eq!(told(&code(PowerSort::Licence, Level::Province)), ["code"], "02 is a penalty");
        assert_eq!(told(&code(PowerSort::Penalty, Level::City)), ["code"]);
        let sichuan = |sort| PowerItem { basic_code: Some("511A0017300006".into()), sort, ..item() };
        assert!(told(&sichuan(PowerSort::Licence)).is_empty());
        assert_eq!(told(&sichuan(PowerSort::Other)), ["basic_code"], "A is 01");
    }

    #[test]
    fn p10b_the_long_code_holds_the_body_and_the_basic_code() {
        let with = |body: &str, basic: &str, code: &str| PowerItem {
            institution_code: Some(body.into()),
            basic_code: Some(basic.into()),
            code: Some(code.into()),
            ..item()
        };
        let (body, basic, code) = ("11650000010183859F", "650116013001", "11650000010183859F2650116013001");
        assert!(told(&with(body, basic, code)).is_empty());
        assert_eq!(told(&with(body, basic, &code[1..])), ["code"], "30 characters");
        assert_eq!(told(&with("11511300008778693M", basic, code)), ["code"], "the predecessor's body");
        assert_eq!(told(&with(body, "650116013002", code)), ["code"]);
    }

    #[test]
    fn p11_fees_and_visits_have_their_reasons() {
        let fee = |fee: &str, basis: &str| PowerItem { fee: fee.into(), fee_basis: basis.into(), ..item() };
        assert!(told(&fee("不收费", "")).is_empty() && told(&fee("100元", "发改价格〔2015〕1号")).is_empty());
        assert_eq!(told(&fee("100元", "")), ["fee_basis"]);
        let visit = |visits, reason: &str, online| PowerItem {
            visits: Some(visits),
            visits_reason: reason.into(),
            online,
            ..item()
        };
        assert!(told(&visit(0, "", Some(Online::Whole))).is_empty() && told(&visit(1, "核对原件", None)).is_empty());
        assert_eq!(told(&visit(1, "核对原件", Some(Online::Whole))), ["visits"]);
        assert_eq!(told(&visit(1, "", None)), ["visits_reason"]);
    }
}
