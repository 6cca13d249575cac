//! Chinese and Arabic numerals up to 9,999, as article numbers use them.

const DIGITS: [char; 10] = ['零', '一', '二', '三', '四', '五', '六', '七', '八', '九'];
/// Capital numerals 大写 of the digits, as contracts and cheques have them.
const CAPITALS: [char; 10] = ['零', '壹', '贰', '叁', '肆', '伍', '陆', '柒', '捌', '玖'];
const UNITS: [(char, u32); 3] = [('千', 1000), ('百', 100), ('十', 10)];

/// Largest number [`parse`] reads and [`format`] prints.
pub const MAX: u32 = 9_999;

/// Reads 12, １２, 十二, 一百零二, 一〇二, 廿三, 两千, 壹佰零贰. `None` for anything else, or above [`MAX`].
pub fn parse(text: &str) -> Option<u32> {
    if text.is_empty() || text.chars().count() > 9 {
        return None;
    }
    let value = if text.chars().all(|c| decimal(c).is_some()) {
        text.chars().try_fold(0u32, |n, c| n.checked_mul(10)?.checked_add(decimal(c)?))
    } else if text.chars().all(|c| digit(c).is_some()) {
        // positional: 一〇二, 二〇二四
        text.chars().try_fold(0u32, |n, c| n.checked_mul(10)?.checked_add(digit(c)?))
    } else {
        parse_with_units(text)
    };
    value.filter(|&n| n <= MAX)
}

/// Prints in the form of statutes: 十二, 一百零二, 一百一十, 一千二百六十. Numbers above [`MAX`] print as digits.
pub fn format(n: u32) -> String {
    if n > MAX {
        return n.to_string();
    }
    if n < 10 {
        return DIGITS[n as usize].to_string();
    }
    let mut out = String::new();
    let mut rest = n;
    let mut gap = false;
    for (unit, size) in UNITS {
        let digit = rest / size;
        rest %= size;
        if digit > 0 {
            if gap {
                out.push('零');
            }
            gap = false;
            if !(digit == 1 && size == 10 && out.is_empty()) {
                out.push(DIGITS[digit as usize]);
            }
            out.push(unit);
        } else if !out.is_empty() {
            gap = true;
        }
    }
    if rest > 0 {
        if gap {
            out.push('零');
        }
        out.push(DIGITS[rest as usize]);
    }
    out
}

/// Whether a character may be part of a numeral in either script.
pub fn is_numeral(c: char) -> bool {
    decimal(c).is_some() || digit(c).is_some() || unit(c).is_some()
}

fn parse_with_units(text: &str) -> Option<u32> {
    let mut total = 0u32;
    let mut pending: Option<u32> = None;
    let mut last_unit = 10_000;
    for c in text.chars() {
        let Some((unit, implied)) = unit(c) else {
            let d = digit(c)?;
            if pending.is_some_and(|p| p != 0) {
                return None;
            }
            pending = Some(d);
            continue;
        };
        if unit >= last_unit || (implied > 1 && pending.is_some_and(|p| p != 0)) {
            return None;
        }
        last_unit = unit;
        let digit = pending.take().filter(|&d| d != 0).unwrap_or(implied);
        total += digit * unit;
    }
    Some(total + pending.unwrap_or(0))
}

/// The size of a unit, and how many of it the character alone says: 廿 is two tens.
fn unit(c: char) -> Option<(u32, u32)> {
    Some(match c {
        '千' | '仟' => (1000, 1),
        '百' | '佰' => (100, 1),
        '十' | '拾' => (10, 1),
        '廿' | '卄' => (10, 2),
        '卅' => (10, 3),
        '卌' => (10, 4),
        _ => return None,
    })
}

fn decimal(c: char) -> Option<u32> {
    match c {
        '0'..='9' => Some(c as u32 - '0' as u32),
        '０'..='９' => Some(c as u32 - '０' as u32),
        _ => None,
    }
}

fn digit(c: char) -> Option<u32> {
    match c {
        '〇' | '○' => Some(0),
        '两' | '貳' => Some(2),
        '參' => Some(3),
        '陸' => Some(6),
        c => [DIGITS, CAPITALS].iter().find_map(|row| row.iter().position(|&d| d == c)).map(|i| i as u32),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn reads_the_forms_people_write() {
        for (text, want) in [
            ("12", 12),
            ("１２", 12),
            ("十", 10),
            ("十二", 12),
            ("二十", 20),
            ("一百零二", 102),
            ("一百一十", 110),
            ("一百十", 110),
            ("一千二百六十", 1260),
            ("一千零一", 1001),
            ("一〇二", 102),
            ("廿三", 23),
            ("卅", 30),
            ("一百卅二", 132),
            ("壹佰零贰", 102),
            ("贰拾", 20),
            ("壹仟零柒拾玖", 1079),
            ("一佰二十", 120),
            ("两千", 2000),
            ("九", 9),
        ] {
            assert_eq!(parse(text), Some(want), "{text}");
        }
        for bad in ["", "百千", "十百", "一二十", "甲", "12345", "一十十"] {
            assert_eq!(parse(bad), None, "{bad}");
        }
    }

    #[test]
    fn prints_the_form_of_statutes() {
        for (n, want) in [
            (0, "零"),
            (9, "九"),
            (10, "十"),
            (12, "十二"),
            (20, "二十"),
            (102, "一百零二"),
            (110, "一百一十"),
            (1260, "一千二百六十"),
            (1001, "一千零一"),
            (1010, "一千零一十"),
        ] {
            assert_eq!(format(n), want);
        }
    }

    proptest! {
        #[test]
        fn printing_then_reading_gives_the_number(n in 0..=MAX) {
            prop_assert_eq!(parse(&format(n)), Some(n));
            prop_assert_eq!(parse(&n.to_string()), Some(n));
        }

        #[test]
        fn capital_numerals_read_as_the_small_ones(n in 0..=MAX) {
            let capital = |c: char| match c {
                '十' => '拾',
                '百' => '佰',
                '千' => '仟',
                c => DIGITS.iter().position(|d| *d == c).map_or(c, |at| CAPITALS[at]),
            };
            prop_assert_eq!(parse(&format(n).chars().map(capital).collect::<String>()), Some(n));
        }

        #[test]
        fn reading_never_panics(text in "[零一二三四五六七八九十百千廿卅卌两〇壹贰叁拾佰仟0-9a]{0,12}") {
            let _ = parse(&text);
        }
    }
}
