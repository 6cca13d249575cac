//! Where a regulation stands: its level in the hierarchy (立法法), and the division it belongs to.

use super::{Context, Field, Span, layout::Layout, number};
use record::{DivisionCode, RegulationLevel};

/// Words that end names of divisions.
const DIVISION_ENDS: [char; 7] = ['省', '市', '区', '县', '州', '盟', '旗'];
/// Characters of the longest names of divisions (克孜勒苏柯尔克孜自治州 has 11) and of two together.
const LONGEST_DIVISION: usize = 15;

pub fn level(
    layout: &Layout<'_>,
    title: &Field<String>,
    number: &Field<String>,
    issuers: &Field<Vec<String>>,
) -> Field<RegulationLevel> {
    let Some(name) = title.value.as_deref() else { return Field::none("没有标题，无法判断效力层级") };
    let institutions = issuers.value.as_deref().unwrap_or_default();
    let number_text = number.value.as_deref().unwrap_or_default();
    let issued = |body: &str| institutions.iter().any(|b| b == body);
    let by = |parts: &[&[Span]]| -> Vec<Span> { parts.iter().flat_map(|p| p.iter().copied()).collect() };
    let by_title = || title.evidence.clone();
    let with_issuer = || by(&[&issuers.evidence, &title.evidence]);
    let with_number = || by(&[&number.evidence, &title.evidence]);
    let is_order = number::is_order(number_text);
    let order_of = |organ: &str| number_text.starts_with(organ) && is_order;
    if name == "中华人民共和国宪法" || name.starts_with("中华人民共和国宪法修正案") {
        return Field::found(RegulationLevel::Constitution, by_title(), "标题是宪法或宪法修正案");
    }
    let in_caption = |words: &str| {
        let at = layout.caption_text.text.find(words)?;
        Some(vec![layout.caption_text.span(at..at + words.len())])
    };
    // Congresses approve plans and reports too, which are no regulations (立法法 art. 7 and 80).
    let plan = ends(name, &["规划", "纲要", "计划", "报告", "预算", "决算", "方案", "名单", "公报"]);
    let congress = |b: &String| b.contains("人民代表大会");
    if plan && institutions.iter().any(congress) && !number_text.contains('〔') {
        return Field::found(RegulationLevel::Other, with_issuer(), "由人民代表大会批准，但不是法规的名称");
    }
    if !plan && institutions.iter().any(|b| b.starts_with("全国人民代表大会")) || order_of("主席") {
        let evidence = if issuers.evidence.is_empty() { with_number() } else { with_issuer() };
        return Field::found(RegulationLevel::Law, evidence, "由全国人民代表大会或其常务委员会通过");
    }
    let party = name.starts_with("中国共产党")
        || institutions.iter().any(|b| b.starts_with("中共") || b.starts_with("中国共产党"));
    if party && ends(name, &["章程", "准则", "条例", "规定", "办法", "规则", "细则"]) {
        let evidence = if name.starts_with("中国共产党") { by_title() } else { with_issuer() };
        return Field::found(RegulationLevel::PartyRegulation, evidence, "党的机关发布，名称是党内法规的名称");
    }
    if issued("国家监察委员会") && ends(name, &["条例", "规定", "办法"]) {
        return Field::found(RegulationLevel::SupervisionRegulation, with_issuer(), "由国家监察委员会制定");
    }
    let court = |b: &str| b == "最高人民法院" || b == "最高人民检察院";
    if number_text.starts_with("法释") || number_text.starts_with("高检发释") {
        return Field::found(RegulationLevel::JudicialInterpretation, with_number(), "文号是司法解释的文号");
    }
    if institutions.iter().any(|b| court(b)) && ends(name, &["解释", "规定", "批复", "规则", "决定"]) {
        return Field::found(
            RegulationLevel::JudicialInterpretation,
            with_issuer(),
            "由最高人民法院或最高人民检察院发布，名称是司法解释的名称",
        );
    }
    if number_text.starts_with("国务院令") || number_text.starts_with("国务院、") {
        return Field::found(RegulationLevel::AdministrativeRegulation, with_number(), "以国务院令公布");
    }
    // Until 2000 ministries published administrative regulations that the State Council had approved
    // (行政法规制定程序暂行条例, 1987).
    if let Some(evidence) = in_caption("国务院批准") {
        return Field::found(RegulationLevel::AdministrativeRegulation, evidence, "题注写明经国务院批准");
    }
    // Local congresses: by who adopted it.
    if !plan && institutions.iter().any(congress) {
        return Field::found(RegulationLevel::LocalRegulation, with_issuer(), "由地方人民代表大会或其常务委员会通过");
    }
    if is_order && number_text.contains("人民政府令") {
        return Field::found(RegulationLevel::LocalGovernmentRule, with_number(), "以地方人民政府令公布");
    }
    if is_order {
        return Field::found(RegulationLevel::DepartmentRule, with_number(), "以国务院部门的令公布");
    }
    if let Some(evidence) = in_caption("国务院令") {
        return Field::found(RegulationLevel::AdministrativeRegulation, evidence, "题注写明以国务院令公布");
    }
    if number_text.contains('〔') {
        return Field::found(RegulationLevel::NormativeDocument, with_number(), "以发文字号印发，不是以令公布");
    }
    if number::is_announcement(number_text) {
        return Field::found(RegulationLevel::NormativeDocument, with_number(), "以公告或通告发布，不是以令公布");
    }
    Field::none("没有通过机关、令号或发文字号，无法判断效力层级")
}

/// Whether a title ends so, a（试行）aside.
fn ends(name: &str, words: &[&str]) -> bool {
    let bare =
        name.rfind(['（', '(']).filter(|at| *at > 0 && name.ends_with(['）', ')'])).map_or(name, |at| &name[..at]);
    words.iter().any(|word| bare.ends_with(word))
}

pub fn division(
    layout: &Layout<'_>,
    title: &Field<String>,
    issuers: &Field<Vec<String>>,
    context: &Context<'_>,
) -> Field<DivisionCode> {
    let institutions = issuers.value.as_deref().unwrap_or_default();
    for (body, at) in institutions.iter().zip(&issuers.evidence) {
        if let Some((code, named)) = leading(body, context) {
            // The name stands at the front of the institution's, unless that one was put together.
            let exact = layout.text.get(at.start..at.end).is_some_and(|t| t.starts_with(&named));
            let at = if exact { (at.start..at.start + named.len()).into() } else { *at };
            return Field::found(code, vec![at], format!("发文机关“{body}”以“{named}”开头"));
        }
    }
    if let Some(name) = title.value.as_deref()
        && let Some((code, named)) = leading(name, context)
    {
        let at = title.evidence.first().copied().into_iter().collect();
        return Field::found(code, at, format!("标题以“{named}”开头"));
    }
    Field::none("发文机关和标题都不以已知的地名开头：全国性文件，或请手工选择区划")
}

/// The division at the front of a name, and below it one more where both are named: 遵义市汇川区人民政府.
fn leading(name: &str, context: &Context<'_>) -> Option<(DivisionCode, String)> {
    let (mut code, mut named) = longest(name, context)?;
    loop {
        let rest = &name[named.len()..];
        match longest(rest, context).filter(|(below, _)| code.covers(below) && *below != code) {
            Some((below, further)) => {
                code = below;
                named.push_str(&further);
            }
            // A division below that is not known: the one above it is not the one meant.
            None => return (!names_division(rest)).then_some((code, named)),
        }
    }
}

fn longest(name: &str, context: &Context<'_>) -> Option<(DivisionCode, String)> {
    let ends: Vec<usize> = name.char_indices().map(|(at, c)| at + c.len_utf8()).take(LONGEST_DIVISION).collect();
    ends.iter().skip(1).rev().find_map(|&end| {
        let named = &name[..end];
        let shaped = named.ends_with(DIVISION_ENDS) || named.ends_with("地区") || named.ends_with("林区");
        let code = Some(named).filter(|_| shaped).and_then(|n| (context.divisions)(n))?;
        Some((code, named.to_owned()))
    })
}

/// Whether what follows names a further division before an institution: 汇川区人民政府.
fn names_division(rest: &str) -> bool {
    let before =
        ["人民政府", "人民代表大会", "委员会", "人民法院", "人民检察院"].iter().filter_map(|b| rest.find(b)).min();
    before.is_some_and(|at| rest[..at].ends_with(['市', '区', '县', '州', '盟', '旗', '镇', '乡']))
}
