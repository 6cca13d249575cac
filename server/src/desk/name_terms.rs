//! How long the parts of a registered name's life are: one table, a row a registry and part. Where no rule is known the source
//! is empty, and a part without a length never runs out by itself.

use std::collections::BTreeMap;

use indexer::{
    record::{Date, Terms, TimeUnit},
    web_name::Registry,
};
use jiff::Span;

use super::table::{Table, TableError};

const COLUMNS: &[&str] = &["registry", "part", "length", "unit", "remind_before", "source", "note"];
const PARTS: [&str; 5] = ["term", "renewal", "grace", "redemption", "pending_delete"];
const REGISTRIES: [Registry; 3] = [Registry::Government, Registry::Affairs, Registry::PublicInterest];
/// Ten years: longer terms are mistakes.
const MAX_DAYS: u32 = 3_650;
const MAX_REMINDERS: usize = 10;

/// The terms of one registry, and how many days before a name's last day its owner is reminded.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RegistryTerms {
    pub terms: Terms,
    pub remind_before: Vec<u32>,
}

impl RegistryTerms {
    /// The first day on which the owner of a name with this last day is asked to renew it.
    pub fn notice_from(&self, last: Date) -> Date {
        let reminder = self.remind_before.iter().copied().max().unwrap_or(0);
        let reminder = last.checked_sub(Span::new().days(i64::from(reminder))).unwrap_or(Date::MIN);
        self.terms.renewable_from(last).unwrap_or(reminder).min(reminder)
    }
}

/// The table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NameTerms(BTreeMap<&'static str, RegistryTerms>);

impl NameTerms {
    pub(super) fn read(table: &Table) -> Result<Self, TableError> {
        let mut seen: Vec<(&'static str, &'static str)> = Vec::new();
        let mut all: BTreeMap<&'static str, RegistryTerms> = BTreeMap::new();
        table.each(COLUMNS, &mut |row| {
            let labels = REGISTRIES.map(Registry::label);
            let registry = labels.into_iter().find(|label| *label == row.get("registry"));
            let registry = registry.ok_or_else(|| format!("registry 应为 {}", labels.join("、")))?;
            let part = PARTS.into_iter().find(|part| *part == row.get("part"));
            let part = part.ok_or_else(|| format!("part 应为 {}", PARTS.join("、")))?;
            if seen.contains(&(registry, part)) {
                return Err(format!("{registry} 的 {part} 重复"));
            }
            seen.push((registry, part));
            let days = row.get("remind_before").split(';').map(str::trim).filter(|n| !n.is_empty());
            let days = days.map(|n| n.parse().ok().filter(|n| *n <= MAX_DAYS)).collect::<Option<Vec<u32>>>();
            let days = days
                .filter(|days| days.len() <= MAX_REMINDERS && (days.is_empty() || part == "term"))
                .ok_or_else(|| format!("remind_before 只在 term 一行写，至多 {MAX_REMINDERS} 个天数"))?;
            let of = all.entry(registry).or_default();
            let length = length(row.get("length"), row.get("unit"))?;
            match part {
                "term" => (of.terms.term, of.remind_before) = (length, days),
                "renewal" => of.terms.renewal = length,
                "grace" => of.terms.grace = length,
                "redemption" => of.terms.redemption = length,
                _ => of.terms.pending_delete = length,
            }
            Ok(())
        })?;
        let lacks = REGISTRIES.iter().flat_map(|registry| PARTS.map(|part| (registry.label(), part)));
        match lacks.into_iter().find(|pair| !seen.contains(pair)) {
            Some((registry, part)) => {
                Err(TableError::Missing { file: table.file.clone(), what: format!("{registry} 的 {part}") })
            }
            None => Ok(Self(all)),
        }
    }

    /// From how many days before its last day on a name of any registry is looked at.
    pub(super) fn earliest_notice(&self) -> i64 {
        let days = |of: &RegistryTerms| {
            let renewal = of.terms.renewal.map_or(0, |(length, unit)| match unit {
                TimeUnit::Months => length * 31,
                TimeUnit::CalendarDays | TimeUnit::WorkingDays => length,
            });
            of.remind_before.iter().copied().max().unwrap_or(0).max(renewal)
        };
        self.0.values().map(days).max().unwrap_or(0).into()
    }

    /// The terms of the registry under which a name (A-labels) lies; none of anything elsewhere.
    pub fn of(&self, ascii: &str) -> RegistryTerms {
        Registry::of(ascii).and_then(|registry| self.0.get(registry.label())).cloned().unwrap_or_default()
    }
}

/// A length with its unit; none where nothing is written.
fn length(length: &str, unit: &str) -> Result<Option<(u32, TimeUnit)>, String> {
    if length.is_empty() {
        return if unit.is_empty() { Ok(None) } else { Err("写了 unit，没有写 length".to_owned()) };
    }
    let units = [TimeUnit::Months, TimeUnit::CalendarDays];
    let unit = units.into_iter().find(|known| known.label() == unit);
    let unit = unit.ok_or_else(|| format!("unit 应为 {}", units.map(TimeUnit::label).join("、")))?;
    let length = length.parse().ok().filter(|n| (1..=MAX_DAYS).contains(n));
    Ok(Some((length.ok_or_else(|| format!("length 应为 1 到 {MAX_DAYS} 的整数"))?, unit)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: String) -> Result<NameTerms, TableError> {
        NameTerms::read(&Table { file: "name_terms.csv".into(), text })
    }

    #[test]
    fn wrong_tables_are_told_and_unknown_lengths_stay_open() {
        let shipped = super::super::NAME_TERMS;
        let terms = read(shipped.to_owned()).unwrap().of("a.xn--zfr164b");
        assert_eq!(terms.terms.pending_delete, None, "nobody knows it, so that it never passes by itself");
        assert_eq!(terms.remind_before, [60, 30, 7, 1]);
        for (was, is, part) in [
            (".政务,term,12,个月", ".政务,term,0,个月", "length 应为 1"),
            (".政务,term,12,个月", ".政务,term,12,工作日", "unit 应为 个月、自然日"),
            (".政务,term,12,个月", ".政务,renewal,12,个月", "重复"),
            (".政务,term,", ".网址,term,", "registry 应为"),
            (".政务,grace,45,自然日,,", ".政务,grace,45,自然日,7,", "只在 term"),
        ] {
            let told = read(shipped.replacen(was, is, 1)).unwrap_err().to_string();
            assert!(told.contains(part), "{told}");
        }
        let short: String = shipped.lines().take(3).map(|line| format!("{line}\n")).collect();
        assert!(read(short).unwrap_err().to_string().contains("缺少"));
    }
}
