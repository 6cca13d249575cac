//! A list of the official register held against ours, name by name: what the list said last time, what it says now and what stands
//! here. Where only one side has changed, a rule settles it; where both have, a person does.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

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
    /// Somebody decided already that it stays here although a list lacked it.
    pub retained: bool,
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

impl Where {
    pub fn label(self) -> &'static str {
        match self {
            Self::OnlyList => "只在名单",
            Self::OnlyHere => "只在本平台",
            Self::Differs => "不一致",
            Self::Nowhere => "一致",
        }
    }
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
            // An older list than the last says nothing of what has changed since.
            (Some(before), Some(list), Some(_)) if list.on < before.on => Settlement::Ask,
            (Some(before), Some(list), Some(here)) => {
                let list_moved = before.holder != list.holder || before.expires != list.expires;
                match (list_moved, !agrees(before, here)) {
                    (true, false) => Settlement::FollowList,
                    (false, true) => Settlement::KeepOurs,
                    _ => Settlement::Ask,
                }
            }
            (_, None, None) => Settlement::Same,
            (None, None, Some(_)) if self.retained => Settlement::KeepOurs,
            _ => Settlement::Ask,
        }
    }
}

/// Whether a list means the holder and the day that stand here.
fn agrees(list: &RegistryRow, here: &Here) -> bool {
    let holder = list.holder == here.holder || here.also.contains(&list.holder);
    holder && (list.expires.is_none() || list.expires == here.expires)
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
        let settled = |before, list, here| Sides { before, list, here, retained: false }.settlement();
        assert_eq!(settled(None, Some(row("甲局", 1)), Some(here("甲局", 1))), Settlement::Same);
        assert_eq!(settled(None, Some(row("甲局（简称）", 1)), Some(here("甲局", 1))), Settlement::Same);
        assert_eq!(settled(Some(row("甲局", 1)), Some(row("甲局", 9)), Some(here("甲局", 1))), Settlement::FollowList);
        assert_eq!(settled(Some(row("甲局", 1)), Some(row("甲局", 1)), Some(here("乙局", 1))), Settlement::KeepOurs);
        assert_eq!(settled(Some(row("甲局", 1)), Some(row("丙局", 1)), Some(here("乙局", 1))), Settlement::Ask);
        assert_eq!(settled(None, Some(row("甲局", 1)), Some(here("乙局", 1))), Settlement::Ask);
        assert_eq!(settled(None, Some(row("甲局", 1)), None), Settlement::Ask);
        assert_eq!(settled(Some(row("甲局", 1)), None, Some(here("甲局", 1))), Settlement::Ask);
        let older = RegistryRow { on: day(-9), ..row("甲局", 9) };
        assert_eq!(settled(Some(row("甲局", 1)), Some(older), Some(here("甲局", 1))), Settlement::Ask);
        let kept = Sides { here: Some(here("甲局", 1)), retained: true, ..Sides::default() };
        assert_eq!(kept.settlement(), Settlement::KeepOurs);
        let missing_again = Sides { before: Some(row("甲局", 1)), ..kept };
        assert_eq!(missing_again.settlement(), Settlement::Ask);
        let place = |list, here| Sides { list, here, ..Sides::default() }.place();
        assert_eq!(place(Some(row("甲局", 1)), None), Where::OnlyList);
        assert_eq!(place(None, Some(here("甲局", 1))), Where::OnlyHere);
        assert_eq!(place(Some(row("甲局", 2)), Some(here("甲局", 1))), Where::Differs);
    }

    proptest! {
        #[test]
        fn nothing_is_settled_by_rule_against_a_change_of_ours(
            sides in prop::collection::vec((prop::sample::select(vec!["甲局", "乙局", "丙局"]), 0i8..4), 3),
        ) {
            let [(b, bx), (l, lx), (h, hx)] = [sides[0], sides[1], sides[2]];
            let sides = Sides { before: Some(row(b, bx)), list: Some(row(l, lx)), here: Some(here(h, hx)), retained: false };
            if sides.settlement() == Settlement::FollowList {
                prop_assert!(agrees(sides.before.as_ref().unwrap(), sides.here.as_ref().unwrap()));
            }
            prop_assert_eq!(sides.settlement() == Settlement::Same, sides.place() == Where::Nowhere);
        }
    }
}
