//! Documents of an application: kept by their hash, with what their content says that they are.

use indexer::{
    corpus::documents::{DocumentError, Format, recognize},
    record::{
        Body, Record,
        name_application::{Attached, Stage},
    },
};

use super::{NamingError, as_application, by_applicant, find, put, seen, text};
use crate::{access::Actor, clock::today, sharing::Sha256Hex, store::RecordStore};

/// Largest document, in bytes: a stamped form that was scanned has a few MB.
pub const MAX_DOCUMENT: usize = 20 << 20;
/// Documents of an application: form, certificate of the institution, consent, and what else was asked for.
pub const MAX_DOCUMENTS: usize = 10;
/// Longest name of a document, in characters.
const MAX_WHAT: usize = 60;

/// What documents are called that every application has to do with.
pub const USUAL: [&str; 5] = ["申请表", "统一社会信用代码证书", "负责人同意文件", "承继文件", "其他材料"];

/// A file that was handed in for an application.
pub struct SubmittedDocument<'a> {
    pub what: &'a str,
    pub file_name: &'a str,
    pub hash: &'a Sha256Hex,
    pub bytes: &'a [u8],
}

/// The format of a file by its content: a text for print, or a picture of one. The error says what it is and what would
/// do.
fn format(bytes: &[u8], file_name: &str) -> Result<&'static str, NamingError> {
    for (magic, label) in [(&b"\x89PNG\r\n\x1A\n"[..], "PNG 图片"), (b"\xFF\xD8\xFF", "JPEG 图片")] {
        if bytes.starts_with(magic) {
            return Ok(label);
        }
    }
    let refused = |what: String| NamingError::Format(what);
    match recognize(bytes, file_name) {
        Ok(format @ (Format::Pdf | Format::Ofd | Format::Docx)) => Ok(format.label()),
        Ok(other) => Err(refused(format!("这是{}文件", other.label()))),
        Err(DocumentError::Unsupported { found, .. }) => Err(refused(format!("这是{found}"))),
        Err(error) => Err(refused(error.to_string())),
    }
}

/// Whether a file will do: asked before it is kept. Its format in words.
pub fn acceptable(document: &SubmittedDocument<'_>) -> Result<&'static str, NamingError> {
    if document.bytes.is_empty() {
        return Err(NamingError::Rule("请选择要上传的文件（文件不能是空的）".to_owned()));
    }
    format(document.bytes, document.file_name)
}

/// Attaches a file to a draft, or to what is to be added to; durable when it returns. The caller has kept the file.
pub fn attach(
    store: &RecordStore,
    who: &Actor,
    (id, revision): (&str, u64),
    document: &SubmittedDocument<'_>,
) -> Result<Record, NamingError> {
    let mut record = open(store, who, id, revision)?;
    let what = text("材料的名称", document.what)?;
    if what.is_empty() || what.chars().count() > MAX_WHAT {
        return Err(NamingError::Rule(format!("请写明是什么材料，至多 {MAX_WHAT} 个字")));
    }
    let document = Attached {
        what,
        sha256: document.hash.to_string(),
        file_name: document.file_name.to_owned(),
        format: acceptable(document)?.to_owned(),
        size: document.bytes.len() as u64,
        on: today(),
    };
    if let Body::NameApplication(application) = &mut record.body {
        application.documents.retain(|known| known.sha256 != document.sha256);
        if application.documents.len() >= MAX_DOCUMENTS {
            return Err(NamingError::Rule(format!("一份申请至多 {MAX_DOCUMENTS} 份材料，请先移除不用的")));
        }
        application.documents.push(document);
    }
    put(store, who, record, "附材料")
}

/// Takes a document off a draft, or off what is to be added to; the file stays with the older revisions.
pub fn detach(
    store: &RecordStore,
    who: &Actor,
    (id, revision): (&str, u64),
    hash: &str,
) -> Result<Record, NamingError> {
    let mut record = open(store, who, id, revision)?;
    if let Body::NameApplication(application) = &mut record.body {
        let before = application.documents.len();
        application.documents.retain(|known| known.sha256 != hash);
        if application.documents.len() == before {
            return Err(NamingError::NoDocument);
        }
    }
    put(store, who, record, "移除材料")
}

/// A document of an application, for those who may read it: its hash and the name that it came by.
pub fn document(store: &RecordStore, who: &Actor, id: &str, hash: &str) -> Result<(Sha256Hex, String), NamingError> {
    let record = find(store, who, id)?;
    let application = as_application(&record).ok_or(NamingError::Unknown)?;
    let found = application.documents.iter().find(|known| known.sha256 == hash).ok_or(NamingError::NoDocument)?;
    let hash = found.sha256.parse().map_err(|()| NamingError::NoDocument)?;
    Ok((hash, found.file_name.clone()))
}

/// Whether somebody may attach something now: asked before a file is taken in.
pub fn may_attach(store: &RecordStore, who: &Actor, id: &str) -> Result<(), NamingError> {
    let record = find(store, who, id)?;
    may_change(who, &record)
}

fn may_change(who: &Actor, record: &Record) -> Result<(), NamingError> {
    let application = as_application(record).ok_or(NamingError::Unknown)?;
    by_applicant(who, application)?;
    match application.stage {
        Stage::Draft | Stage::Supplement => Ok(()),
        _ => Err(NamingError::Closed),
    }
}

/// An application that somebody may add to now.
fn open(store: &RecordStore, who: &Actor, id: &str, revision: u64) -> Result<Record, NamingError> {
    let record = find(store, who, id)?;
    may_change(who, &record)?;
    seen(&record, revision)?;
    Ok(record)
}
