//! Two schemes duty by duty: what stayed, what was worded otherwise, what came and what went. Duties are found again by
//! what they say, wherever they stand and whatever their number.

use super::similar::{alike, is_catch_all};
use crate::staffing::Duty;

/// Duties that are this much alike are one, changed: as much as articles of a regulation that were changed have in
/// common.
const ONE_DUTY: f32 = 0.5;

/// What else is assigned is one duty, whoever assigns it: surer than any likeness, less sure than the same words.
const CATCH_ALLS: f32 = 1.0;
/// A duty that goes on where the other ends is it, extended, unless another is more alike.
const EXTENDED: f32 = 0.55;
/// Characters that both have at their beginning, at least: 负责学校 alone begins many.
const BEGINNING: usize = 6;

/// What became of a duty.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DutyChange {
    Same,
    /// Only its number or its place is another.
    Renumbered,
    Changed,
    Added,
    Removed,
}

impl DutyChange {
    pub const ALL: [DutyChange; 5] = [Self::Same, Self::Renumbered, Self::Changed, Self::Added, Self::Removed];

    pub fn label(self) -> &'static str {
        match self {
            Self::Same => "未变",
            Self::Renumbered => "序号改变",
            Self::Changed => "有修改",
            Self::Added => "新增",
            Self::Removed => "删去",
        }
    }

    pub fn name(self) -> &'static str {
        match self {
            Self::Same => "same",
            Self::Renumbered => "renumbered",
            Self::Changed => "changed",
            Self::Added => "added",
            Self::Removed => "removed",
        }
    }
}

/// A duty of one scheme beside that of the other, by place.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Row {
    pub change: DutyChange,
    pub old: Option<usize>,
    pub new: Option<usize>,
}

/// The words of a text: a mark or a space more is no change.
fn bare(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).collect()
}

/// Whether one of two texts is the other's beginning.
fn goes_on(a: &str, b: &str) -> bool {
    let (short, long) = if a.len() <= b.len() { (a, b) } else { (b, a) };
    short.chars().nth(BEGINNING - 1).is_some() && long.starts_with(short)
}

/// The rows in the order of the newer scheme; what was removed follows what it stood behind.
pub fn redline(old: &[Duty], new: &[Duty]) -> Vec<Row> {
    let (before, after): (Vec<String>, Vec<String>) =
        (old.iter().map(|d| bare(&d.text)).collect(), new.iter().map(|d| bare(&d.text)).collect());
    let mut pairs: Vec<(f32, usize, usize)> = Vec::new();
    for (i, o) in old.iter().enumerate() {
        for (j, n) in new.iter().enumerate() {
            let same = before[i] == after[j];
            let score = match () {
                () if same => 1.0,
                () if is_catch_all(&o.text) && is_catch_all(&n.text) => CATCH_ALLS,
                () if goes_on(&before[i], &after[j]) => alike(&o.text, &n.text).max(EXTENDED),
                () => alike(&o.text, &n.text),
            };
            if score >= ONE_DUTY {
                // Of equals those of one sort and number go together.
                let near =
                    f32::from(u8::from(o.sort == n.sort)) * 0.02 + f32::from(u8::from(o.number == n.number)) * 0.01;
                pairs.push((score + near + f32::from(u8::from(same)), i, j));
            }
        }
    }
    pairs.sort_by(|a, b| b.0.total_cmp(&a.0).then((a.1, a.2).cmp(&(b.1, b.2))));
    let (mut of_old, mut of_new) = (vec![None; old.len()], vec![None; new.len()]);
    for (_, i, j) in pairs {
        if of_old[i].is_none() && of_new[j].is_none() {
            (of_old[i], of_new[j]) = (Some(j), Some(i));
        }
    }
    // Those that are gone follow what they stood behind.
    let gone_from = |first: usize| {
        let gone = (first..old.len()).take_while(|i| of_old[*i].is_none());
        gone.map(|i| Row { change: DutyChange::Removed, old: Some(i), new: None })
    };
    let mut rows: Vec<Row> = gone_from(0).collect();
    for (j, duty) in new.iter().enumerate() {
        let Some(i) = of_new[j] else {
            rows.push(Row { change: DutyChange::Added, old: None, new: Some(j) });
            continue;
        };
        let change = match () {
            () if before[i] != after[j] => DutyChange::Changed,
            () if old[i].number != duty.number || old[i].sort != duty.sort => DutyChange::Renumbered,
            () => DutyChange::Same,
        };
        rows.push(Row { change, old: Some(i), new: Some(j) });
        rows.extend(gone_from(i + 1));
    }
    rows
}
