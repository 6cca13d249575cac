//! Progress of long work: a bar on a terminal, now and then a line elsewhere.

use std::{
    io::IsTerminal,
    time::{Duration, Instant},
};

use indicatif::{ProgressBar, ProgressStyle};

/// Time between two lines where the output is no terminal.
const EVERY: Duration = Duration::from_secs(3);

/// Shows one stage after another.
pub struct Progress {
    bar: Option<ProgressBar>,
    stage: String,
    last: Instant,
}

impl Progress {
    pub fn new() -> Self {
        let bar = std::io::stderr().is_terminal().then(|| {
            let bar = ProgressBar::new(0);
            let style = ProgressStyle::with_template("{msg:14} {wide_bar:.cyan/blue} {pos}/{len} {eta}");
            bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
            bar
        });
        Self { bar, stage: String::new(), last: Instant::now() }
    }

    pub fn show(&mut self, stage: &str, done: u64, total: Option<u64>) {
        let new = self.stage != stage;
        if new {
            stage.clone_into(&mut self.stage);
        }
        if let Some(bar) = &self.bar {
            if new {
                bar.reset();
                bar.set_message(stage.to_owned());
            }
            bar.set_length(total.unwrap_or(done));
            bar.set_position(done);
        } else if new || self.last.elapsed() >= EVERY {
            self.last = Instant::now();
            match total {
                Some(total) => eprintln!("{stage}：{done}/{total}"),
                None => eprintln!("{stage}：{done}"),
            }
        }
    }

    /// Ends the stage without a word.
    pub fn hide(&mut self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
        self.stage.clear();
    }

    /// Ends the stage with a line.
    pub fn done(&mut self, summary: &str) {
        self.hide();
        eprintln!("{summary}");
    }
}

impl Default for Progress {
    fn default() -> Self {
        Self::new()
    }
}
