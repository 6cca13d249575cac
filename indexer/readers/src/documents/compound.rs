//! Compound files (MS-CFB 3.0): one stream of them, put together from its sectors.
//!
//! Nothing that the file says of itself is believed: every sector has to lie in the file, and no chain has more of them
//! than there are.

/// Numbers from here on are no sectors (MS-CFB 2.1).
const NO_SECTOR: u32 = 0xFFFF_FFFA;
/// Bytes of an entry of the directory.
const ENTRY: usize = 128;
/// What an entry with bytes of its own says that it is.
const STREAM: u8 = 2;
/// Where the header has the numbers of the sectors of the table, and how many.
const FIRST_OF_TABLE: usize = 76;
const IN_HEADER: usize = 109;

/// The bytes of the first stream that has one of the names; `None` where the file does not lead to it, or where it is
/// so short that it shares a sector with others, as no workbook is.
pub fn stream(file: &[u8], names: &[&str]) -> Option<Vec<u8>> {
    let size = 1usize << u16_at(file, 30).filter(|shift| (7..=12).contains(shift))?;
    let whole = Sectors { bytes: file, size };
    let table = table(file, &whole)?;
    let directory = whole.chain(&table, u32_at(file, 48)?)?;
    let found = directory
        .chunks_exact(ENTRY)
        .find(|entry| entry[66] == STREAM && names.iter().any(|name| called(entry, name)))?;
    // The upper half is not always written in files with sectors of 512 bytes.
    let (first, length) = (u32_at(found, 116)?, u32_at(found, 120)? as usize);
    // Shorter ones stand in a stream of their own, in smaller sectors.
    let mut bytes = whole.chain(&table, first).filter(|_| length >= u32_at(file, 56).unwrap_or_default() as usize)?;
    bytes.truncate(length);
    Some(bytes)
}

/// Which sector comes after which.
fn table(file: &[u8], whole: &Sectors<'_>) -> Option<Vec<u32>> {
    let mut of_table: Vec<u32> = numbers(file.get(FIRST_OF_TABLE..FIRST_OF_TABLE + 4 * IN_HEADER)?);
    let mut next = u32_at(file, 68)?;
    let mut left = file.len() / whole.size;
    while next < NO_SECTOR {
        left = left.checked_sub(1)?;
        let mut more = numbers(whole.sector(next)?);
        next = more.pop()?;
        of_table.extend(more);
    }
    let mut table = Vec::new();
    for sector in of_table.into_iter().filter(|sector| *sector < NO_SECTOR).take(file.len() / whole.size) {
        table.extend(numbers(whole.sector(sector)?));
    }
    Some(table)
}

/// A file in sectors, with a header of one before them.
struct Sectors<'f> {
    bytes: &'f [u8],
    size: usize,
}

impl Sectors<'_> {
    /// A sector; the last of a file may be cut short.
    fn sector(&self, number: u32) -> Option<&[u8]> {
        let from = (number as usize + 1).checked_mul(self.size)?;
        self.bytes.get(from..)?.get(..self.size.min(self.bytes.len() - from)).filter(|sector| !sector.is_empty())
    }

    fn chain(&self, table: &[u32], first: u32) -> Option<Vec<u8>> {
        let (mut bytes, mut next) = (Vec::new(), first);
        // The table may have more entries than there are sectors, and lead around among a few of them.
        let mut left = self.bytes.len().div_ceil(self.size);
        while next < NO_SECTOR {
            left = left.checked_sub(1)?;
            bytes.extend(self.sector(next)?);
            next = *table.get(next as usize)?;
        }
        Some(bytes)
    }
}

/// Whether an entry of the directory has a name.
fn called(entry: &[u8], name: &str) -> bool {
    let utf16: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
    entry.starts_with(&utf16) && u16_at(entry, 64).is_some_and(|length| usize::from(length) == utf16.len() + 2)
}

fn numbers(bytes: &[u8]) -> Vec<u32> {
    bytes.as_chunks().0.iter().map(|four| u32::from_le_bytes(*four)).collect()
}

/// A number that lies at a place.
pub fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    bytes.get(at..)?.first_chunk().map(|two| u16::from_le_bytes(*two))
}

pub fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    bytes.get(at..)?.first_chunk().map(|four| u32::from_le_bytes(*four))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{super::fixtures, *};

    #[test]
    fn a_stream_is_put_together_whole_or_not_at_all() {
        let long: Vec<u8> = (0..9_000u32).flat_map(u32::to_le_bytes).collect();
        let file = fixtures::compound("Workbook", long.clone());
        assert!(stream(&file, &["Book", "Workbook"]).unwrap().starts_with(&long));
        assert_eq!(stream(&file, &["Book"]), None);
        // The sector behind the first leads back to it.
        let mut circle = file.clone();
        circle[512 + 4 * 3..][..4].copy_from_slice(&2u32.to_le_bytes());
        assert_eq!(stream(&circle, &["Workbook"]), None);
        let mut beyond = file.clone();
        beyond[512 + 4 * 3..][..4].copy_from_slice(&9_999u32.to_le_bytes());
        assert_eq!(stream(&beyond, &["Workbook"]), None);
    }

    /// A small file whose table leads around without end takes no more memory than it has itself.
    #[test]
    fn a_chain_has_no_more_sectors_than_the_file() {
        let file = [7; 4 * 512];
        let whole = Sectors { bytes: &file, size: 512 };
        assert_eq!(whole.chain(&vec![0; 1 << 20], 0), None);
        assert_eq!(whole.chain(&[1, 2, u32::MAX], 0), Some(vec![7; 3 * 512]));
    }

    proptest! {
        #[test]
        fn any_file_is_read_or_not(changes in proptest::collection::vec((0..2_048usize, any::<u8>()), 0..20), end in 0..9_000usize) {
            let mut file = fixtures::compound("Workbook", vec![7; 5_000]);
            changes.into_iter().for_each(|(at, byte)| file[at] = byte);
            file.truncate(end);
            let _ = stream(&file, &["Workbook"]);
        }
    }
}
