//! The places of one regulation, compared with its versions: the one in force first, then those before it.

use std::sync::Arc;

use record::{
    Article, ArticleNumber, Date, Status,
    basis::{CitedRegulation, NotedDay, Passage},
};

use super::{
    Finding, Library, Outcome, RegulationText,
    articles::{
        breaks_off_before, corresponding, corresponding_of, distinct, elsewhere, found, joined, missing, outside,
    },
    taken,
    versions::is_of,
    within,
    words::{self, ArticleWords, Words},
};
use crate::{
    catalogue::RegulationEntry,
    citation::{self, Step, Within},
};

/// Days from the adoption of a regulation to its publication at most: lists name either day, the library one of them.
const ADOPTED_BEFORE: i32 = 92;
/// How much more of the words another article has to have than the one of the same number, to be the one that they went
/// to.
const NEARER: f32 = 0.03;

struct Version<'a> {
    entry: &'a RegulationEntry,
    /// Read when it is needed.
    text: Option<Option<Arc<RegulationText>>>,
}

/// A regulation while its places are compared.
pub(super) struct Compared<'l, 'a> {
    library: &'l Library<'a>,
    /// Newest first; never empty.
    versions: Vec<Version<'a>>,
    cited: &'l CitedRegulation,
}

impl<'l, 'a> Compared<'l, 'a> {
    /// With its versions, newest first; there is one at least.
    pub(super) fn new(
        library: &'l Library<'a>,
        versions: Vec<&'a RegulationEntry>,
        cited: &'l CitedRegulation,
    ) -> Self {
        let versions = versions.into_iter().map(|entry| Version { entry, text: None }).collect();
        Self { library, versions, cited }
    }

    fn text(&mut self, at: usize) -> Option<Arc<RegulationText>> {
        let texts = self.library.texts;
        let version = self.versions.get_mut(at)?;
        version.text.get_or_insert_with(|| texts(&version.entry.id)).clone()
    }

    /// The version in force, or the newest.
    fn present(&self) -> usize {
        self.versions.iter().position(|version| version.entry.status == Status::InForce).unwrap_or(0)
    }

    pub(super) fn passage(&mut self, passage: &Passage) -> Finding {
        let at = self.present();
        let entry = self.versions[at].entry;
        let mut finding = Finding::new(self.cited, passage, Outcome::NotCompared, String::new());
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
