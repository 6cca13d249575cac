//! Admission at the work behind answers: so many are worked on at once, a few wait, and whoever comes beyond is refused at
//! once. A short queue is what keeps an accepted request fast: at the limit of what the machine can do, every place in
//! the queue is time that all behind it wait.

use std::{sync::Arc, time::Duration};

use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore},
    time::timeout,
};

use super::{Problem, aside::aside};

/// Requests waiting for each that is worked on. A search takes 4 ms of one core on the average: two cores make 450 a
/// second, so that the last of 4 × 5 waiting ones has its turn after 45 ms. More would only wait longer, and fewer could
/// not take up what comes in a burst.
const WAITING_PER_SEARCH: usize = 5;
/// Longest wait for a turn, where the machine is slower than that. With the slowest searches (20 ms, and 80 ms when four of
/// them share two cores with a whole overload) an accepted request is answered within 200 ms.
const MAX_WAIT: Duration = Duration::from_millis(60);

pub struct Admission {
    /// For all who are inside, waiting or at work.
    places: Arc<Semaphore>,
    at_work: Arc<Semaphore>,
}

/// A turn; given back when dropped.
pub struct Permit {
    _at_work: OwnedSemaphorePermit,
    _place: OwnedSemaphorePermit,
}

impl Admission {
    pub fn new(at_once: usize) -> Self {
        let places = Semaphore::new(at_once * (1 + WAITING_PER_SEARCH));
        Self { places: Arc::new(places), at_work: Arc::new(Semaphore::new(at_once)) }
    }

    /// Does work in a turn of its own. The turn lasts as long as the work, which goes on whoever stops waiting for it.
    pub async fn work<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T, Problem> + Send + 'static,
    ) -> Result<T, Problem> {
        let turn = self.take().await?;
        aside(move || {
            let _turn = turn;
            work()
        })
        .await
    }

    /// Waits for a turn, in the order of coming; [`Problem::busy`] where the queue is full or does not move.
    pub async fn take(&self) -> Result<Permit, Problem> {
        let place = self.places.clone().try_acquire_owned().map_err(|_| Problem::busy())?;
        match timeout(MAX_WAIT, self.at_work.clone().acquire_owned()).await {
            Ok(at_work) => Ok(Permit { _at_work: at_work?, _place: place }),
            Err(_) => Err(Problem::busy()),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::{pin::pin, task::Poll};

    use tokio::time::Instant;

    use super::*;

    /// Polls a future once.
    async fn is_pending(mut future: std::pin::Pin<&mut impl Future>) -> bool {
        std::future::poll_fn(|cx| Poll::Ready(future.as_mut().poll(cx).is_pending())).await
    }

    /// By a clock that moves on only where nothing but time is waited for.
    #[tokio::test(start_paused = true)]
    async fn a_full_queue_refuses_at_once_and_a_still_one_after_a_while() {
        let turns = Admission::new(1);
        let held = turns.take().await.ok();
        let mut first = pin!(turns.take());
        assert!(is_pending(first.as_mut()).await);
        let mut others: Vec<_> = (1..WAITING_PER_SEARCH).map(|_| Box::pin(turns.take())).collect();
        for other in &mut others {
            assert!(is_pending(other.as_mut()).await);
        }
        let begun = Instant::now();
        let refused = turns.take().await.err().map(|p| (p.status, p.retry_after));
        assert_eq!(refused, Some((503, Some(1))));
        assert_eq!(begun.elapsed(), Duration::ZERO);
        drop(held);
        let held = first.await;
        assert!(held.is_ok());
        let refused = others.remove(0).await;
        assert!(refused.is_err() && begun.elapsed() >= MAX_WAIT, "{:?}", begun.elapsed());
    }

    #[tokio::test]
    async fn work_that_nobody_waits_for_any_more_keeps_its_turn_until_it_ends() {
        let turns = Admission::new(1);
        let (begun, has_begun) = std::sync::mpsc::channel();
        let (end, may_end) = std::sync::mpsc::channel::<()>();
        let work = move || {
            begun.send(()).unwrap();
            may_end.recv().ok();
            Ok(())
        };
        let mut waits = Box::pin(turns.work(work));
        assert!(is_pending(waits.as_mut()).await);
        has_begun.recv().unwrap();
        drop(waits);
        assert!(turns.take().await.is_err(), "the work goes on");
        end.send(()).unwrap();
        let mut free = turns.take().await;
        while free.is_err() {
            free = turns.take().await;
        }
    }
}
