//! Administrative divisions 行政区划 (GB/T 2260).

use serde::{Deserialize, Serialize};

use crate::{Audience, Column, DivisionCode, Kind, Shape, kind::Field, State, keys::{Envelope, key, part}};

/// Level of a division.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DivisionLevel {
    Nation,
    Province,
    Prefecture,
    County,
    Township,
}

impl DivisionLevel {
    pub const ALL: [DivisionLevel; 5] = [Self::Nation, Self::Province, Self::Prefecture, Self::County, Self::Township];

    pub fn label(self) -> &'static str {
        match self {
            Self::Nation => "全国",
            Self::Province => "省级",
            Self::Prefecture => "地级",
            Self::County => "县级",
            Self::Township => "乡级",
        }
    }
}

/// An administrative division.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Division {
    pub code: DivisionCode,
    pub name: String,
    pub level: DivisionLevel,
    /// `None` only for the nation.
    pub parent: Option<DivisionCode>,
    /// The name without its level word: 遵义.
    pub short_name: String,
    /// Other names in use: 黔, 羊城.
    #[serde(default)]
    pub aliases: Vec<String>,
    /// Names it had before: 襄樊.
    #[serde(default)]
    pub former_names: Vec<String>,
    /// Divisions that were and are not any more, whose place it took or that lay in it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub former: Vec<FormerDivision>,
}

/// A division that is not there any more, or has another code, as the division tells that people are led to.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FormerDivision {
    /// As it was called: 宣武区.
    pub name: String,
    /// Its code; `None` where no source gives it.
    pub code: Option<DivisionCode>,
    /// Names above it at the time, outermost first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub within: Vec<String>,
    /// The year in which it ended, as the source dates the change; `None` where it does not.
    pub until: Option<i16>,
    /// What happened, in the words of the source: 撤县设区, 更名, 撤销. May be empty.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub change: String,
    /// The document that ordered it: 国函〔2019〕63号.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub document: Option<String>,
    pub succession: Succession,
    /// A data package's name or the id of a row in `corpus/sources.csv`.
    pub source: String,
}

/// What the division that holds a [`FormerDivision`] is to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Succession {
    /// The one successor.
    Whole,
    /// One of several successors.
    Part,
    /// It lay in here; no source tells its successor.
    Unknown,
}

impl FormerDivision {
    /// Whether it was called otherwise than the division now, and not just coded otherwise.
    pub fn had_another_name(&self, now: &str) -> bool {
        self.name != now
    }

    /// What became of it, for readers: 宣武区 2010 年撤销，现属北京市西城区. `now` names the divisions that it belongs to.
    pub fn description(&self, now: &[String]) -> String {
        let when = self.until.map_or_else(String::new, |year| format!(" {year} 年"));
        let document = self.document.as_ref().map_or_else(String::new, |number| format!("（{number}）"));
        let change = match self.change.as_str() {
            "" if self.succession == Succession::Unknown => "现在没有这个区划",
            "" if self.until.is_none() => "是曾用名",
            "" => "撤销",
            "同名改码" => "改用新代码",
            change => change,
        };
        let is_now = match (self.succession, change) {
            (Succession::Unknown, _) => "资料没有记载并入何处；曾属",
            (Succession::Part, _) => "分属",
            (Succession::Whole, "撤销") => "现属",
            (Succession::Whole, _) => "现为",
        };
        format!("{}{when}{change}{document}，{is_now}{}", self.name, now.join("、"))
    }
}

impl Kind for Division {
    const NAME: &'static str = "division";
    const LABEL: &'static str = "行政区划";
    const PATH: &'static str = "divisions";
    const AUDIENCE: Audience = Audience::Public;
    const FIELDS: &'static [Field<Self>] = &[
        Field::shown(Column::made("name", "名称", Shape::Line(60)), |d| vec![d.name.clone()]),
        Field::shown(Column::made("level", "级别", Shape::Line(10)), |d| vec![d.level.label().to_owned()]),
        Field::shown(Column::made("parent", "上级区划", Shape::Division), |d| {
            d.parent.iter().map(ToString::to_string).collect()
        }),
        Field::shown(Column::made("short_name", "简称", Shape::Line(60)), |d| vec![d.short_name.clone()]),
        Field::shown(Column::made("aliases", "别名", Shape::Lines { most: 30, longest: 60 }), |d| d.aliases.clone()),
        Field::shown(Column::made("former_names", "曾用名", Shape::Lines { most: 30, longest: 60 }), |d| {
            d.former_names.clone()
        }),
        Field::shown(Column::made("former", "历史沿革", Shape::Lines { most: 200, longest: 300 }).later(), |d| {
            d.former.iter().map(|former| former.description(std::slice::from_ref(&d.name))).collect()
        }),
    ];

    fn title(&self) -> &str {
        &self.name
    }

    fn division(&self) -> Option<&DivisionCode> {
        Some(&self.code)
    }

    fn keys(&self, of: &Envelope<'_>) -> Vec<String> {
        let mut names = vec![&self.name, &self.short_name];
        names.dedup();
        names.retain(|_| of.state == State::Published);
        names.into_iter().map(|name| key(&["division", &part(name), of.id])).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_became_of_a_division_is_told() {
        let former = |name: &str, until, change: &str, succession| FormerDivision {
            name: name.into(),
            code: None,
            within: Vec::new(),
            until,
            change: change.into(),
            document: None,
            succession,
            source: "a".into(),
        };
        let now = |names: &[&str]| names.iter().map(|n| (*n).to_owned()).collect::<Vec<_>>();
        for (former, names, told) in [
            (former("甲区", Some(2010), "撤销", Succession::Whole), &["乙区"][..], "甲区 2010 年撤销，现属乙区"),
            (former("甲市", Some(2014), "撤市设区", Succession::Whole), &["甲区"], "甲市 2014 年撤市设区，现为甲区"),
            (
                former("甲县", Some(2016), "撤销", Succession::Part),
                &["乙区", "丙区"],
                "甲县 2016 年撤销，分属乙区、丙区",
            ),
            (
                former("甲县", Some(1981), "撤销", Succession::Unknown),
                &["丁省"],
                "甲县 1981 年撤销，资料没有记载并入何处；曾属丁省",
            ),
            (
                former("甲县", None, "", Succession::Unknown),
                &["丁省"],
                "甲县现在没有这个区划，资料没有记载并入何处；曾属丁省",
            ),
            (former("甲平", None, "", Succession::Whole), &["甲京市"], "甲平是曾用名，现为甲京市"),
        ] {
            assert_eq!(former.description(&now(names)), told);
        }
    }

}
