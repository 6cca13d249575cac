//! Changing a record: a form with what it is now, which becomes a submission; changing a draft; taking out; bringing back.

use askama::Template;
use axum::{
    extract::{Path, RawQuery, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use indexer::record::{Audience, Body, Concern, DivisionCode, Info, Record, Weight, Word, kind_at};
use sha2::{Digest, Sha256};

use super::{
    super::private,
    Me,
    forms::{self, GeneralFields},
    led,
    moves::codes,
    must, picker, submission,
};
use crate::{
    access::{Act, Actor, Session, Submitted, acts},
    desk::{Grounds, InvalidGrounds, ReasonedAct},
    http::{
        App, Problem,
        aside::aside,
        params::Params,
        records::find_shared,
        signed::{Fields, Sent, SignedIn},
    },
    urls::{self, record_url},
    workflow::{self, Draft, WorkflowError, as_submission, draft},
};

/// Warnings that a form shows.
const MAX_WARNINGS: usize = 10;

#[derive(Template)]
#[template(path = "console/general_form.html")]
struct GeneralPage {
    q: String,
    me: Me,
    title: String,
    back: String,
    action: String,
    revision: u64,
    answers: String,
    note: String,
    form: GeneralFields,
    fault: Option<String>,
    warned: Warned,
    lead: &'static str,
}

#[derive(Template)]
#[template(path = "console/withdraw.html")]
struct WithdrawPage {
    q: String,
    me: Me,
    title: String,
    id: String,
    back: String,
    /// Codes of reasons with their words.
    codes: Vec<(String, String)>,
    /// What was typed.
    code: String,
    note: String,
    fault: Option<Fault>,
}

/// Why a withdrawal was not taken, and the field to mend; none where no field is to blame.
struct Fault {
    field: &'static str,
    says: String,
}

impl Fault {
    /// `None` where it is nothing that the form can mend.
    fn of(error: &WorkflowError) -> Option<Self> {
        let field = match error {
            WorkflowError::Grounds(InvalidGrounds::None | InvalidGrounds::Unknown { .. }) => "code",
            WorkflowError::Grounds(InvalidGrounds::NoWords(_))
            | WorkflowError::LongReason(_)
            | WorkflowError::Control(_) => "note",
            _ => return None,
        };
        Some(Self { field, says: error.to_string() })
    }
}

/// What a form is about: a record that stands, or a draft.
struct About {
    title: String,
    /// What else whoever opens the form should know.
    lead: &'static str,
    back: String,
    action: String,
    revision: u64,
    answers: String,
    note: String,
}

/// What a form was told besides faults, and what its next sending carries so that the same is not told again.
#[derive(Default)]
struct Warned {
    says: Vec<String>,
    seen: String,
}

impl Warned {
    fn of(app: &App, target: &str, content: &Body) -> Result<Self, Problem> {
        let concerns = workflow::concerns(&app.store, target, content)?;
        let say = |c: Concern| format!("{}，须由管到区划 {} 的审核员核准", c.says, c.division);
        let says: Vec<String> = concerns.into_iter().take(MAX_WARNINGS).map(say).collect();
        let seen = if says.is_empty() { String::new() } else { hex::encode(Sha256::digest(says.join("\n"))) };
        Ok(Self { says, seen })
    }
}

fn form_page(
    app: &App,
    session: &Session,
    about: About,
    form: GeneralFields,
    fault: Option<String>,
) -> Result<Response, Problem> {
    warned_page(app, session, about, form, fault, Warned::default())
}

/// The form once more, where it was sent to find or to choose a code and not to be saved.
fn picked_page(
    app: &App,
    session: &Session,
    about: impl FnOnce() -> About,
    fields: &mut Fields,
    blank: &Body,
) -> Result<Option<Response>, Problem> {
    if picker::wanted(fields).is_none() {
        return Ok(None);
    }
    picker::fill_in(app, fields, &GeneralFields::of(blank).asking())?;
    let form = form_sent(fields, blank)?.with_pickers(app, Some(fields))?;
    let about =
        About { note: fields.get(forms::NOTE).to_owned(), answers: fields.get("answers").to_owned(), ..about() };
    Ok(Some(general_page(session, about, form, None, Warned::default())?))
}

fn warned_page(
    app: &App,
    session: &Session,
    about: About,
    form: GeneralFields,
    fault: Option<String>,
    warned: Warned,
) -> Result<Response, Problem> {
    general_page(session, about, form.with_pickers(app, None)?, fault, warned)
}

fn general_page(
    session: &Session,
    about: About,
    form: GeneralFields,
    fault: Option<String>,
    warned: Warned,
) -> Result<Response, Problem> {
    let About { title, lead, back, action, revision, answers, note } = about;
    let (q, me) = (String::new(), Me::new(session));
    let page = GeneralPage { q, me, title, back, action, revision, answers, note, form, fault, warned, lead };
    private(StatusCode::OK, &page)
}

/// The form of a record as it is; a problem for kinds that have none.
fn form_of(body: &Body) -> Result<GeneralFields, Problem> {
    has_form(body)?;
    Ok(GeneralFields::of(body))
}

/// The form as it was sent.
fn form_sent(fields: &Fields, body: &Body) -> Result<GeneralFields, Problem> {
    has_form(body)?;
    Ok(GeneralFields::read(fields, body))
}

fn has_form(body: &Body) -> Result<(), Problem> {
    if forms::has_form(body.info()) { Ok(()) } else { Err(WorkflowError::WrongKind.into()) }
}

/// The body as the form of a record changes it.
fn changed(app: &App, form: &GeneralFields, id: &str, before: &Body, actor: &Actor) -> Result<Body, Problem> {
    let own = actor.office_id.as_deref() == Some(id);
    form_says(app, form, Some(before), before, actor, if own { Weight::Own } else { Weight::Office })
}

/// The body as an office gives it by a form of columns.
fn form_says(
    app: &App,
    form: &GeneralFields,
    before: Option<&Body>,
    blank: &Body,
    actor: &Actor,
    weight: Weight,
) -> Result<Body, Problem> {
    let source = workflow::office_list(actor);
    let word = Word { source: &source, weight, day: crate::clock::today() };
    let mut body = form.apply(before, blank, word).map_err(Problem::unprocessable)?;
    workflow::link(&app.store, &mut body)?;
    Ok(body)
}

/// The record to be changed, where somebody may propose it.
fn record(app: &App, session: &Session, id: &str) -> Result<Record, Problem> {
    let record = app.store.get(id)?.filter(Record::is_public);
    let record = match record {
        Some(record) => record,
        None => find_shared(app, &session.actor, id)?.0,
    };
    must(&session.actor, Act::Submit, &workflow::division_of(&record))?;
    Ok(record)
}

pub async fn page(
    State(app): State<App>,
    SignedIn(session, _): SignedIn<acts::Submit>,
    Path(id): Path<String>,
    RawQuery(raw): RawQuery,
) -> Result<Response, Problem> {
    let params = Params::read(raw.as_deref(), &["answers"])?;
    let answers = params.get("answers").unwrap_or_default().to_owned();
    aside(move || {
        let record = record(&app, &session, &id)?;
        let form = form_of(&record.body)?;
        form_page(&app, &session, about(&record, answers, String::new()), form, None)
    })
    .await
}

fn about(record: &Record, answers: String, note: String) -> About {
    About {
        title: record.body.title().to_owned(),
        lead: lead_of(&record.body),
        back: record_url(record),
        action: format!("/console/records/{}/edit", record.id),
        revision: record.revision,
        answers,
        note,
    }
}

fn lead_of(body: &Body) -> &'static str {
    match body {
        Body::Regulation(_) => "正文有改动时，请上传新的文本。",
        _ => "",
    }
}

pub async fn submit(
    State(app): State<App>,
    Path(id): Path<String>,
    sent: Sent<acts::Submit>,
) -> Result<Response, Problem> {
    let (session, mut fields) = sent.read(&forms::ANY)?;
    let (revision, hands_in) = (fields.revision()?, forms::hands_in(&fields)?);
    aside(move || {
        let record = record(&app, &session, &id)?;
        has_form(&record.body)?;
        let again = || About { revision, ..about(&record, String::new(), String::new()) };
        if let Some(page) = picked_page(&app, &session, again, &mut fields, &record.body)? {
            return Ok(page);
        }
        let form = form_sent(&fields, &record.body)?;
        let note = fields.get(forms::NOTE).to_owned();
        let answers = Some(fields.get("answers").to_owned()).filter(|a| !a.is_empty());
        let content = changed(&app, &form, &record.id, &record.body, &session.actor);
        if let Ok(content) = &content {
            let warned = Warned::of(&app, &record.id, content)?;
            if warned.seen != fields.get("seen") {
                let about = About { revision, ..about(&record, answers.unwrap_or_default(), note) };
                return warned_page(&app, &session, about, form, None, warned);
            }
        }
        let outcome = content.and_then(|content| {
            let proposed = Draft {
                target: record.id.clone(),
                based_on: revision,
                provenance: vec![office_source(&session)],
                content: Some(content),
                answers: answers.clone(),
                note: note.clone(),
            };
            app.allowed(&session.actor, Submitted::submissions(1), || {
                let written = draft(&app.store, &session.actor, proposed)?;
                hand_in(&app, &session, &written, hands_in)?;
                Ok(written.id)
            })
        });
        match outcome {
            Ok(id) => Ok(Redirect::to(&urls::submission(&id)).into_response()),
            Err(problem) if problem.is_mendable() => {
                let about = About { revision, ..about(&record, answers.unwrap_or_default(), note) };
                Ok(problem.on_page(form_page(&app, &session, about, form, Some(problem.detail.clone()))?))
            }
            Err(problem) => Err(problem),
        }
    })
    .await
}

/// A kind whose records begin with an empty form. A norm begins with its text, which is uploaded.
fn new_kind(path: &str) -> Result<(&'static Info, Body), Problem> {
    let none = || Problem::not_found("没有这类记录，或者它不能这样新建");
    let kind =
        kind_at(path).filter(|kind| forms::has_form(kind) && (kind.general || !kind.versions)).ok_or_else(none)?;
    Ok((kind, Body::blank(kind.name).ok_or_else(none)?))
}

fn about_new(kind: &Info, note: String) -> About {
    About {
        title: format!("新的{}", kind.label),
        lead: "",
        back: if kind.is_public() { format!("/{}", kind.path) } else { "/console/shared".to_owned() },
        action: format!("/console/new/{}", kind.path),
        revision: 0,
        answers: String::new(),
        note,
    }
}

/// Any division that another level follows from than from the nation.
const SOME_COUNTY: &str = "110101";

/// What follows from the division of a new record where nothing else is said, by column: the level of a body does.
fn following(blank: &Body, division: &str) -> Vec<(&'static str, String)> {
    let left_out = |division: &str| {
        let mut body = blank.clone();
        let filled = body.fill(|column| match column.name {
            "division" => Some(division),
            _ => (!column.required).then_some(""),
        });
        filled.ok().map(|()| body)
    };
    // What is no division is told when the form is read.
    let nation = DivisionCode::nation();
    let (Some(anywhere), Some(there)) = (left_out(nation.as_str()), left_out(division)) else { return Vec::new() };
    anywhere
        .facts()
        .zip(there.facts())
        .filter(|((column, anywhere), (_, there))| column.given && anywhere != there)
        .map(|(_, (column, there))| (column.name, there.join("\n")))
        .collect()
}

/// A new record in a division, with what follows from that.
fn placed(blank: Body, division: &str) -> Body {
    let follows = following(&blank, division);
    let text = |name: &str| follows.iter().find(|(column, _)| *column == name).map(|(_, text)| text.as_str());
    let mut placed = blank.clone();
    if placed.fill(|column| text(column.name)).is_ok() { placed } else { blank }
}

pub async fn new_page(
    State(app): State<App>,
    SignedIn(session, _): SignedIn<acts::Submit>,
    Path(path): Path<String>,
) -> Result<Response, Problem> {
    let (kind, blank) = new_kind(&path)?;
    aside(move || {
        // The account's own is the likeliest, and it is there to be changed. What follows from it is left open, so that it
        // follows from another one too.
        let own = &session.actor.division;
        let follows = following(&blank, SOME_COUNTY).into_iter().filter(|(column, _)| *column != "division");
        let empty = GeneralFields::of(&blank).unchosen();
        let mut form = follows.fold(empty, |form, (column, _)| form.with(column, String::new()));
        if !own.is_nation() {
            form = form.with("division", own.to_string());
        }
        form_page(&app, &session, about_new(kind, String::new()), form, None)
    })
    .await
}

pub async fn new(
    State(app): State<App>,
    Path(path): Path<String>,
    sent: Sent<acts::Submit>,
) -> Result<Response, Problem> {
    let (kind, blank) = new_kind(&path)?;
    let (session, mut fields) = sent.read(&forms::ANY)?;
    let hands_in = forms::hands_in(&fields)?;
    let blank = placed(blank, fields.get("division"));
    aside(move || {
        if let Some(page) = picked_page(&app, &session, || about_new(kind, String::new()), &mut fields, &blank)? {
            return Ok(page);
        }
        let form = GeneralFields::read(&fields, &blank);
        let note = fields.get(forms::NOTE).to_owned();
        let content = form_says(&app, &form, None, &blank, &session.actor, Weight::Office);
        // What an institution's name may be taken for is told to whoever reviews it.
        if let Ok(content) = &content
            && kind.general
            && let Some(target) = content.id()
        {
            let warned = Warned::of(&app, &target, content)?;
            if warned.seen != fields.get("seen") {
                return warned_page(&app, &session, about_new(kind, note), form, None, warned);
            }
        }
        let outcome = content.and_then(|content| {
            // Whether there is one of that name is told to whoever may write it, and to nobody else.
            must(&session.actor, Act::Submit, content.division().unwrap_or(&DivisionCode::nation()))?;
            let target = content.id().ok_or_else(|| Problem::from(WorkflowError::WrongKind))?;
            if app.store.get(&target)?.is_some_and(|record| record.is_public() || record.is_shown_to(Audience::Offices))
            {
                let detail = format!("已有同名的{}（{target}）：请在它的页面上更正", kind.label);
                return Err(Problem::unprocessable(detail));
            }
            if let Some(there) = workflow::doubled(&app.store, &content)? {
                return Err(Problem::unprocessable(format!(
                    "这个区划已有同名的{}（{there}）：请在它的页面上更正",
                    kind.label
                )));
            }
            let based_on = app.store.current_revision(&target)?.unwrap_or(0);
            let provenance = vec![office_source(&session)];
            let proposed =
                Draft { target, based_on, content: Some(content), provenance, answers: None, note: note.clone() };
            app.allowed(&session.actor, Submitted::submissions(1), || {
                let written = draft(&app.store, &session.actor, proposed)?;
                hand_in(&app, &session, &written, hands_in)?;
                Ok(written.id)
            })
        });
        match outcome {
            Ok(id) => Ok(Redirect::to(&format!("/console/submissions/{id}")).into_response()),
            Err(problem) if problem.is_mendable() => {
                let page = form_page(&app, &session, about_new(kind, note), form, Some(problem.detail.clone()))?;
                Ok(problem.on_page(page))
            }
            Err(problem) => Err(problem),
        }
    })
    .await
}

/// Where a correction comes from: the office that gives it.
fn office_source(session: &Session) -> indexer::record::Provenance {
    indexer::record::Provenance {
        source: workflow::office_list(&session.actor),
        place: None,
        date: Some(crate::clock::today()),
        licence: None,
    }
}

/// Hands a draft in where that was asked for.
pub fn hand_in(app: &App, session: &Session, written: &Record, asked: bool) -> Result<(), WorkflowError> {
    if asked {
        workflow::hand_in(&app.store, &app.desk, &session.actor, &written.id, written.revision)?;
    }
    Ok(())
}

pub async fn revise_page(
    State(app): State<App>,
    SignedIn(session, _): SignedIn<acts::Submit>,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    aside(move || {
        let (record, content) = draft_of(&app, &session, &id)?;
        let form = form_of(&content)?;
        form_page(&app, &session, about_draft(&record), form, None)
    })
    .await
}

/// A draft that somebody may change, and its content.
fn draft_of(app: &App, session: &Session, id: &str) -> Result<(Record, Body), Problem> {
    let record = submission::find(app, session, id)?;
    let division = workflow::division_of(&record);
    crate::access::may(Some(&session.actor), Act::Submit, &workflow::subject(&record, &division))?;
    let content = as_submission(&record).and_then(|s| s.content.as_deref().cloned());
    let content = content.ok_or_else(|| Problem::unprocessable("撤回申请没有可修改的内容"))?;
    Ok((record, content))
}

fn about_draft(record: &Record) -> About {
    let note = as_submission(record).map(|s| s.note.clone()).unwrap_or_default();
    About {
        title: record.body.title().to_owned(),
        lead: lead_of(&record.body),
        back: urls::submission(&record.id),
        action: format!("/console/submissions/{}/edit", record.id),
        revision: record.revision,
        answers: String::new(),
        note,
    }
}

pub async fn revise(
    State(app): State<App>,
    Path(id): Path<String>,
    sent: Sent<acts::Submit>,
) -> Result<Response, Problem> {
    let (session, mut fields) = sent.read(&forms::ANY)?;
    let (revision, hands_in) = (fields.revision()?, forms::hands_in(&fields)?);
    aside(move || {
        let (record, content) = draft_of(&app, &session, &id)?;
        has_form(&content)?;
        let again = || About { revision, ..about_draft(&record) };
        if let Some(page) = picked_page(&app, &session, again, &mut fields, &content)? {
            return Ok(page);
        }
        let form = form_sent(&fields, &content)?;
        // A body's form is read against what is published, so that evidence is computed from there and not from a draft.
        let target = as_submission(&record).map(|s| (s.target.clone(), s.based_on));
        let base = match (&content, target) {
            (content, Some((target, based_on))) if !matches!(content, Body::Regulation(_)) => {
                app.store.get_revision(&target, based_on)?.map(|r| r.body)
            }
            _ => None,
        };
        let about = as_submission(&record).map(|s| s.target.clone()).unwrap_or_default();
        let changed = changed(&app, &form, &about, base.as_ref().unwrap_or(&content), &session.actor);
        if let Ok(changed) = &changed {
            let warned = Warned::of(&app, &about, changed)?;
            if warned.seen != fields.get("seen") {
                let about = About { revision, note: fields.get(forms::NOTE).to_owned(), ..about_draft(&record) };
                return warned_page(&app, &session, about, form, None, warned);
            }
        }
        let outcome = changed.and_then(|changed| {
            let note = fields.get(forms::NOTE);
            app.allowed(&session.actor, Submitted::submissions(1), || {
                let written = workflow::revise(&app.store, &session.actor, &id, revision, note, |_| Ok(Some(changed)))?;
                hand_in(&app, &session, &written, hands_in)?;
                Ok(written.id)
            })
        });
        match outcome {
            Ok(id) => Ok(Redirect::to(&urls::submission(&id)).into_response()),
            Err(problem) if problem.is_mendable() => {
                let about = About { revision, note: fields.get(forms::NOTE).to_owned(), ..about_draft(&record) };
                Ok(problem.on_page(form_page(&app, &session, about, form, Some(problem.detail.clone()))?))
            }
            Err(problem) => Err(problem),
        }
    })
    .await
}

pub async fn withdraw_page(
    State(app): State<App>,
    SignedIn(session, _): SignedIn<acts::Submit>,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    aside(move || {
        let record = record(&app, &session, &id)?;
        private(StatusCode::OK, &withdraw_form(&app, &session, &record, ["", ""], None))
    })
    .await
}

fn withdraw_form(
    app: &App,
    session: &Session,
    record: &Record,
    [code, note]: [&str; 2],
    fault: Option<Fault>,
) -> WithdrawPage {
    WithdrawPage {
        q: String::new(),
        me: Me::new(session),
        title: record.body.title().to_owned(),
        id: record.id.clone(),
        back: record_url(record),
        codes: codes(&app.desk, ReasonedAct::Withdraw),
        code: code.to_owned(),
        note: note.to_owned(),
        fault,
    }
}

pub async fn withdraw(
    State(app): State<App>,
    Path(id): Path<String>,
    sent: Sent<acts::Submit>,
) -> Result<Response, Problem> {
    let (session, fields) = sent.read(&["code", "note"])?;
    aside(move || {
        let record = record(&app, &session, &id)?;
        let typed = [fields.get("code"), fields.get("note")];
        let mut fault = None;
        let outcome = app.allowed(&session.actor, Submitted::submissions(1), || {
            let grounds = Grounds::new(typed[0], typed[1]);
            let written = workflow::withdrawal(&app.store, &app.desk, &session.actor, &id, grounds)
                .inspect_err(|error| fault = Fault::of(error))?;
            hand_in(&app, &session, &written, true)?;
            Ok(urls::submission(&written.id))
        });
        match outcome {
            Ok(submission) => Ok(Redirect::to(&submission).into_response()),
            Err(problem) if problem.is_mendable() => {
                let fault = fault.unwrap_or_else(|| Fault { field: "", says: problem.detail.clone() });
                let page = withdraw_form(&app, &session, &record, typed, Some(fault));
                Ok(problem.on_page(private(StatusCode::OK, &page)?))
            }
            Err(problem) => Err(problem),
        }
    })
    .await
}

pub async fn restore(
    State(app): State<App>,
    Path(id): Path<String>,
    sent: Sent<acts::Submit>,
) -> Result<Response, Problem> {
    let (session, fields) = sent.read(&["revision"])?;
    let revision = fields.revision()?;
    led(move || {
        app.allowed(&session.actor, Submitted::submissions(1), || {
            Ok(urls::submission(&workflow::restore(&app.store, &session.actor, &id, revision)?.id))
        })
    })
    .await
}
