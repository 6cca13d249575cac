//! `contacts.csv`: how institutions are reached, one fact a row, each with the list that it is from.

use std::collections::HashMap;

use super::{Reader, required, table::each_row};
use crate::{ReadError, Report};
use record::{Institution, Provenance, Stated};

const FILE: &str = "contacts.csv";
const COLUMNS: &[&str] = &["institution_id", "field", "value", "source"];

impl Reader<'_> {
    /// Puts what is known of ways to reach the institutions into them. A corpus without the table knows none.
    pub(super) fn attach_contacts(
        &self,
        all: &mut [(String, Institution, Vec<Provenance>)],
        report: &mut Report,
    ) -> Result<(), ReadError> {
        if !self.dir.join(FILE).exists() {
            return Ok(());
        }
        let at: HashMap<String, usize> = all.iter().enumerate().map(|(at, (id, ..))| (id.clone(), at)).collect();
        each_row(self.dir, FILE, COLUMNS, &["institution_id", "field"], report, &mut |row| {
            let id = required(&row, "institution_id")?;
            let at = *at.get(&id).ok_or_else(|| format!("institution_id {id} 不在 institutions.csv 中"))?;
            let source = self.known(&required(&row, "source")?)?;
            self.not_bound_alone(std::slice::from_ref(&source.id))?;
            let from = self.provenance(&source.id, row.location());
            let stated = Stated { source: source.id.clone(), day: from.date };
            let (_, institution, provenance) = &mut all[at];
            institution.state(row.get("field"), &required(&row, "value")?, stated)?;
            if provenance.iter().all(|known| known.source != from.source) {
                provenance.push(from);
            }
            Ok(())
        })
    }
}
