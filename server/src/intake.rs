//! Brings sources into the store: the fact tables, the data packages, folders of laws. What has not changed since the
//! last time costs a hash.

use std::{collections::HashMap, fs, path::Path};

use indexer::{
    corpus::{ReadError, Report, china_law, directory, law_markdown, merge},
    record::{Body, DivisionCode, DivisionLevel, Record, State},
};
use sha2::{Digest, Sha256};

use crate::{
    packages::{self, Package, PackageError, Reader},
    store::{ImportSummary, RecordStore, StoreError, is_imported},
};

/// Bumped whenever a reader makes other records of the same files.
const READERS_VERSION: u32 = 1;

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
    let name = "import:corpus";
    if store.meta(name)?.as_deref() == Some(&fingerprint) {
        return Ok(Intake { skipped: true, ..Intake::default() });
    }
    let mut records = Vec::new();
    let report = directory::read(dir, &mut |record| {
        records.push(record);
        Ok(())
    })?;
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
    let fingerprint = format!("{READERS_VERSION}:{}", package.sha256);
    if store.meta(&name)?.as_deref() == Some(&fingerprint) {
        return Ok(Intake { skipped: true, ..Intake::default() });
    }
    let mut records = Vec::new();
    let Reader::ChinaLaw = package.reader;
    let report = china_law::read(&packages::place(data, package), &mut |record| {
        records.push(record);
        Ok(())
    })?;
    let intake = library(store, &format!("package:{}", package.name), &package.name, records, report, progress)?;
    store.put_meta(&name, &fingerprint)?;
    Ok(intake)
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
    let source = format!("laws:{name}");
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
    store.each::<StoreError>(&mut |record| {
        // What a person withdrew takes other sources' copies of it in too, and stays withdrawn with them.
        let withdrawn = || -> Result<bool, StoreError> {
            let info = store.info(&record.id, record.revision)?;
            Ok(record.state == State::Withdrawn && info.is_some_and(|info| !is_imported(&info)))
        };
        if matches!(record.body, Body::Regulation(_)) && (record.state == State::Published || withdrawn()?) {
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
    store.each::<StoreError>(&mut |record| {
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
    use indexer::record::{Date, Provenance, Record, samples};

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
        assert_eq!((intake.summary.added, intake.summary.kept), (0, 1));
        assert_eq!(store.get(&from("two", 9).id).unwrap(), None);
        assert_eq!(store.get(&first).unwrap().unwrap().state, State::Withdrawn);
    }
}
