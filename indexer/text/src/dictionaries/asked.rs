//! Words by which people ask for something, besides its name: what is done at an office or an entrance, parts of schools,
//! and words for the same.

use std::cmp::Reverse;

use super::{DictionaryError, Row, Table, terms};

pub(super) const ERRANDS: Table = Table { name: "errands.tsv", columns: &["词语", "用法"], key_columns: 2 };
pub(super) const SCHOOL_PARTS: Table =
    Table { name: "school_parts.tsv", columns: &["词语", "用法"], key_columns: 1 };
pub(super) const SAME_WORDS: Table = Table { name: "same_words.txt", columns: &["同义词组"], key_columns: 1 };

/// Words by which people ask, in lists that have the longest first.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AskedWords {
    /// What people do at an entrance, at an end of a query: 申报, 查询.
    pub at_entrances: Vec<String>,
    /// What people do at an office, behind its name: 招生, 挂号.
    pub at_offices: Vec<String>,
    /// What says when an errand is run and nothing else, before it: 今年.
    pub before_errands: Vec<String>,
    /// Parts of schools elsewhere, behind the place: 校区.
    pub campuses: Vec<String>,
    /// Other parts of schools: 图书馆.
    pub school_parts: Vec<String>,
    /// Groups of words for the same: 驾照 and 驾驶证.
    pub same: Vec<Vec<String>>,
}

impl AskedWords {
    /// Reads the three tables.
    pub(super) fn read(errands: &str, school_parts: &str, same: &str) -> Result<Self, DictionaryError> {
        let mut words = Self { same: SAME_WORDS.entries(same, same_words)?, ..Self::default() };
        for (word, usage) in ERRANDS.entries(errands, errand)? {
            match usage {
                Usage::Entrance => words.at_entrances.push(word),
                Usage::Office => words.at_offices.push(word),
                Usage::Before => words.before_errands.push(word),
            }
        }
        for (word, is_campus) in SCHOOL_PARTS.entries(school_parts, school_part)? {
            let list = if is_campus { &mut words.campuses } else { &mut words.school_parts };
            list.push(word);
        }
        let lists = [
            &mut words.at_entrances,
            &mut words.at_offices,
            &mut words.before_errands,
            &mut words.campuses,
            &mut words.school_parts,
        ];
        for list in lists {
            list.sort_by_key(|word| Reverse(word.chars().count()));
        }
        Ok(words)
    }
}

#[derive(Clone, Copy)]
enum Usage {
    Entrance,
    Office,
    Before,
}

fn errand(row: &Row<'_>) -> Result<(String, Usage), DictionaryError> {
    let usage = match row.cell(1) {
        "入口" => Usage::Entrance,
        "机构" => Usage::Office,
        "之前" => Usage::Before,
        _ => return Err(row.refuse(1, " 入口、机构 或 之前")),
    };
    Ok((row.cell(0).to_owned(), usage))
}

fn school_part(row: &Row<'_>) -> Result<(String, bool), DictionaryError> {
    let is_campus = match row.cell(1) {
        "校区" => true,
        "单位" => false,
        _ => return Err(row.refuse(1, " 单位 或 校区")),
    };
    Ok((row.cell(0).to_owned(), is_campus))
}

fn same_words(row: &Row<'_>) -> Result<Vec<String>, DictionaryError> {
    let words = terms(row, 0)?;
    if words.len() < 2 {
        return Err(row.refuse(0, "以半角分号分隔的两个以上的词"));
    }
    Ok(words)
}
