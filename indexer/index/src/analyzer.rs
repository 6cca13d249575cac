//! The pipeline as the tokenizers of tantivy.

use std::sync::Arc;

use tantivy::tokenizer::{TextAnalyzer, Token, TokenStream, Tokenizer, TokenizerManager};

use text::{Pipeline, bigrams};

/// Names under which the tokenizers are registered and the fields ask for them.
pub const WORDS: &str = "words";
pub const BIGRAMS: &str = "bigrams";
/// One token: the [`Pipeline::key`] of the whole value.
pub const KEY: &str = "key";

/// Makes the pipeline's tokenizers known to an index.
pub fn register(pipeline: &Arc<Pipeline>, manager: &TokenizerManager) {
    for (name, kind) in [(WORDS, Kind::Words), (BIGRAMS, Kind::Bigrams), (KEY, Kind::Key)] {
        manager.register(name, TextAnalyzer::from(Analyzer::new(pipeline.clone(), kind)));
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
    cut: Cut,
}

/// A text that was cut. Kept from text to text, so that a token costs no allocation.
#[derive(Clone, Default)]
struct Cut {
    text: String,
    tokens: Vec<Span>,
}

#[derive(Clone, Copy)]
struct Span {
    start: usize,
    end: usize,
    position: usize,
}

impl Analyzer {
    fn new(pipeline: Arc<Pipeline>, kind: Kind) -> Self {
        Self { pipeline, kind, cut: Cut::default() }
    }
}

impl Tokenizer for Analyzer {
    type TokenStream<'a> = Tokens<'a>;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> Tokens<'a> {
        let Self { pipeline, kind, cut } = self;
        cut.text = match kind {
            Kind::Words | Kind::Bigrams => pipeline.normalizer.text(text),
            Kind::Key => pipeline.key(text),
        };
        cut.tokens.clear();
        let tokens = &mut cut.tokens;
        let mut push = |t: text::Token<'_>| tokens.push(Span { start: t.start, end: t.end, position: t.position });
        match kind {
            Kind::Words => pipeline.segmenter.words(&cut.text, &mut push),
            Kind::Bigrams => bigrams(&cut.text, &mut push),
            Kind::Key => push(text::Token { start: 0, end: cut.text.len(), position: 0, text: &cut.text }),
        }
        Tokens { cut, next: 0, token: Token::default() }
    }
}

/// Tokens cut ahead, handed out one by one.
pub struct Tokens<'a> {
    cut: &'a Cut,
    next: usize,
    token: Token,
}

impl TokenStream for Tokens<'_> {
    fn advance(&mut self) -> bool {
        let Some(span) = self.cut.tokens.get(self.next) else { return false };
        self.next += 1;
        self.token.offset_from = span.start;
        self.token.offset_to = span.end;
        self.token.position = span.position;
        self.token.text.clear();
        self.token.text.push_str(&self.cut.text[span.start..span.end]);
        true
    }

    fn token(&self) -> &Token {
        &self.token
    }

    fn token_mut(&mut self) -> &mut Token {
        &mut self.token
    }
}

#[cfg(test)]
mod tests {
    use std::{path::Path, sync::LazyLock};

    use ferrous_opencc::{OpenCC, config::BuiltinConfig};
    use proptest::prelude::*;

    use super::*;
    use text::{Normalizer, Pinyin, Segmenter, dictionaries::Dictionaries};

    static DICTIONARIES: LazyLock<Dictionaries> = LazyLock::new(|| {
        let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../dictionaries");
        Dictionaries::load(&dir).unwrap_or_else(|error| panic!("{error}"))
    });
    static PIPELINE: LazyLock<Arc<Pipeline>> = LazyLock::new(|| {
        let d = &*DICTIONARIES;
        Arc::new(Pipeline {
            normalizer: Normalizer::new(&d.variants),
            segmenter: Segmenter::new(&d.words, &[""; 0]),
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
        let mut analyzer = Analyzer::new(PIPELINE.clone(), kind);
        let mut stream = analyzer.token_stream(text);
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
