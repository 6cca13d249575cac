//! Records as a table of their kind, as it is brought in again: the same columns, with the id of each.

use indexer::record::Record;

use super::{ID, Kind, lines::PART};
use crate::{
    exchange::csv_line,
    store::{RecordStore, StoreError},
};

/// Between several values in a cell.
const BETWEEN: &str = "；";

/// The published records of a kind that are `wanted`: CSV in UTF-8 with a byte order mark. Brought in again, the table changes
/// nothing.
pub fn export(store: &RecordStore, kind: Kind, wanted: &dyn Fn(&Record) -> bool) -> Result<Vec<u8>, StoreError> {
    let own: Vec<&str> = kind.0.columns.iter().filter(|column| column.given).map(|column| column.label).collect();
    let header: Vec<String> = own.iter().chain(&[ID]).map(|name| (*name).to_owned()).collect();
    debug_assert!(!header.iter().any(|name| name == PART.name));
    let mut text = [b"\xEF\xBB\xBF".to_vec(), csv_line(header)?].concat();
    store.each_of::<StoreError>(kind.0.name, &mut |record| {
        if wanted(&record) {
            let given = record.body.facts().filter(|(column, _)| column.given);
            let cells = given.map(|(_, values)| values.join(BETWEEN)).chain([record.id.clone()]);
            text.extend(csv_line(cells.collect())?);
        }
        Ok(())
    })?;
    Ok(text)
}
