//! When something is to be brought to mind: when it is due and was not yet done, whatever run was missed.

use jiff::civil::Date;

/// Which reminders, by their number of days before the last day, are to go out now: those whose day has come and that did not
/// go out. Never "whose day is today", so that a missed run sends what it missed.
pub fn reminders_due(last: Date, before: &[u32], sent: &[u32], today: Date) -> Vec<u32> {
    let mut due: Vec<u32> =
        before.iter().copied().filter(|days| !sent.contains(days) && reminder_day(last, *days) <= today).collect();
    due.sort_unstable();
    due.dedup();
    due
}

/// The day of the next one that did not go out.
pub fn next_reminder(last: Date, before: &[u32], sent: &[u32]) -> Option<Date> {
    before.iter().filter(|days| !sent.contains(days)).map(|days| reminder_day(last, *days)).min()
}

fn reminder_day(last: Date, before: u32) -> Date {
    last.checked_sub(jiff::Span::new().days(i64::from(before))).unwrap_or(Date::MIN)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn day(n: i64) -> Date {
        Date::constant(2030, 1, 1).checked_add(jiff::Span::new().days(n)).unwrap()
    }

    #[test]
    fn a_run_that_was_missed_sends_what_it_missed() {
        // Thirty days before the last day falls on day 10; the program was down on days 10 and 11.
        let (last, before) = (day(40), [30, 7, 1]);
        assert!(reminders_due(last, &before, &[], day(9)).is_empty());
        assert_eq!(reminders_due(last, &before, &[], day(12)), [30], "at 28 days");
        assert!(reminders_due(last, &before, &[30], day(12)).is_empty());
        assert_eq!(reminders_due(last, &before, &[30], day(60)), [1, 7]);
        assert_eq!(next_reminder(last, &before, &[]), Some(day(10)));
        assert_eq!(next_reminder(last, &before, &[30, 7, 1]), None);
    }

    proptest! {
        #[test]
        fn over_any_outage_each_goes_out_once_and_none_before_its_day(
            length in 0i64..400,
            before in prop::collection::btree_set(0u32..90, 0..6),
            runs in prop::collection::vec(any::<bool>(), 520),
        ) {
            let before: Vec<u32> = before.into_iter().collect();
            let last = day(length);
            let mut sent: Vec<(u32, i64)> = Vec::new();
            for (today, runs) in (0..).zip(runs.into_iter().chain([true])) {
                if runs {
                    let known: Vec<u32> = sent.iter().map(|(days, _)| *days).collect();
                    let next = next_reminder(last, &before, &known);
                    let due = reminders_due(last, &before, &known, day(today));
                    prop_assert_eq!(next.is_some_and(|next| next <= day(today)), !due.is_empty());
                    sent.extend(due.into_iter().map(|days| (days, today)));
                }
            }
            let mut once: Vec<u32> = sent.iter().map(|(days, _)| *days).collect();
            once.sort_unstable();
            prop_assert_eq!(&once, &before);
            for (days, today) in sent {
                prop_assert!(today >= length - i64::from(days));
            }
        }
    }
}
