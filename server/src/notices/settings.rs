//! How an account is reported beside the console: by a feed, whose address only its owner has, and by mail to an
//! address that was confirmed by a code sent there.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::{
    What, json,
    mail::{self, Letter},
};
use crate::{
    access,
    store::{RecordStore, Secrets, StoreError},
};

/// Table of what accounts have chosen, by account.
pub(super) const TABLE: &str = "notice_settings";
/// Table of feeds, by the hash of their token.
const FEEDS: &str = "notice_feed";

/// For how long a code holds: mail may be held back at a first delivery.
const CODE_MINUTES: i64 = 60;
/// How often a code may be tried: there are a hundred million.
const MAX_TRIES: u32 = 5;
/// Codes sent for an account within a day: whoever enters a stranger's address sends them no more than these.
const MAX_CODES: usize = 5;
const DAY: SignedDuration = SignedDuration::from_hours(24);

#[derive(Debug, thiserror::Error)]
pub enum SettingsError {
    #[error("“{0}”不是能用的邮箱地址：应如 bianban@example.gov.cn，不含空格和汉字")]
    Address(String),
    #[error("一天之内最多发 {MAX_CODES} 次验证码，请明天再试")]
    ManyCodes,
    #[error("没有等待确认的邮箱：请先填写邮箱地址，收取验证码")]
    NoCode,
    #[error("验证码不对")]
    WrongCode,
    #[error("验证码已经过期，或者错了 {MAX_TRIES} 次：请重新收取")]
    CodeOver,
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("无法取得随机数：{0}")]
    Random(#[from] getrandom::Error),
}

/// What an account has chosen.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Settings {
    /// What neither the feed nor mail tells.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub left_out: Vec<What>,
    /// Hash of the feed's token.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub feed: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mailbox: Option<Mailbox>,
}

/// Where mail goes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mailbox {
    pub address: String,
    /// Whether its owner gave the code that was sent there: before that, nothing else is.
    pub confirmed: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) code: Option<Code>,
    /// The newest notice that was sent, or given up.
    #[serde(default)]
    pub(super) upto: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) sent: Option<Timestamp>,
    /// When codes were asked for, within the last day.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) codes: Vec<Timestamp>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Code {
    hash: String,
    until: Timestamp,
    left: u32,
}

impl Mailbox {
    /// Whether the code that was sent for it can still be given. One from a time that has not come is none: a clock
    /// that was set back makes none longer.
    pub(super) fn code_holds(&self, now: Timestamp) -> bool {
        self.code.as_ref().is_some_and(|code| {
            let left = code.until.duration_since(now);
            code.left > 0 && left > SignedDuration::ZERO && left <= SignedDuration::from_mins(CODE_MINUTES + 1)
        })
    }
}

impl Settings {
    pub fn includes(&self, what: What) -> bool {
        !self.left_out.contains(&what)
    }
}

/// A kind of notice, and whether it is sent by feed and mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Choice {
    pub what: What,
    pub enabled: bool,
}

impl Settings {
    pub fn choices(&self) -> Vec<Choice> {
        What::ALL.into_iter().map(|what| Choice { what, enabled: self.includes(what) }).collect()
    }
}

/// What an account has chosen; everything is reported where it has chosen nothing.
pub fn of(store: &RecordStore, account: &str) -> Result<Settings, StoreError> {
    Ok(read(store.secret(TABLE, account)?))
}

pub(super) fn read(kept: Option<String>) -> Settings {
    kept.and_then(|kept| serde_json::from_str(&kept).ok()).unwrap_or_default()
}

/// Changes the settings of an account as they are at that moment.
pub(super) fn change<T>(
    store: &RecordStore,
    account: &str,
    change: impl FnOnce(&mut Settings, &mut Secrets<'_>) -> Result<T, StoreError>,
) -> Result<T, StoreError> {
    store.change_secrets(|secrets| {
        let mut settings = read(secrets.get(TABLE, account)?);
        let done = change(&mut settings, secrets)?;
        secrets.put(TABLE, account, &json(&settings)?);
        Ok(done)
    })
}

/// Sets what feed and mail tell.
pub fn choose(store: &RecordStore, account: &str, told: &[What]) -> Result<(), StoreError> {
    change(store, account, |settings, _| {
        settings.left_out = What::ALL.into_iter().filter(|what| !told.contains(what)).collect();
        Ok(())
    })
}

/// Makes the feed's address, in place of the one before; its token is returned here and nowhere kept.
pub fn new_feed(store: &RecordStore, account: &str) -> Result<String, SettingsError> {
    let token = access::token()?;
    let hash = access::token_hash(&token);
    change(store, account, |settings, secrets| {
        if let Some(before) = settings.feed.replace(hash.clone()) {
            secrets.delete(FEEDS, &before);
        }
        secrets.put(FEEDS, &hash, account);
        Ok(())
    })?;
    Ok(token)
}

/// Ends the feed; whoever has its address finds nothing there.
pub fn revoke_feed(store: &RecordStore, account: &str) -> Result<(), StoreError> {
    change(store, account, |settings, secrets| {
        if let Some(before) = settings.feed.take() {
            secrets.delete(FEEDS, &before);
        }
        Ok(())
    })
}

/// Whose feed a token is for; `None` for one that was revoked, and where the account is closed.
pub fn account_of_feed(store: &RecordStore, token: &str) -> Result<Option<String>, StoreError> {
    let hash = access::token_hash(token);
    let Some(account) = store.secret(FEEDS, &hash)? else { return Ok(None) };
    // Restored from a backup, the settings may be of another time.
    let holds = of(store, &account)?.feed.as_deref() == Some(&hash) && access::actor_of(store, &account)?.is_some();
    Ok(holds.then_some(account))
}

/// Takes an address and has a code sent there; the one before gets nothing any more.
pub fn ask_address(store: &RecordStore, account: &str, address: &str, now: Timestamp) -> Result<(), SettingsError> {
    let address = address.trim();
    if !mail::is_address(address) {
        return Err(SettingsError::Address(address.chars().filter(|c| !c.is_control()).take(60).collect()));
    }
    let mut bytes = [0u8; 8];
    getrandom::fill(&mut bytes)?;
    let code = format!("{:08}", u64::from_be_bytes(bytes) % 100_000_000);
    let asked = change(store, account, |settings, secrets| {
        let before = settings.mailbox.take();
        let newest = secrets.starting(super::TABLE, &super::row(account, ""))?.pop();
        let newest = newest.and_then(|(name, value)| super::read(account, &name, &value)).map(|kept| kept.id);
        let mut codes = before.as_ref().map(|before| before.codes.clone()).unwrap_or_default();
        codes.retain(|at| now.duration_since(*at) < DAY);
        if codes.len() >= MAX_CODES {
            settings.mailbox = before;
            return Ok(false);
        }
        codes.push(now);
        let until = now + SignedDuration::from_mins(CODE_MINUTES);
        settings.mailbox = Some(Mailbox {
            address: address.to_owned(),
            confirmed: false,
            code: Some(Code { hash: hashed(account, &code), until, left: MAX_TRIES }),
            // What came before is in the console.
            upto: newest.unwrap_or_default(),
            sent: None,
            codes,
        });
        mail::forget(secrets, account);
        mail::put(secrets, &Letter::of_code(account, &code, now))?;
        Ok(true)
    })?;
    if asked { Ok(()) } else { Err(SettingsError::ManyCodes) }
}

/// Takes the code that was sent to an address.
pub fn confirm_address(store: &RecordStore, account: &str, code: &str, now: Timestamp) -> Result<(), SettingsError> {
    let given: String = code.chars().filter(|c| !c.is_whitespace()).collect();
    change(store, account, |settings, secrets| {
        let Some(mailbox) = settings.mailbox.as_mut().filter(|mailbox| !mailbox.confirmed) else {
            return Ok(Err(SettingsError::NoCode));
        };
        let holds = mailbox.code_holds(now);
        let Some(code) = &mut mailbox.code else { return Ok(Err(SettingsError::NoCode)) };
        if !holds {
            return Ok(Err(SettingsError::CodeOver));
        }
        if hashed(account, &given) != code.hash {
            code.left -= 1;
            return Ok(Err(SettingsError::WrongCode));
        }
        mailbox.confirmed = true;
        mailbox.code = None;
        mail::forget(secrets, account);
        Ok(Ok(()))
    })?
}

/// Sends an account no mail any more.
pub fn drop_address(store: &RecordStore, account: &str) -> Result<(), StoreError> {
    change(store, account, |settings, secrets| {
        // How often codes were asked for stays counted.
        match &mut settings.mailbox {
            Some(mailbox) if !mailbox.codes.is_empty() => {
                mailbox.address.clear();
                mailbox.confirmed = false;
                mailbox.code = None;
            }
            mailbox => *mailbox = None,
        }
        mail::forget(secrets, account);
        Ok(())
    })
}

fn hashed(account: &str, code: &str) -> String {
    access::token_hash(&format!("{account}/{code}"))
}
