//! Makes the next generation from the one before and the records that have changed since, in the time that the changes
//! take.
//!
//! Files that stay the same are linked, not copied; tantivy adds its segments beside the old ones. The words of the
//! last full build stay (segmenter, spelling): new names are found all the same, by bigrams and as a whole. A full
//! build takes in what this leaves out: references from unchanged texts to a regulation that is new.

use std::{
    collections::{BTreeMap, BTreeSet, HashSet},
    fs,
    path::Path,
};

use serde::{Deserialize, Serialize};
use tantivy::{Index, IndexWriter, Searcher, Term, merge_policy::LogMergePolicy, schema::Field};

use super::{
    Generation, IndexError, Lexicon, Manifest,
    catalogue::Catalogue,
    completions::{self, Completion},
    fields::{DirectoryFields, LibraryFields, ORDER},
    files::{
        CATALOGUE_FILE, CHANGED_DIR, COMPLETIONS_DIR, DIRECTORY_DIR, LIBRARY_DIR, NAMES_FILE, OFFICIAL_DIR,
        REFERENCES_DIR, SURVEY_FILE,
    },
    official::{self, Hidden, OfficialNames, Row},
    projection::Projection,
    references::{self, Edge, Gatherer},
    seal::seal,
    survey::Survey,
    titles::Titles,
    writer::{InOrder, publish, write, write_manifest},
};
use crate::analyzer;
use record::{Body, Change, Date, Record, Regulation};

/// Memory of a writer's arena: the least that tantivy takes, and enough for hundreds of changed regulations.
const WRITER_BYTES: usize = 16 << 20;
/// Segments larger than this are left alone by merges, so that a small change never rewrites the whole index.
const MERGED_DOCUMENTS: usize = 20_000;
/// Citing regulations read again for a changed one: reading them takes a fraction of a second. The most cited laws are
/// cited by more; the rest of their references lead to the version before until the next full build.
const MAX_CITING: usize = 300;
const COMPLETIONS_FILE: &str = "completions.json";

/// Looks up the published record of an id, as it is at the end of the changes.
pub type Find<'a> = dyn Fn(&str) -> Result<Option<Record>, IndexError> + 'a;

/// Publishes the generation that follows `previous` and shows the changes. `upto` is the store's sequence at their end.
pub fn update(
    dir: &Path,
    previous: &Generation,
    changes: &[Change],
    find: &Find<'_>,
    lexicon: &Lexicon,
    (upto, today): (u64, Date),
) -> Result<Generation, IndexError> {
    let aside = dir.join("updating");
    if aside.exists() {
        fs::remove_dir_all(&aside).map_err(|e| IndexError::io(&aside, e))?;
    }
    let made = Update::new(&aside, previous, changes, find, lexicon, today).and_then(|update| {
        update.write(upto)?;
        Ok((publish(dir, &aside)?, update.catalogue, update.titles))
    });
    let (place, catalogue, titles) = made.inspect_err(|_| drop(fs::remove_dir_all(&aside)))?;
    Generation::open_changed(&place, previous, catalogue, titles)
}

/// What has been completed otherwise than the last full build completes it.
#[derive(Default, Serialize, Deserialize)]
struct Completed {
    hidden: BTreeSet<String>,
    /// With the other names that each is found by.
    entries: Vec<(Completion, Vec<String>)>,
}

struct Update<'a> {
    aside: &'a Path,
    previous: &'a Generation,
    changes: &'a [Change],
    find: &'a Find<'a>,
    lexicon: &'a Lexicon,
    today: Date,
    survey: Survey,
    catalogue: Catalogue,
    /// Where a regulation changed.
    titles: Option<Titles>,
}

impl<'a> Update<'a> {
    fn new(
        aside: &'a Path,
        previous: &'a Generation,
        changes: &'a [Change],
        find: &'a Find<'a>,
        lexicon: &'a Lexicon,
        today: Date,
    ) -> Result<Self, IndexError> {
        let path = previous.path.join(SURVEY_FILE);
        let bytes = fs::read(&path).map_err(|e| IndexError::io(&path, e))?;
        let mut survey = Survey::from_json(&bytes, &previous.catalogue)
            .map_err(|e| IndexError::Damaged { path: path.display().to_string(), reason: e.to_string() })?;
        for change in changes {
            change.before.iter().for_each(|record| survey.remove(record));
            change.after.iter().for_each(|record| survey.add(record));
        }
        let catalogue = survey.catalogue((&lexicon.dictionaries).into(), today, &previous.catalogue.positions());
        let of_regulation = |r: &Record| matches!(r.body, Body::Regulation(_));
        let short_titles = &lexicon.dictionaries.short_titles;
        let titles = match changes.iter().flat_map(Change::either).any(of_regulation) {
            true => Some(Titles::new(&catalogue, &previous.pipeline, short_titles)?),
            false => None,
        };
        Ok(Self { aside, previous, changes, find, lexicon, today, survey, catalogue, titles })
    }

    fn write(&self, upto: u64) -> Result<(), IndexError> {
        self.link()?;
        let (directory, library) = (DirectoryFields::new(), LibraryFields::new());
        let projection = Projection {
            directory: &directory,
            library: &library,
            catalogue: &self.catalogue,
            pipeline: &self.previous.pipeline,
            known_offices: &self.previous.known_offices,
            former_names: self.lexicon.central_former_names(),
            short_forms: &self.lexicon.dictionaries.former_short_names,
            today: self.today,
        };
        self.directory(&projection)?;
        self.library(&projection)?;
        self.completions(&projection)?;
        self.official()?;
        self.references()?;
        let manifest = Manifest {
            upto,
            built_on: self.today,
            changes: self.previous.manifest.changes + self.changes.len() as u64,
            ..self.previous.manifest.clone()
        };
        write(&self.aside.join(SURVEY_FILE), &serde_json::to_vec(&self.survey)?)?;
        write(&self.aside.join(CATALOGUE_FILE), &self.catalogue.to_json()?)?;
        let files = seal(self.aside, Some((&self.previous.path, &self.previous.manifest.files)))?;
        write_manifest(self.aside, Manifest { files, ..manifest })
    }

    /// Links what is there already.
    fn link(&self) -> Result<(), IndexError> {
        fs::create_dir_all(self.aside).map_err(|e| IndexError::io(self.aside, e))?;
        for part in [DIRECTORY_DIR, LIBRARY_DIR, COMPLETIONS_DIR, OFFICIAL_DIR, REFERENCES_DIR] {
            link_all(&self.previous.path.join(part), &self.aside.join(part))?;
        }
        link(&self.previous.path.join(NAMES_FILE), &self.aside.join(NAMES_FILE))
    }

    fn directory(&self, projection: &Projection<'_>) -> Result<(), IndexError> {
        let of_directory = |r: &&Record| !matches!(r.body, Body::Regulation(_));
        if !self.changes.iter().flat_map(Change::either).any(|r| of_directory(&r)) {
            return Ok(());
        }
        let mut added = self.writer(DIRECTORY_DIR, &self.previous.directory.searcher, projection.directory.order)?;
        for change in self.changes {
            for record in change.either().filter(of_directory) {
                added.writer.delete_term(Term::from_field_text(projection.directory.id, &record.id));
            }
            let Some(record) = change.after.as_ref().filter(of_directory) else { continue };
            if let Some(document) = projection.directory_document(record) {
                added.add(document)?;
            }
        }
        finish(added.writer)
    }

    /// Regulations whose text changed, and those whose standing did because of it.
    fn library(&self, projection: &Projection<'_>) -> Result<(), IndexError> {
        let changed: HashSet<&str> = self.regulations().map(|(record, _)| record.id.as_str()).collect();
        let restated: Vec<&str> = self
            .catalogue
            .regulations()
            .iter()
            .filter(|now| !changed.contains(now.id.as_str()))
            .filter(|now| self.previous.catalogue.regulation(&now.id).is_some_and(|then| then.status != now.status))
            .map(|now| now.id.as_str())
            .collect();
        if changed.is_empty() && restated.is_empty() {
            return Ok(());
        }
        let mut added = self.writer(LIBRARY_DIR, &self.previous.library.searcher, projection.library.order)?;
        let positions = changed.iter().filter_map(|id| self.previous.catalogue.position(id));
        for position in positions.chain(restated.iter().filter_map(|id| self.catalogue.position(id))) {
            added.writer.delete_term(Term::from_field_u64(projection.library.regulation, u64::from(position)));
        }
        let mut add = |id: &str, r: &Regulation| -> Result<(), IndexError> {
            let Some(facts) = self.catalogue.regulation(id) else { return Ok(()) };
            projection.regulation(facts, r).try_for_each(|document| added.add(document))
        };
        for record in self.changes.iter().filter_map(|c| c.after.as_ref()) {
            if let Body::Regulation(r) = &record.body {
                add(&record.id, r)?;
            }
        }
        for id in restated {
            if let Some(Record { body: Body::Regulation(r), .. }) = (self.find)(id)? {
                add(id, &r)?;
            }
        }
        finish(added.writer)
    }

    /// Changed regulations, before and after.
    fn regulations(&self) -> impl Iterator<Item = (&Record, &Regulation)> {
        self.changes.iter().flat_map(Change::either).filter_map(|record| match &record.body {
            Body::Regulation(r) => Some((record, r)),
            _ => None,
        })
    }

    fn completions(&self, projection: &Projection<'_>) -> Result<(), IndexError> {
        let earlier = self.previous.path.join(CHANGED_DIR).join(COMPLETIONS_FILE);
        let mut completed: Completed = match fs::read(&earlier) {
            Ok(bytes) => serde_json::from_slice(&bytes)?,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Completed::default(),
            Err(error) => return Err(IndexError::io(&earlier, error)),
        };
        let mut new: BTreeMap<String, Completion> = BTreeMap::new();
        let mut gone: BTreeSet<String> = BTreeSet::new();
        for change in self.changes {
            gone.extend(change.either().map(|r| r.id.clone()));
            match change.after.as_ref().map(|r| (&r.id, &r.body)) {
                Some((id, Body::Institution(i))) => drop(new.insert(id.clone(), projection.completion(id, i))),
                Some((id, Body::Division(_))) => {
                    new.extend(projection.division_completion(id).map(|c| (id.clone(), c)));
                }
                _ => {
                    let listed = change.after.as_ref().and_then(|record| projection.listed_completion(record));
                    new.extend(listed.map(|c| (c.id.clone(), c)));
                }
            }
        }
        // Of a work the box shows one version, which may be another now.
        let then = self.previous.catalogue.regulations().iter().map(|r| (r, self.catalogue.regulation(&r.id)));
        let restated = then.filter(|(then, now)| now.is_none_or(|now| now.status != then.status));
        let mut works: BTreeSet<&str> = restated.map(|(then, _)| then.work.as_str()).collect();
        works.extend(self.regulations().filter_map(|(r, _)| self.catalogue.regulation(&r.id)).map(|r| r.work.as_str()));
        for work in works {
            let versions = self.previous.catalogue.versions(work).chain(self.catalogue.versions(work));
            gone.extend(versions.map(|r| r.id.clone()));
            new.extend(projection.work_completion(work).map(|c| (c.id.clone(), c)));
        }
        completed.entries.retain(|(c, _)| !gone.contains(&c.id));
        completed.hidden.extend(gone);
        completed.entries.extend(new.into_values().map(|mut c| {
            let others = std::mem::take(&mut c.other_names);
            (c, others)
        }));
        let place = self.aside.join(CHANGED_DIR);
        fs::create_dir(&place).map_err(|e| IndexError::io(&place, e))?;
        write(&place.join(COMPLETIONS_FILE), &serde_json::to_vec(&completed)?)?;
        write(&place.join(completions::HIDDEN_FILE), &serde_json::to_vec(&completed.hidden)?)?;
        let whole = |(c, other_names): (Completion, Vec<String>)| Completion { other_names, ..c };
        let entries = completed.entries.into_iter().map(whole).collect();
        completions::encode(&self.previous.pipeline, entries)?
            .into_iter()
            .try_for_each(|(file, bytes)| write(&place.join(file), &bytes))
    }

    /// Names that changed since the full build lie in a table of their own.
    fn official(&self) -> Result<(), IndexError> {
        let row = |record: &Record| match &record.body {
            Body::WebName(name) => Some(Row::from(name)),
            _ => None,
        };
        let earlier = self.previous.path.join(CHANGED_DIR).join(OFFICIAL_DIR);
        let place = self.aside.join(CHANGED_DIR).join(OFFICIAL_DIR);
        let now: BTreeSet<Hidden> =
            self.changes.iter().flat_map(Change::either).filter_map(row).map(|row| Hidden::from(&row)).collect();
        if now.is_empty() {
            return if earlier.exists() { link_all(&earlier, &place) } else { Ok(()) };
        }
        let mut hidden = if earlier.exists() { OfficialNames::hidden(&earlier)? } else { BTreeSet::new() };
        let kept = self.previous.official.changes().map(Row::from).filter(|row| !now.contains(&Hidden::from(row)));
        let rows = kept.chain(self.changes.iter().filter_map(|c| c.after.as_ref()).filter_map(row)).collect();
        hidden.extend(now);
        fs::create_dir(&place).map_err(|e| IndexError::io(&place, e))?;
        write(&place.join(official::HIDDEN_FILE), &serde_json::to_vec(&hidden)?)?;
        official::encode(&self.previous.pipeline, rows)?
            .into_iter()
            .try_for_each(|(file, bytes)| write(&place.join(file), &bytes))
    }

    fn references(&self) -> Result<(), IndexError> {
        let changed: HashSet<&str> = self.regulations().map(|(record, _)| record.id.as_str()).collect();
        let Some(titles) = &self.titles else { return Ok(()) };
        let mut gatherer = Gatherer::new(&self.previous.pipeline, titles, &self.catalogue);
        for record in self.changes.iter().filter_map(|c| c.after.as_ref()) {
            if let (Body::Regulation(r), Some(at)) = (&record.body, self.catalogue.position(&record.id)) {
                gatherer.add(at, r);
            }
        }
        let renewed: HashSet<u32> = changed.iter().filter_map(|id| self.previous.catalogue.position(id)).collect();
        let citing = self.citing(&changed);
        for id in &citing {
            if let (Some(at), Some(Record { body: Body::Regulation(r), .. })) =
                (self.catalogue.position(id), (self.find)(id)?)
            {
                gatherer.add(at, &r);
            }
        }
        let renewed: HashSet<u32> =
            renewed.into_iter().chain(citing.iter().filter_map(|id| self.catalogue.position(id))).collect();
        for id in gatherer.cited_elsewhere() {
            if let (Some(at), Some(Record { body: Body::Regulation(r), .. })) =
                (self.catalogue.position(&id), (self.find)(&id)?)
            {
                gatherer.add_articles(at, &r);
            }
        }
        let (new, _) = gatherer.finish();
        let stays = |e: &&Edge| !renewed.contains(&e.from.0) && self.catalogue.at(e.to).is_some();
        let mut edges: Vec<Edge> = self.previous.references.iter().filter(stays).copied().chain(new).collect();
        edges.sort_by_key(|e| (e.from, e.span));
        let files = references::encode(&edges, &self.previous.references.unresolved)?;
        replace(&self.aside.join(REFERENCES_DIR), files)
    }

    /// Unchanged regulations that refer to a version of a changed work: a bare title may mean another version now.
    fn citing(&self, changed: &HashSet<&str>) -> BTreeSet<String> {
        let works: HashSet<&str> = self
            .regulations()
            .flat_map(|(r, _)| [self.previous.catalogue.regulation(&r.id), self.catalogue.regulation(&r.id)])
            .flatten()
            .map(|r| r.work.as_str())
            .collect();
        let to_changed =
            |e: &&Edge| self.previous.catalogue.at(e.to).is_some_and(|to| works.contains(to.work.as_str()));
        let from = self.previous.references.iter().filter(to_changed).filter_map(|e| self.catalogue.at(e.from.0));
        from.map(|r| r.id.clone()).filter(|id| !changed.contains(id.as_str())).take(MAX_CITING).collect()
    }

    /// A writer that goes on where the documents of the part end.
    fn writer(&self, part: &str, before: &Searcher, field: Field) -> Result<InOrder, IndexError> {
        let index = Index::open_in_dir(self.aside.join(part))?;
        analyzer::register(&self.previous.pipeline, index.tokenizers());
        let writer = index.writer_with_num_threads(1, WRITER_BYTES)?;
        let mut policy = LogMergePolicy::default();
        policy.set_max_docs_before_merge(MERGED_DOCUMENTS);
        writer.set_merge_policy(Box::new(policy));
        let mut next = 0;
        for segment in before.segment_readers() {
            next = next.max(segment.fast_fields().u64(ORDER)?.max_value() + 1);
        }
        Ok(InOrder { writer, field, next })
    }
}

/// Commits, and waits for the merges that this sets off.
fn finish(mut writer: IndexWriter) -> Result<(), IndexError> {
    writer.commit()?;
    Ok(writer.wait_merging_threads()?)
}

/// Links the files of a folder into a new one.
fn link_all(from: &Path, to: &Path) -> Result<(), IndexError> {
    fs::create_dir(to).map_err(|e| IndexError::io(to, e))?;
    for entry in fs::read_dir(from).map_err(|e| IndexError::io(from, e))? {
        let name = entry.map_err(|e| IndexError::io(from, e))?.file_name();
        // A lock is a writer's own.
        if Path::new(&name).extension().is_none_or(|e| e != "lock") {
            link(&from.join(&name), &to.join(&name))?;
        }
    }
    Ok(())
}

fn link(from: &Path, to: &Path) -> Result<(), IndexError> {
    fs::hard_link(from, to).map_err(|e| IndexError::io(from, e))
}

/// Writes files in place of links, so that what they link to stays as it is.
fn replace<N: AsRef<Path>>(dir: &Path, files: Vec<(N, Vec<u8>)>) -> Result<(), IndexError> {
    for (name, bytes) in files {
        let path = dir.join(name);
        fs::remove_file(&path).map_err(|e| IndexError::io(&path, e))?;
        write(&path, &bytes)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests;
