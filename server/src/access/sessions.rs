//! Signing in: a session is 256 random bits that only the browser has; the store has their hash.
//!
//! Nothing about a session can be read from or written into its cookie, so that there is nothing to sign.

use std::time::{Duration, Instant};

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::{Actor, Attempts, accounts};
use crate::store::{RecordStore, StoreError};

const TABLE: &str = "session";
/// A day's work: then one signs in again.
pub const SESSION_HOURS: i64 = 12;
/// Sessions left alone for so long are over.
const IDLE: SignedDuration = SignedDuration::from_hours(2);
/// How exactly the last use is kept: each note is a durable write.
const NOTED_EVERY: SignedDuration = SignedDuration::from_mins(10);
/// Sessions of one account at once; the oldest ends when another begins.
const MOST_SESSIONS: usize = 10;

#[derive(Debug, thiserror::Error)]
pub enum SignInError {
    /// The same for a wrong name, a wrong password and a closed account.
    #[error("账户名或密码不对")]
    Wrong,
    #[error("失败次数太多，这个账户名已锁定，请 {} 分钟后再试", .0.as_secs().div_ceil(60))]
    Locked(Duration),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("无法取得随机数：{0}")]
    Random(#[from] getrandom::Error),
}

#[derive(Debug, Clone, Serialize, Deserialize)]
struct Kept {
    account: String,
    began: Timestamp,
    used: Timestamp,
}

/// Somebody who has signed in.
#[derive(Debug, Clone)]
pub struct Session {
    pub actor: Actor,
    /// Stands in every form of the session, so that no other site can send one.
    pub form_token: String,
    /// The password has to be changed before anything else.
    pub must_change_password: bool,
}

/// Signs in; returns the token for the cookie.
pub fn sign_in(store: &RecordStore, attempts: &Attempts, name: &str, password: &str) -> Result<String, SignInError> {
    let name = name.trim().to_lowercase();
    if let Some(left) = attempts.locked(&name, Instant::now()) {
        return Err(SignInError::Locked(left));
    }
    let right = accounts::verify(store, &name, password)?;
    let account = accounts::find(store, &name)?.filter(|(record, account)| accounts::actor(record, account).is_some());
    if !right || account.is_none() {
        attempts.fail(&name, Instant::now());
        return Err(SignInError::Wrong);
    }
    attempts.succeed(&name);
    let mut token = [0u8; 32];
    getrandom::fill(&mut token)?;
    let token = hex::encode(token);
    let now = Timestamp::now();
    tidy(store, &name, now)?;
    keep(store, &hash(&token), &Kept { account: name, began: now, used: now })?;
    Ok(token)
}

/// Who has a token; `None` for one that is unknown or over.
pub fn by_token(store: &RecordStore, token: &str) -> Result<Option<Session>, StoreError> {
    let hash = hash(token);
    let Some(mut kept) = store.secret(TABLE, &hash)?.and_then(|kept| serde_json::from_str::<Kept>(&kept).ok()) else {
        return Ok(None);
    };
    let now = Timestamp::now();
    if is_over(&kept, now) {
        store.put_secret(TABLE, &hash, None)?;
        return Ok(None);
    }
    let Some(actor) = accounts::find(store, &kept.account)?.and_then(|(record, a)| accounts::actor(&record, &a)) else {
        return Ok(None);
    };
    if now.duration_since(kept.used) > NOTED_EVERY {
        kept.used = now;
        keep(store, &hash, &kept)?;
    }
    let must_change_password = accounts::now_known_password(store, &actor.name)?;
    let form_token = hex::encode(Sha256::digest(format!("form {token}")));
    Ok(Some(Session { actor, form_token, must_change_password }))
}

pub fn sign_out(store: &RecordStore, token: &str) -> Result<(), StoreError> {
    store.put_secret(TABLE, &hash(token), None)
}

/// Ends all sessions of an account.
pub(super) fn end_all(store: &RecordStore, name: &str) -> Result<(), StoreError> {
    for (hash, kept) in store.secrets(TABLE)? {
        if serde_json::from_str::<Kept>(&kept).is_ok_and(|kept| kept.account == name) {
            store.put_secret(TABLE, &hash, None)?;
        }
    }
    Ok(())
}

/// Takes out what is over, and of an account's sessions the oldest beyond the bound.
fn tidy(store: &RecordStore, name: &str, now: Timestamp) -> Result<(), StoreError> {
    let mut own = Vec::new();
    for (hash, text) in store.secrets(TABLE)? {
        match serde_json::from_str::<Kept>(&text) {
            Ok(kept) if !is_over(&kept, now) => own.extend((kept.account == name).then_some((kept.began, hash))),
            _ => store.put_secret(TABLE, &hash, None)?,
        }
    }
    own.sort();
    let beyond = (own.len() + 1).saturating_sub(MOST_SESSIONS);
    own.iter().take(beyond).try_for_each(|(_, hash)| store.put_secret(TABLE, hash, None))
}

/// Over, or of a time that has not come: a clock that was set back makes no session longer.
fn is_over(kept: &Kept, now: Timestamp) -> bool {
    let age = now.duration_since(kept.began);
    age > SignedDuration::from_hours(SESSION_HOURS)
        || age < -SignedDuration::from_hours(1)
        || now.duration_since(kept.used) > IDLE
}

fn keep(store: &RecordStore, hash: &str, kept: &Kept) -> Result<(), StoreError> {
    let kept = serde_json::to_string(kept).map_err(|e| StoreError::Engine(e.to_string()))?;
    store.put_secret(TABLE, hash, Some(&kept))
}

fn hash(token: &str) -> String {
    hex::encode(Sha256::digest(token))
}

#[cfg(test)]
mod tests {
    use indexer::record::{DivisionCode, Role};

    use super::*;
    use crate::{
        access::{AccountError, NewAccount, create, set_password, set_standing},
        store::{Backend, By},
    };

    const BY: By<'_> = By { author: "test", reason: "" };

    fn new(name: &str) -> NewAccount {
        NewAccount {
            name: name.into(),
            office_id: None,
            office_name: "遵义市委编办".into(),
            role: Role::Reviewer,
            division: DivisionCode::nation(),
        }
    }

    fn store() -> (tempfile::TempDir, RecordStore) {
        let dir = tempfile::tempdir().unwrap();
        let store = RecordStore::open(Backend::Redb, dir.path()).unwrap();
        (dir, store)
    }

    #[test]
    fn one_signs_in_with_the_password_and_is_signed_out_by_a_new_one() {
        let (_dir, store) = store();
        let attempts = Attempts::default();
        let password = create(&store, new("zunyi.bb"), None, &BY).unwrap();
        let token = sign_in(&store, &attempts, " Zunyi.bb ", &password).unwrap();
        let session = by_token(&store, &token).unwrap().unwrap();
        assert_eq!((session.actor.name.as_str(), session.must_change_password), ("zunyi.bb", true));
        assert!(by_token(&store, "0000").unwrap().is_none());
        set_password(&store, "zunyi.bb", "八角亭的第3棵老树下").unwrap();
        assert!(by_token(&store, &token).unwrap().is_none(), "signed out by the new password");
        assert!(matches!(sign_in(&store, &attempts, "zunyi.bb", &password), Err(SignInError::Wrong)));
        let token = sign_in(&store, &attempts, "zunyi.bb", "八角亭的第3棵老树下").unwrap();
        assert!(!by_token(&store, &token).unwrap().unwrap().must_change_password);
        sign_out(&store, &token).unwrap();
        assert!(by_token(&store, &token).unwrap().is_none());
    }

    #[test]
    fn a_closed_account_is_nobody_and_says_no_more_than_an_unknown_one() {
        let (_dir, store) = store();
        let attempts = Attempts::default();
        let password = create(&store, new("abc"), None, &BY).unwrap();
        let token = sign_in(&store, &attempts, "abc", &password).unwrap();
        set_standing(&store, "abc", false, &BY).unwrap();
        assert!(by_token(&store, &token).unwrap().is_none());
        let told: Vec<String> =
            ["abc", "nobody"].map(|name| sign_in(&store, &attempts, name, &password).unwrap_err().to_string()).into();
        assert_eq!(told[0], told[1]);
        set_standing(&store, "abc", true, &BY).unwrap();
        assert!(sign_in(&store, &attempts, "abc", &password).is_ok());
    }

    #[test]
    fn guessing_is_stopped_for_known_and_unknown_names_alike() {
        let (_dir, store) = store();
        let attempts = Attempts::default();
        let password = create(&store, new("abc"), None, &BY).unwrap();
        for name in ["abc", "nobody"] {
            for _ in 0..5 {
                assert!(matches!(sign_in(&store, &attempts, name, "x"), Err(SignInError::Wrong)));
            }
            assert!(matches!(sign_in(&store, &attempts, name, &password), Err(SignInError::Locked(_))), "{name}");
        }
    }

    #[test]
    fn what_is_wrong_with_a_new_account_is_told() {
        let (_dir, store) = store();
        create(&store, new("abc"), None, &BY).unwrap();
        assert!(matches!(create(&store, new("abc"), None, &BY), Err(AccountError::Taken(_))));
        for name in ["ab", "甲乙丙", "Abc", "1abc", "a b", &"a".repeat(41)] {
            assert!(matches!(create(&store, new(name), None, &BY), Err(AccountError::Name)), "{name}");
        }
        let elsewhere = NewAccount { division: "990000".parse().unwrap(), ..new("abd") };
        assert!(matches!(create(&store, elsewhere, None, &BY), Err(AccountError::NoDivision(_))));
        let nobodys = NewAccount { office_name: " ".into(), ..new("abd") };
        assert!(matches!(create(&store, nobodys, None, &BY), Err(AccountError::Office)));
        let unknown = NewAccount { office_id: Some("x".into()), ..new("abd") };
        assert!(matches!(create(&store, unknown, None, &BY), Err(AccountError::NoOffice(_))));
        assert!(matches!(create(&store, new("abd"), Some("short"), &BY), Err(AccountError::Weak(_))));
    }

    #[test]
    fn sessions_end_by_age_and_by_idleness() {
        let now = Timestamp::now();
        let kept = |began: i64, used: i64| Kept {
            account: "a".into(),
            began: now - SignedDuration::from_mins(began),
            used: now - SignedDuration::from_mins(used),
        };
        for (began, used, over) in
            [(0, 0, false), (11 * 60, 60, false), (13 * 60, 1, true), (200, 130, true), (-90, 0, true)]
        {
            assert_eq!(is_over(&kept(began, used), now), over, "{began} {used}");
        }
    }

    #[test]
    fn an_account_has_so_many_sessions_and_no_more() {
        let (_dir, store) = store();
        let attempts = Attempts::default();
        let password = create(&store, new("abc"), None, &BY).unwrap();
        for _ in 0..MOST_SESSIONS + 2 {
            sign_in(&store, &attempts, "abc", &password).unwrap();
        }
        assert_eq!(store.secrets(TABLE).unwrap().len(), MOST_SESSIONS);
    }
}
