//! A file that is a scheme of organization 三定规定: what was read of it, each field beside the sentence that it comes from,
//! what does not add up, and the form that makes a record of it.

use askama::Template;
use axum::{http::StatusCode, response::Response};
use indexer::{
    corpus::{documents::Document, schemes},
    record::{Body, kind_named, staffing},
};

use super::{super::private, Me, forms::GeneralFields, may_see};
use crate::{
    access::Session,
    http::{App, Problem},
    reading::schemes as read_schemes,
    sharing::Upload,
};

/// Sentences shown of one field, and characters of one.
const SENTENCES: usize = 60;
const LONGEST: usize = 400;

#[derive(Template)]
#[template(path = "console/scheme.html")]
struct SchemePage {
    q: String,
    me: Me,
    hash: String,
    file_name: String,
    label: &'static str,
    action: String,
    form: GeneralFields,
    read: Vec<Field>,
    findings: Vec<String>,
    note: String,
}

/// A field as it was read.
struct Field {
    label: &'static str,
    lines: Vec<String>,
    sentences: Vec<String>,
}

/// Whether a file reads as one.
pub fn is_one(document: &Document) -> bool {
    schemes::is_scheme(document)
}

/// Duties that a notice lists of a body: it may be read as a scheme besides.
pub fn duties_listed(document: &Document) -> usize {
    schemes::read_reply(document).map_or(0, |scheme| scheme.duties.len())
}

pub fn page(app: &App, session: &Session, upload: &Upload) -> Result<Response, Problem> {
    let none = || Problem::unprocessable("这个文件没有“三定”规定的标题，请按法规文件或者内部资料报送".to_owned());
    let kind = kind_named(staffing::SCHEME).ok_or_else(none)?;
    let scheme = schemes::read(&upload.document).or_else(|| schemes::read_reply(&upload.document)).ok_or_else(none)?;
    let (body, faults) = scheme.body();
    let body = body.ok_or_else(none)?;
    let text = upload.document.text();
    let columns = scheme.columns();
    let mut form = GeneralFields::of(&body);
    // As it will stand, so that records of the same body are found.
    let mut placed = body.clone();
    if form.text("division") == "000000" && !session.actor.division.is_nation() {
        let division = session.actor.division.to_string();
        let _ = placed.fill(|column| (column.name == "division").then_some(division.as_str()));
        form = form.with("division", division);
    }
    let read = kind.columns.iter().filter_map(|column| {
        let proposed = columns.iter().find(|proposed| proposed.column == column.name)?;
        let sentence = |span: &indexer::corpus::documents::Span| {
            let text = text.get(span.start..span.end).unwrap_or_default();
            text.chars().take(LONGEST).collect::<String>()
        };
        let mut sentences: Vec<String> = proposed.evidence.iter().map(sentence).collect();
        sentences.dedup();
        sentences.truncate(SENTENCES);
        Some(Field { label: column.label, lines: proposed.text.lines().map(str::to_owned).collect(), sentences })
    });
    let page = SchemePage {
        q: String::new(),
        me: Me::new(session),
        hash: upload.hash.to_string(),
        file_name: upload.file_name.clone(),
        label: kind.label,
        action: format!("/console/new/{}", kind.path),
        read: read.collect(),
        findings: faults
            .into_iter()
            .chain(findings(&body))
            .chain(app.desk.post_limits.of_scheme(&body))
            .chain(read_schemes::against_records(
                &app.store,
                &may_see(session),
                &placed,
                None,
                &session.actor.division,
            )?)
            .collect(),
        form,
        note: format!("依据文件“{}”", upload.file_name),
    };
    private(StatusCode::OK, &page)
}

/// What the kind itself says of the record.
fn findings(body: &Body) -> Vec<String> {
    body.facts().filter(|(column, _)| column.name == "findings").flat_map(|(_, values)| values).collect()
}
