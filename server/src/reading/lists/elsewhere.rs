//! The same item at other places side by side: how long, what it costs, how much is asked for, how often one has to
//! come. What differs from the middle of all is reported; nothing is said where too few are known.

use std::sync::Arc;

use indexer::record::lists::{Limit, ListItem, ListRow};

use super::Row;

/// Places below which there is no middle to speak of.
const LEAST: usize = 3;
/// Places shown; the middle is of all.
pub const MAX_SHOWN: usize = 30;

/// One place.
#[derive(Debug, PartialEq, Eq)]
pub struct ItemElsewhere {
    pub id: String,
    pub kind_path: &'static str,
    pub division: String,
    pub institution: String,
    pub time: String,
    pub fee: String,
    pub documents: String,
    pub visits: String,
    /// Whether it is the item whose page this is.
    pub own: bool,
}

/// All places of one item.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Elsewhere {
    /// Its own first, then by division.
    pub items: Vec<ItemElsewhere>,
    pub in_all: usize,
    /// How its own differs from the middle, in words.
    pub differences: Vec<String>,
}

fn text(value: Option<impl ToString>) -> String {
    value.map(|value| value.to_string()).unwrap_or_default()
}

/// Compares an item with all that are the same, itself among them or not.
pub fn compare<'r>(id: &str, item: &ListItem, same: impl Iterator<Item = &'r Arc<Row>>) -> Elsewhere {
    let others: Vec<(&Row, &ListItem)> = same
        .filter_map(|row| match &row.listed {
            Some(ListRow::Item(item)) if item.is_exercised() => Some((&**row, &**item)),
            _ => None,
        })
        .collect();
    if others.iter().filter(|(row, _)| row.id != id).count() == 0 {
        return Elsewhere::default();
    }
    let mut differences = Vec::new();
    if let Some(own) = item.promised_limit {
        let all = others.iter().filter_map(|(_, other)| other.promised_limit).filter(|limit| limit.unit == own.unit);
        let unit = own.unit.label();
        differences.extend(differs(
            "承诺时限",
            u64::from(own.value),
            all.map(|l: Limit| u64::from(l.value)).collect(),
            unit,
        ));
    }
    if item.documents > 0 {
        let all = others.iter().map(|(_, other)| other.documents as u64).filter(|n| *n > 0).collect();
        differences.extend(differs("申请材料", item.documents as u64, all, "项"));
    }
    if let Some(own) = item.visits {
        let all = others.iter().filter_map(|(_, other)| other.visits).map(u64::from).collect();
        differences.extend(differs("到现场", u64::from(own), all, "次"));
    }
    let charged = |fee: &str| (!fee.is_empty()).then(|| !is_free(fee));
    if let Some(own) = charged(&item.fee) {
        let all: Vec<bool> = others.iter().filter_map(|(_, other)| charged(&other.fee)).collect();
        let alike = all.iter().filter(|other| **other == own).count();
        if all.len() >= LEAST && alike * 2 < all.len() {
            let word = if own { "收费，多数地方不收费" } else { "不收费，多数地方收费" };
            differences.push(format!("这里{word}（{} 处写明）", all.len()));
        }
    }
    let in_all = others.len();
    let mut places: Vec<ItemElsewhere> = others.iter().map(|(row, other)| place(row, other, row.id == id)).collect();
    places.sort_by(|a, b| {
        b.own.cmp(&a.own).then_with(|| (&a.division, &a.institution, &a.id).cmp(&(&b.division, &b.institution, &b.id)))
    });
    places.truncate(MAX_SHOWN);
    Elsewhere { items: places, in_all, differences }
}

fn is_free(fee: &str) -> bool {
    fee.starts_with('不') || fee.starts_with('免') || fee.starts_with('否') || fee == "无"
}

fn place(row: &Row, item: &ListItem, own: bool) -> ItemElsewhere {
    ItemElsewhere {
        id: row.id.clone(),
        kind_path: row.kind.path,
        division: item.owner.division.to_string(),
        institution: item.owner.name.clone(),
        time: text(item.promised_limit.or(item.statutory_limit)),
        fee: item.fee.clone(),
        documents: text(Some(item.documents).filter(|n| *n > 0)),
        visits: text(item.visits),
        own,
    }
}

/// How a number differs from the median of all; `None` where it does not, or where too few are known.
fn differs(what: &str, own: u64, mut all: Vec<u64>, unit: &str) -> Option<String> {
    all.sort_unstable();
    if all.len() < LEAST {
        return None;
    }
    // The lower of the two middle ones: a number that somebody has.
    let median = all[(all.len() - 1) / 2];
    let (more, by) = if own > median { ("多", own - median) } else { ("少", median - own) };
    (by > 0).then(|| format!("{what} {own}{unit}，比中位数 {median}{unit}{more} {by}{unit}（{} 处写明）", all.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_told_beside_the_median_of_at_least_three() {
        assert_eq!(differs("申请材料", 9, vec![3, 4], "项"), None, "two places have no middle");
        assert_eq!(differs("申请材料", 4, vec![9, 3, 4], "项"), None);
        let told = differs("申请材料", 9, vec![9, 3, 4], "项").unwrap();
        assert_eq!(told, "申请材料 9项，比中位数 4项多 5项（3 处写明）");
        assert!(differs("到现场", 0, vec![0, 2, 1, 2], "次").unwrap().contains("少 1次"));
    }

    #[test]
    fn fees_are_words() {
        for (fee, free) in
            [("不收费", true), ("免费", true), ("否", true), ("无", true), ("100元", false), ("是", false)]
        {
            assert_eq!(is_free(fee), free, "{fee}");
        }
    }
}
