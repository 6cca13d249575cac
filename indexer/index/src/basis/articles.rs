//! Articles of a text: those of some numbers, those that have some words, and what a text lacks.

use record::{Article, ArticleNumber, DocumentKind, RegulationLevel};

use super::{
    RegulationText, within,
    words::{self, ArticleWords, Words},
};
use crate::citation::Within;

/// Articles at the end of a regulation among which is the one that says from when it applies.
const CLOSING: usize = 6;

/// The last article of a text that has none on when it applies, as every law, regulation and rule has: such a copy has
/// lost its end, and what is cited lies behind it. Other documents may go without: 国发〔2020〕1号, what courts or the
/// Party issue.
pub(super) fn breaks_off_before(text: &RegulationText, numbers: &[(ArticleNumber, Within)]) -> Option<ArticleNumber> {
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

pub(super) fn distinct(numbers: &[(ArticleNumber, Within)]) -> usize {
    let mut all: Vec<ArticleNumber> = numbers.iter().map(|(number, _)| *number).collect();
    all.sort_unstable();
    all.dedup();
    all.len()
}

/// The articles of a text with these numbers, each once.
pub(super) fn found<'t>(text: &'t RegulationText, numbers: &[(ArticleNumber, Within)]) -> Vec<ArticleWords<'t>> {
    let named = |number: Option<ArticleNumber>| number.is_some_and(|own| numbers.iter().any(|(n, _)| *n == own));
    let mut all: Vec<ArticleWords<'_>> =
        text.articles_that(|article| named(article.number) && !article.is_deleted()).collect();
    all.dedup_by_key(|placed| placed.article.number);
    all
}

pub(super) fn missing(text: &RegulationText, numbers: &[(ArticleNumber, Within)]) -> String {
    let all = &text.regulation.articles;
    let there = |number: &ArticleNumber| all.iter().any(|article| article.number == Some(*number));
    let gone: Vec<String> = numbers.iter().map(|(n, _)| n).filter(|n| !there(n)).map(ToString::to_string).collect();
    let last = all.iter().filter_map(|article| article.number).max();
    let last = last.map(|last| format!("，最后一条是{last}")).unwrap_or_default();
    if gone.is_empty() { "这一条已删去".to_owned() } else { format!("没有{}{last}", gone.join("、")) }
}

/// The one article that words are quoted of, and where in it they stand beside the paragraphs and items named. Of
/// several articles it is not known which of the words is quoted of which.
pub(super) fn outside(
    articles: &[ArticleWords<'_>],
    numbers: &[(ArticleNumber, Within)],
    quote: &Words,
) -> Option<(ArticleNumber, String)> {
    let ([placed], [(number, named)]) = (articles, numbers) else { return None };
    Some((*number, within::elsewhere(placed.article, named, quote)?))
}

/// The article that has the words, where they are long enough to tell one from another.
pub(super) fn elsewhere<'t>(text: &'t RegulationText, quote: &Words) -> Option<ArticleWords<'t>> {
    (quote.length() >= words::TELLING).then(|| text.articles().find(|placed| quote.are_in(&[*placed])))?
}

/// The article of a text that corresponds to a quotation: that of the number named, unless another is nearer to its
/// words; none where both are far.
pub(super) fn corresponding<'t>(
    text: &'t RegulationText,
    quote: &Words,
    own: &[ArticleWords<'t>],
) -> Option<&'t Article> {
    corresponding_of(text, quote, own, |_| true)
}

/// The same among some of its articles.
pub(super) fn corresponding_of<'t>(
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

pub(super) fn joined(articles: &[ArticleWords<'_>]) -> String {
    articles.iter().map(|placed| placed.article.text.as_str()).collect::<Vec<_>>().join("\n")
}
