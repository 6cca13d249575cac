//! Character bigrams: the field through which no query falls, whatever the segmenter made of the text.

use super::{Token, normalize::is_han};

/// Overlapping bigrams of each run of Han characters (a single one stays alone), and each run of other letters and
/// digits whole. Of a normalized text; sorted by start.
pub fn bigrams<'a>(text: &'a str, emit: &mut dyn FnMut(Token<'a>)) {
    let mut position = 0;
    let mut run = Run::None;
    let mut previous: Option<(usize, char)> = None;
    // A space carries no weight; any other mark keeps neighbours apart as it does in the text.
    for (at, c) in text.char_indices().chain([(text.len(), ' ')]) {
        let kind = Kind::of(c);
        match run {
            Run::Han { start, from } => {
                if kind == Kind::Han {
                    let (previous_at, _) = previous.unwrap_or((start, c));
                    let end = at + c.len_utf8();
                    emit(Token { start: previous_at, end, position: position - 1, text: &text[previous_at..end] });
                } else if position - from == 1 {
                    emit(Token { start, end: at, position: from, text: &text[start..at] });
                }
            }
            Run::Word { start, from } if kind != Kind::Word => {
                emit(Token { start, end: at, position: from, text: &text[start..at] });
                position = from + 1;
            }
            _ => {}
        }
        run = match (kind, run) {
            (Kind::Han, Run::Han { .. }) | (Kind::Word, Run::Word { .. }) => run,
            (Kind::Han, _) => Run::Han { start: at, from: position },
            (Kind::Word, _) => Run::Word { start: at, from: position },
            (Kind::Space | Kind::Mark, _) => Run::None,
        };
        if matches!(kind, Kind::Han | Kind::Mark) {
            position += 1;
        }
        previous = Some((at, c));
    }
}

#[derive(Clone, Copy)]
enum Run {
    None,
    Han { start: usize, from: usize },
    Word { start: usize, from: usize },
}

#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Han,
    /// A letter or digit of another script.
    Word,
    Space,
    Mark,
}

impl Kind {
    fn of(c: char) -> Self {
        if is_han(c) {
            Self::Han
        } else if c.is_alphanumeric() {
            Self::Word
        } else if c == ' ' {
            Self::Space
        } else {
            Self::Mark
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn all(text: &str) -> Vec<Token<'_>> {
        let mut out = Vec::new();
        bigrams(text, &mut |t| out.push(t));
        out
    }

    #[test]
    fn runs_are_cut_apart() {
        let tokens: Vec<(&str, usize)> = all("行政许可,法a1b 税").iter().map(|t| (t.text, t.position)).collect();
        assert_eq!(tokens, [("行政", 0), ("政许", 1), ("许可", 2), ("法", 5), ("a1b", 6), ("税", 7)]);
    }

    proptest! {
        #[test]
        fn spans_slice_back_in_order(text in "[一-三a-c1 ,。]{0,24}") {
            let tokens = all(&text);
            for pair in tokens.windows(2) {
                prop_assert!(pair[0].start <= pair[1].start && pair[0].position < pair[1].position);
            }
            for token in tokens {
                prop_assert_eq!(&text[token.start..token.end], token.text);
            }
        }
    }
}
