//! The small facts that understanding a query needs at hand: the tree of divisions and the list of regulations.
//!
//! Written beside the two indexes of a generation and loaded whole, so that both always agree.

use std::collections::{BTreeMap, HashMap};

use serde::{Deserialize, Serialize};

use super::by_law::StatutoryInstitution;
use record::{
    Category, Date, DivisionLevel, DocumentKind, Evidence, FormerDivision, Info, InstitutionLevel, Regulation,
    RegulationLevel, Status, effect::Effect, status::StatusBasis, work_key,
};

/// What is recorded of a division and of all below it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Coverage {
    pub institutions: u32,
    /// Institutions with a site, each counted once by its best attested one, in the order of [`Evidence::ALL`].
    pub by_evidence: [u32; Evidence::ALL.len()],
    /// Local regulations in force or about to be.
    pub regulations: u32,
}

impl Coverage {
    pub fn with_site(&self) -> u32 {
        self.by_evidence.iter().sum()
    }

    pub fn add(&mut self, other: &Coverage) {
        self.institutions += other.institutions;
        self.regulations += other.regulations;
        for (sum, n) in self.by_evidence.iter_mut().zip(other.by_evidence) {
            *sum += n;
        }
    }
}

/// A division as the tree shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DivisionEntry {
    pub code: String,
    pub name: String,
    pub short_name: String,
    pub level: DivisionLevel,
    pub parent: Option<String>,
    /// Other and former names.
    pub aliases: Vec<String>,
    /// Divisions that were and whose place it took, or that lay in it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub former: Vec<FormerDivision>,
    /// Institutions recorded for this very division.
    pub institutions: u32,
    /// The same with all divisions below it.
    pub coverage: Coverage,
}

impl DivisionEntry {
    /// Whether both are the same division under the same names.
    pub fn is_named_as(&self, other: &Self) -> bool {
        self.code == other.code
            && self.level == other.level
            && self.name == other.name
            && self.short_name == other.short_name
            && self.aliases == other.aliases
            && self.former == other.former
    }
}

/// A version of a regulation as lists and citations need it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RegulationEntry {
    pub id: String,
    /// The number by which the index's documents and the references know it; see [`Catalogue::at`].
    pub position: u32,
    pub title: String,
    /// See [`record::work_key`].
    pub work: String,
    pub level: RegulationLevel,
    pub document_kind: DocumentKind,
    pub division: Option<String>,
    pub issuers: Vec<String>,
    /// As the issuer classes it; none in what was built before.
    #[serde(default)]
    pub topics: Vec<String>,
    pub document_number: Option<String>,
    pub version_date: Option<Date>,
    pub published: Option<Date>,
    /// As judged of all that is said of it, see [`record::effect`].
    pub effective: Option<Date>,
    /// What that day rests on, for a reader.
    #[serde(default)]
    pub effective_basis: Option<String>,
    pub status: Status,
    /// Why the status is what it is, for a reader.
    pub status_reason: String,
    /// The regulation that repealed or replaced it.
    pub status_by: Option<String>,
    pub articles: u32,
    /// How often other regulations cite this one's title.
    pub cited: u32,
}

impl RegulationEntry {
    /// A version by itself: without a position among others, and cited by none.
    pub fn new(id: &str, r: &Regulation, basis: StatusBasis, effect: Effect) -> Self {
        Self {
            id: id.to_owned(),
            position: 0,
            title: r.title.clone(),
            work: work_key(&r.title),
            level: r.level,
            document_kind: r.document_kind,
            division: r.division.as_ref().map(ToString::to_string),
            issuers: r.issuers.clone(),
            topics: r.publication.topics.clone(),
            document_number: r.document_number.clone(),
            version_date: r.version_date,
            published: r.published,
            effective: effect.date,
            effective_basis: effect.basis,
            status: basis.status,
            status_reason: basis.reason,
            status_by: basis.by,
            articles: r.articles.len() as u32,
            cited: 0,
        }
    }
}

/// Institutions of one kind at one level in one province, for the coverage page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CoverageCell {
    /// Code of the province; that of the nation for central institutions.
    pub province: String,
    pub level: InstitutionLevel,
    pub category: Category,
    /// Which of the institutions that the law gives every division it is, if any.
    pub by_law: Option<StatutoryInstitution>,
    pub institutions: u32,
    /// Those of which a phone or an address is known.
    #[serde(default)]
    pub with_contact: u32,
    /// Those with a site, each counted once by its best attested one, in the order of [`Evidence::ALL`].
    pub by_evidence: [u32; Evidence::ALL.len()],
}

impl CoverageCell {
    pub fn with_site(&self) -> u32 {
        self.by_evidence.iter().sum()
    }
}

/// What is counted of a generation, for the data page.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// Public records, by the name of their kind.
    pub by_kind: BTreeMap<String, u64>,
    pub divisions: u64,
    pub institutions: u64,
    pub institutions_with_site: u64,
    pub web_names: u64,
    pub regulations: u64,
    pub articles: u64,
    /// Institutions' sites by evidence.
    pub sites_by_evidence: Vec<(String, u64)>,
    /// Records and latest date by source.
    pub by_source: Vec<SourceCount>,
    /// Where sources contradict each other or the rules on a regulation's days, and what was chosen.
    #[serde(default)]
    pub contradictions: Vec<String>,
    pub regulations_by_level: Vec<(String, u64)>,
    pub regulations_by_status: Vec<(String, u64)>,
    pub institutions_by_category: Vec<(String, u64)>,
    pub institutions_by_level: Vec<(String, u64)>,
    /// Institutions by province, level and kind.
    #[serde(default)]
    pub cells: Vec<CoverageCell>,
}

impl Counts {
    /// Public records of a kind.
    pub fn of(&self, kind: &Info) -> u64 {
        self.by_kind.get(kind.name).copied().unwrap_or_default()
    }
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourceCount {
    pub source: String,
    pub kind: String,
    pub records: u64,
    pub date: Option<Date>,
    pub licence: Option<String>,
}

#[derive(Debug, Default, Serialize, Deserialize)]
struct Content {
    divisions: Vec<DivisionEntry>,
    regulations: Vec<RegulationEntry>,
    /// No regulation ever had this position or one behind it: a position that was free again would lead to another
    /// regulation.
    next_position: u32,
    counts: Counts,
}

/// Positions of regulations by id, and the first that was never given.
#[derive(Debug, Clone, Default)]
pub struct Positions {
    by_id: HashMap<String, u32>,
    next: u32,
}

/// The catalogue of a generation.
#[derive(Debug, Default)]
pub struct Catalogue {
    content: Content,
    division_by_code: HashMap<String, usize>,
    /// Codes that no division has any more → the divisions that hold them, and where among their former ones.
    former_codes: HashMap<String, Vec<(usize, usize)>>,
    children: HashMap<String, Vec<usize>>,
    regulation_by_id: HashMap<String, usize>,
    regulation_by_position: HashMap<u32, usize>,
    versions: HashMap<String, Vec<usize>>,
    /// Regulations by the names of those who issued them, as written.
    issued: HashMap<String, Vec<usize>>,
}

impl Catalogue {
    /// Sorts divisions by code and versions newest first. Regulations keep the positions that `known` has by id; the
    /// others get those after it, in the order of the list.
    pub fn new(
        mut divisions: Vec<DivisionEntry>,
        mut regulations: Vec<RegulationEntry>,
        counts: Counts,
        known: &Positions,
    ) -> Self {
        divisions.sort_by(|a, b| a.code.cmp(&b.code));
        regulations.sort_by(|a, b| {
            (&a.work, &a.division)
                .cmp(&(&b.work, &b.division))
                .then(b.version_date.cmp(&a.version_date))
                .then(a.id.cmp(&b.id))
        });
        let mut next = known.next;
        for regulation in &mut regulations {
            regulation.position = known.by_id.get(&regulation.id).copied().unwrap_or_else(|| {
                next += 1;
                next - 1
            });
        }
        Self::from_content(Content { divisions, regulations, next_position: next, counts })
    }

    fn from_content(content: Content) -> Self {
        let mut catalogue = Self { content, ..Self::default() };
        for (i, division) in catalogue.content.divisions.iter().enumerate() {
            catalogue.division_by_code.insert(division.code.clone(), i);
            if let Some(parent) = &division.parent {
                catalogue.children.entry(parent.clone()).or_default().push(i);
            }
        }
        for (i, division) in catalogue.content.divisions.iter().enumerate() {
            for (at, code) in division.former.iter().enumerate().filter_map(|(at, f)| Some((at, f.code.as_ref()?))) {
                // A code in use means the division that has it.
                if !catalogue.division_by_code.contains_key(code.as_str()) {
                    catalogue.former_codes.entry(code.to_string()).or_default().push((i, at));
                }
            }
        }
        for (i, regulation) in catalogue.content.regulations.iter().enumerate() {
            catalogue.regulation_by_id.insert(regulation.id.clone(), i);
            catalogue.regulation_by_position.insert(regulation.position, i);
            catalogue.versions.entry(regulation.work.clone()).or_default().push(i);
            for issuer in &regulation.issuers {
                catalogue.issued.entry(issuer.clone()).or_default().push(i);
            }
        }
        catalogue
    }

    pub fn to_json(&self) -> serde_json::Result<Vec<u8>> {
        serde_json::to_vec(&self.content)
    }

    pub fn from_json(bytes: &[u8]) -> serde_json::Result<Self> {
        serde_json::from_slice(bytes).map(Self::from_content)
    }

    /// All divisions, by code.
    pub fn divisions(&self) -> &[DivisionEntry] {
        &self.content.divisions
    }

    pub fn division(&self, code: &str) -> Option<&DivisionEntry> {
        self.division_by_code.get(code).map(|&i| &self.content.divisions[i])
    }

    /// What had a code that no division has any more, each with the division that holds it, the latest first.
    pub fn former_code(&self, code: &str) -> Vec<(&DivisionEntry, &FormerDivision)> {
        let places = self.former_codes.get(code).into_iter().flatten();
        let mut found: Vec<_> = places
            .map(|&(i, at)| (&self.content.divisions[i], at))
            .map(|(division, at)| (division, &division.former[at]))
            .collect();
        found.sort_by_key(|(division, former)| (std::cmp::Reverse(former.until), &division.code));
        found
    }

    /// A division's name after those above it, run together: 北京市西城区.
    pub fn full_name(&self, code: &str) -> String {
        self.path(code).iter().map(|d| d.name.as_str()).collect()
    }

    /// Divisions directly below, by code.
    pub fn children(&self, code: &str) -> impl Iterator<Item = &DivisionEntry> {
        self.children.get(code).into_iter().flatten().map(|&i| &self.content.divisions[i])
    }

    /// The division and those above it, outermost first, without the nation.
    pub fn path(&self, code: &str) -> Vec<&DivisionEntry> {
        let mut path = Vec::new();
        let mut at = self.division(code);
        // A tree is at most five levels deep; the bound keeps a cycle in bad data from hanging a request.
        while let Some(division) = at.filter(|d| d.level != DivisionLevel::Nation && path.len() < 6) {
            path.push(division);
            at = division.parent.as_deref().and_then(|p| self.division(p));
        }
        path.reverse();
        path
    }

    /// Whether `code` is `ancestor` or lies below it in the tree.
    pub fn lies_in(&self, code: &str, ancestor: &str) -> bool {
        ancestor == "000000" || code == ancestor || self.path(code).iter().any(|d| d.code == ancestor)
    }

    /// All regulations, versions of one work together, newest first.
    pub fn regulations(&self) -> &[RegulationEntry] {
        &self.content.regulations
    }

    pub fn regulation(&self, id: &str) -> Option<&RegulationEntry> {
        self.regulation_by_id.get(id).map(|&i| &self.content.regulations[i])
    }

    /// Number of a regulation in the index's documents and references.
    pub fn position(&self, id: &str) -> Option<u32> {
        self.regulation(id).map(|r| r.position)
    }

    /// The regulation that the index's documents and the references name by a position; `None` where it was withdrawn.
    pub fn at(&self, position: u32) -> Option<&RegulationEntry> {
        self.regulation_by_position.get(&position).map(|&i| &self.content.regulations[i])
    }

    /// The positions given so far, for the generation that follows.
    pub fn positions(&self) -> Positions {
        let by_id = self.content.regulations.iter().map(|r| (r.id.clone(), r.position)).collect();
        Positions { by_id, next: self.content.next_position }
    }

    /// The versions of a work, newest first within each division.
    pub fn versions(&self, work: &str) -> impl Iterator<Item = &RegulationEntry> {
        self.versions.get(work).into_iter().flatten().map(|&i| &self.content.regulations[i])
    }

    /// The regulations that an institution of this name issued, alone or with others.
    pub fn issued_by(&self, name: &str) -> impl Iterator<Item = &RegulationEntry> {
        self.issued.get(name).into_iter().flatten().map(|&i| &self.content.regulations[i])
    }

    /// The works known: their keys.
    pub fn works(&self) -> impl Iterator<Item = &str> {
        self.versions.keys().map(String::as_str)
    }

    /// The version of a work that a bare title means: the one in force; else the newest.
    /// Of works with the same key, a national one comes before a local one.
    pub fn current_version(&self, work: &str) -> Option<&RegulationEntry> {
        self.versions(work).min_by_key(|r| {
            let rank = match r.status {
                Status::InForce => 0,
                Status::NotYetInForce => 1,
                Status::Superseded => 2,
                Status::Repealed => 3,
            };
            (r.division.is_some(), rank, std::cmp::Reverse(r.version_date), r.id.clone())
        })
    }

    pub fn counts(&self) -> &Counts {
        &self.content.counts
    }
}
