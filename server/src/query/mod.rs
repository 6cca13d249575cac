//! A query walks one way: understand → plan → run → present.

pub mod reply;
pub mod request;

use indexer::index::Generation;

use reply::{Hit, MatchReply, ResolveReply, SearchReply, SuggestReply};
use request::SearchRequest;

/// Why a search gave no answer. Never the reader's fault: requests are checked before.
#[derive(Debug, thiserror::Error)]
pub enum SearchError {
    #[error("索引读取出错：{0}")]
    Index(String),
}

/// Answers a search.
pub fn search(generation: &Generation, request: &SearchRequest) -> Result<SearchReply, SearchError> {
    let _ = (generation, request);
    unreachable!("replaced today")
}

/// Completes what is being typed; `text` not empty, `size` from 1 to 20.
pub fn suggest(generation: &Generation, text: &str, size: usize) -> Result<SuggestReply, SearchError> {
    let _ = (generation, text, size);
    unreachable!("replaced today")
}

/// Resolves every citation in a text.
pub fn resolve(generation: &Generation, text: &str) -> Result<ResolveReply, SearchError> {
    let _ = (generation, text);
    unreachable!("replaced today")
}

/// Matches names to institutions.
pub fn match_names(generation: &Generation, names: &[String]) -> Result<MatchReply, SearchError> {
    let _ = (generation, names);
    unreachable!("replaced today")
}

/// The institutions of a division itself, by category and name.
pub fn institutions_of(generation: &Generation, division: &str) -> Result<Vec<Hit>, SearchError> {
    let _ = (generation, division);
    unreachable!("replaced today")
}
