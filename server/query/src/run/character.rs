//! A single character: texts are indexed by pairs of characters, so it is looked for in every pair that has it.

use rustc_hash::FxHashMap;
use tantivy::{
    DocAddress, DocId, DocSet, Searcher, SegmentReader, TERMINATED,
    fieldnorm::FieldNormReader,
    postings::Postings,
    postings::TermInfo,
    schema::{Field, IndexRecordOption},
};

use super::{engine, queries::MAX_POSTINGS};
use crate::SearchError;

/// BM25's usual settings, which the engine has too.
const K1: f32 = 1.2;
const B: f32 = 0.75;

/// The texts of a field that hold a character, scored by BM25 as if it were a word, in the order of their addresses.
///
/// A pair counts for the character at its front and, where a run of characters ends, for the one at its end, so an
/// occurrence inside a run counts twice and one at either end once; scores change little by that. Of a character in more
/// places than [`MAX_POSTINGS`] only so many are read: nobody looks for one text by it.
pub fn holding(searcher: &Searcher, field: Field, character: &str) -> Result<Vec<(f32, DocAddress)>, SearchError> {
    let mut left = MAX_POSTINGS;
    let mut counted = Vec::new();
    for (segment, reader) in (0..).zip(searcher.segment_readers()) {
        let lengths = reader.get_fieldnorms_reader(field).map_err(engine)?;
        let counts = counts(reader, field, character, &mut left)?;
        counted.extend(counts.into_iter().map(|(doc, count)| {
            let length = FieldNormReader::fieldnorm(&lengths, doc);
            (DocAddress::new(segment, doc), count as f32, length as f32)
        }));
    }
    counted.sort_unstable_by_key(|(at, ..)| *at);
    let all = searcher.num_docs() as f32;
    let (with, mean) =
        (counted.len() as f32, counted.iter().map(|(.., length)| length).sum::<f32>() / counted.len().max(1) as f32);
    let rarity = (1.0 + (all - with + 0.5) / (with + 0.5)).ln();
    let score = |count: f32, length: f32| rarity * count * (K1 + 1.0) / (count + K1 * (1.0 - B + B * length / mean));
    Ok(counted.into_iter().map(|(at, count, length)| (score(count, length), at)).collect())
}

/// How often each living document of a segment has the character, by its pairs.
fn counts(
    reader: &SegmentReader,
    field: Field,
    character: &str,
    left: &mut u64,
) -> Result<FxHashMap<DocId, u32>, SearchError> {
    let failed = |error: std::io::Error| SearchError::Index(error.to_string());
    let index = reader.inverted_index(field).map_err(engine)?;
    let mut pairs: Vec<TermInfo> = Vec::new();
    let mut terms = index.terms().stream().map_err(failed)?;
    while let Some((term, info)) = terms.next() {
        if term.starts_with(character.as_bytes()) || term.ends_with(character.as_bytes()) {
            pairs.push(info.clone());
        }
    }
    let mut counts = FxHashMap::default();
    for info in pairs {
        if u64::from(info.doc_freq) > *left {
            continue;
        }
        *left -= u64::from(info.doc_freq);
        let mut places = index.read_postings_from_terminfo(&info, IndexRecordOption::WithFreqs).map_err(failed)?;
        while places.doc() != TERMINATED {
            if reader.alive_bitset().is_none_or(|alive| alive.is_alive(places.doc())) {
                *counts.entry(places.doc()).or_default() += places.term_freq();
            }
            places.advance();
        }
    }
    Ok(counts)
}
