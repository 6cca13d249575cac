//! What a model learned of questions: people ask in other words than texts answer in, and the model was trained on neither.
//!
//! Three parts, all on the question's side, so that vectors of passages stay as they are: changes of the upper layers'
//! matrices, each a product of two narrow ones (LoRA, Hu et al. 2021); how much each token counts in the mean; and a map of
//! the mean.

use crate::{
    ModelError, Processor,
    file::Shape,
    rows::Rows,
    vectors::{dot, make_one_long},
};

/// Marks the file and its layout: the sizes follow (a token's numbers, those within a layer, the first layer that is changed,
/// layers, rank), then rows, each a scale and bytes in units of it: for each layer and each of its matrices the rows that
/// narrow and those that widen, then one of the tokens' weights, then those of the map.
const MAGIC: &[u8; 8] = b"GSTUNE1\n";
const PART: &str = "问句调整";
/// Sizes beyond any that pay: a file that claims more is broken, and must not make us take memory.
const MAX_WIDTH: usize = 8_192;
const MAX_LAYERS: usize = 48;
const MAX_RANK: usize = 256;

/// What is added to a matrix: inputs are narrowed to `rank` numbers, and these widened.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    inputs: usize,
    outputs: usize,
    narrow: Vec<f32>,
    widen: Vec<f32>,
}

impl Change {
    /// Adds its share of the product with each token of the inputs.
    #[inline(always)]
    pub fn add(&self, inputs: &[f32], out: &mut [f32]) {
        for (inputs, out) in inputs.chunks_exact(self.inputs).zip(out.chunks_exact_mut(self.outputs)) {
            for (narrow, widen) in self.narrow.chunks_exact(self.inputs).zip(self.widen.chunks_exact(self.outputs)) {
                let share = dot(narrow, inputs);
                for (out, widen) in out.iter_mut().zip(widen) {
                    *out += share * widen;
                }
            }
        }
    }
}

/// Changes of a layer's matrices.
#[derive(Debug, Clone, PartialEq)]
pub struct Changes {
    pub queries: Change,
    pub keys: Change,
    pub values: Change,
    pub joined: Change,
    pub wide: Change,
    pub narrow: Change,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Tuning {
    inner: usize,
    /// The first layer that is changed.
    pub first: usize,
    pub layers: Vec<Changes>,
    /// What a token's numbers are multiplied with to tell how much it counts.
    pub weights: Vec<f32>,
    map: Rows,
}

/// Reads rows one after another.
struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    fn size(&mut self, most: usize) -> Result<usize, ModelError> {
        let (size, rest) = self.0.split_first_chunk::<4>().ok_or(ModelError::Short { part: PART })?;
        self.0 = rest;
        let size = u32::from_le_bytes(*size) as usize;
        if size > most { Err(ModelError::Shape { part: PART, found: size.to_string() }) } else { Ok(size) }
    }

    fn row(&mut self, width: usize) -> Result<(f32, Vec<i8>), ModelError> {
        let row = self.0.split_at_checked(width + 4).ok_or(ModelError::Short { part: PART })?;
        let (scale, numbers) = row.0.split_first_chunk::<4>().ok_or(ModelError::Short { part: PART })?;
        self.0 = row.1;
        let scale = f32::from_le_bytes(*scale);
        if !scale.is_finite() {
            return Err(ModelError::NotFinite { part: PART.to_owned() });
        }
        Ok((scale, numbers.iter().map(|byte| *byte as i8).collect()))
    }

    fn numbers(&mut self, rows: usize, width: usize) -> Result<Vec<f32>, ModelError> {
        let mut all = Vec::new();
        for _ in 0..rows {
            let (scale, numbers) = self.row(width)?;
            all.extend(numbers.iter().map(|number| f32::from(*number) * scale));
        }
        Ok(all)
    }

    fn change(&mut self, rank: usize, inputs: usize, outputs: usize) -> Result<Change, ModelError> {
        Ok(Change { inputs, outputs, narrow: self.numbers(rank, inputs)?, widen: self.numbers(rank, outputs)? })
    }
}

impl Tuning {
    /// Reads a file.
    ///
    /// # Errors
    /// If the bytes are no such file, are not whole, or hold a scale that is no number.
    pub fn read(bytes: &[u8]) -> Result<Self, ModelError> {
        let mut reader = Reader(bytes.strip_prefix(MAGIC).ok_or(ModelError::Foreign)?);
        let (width, inner) = (reader.size(MAX_WIDTH)?, reader.size(MAX_WIDTH)?);
        let (first, layers, rank) = (reader.size(MAX_LAYERS)?, reader.size(MAX_LAYERS)?, reader.size(MAX_RANK)?);
        if width == 0 || inner == 0 {
            return Err(ModelError::Shape { part: PART, found: "0".to_owned() });
        }
        let layers = (0..layers).map(|_| {
            Ok(Changes {
                queries: reader.change(rank, width, width)?,
                keys: reader.change(rank, width, width)?,
                values: reader.change(rank, width, width)?,
                joined: reader.change(rank, width, width)?,
                wide: reader.change(rank, width, inner)?,
                narrow: reader.change(rank, inner, width)?,
            })
        });
        let layers = layers.collect::<Result<Vec<Changes>, ModelError>>()?;
        let weights = reader.numbers(1, width)?;
        let mut map = Rows::new(width);
        for _ in 0..width {
            let (scale, numbers) = reader.row(width)?;
            map.push(scale, &numbers);
        }
        if !reader.0.is_empty() {
            return Err(ModelError::Short { part: PART });
        }
        Ok(Self { inner, first, layers, weights, map })
    }

    /// Whether it was made for a model of this shape.
    pub fn fits(&self, shape: Shape) -> bool {
        self.weights.len() == shape.width && self.inner == shape.inner && self.first + self.layers.len() == shape.layers
    }

    /// Where the map takes a vector, one long.
    pub fn mapped(&self, processor: Processor, vector: &[f32]) -> Vec<f32> {
        let mut image = self.map.products(processor, vector);
        make_one_long(&mut image);
        image
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        Model,
        sample::{self, INNER, LAYERS, WIDTH},
    };

    /// A file that changes the last layer: `number` tells each byte of the changes and of the tokens' weights, and the map is
    /// the identity.
    fn file(mut number: impl FnMut() -> i8) -> Vec<u8> {
        const RANK: usize = 2;
        let mut out = MAGIC.to_vec();
        for size in [WIDTH, INNER, LAYERS - 1, 1, RANK] {
            out.extend((size as u32).to_le_bytes());
        }
        let mut row = |width: usize| {
            let numbers: Vec<u8> = (0..width).map(|_| number() as u8).collect();
            [&0.01f32.to_le_bytes()[..], &numbers].concat()
        };
        let square = [(WIDTH, WIDTH); 4];
        for (inputs, outputs) in square.into_iter().chain([(WIDTH, INNER), (INNER, WIDTH)]) {
            for width in [[inputs; RANK], [outputs; RANK]].concat() {
                out.extend(row(width));
            }
        }
        out.extend(row(WIDTH));
        for at in 0..WIDTH {
            out.extend(1.0f32.to_le_bytes());
            out.extend((0..WIDTH).map(|of| u8::from(of == at)));
        }
        out
    }

    fn counter() -> impl FnMut() -> i8 {
        let mut state = 5u32;
        move || {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 24) as i8
        }
    }

    fn cosine(a: &[f32], b: &[f32]) -> f32 {
        dot(a, b)
    }

    #[test]
    fn a_tuning_that_changes_nothing_gives_the_vector_as_it_is() {
        let model = Model::read(&sample::file(|_, _| {})).unwrap();
        let none = Tuning::read(&file(|| 0)).unwrap();
        let (plain, tuned) = model.question("公司不交社保", Some(&none));
        assert_eq!(plain, model.query("公司不交社保"));
        assert!(cosine(&plain, &tuned.unwrap()) > 0.9999);
        assert_eq!(model.question("公司不交社保", None), (plain, None));
    }

    #[test]
    fn every_processor_changes_the_question_alike_and_leaves_its_own_vector() {
        let (bytes, tuning) = (sample::file(|_, _| {}), Tuning::read(&file(counter())).unwrap());
        let of = |processor| Model::read_for(&bytes, processor).unwrap().question("公司不交社保", Some(&tuning));
        let (plain, tuned) = of(Processor::Plain);
        let tuned = tuned.unwrap();
        assert!(cosine(&plain, &tuned) < 0.99, "{}", cosine(&plain, &tuned));
        for processor in Processor::all() {
            let (other_plain, other) = of(processor);
            let other = other.unwrap();
            assert!((cosine(&other, &other) - 1.0).abs() < 1e-3);
            assert!(cosine(&tuned, &other) > 0.9999, "{}", processor.name());
            assert!(cosine(&plain, &other_plain) > 0.9999, "{}", processor.name());
        }
    }

    #[test]
    fn what_was_learned_for_another_model_is_not_used() {
        let model = Model::read(&sample::file(|_, _| {})).unwrap();
        let fitting = Tuning::read(&file(counter())).unwrap();
        for other in [
            Tuning { first: 0, ..fitting.clone() },
            Tuning { inner: INNER + 32, ..fitting.clone() },
            Tuning { weights: vec![0.0; WIDTH + 1], ..fitting.clone() },
        ] {
            assert_eq!(model.question("公司", Some(&other)).1, None);
        }
    }

    #[test]
    fn a_file_that_is_no_tuning_is_refused_wherever_it_is_cut() {
        let whole = file(counter());
        assert!(Tuning::read(&whole).is_ok());
        for cut in (0..whole.len()).step_by(13).chain([whole.len() - 1]) {
            assert!(Tuning::read(&whole[..cut]).is_err(), "{cut}");
        }
        assert!(Tuning::read(&[&whole[..], b"x"].concat()).is_err());
        let mut spoiled = whole;
        spoiled[28..32].copy_from_slice(&f32::NAN.to_le_bytes());
        assert!(matches!(Tuning::read(&spoiled), Err(ModelError::NotFinite { .. })));
    }
}
