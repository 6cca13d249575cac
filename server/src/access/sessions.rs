//! Signing in: a session is 256 random bits that only the browser has; the store has their hash.
//!
//! Nothing about a session can be read from or written into its cookie, so that there is nothing to sign.

use std::time::{Duration, Instant};

use jiff::Timestamp;
use sha2::{Digest, Sha256};

use super::{
    Actor, Attempts, Passwords, WeakPassword, accounts,
    password_hashes::{self, NotHashed},
    session_table::{DEVICES, NOTED_EVERY, StoredSession, TABLE, Tokens, begin, device_row, end_all, is_over, json},
    tokens::{hash, token},
};
use crate::{
    called,
    store::{RecordStore, StoreError},
};

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

/// Why a password was not changed.
#[derive(Debug, thiserror::Error)]
pub enum ChangeError {
    #[error(transparent)]
    SignIn(#[from] SignInError),
    #[error(transparent)]
    Hash(#[from] NotHashed),
    #[error(transparent)]
    Weak(#[from] WeakPassword),
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Somebody who has signed in.
#[derive(Debug, Clone)]
pub struct Session {
    pub actor: Actor,
    /// Its division by name and code.
    pub division_name: String,
    /// Stands in every form of the session, so that no other site can send one.
    pub form_token: String,
    /// The password has to be changed before anything else.
    pub must_change_password: bool,
    /// Notices that were not read, as whoever shows them has counted.
    pub unread: usize,
}

/// Signs in; `device` is what the browser was given for this account the last time.
pub fn sign_in(
    store: &RecordStore,
    attempts: &Attempts,
    name: &str,
    password: &str,
    device: Option<&str>,
) -> Result<Tokens, SignInError> {
    let name = canonical(name);
    let (proof, tokens) = prove(store, attempts, &name, password, device)?;
    let began = store.change_secrets(|secrets| {
        // Changed or reset since it was compared.
        let same = password_hashes::still_has(secrets, &name, &proof)?;
        if same {
            begin(secrets, &name, &tokens)?;
        }
        Ok(same)
    })?;
    if began { Ok(tokens) } else { Err(SignInError::Wrong) }
}

/// Sets the password that an account's owner chose, who is asked for the old one again: a browser left alone is not its
/// owner. All who are signed in have to sign in again but the one who asked.
pub fn change_password(
    store: &RecordStore,
    attempts: &Attempts,
    name: &str,
    (old, new): (&str, &str),
    device: Option<&str>,
) -> Result<Tokens, ChangeError> {
    Passwords::check_strength(name, new)?;
    let (proof, tokens) = prove(store, attempts, name, old, device)?;
    let kept = password_hashes::stored_form(new, false)?;
    let changed = store.change_secrets(|secrets| {
        let same = password_hashes::still_has(secrets, name, &proof)?;
        if same {
            end_all(secrets, name)?;
            password_hashes::keep(secrets, name, &kept);
            begin(secrets, name, &tokens)?;
        }
        Ok(same)
    })?;
    if changed { Ok(tokens) } else { Err(SignInError::Wrong.into()) }
}

/// As accounts are called.
pub fn canonical(name: &str) -> String {
    name.trim().to_lowercase()
}

/// What proves the password right, and tokens for the browser; a wrong one counts.
fn prove(
    store: &RecordStore,
    attempts: &Attempts,
    name: &str,
    password: &str,
    device: Option<&str>,
) -> Result<(String, Tokens), SignInError> {
    let device = match device {
        Some(device) if store.secret(DEVICES, &device_row(name, device))?.is_some() => Some(device.to_owned()),
        _ => None,
    };
    let tried_as = device.as_ref().map_or_else(|| name.to_owned(), |device| device_row(name, device));
    if let Some(left) = attempts.locked(&tried_as, Instant::now()) {
        return Err(SignInError::Locked(left));
    }
    let proof = password_hashes::verify(store, name, password)?;
    let account = accounts::find(store, name)?.filter(|(record, account)| accounts::actor(record, account).is_some());
    let (Some(proof), Some(_)) = (proof, account) else {
        attempts.fail(&tried_as, Instant::now());
        return Err(SignInError::Wrong);
    };
    attempts.succeed(&tried_as);
    Ok((proof, Tokens { session: token()?, device: device.map_or_else(token, Ok)? }))
}

/// Who has a token; `None` for one that is unknown or over.
pub fn by_token(store: &RecordStore, token: &str) -> Result<Option<Session>, StoreError> {
    let hash = hash(token);
    let Some(kept) = store.secret(TABLE, &hash)?.and_then(|kept| serde_json::from_str::<StoredSession>(&kept).ok())
    else {
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
        let noted = json(&StoredSession { used: now, ..kept })?;
        store.change_secrets(|secrets| {
            // Whoever has signed out meanwhile stays so.
            if secrets.get(TABLE, &hash)?.is_some() {
                secrets.put(TABLE, &hash, &noted);
            }
            Ok(())
        })?;
    }
    let must_change_password = password_hashes::now_known_password(store, &actor.name)?;
    let form_token = form_token(token, &actor.name);
    let division_name = called::division(store, &actor.division)?;
    Ok(Some(Session { actor, division_name, form_token, must_change_password, unread: 0 }))
}

/// Digits at the end of a form's token that are those of the account; the others, 192 bits of them, are the session's.
const OF_ACCOUNT: usize = 16;

fn form_token(token: &str, account: &str) -> String {
    let mut form = hex::encode(Sha256::digest(format!("form {token}")));
    form.truncate(form.len() - OF_ACCOUNT);
    form + &mark(account)
}

fn mark(account: &str) -> String {
    let mut mark = hex::encode(Sha256::digest(format!("account {account}")));
    mark.truncate(OF_ACCOUNT);
    mark
}

/// Whether a form's token is of a session of this account, be that session over or not: what one account has typed is not
/// offered to another on the same machine.
pub fn is_form_of(form_token: &str, account: &str) -> bool {
    form_token.ends_with(&mark(account))
}

pub fn sign_out(store: &RecordStore, token: &str) -> Result<(), StoreError> {
    store.put_secret(TABLE, &hash(token), None)
}

#[cfg(test)]
mod tests {
    use indexer::record::{DivisionCode, Role};
    use jiff::SignedDuration;

    use super::*;
    use crate::{
        access::{
            AccountError, Maker, NewAccount, create,
            session_table::{MAX_DEVICES, MAX_SESSIONS},
            set_standing,
        },
        store::{Backend, By},
    };

    const BY: By<'_> = By { author: "test", reason: "" };
    const FIRST: &str = "第1个密码，登录后改掉";

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
        let password = FIRST.to_owned();
        create(&store, new("zunyi.bb"), Some(FIRST), Maker::Operator, &BY).unwrap();
        let token = sign_in(&store, &attempts, " Zunyi.bb ", &password, None).unwrap().session;
        let session = by_token(&store, &token).unwrap().unwrap();
        assert_eq!((session.actor.name.as_str(), session.must_change_password), ("zunyi.bb", true));
        assert!(by_token(&store, "0000").unwrap().is_none());
        let new = "八角亭的第3棵老树下";
        let change = |old: &str, new: &str| change_password(&store, &attempts, "zunyi.bb", (old, new), None);
        assert!(matches!(change(&password, "short"), Err(ChangeError::Weak(_))));
        assert!(matches!(change("x", new), Err(ChangeError::SignIn(SignInError::Wrong))));
        assert!(by_token(&store, &token).unwrap().is_some());
        let by_change = change(&password, new).unwrap().session;
        assert!(by_token(&store, &token).unwrap().is_none(), "signed out by the new password");
        assert!(!by_token(&store, &by_change).unwrap().unwrap().must_change_password);
        assert!(matches!(sign_in(&store, &attempts, "zunyi.bb", &password, None), Err(SignInError::Wrong)));
        let token = sign_in(&store, &attempts, "zunyi.bb", "八角亭的第3棵老树下", None).unwrap().session;
        assert!(!by_token(&store, &token).unwrap().unwrap().must_change_password);
        sign_out(&store, &token).unwrap();
        assert!(by_token(&store, &token).unwrap().is_none());
    }

    #[test]
    fn a_closed_account_is_nobody_and_says_no_more_than_an_unknown_one() {
        let (_dir, store) = store();
        let attempts = Attempts::default();
        let password = FIRST.to_owned();
        create(&store, new("abc"), Some(FIRST), Maker::Operator, &BY).unwrap();
        let token = sign_in(&store, &attempts, "abc", &password, None).unwrap().session;
        set_standing(&store, "abc", false, &BY).unwrap();
        assert!(by_token(&store, &token).unwrap().is_none());
        let told: Vec<String> = ["abc", "nobody"]
            .map(|name| sign_in(&store, &attempts, name, &password, None).unwrap_err().to_string())
            .into();
        assert_eq!(told[0], told[1]);
        set_standing(&store, "abc", true, &BY).unwrap();
        assert!(sign_in(&store, &attempts, "abc", &password, None).is_ok());
    }

    #[test]
    fn guessing_is_stopped_for_known_and_unknown_names_alike() {
        let (_dir, store) = store();
        let attempts = Attempts::default();
        let password = FIRST.to_owned();
        create(&store, new("abc"), Some(FIRST), Maker::Operator, &BY).unwrap();
        for name in ["abc", "nobody"] {
            for _ in 0..5 {
                assert!(matches!(sign_in(&store, &attempts, name, "x", None), Err(SignInError::Wrong)));
            }
            assert!(matches!(sign_in(&store, &attempts, name, &password, None), Err(SignInError::Locked(_))), "{name}");
        }
    }

    #[test]
    fn whoever_guesses_elsewhere_does_not_lock_the_owner_out() {
        let (_dir, store) = store();
        let attempts = Attempts::default();
        let password = FIRST.to_owned();
        create(&store, new("abc"), Some(FIRST), Maker::Operator, &BY).unwrap();
        create(&store, new("other"), None, Maker::Operator, &BY).unwrap();
        let device = sign_in(&store, &attempts, "abc", &password, None).unwrap().device;
        for _ in 0..5 {
            sign_in(&store, &attempts, "abc", "x", Some("unknown")).unwrap_err();
        }
        let locked = |name: &str, device: &str| {
            matches!(sign_in(&store, &attempts, name, &password, Some(device)), Err(SignInError::Locked(_)))
        };
        assert!(locked("abc", "unknown"));
        let again = sign_in(&store, &attempts, "abc", &password, Some(&device)).unwrap();
        assert_eq!(again.device, device, "stays known by the same");
        // A known browser guesses no more often, and is known for its own account only.
        for _ in 0..5 {
            sign_in(&store, &attempts, "abc", "x", Some(&device)).unwrap_err();
            sign_in(&store, &attempts, "other", "x", Some(&device)).unwrap_err();
        }
        assert!(locked("abc", &device));
        assert!(locked("other", "unknown"));
        for n in 0..MAX_DEVICES + 2 {
            attempts.succeed("abc");
            sign_in(&store, &attempts, "abc", &password, Some(&n.to_string())).unwrap();
        }
        assert_eq!(store.secrets(DEVICES).unwrap().len(), MAX_DEVICES);
        assert!(store.secret(DEVICES, &device_row("abc", &device)).unwrap().is_none(), "the oldest is forgotten");
    }

    #[test]
    fn a_use_noted_late_brings_no_session_back() {
        let (_dir, store) = store();
        let password = FIRST.to_owned();
        create(&store, new("abc"), Some(FIRST), Maker::Operator, &BY).unwrap();
        let token = sign_in(&store, &Attempts::default(), "abc", &password, None).unwrap().session;
        let idle = |minutes: i64| {
            let used = Timestamp::now() - SignedDuration::from_mins(minutes);
            json(&StoredSession { account: "abc".into(), began: used, used }).unwrap()
        };
        store.put_secret(TABLE, &hash(&token), Some(&idle(30))).unwrap();
        assert!(by_token(&store, &token).unwrap().is_some());
        let kept: StoredSession = serde_json::from_str(&store.secret(TABLE, &hash(&token)).unwrap().unwrap()).unwrap();
        assert!(Timestamp::now().duration_since(kept.used) < SignedDuration::from_mins(1), "the use is noted");
        // Many ask with an old use while its owner signs out: none of them writes it back.
        store.put_secret(TABLE, &hash(&token), Some(&idle(30))).unwrap();
        std::thread::scope(|scope| {
            for n in 0..8 {
                let (store, token) = (&store, &token);
                scope.spawn(move || match n {
                    4 => sign_out(store, token).unwrap(),
                    _ => drop(by_token(store, token).unwrap()),
                });
            }
        });
        assert!(by_token(&store, &token).unwrap().is_none());
    }

    #[test]
    fn what_is_wrong_with_a_new_account_is_told() {
        let (_dir, store) = store();
        create(&store, new("abc"), None, Maker::Operator, &BY).unwrap();
        assert!(matches!(create(&store, new("abc"), None, Maker::Operator, &BY), Err(AccountError::Taken(_))));
        for name in ["ab", "甲乙丙", "Abc", "1abc", "a b", &"a".repeat(41)] {
            assert!(matches!(create(&store, new(name), None, Maker::Operator, &BY), Err(AccountError::Name)), "{name}");
        }
        let elsewhere = NewAccount { division: "990000".parse().unwrap(), ..new("abd") };
        assert!(matches!(create(&store, elsewhere, None, Maker::Operator, &BY), Err(AccountError::NoDivision(_))));
        let nobodys = NewAccount { office_name: " ".into(), ..new("abd") };
        assert!(matches!(create(&store, nobodys, None, Maker::Operator, &BY), Err(AccountError::Office)));
        let unknown = NewAccount { office_id: Some("x".into()), ..new("abd") };
        assert!(matches!(create(&store, unknown, None, Maker::Operator, &BY), Err(AccountError::NoOffice(_))));
        assert!(matches!(create(&store, new("abd"), Some("short"), Maker::Operator, &BY), Err(AccountError::Weak(_))));
    }

    #[test]
    fn accounts_are_listed_page_by_page() {
        let (_dir, store) = store();
        for name in ["abc", "abd", "abe"] {
            create(&store, new(name), None, Maker::Operator, &BY).unwrap();
        }
        let page = |after: Option<&str>| {
            let page = crate::access::list(&store, &DivisionCode::nation(), after, 2).unwrap();
            (page.records.into_iter().map(|(_, a)| a.name).collect::<Vec<_>>(), page.next)
        };
        let (first, next) = page(None);
        assert_eq!(first, ["abc", "abd"]);
        assert_eq!(page(next.as_deref()), (vec!["abe".into()], None));
    }

    #[test]
    fn sessions_end_by_age_and_by_idleness() {
        let now = Timestamp::now();
        let kept = |began: i64, used: i64| StoredSession {
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
        let password = FIRST.to_owned();
        create(&store, new("abc"), Some(FIRST), Maker::Operator, &BY).unwrap();
        for _ in 0..MAX_SESSIONS + 2 {
            sign_in(&store, &attempts, "abc", &password, None).unwrap();
        }
        assert_eq!(store.secrets(TABLE).unwrap().len(), MAX_SESSIONS);
    }
}
