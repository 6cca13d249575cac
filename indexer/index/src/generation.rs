//! A generation open for reading.

use std::{
    collections::{HashMap, HashSet},
    fs,
    path::{Path, PathBuf},
    sync::{Arc, PoisonError, RwLock},
};

use tantivy::{Index, Searcher};

use super::{
    IndexError, Lexicon, Manifest,
    bank::Bank,
    catalogue::Catalogue,
    completions::Completions,
    fields::{DirectoryFields, LibraryFields, SCHEMA_VERSION, kind_names},
    files::{
        CATALOGUE_FILE, CHANGED_DIR, COMPLETIONS_DIR, DIRECTORY_DIR, LIBRARY_DIR, MANIFEST_FILE, NAMES_FILE,
        OFFICIAL_DIR, POINTER_FILE, REFERENCES_DIR, same_file,
    },
    former_names::FormerNames,
    gazetteer::Gazetteer,
    meanings::Meanings,
    office_key::OfficeKeys,
    official::OfficialNames,
    references::References,
    seal,
    spelling::Spelling,
    survey,
    titles::Titles,
};
use crate::analyzer;
use record::{Institution, SharedName};
use text::{
    Everyday, ItemWords, Matters, Pipeline, Questions,
    dictionaries::{AskedWords, Danger, FormerLaw},
};

/// Blocks of stored entries that stay unpacked, of each segment: 8 MiB. A search for names reads two hundred entries
/// from all over the index, and with tantivy's own hundred blocks nearly each of them was unpacked anew.
const STORED_BLOCKS_KEPT: usize = 2_048;

/// Everything one generation needs to answer: immutable, shared by all requests.
pub struct Generation {
    /// Counted from 1; part of every cache key and ETag.
    pub number: u64,
    pub path: PathBuf,
    pub manifest: Manifest,
    pub catalogue: Catalogue,
    pub pipeline: Arc<Pipeline>,
    pub known_offices: Arc<OfficeKeys>,
    pub gazetteer: Arc<Gazetteer>,
    pub titles: Arc<Titles>,
    pub everyday: Arc<Everyday>,
    pub matters: Arc<Matters>,
    pub item_words: Arc<ItemWords>,
    pub asked_words: Arc<AskedWords>,
    /// Fields of life of which no number is known, as keys.
    pub unnumbered_fields: Arc<HashSet<String>>,
    /// Their words as keys.
    pub dangers: Arc<[Danger]>,
    pub bank: Bank,
    /// Former titles as keys.
    pub former_laws: Arc<HashMap<String, FormerLaw>>,
    pub former_names: Arc<FormerNames>,
    /// Short names that several institutions share, by their keys.
    pub shared_names: Arc<HashMap<String, SharedName>>,
    pub spelling: Arc<Spelling>,
    pub completions: Completions,
    pub official: Arc<OfficialNames>,
    pub references: References,
    pub directory: Part<DirectoryFields>,
    pub library: Part<LibraryFields>,
    /// What articles mean, once and as far as it is known.
    meanings: RwLock<Option<Arc<Meanings>>>,
}

/// What is made of the lexicon and of the names that a full build found; generations made by changing one share it.
struct Words {
    pipeline: Arc<Pipeline>,
    spelling: Arc<Spelling>,
    known_offices: Arc<OfficeKeys>,
    everyday: Arc<Everyday>,
    matters: Arc<Matters>,
    item_words: Arc<ItemWords>,
    asked_words: Arc<AskedWords>,
    unnumbered_fields: Arc<HashSet<String>>,
    dangers: Arc<[Danger]>,
    questions: Arc<Questions>,
    former_laws: Arc<HashMap<String, FormerLaw>>,
    former_names: Arc<FormerNames>,
    shared_names: Arc<HashMap<String, SharedName>>,
}

/// What knows the names in the records; shared as far as they are the same.
struct Names {
    gazetteer: Arc<Gazetteer>,
    titles: Arc<Titles>,
    /// Of the last full build.
    completions: Completions,
    official: Arc<OfficialNames>,
}

/// Which files are believed to be whole.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Trust {
    /// None: every file is compared with its seal.
    Nothing,
    /// All: this process has just written them, or has read them before.
    Files,
}

/// One of the two indexes.
pub struct Part<F> {
    pub fields: F,
    pub searcher: Searcher,
}

/// Does two things at once, the first on a thread of its own.
fn beside<A: Send, B>(first: impl FnOnce() -> A + Send, second: impl FnOnce() -> B) -> (A, B) {
    std::thread::scope(|scope| {
        let first = scope.spawn(first);
        let second = second();
        (first.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)), second)
    })
}

/// The directory of a generation.
pub fn generation_dir(dir: &Path, number: u64) -> PathBuf {
    dir.join(format!("{number:08}"))
}

/// The number that the pointer names; `None` where nothing was published yet.
pub fn current_number(dir: &Path) -> Result<Option<u64>, IndexError> {
    let pointer = dir.join(POINTER_FILE);
    match fs::read_to_string(&pointer) {
        Ok(text) => text.trim().parse().map(Some).map_err(|_| IndexError::Damaged {
            path: pointer.display().to_string(),
            reason: "指针文件的内容不是代号".into(),
        }),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(IndexError::io(&pointer, error)),
    }
}

impl Generation {
    /// The office keys of an institution: its full and short names without their regions.
    pub fn office_keys(&self, institution: &Institution) -> Vec<String> {
        survey::office_keys(&self.known_offices, &self.catalogue, &self.pipeline.normalizer, institution)
    }

    /// What articles mean, as far as it is known; `None` without a model.
    pub fn meanings(&self) -> Option<Arc<Meanings>> {
        self.meanings.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub fn set_meanings(&self, meanings: Option<Meanings>) {
        *self.meanings.write().unwrap_or_else(PoisonError::into_inner) = meanings.map(Arc::new);
    }

    /// Opens the generation that the pointer names. `Ok(None)` where nothing was published yet;
    /// [`IndexError::Stale`] where it was made with other dictionaries or by another version.
    pub fn open_current(dir: &Path, lexicon: &Lexicon) -> Result<Option<Self>, IndexError> {
        current_number(dir)?.map(|number| Self::open(&generation_dir(dir, number), lexicon)).transpose()
    }

    pub fn open(path: &Path, lexicon: &Lexicon) -> Result<Self, IndexError> {
        let manifest = Self::read_manifest(path)?;
        manifest.check(lexicon)?;
        // The two indexes are compared when they are opened.
        let in_parts = |name: &str| [DIRECTORY_DIR, LIBRARY_DIR].iter().any(|part| is_below(name, part));
        seal::verify(path, &manifest.files, |name| !in_parts(name))?;
        let catalogue = read_catalogue(path)?;
        let names_file = path.join(NAMES_FILE);
        let names_text = fs::read_to_string(&names_file).map_err(|e| match e.kind() {
            std::io::ErrorKind::InvalidData => damaged(&names_file, "不是 UTF-8 文本"),
            _ => IndexError::io(&names_file, e),
        })?;
        let names: Vec<&str> = names_text.lines().collect();
        let known_offices =
            OfficeKeys::new(lexicon.institution_names.iter().cloned()).with_law(&lexicon.dictionaries.offices_in_law);
        let (normalizer, pinyin) = (lexicon.normalizer(), lexicon.pinyin());
        let all_names = names
            .iter()
            .copied()
            .chain(catalogue.divisions().iter().map(|d| d.short_name.as_str()))
            // A name that was is no slip for one that is.
            .chain(catalogue.divisions().iter().flat_map(|d| d.former.iter().map(|f| f.name.as_str())))
            .chain(lexicon.dictionaries.short_titles.keys().map(String::as_str))
            .chain(known_offices.names());
        // What takes longest, side by side: segmenter and spelling walk all names, the others read large files.
        let (by_words, by_sound) = beside(
            || {
                let segmenter = lexicon.segmenter(&names);
                let official = OfficialNames::open(&path.join(OFFICIAL_DIR))?;
                let changed = path.join(CHANGED_DIR).join(OFFICIAL_DIR);
                let official = if changed.exists() { official.changed(&changed)? } else { official };
                Ok::<_, IndexError>((segmenter, official))
            },
            || {
                let spelling = Spelling::new(&normalizer, &pinyin, all_names, &lexicon.dictionaries.look_alikes);
                Ok::<_, IndexError>((spelling, Completions::open(&path.join(COMPLETIONS_DIR))?))
            },
        );
        let ((segmenter, official), (spelling, completions)) = (by_words?, by_sound?);
        let pipeline = Arc::new(Pipeline { normalizer, segmenter, pinyin });
        let dictionaries = &lexicon.dictionaries;
        let everyday = Everyday::new(&pipeline.normalizer, &dictionaries.colloquial, &dictionaries.question_chatter);
        let words = Words {
            spelling: Arc::new(spelling),
            known_offices: Arc::new(known_offices),
            questions: Arc::new(Questions::new(&pipeline.normalizer, &everyday, &dictionaries.questions)),
            everyday: Arc::new(everyday),
            matters: Arc::new(Matters::new(&pipeline.normalizer, &dictionaries.matters)),
            item_words: Arc::new(ItemWords::new(
                &pipeline.normalizer,
                &dictionaries.item_words,
                &dictionaries.question_chatter,
            )),
            asked_words: Arc::new(dictionaries.asked_words.clone()),
            unnumbered_fields: Arc::new(dictionaries.unnumbered_fields.iter().map(|word| pipeline.key(word)).collect()),
            dangers: (dictionaries.dangers.iter())
                .map(|danger| Danger { word: pipeline.key(&danger.word), ..danger.clone() })
                .collect(),
            former_laws: Arc::new(
                dictionaries.former_laws.iter().map(|law| (pipeline.key(&law.title), law.clone())).collect(),
            ),
            former_names: Arc::new(FormerNames::new(&pipeline, dictionaries)),
            shared_names: Arc::new(
                lexicon.shared_names.iter().map(|name| (pipeline.key(&name.short), name.clone())).collect(),
            ),
            pipeline,
        };
        let names = Names {
            gazetteer: Arc::new(Gazetteer::new(&catalogue, &words.pipeline)),
            titles: Arc::new(Titles::new(&catalogue, &words.pipeline, &dictionaries.short_titles)?),
            completions,
            official: Arc::new(official),
        };
        Self::assemble(path, manifest, catalogue, words, names, Trust::Nothing)
    }

    /// Opens a generation that was just made from `previous`, whose words it keeps and whose files were seen whole.
    /// The catalogue and the titles are those that were made for it; no titles where they are as before.
    pub(super) fn open_changed(
        path: &Path,
        previous: &Generation,
        catalogue: Catalogue,
        titles: Option<Titles>,
    ) -> Result<Self, IndexError> {
        let manifest = Self::read_manifest(path)?;
        let words = Words {
            pipeline: previous.pipeline.clone(),
            spelling: previous.spelling.clone(),
            known_offices: previous.known_offices.clone(),
            everyday: previous.everyday.clone(),
            matters: previous.matters.clone(),
            item_words: previous.item_words.clone(),
            asked_words: previous.asked_words.clone(),
            unnumbered_fields: previous.unnumbered_fields.clone(),
            dangers: previous.dangers.clone(),
            questions: previous.bank.questions.clone(),
            former_laws: previous.former_laws.clone(),
            former_names: previous.former_names.clone(),
            shared_names: previous.shared_names.clone(),
        };
        let changed_names = |path: &Path| path.join(CHANGED_DIR).join(OFFICIAL_DIR);
        let rows = |path: &Path| changed_names(path).join(super::official::ROWS_FILE);
        let official = match rows(path).exists() && !same_file(&rows(path), &rows(&previous.path)) {
            true => Arc::new(previous.official.changed(&changed_names(path))?),
            false => previous.official.clone(),
        };
        // Readings of the gazetteer are places in the list of divisions.
        let (now, then) = (catalogue.divisions(), previous.catalogue.divisions());
        let same_divisions = now.len() == then.len() && now.iter().zip(then).all(|(a, b)| a.is_named_as(b));
        let names = Names {
            gazetteer: match same_divisions {
                true => previous.gazetteer.clone(),
                false => Arc::new(Gazetteer::new(&catalogue, &words.pipeline)),
            },
            titles: titles.map_or_else(|| previous.titles.clone(), Arc::new),
            completions: previous.completions.base(),
            official,
        };
        let next = Self::assemble(path, manifest, catalogue, words, names, Trust::Files)?;
        if let Some(meanings) = previous.meanings() {
            next.set_meanings(Some(meanings.carried(&next.library.searcher)?));
        }
        Ok(next)
    }

    fn assemble(
        path: &Path,
        manifest: Manifest,
        catalogue: Catalogue,
        words: Words,
        names: Names,
        trust: Trust,
    ) -> Result<Self, IndexError> {
        let (directory, library) = (DirectoryFields::new(), LibraryFields::new());
        let pipeline = &words.pipeline;
        let changed = path.join(CHANGED_DIR);
        // Both read every byte where nothing is trusted.
        let (in_directory, in_library) = beside(
            || open_part(path, DIRECTORY_DIR, &directory.schema, pipeline, &manifest, trust),
            || open_part(path, LIBRARY_DIR, &library.schema, pipeline, &manifest, trust),
        );
        let in_library = in_library?;
        Ok(Self {
            number: manifest.number,
            path: path.to_owned(),
            bank: Bank::new(words.questions, &catalogue, &in_library, &library)?,
            gazetteer: names.gazetteer,
            titles: names.titles,
            directory: Part { searcher: in_directory?, fields: directory },
            library: Part { searcher: in_library, fields: library },
            completions: if changed.exists() { names.completions.changed(&changed)? } else { names.completions },
            official: names.official,
            references: References::open(&path.join(REFERENCES_DIR))?,
            spelling: words.spelling,
            known_offices: words.known_offices,
            everyday: words.everyday,
            matters: words.matters,
            item_words: words.item_words,
            asked_words: words.asked_words,
            unnumbered_fields: words.unnumbered_fields,
            dangers: words.dangers,
            former_laws: words.former_laws,
            former_names: words.former_names,
            shared_names: words.shared_names,
            pipeline: words.pipeline,
            meanings: RwLock::default(),
            manifest,
            catalogue,
        })
    }

    pub fn read_manifest(path: &Path) -> Result<Manifest, IndexError> {
        let file = path.join(MANIFEST_FILE);
        let bytes = match fs::read(&file) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Err(damaged(&file, "没有清单")),
            other => other.map_err(|e| IndexError::io(&file, e))?,
        };
        let manifest: Manifest =
            serde_json::from_slice(&bytes).map_err(|error| damaged(&file, &format!("清单无法解读（{error}）")))?;
        // Of another layout, which is refused as stale.
        if manifest.schema_version == SCHEMA_VERSION && manifest.own != manifest.hash()? {
            return Err(damaged(&file, "清单的摘要不符"));
        }
        Ok(manifest)
    }
}

impl Manifest {
    /// Whether this code and these dictionaries can read the generation.
    pub fn check(&self, lexicon: &Lexicon) -> Result<(), IndexError> {
        let stale = |reason: &str| Err(IndexError::Stale { number: self.number, reason: reason.to_owned() });
        if self.schema_version != SCHEMA_VERSION {
            return stale("字段版本不同");
        }
        if self.pipeline_version != Pipeline::VERSION {
            return stale("文本处理版本不同");
        }
        if self.kinds != kind_names() {
            return stale("记录的类别或次序不同");
        }
        if self.lexicon_fingerprint != lexicon.fingerprint {
            return stale("词典已改动");
        }
        Ok(())
    }
}

fn damaged(path: &Path, reason: &str) -> IndexError {
    IndexError::Damaged { path: path.display().to_string(), reason: reason.to_owned() }
}

fn read_catalogue(path: &Path) -> Result<Catalogue, IndexError> {
    let file = path.join(CATALOGUE_FILE);
    let bytes = fs::read(&file).map_err(|e| IndexError::io(&file, e))?;
    Catalogue::from_json(&bytes).map_err(|_| damaged(&file, "不是完整的目录数据"))
}

/// Whether a sealed file lies in a folder of a generation.
fn is_below(name: &str, folder: &str) -> bool {
    name.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'))
}

fn open_part(
    generation: &Path,
    part: &str,
    schema: &tantivy::schema::Schema,
    pipeline: &Arc<Pipeline>,
    manifest: &Manifest,
    trust: Trust,
) -> Result<Searcher, IndexError> {
    if trust == Trust::Nothing {
        seal::verify(generation, &manifest.files, |name| is_below(name, part))?;
    }
    let path = &generation.join(part);
    let damaged = |reason: String| IndexError::Damaged { path: path.display().to_string(), reason };
    let index = Index::open_in_dir(path).map_err(|e| damaged(e.to_string()))?;
    if index.schema() != *schema {
        return Err(damaged("字段与本程序的不同".into()));
    }
    analyzer::register(pipeline, index.tokenizers());
    let reader = index
        .reader_builder()
        .reload_policy(tantivy::ReloadPolicy::Manual)
        .doc_store_cache_num_blocks(STORED_BLOCKS_KEPT)
        .try_into()?;
    let reader: tantivy::IndexReader = reader;
    Ok(reader.searcher())
}
