//! Which format a file has: told from its first bytes and from what its package holds, never from its name alone.

use serde::{Deserialize, Serialize};

use super::{DocumentError, charset, package::Package};

/// A format that is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Format {
    /// Office Open XML text (ECMA-376 part 1), with or without macros.
    Docx,
    /// 版式文件 (GB/T 33190-2016).
    Ofd,
    /// Office Open XML workbook.
    Xlsx,
    Pdf,
    Html,
    Csv,
    Markdown,
    Text,
}

impl Format {
    /// Name as people know it.
    pub fn label(self) -> &'static str {
        match self {
            Self::Docx => "docx",
            Self::Ofd => "OFD",
            Self::Xlsx => "xlsx",
            Self::Pdf => "PDF",
            Self::Html => "HTML",
            Self::Csv => "CSV",
            Self::Markdown => "Markdown",
            Self::Text => "纯文本",
        }
    }

    fn extensions(self) -> &'static [&'static str] {
        match self {
            Self::Docx => &["docx", "docm"],
            Self::Ofd => &["ofd"],
            Self::Xlsx => &["xlsx", "xlsm"],
            Self::Pdf => &["pdf"],
            Self::Html => &["html", "htm", "xhtml"],
            Self::Csv => &["csv"],
            Self::Markdown => &["md", "markdown"],
            Self::Text => &["txt", "text"],
        }
    }
}

/// How far into a PDF its header may stand (ISO 32000-1, annex H, note 13).
const PDF_HEADER_WITHIN: usize = 1024;
/// How much of a text is looked at for marks of HTML, in bytes.
const HTML_LOOKED_AT: usize = 1024;

/// The file's format. Refuses formats that are not read, and a name that says another format than the content.
pub fn recognize(bytes: &[u8], file_name: &str) -> Result<Format, DocumentError> {
    let extension = extension(file_name);
    let found = content(bytes)?;
    let found = match found {
        Some(format) => format,
        // Kinds of plain text look alike: the name tells them apart.
        None => match extension.as_deref() {
            Some("csv") => Format::Csv,
            Some("md" | "markdown") => Format::Markdown,
            Some("txt" | "text") | None => Format::Text,
            Some("html" | "htm" | "xhtml") if has_tags(bytes) => Format::Html,
            Some(other) if known(other) => return Err(wrong(file_name, other, Format::Text)),
            Some(_) => return Err(DocumentError::Unknown(shown(file_name))),
        },
    };
    match extension {
        Some(extension) if !found.extensions().contains(&extension.as_str()) => {
            Err(wrong(file_name, &extension, found))
        }
        _ => Ok(found),
    }
}

fn wrong(file: &str, extension: &str, found: Format) -> DocumentError {
    DocumentError::WrongExtension { file: shown(file), extension: format!(".{extension}"), found: found.label() }
}

/// A name fit for a message: short and without control characters.
fn shown(file: &str) -> String {
    file.chars().filter(|c| !c.is_control()).take(80).collect()
}

/// The part after the last dot, lower case; `None` where there is none.
fn extension(file_name: &str) -> Option<String> {
    let name = file_name.rsplit(['/', '\\']).next().unwrap_or(file_name);
    let (stem, extension) = name.rsplit_once('.')?;
    let shape = !stem.is_empty() && !extension.is_empty() && extension.len() <= 8;
    (shape && extension.bytes().all(|b| b.is_ascii_alphanumeric())).then(|| extension.to_ascii_lowercase())
}

fn known(extension: &str) -> bool {
    use Format::{Csv, Docx, Html, Markdown, Ofd, Pdf, Text, Xlsx};
    [Docx, Ofd, Xlsx, Pdf, Html, Csv, Markdown, Text].iter().any(|f| f.extensions().contains(&extension))
}

/// The format that the content alone tells; `None` for some kind of plain text.
fn content(bytes: &[u8]) -> Result<Option<Format>, DocumentError> {
    let starts = |magic: &[u8]| bytes.starts_with(magic);
    if starts(b"PK\x03\x04") || starts(b"PK\x05\x06") || starts(b"PK\x07\x08") {
        return package(bytes).map(Some);
    }
    if starts(COMPOUND) {
        return Err(compound(bytes));
    }
    let head = &bytes[..bytes.len().min(PDF_HEADER_WITHIN)];
    if head.windows(5).any(|w| w == b"%PDF-") {
        return Ok(Some(Format::Pdf));
    }
    let others: [(&[u8], &str, &str); 8] = [
        (b"\x89PNG", "图片", "请上传含有文字的文件"),
        (b"\xFF\xD8\xFF", "图片", "请上传含有文字的文件"),
        (b"GIF8", "图片", "请上传含有文字的文件"),
        (b"II*\0", "图片", "请上传含有文字的文件"),
        (b"Rar!", " RAR 压缩包", "请解压后逐个上传"),
        (b"7z\xBC\xAF", " 7z 压缩包", "请解压后逐个上传"),
        (b"\x1F\x8B", " gzip 压缩包", "请解压后逐个上传"),
        (b"{\\rtf", " RTF 文件", "请另存为 docx 后上传"),
    ];
    if let Some((_, found, mend)) = others.iter().find(|(magic, ..)| starts(magic)) {
        return Err(DocumentError::Unsupported { found, mend });
    }
    Ok(looks_like_html(bytes).then_some(Format::Html))
}

/// A zip file: distinguished by the parts that each format must have.
fn package(bytes: &[u8]) -> Result<Format, DocumentError> {
    let package = Package::open(bytes, "zip")?;
    if package.has("OFD.xml") {
        Ok(Format::Ofd)
    } else if package.has("word/document.xml") || package.has_below("word/") {
        Ok(Format::Docx)
    } else if package.has("xl/workbook.xml") || package.has_below("xl/") {
        Ok(Format::Xlsx)
    } else if package.has_below("ppt/") {
        Err(DocumentError::Unsupported { found: "演示文稿", mend: "请另存为 pdf 后上传" })
    } else if package.has("content.xml") && package.has("mimetype") {
        Err(DocumentError::Unsupported { found: " OpenDocument 文件", mend: "请另存为 docx 或 xlsx 后上传" })
    } else if package.has("Encryptions.xml") {
        Err(DocumentError::Encrypted { format: "OFD" })
    } else {
        Err(DocumentError::Unsupported { found: " zip 压缩包", mend: "请解压后逐个上传" })
    }
}

/// Whether a file is a workbook of Excel 97 to 2003 or of WPS, by what it holds and by its name. Tables may be such;
/// documents are not, since nothing tells whether there are macros in it.
pub fn is_old_workbook(bytes: &[u8], file_name: &str) -> bool {
    let by_name = extension(file_name).is_none_or(|extension| matches!(extension.as_str(), "xls" | "et"));
    by_name
        && bytes.starts_with(COMPOUND)
        && !holds(bytes, "EncryptedPackage")
        && (holds(bytes, "Workbook") || holds(bytes, "Book"))
}

/// What a compound file begins with.
const COMPOUND: &[u8] = b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1";

/// Whether a compound file has a stream of a name.
fn holds(bytes: &[u8], name: &str) -> bool {
    let utf16: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
    bytes.windows(utf16.len()).any(|w| w == utf16)
}

/// A compound file (MS-CFB): an encrypted OOXML package (MS-OFFCRYPTO 2.3), or an old Office file.
fn compound(bytes: &[u8]) -> DocumentError {
    let names = |name: &str| holds(bytes, name);
    if names("EncryptedPackage") {
        DocumentError::Encrypted { format: "Office" }
    } else if names("WordDocument") {
        DocumentError::Unsupported { found: "旧版 Word 文件（.doc）", mend: "请另存为 docx 后上传" }
    } else if names("Workbook") {
        DocumentError::Unsupported { found: "旧版 Excel 文件（.xls）", mend: "请另存为 xlsx 后上传" }
    } else {
        DocumentError::Unsupported {
            found: "旧版 Office 或 WPS 文件", mend: "请另存为 docx 或 xlsx 后上传"
        }
    }
}

fn looks_like_html(bytes: &[u8]) -> bool {
    let head = &bytes[..bytes.len().min(HTML_LOOKED_AT)];
    let head = charset::lossy(head).trim_start().to_ascii_lowercase();
    ["<!doctype html", "<html", "<head", "<body"].iter().any(|tag| head.starts_with(tag))
        || (head.starts_with("<?xml") && head.contains("<html"))
        || (head.starts_with("<!--") && head.contains("<html"))
}

fn has_tags(bytes: &[u8]) -> bool {
    let head = charset::lossy(&bytes[..bytes.len().min(HTML_LOOKED_AT)]);
    head.split('<').skip(1).any(|rest| rest.starts_with(|c: char| c.is_ascii_alphabetic() || c == '/' || c == '!'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn extensions_are_read_whatever_their_case() {
        assert_eq!(extension("甲.DOCX").as_deref(), Some("docx"));
        assert_eq!(extension("a/b.tar/甲.pdf").as_deref(), Some("pdf"));
        assert_eq!(extension("国办发〔2023〕12号.通知"), None);
        assert_eq!(extension(".txt"), None);
        assert_eq!(extension("甲"), None);
    }

    #[test]
    fn a_wrong_extension_names_both() {
        let error = recognize(b"%PDF-1.4", "\u{7532}.docx").unwrap_err();
        let text = error.to_string();
        assert!(text.contains(".docx") && text.contains("PDF") && text.contains("甲"), "{text}");
        assert!(matches!(recognize("<html>".as_bytes(), "甲.txt"), Err(DocumentError::WrongExtension { .. })));
        assert!(matches!(recognize("甲".as_bytes(), "甲.pdf"), Err(DocumentError::WrongExtension { .. })));
        assert!(matches!(recognize("甲".as_bytes(), "甲.html"), Err(DocumentError::WrongExtension { .. })));
        assert!(matches!(recognize("甲".as_bytes(), "甲.exe"), Err(DocumentError::Unknown(_))));
        assert_eq!(recognize(b"%PDF-1.4", "no extension"), Ok(Format::Pdf));
    }

    #[test]
    fn old_and_encrypted_office_files_are_told_apart() {
        let with = |name: &str| {
            let mut bytes = b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1".to_vec();
            bytes.extend(name.encode_utf16().flat_map(u16::to_le_bytes));
            recognize(&bytes, "甲.docx").unwrap_err()
        };
        assert_eq!(with("EncryptedPackage"), DocumentError::Encrypted { format: "Office" });
        assert!(with("WordDocument").to_string().contains(".doc"));
        assert!(with("Workbook").to_string().contains(".xls"));
    }
}
