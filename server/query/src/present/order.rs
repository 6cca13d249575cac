//! The lists of a search become one, in the order that was asked for.

use indexer::index::{Generation, projection::DirectoryEntry};

use crate::{
    request::{KindFilter, Sort},
    run::{Answer, Content, Found, IN_TITLE, STRONG_NAME, facts},
};

/// Articles before the regulations whose titles hold the query: whoever types a matter wants the rule first, then the
/// whole texts on it.
const BEFORE_TITLED: usize = 3;
/// Regulations whose titles hold the query, between the articles; the others follow them.
const MAX_TITLED: usize = 3;

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
    let regulation = |a: &Answer| match &a.content {
        Content::Regulation(position)
        | Content::Article { regulation: position, .. }
        | Content::Section { regulation: position, .. } => facts(generation, *position),
        Content::Directory(_) | Content::Unread { .. } => None,
    };
    match by {
        Sort::Relevance => {}
        Sort::Date => ranked.sort_by_key(|a| std::cmp::Reverse(regulation(a).and_then(|r| r.version_date))),
        Sort::Level => ranked.sort_by_key(|a| match &a.content {
            Content::Directory(DirectoryEntry::Institution { institution: i, .. }) => i.level as usize,
            Content::Unread { of: None, level, .. } => *level as usize,
            _ => regulation(a).map_or(usize::MAX, |r| r.level as usize),
        }),
    }
}
