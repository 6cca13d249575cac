//! What articles mean, as vectors: kept in a file by the hash of their text, so that a new generation takes over all
//! whose text is the same, and laid out for one generation, to be searched.
//!
//! Vectors are of the articles of national regulations' newest versions: the others say the same again, or are asked
//! for by name.

use std::{
    collections::HashMap,
    fs::{self, File, OpenOptions},
    io::{BufWriter, Write},
    path::{Path, PathBuf},
    sync::Arc,
};

use embed::{Model, PASSAGE_PIECES, rows::Rows, rows::shorten, tuning::Tuning};
use rustc_hash::FxHashMap;
use sha2::{Digest, Sha256};
use tantivy::{DocAddress, Searcher};

use super::{Generation, IndexError, projection::LibraryEntry, stored};

/// Marks the file and its layout.
const MAGIC: &[u8; 8] = b"GSMEAN1\n";
const HEAD: usize = MAGIC.len() + 4;
const KEY: usize = 32;
/// Vectors computed between two looks at them by the search: half a minute's work of a core.
const SHOWN_EVERY: usize = 1_000;
/// Of a hundred articles, so many have to have a vector for the search to go by them: new ones come a few at a time.
const ENOUGH: (usize, usize) = (99, 100);

/// The hash of a passage.
pub type Key = [u8; KEY];

/// An article by its regulation's position in the catalogue and its key.
pub type ArticleKey = (u64, u64);

/// The vectors of a generation's articles, as far as they are known.
pub struct Meanings {
    pub model: Arc<Model>,
    rows: Arc<Rows>,
    /// Each row's article, and where it stands; `None` for one that is there no more.
    articles: Vec<ArticleKey>,
    places: Vec<Option<DocAddress>>,
    row_of: FxHashMap<ArticleKey, u32>,
    /// Vectors of the bank's questions, in their order; nothing but zeros for one that is not known.
    asked: Arc<Rows>,
    /// Articles that have or will have one.
    wanted: usize,
}

/// What a question is like, by meaning.
pub struct Meant<'m> {
    pub as_asked: Alike<'m>,
    /// By what was learned of questions.
    pub tuned: Option<Alike<'m>>,
    /// Cosines of the bank's questions, in their order.
    asked: Vec<f32>,
}

impl Meant<'_> {
    /// The bank's questions with their cosines, the likest first; equals by their numbers.
    pub fn asked(&self) -> Vec<(u32, f32)> {
        let known = (0..).zip(self.asked.iter().copied()).filter(|(_, product)| *product > 0.0);
        let mut known: Vec<(u32, f32)> = known.collect();
        known.sort_unstable_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        known
    }
}

/// What a vector is like.
pub struct Alike<'m> {
    meanings: &'m Meanings,
    products: Vec<f32>,
}

/// The text whose hash a question's vector is kept by: a passage that says the same has another one.
fn asked_key(question: &str) -> Key {
    key_of(&format!("query: {question}"))
}

impl Meanings {
    /// Whether the search can go by them: where they are known in part, an article without one would stand behind for
    /// that alone.
    pub fn suffice(&self) -> bool {
        !self.row_of.is_empty() && self.row_of.len() * ENOUGH.1 >= self.wanted * ENOUGH.0
    }

    /// Articles that have a vector, and those that are to have one.
    pub fn known(&self) -> (usize, usize) {
        (self.row_of.len(), self.wanted)
    }

    /// The articles with their vectors, in no order that means anything.
    pub fn vectors(&self) -> impl Iterator<Item = (ArticleKey, f32, &[i8])> {
        self.row_of.iter().filter_map(|(article, row)| {
            let (scale, numbers) = self.rows.get(*row as usize)?;
            Some((*article, scale, numbers))
        })
    }

    /// How like each article is to a question, and how like by what was learned of questions.
    pub fn alike(&self, question: &str, tuning: Option<&Tuning>) -> Meant<'_> {
        let (vector, tuned) = self.model.question(question, tuning);
        let processor = self.model.processor();
        let alike = |vector: &[f32]| Alike { meanings: self, products: self.rows.products(processor, vector) };
        Meant {
            asked: self.asked.products(processor, &vector),
            tuned: tuned.map(|tuned| alike(&tuned)),
            as_asked: alike(&vector),
        }
    }

    /// The same for a generation that follows by a few changes and has its documents elsewhere. An article whose text
    /// was changed keeps its vector until [`fill`] has seen the new text.
    ///
    /// # Errors
    /// If the index cannot be read.
    pub fn carried(&self, searcher: &Searcher) -> Result<Self, IndexError> {
        let mut places = vec![None; self.places.len()];
        let mut row_of = FxHashMap::default();
        each_article(searcher, &mut |at, article| {
            if let Some(row) = self.row_of.get(&article) {
                places[*row as usize] = Some(at);
                row_of.insert(article, *row);
            }
            Ok(())
        })?;
        let wanted = self.wanted;
        Ok(Self {
            model: self.model.clone(),
            rows: self.rows.clone(),
            articles: self.articles.clone(),
            places,
            row_of,
            asked: self.asked.clone(),
            wanted,
        })
    }
}

impl Alike<'_> {
    /// The cosine of an article's vector and the question's; `None` for one without.
    pub fn of(&self, article: ArticleKey) -> Option<f32> {
        self.products.get(*self.meanings.row_of.get(&article)? as usize).copied()
    }

    /// The mean of all articles' cosines and how far they are from it, as a standard deviation.
    pub fn spread(&self) -> (f32, f32) {
        let n = self.products.len().max(1) as f32;
        let mean = sum_of(&self.products, |product| product) / n;
        let squares = sum_of(&self.products, |product| (product - mean) * (product - mean));
        (mean, (squares / n).sqrt())
    }

    /// The likest articles, the likest first; equals by regulation and key.
    pub fn likest(&self, most: usize) -> Vec<(DocAddress, f32)> {
        let Meanings { articles, places, .. } = self.meanings;
        let there = self.products.iter().zip(articles).zip(places);
        let there = there.filter_map(|((product, article), place)| Some((*product, *article, (*place)?)));
        let mut all: Vec<(f32, ArticleKey, DocAddress)> = there.collect();
        let by = |a: &(f32, ArticleKey, DocAddress), b: &(f32, ArticleKey, DocAddress)| {
            b.0.total_cmp(&a.0).then(a.1.cmp(&b.1))
        };
        if all.len() > most {
            all.select_nth_unstable_by(most, by);
            all.truncate(most);
        }
        all.sort_unstable_by(by);
        all.into_iter().map(|(product, _, at)| (at, product)).collect()
    }
}

/// A sum of terms, side by side, so that the compiler may use vectors.
fn sum_of(products: &[f32], term: impl Fn(f32) -> f32) -> f32 {
    const SIDE_BY_SIDE: usize = 16;
    let (parts, rest) = products.as_chunks::<SIDE_BY_SIDE>();
    let mut sums = [0.0f32; SIDE_BY_SIDE];
    for part in parts {
        for (sum, product) in sums.iter_mut().zip(part) {
            *sum += term(*product);
        }
    }
    sums.iter().sum::<f32>() + rest.iter().map(|product| term(*product)).sum::<f32>()
}

/// The text that an article's vector is of: its work, the nearest heading and what it says.
pub fn passage(work: &str, headings: &[String], text: &str) -> String {
    // 第三章　社会保险费征缴: what tells something stands behind the number.
    let heading = headings.last().map_or("", |heading| heading.rsplit([' ', '\u{3000}']).next().unwrap_or_default());
    format!("{work} {heading} {text}")
}

/// Calls `take` with each article that is to have a vector.
///
/// # Errors
/// If the index cannot be read, or `take` says so.
pub fn passages(
    generation: &Generation,
    take: &mut dyn FnMut(DocAddress, ArticleKey, String) -> Result<(), IndexError>,
) -> Result<(), IndexError> {
    let catalogue = &generation.catalogue;
    let wanted = |regulation: u64| {
        let r = u32::try_from(regulation).ok().and_then(|regulation| catalogue.at(regulation))?;
        let newest = catalogue.current_version(&r.work).is_some_and(|current| current.position == r.position);
        (newest && r.division.is_none()).then_some(r)
    };
    let searcher = &generation.library.searcher;
    let mut last = None;
    each_article(searcher, &mut |at, (regulation, key)| {
        if last.is_none_or(|(of, _)| of != regulation) {
            last = Some((regulation, wanted(regulation)));
        }
        let Some((_, Some(r))) = last else { return Ok(()) };
        let entry: LibraryEntry = stored::read(searcher, at)?;
        match entry.article.filter(|_| !entry.text.trim().is_empty()) {
            Some(article) => take(at, (regulation, key), passage(&r.work, &article.headings, &entry.text)),
            None => Ok(()),
        }
    })
}

/// Calls `take` with the place, regulation and key of each article.
fn each_article(
    searcher: &Searcher,
    take: &mut dyn FnMut(DocAddress, ArticleKey) -> Result<(), IndexError>,
) -> Result<(), IndexError> {
    for (segment_ord, segment) in searcher.segment_readers().iter().enumerate() {
        let (regulations, keys) = (segment.fast_fields().u64("regulation")?, segment.fast_fields().u64("article")?);
        for doc_id in segment.doc_ids_alive() {
            if let (Some(regulation), Some(key)) = (regulations.first(doc_id), keys.first(doc_id)) {
                take(DocAddress::new(segment_ord as u32, doc_id), (regulation, key))?;
            }
        }
    }
    Ok(())
}

pub fn key_of(passage: &str) -> Key {
    Sha256::digest(passage.as_bytes()).into()
}

/// The file of vectors. What is added lies at its end; a row that was not written whole is cut off when it is opened.
pub struct StoredVectors {
    path: PathBuf,
    rows: Rows,
    place: HashMap<Key, u32>,
}

impl StoredVectors {
    /// Opens the file, or starts it anew where it is not there or is of another width or layout.
    ///
    /// # Errors
    /// If the file cannot be read or written.
    pub fn open(path: &Path, width: usize) -> Result<Self, IndexError> {
        let mut kept = Self { path: path.to_owned(), rows: Rows::new(width), place: HashMap::new() };
        let bytes = match fs::read(path) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Vec::new(),
            other => other.map_err(|e| IndexError::io(path, e))?,
        };
        let head = kept.head();
        if bytes.get(..HEAD) != Some(head.as_slice()) {
            if let Some(dir) = path.parent() {
                fs::create_dir_all(dir).map_err(|e| IndexError::io(dir, e))?;
            }
            fs::write(path, head).map_err(|e| IndexError::io(path, e))?;
            return Ok(kept);
        }
        let rows = bytes[HEAD..].chunks_exact(KEY + 4 + width);
        let whole = bytes.len() - rows.remainder().len();
        for row in rows {
            let Some((key, rest)) = row.split_first_chunk::<KEY>() else { continue };
            let Some((scale, numbers)) = rest.split_first_chunk::<4>() else { continue };
            let numbers: Vec<i8> = numbers.iter().map(|byte| *byte as i8).collect();
            kept.take(*key, f32::from_le_bytes(*scale), &numbers);
        }
        if whole < bytes.len() {
            let file = OpenOptions::new().write(true).open(path).map_err(|e| IndexError::io(path, e))?;
            file.set_len(whole as u64).map_err(|e| IndexError::io(path, e))?;
        }
        Ok(kept)
    }

    fn head(&self) -> Vec<u8> {
        let width = self.rows.width() as u32;
        [MAGIC.as_slice(), &width.to_le_bytes()].concat()
    }

    fn take(&mut self, key: Key, scale: f32, numbers: &[i8]) {
        // A vector is one long: its largest number is not above one.
        if (0.0..=1.0).contains(&scale) && self.rows.push(scale, numbers) {
            self.place.insert(key, self.rows.len() as u32 - 1);
        }
    }

    pub fn get(&self, key: &Key) -> Option<(f32, &[i8])> {
        self.rows.get(*self.place.get(key)? as usize)
    }

    pub fn len(&self) -> usize {
        self.place.len()
    }

    pub fn is_empty(&self) -> bool {
        self.place.is_empty()
    }

    /// Adds vectors at the end of the file.
    ///
    /// # Errors
    /// If the file cannot be written.
    pub fn add(&mut self, vectors: &[(Key, Vec<f32>)]) -> Result<(), IndexError> {
        let path = self.path.clone();
        let io = |e| IndexError::io(&path, e);
        let mut file = BufWriter::new(OpenOptions::new().append(true).open(&path).map_err(io)?);
        for (key, vector) in vectors {
            let (scale, numbers) = shorten(vector);
            file.write_all(key).map_err(io)?;
            file.write_all(&scale.to_le_bytes()).map_err(io)?;
            let bytes: Vec<u8> = numbers.iter().map(|number| *number as u8).collect();
            file.write_all(&bytes).map_err(io)?;
            self.take(*key, scale, &numbers);
        }
        let file: File = file.into_inner().map_err(|e| IndexError::io(&self.path, e.into_error()))?;
        file.sync_data().map_err(|e| IndexError::io(&self.path, e))
    }
}

/// How far the work on a generation's vectors has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Filled {
    pub known: usize,
    pub wanted: usize,
}

/// Gives a generation the vectors of its articles and asked questions: first those that are kept, then, a thousand
/// after another, those that have to be computed. `go_on` is asked before each; `tell` hears how far it has come.
///
/// # Errors
/// If the index or the file of vectors cannot be read or written.
pub fn fill(
    generation: &Generation,
    model: &Arc<Model>,
    kept: &mut StoredVectors,
    go_on: &dyn Fn() -> bool,
    tell: &mut dyn FnMut(Filled),
) -> Result<(), IndexError> {
    let (mut known, mut missing) = (Vec::new(), Vec::new());
    passages(generation, &mut |at, article, text| {
        let key = key_of(&text);
        match kept.get(&key) {
            Some(_) => known.push((article, at, key)),
            None => missing.push((article, at, key, text)),
        }
        Ok(())
    })?;
    let wanted = known.len() + missing.len();
    show(generation, model, kept, &known, wanted);
    tell(Filled { known: known.len(), wanted });
    let asked: Vec<&str> =
        generation.bank.questions.texts().filter(|text| kept.get(&asked_key(text)).is_none()).collect();
    for part in asked.chunks(SHOWN_EVERY) {
        let mut vectors = Vec::new();
        for text in part {
            if !go_on() {
                return Ok(());
            }
            vectors.push((asked_key(text), model.query(text)));
        }
        kept.add(&vectors)?;
    }
    for part in missing.chunks(SHOWN_EVERY) {
        let mut vectors = Vec::new();
        for (_, _, key, text) in part {
            if !go_on() {
                return Ok(());
            }
            vectors.push((*key, model.passage(text, PASSAGE_PIECES)));
        }
        kept.add(&vectors)?;
        known.extend(part.iter().map(|(article, at, key, _)| (*article, *at, *key)));
        show(generation, model, kept, &known, wanted);
        tell(Filled { known: known.len(), wanted });
    }
    if missing.is_empty() && !asked.is_empty() {
        show(generation, model, kept, &known, wanted);
    }
    Ok(())
}

fn show(
    generation: &Generation,
    model: &Arc<Model>,
    kept: &StoredVectors,
    known: &[(ArticleKey, DocAddress, Key)],
    wanted: usize,
) {
    let width = model.width();
    let mut rows = Rows::new(width);
    let (mut articles, mut places) = (Vec::with_capacity(known.len()), Vec::with_capacity(known.len()));
    let mut row_of = FxHashMap::default();
    for (article, at, key) in known {
        if let Some((scale, numbers)) = kept.get(key)
            && rows.push(scale, numbers)
        {
            row_of.insert(*article, places.len() as u32);
            articles.push(*article);
            places.push(Some(*at));
        }
    }
    let (mut asked, none) = (Rows::new(width), vec![0; width]);
    for text in generation.bank.questions.texts() {
        let (scale, numbers) = kept.get(&asked_key(text)).unwrap_or((0.0, &none));
        asked.push(scale, numbers);
    }
    let (model, rows, asked) = (model.clone(), Arc::new(rows), Arc::new(asked));
    generation.set_meanings(Some(Meanings { model, rows, articles, places, row_of, asked, wanted }));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn vector(first: f32) -> Vec<f32> {
        vec![first, 0.5, -0.25, 0.0]
    }

    #[test]
    fn what_is_kept_is_there_when_the_file_is_opened_again() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("meanings").join("vectors");
        let mut kept = StoredVectors::open(&path, 4).unwrap();
        kept.add(&[(key_of("甲"), vector(1.0)), (key_of("乙"), vector(-1.0))]).unwrap();
        kept.add(&[(key_of("丙"), vector(0.75))]).unwrap();
        let again = StoredVectors::open(&path, 4).unwrap();
        assert_eq!(again.len(), 3);
        for text in ["甲", "乙", "丙"] {
            assert_eq!(again.get(&key_of(text)), kept.get(&key_of(text)), "{text}");
        }
        assert_eq!(again.get(&key_of("丁")), None);
        assert_eq!(again.get(&key_of("乙")).unwrap().1, [-127, 64, -32, 0]);
    }

    #[test]
    fn a_row_that_was_not_written_whole_is_cut_off_and_others_can_follow() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("vectors");
        StoredVectors::open(&path, 4)
            .unwrap()
            .add(&[(key_of("甲"), vector(1.0)), (key_of("乙"), vector(-1.0))])
            .unwrap();
        let bytes = fs::read(&path).unwrap();
        for cut in 1..KEY + 8 {
            fs::write(&path, &bytes[..bytes.len() - cut]).unwrap();
            let mut kept = StoredVectors::open(&path, 4).unwrap();
            assert_eq!(kept.len(), 1, "cut by {cut}");
            kept.add(&[(key_of("丙"), vector(0.5))]).unwrap();
            let again = StoredVectors::open(&path, 4).unwrap();
            assert!(again.get(&key_of("甲")).is_some() && again.get(&key_of("丙")).is_some(), "cut by {cut}");
        }
    }

    #[test]
    fn a_file_of_another_width_or_kind_is_begun_anew_and_no_number_that_is_none_is_taken() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("vectors");
        StoredVectors::open(&path, 4).unwrap().add(&[(key_of("甲"), vector(1.0))]).unwrap();
        assert!(StoredVectors::open(&path, 8).unwrap().is_empty());
        for text in ["", "GSMEAN1", "something else altogether, and longer"] {
            fs::write(&path, text).unwrap();
            assert!(StoredVectors::open(&path, 4).unwrap().is_empty(), "{text}");
        }
        let row = [&key_of("甲")[..], &f32::NAN.to_le_bytes(), &[1, 2, 3, 4]].concat();
        fs::write(&path, [MAGIC.as_slice(), &4u32.to_le_bytes(), &row].concat()).unwrap();
        assert!(StoredVectors::open(&path, 4).unwrap().is_empty());
    }

    #[test]
    fn a_passage_has_the_work_and_what_the_heading_says() {
        let headings = ["第二编　物权".to_owned(), "第三章　社会保险费征缴".to_owned()];
        assert_eq!(passage("社会保险法", &headings, "用人单位应当……"), "社会保险法 社会保险费征缴 用人单位应当……");
        assert_eq!(passage("宪法", &[], "甲"), "宪法  甲");
    }
}
