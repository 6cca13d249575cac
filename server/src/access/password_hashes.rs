//! The hash of each account's password, which is no record.

use serde::{Deserialize, Serialize};

use super::Passwords;
use crate::store::{RecordStore, Secrets, StoreError};

/// Table of password hashes, by account name.
const PASSWORDS: &str = "password";

#[derive(Debug, thiserror::Error)]
#[error("密码无法加密保存：{0}")]
pub struct NotHashed(String);

/// A password's hash, and whether somebody else knows the password.
#[derive(Serialize, Deserialize)]
struct StoredHash {
    hash: String,
    /// Whoever made the account knows it: it is to be changed first.
    known: bool,
}

/// Whether somebody has set a password.
pub fn has_password(store: &RecordStore, name: &str) -> Result<bool, StoreError> {
    Ok(stored(store, name)?.is_some())
}

/// Whether the password is known to somebody else, so that it has to be changed before anything else.
pub fn now_known_password(store: &RecordStore, name: &str) -> Result<bool, StoreError> {
    Ok(stored(store, name)?.is_none_or(|kept| kept.known))
}

/// The hash that proves a password to be the account's; `None` where it is not. Takes the same time for an account that does
/// not exist.
pub(super) fn verify(store: &RecordStore, name: &str, password: &str) -> Result<Option<String>, StoreError> {
    match stored(store, name)? {
        Some(kept) => Ok(Passwords::matches(password, &kept.hash).then_some(kept.hash)),
        None => {
            Passwords::pretend(password);
            Ok(None)
        }
    }
}

/// Keeps what [`stored_form`] made.
pub(super) fn keep(secrets: &mut Secrets<'_>, name: &str, kept: &str) {
    secrets.put(PASSWORDS, name, kept);
}

/// Whether an account's password is still the one with a hash.
pub(super) fn still_has(secrets: &Secrets<'_>, name: &str, hash: &str) -> Result<bool, StoreError> {
    Ok(read(name, secrets.get(PASSWORDS, name)?)?.is_some_and(|kept| kept.hash == hash))
}

fn stored(store: &RecordStore, name: &str) -> Result<Option<StoredHash>, StoreError> {
    read(name, store.secret(PASSWORDS, name)?)
}

fn read(name: &str, kept: Option<String>) -> Result<Option<StoredHash>, StoreError> {
    let damaged = |e: serde_json::Error| StoreError::Damaged { key: format!("密码 {name}"), reason: e.to_string() };
    kept.map(|kept| serde_json::from_str(&kept).map_err(damaged)).transpose()
}

/// A password as it is kept.
pub(super) fn stored_form(password: &str, known: bool) -> Result<String, NotHashed> {
    let kept = StoredHash { hash: Passwords::hash(password).map_err(NotHashed)?, known };
    serde_json::to_string(&kept).map_err(|e| NotHashed(e.to_string()))
}

/// Takes an account's password away.
pub(super) fn forget(secrets: &mut Secrets<'_>, name: &str) {
    secrets.delete(PASSWORDS, name);
}
