//! The text pipeline against bare jieba: megabytes a second on one core, over the articles of the library.

use std::time::Instant;

use anyhow::Result;
use indexer::index::Generation;
use jieba_rs::Jieba;

use crate::row;

/// Text cut, in bytes: some seconds of work.
const BYTES: usize = 12 << 20;
/// Rounds, in turns; the middle one counts.
const ROUNDS: usize = 5;

pub fn measure(generation: &Generation, texts: impl Iterator<Item = String>) -> Result<()> {
    let mut all = Vec::new();
    let mut bytes = 0;
    for text in texts {
        bytes += text.len();
        all.push(text);
        if bytes >= BYTES {
            break;
        }
    }
    let jieba = Jieba::new();
    let pipeline = &generation.pipeline;
    let rate = |work: &dyn Fn(&str) -> usize| {
        let started = Instant::now();
        let tokens: usize = all.iter().map(|text| work(text)).sum();
        std::hint::black_box(tokens);
        bytes as f64 / f64::from(1 << 20) / started.elapsed().as_secs_f64()
    };
    let bare = |text: &str| jieba.cut_for_search(text, false).len();
    let ours = |text: &str| {
        let mut tokens = 0;
        pipeline.segmenter.words(&pipeline.normalizer.text(text), &mut |_| tokens += 1);
        tokens
    };
    let normalize = |text: &str| pipeline.normalizer.text(text).len();
    let mut rounds: Vec<(f64, f64, f64)> = (0..ROUNDS).map(|_| (rate(&bare), rate(&ours), rate(&normalize))).collect();
    rounds.sort_by(|a, b| (a.1 / a.0).total_cmp(&(b.1 / b.0)));
    let (bare, ours, normalize) = rounds[ROUNDS / 2];
    row("bare jieba-rs cut_for_search, one core", &format!("{bare:.1} MiB/s of {} MiB", bytes >> 20));
    row("normalize and segment, one core", &format!("{ours:.1} MiB/s, {:.2} of bare jieba", ours / bare));
    row("normalize alone, one core", &format!("{normalize:.1} MiB/s"));
    Ok(())
}
