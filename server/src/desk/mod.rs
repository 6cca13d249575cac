//! What the systems of the platform share: time limits and the days on which they end, reasons with their letters,
//! and the tasks of offices.
//!
//! Everything that an office may set by its own rules is data in `corpus/desk`; the same tables are in the program, for
//! a corpus that has none.

mod batches;
mod calendar;
mod changed;
mod duty_stages;
mod events;
mod former_names;
mod keeper;
#[cfg(test)]
pub(crate) mod kill_tests;
mod limits;
mod name_terms;
mod names;
mod post_limits;
mod reasons;
mod reforms;
mod table;
mod tasks;

use std::path::Path;

use sha2::{Digest, Sha256};

pub use calendar::{Calendar, Due};
pub use changed::{ChangedArticle, Concerned, Unchanged, public_version, version_before};
pub use duty_stages::{DutyStage, DutyStages};
pub use former_names::institution_of;
pub use indexer::record::{next_reminder, reminders_due};
pub use keeper::{Keeping, keep, look};
pub use limits::{Limit, LimitKey, Limits};
pub use name_terms::{NameTerms, RegistryTerms};
pub use names::division_of as division_of_name;
pub use post_limits::PostLimits;
pub use reasons::{About, Grounds, InvalidGrounds, Reason, ReasonedAct, Reasons, words};
pub use reforms::{institution_named, is_touched, resting_on, touched_institutions};
pub use table::TableError;
pub use tasks::{
    Asked, MAX_WORDS, Pending, TaskError, as_task, ask, close as close_task, division_for, find as find_task,
    finish as finish_task, inbox, inbox_of, is_task, written,
};

/// Folder of the tables, below the corpus.
const FOLDER: &str = "desk";
/// The table of limits as it is shipped.
const LIMITS: &str = include_str!("../../../corpus/desk/time_limits.csv");
/// The table of reasons as it is shipped.
const REASONS: &str = include_str!("../../../corpus/desk/reasons.csv");

/// The table of the terms of registered names as it is shipped.
const NAME_TERMS: &str = include_str!("../../../corpus/desk/name_terms.csv");

/// The table of the stages of duties as it is shipped.
const DUTY_STAGES: &str = include_str!("../../../corpus/desk/duty_stages.csv");

/// The table of how many may lead an institution as it is shipped.
const POST_LIMITS: &str = include_str!("../../../corpus/desk/post_limits.csv");

/// The desk's tables.
#[derive(Debug)]
pub struct Desk {
    pub name_terms: NameTerms,
    pub calendar: Calendar,
    pub limits: Limits,
    pub reasons: Reasons,
    pub duty_stages: DutyStages,
    pub post_limits: PostLimits,
}

impl Desk {
    /// Reads the tables of a corpus; the shipped ones stand for those that it lacks. A row that is wrong is an error:
    /// nothing is decided by half a table.
    pub fn load(corpus: &Path) -> Result<Self, TableError> {
        let dir = corpus.join(FOLDER);
        Ok(Self {
            calendar: Calendar::load(&dir.join("working_days"))?,
            name_terms: NameTerms::read(&table::text(&dir.join("name_terms.csv"), NAME_TERMS)?)?,
            limits: Limits::read(&table::text(&dir.join("time_limits.csv"), LIMITS)?)?,
            duty_stages: DutyStages::read(&table::text(&dir.join("duty_stages.csv"), DUTY_STAGES)?)?,
            post_limits: PostLimits::read(&table::text(&dir.join("post_limits.csv"), POST_LIMITS)?)?,
            reasons: Reasons::read(&table::text(&dir.join("reasons.csv"), REASONS)?)?,
        })
    }

    /// Tells whether the tables by which days are counted are others.
    fn fingerprint(&self) -> String {
        hex::encode(Sha256::digest(format!("{:?}{:?}", self.calendar, self.limits)))
    }

    /// Tells whether the terms of names are others.
    fn terms_fingerprint(&self) -> String {
        hex::encode(Sha256::digest(format!("{:?}", self.name_terms)))
    }

    /// The shipped tables, for tests.
    #[cfg(test)]
    pub fn shipped() -> Self {
        Self::load(Path::new("no corpus")).unwrap()
    }
}

#[cfg(test)]
mod tests;
