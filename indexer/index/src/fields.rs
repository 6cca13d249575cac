//! Every field of both indexes, declared once: what it holds, how it is cut, what is kept.

use tantivy::schema::{
    FAST, Field, INDEXED, IndexRecordOption, STORED, STRING, Schema, TextFieldIndexing, TextOptions,
};

use crate::analyzer::{BIGRAMS, KEY, WORDS};
use record::{Info, KINDS};

/// Bumped whenever a field, a file or what is derived from the records changes; a generation of another version is
/// rebuilt, never read.
pub const SCHEMA_VERSION: u32 = 30;

/// The column that both indexes are sorted by: a document's place in the order in which records are read.
///
/// Where scores are equal the engine goes by document numbers. Threads take documents as they come, so without this
/// every build of the same records would number them, and cut ties, in a way of its own.
pub const ORDER: &str = "order";

/// Kind of a document, as the fast column holds it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[repr(u64)]
pub enum DocKind {
    Institution = 0,
    Division = 1,
    WebName = 2,
    Regulation = 3,
    Article = 4,
}

/// Names of all kinds in the order by which [`doc_kind`] numbers them: a generation of another order is another's.
pub fn kind_names() -> Vec<String> {
    KINDS.iter().map(|kind| kind.name.to_owned()).collect()
}

/// Kind of a document of a kind that the directory knows in general, as the fast column holds it.
pub fn doc_kind(info: &Info) -> u64 {
    /// Above every [`DocKind`].
    const GENERAL: u64 = 16;
    let place = KINDS.iter().position(|known| known.name == info.name).unwrap_or_default();
    GENERAL + place as u64
}

/// Institutions, divisions and web names.
#[derive(Debug, Clone)]
pub struct DirectoryFields {
    pub schema: Schema,
    /// The record's id.
    pub id: Field,
    pub kind: Field,
    /// Full names, whole, as keys.
    pub name: Field,
    /// Short and usual names, whole, as keys.
    pub short_name: Field,
    /// Former names, whole, as keys.
    pub former_name: Field,
    /// All names, cut into words.
    pub words: Field,
    /// All names, cut into bigrams.
    pub bigrams: Field,
    /// All names in pinyin, run together.
    pub pinyin: Field,
    pub initials: Field,
    /// Hosts of sites and A-labels of web names.
    pub host: Field,
    /// Unified social credit code.
    pub credit_code: Field,
    /// The division it belongs to, by code.
    pub division: Field,
    /// That division and all above it.
    pub region: Field,
    /// Name without its region, canonical: see [`super::office_key`].
    pub office: Field,
    /// Id of the record of the institution above it.
    pub parent: Field,
    /// Index into [`record::InstitutionLevel::ALL`].
    pub level: Field,
    /// First two digits of the division's code.
    pub province: Field,
    /// Passages of a general kind's record, cut into bigrams.
    pub passages: Field,
    /// See [`ORDER`].
    pub order: Field,
    /// A [`super::projection::DirectoryEntry`] as JSON, behind its [`super::summary`] where it has one; the only field
    /// that is stored: see [`super::stored`].
    pub entry: Field,
}

impl DirectoryFields {
    pub fn new() -> Self {
        let mut schema = Schema::builder();
        Self {
            id: schema.add_text_field("id", STRING),
            kind: schema.add_u64_field("kind", FAST | INDEXED),
            name: schema.add_text_field("name", cut(KEY, IndexRecordOption::Basic)),
            short_name: schema.add_text_field("short_name", cut(KEY, IndexRecordOption::Basic)),
            former_name: schema.add_text_field("former_name", cut(KEY, IndexRecordOption::Basic)),
            words: schema.add_text_field("words", cut(WORDS, IndexRecordOption::WithFreqs)),
            bigrams: schema.add_text_field("bigrams", cut(BIGRAMS, IndexRecordOption::WithFreqsAndPositions)),
            pinyin: schema.add_text_field("pinyin", STRING),
            initials: schema.add_text_field("initials", STRING),
            host: schema.add_text_field("host", STRING),
            credit_code: schema.add_text_field("credit_code", STRING),
            division: schema.add_text_field("division", STRING),
            region: schema.add_text_field("region", STRING),
            office: schema.add_text_field("office", STRING),
            parent: schema.add_text_field("parent", STRING),
            level: schema.add_u64_field("level", FAST | INDEXED),
            province: schema.add_u64_field("province", FAST),
            passages: schema.add_text_field("passages", cut(BIGRAMS, IndexRecordOption::WithFreqs)),
            order: schema.add_u64_field(ORDER, FAST),
            entry: schema.add_text_field("entry", STORED),
            schema: schema.build(),
        }
    }
}

impl Default for DirectoryFields {
    fn default() -> Self {
        Self::new()
    }
}

/// Regulations and their articles.
#[derive(Debug, Clone)]
pub struct LibraryFields {
    pub schema: Schema,
    pub kind: Field,
    /// Position of the regulation in the catalogue of the same generation.
    pub regulation: Field,
    /// Articles only: see [`super::projection::article_key`].
    pub article: Field,
    /// Regulations only: the title, whole, as a key.
    pub title: Field,
    /// Regulations only: the title, cut into words.
    pub title_words: Field,
    /// Regulations only: the title, cut into bigrams.
    pub title_bigrams: Field,
    /// Regulations only: the title in pinyin, run together.
    pub pinyin: Field,
    /// Canonical document numbers, as keys.
    pub document_number: Field,
    /// Articles only: title, headings, label and text, cut into words.
    pub words: Field,
    /// Articles only: title, headings, label and text, cut into bigrams.
    pub bigrams: Field,
    /// First articles below a heading only: ways to it, see [`super::projection::section_key`].
    pub section: Field,
    /// What the issuer classes the regulation by, as keys.
    pub topic: Field,
    /// Division of a local regulation and all above it.
    pub region: Field,
    /// Index into [`record::RegulationLevel::ALL`].
    pub level: Field,
    /// Index into [`record::Status::ALL`].
    pub status: Field,
    /// Day of the version as yyyymmdd; 0 where unknown.
    pub date: Field,
    /// First two digits of the division's code; 0 for a national regulation.
    pub province: Field,
    /// See [`ORDER`].
    pub order: Field,
    /// A [`super::projection::LibraryEntry`] as JSON; the only field that is stored.
    pub entry: Field,
}

impl LibraryFields {
    pub fn new() -> Self {
        let mut schema = Schema::builder();
        Self {
            kind: schema.add_u64_field("kind", FAST | INDEXED),
            regulation: schema.add_u64_field("regulation", FAST | INDEXED),
            article: schema.add_u64_field("article", FAST | INDEXED),
            title: schema.add_text_field("title", cut(KEY, IndexRecordOption::Basic)),
            title_words: schema.add_text_field("title_words", cut(WORDS, IndexRecordOption::WithFreqs)),
            title_bigrams: schema
                .add_text_field("title_bigrams", cut(BIGRAMS, IndexRecordOption::WithFreqsAndPositions)),
            pinyin: schema.add_text_field("pinyin", STRING),
            document_number: schema.add_text_field("document_number", cut(KEY, IndexRecordOption::Basic)),
            words: schema.add_text_field("words", cut(WORDS, IndexRecordOption::WithFreqs)),
            bigrams: schema.add_text_field("bigrams", cut(BIGRAMS, IndexRecordOption::WithFreqsAndPositions)),
            section: schema.add_text_field("section", STRING),
            topic: schema.add_text_field("topic", cut(KEY, IndexRecordOption::Basic)),
            region: schema.add_text_field("region", STRING),
            level: schema.add_u64_field("level", FAST | INDEXED),
            status: schema.add_u64_field("status", FAST | INDEXED),
            date: schema.add_u64_field("date", FAST | INDEXED),
            province: schema.add_u64_field("province", FAST),
            order: schema.add_u64_field(ORDER, FAST),
            entry: schema.add_text_field("entry", STORED),
            schema: schema.build(),
        }
    }
}

impl Default for LibraryFields {
    fn default() -> Self {
        Self::new()
    }
}

fn cut(tokenizer: &str, keep: IndexRecordOption) -> TextOptions {
    let scored = !matches!(keep, IndexRecordOption::Basic);
    TextOptions::default().set_indexing_options(
        TextFieldIndexing::default().set_tokenizer(tokenizer).set_index_option(keep).set_fieldnorms(scored),
    )
}
