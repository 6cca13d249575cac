//! SQLite FTS5 with its trigram tokenizer and bm25, in one writing transaction.

use std::{collections::HashSet, fs, path::Path};

use anyhow::Result;

use super::{
    SIZE, corpus,
    protocol::{Engine, Found, Made, serve},
};
use crate::process;

pub fn run(dir: &Path, place: &Path) -> Result<()> {
    let texts = corpus::read_texts(dir)?;
    fs::create_dir(place)?;
    serve(|| {
        let engine = Fts5::index(&texts, &place.join("articles.db"))?;
        Ok(Made {
            engine,
            version: rusqlite::version().to_owned(),
            bytes: process::size_of(place) as u64,
            peak_kib: None,
        })
    })
}

struct Fts5 {
    db: rusqlite::Connection,
}

impl Fts5 {
    fn index(texts: &[String], file: &Path) -> Result<Self> {
        let mut db = rusqlite::Connection::open(file)?;
        db.execute_batch("CREATE VIRTUAL TABLE articles USING fts5(body, content='', tokenize='trigram')")?;
        let transaction = db.transaction()?;
        {
            let mut insert = transaction.prepare("INSERT INTO articles(rowid, body) VALUES (?, ?)")?;
            for (at, text) in texts.iter().enumerate() {
                insert.execute((at as i64, text.as_str()))?;
            }
        }
        transaction.commit()?;
        Ok(Self { db })
    }
}

impl Engine for Fts5 {
    fn search(&mut self, text: &str) -> Result<Vec<Found>> {
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
        Ok(rows.map(|at| at.map(|at| Found::Text(at as usize))).collect::<Result<_, _>>()?)
    }
}
