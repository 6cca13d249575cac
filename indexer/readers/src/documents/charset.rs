//! Which encoding a text has: a byte order mark, else UTF-8 if all of it is, else GB18030 or Big5.
//!
//! Chinese text of some length that happens to be valid UTF-8 does not occur in GB18030, and GB18030 (GB 18030-2022)
//! covers the older GB 2312 and GBK. Big5 mostly fits GB18030 too and makes no sense in it: it is recognized by the
//! characters that come out, which in the right encoding are those in daily use.

use encoding_rs::{BIG5, Encoding, GB18030, UTF_8, UTF_16BE, UTF_16LE};

use super::{DocumentError, legible};

/// A text and the encoding it was read with.
pub struct Decoded {
    pub text: String,
    pub encoding: &'static Encoding,
}

/// Decodes strictly. The error tells the first byte that does not fit.
pub fn decode(bytes: &[u8]) -> Result<Decoded, DocumentError> {
    if let Some((encoding, mark)) = Encoding::for_bom(bytes) {
        return strict(encoding, &bytes[mark..], mark);
    }
    if let Some(at) = bytes.iter().position(|&b| b == 0) {
        // UTF-16 without a mark, or no text at all.
        return Err(DocumentError::Charset(at + 1));
    }
    if let Ok(decoded) = strict(UTF_8, bytes, 0) {
        return Ok(decoded);
    }
    let as_gb = strict(GB18030, bytes, 0);
    if let Some(text) = BIG5.decode_without_bom_handling_and_without_replacement(bytes)
        && legible::is_big5(as_gb.as_ref().map_or("", |decoded| &decoded.text), &text)
    {
        return Ok(Decoded { text: text.into_owned(), encoding: BIG5 });
    }
    as_gb
}

fn strict(encoding: &'static Encoding, bytes: &[u8], mark: usize) -> Result<Decoded, DocumentError> {
    if encoding == UTF_8 {
        return match std::str::from_utf8(bytes) {
            Ok(text) => Ok(Decoded { text: text.to_owned(), encoding }),
            Err(error) => Err(DocumentError::Charset(mark + error.valid_up_to() + 1)),
        };
    }
    debug_assert!([GB18030, UTF_16BE, UTF_16LE].contains(&encoding));
    match encoding.decode_without_bom_handling_and_without_replacement(bytes) {
        Some(text) => Ok(Decoded { text: text.into_owned(), encoding }),
        None => Err(DocumentError::Charset(mark + first_wrong(encoding, bytes) + 1)),
    }
}

/// Where decoding first fails, in bytes.
fn first_wrong(encoding: &'static Encoding, bytes: &[u8]) -> usize {
    let mut decoder = encoding.new_decoder_without_bom_handling();
    let mut out = vec![0u8; 4096];
    let mut at = 0;
    loop {
        let (result, read, _) = decoder.decode_to_utf8_without_replacement(&bytes[at..], &mut out, true);
        at += read;
        match result {
            encoding_rs::DecoderResult::OutputFull => {}
            encoding_rs::DecoderResult::Malformed(bad, after) => {
                return at.saturating_sub(usize::from(bad) + usize::from(after));
            }
            encoding_rs::DecoderResult::InputEmpty => return at,
        }
    }
}

/// Enough of a text to look at its first marks; wrong bytes become replacement characters.
pub fn lossy(bytes: &[u8]) -> String {
    let encoding = Encoding::for_bom(bytes).map_or(UTF_8, |(encoding, _)| encoding);
    encoding.decode_with_bom_removal(bytes).0.into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_encoding_is_told() {
        let text = "第一条　为了测试，制定本办法。㐀𠀀";
        let utf16 = |le: bool| {
            let mut bytes = if le { vec![0xFF, 0xFE] } else { vec![0xFE, 0xFF] };
            bytes.extend(text.encode_utf16().flat_map(|u| if le { u.to_le_bytes() } else { u.to_be_bytes() }));
            bytes
        };
        for (bytes, name) in [
            (text.as_bytes().to_vec(), "UTF-8"),
            ([b"\xEF\xBB\xBF", text.as_bytes()].concat(), "UTF-8"),
            (GB18030.encode(text).0.into_owned(), "gb18030"),
            (utf16(true), "UTF-16LE"),
            (utf16(false), "UTF-16BE"),
        ] {
            let decoded = decode(&bytes).unwrap();
            assert_eq!((decoded.text.as_str(), decoded.encoding.name()), (text, name));
        }
    }

    #[test]
    fn big5_is_told_from_traditional_text_in_gb18030() {
        let text = "甲市人民政府辦公室關於印發甲市共享單車管理辦法的通知\n各縣、區人民政府：\n請遵照執行。";
        for encoding in [BIG5, GB18030] {
            let decoded = decode(&encoding.encode(text).0).unwrap();
            assert_eq!((decoded.text.as_str(), decoded.encoding), (text, encoding));
        }
    }

    #[test]
    fn what_is_no_text_is_refused_with_its_place() {
        assert_eq!(decode(b"ab\0c").err(), Some(DocumentError::Charset(3)));
        let mut broken = GB18030.encode("甲乙丙").0.into_owned();
        broken.extend([0xFF, 0xFF]);
        assert_eq!(decode(&broken).err(), Some(DocumentError::Charset(7)));
        // A UTF-16 text cut in the middle of a character.
        assert!(decode(&[0xFF, 0xFE, 0x41]).is_err());
    }
}
