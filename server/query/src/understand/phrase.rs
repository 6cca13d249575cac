//! Quoted phrases: "…" and its Chinese forms, which normalization has made one.

/// Phrases read from one query; a query has at most 256 characters, and nobody quotes more.
const MAX_PHRASES: usize = 8;

/// The text without its quoted phrases, and the phrases. An unpaired quotation mark is an ordinary mark.
pub fn split(normalized: &str) -> (String, Vec<String>) {
    let parts: Vec<&str> = normalized.split('"').collect();
    let pairs = (parts.len() - 1) / 2;
    let (mut rest, mut phrases) = (String::new(), Vec::new());
    for (at, part) in parts.iter().enumerate() {
        let quoted = at % 2 == 1 && at / 2 < pairs;
        if quoted && phrases.len() < MAX_PHRASES && part.chars().any(char::is_alphanumeric) {
            phrases.push(part.trim().to_owned());
            rest.push(' ');
        } else {
            rest.push_str(part);
        }
    }
    (rest, phrases)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pairs_are_phrases() {
        assert_eq!(split("a \"招商 基金\" b"), ("a   b".into(), vec!["招商 基金".into()]));
        assert_eq!(split("半个\"引号"), ("半个引号".into(), vec![]));
        assert_eq!(split("\"\" 空"), (" 空".into(), vec![]));
    }
}
