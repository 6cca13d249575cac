//! How the body of a request comes: at a pace, whole before any work begins, and within bounds on what all hold together.
//!
//! Whoever sends half a body and stops costs a connection and the bytes sent, and holds no place that others need.

use std::{
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
    time::Duration,
};

use axum::body::{Body, Bytes};
use http_body_util::BodyExt;
use hyper::body::{Body as _, Frame, SizeHint};
use tokio::{
    sync::oneshot,
    time::{Instant, Sleep, sleep_until},
};

use super::{
    Problem,
    shares::{Share, Shares},
};
use crate::source::Source;

/// Largest request body, in bytes: a thousand names of forty characters to match, or a long text to resolve.
pub const MAX_BODY: usize = 256 << 10;
/// The beginning of a body that counts against no room, in bytes: forms are shorter, so that they come through however
/// many send large bodies. Connections bound it.
const FREE_BODY: usize = 16 << 10;
/// Bytes of bodies beyond that held at once, and of these for one source: as many as 256 of the largest, and 32.
pub const MAX_BODIES: usize = 64 << 20;
pub const MAX_BODIES_OF_SOURCE: usize = MAX_BODIES / 8;

/// How fast a body has to come: all the time that it is waited for may be `grace` and what its bytes take at `rate`.
#[derive(Debug, Clone, Copy)]
pub struct Pace {
    pub grace: Duration,
    /// Bytes a second.
    pub rate: u64,
}

impl Default for Pace {
    fn default() -> Self {
        // A form comes within a packet or two; an upload of 64 MiB over a line of 128 kbit/s within 69 minutes.
        Self { grace: Duration::from_secs(15), rate: 16 << 10 }
    }
}

impl Pace {
    /// The longest that one waits for `bytes`.
    pub fn longest(self, bytes: u64) -> Duration {
        self.grace + Duration::from_millis(bytes.saturating_mul(1_000) / self.rate.max(1))
    }
}

/// The body stayed out too long.
#[derive(Debug, thiserror::Error)]
#[error("the request's body does not come")]
struct TooSlow;

/// A body that fails when it does not keep its pace. Only the time in which somebody waits for it counts, so that it may be
/// taken as slowly as the work on it needs.
pub struct Paced {
    body: Body,
    pace: Pace,
    came: u64,
    waited: Duration,
    waiting: Option<(Instant, Pin<Box<Sleep>>)>,
    /// Dropped when the body has ended, well or not.
    ends: Option<oneshot::Sender<()>>,
}

impl Paced {
    /// The second resolves when the body has come, has failed or is wanted no more.
    pub fn new(body: Body, pace: Pace) -> (Self, oneshot::Receiver<()>) {
        let (ends, ended) = oneshot::channel();
        (Self { body, pace, came: 0, waited: Duration::ZERO, waiting: None, ends: Some(ends) }, ended)
    }
}

impl hyper::body::Body for Paced {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let this = &mut *self;
        if let Poll::Ready(frame) = Pin::new(&mut this.body).poll_frame(cx) {
            if let Some((since, _)) = this.waiting.take() {
                this.waited += since.elapsed();
            }
            match &frame {
                Some(Ok(frame)) => this.came += frame.data_ref().map_or(0, |data| data.len() as u64),
                _ => drop(this.ends.take()),
            }
            return Poll::Ready(frame);
        }
        let left = this.pace.longest(this.came).saturating_sub(this.waited);
        let (_, until) = this.waiting.get_or_insert_with(|| {
            let now = Instant::now();
            (now, Box::pin(sleep_until(now + left)))
        });
        if until.as_mut().poll(cx).is_pending() {
            return Poll::Pending;
        }
        drop(this.ends.take());
        Poll::Ready(Some(Err(axum::Error::new(TooSlow))))
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

/// The whole of a body, and the room that it takes, to be kept as long as the body is.
pub async fn whole(body: Body, pace: Pace, room: &Arc<Shares>, source: Source) -> Result<(Bytes, Share), Problem> {
    let mut share = room.empty(source);
    if body.size_hint().lower() > MAX_BODY as u64 {
        return Err(Problem::too_large(MAX_BODY));
    }
    let (mut body, _) = Paced::new(body, pace);
    let mut held = Vec::new();
    let mut roomy = FREE_BODY;
    while let Some(frame) = body.frame().await {
        let Ok(data) = frame.map_err(|error| broken(&error))?.into_data() else { continue };
        let length = held.len() + data.len();
        if length > MAX_BODY {
            return Err(Problem::too_large(MAX_BODY));
        }
        if length > roomy {
            if !share.take(length - roomy) {
                return Err(Problem::busy());
            }
            roomy = length;
        }
        held.extend_from_slice(&data);
    }
    Ok((held.into(), share))
}

fn broken(error: &axum::Error) -> Problem {
    if std::error::Error::source(error).is_some_and(|cause| cause.is::<TooSlow>()) {
        Problem::slow_body()
    } else {
        Problem::bad_body("请求正文没有收全，连接已经中断")
    }
}

#[cfg(test)]
mod tests {
    use tokio_stream::{StreamExt, wrappers::ReceiverStream};

    use super::*;

    const PACE: Pace = Pace { grace: Duration::from_secs(10), rate: 1_000 };

    /// A body of pieces that come after so many seconds each, and then nothing more; it ends where `ends`.
    fn coming(pieces: Vec<(u64, usize)>, ends: bool) -> Body {
        let (sender, received) = tokio::sync::mpsc::channel(1);
        tokio::spawn(async move {
            for (after, size) in pieces {
                tokio::time::sleep(Duration::from_secs(after)).await;
                let _ = sender.send(Ok::<_, std::io::Error>(Bytes::from(vec![b'x'; size]))).await;
            }
            if !ends {
                sender.closed().await;
            }
        });
        Body::from_stream(ReceiverStream::new(received))
    }

    async fn taken(body: Body, room: &Arc<Shares>) -> Result<usize, u16> {
        whole(body, PACE, room, Source::here()).await.map(|(bytes, _)| bytes.len()).map_err(|p| p.status)
    }

    #[tokio::test(start_paused = true)]
    async fn a_body_may_be_slow_but_not_stand_still() {
        let room = Shares::new(MAX_BODIES, MAX_BODIES_OF_SOURCE);
        let begun = Instant::now();
        assert_eq!(taken(coming(vec![(9, 1), (0, 20_000)], true), &room).await, Ok(20_001));
        // A minute for 60,000 bytes at the slowest rate.
        assert_eq!(taken(coming(vec![(6, 6_000); 10], true), &room).await, Ok(60_000));
        let before = begun.elapsed();
        assert_eq!(taken(coming(vec![(1, 10)], false), &room).await, Err(408), "half sent");
        let waited = begun.elapsed() - before;
        assert!(waited >= PACE.grace && waited < PACE.grace + Duration::from_secs(1), "{waited:?}");
        assert_eq!(taken(coming(vec![(2, 1); 30], true), &room).await, Err(408), "dribbling");
    }

    #[tokio::test(start_paused = true)]
    async fn only_the_time_that_is_waited_counts() {
        let (mut body, ended) = Paced::new(coming(vec![(1, 10), (1, 10)], true), PACE);
        for _ in 0..2 {
            tokio::time::sleep(Duration::from_secs(60)).await;
            assert_eq!(body.frame().await.unwrap().unwrap().into_data().unwrap().len(), 10);
        }
        assert!(body.frame().await.is_none());
        assert!(ended.await.is_err(), "told when it had come");
    }

    #[tokio::test]
    async fn large_bodies_share_a_room_and_small_ones_need_none() {
        let room = Shares::new(MAX_BODY, MAX_BODY);
        let body = |size: usize| Body::from(vec![b'x'; size]);
        let held = whole(body(MAX_BODY), PACE, &room, Source::here()).await.map_err(|p| p.status).unwrap();
        assert_eq!(taken(body(FREE_BODY), &room).await, Ok(FREE_BODY));
        assert_eq!(taken(body(FREE_BODY * 3), &room).await, Err(503));
        assert_eq!(taken(body(MAX_BODY + 1), &room).await, Err(413));
        let unsaid =
            Body::from_stream(tokio_stream::iter(vec![vec![b'x'; MAX_BODY / 2]; 3]).map(Ok::<_, std::io::Error>));
        drop(held);
        assert_eq!(taken(unsaid, &room).await, Err(413), "whose length was not said");
        assert_eq!(taken(body(FREE_BODY * 3), &room).await, Ok(FREE_BODY * 3));
    }
}
