//! `short_names.csv`: short names that people use for institutions, and of those that several institutions share, which
//! is meant most often and why.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    path::Path,
};

use super::{SHORT_NAMES, required, table::each_row};
use crate::{ReadError, Report};
use record::SharedName;

/// Where a short name was met: in the lists that were gathered, in general use, or made from the full name by rule.
const ORIGINS: [&str; 3] = ["list", "usual", "form"];

/// Short names by full name; rows that do not fit are rejected.
pub(super) fn by_full_name(dir: &Path, report: &mut Report) -> Result<HashMap<String, Vec<String>>, ReadError> {
    let mut all: HashMap<String, Vec<String>> = HashMap::new();
    for ((short, _), (full, _)) in rows(dir, report)? {
        all.entry(full).or_default().push(short);
    }
    Ok(all)
}

/// The short names that several institutions share.
pub fn shared_names(dir: &Path) -> Result<Vec<SharedName>, ReadError> {
    let mut all: BTreeMap<String, SharedName> = BTreeMap::new();
    for ((short, _), (full, ground)) in rows(dir, &mut Report::default())? {
        let shared = all.entry(short.clone()).or_insert(SharedName { short, institutions: Vec::new(), ground });
        shared.institutions.push(full);
    }
    Ok(all.into_values().filter(|shared| shared.institutions.len() > 1).collect())
}

/// Short name and place → full name and ground.
type Rows = BTreeMap<(String, u32), (String, String)>;

fn rows(dir: &Path, report: &mut Report) -> Result<Rows, ReadError> {
    const FILE: &str = "short_names.csv";
    let mut all: Rows = BTreeMap::new();
    // A corpus without the table knows no more short names than its institutions bring.
    if !dir.join(FILE).exists() {
        return Ok(all);
    }
    each_row(dir, FILE, SHORT_NAMES, &["short", "full"], report, &mut |row| {
        let place = row.get("place");
        let place: u32 = place.parse().map_err(|_| format!("place 应为从 1 起的序号，而不是“{place}”"))?;
        if !ORIGINS.contains(&row.get("origin")) {
            return Err(format!("origin 应为 {} 之一，而不是“{}”", ORIGINS.join("、"), row.get("origin")));
        }
        let (short, full) = (required(&row, "short")?, required(&row, "full")?);
        if let Some((other, _)) = all.get(&(short.clone(), place)) {
            return Err(format!("简称“{short}”的第 {place} 位已经是“{other}”"));
        }
        all.insert((short, place), (full, row.get("ground").to_owned()));
        Ok(())
    })?;
    let shared: BTreeSet<&str> = all.keys().filter(|(_, place)| *place > 1).map(|(short, _)| short.as_str()).collect();
    for short in shared {
        if all.get(&(short.to_owned(), 1)).is_none_or(|(_, ground)| ground.is_empty()) {
            report.reject(FILE, None, format!("几个机构都叫“{short}”：请在第 1 位写明为什么它最常用"));
        }
    }
    Ok(all)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::directory::tests::{append, read_all, small};
    use record::Body;
    use std::fs;

    fn with(rows: &str) -> tempfile::TempDir {
        let dir = small();
        append(dir.path(), "institutions.csv", "school-1,甲示例大学,,学校,province,520300,,source,a");
        append(dir.path(), "institutions.csv", "school-2,乙示例大学,,学校,province,520300,,source,a");
        fs::write(dir.path().join("short_names.csv"), format!("short,full,place,origin,ground\n{rows}")).unwrap();
        dir
    }

    #[test]
    fn institutions_are_known_by_their_short_names() {
        let dir = with("示大,乙示例大学,2,form,\n示大,甲示例大学,1,usual,提及最多\n甲大,甲示例大学,1,list,\n");
        let (records, report) = read_all(dir.path());
        assert_eq!(report.rejected, []);
        let names = |id: &str| match records.iter().find(|r| r.id == id).map(|r| &r.body) {
            Some(Body::Institution(i)) => i.short_names.clone(),
            other => panic!("{id}: {other:?}"),
        };
        assert_eq!((names("school-1"), names("school-2")), (vec!["甲大".into(), "示大".into()], vec!["示大".into()]));
        let shared = shared_names(dir.path()).unwrap();
        assert_eq!(shared.len(), 1);
        assert_eq!((&*shared[0].institutions[0], &*shared[0].ground), ("甲示例大学", "提及最多"));
    }

    #[test]
    fn rows_that_do_not_fit_are_told() {
        for (rows, reason) in [
            ("示大,无此大学,1,usual,\n", "不在 institutions.csv 中"),
            ("示大,甲示例大学,首,usual,\n", "place 应为"),
            ("示大,甲示例大学,1,猜,\n", "origin 应为"),
            ("示大,甲示例大学,1,usual,常用\n示大,乙示例大学,1,usual,\n", "第 1 位已经是"),
            ("示大,甲示例大学,1,usual,\n示大,乙示例大学,2,usual,\n", "为什么它最常用"),
        ] {
            let dir = with(rows);
            let (_, report) = read_all(dir.path());
            assert!(report.rejected.iter().any(|r| r.reason.contains(reason)), "{rows}: {:?}", report.rejected);
        }
    }
}
