//! All institutions of a division in one sheet: a row an institution, with what its scheme in force says.

use super::{super::Numbers, Held};
use crate::staffing::{DutySort, leadership, totals};

/// The columns, in their order.
pub const SHEET: [&str; 20] = [
    "机构",
    "三定规定",
    "文号",
    "施行日期",
    "机构性质",
    "隶属",
    "规格",
    "加挂牌子",
    "主要职责",
    "职责分工",
    "内设机构",
    "行政编制",
    "政法专项编制",
    "事业编制",
    "工勤编制",
    "其他编制",
    "正职",
    "副职",
    "内设机构领导职数",
    "核对发现",
];

/// Number of cells before those of staff and posts, and how many those are.
const NUMBERS: std::ops::Range<usize> = 11..19;

/// What stands in the place of the day of a scheme that has none.
pub const UNDATED: &str = "日期不详";

/// A row of the sheet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SheetRow {
    /// The record of the scheme; `None` where the institution has none in force on record.
    pub scheme: Option<String>,
    pub cells: Vec<String>,
}

/// The row of an institution. Numbers that are not for the public are told to be so; what a scheme does not say stays
/// empty.
pub fn sheet_row(body: &str, held: Option<Held<'_>>) -> SheetRow {
    let mut cells = vec![body.to_owned()];
    let Some(Held { id, scheme }) = held else {
        cells.push("没有收录".to_owned());
        cells.resize(SHEET.len(), String::new());
        return SheetRow { scheme: None, cells };
    };
    let told = |n: Option<u32>| n.map(|n| n.to_string()).unwrap_or_default();
    let duties = |sort| scheme.duties.iter().filter(|duty| duty.sort == sort).count().to_string();
    let units = scheme.stated_units.or(u32::try_from(scheme.units.len()).ok().filter(|n| *n > 0));
    cells.extend([
        scheme.title.clone(),
        scheme.document_number.clone().unwrap_or_default(),
        scheme.effective.or(scheme.signed).map_or_else(|| UNDATED.to_owned(), |day| day.to_string()),
        scheme.nature.clone(),
        scheme.superior.clone(),
        scheme.rank.clone(),
        scheme.plates.join("、"),
        duties(DutySort::Main),
        duties(DutySort::Division),
        told(units),
    ]);
    match scheme.numbers {
        Numbers::Restricted => cells.extend(NUMBERS.map(|_| Numbers::Restricted.label().to_owned())),
        Numbers::Open => {
            cells.extend(totals(&scheme.staffing).map(told));
            let posts = leadership(&scheme.posts);
            cells.extend([posts.head, posts.deputies, posts.of_units].map(told));
        }
    }
    cells.push(scheme.findings().join("；"));
    SheetRow { scheme: Some(id.to_owned()), cells }
}
