//! Time limits under way: when one began, how long it is, and when it did not run because the other side had to act.
//!
//! Only what was decided stands here. On which day a limit ends depends on which days are worked, which is data that changes
//! every year; the desk of the service counts.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// A time limit of one matter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Clock {
    /// Key of the row of the table of limits that it was taken from.
    pub limit: String,
    /// The day of receipt, which is not counted.
    pub started: Date,
    pub length: u32,
    pub unit: TimeUnit,
    /// In order; only the last may be open.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub pauses: Vec<Pause>,
}

/// What the length of a limit is counted in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TimeUnit {
    WorkingDays,
    CalendarDays,
    Months,
}

impl TimeUnit {
    pub const ALL: [TimeUnit; 3] = [Self::WorkingDays, Self::CalendarDays, Self::Months];

    /// The word used in tables and on pages.
    pub fn label(self) -> &'static str {
        match self {
            Self::WorkingDays => "工作日",
            Self::CalendarDays => "自然日",
            Self::Months => "个月",
        }
    }
}

/// Days on which a limit does not run: those after `from`, up to and including `until`. The day on which the other side is
/// asked was still ours, and the day on which its answer comes is a day of receipt.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pause {
    pub from: Date,
    /// `None` while the other side has not acted.
    pub until: Option<Date>,
}

impl Pause {
    pub fn covers(&self, day: Date) -> bool {
        day > self.from && self.until.is_none_or(|until| day <= until)
    }
}

impl Clock {
    pub fn is_paused(&self) -> bool {
        self.pauses.last().is_some_and(|pause| pause.until.is_none())
    }

    /// Stops it: the other side has to act from this day on. A clock that stands goes on standing.
    pub fn pause(&mut self, day: Date) {
        if !self.is_paused() {
            self.pauses.push(Pause { from: day, until: None });
        }
    }

    /// Lets it run again: the other side has acted on this day. A clock that runs goes on running.
    pub fn resume(&mut self, day: Date) {
        if let Some(pause) = self.pauses.last_mut().filter(|pause| pause.until.is_none()) {
            pause.until = Some(day);
            // Asked and answered on one day: nothing was lost.
            if day <= pause.from {
                self.pauses.pop();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Date {
        text.parse().unwrap()
    }

    #[test]
    fn a_clock_stands_while_the_other_side_has_to_act() {
        let mut clock = Clock {
            limit: "review".into(),
            started: day("2026-03-02"),
            length: 5,
            unit: TimeUnit::WorkingDays,
            pauses: Vec::new(),
        };
        clock.resume(day("2026-03-03"));
        assert_eq!(clock.pauses, [], "what runs is not let run");
        clock.pause(day("2026-03-04"));
        clock.pause(day("2026-03-05"));
        assert!(clock.is_paused() && clock.pauses.len() == 1);
        clock.resume(day("2026-03-06"));
        assert_eq!(clock.pauses, [Pause { from: day("2026-03-04"), until: Some(day("2026-03-06")) }]);
        let covered = |text: &str| clock.pauses[0].covers(day(text));
        assert!(!covered("2026-03-04") && covered("2026-03-05") && covered("2026-03-06") && !covered("2026-03-07"));
        clock.pause(day("2026-03-09"));
        clock.resume(day("2026-03-09"));
        assert_eq!(clock.pauses.len(), 1, "asked and answered on one day");
    }
}
