//! 办理公示: at whose desk each application lies, since when, and how long offices usually take. No account and
//! nobody's contact stands in it.

use std::collections::BTreeMap;

use indexer::record::{
    Date, State,
    name_application::{Stage, percentile},
};
use jiff::Span;

use super::as_application;
use crate::{
    clock::today,
    store::{RecordStore, StoreError, listings::List},
};

/// Applications read for the board, the last written first counted: a national office has some thousand a year.
const MAX_READ: usize = 20_000;
/// Applications under way that are listed; the number of all is reported.
pub const MAX_LISTED: usize = 300;
/// Reviews of how many months are counted.
const MONTHS: i32 = 12;

/// What the public sees of applications.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Board {
    /// Under way, the longest waiting first.
    pub waiting: Vec<Waiting>,
    pub under_way: usize,
    /// Offices with what they have decided in the last twelve months, by name.
    pub offices: Vec<Office>,
    pub as_of: Option<Date>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waiting {
    pub name: String,
    pub matter: &'static str,
    pub applicant: String,
    pub stage: &'static str,
    pub at_desk: &'static str,
    pub since: Option<Date>,
    pub due: Option<Date>,
}

/// How long an office takes, in calendar days without those on which the applicant had to act.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Office {
    pub office: String,
    pub decided: usize,
    pub median: u32,
    pub ninety: u32,
}

/// Made of all applications.
pub fn board(store: &RecordStore) -> Result<Board, StoreError> {
    let (today, mut board) = (today(), Board::default());
    let from = today.checked_sub(Span::new().months(MONTHS)).unwrap_or(Date::MIN);
    let mut days: BTreeMap<String, Vec<u32>> = BTreeMap::new();
    for (_, id) in store.list(&List::Kind("name_application"), None, MAX_READ)? {
        let Some(record) = store.get(&id)? else { continue };
        let Some(a) = as_application(&record).filter(|_| record.state != State::Draft) else { continue };
        for review in a.reviews().into_iter().filter(|review| review.ended >= from) {
            days.entry(review.office).or_default().push(review.days);
        }
        if a.stage.is_under_way() || a.stage == Stage::Approved {
            board.waiting.push(Waiting {
                name: a.name.clone(),
                matter: a.matter.label(),
                applicant: a.applicant.name.clone(),
                stage: a.stage.label(),
                at_desk: a.at_desk(),
                since: a.since(),
                due: a.due,
            });
        }
    }
    board.waiting.sort_by(|a, b| a.since.cmp(&b.since).then_with(|| a.name.cmp(&b.name)));
    board.under_way = board.waiting.len();
    board.waiting.truncate(MAX_LISTED);
    board.offices = days
        .into_iter()
        .filter_map(|(office, mut days)| {
            days.sort_unstable();
            let (median, ninety) = (percentile(&days, 50)?, percentile(&days, 90)?);
            Some(Office { office, decided: days.len(), median, ninety })
        })
        .collect();
    board.as_of = Some(today);
    Ok(board)
}
