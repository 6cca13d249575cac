//! Which scheme of an institution holds on a day. Rule S12: exactly one an institution and day; the old one is closed
//! on the new one's date.

use super::Held;
use crate::Date;

/// The day from which a scheme holds: of effect, else of signature.
pub fn begins(held: &Held<'_>) -> Option<Date> {
    held.scheme.effective.or(held.scheme.signed)
}

/// Whether nothing tells when a scheme holds, nor that it is over: it may be in force, and is never the newest.
pub fn is_undated(held: &Held<'_>) -> bool {
    begins(held).is_none() && held.scheme.repealed.is_none()
}

/// What holds on a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum InForce<'s> {
    One(Held<'s>),
    /// The newest of those that claim the day; the others were not closed.
    Several(Vec<Held<'s>>),
    /// The first scheme on record begins later.
    NotYet(Date),
    /// The last one was repealed, and none came after it.
    Ended(Held<'s>, Date),
    /// None is on record, or none has a day.
    Unknown,
}

impl<'s> InForce<'s> {
    /// The scheme to go by.
    pub fn scheme(&self) -> Option<Held<'s>> {
        match self {
            Self::One(held) => Some(*held),
            Self::Several(all) => all.first().copied(),
            Self::NotYet(_) | Self::Ended(..) | Self::Unknown => None,
        }
    }
}

/// Whether `newer` says that it takes the place of `older`: by its number or title.
fn takes_the_place_of(newer: &Held<'_>, older: &Held<'_>) -> bool {
    let Some(named) = newer.scheme.supersedes.as_deref() else { return false };
    let named = named.trim_matches(['《', '》']);
    !named.is_empty() && (older.scheme.document_number.as_deref() == Some(named) || older.scheme.title == named)
}

/// The day from which a scheme does not hold any more: the day of its repeal, or that of the one that says it takes its
/// place. A scheme is never closed by a later one alone, since that is what rule S12 is to tell.
pub fn ends(held: &Held<'_>, all: &[Held<'_>]) -> Option<Date> {
    let successor = all.iter().filter(|other| takes_the_place_of(other, held)).filter_map(begins).min();
    match (held.scheme.repealed, successor) {
        (Some(a), Some(b)) => Some(a.min(b)),
        (a, b) => a.or(b),
    }
}

/// What holds on a day among the schemes of one institution.
pub fn on_day<'s>(all: &[Held<'s>], day: Date) -> InForce<'s> {
    let mut holding: Vec<(Date, Held<'s>)> = all
        .iter()
        .filter_map(|held| Some((begins(held)?, *held)))
        .filter(|(from, held)| *from <= day && ends(held, all).is_none_or(|end| day < end))
        .collect();
    holding.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| a.1.id.cmp(b.1.id)));
    let ended = || {
        let ended = all.iter().filter_map(|held| Some((ends(held, all)?, *held))).filter(|(end, _)| *end <= day);
        ended.max_by(|a, b| a.0.cmp(&b.0).then_with(|| b.1.id.cmp(a.1.id)))
    };
    match holding.len() {
        0 => match (ended(), all.iter().filter_map(begins).min()) {
            (Some((end, held)), _) => InForce::Ended(held, end),
            (None, Some(first)) if first > day && all.iter().all(|held| begins(held).is_some()) => {
                InForce::NotYet(first)
            }
            _ => InForce::Unknown,
        },
        1 => InForce::One(holding[0].1),
        _ => InForce::Several(holding.into_iter().map(|(_, held)| held).collect()),
    }
}

/// Rule S12: pairs of schemes of one institution that hold on the same day, with the first such day, the older first.
pub fn double<'s>(all: &[Held<'s>]) -> Vec<(Held<'s>, Held<'s>, Date)> {
    let mut dated: Vec<(Date, Held<'s>)> = all.iter().filter_map(|held| Some((begins(held)?, *held))).collect();
    dated.sort_by(|a, b| a.0.cmp(&b.0).then_with(|| a.1.id.cmp(b.1.id)));
    let mut told = Vec::new();
    for (at, (_, older)) in dated.iter().enumerate() {
        for (from, newer) in &dated[at + 1..] {
            let newer_ends = ends(newer, all).is_some_and(|end| end <= *from);
            if ends(older, all).is_none_or(|end| end > *from) && !newer_ends {
                told.push((*older, *newer, *from));
            }
        }
    }
    told
}
