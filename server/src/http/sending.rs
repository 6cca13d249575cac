//! What is sent piece by piece: dumps, exports, originals. None is ever whole in memory, and whoever stops reading is let go.

use std::{io::Read, path::Path, time::Duration};

use axum::{
    body::{Body, Bytes},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use tokio::sync::{OwnedSemaphorePermit, mpsc};
use tokio_stream::wrappers::ReceiverStream;

use super::{App, Problem, aside::aside};
use crate::{sharing::Sha256Hex, urls::encode};

/// Pieces that wait for a slow reader; then the reading waits too.
const AHEAD: usize = 16;
/// A reader who takes nothing for so long has gone, or never came to read.
const PATIENCE: Duration = Duration::from_secs(30);
/// Bytes of a file sent as one piece.
const PIECE: usize = 64 << 10;

/// Hands pieces on; `false` when nobody takes them any more.
pub struct Sink {
    sender: mpsc::Sender<Result<Bytes, std::io::Error>>,
}

impl Sink {
    pub fn send(&self, piece: impl Into<Bytes>) -> bool {
        let sending = tokio::time::timeout(PATIENCE, self.sender.send(Ok(piece.into())));
        matches!(tokio::runtime::Handle::current().block_on(sending), Ok(Ok(())))
    }

    /// Breaks the connection, so that nobody takes a part for the whole.
    pub fn fail(&self, error: &dyn std::fmt::Display) {
        let _ = self.sender.try_send(Err(std::io::Error::other(error.to_string())));
    }
}

/// A body that `make` writes on a thread of its own, which keeps `place` until it is done.
pub fn body(place: OwnedSemaphorePermit, make: impl FnOnce(&Sink) + Send + 'static) -> Body {
    let (sender, received) = mpsc::channel(AHEAD);
    tokio::task::spawn_blocking(move || {
        make(&Sink { sender });
        drop(place);
    });
    Body::from_stream(ReceiverStream::new(received))
}

/// The original that is found for whoever asks, by its hash and with its name, in one of the places for downloads; a place
/// is taken before it is looked for.
pub async fn original(
    app: App,
    asked: HeaderMap,
    find: impl FnOnce(&App) -> Result<(Sha256Hex, String), Problem> + Send + 'static,
) -> Result<Response, Problem> {
    let place = app.downloads.clone().try_acquire_owned().map_err(|_| Problem::busy())?;
    let worker = app.clone();
    let (hash, name) = aside(move || find(&worker)).await?;
    file(&asked, place, &app.files.path(&hash), &hash, &name).await
}

/// A file as a download: always offered for saving, since what offices upload is never shown in this site's name.
/// Its content is proven against its hash before the first byte goes out.
async fn file(
    asked: &HeaderMap,
    place: OwnedSemaphorePermit,
    path: &Path,
    hash: &Sha256Hex,
    name: &str,
) -> Result<Response, Problem> {
    let tag = HeaderValue::try_from(format!("\"{hash}\""))?;
    // It may be withdrawn at any time.
    let kept = (header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if asked.get(header::IF_NONE_MATCH).is_some_and(|known| known.as_bytes() == tag.as_bytes()) {
        return Ok((StatusCode::NOT_MODIFIED, [kept, (header::ETAG, tag)]).into_response());
    }
    let (file, wanted) = (path.to_owned(), hash.clone());
    let opened = aside(move || {
        let opened = || -> std::io::Result<_> {
            let found = Sha256Hex::of_file(&file)?;
            let length = std::fs::metadata(&file)?.len();
            Ok((found == wanted).then_some((std::fs::File::open(&file)?, length)))
        };
        match opened() {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Err(Problem::not_found("原件不在本机")),
            other => Ok(other?),
        }
    });
    let none = || Problem::internal(&"an original does not have its hash");
    let (mut file, length) = opened.await?.ok_or_else(none)?;
    let sent = body(place, move |sink| {
        let mut piece = vec![0; PIECE];
        loop {
            match file.read(&mut piece) {
                Ok(0) => return,
                Ok(n) if sink.send(piece[..n].to_vec()) => {}
                Ok(_) => return,
                Err(error) => return sink.fail(&error),
            }
        }
    });
    let disposition = HeaderValue::try_from(format!("attachment; filename*=UTF-8''{}", encode(name)));
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("application/octet-stream")),
        (header::CONTENT_LENGTH, HeaderValue::from(length)),
        (header::CONTENT_DISPOSITION, disposition?),
        kept,
        (header::ETAG, tag),
    ];
    Ok((headers, sent).into_response())
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use http_body_util::BodyExt;
    use tokio::sync::Semaphore;

    use super::*;

    #[tokio::test]
    async fn whoever_takes_nothing_is_let_go() {
        let places = Arc::new(Semaphore::new(1));
        let place = places.clone().try_acquire_owned().unwrap();
        // By a clock that only this test moves.
        tokio::time::pause();
        let untaken = body(place, |sink| while sink.send("甲") {});
        for _ in 0..20_000 {
            assert_eq!(places.available_permits(), 0);
            std::thread::sleep(Duration::from_millis(1));
            tokio::time::advance(PATIENCE / 2).await;
            if places.available_permits() == 1 {
                break;
            }
        }
        assert_eq!(places.available_permits(), 1, "nobody waits for ever for a reader");
        drop(untaken);
    }

    #[tokio::test]
    async fn whoever_reads_gets_all() {
        let places = Arc::new(Semaphore::new(1));
        let place = places.clone().try_acquire_owned().unwrap();
        let taken = body(place, |sink| assert!((0..1_000).all(|n| sink.send(format!("{n} ")))));
        let bytes = taken.collect().await.unwrap().to_bytes();
        assert_eq!(bytes.split(|b| *b == b' ').filter(|n| !n.is_empty()).count(), 1_000);
    }
}
