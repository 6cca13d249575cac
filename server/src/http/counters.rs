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
    /// By route, then status. Both are few, whatever is asked.
    known: RwLock<HashMap<String, Vec<(u16, Histogram)>>>,
}

impl Counters {
    /// Counts an answer; the histogram's own count is the number of requests.
    pub fn count(&self, route: &str, status: StatusCode, took: Duration) {
        let status = status.as_u16();
        let known = self.known.read().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, histogram)) = known.get(route).into_iter().flatten().find(|(s, _)| *s == status) {
            histogram.record(took.as_secs_f64());
            return;
        }
        drop(known);
        let labels = [("route", route.to_owned()), ("status", status.to_string())];
        let histogram = metrics::histogram!("guansou_request_seconds", &labels);
        histogram.record(took.as_secs_f64());
        let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
        known.entry(route.to_owned()).or_default().push((status, histogram));
    }
}
