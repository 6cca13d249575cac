//! Links by which the owner of an account sets the password: nobody else ever knows it.
//!
//! A link is 256 random bits, of which the store has the hash; it is over when it was used, when another was made for
//! the account, or after some days. It is no part of a backup.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::{
    Passwords, WeakPassword,
    password_hashes::{self, NotHashed},
    session_table,
    tokens::hash,
};
use crate::store::{RecordStore, Secrets, StoreError};

/// Table of links, by the hash of their token.
const TABLE: &str = "link";
/// For how long a link holds: over a weekend.
pub const LINK_HOURS: i64 = 72;

/// Why a password was not set.
#[derive(Debug, thiserror::Error)]
pub enum LinkError {
    #[error("这个链接已经用过、过期，或被新的链接取代：请向管理员要一个新的")]
    Over,
    #[error(transparent)]
    Weak(#[from] WeakPassword),
    #[error(transparent)]
    Hash(#[from] NotHashed),
    #[error(transparent)]
    Store(#[from] StoreError),
}

#[derive(Serialize, Deserialize)]
struct StoredLink {
    account: String,
    until: Timestamp,
}

/// Keeps a link for an account, in place of every other.
pub(super) fn keep(secrets: &mut Secrets<'_>, account: &str, token: &str) -> Result<(), StoreError> {
    let now = Timestamp::now();
    forget(secrets, account, now)?;
    let kept = StoredLink { account: account.to_owned(), until: now + SignedDuration::from_hours(LINK_HOURS) };
    let kept = serde_json::to_string(&kept).map_err(|e| StoreError::Engine(e.to_string()))?;
    secrets.put(TABLE, &hash(token), &kept);
    Ok(())
}

/// Takes out the links of an account, and those that are over.
fn forget(secrets: &mut Secrets<'_>, account: &str, now: Timestamp) -> Result<(), StoreError> {
    for (hash, kept) in secrets.starting(TABLE, "")? {
        if read(&kept, now).is_none_or(|kept| kept.account == account) {
            secrets.delete(TABLE, &hash);
        }
    }
    Ok(())
}

/// The account that a link is for; `None` for one that is over.
pub fn account_of(store: &RecordStore, token: &str) -> Result<Option<String>, StoreError> {
    let kept = store.secret(TABLE, &hash(token))?;
    Ok(kept.and_then(|kept| read(&kept, Timestamp::now())).map(|kept| kept.account))
}

/// Sets the password of a link's account, and ends the link and all sessions of the account; returns its name.
pub fn set_password(store: &RecordStore, token: &str, password: &str) -> Result<String, LinkError> {
    let name = account_of(store, token)?.ok_or(LinkError::Over)?;
    Passwords::check_strength(&name, password)?;
    let kept = password_hashes::stored_form(password, false)?;
    let set = store.change_secrets(|secrets| {
        let now = Timestamp::now();
        // Used or replaced since it was looked up.
        let holds = secrets.get(TABLE, &hash(token))?.and_then(|kept| read(&kept, now)).is_some();
        if holds {
            forget(secrets, &name, now)?;
            password_hashes::keep(secrets, &name, &kept);
            session_table::end_all(secrets, &name)?;
        }
        Ok(holds)
    })?;
    if set { Ok(name) } else { Err(LinkError::Over) }
}

/// What is kept of a link that holds. One from a time that has not come is none: a clock that was set back makes none
/// longer.
fn read(kept: &str, now: Timestamp) -> Option<StoredLink> {
    let kept: StoredLink = serde_json::from_str(kept).ok()?;
    let left = kept.until.duration_since(now);
    (SignedDuration::ZERO < left && left <= SignedDuration::from_hours(LINK_HOURS + 1)).then_some(kept)
}

#[cfg(test)]
mod tests {
    use indexer::record::{DivisionCode, Role, samples};

    use super::*;
    use crate::{
        access::{
            AccountError, Attempts, Maker, NewAccount, confirm, create, decline, find, new_link, office, set_role,
            sign_in,
        },
        store::{Backend, By},
    };

    const BY: By<'_> = By { author: "admin.1", reason: "" };
    const PASSWORD: &str = "八角亭的第3棵老树下";

    fn store() -> (tempfile::TempDir, RecordStore) {
        let dir = tempfile::tempdir().unwrap();
        let store = RecordStore::open(Backend::Redb, dir.path()).unwrap();
        (dir, store)
    }

    fn new(name: &str, role: Role) -> NewAccount {
        NewAccount {
            name: name.into(),
            office_id: None,
            office_name: "遵义市委编办".into(),
            role,
            division: DivisionCode::nation(),
        }
    }

    #[test]
    fn a_link_sets_the_password_once_and_nothing_of_it_is_kept() {
        let (_dir, store) = store();
        let attempts = Attempts::default();
        let first = create(&store, new("abc", Role::Reader), None, Maker::Operator, &BY).unwrap().unwrap();
        assert_eq!(account_of(&store, &first).unwrap().as_deref(), Some("abc"));
        let all = store.dump();
        let has = |bytes: &[u8]| String::from_utf8_lossy(bytes).contains(&first);
        assert!(!all.iter().any(|(key, value)| has(key) || has(value)), "only its hash is kept");
        assert!(matches!(set_password(&store, &first, "short"), Err(LinkError::Weak(_))));
        assert!(matches!(set_password(&store, &"0".repeat(64), PASSWORD), Err(LinkError::Over)));
        let second = new_link(&store, "abc", Maker::Operator, &BY).unwrap();
        assert!(matches!(set_password(&store, &first, PASSWORD), Err(LinkError::Over)), "replaced");
        assert_eq!(set_password(&store, &second, PASSWORD).unwrap(), "abc");
        assert!(matches!(set_password(&store, &second, PASSWORD), Err(LinkError::Over)), "used");
        sign_in(&store, &attempts, "abc", PASSWORD, None).unwrap();
        // Whoever is given a new link has no password till then.
        new_link(&store, "abc", Maker::Operator, &BY).unwrap();
        assert!(sign_in(&store, &attempts, "abc", PASSWORD, None).is_err());
    }

    #[test]
    fn links_end_and_a_clock_set_back_makes_none_longer() {
        let now = Timestamp::now();
        let kept = |hours: i64| {
            let until = now + SignedDuration::from_hours(hours);
            serde_json::to_string(&StoredLink { account: "a".into(), until }).unwrap()
        };
        for (hours, holds) in [(1, true), (LINK_HOURS, true), (0, false), (-1, false), (LINK_HOURS + 2, false)] {
            assert_eq!(read(&kept(hours), now).is_some(), holds, "{hours}");
        }
    }

    #[test]
    fn what_takes_two_is_asked_for_and_holds_when_another_confirms() {
        let (_dir, store) = store();
        for role in [Role::Reviewer, Role::Administrator] {
            let name = role.name();
            // The operator's first account names the office; from then on there is still no institution on record.
            let made = NewAccount { name: name.into(), ..new("x", role) };
            let told = create(&store, made.clone(), None, Maker::Administrator, &BY);
            assert!(matches!(told, Err(AccountError::NotListed { .. })), "offices come from records: {told:?}");
            let office = format!("o-{name}");
            store.import(name, [samples::institution(&office, "遵义市委编办", "520300")], &mut |_| {}).unwrap();
            let link = create(&store, made, None, Maker::Administrator, &BY).unwrap().unwrap();
            let account = |name: &str| find(&store, name).unwrap().unwrap().1;
            assert_eq!((account(name).role, account(name).office_id.as_deref()), (Role::Reader, Some(office.as_str())));
            assert_eq!(account(name).asked.unwrap().by, "admin.1");
            assert!(matches!(confirm(&store, name, &BY), Err(AccountError::NoPassword(_))));
            set_password(&store, &link, PASSWORD).unwrap();
            assert_eq!(confirm(&store, name, &By { author: "admin.2", reason: "" }).unwrap(), role);
            assert_eq!((account(name).role, account(name).asked), (role, None));
            assert!(matches!(confirm(&store, name, &BY), Err(AccountError::NothingAsked(_))));
            // A new link could be used by whoever made it.
            let link = new_link(&store, name, Maker::Administrator, &BY).unwrap();
            assert_eq!((account(name).role, account(name).asked.unwrap().role), (Role::Reader, role));
            set_password(&store, &link, PASSWORD).unwrap();
            decline(&store, name, &BY).unwrap();
            assert_eq!((account(name).role, account(name).asked), (Role::Reader, None));
            set_role(&store, name, role, Maker::Administrator, &BY).unwrap();
            assert_eq!((account(name).role, account(name).asked.unwrap().role), (Role::Reader, role));
            set_role(&store, name, Role::Contributor, Maker::Administrator, &BY).unwrap();
            assert_eq!((account(name).role, account(name).asked), (Role::Contributor, None), "asked no more");
            set_role(&store, name, role, Maker::Operator, &BY).unwrap();
            assert_eq!(account(name).role, role);
            let gone = store.get(&office).unwrap().unwrap();
            store.put_over(indexer::record::Record { state: indexer::record::State::Withdrawn, ..gone }).unwrap();
        }
    }

    #[test]
    fn offices_are_those_on_record() {
        let (_dir, store) = store();
        let of = |id: Option<&str>, name: &str, maker| office(&store, id, name, maker);
        assert_eq!(of(None, "遵义市委编办", Maker::Operator).unwrap(), (None, "遵义市委编办".into()), "an empty store");
        assert!(matches!(of(None, "遵义市委编办", Maker::Administrator), Err(AccountError::NotListed { .. })));
        let body = |id: &str, name: &str, division: &str| samples::institution(id, name, division);
        let bodies = [
            body("a", "遵义市委编办", "520300"),
            body("b", "鼓楼区人民政府", "320106"),
            body("c", "鼓楼区人民政府", "350102"),
        ];
        store.import("o", bodies, &mut |_| {}).unwrap();
        for maker in [Maker::Operator, Maker::Administrator] {
            assert_eq!(of(None, " 遵义市委编办 ", maker).unwrap(), (Some("a".into()), "遵义市委编办".into()));
            assert_eq!(of(Some("b"), "别的", maker).unwrap(), (Some("b".into()), "鼓楼区人民政府".into()));
            let told = of(None, "遵乂市委编办", maker).unwrap_err().to_string();
            assert!(told.contains("a（遵义市委编办，区划 520300）"), "{told}");
            let told = of(None, "鼓楼区人民政府", maker).unwrap_err().to_string();
            assert!(told.contains("b（") && told.contains("c（") && told.contains("编号"), "{told}");
            assert!(matches!(of(None, "没有的机构", maker), Err(AccountError::NotListed { .. })));
        }
    }
}
