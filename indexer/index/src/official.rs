//! All web names that the records know, for checking an address in microseconds.
//!
//! Rows lie sorted by the form in which look-alikes are equal ([`fold`]); a finite-state map leads from that form to its
//! run of rows, so that one look-up tells both the name itself and what it could be taken for. Chinese labels and the
//! full names of owners have a second map. The rows are text, one name a line, and are offered for download.
//!
//! What changed since the last full build lies in a second, small table: a national list has a million rows and is not
//! written anew for one of them.

use std::{
    collections::{BTreeSet, HashMap},
    ops::Range,
    path::Path,
    sync::{Arc, OnceLock},
};

use fst::{IntoStreamer, Map, MapBuilder, Set, SetBuilder, Streamer, set};
use serde::{Deserialize, Serialize};

use super::IndexError;
use record::{Evidence, NameStatus, WebName};
use text::Pipeline;
use text::web_name::{Registry, fold};

/// The rows.
pub const ROWS_FILE: &str = "names.tsv";
/// Set of the hosts in use (A-labels), for offline use by others.
pub const FILTER_FILE: &str = "official.fst";
const FOLDS_FILE: &str = "folds.fst";
const LABELS_FILE: &str = "labels.fst";
/// Beside a table of changes: the names that it speaks for.
pub const HIDDEN_FILE: &str = "hidden.json";

/// First line of the rows. `name` is empty where it is the host itself, `status` where the name is in use.
pub const HEADER: &str = "host\tname\tevidence\tstatus\towner_ids\towner_names";
const COLUMNS: usize = 6;

/// Fewest characters before the ending for which one wrong character makes an imitation: shorter names are close to
/// everything.
const MIN_NEAR: usize = 6;

/// What a key in the map of labels is of.
const LABEL: u8 = 0;
const OWNER: u8 = 1;

pub struct OfficialNames {
    base: Arc<Table>,
    changed: Option<Changes>,
}

/// What is otherwise than the base has it.
struct Changes {
    table: Table,
    /// Rows of the base that are no longer so.
    hidden: BTreeSet<u32>,
    /// The set of hosts in use, where somebody asked for it.
    filter: OnceLock<Vec<u8>>,
}

/// A name that is otherwise than the last full build had it, or that it did not have.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Hidden {
    host: String,
    folded: String,
}

impl From<&Row> for Hidden {
    fn from(row: &Row) -> Self {
        Self { host: row.host.clone(), folded: fold(&row.unicode) }
    }
}

/// A run of rows, in the order of the whole list.
enum Run {
    Base(Range<u32>),
    Changed(u32),
}

struct Table {
    rows: String,
    /// Where each row starts.
    starts: Vec<u32>,
    /// Folded name → first row and number of rows.
    folds: Map<Vec<u8>>,
    /// Key of a Chinese label ([`LABEL`]) or of an owner's name ([`OWNER`]), and its row.
    labels: Set<Vec<u8>>,
    /// Names outside the official registries, by hash of themselves and of what is left when a character goes.
    near: HashMap<u64, Vec<u32>>,
}

/// A name as the rows have it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Name<'a> {
    /// A-labels.
    pub host: &'a str,
    /// U-labels.
    pub unicode: &'a str,
    pub evidence: Evidence,
    pub status: NameStatus,
    ids: &'a str,
    names: &'a str,
}

impl<'a> Name<'a> {
    /// By what the rows are sorted.
    fn place(&self) -> (String, &'a str) {
        (fold(self.unicode), self.host)
    }

    /// Ids (where there is a record) and names of those it is given for.
    pub fn owners(&self) -> impl Iterator<Item = (Option<&'a str>, &'a str)> + use<'a> {
        let ids = self.ids.split(';').map(|id| Some(id).filter(|id| !id.is_empty()));
        ids.zip(self.names.split(';')).filter(|(_, name)| !name.is_empty())
    }
}

/// What a row holds, before it is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// A-labels.
    pub host: String,
    unicode: String,
    evidence: Evidence,
    status: NameStatus,
    ids: String,
    names: String,
}

impl From<&WebName> for Row {
    fn from(name: &WebName) -> Self {
        // A tab or semicolon in a name would break its row.
        let clean = |text: &str| text.replace(['\t', ';', '\n', '\r'], " ");
        let (ids, owners): (Vec<String>, Vec<String>) =
            name.owners().map(|(id, owner)| (clean(id.unwrap_or_default()), clean(owner))).unzip();
        Self {
            host: name.ascii.clone(),
            unicode: name.name.clone(),
            evidence: name.evidence,
            status: name.status,
            ids: ids.join(";"),
            names: owners.join(";"),
        }
    }
}

impl From<Name<'_>> for Row {
    fn from(name: Name<'_>) -> Self {
        Self {
            host: name.host.to_owned(),
            unicode: name.unicode.to_owned(),
            evidence: name.evidence,
            status: name.status,
            ids: name.ids.to_owned(),
            names: name.names.to_owned(),
        }
    }
}

impl Row {
    fn is_chinese(&self) -> bool {
        self.host != self.unicode
    }
}

/// The files' content, made once for a generation.
pub fn encode(pipeline: &Pipeline, rows: Vec<Row>) -> Result<Vec<(&'static str, Vec<u8>)>, IndexError> {
    let mut sorted: Vec<(String, Row)> = rows.into_iter().map(|n| (fold(&n.unicode), n)).collect();
    sorted.sort_by(|a, b| (&a.0, &a.1.host).cmp(&(&b.0, &b.1.host)));
    sorted.dedup_by(|a, b| a.1.host == b.1.host);
    let mut rows = format!("{HEADER}\n");
    let mut folds = MapBuilder::memory();
    for run in runs(&sorted) {
        let value = ((run.start as u64) << 16) | (run.len() as u64).min(u64::from(u16::MAX));
        folds.insert(&sorted[run.start].0, value).map_err(broken)?;
    }
    let mut labels: Vec<Vec<u8>> = Vec::new();
    for ((_, name), at) in sorted.iter().zip(0u32..) {
        let columns = [
            name.host.as_str(),
            // Most names are written as their host is and are in use; a national list has millions of rows.
            if name.is_chinese() { &name.unicode } else { "" },
            name.evidence.name(),
            if name.status == NameStatus::InUse { "" } else { name.status.name() },
            &name.ids,
            &name.names,
        ];
        rows.push_str(&columns.join("\t"));
        rows.push('\n');
        if name.is_chinese() {
            let key = pipeline.key(name.unicode.split('.').next().unwrap_or_default());
            labels.push([key.as_bytes(), &[LABEL], &at.to_be_bytes()].concat());
        }
        for owner in name.names.split(';').filter(|owner| !owner.is_empty()) {
            let bare = owner.strip_prefix("中华人民共和国");
            for owner in [Some(owner), bare].into_iter().flatten() {
                labels.push([pipeline.key(owner).as_bytes(), &[OWNER], &at.to_be_bytes()].concat());
            }
        }
    }
    labels.sort_unstable();
    labels.dedup();
    let mut label_set = SetBuilder::memory();
    label_set.extend_iter(labels).map_err(broken)?;
    let mut in_use: Vec<&str> =
        sorted.iter().filter(|(_, n)| n.status == NameStatus::InUse).map(|(_, n)| n.host.as_str()).collect();
    in_use.sort_unstable();
    let mut filter = SetBuilder::memory();
    filter.extend_iter(in_use).map_err(broken)?;
    Ok(vec![
        (ROWS_FILE, rows.into_bytes()),
        (FOLDS_FILE, folds.into_inner().map_err(broken)?),
        (LABELS_FILE, label_set.into_inner().map_err(broken)?),
        (FILTER_FILE, filter.into_inner().map_err(broken)?),
    ])
}

/// Runs of names that look alike.
fn runs(sorted: &[(String, Row)]) -> Vec<Range<usize>> {
    let mut start = 0;
    let ends = sorted.chunk_by(|a, b| a.0 == b.0).map(|run| {
        let range = start..start + run.len();
        start = range.end;
        range
    });
    ends.collect()
}

fn broken(error: fst::Error) -> IndexError {
    IndexError::Damaged { path: "names".into(), reason: error.to_string() }
}

impl OfficialNames {
    /// The list of a full build.
    pub fn open(dir: &Path) -> Result<Self, IndexError> {
        Ok(Self { base: Arc::new(Table::open(dir)?), changed: None })
    }

    /// The list of the same full build with the changes in `dir`.
    pub fn changed(&self, dir: &Path) -> Result<Self, IndexError> {
        let hidden = Self::hidden(dir)?;
        let place = |name: &Hidden| self.base.alike(&name.folded).find(|(_, n)| n.host == name.host);
        let hidden = hidden.iter().filter_map(place).map(|(at, _)| at).collect();
        Ok(Self {
            base: self.base.clone(),
            changed: Some(Changes { table: Table::open(dir)?, hidden, filter: OnceLock::new() }),
        })
    }

    /// The names that the changes in `dir` speak for.
    pub fn hidden(dir: &Path) -> Result<BTreeSet<Hidden>, IndexError> {
        let path = dir.join(HIDDEN_FILE);
        let bytes = std::fs::read(&path).map_err(|e| IndexError::io(&path, e))?;
        serde_json::from_slice(&bytes)
            .map_err(|e| IndexError::Damaged { path: path.display().to_string(), reason: e.to_string() })
    }

    pub fn len(&self) -> usize {
        let changes = self.changed.as_ref();
        self.base.len() + changes.map_or(0, |c| c.table.len()) - changes.map_or(0, |c| c.hidden.len())
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// All names, those that look alike together.
    pub fn iter(&self) -> impl Iterator<Item = Name<'_>> {
        self.runs().into_iter().flat_map(|run| {
            let (table, rows) = match run {
                Run::Base(rows) => (Some(&*self.base), rows),
                Run::Changed(at) => (self.changed.as_ref().map(|c| &c.table), at..at + 1),
            };
            rows.filter_map(move |at| table.and_then(|table| table.row(at)))
        })
    }

    /// The names that changed since the full build, as they are.
    pub fn changes(&self) -> impl Iterator<Item = Name<'_>> {
        self.changed.iter().flat_map(|c| (0..c.table.len() as u32).filter_map(|at| c.table.row(at)))
    }

    /// The whole list as it is offered for download: [`HEADER`] and the rows.
    pub fn listing(&self) -> Vec<u8> {
        let mut listing = format!("{HEADER}\n").into_bytes();
        listing.reserve(self.base.rows.len());
        for run in self.runs() {
            let rows = match (run, &self.changed) {
                (Run::Base(rows), _) => self.base.lines(rows),
                (Run::Changed(at), Some(changes)) => changes.table.lines(at..at + 1),
                (Run::Changed(_), None) => "",
            };
            listing.extend_from_slice(rows.as_bytes());
        }
        listing
    }

    /// The set of the hosts in use as it is offered for download, from the set that the full build made.
    pub fn filter(&self, of_base: Vec<u8>) -> Result<Vec<u8>, IndexError> {
        let Some(Changes { table, hidden, filter: made }) = &self.changed else { return Ok(of_base) };
        if let Some(made) = made.get() {
            return Ok(made.clone());
        }
        let hosts = |of: &Table, rows: &mut dyn Iterator<Item = u32>| -> Result<Set<Vec<u8>>, IndexError> {
            let rows = rows.filter_map(|at| of.row(at)).filter(|name| name.status == NameStatus::InUse);
            let mut hosts: Vec<&str> = rows.map(|name| name.host).collect();
            hosts.sort_unstable();
            Set::from_iter(hosts).map_err(broken)
        };
        let gone = hosts(&self.base, &mut hidden.iter().copied())?;
        let new = hosts(table, &mut (0..table.len() as u32))?;
        let base = Set::new(of_base).map_err(broken)?;
        let mut filter = SetBuilder::memory();
        let rest = set::OpBuilder::new().add(&base).add(&gone).difference();
        filter.extend_stream(set::OpBuilder::new().add(rest).add(&new).union()).map_err(broken)?;
        let filter = filter.into_inner().map_err(broken)?;
        Ok(made.get_or_init(|| filter).clone())
    }

    /// Bytes of memory that it holds.
    pub fn bytes(&self) -> usize {
        self.base.bytes() + self.changed.as_ref().map_or(0, |changes| changes.table.bytes())
    }

    /// The names that fold to a form, the name of this form itself among them.
    pub fn alike(&self, folded: &str) -> impl Iterator<Item = Name<'_>> + use<'_> {
        let mut found: Vec<Name<'_>> = self.still(self.base.alike(folded)).collect();
        if let Some(changes) = &self.changed {
            found.extend(changes.table.alike(folded).map(|(_, name)| name));
            found.sort_by_key(|name| name.host);
        }
        found.into_iter()
    }

    /// The name of this host, which folds to `folded`.
    pub fn exact(&self, host: &str, folded: &str) -> Option<Name<'_>> {
        let changed = self.changed.iter().flat_map(|c| c.table.alike(folded)).map(|(_, name)| name);
        changed.chain(self.still(self.base.alike(folded))).find(|name| name.host == host)
    }

    /// Names with this first label, given as a [`Pipeline::key`].
    pub fn labelled(&self, key: &str) -> Vec<Name<'_>> {
        self.keyed(key, LABEL)
    }

    /// Names given for an institution with this full name, with or without 中华人民共和国 in front, given as a
    /// [`Pipeline::key`].
    pub fn owned(&self, key: &str) -> Vec<Name<'_>> {
        self.keyed(key, OWNER)
    }

    fn keyed(&self, key: &str, what: u8) -> Vec<Name<'_>> {
        let mut found: Vec<Name<'_>> = self.still(self.base.keyed(key, what).into_iter()).collect();
        if let Some(changes) = &self.changed {
            found.extend(changes.table.keyed(key, what).into_iter().map(|(_, name)| name));
            found.sort_by_cached_key(Name::place);
        }
        found
    }

    /// A name outside the official registries that one wrong, missing, doubled or swapped character leads to.
    pub fn near(&self, host: &str) -> Option<Name<'_>> {
        if before_ending(host).len() < MIN_NEAR {
            return None;
        }
        let changed = self.changed.iter().flat_map(|c| c.table.near(host)).map(|(_, name)| name);
        changed.chain(self.still(self.base.near(host).into_iter())).find(|name| one_edit(host, name.host))
    }

    /// Those of the base's rows that are still so.
    fn still<'a>(&'a self, rows: impl Iterator<Item = (u32, Name<'a>)>) -> impl Iterator<Item = Name<'a>> {
        let hidden = self.changed.as_ref().map(|changes| &changes.hidden);
        rows.filter(move |(at, _)| hidden.is_none_or(|hidden| !hidden.contains(at))).map(|(_, name)| name)
    }

    /// The rows of both tables, in the order that a full build would give them.
    fn runs(&self) -> Vec<Run> {
        let end = self.base.len() as u32;
        let Some(Changes { table, hidden, .. }) = &self.changed else { return vec![Run::Base(0..end)] };
        // Where the base is left, and for which row of the changes; for none where one of its own is passed over.
        let mut cuts: Vec<(u32, Option<u32>)> = hidden.iter().map(|at| (*at, None)).collect();
        cuts.extend((0..table.len() as u32).filter_map(|row| Some((self.base.before(&table.row(row)?), Some(row)))));
        cuts.sort_by_key(|(at, row)| (*at, row.is_none(), *row));
        let (mut runs, mut next) = (Vec::new(), 0);
        for (at, row) in cuts {
            runs.push(Run::Base(next..at));
            runs.extend(row.map(Run::Changed));
            next = if row.is_none() { at + 1 } else { at };
        }
        runs.push(Run::Base(next..end));
        runs
    }
}

impl Table {
    fn open(dir: &Path) -> Result<Self, IndexError> {
        let read = |name: &str| {
            let path = dir.join(name);
            std::fs::read(&path).map_err(|e| IndexError::io(&path, e))
        };
        let damaged =
            |name: &str, reason: String| IndexError::Damaged { path: dir.join(name).display().to_string(), reason };
        let rows = String::from_utf8(read(ROWS_FILE)?).map_err(|e| damaged(ROWS_FILE, e.to_string()))?;
        let mut starts = Vec::new();
        let mut at = 0;
        for line in rows.split_inclusive('\n') {
            if at > 0 {
                if line.matches('\t').count() + 1 != COLUMNS {
                    return Err(damaged(ROWS_FILE, format!("第 {} 行的列数不对", starts.len() + 2)));
                }
                starts.push(at as u32);
            }
            at += line.len();
        }
        let folds = Map::new(read(FOLDS_FILE)?).map_err(|e| damaged(FOLDS_FILE, e.to_string()))?;
        folds.as_fst().verify().map_err(|e| damaged(FOLDS_FILE, e.to_string()))?;
        let labels = Set::new(read(LABELS_FILE)?).map_err(|e| damaged(LABELS_FILE, e.to_string()))?;
        labels.as_fst().verify().map_err(|e| damaged(LABELS_FILE, e.to_string()))?;
        let mut names = Self { rows, starts, folds, labels, near: HashMap::new() };
        let mut counted = 0;
        let mut stream = names.folds.stream();
        while let Some((_, value)) = stream.next() {
            counted += value & 0xFFFF;
        }
        if counted != names.starts.len() as u64 {
            return Err(damaged(FOLDS_FILE, "条目与名称不符".into()));
        }
        for at in 0..names.starts.len() as u32 {
            let Some(name) = names.row(at).filter(|n| Registry::of(n.host).is_none()) else { continue };
            if before_ending(name.host).len() >= MIN_NEAR {
                let hashes: Vec<u64> = variants(name.host).collect();
                for hash in hashes {
                    names.near.entry(hash).or_default().push(at);
                }
            }
        }
        Ok(names)
    }

    fn len(&self) -> usize {
        self.starts.len()
    }

    fn bytes(&self) -> usize {
        let near: usize = self.near.values().map(|rows| size_of::<(u64, Vec<u32>)>() + rows.capacity() * 4).sum();
        self.rows.capacity()
            + self.starts.capacity() * 4
            + self.folds.as_fst().as_bytes().len()
            + self.labels.as_fst().as_bytes().len()
            + near
    }

    fn row(&self, at: u32) -> Option<Name<'_>> {
        let start = *self.starts.get(at as usize)? as usize;
        let mut columns = self.rows[start..].lines().next()?.split('\t');
        let mut next = || columns.next();
        let (host, unicode, evidence, status) = (next()?, next()?, next()?, next()?);
        Some(Name {
            host,
            unicode: if unicode.is_empty() { host } else { unicode },
            evidence: Evidence::ALL.into_iter().find(|e| e.name() == evidence)?,
            status: match status {
                "" => NameStatus::InUse,
                status => NameStatus::ALL.into_iter().find(|s| s.name() == status)?,
            },
            ids: next()?,
            names: next()?,
        })
    }

    /// The text of some rows.
    fn lines(&self, rows: Range<u32>) -> &str {
        let start = |at: u32| self.starts.get(at as usize).map_or(self.rows.len(), |at| *at as usize);
        &self.rows[start(rows.start)..start(rows.end)]
    }

    /// How many rows stand before a name.
    fn before(&self, name: &Name<'_>) -> u32 {
        let place = name.place();
        let (mut from, mut to) = (0, self.len() as u32);
        while from < to {
            let middle = from + (to - from) / 2;
            if self.row(middle).is_some_and(|row| row.place() < place) { from = middle + 1 } else { to = middle }
        }
        from
    }

    fn alike(&self, folded: &str) -> impl Iterator<Item = (u32, Name<'_>)> + use<'_> {
        let value = self.folds.get(folded).unwrap_or(0);
        let (first, count) = ((value >> 16) as u32, (value & 0xFFFF) as u32);
        (first..first + count).filter_map(|at| Some((at, self.row(at)?)))
    }

    fn keyed(&self, key: &str, what: u8) -> Vec<(u32, Name<'_>)> {
        let mut found = Vec::new();
        let (from, to) = ([key.as_bytes(), &[what]].concat(), [key.as_bytes(), &[what + 1]].concat());
        let mut stream = self.labels.range().ge(from).lt(to).into_stream();
        while let Some(entry) = stream.next() {
            let at = entry.last_chunk::<4>().map(|at| u32::from_be_bytes(*at));
            found.extend(at.and_then(|at| Some((at, self.row(at)?))));
        }
        found
    }

    /// Names outside the official registries that share a hash with a host.
    fn near(&self, host: &str) -> Vec<(u32, Name<'_>)> {
        let rows = variants(host).filter_map(|hash| self.near.get(&hash)).flatten();
        rows.filter_map(|at| Some((*at, self.row(*at)?))).collect()
    }
}

fn before_ending(host: &str) -> &str {
    host.split('.').next().unwrap_or_default()
}

/// Hashes of a text and of what is left of it when one character goes.
fn variants(text: &str) -> impl Iterator<Item = u64> {
    use std::hash::{DefaultHasher, Hasher};
    let hash = |before: &str, after: &str| {
        let mut hasher = DefaultHasher::new();
        hasher.write(before.as_bytes());
        hasher.write(after.as_bytes());
        hasher.finish()
    };
    let without = text.char_indices().map(move |(at, c)| hash(&text[..at], &text[at + c.len_utf8()..]));
    std::iter::once(hash(text, "")).chain(without)
}

/// Whether two texts differ by exactly one wrong, missing or additional character, or by two neighbours swapped.
pub fn one_edit(a: &str, b: &str) -> bool {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let (short, long) = if a.len() <= b.len() { (&a, &b) } else { (&b, &a) };
    let same = short.iter().zip(long.iter()).take_while(|(x, y)| x == y).count();
    match long.len() - short.len() {
        0 if same == short.len() => false,
        0 => {
            let swapped = same + 1 < short.len() && short[same] == long[same + 1] && short[same + 1] == long[same];
            short[same + 1..] == long[same + 1..] || (swapped && short[same + 2..] == long[same + 2..])
        }
        1 => short[same..] == long[same + 1..],
        _ => false,
    }
}

#[cfg(test)]
mod tests;
