//! Short names that several institutions go by.

/// A short name that several institutions share: 中大.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SharedName {
    pub short: String,
    /// Full names, the one that is meant most often first.
    pub institutions: Vec<String>,
    /// Why the first is, for a reader.
    pub ground: String,
}

impl SharedName {
    /// Where an institution stands among those that share the name; those that the table does not know come last.
    pub fn position(&self, full: &str) -> usize {
        self.institutions.iter().position(|body| body == full).unwrap_or(self.institutions.len())
    }
}
