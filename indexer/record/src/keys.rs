//! Keys by which a store finds records by something else than their id: queues, numbers, names.
//!
//! A key is text that a record makes of itself. Its parts stand apart by `\0`, which no part holds; the first names the
//! listing, the last sets records with otherwise the same key apart. [`Kind::keys`](super::Kind::keys) writes them, the
//! listings of the store read them.

use sha2::{Digest, Sha256};
use text::names;

use super::{DivisionCode, Provenance, Record, State};

/// Longest part of a key, in characters: two numbers or names that agree so far are one for a look-up, whose caller
/// compares what it finds.
const MAX_PART: usize = 100;

/// What stands around the typed content of a record, with its number among all changes.
pub struct Envelope<'a> {
    pub id: &'a str,
    pub kind: &'static str,
    pub state: State,
    pub owner: Option<&'a DivisionCode>,
    pub is_public: bool,
    pub provenance: &'a [Provenance],
    sequence: u64,
}

impl<'a> Envelope<'a> {
    pub fn of(record: &'a Record, sequence: u64) -> Self {
        Self {
            id: &record.id,
            kind: record.body.kind(),
            state: record.state,
            owner: record.owner.as_ref(),
            is_public: record.is_public(),
            provenance: &record.provenance,
            sequence,
        }
    }

    /// Whether somebody has still to act on it.
    pub fn is_open(&self) -> bool {
        matches!(self.state, State::Draft | State::Submitted | State::Returned | State::Approved)
    }

    /// The code of the division that answers for it.
    pub fn owner_code(&self) -> &str {
        self.owner.map_or("000000", DivisionCode::as_str)
    }

    /// A last part that puts what changed first in front.
    pub fn oldest_first(&self) -> String {
        format!("{:016x}", self.sequence)
    }

    /// A last part that puts what changed last in front.
    pub fn newest_first(&self) -> String {
        format!("{:016x}", u64::MAX - self.sequence)
    }

    /// Among the records of its kind by their last change.
    pub fn changed(&self) -> String {
        key(&["changed", self.kind, &self.newest_first(), self.id])
    }

    /// In the queue of its kind, state and division.
    pub fn waiting(&self) -> String {
        key(&["waiting", self.kind, state(self.state), self.owner_code(), &self.oldest_first()])
    }
}

/// A key of its parts.
pub fn key(parts: &[&str]) -> String {
    parts.join("\0")
}

/// Any text as a part of a key.
pub fn part(text: &str) -> String {
    text.chars().filter(|c| *c != '\0').take(MAX_PART).collect()
}

/// An institution's name as a part of the key of an event that names it.
pub fn named_in_event(name: &str) -> String {
    part(names::without_country(name))
}

/// What names that look alike share, in 64 bits: names may be long, and a key is stored twice. Whoever looks compares
/// what is found.
pub fn alike(name: &str) -> String {
    hex::encode(Sha256::digest(names::alike(name)))[..16].to_owned()
}

/// A state as a part of a key.
pub fn state(state: State) -> &'static str {
    match state {
        State::Draft => "draft",
        State::Submitted => "submitted",
        State::Returned => "returned",
        State::Approved => "approved",
        State::Published => "published",
        State::Withdrawn => "withdrawn",
    }
}
