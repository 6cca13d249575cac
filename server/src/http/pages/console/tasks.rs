//! 任务: what an office has to do, by when, and why.

use std::collections::{BTreeMap, BTreeSet};

use askama::Template;
use axum::{
    extract::{Path, RawQuery, State},
    http::StatusCode,
    response::Response,
};
use indexer::{
    record::{
        Article, ArticleNumber, Audience, Body, DocumentKind, Record, Role, State as RecordState, Task, TaskMatter,
        TaskOrigin, repeals, task_state_label, work_reference,
    },
    text::quoted_titles,
};

use super::{
    super::{bases, private},
    Me, led,
    moves::{AskedMove, LetterLine, codes},
    must,
    paging::{Count, count_listed, cursor_for_address, cursor_from_address},
    picker::{self, Asks, Picker},
    submission::{Step, division_name, limit_words, steps},
};
use crate::{
    access::{Act, Rights, Session, acts},
    called,
    clock::today,
    desk::{self, MAX_WORDS, ReasonedAct, TaskError, as_task},
    http::{
        App, Problem,
        aside::aside,
        params::Params,
        signed::{Fields, Sent, SignedIn},
    },
    reading::compare::{Run, RunKind, redline},
    store::listings::List,
    urls::{self, record_url},
    workflow,
};

/// Tasks on a page.
const PER_PAGE: usize = 50;
/// Whose tasks are shown: the institution's own, or all of the division and below it.
const OWN: &str = "own";
const ALL: &str = "all";
/// Regulations that a decision is about, each with a link to what cites it.
const MAX_LINKED: usize = 20;

const STATES: [(RecordState, &str); 4] = [
    (RecordState::Submitted, "open"),
    (RecordState::Returned, "waiting"),
    (RecordState::Approved, "done"),
    (RecordState::Withdrawn, "closed"),
];

struct Line {
    id: String,
    matter: &'static str,
    title: String,
    says: String,
    division: String,
    /// The institution whose it is to do; empty for the division's office.
    office: String,
    due: Option<String>,
    overdue: bool,
    /// It was brought to mind: on the last day that it was.
    reminded: Option<String>,
    came: String,
}

#[derive(Template)]
#[template(path = "console/tasks.html")]
struct Page {
    q: String,
    me: Me,
    state: &'static str,
    /// [`OWN`] or [`ALL`].
    of: &'static str,
    /// Name, label, count unless the own are shown, which nobody counts; whether it is this one.
    states: Vec<(&'static str, &'static str, Option<Count>, bool)>,
    lines: Vec<Line>,
    next: Option<String>,
    longest: usize,
    /// The form by which a task is made, as it was filled in.
    about: String,
    about_picker: Picker,
    says: String,
    due: String,
}

#[derive(Template)]
#[template(path = "console/task.html")]
struct OnePage {
    q: String,
    me: Me,
    line: Line,
    revision: u64,
    state: &'static str,
    /// Where what it is about is looked at.
    about: Option<String>,
    limit: Option<String>,
    /// Title and address of the records to be looked at.
    records: Vec<(String, Option<String>)>,
    more: usize,
    /// Titles of what has changed, and where everything that cites it is named.
    citing: Vec<(String, String)>,
    redline: Redline,
    act: String,
    letter: Option<LetterLine>,
    /// Whether the reader may end it, and what saying that it is done is called.
    settles: bool,
    finish: &'static str,
    codes: Vec<(String, String)>,
    steps: Vec<Step>,
    longest: usize,
}

fn line(app: &App, record: &Record, task: &Task) -> Result<Line, Problem> {
    let due = task.due.filter(|_| task.ended.is_none());
    Ok(Line {
        id: record.id.clone(),
        matter: task.matter.label(),
        title: task.about_title.clone(),
        says: task.says.clone(),
        division: division_name(&app.store, record)?,
        office: called::office(&app.store, task.office_id.as_deref(), &task.office)?,
        overdue: due.is_some_and(|due| due < today()),
        due: due.map(|due| due.to_string()),
        reminded: task.reminded.last().map(|reminder| reminder.on.to_string()),
        came: match &task.came {
            TaskOrigin::Event { .. } => "由记录的变动产生".to_owned(),
            TaskOrigin::Time => "到期产生".to_owned(),
            TaskOrigin::Person { office_name, .. } => format!("{office_name}交办"),
        },
    })
}

pub async fn page(
    State(app): State<App>,
    SignedIn(session, _): SignedIn<acts::Read>,
    RawQuery(raw): RawQuery,
) -> Result<Response, Problem> {
    let params = Params::read(raw.as_deref(), &["state", "of", "after"])?;
    let names = STATES.map(|(_, name)| name);
    let state = params.one_of("state", &names, |name| name)?.unwrap_or("open");
    let of = params.one_of("of", &[OWN, ALL], |name| name)?;
    let after = params.get("after").map(cursor_from_address).transpose()?;
    aside(move || tasks_page(&app, &session, (state, of), after.as_deref(), None)).await
}

/// The tasks in a state, with the form by which one is made as `fields` have it.
fn tasks_page(
    app: &App,
    session: &Session,
    (state, of): (&'static str, Option<&'static str>),
    after: Option<&str>,
    fields: Option<&Fields>,
) -> Result<Response, Problem> {
    let actor = &session.actor;
    let given = |name: &str| fields.map_or("", |fields| fields.get(name)).to_owned();
    let wanted = fields.and_then(picker::wanted);
    let shown = STATES.iter().find(|(_, name)| *name == state).map_or(RecordState::Submitted, |(s, _)| *s);
    // Whoever reviews answers for all of a division; the others see what is theirs.
    let reviews = matches!(actor.rights, Rights::Account(Role::Reviewer | Role::Administrator));
    let own = of.map_or(!reviews, |of| of == OWN);
    let listed = match own {
        true => desk::inbox_of(&app.store, shown, actor, after, PER_PAGE)?,
        false => desk::inbox(&app.store, shown, &actor.division, after, PER_PAGE)?,
    };
    let tasks = listed.records.iter().filter_map(|r| Some((r, as_task(r)?)));
    let states = STATES.iter().map(|(s, name)| {
        let all = List::Tasks(*s, &actor.division);
        let count = (!own).then(|| count_listed(app, &all)).transpose()?;
        Ok((*name, task_state_label(*s), count, *name == state))
    });
    let page = Page {
        q: String::new(),
        me: Me::new(session),
        state,
        of: if own { OWN } else { ALL },
        states: states.collect::<Result<_, Problem>>()?,
        lines: tasks.map(|(record, task)| line(app, record, task)).collect::<Result<_, _>>()?,
        next: listed.next.map(|place| cursor_for_address(&place)),
        longest: MAX_WORDS,
        about_picker: Picker::new(app, Asks::Institution, "about", &given("about"), wanted.as_ref())?,
        about: given("about"),
        says: given("says"),
        due: given("due"),
    };
    private(StatusCode::OK, &page)
}

pub async fn one(
    State(app): State<App>,
    SignedIn(session, _): SignedIn<acts::Read>,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let page = aside(move || render(&app, &session, &id));
    private(StatusCode::OK, &page.await?)
}

fn render(app: &App, session: &Session, id: &str) -> Result<OnePage, Problem> {
    let record = desk::find_task(&app.store, &session.actor, id)?;
    let task = as_task(&record).ok_or(TaskError::Unknown)?;
    let open = task.ended.is_none() && !task.matter.follows_a_review();
    let settles = open && must(&session.actor, Act::Settle, &desk::division_for(&session.actor, &record)).is_ok();
    let (mut records, mut resting) = (Vec::new(), Vec::new());
    for named in &task.records {
        let public = app.store.get(&named.id)?.filter(Record::is_public);
        records.push((named.title.clone(), public.as_ref().map(record_url)));
        resting.extend(public);
    }
    Ok(OnePage {
        q: String::new(),
        me: Me::new(session),
        line: line(app, &record, task)?,
        revision: record.revision,
        state: task_state_label(record.state),
        about: about(app, task)?,
        limit: task.clock.as_ref().map(|clock| limit_words(app, clock)),
        records,
        redline: changed_articles(app, task, &resting)?,
        more: task.more,
        citing: all_citing(app, &record, task)?,
        act: task.ended.as_ref().map(|end| end.act.clone()).unwrap_or_default(),
        letter: task.ended.as_ref().and_then(|end| end.letter.as_ref()).map(LetterLine::new),
        settles,
        finish: if task.matter == TaskMatter::Confirm { "确认无误" } else { "已办理" },
        codes: codes(&app.desk, ReasonedAct::CloseTask),
        steps: steps(&app.store, id)?,
        longest: MAX_WORDS,
    })
}

/// What a new version changed of the articles that the task's records name.
#[derive(Default)]
struct Redline {
    /// Both versions whole, side by side.
    comparison: String,
    articles: Vec<RedlineArticle>,
    /// Records that name a heading or the whole regulation, and how.
    in_general: Vec<(String, String)>,
}

struct RedlineArticle {
    label: String,
    /// Its number in the newer version, where that is another.
    now: Option<String>,
    old: Vec<Run>,
    new: Vec<Run>,
    /// The records that name it.
    named_by: Vec<String>,
}

fn changed_articles(app: &App, task: &Task, resting: &[Record]) -> Result<Redline, Problem> {
    if task.matter != TaskMatter::RegulationChanged {
        return Ok(Redline::default());
    }
    let Some(Record { id, body: Body::Regulation(new), .. }) = app.store.get(&task.about)?.filter(Record::is_public)
    else {
        return Ok(Redline::default());
    };
    let before = desk::version_before(&app.store, &id, &new)?;
    let Some(Record { id: old_id, body: Body::Regulation(old), .. }) = before else { return Ok(Redline::default()) };
    let unchanged = desk::Unchanged::between(old, new.clone());
    let work = work_reference(&new.title);
    let mut articles: BTreeMap<ArticleNumber, RedlineArticle> = BTreeMap::new();
    let mut in_general = Vec::new();
    for record in resting {
        let general = unchanged.named_in_general(&record.body, &work);
        if !general.is_empty() {
            in_general.push((record.body.title().to_owned(), general.join("、")));
        }
        for changed in unchanged.changed_for(&record.body, &work) {
            let text = |article: &Option<Article>| article.as_ref().map_or("", |a| a.text.as_str()).to_owned();
            let known = articles.entry(changed.number).or_insert_with(|| {
                let all = redline(&text(&changed.old), &text(&changed.new));
                let now = changed.new.as_ref().and_then(|article| article.number);
                let now = now.filter(|now| changed.old.is_some() && *now != changed.number);
                let without = |kind| all.iter().filter(|run| run.kind != kind).cloned().collect();
                RedlineArticle {
                    label: changed.number.to_string(),
                    now: now.map(|now| now.to_string()),
                    old: without(RunKind::New),
                    new: without(RunKind::Old),
                    named_by: Vec::new(),
                }
            });
            known.named_by.push(record.body.title().to_owned());
        }
    }
    let comparison = urls::comparison(&old_id, &id);
    Ok(Redline { comparison, articles: articles.into_values().collect(), in_general })
}

/// Where all records of the task's division are named that cite what has changed: the regulation itself, or those that
/// a decision is about.
fn all_citing(app: &App, record: &Record, task: &Task) -> Result<Vec<(String, String)>, Problem> {
    if task.matter != TaskMatter::RegulationChanged {
        return Ok(Vec::new());
    }
    let Some(Record { id, body: Body::Regulation(regulation), .. }) =
        app.store.get(&task.about)?.filter(Record::is_public)
    else {
        return Ok(Vec::new());
    };
    let division = workflow::division_of(record);
    let decides = matches!(regulation.document_kind, DocumentKind::Amendment | DocumentKind::Abolition);
    let own = (regulation.title.clone(), bases::citing(&division, &id));
    let mut all = if decides { Vec::new() } else { vec![own] };
    let repealed = repeals::repealed(&regulation).into_iter().map(|repealed| repealed.title);
    let about: BTreeSet<&str> = quoted_titles(&regulation.title).filter(|_| decides).chain(repealed).collect();
    for title in about.into_iter().take(MAX_LINKED) {
        let shown = desk::public_version(&app.store, title, regulation.division.as_ref())?;
        all.extend(shown.map(|id| (title.to_owned(), bases::citing(&division, &id))));
    }
    Ok(all)
}

/// The page of what a task is about.
fn about(app: &App, task: &Task) -> Result<Option<String>, Problem> {
    let record = app.store.get(&task.about)?;
    Ok(record.and_then(|record| match &record.body {
        Body::Submission(_) => Some(urls::submission(&record.id)),
        Body::Correction(_) => Some(urls::console::correction(&record.id)),
        Body::NameApplication(_) => Some(urls::console::application(&record.id)),
        Body::WebName(name) if name.life.is_some() => Some(urls::console::registered(&record.id)),
        _ if record.is_public() || record.is_shown_to(Audience::Offices) => Some(record_url(&record)),
        // What was published once has a history still.
        body => body.is_for_the_public().then(|| urls::history(&record.id)),
    }))
}

/// Asks the office in charge of a record to do something.
pub async fn ask(State(app): State<App>, sent: Sent<acts::Settle>) -> Result<Response, Problem> {
    let (session, mut fields) = sent.read(&["about", "says", "due", picker::LOOK, picker::PICK])?;
    if picker::wanted(&fields).is_some() {
        return aside(move || {
            picker::fill_in(&app, &mut fields, &[("about", Asks::Institution)])?;
            tasks_page(&app, &session, ("open", None), None, Some(&fields))
        })
        .await;
    }
    led(move || {
        let due = Some(fields.get("due").trim()).filter(|text| !text.is_empty()).map(str::parse).transpose();
        let due = due.map_err(|_| Problem::unprocessable("期限应为 年-月-日，如 2027-01-04"))?;
        let asked = desk::Asked { about: fields.get("about"), says: fields.get("says"), due };
        Ok(urls::console::task(&desk::ask(&app.store, &app.desk, &session.actor, asked)?.id))
    })
    .await
}

pub async fn finish(
    State(app): State<App>,
    Path(id): Path<String>,
    sent: Sent<acts::Settle>,
) -> Result<Response, Problem> {
    let (session, fields) = sent.read(&["revision", "reason"])?;
    let revision = fields.revision()?;
    led(move || {
        desk::finish_task(&app.store, &session.actor, &id, revision, fields.get("reason"))?;
        Ok(urls::console::task(&id))
    })
    .await
}

pub async fn close(
    State(app): State<App>,
    Path(id): Path<String>,
    sent: Sent<acts::Settle>,
) -> Result<Response, Problem> {
    let asked = AskedMove::read(sent)?;
    led(move || {
        let (who, grounds) = (&asked.session.actor, asked.grounds());
        desk::close_task(&app.store, &app.desk, who, (&id, asked.revision), grounds)?;
        Ok(urls::console::task(&id))
    })
    .await
}
