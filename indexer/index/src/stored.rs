//! What a document keeps: one JSON text, and before it in the directory the [`summary`] that ranking reads. It is read as it
//! lies, without a detour over tantivy's own kind of document, which would copy it field by field.

use serde::{Serialize, de::DeserializeOwned};
use tantivy::{
    DocAddress, Searcher,
    schema::document::{DeserializeError, DocumentDeserialize, DocumentDeserializer},
};

use super::{IndexError, summary};

/// The text of a document's only stored field.
struct Stored(String);

impl DocumentDeserialize for Stored {
    fn deserialize<'de, D: DocumentDeserializer<'de>>(mut document: D) -> Result<Self, DeserializeError> {
        let field = document.next_field::<String>()?;
        field.map(|(_, text)| Self(text)).ok_or_else(|| DeserializeError::custom("nothing is stored"))
    }
}

pub(super) fn encode(entry: &impl Serialize) -> String {
    // Structs of strings and numbers always have a JSON form.
    serde_json::to_string(entry).unwrap_or_else(|error| unreachable!("an entry is plain data: {error}"))
}

/// The entry of a document; an error where the index is damaged.
pub fn read<T: DeserializeOwned>(searcher: &Searcher, at: DocAddress) -> Result<T, IndexError> {
    parse(&text(searcher, at)?)
}

/// What a document keeps, as it lies: a summary may be read from it, or its entry.
pub fn text(searcher: &Searcher, at: DocAddress) -> Result<String, IndexError> {
    let Stored(text) = searcher.doc(at)?;
    Ok(text)
}

/// The entry in a stored text; an error where the index is damaged.
pub fn parse<T: DeserializeOwned>(stored: &str) -> Result<T, IndexError> {
    Ok(serde_json::from_str(summary::parts(stored).map_or(stored, |(_, json)| json))?)
}
