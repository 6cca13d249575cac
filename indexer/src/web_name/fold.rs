//! Names that look alike, in one form: the skeletons of UTS #39 with what readers of small type confuse besides.

use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};
use unicode_security::confusable_detection::skeleton;

/// The form that two names share when a hurried reader may take one for the other: 0 and o, 1, l and i, rn and m, vv
/// and w, q and g, and letters of other scripts or with marks that look like Latin ones. Dots stay where they are.
pub fn fold(host: &str) -> String {
    if host.is_ascii() {
        return fold_ascii(host);
    }
    let mut plain = String::with_capacity(host.len());
    for c in host.chars() {
        if c.is_ascii() || is_han(c) {
            plain.push(c);
            continue;
        }
        let bare = c.nfd().filter(|c| !is_combining_mark(*c)).collect::<String>();
        let alike = skeleton(&bare).flat_map(char::to_lowercase).filter(|c| !is_combining_mark(*c));
        // An Arabic zero looks like a dot and ends no label.
        plain.extend(alike.map(|c| if c == '.' { '-' } else { c }));
    }
    fold_ascii(&plain)
}

/// Han characters stand for themselves: what looks alike among them is a matter of reading, not of fonts.
fn is_han(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{9FFF}' | '\u{20000}'..='\u{3FFFF}')
}

fn fold_ascii(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        let c = c.to_ascii_lowercase();
        out.push(match (c, rest.peek()) {
            ('r', Some('n' | 'N')) => {
                rest.next();
                'm'
            }
            ('v', Some('v' | 'V')) => {
                rest.next();
                'w'
            }
            ('0', _) => 'o',
            ('1' | 'i' | '|', _) => 'l',
            ('q', _) => 'g',
            _ => c,
        });
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_looks_alike_folds_alike() {
        for (fake, real) in [
            ("g0v.cn", "gov.cn"),
            ("qov.cn", "gov.cn"),
            ("czs.gov.сn", "czs.gov.cn"),
            ("pingхiang.gov.cn", "pingxiang.gov.cn"),
            ("zunуi.gov.cn", "zunyi.gov.cn"),
            ("zunyí.gov.cn", "zunyi.gov.cn"),
            ("zuny1.gov.cn", "zunyi.gov.cn"),
            ("arnoy.gov.cn", "amoy.gov.cn"),
            ("ｇov.cn", "gov.cn"),
            ("zunyi۰gov.cn", "zunyi-gov.cn"),
        ] {
            assert_eq!(fold(fake), fold(real), "{fake}");
        }
        assert_ne!(fold("zunyi.gov.cn"), fold("guiyang.gov.cn"));
        assert_eq!(fold("国务院.政务"), "国务院.政务");
    }

    proptest! {
        #[test]
        fn dots_stay(host in "[a-z0-9.\u{430}-\u{450}\u{6f0}-\u{6f9}国务院]{0,30}") {
            prop_assert_eq!(fold(&host).matches('.').count(), host.matches('.').count());
        }
    }
}
