//! Uploaded documents: from the bytes of a file to its lines and tables, and from those to a proposed regulation.
//!
//! What is uploaded is hostile until it has been read: every format has limits on what it may unpack to, nothing of it
//! is executed or written to disk, and whatever cannot be read is refused with what is wrong and how to mend it.
//! [`read`] knows formats and nothing of regulations; [`propose`] knows regulations and nothing of formats.

mod active;
mod charset;
mod compound;
mod docx;
mod format;
mod furniture;
mod html;
mod legible;
mod ofd;
mod package;
mod page;
mod pdf;
mod plain;
pub mod propose;
mod radicals;
mod separated;
mod sheet;
mod tables;
mod unseen;
mod xls;
mod xls_hidden;
mod xlsx;
mod xml;

#[cfg(test)]
pub(crate) mod fixtures;
#[cfg(test)]
mod hostile_tests;

use serde::{Deserialize, Serialize};

pub use self::{
    active::{Active, active},
    format::{Format, recognize},
    propose::{Context, Field, Form, InvalidForm, Proposal, Span, propose},
    sheet::{NumberedRow, Sheet, sheet},
    xlsx::NO_RESULT,
};

/// Largest upload, in bytes: 64 MiB. A scanned 公文 of a hundred pages has some 20 MB; the texts themselves stay below
/// one. The whole upload lies in memory while it is read.
pub const MAX_UPLOAD: usize = 64 << 20;
/// Lines of text kept of one document. The longest law, 民法典, has 3,000; every line costs some hundred bytes however
/// short it is, so that a file of empty paragraphs could otherwise grow fiftyfold in memory.
pub const MAX_LINES: usize = 200_000;
/// Characters of text kept of one document, in bytes of UTF-8: the longest law has 0.3 MB.
pub const MAX_TEXT: usize = 32 << 20;

/// What a file holds, whatever its format.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Document {
    pub format: Format,
    /// Paragraphs in reading order; none is empty, none holds a line break. The cells of a table in running text are
    /// here too, a row a line, joined by tabs: letterheads are often set as tables.
    pub lines: Vec<Line>,
    pub tables: Vec<Table>,
    /// Number of pages, where the format has pages.
    pub pages: Option<u32>,
    /// Whether there is any text at all; a scanned PDF has none.
    pub has_text: bool,
    /// What was left out or read by assumption, in Chinese, for the person who uploaded the file.
    pub warnings: Vec<String>,
}

/// A paragraph.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    pub text: String,
    /// The page it begins on, from 1, where the format has pages.
    pub page: Option<u32>,
    /// As the file marks it: 0 = the document's title, 1 = outermost heading; `None` for running text.
    pub heading: Option<u8>,
    /// Index into [`Document::tables`] for a row of a table.
    pub table: Option<usize>,
    /// Whether it stands in the margin of the pages (页眉, 页脚) and not in the text.
    pub margin: bool,
}

/// A table: of a workbook's sheet, of a CSV file, or in running text.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Table {
    /// Name of the sheet.
    pub name: Option<String>,
    /// The first row that is not empty.
    pub header: Vec<String>,
    /// The rows below it, without empty ones. They may be longer or shorter than the header.
    pub rows: Vec<Vec<String>>,
}

impl Document {
    fn new(format: Format) -> Self {
        Self { format, lines: Vec::new(), tables: Vec::new(), pages: None, has_text: false, warnings: Vec::new() }
    }

    /// The lines joined by line feeds: the text that every [`Span`] of a proposal points into.
    pub fn text(&self) -> String {
        let mut text = String::with_capacity(self.lines.iter().map(|l| l.text.len() + 1).sum());
        for line in &self.lines {
            if !text.is_empty() {
                text.push('\n');
            }
            text.push_str(&line.text);
        }
        text
    }

    fn warn(&mut self, warning: impl Into<String>) {
        let warning = warning.into();
        if !self.warnings.contains(&warning) {
            self.warnings.push(warning);
        }
    }

    fn finish(mut self) -> Self {
        self.has_text = !self.lines.is_empty() || !self.tables.is_empty();
        self
    }
}

/// Takes lines until there are too many.
#[derive(Debug, Default)]
struct Lines {
    lines: Vec<Line>,
    bytes: usize,
}

impl Lines {
    /// Adds a paragraph, one line for each of its own; empty ones are dropped.
    fn push(&mut self, text: &str, page: Option<u32>, heading: Option<u8>) -> Result<(), DocumentError> {
        text.split(['\n', '\r', '\u{2028}', '\u{2029}', '\u{000B}', '\u{000C}'])
            .try_for_each(|text| self.line(text, page, heading, None))
    }

    fn row(&mut self, cells: &[String], table: usize) -> Result<(), DocumentError> {
        let cells: Vec<String> = cells.iter().map(|c| c.split_whitespace().collect::<Vec<_>>().join(" ")).collect();
        self.line(cells.join("\t").trim(), None, None, Some(table))
    }

    fn line(
        &mut self,
        text: &str,
        page: Option<u32>,
        heading: Option<u8>,
        table: Option<usize>,
    ) -> Result<(), DocumentError> {
        let text = radicals::fold(text).replace(|c: char| c.is_control() && c != '\t', "");
        let text = text.trim();
        if text.is_empty() {
            return Ok(());
        }
        self.bytes += text.len();
        if self.lines.len() >= MAX_LINES {
            return Err(DocumentError::TooLarge(TooLarge::Lines));
        }
        if self.bytes > MAX_TEXT {
            return Err(DocumentError::TooLarge(TooLarge::Text));
        }
        self.lines.push(Line { text: text.to_owned(), page, heading, table, margin: false });
        Ok(())
    }
}

/// Why a file was refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DocumentError {
    #[error("文件是空的：请确认保存完整后重新上传")]
    Empty,
    #[error("文件过大：{0}")]
    TooLarge(TooLarge),
    /// The extension says one format, the content another.
    #[error("文件名“{file}”的扩展名是 {extension}，内容却是 {found}：请改正扩展名，或另存为 {extension} 后再上传")]
    WrongExtension { file: String, extension: String, found: &'static str },
    /// A format that is recognized and not read.
    #[error("不能读取{found}：{mend}")]
    Unsupported { found: &'static str, mend: &'static str },
    #[error("不能识别文件“{0}”的格式：可上传 docx、pdf、ofd、xlsx、csv、html、md、txt 文件")]
    Unknown(String),
    #[error("{format} 文件已加密：请取消密码后重新上传")]
    Encrypted { format: &'static str },
    /// The file is not what its format demands.
    #[error("{format} 文件已损坏：{what}；请用原软件打开并重新保存后上传")]
    Broken { format: &'static str, what: String },
    /// What no honest program writes.
    #[error("{format} 文件含有不允许的内容：{what}；请用原软件另存为新文件后上传")]
    Forbidden { format: &'static str, what: String },
    #[error("文本既不是 UTF-8、UTF-16，也不是 GB18030（第 {0} 字节起无法解码）：请用记事本另存为 UTF-8 编码后上传")]
    Charset(usize),
    /// The machine lacks a program.
    #[error("本机缺少 {program}，不能读取 PDF：请管理员安装 Debian 软件包 {package}")]
    MissingProgram { program: &'static str, package: &'static str },
    #[error("读取 PDF 用时超过 {0} 秒：请拆分文件，或另存为 docx 后上传")]
    Timeout(u64),
    #[error("读取文件时系统出错：{0}；请稍后再试")]
    System(String),
}

/// Which limit a file passes, with the limit in words.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TooLarge {
    #[error("有 {bytes} 字节，上限为 64 MiB；请拆分或压缩其中的图片")]
    Upload { bytes: usize },
    #[error("压缩包内的文件超过 {0} 个")]
    Entries(usize),
    #[error("解压后超过 {0} MiB")]
    Unpacked(u64),
    #[error("压缩包内“{entry}”的压缩比超过 {ratio} 倍，像是压缩炸弹")]
    Ratio { entry: String, ratio: u64 },
    #[error("“{0}”的标记嵌套过深")]
    Depth(String),
    #[error("文字超过 20 万行")]
    Lines,
    #[error("文字超过 32 MiB")]
    Text,
    #[error("表格超过 {0} 个单元格")]
    Cells(usize),
    #[error("超过 {0} 页；请拆分")]
    Pages(usize),
}

/// Reads an uploaded file. The format is recognized by the content; `file_name` only has to agree with it, and tells
/// kinds of plain text apart. Nothing is written to disk; a PDF is read by `pdftotext` in a process of its own.
///
/// # Errors
/// Every [`DocumentError`] says in Chinese what is wrong and how to mend it. A PDF without text is no error: see
/// [`Document::has_text`].
pub fn read(bytes: &[u8], file_name: &str) -> Result<Document, DocumentError> {
    if bytes.is_empty() {
        return Err(DocumentError::Empty);
    }
    if bytes.len() > MAX_UPLOAD {
        return Err(DocumentError::TooLarge(TooLarge::Upload { bytes: bytes.len() }));
    }
    let document = match format::recognize(bytes, file_name)? {
        Format::Docx => docx::read(bytes),
        Format::Ofd => ofd::read(bytes),
        Format::Xlsx => xlsx::read(bytes),
        Format::Pdf => pdf::read(bytes),
        Format::Html => html::read(bytes),
        Format::Csv => separated::read(bytes),
        Format::Markdown => plain::read(bytes, Format::Markdown),
        Format::Text => plain::read(bytes, Format::Text),
    };
    document.map(legible::check)
}

/// Text whose lines are known, as if read from a plain text file: for texts typed or pasted into a form.
impl From<&str> for Document {
    fn from(text: &str) -> Self {
        let mut lines = Lines::default();
        // What passes a limit is cut off: a form has narrower limits than a file.
        let _ = lines.push(text, None, None);
        let mut document = Self::new(Format::Text);
        document.lines = lines.lines;
        document.finish()
    }
}
