//! Bases of powers and duties against the library: does the article stand, and are its words the ones quoted?
//!
//! [`record::basis`] reads what a list writes. Here each place is looked up in the version of its regulation that is in
//! force; words that are not there are looked for in its other articles and in earlier versions, so that what was
//! amended is distinguished from what was never written. Nothing is claimed of regulations that the library does not have.

mod meant;
mod quotations;
mod regulation_text;
mod within;
mod words;

#[cfg(test)]
mod tests;

use std::{collections::HashMap, sync::Arc};

use self::words::{ArticleWords, Words};
pub use self::{
    meant::{Meant, Named, counterpart, meant, meant_now, taken},
    quotations::Quotations,
    regulation_text::RegulationText,
};
use crate::{
    catalogue::{Catalogue, RegulationEntry},
    citation::{self, Step, Within},
    titles::Titles,
};
use record::{
    Article, ArticleNumber, Date, DivisionCode, DocumentKind, RegulationLevel, Status,
    basis::{CitedRegulation, NotedDay, Passage},
};
use text::{Pipeline, dictionaries::FormerLaw};

/// Days from the adoption of a regulation to its publication at most: lists name either day, the library one of them.
const ADOPTED_BEFORE: i32 = 92;
/// Articles at the end of a regulation among which is the one that says from when it applies.
const CLOSING: usize = 6;
/// How much more of the words another article has to have than the one of the same number, to be the one that they went
/// to.
const NEARER: f32 = 0.03;

/// The regulations to compare with.
pub struct Library<'a> {
    pub pipeline: &'a Pipeline,
    pub titles: &'a Titles,
    pub catalogue: &'a Catalogue,
    /// Laws that others have replaced, by the key of their title.
    pub former: &'a HashMap<String, FormerLaw>,
    /// The text of a version by its id.
    pub texts: &'a dyn Fn(&str) -> Option<Arc<RegulationText>>,
}

/// What became of a basis.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Outcome {
    /// The place is in the text in force, with the words quoted where some are.
    Standing,
    /// Only the regulation is named, and it is in force.
    WholeRegulation,
    /// The words are in force under another number.
    Moved,
    /// The words are those of an earlier version, or the place was taken out.
    Amended,
    /// The place is there, and the words are those of no version.
    Misquoted,
    Repealed,
    /// No version of the regulation has the place.
    NoSuchPlace,
    /// The library's copy of the regulation breaks off before the place.
    IncompleteText,
    /// The regulation is that of another region.
    OtherRegion,
    /// The library does not have the regulation.
    UnknownRegulation,
    /// An annex, or a place that nobody could read: not compared.
    NotCompared,
}

impl Outcome {
    pub const ALL: [Outcome; 11] = [
        Self::Standing,
        Self::WholeRegulation,
        Self::Moved,
        Self::Amended,
        Self::Misquoted,
        Self::Repealed,
        Self::NoSuchPlace,
        Self::IncompleteText,
        Self::OtherRegion,
        Self::UnknownRegulation,
        Self::NotCompared,
    ];

    pub fn label(self) -> &'static str {
        match self {
            Self::Standing => "现行一致",
            Self::WholeRegulation => "现行有效，未写条款",
            Self::Moved => "条号已变",
            Self::Amended => "已修改",
            Self::Misquoted => "引文有出入",
            Self::Repealed => "已废止",
            Self::NoSuchPlace => "条文不存在",
            Self::IncompleteText => "库中文本不全",
            Self::OtherRegion => "外地法规",
            Self::UnknownRegulation => "库中没有该法",
            Self::NotCompared => "未能核对",
        }
    }

    pub fn name(self) -> &'static str {
        match self {
            Self::Standing => "standing",
            Self::WholeRegulation => "whole_norm",
            Self::Moved => "moved",
            Self::Amended => "amended",
            Self::Misquoted => "misquoted",
            Self::Repealed => "repealed",
            Self::NoSuchPlace => "no_such_place",
            Self::IncompleteText => "incomplete_text",
            Self::OtherRegion => "other_region",
            Self::UnknownRegulation => "unknown_norm",
            Self::NotCompared => "not_compared",
        }
    }

    /// Whether somebody has to look at it.
    pub fn needs_care(self) -> bool {
        !matches!(
            self,
            Self::Standing | Self::WholeRegulation | Self::IncompleteText | Self::UnknownRegulation | Self::NotCompared
        )
    }

    /// Whether the regulation was found and the place in one of its versions.
    pub fn is_resolved(self) -> bool {
        matches!(
            self,
            Self::Standing | Self::WholeRegulation | Self::Moved | Self::Amended | Self::Misquoted | Self::Repealed
        )
    }
}

/// One place of one regulation, with what became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    pub outcome: Outcome,
    /// Title, place and words as the list has them.
    pub title: String,
    pub place: String,
    pub quote: String,
    /// The version that it was compared with: in force, or the newest where none is.
    pub regulation: Option<String>,
    pub level: Option<RegulationLevel>,
    /// The article in that version: the place's own, or the one that has its words now.
    pub article: Option<ArticleNumber>,
    /// The earlier version that has the words.
    pub earlier: Option<String>,
    /// What repealed it.
    pub by: Option<String>,
    /// The words before and now, where they differ.
    pub was: String,
    pub now: String,
    /// For a reader: why.
    pub reason: String,
}

/// Every place of a regulation. `division` is that of the institution whose basis it is.
pub fn check(library: &Library<'_>, cited: &CitedRegulation, division: &DivisionCode) -> Vec<Finding> {
    let whole = [Passage { place: String::new(), quote: String::new() }];
    let passages = if cited.passages.is_empty() { &whole[..] } else { &cited.passages };
    let versions = match versions_for(library, &cited.title, division) {
        Ok(versions) => versions,
        Err((Outcome::UnknownRegulation, reason)) => {
            let (outcome, reason, by) =
                replaced(library, &cited.title).unwrap_or((Outcome::UnknownRegulation, reason, None));
            let found = |passage| Finding { by: by.clone(), ..blank(cited, passage, outcome, reason.clone()) };
            return passages.iter().map(found).collect();
        }
        Err((outcome, reason)) => {
            return passages.iter().map(|passage| blank(cited, passage, outcome, reason.clone())).collect();
        }
    };
    let versions: Vec<Version<'_>> = versions.into_iter().map(|entry| Version { entry, text: None }).collect();
    let mut compared = Compared { library, versions, cited };
    passages.iter().map(|passage| compared.passage(passage)).collect()
}

fn blank(cited: &CitedRegulation, passage: &Passage, outcome: Outcome, reason: String) -> Finding {
    Finding {
        outcome,
        title: cited.title.clone(),
        place: passage.place.clone(),
        quote: passage.quote.clone(),
        regulation: None,
        level: None,
        article: None,
        earlier: None,
        by: None,
        was: String::new(),
        now: String::new(),
        reason,
    }
}

/// The versions of a regulation that an institution of a division may mean, newest first: national ones, or those of
/// the nearest division above it.
fn versions_for<'a>(
    library: &Library<'a>,
    title: &str,
    division: &DivisionCode,
) -> Result<Vec<&'a RegulationEntry>, (Outcome, String)> {
    let unknown = || (Outcome::UnknownRegulation, "库中没有这部法规，不能核对".to_owned());
    let work = library.titles.work(&library.pipeline.key(title));
    let work =
        work.or_else(|| library.titles.work(&library.pipeline.key(&record::work_key(title)))).ok_or_else(unknown)?;
    let all: Vec<&RegulationEntry> = library.catalogue.versions(work).collect();
    let reach = |entry: &RegulationEntry| match &entry.division {
        None => Some(0),
        Some(code) => {
            let own: DivisionCode = code.parse().ok()?;
            own.covers(division).then(|| own.significant().len())
        }
    };
    let national = all.iter().any(|entry| entry.division.is_none());
    let nearest = if national { Some(0) } else { all.iter().filter_map(|entry| reach(entry)).max() };
    let Some(nearest) = nearest else {
        let place = all.first().and_then(|entry| entry.division.as_deref()).unwrap_or_default();
        let place = library.catalogue.full_name(place);
        return Err((Outcome::OtherRegion, format!("库中只有{place}的同名法规，在本地不适用")));
    };
    let mut meant: Vec<_> = all.into_iter().filter(|entry| reach(entry) == Some(nearest)).collect();
    meant.sort_by(|a, b| b.version_date.cmp(&a.version_date).then_with(|| a.id.cmp(&b.id)));
    Ok(meant)
}

/// What is said of a regulation that the library does not have and that another has replaced, and the other's text in
/// force.
fn replaced(library: &Library<'_>, title: &str) -> Option<(Outcome, String, Option<String>)> {
    let key = |title: &str| library.pipeline.key(&record::work_key(title));
    let law = library.former.get(&key(title))?;
    let successor = library.titles.work(&key(&law.successor));
    let versions: Vec<&RegulationEntry> =
        successor.map(|work| library.catalogue.versions(work).filter(|v| v.division.is_none()).collect())?;
    let by = versions.iter().find(|version| version.status == Status::InForce)?;
    let reason = format!("《{}》自 {} 年起不再施行，今《{}》；条号不相沿用", law.title, law.year, law.successor);
    Some((Outcome::Repealed, reason, Some(by.id.clone())))
}

struct Version<'a> {
    entry: &'a RegulationEntry,
    /// Read when it is needed.
    text: Option<Option<Arc<RegulationText>>>,
}

/// A regulation while its places are compared.
struct Compared<'l, 'a> {
    library: &'l Library<'a>,
    /// Newest first; never empty.
    versions: Vec<Version<'a>>,
    cited: &'l CitedRegulation,
}

impl<'a> Compared<'_, 'a> {
    fn text(&mut self, at: usize) -> Option<Arc<RegulationText>> {
        let texts = self.library.texts;
        let version = self.versions.get_mut(at)?;
        version.text.get_or_insert_with(|| texts(&version.entry.id)).clone()
    }

    /// The version in force, or the newest.
    fn present(&self) -> usize {
        self.versions.iter().position(|version| version.entry.status == Status::InForce).unwrap_or(0)
    }

    fn passage(&mut self, passage: &Passage) -> Finding {
        let at = self.present();
        let entry = self.versions[at].entry;
        let mut finding = blank(self.cited, passage, Outcome::NotCompared, String::new());
        finding.regulation = Some(entry.id.clone());
        finding.level = Some(entry.level);
        let Some(text) = self.text(at) else {
            finding.reason = "库中没有它的正文".into();
            return finding;
        };
        self.place(&mut finding, at, &text);
        if entry.status == Status::Repealed {
            finding.outcome = Outcome::Repealed;
            finding.by.clone_from(&entry.status_by);
            finding.reason.clone_from(&entry.status_reason);
        } else if entry.status == Status::Superseded && finding.outcome == Outcome::Standing {
            finding.outcome = Outcome::Amended;
            finding.reason = "来源所载为历史版本，库中没有现行文本".into();
        }
        finding
    }

    /// Looks the place up in a text and compares the words.
    fn place(&mut self, finding: &mut Finding, at: usize, text: &RegulationText) {
        let place = self.library.pipeline.normalizer.normalized(&finding.place).text;
        let numbers = citation::articles(&place);
        if numbers.is_empty() {
            return self.without_article(finding, &place, text);
        }
        finding.article = numbers.first().map(|(number, _)| *number);
        let quote = Words::of(&finding.quote);
        let articles = found(text, &numbers);
        let whole = articles.len() == distinct(&numbers);
        if whole && quote.are_in(&articles) {
            return self.within(finding, at, &articles, &numbers, &quote);
        }
        if let Some(other) = elsewhere(text, &quote) {
            finding.outcome = Outcome::Moved;
            finding.reason = format!("现行文本的{}是这些话", other.article.label);
            finding.article = other.article.number;
            return;
        }
        if let Some((earlier, words)) = self.earlier(at, &numbers, &quote) {
            return self.amended(finding, text, &articles, Some((earlier, words)));
        }
        let version = self.cited.version();
        let present = self.versions[at].entry;
        let adopted = |now: Date| now.checked_sub(jiff::Span::new().days(ADOPTED_BEFORE)).unwrap_or(now);
        let older = |noted: NotedDay| present.version_date.is_some_and(|now| noted.last() < adopted(now));
        let held = version.is_some_and(|noted| self.versions.iter().any(|v| is_of(v.entry, noted)));
        if !whole {
            let gone = || self.versions.get(at).is_some() && version.is_some_and(older) && !held;
            if let Some(last) = breaks_off_before(text, &numbers) {
                finding.outcome = Outcome::IncompleteText;
                finding.article = None;
                finding.reason =
                    format!("库中的文本到{last}为止，没有写何时施行的条文，看来不全：不能核对，不是清单的错");
            } else if gone() {
                finding.outcome = Outcome::NoSuchPlace;
                finding.reason = "现行文本没有这一条，库中没有所引的旧文本".into();
            } else {
                finding.outcome = Outcome::NoSuchPlace;
                finding.reason = missing(text, &numbers);
            }
            return;
        }
        if version.is_some_and(older) && !held {
            return self.amended(finding, text, &articles, None);
        }
        if let Some(closer) = self.closer(at, &numbers, &quote, &articles) {
            return self.amended(finding, text, &articles, Some(closer));
        }
        finding.outcome = Outcome::Misquoted;
        finding.reason = "引文与现行文本不同，也不是库中任何旧文本的话".into();
        finding.was.clone_from(&finding.quote);
        let own: Vec<Option<ArticleNumber>> = articles.iter().map(|placed| placed.article.number).collect();
        match corresponding(text, &quote, &articles).filter(|near| !own.contains(&near.number)) {
            Some(near) => {
                finding.reason.push_str(&format!("，近于现行文本的{}", near.label));
                finding.article = near.number;
                finding.now.clone_from(&near.text);
            }
            None => {
                finding.now = joined(&articles);
                if let Some(says) = within::missing(&articles, &numbers) {
                    finding.outcome = Outcome::NoSuchPlace;
                    finding.reason = format!("{says}；{}", finding.reason);
                }
            }
        }
    }

    /// Of words that the articles have: whether they are those of the paragraphs and items named.
    fn within(
        &mut self,
        finding: &mut Finding,
        at: usize,
        articles: &[ArticleWords<'_>],
        numbers: &[(ArticleNumber, Within)],
        quote: &Words,
    ) {
        let stands = outside(articles, numbers, quote);
        if let Some(says) = within::missing(articles, numbers) {
            finding.outcome = Outcome::NoSuchPlace;
            finding.reason = match &stands {
                Some((_, stands)) => format!("{says}；引文在{stands}"),
                None => says,
            };
            return;
        }
        finding.outcome = Outcome::Standing;
        let Some((number, stands)) = stands else { return };
        let named = numbers.iter().find(|(own, _)| *own == number).and_then(|(_, within)| within.label());
        let named = named.unwrap_or_default();
        let Some(earlier) = self.stood_there(at, numbers, quote) else {
            finding.outcome = Outcome::Misquoted;
            finding.reason = format!("引文在{number}{stands}，不在所引的{named}");
            return;
        };
        finding.outcome = Outcome::Moved;
        finding.reason = format!("引文现在{number}{stands}，{earlier} 文本中在{named}");
    }

    /// The day of the newest earlier version that has the words in the paragraphs and items named.
    fn stood_there(&mut self, at: usize, numbers: &[(ArticleNumber, Within)], quote: &Words) -> Option<Date> {
        (at + 1..self.versions.len()).find_map(|other| {
            let text = self.text(other)?;
            let articles = found(&text, numbers);
            let stood = articles.len() == distinct(numbers)
                && quote.are_in(&articles)
                && within::missing(&articles, numbers).is_none()
                && outside(&articles, numbers, quote).is_none();
            self.versions[other].entry.version_date.filter(|_| stood)
        })
    }

    /// The newest earlier version that has the words at the place, and its text there.
    fn earlier(&mut self, at: usize, numbers: &[(ArticleNumber, Within)], quote: &Words) -> Option<(String, String)> {
        for other in at + 1..self.versions.len() {
            let Some(text) = self.text(other) else { continue };
            let articles = found(&text, numbers);
            if articles.len() == distinct(numbers) && quote.are_in(&articles) {
                return Some((self.versions[other].entry.id.clone(), joined(&articles)));
            }
        }
        None
    }

    /// The earlier version whose words at the place are clearly nearer to the quotation than those in force, where it
    /// is one with slips.
    fn closer(
        &mut self,
        at: usize,
        numbers: &[(ArticleNumber, Within)],
        quote: &Words,
        present: &[ArticleWords<'_>],
    ) -> Option<(String, String)> {
        let share = |articles: &[ArticleWords<'_>]| articles.iter().map(|a| quote.share(*a)).fold(0.0, f32::max);
        let now = share(present);
        let mut best: Option<(f32, usize, String)> = None;
        for other in at + 1..self.versions.len() {
            let Some(text) = self.text(other) else { continue };
            let articles = found(&text, numbers);
            let then = share(&articles);
            if then >= words::SAME && then > now + NEARER && best.as_ref().is_none_or(|(known, ..)| then > *known) {
                best = Some((then, other, joined(&articles)));
            }
        }
        best.map(|(_, other, words)| (self.versions[other].entry.id.clone(), words))
    }

    fn amended(
        &self,
        finding: &mut Finding,
        text: &RegulationText,
        own: &[ArticleWords<'_>],
        earlier: Option<(String, String)>,
    ) {
        finding.outcome = Outcome::Amended;
        let present = self.versions[self.present()].entry;
        let day = |day: Option<Date>| day.map(|day| day.to_string()).unwrap_or_default();
        let quote = Words::of(&finding.quote);
        // What stands word for word in the older version has become of that, and not of the words quoted.
        let old = earlier.as_ref().and_then(|(id, _)| (self.library.texts)(id));
        let taken = old.map(|old| taken(&old, text)).unwrap_or_default();
        let is_free = |article: &Article| article.number.is_none_or(|number| !taken.contains(&number));
        match corresponding_of(text, &quote, own, is_free) {
            Some(article) => {
                finding.article = article.number;
                finding.now.clone_from(&article.text);
            }
            // Without words the articles of the same numbers are all there is to compare with.
            None if quote.is_empty() => finding.now = joined(own),
            None => finding.article = None,
        }
        match earlier {
            Some((id, words)) => {
                let old = self.library.catalogue.regulation(&id).and_then(|entry| entry.version_date);
                let own = Words::bare(&words);
                let says = if quote.are_in_bare(&own) { "是" } else { "近于" };
                let (old, now) = (day(old), day(present.version_date));
                finding.reason = format!("引文{says} {old} 文本的话，现行为 {now} 文本");
                finding.was = if finding.quote.is_empty() { words } else { finding.quote.clone() };
                finding.earlier = Some(id);
            }
            None => {
                let cited = self.cited.version().map(|noted| noted.to_string()).unwrap_or_default();
                let now = day(present.version_date);
                finding.reason = format!("所引为 {cited} 文本，库中没有；现行为 {now} 文本，文字不同");
                finding.was.clone_from(&finding.quote);
            }
        }
        if finding.now.is_empty() {
            finding.reason.push_str("，没有找到文字相近的条文");
        }
    }

    /// Headings, annexes, and regulations without a place.
    fn without_article(&self, finding: &mut Finding, place: &str, text: &RegulationText) {
        let sections = citation::sections(place);
        if !sections.is_empty() {
            let has = |path: &Vec<Step>| {
                let Some(last) = path.last() else { return false };
                text.regulation.headings.iter().any(|heading| Step::of_heading(&heading.title) == Some(*last))
            };
            let missing: Vec<String> =
                sections.iter().filter(|path| !has(path)).filter_map(|path| path.last()).map(|s| s.label()).collect();
            finding.outcome = if missing.is_empty() { Outcome::Standing } else { Outcome::NoSuchPlace };
            if !missing.is_empty() {
                finding.reason = format!("现行文本没有{}", missing.join("、"));
            }
            return;
        }
        if place.is_empty() || place.starts_with("全文") {
            let quote = Words::of(&finding.quote);
            match elsewhere(text, &quote) {
                Some(article) => {
                    finding.outcome = Outcome::Standing;
                    finding.article = article.article.number;
                }
                None => {
                    finding.outcome = Outcome::WholeRegulation;
                    finding.reason = "没有写明条款".into();
                }
            }
            return;
        }
        let quote = Words::of(&finding.quote);
        if !quote.is_empty() && quote.are_in_bare(text.annex()) {
            finding.outcome = Outcome::Standing;
        } else {
            finding.reason = "附件的内容没有核对".into();
        }
    }
}

/// Whether a day is one of a version's.
fn is_of(entry: &RegulationEntry, noted: NotedDay) -> bool {
    [entry.version_date, entry.published].into_iter().flatten().any(|day| noted.is(day))
}

/// The last article of a text that has none on when it applies, as every law, regulation and rule has: such a copy has
/// lost its end, and what is cited lies behind it. Other documents may go without: 国发〔2020〕1号, what courts or the
/// Party issue.
fn breaks_off_before(text: &RegulationText, numbers: &[(ArticleNumber, Within)]) -> Option<ArticleNumber> {
    let regulation = &text.regulation;
    let has_a_closing_article = regulation.document_kind == DocumentKind::Regulation
        && matches!(
            regulation.level,
            RegulationLevel::Law
                | RegulationLevel::AdministrativeRegulation
                | RegulationLevel::LocalRegulation
                | RegulationLevel::DepartmentRule
                | RegulationLevel::LocalGovernmentRule
        );
    let last =
        regulation.articles.iter().filter_map(|article| article.number).max().filter(|_| has_a_closing_article)?;
    let applies = |article: &Article| {
        ["起施行", "起实施", "起生效", "起执行", "日施行", "布施行", "布实施"]
            .iter()
            .any(|word| article.text.contains(word))
    };
    let closed = regulation.articles.iter().rev().take(CLOSING).any(applies);
    (!closed && numbers.iter().any(|(number, _)| *number > last)).then_some(last)
}

fn distinct(numbers: &[(ArticleNumber, Within)]) -> usize {
    let mut all: Vec<ArticleNumber> = numbers.iter().map(|(number, _)| *number).collect();
    all.sort_unstable();
    all.dedup();
    all.len()
}

/// The articles of a text with these numbers, each once.
fn found<'t>(text: &'t RegulationText, numbers: &[(ArticleNumber, Within)]) -> Vec<ArticleWords<'t>> {
    let named = |number: Option<ArticleNumber>| number.is_some_and(|own| numbers.iter().any(|(n, _)| *n == own));
    let mut all: Vec<ArticleWords<'_>> =
        text.articles_that(|article| named(article.number) && !article.is_deleted()).collect();
    all.dedup_by_key(|placed| placed.article.number);
    all
}

fn missing(text: &RegulationText, numbers: &[(ArticleNumber, Within)]) -> String {
    let all = &text.regulation.articles;
    let there = |number: &ArticleNumber| all.iter().any(|article| article.number == Some(*number));
    let gone: Vec<String> = numbers.iter().map(|(n, _)| n).filter(|n| !there(n)).map(ToString::to_string).collect();
    let last = all.iter().filter_map(|article| article.number).max();
    let last = last.map(|last| format!("，最后一条是{last}")).unwrap_or_default();
    if gone.is_empty() { "这一条已删去".to_owned() } else { format!("没有{}{last}", gone.join("、")) }
}

/// The one article that words are quoted of, and where in it they stand beside the paragraphs and items named. Of
/// several articles it is not known which of the words is quoted of which.
fn outside(
    articles: &[ArticleWords<'_>],
    numbers: &[(ArticleNumber, Within)],
    quote: &Words,
) -> Option<(ArticleNumber, String)> {
    let ([placed], [(number, named)]) = (articles, numbers) else { return None };
    Some((*number, within::elsewhere(placed.article, named, quote)?))
}

/// The article that has the words, where they are long enough to tell one from another.
fn elsewhere<'t>(text: &'t RegulationText, quote: &Words) -> Option<ArticleWords<'t>> {
    (quote.length() >= words::TELLING).then(|| text.articles().find(|placed| quote.are_in(&[*placed])))?
}

/// The article of a text that corresponds to a quotation: that of the number named, unless another is nearer to its
/// words; none where both are far.
fn corresponding<'t>(text: &'t RegulationText, quote: &Words, own: &[ArticleWords<'t>]) -> Option<&'t Article> {
    corresponding_of(text, quote, own, |_| true)
}

/// The same among some of its articles.
fn corresponding_of<'t>(
    text: &'t RegulationText,
    quote: &Words,
    own: &[ArticleWords<'t>],
    among: impl Fn(&Article) -> bool,
) -> Option<&'t Article> {
    let shares = own.iter().filter(|placed| among(placed.article)).map(|placed| (placed, quote.share(*placed)));
    let own_share = shares.max_by(|a, b| a.1.total_cmp(&b.1));
    let nearest = quote.nearest(text.articles_that(&among)).filter(|(_, share)| *share >= words::SAME);
    match (nearest, own_share) {
        (Some((near, _)), _) => Some(near.article),
        (None, Some((placed, share))) if share >= words::UNRELATED => Some(placed.article),
        _ => None,
    }
}

fn joined(articles: &[ArticleWords<'_>]) -> String {
    articles.iter().map(|placed| placed.article.text.as_str()).collect::<Vec<_>>().join("\n")
}
