//! Short names that several bodies go by.

/// A short name that several bodies share: 中大.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SharedName {
    pub short: String,
    /// Full names, the one that is meant most often first.
    pub bodies: Vec<String>,
    /// Why the first is, for a reader.
    pub ground: String,
}

impl SharedName {
    /// Where a body stands among those that share the name; those that the table does not know come last.
    pub fn position(&self, full: &str) -> usize {
        self.bodies.iter().position(|body| body == full).unwrap_or(self.bodies.len())
    }
}
