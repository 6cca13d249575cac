//! The steps from files to a generation that answers, shared by the commands.

use std::{path::Path, sync::Arc, time::Instant};

use anyhow::{Context, Result};
use indexer::{
    corpus::{Report, directory},
    index::{Generation, IndexError, Lexicon, build, current_number},
    text::dictionaries::Dictionaries,
};

use crate::{
    cli::progress::Progress,
    config::Config,
    intake::{self, Intake},
    packages::{self, Outcome},
    store::RecordStore,
};

/// Interpreter whose pip fetches packages.
const PYTHON: &str = "python3";

/// The store and the language data of a configuration.
pub struct Service {
    pub config: Config,
    pub store: Arc<RecordStore>,
    pub lexicon: Lexicon,
    /// What could not be brought in, in words for people.
    pub missing: Vec<String>,
}

impl Service {
    pub fn open(config: &Config) -> Result<Self> {
        let lexicon = load_lexicon(config)?;
        let store = RecordStore::open(config.store, &config.data.join("store"))?;
        Ok(Self { config: config.clone(), store: Arc::new(store), lexicon, missing: Vec::new() })
    }

    fn index_dir(&self) -> std::path::PathBuf {
        self.config.data.join("index")
    }

    /// Fetches packages and brings in what has changed: the fact tables and the packages at hand. With `strict`, a
    /// rejected row is an error.
    pub fn bring_in(&mut self, strict: bool) -> Result<()> {
        let mut progress = Progress::new();
        let mut show = |stage: &str, n, total| progress.show(stage, n, total);
        let intake = intake::corpus(&self.store, &self.config.corpus, &mut show)
            .with_context(|| format!("事实表目录 {}", self.config.corpus.display()))?;
        tell("事实表", &intake, strict)?;
        let pinned = packages::pinned(&self.config.corpus)?;
        let outcomes = packages::sync(&pinned, &self.config.data, Path::new(PYTHON))?;
        for (package, outcome) in pinned.iter().zip(outcomes) {
            match outcome {
                Outcome::Missing(reason) => {
                    let text = format!("缺少数据包 {}（{}）：{reason}", package.name, package.what);
                    eprintln!("{text}");
                    self.missing.push(text);
                }
                Outcome::Present | Outcome::Fetched => {
                    let mut progress = Progress::new();
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
        let mut progress = Progress::new();
        let intake = intake::laws(&self.store, path, &mut |stage, n, total| progress.show(stage, n, total))?;
        tell(&path.display().to_string(), &intake, strict)
    }

    /// The current generation, built first where it is missing, stale, damaged or behind the store.
    pub fn generation(&self, rebuild: bool) -> Result<Generation> {
        let dir = self.index_dir();
        let upto = self.store.last_sequence()?;
        if !rebuild {
            match Generation::open_current(&dir, &self.lexicon) {
                Ok(Some(generation)) if !self.is_behind(&generation)? => return Ok(generation),
                Ok(Some(_)) => eprintln!("记录有了变化，重建索引"),
                Ok(None) => {}
                Err(error @ (IndexError::Stale { .. } | IndexError::Damaged { .. })) => {
                    eprintln!("{error}。现在自动重建");
                }
                Err(error) => return Err(error.into()),
            }
        }
        let started = Instant::now();
        let mut progress = Progress::new();
        // Two passes over all records.
        let total = self.store.count()? * 2;
        // Laws take effect by Beijing's calendar, wherever the machine stands.
        let today = jiff::tz::Offset::constant(8).to_datetime(jiff::Timestamp::now()).date();
        let number = build(&dir, &*self.store, &self.lexicon, upto, today, &mut |n| {
            progress.show("建立索引", n, Some(total));
        })?;
        progress.done(&format!("第 {number} 代索引已建成，用时 {:.1} 秒", started.elapsed().as_secs_f64()));
        let generation = Generation::open_current(&dir, &self.lexicon)?;
        generation.context("索引建成后没有找到")
    }

    /// Whether the store holds public records that a generation does not show. One that shows more than the store has was
    /// made from another store.
    fn is_behind(&self, generation: &Generation) -> Result<bool> {
        let shown = generation.manifest.upto;
        Ok(shown > self.store.last_sequence()? || self.store.public_change_after(shown)?)
    }

    /// Reads the dictionaries again; whether they have changed. Wrong ones are an error and change nothing.
    pub fn reload_lexicon(&mut self) -> Result<bool> {
        let lexicon = load_lexicon(&self.config)?;
        let changed = lexicon.fingerprint != self.lexicon.fingerprint;
        self.lexicon = lexicon;
        Ok(changed)
    }

    /// A generation newer than `number`, if one was published meanwhile.
    pub fn newer_than(&self, number: u64) -> Result<Option<Generation>, IndexError> {
        match current_number(&self.index_dir())? {
            Some(current) if current > number => match Generation::open_current(&self.index_dir(), &self.lexicon) {
                // Made with other dictionaries than ours: with those that are there now, as the next reading finds.
                Err(IndexError::Stale { .. }) => Ok(None),
                opened => opened,
            },
            _ => Ok(None),
        }
    }

    pub fn sources(&self) -> Result<Vec<directory::Source>> {
        Ok(directory::sources(&self.config.corpus, &mut Report::default())?)
    }
}

/// Dictionaries and generic abbreviations of a configuration.
pub fn load_lexicon(config: &Config) -> Result<Lexicon> {
    let dictionaries = Dictionaries::load(&config.dictionaries)?;
    let abbreviations = directory::generic_abbreviations(&config.corpus)
        .with_context(|| format!("事实表目录 {}", config.corpus.display()))?;
    Ok(Lexicon::new(dictionaries, abbreviations))
}

/// Says what came of an intake; every rejected row by name.
fn tell(what: &str, intake: &Intake, strict: bool) -> Result<()> {
    if intake.skipped {
        return Ok(());
    }
    let s = &intake.summary;
    eprintln!(
        "{what}：新增 {}，更新 {}，未变 {}，撤下 {}；与其他来源合并 {}",
        s.added, s.changed, s.unchanged, s.withdrawn, intake.united
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
