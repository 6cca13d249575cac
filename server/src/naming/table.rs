//! Applications by the table: each row becomes a draft of the office's own, and is handed in where that was asked for.

use super::{Form, NamingError, draft};
use crate::{
    access::Actor,
    exchange::{REASON, unguarded},
    store::RecordStore,
};
use indexer::record::name_application::{Ground, Matter};

/// Rows of a table: each is one or two durable writes.
const MAX_ROWS: usize = 200;
/// Header of the table.
pub const COLUMNS: [&str; 8] =
    ["名称", "申请单位编号", "申请事项", "名称依据", "网站用途", "同意文号", "联系邮箱", "备选名称"];

/// What came of a row: its name, and the id of its draft or why there is none.
pub type RowOutcome = (String, Result<String, String>);

/// Writes a draft for each row; each stands for itself. `agreed`: that whoever hands the table in accepts the agreement for all.
pub fn drafts(store: &RecordStore, who: &Actor, table: &str, agreed: bool) -> Result<Vec<RowOutcome>, NamingError> {
    let wrong = |what: String| NamingError::Table(what);
    let mut reader =
        csv::ReaderBuilder::new().flexible(true).from_reader(table.trim_start_matches('\u{FEFF}').as_bytes());
    let header = reader.headers().map_err(|error| wrong(error.to_string()))?.clone();
    // Rows that were refused come with a last column of reasons.
    let mut names: Vec<&str> = header.iter().map(str::trim).collect();
    names.pop_if(|last| *last == REASON);
    if names != COLUMNS {
        return Err(wrong(format!("表头应为 {}", COLUMNS.join(","))));
    }
    let rows = reader.records().collect::<Result<Vec<_>, _>>().map_err(|error| wrong(format!("不是 CSV：{error}")))?;
    if rows.is_empty() || rows.len() > MAX_ROWS {
        return Err(wrong(format!("有 {} 行，应为 1 到 {MAX_ROWS} 行", rows.len())));
    }
    let mut outcome = Vec::new();
    for row in rows {
        let cell = |at: usize| unguarded(row.get(at).unwrap_or_default().trim());
        let name: String = cell(0).chars().filter(|c| !c.is_control()).take(80).collect();
        let done = form(&cell, agreed).and_then(|form| draft(store, who, &form));
        match done {
            Ok(record) => outcome.push((name, Ok(record.id))),
            Err(NamingError::Store(error)) => return Err(error.into()),
            Err(error) => outcome.push((name, Err(error.to_string()))),
        }
    }
    Ok(outcome)
}

fn form<'a>(cell: &impl Fn(usize) -> &'a str, agreed: bool) -> Result<Form<'a>, NamingError> {
    let matter = Matter::ALL.into_iter().find(|matter| matter.label() == cell(2));
    let ground = Ground::ALL.into_iter().find(|ground| ground.label() == cell(3));
    let one_of = |what: &str, all: Vec<&str>| NamingError::Rule(format!("{what}应为以下之一：{}", all.join("、")));
    let matters = [Matter::Register, Matter::Renew, Matter::Change, Matter::Cancel];
    Ok(Form {
        matter: matter
            .filter(|matter| matters.contains(matter))
            .ok_or_else(|| one_of("申请事项", matters.map(Matter::label).to_vec()))?,
        name: cell(0),
        institution: cell(1),
        ground: ground.ok_or_else(|| one_of("名称依据", Ground::ALL.map(Ground::label).to_vec()))?,
        purpose: cell(4),
        consent: cell(5),
        contact: cell(6),
        agreed,
        alternatives: cell(7).split([';', '；']).collect(),
        parallel: Vec::new(),
        main_name: "",
        administrative: None,
        freeze: None,
        successor: None,
    })
}
