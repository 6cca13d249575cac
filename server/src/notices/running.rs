//! The thread that follows the changes and sends the mail, beside the service.

use std::{
    io,
    sync::Arc,
    thread::{self, JoinHandle},
    time::Duration,
};

use jiff::Timestamp;
use tokio::{runtime::Runtime, sync::oneshot};

use super::{delivery, follow, mail::Post};
use crate::store::RecordStore;

/// How often it looks for changes: where nothing has changed, a look is one read.
const LOOK_EVERY: Duration = Duration::from_millis(300);
/// How often it looks for letters that are due.
const POST_EVERY: Duration = Duration::from_secs(5);
/// After a failure of the store.
const TRY_AGAIN_AFTER: Duration = Duration::from_secs(5);

/// Stops it when dropped; a letter that is being sent is sent again after the next start.
pub struct Running {
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Drop for Running {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// Begins it, with mail where there is a server to take it.
pub fn start(store: Arc<RecordStore>, post: Option<Post>, leads_to: Option<String>) -> io::Result<Running> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let (stop, stopped) = oneshot::channel::<()>();
    let thread = thread::Builder::new().name("notices".into()).spawn(move || {
        until_over(runtime, async {
            tokio::select! {
                _ = stopped => {}
                () = follow_on(&store) => {}
                () = send_on(&store, post, leads_to.as_deref()) => {}
            }
        });
    })?;
    Ok(Running { stop: Some(stop), thread: Some(thread) })
}

/// Runs `work` to its end and waits for nothing that it left behind: the look-up of a mail server's name hangs on a thread of
/// its own for as long as a name server says nothing, and nobody can end it.
fn until_over(runtime: Runtime, work: impl Future<Output = ()>) {
    runtime.block_on(work);
    runtime.shutdown_background();
}

async fn follow_on(store: &RecordStore) {
    let mut from = None;
    loop {
        let pause = match follow(store, &mut from) {
            Ok(true) => Duration::ZERO,
            Ok(false) => LOOK_EVERY,
            Err(error) => {
                tracing::warn!(%error, "notices could not be made");
                TRY_AGAIN_AFTER
            }
        };
        tokio::time::sleep(pause).await;
    }
}

async fn send_on(store: &RecordStore, post: Option<Post>, leads_to: Option<&str>) {
    let Some(post) = post else { return std::future::pending().await };
    loop {
        if let Err(error) = delivery::deliver(store, &post, leads_to, Timestamp::now).await {
            tracing::warn!(%error, "mail could not be sent");
        }
        tokio::time::sleep(POST_EVERY).await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stopping_waits_for_no_look_up() {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let (end, ended) = std::sync::mpsc::channel::<()>();
        let (begin, begun) = tokio::sync::oneshot::channel();
        until_over(runtime, async move {
            // As a look-up that nobody answers.
            let hangs = tokio::task::spawn_blocking(move || {
                begin.send(()).unwrap();
                ended.recv_timeout(Duration::from_secs(60))
            });
            begun.await.unwrap();
            let _ = tokio::time::timeout(Duration::from_millis(50), hangs).await;
        });
        // It listens no more once it is over.
        assert!(end.send(()).is_ok(), "the look-up was waited for");
    }
}
