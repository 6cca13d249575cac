//! How long offices take: from the day on which an application came to an office to the day on which it left it, without the
//! days on which the applicant had to act.

use jiff::civil::Date;

use super::{NameApplication, Stage};

/// A review that an office has ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Review {
    pub office: String,
    pub ended: Date,
    /// Calendar days.
    pub days: u32,
}

impl NameApplication {
    /// The reviews that have ended, in their order.
    pub fn reviews(&self) -> Vec<Review> {
        let mut all = Vec::new();
        let (mut came, mut asked, mut lost) = (None, None, 0);
        let between = |from: Date, to: Date| (to - from).get_days().max(0);
        for turn in &self.stages {
            match (asked, turn.to) {
                (_, Stage::Supplement) => {
                    asked = Some(turn.on);
                    continue;
                }
                (Some(from), Stage::InFirst | Stage::InSecond) => {
                    lost += between(from, turn.on);
                    asked = None;
                    continue;
                }
                _ => {}
            }
            let leaves = !matches!(turn.to, Stage::InFirst | Stage::InSecond | Stage::Registered);
            let by_office = !matches!(turn.to, Stage::Withdrawn | Stage::Lapsed);
            if leaves && by_office && let Some(from) = came {
                let days = between(from, turn.on).saturating_sub(lost).max(0);
                all.push(Review { office: turn.office.clone(), ended: turn.on, days: days.unsigned_abs() });
            }
            if leaves {
                (asked, lost) = (None, 0);
                came = matches!(turn.to, Stage::AwaitsFirst | Stage::AwaitsSecond).then_some(turn.on);
            }
        }
        all
    }
}

/// The value below or at which so many of a hundred lie (nearest rank); `None` of none.
pub fn percentile(sorted: &[u32], percent: usize) -> Option<u32> {
    let rank = (sorted.len() * percent).div_ceil(100).max(1);
    sorted.get(rank - 1).copied()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::name_application::{StageChange, tests::conac};

    fn turn(on: &str, to: Stage, office: &str) -> StageChange {
        StageChange { on: on.parse().unwrap(), act: String::new(), to, office: office.into() }
    }

    #[test]
    fn days_of_the_applicant_do_not_count() {
        let mut a = conac();
        a.stages = vec![
            turn("2026-02-02", Stage::AwaitsFirst, "甲局"),
            turn("2026-02-03", Stage::InFirst, "甲编办"),
            turn("2026-02-04", Stage::Supplement, "甲编办"),
            turn("2026-02-10", Stage::InFirst, "甲局"),
            turn("2026-02-11", Stage::AwaitsSecond, "甲编办"),
            turn("2026-02-12", Stage::InSecond, "注册管理机构"),
            turn("2026-02-14", Stage::Approved, "注册管理机构"),
            turn("2026-02-20", Stage::Registered, "注册管理机构"),
        ];
        let told: Vec<(String, u32)> = a.reviews().into_iter().map(|r| (r.office, r.days)).collect();
        assert_eq!(told, [("甲编办".to_owned(), 3), ("注册管理机构".to_owned(), 3)]);
        a.stages.truncate(3);
        a.stages.push(turn("2026-04-01", Stage::Lapsed, ""));
        assert!(a.reviews().is_empty(), "nobody has decided it");
    }

    proptest! {
        #[test]
        fn a_percentile_is_one_of_the_values_with_as_many_below(mut days in prop::collection::vec(0u32..400, 1..60), percent in 1usize..=100) {
            days.sort_unstable();
            let at = percentile(&days, percent).unwrap();
            let below = days.iter().filter(|day| **day <= at).count();
            prop_assert!(days.contains(&at) && below * 100 >= percent * days.len());
        }
    }
}
