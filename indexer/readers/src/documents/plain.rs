//! Plain text and Markdown.

use encoding_rs::UTF_8;

use super::{Document, DocumentError, Format, Lines, charset};

/// Reads a text; a line is a paragraph. In Markdown, `#` marks headings: the first of level 1 is the title.
pub fn read(bytes: &[u8], format: Format) -> Result<Document, DocumentError> {
    let decoded = charset::decode(bytes)?;
    let mut document = Document::new(format);
    if decoded.encoding != UTF_8 {
        document.warn(format!("文字按 {} 编码读取：如有乱码，请另存为 UTF-8 后重新上传", decoded.encoding.name()));
    }
    let mut lines = Lines::default();
    for line in decoded.text.split(['\n', '\r']) {
        if format == Format::Markdown {
            let line = crate::law_markdown::body::clean(line);
            let line = line.trim_end();
            let marks = line.len() - line.trim_start_matches('#').len();
            let marked = (1..=6).contains(&marks) && line[marks..].starts_with(char::is_whitespace);
            let level = marked.then(|| u8::try_from(marks).unwrap_or(6));
            let first = level == Some(1) && !lines.lines.iter().any(|l| l.heading == Some(0));
            lines.push(if marked { &line[marks..] } else { line }, None, if first { Some(0) } else { level })?;
        } else {
            lines.push(line, None, None)?;
        }
    }
    document.lines = lines.lines;
    Ok(document.finish())
}
