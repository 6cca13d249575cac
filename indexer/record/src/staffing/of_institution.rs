//! What schemes, events and counts have in common: each is of one institution, which has a division and perhaps a
//! record.

use sha2::{Digest, Sha256};

use crate::{Column, DivisionCode, Entry, Shape};

/// Characters of a name of an institution.
pub const NAME: usize = 80;

pub const TITLE: Column = Column::given("title", "标题", Shape::Line(120)).required();
/// The institution, by full name.
pub const INSTITUTION: Column = Column::given("institution_name", "机构", Shape::Line(NAME)).required();
/// Its record, where there is one.
pub const INSTITUTION_ID: Column =
    Column::given("institution_id", "机构编号", Shape::Line(200)).hint("机构页面地址的最后一段；没有就留空");
pub const DIVISION: Column = Column::given("division", "区划代码", Shape::Division)
    .required()
    .hint("机构所在的地区；中央机构写 000000")
    .example("520300");
pub const DOCUMENT_NUMBER: Column = Column::given("document_number", "文号", Shape::Line(60));
pub const NOTE: Column = Column::given("note", "备注", Shape::Line(500));
/// What does not add up; `name` is the fact's in the record's JSON.
pub const fn findings(name: &'static str) -> Column {
    Column::made(name, "核对发现", Shape::Lines { most: 100, longest: 300 })
}

/// A prefix and 12 hex digits of the sha256 of division, title (or institution) and what tells it from others of that
/// title.
pub fn id(prefix: &str, division: &DivisionCode, title: &str, which: &str) -> Option<String> {
    let hash = Sha256::digest(format!("{division}\0{title}\0{which}"));
    Some(format!("{prefix}-{}", &hex::encode(hash)[..12]))
}

/// What search knows of each of them.
pub fn entry(title: &str, category: &str, body: (&str, &Option<String>), division: &DivisionCode) -> Entry {
    Entry {
        name: title.to_owned(),
        category: category.to_owned(),
        owner_name: body.0.to_owned(),
        owner_id: body.1.clone(),
        division: Some(division.clone()),
        ..Entry::default()
    }
}
