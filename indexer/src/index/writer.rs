//! Builds a generation aside and publishes it with one atomic rename.

use std::{
    fs::{self, File},
    io::Write,
    path::{Path, PathBuf},
    sync::Arc,
};

use tantivy::{Index, IndexSettings, IndexWriter};

use super::{
    IndexError, Lexicon, Manifest,
    body::Bodies,
    fields::{DirectoryFields, LibraryFields, SCHEMA_VERSION},
    generation::{
        CATALOGUE_FILE, COMPLETIONS_DIR, DIRECTORY_DIR, LIBRARY_DIR, MANIFEST_FILE, NAMES_FILE, OFFICIAL_DIR,
        POINTER_FILE, REFERENCES_DIR,
    },
    projection::Projection,
    references::{self, Gatherer},
    survey::Survey,
    titles::Titles,
};
use crate::{
    record::{Body, Date, Record, State},
    text::{Pipeline, analyzer},
};

/// Where the records come from: the store, or a test's list. Called twice.
pub trait RecordSource {
    /// Hands every current record to `take`, in a stable order.
    fn for_each(&self, take: &mut dyn FnMut(Record) -> Result<(), IndexError>) -> Result<(), IndexError>;
}

impl RecordSource for Vec<Record> {
    fn for_each(&self, take: &mut dyn FnMut(Record) -> Result<(), IndexError>) -> Result<(), IndexError> {
        self.iter().try_for_each(|record| take(record.clone()))
    }
}

/// Memory for both writers' arenas. Larger arenas make fewer segments to merge; beyond this the gain was not
/// measurable on the corpus, and the build must stay below 1.5 GiB.
const WRITER_BYTES: usize = 192 << 20;
/// Threads of each writer; the machine that this is sized for has two cores.
const WRITER_THREADS: usize = 2;
/// Generations kept beside the current one, so that a reader that is just opening one is not cut off.
const KEPT_BEFORE: u64 = 1;

/// Told after each record: how many of the two passes' records are done.
pub type OnProgress<'a> = dyn FnMut(u64) + 'a;

/// Builds the next generation in `dir` from `source` and publishes it. `upto` is the store's sequence that the source
/// shows; readers compare it to know whether the index is current.
pub fn build(
    dir: &Path,
    source: &dyn RecordSource,
    lexicon: &Lexicon,
    upto: u64,
    today: Date,
    progress: &mut OnProgress<'_>,
) -> Result<u64, IndexError> {
    fs::create_dir_all(dir).map_err(|e| IndexError::io(dir, e))?;
    let number = super::generation::current_number(dir)?.map_or(1, |n| n + 1);
    let aside = dir.join(format!("building-{number:08}"));
    if aside.exists() {
        fs::remove_dir_all(&aside).map_err(|e| IndexError::io(&aside, e))?;
    }
    let built =
        fill(&aside, number, source, lexicon, upto, today, progress).and_then(|()| publish(dir, &aside, number));
    if let Err(error) = built {
        // What was built aside is worthless now, and a full disk needs the room.
        let _ = fs::remove_dir_all(&aside);
        return Err(error);
    }
    remove_old(dir, number);
    Ok(number)
}

fn fill(
    aside: &Path,
    number: u64,
    source: &dyn RecordSource,
    lexicon: &Lexicon,
    upto: u64,
    today: Date,
    progress: &mut OnProgress<'_>,
) -> Result<(), IndexError> {
    let mut done = 0;
    let mut survey = Survey::default();
    source.for_each(&mut |record| {
        survey.add(&record.id, &record);
        done += 1;
        progress(done);
        Ok(())
    })?;
    let normalizer = lexicon.normalizer();
    let surveyed = survey.finish(&normalizer, &lexicon.dictionaries.former_laws, today);
    let pipeline =
        Arc::new(Pipeline { normalizer, segmenter: lexicon.segmenter(&surveyed.names), pinyin: lexicon.pinyin() });
    let (directory, library) = (DirectoryFields::new(), LibraryFields::new());
    let directory_writer = create(&aside.join(DIRECTORY_DIR), directory.schema.clone(), &pipeline)?;
    let library_writer = create(&aside.join(LIBRARY_DIR), library.schema.clone(), &pipeline)?;
    let bodies = Bodies::new(lexicon.body_names.iter().cloned());
    let projection = Projection {
        directory: &directory,
        library: &library,
        catalogue: &surveyed.catalogue,
        pipeline: &pipeline,
        bodies: &bodies,
        former_names: lexicon.central_former_names(),
    };
    let positions: std::collections::HashMap<&str, u64> =
        surveyed.catalogue.regulations().iter().zip(0..).map(|(r, i)| (r.id.as_str(), i)).collect();
    let mut official = Vec::new();
    let titles = Titles::new(&surveyed.catalogue, &pipeline, &lexicon.dictionaries.short_titles)?;
    let mut gatherer = Gatherer::new(&pipeline, &titles, &surveyed.catalogue);
    let mut completions = projection.standing_completions(&lexicon.dictionaries);
    source.for_each(&mut |record| {
        done += 1;
        progress(done);
        if record.state != State::Published {
            return Ok(());
        }
        match &record.body {
            Body::Institution(i) => {
                completions.push(projection.completion(&record.id, i));
                directory_writer.add_document(projection.institution(&record.id, i))?;
            }
            Body::Division(d) => drop(directory_writer.add_document(projection.division(d))?),
            Body::WebName(w) => {
                // People look for a Chinese name by its words; a Latin one is read as an address.
                if w.is_chinese() {
                    directory_writer.add_document(projection.web_name(&record.id, w))?;
                }
                official.push(w.clone());
            }
            Body::Regulation(r) => {
                let known = positions
                    .get(record.id.as_str())
                    .and_then(|&at| surveyed.catalogue.regulation(&record.id).map(|facts| (at, facts)));
                // A record that appeared between the two passes belongs to the next generation.
                if let Some((at, facts)) = known {
                    gatherer.add(at as u32, r);
                    for doc in projection.regulation(at, facts, r) {
                        library_writer.add_document(doc)?;
                    }
                }
            }
            // Never searched.
            Body::Correction(_) => {}
        }
        Ok(())
    })?;
    finish(directory_writer)?;
    finish(library_writer)?;
    let manifest = Manifest {
        number,
        schema_version: SCHEMA_VERSION,
        pipeline_version: Pipeline::VERSION,
        lexicon_fingerprint: lexicon.fingerprint.clone(),
        upto,
        built_on: today,
        counts_documents: done / 2,
    };
    let place = aside.join(COMPLETIONS_DIR);
    fs::create_dir(&place).map_err(|e| IndexError::io(&place, e))?;
    for (file, bytes) in super::completions::encode(&pipeline, completions)? {
        write(&place.join(file), &bytes)?;
    }
    let place = aside.join(OFFICIAL_DIR);
    fs::create_dir(&place).map_err(|e| IndexError::io(&place, e))?;
    for (file, bytes) in super::official::encode(&pipeline, &official)? {
        write(&place.join(file), &bytes)?;
    }
    let place = aside.join(REFERENCES_DIR);
    fs::create_dir(&place).map_err(|e| IndexError::io(&place, e))?;
    let (edges, unresolved) = gatherer.finish();
    for (file, bytes) in references::encode(&edges, &unresolved)? {
        write(&place.join(file), &bytes)?;
    }
    write(&aside.join(NAMES_FILE), surveyed.names.join("\n").as_bytes())?;
    write(&aside.join(CATALOGUE_FILE), &surveyed.catalogue.to_json()?)?;
    write(&aside.join(MANIFEST_FILE), &serde_json::to_vec_pretty(&manifest)?)
}

fn create(path: &Path, schema: tantivy::schema::Schema, pipeline: &Arc<Pipeline>) -> Result<IndexWriter, IndexError> {
    fs::create_dir_all(path).map_err(|e| IndexError::io(path, e))?;
    let directory = tantivy::directory::MmapDirectory::open(path).map_err(tantivy::TantivyError::from)?;
    let index = Index::create(directory, schema, IndexSettings::default())?;
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

fn write(path: &Path, bytes: &[u8]) -> Result<(), IndexError> {
    File::create(path).and_then(|mut f| f.write_all(bytes)).map_err(|e| IndexError::io(path, e))
}

/// Makes everything durable, moves it into place, and lets the pointer name it.
fn publish(dir: &Path, aside: &Path, number: u64) -> Result<(), IndexError> {
    sync_tree(aside)?;
    let place = super::generation::place(dir, number);
    fs::rename(aside, &place).map_err(|e| IndexError::io(&place, e))?;
    sync(dir)?;
    let next = dir.join(format!("{POINTER_FILE}.next"));
    write(&next, number.to_string().as_bytes())?;
    sync(&next)?;
    let pointer = dir.join(POINTER_FILE);
    fs::rename(&next, &pointer).map_err(|e| IndexError::io(&pointer, e))?;
    sync(dir)
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
        let old = name.parse::<u64>().is_ok_and(|n| n + KEPT_BEFORE < current);
        let unfinished = name.strip_prefix("building-").is_some();
        if old || unfinished {
            let _ = fs::remove_dir_all(&path);
        }
    }
}
