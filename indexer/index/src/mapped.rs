//! Files of a generation read where they lie: nothing of them is copied, and what is not looked at takes no memory of
//! ours. They never change once they are published; a removed one stays readable until it is let go.

use std::path::Path;

use tantivy::directory::{Directory, MmapDirectory, OwnedBytes, error::OpenReadError};

use super::IndexError;

/// The whole of a file of a directory.
pub(super) fn read(dir: &Path, name: &str) -> Result<OwnedBytes, IndexError> {
    let failed = |error: std::io::Error| IndexError::io(&dir.join(name), error);
    let directory = MmapDirectory::open(dir).map_err(|e| failed(std::io::Error::other(e)))?;
    let file = directory.open_read(Path::new(name)).map_err(|error| match error {
        OpenReadError::FileDoesNotExist(_) => failed(std::io::ErrorKind::NotFound.into()),
        other => failed(std::io::Error::other(other)),
    })?;
    file.read_bytes().map_err(failed)
}
