//! Unified social credit codes (GB 32100-2015): their shape and their check digits.

/// A code of the right shape, with what its check digits say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CreditCode {
    /// Upper case.
    pub code: String,
    pub fault: Option<CreditCodeFault>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CreditCodeFault {
    /// The organization code inside (positions 9 to 17, GB 11714-1997) does not hold.
    Organization,
    /// The check character (position 18) does not hold.
    Whole,
}

impl CreditCodeFault {
    pub fn message(self) -> &'static str {
        match self {
            Self::Organization => "统一社会信用代码第 9—17 位（组织机构代码）的校验位不符，请核对是否抄错",
            Self::Whole => "统一社会信用代码第 18 位校验位不符，请核对是否抄错",
        }
    }
}

const ALPHABET: &[u8] = b"0123456789ABCDEFGHJKLMNPQRTUWXY";
const WEIGHTS: [u32; 17] = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28];
const ORGANIZATION_WEIGHTS: [u32; 8] = [3, 7, 9, 10, 5, 8, 4, 2];

/// Reads a credit code; spaces, hyphens and lower case are accepted. `None` for another shape.
pub fn credit_code(text: &str) -> Option<CreditCode> {
    let code: String =
        text.chars().filter(|c| !c.is_whitespace() && *c != '-').collect::<String>().to_ascii_uppercase();
    let bytes = code.as_bytes();
    let shaped =
        bytes.len() == 18 && bytes.iter().all(|b| ALPHABET.contains(b)) && bytes[2..8].iter().all(u8::is_ascii_digit);
    if !shaped {
        return None;
    }
    let value = |b: u8| ALPHABET.iter().position(|a| *a == b).unwrap_or_default() as u32;
    let sum: u32 = bytes.iter().zip(WEIGHTS).map(|(b, w)| value(*b) * w).sum();
    let whole = (31 - sum % 31) % 31 == value(bytes[17]);
    let letter = |b: u8| if b.is_ascii_digit() { u32::from(b - b'0') } else { u32::from(b - b'A') + 10 };
    let sum: u32 = bytes[8..16].iter().zip(ORGANIZATION_WEIGHTS).map(|(b, w)| letter(*b) * w).sum();
    let check = match 11 - sum % 11 {
        10 => b'X',
        11 => b'0',
        n => b'0' + n as u8,
    };
    let fault = if check != bytes[16] {
        Some(CreditCodeFault::Organization)
    } else if !whole {
        Some(CreditCodeFault::Whole)
    } else {
        None
    };
    Some(CreditCode { code, fault })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn check_digits() {
        for good in ["12100000400002259P", "12100000400000624D", "1210 0000 4000 0225 9p"] {
            assert_eq!(credit_code(good).unwrap().fault, None, "{good}");
        }
        assert_eq!(credit_code("12100000400002258P").unwrap().fault, Some(CreditCodeFault::Organization));
        assert_eq!(credit_code("12100000400002259Q").unwrap().fault, Some(CreditCodeFault::Whole));
        assert_eq!(credit_code("I2100000400002259P"), None);
        assert_eq!(credit_code("遵义市政府"), None);
    }
}
