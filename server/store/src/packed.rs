//! What a revision says, made smaller for the disk and back.
//!
//! Contents are JSON, which begins with none of the bytes that a Zstandard frame begins with (RFC 8878, 3.1.1), so that each
//! value says itself how it is kept, and what earlier versions wrote is read as it is. Hashes are of the content, not of
//! what lies on the disk.

use std::{borrow::Cow, cell::RefCell, io};

use zstd::bulk::{Compressor, Decompressor};

use super::StoreError;

/// First bytes of a frame.
const MAGIC: [u8; 4] = [0x28, 0xB5, 0x2F, 0xFD];
/// Shortest content made smaller, in bytes: below it a frame saves hardly more than a name or two.
const SHORTEST: usize = 256;
/// zstd's own default: an item of a list becomes two fifths in some 40 µs; higher levels save little on texts so short.
const LEVEL: i32 = 3;
/// Longest content, in bytes, beyond which a frame is damaged: the longest line that a backup takes.
const LONGEST: usize = 128 << 20;

thread_local! {
    /// The tables that zstd works with, for the next content of the same thread: to make them takes longer than to read
    /// an item with them.
    static PACKING: RefCell<Option<Compressor<'static>>> = const { RefCell::new(None) };
    static UNPACKING: RefCell<Option<Decompressor<'static>>> = const { RefCell::new(None) };
}

/// Works with a thread's tables, made where there are none.
fn with<W, T>(
    kept: &RefCell<Option<W>>,
    make: impl FnOnce() -> io::Result<W>,
    work: impl FnOnce(&mut W) -> io::Result<T>,
) -> io::Result<T> {
    let mut kept = kept.borrow_mut();
    let with = match kept.take() {
        Some(with) => with,
        None => make()?,
    };
    work(kept.insert(with))
}

fn compress(content: &[u8]) -> io::Result<Vec<u8>> {
    PACKING.with(|kept| with(kept, || Compressor::new(LEVEL), |packing| packing.compress(content)))
}

fn decompress(frame: &[u8], length: usize) -> io::Result<Vec<u8>> {
    UNPACKING.with(|kept| with(kept, Decompressor::new, |unpacking| unpacking.decompress(frame, length)))
}

/// As it is written.
pub(super) fn pack(content: &[u8]) -> Result<Cow<'_, [u8]>, StoreError> {
    if content.len() < SHORTEST || content.len() > LONGEST {
        return Ok(Cow::Borrowed(content));
    }
    let packed = compress(content).map_err(|e| StoreError::Engine(e.to_string()))?;
    Ok(if packed.len() < content.len() { Cow::Owned(packed) } else { Cow::Borrowed(content) })
}

/// As it was before; `None` where a frame is damaged.
pub(super) fn unpack(kept: Vec<u8>) -> Option<Vec<u8>> {
    if !kept.starts_with(&MAGIC) {
        return Some(kept);
    }
    let length = zstd::zstd_safe::get_frame_content_size(&kept).ok().flatten()?;
    let length = usize::try_from(length).ok().filter(|length| *length <= LONGEST)?;
    decompress(&kept, length).ok()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn contents_come_back(text in "\\PC{0,600}", times in 0..40usize) {
            let content = serde_json::to_vec(&text.repeat(times)).unwrap();
            let kept = pack(&content).unwrap().into_owned();
            prop_assert!(kept.len() <= content.len());
            prop_assert_eq!(unpack(kept), Some(content));
        }

        #[test]
        fn a_damaged_frame_is_no_panic(at in 0..200usize, bit in 0..8u32) {
            let content = serde_json::to_vec(&(0..400).collect::<Vec<_>>()).unwrap();
            let mut kept = pack(&content).unwrap().into_owned();
            let at = at % kept.len();
            kept[at] ^= 1 << bit;
            // The hash of the content tells what came of it.
            let _ = unpack(kept);
        }
    }

    #[test]
    fn what_earlier_versions_wrote_is_read_as_it_is() {
        for kept in [&b"{\"id\":\"a\"}"[..], b"[]", b"\"a\"", b"1", b""] {
            assert_eq!(unpack(kept.to_vec()).as_deref(), Some(kept));
        }
    }

    /// What a thread works with is as good after a damaged frame as before.
    #[test]
    fn a_damaged_frame_spoils_none_that_is_read_after_it() {
        let content = serde_json::to_vec(&(0..400).collect::<Vec<_>>()).unwrap();
        let kept = pack(&content).unwrap().into_owned();
        for at in 4..kept.len() {
            let mut damaged = kept.clone();
            damaged[at] ^= 0xFF;
            let _ = unpack(damaged);
            assert_eq!(unpack(kept.clone()).as_ref(), Some(&content), "{at}");
            assert_eq!(*pack(&content).unwrap(), kept, "the same content is the same frame");
        }
    }

    #[test]
    fn a_frame_that_says_it_is_endless_is_damaged() {
        let mut frame = compress(&vec![b'a'; 70_000]).unwrap();
        // The size stands in four bytes behind the descriptor.
        assert_eq!(frame[4] >> 6, 2);
        let at = if frame[4] & 0x20 == 0 { 6 } else { 5 };
        frame[at..at + 4].copy_from_slice(&[0xFF; 4]);
        assert_eq!(unpack(frame), None);
    }
}
