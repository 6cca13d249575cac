//! The text of a scheme: which part speaks of duties, of units, of numbers, and what each lists.

use std::sync::LazyLock;

use regex::Regex;

use super::{
    Read, Scheme,
    heads::Head,
    numbers, standing,
    text::{Line, Lines, sentences, split_outside},
};
use crate::law_markdown::regex;
use record::staffing::{Clause, Duty, DutySort, Item, MarkStyle, Unit, mark};
use text::numerals;

/// What a part of the text is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum About {
    Duties(DutySort),
    Units,
    Numbers,
    Other,
}

/// 设12个内设机构, 设下列9个内设机构, 内设机构7个, 设五个司（室）.
static STATED: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"设(?:置|立|有)?(?:下列|以下)?([0-9]{1,3}|[一二三四五六七八九十两]{1,4})个(?:正科级|副科级|正处级|副处级)?(?:职能|内设|综合性|综合|业务)*(?:机构|办公室|科室|司|处|科|股|室|部)|(?:内设机构|职能科室|内设科室|职能机构)(?:为|共)?([0-9]{1,3}|[一二三四五六七八九十两]{1,4})个|([0-9]{1,3}|[一二三四五六七八九十两]{1,4})个(?:内设机构|职能(?:司|处|科|股|机构)|职能科室|内设科室)",
    )
});
/// 设置下列综合性办事机构, 设以下科室.
static SETS: LazyLock<Regex> = LazyLock::new(|| {
    regex(r"设(?:置|立|有)?(?:下列|以下)[^，。；：]{0,12}(?:机构|科室|股室|处室|部门|办公室|中心|单位|：)")
});
/// Units that stand in a sentence of their own: 纪检监察工作委员会、人民武装部按有关规定设置.
static AS_RULED: LazyLock<Regex> =
    LazyLock::new(|| regex(r"^([\p{Han}、]{2,60}?)等?按照?(?:有关|相关)?(?:规定|章程)设置。?$"));
/// A body to which others turn: 到省国土资源厅登记, 按环境保护部有关规定办理.
static TURNED_TO: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"(?:先经|经|到|按照|按|商|报|向)([\p{Han}]{1,20}?(?:部|局|厅|委员会|发展改革委|卫生健康委|总局|总署))(?:登记|办理|审批|审核|批准|备案|申请|同意|(?:的)?有关规定)",
    )
});
/// Words that a unit's name ends with.
static UNIT: LazyLock<Regex> = LazyLock::new(|| {
    regex(r"^[\p{Han}、和与]{1,24}(?:科|股|处|室|司|厅|局|部|党委|纪委|总支|支部|组|队|中心|所|站|办|委|工会|团委)$")
});
/// Others that a body divides its work with: 与A、B的职责分工.
static WITH: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"^(?:关于)?[^。；，：]{0,20}?(?:与|同)([^。；，：]{2,80}?)(?:在[^。；，：]{1,30}?方面)?(?:之间)?(?:的)?(?:有关)?(?:职责|工作)(?:分工|边界|关系)",
    )
});
/// How names of bodies end.
static BODY_END: LazyLock<Regex> =
    LazyLock::new(|| regex(r"(?:部|局|厅|委|委员会|办公室|总局|总署|署|院|中心|海关|银行|办|府)$"));
/// The head of a list of what was changed: 划入的职能, 取消的职责.
static CHANGED: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"^(?:划出|划入|转变|取消|下放|整合|加强|增加|承接|弱化|调整|移交|转移|强化|划转|不再承担)[\p{Han}]{0,4}的?职[能责]。?$",
    )
});
/// The division of some duties, named before its text.
static DIVIDED: LazyLock<Regex> = LazyLock::new(|| regex(r"^[^。；，]{2,60}的(?:有关)?职责分工[。：]"));
/// A body in front of what it does.
static ACTS: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"^(?:其中，?|同时，?|由)?([\p{Han}]{1,24}?(?:部|局|厅|委员会|办公室|总局|总署|院|编办|发展改革委|卫生健康委|委|办|中心|银行|分行|支行|海关|公司|支队|大队))(?:等部门)?(?:负责|承担|会同|配合|对|依法|牵头|主管|组织|管理|指导|制定|要|按|在|应|根据|参与|发现|具体|拟订|提出|统筹|监督)",
    )
});
/// Duties that are no duty of the body's own, by their first words.
const CHANGE: [&str; 4] = ["职能转变", "转变职能", "职责调整", "加快职能转变"];

pub fn read(lines: &Lines, head: &Head, scheme: &mut Scheme) {
    let mut about = About::Other;
    let mut sub = None;
    let mut own: Vec<String> = vec![scheme.institution.value.clone()];
    // Items within a part are numbered in one style; another style below it is an item's own list.
    let mut style: Option<MarkStyle> = None;
    let mut numbered: Vec<(&Line, String)> = Vec::new();
    for line in &lines.0[head.below..] {
        if is_furniture(&line.text) {
            continue;
        }
        let found = mark(&line.text);
        let opens = found.filter(|m| match m.style {
            MarkStyle::Article => true,
            MarkStyle::Part => !matches!(about, About::Duties(_) | About::Units) || style != Some(MarkStyle::Part),
            _ => false,
        });
        let bare = found.is_none().then(|| heading(&line.text)).flatten();
        if opens.is_some() || bare.is_some() {
            let rest = opens.map_or(line.text.as_str(), |m| &line.text[m.len..]);
            about = topic(rest).or(bare).unwrap_or(About::Other);
            style = None;
            sub = None;
            let number = opens.map(|m| line.text[..m.len].trim_end_matches(['、', '.', '．']).to_owned());
            open_clause(number.unwrap_or_default(), rest, line, scheme);
            standing::read(rest, line, &mut own, scheme);
            lead(rest, line, about, scheme, &mut numbered);
            continue;
        }
        let rest = found.map_or(line.text.as_str(), |m| &line.text[m.len..]);
        if about == About::Duties(DutySort::Division) && is_closing(rest) {
            more(line, scheme);
            continue;
        }
        match about {
            About::Duties(sort) => duty(line, found, sort, &mut sub, &mut style, &own, scheme),
            About::Units => unit(line, found, &mut style, scheme),
            About::Numbers | About::Other => {
                standing::read(&line.text, line, &mut own, scheme);
                if division(rest) {
                    sub = Some(DutySort::Division);
                    about = if about == About::Other { About::Duties(DutySort::Division) } else { about };
                    duty(line, found, DutySort::Division, &mut sub, &mut style, &own, scheme);
                    continue;
                }
                if about == About::Other
                    && let Some(topic) = topic(rest).filter(|_| rest.ends_with('：'))
                {
                    about = topic;
                }
                more(line, scheme);
                // Cells of a table, one a line: a name, then its number.
                let cell = numerals::parse(rest).filter(|_| about == About::Numbers);
                if let (Some(n), Some((_, name))) = (cell, numbered.last_mut()) {
                    if !name.contains(['。', '名', '人']) {
                        *name = format!("{name}{n}名");
                    }
                } else if about == About::Numbers || numbers::tells(rest) {
                    numbered.push((line, rest.to_owned()));
                }
                lead(rest, line, if about == About::Numbers { About::Other } else { about }, scheme, &mut Vec::new());
            }
        }
    }
    let mut seen = Vec::new();
    for (line, text) in numbered {
        if !seen.contains(&line.span) {
            seen.push(line.span);
            numbers::read(&text, line.span, scheme);
        }
    }
}

/// What closes a scheme and is nobody's duty.
fn is_closing(text: &str) -> bool {
    let begins = ["所属事业单位", "本规定", "其他事项"].iter().any(|word| text.starts_with(word));
    begins || text.ends_with("另行规定。")
}

/// What stands below a document and is none of its text.
fn is_furniture(text: &str) -> bool {
    let short = text.chars().nth(45).is_none();
    let printed =
        text.ends_with("印发") || text.ends_with("印") || text.starts_with("抄送") || text.starts_with("主送");
    let dated = crate::documents::propose::day::is_date(text);
    (short && (printed || dated)) || text.starts_with("附件")
}

/// A heading without a number: 主要职责.
fn heading(text: &str) -> Option<About> {
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
fn topic(text: &str) -> Option<About> {
    let says = |words: &[&str]| words.iter().any(|word| text.contains(word));
    let bare = text.trim_end_matches('。');
    let title = bare.chars().nth(24).is_none() && !bare.contains('。');
    let lists = text.ends_with('：');
    let purpose = text.starts_with("为") && says(&["制定本规定", "制定本方案"]);
    if purpose || says(&["本规定确定的", "所属事业单位的设置", "负责解释", "另行规定。"]) && !numbers::tells(text)
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
    if numbers::tells(text) {
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
    let units = lists && (STATED.is_match(text) || SETS.is_match(text));
    units.then_some(About::Units)
}

fn division(text: &str) -> bool {
    let text = text.trim_start_matches("（").trim_start();
    text.starts_with("有关职责分工")
        || text.starts_with("职责分工")
        || text.starts_with("关于职责分工")
        || WITH.is_match(text)
}

/// What a clause's first row says besides opening it.
fn lead<'l>(rest: &str, line: &'l Line, about: About, scheme: &mut Scheme, numbered: &mut Vec<(&'l Line, String)>) {
    if scheme.stated_units.value.is_none()
        && let Some(found) = STATED.captures(rest)
    {
        let n = (1..=3).find_map(|group| found.get(group)).and_then(|n| numerals::parse(n.as_str()));
        if n.is_some() {
            scheme.stated_units = Read::of(n, line.span);
        }
    }
    match about {
        About::Units => in_a_sentence(rest, line, scheme),
        About::Numbers => numbered.push((line, rest.to_owned())),
        _ if numbers::tells(rest) => numbered.push((line, rest.to_owned())),
        About::Duties(sort) if sort != DutySort::Main && rest.chars().nth(24).is_some() => {
            let number = scheme.clauses.last().map(|clause| clause.value.number.clone()).unwrap_or_default();
            let duty = Duty { number, sort, bodies: Vec::new(), text: rest.to_owned() };
            scheme.duties.push(Read::of(duty, line.span));
        }
        About::Duties(sort) => in_a_row(rest, line, sort, scheme),
        About::Other => {}
    }
}

/// Duties that stand in the row of their heading: 主要职责：负责甲；负责乙。
fn in_a_row(rest: &str, line: &Line, sort: DutySort, scheme: &mut Scheme) {
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
            scheme.duties.push(Read::of(Duty { number: String::new(), sort, bodies: Vec::new(), text }, line.span));
        }
    }
}

fn open_clause(number: String, rest: &str, line: &Line, scheme: &mut Scheme) {
    let title = rest.chars().nth(24).is_none() && !rest.ends_with(['。', '：', '；']);
    let (heading, text) = if title { (rest, "") } else { ("", rest) };
    let heading = heading.replace(['【', '】'], "");
    let clause = Clause { number, heading, text: text.replace('\t', "　") };
    scheme.clauses.push(Read::of(clause, line.span));
}

/// A row that goes on with a clause, or stands before the first.
fn more(line: &Line, scheme: &mut Scheme) {
    let text = line.text.replace('\t', "　");
    match scheme.clauses.last_mut() {
        Some(last) => {
            last.value.go_on(&text);
            last.evidence.push(line.span);
        }
        None => {
            scheme.clauses.push(Read::of(Clause { number: String::new(), heading: String::new(), text }, line.span))
        }
    }
}

/// 划入的职能 heads a list, and what follows it is none of what came before: a style that no list of duties has.
const HEADED: MarkStyle = MarkStyle::Circle;

fn duty(
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
                let bodies = if sort == DutySort::Division { bodies(&text, own) } else { Vec::new() };
                scheme.duties.push(Read::of(Duty { number, sort, bodies, text }, line.span));
            }
            return;
        }
        // 根据以上职能调整，甲局的主要职责是：
        if line.text.ends_with('：') {
            return;
        }
        if DIVIDED.is_match(&line.text) {
            let bodies = bodies(&line.text, own);
            let text = line.text.replace('\t', "");
            let duty = Duty { number: String::new(), sort: DutySort::Division, bodies, text };
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
                let duty = Duty { number: String::new(), sort, bodies: Vec::new(), text: line.text.replace('\t', "") };
                scheme.duties.push(Read::of(duty, line.span));
            }
        }
        return;
    };
    let rest = line.text[found.len..].replace('\t', "");
    let number = line.text[..found.len].trim().to_owned();
    if rest.is_empty() {
        return;
    }
    let (head, behind) = rest.split_once('。').unwrap_or((&rest, ""));
    if sort == DutySort::Change && CHANGED.is_match(head) {
        *style = Some(HEADED);
        if !behind.is_empty() {
            let duty = Duty { number: String::new(), sort, bodies: Vec::new(), text: behind.to_owned() };
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
    let bodies = if mine == DutySort::Division { bodies(&rest, own) } else { Vec::new() };
    scheme.duties.push(Read::of(Duty { number, sort: mine, bodies, text: rest }, line.span));
}

/// A row of a table of duties: its number and its text, which is empty for the row of the columns' names.
fn duty_row(text: &str) -> Option<(String, String)> {
    let cells: Vec<&str> = text.split('\t').map(str::trim).filter(|cell| !cell.is_empty()).collect();
    let (first, rest) = cells.split_first()?;
    let number = numerals::parse(first).is_some() || mark(first).is_some_and(|mark| mark.len == first.len());
    match rest {
        [] => None,
        _ if ["序号", "编号", "项目", "类别"].contains(first) => Some((String::new(), String::new())),
        _ if number => Some(((*first).to_owned(), rest.join("："))),
        _ => None,
    }
}

/// The other bodies that a division of duties names, in the order in which they come.
fn bodies(text: &str, own: &[String]) -> Vec<String> {
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

/// Whether a name is the body's own or a short form of it, which leaves out little: 市粮食和储备局 of 甲市粮食和物资储备局.
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

fn unit(line: &Line, found: Option<record::staffing::Mark>, style: &mut Option<MarkStyle>, scheme: &mut Scheme) {
    let rest = found.map_or(line.text.as_str(), |m| &line.text[m.len..]);
    if scheme.stated_units.value.is_none()
        && let Some(n) =
            STATED.captures(rest).and_then(|c| (1..=3).find_map(|g| c.get(g)).and_then(|n| numerals::parse(n.as_str())))
    {
        scheme.stated_units = Read::of(Some(n), line.span);
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
            scheme.units.push(Read::of(unit, line.span));
        }
        None => {
            if let Some(found) = AS_RULED.captures(rest) {
                let names = found[1].split('、').filter(|name| !name.is_empty());
                let unit = |name: &str| Unit { name: name.to_owned(), ..Unit::default() };
                scheme.units.extend(names.map(|name| Read::of(unit(name), line.span)));
                return;
            }
            let unit = named_in(line, rest);
            let bare = UNIT.is_match(&unit.name) && !rest.ends_with('：') && !STATED.is_match(rest);
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

fn row(line: &Line, scheme: &mut Scheme) {
    let cells: Vec<&str> = line.text.split('\t').map(str::trim).filter(|cell| !cell.is_empty()).collect();
    let number = cells.first().filter(|cell| numerals::parse(cell).is_some() || mark(cell).is_some());
    let cells = if number.is_some() { &cells[1..] } else { &cells[..] };
    let Some((name, rest)) = cells.split_first() else { return };
    if ["机构名称", "名称", "内设机构", "机构", "科室", "科室名称"].contains(name) {
        return;
    }
    let mut unit = named(name);
    if !UNIT.is_match(&unit.name) {
        return;
    }
    unit.number = number.map(|n| n.to_string()).unwrap_or_default();
    unit.text = rest.join("，");
    scheme.units.push(Read::of(unit, line.span));
}

/// 办公室（挂机要室牌子、正科级）。负责…
fn named(text: &str) -> Unit {
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
fn in_a_sentence(text: &str, line: &Line, scheme: &mut Scheme) {
    static LIST: LazyLock<Regex> = LazyLock::new(|| {
        regex(
            r"(?:内?设(?:置|立|有)?|内设机构：|分别是|分别为|[：，])((?:[\p{Han}（）]{2,30}、){1,20}[\p{Han}（）]{2,30}?)(?:等?(?:[0-9]+|[一二三四五六七八九十]+)个|共|等|[，。；]|$)",
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
