//! What a question's vector is multiplied with, so that it lies nearer to the passages that answer it: people ask in other
//! words than texts answer in, and the model was trained on neither.

use crate::{ModelError, Processor, rows::Rows};

/// Marks the file and its layout: the width follows, then the rows, each a scale and bytes in units of it.
const MAGIC: &[u8; 8] = b"GSMAP01\n";
const PART: &str = "问句映射";

#[derive(Debug, Clone, PartialEq)]
pub struct Map {
    rows: Rows,
}

impl Map {
    /// Reads a map's file.
    ///
    /// # Errors
    /// If the bytes are no such file, are not whole, or hold a scale that is no number.
    pub fn read(bytes: &[u8]) -> Result<Self, ModelError> {
        let short = ModelError::Short { part: PART };
        let rest = bytes.strip_prefix(MAGIC).ok_or(ModelError::Foreign)?;
        let (width, rest) = rest.split_first_chunk::<4>().ok_or(short.clone())?;
        let width = u32::from_le_bytes(*width) as usize;
        if width == 0 || Some(rest.len()) != width.checked_add(4).and_then(|row| row.checked_mul(width)) {
            return Err(short);
        }
        let mut rows = Rows::new(width);
        for row in rest.chunks_exact(width + 4) {
            let Some((scale, numbers)) = row.split_first_chunk::<4>() else { continue };
            let numbers: Vec<i8> = numbers.iter().map(|byte| *byte as i8).collect();
            if !rows.push(f32::from_le_bytes(*scale), &numbers) {
                return Err(ModelError::NotFinite { part: PART.to_owned() });
            }
        }
        Ok(Self { rows })
    }

    /// A vector's image, one long; the vector itself where the map is of another width.
    pub fn apply(&self, processor: Processor, vector: &[f32]) -> Vec<f32> {
        if vector.len() != self.rows.width() {
            return vector.to_vec();
        }
        let mut image = self.rows.products(processor, vector);
        let length = image.iter().map(|x| x * x).sum::<f32>().sqrt();
        if length > 0.0 && length.is_finite() {
            image.iter_mut().for_each(|x| *x /= length);
        }
        image
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(rows: &[(f32, [i8; 2])]) -> Vec<u8> {
        let mut out = [MAGIC.as_slice(), &2u32.to_le_bytes()].concat();
        for (scale, numbers) in rows {
            out.extend(scale.to_le_bytes());
            out.extend(numbers.map(|number| number as u8));
        }
        out
    }

    #[test]
    fn a_vector_is_multiplied_and_made_one_long() {
        let turn = Map::read(&file(&[(1.0, [0, -1]), (1.0, [1, 0])])).unwrap();
        for processor in Processor::all() {
            let image = turn.apply(processor, &[0.6, 0.8]);
            assert!((image[0] + 0.8).abs() < 1e-3 && (image[1] - 0.6).abs() < 1e-3, "{image:?}");
            assert_eq!(turn.apply(processor, &[0.0, 0.0]), [0.0, 0.0]);
            assert_eq!(turn.apply(processor, &[1.0]), [1.0]);
        }
    }

    #[test]
    fn what_is_no_map_is_refused_wherever_it_is_cut() {
        let whole = file(&[(1.0, [1, 0]), (1.0, [0, 1])]);
        assert!(Map::read(&whole).is_ok());
        for cut in 0..whole.len() {
            assert!(Map::read(&whole[..cut]).is_err(), "{cut}");
        }
        assert!(Map::read(&[&whole[..], b"x"].concat()).is_err());
        assert!(matches!(Map::read(&file(&[(f32::NAN, [1, 0]), (1.0, [0, 1])])), Err(ModelError::NotFinite { .. })));
    }
}
