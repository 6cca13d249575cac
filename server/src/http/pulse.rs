//! What a connection is doing, and since when: told by the bytes that pass and the requests that begin and end.

use std::{
    io::{self, IoSlice},
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering::Relaxed},
    },
    task::{Context, Poll},
    time::Duration,
};

use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::TcpStream,
    sync::Notify,
    time::Instant,
};

/// How long a connection may take for each thing that it waits for.
#[derive(Debug, Clone, Copy)]
pub struct Patience {
    /// For the head of a request, from its first byte or, for the first request, from the opening.
    pub head: Duration,
    /// Between requests.
    pub idle: Duration,
    /// For the reader to take something of an answer.
    pub taking: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self {
            // A head is one packet or two; ten seconds outlast three packets lost one after the other.
            head: Duration::from_secs(10),
            // More than the minute for which proxies keep theirs (nginx: keepalive_timeout 60s), so that it is they who
            // close, and none sends a request into a connection that is just being closed.
            idle: Duration::from_secs(75),
            // As long as the sending of dumps waits.
            taking: Duration::from_secs(30),
        }
    }
}

/// Whoever has been told to go, and is not being answered, is gone after this.
const GOING: Duration = Duration::from_millis(500);

const HEAD: u64 = 0;
const ANSWERING: u64 = 1;
const IDLE: u64 = 2;
const BODY: u64 = 3;

/// Times are in milliseconds since `began`.
pub struct Pulse {
    began: Instant,
    /// What is done (the lowest two bits) and since when.
    phase: AtomicU64,
    /// Since when the reader takes nothing, plus one; zero while it takes.
    stuck: AtomicU64,
    /// When it was told to go, plus one; zero before.
    told: AtomicU64,
    leave: Notify,
}

impl Pulse {
    /// Of a connection that has just been opened.
    pub fn new() -> Arc<Self> {
        let zero = || AtomicU64::new(0);
        Arc::new(Self { began: Instant::now(), phase: zero(), stuck: zero(), told: zero(), leave: Notify::new() })
    }

    fn now(&self) -> u64 {
        u64::try_from(self.began.elapsed().as_millis()).unwrap_or(u64::MAX)
    }

    fn enter(&self, phase: u64) {
        self.phase.store(self.now() << 2 | phase, Relaxed);
    }

    /// A request is being answered, until what is returned is dropped.
    pub fn answering(self: &Arc<Self>) -> Answering {
        self.enter(ANSWERING);
        Answering(self.clone())
    }

    /// The rest of the request is waited for, until what is returned is dropped: nothing is being answered yet.
    pub fn waiting_for_body(self: &Arc<Self>) -> impl Drop + use<> {
        struct Waiting(Arc<Pulse>);
        impl Drop for Waiting {
            fn drop(&mut self) {
                self.0.enter(ANSWERING);
            }
        }
        self.enter(BODY);
        Waiting(self.clone())
    }

    /// Since when nothing is being answered; `None` while something is, or has not been taken to its end.
    pub fn resting_since(&self) -> Option<Instant> {
        let phase = self.phase.load(Relaxed);
        let rests = phase & 3 != ANSWERING && self.stuck.load(Relaxed) == 0;
        rests.then(|| self.began + Duration::from_millis(phase >> 2))
    }

    /// Asks the connection to end as soon as it can.
    pub fn ask_to_close(&self) {
        self.leave.notify_one();
    }

    /// Resolves when the connection has been asked to end.
    pub async fn asked_to_close(&self) {
        self.leave.notified().await;
    }

    /// From now on it stays only to finish an answer.
    pub fn going(&self) {
        self.told.store(self.now() + 1, Relaxed);
    }

    /// When the connection is over if nothing happens before; a connection that is being answered may have no end yet,
    /// and is looked at again then.
    pub fn due(&self, patience: &Patience) -> (Instant, Due) {
        let phase = self.phase.load(Relaxed);
        let at = |ms: u64, after: Duration| self.began + Duration::from_millis(ms) + after;
        let resting = match phase & 3 {
            HEAD => Some(at(phase >> 2, patience.head)),
            IDLE => Some(at(phase >> 2, patience.idle)),
            // Whoever reads a body sees to its pace.
            _ => None,
        };
        let counted = |counter: &AtomicU64| counter.load(Relaxed).checked_sub(1);
        let stuck = counted(&self.stuck).map(|ms| at(ms, patience.taking));
        let told = counted(&self.told).filter(|_| phase & 3 != ANSWERING && stuck.is_none());
        let told = told.map(|ms| at(ms.max(phase >> 2), GOING));
        match [resting, stuck, told].into_iter().flatten().min() {
            Some(end) => (end, Due::Over),
            None => (Instant::now() + patience.taking, Due::Look),
        }
    }
}

/// What is due at a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Due {
    Over,
    Look,
}

/// A request under way.
pub struct Answering(Arc<Pulse>);

impl Drop for Answering {
    fn drop(&mut self) {
        self.0.enter(IDLE);
    }
}

/// A stream whose bytes are noted.
pub struct Noted {
    stream: TcpStream,
    pulse: Arc<Pulse>,
}

impl Noted {
    pub fn new(stream: TcpStream, pulse: Arc<Pulse>) -> Self {
        Self { stream, pulse }
    }

    fn note<T>(&self, written: Poll<T>) -> Poll<T> {
        let stuck = self.pulse.stuck.load(Relaxed) > 0;
        if written.is_pending() != stuck {
            self.pulse.stuck.store(if stuck { 0 } else { self.pulse.now() + 1 }, Relaxed);
        }
        written
    }
}

impl AsyncRead for Noted {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let before = buf.filled().len();
        let read = Pin::new(&mut self.stream).poll_read(cx, buf);
        // The first byte of the next head; the bytes of a body come while it is being answered.
        if buf.filled().len() > before && self.pulse.phase.load(Relaxed) & 3 == IDLE {
            self.pulse.enter(HEAD);
        }
        read
    }
}

impl AsyncWrite for Noted {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write(cx, bytes);
        self.note(written)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write_vectored(cx, bytes);
        self.note(written)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}

#[cfg(test)]
mod tests {
    use tokio::time::advance;

    use super::*;

    const PATIENCE: Patience =
        Patience { head: Duration::from_secs(10), idle: Duration::from_secs(75), taking: Duration::from_secs(30) };

    /// Seconds until something is due.
    fn due(pulse: &Pulse) -> (u64, Due) {
        let (at, due) = pulse.due(&PATIENCE);
        ((at - Instant::now()).as_secs(), due)
    }

    #[tokio::test(start_paused = true)]
    async fn each_thing_has_its_time() {
        let pulse = Pulse::new();
        assert_eq!(due(&pulse), (10, Due::Over), "for the first head");
        advance(Duration::from_secs(4)).await;
        assert_eq!(due(&pulse), (6, Due::Over));
        let answering = pulse.answering();
        advance(Duration::from_secs(500)).await;
        assert_eq!((due(&pulse), pulse.resting_since()), ((30, Due::Look), None), "as long as the answer takes");
        let waiting = pulse.waiting_for_body();
        assert!(due(&pulse) == (30, Due::Look) && pulse.resting_since().is_some(), "nothing is answered yet");
        drop(waiting);
        assert!(pulse.resting_since().is_none());
        drop(answering);
        advance(Duration::from_secs(5)).await;
        assert_eq!(due(&pulse), (70, Due::Over), "kept for the next request");
        assert_eq!(pulse.resting_since().unwrap().elapsed(), Duration::from_secs(5));
        pulse.enter(HEAD);
        assert_eq!(due(&pulse), (10, Due::Over), "for the next head");
    }

    #[tokio::test(start_paused = true)]
    async fn who_was_told_to_go_finishes_the_answer() {
        let pulse = Pulse::new();
        let answering = pulse.answering();
        pulse.going();
        advance(Duration::from_secs(20)).await;
        assert_eq!(due(&pulse).1, Due::Look);
        drop(answering);
        assert_eq!(due(&pulse), (0, Due::Over));
        pulse.stuck.store(pulse.now() + 1, Relaxed);
        assert_eq!(
            (due(&pulse), pulse.resting_since()),
            ((30, Due::Over), None),
            "the end of it has not been taken yet"
        );
    }
}
