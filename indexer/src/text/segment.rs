//! Cuts a normalized text into words: jieba in search mode, with our words and those of the corpus.

use std::{collections::HashSet, io::Cursor, sync::Arc};

use jieba_rs::Jieba;

use super::{Token, dictionaries::Word, normalize::is_han};

/// Frequency given to a name of the corpus: low, so that a name wins only against being cut into several words.
const NAME_FREQUENCY: u32 = 3;
/// Longest name that becomes one word. Longer ones (titles of interpretations) are found by their words and bigrams,
/// and a word that long would only hide them.
const MAX_NAME_CHARS: usize = 16;
/// jieba's search mode gives the words of two and three characters inside a longer one; we add those from here on.
const SHORTEST_EXTRA: usize = 4;

/// Cheap to clone: the dictionary is shared.
#[derive(Clone)]
pub struct Segmenter {
    jieba: Arc<Jieba>,
}

impl Segmenter {
    /// `names` come from the corpus and are already normalized.
    pub fn new(words: &[Word], names: &[String]) -> Self {
        let mut jieba = Jieba::new();
        let mut lines = String::new();
        for word in words {
            lines.push_str(&format!("{} {} {}\n", word.text, word.frequency, word.tag));
        }
        let mut seen = HashSet::new();
        for name in names {
            let chars = name.chars().count();
            let fits = (2..=MAX_NAME_CHARS).contains(&chars) && name.chars().all(is_han);
            if fits && seen.insert(name) && !jieba.has_word(name) {
                lines.push_str(&format!("{name} {NAME_FREQUENCY} nt\n"));
            }
        }
        // The lines are made here or checked by the loader of the dictionaries, and reading from memory cannot fail.
        if let Err(error) = jieba.load_dict(&mut Cursor::new(lines)) {
            unreachable!("the segmenter's words are checked before: {error}");
        }
        Self { jieba: Arc::new(jieba) }
    }

    /// Words with the words inside them, sorted by start, then end. Punctuation and spaces make none.
    pub fn words<'a>(&self, text: &'a str, emit: &mut dyn FnMut(Token<'a>)) {
        let mut tokens = Vec::new();
        for token in self.jieba.cut_for_search(text, false) {
            if !token.word.chars().any(char::is_alphanumeric) {
                continue;
            }
            let made = Token { start: token.byte_start, end: token.byte_end, position: token.start, text: token.word };
            if token.end - token.start > SHORTEST_EXTRA {
                self.words_inside(made, &mut tokens);
            }
            tokens.push(made);
        }
        tokens.sort_unstable_by_key(|t| (t.start, t.end));
        tokens.dedup();
        tokens.into_iter().for_each(emit);
    }

    /// The words without those inside them, in order.
    pub fn plain_words<'a>(&self, text: &'a str) -> Vec<&'a str> {
        let words = self.jieba.cut(text, false).into_iter().map(|t| t.word);
        words.filter(|w| w.chars().any(char::is_alphanumeric)).collect()
    }

    pub fn is_word(&self, text: &str) -> bool {
        self.jieba.has_word(text)
    }

    fn words_inside<'a>(&self, whole: Token<'a>, out: &mut Vec<Token<'a>>) {
        let offsets: Vec<usize> = whole.text.char_indices().map(|(i, _)| i).chain([whole.text.len()]).collect();
        let chars = offsets.len() - 1;
        for from in 0..chars {
            for to in from + SHORTEST_EXTRA..=chars {
                let part = &whole.text[offsets[from]..offsets[to]];
                if part.len() < whole.text.len() && self.jieba.has_word(part) {
                    out.push(Token {
                        start: whole.start + offsets[from],
                        end: whole.start + offsets[to],
                        position: whole.position + from,
                        text: part,
                    });
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::sync::LazyLock;

    static SEGMENTER: LazyLock<Segmenter> =
        LazyLock::new(|| Segmenter::new(&[ours()], &["遵义市人民政府".into(), "行政许可法".into()]));

    fn ours() -> Word {
        Word { text: "三定方案".into(), frequency: 100, tag: "n".into() }
    }

    fn words(text: &str) -> Vec<&str> {
        let mut out = Vec::new();
        SEGMENTER.words(text, &mut |t| out.push(t.text));
        out
    }

    #[test]
    fn names_are_words_and_keep_the_words_inside() {
        let got = words("遵义市人民政府依照行政许可法");
        for want in ["遵义", "遵义市", "人民政府", "政府", "遵义市人民政府", "依照", "行政", "行政许可法"]
        {
            assert!(got.contains(&want), "{want} is missing in {got:?}");
        }
        assert!(words("三定方案").contains(&"三定方案"));
    }

    #[test]
    fn punctuation_makes_no_words() {
        assert!(words("，。〔〕《》 \n").is_empty());
    }

    proptest! {
        #[test]
        fn spans_slice_back_in_order(text in "[遵义市人民政府依照行政许可法a-c1 ,。]{0,40}") {
            let mut tokens = Vec::new();
            SEGMENTER.words(&text, &mut |t| tokens.push(t));
            for pair in tokens.windows(2) {
                prop_assert!((pair[0].start, pair[0].end) < (pair[1].start, pair[1].end));
                prop_assert!(pair[0].position <= pair[1].position);
            }
            for token in tokens {
                prop_assert_eq!(&text[token.start..token.end], token.text);
            }
        }
    }
}
