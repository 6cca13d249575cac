//! What the store has, as far as rows are compared with it.

use std::{cell::RefCell, collections::HashMap};

use indexer::record::{Body, Division, DivisionCode, Institution, Record, State};
use sha2::{Digest, Sha256};

use crate::store::{RecordStore, StoreError};

/// Bodies by full name, divisions by code. Read once for a whole table.
pub struct Known<'a> {
    pub store: &'a RecordStore,
    bodies: HashMap<String, Vec<(DivisionCode, String)>>,
    divisions: RefCell<HashMap<String, Option<Division>>>,
}

impl<'a> Known<'a> {
    pub fn new(store: &'a RecordStore) -> Result<Self, StoreError> {
        let mut bodies: HashMap<String, Vec<(DivisionCode, String)>> = HashMap::new();
        store.each_of::<StoreError>("institution", &mut |record| {
            if let Record { id, state: State::Published, body: Body::Institution(i), .. } = record {
                bodies.entry(i.name).or_default().push((i.division, id));
            }
            Ok(())
        })?;
        Ok(Self { store, bodies, divisions: RefCell::default() })
    }

    /// A body that the table itself brings, so that others of the table can lie below it.
    pub fn announce(&mut self, name: &str, division: &DivisionCode) {
        let there = self.bodies.entry(name.to_owned()).or_default();
        if there.iter().all(|(known, _)| known != division) {
            there.push((division.clone(), body_id(division, name)));
        }
    }

    /// Ids of the bodies with a full name, in a division where one is given.
    pub fn bodies(&self, name: &str, division: Option<&DivisionCode>) -> Vec<&str> {
        let all = self.bodies.get(name).into_iter().flatten();
        all.filter(|(place, _)| division.is_none_or(|d| d == place)).map(|(_, id)| id.as_str()).collect()
    }

    pub fn division(&self, code: &DivisionCode) -> Result<Option<Division>, StoreError> {
        if let Some(known) = self.divisions.borrow().get(code.as_str()) {
            return Ok(known.clone());
        }
        let found = match self.store.get(code.as_str())? {
            Some(Record { state: State::Published, body: Body::Division(d), .. }) => Some(d),
            _ => None,
        };
        self.divisions.borrow_mut().insert(code.to_string(), found.clone());
        Ok(found)
    }

    /// A body's record, published.
    pub fn body(&self, id: &str) -> Result<Option<(Record, Institution)>, StoreError> {
        Ok(self.store.get(id)?.filter(|r| r.state == State::Published).and_then(|record| match record.body.clone() {
            Body::Institution(i) => Some((record, i)),
            _ => None,
        }))
    }
}

/// The id of a body that a table brings: `i-` and 12 hex digits of the sha256 of its division and full name, so that the
/// same row makes the same record however often it comes, and bodies of one name in two places two. It stays when the body
/// is renamed.
pub fn body_id(division: &DivisionCode, name: &str) -> String {
    let hash = Sha256::digest(format!("{division}\0{name}"));
    format!("i-{}", &hex::encode(hash)[..12])
}
