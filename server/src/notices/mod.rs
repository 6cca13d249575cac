//! 通知: what somebody with an account has to know: what came of what they wrote, what is said about it, what was given
//! to them, and what their office has to do.
//!
//! Notices are made of the log of changes, after the changes ([`follow`]), so that no change waits for them and none is
//! lost: it is noted in the same write up to which change they were made, and the same change makes the same notice.
//! They are no records: they have no history, and nobody else reads them. The console shows them whole; the
//! [feed](settings) and the [mail](mail) tell only what everybody may read.

mod delivery;
mod follow;
pub mod mail;
mod offices;
mod running;
mod settings;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, btree_map::Entry};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{
    access::{self, Act, Actor, Subject},
    desk,
    store::{RecordStore, Secrets, StoreError},
    urls,
};

pub use follow::follow;
pub use mail::MAX_ADDRESS;
pub use running::{Running, start};
pub use settings::{
    Choice, Mailbox, Settings, SettingsError, account_of_feed, ask_address, choose, confirm_address, drop_address,
    new_feed, of as settings_of, revoke_feed,
};

/// Notices that an account keeps; the oldest go first: some weeks of a lively office, and a list that is read in one
/// go.
pub const MAX_STORED: usize = 200;
/// Longest words of a notice, in characters; the whole stands where it leads to.
const MAX_SAYS: usize = 200;

/// Table of notices, by account and the place of their change in the log.
const TABLE: &str = "notice";
/// Table of how many an account has not read.
const UNREAD: &str = "notice_unread";

/// What happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum What {
    /// Something that one wrote came back.
    Returned,
    /// It was published.
    Published,
    /// It was published, and taken out again.
    Withdrawn,
    /// Somebody said something about a submission that one wrote, has in hand or spoke about.
    Comment,
    /// A submission was given to one for its review.
    Assigned,
    /// The office has something to do.
    Task,
    /// It was brought to mind, since its last day is near.
    Due,
    /// A web name runs out.
    NameExpires,
    /// An application for a web name has moved.
    NameMoved,
}

impl What {
    pub const ALL: [What; 9] = [
        Self::Returned,
        Self::Published,
        Self::Withdrawn,
        Self::Comment,
        Self::Assigned,
        Self::Task,
        Self::Due,
        Self::NameExpires,
        Self::NameMoved,
    ];

    /// Name in forms and in the store.
    pub fn name(self) -> &'static str {
        match self {
            Self::Returned => "returned",
            Self::Published => "published",
            Self::Withdrawn => "withdrawn",
            Self::Comment => "comment",
            Self::Assigned => "assigned",
            Self::Task => "task",
            Self::Due => "due",
            Self::NameExpires => "name_expires",
            Self::NameMoved => "name_moved",
        }
    }

    pub fn label(self) -> &'static str {
        match self {
            Self::Returned => "报送被退回",
            Self::Published => "报送已公布",
            Self::Withdrawn => "已公布的被撤回",
            Self::Comment => "新的留言",
            Self::Assigned => "交给您办理",
            Self::Task => "新的任务",
            Self::Due => "任务期限将到",
            Self::NameExpires => "网上名称到期",
            Self::NameMoved => "网上名称申请有进展",
        }
    }
}

/// What somebody is told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notice {
    pub what: What,
    /// The submission, task or application that it leads to.
    pub about: String,
    /// The record that this is about: whoever has no account is reported its title, and only while it is public.
    pub target: String,
    pub title: String,
    pub says: String,
    pub at: Timestamp,
    pub read: bool,
}

/// A notice with its place in the account's list, which also names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredNotice {
    pub id: String,
    pub notice: Notice,
}

impl Notice {
    /// Where it leads to in the console.
    pub fn url(&self) -> String {
        match self.about.split_once('-') {
            Some(("t", _)) => urls::console::task(&self.about),
            Some(("n", _)) => urls::console::application(&self.about),
            _ => urls::submission(&self.about),
        }
    }

    /// Whether its account may still read what it is about: somebody may have been moved to another division since.
    pub fn is_readable(&self, store: &RecordStore, who: &Actor) -> Result<bool, StoreError> {
        let Some(about) = store.head_of(&self.about)? else { return Ok(false) };
        Ok(access::may(Some(who), Act::Read, &Subject::of(&desk::division_for(who, &about))).is_ok())
    }

    /// What anybody may be reported of it: what happened, and to which public record. Feeds and letters pass through
    /// other hands.
    pub fn in_public(&self, store: &RecordStore) -> Result<String, StoreError> {
        let record = if self.target.is_empty() { None } else { store.get(&self.target)? };
        let title = record.filter(|r| r.is_public() && r.body.is_for_the_public());
        Ok(match title {
            Some(record) => format!("{}：{}", self.what.label(), one_line(record.body.title())),
            None => self.what.label().to_owned(),
        })
    }
}

/// Without breaks and other control characters.
fn one_line(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

/// The notices of an account, the last first.
pub fn list(store: &RecordStore, account: &str) -> Result<Vec<StoredNotice>, StoreError> {
    let kept = store.secrets_starting(TABLE, &row(account, ""))?;
    let mut all: Vec<StoredNotice> = kept.iter().filter_map(|(name, value)| read(account, name, value)).collect();
    all.reverse();
    Ok(all)
}

/// How many an account has not read.
pub fn unread(store: &RecordStore, account: &str) -> Result<usize, StoreError> {
    Ok(store.secret(UNREAD, account)?.and_then(|n| n.parse().ok()).unwrap_or_default())
}

/// Marks notices of an account as read: those named, or all up to the newest that was seen.
pub fn mark_read(store: &RecordStore, account: &str, which: Marked<'_>) -> Result<(), StoreError> {
    store.change_secrets(|secrets| {
        let mut left = 0;
        for (name, value) in secrets.starting(TABLE, &row(account, ""))? {
            let Some(StoredNotice { id, mut notice }) = read(account, &name, &value) else { continue };
            let marked = match which {
                Marked::One(one) => id == one,
                Marked::UpTo(newest) => id.as_str() <= newest,
            };
            if marked && !notice.read {
                notice.read = true;
                secrets.put(TABLE, &name, &json(&notice)?);
            }
            left += usize::from(!notice.read);
        }
        secrets.put(UNREAD, account, &left.to_string());
        Ok(())
    })
}

/// Which notices are marked.
#[derive(Debug, Clone, Copy)]
pub enum Marked<'a> {
    One(&'a str),
    /// What has come since was not seen.
    UpTo(&'a str),
}

/// Puts notices to those that an account has, each once whatever was read of it meanwhile.
fn add(secrets: &mut Secrets<'_>, account: &str, new: &[(u64, Notice)]) -> Result<(), StoreError> {
    let mut all: BTreeMap<String, String> = secrets.starting(TABLE, &row(account, ""))?.into_iter().collect();
    for (sequence, notice) in new {
        let name = row(account, &format!("{sequence:016x}"));
        if let Entry::Vacant(free) = all.entry(name) {
            let value = json(notice)?;
            secrets.put(TABLE, free.key(), &value);
            free.insert(value);
        }
    }
    while all.len() > MAX_STORED {
        let Some((oldest, _)) = all.pop_first() else { break };
        secrets.delete(TABLE, &oldest);
    }
    let unread = all.iter().filter_map(|(name, value)| read(account, name, value)).filter(|kept| !kept.notice.read);
    secrets.put(UNREAD, account, &unread.count().to_string());
    Ok(())
}

/// Names of accounts hold no stroke.
fn row(account: &str, id: &str) -> String {
    format!("{account}/{id}")
}

/// One that cannot be read, as by an older program, is passed over.
fn read(account: &str, name: &str, value: &str) -> Option<StoredNotice> {
    let id = name.strip_prefix(account)?.strip_prefix('/')?.to_owned();
    Some(StoredNotice { id, notice: serde_json::from_str(value).ok()? })
}

fn json(value: &impl Serialize) -> Result<String, StoreError> {
    serde_json::to_string(value).map_err(|e| StoreError::Engine(e.to_string()))
}
