//! Work that may block, on threads of its own: what waits for the disk on a thread that serves connections holds up all of
//! them.

use super::{Problem, menu};

/// Does work that may block beside the asynchronous shell. It goes on to its end, whoever stops waiting for it.
pub async fn aside<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Problem> + Send + 'static,
) -> Result<T, Problem> {
    tokio::task::spawn_blocking(menu::carried(work)).await?
}
