//! Guansou itself: its own writer over the articles' records alone, or the generation that a data directory has.

use std::path::Path;

use anyhow::{Context, Result};
use indexer::{
    index::{Generation, build},
    record::{Date, work_key},
};
use server::{
    config::Config,
    query::{
        request::{KindFilter, SearchRequest},
        search,
    },
    service::load_lexicon,
};

use super::{
    SIZE, corpus,
    protocol::{Engine, Found, Indexed, Made, answer, serve},
};
use crate::{open, process};

/// Statuses depend on the day: always this one.
pub const TODAY: Date = Date::constant(2026, 11, 24);

/// Opened at the first question: what opening takes and holds is no part of the indexing.
struct Guansou {
    opening: Option<Box<dyn FnOnce() -> Result<Generation>>>,
    generation: Option<Generation>,
}

impl Guansou {
    fn new(opening: impl FnOnce() -> Result<Generation> + 'static) -> Self {
        Self { opening: Some(Box::new(opening)), generation: None }
    }
}

impl Engine for Guansou {
    fn search(&mut self, text: &str) -> Result<Vec<Found>> {
        if let Some(opening) = self.opening.take() {
            self.generation = Some(opening()?);
        }
        let generation = self.generation.as_ref().context("no index was opened")?;
        let request = SearchRequest { kind: KindFilter::Article, size: SIZE as u32, ..SearchRequest::new(text) };
        let reply = search(generation, &request)?;
        let hits = reply.direct.iter().chain(&reply.hits).filter_map(|hit| hit.article.as_ref());
        Ok(hits.map(|a| Found::Article(work_key(&a.regulation), a.number.clone())).collect())
    }
}

/// Over the records of `dir` and nothing else; the index is made in `place`.
pub fn over_records(dir: &Path, place: &Path) -> Result<()> {
    let records = corpus::read_records(dir)?;
    let lexicon = load_lexicon(&Config::default())?;
    serve(|| {
        build(place, &records, &lexicon, 0, TODAY, &mut |_| {})?;
        let bytes = process::size_of(place) as u64;
        let place = place.to_owned();
        let engine = Guansou::new(move || Generation::open_current(&place, &lexicon)?.context("no index was built"));
        Ok(Made { engine, version: String::new(), bytes, peak_kib: None })
    })
}

/// As it is served.
pub fn over_data(data: &Path) -> Result<()> {
    let index = data.join("index");
    let number = indexer::index::current_number(&index)?.context("no index was built")?;
    let bytes = process::size_of(&indexer::index::generation_dir(&index, number)) as u64;
    let data = data.to_owned();
    answer(&Indexed { bytes, ..Indexed::default() }, &mut Guansou::new(move || open(&data)))
}
