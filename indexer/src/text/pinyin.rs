//! Pinyin without tones, for names: whole and as initials.

use pinyin::ToPinyin;

/// Readings of characters, with those of phrases where a character's usual reading is wrong.
#[derive(Default)]
pub struct Pinyin {
    /// Phrase → syllables; by first character, longest first.
    phrases: std::collections::HashMap<char, Vec<(String, Vec<String>)>>,
}

impl Pinyin {
    pub fn new(phrases: impl IntoIterator<Item = (String, Vec<String>)>) -> Self {
        let mut table = Self::default();
        for (phrase, syllables) in phrases {
            if let Some(first) = phrase.chars().next() {
                table.phrases.entry(first).or_default().push((phrase, syllables));
            }
        }
        for list in table.phrases.values_mut() {
            list.sort_by_key(|(phrase, _)| std::cmp::Reverse(phrase.len()));
        }
        table
    }

    /// One syllable a Han character; runs of letters and digits stay whole; anything else is left out.
    pub fn syllables(&self, text: &str) -> Vec<String> {
        let mut out: Vec<String> = Vec::new();
        let mut rest = text;
        let mut in_word = false;
        while let Some(c) = rest.chars().next() {
            let known = self.phrases.get(&c).and_then(|list| list.iter().find(|(phrase, _)| rest.starts_with(phrase)));
            if let Some((phrase, syllables)) = known {
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
        let pinyin = Pinyin::new([("重庆".to_owned(), vec!["chong".to_owned(), "qing".to_owned()])]);
        assert_eq!(pinyin.full("重庆市人民政府"), "chongqingshirenminzhengfu");
        assert_eq!(pinyin.initials("重庆市"), "cqs");
        assert_eq!(pinyin.full("12345热线"), "12345rexian");
        assert_eq!(pinyin.full("绿春县"), "lvchunxian");
    }
}
