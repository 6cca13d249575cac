//! Which scheme of an institution holds on a day. Rule S12: exactly one an institution and day; the old one is closed
//! on the new one's date.

use std::collections::HashMap;

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

/// When schemes of one institution are over, worked out once for all of them: on the day of their repeal, or that of the
/// one that says by number or title that it takes their place. A scheme is never closed by a later one alone, since that
/// is what rule S12 is to tell.
struct Ends<'s>(HashMap<&'s str, Date>);

impl<'s> Ends<'s> {
    fn among(all: impl Iterator<Item = Held<'s>>) -> Self {
        let mut first: HashMap<&'s str, Date> = HashMap::new();
        for held in all {
            let named = held.scheme.supersedes.as_deref().map(|named| named.trim_matches(['《', '》']));
            if let (Some(named), Some(from)) = (named.filter(|named| !named.is_empty()), begins(&held)) {
                let day = first.entry(named).or_insert(from);
                *day = from.min(*day);
            }
        }
        Self(first)
    }

    /// The day from which a scheme does not hold any more.
    fn of(&self, held: &Held<'_>) -> Option<Date> {
        let named = |name: &str| self.0.get(name).copied();
        let numbered = held.scheme.document_number.as_deref().and_then(named);
        [held.scheme.repealed, numbered, named(&held.scheme.title)].into_iter().flatten().min()
    }

    fn is_over(&self, held: &Held<'_>, day: Date) -> bool {
        self.of(held).is_some_and(|end| end <= day)
    }
}

/// Those that have a day, the older first.
fn dated<'s>(all: &[Held<'s>]) -> Vec<(Date, Held<'s>)> {
    let mut dated: Vec<(Date, Held<'s>)> = all.iter().filter_map(|held| Some((begins(held)?, *held))).collect();
    dated.sort_by(|a, b| a.0.cmp(&b.0).then_with(|| a.1.id.cmp(b.1.id)));
    dated
}

/// What holds on a day among the schemes of one institution.
pub fn on_day<'s>(all: &[Held<'s>], day: Date) -> InForce<'s> {
    let ends = Ends::among(all.iter().copied());
    let mut holding: Vec<(Date, Held<'s>)> = all
        .iter()
        .filter_map(|held| Some((begins(held)?, *held)))
        .filter(|(from, held)| *from <= day && !ends.is_over(held, day))
        .collect();
    holding.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| a.1.id.cmp(b.1.id)));
    let ended = || {
        let ended = all.iter().filter_map(|held| Some((ends.of(held)?, *held))).filter(|(end, _)| *end <= day);
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
    let (ends, dated) = (Ends::among(all.iter().copied()), dated(all));
    let mut told = Vec::new();
    for (at, (_, older)) in dated.iter().enumerate() {
        for (from, newer) in &dated[at + 1..] {
            if !ends.is_over(older, *from) && !ends.is_over(newer, *from) {
                told.push((*older, *newer, *from));
            }
        }
    }
    told
}

/// The same of one scheme alone: the others of its institution that hold on the same day, with the first such day.
pub fn double_with<'s>(own: &Held<'s>, others: &[Held<'s>]) -> Vec<(Held<'s>, Date)> {
    let Some(began) = begins(own) else { return Vec::new() };
    let ends = Ends::among(others.iter().copied().chain([*own]));
    let both = |(from, other): (Date, Held<'s>)| {
        let first = from.max(began);
        (!ends.is_over(own, first) && !ends.is_over(&other, first)).then_some((other, first))
    };
    dated(others).into_iter().filter_map(both).collect()
}
