//! 通知: what one has to know, and how one is reported of it beside the console.

use askama::Template;
use axum::{
    extract::{RawQuery, State},
    http::{StatusCode, Uri},
    response::Response,
};
use jiff::Timestamp;

use super::{
    super::{feeds::public_base, private},
    Me, led,
};
use crate::{
    access::{Session, acts},
    clock::moment,
    http::{
        App, Problem,
        aside::aside,
        params::Params,
        signed::{Fields, Sent, SignedIn},
    },
    notices::{self, Choice, MAX_ADDRESS, Mailbox, Marked, SettingsError, StoredNotice, What},
};

/// Notices on a page.
const PER_PAGE: usize = 50;
const HERE: &str = "/console/notices";

struct Line {
    id: String,
    label: &'static str,
    /// Empty where the reader may no longer read what it is about.
    title: String,
    says: String,
    url: Option<String>,
    at: String,
    read: bool,
}

#[derive(Template)]
#[template(path = "console/notices.html")]
struct Page {
    q: String,
    me: Me,
    lines: Vec<Line>,
    /// The newest that the reader sees: what has come since is not marked with it.
    newest: Option<String>,
    next: Option<u32>,
    choices: Vec<Choice>,
    has_feed: bool,
    /// The address of the feed, shown once.
    feed: Option<String>,
    /// Whether the operator has named a server that takes mail.
    mails: bool,
    mailbox: Option<Mailbox>,
    longest: usize,
    fault: Option<String>,
    done: Option<&'static str>,
}

/// What a page tells beside the list.
#[derive(Default)]
struct Told {
    feed: Option<String>,
    fault: Option<String>,
    done: Option<&'static str>,
}

pub async fn page(
    State(app): State<App>,
    SignedIn(session, _): SignedIn<acts::Read>,
    RawQuery(raw): RawQuery,
) -> Result<Response, Problem> {
    let params = Params::read(raw.as_deref(), &["page"])?;
    let pages = u32::try_from(notices::MAX_STORED.div_ceil(PER_PAGE)).unwrap_or(1);
    let number = params.number("page", 1, pages)?;
    aside(move || render(&app, &session, number, Told::default())).await
}

fn render(app: &App, session: &Session, number: u32, told: Told) -> Result<Response, Problem> {
    let account = &session.actor.name;
    let all = notices::list(&app.store, account)?;
    let settings = notices::settings_of(&app.store, account)?;
    let from = (number as usize - 1) * PER_PAGE;
    let shown = all.iter().skip(from).take(PER_PAGE);
    let status = if told.fault.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let page = Page {
        q: String::new(),
        me: Me::new(session),
        lines: shown.map(|kept| line(app, session, kept)).collect::<Result<_, Problem>>()?,
        newest: all.first().filter(|_| all.iter().any(|kept| !kept.notice.read)).map(|kept| kept.id.clone()),
        next: (all.len() > from + PER_PAGE).then_some(number + 1),
        choices: settings.choices(),
        has_feed: settings.feed.is_some(),
        feed: told.feed,
        mails: app.mails,
        mailbox: settings.mailbox.filter(|mailbox| !mailbox.address.is_empty()),
        longest: MAX_ADDRESS,
        fault: told.fault,
        done: told.done,
    };
    private(status, &page)
}

fn line(app: &App, session: &Session, kept: &StoredNotice) -> Result<Line, Problem> {
    let StoredNotice { id, notice } = kept;
    let readable = notice.is_readable(&app.store, &session.actor)?;
    Ok(Line {
        id: id.clone(),
        label: notice.what.label(),
        title: if readable { notice.title.clone() } else { String::new() },
        says: if readable { notice.says.clone() } else { String::new() },
        url: readable.then(|| notice.url()),
        at: moment(notice.at),
        read: notice.read,
    })
}

/// Marks one notice as read, and leads to what it is about; or all that were seen.
pub async fn mark(State(app): State<App>, sent: Sent<acts::Read>) -> Result<Response, Problem> {
    let (session, fields) = sent.read(&["one", "all"])?;
    led(move || {
        let (account, one) = (&session.actor.name, fields.get("one"));
        if one.is_empty() {
            notices::mark_read(&app.store, account, Marked::UpTo(fields.get("all")))?;
            return Ok(HERE.to_owned());
        }
        let found = notices::list(&app.store, account)?.into_iter().find(|kept| kept.id == one);
        let notice = found.ok_or_else(|| Problem::unprocessable("没有这条通知，或者它已经太旧而移除"))?.notice;
        notices::mark_read(&app.store, account, Marked::One(one))?;
        Ok(if notice.is_readable(&app.store, &session.actor)? { notice.url() } else { HERE.to_owned() })
    })
    .await
}

/// Changes how one is reported.
pub async fn change(State(app): State<App>, sent: Sent<acts::Read>) -> Result<Response, Problem> {
    let headers = sent.headers.clone();
    let (session, fields) = sent.read(&["action", "what", "address", "code"])?;
    aside(move || {
        let base = public_base(&app, &headers, &Uri::default()).unwrap_or_default();
        let told = match act(&app, &session, &fields, &base) {
            Ok(told) => told,
            Err(error @ (SettingsError::Store(_) | SettingsError::Random(_))) => return Err(Problem::internal(&error)),
            Err(error) => Told { fault: Some(error.to_string()), ..Told::default() },
        };
        render(&app, &session, 1, told)
    })
    .await
}

fn act(app: &App, session: &Session, fields: &Fields, base: &str) -> Result<Told, SettingsError> {
    let (store, account, now) = (&app.store, &session.actor.name, Timestamp::now());
    let done = |done| Told { done: Some(done), ..Told::default() };
    let fault = |fault: &str| Told { fault: Some(fault.to_owned()), ..Told::default() };
    Ok(match fields.get("action") {
        "choose" => {
            let told: Vec<What> =
                What::ALL.into_iter().filter(|what| fields.all("what").any(|name| name == what.name())).collect();
            notices::choose(store, account, &told)?;
            done("已记下订阅和邮件要告诉您的事项。")
        }
        "feed" => {
            let token = notices::new_feed(store, account)?;
            Told { feed: Some(format!("{base}/feeds/notices/{token}")), ..Told::default() }
        }
        "no-feed" => {
            notices::revoke_feed(store, account)?;
            done("订阅地址已作废。")
        }
        "mail" if !app.mails => fault("本站没有设置发信的邮件服务器，请与部署的人联系。"),
        "mail" => {
            notices::ask_address(store, account, fields.get("address"), now)?;
            done("验证码已寄往这个邮箱，请在一小时之内填写。")
        }
        "code" => {
            notices::confirm_address(store, account, fields.get("code"), now)?;
            done("邮箱已确认，此后的通知会寄到这里。")
        }
        "no-mail" => {
            notices::drop_address(store, account)?;
            done("不再寄邮件。")
        }
        _ => fault("请从页面上的按钮中选择"),
    })
}
