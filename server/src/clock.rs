//! What day it is.

use indexer::record::Date;

/// Today by Beijing's calendar, by which laws take effect and periods run, wherever the machine stands.
pub fn today() -> Date {
    #[cfg(test)]
    if let Some(day) = set::DAY.get() {
        return day;
    }
    day_of(jiff::Timestamp::now())
}

/// The day of a moment by the same calendar.
pub fn day_of(at: jiff::Timestamp) -> Date {
    jiff::tz::Offset::constant(8).to_datetime(at).date()
}

/// Seconds until tomorrow by the same calendar, at least one.
pub fn seconds_left_today() -> u32 {
    let now = jiff::tz::Offset::constant(8).to_datetime(jiff::Timestamp::now()).time();
    let gone = u32::try_from(now.hour()).unwrap_or(0) * 3_600
        + u32::try_from(now.minute()).unwrap_or(0) * 60
        + u32::try_from(now.second()).unwrap_or(0);
    (86_400 - gone).max(1)
}

/// A moment as people here read it.
pub fn moment(at: jiff::Timestamp) -> String {
    jiff::tz::Offset::constant(8).to_datetime(at).strftime("%Y-%m-%d %H:%M:%S").to_string()
}

/// The day as a test sets it, on its own thread.
#[cfg(test)]
pub mod set {
    use std::cell::Cell;

    use super::Date;

    thread_local! {
        pub(super) static DAY: Cell<Option<Date>> = const { Cell::new(None) };
    }

    pub fn today(day: Date) {
        DAY.set(Some(day));
    }
}
