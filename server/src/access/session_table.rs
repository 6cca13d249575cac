//! Who is signed in, and from which browsers somebody has signed in before, as the store keeps it.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::tokens::hash;
use crate::store::{Secrets, StoreError};

pub(super) const TABLE: &str = "session";
/// Browsers from which somebody has signed in before. Whoever tries a name from elsewhere can lock it for himself, and not
/// for its owner.
pub(super) const DEVICES: &str = "device";
/// A day's work: then one signs in again.
pub const SESSION_HOURS: i64 = 12;
/// Sessions left alone for so long are over.
const IDLE: SignedDuration = SignedDuration::from_hours(2);
/// How exactly the last use is kept: each note is a durable write.
pub(super) const NOTED_EVERY: SignedDuration = SignedDuration::from_mins(10);
/// Sessions of one account at once; the oldest ends when another begins.
pub(super) const MAX_SESSIONS: usize = 10;
/// Known browsers of one account; the one unused for longest is forgotten.
pub(super) const MAX_DEVICES: usize = 10;
/// For how many days a browser stays known.
pub const DEVICE_DAYS: i64 = 180;

#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct StoredSession {
    pub account: String,
    pub began: Timestamp,
    pub used: Timestamp,
}

/// What the browser of somebody who has just signed in is given.
#[derive(Debug, Clone)]
pub struct Tokens {
    /// Of the session.
    pub session: String,
    /// By which the browser is known the next time.
    pub device: String,
}

pub(super) fn begin(secrets: &mut Secrets<'_>, name: &str, tokens: &Tokens) -> Result<(), StoreError> {
    let now = Timestamp::now();
    tidy(secrets, name, now)?;
    secrets.put(
        TABLE,
        &hash(&tokens.session),
        &json(&StoredSession { account: name.to_owned(), began: now, used: now })?,
    );
    let device = device_row(name, &tokens.device);
    tidy_devices(secrets, name, &device, now)?;
    secrets.put(DEVICES, &device, &now.to_string());
    Ok(())
}

/// Name of a browser's secret.
pub(super) fn device_row(name: &str, device: &str) -> String {
    format!("{name} {}", hash(device))
}

/// Ends all sessions of an account.
pub(super) fn end_all(secrets: &mut Secrets<'_>, name: &str) -> Result<(), StoreError> {
    for (hash, kept) in secrets.starting(TABLE, "")? {
        if serde_json::from_str::<StoredSession>(&kept).is_ok_and(|kept| kept.account == name) {
            secrets.delete(TABLE, &hash);
        }
    }
    Ok(())
}

/// Takes out what is over, and of an account's sessions the oldest beyond the bound.
fn tidy(secrets: &mut Secrets<'_>, name: &str, now: Timestamp) -> Result<(), StoreError> {
    let mut own = Vec::new();
    for (hash, text) in secrets.starting(TABLE, "")? {
        match serde_json::from_str::<StoredSession>(&text) {
            Ok(kept) if !is_over(&kept, now) => own.extend((kept.account == name).then_some((kept.began, hash))),
            _ => secrets.delete(TABLE, &hash),
        }
    }
    forget_oldest(secrets, TABLE, own, MAX_SESSIONS);
    Ok(())
}

/// The same for the browsers by which an account is known, with room for this one.
fn tidy_devices(secrets: &mut Secrets<'_>, name: &str, this: &str, now: Timestamp) -> Result<(), StoreError> {
    let mut own = Vec::new();
    for (row, used) in secrets.starting(DEVICES, &format!("{name} "))? {
        match used.parse::<Timestamp>() {
            Ok(used) if now.duration_since(used) < SignedDuration::from_hours(24 * DEVICE_DAYS) => {
                own.extend((row != this).then_some((used, row)));
            }
            _ => secrets.delete(DEVICES, &row),
        }
    }
    forget_oldest(secrets, DEVICES, own, MAX_DEVICES);
    Ok(())
}

/// Leaves room for one more.
fn forget_oldest(secrets: &mut Secrets<'_>, table: &str, mut own: Vec<(Timestamp, String)>, most: usize) {
    own.sort();
    let beyond = (own.len() + 1).saturating_sub(most);
    own.iter().take(beyond).for_each(|(_, hash)| secrets.delete(table, hash));
}

/// Over, or of a time that has not come: a clock that was set back makes no session longer.
pub(super) fn is_over(kept: &StoredSession, now: Timestamp) -> bool {
    let age = now.duration_since(kept.began);
    age > SignedDuration::from_hours(SESSION_HOURS)
        || age < -SignedDuration::from_hours(1)
        || now.duration_since(kept.used) > IDLE
}

pub(super) fn json(value: &impl Serialize) -> Result<String, StoreError> {
    serde_json::to_string(value).map_err(|e| StoreError::Engine(e.to_string()))
}
