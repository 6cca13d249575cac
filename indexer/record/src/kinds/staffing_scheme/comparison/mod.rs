//! Schemes of organization side by side: two of one institution or of two institutions duty by duty ([`redline`]), and
//! all of a division ([`Territory`]): duties that left one institution and arrived at none, the same duty at two
//! institutions, duties divided by one side alone, and two schemes of one institution on the same day. Nothing here
//! decides anything: each signal is shown with the sentences that it was read from.

pub mod in_force;
mod named;
mod redline;
mod sheet;
pub mod similar;
mod territory;

#[cfg(test)]
mod generated;
#[cfg(test)]
mod tests;

use super::StaffingScheme;
use crate::{Body, Date, Record};

pub use in_force::InForce;
pub use named::{Names, is_without_region, may_mean, meant};
pub use redline::{DutyChange, Row, redline};
pub use sheet::{SHEET, SheetRow, UNDATED, sheet_row};
pub use territory::{Arrival, Left, OneSided, Overlap, Overlaps, SchemeDuty, Territory};

/// A scheme and the id of its record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Held<'s> {
    pub id: &'s str,
    pub scheme: &'s StaffingScheme,
}

impl<'s> Held<'s> {
    /// The scheme of a record; `None` of any other kind.
    pub fn of(record: &'s Record) -> Option<Self> {
        match &record.body {
            Body::StaffingScheme(scheme) => Some(Self { id: &record.id, scheme }),
            _ => None,
        }
    }

    /// How it is called beside others: the institution, and its number or the day from which it holds.
    pub fn called(&self) -> String {
        let day = in_force::begins(self).map(|day| day.to_string());
        let which = self.scheme.document_number.clone().or(day);
        match which {
            Some(which) => format!("{}（{which}）", self.scheme.institution_name),
            None => self.scheme.institution_name.clone(),
        }
    }
}

/// The scheme that a record tells; `None` of any other kind.
pub fn scheme_of(body: &Body) -> Option<&StaffingScheme> {
    match body {
        Body::StaffingScheme(scheme) => Some(scheme),
        _ => None,
    }
}

/// A name of an institution that a scheme uses, and where, in words.
pub type Named<'s> = (String, &'s str);

/// The names of institutions that a scheme uses (its own, that above it, those that its duties are divided with), each
/// with where it stands, and the scheme's day: rule S10 is that each is there on it. `None` of a record of another kind,
/// and where there is no day.
pub fn named_on_its_day(body: &Body) -> Option<(Date, Vec<Named<'_>>)> {
    let Body::StaffingScheme(scheme) = body else { return None };
    let day = scheme.effective.or(scheme.signed)?;
    let own = [("机构", &scheme.institution_name), ("隶属", &scheme.superior)];
    let own = own.into_iter().map(|(column, name)| (format!("“{column}”"), name.as_str()));
    let divided = scheme.duties.iter().flat_map(|duty| duty.institutions.iter().map(|name| (duty.called(), name.as_str())));
    Some((day, own.chain(divided).filter(|(_, name)| !name.is_empty()).collect()))
}
