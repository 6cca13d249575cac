//! What a failing disk and damaged files do to the store: nothing acknowledged is lost without being reported, nothing
//! stays without an entry in the log, and nothing ends in a panic.
//!
//! A library that is preloaded into a child lets one call to the system fail (`tests/faults.c`): opening, writing,
//! truncating, syncing, renaming, as on a full disk, a broken one, or with no more open files. Another child opens a
//! store in which one bit was flipped.
//!
//! `GUANSOU_FAULT_STEP` sets every how many calls one fails (`make soak`: 5), `GUANSOU_FLIPS` how many bits are flipped
//! (`make soak`: 200).

use std::{
    collections::BTreeMap,
    io::Read,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    sync::LazyLock,
    time::{Duration, Instant},
};

use indexer::record::Record;

use crate::{
    fsck,
    kill_tests::{BY, acknowledged, body, submission, whole},
    store::{Backend, RecordStore, StoreError, audit},
};

/// For the child: where, with what, and what to do.
const DIR: &str = "GUANSOU_TEST_FAULT_DIR";
const BACKEND: &str = "GUANSOU_TEST_FAULT_BACKEND";
const TASK: &str = "GUANSOU_TEST_FAULT_TASK";
/// Rounds of writes in a child; each is two commits and a secret.
const WRITES: u64 = 12;
/// Longest time for a child: one takes a fraction of a second, and one that hangs is a fault.
const PATIENCE: Duration = Duration::from_secs(60);
/// Errors by their names and numbers on Linux.
const ERRORS: [(&str, i32); 3] = [("EIO", 5), ("EMFILE", 24), ("ENOSPC", 28)];

fn setting(name: &str, default: u64) -> u64 {
    std::env::var(name).ok().and_then(|n| n.parse().ok()).filter(|n| *n > 0).unwrap_or(default)
}

/// The child of both tests.
#[test]
#[ignore = "started by the tests that watch it"]
fn child() {
    let (Ok(dir), Ok(backend), Ok(task)) = (std::env::var(DIR), std::env::var(BACKEND), std::env::var(TASK)) else {
        return;
    };
    let backend = if backend == "sled" { Backend::Sled } else { Backend::Redb };
    match task.as_str() {
        "write" => write(Path::new(&dir), backend),
        _ => examine(Path::new(&dir), backend),
    }
}

/// Writes, telling what was acknowledged, and goes on after a refusal.
fn write(dir: &Path, backend: Backend) {
    let store = match RecordStore::open(backend, &dir.join("store")) {
        Ok(store) => store,
        Err(error) => return println!("\nunopened {error}"),
    };
    let start = store.last_sequence().unwrap_or_default();
    let tell = |id: &str, done: Result<u64, StoreError>| match done {
        Ok(revision) => println!("\nacknowledged {id} {revision}"),
        Err(error) => println!("\nrefused {error}"),
    };
    for n in 0..WRITES {
        let id = format!("f{start}-{n}");
        let first = store.put(body(&id, &format!("第{n}局")), &BY);
        let revision = *first.as_ref().unwrap_or(&0);
        tell(&id, first);
        let changed = Record { revision, ..body(&id, &format!("第{n}委员会{}", "甲".repeat(3_000))) };
        let both = store.put_together(vec![(submission(&format!("s-{id}"), &id), BY), (changed, BY)]);
        tell(&id, both.map(|revisions| revisions[1]));
        if store.put_secret("password", &id, Some("argon2")).is_ok() {
            println!("\nsecret {id}");
        }
    }
}

/// Opens as the service does, then looks as `guansou fsck` does; tells faults, and all that is there.
fn examine(dir: &Path, backend: Backend) {
    let place = dir.join("store");
    if let Err(error) = RecordStore::open(backend, &place).map(drop) {
        println!("\ntold {error}");
    }
    let store = match RecordStore::open_to_examine(backend, &place) {
        Ok(store) => store,
        Err(error) => return println!("\ntold {error}"),
    };
    let found = fsck::check(&store, dir, false, &mut |_| Ok(()));
    match found {
        Ok(found) if found.faults > 0 => return println!("\ntold {} faults", found.faults),
        Err(error) => return println!("\ntold {error}"),
        Ok(_) => {}
    }
    match state(&store) {
        Ok(state) => println!("\nstate {state}"),
        Err(error) => println!("\ntold {error}"),
    }
}

/// All that was acknowledged, in one line.
fn state(store: &RecordStore) -> Result<String, StoreError> {
    let mut text = String::new();
    audit::each(store, &mut |entry| {
        text.push_str(&format!("{} {} {} {}\n", entry.sequence, entry.id, entry.info.revision, entry.info.hash));
        Ok(())
    })?;
    for (name, value) in store.secrets("password")? {
        text.push_str(&format!("{name} {value}\n"));
    }
    Ok(crate::sharing::Sha256Hex::of(text.as_bytes()).to_string())
}

/// The library that lets calls fail, compiled once.
static FAULTS: LazyLock<PathBuf> = LazyLock::new(|| {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/faults.c");
    let library = std::env::temp_dir().join(format!("guansou-faults-{}.so", std::process::id()));
    let compiler = std::env::var("CC").unwrap_or_else(|_| "cc".into());
    let done = Command::new(compiler).args(["-shared", "-fPIC", "-O1", "-o"]).arg(&library).arg(&source).status();
    assert!(done.expect("a C compiler").success());
    library
});

struct Output {
    out: String,
    err: String,
}

impl Output {
    fn lines<'a>(&'a self, start: &'a str) -> impl Iterator<Item = &'a str> {
        self.out.lines().filter_map(move |line| line.strip_prefix(start)).map(str::trim)
    }
}

/// Runs a child to its end.
fn run(dir: &Path, backend: Backend, task: &str, faults: &[(&str, String)]) -> Output {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command
        .args(["--exact", "fault_tests::child", "--ignored", "--nocapture"])
        .env(DIR, dir)
        .env(BACKEND, backend.to_string())
        .env(TASK, task)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    for (name, value) in faults {
        command.env(name, value);
    }
    if !faults.is_empty() {
        command.env("LD_PRELOAD", &*FAULTS).env("GUANSOU_FAULT_DIR", dir.join("store"));
    }
    let mut child = command.spawn().unwrap();
    let (mut out, mut err) = (child.stdout.take().unwrap(), child.stderr.take().unwrap());
    let all = |pipe: &mut dyn Read| {
        let mut bytes = Vec::new();
        pipe.read_to_end(&mut bytes).unwrap();
        String::from_utf8_lossy(&bytes).into_owned()
    };
    let output = std::thread::scope(|scope| {
        let (out, err) = (scope.spawn(|| all(&mut out)), scope.spawn(|| all(&mut err)));
        let begun = Instant::now();
        while child.try_wait().unwrap().is_none() {
            if begun.elapsed() > PATIENCE {
                child.kill().unwrap();
                panic!("{task} with {backend} hangs: {faults:?}");
            }
            std::thread::sleep(Duration::from_millis(5));
        }
        Output { out: out.join().unwrap(), err: err.join().unwrap() }
    });
    assert!(!output.err.contains("panicked at"), "{faults:?}: {}\n{}", output.out, output.err);
    output
}

/// Number of the calls that a child makes when none fails.
fn calls(backend: Backend) -> u64 {
    let dir = tempfile::tempdir().unwrap();
    let count = dir.path().join("count");
    let output = run(dir.path(), backend, "write", &[("GUANSOU_FAULT_COUNT", count.display().to_string())]);
    assert_eq!(output.lines("acknowledged").count() as u64, 2 * WRITES, "{}\n{}", output.out, output.err);
    std::fs::read_to_string(count).unwrap().parse().unwrap()
}

fn failing_calls_lose_nothing(backend: Backend) {
    let total = calls(backend);
    assert!(total > 30, "{total} calls");
    let (mut tried, mut refused) = (0, 0);
    for (error, (name, number)) in (0..).zip(ERRORS) {
        // Another beginning for each error, so that few rounds meet many kinds of calls.
        for at in (1 + error..=total).step_by(setting("GUANSOU_FAULT_STEP", total / 8) as usize) {
            for stays in [0, 1] {
                let dir = tempfile::tempdir().unwrap();
                // There is something before.
                let before = run(dir.path(), backend, "write", &[]);
                assert_eq!(before.lines("acknowledged").count() as u64, 2 * WRITES, "{}\n{}", before.out, before.err);
                let what = format!("{name} at call {at} of {total}, stays: {stays}");
                let output = run(
                    dir.path(),
                    backend,
                    "write",
                    &[
                        ("GUANSOU_FAULT_AT", at.to_string()),
                        ("GUANSOU_FAULT_ERRNO", number.to_string()),
                        ("GUANSOU_FAULT_STAYS", stays.to_string()),
                    ],
                );
                tried += 1;
                let answered = output.lines("acknowledged").count() + output.lines("refused").count();
                assert!(
                    answered as u64 == 2 * WRITES || output.lines("unopened").count() == 1,
                    "{what}: the child did not do its work: {}\n{}",
                    output.out,
                    output.err
                );
                let first_refusal = output.out.find("\nrefused");
                refused += u64::from(first_refusal.is_some());
                if let Some(place) = first_refusal {
                    let after = &output.out[place..];
                    assert!(!after.contains("\nacknowledged") && !after.contains("\nsecret"), "{what}: {after}");
                }
                let mut all: BTreeMap<String, u64> = BTreeMap::new();
                for line in before.out.lines().chain(output.out.lines()) {
                    all.extend(acknowledged(line));
                }
                let store = RecordStore::open(backend, &dir.path().join("store"))
                    .unwrap_or_else(|e| panic!("{what}: {e}\n{}", output.out));
                whole(&store, &all);
                for id in before.lines("secret").chain(output.lines("secret")) {
                    assert!(store.secret("password", id).unwrap().is_some(), "{what}: secret of {id}");
                }
                let mut faults = Vec::new();
                let found = fsck::check(&store, dir.path(), false, &mut |said| {
                    faults.push(format!("{said:?}"));
                    Ok(())
                });
                assert_eq!(found.unwrap().faults, 0, "{what}: {faults:?}");
                // And with a sound disk it goes on.
                store.put(body("after", "之后局"), &BY).unwrap_or_else(|e| panic!("{what}: {e}"));
            }
        }
    }
    println!("{backend}: {tried} rounds over {total} calls, writing refused in {refused}");
    assert!(refused > 0, "no call that failed was felt");
}

#[test]
fn failing_calls_lose_nothing_with_sled() {
    failing_calls_lose_nothing(Backend::Sled);
}

#[test]
fn failing_calls_lose_nothing_with_redb() {
    failing_calls_lose_nothing(Backend::Redb);
}

/// Small steps of a linear congruential generator, so that a run can be repeated.
fn random(seed: &mut u64) -> u64 {
    *seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
    *seed >> 33
}

/// Every file of the store but the note outside it, which has tests of its own.
fn files(dir: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        match path.is_dir() {
            true => files(&path, found),
            false if path.file_name().is_some_and(|name| name == "anchor") => {}
            false => found.push(path),
        }
    }
}

fn flipped_bits_are_never_silent(backend: Backend) {
    let dir = tempfile::tempdir().unwrap();
    for _ in 0..4 {
        run(dir.path(), backend, "write", &[]);
    }
    let sound = run(dir.path(), backend, "examine", &[]);
    let state = sound.lines("state").next().unwrap_or_else(|| panic!("{}\n{}", sound.out, sound.err)).to_owned();
    let mut all = Vec::new();
    files(&dir.path().join("store"), &mut all);
    let whole: Vec<(PathBuf, Vec<u8>)> = all.into_iter().map(|p| (p.clone(), std::fs::read(p).unwrap())).collect();
    let (file, bytes) = whole.iter().max_by_key(|(_, bytes)| bytes.len()).unwrap();
    // Behind the last byte that was written there is only room.
    let used = bytes.iter().rposition(|byte| *byte != 0).unwrap() + 1;
    let (mut seed, mut told, mut harmless) = (20_261_126, 0, 0);
    for round in 0..setting("GUANSOU_FLIPS", 12) {
        // Half of them in the last region, where a database takes damage for the torn end of a crash.
        let from = if round % 2 == 0 { used * 3 / 4 } else { 0 };
        let at = from + random(&mut seed) as usize % (used - from);
        let copy = tempfile::tempdir().unwrap();
        let place = |path: &Path| copy.path().join(path.strip_prefix(dir.path()).unwrap());
        for (path, bytes) in &whole {
            std::fs::create_dir_all(place(path).parent().unwrap()).unwrap();
            std::fs::write(place(path), bytes).unwrap();
        }
        std::fs::copy(dir.path().join("store/anchor"), copy.path().join("store/anchor")).unwrap();
        let mut flipped = bytes.clone();
        flipped[at] ^= 1 << (random(&mut seed) % 8);
        std::fs::write(place(file), &flipped).unwrap();
        let output = run(copy.path(), backend, "examine", &[]);
        let after = output.lines("state").next();
        match (output.lines("told").count(), after) {
            (0, Some(after)) => {
                assert_eq!(after, state, "byte {at} of {used}: other content, and nothing was told");
                harmless += 1;
            }
            (0, None) => {
                panic!("byte {at} of {used}: the process ended without a word\n{}\n{}", output.out, output.err)
            }
            _ => told += 1,
        }
    }
    println!("{backend}: of the flipped bits {told} were told, {harmless} changed nothing, 0 were silent");
    assert!(told > 0, "no flipped bit was felt");
}

#[test]
fn flipped_bits_are_never_silent_with_sled() {
    flipped_bits_are_never_silent(Backend::Sled);
}

#[test]
fn flipped_bits_are_never_silent_with_redb() {
    flipped_bits_are_never_silent(Backend::Redb);
}
