//! Turns at reading files, which is slow work: a few at once, one of each office, and office after office, so that nobody
//! waits for all that another office has handed in.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use tokio::{sync::oneshot, time::timeout};

use crate::http::Problem;

/// Files read at once: each reader may take a gibibyte and a core, and as many answers are held here.
pub const MAX_AT_ONCE: usize = 2;
/// Files of one office that wait: as many as a person hands in at a time.
pub const MAX_OF_AN_OFFICE: usize = 8;
/// Files that wait in all: with some hundred milliseconds each the last is read within the time that an upload has.
pub const MAX_WAITING: usize = 64;
/// Longest wait for a turn: of the 120 seconds that an upload has, the 40 of its reader and some to arrive are left.
const LONGEST_WAIT: Duration = Duration::from_secs(70);
/// When to try again, in seconds: most files are read within one.
const AGAIN: u32 = 5;

/// The queue.
#[derive(Default)]
pub struct Readings(Mutex<Queue>);

#[derive(Default)]
struct Queue {
    /// Offices that have a file being read.
    at_work: Vec<String>,
    /// Offices with those that wait, the next one first.
    waiting: VecDeque<(String, Waiting)>,
}

type Waiting = VecDeque<oneshot::Sender<Permit>>;

/// A turn; given back when dropped.
pub struct Permit {
    readings: Arc<Readings>,
    office: String,
}

impl Readings {
    /// Waits for a turn. Refused where too many wait already, of the office or in all, and where it does not come.
    pub async fn turn(self: &Arc<Self>, office: &str) -> Result<Permit, Problem> {
        let (sender, turn) = oneshot::channel();
        self.enqueue(office, sender)?;
        self.go_on();
        match timeout(LONGEST_WAIT, turn).await {
            Ok(turn) => Ok(turn?),
            Err(_) if self.is_at_work(office) => {
                let detail = "贵单位先传的文件读得很慢，这一份没有等到：请等它们读完再传";
                Err(Problem::too_many(detail, AGAIN))
            }
            Err(_) => Err(busy()),
        }
    }

    fn is_at_work(&self, office: &str) -> bool {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).at_work.iter().any(|at_work| at_work == office)
    }

    fn enqueue(&self, office: &str, sender: oneshot::Sender<Permit>) -> Result<(), Problem> {
        let mut queue = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for (_, waiting) in &mut queue.waiting {
            // Those who have gone.
            waiting.retain(|sender| !sender.is_closed());
        }
        queue.waiting.retain(|(_, waiting)| !waiting.is_empty());
        let all: usize = queue.waiting.iter().map(|(_, waiting)| waiting.len()).sum();
        match queue.waiting.iter_mut().find(|(of, _)| of == office) {
            Some((_, waiting)) if waiting.len() >= MAX_OF_AN_OFFICE => {
                let detail = format!("贵单位已有 {MAX_OF_AN_OFFICE} 份文件在排队等候读取：请等它们读完再传");
                return Err(Problem::too_many(detail, AGAIN));
            }
            _ if all >= MAX_WAITING => return Err(busy()),
            Some((_, waiting)) => waiting.push_back(sender),
            None => queue.waiting.push_back((office.to_owned(), VecDeque::from([sender]))),
        }
        Ok(())
    }

    /// Gives out the turns that are free.
    fn go_on(self: &Arc<Self>) {
        while let Some((office, sender)) = self.next() {
            // Whoever has gone gives the turn back by dropping it.
            let _ = sender.send(Permit { readings: self.clone(), office });
        }
    }

    fn next(&self) -> Option<(String, oneshot::Sender<Permit>)> {
        let mut queue = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if queue.at_work.len() >= MAX_AT_ONCE {
            return None;
        }
        let at = queue.waiting.iter().position(|(office, _)| !queue.at_work.contains(office))?;
        let (office, mut waiting) = queue.waiting.remove(at)?;
        let sender = waiting.pop_front()?;
        if !waiting.is_empty() {
            queue.waiting.push_back((office.clone(), waiting));
        }
        queue.at_work.push(office.clone());
        Some((office, sender))
    }
}

fn busy() -> Problem {
    Problem { retry_after: Some(AGAIN), ..Problem::busy() }
}

impl Drop for Permit {
    fn drop(&mut self) {
        let mut queue = self.readings.0.lock().unwrap_or_else(PoisonError::into_inner);
        queue.at_work.retain(|office| *office != self.office);
        drop(queue);
        self.readings.go_on();
    }
}

#[cfg(test)]
mod tests {
    use std::{
        pin::{Pin, pin},
        task::Poll,
    };

    use super::*;

    type Asking<'a> = Pin<Box<dyn Future<Output = Result<Permit, Problem>> + 'a>>;

    /// Polls once.
    async fn now<T>(mut future: Pin<&mut (impl Future<Output = T> + ?Sized)>) -> Option<T> {
        std::future::poll_fn(|cx| {
            Poll::Ready(match future.as_mut().poll(cx) {
                Poll::Ready(done) => Some(done),
                Poll::Pending => None,
            })
        })
        .await
    }

    fn ask<'a>(readings: &'a Arc<Readings>, office: &'a str) -> Asking<'a> {
        Box::pin(readings.turn(office))
    }

    #[tokio::test]
    async fn offices_take_turns_and_none_has_two_at_once() {
        let readings = Arc::new(Readings::default());
        let first = readings.turn("a").await.ok();
        // A free place, and yet not for a second one of the same office.
        let mut of_a: Vec<Asking<'_>> = (0..6).map(|_| ask(&readings, "a")).collect();
        for asking in &mut of_a {
            assert!(now(asking.as_mut()).await.is_none());
        }
        let of_b = readings.turn("b").await.ok();
        let mut again = ask(&readings, "b");
        let mut of_c = ask(&readings, "c");
        assert!(now(again.as_mut()).await.is_none() && now(of_c.as_mut()).await.is_none());
        // Six of one office came before; the others have their turns all the same.
        drop(first);
        let second = now(of_a[0].as_mut()).await;
        assert!(second.is_some(), "the office that has waited longest");
        drop(of_b);
        let of_b = now(again.as_mut()).await;
        assert!(of_b.is_some() && now(of_c.as_mut()).await.is_none());
        drop(second);
        assert!(now(of_a[1].as_mut()).await.is_none(), "its next one stands behind those of others");
        assert!(now(of_c.as_mut()).await.is_some());
    }

    #[tokio::test]
    async fn whoever_has_gone_holds_up_nobody() {
        let readings = Arc::new(Readings::default());
        let held = readings.turn("a").await.ok();
        let mut gone: Vec<Asking<'_>> = (0..MAX_OF_AN_OFFICE).map(|_| ask(&readings, "a")).collect();
        for asking in &mut gone {
            assert!(now(asking.as_mut()).await.is_none());
        }
        assert_eq!(readings.turn("a").await.err().map(|p| (p.status, p.retry_after)), Some((429, Some(AGAIN))));
        drop(gone);
        let mut stays = pin!(readings.turn("a"));
        assert!(now(stays.as_mut()).await.is_none());
        drop(held);
        let turn = now(stays.as_mut()).await.and_then(Result::ok);
        assert!(turn.is_some());
        drop(turn);
        assert!(readings.0.lock().unwrap().at_work.is_empty());
    }

    #[tokio::test]
    async fn the_queue_is_bounded_over_all_offices() {
        let readings = Arc::new(Readings::default());
        let names: Vec<String> = (0..MAX_AT_ONCE + MAX_WAITING).map(|n| format!("office {n}")).collect();
        let mut asking: Vec<Asking<'_>> = names.iter().map(|name| ask(&readings, name)).collect();
        let mut turns = Vec::new();
        for asking in &mut asking {
            turns.extend(now(asking.as_mut()).await);
        }
        assert_eq!(turns.len(), MAX_AT_ONCE);
        assert_eq!(readings.turn("one more").await.err().map(|p| (p.status, p.retry_after)), Some((503, Some(AGAIN))));
    }

    #[tokio::test(start_paused = true)]
    async fn a_turn_that_does_not_come_is_told_by_whom_it_is_held() {
        let readings = Arc::new(Readings::default());
        let told = |asked: Result<Permit, Problem>| asked.err().map(|p| (p.status, p.retry_after));
        let first = readings.turn("a").await.ok();
        assert_eq!(told(readings.turn("a").await), Some((429, Some(AGAIN))));
        let second = readings.turn("b").await.ok();
        assert_eq!(told(readings.turn("c").await), Some((503, Some(AGAIN))));
        drop((first, second));
        assert!(readings.turn("a").await.is_ok(), "those who gave up hold up nobody");
    }
}
