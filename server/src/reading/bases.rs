//! What a record rests on in law, against the library: each regulation, article and quotation of its columns that cite.

use std::{
    collections::{BTreeSet, HashMap},
    sync::{Arc, Mutex, PoisonError},
};

use indexer::{
    index::{
        Generation,
        basis::{Finding, Library, Outcome, RegulationText, check, meant_now},
    },
    record::{
        ArticleNumber, Body, Column, Date, DivisionCode, Record, RegulationLevel, basis,
        lists::{ListRow, codes},
    },
};

use crate::store::RecordStore;

/// Texts of regulations kept while many records are looked at: they cite the same few hundred. A text has some 40 KiB,
/// twice.
const MAX_KEPT: usize = 2_000;
/// Days for which a rule of a province may set a licence (行政许可法 第十五条: a year).
const DAYS_OF_A_RULE: i32 = 366;

/// What is reported of a code that names another institution begins with this.
pub const OTHER_INSTITUTION: &str = "编码里的实施主体代码";

fn is_exercised(row: &ListRow) -> bool {
    matches!(row, ListRow::Item(item) if item.is_exercised())
}

/// A column that cites, with what became of each place that it names.
pub struct Checked {
    pub column: &'static Column,
    pub findings: Vec<Finding>,
}

/// Looks up bases; keeps the texts it has read. Several threads may look up beside each other.
pub struct Bases<'a> {
    generation: &'a Generation,
    store: &'a RecordStore,
    kept: Mutex<HashMap<String, Option<Arc<RegulationText>>>>,
}

impl<'a> Bases<'a> {
    pub fn new(generation: &'a Generation, store: &'a RecordStore) -> Self {
        Self { generation, store, kept: Mutex::default() }
    }

    /// The library, whose texts are read by `texts`.
    fn library<'l>(&'l self, texts: &'l dyn Fn(&str) -> Option<Arc<RegulationText>>) -> Library<'l> {
        let generation = self.generation;
        Library {
            pipeline: &generation.pipeline,
            titles: &generation.titles,
            catalogue: &generation.catalogue,
            former: &generation.former_laws,
            texts,
        }
    }

    /// Of the regulations in force that a record cites and that are wanted by their titles, the articles that it means
    /// of them, as these are numbered now. The words that it quotes go to `quoted`.
    pub fn resting_on(
        &self,
        body: &Body,
        wanted: impl Fn(&str) -> bool,
        quoted: &mut dyn FnMut(&str),
    ) -> Vec<(String, BTreeSet<ArticleNumber>)> {
        let division = body.division().cloned().unwrap_or_else(DivisionCode::nation);
        let texts = |id: &str| self.text(id);
        let library = self.library(&texts);
        let values = body.bases().flat_map(|(_, values)| values);
        let mut all = Vec::new();
        for regulation in values.flat_map(|text| basis::read_those(&text, &wanted)) {
            regulation.passages.iter().for_each(|passage| quoted(&passage.quote));
            all.extend(meant_now(&library, &regulation, &division));
        }
        all
    }

    /// Every column of a record that cites, the empty ones left out.
    pub fn of(&self, body: &Body) -> Vec<Checked> {
        let division = body.division().cloned().unwrap_or_else(DivisionCode::nation);
        let texts = |id: &str| self.text(id);
        let library = self.library(&texts);
        body.bases()
            .map(|(column, values)| {
                let regulations = values.iter().flat_map(|text| basis::read(text));
                Checked {
                    column,
                    findings: regulations.flat_map(|regulation| check(&library, &regulation, &division)).collect(),
                }
            })
            .collect()
    }

    fn text(&self, id: &str) -> Option<Arc<RegulationText>> {
        let kept = || self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = kept().get(id) {
            return known.clone();
        }
        let record = self.store.get(id).ok().flatten().filter(Record::is_public);
        let text = record.and_then(|record| match record.body {
            Body::Regulation(r) => Some(Arc::new(RegulationText::new(r))),
            _ => None,
        });
        let mut kept = kept();
        if kept.len() >= MAX_KEPT {
            kept.clear();
        }
        kept.insert(id.to_owned(), text.clone());
        text
    }

    /// That the code of an item names another institution than the one whose item it is, by the credit code that its
    /// record has (P9); `None` where it has none, for codes of another shape, and for items that are exercised no more:
    /// these keep the code that they had.
    pub fn institution_fault(&self, body: &Body) -> Option<String> {
        let Some(ListRow::Item(item)) = body.listed().filter(is_exercised) else { return None };
        let inside = codes::implementation_code(item.code.as_deref()?).ok()?.parts.institution?;
        let record = self.store.head_of(item.owner.id.as_deref()?).ok()?.filter(Record::is_public)?;
        let Body::Institution(institution) = record.body else { return None };
        let (name, own) = (institution.name, institution.credit_code?);
        (own.len() == inside.len() && !own.eq_ignore_ascii_case(&inside)).then(|| {
            format!(
                "{OTHER_INSTITUTION} {inside} 不是{name}的统一社会信用代码 {own}：机构合并、重新组建的，编码随着更换，请核对"
            )
        })
    }

    /// What is wrong with the levels of the regulations that a record first rests on (P3); `None` where they suffice,
    /// and where the library does not know them all.
    pub fn level_fault(&self, body: &Body, checked: &[Checked], today: Date) -> Option<String> {
        let levels = body.may_rest_on()?;
        let findings = &checked.first()?.findings;
        if findings.is_empty() || findings.iter().any(|finding| finding.regulation.is_none()) {
            return None;
        }
        let catalogue = &self.generation.catalogue;
        let suffices = |finding: &Finding| {
            let entry = finding.regulation.as_deref().and_then(|id| catalogue.regulation(id));
            let decision = finding.title.starts_with("国务院") && finding.title.contains("决定");
            let lasts = || {
                let of_province =
                    entry.is_some_and(|e| e.division.as_deref().is_some_and(|code| code.ends_with("0000")));
                let since = entry.and_then(|e| e.effective).and_then(|day| today.since(day).ok());
                of_province && since.is_some_and(|span| span.get_days() <= DAYS_OF_A_RULE)
            };
            decision
                || finding.level.is_some_and(|level| {
                    levels.contains(&level) && (level != RegulationLevel::LocalGovernmentRule || lasts())
                })
        };
        if findings.iter().any(suffices) {
            return None;
        }
        let mut named: Vec<&str> = findings.iter().filter_map(|f| f.level).map(RegulationLevel::label).collect();
        named.sort_unstable();
        named.dedup();
        Some(format!(
            "依据只有{}：行政许可须由法律、行政法规、国务院决定、地方性法规设定，省级政府规章只能设定一年",
            named.join("、")
        ))
    }
}

/// The worst that was found, for one light a record; `None` where nothing was looked up.
pub fn light(checked: &[Checked]) -> Option<Light> {
    let outcomes = checked.iter().flat_map(|checked| &checked.findings).map(|finding| finding.outcome);
    outcomes.map(Light::of).max()
}

/// How a basis stands, in one of four.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Light {
    Good,
    /// Nothing is claimed.
    Unknown,
    Care,
    Bad,
}

impl Light {
    pub fn of(outcome: Outcome) -> Self {
        match outcome {
            Outcome::Standing | Outcome::WholeRegulation => Self::Good,
            Outcome::UnknownRegulation | Outcome::IncompleteText | Outcome::NotCompared => Self::Unknown,
            Outcome::Moved | Outcome::Amended | Outcome::Misquoted => Self::Care,
            Outcome::Repealed | Outcome::NoSuchPlace | Outcome::OtherRegion => Self::Bad,
        }
    }

    pub fn label(self) -> &'static str {
        match self {
            Self::Good => "依据现行有效",
            Self::Unknown => "有依据未能核对",
            Self::Care => "有依据须核对",
            Self::Bad => "有依据已失效或不存在",
        }
    }

    /// A class of the style sheet.
    pub fn class(self) -> &'static str {
        match self {
            Self::Good => "in-force",
            Self::Unknown => "unknown",
            Self::Care => "not-yet",
            Self::Bad => "repealed",
        }
    }
}
