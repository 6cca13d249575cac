//! Language data from `dictionaries/`: every file's shape is declared once, here, and a file that does not fit stops
//! the load with the line and the mend, so that a wrong entry is never half applied.

use std::{
    cmp::Ordering,
    cmp::Reverse,
    collections::HashMap,
    fs,
    path::{Path, PathBuf},
};

use jiff::civil::Date;
use rustc_hash::FxHashMap;
use sha2::{Digest, Sha256};

mod asked;
mod question;

pub use asked::AskedWords;
use asked::{ERRANDS, SAME_WORDS, SCHOOL_PARTS};
pub use question::Question;
use question::{QUESTIONS, bounded, question};

/// A file's name, its columns, and how many of these, from the left, make an entry's key.
struct Table {
    name: &'static str,
    columns: &'static [&'static str],
    key_columns: usize,
}

const WORDS: Table = Table { name: "words.txt", columns: &["词", "词频", "词性"], key_columns: 1 };
const VARIANTS: Table = Table { name: "variants.tsv", columns: &["异体字", "规范字"], key_columns: 1 };
const PINYIN: Table = Table { name: "pinyin.tsv", columns: &["词语", "读音"], key_columns: 1 };
const SHORT_TITLES: Table = Table { name: "short_titles.tsv", columns: &["简称", "全称"], key_columns: 1 };
const COLLOQUIAL: Table = Table { name: "colloquial.tsv", columns: &["日常说法", "法律用语"], key_columns: 1 };
/// One name can mean a central body and, after a division's name, a local one.
const FORMER_NAMES: Table =
    Table { name: "former_names.tsv", columns: &["旧称", "范围", "现机构", "年份", "说明"], key_columns: 2 };
const FORMER_SHORT_NAMES: Table =
    Table { name: "former_short_names.tsv", columns: &["简称", "全称"], key_columns: 2 };
const QUESTION_CHATTER: Table = Table { name: "question_chatter.txt", columns: &["词语"], key_columns: 1 };
const UNNUMBERED_FIELDS: Table = Table { name: "unnumbered_fields.txt", columns: &["领域"], key_columns: 1 };
const DANGERS: Table = Table { name: "dangers.tsv", columns: &["危险", "号码", "专号"], key_columns: 1 };
const LOOK_ALIKES: Table = Table { name: "look_alikes.tsv", columns: &["形近字组"], key_columns: 1 };
const SERVICES: Table = Table { name: "services.tsv", columns: &["日常说法", "机构"], key_columns: 1 };
const MATTERS: Table =
    Table { name: "matters.tsv", columns: &["日常说法", "法规", "条文原文"], key_columns: 3 };
const OFFICES_IN_LAW: Table =
    Table { name: "offices_in_law.tsv", columns: &["机构", "法律用语"], key_columns: 1 };
const ITEM_WORDS: Table = Table { name: "item_words.tsv", columns: &["日常说法", "事项"], key_columns: 1 };
const FORMER_LAWS: Table = Table { name: "former_laws.tsv", columns: &["旧法", "现行", "年份"], key_columns: 1 };
const AMENDING_DECISIONS: Table =
    Table {
        name: "amending_decisions.tsv", columns: &["法律", "修改日期", "施行日期", "依据"], key_columns: 2
    };

/// The order of the fingerprint; appending a table changes every fingerprint, which is what a new table should do.
const TABLES: [&Table; 21] = [
    &WORDS,
    &VARIANTS,
    &PINYIN,
    &SHORT_TITLES,
    &COLLOQUIAL,
    &FORMER_NAMES,
    &QUESTION_CHATTER,
    &LOOK_ALIKES,
    &SERVICES,
    &MATTERS,
    &OFFICES_IN_LAW,
    &FORMER_LAWS,
    &AMENDING_DECISIONS,
    &QUESTIONS,
    &ITEM_WORDS,
    &UNNUMBERED_FIELDS,
    &DANGERS,
    &FORMER_SHORT_NAMES,
    &ERRANDS,
    &SCHOOL_PARTS,
    &SAME_WORDS,
];

/// The folder's own description, the one file that is no table.
const README: &str = "README.md";

/// Largest frequency of a word: jieba's commonest word has 883,634, and a term of ours must not outweigh that.
const MAX_FREQUENCY: u32 = 500_000;

/// jieba's tags that the words of ours may carry: term, body, named document.
const WORD_TAGS: [&str; 3] = ["n", "nt", "nz"];

/// zhuang, chuang, shuang.
const MAX_SYLLABLE_LETTERS: usize = 6;

/// No body of the directory was renamed before the People's Republic, and four digits keep a year a year.
const YEARS: std::ops::RangeInclusive<u16> = 1949..=2099;

/// All language data that is ours. What each file holds and how it is applied stands in the file's header.
#[derive(Debug, Clone)]
pub struct Dictionaries {
    pub words: Vec<Word>,
    /// Variant character → standard simplified character.
    pub variants: HashMap<char, char>,
    pub pinyin: Readings,
    /// Usual short title → full title, without 中华人民共和国 at its front.
    pub short_titles: HashMap<String, String>,
    /// Everyday phrase → the law's words.
    pub colloquial: HashMap<String, Vec<String>>,
    pub former_names: Vec<FormerName>,
    pub former_short_names: ShortForms,
    pub question_chatter: Vec<String>,
    /// Groups of characters taken for each other; one character can be in several groups.
    pub look_alikes: Vec<Vec<char>>,
    /// Fields of life whose number people ask for and of which no number for the whole country is known: 供水.
    pub unnumbered_fields: Vec<String>,
    pub dangers: Vec<Danger>,
    /// Everyday word for a matter → the institution that sees to it, without its division: 医保 → 医疗保障局.
    pub services: Vec<(String, String)>,
    pub matters: Vec<Matter>,
    pub questions: Vec<Question>,
    /// An institution without its division → what laws call such an institution: 教育局 → 教育行政部门.
    pub offices_in_law: Vec<(String, Vec<String>)>,
    /// Everyday words for what people have done at offices.
    pub item_words: Vec<ItemWord>,
    pub asked_words: AskedWords,
    pub former_laws: Vec<FormerLaw>,
    pub amending_decisions: Vec<AmendingDecision>,
    fingerprint: String,
}

/// A word that the segmenter keeps whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Word {
    pub text: String,
    pub frequency: u32,
    pub tag: String,
}

/// A name that an institution no longer has, or that people use for it, and who has its duties now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FormerName {
    pub name: String,
    pub scope: Scope,
    /// A full name where the scope is central, the part after the division's name where it is local.
    pub successor: String,
    pub year: u16,
    pub note: String,
}

/// Usual short forms of names that institutions no longer have, each with the full name.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ShortForms(pub Vec<(String, String)>);

impl ShortForms {
    /// The short forms of a former name, behind its region where it has one: 甲市工商局 for 甲市工商行政管理局.
    pub fn of(&self, name: &str) -> Vec<String> {
        let form = |(short, full): &(String, String)| Some(format!("{}{short}", name.strip_suffix(full.as_str())?));
        self.0.iter().filter_map(form).collect()
    }
}

/// A law whose title is no longer in force, and the one that is read in its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FormerLaw {
    /// Without 中华人民共和国, like the successor.
    pub title: String,
    pub successor: String,
    pub year: u16,
}

/// A decision that amended a national law, and the day that it gives for what it changed to apply.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AmendingDecision {
    /// The law's title, without 中华人民共和国.
    pub work: String,
    /// The day of its adoption: the day of the version that it made.
    pub adopted: Date,
    pub effective: Date,
    /// Title of the decision or of the order that published it.
    pub source: String,
}

/// What people say of a matter, and the article that settles it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Matter {
    /// Ways of saying it; all parts of a way must be said, in whatever order.
    pub said: Vec<Vec<String>>,
    /// Title of the law, without 中华人民共和国.
    pub title: String,
    /// Words that stand in the article and in no other of that law.
    pub phrase: String,
}

/// What people call something that they have done at an office, and what lists of items call it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ItemWord {
    pub word: String,
    /// The first is most likely meant.
    pub names: Vec<String>,
}

/// A word for danger to life or property, and the numbers that send help.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Danger {
    pub word: String,
    /// The first is called first.
    pub numbers: Vec<String>,
    /// Whether the first is the number of the field itself: 119 of a fire.
    pub own: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Scope {
    Central,
    Local,
}

/// Readings of phrases, looked up longest first.
#[derive(Debug, Clone, Default)]
pub struct Readings {
    /// By their first character, the longest first.
    phrases: FxHashMap<char, Vec<(String, Vec<String>)>>,
}

impl Readings {
    pub fn new(phrases: HashMap<String, Vec<String>>) -> Self {
        let mut by_first: FxHashMap<char, Vec<(String, Vec<String>)>> = FxHashMap::default();
        for (phrase, syllables) in phrases {
            if let Some(first) = phrase.chars().next() {
                by_first.entry(first).or_default().push((phrase, syllables));
            }
        }
        by_first.values_mut().for_each(|phrases| phrases.sort_by_key(|(phrase, _)| Reverse(phrase.len())));
        Self { phrases: by_first }
    }

    /// The longest phrase that `text` begins with, and its syllables, one a character.
    pub fn longest_prefix<'a>(&'a self, text: &'a str) -> Option<(&'a str, &'a [String])> {
        let phrases = self.phrases.get(&text.chars().next()?)?;
        let (phrase, syllables) = phrases.iter().find(|(phrase, _)| text.starts_with(phrase))?;
        Some((&text[..phrase.len()], syllables))
    }

    pub fn len(&self) -> usize {
        self.phrases.values().map(Vec::len).sum()
    }

    pub fn is_empty(&self) -> bool {
        self.phrases.is_empty()
    }
}

/// Why the dictionaries were not loaded: file, line counted from 1, and what to mend.
#[derive(Debug, thiserror::Error)]
pub enum DictionaryError {
    #[error("无法读取词典 {}：{source}。请确认文件存在、可读，且为 UTF-8 编码", path.display())]
    Read { path: PathBuf, source: std::io::Error },
    #[error("词典目录中有未登记的文件 {file}。请删除它，或在装载程序的文件表中登记其名称和列")]
    UnknownFile { file: String },
    #[error("{file}:1: 缺少文件头。请在开头用 # 行写明内容、来源和用法")]
    MissingHeader { file: &'static str },
    #[error("{file}:{line}: 空行或 # 行只能出现在文件头。请删除此行，或把说明移到文件头")]
    NotAnEntry { file: &'static str, line: usize },
    #[error("{file}:{line}: 应有 {expected} 列（{columns}），实有 {found} 列。请用制表符分隔各列")]
    Columns { file: &'static str, line: usize, columns: String, expected: usize, found: usize },
    #[error("{file}:{line}: “{entry}”应排在“{previous}”之前。请按字节顺序排序，例如 LC_ALL=C sort")]
    Unsorted { file: &'static str, line: usize, entry: String, previous: String },
    #[error("{file}:{line}: “{entry}”与上一行重复。请合并或删除其中一行")]
    Duplicate { file: &'static str, line: usize, entry: String },
    #[error("{file} 有 {found} 行，超过上限 {most} 行。请删去意思重复的行")]
    TooMany { file: &'static str, found: usize, most: usize },
    #[error("{file}:{line}: {column}“{value}”不合要求，应为{expected}")]
    Value { file: &'static str, line: usize, column: &'static str, value: String, expected: String },
}

impl Dictionaries {
    /// Reads every table in `dir`; a file that is no table is an error, so that a misspelt name is not ignored.
    pub fn load(dir: &Path) -> Result<Self, DictionaryError> {
        refuse_unknown_files(dir)?;
        let mut hash = Sha256::new();
        let mut texts = Vec::with_capacity(TABLES.len());
        for table in TABLES {
            let path = dir.join(table.name);
            let text = fs::read_to_string(&path).map_err(|source| DictionaryError::Read { path, source })?;
            // The length keeps a line moved from one file's end to the next file's start from hashing alike.
            hash.update((text.len() as u64).to_le_bytes());
            hash.update(text.as_bytes());
            texts.push(text);
        }
        let text = |table: &Table| TABLES.iter().position(|t| t.name == table.name).map_or("", |at| &texts[at]);
        Ok(Self {
            words: WORDS.entries(text(&WORDS), word)?,
            variants: variants(text(&VARIANTS))?,
            pinyin: Readings::new(PINYIN.entries(text(&PINYIN), reading)?.into_iter().collect()),
            short_titles: SHORT_TITLES.entries(text(&SHORT_TITLES), short_title)?.into_iter().collect(),
            colloquial: COLLOQUIAL.entries(text(&COLLOQUIAL), colloquial)?.into_iter().collect(),
            former_names: FORMER_NAMES.entries(text(&FORMER_NAMES), former_name)?,
            former_short_names: ShortForms(FORMER_SHORT_NAMES.entries(text(&FORMER_SHORT_NAMES), former_short_name)?),
            question_chatter: QUESTION_CHATTER.entries(text(&QUESTION_CHATTER), |row| Ok(row.cell(0).to_owned()))?,
            unnumbered_fields: UNNUMBERED_FIELDS.entries(text(&UNNUMBERED_FIELDS), |row| Ok(row.cell(0).to_owned()))?,
            dangers: DANGERS.entries(text(&DANGERS), danger)?,
            look_alikes: LOOK_ALIKES.entries(text(&LOOK_ALIKES), look_alikes)?,
            services: SERVICES.entries(text(&SERVICES), service)?,
            matters: MATTERS.entries(text(&MATTERS), matter)?,
            questions: bounded(QUESTIONS.entries(text(&QUESTIONS), question)?)?,
            former_laws: FORMER_LAWS.entries(text(&FORMER_LAWS), former_law)?,
            amending_decisions: AMENDING_DECISIONS.entries(text(&AMENDING_DECISIONS), amending_decision)?,
            asked_words: AskedWords::read(text(&ERRANDS), text(&SCHOOL_PARTS), text(&SAME_WORDS))?,
            item_words: ITEM_WORDS.entries(text(&ITEM_WORDS), item_word)?,
            offices_in_law: OFFICES_IN_LAW.entries(text(&OFFICES_IN_LAW), office_in_law)?,
            fingerprint: hex::encode(hash.finalize()),
        })
    }

    /// SHA-256 (hex) over the contents of all files: an index made with other dictionaries has to be made anew.
    pub fn fingerprint(&self) -> String {
        self.fingerprint.clone()
    }
}

fn refuse_unknown_files(dir: &Path) -> Result<(), DictionaryError> {
    let failed = |source| DictionaryError::Read { path: dir.to_owned(), source };
    for entry in fs::read_dir(dir).map_err(failed)? {
        let file = entry.map_err(failed)?.file_name().to_string_lossy().into_owned();
        // Editors and file managers leave hidden files behind; they are nobody's table.
        if file != README && !file.starts_with('.') && TABLES.iter().all(|t| t.name != file) {
            return Err(DictionaryError::UnknownFile { file });
        }
    }
    Ok(())
}

impl Table {
    /// Reads all entries and proves what is common to all tables: a header, the columns, order, no duplicates.
    fn entries<T>(
        &self,
        text: &str,
        read: impl Fn(&Row<'_>) -> Result<T, DictionaryError>,
    ) -> Result<Vec<T>, DictionaryError> {
        let file = self.name;
        let mut entries = Vec::new();
        let mut previous: Option<Row<'_>> = None;
        if !text.starts_with('#') {
            return Err(DictionaryError::MissingHeader { file });
        }
        for (line, content) in (1..).zip(text.split_terminator('\n')).skip_while(|(_, l)| l.starts_with('#')) {
            if content.is_empty() || content.starts_with('#') {
                return Err(DictionaryError::NotAnEntry { file, line });
            }
            let row = Row { table: self, line, cells: content.split('\t').collect() };
            row.check_cells()?;
            if let Some(previous) = &previous {
                match previous.key().cmp(row.key()) {
                    Ordering::Less => {}
                    Ordering::Equal => {
                        return Err(DictionaryError::Duplicate { file, line, entry: row.key().join(" ") });
                    }
                    Ordering::Greater => {
                        let (entry, previous) = (row.key().join(" "), previous.key().join(" "));
                        return Err(DictionaryError::Unsorted { file, line, entry, previous });
                    }
                }
            }
            entries.push(read(&row)?);
            previous = Some(row);
        }
        Ok(entries)
    }
}

struct Row<'a> {
    table: &'a Table,
    line: usize,
    cells: Vec<&'a str>,
}

impl Row<'_> {
    /// Only for columns of the table: [`Row::check_cells`] has counted them.
    fn cell(&self, column: usize) -> &str {
        self.cells[column]
    }

    fn key(&self) -> &[&str] {
        &self.cells[..self.table.key_columns]
    }

    fn check_cells(&self) -> Result<(), DictionaryError> {
        let (expected, found) = (self.table.columns.len(), self.cells.len());
        if expected != found {
            let columns = self.table.columns.join("、");
            return Err(DictionaryError::Columns { file: self.table.name, line: self.line, columns, expected, found });
        }
        match self.cells.iter().position(|c| c.is_empty() || c.trim() != *c) {
            Some(column) => Err(self.refuse(column, "不空且首尾无空白的文字")),
            None => Ok(()),
        }
    }

    fn refuse(&self, column: usize, expected: impl Into<String>) -> DictionaryError {
        DictionaryError::Value {
            file: self.table.name,
            line: self.line,
            column: self.table.columns[column],
            value: self.cell(column).to_owned(),
            expected: expected.into(),
        }
    }

    fn only_char(&self, column: usize) -> Result<char, DictionaryError> {
        only_char(self.cell(column)).ok_or_else(|| self.refuse(column, "一个字"))
    }
}

fn only_char(text: &str) -> Option<char> {
    let mut chars = text.chars();
    chars.next().filter(|_| chars.next().is_none())
}

/// Whether something stands twice in a short list.
fn repeats<T: PartialEq>(items: &[T]) -> bool {
    items.iter().enumerate().any(|(at, item)| items[..at].contains(item))
}

fn word(row: &Row<'_>) -> Result<Word, DictionaryError> {
    if row.cell(0).chars().count() < 2 || row.cell(0).contains(char::is_whitespace) {
        return Err(row.refuse(0, "两个字以上、不含空白的词"));
    }
    let frequency = row.cell(1).parse().ok().filter(|f| (1..=MAX_FREQUENCY).contains(f));
    let frequency = frequency.ok_or_else(|| row.refuse(1, format!("1 至 {MAX_FREQUENCY} 的整数")))?;
    if !WORD_TAGS.contains(&row.cell(2)) {
        return Err(row.refuse(2, format!(" {} 之一", WORD_TAGS.join("、"))));
    }
    Ok(Word { text: row.cell(0).to_owned(), frequency, tag: row.cell(2).to_owned() })
}

fn variants(text: &str) -> Result<HashMap<char, char>, DictionaryError> {
    let pairs = VARIANTS
        .entries(text, |row| Ok((row.only_char(0)?, row.only_char(1)?, row.refuse(1, "本身不是异体字的字"))))?;
    let known: HashMap<char, char> = pairs.iter().map(|(variant, standard, _)| (*variant, *standard)).collect();
    // Applied once a character: a chain would leave the middle form in the text.
    match pairs.into_iter().find(|(_, standard, _)| known.contains_key(standard)) {
        Some((_, _, chained)) => Err(chained),
        None => Ok(known),
    }
}

fn reading(row: &Row<'_>) -> Result<(String, Vec<String>), DictionaryError> {
    let syllables: Vec<String> = row.cell(1).split(' ').map(str::to_owned).collect();
    let spelt = |s: &String| (1..=MAX_SYLLABLE_LETTERS).contains(&s.len()) && s.bytes().all(|b| b.is_ascii_lowercase());
    if syllables.len() != row.cell(0).chars().count() || !syllables.iter().all(spelt) {
        return Err(row.refuse(1, "每字一个不带声调的小写音节，以一个空格分隔，ü 写作 v"));
    }
    Ok((row.cell(0).to_owned(), syllables))
}

fn short_title(row: &Row<'_>) -> Result<(String, String), DictionaryError> {
    if row.cell(1).starts_with("中华人民共和国") || row.cell(1) == row.cell(0) {
        return Err(row.refuse(1, "与简称不同、开头不带“中华人民共和国”的全称"));
    }
    Ok((row.cell(0).to_owned(), row.cell(1).to_owned()))
}

fn colloquial(row: &Row<'_>) -> Result<(String, Vec<String>), DictionaryError> {
    let terms = terms(row, 1)?;
    if terms == [row.cell(0)] {
        return Err(row.refuse(1, "不只是原词的用语"));
    }
    Ok((row.cell(0).to_owned(), terms))
}

/// 海关 is 海关 in law too, so here the word itself may stand.
fn office_in_law(row: &Row<'_>) -> Result<(String, Vec<String>), DictionaryError> {
    Ok((row.cell(0).to_owned(), terms(row, 1)?))
}

/// Names hold several things with the signs of lists in them (产检、婚检), but no semicolon.
fn item_word(row: &Row<'_>) -> Result<ItemWord, DictionaryError> {
    Ok(ItemWord { word: row.cell(0).to_owned(), names: terms(row, 1)? })
}

fn danger(row: &Row<'_>) -> Result<Danger, DictionaryError> {
    let numbers = terms(row, 1)?;
    if !numbers.iter().flat_map(|number| number.bytes()).all(|b| b.is_ascii_digit()) {
        return Err(row.refuse(1, "以半角分号分隔、只由数字组成的号码"));
    }
    let own = match row.cell(2) {
        "是" => true,
        "否" => false,
        _ => return Err(row.refuse(2, " 是 或 否")),
    };
    Ok(Danger { word: row.cell(0).to_owned(), numbers, own })
}

fn terms(row: &Row<'_>, column: usize) -> Result<Vec<String>, DictionaryError> {
    let terms: Vec<String> = row.cell(column).split(';').map(str::to_owned).collect();
    if terms.iter().any(|t| t.trim().is_empty()) || repeats(&terms) {
        return Err(row.refuse(column, "以半角分号分隔、互不重复的用语"));
    }
    Ok(terms)
}

fn former_name(row: &Row<'_>) -> Result<FormerName, DictionaryError> {
    let scope = match row.cell(1) {
        "central" => Scope::Central,
        "local" => Scope::Local,
        _ => return Err(row.refuse(1, " central 或 local")),
    };
    if row.cell(2) == row.cell(0) {
        return Err(row.refuse(2, "与旧称不同的机构名称"));
    }
    let year = year(row, 3)?;
    let [name, successor, note] = [0, 2, 4].map(|column| row.cell(column).to_owned());
    Ok(FormerName { name, scope, successor, year, note })
}

fn former_short_name(row: &Row<'_>) -> Result<(String, String), DictionaryError> {
    let [short, full] = [0, 1].map(|column| row.cell(column));
    if full.chars().count() <= short.chars().count() {
        return Err(row.refuse(1, "比简称长的全称"));
    }
    Ok((short.to_owned(), full.to_owned()))
}

fn former_law(row: &Row<'_>) -> Result<FormerLaw, DictionaryError> {
    for column in [0, 1] {
        if row.cell(column).starts_with("中华人民共和国") {
            return Err(row.refuse(column, "开头不带“中华人民共和国”的标题"));
        }
    }
    if row.cell(1) == row.cell(0) {
        return Err(row.refuse(1, "与旧法不同的标题"));
    }
    let [title, successor] = [0, 1].map(|column| row.cell(column).to_owned());
    Ok(FormerLaw { title, successor, year: year(row, 2)? })
}

fn amending_decision(row: &Row<'_>) -> Result<AmendingDecision, DictionaryError> {
    if row.cell(0).starts_with("中华人民共和国") {
        return Err(row.refuse(0, "开头不带“中华人民共和国”的标题"));
    }
    let date = |column| row.cell(column).parse::<Date>().map_err(|_| row.refuse(column, "如 2024-01-01 的日期"));
    let (adopted, effective) = (date(1)?, date(2)?);
    if effective < adopted {
        return Err(row.refuse(2, "不早于修改日期的日期"));
    }
    let [work, source] = [0, 3].map(|column| row.cell(column).to_owned());
    Ok(AmendingDecision { work, adopted, effective, source })
}

fn year(row: &Row<'_>, column: usize) -> Result<u16, DictionaryError> {
    let year = row.cell(column).parse().ok().filter(|y| YEARS.contains(y));
    year.ok_or_else(|| row.refuse(column, format!("{} 至 {} 的年份", YEARS.start(), YEARS.end())))
}

fn service(row: &Row<'_>) -> Result<(String, String), DictionaryError> {
    if row.cell(1) == row.cell(0) {
        return Err(row.refuse(1, "与日常说法不同的机构名称"));
    }
    Ok((row.cell(0).to_owned(), row.cell(1).to_owned()))
}

/// Shortest quotation that can be distinguished from other articles, in characters.
const MIN_PHRASE_CHARS: usize = 4;

fn matter(row: &Row<'_>) -> Result<Matter, DictionaryError> {
    let parts = |way: &str| way.split(' ').map(str::to_owned).collect::<Vec<_>>();
    let said: Vec<Vec<String>> = row.cell(0).split(';').map(parts).collect();
    if said.iter().flatten().any(String::is_empty) || repeats(&said) {
        return Err(row.refuse(0, "以半角分号分隔、互不重复的说法，一种说法的各部分以一个空格分隔"));
    }
    if row.cell(1).starts_with("中华人民共和国") {
        return Err(row.refuse(1, "开头不带“中华人民共和国”的标题"));
    }
    if row.cell(2).chars().count() < MIN_PHRASE_CHARS {
        return Err(row.refuse(2, "该条独有的一段原文"));
    }
    Ok(Matter { said, title: row.cell(1).to_owned(), phrase: row.cell(2).to_owned() })
}

fn look_alikes(row: &Row<'_>) -> Result<Vec<char>, DictionaryError> {
    let group: Option<Vec<char>> = row.cell(0).split(' ').map(only_char).collect();
    group.filter(|g| g.len() >= 2 && !repeats(g)).ok_or_else(|| row.refuse(0, "两个以上互不相同的字，以一个空格分隔"))
}

#[cfg(test)]
#[path = "dictionaries_tests.rs"]
mod tests;
