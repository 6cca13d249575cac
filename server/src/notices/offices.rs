//! The accounts of institutions, for tasks that are one institution's: after a law has changed there may be thousands.

use std::collections::{HashMap, hash_map::Entry};

use indexer::record::{DivisionCode, Task};

use crate::{
    access::{self, Actor},
    desk::institution_of,
    store::{RecordStore, StoreError, listings::List},
};

/// Accounts in force by their division, each with the record of its institution. Read once for many changes.
#[derive(Default)]
pub struct Offices {
    of: HashMap<DivisionCode, Vec<(Actor, Option<String>)>>,
}

impl Offices {
    /// The accounts of the institution of a task, in its division.
    pub fn of_task(
        &mut self,
        store: &RecordStore,
        division: &DivisionCode,
        task: &Task,
    ) -> Result<impl Iterator<Item = &Actor>, StoreError> {
        let all = match self.of.entry(division.clone()) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(new) => new.insert(read(store, division)?),
        };
        let own = |(who, id): &&(Actor, Option<String>)| task.is_of(&who.office_name, id.as_deref());
        Ok(all.iter().filter(own).map(|(who, _)| who))
    }
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
