//! What a document keeps: one JSON text. It is read as it lies, without a detour over tantivy's own kind of document,
//! which would copy it field by field: the re-ranking of names reads two hundred of them a query.

use serde::{Serialize, de::DeserializeOwned};
use tantivy::{
    DocAddress, Searcher,
    schema::document::{DeserializeError, DocumentDeserialize, DocumentDeserializer},
};

use super::IndexError;

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
    let Stored(text) = searcher.doc(at)?;
    Ok(serde_json::from_str(&text)?)
}
