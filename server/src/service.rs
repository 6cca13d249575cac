//! The steps from files to a generation that answers, shared by the commands.

use std::{path::Path, sync::Arc, time::Instant};

use anyhow::{Context, Result};
use indexer::{
    corpus::{Report, directory},
    index::{Generation, IndexError, Lexicon, build, build_aside, build_for, publish, update},
    record::{Audience, Info, KINDS},
    text::dictionaries::Dictionaries,
};

use crate::{
    clock::today,
    config::Config,
    desk::Desk,
    intake::{self, Intake},
    packages::{self, Outcome},
    progress::Progress as Bar,
    store::{RecordStore, listings::List},
};

/// Interpreter whose pip fetches packages.
const PYTHON: &str = "python3";

/// Changes taken into one generation: more than the published list of a city has (some 3,000 items), which is then found at
/// once. At a start, more than these are taken in by a full build, which is faster then and knows the new names as words.
const MAX_CHANGES: usize = 5_000;
/// Changes in all, however many generations brought them, after which the running service builds anew behind the requests: each
/// makes the index a little slower. Fewer than [`MAX_CHANGES`], so that a city's list is found at once and built anew right after.
pub const CHANGES_PER_BUILD: u64 = 2_000;

/// Where a generation stands to the store.
pub enum Progress {
    /// It shows all that it may; the store was looked through up to this sequence.
    Same(u64),
    /// It is followed by this one.
    Next(Box<Generation>),
}

/// A full build beside the service.
pub struct Rebuild {
    dir: std::path::PathBuf,
    store: Arc<RecordStore>,
    lexicon: Lexicon,
}

impl Rebuild {
    /// Builds; where the result lies, not yet published.
    pub fn run(&self) -> Result<std::path::PathBuf> {
        let upto = self.store.last_sequence()?;
        let records = self.store.as_of(upto);
        Ok(build_aside(Audience::Public, &self.dir, &records, &self.lexicon, (upto, today()), &mut |_| {})?)
    }
}

/// The generation that the pointer names, or why it cannot be used.
pub type Current = Result<Option<Generation>, IndexError>;

/// The store and the language data of a configuration.
pub struct Service {
    pub config: Config,
    pub store: Arc<RecordStore>,
    pub lexicon: Lexicon,
    pub desk: Arc<Desk>,
    /// What could not be brought in, in words for people.
    pub missing: Vec<String>,
}

impl Service {
    pub fn open(config: &Config) -> Result<Self> {
        let (lexicon, desk) = (load_lexicon(config)?, Arc::new(Desk::load(&config.corpus)?));
        let store = RecordStore::open(config.store, &config.data.join("store"))?;
        Ok(Self { config: config.clone(), store: Arc::new(store), lexicon, desk, missing: Vec::new() })
    }

    /// The same with the generation that is there, opened beside the store: the two that a start waits for.
    pub fn open_with_generation(config: &Config) -> Result<(Self, Current)> {
        let (lexicon, desk) = (load_lexicon(config)?, Arc::new(Desk::load(&config.corpus)?));
        let (store, current) = std::thread::scope(|scope| {
            let store = scope.spawn(|| RecordStore::open(config.store, &config.data.join("store")));
            let current = Generation::open_current(&config.data.join("index"), &lexicon);
            (store.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)), current)
        });
        let store = Arc::new(store?);
        Ok((Self { config: config.clone(), store, lexicon, desk, missing: Vec::new() }, current))
    }

    fn index_dir(&self) -> std::path::PathBuf {
        self.config.data.join("index")
    }

    /// Fetches packages and brings in what has changed: the fact tables and the packages at hand. With `strict`, a
    /// rejected row is an error.
    pub fn bring_in(&mut self, strict: bool) -> Result<()> {
        let mut progress = Bar::new();
        let mut show = |stage: &str, n, total| progress.show(stage, n, total);
        let intake = intake::corpus(&self.store, &self.config.corpus, &mut show)
            .with_context(|| format!("事实表目录 {}", self.config.corpus.display()))?;
        tell("事实表", &intake, strict)?;
        let mut pinned = packages::pinned(&self.config.corpus)?;
        pinned.retain(|package| !package.optional);
        let outcomes = packages::sync(&pinned, &self.config.data, Path::new(PYTHON))?;
        for (package, outcome) in pinned.iter().zip(outcomes) {
            match outcome {
                Outcome::Missing(reason) => {
                    let text = format!("缺少数据包 {}（{}）：{reason}", package.name, package.what);
                    eprintln!("{text}");
                    self.missing.push(text);
                }
                Outcome::Present | Outcome::Fetched => {
                    let mut progress = Bar::new();
                    let mut show = |stage: &str, n, total| progress.show(stage, n, total);
                    let intake = intake::package(&self.store, &self.config.data, package, &mut show)
                        .with_context(|| format!("数据包 {}", package.name))?;
                    tell(&format!("数据包 {}", package.name), &intake, strict)?;
                }
            }
        }
        Ok(())
    }

    /// Brings in a folder or archive of laws.
    pub fn import_laws(&self, path: &Path, strict: bool) -> Result<()> {
        let mut progress = Bar::new();
        let intake = intake::laws(&self.store, path, &mut |stage, n, total| progress.show(stage, n, total))?;
        tell(&path.display().to_string(), &intake, strict)
    }

    /// The current generation, built first where it is missing, stale, damaged or far behind the store.
    pub fn generation(&self, rebuild: bool) -> Result<Generation> {
        let current = (!rebuild).then(|| Generation::open_current(&self.index_dir(), &self.lexicon));
        self.generation_from(current)
    }

    /// The same where the current one was opened already; built anew for `None`.
    pub fn generation_from(&self, current: Option<Current>) -> Result<Generation> {
        let dir = self.index_dir();
        let upto = self.store.last_sequence()?;
        match current.unwrap_or(Ok(None)) {
            // One that shows more than the store has was made from another store.
            Ok(Some(generation)) if generation.manifest.upto > upto => eprintln!("索引属于别的记录库，重建索引"),
            Ok(Some(generation)) if upto - generation.manifest.upto > MAX_CHANGES as u64 => {
                let upto = generation.manifest.upto;
                if self.store.seen_changes_after(Audience::Public, upto, usize::MAX)?.0.is_empty() {
                    return Ok(generation);
                }
                eprintln!("记录有了变化，重建索引");
            }
            Ok(Some(generation)) => match self.caught_up(&generation)? {
                Progress::Same(_) => return Ok(generation),
                Progress::Next(next) => return Ok(*next),
            },
            Ok(None) => {}
            Err(error @ (IndexError::Stale { .. } | IndexError::Damaged { .. })) => {
                eprintln!("{error}。现在自动重建");
            }
            Err(error) => return Err(error.into()),
        }
        let started = Instant::now();
        let mut progress = Bar::new();
        // Two passes over all records.
        let total = self.store.count()? * 2;
        let number = build(&dir, &self.store.as_of(upto), &self.lexicon, upto, today(), &mut |n| {
            progress.show("建立索引", n, Some(total));
        })?;
        progress.done(&format!("第 {number} 代索引已建成，用时 {:.1} 秒", started.elapsed().as_secs_f64()));
        let generation = Generation::open_current(&dir, &self.lexicon)?;
        generation.context("索引建成后没有找到")
    }

    /// Takes what has changed since (at most [`MAX_CHANGES`] changes) into a generation that follows this one. Also where only the day is another, since
    /// laws take effect on a day.
    pub fn caught_up(&self, generation: &Generation) -> Result<Progress> {
        self.catch_up(Audience::Public, generation, MAX_CHANGES)
    }

    fn catch_up(&self, audience: Audience, generation: &Generation, most: usize) -> Result<Progress> {
        let from = generation.manifest.upto;
        let (seen, upto) = self.store.seen_changes_after(audience, from, most)?;
        if seen.is_empty() && generation.manifest.built_on == today() {
            return Ok(Progress::Same(upto));
        }
        let source = |error| IndexError::Source(Box::new(error));
        let find = |id: &str| {
            let record = self.store.get(id).map_err(source)?;
            Ok(record.filter(|r| r.is_shown_to(audience)))
        };
        let dir = match audience {
            Audience::Public => self.index_dir(),
            Audience::Offices | Audience::Service => self.offices_dir(),
        };
        let next = update(&dir, generation, &seen, &find, &self.lexicon, (upto, today()))?;
        Ok(Progress::Next(Box::new(next)))
    }

    /// What offices share with each other and not with the public, in a generation of its own: where it stands after
    /// `current`, or, at a start, after what lies there. The same while they share nothing.
    pub fn for_offices(&self, current: Option<&Generation>) -> Result<Progress> {
        let dir = self.offices_dir();
        let upto = self.store.last_sequence()?;
        let lying = match current {
            Some(_) => None,
            None => Generation::open_current(&dir, &self.lexicon).unwrap_or_else(|error| {
                tracing::info!("building anew what offices search: {error}");
                None
            }),
        };
        if let Some(generation) = current.or(lying.as_ref()) {
            let behind = upto.checked_sub(generation.manifest.upto);
            let fresh = generation.manifest.lexicon_fingerprint == self.lexicon.fingerprint;
            if fresh
                && behind.is_some_and(|n| n <= MAX_CHANGES as u64)
                && generation.manifest.changes < MAX_CHANGES as u64
            {
                return Ok(match (self.catch_up(Audience::Offices, generation, MAX_CHANGES)?, lying) {
                    (Progress::Same(_), Some(lying)) => Progress::Next(Box::new(lying)),
                    (progress, _) => progress,
                });
            }
        } else {
            let mut shared = KINDS.iter().filter(|kind| kind.is_searched_by(Audience::Offices));
            let any = |kind: &&Info| self.store.count_listed(&List::Kind(kind.name), 1).map(|n| n > 0);
            if !shared.try_fold(false, |found, kind| any(kind).map(|this| found || this))? {
                return Ok(Progress::Same(upto));
            }
        }
        let records = self.store.as_of(upto).of(Audience::Offices);
        build_for(Audience::Offices, &dir, &records, &self.lexicon, (upto, today()), &mut |_| {})?;
        let built = Generation::open_current(&dir, &self.lexicon)?;
        Ok(Progress::Next(Box::new(built.context("索引建成后没有找到")?)))
    }

    fn offices_dir(&self) -> std::path::PathBuf {
        self.config.data.join("index-offices")
    }

    /// Everything that a build in the background needs.
    pub fn rebuilding(&self) -> Rebuild {
        Rebuild { dir: self.index_dir(), store: self.store.clone(), lexicon: self.lexicon.clone() }
    }

    /// Publishes what was built aside, brought up to the store first: nobody sees an older state again.
    pub fn take_over(&self, aside: &Path) -> Result<Generation> {
        let built = Generation::open(aside, &self.lexicon)?;
        match self.catch_up(Audience::Public, &built, usize::MAX)? {
            Progress::Next(next) => {
                let _ = std::fs::remove_dir_all(aside);
                Ok(*next)
            }
            Progress::Same(_) => {
                let place = publish(&self.index_dir(), aside)?;
                Ok(Generation::open(&place, &self.lexicon)?)
            }
        }
    }

    /// Reads the dictionaries again; whether they have changed. Wrong ones are an error and change nothing.
    pub fn reload_lexicon(&mut self) -> Result<bool> {
        let lexicon = load_lexicon(&self.config)?;
        let changed = lexicon.fingerprint != self.lexicon.fingerprint;
        self.lexicon = lexicon;
        Ok(changed)
    }

    pub fn sources(&self) -> Result<Vec<directory::Source>> {
        Ok(directory::sources(&self.config.corpus, &mut Report::default())?)
    }
}

/// Dictionaries, generic abbreviations and shared short names of a configuration.
pub fn load_lexicon(config: &Config) -> Result<Lexicon> {
    let dictionaries = Dictionaries::load(&config.dictionaries)?;
    let tables = || format!("事实表目录 {}", config.corpus.display());
    let abbreviations = directory::generic_abbreviations(&config.corpus).with_context(tables)?;
    let shared_names = directory::shared_names(&config.corpus).with_context(tables)?;
    Ok(Lexicon::new(dictionaries, abbreviations).with_shared_names(shared_names))
}

/// Says what came of an intake; every rejected row by name.
fn tell(what: &str, intake: &Intake, strict: bool) -> Result<()> {
    if intake.skipped {
        return Ok(());
    }
    let s = &intake.summary;
    eprintln!(
        "{what}：新增 {}，更新 {}，未变 {}，撤下 {}，机构改过而保留 {}；与其他来源合并 {}",
        s.added, s.changed, s.unchanged, s.withdrawn, s.preserved, intake.united
    );
    for (reason, n) in &intake.report.skipped {
        eprintln!("  略过 {n} 个文件：{reason}");
    }
    for reject in &intake.report.rejected {
        eprintln!("  未收录 {reject}");
    }
    if strict && !intake.report.rejected.is_empty() {
        anyhow::bail!("{what} 有 {} 处未能收录（--strict）", intake.report.rejected.len());
    }
    Ok(())
}
