//! Names that one registration blocks for all others: the same name in traditional or variant characters.

use std::sync::LazyLock;

use crate::{normalize::Normalizer, variants::variants};

/// The form that a name (U-labels) shares with its variants: 遵義市.政務 and 遵义市.政务. Labels stay apart and hyphens stay,
/// so that only what is one name to its readers is one here.
///
/// Which characters are variants of one another is language data (`dictionaries/variants.tsv` and the tables of
/// traditional characters): no registry's own table of variants is at hand.
pub fn variant(name: &str) -> String {
    static NORMALIZER: LazyLock<Normalizer> = LazyLock::new(|| Normalizer::new(&variants()));
    if name.is_ascii() {
        return name.to_ascii_lowercase();
    }
    let mut out = String::with_capacity(name.len());
    for (at, label) in name.split(super::is_dot).enumerate() {
        if at > 0 {
            out.push('.');
        }
        out.push_str(&NORMALIZER.text(label));
    }
    out
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn traditional_and_variant_forms_are_one_name() {
        assert_eq!(variant("遵義市教育局.政務"), variant("遵义市教育局.政务"));
        assert_eq!(variant("ZUNYI.gov.cn"), "zunyi.gov.cn");
        assert_ne!(variant("遵义市教育局.政务"), variant("遵义市教育局.公益"));
        assert_ne!(variant("甲-乙.政务"), variant("甲乙.政务"));
        assert_ne!(variant("遵义市教育局.政务"), variant("遵义县教育局.政务"));
    }

    proptest! {
        #[test]
        fn a_variant_is_its_own_variant(name in "[a-z0-9遵義义市務务國国局教育.-]{1,30}") {
            let once = variant(&name);
            prop_assert_eq!(variant(&once), once);
        }
    }
}
