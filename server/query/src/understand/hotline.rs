//! A number to call that a query asks for.

use super::{Understanding, is_number, without_errand};

/// Where everybody's matter with a local government is taken (国办发〔2020〕53号): it answers where a field has no number.
pub const OF_GOVERNMENTS: &str = "12345";
/// The key of a government.
pub const GOVERNMENT: &str = "政府";

/// The number that a query asks for: alone, with words that ask for a number, or behind a region (武汉12345).
pub fn asked(u: &Understanding) -> Option<&str> {
    let behind = u.region_offices.iter().map(|reading| reading.typed.as_str());
    std::iter::once(without_errand(&u.key)).chain(behind).find(|typed| is_number(typed))
}

/// The runs of digits of a text that may be numbers to call.
pub fn in_text(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_ascii_digit()).filter(|digits| is_number(digits))
}
