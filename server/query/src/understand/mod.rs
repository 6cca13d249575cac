//! Text → intents. Pure: looks at the generation's catalogue, never at its indexes.
//!
//! A query can mean several things at once; every reading that holds is kept, and what the indexes hold decides.

mod address;
mod code;
mod contact_words;
pub mod danger;
pub mod document_number;
pub mod errand;
mod former;
pub mod hotline;
mod offices;
mod operators;
mod phrase;
pub mod responsible;
mod site_words;
mod this_time;

use std::sync::LazyLock;

use indexer::{
    index::{Generation, citation},
    record::{CreditCode, credit_code},
    text::dictionaries::{AskedWords, FormerLaw},
};
use regex::Regex;

pub use address::QueryAddress;
pub use contact_words::is_number;
pub use former::{FormerRegion, FormerRegions, What, is_empty_or_office};
pub use indexer::index::citation::{Citation, Outcome, Step, Within};
pub use offices::ends_as_office;
pub use operators::read as read_operators;
pub use site_words::strip_text_words as without_text_words;

/// A query, understood.
#[derive(Debug, Clone, Default)]
pub struct Understanding {
    /// As typed, trimmed.
    pub text: String,
    /// Letters and digits only, normalized, without words such as 官网.
    pub key: String,
    /// The key without what people type after an office's name.
    pub bare: String,
    /// Keys that may be the name of what is asked for, with less and less of what asks behind it; the whole first, then
    /// down to `key`.
    pub names: Vec<String>,
    /// Addresses in it, the worst first.
    pub addresses: Vec<QueryAddress>,
    /// Whether it is addresses, and a question what they are, and nothing else.
    pub only_addresses: bool,
    pub citations: Vec<Citation>,
    /// Canonical document number: 国发〔2016〕51号.
    pub document_number: Option<String>,
    /// Other forms in which the same number may be recorded.
    pub number_forms: Vec<String>,
    pub credit_code: Option<CreditCode>,
    /// A division's code that the catalogue knows.
    pub division_code: Option<String>,
    /// The work that the whole query names.
    pub title: Option<String>,
    /// A former law that the whole query names, with or without an article, and that the library does not have.
    pub former_law: Option<FormerLaw>,
    /// Divisions that the whole query names, as positions in the catalogue.
    pub regions: Vec<u32>,
    /// Ways to read the query as a region followed by an office.
    pub region_offices: Vec<RegionOffice>,
    /// Divisions that were, as the query names them. A certain one is among `regions` or `region_offices` too.
    pub former: FormerRegions,
    /// The office that the whole query names without a region, as [`indexer::index::office_key`] has it: 人社局, 医保.
    pub office: Option<String>,
    /// Quoted phrases, normalized.
    pub phrases: Vec<String>,
    /// The query in pinyin letters, run together, when it is nothing else.
    pub latin: Option<String>,
    /// Whether it asks how what it names is reached: 税务局电话.
    pub contacts: bool,
    /// What is left to search by words: the query without quoted phrases and site words.
    pub words: String,
}

/// 贵州教育厅 = division 520000 and office 教育厅.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RegionOffice {
    /// Position in the catalogue's divisions.
    pub division: u32,
    /// See [`indexer::index::office_key`].
    pub office: String,
    /// The office as it was typed.
    pub typed: String,
}

/// Readings as region and office kept of one query; common names have dozens of homonyms.
const MAX_REGION_OFFICES: usize = 64;

/// Reads a query in every way that holds.
pub fn understand(generation: &Generation, text: &str) -> Understanding {
    let pipeline = &generation.pipeline;
    let asked = text.trim();
    let mut u = Understanding { text: asked.to_owned(), ..Understanding::default() };
    let address::Addresses { found, rest } = address::read(generation, asked);
    u.only_addresses = !found.is_empty() && rest.is_empty();
    u.addresses = found;
    // An address is no name; its letters would only bring noise.
    let text = if u.only_addresses { asked } else { rest.as_str() };
    let (unquoted, phrases) = phrase::split(&pipeline.normalizer.text(text));
    u.phrases = phrases;
    let steps = site_words::steps(&generation.asked_words, unquoted.trim());
    u.words = steps.last().copied().unwrap_or_default().to_owned();
    u.key = pipeline.key(&u.words);
    u.names = steps.into_iter().map(|step| pipeline.key(step)).filter(|key| !key.is_empty()).collect();
    if u.only_addresses {
        u.bare.clone_from(&u.key);
        return u;
    }
    if let Some((words, key)) = this_time::errand(generation, &u.words, &u.key) {
        (u.words, u.key) = (words, key);
    }
    // 教育部官网电话 asks for a number behind what goes with the site.
    u.contacts = std::iter::once(&u.key).chain(u.names.first()).any(|key| contact_words::strip(key).is_some());
    if let Some((words, key)) = contact_words::office(&u.words, &u.key) {
        (u.words, u.key) = (words, key);
    }
    u.bare = without_errand(&generation.asked_words, &u.key).to_owned();
    u.citations = citation::find(pipeline, &generation.titles, asked);
    if let Some(number) = document_number::parse(&pipeline.normalizer.text(text)) {
        (u.document_number, u.number_forms) = (Some(number.canonical), number.others);
    }
    u.credit_code = credit_code(text);
    u.division_code = code::division_code(text).filter(|c| generation.catalogue.division(c).is_some());
    former::read_code(generation, text, &mut u);
    u.title = generation.titles.work(site_words::strip_text_words(&u.key)).map(str::to_owned);
    u.former_law = former_law(generation, &u);
    if u.title.is_some() {
        // 关于适用《民事诉讼法》的解释 names itself, not the law inside its name.
        u.citations.clear();
    }
    u.latin = latin(&u.key);
    read_regions(generation, &mut u);
    u
}

/// An article's number, or 全文, after a title.
static TITLE_TAIL: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new("(第?[0-9零〇一二两三四五六七八九十百千]{1,9}条.*|全文)$")
        .unwrap_or_else(|error| unreachable!("a fixed pattern: {error}"))
});

fn former_law(generation: &Generation, u: &Understanding) -> Option<FormerLaw> {
    let title = u.key.strip_prefix("中华人民共和国").unwrap_or(&u.key);
    let title = TITLE_TAIL.find(title).map_or(title, |tail| &title[..tail.start()]);
    let law = generation.former_laws.get(title)?;
    generation.titles.work(title).is_none().then(|| law.clone())
}

/// What people ask about what they name, after its name, longest first: 银保监会现在叫什么, 12328是什么电话.
const QUESTIONS: [&str; 18] = [
    "现在叫什么名字",
    "改名叫什么",
    "现在叫什么",
    "改成什么了",
    "是哪里的电话",
    "是哪里的号码",
    "是谁的电话",
    "是什么地方",
    "是什么单位",
    "是什么部门",
    "是什么机构",
    "是什么学校",
    "是什么医院",
    "是什么电话",
    "是什么号码",
    "是什么热线",
    "是做什么的",
    "是干什么的",
];

/// The key when it consists of Latin letters alone.
fn latin(key: &str) -> Option<String> {
    let letters = key.len() >= 2 && key.bytes().all(|b| b.is_ascii_lowercase());
    letters.then(|| key.to_owned())
}

fn read_regions(generation: &Generation, u: &mut Understanding) {
    read_regions_of(generation, &u.key.clone(), u);
    let mut pieces: Vec<&str> = u.words.split_whitespace().collect();
    if u.regions.is_empty() && u.region_offices.is_empty() && u.former.is_empty() && pieces.len() > 1 {
        // 国土局 遵义: the region after the office.
        pieces.rotate_right(1);
        let turned = generation.pipeline.key(&pieces.concat());
        read_regions_of(generation, &turned, u);
        u.regions.clear();
    }
    u.regions.dedup();
    let office = generation.known_offices.known(&u.bare);
    if office.is_some()
        && u.region_offices.iter().all(|reading| generation.known_offices.known(&reading.typed).is_none())
    {
        // 公安局 is a kind of office everywhere, and not a 局 of 公安县.
        u.region_offices.clear();
    }
    if u.regions.is_empty() && u.region_offices.is_empty() && u.former.is_empty() {
        u.office = office;
    }
}

/// What people call the entrance to all that the governments of a region do online. 网 at the end is gone by then.
const PORTALS: [&str; 9] = [
    "政务服务",
    "政务服务平台",
    "政务服务大厅",
    "政务服务网站",
    "政务网",
    "办事大厅",
    "网上办事大厅",
    "网上办事",
    "一网通办",
];

/// Whether a text names such an entrance and nothing else.
pub fn is_portal(typed: &str) -> bool {
    PORTALS.contains(&typed)
}

/// Whether a name is that of such an entrance.
pub fn names_portal(name: &str) -> bool {
    ["政务服务网", "政务服务平台", "政务服务", "网上办事大厅", "一网通办"].iter().any(|end| name.ends_with(end))
}

/// What people type after an office's name, taken off, as much of it as there is.
pub fn without_errand<'k>(asked: &AskedWords, key: &'k str) -> &'k str {
    let mut left = key;
    while let Some(rest) = without_asked(asked, left) {
        left = rest;
    }
    left
}

/// A text without the last of what people ask behind a name, where there is such a word and a name is left.
fn without_asked<'k>(asked: &AskedWords, text: &'k str) -> Option<&'k str> {
    // 12328是什么电话 ends in a word that asks for contacts and asks for none.
    let rest = without_end(text, QUESTIONS).or_else(|| contact_words::strip(text));
    rest.or_else(|| without_end(text, &asked.at_offices))
}

/// A key without the first of the words that it ends in, where a name is left.
fn without_end(key: &str, words: impl IntoIterator<Item = impl AsRef<str>>) -> Option<&str> {
    let rest = words.into_iter().find_map(|word| key.strip_suffix(word.as_ref()));
    rest.filter(|rest| rest.chars().nth(1).is_some())
}

fn read_regions_of(generation: &Generation, key: &str, u: &mut Understanding) {
    let (lead, rest) = generation.known_offices.split_lead(key);
    let starts = if rest.len() < key.len() { vec![("", key), (lead, rest)] } else { vec![("", key)] };
    for (lead, rest) in starts {
        let readings = former::read_name(generation, lead, rest, u);
        let longest = readings.iter().map(|reading| reading.len).max().unwrap_or_default();
        for reading in readings {
            if is_one_character(&rest[..reading.len])
                && (reading.len < longest || !one_character_names(generation, lead, rest, reading.len))
            {
                continue;
            }
            let office = rest[reading.len..].trim_start_matches('的');
            if office.is_empty() {
                // 国家税务总局贵州 begins the name of an office there, and is no name of the place.
                if rest.len() == key.len() {
                    u.regions.push(reading.division);
                }
                continue;
            }
            let typed = without_errand(&generation.asked_words, office);
            if let Some(office) = generation.known_offices.key(lead, typed) {
                let found = RegionOffice { division: reading.division, office, typed: typed.to_owned() };
                if u.region_offices.len() < MAX_REGION_OFFICES && !u.region_offices.contains(&found) {
                    u.region_offices.push(found);
                }
            }
        }
    }
}

fn is_one_character(text: &str) -> bool {
    text.chars().nth(1).is_none()
}

/// Whether the one character at the front of a text names a province there (京教委, 沪社保热线): it stands alone, or an
/// office follows that every region has, and it begins no word (京东, 新冠, 青少年).
fn one_character_names(generation: &Generation, lead: &str, text: &str, len: usize) -> bool {
    let typed = without_errand(&generation.asked_words, text[len..].trim_start_matches('的'));
    if typed.is_empty() {
        return true;
    }
    // 新 is an adjective before anything but an office: 新高考, 新农合.
    if text.starts_with('新') && !ends_as_office(typed) {
        return false;
    }
    let words = generation.pipeline.segmenter.spans(text);
    if words.first().is_some_and(|word| word.len() > len && word.len() < text.len()) {
        return false;
    }
    let offices = &generation.known_offices;
    let field = |typed: &str| {
        let key = offices.key(lead, typed)?;
        Some(offices.root(&key).unwrap_or(&key).to_owned())
    };
    // 教育厅 is an office as 教育局 is.
    let same_field = || {
        let asked = field(typed)?;
        offices.names().filter(|name| ends_as_office(name)).find(|name| field(name).as_ref() == Some(&asked))
    };
    offices.known(typed).is_some()
        || contact_words::only_asks(typed)
        || (ends_as_office(typed) && same_field().is_some())
}
