//! The text of a version, whose articles keep their words bare once somebody has compared them: lists quote the same
//! few hundred regulations many thousand times.

use std::sync::OnceLock;

use super::words::{ArticleWords, Words};
use record::{Article, Regulation};

/// A version's text.
pub struct RegulationText {
    pub regulation: Regulation,
    /// Of each article.
    bare: Vec<OnceLock<String>>,
    annex: OnceLock<String>,
}

impl RegulationText {
    pub fn new(regulation: Regulation) -> Self {
        Self { bare: regulation.articles.iter().map(|_| OnceLock::new()).collect(), annex: OnceLock::new(), regulation }
    }

    /// Its articles, each with its words.
    pub(super) fn articles(&self) -> impl Iterator<Item = ArticleWords<'_>> {
        self.articles_that(|_| true)
    }

    /// Those articles for which `holds`; of others no words are made.
    pub(super) fn articles_that(&self, holds: impl Fn(&Article) -> bool) -> impl Iterator<Item = ArticleWords<'_>> {
        let both = self.regulation.articles.iter().zip(&self.bare).filter(move |(article, _)| holds(article));
        both.map(|(article, bare)| ArticleWords { article, words: bare.get_or_init(|| Words::bare(&article.text)) })
    }

    /// The words of its annexes.
    pub(super) fn annex(&self) -> &str {
        self.annex.get_or_init(|| Words::bare(&self.regulation.attachment))
    }
}
