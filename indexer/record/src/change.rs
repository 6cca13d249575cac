//! What became of a record.

use super::{Audience, Record};

/// A record that changed: as the generation shows it and as it is now. What is not published counts as absent.
#[derive(Debug, Clone)]
pub struct Change {
    pub before: Option<Record>,
    pub after: Option<Record>,
}

impl Change {
    /// Leaves out what an audience does not see; `None` where nothing is left.
    pub fn seen(audience: Audience, before: Option<Record>, after: Option<Record>) -> Option<Self> {
        let shown = |record: Option<Record>| record.filter(|r| r.is_shown_to(audience));
        let change = Self { before: shown(before), after: shown(after) };
        (change.before.is_some() || change.after.is_some()).then_some(change)
    }

    /// What there is of both.
    pub fn either(&self) -> impl Iterator<Item = &Record> {
        self.before.iter().chain(&self.after)
    }
}
