//! Builds a generation aside and publishes it with one atomic rename.
//!
//! Two full builds of the same records answer the same to the byte, ETags included; on disk they differ in the names of
//! the engine's files and in where the blocks of stored entries begin. After updates the same is found in the same way,
//! but changed documents stand at the end and replaced ones count in the frequencies of words until the next full
//! build, so that equals may be cut otherwise.

use std::{
    fs::{self, File},
    io::Write,
    path::{Path, PathBuf},
    sync::Arc,
};

use tantivy::{Index, IndexSettings, IndexSortByField, IndexWriter, Order, TantivyDocument, schema::Field};

use super::{
    Generation, IndexError, Lexicon, Manifest,
    catalogue::Positions,
    fields::{DirectoryFields, LibraryFields, ORDER, SCHEMA_VERSION, kind_names},
    files::{
        CATALOGUE_FILE, COMPLETIONS_DIR, DIRECTORY_DIR, LIBRARY_DIR, MANIFEST_FILE, NAMES_FILE, OFFICIAL_DIR,
        POINTER_FILE, REFERENCES_DIR, SURVEY_FILE,
    },
    office_key::OfficeKeys,
    official::Row,
    projection::Projection,
    references::{self, Gatherer},
    seal::{Seals, seal},
    survey::{self, Survey},
    titles::Titles,
};
use crate::analyzer;
use record::{Audience, Body, Date, Record, RecordSource};
use text::Pipeline;

/// Memory for both writers' arenas. Larger arenas make fewer segments to merge; beyond this the gain was not
/// measurable on the corpus, and the build must stay below 1.5 GiB.
const WRITER_BYTES: usize = 192 << 20;
/// Threads of each writer; the machine that this is sized for has two cores.
const WRITER_THREADS: usize = 2;
/// Stored entries decompressed together. A search reads single ones from all over the index, so small blocks pay, at
/// the cost of a little room on disk.
const STORED_BLOCK_BYTES: usize = 4 << 10;
/// Generations kept beside the current one, so that a reader that is just opening one is not cut off.
const KEPT_BEFORE: u64 = 1;

/// Hands every record to `take`; an error of either side comes back as it is.
fn each(source: &dyn RecordSource, take: &mut dyn FnMut(Record) -> Result<(), IndexError>) -> Result<(), IndexError> {
    source.for_each(&mut |record| Ok(take(record)?)).map_err(|error| match error.downcast::<IndexError>() {
        Ok(own) => *own,
        Err(others) => IndexError::Source(others),
    })
}

/// Told after each record: how many of the two passes' records are done.
pub type OnProgress<'a> = dyn FnMut(u64) + 'a;

/// Builds the next generation for the public in `dir` from `source` and publishes it; its number. `upto` is the store's
/// sequence that the source shows; readers compare it to know whether the index is current.
pub fn build(
    dir: &Path,
    source: &dyn RecordSource,
    lexicon: &Lexicon,
    upto: u64,
    today: Date,
    progress: &mut OnProgress<'_>,
) -> Result<u64, IndexError> {
    build_for(Audience::Public, dir, source, lexicon, (upto, today), progress)
}

/// The same with what an audience is shown, and nothing else.
pub fn build_for(
    audience: Audience,
    dir: &Path,
    source: &dyn RecordSource,
    lexicon: &Lexicon,
    (upto, today): (u64, Date),
    progress: &mut OnProgress<'_>,
) -> Result<u64, IndexError> {
    let aside = build_aside(audience, dir, source, lexicon, (upto, today), progress)?;
    let published = publish(dir, &aside).inspect_err(|_| drop(fs::remove_dir_all(&aside)))?;
    Ok(Generation::read_manifest(&published)?.number)
}

/// Builds a generation without publishing it; where it lies.
pub fn build_aside(
    audience: Audience,
    dir: &Path,
    source: &dyn RecordSource,
    lexicon: &Lexicon,
    at: (u64, Date),
    progress: &mut OnProgress<'_>,
) -> Result<PathBuf, IndexError> {
    let aside = dir.join("building");
    if aside.exists() {
        fs::remove_dir_all(&aside).map_err(|e| IndexError::io(&aside, e))?;
    }
    fs::create_dir_all(&aside).map_err(|e| IndexError::io(&aside, e))?;
    // What was built aside is worthless after an error, and a full disk needs the room.
    fill(audience, &aside, source, lexicon, at, progress).inspect_err(|_| drop(fs::remove_dir_all(&aside)))?;
    Ok(aside)
}

fn fill(
    audience: Audience,
    aside: &Path,
    source: &dyn RecordSource,
    lexicon: &Lexicon,
    (upto, today): (u64, Date),
    progress: &mut OnProgress<'_>,
) -> Result<(), IndexError> {
    let mut done = 0;
    let (mut survey, mut names) = (Survey::default(), Vec::new());
    each(source, &mut |record| {
        if record.is_shown_to(audience) {
            survey.add(&record);
            survey::names(&record, &mut |name| names.push(name.to_owned()));
        }
        done += 1;
        progress(done);
        Ok(())
    })?;
    let normalizer = lexicon.normalizer();
    let catalogue = survey.catalogue((&lexicon.dictionaries).into(), today, &Positions::default());
    let names = survey::sorted_names(names, &normalizer);
    let pipeline = Arc::new(Pipeline { normalizer, segmenter: lexicon.segmenter(&names), pinyin: lexicon.pinyin() });
    let (directory, library) = (DirectoryFields::new(), LibraryFields::new());
    let directory_writer = create(&aside.join(DIRECTORY_DIR), directory.schema.clone(), &pipeline)?;
    let library_writer = create(&aside.join(LIBRARY_DIR), library.schema.clone(), &pipeline)?;
    let mut of_directory = InOrder { writer: directory_writer, field: directory.order, next: 0 };
    let mut of_library = InOrder { writer: library_writer, field: library.order, next: 0 };
    let known_offices = OfficeKeys::new(lexicon.institution_names.iter().cloned());
    let projection = Projection {
        directory: &directory,
        library: &library,
        catalogue: &catalogue,
        pipeline: &pipeline,
        known_offices: &known_offices,
        former_names: lexicon.central_former_names(),
        short_forms: &lexicon.dictionaries.former_short_names,
        today,
    };
    let mut rows = Vec::new();
    let titles = Titles::new(&catalogue, &pipeline, &lexicon.dictionaries.short_titles)?;
    let mut gatherer = Gatherer::new(&pipeline, &titles, &catalogue);
    let mut completions = projection.standing_completions(&lexicon.dictionaries);
    each(source, &mut |record| {
        done += 1;
        progress(done);
        if !record.is_shown_to(audience) {
            return Ok(());
        }
        if let Some(document) = projection.directory_document(&record) {
            of_directory.add(document)?;
        }
        match &record.body {
            Body::Institution(i) => completions.push(projection.completion(&record.id, i)),
            Body::WebName(w) => rows.push(Row::from(w)),
            Body::Regulation(r) => {
                // A record that appeared between the two passes belongs to the next generation.
                if let Some(facts) = catalogue.regulation(&record.id) {
                    gatherer.add(facts.position, r);
                    for document in projection.regulation(facts, r) {
                        of_library.add(document)?;
                    }
                }
            }
            _ => completions.extend(projection.listed_completion(&record)),
        }
        Ok(())
    })?;
    finish(of_directory.writer)?;
    finish(of_library.writer)?;
    let manifest = Manifest {
        number: 0,
        schema_version: SCHEMA_VERSION,
        pipeline_version: Pipeline::VERSION,
        lexicon_fingerprint: lexicon.fingerprint.clone(),
        kinds: kind_names(),
        upto,
        changes: 0,
        built_on: today,
        counts_documents: done / 2,
        files: Seals::new(),
        own: String::new(),
    };
    let (edges, unresolved) = gatherer.finish();
    write_all(&aside.join(COMPLETIONS_DIR), super::completions::encode(&pipeline, completions)?)?;
    write_all(&aside.join(OFFICIAL_DIR), super::official::encode(&pipeline, rows)?)?;
    write_all(&aside.join(REFERENCES_DIR), references::encode(&edges, &unresolved)?)?;
    write(&aside.join(NAMES_FILE), names.join("\n").as_bytes())?;
    write(&aside.join(SURVEY_FILE), &serde_json::to_vec(&survey)?)?;
    write(&aside.join(CATALOGUE_FILE), &catalogue.to_json()?)?;
    write_manifest(aside, Manifest { files: seal(aside, None)?, ..manifest })
}

/// Writes a manifest with its own hash.
pub(super) fn write_manifest(dir: &Path, manifest: Manifest) -> Result<(), IndexError> {
    write(&dir.join(MANIFEST_FILE), &serde_json::to_vec_pretty(&manifest.sealed()?)?)
}

fn write_all<N: AsRef<Path>>(dir: &Path, files: Vec<(N, Vec<u8>)>) -> Result<(), IndexError> {
    fs::create_dir(dir).map_err(|e| IndexError::io(dir, e))?;
    files.into_iter().try_for_each(|(name, bytes)| write(&dir.join(name), &bytes))
}

/// A writer that numbers its documents: see [`ORDER`].
pub(super) struct InOrder {
    pub writer: IndexWriter,
    pub field: Field,
    pub next: u64,
}

impl InOrder {
    pub fn add(&mut self, mut document: TantivyDocument) -> Result<(), IndexError> {
        document.add_u64(self.field, self.next);
        self.next += 1;
        self.writer.add_document(document)?;
        Ok(())
    }
}

fn create(path: &Path, schema: tantivy::schema::Schema, pipeline: &Arc<Pipeline>) -> Result<IndexWriter, IndexError> {
    fs::create_dir_all(path).map_err(|e| IndexError::io(path, e))?;
    let directory = tantivy::directory::MmapDirectory::open(path).map_err(tantivy::TantivyError::from)?;
    let settings = IndexSettings {
        docstore_blocksize: STORED_BLOCK_BYTES,
        sort_by_field: Some(IndexSortByField { field: ORDER.to_owned(), order: Order::Asc }),
        ..IndexSettings::default()
    };
    let index = Index::create(directory, schema, settings)?;
    analyzer::register(pipeline, index.tokenizers());
    Ok(index.writer_with_num_threads(WRITER_THREADS, WRITER_BYTES)?)
}

/// Commits and leaves one segment: every query then walks one set of postings.
fn finish(mut writer: IndexWriter) -> Result<(), IndexError> {
    writer.commit()?;
    let segments = writer.index().searchable_segment_ids()?;
    if segments.len() > 1 {
        writer.merge(&segments).wait()?;
    }
    writer.wait_merging_threads()?;
    Ok(())
}

pub(super) fn write(path: &Path, bytes: &[u8]) -> Result<(), IndexError> {
    File::create(path).and_then(|mut f| f.write_all(bytes)).map_err(|e| IndexError::io(path, e))
}

/// Gives what was made aside the next number, makes everything durable, moves it into place, and lets the pointer name
/// it; where it lies then.
pub fn publish(dir: &Path, aside: &Path) -> Result<PathBuf, IndexError> {
    let number = super::generation::current_number(dir)?.map_or(1, |n| n + 1);
    let manifest = Manifest { number, ..Generation::read_manifest(aside)? };
    write_manifest(aside, manifest)?;
    sync_tree(aside)?;
    let place = super::generation::generation_dir(dir, number);
    // A process that was killed before the pointer named its generation leaves it here, and nobody ever opened it.
    if place.exists() {
        fs::remove_dir_all(&place).map_err(|e| IndexError::io(&place, e))?;
    }
    fs::rename(aside, &place).map_err(|e| IndexError::io(&place, e))?;
    sync(dir)?;
    let next = dir.join(format!("{POINTER_FILE}.next"));
    write(&next, number.to_string().as_bytes())?;
    sync(&next)?;
    let pointer = dir.join(POINTER_FILE);
    fs::rename(&next, &pointer).map_err(|e| IndexError::io(&pointer, e))?;
    sync(dir)?;
    remove_old(dir, number);
    Ok(place)
}

fn sync_tree(path: &Path) -> Result<(), IndexError> {
    for entry in fs::read_dir(path).map_err(|e| IndexError::io(path, e))? {
        let child: PathBuf = entry.map_err(|e| IndexError::io(path, e))?.path();
        if child.is_dir() { sync_tree(&child)? } else { sync(&child)? }
    }
    sync(path)
}

fn sync(path: &Path) -> Result<(), IndexError> {
    File::open(path).and_then(|f| f.sync_all()).map_err(|e| IndexError::io(path, e))
}

/// Removes generations that nobody opens any more. A reader that still has one mapped keeps it until it lets go.
fn remove_old(dir: &Path, current: u64) {
    let Ok(entries) = fs::read_dir(dir) else { return };
    for path in entries.flatten().map(|e| e.path()) {
        let name = path.file_name().and_then(|n| n.to_str()).unwrap_or_default();
        if name.parse::<u64>().is_ok_and(|n| n + KEPT_BEFORE < current) {
            let _ = fs::remove_dir_all(&path);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use record::samples;
    use text::dictionaries::Dictionaries;

    /// Every file of a generation by its name without what the engine draws by chance, but those that tell these names.
    fn files(dir: &Path) -> BTreeMap<String, Vec<u8>> {
        let mut found = BTreeMap::new();
        for entry in fs::read_dir(dir).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_str().unwrap().to_owned();
            let of_segment = |extension: &str| ["fast", "fieldnorm", "idx", "pos", "term"].contains(&extension);
            match path.extension().and_then(|e| e.to_str()) {
                _ if path.is_dir() => found.extend(files(&path).into_iter().map(|(f, b)| (format!("{name}/{f}"), b))),
                Some(extension) if of_segment(extension) => {
                    let before = found.insert(format!("segment.{extension}"), fs::read(&path).unwrap());
                    assert!(before.is_none(), "one segment: {}", path.display());
                }
                // Entries are compressed where a thread's share ends; what they say is compared by the answers.
                Some("store") => {}
                _ if ["meta.json", ".managed.json", MANIFEST_FILE].contains(&name.as_str())
                    || name.ends_with("lock") => {}
                _ => drop(found.insert(name, fs::read(&path).unwrap())),
            }
        }
        found
    }

    /// Both threads have something to do, and whichever is quicker takes more.
    #[test]
    fn two_builds_of_the_same_records_are_the_same_to_the_byte() {
        let laws = (0..1_000).map(|n| {
            let text = format!("第{n}种行为，由主管部门责令改正。");
            samples::law(&format!("第{n}号办法"), Date::constant(2000, 1, 1), &[&text, "自公布之日起施行。"])
        });
        let institutions = (0..1_000).map(|n| samples::institution(&format!("b{n}"), &format!("第{n}局"), "520300"));
        let records: Vec<Record> = laws.chain(institutions).collect();
        let dictionaries = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../dictionaries");
        let lexicon = Lexicon::new(Dictionaries::load(&dictionaries).unwrap(), Vec::new());
        let [one, other] = [(), ()].map(|()| {
            let dir = tempfile::tempdir().unwrap();
            build(dir.path(), &records, &lexicon, 0, Date::constant(2026, 1, 1), &mut |_| {}).unwrap();
            files(&super::super::generation::generation_dir(dir.path(), 1))
        });
        assert_eq!(one.keys().collect::<Vec<_>>(), other.keys().collect::<Vec<_>>());
        assert!(one.contains_key("library/segment.idx") && one.contains_key("directory/segment.fast"));
        for (name, bytes) in &one {
            assert!(bytes == &other[name], "{name} differs");
        }
    }
}
