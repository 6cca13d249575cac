//! Finding the code of a division or the id of an institution by name, pinyin or code, beside the field that asks for it.
//!
//! The field takes what is looked for; a button sends the form as it stands and brings back candidates, each a button that
//! puts its code into the field. Nothing is saved by either, and all else that was typed stays. With JavaScript the browser
//! offers the same while one types.

use indexer::{
    index::completions::CompletionKind,
    record::{Body, Column, Record, Shape},
};

use crate::{
    called,
    http::{App, Problem, signed::Fields},
    query,
};

/// Candidates shown: a screen of a phone; whoever finds too many types more.
const MAX_CANDIDATES: usize = 12;
/// Characters looked for: the longest names of institutions.
const MAX_CHARS: usize = 64;

/// The form's fields that ask for candidates of a field, and that choose one of them.
pub const LOOK: &str = "look";
pub const PICK: &str = "pick";

/// What a field asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asks {
    Division,
    Institution,
}

impl Asks {
    /// What a column asks for, where it is a code or an id.
    pub fn of(column: &Column) -> Option<Self> {
        match (column.shape, column.name) {
            (Shape::Division, _) => Some(Self::Division),
            (_, "owner_id" | "institution_id") => Some(Self::Institution),
            _ => None,
        }
    }

    fn kind(self) -> CompletionKind {
        match self {
            Self::Division => CompletionKind::Division,
            Self::Institution => CompletionKind::Institution,
        }
    }

    /// The kind's name in completions.
    pub fn name(self) -> &'static str {
        match self {
            Self::Division => "division",
            Self::Institution => "institution",
        }
    }
}

/// The column that holds the name of what a column of ids holds the id of.
pub fn name_column_of(id_column: &str) -> Option<&'static str> {
    match id_column {
        "owner_id" => Some("owner_name"),
        "institution_id" => Some("institution_name"),
        "office_id" => Some("office_name"),
        _ => None,
    }
}

/// The means to fill in one field.
#[derive(Debug, Clone)]
pub struct Picker {
    pub field: &'static str,
    pub asks: Asks,
    /// What is called so that stands in the field; empty where nothing is.
    pub called: String,
    /// What was found for what stands in the field; `None`: nobody has looked.
    pub candidates: Option<Vec<Candidate>>,
    /// What to mend before anything can be found.
    pub fault: Option<String>,
}

#[derive(Debug, Clone)]
pub struct Candidate {
    pub id: String,
    pub name: String,
    /// Where it is.
    pub detail: String,
}

/// What a form was sent for, where it is not to be saved.
#[derive(Debug, PartialEq, Eq)]
pub enum Wanted<'f> {
    /// Candidates of a field.
    Look(&'f str),
    /// A value for a field.
    Pick(&'f str, &'f str),
}

/// What a form asks its pickers for.
pub fn wanted(fields: &Fields) -> Option<Wanted<'_>> {
    let picked = fields.get(PICK);
    if !picked.is_empty() {
        let (field, value) = picked.split_once('=').unwrap_or((picked, ""));
        return Some(Wanted::Pick(field, value));
    }
    Some(fields.get(LOOK)).filter(|field| !field.is_empty()).map(Wanted::Look)
}

impl Picker {
    pub fn new(
        app: &App,
        asks: Asks,
        field: &'static str,
        text: &str,
        wanted: Option<&Wanted<'_>>,
    ) -> Result<Self, Problem> {
        let looked = matches!(wanted, Some(Wanted::Look(of)) if *of == field);
        let text = text.trim();
        let mut picker = Self { field, asks, called: called_by(app, asks, text)?, candidates: None, fault: None };
        if !looked {
            return Ok(picker);
        }
        if text.is_empty() {
            picker.fault = Some("请先在这一栏写名称、拼音或代码，再点“查找”".to_owned());
        } else if text.chars().count() > MAX_CHARS {
            picker.fault = Some(format!("要找的文字最多 {MAX_CHARS} 个字"));
        } else {
            picker.candidates = Some(candidates(app, asks, text)?);
        }
        Ok(picker)
    }
}

/// Fills in what a form's picker chose, with the name that belongs to it. Only fields that ask for candidates are filled in.
pub fn fill_in(app: &App, fields: &mut Fields, asking: &[(&'static str, Asks)]) -> Result<(), Problem> {
    let Some(Wanted::Pick(field, value)) = wanted(fields) else { return Ok(()) };
    let Some((field, asks)) = asking.iter().find(|(name, _)| *name == field) else { return Ok(()) };
    let value = value.to_owned();
    fields.put(field, value.clone());
    if *asks == Asks::Institution
        && let Some(beside) = name_column_of(field)
    {
        let name = called_by(app, *asks, &value)?;
        fields.put(beside, name);
    }
    Ok(())
}

/// The name of what a code or an id stands for; empty where it stands for nothing.
pub fn called_by(app: &App, asks: Asks, text: &str) -> Result<String, Problem> {
    Ok(match asks {
        Asks::Division => match text.parse() {
            Ok(code) => Some(called::division(&app.store, &code)?).filter(|name| name != text).unwrap_or_default(),
            Err(_) => String::new(),
        },
        Asks::Institution => match institution(app, text)? {
            Some((_, name, _)) => name,
            None => String::new(),
        },
    })
}

/// A published institution by its id: id, name and division.
fn institution(app: &App, id: &str) -> Result<Option<(String, String, String)>, Problem> {
    // Ids are short and hold no more than this; the store takes no others.
    if id.is_empty() || id.len() > 200 || id.contains('\0') {
        return Ok(None);
    }
    let record = app.store.get(id)?.filter(Record::is_public);
    Ok(match record.map(|record| record.body) {
        Some(Body::Institution(i)) => Some((id.to_owned(), i.name, called::division(&app.store, &i.division)?)),
        _ => None,
    })
}

fn candidates(app: &App, asks: Asks, text: &str) -> Result<Vec<Candidate>, Problem> {
    let generation = app.generation()?;
    let mut found: Vec<Candidate> = Vec::new();
    match asks {
        // A whole code, or how one begins.
        Asks::Division if text.bytes().all(|b| b.is_ascii_digit()) => {
            let begin = generation.catalogue.divisions().iter().filter(|d| d.code.starts_with(text));
            found.extend(begin.take(MAX_CANDIDATES).map(|division| {
                Candidate {
                    id: division.code.clone(),
                    name: division.name.clone(),
                    detail: generation
                        .catalogue
                        .path(&division.code)
                        .iter()
                        .map(|d| d.name.as_str())
                        .collect::<Vec<_>>()
                        .join(" "),
                }
            }));
        }
        Asks::Division => {}
        Asks::Institution => {
            found.extend(institution(app, text)?.map(|(id, name, detail)| Candidate { id, name, detail }));
        }
    }
    for completion in query::candidates(&generation, asks.kind(), text, MAX_CANDIDATES) {
        if found.len() < MAX_CANDIDATES && found.iter().all(|known| known.id != completion.id) {
            found.push(Candidate { id: completion.id, name: completion.text, detail: completion.detail });
        }
    }
    Ok(found)
}
