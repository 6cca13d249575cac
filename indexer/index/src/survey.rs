//! First pass over the records: what must be known of all of them before any one can be projected.
//!
//! A regulation's status depends on its other versions and on the texts that repeal it; an institution's key depends on
//! its division; the segmenter's words are the names of all. What is kept is small: names, dates and counts, never the
//! texts. It lies beside the index, so that one changed record can be taken out and put in again without reading all
//! others.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use serde::{Deserialize, Serialize};

use super::{
    by_law::StatutoryInstitution,
    catalogue::{Catalogue, Counts, Coverage, CoverageCell, DivisionEntry, Positions, RegulationEntry, SourceCount},
    office_key::OfficeKeys,
};
use record::{
    Article, Body, Category, Date, Division, DivisionCode, Evidence, FormerDivision, Institution, Provenance, Record,
    Regulation, Status, Succession, effect, repeals, status, work_key,
};
use text::{
    Normalizer,
    dictionaries::{AmendingDecision, Dictionaries, FormerLaw},
    quoted_titles,
};

/// What an article says that repeals other regulations. Of each regulation the texts of such articles, and of those
/// that say from when it applies, are kept until the statuses are known; the others are not needed, but of a decision
/// that repeals: see [`repeals`].
const REPEALS: &str = "废止";

/// What the first pass gathers.
#[derive(Default, Serialize, Deserialize)]
pub struct Survey {
    /// By code; the catalogue keeps them.
    #[serde(skip)]
    divisions: BTreeMap<String, DivisionEntry>,
    /// What lies in each division itself.
    own: BTreeMap<String, Coverage>,
    /// By id.
    regulations: BTreeMap<String, SurveyedRegulation>,
    counts: Counts,
    /// By source and kind.
    sources: BTreeMap<String, SourceCount>,
    by_evidence: BTreeMap<String, u64>,
    by_category: BTreeMap<String, u64>,
    by_level: BTreeMap<String, u64>,
    /// By province, level, category and what the law has of it.
    cells: BTreeMap<String, CoverageCell>,
}

/// What is kept of a regulation.
#[derive(Serialize, Deserialize)]
struct SurveyedRegulation {
    /// Without its text, but for what repeals something or says from when the regulation applies.
    slim: Regulation,
    articles: u32,
    /// Works that it cites.
    cites: BTreeSet<String>,
}

/// What the dictionaries know of the regulations.
#[derive(Debug, Clone, Copy, Default)]
pub struct Facts<'d> {
    pub former: &'d [FormerLaw],
    pub decisions: &'d [AmendingDecision],
}

impl<'d> From<&'d Dictionaries> for Facts<'d> {
    fn from(dictionaries: &'d Dictionaries) -> Self {
        Self { former: &dictionaries.former_laws, decisions: &dictionaries.amending_decisions }
    }
}

/// One more or one less.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Change {
    Add,
    Remove,
}

impl Change {
    /// A count never goes below nothing, whatever a damaged file says.
    fn count(self, number: &mut u64, by: u64) {
        *number = match self {
            Self::Add => *number + by,
            Self::Remove => number.saturating_sub(by),
        };
    }

    fn count_small(self, number: &mut u32) {
        *number = match self {
            Self::Add => *number + 1,
            Self::Remove => number.saturating_sub(1),
        };
    }
}

impl Survey {
    /// The survey that was kept beside a generation's catalogue.
    pub fn from_json(bytes: &[u8], catalogue: &Catalogue) -> serde_json::Result<Self> {
        let mut survey: Self = serde_json::from_slice(bytes)?;
        let bare = |d: &DivisionEntry| DivisionEntry { institutions: 0, coverage: Coverage::default(), ..d.clone() };
        survey.divisions = catalogue.divisions().iter().map(|d| (d.code.clone(), bare(d))).collect();
        Ok(survey)
    }

    /// Takes one current record that is shown.
    pub fn add(&mut self, record: &Record) {
        self.change(record, Change::Add);
    }

    /// Takes a record out again, as it was added. The latest date of its source stays until the next full build.
    pub fn remove(&mut self, record: &Record) {
        self.change(record, Change::Remove);
    }

    fn change(&mut self, record: &Record, change: Change) {
        for provenance in &record.provenance {
            let kind = record.body.kind();
            let key = format!("{}\t{kind}", provenance.list());
            let count = self.sources.entry(key).or_insert_with(|| SourceCount {
                source: provenance.list().to_owned(),
                kind: kind.to_owned(),
                ..SourceCount::default()
            });
            change.count(&mut count.records, 1);
            count.date = count.date.max(provenance.date);
            count.licence = count.licence.take().or_else(|| provenance.licence.clone());
        }
        change.count(self.counts.by_kind.entry(record.body.kind().to_owned()).or_default(), 1);
        match &record.body {
            Body::Division(d) => {
                change.count(&mut self.counts.divisions, 1);
                if change == Change::Remove {
                    self.divisions.remove(d.code.as_str());
                    return;
                }
                let entry = DivisionEntry {
                    code: d.code.to_string(),
                    name: d.name.clone(),
                    short_name: d.short_name.clone(),
                    level: d.level,
                    parent: d.parent.as_ref().map(ToString::to_string),
                    aliases: d.aliases.iter().chain(&d.former_names).cloned().collect(),
                    former: former(d, &record.provenance),
                    institutions: 0,
                    coverage: Coverage::default(),
                };
                self.divisions.insert(d.code.to_string(), entry);
            }
            Body::Institution(i) => self.change_institution(i, change),
            Body::WebName(_) => change.count(&mut self.counts.web_names, 1),
            Body::Regulation(r) => self.change_regulation(&record.id, r, change),
            // What is not public was passed over.
            _ => {}
        }
    }

    fn change_institution(&mut self, i: &Institution, change: Change) {
        change.count(&mut self.counts.institutions, 1);
        change.count(&mut self.counts.institutions_with_site, u64::from(!i.websites.is_empty()));
        let tally = |table: &mut BTreeMap<String, u64>, key: &str| {
            change.count(table.entry(key.to_owned()).or_default(), 1);
        };
        for site in &i.websites {
            tally(&mut self.by_evidence, site.evidence.name());
        }
        tally(&mut self.by_category, i.category.label());
        tally(&mut self.by_level, i.level.name());
        let own = self.own.entry(i.division.to_string()).or_default();
        change.count_small(&mut own.institutions);
        let best = i.websites.iter().map(|w| w.evidence).min();
        let best = Evidence::ALL.into_iter().position(|e| Some(e) == best);
        if let Some(at) = best {
            change.count_small(&mut own.by_evidence[at]);
        }
        let (province, by_law) = (province_of(&i.division), StatutoryInstitution::of(i));
        let key = format!("{province}\t{:?}\t{:?}\t{by_law:?}", i.level, i.category);
        let cell = self.cells.entry(key).or_insert_with(|| CoverageCell {
            province,
            level: i.level,
            category: i.category,
            by_law,
            institutions: 0,
            with_contact: 0,
            by_evidence: [0; Evidence::ALL.len()],
        });
        change.count_small(&mut cell.institutions);
        if i.contacts.has_way() {
            change.count_small(&mut cell.with_contact);
        }
        if let Some(at) = best {
            change.count_small(&mut cell.by_evidence[at]);
        }
    }

    fn change_regulation(&mut self, id: &str, r: &Regulation, change: Change) {
        change.count(&mut self.counts.regulations, 1);
        change.count(&mut self.counts.articles, r.articles.len() as u64);
        if change == Change::Remove {
            self.regulations.remove(id);
            return;
        }
        let work = work_key(&r.title);
        let cited = r.articles.iter().flat_map(|article| quoted_titles(&article.text)).map(work_key);
        let cites = cited.filter(|cited| *cited != work).collect();
        let last = r.articles.len().saturating_sub(effect::CLOSING_ARTICLES);
        let telling =
            |(at, a): &(usize, &Article)| a.text.contains(REPEALS) || *at >= last && effect::is_closing(&a.text);
        // A decision may list what it repeals anywhere.
        let lists = repeals::decides(r) && !repeals::repealed(r).is_empty();
        let telling =
            r.articles.iter().enumerate().filter(|told| lists || telling(told)).map(|(_, a)| a.clone()).collect();
        let beside = |text: &str| if lists { text.to_owned() } else { String::new() };
        let slim = Regulation {
            preamble: beside(&r.preamble),
            attachment: beside(&r.attachment),
            document_kind: r.document_kind,
            issuers: r.issuers.clone(),
            document_number: r.document_number.clone(),
            division: r.division.clone(),
            version_date: r.version_date,
            published: r.published,
            effective: r.effective,
            stated_status: r.stated_status,
            history: r.history.clone(),
            publication: r.publication.clone(),
            articles: telling,
            ..Regulation::blank(&r.title, r.level)
        };
        self.regulations.insert(id.to_owned(), SurveyedRegulation { slim, articles: r.articles.len() as u32, cites });
    }

    /// Settles what depends on all records. `today` decides what is in force; regulations keep the positions of
    /// `known`.
    pub fn catalogue(&self, facts: Facts<'_>, today: Date, known: &Positions) -> Catalogue {
        let borrowed: Vec<(&str, &Regulation)> =
            self.regulations.iter().map(|(id, n)| (id.as_str(), &n.slim)).collect();
        let mut effects = effect::derive(&borrowed, facts.decisions);
        let mut statuses = status::derive(&borrowed, &effects, facts.former, today);
        let mut contradictions = Vec::new();
        let mut citing: HashMap<&str, HashSet<String>> = HashMap::new();
        for regulation in self.regulations.values() {
            let work = work_key(&regulation.slim.title);
            for cited in &regulation.cites {
                citing.entry(cited).or_default().insert(work.clone());
            }
        }
        let mut by_level: BTreeMap<_, u64> = BTreeMap::new();
        let mut by_status: BTreeMap<_, u64> = BTreeMap::new();
        let regulations: Vec<RegulationEntry> = self
            .regulations
            .iter()
            .filter_map(|(id, SurveyedRegulation { slim: r, articles, .. })| {
                let basis = statuses.remove(id)?;
                let mut effect = effects.remove(id).unwrap_or_default();
                contradictions.extend(effect.contradiction.take());
                *by_level.entry(r.level).or_default() += 1;
                *by_status.entry(basis.status).or_default() += 1;
                let new = RegulationEntry::new(id, r, basis, effect);
                let cited = citing.get(new.work.as_str()).map_or(0, |c| c.len() as u32);
                Some(RegulationEntry { cited, articles: *articles, ..new })
            })
            .collect();
        contradictions.sort_unstable();
        let mut divisions: Vec<DivisionEntry> = self.divisions.values().cloned().collect();
        cover(&mut divisions, &self.own, &regulations);
        let pairs =
            |map: &BTreeMap<String, u64>| map.iter().filter(|(_, n)| **n > 0).map(|(k, n)| (k.clone(), *n)).collect();
        let counts = Counts {
            by_source: self.sources.values().filter(|s| s.records > 0).cloned().collect(),
            sites_by_evidence: pairs(&self.by_evidence),
            institutions_by_category: pairs(&self.by_category),
            institutions_by_level: pairs(&self.by_level),
            cells: self.cells.values().filter(|cell| cell.institutions > 0).cloned().collect(),
            contradictions,
            regulations_by_level: by_level.into_iter().map(|(k, v)| (k.label().to_owned(), v)).collect(),
            regulations_by_status: by_status.into_iter().map(|(k, v)| (k.label().to_owned(), v)).collect(),
            by_kind: self.counts.by_kind.iter().filter(|(_, n)| **n > 0).map(|(kind, n)| (kind.clone(), *n)).collect(),
            ..self.counts.clone()
        };
        Catalogue::new(divisions, regulations, counts, known)
    }
}

/// Code of the province that a division lies in.
fn province_of(division: &DivisionCode) -> String {
    format!("{:0<6}", division.as_str().get(..2).unwrap_or_default())
}

/// What a division was called before, with or without a history.
fn former(d: &Division, provenance: &[Provenance]) -> Vec<FormerDivision> {
    let bare = d.former_names.iter().filter(|name| d.former.iter().all(|f| f.name != **name));
    let bare = bare.map(|name| FormerDivision {
        name: name.clone(),
        code: None,
        within: Vec::new(),
        until: None,
        change: String::new(),
        document: None,
        succession: Succession::Whole,
        source: provenance.first().map(|p| p.source.clone()).unwrap_or_default(),
    });
    d.former.iter().cloned().chain(bare).collect()
}

/// The names in a record that become words of the segmenter.
pub fn names(record: &Record, take: &mut dyn FnMut(&str)) {
    match &record.body {
        Body::Division(d) => take(&d.name),
        Body::Institution(i) => {
            std::iter::once(&i.name).chain(&i.short_names).chain(&i.former_names).for_each(|name| take(name));
        }
        Body::Regulation(r) => take(&work_key(&r.title)),
        // They are found by their bigrams, and make no words of the texts of regulations.
        _ => {}
    }
}

/// Normalized names, sorted, each once.
pub fn sorted_names(names: Vec<String>, normalizer: &Normalizer) -> Vec<String> {
    let mut names: Vec<String> = names.iter().map(|n| normalizer.text(n)).collect();
    names.sort_unstable();
    names.dedup();
    names
}

/// Levels of the tree of divisions; a cycle in bad data must not be climbed for ever.
const MAX_DEPTH: usize = 6;

/// Gives every division what lies in it and below it.
fn cover(divisions: &mut [DivisionEntry], own: &BTreeMap<String, Coverage>, regulations: &[RegulationEntry]) {
    let mut own = own.clone();
    let current = regulations.iter().filter(|r| matches!(r.status, Status::InForce | Status::NotYetInForce));
    for code in current.filter_map(|r| r.division.as_ref()) {
        own.entry(code.clone()).or_default().regulations += 1;
    }
    let places: HashMap<String, usize> = divisions.iter().enumerate().map(|(i, d)| (d.code.clone(), i)).collect();
    for (code, coverage) in &own {
        let mut at = places.get(code).copied();
        if let Some(i) = at {
            divisions[i].institutions = coverage.institutions;
        }
        for _ in 0..MAX_DEPTH {
            let Some(i) = at else { break };
            divisions[i].coverage.add(coverage);
            at = divisions[i].parent.as_ref().and_then(|parent| places.get(parent).copied());
        }
    }
}

/// Full and short names of a division's chain, outermost first, for [`Institutions::key_of_name`].
pub fn path_names(catalogue: &Catalogue, division: &str) -> Vec<(String, String)> {
    catalogue.path(division).into_iter().map(|d| (d.name.clone(), d.short_name.clone())).collect()
}

/// The office keys of an institution, from its full and short names. A library or hospital has one where its name
/// begins with its division's (遵义市图书馆, not 南京图书馆 in 江苏省), and a school none: 武汉大学 is not the
/// university of 武汉.
pub fn office_keys(
    known_offices: &OfficeKeys,
    catalogue: &Catalogue,
    normalizer: &Normalizer,
    i: &Institution,
) -> Vec<String> {
    let path = path_names(catalogue, i.division.as_str());
    let of_its_division = |name: &str| match i.category {
        Category::School => false,
        category if category.has_own_names() => {
            path.last().is_some_and(|(full, short)| name.starts_with(full.as_str()) || name.starts_with(short.as_str()))
        }
        _ => true,
    };
    let mut keys: Vec<String> = std::iter::once(&i.name)
        .chain(&i.short_names)
        .filter(|name| of_its_division(name))
        .filter_map(|name| known_offices.key_of_name(&normalizer.text(name), &path))
        .collect();
    keys.sort_unstable();
    keys.dedup();
    keys
}

#[cfg(test)]
mod tests {
    use super::*;

    fn division(code: &str, parent: Option<&str>) -> DivisionEntry {
        DivisionEntry {
            code: code.into(),
            name: code.into(),
            short_name: code.into(),
            level: record::DivisionLevel::County,
            parent: parent.map(str::to_owned),
            aliases: Vec::new(),
            former: Vec::new(),
            institutions: 0,
            coverage: Coverage::default(),
        }
    }

    #[test]
    fn institutions_count_for_all_divisions_above() {
        let mut divisions = [
            division("000000", None),
            division("520000", Some("000000")),
            division("520300", Some("520000")),
            // Bad data: each above the other.
            division("a", Some("b")),
            division("b", Some("a")),
        ];
        let own = |institutions, by_evidence| Coverage { institutions, by_evidence, regulations: 0 };
        let all = [
            ("520300".to_owned(), own(3, [0, 0, 2, 0, 0, 0])),
            ("520000".to_owned(), own(1, [0, 0, 0, 1, 0, 0])),
            ("a".to_owned(), own(1, [0; 6])),
            ("unknown".to_owned(), own(9, [0; 6])),
        ];
        cover(&mut divisions, &all.into(), &[]);
        assert_eq!(divisions[0].coverage, own(4, [0, 0, 2, 1, 0, 0]));
        assert_eq!((divisions[1].institutions, divisions[1].coverage.with_site()), (1, 3));
        assert_eq!(divisions[2].coverage, own(3, [0, 0, 2, 0, 0, 0]));
    }
}
