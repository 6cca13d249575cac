//! Addresses as pasted: reading never panics, what is read is read the same again, and folding keeps the dots.
#![no_main]

use indexer::web_name::{address, fold};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let Ok(read) = address::parse(text) else { return };
    for form in [&read.host.ascii, &read.host.unicode] {
        let again = address::parse(form).map(|again| again.host);
        assert_eq!(again.as_ref(), Ok(&read.host), "{form}");
    }
    assert_eq!(fold(&read.host.unicode).matches('.').count(), read.host.ascii.matches('.').count());
});
