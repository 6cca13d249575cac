//! What the model of meaning learns of questions from: questions with the articles that answer them, and all vectors of
//! articles.

use std::{
    collections::HashMap,
    fs::File,
    io::{BufWriter, Write},
    path::Path,
};

use anyhow::{Context, Result};
use indexer::index::Generation;

use super::{Row, table};

/// Writes OUT.articles.f32, a vector an article, and OUT.tsv, a line a question: set, fold, text, the rows of the
/// articles that are right, the pieces that the model reads.
pub fn write(generation: &Generation, rated: &[Row], out: &Path) -> Result<()> {
    let meanings = generation.meanings().context("no vectors there: see --fill")?;
    let mut articles: Vec<_> = meanings.vectors().collect();
    articles.sort_unstable_by_key(|(article, ..)| *article);
    let mut place = HashMap::new();
    let mut file = BufWriter::new(File::create(out.with_extension("articles.f32"))?);
    for (at, ((regulation, key), scale, numbers)) in articles.into_iter().enumerate() {
        let work = u32::try_from(regulation)
            .ok()
            .and_then(|regulation| generation.catalogue.at(regulation))
            .map(|r| r.work.clone());
        place.insert((work.unwrap_or_default(), key), at);
        for number in numbers {
            file.write_all(&(f32::from(*number) * scale).to_le_bytes())?;
        }
    }
    file.flush()?;
    let mut lines = BufWriter::new(File::create(out.with_extension("tsv"))?);
    for asking in table::askings(generation, rated) {
        let right: Vec<String> = asking.right.iter().filter_map(|r| place.get(r)).map(usize::to_string).collect();
        writeln!(
            lines,
            "{}\t{}\t{}\t{}\t{}",
            asking.set,
            asking.fold,
            asking.text.replace(['\n', '\t'], " "),
            right.join(","),
            meanings.model.question_pieces(&asking.text).iter().map(u32::to_string).collect::<Vec<_>>().join(",")
        )?;
    }
    lines.flush()?;
    Ok(())
}
