//! A generation to measure over, and what else the operations need. Built from tables and the laws made here, or opened
//! where an index is there already.

use std::path::Path;

use anyhow::{Context, Result};
use indexer::{
    corpus::directory,
    index::{
        Generation, build,
        catalogue::RegulationEntry,
        fields::{DirectoryFields, LibraryFields},
        office_key::OfficeKeys,
    },
    record::{Body, Date, Regulation},
};
use server::{
    config::Config,
    query::{reply::SearchReply, request::SearchRequest, search},
    service::load_lexicon,
};

use crate::laws;

/// A question that the made laws have words of.
pub const QUESTION: &str = "公司拖欠工资不支付劳动报酬怎么办";

pub struct Fixture {
    pub generation: Generation,
    pub regulation: Regulation,
    pub facts: RegulationEntry,
    /// Articles, one a line.
    pub text: String,
    pub directory: DirectoryFields,
    pub library: LibraryFields,
    pub known_offices: OfficeKeys,
    /// The answer to [`QUESTION`].
    pub reply: SearchReply,
}

/// Builds an index in `data` from the tables of a directory and the made laws.
pub fn make(tables: &Path, data: &Path) -> Result<()> {
    let mut records = Vec::new();
    directory::read(tables, &mut |record| {
        records.push(record);
        Ok(())
    })?;
    records.extend(laws::records());
    let lexicon = load_lexicon(&config(tables, data))?;
    // A fixed day: what is in force today may not be tomorrow.
    build(&data.join("index"), &records, &lexicon, 0, Date::constant(2026, 11, 24), &mut |_| {})?;
    Ok(())
}

impl Fixture {
    /// Opens the index in `data`, which was made with `tables`.
    pub fn open(tables: &Path, data: &Path) -> Result<Self> {
        let lexicon = load_lexicon(&config(tables, data))?;
        let generation = Generation::open_current(&data.join("index"), &lexicon)?.context("no index was built")?;
        let regulation = laws::records().into_iter().find_map(|record| match record.body {
            Body::Regulation(regulation) => Some(regulation),
            _ => None,
        });
        let regulation = regulation.context("laws are made")?;
        let facts = generation.catalogue.regulations().first().context("the index has no norms")?.clone();
        let text = regulation.articles.iter().map(|a| a.text.as_str()).collect::<Vec<_>>().join("\n");
        let known_offices = OfficeKeys::new(lexicon.institution_names.iter().cloned());
        let reply = search(&generation, &SearchRequest::new(QUESTION))?;
        Ok(Self {
            generation,
            regulation,
            facts,
            text,
            directory: DirectoryFields::new(),
            library: LibraryFields::new(),
            known_offices,
            reply,
        })
    }
}

fn config(tables: &Path, data: &Path) -> Config {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    Config {
        corpus: tables.to_owned(),
        data: data.to_owned(),
        dictionaries: root.join("dictionaries"),
        ..Config::default()
    }
}
