//! What codes and accounts are called: people know a division and an office by name.

use indexer::record::{Body, DivisionCode};

use crate::store::{RecordStore, StoreError};

/// A division by name and code.
pub fn division(store: &RecordStore, code: &DivisionCode) -> Result<String, StoreError> {
    Ok(match store.head_of(code.as_str())?.map(|r| r.body) {
        Some(Body::Division(d)) => format!("{}（{code}）", d.name),
        _ if code.is_nation() => "全国".to_owned(),
        _ => code.to_string(),
    })
}

/// An office as its record is called now; where it has none, as it was called when the account was made.
pub fn office(store: &RecordStore, id: Option<&str>, name: &str) -> Result<String, StoreError> {
    let record = id.map(|id| store.head_of(id)).transpose()?.flatten();
    Ok(match record.map(|record| record.body) {
        Some(Body::Institution(i)) => i.name,
        _ => name.to_owned(),
    })
}
