//! 审核: what waits in a division and below it, what one has in hand, what one's office has handed in, and what has
//! ended; one by one or a page at once.

use askama::Template;
use axum::{
    extract::{RawQuery, State},
    http::StatusCode,
    response::Response,
};
use indexer::record::{DivisionCode, KINDS, Kind as _, State as RecordState, Submission};

use super::{
    super::private,
    Me, forms, must,
    paging::{Count, count, count_listed, cursor_for_address, cursor_from_address},
    submission::{self, Line},
};
use crate::{
    access::{Act, Actor, Session, acts},
    http::{
        App, Problem,
        aside::aside,
        params::Params,
        signed::{Sent, SignedIn},
    },
    query::request::MAX_QUERY_CHARS,
    store::listings::List,
    urls,
    workflow::{
        self, MAX_AT_ONCE,
        queue::{MAX_LOOKED_THROUGH, Wanted, divisions_called, look_through},
    },
};

/// Submissions on a page.
const PER_PAGE: usize = 50;

/// The parts of the queue, by name and label.
const TABS: [(&str, &str); 4] = [("todo", "待办"), ("taken", "我取走的"), ("own", "本机构报送"), ("ended", "已办结")];

/// What is listed besides the states: what a reviewer above has to answer for, and the new addresses of the divisions
/// below.
const RAISED: (&str, &str) = ("raised", "须由本级或上级核准");
const NEW_HOSTS: (&str, &str) = ("new-hosts", "下级的新网址");

/// The states in which a submission waits for somebody.
const WAITING: [(RecordState, &str, &str); 4] = [
    (RecordState::Submitted, "submitted", "待审核"),
    (RecordState::Approved, "approved", "已核准待公布"),
    (RecordState::Returned, "returned", "已退回"),
    (RecordState::Draft, "draft", "草稿"),
];
/// Those in which nobody has to do anything with it any more.
const ENDED: [(RecordState, &str, &str); 2] =
    [(RecordState::Published, "published", "已公布"), (RecordState::Withdrawn, "withdrawn", "已撤回、作废")];

/// What is asked for.
#[derive(Debug, Clone, Default)]
struct Asked {
    tab: &'static str,
    /// A state by name, or a list besides them; empty: all of the tab.
    state: &'static str,
    after: Option<String>,
    words: String,
    kind: Option<&'static str>,
    /// A division by name or code, as it was typed.
    division: String,
}

impl Asked {
    fn todo() -> Self {
        Self { tab: TABS[0].0, state: WAITING[0].1, ..Self::default() }
    }

    fn read(raw: Option<&str>) -> Result<Self, Problem> {
        let params = Params::read(raw, &["tab", "state", "after", "q", "kind", "division"])?;
        let states: Vec<&'static str> =
            WAITING.iter().chain(&ENDED).map(|(_, name, _)| *name).chain([RAISED.0, NEW_HOSTS.0]).collect();
        let tab = params.one_of("tab", &TABS.map(|(name, _)| name), |name| name)?.unwrap_or(TABS[0].0);
        let state = params.one_of("state", &states, |name| name)?;
        let kinds: Vec<&'static str> = kinds().map(|(name, _)| name).collect();
        let text = |name: &str| match params.get(name).map(str::trim) {
            None | Some("") => Ok(String::new()),
            Some(_) => params.text(name, MAX_QUERY_CHARS),
        };
        Ok(Self {
            tab,
            // What waits is listed state by state.
            state: state.unwrap_or(if tab == TABS[0].0 { WAITING[0].1 } else { "" }),
            after: params.get("after").map(cursor_from_address).transpose()?,
            words: text("q")?,
            kind: params.one_of("kind", &kinds, |name| name)?,
            division: text("division")?,
        })
    }

    fn record_state(&self) -> Option<RecordState> {
        WAITING.iter().chain(&ENDED).find(|(_, name, _)| *name == self.state).map(|(state, ..)| *state)
    }

    fn is_filtered(&self) -> bool {
        !self.words.is_empty() || self.kind.is_some() || !self.division.is_empty()
    }

    /// The address of the same with another tab and state.
    fn address(&self, tab: &str, state: &str) -> String {
        urls::console::queue(&[
            ("tab", tab),
            ("state", state),
            ("q", &self.words),
            ("kind", self.kind.unwrap_or_default()),
            ("division", &self.division),
        ])
    }
}

/// Kinds of record that submissions are about, by name and label.
fn kinds() -> impl Iterator<Item = (&'static str, &'static str)> {
    KINDS.iter().filter(|kind| forms::has_form(kind)).map(|kind| (kind.name, kind.label))
}

/// A tab or a state to go to.
struct Choice {
    label: &'static str,
    count: Option<Count>,
    address: String,
    now: bool,
}

#[derive(Template)]
#[template(path = "console/queue.html")]
struct Page {
    q: String,
    me: Me,
    asked: Asked,
    tabs: Vec<Choice>,
    states: Vec<Choice>,
    /// Kinds to choose from, with whether each is chosen.
    kinds: Vec<(&'static str, &'static str, bool)>,
    filtered: bool,
    fault: Option<String>,
    lines: Vec<Line>,
    /// Whether what is listed can be chosen and approved or taken at once.
    chooses: bool,
    next: Option<String>,
    /// Looked through so many and not yet all.
    unfinished: Option<usize>,
    /// What came of what was done to several.
    outcome: Vec<(String, Result<&'static str, String>)>,
}

pub async fn page(
    State(app): State<App>,
    SignedIn(session, _): SignedIn<acts::Read>,
    RawQuery(raw): RawQuery,
) -> Result<Response, Problem> {
    let asked = Asked::read(raw.as_deref())?;
    let page = aside(move || render(&app, &session, asked, Vec::new()));
    private(StatusCode::OK, &page.await?)
}

/// Approves and publishes what was chosen, or takes it in hand; each stands for itself, and what came of each is
/// reported.
pub async fn submit(State(app): State<App>, sent: Sent<acts::Approve>) -> Result<Response, Problem> {
    let (session, fields) = sent.read(&["chosen", "do"])?;
    let takes = match fields.get("do") {
        "" | "approve" => false,
        "take" => true,
        _ => return Err(Problem::bad_parameter("do", "do 应为 approve 或 take")),
    };
    let chosen: Vec<(String, u64)> = fields
        .all("chosen")
        .map(|text| {
            let (id, revision) = text.split_once('@').unwrap_or((text, ""));
            let revision = revision.parse().map_err(|_| Problem::bad_parameter("chosen", "选中的报送缺少修订号"))?;
            Ok((id.to_owned(), revision))
        })
        .collect::<Result<_, Problem>>()?;
    if chosen.is_empty() {
        return Err(Problem::unprocessable("没有选中任何一份报送：请先在列表中勾选"));
    }
    if chosen.len() > MAX_AT_ONCE {
        return Err(Problem::unprocessable(format!("一次最多办理 {MAX_AT_ONCE} 份，请分批")));
    }
    let page = aside(move || {
        let mut outcome = Vec::new();
        for (id, revision) in chosen {
            // Whoever may not read it is reported no more than that.
            let record = match submission::find(&app, &session, &id) {
                Ok(record) => record,
                Err(problem) => {
                    outcome.push((id, Err(problem.detail)));
                    continue;
                }
            };
            let who = &session.actor;
            let done = if takes {
                workflow::handling::take(&app.store, who, &id, false).map(|()| "已取走办理")
            } else {
                workflow::approve_and_publish(&app.store, &app.desk, who, &id, revision, "").map(|_| "已核准并公布")
            };
            outcome.push((record.body.title().to_owned(), done.map_err(|e| Problem::from(e).detail)));
        }
        render(&app, &session, Asked::todo(), outcome)
    });
    private(StatusCode::OK, &page.await?)
}

/// The listing of a tab.
fn list_of<'a>(asked: &Asked, actor: &'a Actor, office: &'a str) -> List<'a> {
    let division = &actor.division;
    match (asked.tab, asked.state) {
        ("taken", _) => List::Taken(&actor.name),
        ("own", _) => List::Office(office),
        ("ended", _) => List::Ended(division),
        (_, name) if name == RAISED.0 => List::Raised(division),
        (_, name) if name == NEW_HOSTS.0 => List::NewHosts(division),
        _ => List::Waiting(Submission::NAME, asked.record_state().unwrap_or(RecordState::Submitted), division),
    }
}

/// The divisions that a filter names; an error for whoever typed it where there is none.
fn divisions(app: &App, actor: &Actor, typed: &str) -> Result<Result<Option<Vec<DivisionCode>>, String>, Problem> {
    if typed.is_empty() {
        return Ok(Ok(None));
    }
    let called = divisions_called(&app.store, &actor.division, typed)?;
    Ok(if called.is_empty() {
        Err(format!("您的账户所管的区划之内没有“{typed}”：请填写区划的全称、简称或代码"))
    } else {
        Ok(Some(called))
    })
}

fn render(
    app: &App,
    session: &Session,
    asked: Asked,
    outcome: Vec<(String, Result<&'static str, String>)>,
) -> Result<Page, Problem> {
    let actor = &session.actor;
    let office = actor.office();
    let generation = if asked.words.is_empty() { None } else { Some(app.generation()?) };
    let comparable = |text: &str| match &generation {
        Some(generation) => generation.pipeline.normalizer.text(text),
        None => text.to_owned(),
    };
    let words: Vec<String> = comparable(&asked.words).split_whitespace().map(str::to_owned).collect();
    let (divisions, fault) = match divisions(app, actor, &asked.division)? {
        Ok(divisions) => (divisions, None),
        // Nothing is in none of them.
        Err(fault) => (Some(Vec::new()), Some(fault)),
    };
    let wanted = Wanted {
        words: (!words.is_empty()).then_some((words, &comparable as &dyn Fn(&str) -> String)),
        kind: asked.kind,
        state: asked.record_state(),
        divisions,
    };
    let mut found =
        look_through(&app.store, &list_of(&asked, actor, &office), asked.after.as_deref(), PER_PAGE, &wanted)?;
    // An office is a name that an administrator gave, and who has something in hand may have been moved since: what is
    // another division's is not shown for it.
    found.records.retain(|r| must(actor, Act::Read, &workflow::division_of(r)).is_ok());
    let base = asked.address(asked.tab, asked.state);
    Ok(Page {
        q: String::new(),
        me: Me::new(session),
        tabs: tabs(app, actor, &asked)?,
        states: states(app, actor, &asked)?,
        kinds: kinds().map(|(name, label)| (name, label, asked.kind == Some(name))).collect(),
        filtered: asked.is_filtered(),
        fault,
        lines: found.records.iter().map(|r| Line::new(&app.store, r)).collect::<Result<_, _>>()?,
        chooses: asked.tab == TABS[0].0 && asked.record_state() == Some(RecordState::Submitted),
        next: found.next.map(|place| format!("{base}&after={}", cursor_for_address(&place))),
        unfinished: found.unfinished.then_some(MAX_LOOKED_THROUGH),
        asked,
        outcome,
    })
}

fn tabs(app: &App, actor: &Actor, asked: &Asked) -> Result<Vec<Choice>, Problem> {
    let tab = |(name, label): (&'static str, &'static str)| {
        let count = match name {
            "todo" => Some(count(app, actor, "submission", RecordState::Submitted)?),
            "taken" => Some(count_listed(app, &List::Taken(&actor.name))?),
            _ => None,
        };
        // Whoever goes to another tab looks for the same there.
        Ok(Choice { label, count, address: asked.address(name, ""), now: asked.tab == name })
    };
    TABS.into_iter().map(tab).collect()
}

fn states(app: &App, actor: &Actor, asked: &Asked) -> Result<Vec<Choice>, Problem> {
    let choice = |name: &'static str, label: &'static str, count: Option<Count>| Choice {
        label,
        count,
        address: asked.address(asked.tab, name),
        now: asked.state == name,
    };
    let mut all = Vec::new();
    match asked.tab {
        "todo" => {
            for (state, name, label) in WAITING {
                all.push(choice(name, label, Some(count(app, actor, "submission", state)?)));
            }
            for ((name, label), list) in
                [(RAISED, List::Raised(&actor.division)), (NEW_HOSTS, List::NewHosts(&actor.division))]
            {
                all.push(choice(name, label, Some(count_listed(app, &list)?)));
            }
        }
        "own" => {
            all.push(choice("", "全部", None));
            all.extend(WAITING.iter().chain(&ENDED).map(|(_, name, label)| choice(name, label, None)));
        }
        "ended" => {
            all.push(choice("", "全部", None));
            all.extend(ENDED.iter().map(|(_, name, label)| choice(name, label, None)));
        }
        _ => {}
    }
    Ok(all)
}
