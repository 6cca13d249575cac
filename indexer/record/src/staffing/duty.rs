//! Duties: （一）负责…, 【职能转变】（八）…, 【职责分工：乙局、丙局】1.….

use serde::{Deserialize, Serialize};

use super::{Item, mark};

/// What an institution is to do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Duty {
    /// As written: （一）; empty where it has none.
    pub number: String,
    #[serde(default)]
    pub sort: DutySort,
    /// Other institutions that it is divided with, by the names that the document uses.
    #[serde(default, rename = "bodies")]
    pub institutions: Vec<String>,
    pub text: String,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DutySort {
    /// 主要职责
    #[default]
    Main,
    /// 职能转变
    Change,
    /// 职责分工
    Division,
}

impl DutySort {
    pub const ALL: [DutySort; 3] = [Self::Main, Self::Change, Self::Division];

    pub fn label(self) -> &'static str {
        match self {
            Self::Main => "主要职责",
            Self::Change => "职能转变",
            Self::Division => "职责分工",
        }
    }
}

/// Words that end the heading of a clause which divides duties.
const DIVIDES: [&str; 5] = ["职责分工", "工作分工", "职责边界", "职责关系", "工作关系"];
/// Words with which somebody does something.
const ACTS: [&str; 4] = ["负责", "承担", "牵头", "主管"];
/// Words before a division of duties that something is done by.
const BY: [&str; 7] = ["按照", "按", "依照", "依据", "根据", "各自", "明确"];

/// Where a clause names a division of duties: 与甲局的职责分工, and not 会同甲局按照职责分工负责登记, which tells how
/// something is done.
pub fn division_named(clause: &str) -> Option<usize> {
    let (at, word) = DIVIDES.iter().find_map(|word| Some((clause.find(word)?, word)))?;
    let (before, behind) = (&clause[..at], &clause[at + word.len()..]);
    let is_how = BY.iter().any(|by| before.ends_with(by)) || ACTS.iter().any(|act| behind.contains(act));
    (!is_how).then_some(at)
}

impl Duty {
    /// Its place among those of its sort.
    pub fn n(&self) -> Option<u32> {
        mark(&self.number).map(|mark| mark.n)
    }

    /// How it is called: 主要职责（一）.
    pub fn called(&self) -> String {
        format!("{}{}", self.sort.label(), self.number)
    }
}

impl Item for Duty {
    fn written(&self) -> String {
        let sort = match (self.sort, self.institutions.is_empty()) {
            (DutySort::Main, true) => String::new(),
            (sort, true) => format!("【{}】", sort.label()),
            (sort, false) => format!("【{}：{}】", sort.label(), self.institutions.join("、")),
        };
        format!("{sort}{}{}", self.number, self.text)
    }

    fn read(line: &str) -> Result<Self, String> {
        let tagged = line.strip_prefix('【').and_then(|rest| rest.split_once('】')).and_then(|(tag, rest)| {
            let (sort, institutions) = tag.split_once('：').unwrap_or((tag, ""));
            let sort = DutySort::ALL.into_iter().find(|known| known.label() == sort)?;
            Some((sort, institutions, rest.trim_start()))
        });
        let (sort, institutions, rest) = tagged.unwrap_or((DutySort::Main, "", line));
        let len = mark(rest).map_or(0, |mark| mark.len);
        let (number, text) = rest.split_at(len);
        if text.trim().is_empty() {
            return Err("没有内容：应写作“（一）负责……”".to_owned());
        }
        let institutions =
            institutions.split('、').map(str::trim).filter(|body| !body.is_empty()).map(str::to_owned).collect();
        Ok(Self { number: number.trim().to_owned(), sort, institutions, text: text.trim().to_owned() })
    }
}
