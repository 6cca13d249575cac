//! Official web names 网上名称 under .政务 and .公益.

use serde::{Deserialize, Serialize};

use super::Evidence;

/// A web name met in a source, whether or not its owner has a record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WebName {
    /// As people read it: 国务院.政务.
    pub name: String,
    /// The A-label form: xn--zfr54hdx6e.xn--zfr164b.
    pub ascii: String,
    pub institution_name: String,
    /// Record of the owner, where there is one.
    pub institution_id: Option<String>,
    pub evidence: Evidence,
    /// What the attribution rests on, as the source says it.
    pub basis: String,
}
