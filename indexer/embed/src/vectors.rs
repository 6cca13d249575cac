//! Sums over vectors, written so that the compiler uses what the processor offers where they are called.

/// Numbers that are added side by side, so that the compiler may use vectors.
pub const SIDE_BY_SIDE: usize = 16;

/// The sum of a vector's numbers.
#[inline(always)]
pub fn sum_of(x: &[f32]) -> f32 {
    let (parts, rest) = x.as_chunks::<SIDE_BY_SIDE>();
    let mut sums = [0.0f32; SIDE_BY_SIDE];
    for part in parts {
        for (sum, x) in sums.iter_mut().zip(part) {
            *sum += x;
        }
    }
    sums.iter().sum::<f32>() + rest.iter().sum::<f32>()
}

/// The product of two vectors of one length.
#[inline(always)]
pub fn dot(a: &[f32], b: &[f32]) -> f32 {
    let (parts_a, rest_a) = a.as_chunks::<SIDE_BY_SIDE>();
    let (parts_b, rest_b) = b.as_chunks::<SIDE_BY_SIDE>();
    let mut sums = [0.0f32; SIDE_BY_SIDE];
    for (a, b) in parts_a.iter().zip(parts_b) {
        for ((sum, a), b) in sums.iter_mut().zip(a).zip(b) {
            *sum += a * b;
        }
    }
    sums.iter().sum::<f32>() + rest_a.iter().zip(rest_b).map(|(a, b)| a * b).sum::<f32>()
}

/// The largest of a vector's numbers.
#[inline(always)]
pub fn most_of(x: &[f32]) -> f32 {
    let (parts, rest) = x.as_chunks::<SIDE_BY_SIDE>();
    let mut most = [f32::NEG_INFINITY; SIDE_BY_SIDE];
    for part in parts {
        for (most, x) in most.iter_mut().zip(part) {
            *most = if *x > *most { *x } else { *most };
        }
    }
    most.iter().chain(rest).fold(f32::NEG_INFINITY, |most, x| most.max(*x))
}

/// Makes a vector one long; nothing but zeros stay.
#[inline(always)]
pub fn make_one_long(vector: &mut [f32]) {
    let length = vector.iter().map(|x| x * x).sum::<f32>().sqrt().max(f32::MIN_POSITIVE);
    vector.iter_mut().for_each(|x| *x /= length);
}
