//! What whoever applies for something asks first, in everyday words and before all that a list has of its item: what to
//! bring, where, how long, what it costs, by which law. What the list does not say is named.

use std::collections::HashMap;

use indexer::{
    record::{Record, Values},
    text::quoted_titles,
};

/// Each question with the columns that answer it.
const QUESTIONS: [(&str, &[&str]); 10] = [
    ("得到什么", &["result_name"]),
    ("谁可以办", &["targets", "conditions"]),
    ("带什么", &["documents"]),
    ("到哪里", &["places", "window", "apply_address"]),
    ("什么时候", &["hours"]),
    ("去几次", &["visits"]),
    ("多久办好", &["promised_limit", "statutory_limit"]),
    ("多少钱", &["fee"]),
    ("网上办", &["online", "link"]),
    ("问谁", &["phones"]),
];
/// Those of which one at least has to be answered, so that there is a guide.
const TELLING: [&str; 4] = ["谁可以办", "带什么", "到哪里", "多久办好"];
/// Those that a guide lacks where nothing answers them.
const NEEDED: [&str; 5] = ["带什么", "到哪里", "多久办好", "多少钱", "问谁"];
/// Titles of regulations named; all that is cited stands below with what became of it.
const MAX_TITLES: usize = 4;

/// Questions with their answers; none for what nobody applies for.
#[derive(Default)]
pub struct Guide {
    pub lines: Vec<(&'static str, String)>,
    /// Questions that the list leaves open, and the institution to ask.
    pub missing: String,
}

pub fn of(record: &Record) -> Guide {
    if !record.body.entry().is_some_and(|entry| entry.applied_for) {
        return Guide::default();
    }
    let facts: HashMap<&str, Values> = record.body.facts().map(|(column, values)| (column.name, values)).collect();
    let answers = |columns: &[&str]| -> Vec<String> {
        let said = columns.iter().filter_map(|column| facts.get(*column).map(|values| (*column, values)));
        said.flat_map(|(column, values)| values.iter().map(move |value| in_words(column, value))).collect()
    };
    let mut lines: Vec<(&'static str, String)> = QUESTIONS
        .into_iter()
        .map(|(question, columns)| (question, answers(columns).join("\n")))
        .filter(|(_, answer)| !answer.is_empty())
        .collect();
    if !lines.iter().any(|(question, _)| TELLING.contains(question)) {
        return Guide::default();
    }
    let is_open = |question: &&str| !lines.iter().any(|(answered, _)| answered == question);
    let missing: Vec<&str> = NEEDED.into_iter().filter(is_open).collect();
    let mut titles: Vec<&str> = Vec::new();
    for title in facts.get("basis").into_iter().flatten().flat_map(|text| quoted_titles(text)) {
        if titles.len() < MAX_TITLES && !titles.contains(&title) {
            titles.push(title);
        }
    }
    if !titles.is_empty() {
        lines.push(("依据什么", titles.iter().map(|title| format!("《{title}》")).collect::<Vec<_>>().join("、")));
    }
    Guide { missing: missing.join("、"), lines }
}

/// A value as an answer: lists have numbers alone, and both limits.
fn in_words(column: &str, value: &str) -> String {
    match column {
        "visits" => format!("{value} 次"),
        "promised_limit" => format!("承诺 {value}"),
        "statutory_limit" => format!("法定 {value}"),
        _ => value.to_owned(),
    }
}
