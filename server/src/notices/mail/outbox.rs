//! Letters that are to be sent. They lie in the store until the server has taken them or they are given up, so that neither a
//! restart nor a server that is down loses one; the server may get one twice where this program ends before that is noted.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::super::json;
use crate::{
    access,
    store::{RecordStore, Secrets, StoreError},
};

/// Table of letters, by what they are and their account.
pub const TABLE: &str = "mail";

/// A letter on its way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Letter {
    pub account: String,
    /// The code that it brings; `None`: it tells of notices.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// Names it to the server, each time the same.
    pub id: String,
    /// When it is to be tried next.
    pub next: Timestamp,
    pub tries: u32,
    /// What the last try came to.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub said: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub given_up: Option<Timestamp>,
}

impl Letter {
    pub fn of_code(account: &str, code: &str, now: Timestamp) -> Self {
        Self::new(account, Some(code.to_owned()), now)
    }

    pub fn new(account: &str, code: Option<String>, now: Timestamp) -> Self {
        let id = access::token_hash(&format!("{account} {now} {}", code.as_deref().unwrap_or_default()));
        let id = id.get(..24).unwrap_or_default().to_owned();
        Self { account: account.to_owned(), code, id, next: now, tries: 0, said: String::new(), given_up: None }
    }

    pub fn row(&self) -> String {
        row(self.code.is_some(), &self.account)
    }
}

fn row(code: bool, account: &str) -> String {
    format!("{}/{account}", if code { "code" } else { "notices" })
}

/// Puts a letter into the outbox, in place of one of its sort that an account has there.
pub fn put(secrets: &mut Secrets<'_>, letter: &Letter) -> Result<(), StoreError> {
    secrets.put(TABLE, &letter.row(), &json(letter)?);
    Ok(())
}

/// Takes an account's letters out.
pub fn forget(secrets: &mut Secrets<'_>, account: &str) {
    for code in [true, false] {
        secrets.delete(TABLE, &row(code, account));
    }
}

/// A letter that the server has not taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Undelivered {
    pub account: String,
    pub tries: u32,
    /// What the server said, or why it was not reached.
    pub said: String,
    /// When it is tried next; `None` once it was given up.
    pub next: Option<Timestamp>,
}

/// The letters that the server has refused so far.
pub fn undelivered(store: &RecordStore) -> Result<Vec<Undelivered>, StoreError> {
    let all = letters(store)?.into_iter().filter(|letter| letter.tries > 0);
    Ok(all
        .map(|letter| Undelivered {
            next: letter.given_up.is_none().then_some(letter.next),
            account: letter.account,
            tries: letter.tries,
            said: letter.said,
        })
        .collect())
}

/// All letters that lie there.
pub fn letters(store: &RecordStore) -> Result<Vec<Letter>, StoreError> {
    Ok(store.secrets(TABLE)?.iter().filter_map(|(_, kept)| serde_json::from_str(kept).ok()).collect())
}
