//! The index: a projection of the records into an immutable directory on disk, a *generation*.
//!
//! A generation holds two tantivy indexes (`directory`: institutions, divisions and web names; `library`: regulations
//! and articles), the [`catalogue`] of small facts that understanding a query needs, the segmenter's names, and a
//! manifest with versions and fingerprints. It is built aside, made durable, and published by renaming a pointer.

pub mod analyzer;
pub mod bank;
pub mod basis;
pub mod by_law;
pub mod catalogue;
pub mod citation;
pub mod completions;
pub mod fields;
mod files;
pub mod former_names;
pub mod gazetteer;
mod generation;
mod mapped;
pub mod meanings;
pub mod office_key;
pub mod official;
pub mod projection;
pub mod references;
pub mod seal;
pub mod spelling;
pub mod stored;
pub mod summary;
mod survey;
pub mod titles;
mod update;
pub mod vectors;
pub mod wordings;
mod writer;

use std::{collections::HashMap, path::Path};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

pub use files::OFFICIAL_DIR;
pub use generation::{Generation, Part, current_number, generation_dir};
pub use record::{Change, RecordSource};
pub use update::update;
pub use writer::{build, build_aside, build_for, publish};

use record::{Date, SharedName};
use text::{
    Normalizer, Pinyin, Segmenter,
    dictionaries::{Dictionaries, Scope},
};

/// The language data that an index is made and read with.
#[derive(Clone)]
pub struct Lexicon {
    pub dictionaries: Dictionaries,
    /// Generic name of an institution → canonical: 人社局 → 人力资源和社会保障局, 环保局 → 生态环境局.
    pub institution_names: Vec<(String, String)>,
    /// Short names that several institutions share.
    pub shared_names: Vec<SharedName>,
    /// Hash over all of it, kept in each generation's manifest.
    pub fingerprint: String,
}

impl Lexicon {
    /// `abbreviations` are the corpus's generic abbreviations; former names of local institutions join them.
    pub fn new(dictionaries: Dictionaries, abbreviations: Vec<(String, String)>) -> Self {
        let former = dictionaries.former_names.iter().filter(|n| n.scope == Scope::Local);
        let mut institution_names: Vec<(String, String)> =
            former.map(|n| (n.name.clone(), n.successor.clone())).collect();
        // A name in use today wins over a former one of the same letters.
        institution_names.extend(abbreviations);
        // A matter is named only where no institution's own name is meant.
        let matters =
            dictionaries.services.iter().filter(|(word, _)| !institution_names.iter().any(|(name, _)| name == word));
        let matters: Vec<(String, String)> = matters.cloned().collect();
        institution_names.extend(matters);
        let mut hash = Sha256::new();
        hash.update(dictionaries.fingerprint());
        for (short, full) in &institution_names {
            hash.update(format!("{short}\t{full}\n"));
        }
        Self { fingerprint: hex::encode(hash.finalize()), dictionaries, institution_names, shared_names: Vec::new() }
    }

    /// The same with short names that several institutions share.
    pub fn with_shared_names(mut self, shared_names: Vec<SharedName>) -> Self {
        let mut hash = Sha256::new();
        hash.update(&self.fingerprint);
        for name in &shared_names {
            hash.update(format!("{}\t{}\t{}\n", name.short, name.institutions.join(";"), name.ground));
        }
        self.fingerprint = hex::encode(hash.finalize());
        Self { shared_names, ..self }
    }

    pub fn normalizer(&self) -> Normalizer {
        Normalizer::new(&self.dictionaries.variants)
    }

    pub fn pinyin(&self) -> Pinyin {
        Pinyin::new(self.dictionaries.pinyin.clone())
    }

    pub fn segmenter(&self, names: &[impl AsRef<str>]) -> Segmenter {
        Segmenter::new(&self.dictionaries.words, names)
    }

    /// Former names by the full name of the central institution that succeeded.
    pub fn central_former_names(&self) -> HashMap<&str, Vec<&str>> {
        let mut found: HashMap<&str, Vec<&str>> = HashMap::new();
        for n in self.dictionaries.former_names.iter().filter(|n| n.scope == Scope::Central) {
            found.entry(&n.successor).or_default().push(&n.name);
        }
        found
    }
}

/// What a generation was made with and from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    pub number: u64,
    pub schema_version: u32,
    pub pipeline_version: u32,
    pub lexicon_fingerprint: String,
    /// The kinds of record, by whose order documents are numbered.
    #[serde(default)]
    pub kinds: Vec<String>,
    /// Sequence of the store's outbox that this generation shows.
    pub upto: u64,
    /// Changed records taken in since the last full build, whose words this generation keeps.
    pub changes: u64,
    pub built_on: Date,
    /// Records seen, published or not.
    pub counts_documents: u64,
    /// Every other file of the generation.
    #[serde(default)]
    pub files: seal::Seals,
    /// Hash over all of this; see [`seal`].
    #[serde(default)]
    pub own: String,
}

#[derive(Debug, thiserror::Error)]
pub enum IndexError {
    #[error("无法读写 {path}：{source}")]
    Io { path: String, source: std::io::Error },
    /// Made by another version or with other dictionaries; rebuilding mends it.
    #[error("第 {number} 代索引已过时（{reason}），请运行 guansou index --rebuild 重建")]
    Stale { number: u64, reason: String },
    #[error("索引已损坏：{path}：{reason}。请运行 guansou index --rebuild 重建")]
    Damaged { path: String, reason: String },
    #[error("索引引擎出错：{0}")]
    Engine(#[from] tantivy::TantivyError),
    #[error("索引数据无法编码：{0}")]
    Json(#[from] serde_json::Error),
    /// The source of the records failed.
    #[error("读取记录时出错：{0}")]
    Source(#[source] Box<dyn std::error::Error + Send + Sync>),
}

impl IndexError {
    pub(crate) fn io(path: &Path, source: std::io::Error) -> Self {
        Self::Io { path: path.display().to_string(), source }
    }
}
