//! A regulation as a file to keep or to work on: Markdown, plain text, a Word document, a PDF. Each says at its front what it
//! is, and how valid it was on the day of its making.

use std::{fmt::Write as _, io::Write as _};

use indexer::record::Regulation;
use zip::{ZipWriter, result::ZipError, write::SimpleFileOptions};

use super::pdf;

/// Forms in which a regulation can be taken away.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    Markdown,
    Text,
    Word,
    Pdf,
}

impl Format {
    pub const ALL: [Format; 4] = [Self::Markdown, Self::Text, Self::Word, Self::Pdf];

    /// The end of the file's name, by which it is asked for.
    pub fn name(self) -> &'static str {
        match self {
            Self::Markdown => "md",
            Self::Text => "txt",
            Self::Word => "docx",
            Self::Pdf => "pdf",
        }
    }

    pub fn content_type(self) -> &'static str {
        match self {
            Self::Markdown => "text/markdown; charset=utf-8",
            Self::Text => "text/plain; charset=utf-8",
            Self::Word => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            Self::Pdf => "application/pdf",
        }
    }

    /// The file; `about` are lines on what the text is, for its front.
    pub fn write(self, regulation: &Regulation, about: &[String]) -> Result<Vec<u8>, ZipError> {
        let parts = parts(regulation, about);
        match self {
            Self::Markdown => Ok(markdown(&parts).into_bytes()),
            Self::Text => Ok(text(&parts).into_bytes()),
            Self::Word => word(&parts),
            Self::Pdf => pdf::write(&regulation.title, set(parts)).map_err(ZipError::from),
        }
    }
}

/// A paragraph of the file.
enum Part {
    Title(String),
    About(String),
    /// 1 = outermost.
    Heading(u8, String),
    /// The number of an article that begins here, and the paragraph's words.
    Line(Option<String>, String),
}

fn parts(regulation: &Regulation, about: &[String]) -> Vec<Part> {
    let mut parts = vec![Part::Title(regulation.title.clone())];
    parts.extend(about.iter().cloned().map(Part::About));
    let lines =
        |text: &str| text.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect::<Vec<_>>();
    parts.extend(lines(&regulation.preamble).into_iter().map(|line| Part::Line(None, line)));
    let outermost = regulation.headings.iter().map(|heading| heading.depth).min().unwrap_or(1);
    for (at, article) in regulation.articles.iter().enumerate() {
        let headings = regulation.headings.iter().filter(|heading| heading.first_article == at);
        parts.extend(headings.map(|h| Part::Heading(h.depth.saturating_sub(outermost) + 1, h.title.clone())));
        let mut label = Some(article.label.clone());
        for line in lines(&article.text) {
            parts.push(Part::Line(label.take(), line));
        }
    }
    parts.extend(lines(&regulation.attachment).into_iter().map(|line| Part::Line(None, line)));
    parts
}

fn markdown(parts: &[Part]) -> String {
    let mut out = String::new();
    for part in parts {
        let _ = match part {
            Part::Title(title) => writeln!(out, "# {}\n", escaped(title)),
            Part::About(line) => writeln!(out, "> {}\n", escaped(line)),
            Part::Heading(depth, title) => {
                writeln!(out, "{} {}\n", "#".repeat(usize::from(*depth).min(5) + 1), escaped(title))
            }
            Part::Line(Some(label), line) => writeln!(out, "**{}** {}\n", escaped(label), escaped(line)),
            Part::Line(None, line) => writeln!(out, "{}\n", escaped(line)),
        };
    }
    out
}

/// Text in which no character makes anything but itself (CommonMark, 2.4), at the start of a line too.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for (at, c) in text.char_indices() {
        let leads = at == 0 && matches!(c, '#' | '+' | '-' | '=' | '~' | '>');
        // `1.` at the start of a line would begin a list.
        let ends_a_number = matches!(c, '.' | ')') && at > 0 && text[..at].bytes().all(|b| b.is_ascii_digit());
        if leads || ends_a_number || matches!(c, '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '&' | '|' | '!') {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

fn text(parts: &[Part]) -> String {
    let mut out = String::new();
    for part in parts {
        let _ = match part {
            Part::Title(title) => writeln!(out, "{title}\r\n\r"),
            Part::About(line) => writeln!(out, "{line}\r"),
            Part::Heading(_, title) => writeln!(out, "\r\n{title}\r\n\r"),
            Part::Line(Some(label), line) => writeln!(out, "{label}　{line}\r"),
            Part::Line(None, line) => writeln!(out, "{line}\r"),
        };
    }
    out
}

/// The paragraphs of a PDF.
fn set(parts: Vec<Part>) -> Vec<pdf::Paragraph> {
    let paragraph = |part: Part| {
        let (style, strong, text) = match part {
            Part::Title(title) => (pdf::Style::Title, title.chars().count(), title),
            Part::About(line) => (pdf::Style::About, 0, line),
            Part::Heading(_, title) => (pdf::Style::Heading, title.chars().count(), title),
            Part::Line(Some(label), line) => (pdf::Style::Text, label.chars().count(), format!("{label}　{line}")),
            Part::Line(None, line) => (pdf::Style::Text, 0, line),
        };
        pdf::Paragraph { style, text, strong }
    };
    parts.into_iter().map(paragraph).collect()
}

/// An OOXML package (ECMA-376) with the text and the styles that it names.
fn word(parts: &[Part]) -> Result<Vec<u8>, ZipError> {
    const W: &str = "http://schemas.openxmlformats.org/wordprocessingml/2006/main";
    let mut body = String::new();
    for part in parts {
        let run = |text: &str, bold: bool| {
            let bold = if bold { "<w:rPr><w:b/></w:rPr>" } else { "" };
            format!("<w:r>{bold}<w:t xml:space=\"preserve\">{}</w:t></w:r>", xml(text))
        };
        let (style, runs) = match part {
            Part::Title(title) => ("Title".to_owned(), run(title, false)),
            Part::About(line) => ("About".to_owned(), run(line, false)),
            Part::Heading(depth, title) => (format!("Heading{}", (*depth).clamp(1, 4)), run(title, false)),
            Part::Line(label, line) => {
                let label = label.as_ref().map(|label| run(label, true) + &run("　", false)).unwrap_or_default();
                ("Normal".to_owned(), label + &run(line, false))
            }
        };
        let _ = write!(body, "<w:p><w:pPr><w:pStyle w:val=\"{style}\"/></w:pPr>{runs}</w:p>");
    }
    let document = format!("<w:document xmlns:w=\"{W}\"><w:body>{body}<w:sectPr/></w:body></w:document>");
    let style = |id: &str, name: &str, paragraph: &str, size: u32, bold: bool| {
        let bold = if bold { "<w:b/>" } else { "" };
        format!(
            "<w:style w:type=\"paragraph\" w:styleId=\"{id}\"><w:name w:val=\"{name}\"/><w:pPr>{paragraph}</w:pPr><w:rPr>{bold}<w:sz w:val=\"{size}\"/></w:rPr></w:style>"
        )
    };
    let centred = "<w:spacing w:before=\"240\" w:after=\"240\"/><w:jc w:val=\"center\"/>";
    let mut styles = style(
        "Normal",
        "Normal",
        "<w:spacing w:line=\"400\" w:lineRule=\"auto\"/><w:ind w:firstLineChars=\"200\"/>",
        24,
        false,
    );
    styles += &style("Title", "Title", centred, 36, true);
    styles += &style("About", "About", "<w:spacing w:after=\"60\"/>", 18, false);
    for depth in 1..=4u32 {
        let outline = format!("{centred}<w:outlineLvl w:val=\"{}\"/>", depth - 1);
        styles += &style(&format!("Heading{depth}"), &format!("heading {depth}"), &outline, 32 - 2 * depth, true);
    }
    let styles = format!("<w:styles xmlns:w=\"{W}\">{styles}</w:styles>");
    const TYPES: &str = "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"><Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/><Override PartName=\"/word/document.xml\" ContentType=\"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml\"/><Override PartName=\"/word/styles.xml\" ContentType=\"application/vnd.openxmlformats-officedocument.wordprocessingml.styles+xml\"/></Types>";
    const PACKAGE: &str = "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship Id=\"rId1\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument\" Target=\"word/document.xml\"/></Relationships>";
    const DOCUMENT: &str = "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship Id=\"rId1\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles\" Target=\"styles.xml\"/></Relationships>";
    let mut package = ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, content) in [
        ("[Content_Types].xml", TYPES),
        ("_rels/.rels", PACKAGE),
        ("word/document.xml", &document),
        ("word/_rels/document.xml.rels", DOCUMENT),
        ("word/styles.xml", &styles),
    ] {
        // The same regulation makes the same bytes: without a time of day.
        package.start_file(name, SimpleFileOptions::default().last_modified_time(zip::DateTime::default()))?;
        package.write_all(b"<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n")?;
        package.write_all(content.as_bytes())?;
    }
    Ok(package.finish()?.into_inner())
}

/// Text in XML 1.0, without the characters that it cannot hold.
fn xml(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '\t' | '\n' | '\r' => out.push(c),
            c if c.is_control() || matches!(c, '\u{FFFE}' | '\u{FFFF}') => {}
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use indexer::{
        corpus::documents,
        record::{Article, ArticleNumber, Heading, RegulationLevel},
    };

    use super::*;

    fn regulation() -> Regulation {
        let article = |number: u32, text: &str| Article {
            label: ArticleNumber { number, inserted: 0 }.to_string(),
            number: Some(ArticleNumber { number, inserted: 0 }),
            text: text.to_owned(),
        };
        Regulation {
            articles: vec![
                article(1, "为了<b>示例</b>，制定本办法。"),
                article(2, "下列事项除外：\n（一）甲 & 乙；\n1. 丙*丁*。"),
                article(3, "本办法自公布之日起施行。"),
            ],
            headings: vec![
                Heading { depth: 3, title: "第一章 总则".into(), first_article: 0 },
                Heading { depth: 3, title: "第二章 附则".into(), first_article: 2 },
            ],
            ..Regulation::blank("甲市示例管理办法", RegulationLevel::LocalGovernmentRule)
        }
    }

    #[test]
    fn files_hold_the_whole_text_in_its_order() {
        let about = ["现行有效".to_owned()];
        let markdown = String::from_utf8(Format::Markdown.write(&regulation(), &about).unwrap()).unwrap();
        assert!(
            markdown.starts_with("# 甲市示例管理办法\n\n> 现行有效\n\n## 第一章 总则\n\n**第一条** 为了\\<b\\>"),
            "{markdown}"
        );
        assert!(markdown.contains("（一）甲 \\& 乙；\n\n1\\. 丙\\*丁\\*。\n\n## 第二章 附则"), "{markdown}");
        let text = String::from_utf8(Format::Text.write(&regulation(), &about).unwrap()).unwrap();
        assert!(text.contains("第二条　下列事项除外：\r\n（一）甲 & 乙；\r\n"), "{text}");
    }

    #[test]
    fn a_word_document_is_read_back_as_it_was() {
        let bytes = Format::Word.write(&regulation(), &[]).unwrap();
        assert_eq!(bytes, Format::Word.write(&regulation(), &[]).unwrap(), "the same bytes again");
        let read = documents::read(&bytes, "甲.docx").unwrap();
        let lines: Vec<String> = read
            .text()
            .lines()
            .map(|line| line.split_whitespace().collect())
            .filter(|line: &String| !line.is_empty())
            .collect();
        assert_eq!(
            lines[..4],
            ["甲市示例管理办法", "第一章总则", "第一条为了<b>示例</b>，制定本办法。", "第二条下列事项除外："]
        );
        assert_eq!(lines.len(), 8, "{lines:?}");
    }

    #[test]
    fn a_pdf_is_read_back_as_it_was() {
        let about = ["现行有效".to_owned()];
        let bytes = Format::Pdf.write(&regulation(), &about).unwrap();
        assert_eq!(bytes, Format::Pdf.write(&regulation(), &about).unwrap(), "the same bytes again");
        let read = documents::read(&bytes, "甲.pdf").unwrap();
        let text: String = read.text().split_whitespace().collect();
        for part in
            ["甲市示例管理办法", "现行有效", "第一章总则", "第一条为了<b>示例</b>，制定本办法。", "（一）甲&乙；"]
        {
            assert!(text.contains(part), "{part}: {text}");
        }
    }
}
