//! Tables of regulations: their facts, by their columns. Texts come as documents.

use indexer::record::{Body, Info, Regulation, Word};

use super::{general, known::Known, prepared::Wanted, row::Row};
use crate::store::{StoreError, listings::List};

const NUMBER: &str = "文号";

/// Regulations of one number that are looked at.
const MAX_ALIKE: usize = 20;

/// What a row wants; `None` where it has faults.
pub fn read(
    row: &mut Row<'_>,
    known: &Known<'_>,
    kind: &'static Info,
    word: Word<'_>,
) -> Result<Option<Wanted>, StoreError> {
    let Some(wanted) = general::read(row, known, kind, word)? else { return Ok(None) };
    if let Body::Regulation(regulation) = &wanted.body
        && let Some(other) = same_number(known, regulation, &wanted.id)?
    {
        row.add_fault(NUMBER, format!("库中已有同一文号的文件（{other}）：要改它，请在“编号”列填写这个编号"));
        return Ok(None);
    }
    Ok(Some(wanted))
}

/// Another regulation with the document number.
fn same_number(known: &Known<'_>, regulation: &Regulation, id: &str) -> Result<Option<String>, StoreError> {
    let Some(number) = &regulation.document_number else { return Ok(None) };
    for (_, other) in known.store.list(&List::Number(number), None, MAX_ALIKE)? {
        let found = known.get(&other)?.filter(|_| other != id);
        if let Some(Body::Regulation(found)) = found.map(|record| record.body)
            && found.document_number.as_ref() == Some(number)
        {
            return Ok(Some(other));
        }
    }
    Ok(None)
}
