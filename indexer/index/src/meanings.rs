//! What articles mean, as vectors laid out for one generation, to be searched.
//!
//! Vectors are of the articles of national regulations' newest versions: the others say the same again, or are asked
//! for by name.

use std::sync::Arc;

use embed::{Model, PASSAGE_PIECES, rows::Rows, tuning::Tuning};
use rustc_hash::FxHashMap;
use tantivy::{DocAddress, Searcher};

use super::{
    Generation, IndexError,
    projection::LibraryEntry,
    stored,
    vectors::{Key, StoredVectors, key_of},
    wordings::{self, Texts, Wordings},
};

/// Vectors computed between two looks at them by the search: half a minute's work of a core.
const SHOWN_EVERY: usize = 1_000;
/// Of a hundred articles, so many have to have a vector for the search to go by them: new ones come a few at a time.
const ENOUGH: (usize, usize) = (99, 100);

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
    pub wordings: Arc<Wordings>,
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

    /// The articles with their vectors, in no order that means anything.
    pub fn vectors(&self) -> impl Iterator<Item = (ArticleKey, f32, &[i8])> {
        self.row_of.iter().filter_map(|(article, row)| {
            let (scale, numbers) = self.rows.get(*row as usize)?;
            Some((*article, scale, numbers))
        })
    }

    /// How many texts have a vector, articles and others.
    pub fn len(&self) -> usize {
        self.row_of.len() + self.wordings.len()
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
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
            wordings: self.wordings.clone(),
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

/// How far the work on a generation's vectors has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Filled {
    /// Articles that have a vector, and those that are to have one.
    pub articles: (usize, usize),
    /// The same of the texts of [`wordings`].
    pub wordings: (usize, usize),
}

impl Filled {
    pub fn known(self) -> usize {
        self.articles.0 + self.wordings.0
    }

    pub fn wanted(self) -> usize {
        self.articles.1 + self.wordings.1
    }
}

/// Gives a generation the vectors of its articles, asked questions and other texts: first those that are kept, then, a
/// thousand after another, those that have to be computed. `go_on` is asked before each; `tell` hears how far it has
/// come.
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
    let texts = Texts::of(generation)?;
    let mut show = |kept: &StoredVectors, known: &[(ArticleKey, DocAddress, Key)]| {
        let wordings = Wordings::new(&texts, kept, model.width());
        tell(Filled { articles: (known.len(), wanted), wordings: (wordings.len(), texts.len()) });
        generation.set_meanings(Some(meanings(generation, model, kept, known, wanted, wordings)));
    };
    show(kept, &known);
    let asked: Vec<(Key, &str)> = generation.bank.questions.texts().map(|text| (asked_key(text), text)).collect();
    let asked: Vec<(Key, &str)> = asked.into_iter().filter(|(key, _)| kept.get(key).is_none()).collect();
    for part in asked.chunks(SHOWN_EVERY) {
        if !add(kept, part, &|text| model.query(text), go_on)? {
            return Ok(());
        }
    }
    for part in missing.chunks(SHOWN_EVERY) {
        let texts: Vec<(Key, &str)> = part.iter().map(|(_, _, key, text)| (*key, text.as_str())).collect();
        if !add(kept, &texts, &|text| model.passage(text, PASSAGE_PIECES), go_on)? {
            return Ok(());
        }
        known.extend(part.iter().map(|(article, at, key, _)| (*article, *at, *key)));
        show(kept, &known);
    }
    let others = texts.missing(kept);
    for part in others.chunks(SHOWN_EVERY) {
        if !add(kept, part, &|text| wordings::vector(model, text), go_on)? {
            return Ok(());
        }
        show(kept, &known);
    }
    if missing.is_empty() && others.is_empty() && !asked.is_empty() {
        show(kept, &known);
    }
    Ok(())
}

/// Computes the vectors of texts and keeps them; false, and none of them kept, where it is not to go on.
fn add(
    kept: &mut StoredVectors,
    texts: &[(Key, &str)],
    vector: &dyn Fn(&str) -> Vec<f32>,
    go_on: &dyn Fn() -> bool,
) -> Result<bool, IndexError> {
    let mut vectors = Vec::with_capacity(texts.len());
    for (key, text) in texts {
        if !go_on() {
            return Ok(false);
        }
        vectors.push((*key, vector(text)));
    }
    kept.add(&vectors)?;
    Ok(true)
}

fn meanings(
    generation: &Generation,
    model: &Arc<Model>,
    kept: &StoredVectors,
    known: &[(ArticleKey, DocAddress, Key)],
    wanted: usize,
    wordings: Wordings,
) -> Meanings {
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
    let (model, rows, asked, wordings) = (model.clone(), Arc::new(rows), Arc::new(asked), Arc::new(wordings));
    Meanings { model, rows, articles, places, row_of, asked, wanted, wordings }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_passage_has_the_work_and_what_the_heading_says() {
        let headings = ["第二编　物权".to_owned(), "第三章　社会保险费征缴".to_owned()];
        assert_eq!(passage("社会保险法", &headings, "用人单位应当……"), "社会保险法 社会保险费征缴 用人单位应当……");
        assert_eq!(passage("宪法", &[], "甲"), "宪法  甲");
    }
}
