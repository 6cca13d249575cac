//! Lists of powers and duties 权力清单、责任清单: what the kinds of record that make them up share, and what pages know of such
//! a record without knowing its kind.
//!
//! The catalogue 基本目录 of a division says what bodies below it have to claim; a body's list has its items, each with its
//! duties; the list has versions, and changes with their reasons lie between these. The rules that hold between records are
//! in [`rules`]; those of a record alone stand in its kind's folder.

pub mod codes;
pub(crate) mod columns;
mod limit;
pub mod rules;
mod words;

use crate::{Date, DivisionCode, RegulationLevel};

pub use limit::{Limit, LimitUnit};
pub use words::{Claim, Handling, Level, ListMove, ListSort, Online, Origin, PowerSort, Standing, Trigger};

/// 行政许可法 第十四条、第十五条: laws, regulations of the State Council and local regulations set licences, its decisions and
/// rules of provinces for a time.
pub const MAY_SET_A_LICENCE: [RegulationLevel; 5] = [
    RegulationLevel::Constitution,
    RegulationLevel::Law,
    RegulationLevel::AdministrativeRegulation,
    RegulationLevel::LocalRegulation,
    RegulationLevel::LocalGovernmentRule,
];

/// What a record is in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ListRow {
    Item(Box<ListItem>),
    Catalogued(Catalogued),
    Duty(ListDuty),
    Version(Version),
    Change(Changed),
}

/// The body whose list it is: by name in its division, since bodies without a record have lists too.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ListBody {
    pub division: DivisionCode,
    pub name: String,
    pub id: Option<String>,
}

/// An item of a body's list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListItem {
    pub body: ListBody,
    pub name: String,
    pub sort: PowerSort,
    pub basic_code: Option<String>,
    pub code: Option<String>,
    pub level: Option<Level>,
    /// The version of the list that it stands in; empty where the list has none.
    pub version: String,
    pub standing: Option<Standing>,
    pub claim: Option<Claim>,
    pub claim_reason: String,
    pub statutory_limit: Option<Limit>,
    pub promised_limit: Option<Limit>,
    pub fee: String,
    /// How many materials are asked for.
    pub documents: usize,
    pub visits: Option<u32>,
    pub steps: Vec<String>,
    /// What its own record says of its duties.
    pub duties: String,
}

impl ListItem {
    /// Whether the body exercises it: what it has refused or given up stands in its list for an answer alone.
    pub fn is_exercised(&self) -> bool {
        self.claim != Some(Claim::Refused) && self.standing != Some(Standing::Cancelled)
    }
}

/// An item of a catalogue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Catalogued {
    pub division: DivisionCode,
    pub name: String,
    pub sort: PowerSort,
    pub basic_code: Option<String>,
    /// Levels that have to claim it; all where none is named.
    pub levels: Vec<Level>,
    pub standing: Option<Standing>,
    pub cancelled: Option<Date>,
    /// Codes of the items that it came of.
    pub from_codes: Vec<String>,
}

/// A duty that belongs to items.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListDuty {
    pub body: ListBody,
    /// Names and ids of the items.
    pub power: String,
    pub power_ids: Vec<String>,
    pub stage: String,
}

/// A version of a body's list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Version {
    pub body: ListBody,
    pub number: String,
    pub sort: ListSort,
    pub document_number: Option<String>,
    pub approved: Option<Date>,
    pub published: Option<Date>,
    /// The first day on which it holds, and the first on which it does no longer.
    pub from: Option<Date>,
    pub until: Option<Date>,
}

/// A change of a body's list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Changed {
    pub body: ListBody,
    pub title: String,
    pub change: ListMove,
    pub from_codes: Vec<String>,
    pub to_codes: Vec<String>,
    pub approved: Option<Date>,
    pub published: Option<Date>,
}

/// Days that tell the order of a decision and of its publication, where they contradict it.
pub(crate) fn published_before_approved(approved: Option<Date>, published: Option<Date>) -> Option<String> {
    let (approved, published) = (approved?, published?);
    (published < approved).then(|| format!("公布日期 {published} 早于批准日期 {approved}，请核对"))
}
