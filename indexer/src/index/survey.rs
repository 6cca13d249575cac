//! First pass over the records: what must be known of all of them before any one can be projected.
//!
//! A norm's status depends on its other versions and on the texts that repeal it; a body's key depends on its division;
//! the segmenter's words are the names of all. What is kept is small: names, dates and counts, never the texts.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::{
    body::Bodies,
    catalogue::{Catalogue, Counts, Coverage, DivisionEntry, RegulationEntry, SourceCount},
};
use crate::{
    record::{Body, Date, Evidence, Institution, Record, Regulation, State, Status, status, work_key},
    text::{Normalizer, dictionaries::FormerLaw},
};

/// Articles whose texts are kept until the statuses are known: only a closing article repeals, and long laws close
/// with several supplementary ones.
const REPEALING_WORDS: &str = "废止";

/// What the first pass gathers.
#[derive(Default)]
pub struct Survey {
    divisions: Vec<DivisionEntry>,
    /// What lies in each division itself.
    own: HashMap<String, Coverage>,
    /// Norms without their texts, but for the articles that repeal something.
    regulations: Vec<(String, Regulation)>,
    article_counts: HashMap<String, u32>,
    /// Work cited → works that cite it.
    citing: HashMap<String, HashSet<String>>,
    names: Vec<String>,
    counts: Counts,
    sources: BTreeMap<(String, String), SourceCount>,
    by_evidence: BTreeMap<&'static str, u64>,
    by_category: BTreeMap<&'static str, u64>,
    by_level: BTreeMap<&'static str, u64>,
}

/// What the second pass needs beside the records.
pub struct Surveyed {
    pub catalogue: Catalogue,
    /// Normalized names for the segmenter, sorted.
    pub names: Vec<String>,
}

impl Survey {
    /// Takes one current record; anything but a published one is passed over.
    pub fn add(&mut self, id: &str, record: &Record) {
        if record.state != State::Published {
            return;
        }
        for provenance in &record.provenance {
            let count = self
                .sources
                .entry((provenance.source.clone(), record.body.kind().to_owned()))
                .or_insert_with_key(|(source, kind)| SourceCount {
                    source: source.clone(),
                    kind: kind.clone(),
                    ..SourceCount::default()
                });
            count.records += 1;
            count.date = count.date.max(provenance.date);
            count.licence = count.licence.take().or_else(|| provenance.licence.clone());
        }
        match &record.body {
            Body::Division(d) => {
                self.counts.divisions += 1;
                self.names.push(d.name.clone());
                self.divisions.push(DivisionEntry {
                    code: d.code.to_string(),
                    name: d.name.clone(),
                    short_name: d.short_name.clone(),
                    level: d.level,
                    parent: d.parent.as_ref().map(ToString::to_string),
                    aliases: d.aliases.iter().chain(&d.former_names).cloned().collect(),
                    institutions: 0,
                    coverage: Coverage::default(),
                });
            }
            Body::Institution(i) => self.add_institution(i),
            Body::WebName(_) => self.counts.web_names += 1,
            Body::Regulation(r) => self.add_regulation(id, r),
            // Between a reader and an office.
            Body::Correction(_) => {}
        }
    }

    fn add_institution(&mut self, i: &Institution) {
        self.counts.institutions += 1;
        self.counts.institutions_with_site += u64::from(!i.websites.is_empty());
        for site in &i.websites {
            *self.by_evidence.entry(site.evidence.name()).or_default() += 1;
        }
        *self.by_category.entry(i.category.label()).or_default() += 1;
        *self.by_level.entry(i.level.name()).or_default() += 1;
        let own = self.own.entry(i.division.to_string()).or_default();
        own.institutions += 1;
        let best = i.websites.iter().map(|w| w.evidence).min();
        if let Some(at) = Evidence::ALL.into_iter().position(|e| Some(e) == best) {
            own.by_evidence[at] += 1;
        }
        self.names.push(i.name.clone());
        self.names.extend(i.short_names.iter().chain(&i.former_names).cloned());
    }

    fn add_regulation(&mut self, id: &str, r: &Regulation) {
        self.counts.regulations += 1;
        self.counts.articles += r.articles.len() as u64;
        self.article_counts.insert(id.to_owned(), r.articles.len() as u32);
        let work = work_key(&r.title);
        for article in &r.articles {
            for title in quoted_titles(&article.text) {
                let cited = work_key(title);
                if cited != work {
                    self.citing.entry(cited).or_default().insert(work.clone());
                }
            }
        }
        self.names.push(work);
        let repealing = r.articles.iter().filter(|a| a.text.contains(REPEALING_WORDS)).cloned().collect();
        let slim = Regulation {
            title: r.title.clone(),
            level: r.level,
            document_kind: r.document_kind,
            issuers: r.issuers.clone(),
            document_number: r.document_number.clone(),
            division: r.division.clone(),
            version_date: r.version_date,
            published: r.published,
            effective: r.effective,
            stated_status: r.stated_status,
            history: r.history.clone(),
            preamble: String::new(),
            headings: Vec::new(),
            articles: repealing,
            attachment: String::new(),
        };
        self.regulations.push((id.to_owned(), slim));
    }

    /// Settles what depends on all records. `today` decides what is in force.
    pub fn finish(mut self, normalizer: &Normalizer, former: &[FormerLaw], today: Date) -> Surveyed {
        let borrowed: Vec<(&str, &Regulation)> = self.regulations.iter().map(|(id, r)| (id.as_str(), r)).collect();
        let mut statuses = status::derive(&borrowed, former, today);
        let mut by_level: BTreeMap<_, u64> = BTreeMap::new();
        let mut by_status: BTreeMap<_, u64> = BTreeMap::new();
        let regulations: Vec<RegulationEntry> = self
            .regulations
            .iter()
            .filter_map(|(id, r)| {
                let basis = statuses.remove(id)?;
                *by_level.entry(r.level).or_default() += 1;
                *by_status.entry(basis.status).or_default() += 1;
                let work = work_key(&r.title);
                Some(RegulationEntry {
                    id: id.clone(),
                    title: r.title.clone(),
                    cited: self.citing.get(&work).map_or(0, |c| c.len() as u32),
                    work,
                    level: r.level,
                    document_kind: r.document_kind,
                    division: r.division.as_ref().map(ToString::to_string),
                    issuers: r.issuers.clone(),
                    document_number: r.document_number.clone(),
                    version_date: r.version_date,
                    published: r.published,
                    effective: r.effective,
                    status: basis.status,
                    status_reason: basis.reason,
                    status_by: basis.by,
                    articles: self.article_counts.get(id).copied().unwrap_or(0),
                })
            })
            .collect();
        cover(&mut self.divisions, self.own, &regulations);
        let pairs = |map: BTreeMap<&'static str, u64>| map.into_iter().map(|(k, v)| (k.to_owned(), v)).collect();
        self.counts.by_source = self.sources.into_values().collect();
        self.counts.sites_by_evidence = pairs(self.by_evidence);
        self.counts.institutions_by_category = pairs(self.by_category);
        self.counts.institutions_by_level = pairs(self.by_level);
        self.counts.regulations_by_level = by_level.into_iter().map(|(k, v)| (k.label().to_owned(), v)).collect();
        self.counts.regulations_by_status = by_status.into_iter().map(|(k, v)| (k.label().to_owned(), v)).collect();
        let mut names: Vec<String> = self.names.iter().map(|n| normalizer.text(n)).collect();
        names.sort_unstable();
        names.dedup();
        Surveyed { catalogue: Catalogue::new(self.divisions, regulations, self.counts), names }
    }
}

/// Levels of the tree of divisions; a cycle in bad data must not be climbed for ever.
const MAX_DEPTH: usize = 6;

/// Gives every division what lies in it and below it.
fn cover(divisions: &mut [DivisionEntry], mut own: HashMap<String, Coverage>, regulations: &[RegulationEntry]) {
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

/// The titles between 《 and 》, outermost pairs.
pub fn quoted_titles(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let open = rest.find('《')? + '《'.len_utf8();
        let mut depth = 1;
        let close = rest[open..].char_indices().find_map(|(at, c)| {
            match c {
                '《' => depth += 1,
                '》' => depth -= 1,
                _ => {}
            }
            (depth == 0).then_some(open + at)
        });
        let Some(close) = close else {
            rest = "";
            return None;
        };
        let title = &rest[open..close];
        rest = &rest[close + '》'.len_utf8()..];
        Some(title)
    })
}

/// Full and short names of a division's chain, outermost first, for [`Bodies::key_of_name`].
pub fn path_names(catalogue: &Catalogue, division: &str) -> Vec<(String, String)> {
    catalogue.path(division).into_iter().map(|d| (d.name.clone(), d.short_name.clone())).collect()
}

/// The body keys of an institution, in a generation.
pub fn body_keys_of(generation: &super::Generation, i: &Institution) -> Vec<String> {
    body_keys(&generation.bodies, &generation.catalogue, &generation.pipeline.normalizer, i)
}

/// The body keys of an institution, from its full and short names.
pub fn body_keys(bodies: &Bodies, catalogue: &Catalogue, normalizer: &Normalizer, i: &Institution) -> Vec<String> {
    let path = path_names(catalogue, i.division.as_str());
    let mut keys: Vec<String> = std::iter::once(&i.name)
        .chain(&i.short_names)
        .filter_map(|name| bodies.key_of_name(&normalizer.text(name), &path))
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
            level: crate::record::DivisionLevel::County,
            parent: parent.map(str::to_owned),
            aliases: Vec::new(),
            institutions: 0,
            coverage: Coverage::default(),
        }
    }

    #[test]
    fn bodies_count_for_all_divisions_above() {
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
            ("520300".to_owned(), own(3, [0, 2, 0, 0, 0])),
            ("520000".to_owned(), own(1, [0, 0, 1, 0, 0])),
            ("a".to_owned(), own(1, [0; 5])),
            ("unknown".to_owned(), own(9, [0; 5])),
        ];
        cover(&mut divisions, all.into(), &[]);
        assert_eq!(divisions[0].coverage, own(4, [0, 2, 1, 0, 0]));
        assert_eq!((divisions[1].institutions, divisions[1].coverage.with_site()), (1, 3));
        assert_eq!(divisions[2].coverage, own(3, [0, 2, 0, 0, 0]));
    }

    #[test]
    fn quoted_titles_are_outermost() {
        let text = "依照《甲法》、《关于适用《乙法》的解释》以及《丙";
        assert_eq!(quoted_titles(text).collect::<Vec<_>>(), ["甲法", "关于适用《乙法》的解释"]);
    }
}
