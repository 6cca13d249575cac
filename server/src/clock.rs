//! What day it is.

use indexer::record::Date;

/// Today by Beijing's calendar, by which laws take effect and periods run, wherever the machine stands.
pub fn today() -> Date {
    jiff::tz::Offset::constant(8).to_datetime(jiff::Timestamp::now()).date()
}

/// A moment as people here read it.
pub fn moment(at: jiff::Timestamp) -> String {
    jiff::tz::Offset::constant(8).to_datetime(at).strftime("%Y-%m-%d %H:%M:%S").to_string()
}
