//! Institutions by whatever they are or were called.

use indexer::record::{Body, DivisionCode, Record};

use crate::{
    access::Actor,
    store::{RecordStore, StoreError, listings::List},
};

/// Institutions of one name that are looked through: a short name may be that of one in every county. Of more than these
/// nobody knows which is meant.
const MAX_OF_A_NAME: usize = 5_000;
/// Of them in one go: most names are those of one.
const AT_ONCE: usize = 50;

/// The record of the institution that somebody acts for: the account may have been made before the record, or under a
/// name that the institution had then.
pub fn institution_of(store: &RecordStore, who: &Actor) -> Result<Option<String>, StoreError> {
    match &who.office_id {
        Some(id) => Ok(Some(id.clone())),
        None => Ok(institution_called(store, &who.office_name, &who.division)?.map(|record| record.id)),
    }
}

/// The published institution of a division that is called so in full, or else in short, or else was; none where several
/// are, since nothing tells which is meant.
pub fn institution_called(
    store: &RecordStore,
    name: &str,
    division: &DivisionCode,
) -> Result<Option<Record>, StoreError> {
    let (mut full, mut short, mut before) = (Vec::new(), Vec::new(), Vec::new());
    let (mut after, mut looked_at): (Option<String>, usize) = (None, 0);
    loop {
        let listed = store.list(&List::Alike(name), after.as_deref(), AT_ONCE)?;
        looked_at += listed.len();
        if looked_at > MAX_OF_A_NAME {
            return Ok(None);
        }
        let is_last = listed.len() < AT_ONCE;
        after = listed.last().map(|(key, _)| key.clone());
        for (_, id) in listed {
            let Some(record) = store.head_of(&id)?.filter(Record::is_public) else { continue };
            let Body::Institution(institution) = &record.body else { continue };
            if institution.division != *division || !institution.names().any(|own| own == name) {
                continue;
            }
            if institution.name == name {
                full.push(record);
            } else if institution.former_names.iter().any(|former| former == name) {
                before.push(record);
            } else {
                short.push(record);
            }
        }
        if is_last {
            break;
        }
    }
    let mut called = [full, short, before].into_iter().find(|called| !called.is_empty()).unwrap_or_default();
    Ok(if called.len() == 1 { called.pop() } else { None })
}

#[cfg(test)]
mod tests {
    use indexer::record::samples;

    use super::*;
    use crate::store::Backend;

    #[test]
    fn a_full_name_comes_before_a_short_one_and_both_before_a_former_one() {
        let dir = tempfile::tempdir().unwrap();
        let store = RecordStore::open(Backend::Redb, dir.path()).unwrap();
        let of = |id: &str, name: &str, division: &str, short: &[&str], former: &[&str]| {
            let mut record = samples::institution(id, name, division);
            let Body::Institution(institution) = &mut record.body else { unreachable!() };
            let owned = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
            (institution.short_names, institution.former_names) = (owned(short), owned(former));
            record
        };
        // The institutions of one short name elsewhere come first in the list, more than are read in one go.
        let elsewhere = (0..120).map(|n| of(&format!("a-{n:03}"), &format!("甲{n}局"), "520302", &["乙局"], &[]));
        let here = [
            of("b-full", "乙局", "520300", &[], &[]),
            of("b-short", "甲市乙局", "520300", &["乙局", "丙局"], &[]),
            of("b-former", "甲市丁局", "520300", &[], &["乙局", "丙局", "丁局"]),
            of("b-one", "甲市戊局", "520300", &["戊局"], &[]),
            of("b-two", "甲市示例戊局", "520300", &["戊局"], &[]),
        ];
        store.import("institutions", elsewhere.chain(here), &mut |_| {}).unwrap();
        let called =
            |name: &str| institution_called(&store, name, &"520300".parse().unwrap()).unwrap().map(|record| record.id);
        for (name, id) in [
            ("乙局", Some("b-full")),
            ("丙局", Some("b-short")),
            ("丁局", Some("b-former")),
            ("甲市戊局", Some("b-one")),
            ("戊局", None),
            ("己局", None),
        ] {
            assert_eq!(called(name).as_deref(), id, "{name}");
        }
    }
}
