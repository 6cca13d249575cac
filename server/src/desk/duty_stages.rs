//! The stages of each kind of power, with the duty that an institution has there: one table, each row with the rule
//! that gives it. It is what lists of duties are drafted by, and what the required stages of a power are held against.

use indexer::record::lists::PowerSort;

use super::table::{Table, TableError};

const COLUMNS: &[&str] = &["sort", "stage", "required", "duty", "source"];

/// A row of the table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DutyStage {
    pub sort: PowerSort,
    pub stage: String,
    /// Whether a power lacks something without it.
    pub required: bool,
    /// A draft of the duty.
    pub duty: String,
    /// The rule that gives it; empty where none is known.
    pub source: String,
}

/// The table, in its order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DutyStages(Vec<DutyStage>);

impl DutyStages {
    pub(super) fn read(table: &Table) -> Result<Self, TableError> {
        let mut all: Vec<DutyStage> = Vec::new();
        table.each(COLUMNS, &mut |row| {
            let sort = PowerSort::read(row.some("sort")?).ok_or_else(PowerSort::wrong)?;
            let stage = row.some("stage")?.to_owned();
            if all.iter().any(|known| known.sort == sort && known.stage == stage) {
                return Err(format!("{}的“{stage}”重复", sort.label()));
            }
            let required = match row.get("required") {
                "yes" => true,
                "no" => false,
                other => return Err(format!("required 应为 yes 或 no，不能是“{other}”")),
            };
            all.push(DutyStage {
                sort,
                stage,
                required,
                duty: row.some("duty")?.to_owned(),
                source: row.get("source").to_owned(),
            });
            Ok(())
        })?;
        Ok(Self(all))
    }

    /// The stages of a kind of power, in their order.
    pub fn of(&self, sort: PowerSort) -> impl Iterator<Item = &DutyStage> {
        self.0.iter().filter(move |stage| stage.sort == sort)
    }

    /// Those without which a power of the kind lacks something.
    pub fn required(&self, sort: PowerSort) -> Vec<&str> {
        self.of(sort).filter(|stage| stage.required).map(|stage| stage.stage.as_str()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<DutyStages, TableError> {
        DutyStages::read(&Table { file: "a.csv".into(), text: text.into() })
    }

    #[test]
    fn the_shipped_table_has_every_kind_of_power_and_a_rule_for_what_it_requires() {
        let stages = read(super::super::DUTY_STAGES).unwrap();
        for sort in PowerSort::ALL.iter().filter(|sort| **sort != PowerSort::Service) {
            assert!(stages.of(*sort).count() >= 2, "{}", sort.label());
        }
        assert_eq!(stages.required(PowerSort::Licence), ["受理", "审查", "决定", "送达"]);
        assert!(stages.0.iter().filter(|stage| stage.required).all(|stage| !stage.source.is_empty()));
    }

    #[test]
    fn what_does_not_fit_is_told_by_line() {
        let head = "sort,stage,required,duty,source\n";
        for (row, told) in [
            ("许证,受理,yes,甲,", "行政许可"),
            ("行政许可,,yes,甲,", "stage 不能为空"),
            ("行政许可,受理,是,甲,", "yes 或 no"),
            ("行政许可,受理,yes,甲,\n行政许可,受理,no,乙,", "重复"),
        ] {
            let error = read(&format!("{head}{row}\n")).unwrap_err().to_string();
            assert!(error.contains(told), "{error}");
        }
    }
}
