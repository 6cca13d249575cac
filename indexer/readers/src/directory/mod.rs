//! The fact tables of `corpus/`: divisions, townships, institutions with their sites, web names, abbreviations.
//!
//! What each column means is written in `corpus/README.md`.

mod contacts;
mod former;
mod general;
mod short_names;
mod sites;
mod table;
mod web_names;

use std::{
    collections::{BTreeSet, HashMap, HashSet},
    path::Path,
};

use self::table::{Row, each_row};
use super::{ReadError, Report, Sink};
use record::{
    Body, Category, Date, Division, DivisionCode, DivisionLevel, Evidence, Institution, InstitutionLevel, NameBasis,
    Provenance, Record,
    evidence::{Counts, ListFacts, speaking},
    web_name_id,
};
pub use short_names::shared_names;

const SOURCES: &[&str] = &["id", "title", "licence", "taken", "counted", "ancestor", "note"];
const DIVISIONS: &[&str] = &["code", "name", "level", "parent_code", "short_name"];
const TOWNSHIPS: &[&str] = &["code", "name", "county_code"];
const INSTITUTIONS: &[&str] =
    &["id", "name", "short_names", "category", "level", "division_code", "parent", "name_basis", "sources"];
const WEBSITES: &[&str] = &["institution_id", "url", "host", "sources"];
const COMMON_HOSTS: &[&str] = &["host", "reason"];
const SHORT_NAMES: &[&str] = &["short", "full", "place", "origin", "ground"];
const WEB_NAMES: &[&str] = &["name", "ascii", "institution", "basis", "strength"];
const DROPPED: &[&str] = &["institution_id", "host", "sources", "reason"];
const FORMER_DIVISIONS: &[&str] = &["name", "code", "successors", "year", "change", "document", "source"];
const ABBREVIATIONS: &[&str] = &["short", "full", "scope", "basis", "source"];

/// Source of the divisions and of the web names, as in `sources.csv`.
const DIVISION_SOURCE: &str = "mca-place-names";
const WEB_NAME_SOURCE: &str = "web-names";

/// A public list, for pages that show where a fact comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    pub id: String,
    pub title: String,
    pub licence: Option<String>,
    pub taken: Option<Date>,
    pub note: String,
    facts: ListFacts,
}

impl Source {
    /// A document of the state itself: the list of all universities, a register.
    pub fn is_official_document(&self) -> bool {
        self.licence.as_deref() == Some("官方文件")
    }

    /// A page of an institution of the state, kept as a source of its own.
    pub fn is_official_page(&self) -> bool {
        self.id.starts_with("official-")
    }
}

/// What stands behind an address, for people: how many lists, from when, and whether an official page is among them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Attestation {
    /// Lists that count and do not copy one another.
    pub lists: usize,
    /// Day on which the latest of them was taken.
    pub latest: Option<Date>,
    pub official_pages: usize,
}

/// Counts the lists that give an address, of those that are known.
pub fn attestation(sources: &[Source], ids: &[String]) -> Attestation {
    let given: Vec<&Source> = ids.iter().filter_map(|id| sources.iter().find(|s| s.id == *id)).collect();
    let counted = given.iter().filter(|s| s.facts.counts != Counts::Never);
    Attestation {
        lists: speaking(given.iter().map(|s| &s.facts), true),
        latest: counted.clone().filter_map(|s| s.taken).max(),
        official_pages: counted.filter(|s| s.is_official_page()).count(),
    }
}

/// Reads all tables of `dir` into records.
pub fn read(dir: &Path, sink: &mut Sink<'_>) -> Result<Report, ReadError> {
    let mut report = Report::default();
    let sources = sources(dir, &mut report)?;
    let reader = Reader { dir, sources: sources.into_iter().map(|s| (s.id.clone(), s)).collect() };
    let abbreviations = reader.abbreviations(&mut report)?;
    let mut divisions = reader.divisions(&abbreviations, &mut report)?;
    let by_code: HashMap<&DivisionCode, &Division> = divisions.iter().map(|(d, _)| (&d.code, d)).collect();
    let mut former = reader.former_divisions(&by_code, &mut report)?;
    for (division, provenance) in &mut divisions {
        division.former = former.remove(&division.code).unwrap_or_default();
        let sources: BTreeSet<&String> = division.former.iter().map(|f| &f.source).collect();
        provenance.extend(sources.into_iter().map(|id| reader.provenance(id, "former_divisions.csv".into())));
    }
    let codes: HashSet<DivisionCode> = divisions.iter().map(|(d, _)| d.code.clone()).collect();
    for (division, provenance) in divisions {
        let owner = Some(division.code.clone());
        sink(Record::published(division.code.to_string(), owner, provenance, Body::Division(division)))?;
        report.accepted += 1;
    }
    let mut chinese = reader.chinese_names(&mut report)?;
    let mut institutions = reader.institutions(&codes, &abbreviations, &mut report)?;
    let by_name: HashMap<String, usize> =
        institutions.iter().enumerate().map(|(at, (_, i, _))| (i.name.clone(), at)).collect();
    for (name, _) in &mut chinese {
        web_names::attribute(name, &institutions, &by_name);
        // An example in a naming guide proves no registration.
        if let Some(at) = by_name.get(&name.institution_name).filter(|_| name.evidence != Evidence::Claimed) {
            institutions[*at].1.web_names.push(name.name.clone());
        }
    }
    let general = reader.general(&mut report)?;
    let hosts = reader.host_names(&institutions, &general);
    for (id, institution, provenance) in institutions {
        let owner = Some(institution.division.clone()).filter(|d| !d.is_nation());
        sink(Record::published(id, owner, provenance, Body::Institution(institution)))?;
        report.accepted += 1;
    }
    for (name, provenance) in chinese.into_iter().chain(hosts) {
        sink(Record::published(web_name_id(&name.ascii), None, provenance, Body::WebName(name)))?;
        report.accepted += 1;
    }
    for record in general {
        sink(record)?;
        report.accepted += 1;
    }
    Ok(report)
}

/// The rows of `sources.csv`.
pub fn sources(dir: &Path, report: &mut Report) -> Result<Vec<Source>, ReadError> {
    let mut sources = Vec::new();
    each_row(dir, "sources.csv", SOURCES, &["id"], report, &mut |row| {
        let counts = one_of(&row, "counted", &Counts::ALL, Counts::name)?;
        let id = row.get("id").to_owned();
        sources.push(Source {
            title: row.get("title").to_owned(),
            licence: row.optional("licence").map(str::to_owned),
            taken: date(&row, "taken")?,
            note: row.get("note").to_owned(),
            facts: ListFacts { id: id.clone(), counts, ancestor: row.optional("ancestor").map(str::to_owned) },
            id,
        });
        Ok(())
    })?;
    Ok(sources)
}

/// Generic abbreviations of local institutions: 人社局 → 人力资源和社会保障局.
pub fn generic_abbreviations(dir: &Path) -> Result<Vec<(String, String)>, ReadError> {
    let mut found = Vec::new();
    let mut report = Report::default();
    each_row(dir, "abbreviations.csv", ABBREVIATIONS, &[], &mut report, &mut |row| {
        if row.get("scope") == "generic" {
            found.push((row.get("short").to_owned(), row.get("full").to_owned()));
        }
        Ok(())
    })?;
    Ok(found)
}

fn date(row: &Row<'_>, column: &str) -> Result<Option<Date>, String> {
    row.optional(column).map(|v| v.parse().map_err(|_| format!("{column} 应为 年-月-日，而不是“{v}”"))).transpose()
}

fn code(row: &Row<'_>, column: &str) -> Result<DivisionCode, String> {
    row.get(column).parse().map_err(|e| format!("{column}：{e}"))
}

/// Full name → its other names, by what kind of name they are.
#[derive(Default)]
struct Abbreviations {
    central: HashMap<String, Vec<String>>,
    predecessors: HashMap<String, Vec<String>>,
    divisions: HashMap<String, Vec<String>>,
    former_divisions: HashMap<String, Vec<String>>,
}

struct Reader<'a> {
    dir: &'a Path,
    sources: HashMap<String, Source>,
}

impl Reader<'_> {
    fn abbreviations(&self, report: &mut Report) -> Result<Abbreviations, ReadError> {
        let mut all = Abbreviations::default();
        let key = ["short", "full", "scope"];
        each_row(self.dir, "abbreviations.csv", ABBREVIATIONS, &key, report, &mut |row| {
            let table = match row.get("scope") {
                "central" => &mut all.central,
                "predecessor" => &mut all.predecessors,
                "division" => &mut all.divisions,
                "division_former" => &mut all.former_divisions,
                "generic" => return Ok(()),
                other => {
                    return Err(format!(
                        "scope 应为 central、predecessor、division、division_former 或 generic，而不是“{other}”"
                    ));
                }
            };
            table.entry(row.get("full").to_owned()).or_default().push(row.get("short").to_owned());
            Ok(())
        })?;
        Ok(all)
    }

    fn divisions(
        &self,
        names: &Abbreviations,
        report: &mut Report,
    ) -> Result<Vec<(Division, Vec<Provenance>)>, ReadError> {
        let nation = Division {
            code: DivisionCode::nation(),
            name: "全国".into(),
            level: DivisionLevel::Nation,
            parent: None,
            short_name: "全国".into(),
            aliases: Vec::new(),
            former_names: Vec::new(),
            former: Vec::new(),
        };
        let mut all = vec![(nation, vec![self.provenance(DIVISION_SOURCE, "divisions.csv".into())])];
        // Code → names from the province down, run together, as abbreviations.csv writes a full name.
        let mut chains: HashMap<DivisionCode, String> = HashMap::new();
        let mut pending = Vec::new();
        each_row(self.dir, "divisions.csv", DIVISIONS, &["code"], report, &mut |row| {
            let code = code(&row, "code")?;
            let level = match row.get("level") {
                "province" => DivisionLevel::Province,
                "prefecture" => DivisionLevel::Prefecture,
                "county" => DivisionLevel::County,
                other => return Err(format!("level 应为 province、prefecture 或 county，而不是“{other}”")),
            };
            let parent = match row.optional("parent_code") {
                None => DivisionCode::nation(),
                Some(_) => self::code(&row, "parent_code")?,
            };
            let name = required(&row, "name")?;
            pending.push((code, name, level, parent, row.get("short_name").to_owned(), row.location(), row.line));
            Ok(())
        })?;
        let known: HashMap<DivisionCode, (String, DivisionCode)> =
            pending.iter().map(|p| (p.0.clone(), (p.1.clone(), p.3.clone()))).collect();
        for (code, name, level, parent, short_name, place, line) in pending {
            if !parent.is_nation() && !known.contains_key(&parent) {
                report.reject("divisions.csv", Some(line), format!("parent_code {parent} 不在表中"));
                continue;
            }
            let mut chain = name.clone();
            let mut at = parent.clone();
            while let Some((above, next)) = known.get(&at) {
                chain.insert_str(0, above);
                if *next == at {
                    break;
                }
                at = next.clone();
            }
            let others = |table: &HashMap<String, Vec<String>>| {
                let found = table.get(&chain).into_iter().flatten().cloned();
                found.filter(|n| *n != name && *n != short_name).collect::<Vec<_>>()
            };
            let division = Division {
                aliases: others(&names.divisions),
                former_names: others(&names.former_divisions),
                former: Vec::new(),
                short_name: if short_name.is_empty() { name.clone() } else { short_name.clone() },
                code: code.clone(),
                name: name.clone(),
                level,
                parent: Some(parent),
            };
            chains.insert(code, chain);
            all.push((division, vec![self.provenance(DIVISION_SOURCE, place)]));
        }
        each_row(self.dir, "townships.csv", TOWNSHIPS, &["code"], report, &mut |row| {
            let county = code(&row, "county_code")?;
            if !chains.contains_key(&county) {
                return Err(format!("county_code {county} 不在 divisions.csv 中"));
            }
            let name = required(&row, "name")?;
            let division = Division {
                code: code(&row, "code")?,
                short_name: name.clone(),
                name,
                level: DivisionLevel::Township,
                parent: Some(county),
                aliases: Vec::new(),
                former_names: Vec::new(),
                former: Vec::new(),
            };
            all.push((division, vec![self.provenance(DIVISION_SOURCE, row.location())]));
            Ok(())
        })?;
        Ok(all)
    }

    fn institutions(
        &self,
        divisions: &HashSet<DivisionCode>,
        names: &Abbreviations,
        report: &mut Report,
    ) -> Result<Vec<(String, Institution, Vec<Provenance>)>, ReadError> {
        let mut former_sites = self.former_sites(report)?;
        let mut short = short_names::by_full_name(self.dir, report)?;
        let mut all: Vec<(String, Institution, Vec<Provenance>)> = Vec::new();
        each_row(self.dir, "institutions.csv", INSTITUTIONS, &["id"], report, &mut |row| {
            let id = required(&row, "id")?;
            let division = code(&row, "division_code")?;
            if !divisions.contains(&division) {
                return Err(format!("division_code {division} 不在 divisions.csv 中"));
            }
            let name = required(&row, "name")?;
            let mut short_names = row.list("short_names");
            short_names.extend(short.remove(&name).into_iter().flatten());
            short_names.extend(names.central.get(&name).into_iter().flatten().cloned());
            dedup(&mut short_names, &name);
            let mut former_names = names.predecessors.get(&name).cloned().unwrap_or_default();
            dedup(&mut former_names, &name);
            let provenance = row.list("sources");
            if provenance.is_empty() {
                return Err("sources 为空：每条事实都要有来源".into());
            }
            let provenance: Vec<Provenance> = provenance
                .iter()
                .map(|s| self.known(s).map(|s| self.provenance(&s.id, row.location())))
                .collect::<Result<_, _>>()?;
            let category = one_of(&row, "category", &Category::ALL, Category::label)?;
            let institution = Institution {
                short_names,
                former_names,
                level: one_of(&row, "level", &InstitutionLevel::ALL, InstitutionLevel::name)?,
                parent_name: row.optional("parent").map(str::to_owned),
                name_basis: match row.get("name_basis") {
                    "source" => NameBasis::Source,
                    "curated" => NameBasis::Curated,
                    "constructed" => NameBasis::Constructed,
                    other => return Err(format!("name_basis 应为 source、curated 或 constructed，而不是“{other}”")),
                },
                former_sites: former_sites.remove(&id).unwrap_or_default(),
                ..Institution::new(name, category, division)
            };
            all.push((id, institution, provenance));
            Ok(())
        })?;
        for full in short.keys() {
            report.reject("short_names.csv", None, format!("全称“{full}”不在 institutions.csv 中"));
        }
        for id in former_sites.keys() {
            report.reject("dropped_hosts.csv", None, format!("institution_id {id} 不在 institutions.csv 中"));
        }
        let ids: HashMap<String, String> = all.iter().map(|(id, i, _)| (i.name.clone(), id.clone())).collect();
        for (_, institution, _) in &mut all {
            institution.parent_id = institution.parent_name.as_ref().and_then(|name| ids.get(name)).cloned();
        }
        self.attach_sites(&mut all, report)?;
        self.attach_contacts(&mut all, report)?;
        Ok(all)
    }

    fn known(&self, id: &str) -> Result<&Source, String> {
        self.sources.get(id).ok_or_else(|| format!("来源“{id}”不在 sources.csv 中，请先登记"))
    }

    /// Refuses what only lists give whose licence binds: nothing rests on them alone.
    fn not_bound_alone(&self, sources: &[String]) -> Result<(), String> {
        let bound = |id: &String| self.sources.get(id).is_some_and(|s| s.facts.counts == Counts::WithOthers);
        match sources.iter().all(bound) {
            true => Err(format!(
                "只有许可有约束的名单（{}）给出，不能单独作为依据：请补充别的来源，或删去这一行",
                sources.join("、")
            )),
            false => Ok(()),
        }
    }

    fn provenance(&self, source: &str, place: String) -> Provenance {
        let facts = self.sources.get(source);
        Provenance {
            source: source.to_owned(),
            place: Some(place),
            date: facts.and_then(|s| s.taken),
            licence: facts.and_then(|s| s.licence.clone()),
        }
    }
}

fn required(row: &Row<'_>, column: &str) -> Result<String, String> {
    row.optional(column).map(str::to_owned).ok_or_else(|| format!("{column} 不能为空"))
}

fn one_of<T: Copy>(row: &Row<'_>, column: &str, all: &[T], name: fn(T) -> &'static str) -> Result<T, String> {
    let value = row.get(column);
    all.iter().copied().find(|t| name(*t) == value).ok_or_else(|| {
        let allowed: Vec<&str> = all.iter().map(|t| name(*t)).collect();
        format!("{column} 应为 {} 之一，而不是“{value}”", allowed.join("、"))
    })
}

fn dedup(names: &mut Vec<String>, own: &str) {
    let mut seen = HashSet::new();
    names.retain(|n| n != own && seen.insert(n.clone()));
}

#[cfg(test)]
mod tests;
