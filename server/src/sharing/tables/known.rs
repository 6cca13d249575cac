//! What the store has, as far as rows are compared with it.

use std::{
    cell::RefCell,
    collections::{HashMap, HashSet},
};

use indexer::record::{Body, Division, DivisionCode, Info, Institution, Kind, Record, State};

use crate::{
    reading::schemes::{MaySee, is_read_by},
    store::{RecordStore, RevisionInfo, StoreError},
};

const INSTITUTIONS: &str = <Institution as Kind>::NAME;

/// Ids of published records by title, each with the division that it belongs to.
type Titles = HashMap<String, Vec<(DivisionCode, String)>>;

/// Institutions by full name, divisions by code. Read once for a whole table.
pub struct Known<'a> {
    pub store: &'a RecordStore,
    may_see: MaySee<'a>,
    institutions: Titles,
    /// The kind of the table and its records by title, unless they are institutions.
    others: (&'static str, Titles),
    divisions: RefCell<HashMap<String, Option<Division>>>,
    /// How many rows of the table are called so, and the records that rows mean.
    called: HashMap<String, usize>,
    of_rows: HashSet<String>,
}

impl<'a> Known<'a> {
    /// Of records that offices share those alone whose line of divisions `may_see`.
    pub fn new(store: &'a RecordStore, may_see: MaySee<'a>, kind: &'static Info) -> Result<Self, StoreError> {
        let others = if kind.name == INSTITUTIONS { Titles::new() } else { titles(store, may_see, kind.name)? };
        let institutions = titles(store, may_see, INSTITUTIONS)?;
        Ok(Self {
            store,
            may_see,
            institutions,
            others: (kind.name, others),
            divisions: RefCell::default(),
            called: HashMap::new(),
            of_rows: HashSet::new(),
        })
    }

    /// A record that is there, whatever its state; one that whoever brings the table may not know of is not.
    pub fn get(&self, id: &str) -> Result<Option<Record>, StoreError> {
        let known = |record: &Record| !record.body.is_shared() || (self.may_see)(&record.body.shared_on());
        Ok(self.store.get(id)?.filter(known))
    }

    pub fn info(&self, id: &str, revision: u64) -> Result<Option<RevisionInfo>, StoreError> {
        self.store.info(id, revision)
    }

    /// An institution that the table itself brings, so that others of the table can lie below it.
    pub fn announce(&mut self, body: &Body, id: String) {
        let (Some(division), INSTITUTIONS) = (body.division(), body.kind()) else { return };
        let there = self.institutions.entry(body.title().to_owned()).or_default();
        if there.iter().all(|(known, _)| known != division) {
            there.push((division.clone(), id));
        }
    }

    /// Notes what a row of the table is called, and the record that it means.
    pub fn note_row(&mut self, called: String, id: Option<String>) {
        *self.called.entry(called).or_default() += 1;
        self.of_rows.extend(id);
    }

    /// How many rows of the table are called so.
    pub fn rows_called(&self, called: &str) -> usize {
        self.called.get(called).copied().unwrap_or_default()
    }

    /// Whether a row of the table means a record by its number or its exact facts.
    pub fn is_of_a_row(&self, id: &str) -> bool {
        self.of_rows.contains(id)
    }

    /// Ids of the records of a kind with a title in a division.
    pub fn titled(&self, kind: &Info, title: &str, division: &DivisionCode) -> Vec<&str> {
        let all = match kind.name {
            INSTITUTIONS => &self.institutions,
            name if name == self.others.0 => &self.others.1,
            _ => return Vec::new(),
        };
        with_title(all, title, Some(division))
    }

    /// Ids of the institutions with a full name, in a division where one is given.
    pub fn institutions_named(&self, name: &str, division: Option<&DivisionCode>) -> Vec<&str> {
        with_title(&self.institutions, name, division)
    }

    pub fn division(&self, code: &DivisionCode) -> Result<Option<Division>, StoreError> {
        if let Some(known) = self.divisions.borrow().get(code.as_str()) {
            return Ok(known.clone());
        }
        let found = match self.store.get(code.as_str())? {
            Some(Record { state: State::Published, body: Body::Division(d), .. }) => Some(d),
            _ => None,
        };
        self.divisions.borrow_mut().insert(code.to_string(), found.clone());
        Ok(found)
    }

    /// An institution's record, published.
    pub fn institution(&self, id: &str) -> Result<Option<(Record, Institution)>, StoreError> {
        Ok(self.store.get(id)?.filter(|r| r.state == State::Published).and_then(|record| match record.body.clone() {
            Body::Institution(i) => Some((record, i)),
            _ => None,
        }))
    }
}

fn with_title<'t>(titles: &'t Titles, title: &str, division: Option<&DivisionCode>) -> Vec<&'t str> {
    let all = titles.get(title).into_iter().flatten();
    all.filter(|(place, _)| division.is_none_or(|d| d == place)).map(|(_, id)| id.as_str()).collect()
}

fn titles(store: &RecordStore, may_see: MaySee<'_>, kind: &str) -> Result<Titles, StoreError> {
    let mut titles = Titles::new();
    store.each_of::<StoreError>(kind, &mut |record| {
        if is_read_by(&record, may_see)
            && let Some(division) = record.body.division()
        {
            titles.entry(record.body.title().to_owned()).or_default().push((division.clone(), record.id));
        }
        Ok(())
    })?;
    Ok(titles)
}
