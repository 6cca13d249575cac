//! The one text pipeline: normalize, segment, expand. The same code makes tokens for the index and for queries.
//!
//! A [`Pipeline`] is built from the dictionaries and the words that the corpus itself brings; a generation keeps those
//! words beside its index, so that a query is cut with exactly the words that its index was cut with.

pub mod bigram;
pub mod dictionaries;
pub mod everyday;
mod item_words;
pub mod matters;
pub mod names;
pub mod normalize;
pub mod numerals;
pub mod pinyin;
pub mod questions;
mod quoted;
pub mod segment;
mod variants;
pub mod web_name;
mod width;

pub use bigram::bigrams;
pub use everyday::Everyday;
pub use item_words::ItemWords;
pub use matters::Matters;
pub use normalize::{Normalized, Normalizer, is_han};
pub use pinyin::Pinyin;
pub use questions::Questions;
pub use quoted::{quoted, quoted_titles};
pub use segment::Segmenter;
pub use width::narrow;

/// A piece of a normalized text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Token<'a> {
    /// Byte offsets in the normalized text.
    pub start: usize,
    pub end: usize,
    /// Counts characters, not tokens, so that adjacency means adjacency in the text.
    pub position: usize,
    pub text: &'a str,
}

/// The stages together, cheap to share.
pub struct Pipeline {
    pub normalizer: Normalizer,
    pub segmenter: Segmenter,
    pub pinyin: Pinyin,
}

impl Pipeline {
    /// Bumped whenever a stage changes what it makes of a text; part of every generation's fingerprint.
    pub const VERSION: u32 = 3;

    /// The form in which names and titles are compared: normalized, letters and digits only.
    pub fn key(&self, text: &str) -> String {
        self.normalizer.key(text)
    }

    /// The key with its way back to the text.
    pub fn keyed(&self, text: &str) -> Keyed {
        let normalized = self.normalizer.normalized(text);
        let mut keyed = Keyed { key: String::with_capacity(normalized.text.len()), places: Vec::new(), normalized };
        for (at, c) in keyed.normalized.text.char_indices().filter(|(_, c)| c.is_alphanumeric()) {
            keyed.places.push((keyed.key.len() as u32, at as u32));
            keyed.key.push(c);
        }
        keyed
    }
}

/// A key and where each of its characters stood.
pub struct Keyed {
    pub key: String,
    pub normalized: Normalized,
    /// Byte offsets in the key and in the normalized text.
    places: Vec<(u32, u32)>,
}

impl Keyed {
    /// The span of the normalized text that a span of the key came from, in bytes.
    pub fn in_normalized(&self, span: std::ops::Range<usize>) -> std::ops::Range<usize> {
        let place = |at: usize| {
            let found = self.places.partition_point(|(key, _)| (*key as usize) < at);
            self.places.get(found).map_or(self.normalized.text.len(), |(_, text)| *text as usize)
        };
        if span.is_empty() {
            let at = place(span.start);
            return at..at;
        }
        let last = self.places.partition_point(|(key, _)| (*key as usize) < span.end) - 1;
        let from = self.places[last].1 as usize;
        let len = self.normalized.text[from..].chars().next().map_or(0, char::len_utf8);
        place(span.start)..from + len
    }

    /// The part of the key that lies in a span of the normalized text, in bytes; empty where none does.
    pub fn in_key(&self, span: std::ops::Range<usize>) -> std::ops::Range<usize> {
        let at = |limit: usize| {
            let found = self.places.partition_point(|(_, text)| (*text as usize) < limit);
            self.places.get(found).map_or(self.key.len(), |(key, _)| *key as usize)
        };
        at(span.start)..at(span.end)
    }

    /// The span of the original text that a span of the key came from, in bytes.
    pub fn in_original(&self, span: std::ops::Range<usize>) -> std::ops::Range<usize> {
        self.normalized.original(self.in_normalized(span))
    }
}
