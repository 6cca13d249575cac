//! The network: a BERT encoder of multilingual-e5-small's kind, the mean over its tokens, made one long.

use pulp::NullaryFnOnce;

use crate::{
    ModelError, Processor,
    approximate::{exp, gelu},
    file::{BLOCK, BLOCK_BYTES, File, Shape, half},
    lanes::{Lanes, Plain},
    pieces::Cutter,
    product::{Inputs, Matrix, TOKENS},
    tuning::{Changes, Tuning},
    vectors::{SIDE_BY_SIDE, dot, make_one_long, most_of, sum_of},
};

/// Pieces of a question that are read: what people type has two hundred and fifty-six characters at most, and a piece has
/// one and a half on the average.
pub const QUERY_PIECES: usize = 128;
/// Pieces of a passage that are read. Time grows with them; most articles have fewer, and what an article is about stands at
/// its beginning.
pub const PASSAGE_PIECES: usize = 160;
/// What the model was trained to see before each kind of text.
const QUERY: &str = "query: ";
const PASSAGE: &str = "passage: ";

struct Norm {
    times: Vec<f32>,
    plus: Vec<f32>,
}

struct Layer {
    queries: Matrix,
    keys: Matrix,
    values: Matrix,
    joined: Matrix,
    after_attention: Norm,
    wide: Matrix,
    narrow: Matrix,
    after: Norm,
}

/// A model, ready for texts. It is read-only: many threads may use one.
pub struct Model {
    shape: Shape,
    cutter: Cutter,
    /// The words' vectors, in a file's blocks.
    words: Vec<u8>,
    /// The positions' vectors with that of the only kind of text.
    positions: Vec<f32>,
    first: Norm,
    layers: Vec<Layer>,
    processor: Processor,
}

impl std::fmt::Debug for Model {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Model").field("shape", &self.shape).field("processor", &self.processor.name()).finish()
    }
}

impl Model {
    /// Reads the bytes of a model file for the best that this processor offers.
    ///
    /// # Errors
    /// If the bytes are no such file, of another version, cut short, or hold numbers that are none.
    pub fn read(bytes: &[u8]) -> Result<Self, ModelError> {
        Self::read_for(bytes, Processor::best())
    }

    /// As [`Model::read`], for a processor that is given.
    ///
    /// # Errors
    /// As [`Model::read`].
    pub fn read_for(bytes: &[u8], processor: Processor) -> Result<Self, ModelError> {
        let file = File::read(bytes)?;
        let shape = file.shape;
        let Shape { width, inner, .. } = shape;
        let norm = |name: &str| -> Result<Norm, ModelError> {
            let of = |end: &str| file.floats(&format!("{name}.{end}"), width);
            Ok(Norm { times: of("w")?, plus: of("b")? })
        };
        let matrix = |name: String, rows: usize, columns: usize| -> Result<Matrix, ModelError> {
            let weights = file.blocks(&format!("{name}.w"), rows * columns)?;
            Ok(Matrix::new(weights, rows, columns, file.floats(&format!("{name}.b"), rows)?, processor.rows()))
        };
        let layers = (0..shape.layers).map(|l| {
            Ok(Layer {
                queries: matrix(format!("l{l}.q"), width, width)?,
                keys: matrix(format!("l{l}.k"), width, width)?,
                values: matrix(format!("l{l}.v"), width, width)?,
                joined: matrix(format!("l{l}.ao"), width, width)?,
                after_attention: norm(&format!("l{l}.aln"))?,
                wide: matrix(format!("l{l}.fi"), inner, width)?,
                narrow: matrix(format!("l{l}.fo"), width, inner)?,
                after: norm(&format!("l{l}.oln"))?,
            })
        });
        let layers = layers.collect::<Result<Vec<Layer>, ModelError>>()?;
        let mut positions = file.floats("emb.pos", shape.positions * width)?;
        // The file has a vector of the only kind of text, or of two of which ours is the first.
        let kind = file.floats("emb.type", width).or_else(|_| file.floats("emb.type", 2 * width))?;
        for position in positions.chunks_exact_mut(width) {
            position.iter_mut().zip(&kind).for_each(|(x, kind)| *x += kind);
        }
        let words = file.blocks("emb.word", shape.words * width)?.to_vec();
        let first = norm("emb.ln")?;
        Ok(Self { shape, cutter: Cutter::new(file.pieces), words, positions, first, layers, processor })
    }

    /// Numbers of a vector.
    pub fn width(&self) -> usize {
        self.shape.width
    }

    pub fn processor(&self) -> Processor {
        self.processor
    }

    /// What a question means: a vector one long, to be multiplied with those of passages.
    pub fn query(&self, text: &str) -> Vec<f32> {
        self.vectors(QUERY, text, QUERY_PIECES, None).plain
    }

    /// The same, and the vector by what was learned of questions; none where that was learned for another model.
    pub fn question(&self, text: &str, tuning: Option<&Tuning>) -> (Vec<f32>, Option<Vec<f32>>) {
        let tuning = tuning.filter(|tuning| tuning.fits(self.shape));
        let Vectors { plain, tuned } = self.vectors(QUERY, text, QUERY_PIECES, tuning);
        (plain, tuned.zip(tuning).map(|(tuned, tuning)| tuning.mapped(self.processor, &tuned)))
    }

    /// The pieces that a question is read as, by their numbers in the file.
    pub fn question_pieces(&self, text: &str) -> Vec<u32> {
        self.pieces(QUERY, text, QUERY_PIECES)
    }

    /// What a passage is about, read up to `pieces`.
    pub fn passage(&self, text: &str, pieces: usize) -> Vec<f32> {
        self.vectors(PASSAGE, text, pieces, None).plain
    }

    fn pieces(&self, kind: &str, text: &str, pieces: usize) -> Vec<u32> {
        self.cutter.cut(&format!("{kind}{text}"), pieces.clamp(3, self.shape.positions))
    }

    fn vectors(&self, kind: &str, text: &str, pieces: usize, tuning: Option<&Tuning>) -> Vectors {
        let ids = &self.pieces(kind, text, pieces);
        match self.processor {
            #[cfg(target_arch = "x86_64")]
            Processor::Avx512(lanes) => lanes.run(Pass { model: self, ids, tuning, lanes }),
            #[cfg(target_arch = "x86_64")]
            Processor::Avx2(lanes) => lanes.run(Pass { model: self, ids, tuning, lanes }),
            Processor::Plain => Plain.run(Pass { model: self, ids, tuning, lanes: Plain }),
        }
    }
}

/// One text's way through the network, compiled once for each kind of lanes.
struct Pass<'a, L> {
    model: &'a Model,
    ids: &'a [u32],
    tuning: Option<&'a Tuning>,
    lanes: L,
}

/// A text's vector, and its tokens' mean by what was learned of questions, one long.
struct Vectors {
    plain: Vec<f32>,
    tuned: Option<Vec<f32>>,
}

impl<L: Lanes> NullaryFnOnce for Pass<'_, L> {
    type Output = Vectors;

    #[inline(always)]
    fn call(self) -> Vectors {
        let Self { model, ids, tuning, lanes } = self;
        let Shape { width, layers, epsilon, .. } = model.shape;
        let mut x = vec![0.0; ids.len() * width];
        for ((x, id), position) in x.chunks_exact_mut(width).zip(ids).zip(model.positions.chunks_exact(width)) {
            let row = width / BLOCK * BLOCK_BYTES;
            word(&model.words[*id as usize * row..][..row], x);
            x.iter_mut().zip(position).for_each(|(x, position)| *x += position);
        }
        normalize(&mut x, &model.first, epsilon);
        let mut room = Room::new(model.shape, ids.len(), L::ROWS);
        let (lower, upper) = model.layers.split_at(tuning.map_or(layers, |tuning| tuning.first));
        for layer in lower {
            room.apply(lanes, layer, None, &mut x, epsilon);
        }
        // No closure holds such work: it would be compiled apart, without what the processor offers.
        let mut tuned = None;
        if let Some(tuning) = tuning {
            let mut x = x.clone();
            for (layer, changes) in upper.iter().zip(&tuning.layers) {
                room.apply(lanes, layer, Some(changes), &mut x, epsilon);
            }
            let mut weights = vec![0.0; ids.len()];
            for (weight, x) in weights.iter_mut().zip(x.chunks_exact(width)) {
                *weight = dot(x, &tuning.weights);
            }
            let most = most_of(&weights);
            for weight in &mut weights {
                *weight = exp(*weight - most);
            }
            tuned = Some(mean(&x, width, &weights));
        }
        for layer in upper {
            room.apply(lanes, layer, None, &mut x, epsilon);
        }
        Vectors { plain: mean(&x, width, &vec![1.0; ids.len()]), tuned }
    }
}

/// The weighted mean of the tokens, made one long.
#[inline(always)]
fn mean(x: &[f32], width: usize, weights: &[f32]) -> Vec<f32> {
    let mut mean = vec![0.0; width];
    for (x, weight) in x.chunks_exact(width).zip(weights) {
        for (mean, x) in mean.iter_mut().zip(x) {
            *mean += weight * x;
        }
    }
    make_one_long(&mut mean);
    mean
}

/// What a layer's numbers are put in, for one text.
struct Room {
    width: usize,
    inner: usize,
    tokens: usize,
    inputs: Inputs,
    queries: Vec<f32>,
    keys: Vec<f32>,
    values: Vec<f32>,
    seen: Vec<f32>,
    out: Vec<f32>,
    wide: Vec<f32>,
    attention: Attention,
}

impl Room {
    fn new(shape: Shape, tokens: usize, lanes: usize) -> Self {
        let Shape { width, heads, inner, .. } = shape;
        let room = || vec![0.0; tokens * width];
        Self {
            width,
            inner,
            tokens,
            inputs: Inputs::default(),
            queries: room(),
            keys: room(),
            values: room(),
            seen: room(),
            out: room(),
            wide: vec![0.0; tokens * inner],
            attention: Attention::new(tokens, width, heads, lanes),
        }
    }

    /// Takes the tokens through a layer, its matrices changed by `changes`.
    #[inline(always)]
    fn apply<L: Lanes>(&mut self, lanes: L, layer: &Layer, changes: Option<&Changes>, x: &mut [f32], epsilon: f32) {
        let Self { width, inner, tokens, inputs, queries, keys, values, seen, out, wide, attention } = self;
        inputs.take(x, *tokens, *width);
        layer.queries.apply(lanes, inputs, queries);
        layer.keys.apply(lanes, inputs, keys);
        layer.values.apply(lanes, inputs, values);
        if let Some(changes) = changes {
            changes.queries.add(x, queries);
            changes.keys.add(x, keys);
            changes.values.add(x, values);
        }
        attention.apply(lanes, queries, keys, values, seen);
        inputs.take(seen, *tokens, *width);
        layer.joined.apply(lanes, inputs, out);
        if let Some(changes) = changes {
            changes.joined.add(seen, out);
        }
        for (x, out) in x.iter_mut().zip(&*out) {
            *x += out;
        }
        normalize(x, &layer.after_attention, epsilon);
        inputs.take(x, *tokens, *width);
        layer.wide.apply(lanes, inputs, wide);
        if let Some(changes) = changes {
            changes.wide.add(x, wide);
        }
        for x in wide.iter_mut() {
            *x = gelu(*x);
        }
        inputs.take(wide, *tokens, *inner);
        layer.narrow.apply(lanes, inputs, out);
        if let Some(changes) = changes {
            changes.narrow.add(wide, out);
        }
        for (x, out) in x.iter_mut().zip(&*out) {
            *x += out;
        }
        normalize(x, &layer.after, epsilon);
    }
}

/// The numbers of a word's blocks.
#[inline(always)]
fn word(blocks: &[u8], into: &mut [f32]) {
    for (block, into) in blocks.chunks_exact(BLOCK_BYTES).zip(into.chunks_exact_mut(BLOCK)) {
        let scale = half(block[0], block[1]);
        let (low, high) = into.split_at_mut(BLOCK / 2);
        for ((pair, low), high) in block[2..].iter().zip(low).zip(high) {
            *low = (f32::from(pair & 15) - 8.0) * scale;
            *high = (f32::from(pair >> 4) - 8.0) * scale;
        }
    }
}

/// Gives each token's numbers the mean 0 and the variance 1, then the layer's own.
#[inline(always)]
fn normalize(x: &mut [f32], norm: &Norm, epsilon: f32) {
    let width = norm.times.len();
    for x in x.chunks_exact_mut(width) {
        let mean = sum_of(x) / width as f32;
        let (parts, rest) = x.as_chunks::<SIDE_BY_SIDE>();
        let mut squares = [0.0f32; SIDE_BY_SIDE];
        for part in parts {
            for (sum, x) in squares.iter_mut().zip(part) {
                *sum += (x - mean) * (x - mean);
            }
        }
        let squares = squares.iter().sum::<f32>() + rest.iter().map(|x| (x - mean) * (x - mean)).sum::<f32>();
        let times = 1.0 / (squares / width as f32 + epsilon).sqrt();
        for ((x, w), b) in x.iter_mut().zip(&norm.times).zip(&norm.plus) {
            *x = (*x - mean) * times * w + b;
        }
    }
}

/// Each token looks at all, head by head.
struct Attention {
    tokens: usize,
    width: usize,
    heads: usize,
    /// Tokens rounded up to whole vectors.
    padded: usize,
    /// A head's keys, number by number.
    keys: Vec<f32>,
    /// Of the tokens that look at once, one behind another.
    shares: Vec<f32>,
}

impl Attention {
    fn new(tokens: usize, width: usize, heads: usize, lanes: usize) -> Self {
        let padded = tokens.next_multiple_of(lanes);
        Self {
            tokens,
            width,
            heads,
            padded,
            keys: vec![0.0; width / heads * padded],
            shares: vec![0.0; padded * TOKENS],
        }
    }

    #[inline(always)]
    fn apply<L: Lanes>(&mut self, lanes: L, queries: &[f32], keys: &[f32], values: &[f32], out: &mut [f32]) {
        let (tokens, padded) = (self.tokens, self.padded);
        let size = self.width / self.heads;
        let scale = 1.0 / (size as f32).sqrt();
        for head in 0..self.heads {
            let at = |token: usize| token * self.width + head * size;
            for token in 0..tokens {
                for (i, key) in keys[at(token)..][..size].iter().enumerate() {
                    self.keys[i * padded + token] = key * scale;
                }
            }
            for tile in (0..tokens).step_by(TOKENS) {
                // The last tile looks again where it has too few.
                let looking: [usize; TOKENS] = std::array::from_fn(|i| (tile + i).min(tokens - 1));
                let queries: [&[f32]; TOKENS] = looking.map(|token| &queries[at(token)..][..size]);
                for from in (0..padded).step_by(L::ROWS) {
                    let mut sums = [lanes.splat(0.0); TOKENS];
                    for i in 0..size {
                        let keys = lanes.floats(&self.keys[i * padded + from..]);
                        for (sum, query) in sums.iter_mut().zip(queries) {
                            *sum = lanes.fused(*sum, keys, lanes.splat(query[i]));
                        }
                    }
                    for (t, sum) in sums.into_iter().enumerate() {
                        lanes.put(sum, &mut self.shares[t * padded + from..]);
                    }
                }
                let mut part = [0.0; TOKENS];
                for (t, part) in part.iter_mut().enumerate() {
                    let shares = &mut self.shares[t * padded..][..tokens];
                    let most = most_of(shares);
                    for share in shares.iter_mut() {
                        *share = exp(*share - most);
                    }
                    *part = 1.0 / sum_of(shares);
                }
                let shares: [&[f32]; TOKENS] = std::array::from_fn(|t| &self.shares[t * padded..][..tokens]);
                for from in (0..size).step_by(L::ROWS) {
                    let mut sums = [lanes.splat(0.0); TOKENS];
                    for other in 0..tokens {
                        let values = lanes.floats(&values[at(other) + from..]);
                        for (sum, shares) in sums.iter_mut().zip(shares) {
                            *sum = lanes.fused(*sum, values, lanes.splat(shares[other]));
                        }
                    }
                    for (t, sum) in sums.into_iter().enumerate() {
                        let seen = lanes.times(sum, lanes.splat(part[t]));
                        lanes.put(seen, &mut out[at(looking[t]) + from..]);
                    }
                }
            }
        }
    }
}
