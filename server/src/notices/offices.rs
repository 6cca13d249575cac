//! The accounts of institutions, for tasks that are one institution's: after a law has changed there may be thousands.

use std::collections::{HashMap, hash_map::Entry};

use indexer::record::{DivisionCode, Task};

use crate::{
    access::{self, Actor},
    desk::institution_of,
    store::{RecordStore, StoreError, listings::List},
};

/// Accounts in force by their division, each with the record of its institution; and by that record alone, since an
/// account may be of another division than its institution. Read once for many changes.
#[derive(Default)]
pub struct Offices {
    of: HashMap<DivisionCode, Vec<(Actor, Option<String>)>>,
    by_id: Option<HashMap<String, Vec<Actor>>>,
}

impl Offices {
    /// The accounts of the institution of a task: those of its division, and of others those that name its record.
    pub fn of_task(
        &mut self,
        store: &RecordStore,
        division: &DivisionCode,
        task: &Task,
    ) -> Result<impl Iterator<Item = &Actor>, StoreError> {
        let here = match self.of.entry(division.clone()) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(new) => new.insert(read(store, division)?),
        };
        if self.by_id.is_none() && task.office_id.is_some() {
            self.by_id = Some(by_id(store)?);
        }
        let elsewhere = match (&task.office_id, &self.by_id) {
            (Some(id), Some(all)) => all.get(id).map(Vec::as_slice).unwrap_or_default(),
            _ => &[],
        };
        let own = |(who, id): &&(Actor, Option<String>)| task.is_of(&who.office_name, id.as_deref());
        let here = here.iter().filter(own).map(|(who, _)| who);
        let division = division.clone();
        Ok(here.chain(elsewhere.iter().filter(move |who| who.division != division)))
    }
}

/// All accounts that name the record of their institution, by it.
fn by_id(store: &RecordStore) -> Result<HashMap<String, Vec<Actor>>, StoreError> {
    let mut all: HashMap<String, Vec<Actor>> = HashMap::new();
    for (_, id) in store.list(&List::Access("account", &DivisionCode::nation()), None, usize::MAX)? {
        let name = id.strip_prefix("account-");
        let who = name.map(|name| access::actor_of(store, name)).transpose()?.flatten();
        if let Some((id, who)) = who.and_then(|who| Some((who.office_id.clone()?, who))) {
            all.entry(id).or_default().push(who);
        }
    }
    Ok(all)
}

/// The accounts of a division itself.
fn read(store: &RecordStore, division: &DivisionCode) -> Result<Vec<(Actor, Option<String>)>, StoreError> {
    let mut all = Vec::new();
    // In the order of divisions: those of the division itself come first.
    for (key, id) in store.list(&List::Access("account", division), None, usize::MAX)? {
        if key.split('\0').nth(2) != Some(division.as_str()) {
            break;
        }
        let name = id.strip_prefix("account-");
        if let Some(who) = name.map(|name| access::actor_of(store, name)).transpose()?.flatten() {
            let institution = institution_of(store, &who)?;
            all.push((who, institution));
        }
    }
    Ok(all)
}
