use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use lettre::{Address, message::Mailbox};

use super::{
    server::{Manner, Server},
    *,
};
use crate::{
    notices::delivery::deliver,
    notices::{Marked, ask_address, choose, confirm_address, drop_address, list, mark_read, tests::Shelf},
    store::RecordStore,
};

/// The code that lies in the outbox for an account.
pub fn code_of(store: &RecordStore, account: &str) -> String {
    let kept = store.secret("mail", &format!("code/{account}")).unwrap().unwrap();
    serde_json::from_str::<serde_json::Value>(&kept).unwrap()["code"].as_str().unwrap().to_owned()
}

fn config(port: u16) -> SmtpConfig {
    SmtpConfig {
        host: "127.0.0.1".into(),
        port,
        tls: SmtpTls::None,
        user: String::new(),
        password_file: None,
        sender: "官搜 <guansou@example.gov.cn>".into(),
        ca_file: None,
    }
}

fn post(server: &Server) -> Post {
    Post::new(&config(server.port)).unwrap()
}

/// A store whose writer has a confirmed address and nothing in the outbox.
fn confirmed(now: Timestamp) -> Shelf {
    let shelf = Shelf::new();
    ask_address(&shelf.store, "writer", "writer@b.cn", now).unwrap();
    let code = code_of(&shelf.store, "writer");
    confirm_address(&shelf.store, "writer", &code, now).unwrap();
    shelf
}

async fn sent_at(shelf: &Shelf, post: &Post, at: Timestamp) {
    deliver(&shelf.store, post, Some("https://guansou.example.gov.cn"), move || at).await.unwrap();
}

/// A letter's text, whatever it was encoded by.
fn text_of(data: &str) -> String {
    let (head, body) = data.split_once("\r\n\r\n").unwrap();
    if head.contains("base64") {
        use base64::Engine;
        let joined: String = body.split_whitespace().collect();
        return String::from_utf8(base64::engine::general_purpose::STANDARD.decode(joined).unwrap()).unwrap();
    }
    let mut bytes = Vec::new();
    let mut rest = body.replace("=\r\n", "").into_bytes().into_iter();
    while let Some(byte) = rest.next() {
        match byte {
            b'=' => {
                let pair: Vec<u8> = rest.by_ref().take(2).collect();
                bytes.push(u8::from_str_radix(std::str::from_utf8(&pair).unwrap(), 16).unwrap());
            }
            byte => bytes.push(byte),
        }
    }
    String::from_utf8(bytes).unwrap()
}

fn later(at: Timestamp, minutes: i64) -> Timestamp {
    at + SignedDuration::from_mins(minutes)
}

#[tokio::test]
async fn the_code_comes_first_and_then_one_letter_an_hour() {
    let (mut shelf, now) = (Shelf::new(), Timestamp::now());
    let server = Server::start(Manner::Takes).await;
    let post = post(&server);
    let submission = shelf.submitted("甲");
    shelf.comment(&submission, "在地址确认之前");
    ask_address(&shelf.store, "writer", "writer@b.cn", now).unwrap();
    sent_at(&shelf, &post, later(now, 30)).await;
    let letters = server.letters();
    assert_eq!(letters.len(), 1, "the code and nothing else before it is confirmed");
    assert!(letters[0].commands.contains(&"RCPT TO:<writer@b.cn>".to_owned()), "{:?}", letters[0]);
    let text = text_of(&letters[0].data);
    let code: String = text.lines().find_map(|line| line.strip_prefix("验证码：")).unwrap().trim().to_owned();
    confirm_address(&shelf.store, "writer", &code, now).unwrap();
    sent_at(&shelf, &post, later(now, 60)).await;
    assert_eq!(server.letters().len(), 1, "what came before the address stays in the console");
    shelf.comment(&submission, "第一句");
    sent_at(&shelf, &post, later(now, 0)).await;
    assert_eq!(server.letters().len(), 1, "gathered for two minutes");
    shelf.comment(&submission, "第二句");
    sent_at(&shelf, &post, later(now, 5)).await;
    let letters = server.letters();
    assert_eq!(letters.len(), 2);
    let text = text_of(&letters[1].data);
    assert!(text.contains("2 条新通知") && text.contains("新的留言：甲局"), "{text}");
    assert!(text.contains("https://guansou.example.gov.cn/console/notices") && !text.contains("第一句"), "{text}");
    assert!(letters[1].data.contains("Auto-Submitted: auto-generated"), "{}", letters[1].data);
    shelf.comment(&submission, "第三句");
    sent_at(&shelf, &post, later(now, 40)).await;
    assert_eq!(server.letters().len(), 2, "within the hour");
    sent_at(&shelf, &post, later(now, 70)).await;
    assert_eq!(server.letters().len(), 3);
    assert_eq!(undelivered(&shelf.store).unwrap(), []);
}

#[tokio::test]
async fn a_code_goes_only_where_it_was_asked_for() {
    let (shelf, now) = (Shelf::new(), Timestamp::now());
    let server = Server::start(Manner::Takes).await;
    let post = post(&server);
    // While the letter of an account before it is sent, the writer asks for another address: the place in the order of
    // letters is that of the accounts.
    ask_address(&shelf.store, "admin", "admin@b.cn", now).unwrap();
    ask_address(&shelf.store, "writer", "old@b.cn", now).unwrap();
    let (old, asked) = (code_of(&shelf.store, "writer"), std::cell::Cell::new(false));
    let clock = || {
        if !server.letters().is_empty() && !asked.replace(true) {
            ask_address(&shelf.store, "writer", "new@b.cn", now).unwrap();
        }
        now
    };
    deliver(&shelf.store, &post, None, clock).await.unwrap();
    assert!(asked.get(), "it was asked for between the two");
    let sent: Vec<String> = server.letters().iter().map(|letter| text_of(&letter.data)).collect();
    assert!(!sent.iter().any(|text| text.contains(&old)), "a code for the old address goes nowhere any more: {sent:?}");
    sent_at(&shelf, &post, now).await;
    let letters = server.letters();
    assert_eq!(letters.len(), 2, "{letters:?}");
    assert!(letters[1].commands.contains(&"RCPT TO:<new@b.cn>".to_owned()), "{letters:?}");
    assert!(confirm_address(&shelf.store, "writer", &old, now).is_err());
}

#[tokio::test]
async fn a_code_that_holds_no_more_is_not_sent() {
    let (shelf, now) = (Shelf::new(), Timestamp::now());
    let refusing = Server::start(Manner::Refuses("451 later")).await;
    ask_address(&shelf.store, "writer", "writer@b.cn", now).unwrap();
    let code = code_of(&shelf.store, "writer");
    for minutes in [0, 1, 6, 21] {
        sent_at(&shelf, &post(&refusing), later(now, minutes)).await;
        assert!(undelivered(&shelf.store).unwrap()[0].next.is_some(), "{minutes}");
    }
    let taking = Server::start(Manner::Takes).await;
    sent_at(&shelf, &post(&taking), later(now, 81)).await;
    assert_eq!(taking.letters(), []);
    let told = undelivered(&shelf.store).unwrap();
    assert!(
        told.len() == 1 && told[0].next.is_none() && told[0].said.contains("过期"),
        "the administrator is told: {told:?}"
    );
    assert!(!shelf.store.dump().iter().any(|(_, value)| String::from_utf8_lossy(value).contains(&code)));
    // Asked for anew, it comes.
    ask_address(&shelf.store, "writer", "writer@b.cn", later(now, 90)).unwrap();
    sent_at(&shelf, &post(&taking), later(now, 90)).await;
    assert_eq!((taking.letters().len(), undelivered(&shelf.store).unwrap()), (1, vec![]));
}

#[tokio::test]
async fn what_was_read_or_is_not_wanted_is_not_sent() {
    let now = Timestamp::now();
    let mut shelf = confirmed(now);
    let server = Server::start(Manner::Takes).await;
    let post = post(&server);
    let submission = shelf.submitted("甲");
    shelf.comment(&submission, "甲");
    let seen = list(&shelf.store, "writer").unwrap()[0].id.clone();
    mark_read(&shelf.store, "writer", Marked::UpTo(&seen)).unwrap();
    sent_at(&shelf, &post, later(now, 10)).await;
    choose(&shelf.store, "writer", &[]).unwrap();
    shelf.comment(&submission, "乙");
    sent_at(&shelf, &post, later(now, 10)).await;
    choose(&shelf.store, "writer", &crate::notices::What::ALL).unwrap();
    drop_address(&shelf.store, "writer").unwrap();
    sent_at(&shelf, &post, later(now, 20)).await;
    assert_eq!(server.letters(), []);
}

#[tokio::test]
async fn a_server_that_is_down_or_puts_off_is_tried_again_with_growing_pauses_and_given_up() {
    let now = Timestamp::now();
    for manner in [None, Some(Manner::Refuses("451 later"))] {
        let mut shelf = confirmed(now);
        let port = match manner {
            Some(manner) => Server::start(manner).await.port,
            // A port on which nobody listens.
            None => std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port(),
        };
        let post = Post::new(&config(port)).unwrap();
        let submission = shelf.submitted("甲");
        shelf.comment(&submission, "甲");
        let (mut at, mut pauses) = (later(now, 5), Vec::new());
        loop {
            sent_at(&shelf, &post, at).await;
            let waiting = undelivered(&shelf.store).unwrap();
            assert_eq!(waiting.len(), 1, "{manner:?}: it lies in the store until then");
            assert!(!waiting[0].said.is_empty() && waiting[0].tries as usize == pauses.len() + 1);
            let Some(next) = waiting[0].next else { break };
            pauses.push(next.duration_since(at).as_secs() / 60);
            sent_at(&shelf, &post, later(next, -1)).await;
            assert_eq!(undelivered(&shelf.store).unwrap()[0].tries as usize, pauses.len(), "not before");
            at = next;
        }
        assert_eq!(pauses, [1, 5, 15, 60, 240, 720, 720], "{manner:?}");
        // The administrator is reported for two weeks; what was given up is not sent again, what is new is.
        let taking = Server::start(Manner::Takes).await;
        let post = Post::new(&config(taking.port)).unwrap();
        sent_at(&shelf, &post, later(at, 60)).await;
        assert_eq!((taking.letters().len(), undelivered(&shelf.store).unwrap().len()), (0, 1));
        shelf.comment(&submission, "乙");
        sent_at(&shelf, &post, later(at, 60)).await;
        assert_eq!((taking.letters().len(), undelivered(&shelf.store).unwrap().len()), (1, 0));
    }
}

#[tokio::test]
async fn a_refusal_for_good_ends_it_at_once_and_a_server_that_comes_back_gets_it() {
    let now = Timestamp::now();
    let mut shelf = confirmed(now);
    let submission = shelf.submitted("甲");
    shelf.comment(&submission, "甲");
    let refusing = Server::start(Manner::Refuses("451 4.7.1 later")).await;
    sent_at(&shelf, &post(&refusing), later(now, 5)).await;
    assert!(undelivered(&shelf.store).unwrap()[0].said.contains("later"));
    let taking = Server::start(Manner::Takes).await;
    sent_at(&shelf, &post(&taking), later(now, 7)).await;
    assert_eq!((taking.letters().len(), undelivered(&shelf.store).unwrap()), (1, vec![]));
    let gone = Server::start(Manner::Refuses("550 5.1.1 no such mailbox")).await;
    shelf.comment(&submission, "乙");
    sent_at(&shelf, &post(&gone), later(now, 100)).await;
    let told = undelivered(&shelf.store).unwrap();
    assert_eq!((told[0].next, told[0].tries), (None, 1));
    assert!(told[0].said.contains("no such mailbox"), "{told:?}");
    sent_at(&shelf, &post(&taking), later(now, 60 * 24 * 15 + 200)).await;
    assert_eq!(undelivered(&shelf.store).unwrap(), [], "told for two weeks");
}

#[tokio::test]
async fn a_server_that_says_nothing_or_drips_holds_up_nobody() {
    let now = Timestamp::now();
    for manner in [Manner::Hangs, Manner::Drips] {
        let mut shelf = confirmed(now);
        let submission = shelf.submitted("甲");
        shelf.comment(&submission, "甲");
        let server = Server::start(manner).await;
        let post = post(&server).within(Duration::from_millis(300));
        sent_at(&shelf, &post, later(now, 5)).await;
        assert_eq!(undelivered(&shelf.store).unwrap()[0].tries, 1, "{manner:?}");
    }
}

#[tokio::test]
async fn nothing_that_somebody_wrote_begins_a_header_or_ends_the_letter() {
    let server = Server::start(Manner::Takes).await;
    let post = post(&server);
    let hostile = "甲\r\nBcc: x@y.cn\r\n\r\n.\r\nMAIL FROM:<x@y.cn>\r\n";
    let to: Address = "writer@b.cn".parse().unwrap();
    let told = vec![hostile.to_owned(), "\r\n.\r\nQUIT\r\n".to_owned(), ".".to_owned()];
    let (_, text) = letter::of_notices(hostile, &told, None);
    let from = Mailbox::new(Some(hostile.to_owned()), "guansou@example.gov.cn".parse().unwrap());
    post.send(letter::message(&from, to, hostile, text, "0123").unwrap()).await.unwrap();
    let letters = server.letters();
    assert_eq!(letters.len(), 1);
    let verbs: Vec<&str> = letters[0].commands.iter().map(|line| line.split(' ').next().unwrap()).collect();
    assert_eq!(verbs.iter().filter(|verb| **verb == "MAIL").count(), 1, "{:?}", letters[0].commands);
    assert_eq!(verbs.iter().filter(|verb| **verb == "RCPT").count(), 1);
    let (head, _) = letters[0].data.split_once("\r\n\r\n").unwrap();
    assert!(!head.lines().any(|line| line.to_ascii_lowercase().starts_with("bcc")), "{head}");
    for name in ["From:", "To: ", "Subject:", "Message-ID:", "Date:"] {
        assert_eq!(head.lines().filter(|line| line.starts_with(name)).count(), 1, "{name} in {head}");
    }
    assert!(text_of(&letters[0].data).contains("自动发出"), "whole to its end");
}

#[test]
fn settings_that_cannot_be_meant_are_refused() {
    let dir = tempfile::tempdir().unwrap();
    let file = |name: &str, text: &str| {
        let path = dir.path().join(name);
        std::fs::write(&path, text).unwrap();
        Some(path)
    };
    let told = |config: SmtpConfig| Post::new(&config).err().map(|error| error.to_string()).unwrap_or_default();
    let password = file("password", "口令\n");
    for sender in ["", "官搜", "a@b\r\nc", "甲 <a b@c.cn>"] {
        assert!(told(SmtpConfig { sender: sender.into(), ..config(25) }).contains("smtp_sender"), "{sender}");
    }
    let user = || SmtpConfig { user: "a".into(), ..config(25) };
    assert!(told(user()).contains("smtp_password_file"));
    assert!(told(SmtpConfig { password_file: password.clone(), ..config(25) }).contains("smtp_user"));
    assert!(told(SmtpConfig { password_file: password.clone(), ..user() }).contains("明文"));
    let tls = |config| SmtpConfig { tls: SmtpTls::Starttls, ..config };
    assert_eq!(told(tls(SmtpConfig { password_file: password, ..user() })), "");
    assert!(told(tls(SmtpConfig { password_file: Some("no/such".into()), ..user() })).contains("no/such"));
    assert!(told(tls(SmtpConfig { ca_file: file("ca", "no certificate"), ..config(25) })).contains("smtp_ca_file"));
}

#[tokio::test]
async fn nothing_is_sent_in_the_clear_to_a_server_without_tls() {
    let server = Server::start(Manner::Takes).await;
    let config = SmtpConfig { tls: SmtpTls::Starttls, ..config(server.port) };
    let to: Address = "writer@b.cn".parse().unwrap();
    let post = Post::new(&config).unwrap();
    let message = letter::message(&post.sender, to, "x", "y".into(), "0123").unwrap();
    let refused = post.send(message).await.unwrap_err();
    assert!(!refused.says.is_empty());
    assert_eq!(server.letters(), []);
}
