//! Brings the spellings of a text to one: width, case, script, variants, brackets, numerals of citations.
//!
//! Runs before segmentation, because traditional and variant spellings would segment differently. Every character of
//! the result knows the span of the original it came from, so highlights fall where the reader's text has them.

use std::{collections::HashMap, ops::Range};

use ferrous_opencc::{OpenCC, config::BuiltinConfig};
use unicode_normalization::{UnicodeNormalization, char::canonical_combining_class};

use super::numerals;

/// A normalized text with its way back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Normalized {
    pub text: String,
    /// One entry a character of `text`, in order.
    places: Vec<Place>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Place {
    /// Byte offset of the character in the normalized text.
    at: u32,
    /// Byte span in the original.
    start: u32,
    end: u32,
}

impl Normalized {
    /// The span of the original that a span of the normalized text came from. Both in bytes.
    pub fn original(&self, span: Range<usize>) -> Range<usize> {
        let first = self.places.partition_point(|p| (p.at as usize) < span.start);
        let last = self.places.partition_point(|p| (p.at as usize) < span.end);
        match self.places.get(first..last) {
            Some([one]) => one.start as usize..one.end as usize,
            Some([head, .., tail]) => head.start as usize..(tail.end as usize).max(head.end as usize),
            _ => {
                let at = self.places.get(first).map_or_else(|| self.places.last().map_or(0, |p| p.end), |p| p.start);
                at as usize..at as usize
            }
        }
    }
}

/// The steps in their order. What steps 1 to 6 make of a character that stands by itself is looked up in one table;
/// characters that compose go through these steps together, three times, after which nothing changes any more.
///
/// 1. Invisible: controls and zero-width characters go.
/// 2. Compatibility: NFKC, which also folds full-width and half-width forms.
/// 3. Case: lower case, and any white space a plain space.
/// 4. Script: traditional characters become simplified ones, character by character, so that neighbours never change
///    how a character is read.
/// 5. Variants: variant characters become the standard one (`dictionaries/variants.tsv`), whatever step 4 has for them.
/// 6. Brackets: one form for the brackets and quotation marks that people use for each other.
/// 7. Numerals: 第12条 becomes 第十二条, as the texts of law write it.
pub struct Normalizer {
    /// Steps 4 to 6 for one character, already followed to the end.
    fold: HashMap<char, char>,
    /// What all steps but the last make of each character of the basic plane that stands by itself, so that the common
    /// case is one look.
    alone: Box<[Alone]>,
    /// One bit for each character of the basic plane that becomes itself: small enough to stay in the nearest cache.
    staying: Box<[u64]>,
}

/// A character of the basic plane, by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Alone {
    /// Goes.
    Invisible,
    /// Composes with what stands before it.
    Joins,
    Becomes(char),
    /// Becomes several or none.
    Other,
}

/// Characters of the basic plane.
const PLANE: u32 = 0x1_0000;

impl Normalizer {
    /// `variants` maps a variant character to the standard one.
    pub fn new(variants: &HashMap<char, char>) -> Self {
        let mut fold = script_table();
        for (&from, &to) in variants {
            fold.insert(from, to);
        }
        for (forms, standard) in BRACKETS {
            for form in forms.chars().filter(|c| c != standard) {
                fold.insert(form, *standard);
            }
        }
        follow_to_the_end(&mut fold);
        let mut normalizer = Self { fold, alone: Box::default(), staying: Box::default() };
        normalizer.alone =
            (0..PLANE).map(|code| char::from_u32(code).map_or(Alone::Other, |c| normalizer.made_of(c))).collect();
        let stays = |code: u32| char::from_u32(code).is_some_and(|c| normalizer.alone(c) == Alone::Becomes(c));
        normalizer.staying =
            (0..PLANE / 64).map(|word| (0..64).map(|bit| u64::from(stays(word * 64 + bit)) << bit).sum()).collect();
        normalizer
    }

    /// The normalized text alone.
    pub fn text(&self, original: &str) -> String {
        // Only the numerals of citations need to know where each character came from.
        let mut digits = original.bytes().any(|b| b.is_ascii_digit());
        if digits {
            return self.normalized(original).text;
        }
        let mut text = String::with_capacity(original.len());
        let mut rest = original;
        while let Some(at) = rest.char_indices().find(|(_, c)| !self.stays(*c)).map(|(at, _)| at) {
            // What stands before it may be joined by it; what comes after the next that stays is not its concern.
            let from = rest[..at].char_indices().next_back().map_or(0, |(at, _)| at);
            let to = at + rest[at..].char_indices().find(|(_, c)| self.stays(*c)).map_or(rest.len() - at, |(at, _)| at);
            text.push_str(&rest[..from]);
            self.each(&rest[from..to], |c, _| {
                digits |= c.is_ascii_digit();
                text.push(c);
            });
            rest = &rest[to..];
        }
        if digits {
            return self.normalized(original).text;
        }
        text.push_str(rest);
        text
    }

    /// See [`super::Pipeline::key`].
    pub fn key(&self, text: &str) -> String {
        self.text(text).chars().filter(|c| is_han(*c) || c.is_alphanumeric()).collect()
    }

    pub fn normalized(&self, original: &str) -> Normalized {
        let mut out =
            Normalized { text: String::with_capacity(original.len()), places: Vec::with_capacity(original.len() / 3) };
        self.each(original, |c, from| out.push(c, from.start, from.end));
        citation_numerals(&mut out);
        out
    }

    /// Hands out each character of the result with the span that it came from, before numerals.
    fn each(&self, original: &str, mut emit: impl FnMut(char, Range<usize>)) {
        let mut chars = original
            .char_indices()
            .map(|(at, c)| (at, c, self.alone(c)))
            .filter(|(.., alone)| *alone != Alone::Invisible)
            .peekable();
        let joins = |next: &(usize, char, Alone)| next.2 == Alone::Joins;
        let mut cluster = String::new();
        while let Some((start, first, alone)) = chars.next() {
            let mut end = start + first.len_utf8();
            match alone {
                Alone::Becomes(c) if !chars.peek().is_some_and(joins) => {
                    // One character by itself: by far the most frequent case.
                    emit(c, start..end);
                    continue;
                }
                _ => {}
            }
            cluster.clear();
            cluster.push(first);
            while let Some((at, c, _)) = chars.next_if(joins) {
                cluster.push(c);
                end = at + c.len_utf8();
            }
            for c in self.cluster(&cluster).chars() {
                emit(c, start..end);
            }
        }
    }

    /// Whether all steps leave a character as it is: nearly all of a text of law.
    fn stays(&self, c: char) -> bool {
        let code = c as usize;
        self.staying.get(code / 64).is_some_and(|bits| bits >> (code % 64) & 1 == 1)
    }

    fn alone(&self, c: char) -> Alone {
        self.alone.get(c as usize).copied().unwrap_or_else(|| self.made_of(c))
    }

    /// The long way.
    fn made_of(&self, c: char) -> Alone {
        if is_invisible(c) {
            return Alone::Invisible;
        }
        if joins_previous(c) {
            return Alone::Joins;
        }
        if is_han(c) || c.is_ascii() {
            let c = if c.is_ascii_whitespace() { ' ' } else { c.to_ascii_lowercase() };
            return Alone::Becomes(self.folded(c));
        }
        let made = self.cluster(c.encode_utf8(&mut [0; 4]));
        let mut chars = made.chars();
        match (chars.next(), chars.next()) {
            (Some(c), None) => Alone::Becomes(c),
            _ => Alone::Other,
        }
    }

    fn cluster(&self, cluster: &str) -> String {
        let step = |text: &str| -> String {
            text.nfkc().flat_map(char::to_lowercase).filter(|c| !is_invisible(*c)).map(|c| self.folded(c)).collect()
        };
        // Lower-casing can open the way for another composition; three rounds settle every character of Unicode.
        let mut text = step(cluster);
        for _ in 0..2 {
            text = step(&text);
        }
        text
    }

    fn folded(&self, c: char) -> char {
        let c = if c.is_whitespace() { ' ' } else { c };
        self.fold.get(&c).copied().unwrap_or(c)
    }
}

impl Normalized {
    fn push(&mut self, c: char, start: usize, end: usize) {
        self.places.push(Place { at: self.text.len() as u32, start: start as u32, end: end as u32 });
        self.text.push(c);
    }
}

/// Brackets and quotation marks that people type for each other, with the one they become.
const BRACKETS: &[(&str, char)] = &[
    ("(（〔［[【｛{﹝〖〘", '('),
    (")）〕］]】｝}﹞〗〙", ')'),
    ("《〈＜<«‹", '《'),
    ("》〉＞>»›", '》'),
    ("\"“”「」『』〝〞„‟", '"'),
    ("'‘’‚‛`´", '\''),
];

pub fn is_han(c: char) -> bool {
    matches!(c, '\u{4E00}'..='\u{9FFF}' | '\u{3400}'..='\u{4DBF}' | '\u{20000}'..='\u{323AF}' | '\u{F900}'..='\u{FAFF}' | '〇')
        && !matches!(c, '\u{F900}'..='\u{FAFF}' | '\u{2F800}'..='\u{2FA1F}')
}

/// Controls, zero-width and directional marks, and blanks that count as letters: they carry no meaning and serve to deceive.
pub(super) fn is_invisible(c: char) -> bool {
    (c.is_control() && !c.is_whitespace())
        || matches!(c, '\u{AD}' | '\u{34F}' | '\u{61C}' | '\u{115F}' | '\u{1160}' | '\u{17B4}' | '\u{17B5}' | '\u{2800}' | '\u{3164}' | '\u{FFA0}' | '\u{180B}'..='\u{180F}' | '\u{200B}'..='\u{200F}'
            | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}'
            | '\u{FFF9}'..='\u{FFFB}' | '\u{E0000}'..='\u{E0FFF}')
}

/// Whether a character composes with what stands before it.
fn joins_previous(c: char) -> bool {
    if c.is_ascii() || is_han(c) {
        return false;
    }
    canonical_combining_class(c) != 0
        || c.nfkd().next().is_some_and(|d| canonical_combining_class(d) != 0)
        || matches!(c, '\u{1161}'..='\u{1175}' | '\u{11A8}'..='\u{11C2}')
}

/// Traditional → simplified for single characters, read off OpenCC once.
fn script_table() -> HashMap<char, char> {
    let Ok(converter) = OpenCC::from_config(BuiltinConfig::T2s) else {
        // The tables are compiled into the library; without them there is nothing to convert with.
        unreachable!("the built-in tables are part of the library");
    };
    let mut table = HashMap::new();
    for c in ('\u{3400}'..='\u{9FFF}').chain('\u{20000}'..='\u{2FFFF}') {
        let converted = converter.convert(c.encode_utf8(&mut [0; 4]));
        let mut chars = converted.chars();
        if let (Some(to), None) = (chars.next(), chars.next())
            && to != c
        {
            table.insert(c, to);
        }
    }
    table
}

/// Makes every entry point to where its chain ends, so that folding twice changes nothing.
fn follow_to_the_end(fold: &mut HashMap<char, char>) {
    let keys: Vec<char> = fold.keys().copied().collect();
    for key in keys {
        let mut at = key;
        // A chain longer than the steps that make it would be a cycle in the dictionaries.
        for _ in 0..4 {
            match fold.get(&at) {
                Some(&next) if next != key => at = next,
                _ => break,
            }
        }
        if at == key {
            fold.remove(&key);
        } else {
            fold.insert(key, at);
        }
    }
}

/// Longest number that counts as a citation's: 9,999 has four digits.
const MAX_DIGITS: usize = 4;

/// 第12条 → 第十二条, 第 3 款 → 第三款, 第120条之1 → 第一百二十条之一.
fn citation_numerals(out: &mut Normalized) {
    if !out.text.contains(['第', '条']) || !out.text.bytes().any(|b| b.is_ascii_digit()) {
        return;
    }
    let chars: Vec<char> = out.text.chars().collect();
    let mut result =
        Normalized { text: String::with_capacity(out.text.len()), places: Vec::with_capacity(chars.len()) };
    let mut i = 0;
    while i < chars.len() {
        let opens = chars[i] == '第' || (chars[i] == '之' && i > 0 && chars[i - 1] == '条');
        result.push(chars[i], out.places[i].start as usize, out.places[i].end as usize);
        i += 1;
        if !opens {
            continue;
        }
        let skip = |mut at: usize| {
            while chars.get(at) == Some(&' ') {
                at += 1;
            }
            at
        };
        let from = skip(i);
        let mut to = from;
        while to < chars.len() && chars[to].is_ascii_digit() && to - from <= MAX_DIGITS {
            to += 1;
        }
        let unit = skip(to);
        let opener = chars[i - 1];
        let closes = opener == '之'
            || chars.get(unit).is_some_and(|c| matches!(c, '编' | '章' | '节' | '条' | '款' | '项' | '目'));
        let number: String = chars[from..to].iter().collect();
        if let Some(n) = numerals::parse(&number).filter(|_| closes) {
            let (start, end) = (out.places[from].start as usize, out.places[to - 1].end as usize);
            for c in numerals::format(n).chars() {
                result.push(c, start, end);
            }
            i = if opener == '第' { unit } else { to };
        }
    }
    *out = result;
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn normalizer() -> Normalizer {
        Normalizer::new(&HashMap::from([('峯', '峰'), ('〇', '零')]))
    }

    #[test]
    fn each_step() {
        let n = normalizer();
        for (from, to) in [
            ("a\u{200B}b\u{202E}c", "abc"),
            ("ＧＤＰ　１２", "gdp 12"),
            ("中華人民共和國", "中华人民共和国"),
            ("峯", "峰"),
            ("〔2016〕【51】[号]", "(2016)(51)(号)"),
            ("第12条", "第十二条"),
            ("第 12 条第2款", "第十二条第二款"),
            ("第120条之1", "第一百二十条之一"),
            ("〈民法典〉", "《民法典》"),
            ("第2016号", "第2016号"),
            ("ﾊﾞ", "バ"),
        ] {
            assert_eq!(n.text(from), to, "{from}");
        }
    }

    #[test]
    fn spans_lead_back() {
        let n = normalizer();
        let original = "依照《行政許可法》第 12 条";
        let normalized = n.normalized(original);
        let at = normalized.text.find("许可").unwrap();
        assert_eq!(&original[normalized.original(at..at + "许可".len())], "許可");
        let at = normalized.text.find("十二").unwrap();
        assert_eq!(&original[normalized.original(at..at + "十二".len())], "12");
    }

    #[test]
    fn every_character_alone_is_as_the_steps_make_it() {
        let n = normalizer();
        for c in (0..0x3_0000).filter_map(char::from_u32) {
            let text = c.to_string();
            let whole = n.normalized(&text).text;
            let wanted = if is_invisible(c) { String::new() } else { n.cluster(&text) };
            assert_eq!(whole, wanted, "{c:?}");
            assert_eq!(n.text(&text), whole, "{c:?}");
        }
    }

    proptest! {
        #[test]
        fn with_and_without_places_is_the_same(text in "[第条款之 0-9０-９一二①法國峯ﾊﾞ（e\\u{301}\\u{200B}]{0,24}|[法國峯ﾊﾞ（e\\u{301}\\u{200B}]{0,12}") {
            let n = normalizer();
            prop_assert_eq!(n.text(&text), n.normalized(&text).text);
        }

        #[test]
        fn twice_changes_nothing(text in "\\PC{0,40}") {
            let n = normalizer();
            let once = n.text(&text);
            prop_assert_eq!(n.text(&once), once.clone());
        }

        #[test]
        fn citations_twice_change_nothing(text in "[第条款项章之 0-9一二十百两民法典（）〔〕]{0,24}") {
            let n = normalizer();
            let once = n.text(&text);
            prop_assert_eq!(n.text(&once), once.clone());
        }

        #[test]
        fn every_span_is_a_slice_of_the_original(text in "\\PC{0,40}") {
            let normalized = normalizer().normalized(&text);
            for (at, c) in normalized.text.char_indices() {
                let span = normalized.original(at..at + c.len_utf8());
                prop_assert!(text.get(span).is_some());
            }
            prop_assert!(text.get(normalized.original(0..normalized.text.len())).is_some());
        }
    }
}
