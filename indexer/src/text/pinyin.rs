//! Pinyin without tones, for names: whole and as initials.

use pinyin::ToPinyin;

use super::dictionaries::Readings;

/// Readings of characters, with those of phrases where a character's usual reading is wrong.
#[derive(Default)]
pub struct Pinyin {
    readings: Readings,
}

impl Pinyin {
    pub fn new(readings: Readings) -> Self {
        Self { readings }
    }

    /// One syllable a Han character; runs of letters and digits stay whole; anything else is left out.
    pub fn syllables(&self, text: &str) -> Vec<String> {
        let mut out: Vec<String> = Vec::new();
        let mut rest = text;
        let mut in_word = false;
        while let Some(c) = rest.chars().next() {
            if let Some((phrase, syllables)) = self.readings.longest_prefix(rest) {
                out.extend(syllables.iter().cloned());
                rest = &rest[phrase.len()..];
                in_word = false;
                continue;
            }
            rest = &rest[c.len_utf8()..];
            if let Some(reading) = c.to_pinyin() {
                out.push(reading.plain().replace('ü', "v"));
                in_word = false;
            } else if c.is_alphanumeric() {
                match out.last_mut() {
                    Some(word) if in_word => word.push(c.to_ascii_lowercase()),
                    _ => out.push(c.to_lowercase().collect()),
                }
                in_word = true;
            } else {
                in_word = false;
            }
        }
        out
    }

    /// Syllables run together: 遵义 → `zunyi`.
    pub fn full(&self, text: &str) -> String {
        self.syllables(text).concat()
    }

    /// First letters: 遵义 → `zy`.
    pub fn initials(&self, text: &str) -> String {
        self.syllables(text).iter().filter_map(|s| s.chars().next()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn phrases_win_over_single_readings() {
        let phrase = ("重庆".to_owned(), vec!["chong".to_owned(), "qing".to_owned()]);
        let pinyin = Pinyin::new(Readings::new([phrase].into()));
        assert_eq!(pinyin.full("重庆市人民政府"), "chongqingshirenminzhengfu");
        assert_eq!(pinyin.initials("重庆市"), "cqs");
        assert_eq!(pinyin.full("12345热线"), "12345rexian");
        assert_eq!(pinyin.full("绿春县"), "lvchunxian");
    }
}
