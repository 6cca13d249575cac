//! Numbers of staff and of leading posts: 机关行政编制805名（含两委人员编制2名、援派机动编制3名）.

use serde::{Deserialize, Serialize};
use text::numerals;

use super::Item;

/// A number of one kind of staff or posts, with what is known of what it includes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Headcount {
    /// As the document calls it: 机关行政编制, 局长, 司局级领导职数.
    pub name: String,
    pub n: u32,
    /// What it includes (含, 其中), which need not be all of it.
    #[serde(default)]
    pub of_which: Vec<Part>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Part {
    pub name: String,
    pub n: u32,
}

/// Kinds of staffing 编制: each comes from a purse of its own and is not mixed with others (地方各级人民政府机构设置和编制管理条例,
/// art. 15).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum StaffKind {
    Administrative,
    /// 政法专项编制
    Justice,
    Public,
    Service,
    Other,
}

impl StaffKind {
    pub const ALL: [StaffKind; 5] = [Self::Administrative, Self::Justice, Self::Public, Self::Service, Self::Other];

    pub fn label(self) -> &'static str {
        match self {
            Self::Administrative => "行政编制",
            Self::Justice => "政法专项编制",
            Self::Public => "事业编制",
            Self::Service => "工勤编制",
            Self::Other => "其他编制",
        }
    }
}

impl Headcount {
    pub fn new(name: impl Into<String>, n: u32) -> Self {
        Self { name: name.into(), n, of_which: Vec::new() }
    }

    /// What kind of staff it counts, by its name.
    pub fn kind(&self) -> StaffKind {
        let says = |words: &[&str]| words.iter().any(|word| self.name.contains(word));
        match () {
            () if says(&["政法专项", "专项编制"]) => StaffKind::Justice,
            () if says(&["工勤", "后勤服务", "工人"]) => StaffKind::Service,
            () if says(&["事业"]) => StaffKind::Public,
            () if says(&["行政", "机关编制", "公务员"]) => StaffKind::Administrative,
            () => StaffKind::Other,
        }
    }

    /// The sum of what it is said to include.
    pub fn included(&self) -> u64 {
        self.of_which.iter().map(|part| u64::from(part.n)).sum()
    }

    /// Whether it counts posts of the body's deputies 副职, and not those of its units.
    pub fn is_deputies(&self) -> bool {
        self.name.starts_with('副') || self.name == "班子副职"
    }

    /// Whether it counts the body's head 正职.
    pub fn is_head(&self) -> bool {
        !self.name.contains("职数") && !self.name.contains('副') && !self.name.contains("总")
    }
}

/// Words that stand between a name and its number.
const BETWEEN: [&str; 6] = ["共计", "总数", "为", "共", "：", ":"];

/// A name and its number: 副局长4名, 行政编制一百二十名, 编制共 12 人.
pub fn counted(text: &str) -> Option<Part> {
    let text = text.trim();
    let bare = text.strip_suffix('名').or_else(|| text.strip_suffix('人')).or_else(|| text.strip_suffix('个'))?;
    let bare = bare.trim_end();
    let arabic = |c: char| c.is_ascii_digit() || ('０'..='９').contains(&c);
    let in_digits = bare.trim_end_matches(arabic);
    let name = match in_digits.len() < bare.len() {
        true => in_digits,
        false => bare.trim_end_matches(numerals::is_numeral),
    };
    let n = number(&bare[name.len()..])?;
    let mut name = name.trim();
    for word in BETWEEN {
        name = name.strip_suffix(word).unwrap_or(name).trim_end();
    }
    (!name.is_empty()).then(|| Part { name: name.to_owned(), n })
}

/// Largest number of staff that one body may have: the largest ministries have some thousands; more is a slip.
const MOST: u32 = 999_999;

/// A number of people in digits or in words.
fn number(text: &str) -> Option<u32> {
    let plain: String = text.chars().map(half).collect();
    match plain.bytes().all(|b| b.is_ascii_digit()) {
        true => plain.parse().ok().filter(|n| *n <= MOST),
        false => numerals::parse(text),
    }
}

fn half(c: char) -> char {
    match c {
        '０'..='９' => char::from_u32(c as u32 - 0xFEE0).unwrap_or(c),
        c => c,
    }
}

impl Item for Headcount {
    fn written(&self) -> String {
        let part = |part: &Part| format!("{}{}名", part.name, part.n);
        let whole = format!("{}{}名", self.name, self.n);
        match self.of_which.is_empty() {
            true => whole,
            false => format!("{whole}（含{}）", self.of_which.iter().map(part).collect::<Vec<_>>().join("、")),
        }
    }

    fn read(line: &str) -> Result<Self, String> {
        let shape = || "应写作“行政编制20名”或“行政编制20名（含援派编制2名、工勤编制1名）”".to_owned();
        let line = line.trim().trim_end_matches(['。', '；', ';', '，', ',', '、']);
        let open = ["名（", "名(", "人（", "人("].iter().filter_map(|open| line.find(open)).min();
        let Some(open) = open.map(|at| at + '名'.len_utf8()) else {
            let part = counted(line).ok_or_else(shape)?;
            return Ok(Self::new(part.name, part.n));
        };
        let (head, inner) = line.split_at(open);
        let inner = inner.trim_start_matches(['（', '(']);
        let inner = inner.strip_suffix(['）', ')']).ok_or_else(shape)?;
        let whole = counted(head).ok_or_else(shape)?;
        let leads = ["其中含", "其中：", "其中:", "其中", "包括", "包含", "含"];
        let inner = leads.iter().find_map(|lead| inner.strip_prefix(lead)).unwrap_or(inner);
        let parts = inner.split(['、', '，', ',', '；', ';']).map(|part| counted(part).ok_or_else(shape));
        Ok(Self { name: whole.name, n: whole.n, of_which: parts.collect::<Result<_, _>>()? })
    }
}
