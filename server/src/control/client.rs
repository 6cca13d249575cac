//! The command line's end.

use std::{
    io::{self, BufRead, BufReader, Write},
    os::unix::net::UnixStream,
    path::Path,
};

use serde::Serialize;

use super::{Answer, SOCKET, address};
use crate::report::Report;

/// A connection to the running service.
pub struct Connection(UnixStream);

/// Connects to the service that runs over a data directory; `None` where none does, or none that listens.
pub fn connect(data: &Path) -> Option<Connection> {
    let (path, _handle) = address(data, SOCKET).ok()?;
    UnixStream::connect(path).ok().map(Connection)
}

impl Connection {
    /// Has the service do something. What came of it; the outer error is of the connection.
    pub fn ask(self, request: &impl Serialize, tell: &mut Report<'_>) -> io::Result<Result<(), String>> {
        let mut line = serde_json::to_vec(request)?;
        line.push(b'\n');
        // One that is busy answers before it has read anything.
        let sent = (&self.0).write_all(&line);
        for line in BufReader::new(&self.0).lines() {
            match serde_json::from_str(&line?)? {
                Answer::Said(said) => tell(said)?,
                Answer::Done => return Ok(Ok(())),
                Answer::Failed(why) => return Ok(Err(why)),
            }
        }
        sent?;
        Err(io::Error::other("服务在做完之前断开了连接"))
    }
}
