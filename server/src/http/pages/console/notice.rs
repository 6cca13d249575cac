//! A file that is a notice which changes a body (核减4名，调整后78名): each event that was read of it beside its sentence, the
//! form that makes a record of it, and the body's scheme as the notice leaves it. Nothing changes before a person has
//! handed it in and another has approved it.

use askama::Template;
use axum::{http::StatusCode, response::Response};
use indexer::{
    corpus::{
        documents::Document,
        schemes::notice::{self, Notice},
    },
    record::{
        Body, Date, Record,
        comparison::{Held, in_force, may_mean},
        kind_named,
        kinds::staffing_scheme::consolidated,
        staffing,
    },
};

use super::{super::private, Me, forms::GeneralFields, may_see};
use crate::{
    access::Session,
    clock::today,
    http::{App, Problem},
    reading::schemes::{self, Schemes},
    sharing::Upload,
    urls,
};

#[derive(Template)]
#[template(path = "console/notice.html")]
struct Page {
    q: String,
    me: Me,
    hash: String,
    file_name: String,
    title: String,
    events: Vec<Event>,
    /// What the form below makes: an event, or the consolidated text.
    chosen: String,
    action: String,
    form: GeneralFields,
    findings: Vec<String>,
    note: String,
    consolidated: Option<Consolidated>,
    as_norm: String,
    /// How many duties it lists, and where it is read as a scheme.
    duties: usize,
    as_scheme: String,
}

struct Event {
    title: String,
    change: &'static str,
    sentence: String,
    numbers: Vec<String>,
    url: String,
    chosen: bool,
}

/// The scheme that the notice changes.
struct Consolidated {
    called: String,
    url: String,
    /// Where its form stands here, and where the older scheme is closed.
    form_url: String,
    close_url: String,
    day: Option<Date>,
    chosen: bool,
}

/// What of a notice is to be confirmed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Chosen {
    /// One of its events, by place.
    Event(usize),
    /// The scheme as it leaves it.
    Text,
}

/// Whether a file reads as one with something to tell.
pub fn is_one(document: &Document) -> bool {
    notice::read(document).is_some_and(|notice| !notice.told.is_empty())
}

/// The scheme in force that a notice changes: of the body that it names, in the account's division or below.
fn changed_scheme(app: &App, session: &Session, notice: &Notice) -> Result<Option<Record>, Problem> {
    let name = &notice.institution.value;
    let own = &session.actor.division;
    let read = Schemes::read(&app.store, &may_see(session), |held| {
        own.covers(&held.scheme.division)
            && (held.scheme.institution_name == *name || may_mean(name, &held.scheme.institution_name))
    })?;
    let all = read.held();
    let bodies: Vec<&str> = {
        let mut names: Vec<&str> = all.iter().map(|held| held.scheme.institution_name.as_str()).collect();
        names.sort_unstable();
        names.dedup();
        names
    };
    let exact = bodies.iter().find(|body| *body == name);
    // Where the name may mean several bodies, none is taken.
    let Some(body) = exact.or(bodies.first().filter(|_| bodies.len() == 1)) else { return Ok(None) };
    let own: Vec<Held<'_>> = all.iter().filter(|held| held.scheme.institution_name == *body).copied().collect();
    let found = in_force::on_day(&own, notice.signed.value.unwrap_or_else(today)).scheme();
    Ok(found.map(|held| app.store.get(held.id)).transpose()?.flatten())
}

pub fn page(app: &App, session: &Session, upload: &Upload, chosen: Chosen) -> Result<Response, Problem> {
    let none = || Problem::unprocessable("这个文件不是机构编制的调整通知，请按法规文件或者内部资料报送".to_owned());
    let kind = kind_named(staffing::EVENT).ok_or_else(none)?;
    let scheme_kind = kind_named(staffing::SCHEME).ok_or_else(none)?;
    let notice = notice::read(&upload.document).filter(|notice| !notice.told.is_empty()).ok_or_else(none)?;
    let read: Vec<(Body, Vec<String>)> = notice
        .told
        .iter()
        .filter_map(|told| {
            let (body, faults) = notice.body(told);
            Some((body?, faults))
        })
        .collect();
    let events: Vec<Body> = read.iter().map(|(body, _)| body.clone()).collect();
    let scheme = changed_scheme(app, session, &notice)?;
    let number = notice.document_number.value.as_deref();
    let text = scheme.as_ref().and_then(|scheme| consolidated(&scheme.body, &events, notice.signed.value, number));
    let address =
        |which: &str| format!("/console/upload/{}?name={}&{which}", upload.hash, urls::encode(&upload.file_name));
    let (body, told, path) = match (chosen, &text) {
        (Chosen::Text, Some((body, told))) => (body.clone(), told.clone(), scheme_kind.path),
        (Chosen::Text, None) => return Err(Problem::not_found("没有收录这个机构现行的三定规定，不能做合并文本")),
        (Chosen::Event(at), _) => {
            let (body, told) = read.get(at).cloned().ok_or_else(|| Problem::not_found("通知中没有这一项变动"))?;
            (body, told, kind.path)
        }
    };
    let found = body.facts().filter(|(column, _)| column.name == "findings").flat_map(|(_, values)| values);
    let findings = told.into_iter().chain(found).collect();
    let mut form = GeneralFields::of(&body);
    if let Some(scheme) = &scheme {
        let held = Held::of(scheme);
        let division = held.map(|held| held.scheme.division.to_string()).unwrap_or_default();
        form = form.with("division", division);
        if let Some(id) = held.and_then(|held| held.scheme.institution_id.clone()) {
            form = form.with("institution_id", id);
        }
    } else if form.text("division") == "000000" && !session.actor.division.is_nation() {
        form = form.with("division", session.actor.division.to_string());
    }
    let event = |(at, told): (usize, &notice::InstitutionChange)| Event {
        title: told.title(),
        change: told.change,
        sentence: told.sentence.clone(),
        numbers: staffing::written(&told.numbers),
        url: address(&format!("event={}", at + 1)),
        chosen: chosen == Chosen::Event(at),
    };
    let page = Page {
        q: String::new(),
        me: Me::new(session),
        hash: upload.hash.to_string(),
        file_name: upload.file_name.clone(),
        title: notice.title.value.clone(),
        events: notice.told.iter().enumerate().map(event).collect(),
        chosen: body.title().to_owned(),
        action: format!("/console/new/{path}"),
        form,
        findings,
        note: format!("依据文件“{}”", upload.file_name),
        consolidated: scheme.as_ref().and_then(|record| {
            let held = Held::of(record)?;
            Some(Consolidated {
                called: held.called(),
                url: schemes::url(&held),
                form_url: address("as=text"),
                close_url: format!("/console/records/{}/edit", urls::encode(&record.id)),
                day: notice.signed.value,
                chosen: chosen == Chosen::Text,
            })
        }),
        as_norm: address("as=norm"),
        duties: super::scheme::duties_listed(&upload.document),
        as_scheme: address("as=scheme"),
    };
    private(StatusCode::OK, &page)
}
