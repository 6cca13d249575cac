//! A question as people ask it, and the article that answers it.

use super::{DictionaryError, MIN_PHRASE_CHARS, Row, Table};

pub(super) const QUESTIONS: Table =
    Table { name: "questions.tsv", columns: &["法规", "条文原文", "问题"], key_columns: 3 };

/// Characters of a question: one that is shorter is a word, one that is longer than a query may be is never asked.
const QUESTION_CHARS: std::ops::RangeInclusive<usize> = 4..=256;

/// Questions in the file: each query is compared with those that share a pair of characters with it, some tenths of a
/// millisecond for so many.
pub(super) const MAX_QUESTIONS: usize = 20_000;

/// A question and the one article of a law that answers it, named by words that stand in that article and in no other of
/// the law, so that a renumbering breaks nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// Title of the law, without 中华人民共和国.
    pub title: String,
    /// Words that stand in the article and in no other of that law.
    pub phrase: String,
    pub text: String,
}

pub(super) fn question(row: &Row<'_>) -> Result<Question, DictionaryError> {
    if row.cell(0).starts_with("中华人民共和国") {
        return Err(row.refuse(0, "开头不带“中华人民共和国”的标题"));
    }
    if row.cell(1).chars().count() < MIN_PHRASE_CHARS {
        return Err(row.refuse(1, "该条独有的一段原文"));
    }
    if !QUESTION_CHARS.contains(&row.cell(2).chars().count()) {
        let (least, most) = (QUESTION_CHARS.start(), QUESTION_CHARS.end());
        return Err(row.refuse(2, format!("{least} 至 {most} 个字的问题")));
    }
    let [title, phrase, text] = [0, 1, 2].map(|column| row.cell(column).to_owned());
    Ok(Question { title, phrase, text })
}

/// Refuses the first question beyond the limit.
pub(super) fn bounded(questions: Vec<Question>) -> Result<Vec<Question>, DictionaryError> {
    if questions.len() > MAX_QUESTIONS {
        return Err(DictionaryError::TooMany { file: QUESTIONS.name, found: questions.len(), most: MAX_QUESTIONS });
    }
    Ok(questions)
}
