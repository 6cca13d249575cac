//! Cuts a normalized text into words: jieba in search mode, with our words and those of the corpus.

use std::{ops::Range, sync::Arc};

use jieba_rs::Jieba;

use super::{Token, dictionaries::Word, normalize::is_han};

/// Frequency given to a name of the corpus: low, so that a name wins only against being cut into several words.
const NAME_FREQUENCY: usize = 3;
/// Longest name that becomes one word. Longer ones (titles of interpretations) are found by their words and bigrams,
/// and a word that long would only hide them.
const MAX_NAME_CHARS: usize = 16;
/// Longest word looked for inside another, in characters: longer ones are names, and those of ours have no more.
const MAX_INSIDE: usize = MAX_NAME_CHARS;

/// Cheap to clone: the dictionary is shared.
#[derive(Clone)]
pub struct Segmenter {
    jieba: Arc<Jieba>,
}

impl Segmenter {
    /// `names` come from the corpus and are already normalized.
    pub fn new(words: &[Word], names: &[impl AsRef<str>]) -> Self {
        let mut jieba = Jieba::new();
        for word in words {
            jieba.add_word(&word.text, Some(word.frequency as usize), Some(&word.tag));
        }
        for name in names.iter().map(AsRef::as_ref) {
            let chars = name.chars().count();
            let fits = (2..=MAX_NAME_CHARS).contains(&chars) && name.chars().all(is_han);
            if fits && !jieba.has_word(name) {
                jieba.add_word(name, Some(NAME_FREQUENCY), Some("nt"));
            }
        }
        Self { jieba: Arc::new(jieba) }
    }

    /// Words with the words inside them, sorted by start, then end. Punctuation and spaces make none.
    ///
    /// jieba's own search mode gives the words of two and three characters inside a longer one, in an order of its own;
    /// this gives all of them, in the order of the text. Only a word of Han characters has words inside.
    pub fn words<'a>(&self, text: &'a str, emit: &mut dyn FnMut(Token<'a>)) {
        for word in self.jieba.cut(text, false) {
            if !tells(word.word) {
                continue;
            }
            let whole = Token { start: word.byte_start, end: word.byte_end, position: word.start, text: word.word };
            let chars = word.end - word.start;
            if chars <= 2 || !word.word.chars().all(is_han) {
                emit(whole);
                continue;
            }
            // By start, then end, so that the whole word comes after those that begin with it.
            let mut whole_is_due = true;
            for part in self.jieba.cut_all(word.word) {
                if !(2..chars.min(MAX_INSIDE + 1)).contains(&(part.end - part.start)) {
                    continue;
                }
                if part.start > 0 && std::mem::take(&mut whole_is_due) {
                    emit(whole);
                }
                emit(Token {
                    start: whole.start + part.byte_start,
                    end: whole.start + part.byte_end,
                    position: whole.position + part.start,
                    text: part.word,
                });
            }
            if whole_is_due {
                emit(whole);
            }
        }
    }

    /// The words without those inside them, in order.
    pub fn plain_words<'a>(&self, text: &'a str) -> Vec<&'a str> {
        let words = self.jieba.cut(text, false).into_iter().map(|t| t.word);
        words.filter(|w| w.chars().any(char::is_alphanumeric)).collect()
    }

    /// Places of the words without those inside them, in bytes and in order.
    pub fn spans(&self, text: &str) -> Vec<Range<usize>> {
        self.jieba.cut(text, false).into_iter().map(|t| t.byte_start..t.byte_end).collect()
    }

    pub fn is_word(&self, text: &str) -> bool {
        self.jieba.has_word(text)
    }
}

/// Whether a word is more than punctuation. Han characters first: they are nearly all, and the general question takes
/// longer than cutting the word.
fn tells(word: &str) -> bool {
    word.chars().any(|c| is_han(c) || c.is_alphanumeric())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::sync::LazyLock;

    static SEGMENTER: LazyLock<Segmenter> =
        LazyLock::new(|| Segmenter::new(&[ours()], &["遵义市人民政府", "行政许可法"]));

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

    /// jieba's search mode and all longer words inside: what [`Segmenter::words`] gives, the long way.
    fn the_long_way(text: &str) -> Vec<(usize, usize)> {
        let mut found = Vec::new();
        for token in SEGMENTER.jieba.cut_for_search(text, false) {
            if !token.word.chars().any(char::is_alphanumeric) {
                continue;
            }
            found.push((token.byte_start, token.byte_end));
            let ends: Vec<usize> = token.word.char_indices().map(|(at, _)| at).chain([token.word.len()]).collect();
            for from in 0..ends.len() {
                for to in from + 4..ends.len() {
                    if SEGMENTER.is_word(&token.word[ends[from]..ends[to]]) {
                        found.push((token.byte_start + ends[from], token.byte_start + ends[to]));
                    }
                }
            }
        }
        found.sort_unstable();
        found.dedup();
        found
    }

    proptest! {
        #[test]
        fn nothing_is_lost_against_jiebas_search_mode(
            text in "(遵义市人民政府|依照|行政许可法|中华人民共和国|人力资源和社会保障部|a1|，|有限责任公司|国务院|的){0,12}"
        ) {
            let mut spans = Vec::new();
            SEGMENTER.words(&text, &mut |t| spans.push((t.start, t.end)));
            prop_assert_eq!(spans, the_long_way(&text));
        }

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
