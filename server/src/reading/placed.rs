//! In which division a body lies that a document names: by its record, else by the names of divisions that begin its name.

use indexer::record::{Body, Division, DivisionCode, DivisionLevel, Record};

use crate::store::{RecordStore, StoreError, listings::List};

/// Bodies and divisions of one name that are looked through: the commonest name of a township has some hundred.
const MAX_ALIKE: usize = 500;
/// Characters of the longest name of a division: 积石山保安族东乡族撒拉族自治县.
const LONGEST: usize = 15;

/// The division of a body, or `None` where neither a record nor its name tells it. `near` is the division of whoever asks:
/// of several of one name the one on its line is meant.
pub fn division_of(store: &RecordStore, name: &str, near: &DivisionCode) -> Result<Option<DivisionCode>, StoreError> {
    let mut called: Vec<DivisionCode> = Vec::new();
    for (_, id) in store.list(&List::Alike(name), None, MAX_ALIKE)? {
        let Some(Record { body: Body::Institution(body), .. }) = store.get(&id)?.filter(Record::is_public) else {
            continue;
        };
        if body.name == name && !called.contains(&body.division) {
            called.push(body.division);
        }
    }
    if let Some(only) = the_one(called, near) {
        return Ok(Some(only));
    }
    if ["中华人民共和国", "国家", "国务院"].iter().any(|front| name.starts_with(front)) {
        return Ok(Some(DivisionCode::nation()));
    }
    let mut rest = name.strip_prefix("中共").unwrap_or(name);
    let mut found: Option<DivisionCode> = None;
    while let Some((code, len)) = beginning(store, rest, found.as_ref(), near)? {
        (found, rest) = (Some(code), &rest[len..]);
    }
    Ok(found)
}

/// The division with the longest name that a text begins with, and the bytes of the name; within another one where a name
/// stands behind that of another: 贵州省遵义市.
fn beginning(
    store: &RecordStore,
    text: &str,
    within: Option<&DivisionCode>,
    near: &DivisionCode,
) -> Result<Option<(DivisionCode, usize)>, StoreError> {
    let ends: Vec<usize> = text.char_indices().map(|(at, _)| at).skip(2).take(LONGEST - 1).collect();
    for end in ends.into_iter().rev() {
        let front = &text[..end];
        let mut codes: Vec<DivisionCode> = Vec::new();
        for (_, id) in store.list(&List::Division(front), None, MAX_ALIKE)? {
            let Some(Record { body: Body::Division(Division { name, code, level, .. }), .. }) = store.get(&id)? else {
                continue;
            };
            let fits = within.is_none_or(|within| within.covers(&code) && *within != code);
            if name == front && level != DivisionLevel::Township && fits && !codes.contains(&code) {
                codes.push(code);
            }
        }
        if let Some(code) = the_one(codes, near) {
            return Ok(Some((code, end)));
        }
    }
    Ok(None)
}

/// The only one, or the only one on the line of a division.
fn the_one(mut codes: Vec<DivisionCode>, near: &DivisionCode) -> Option<DivisionCode> {
    if codes.len() > 1 {
        codes.retain(|code| near.covers(code) || code.covers(near));
    }
    if codes.len() == 1 { codes.pop() } else { None }
}
