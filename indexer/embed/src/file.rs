//! The model's file: a header, the word pieces, the map that normalizes characters, and the tensors with a directory of them.
//! Everything is little-endian.

use std::collections::HashMap;

use crate::ModelError;

/// The marks at the start of the file and the version of its layout.
const MAGIC: &[u8; 4] = b"E5S1";
const VERSION: u32 = 1;
/// Weights that share a scale.
pub const BLOCK: usize = 32;
/// Bytes of a block: a half-precision scale and two weights a byte.
pub const BLOCK_BYTES: usize = 2 + BLOCK / 2;
/// Sizes beyond those of any encoder of this family: a file that claims more is broken, and must not make us take memory.
const MAX_LAYERS: usize = 48;
const MAX_WIDTH: usize = 8_192;
const MAX_PIECES: usize = 1 << 20;
const MAX_POSITIONS: usize = 8_192;
/// Numbers that a head has are a multiple of the widest vector's.
const HEAD_STEP: usize = 16;

/// The sizes of the network.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Shape {
    /// Numbers of a token, and of a text's vector.
    pub width: usize,
    pub layers: usize,
    pub heads: usize,
    /// Numbers between the two matrices of a layer's second half.
    pub inner: usize,
    pub words: usize,
    pub positions: usize,
    pub epsilon: f32,
}

/// The word pieces as they stand in the file.
#[derive(Debug, Default)]
pub struct Pieces {
    pub begin: u32,
    pub end: u32,
    pub unknown: u32,
    /// Where each piece starts in `bytes`, and where the last ends.
    pub offsets: Vec<u32>,
    pub scores: Vec<f32>,
    pub bytes: Vec<u8>,
    /// What a character is read as, sorted by character.
    pub normal: Vec<(u32, Vec<char>)>,
}

/// A parsed file: tensors are slices of it.
pub struct File<'a> {
    pub shape: Shape,
    pub pieces: Pieces,
    tensors: HashMap<String, (u8, usize, &'a [u8])>,
}

struct Cursor<'a> {
    bytes: &'a [u8],
    at: usize,
    part: &'static str,
}

impl<'a> Cursor<'a> {
    fn take(&mut self, n: usize) -> Result<&'a [u8], ModelError> {
        let end = self.at.checked_add(n).ok_or(ModelError::Short { part: self.part })?;
        let taken = self.bytes.get(self.at..end).ok_or(ModelError::Short { part: self.part })?;
        self.at = end;
        Ok(taken)
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N], ModelError> {
        let part = self.part;
        self.take(N)?.try_into().map_err(|_| ModelError::Short { part })
    }

    fn u32(&mut self) -> Result<u32, ModelError> {
        self.array().map(u32::from_le_bytes)
    }

    /// A size that is not larger than what may be.
    fn size(&mut self, most: usize) -> Result<usize, ModelError> {
        let found = self.u32()?;
        let size = usize::try_from(found).unwrap_or(usize::MAX);
        if size == 0 || size > most {
            return Err(ModelError::Shape { part: self.part, found: found.to_string() });
        }
        Ok(size)
    }

    fn length(&mut self) -> Result<usize, ModelError> {
        let long = u64::from_le_bytes(self.array()?);
        usize::try_from(long).map_err(|_| ModelError::Short { part: self.part })
    }
}

impl<'a> File<'a> {
    pub fn read(bytes: &'a [u8]) -> Result<Self, ModelError> {
        let mut cursor = Cursor { bytes, at: 0, part: "文件头" };
        if cursor.take(MAGIC.len())? != MAGIC {
            return Err(ModelError::Foreign);
        }
        let version = cursor.u32()?;
        if version != VERSION {
            return Err(ModelError::Version { found: version });
        }
        let shape = shape(&mut cursor)?;
        let pieces = pieces(&mut cursor, shape)?;
        let tensors = tensors(&mut cursor)?;
        Ok(Self { shape, pieces, tensors })
    }

    /// A tensor of `n` plain numbers.
    pub fn floats(&self, name: &str, n: usize) -> Result<Vec<f32>, ModelError> {
        let bytes = self.tensor(name, 0, n, n.saturating_mul(4))?;
        let numbers: Vec<f32> = bytes.chunks_exact(4).map(|b| f32::from_le_bytes([b[0], b[1], b[2], b[3]])).collect();
        finite(name, &numbers)?;
        Ok(numbers)
    }

    /// A tensor of `n` four-bit weights, in blocks; every scale is a finite number.
    pub fn blocks(&self, name: &str, n: usize) -> Result<&'a [u8], ModelError> {
        let bytes = self.tensor(name, 1, n, (n / BLOCK).saturating_mul(BLOCK_BYTES))?;
        if bytes.chunks_exact(BLOCK_BYTES).any(|block| !half(block[0], block[1]).is_finite()) {
            return Err(ModelError::NotFinite { part: name.to_owned() });
        }
        Ok(bytes)
    }

    fn tensor(&self, name: &str, kind: u8, n: usize, length: usize) -> Result<&'a [u8], ModelError> {
        match self.tensors.get(name) {
            Some((k, count, bytes)) if *k == kind && *count == n && bytes.len() == length => Ok(bytes),
            _ => Err(ModelError::Tensor { name: name.to_owned() }),
        }
    }
}

fn finite(part: &str, numbers: &[f32]) -> Result<(), ModelError> {
    if numbers.iter().all(|x| x.is_finite()) { Ok(()) } else { Err(ModelError::NotFinite { part: part.to_owned() }) }
}

fn shape(cursor: &mut Cursor<'_>) -> Result<Shape, ModelError> {
    cursor.part = "网络尺寸";
    let (width, layers) = (cursor.size(MAX_WIDTH)?, cursor.size(MAX_LAYERS)?);
    let (heads, inner) = (cursor.size(MAX_WIDTH)?, cursor.size(MAX_WIDTH)?);
    let (words, positions) = (cursor.size(MAX_PIECES)?, cursor.size(MAX_POSITIONS)?);
    let _kinds_of_text = cursor.size(MAX_PIECES)?;
    let epsilon = f32::from_le_bytes(cursor.array()?);
    let block = cursor.size(MAX_WIDTH)?;
    let fits = block == BLOCK
        && width % BLOCK == 0
        && inner % BLOCK == 0
        && width % heads == 0
        && (width / heads) % HEAD_STEP == 0
        && positions > 2
        && epsilon.is_finite()
        && epsilon > 0.0;
    let shape = Shape { width, layers, heads, inner, words, positions, epsilon };
    if fits { Ok(shape) } else { Err(ModelError::Shape { part: cursor.part, found: format!("{shape:?}") }) }
}

fn pieces(cursor: &mut Cursor<'_>, shape: Shape) -> Result<Pieces, ModelError> {
    cursor.part = "词表";
    let count = cursor.size(shape.words)?;
    let [begin, end, _padding, unknown] = [cursor.u32()?, cursor.u32()?, cursor.u32()?, cursor.u32()?];
    let wrong = |found: String| ModelError::Shape { part: "词表", found };
    if let Some(mark) = [begin, end, unknown].iter().find(|mark| **mark as usize >= shape.words) {
        return Err(wrong(format!("标记 {mark} 不在词表内")));
    }
    let length = cursor.length()?;
    let offsets: Vec<u32> = four_bytes(cursor.take((count + 1) * 4)?).map(u32::from_le_bytes).collect();
    let scores: Vec<f32> = four_bytes(cursor.take(count * 4)?).map(f32::from_le_bytes).collect();
    finite("词表", &scores)?;
    let bytes = cursor.take(length)?.to_vec();
    let ends = offsets.last().is_some_and(|last| *last as usize == bytes.len());
    if !ends || offsets.windows(2).any(|pair| pair[0] > pair[1]) {
        return Err(wrong("词的位置不是递增的".to_owned()));
    }
    cursor.part = "字符规范化表";
    let count = cursor.u32()? as usize;
    let length = cursor.u32()? as usize;
    let mut inner = Cursor { bytes: cursor.take(length)?, at: 0, part: cursor.part };
    let mut normal = Vec::new();
    for _ in 0..count {
        let from = inner.u32()?;
        let [n] = inner.array()?;
        let to = four_bytes(inner.take(usize::from(n) * 4)?)
            .map(|b| char::from_u32(u32::from_le_bytes(b)))
            .collect::<Option<Vec<char>>>();
        let to = to.ok_or_else(|| ModelError::Shape { part: inner.part, found: format!("字符 {from:x}") })?;
        normal.push((from, to));
    }
    if normal.windows(2).any(|pair| pair[0].0 >= pair[1].0) {
        return Err(ModelError::Shape { part: cursor.part, found: "没有按字符排序".to_owned() });
    }
    Ok(Pieces { begin, end, unknown, offsets, scores, bytes, normal })
}

fn four_bytes(bytes: &[u8]) -> impl Iterator<Item = [u8; 4]> {
    bytes.chunks_exact(4).map(|b| [b[0], b[1], b[2], b[3]])
}

/// A tensor's kind, its numbers and its bytes.
type Tensor<'a> = (u8, usize, &'a [u8]);

fn tensors<'a>(cursor: &mut Cursor<'a>) -> Result<HashMap<String, Tensor<'a>>, ModelError> {
    cursor.part = "张量目录";
    let count = cursor.u32()?;
    let mut tensors = HashMap::new();
    for _ in 0..count {
        let length = u16::from_le_bytes(cursor.array()?);
        let name = String::from_utf8_lossy(cursor.take(usize::from(length))?).into_owned();
        let [kind] = cursor.array()?;
        let n = cursor.u32()? as usize;
        let (from, length) = (cursor.length()?, cursor.length()?);
        let bytes = from.checked_add(length).and_then(|to| cursor.bytes.get(from..to));
        tensors.insert(name, (kind, n, bytes.ok_or(ModelError::Short { part: cursor.part })?));
    }
    Ok(tensors)
}

/// A half-precision number of two bytes, the lower first.
pub fn half(low: u8, high: u8) -> f32 {
    let bits = u16::from_le_bytes([low, high]);
    let sign = if bits >> 15 == 1 { -1.0 } else { 1.0 };
    let (exponent, fraction) = (i32::from(bits >> 10 & 31), f32::from(bits & 1023));
    match exponent {
        0 => sign * fraction * 2f32.powi(-24),
        31 => f32::NAN,
        _ => sign * (1024.0 + fraction) * 2f32.powi(exponent - 25),
    }
}
