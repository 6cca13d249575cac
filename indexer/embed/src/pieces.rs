//! Cuts a text into the pieces that the network knows: of all ways to cut it the one whose pieces are likeliest together
//! (a unigram model, found by Viterbi's way through it), as SentencePiece does for XLM-RoBERTa.

use crate::file::Pieces;

/// Stands for a space, and before a text.
const SPACE: char = '\u{2581}';
/// What an unknown character costs more than the unlikeliest piece.
const UNKNOWN_COST: f32 = 10.0;
const HASH_START: u64 = 0xcbf2_9ce4_8422_2325;
const HASH_STEP: u64 = 0x0100_0000_01b3;

pub struct Cutter {
    pieces: Pieces,
    /// Places of the pieces by the hash of their bytes, from 1; 0 is an empty place. A power of two long.
    table: Vec<u32>,
    longest: usize,
    unknown_score: f32,
}

impl Cutter {
    pub fn new(pieces: Pieces) -> Self {
        let length = (pieces.scores.len() * 2).next_power_of_two();
        let mut cutter = Self { table: vec![0; length], longest: 0, unknown_score: 0.0, pieces };
        let lowest = cutter.pieces.scores.iter().copied().fold(f32::MAX, f32::min);
        cutter.unknown_score = lowest - UNKNOWN_COST;
        for piece in 0..cutter.pieces.scores.len() {
            let bytes = cutter.bytes(piece);
            if bytes.is_empty() {
                continue;
            }
            let longest = cutter.longest.max(bytes.len());
            let mut place = slot(bytes.iter().fold(HASH_START, |hash, byte| step(hash, *byte)), length);
            cutter.longest = longest;
            while cutter.table[place] != 0 {
                place = (place + 1) % length;
            }
            cutter.table[place] = piece as u32 + 1;
        }
        cutter
    }

    /// The numbers of a text's pieces between the marks of its beginning and its end, `most` together; what is behind them
    /// is left out.
    pub fn cut(&self, text: &str, most: usize) -> Vec<u32> {
        let mut ids = self.pieces_of(text);
        ids.truncate(most.saturating_sub(2));
        ids.insert(0, self.pieces.begin);
        ids.push(self.pieces.end);
        ids
    }

    fn pieces_of(&self, text: &str) -> Vec<u32> {
        let text = self.normal(text);
        let bytes = text.as_bytes();
        // The best way to each byte: its score, the piece that ends there, and where that begins.
        let mut best = vec![(f32::NEG_INFINITY, self.pieces.unknown, 0usize); bytes.len() + 1];
        best[0].0 = 0.0;
        for (from, character) in text.char_indices() {
            let score = best[from].0;
            let mut hash = HASH_START;
            for to in from + 1..=(from + self.longest).min(bytes.len()) {
                hash = step(hash, bytes[to - 1]);
                if !text.is_char_boundary(to) {
                    continue;
                }
                if let Some(piece) = self.find(hash, &bytes[from..to]).filter(|p| *p != self.pieces.unknown) {
                    let score = score + self.pieces.scores[piece as usize];
                    if score > best[to].0 {
                        best[to] = (score, piece, from);
                    }
                }
            }
            let next = from + character.len_utf8();
            if score + self.unknown_score > best[next].0 {
                best[next] = (score + self.unknown_score, self.pieces.unknown, from);
            }
        }
        let mut ids = Vec::new();
        let mut at = bytes.len();
        while at > 0 {
            let (_, piece, from) = best[at];
            ids.push(piece);
            at = from;
        }
        ids.reverse();
        ids
    }

    /// The text as the pieces are written: characters read as the map says, one mark a run of spaces, and one before it all.
    fn normal(&self, text: &str) -> String {
        let mut out = String::with_capacity(text.len() + SPACE.len_utf8());
        let mut put = |character: char| match character {
            ' ' if out.ends_with(SPACE) && !out.is_empty() => {}
            ' ' => out.push(SPACE),
            other => {
                if out.is_empty() {
                    out.push(SPACE);
                }
                out.push(other);
            }
        };
        for character in text.chars() {
            match self.pieces.normal.binary_search_by_key(&u32::from(character), |(from, _)| *from) {
                Ok(place) => self.pieces.normal[place].1.iter().copied().for_each(&mut put),
                Err(_) => put(character),
            }
        }
        if out.is_empty() {
            out.push(SPACE);
        }
        out
    }

    fn bytes(&self, piece: usize) -> &[u8] {
        &self.pieces.bytes[self.pieces.offsets[piece] as usize..self.pieces.offsets[piece + 1] as usize]
    }

    fn find(&self, hash: u64, bytes: &[u8]) -> Option<u32> {
        let mut place = slot(hash, self.table.len());
        loop {
            let piece = self.table[place].checked_sub(1)?;
            if self.bytes(piece as usize) == bytes {
                return Some(piece);
            }
            place = (place + 1) % self.table.len();
        }
    }
}

fn step(hash: u64, byte: u8) -> u64 {
    (hash ^ u64::from(byte)).wrapping_mul(HASH_STEP)
}

fn slot(hash: u64, length: usize) -> usize {
    ((hash >> 20) ^ hash) as usize & (length - 1)
}
