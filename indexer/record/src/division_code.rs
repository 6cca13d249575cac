//! Codes of administrative divisions (GB/T 2260).

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

/// A division's code: 6 digits down to the county (GB/T 2260), 9 for a township, 12 for a village.
/// `000000` stands for the nation.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct DivisionCode(String);

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("“{0}”不是区划代码：应为 6 位、9 位或 12 位数字")]
pub struct InvalidDivisionCode(pub String);

/// The nation: a form that does not say where begins with it.
impl Default for DivisionCode {
    fn default() -> Self {
        Self::nation()
    }
}

impl DivisionCode {
    pub fn nation() -> Self {
        Self("000000".into())
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    pub fn is_nation(&self) -> bool {
        self.0 == "000000"
    }

    /// Whether `other` is this division or lies below it, told from the digits alone.
    /// Divisions that hang elsewhere than their digits say are resolved by the tree, not here.
    pub fn covers(&self, other: &DivisionCode) -> bool {
        other.0.starts_with(self.significant())
    }

    /// The lowest division, told from the digits, that covers both.
    pub fn common(&self, other: &DivisionCode) -> DivisionCode {
        let above = |code: &DivisionCode, digits: usize| Self(format!("{:0<6}", &code.0[..digits]));
        let candidates = [self.clone(), other.clone(), above(self, 4), above(self, 2)];
        let covers = |c: &DivisionCode| c.covers(self) && c.covers(other);
        candidates.into_iter().filter(covers).max_by_key(|c| c.significant().len()).unwrap_or_else(Self::nation)
    }

    /// The division above it, told from the digits; the nation's is the nation.
    pub fn above(&self) -> DivisionCode {
        match self.significant() {
            s if s.len() > 9 => Self(s[..9].to_owned()),
            s if s.len() > 6 => Self(s[..6].to_owned()),
            s if s.len() > 4 => Self(format!("{}00", &s[..4])),
            s if s.len() > 2 => Self(format!("{}0000", &s[..2])),
            _ => Self::nation(),
        }
    }

    /// The digits that all codes at and below this one begin with; none for the nation.
    pub fn significant(&self) -> &str {
        match self.0.as_str() {
            "000000" => "",
            c if c.len() > 6 => c,
            c if c.ends_with("0000") => &c[..2],
            c if c.ends_with("00") => &c[..4],
            c => c,
        }
    }
}

impl FromStr for DivisionCode {
    type Err = InvalidDivisionCode;

    fn from_str(s: &str) -> Result<Self, Self::Err> {
        let shape = matches!(s.len(), 6 | 9 | 12) && s.bytes().all(|b| b.is_ascii_digit());
        if shape { Ok(Self(s.to_owned())) } else { Err(InvalidDivisionCode(s.to_owned())) }
    }
}

impl TryFrom<String> for DivisionCode {
    type Error = InvalidDivisionCode;

    fn try_from(s: String) -> Result<Self, Self::Error> {
        s.parse()
    }
}

impl From<DivisionCode> for String {
    fn from(code: DivisionCode) -> String {
        code.0
    }
}

impl fmt::Display for DivisionCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(s: &str) -> DivisionCode {
        s.parse().unwrap()
    }

    #[test]
    fn covers_by_digits() {
        assert!(code("520000").covers(&code("520302")));
        assert!(code("520300").covers(&code("520302")));
        assert!(code("520302").covers(&code("520302001")));
        assert!(!code("520300").covers(&code("520402")));
        assert!(DivisionCode::nation().covers(&code("110101")));
    }

    #[test]
    fn the_lowest_common_division() {
        for (a, b, common) in [
            ("520302", "520302", "520302"),
            ("520302", "520300", "520300"),
            ("520302", "520303", "520300"),
            ("520302", "520402", "520000"),
            ("520302001", "520302", "520302"),
            ("520302", "530000", "000000"),
            ("000000", "520302", "000000"),
        ] {
            assert_eq!(code(a).common(&code(b)), code(common), "{a} {b}");
            assert_eq!(code(b).common(&code(a)), code(common), "{b} {a}");
        }
    }

    #[test]
    fn the_division_above() {
        for (below, above) in [
            ("520302001003", "520302001"),
            ("520302001", "520302"),
            ("520302", "520300"),
            ("520300", "520000"),
            ("520000", "000000"),
            ("000000", "000000"),
        ] {
            assert_eq!(code(below).above(), code(above));
        }
    }

    #[test]
    fn rejects_other_shapes() {
        for bad in ["", "52", "5203000", "52030a", "五二〇三〇〇"] {
            assert!(bad.parse::<DivisionCode>().is_err(), "{bad}");
        }
    }
}
