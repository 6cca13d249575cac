//! The kinds of record: one folder and one line each. Nothing else lists them.

mod tagged;

use std::fmt;

use serde::{
    Deserialize, Deserializer, Serialize,
    de::{Error as _, MapAccess, Visitor, value::MapAccessDeserializer},
};

use tagged::{FirstAgain, TAG};

use super::{
    AttachedFile, Audience, DivisionCode, RegulationLevel, Website,
    attached_file::COLUMN,
    keys::Envelope,
    kind::{Column, Entry, Fault, Info, Kind, Mend, Planned, Shape, Values, Vouched, Word, columns},
    lists::ListRow,
};

macro_rules! kinds {
    ($($(#[$attribute:meta])* $module:ident::$kind:ident,)*) => {
        $(pub mod $module;)*

        /// What a record is about.
        #[allow(clippy::large_enum_variant, reason = "a record is read, used and dropped; a box for each would cost more")]
        #[derive(Debug, Clone, PartialEq, Eq, Serialize)]
        #[serde(tag = "kind", rename_all = "snake_case")]
        pub enum Body {
            $($(#[$attribute])* $kind($module::$kind),)*
        }

        /// The same, read by way of a copy of all its facts, since the kind may stand behind them.
        #[allow(clippy::large_enum_variant, reason = "it is read and taken apart at once")]
        #[derive(Deserialize)]
        #[serde(tag = "kind", rename_all = "snake_case")]
        enum AnyOrder {
            $($(#[$attribute])* $kind($module::$kind),)*
        }

        impl From<AnyOrder> for Body {
            fn from(read: AnyOrder) -> Self {
                match read { $(AnyOrder::$kind(body) => Self::$kind(body)),* }
            }
        }

        /// As the service writes a body, its kind stands first, and the facts behind it are read as that kind's without
        /// being copied first.
        impl<'de> Deserialize<'de> for Body {
            fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                struct Reader;
                impl<'de> Visitor<'de> for Reader {
                    type Value = Body;

                    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                        f.write_str("a record's body with its kind")
                    }

                    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Body, A::Error> {
                        let Some(first) = map.next_key::<String>()? else { return Err(A::Error::missing_field(TAG)) };
                        if first != TAG {
                            let whole = MapAccessDeserializer::new(FirstAgain::new(first, map));
                            return AnyOrder::deserialize(whole).map(Body::from);
                        }
                        let kind: String = map.next_value()?;
                        let facts = MapAccessDeserializer::new(map);
                        $(if kind == <$module::$kind as Kind>::NAME {
                            return <$module::$kind>::deserialize(facts).map(Body::$kind);
                        })*
                        Err(A::Error::custom(format_args!("unknown kind `{kind}`")))
                    }
                }
                from.deserialize_map(Reader)
            }
        }

        /// All kinds, in the order of their list.
        pub static KINDS: &[&Info] = &[$({
            static INFO: Info = Info {
                name: <$module::$kind as Kind>::NAME,
                label: <$module::$kind as Kind>::LABEL,
                path: <$module::$kind as Kind>::PATH,
                audience: <$module::$kind as Kind>::AUDIENCE,
                narrows: <$module::$kind as Kind>::NARROWS,
                general: <$module::$kind as Kind>::GENERAL,
                menu: <$module::$kind as Kind>::MENU,
                versions: <$module::$kind as Kind>::VERSIONS,
                by_lines: <$module::$kind as Kind>::BY_LINES,
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

            /// Who may see it at all.
            pub fn audience(&self) -> Audience {
                match self { $(Self::$kind(body) => body.audience()),* }
            }

            /// The division on whose line offices may read it, where it is for them.
            pub fn shared_on(&self) -> DivisionCode {
                let line = match self { $(Self::$kind(body) => body.shared_on()),* };
                line.unwrap_or_else(DivisionCode::nation)
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

            /// What becomes of given facts, and what is wrong with them beside those `before`, by column.
            fn complete(&mut self, before: Option<&Body>, word: Word<'_>) -> Vec<Fault> {
                match self { $(Self::$kind(body) => {
                    let before = match before {
                        Some(Self::$kind(before)) => Some(before),
                        _ => None,
                    };
                    body.complete(before, word)
                }),* }
            }

            /// An institution that it names, and where that one's id is kept.
            pub fn named_institution(&mut self) -> Option<(&str, &mut Option<String>)> {
                match self { $(Self::$kind(body) => body.named_institution()),* }
            }

            /// The institution in charge, by its name and its record's id.
            pub fn in_charge(&self) -> Option<(String, Option<String>)> {
                match self { $(Self::$kind(body) => body.in_charge()),* }
            }

            /// The id of a record with these facts; `None` where ids come from elsewhere.
            pub fn id(&self) -> Option<String> {
                match self { $(Self::$kind(body) => body.id()),* }
            }

            /// Keys by which it is found by something else than its id.
            pub fn keys(&self, of: &Envelope<'_>) -> Vec<String> {
                match self { $(Self::$kind(body) => body.keys(of)),* }
            }

            /// What it rests on: ids of records, and works of law as [`work_reference`](crate::work_reference) names
            /// them.
            pub fn rests_on(&self) -> Vec<String> {
                match self { $(Self::$kind(body) => body.rests_on()),* }
            }

            /// Levels of regulations of which it has to rest on at least one.
            pub fn may_rest_on(&self) -> Option<&'static [RegulationLevel]> {
                match self { $(Self::$kind(body) => body.may_rest_on()),* }
            }

            /// Whether it keeps back something from the public that its columns could hold.
            pub fn restricts(&self) -> bool {
                match self { $(Self::$kind(body) => body.restricts()),* }
            }

            /// What is to be mended of it, though it stands.
            pub fn shortcomings(&self) -> Vec<String> {
                match self { $(Self::$kind(body) => body.shortcomings()),* }
            }

            /// Whether its kind tells of things to be mended at all.
            pub fn may_need_mending(&self) -> bool {
                match self { $(Self::$kind(body) => body.to_mend().is_some()),* }
            }

            /// What it tells to be wrong, to be mended by a day.
            pub fn to_mend(&self) -> Vec<Mend> {
                match self { $(Self::$kind(body) => body.to_mend().unwrap_or_default()),* }
            }

            /// The files beside its text.
            pub fn attached(&self) -> &[AttachedFile] {
                match self { $(Self::$kind(body) => body.attached()),* }
            }

            /// The same to be changed; `None` for kinds that have none.
            pub fn attached_mut(&mut self) -> Option<&mut Vec<AttachedFile>> {
                match self { $(Self::$kind(body) => body.attached_mut()),* }
            }

            /// The site that it vouches for.
            pub fn vouches(&self) -> Option<Vouched> {
                match self { $(Self::$kind(body) => body.vouches()),* }
            }

            /// What it is in a list of powers and duties.
            pub fn listed(&self) -> Option<ListRow> {
                match self { $(Self::$kind(body) => body.listed()),* }
            }

            /// What it does to institutions once it is published.
            pub fn plan(&self) -> Vec<Planned> {
                match self { $(Self::$kind(body) => body.plan()),* }
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
    power_item::PowerItem,
    staffing_scheme::StaffingScheme,
    staff_count::StaffCount,
    institution_event::InstitutionEvent,
    name_application::NameApplication,
    site_mark::SiteMark,
    site_check::SiteCheck,
    catalogue_item::CatalogueItem,
    duty_item::DutyItem,
    list_version::ListVersion,
    list_change::ListChange,
    reform_plan::ReformPlan,
    handling::Handling,
}

impl Body {
    /// Whether it is for the public at all. What is between readers, offices and the service never is, whatever its
    /// state.
    pub fn is_for_the_public(&self) -> bool {
        self.audience() == Audience::Public
    }

    /// Whether offices share it with each other and not with the public: they search and read it.
    pub fn is_shared(&self) -> bool {
        self.audience() == Audience::Offices && self.info().general
    }

    /// Whether records of this kind may have files beside their text.
    pub fn has_attached(&self) -> bool {
        self.info().columns.iter().any(|column| column.name == COLUMN.name)
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
    pub fn facts(&self) -> impl Iterator<Item = (&'static Column, Values)> {
        self.info().columns.iter().enumerate().map(|(at, column)| (*column, self.values(at)))
    }

    /// Each column that cites regulations with its values, where it has some.
    pub fn bases(&self) -> impl Iterator<Item = (&'static Column, Values)> {
        let cites = self.info().columns.iter().enumerate().filter(|(_, column)| column.cites);
        cites.map(|(at, column)| (*column, self.values(at))).filter(|(_, values)| !values.is_empty())
    }

    /// Puts what was typed into the columns that people give, by `typed` from a column; what that leaves out stays. All
    /// that is wrong is reported, by column.
    pub fn fill<'t>(
        &mut self,
        typed: impl Fn(&'static Column) -> Option<&'t str>,
    ) -> Result<(), Vec<(&'static Column, String)>> {
        let mut faults = Vec::new();
        let mut given: Vec<_> = self.info().columns.iter().copied().enumerate().filter(|(_, c)| c.given).collect();
        // Where a record belongs comes first: other columns may follow from it.
        given.sort_by_key(|(_, column)| !matches!(column.shape, Shape::Division));
        for (at, column) in given {
            let Some(text) = typed(column) else { continue };
            if let Err(fault) = column.read(text).and_then(|values| self.set(at, values)) {
                faults.push((column, fault));
            }
        }
        if faults.is_empty() { Ok(()) } else { Err(faults) }
    }

    /// Changes the record that stood there `before`, or begins a new one, by what was typed: see [`fill`](Self::fill)
    /// and [`Kind::complete`].
    pub fn edit<'t>(
        &mut self,
        before: Option<&Body>,
        word: Word<'_>,
        typed: impl Fn(&'static Column) -> Option<&'t str>,
    ) -> Result<(), Vec<(&'static Column, String)>> {
        let mut faults = self.fill(typed).err().unwrap_or_default();
        let columns = self.info().columns;
        for (at, column) in columns.iter().copied().enumerate().filter(|(_, column)| column.fixed) {
            let was = before.map_or_else(|| self.values(at), |before| before.values(at));
            if was != self.values(at) {
                faults.push((column, format!("已有记录的{}是 {}，不能改动", column.label, was.join("；"))));
            }
        }
        let told = self.complete(before, word).into_iter();
        let named = |name: &str| columns.iter().copied().find(|column| column.name == name).unwrap_or(columns[0]);
        faults.extend(told.map(|(name, fault)| (named(name), fault)));
        if faults.is_empty() { Ok(()) } else { Err(faults) }
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

#[cfg(test)]
mod tests {
    use serde_json::{Map, Value, json};

    use super::*;

    /// One of each kind that forms know, with the examples of its columns.
    fn one_of_each() -> impl Iterator<Item = Body> {
        KINDS.iter().filter_map(|kind| {
            let mut body = Body::blank(kind.name)?;
            let _ = body.fill(|column| Some(column.example).filter(|example| !example.is_empty()));
            Some(body)
        })
    }

    #[test]
    fn a_body_is_read_wherever_its_kind_stands() {
        for body in one_of_each() {
            let text = serde_json::to_string(&body).unwrap();
            let first = format!(r#"{{"kind":"{}","#, body.kind());
            assert!(text.starts_with(&first), "{text}");
            assert_eq!(serde_json::from_str::<Body>(&text).unwrap(), body);
            let facts = text[first.len()..].strip_suffix('}').unwrap();
            let last = format!(r#"{{{facts},"kind":"{}"}}"#, body.kind());
            assert_eq!(serde_json::from_str::<Body>(&last).unwrap(), body, "{last}");
            assert_eq!(serde_json::from_value::<Body>(serde_json::to_value(&body).unwrap()).unwrap(), body);
            // What is not the kind's is refused, before its facts and behind them.
            for (before, behind) in [(r#""x":1,"#, ""), ("", r#","x":1"#)] {
                let with = format!(r#"{{{before}"kind":"{}",{facts}{behind}}}"#, body.kind());
                assert!(serde_json::from_str::<Body>(&with).is_err(), "{with}");
            }
        }
        for wrong in [json!({}), json!({"kind": "甲"}), json!({"kind": 1}), json!({"name": "甲"}), json!(["kind"])] {
            assert!(serde_json::from_value::<Body>(wrong.clone()).is_err(), "{wrong}");
        }
        let body = one_of_each().next().unwrap();
        let Value::Object(facts) = serde_json::to_value(&body).unwrap() else { unreachable!() };
        let without: Map<String, Value> = facts.into_iter().filter(|(name, _)| name != "kind").collect();
        assert!(serde_json::from_value::<Body>(Value::Object(without)).is_err());
    }

    #[test]
    fn the_institution_in_charge_is_the_one_that_search_knows() {
        let mut named = 0;
        for body in one_of_each() {
            let known = body.entry().map(|entry| (entry.owner_name, entry.owner_id));
            assert_eq!(body.in_charge(), known, "{}", body.kind());
            named += usize::from(known.is_some_and(|(name, _)| !name.is_empty()));
        }
        assert!(named > 3);
    }
}
