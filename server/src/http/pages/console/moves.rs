//! The forms by which moves are made: what each asks for, and the letters that went with those made.

use indexer::record::Letter;

use crate::{
    access::Session,
    desk::{Desk, Grounds, ReasonedAct},
    http::{
        Problem,
        signed::{Fields, Sent},
    },
    workflow::{Asks, Move},
};

/// A move as it was asked for: on which revision, and on what grounds.
pub struct AskedMove {
    pub session: Session,
    pub revision: u64,
    fields: Fields,
}

impl AskedMove {
    pub fn read<A>(sent: Sent<A>) -> Result<Self, Problem> {
        let (session, fields) = sent.read(&["revision", "code", "reason"])?;
        Ok(Self { session, revision: fields.revision()?, fields })
    }

    pub fn grounds(&self) -> Grounds<'_> {
        Grounds::new(self.fields.get("code"), self.fields.get("reason"))
    }
}

/// A move as a form offers it.
pub struct Offered {
    pub name: &'static str,
    pub label: &'static str,
    pub leads_on: bool,
    /// Whether it asks for words of one's own alone.
    pub asks_words: bool,
    /// Codes of reasons to choose from, with their words; none where none is asked for.
    pub codes: Vec<(String, String)>,
}

impl Offered {
    pub fn new(desk: &Desk, step: &Move) -> Self {
        Self {
            name: step.name,
            label: step.label,
            leads_on: step.leads_on(),
            asks_words: step.asks == Asks::Words,
            codes: match step.asks {
                Asks::Reason(act) => codes(desk, act),
                Asks::Words | Asks::Nothing => Vec::new(),
            },
        }
    }
}

/// The codes of an act with their words; those that need more say so.
pub fn codes(desk: &Desk, act: ReasonedAct) -> Vec<(String, String)> {
    let words = |needs| if needs { "（请补充说明）" } else { "" };
    desk.reasons.of(act).map(|r| (r.code.clone(), format!("{}{}", r.label, words(r.needs_words)))).collect()
}

/// A letter on a page.
pub struct LetterLine {
    pub day: String,
    pub label: String,
    pub text: String,
}

impl LetterLine {
    pub fn new(letter: &Letter) -> Self {
        Self { day: letter.day.to_string(), label: letter.label.clone(), text: letter.text.clone() }
    }
}
