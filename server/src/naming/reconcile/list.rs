//! How a list of the official register is read.

use std::collections::BTreeMap;

use indexer::{
    record::Date,
    web_name::{Host, naming::RegistryRow},
};

/// Header of a list.
pub const COLUMNS: [&str; 3] = ["名称", "持有单位", "到期"];
/// Faults that are reported; nobody mends more before trying again.
const MAX_REPORTED: usize = 20;
/// Longest name of a holder, in characters.
const MAX_HOLDER: usize = 100;

/// Reads a list: names (A-labels) with their rows. Faults are reported by their lines, and nothing of a list with one
/// is taken.
pub fn read(table: &str, on: Date, most: usize) -> Result<BTreeMap<String, RegistryRow>, Vec<String>> {
    let (mut found, mut faults) = (BTreeMap::new(), Vec::new());
    let text = table.trim_start_matches('\u{FEFF}').as_bytes();
    let mut rows = csv::ReaderBuilder::new().flexible(true).trim(csv::Trim::All).from_reader(text);
    if !rows.headers().is_ok_and(|header| header.iter().eq(COLUMNS)) {
        return Err(vec![format!("第 1 行：表头应为 {}", COLUMNS.join(","))]);
    }
    for (at, row) in rows.records().enumerate() {
        if faults.len() == MAX_REPORTED {
            break;
        }
        if at == most {
            faults.push(format!("一次最多 {most} 行，请分批，或者用命令行核对"));
            break;
        }
        let line = row.as_ref().ok().and_then(|row| row.position()).map_or(at as u64 + 2, |place| place.line());
        let cells = row.map_err(|_| "不是 CSV".to_owned());
        match cells.and_then(|cells| read_row(&cells, on)) {
            Ok((name, row)) => match found.entry(name) {
                std::collections::btree_map::Entry::Vacant(place) => drop(place.insert(row)),
                std::collections::btree_map::Entry::Occupied(place) => {
                    faults.push(format!("第 {line} 行：“{}”重复", place.key()));
                }
            },
            Err(fault) => faults.push(format!("第 {line} 行：{fault}")),
        }
    }
    if faults.is_empty() { Ok(found) } else { Err(faults) }
}

fn read_row(cells: &csv::StringRecord, on: Date) -> Result<(String, RegistryRow), String> {
    let (Some(name), Some(holder), Some(expires), 3) = (cells.get(0), cells.get(1), cells.get(2), cells.len()) else {
        return Err(format!("有 {} 栏，应有 {} 栏", cells.len(), COLUMNS.len()));
    };
    let host = Host::parse(name).map_err(|fault| fault.to_string())?;
    if holder.is_empty() || holder.chars().count() > MAX_HOLDER {
        return Err(format!("持有单位应为 1 到 {MAX_HOLDER} 个字"));
    }
    let expires = match expires {
        "" => None,
        day => Some(day.parse().map_err(|_| "到期应为 年-月-日".to_owned())?),
    };
    Ok((host.ascii, RegistryRow { holder: holder.to_owned(), expires, on }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_is_read_whole_or_not_at_all() {
        let on = Date::constant(2030, 1, 1);
        let read = |rows: &str| read(&format!("名称,持有单位,到期\n{rows}"), on, 3);
        assert_eq!(read("jia.gov.cn,甲县人民政府,2031-01-01\n甲县教育局.政务,甲县教育局,").unwrap().len(), 2);
        let quoted = read("jia.gov.cn,\"甲县人民政府,办公室\",\n").unwrap();
        assert_eq!(quoted["jia.gov.cn"].holder, "甲县人民政府,办公室");
        for (rows, told) in [
            ("jia.gov.cn,甲县人民政府", "第 2 行：有 2 栏"),
            ("jia.gov.cn,,", "持有单位"),
            ("jia.gov.cn,甲,明年", "到期"),
            ("jia.gov.cn,甲,\nJIA.gov.cn,甲,", "第 3 行"),
            ("不 是,甲,", "第 2 行"),
            ("a.gov.cn,甲,\nb.gov.cn,甲,\nc.gov.cn,甲,\nd.gov.cn,甲,", "最多 3 行"),
        ] {
            let faults = read(rows).unwrap_err().concat();
            assert!(faults.contains(told), "{rows}: {faults}");
        }
        assert!(super::read("名称,到期\n", on, 3).unwrap_err().concat().contains("表头"));
    }
}
