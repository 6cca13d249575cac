//! Regulations that have another version, or are repealed by a text of their own or by the words of another.

use indexer::{
    record::{Body, DocumentKind, Record, Regulation, Status, TaskMatter, repeals, work_reference},
    text::quoted_titles,
};

use super::happened::Happened;
use crate::{
    desk::{
        changed::{MAX_VERSIONS, Unchanged, version_before},
        tasks::Pending,
    },
    store::{StoreError, listings::List},
};

/// Regulations that a text repeals of which others are reported: the longest decisions name some hundred.
const MAX_REPEALED: usize = 500;

/// A regulation that its source now says to be repealed.
pub(super) fn repealed(was: &Regulation, is: &Regulation) -> Option<Happened> {
    let repealed = is.stated_status == Some(Status::Repealed) && was.stated_status != Some(Status::Repealed);
    repealed.then(|| {
        Happened::new(TaskMatter::RegulationChanged, format!("《{}》已废止", is.title), vec![work_reference(&is.title)])
    })
}

impl Pending<'_> {
    /// A regulation that is new: another version of one that is known, or a decision about others.
    pub(super) fn came(&self, id: &str, regulation: &Regulation) -> Result<Option<Happened>, StoreError> {
        let decides = matches!(regulation.document_kind, DocumentKind::Amendment | DocumentKind::Abolition);
        let work = work_reference(&regulation.title);
        let mut repealed: Vec<(String, &str)> = Vec::new();
        for title in repeals::repealed(regulation).into_iter().map(|repealed| repealed.title) {
            let on = work_reference(title);
            let is_new = on != work && repealed.iter().all(|(known, _)| *known != on);
            if is_new && repealed.len() < MAX_REPEALED && !self.is_held_since(&on, regulation)? {
                repealed.push((on, title));
            }
        }
        let mut about: Vec<String> = repealed.iter().map(|(on, _)| on.clone()).collect();
        // A decision that comes late is about a text that a newer one has replaced since.
        for on in quoted_titles(&regulation.title).filter(|_| decides).map(work_reference) {
            if !self.is_held_since(&on, regulation)? {
                about.push(on);
            }
        }
        about.sort();
        about.dedup();
        if decides && !about.is_empty() {
            let repeals = regulation.document_kind == DocumentKind::Abolition;
            let what = match (repeals, repealed.is_empty()) {
                (true, _) => "废止",
                (false, true) => "修改",
                (false, false) => "修改、废止",
            };
            let says = format!("已公布《{}》（{what}）", regulation.title);
            return Ok(Some(Happened::new(TaskMatter::RegulationChanged, says, about)));
        }
        // A new regulation whose closing article takes others out of force, and a decision on something else that does.
        let also = || {
            let on: Vec<String> = repealed.iter().map(|(on, _)| on.clone()).collect();
            let says = format!("《{}》已公布，写明废止{}", regulation.title, few(&repealed));
            (!on.is_empty()).then(|| Happened::new(TaskMatter::RegulationChanged, says, on))
        };
        let mut is_newer = false;
        for (_, other) in self.store.list(&List::Work(&work), None, MAX_VERSIONS)? {
            let Some(other) = self.store.head_of(&other)?.filter(|other| other.id != id && other.is_public()) else {
                continue;
            };
            let Body::Regulation(other) = &other.body else { continue };
            if other.division != regulation.division {
                continue;
            }
            // A text that comes late and is older changes nothing of its own work.
            if other.version_date >= regulation.version_date {
                return Ok(also());
            }
            is_newer = true;
        }
        if !is_newer {
            return Ok(also());
        }
        let version = regulation.version_date.map(|day| format!("（{day}）")).unwrap_or_default();
        let says = format!("《{}》有了新的版本{version}", regulation.title);
        let mut happened = Happened::new(TaskMatter::RegulationChanged, says, vec![work.clone()]);
        if let Some(Record { body: Body::Regulation(old), .. }) = version_before(self.store, id, regulation)? {
            let unchanged = Unchanged::between(old, regulation.clone());
            let changed = unchanged.missing();
            if changed > 0 {
                happened.says.push_str(&format!("，{changed} 条有改动"));
            }
            happened.unchanged = Some((work, unchanged));
        }
        if let Some(also) = also() {
            happened.says.push_str(&format!("，同时废止{}", few(&repealed)));
            happened.on.extend(also.on);
        }
        Ok(Some(happened))
    }

    /// Whether a work of the same place has a text that is newer than a regulation: what that repealed was an older
    /// one.
    fn is_held_since(&self, work: &str, regulation: &Regulation) -> Result<bool, StoreError> {
        // Without its day nothing tells that it came late.
        if regulation.version_date.is_none() {
            return Ok(false);
        }
        for (_, id) in self.store.list(&List::Work(work), None, MAX_VERSIONS)? {
            let held = self.store.head_of(&id)?.filter(Record::is_public);
            let is_newer =
                |r: &Regulation| r.division == regulation.division && r.version_date > regulation.version_date;
            if held.is_some_and(|r| matches!(&r.body, Body::Regulation(r) if is_newer(r))) {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

/// The first few repealed regulations by title, and how many there are.
fn few(repealed: &[(String, &str)]) -> String {
    let first: Vec<String> = repealed.iter().take(3).map(|(_, title)| format!("《{title}》")).collect();
    let more = if repealed.len() > first.len() { format!("等 {} 部", repealed.len()) } else { String::new() };
    first.join("、") + &more
}
