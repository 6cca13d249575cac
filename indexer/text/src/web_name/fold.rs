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

/// The full stops that browsers take for a dot (UTS #46, section 2.3).
pub fn is_dot(c: char) -> bool {
    matches!(c, '.' | '\u{3002}' | '\u{FF0E}' | '\u{FF61}')
}

/// What a reader takes for a dot and a browser does not: middle dots, bullets, one dot leader, Lisu tone, Arabic zero.
pub fn looks_like_dot(c: char) -> bool {
    matches!(
        c,
        '\u{B7}'
            | '\u{387}'
            | '\u{660}'
            | '\u{6D4}'
            | '\u{6F0}'
            | '\u{701}'
            | '\u{702}'
            | '\u{1427}'
            | '\u{2022}'
            | '\u{2024}'
            | '\u{2027}'
            | '\u{2219}'
            | '\u{22C5}'
            | '\u{2E31}'
            | '\u{2E33}'
            | '\u{30FB}'
            | '\u{A4F8}'
            | '\u{A78F}'
            | '\u{FE52}'
            | '\u{FF65}'
            | '\u{10A50}'
            | '\u{1D16D}'
    )
}

/// What a reader takes for a slash, a hyphen or a colon, and a browser for a part of the name.
pub fn looks_like_mark(c: char) -> bool {
    looks_like_slash(c)
        || matches!(
            c,
            '\u{2010}'
                ..='\u{2015}'
                    | '\u{2043}'
                    | '\u{2212}'
                    | '\u{FE58}'
                    | '\u{FE63}'
                    | '\u{FF0D}'
                    | '\u{2236}'
                    | '\u{2D0}'
                    | '\u{589}'
                    | '\u{5C3}'
                    | '\u{705}'
                    | '\u{A789}'
                    | '\u{FE55}'
                    | '\u{FE6B}'
        )
}

fn looks_like_slash(c: char) -> bool {
    matches!(
        c,
        '\u{2044}'
            | '\u{2215}'
            | '\u{2571}'
            | '\u{27CB}'
            | '\u{29F8}'
            | '\u{2CC6}'
            | '\u{3033}'
            | '\u{30CE}'
            | '\u{31D3}'
            | '\u{4E3F}'
    )
}

/// [`fold`] for a name as it was written: capitals are compared before they become small (Ζ looks like Z, ζ does not),
/// and what looks like a dot or a slash ends a label.
pub fn fold_loosely(written: &str) -> String {
    let apart = |c: char| if is_dot(c) || looks_like_dot(c) || looks_like_slash(c) { '.' } else { c };
    fold(&written.chars().filter(|c| !super::is_invisible(*c)).map(apart).collect::<String>())
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

    #[test]
    fn names_as_written_fold_by_what_they_look_like() {
        for (fake, real) in [
            ("ΖUNYI.GOV.CN", "zunyi.gov.cn"),
            ("zuΝyi.gov.cn", "zunyi.gov.cn"),
            ("zunyi.gov۰cn", "zunyi.gov.cn"),
            ("zunyi\u{A4F8}gov·cn", "zunyi.gov.cn"),
            ("zunyi.gov.cn\u{2215}a.b", "zunyi.gov.cn.a.b"),
            ("ｚｕｎｙｉ．ｇｏｖ。cn", "zunyi.gov.cn"),
            ("zunyi\u{200B}.gov.cn", "zunyi.gov.cn"),
        ] {
            assert_eq!(fold_loosely(fake), fold(real), "{fake}");
        }
        assert_eq!(fold_loosely("zunyi.gov.cn"), fold("zunyi.gov.cn"));
    }

    proptest! {
        #[test]
        fn dots_stay(host in "[a-z0-9.\u{430}-\u{450}\u{6f0}-\u{6f9}国务院]{0,30}") {
            prop_assert_eq!(fold(&host).matches('.').count(), host.matches('.').count());
        }
    }
}
