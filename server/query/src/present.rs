//! What was found → the reply: cards, highlights, facets, why.

use std::collections::{BTreeMap, HashMap};

use indexer::{
    index::{Generation, catalogue::RegulationEntry, projection::DirectoryEntry},
    record::{DivisionCode, Entry, Institution, Status, Succession, kind_named},
    text::quoted,
};
use rustc_hash::FxHashMap;

use super::{
    SearchError,
    correct::Correction,
    highlight::{Marker, escape},
    hotlines,
    plan::{Plan, everyday},
    ranking::columns::Row,
    reply::*,
    request::{KindFilter, SearchRequest, Sort},
    run::{self, Answer, Content, Fault, Found, IN_TITLE, STRONG_NAME, explanation::Explanation, facts, library_entry},
    seat::{Seat, seat},
    sites::websites,
    understand::{Citation, FormerRegion, Outcome, Step, Understanding, What},
};
use crate::urls;

/// Articles before the norms whose titles hold the query: whoever types a matter wants the rule first, then the whole texts on it.
const BEFORE_TITLED: usize = 3;
/// Norms whose titles hold the query, between the articles; the others follow them.
const MAX_TITLED: usize = 3;
/// Versions named where the one that was asked for is not there.
const NAMED_VERSIONS: usize = 6;
/// Values shown of one facet.
const FACET_VALUES: usize = 12;

/// Makes hits out of answers, for one query.
pub struct Presenter<'g> {
    generation: &'g Generation,
    marker: Marker<'g>,
    /// What became of the division that was named, by the code of its successor.
    former: HashMap<String, String>,
    /// Whether it is asked how what is found is reached.
    contacts: bool,
    /// What speaks for articles, by norm and key.
    explanations: FxHashMap<(u64, u64), Explanation>,
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
        Self { generation, marker, former, contacts: u.contacts, explanations: FxHashMap::default() }
    }

    /// The same, telling what speaks for articles.
    pub fn explaining(self, explanations: &FxHashMap<(u64, u64), Explanation>) -> Self {
        Self { explanations: explanations.clone(), ..self }
    }

    /// The hit of an answer. A direct one carries the whole text of an article.
    pub fn hit(&self, answer: &Answer, direct: bool) -> Result<Hit, SearchError> {
        let mut hit = match &answer.content {
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
        hit.institution = Some(InstitutionPart {
            short_names: i.short_names.clone(),
            division: i.division.to_string(),
            division_name,
            category: i.category.label(),
            level: i.level,
            websites: websites(self.generation, &i.websites, i.category.has_own_names()),
            web_names: i.web_names.clone(),
            name_constructed: i.name_basis == indexer::record::NameBasis::Constructed,
            contacts: ContactsPart::of(&i.contacts),
            hotlines: None,
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

/// Puts the lists of a search into one order: names that are all but what was typed, then texts, then the rest.
pub fn merge(found: &mut Found, kind: KindFilter) -> Vec<Answer> {
    let take = |list: &mut Vec<Answer>| std::mem::take(list);
    match kind {
        KindFilter::Institution | KindFilter::Listed(_) => take(&mut found.institutions),
        KindFilter::Regulation => take(&mut found.regulations),
        KindFilter::Article => take(&mut found.articles),
        KindFilter::All => {
            let mut names = take(&mut found.institutions);
            names.extend(take(&mut found.regulations));
            names.sort_by(|a, b| b.score.total_cmp(&a.score));
            let weak = names.split_off(names.partition_point(|a| a.score >= STRONG_NAME));
            let (titled, weak): (Vec<Answer>, Vec<Answer>) = weak.into_iter().partition(|a| a.why == IN_TITLE);
            let mut articles = take(&mut found.articles).into_iter();
            names.extend(articles.by_ref().take(BEFORE_TITLED));
            let mut titled = titled.into_iter();
            names.extend(titled.by_ref().take(MAX_TITLED));
            names.extend(articles);
            names.extend(titled);
            names.extend(weak);
            names
        }
    }
}

/// Puts ranked answers into another order than that of their scores, which stays among equals.
pub fn sort(generation: &Generation, ranked: &mut [Answer], by: Sort) {
    let norm = |a: &Answer| match &a.content {
        Content::Regulation(position)
        | Content::Article { regulation: position, .. }
        | Content::Section { regulation: position, .. } => facts(generation, *position),
        Content::Directory(_) => None,
    };
    match by {
        Sort::Relevance => {}
        Sort::Date => ranked.sort_by_key(|a| std::cmp::Reverse(norm(a).and_then(|r| r.version_date))),
        Sort::Level => ranked.sort_by_key(|a| match &a.content {
            Content::Directory(DirectoryEntry::Institution { institution: i, .. }) => i.level as usize,
            _ => norm(a).map_or(usize::MAX, |r| r.level as usize),
        }),
    }
}

/// Counts over all ranked hits.
pub fn facets(generation: &Generation, found: &Found, request: &SearchRequest) -> Facets {
    let lists = KindFilter::all().into_iter().filter_map(|kind| match kind {
        KindFilter::All => None,
        KindFilter::Institution => Some((kind, found.institutions.iter().filter(|a| !is_listed(a, None)).collect())),
        KindFilter::Listed(name) => {
            Some((kind, found.institutions.iter().filter(|a| is_listed(a, Some(name))).collect::<Vec<_>>()))
        }
        KindFilter::Regulation => Some((kind, found.regulations.iter().collect())),
        KindFilter::Article => Some((kind, found.articles.iter().collect())),
    });
    let mut facets = Facets::default();
    let (mut level, mut region, mut status, mut year, mut topic) =
        (Tally::default(), Tally::default(), Tally::default(), Tally::default(), Tally::default());
    for (kind, answers) in lists {
        let (value, label) = (kind.name(), kind.label());
        let direct = found.direct.iter().filter(|a| kind_of(&a.content) == value).count() as u64;
        let count = answers.len() as u64 + direct;
        if count > 0 {
            facets.kind.push(FacetValue { value: value.into(), label: label.into(), count });
        }
        if request.kind != KindFilter::All && request.kind != kind {
            continue;
        }
        for answer in answers {
            match &answer.content {
                Content::Directory(DirectoryEntry::Institution { institution: i, .. }) => {
                    level.add(i.level.name(), i.level.label());
                    count_region(generation, request.region.as_ref(), Some(i.division.as_str()), &mut region);
                }
                Content::Directory(DirectoryEntry::Division { code }) => {
                    count_region(generation, request.region.as_ref(), Some(code), &mut region)
                }
                Content::Directory(DirectoryEntry::WebName { .. }) => {}
                Content::Directory(DirectoryEntry::Listed { entry, .. }) => {
                    count_region(
                        generation,
                        request.region.as_ref(),
                        entry.division.as_ref().map(|d| d.as_str()),
                        &mut region,
                    );
                }
                Content::Regulation(position)
                | Content::Article { regulation: position, .. }
                | Content::Section { regulation: position, .. } => {
                    let Some(r) = facts(generation, *position) else { continue };
                    level.add(r.level.label(), r.level.label());
                    status.add(r.status.label(), r.status.label());
                    r.topics.iter().for_each(|of| topic.add(of, of));
                    count_region(generation, request.region.as_ref(), r.division.as_deref(), &mut region);
                    if let Some(date) = r.version_date {
                        let text = date.year().to_string();
                        year.add(&text, &text);
                    }
                }
            }
        }
    }
    (facets.level, facets.region, facets.status, facets.year) =
        (level.into_values(), region.into_values(), status.into_values(), year.into_values());
    facets.topic = topic.into_values();
    // Years are looked for by their order, not by how much there is of each.
    facets.year.sort_by(|a, b| b.value.cmp(&a.value));
    facets
}

/// Whether an answer is of a general kind: of the one of a name, or of any.
fn is_listed(answer: &Answer, name: Option<&str>) -> bool {
    match &answer.content {
        Content::Directory(DirectoryEntry::Listed { of, .. }) => name.is_none_or(|name| name == of),
        _ => false,
    }
}

/// The name of an answer's kind, as in the reply.
fn kind_of(content: &Content) -> &'static str {
    match content {
        Content::Directory(DirectoryEntry::Institution { .. }) => "institution",
        Content::Directory(DirectoryEntry::Division { .. }) => "division",
        Content::Directory(DirectoryEntry::WebName { .. }) => "web_name",
        Content::Directory(DirectoryEntry::Listed { of, .. }) => kind_named(of).map_or("record", |kind| kind.name),
        Content::Regulation(_) | Content::Section { .. } => "regulation",
        Content::Article { .. } => "article",
    }
}

/// Counts a division where the reader may go on from: the provinces and the nation, or what lies right below the region
/// that was asked for, and the region itself.
fn count_region(generation: &Generation, within: Option<&DivisionCode>, division: Option<&str>, tally: &mut Tally) {
    let catalogue = &generation.catalogue;
    // Codes say where a division lies (GB/T 2260-2007, 4.1; GB/T 10114-2003, 4.2); walking up the tree would cost more.
    let place = |digits: usize| {
        let front = division?.get(..digits)?;
        catalogue.division(&format!("{front:0<6}")).filter(|d| d.code != "000000")
    };
    let known = within.map_or("", |region| region.significant());
    let place = match division {
        Some(code) if code.starts_with(known) => {
            // Districts of a municipality have no city above them.
            let below = [2, 4, 6, 9].into_iter().filter(|digits| *digits > known.len());
            let found = below.filter(|digits| known.is_empty() == (*digits == 2)).find_map(place);
            found.or_else(|| within.and_then(|_| catalogue.division(code)))
        }
        _ => None,
    };
    match (place, within) {
        (Some(place), _) => tally.add(&place.code, &place.name),
        (None, None) => tally.add("000000", "全国"),
        (None, Some(_)) => {}
    }
}

#[derive(Default)]
struct Tally(HashMap<String, (String, u64)>);

impl Tally {
    fn add(&mut self, value: &str, label: &str) {
        match self.0.get_mut(value) {
            Some((_, count)) => *count += 1,
            None => drop(self.0.insert(value.to_owned(), (label.to_owned(), 1))),
        }
    }

    fn into_values(self) -> Vec<FacetValue> {
        let mut values: Vec<FacetValue> =
            self.0.into_iter().map(|(value, (label, count))| FacetValue { value, label, count }).collect();
        values.sort_by(|a, b| b.count.cmp(&a.count).then_with(|| a.value.cmp(&b.value)));
        values.truncate(FACET_VALUES);
        values
    }
}

/// What was understood, for the reader.
pub fn echo(
    generation: &Generation,
    asked: &str,
    u: &Understanding,
    found: &Found,
    correction: Option<Correction>,
    hints: Vec<String>,
) -> Result<QueryEcho, SearchError> {
    let divisions = generation.catalogue.divisions();
    let mut intents = Vec::new();
    let mut push = |kind: &'static str, text: &str, meaning: String| {
        intents.push(IntentEcho { kind, text: text.to_owned(), meaning });
    };
    for address in &u.addresses {
        push("address", &address.text, address.host.clone());
    }
    for citation in &u.citations {
        let text = u.text.get(citation.span.clone()).unwrap_or_default();
        push("citation", text, canonical(generation, citation));
    }
    if let Some(number) = &u.document_number {
        push("document_number", &u.text, number.clone());
    }
    if let Some(code) = &u.credit_code {
        push("credit_code", &u.text, code.code.clone());
    }
    if let Some(code) = &u.division_code {
        push("division_code", code, generation.catalogue.division(code).map(|d| d.name.clone()).unwrap_or_default());
    }
    if let Some(work) = &u.title {
        push("title", &u.text, work.clone());
    }
    let name = |at: u32| divisions.get(at as usize).map(|d| d.name.clone()).unwrap_or_default();
    for at in &u.regions {
        push("region", &u.text, name(*at));
    }
    for region in &u.former.all {
        let code = region.division(generation).map(|d| d.code.as_str()).unwrap_or_default();
        let named = match &region.what {
            What::Former(_) => region.former(generation).map(|f| ("former_division", f.name.as_str())),
            What::OtherLevel(typed) => Some(("similar_division", typed.as_str())),
        };
        named.into_iter().for_each(|(kind, text)| push(kind, text, generation.catalogue.full_name(code)));
    }
    let matched = |code: &str| {
        found.direct.iter().any(|a| {
            matches!(&a.content, Content::Directory(DirectoryEntry::Institution { institution, .. })
                if institution.division.as_str() == code)
        })
    };
    for reading in &u.region_offices {
        if divisions.get(reading.division as usize).is_some_and(|d| matched(&d.code)) {
            push("region_body", &u.text, format!("{} + {}", name(reading.division), reading.body));
        }
    }
    if u.contacts {
        push("contacts", &u.text, "联系方式".to_owned());
    }
    for phrase in &u.phrases {
        push("phrase", phrase, phrase.clone());
    }
    if !u.words.is_empty() && !u.only_addresses {
        push("words", &u.words, generation.pipeline.segmenter.plain_words(&u.words).join(" "));
    }
    let notes = u.credit_code.iter().filter_map(|c| c.fault).map(|f| f.message().to_owned());
    let notes = notes.chain(missing(generation, u)?);
    let notes = hints.into_iter().chain(notes).chain(not_recorded(u, found)).collect();
    let (mut corrected, mut did_you_mean) = (None, Vec::new());
    if let Some(c) = correction {
        if !c.certain {
            did_you_mean.push(c.text.clone());
            did_you_mean.extend(c.others);
        }
        corrected = Some(c.text);
    }
    Ok(QueryEcho { text: asked.to_owned(), intents, corrected, did_you_mean, notes })
}

/// What was named for certain and is not in the data: said, rather than left to be guessed from the hits.
fn not_recorded(u: &Understanding, found: &Found) -> Option<String> {
    if let Some(law) = &u.former_law {
        let (old, new, year) = (&law.title, &law.successor, law.year);
        return Some(format!("《{old}》已不再施行，自 {year} 年起适用《{new}》；条的序号与原来不同，请按内容查找"));
    }
    if !found.direct.is_empty() {
        return None;
    }
    if let Some(number) = &u.document_number {
        return Some(format!("库中没有文号为“{number}”的法规"));
    }
    let code = u.credit_code.as_ref().filter(|c| c.fault.is_none())?;
    Some(format!("代码 {} 的两个校验位都正确，但资料中没有登记此代码的机构", code.code))
}

/// What was cited and is not there, each once, and what of a long list is not shown.
fn missing(generation: &Generation, u: &Understanding) -> Result<Vec<String>, SearchError> {
    let mut notes = Vec::new();
    let all = SearchRequest::new("");
    for citation in u.citations.iter().take(run::MAX_CITED) {
        let fault = run::cited(generation, citation, &all)?.err();
        notes.extend(fault.map(|fault| told(generation, citation, &fault)));
    }
    notes.dedup();
    let omitted: u32 = u.citations.iter().map(|c| c.omitted).sum();
    let omitted = omitted as usize + u.citations.len().saturating_sub(run::MAX_CITED);
    if omitted > 0 {
        notes.push(format!("所引的条文太多，另有 {omitted} 条没有列出，请到法规页面查看"));
    }
    Ok(notes)
}

/// Why a citation leads nowhere, for the reader.
fn told(generation: &Generation, citation: &Citation, fault: &Fault) -> String {
    let title = match &citation.outcome {
        Outcome::Work(title) | Outcome::UnknownTitle(title) => title,
    };
    let number = citation.article.map(|n| n.to_string()).unwrap_or_default();
    let text = citation.version.map_or_else(|| "现行文本".to_owned(), |year| format!(" {year} 年文本"));
    match fault {
        Fault::UnknownTitle => format!("库中没有《{title}》，请核对标题"),
        Fault::NoVersion(year) => {
            let versions = generation.catalogue.versions(title).filter_map(|r| r.version_date);
            let versions: Vec<String> = versions.take(NAMED_VERSIONS).map(|day| day.to_string()).collect();
            format!("库中没有《{title}》{year} 年的文本，有的文本日期是：{}", versions.join("、"))
        }
        Fault::NoArticle => format!("《{title}》的{text}没有{number}"),
        Fault::Deleted => format!("《{title}》{number}已经删去，{}没有内容", text.trim_start()),
        Fault::NoSection => format!("《{title}》的{text}没有{}", section_label(citation)),
    }
}

fn section_label(citation: &Citation) -> String {
    citation.section.iter().map(|step| step.label()).collect()
}

/// 《中华人民共和国行政许可法》第十二条第一款.
pub fn canonical(generation: &Generation, citation: &Citation) -> String {
    let title = match &citation.outcome {
        Outcome::Work(work) => run::regulation_of(generation, citation).map_or(work.as_str(), |r| r.title.as_str()),
        Outcome::UnknownTitle(title) => title,
    };
    let number = citation.article.map(|n| n.to_string()).unwrap_or_default();
    let within = citation.within.label().unwrap_or_default();
    format!("{}{}{number}{within}", quoted(title), section_label(citation))
}

/// The steps, for `explain=1`.
pub fn explain(generation: &Generation, u: &Understanding, plan: &Plan, found: &Found) -> serde_json::Value {
    let articles = found.articles.iter().filter_map(|answer| {
        let Content::Article { regulation, key, .. } = &answer.content else { return None };
        let explanation = found.explanations.get(&(*regulation, *key))?;
        let columns = Row::NAMES.iter().zip(explanation.row.values()).filter(|(_, value)| *value != 0.0);
        Some(serde_json::json!({
            "regulation": facts(generation, *regulation).map(|r| &r.id),
            "key": key,
            "score": answer.score,
            "asked": explanation.asked,
            "columns": columns.map(|(name, value)| ((*name).to_owned(), value.into())).collect::<serde_json::Map<_, _>>(),
        }))
    });
    serde_json::json!({
        "articles": articles.collect::<Vec<_>>(),
        "understand": format!("{u:?}"),
        "plan": format!("{plan:?}"),
        "run": {
            "direct": found.direct.len(),
            "institutions": found.institutions.len(),
            "regulations": found.regulations.len(),
            "articles": found.articles.len(),
        },
        "ranking": {
            "weights": plan.ranking.weights,
            "trees": plan.ranking.trees.as_ref().map(|trees| trees.len()),
            "validity": Status::ALL.map(|s| (s.label(), super::ranking::validity::factor(s, true, plan.ranking.weights.validity))),
        },
    })
}
