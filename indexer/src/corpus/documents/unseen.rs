//! What a file holds and its reader does not see: how pages hide it, and what is told of it.

use std::collections::HashSet;

/// Characters of hidden text that are repeated in a warning.
pub const SHOWN: usize = 20;
/// Selectors of a style sheet that are kept.
const MAX_SELECTORS: usize = 1_000;

/// What is told of hidden text, whatever the format.
pub fn hidden_text(beginning: &str, count: usize) -> String {
    let beginning: String = beginning.chars().filter(|c| !c.is_control()).take(SHOWN).collect();
    format!("文件中有看不见的文字（“{beginning}”等 {count} 字）：没有读取；如果应当公开，请取消隐藏后重新上传")
}

/// Whether an element's attributes say that it is not to be seen.
pub fn is_unseen(attributes: &str, selectors: &HashSet<String>) -> bool {
    let mut rest = attributes;
    loop {
        rest = rest.trim_start_matches(|c: char| c.is_whitespace() || c == '/' || c == '>');
        let length = rest.find(|c: char| c.is_whitespace() || matches!(c, '=' | '>' | '/')).unwrap_or(rest.len());
        if length == 0 && !rest.starts_with('=') {
            return false;
        }
        let name = &rest[..length];
        let after = rest[length..].trim_start();
        let value = match after.strip_prefix('=').map(str::trim_start) {
            None => {
                rest = after;
                ""
            }
            Some(value) => {
                let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''));
                let inside = &value[quote.map_or(0, char::len_utf8)..];
                let end = match quote {
                    Some(quote) => inside.find(quote),
                    None => inside.find(|c: char| c.is_whitespace() || c == '>'),
                };
                let end = end.unwrap_or(inside.len());
                rest = inside[end..].trim_start_matches(['"', '\'']);
                &inside[..end]
            }
        };
        if name.eq_ignore_ascii_case("hidden") {
            return true;
        }
        if name.eq_ignore_ascii_case("style") && is_unseen_style(value) {
            return true;
        }
        let named = |mark: &str, name: &str| !selectors.is_empty() && selectors.contains(&format!("{mark}{name}"));
        if name.eq_ignore_ascii_case("class") && value.split_whitespace().any(|class| named(".", class)) {
            return true;
        }
        if name.eq_ignore_ascii_case("id") && named("#", value.trim()) {
            return true;
        }
    }
}

/// The classes and ids that a style sheet takes off the page, where a rule names nothing else. Rules for other media (for
/// print, for narrow screens) say nothing of the page itself.
pub fn selectors(css: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut rest = css;
    while let Some(open) = rest.find('{') {
        let selectors = rest[..open].rsplit(['}', ';']).next().unwrap_or_default().trim();
        let inside = &rest[open + 1..];
        if rest[..open].contains('@') {
            // To the end of the block with its own blocks.
            let mut depth = 1usize;
            let end = inside.find(|c: char| {
                depth = match c {
                    '{' => depth + 1,
                    '}' => depth - 1,
                    _ => depth,
                };
                depth == 0
            });
            rest = end.map_or("", |end| &inside[end + 1..]);
            continue;
        }
        let Some(close) = inside.find('}') else { break };
        if found.len() < MAX_SELECTORS && is_unseen_style(&inside[..close]) {
            let simple = selectors.split(',').map(str::trim).filter(|s| {
                s.len() > 1
                    && s.starts_with(['.', '#'])
                    && s[1..].chars().all(|c| c.is_alphanumeric() || "-_".contains(c))
            });
            found.extend(simple.map(str::to_owned));
        }
        rest = &inside[close + 1..];
    }
    found
}

/// CSS that takes an element off the page; mso-hide is Word's mark of hidden text.
fn is_unseen_style(style: &str) -> bool {
    style.split(';').any(|declaration| {
        let Some((property, value)) = declaration.split_once(':') else { return false };
        let value = value.trim().trim_end_matches("!important").trim_end().to_ascii_lowercase();
        match property.trim().to_ascii_lowercase().as_str() {
            "display" => value == "none",
            "visibility" => value == "hidden" || value == "collapse",
            "mso-hide" => value == "all",
            "opacity" => value == "0",
            _ => false,
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn selectors_of_broken_style_sheets_end() {
        for odd in ["{", "}", "@{", "@{{}", ".x{display:none", ".{display:none}", "a{}}}.x{}", "@a{}{}", ""] {
            assert_eq!(selectors(odd), Vec::<String>::new(), "{odd}");
        }
        assert_eq!(selectors("a{} .x , b.y, #z{display: NONE !important}"), [".x", "#z"]);
    }
}
