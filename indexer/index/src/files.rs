//! What the files of a generation are called.

use std::{fs, path::Path};

pub(super) const POINTER_FILE: &str = "current";
pub(super) const MANIFEST_FILE: &str = "manifest.json";
pub(super) const CATALOGUE_FILE: &str = "catalogue.json";
pub(super) const COMPLETIONS_DIR: &str = "completions";
pub(super) const REFERENCES_DIR: &str = "references";
pub const OFFICIAL_DIR: &str = "official";
/// What has changed since the last full build; absent in a full build.
pub(super) const CHANGED_DIR: &str = "changed";
pub(super) const SURVEY_FILE: &str = "survey.json";
pub(super) const NAMES_FILE: &str = "names.txt";
pub(super) const DIRECTORY_DIR: &str = "directory";
pub(super) const LIBRARY_DIR: &str = "library";

/// Whether two paths are links to one file.
pub(super) fn same_file(a: &Path, b: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    let id = |path: &Path| fs::metadata(path).ok().map(|m| (m.dev(), m.ino()));
    id(a).is_some_and(|found| Some(found) == id(b))
}
