//! What a sentence of a notice tells to happen to institutions: 甲局更名为乙局; 撤销丙站，其职责划入丁中心.

use std::sync::LazyLock;

use regex::Regex;

use super::{
    change::InstitutionChange,
    numbers::read_numbers,
    speaking::{Speaking, is_institution},
};
use crate::{documents::Span, law_markdown::regex};
use text::numerals;

static RENAMED: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"(?:将|同意将)?(?P<from>[\p{Han}（）]{2,40}?)(?:更名|改名|名称变更|名称调整)(?:设置)?为(?P<to>[\p{Han}（）]{2,40}?)(?:$|[，。；])",
    )
});

static PLATE: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"(?:(?P<off>不再(?:加)?挂|不再保留|取消|摘掉|摘去|撤销)|加挂|增挂|挂)[“]?(?P<plate>[\p{Han}、（）]{2,60}?)[”]?(?:的)?牌子",
    )
});

static ABOLISHED: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"(?:^|同意|决定|[，：])撤销(?:你局|你委|你厅|原)?(?:所属|下属)?(?P<body>[\p{Han}（）]{2,40}?)(?:$|[，。；]|的|事业)",
    )
});

static RECEIVER: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"(?:职责|职能|人员|业务|工作)[^，。；]{0,12}?(?:并入|划入|划归|交由|整合到|转入|由)(?P<to>[\p{Han}（）]{2,40}?)(?:$|[，。；]|承担|负责)",
    )
});

static SET_UP: LazyLock<Regex> =
    LazyLock::new(|| regex(r"(?:设立|增设|新设|组建|成立)(?P<to>[\p{Han}、（）]{2,60}?)(?:$|[，。；]|为|作为)"));

static BECAME: LazyLock<Regex> = LazyLock::new(|| {
    regex(r"由(?P<from>[\p{Han}]{2,30}?)(?:调整|变更|升格|降格|升|降|改)为(?P<to>[\p{Han}]{2,30}?)(?:$|[，。；])")
});

static RANK: LazyLock<Regex> = LazyLock::new(|| regex(r"((?:正|副)(?:厅局|县处|乡科|厅|局|处|县|科|股)级|股级)"));

static DUTIES: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"(?:将|把)?(?P<from>[\p{Han}]{2,24}?(?:局|委|厅|办|部|中心|院|委员会|办公室))(?:承担)?的?(?P<what>[\p{Han}、]{2,40}?职[责能])(?:划入|划转到|划归|整合划入|移交)(?P<to>[\p{Han}]{2,40}?)(?:$|[，。；])",
    )
});

/// The same of duties of whoever the notice is about: 将国有资产监管职责划转至丙委.
static OWN_DUTIES: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"^(?:同意)?(?:将|把)(?:你[\p{Han}]{1,2}|本[局委厅办部院])?(?:承担|负责)?的?(?P<what>[\p{Han}、]{2,40}?职[责能])(?:划转|划入|划归|划出|移交|调整|交)(?:至|到|给|由)?(?P<to>[\p{Han}]{2,40}?)(?:承担|负责|管理(?:$|[，。；])|$|[，。；])",
    )
});

/// Another institution in front of the duties that are its: 甲市丁局承担的粮食储备职责.
static ANOTHERS: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"^原?(?:(?P<placed>[\p{Han}]{1,8}?[省市县区州旗盟][\p{Han}]{1,20}?(?:局|委员会|委|厅))|(?P<bare>[\p{Han}]{1,20}?(?:局|委员会|委|厅|办公室|办|部|院|站|馆|所|中心))(?:承担|负责|行使|履行|牵头))",
    )
});

/// Whom a notice is sent to: 你局预算科.
static YOURS: LazyLock<Regex> =
    LazyLock::new(|| regex(r"^(?:将)?你(?:局|委|厅|办|部|院|校|会|社|馆|所|站|中心|单位)的?"));

static MERGED: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"将(?P<from>[\p{Han}、（）]{4,120}?)(?:的职责|职责|的机构编制|机构)*(?:进行)?(?:整合|合并)，?(?:组建|设立|成立|为)(?P<to>[\p{Han}（）]{2,40}?)(?:$|[，。；])",
    )
});

/// 将甲局分设为乙局、丙局
static DIVIDED: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"(?:^|，)(?:同意|决定)*将?(?P<from>[\p{Han}（）]{2,40}?)(?:分设|分立|拆分)(?:成立|组建|为|成)(?P<to>[\p{Han}、（）]{4,80}?)(?:$|[，。；])",
    )
});

/// 甲局与乙局合署办公
static JOINED: LazyLock<Regex> = LazyLock::new(|| {
    regex(r"(?:^|，)(?:同意|决定|将)*(?P<all>[\p{Han}（）、]{4,80}?)(?:实行)?合署(?:办公)?(?:$|[，。；])")
});

static MOVED: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"(?:隶属关系|主管部门|管理体制)?由(?P<from>[\p{Han}]{2,24}?)(?:管理|所属)?(?:划转|调整|变更|划归|划入)(?:至|为|到|由)?(?P<to>[\p{Han}]{2,24}?)(?:管理(?:$|[，。；的])|所属|$|[，。；])",
    )
});

/// 原甲所撤销，其职责划入乙中心
static GONE: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"(?:^|，)(?:同时，?)?(?:将|对)?原?(?P<body>[\p{Han}（）]{2,40}?(?:局|委|委员会|办|办公室|室|中心|站|馆|所|院|处|部|厅|会|社|队))(?:予以|同时|建制)?撤销(?:$|[，。；])",
    )
});

/// The institution in front of what it is given: 市水务局加挂市节水办公室牌子, 市水务局增设法规科.
static GIVEN: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"^(?:同意|在|给|为|决定)*(?P<body>[\p{Han}（）]{2,30}?(?:局|委员会|委|办公室|办|中心|站|馆|所|院|部|厅|社|学校|大学|学院))(?:机关)?(?:不再(?:加)?挂|不再保留|加挂|增挂|增设|新设|内设)",
    )
});

pub(super) fn read_sentence(
    sentence: &str,
    span: Span,
    speaking: &mut Speaking,
    last: &mut String,
    told: &mut Vec<InstitutionChange>,
) {
    let before = told.len();
    let body = &mut speaking.body().to_owned();
    let event = |change: &'static str, body: &str, from: Vec<String>, to: Vec<String>| InstitutionChange {
        change,
        institution: body.to_owned(),
        from,
        to,
        numbers: Vec::new(),
        sentence: sentence.to_owned(),
        span,
    };
    let list = |text: &str| text.split('、').map(str::to_owned).filter(|name| !name.is_empty()).collect::<Vec<_>>();
    let receiver = RECEIVER.captures(sentence).map(|c| c["to"].to_owned());
    if let Some(found) = MERGED.captures(sentence) {
        *body = found["to"].to_owned();
        told.push(event("合并", body, list(&found["from"]), vec![found["to"].to_owned()]));
        if sentence.ends_with("职责") {
            return;
        }
    } else if let Some((from, to)) = divided(sentence) {
        // A unit of the institution that is spoken of, or itself.
        if to.iter().all(|name| is_unit(name)) {
            told.push(event("调整内设", body, vec![unit_of(&from, body)], to));
        } else {
            told.push(event("分设", &to[0], vec![written_out(&from, body)], to.clone()));
        }
    } else if let Some(names) = joined(sentence, body) {
        told.push(event("合署", &names[0], names.clone(), Vec::new()));
    } else if let Some((from, to)) = unit_renamed(sentence, body) {
        told.push(event("调整内设", body, vec![from], vec![to]));
    } else if let Some(found) = RENAMED.captures(sentence) {
        let (from, to) = (written_out(found["from"].trim_start_matches("同意"), body), found["to"].to_owned());
        told.push(event("更名", &to, vec![from], vec![to.clone()]));
        *body = to;
        // …更名为乙中心，机构规格由股级调整为副科级
        if let Some((change, was, is)) = another_rank(sentence) {
            told.push(event(change, body, vec![was], vec![is]));
        }
    } else if let Some(found) = DUTIES.captures(sentence) {
        let to = if found["to"].starts_with('你') { body.clone() } else { found["to"].to_owned() };
        told.push(event("调整职责", &to, vec![found["from"].to_owned()], vec![to.clone()]));
    } else if let Some((from, to)) = duties_given(sentence, body) {
        told.push(event("调整职责", &to, vec![from], vec![to.clone()]));
    } else if let Some(found) = BECAME.captures(sentence).filter(|c| !c[0].chars().any(|c| c.is_ascii_digit())) {
        let (from, to) = (&found["from"], &found["to"]);
        match another_rank(sentence) {
            Some((change, was, is)) => told.push(event(change, body, vec![was], vec![is])),
            None => told.push(event("划转隶属", body, vec![from.to_owned()], vec![to.to_owned()])),
        }
    } else if let Some(found) = MOVED
        .captures(sentence)
        .filter(|_| sentence.contains("隶属") || sentence.contains("划转"))
        .filter(|found| !numerals::is_numeral(found["from"].chars().next().unwrap_or(' ')))
    {
        told.push(event("划转隶属", body, vec![found["from"].to_owned()], vec![found["to"].to_owned()]));
    }
    if let Some(found) =
        ABOLISHED.captures(sentence).filter(|c| !sentence[c.get(0).map_or(0, |m| m.start())..].contains("牌子"))
    {
        let gone = found["body"].to_owned();
        told.push(event("撤销", &gone, vec![gone.clone()], receiver.into_iter().collect()));
        *body = gone;
    } else if let Some(found) = GONE.captures(sentence).filter(|found| is_institution(&found["body"])) {
        let gone = found["body"].to_owned();
        told.push(event("撤销", &gone, vec![gone.clone()], receiver.into_iter().collect()));
    }
    let body_of_item = body.clone();
    let given = GIVEN.captures(sentence).map(|c| c["body"].to_owned());
    let given = given.filter(|named| is_institution(named) && !named.contains('你'));
    let is_given = given.is_some();
    if let Some(named) = given {
        *body = named;
    }
    for found in PLATE.captures_iter(sentence) {
        let off = found.name("off").is_some();
        let plates = list(found["plate"].rsplit(['挂', '“']).next().unwrap_or_default());
        told.push(match off {
            true => event("摘牌", body, plates, Vec::new()),
            false => event("挂牌", body, Vec::new(), plates),
        });
    }
    if told.last().is_none_or(|last| last.sentence != sentence || last.change != "合并")
        && let Some(found) = SET_UP.captures(sentence)
        && !sentence.contains("牌子")
    {
        let names = list(&found["to"]);
        let inner = !names.is_empty() && names.iter().all(|name| is_unit(name) && name != "办公室");
        if inner {
            told.push(event("调整内设", body, Vec::new(), names));
        } else if names.len() == 1 && names[0].chars().count() > 3 {
            *body = names[0].clone();
            told.push(event("设立", body, Vec::new(), names));
        }
    }
    let set_up = told.last().is_some_and(|one| one.sentence == sentence && one.change == "设立");
    let counted = read_numbers(sentence, span, body, last, told);
    speaking.transfers |= counted.transfers;
    // Whom the sentence names the item goes on about, but for those between whom numbers move, and what they are given
    // then.
    let goes_on = match counted.subject {
        _ if set_up => body,
        _ if counted.transfers => &body_of_item,
        Some(ref named) => named,
        None if is_given && speaking.transfers => &body_of_item,
        None => body,
    };
    // Whatever the notice's institution has become is what the rest of the notice is about.
    let became = |one: &InstitutionChange| ["更名", "合并"].contains(&one.change) && one.to.contains(goes_on);
    if told[before..].iter().any(became) {
        speaking.home.clone_from(goes_on);
    }
    speaking.name(goes_on);
}

/// Whether a name is one of an inner unit.
fn is_unit(name: &str) -> bool {
    ["科", "股", "处", "室", "司"].iter().any(|end| name.ends_with(end))
}

/// Whether an institution is called 你局, and no more than that.
fn is_yours(name: &str) -> bool {
    YOURS.find(name).is_some_and(|you| you.end() == name.len())
}

/// The name of an institution, which a notice to it calls 你局.
fn written_out(name: &str, body: &str) -> String {
    if is_yours(name) { body.to_owned() } else { name.to_owned() }
}

/// The name of a unit without its institution in front.
fn unit_of(name: &str, body: &str) -> String {
    let own = YOURS.find(name).map(|you| &name[you.end()..]).or_else(|| name.strip_prefix(body));
    own.unwrap_or(name).trim_start_matches("机关").to_owned()
}

/// What is divided, and into what: two or more, the last of which 和 may join. 文化和旅游局 is one.
fn divided(sentence: &str) -> Option<(String, Vec<String>)> {
    const ENDS: [&str; 14] = ["局", "委", "会", "办", "室", "科", "股", "处", "中心", "站", "馆", "所", "院", "厅"];
    let found = DIVIDED.captures(sentence)?;
    let mut to: Vec<String> = Vec::new();
    for part in found["to"].split('、') {
        let joins = |at: &usize| ENDS.iter().any(|end| part[..*at].ends_with(end));
        match part.match_indices('和').map(|(at, _)| at).find(joins) {
            Some(at) => to.extend([part[..at].to_owned(), part[at + '和'.len_utf8()..].to_owned()]),
            None => to.push(part.to_owned()),
        }
    }
    let is_known = |name: &str| is_institution(name) || is_unit(name);
    let is_from = is_known(&found["from"]) || is_yours(&found["from"]);
    (to.len() > 1 && is_from && to.iter().all(|name| is_known(name))).then(|| (found["from"].to_owned(), to))
}

/// Institutions that share an office, two or more.
fn joined(sentence: &str, body: &str) -> Option<Vec<String>> {
    let found = JOINED.captures(sentence)?;
    let names: Vec<String> = found["all"].split(['、', '与']).map(|name| written_out(name, body)).collect();
    (names.len() > 1 && names.iter().all(|name| name.chars().nth(2).is_some() && is_institution(name))).then_some(names)
}

/// From which rank an institution goes to which, and whether up or down: 由股级调整为副科级.
fn another_rank(sentence: &str) -> Option<(&'static str, String, String)> {
    let found = BECAME.captures(sentence)?;
    let (was, is) = (RANK.find(&found["from"])?.as_str().to_owned(), RANK.find(&found["to"])?.as_str().to_owned());
    let change = if rank_of(&was) > rank_of(&is) { "升格" } else { "降格" };
    Some((change, was, is))
}

/// Whose duties go to whom; those of the institution that is spoken of, unless another's name stands before them.
fn duties_given(sentence: &str, body: &str) -> Option<(String, String)> {
    let found = OWN_DUTIES.captures(sentence)?;
    let (what, to) = (&found["what"], &found["to"]);
    let other = ANOTHERS.captures(what).and_then(|other| other.name("placed").or_else(|| other.name("bare")));
    // 全市居民委员会 and the like are what the duties are about.
    let other = other.filter(|other| !other.as_str().starts_with(['全', '各', '城', '社']));
    match other {
        Some(other) if to.starts_with('你') => Some((other.as_str().to_owned(), body.to_owned())),
        _ if !is_institution(to) => None,
        Some(other) => Some((other.as_str().to_owned(), to.to_owned())),
        None => Some((body.to_owned(), to.to_owned())),
    }
}

/// A name without the words of a decision in front of it: 同意你局预算科.
fn without_decision(mut name: &str) -> &str {
    while let Some(rest) = ["同意", "决定", "在", "将"].into_iter().find_map(|front| name.strip_prefix(front)) {
        name = rest;
    }
    name
}

/// The old and the new name of a unit of the institution that is spoken of: 你局预算科更名为预算管理科.
fn unit_renamed(sentence: &str, body: &str) -> Option<(String, String)> {
    let found = RENAMED.captures(sentence)?;
    let (from, to) = (&found["from"], &found["to"]);
    let named = without_decision(from);
    let own = YOURS.find(named).map(|you| &named[you.end()..]);
    let own = own.or_else(|| from.strip_prefix(body)).or_else(|| named.strip_prefix(body));
    let own = own.map(|own| own.trim_start_matches("机关").trim_start_matches("内设的"));
    own.filter(|own| is_unit(own) && is_unit(to)).map(|own| (own.to_owned(), to.to_owned()))
}

/// Lower is higher; the deputy's rank comes right behind.
fn rank_of(rank: &str) -> usize {
    let steps = ["厅", "局", "处", "县", "科", "股"];
    let step = steps.iter().position(|step| rank.contains(step)).unwrap_or(steps.len());
    (step / 2 * 2 + 2 * usize::from(rank.contains('股'))) * 2 + usize::from(rank.starts_with('副'))
}
