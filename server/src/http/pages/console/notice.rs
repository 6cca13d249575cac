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
    reading::schemes::{self as reading, Schemes},
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
    consolidated: Vec<Consolidated>,
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
    /// The scheme of one of the bodies that it changes as it leaves it, by place.
    Text(usize),
}

/// Whether a file reads as one with something to tell.
pub fn is_one(document: &Document) -> bool {
    notice::read(document).is_some_and(|notice| !notice.told.is_empty())
}

/// The schemes in force that a notice changes, each once: those of the body of its title and of every one that it tells of.
fn changed_schemes(app: &App, session: &Session, notice: &Notice) -> Result<Vec<Record>, Problem> {
    let before = notice.told.iter().filter(|told| told.change == "更名").flat_map(|told| &told.from);
    let names = [&notice.institution.value].into_iter().chain(before).chain(notice.told.iter().map(|told| &told.body));
    let (mut asked, mut all): (Vec<&String>, Vec<Record>) = (Vec::new(), Vec::new());
    for name in names {
        if asked.contains(&name) {
            continue;
        }
        asked.push(name);
        let found = changed_scheme(app, session, notice, name)?;
        all.extend(found.filter(|found| !all.iter().any(|known| known.id == found.id)));
    }
    Ok(all)
}

/// The scheme in force of a body that a notice names, in the account's division or below.
fn changed_scheme(app: &App, session: &Session, notice: &Notice, name: &String) -> Result<Option<Record>, Problem> {
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
    let schemes = changed_schemes(app, session, &notice)?;
    let number = notice.document_number.value.as_deref();
    // The body of the form below has the record that its scheme names.
    let of_form = |name: &str| {
        let held = |record: &&Record| Held::of(record).is_some_and(|h| may_mean(name, &h.scheme.institution_name));
        schemes.iter().find(held)
    };
    let address =
        |which: &str| format!("/console/upload/{}?name={}&{which}", upload.hash, urls::encode(&upload.file_name));
    let (body, told, path, scheme) = match chosen {
        Chosen::Text(at) => {
            let scheme = schemes.get(at);
            let text = scheme.and_then(|scheme| consolidated(&scheme.body, &events, notice.signed.value, number));
            let none = || Problem::not_found("没有收录这个机构现行的三定规定，不能做合并文本");
            let (body, told) = text.ok_or_else(none)?;
            (body, told, scheme_kind.path, scheme)
        }
        Chosen::Event(at) => {
            let (body, told) = read.get(at).cloned().ok_or_else(|| Problem::not_found("通知中没有这一项变动"))?;
            let mut names = notice.told.get(at).into_iter().flat_map(|one| [&one.body].into_iter().chain(&one.from));
            let scheme = names.find_map(|name| of_form(name));
            (body, told, kind.path, scheme)
        }
    };
    let found = body.facts().filter(|(column, _)| column.name == "findings").flat_map(|(_, values)| values);
    let mut findings: Vec<String> = told.into_iter().chain(found).collect();
    let mut form = GeneralFields::of(&body);
    if let Some(scheme) = scheme {
        let held = Held::of(scheme);
        // 市水务局 is written out, but for a name that it gets by this very notice.
        if let Chosen::Event(at) = chosen
            && let Some(held) = held
            && notice.told.get(at).is_some_and(|one| may_mean(&one.body, &held.scheme.institution_name))
        {
            form = form.with("institution_name", held.scheme.institution_name.clone());
        }
        let division = held.map(|held| held.scheme.division.to_string()).unwrap_or_default();
        form = form.with("division", division);
        if let Some(id) = held.and_then(|held| held.scheme.institution_id.clone()) {
            form = form.with("institution_id", id);
        }
    } else {
        let (division, unsure) = super::scheme::division_told(app, session, form.text("institution_name"))?;
        form = form.with("division", division.to_string());
        findings.extend(unsure);
    }
    let event = |(at, told): (usize, &notice::InstitutionChange)| Event {
        title: told.title(),
        change: told.change,
        sentence: told.sentence.clone(),
        numbers: staffing::written(&told.numbers),
        url: address(&format!("event={}", at + 1)),
        chosen: chosen == Chosen::Event(at),
    };
    let text = |(at, record): (usize, &Record)| {
        let held = Held::of(record)?;
        Some(Consolidated {
            called: held.called(),
            url: reading::url(&held),
            form_url: address(&format!("as=text&event={}", at + 1)),
            close_url: format!("/console/records/{}/edit", urls::encode(&record.id)),
            day: notice.signed.value,
            chosen: chosen == Chosen::Text(at),
        })
    };
    let texts = schemes.iter().enumerate().filter_map(text).collect();
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
        note: super::scheme::note(&notice.title.value, number),
        consolidated: texts,
        as_norm: address("as=norm"),
        duties: super::scheme::duties_listed(&upload.document),
        as_scheme: address("as=scheme"),
    };
    private(StatusCode::OK, &page)
}
