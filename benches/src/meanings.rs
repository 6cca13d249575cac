//! The vectors of a data directory, as the service keeps them there.

use std::path::Path;

use anyhow::Result;
use indexer::index::{Generation, meanings::fill, vectors::StoredVectors};
use server::config::Config;

/// Gives a generation the vectors that are kept in `data`, with the model of the package that is cached there; false
/// where there is none. Those that are missing are computed only if `compute` says so.
///
/// # Errors
/// If the package is there and is not the pinned one, or a file cannot be read or written.
pub fn load(generation: &Generation, data: &Path, compute: bool) -> Result<bool> {
    let pinned = server::packages::pinned(&Config::default().corpus)?;
    let Some(model) = server::meaning::model(&pinned, data)? else { return Ok(false) };
    let mut kept = StoredVectors::open(&server::meaning::vectors_path(data), model.width())?;
    fill(generation, &model, &mut kept, &|| compute, &mut |filled| {
        eprintln!("meanings: {} of {}", filled.known(), filled.wanted());
    })?;
    Ok(generation.meanings().is_some_and(|meanings| meanings.suffice()))
}
