//! What is wrong between the records of the lists of a division: the rules of [`indexer::record::lists::rules`], with
//! the table of stages and the calendar of the desk.

use std::{collections::HashMap, sync::Arc};

use indexer::record::{
    Date, DivisionCode,
    lists::{
        Catalogued, Changed, ListDuty, ListItem, ListRow, PowerSort, Version,
        rules::{self, RuleFinding, WithId},
    },
};

use super::{super::bases::OTHER_INSTITUTION, Lists, Row};
use crate::desk::{Desk, LimitKey};

/// The rules that are reported of a division, with what they ask for.
pub const RULES: [(&str, &str); 7] = [
    ("P3", "行政许可由法律、行政法规、国务院决定、地方性法规或者一年内的省级政府规章设定"),
    ("P7", "每项权力的每个环节都有责任"),
    ("P9", "实施编码里的机构是实施主体"),
    ("P12", "同一基本编码的名称和类型处处相同"),
    ("P13", "清单批准后按期公布"),
    ("P14", "基本目录的每一项都认领，或者写明不认领的原因"),
    ("P15", "同一基本编码在同级同一地区只归一个机构"),
];
/// And the last, apart so that the list above stays the order of the page.
pub const LAST_RULE: (&str, &str) = ("P16", "已取消的编码不再使用；合并、分设保留新旧编码的联系");

pub fn all_rules() -> impl Iterator<Item = (&'static str, &'static str)> {
    RULES.into_iter().chain([LAST_RULE])
}

/// What is wrong, by rule and record. The catalogue is asked of the division itself: what is below it answers for
/// itself.
pub fn of_division(lists: &Lists, desk: &Desk, division: &DivisionCode, today: Date) -> Vec<RuleFinding> {
    let rows = lists.below(division);
    let items: Vec<WithId<'_, ListItem>> = items(rows).collect();
    let above = std::iter::successors(Some(division.clone()), |d| (!d.is_nation()).then(|| d.above()));
    let above: Vec<DivisionCode> = above.collect();
    let catalogue =
        above.iter().flat_map(|d| lists.of_division(d)).chain(rows.iter().filter(|r| r.division != *division));
    let catalogue: Vec<WithId<'_, Catalogued>> = catalogue
        .filter_map(|row| match &row.listed {
            Some(ListRow::Catalogued(entry)) => Some((row.id.as_str(), entry)),
            _ => None,
        })
        .collect();
    let changes: Vec<WithId<'_, Changed>> = rows
        .iter()
        .filter_map(|row| match &row.listed {
            Some(ListRow::Change(change)) => Some((row.id.as_str(), change)),
            _ => None,
        })
        .collect();
    let mut told = stages(rows, desk);
    told.extend(rules::one_code_one_name(&items, &catalogue));
    told.extend(rules::unclaimed(division, &catalogue, &items));
    told.extend(rules::one_code_one_institution(&items));
    told.extend(rules::no_code_again(&items, &catalogue, &changes));
    told.extend(rows.iter().filter_map(|row| late(row, desk, today)));
    for (rule, column, begins) in [("P3", "basis", "依据只有"), ("P9", "code", OTHER_INSTITUTION)] {
        let of_row = |row: &Arc<Row>| {
            let says = row.shortcomings.iter().find(|told| told.starts_with(begins))?.clone();
            Some(RuleFinding { id: row.id.clone(), rule, column, says })
        };
        told.extend(rows.iter().filter_map(of_row));
    }
    told.sort();
    told
}

pub fn items<'r>(rows: &'r [Arc<Row>]) -> impl Iterator<Item = WithId<'r, ListItem>> {
    rows.iter().filter_map(|row| match &row.listed {
        Some(ListRow::Item(item)) => Some((row.id.as_str(), &**item)),
        _ => None,
    })
}

/// The duties of an institution by the item that they belong to: by its id, else by its name.
pub struct Duties<'r> {
    by_id: HashMap<&'r str, Vec<&'r ListDuty>>,
    by_name: HashMap<(&'r str, &'r str, &'r str), Vec<&'r ListDuty>>,
}

impl<'r> Duties<'r> {
    pub fn of(rows: &'r [Arc<Row>]) -> Self {
        let mut all = Self { by_id: HashMap::new(), by_name: HashMap::new() };
        for row in rows {
            let Some(ListRow::Duty(duty)) = &row.listed else { continue };
            duty.power_ids.iter().for_each(|id| all.by_id.entry(id).or_default().push(duty));
            if duty.power_ids.is_empty() {
                let key = (duty.owner.division.as_str(), duty.owner.name.as_str(), duty.power.as_str());
                all.by_name.entry(key).or_default().push(duty);
            }
        }
        all
    }

    pub fn belonging_to(&self, id: &str, item: &ListItem) -> Vec<&'r ListDuty> {
        let key = (item.owner.division.as_str(), item.owner.name.as_str(), item.name.as_str());
        let named = self.by_name.get(&key).into_iter().flatten();
        self.by_id.get(id).into_iter().flatten().chain(named).copied().collect()
    }
}

/// P7 of an item: the stages that its own record names count as those of its duties. Of other kinds than licences lists
/// say their duties in one text, so that only duties with records of their own are held against the stages.
pub fn missing_duties(desk: &Desk, item: &ListItem, duties: &[&ListDuty]) -> Option<String> {
    let held = !duties.is_empty() || item.sort == PowerSort::Licence;
    let required = if held { desk.duty_stages.required(item.sort) } else { Vec::new() };
    rules::missing_stages(item, &required, duties)
}

fn stages(rows: &[Arc<Row>], desk: &Desk) -> Vec<RuleFinding> {
    let duties = Duties::of(rows);
    let told = |(id, item): WithId<'_, ListItem>| {
        let says = missing_duties(desk, item, &duties.belonging_to(id, item))?;
        Some(RuleFinding { id: id.to_owned(), rule: "P7", column: "duties", says })
    };
    items(rows).filter_map(told).collect()
}

/// P13: a list that was approved and not published in time.
fn late(row: &Row, desk: &Desk, today: Date) -> Option<RuleFinding> {
    let (approved, published) = match &row.listed {
        Some(
            ListRow::Version(Version { approved, published, .. })
            | ListRow::Change(Changed { approved, published, .. }),
        ) => ((*approved)?, *published),
        _ => return None,
    };
    let limit = desk.limits.get(LimitKey::ListPublication);
    let due = desk.calendar.due(&limit.start(approved)).day?;
    let says = match published {
        Some(day) if day > due => format!("{approved} 批准，应在 {due} 前公布，{day} 才公布（{}）", limit.words()),
        None if today > due => format!("{approved} 批准，应在 {due} 前公布，还没有公布（{}）", limit.words()),
        _ => return None,
    };
    Some(RuleFinding { id: row.id.clone(), rule: "P13", column: "published", says })
}

#[cfg(test)]
mod tests {
    use indexer::record::{
        KINDS,
        lists::{ListOwner, ListSort},
    };

    use super::*;

    fn version(approved: Date, published: Option<Date>) -> Row {
        let body = ListOwner { division: "520300".parse().unwrap(), name: "甲局".into(), id: None };
        let version = Version {
            owner: body,
            number: "2024年版".into(),
            sort: ListSort::Both,
            document_number: None,
            approved: Some(approved),
            published,
            from: published,
            until: None,
            stated: Default::default(),
        };
        Row {
            id: "lv-1".into(),
            kind: KINDS[0],
            division: "520300".parse().unwrap(),
            title: "甲局清单".into(),
            owner: "甲局".into(),
            outcomes: Default::default(),
            cited: Vec::new(),
            light: None,
            shortcomings: Vec::new(),
            listed: Some(ListRow::Version(version)),
        }
    }

    #[test]
    fn p13_a_list_is_public_within_twenty_working_days_of_its_approval() {
        let desk = Desk::shipped();
        // Without a table of holidays Monday to Friday are worked: the twentieth day after Friday 1 March is Friday 29.
        let approved = Date::constant(2024, 3, 1);
        let told = |published: Option<Date>, today: Date| late(&version(approved, published), &desk, today).is_some();
        let day = |d| Date::constant(2024, 3, d);
        assert!(!told(Some(day(28)), day(31)), "19th day");
        assert!(!told(Some(day(29)), day(31)), "20th day");
        let after = Date::constant(2024, 4, 1);
        assert!(told(Some(after), after), "21st day");
        assert!(!told(None, day(29)) && told(None, after), "not published yet");
    }
}
