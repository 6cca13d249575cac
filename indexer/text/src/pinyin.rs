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
        self.read(text, |piece| match (piece, out.last_mut()) {
            (Piece::More(c), Some(word)) => word.push(c),
            (Piece::More(c) | Piece::Word(c), _) => out.push(c.to_lowercase().collect()),
            (Piece::Syllable(syllable), _) => out.push(syllable.to_owned()),
        });
        out
    }

    /// Syllables run together: 遵义 → `zunyi`.
    pub fn full(&self, text: &str) -> String {
        let mut out = String::with_capacity(text.len() * 2);
        self.read(text, |piece| match piece {
            Piece::Syllable(syllable) => out.push_str(syllable),
            Piece::Word(c) => out.extend(c.to_lowercase()),
            Piece::More(c) => out.push(c),
        });
        out
    }

    /// First letters: 遵义 → `zy`.
    pub fn initials(&self, text: &str) -> String {
        let mut out = String::new();
        self.read(text, |piece| match piece {
            Piece::Syllable(syllable) => out.extend(syllable.chars().next()),
            Piece::Word(c) => out.extend(c.to_lowercase().next()),
            Piece::More(_) => {}
        });
        out
    }

    /// Reads a text piece by piece: a national directory has a million names.
    fn read(&self, text: &str, mut take: impl FnMut(Piece<'_>)) {
        let mut rest = text;
        let mut in_word = false;
        while let Some(c) = rest.chars().next() {
            if let Some((phrase, syllables)) = self.readings.longest_prefix(rest) {
                syllables.iter().for_each(|syllable| take(Piece::Syllable(syllable)));
                rest = &rest[phrase.len()..];
                in_word = false;
                continue;
            }
            rest = &rest[c.len_utf8()..];
            if let Some(reading) = c.to_pinyin() {
                match reading.plain() {
                    plain if plain.contains('ü') => take(Piece::Syllable(&plain.replace('ü', "v"))),
                    plain => take(Piece::Syllable(plain)),
                }
                in_word = false;
            } else if c.is_alphanumeric() {
                take(if in_word { Piece::More(c.to_ascii_lowercase()) } else { Piece::Word(c) });
                in_word = true;
            } else {
                in_word = false;
            }
        }
    }
}

/// What a text is read as.
enum Piece<'a> {
    Syllable(&'a str),
    /// The first letter or digit of a run, as it stands.
    Word(char),
    /// A further one.
    More(char),
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
