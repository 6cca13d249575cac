//! Institutions by their full names: the one that a record names is linked to its record, and one that a new record would
//! double is found.

use indexer::record::{Body, Institution, Record, State};

use crate::store::{RecordStore, StoreError, listings::List};

/// Institutions of names alike that are looked at.
const MAX_ALIKE: usize = 20;

/// Finds the record of the institution that an institution names, where only one has the name.
pub fn link(store: &RecordStore, body: &mut Body) -> Result<(), StoreError> {
    let Some((name, id @ None)) = body.named_institution() else { return Ok(()) };
    // Of several of one name it is not known which; the name stays.
    if let [(only, _)] = &called(store, name)?[..] {
        *id = Some(only.clone());
    }
    Ok(())
}

/// The published institution that a new one would double: of the same full name, in the same division.
pub fn doubled(store: &RecordStore, body: &Body) -> Result<Option<String>, StoreError> {
    let Body::Institution(new) = body else { return Ok(None) };
    let found = called(store, &new.name)?;
    Ok(found.into_iter().find(|(_, there)| there.division == new.division).map(|(id, _)| id))
}

/// Published institutions of a full name.
fn called(store: &RecordStore, name: &str) -> Result<Vec<(String, Institution)>, StoreError> {
    let mut found = Vec::new();
    for (_, id) in store.list(&List::Alike(name), None, MAX_ALIKE)? {
        if let Some(Record { state: State::Published, body: Body::Institution(i), .. }) = store.get(&id)?
            && i.name == name
        {
            found.push((id, i));
        }
    }
    Ok(found)
}
