//! The process that reads one file and ends.

use std::{
    cell::RefCell,
    io::{self, BufRead, BufWriter, Error, ErrorKind, Read, Write},
};

use indexer::{
    corpus::{
        documents::{self, Context, MAX_UPLOAD},
        law_markdown::FindDivision,
        schemes,
    },
    record::DivisionCode,
};

use super::{
    Proposed,
    protocol::{Asked, LONGEST_LINE, Said, What, line},
};

/// Reads the file that comes in, and says what it holds.
///
/// # Errors
/// Only where nobody is at the other end.
pub fn main() -> io::Result<()> {
    answer(io::stdin().lock(), BufWriter::new(io::stdout().lock()))
}

pub(super) fn answer(mut input: impl BufRead, output: impl Write) -> io::Result<()> {
    let asked: Asked = next(&mut input)?;
    if asked.size > MAX_UPLOAD as u64 {
        return line(output, &Said::Refused(format!("文件过大，最多 {} MiB", MAX_UPLOAD >> 20)));
    }
    let mut bytes = Vec::with_capacity(asked.size as usize);
    input.by_ref().take(asked.size).read_to_end(&mut bytes)?;
    if bytes.len() as u64 != asked.size {
        return Err(ErrorKind::UnexpectedEof.into());
    }
    let pipes = RefCell::new((input, output));
    let find = |name: &str| -> Option<DivisionCode> {
        let (input, output) = &mut *pipes.borrow_mut();
        line(output, &Said::Division(name.to_owned())).ok()?;
        // Whoever has gone is reported of at the end, when there is nobody to take what was read.
        next(input).ok().flatten()
    };
    let said = read(&asked, bytes, &find);
    line(pipes.into_inner().1, &said)
}

/// What the file holds, or why it cannot be read.
pub fn read(asked: &Asked, bytes: Vec<u8>, divisions: &FindDivision<'_>) -> Said {
    let said = match asked.what {
        What::Sheet => documents::sheet(&bytes, &asked.name).map(Said::Sheet),
        What::Document => documents::read(&bytes, &asked.name).map(|mut document| {
            drop(bytes);
            // Of anything else nobody asks for them: they stand in the lines too.
            if !schemes::is_scheme(&document) && !schemes::notice::is_one(&document) {
                document.tables = Vec::new();
            }
            let proposal = documents::propose(&document, &Context { divisions });
            Said::Document(Box::new(Proposed { document, proposal }))
        }),
    };
    said.unwrap_or_else(|error| Said::Refused(error.to_string()))
}

/// The next line.
fn next<T: serde::de::DeserializeOwned>(input: &mut impl BufRead) -> io::Result<T> {
    let mut text = Vec::new();
    input.by_ref().take(LONGEST_LINE).read_until(b'\n', &mut text)?;
    serde_json::from_slice(&text).map_err(|error| Error::new(ErrorKind::InvalidData, error))
}
