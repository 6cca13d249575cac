//! Names that institutions no longer have, as people type them.

use std::collections::HashMap;

use text::{
    Pipeline,
    dictionaries::{Dictionaries, FormerName, Scope, ShortForms},
};

/// What the dictionaries know of former names, by key.
pub struct FormerNames {
    central: HashMap<String, FormerName>,
    local: HashMap<String, FormerName>,
    pub short_forms: ShortForms,
}

impl FormerNames {
    pub fn new(pipeline: &Pipeline, dictionaries: &Dictionaries) -> Self {
        let of = |scope: Scope| {
            let names = dictionaries.former_names.iter().filter(|name| name.scope == scope);
            names.map(|name| (pipeline.key(&name.name), name.clone())).collect()
        };
        Self {
            central: of(Scope::Central),
            local: of(Scope::Local),
            short_forms: dictionaries.former_short_names.clone(),
        }
    }

    /// The former name of a central institution that a key is.
    pub fn central(&self, key: &str) -> Option<&FormerName> {
        self.central.get(key)
    }

    /// The former name that a key is of local institutions, without its region.
    pub fn local(&self, key: &str) -> Option<&FormerName> {
        self.local.get(key)
    }
}
