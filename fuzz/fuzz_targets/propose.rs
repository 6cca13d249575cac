//! Proposals for any text: every value has evidence within the text, and every empty field has none.
#![no_main]

use fuzz::check;
use indexer::corpus::documents::Document;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| check(&Document::from(text)));
