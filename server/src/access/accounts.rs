//! Accounts: records that are never published, and beside them the hash of a password, which is no record.
//!
//! Roles that could write and approve with one another, and the role that gives roles out, take two administrators: one
//! asks, another confirms once the owner has come in. A new link, which its maker could use, has to be confirmed again.

use indexer::record::{Account, AskedRole, Body, DivisionCode, Provenance, READER, Record, Role, State};

use super::{
    Actor, Passwords, Rights, WeakPassword, links,
    password_hashes::{self, NotHashed, has_password, keep, stored_form},
    session_table, tokens,
};
use crate::{
    called,
    clock::today,
    store::{
        By, RecordStore, StoreError,
        listings::{List, RecordPage},
    },
};

/// Institutions looked at for an office's name, and told where it is not clear which is meant.
const MAX_ALIKE: usize = 50;
const MAX_REPORTED: usize = 5;

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
    #[error("库里没有名称是“{name}”的机构{near}：请填写机构编号，或先收录这个机构")]
    NotListed { name: String, near: String },
    #[error("不能确定是哪个“{name}”{near}：请填写机构编号")]
    Several { name: String, near: String },
    #[error("账户 {0} 没有待确认的角色")]
    NothingAsked(String),
    #[error("账户 {0} 的本人还没有用链接设置密码：请在本人设置之后再确认")]
    NoPassword(String),
    #[error("没有区划 {0}")]
    NoDivision(DivisionCode),
    #[error(transparent)]
    Weak(#[from] WeakPassword),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Hash(#[from] NotHashed),
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

/// The record's id. A name holds nothing that could make it another record's.
pub fn account_id(name: &str) -> String {
    format!("account-{name}")
}

/// Who makes or changes an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Maker {
    /// Whoever has the machine, by the command line.
    Operator,
    /// An administrator, whom another has to confirm where a role takes two.
    Administrator,
}

/// Makes an account. Returns the token of the link by which its owner sets a password, once; with `password`, that one
/// is taken, has to be changed first, and there is no link.
///
/// What an administrator makes begins as a reader where its role takes two.
pub fn create(
    store: &RecordStore,
    new: NewAccount,
    password: Option<&str>,
    maker: Maker,
    by: &By<'_>,
) -> Result<Option<String>, AccountError> {
    // What else stands as an author in the log: nobody's account is called so.
    let taken = new.name == READER || new.name.starts_with("key-");
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
    let (office_id, office_name) = office(store, new.office_id.as_deref(), &new.office_name, maker)?;
    let id = account_id(&new.name);
    if store.get(&id)?.is_some() {
        return Err(AccountError::Taken(new.name));
    }
    let first = match password {
        Some(password) => {
            Passwords::check_strength(&new.name, password)?;
            First::Password(stored_form(password, true)?)
        }
        None => First::Link(tokens::token()?),
    };
    let division = new.division.clone();
    let (role, asked) = given(new.role, maker, by);
    let account = Account {
        name: new.name.clone(),
        office_id,
        office_name,
        role: role.unwrap_or(Role::Reader),
        division: division.clone(),
        resets: 0,
        asked,
    };
    let from = Provenance { source: "account".into(), place: None, date: Some(today()), licence: None };
    let record = Record::published(id, Some(division), vec![from], Body::Account(account));
    store.put_with_secrets(vec![(Record { state: State::Approved, ..record }, *by)], |secrets| match &first {
        First::Password(kept) => {
            keep(secrets, &new.name, kept);
            Ok(())
        }
        First::Link(token) => links::keep(secrets, &new.name, token),
    })?;
    Ok(match first {
        First::Link(token) => Some(token),
        First::Password(_) => None,
    })
}

/// How an account's owner comes in the first time.
enum First {
    Password(String),
    Link(String),
}

/// The role that holds at once, and the one that has to be confirmed.
fn given(role: Role, maker: Maker, by: &By<'_>) -> (Option<Role>, Option<AskedRole>) {
    match maker {
        Maker::Administrator if role.takes_two() => (None, Some(AskedRole { role, by: by.author.to_owned() })),
        _ => (Some(role), None),
    }
}

/// Id and name of an office, from its record: by id, or by its full or short name where one institution alone is called
/// so. Only on a store without any institution may the operator name an office that has no record, so that there can be
/// a first account.
pub fn office(
    store: &RecordStore,
    id: Option<&str>,
    name: &str,
    maker: Maker,
) -> Result<(Option<String>, String), AccountError> {
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
    let (mut full, mut short, mut near) = (Vec::new(), Vec::new(), Vec::new());
    for (_, id) in store.list(&List::Alike(name), None, MAX_ALIKE)? {
        let Some(Body::Institution(i)) = store.get(&id)?.filter(Record::is_public).map(|r| r.body) else { continue };
        let line = format!("{id}（{}，区划 {}）", i.name, i.division);
        near.push(line);
        if i.name == name {
            full.push((id, i.name));
        } else if i.short_names.iter().any(|n| n == name) {
            short.push((id, i.name));
        }
    }
    let mut called = if full.is_empty() { short } else { full };
    match called.len() {
        1 => Ok(called.pop().map(|(id, name)| (Some(id), name)).unwrap_or_default()),
        0 if maker == Maker::Operator && store.count_listed(&List::Institutions, 1)? == 0 => {
            Ok((None, name.to_owned()))
        }
        n => {
            let name = name.to_owned();
            near.truncate(MAX_REPORTED);
            let near = if near.is_empty() {
                String::new()
            } else {
                format!("，名称相同或相近的有：{}", near.join("、"))
            };
            Err(if n == 0 { AccountError::NotListed { name, near } } else { AccountError::Several { name, near } })
        }
    }
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
) -> Result<RecordPage<(Record, Account)>, StoreError> {
    let page = store.page(&List::Access("account", division), after, limit)?;
    Ok(page.filter_map(|record| match record.body.clone() {
        Body::Account(account) => Some((record, account)),
        _ => None,
    }))
}

/// Who somebody is that has signed in to an account; `None` for one that is closed.
pub fn actor(record: &Record, account: &Account) -> Option<Actor> {
    (record.state == State::Approved).then(|| Actor {
        name: account.name.clone(),
        office_id: account.office_id.clone(),
        office_name: account.office_name.clone(),
        division: account.division.clone(),
        rights: Rights::Account(account.role),
        behind: Vec::new(),
    })
}

/// The same by the account's name; `None` for one that is closed or was never there.
pub fn actor_of(store: &RecordStore, name: &str) -> Result<Option<Actor>, StoreError> {
    Ok(find(store, name)?.and_then(|(record, account)| actor(&record, &account)))
}

/// Opens or closes an account; whoever is signed in to a closed one no longer is.
pub fn set_standing(store: &RecordStore, name: &str, open: bool, by: &By<'_>) -> Result<(), AccountError> {
    let (record, _) = find(store, name)?.ok_or_else(|| AccountError::Unknown(name.to_owned()))?;
    let state = if open { State::Approved } else { State::Withdrawn };
    store.put_with_secrets(vec![(Record { state, ..record }, *by)], |secrets| session_table::end_all(secrets, name))?;
    Ok(())
}

/// Gives an account another role; where that takes two, it is asked for, and the account keeps the one it has.
pub fn set_role(store: &RecordStore, name: &str, role: Role, maker: Maker, by: &By<'_>) -> Result<(), AccountError> {
    let (record, account) = find(store, name)?.ok_or_else(|| AccountError::Unknown(name.to_owned()))?;
    let (now, asked) = if role == account.role { (None, None) } else { given(role, maker, by) };
    let account = Account { role: now.unwrap_or(account.role), asked, ..account };
    store.put(Record { body: Body::Account(account), ..record }, by)?;
    Ok(())
}

/// Gives an account the role that was asked for it. Its owner has set a password by then: until so, whoever made the
/// link could be the owner.
pub fn confirm(store: &RecordStore, name: &str, by: &By<'_>) -> Result<Role, AccountError> {
    let (record, account) = find(store, name)?.ok_or_else(|| AccountError::Unknown(name.to_owned()))?;
    let Some(AskedRole { role, .. }) = account.asked.clone() else {
        return Err(AccountError::NothingAsked(name.to_owned()));
    };
    if !has_password(store, name)? {
        return Err(AccountError::NoPassword(name.to_owned()));
    }
    let by = By { reason: "确认角色", ..*by };
    store.put(Record { body: Body::Account(Account { role, asked: None, ..account }), ..record }, &by)?;
    Ok(role)
}

/// Takes back what was asked for an account.
pub fn decline(store: &RecordStore, name: &str, by: &By<'_>) -> Result<(), AccountError> {
    let (record, account) = find(store, name)?.ok_or_else(|| AccountError::Unknown(name.to_owned()))?;
    if account.asked.is_none() {
        return Err(AccountError::NothingAsked(name.to_owned()));
    }
    store.put(Record { body: Body::Account(Account { asked: None, ..account }), ..record }, by)?;
    Ok(())
}

/// Takes an account's password away and returns the token of a link by which its owner sets another; all who are signed
/// in are signed out. Whoever makes the link could use it, so that it stands in the log, and a role that takes two has
/// to be confirmed again where an administrator made it.
pub fn new_link(store: &RecordStore, name: &str, maker: Maker, by: &By<'_>) -> Result<String, AccountError> {
    let (record, account) = find(store, name)?.ok_or_else(|| AccountError::Unknown(name.to_owned()))?;
    let token = tokens::token()?;
    let (role, asked) = match given(account.role, maker, by) {
        (Some(role), _) => (role, account.asked.clone()),
        (None, asked) => (Role::Reader, asked),
    };
    let account = Account { resets: account.resets + 1, role, asked, ..account };
    let by = By { reason: "重设密码", ..*by };
    store.put_with_secrets(vec![(Record { body: Body::Account(account), ..record }, by)], |secrets| {
        password_hashes::forget(secrets, name);
        links::keep(secrets, name, &token)?;
        session_table::end_all(secrets, name)
    })?;
    Ok(token)
}

/// Who stands as an author in the log: an account with its office, and as it is what is no account.
pub fn author(store: &RecordStore, name: &str) -> Result<String, StoreError> {
    let Some((_, account)) = find(store, name)? else { return Ok(name.to_owned()) };
    let office = called::office(store, account.office_id.as_deref(), &account.office_name)?;
    Ok(format!("{name}（{office}）"))
}
