//! Automatic numbering (ECMA-376 part 1, 17.9): the numbers stand in no text and are computed here as Word shows them.
//!
//! A paragraph, or its style, names an instance and a level; the instance names a definition, whose levels say how
//! numbers are written (第%1条) and counted. Instances of one definition count on together.

use std::collections::{BTreeMap, HashMap};

use super::{
    super::{
        DocumentError,
        xml::{Element, Part, Xml, walk},
    },
    FORMAT,
};
use text::numerals;

/// Levels of a list (17.9.5).
const LEVELS: usize = 9;
/// Characters of a level's text that are kept: the longest are a few words.
const LONGEST_TEXT: usize = 64;

/// How a level counts and is written.
#[derive(Debug, Clone, Default)]
struct Level {
    start: Option<u32>,
    format: String,
    text: String,
    suffix: Suffix,
    /// The style whose paragraphs have this level.
    style: Option<String>,
    /// All numbers in digits (17.9.4).
    legal: bool,
    /// Begins anew after a level of this number, from 1; 0 for never, `None` for every level above (17.9.10).
    restart: Option<usize>,
}

/// What stands between number and text.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
enum Suffix {
    #[default]
    Tab,
    Space,
    Nothing,
}

#[derive(Debug, Clone, Default)]
struct Definition {
    levels: HashMap<usize, Level>,
    /// The numbering style that this definition is, or that it only points to.
    style: Option<String>,
    link: Option<String>,
}

#[derive(Debug, Clone, Default)]
struct Instance {
    definition: String,
    starts: HashMap<usize, u32>,
    levels: HashMap<usize, Level>,
}

/// The lists of a document and how far each has been counted.
#[derive(Debug, Default)]
pub struct Numbering {
    /// In order, so that of two with one style the same counts each time.
    definitions: BTreeMap<String, Definition>,
    instances: HashMap<String, Instance>,
    counted: HashMap<String, [Option<u32>; LEVELS]>,
    /// Levels of instances whose own start has been used.
    started: std::collections::HashSet<(String, usize)>,
    /// Forms of numbers that are not known and were written in digits.
    pub unknown: bool,
}

impl Numbering {
    /// Reads `word/numbering.xml`.
    pub fn read(bytes: &[u8]) -> Result<Self, DocumentError> {
        let mut numbering = Self::default();
        let mut definition: Option<(String, Definition)> = None;
        let mut instance: Option<(String, Instance)> = None;
        let mut level: Option<(usize, Level)> = None;
        let mut overridden: Option<usize> = None;
        walk(bytes, Part::new(FORMAT, "word/numbering.xml"), |event| {
            match event {
                Xml::Start(element) => {
                    let value = || element.attribute("val");
                    match element.name {
                        "abstractNum" => {
                            definition = element.attribute("abstractNumId").map(|id| (id, Definition::default()));
                        }
                        "num" => instance = element.attribute("numId").map(|id| (id, Instance::default())),
                        "abstractNumId" => {
                            if let (Some((_, instance)), Some(id)) = (&mut instance, value()) {
                                instance.definition = id;
                            }
                        }
                        "styleLink" => {
                            if let Some((_, definition)) = &mut definition {
                                definition.style = value();
                            }
                        }
                        "numStyleLink" => {
                            if let Some((_, definition)) = &mut definition {
                                definition.link = value();
                            }
                        }
                        "lvlOverride" => overridden = index(&element),
                        "startOverride" => {
                            if let (Some((_, instance)), Some(at), Some(start)) =
                                (&mut instance, overridden, value().and_then(|v| v.parse().ok()))
                            {
                                instance.starts.insert(at, start);
                            }
                        }
                        "lvl" => level = index(&element).map(|at| (at, Level::default())),
                        _ => {
                            if let Some((_, level)) = &mut level {
                                level.take(&element);
                            }
                        }
                    }
                }
                Xml::End("lvl") => {
                    if let Some((at, level)) = level.take() {
                        match (&mut instance, &mut definition) {
                            (Some((_, instance)), _) => drop(instance.levels.insert(at, level)),
                            (None, Some((_, definition))) => drop(definition.levels.insert(at, level)),
                            (None, None) => {}
                        }
                    }
                }
                Xml::End("abstractNum") => numbering.definitions.extend(definition.take()),
                Xml::End("num") => numbering.instances.extend(instance.take()),
                Xml::End("lvlOverride") => overridden = None,
                Xml::End(_) | Xml::Text(_) => {}
            }
            Ok(())
        })?;
        numbering.follow_links();
        Ok(numbering)
    }

    /// The level that a style's paragraphs have in an instance where the style does not say it.
    pub fn level_of_style(&self, instance: &str, style: &str) -> usize {
        let named = |level: &Level| level.style.as_deref() == Some(style);
        let levels = self.definition(instance).into_iter().flat_map(|(_, definition)| &definition.levels);
        levels.filter(|(_, level)| named(level)).map(|(at, _)| *at).min().unwrap_or(0)
    }

    fn definition(&self, instance: &str) -> Option<(&str, &Definition)> {
        let (id, definition) = self.definitions.get_key_value(&self.instances.get(instance)?.definition)?;
        Some((id, definition))
    }

    /// Lets instances of a definition that only points to a numbering style count by the one that is this style.
    fn follow_links(&mut self) {
        let styles: HashMap<&String, &String> =
            self.definitions.iter().filter_map(|(id, definition)| Some((definition.style.as_ref()?, id))).collect();
        for instance in self.instances.values_mut() {
            let Some(definition) = self.definitions.get(&instance.definition) else { continue };
            let linked = definition.link.as_ref().and_then(|link| styles.get(link));
            if let Some(id) = linked.filter(|_| definition.levels.is_empty()) {
                instance.definition.clone_from(id);
            }
        }
    }

    /// Counts a paragraph of a level and writes its number with what separates it from the text. Empty for bullets.
    pub fn next(&mut self, instance: &str, at: usize) -> String {
        let at = at.min(LEVELS - 1);
        let Some((id, definition)) = self.definition(instance) else { return String::new() };
        let id = id.to_owned();
        let own = &self.instances[instance];
        let levels: Vec<Level> = (0..=at)
            .map(|at| own.levels.get(&at).or(definition.levels.get(&at)).cloned().unwrap_or_default())
            .collect();
        let starts: Vec<Option<u32>> = (0..=at).map(|at| own.starts.get(&at).copied()).collect();
        let start = |at: usize| starts[at].or(levels[at].start).unwrap_or(1);
        let restarts: Vec<Option<usize>> = (at + 1..LEVELS).map(|below| self.restart(instance, below)).collect();
        let counted = self.counted.entry(id).or_default();
        // An instance with a start of its own begins there, wherever the definition has got to.
        let anew = starts[at].is_some() && self.started.insert((instance.to_owned(), at));
        counted[at] = Some(match counted[at] {
            Some(number) if !anew => number.saturating_add(1),
            _ => start(at),
        });
        for (below, restart) in (at + 1..).zip(restarts) {
            if restart.is_none_or(|level| at < level) {
                counted[below] = None;
            }
        }
        let numbers: Vec<u32> = (0..=at).map(|at| *counted[at].get_or_insert(start(at))).collect();
        self.write(&levels, &numbers, at)
    }

    fn restart(&self, instance: &str, at: usize) -> Option<usize> {
        let own = self.instances.get(instance).and_then(|i| i.levels.get(&at));
        own.or_else(|| self.definition(instance)?.1.levels.get(&at))?.restart
    }

    fn write(&mut self, levels: &[Level], numbers: &[u32], at: usize) -> String {
        let level = &levels[at];
        let mut out = String::new();
        let mut text = level.text.chars().peekable();
        let mut written = false;
        while let Some(c) = text.next() {
            let place = (c == '%').then(|| text.peek().and_then(|c| c.to_digit(10))).flatten();
            match place.map(|n| n as usize).filter(|n| (1..=at + 1).contains(n)) {
                Some(n) => {
                    text.next();
                    let format = if level.legal { "decimal" } else { levels[n - 1].format.as_str() };
                    match number(numbers[n - 1], format) {
                        Some(number) => out.push_str(&number),
                        None => {
                            self.unknown = true;
                            out.push_str(&numbers[n - 1].to_string());
                        }
                    }
                    written = true;
                }
                None => out.push(c),
            }
        }
        // A bullet is no text: its sign is often one of a font of signs.
        if !written || matches!(level.format.as_str(), "bullet" | "none") {
            return String::new();
        }
        let closed = out.ends_with(|c: char| !c.is_alphanumeric());
        if level.suffix != Suffix::Nothing && !closed {
            out.push('\u{3000}');
        }
        out
    }
}

impl Level {
    fn take(&mut self, element: &Element<'_>) {
        let value = || element.attribute("val");
        match element.name {
            "start" => self.start = value().and_then(|v| v.parse().ok()),
            "numFmt" => self.format = value().unwrap_or_default(),
            "lvlText" => self.text = value().unwrap_or_default().chars().take(LONGEST_TEXT).collect(),
            "pStyle" => self.style = value(),
            "isLgl" => self.legal = !matches!(value().as_deref(), Some("0" | "false" | "off")),
            "lvlRestart" => self.restart = value().and_then(|v| v.parse().ok()),
            "suff" => {
                self.suffix = match value().as_deref() {
                    Some("nothing") => Suffix::Nothing,
                    Some("space") => Suffix::Space,
                    _ => Suffix::Tab,
                }
            }
            _ => {}
        }
    }
}

fn index(element: &Element<'_>) -> Option<usize> {
    element.attribute("ilvl")?.parse().ok().filter(|at| *at < LEVELS)
}

/// A number in a form of 17.18.59; `None` for a form that Chinese documents do not use.
fn number(n: u32, format: &str) -> Option<String> {
    let digits = |zero: char| n.to_string().chars().map(|c| chinese_digit(c, zero)).collect::<String>();
    let of = |signs: &str| n.checked_sub(1).and_then(|at| signs.chars().nth(at as usize)).map(String::from);
    Some(match format {
        "" | "decimal" | "decimalHalfWidth" => n.to_string(),
        "decimalZero" => format!("{n:02}"),
        "decimalFullWidth" | "decimalFullWidth2" => {
            n.to_string().chars().filter_map(|c| char::from_u32(c as u32 + 0xFEE0)).collect()
        }
        "chineseCountingThousand" | "japaneseCounting" | "taiwaneseCountingThousand" | "koreanCounting" => {
            numerals::format(n)
        }
        // Up to ninety-nine as people count, then digit by digit.
        "chineseCounting" | "taiwaneseCounting" => {
            if n < 100 {
                numerals::format(n)
            } else {
                digits('〇')
            }
        }
        "ideographDigital" | "japaneseDigitalTenThousand" | "taiwaneseDigital" => digits('〇'),
        "chineseLegalSimplified" | "ideographLegalTraditional" | "japaneseLegal" => {
            numerals::format(n).chars().map(capital).collect()
        }
        "ideographTraditional" => of("甲乙丙丁戊己庚辛壬癸").unwrap_or_else(|| n.to_string()),
        "ideographZodiac" => of("子丑寅卯辰巳午未申酉戌亥").unwrap_or_else(|| n.to_string()),
        "decimalEnclosedCircle" | "decimalEnclosedCircleChinese" => {
            of("①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳").unwrap_or_else(|| n.to_string())
        }
        "decimalEnclosedParen" => of("⑴⑵⑶⑷⑸⑹⑺⑻⑼⑽⑾⑿⒀⒁⒂⒃⒄⒅⒆⒇").unwrap_or_else(|| format!("({n})")),
        "decimalEnclosedFullstop" => format!("{n}."),
        "ideographEnclosedCircle" => of("㊀㊁㊂㊃㊄㊅㊆㊇㊈㊉").unwrap_or_else(|| numerals::format(n)),
        "numberInDash" => format!("- {n} -"),
        "upperLetter" => letters(n, b'A'),
        "lowerLetter" => letters(n, b'a'),
        "upperRoman" => roman(n),
        "lowerRoman" => roman(n).to_lowercase(),
        "bullet" | "none" => String::new(),
        _ => return None,
    })
}

fn chinese_digit(c: char, zero: char) -> char {
    match c.to_digit(10) {
        Some(0) | None => zero,
        Some(digit) => ['一', '二', '三', '四', '五', '六', '七', '八', '九'][digit as usize - 1],
    }
}

fn capital(c: char) -> char {
    let (plain, capital) = ("零一二三四五六七八九十百千", "零壹贰叁肆伍陆柒捌玖拾佰仟");
    plain.chars().position(|p| p == c).and_then(|at| capital.chars().nth(at)).unwrap_or(c)
}

/// A to Z, then AA to ZZ (17.18.59).
fn letters(n: u32, first: u8) -> String {
    let Some(n) = n.checked_sub(1) else { return String::new() };
    let letter = char::from(first + (n % 26) as u8);
    // A list that counts so far is no list: the letters stay few.
    std::iter::repeat_n(letter, (n / 26 + 1).min(30) as usize).collect()
}

fn roman(n: u32) -> String {
    let signs = [
        (1000, "M"),
        (900, "CM"),
        (500, "D"),
        (400, "CD"),
        (100, "C"),
        (90, "XC"),
        (50, "L"),
        (40, "XL"),
        (10, "X"),
        (9, "IX"),
        (5, "V"),
        (4, "IV"),
        (1, "I"),
    ];
    let (mut rest, mut out) = (n.min(3_999), String::new());
    for (size, sign) in signs {
        while rest >= size {
            out.push_str(sign);
            rest -= size;
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn level(at: usize, format: &str, text: &str, more: &str) -> String {
        format!(
            r#"<w:lvl w:ilvl="{at}"><w:start w:val="1"/><w:numFmt w:val="{format}"/><w:lvlText w:val="{text}"/>{more}</w:lvl>"#
        )
    }

    fn numbering(levels: &str, instances: &str) -> Numbering {
        let xml = format!(
            r#"<w:numbering xmlns:w="w"><w:abstractNum w:abstractNumId="7">{levels}</w:abstractNum>{instances}</w:numbering>"#
        );
        Numbering::read(xml.as_bytes()).unwrap()
    }

    const PLAIN: &str = r#"<w:num w:numId="1"><w:abstractNumId w:val="7"/></w:num>"#;

    #[test]
    fn chapters_articles_and_items() {
        let levels = level(0, "chineseCountingThousand", "第%1章", "")
            + &level(1, "chineseCountingThousand", "第%2条", r#"<w:lvlRestart w:val="0"/><w:suff w:val="space"/>"#)
            + &level(2, "chineseCounting", "（%3）", "")
            + &level(3, "decimal", "%1.%4", "<w:isLgl/>");
        let mut n = numbering(&levels, PLAIN);
        let got: Vec<String> = [0, 1, 2, 2, 3, 1, 2, 0, 1, 2].into_iter().map(|at| n.next("1", at)).collect();
        let want = [
            "第一章　",
            "第一条　",
            "（一）",
            "（二）",
            "1.1　",
            "第二条　",
            "（一）",
            "第二章　",
            "第三条　",
            "（一）",
        ];
        assert_eq!(got, want);
    }

    #[test]
    fn instances_count_on_together_or_begin_anew() {
        let instances = format!(
            r#"{PLAIN}<w:num w:numId="2"><w:abstractNumId w:val="7"/></w:num><w:num w:numId="3"><w:abstractNumId w:val="7"/><w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride></w:num>"#
        );
        let mut n = numbering(&level(0, "japaneseCounting", "%1、", ""), &instances);
        let got: Vec<String> = ["1", "1", "2", "3", "3", "9"].into_iter().map(|i| n.next(i, 0)).collect();
        assert_eq!(got, ["一、", "二、", "三、", "一、", "二、", ""]);
    }

    #[test]
    fn every_form_of_number() {
        for (n, format, want) in [
            (21, "chineseCounting", "二十一"),
            (120, "chineseCounting", "一二〇"),
            (120, "chineseCountingThousand", "一百二十"),
            (12, "ideographDigital", "一二"),
            (3, "chineseLegalSimplified", "叁"),
            (2, "ideographTraditional", "乙"),
            (3, "decimalEnclosedCircleChinese", "③"),
            (12, "decimalFullWidth", "１２"),
            (28, "upperLetter", "BB"),
            (14, "lowerRoman", "xiv"),
        ] {
            assert_eq!(number(n, format).as_deref(), Some(want), "{format}");
        }
        let mut n = numbering(&level(0, "hebrew1", "%1.", ""), PLAIN);
        assert_eq!((n.next("1", 0).as_str(), n.unknown), ("1.", true));
        let mut n = numbering(&level(0, "bullet", "\u{F06C}", ""), PLAIN);
        assert_eq!((n.next("1", 0).as_str(), n.next("none", 200).as_str()), ("", ""));
    }
}
