//! PDF: the text layer, read by poppler's `pdftotext` in a process of its own.
//!
//! Chinese office programs write PDFs whose fonts name a character collection (GBK-EUC-H, UniGB-UCS2-H) and no way
//! back to Unicode; poppler reads them with the tables of the package `poppler-data`. A PDF is a program of sorts: so
//! it is read outside this process, with bounded memory, time and output, from a pipe, without files.

use std::{
    io::{ErrorKind, Read, Write},
    process::{Command, ExitStatus, Stdio},
    thread,
    time::Duration,
};

use super::{
    Document, DocumentError, Format, Lines, TooLarge, legible,
    page::{Piece, paragraphs, width},
    unseen,
    xml::{Part, Xml, walk},
};
use crate::limited::{Ended, Limited, Limits, beginning};

const FORMAT: &str = "PDF";
const PROGRAM: &str = "pdftotext";
const PACKAGE: &str = "poppler-utils 和 poppler-data";
/// Pages read: as many as a volume of a gazette has.
pub const MAX_PAGES: usize = 2_000;
/// By the clock: a page takes some milliseconds, so that 2,000 pages fit.
pub const TIME_LIMIT: Duration = Duration::from_secs(30);
/// Address space of the process, in bytes: the upload, poppler's tables and a page's objects.
pub const MEMORY_LIMIT: u64 = 1 << 30;
/// What it may print, in bytes: every word has some 100 bytes of mark-up, a full page of words some 50 KB.
pub const OUTPUT_LIMIT: u64 = 128 << 20;
/// Complaints kept, in bytes; broken files bring one a object.
const COMPLAINTS: u64 = 64 << 10;

pub fn read(bytes: &[u8]) -> Result<Document, DocumentError> {
    read_with(PROGRAM, bytes, TIME_LIMIT)
}

fn read_with(program: &'static str, bytes: &[u8], time: Duration) -> Result<Document, DocumentError> {
    let printed = run(program, bytes, time)?;
    let mut document = Document::new(Format::Pdf);
    let mut pages = pages(&printed)?;
    if pages.len() > MAX_PAGES {
        return Err(DocumentError::TooLarge(TooLarge::Pages(MAX_PAGES)));
    }
    let mut lines = Lines::default();
    document.pages = u32::try_from(pages.len()).ok();
    leave_out_tiny(&mut pages, &mut document);
    restore(&mut pages, &mut document);
    paragraphs(pages, &mut lines)?;
    document.lines = lines.lines;
    if document.lines.is_empty() {
        document.warn("PDF 里没有文字，像是扫描件：请用文字识别软件处理，或上传可编辑的原文件");
    }
    Ok(document.finish())
}

/// Takes out words too small to be read, unless there is nothing else: then the page itself is scaled.
fn leave_out_tiny(pages: &mut [Vec<Piece>], document: &mut Document) {
    // Corners are printed in six digits.
    let is_tiny = |word: &Piece| word.size <= 1.01 * unseen::TINY;
    let mut tiny = pages.iter().flatten().filter(|word| is_tiny(word)).peekable();
    let Some(first) = tiny.peek().map(|word| word.text.clone()) else { return };
    let count = tiny.map(|word| word.text.chars().count()).sum();
    if pages.iter().flatten().all(is_tiny) {
        return;
    }
    document.warn(unseen::hidden_text(&first, count));
    pages.iter_mut().for_each(|page| page.retain(|word| !is_tiny(word)));
}

/// Fonts that name a one-byte encoding and are written with two bytes a character print each byte as a letter; the words
/// that can be are turned back.
fn restore(pages: &mut [Vec<Piece>], document: &mut Document) {
    if !legible::is_garbled(pages.iter().flatten().map(|word| word.text.as_str())) {
        return;
    }
    for word in pages.iter_mut().flatten() {
        if let Some(text) = legible::restored(&word.text) {
            word.text = text;
            document.warn("PDF 的字体没有写明文字的编码：已按 GBK 读取，请逐字核对");
        }
    }
}

/// What the program prints of the file.
fn run(program: &'static str, bytes: &[u8], time: Duration) -> Result<Vec<u8>, DocumentError> {
    let system = |error: std::io::Error| DocumentError::System(error.to_string());
    let last_page = (MAX_PAGES + 1).to_string();
    let mut command = Command::new(program);
    command
        .args(["-bbox-layout", "-enc", "UTF-8", "-l", &last_page, "-", "-"])
        .env_clear()
        .envs(std::env::var_os("PATH").map(|path| ("PATH", path)))
        .env("LC_ALL", "C.UTF-8")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    // Fonts and tables are opened.
    let limits = Limits { memory: MEMORY_LIMIT, time, files: 64 };
    let mut running = Limited::start(&mut command, limits).map_err(|error| match error.kind() {
        ErrorKind::NotFound => DocumentError::MissingProgram { program, package: PACKAGE },
        _ => system(error),
    })?;
    let child = &mut running.child;
    let (Some(mut input), Some(output), Some(complaints)) =
        (child.stdin.take(), child.stdout.take(), child.stderr.take())
    else {
        return Err(DocumentError::System("管道".to_owned()));
    };
    thread::scope(|scope| {
        // It may end before it has read all: then writing fails, which its own word explains better.
        scope.spawn(move || drop(input.write_all(bytes)));
        let printed = scope.spawn(|| take(output, OUTPUT_LIMIT + 1));
        let complaints = scope.spawn(|| beginning(complaints, COMPLAINTS));
        let ended = running.wait();
        let printed = printed.join().unwrap_or_default();
        let complaints = complaints.join().unwrap_or_default();
        if printed.len() as u64 > OUTPUT_LIMIT {
            return Err(DocumentError::TooLarge(TooLarge::Text));
        }
        match ended.map_err(system)? {
            Ended::TimeOver => Err(DocumentError::Timeout(time.as_secs())),
            Ended::ByItself(status) if status.success() => Ok(printed),
            Ended::ByItself(status) => Err(failure(status, &String::from_utf8_lossy(&complaints))),
        }
    })
}

/// At most `limit` bytes; then the pipe is closed, which ends the writer.
fn take(from: impl Read, limit: u64) -> Vec<u8> {
    let mut bytes = Vec::new();
    let _ = from.take(limit).read_to_end(&mut bytes);
    bytes
}

/// Why the program failed, by its own words (its exit codes do not tell a password from damage).
fn failure(status: ExitStatus, complaints: &str) -> DocumentError {
    if complaints.contains("Incorrect password") || complaints.contains("Unsupported version/revision") {
        DocumentError::Encrypted { format: FORMAT }
    } else if status.code().is_none() {
        let what = "读取它的程序超出内存或时间限制而中止".to_owned();
        DocumentError::Broken { format: FORMAT, what }
    } else if complaints.contains("Couldn't") || complaints.contains("damaged") || complaints.contains("Syntax Error") {
        DocumentError::Broken { format: FORMAT, what: "缺少文件目录（xref）或页面".to_owned() }
    } else {
        let words: String = complaints.chars().filter(|c| !c.is_control()).take(120).collect();
        DocumentError::Broken { format: FORMAT, what: format!("无法打开（{words}）") }
    }
}

/// The pages of what `-bbox-layout` prints: `word` elements with corners, in points, within `page` elements. Rows are
/// made anew from the words: poppler takes the two characters of space behind 第一条 for the space between columns.
fn pages(printed: &[u8]) -> Result<Vec<Vec<Piece>>, DocumentError> {
    let mut pages: Vec<Vec<Piece>> = Vec::new();
    let mut word: Option<Piece> = None;
    let part = Part { format: FORMAT, name: PROGRAM, declared: true };
    walk(&without_controls(printed), part, |event| {
        match event {
            Xml::Start(element) if element.name == "page" => pages.push(Vec::new()),
            Xml::Start(element) if element.name == "word" => {
                let corner =
                    |name| element.attribute(name).and_then(|n| n.parse().ok()).filter(|n: &f64| n.is_finite());
                let corner = |name| corner(name).unwrap_or(0.0);
                let (left, right, top, bottom) = (corner("xMin"), corner("xMax"), corner("yMin"), corner("yMax"));
                word = Some(Piece { left, right, base: bottom, size: bottom - top, text: String::new() });
            }
            Xml::Text(text) => {
                if let Some(word) = &mut word {
                    word.text.push_str(&text);
                }
            }
            Xml::End("word") => {
                if let (Some(page), Some(mut word)) = (pages.last_mut(), word.take().filter(|w| !w.text.is_empty())) {
                    // The height is that of the font's box, often more than a character's.
                    let height = word.size;
                    word.size = ((word.right - word.left) / width(&word.text)).min(height).max(0.5 * height).max(0.1);
                    page.push(word);
                }
            }
            Xml::Start(_) | Xml::End(_) => {}
        }
        Ok(())
    })?;
    Ok(pages)
}

/// Characters that XML cannot have and poppler prints all the same become spaces.
fn without_controls(printed: &[u8]) -> Vec<u8> {
    printed.iter().map(|b| if *b < 0x20 && !matches!(b, b'\n' | b'\r' | b'\t') { b' ' } else { *b }).collect()
}
