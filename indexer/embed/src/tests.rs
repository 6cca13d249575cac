use super::{Model, ModelError, PASSAGE_PIECES, Processor, rows::Rows, rows::shorten, sample};

fn cosine(a: &[f32], b: &[f32]) -> f32 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

const TEXTS: &[&str] = &[
    "",
    " ",
    "公司不交社保",
    "ab Ａ\nb",
    "社保 社保 社保 公司公司公司公司公司公司公司公司公司公司公司公司公司公司公司公司公司",
    "\u{0}🐉é",
];

#[test]
fn every_processor_gives_the_same_vectors() {
    let bytes = sample::file(|_, _| {});
    let plain = Model::read_for(&bytes, Processor::Plain).unwrap();
    for processor in Processor::all() {
        let model = Model::read_for(&bytes, processor).unwrap();
        for text in TEXTS {
            let (one, other) = (model.query(text), plain.query(text));
            assert!((cosine(&one, &one) - 1.0).abs() < 1e-5, "{} {text:?}", processor.name());
            assert!(cosine(&one, &other) > 0.99999, "{} {text:?}: {}", processor.name(), cosine(&one, &other));
        }
        let apart = cosine(&model.query("公司"), &model.query("ab"));
        assert!(apart < 0.999, "different texts have different vectors: {apart}");
        assert_eq!(model.query("Ａ"), model.query("a"), "characters are normalized");
    }
}

#[test]
fn a_passage_is_read_up_to_its_limit() {
    let model = Model::read(&sample::file(|_, _| {})).unwrap();
    let long = "社保".repeat(300);
    assert_eq!(model.passage(&long, 12), model.passage(&"社保".repeat(30), 12));
    assert_eq!(model.passage(&long, PASSAGE_PIECES), model.passage(&long, usize::MAX), "no more than the positions");
    assert_ne!(model.passage("社保", 12), model.query("社保"));
}

#[test]
fn a_broken_file_is_refused_wherever_it_is_cut() {
    let whole = sample::file(|_, _| {});
    for length in (0..whole.len()).step_by(7).chain([0, 3, 4, 8, whole.len() - 1]) {
        assert!(Model::read(&whole[..length]).is_err(), "cut at {length}");
    }
}

#[test]
fn what_is_wrong_with_a_file_is_named() {
    let of = |part: &'static str, spoil: fn(&mut Vec<u8>)| {
        Model::read(&sample::file(|name, bytes| {
            if name == part {
                spoil(bytes)
            }
        }))
        .unwrap_err()
    };
    assert_eq!(of("magic", |b| b[0] = b'X'), ModelError::Foreign);
    assert_eq!(Model::read(b"").unwrap_err(), ModelError::Short { part: "文件头" });
    assert_eq!(of("version", |b| b[0] = 2), ModelError::Version { found: 2 });
    assert!(matches!(of("sizes", |b| b[4] = 200), ModelError::Shape { .. }), "too many layers");
    assert!(matches!(of("sizes", |b| b[8] = 3), ModelError::Shape { .. }), "heads that do not divide");
    assert!(matches!(of("block", |b| b[0] = 64), ModelError::Shape { .. }));
    assert!(matches!(of("marks", |b| b[4] = 255), ModelError::Shape { part: "词表", .. }), "a mark outside");
    assert!(
        matches!(of("marks", |b| b[0] = 5), ModelError::Shape { .. } | ModelError::Short { .. }),
        "another vocabulary"
    );
    assert!(matches!(of("offsets", |b| b[4] = 255), ModelError::Shape { part: "词表", .. }), "offsets that fall");
    assert!(matches!(of("scores", |b| b[..4].copy_from_slice(&f32::NAN.to_le_bytes())), ModelError::NotFinite { .. }));
    let nan = |b: &mut Vec<u8>| b[..4].copy_from_slice(&f32::INFINITY.to_le_bytes());
    assert_eq!(of("l1.oln.w", nan), ModelError::NotFinite { part: "l1.oln.w".into() });
    assert_eq!(
        of("l0.q.w", |b| b[1] = 0x7e),
        ModelError::NotFinite { part: "l0.q.w".into() },
        "a scale that is no number"
    );
    assert_eq!(of("l0.q.w", |b| b.truncate(18)), ModelError::Tensor { name: "l0.q.w".into() });
}

#[test]
fn no_bytes_make_it_stop() {
    let whole = sample::file(|_, _| {});
    let mut state = 5u32;
    for _ in 0..300 {
        let mut bytes = whole.clone();
        for _ in 0..4 {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let at = (state >> 8) as usize % 900;
            bytes[at] = state as u8;
        }
        if let Ok(model) = Model::read(&bytes) {
            let _ = model.query("公司不交社保");
        }
    }
}

#[test]
fn short_rows_keep_the_products() {
    let vector =
        |seed: usize| -> Vec<f32> { (0..384).map(|i| ((i * 37 + seed * 101) % 97) as f32 / 97.0 - 0.5).collect() };
    let mut rows = Rows::new(384);
    for seed in 0..50 {
        let (scale, numbers) = shorten(&vector(seed));
        assert!(rows.push(scale, &numbers));
    }
    let query = vector(1_000);
    for processor in Processor::all() {
        for (seed, product) in rows.products(processor, &query).into_iter().enumerate() {
            let exact = cosine(&vector(seed), &query);
            assert!((product - exact).abs() < 0.05, "{} {seed}: {product} {exact}", processor.name());
        }
    }
    assert!(!rows.push(f32::NAN, &[0; 384]) && !rows.push(1.0, &[0; 3]));
    assert_eq!(rows.len(), 50);
    assert_eq!(rows.products(Processor::Plain, &[f32::NAN; 384]), vec![0.0; 50]);
    assert_eq!(rows.products(Processor::Plain, &[]), vec![0.0; 50]);
}

/// With `GUANSOU_EMBED_REFERENCE`, the folder that `scripts/embed_reference.py` filled: the model has seventy megabytes and
/// is not in the repository.
#[test]
#[ignore = "needs GUANSOU_EMBED_REFERENCE, a folder of texts and their vectors"]
fn the_reference_says_the_same() {
    let folder = std::path::PathBuf::from(std::env::var_os("GUANSOU_EMBED_REFERENCE").unwrap());
    let bytes = std::fs::read(folder.join("model.bin")).unwrap();
    for processor in Processor::all() {
        let model = Model::read_for(&bytes, processor).unwrap();
        for kind in ["queries", "passages"] {
            let texts = std::fs::read_to_string(folder.join(format!("{kind}.txt"))).unwrap();
            let numbers = std::fs::read(folder.join(format!("{kind}.f32"))).unwrap();
            let numbers: Vec<f32> = numbers.as_chunks::<4>().0.iter().map(|b| f32::from_le_bytes(*b)).collect();
            let mut compared = 0;
            for (text, exact) in texts.lines().zip(numbers.chunks_exact(model.width())) {
                let ours = if kind == "queries" { model.query(text) } else { model.passage(text, 512) };
                let alike = cosine(&ours, exact);
                assert!(alike > 0.999, "{} {kind} {text}: {alike}", processor.name());
                compared += 1;
            }
            assert!(compared > 0, "no texts in {kind}.txt");
        }
    }
}
