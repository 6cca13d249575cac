//! How an engine is run: as a process of its own, so that its memory is its own.
//!
//! It makes its index at once and says what that took in one line of JSON; then it answers each line of its input, a
//! question, with one line: what it found, and how long the search itself took. It ends with its input.

use std::{
    fs::{self, File},
    io::{BufRead, BufReader, Write},
    path::Path,
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, anyhow, ensure};
use serde::{Deserialize, Serialize};

use super::corpus::Key;
use crate::process;

/// Told when the index stands.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Indexed {
    /// Its version, where the engine knows it.
    #[serde(default)]
    pub version: String,
    /// Time of the indexing; `None` where an index was there already.
    pub seconds: Option<f64>,
    /// Size of the index on disk.
    pub bytes: u64,
    /// Resident before the indexing: the texts, mostly.
    pub held_kib: u64,
    /// Peak of resident memory while indexing.
    pub peak_kib: u64,
    /// The articles it has, where it does not have ours.
    #[serde(default)]
    pub holds: Vec<Key>,
}

/// An answer to one question.
#[derive(Debug, Serialize, Deserialize)]
pub struct Answer {
    pub found: Vec<Found>,
    pub seconds: f64,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Found {
    /// Position of the text in [`super::corpus::TEXTS_FILE`].
    Text(usize),
    Article(String, String),
}

/// Inside the process: an index that answers.
pub trait Engine {
    /// The best first.
    fn search(&mut self, text: &str) -> Result<Vec<Found>>;
}

/// What making an engine's index gave.
pub struct Made<E> {
    pub engine: E,
    pub version: String,
    pub bytes: u64,
    /// Peak of the process that indexed, where it is not this one.
    pub peak_kib: Option<u64>,
}

/// The process of an engine: makes the index, then answers until its input ends.
pub fn serve<E: Engine>(make: impl FnOnce() -> Result<Made<E>>) -> Result<()> {
    let held_kib = process::own_kib("VmRSS");
    process::reset_own_peak();
    let started = Instant::now();
    let Made { mut engine, version, bytes, peak_kib } = make()?;
    let seconds = Some(started.elapsed().as_secs_f64());
    let held_kib = if peak_kib.is_some() { 0 } else { held_kib };
    let peak_kib = peak_kib.unwrap_or_else(|| process::own_kib("VmHWM"));
    answer(&Indexed { version, seconds, bytes, held_kib, peak_kib, holds: Vec::new() }, &mut engine)
}

/// Likewise with an index that is there.
pub fn answer(indexed: &Indexed, engine: &mut dyn Engine) -> Result<()> {
    println!("{}", serde_json::to_string(indexed)?);
    for line in std::io::stdin().lock().lines() {
        let line = line?;
        let started = Instant::now();
        let found = engine.search(&line)?;
        let seconds = started.elapsed().as_secs_f64();
        println!("{}", serde_json::to_string(&Answer { found, seconds })?);
    }
    Ok(())
}

/// Outside: an engine's process, ended when this is dropped.
pub struct Running {
    child: Child,
    input: Option<ChildStdin>,
    output: BufReader<ChildStdout>,
    complaints: std::path::PathBuf,
    pub indexed: Indexed,
}

impl Running {
    /// Starts it and waits for its index. The error says why there is none.
    pub fn start(mut command: Command, dir: &Path) -> Result<Self> {
        let complaints = dir.join("stderr.txt");
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(File::create(&complaints)?)
            .spawn()
            .with_context(|| format!("{} cannot be started", command.get_program().display()))?;
        let input = child.stdin.take();
        let output = BufReader::new(child.stdout.take().context("no output")?);
        let mut running = Self { child, input, output, complaints, indexed: Indexed::default() };
        running.indexed = serde_json::from_str(&running.line()?)?;
        Ok(running)
    }

    pub fn ask(&mut self, question: &str) -> Result<Answer> {
        // A second line would be a second question, and every answer after it would be another's.
        ensure!(!question.contains(['\n', '\r']), "the question has more than one line");
        let input = self.input.as_mut().context("the input is closed")?;
        // One write: the process is waiting for the whole line.
        let asked = input.write_all(format!("{question}\n").as_bytes()).and_then(|()| input.flush());
        let answered = self.line();
        asked.context("the question was not taken")?;
        Ok(serde_json::from_str(&answered?)?)
    }

    fn line(&mut self) -> Result<String> {
        let mut line = String::new();
        self.output.read_line(&mut line)?;
        if line.is_empty() {
            let said = fs::read_to_string(&self.complaints).unwrap_or_default();
            let last = said.lines().rev().find(|l| !l.trim().is_empty()).unwrap_or("it ended without a word");
            return Err(anyhow!("{}", last.trim()));
        }
        Ok(line)
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // Its input ends: it puts away what it has, a database server for one.
        drop(self.input.take());
        let started = Instant::now();
        while started.elapsed() < Duration::from_secs(30) {
            if !matches!(self.child.try_wait(), Ok(None)) {
                return;
            }
            thread::sleep(Duration::from_millis(20));
        }
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
