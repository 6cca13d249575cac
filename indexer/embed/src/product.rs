//! Matrices of four-bit weights and inputs of eight bits: each block of thirty-two has a scale of its own on both sides, and
//! within a block the arithmetic is exact.

use crate::{
    file::{BLOCK, BLOCK_BYTES, half},
    lanes::{Lanes, STEP},
};

/// Tokens that share a load of weights.
pub const TOKENS: usize = 4;

/// A matrix and what is added to its product.
pub struct Matrix {
    rows: usize,
    blocks: usize,
    /// A group of rows after another; in it block by block; in it four weights of each row.
    weights: Vec<u8>,
    /// A group of rows after another; in it block by block; a scale a row.
    scales: Vec<f32>,
    added: Vec<f32>,
}

impl Matrix {
    /// `blocks` are a file's, row by row; `group` rows are kept side by side.
    pub fn new(bytes: &[u8], rows: usize, columns: usize, added: Vec<f32>, group: usize) -> Self {
        let blocks = columns / BLOCK;
        let mut weights = vec![0; rows * columns];
        let mut scales = vec![0.0; rows * blocks];
        for (place, block) in bytes.chunks_exact(BLOCK_BYTES).enumerate() {
            let (row, block_at) = (place / blocks, place % blocks);
            let at = row / group * blocks + block_at;
            scales[at * group + row % group] = half(block[0], block[1]);
            for (i, pair) in block[2..].iter().enumerate() {
                for (column, weight) in [(i, pair & 15), (i + BLOCK / 2, pair >> 4)] {
                    let within = column / STEP * group * STEP + row % group * STEP + column % STEP;
                    weights[at * group * BLOCK + within] = weight;
                }
            }
        }
        Self { rows, blocks, weights, scales, added }
    }

    /// The product with each token of the inputs, `rows` numbers a token.
    #[inline(always)]
    pub fn apply<L: Lanes>(&self, lanes: L, inputs: &Inputs, out: &mut [f32]) {
        let group_weights = L::ROWS * BLOCK;
        for group in 0..self.rows / L::ROWS {
            let added = lanes.floats(&self.added[group * L::ROWS..]);
            let weights = &self.weights[group * self.blocks * group_weights..][..self.blocks * group_weights];
            let scales = &self.scales[group * self.blocks * L::ROWS..][..self.blocks * L::ROWS];
            for tile in 0..inputs.tokens.div_ceil(TOKENS) {
                let from = tile * self.blocks * TOKENS;
                let bytes = &inputs.bytes[from..][..self.blocks * TOKENS];
                let of_inputs = &inputs.scales[from..][..self.blocks * TOKENS];
                let starts = &inputs.starts[from..][..self.blocks * TOKENS];
                let mut totals = [added; TOKENS];
                for block in 0..self.blocks {
                    let weights = &weights[block * group_weights..][..group_weights];
                    let scale = lanes.floats(&scales[block * L::ROWS..]);
                    let start: [i16; TOKENS] = std::array::from_fn(|token| starts[block * TOKENS + token]);
                    let mut sums = start.map(|start| lanes.sums(start));
                    let four: &[[i32; BLOCK / STEP]] = &bytes[block * TOKENS..][..TOKENS];
                    for step in 0..BLOCK / STEP {
                        let w = lanes.weights(&weights[step * L::ROWS * STEP..][..L::ROWS * STEP]);
                        for token in 0..TOKENS {
                            sums[token] = lanes.add(sums[token], w, lanes.bytes(four[token][step]));
                        }
                    }
                    for token in 0..TOKENS {
                        let both = lanes.times(scale, lanes.splat(of_inputs[block * TOKENS + token]));
                        totals[token] = lanes.fused(totals[token], lanes.total(sums[token]), both);
                    }
                }
                for (token, total) in totals.into_iter().enumerate() {
                    let at = tile * TOKENS + token;
                    if at < inputs.tokens {
                        lanes.put(total, &mut out[at * self.rows + group * L::ROWS..]);
                    }
                }
            }
        }
    }
}

/// The largest of a block's numbers without their signs.
#[inline(always)]
fn largest(block: &[f32]) -> f32 {
    const SIDE_BY_SIDE: usize = 16;
    let mut most = [0.0f32; SIDE_BY_SIDE];
    for part in block.as_chunks::<SIDE_BY_SIDE>().0 {
        for (most, x) in most.iter_mut().zip(part) {
            *most = if x.abs() > *most { x.abs() } else { *most };
        }
    }
    most.iter().fold(0.0, |most, x| most.max(*x))
}

/// Inputs of a product: eight bits a number, four tokens side by side.
#[derive(Default)]
pub struct Inputs {
    tokens: usize,
    bytes: Vec<[i32; BLOCK / STEP]>,
    scales: Vec<f32>,
    /// Where the sums of a block start: weights are kept from 0 to 15 and mean −8 to 7, so eight times the block's sum is
    /// taken away; each of a row's two sums takes half.
    starts: Vec<i16>,
}

impl Inputs {
    /// Takes `tokens` rows of `columns` numbers.
    #[inline(always)]
    pub fn take(&mut self, numbers: &[f32], tokens: usize, columns: usize) {
        // Adding this number rounds to a whole one, which then stands in the lowest bits.
        const ROUND: f32 = 12_582_912.0;
        let blocks = columns / BLOCK;
        let places = tokens.div_ceil(TOKENS) * TOKENS * blocks;
        self.tokens = tokens;
        self.bytes.clear();
        self.bytes.resize(places, [0; BLOCK / STEP]);
        self.scales.clear();
        self.scales.resize(places, 0.0);
        self.starts.clear();
        self.starts.resize(places, 0);
        for token in 0..tokens {
            for (block, numbers) in numbers[token * columns..][..columns].chunks_exact(BLOCK).enumerate() {
                let at = (token / TOKENS * blocks + block) * TOKENS + token % TOKENS;
                let most = largest(numbers);
                let scale = most / 127.0;
                let times = if scale > 0.0 { 1.0 / scale } else { 0.0 };
                let mut whole = [0i32; BLOCK];
                for (whole, x) in whole.iter_mut().zip(numbers) {
                    *whole = (x * times + ROUND).to_bits().wrapping_sub(ROUND.to_bits()) as i32;
                }
                let sum: i32 = whole.iter().sum();
                let bytes = whole.map(|whole| whole as u8);
                for (four, bytes) in self.bytes[at].iter_mut().zip(bytes.as_chunks::<STEP>().0) {
                    *four = i32::from_le_bytes(*bytes);
                }
                self.scales[at] = scale;
                self.starts[at] = (-4 * sum) as i16;
            }
        }
    }
}
