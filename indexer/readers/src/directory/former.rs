//! Former divisions from the table: those that the data package leaves out or leads to one successor of several.

use std::collections::HashMap;

use super::{FORMER_DIVISIONS, Reader, code, required};
use crate::{ReadError, Report, directory::table::each_row};
use record::{Division, DivisionCode, FormerDivision, Succession};

impl Reader<'_> {
    /// The rows of `former_divisions.csv`, by the division that each leads to.
    pub(super) fn former_divisions(
        &self,
        divisions: &HashMap<&DivisionCode, &Division>,
        report: &mut Report,
    ) -> Result<HashMap<DivisionCode, Vec<FormerDivision>>, ReadError> {
        let mut all: HashMap<DivisionCode, Vec<FormerDivision>> = HashMap::new();
        each_row(self.dir, "former_divisions.csv", FORMER_DIVISIONS, &["name", "code"], report, &mut |row| {
            let name = required(&row, "name")?;
            let old = code(&row, "code")?;
            let successors: Vec<DivisionCode> = row
                .list("successors")
                .iter()
                .map(|text| text.parse().map_err(|e| format!("successors：{e}")))
                .collect::<Result<_, String>>()?;
            if successors.is_empty() {
                return Err("successors 不能为空".into());
            }
            if let Some(missing) = successors.iter().find(|code| !divisions.contains_key(code)) {
                return Err(format!("successors 中的 {missing} 不在 divisions.csv 中"));
            }
            let year = row.get("year");
            let until = year.parse().map_err(|_| format!("year 应为年份，而不是“{year}”"))?;
            let source = self.known(row.get("source"))?.id.clone();
            let succession = if successors.len() == 1 { Succession::Whole } else { Succession::Part };
            let former = FormerDivision {
                within: above(divisions, &old, &name),
                code: Some(old),
                until: Some(until),
                change: required(&row, "change")?,
                document: row.optional("document").map(str::to_owned),
                succession,
                source,
                name,
            };
            for successor in successors {
                all.entry(successor).or_default().push(former.clone());
            }
            Ok(())
        })?;
        Ok(all)
    }
}

/// The names above a code, told from its digits.
fn above(divisions: &HashMap<&DivisionCode, &Division>, code: &DivisionCode, name: &str) -> Vec<String> {
    let digits = |n: usize| code.as_str().get(..n).and_then(|digits| format!("{digits:0<6}").parse().ok());
    let named = |code: DivisionCode| divisions.get(&code).map(|d| d.name.clone());
    [2, 4]
        .into_iter()
        .filter_map(digits)
        .filter(|above| above != code)
        .filter_map(named)
        .filter(|n| n != name)
        .collect()
}
