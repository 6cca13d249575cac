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
    OFFICES.iter().any(|end| text.ends_with(end))
}
