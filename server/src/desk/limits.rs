//! How long things may take: one table, each row with the rule that gives it. Where no rule is known the source is empty, and
//! the office that runs the service sets what it holds to be right.

use std::collections::BTreeMap;

use indexer::record::{Clock, Date, TimeUnit};

use super::table::{Table, TableError};

const COLUMNS: &[&str] = &["key", "label", "length", "unit", "remind_before", "source", "note"];
/// Longest limit of a unit: ten years. Counting costs a step a day.
const MAX_DAYS: u32 = 3_650;
const MAX_MONTHS: u32 = 120;
/// Reminders of one limit.
const MAX_REMINDERS: usize = 10;

/// The limits that the program knows; each has its row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum LimitKey {
    /// Reviewing what an office hands in.
    SubmissionReview,
    /// Answering what a reader suggests.
    CorrectionAnswer,
    /// Looking after records that rest on one that has changed.
    ChangeFollowup,
    /// How long nobody need have said that a record is right.
    ConfirmationCycle,
    /// Saying so when asked.
    Confirmation,
    /// The first review of an application for a name, and the second.
    NameFirstReview,
    NameSecondReview,
    /// Adding what an application for a name lacks.
    NameSupplement,
    /// How long one that was not taken on may not be made again.
    NameBar,
    /// Publishing a list once it is approved or changed (P13).
    ListPublication,
}

impl LimitKey {
    const ALL: [LimitKey; 10] = [
        Self::SubmissionReview,
        Self::CorrectionAnswer,
        Self::ChangeFollowup,
        Self::ConfirmationCycle,
        Self::Confirmation,
        Self::NameFirstReview,
        Self::NameSecondReview,
        Self::NameSupplement,
        Self::NameBar,
        Self::ListPublication,
    ];

    pub fn name(self) -> &'static str {
        match self {
            Self::SubmissionReview => "submission_review",
            Self::CorrectionAnswer => "correction_answer",
            Self::ChangeFollowup => "change_followup",
            Self::ConfirmationCycle => "confirmation_cycle",
            Self::Confirmation => "confirmation",
            Self::NameFirstReview => "name_first_review",
            Self::NameSecondReview => "name_second_review",
            Self::NameSupplement => "name_supplement",
            Self::NameBar => "name_bar",
            Self::ListPublication => "list_publication",
        }
    }
}

/// A row of the table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limit {
    pub key: LimitKey,
    pub label: String,
    pub length: u32,
    pub unit: TimeUnit,
    /// How many days before its last day it is to be brought to mind.
    pub remind_before: Vec<u32>,
    /// The rule that gives it; empty where none is known.
    pub source: String,
    pub note: String,
}

impl Limit {
    /// A clock that begins on a day.
    pub fn start(&self, day: Date) -> Clock {
        Clock {
            limit: self.key.name().to_owned(),
            started: day,
            length: self.length,
            unit: self.unit,
            pauses: Vec::new(),
        }
    }

    /// For people: how long, and by what.
    pub fn words(&self) -> String {
        let by = if self.source.is_empty() { "没有查到规定，由平台设定" } else { &self.source };
        format!("{} {}（{by}）", self.length, self.unit.label())
    }
}

/// The table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits(BTreeMap<LimitKey, Limit>);

impl Limits {
    pub(super) fn read(table: &Table) -> Result<Self, TableError> {
        let mut all = BTreeMap::new();
        table.each(COLUMNS, &mut |row| {
            let name = row.get("key");
            let key = LimitKey::ALL.into_iter().find(|key| key.name() == name);
            let key = key.ok_or_else(|| format!("不认识的期限“{name}”"))?;
            let unit = TimeUnit::ALL.into_iter().find(|unit| unit.label() == row.get("unit"));
            let unit = unit.ok_or_else(|| format!("unit 应为 {}", TimeUnit::ALL.map(TimeUnit::label).join("、")))?;
            let most = if unit == TimeUnit::Months { MAX_MONTHS } else { MAX_DAYS };
            let length = row.get("length").parse().ok().filter(|n| (1..=most).contains(n));
            let days = row.get("remind_before").split(';').map(str::trim).filter(|n| !n.is_empty());
            let days = days.map(|n| n.parse().ok().filter(|n| *n <= MAX_DAYS)).collect::<Option<Vec<u32>>>();
            let remind_before = days
                .filter(|days| days.len() <= MAX_REMINDERS)
                .ok_or_else(|| format!("remind_before 应为至多 {MAX_REMINDERS} 个天数，用分号隔开"))?;
            let limit = Limit {
                key,
                label: row.some("label")?.to_owned(),
                length: length.ok_or_else(|| format!("length 应为 1 到 {most} 的整数"))?,
                unit,
                remind_before,
                source: row.get("source").to_owned(),
                note: row.get("note").to_owned(),
            };
            if all.insert(key, limit).is_some() {
                return Err(format!("“{name}”重复"));
            }
            Ok(())
        })?;
        match LimitKey::ALL.into_iter().find(|key| !all.contains_key(key)) {
            Some(key) => Err(TableError::Missing { file: table.file.clone(), what: key.name().to_owned() }),
            None => Ok(Self(all)),
        }
    }

    /// The limit of a key.
    pub fn get(&self, key: LimitKey) -> &Limit {
        // Held by `read`.
        &self.0[&key]
    }

    /// The limit that a clock was taken from; `None` where the table has it no more.
    pub fn of(&self, clock: &Clock) -> Option<&Limit> {
        self.0.values().find(|limit| limit.key.name() == clock.limit)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(rows: &str) -> Result<Limits, TableError> {
        let text = format!("{}\n{rows}", COLUMNS.join(","));
        Limits::read(&Table { file: "time_limits.csv".into(), text })
    }

    #[test]
    fn a_wrong_row_is_told_by_its_line() {
        for (rows, part) in [
            ("submission_review,审核,10,天,,,\n", "第 2 行：unit 应为 工作日、自然日、个月"),
            ("submission_review,审核,0,工作日,,,\n", "length 应为 1 到 3650"),
            ("submission_review,审核,121,个月,,,\n", "length 应为 1 到 120"),
            ("submission_review,审核,99999999999,工作日,,,\n", "length"),
            ("submission_review,审核,10,工作日,x,,\n", "remind_before"),
            ("submission_review,,10,工作日,,,\n", "label 不能为空"),
            ("fly,审核,10,工作日,,,\n", "不认识的期限“fly”"),
            ("submission_review,审核,10,工作日\n", "有 4 栏，应有 7 栏"),
            (
                "submission_review,审核,10,工作日,,,\nsubmission_review,审核,10,工作日,,,\n",
                "第 3 行：“submission_review”重复",
            ),
            ("submission_review,审核,10,工作日,3;0,,\n", "缺少 correction_answer"),
        ] {
            let told = read(rows).unwrap_err().to_string();
            assert!(told.contains(part), "{rows}: {told}");
        }
        let table = Table { file: "a.csv".into(), text: "key\n".into() };
        assert!(Limits::read(&table).unwrap_err().to_string().contains("表头应为"));
        let table = Table { file: "a.csv".into(), text: String::new() };
        assert!(Limits::read(&table).unwrap_err().to_string().contains("表头应为"));
    }
}
