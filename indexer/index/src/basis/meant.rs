//! What of a version of a regulation a record rests on: the articles that its bases mean there, whatever numbers they
//! have been given since.

use std::collections::{BTreeSet, HashSet};

use super::{
    Library, RegulationText,
    articles::{corresponding, distinct, elsewhere, found},
    versions::versions_for,
    words::{self, ArticleWords, Words},
};
use crate::citation::{self, Step};
use record::{
    Article, ArticleNumber, DivisionCode, Regulation, Status,
    basis::{CitedRegulation, Passage},
};
use text::narrow;

/// How a basis names what it means.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Named {
    Article,
    /// By a heading: 第五章.
    Heading(String),
    /// All of it, or an annex.
    Whole,
}

/// What a basis means of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Meant {
    pub named: Named,
    /// Every article below a heading; none where the whole is meant.
    pub articles: BTreeSet<ArticleNumber>,
}

/// What a place means of a text, and the words quoted from it: those that stand elsewhere in the text are meant where
/// they stand. Without words, and where the words are in no article, the number counts.
pub fn meant(text: &RegulationText, passage: &Passage) -> Meant {
    let place: String = passage.place.chars().map(narrow).collect();
    let numbers = citation::articles(&place);
    let quote = Words::of(&passage.quote);
    if numbers.is_empty() {
        return by_heading(&text.regulation, &place).unwrap_or_else(|| {
            let stands = elsewhere(text, &quote).and_then(|placed| placed.article.number);
            let named = if stands.is_some() { Named::Article } else { Named::Whole };
            Meant { named, articles: stands.into_iter().collect() }
        });
    }
    let own = found(text, &numbers);
    let as_written = || numbers.iter().map(|(number, _)| *number).collect();
    let stands = own.len() == distinct(&numbers) && quote.are_in(&own);
    let articles: BTreeSet<ArticleNumber> = if quote.is_empty() || stands {
        as_written()
    } else if let Some(other) = elsewhere(text, &quote).and_then(|placed| placed.article.number) {
        [other].into()
    } else {
        let near = corresponding(text, &quote, &own).and_then(|article| article.number);
        // Of several the words may be of each.
        let shares = own.iter().filter(|placed| numbers.len() > 1 && quote.share(**placed) >= words::UNRELATED);
        let meant: BTreeSet<ArticleNumber> = shares.filter_map(|placed| placed.article.number).chain(near).collect();
        if meant.is_empty() { as_written() } else { meant }
    };
    Meant { named: Named::Article, articles }
}

/// The text in force of a regulation that a basis cites, by its id, and the articles of it that the basis means,
/// whatever numbers these had in the version that it knows. `None` where the library has no text in force.
pub fn meant_now(
    library: &Library<'_>,
    cited: &CitedRegulation,
    division: &DivisionCode,
) -> Option<(String, BTreeSet<ArticleNumber>)> {
    let versions = versions_for(library, &cited.title, division).ok()?;
    let present = versions.iter().find(|version| version.status == Status::InForce)?;
    let text = (library.texts)(&present.id)?;
    // The newest version that is as old as the one cited, where the library has it.
    let older = cited.version().and_then(|noted| {
        let known = |day: Option<record::Date>| day.is_some_and(|day| day <= noted.last());
        let version = versions.iter().find(|version| known(version.version_date))?;
        (version.id != present.id).then(|| (library.texts)(&version.id))?
    });
    let mut all = BTreeSet::new();
    for passage in &cited.passages {
        let Some(older) = older.as_ref().filter(|_| passage.quote.is_empty()) else {
            all.extend(meant(&text, passage).articles);
            continue;
        };
        // A number alone is that of the version cited.
        let taken = taken(older, &text);
        for number in meant(older, passage).articles {
            let article = older.regulation.articles.iter().find(|article| article.number == Some(number));
            all.extend(article.and_then(|article| counterpart(&text, article, &taken)?.number));
        }
    }
    Some((present.id.clone(), all))
}

/// The articles below the headings that a place names; `None` where it names none, or one that the text does not have.
fn by_heading(regulation: &Regulation, place: &str) -> Option<Meant> {
    let sections = citation::sections(place);
    let mut articles = BTreeSet::new();
    let mut named: Vec<String> = Vec::new();
    for path in &sections {
        let last = path.last()?;
        let above = path.len().checked_sub(2).map(|at| path[at]);
        let mut under = above.is_none();
        let at = regulation.headings.iter().position(|heading| {
            let step = Step::of_heading(&heading.title);
            under |= step.is_some() && step == above;
            under && step == Some(*last)
        })?;
        let heading = &regulation.headings[at];
        let next = regulation.headings[at + 1..].iter().find(|other| other.depth <= heading.depth);
        let until = next.map_or(regulation.articles.len(), |next| next.first_article);
        let below = regulation.articles.get(heading.first_article..until)?;
        articles.extend(below.iter().filter_map(|article| article.number));
        named.push(path.iter().map(|step| step.label()).collect());
    }
    (!articles.is_empty()).then(|| Meant { named: Named::Heading(named.join("、")), articles })
}

/// The articles of a newer text that an older one has word for word: they have become of these, and of no other.
pub fn taken(old: &RegulationText, new: &RegulationText) -> BTreeSet<ArticleNumber> {
    let there: HashSet<&str> = old.articles().map(|placed| placed.words).collect();
    new.articles().filter(|placed| there.contains(placed.words)).filter_map(|placed| placed.article.number).collect()
}

/// The article of another version that has become of one: the one with its words, the one of its number where that
/// speaks of the same, or the one nearest to its words. Those that are `taken` have become of others.
pub fn counterpart<'t>(
    text: &'t RegulationText,
    article: &Article,
    taken: &BTreeSet<ArticleNumber>,
) -> Option<&'t Article> {
    let words = Words::of(&article.text);
    let same = text.regulation.articles.iter().find(|other| other.number == article.number && !other.is_deleted());
    let all = Words::bare(&article.text);
    let is_same = |other: &&Article| Words::bare(&other.text) == all;
    if let Some(other) = same.filter(is_same) {
        return Some(other);
    }
    if let Some(other) = text.articles().find(|placed| placed.words == all) {
        return Some(other.article);
    }
    let is_free = |placed: &ArticleWords<'_>| placed.article.number.is_none_or(|number| !taken.contains(&number));
    let speaks_of_it = text
        .articles()
        .filter(is_free)
        .find(|placed| placed.article.number == article.number && words.share(*placed) >= words::UNRELATED);
    if let Some(placed) = speaks_of_it {
        return Some(placed.article);
    }
    let near = words.nearest(text.articles().filter(is_free)).filter(|(_, share)| *share >= words::SAME);
    near.map(|(placed, _)| placed.article)
}
