//! Programs that read what is hostile: each in a process of its own, with bounded memory and time.

use std::{
    io::{self, Read},
    os::unix::process::ExitStatusExt,
    process::{Child, Command, ExitStatus},
    thread,
    time::{Duration, Instant},
};

use rustix::process::{Pid, Resource, Rlimit, Signal, kill_process_group, prlimit};

/// Longest pause between two looks at whether a process has ended.
const LOOKS: Duration = Duration::from_millis(20);

/// What a process may use. It may write no files, open few and leave no image of its memory.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Address space, in bytes.
    pub memory: u64,
    /// By the clock, and of the processor.
    pub time: Duration,
    /// Files, pipes included, that are open at once.
    pub files: u64,
}

/// A running process; ended when dropped.
#[derive(Debug)]
pub struct Limited {
    /// For its pipes.
    pub child: Child,
    until: Instant,
}

/// How a process ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ended {
    ByItself(ExitStatus),
    /// Its time was over.
    TimeOver,
}

impl Ended {
    /// Whether it looks as if memory was short: a program that is refused some aborts, one whose stack cannot grow or who has
    /// more than the whole machine has left is ended by the system.
    pub fn was_out_of_memory(self) -> bool {
        let signals = [Signal::ABORT, Signal::BUS, Signal::KILL, Signal::SEGV].map(Signal::as_raw);
        matches!(self, Self::ByItself(status) if status.signal().is_some_and(|signal| signals.contains(&signal)))
    }
}

impl Limited {
    /// Starts a program; its limits stand when this returns, so that nothing hostile reaches it before.
    ///
    /// # Errors
    /// [`io::ErrorKind::NotFound`] where there is no such program.
    pub fn start(command: &mut Command, limits: Limits) -> io::Result<Self> {
        let mut child = command.spawn()?;
        match limit(&child, limits) {
            Ok(()) => Ok(Self { child, until: Instant::now() + limits.time }),
            Err(error) => {
                end(&mut child);
                Err(error.into())
            }
        }
    }

    /// Waits until it ends, and ends it when its time is over.
    pub fn wait(&mut self) -> io::Result<Ended> {
        let mut pause = Duration::from_millis(1);
        loop {
            match self.child.try_wait() {
                Ok(Some(status)) => return Ok(Ended::ByItself(status)),
                Ok(None) if Instant::now() < self.until => {
                    thread::sleep(pause);
                    pause = (pause * 2).min(LOOKS);
                }
                Ok(None) => {
                    end(&mut self.child);
                    return Ok(Ended::TimeOver);
                }
                Err(error) => {
                    end(&mut self.child);
                    return Err(error);
                }
            }
        }
    }
}

impl Drop for Limited {
    fn drop(&mut self) {
        end(&mut self.child);
    }
}

/// The first bytes of what is read. The rest is read and dropped, or whoever writes it would wait for us.
pub fn beginning(mut from: impl Read, most: u64) -> Vec<u8> {
    let mut kept = Vec::new();
    let _ = from.by_ref().take(most).read_to_end(&mut kept);
    let _ = io::copy(&mut from, &mut io::sink());
    kept
}

fn limit(child: &Child, limits: Limits) -> rustix::io::Result<()> {
    let pid = pid(child);
    let limits = [
        (Resource::As, limits.memory),
        (Resource::Cpu, limits.time.as_secs().max(1)),
        (Resource::Fsize, 0),
        (Resource::Nofile, limits.files),
        (Resource::Core, 0),
    ];
    for (resource, limit) in limits {
        prlimit(pid, resource, Rlimit { current: Some(limit), maximum: Some(limit) })?;
    }
    Ok(())
}

fn pid(child: &Child) -> Option<Pid> {
    i32::try_from(child.id()).ok().and_then(Pid::from_raw)
}

/// Ends a process with those that it has started, where it was given a group of its own.
fn end(child: &mut Child) {
    // Once it has been waited for, its number may be another's.
    if matches!(child.try_wait(), Ok(None)) {
        if let Some(group) = pid(child) {
            let _ = kill_process_group(group, Signal::KILL);
        }
        let _ = child.kill();
        let _ = child.wait();
    }
}

#[cfg(test)]
mod tests {
    use std::{os::unix::process::CommandExt, process::Stdio};

    use super::*;

    const LIMITS: Limits = Limits { memory: 256 << 20, time: Duration::from_secs(5), files: 16 };

    fn shell(script: &str) -> Command {
        let mut command = Command::new("sh");
        command.args(["-c", script]).process_group(0).stdout(Stdio::piped()).stderr(Stdio::null());
        command
    }

    #[test]
    fn limits_hold() {
        let mut told =
            Limited::start(shell("read go; ulimit -v; ulimit -n; ulimit -c; ulimit -t").stdin(Stdio::piped()), LIMITS)
                .unwrap();
        drop(told.child.stdin.take());
        let output = beginning(told.child.stdout.take().unwrap(), 100);
        assert_eq!(String::from_utf8_lossy(&output), "262144\n16\n0\n5\n");
        assert!(matches!(told.wait().unwrap(), Ended::ByItself(status) if status.success()));
    }

    #[test]
    fn whoever_takes_too_long_is_ended_with_all_that_it_has_started() {
        let limits = Limits { time: Duration::from_millis(300), ..LIMITS };
        let mut slow = Limited::start(&mut shell("sleep 60 & echo $!; wait"), limits).unwrap();
        let mut output = slow.child.stdout.take().unwrap();
        let begun = Instant::now();
        assert_eq!(slow.wait().unwrap(), Ended::TimeOver);
        // The pipe ends only when nobody holds it any more.
        let mut told = String::new();
        output.read_to_string(&mut told).unwrap();
        assert!(told.trim().parse::<u32>().is_ok() && begun.elapsed() < Duration::from_secs(30), "{told}");
    }

    #[test]
    fn what_is_not_there_is_told() {
        let error = Limited::start(&mut Command::new("guansou-none"), LIMITS).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::NotFound);
    }
}
