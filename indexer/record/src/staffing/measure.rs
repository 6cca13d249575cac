//! Measures of a reform 机构改革措施, each written in a line: 合并：甲局、乙局→丙局, 调整内设：甲局（人事科）→乙局.

use super::{Change, Item, of_institution::NAME};

/// Institutions named on one side of a measure, and units or duties that move by it: as many as an event names.
const MAX_NAMED: usize = 20;
/// Characters of a duty or unit that moves.
const LONGEST_MATTER: usize = 200;

/// One thing that a reform does to institutions.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Measure {
    pub change: Change,
    /// Institutions before it, by full name.
    #[serde(default)]
    pub from: Vec<String>,
    /// Units or duties that move, where it moves some.
    #[serde(default)]
    pub matters: Vec<String>,
    /// Institutions after it, or those that take over; of an institution that is moved the one above it.
    #[serde(default)]
    pub to: Vec<String>,
}

impl Measure {
    /// What measures do. Numbers of staff and posts are changed by notices of their own.
    pub const CHANGES: [Change; 8] = [
        Change::SetUp,
        Change::Renamed,
        Change::Merged,
        Change::Divided,
        Change::Abolished,
        Change::Moved,
        Change::Units,
        Change::Duties,
    ];

    /// Whether units or duties move by it from one institution to another.
    pub fn moves_matters(&self) -> bool {
        moves_matters(self.change)
    }

    /// Institutions that are no longer there afterwards, or not by this name.
    pub fn ended(&self) -> impl Iterator<Item = &String> {
        let ends = matches!(self.change, Change::Renamed | Change::Merged | Change::Divided | Change::Abolished);
        self.from.iter().filter(move |name| ends && !self.to.contains(name))
    }

    /// Every institution that it names, each once.
    pub fn institutions(&self) -> Vec<&String> {
        let mut all: Vec<&String> = Vec::new();
        for name in self.from.iter().chain(&self.to) {
            if !all.contains(&name) {
                all.push(name);
            }
        }
        all
    }

    pub(super) fn check(self) -> Result<Self, String> {
        let (from, to) = (self.from.len(), self.to.len());
        let (fits, shape) = match self.change {
            Change::SetUp => (from == 0 && to >= 1, "设立：甲局"),
            Change::Renamed => (from == 1 && to == 1, "更名：甲局→乙局"),
            Change::Merged => (from >= 1 && to == 1 && self.from != self.to, "合并：甲局、乙局→丙局"),
            Change::Divided => (from == 1 && to >= 2, "分设：甲局→乙局、丙局"),
            Change::Abolished => (from >= 1, "撤销：甲局→乙局（箭头后面是承接职责的机构）"),
            Change::Moved => (from == 1 && to == 1, "划转隶属：甲局→乙市人民政府（箭头后面是新的上级）"),
            Change::Units => {
                (from == 1 && to == 1 && !self.matters.is_empty(), "调整内设：甲局（人事科、培训科）→乙局")
            }
            _ => {
                (from == 1 && to >= 1 && !self.matters.is_empty(), "调整职责：甲局（校外培训管理；学校食堂管理）→乙局")
            }
        };
        if !fits {
            return Err(format!("应写作“{shape}”"));
        }
        if from > MAX_NAMED || to > MAX_NAMED || self.matters.len() > MAX_NAMED {
            return Err(format!("一项措施最多写 {MAX_NAMED} 个机构，更多的分开写"));
        }
        let long = |texts: &[String], most| texts.iter().any(|text| text.chars().count() > most);
        if long(&self.from, NAME) || long(&self.to, NAME) || long(&self.matters, LONGEST_MATTER) {
            return Err(format!("机构名称最多 {NAME} 个字，一项职责最多 {LONGEST_MATTER} 个字"));
        }
        Ok(self)
    }
}

fn moves_matters(change: Change) -> bool {
    matches!(change, Change::Units | Change::Duties)
}

/// The names of a list.
fn names(text: &str, between: &[char]) -> Vec<String> {
    let mut all: Vec<String> = Vec::new();
    for name in text.split(between).map(|name| name.trim().trim_end_matches('。').trim()) {
        if !name.is_empty() && !all.iter().any(|known| known == name) {
            all.push(name.to_owned());
        }
    }
    all
}

impl Item for Measure {
    fn written(&self) -> String {
        let between = if self.change == Change::Units { "、" } else { "；" };
        let matters =
            if self.matters.is_empty() { String::new() } else { format!("（{}）", self.matters.join(between)) };
        let (from, to) = (self.from.join("、"), self.to.join("、"));
        let arrow = if from.is_empty() || to.is_empty() { "" } else { "→" };
        format!("{}：{from}{matters}{arrow}{to}", self.change.label())
    }

    fn read(line: &str) -> Result<Self, String> {
        let all = || Self::CHANGES.map(Change::label).join("、");
        let (label, rest) =
            line.split_once(['：', ':']).ok_or_else(|| format!("应以措施的种类开头（{}），后面是冒号", all()))?;
        let label = label.trim();
        let change = Self::CHANGES.into_iter().find(|change| change.label() == label);
        let change = change.ok_or_else(|| format!("“{}”不是措施的种类，应为：{}", super::short(label), all()))?;
        let rest = rest.replace("->", "→").replace(['⇒', '➔', '➡'], "→");
        let (left, right) = match rest.split_once('→') {
            Some((left, right)) => (left.trim(), right.trim()),
            None if change == Change::SetUp => ("", rest.trim()),
            None => (rest.trim(), ""),
        };
        let bracketed = left.find(['（', '(']).filter(|_| moves_matters(change));
        let (institutions, matters) = match bracketed {
            Some(at) => {
                let inner = left[at..].trim_start_matches(['（', '(']);
                let inner = inner.strip_suffix(['）', ')']).ok_or("括号没有写全")?;
                (&left[..at], inner)
            }
            None => (left, ""),
        };
        let between: &[char] = if change == Change::Units { &['、', '，', '；', ';'] } else { &['；', ';'] };
        let listed: &[char] = &['、', '，', ',', '；', ';'];
        Self { change, from: names(institutions, listed), matters: names(matters, between), to: names(right, listed) }
            .check()
    }
}
