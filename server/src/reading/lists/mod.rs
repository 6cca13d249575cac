//! The lists of powers and duties as one generation knows them: who has which items, and how the bases of every record
//! that cites stand. Looked up once a generation, and of what has changed alone, so that pages of whole divisions add
//! up rows.

pub mod elsewhere;
pub mod findings;
pub mod institution;
pub mod unlisted;

use std::{
    collections::{BTreeSet, HashMap, HashSet},
    hash::{DefaultHasher, Hash, Hasher},
    sync::{
        Arc, Mutex, OnceLock, PoisonError, TryLockError,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
    time::Duration,
};

use indexer::{
    index::{Generation, basis::Outcome},
    record::{Body, DivisionCode, Info, KINDS, Record, lists::ListRow, work_reference},
};

use super::bases::{Bases, Light, light};
use crate::{
    clock::today,
    store::{RecordStore, StoreError, listings::List},
    threads,
};

/// Changes after which all is looked up again: finding what each touches costs as much.
const MAX_CHANGES: usize = 20_000;
/// Works of law that changed, likewise.
const MAX_WORKS: usize = 2_000;
/// Records up to which readers wait while they are looked up: the lists of six cities, some seconds. For more nobody
/// waits, who would hold the turn of another reader.
const MAX_AWAITED: usize = 20_000;
/// After which readers look again whether others are done.
const LOOK_AGAIN: Duration = Duration::from_millis(5);

/// A record of a list, or another one that cites regulations.
#[derive(Debug)]
pub struct Row {
    pub id: String,
    pub kind: &'static Info,
    pub division: DivisionCode,
    pub title: String,
    pub owner: String,
    /// How many places of regulations came to each of [`Outcome::ALL`].
    pub outcomes: [u16; Outcome::ALL.len()],
    /// The works that it cites, each with what came of a place of it; every pair once.
    pub cited: Vec<(Box<str>, Outcome)>,
    pub light: Option<Light>,
    /// What is to be mended of it by itself, and of the level of its regulations.
    pub shortcomings: Vec<String>,
    /// Without its steps, and of its duties only the stages that they name.
    pub listed: Option<ListRow>,
}

impl Row {
    fn of(bases: &Bases<'_>, stages: &HashMap<&'static str, Vec<String>>, record: Record) -> Self {
        let body = &record.body;
        let checked = bases.of(body);
        let mut outcomes = [0u16; Outcome::ALL.len()];
        for finding in checked.iter().flat_map(|checked| &checked.findings) {
            if let Some(at) = Outcome::ALL.iter().position(|outcome| *outcome == finding.outcome) {
                outcomes[at] = outcomes[at].saturating_add(1);
            }
        }
        let findings = checked.iter().flat_map(|checked| &checked.findings);
        let mut cited: Vec<(Box<str>, Outcome)> =
            findings.map(|finding| (work_reference(&finding.title).into(), finding.outcome)).collect();
        cited.sort_unstable();
        cited.dedup();
        let entry = body.entry().unwrap_or_default();
        let level = bases.level_fault(body, &checked, today());
        let institution = bases.institution_fault(body);
        let mut listed = body.listed();
        if let Some(ListRow::Item(item)) = &mut listed {
            item.steps = Vec::new();
            let named =
                stages.get(item.sort.label()).into_iter().flatten().filter(|stage| item.duties.contains(*stage));
            let named: Vec<&str> = named.map(String::as_str).collect();
            item.duties = match (item.duties.trim().is_empty(), named.is_empty()) {
                (true, _) => String::new(),
                (false, true) => "有".to_owned(),
                (false, false) => named.join("、"),
            };
        }
        Self {
            kind: body.info(),
            division: body.division().cloned().unwrap_or_else(DivisionCode::nation),
            title: entry.name,
            owner: entry.owner_name,
            outcomes,
            cited,
            light: light(&checked),
            shortcomings: level.into_iter().chain(institution).chain(body.shortcomings()).collect(),
            listed,
            id: record.id,
        }
    }

    fn key(&self) -> (&str, &str, &str) {
        (self.division.as_str(), &self.owner, &self.id)
    }

    /// Whether one of its columns cites, filled in or not.
    pub fn cites(&self) -> bool {
        self.kind.columns.iter().any(|column| column.cites)
    }
}

/// Whether records of a kind are looked at.
fn is_looked_at(kind: &Info) -> bool {
    kind.is_public() && (kind.columns.iter().any(|column| column.cites) || is_listed(kind))
}

fn is_listed(kind: &Info) -> bool {
    Body::blank(kind.name).is_some_and(|body| body.listed().is_some())
}

/// All rows of a generation.
pub struct Lists {
    pub generation: u64,
    upto: u64,
    /// What a work's versions are and which is in force, hashed.
    regulations: HashMap<String, u64>,
    /// By division, institution and id.
    rows: Vec<Arc<Row>>,
    /// Places in `rows` of the items of a basic code, and of a name where an item has no code.
    same: OnceLock<HashMap<String, Vec<u32>>>,
}

/// How far the looking up has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    pub done: usize,
    pub of: usize,
}

impl Lists {
    /// For what stands in no list.
    pub fn none() -> Self {
        Self { generation: 0, upto: 0, regulations: HashMap::new(), rows: Vec::new(), same: OnceLock::new() }
    }

    /// Looks up what has changed since `before`, or everything.
    fn read(
        generation: &Generation,
        store: &RecordStore,
        stages: &HashMap<&'static str, Vec<String>>,
        before: Option<&Self>,
        shelf: &Shelf,
    ) -> Result<Self, StoreError> {
        let bases = Bases::new(generation, store);
        let regulations = regulations(generation);
        let upto = generation.manifest.upto;
        let touched = match before {
            Some(before) => touched(store, before, &regulations, upto)?,
            None => None,
        };
        let mut all: Vec<Arc<Row>> = Vec::new();
        let ids: Vec<String> = match (before, touched) {
            (Some(before), Some(touched)) => {
                all.extend(before.rows.iter().filter(|row| !touched.contains(&row.id)).cloned());
                touched.into_iter().collect()
            }
            _ => {
                let mut ids = Vec::new();
                for kind in KINDS.iter().filter(|kind| is_looked_at(kind)) {
                    ids.extend(store.ids_of(kind.name)?);
                }
                ids
            }
        };
        shelf.begun(ids.len());
        all.extend(threads::each(&ids, |id| {
            shelf.done.fetch_add(1, Ordering::Relaxed);
            let record = match store.get(id) {
                // `guansou fsck` tells how it is mended; the others do not wait for that.
                Err(error @ StoreError::Damaged { .. }) => {
                    tracing::warn!(id, %error, "left out of the lists");
                    None
                }
                read => read?.filter(|r| r.is_public() && is_looked_at(r.body.info())),
            };
            Ok(record.map(|record| Arc::new(Row::of(&bases, stages, record))))
        })?);
        all.sort_by(|a, b| a.key().cmp(&b.key()));
        Ok(Self { generation: generation.number, upto, regulations, rows: all, same: OnceLock::new() })
    }

    /// The rows of a division and of those below it.
    pub fn below(&self, division: &DivisionCode) -> &[Arc<Row>] {
        let prefix = division.significant();
        let from = self.rows.partition_point(|row| row.division.as_str() < prefix);
        let len = self.rows[from..].partition_point(|row| row.division.as_str().starts_with(prefix));
        &self.rows[from..from + len]
    }

    /// The rows of a division itself.
    pub fn of_division(&self, division: &DivisionCode) -> &[Arc<Row>] {
        let from = self.rows.partition_point(|row| row.division.as_str() < division.as_str());
        let len = self.rows[from..].partition_point(|row| row.division == *division);
        &self.rows[from..from + len]
    }

    /// The rows of an institution.
    pub fn of_institution(&self, division: &DivisionCode, name: &str) -> &[Arc<Row>] {
        let here = self.of_division(division);
        let from = here.partition_point(|row| row.owner.as_str() < name);
        let len = here[from..].partition_point(|row| row.owner == name);
        &here[from..from + len]
    }

    /// The items that are the same as one: of its basic code, or of its name where neither has a code.
    pub fn same_as<'l>(&'l self, basic_code: Option<&str>, name: &str) -> impl Iterator<Item = &'l Arc<Row>> {
        let same = self.same.get_or_init(|| {
            let mut same: HashMap<String, Vec<u32>> = HashMap::new();
            for (at, row) in self.rows.iter().enumerate() {
                if let Some(ListRow::Item(item)) = &row.listed {
                    same.entry(same_key(item.basic_code.as_deref(), &item.name)).or_default().push(at as u32);
                }
            }
            same
        });
        same.get(&same_key(basic_code, name)).into_iter().flatten().map(|at| &self.rows[*at as usize])
    }
}

fn same_key(basic_code: Option<&str>, name: &str) -> String {
    match basic_code {
        Some(code) => format!("c{code}"),
        None => format!("n{}", name.chars().filter(|c| c.is_alphanumeric()).collect::<String>()),
    }
}

/// What tells that a regulation is another than before, by the reference of its work.
fn regulations(generation: &Generation) -> HashMap<String, u64> {
    let catalogue = &generation.catalogue;
    let hash = |work: &str| {
        let mut hasher = DefaultHasher::new();
        for r in catalogue.versions(work) {
            (&r.id, r.status.label(), &r.status_by, &r.division).hash(&mut hasher);
            (r.version_date.map(|day| day.to_string()), r.effective.map(|day| day.to_string())).hash(&mut hasher);
        }
        hasher.finish()
    };
    catalogue.works().map(|work| (work_reference(work), hash(work))).collect()
}

/// The records that may have another row; `None` where looking everything up costs less.
fn touched(
    store: &RecordStore,
    before: &Lists,
    regulations: &HashMap<String, u64>,
    upto: u64,
) -> Result<Option<BTreeSet<String>>, StoreError> {
    if upto < before.upto {
        return Ok(None);
    }
    let changes = store.changes_after(before.upto, MAX_CHANGES + 1)?;
    if changes.len() > MAX_CHANGES {
        return Ok(None);
    }
    let mut touched = BTreeSet::new();
    let (mut works, mut institutions) = (HashSet::<String>::new(), HashSet::<String>::new());
    for (_, id, _) in changes.into_iter().filter(|(sequence, ..)| *sequence <= upto) {
        match store.head_of(&id)? {
            Some(Record { body: Body::Regulation(r), .. }) => {
                works.insert(work_reference(&r.title));
            }
            Some(Record { body: Body::Institution(_), .. }) => {
                institutions.insert(id.clone());
                touched.insert(id);
            }
            _ => {
                touched.insert(id);
            }
        }
    }
    works.extend(
        regulations
            .iter()
            .filter(|(work, now)| before.regulations.get(*work) != Some(now))
            .map(|(work, _)| work.clone()),
    );
    works.extend(before.regulations.keys().filter(|work| !regulations.contains_key(*work)).cloned());
    if works.len() > MAX_WORKS {
        return Ok(None);
    }
    // Codes of items are held against those of their institutions.
    let of_changed = |row: &&Arc<Row>| match &row.listed {
        Some(ListRow::Item(item)) => item.owner.id.as_ref().is_some_and(|id| institutions.contains(id)),
        _ => false,
    };
    if !institutions.is_empty() {
        touched.extend(before.rows.iter().filter(of_changed).map(|row| row.id.clone()));
    }
    for work in &works {
        touched.extend(store.list(&List::RestsOn(work), None, usize::MAX)?.into_iter().map(|(_, id)| id));
    }
    Ok(Some(touched))
}

/// Keeps the rows of the newest generation that was asked for.
pub struct Shelf {
    /// [`MAX_AWAITED`], but for tests.
    awaited: AtomicUsize,
    kept: Mutex<Option<Arc<Lists>>>,
    /// Held while rows are looked up.
    turn: Mutex<()>,
    done: AtomicUsize,
    of: AtomicUsize,
}

impl Default for Shelf {
    fn default() -> Self {
        Self {
            awaited: MAX_AWAITED.into(),
            kept: Mutex::default(),
            turn: Mutex::default(),
            done: AtomicUsize::default(),
            of: AtomicUsize::default(),
        }
    }
}

impl Shelf {
    /// As with fewer records and none looked up yet.
    #[cfg(test)]
    pub fn empty(&self, awaited: usize) {
        self.awaited.store(awaited, Ordering::Relaxed);
        *self.kept.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }

    /// Does something while so many rows are being looked up.
    #[cfg(test)]
    pub fn meanwhile(&self, of: usize, does: impl FnOnce()) {
        let _turn = self.turn.lock().unwrap_or_else(PoisonError::into_inner);
        self.begun(of);
        does();
    }

    /// The rows as a generation knows them, or a later one. Whoever comes first looks them up, others wait for it; but
    /// while many are looked up, how far that has come is reported instead: who waits keeps others from searching.
    /// After a change these are few, unless it touches most of them. See [`Self::read`].
    pub fn at(
        &self,
        generation: &Generation,
        store: &RecordStore,
        stages: &crate::desk::DutyStages,
    ) -> Result<Result<Arc<Lists>, Progress>, StoreError> {
        let awaited = self.awaited.load(Ordering::Relaxed);
        loop {
            if let Some(lists) = self.kept_of(generation) {
                return Ok(Ok(lists));
            }
            if self.newest().is_none() && are_more(store, awaited)? {
                return Ok(Err(self.progress()));
            }
            let is_taken = matches!(self.turn.try_lock(), Err(TryLockError::WouldBlock));
            match self.progress() {
                _ if !is_taken => return self.read(generation, store, stages).map(Ok),
                long if long.of > awaited => return Ok(Err(long)),
                _ => thread::sleep(LOOK_AGAIN),
            }
        }
    }

    /// Whether any rows have been looked up since the start.
    pub fn is_filled(&self) -> bool {
        self.newest().is_some()
    }

    /// The same however long it takes.
    pub fn read(
        &self,
        generation: &Generation,
        store: &RecordStore,
        stages: &crate::desk::DutyStages,
    ) -> Result<Arc<Lists>, StoreError> {
        let _turn = self.turn.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(lists) = self.kept_of(generation) {
            return Ok(lists);
        }
        // How many there are is known when it is known what has changed.
        self.begun(0);
        let before = self.newest();
        let lists = Arc::new(Lists::read(generation, store, &by_sort(stages), before.as_deref(), self)?);
        *self.kept.lock().unwrap_or_else(PoisonError::into_inner) = Some(lists.clone());
        Ok(lists)
    }

    /// How far the first looking up has come; `None` once there are rows, and where few records need none to wait.
    pub fn first_progress(&self) -> Option<Progress> {
        Some(self.progress())
            .filter(|progress| progress.of > self.awaited.load(Ordering::Relaxed) && self.newest().is_none())
    }

    fn progress(&self) -> Progress {
        Progress { done: self.done.load(Ordering::Relaxed), of: self.of.load(Ordering::Relaxed) }
    }

    fn begun(&self, of: usize) {
        self.done.store(0, Ordering::Relaxed);
        self.of.store(of, Ordering::Relaxed);
    }

    fn newest(&self) -> Option<Arc<Lists>> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn kept_of(&self, generation: &Generation) -> Option<Arc<Lists>> {
        self.newest().filter(|lists| lists.generation >= generation.number)
    }
}

/// Whether there are more records to look up than so many.
fn are_more(store: &RecordStore, most: usize) -> Result<bool, StoreError> {
    let mut left = most + 1;
    for kind in KINDS.iter().filter(|kind| is_looked_at(kind)) {
        left -= store.count_listed(&List::Kind(kind.name), left)?;
        if left == 0 {
            return Ok(true);
        }
    }
    Ok(false)
}

fn by_sort(stages: &crate::desk::DutyStages) -> HashMap<&'static str, Vec<String>> {
    let all = indexer::record::lists::PowerSort::ALL.iter();
    all.map(|sort| (sort.label(), stages.of(*sort).map(|stage| stage.stage.clone()).collect())).collect()
}
