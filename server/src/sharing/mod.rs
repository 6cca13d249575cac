//! 资料共享: a document that an office has becomes a record that the whole country finds.
//!
//! The file is read and a norm is proposed, field by field with the places that speak for it; a person confirms or
//! corrects; only then is it stored, together with the file as it came.

mod files;

use std::path::Path;

use indexer::{
    corpus::documents::{self, Context, Document, DocumentError, Form, InvalidForm, Proposal},
    record::{Body, DivisionCode, DivisionLevel, Provenance, Record, State, regulation_id},
};
use std::collections::HashMap;

use crate::{
    clock::today,
    store::{By, RecordStore, StoreError},
};

pub use files::{Files, Sha256Hex};

/// Start of the place in a provenance that names an original.
const ORIGINAL: &str = "sha256:";
/// Start of the source in a provenance that names an upload.
const UPLOAD: &str = "upload:";

#[derive(Debug, thiserror::Error)]
pub enum SharingError {
    #[error("{0}")]
    Document(#[from] DocumentError),
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
    pub bytes: Vec<u8>,
    pub document: Document,
    pub proposal: Proposal,
    pub hash: Sha256Hex,
}

/// Reads a file and proposes what it is. Nothing is stored.
pub fn read(store: &RecordStore, file_name: &str, bytes: Vec<u8>) -> Result<Upload, SharingError> {
    let document = documents::read(&bytes, file_name)?;
    let divisions = division_names(store)?;
    let find = |name: &str| divisions.get(name).cloned().flatten();
    let proposal = documents::propose(&document, &Context { divisions: &find });
    Ok(Upload { file_name: file_name.to_owned(), hash: Sha256Hex::of(&bytes), bytes, document, proposal })
}

/// The record that the library has of the same file, or under the same document number.
pub fn known(store: &RecordStore, upload: &Upload, number: Option<&str>) -> Result<Option<Known>, StoreError> {
    let mut found = None;
    store.each::<StoreError>(&mut |record| {
        if found.is_some() || record.state == State::Withdrawn {
            return Ok(());
        }
        let Body::Regulation(r) = &record.body else { return Ok(()) };
        let (id, title) = (record.id.clone(), r.title.clone());
        if original(&record).as_ref() == Some(&upload.hash) {
            found = Some(Known::File { id, title });
        } else if let (Some(a), Some(b)) = (number, r.document_number.as_deref())
            && a == b
        {
            found = Some(Known::Number { number: a.to_owned(), id, title });
        }
        Ok(())
    })?;
    Ok(found)
}

/// Stores the norm that a person confirmed, and the file as it came; both are durable when this returns.
pub fn accept(
    store: &RecordStore,
    files: &Files,
    upload: Upload,
    form: Form,
    by: &By<'_>,
) -> Result<Record, SharingError> {
    if let Some(known) = known(store, &upload, form.document_number.as_deref())? {
        return Err(SharingError::Known(known));
    }
    let provenance = Provenance {
        source: format!("{UPLOAD}{}", upload.file_name),
        place: Some(format!("{ORIGINAL}{}", upload.hash)),
        date: Some(today()),
        licence: None,
    };
    let r = upload.proposal.into_regulation(form)?;
    let id = regulation_id(&r.title, r.version_date, r.division.as_ref());
    let there = store.get(&id)?;
    if there.as_ref().is_some_and(|there| there.state != State::Withdrawn) {
        return Err(SharingError::Known(Known::Version { id, title: r.title }));
    }
    let seen = there.map_or(0, |there| there.revision);
    let record = Record::published(id, r.division.clone(), vec![provenance], Body::Regulation(r));
    let record = Record { revision: seen, ..record };
    files.keep(&upload.hash, &upload.bytes)?;
    let revision = store.put(record.clone(), by)?;
    Ok(Record { revision, ..record })
}

/// The original that a record was made from.
pub fn original(record: &Record) -> Option<Sha256Hex> {
    let uploads = record.provenance.iter().filter(|p| p.source.starts_with(UPLOAD));
    uploads.filter_map(|p| p.place.as_deref()?.strip_prefix(ORIGINAL)?.parse().ok()).next()
}

/// Name of the file that an original came as.
pub fn original_name(record: &Record) -> Option<&str> {
    record.provenance.iter().find_map(|p| p.source.strip_prefix(UPLOAD))
}

/// The name of a file without the folders that a sender may have put before it.
pub fn file_name(path: &Path) -> String {
    let name = path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
    name.rsplit(['/', '\\']).next().unwrap_or_default().replace(|c: char| c.is_control(), "")
}

/// Divisions by full and by short name; `None` for a name that several have.
fn division_names(store: &RecordStore) -> Result<HashMap<String, Option<DivisionCode>>, StoreError> {
    let mut names: HashMap<String, Option<DivisionCode>> = HashMap::new();
    store.each::<StoreError>(&mut |record| {
        let Body::Division(d) = record.body else { return Ok(()) };
        if record.state != State::Published || d.level == DivisionLevel::Township {
            return Ok(());
        }
        let mut forms = vec![d.name.clone(), d.short_name.clone()];
        forms.dedup();
        for name in forms {
            names.entry(name).and_modify(|known| *known = None).or_insert_with(|| Some(d.code.clone()));
        }
        Ok(())
    })?;
    Ok(names)
}

#[cfg(test)]
mod tests {
    use indexer::record::{NormLevel, samples};

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

    #[test]
    fn a_document_is_proposed_confirmed_and_kept_as_it_came() {
        let (_dir, store, files) = shelf();
        let upload = read(&store, "通知.txt", NOTICE.into()).unwrap();
        let form = upload.proposal.form();
        assert_eq!(form.title, "遵义市人民政府办公室关于加强公园管理的通知");
        assert_eq!(form.document_number.as_deref(), Some("遵府办发〔2024〕3号"));
        assert_eq!(form.division.as_ref().map(DivisionCode::as_str), Some("520300"));
        let before = store.last_sequence().unwrap();
        let hash = upload.hash.clone();
        let form = Form { level: form.level.or(Some(NormLevel::Other)), ..form };
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
        let level = |form: Form| Form { level: Some(NormLevel::Other), ..form };
        let first = read(&store, "a.txt", NOTICE.into()).unwrap();
        let form = level(first.proposal.form());
        let record = accept(&store, &files, first, form.clone(), &BY).unwrap();
        let again = read(&store, "b.txt", NOTICE.into()).unwrap();
        let told = accept(&store, &files, again, form.clone(), &BY).unwrap_err().to_string();
        assert!(told.contains("同一个文件") && told.contains(&record.id), "{told}");
        let other = read(&store, "c.txt", format!("{NOTICE}\n抄送：市委办。\n").into()).unwrap();
        let told = accept(&store, &files, other, form.clone(), &BY).unwrap_err().to_string();
        assert!(told.contains("同一文号"), "{told}");
        let other = read(&store, "c.txt", format!("{NOTICE}\n抄送：市委办。\n").into()).unwrap();
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
