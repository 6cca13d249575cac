//! Document numbers 发文字号 (GB/T 9704-2012, 7.2.5) and order numbers, in every bracket style.

use std::sync::LazyLock;

use indexer::text::numerals;
use regex::Regex;

/// 代字〔年〕序号: brackets are `(`, `《` after normalization, or missing.
static NUMBER: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"^(?P<organ>[\p{Han}]{1,14}?)(?:字|发文)?\s*[(《]?\s*(?P<year>(?:19|20)\d\d)\s*年?\s*[)》]?\s*第?\s*0*(?P<serial>\d{1,5})\s*号?$",
    )
});
/// 国务院令第227号, 主席令第五十五号, 令第227号.
static ORDER: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"^(?:中华人民共和国)?(?P<organ>[\p{Han}]{0,14}令)\s*\(?\s*第?\s*(?P<serial>[\d零〇一二两三四五六七八九十百千]{1,9})\s*\)?\s*号?$",
    )
});

fn regex(pattern: &str) -> Regex {
    Regex::new(pattern).unwrap_or_else(|error| unreachable!("a fixed pattern: {error}"))
}

/// The canonical form of a normalized text that is a document number and nothing else.
pub fn parse(normalized: &str) -> Option<String> {
    let text = normalized.trim();
    if let Some(found) = NUMBER.captures(text) {
        let bracketed = text.contains(['(', '《', '年']) || text.ends_with('号');
        return bracketed.then(|| format!("{}〔{}〕{}号", &found["organ"], &found["year"], &found["serial"]));
    }
    let found = ORDER.captures(text)?;
    let serial = numerals::parse(&found["serial"])?;
    let organ = match &found["organ"] {
        "令" | "国令" => "国务院令",
        organ => organ,
    };
    Some(format!("{organ}第{serial}号"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn every_style_has_one_canonical_form() {
        for text in [
            "国发(2016)51号",
            "国发《2016》51号",
            "国发 2016 51号",
            "国发2016年51号",
            "国发(2016)第051号",
            "国发(2016)51",
        ] {
            assert_eq!(parse(text).as_deref(), Some("国发〔2016〕51号"), "{text}");
        }
        assert_eq!(parse("国务院令第588号").as_deref(), Some("国务院令第588号"));
        assert_eq!(parse("国令第588号").as_deref(), Some("国务院令第588号"));
        assert_eq!(parse("中华人民共和国国务院令第588号").as_deref(), Some("国务院令第588号"));
        assert_eq!(parse("令第227号").as_deref(), Some("国务院令第227号"));
        assert_eq!(parse("主席令第五十五号").as_deref(), Some("主席令第55号"));
        for text in ["行政许可法", "2016年", "命令", "国发", "民法典第十二条"] {
            assert_eq!(parse(text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn a_canonical_number_reads_back(organ in "[国黔遵府办发函]{2,6}", year in 1949..2030u32, serial in 1..2000u32) {
            let canonical = format!("{organ}〔{year}〕{serial}号");
            let typed = format!("{organ}({year}){serial}号");
            prop_assert_eq!(parse(&typed), Some(canonical));
        }
    }
}
