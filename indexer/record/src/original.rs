//! The file that a record was made from, as its sources name it.

use super::{Provenance, Source};

/// Beginning of the place of a file that is kept, before its sha256 in hex.
pub const ORIGINAL: &str = "sha256:";

impl Provenance {
    /// Name of the file that an upload came as.
    pub fn upload_name(&self) -> Option<&str> {
        match self.origin() {
            Source::Upload(name) => Some(name),
            _ => None,
        }
    }

    /// sha256 of the file that is kept of the source, in whatever form it is noted.
    pub fn stored_file(&self) -> Option<&str> {
        self.place.as_deref()?.strip_prefix(ORIGINAL)
    }

    /// sha256 of the file that an upload was, in lower-case hex.
    pub fn original(&self) -> Option<&str> {
        self.upload_name()?;
        self.stored_file().filter(|hash| is_sha256(hash))
    }
}

/// Whether a text is a sha256 in lower-case hex.
pub fn is_sha256(text: &str) -> bool {
    text.len() == 64 && text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_uploads_have_an_original_and_only_by_a_whole_hash() {
        let from = |source: &str, place: &str| Provenance {
            source: source.into(),
            place: Some(place.into()),
            date: None,
            licence: None,
        };
        let hash = "0f".repeat(32);
        let place = format!("sha256:{hash}");
        assert_eq!(from("upload:甲.pdf", &place).original(), Some(hash.as_str()));
        assert_eq!(from("upload:甲.pdf", &place).upload_name(), Some("甲.pdf"));
        assert_eq!(from("table:甲.csv", &place).original(), None);
        assert_eq!(from("table:甲.csv", &place).stored_file(), Some(hash.as_str()));
        for wrong in [hash.as_str(), "sha256:", "sha256:0F", &place.to_uppercase(), &format!("{place}0")] {
            assert_eq!(from("upload:甲.pdf", wrong).original(), None, "{wrong}");
        }
        assert_eq!(Provenance { place: None, ..from("upload:甲.pdf", "") }.original(), None);
    }
}
