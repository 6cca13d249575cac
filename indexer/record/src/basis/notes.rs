//! What stands behind a title: its history in brackets, and where what is said of the regulation ends.

use super::passages::PLACE;

/// Characters of the longest bracket with a regulation's history.
const LONGEST_NOTE: usize = 1_500;

/// What stands in brackets behind a title, and where it ends.
pub(super) fn note(text: &str, from: usize) -> (String, usize) {
    let mut note = String::new();
    let mut at = from;
    loop {
        let rest = text.get(at..).unwrap_or_default();
        let trimmed = rest.trim_start_matches([' ', '\u{3000}', '\u{A0}', '，', ',']);
        if !trimmed.starts_with(['（', '(', '〔']) {
            return (note, at);
        }
        let start = at + rest.len() - trimmed.len();
        let mut depth = 0;
        let mut end = None;
        for (offset, c) in trimmed.char_indices().take(LONGEST_NOTE) {
            match c {
                '（' | '(' | '〔' => depth += 1,
                '）' | ')' | '〕' => depth -= 1,
                // A bracket that nobody closed ends with its line.
                '\n' if PLACE.is_match(trimmed[offset..].trim_start()) => {
                    end = Some(start + offset);
                    break;
                }
                _ => {}
            }
            if depth == 0 {
                end = Some(start + offset + c.len_utf8());
                break;
            }
        }
        let Some(end) = end else {
            let line = trimmed.find('\n').map_or(text.len(), |n| start + n);
            note.push_str(&text[start..line]);
            return (note, line);
        };
        note.push_str(&text[start..end]);
        at = end;
    }
}

/// What stands before the next line that a mark of another document begins, which nobody could read:
/// 【规范性文件】甲委员会《关于……的通知》.
pub(super) fn until_next_mark(text: &str) -> &str {
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        if at > 0 && marks_a_document(&text[at..]) {
            return &text[..at];
        }
        at += line.len();
    }
    text
}

/// Words before 《》 that make it a mention in a sentence: 【罚则】违反《丙法》规定的….
const MENTIONS: [&str; 10] = ["违反", "依照", "按照", "根据", "依据", "适用", "符合", "执行", "和", "与"];

/// Whether a text begins with a mark that names a document, or that one stands behind: not 【罚则】 or 【第三条】, which
/// mark places.
fn marks_a_document(text: &str) -> bool {
    let marked = text.trim_start().strip_prefix('【').and_then(|rest| rest.split_once('】'));
    let Some((mark, rest)) = marked.filter(|(mark, _)| !mark.contains('\n')) else { return false };
    if mark.contains('《') {
        return true;
    }
    let line = rest.trim_start().lines().next().unwrap_or_default();
    let Some((issuer, title)) = line.split_once('《').filter(|_| !PLACE.is_match(mark.trim())) else { return false };
    let in_a_sentence = issuer.contains(['。', '；', ';', '，', ',', '：', ':', '“', '条'])
        || MENTIONS.iter().any(|word| issuer.trim_end().ends_with(word));
    // A title may go on in the next line.
    let behind = title.split_once('》').map_or("", |(_, behind)| behind).trim_start();
    !in_a_sentence && !["的", "规定"].iter().any(|word| behind.starts_with(word))
}
