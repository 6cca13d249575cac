//! Reads facts and texts into records, and records into a search index.
//!
//! Data moves one way: the readers of [`corpus`] make [`record::Record`]s, [`text`] turns their words into tokens, and
//! [`index`] projects them into an immutable generation on disk. Nothing here knows HTTP or the record store. Each part is
//! a crate of its own; here they stand together under the names that the service knows them by.

pub use ::{embed, index, record, text};
pub use readers::{self as corpus, limited};

/// What is a web name, which others does it look like, and what do the rules of registration allow?
pub mod web_name {
    pub use record::{naming, registration as rules};
    pub use text::web_name::*;
}
