//! The pipeline as tantivy's tokenizers. Nothing else in `text` knows tantivy.

use std::sync::Arc;

use tantivy::tokenizer::{TextAnalyzer, Token, TokenStream, Tokenizer, TokenizerManager};

use super::{Pipeline, bigrams};

/// Names under which the tokenizers are registered and the fields ask for them.
pub const WORDS: &str = "words";
pub const BIGRAMS: &str = "bigrams";
/// One token: the [`Pipeline::key`] of the whole value.
pub const KEY: &str = "key";

/// Makes the pipeline's tokenizers known to an index.
pub fn register(pipeline: &Arc<Pipeline>, manager: &TokenizerManager) {
    for (name, kind) in [(WORDS, Kind::Words), (BIGRAMS, Kind::Bigrams), (KEY, Kind::Key)] {
        manager.register(name, TextAnalyzer::from(Analyzer { pipeline: pipeline.clone(), kind }));
    }
}

#[derive(Clone, Copy)]
enum Kind {
    Words,
    Bigrams,
    Key,
}

#[derive(Clone)]
struct Analyzer {
    pipeline: Arc<Pipeline>,
    kind: Kind,
}

impl Tokenizer for Analyzer {
    type TokenStream<'a> = Tokens;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> Tokens {
        let pipeline = &self.pipeline;
        let mut tokens = Vec::new();
        let mut push = |t: super::Token<'_>| {
            tokens.push(Token {
                offset_from: t.start,
                offset_to: t.end,
                position: t.position,
                text: t.text.to_owned(),
                position_length: 1,
            });
        };
        match self.kind {
            Kind::Words => pipeline.segmenter.words(&pipeline.normalizer.text(text), &mut push),
            Kind::Bigrams => bigrams(&pipeline.normalizer.text(text), &mut push),
            Kind::Key => {
                let key = pipeline.key(text);
                push(super::Token { start: 0, end: key.len(), position: 0, text: &key });
            }
        }
        Tokens { tokens, next: 0 }
    }
}

/// Tokens made ahead, handed out one by one.
pub struct Tokens {
    tokens: Vec<Token>,
    next: usize,
}

impl TokenStream for Tokens {
    fn advance(&mut self) -> bool {
        self.next += 1;
        self.next <= self.tokens.len()
    }

    fn token(&self) -> &Token {
        &self.tokens[self.next - 1]
    }

    fn token_mut(&mut self) -> &mut Token {
        &mut self.tokens[self.next - 1]
    }
}

#[cfg(test)]
mod tests {
    use std::{path::Path, sync::LazyLock};

    use ferrous_opencc::{OpenCC, config::BuiltinConfig};
    use proptest::prelude::*;

    use super::*;
    use crate::text::{Normalizer, Pinyin, Segmenter, dictionaries::Dictionaries};

    static DICTIONARIES: LazyLock<Dictionaries> = LazyLock::new(|| {
        let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("../dictionaries");
        Dictionaries::load(&dir).unwrap_or_else(|error| panic!("{error}"))
    });
    static PIPELINE: LazyLock<Arc<Pipeline>> = LazyLock::new(|| {
        let d = &*DICTIONARIES;
        Arc::new(Pipeline {
            normalizer: Normalizer::new(&d.variants),
            segmenter: Segmenter::new(&d.words, &[]),
            pinyin: Pinyin::new(d.pinyin.clone()),
        })
    });
    static TO_TRADITIONAL: LazyLock<OpenCC> = LazyLock::new(|| OpenCC::from_config(BuiltinConfig::S2t).unwrap());
    /// Words and titles of the field: what queries and texts are made of.
    static PHRASES: LazyLock<Vec<String>> = LazyLock::new(|| {
        let d = &*DICTIONARIES;
        let words = d.words.iter().map(|w| w.text.clone());
        words.chain(d.short_titles.values().cloned()).chain(d.colloquial.keys().cloned()).collect()
    });

    fn tokens(kind: Kind, text: &str) -> Vec<(usize, String)> {
        let mut stream = Analyzer { pipeline: PIPELINE.clone(), kind }.token_stream(text);
        let mut out = Vec::new();
        while stream.advance() {
            out.push((stream.token().position, stream.token().text.clone()));
        }
        out
    }

    proptest! {
        #[test]
        fn traditional_and_simplified_give_the_same_tokens(
            picks in prop::collection::vec(any::<prop::sample::Index>(), 1..5)
        ) {
            let text: String = picks.iter().map(|i| i.get(&PHRASES).as_str()).collect();
            let traditional = TO_TRADITIONAL.convert(&text);
            for kind in [Kind::Words, Kind::Bigrams, Kind::Key] {
                prop_assert_eq!(tokens(kind, &traditional), tokens(kind, &text), "{}", traditional);
            }
        }
    }
}
