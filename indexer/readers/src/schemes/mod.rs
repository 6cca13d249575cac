//! Schemes of organization 三定规定: from a document's text to a proposed record, each field with the sentence that it
//! was read from, for a person to confirm.
//!
//! Nothing is invented: what no place of the text speaks for stays empty. Titles since 1988 are known: “三定”方案,
//! …方案, 职能配置、内设机构和人员编制规定, 主要职责、内设机构和人员编制规定, 机构编制方案. Notices that change numbers
//! or names are read by [`notice`]; those that list the duties of an institution are schemes besides.

mod body;
mod clauses;
mod duties;
mod heads;
pub mod notice;
mod numbers;
mod reply;
mod standing;
mod table;
mod text;
mod topic;
mod units;

#[cfg(test)]
mod tests;

pub use reply::read as read_reply;

use record::{
    Body, Date,
    staffing::{self, Clause, Duty, Headcount, Item, Unit},
};

use crate::documents::{Document, Span};
use text::Lines;

/// A proposed value and the places that speak for it; no places where there is no value.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Read<T> {
    pub value: T,
    pub evidence: Vec<Span>,
}

impl<T> Read<T> {
    fn of(value: T, span: Span) -> Self {
        Self { value, evidence: vec![span] }
    }
}

/// What a scheme seems to say.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Scheme {
    pub title: Read<String>,
    pub institution: Read<String>,
    pub document_number: Read<Option<String>>,
    pub issuers: Read<Vec<String>>,
    pub signed: Read<Option<Date>>,
    pub effective: Read<Option<Date>>,
    pub nature: Read<String>,
    pub superior: Read<String>,
    pub rank: Read<String>,
    pub plates: Read<Vec<String>>,
    pub basis: Read<Vec<String>>,
    pub clauses: Vec<Read<Clause>>,
    pub duties: Vec<Read<Duty>>,
    pub stated_units: Read<Option<u32>>,
    pub units: Vec<Read<Unit>>,
    pub staffing: Vec<Read<Headcount>>,
    pub posts: Vec<Read<Headcount>>,
    /// What was seen and not taken up, in words for whoever confirms: numbers that are no field's, a day that is none.
    pub unread: Vec<Read<String>>,
}

/// A column of the record that a scheme becomes: its name, what would stand in it, and where the text says so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proposed {
    pub column: &'static str,
    pub text: String,
    pub evidence: Vec<Span>,
}

/// Whether a document has the title of a scheme.
pub fn is_scheme(document: &Document) -> bool {
    heads::title(&Lines::of(document)).is_some()
}

/// Reads a scheme; `None` where the document has no title of one. Takes time that grows with its length.
pub fn read(document: &Document) -> Option<Scheme> {
    let lines = Lines::of(document);
    let head = heads::title(&lines)?;
    let mut scheme = Scheme {
        title: Read::of(head.title.clone(), head.span),
        institution: Read::of(head.institution.clone(), head.span),
        document_number: heads::document_number(&lines, &head),
        signed: heads::signed(&lines, &head),
        effective: heads::effective(&lines, &head),
        issuers: heads::issuers(&lines, &head),
        ..Scheme::default()
    };
    heads::impossible_days(&lines, &head, &mut scheme);
    body::read(&lines, &head, &mut scheme);
    Some(scheme)
}

impl Scheme {
    /// The columns of the record, in no particular order; those that nothing speaks for are left out.
    pub fn columns(&self) -> Vec<Proposed> {
        let mut all = Vec::new();
        let mut add = |column, text: String, evidence: &[Span]| {
            if !text.is_empty() {
                all.push(Proposed { column, text, evidence: evidence.to_vec() });
            }
        };
        let day = |day: Option<Date>| day.map(|day| day.to_string()).unwrap_or_default();
        add("title", self.title.value.clone(), &self.title.evidence);
        add("institution_name", self.institution.value.clone(), &self.institution.evidence);
        let number = self.document_number.value.clone().unwrap_or_default();
        add("document_number", number, &self.document_number.evidence);
        add("issuers", self.issuers.value.join("；"), &self.issuers.evidence);
        add("signed", day(self.signed.value), &self.signed.evidence);
        add("effective", day(self.effective.value), &self.effective.evidence);
        add("nature", self.nature.value.clone(), &self.nature.evidence);
        add("superior", self.superior.value.clone(), &self.superior.evidence);
        add("rank", self.rank.value.clone(), &self.rank.evidence);
        add("plates", self.plates.value.join("；"), &self.plates.evidence);
        add("basis", self.basis.value.join("；"), &self.basis.evidence);
        let units = self.stated_units.value.map(|n| n.to_string()).unwrap_or_default();
        add("stated_units", units, &self.stated_units.evidence);
        fn list<T: Item + Clone>(items: &[Read<T>]) -> (String, Vec<Span>) {
            let values: Vec<T> = items.iter().map(|item| item.value.clone()).collect();
            let mut spans: Vec<Span> = items.iter().flat_map(|item| item.evidence.iter().copied()).collect();
            spans.dedup();
            (staffing::written(&values).concat(), spans)
        }
        for (column, (text, spans)) in [
            ("duties", list(&self.duties)),
            ("units", list(&self.units)),
            ("staffing", list(&self.staffing)),
            ("posts", list(&self.posts)),
            ("clauses", list(&self.clauses)),
        ] {
            add(column, text, &spans);
        }
        all
    }

    /// The record as proposed; a column whose text does not fit stays empty and is reported.
    pub fn body(&self) -> (Option<Body>, Vec<String>) {
        filled(staffing::SCHEME, &self.columns())
    }
}

/// A record of a kind with what was proposed for its columns; those that do not fit stay empty and are reported.
fn filled(kind: &str, columns: &[Proposed]) -> (Option<Body>, Vec<String>) {
    let Some(mut body) = Body::blank(kind) else { return (None, Vec::new()) };
    let typed = |name: &str| columns.iter().find(|proposed| proposed.column == name).map(|p| p.text.as_str());
    let faults = body.fill(|column| typed(column.name)).err().unwrap_or_default();
    (Some(body), faults.into_iter().map(|(column, fault)| format!("{}：{fault}", column.label)).collect())
}
