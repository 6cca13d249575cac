//! Looking through queues: by words, by kind of record, by state, by division.

use indexer::record::{Body, DivisionCode, Record, State};

use super::{as_submission, division_of};
use crate::store::{RecordStore, StoreError, listings::List};

/// Submissions that one request looks through: a submission holds the text of a regulation, and reading as many of the
/// longest takes about a second. The page says where it has stopped and goes on from there.
pub const MAX_LOOKED_THROUGH: usize = 500;

/// How texts are made comparable: whatever their case, width and characters.
pub type Comparable<'a> = &'a dyn Fn(&str) -> String;

/// What is looked for; an empty one is all.
#[derive(Default)]
pub struct Wanted<'a> {
    /// Each stands in the title, in the name of the office or in what the office said, and how texts are made
    /// comparable.
    pub words: Option<(Vec<String>, Comparable<'a>)>,
    /// Kind of the record that shall change.
    pub kind: Option<&'static str>,
    pub state: Option<State>,
    /// One of them, or a division below it.
    pub divisions: Option<Vec<DivisionCode>>,
}

impl Wanted<'_> {
    fn is(&self, store: &RecordStore, record: &Record) -> Result<bool, StoreError> {
        let Some(submission) = as_submission(record) else { return Ok(false) };
        if self.state.is_some_and(|state| state != record.state) {
            return Ok(false);
        }
        let division = division_of(record);
        if self.divisions.as_ref().is_some_and(|all| !all.iter().any(|wanted| wanted.covers(&division))) {
            return Ok(false);
        }
        if let Some((words, comparable)) = &self.words {
            let told = [&submission.target_title, &submission.office_name, &submission.note].map(String::as_str);
            let told = comparable(&told.join("\n"));
            if !words.iter().all(|word| told.contains(word.as_str())) {
                return Ok(false);
            }
        }
        let Some(wanted) = self.kind else { return Ok(true) };
        let kind = match submission.content.as_deref() {
            Some(content) => Some(content.kind()),
            None => store.head_of(&submission.target)?.map(|target| target.body.kind()),
        };
        Ok(kind == Some(wanted))
    }
}

/// What came of looking through a listing.
#[derive(Debug, Default)]
pub struct Found {
    pub records: Vec<Record>,
    /// Where to go on.
    pub next: Option<String>,
    /// Whether the looking stopped before the page was full.
    pub unfinished: bool,
}

/// The submissions of a listing that are wanted, beginning after a place, at most `limit`.
pub fn look_through(
    store: &RecordStore,
    list: &List<'_>,
    after: Option<&str>,
    limit: usize,
    wanted: &Wanted<'_>,
) -> Result<Found, StoreError> {
    let (mut found, mut after, mut looked) = (Found::default(), after.map(str::to_owned), 0);
    loop {
        let step = limit.min(MAX_LOOKED_THROUGH - looked);
        let listed = store.list(list, after.as_deref(), step + 1)?;
        for (at, (key, id)) in listed.iter().take(step).enumerate() {
            looked += 1;
            after = Some(key.clone());
            if let Some(record) = submission_of(store, id)?
                && wanted.is(store, &record)?
            {
                found.records.push(record);
            }
            if found.records.len() == limit {
                found.next = after.filter(|_| at + 1 < listed.len());
                return Ok(found);
            }
        }
        if listed.len() <= step {
            return Ok(found);
        }
        if looked >= MAX_LOOKED_THROUGH {
            (found.next, found.unfinished) = (after, true);
            return Ok(found);
        }
    }
}

/// The submission that a listing's entry leads to: itself, or what is reported of its handling.
fn submission_of(store: &RecordStore, id: &str) -> Result<Option<Record>, StoreError> {
    match store.get(id)? {
        Some(Record { body: Body::Handling(handling), .. }) => store.get(&handling.submission),
        record => Ok(record),
    }
}

/// The divisions that are called so by code, full name or short name, each within `own`.
pub fn divisions_called(store: &RecordStore, own: &DivisionCode, text: &str) -> Result<Vec<DivisionCode>, StoreError> {
    /// Divisions of one name: 鼓楼区 is four.
    const MAX_NAMESAKES: usize = 20;
    let named = match text.trim().parse::<DivisionCode>() {
        Ok(code) => vec![code],
        Err(_) => {
            let listed = store.list(&List::Division(text.trim()), None, MAX_NAMESAKES)?;
            listed.iter().filter_map(|(_, id)| id.parse().ok()).collect()
        }
    };
    Ok(named.into_iter().filter(|code| own.covers(code)).collect())
}
