//! The two widths in which letters, digits and signs are written.

/// From a full-width sign to the plain one: U+FF01 to U+0021.
const BETWEEN: u32 = 0xFEE0;

/// A full-width letter, digit or sign as the plain one: Ａ as A, ５ as 5, （ as (. All else as it is.
pub fn narrow(c: char) -> char {
    match c {
        '！'..='～' => char::from_u32(u32::from(c) - BETWEEN).unwrap_or(c),
        c => c,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_plain_sign_has_one_full_width_form() {
        for plain in '!'..='~' {
            let wide = char::from_u32(u32::from(plain) + BETWEEN).unwrap();
            assert_eq!((narrow(wide), narrow(plain)), (plain, plain));
        }
        for other in ['\u{3000}', '、', '。', '甲', '｟'] {
            assert_eq!(narrow(other), other);
        }
    }
}
