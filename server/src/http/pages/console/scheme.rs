//! A file that is a scheme of organization 三定规定: what was read of it, each field beside the sentence that it comes
//! from, what does not add up, and the form that makes a record of it.

use askama::Template;
use axum::{http::StatusCode, response::Response};
use indexer::{
    corpus::{documents::Document, schemes},
    record::{Body, DivisionCode, kind_named, staffing},
    text::{quoted, quoted_titles},
};

use super::{super::private, Me, forms::GeneralFields, may_see};
use crate::{
    access::Session,
    http::{App, Problem},
    reading::{placed, schemes as read_schemes},
    sharing::Upload,
    urls,
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
    /// How many are not shown.
    more: usize,
}

/// Whether a file reads as one.
pub fn is_one(document: &Document) -> bool {
    schemes::is_scheme(document)
}

/// Duties that a notice lists of an institution: it may be read as a scheme besides.
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
    // As it will stand, so that records of the same institution are found.
    let mut placed = body.clone();
    let (division, unsure) = named_division(app, session, &scheme.institution.value)?;
    if !division.is_nation() {
        let division = division.to_string();
        let _ = placed.fill(|column| (column.name == "division").then_some(division.as_str()));
        form = form.with("division", division);
    }
    let read = kind.columns.iter().filter_map(|column| {
        let proposed = columns.iter().find(|proposed| proposed.column == column.name)?;
        let sentence = |span: &indexer::corpus::documents::Span| {
            let text = text.get(span.start..span.end).unwrap_or_default();
            let rest = if text.chars().nth(LONGEST).is_some() { "…" } else { "" };
            text.chars().take(LONGEST).collect::<String>() + rest
        };
        let mut sentences: Vec<String> = proposed.evidence.iter().map(sentence).collect();
        sentences.dedup();
        let more = sentences.len().saturating_sub(SENTENCES);
        sentences.truncate(SENTENCES);
        Some(Field { label: column.label, lines: proposed.text.lines().map(str::to_owned).collect(), sentences, more })
    });
    let page = SchemePage {
        q: String::new(),
        me: Me::new(session),
        hash: upload.hash.to_string(),
        file_name: upload.file_name.clone(),
        label: kind.label,
        action: urls::console::new_record(kind),
        read: read.collect(),
        findings: faults
            .into_iter()
            .chain(unsure)
            .chain(scheme.unread.iter().map(|unread| unread.value.clone()))
            .chain(findings(&placed))
            .chain(app.desk.post_limits.of_scheme(&placed))
            .chain(read_schemes::against_records(
                &app.store,
                &may_see(session),
                &placed,
                None,
                &session.actor.division,
            )?)
            .collect(),
        form: form.with_pickers(app, None)?,
        note: note(&scheme.title.value, scheme.document_number.value.as_deref()),
    };
    private(StatusCode::OK, &page)
}

/// What a change rests on, by the title and number of the document: the name of the file is nobody's but the office's.
pub fn note(title: &str, number: Option<&str>) -> String {
    let number = number.map(|number| format!("（{number}）")).unwrap_or_default();
    // A title that is in marks already, as a whole, keeps no second pair.
    let bare = title.strip_prefix('《').and_then(|title| title.strip_suffix('》'));
    let bare = bare.filter(|bare| quoted_titles(title).next() == Some(*bare));
    format!("依据{}{number}", quoted(bare.unwrap_or(title)))
}

/// The division of the institution that a file names; where nothing tells it, that of the account, and a word that it
/// may be another.
pub fn named_division(app: &App, session: &Session, name: &str) -> Result<(DivisionCode, Option<String>), Problem> {
    let own = &session.actor.division;
    if let Some(found) = placed::division_of(&app.store, name, own)? {
        return Ok((found, None));
    }
    let unsure = format!("没有认出“{name}”在哪个行政区划，先填了本账户的行政区划，请核对");
    Ok((own.clone(), Some(unsure).filter(|_| !own.is_nation())))
}

/// What the kind itself says of the record.
fn findings(body: &Body) -> Vec<String> {
    body.facts().filter(|(column, _)| column.name == "findings").flat_map(|(_, values)| values).collect()
}

#[cfg(test)]
mod tests {
    use super::note;

    #[test]
    fn a_note_quotes_titles_that_quote_others_whole() {
        for (title, number, expected) in [
            ("甲局三定规定", None, "依据《甲局三定规定》"),
            ("《甲局三定规定》", Some("甲办〔2019〕3号"), "依据《甲局三定规定》（甲办〔2019〕3号）"),
            ("关于废止《甲规定》", None, "依据《关于废止〈甲规定〉》"),
            ("《甲规定》和《乙规定》", None, "依据《〈甲规定〉和〈乙规定〉》"),
        ] {
            assert_eq!(note(title, number), expected);
        }
    }
}
