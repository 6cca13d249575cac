//! One suite for every backend: each file has what one promise of the store asks of it.

/// Makes a test for every backend of each function that takes one.
macro_rules! for_each_backend {
    ($($test:ident),+ $(,)?) => {
        for_each_backend!(sled, crate::Backend::Sled, [$($test),+]);
        for_each_backend!(redb, crate::Backend::Redb, [$($test),+]);
    };
    ($name:ident, $backend:expr, [$($test:ident),+]) => {
        mod $name {
            $(
                #[test]
                fn $test() {
                    super::$test($backend);
                }
            )+
        }
    };
}

mod audit;
mod failures;
mod imports;
mod killed;
mod listings;
mod loss;
mod opening;
mod public_log;
mod revisions;

use record::{Article, Body, Division, DivisionCode, DivisionLevel, Provenance, Record, Regulation, RegulationLevel};

fn provenance() -> Vec<Provenance> {
    vec![Provenance { source: "test".into(), place: None, date: None, licence: None }]
}

fn division(id: &str, name: &str) -> Record {
    let division = Division {
        code: DivisionCode::nation(),
        name: name.into(),
        level: DivisionLevel::County,
        parent: None,
        short_name: name.into(),
        aliases: Vec::new(),
        former_names: Vec::new(),
        former: Vec::new(),
    };
    Record::published(id, None, provenance(), Body::Division(division))
}

fn regulation(id: &str, texts: &[String]) -> Record {
    let article = |text: &String| Article { label: "第一条".into(), number: None, text: text.clone() };
    let regulation = Regulation {
        articles: texts.iter().map(article).collect(),
        ..Regulation::blank("甲法", RegulationLevel::Law)
    };
    Record::published(id, None, provenance(), Body::Regulation(regulation))
}

fn stored(record: Record, revision: u64) -> Record {
    Record { revision, ..record }
}
