//! A model file made up for tests: two small layers and a handful of pieces, with weights from a counter.

/// Numbers of a block, and its bytes: told here as well, since the service's tests make such files too.
const BLOCK: usize = 32;
const BLOCK_BYTES: usize = 2 + BLOCK / 2;

pub const WIDTH: usize = 64;
pub const INNER: usize = 96;
pub const LAYERS: usize = 2;
const HEADS: usize = 2;
const POSITIONS: usize = 24;
const PIECES: &[(&str, f32)] = &[
    ("<s>", 0.0),
    ("<pad>", 0.0),
    ("</s>", 0.0),
    ("<unk>", 0.0),
    ("\u{2581}", -4.0),
    ("query", -6.0),
    (":", -5.0),
    ("passage", -6.0),
    ("公司", -7.0),
    ("公", -8.0),
    ("司", -8.5),
    ("社保", -9.0),
    ("社", -8.0),
    ("保", -8.0),
    ("a", -5.0),
    ("ab", -20.0),
    ("b", -5.5),
];

/// A file; `change` may spoil its parts by name before they are put together.
pub fn file(change: impl Fn(&str, &mut Vec<u8>)) -> Vec<u8> {
    let mut state = 7u32;
    let mut next = move || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 24) as u8
    };
    let mut out = Vec::new();
    let mut put = |name: &str, mut bytes: Vec<u8>| {
        change(name, &mut bytes);
        out.extend(bytes);
    };
    put("magic", b"E5S1".to_vec());
    put("version", 1u32.to_le_bytes().to_vec());
    let sizes = [WIDTH, LAYERS, HEADS, INNER, PIECES.len(), POSITIONS, 1].map(|size| size as u32);
    put("sizes", sizes.iter().flat_map(|size| size.to_le_bytes()).collect());
    put("epsilon", 1e-12f32.to_le_bytes().to_vec());
    put("block", (BLOCK as u32).to_le_bytes().to_vec());
    put("marks", [PIECES.len() as u32, 0, 2, 1, 3].iter().flat_map(|mark| mark.to_le_bytes()).collect());
    let bytes: Vec<u8> = PIECES.iter().flat_map(|(piece, _)| piece.bytes()).collect();
    put("piece bytes", (bytes.len() as u64).to_le_bytes().to_vec());
    let ends = PIECES.iter().scan(0u32, |at, (piece, _)| {
        *at += piece.len() as u32;
        Some(*at)
    });
    put("offsets", std::iter::once(0).chain(ends).flat_map(|at| at.to_le_bytes()).collect());
    put("scores", PIECES.iter().flat_map(|(_, score)| score.to_le_bytes()).collect());
    put("pieces", bytes);
    // Ａ is read as a, a line's end as a space.
    let normal: Vec<u8> = [('\n', ' '), ('Ａ', 'a')]
        .iter()
        .flat_map(|(from, to)| [&u32::from(*from).to_le_bytes()[..], &[1], &u32::from(*to).to_le_bytes()[..]].concat())
        .collect();
    put("normal", [2u32, normal.len() as u32].iter().flat_map(|n| n.to_le_bytes()).collect());
    put("normal map", normal);
    let mut floats = |name: String, n: usize, one: bool| {
        let number = |byte: u8| f32::from(one as u8) + (f32::from(byte) - 128.0) / 1000.0;
        (name, 0u8, n, (0..n).flat_map(|_| number(next()).to_le_bytes()).collect::<Vec<u8>>())
    };
    let mut tensors = vec![
        floats("emb.pos".into(), POSITIONS * WIDTH, false),
        floats("emb.type".into(), WIDTH, false),
        floats("emb.ln.w".into(), WIDTH, true),
        floats("emb.ln.b".into(), WIDTH, false),
    ];
    let mut matrices = vec![("emb.word".to_owned(), PIECES.len() * WIDTH)];
    for l in 0..LAYERS {
        for (name, rows, columns) in [
            ("q", WIDTH, WIDTH),
            ("k", WIDTH, WIDTH),
            ("v", WIDTH, WIDTH),
            ("ao", WIDTH, WIDTH),
            ("fi", INNER, WIDTH),
            ("fo", WIDTH, INNER),
        ] {
            matrices.push((format!("l{l}.{name}.w"), rows * columns));
            tensors.push(floats(format!("l{l}.{name}.b"), rows, false));
        }
        for name in ["aln", "oln"] {
            tensors.push(floats(format!("l{l}.{name}.w"), WIDTH, true));
            tensors.push(floats(format!("l{l}.{name}.b"), WIDTH, false));
        }
    }
    let mut state = 99u32;
    for (name, n) in matrices {
        let mut bytes = Vec::new();
        for _ in 0..n / BLOCK {
            // 0x2800 is 1/32 in half precision.
            bytes.extend([0x00, 0x28]);
            for _ in 2..BLOCK_BYTES {
                state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                bytes.push((state >> 24) as u8);
            }
        }
        tensors.push((name, 1, n, bytes));
    }
    for (name, _, _, bytes) in &mut tensors {
        change(name, bytes);
    }
    let directory: usize = 4 + tensors.iter().map(|(name, ..)| 2 + name.len() + 1 + 4 + 16).sum::<usize>();
    let mut at = out.len() + directory;
    let mut head = (tensors.len() as u32).to_le_bytes().to_vec();
    for (name, kind, n, bytes) in &tensors {
        head.extend((name.len() as u16).to_le_bytes());
        head.extend(name.bytes());
        head.push(*kind);
        head.extend((*n as u32).to_le_bytes());
        head.extend((at as u64).to_le_bytes());
        head.extend((bytes.len() as u64).to_le_bytes());
        at += bytes.len();
    }
    out.extend(head);
    tensors.into_iter().for_each(|(.., bytes)| out.extend(bytes));
    out
}
