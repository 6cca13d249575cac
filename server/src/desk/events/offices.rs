//! The institutions that have accounts, and which of them answers for a record.
//!
//! A list may name an institution as it was called when the list was made, and an account may have been made under an
//! older name: both mean the institution whose record has the name among its own.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use indexer::record::{Account, Body, DivisionCode, Kind as _};

use crate::{
    access::{self, Act, Actor, Subject},
    desk::former_names::institution_called,
    store::{RecordStore, StoreError},
};

/// An institution as its accounts call it, and its record where they name one. Of no name: none that has accounts.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Office {
    pub name: String,
    pub id: Option<String>,
}

/// An institution as a record or an account says it: its division and name.
type Named = (DivisionCode, String);

/// The institutions that have accounts in force of those who may settle tasks.
#[derive(Default)]
pub struct Offices {
    by_id: HashMap<String, Office>,
    named: HashMap<Named, Office>,
    /// Those of other names: the items of a list say the same one over and over.
    others: Mutex<HashMap<Named, Office>>,
}

impl Offices {
    pub fn read(store: &RecordStore) -> Result<Self, StoreError> {
        let mut all = Self::default();
        for id in store.ids_of(Account::NAME)? {
            let Some(record) = store.head_of(&id)? else { continue };
            let Body::Account(account) = &record.body else { continue };
            let Some(who) = access::actor(&record, account) else { continue };
            // A task of those who may only read would wait for nobody.
            if access::may(Some(&who), Act::Settle, &Subject::of(&who.division)).is_err() {
                continue;
            }
            let Actor { office_id: id, office_name: name, division, .. } = who;
            let id = match id {
                Some(id) => Some(id),
                None => institution_called(store, &name, &division)?.map(|record| record.id),
            };
            let own = Office { name: name.clone(), id: id.clone() };
            // One institution is one office, under however many names its accounts were made.
            let office = match id {
                Some(id) => all.by_id.entry(id).or_insert(own).clone(),
                None => own,
            };
            all.named.entry((division, name)).or_insert(office);
        }
        Ok(all)
    }

    /// The one in charge of a record of a division.
    pub fn of(&self, store: &RecordStore, body: &Body, division: &DivisionCode) -> Result<Office, StoreError> {
        if self.named.is_empty() {
            return Ok(Office::default());
        }
        let Some((name, id)) = body.in_charge() else { return Ok(Office::default()) };
        if let Some(office) = id.as_ref().and_then(|id| self.by_id.get(id)) {
            return Ok(office.clone());
        }
        let said = (division.clone(), name);
        if let Some(office) = self.named.get(&said) {
            return Ok(office.clone());
        }
        // What names a record is that one's, whatever it is called.
        if id.is_some() {
            return Ok(Office::default());
        }
        let others = || self.others.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(office) = others().get(&said) {
            return Ok(office.clone());
        }
        let (division, name) = &said;
        let record = institution_called(store, name, division)?;
        let office = record.and_then(|record| self.by_id.get(&record.id)).cloned().unwrap_or_default();
        others().insert(said, office.clone());
        Ok(office)
    }
}
