//! Which text of a regulation was in force on a day, as far as the days of its versions are known.

use indexer::{
    index::{Generation, catalogue::RegulationEntry},
    record::{Date, Status},
};

/// What the library can say of a day.
#[derive(Debug, PartialEq, Eq)]
pub enum OnDay<'g> {
    InForce(&'g RegulationEntry),
    /// The earliest text that the library has took effect later.
    NotYet(Date),
    /// The regulation had been repealed: its last text, and the day.
    Repealed(&'g RegulationEntry, Date),
    /// A text without a known day of effect, or of repeal, may have been in force.
    Unknown,
}

/// The text of a work in force on a day, among the versions of one division (`None`: the nation).
pub fn on_day<'g>(generation: &'g Generation, work: &str, division: Option<&str>, day: Date) -> OnDay<'g> {
    let catalogue = &generation.catalogue;
    let versions = || catalogue.versions(work).filter(|version| version.division.as_deref() == division);
    let dated = || versions().filter_map(|version| version.effective.map(|from| (from, version.version_date, version)));
    let last = dated().filter(|(from, ..)| *from <= day).max_by_key(|(from, decided, _)| (*from, *decided));
    let Some((_, decided, version)) = last else {
        let first = dated().map(|(from, ..)| from).min();
        return match first {
            Some(first) if versions().all(|version| version.effective.is_some()) => OnDay::NotYet(first),
            _ => OnDay::Unknown,
        };
    };
    // A text between this one and the day that nobody knows the day of.
    let between = |other: &RegulationEntry| {
        other.effective.is_none() && other.version_date.is_none_or(|d| d <= day && decided.is_none_or(|own| d > own))
    };
    if versions().any(between) {
        return OnDay::Unknown;
    }
    if version.status != Status::Repealed {
        return OnDay::InForce(version);
    }
    let by = version.status_by.as_deref().and_then(|by| catalogue.regulation(by));
    match by.and_then(|by| by.effective) {
        Some(end) if end <= day => OnDay::Repealed(version, end),
        Some(_) => OnDay::InForce(version),
        None => OnDay::Unknown,
    }
}
