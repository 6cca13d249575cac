//! The control socket: how the command line works beside the running service, which has the store for itself.
//!
//! `control.sock` in the data directory is a Unix domain socket. Whoever connects sends one line of JSON, what is to be
//! done, and gets lines of JSON: what is [said](Said) meanwhile, and last how it ended. Whoever may open the socket may
//! read and write the data directory itself, of whose owner it is (mode 0600); so there is nothing else to be allowed.
//!
//! What the requests are is not known here: see `cli::task`.

mod client;
mod listen;
#[cfg(test)]
mod tests;

use std::{
    fs::File,
    io,
    os::fd::AsRawFd,
    path::{Path, PathBuf},
    time::Duration,
};

use serde::{Deserialize, Serialize};

pub use client::{Connection, connect};
pub use listen::{Listening, listen};

use crate::report::Said;

/// Name of the socket in the data directory.
const SOCKET: &str = "control.sock";
/// Longest request, in bytes: a reason or a few names.
const MAX_REQUEST: u64 = 64 << 10;
/// Requests worked on at once: people at the command line, and a timer's backup.
const MAX_AT_ONCE: usize = 4;
/// How long a request may take to come, and a line to be taken. One who stopped reading is given up.
const PATIENCE: Duration = Duration::from_secs(10);
/// Longest path that a socket's address holds, in bytes: 107 on Linux, 103 elsewhere.
const MAX_PATH: usize = 100;

/// A line of the answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Answer {
    Said(Said),
    Done,
    /// Why it was not done, in words for people.
    Failed(String),
}

/// A path by which a socket in a folder can be named: where the folder's own is too long, by way of the folder's handle,
/// which is to be kept open meanwhile.
fn address(dir: &Path, name: &str) -> io::Result<(PathBuf, Option<File>)> {
    let path = dir.join(name);
    if path.as_os_str().len() <= MAX_PATH {
        return Ok((path, None));
    }
    let handle = File::open(dir)?;
    Ok((PathBuf::from(format!("/proc/self/fd/{}/{name}", handle.as_raw_fd())), Some(handle)))
}
