//! Garbled text 乱码: bytes of one encoding that some program took for another.
//!
//! What can be turned back without loss is; what cannot is reported. Text counts as garbled when many of its characters
//! are such as Chinese documents do not use.

use std::{collections::HashSet, sync::LazyLock};

use encoding_rs::{BIG5, Encoding, GBK, WINDOWS_1252};

use super::Document;

/// Characters that are looked at: a few pages.
const LOOKED_AT: usize = 20_000;
/// Fewer characters beyond ASCII tell nothing.
const LEAST: usize = 8;
/// Share of strange characters above which a text is garbled. Of laws and documents it is below one in a hundred, of
/// one encoding read as another above one in two.
const STRANGE: f64 = 0.3;
/// Share of lines that have to become sound for the way back to be believed.
const SOUND: f64 = 0.8;

/// The characters in daily use: level 1 of GB/T 2312 (3,755) and of Big5 (5,401). Both levels 1 have the characters
/// that make up more than 99 of 100 of running text.
static COMMON: LazyLock<HashSet<char>> = LazyLock::new(|| {
    let mut common = characters(GBK, 0xB0..=0xD7, 0xA1..=0xFE);
    common.extend(characters(BIG5, 0xA4..=0xC6, 0x40..=0xFE));
    common
});
static COMMON_GB: LazyLock<HashSet<char>> = LazyLock::new(|| characters(GBK, 0xB0..=0xF7, 0xA1..=0xFE));
static COMMON_BIG5: LazyLock<HashSet<char>> = LazyLock::new(|| characters(BIG5, 0xA4..=0xC6, 0x40..=0xFE));

/// The ideographs of a range of two-byte codes.
fn characters(
    encoding: &'static Encoding,
    leads: std::ops::RangeInclusive<u8>,
    trails: std::ops::RangeInclusive<u8>,
) -> HashSet<char> {
    let mut found = HashSet::new();
    for lead in leads {
        for trail in trails.clone() {
            let bytes = [lead, trail];
            let decoded = encoding.decode_without_bom_handling_and_without_replacement(&bytes);
            found.extend(decoded.iter().flat_map(|text| text.chars()).filter(|c| is_ideograph(*c)));
        }
    }
    found
}

fn is_ideograph(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{9FFF}' | '\u{20000}'..='\u{3FFFF}')
}

/// Whether Chinese documents do not use a character.
fn is_strange(c: char) -> bool {
    match c {
        // Signs that stand in Chinese text too: ·×÷°±§ and a few more.
        '·' | '×' | '÷' | '°' | '±' | '§' | '®' | '©' | '²' | '³' => false,
        '\u{80}'..='\u{2AF}' | '\u{E000}'..='\u{F8FF}' | '\u{FFFD}' => true,
        c if is_ideograph(c) => !COMMON.contains(&c),
        _ => false,
    }
}

/// How many of the characters beyond ASCII are strange; `None` where there are too few to tell.
fn strange_share<'t>(texts: impl Iterator<Item = &'t str>) -> Option<f64> {
    let (mut all, mut strange) = (0usize, 0usize);
    let characters = texts.flat_map(str::chars).filter(|c| !c.is_ascii() && !c.is_whitespace());
    for c in characters.take(LOOKED_AT) {
        all += 1;
        strange += usize::from(is_strange(c));
    }
    (all >= LEAST).then(|| strange as f64 / all as f64)
}

/// Whether many characters of a text are such as Chinese documents do not use.
pub fn is_garbled<'t>(texts: impl Iterator<Item = &'t str>) -> bool {
    strange_share(texts).is_some_and(|share| share > STRANGE)
}

/// Whether bytes that fit GB18030 are Big5: decoded so they are in daily use, and decoded as GB18030 they are not.
pub fn is_big5(as_gb: &str, as_big5: &str) -> bool {
    let share = |text: &str, common: &HashSet<char>| {
        let letters = text.chars().filter(|c| c.is_alphanumeric() || is_strange(*c)).filter(|c| !c.is_ascii());
        let letters: Vec<char> = letters.take(LOOKED_AT).collect();
        letters.iter().filter(|c| common.contains(c)).count() as f64 / letters.len().max(1) as f64
    };
    share(as_gb, &COMMON_GB) < 0.6 && share(as_big5, &COMMON_BIG5) > 0.85
}

/// Turns garbled lines back where that can be done, and tells what was done or could not be.
pub fn check(mut document: Document) -> Document {
    if !is_garbled(document.lines.iter().map(|l| l.text.as_str())) {
        return document;
    }
    let beyond_ascii = document.lines.iter().filter(|l| !l.text.is_ascii());
    let (mut all, mut sound) = (0usize, 0usize);
    for line in beyond_ascii.take(LOOKED_AT) {
        all += 1;
        sound += usize::from(restored(&line.text).is_some());
    }
    if sound as f64 > SOUND * all as f64 {
        for line in &mut document.lines {
            if let Some(text) = restored(&line.text) {
                line.text = text;
            }
        }
        document.warn("文字的编码曾被弄错（乱码）：已按原编码还原，请逐字核对");
    } else {
        document.warn("文字中有大量无法辨认的字符，像是乱码：请用原软件打开，另存为 docx 或 UTF-8 文本后重新上传");
    }
    document
}

/// A text whose bytes were read in another encoding, read in its own.
pub fn restored(text: &str) -> Option<String> {
    if text.is_ascii() {
        return None;
    }
    let utf8 = |bytes: &[u8]| std::str::from_utf8(bytes).ok().map(str::to_owned);
    let by_bytes = bytes_of(text).and_then(|bytes| utf8(&bytes).or_else(|| gbk(&bytes)));
    let found = by_bytes.or_else(|| {
        let (bytes, _, lost) = GBK.encode(text);
        if lost { None } else { utf8(&bytes) }
    })?;
    let ideographs: Vec<char> = found.chars().filter(|c| is_ideograph(*c)).collect();
    let common = ideographs.iter().filter(|c| COMMON.contains(c)).count();
    let sound = !found.contains(is_broken) && common * 10 >= ideographs.len() * 9;
    (sound && !found.is_ascii()).then_some(found).filter(|found| found != text)
}

fn is_broken(c: char) -> bool {
    c.is_control() || matches!(c, '\u{E000}'..='\u{F8FF}' | '\u{FFFD}')
}

/// The bytes that a text of one-byte characters was made of. Windows-1252 has two signs for one: fonts show the soft
/// hyphen as a hyphen, which can only be the second byte of a character.
fn bytes_of(text: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut open = false;
    for c in text.chars() {
        let byte = match c {
            '-' | '\u{AD}' if open => 0xAD,
            '\0'..='\u{FF}' => u8::try_from(c as u32).ok()?,
            c => {
                let mut buffer = [0; 4];
                let (encoded, _, lost) = WINDOWS_1252.encode(c.encode_utf8(&mut buffer));
                if lost { None } else { encoded.first().copied() }?
            }
        };
        open = !open && byte >= 0x81;
        bytes.push(byte);
    }
    Some(bytes)
}

fn gbk(bytes: &[u8]) -> Option<String> {
    GBK.decode_without_bom_handling_and_without_replacement(bytes).map(std::borrow::Cow::into_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "甲市人民政府办公室关于印发甲市共享单车管理办法的通知（2024年）。";

    fn as_latin(bytes: &[u8]) -> String {
        WINDOWS_1252.decode_without_bom_handling(bytes).0.into_owned()
    }

    #[test]
    fn what_was_read_in_another_encoding_is_turned_back() {
        let gbk = GBK.encode(TEXT).0.into_owned();
        // Of an even number of bytes, so that none was lost.
        let even: String = TEXT.chars().take(20).collect();
        let chinese = GBK.decode_without_bom_handling(even.as_bytes()).0.into_owned();
        for (text, want) in [(as_latin(&gbk), TEXT), (as_latin(TEXT.as_bytes()), TEXT), (chinese, &even)] {
            assert!(is_garbled(std::iter::once(text.as_str())), "{text}");
            assert_eq!(restored(&text).as_deref(), Some(want), "{text}");
        }
        assert_eq!(restored("甲市人民政府"), None);
        assert_eq!(restored("a-b"), None);
    }

    #[test]
    fn sound_text_is_let_be() {
        for text in [
            TEXT,
            "關於印發甲市共享單車管理辦法的通知，請遵照執行，並於本年內報告辦理情形。",
            "表 1　±0.5 °C × 3，§2",
            "Résumé",
        ] {
            assert!(!is_garbled(std::iter::once(text)), "{text}");
            let document = Document::from(text);
            assert_eq!(check(document.clone()), document);
        }
    }

    #[test]
    fn what_cannot_be_turned_back_is_told() {
        let lost = "\u{FFFD}\u{FFFD}斤拷\u{FFFD}\u{FFFD}锟\u{FFFD}\u{E123}\u{E124}市";
        let document = check(Document::from(lost));
        assert_eq!(document.lines[0].text, lost);
        assert!(document.warnings[0].contains("乱码"), "{:?}", document.warnings);
    }
}
