//! A list of the official register held against ours. The differences are reported name by name; what a rule settles is
//! settled when somebody asks for it, and the rest one by one by a person. What a list attests has evidence `registry`.

mod list;
mod settle;

use std::collections::{BTreeMap, HashSet};

use indexer::{
    record::{Body, Date, DivisionCode, Record, WebName, web_name_id},
    web_name::{
        Host, Registry,
        naming::{Here, RegistryRow, Settlement, Sides, Where},
    },
};

use super::{NamingError, dns::is_ours, register::is_held};
use crate::{
    access::{self, Act, Actor, Denied, Subject},
    clock::today,
    desk::Desk,
    store::{RecordStore, listings::List},
};

pub use list::COLUMNS;
pub use settle::{Settled, settle, settle_by_rule};

/// Rows of a list that comes by a form: as many as one of 256 KiB holds with its token.
pub const MAX_BY_FORM: usize = 2_000;
/// Rows of a list that comes by the command line: some times the names under .政务, .公益 and gov.cn together.
pub const MAX_BY_COMMAND: usize = 500_000;
/// Names of ours that are asked of the store at once.
const PER_PAGE: usize = 5_000;

/// A name on which the list and ours are held against one another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    pub id: String,
    pub revision: u64,
    pub name: String,
    pub sides: Sides,
    pub place: Where,
    pub settlement: Settlement,
    /// Whether it can stay as it is here: what was never registered here has no other side to be held to.
    pub ours: bool,
}

impl Difference {
    /// What somebody may decide about it; nothing where the rules settle it.
    pub fn decisions(&self) -> Vec<Decision> {
        let asks = self.settlement == Settlement::Ask;
        Decision::ALL.into_iter().filter(|decision| asks && (*decision == Decision::List || self.ours)).collect()
    }

    /// As tables show it: name, where it is, the last list, this list, ours, what the rules make of it.
    pub fn cells(&self) -> [String; 6] {
        let said = |holder: &str, day: Option<Date>| match day {
            Some(day) => format!("{holder}，到期 {day}"),
            None => holder.to_owned(),
        };
        let row =
            |row: &Option<RegistryRow>| row.as_ref().map(|row| said(&row.holder, row.expires)).unwrap_or_default();
        let here = self.sides.here.as_ref().map(|here| said(&here.holder, here.expires)).unwrap_or_default();
        let (place, rule) = (self.place.label().to_owned(), self.settlement.label().to_owned());
        [self.name.clone(), place, row(&self.sides.before), row(&self.sides.list), here, rule]
    }
}

/// Headers of [`Difference::cells`].
pub const DIFFERENCE_COLUMNS: [&str; 6] = ["名称", "在哪边", "上次名单", "这次名单", "本平台", "规则"];

/// What somebody decides about a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    /// As the list has it.
    List,
    /// As it stands here.
    Ours,
}

impl Decision {
    pub const ALL: [Decision; 2] = [Self::List, Self::Ours];

    pub fn name(self) -> &'static str {
        match self {
            Self::List => "list",
            Self::Ours => "ours",
        }
    }

    pub fn label(self) -> &'static str {
        match self {
            Self::List => "按名单",
            Self::Ours => "按本平台",
        }
    }
}

/// A list that somebody gives.
#[derive(Debug, Clone, Copy)]
pub struct ListGiven<'a> {
    pub table: &'a str,
    /// How many rows it may have.
    pub most: usize,
    /// What it is called, and the day as of which it holds.
    pub called: &'a str,
    pub on: Date,
    /// Whether it has all names of the registries that it has any of: what it lacks is a difference then.
    pub whole: bool,
}

/// Registers are national: whoever looks after all names settles what they say.
fn may_settle(who: &Actor) -> Result<(), Denied> {
    access::may(Some(who), Act::Approve, &Subject::of(&DivisionCode::nation()))
}

/// A list that was read: names (A-labels) with their rows.
struct RegisterList<'a> {
    given: ListGiven<'a>,
    rows: BTreeMap<String, RegistryRow>,
    registries: HashSet<Registry>,
}

impl<'a> RegisterList<'a> {
    fn read(who: &Actor, given: ListGiven<'a>) -> Result<Self, NamingError> {
        may_settle(who)?;
        if given.on > today() {
            return Err(NamingError::Rule(format!("名单的日期 {} 还没有到", given.on)));
        }
        let rows =
            list::read(given.table, given.on, given.most).map_err(|faults| NamingError::Table(faults.join("；")))?;
        let registry = |ascii: &String| Registry::of(ascii).ok_or_else(|| NamingError::NoRegistry(ascii.clone()));
        let registries = rows.keys().map(registry).collect::<Result<_, _>>()?;
        Ok(Self { given, rows, registries })
    }

    /// The difference in one name, where there may be one.
    fn difference(&self, store: &RecordStore, desk: &Desk, id: &str) -> Result<Option<Difference>, NamingError> {
        let record = store.get(id)?.filter(Record::is_public);
        let name = record.as_ref().and_then(web_name);
        let listed = match name {
            Some(name) => self.rows.get_key_value(&name.ascii),
            None => self.rows.iter().find(|(ascii, _)| web_name_id(ascii) == id),
        };
        match (listed, name) {
            (Some((ascii, row)), _) => difference(store, desk, id, ascii, record.as_ref(), Some(row.clone())).map(Some),
            (None, Some(name)) if self.lacks(desk, name) => {
                difference(store, desk, id, &name.ascii, record.as_ref(), None).map(Some)
            }
            _ => Ok(None),
        }
    }

    /// Whether a name that is held here is missed in the list.
    fn lacks(&self, desk: &Desk, name: &WebName) -> bool {
        let covered = Registry::of(&name.ascii).is_some_and(|registry| self.registries.contains(&registry));
        self.given.whole && covered && !self.rows.contains_key(&name.ascii) && is_held(desk, name)
    }
}

fn web_name(record: &Record) -> Option<&WebName> {
    match &record.body {
        Body::WebName(name) => Some(name),
        _ => None,
    }
}

/// Holds a list against ours; nothing is written. What both say the same is told too, so that it can be attested.
pub fn differences(
    store: &RecordStore,
    desk: &Desk,
    who: &Actor,
    given: ListGiven<'_>,
) -> Result<Vec<Difference>, NamingError> {
    let list = RegisterList::read(who, given)?;
    let mut all = Vec::new();
    for (ascii, row) in &list.rows {
        let id = web_name_id(ascii);
        let record = store.get(&id)?.filter(Record::is_public);
        all.push(difference(store, desk, &id, ascii, record.as_ref(), Some(row.clone()))?);
    }
    if given.whole {
        each_with_a_term(store, &mut |record| {
            if let Some(name) = web_name(&record).filter(|name| list.lacks(desk, name)) {
                all.push(difference(store, desk, &record.id, &name.ascii, Some(&record), None)?);
            }
            Ok(true)
        })?;
    }
    all.sort_by(|a, b| b.settlement.cmp(&a.settlement).then_with(|| a.name.cmp(&b.name)));
    Ok(all)
}

fn difference(
    store: &RecordStore,
    desk: &Desk,
    id: &str,
    ascii: &str,
    record: Option<&Record>,
    list: Option<RegistryRow>,
) -> Result<Difference, NamingError> {
    let ours = record.and_then(web_name);
    let life = ours.and_then(|name| name.life.as_ref());
    let (before, kept) = (life.and_then(|l| l.listed.clone()), life.is_some_and(|l| l.retained.is_some()));
    let here = match ours.filter(|name| is_held(desk, name)) {
        Some(name) => {
            let holder = name.institution_id.as_deref().map(|id| store.get(id)).transpose()?.flatten();
            let also = match holder.map(|holder| holder.body) {
                Some(Body::Institution(body)) => body.names().map(str::to_owned).collect(),
                _ => Vec::new(),
            };
            let expires = name.life.as_ref().and_then(|life| life.expires);
            Some(Here { holder: name.institution_name.clone(), also, expires })
        }
        None => None,
    };
    let sides = Sides { before, list, here, retained: kept };
    let name = Host::parse(ascii).map_or_else(|_| ascii.to_owned(), |host| host.unicode);
    Ok(Difference {
        id: id.to_owned(),
        revision: record.map_or(0, |record| record.revision),
        name,
        place: sides.place(),
        settlement: sides.settlement(),
        sides,
        ours: life.is_some(),
    })
}

/// Hands out the registered names by the day on which they run out, until `take` wants no more.
fn each_with_a_term(
    store: &RecordStore,
    take: &mut dyn FnMut(Record) -> Result<bool, NamingError>,
) -> Result<(), NamingError> {
    let mut after: Option<String> = None;
    loop {
        let page = store.list(&List::Expiries, after.as_deref(), PER_PAGE)?;
        for (_, id) in &page {
            if let Some(record) = store.get(id)?.filter(Record::is_public)
                && !take(record)?
            {
                return Ok(());
            }
        }
        match page.into_iter().nth(PER_PAGE - 1) {
            Some((key, _)) => after = Some(key),
            None => return Ok(()),
        }
    }
}

/// Whether somebody may look after the list at all, for the page.
pub fn may_reconcile(who: &Actor) -> bool {
    may_settle(who).is_ok()
}

/// Names of a territory with their certificates, by the day on which they run out.
pub fn of_territory(store: &RecordStore, desk: &Desk, who: &Actor, most: usize) -> Result<Vec<Record>, NamingError> {
    let mut found = Vec::new();
    each_with_a_term(store, &mut |record| {
        let held = web_name(&record).is_some_and(|name| is_held(desk, name));
        if held && is_ours(store, who, &record)? {
            found.push(record);
        }
        Ok(found.len() < most)
    })?;
    Ok(found)
}

#[cfg(test)]
mod tests;
