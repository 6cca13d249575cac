//! An institution, or a record of a general kind, as ranking sees it. The summary stands before the entry's JSON in the same
//! stored text, so that the two hundred names looked at for a query are put in order, and counted, without parsing their
//! records.

use record::{Entry, Evidence, Info, Institution, InstitutionLevel, Website, kind_named};
use text::Pipeline;

/// Ends the summary; what follows is the entry as JSON.
const END: char = '\n';
/// Stands between its fields. In what is written neither may stand, and is a space there.
const BETWEEN: char = '\t';
/// An index that stands for none.
const NONE: &str = "-";

/// What a record is ranked, counted and filtered by.
#[derive(Debug, PartialEq)]
pub struct Summary<'t> {
    pub id: &'t str,
    /// Name of the general kind; `None` of an institution.
    pub of: Option<&'static str>,
    /// Code of the division it belongs to.
    pub division: Option<&'t str>,
    /// The institution's level, else that of institutions of the division.
    pub level: InstitutionLevel,
    /// Whether it bears a name of its own, as schools do, and not one that says what it is in charge of.
    pub has_own_name: bool,
    /// How well its first site is attested.
    pub evidence: Option<Evidence>,
    /// Whether one of an institution's names hides characters.
    pub deceives: bool,
    /// Keys of all its names, parted by [`BETWEEN`].
    keys: &'t str,
}

/// What is written of a record before its keys.
struct Facts<'r> {
    id: &'r str,
    of: Option<&'static str>,
    division: Option<&'r str>,
    level: InstitutionLevel,
    has_own_name: bool,
    sites: &'r [Website],
    deceives: bool,
}

impl<'t> Summary<'t> {
    /// Writes the summary of an institution, with its end.
    pub(super) fn write(pipeline: &Pipeline, id: &str, i: &Institution) -> String {
        let facts = Facts {
            id,
            of: None,
            division: Some(i.division.as_str()),
            level: i.level,
            has_own_name: i.category.has_own_names(),
            sites: &i.websites,
            deceives: i.names().any(text::names::deceives),
        };
        written(pipeline, &facts, i.names())
    }

    /// Writes the summary of a record of a general kind, with its end.
    pub(super) fn write_listed(pipeline: &Pipeline, id: &str, of: &'static Info, entry: &Entry) -> String {
        let facts = Facts {
            id,
            of: Some(of.name),
            division: entry.division.as_ref().map(|division| division.as_str()),
            level: entry.division.as_ref().map_or(InstitutionLevel::Central, InstitutionLevel::of),
            has_own_name: false,
            sites: &entry.sites,
            deceives: false,
        };
        let names = std::iter::once(&entry.name).chain(&entry.other_names).chain(&entry.asked_as);
        written(pipeline, &facts, names.map(String::as_str))
    }

    /// Reads the summary that a stored text begins with; `None` where it has none, as divisions and web names have none.
    pub fn read(stored: &'t str) -> Option<Self> {
        let (line, _) = parts(stored)?;
        let mut fields = line.splitn(8, BETWEEN);
        let given = |field: &'t str| (field != NONE).then_some(field);
        Some(Self {
            id: fields.next()?,
            of: match given(fields.next()?) {
                None => None,
                Some(name) => Some(kind_named(name)?.name),
            },
            division: given(fields.next()?),
            level: *InstitutionLevel::ALL.get(fields.next()?.parse::<usize>().ok()?)?,
            has_own_name: fields.next()? == "1",
            evidence: match given(fields.next()?) {
                None => None,
                Some(at) => Some(*Evidence::ALL.get(at.parse::<usize>().ok()?)?),
            },
            deceives: fields.next()? == "1",
            keys: fields.next()?,
        })
    }

    /// Keys of its names: the full one, then the others as the record has them.
    pub fn keys(&self) -> impl Iterator<Item = &'t str> + use<'t> {
        self.keys.split(BETWEEN)
    }
}

/// The summary and the JSON of a stored text that has both. JSON has no end of line in it: they are escaped.
pub(super) fn parts(stored: &str) -> Option<(&str, &str)> {
    stored.split_once(END)
}

fn written<'n>(pipeline: &Pipeline, facts: &Facts<'_>, names: impl Iterator<Item = &'n str>) -> String {
    let evidence = facts.sites.first().map(|site| position(&Evidence::ALL, &site.evidence));
    let fields = [
        facts.id.to_owned(),
        facts.of.unwrap_or(NONE).to_owned(),
        facts.division.unwrap_or(NONE).to_owned(),
        position(&InstitutionLevel::ALL, &facts.level),
        u8::from(facts.has_own_name).to_string(),
        evidence.unwrap_or_else(|| NONE.to_owned()),
        u8::from(facts.deceives).to_string(),
    ];
    let keys = names.map(|name| pipeline.key(name));
    let all = fields.into_iter().chain(keys).map(|field| field.replace([END, BETWEEN], " "));
    let mut line = all.collect::<Vec<_>>().join("\t");
    line.push(END);
    line
}

fn position<T: PartialEq>(all: &[T], one: &T) -> String {
    all.iter().position(|other| other == one).unwrap_or_default().to_string()
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use proptest::prelude::*;
    use record::{Body, KINDS, samples};
    use text::{Normalizer, Pinyin, Segmenter};

    use super::*;

    fn pipeline() -> &'static Pipeline {
        static PIPELINE: std::sync::LazyLock<Pipeline> = std::sync::LazyLock::new(|| Pipeline {
            normalizer: Normalizer::new(&HashMap::new()),
            segmenter: Segmenter::new(&[], &[""; 0]),
            pinyin: Pinyin::default(),
        });
        &PIPELINE
    }

    proptest! {
        /// Whatever an institution is called, its summary says what its record says.
        #[test]
        fn what_is_written_is_read(name in "\\PC{1,12}|[\t\n一]{1,4}", others in prop::collection::vec(".{0,8}", 0..3)) {
            let Body::Institution(mut i) = samples::institution("id", "遵义市人民政府", "520300").body else {
                panic!("an institution");
            };
            (i.name, i.short_names) = (name, others);
            let stored = Summary::write(pipeline(), "id", &i) + "{\"a\":1}";
            let read = Summary::read(&stored).expect("a summary");
            prop_assert_eq!((read.id, read.of, read.division, read.level), ("id", None, Some("520300"), i.level));
            prop_assert_eq!(read.evidence, i.websites.first().map(|site| site.evidence));
            prop_assert_eq!(read.deceives, i.names().any(text::names::deceives));
            let keys: Vec<String> = i.names().map(|name| pipeline().key(name).replace(['\t', '\n'], " ")).collect();
            prop_assert_eq!(read.keys().collect::<Vec<_>>(), keys);
            prop_assert_eq!(parts(&stored).map(|(_, json)| json), Some("{\"a\":1}"));
        }
    }

    #[test]
    fn a_general_record_has_one_and_a_division_has_none() {
        for kind in KINDS.iter().filter(|kind| kind.general) {
            let mut body = Body::blank(kind.name).expect("a kind of the list");
            body.fill(|column| Some(column.example)).expect("examples are valid");
            let Some(entry) = body.entry() else { continue };
            let stored = Summary::write_listed(pipeline(), "id", kind, &entry) + "{}";
            let read = Summary::read(&stored).expect("a summary");
            assert_eq!((read.of, read.id), (Some(kind.name), "id"));
            assert_eq!(read.division, entry.division.as_ref().map(|division| division.as_str()), "{}", kind.name);
            assert_eq!(read.keys().next(), Some(&*pipeline().key(&entry.name)), "{}", kind.name);
        }
        assert_eq!(Summary::read("{\"division\":{\"code\":\"520300\"}}"), None);
    }
}
