//! 机构改革: plans of reform of a division's line, and what one of them touches, before it is handed in, while it is
//! reviewed and once it holds. Measures may be tried out here; nothing is kept of that.

use askama::Template;
use axum::{
    extract::{RawQuery, State},
    http::StatusCode,
    response::Response,
};
use indexer::record::{
    Audience, Body, Date, DivisionCode, Planned, Record, State as RecordState, kind_named,
    kinds::reform_plan,
    staffing::{self, Measure},
};

use super::{super::private, Me, may_see};
use crate::{
    access::{self, Act, Session, Subject, acts},
    clock::today,
    http::{
        App, Problem,
        params::{self, Params},
        records::find_shared,
        signed::SignedIn,
    },
    reading::{
        reform::{Counts, Looked, PlanTasks, Reach},
        schemes::Schemes,
    },
    store::listings::List,
    urls,
    workflow::{as_submission, division_of, subject},
};

/// Plans that the page lists, and submissions that it looks through for some.
const MAX_LISTED: usize = 200;
const MAX_LOOKED_AT: usize = 1_000;
/// Characters of measures that an address may try: addresses have an end.
const MAX_TRIED: usize = 2_000;
/// Measures whose reach one page shows.
const MAX_SHOWN: usize = 40;

#[derive(Template)]
#[template(path = "console/reforms.html")]
struct Page {
    q: String,
    me: Me,
    new: String,
    plans: Vec<Line>,
    /// How many of them are not listed, and whether submissions were not all looked through.
    more_plans: usize,
    not_all: bool,
    division: String,
    day: Date,
    tried: String,
    fault: Option<String>,
    /// What is looked at: its title, how it stands and where it is.
    title: String,
    standing: String,
    url: Option<String>,
    findings: Vec<String>,
    reach: Vec<Reach>,
    more: usize,
    /// What it has made offices do, once it holds.
    tasks: PlanTasks,
}

struct Line {
    title: String,
    standing: &'static str,
    day: String,
    url: String,
}

/// What is looked at.
struct Chosen {
    title: String,
    standing: String,
    url: Option<String>,
    body: Body,
    /// The id of the plan, where it is more than tried.
    plan: Option<String>,
}

/// The form of a new plan, with the measures that were tried.
fn new_plan(division: &DivisionCode, day: Date, tried: &str) -> String {
    let Some(kind) = kind_named(staffing::REFORM) else { return String::new() };
    let form = urls::console::new_record(kind);
    if tried.is_empty() {
        return form;
    }
    urls::with_query(&form, &[("division", division.as_str()), ("date", &day.to_string()), ("measures", tried)])
}

pub async fn page(
    State(app): State<App>,
    SignedIn(session, _): SignedIn<acts::Consult>,
    RawQuery(raw): RawQuery,
) -> Result<Response, Problem> {
    let shared = app.clone();
    // Looking through what rests on institutions and for regulations that name them is work as a search is.
    let work = move || {
        let params = Params::read(raw.as_deref(), &["of", "division", "on", "measures"])?;
        let generation = app.generation()?;
        let own = session.actor.division.clone();
        let division = params::division(&params, "division", &generation)?.unwrap_or_else(|| own.clone());
        let day = params.day("on")?.unwrap_or_else(today);
        let tried = match params.get("measures").map(str::trim) {
            None | Some("") => String::new(),
            Some(_) => params.text("measures", MAX_TRIED)?,
        };
        let (chosen, fault) = match params.get("of") {
            Some(id) => (Some(chosen(&app, &session, id)?), None),
            None if tried.is_empty() => (None, None),
            None => match staffing::read::<Measure>(vec![tried.clone()]) {
                Ok(measures) => (Some(trial(measures, &division, day)), None),
                Err(fault) => (None, Some(fault)),
            },
        };
        let Plans { first, more, not_all } = plans(&app, &session)?;
        let mut page = Page {
            q: String::new(),
            me: Me::new(&session),
            new: new_plan(&division, day, &tried),
            plans: first,
            more_plans: more,
            not_all,
            division: division.to_string(),
            day,
            tried,
            fault,
            title: String::new(),
            standing: String::new(),
            url: None,
            findings: Vec::new(),
            reach: Vec::new(),
            more: 0,
            tasks: PlanTasks::default(),
        };
        if let Some(chosen) = chosen {
            let plan = chosen.body.plan();
            let (of, on) = reform_plan::of_plan(&chosen.body).unwrap_or((&division, Some(day)));
            let counts = Counts::read(&app.store, &may_see(&session))?;
            let schemes = Schemes::of_division(&app.store, &may_see(&session), of)?;
            let looked = Looked {
                store: &app.store,
                generation: &generation,
                division: of,
                day: on.unwrap_or(day),
                counts: &counts,
                schemes: &schemes,
                may_see: &may_see(&session),
                may_read: &|of| access::may(Some(&session.actor), Act::Read, &Subject::of(of)).is_ok(),
            };
            let shown: &[Planned] = plan.get(..MAX_SHOWN).unwrap_or(&plan);
            page.reach = looked.reach(shown)?;
            page.more = plan.len() - page.reach.len();
            page.tasks = chosen.plan.as_deref().map(|id| looked.tasks_of_plan(id)).transpose()?.unwrap_or_default();
            page.findings = findings(&chosen.body);
            page.findings.extend(looked.out_of_time(&plan)?);
            page.findings.extend(unknown(&page.reach));
            (page.title, page.standing, page.url) = (chosen.title, chosen.standing, chosen.url);
        }
        private(StatusCode::OK, &page)
    };
    shared.admission.work(work).await
}

/// Institutions that a measure changes and that no record is of.
fn unknown(reach: &[Reach]) -> Vec<String> {
    let missing = reach.iter().flat_map(|reach| &reach.institutions).filter(|body| body.before && body.url.is_none());
    let mut told: Vec<String> =
        missing.map(|body| format!("库中没有“{}”的机构记录，或者同名的不止一个：它的权力事项、网上名称等没有列在下面；请核对全称，或者先收录机构", body.name)).collect();
    told.sort();
    told.dedup();
    told
}

/// What the kind itself says of the plan.
fn findings(body: &Body) -> Vec<String> {
    body.facts().filter(|(column, _)| column.name == "findings").flat_map(|(_, values)| values).collect()
}

/// Measures that are tried out.
fn trial(measures: Vec<Measure>, division: &DivisionCode, day: Date) -> Chosen {
    Chosen {
        title: "试算".to_owned(),
        standing: "没有保存".to_owned(),
        url: None,
        body: reform_plan::tried(measures, division.clone(), day),
        plan: None,
    }
}

/// A plan by its id, or one on its way by its submission's; for whoever may read it.
fn chosen(app: &App, session: &Session, id: &str) -> Result<Chosen, Problem> {
    let none = || Problem::not_found("没有这份改革方案，或者它不在本机构的查阅范围内");
    let submission = app.store.get(id)?.filter(|record| as_submission(record).is_some());
    let Some(record) = submission else {
        let (record, _) = find_shared(app, &session.actor, id).map_err(|_| none())?;
        let standing = "已公布".to_owned();
        let (title, url) = (record.body.title().to_owned(), Some(urls::shared(id)));
        let plan = Some(record.id);
        return Some(Chosen { title, standing, url, body: record.body, plan }).filter(is_plan).ok_or_else(none);
    };
    access::may(Some(&session.actor), Act::Read, &subject(&record, &division_of(&record))).map_err(|_| none())?;
    let submission = as_submission(&record).ok_or_else(none)?;
    let (body, plan) = (submission.content.as_deref().cloned().ok_or_else(none)?, Some(submission.target.clone()));
    let (title, url) = (body.title().to_owned(), Some(urls::submission(id)));
    Some(Chosen { title, standing: record.state.label().to_owned(), url, body, plan }).filter(is_plan).ok_or_else(none)
}

/// Where it is seen what a plan touches, by its id or its submission's; `None` for what is no plan.
pub fn reach_url(body: &Body, id: &str) -> Option<String> {
    (body.kind() == staffing::REFORM).then(|| urls::console::reform(id))
}

fn is_plan(chosen: &Chosen) -> bool {
    chosen.body.kind() == staffing::REFORM
}

/// The first plans of a list.
struct Plans {
    first: Vec<Line>,
    more: usize,
    /// Whether more submissions wait than were looked through.
    not_all: bool,
}

/// Plans that somebody may read: those that hold, and those on their way, the last first.
fn plans(app: &App, session: &Session) -> Result<Plans, Problem> {
    let actor = &session.actor;
    let line = |record: &Record, body: &Body, standing| Line {
        title: body.title().to_owned(),
        standing,
        day: reform_plan::of_plan(body).and_then(|(_, day)| day).map(|day| day.to_string()).unwrap_or_default(),
        url: reach_url(body, &record.id).unwrap_or_default(),
    };
    let mut all = Vec::new();
    let mut put = |record: Record| -> Result<(), Problem> {
        let division = record.body.division().cloned().unwrap_or_else(DivisionCode::nation);
        let may = access::may(Some(actor), Act::Consult, &Subject::of(&division)).is_ok();
        if may && record.is_shown_to(Audience::Offices) {
            all.push(line(&record, &record.body, "已公布"));
        }
        Ok(())
    };
    app.store.each_of(staffing::REFORM, &mut put)?;
    let mut not_all = false;
    for state in [RecordState::Submitted, RecordState::Approved] {
        let waiting = List::Waiting("submission", state, &actor.division);
        let page = app.store.page(&waiting, None, MAX_LOOKED_AT)?;
        not_all |= page.next.is_some();
        for record in page.records {
            let content = as_submission(&record).and_then(|s| s.content.as_deref());
            let readable = access::may(Some(actor), Act::Read, &subject(&record, &division_of(&record))).is_ok();
            if let Some(body) = content.filter(|body| readable && body.kind() == staffing::REFORM) {
                all.push(line(&record, body, record.state.label()));
            }
        }
    }
    all.sort_by(|a, b| b.day.cmp(&a.day).then_with(|| a.title.cmp(&b.title)));
    let more = all.len().saturating_sub(MAX_LISTED);
    all.truncate(MAX_LISTED);
    Ok(Plans { first: all, more, not_all })
}
