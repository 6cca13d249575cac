//! An answer becomes a hit: a card with what is marked in it and what speaks for it.

use std::collections::{BTreeMap, HashMap};

use indexer::{
    index::{Generation, catalogue::RegulationEntry, projection::DirectoryEntry},
    record::{Entry, Institution, Status, Succession, kind_named},
};
use rustc_hash::FxHashMap;

use crate::{
    SearchError,
    folded::{FoldedEntrance, FoldedEntrances},
    highlight::{Marker, escape},
    hotlines,
    plan::everyday,
    reply::*,
    run::{Answer, Content, directory_entry, explanation::Explanation, facts, library_entry},
    seat::{Seat, seat},
    sites::websites,
    understand::{FormerRegion, Step, Understanding},
    urls,
};

/// Makes hits out of answers, for one query.
pub struct Presenter<'g> {
    generation: &'g Generation,
    marker: Marker<'g>,
    /// What became of the division that was named, by the code of its successor.
    former: HashMap<String, String>,
    /// Whether it is asked how what is found is reached.
    contacts: bool,
    /// What speaks for articles, by regulation and key.
    explanations: FxHashMap<(u64, u64), Explanation>,
    /// What is done at the sites of institutions, by their ids.
    entrances: FoldedEntrances,
}

impl<'g> Presenter<'g> {
    pub fn new(generation: &'g Generation, u: &Understanding) -> Self {
        let query = if u.words.is_empty() { &u.text } else { &u.words };
        let text = generation.pipeline.normalizer.text(query);
        let meant = everyday(generation, &text).flat_map(|found| found.legal).cloned();
        let marker = Marker::new(&generation.pipeline, query, &u.phrases, meant, u.latin.as_deref());
        let told = |region: &FormerRegion| {
            let (division, former) = (region.division(generation)?, region.former(generation)?);
            let single = former.succession == Succession::Whole;
            single
                .then(|| (division.code.clone(), former.description(&[generation.catalogue.full_name(&division.code)])))
        };
        let former = u.former.all.iter().filter_map(told).collect();
        let (explanations, entrances) = (FxHashMap::default(), FoldedEntrances::default());
        Self { generation, marker, former, contacts: u.contacts, explanations, entrances }
    }

    /// The same with entrances that stand on the cards of institutions.
    pub fn with_entrances(self, entrances: FoldedEntrances) -> Self {
        Self { entrances, ..self }
    }

    /// The same, telling what speaks for articles.
    pub fn explaining(self, explanations: &FxHashMap<(u64, u64), Explanation>) -> Self {
        Self { explanations: explanations.clone(), ..self }
    }

    /// The hit of an answer. A direct one carries the whole text of an article.
    pub fn hit(&self, answer: &Answer, direct: bool) -> Result<Hit, SearchError> {
        let mut hit = match &answer.content {
            Content::Unread { at, .. } => {
                let content = Content::Directory(directory_entry(self.generation, *at)?);
                return self.hit(&Answer { content, ..answer.clone() }, direct);
            }
            Content::Directory(DirectoryEntry::Institution { id, institution }) => self.institution(id, institution),
            Content::Directory(DirectoryEntry::Division { code }) => self.division(code)?,
            Content::Directory(DirectoryEntry::WebName { id, web_name }) => self.web_name(id, web_name),
            Content::Directory(DirectoryEntry::Listed { id, of, entry }) => self.listed(id, of, entry),
            Content::Regulation(position) => self.regulation(known(self.generation, *position)?),
            Content::Section { regulation, at, step, .. } => {
                let r = known(self.generation, *regulation)?;
                let mut hit = self.regulation(r);
                if let Some(first) = library_entry(self.generation, *at)?.article {
                    let at = first.headings.iter().position(|title| Step::of_heading(title) == Some(*step));
                    let above = &first.headings[..at.map_or(first.headings.len(), |at| at + 1)];
                    hit.title = format!("{} {}", r.title, above.last().cloned().unwrap_or_default());
                    hit.title_html = self.marker.whole(&hit.title);
                    hit.url = urls::article_in(&r.id, &first.slug);
                    hit.snippet = self.marker.snippet(&format!("{}，自{}起", above.join(" › "), first.label));
                }
                hit
            }
            Content::Article { regulation, key, at, within } => {
                let explanation = self.explanations.get(&(*regulation, *key));
                let entry = library_entry(self.generation, *at)?;
                let r = known(self.generation, *regulation)?;
                let mut hit = blank("article", String::new(), String::new());
                if let Some(article) = entry.article {
                    hit.id = format!("{}/{}", r.id, article.slug);
                    hit.url = urls::article(&r.id, &article.slug);
                    hit.title = format!("{} {}", r.title, article.label);
                    hit.article = Some(ArticlePart {
                        regulation: r.title.clone(),
                        regulation_id: r.id.clone(),
                        number: article.label,
                        headings: article.headings,
                        text: direct.then(|| entry.text.clone()),
                        within: within.label(),
                        sentence: explanation
                            .and_then(|found| self.marker.sentence(&entry.text, found.asked.as_deref())),
                        summary: summary(r),
                    });
                }
                hit.title_html = self.marker.whole(&hit.title);
                hit.snippet = self.marker.snippet(&entry.text);
                hit.status = Some(r.status.label());
                hit
            }
        };
        if self.contacts
            && let Content::Directory(DirectoryEntry::Institution { institution, .. }) = &answer.content
            && let Some(part) = &mut hit.institution
        {
            part.hotlines = Some(hotlines::answering_for(self.generation, institution)?);
        }
        hit.score = answer.score;
        hit.why.push(answer.why.to_owned());
        if let Content::Article { regulation, key, .. } = &answer.content
            && let Some(explanation) = self.explanations.get(&(*regulation, *key))
        {
            hit.why.extend(explanation.words().filter(|word| word != answer.why));
        }
        let division = hit.institution.as_ref().map(|i| &i.division).or(hit.division.as_ref().map(|d| &d.code));
        hit.why.extend(division.and_then(|code| self.former.get(code)).cloned());
        Ok(hit)
    }

    fn institution(&self, id: &str, i: &Institution) -> Hit {
        let catalogue = &self.generation.catalogue;
        let path: Vec<&str> = catalogue.path(i.division.as_str()).iter().map(|d| d.name.as_str()).collect();
        let division_name = if path.is_empty() { "全国".to_owned() } else { path.join(" ") };
        let mut hit = blank("institution", id.to_owned(), i.name.clone());
        hit.url = urls::institution(id);
        hit.title_html = self.marker.whole(&i.name);
        let known = if i.short_names.is_empty() {
            format!("{} · {}", division_name, i.category.label())
        } else {
            format!("{} · {} · 简称：{}", division_name, i.category.label(), i.short_names.join("、"))
        };
        hit.snippet = self.marker.snippet(&known);
        let entrances = self.entrances.get(id).map_or(&[][..], Vec::as_slice);
        let mut sites = websites(self.generation, &i.websites, i.category.has_own_names());
        // Where the entrance's evidence for the address is the better one, it speaks for the institution's too.
        let of_entrances = entrances.iter().flat_map(|entrance| websites(self.generation, &entrance.entry.sites, true));
        for better in of_entrances.filter(|site| site.linked) {
            sites
                .iter_mut()
                .filter(|site| site.host == better.host && !site.linked)
                .for_each(|site| *site = better.clone());
        }
        hit.institution = Some(InstitutionPart {
            short_names: i.short_names.clone(),
            division: i.division.to_string(),
            division_name,
            category: i.category.label(),
            level: i.level,
            websites: sites,
            web_names: i.web_names.clone(),
            name_constructed: i.name_basis == indexer::record::NameBasis::Constructed,
            contacts: ContactsPart::of(&i.contacts),
            hotlines: None,
            entrances: entrances.iter().map(entrance_part).collect(),
        });
        hit
    }

    fn division(&self, code: &str) -> Result<Hit, SearchError> {
        let catalogue = &self.generation.catalogue;
        let path = catalogue.path(code);
        let name = catalogue.division(code).map_or_else(|| code.to_owned(), |d| d.name.clone());
        let mut hit = blank("division", code.to_owned(), name);
        hit.url = urls::division(code);
        hit.title_html = self.marker.whole(&hit.title);
        escape(&path.iter().map(|d| d.name.as_str()).collect::<Vec<_>>().join(" › "), &mut hit.snippet);
        if let Some(d) = catalogue.division(code) {
            let Seat { governments, hotlines } = seat(self.generation, code)?;
            hit.division = Some(DivisionPart {
                code: code.to_owned(),
                level: d.level.label(),
                path: path.iter().map(|d| d.name.clone()).collect(),
                institutions: u64::from(d.institutions),
                institutions_with_below: u64::from(d.coverage.institutions),
                governments,
                hotlines,
            });
        }
        Ok(hit)
    }

    fn web_name(&self, id: &str, w: &indexer::record::WebName) -> Hit {
        let mut hit = blank("web_name", id.to_owned(), w.name.clone());
        hit.url = w.institution_id.as_ref().map_or_else(|| "/data".to_owned(), |id| urls::institution(id));
        hit.title_html = self.marker.whole(&w.name);
        hit.snippet = self.marker.snippet(&format!("{}：{}", w.institution_name, w.basis));
        hit.web_name = Some(WebNamePart {
            ascii: w.ascii.clone(),
            institution: w.institution_name.clone(),
            institution_id: w.institution_id.clone(),
            evidence: w.evidence,
            basis: w.basis.clone(),
        });
        hit
    }

    fn listed(&self, id: &str, of: &str, entry: &Entry) -> Hit {
        let (kind, path) = kind_named(of).map_or(("record", "records"), |kind| (kind.name, kind.path));
        let mut hit = blank(kind, id.to_owned(), entry.name.clone());
        hit.url = format!("/{path}/{id}");
        hit.title_html = self.marker.whole(&entry.name);
        hit.snippet = self.marker.snippet(&entry.about);
        let part = ListedPart {
            other_names: entry.other_names.clone(),
            category: entry.category.clone(),
            owner: entry.owner_name.clone(),
            owner_id: entry.owner_id.clone(),
            division: entry.division.as_ref().map(ToString::to_string),
            what: entry.about.clone(),
            hotline: entry.phone.clone(),
            note: Some(entry.note.clone()).filter(|note| !note.is_empty()),
            websites: websites(self.generation, &entry.sites, true),
        };
        hit.listed.insert(kind, part);
        hit
    }

    fn regulation(&self, r: &RegulationEntry) -> Hit {
        let mut hit = blank("regulation", r.id.clone(), r.title.clone());
        hit.url = urls::regulation(&r.id);
        hit.title_html = self.marker.whole(&r.title);
        let date = r.version_date.map(|d| d.to_string());
        let parts = [Some(r.level.label().to_owned()), Some(r.issuers.join("、")), r.document_number.clone(), date];
        let line: Vec<String> = parts.into_iter().flatten().filter(|p| !p.is_empty()).collect();
        hit.snippet = self.marker.snippet(&line.join(" · "));
        hit.status = Some(r.status.label());
        let versions = self.generation.catalogue.versions(&r.work).filter(|v| v.division == r.division).count();
        hit.regulation = Some(RegulationPart { summary: summary(r), articles: r.articles, versions: versions as u32 });
        hit
    }
}

fn entrance_part(entrance: &FoldedEntrance) -> EntrancePart {
    let path = kind_named(&entrance.of).map_or("records", |kind| kind.path);
    let Entry { name, about, note, .. } = &entrance.entry;
    EntrancePart {
        name: name.clone(),
        what: if note.is_empty() { about.clone() } else { format!("{about}（{note}）") },
        url: format!("/{path}/{}", entrance.id),
    }
}

fn known(generation: &Generation, position: u64) -> Result<&RegulationEntry, SearchError> {
    facts(generation, position).ok_or_else(|| SearchError::Index(format!("目录中没有第 {position} 部法规")))
}

fn blank(kind: &'static str, id: String, title: String) -> Hit {
    Hit {
        id,
        kind,
        title,
        title_html: String::new(),
        snippet: String::new(),
        url: String::new(),
        score: 0.0,
        status: None,
        article: None,
        regulation: None,
        institution: None,
        division: None,
        web_name: None,
        listed: BTreeMap::new(),
        why: Vec::new(),
    }
}

fn summary(r: &RegulationEntry) -> RegulationSummary {
    RegulationSummary {
        level: r.level,
        validity: r.status,
        attested: r.status_by.is_some() || !matches!(r.status, Status::Superseded | Status::Repealed),
        issuers: r.issuers.clone(),
        document_number: r.document_number.clone(),
        version_date: r.version_date,
        division: r.division.clone(),
    }
}
