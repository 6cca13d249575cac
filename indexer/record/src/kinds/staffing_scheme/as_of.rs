//! An institution as it was on a day: its name, what stood above it, its rank, its plates and its scheme, by the events
//! and schemes on record. What none of them tells is not reported.

use super::comparison::{Held, InForce, in_force};
use crate::{
    Date,
    kinds::institution_event::{Change, Happening},
};

/// What an institution was called on a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NameThen<'r> {
    /// `since` and `until` are the events that gave and took the name, where they are known.
    Called { name: String, since: Option<Happening<'r>>, until: Option<Happening<'r>> },
    /// It was set up later; what it was made of, where that is known.
    NotYet { by: Happening<'r>, before: Vec<String> },
    /// It had been abolished.
    Ended { by: Happening<'r>, successors: Vec<String> },
    /// No event tells of its name: what it is called today.
    Unrecorded(String),
}

/// Something that was so on a day, and the record that says it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Then<'r> {
    pub value: String,
    /// Id and title of the record.
    pub by: (&'r str, &'r str),
}

/// An institution on a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AsOf<'r> {
    pub day: Date,
    pub name: NameThen<'r>,
    pub scheme: InForce<'r>,
    pub superior: Option<Then<'r>>,
    pub rank: Option<Then<'r>>,
    pub plates: Vec<Then<'r>>,
    /// Events without a day: nobody knows whether they had happened by then.
    pub undated: Vec<Happening<'r>>,
}

/// An institution that is called `name` today.
pub fn as_of<'r>(name: &str, events: &[Happening<'r>], schemes: &[Held<'r>], day: Date) -> AsOf<'r> {
    let mut dated: Vec<(Date, Happening<'r>)> = events.iter().filter_map(|e| Some((e.event.date?, *e))).collect();
    dated.sort_by(|a, b| a.0.cmp(&b.0).then_with(|| a.1.id.cmp(b.1.id)));
    let undated: Vec<Happening<'r>> = events.iter().filter(|happening| happening.event.date.is_none()).copied().collect();
    let scheme = in_force::on_day(schemes, day);
    let held = scheme.scheme();
    let from = held.and_then(|held| in_force::begins(&held));
    // What happened after the scheme was made and up to the day.
    let since = dated.iter().filter(|(date, _)| *date <= day && from.is_none_or(|from| from < *date));
    let value = |change: &[Change], stated: Option<&'r str>, fits: fn(&str) -> bool| {
        let of = |happening: &Happening<'r>, names: &'r [String]| {
            let value = names.iter().find(|name| fits(name))?.clone();
            Some(Then { value, by: (happening.id, happening.event.title.as_str()) })
        };
        let is = |happening: &Happening<'r>| change.contains(&happening.event.change);
        let last = since.clone().rev().filter(|(_, h)| is(h)).find_map(|(_, h)| of(h, &h.event.to));
        let by_scheme = || Some(Then { value: stated.filter(|s| !s.is_empty())?.to_owned(), by: by(&held?) });
        let next = || dated.iter().filter(|(date, h)| *date > day && is(h)).find_map(|(_, h)| of(h, &h.event.from));
        last.or_else(by_scheme).or_else(next)
    };
    let superior = value(&[Change::Moved], held.map(|held| held.scheme.superior.as_str()), |_| true);
    let is_rank = |text: &str| text.ends_with('级');
    let rank = value(&[Change::Raised, Change::Lowered], held.map(|held| held.scheme.rank.as_str()), is_rank);
    let stated = held.into_iter().flat_map(|held| held.scheme.plates.iter().map(move |plate| Then { value: plate.clone(), by: by(&held) }));
    let mut plates: Vec<Then<'r>> = stated.collect();
    for (_, happening) in since {
        let event = happening.event;
        match event.change {
            Change::PlateAdded => plates.extend(event.to.iter().map(|plate| Then { value: plate.clone(), by: (happening.id, &event.title) })),
            Change::PlateRemoved => plates.retain(|plate| !event.from.contains(&plate.value)),
            _ => {}
        }
    }
    let name = name_then(name, &dated, day);
    // Of what is gone nothing more is reported.
    if matches!(name, NameThen::Ended { .. }) {
        let scheme = if matches!(scheme, InForce::Ended(..)) { scheme } else { InForce::Unknown };
        return AsOf { day, name, scheme, superior: None, rank: None, plates: Vec::new(), undated };
    }
    AsOf { day, name, scheme, superior, rank, plates, undated }
}

fn by<'r>(held: &Held<'r>) -> (&'r str, &'r str) {
    (held.id, &held.scheme.title)
}

/// What an institution that is called `now` was called on a day, as far as events of the time since tell it.
fn called_on<'n>(now: &'n str, dated: &'n [(Date, Happening<'_>)], day: Date) -> &'n str {
    let later = dated.iter().rev().take_while(|(date, _)| *date > day);
    later.fold(now, |name, (_, happening)| match (happening.event.change, &happening.event.from[..], &happening.event.to[..]) {
        (Change::Renamed, [from], [to]) if to == name => from,
        _ => name,
    })
}

/// The name that an event leaves an institution with: that by which it went on, where it is one of several.
fn left_with(happening: Happening<'_>, went_on_as: &str) -> String {
    let event = happening.event;
    let own = event.to.iter().find(|name| *name == went_on_as);
    let own = own.or_else(|| event.to.iter().find(|name| **name == event.institution_name)).or(event.to.first());
    own.unwrap_or(&event.institution_name).clone()
}

fn name_then<'r>(now: &str, dated: &[(Date, Happening<'r>)], day: Date) -> NameThen<'r> {
    let names = |h: &Happening<'_>| {
        matches!(h.event.change, Change::SetUp | Change::Renamed | Change::Merged | Change::Divided | Change::Abolished)
    };
    let before = dated.iter().rev().find(|(date, h)| *date <= day && names(h)).map(|(_, h)| *h);
    let after = dated.iter().find(|(date, h)| *date > day && names(h)).map(|(_, h)| *h);
    let own = called_on(now, dated, day);
    // It goes into another, or into several, none of which has its name.
    let goes = |happening: &Happening<'_>| {
        let has = |names: &[String]| names.iter().any(|name| name == own);
        let event = happening.event;
        matches!(event.change, Change::Merged | Change::Divided) && has(&event.from) && !has(&event.to)
    };
    if let Some(by) = before {
        if by.event.change == Change::Abolished || goes(&by) {
            return NameThen::Ended { by, successors: by.event.to.clone() };
        }
        return NameThen::Called { name: left_with(by, own), since: Some(by), until: after };
    }
    let Some(next) = after else { return NameThen::Unrecorded(now.to_owned()) };
    let called = |name: &str| NameThen::Called { name: name.to_owned(), since: None, until: Some(next) };
    match (next.event.change, &next.event.from[..]) {
        (Change::Abolished, _) => called(&next.event.institution_name),
        (Change::Renamed, [only]) => called(only),
        _ if goes(&next) => called(own),
        // It took others in, or gave some off, and kept its name.
        (Change::Merged | Change::Divided, from) if from.contains(&left_with(next, own)) => called(&left_with(next, own)),
        (_, from) => NameThen::NotYet { by: next, before: from.to_vec() },
    }
}
