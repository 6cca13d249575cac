//! The graph of references: which article refers to which, in the law's own words.
//!
//! 依照《行政许可法》第十二条, 本法第三条, 前条: each is an edge from an article to an article, or to a regulation as a
//! whole, with its place in the text. The edges of a generation lie in one file of fixed-size rows, in the order of the
//! texts; a second order, by target, is made when they are loaded.

use std::{
    collections::{BTreeMap, HashSet},
    path::Path,
    sync::LazyLock,
};

use regex::Regex;
use serde::{Deserialize, Serialize};

use super::{
    IndexError,
    catalogue::Catalogue,
    citation::{self, Outcome},
    titles::Titles,
};
use record::{Article, ArticleNumber, DocumentKind, Regulation};
use text::{Pipeline, numerals, quoted_titles};

pub const EDGES_FILE: &str = "edges.bin";
pub const UNRESOLVED_FILE: &str = "unresolved.json";

/// What a reference is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
#[repr(u32)]
pub enum ReferenceKind {
    /// 依照《…》第…条
    Cites = 0,
    /// 本法第…条, 前条
    Internal = 1,
    /// 根据《…》制定本条例
    Basis = 2,
    /// 《…》同时废止
    Repeals = 3,
}

impl ReferenceKind {
    pub const ALL: [ReferenceKind; 4] = [Self::Cites, Self::Internal, Self::Basis, Self::Repeals];

    pub fn label(self) -> &'static str {
        match self {
            Self::Cites => "引用",
            Self::Internal => "本法内",
            Self::Basis => "制定依据",
            Self::Repeals => "废止",
        }
    }
}

/// An article, the same in every version of its regulation: by its number, or by its place where it has none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ArticleKey(u32);

/// From here on places of parts without a number; the longest law has 1,260 articles.
const UNNUMBERED: u32 = 1 << 31;

impl ArticleKey {
    /// What stands before the first article: how the text came about.
    pub const PREAMBLE: Self = Self(u32::MAX - 1);
    /// What stands after the last.
    pub const ATTACHMENT: Self = Self(u32::MAX);

    pub fn of(article: &Article, ordinal: usize) -> Self {
        article.number.map_or(Self(UNNUMBERED + ordinal as u32), Self::numbered)
    }

    pub fn numbered(number: ArticleNumber) -> Self {
        Self(number.number.min(UNNUMBERED / 100 - 1) * 100 + number.inserted.min(99))
    }

    fn number(self) -> Option<ArticleNumber> {
        (self.0 < UNNUMBERED).then_some(ArticleNumber { number: self.0 / 100, inserted: self.0 % 100 })
    }

    /// Last part of the article's path, see [`super::projection::slug`].
    pub fn slug(self) -> String {
        match (self, self.number()) {
            (Self::PREAMBLE, _) => "preamble".to_owned(),
            (Self::ATTACHMENT, _) => "attachment".to_owned(),
            (_, Some(n)) if n.inserted > 0 => format!("{}-{}", n.number, n.inserted),
            (_, Some(n)) => n.number.to_string(),
            (_, None) => format!("p{}", self.0 - UNNUMBERED + 1),
        }
    }

    /// 第十二条; 第3部分 for one without a number; 题注, 附件.
    pub fn label(self) -> String {
        match self {
            Self::PREAMBLE => "题注".to_owned(),
            Self::ATTACHMENT => "附件".to_owned(),
            _ => self.number().map_or_else(|| format!("第{}部分", self.0 - UNNUMBERED + 1), |n| n.to_string()),
        }
    }

    /// Position by which [`References::of_article`] knows a part that is no article.
    pub const fn ordinal(self) -> u32 {
        self.0
    }
}

/// One reference. Regulations are positions in the catalogue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Edge {
    /// Regulation, and position of the citing article in it; [`ArticleKey::ordinal`] for its preamble and its
    /// attachment.
    pub from: (u32, u32),
    pub from_article: ArticleKey,
    /// Bytes of the citing article's text.
    pub span: (u32, u32),
    pub to: u32,
    /// `None` for the regulation as a whole.
    pub article: Option<ArticleKey>,
    pub kind: ReferenceKind,
}

/// Numbers of a row: from, its article's position and place, the span's two ends, to, its article's place or 0, kind.
const ROW: usize = 8;

impl Edge {
    fn encode(&self) -> [u32; ROW] {
        let article = self.article.map_or(0, |place| place.0);
        [self.from.0, self.from.1, self.from_article.0, self.span.0, self.span.1, self.to, article, self.kind as u32]
    }

    fn decode(row: [u32; ROW]) -> Option<Self> {
        let [from, article, place, start, end, to, to_article, kind] = row;
        Some(Self {
            from: (from, article),
            from_article: ArticleKey(place),
            span: (start, end),
            to,
            article: (to_article > 0).then_some(ArticleKey(to_article)),
            kind: ReferenceKind::ALL.into_iter().find(|k| *k as u32 == kind)?,
        })
    }
}

/// A title or article that is referred to and not in the library.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unresolved {
    /// A title, or a title with an article that its text does not have.
    pub target: String,
    pub times: u32,
}

/// What could not be resolved.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnresolvedReferences {
    /// References to titles that the library does not have.
    pub titles: u64,
    /// References to articles that the text in force does not have.
    pub articles: u64,
    /// The most frequent ones.
    pub most: Vec<Unresolved>,
}

/// Unresolved targets kept by name.
const MAX_UNRESOLVED: usize = 100;

/// Ends of the titles of regulations.
const REGULATION_ENDS: [&str; 16] = [
    "法", "条例", "规定", "办法", "细则", "决定", "解释", "规则", "章程", "准则", "批复", "通知", "意见", "公约",
    "协定", "）",
];

/// Where a reference leads before all texts have been seen.
enum Target {
    Regulation(u32),
    Article(u32, ArticleNumber),
    Unknown(String),
}

/// Gathers the references of one regulation after the other.
pub struct Gatherer<'a> {
    pipeline: &'a Pipeline,
    titles: &'a Titles,
    catalogue: &'a Catalogue,
    found: Vec<(Edge, Target)>,
    /// Articles that there are.
    places: HashSet<(u32, ArticleKey)>,
}

/// 第十二条, 本法第十二条之一, 前条.
static OWN: LazyLock<Regex> = LazyLock::new(|| {
    let pattern = r"(?:本(?:法|条例|办法|规定|解释|细则|决定|规则|规程|章程))?第(?P<n>[零〇一二两三四五六七八九十百千0-9]{1,12})条(?:之(?P<i>[一二三四五六七八九十]{1,3}))?|(?P<before>前[两二三]?条)";
    Regex::new(pattern).unwrap_or_else(|error| unreachable!("a fixed pattern: {error}"))
});

impl<'a> Gatherer<'a> {
    pub fn new(pipeline: &'a Pipeline, titles: &'a Titles, catalogue: &'a Catalogue) -> Self {
        Self { pipeline, titles, catalogue, found: Vec::new(), places: HashSet::new() }
    }

    /// Takes the regulation at a position of the catalogue.
    pub fn add(&mut self, position: u32, r: &Regulation) {
        self.add_articles(position, r);
        // An amendment's bare 第五条 is the amended regulation's.
        let own = match r.document_kind {
            DocumentKind::Amendment | DocumentKind::Abolition => self.amended(&r.title),
            _ => Some(position),
        };
        for (article, ordinal) in r.articles.iter().zip(0u32..) {
            let text = article.text.as_str();
            if text.contains('《') || text.contains("第") && text.contains('条') || text.contains("前条") {
                let place = ArticleKey::of(article, ordinal as usize);
                let covered = self.add_titled((position, ordinal), place, text);
                self.add_bare((position, ordinal), place, own, r, (text, &covered));
            }
        }
        // Bare numbers there are those of forms and of amendments, and lead nowhere for certain.
        for (place, text) in [(ArticleKey::PREAMBLE, &r.preamble), (ArticleKey::ATTACHMENT, &r.attachment)] {
            if text.contains('《') {
                self.add_titled((position, place.ordinal()), place, text);
            }
        }
    }

    /// Takes only the articles that a regulation has, for references to it.
    pub fn add_articles(&mut self, position: u32, r: &Regulation) {
        self.places.extend(r.articles.iter().enumerate().map(|(at, article)| (position, ArticleKey::of(article, at))));
    }

    /// Ids of regulations of which articles are referred to and that were not taken.
    pub fn cited_elsewhere(&self) -> Vec<String> {
        let known: HashSet<u32> = self.places.iter().map(|(regulation, _)| *regulation).collect();
        let cited = self.found.iter().filter_map(|(_, target)| match target {
            Target::Article(to, _) if !known.contains(to) => self.catalogue.at(*to),
            _ => None,
        });
        let ids: std::collections::BTreeSet<String> = cited.map(|r| r.id.clone()).collect();
        ids.into_iter().collect()
    }

    /// The one regulation that a title quotes.
    fn amended(&self, title: &str) -> Option<u32> {
        let mut quoted = quoted_titles(title);
        let work = self.titles.work(&self.pipeline.key(quoted.next()?))?;
        quoted.next().is_none().then(|| self.current(work)).flatten()
    }

    /// Position of the version of a work that a bare title means.
    fn current(&self, work: &str) -> Option<u32> {
        let entry = self.catalogue.current_version(work)?;
        Some(entry.position)
    }

    /// References that name a title, 《甲法》第一条; the bytes that they cover.
    fn add_titled(&mut self, from: (u32, u32), from_article: ArticleKey, text: &str) -> Vec<(usize, usize)> {
        let mut covered: Vec<(usize, usize)> = Vec::new();
        for cited in citation::find(self.pipeline, self.titles, text) {
            let (start, end) = with_brackets(text, cited.span);
            covered.push((start, end));
            let (target, to) = match &cited.outcome {
                Outcome::UnknownTitle(title) => (Target::Unknown(title.clone()), 0),
                Outcome::Work(work) => match (self.current(work), cited.article) {
                    (None, _) => continue,
                    (Some(to), None) => (Target::Regulation(to), to),
                    (Some(to), Some(number)) => (Target::Article(to, number), to),
                },
            };
            let own = to == from.0 && !matches!(target, Target::Unknown(_));
            // A title that a regulation gives itself is no reference.
            if own && cited.article.is_none() {
                continue;
            }
            let kind = if own { ReferenceKind::Internal } else { kind(text, start, end) };
            let span = (start as u32, end as u32);
            self.found.push((Edge { from, from_article, span, to, article: None, kind }, target));
        }
        covered
    }

    /// References to the regulation's own articles, 本法第一条, 前条; in an amendment, to the amended regulation's.
    fn add_bare(
        &mut self,
        from: (u32, u32),
        from_article: ArticleKey,
        own: Option<u32>,
        r: &Regulation,
        (text, covered): (&str, &[(usize, usize)]),
    ) {
        let Some(to) = own else { return };
        for found in OWN.captures_iter(text) {
            let Some(all) = found.get(0) else { continue };
            let taken = covered.iter().any(|(start, end)| *start < all.end() && all.start() < *end);
            if taken || after_a_title(text, all.start()) {
                continue;
            }
            let kind = if to == from.0 { ReferenceKind::Internal } else { ReferenceKind::Cites };
            let span = (all.start() as u32, all.end() as u32);
            let edge = |target| (Edge { from, from_article, span, to, article: None, kind }, target);
            if let Some(before) = found.name("before") {
                // 前两条 leads to the nearer of the two; whoever follows it reads upward.
                if let Some(number) = r.articles.get((from.1 as usize).wrapping_sub(1)).and_then(|a| a.number)
                    && to == from.0
                    && before.as_str().starts_with('前')
                {
                    self.found.push(edge(Target::Article(to, number)));
                }
                continue;
            }
            let read = |name: &str| found.name(name).and_then(|m| numerals::parse(m.as_str()));
            let Some(number) = read("n") else { continue };
            let number = ArticleNumber { number, inserted: read("i").unwrap_or(0) };
            self.found.push(edge(Target::Article(to, number)));
        }
    }

    /// The edges in the order of the texts, and what could not be resolved.
    pub fn finish(self) -> (Vec<Edge>, UnresolvedReferences) {
        let mut edges = Vec::with_capacity(self.found.len());
        let mut unresolved = UnresolvedReferences::default();
        let mut times: BTreeMap<String, u32> = BTreeMap::new();
        for (edge, target) in self.found {
            match target {
                Target::Regulation(to) => edges.push(Edge { to, ..edge }),
                Target::Article(to, number) => match self.places.get(&(to, ArticleKey::numbered(number))) {
                    Some(place) => edges.push(Edge { to, article: Some(place.1), ..edge }),
                    None => {
                        unresolved.articles += 1;
                        let title = self.catalogue.at(to).map_or("", |r| r.work.as_str());
                        *times.entry(format!("《{title}》{number}")).or_default() += 1;
                        // The regulation itself is there.
                        edges.push(edge);
                    }
                },
                // 《营业执照》 is quoted as a regulation is, and is none.
                Target::Unknown(title) if !REGULATION_ENDS.iter().any(|end| title.ends_with(end)) => {}
                Target::Unknown(title) => {
                    unresolved.titles += 1;
                    *times.entry(format!("《{title}》")).or_default() += 1;
                }
            }
        }
        edges.sort_by_key(|e| (e.from, e.span));
        let mut most: Vec<Unresolved> = times.into_iter().map(|(target, times)| Unresolved { target, times }).collect();
        most.sort_by(|a, b| b.times.cmp(&a.times).then_with(|| a.target.cmp(&b.target)));
        most.truncate(MAX_UNRESOLVED);
        unresolved.most = most;
        (edges, unresolved)
    }
}

/// Whether a bare number follows a title, and so is that regulation's: 《甲法》及其实施条例第三条.
fn after_a_title(text: &str, at: usize) -> bool {
    /// Bytes looked back over: eight characters.
    const BACK: usize = 24;
    let mut from = at.saturating_sub(BACK);
    while !text.is_char_boundary(from) {
        from += 1;
    }
    text[from..at].rfind('》').is_some_and(|close| !text[from + close..at].contains(['，', '。', '；', '\n']))
}

/// A title's span with the brackets around it.
fn with_brackets(text: &str, span: std::ops::Range<usize>) -> (usize, usize) {
    let start = if text[..span.start].ends_with('《') { span.start - '《'.len_utf8() } else { span.start };
    let end = if text[span.end..].starts_with('》') { span.end + '》'.len_utf8() } else { span.end };
    (start, end)
}

fn kind(text: &str, start: usize, end: usize) -> ReferenceKind {
    let sentence_end = text[end..].find(['。', '\n']).map_or(text.len(), |at| end + at);
    let before = &text[text[..start].rfind(['。', '\n']).map_or(0, |at| at)..start];
    let after = &text[end..sentence_end];
    if after.contains("废止") && !after.contains('《') || after.starts_with("同时废止") || before.contains("废止")
    {
        ReferenceKind::Repeals
    } else if (before.contains("根据") || before.contains("依据")) && after.contains("制定") {
        ReferenceKind::Basis
    } else {
        ReferenceKind::Cites
    }
}

/// The files' content.
pub fn encode(edges: &[Edge], unresolved: &UnresolvedReferences) -> Result<Vec<(&'static str, Vec<u8>)>, IndexError> {
    let bytes = edges.iter().flat_map(Edge::encode).flat_map(u32::to_le_bytes).collect();
    Ok(vec![(EDGES_FILE, bytes), (UNRESOLVED_FILE, serde_json::to_vec(unresolved)?)])
}

/// The graph of a generation.
#[derive(Debug, Default)]
pub struct References {
    /// In the order of the texts.
    edges: Vec<Edge>,
    /// Places in `edges` by target.
    by_target: Vec<u32>,
    pub unresolved: UnresolvedReferences,
}

impl References {
    pub fn open(dir: &Path) -> Result<Self, IndexError> {
        let read = |name: &str| {
            let path = dir.join(name);
            std::fs::read(&path).map_err(|e| IndexError::io(&path, e))
        };
        let damaged = |name: &str| IndexError::Damaged {
            path: dir.join(name).display().to_string(),
            reason: "不是完整的引用关系".into(),
        };
        let bytes = read(EDGES_FILE)?;
        let numbers: Vec<u32> = bytes.chunks_exact(4).map(|b| u32::from_le_bytes([b[0], b[1], b[2], b[3]])).collect();
        if bytes.len() % (4 * ROW) != 0 {
            return Err(damaged(EDGES_FILE));
        }
        let edges: Option<Vec<Edge>> =
            numbers.chunks_exact(ROW).map(|row| row.try_into().ok().and_then(Edge::decode)).collect();
        let unresolved = serde_json::from_slice(&read(UNRESOLVED_FILE)?).map_err(|_| damaged(UNRESOLVED_FILE))?;
        Ok(Self::new(edges.ok_or_else(|| damaged(EDGES_FILE))?, unresolved))
    }

    pub fn new(edges: Vec<Edge>, unresolved: UnresolvedReferences) -> Self {
        let mut by_target: Vec<u32> = (0..edges.len() as u32).collect();
        by_target.sort_by_key(|at| {
            let edge = &edges[*at as usize];
            (edge.to, edge.article, edge.from, edge.span)
        });
        Self { edges, by_target, unresolved }
    }

    pub fn len(&self) -> usize {
        self.edges.len()
    }

    /// In the order of the texts.
    pub fn iter(&self) -> impl Iterator<Item = &Edge> {
        self.edges.iter()
    }

    pub fn is_empty(&self) -> bool {
        self.edges.is_empty()
    }

    /// References of a regulation's articles, in the order of its text.
    pub fn of_regulation(&self, regulation: u32) -> &[Edge] {
        let from = self.edges.partition_point(|e| e.from.0 < regulation);
        let to = self.edges.partition_point(|e| e.from.0 <= regulation);
        &self.edges[from..to]
    }

    /// References of one article.
    pub fn of_article(&self, regulation: u32, article: u32) -> &[Edge] {
        let of_regulation = self.of_regulation(regulation);
        let from = of_regulation.partition_point(|e| e.from.1 < article);
        let to = of_regulation.partition_point(|e| e.from.1 <= article);
        &of_regulation[from..to]
    }

    /// References to a regulation: to the whole of it, then to its articles in order.
    pub fn to_regulation(&self, regulation: u32) -> impl ExactSizeIterator<Item = &Edge> {
        let key = |at: &u32| self.edges[*at as usize].to;
        let from = self.by_target.partition_point(|at| key(at) < regulation);
        let to = self.by_target.partition_point(|at| key(at) <= regulation);
        self.by_target[from..to].iter().map(|at| &self.edges[*at as usize])
    }

    /// References to one article.
    pub fn to_article(&self, regulation: u32, article: ArticleKey) -> impl Iterator<Item = &Edge> {
        self.to_regulation(regulation).filter(move |e| e.article == Some(article))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use super::*;
    use crate::{
        catalogue::Positions,
        survey::{Facts, Survey},
    };
    use record::{Body, Date, Record, samples};
    use text::{Normalizer, Pinyin, Segmenter};

    fn regulation(title: &str, kind: DocumentKind, articles: &[&str]) -> Record {
        let mut record = samples::law(title, Date::constant(2020, 1, 1), articles);
        if let Body::Regulation(r) = &mut record.body {
            r.document_kind = kind;
        }
        record
    }

    /// Where each reference of the texts leads, in words.
    fn told(records: &[Record]) -> (Vec<String>, UnresolvedReferences) {
        let pipeline = Pipeline {
            normalizer: Normalizer::new(&HashMap::new()),
            segmenter: Segmenter::new(&[], &[""; 0]),
            pinyin: Pinyin::default(),
        };
        let mut survey = Survey::default();
        records.iter().for_each(|r| survey.add(r));
        let catalogue = survey.catalogue(Facts::default(), Date::constant(2026, 1, 1), &Positions::default());
        let titles = Titles::new(&catalogue, &pipeline, &HashMap::new()).unwrap();
        let mut gatherer = Gatherer::new(&pipeline, &titles, &catalogue);
        for record in records {
            if let (Some(at), Body::Regulation(r)) = (catalogue.position(&record.id), &record.body) {
                gatherer.add(at, r);
            }
        }
        let (edges, unresolved) = gatherer.finish();
        let dir = tempfile::tempdir().unwrap();
        for (file, bytes) in encode(&edges, &unresolved).unwrap() {
            std::fs::write(dir.path().join(file), bytes).unwrap();
        }
        let references = References::open(dir.path()).unwrap();
        assert_eq!(references.len(), edges.len(), "what is written is read");
        let title = |at: u32| catalogue.at(at).unwrap().work.clone();
        let text = |e: &Edge| {
            let record = records.iter().find(|r| r.id == catalogue.at(e.from.0).unwrap().id).unwrap();
            let Body::Regulation(r) = &record.body else { unreachable!() };
            let text = match e.from_article {
                ArticleKey::PREAMBLE => &r.preamble,
                ArticleKey::ATTACHMENT => &r.attachment,
                _ => &r.articles[e.from.1 as usize].text,
            };
            text[e.span.0 as usize..e.span.1 as usize].to_owned()
        };
        let told = edges.iter().map(|e| {
            assert!(references.to_regulation(e.to).any(|other| other == e));
            assert!(references.of_article(e.from.0, e.from.1).contains(e));
            let article = e.article.map_or(String::new(), ArticleKey::label);
            let from = match e.from_article {
                ArticleKey::PREAMBLE | ArticleKey::ATTACHMENT => e.from_article.label(),
                _ => (e.from.1 + 1).to_string(),
            };
            format!("{from} {} → {}{article} {}", text(e), title(e.to), e.kind.label())
        });
        (told.collect(), unresolved)
    }

    #[test]
    fn references_of_every_sort_are_found() {
        let texts = [
            "根据《中华人民共和国甲法》，制定本条例。",
            "依照《甲法》第一条、第二条和本条例第一条的规定办理；违反前条的，依照第一条处理。",
            "《无此法》第三条适用。本条例第九条另有规定的除外。",
            "本条例自公布之日起施行。《丙条例》同时废止。",
        ];
        let (told, unresolved) = told(&[
            regulation("中华人民共和国甲法", DocumentKind::Regulation, &["甲一。", "甲二。"]),
            regulation("乙条例", DocumentKind::Regulation, &texts),
            regulation("丙条例", DocumentKind::Regulation, &["丙一。"]),
        ]);
        assert_eq!(
            told,
            [
                "1 《中华人民共和国甲法》 → 甲法 制定依据",
                "2 《甲法》第一条 → 甲法第一条 引用",
                "2 第二条 → 甲法第二条 引用",
                "2 本条例第一条 → 乙条例第一条 本法内",
                "2 前条 → 乙条例第一条 本法内",
                "2 第一条 → 乙条例第一条 本法内",
                "3 本条例第九条 → 乙条例 本法内",
                "4 《丙条例》 → 丙条例 废止",
            ]
        );
        assert_eq!((unresolved.titles, unresolved.articles), (1, 1));
        assert!(unresolved.most.iter().any(|u| u.target == "《无此法》"));
    }

    #[test]
    fn preambles_and_attachments_refer_by_title_alone() {
        let mut citing = regulation("乙条例", DocumentKind::Regulation, &["乙一。"]);
        let Body::Regulation(r) = &mut citing.body else { unreachable!() };
        r.preamble = "2020年1月1日公布 根据《甲法》第二条修订".into();
        r.attachment = "附表：按《中华人民共和国甲法》和第一条填写".into();
        let (told, _) =
            told(&[regulation("中华人民共和国甲法", DocumentKind::Regulation, &["甲一。", "甲二。"]), citing]);
        assert_eq!(told, ["题注 《甲法》第二条 → 甲法第二条 引用", "附件 《中华人民共和国甲法》 → 甲法 引用"]);
    }

    #[test]
    fn an_amendments_bare_numbers_are_the_amended_regulations() {
        let (told, _) = told(&[
            regulation("中华人民共和国甲法", DocumentKind::Regulation, &["甲一。", "甲二。"]),
            regulation("关于修改《中华人民共和国甲法》的决定", DocumentKind::Amendment, &["将第二条修改为：“丁”。"]),
        ]);
        assert_eq!(told, ["1 第二条 → 甲法第二条 引用"]);
    }

    #[test]
    fn damage_is_told() {
        let dir = tempfile::tempdir().unwrap();
        std::fs::write(dir.path().join(EDGES_FILE), [0u8; 27]).unwrap();
        std::fs::write(dir.path().join(UNRESOLVED_FILE), "{}").unwrap();
        assert!(matches!(References::open(dir.path()), Err(IndexError::Damaged { .. })));
    }
}
