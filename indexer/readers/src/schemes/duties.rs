//! The duties of a scheme, with the institutions that some are divided with.

use std::sync::LazyLock;

use regex::Regex;

use super::{
    Read, Scheme,
    text::{Line, numbered, sentences, split_outside},
    topic::{DIVIDED, WITH, division},
};
use crate::law_markdown::regex;
use record::staffing::{Duty, DutySort, MarkStyle, mark};
use text::numerals;

/// An institution to which others turn: 到省国土资源厅登记, 按环境保护部有关规定办理.
static TURNED_TO: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"(?:先经|经|到|按照|按|商|报|向)([\p{Han}]{1,20}?(?:部|局|厅|委员会|发展改革委|卫生健康委|总局|总署))(?:登记|办理|审批|审核|批准|备案|申请|同意|(?:的)?有关规定)",
    )
});

/// How names of institutions end.
static BODY_END: LazyLock<Regex> =
    LazyLock::new(|| regex(r"(?:部|局|厅|委|委员会|办公室|总局|总署|署|院|中心|海关|银行|办|府)$"));

/// The head of a list of what was changed: 划入的职能, 取消的职责.
static CHANGED: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"^(?:划出|划入|转变|取消|下放|整合|加强|增加|承接|弱化|调整|移交|转移|强化|划转|不再承担)[\p{Han}]{0,4}的?职[能责]。?$",
    )
});

/// An institution in front of what it does.
static ACTS: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"^(?:其中，?|同时，?|由)?([\p{Han}]{1,24}?(?:部|局|厅|委员会|办公室|总局|总署|院|编办|发展改革委|卫生健康委|委|办|中心|银行|分行|支行|海关|公司|支队|大队))(?:等部门)?(?:负责|承担|会同|配合|对|依法|牵头|主管|组织|管理|指导|制定|要|按|在|应|根据|参与|发现|具体|拟订|提出|统筹|监督)",
    )
});

/// Duties that are no duty of the institution's own, by their first words.
const CHANGE: [&str; 4] = ["职能转变", "转变职能", "职责调整", "加快职能转变"];

/// 划入的职能 heads a list, and what follows it is none of what came before: a style that no list of duties has.
const HEADED: MarkStyle = MarkStyle::Circle;

pub fn duty(
    line: &Line,
    found: Option<record::staffing::Mark>,
    sort: DutySort,
    sub: &mut Option<DutySort>,
    style: &mut Option<MarkStyle>,
    own: &[String],
    scheme: &mut Scheme,
) {
    let Some(found) = found else {
        if let Some((number, text)) = duty_row(&line.text) {
            if !text.is_empty() {
                let institutions = if sort == DutySort::Division { institutions(&text, own) } else { Vec::new() };
                scheme.duties.push(Read::of(Duty { number, sort, institutions, text }, line.span));
            }
            return;
        }
        // 根据以上职能调整，甲局的主要职责是：
        if line.text.ends_with('：') {
            return;
        }
        if DIVIDED.is_match(&line.text) {
            let institutions = institutions(&line.text, own);
            let text = line.text.replace('\t', "");
            let duty = Duty { number: String::new(), sort: DutySort::Division, institutions, text };
            scheme.duties.push(Read::of(duty, line.span));
            return;
        }
        let goes_on = style.is_some_and(|style| style != HEADED);
        let last = scheme.duties.last_mut().filter(|last| goes_on && last.value.sort == sub.unwrap_or(sort));
        match last {
            Some(last) => {
                last.value.text.push_str(&line.text);
                last.evidence.push(line.span);
            }
            None => {
                let duty =
                    Duty { number: String::new(), sort, institutions: Vec::new(), text: line.text.replace('\t', "") };
                scheme.duties.push(Read::of(duty, line.span));
            }
        }
        return;
    };
    let rest = line.text[found.len..].replace('\t', "");
    let number = line.text[..found.len].trim().to_owned();
    if rest.is_empty() {
        // Its text stands in the next row.
        if style.is_none_or(|style| style == found.style) {
            *style = Some(found.style);
            let mine = sub.unwrap_or(sort);
            scheme
                .duties
                .push(Read::of(Duty { number, sort: mine, institutions: Vec::new(), text: String::new() }, line.span));
        }
        return;
    }
    let (head, behind) = rest.split_once('。').unwrap_or((&rest, ""));
    if sort == DutySort::Change && CHANGED.is_match(head) {
        *style = Some(HEADED);
        if !behind.is_empty() {
            let duty = Duty { number: String::new(), sort, institutions: Vec::new(), text: behind.to_owned() };
            scheme.duties.push(Read::of(duty, line.span));
        }
        return;
    }
    let first = *style.get_or_insert(found.style);
    if found.style == first {
        *sub = match () {
            () if division(&rest) => Some(DutySort::Division),
            () if CHANGE.iter().any(|word| rest.starts_with(word)) => Some(DutySort::Change),
            () => None,
        };
    }
    let mine = sub.unwrap_or(sort);
    // A list below a duty is part of it, but for what is divided with others and what was changed, each its own.
    let below = found.style != first && mine == DutySort::Main;
    if let Some(last) = scheme.duties.last_mut().filter(|_| below) {
        last.value.text.push_str(&line.text);
        last.evidence.push(line.span);
        return;
    }
    let institutions = if mine == DutySort::Division { institutions(&rest, own) } else { Vec::new() };
    scheme.duties.push(Read::of(Duty { number, sort: mine, institutions, text: rest }, line.span));
}

/// Duties that stand in the row of their heading: 主要职责：负责甲；负责乙。
pub fn in_a_row(rest: &str, line: &Line, sort: DutySort, scheme: &mut Scheme) {
    let Some((front, duty)) = rest.split_once(['：', '。']) else { return };
    if front.contains("宗旨") {
        return;
    }
    let is_duty = ["负责", "承担", "贯彻", "拟订", "组织", "开展", "为"].iter().any(|word| duty.starts_with(word));
    if front.ends_with("职责") || front.ends_with("职责是") || (sort == DutySort::Change && front.chars().count() < 12)
    {
        let change = sort == DutySort::Change && !duty.is_empty();
        if is_duty || change {
            let text = duty.trim_end_matches('\t').to_owned();
            scheme
                .duties
                .push(Read::of(Duty { number: String::new(), sort, institutions: Vec::new(), text }, line.span));
        }
    }
}

/// A row of a table of duties: its number and its text, which is empty for the row of the columns' names.
fn duty_row(text: &str) -> Option<(String, String)> {
    let cells: Vec<&str> = text.split('\t').map(str::trim).filter(|cell| !cell.is_empty()).collect();
    let (first, rest) = cells.split_first()?;
    let number = numerals::parse(first).is_some() || mark(first).is_some_and(|mark| mark.len == first.len());
    match rest {
        [] => None,
        _ if ["序号", "编号", "项目", "类别"].contains(first) => Some((String::new(), String::new())),
        _ if number => Some((numbered(first), rest.join("："))),
        _ => None,
    }
}

/// The other institutions that a division of duties names, in the order in which they come.
fn institutions(text: &str, own: &[String]) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    if let Some(with) = WITH.captures(text) {
        let bare = |name: &str| name.trim_end_matches("部门").trim_end_matches('等').to_owned();
        let names = with[1].split('、').flat_map(apart).map(bare);
        found.extend(names.filter(|name| BODY_END.is_match(name) && !own.contains(name)));
    }
    let named = !found.is_empty();
    for sentence in sentences(text) {
        for piece in split_outside(sentence, &['，', '：']) {
            let acts = ACTS.captures(piece).filter(|_| !named).map(|c| c[1].to_owned());
            let turned_to = TURNED_TO.captures_iter(piece).map(|c| c[1].to_owned());
            for body in acts.into_iter().chain(turned_to.collect::<Vec<_>>()) {
                if !is_own(&body, own) && !found.contains(&body) && !body.starts_with("有关") && body != "两部" {
                    found.push(body);
                }
            }
        }
    }
    found
}

/// Whether a name is the institution's own or a short form of it, which leaves out little: 市粮食和储备局 of
/// 甲市粮食和物资储备局.
fn is_own(name: &str, own: &[String]) -> bool {
    const LEFT_OUT: usize = 3;
    let length = name.chars().count();
    own.iter().any(|full| {
        let out = full.chars().count().saturating_sub(length);
        full == name
            || full.ends_with(name) && length > 3
            || length > 4 && out <= LEFT_OUT && record::comparison::may_mean(name, full)
    })
}

/// 甲局和乙局 are two, 文化和旅游局 is one.
fn apart(names: &str) -> Vec<&str> {
    let cut = names.char_indices().filter(|(_, c)| *c == '和').map(|(at, _)| at);
    let mut cut =
        cut.filter(|at| BODY_END.is_match(&names[..*at]) && BODY_END.is_match(&names[at + '和'.len_utf8()..]));
    match cut.next() {
        Some(at) => vec![&names[..at], &names[at + '和'.len_utf8()..]],
        None => vec![names],
    }
}
