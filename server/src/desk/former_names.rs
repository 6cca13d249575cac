//! Institutions by whatever they are or were called.

use indexer::record::{Body, DivisionCode, Record};

use crate::{
    access::Actor,
    store::{RecordStore, StoreError, listings::List},
};

/// Institutions of one name that are looked through.
const MAX_OF_A_NAME: usize = 50;

/// The record of the institution that somebody acts for: the account may have been made before the record, or under a
/// name that the institution had then.
pub fn institution_of(store: &RecordStore, who: &Actor) -> Result<Option<String>, StoreError> {
    match &who.office_id {
        Some(id) => Ok(Some(id.clone())),
        None => Ok(institution_called(store, &who.office_name, &who.division)?.map(|record| record.id)),
    }
}

/// The published institution of a division that is called so, or else was; none where several were, since nothing tells
/// which is meant.
pub fn institution_called(
    store: &RecordStore,
    name: &str,
    division: &DivisionCode,
) -> Result<Option<Record>, StoreError> {
    let (mut now, mut before) = (Vec::new(), Vec::new());
    for (_, id) in store.list(&List::Alike(name), None, MAX_OF_A_NAME)? {
        let Some(record) = store.head_of(&id)?.filter(Record::is_public) else { continue };
        let Body::Institution(institution) = &record.body else { continue };
        if institution.division != *division || !institution.names().any(|own| own == name) {
            continue;
        }
        match institution.former_names.iter().any(|former| former == name) && institution.name != name {
            true => before.push(record),
            false => now.push(record),
        }
    }
    let mut called = if now.is_empty() { before } else { now };
    Ok(if called.len() == 1 { called.pop() } else { None })
}
