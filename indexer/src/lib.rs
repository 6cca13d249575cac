//! Reads facts and texts into records, and records into a search index.
//!
//! Data moves one way: [`corpus`] readers make [`record::Record`]s, [`text`] turns their words into tokens, and
//! [`index`] projects them into an immutable generation on disk. Nothing here knows HTTP or the record store.

pub mod corpus;
pub mod index;
pub mod limited;
pub mod record;
pub mod text;
pub mod web_name;
