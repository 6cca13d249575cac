//! Whether a site can be reached, by measurements that somebody took: the first ground of the check of government sites on
//! which a site fails alone.
//!
//! The rule (国办秘函〔2019〕19号 and the score table of 2015): a week on end, at least twenty visits a day at intervals; a visit
//! that is not open after fifteen seconds has failed; a site fails where five of a hundred or more did.

use jiff::civil::Date;

pub const DAYS: usize = 7;
pub const VISITS_A_DAY: u32 = 20;
/// Of a hundred.
const FAILING: u64 = 5;

/// What was measured on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Day {
    pub day: Date,
    pub visits: u32,
    /// Visits that were not open after fifteen seconds.
    pub failed: u32,
}

/// What follows from a week's measurements.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reachable {
    Passes {
        failed: u64,
        visits: u64,
    },
    Fails {
        failed: u64,
        visits: u64,
    },
    /// The measurements are not what the rule asks for; the reason in words.
    NoVerdict(String),
}

impl Reachable {
    /// For a score sheet.
    pub fn words(&self) -> String {
        let share =
            |failed: u64, visits: u64| format!("{failed}/{visits} = {:.1} %", failed as f64 * 100.0 / visits as f64);
        match self {
            Self::Passes { failed, visits } => format!("合格：打不开 {}", share(*failed, *visits)),
            Self::Fails { failed, visits } => format!("单项否决：打不开 {}，达到 {FAILING} %", share(*failed, *visits)),
            Self::NoVerdict(why) => format!("不能判定：{why}"),
        }
    }
}

/// Judges a week, whatever the order of its days.
pub fn reachable(days: &[Day]) -> Reachable {
    let mut days = days.to_vec();
    days.sort_by_key(|day| day.day);
    if days.len() != DAYS {
        return Reachable::NoVerdict(format!("有 {} 天的访问记录，应为连续 {DAYS} 天", days.len()));
    }
    if let Some(pair) = days.windows(2).find(|pair| pair[0].day.tomorrow().ok() != Some(pair[1].day)) {
        return Reachable::NoVerdict(format!("{} 之后不是第二天", pair[0].day));
    }
    if let Some(few) = days.iter().find(|day| day.visits < VISITS_A_DAY) {
        return Reachable::NoVerdict(format!("{} 只访问 {} 次，每天至少 {VISITS_A_DAY} 次", few.day, few.visits));
    }
    if let Some(wrong) = days.iter().find(|day| day.failed > day.visits) {
        return Reachable::NoVerdict(format!("{} 打不开的次数多于访问次数", wrong.day));
    }
    let visits = days.iter().map(|day| u64::from(day.visits)).sum::<u64>();
    let failed = days.iter().map(|day| u64::from(day.failed)).sum::<u64>();
    // In whole numbers, so that exactly five of a hundred is five of a hundred.
    if failed * 100 >= visits * FAILING {
        Reachable::Fails { failed, visits }
    } else {
        Reachable::Passes { failed, visits }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn week(visits: u32, failed: [u32; DAYS]) -> Vec<Day> {
        let first = Date::constant(2030, 3, 4);
        let day = |n: i64| first.checked_add(jiff::Span::new().days(n)).unwrap();
        (0..).zip(failed).map(|(n, failed)| Day { day: day(n), visits, failed }).collect()
    }

    #[test]
    fn n11_five_of_a_hundred_failed_visits_fail_a_site() {
        assert_eq!(reachable(&week(20, [6, 0, 0, 0, 0, 0, 0])), Reachable::Passes { failed: 6, visits: 140 });
        assert_eq!(reachable(&week(20, [6, 1, 0, 0, 0, 0, 0])), Reachable::Fails { failed: 7, visits: 140 });
        assert_eq!(reachable(&week(20, [6, 1, 0, 0, 0, 0, 0])).words(), "单项否决：打不开 7/140 = 5.0 %，达到 5 %");
        let mut short = week(20, [0; DAYS]);
        short[3].visits = 19;
        assert!(matches!(reachable(&short), Reachable::NoVerdict(why) if why.contains("只访问 19 次")));
        let mut gap = week(20, [0; DAYS]);
        gap[6].day = Date::constant(2030, 3, 12);
        assert!(matches!(reachable(&gap), Reachable::NoVerdict(_)));
        assert!(matches!(reachable(&short[..6]), Reachable::NoVerdict(_)));
        let mut wrong = week(20, [0; DAYS]);
        wrong[0].failed = 21;
        assert!(matches!(reachable(&wrong), Reachable::NoVerdict(_)));
    }

    proptest! {
        #[test]
        fn one_more_failed_visit_never_helps(visits in 20u32..400, failed in prop::array::uniform7(0u32..20)) {
            let rank = |reachable: &Reachable| matches!(reachable, Reachable::Fails { .. });
            let before = reachable(&week(visits, failed));
            let mut more = failed;
            more[0] = (more[0] + 1).min(visits);
            prop_assert!(rank(&reachable(&week(visits, more))) >= rank(&before));
        }
    }
}
