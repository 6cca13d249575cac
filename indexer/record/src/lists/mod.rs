//! Lists of powers and duties 权力清单、责任清单: what the kinds of record that make them up share, and what pages know
//! of such a record without knowing its kind.
//!
//! The catalogue 基本目录 of a division says what institutions below it have to claim; an institution's list has its
//! items, each with its duties; the list has versions, and changes with their reasons lie between these. The rules that
//! hold between records are in [`rules`]; those of a record alone stand in its kind's folder.

pub mod codes;
pub(crate) mod columns;
mod consists;
mod limit;
pub mod rules;
mod words;

use sha2::{Digest, Sha256};

use crate::{Date, DivisionCode, RegulationLevel, basis, work_reference};

pub use consists::{items_hash, items_text};
pub use limit::{Limit, LimitUnit};
pub use words::{Claim, Handling, Level, ListMove, ListSort, Nature, Online, Origin, PowerSort, Standing, Trigger};

/// 行政许可法 第十四条、第十五条: laws, regulations of the State Council and local regulations set licences, its
/// decisions and rules of provinces for a time.
pub const MAY_SET_A_LICENCE: [RegulationLevel; 5] = [
    RegulationLevel::Constitution,
    RegulationLevel::Law,
    RegulationLevel::AdministrativeRegulation,
    RegulationLevel::LocalRegulation,
    RegulationLevel::LocalGovernmentRule,
];

/// What a record of a list rests on at most: records, and works of law by which it is found when they change. With its
/// other entries they fit into the store's largest value.
const MAX_RESTED_ON: usize = 60;

/// What a record is in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ListRow {
    Item(Box<ListItem>),
    Catalogued(Catalogued),
    Duty(ListDuty),
    Version(Version),
    Change(Changed),
}

/// The institution whose list it is: by name in its division, since institutions without a record have lists too.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ListOwner {
    pub division: DivisionCode,
    pub name: String,
    pub id: Option<String>,
}

impl ListOwner {
    pub(crate) fn of(division: &DivisionCode, name: &str, id: Option<&String>) -> Self {
        Self { division: division.clone(), name: name.to_owned(), id: id.cloned() }
    }
}

/// An item of an institution's list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListItem {
    pub owner: ListOwner,
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
    /// Whether the institution exercises it: what it has refused or given up stands in its list for an answer alone.
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
    pub owner: ListOwner,
    /// Names and ids of the items.
    pub power: String,
    pub power_ids: Vec<String>,
    pub stage: String,
}

/// A version of an institution's list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Version {
    pub owner: ListOwner,
    pub number: String,
    pub sort: ListSort,
    pub document_number: Option<String>,
    pub approved: Option<Date>,
    pub published: Option<Date>,
    /// The first day on which it holds, and the first on which it does no longer.
    pub from: Option<Date>,
    pub until: Option<Date>,
    /// What it says that it consists of.
    pub stated: Stated,
}

/// What the record of a version says that it consists of: how many items, and [`items_hash`] of them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Stated {
    pub items: Option<u32>,
    pub hash: Option<String>,
}

/// A change of an institution's list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Changed {
    pub owner: ListOwner,
    pub title: String,
    pub change: ListMove,
    pub from_codes: Vec<String>,
    pub to_codes: Vec<String>,
    pub approved: Option<Date>,
    pub published: Option<Date>,
}

impl PowerSort {
    /// The levels of regulations that a power of the kind may rest on; `None` where any may.
    pub(crate) fn may_rest_on(self) -> Option<&'static [RegulationLevel]> {
        (self == Self::Licence).then_some(&MAY_SET_A_LICENCE)
    }

    /// P10: what is reported of a code whose inside says another kind.
    pub(crate) fn unlike_code(self, inside: Option<Self>) -> Option<String> {
        let inside = inside.filter(|inside| *inside != self)?;
        Some(format!("编码里的事项类型是{}，与“{}”不同", inside.label(), self.label()))
    }
}

/// An id: `prefix`, and 12 hex digits of the sha256 of what tells records of a list apart.
pub(crate) fn id(prefix: &str, told: &[&str]) -> String {
    format!("{prefix}-{}", &hex::encode(Sha256::digest(told.join("\0")))[..12])
}

/// The name of an item with its part, where lists give that beside the name.
pub(crate) fn full_name(name: &str, part: &str) -> String {
    if part.is_empty() { name.to_owned() } else { format!("{name}（{part}）") }
}

/// What a record rests on: other records, and the works that its texts cite, each once.
pub(crate) fn rests_on<'t>(
    records: impl Iterator<Item = String>,
    texts: impl IntoIterator<Item = &'t str>,
) -> Vec<String> {
    let mut on: Vec<String> = records.collect();
    for regulation in texts.into_iter().flat_map(basis::read) {
        let work = work_reference(&regulation.title);
        if on.len() < MAX_RESTED_ON && !on.contains(&work) {
            on.push(work);
        }
    }
    on
}

/// What is said of a record beside its name, parts that are not known left out.
pub(crate) fn about(parts: [Option<String>; 3]) -> String {
    parts.into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

/// Days that tell the order of a decision and of its publication, where they contradict it.
pub(crate) fn published_before_approved(approved: Option<Date>, published: Option<Date>) -> Option<String> {
    let (approved, published) = (approved?, published?);
    (published < approved).then(|| format!("公布日期 {published} 早于批准日期 {approved}，请核对"))
}
