//! Requests counted and timed by matched route and status. The handles are kept, since looking one up by its labels
//! costs more than answering from the cache.

use std::{
    collections::HashMap,
    sync::{PoisonError, RwLock},
    time::Duration,
};

use axum::http::StatusCode;
use metrics::Histogram;

#[derive(Default)]
pub struct Counters {
    /// By route and status. Routes and statuses are few, whatever is asked.
    known: RwLock<HashMap<(String, u16), Histogram>>,
}

impl Counters {
    /// Counts an answer; the histogram's own count is the number of requests.
    pub fn count(&self, route: &str, status: StatusCode, took: Duration) {
        let key = (route.to_owned(), status.as_u16());
        let known = self.known.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(histogram) = known.get(&key) {
            histogram.record(took.as_secs_f64());
            return;
        }
        drop(known);
        let labels = [("route", key.0.clone()), ("status", key.1.to_string())];
        let histogram = metrics::histogram!("guansou_request_seconds", &labels);
        histogram.record(took.as_secs_f64());
        self.known.write().unwrap_or_else(PoisonError::into_inner).insert(key, histogram);
    }
}
