//! Word documents: a whole file of any bytes, and any bytes as the main part and the styles of a sound file.
#![no_main]

use fuzz::{package, read};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    read(bytes, "a.docx");
    read(&package(&[("word/document.xml", bytes)]), "a.docx");
    let text = b"<w:document><w:body><w:p><w:pPr><w:pStyle w:val='a'/></w:pPr></w:p></w:body></w:document>";
    read(&package(&[("word/document.xml", text), ("word/styles.xml", bytes)]), "a.docx");
});
