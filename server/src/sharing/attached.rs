//! Files beside a document's main text: which may be attached.

use std::path::Path;

use indexer::{
    corpus::documents::{Active, DocumentError, NumberedRow, active, recognize},
    record::{AttachedFile, MAX_ATTACHED, MAX_FILE_NAME},
};

use super::{ReadError, Reader, Sha256Hex};
use crate::workflow::FileSays;

/// Largest attached file, in bytes: a scanned form has a few MB, a list of a province's items ten.
pub const MAX_ATTACHED_FILE: usize = 20 << 20;

/// Why a file may not be attached.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotAttached {
    #[error("请选择要上传的文件（文件不能是空的）")]
    Empty,
    #[error("{what}不能作附件：{why}。可附 docx、xlsx、pdf、ofd、csv、txt、md 文件和 PNG、JPEG 图片")]
    Refused { what: String, why: &'static str },
    #[error("{0}")]
    Unread(DocumentError),
    #[error("一份文件至多 {MAX_ATTACHED} 个附件，请先移除不用的")]
    Many,
    #[error("已经附了同一个文件：{0}")]
    Twice(String),
    #[error("没有这个附件")]
    Unknown,
}

/// What a file is, by its content and not by its name alone; an error for what could do something on a reader's machine.
pub fn attachable(bytes: &[u8], name: &str) -> Result<&'static str, NotAttached> {
    let refused = |what: &str, why| NotAttached::Refused { what: what.to_owned(), why };
    if bytes.is_empty() {
        return Err(NotAttached::Empty);
    }
    let extension = name.rsplit_once('.').map(|(_, end)| end.to_ascii_lowercase()).unwrap_or_default();
    for (magic, label, ends) in
        [(&b"\x89PNG\r\n\x1A\n"[..], "PNG 图片", &["png"][..]), (b"\xFF\xD8\xFF", "JPEG 图片", &["jpg", "jpeg"])]
    {
        if bytes.starts_with(magic) {
            let named = ends.contains(&extension.as_str());
            return if named {
                Ok(label)
            } else {
                Err(refused("文件名的扩展名与内容不符的文件", "请改正扩展名"))
            };
        }
    }
    let found = recognize(bytes, name).and_then(|format| Ok((format, active(bytes, format)?)));
    match found {
        Ok((format, None)) if extension.ends_with('m') => {
            Err(refused(&format!("带宏的 {} 文件", format.label()), "请另存为不带宏的文件"))
        }
        Ok((format, None)) => Ok(format.label()),
        Ok((format, Some(Active { what, mend }))) => {
            Err(refused(&format!("带有{what}的 {} 文件", format.label()), mend))
        }
        Err(DocumentError::Encrypted { format }) => {
            Err(refused(&format!("加密的 {format} 文件"), "无法检查，请取消密码"))
        }
        Err(error @ (DocumentError::Broken { .. } | DocumentError::Forbidden { .. } | DocumentError::TooLarge(_))) => {
            Err(NotAttached::Unread(error))
        }
        Err(DocumentError::Unsupported { found, .. }) => Err(refused(found, "不在可附的格式之内")),
        Err(DocumentError::WrongExtension { found, .. }) => {
            Err(refused(found, "文件名的扩展名与内容不符，请改正扩展名"))
        }
        Err(_) => Err(refused("这个文件", "认不出它的格式")),
    }
}

/// What a file says of numbers of staff, as far as it can be read; an error where that may be another time.
pub fn says(reader: &Reader, file: &Path, name: &str) -> Result<FileSays, ReadError> {
    let extension = name.rsplit_once('.').map(|(_, end)| end.to_ascii_lowercase()).unwrap_or_default();
    // White space within a cell is none between cells or rows.
    let row = |cells: Vec<String>| {
        cells.iter().map(|cell| cell.split_whitespace().collect::<Vec<_>>().join(" ")).collect::<Vec<_>>().join("\t")
    };
    let rows = |rows: Vec<NumberedRow>| rows.into_iter().map(|(_, cells)| row(cells)).collect::<Vec<_>>().join("\n");
    let read = match extension.as_str() {
        "png" | "jpg" | "jpeg" => Ok(String::new()),
        "xlsx" | "csv" => reader.sheet(file, name).map(|sheet| {
            let more = sheet.more.into_iter().map(|(_, more)| more);
            // A line between two sheets, whose headings are not each other's.
            [sheet.rows].into_iter().chain(more).map(rows).collect::<Vec<_>>().join("\n\n")
        }),
        _ => reader.document(file, name, &|_| None).map(|read| read.document.text()),
    };
    match read {
        Ok(text) if text.trim().is_empty() => Ok(FileSays::unread("是图片或者扫描件，没有可以查找的文字")),
        Ok(text) => Ok(FileSays::of(&text)),
        Err(error @ ReadError::System(_)) => Err(error),
        Err(error) => {
            tracing::info!(%error, "an attached file could not be read");
            Ok(FileSays::unread("读不出文字"))
        }
    }
}

/// Puts a file to those of a document.
pub fn attach(
    files: &mut Vec<AttachedFile>,
    (name, format): (&str, &str),
    size: u64,
    hash: &Sha256Hex,
) -> Result<(), NotAttached> {
    let sha256 = hash.to_string();
    if let Some(known) = files.iter().find(|known| known.sha256 == sha256) {
        return Err(NotAttached::Twice(known.name.clone()));
    }
    if files.len() >= MAX_ATTACHED {
        return Err(NotAttached::Many);
    }
    // Its end tells what it is, so that of a long name the end is kept.
    let letters: Vec<char> = name.chars().filter(|c| !c.is_control()).collect();
    let name = letters[letters.len().saturating_sub(MAX_FILE_NAME)..].iter().collect();
    files.push(AttachedFile { name, format: format.to_owned(), size, sha256 });
    Ok(())
}

/// Takes a file off; what was published keeps it in its older revisions.
pub fn detach(files: &mut Vec<AttachedFile>, hash: &str) -> Result<(), NotAttached> {
    let before = files.len();
    files.retain(|known| known.sha256 != hash);
    if files.len() < before { Ok(()) } else { Err(NotAttached::Unknown) }
}

/// A file of a document, to be sent.
pub fn find(files: &[AttachedFile], hash: &str) -> Result<(Sha256Hex, String), NotAttached> {
    let found = files.iter().find(|known| known.sha256 == hash).ok_or(NotAttached::Unknown)?;
    Ok((found.sha256.parse().map_err(|()| NotAttached::Unknown)?, found.name.clone()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_could_run_is_refused_with_the_reason() {
        for (bytes, name, label) in [
            (&b"%PDF-1.7\n1 0 obj"[..], "a.pdf", "PDF"),
            ("甲,乙\n1,2\n".as_bytes(), "表.csv", "CSV"),
            ("说明".as_bytes(), "a.txt", "纯文本"),
            (b"\x89PNG\r\n\x1A\n0", "图.PNG", "PNG 图片"),
            (b"\xFF\xD8\xFF0", "a.jpeg", "JPEG 图片"),
        ] {
            assert_eq!(attachable(bytes, name), Ok(label), "{name}");
        }
        for (bytes, name, why) in [
            (&b"MZ\x90\x00\x03"[..], "a.exe", ""),
            (b"\x7fELF\x02\x01", "a.pdf", ""),
            (b"#!/bin/sh\nrm -rf /\n", "a.sh", ""),
            (b"<html><script>alert(1)</script></html>", "a.html", "脚本"),
            (b"<svg xmlns=\"http://www.w3.org/2000/svg\" onload=\"x()\"/>", "a.svg", ""),
            (b"%PDF-1.7\n<< /S /JavaScript /JS (x) >>", "a.pdf", "脚本"),
            (b"%PDF-1.7\n<< /S /J#61vaScript >>", "a.pdf", "脚本"),
            (b"%PDF-1.7\n<< /S /Launch >>", "a.pdf", "启动程序"),
            (b"PK\x03\x04 and no more", "a.docx", "损坏"),
            (b"\x89PNG\r\n\x1A\n0", "a.pdf", "扩展名"),
            (b"Rar!\x1a\x07\x00", "a.rar", ""),
            (b"", "a.pdf", "空"),
        ] {
            let told = attachable(bytes, name).unwrap_err().to_string();
            assert!(told.contains(why) && told.chars().count() > 10, "{name}: {told}");
        }
    }

    /// A file that cannot be read says something else than one that says nothing, and neither what a busy machine does.
    #[test]
    fn what_cannot_be_read_is_told_from_what_says_nothing() {
        let dir = tempfile::tempdir().unwrap();
        let said = |name: &str, bytes: &[u8]| {
            let file = dir.path().join("file");
            std::fs::write(&file, bytes).unwrap();
            says(&Reader::Here, &file, name)
        };
        let table = "单位,\"行政\n编制\"\n甲局,82\n".as_bytes();
        assert_eq!(said("a.csv", table).unwrap(), FileSays::of("单位\t行政 编制\n甲局\t82"));
        for (name, bytes) in
            [("a.png", &b"\x89PNG\r\n\x1A\n0"[..]), ("a.docx", b"PK\x03\x04 and no more"), ("a.xlsx", b"x")]
        {
            assert!(said(name, bytes).unwrap().is_unread(), "{name}");
        }
        let none = Reader::Process(dir.path().join("no program"));
        std::fs::write(dir.path().join("file"), table).unwrap();
        assert!(matches!(says(&none, &dir.path().join("file"), "a.csv"), Err(ReadError::System(_))));
    }

    #[test]
    fn files_are_bounded_and_none_stands_twice() {
        let (mut files, hash) = (Vec::new(), |n: usize| Sha256Hex::of(&[u8::try_from(n).unwrap()]));
        for n in 0..MAX_ATTACHED {
            attach(&mut files, ("甲.pdf", "PDF"), 1, &hash(n)).unwrap();
        }
        assert_eq!(attach(&mut files, ("甲.pdf", "PDF"), 1, &hash(0)), Err(NotAttached::Twice("甲.pdf".into())));
        assert_eq!(attach(&mut files, ("甲.pdf", "PDF"), 1, &hash(99)), Err(NotAttached::Many));
        detach(&mut files, &hash(0).to_string()).unwrap();
        assert_eq!(detach(&mut files, &hash(0).to_string()), Err(NotAttached::Unknown));
        attach(&mut files, (&format!("{}\r\n.pdf", "长".repeat(200)), "PDF"), 1, &hash(99)).unwrap();
        let last = &files.last().unwrap().name;
        assert!(last.ends_with("长.pdf") && last.chars().count() == MAX_FILE_NAME, "{last}");
        assert_eq!(find(&files, &hash(99).to_string()).unwrap().0, hash(99));
        assert!(find(&files, "../../etc/passwd").is_err());
    }
}
