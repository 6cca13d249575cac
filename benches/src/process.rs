//! Running the binary and reading what the kernel knows of it (Linux).

use std::{
    fs,
    net::TcpListener,
    path::Path,
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, ensure};

use crate::load::Client;

pub struct Finished {
    pub seconds: f64,
    pub peak_mib: u64,
}

/// Runs to the end, watching the peak of resident memory.
pub fn run(binary: &Path, args: &[String]) -> Result<Finished> {
    let started = Instant::now();
    let mut child = Command::new(binary)
        .args(args)
        .stderr(Stdio::null())
        .spawn()
        .with_context(|| format!("{} cannot be run", binary.display()))?;
    let mut peak = 0;
    let status = loop {
        peak = peak.max(status_kib(child.id(), "VmHWM").unwrap_or(0));
        match child.try_wait()? {
            Some(status) => break status,
            None => thread::sleep(Duration::from_millis(20)),
        }
    };
    ensure!(status.success(), "{} {args:?} failed", binary.display());
    Ok(Finished { seconds: started.elapsed().as_secs_f64(), peak_mib: peak >> 10 })
}

/// A service that is stopped when this is dropped.
pub struct Running {
    child: Child,
    pub address: String,
    pub ready_after: Duration,
}

/// How a service is started.
pub struct Start<'a> {
    /// Of the environment, beside those that are there.
    pub variables: &'a [(&'a str, &'a str)],
    pub dictionaries: &'a Path,
}

impl Start<'_> {
    pub fn run(&self, binary: &Path, data: &Path) -> Result<Running> {
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let address = format!("127.0.0.1:{port}");
        let started = Instant::now();
        let child = Command::new(binary)
            .envs(self.variables.iter().copied())
            .args(["--listen", &address, "--data"])
            .arg(data)
            .arg("--dictionaries")
            .arg(self.dictionaries)
            .arg("serve")
            .stderr(Stdio::null())
            .spawn()?;
        let mut running = Running { child, address, ready_after: Duration::ZERO };
        while Client::connect(&running.address).and_then(|mut c| c.get("/readyz")).is_err() {
            ensure!(started.elapsed() < Duration::from_secs(60), "the service did not get ready");
            thread::sleep(Duration::from_millis(5));
        }
        running.ready_after = started.elapsed();
        Ok(running)
    }
}

impl Running {
    pub fn start(binary: &Path, data: &Path) -> Result<Self> {
        Start { variables: &[], dictionaries: Path::new("dictionaries") }.run(binary, data)
    }

    pub fn resident_mib(&self) -> Result<u64> {
        Ok(status_kib(self.child.id(), "VmRSS").context("no VmRSS")? >> 10)
    }

    /// The most that was resident since the start.
    pub fn peak_mib(&self) -> Result<u64> {
        Ok(status_kib(self.child.id(), "VmHWM").context("no VmHWM")? >> 10)
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A memory field of a process's status, in KiB: `VmRSS` (resident now), `VmHWM` (its peak).
pub fn kib(pid: u32, field: &str) -> Option<u64> {
    status_kib(pid, field)
}

/// Likewise of this process; 0 where the kernel does not tell.
pub fn own_kib(field: &str) -> u64 {
    status_kib(std::process::id(), field).unwrap_or(0)
}

/// Time that this thread has had a core, to a tick of the kernel's: what it waited for while others had it does not count.
/// `None` where the kernel does not tell.
pub fn thread_time() -> Option<Duration> {
    let told = fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    told.split_whitespace().next()?.parse().ok().map(Duration::from_nanos)
}

/// Lets the peak of this process be counted from now on; where the kernel refuses, it is that of its whole life.
pub fn reset_own_peak() {
    let _ = fs::write("/proc/self/clear_refs", "5");
}

fn status_kib(pid: u32, field: &str) -> Option<u64> {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
    let line = status.lines().find(|l| l.starts_with(field))?;
    line.split_whitespace().nth(1)?.parse().ok()
}

/// Bytes of all files below a directory.
pub fn size_of(path: &Path) -> f64 {
    let Ok(entries) = fs::read_dir(path) else { return 0.0 };
    entries
        .flatten()
        .map(|e| if e.path().is_dir() { size_of(&e.path()) } else { e.metadata().map_or(0.0, |m| m.len() as f64) })
        .sum()
}

/// Processor and cores.
pub fn machine() -> String {
    let info = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = info.lines().find_map(|l| l.strip_prefix("model name")).unwrap_or(": unknown processor");
    let cores = thread::available_parallelism().map_or(0, usize::from);
    format!("{}, {cores} cores", model.trim_start_matches([' ', '\t', ':']))
}
