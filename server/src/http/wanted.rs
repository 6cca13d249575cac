//! What people look for and the directory lacks, so that those who keep it know where to begin.
//!
//! Nobody's question is kept. Counted are names of the directory alone: a division with a kind of office that other
//! regions have, or an institution on record whose site nobody knows; words that are no such name are never counted. No
//! time, source or order stands beside a count. The counts lie in memory and begin anew with the service, and what was
//! asked for by few is not reported.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use crate::query::reply::SearchReply;

/// Fewer searches than this are not reported: an institution that few look for could tell who looks.
pub const MIN_REPORTED: u32 = 5;
/// Names counted at once, some megabytes: three times the offices of all counties that people ask for. Where that is
/// full, what was asked for once makes room.
const MAX_COUNTED: usize = 20_000;

/// What an answer lacks, by names of the directory.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Lack {
    /// A division's code and a kind of office of which it has none on record.
    Body { division: String, body: String },
    /// An institution on record, by its id, whose site nobody knows.
    Site { institution: String },
}

impl Lack {
    /// What an answer to a search lacks. A list that goes on, and a search within filters, is no new question.
    pub fn of(reply: &SearchReply) -> Option<Self> {
        if reply.page > 1 {
            return None;
        }
        if let Some(missing) = &reply.missing {
            return Some(Self::Body { division: missing.division.clone(), body: missing.office.clone() });
        }
        let [only] = reply.direct.as_slice() else { return None };
        let body = only.institution.as_ref()?;
        let reached = body.websites.iter().any(|site| site.linked);
        (!reached).then(|| Self::Site { institution: only.id.clone() })
    }
}

#[derive(Default)]
pub struct Wanted(Mutex<HashMap<Lack, u32>>);

impl Wanted {
    pub fn count(&self, lack: &Lack) {
        // A count is right after every step, so that a panic elsewhere leaves nothing half done.
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = counts.get_mut(lack) {
            *count = count.saturating_add(1);
            return;
        }
        if counts.len() >= MAX_COUNTED {
            counts.retain(|_, count| *count > 1);
        }
        if counts.len() < MAX_COUNTED {
            counts.insert(lack.clone(), 1);
        }
    }

    /// The most wanted first, of equals in the order of their names; at least [`MIN_REPORTED`] searches each.
    pub fn most(&self, at_most: usize) -> Vec<(Lack, u32)> {
        let counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut all: Vec<(Lack, u32)> = counts
            .iter()
            .filter(|(_, count)| **count >= MIN_REPORTED)
            .map(|(lack, count)| (lack.clone(), *count))
            .collect();
        drop(counts);
        all.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
        all.truncate(at_most);
        all
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn body(division: &str) -> Lack {
        Lack::Body { division: division.into(), body: "医疗保障局".into() }
    }

    #[test]
    fn what_few_look_for_is_not_told() {
        let wanted = Wanted::default();
        let site = Lack::Site { institution: "520300-yb".into() };
        for _ in 0..MIN_REPORTED {
            wanted.count(&body("520300"));
            wanted.count(&site);
        }
        wanted.count(&site);
        for _ in 1..MIN_REPORTED {
            wanted.count(&body("520381"));
        }
        assert_eq!(wanted.most(10), [(site, MIN_REPORTED + 1), (body("520300"), MIN_REPORTED)]);
        assert_eq!(wanted.most(1).len(), 1);
    }

    #[test]
    fn the_table_is_bounded_and_keeps_what_is_asked_for_again() {
        let wanted = Wanted::default();
        for _ in 0..MIN_REPORTED {
            wanted.count(&body("520300"));
        }
        for n in 0..MAX_COUNTED * 2 {
            wanted.count(&body(&n.to_string()));
        }
        assert!(wanted.0.lock().unwrap().len() <= MAX_COUNTED);
        assert_eq!(wanted.most(10), [(body("520300"), MIN_REPORTED)]);
    }
}
