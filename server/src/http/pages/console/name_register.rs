//! 登记簿: the registered names of a territory. Those that run out are renewed in one go, what was seen in the DNS is
//! taken in, and each name shows its life.

use askama::Template;
use axum::{
    extract::{Path, RawQuery, State},
    http::StatusCode,
    response::Response,
};
use indexer::record::{Body, NameStage, Record, State as RecordState, TaskMatter};

use super::{super::private, Me, led, must};
use crate::{
    access::{Act, Session, acts},
    clock::today,
    desk::{self, MAX_WORDS, as_task},
    http::{
        App, Problem,
        aside::aside,
        params::Params,
        signed::{Sent, SignedIn},
    },
    naming::{self, MAX_RENEWED, NamingError, Noted, Renewed},
    store::listings::List,
    urls,
};

/// Open tasks of a territory that are looked through for names to be renewed.
const MAX_TASKS: usize = 5_000;

struct Line {
    id: String,
    revision: u64,
    name: String,
    holder: String,
    expires: String,
    stage: &'static str,
    contact: String,
}

#[derive(Template)]
#[template(path = "console/register.html")]
struct Page {
    q: String,
    me: Me,
    lines: Vec<Line>,
    /// What came of a renewal, and of a table.
    renewed: Vec<Renewed>,
    noted: Option<Noted>,
    most: usize,
    longest: usize,
}

pub async fn page(
    State(app): State<App>,
    SignedIn(session, _): SignedIn<acts::Read>,
    RawQuery(raw): RawQuery,
) -> Result<Response, Problem> {
    Params::read(raw.as_deref(), &[])?;
    aside(move || render(&app, &session, Vec::new(), None)).await
}

fn render(app: &App, session: &Session, renewed: Vec<Renewed>, noted: Option<Noted>) -> Result<Response, Problem> {
    let mut lines = Vec::new();
    let list = List::Tasks(RecordState::Submitted, &session.actor.division);
    for (_, id) in app.store.list(&list, None, MAX_TASKS)? {
        let task = app.store.get(&id)?;
        let Some(task) = task.as_ref().and_then(as_task).filter(|t| t.matter == TaskMatter::NameRenewal) else {
            continue;
        };
        if let Some(record) = app.store.get(&task.about)?
            && let Some(line) = line(app, &record)
            && lines.len() < MAX_RENEWED
        {
            lines.push(line);
        }
    }
    let (me, most) = (Me::new(session), MAX_RENEWED);
    private(StatusCode::OK, &Page { q: String::new(), me, lines, renewed, noted, most, longest: MAX_WORDS })
}

fn line(app: &App, record: &Record) -> Option<Line> {
    let Body::WebName(name) = &record.body else { return None };
    let life = name.life.as_ref()?;
    let terms = app.desk.name_terms.of(&name.ascii).terms;
    Some(Line {
        id: record.id.clone(),
        revision: record.revision,
        name: name.name.clone(),
        holder: name.institution_name.clone(),
        expires: life.expires.map(|day| day.to_string()).unwrap_or_default(),
        stage: life.stage(&terms, today()).label(),
        contact: life.contact.clone(),
    })
}

/// Renews what was chosen; each stands for itself, and what came of each is reported.
pub async fn renew(State(app): State<App>, sent: Sent<acts::Approve>) -> Result<Response, Problem> {
    let (session, fields) = sent.read(&["chosen", "document"])?;
    let chosen: Vec<(String, u64)> = fields
        .all("chosen")
        .map(|text| {
            let (id, revision) = text.split_once('@').unwrap_or((text, ""));
            let revision = revision.parse().map_err(|_| Problem::bad_parameter("chosen", "选中的名称缺少修订号"))?;
            Ok((id.to_owned(), revision))
        })
        .collect::<Result<_, Problem>>()?;
    aside(move || {
        let renewed = naming::renew(&app.store, &app.desk, &session.actor, &chosen, fields.get("document"))?;
        render(&app, &session, renewed, None)
    })
    .await
}

/// Takes in what was seen in the DNS.
pub async fn dns(State(app): State<App>, sent: Sent<acts::Approve>) -> Result<Response, Problem> {
    let (session, fields) = sent.read(&["table", "source"])?;
    aside(move || {
        let (table, source) = (fields.get("table"), fields.get("source"));
        let noted = naming::note_dns(&app.store, &app.desk, &session.actor, table, source)?;
        render(&app, &session, Vec::new(), Some(noted))
    })
    .await
}

#[derive(Template)]
#[template(path = "console/register_name.html")]
struct OnePage {
    q: String,
    me: Me,
    line: Line,
    public: String,
    facts: Vec<(&'static str, String)>,
    wrong: Option<String>,
    former: Vec<String>,
    /// Day, what happened, document, office.
    events: Vec<(String, String, String, String)>,
    tasks: Vec<(String, String)>,
    cancels: bool,
    longest: usize,
}

pub async fn one(
    State(app): State<App>,
    SignedIn(session, _): SignedIn<acts::Read>,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    aside(move || {
        let record = find(&app, &session, &id)?;
        let (Body::WebName(name), Some(line)) = (&record.body, line(&app, &record)) else {
            return Err(NamingError::Unknown.into());
        };
        let Some(life) = &name.life else { return Err(NamingError::Unknown.into()) };
        let terms = app.desk.name_terms.of(&name.ascii).terms;
        let stage = life.stage(&terms, today());
        let day = |day: Option<indexer::record::Date>| day.map(|day| day.to_string()).unwrap_or_default();
        let dns = life.dns.as_ref();
        let facts = [
            ("注册", life.registered.to_string()),
            ("到期", day(life.expires)),
            ("这一状态至", day(life.stage_ends(&terms, today()))),
            ("冻结", life.frozen.as_ref().map(|f| format!("{}，自 {}", f.reason.label(), f.since)).unwrap_or_default()),
            ("开通解析", day(life.resolved)),
            ("主域名", life.main_name.clone().unwrap_or_default()),
            ("联系邮箱", life.contact.clone()),
            ("登记的域名服务器", life.servers.join("、")),
            ("解析核对", dns.map(|dns| format!("{}（{}）", dns.on, dns.source)).unwrap_or_default()),
            ("核对时的域名服务器", dns.map(|dns| dns.servers.join("、")).unwrap_or_default()),
            ("核对时的地址", dns.map(|dns| dns.leads_to.join("、")).unwrap_or_default()),
            (
                "DNSSEC",
                dns.and_then(|dns| dns.signed)
                    .map(|s| if s { "已签名" } else { "未签名" }.to_owned())
                    .unwrap_or_default(),
            ),
        ];
        let mut tasks = Vec::new();
        for (_, id) in app.store.list(&List::TasksAbout(&record.id), None, 50)? {
            if let Some(task) = app.store.get(&id)?.as_ref().and_then(as_task) {
                tasks.push((id, task.says.clone()));
            }
        }
        let events = life.events.iter().rev().map(|event| {
            (event.on.to_string(), event.step.label().to_owned(), event.document.clone(), event.actor.clone())
        });
        let nation = indexer::record::DivisionCode::nation();
        let page = OnePage {
            q: String::new(),
            me: Me::new(&session),
            public: urls::api::web_name(&name.name),
            facts: facts.into_iter().filter(|(_, text)| !text.is_empty()).collect(),
            wrong: life.misdelegated(),
            former: life.tombstones.iter().rev().map(|stone| stone.words()).collect(),
            events: events.collect(),
            tasks,
            cancels: stage == NameStage::PendingDelete && must(&session.actor, Act::Approve, &nation).is_ok(),
            longest: MAX_WORDS,
            line,
        };
        private(StatusCode::OK, &page)
    })
    .await
}

/// A registered name that somebody may look at here; to all others there is none.
fn find(app: &App, session: &Session, id: &str) -> Result<Record, Problem> {
    let none = || Problem::not_found("登记簿中没有这个名称，或者它不在您的账户所管的区划之内");
    let record = app.store.get(id)?.filter(Record::is_public).ok_or_else(none)?;
    let Body::WebName(name) = &record.body else { return Err(none()) };
    let division = desk::division_of_name(&app.store, name)?;
    must(&session.actor, Act::Read, &division).map_err(|_| none())?;
    Ok(record)
}

pub async fn cancel(
    State(app): State<App>,
    Path(id): Path<String>,
    sent: Sent<acts::Approve>,
) -> Result<Response, Problem> {
    let (session, fields) = sent.read(&["revision", "document"])?;
    led(move || {
        find(&app, &session, &id)?;
        let seen = (id.as_str(), fields.revision()?);
        naming::cancel_lapsed(&app.store, &app.desk, &session.actor, seen, fields.get("document"))?;
        Ok(urls::console::registered(&id))
    })
    .await
}
