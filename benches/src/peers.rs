//! Peers in the same run: the same articles, the same questions, the same machine.
//!
//! Each is set up as its own documentation advises for Chinese: tantivy with a jieba tokenizer in search mode and BM25;
//! SQLite FTS5 with its trigram tokenizer. What is not here was not run: PostgreSQL, Xapian, china-law-mcp, Lucene.

use std::{
    collections::{HashMap, HashSet},
    fs,
    path::Path,
    sync::Arc,
    time::{Duration, Instant},
};

use anyhow::{Context, Result};
use indexer::{
    index::{Generation, projection::LibraryEntry},
    record::work_key,
};
use jieba_rs::Jieba;
use server::query::{
    request::{KindFilter, SearchRequest},
    search,
};
use tantivy::{
    Index, IndexReader, TantivyDocument, Term,
    collector::TopDocs,
    query::{BooleanQuery, Occur, Query, TermQuery},
    schema::{Field, IndexRecordOption, STORED, Schema, TextFieldIndexing, TextOptions, Value},
    tokenizer::{TextAnalyzer, Token, TokenStream, Tokenizer},
};

use crate::{percentiles, process, row};

/// Results asked of everyone.
const SIZE: usize = 10;
/// Memory of tantivy's writer, as ours has.
const WRITER_BYTES: usize = 192 << 20;
const THREADS: usize = 2;

/// An article as everyone is given it.
struct Doc {
    /// Work and label: 民法典, 第五十六条.
    key: (String, String),
    text: String,
}

/// A question and the articles that answer it.
struct Question {
    text: String,
    relevant: HashSet<(String, String)>,
}

trait Peer {
    fn name(&self) -> &'static str;
    /// Positions of documents, the best first.
    fn search(&self, text: &str) -> Result<Vec<usize>>;
}

pub fn measure(generation: &Generation) -> Result<()> {
    let questions = questions()?;
    if questions.is_empty() {
        row("peers", "not run: the rated questions are not there");
        return Ok(());
    }
    let docs = docs(generation)?;
    let bytes: usize = docs.iter().map(|d| d.text.len()).sum();
    row(
        "peers: the same articles and questions",
        &format!("{} articles, {} MiB, {} questions, {SIZE} results", docs.len(), bytes >> 20, questions.len()),
    );
    let dir = tempfile::tempdir()?;
    let ours = Ours { generation };
    judge(&ours, &docs, &questions, "")?;
    let place = dir.path().join("tantivy");
    let started = Instant::now();
    let raw = RawTantivy::index(&docs, &place)?;
    judge(&raw, &docs, &questions, &made(docs.len(), started.elapsed(), &place))?;
    let place = dir.path().join("fts5");
    fs::create_dir(&place)?;
    let started = Instant::now();
    let fts = Fts5::index(&docs, &place.join("articles.db"))?;
    judge(&fts, &docs, &questions, &made(docs.len(), started.elapsed(), &place))
}

fn made(docs: usize, took: Duration, place: &Path) -> String {
    let seconds = took.as_secs_f64();
    let size = process::size_of(place) / f64::from(1 << 20);
    format!("; indexed in {seconds:.1} s ({:.0} a second), {size:.0} MiB", docs as f64 / seconds)
}

/// Every question twice, the second time counted; with how well they were answered.
fn judge(peer: &dyn Peer, docs: &[Doc], questions: &[Question], made: &str) -> Result<()> {
    let (mut times, mut ndcg) = (Vec::new(), 0.0);
    for round in 0..2 {
        for question in questions {
            let started = Instant::now();
            let found = peer.search(&question.text)?;
            let took = started.elapsed();
            if round == 1 {
                times.push(took);
                ndcg += quality(&found, docs, question);
            }
        }
    }
    let quality = ndcg / questions.len() as f64;
    row(&format!("peer: {}", peer.name()), &format!("nDCG@10 {quality:.3}; {}{made}", percentiles(&mut times)));
    Ok(())
}

fn quality(found: &[usize], docs: &[Doc], question: &Question) -> f64 {
    let gain = |place: usize| 1.0 / (place as f64 + 2.0).log2();
    let mut seen = HashSet::new();
    // Versions of an article are one answer.
    let keys = found.iter().map(|at| &docs[*at].key).filter(|key| seen.insert(*key));
    let got: f64 = keys.enumerate().filter(|(_, key)| question.relevant.contains(*key)).map(|(at, _)| gain(at)).sum();
    got / (0..question.relevant.len().min(SIZE)).map(gain).sum::<f64>()
}

struct Ours<'g> {
    generation: &'g Generation,
}

impl Peer for Ours<'_> {
    fn name(&self) -> &'static str {
        "guansou (nDCG on the rows whose answers were counted; cross-validated in quality/history.md)"
    }

    fn search(&self, text: &str) -> Result<Vec<usize>> {
        let request = SearchRequest { kind: KindFilter::Article, size: SIZE as u32, ..SearchRequest::new(text) };
        let reply = search(self.generation, &request)?;
        let known = positions(self.generation)?;
        let hits = reply.direct.iter().chain(&reply.hits).filter_map(|hit| hit.article.as_ref());
        Ok(hits.filter_map(|a| known.get(&(work_key(&a.regulation), a.number.clone())).copied()).collect())
    }
}

/// Where each article stands among the documents; made once.
fn positions(generation: &Generation) -> Result<&'static HashMap<(String, String), usize>> {
    static KNOWN: std::sync::OnceLock<HashMap<(String, String), usize>> = std::sync::OnceLock::new();
    if let Some(known) = KNOWN.get() {
        return Ok(known);
    }
    let docs = docs(generation)?;
    Ok(KNOWN.get_or_init(|| docs.into_iter().enumerate().map(|(at, doc)| (doc.key, at)).collect()))
}

struct RawTantivy {
    jieba: Arc<Jieba>,
    reader: IndexReader,
    id: Field,
    body: Field,
}

impl RawTantivy {
    fn index(docs: &[Doc], place: &Path) -> Result<Self> {
        fs::create_dir(place)?;
        let mut schema = Schema::builder();
        let id = schema.add_u64_field("id", STORED);
        let cut = TextFieldIndexing::default()
            .set_tokenizer("jieba")
            .set_index_option(IndexRecordOption::WithFreqsAndPositions);
        let body = schema.add_text_field("body", TextOptions::default().set_indexing_options(cut));
        let index = Index::create_in_dir(place, schema.build())?;
        let jieba = Arc::new(Jieba::new());
        index.tokenizers().register("jieba", TextAnalyzer::from(Plain { jieba: jieba.clone() }));
        let mut writer = index.writer_with_num_threads(THREADS, WRITER_BYTES)?;
        for (at, doc) in docs.iter().enumerate() {
            let mut document = TantivyDocument::default();
            document.add_u64(id, at as u64);
            document.add_text(body, &doc.text);
            writer.add_document(document)?;
        }
        writer.commit()?;
        writer.wait_merging_threads()?;
        Ok(Self { jieba, reader: index.reader()?, id, body })
    }
}

impl Peer for RawTantivy {
    fn name(&self) -> &'static str {
        "tantivy with plain jieba tokens"
    }

    fn search(&self, text: &str) -> Result<Vec<usize>> {
        let words: HashSet<&str> = self.jieba.cut_for_search(text, true).into_iter().map(|t| t.word).collect();
        let clause = |word: &&str| -> (Occur, Box<dyn Query>) {
            let term = Term::from_field_text(self.body, word);
            (Occur::Should, Box::new(TermQuery::new(term, IndexRecordOption::WithFreqs)))
        };
        let query = BooleanQuery::new(words.iter().map(clause).collect());
        let searcher = self.reader.searcher();
        let found = searcher.search(&query, &TopDocs::with_limit(SIZE).order_by_score())?;
        let id = |at| -> Result<usize> {
            let doc: TantivyDocument = searcher.doc(at)?;
            Ok(doc.get_first(self.id).and_then(|v| v.as_u64()).context("a document without its number")? as usize)
        };
        found.into_iter().map(|(_, at)| id(at)).collect()
    }
}

/// jieba in search mode, and nothing else.
#[derive(Clone)]
struct Plain {
    jieba: Arc<Jieba>,
}

struct Cut {
    tokens: Vec<Token>,
    next: usize,
}

impl Tokenizer for Plain {
    type TokenStream<'a> = Cut;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> Cut {
        let token = |(position, t): (usize, jieba_rs::Token<'_>)| Token {
            offset_from: t.byte_start,
            offset_to: t.byte_end,
            position,
            text: t.word.to_owned(),
            position_length: 1,
        };
        Cut { tokens: self.jieba.cut_for_search(text, true).into_iter().enumerate().map(token).collect(), next: 0 }
    }
}

impl TokenStream for Cut {
    fn advance(&mut self) -> bool {
        self.next += 1;
        self.next <= self.tokens.len()
    }

    fn token(&self) -> &Token {
        &self.tokens[self.next - 1]
    }

    fn token_mut(&mut self) -> &mut Token {
        &mut self.tokens[self.next - 1]
    }
}

struct Fts5 {
    db: rusqlite::Connection,
}

impl Fts5 {
    fn index(docs: &[Doc], file: &Path) -> Result<Self> {
        let mut db = rusqlite::Connection::open(file)?;
        db.execute_batch("CREATE VIRTUAL TABLE articles USING fts5(body, content='', tokenize='trigram')")?;
        let transaction = db.transaction()?;
        {
            let mut insert = transaction.prepare("INSERT INTO articles(rowid, body) VALUES (?, ?)")?;
            for (at, doc) in docs.iter().enumerate() {
                insert.execute((at as i64, doc.text.as_str()))?;
            }
        }
        transaction.commit()?;
        Ok(Self { db })
    }
}

impl Peer for Fts5 {
    fn name(&self) -> &'static str {
        "SQLite FTS5, trigram tokenizer, bm25"
    }

    fn search(&self, text: &str) -> Result<Vec<usize>> {
        let chars: Vec<char> = text.chars().filter(|c| c.is_alphanumeric()).collect();
        let grams: HashSet<String> =
            chars.windows(3).map(|w| format!("\"{}\"", w.iter().collect::<String>())).collect();
        if grams.is_empty() {
            return Ok(Vec::new());
        }
        let query = grams.into_iter().collect::<Vec<_>>().join(" OR ");
        let mut select =
            self.db.prepare_cached("SELECT rowid FROM articles WHERE articles MATCH ? ORDER BY rank LIMIT ?")?;
        let rows = select.query_map((query, SIZE as i64), |row| row.get::<_, i64>(0))?;
        Ok(rows.map(|at| at.map(|at| at as usize)).collect::<Result<_, _>>()?)
    }
}

/// Every article of the library, as the index keeps it.
fn docs(generation: &Generation) -> Result<Vec<Doc>> {
    let mut docs = Vec::new();
    for segment in generation.library.searcher.segment_readers() {
        let store = segment.get_store_reader(64)?;
        for doc in 0..segment.max_doc() {
            let document: TantivyDocument = store.get(doc)?;
            let bytes = document.get_first(generation.library.fields.entry).and_then(|v| v.as_bytes());
            let entry: LibraryEntry = serde_json::from_slice(bytes.unwrap_or_default())?;
            let norm = generation.catalogue.regulation(&entry.regulation_id);
            if let (Some(article), Some(norm)) = (entry.article, norm) {
                let text = format!("{}\n{}\n{}", norm.title, article.label, entry.text);
                docs.push(Doc { key: (norm.work.clone(), article.label), text });
            }
        }
    }
    Ok(docs)
}

/// The texts of all articles.
pub fn texts(generation: &Generation) -> Result<Vec<String>> {
    Ok(docs(generation)?.into_iter().map(|doc| doc.text).collect())
}

fn questions() -> Result<Vec<Question>> {
    let Ok(text) = fs::read_to_string("../shared/eval/lay-queries.dev.jsonl") else { return Ok(Vec::new()) };
    let parse = |line: &str| -> Result<Question> {
        let row: serde_json::Value = serde_json::from_str(line)?;
        let part = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
        let relevant = row["relevant"].as_array().into_iter().flatten();
        Ok(Question {
            text: part(&row["query"]),
            relevant: relevant.map(|r| (work_key(&part(&r["title"])), part(&r["article"]))).collect(),
        })
    };
    text.lines().map(parse).collect()
}
