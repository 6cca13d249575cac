//! The kinds of record: one folder and one line each. Nothing else lists them.

use serde::{Deserialize, Serialize};

use super::{
    DivisionCode, Evidence, Website,
    kind::{Entry, Info, Kind, Values, columns},
};

macro_rules! kinds {
    ($($(#[$attribute:meta])* $module:ident::$kind:ident,)*) => {
        $(pub mod $module;)*

        /// What a record is about.
        #[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(tag = "kind", rename_all = "snake_case")]
        pub enum Body {
            $($(#[$attribute])* $kind($module::$kind),)*
        }

        /// All kinds, in the order of their list.
        pub static KINDS: &[&Info] = &[$({
            static INFO: Info = Info {
                name: <$module::$kind as Kind>::NAME,
                label: <$module::$kind as Kind>::LABEL,
                path: <$module::$kind as Kind>::PATH,
                audience: <$module::$kind as Kind>::AUDIENCE,
                general: <$module::$kind as Kind>::GENERAL,
                columns: &columns::<$module::$kind, { <$module::$kind as Kind>::FIELDS.len() }>(),
            };
            &INFO
        },)*];

        impl Body {
            /// Its kind.
            pub fn info(&self) -> &'static Info {
                /// Places in [`KINDS`].
                enum At { $($kind),* }
                KINDS[match self { $(Self::$kind(_) => At::$kind as usize),* }]
            }

            /// Name or title, for people.
            pub fn title(&self) -> &str {
                match self { $(Self::$kind(body) => body.title()),* }
            }

            /// The division that it belongs to; `None` for the nation, and where only another record tells.
            pub fn division(&self) -> Option<&DivisionCode> {
                match self { $(Self::$kind(body) => body.division()),* }
            }

            /// The values of a column, by its place among the kind's columns.
            pub fn values(&self, at: usize) -> Values {
                match self { $(Self::$kind(body) => (<$module::$kind as Kind>::FIELDS[at].get)(body)),* }
            }

            /// Puts values, which have the column's shape, into it; the error says how to mend them.
            pub fn set(&mut self, at: usize, values: Values) -> Result<(), String> {
                match self { $(Self::$kind(body) => (<$module::$kind as Kind>::FIELDS[at].set)(body, values)),* }
            }

            /// What the general form begins with where there is no record; `None` for kinds that do not come from it.
            pub fn blank(kind: &str) -> Option<Self> {
                $(if kind == <$module::$kind as Kind>::NAME {
                    return <$module::$kind as Kind>::blank().map(Self::$kind);
                })*
                None
            }

            /// The addresses that it gives, best evidence first.
            pub fn sites(&self) -> &[Website] {
                match self { $(Self::$kind(body) => body.sites()),* }
            }

            pub fn sites_mut(&mut self) -> Option<&mut Vec<Website>> {
                match self { $(Self::$kind(body) => body.sites_mut()),* }
            }

            /// What is wrong with facts that are each right by themselves: by name of the column, how to mend it.
            fn faults(&self) -> Vec<(&'static str, String)> {
                match self { $(Self::$kind(body) => body.faults()),* }
            }

            /// The id of a record with these facts; `None` where ids come from elsewhere.
            pub fn id(&self) -> Option<String> {
                match self { $(Self::$kind(body) => body.id()),* }
            }

            /// What it rests on: ids of records, and works of law as [`work_reference`](crate::work_reference) names them.
            pub fn rests_on(&self) -> Vec<String> {
                match self { $(Self::$kind(body) => body.rests_on()),* }
            }

            /// What the directory's index knows of it, for kinds that it knows in general.
            pub fn entry(&self) -> Option<Entry> {
                match self { $(Self::$kind(body) => body.entry()),* }
            }
        }
    };
}

kinds! {
    division::Division,
    institution::Institution,
    regulation::Regulation,
    web_name::WebName,
    correction::Correction,
    submission::Submission,
    account::Account,
    api_key::ApiKey,
    #[serde(rename = "service")]
    service::OfficialService,
    material::Material,
    task::Task,
}

impl Body {
    /// Whether records of this kind are for the public at all. Those between readers, offices and the service never are,
    /// whatever their state.
    pub fn is_for_the_public(&self) -> bool {
        self.info().is_public()
    }

    /// What a kind is called.
    pub fn kind_label(&self) -> &'static str {
        self.info().label
    }

    /// The kind's name, as in the API and the store.
    pub fn kind(&self) -> &'static str {
        self.info().name
    }

    /// Each column with its values.
    pub fn facts(&self) -> impl Iterator<Item = (&'static super::kind::Column, Values)> {
        self.info().columns.iter().enumerate().map(|(at, column)| (*column, self.values(at)))
    }

    /// Puts what was typed into the columns that people give, by `typed` from a column; what that leaves out stays. All that
    /// is wrong is told, by column.
    pub fn fill<'t>(
        &mut self,
        typed: impl Fn(&'static super::kind::Column) -> Option<&'t str>,
    ) -> Result<(), Vec<(&'static super::kind::Column, String)>> {
        let mut faults = Vec::new();
        for (at, column) in self.info().columns.iter().copied().enumerate().filter(|(_, column)| column.given) {
            let Some(text) = typed(column) else { continue };
            if let Err(fault) = column.read(text).and_then(|values| self.set(at, values)) {
                faults.push((column, fault));
            }
        }
        if faults.is_empty() {
            let column = |name: &str| self.info().columns.iter().copied().find(|column| column.name == name);
            faults.extend(self.faults().into_iter().filter_map(|(name, fault)| Some((column(name)?, fault))));
        }
        if faults.is_empty() { Ok(()) } else { Err(faults) }
    }

    /// The body with what is known of its addresses: those of `before` keep their evidence, new ones are claimed by `source`.
    pub fn with_evidence_of(mut self, before: Option<&Body>, source: &str) -> Self {
        for site in self.sites_mut().into_iter().flatten() {
            let known = before.and_then(|before| before.sites().iter().find(|known| known.host == site.host));
            (site.evidence, site.sources) = match known {
                Some(known) => (known.evidence, known.sources.clone()),
                None => (Evidence::Claimed, vec![source.to_owned()]),
            };
        }
        self
    }
}

/// The kind of a name, as in the API and the store.
pub fn kind_named(name: &str) -> Option<&'static Info> {
    KINDS.iter().copied().find(|info| info.name == name)
}

/// The kind whose records lie below a path.
pub fn kind_at(path: &str) -> Option<&'static Info> {
    KINDS.iter().copied().find(|info| info.path == path && !path.is_empty())
}
