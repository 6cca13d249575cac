//! Records as a table of their kind, as it is brought in again: the same columns, with the id of each.

use indexer::record::Record;

use super::{ID, Kind, lines::PART};
use crate::{
    exchange::csv_line,
    store::{RecordStore, StoreError},
};

/// Between several values in a cell.
const BETWEEN: &str = "；";

/// Hands on the records of a kind that are `wanted`, line by line: CSV in UTF-8 with a byte order mark, until `take` wants no
/// more. Brought in again, the table changes nothing.
pub fn export(
    store: &RecordStore,
    kind: Kind,
    wanted: &dyn Fn(&Record) -> bool,
    take: &mut dyn FnMut(Vec<u8>) -> bool,
) -> Result<(), StoreError> {
    let own: Vec<&str> = kind.0.columns.iter().filter(|column| column.given).map(|column| column.label).collect();
    let header: Vec<String> = own.iter().chain(&[ID]).map(|name| (*name).to_owned()).collect();
    debug_assert!(!header.iter().any(|name| name == PART.name));
    if !take([b"\xEF\xBB\xBF".to_vec(), csv_line(header)?].concat()) {
        return Ok(());
    }
    store.each_until(kind.0.name, &mut |record| {
        if !wanted(&record) {
            return Ok(true);
        }
        let given = record.body.facts().filter(|(column, _)| column.given);
        let cells = given.map(|(_, values)| values.join(BETWEEN)).chain([record.id.clone()]);
        Ok(take(csv_line(cells.collect())?))
    })
}
