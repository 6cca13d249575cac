//! What the targets for uploaded documents share.

use std::io::{Cursor, Write};

use indexer::corpus::documents::{self, Context, Document, Span};
use zip::{ZipWriter, write::SimpleFileOptions};

/// A zip file of these entries, unpacked: the fuzzer sees its bytes.
pub fn package(entries: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let stored = SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
    for (name, bytes) in entries {
        zip.start_file(*name, stored).expect("a name");
        zip.write_all(bytes).expect("memory");
    }
    zip.finish().expect("memory").into_inner()
}

/// Reads a file; what is read is proposed from. A refusal says something.
pub fn read(bytes: &[u8], name: &str) {
    match documents::read(bytes, name) {
        Ok(document) => {
            assert!(document.lines.iter().all(|l| !l.text.contains('\n')));
            check(&document);
        }
        Err(error) => assert!(!error.to_string().is_empty()),
    }
}

pub fn check(document: &Document) {
    let text = document.text();
    let division = |name: &str| (name.ends_with('省')).then(|| "520000".parse().ok()).flatten();
    let p = documents::propose(document, &Context { divisions: &division });
    let fields: [(bool, &[Span]); 9] = [
        (p.title.value.is_some(), &p.title.evidence),
        (p.issuers.value.is_some(), &p.issuers.evidence),
        (p.document_number.value.is_some(), &p.document_number.evidence),
        (p.version_date.value.is_some(), &p.version_date.evidence),
        (p.published.value.is_some(), &p.published.evidence),
        (p.effective.value.is_some(), &p.effective.evidence),
        (p.document_kind.value.is_some(), &p.document_kind.evidence),
        (p.level.value.is_some(), &p.level.evidence),
        (p.division.value.is_some(), &p.division.evidence),
    ];
    for (has, spans) in fields {
        assert_eq!(has, !spans.is_empty());
        assert!(spans.iter().all(|s| s.start < s.end && text.get(s.start..s.end).is_some()));
    }
    let form = p.form();
    let _ = p.into_regulation(form);
}
