//! Time limits as lists write them: 20个工作日, 15 日.

use std::fmt;

use serde::{Deserialize, Serialize};

use text::numerals;

/// A number of days, months or the like.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Limit {
    pub value: u32,
    pub unit: LimitUnit,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LimitUnit {
    WorkingDay,
    Day,
    Hour,
    Month,
    Year,
}

impl LimitUnit {
    /// The words for it, the usual one first; longer ones before those that they contain.
    const WORDS: [(&'static str, Self); 11] = [
        ("个工作日", Self::WorkingDay),
        ("工作日", Self::WorkingDay),
        ("个自然日", Self::Day),
        ("自然日", Self::Day),
        ("小时", Self::Hour),
        ("个月", Self::Month),
        ("月", Self::Month),
        ("日", Self::Day),
        ("天", Self::Day),
        ("年", Self::Year),
        ("个小时", Self::Hour),
    ];

    pub fn label(self) -> &'static str {
        match self {
            Self::WorkingDay => "个工作日",
            Self::Day => "日",
            Self::Hour => "小时",
            Self::Month => "个月",
            Self::Year => "年",
        }
    }
}

impl Limit {
    /// Reads 20个工作日, 二十日, 即时 (no working day at all).
    pub fn read(text: &str) -> Result<Self, String> {
        let text: String = text.chars().filter(|c| !c.is_whitespace()).collect();
        if matches!(text.as_str(), "即时" | "当场" | "即办" | "当场办结" | "即时办结") {
            return Ok(Self { value: 0, unit: LimitUnit::WorkingDay });
        }
        let bare = text.trim_end_matches("内");
        let read = LimitUnit::WORDS.into_iter().find_map(|(word, unit)| {
            let number = bare.strip_suffix(word)?;
            Some(Self { value: numerals::parse(number)?, unit })
        });
        read.ok_or_else(|| format!("“{text}”不是时限：请写数字和单位，如 20个工作日、15日"))
    }

    /// The limit that ends a step: 受理（1个工作日）, 审查 10个工作日.
    pub fn of_step(step: &str) -> Option<Self> {
        let bare = step.trim().trim_end_matches(['）', ')']);
        let starts = bare.char_indices().filter(|(at, c)| {
            numerals::is_numeral(*c) && !bare[..*at].chars().last().is_some_and(numerals::is_numeral)
        });
        starts.filter_map(|(at, _)| Self::read(&bare[at..]).ok()).next()
    }
}

impl fmt::Display for Limit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.value, self.unit.label())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_are_read_as_they_are_written() {
        for (text, value, unit) in [
            ("20个工作日", 20, LimitUnit::WorkingDay),
            ("二十 工作日内", 20, LimitUnit::WorkingDay),
            ("15日", 15, LimitUnit::Day),
            ("3个月", 3, LimitUnit::Month),
            ("即时", 0, LimitUnit::WorkingDay),
            ("2个小时", 2, LimitUnit::Hour),
        ] {
            assert_eq!(Limit::read(text), Ok(Limit { value, unit }), "{text}");
        }
        for text in ["", "20", "工作日", "很快", "-3日"] {
            assert!(Limit::read(text).is_err(), "{text}");
        }
        let step = |text| Limit::of_step(text).map(|limit| limit.value);
        assert_eq!(
            (step("受理（1个工作日）"), step("审查 10个工作日"), step("第3步审查十日"), step("送达")),
            (Some(1), Some(10), Some(10), None)
        );
    }
}
