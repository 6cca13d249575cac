//! What the systems of the platform share: time limits and the days on which they end, and reasons with their letters.
//!
//! Everything that an office may set by its own rules is data in `corpus/desk`; the same tables are in the program, for a
//! corpus that has none.

mod calendar;
mod limits;
mod reasons;
mod reminders;
mod table;

use std::path::Path;

pub use calendar::{Calendar, Due};
pub use limits::{Limit, LimitKey, Limits};
pub use reasons::{About, Grounds, InvalidGrounds, Reason, ReasonedAct, Reasons, words};
pub use reminders::{next_reminder, reminders_due};
pub use table::TableError;

/// Folder of the tables, below the corpus.
const FOLDER: &str = "desk";
/// The table of limits as it is shipped.
const LIMITS: &str = include_str!("../../../corpus/desk/time_limits.csv");
/// The table of reasons as it is shipped.
const REASONS: &str = include_str!("../../../corpus/desk/reasons.csv");

/// The desk's tables.
#[derive(Debug)]
pub struct Desk {
    pub calendar: Calendar,
    pub limits: Limits,
    pub reasons: Reasons,
}

impl Desk {
    /// Reads the tables of a corpus; the shipped ones stand for those that it lacks. A row that is wrong is an error: nothing
    /// is decided by half a table.
    pub fn load(corpus: &Path) -> Result<Self, TableError> {
        let dir = corpus.join(FOLDER);
        Ok(Self {
            calendar: Calendar::load(&dir.join("working_days"))?,
            limits: Limits::read(&table::text(&dir.join("time_limits.csv"), LIMITS)?)?,
            reasons: Reasons::read(&table::text(&dir.join("reasons.csv"), REASONS)?)?,
        })
    }

    /// The shipped tables, for tests.
    #[cfg(test)]
    pub fn shipped() -> Self {
        Self::load(Path::new("no corpus")).unwrap()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tables_of_the_repository_are_those_shipped_and_stand_for_missing_ones() {
        let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("../corpus");
        let desk = Desk::load(&corpus).unwrap();
        assert_eq!((&desk.limits, &desk.reasons), (&Desk::shipped().limits, &Desk::shipped().reasons));
        let dir = tempfile::tempdir().unwrap();
        std::fs::create_dir_all(dir.path().join("desk/working_days")).unwrap();
        let own = LIMITS.replace("submission_review,审核报送,10,自然日", "submission_review,审核报送,7,工作日");
        std::fs::write(dir.path().join("desk/time_limits.csv"), own).unwrap();
        std::fs::write(
            dir.path().join("desk/working_days/2031.csv"),
            "date,day,name,source\n2031-01-01,放假,元旦,甲通知\n",
        )
        .unwrap();
        let desk = Desk::load(dir.path()).unwrap();
        assert_eq!(desk.limits.get(LimitKey::SubmissionReview).length, 7);
        assert!(desk.calendar.is_announced(2031) && !desk.calendar.is_announced(2032));
    }
}
