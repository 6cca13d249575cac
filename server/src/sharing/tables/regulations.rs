//! Tables of norms: their facts. Texts come as documents.

use indexer::{
    corpus::documents::Form,
    record::{Body, DivisionCode, DocumentKind, NormLevel, Record, Regulation, State, regulation_id},
};

use super::{ID, known::Known, prepared::Wanted, row::Row};
use crate::{
    store::{StoreError, listings::List},
    workflow::NormEdit,
};

pub const TITLE: &str = "标题";
const LEVEL: &str = "效力层级";
const KIND: &str = "文件种类";
const ISSUERS: &str = "制定机关";
const NUMBER: &str = "文号";
const DIVISION: &str = "区划代码";
const ADOPTED: &str = "成文日期";
const PUBLISHED: &str = "公布日期";
const EFFECTIVE: &str = "施行日期";

/// Norms of one number that are looked at.
const MOST_ALIKE: usize = 20;

/// What a row wants; `None` where it has faults.
pub fn read(row: &mut Row<'_>, known: &Known<'_>) -> Result<Option<Wanted>, StoreError> {
    let level = row.one_of(LEVEL, &NormLevel::ALL, NormLevel::label);
    let document_kind = row.one_of(KIND, &DocumentKind::ALL, DocumentKind::label);
    let division = row.code(DIVISION);
    if let Some(code) = division.as_ref().filter(|code| !code.is_nation())
        && known.division(code)?.is_none()
    {
        row.tell(DIVISION, "库中没有这个区划，请核对代码");
    }
    let dates = [ADOPTED, PUBLISHED, EFFECTIVE].map(|column| row.date(column));
    check_fields(row, level, division.as_ref());
    let there = named(row, known)?;
    if !row.faults.is_empty() {
        return Ok(None);
    }
    let mut form = there.as_ref().map_or_else(Form::default, |(_, norm)| NormEdit::of(norm).0);
    form.title = row.text(TITLE).to_owned();
    form.level = level;
    form.document_kind = document_kind.or(form.document_kind).or(Some(DocumentKind::Norm));
    row.list(ISSUERS).into_iter().for_each(|issuers| form.issuers = issuers);
    row.change(NUMBER).into_iter().for_each(|n| form.document_number = Some(n.to_owned()).filter(|n| !n.is_empty()));
    row.change(DIVISION).into_iter().for_each(|_| form.division = division.clone());
    let [adopted, published, effective] = dates;
    adopted.into_iter().for_each(|day| form.version_date = day);
    published.into_iter().for_each(|day| form.published = day);
    effective.into_iter().for_each(|day| form.effective = day);
    let there = match there {
        Some(there) => Some(there),
        None => {
            let division = form.division.as_ref().filter(|d| !d.is_nation());
            found(known, &regulation_id(&form.title, form.version_date, division))?
        }
    };
    let (before, was) = match there {
        Some((record, was)) => (Some(record), was),
        None => (None, blank()),
    };
    // What the form of a known version leaves empty is as it was.
    if row.text(ID).is_empty() && before.is_some() {
        form = fill(form, NormEdit::of(&was).0, row);
    }
    let norm = match NormEdit(form).apply(&was) {
        Ok(norm) => norm,
        Err(error) => {
            row.tell(TITLE, error.to_string());
            return Ok(None);
        }
    };
    let id = before.as_ref().map_or_else(
        || regulation_id(&norm.title, norm.version_date, norm.division.as_ref()),
        |record| record.id.clone(),
    );
    if let Some(other) = same_number(known, &norm, &id)? {
        row.tell(NUMBER, format!("库中已有同一文号的文件（{other}）：要改它，请在“编号”列填写这个编号"));
        return Ok(None);
    }
    Ok(Some(Wanted { id, before, owner: norm.division.clone(), body: Body::Regulation(norm) }))
}

/// A form with what was there wherever the row's cell is empty.
fn fill(form: Form, was: Form, row: &Row<'_>) -> Form {
    let empty = |column: &str| row.text(column).is_empty();
    Form {
        document_kind: if empty(KIND) { was.document_kind } else { form.document_kind },
        issuers: if empty(ISSUERS) { was.issuers } else { form.issuers },
        document_number: if empty(NUMBER) { was.document_number } else { form.document_number },
        published: if empty(PUBLISHED) { was.published } else { form.published },
        effective: if empty(EFFECTIVE) { was.effective } else { form.effective },
        ..form
    }
}

/// The norm that the row names by its id.
fn named(row: &mut Row<'_>, known: &Known<'_>) -> Result<Option<(Record, Regulation)>, StoreError> {
    let id = row.text(ID);
    if id.is_empty() {
        return Ok(None);
    }
    let there = found(known, id)?.filter(|(record, _)| record.state == State::Published);
    if there.is_none() {
        row.tell(ID, "库中没有这个编号的法规文件：请核对；新文件留空");
    }
    Ok(there)
}

fn found(known: &Known<'_>, id: &str) -> Result<Option<(Record, Regulation)>, StoreError> {
    Ok(known.store.get(id)?.and_then(|record| match record.body.clone() {
        Body::Regulation(norm) => Some((record, norm)),
        _ => None,
    }))
}

/// Another norm with the document number.
fn same_number(known: &Known<'_>, norm: &Regulation, id: &str) -> Result<Option<String>, StoreError> {
    let Some(number) = &norm.document_number else { return Ok(None) };
    for (_, other) in known.store.list(&List::Number(number), None, MOST_ALIKE)? {
        if other != id
            && let Some((_, found)) = found(known, &other)?
            && found.document_number.as_ref() == Some(number)
        {
            return Ok(Some(other));
        }
    }
    Ok(None)
}

/// Asks the form about one field at a time, so that every wrong cell is told.
fn check_fields(row: &mut Row<'_>, level: Option<NormLevel>, division: Option<&DivisionCode>) {
    let right = || Form {
        title: "甲".into(),
        level: Some(NormLevel::Other),
        document_kind: Some(DocumentKind::Norm),
        ..Form::default()
    };
    let says = |form: Form| form.onto(blank()).err().map(|error| error.to_string());
    let mut told: Vec<(&str, Option<String>)> = Vec::new();
    if !row.text(TITLE).is_empty() {
        told.push((TITLE, says(Form { title: row.text(TITLE).to_owned(), ..right() })));
    }
    told.push((ISSUERS, says(Form { issuers: row.list(ISSUERS).unwrap_or_default(), ..right() })));
    told.push((NUMBER, says(Form { document_number: row.change(NUMBER).map(str::to_owned), ..right() })));
    // An id may stand for a norm whose division is known; then an empty cell is none missing.
    if row.text(ID).is_empty() && (division.is_some() || row.text(DIVISION).is_empty()) {
        told.push((DIVISION, says(Form { level: level.or(right().level), division: division.cloned(), ..right() })));
    }
    for (column, error) in told {
        error.into_iter().for_each(|error| row.tell(column, error));
    }
}

fn blank() -> Regulation {
    Regulation::blank("", NormLevel::Other)
}
