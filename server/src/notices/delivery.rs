//! How notices become letters, and how letters are sent: gathered, one an account and hour, tried again with growing
//! pauses.

use jiff::{SignedDuration, Timestamp};
use lettre::Address;

use super::{
    StoredNotice, list,
    mail::{Letter, MAIL_TABLE as TABLE, Post, Refused, letter, letters, put},
    settings, unread,
};
use crate::{
    access,
    store::{RecordStore, StoreError},
};

/// Notices are gathered for so long before they are sent, and an account gets one letter of them an hour.
const GATHER: SignedDuration = SignedDuration::from_mins(2);
const BETWEEN: SignedDuration = SignedDuration::from_hours(1);
/// Pauses before a letter is tried again, in minutes: a server that restarts, one that puts off what it does not know
/// (greylisting), one that is down for a day. Then it is given up.
const PAUSES: [i64; 7] = [1, 5, 15, 60, 240, 720, 720];
/// What came of a code that could not be sent while it held.
const CODE_OVER: &str = "验证码在寄出之前已经过期";
/// For how long the administrator is reported of what was given up.
const TOLD_FOR: SignedDuration = SignedDuration::from_hours(24 * 14);

/// Notices of an account that its mail has not told yet, the last first.
fn untold(store: &RecordStore, account: &str, settings: &settings::Settings) -> Result<Vec<StoredNotice>, StoreError> {
    let Some(mailbox) = settings.mailbox.as_ref().filter(|mailbox| mailbox.confirmed) else { return Ok(Vec::new()) };
    if unread(store, account)? == 0 {
        return Ok(Vec::new());
    }
    let mut new = list(store, account)?;
    new.retain(|kept| kept.id > mailbox.upto && !kept.notice.read && settings.includes(kept.notice.what));
    Ok(new)
}

/// Writes the letters that are due by now to the outbox.
fn write(store: &RecordStore, now: Timestamp) -> Result<(), StoreError> {
    let waiting = letters(store)?;
    for (account, kept) in store.secrets(settings::TABLE)? {
        let settings = settings::read(Some(kept));
        let Some(mailbox) = &settings.mailbox else { continue };
        let underway = waiting.iter().any(|l| l.account == account && l.code.is_none() && l.given_up.is_none());
        let soon = mailbox.sent.is_some_and(|sent| now.duration_since(sent) < BETWEEN);
        if underway || soon || access::actor_of(store, &account)?.is_none() {
            continue;
        }
        let new = untold(store, &account, &settings)?;
        if new.last().is_some_and(|oldest| now.duration_since(oldest.notice.at) >= GATHER) {
            store.change_secrets(|secrets| put(secrets, &Letter::new(&account, None, now)))?;
        }
    }
    Ok(())
}

/// Sends what is due. `leads_to` is the service's address where the operator has named it. What fails is tried again
/// later; the errors are those of the store.
pub async fn deliver(
    store: &RecordStore,
    post: &Post,
    leads_to: Option<&str>,
    now: impl Fn() -> Timestamp,
) -> Result<(), StoreError> {
    write(store, now())?;
    for letter in letters(store)? {
        match letter.given_up {
            Some(at) if now().duration_since(at) > TOLD_FOR => store.put_secret(TABLE, &letter.row(), None)?,
            None if letter.next <= now() => one(store, post, leads_to, letter, &now).await?,
            _ => {}
        }
    }
    Ok(())
}

async fn one(
    store: &RecordStore,
    post: &Post,
    leads_to: Option<&str>,
    letter: Letter,
    now: &impl Fn() -> Timestamp,
) -> Result<(), StoreError> {
    let account = letter.account.clone();
    let settings = settings::of(store, &account)?;
    // While the letters before it were sent, the account may have asked for another in its place. Read after the
    // settings: an address and the code that goes there are written together, so that no code goes anywhere but where
    // it was asked for.
    let stands = store.secret(TABLE, &letter.row())?.and_then(|kept| serde_json::from_str::<Letter>(&kept).ok());
    if stands.is_none_or(|stands| stands.id != letter.id) {
        return Ok(());
    }
    // A code that holds no more is nobody's to read.
    if letter.code.is_some() && !settings.mailbox.as_ref().is_some_and(|mailbox| mailbox.code_holds(now())) {
        return settle(store, letter, None, Err(Refused { says: CODE_OVER.to_owned(), for_good: true }), now());
    }
    let address = settings.mailbox.as_ref().filter(|mailbox| mailbox.confirmed || letter.code.is_some());
    let address = address.and_then(|mailbox| mailbox.address.parse::<Address>().ok());
    let new = untold(store, &account, &settings)?;
    let nothing = letter.code.is_none() && new.is_empty();
    let (Some(address), Some(_), false) = (address, access::actor_of(store, &account)?, nothing) else {
        // Read in the console meanwhile, or wanted no more.
        return store.put_secret(TABLE, &letter.row(), None);
    };
    let newest = new.first().map(|kept| kept.id.clone());
    let (subject, text) = match &letter.code {
        Some(code) => letter::of_code(&account, code),
        None => {
            let told = new.iter().map(|kept| kept.notice.in_public(store)).collect::<Result<Vec<_>, _>>()?;
            letter::of_notices(&account, &told, leads_to)
        }
    };
    let sent = match letter::message(&post.sender, address, &subject, text, &letter.id) {
        Ok(message) => post.send(message).await,
        Err(error) => Err(Refused { says: error.to_string(), for_good: true }),
    };
    settle(store, letter, newest, sent, now())
}

/// Notes what came of a try, unless the account asked for something else meanwhile.
fn settle(
    store: &RecordStore,
    letter: Letter,
    newest: Option<String>,
    sent: Result<(), Refused>,
    now: Timestamp,
) -> Result<(), StoreError> {
    let Letter { account, tries, .. } = letter.clone();
    let over = |settings: &mut settings::Settings, sent: bool| {
        let Some(mailbox) = settings.mailbox.as_mut().filter(|_| letter.code.is_none()) else { return };
        mailbox.upto = newest.clone().unwrap_or_default().max(std::mem::take(&mut mailbox.upto));
        if sent {
            mailbox.sent = Some(now);
        }
    };
    settings::change(store, &account, |settings, secrets| {
        let kept: Option<Letter> = secrets.get(TABLE, &letter.row())?.and_then(|kept| serde_json::from_str(&kept).ok());
        if kept.is_none_or(|kept| kept.id != letter.id) {
            return Ok(());
        }
        let Err(refused) = sent else {
            over(settings, true);
            secrets.delete(TABLE, &letter.row());
            return Ok(());
        };
        let pause = PAUSES.get(tries as usize).filter(|_| !refused.for_good);
        let given_up = pause.is_none().then_some(now);
        let next = now + SignedDuration::from_mins(pause.copied().unwrap_or_default());
        match given_up {
            Some(_) => {
                tracing::warn!(account, tries = tries + 1, said = refused.says, "a letter was given up");
                over(settings, false);
            }
            None => tracing::info!(account, said = refused.says, "a letter is to be sent again"),
        }
        // A code is nobody's to read once it was given up.
        let code = letter.code.clone().map(|code| if given_up.is_some() { String::new() } else { code });
        put(secrets, &Letter { code, next, tries: tries + 1, said: refused.says, given_up, ..letter.clone() })
    })
}
