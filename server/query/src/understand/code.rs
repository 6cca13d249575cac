//! Codes of divisions (GB/T 2260).

/// Reads a division's code: 6, 9 or 12 digits and nothing else.
pub fn division_code(text: &str) -> Option<String> {
    let shaped = matches!(text.len(), 6 | 9 | 12) && text.bytes().all(|b| b.is_ascii_digit());
    shaped.then(|| text.to_owned())
}
