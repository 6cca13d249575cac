//! Text → intents. Pure: looks at the generation's catalogue, never at its indexes.
//!
//! A query can mean several things at once; every reading that holds is kept, and what the indexes hold decides.

mod address;
mod citation;
mod code;
mod document_number;
mod operators;
mod phrase;
mod site_words;

use indexer::index::Generation;

pub use address::Address;
pub use citation::{Citation, Outcome, Within, find as find_citations};
pub use code::CreditCode;
pub use operators::read as read_operators;
pub use site_words::strip_text_words as without_text_words;

/// A query, understood.
#[derive(Debug, Clone, Default)]
pub struct Understanding {
    /// As typed, trimmed.
    pub text: String,
    /// Letters and digits only, normalized, without words such as 官网.
    pub key: String,
    pub address: Option<Address>,
    pub citations: Vec<Citation>,
    /// Canonical document number: 国发〔2016〕51号.
    pub document_number: Option<String>,
    pub credit_code: Option<CreditCode>,
    /// A division's code that the catalogue knows.
    pub division_code: Option<String>,
    /// The work that the whole query names.
    pub title: Option<String>,
    /// Divisions that the whole query names, as positions in the catalogue.
    pub regions: Vec<u32>,
    /// Ways to read the query as a region followed by a body.
    pub region_bodies: Vec<RegionBody>,
    /// Quoted phrases, normalized.
    pub phrases: Vec<String>,
    /// The query in pinyin letters, run together, when it is nothing else.
    pub latin: Option<String>,
    /// What is left to search by words: the query without quoted phrases and site words.
    pub words: String,
}

/// 贵州教育厅 = division 520000 and body 教育厅.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RegionBody {
    /// Position in the catalogue's divisions.
    pub division: u32,
    /// See [`indexer::index::body`].
    pub body: String,
}

/// Readings as region and body kept of one query; common names have dozens of homonyms.
const MAX_REGION_BODIES: usize = 64;

/// Reads a query in every way that holds.
pub fn understand(generation: &Generation, text: &str) -> Understanding {
    let pipeline = &generation.pipeline;
    let text = text.trim();
    let mut u = Understanding { text: text.to_owned(), address: address::parse(text), ..Understanding::default() };
    let (unquoted, phrases) = phrase::split(&pipeline.normalizer.text(text));
    u.phrases = phrases;
    u.words = site_words::strip(unquoted.trim()).to_owned();
    u.key = pipeline.key(&u.words);
    if u.address.is_some() {
        // An address is no name; its letters would only bring noise.
        return u;
    }
    u.citations = citation::find(generation, text);
    u.document_number = document_number::parse(&pipeline.normalizer.text(text));
    u.credit_code = code::credit_code(text);
    u.division_code = code::division_code(text).filter(|c| generation.catalogue.division(c).is_some());
    u.title = generation.titles.work(site_words::strip_text_words(&u.key)).map(str::to_owned);
    u.latin = latin(&u.key);
    read_regions(generation, &mut u);
    u
}

/// The key when it consists of Latin letters alone.
fn latin(key: &str) -> Option<String> {
    let letters = key.len() >= 2 && key.bytes().all(|b| b.is_ascii_lowercase());
    letters.then(|| key.to_owned())
}

fn read_regions(generation: &Generation, u: &mut Understanding) {
    let (lead, rest) = generation.bodies.split_lead(&u.key);
    let starts =
        if rest.len() < u.key.len() { vec![("", u.key.as_str()), (lead, rest)] } else { vec![("", u.key.as_str())] };
    for (lead, rest) in starts {
        for reading in generation.gazetteer.readings(&generation.catalogue, rest) {
            let body = rest[reading.len..].trim_start_matches('的');
            if body.is_empty() {
                if lead.is_empty() {
                    u.regions.push(reading.division);
                }
                continue;
            }
            if let Some(body) = generation.bodies.key(lead, body) {
                let found = RegionBody { division: reading.division, body };
                if u.region_bodies.len() < MAX_REGION_BODIES && !u.region_bodies.contains(&found) {
                    u.region_bodies.push(found);
                }
            }
        }
    }
    u.regions.dedup();
}
