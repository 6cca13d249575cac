//! Files are read in a process of their own, so that whatever one of them does to its reader, the service goes on.
//!
//! The process is this program once more ([`child`]). It gets the file over a pipe, within [`LIMITS`], asks back which
//! division a name is, and says what it has read ([`protocol`]). One that dies, runs out of memory or takes too long is an
//! error of the file.

pub mod child;
mod protocol;
#[cfg(test)]
mod tests;

use std::{
    fs::File,
    io::{self, BufReader, Read, Write},
    os::unix::process::CommandExt,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    thread,
    time::Duration,
};

use indexer::{
    corpus::{
        documents::{Document, Proposal, Sheet},
        law_markdown::FindDivision,
    },
    limited::{Ended, Limited, Limits, beginning},
};
use serde::{Deserialize, Serialize};

use protocol::{Asked, Said, What};

/// The subcommand that [`child::main`] is behind; not for people.
pub const SUBCOMMAND: &str = "read-document";

/// What reading a file may take. Memory: the largest upload (64 MiB), the largest part of it unpacked (128 MiB), its text
/// (32 MiB) as lines, as cells and as a proposal; and no less than `pdftotext` has, which inherits the bound. Time: the 30
/// seconds that a PDF has, and what is made of it then.
const LIMITS: Limits = Limits { memory: 1 << 30, time: Duration::from_secs(40), files: 64 };
/// What may come back, in bytes: the most text that a document has (32 MiB), as lines and as a proposal, with the mark-up
/// of 200,000 lines; or a million cells.
const MAX_SAID: u64 = 128 << 20;
/// Complaints kept for the log, in bytes.
const COMPLAINTS: u64 = 4 << 10;
/// Address space that the allocator takes at a time; the gibibyte that it would take by itself is all that there is.
const ARENA: (&str, &str) = ("MIMALLOC_ARENA_RESERVE", "32M");

/// Reads files.
#[derive(Debug, Clone)]
pub enum Reader {
    /// This program, in a process of its own.
    Process(PathBuf),
    /// In this process: for tests of what is done with what was read.
    #[cfg(test)]
    Here,
}

/// A document and what it seems to be.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proposed {
    /// With its tables where it is a scheme of organization or a notice that changes one: what they list is read by their
    /// columns.
    pub document: Document,
    pub proposal: Proposal,
}

/// Why a file was not read, in Chinese, with how to mend it.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// As [`indexer::corpus::documents::DocumentError`] says it.
    #[error("{0}")]
    Refused(String),
    #[error("文件太复杂，读取时超出 {} MiB 内存的限制：请拆分文件，或另存为 docx、csv 后再试", LIMITS.memory >> 20)]
    Memory,
    #[error("文件太复杂，{} 秒内没有读完：请拆分文件，或另存为 docx、csv 后再试", .0.as_secs())]
    Time(Duration),
    #[error("文件太复杂，读出的内容超过 {} MiB：请拆分文件后再试", MAX_SAID >> 20)]
    TooMuch,
    #[error("读取这个文件的程序中途出错：请用原软件另存为新文件后再试；仍不行请告诉管理员")]
    Crashed,
    /// Nothing that the file has done.
    #[error("现在不能读取文件（{0}）：请稍后再试")]
    System(#[from] io::Error),
}

impl Reader {
    /// This program, whatever has become of the file that it was started from.
    pub fn of_this_program() -> Self {
        Self::Process("/proc/self/exe".into())
    }

    /// Reads a document and proposes what it is.
    pub fn document(&self, file: &Path, name: &str, divisions: &FindDivision<'_>) -> Result<Proposed, ReadError> {
        match self.read(What::Document, file, name, divisions)? {
            Said::Document(read) => Ok(*read),
            _ => Err(ReadError::Crashed),
        }
    }

    /// Reads a table.
    pub fn sheet(&self, file: &Path, name: &str) -> Result<Sheet, ReadError> {
        match self.read(What::Sheet, file, name, &|_| None)? {
            Said::Sheet(sheet) => Ok(sheet),
            _ => Err(ReadError::Crashed),
        }
    }

    fn read(&self, what: What, file: &Path, name: &str, divisions: &FindDivision<'_>) -> Result<Said, ReadError> {
        let mut file = File::open(file)?;
        let asked = Asked { what, name: name.to_owned(), size: file.metadata()?.len() };
        let said = match self {
            Self::Process(program) => {
                let mut command = Command::new(program);
                command.arg(SUBCOMMAND);
                in_process(command, &asked, &mut file, divisions, (LIMITS, MAX_SAID))?
            }
            #[cfg(test)]
            Self::Here => {
                let mut bytes = Vec::new();
                file.read_to_end(&mut bytes)?;
                child::read(&asked, bytes, divisions)
            }
        };
        match said {
            Said::Refused(why) => Err(ReadError::Refused(why)),
            said => Ok(said),
        }
    }
}

fn in_process(
    mut command: Command,
    asked: &Asked,
    file: &mut File,
    divisions: &FindDivision<'_>,
    (limits, most): (Limits, u64),
) -> Result<Said, ReadError> {
    command
        .env_clear()
        .envs(std::env::var_os("PATH").map(|path| ("PATH", path)))
        .env(ARENA.0, ARENA.1)
        // Ended together with what it has started.
        .process_group(0)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut running = Limited::start(&mut command, limits)?;
    let child = &mut running.child;
    let (Some(input), Some(output), Some(complaints)) = (child.stdin.take(), child.stdout.take(), child.stderr.take())
    else {
        return Err(io::Error::other("管道").into());
    };
    thread::scope(|scope| {
        let ended = scope.spawn(|| running.wait());
        let complaints = scope.spawn(|| beginning(complaints, COMPLAINTS));
        // Both pipes are closed when this is done, which ends it.
        let said = converse(asked, file, divisions, input, output.take(most));
        let ended = ended.join().unwrap_or_else(|_| Err(io::Error::other("等待")))?;
        let complaints = complaints.join().unwrap_or_default();
        let failed = |error: serde_json::Error| {
            let complaints = String::from_utf8_lossy(&complaints);
            tracing::warn!(?ended, %error, %complaints, "a file was not read to its end");
            match ended {
                Ended::TimeOver => ReadError::Time(limits.time),
                // Where a panic aborts, it says so first.
                ended if ended.was_out_of_memory() && !complaints.contains("panicked") => ReadError::Memory,
                Ended::ByItself(_) => ReadError::Crashed,
            }
        };
        match said {
            Ok(Some(said)) => Ok(said),
            Ok(None) => Err(ReadError::TooMuch),
            Err(error) => Err(failed(error)),
        }
    })
}

/// Hands the file over and answers what is asked back, until it is told what was read; `None` where that is too much.
fn converse(
    asked: &Asked,
    file: &mut File,
    divisions: &FindDivision<'_>,
    mut input: impl Write,
    output: io::Take<impl Read>,
) -> serde_json::Result<Option<Said>> {
    // Where it ends before it has read all, its own end tells why.
    let _ = protocol::line(&mut input, asked).and_then(|()| io::copy(&mut file.take(asked.size), &mut input));
    let mut output = BufReader::new(output);
    loop {
        let mut values = serde_json::Deserializer::from_reader(&mut output).into_iter::<Said>();
        let said = values.next();
        drop(values);
        match said {
            Some(Ok(Said::Division(name))) => {
                let _ = protocol::line(&mut input, &divisions(&name));
            }
            Some(Ok(said)) => return Ok(Some(said)),
            _ if output.get_ref().limit() == 0 => return Ok(None),
            Some(Err(error)) => return Err(error),
            None => return Err(serde::de::Error::custom("nothing was said")),
        }
    }
}
