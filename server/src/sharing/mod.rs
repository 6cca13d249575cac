//! 资料共享: a document that an office has becomes a record that the whole country finds.
//!
//! The file is read and a regulation is proposed, field by field with the places that speak for it; a person confirms
//! or corrects; only then is it stored, together with the file as it came.

mod attached;
mod files;
pub mod reader;
pub mod tables;

use std::{cell::RefCell, path::Path};

use indexer::{
    corpus::documents::{Document, Form, InvalidForm, Proposal},
    record::{
        Body, DivisionCode, DivisionLevel, ORIGINAL, Provenance, Record, Regulation, Source, State, regulation_id,
    },
};

use crate::{
    clock::today,
    store::{By, RecordStore, StoreError, listings::List},
};

pub use attached::{MAX_ATTACHED_FILE, NotAttached, attach, attachable, detach, find as find_attached, says};
pub use files::{Arrived, Arriving, Files, Original, Sha256Hex, Stored};
pub use reader::{ReadError, Reader};

use reader::Proposed;

/// Longest name of a file, in characters: file systems allow 255 bytes.
const MAX_FILE_NAME: usize = 120;
/// Records of a name, number or file that are looked at: the commonest name of a township has some hundred.
const MAX_ALIKE: usize = 500;

#[derive(Debug, thiserror::Error)]
pub enum SharingError {
    #[error("{0}")]
    Read(#[from] ReadError),
    #[error("{0}")]
    Form(#[from] InvalidForm),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("无法保存原件 {path}：{source}。请检查磁盘是否已满、目录是否可写")]
    Io { path: String, source: std::io::Error },
    /// The same text is there already.
    #[error("库中已有{0}：没有重复收录")]
    Known(Known),
}

/// Why a document counts as known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Known {
    File { id: String, title: String },
    Number { number: String, id: String, title: String },
    Version { id: String, title: String },
}

impl std::fmt::Display for Known {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::File { id, title } => write!(f, "同一个文件，即《{title}》（{id}）"),
            Self::Number { number, id, title } => write!(f, "同一文号 {number} 的《{title}》（{id}）"),
            Self::Version { id, title } => write!(f, "《{title}》同一日期的文本（{id}）"),
        }
    }
}

/// A file that was read, and what it seems to be.
pub struct Upload {
    pub file_name: String,
    /// In bytes.
    pub size: u64,
    pub document: Document,
    pub proposal: Proposal,
    pub hash: Sha256Hex,
}

/// Reads a file and proposes what it is. Nothing is stored.
pub fn read(store: &RecordStore, reader: &Reader, file: &Original, file_name: &str) -> Result<Upload, SharingError> {
    let failed = RefCell::new(None);
    let find = |name: &str| {
        division_named(store, name).unwrap_or_else(|error| {
            *failed.borrow_mut() = Some(error);
            None
        })
    };
    let Proposed { document, proposal } = reader.document(&file.path, file_name, &find)?;
    if let Some(error) = failed.into_inner() {
        return Err(error.into());
    }
    Ok(Upload { file_name: file_name.to_owned(), size: file.size, hash: file.hash.clone(), document, proposal })
}

/// The record that the library has of the same file, or under the same document number.
pub fn known(store: &RecordStore, upload: &Upload, number: Option<&str>) -> Result<Option<Known>, StoreError> {
    let regulations = |list: List<'_>| -> Result<Vec<(Record, Regulation)>, StoreError> {
        let mut found = Vec::new();
        for (_, id) in store.list(&list, None, MAX_ALIKE)? {
            if let Some(record) = store.get(&id)?.filter(|r| r.state != State::Withdrawn)
                && let Body::Regulation(r) = record.body.clone()
            {
                found.push((record, r));
            }
        }
        Ok(found)
    };
    let same = regulations(List::File(&upload.hash.to_string()))?;
    if let Some((record, r)) = same.into_iter().find(|(record, _)| original(record).as_ref() == Some(&upload.hash)) {
        return Ok(Some(Known::File { id: record.id, title: r.title }));
    }
    let Some(number) = number else { return Ok(None) };
    let same =
        regulations(List::Number(number))?.into_iter().find(|(_, r)| r.document_number.as_deref() == Some(number));
    Ok(same.map(|(record, r)| Known::Number { number: number.to_owned(), id: record.id, title: r.title }))
}

/// The regulation that a person confirmed, not yet stored: its id, its content, its source, and the revision that it
/// follows.
pub struct Confirmed {
    pub id: String,
    pub regulation: Regulation,
    pub provenance: Provenance,
    pub based_on: u64,
}

/// Makes a regulation of an upload and a form, unless the library has it already.
pub fn confirm(store: &RecordStore, upload: Upload, form: Form) -> Result<Confirmed, SharingError> {
    if let Some(known) = known(store, &upload, form.document_number.as_deref())? {
        return Err(SharingError::Known(known));
    }
    let provenance = Provenance {
        source: Source::Upload(&upload.file_name).to_string(),
        place: Some(format!("{ORIGINAL}{}", upload.hash)),
        date: Some(today()),
        licence: None,
    };
    let regulation = upload.proposal.into_regulation(form)?;
    let id = regulation_id(&regulation.title, regulation.version_date, regulation.division.as_ref());
    let there = store.get(&id)?;
    if there.as_ref().is_some_and(|there| there.state != State::Withdrawn) {
        return Err(SharingError::Known(Known::Version { id, title: regulation.title }));
    }
    Ok(Confirmed { id, regulation, provenance, based_on: there.map_or(0, |there| there.revision) })
}

/// Stores the regulation that a person confirmed, and the file as it came; both are durable when this returns.
pub fn accept(
    store: &RecordStore,
    files: &Files,
    (file, upload): (Arrived, Upload),
    form: Form,
    by: &By<'_>,
) -> Result<Record, SharingError> {
    let Confirmed { id, regulation, provenance, based_on } = confirm(store, upload, form)?;
    let record = Record::published(id, regulation.division.clone(), vec![provenance], Body::Regulation(regulation));
    let record = Record { revision: based_on, ..record };
    files.take(file)?;
    let revision = store.put(record.clone(), by)?;
    Ok(Record { revision, ..record })
}

/// The original that a record was made from.
pub fn original(record: &Record) -> Option<Sha256Hex> {
    record.provenance.iter().find_map(original_of)
}

/// Every original that a record names: its own, and those that a proposed change would add.
pub fn originals(record: &Record) -> impl Iterator<Item = Sha256Hex> {
    let (proposed, content) = match &record.body {
        Body::Submission(s) => (&s.provenance[..], s.content.as_deref()),
        body => (&[][..], Some(body)),
    };
    let documents = match &record.body {
        Body::NameApplication(a) => &a.documents[..],
        _ => &[],
    };
    let documents = documents.iter().map(|document| &document.sha256);
    let attached = content.map_or(&[][..], Body::attached).iter().map(|file| &file.sha256);
    let attached = documents.chain(attached).filter_map(|hash| hash.parse().ok());
    record.provenance.iter().chain(proposed).filter_map(original_of).chain(attached)
}

/// Name of the file that an original came as.
pub fn original_name(record: &Record) -> Option<&str> {
    record.provenance.iter().find_map(Provenance::upload_name)
}

/// The file that a source is, where it is an upload.
pub fn original_of(p: &Provenance) -> Option<Sha256Hex> {
    p.original()?.parse().ok()
}

/// The name of a file without the folders that a sender may have put before it.
pub fn file_name(path: &Path) -> String {
    let name = path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
    let name = name.rsplit(['/', '\\']).next().unwrap_or_default();
    // Its end tells what it is, so that of a long one the end is kept.
    let sane: Vec<char> = name.chars().filter(|c| !c.is_control()).collect();
    sane[sane.len().saturating_sub(MAX_FILE_NAME)..].iter().collect()
}

/// The division of a full or short name; `None` for a name that none or several have.
fn division_named(store: &RecordStore, name: &str) -> Result<Option<DivisionCode>, StoreError> {
    let mut found = None;
    for (_, id) in store.list(&List::Division(name), None, MAX_ALIKE)? {
        let Some(Record { body: Body::Division(d), .. }) = store.get(&id)? else { continue };
        let named = d.name == name || d.short_name == name;
        if named && d.level != DivisionLevel::Township && found.replace(d.code).is_some() {
            return Ok(None);
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use indexer::record::{RegulationLevel, samples};

    use super::*;
    use crate::store::Backend;

    const BY: By<'_> = By { author: "test", reason: "" };
    const NOTICE: &str = "遵义市人民政府办公室关于加强公园管理的通知\n遵府办发〔2024〕3号\n\n各县（市、区）人民政府：\n\n第一条 公园免费开放。\n第二条 公园内不得设置收费停车场。\n第三条 本通知自2024年5月1日起施行。\n\n遵义市人民政府办公室\n2024年4月2日\n";

    fn shelf() -> (tempfile::TempDir, RecordStore, Files) {
        let dir = tempfile::tempdir().unwrap();
        let store = RecordStore::open(Backend::Redb, &dir.path().join("store")).unwrap();
        let level = indexer::record::DivisionLevel::Prefecture;
        store.put_over(samples::division("520300", "遵义市", "遵义", level, Some("520000"))).unwrap();
        let files = Files::new(dir.path().join("files"));
        (dir, store, files)
    }

    fn uploaded(store: &RecordStore, files: &Files, name: &str, text: &str) -> (Arrived, Upload) {
        let file = files.copied(text.as_bytes()).unwrap();
        let upload = read(store, &Reader::Here, &file, name).unwrap();
        (file, upload)
    }

    #[test]
    fn a_document_is_proposed_confirmed_and_kept_as_it_came() {
        let (_dir, store, files) = shelf();
        let upload = uploaded(&store, &files, "通知.txt", NOTICE);
        let form = upload.1.proposal.form();
        assert_eq!(form.title, "遵义市人民政府办公室关于加强公园管理的通知");
        assert_eq!(form.document_number.as_deref(), Some("遵府办发〔2024〕3号"));
        assert_eq!(form.division.as_ref().map(DivisionCode::as_str), Some("520300"));
        let before = store.last_sequence().unwrap();
        let hash = upload.1.hash.clone();
        let form = Form { level: form.level.or(Some(RegulationLevel::Other)), ..form };
        let record = accept(&store, &files, upload, form, &BY).unwrap();
        let Body::Regulation(r) = &record.body else { panic!("a regulation") };
        assert_eq!(r.articles.len(), 3);
        assert_eq!(store.get(&record.id).unwrap().unwrap(), record);
        assert_eq!(store.last_sequence().unwrap(), before + 1);
        assert_eq!(original(&record), Some(hash.clone()));
        assert_eq!(original_name(&record), Some("通知.txt"));
        assert_eq!(files.read(&hash).unwrap().unwrap(), NOTICE.as_bytes());
    }

    #[test]
    fn the_same_file_and_the_same_number_are_recognized() {
        let (_dir, store, files) = shelf();
        let level = |form: Form| Form { level: Some(RegulationLevel::Other), ..form };
        let first = uploaded(&store, &files, "a.txt", NOTICE);
        let form = level(first.1.proposal.form());
        let record = accept(&store, &files, first, form.clone(), &BY).unwrap();
        let again = uploaded(&store, &files, "b.txt", NOTICE);
        let told = accept(&store, &files, again, form.clone(), &BY).unwrap_err().to_string();
        assert!(told.contains("同一个文件") && told.contains(&record.id), "{told}");
        let other = uploaded(&store, &files, "c.txt", &format!("{NOTICE}\n抄送：市委办。\n"));
        let told = accept(&store, &files, other, form.clone(), &BY).unwrap_err().to_string();
        assert!(told.contains("同一文号"), "{told}");
        let other = uploaded(&store, &files, "c.txt", &format!("{NOTICE}\n抄送：市委办。\n"));
        let told = accept(&store, &files, other, Form { document_number: None, ..form }, &BY).unwrap_err().to_string();
        assert!(told.contains("同一日期"), "{told}");
        assert_eq!(store.revisions(&record.id).unwrap().len(), 1, "nothing was written over");
    }

    #[test]
    fn folders_and_controls_in_a_file_name_are_left_out() {
        for (path, name) in [("../../etc/a.txt", "a.txt"), ("C:\\x\\通知.docx", "通知.docx"), ("a\u{7}.txt", "a.txt")]
        {
            assert_eq!(file_name(Path::new(path)), name);
        }
    }
}
