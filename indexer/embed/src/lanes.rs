//! What the processor offers for the network's arithmetic: vectors of AVX-512 or AVX2 where it has them, plain arithmetic
//! where not. The crate pulp asks the processor and gives each instruction as a safe function of the answer.

use pulp::NullaryFnOnce;

/// Weights and numbers that a product takes at once from one row.
pub const STEP: usize = 4;

/// A group of output rows side by side, one in each lane.
pub trait Lanes: Copy {
    /// Output rows, and floating-point numbers of a vector.
    const ROWS: usize;
    /// Four weights a row, each from 0 to 15.
    type Weights: Copy;
    /// Four bytes of an input, the same for each row.
    type Bytes: Copy;
    /// Two sixteen-bit sums a row.
    type Sums: Copy;
    type Floats: Copy;

    fn weights(self, bytes: &[u8]) -> Self::Weights;
    fn bytes(self, four: i32) -> Self::Bytes;
    fn sums(self, start: i16) -> Self::Sums;
    /// Adds the products of four weights and four bytes to each row's sums. Thirty-two products of a weight up to 15 and a
    /// byte from −127 to 127 stay within sixteen bits: 16 × 15 × 127 = 30,480 a sum.
    fn add(self, sums: Self::Sums, weights: Self::Weights, bytes: Self::Bytes) -> Self::Sums;
    /// Each row's two sums together.
    fn total(self, sums: Self::Sums) -> Self::Floats;
    fn floats(self, numbers: &[f32]) -> Self::Floats;
    fn splat(self, number: f32) -> Self::Floats;
    fn times(self, a: Self::Floats, b: Self::Floats) -> Self::Floats;
    /// `sum + a × b`.
    fn fused(self, sum: Self::Floats, a: Self::Floats, b: Self::Floats) -> Self::Floats;
    fn put(self, floats: Self::Floats, into: &mut [f32]);
    /// Runs the operation with the instructions of these lanes.
    fn run<Op: NullaryFnOnce>(self, op: Op) -> Op::Output;
}

/// Which lanes a processor gets.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub enum Processor {
    #[cfg(target_arch = "x86_64")]
    Avx512(pulp::x86::V4),
    #[cfg(target_arch = "x86_64")]
    Avx2(pulp::x86::V3),
    Plain,
}

impl Processor {
    /// All that this processor can run, the fastest first.
    pub fn all() -> Vec<Self> {
        let mut all = Vec::new();
        #[cfg(target_arch = "x86_64")]
        {
            all.extend(pulp::x86::V4::try_new().map(Self::Avx512));
            all.extend(pulp::x86::V3::try_new().map(Self::Avx2));
        }
        all.push(Self::Plain);
        all
    }

    /// The fastest that this processor can run.
    pub fn best() -> Self {
        Self::all().first().copied().unwrap_or(Self::Plain)
    }

    pub fn name(self) -> &'static str {
        match self {
            #[cfg(target_arch = "x86_64")]
            Self::Avx512(_) => "AVX-512",
            #[cfg(target_arch = "x86_64")]
            Self::Avx2(_) => "AVX2",
            Self::Plain => "plain",
        }
    }

    pub(crate) fn rows(self) -> usize {
        match self {
            #[cfg(target_arch = "x86_64")]
            Self::Avx512(lanes) => rows(lanes),
            #[cfg(target_arch = "x86_64")]
            Self::Avx2(lanes) => rows(lanes),
            Self::Plain => rows(Plain),
        }
    }
}

fn rows<L: Lanes>(_: L) -> usize {
    L::ROWS
}

/// The first `N` of a slice that has as many.
#[inline(always)]
fn first<const N: usize, T: Copy + Default>(slice: &[T]) -> [T; N] {
    slice.first_chunk().copied().unwrap_or([T::default(); N])
}

#[cfg(target_arch = "x86_64")]
mod x86 {
    use std::arch::x86_64::{__m256, __m256i, __m512, __m512i};

    use pulp::{
        NullaryFnOnce, cast,
        x86::{V3, V4},
    };

    use super::{Lanes, first};

    impl Lanes for V4 {
        const ROWS: usize = 16;
        type Weights = __m512i;
        type Bytes = __m512i;
        type Sums = __m512i;
        type Floats = __m512;

        #[inline(always)]
        fn weights(self, bytes: &[u8]) -> __m512i {
            cast(first::<64, u8>(bytes))
        }
        #[inline(always)]
        fn bytes(self, four: i32) -> __m512i {
            self.avx512f._mm512_set1_epi32(four)
        }
        #[inline(always)]
        fn sums(self, start: i16) -> __m512i {
            self.avx512f._mm512_set1_epi16(start)
        }
        #[inline(always)]
        fn add(self, sums: __m512i, weights: __m512i, bytes: __m512i) -> __m512i {
            self.avx512bw._mm512_add_epi16(sums, self.avx512bw._mm512_maddubs_epi16(weights, bytes))
        }
        #[inline(always)]
        fn total(self, sums: __m512i) -> __m512 {
            let ones = self.avx512f._mm512_set1_epi16(1);
            self.avx512f._mm512_cvtepi32_ps(self.avx512bw._mm512_madd_epi16(sums, ones))
        }
        #[inline(always)]
        fn floats(self, numbers: &[f32]) -> __m512 {
            cast(first::<16, f32>(numbers))
        }
        #[inline(always)]
        fn splat(self, number: f32) -> __m512 {
            self.avx512f._mm512_set1_ps(number)
        }
        #[inline(always)]
        fn times(self, a: __m512, b: __m512) -> __m512 {
            self.avx512f._mm512_mul_ps(a, b)
        }
        #[inline(always)]
        fn fused(self, sum: __m512, a: __m512, b: __m512) -> __m512 {
            self.avx512f._mm512_fmadd_ps(a, b, sum)
        }
        #[inline(always)]
        fn put(self, floats: __m512, into: &mut [f32]) {
            if let Some(into) = into.first_chunk_mut() {
                *into = cast::<__m512, [f32; 16]>(floats);
            }
        }
        #[inline(always)]
        fn run<Op: NullaryFnOnce>(self, op: Op) -> Op::Output {
            self.vectorize(op)
        }
    }

    impl Lanes for V3 {
        const ROWS: usize = 8;
        type Weights = __m256i;
        type Bytes = __m256i;
        type Sums = __m256i;
        type Floats = __m256;

        #[inline(always)]
        fn weights(self, bytes: &[u8]) -> __m256i {
            cast(first::<32, u8>(bytes))
        }
        #[inline(always)]
        fn bytes(self, four: i32) -> __m256i {
            self.avx._mm256_set1_epi32(four)
        }
        #[inline(always)]
        fn sums(self, start: i16) -> __m256i {
            self.avx._mm256_set1_epi16(start)
        }
        #[inline(always)]
        fn add(self, sums: __m256i, weights: __m256i, bytes: __m256i) -> __m256i {
            self.avx2._mm256_add_epi16(sums, self.avx2._mm256_maddubs_epi16(weights, bytes))
        }
        #[inline(always)]
        fn total(self, sums: __m256i) -> __m256 {
            let ones = self.avx._mm256_set1_epi16(1);
            self.avx._mm256_cvtepi32_ps(self.avx2._mm256_madd_epi16(sums, ones))
        }
        #[inline(always)]
        fn floats(self, numbers: &[f32]) -> __m256 {
            cast(first::<8, f32>(numbers))
        }
        #[inline(always)]
        fn splat(self, number: f32) -> __m256 {
            self.avx._mm256_set1_ps(number)
        }
        #[inline(always)]
        fn times(self, a: __m256, b: __m256) -> __m256 {
            self.avx._mm256_mul_ps(a, b)
        }
        #[inline(always)]
        fn fused(self, sum: __m256, a: __m256, b: __m256) -> __m256 {
            self.fma._mm256_fmadd_ps(a, b, sum)
        }
        #[inline(always)]
        fn put(self, floats: __m256, into: &mut [f32]) {
            if let Some(into) = into.first_chunk_mut() {
                *into = cast::<__m256, [f32; 8]>(floats);
            }
        }
        #[inline(always)]
        fn run<Op: NullaryFnOnce>(self, op: Op) -> Op::Output {
            self.vectorize(op)
        }
    }
}

/// No vectors that we know of: the compiler may find some.
#[derive(Debug, Clone, Copy)]
pub struct Plain;

impl Lanes for Plain {
    const ROWS: usize = 8;
    type Weights = [u8; 32];
    type Bytes = [i8; 4];
    type Sums = [i16; 16];
    type Floats = [f32; 8];

    #[inline(always)]
    fn weights(self, bytes: &[u8]) -> [u8; 32] {
        first(bytes)
    }
    #[inline(always)]
    fn bytes(self, four: i32) -> [i8; 4] {
        four.to_le_bytes().map(|byte| byte as i8)
    }
    #[inline(always)]
    fn sums(self, start: i16) -> [i16; 16] {
        [start; 16]
    }
    #[inline(always)]
    fn add(self, mut sums: [i16; 16], weights: [u8; 32], bytes: [i8; 4]) -> [i16; 16] {
        for (lane, sum) in sums.iter_mut().enumerate() {
            let at = lane * 2;
            let product = |i: usize| i16::from(weights[at + i]) * i16::from(bytes[(at + i) % STEP]);
            *sum = sum.wrapping_add(product(0)).wrapping_add(product(1));
        }
        sums
    }
    #[inline(always)]
    fn total(self, sums: [i16; 16]) -> [f32; 8] {
        std::array::from_fn(|row| (i32::from(sums[2 * row]) + i32::from(sums[2 * row + 1])) as f32)
    }
    #[inline(always)]
    fn floats(self, numbers: &[f32]) -> [f32; 8] {
        first(numbers)
    }
    #[inline(always)]
    fn splat(self, number: f32) -> [f32; 8] {
        [number; 8]
    }
    #[inline(always)]
    fn times(self, a: [f32; 8], b: [f32; 8]) -> [f32; 8] {
        std::array::from_fn(|i| a[i] * b[i])
    }
    #[inline(always)]
    fn fused(self, sum: [f32; 8], a: [f32; 8], b: [f32; 8]) -> [f32; 8] {
        std::array::from_fn(|i| sum[i] + a[i] * b[i])
    }
    #[inline(always)]
    fn put(self, floats: [f32; 8], into: &mut [f32]) {
        if let Some(into) = into.first_chunk_mut() {
            *into = floats;
        }
    }
    #[inline(always)]
    fn run<Op: NullaryFnOnce>(self, op: Op) -> Op::Output {
        op.call()
    }
}
