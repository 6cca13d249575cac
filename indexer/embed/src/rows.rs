//! Vectors in a byte a number, with a scale a vector, and the products of a question with all of them.

#[cfg(target_arch = "x86_64")]
use pulp::NullaryFnOnce;

use crate::Processor;

/// Vectors of one width, one behind another.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Rows {
    width: usize,
    numbers: Vec<i8>,
    scales: Vec<f32>,
}

/// A vector's scale and its numbers in units of it, each from −127 to 127.
pub fn shorten(vector: &[f32]) -> (f32, Vec<i8>) {
    let most = vector.iter().fold(0.0f32, |most, x| most.max(x.abs()));
    if most == 0.0 || !most.is_finite() {
        return (0.0, vec![0; vector.len()]);
    }
    let scale = most / 127.0;
    (scale, vector.iter().map(|x| (x / scale).round() as i8).collect())
}

impl Rows {
    pub fn new(width: usize) -> Self {
        Self { width, ..Self::default() }
    }

    pub fn len(&self) -> usize {
        self.scales.len()
    }

    pub fn is_empty(&self) -> bool {
        self.scales.is_empty()
    }

    pub fn width(&self) -> usize {
        self.width
    }

    /// Adds a vector at the end; false, and nothing added, if it has another width or a scale that is no number.
    pub fn push(&mut self, scale: f32, numbers: &[i8]) -> bool {
        let fits = numbers.len() == self.width && scale.is_finite();
        if fits {
            self.scales.push(scale);
            self.numbers.extend_from_slice(numbers);
        }
        fits
    }

    pub fn get(&self, row: usize) -> Option<(f32, &[i8])> {
        Some((*self.scales.get(row)?, self.numbers.get(row * self.width..(row + 1) * self.width)?))
    }

    /// The product of a question's vector with each of these, in their order.
    pub fn products(&self, processor: Processor, query: &[f32]) -> Vec<f32> {
        let most = query.iter().fold(0.0f32, |most, x| most.max(x.abs()));
        if self.width == 0 || query.len() != self.width || most == 0.0 || !most.is_finite() {
            return vec![0.0; self.len()];
        }
        // Fifteen bits: the products of a pair stay within thirty-two, and so do sums of up to five hundred pairs.
        let scale = most / 16_383.0;
        let query: Vec<i16> = query.iter().map(|x| (x / scale).round() as i16).collect();
        let mut products = vec![0.0; self.len()];
        match processor {
            #[cfg(target_arch = "x86_64")]
            Processor::Avx512(lanes) => {
                lanes.vectorize(Scan { rows: self, query: &query, products: &mut products, lanes: *lanes })
            }
            #[cfg(target_arch = "x86_64")]
            Processor::Avx2(lanes) => {
                lanes.vectorize(Scan { rows: self, query: &query, products: &mut products, lanes })
            }
            Processor::Plain => {
                for (product, row) in products.iter_mut().zip(self.numbers.chunks_exact(self.width)) {
                    *product = exact(row, &query) as f32;
                }
            }
        }
        products.iter_mut().zip(&self.scales).for_each(|(product, of_row)| *product *= scale * of_row);
        products
    }
}

fn exact(row: &[i8], query: &[i16]) -> i32 {
    row.iter().zip(query).map(|(a, b)| i32::from(*a) * i32::from(*b)).sum()
}

/// A scan with AVX2, which is as fast as memory gives the rows.
#[cfg(target_arch = "x86_64")]
struct Scan<'a> {
    rows: &'a Rows,
    query: &'a [i16],
    products: &'a mut [f32],
    lanes: pulp::x86::V3,
}

#[cfg(target_arch = "x86_64")]
impl NullaryFnOnce for Scan<'_> {
    type Output = ();

    #[inline(always)]
    fn call(self) {
        /// Numbers of a step.
        const STEP: usize = 16;
        let (avx, avx2) = (self.lanes.avx, self.lanes.avx2);
        let (of_query, rest_of_query) = self.query.as_chunks::<STEP>();
        for (at, product) in self.products.iter_mut().enumerate() {
            let row = &self.rows.numbers[at * self.query.len()..][..self.query.len()];
            let (steps, rest) = row.as_chunks::<STEP>();
            let mut sums = avx._mm256_set1_epi32(0);
            for (numbers, query) in steps.iter().zip(of_query) {
                let wide = avx2._mm256_cvtepi8_epi16(pulp::cast(*numbers));
                sums = avx2._mm256_add_epi32(sums, avx2._mm256_madd_epi16(wide, pulp::cast(*query)));
            }
            let lanes: [i32; 8] = pulp::cast(sums);
            *product = (lanes.iter().sum::<i32>() + exact(rest, rest_of_query)) as f32;
        }
    }
}
