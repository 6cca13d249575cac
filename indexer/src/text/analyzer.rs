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
