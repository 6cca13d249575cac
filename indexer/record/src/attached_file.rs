//! Files beside a document's main text 附件: forms, lists, drawings. Each is kept by the hash of its content, as originals are.

use serde::{Deserialize, Serialize};

use crate::{Column, Shape, Values};

/// Files of one document: the longest notices have a dozen.
pub const MAX_ATTACHED: usize = 20;
/// Longest name of a file, in characters, and of the line that tells of one.
pub const MAX_FILE_NAME: usize = 120;
const MAX_LINE: usize = 300;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AttachedFile {
    /// As it came, without folders.
    pub name: String,
    /// What its content is, in words: PDF, Excel.
    pub format: String,
    /// In bytes.
    pub size: u64,
    /// Of its content, in lower-case hex.
    pub sha256: String,
}

impl AttachedFile {
    /// What dumps and comparisons say of it: name, what it is, size, hash.
    pub fn line(&self) -> String {
        format!("{}（{}，{} 字节，sha256:{}）", self.name, self.format, self.size, self.sha256)
    }

    /// Its size as people read it.
    pub fn size_words(&self) -> String {
        match self.size {
            n if n < 1 << 20 => format!("{} KB", n.div_ceil(1 << 10)),
            n => format!("{:.1} MB", n as f64 / f64::from(1 << 20)),
        }
    }
}

/// The column of kinds that have such files; it came after the first dumps.
pub(crate) const COLUMN: Column =
    Column::made("attachments", "附件", Shape::Lines { most: MAX_ATTACHED, longest: MAX_LINE }).later();

pub(crate) fn lines(files: &[AttachedFile]) -> Values {
    files.iter().map(AttachedFile::line).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_tells_all_and_sizes_are_rounded_up() {
        let file =
            |size| AttachedFile { name: "申请表.docx".into(), format: "Word".into(), size, sha256: "0f".repeat(32) };
        assert!(file(7).line().starts_with("申请表.docx（Word，7 字节，sha256:0f0f"));
        assert!(AttachedFile { name: "长".repeat(MAX_FILE_NAME), ..file(1) }.line().chars().count() <= MAX_LINE);
        let words: Vec<String> = [0, 1, 1024, 1025, 1 << 20, 3 << 19].map(|size| file(size).size_words()).to_vec();
        assert_eq!(words, ["0 KB", "1 KB", "1 KB", "2 KB", "1.0 MB", "1.5 MB"]);
    }
}
