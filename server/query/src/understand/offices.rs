//! How the names of offices end.

/// Ends of names that offices have.
const OFFICES: [&str; 22] = [
    "局",
    "厅",
    "委",
    "办",
    "院",
    "部",
    "中心",
    "常委会",
    "政协",
    "支队",
    "管委会",
    "海关",
    "大学",
    "学校",
    "中学",
    "小学",
    "图书馆",
    "博物馆",
    "档案馆",
    "文化馆",
    "美术馆",
    "科技馆",
];

/// Whether a text ends as the names of offices do.
pub fn ends_as_office(text: &str) -> bool {
    OFFICES.iter().any(|end| text.ends_with(end)) || is_numbered_school(text)
}

/// What schools are called by their number, behind a region: 四中.
const NUMBERED: [char; 3] = ['中', '小', '幼'];
/// Digits of such a number: 一百零一中.
const MAX_NUMERALS: usize = 5;

/// Whether a text is a school by its number: 四中 of 北京四中.
fn is_numbered_school(text: &str) -> bool {
    let number = text.strip_suffix(NUMBERED).unwrap_or_default();
    let number = number.strip_prefix('第').unwrap_or(number);
    let is_numeral = |c: char| c.is_ascii_digit() || "零〇一二三四五六七八九十百".contains(c);
    (1..=MAX_NUMERALS).contains(&number.chars().count()) && number.chars().all(is_numeral)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_school_is_an_office_by_its_number() {
        for text in ["教育局", "四中", "101中", "第三小", "一百零一中", "第一中学"] {
            assert!(ends_as_office(text), "{text}");
        }
        for text in ["中", "其中", "集中", "大小", "四川", "一二三四五六中", "养犬"] {
            assert!(!ends_as_office(text), "{text}");
        }
    }
}
