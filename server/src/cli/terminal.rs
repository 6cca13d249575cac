//! What a task says, on the terminal.

use std::io::{self, BufWriter, Write};

use anyhow::{Context, Result};

use crate::{
    progress::Progress,
    report::{Report, Said},
};

/// Does something whose words go to the terminal.
pub fn on_terminal(work: impl FnOnce(&mut Report<'_>) -> Result<()>) -> Result<()> {
    let mut said = Terminal::new();
    let done = work(&mut |s| said.take(s));
    said.end()?;
    done
}

/// Results to standard output, all else to standard error.
struct Terminal {
    out: BufWriter<io::StdoutLock<'static>>,
    progress: Progress,
    showing: bool,
}

impl Terminal {
    fn new() -> Self {
        Self { out: BufWriter::new(io::stdout().lock()), progress: Progress::new(), showing: false }
    }

    fn take(&mut self, said: Said) -> io::Result<()> {
        let told = |e: io::Error| io::Error::new(e.kind(), format!("无法写到标准输出（{e}）"));
        match said {
            Said::Line(line) => writeln!(self.out, "{line}").map_err(told),
            Said::Note(line) => {
                self.progress.hide();
                eprintln!("{line}");
                Ok(())
            }
            Said::Progress { stage, done, total } => {
                self.showing = true;
                self.progress.show(&stage, done, total);
                Ok(())
            }
        }
    }

    fn end(mut self) -> Result<()> {
        if self.showing {
            self.progress.hide();
        }
        self.out.flush().context("无法写到标准输出")
    }
}
