//! What day it is.

use indexer::record::Date;

/// Today by Beijing's calendar, by which laws take effect and periods run, wherever the machine stands.
pub fn today() -> Date {
    jiff::tz::Offset::constant(8).to_datetime(jiff::Timestamp::now()).date()
}
