//! The words in which records say what institutions are in charge of and what people have done there, as vectors: so that
//! words that no record uses lead to words that some do, as 补课班 to 中小学校外培训机构的监督管理. What is found so is looked
//! up by its words as if it had been typed; it is no answer by itself.

use std::collections::BTreeSet;

use embed::{Model, PASSAGE_PIECES, rows::Rows};
use tantivy::{DocAddress, DocSet, Searcher, TERMINATED, Term, schema::IndexRecordOption};

use super::{
    Generation, IndexError,
    fields::doc_kind,
    projection::DirectoryEntry,
    stored,
    vectors::{Key, StoredVectors, key_of},
};
use record::KINDS;

/// Records of a kind that are read, in the index's order: a second of a core, and of a million items the names come again
/// in every division.
const MAX_RECORDS: usize = 200_000;
/// Texts of a sort that have a vector, in the order of their characters: fifteen megabytes, and a millisecond to compare
/// with.
pub const MAX_TEXTS: usize = 40_000;
/// Characters of a text: as many are looked up by, and a duty says at its beginning what it is about.
const MAX_CHARS: usize = 80;

/// How far a text has to stand out of all others of its sort, in standard deviations of their cosines with what is said:
/// cosines by themselves tell less, since each question has its own. Of 62 everyday errands over the 1,591 names of two
/// published lists the likest name was right for 31 of the 35 that stand out so far, and for 8 of the 27 that do not.
const DEVIATIONS: f32 = 5.0;
const LEAST_TEXTS: usize = 100;

/// What a text is taken from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sort {
    /// A passage of a record, such as a duty.
    Passage,
    /// The name of what is applied for.
    Item,
}

/// The texts of a generation, each once.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Texts {
    passages: BTreeSet<String>,
    items: BTreeSet<String>,
}

impl Texts {
    /// Reads them from the records that anyone who is served by the generation may see.
    ///
    /// # Errors
    /// If the index cannot be read.
    pub fn of(generation: &Generation) -> Result<Self, IndexError> {
        let (searcher, kind) = (&generation.directory.searcher, generation.directory.fields.kind);
        let mut texts = Self::default();
        for of in KINDS.iter().filter(|of| of.general) {
            each(searcher, &Term::from_field_u64(kind, doc_kind(of)), &mut |at| {
                let DirectoryEntry::Listed { entry, .. } = stored::read(searcher, at)? else { return Ok(()) };
                if entry.applied_for {
                    take(&mut texts.items, &entry.name);
                }
                entry.passages.iter().for_each(|passage| take(&mut texts.passages, &passage.text));
                Ok(())
            })?;
        }
        Ok(texts)
    }

    pub fn len(&self) -> usize {
        self.passages.len() + self.items.len()
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Those that have no vector.
    pub fn missing(&self, kept: &StoredVectors) -> Vec<(Key, &str)> {
        let all = self.passages.iter().chain(&self.items).map(|text| (key_of(text), text.as_str()));
        all.filter(|(key, _)| kept.get(key).is_none()).collect()
    }
}

/// Takes a text in. Of too many those that come first stay, whatever the order in which they are read.
fn take(texts: &mut BTreeSet<String>, text: &str) {
    let text: String = text.chars().take(MAX_CHARS).collect();
    if !text.trim().is_empty() && texts.insert(text) && texts.len() > MAX_TEXTS {
        texts.pop_last();
    }
}

/// Calls `take` with the first documents that have a term.
fn each(
    searcher: &Searcher,
    term: &Term,
    take: &mut dyn FnMut(DocAddress) -> Result<(), IndexError>,
) -> Result<(), IndexError> {
    let mut left = MAX_RECORDS;
    for (segment_ord, segment) in searcher.segment_readers().iter().enumerate() {
        let index = segment.inverted_index(term.field())?;
        let postings = index.read_postings(term, IndexRecordOption::Basic).map_err(tantivy::TantivyError::from)?;
        let Some(mut postings) = postings else { continue };
        while postings.doc() != TERMINATED && left > 0 {
            if !segment.is_deleted(postings.doc()) {
                take(DocAddress::new(segment_ord as u32, postings.doc()))?;
                left -= 1;
            }
            postings.advance();
        }
    }
    Ok(())
}

/// The vector that a text is kept with.
pub fn vector(model: &Model, text: &str) -> Vec<f32> {
    model.passage(text, PASSAGE_PIECES)
}

/// Those of a generation's texts whose vector is known.
#[derive(Debug, Default)]
pub struct Wordings {
    passages: Known,
    items: Known,
}

#[derive(Debug, Default)]
struct Known {
    rows: Rows,
    texts: Vec<String>,
}

impl Wordings {
    pub fn new(texts: &Texts, kept: &StoredVectors, width: usize) -> Self {
        let known = |texts: &BTreeSet<String>| {
            let mut known = Known { rows: Rows::new(width), texts: Vec::new() };
            for text in texts {
                if let Some((scale, numbers)) = kept.get(&key_of(text))
                    && known.rows.push(scale, numbers)
                {
                    known.texts.push(text.clone());
                }
            }
            known
        };
        Self { passages: known(&texts.passages), items: known(&texts.items) }
    }

    pub fn len(&self) -> usize {
        self.passages.texts.len() + self.items.texts.len()
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The texts that mean what is said, the likest first: those that stand out of all of their sort. Among few none can
    /// stand out.
    pub fn like(&self, model: &Model, of: Sort, said: &str, most: usize) -> Vec<&str> {
        let known = match of {
            Sort::Passage => &self.passages,
            Sort::Item => &self.items,
        };
        if known.texts.len() < LEAST_TEXTS {
            return Vec::new();
        }
        let products = known.rows.products(model.processor(), &model.query(said));
        let least = standing_out(&products);
        let mut like: Vec<(f32, &str)> = products.into_iter().zip(known.texts.iter().map(String::as_str)).collect();
        like.retain(|(product, _)| *product >= least);
        like.sort_unstable_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(b.1)));
        like.into_iter().take(most).map(|(_, text)| text).collect()
    }
}

/// The least cosine that stands out of the others.
fn standing_out(products: &[f32]) -> f32 {
    let n = products.len().max(1) as f32;
    let mean = products.iter().sum::<f32>() / n;
    let variance = products.iter().map(|product| (product - mean) * (product - mean)).sum::<f32>() / n;
    mean + DEVIATIONS * variance.sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(passages: &[&str], items: &[&str]) -> Texts {
        let mut texts = Texts::default();
        passages.iter().for_each(|text| take(&mut texts.passages, text));
        items.iter().for_each(|text| take(&mut texts.items, text));
        texts
    }

    #[test]
    fn a_text_is_there_once_and_at_most_so_long() {
        let long = "负责".repeat(MAX_CHARS);
        let texts = texts(&["负责校外培训。", "负责校外培训。", " ", &long], &["食品经营许可"]);
        assert_eq!(texts.len(), 3);
        assert!(texts.passages.iter().all(|text| text.chars().count() <= MAX_CHARS));
    }

    #[test]
    fn of_too_many_texts_the_same_stay_in_whatever_order_they_come() {
        let all: Vec<String> = (0..MAX_TEXTS + 3).map(|n| n.to_string()).collect();
        let (mut forwards, mut backwards) = (BTreeSet::new(), BTreeSet::new());
        all.iter().for_each(|text| take(&mut forwards, text));
        all.iter().rev().for_each(|text| take(&mut backwards, text));
        assert!(forwards.len() == MAX_TEXTS && forwards == backwards);
    }

    #[test]
    fn what_stands_out_is_far_above_all_others() {
        let mut products = [0.8, 0.82].repeat(100);
        assert!(standing_out(&products) > 0.85);
        products.push(0.9);
        assert!(standing_out(&products) < 0.9);
        assert_eq!(standing_out(&[]), 0.0);
    }

    #[test]
    fn what_has_a_vector_is_missing_no_more() {
        let dir = tempfile::tempdir().unwrap();
        let mut kept = StoredVectors::open(&dir.path().join("vectors"), 2).unwrap();
        let texts = texts(&["负责校外培训。"], &["食品经营许可"]);
        assert_eq!(texts.missing(&kept).len(), 2);
        kept.add(&[(key_of("食品经营许可"), vec![1.0, 0.0])]).unwrap();
        assert_eq!(texts.missing(&kept), [(key_of("负责校外培训。"), "负责校外培训。")]);
        let known = Wordings::new(&texts, &kept, 2);
        assert_eq!((known.passages.texts.len(), known.items.texts.len()), (0, 1));
    }
}
