//! 报告错误: the form, and the private page on which a reader sees what came of it.

use askama::Template;
use axum::{
    body::Bytes,
    extract::{Path, RawQuery, State, rejection::BytesRejection},
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Redirect, Response},
};
use indexer::record::{CorrectionMatter, Record};

use super::private;
use crate::{
    corrections::{self, Refused, Suggestion},
    http::{App, Problem, aside::aside, faults::Faults, params::Params, signed},
    source::Source,
    urls::{self, record_url},
};

/// Fields of the form. `place` says which article; `homepage` is there for scripts to fill in, and people do not see
/// it.
const FIELDS: &[&str] = &["about", "matter", "says", "evidence", "homepage"];

/// Characters of what is missing, as a page names it: the longest name of an institution.
const MAX_MISSING: usize = 60;

#[derive(Template)]
#[template(path = "correction_new.html")]
struct Form {
    q: String,
    about: String,
    title: String,
    url: String,
    matters: Vec<(CorrectionMatter, bool)>,
    says: String,
    evidence: String,
    faults: Faults,
}

#[derive(Template)]
#[template(path = "correction.html")]
struct Sent {
    q: String,
    /// What whoever answers for it may be reported: the number of the case opens nothing.
    receipt: String,
    title: String,
    url: Option<String>,
    state: &'static str,
    matter: &'static str,
    says: String,
    evidence: Option<String>,
    answer: Option<String>,
    sent: String,
}

pub async fn form(State(app): State<App>, RawQuery(raw): RawQuery) -> Result<Response, Problem> {
    let params = Params::of_page(raw.as_deref(), &["about", "place", "field", "missing"])?;
    let record = about(&app, params.get("about")).await?;
    let given = |name: &&str| record.body.info().columns.iter().find(|column| column.given && column.name == *name);
    let (mut says, mut matters) = (params.get("place").map(|place| format!("{place}：")).unwrap_or_default(), None);
    if let Some(column) = params.get("field").as_ref().and_then(given) {
        says = format!("{}：", column.label);
        matters = Some(if column.name == "websites" { CorrectionMatter::Website } else { CorrectionMatter::Contact });
    }
    // What was looked for in vain, from our own pages; a reader may write on or over it.
    if let Some(what) = params.get("missing") {
        let what: String = what.chars().filter(|c| !c.is_control()).take(MAX_MISSING).collect();
        says = format!("资料里没有{what}：");
        matters = Some(CorrectionMatter::Missing);
    }
    let matters = CorrectionMatter::ALL.map(|m| (m, Some(m) == matters)).to_vec();
    private(StatusCode::OK, &Form { says, matters, ..blank(&record) })
}

pub async fn submit(
    State(app): State<App>,
    source: Source,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Result<Response, Problem> {
    let params = signed::form(&headers, body, FIELDS)?;
    let record = about(&app, params.get("about")).await?;
    let field = |name: &str| params.get(name).unwrap_or_default().to_owned();
    let (matter, says, evidence) = (field("matter"), field("says"), field("evidence"));
    let again = |status, fault: Option<(&str, String)>| {
        let matters = CorrectionMatter::ALL.map(|m| (m, m.name() == matter)).to_vec();
        let faults = fault.map(|(field, says)| Faults::of(field, "", &says)).unwrap_or_default();
        private(status, &Form { matters, says: says.clone(), evidence: evidence.clone(), faults, ..blank(&record) })
    };
    if params.get("homepage").is_some() {
        let fault = ("homepage", "请把标明“不要填写”的一栏留空再提交".to_owned());
        return again(StatusCode::BAD_REQUEST, Some(fault));
    }
    let suggestion = match Suggestion::read(&matter, &says, &evidence) {
        Ok(suggestion) => suggestion,
        Err(fault) => return again(StatusCode::BAD_REQUEST, Some(fault)),
    };
    let taken_about = record.clone();
    let taken = aside(move || match app.corrections.submit(&app.store, &app.desk, &taken_about, suggestion, source) {
        Ok(secret) => Ok(Ok(secret)),
        // Told beside the form, in which everything stays.
        Err(refused @ (Refused::TooMany | Refused::TooManyOfSource)) => Ok(Err(refused.to_string())),
        Err(error) => Err(error.into()),
    });
    match taken.await? {
        Ok(secret) => Ok(Redirect::to(&urls::correction(&secret)).into_response()),
        Err(refused) => again(StatusCode::TOO_MANY_REQUESTS, Some(("says", refused))),
    }
}

pub async fn sent(State(app): State<App>, Path(secret): Path<String>) -> Result<Response, Problem> {
    let none = || Problem::not_found("没有这条建议，请核对链接是否完整");
    let ((record, correction), about) = aside(move || {
        let (record, correction) = corrections::find(&app.store, &secret)?.ok_or_else(none)?;
        let about = app.store.get(&correction.about)?;
        Ok(((record, correction), about))
    })
    .await?;
    let sent = record.provenance.first().and_then(|p| p.date).map(|d| d.to_string()).unwrap_or_default();
    private(
        StatusCode::OK,
        &Sent {
            q: String::new(),
            receipt: record.id.clone(),
            title: correction.about_title,
            url: about.filter(Record::is_public).map(|r| record_url(&r)),
            state: corrections::state_label(record.state),
            matter: correction.matter.label(),
            says: correction.says,
            evidence: correction.evidence,
            answer: correction.answer,
            sent,
        },
    )
}

fn blank(record: &Record) -> Form {
    Form {
        q: String::new(),
        about: record.id.clone(),
        title: record.body.title().to_owned(),
        url: record_url(record),
        matters: CorrectionMatter::ALL.map(|m| (m, false)).to_vec(),
        says: String::new(),
        evidence: String::new(),
        faults: Faults::default(),
    }
}

/// The public record that a suggestion is about.
async fn about(app: &App, id: Option<&str>) -> Result<Record, Problem> {
    let id = id.ok_or_else(|| Problem::bad_parameter("about", "缺少 about：请从要纠正的页面上点“报告错误”"))?;
    let (worker, id) = (app.clone(), id.to_owned());
    let record = aside(move || Ok(worker.store.get(&id)?)).await?;
    let public = record.filter(Record::is_public);
    public.ok_or_else(|| Problem::not_found("要纠正的内容不在资料中，可能已经撤下"))
}
