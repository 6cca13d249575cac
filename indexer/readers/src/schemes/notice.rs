//! Notices that change an institution: 核减行政编制4名，调整后78名; 甲局更名为乙局; 撤销丙站，其职责划入丁中心.

use std::sync::LazyLock;

use regex::Regex;

use super::{
    Proposed, Read, filled,
    heads::{Head, document_number, signed},
    text::{Lines, split_outside},
};
use crate::{
    documents::{Document, Span},
    law_markdown::regex,
};
use record::{
    Body, Date,
    staffing::{self, Mark, MarkStyle, NumberChange},
};
use text::numerals;

const N: &str = r"([0-9]{1,6}|[一二三四五六七八九十百千两〇零]{1,7})";
/// Lines at the top in which the title stands, and rows of it.
const WITHIN: usize = 12;
const ROWS: usize = 4;

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
static KIND: LazyLock<Regex> = LazyLock::new(|| {
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
        r"(?P<what>(?:核增|增核|增加|新增|增配|调增)[^，。；]{{0,24}}?|(?:划入|转入)[^，。；]{{0,10}}编制){N}(?:名|个|人)"
    ))
});
static AFTER: LazyLock<Regex> = LazyLock::new(|| {
    regex(&format!(r"(?:总额为|总数为|为|共|达到|达|总数|总额|编制|职数|后){N}(?:名|个|人)(?:不变)?$"))
});
static SAME: LazyLock<Regex> = LazyLock::new(|| regex(&format!(r"{N}(?:名|个|人)不变")));
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
    regex(r"由(?P<from>[\p{Han}]{2,30}?)(?:调整|变更|升格|升|改)为(?P<to>[\p{Han}]{2,30}?)(?:$|[，。；])")
});
static RANK: LazyLock<Regex> = LazyLock::new(|| regex(r"((?:正|副)(?:厅局|县处|乡科|厅|局|处|县|科|股)级|股级)"));
static DUTIES: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"(?:将|把)?(?P<from>[\p{Han}]{2,24}?(?:局|委|厅|办|部|中心|院|委员会|办公室))(?:承担)?的?(?P<what>[\p{Han}、]{2,40}?职[责能])(?:划入|划转到|划归|整合划入|移交)(?P<to>[\p{Han}]{2,40}?)(?:$|[，。；])",
    )
});
static MERGED: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"将(?P<from>[\p{Han}、（）]{4,120}?)(?:的职责|职责|的机构编制|机构)*(?:进行)?(?:整合|合并)，?(?:组建|设立|成立|为)(?P<to>[\p{Han}（）]{2,40}?)(?:$|[，。；])",
    )
});
static MOVED: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"(?:隶属关系|主管部门|管理体制)?由(?P<from>[\p{Han}]{2,24}?)(?:管理|所属)?(?:划转|调整|变更|划归|划入)(?:至|为|到|由)?(?P<to>[\p{Han}]{2,24}?)(?:管理|所属|$|[，。；])",
    )
});

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
        r"^(?:划转后|调整后|同时|此外|(?P<passing>其中))?(?:同意|决定)?(?:核减|核增|增核|核定|增加|减少|收回|调减|调增)?(?P<body>[\p{Han}（）]{2,30}?(?:局|委|委员会|办|办公室|中心|站|馆|所|院|部|厅|会|社|队|学校|大学|学院))的?(?:机关)?(?:现有)?(?:行政编制|事业编制|政法专项编制|工勤编制|人员编制|编制|内设机构|领导职数|副职职数)",
    )
});
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
/// 原甲所撤销，其职责划入乙中心
static GONE: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"(?:^|，)(?:同时，?)?将?原?(?P<body>[\p{Han}（）]{2,40}?(?:局|委|委员会|办|办公室|室|中心|站|馆|所|院|处|部|厅|会|社|队))(?:予以|同时|建制)?撤销(?:$|[，。；])",
    )
});
/// The institution in front of what it is given: 市水务局加挂市节水办公室牌子, 市水务局增设法规科.
static GIVEN: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"^(?:同意|在|给|为|决定)*(?P<body>[\p{Han}（）]{2,30}?(?:局|委员会|委|办公室|办|中心|站|馆|所|院|部|厅|社|学校|大学|学院))(?:机关)?(?:不再(?:加)?挂|不再保留|加挂|增挂|增设|新设|内设)",
    )
});
/// 从甲局划转事业编制3名到乙局, 将甲局行政编制2名划转至乙局
static TRANSFERRED: LazyLock<Regex> = LazyLock::new(|| {
    regex(&format!(
        r"(?:从(?P<from>[\p{{Han}}（）]{{2,24}}?)(?:划转|划出|划拨|调剂|调出)|将(?P<giver>[\p{{Han}}（）]{{2,24}}?(?:局|委|办|部|厅|中心|院|室|会|站|馆|所))的?)(?P<what>[^，。；0-9]{{0,16}}?)(?P<n>{N})(?:名|个|人)(?P<behind>[^，。；]{{0,12}}?)(?:划转|划拨|调剂)?(?:到|至|给)(?P<to>[\p{{Han}}（）]{{2,24}}?)(?:统一|统筹)?(?:管理|使用|所有|名下|后|用于[^，。；]*)?$"
    ))
});
/// How no name of an institution begins.
const NO_BODY: [&str; 25] = [
    "你",
    "该",
    "本",
    "核",
    "增",
    "减",
    "收",
    "调",
    "从",
    "将",
    "由",
    "同意",
    "新设",
    "设立",
    "组建",
    "成立",
    "撤销",
    "明确",
    "内设",
    "划转",
    "有关",
    "相关",
    "各",
    "办公室",
    "机关",
];
/// Names of places that begin so.
const PLACES: [&str; 6] = ["本溪", "增城", "从化", "从江", "将乐", "调兵山"];
/// Sentences that sum up what others told.
const SUMS_UP: [&str; 4] = ["以上", "合计", "共计", "总计"];

/// What tells what happens to institutions, which no heading that names one alone has.
const HAPPENS: [&str; 11] = ["为", "由", "归", "入", "设立", "加挂", "增设", "撤销", "隶属", "划转", "移交"];

/// Whether what stands where the name of an institution may is one.
fn is_institution(name: &str) -> bool {
    let begins = |words: &[&str]| words.iter().any(|word| name.starts_with(word));
    !begins(&NO_BODY) || begins(&PLACES)
}

/// The institution that is spoken of: the notice's own until an item, or a heading, names another.
struct Speaking {
    home: String,
    named: Vec<Named>,
    /// How the item is numbered.
    style: Option<MarkStyle>,
    /// Whether the item moves numbers from one institution to another: then it is about no one of them.
    transfers: bool,
}

/// An institution that an item named.
struct Named {
    body: String,
    style: Option<MarkStyle>,
    /// Whether a row without a number names it, with a list of its own below.
    heading: bool,
    /// Whether that list is numbered as the items before the heading.
    above: bool,
}

impl Speaking {
    fn of(home: &str) -> Self {
        Self { home: home.to_owned(), named: Vec::new(), style: None, transfers: false }
    }

    fn body(&self) -> &str {
        self.named.last().map_or(&self.home, |named| &named.body)
    }

    /// A row begins. Whoever was named holds until the next item of the same or a higher sort.
    fn begin(&mut self, item: Option<&Mark>) {
        match item {
            Some(item) => {
                let style = Some(item.style);
                if let Some(last) = self.named.last_mut().filter(|last| last.heading && item.n == 1) {
                    last.above |= last.style == style;
                }
                let is_over = |named: &Named| named.style > style || named.style == style && !named.above;
                while self.named.last().is_some_and(is_over) {
                    self.named.pop();
                }
                (self.style, self.transfers) = (style, false);
            }
            // Without numbers each paragraph is an item.
            None if self.style.is_none() => {
                self.named.retain(|named| named.heading);
                self.transfers = false;
            }
            None => {}
        }
    }

    fn name(&mut self, body: &str) {
        if self.body() != body {
            while self.named.last().is_some_and(|last| last.style >= self.style && !last.heading) {
                self.named.pop();
            }
            self.named.push(Named { body: body.to_owned(), style: self.style, heading: false, above: false });
        }
    }

    /// Of headings the last one holds.
    fn head(&mut self, body: &str) {
        let (mut style, mut above) = (self.style, false);
        if let Some(at) = self.named.iter().position(|named| named.heading) {
            (style, above) = (self.named[at].style, self.named[at].above);
            self.named.truncate(at);
        }
        self.named.push(Named { body: body.to_owned(), style, heading: true, above });
    }
}

/// What a notice tells of one institution.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InstitutionChange {
    /// A word of the kinds of event, as the record has them: 更名.
    pub change: &'static str,
    /// The institution, as the notice calls it.
    pub body: String,
    pub from: Vec<String>,
    pub to: Vec<String>,
    pub numbers: Vec<NumberChange>,
    /// The sentence.
    pub sentence: String,
    pub span: Span,
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Notice {
    pub title: Read<String>,
    pub institution: Read<String>,
    pub document_number: Read<Option<String>>,
    pub signed: Read<Option<Date>>,
    pub changes: Vec<InstitutionChange>,
}

impl InstitutionChange {
    /// In a few words, without numbers, which may not be for the public.
    pub fn title(&self) -> String {
        let (body, from, to) = (&self.body, self.from.join("、"), self.to.join("、"));
        match self.change {
            "更名" => format!("{from}更名为{to}"),
            "合并" => format!("{from}合并组建{to}"),
            "撤销" => format!("撤销{from}"),
            "设立" => format!("设立{to}"),
            "挂牌" => format!("{body}加挂{to}牌子"),
            "摘牌" => format!("{body}不再加挂{from}牌子"),
            "划转隶属" => format!("{body}由{from}划转{to}"),
            "升格" | "降格" => format!("{body}由{from}{}为{to}", self.change),
            "调整职责" => format!("{from}的职责划入{to}"),
            change if !to.is_empty() => format!("{body}{change}：{to}"),
            change => {
                let names: Vec<&str> = self.numbers.iter().map(|number| number.name.as_str()).collect();
                format!("{body}{change}（{}）", names.join("、"))
            }
        }
    }
}

impl Notice {
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
        add("institution_name", told.body.clone(), &here);
        add("date", self.signed.value.map(|day| day.to_string()).unwrap_or_default(), &self.signed.evidence);
        add("change", told.change.to_owned(), &here);
        add("document_number", self.document_number.value.clone().unwrap_or_default(), &self.document_number.evidence);
        add("from", told.from.join("；"), &here);
        add("to", told.to.join("；"), &here);
        add("numbers", staffing::written(&told.numbers).concat(), &here);
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
        changes: Vec::new(),
    };
    let mut speaking = Speaking::of(&head.institution);
    // What was counted last: 收回6名 goes on with it.
    let mut last = String::new();
    for line in &lines.0[head.below..] {
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
            read_row(&line.text, line.span, speaking.body(), &mut notice.changes);
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
            read_sentence(sentence, line.span, &mut speaking, &mut last, &mut notice.changes);
        }
    }
    notice.changes = together(notice.changes);
    Some(notice)
}

/// A row of a table: what, before, change, after.
fn read_row(text: &str, span: Span, body: &str, told: &mut Vec<InstitutionChange>) {
    let cells: Vec<&str> = text.split('\t').map(str::trim).collect();
    let named = cells.first().and_then(|cell| KIND.find(cell)).map(|kind| kind.as_str().to_owned());
    let (Some(name), Some([before, change, after])) = (named, cells.get(1..)) else { return };
    let signs = ['+', '＋', '-', '－', '−', '增', '减'];
    let number = |cell: &str| numerals::parse(cell.trim_start_matches(signs).trim_end_matches(['名', '个', '人']));
    let minus = change.starts_with(['-', '－', '−', '减']);
    let change = number(change).map(|n| if minus { -i64::from(n) } else { i64::from(n) });
    push_number(NumberChange { name, before: number(before), change, after: number(after) }, text, span, body, told);
}

/// One number told in two sentences, 核减4名。调整后由82名减为78名, is one change; what a sum leaves open follows from
/// it.
fn together(told: Vec<InstitutionChange>) -> Vec<InstitutionChange> {
    let mut all: Vec<InstitutionChange> = Vec::new();
    for one in told {
        let before = all.last_mut().filter(|last| last.body == one.body).and_then(|last| last.numbers.first_mut());
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

fn read_sentence(
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
        body: body.to_owned(),
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
    } else if let Some(found) = RENAMED.captures(sentence) {
        let (from, to) = (found["from"].trim_start_matches("同意").to_owned(), found["to"].to_owned());
        told.push(event("更名", &to, vec![from], vec![to.clone()]));
        *body = to;
    } else if let Some(found) = DUTIES.captures(sentence) {
        told.push(event("调整职责", &found["to"], vec![found["from"].to_owned()], vec![found["to"].to_owned()]));
    } else if let Some(found) = BECAME.captures(sentence).filter(|c| !c[0].chars().any(|c| c.is_ascii_digit())) {
        let (from, to) = (&found["from"], &found["to"]);
        match (RANK.find(from), RANK.find(to)) {
            (Some(was), Some(is)) => {
                let change = if rank_of(was.as_str()) > rank_of(is.as_str()) { "升格" } else { "降格" };
                told.push(event(change, body, vec![was.as_str().to_owned()], vec![is.as_str().to_owned()]));
            }
            _ => told.push(event("划转隶属", body, vec![from.to_owned()], vec![to.to_owned()])),
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
    let given = GIVEN.captures(sentence).map(|c| c["body"].to_owned()).filter(|named| is_institution(named));
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
    let units = |name: &str| ["科", "股", "处", "室", "司"].iter().any(|end| name.ends_with(end));
    if told.last().is_none_or(|last| last.sentence != sentence || last.change != "合并")
        && let Some(found) = SET_UP.captures(sentence)
        && !sentence.contains("牌子")
    {
        let names = list(&found["to"]);
        let inner = !names.is_empty() && names.iter().all(|name| units(name) && name != "办公室");
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

/// Lower is higher; the deputy's rank comes right behind.
fn rank_of(rank: &str) -> usize {
    let steps = ["厅", "局", "处", "县", "科", "股"];
    let step = steps.iter().position(|step| rank.contains(step)).unwrap_or(steps.len());
    (step / 2 * 2 + 2 * usize::from(rank.contains('股'))) * 2 + usize::from(rank.starts_with('副'))
}

/// Whom a sentence counts for.
#[derive(Default)]
struct Counted {
    /// The first institution that it names.
    subject: Option<String>,
    /// Whether it moves numbers from one institution to another.
    transfers: bool,
}

fn read_numbers(
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
        } else if let Some(c) = UP.captures(piece) {
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

fn push_number(number: NumberChange, sentence: &str, span: Span, body: &str, told: &mut Vec<InstitutionChange>) {
    let change = match () {
        () if number.name.contains("职数") => "调整职数",
        () if number.name == "内设机构" => "调整内设",
        () => "调整编制",
    };
    let numbers = vec![number];
    let (body, sentence) = (body.to_owned(), sentence.to_owned());
    told.push(InstitutionChange { change, body, from: Vec::new(), to: Vec::new(), numbers, sentence, span });
}
