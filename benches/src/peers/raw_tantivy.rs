//! tantivy as it comes, with a jieba tokenizer in search mode and BM25.

use std::{collections::HashSet, fs, path::Path, sync::Arc};

use anyhow::{Context, Result};
use jieba_rs::Jieba;
use tantivy::{
    Index, IndexReader, TantivyDocument, Term,
    collector::TopDocs,
    query::{BooleanQuery, Occur, Query, TermQuery},
    schema::{Field, IndexRecordOption, STORED, Schema, TextFieldIndexing, TextOptions, Value},
    tokenizer::{TextAnalyzer, Token, TokenStream, Tokenizer},
};

use super::{
    SIZE, THREADS, WRITER_BYTES, corpus,
    protocol::{Engine, Found, Made, serve},
};
use crate::process;

pub fn run(dir: &Path, place: &Path) -> Result<()> {
    let texts = corpus::read_texts(dir)?;
    serve(|| {
        let engine = RawTantivy::index(texts.iter().map(String::as_str), place)?;
        Ok(Made {
            engine,
            version: tantivy::version_string().to_owned(),
            bytes: process::size_of(place) as u64,
            peak_kib: None,
        })
    })
}

pub struct RawTantivy {
    jieba: Arc<Jieba>,
    reader: IndexReader,
    id: Field,
    body: Field,
}

impl RawTantivy {
    pub fn index<'t>(texts: impl Iterator<Item = &'t str>, place: &Path) -> Result<Self> {
        fs::create_dir(place)?;
        let mut schema = Schema::builder();
        let id = schema.add_u64_field("id", STORED);
        let cut = TextFieldIndexing::default()
            .set_tokenizer("jieba")
            .set_index_option(IndexRecordOption::WithFreqsAndPositions);
        let body = schema.add_text_field("body", TextOptions::default().set_indexing_options(cut));
        let index = Index::create_in_dir(place, schema.build())?;
        let jieba = register(&index);
        let mut writer = index.writer_with_num_threads(THREADS, WRITER_BYTES)?;
        for (at, text) in texts.enumerate() {
            let mut document = TantivyDocument::default();
            document.add_u64(id, at as u64);
            document.add_text(body, text);
            writer.add_document(document)?;
        }
        writer.commit()?;
        writer.wait_merging_threads()?;
        Ok(Self { jieba, reader: index.reader()?, id, body })
    }

    pub fn open(place: &Path) -> Result<Self> {
        let index = Index::open_in_dir(place)?;
        let (id, body) = (index.schema().get_field("id")?, index.schema().get_field("body")?);
        Ok(Self { jieba: register(&index), reader: index.reader()?, id, body })
    }
}

fn register(index: &Index) -> Arc<Jieba> {
    let jieba = Arc::new(Jieba::new());
    index.tokenizers().register("jieba", TextAnalyzer::from(Plain { jieba: jieba.clone() }));
    jieba
}

impl Engine for RawTantivy {
    fn search(&mut self, text: &str) -> Result<Vec<Found>> {
        let words: HashSet<&str> = self.jieba.cut_for_search(text, true).into_iter().map(|t| t.word).collect();
        let clause = |word: &&str| -> (Occur, Box<dyn Query>) {
            let term = Term::from_field_text(self.body, word);
            (Occur::Should, Box::new(TermQuery::new(term, IndexRecordOption::WithFreqs)))
        };
        let query = BooleanQuery::new(words.iter().map(clause).collect());
        let searcher = self.reader.searcher();
        let found = searcher.search(&query, &TopDocs::with_limit(SIZE).order_by_score())?;
        let id = |at| -> Result<Found> {
            let doc: TantivyDocument = searcher.doc(at)?;
            let id = doc.get_first(self.id).and_then(|v| v.as_u64()).context("a document without its number")?;
            Ok(Found::Text(id as usize))
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
