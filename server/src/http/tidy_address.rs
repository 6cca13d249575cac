//! Addresses with what a text or a hand left at their end: `/check/`, `/institutions/520300-gov。`, `/data）`.

use axum::http::Uri;
use percent_encoding::{AsciiSet, CONTROLS, percent_decode_str, utf8_percent_encode};

/// What no address of a page ends with and sentences around an address have there.
const TRAILING: [char; 33] = [
    '/', '.', ',', ';', ':', '!', '?', '\'', '"', ')', ']', '}', '>', '*', '_', '|', ' ', '\u{3000}', '。', '，', '、',
    '；', '：', '！', '？', '”', '’', '）', '】', '》', '」', '…', '～',
];
/// What stands in a path only encoded; `/` parts it.
const PATH: &AsciiSet =
    &CONTROLS.add(b' ').add(b'"').add(b'#').add(b'%').add(b'<').add(b'>').add(b'?').add(b'`').add(b'{').add(b'}');

/// The address without it, with its query; `None` where nothing of the kind stands there.
pub fn of(uri: &Uri) -> Option<String> {
    let path = percent_decode_str(uri.path()).decode_utf8().ok()?;
    let bare = path.trim_end_matches(TRAILING);
    // One slash at the front: `//host` would be another server.
    let bare = bare.trim_start_matches('/');
    if bare.len() + 1 == path.len() || bare.contains('\\') || bare.chars().any(char::is_control) {
        return None;
    }
    let query = uri.query().map(|query| format!("?{query}")).unwrap_or_default();
    Some(format!("/{}{query}", utf8_percent_encode(bare, PATH)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn tidy(address: &str) -> Option<String> {
        of(&address.parse().unwrap())
    }

    #[test]
    fn what_a_sentence_left_is_taken_away() {
        for (address, want) in [
            ("/check/", "/check"),
            ("/check/?url=a.cn", "/check?url=a.cn"),
            ("/institutions/520300-gov%E3%80%82", "/institutions/520300-gov"),
            ("/data%EF%BC%89%E3%80%82", "/data"),
            ("/regulations/r-0/articles/12.", "/regulations/r-0/articles/12"),
            ("/law/%E6%B0%91%E6%B3%95%E5%85%B8/", "/law/%E6%B0%91%E6%B3%95%E5%85%B8"),
            ("//evil.example/x", "/evil.example/x"),
        ] {
            assert_eq!(tidy(address).as_deref(), Some(want), "{address}");
        }
        for address in ["/", "/check", "/none?x=1/", "/%FF/"] {
            assert_eq!(tidy(address), None, "{address}");
        }
    }

    proptest! {
        #[test]
        fn where_it_leads_is_on_this_site_and_tidy(path in "/[ -~。，]{0,30}") {
            let encoded = utf8_percent_encode(&path, PATH).to_string();
            if let Ok(uri) = encoded.parse::<Uri>() && let Some(better) = of(&uri) {
                prop_assert!(better.starts_with('/') && !better.starts_with("//") && !better.starts_with("/\\"));
                prop_assert_eq!(of(&better.parse().unwrap()), None, "{}", better);
            }
        }
    }
}
