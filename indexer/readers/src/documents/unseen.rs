//! What a file holds and its reader does not see: how pages hide it, and what is reported of it.
//!
//! Hidden runs, rows and columns, `display:none`, objects that are invisible or transparent, type of a point or less,
//! white type with nothing behind it. It is left out of the text and told, never passed over in silence. Of a PDF only
//! the size of its type is known, since poppler tells no colours.

use std::collections::HashSet;

/// Characters of hidden text that are repeated in a warning.
pub const SHOWN: usize = 20;
/// Selectors of a style sheet that are kept.
const MAX_SELECTORS: usize = 1_000;

/// Points of the largest type that nobody reads; the smallest in print has five.
pub const TINY: f64 = 1.0;
/// Each of red, green and blue of what looks like white paper, of 255.
const WHITE: u8 = 0xF8;

/// Whether a colour cannot be distinguished from white paper.
pub fn is_white(red: u8, green: u8, blue: u8) -> bool {
    red.min(green).min(blue) >= WHITE
}

/// The colour of six hexadecimal digits.
pub fn is_white_in_hex(digits: &str) -> bool {
    let part = |at: usize| digits.get(at..at + 2).and_then(|two| u8::from_str_radix(two, 16).ok());
    matches!((part(0), part(2), part(4)), (Some(r), Some(g), Some(b)) if digits.len() == 6 && is_white(r, g, b))
}

/// What is reported of hidden text, whatever the format.
pub fn hidden_text(beginning: &str, count: usize) -> String {
    let beginning: String = beginning.chars().filter(|c| !c.is_control()).take(SHOWN).collect();
    format!("文件中有看不见的文字（“{beginning}”等 {count} 字）：没有读取；如果应当公开，请取消隐藏后重新上传")
}

/// Whether an element's attributes say that it is not to be seen.
pub fn is_unseen(attributes: &str, selectors: &HashSet<String>) -> bool {
    let named = |mark: &str, name: &str| !selectors.is_empty() && selectors.contains(&format!("{mark}{name}"));
    Attributes(attributes).any(|(name, value)| match () {
        () if name.eq_ignore_ascii_case("hidden") => true,
        () if name.eq_ignore_ascii_case("style") => is_unseen_style(value),
        () if name.eq_ignore_ascii_case("class") => value.split_whitespace().any(|class| named(".", class)),
        () if name.eq_ignore_ascii_case("id") => named("#", value.trim()),
        () => false,
    })
}

/// Text that is there and nobody can read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Faint {
    Tiny,
    /// As white as paper: seen where the page has a colour behind it.
    White,
}

/// Whether an element's own style makes its text too small or too pale to be read.
pub fn faint(attributes: &str) -> Option<Faint> {
    let mut white = false;
    let mut ground = None;
    for (name, value) in Attributes(attributes) {
        if name.eq_ignore_ascii_case("color") {
            white |= is_white_in_css(value);
        } else if name.eq_ignore_ascii_case("style") {
            for (property, value) in declarations(value) {
                match property.as_str() {
                    "font-size" if is_tiny(&value) => return Some(Faint::Tiny),
                    "color" => white = is_white_in_css(&value),
                    "background" | "background-color" => ground = Some(is_white_in_css(&value)),
                    _ => {}
                }
            }
        }
    }
    (white && ground != Some(false)).then_some(Faint::White)
}

/// CSS Fonts 4, 2.5: a size in points, in pixels of three quarters of a point, or nothing at all.
fn is_tiny(value: &str) -> bool {
    let unit = value.find(|c: char| !(c.is_ascii_digit() || c == '.')).unwrap_or(value.len());
    let Ok(size) = value[..unit].parse::<f64>() else { return false };
    match value[unit..].trim() {
        "pt" => size <= TINY,
        "px" | "" => size * 0.75 <= TINY,
        _ => size == 0.0,
    }
}

/// CSS Color 4: white, #fff, #ffffff, rgb(255, 255, 255).
fn is_white_in_css(value: &str) -> bool {
    let value = value.trim().to_ascii_lowercase();
    if let Some(digits) = value.strip_prefix('#') {
        return digits == "fff" || is_white_in_hex(digits);
    }
    if let Some(parts) = value.strip_prefix("rgb(").and_then(|rest| rest.strip_suffix(')')) {
        let parts: Vec<u8> = parts.split([',', ' ']).filter_map(|part| part.trim().parse().ok()).collect();
        return matches!(parts[..], [red, green, blue] if is_white(red, green, blue));
    }
    value == "white"
}

/// Attributes of a tag, each with its value.
struct Attributes<'t>(&'t str);

impl<'t> Iterator for Attributes<'t> {
    type Item = (&'t str, &'t str);

    fn next(&mut self) -> Option<Self::Item> {
        let rest = self.0.trim_start_matches(|c: char| c.is_whitespace() || c == '/' || c == '>');
        let length = rest.find(|c: char| c.is_whitespace() || matches!(c, '=' | '>' | '/')).unwrap_or(rest.len());
        if length == 0 && !rest.starts_with('=') {
            return None;
        }
        let name = &rest[..length];
        let after = rest[length..].trim_start();
        let Some(value) = after.strip_prefix('=').map(str::trim_start) else {
            self.0 = after;
            return Some((name, ""));
        };
        let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''));
        let inside = &value[quote.map_or(0, char::len_utf8)..];
        let end = match quote {
            Some(quote) => inside.find(quote),
            None => inside.find(|c: char| c.is_whitespace() || c == '>'),
        };
        let end = end.unwrap_or(inside.len());
        self.0 = inside[end..].trim_start_matches(['"', '\'']);
        Some((name, &inside[..end]))
    }
}

/// The classes and ids that a style sheet takes off the page, where a rule names nothing else. Rules for other media
/// (for print, for narrow screens) say nothing of the page itself.
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
    declarations(style).any(|(property, value)| match property.as_str() {
        "display" => value == "none",
        "visibility" => value == "hidden" || value == "collapse",
        "mso-hide" => value == "all",
        "opacity" => value == "0",
        _ => false,
    })
}

/// Properties of a style and their values, in small letters.
fn declarations(style: &str) -> impl Iterator<Item = (String, String)> {
    style.split(';').filter_map(|declaration| {
        let (property, value) = declaration.split_once(':')?;
        let value = value.trim().to_ascii_lowercase();
        let value = value.trim_end_matches("!important").trim_end().to_owned();
        Some((property.trim().to_ascii_lowercase(), value))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn type_that_nobody_can_read() {
        for (attributes, want) in [
            (" style='font-size:0'", Some(Faint::Tiny)),
            (" style=\"font-size: 1PT ;color:red\"", Some(Faint::Tiny)),
            (" style='font-size:1px'", Some(Faint::Tiny)),
            (" style='font-size:0.1em'", None),
            (" style='font-size:9pt'", None),
            (" style='color:#FFF'", Some(Faint::White)),
            (" style='color: rgb(255, 255, 255) !important'", Some(Faint::White)),
            (" color=#fefefe", Some(Faint::White)),
            (" style='color:white;background:#fff'", Some(Faint::White)),
            (" style='color:white;background-color:#c00'", None),
            (" style='color:#ff0000'", None),
            (" style='background:white'", None),
            (" style='color'", None),
            (" style='font-size:'", None),
        ] {
            assert_eq!(faint(attributes), want, "{attributes}");
        }
    }

    #[test]
    fn selectors_of_broken_style_sheets_end() {
        for odd in ["{", "}", "@{", "@{{}", ".x{display:none", ".{display:none}", "a{}}}.x{}", "@a{}{}", ""] {
            assert_eq!(selectors(odd), Vec::<String>::new(), "{odd}");
        }
        assert_eq!(selectors("a{} .x , b.y, #z{display: NONE !important}"), [".x", "#z"]);
    }
}
