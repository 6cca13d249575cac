//! One submission: what it would change, how it came here, and what may be done with it now.

use askama::Template;
use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::Response,
};
use indexer::record::{AttachedFile, Audience, Body, Clock, ProofMethod, Record};

use super::{
    super::private,
    Me,
    handled::Handled,
    led, may_see,
    moves::{AskedMove, LetterLine, Offered},
    must, reforms,
};
use crate::{
    access::{self, Act, Session, Submitted, acts},
    called,
    clock::{moment, today},
    http::{
        App, Problem,
        aside::aside,
        signed::{Sent, SignedIn},
    },
    reading::{
        compare::RunKind,
        facts::{self, Comparison},
        schemes,
    },
    sharing,
    store::{RecordStore, RevisionInfo, StoreError},
    urls::{self, record_url},
    workflow::{self, as_submission},
};

/// Articles of a new regulation shown on the page; the whole is in the original.
const MAX_ARTICLES: usize = 60;

/// A submission in a list.
pub struct Line {
    pub id: String,
    pub revision: u64,
    pub title: String,
    /// 新增, 修改, 撤回; and what kind of record.
    pub what: String,
    pub office: String,
    pub division: String,
    pub state: &'static str,
    pub state_class: &'static str,
    /// When it last moved, by whom, and what was said.
    pub moved: String,
    pub by: String,
    /// The account alone.
    pub author: String,
    pub reason: String,
    pub due: Option<String>,
    pub overdue: bool,
    /// Somebody else has moved it since the office last looked.
    pub fresh: bool,
    /// Who has it in hand, and how much was said about it.
    pub taken: Option<String>,
    pub comments: usize,
    /// The day on which it is published by itself.
    pub publish_on: Option<String>,
    /// Whether more than its own division has to answer for it, and whether it brings addresses that nothing records
    /// yet.
    pub raised: bool,
    pub new_hosts: String,
}

impl Line {
    pub fn new(store: &RecordStore, record: &Record) -> Result<Self, StoreError> {
        let info = store.info(&record.id, record.revision)?;
        let s = as_submission(record);
        let handling = workflow::handling::of(store, &record.id)?;
        let open = matches!(record.state, indexer::record::State::Submitted | indexer::record::State::Approved);
        let due = s.and_then(|s| s.due).filter(|_| open);
        let kind = match s.and_then(|s| s.content.as_deref()) {
            Some(content) => content.kind_label(),
            None => "记录",
        };
        let what = match s {
            Some(s) if s.content.is_none() => "撤回",
            Some(s) if s.based_on == 0 => "新增",
            _ => "修改",
        };
        Ok(Self {
            id: record.id.clone(),
            revision: record.revision,
            title: record.body.title().to_owned(),
            what: format!("{what}{kind}"),
            office: s.map(|s| s.office_name.clone()).unwrap_or_default(),
            division: division_name(store, record)?,
            state: record.state.label(),
            state_class: state_class(record.state),
            moved: info.as_ref().map(|i| moment(i.at)).unwrap_or_default(),
            by: info.as_ref().map(|i| access::author(store, &i.author)).transpose()?.unwrap_or_default(),
            author: info.as_ref().map(|i| i.author.clone()).unwrap_or_default(),
            reason: info.map(|i| i.reason).unwrap_or_default(),
            overdue: due.is_some_and(|due| due < today()),
            fresh: false,
            publish_on: s.and_then(|s| s.publish_on.as_ref()).map(|set| set.on.to_string()),
            comments: handling.as_ref().map_or(0, |h| h.comments.len()),
            taken: handling.and_then(|h| h.taken).map(|taken| format!("{}的 {}", taken.office_name, taken.by)),
            raised: open && s.is_some_and(|s| !s.concerns.is_empty()),
            new_hosts: s.map(|s| s.new_hosts.join("、")).unwrap_or_default(),
            due: due.map(|d| d.to_string()),
        })
    }
}

/// The division in charge of a record, by name and code.
pub fn division_name(store: &RecordStore, record: &Record) -> Result<String, StoreError> {
    called::division(store, &workflow::division_of(record))
}

pub fn state_class(state: indexer::record::State) -> &'static str {
    use indexer::record::State;
    match state {
        State::Published | State::Approved => "in-force",
        State::Draft | State::Submitted => "not-yet",
        State::Returned | State::Withdrawn => "repealed",
    }
}

/// A step of a record's history.
pub struct Step {
    /// 0 where it is none of the record itself.
    pub revision: u64,
    pub at: String,
    pub state: String,
    pub author: String,
    pub reason: String,
}

/// The history of a record, the last first.
pub fn steps(store: &RecordStore, id: &str) -> Result<Vec<Step>, StoreError> {
    let own = store.revisions(id)?.into_iter().map(|info| (info, true));
    let handled = workflow::handling::history_of(store, id)?.into_iter().map(|info| (info, false));
    let mut all: Vec<(RevisionInfo, bool)> = own.chain(handled).collect();
    all.sort_by_key(|(info, _)| info.at);
    let step = |(info, own): (RevisionInfo, bool)| {
        Ok(Step {
            revision: if own { info.revision } else { 0 },
            at: moment(info.at),
            // What is done beside the record has words of its own.
            state: if own { info.state.label().to_owned() } else { info.reason.clone() },
            author: access::author(store, &info.author)?,
            reason: if own { info.reason } else { String::new() },
        })
    };
    all.into_iter().rev().map(step).collect()
}

#[derive(Template)]
#[template(path = "console/submission.html")]
struct Page {
    q: String,
    me: Me,
    line: Line,
    note: String,
    authors: String,
    /// The record's page, where it is public.
    target: Option<String>,
    /// Where it is seen what it touches, for a plan of reform.
    reach: Option<String>,
    target_id: String,
    correction: Option<String>,
    comparison: Comparison,
    is_new: bool,
    withdraws: bool,
    /// Whether the public would have a page of it.
    previews: bool,
    articles: Vec<(String, String)>,
    articles_left: usize,
    no_text: bool,
    original: Option<(String, String)>,
    attached: Vec<AttachedFile>,
    /// Whether its kind has such files, and the reader may change them now.
    attaches: bool,
    most_mib: usize,
    editable: bool,
    moves: Vec<Offered>,
    /// First and last day for which its publication can be set; `None` where the reader may not set it.
    days_open: Option<(String, String)>,
    letters: Vec<LetterLine>,
    /// Whether it was sent back: the last letter says why.
    returned: bool,
    /// Why the reader may not approve or publish it.
    held: Vec<String>,
    /// What has to be answered for, and by which division, by name and code.
    concerns: Vec<(String, String)>,
    handled: Handled,
    hosts: Vec<HostLine>,
    methods: [ProofMethod; 3],
    /// How long the review may take, by what, and what may still move its last day.
    limit: Option<String>,
    /// Why it cannot be published as it stands.
    outdated: Option<String>,
    /// What records on file say against it.
    against: Vec<String>,
    steps: Vec<Step>,
}

/// An address whose control has to be seen.
struct HostLine {
    host: String,
    /// What whoever has it puts there.
    value: String,
    /// How it was seen: method, words, reviewer, time.
    proofs: Vec<(&'static str, String, String, String)>,
    /// Whether the reader may note that.
    open: bool,
}

fn hosts_of(session: &Session, record: &Record) -> Vec<HostLine> {
    let Some(s) = as_submission(record) else { return Vec::new() };
    let division = workflow::division_of(record);
    let may = access::may(Some(&session.actor), Act::Approve, &workflow::subject(record, &division)).is_ok();
    use indexer::record::State;
    let open = may && matches!(record.state, State::Submitted | State::Approved | State::Published);
    let line = |host: &str| HostLine {
        value: workflow::value_to_place(&record.id, host),
        proofs: s
            .proofs
            .iter()
            .filter(|p| p.host == host)
            .map(|p| (p.method.label(), p.note.clone(), p.by.clone(), moment(p.at)))
            .collect(),
        host: host.to_owned(),
        open,
    };
    workflow::provable(s).into_iter().map(line).collect()
}

pub async fn page(
    State(app): State<App>,
    SignedIn(session, _): SignedIn<acts::Read>,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let page = aside(move || render(&app, &session, &id));
    private(StatusCode::OK, &page.await?)
}

fn render(app: &App, session: &Session, id: &str) -> Result<Page, Problem> {
    let store = &app.store;
    let record = find(app, session, id)?;
    let Some(s) = as_submission(&record) else { return Err(none()) };
    let current = store.get(&s.target)?;
    // What it was written on, which is what it is to be compared with.
    let before = if s.based_on == 0 { None } else { store.get_revision(&s.target, s.based_on)? };
    let before = before.filter(Record::is_public).map(|r| r.body);
    let is_new = before.is_none();
    let mut articles = Vec::new();
    let mut articles_left = 0;
    let mut no_text = false;
    if let (Some(Body::Regulation(r)), true) = (s.content.as_deref(), is_new) {
        articles = r.articles.iter().take(MAX_ARTICLES).map(|a| (a.label.clone(), a.text.clone())).collect();
        articles_left = r.articles.len().saturating_sub(MAX_ARTICLES);
        no_text = r.articles.is_empty();
    }
    let open = matches!(record.state, indexer::record::State::Submitted | indexer::record::State::Approved);
    let outdated = (open && current.as_ref().map_or(0, |c| c.revision) != s.based_on)
        .then(|| "这条记录在报送之后又有了新的修订，不能按此公布：请退回，由报送机构在新的内容上重新报送".to_owned());
    let against = match s.content.as_deref().filter(|_| open) {
        Some(content) => {
            let division = content.division().unwrap_or(&session.actor.division);
            let mut told = app.desk.post_limits.of_scheme(content);
            told.extend(schemes::against_records(store, &may_see(session), content, Some(&s.target), division)?);
            told
        }
        None => Vec::new(),
    };
    let (moves, held) = workflow::open_moves(store, &session.actor, &record)?;
    let uploaded = s.provenance.iter().find_map(|p| {
        let hash = sharing::original_of(p)?;
        let name = p.upload_name()?;
        Some((urls::console::file(&hash.to_string(), &record.id), name.to_owned()))
    });
    Ok(Page {
        q: String::new(),
        me: Me::new(session),
        line: Line::new(store, &record)?,
        note: s.note.clone(),
        authors: s.authors.join("、"),
        target: current.as_ref().filter(|r| r.is_public() || r.is_shown_to(Audience::Offices)).map(record_url),
        target_id: s.target.clone(),
        reach: s.content.as_deref().and_then(|content| reforms::reach_url(content, &record.id)),
        correction: s.answers.clone(),
        comparison: facts::compare(before.as_ref(), s.content.as_deref().or(before.as_ref())),
        is_new,
        withdraws: s.content.is_none(),
        previews: s.content.as_deref().is_some_and(Body::is_for_the_public)
            && !matches!(record.state, indexer::record::State::Published | indexer::record::State::Withdrawn),
        articles,
        articles_left,
        no_text,
        original: uploaded,
        attached: s.content.as_deref().map(Body::attached).unwrap_or_default().to_vec(),
        attaches: s.content.as_deref().is_some_and(Body::has_attached)
            && workflow::may_revise(&session.actor, &record).is_ok(),
        most_mib: sharing::MAX_ATTACHED_FILE >> 20,
        editable: s.content.is_some() && moves.iter().any(|m| m.then == workflow::Then::HandIn),
        days_open: (record.state == indexer::record::State::Approved
            && moves.iter().any(|m| m.then == workflow::Then::Publish))
        .then(workflow::schedule::days_open)
        .map(|(first, last)| (first.to_string(), last.to_string())),
        moves: moves.into_iter().map(|step| Offered::new(&app.desk, step)).collect(),
        letters: s.letters.iter().rev().map(LetterLine::new).collect(),
        returned: record.state == indexer::record::State::Returned,
        held,
        concerns: s
            .concerns
            .iter()
            .map(|concern| Ok((concern.says.clone(), called::division(store, &concern.division)?)))
            .collect::<Result<_, StoreError>>()?,
        handled: Handled::new(&session.actor, &record, workflow::handling::of(store, id)?),
        hosts: hosts_of(session, &record),
        methods: ProofMethod::ALL,
        limit: s.clock.as_ref().map(|clock| limit_words(app, clock)),
        outdated,
        against,
        steps: steps(store, id)?,
    })
}

/// How long a limit is, by what, whether it stands, and what may still move its last day.
pub fn limit_words(app: &App, clock: &Clock) -> String {
    let by = app
        .desk
        .limits
        .of(clock)
        .map_or_else(|| format!("{} {}", clock.length, clock.unit.label()), crate::desk::Limit::words);
    let note = if clock.is_paused() {
        Some("等待对方，期间不计入期限".to_owned())
    } else {
        app.desk.calendar.due(clock).note()
    };
    [Some(by), note].into_iter().flatten().collect::<Vec<_>>().join("；")
}

/// A submission that somebody may read.
pub fn find(app: &App, session: &Session, id: &str) -> Result<Record, Problem> {
    let record = app.store.get(id)?.filter(|r| as_submission(r).is_some()).ok_or_else(none)?;
    // Whoever may not see it is reported the same as where there is none.
    must(&session.actor, Act::Read, &workflow::division_of(&record)).map_err(|_| none())?;
    Ok(record)
}

fn none() -> Problem {
    Problem::not_found("没有这份报送，或者它不在您的账户所管的区划之内")
}

pub async fn perform(
    State(app): State<App>,
    Path((id, name)): Path<(String, String)>,
    sent: Sent<acts::Read>,
) -> Result<Response, Problem> {
    let asked = AskedMove::read(sent)?;
    led(move || {
        let (who, revision, grounds) = (&asked.session.actor, asked.revision, asked.grounds());
        find(&app, &asked.session, &id)?;
        match name.as_str() {
            "approve-and-publish" => {
                workflow::approve_and_publish(&app.store, &app.desk, who, &id, revision, grounds.said)?;
            }
            name => {
                let again = workflow::move_named(name).is_some_and(workflow::Move::goes_to_and_fro);
                app.allowed(who, Submitted::submissions(usize::from(again)), || {
                    Ok(workflow::perform(&app.store, &app.desk, who, &id, revision, name, grounds)?)
                })?;
            }
        }
        Ok(urls::submission(&id))
    })
    .await
}

/// Sets the day on which an approved submission is published, or takes it off.
pub async fn schedule(
    State(app): State<App>,
    Path(id): Path<String>,
    sent: Sent<acts::Review>,
) -> Result<Response, Problem> {
    let (session, fields) = sent.read(&["revision", "on", "cancel"])?;
    let revision = fields.revision()?;
    let on = match (fields.get("cancel"), fields.get("on").trim()) {
        ("1", _) => None,
        (_, text) => Some(text.parse().map_err(|_| Problem::unprocessable("公布的日子应为 年-月-日，如 2027-01-04"))?),
    };
    led(move || {
        find(&app, &session, &id)?;
        let (who, at) = (&session.actor, (id.as_str(), revision));
        match on {
            Some(on) => workflow::schedule::schedule(&app.store, &app.desk, who, at, on)?,
            None => workflow::schedule::cancel(&app.store, &app.desk, who, at)?,
        };
        Ok(urls::submission(&id))
    })
    .await
}

/// Notes that a reviewer has seen a host to be in the institution's hands.
pub async fn prove(
    State(app): State<App>,
    Path(id): Path<String>,
    sent: Sent<acts::Approve>,
) -> Result<Response, Problem> {
    let (session, fields) = sent.read(&["revision", "host", "method", "note"])?;
    let revision = fields.revision()?;
    led(move || {
        find(&app, &session, &id)?;
        let method = ProofMethod::ALL.into_iter().find(|m| m.name() == fields.get("method"));
        let method = method.ok_or_else(|| Problem::bad_parameter("method", "请选择怎样核验的"))?;
        let seen = (fields.get("host"), method, fields.get("note"));
        workflow::note_proof(&app.store, &session.actor, &id, revision, seen)?;
        Ok(urls::submission(&id))
    })
    .await
}
