//! Tables of every kind that the general form serves: the columns say what a row may hold, and the kind what it means.

use indexer::record::{Body, Info, Record, Shape, State, typed};

use super::{ID, NOTHING, known::Known, prepared::Wanted, row::Row};
use crate::store::StoreError;

/// What a row wants; `None` where it has faults. An empty cell leaves what is there; `source` stands for new addresses.
pub fn read(
    row: &mut Row<'_>,
    known: &Known<'_>,
    kind: &'static Info,
    source: &str,
) -> Result<Option<Wanted>, StoreError> {
    check_divisions(row, known, kind)?;
    let named = row.text(ID);
    let mut before = None;
    if !named.is_empty() {
        before = known.store.get(named)?.filter(|r| r.state == State::Published && r.body.kind() == kind.name);
        if before.is_none() {
            row.tell(ID, format!("库中没有这个编号的{}：请核对；新记录留空", kind.label));
            return Ok(None);
        }
    }
    let Some(fresh) = filled(row, kind, before.as_ref()) else { return Ok(None) };
    let id = match (&before, fresh.id()) {
        (Some(record), _) => record.id.clone(),
        (None, Some(id)) => id,
        (None, None) => return Ok(None),
    };
    // A row of what is there already changes it, and its empty cells leave it.
    let body = match (&before, known.store.get(&id)?) {
        (None, Some(there)) => {
            before = Some(there);
            match filled(row, kind, before.as_ref()) {
                Some(body) => body,
                None => return Ok(None),
            }
        }
        _ => fresh,
    };
    let division = body.division().cloned();
    let body = body.with_evidence_of(before.as_ref().map(|record| &record.body), source);
    let owner = match &before {
        Some(record) => record.owner.clone(),
        None => division.filter(|code| !code.is_nation()),
    };
    Ok(Some(Wanted { id, before, owner, body }))
}

/// The record's facts, or a blank's, with the row's over them; `None` where the row has faults, which are told.
fn filled(row: &mut Row<'_>, kind: &'static Info, before: Option<&Record>) -> Option<Body> {
    let mut body = before.map(|record| record.body.clone()).or_else(|| Body::blank(kind.name))?;
    let typed = |label: &'static str| match row.text(label) {
        "" if before.is_some() => None,
        NOTHING => Some(""),
        text => Some(text),
    };
    match body.fill(|column| typed(column.label)) {
        Ok(()) => Some(body),
        Err(faults) => {
            // What the shape of the row told already is told once.
            let untold = |label: &str| row.faults.iter().all(|fault| fault.column != label);
            let faults: Vec<_> = faults.into_iter().filter(|(column, _)| untold(column.label)).collect();
            faults.into_iter().for_each(|(column, fault)| row.tell(column.label, fault));
            None
        }
    }
}

/// Tells of codes that are none of a division that the store has.
fn check_divisions(row: &mut Row<'_>, known: &Known<'_>, kind: &'static Info) -> Result<(), StoreError> {
    for column in kind.columns.iter().filter(|column| column.given && matches!(column.shape, Shape::Division)) {
        let typed = row.change(column.label).and_then(typed::code).filter(|code| !code.is_nation());
        if let Some(code) = typed
            && known.division(&code)?.is_none()
        {
            row.tell(column.label, "库中没有这个区划，请核对代码");
        }
    }
    Ok(())
}
