//! A list of the official register held against ours, name by name: what the list said last time, what it says now and what stands
//! here. Where only one side has changed, a rule settles it; where both have, a person does.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use text::web_name::Host;

/// Rows of one list: as many as a form of 256 KiB holds with its token; longer ones come in parts.
const MAX_ROWS: usize = 2_000;
/// Header of a list.
pub const COLUMNS: [&str; 3] = ["名称", "持有单位", "到期"];

/// What a register's list says of a name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RegistryRow {
    pub holder: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires: Option<Date>,
    /// The day of the list.
    pub on: Date,
}

/// The three sides of a name.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sides {
    /// What the last list said.
    pub before: Option<RegistryRow>,
    /// What this list says.
    pub list: Option<RegistryRow>,
    /// What stands here: holder, all names that the holder is known by, last day.
    pub here: Option<Here>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Here {
    pub holder: String,
    pub also: Vec<String>,
    pub expires: Option<Date>,
}

/// What is to be done about a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Settlement {
    /// Both say the same: the name is attested by the register.
    Same,
    /// Only the list has changed since last time: it is followed.
    FollowList,
    /// Only ours has: the list will follow, or is asked to.
    KeepOurs,
    /// A person has to say: both have changed, or one side has never had it.
    Ask,
}

impl Settlement {
    pub fn label(self) -> &'static str {
        match self {
            Self::Same => "一致",
            Self::FollowList => "按名单改（只有名单变了）",
            Self::KeepOurs => "保留本平台（只有本平台变了）",
            Self::Ask => "由人决定",
        }
    }
}

/// Where a difference lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Where {
    OnlyList,
    OnlyHere,
    Differs,
    Nowhere,
}

impl Sides {
    pub fn place(&self) -> Where {
        match (&self.list, &self.here) {
            (Some(list), Some(here)) if agrees(list, here) => Where::Nowhere,
            (Some(_), Some(_)) => Where::Differs,
            (Some(_), None) => Where::OnlyList,
            (None, Some(_)) => Where::OnlyHere,
            (None, None) => Where::Nowhere,
        }
    }

    /// What the rules make of it.
    pub fn settlement(&self) -> Settlement {
        match (&self.before, &self.list, &self.here) {
            (_, Some(list), Some(here)) if agrees(list, here) => Settlement::Same,
            (Some(before), Some(list), Some(here)) => {
                let list_moved = before.holder != list.holder || before.expires != list.expires;
                match (list_moved, !agrees(before, here)) {
                    (true, false) => Settlement::FollowList,
                    (false, true) => Settlement::KeepOurs,
                    _ => Settlement::Ask,
                }
            }
            (_, None, None) => Settlement::Same,
            _ => Settlement::Ask,
        }
    }
}

/// Whether a list means the holder and the day that stand here.
fn agrees(list: &RegistryRow, here: &Here) -> bool {
    let holder = list.holder == here.holder || here.also.contains(&list.holder);
    holder && (list.expires.is_none() || list.expires == here.expires)
}

/// Reads a list: names (A-labels) with their rows. Every fault is told by its line, and nothing of a list with one is taken.
pub fn read_list(table: &str, on: Date) -> Result<BTreeMap<String, RegistryRow>, Vec<String>> {
    let (mut found, mut faults) = (BTreeMap::new(), Vec::new());
    let cells = |line: &str| line.split(',').map(|c| c.trim().to_owned()).collect::<Vec<String>>();
    let mut lines = (1..).zip(table.lines()).filter(|(_, line)| !line.trim().is_empty());
    match lines.next() {
        Some((_, head)) if cells(head.trim_start_matches('\u{FEFF}')) == COLUMNS => {}
        _ => return Err(vec![format!("第 1 行：表头应为 {}", COLUMNS.join(","))]),
    }
    for (at, (line, text)) in lines.enumerate() {
        if at == MAX_ROWS {
            faults.push(format!("第 {line} 行：一次最多 {MAX_ROWS} 行，请分批"));
            break;
        }
        let cells = cells(text);
        let row = match &cells[..] {
            [name, holder, expires] => match (Host::parse(name), expires.as_str()) {
                (Err(fault), _) => Err(fault.to_string()),
                (Ok(_), _) if holder.is_empty() || holder.chars().count() > 100 => {
                    Err("持有单位应为 1 到 100 个字".into())
                }
                (Ok(host), "") => Ok((host.ascii, None)),
                (Ok(host), day) => match day.parse() {
                    Ok(day) => Ok((host.ascii, Some(day))),
                    Err(_) => Err("到期应为 年-月-日".to_owned()),
                },
            }
            .map(|(name, expires)| (name, RegistryRow { holder: holder.clone(), expires, on })),
            _ => Err(format!("有 {} 栏，应有 {} 栏", cells.len(), COLUMNS.len())),
        };
        match row {
            Ok((name, row)) if !found.contains_key(&name) => drop(found.insert(name, row)),
            Ok((name, _)) => faults.push(format!("第 {line} 行：“{name}”重复")),
            Err(fault) => faults.push(format!("第 {line} 行：{fault}")),
        }
    }
    if faults.is_empty() { Ok(found) } else { Err(faults) }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn day(n: i8) -> Date {
        Date::constant(2030, 1, 1).checked_add(jiff::Span::new().days(i64::from(n))).unwrap()
    }

    fn row(holder: &str, expires: i8) -> RegistryRow {
        RegistryRow { holder: holder.into(), expires: Some(day(expires)), on: day(0) }
    }

    fn here(holder: &str, expires: i8) -> Here {
        Here { holder: holder.into(), also: vec![format!("{holder}（简称）")], expires: Some(day(expires)) }
    }

    #[test]
    fn a_rule_settles_what_only_one_side_has_changed() {
        let settled = |before, list, here| Sides { before, list, here }.settlement();
        assert_eq!(settled(None, Some(row("甲局", 1)), Some(here("甲局", 1))), Settlement::Same);
        assert_eq!(settled(None, Some(row("甲局（简称）", 1)), Some(here("甲局", 1))), Settlement::Same);
        assert_eq!(settled(Some(row("甲局", 1)), Some(row("甲局", 9)), Some(here("甲局", 1))), Settlement::FollowList);
        assert_eq!(settled(Some(row("甲局", 1)), Some(row("甲局", 1)), Some(here("乙局", 1))), Settlement::KeepOurs);
        assert_eq!(settled(Some(row("甲局", 1)), Some(row("丙局", 1)), Some(here("乙局", 1))), Settlement::Ask);
        assert_eq!(settled(None, Some(row("甲局", 1)), Some(here("乙局", 1))), Settlement::Ask);
        assert_eq!(settled(None, Some(row("甲局", 1)), None), Settlement::Ask);
        assert_eq!(settled(Some(row("甲局", 1)), None, Some(here("甲局", 1))), Settlement::Ask);
        let place = |list, here| Sides { before: None, list, here }.place();
        assert_eq!(place(Some(row("甲局", 1)), None), Where::OnlyList);
        assert_eq!(place(None, Some(here("甲局", 1))), Where::OnlyHere);
        assert_eq!(place(Some(row("甲局", 2)), Some(here("甲局", 1))), Where::Differs);
    }

    #[test]
    fn a_list_is_read_whole_or_not_at_all() {
        let read = |rows: &str| read_list(&format!("名称,持有单位,到期\n{rows}"), day(0));
        assert_eq!(read("jia.gov.cn,甲县人民政府,2031-01-01\n甲县教育局.政务,甲县教育局,").unwrap().len(), 2);
        for (rows, told) in [
            ("jia.gov.cn,甲县人民政府", "第 2 行：有 2 栏"),
            ("jia.gov.cn,,", "持有单位"),
            ("jia.gov.cn,甲,明年", "到期"),
            ("jia.gov.cn,甲,\nJIA.gov.cn,甲,", "第 3 行"),
            ("不 是,甲,", "第 2 行"),
        ] {
            let faults = read(rows).unwrap_err().concat();
            assert!(faults.contains(told), "{rows}: {faults}");
        }
    }

    proptest! {
        #[test]
        fn nothing_is_settled_by_rule_against_a_change_of_ours(
            sides in prop::collection::vec((prop::sample::select(vec!["甲局", "乙局", "丙局"]), 0i8..4), 3),
        ) {
            let [(b, bx), (l, lx), (h, hx)] = [sides[0], sides[1], sides[2]];
            let sides = Sides { before: Some(row(b, bx)), list: Some(row(l, lx)), here: Some(here(h, hx)) };
            if sides.settlement() == Settlement::FollowList {
                prop_assert!(agrees(sides.before.as_ref().unwrap(), sides.here.as_ref().unwrap()));
            }
            prop_assert_eq!(sides.settlement() == Settlement::Same, sides.place() == Where::Nowhere);
        }
    }
}
