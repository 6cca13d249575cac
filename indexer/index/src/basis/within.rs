//! The paragraphs and items of an article that a place names 第二款第（三）项: whether the article has them, and
//! whether the words quoted are theirs.

use super::words::{ArticleWords, Words};
use crate::citation::{Part, Within};
use record::{Article, ArticleNumber, Item, Paragraph};
use text::numerals;

/// What is said of the first paragraph or item that none of the articles has.
pub fn missing(articles: &[ArticleWords<'_>], numbers: &[(ArticleNumber, Within)]) -> Option<String> {
    numbers.iter().find_map(|(number, within)| {
        let placed = articles.iter().find(|placed| placed.article.number == Some(*number))?;
        within.parts.iter().find_map(|part| lacks(placed.article, part)).map(|says| format!("{number}{says}"))
    })
}

/// The paragraphs of an article. Below a colon lines that begin with 一、 or 1. are items too, as older regulations
/// write them.
fn paragraphs(article: &Article) -> Vec<Paragraph> {
    let mut all: Vec<Paragraph> = Vec::new();
    for paragraph in article.paragraphs() {
        let number = paragraph.text.split_once(['、', '.', '．']).and_then(|(number, _)| numerals::parse(number));
        match (number, all.last_mut().filter(|above| above.text.ends_with(['：', ':']))) {
            (Some(number), Some(above)) => {
                above.items.push(Item { number, text: paragraph.text, subitems: Vec::new() });
            }
            _ => all.push(paragraph),
        }
    }
    all
}

fn lacks(article: &Article, part: &Part) -> Option<String> {
    let paragraphs = paragraphs(article);
    if let Some(n) = part.paragraph.filter(|n| !(1..=paragraphs.len()).contains(&(*n as usize))) {
        return Some(format!("只有{}款，没有第{}款", numerals::format(paragraphs.len() as u32), numerals::format(n)));
    }
    let item = part.item?;
    let named = part.paragraph.map_or(0..paragraphs.len(), |n| n as usize - 1..n as usize);
    let items = || paragraphs[named.clone()].iter().flat_map(|paragraph| &paragraph.items);
    if items().any(|own| own.number == item) || runs_on(article, item) {
        return None;
    }
    let paragraph = part.paragraph.map(|n| format!("第{}款", numerals::format(n))).unwrap_or_default();
    let (item, last) = (numerals::format(item), items().map(|own| own.number).max());
    Some(match last {
        Some(last) => format!("{paragraph}只到第（{}）项，没有第（{item}）项", numerals::format(last)),
        None => format!("{paragraph}没有分项，没有第（{item}）项"),
    })
}

/// Whether an item stands within a line, as in copies that have lost the breaks between items.
fn runs_on(article: &Article, item: u32) -> bool {
    let item = numerals::format(item);
    let marks = [format!("（{item}）"), format!("({item})")];
    article.text.lines().map(str::trim).any(|line| marks.iter().any(|mark| line.rfind(mark).is_some_and(|at| at > 0)))
}

/// A paragraph or an item of an article, with its words.
struct Piece {
    paragraph: u32,
    item: Option<u32>,
    words: String,
}

impl Piece {
    fn is_meant(&self, part: &Part) -> bool {
        part.paragraph.is_none_or(|n| n == self.paragraph) && part.item.is_none_or(|n| Some(n) == self.item)
    }

    /// Whether it has a piece of a quotation, or the quotation runs over it.
    fn shares(&self, quoted: &str) -> bool {
        !self.words.is_empty() && (self.words.contains(quoted) || quoted.contains(&self.words))
    }
}

fn pieces(article: &Article) -> Vec<Piece> {
    let mut all = Vec::new();
    for (paragraph, has) in (1..).zip(paragraphs(article)) {
        all.push(Piece { paragraph, item: None, words: Words::bare(&has.text) });
        for item in has.items {
            let text = [vec![item.text], item.subitems].concat().concat();
            all.push(Piece { paragraph, item: Some(item.number), words: Words::bare(&text) });
        }
    }
    all
}

/// Where words stand that are quoted of some paragraphs or items of an article and are in none of these; `None` where
/// the place names none, or the words are theirs. What stands before the items of a paragraph may be quoted with any of
/// them.
pub fn elsewhere(article: &Article, within: &Within, quote: &Words) -> Option<String> {
    let named = |part: &Part| part.paragraph.is_some() || part.item.is_some();
    if within.parts.is_empty() || !within.parts.iter().all(named) {
        return None;
    }
    let pieces = pieces(article);
    let is_meant = |piece: &Piece| within.parts.iter().any(|part| piece.is_meant(part));
    let (meant, others): (Vec<&Piece>, Vec<&Piece>) = pieces.iter().partition(|piece| is_meant(piece));
    let is_theirs = |quoted: &String| meant.iter().any(|piece| piece.shares(quoted));
    // An item that runs on within a line has no piece of its own.
    let is_lost = || within.parts.iter().all(|part| lacks(article, part).is_none());
    if meant.is_empty() && is_lost() || quote.pieces().iter().any(is_theirs) {
        return None;
    }
    let leads = |piece: &Piece| {
        piece.item.is_none() && meant.iter().any(|of| of.item.is_some() && of.paragraph == piece.paragraph)
    };
    let other = quote.pieces().iter().find_map(|quoted| {
        let found = others.iter().find(|piece| piece.shares(quoted))?;
        (!leads(found)).then_some(*found)
    })?;
    let item = other.item.map(|n| format!("第（{}）项", numerals::format(n))).unwrap_or_default();
    let several = pieces.iter().any(|piece| piece.paragraph > 1);
    let paragraph =
        if several || item.is_empty() { format!("第{}款", numerals::format(other.paragraph)) } else { String::new() };
    Some(paragraph + &item)
}
