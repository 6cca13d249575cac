//! Notices that change an institution: 核减行政编制4名，调整后78名; 甲局更名为乙局; 撤销丙站，其职责划入丁中心.

mod change;
mod events;
mod numbers;
mod rows;
mod speaking;

use std::sync::LazyLock;

use regex::Regex;

pub use change::InstitutionChange;

use super::{
    Proposed, Read, filled,
    heads::{Head, document_number, no_days, signed},
    text::{Line, Lines},
};
use crate::{
    documents::{Document, Span, propose::day},
    law_markdown::regex,
};
use events::read_sentence;
use numbers::{KIND, together, unread_numbers};
use record::{Body, Date, staffing};
use rows::Table;
use speaking::{Speaking, is_institution};

/// Lines at the top in which the title stands, and rows of it.
const WITHIN: usize = 12;
const ROWS: usize = 4;
/// Sentences, rows and numbers that are reported as not read: whoever confirms so many holds all of it against the text.
const MAX_UNREAD: usize = 200;

static TITLE: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"关于(?:同意)?(?:整合设立|整合组建|调整|核减|核增|增加|减少|收回|撤销|设立|成立|组建|整合|优化|完善|规范|加强|合并|重新核定|变更|明确|增设|核定|划转|理顺)?(?P<body>[^。，；《》]{2,60}?)(?:的)?(?:机构编制|机关编制|行政编制|事业编制|有关|机构规格|更名|划转|挂牌|内设机构|领导职数|隶属|编制|部分|机构|和增加|等)?[^。，；《》]{0,24}的?(?:通知|批复|函|复函|决定)$",
    )
});

/// The institution in a title, by how names of institutions end and what follows them.
static NAMED: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"关于(?:同意)?(?:整合设立|整合组建|调整|核减|核增|增加|减少|收回|撤销|设立|成立|组建|整合|优化|完善|规范|加强|合并|重新核定|变更|明确|增设|核定|划转|理顺)?(?P<body>[\p{Han}（）]{1,60}?(?:局|委|委员会|办|办公室|室|中心|站|馆|所|院|部|厅|政府|会|社|队|镇|乡|街道|学校|中学|小学|大学|学院|小组))的?(?:机构编制|机关编制|行政编制|事业编制|人员编制|编制|有关|机构规格|机构|更名|划转|挂牌|加挂|内设机构|领导职数|隶属|部分|增加|增设|核增|核减|调整|等|和|为|通知|批复|函|复函|决定)",
    )
});

/// Words without which a title is of no such notice.
const TELLS: [&str; 15] = [
    "编制",
    "更名",
    "挂牌",
    "撤销",
    "设立",
    "职数",
    "规格",
    "隶属",
    "划转",
    "内设机构",
    "合并",
    "组建",
    "成立",
    "机构调整",
    "升格",
];

/// An institution alone, in front of what is reported of it: 市档案馆：收回6名.
static BODY: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"^[\p{Han}（）]{2,24}(?:局|委|委员会|办|办公室|办事处|室|中心|站|馆|所|院|园|场|部|厅|政府|会|社|队|镇|乡|街道|学校|中学|小学|大学|学院|小组)$",
    )
});

/// A heading that names whom what stands below it is about: 市水务局机构编制调整：, 关于市水务局.
static HEADING: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"^(?:关于)?(?P<body>[\p{Han}（）]{2,24}?(?:局|委|委员会|办|办公室|办事处|室|中心|站|馆|所|院|园|场|部|厅|政府|会|社|队|镇|乡|街道|学校|中学|小学|大学|学院|小组))(?:的?(?:机构编制|机构|机关|行政编制|事业编制|人员编制|编制|领导职数|职数|内设机构|和|及|、|有关|事项|问题|情况|方面|调整|变更|核定|核增|核减|增加|减少|如下)+)?[：。]?$",
    )
});

/// What tells what happens to institutions, which no heading that names one alone has.
const HAPPENS: [&str; 11] = ["为", "由", "归", "入", "设立", "加挂", "增设", "撤销", "隶属", "划转", "移交"];

/// Words by which a sentence tells that something becomes of an institution.
const CHANGES: [&str; 26] = [
    "更名",
    "改名",
    "撤销",
    "设立",
    "组建",
    "成立",
    "划转",
    "划入",
    "划归",
    "划出",
    "移交",
    "交由",
    "并入",
    "核减",
    "核增",
    "收回",
    "加挂",
    "摘牌",
    "牌子",
    "升格",
    "降格",
    "合并",
    "分设",
    "增设",
    "不再保留",
    "合署",
];

/// Words that tell the same where they are said of what an institution consists of.
const CHANGES_OF: [&str; 6] = ["增加", "减少", "整合", "调整为", "变更为", "改为"];
const OF: [&str; 10] = ["编制", "职数", "机构", "职责", "职能", "规格", "隶属", "管理体制", "名", "个"];

/// How duties begin, which a reply lists: what they speak of is the institution's work, and happens to none.
const DUTIES: [&str; 10] = ["负责", "承担", "拟订", "指导", "监督", "协助", "参与", "贯彻", "组织实施", "完成"];

/// Whether a sentence tells of a change.
fn tells_of_a_change(sentence: &str) -> bool {
    let has = |words: &[&str]| words.iter().any(|word| sentence.contains(word));
    let is_duty = DUTIES.iter().any(|verb| sentence.strip_prefix(verb).is_some_and(|rest| !rest.starts_with('的')));
    !is_duty && (has(&CHANGES) || has(&CHANGES_OF) && has(&OF))
}

/// A sentence without the documents that it quotes, each with what stands within its brackets; as it is where they do
/// not close.
fn unquoted(sentence: &str) -> String {
    let (mut bare, mut depth) = (String::with_capacity(sentence.len()), 0usize);
    for c in sentence.chars() {
        match c {
            '《' => depth += 1,
            '》' if depth == 0 => return sentence.to_owned(),
            '》' => depth -= 1,
            c if depth == 0 => bare.push(c),
            _ => {}
        }
    }
    if depth == 0 { bare } else { sentence.to_owned() }
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Notice {
    pub title: Read<String>,
    pub institution: Read<String>,
    pub document_number: Read<Option<String>>,
    pub signed: Read<Option<Date>>,
    /// The day from which it holds, where it says another than that of its signature.
    pub effective: Read<Option<Date>>,
    pub changes: Vec<InstitutionChange>,
    /// What was seen and not taken up, in words for whoever confirms: sentences that tell of a change that was not read,
    /// a day that is none.
    pub unread: Vec<Read<String>>,
}

impl Notice {
    /// The day from which what it changes is so, and where it says it.
    pub fn from_day(&self) -> &Read<Option<Date>> {
        if self.effective.value.is_some() { &self.effective } else { &self.signed }
    }

    /// The columns of the record that one of its events becomes, each with the places that speak for it.
    pub fn columns(&self, told: &InstitutionChange) -> Vec<Proposed> {
        let mut all = Vec::new();
        let mut add = |column, text: String, evidence: &[Span]| {
            if !text.is_empty() {
                all.push(Proposed { column, text, evidence: evidence.to_vec() });
            }
        };
        let here = [told.span];
        add("title", told.title().chars().take(120).collect(), &here);
        add("institution_name", told.institution.clone(), &here);
        let from = self.from_day();
        add("date", from.value.map(|day| day.to_string()).unwrap_or_default(), &from.evidence);
        add("change", told.change.to_owned(), &here);
        add("document_number", self.document_number.value.clone().unwrap_or_default(), &self.document_number.evidence);
        add("from", told.from.join("；"), &here);
        add("to", told.to.join("；"), &here);
        add("numbers", staffing::written(&told.numbers).concat(), &here);
        // The title has no room for which duties they are.
        if told.change == "调整职责" {
            add("note", told.sentence.clone(), &here);
        }
        all
    }

    /// One of its events as a record, as far as the columns fit; those that do not are reported.
    pub fn body(&self, told: &InstitutionChange) -> (Option<Body>, Vec<String>) {
        let columns = self.columns(told);
        filled(staffing::EVENT, &columns)
    }
}

/// The first institution that a notice is sent to, where its title names none: 关于收回部分单位空余编制的通知.
fn addressed(lines: &Lines, below: usize, title: &str) -> Option<String> {
    if !["部分", "有关单位", "相关单位"].iter().any(|word| title.contains(word)) {
        return None;
    }
    let sent_to = lines.0.iter().skip(below).take(ROWS).find_map(|line| line.text.strip_suffix('：'))?;
    sent_to.split(['、', '，']).next().map(str::to_owned).filter(|name| !name.is_empty())
}

/// The title of a notice that changes institutions.
pub(super) fn title(lines: &Lines) -> Option<Head> {
    for from in 0..lines.0.len().min(WITHIN) {
        let mut joined = String::new();
        for rows in 1..=ROWS.min(lines.0.len() - from) {
            let line = &lines.0[from + rows - 1];
            joined.push_str(&line.text);
            if joined.chars().nth(100).is_some() || joined.contains(['。', '；', '《']) {
                break;
            }
            let told = TELLS.iter().any(|word| joined.contains(word)) && !joined.contains("印发");
            let about = joined.find("关于").unwrap_or(0);
            if let Some(found) = TITLE.captures(&joined[about..]).filter(|_| told) {
                let span = Span { start: lines.0[from].span.start, end: line.span.end };
                let named = NAMED.captures(&joined[about..]).map(|c| c["body"].to_owned());
                let institution = named.or_else(|| addressed(lines, from + rows, &joined));
                let institution = institution.unwrap_or_else(|| found["body"].to_owned());
                // Whoever issues it stands in rows above, or within the title's own.
                return Some(Head {
                    title: if rows == 1 { joined.clone() } else { joined[about..].to_owned() },
                    institution,
                    span,
                    first: from,
                    below: from + rows,
                });
            }
        }
    }
    None
}

/// 本通知自2021年7月1日起执行; of a document that it names the same says nothing.
static EFFECT: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"(?:本(?:通知|批复|决定|函|方案)|(?:上述|以上)[^，。；]{0,12}?)[自从]([^，。；]{6,24}?)起(?:正式)?(?:施行|实施|执行|生效)",
    )
});

fn effective(lines: &Lines, head: &Head) -> Read<Option<Date>> {
    let says = |line: &Line| {
        let (_, day) = day::find(&EFFECT.captures(&line.text)?[1])?;
        Some(Read::of(Some(day), line.span))
    };
    lines.0.iter().skip(head.below).find_map(says).unwrap_or_default()
}

/// Whether a document has the title of a notice.
pub fn is_one(document: &Document) -> bool {
    title(&Lines::of(document)).is_some()
}

/// Reads a notice; `None` where the document has no title of one.
pub fn read(document: &Document) -> Option<Notice> {
    let lines = Lines::of(document);
    let head = title(&lines)?;
    let mut notice = Notice {
        title: Read::of(head.title.clone(), head.span),
        institution: Read::of(head.institution.clone(), head.span),
        document_number: document_number(&lines, &head),
        signed: signed(&lines, &head),
        effective: effective(&lines, &head),
        changes: Vec::new(),
        unread: no_days(&lines).collect(),
    };
    let mut speaking = Speaking::of(&head.institution);
    // What was counted last: 收回6名 goes on with it.
    let mut last = String::new();
    let mut table: Option<Table> = None;
    for line in &lines.0[head.below..] {
        if let Some(over) = table.take_if(|table| !table.goes_on(line)) {
            over.end(&mut notice.unread);
        }
        let item = record::staffing::mark(&line.text);
        let rest = item.map_or(line.text.as_str(), |mark| &line.text[mark.len..]);
        speaking.begin(item.as_ref());
        // A row above everything that names an institution is whom the notice is sent to.
        let heading =
            HEADING.captures(rest).filter(|_| item.is_some() || rest.ends_with('：') && !notice.changes.is_empty());
        let heading = heading.map(|found| found["body"].to_owned());
        let heading = heading.filter(|named| is_institution(named) && !HAPPENS.iter().any(|word| named.contains(word)));
        match (heading, item) {
            (Some(named), Some(_)) => speaking.name(&named),
            (Some(named), None) => speaking.head(&named),
            (None, _) => {}
        }
        if rest.ends_with('：') && rest.chars().nth(40).is_none() {
            // What the list below it counts: 收回部分事业编制，具体如下：
            if let Some(kind) = KIND.find_iter(rest).last() {
                kind.as_str().clone_into(&mut last);
            }
            continue;
        }
        if line.text.contains('\t') {
            let table = table.get_or_insert_with(|| Table::of(line));
            table.row(line, (speaking.body(), last.as_str()), &mut notice.changes, &mut notice.unread);
            continue;
        }
        for sentence in rest.split(['。', '；']).filter(|sentence| !sentence.is_empty()) {
            // 市档案馆：收回6名
            let named = sentence.split_once('：').map(|(front, _)| front);
            if let Some(named) = named.filter(|front| BODY.is_match(front) && is_institution(front)) {
                match item {
                    Some(_) => speaking.name(named),
                    None => speaking.head(named),
                }
            }
            let before = (notice.changes.len(), notice.changes.last().cloned());
            let bare = unquoted(sentence);
            // What a document that is quoted counts may be what the answer to it goes on with.
            if let Some(kind) = KIND.find_iter(sentence).last().filter(|_| bare != sentence) {
                kind.as_str().clone_into(&mut last);
            }
            read_sentence(&bare, line.span, &mut speaking, &mut last, &mut notice.changes);
            let read = notice.changes.get_mut(before.0..).unwrap_or_default();
            read.iter_mut().for_each(|one| sentence.clone_into(&mut one.sentence));
            if tells_of_a_change(&bare) && before == (notice.changes.len(), notice.changes.last().cloned()) {
                let says = format!("“{}”没有读出变动", staffing::short(sentence));
                notice.unread.push(Read::of(says, line.span));
            } else {
                let numbers = unread_numbers(&bare, &notice.changes[before.0..]);
                let says = |number: String| format!("“{number}”没有读入：{}", staffing::short(sentence));
                notice.unread.extend(numbers.into_iter().map(|number| Read::of(says(number), line.span)));
            }
        }
    }
    if let Some(table) = table {
        table.end(&mut notice.unread);
    }
    let more = notice.unread.len().saturating_sub(MAX_UNREAD);
    if more > 0 {
        notice.unread.truncate(MAX_UNREAD);
        notice.unread.push(Read::of(format!("另有 {more} 处没有读出，没有逐处列出，请逐项对照原文"), head.span));
    }
    notice.changes = together(notice.changes);
    Some(notice)
}
