//! HTML, Markdown and plain text in any encoding.
#![no_main]

use fuzz::read;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    read(bytes, "a.txt");
    read(bytes, "a.md");
    read(&[b"<html>", bytes].concat(), "a.html");
});
