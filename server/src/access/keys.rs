//! Keys of other systems: portals that ask, offices' own systems that hand in.

use indexer::record::{ApiKey, Body, Date, DivisionCode, Provenance, Record, Scope, State};
use sha2::{Digest, Sha256};

use super::{AccountError, Actor, Maker, Rights, accounts};
use crate::{
    clock::today,
    store::{
        By, RecordStore, StoreError,
        listings::{List, RecordPage},
    },
};

/// What every key begins with, so that one that leaks is recognized.
const START: &str = "guansou_";
/// Most requests a minute that a key may be given: a hundred a second, a third of what one machine answers uncached.
pub const MAX_QUOTA: u32 = 6_000;

#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    #[error("请写明密钥的用途（2 至 60 个字）")]
    Purpose,
    #[error("请至少选择一项权限")]
    Scopes,
    #[error("每分钟的次数应为 1 到 {MAX_QUOTA}")]
    Quota,
    #[error("有效期已经过去")]
    Past,
    #[error("没有这个密钥")]
    Unknown,
    #[error(transparent)]
    Office(#[from] AccountError),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("无法取得随机数：{0}")]
    Random(#[from] getrandom::Error),
}

/// What an administrator gives.
#[derive(Debug, Clone)]
pub struct NewKey {
    pub purpose: String,
    pub office_id: Option<String>,
    pub office_name: String,
    pub division: DivisionCode,
    pub scopes: Vec<Scope>,
    pub quota: u32,
    pub until: Option<Date>,
    /// The account of whoever keeps it, where that is known.
    pub holder: Option<String>,
}

/// Makes a key; it is returned here and nowhere kept.
pub fn create(store: &RecordStore, new: NewKey, by: &By<'_>) -> Result<String, KeyError> {
    let purpose = new.purpose.trim().to_owned();
    if !(2..=60).contains(&purpose.chars().count()) || purpose.chars().any(char::is_control) {
        return Err(KeyError::Purpose);
    }
    if new.scopes.is_empty() {
        return Err(KeyError::Scopes);
    }
    if !(1..=MAX_QUOTA).contains(&new.quota) {
        return Err(KeyError::Quota);
    }
    if new.until.is_some_and(|until| until < today()) {
        return Err(KeyError::Past);
    }
    let (office_id, office_name) =
        accounts::office(store, new.office_id.as_deref(), &new.office_name, Maker::Administrator)?;
    let mut holders = vec![by.author.to_owned()];
    if let Some(holder) = new.holder.filter(|holder| holder != by.author) {
        accounts::find(store, &holder)?.ok_or_else(|| AccountError::Unknown(holder.clone()))?;
        holders.push(holder);
    }
    let mut bytes = [0u8; 32];
    getrandom::fill(&mut bytes)?;
    let key = format!("{START}{}", hex::encode(bytes));
    let hash = hash(&key);
    let id = format!("key-{}", &hash[..16]);
    let body = ApiKey {
        purpose,
        office_id,
        office_name,
        division: new.division.clone(),
        scopes: new.scopes,
        quota: new.quota,
        until: new.until,
        holders,
        hash,
    };
    let from = Provenance { source: "account".into(), place: None, date: Some(today()), licence: None };
    let record = Record::published(id, Some(new.division), vec![from], Body::ApiKey(body));
    store.put(Record { state: State::Approved, ..record }, by)?;
    Ok(key)
}

/// Whose key this is, with its quota; `None` for one that is unknown, closed or over.
pub fn find(store: &RecordStore, key: &str) -> Result<Option<(Actor, u32)>, StoreError> {
    let hash = hash(key);
    for (_, id) in store.list(&List::Key(&hash), None, 1)? {
        let Some(record) = store.get(&id)?.filter(|record| record.state == State::Approved) else { continue };
        let Body::ApiKey(k) = record.body else { continue };
        if k.hash == hash && k.until.is_none_or(|until| until >= today()) {
            let mut behind = k.holders;
            if behind.is_empty() {
                // From before holders were kept: whoever made it.
                behind.extend(store.info(&id, 1)?.map(|info| info.author));
            }
            let actor = Actor {
                name: id,
                office_id: k.office_id,
                office_name: k.office_name,
                division: k.division,
                rights: Rights::Key(k.scopes),
                behind,
            };
            return Ok(Some((actor, k.quota)));
        }
    }
    Ok(None)
}

/// The keys of a division and below it, beginning after `after`, at most `limit`.
pub fn list(
    store: &RecordStore,
    division: &DivisionCode,
    after: Option<&str>,
    limit: usize,
) -> Result<RecordPage<(Record, ApiKey)>, StoreError> {
    let page = store.page(&List::Access("api_key", division), after, limit)?;
    Ok(page.filter_map(|record| match record.body.clone() {
        Body::ApiKey(key) => Some((record, key)),
        _ => None,
    }))
}

/// Closes a key for good.
pub fn withdraw(store: &RecordStore, id: &str, by: &By<'_>) -> Result<(), KeyError> {
    let record = store.get(id)?.filter(|record| matches!(record.body, Body::ApiKey(_))).ok_or(KeyError::Unknown)?;
    store.put(Record { state: State::Withdrawn, ..record }, by)?;
    Ok(())
}

fn hash(key: &str) -> String {
    hex::encode(Sha256::digest(key))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::Backend;

    const BY: By<'_> = By { author: "test", reason: "" };

    #[test]
    fn a_key_is_its_offices_until_it_is_closed_or_over() {
        let dir = tempfile::tempdir().unwrap();
        let store = RecordStore::open(Backend::Redb, dir.path()).unwrap();
        let new = NewKey {
            purpose: "门户检索".into(),
            office_id: None,
            office_name: "贵州省政务服务中心".into(),
            division: "520000".parse().unwrap(),
            scopes: vec![Scope::Search],
            quota: 60,
            until: None,
            holder: None,
        };
        let office = indexer::record::samples::institution("zw", "贵州省政务服务中心", "520000");
        store.import("o", [office], &mut |_| {}).unwrap();
        let key = create(&store, new.clone(), &BY).unwrap();
        let (actor, quota) = find(&store, &key).unwrap().unwrap();
        assert_eq!((actor.office().as_str(), quota), ("zw", 60));
        assert_eq!(actor.behind, ["test"], "whoever made it");
        assert!(find(&store, &key[..key.len() - 1]).unwrap().is_none());
        let listed = list(&store, &DivisionCode::nation(), None, 1).unwrap();
        assert_eq!((listed.records.len(), listed.next.is_none()), (1, true));
        assert!(list(&store, &"530000".parse().unwrap(), None, 9).unwrap().records.is_empty());
        assert!(!format!("{listed:?}").contains(&key), "only its hash is kept");
        withdraw(&store, &actor.name, &BY).unwrap();
        assert!(find(&store, &key).unwrap().is_none());
        for (wrong, told) in [
            (NewKey { purpose: "x".into(), ..new.clone() }, "用途"),
            (NewKey { scopes: Vec::new(), ..new.clone() }, "权限"),
            (NewKey { quota: 0, ..new.clone() }, "次数"),
            (NewKey { until: Some(Date::constant(2020, 1, 1)), ..new.clone() }, "有效期"),
            (NewKey { office_name: String::new(), ..new }, "机构"),
        ] {
            let error = create(&store, wrong, &BY).unwrap_err().to_string();
            assert!(error.contains(told), "{error}");
        }
    }
}
