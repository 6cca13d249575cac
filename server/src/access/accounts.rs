//! Accounts: records that are never published, and beside them the hash of a password, which is no record.

use indexer::record::{Account, Body, DivisionCode, Provenance, Record, Role, State};
use serde::{Deserialize, Serialize};

use super::{Actor, Passwords, Rights, WeakPassword, sessions};
use crate::{
    clock::today,
    store::{
        By, RecordStore, Secrets, StoreError,
        listings::{List, Page},
    },
};

/// Table of password hashes, by account name.
const PASSWORDS: &str = "password";

#[derive(Debug, thiserror::Error)]
pub enum AccountError {
    #[error("账户名应为 3 至 40 个小写字母、数字或 . _ -，以字母开头，不能是 reader 或以 key- 开头")]
    Name,
    #[error("已有账户 {0}：请换一个名字")]
    Taken(String),
    #[error("没有账户 {0}")]
    Unknown(String),
    #[error("请写明账户属于哪个机构（2 至 60 个字）")]
    Office,
    #[error("没有编号为 {0} 的机构：编号是机构页面地址的最后一段")]
    NoOffice(String),
    #[error("没有区划 {0}")]
    NoDivision(DivisionCode),
    #[error(transparent)]
    Weak(#[from] WeakPassword),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("密码无法加密保存：{0}")]
    Hash(String),
    #[error("无法取得随机数：{0}")]
    Random(#[from] getrandom::Error),
}

/// What an administrator gives.
#[derive(Debug, Clone)]
pub struct NewAccount {
    pub name: String,
    /// Record of the office, where there is one; its name is taken from there.
    pub office_id: Option<String>,
    pub office_name: String,
    pub role: Role,
    pub division: DivisionCode,
}

/// A password's hash, and whether somebody else knows the password.
#[derive(Serialize, Deserialize)]
struct Kept {
    hash: String,
    /// Whoever made the account knows it: it is to be changed first.
    known: bool,
}

/// The record's id. A name holds nothing that could make it another record's.
pub fn account_id(name: &str) -> String {
    format!("account-{name}")
}

/// Makes an account; returns its first password, which is shown once and has to be changed. With `password`, that one is
/// taken.
pub fn create(
    store: &RecordStore,
    new: NewAccount,
    password: Option<&str>,
    by: &By<'_>,
) -> Result<String, AccountError> {
    // What else stands as an author in the log: nobody's account is called so.
    let taken = new.name == "reader" || new.name.starts_with("key-");
    let sound = !taken
        && (3..=40).contains(&new.name.len())
        && new.name.starts_with(|c: char| c.is_ascii_lowercase())
        && new.name.bytes().all(|b| matches!(b, b'a'..=b'z' | b'0'..=b'9' | b'.' | b'_' | b'-'));
    if !sound {
        return Err(AccountError::Name);
    }
    if !new.division.is_nation() && store.get(new.division.as_str())?.is_none() {
        return Err(AccountError::NoDivision(new.division));
    }
    let (office_id, office_name) = office(store, new.office_id.as_deref(), &new.office_name)?;
    let id = account_id(&new.name);
    if store.get(&id)?.is_some() {
        return Err(AccountError::Taken(new.name));
    }
    let password = match password {
        Some(password) => password.to_owned(),
        None => Passwords::make()?,
    };
    Passwords::check_strength(&new.name, &password)?;
    let division = new.division.clone();
    let account = Account {
        name: new.name.clone(),
        office_id,
        office_name,
        role: new.role,
        division: division.clone(),
        resets: 0,
    };
    let from = Provenance { source: "account".into(), place: None, date: Some(today()), licence: None };
    let record = Record::published(id, Some(division), vec![from], Body::Account(account));
    let kept = kept_as(&password, true)?;
    store.put_with_secrets(vec![(Record { state: State::Approved, ..record }, *by)], |secrets| {
        keep(secrets, &new.name, &kept);
        Ok(())
    })?;
    Ok(password)
}

/// Id and name of an office: its record's where there is one.
pub fn office(store: &RecordStore, id: Option<&str>, name: &str) -> Result<(Option<String>, String), AccountError> {
    if let Some(id) = id.map(str::trim).filter(|id| !id.is_empty()) {
        let record = store.get(id)?.filter(Record::is_public);
        return match record.map(|record| record.body) {
            Some(Body::Institution(i)) => Ok((Some(id.to_owned()), i.name)),
            _ => Err(AccountError::NoOffice(id.chars().take(80).collect())),
        };
    }
    let name = name.trim();
    if !(2..=60).contains(&name.chars().count()) || name.chars().any(char::is_control) {
        return Err(AccountError::Office);
    }
    Ok((None, name.to_owned()))
}

/// An account with its record.
pub fn find(store: &RecordStore, name: &str) -> Result<Option<(Record, Account)>, StoreError> {
    let record = store.get(&account_id(name))?;
    Ok(record.and_then(|record| match record.body.clone() {
        Body::Account(account) => Some((record, account)),
        _ => None,
    }))
}

/// The accounts of a division and below it, beginning after `after`, at most `limit`.
pub fn list(
    store: &RecordStore,
    division: &DivisionCode,
    after: Option<&str>,
    limit: usize,
) -> Result<Page<(Record, Account)>, StoreError> {
    let page = store.page(&List::Access("account", division), after, limit)?;
    Ok(page.filter_map(|record| match record.body.clone() {
        Body::Account(account) => Some((record, account)),
        _ => None,
    }))
}

/// Who somebody is that has signed in to an account; `None` for one that is closed.
pub(super) fn actor(record: &Record, account: &Account) -> Option<Actor> {
    (record.state == State::Approved).then(|| Actor {
        name: account.name.clone(),
        office_id: account.office_id.clone(),
        office_name: account.office_name.clone(),
        division: account.division.clone(),
        rights: Rights::Account(account.role),
    })
}

/// Opens or closes an account; whoever is signed in to a closed one no longer is.
pub fn set_standing(store: &RecordStore, name: &str, open: bool, by: &By<'_>) -> Result<(), AccountError> {
    let (record, _) = find(store, name)?.ok_or_else(|| AccountError::Unknown(name.to_owned()))?;
    let state = if open { State::Approved } else { State::Withdrawn };
    store.put_with_secrets(vec![(Record { state, ..record }, *by)], |secrets| sessions::end_all(secrets, name))?;
    Ok(())
}

/// Gives an account another role.
pub fn set_role(store: &RecordStore, name: &str, role: Role, by: &By<'_>) -> Result<(), AccountError> {
    let (record, account) = find(store, name)?.ok_or_else(|| AccountError::Unknown(name.to_owned()))?;
    store.put(Record { body: Body::Account(Account { role, ..account }), ..record }, by)?;
    Ok(())
}

/// Gives an account a new password, which is returned and has to be changed. Whoever does so could act in the account's name,
/// so that it stands in the log.
pub fn reset_password(store: &RecordStore, name: &str, by: &By<'_>) -> Result<String, AccountError> {
    let (record, account) = find(store, name)?.ok_or_else(|| AccountError::Unknown(name.to_owned()))?;
    let password = Passwords::make()?;
    let account = Account { resets: account.resets + 1, ..account };
    let by = By { reason: "重设密码", ..*by };
    let kept = kept_as(&password, true)?;
    store.put_with_secrets(vec![(Record { body: Body::Account(account), ..record }, by)], |secrets| {
        keep(secrets, name, &kept);
        sessions::end_all(secrets, name)
    })?;
    Ok(password)
}

/// Whether the password is known to somebody else, so that it has to be changed before anything else.
pub fn now_known_password(store: &RecordStore, name: &str) -> Result<bool, StoreError> {
    Ok(kept(store, name)?.is_none_or(|kept| kept.known))
}

/// The hash that proves a password to be the account's; `None` where it is not. Takes the same time for an account that does
/// not exist.
pub(super) fn verify(store: &RecordStore, name: &str, password: &str) -> Result<Option<String>, StoreError> {
    match kept(store, name)? {
        Some(kept) => Ok(Passwords::matches(password, &kept.hash).then_some(kept.hash)),
        None => {
            Passwords::pretend(password);
            Ok(None)
        }
    }
}

/// Keeps what [`kept_as`] made.
pub(super) fn keep(secrets: &mut Secrets<'_>, name: &str, kept: &str) {
    secrets.put(PASSWORDS, name, kept);
}

/// Whether an account's password is still the one with a hash.
pub(super) fn still_has(secrets: &Secrets<'_>, name: &str, hash: &str) -> Result<bool, StoreError> {
    Ok(read(name, secrets.get(PASSWORDS, name)?)?.is_some_and(|kept| kept.hash == hash))
}

fn kept(store: &RecordStore, name: &str) -> Result<Option<Kept>, StoreError> {
    read(name, store.secret(PASSWORDS, name)?)
}

fn read(name: &str, kept: Option<String>) -> Result<Option<Kept>, StoreError> {
    let damaged = |e: serde_json::Error| StoreError::Damaged { key: format!("密码 {name}"), reason: e.to_string() };
    kept.map(|kept| serde_json::from_str(&kept).map_err(damaged)).transpose()
}

/// A password as it is kept.
pub(super) fn kept_as(password: &str, known: bool) -> Result<String, AccountError> {
    let kept = Kept { hash: Passwords::hash(password).map_err(AccountError::Hash)?, known };
    serde_json::to_string(&kept).map_err(|e| AccountError::Hash(e.to_string()))
}
