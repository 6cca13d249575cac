//! Files as they come over the network: to disk, piece by piece, so that whoever sends slowly holds a few pages of memory and
//! no turn at reading; and bounded over all that are on their way.

use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
};

use axum::body::Bytes;
use indexer::corpus::documents::MAX_UPLOAD;
use tokio_stream::{Stream, StreamExt};

use crate::{
    access::Actor,
    http::{App, Problem, aside::aside},
    sharing::{Arrived, Arriving},
};

/// Files of one office on their way, from their first byte until they are kept or refused: as many as a person hands in at a
/// time.
pub const MAX_OF_AN_OFFICE: usize = 8;
/// Bytes on disk of all files on their way: sixteen of the largest.
pub const MAX_BYTES: u64 = 1 << 30;
/// What is written at a time, in bytes; held in memory for each file on its way.
const PIECE: usize = 64 << 10;
/// When to try again, in seconds: a file comes within some.
const AGAIN: u32 = 5;

/// What is on its way.
#[derive(Default)]
pub struct Arrivals {
    offices: Mutex<HashMap<String, usize>>,
    bytes: AtomicU64,
}

/// A file's place among those on their way; given back when dropped.
struct Slot {
    arrivals: Arc<Arrivals>,
    office: String,
    bytes: u64,
}

/// A file that has come.
pub struct Come {
    pub file: Arrived,
    _place: Slot,
}

impl Arrivals {
    fn place(self: &Arc<Self>, office: String) -> Result<Slot, Problem> {
        let mut offices = self.offices.lock().unwrap_or_else(PoisonError::into_inner);
        let held = offices.entry(office.clone()).or_default();
        if *held >= MAX_OF_AN_OFFICE {
            let detail = format!("贵单位已有 {MAX_OF_AN_OFFICE} 份文件正在上传：请等它们传完再传");
            return Err(Problem::too_many(detail, AGAIN));
        }
        *held += 1;
        drop(offices);
        Ok(Slot { arrivals: self.clone(), office, bytes: 0 })
    }
}

impl Slot {
    /// Takes room for more bytes.
    fn grow(&mut self, more: usize) -> Result<(), Problem> {
        let more = more as u64;
        let fits = |all: u64| all.checked_add(more).filter(|all| *all <= MAX_BYTES);
        let taken = self.arrivals.bytes.fetch_update(Ordering::Relaxed, Ordering::Relaxed, fits);
        taken.map_err(|_| Problem { retry_after: Some(AGAIN), ..Problem::busy() })?;
        self.bytes += more;
        Ok(())
    }
}

impl Drop for Slot {
    fn drop(&mut self) {
        self.arrivals.bytes.fetch_sub(self.bytes, Ordering::Relaxed);
        let mut offices = self.arrivals.offices.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(held) = offices.get_mut(&self.office) {
            *held -= 1;
            if *held == 0 {
                offices.remove(&self.office);
            }
        }
    }
}

/// Takes a file in. `broken` tells what a failure of the connection or the form is.
pub async fn receive<E>(
    app: &App,
    actor: &Actor,
    pieces: impl Stream<Item = Result<Bytes, E>> + Unpin,
    broken: impl Fn(E) -> Problem,
) -> Result<Come, Problem> {
    receive_within(app, actor, pieces, MAX_UPLOAD, broken).await
}

/// The same for a file of at most so many bytes.
pub async fn receive_within<E>(
    app: &App,
    actor: &Actor,
    mut pieces: impl Stream<Item = Result<Bytes, E>> + Unpin,
    most: usize,
    broken: impl Fn(E) -> Problem,
) -> Result<Come, Problem> {
    let mut place = app.arrivals.place(actor.office())?;
    let worker = app.clone();
    let mut arriving = aside(move || Ok(worker.files.arriving()?)).await?;
    let mut waiting = Vec::with_capacity(PIECE);
    while let Some(piece) = pieces.next().await {
        let piece = piece.map_err(&broken)?;
        place.grow(piece.len())?;
        if place.bytes > most as u64 {
            return Err(larger_than(most));
        }
        waiting.extend_from_slice(&piece);
        if waiting.len() >= PIECE {
            (arriving, waiting) = put(arriving, waiting).await?;
        }
    }
    (arriving, _) = put(arriving, waiting).await?;
    Ok(Come { file: arriving.done(), _place: place })
}

/// Writes beside the asynchronous shell: the disk may be slow.
async fn put(mut arriving: Arriving, mut waiting: Vec<u8>) -> Result<(Arriving, Vec<u8>), Problem> {
    aside(move || {
        arriving.put(&waiting)?;
        waiting.clear();
        Ok((arriving, waiting))
    })
    .await
}

/// A short text of a form that brings a file.
pub async fn short<E>(
    mut pieces: impl Stream<Item = Result<Bytes, E>> + Unpin,
    most: usize,
    broken: impl Fn(E) -> Problem,
) -> Result<String, Problem> {
    let mut text = Vec::new();
    while let Some(piece) = pieces.next().await {
        text.extend_from_slice(&piece.map_err(&broken)?);
        if text.len() > most {
            return Err(Problem::too_large(most));
        }
    }
    String::from_utf8(text).map_err(|_| Problem::bad_body("表单内容不是 UTF-8 编码的文字"))
}

/// What a file that is larger than any may be is.
pub fn too_large() -> Problem {
    larger_than(MAX_UPLOAD)
}

/// What a file of more bytes than it may have is.
pub fn larger_than(most: usize) -> Problem {
    let detail = format!("文件过大，最多 {} MiB：扫描件请降低分辨率，或分册上传", most >> 20);
    Problem { detail, ..Problem::too_large(most) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_and_bytes_are_bounded_and_come_back() {
        let arrivals = Arc::new(Arrivals::default());
        let place = || arrivals.place("a".into());
        let mut held: Vec<Slot> = (0..MAX_OF_AN_OFFICE).map(|_| place().ok().unwrap()).collect();
        assert_eq!(place().err().map(|p| (p.status, p.retry_after)), Some((429, Some(AGAIN))));
        let mut other = arrivals.place("b".into()).ok().unwrap();
        for place in &mut held {
            assert!(place.grow((MAX_BYTES / 8) as usize).is_ok());
        }
        assert_eq!(other.grow(1).err().map(|p| (p.status, p.retry_after)), Some((503, Some(AGAIN))));
        drop(held.pop());
        assert!(other.grow((MAX_BYTES / 8) as usize).is_ok() && other.grow(usize::MAX).is_err());
        drop((held, other));
        assert_eq!((arrivals.bytes.load(Ordering::Relaxed), arrivals.offices.lock().unwrap().len()), (0, 0));
    }
}
