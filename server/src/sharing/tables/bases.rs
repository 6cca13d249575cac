//! The legal bases of a table's rows against the library. They are reported beside its faults and refuse no row: lists
//! are handed in as they were published, and what they rest on is for their offices to mend.

use std::collections::BTreeMap;

use indexer::index::{Generation, basis::Outcome};

use super::{Faults, Prepared};
use crate::{clock::today, reading::bases::Bases, store::RecordStore};

/// What became of the places of regulations that a table names.
#[derive(Debug, Default)]
pub struct CheckedBases {
    pub outcomes: BTreeMap<Outcome, usize>,
    /// Those that somebody has to look at, and rows whose regulations may not set what they set.
    pub faults: Faults,
}

/// Looks up the bases of all rows that would be written.
pub fn check_bases(generation: &Generation, store: &RecordStore, prepared: &[Prepared]) -> CheckedBases {
    let bases = Bases::new(generation, store);
    let mut all = CheckedBases::default();
    for row in prepared {
        let checked = bases.of(&row.record.body);
        for (column, finding) in checked.iter().flat_map(|of| of.findings.iter().map(|f| (of.column, f))) {
            *all.outcomes.entry(finding.outcome).or_default() += 1;
            if finding.outcome.needs_care() {
                let place = format!("《{}》{}", finding.title, finding.place);
                let told = format!("{}。{}", finding.outcome.label(), finding.reason);
                all.faults.add(row.fault(column.label, &place, told));
            }
        }
        if let (Some(says), Some(first)) = (bases.level_fault(&row.record.body, &checked, today()), checked.first()) {
            all.faults.add(row.fault(first.column.label, "", says));
        }
        let code = row.record.body.info().columns.iter().find(|column| column.name == "code");
        if let (Some(says), Some(code)) = (bases.institution_fault(&row.record.body), code) {
            all.faults.add(row.fault(code.label, "", says));
        }
    }
    all
}
