//! The functions of the network's layers, in arithmetic that the compiler turns into vectors. Errors are below a millionth.

/// e to the power of `x`, for `x` from −87 to 88; what lies beyond is taken as the bound.
#[inline(always)]
pub fn exp(x: f32) -> f32 {
    // Adding this number rounds to a whole one, which then stands in the lowest bits.
    const ROUND: f32 = 12_582_912.0;
    let x = x.clamp(-87.0, 88.0);
    let rounded = x * std::f32::consts::LOG2_E + ROUND;
    let whole = rounded - ROUND;
    // The logarithm of two in two parts, so that taking it away loses nothing.
    let rest = x - whole * 0.693_359_4 + whole * 2.121_944_4e-4;
    let series = 1.0 / 720.0;
    let series = series * rest + 1.0 / 120.0;
    let series = series * rest + 1.0 / 24.0;
    let series = series * rest + 1.0 / 6.0;
    let series = series * rest + 0.5;
    let series = series * rest + 1.0;
    let series = series * rest + 1.0;
    let power = rounded.to_bits().wrapping_sub(ROUND.to_bits()).wrapping_add(127) << 23;
    f32::from_bits(power) * series
}

/// The error function, by Abramowitz and Stegun 7.1.26.
#[inline(always)]
fn erf(x: f32) -> f32 {
    let size = x.abs();
    let t = 1.0 / (1.0 + 0.327_591_1 * size);
    let series = 1.061_405_4 * t - 1.453_152;
    let series = series * t + 1.421_413_7;
    let series = series * t - 0.284_496_74;
    let series = (series * t + 0.254_829_6) * t;
    (1.0 - series * exp(-size * size)).copysign(x)
}

/// The Gaussian error linear unit.
#[inline(always)]
pub fn gelu(x: f32) -> f32 {
    0.5 * x * (1.0 + erf(x * std::f32::consts::FRAC_1_SQRT_2))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn powers_are_close_to_the_exact_ones() {
        for step in -870..=880 {
            let x = step as f32 / 10.0;
            assert!((exp(x) / x.exp() - 1.0).abs() < 1e-6, "{x}: {} {}", exp(x), x.exp());
        }
        assert!(exp(f32::NEG_INFINITY) < 1e-37 && exp(f32::INFINITY).is_finite());
    }

    #[test]
    fn the_unit_is_zero_below_and_the_number_above() {
        assert_eq!(gelu(0.0), 0.0);
        // Published values of x·Φ(x).
        for (x, y) in
            [(1.0, 0.841_344_7), (-1.0, -0.158_655_3), (2.0, 1.954_499_7), (0.5, 0.345_731_2), (-3.0, -0.004_049_69)]
        {
            assert!((gelu(x) - y).abs() < 1e-6, "{x}: {} {y}", gelu(x));
        }
        assert!(gelu(-20.0).abs() < 1e-6 && (gelu(20.0) - 20.0).abs() < 1e-6);
    }
}
