//! Second pass: a record becomes the documents of the two indexes.

use std::collections::{BTreeSet, HashMap};

use serde::{Deserialize, Serialize};
use tantivy::TantivyDocument;

use super::{
    catalogue::{Catalogue, DivisionEntry, RegulationEntry},
    citation::Step,
    completions::{Completion, CompletionKind},
    fields::{DirectoryFields, DocKind, LibraryFields, doc_kind},
    office_key::OfficeKeys,
    references::ArticleKey,
    stored,
    summary::Summary,
    survey,
};
use record::{
    Article, ArticleNumber, Body, Category, Date, Division, DivisionCode, DivisionLevel, Entry, Evidence, Institution,
    InstitutionLevel, Record, Regulation, RegulationLevel, Status, Succession, WebName, Website,
};
use text::{
    Pipeline,
    dictionaries::{Dictionaries, ShortForms},
    names::without_country,
};

/// The former names that lead to a division, other than those among its aliases already.
fn former_names(d: &DivisionEntry) -> impl Iterator<Item = &String> {
    let leads_here = d.former.iter().filter(|f| f.succession != Succession::Unknown && f.name != d.name);
    leads_here.map(|f| &f.name).filter(|name| !d.aliases.contains(name)).collect::<BTreeSet<_>>().into_iter()
}

/// The term under which a number is found that answers for a field of work. No institution's key begins so.
pub fn answers_term(field: &str) -> String {
    format!("tel:{field}")
}

/// The term under which a number is found by a word for its field of life, given as a key. No institution's key begins
/// so either.
pub fn field_term(word: &str) -> String {
    format!("field:{word}")
}

/// The term under which an event is found that names an institution, whether it ended, began or changed. No
/// institution's key begins so either.
pub fn event_term(name: &str) -> String {
    format!("event:{}", without_country(name))
}

/// More than the rank of any office's completion.
const BEHIND_OFFICES: u32 = 8 * InstitutionLevel::ALL.len() as u32;

/// What a directory document keeps for its answer.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DirectoryEntry {
    Institution {
        id: String,
        institution: Box<Institution>,
    },
    Division {
        code: String,
    },
    WebName {
        id: String,
        web_name: Box<WebName>,
    },
    /// A record of a kind that the directory knows in general; `of` is the kind's name.
    Listed {
        id: String,
        of: String,
        entry: Box<Entry>,
    },
}

/// What a library document keeps for its answer; the regulation's own facts are in the catalogue.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct LibraryEntry {
    pub regulation_id: String,
    /// `None` for the regulation itself.
    pub article: Option<ArticleEntry>,
    /// Text of the article, or the preamble of the regulation.
    pub text: String,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ArticleEntry {
    /// Position in the regulation, from 0.
    pub ordinal: u32,
    pub label: String,
    /// Last part of its path: 12, 120-1; p3 for a part without a number.
    pub slug: String,
    /// Outermost first.
    pub headings: Vec<String>,
}

/// Makes documents; borrows what the first pass settled.
pub struct Projection<'a> {
    pub directory: &'a DirectoryFields,
    pub library: &'a LibraryFields,
    pub catalogue: &'a Catalogue,
    pub pipeline: &'a Pipeline,
    pub known_offices: &'a OfficeKeys,
    /// Former names by the successor's full name, from the dictionaries.
    pub former_names: HashMap<&'a str, Vec<&'a str>>,
    /// What names that are gone were usually shortened to.
    pub short_forms: &'a ShortForms,
    pub today: Date,
}

impl Projection<'_> {
    /// The directory's document of a record; `None` where it has none.
    pub fn directory_document(&self, record: &Record) -> Option<TantivyDocument> {
        match &record.body {
            Body::Institution(i) => Some(self.institution(&record.id, i)),
            Body::Division(d) => Some(self.division(d)),
            // People look for a Chinese name by its words; a Latin one is read as an address.
            Body::WebName(w) => w.is_chinese().then(|| self.web_name(&record.id, w)),
            body => body.entry().map(|entry| self.listed(record, entry)),
        }
    }

    pub fn institution(&self, id: &str, i: &Institution) -> TantivyDocument {
        let f = self.directory;
        let mut doc = TantivyDocument::default();
        doc.add_text(f.id, id);
        doc.add_u64(f.kind, DocKind::Institution as u64);
        doc.add_text(f.name, &i.name);
        if let Some(bare) = i.name.strip_prefix("中华人民共和国").filter(|rest| !rest.is_empty()) {
            doc.add_text(f.short_name, bare);
        }
        for name in &i.short_names {
            doc.add_text(f.short_name, name);
            // 工商联 without 全国: people leave out what goes without saying of a national association.
            let national = i.category == Category::MassOrganization && i.level == InstitutionLevel::Central;
            let bare = ["全国", "中国"].iter().find_map(|lead| name.strip_prefix(lead)).filter(|_| national);
            if let Some(bare) = bare {
                doc.add_text(f.short_name, bare);
            }
        }
        for name in &i.former_names {
            doc.add_text(f.former_name, name);
            for short in self.short_forms.of(name) {
                doc.add_text(f.former_name, &short);
                self.add_directory_name(&mut doc, &short);
            }
        }
        for name in self.former_names.get(i.name.as_str()).into_iter().flatten() {
            doc.add_text(f.former_name, name);
            self.add_directory_name(&mut doc, name);
        }
        for name in i.names() {
            self.add_directory_name(&mut doc, name);
        }
        for host in i.websites.iter().map(|w| &w.host) {
            doc.add_text(f.host, host);
        }
        for name in &i.web_names {
            if let Ok(ascii) = idna::domain_to_ascii(name) {
                doc.add_text(f.host, ascii);
            }
        }
        if let Some(code) = &i.credit_code {
            doc.add_text(f.credit_code, code);
        }
        if let Some(parent) = &i.parent_id {
            doc.add_text(f.parent, parent);
        }
        for key in survey::office_keys(self.known_offices, self.catalogue, &self.pipeline.normalizer, i) {
            if let Some(root) = self.known_offices.root(&key) {
                doc.add_text(f.office, format!("~{root}"));
            }
            doc.add_text(f.office, &key);
        }
        let level = InstitutionLevel::ALL.iter().position(|l| *l == i.level).unwrap_or_default();
        self.add_place(&mut doc, i.division.as_str(), level as u64);
        let entry = DirectoryEntry::Institution { id: id.to_owned(), institution: Box::new(i.clone()) };
        self.add_entry(&mut doc, Summary::write(self.pipeline, id, i), &entry);
        doc
    }

    /// How the box completes an institution's name: higher institutions first, of each place its government, then those
    /// whose site is known. Hosts complete it too: who types moe.g begins to type one. Schools,
    /// hospitals and the like follow the offices: whoever types a region's name has not begun to type theirs.
    pub fn completion(&self, id: &str, i: &Institution) -> Completion {
        let level = InstitutionLevel::ALL.iter().position(|l| *l == i.level).unwrap_or_default() as u32;
        let path: Vec<&str> = self.catalogue.path(i.division.as_str()).iter().map(|d| d.name.as_str()).collect();
        Completion {
            kind: CompletionKind::Institution,
            of: String::new(),
            id: id.to_owned(),
            text: i.name.clone(),
            detail: if path.is_empty() { "全国".to_owned() } else { path.join(" ") },
            other_names: i
                .short_names
                .iter()
                .chain(&i.former_names)
                .cloned()
                .chain(self.without_level_word(i))
                .chain(hosts(&i.websites))
                .collect(),
            rank: u32::from(i.category.has_own_names()) * BEHIND_OFFICES
                + level * 8
                + u32::from(!i.name.ends_with("人民政府")) * 4
                + u32::from(i.websites.is_empty()) * 2
                + u32::from(i.category != Category::Government),
        }
    }

    /// 遵义财政局 for 遵义市财政局: people leave out the word for the level of the place.
    fn without_level_word(&self, i: &Institution) -> Option<String> {
        let division = self.catalogue.division(i.division.as_str())?;
        let office = i.name.strip_prefix(&division.name).filter(|_| division.name != division.short_name)?;
        Some(format!("{}{office}", division.short_name))
    }

    /// Divisions, works and everyday words, which the catalogue and the dictionaries hold.
    pub fn standing_completions(&self, dictionaries: &Dictionaries) -> Vec<Completion> {
        let divisions = self.catalogue.divisions().iter().filter_map(|d| self.division_completion(&d.code));
        let mut works: Vec<&str> = self.catalogue.works().collect();
        works.sort_unstable();
        let works = works.into_iter().filter_map(|work| self.work_completion(work));
        let everyday = dictionaries.colloquial.iter().map(|(word, legal)| Completion {
            kind: CompletionKind::Everyday,
            of: String::new(),
            id: String::new(),
            text: word.clone(),
            detail: legal.join("、"),
            other_names: Vec::new(),
            rank: word.chars().count() as u32,
        });
        divisions.chain(works).chain(everyday).collect()
    }

    /// How the box completes a division's name; the nation's is not asked for.
    pub fn division_completion(&self, code: &str) -> Option<Completion> {
        let d = self.catalogue.division(code).filter(|d| d.level != DivisionLevel::Nation)?;
        let path = self.catalogue.path(code);
        let above: Vec<&str> = path.iter().rev().skip(1).rev().map(|d| d.name.as_str()).collect();
        Some(Completion {
            kind: CompletionKind::Division,
            of: String::new(),
            id: d.code.clone(),
            text: d.name.clone(),
            detail: above.join(" "),
            other_names: d.aliases.iter().chain(former_names(d)).cloned().collect(),
            rank: DivisionLevel::ALL.iter().position(|l| *l == d.level).unwrap_or_default() as u32,
        })
    }

    /// How the box completes a work's title: by the version that a bare title means.
    pub fn work_completion(&self, work: &str) -> Option<Completion> {
        let r = self.catalogue.current_version(work)?;
        let behind = u32::from(r.division.is_some()) * 2 + u32::from(r.status != Status::InForce) * 4;
        Some(Completion {
            kind: CompletionKind::Regulation,
            of: String::new(),
            id: r.id.clone(),
            text: r.title.clone(),
            detail: String::new(),
            other_names: vec![r.work.clone()],
            // What is cited more is asked for more.
            rank: (behind << 16) + (u32::from(u16::MAX) - r.cited.min(u32::from(u16::MAX))),
        })
    }

    pub fn division(&self, d: &Division) -> TantivyDocument {
        let f = self.directory;
        let mut doc = TantivyDocument::default();
        let code = d.code.as_str();
        doc.add_text(f.id, code);
        doc.add_u64(f.kind, DocKind::Division as u64);
        doc.add_text(f.name, &d.name);
        if d.short_name != d.name {
            doc.add_text(f.short_name, &d.short_name);
        }
        for name in d.aliases.iter() {
            doc.add_text(f.short_name, name);
        }
        for name in &d.former_names {
            doc.add_text(f.former_name, name);
        }
        for name in std::iter::once(&d.name).chain(&d.former_names) {
            self.add_directory_name(&mut doc, name);
        }
        let level = DivisionLevel::ALL.iter().position(|l| *l == d.level).unwrap_or_default();
        self.add_place(&mut doc, code, level as u64);
        self.add_entry(&mut doc, String::new(), &DirectoryEntry::Division { code: code.to_owned() });
        doc
    }

    pub fn web_name(&self, id: &str, w: &WebName) -> TantivyDocument {
        let f = self.directory;
        let mut doc = TantivyDocument::default();
        doc.add_text(f.id, id);
        doc.add_u64(f.kind, DocKind::WebName as u64);
        doc.add_text(f.host, &w.ascii);
        doc.add_text(f.name, &w.name);
        doc.add_text(f.words, &w.name);
        doc.add_text(f.bigrams, &w.name);
        doc.add_text(f.bigrams, &w.institution_name);
        doc.add_u64(f.level, 0);
        doc.add_u64(f.province, 0);
        let entry = DirectoryEntry::WebName { id: id.to_owned(), web_name: Box::new(w.clone()) };
        self.add_entry(&mut doc, String::new(), &entry);
        doc
    }

    fn listed(&self, record: &Record, mut entry: Entry) -> TantivyDocument {
        let f = self.directory;
        // What no longer holds is nobody's duty.
        if entry.is_over(self.today) {
            entry.passages.clear();
        }
        // Names that were given up are found by what people called them too.
        let of_name = |name: &String| self.short_forms.of(without_country(name));
        let short: Vec<String> = entry.asked_as.iter().filter(|_| entry.happened.is_some()).flat_map(of_name).collect();
        let (id, kind) = (record.id.as_str(), record.body.info());
        let mut doc = TantivyDocument::default();
        doc.add_text(f.id, id);
        doc.add_u64(f.kind, doc_kind(kind));
        doc.add_text(f.name, &entry.name);
        self.add_directory_name(&mut doc, &entry.name);
        for name in entry.other_names.iter().chain(&entry.asked_as).chain(&short) {
            doc.add_text(f.short_name, name);
            self.add_directory_name(&mut doc, name);
        }
        doc.add_text(f.words, &entry.about);
        for passage in &entry.passages {
            doc.add_text(f.passages, &passage.text);
        }
        for site in &entry.sites {
            doc.add_text(f.host, &site.host);
        }
        if let Some(owner) = &entry.owner_id {
            doc.add_text(f.parent, owner);
        }
        if let Some(happened) = &entry.happened {
            let mut names: Vec<String> =
                happened.from.iter().chain(&happened.to).chain([&entry.owner_name]).map(|n| event_term(n)).collect();
            names.sort_unstable();
            names.dedup();
            names.iter().for_each(|name| doc.add_text(f.office, name));
        }
        for field in entry.answers_for.iter().flat_map(|owner| self.known_offices.systems(owner)) {
            doc.add_text(f.office, answers_term(&field));
        }
        for word in &entry.fields {
            doc.add_text(f.office, field_term(&self.pipeline.key(word)));
        }
        let nation = DivisionCode::nation();
        let division = entry.division.as_ref().unwrap_or(&nation);
        let level = InstitutionLevel::ALL.iter().position(|l| *l == InstitutionLevel::of(division)).unwrap_or_default();
        self.add_place(&mut doc, division.as_str(), level as u64);
        // Offices find it on the line of this one too.
        let line = Some(record.body.shared_on()).filter(|line| record.body.is_shared() && line != division);
        line.into_iter().for_each(|line| doc.add_text(f.division, line.as_str()));
        let summary = Summary::write_listed(self.pipeline, id, kind, &entry);
        let entry = DirectoryEntry::Listed { id: id.to_owned(), of: kind.name.to_owned(), entry: Box::new(entry) };
        self.add_entry(&mut doc, summary, &entry);
        doc
    }

    /// How the box completes the name of a record of a general kind.
    pub fn listed_completion(&self, record: &Record) -> Option<Completion> {
        let entry = record.body.entry()?;
        let local = entry.division.as_ref().is_some_and(|division| !division.is_nation());
        let rank = u32::from(local) * BEHIND_NUMBERS + number_rank(&entry);
        let others = entry.other_names.into_iter().chain(entry.asked_as).chain(entry.fields);
        Some(Completion {
            kind: CompletionKind::Listed,
            id: record.id.clone(),
            text: entry.name,
            detail: entry.about,
            other_names: others.chain(hosts(&entry.sites)).collect(),
            rank,
            of: record.body.kind().to_owned(),
        })
    }

    /// The regulation itself, then each of its articles.
    pub fn regulation<'r>(
        &'r self,
        facts: &'r RegulationEntry,
        r: &'r Regulation,
    ) -> impl Iterator<Item = TantivyDocument> + 'r {
        let whole = std::iter::once_with(move || self.regulation_itself(facts, r));
        let mut headings = HeadingStack::new(r);
        let articles = r.articles.iter().enumerate().map(move |(ordinal, article)| {
            let above = headings.above(ordinal);
            let mut doc = self.article(facts, ordinal, article, above);
            for path in headings.opened.drain(..) {
                section_keys(&path).for_each(|key| doc.add_text(self.library.section, key));
            }
            doc
        });
        whole.chain(articles)
    }

    fn regulation_itself(&self, facts: &RegulationEntry, r: &Regulation) -> TantivyDocument {
        let f = self.library;
        let mut doc = self.entry_of(DocKind::Regulation, facts);
        doc.add_text(f.title, &r.title);
        doc.add_text(f.title, &facts.work);
        doc.add_text(f.title_words, &r.title);
        doc.add_text(f.title_bigrams, &r.title);
        let work = self.pipeline.normalizer.text(&facts.work);
        doc.add_text(f.pinyin, self.pipeline.pinyin.full(&work));
        if let Some(number) = &r.document_number {
            doc.add_text(f.document_number, number);
        }
        let entry = LibraryEntry {
            regulation_id: facts.id.clone(),
            article: None,
            text: first_chars(&r.preamble, PREAMBLE_CHARS),
        };
        self.add_library_entry(&mut doc, &entry);
        doc
    }

    fn article(
        &self,
        facts: &RegulationEntry,
        ordinal: usize,
        article: &Article,
        headings: Vec<String>,
    ) -> TantivyDocument {
        let f = self.library;
        let mut doc = self.entry_of(DocKind::Article, facts);
        // A deleted article is looked up by its number, and is no answer to words.
        if !article.is_deleted() {
            let content = format!("{}\n{}\n{}\n{}", facts.title, headings.join("\n"), article.label, article.text);
            doc.add_text(f.words, &content);
            doc.add_text(f.bigrams, &content);
        }
        doc.add_u64(f.article, article.number.map_or_else(|| part_key(ordinal), article_key));
        let entry = LibraryEntry {
            regulation_id: facts.id.clone(),
            article: Some(ArticleEntry {
                ordinal: ordinal as u32,
                label: article.label.clone(),
                slug: slug(article, ordinal),
                headings,
            }),
            text: article.text.clone(),
        };
        self.add_library_entry(&mut doc, &entry);
        doc
    }

    fn entry_of(&self, kind: DocKind, facts: &RegulationEntry) -> TantivyDocument {
        let f = self.library;
        let mut doc = TantivyDocument::default();
        doc.add_u64(f.kind, kind as u64);
        doc.add_u64(f.regulation, u64::from(facts.position));
        doc.add_u64(f.level, RegulationLevel::ALL.iter().position(|l| *l == facts.level).unwrap_or_default() as u64);
        doc.add_u64(f.status, Status::ALL.iter().position(|s| *s == facts.status).unwrap_or_default() as u64);
        doc.add_u64(f.date, facts.version_date.map_or(0, day_number));
        doc.add_u64(f.province, facts.division.as_deref().map_or(0, province_number));
        for topic in &facts.topics {
            doc.add_text(f.topic, topic);
        }
        if let Some(division) = &facts.division {
            for above in self.catalogue.path(division) {
                doc.add_text(f.region, &above.code);
            }
        }
        doc
    }

    fn add_directory_name(&self, doc: &mut TantivyDocument, name: &str) {
        let f = self.directory;
        doc.add_text(f.words, name);
        doc.add_text(f.bigrams, name);
        let key = self.pipeline.key(name);
        doc.add_text(f.pinyin, self.pipeline.pinyin.full(&key));
        doc.add_text(f.initials, self.pipeline.pinyin.initials(&key));
    }

    fn add_place(&self, doc: &mut TantivyDocument, division: &str, level: u64) {
        let f = self.directory;
        doc.add_text(f.division, division);
        for above in self.catalogue.path(division) {
            doc.add_text(f.region, &above.code);
        }
        doc.add_u64(f.level, level);
        doc.add_u64(f.province, province_number(division));
    }

    fn add_entry(&self, doc: &mut TantivyDocument, summary: String, entry: &DirectoryEntry) {
        doc.add_text(self.directory.entry, summary + &stored::encode(entry));
    }

    fn add_library_entry(&self, doc: &mut TantivyDocument, entry: &LibraryEntry) {
        doc.add_text(self.library.entry, stored::encode(entry));
    }
}

/// The names of sites, as people begin to type them; none that nobody has attested, or over which sources disagree,
/// since what is offered before the whole is typed is taken for right.
fn hosts(sites: &[Website]) -> impl Iterator<Item = String> + '_ {
    let attested = sites.iter().filter(|site| !matches!(site.evidence, Evidence::Claimed | Evidence::Disputed));
    let hosts = attested.map(|site| site.host.strip_prefix("www.").unwrap_or(&site.host));
    // Who types 123 begins a number to call.
    hosts.filter(|host| !host.starts_with(|c: char| c.is_ascii_digit())).map(str::to_owned)
}

/// Ranks of numbers: those that answer today before what was merged into them, and of each the ones that more words of
/// everyday life lead to.
const MERGED: u32 = 100;
const MOST_FIELDS: u32 = 98;
/// Ranks of what is not the whole country's begin here.
const BEHIND_NUMBERS: u32 = 2 * MERGED;

/// 0 but for what is called by its number: 12333, 12345.
fn number_rank(entry: &Entry) -> u32 {
    if !entry.phone.as_ref().is_some_and(|number| entry.name.starts_with(number.as_str())) {
        return 0;
    }
    let merged = u32::from(entry.answers_for.is_none()) * MERGED;
    merged + 1 + MOST_FIELDS - (entry.fields.len() as u32).min(MOST_FIELDS)
}

/// Length of a preamble kept with a regulation for its snippet, in characters; the page shows the record's own.
const PREAMBLE_CHARS: usize = 400;

fn first_chars(text: &str, n: usize) -> String {
    text.chars().take(n).collect()
}

/// Last part of an article's path: 12, 120-1; `p3` (from 1) for a part without a number.
pub fn slug(article: &Article, ordinal: usize) -> String {
    ArticleKey::of(article, ordinal).slug()
}

/// An article's number as one value, the same in every version of its regulation.
pub fn article_key(number: ArticleNumber) -> u64 {
    u64::from(number.number) * 1_000 + u64::from(number.inserted)
}

/// Likewise for a part without a number, above every number's key.
fn part_key(ordinal: usize) -> u64 {
    1_000_000_000_000 + ordinal as u64
}

/// 2024-11-10 → 20241110, as the date column holds it.
pub fn day_number(date: Date) -> u64 {
    (i64::from(date.year()) * 10_000 + i64::from(date.month()) * 100 + i64::from(date.day())).unsigned_abs()
}

/// First two digits of a division's code; 0 for the nation.
pub fn province_number(code: &str) -> u64 {
    code.get(..2).and_then(|digits| digits.parse().ok()).unwrap_or(0)
}

/// A heading by its way from the outermost: 编2/章3.
pub fn section_key(path: &[Step]) -> String {
    let steps: Vec<String> = path.iter().map(|step| format!("{}{}", step.unit.label(), step.number)).collect();
    steps.join("/")
}

/// The ways in which people name a heading: the last step with any of those above it. 刑法 第二章第一节 leaves the 编
/// out.
fn section_keys(path: &[Step]) -> impl Iterator<Item = String> {
    /// 编, 分编, 章, 节: no law has more levels, and each doubles the ways.
    const LEVELS: usize = 4;
    let path = &path[path.len().saturating_sub(LEVELS)..];
    let above = path.len().saturating_sub(1);
    (0..1u32 << above).map(move |chosen| {
        let steps = path.iter().enumerate().filter(|(at, _)| *at == above || chosen >> at & 1 == 1);
        section_key(&steps.map(|(_, step)| *step).collect::<Vec<_>>())
    })
}

/// The headings above each article, walked once in order.
struct HeadingStack<'a> {
    regulation: &'a Regulation,
    next: usize,
    open: Vec<(u8, &'a str)>,
    /// Numbered headings that open at the article, each with its way from the outermost.
    opened: Vec<Vec<Step>>,
}

impl<'a> HeadingStack<'a> {
    fn new(regulation: &'a Regulation) -> Self {
        Self { regulation, next: 0, open: Vec::new(), opened: Vec::new() }
    }

    fn above(&mut self, article: usize) -> Vec<String> {
        while let Some(heading) = self.regulation.headings.get(self.next).filter(|h| h.first_article <= article) {
            self.open.retain(|(depth, _)| *depth < heading.depth);
            self.open.push((heading.depth, &heading.title));
            let path: Vec<Option<Step>> = self.open.iter().map(|(_, title)| Step::of_heading(title)).collect();
            if path.last().is_some_and(Option::is_some) {
                self.opened.push(path.into_iter().flatten().collect());
            }
            self.next += 1;
        }
        self.open.iter().map(|(_, title)| (*title).to_owned()).collect()
    }
}
