//! The rules that hold between the records of lists. They are numbered as the offices that check lists number them;
//! those of one record alone (P4 to P11) stand with its kind, those that need the library (P1 to P3) where it is at
//! hand.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::{Catalogued, Changed, Level, ListDuty, ListItem, ListOwner, PowerSort, Standing};
use crate::{DivisionCode, InstitutionLevel};

/// A record with what it is in a list.
pub type WithId<'a, T> = (&'a str, &'a T);

/// What is wrong with a record, by the column in which it is to be mended.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct RuleFinding {
    /// The record; empty where none is there that should be.
    pub id: String,
    pub rule: &'static str,
    pub column: &'static str,
    pub says: String,
}

/// The level at which the institutions of a division exercise powers.
pub fn level_of(division: &DivisionCode) -> Level {
    match InstitutionLevel::of(division) {
        InstitutionLevel::Central => Level::Nation,
        InstitutionLevel::Province => Level::Province,
        InstitutionLevel::Prefecture => Level::City,
        InstitutionLevel::County => Level::County,
        _ => Level::Township,
    }
}

/// Names differ by nothing that says something.
fn same_name(a: &str, b: &str) -> bool {
    let bare = |text: &str| text.chars().filter(|c| c.is_alphanumeric()).collect::<String>();
    bare(a) == bare(b)
}

/// P7: the stages of its kind of power for which an item has no duty, once it has duties of its own record; `stages`
/// are those of the table.
pub fn missing_stages(item: &ListItem, stages: &[&str], duties: &[&ListDuty]) -> Option<String> {
    if item.sort == PowerSort::Service || !item.is_exercised() {
        return None;
    }
    if duties.is_empty() && item.duties.trim().is_empty() {
        return Some("没有责任事项：每项权力都应有对应的责任".to_owned());
    }
    let has = |stage: &&str| duties.iter().any(|duty| duty.stage.contains(*stage)) || item.duties.contains(*stage);
    let missing: Vec<&str> = stages.iter().copied().filter(|stage| !has(stage)).collect();
    (!missing.is_empty()).then(|| format!("责任事项里没有{}环节", missing.join("、")))
}

/// P12: items of one basic code have one name and one kind everywhere; the catalogue's where it has the code, else that
/// of most items.
pub fn one_code_one_name(items: &[WithId<'_, ListItem>], catalogue: &[WithId<'_, Catalogued>]) -> Vec<RuleFinding> {
    let mut by_code: BTreeMap<&str, Vec<&WithId<'_, ListItem>>> = BTreeMap::new();
    for placed in items.iter().filter(|(_, item)| item.is_exercised()) {
        if let Some(code) = placed.1.basic_code.as_deref() {
            by_code.entry(code).or_default().push(placed);
        }
    }
    let listed: HashMap<&str, &Catalogued> =
        catalogue.iter().filter_map(|(_, entry)| Some((entry.basic_code.as_deref()?, *entry))).collect();
    let mut told = Vec::new();
    for (code, group) in by_code {
        let (name, sort, whose) = match listed.get(code) {
            Some(entry) => (entry.name.as_str(), entry.sort, "基本目录里"),
            None => {
                let mut counts: BTreeMap<(&str, PowerSort), usize> = BTreeMap::new();
                group.iter().for_each(|(_, item)| *counts.entry((&item.name, item.sort)).or_default() += 1);
                let most = counts.into_iter().max_by(|a, b| a.1.cmp(&b.1).then_with(|| b.0.cmp(&a.0)));
                let Some(((name, sort), _)) = most else { continue };
                (name, sort, "别处")
            }
        };
        for (id, item) in group {
            let mut tell = |column, says: String| {
                told.push(RuleFinding { id: (*id).to_owned(), rule: "P12", column, says });
            };
            // Parts of an item have names of their own behind that of the whole.
            if !same_name(&item.name, name) && !item.name.starts_with(&format!("{name}（")) {
                tell("name", format!("基本编码 {code} {whose}是“{name}”，这里是“{}”", item.name));
            }
            if item.sort != sort {
                tell("sort", format!("基本编码 {code} {whose}是{}，这里是{}", sort.label(), item.sort.label()));
            }
        }
    }
    told
}

/// P14: the items of the catalogues above a division, for its level, that no institution there has claimed or refused
/// with a reason; and refusals without one.
pub fn unclaimed(
    division: &DivisionCode,
    catalogue: &[WithId<'_, Catalogued>],
    items: &[WithId<'_, ListItem>],
) -> Vec<RuleFinding> {
    let level = level_of(division);
    let here = || items.iter().filter(|(_, item)| item.owner.division == *division);
    let answered: HashSet<&str> = here().filter_map(|(_, item)| item.basic_code.as_deref()).collect();
    let names: HashSet<&str> = here().map(|(_, item)| item.name.as_str()).collect();
    let mut told: Vec<RuleFinding> = catalogue
        .iter()
        .filter(|(_, entry)| entry.division.covers(division) && entry.standing != Some(Standing::Cancelled))
        .filter(|(_, entry)| {
            entry.levels.is_empty() || entry.levels.iter().any(|l| *l == level || *l == Level::Several)
        })
        .filter(|(_, entry)| match entry.basic_code.as_deref() {
            Some(code) => !answered.contains(code),
            None => !names.contains(entry.name.as_str()),
        })
        .map(|(id, entry)| RuleFinding {
            id: (*id).to_owned(),
            rule: "P14",
            column: "claim",
            says: format!("“{}”（{}）没有机构认领，也没有写明不认领的原因", entry.name, entry.sort.label()),
        })
        .collect();
    let silent = |item: &ListItem| item.claim == Some(super::Claim::Refused) && item.claim_reason.trim().is_empty();
    told.extend(here().filter(|(_, item)| silent(item)).map(|(id, _)| RuleFinding {
        id: (*id).to_owned(),
        rule: "P14",
        column: "claim_reason",
        says: "未认领的须写明原因".to_owned(),
    }));
    told
}

/// P15: one basic code at two institutions of one division and level.
pub fn one_code_one_institution(items: &[WithId<'_, ListItem>]) -> Vec<RuleFinding> {
    /// Division, level and code.
    type At<'a> = (&'a DivisionCode, Option<Level>, &'a str);
    let mut by_place: BTreeMap<At<'_>, Vec<&WithId<'_, ListItem>>> = BTreeMap::new();
    for placed in items.iter().filter(|(_, item)| item.is_exercised()) {
        let (_, item) = placed;
        if let Some(code) = item.basic_code.as_deref() {
            by_place.entry((&item.owner.division, item.level, code)).or_default().push(placed);
        }
    }
    let mut told = Vec::new();
    for ((_, _, code), group) in by_place {
        let mut institutions: Vec<&ListOwner> = group.iter().map(|(_, item)| &item.owner).collect();
        institutions.sort();
        institutions.dedup();
        if institutions.len() < 2 {
            continue;
        }
        for (id, item) in group {
            let others: Vec<&str> =
                institutions.iter().filter(|body| ***body != item.owner).map(|body| body.name.as_str()).collect();
            let says = format!("基本编码 {code} 在本地还有{}：同级两个机构行使同一事项，请核对", others.join("、"));
            told.push(RuleFinding { id: (*id).to_owned(), rule: "P15", column: "basic_code", says });
        }
    }
    told
}

/// A name without the part of the item that stands behind it.
fn whole(name: &str) -> &str {
    let part = name.strip_suffix('）').and_then(|rest| Some(&rest[..rest.rfind('（')?]));
    part.filter(|whole| !whole.is_empty()).unwrap_or(name)
}

/// P16: a code that was cancelled stands for nothing else afterwards; where items were merged or divided, the new ones
/// name the old ones. What one institution cancelled others may exercise still.
pub fn no_code_again(
    items: &[WithId<'_, ListItem>],
    catalogue: &[WithId<'_, Catalogued>],
    changes: &[WithId<'_, Changed>],
) -> Vec<RuleFinding> {
    /// Division, name and code.
    type Own<'a> = (&'a DivisionCode, &'a str, &'a str);
    fn own<'a>(owner: &'a ListOwner, code: &'a str) -> Own<'a> {
        (&owner.division, &owner.name, code)
    }
    let mut gone: BTreeMap<&str, &str> = BTreeMap::new();
    let mut gone_there: HashMap<Own<'_>, &str> = HashMap::new();
    let ended = |standing: Option<Standing>| standing == Some(Standing::Cancelled);
    for (_, entry) in catalogue.iter().filter(|(_, entry)| ended(entry.standing)) {
        gone.extend(entry.basic_code.as_deref().map(|code| (code, entry.name.as_str())));
    }
    for (_, item) in items.iter().filter(|(_, item)| ended(item.standing)) {
        for code in item.code.iter().chain(&item.basic_code) {
            gone_there.entry(own(&item.owner, code)).or_insert(&item.name);
        }
    }
    let mut told = Vec::new();
    let again = |code: Option<&str>, name: &str, owner: Option<&ListOwner>| {
        let code = code?;
        let there = owner.and_then(|owner| gone_there.get(&own(owner, code)));
        let was = *gone.get(code).or(there)?;
        (!same_name(whole(was), whole(name)))
            .then(|| format!("编码 {code} 属于已取消的“{was}”：已取消的编码不再使用，请用新编码"))
    };
    for (id, item) in items.iter().filter(|(_, item)| item.is_exercised()) {
        for (column, code) in [("basic_code", &item.basic_code), ("code", &item.code)] {
            if let Some(says) = again(code.as_deref(), &item.name, Some(&item.owner)) {
                told.push(RuleFinding { id: (*id).to_owned(), rule: "P16", column, says });
            }
        }
    }
    for (id, entry) in catalogue.iter().filter(|(_, entry)| !ended(entry.standing)) {
        if let Some(says) = again(entry.basic_code.as_deref(), &entry.name, None) {
            told.push(RuleFinding { id: (*id).to_owned(), rule: "P16", column: "basic_code", says });
        }
    }
    let mut used: HashSet<Own<'_>> = HashSet::new();
    for (_, item) in items.iter().filter(|(_, item)| item.is_exercised()) {
        used.extend(item.code.iter().chain(&item.basic_code).map(|code| own(&item.owner, code)));
    }
    for (id, change) in changes.iter().filter(|(_, change)| change.change.gives_codes()) {
        for code in change.from_codes.iter().filter(|code| !change.to_codes.contains(code)) {
            if used.contains(&own(&change.owner, code)) {
                let says =
                    format!("{}之后的清单里还有原编码 {code}：请取消原事项，或改写新编码", change.change.label());
                told.push(RuleFinding { id: (*id).to_owned(), rule: "P16", column: "from_codes", says });
            }
        }
    }
    told
}

#[cfg(test)]
#[path = "rules_tests.rs"]
mod tests;
