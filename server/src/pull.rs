//! 镜像: the public records of another 官搜, kept up to date here.
//!
//! Its changes are asked for page by page (`/api/v1/changes`); what it has published is stored with its own sources and
//! one more that names the mirror, and what it withdraws is withdrawn here where it came from there. The place to go on
//! from is noted after each page, so that whoever was interrupted goes on, and a second run takes only what is new. A
//! pull is an import: what a person has changed here stands.
//!
//! An origin is known by the key of its certificate and speaks for the divisions that are named, and for nothing else;
//! what it calls registered is registered with it, and not here.

mod apply;
mod client;
mod pinned;

use indexer::record::{DivisionCode, Record, State};
use serde::Deserialize;

use crate::store::{RecordStore, StoreError};

pub use apply::Pulled;
pub use client::{Client, MAX_PAGE, Origin};
pub use pinned::Pin;

/// Changes asked for in one page.
pub const PAGE: u32 = 500;
/// Pages of one run: ten million changes. An origin that never ends is no 官搜; whoever needs more runs it again.
pub const MAX_PAGES: usize = 20_000;

#[derive(Debug, thiserror::Error)]
pub enum PullError {
    #[error("“{0}”不是网站的地址：应以 https:// 开头，不带路径和账户，如 https://guansou.example.gov.cn")]
    Address(String),
    #[error(
        "{0} 是明文的地址，途中谁都能改动：请用 https:// 的地址。只有本机上的服务可以加 --plain-loopback 用 http://"
    )]
    Plain(String),
    #[error("“{0}”不是公钥的指纹：应为 sha256/ 后接 44 个字符（Base64）")]
    Pin(String),
    #[error("请用 --pin 写明对方证书公钥的指纹：向对方的管理员索取，不要只看网上连到的是什么")]
    NoPin,
    #[error("请用 --division 写明取哪些区划的记录（可写多次；000000 为全国）")]
    NoDivision,
    #[error(
        "{host} 的证书公钥是 {seen}，与 --pin 所写的都不符：没有取任何内容。对方若换了密钥，请向对方的管理员核实后改写 --pin"
    )]
    OtherKey { host: String, seen: String },
    #[error("{host} 连不上：{reason}。已重试 {tries} 次，之前取到的已经保存，稍后再运行一次即可继续")]
    Unreachable { host: String, reason: String, tries: u32 },
    #[error("与 {host} 建立加密连接时出错：{reason}")]
    Certificate { host: String, reason: String },
    #[error("{host} 答复 {status}：请核对地址，或稍后再试")]
    Status { host: String, status: u16 },
    #[error("{host} 已迁到 {to}：请核对后改用新地址")]
    Moved { host: String, to: String },
    #[error("{host} 不像官搜：{reason}")]
    NotGuansou { host: String, reason: String },
    #[error("{host} 的一页答复超过 {} MiB：没有接收", MAX_PAGE >> 20)]
    TooLarge { host: String },
    #[error("{host} 的记录读不出来：{reason}。对方可能是较新的版本，请先升级本程序")]
    Unreadable { host: String, reason: String },
    #[error(
        "{host} 的变更还没有到第 {since} 条，而上次已取到那里：对方可能换了记录库，核实后可加 --from-start 从头再取"
    )]
    Behind { host: String, since: u64 },
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// A page of another's changes, as [`exchange`](crate::exchange) makes it.
#[derive(Debug, Deserialize)]
struct Page {
    since: u64,
    upto: u64,
    next: u64,
    more: bool,
    changes: Vec<Change>,
}

#[derive(Debug, Deserialize)]
struct Change {
    sequence: u64,
    id: String,
    kind: String,
    revision: u64,
    state: State,
    record: Option<Record>,
}

impl Page {
    /// What no 官搜 answers, in words.
    fn fault(&self, since: u64) -> Option<&'static str> {
        let mut last = since;
        for change in &self.changes {
            if change.sequence <= last || change.sequence > self.next {
                return Some("变更的次序不对");
            }
            last = change.sequence;
            match (&change.record, change.state) {
                (None, State::Withdrawn) => {}
                (Some(record), State::Published) if record.id == change.id && record.body.kind() == change.kind => {}
                _ => return Some("变更与所附的记录不符"),
            }
        }
        match () {
            () if self.since != since => Some("答复的不是所问的一页"),
            () if self.next < since || (self.more && self.next == since) => Some("变更没有往前"),
            () => None,
        }
    }
}

/// What is asked for.
pub struct Wanted<'a> {
    /// Kinds to take; all where empty.
    pub kinds: &'a [&'a str],
    /// Divisions whose records are taken, with those below them; nothing else is. Never empty.
    pub divisions: &'a [DivisionCode],
    /// Changes a page, and pages of this run.
    pub page: u32,
    pub pages: usize,
    /// Begin with the first change and not where the last run stopped.
    pub from_start: bool,
}

/// Takes what has changed at the origin. `progress` is reported the changes looked through and how many there are.
pub fn pull(
    store: &RecordStore,
    client: &Client,
    wanted: &Wanted<'_>,
    progress: &mut dyn FnMut(u64, u64),
) -> Result<Pulled, PullError> {
    let mut kinds = wanted.kinds.to_vec();
    kinds.sort_unstable();
    // Whoever takes more kinds than before must see from the start what was passed over.
    let all = || crate::exchange::kinds().map(|kind| kind.name).collect::<Vec<_>>();
    let kinds_name = if kinds.is_empty() { all().join("+") } else { kinds.join("+") };
    if wanted.divisions.is_empty() {
        return Err(PullError::NoDivision);
    }
    let mut divisions: Vec<&str> = wanted.divisions.iter().map(DivisionCode::as_str).collect();
    divisions.sort_unstable();
    // The same for divisions.
    let places = match wanted.divisions.iter().any(DivisionCode::is_nation) {
        true => String::new(),
        false => format!(":{}", divisions.join("+")),
    };
    let place = format!("mirrored:{}:{kinds_name}{places}", client.origin.host);
    let noted = if wanted.from_start { None } else { store.meta(&place)? };
    let mut since = noted.and_then(|next| next.parse().ok()).unwrap_or(0);
    let mut pulled = Pulled::default();
    for _ in 0..wanted.pages {
        let page: Page = client.page(since, wanted.page)?;
        let host = || client.origin.host.clone();
        if page.upto < since {
            return Err(PullError::Behind { host: host(), since });
        }
        if let Some(reason) = page.fault(since) {
            return Err(PullError::NotGuansou { host: host(), reason: reason.to_owned() });
        }
        let (next, upto, more) = (page.next, page.upto, page.more);
        apply::apply(store, &client.origin, page, (&kinds, wanted.divisions), &mut pulled)?;
        // After the records: what is applied twice is the same.
        if next != since {
            store.put_meta(&place, &next.to_string())?;
        }
        since = next;
        progress(since.min(upto), upto);
        pulled.more = more;
        if !more {
            break;
        }
    }
    Ok(pulled)
}
