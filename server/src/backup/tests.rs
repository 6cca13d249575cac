use std::{
    fs,
    io::{Read, Write},
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use flate2::{Compression, read::GzDecoder, write::GzEncoder};
use indexer::record::{Body, Date, DivisionLevel, Provenance, Record, State, Submission, samples};
use proptest::prelude::*;

use super::*;
use crate::{
    sharing::{Files, Sha256Hex},
    store::{Backend, By, RecordStore, audit},
};

const BACKENDS: [Backend; 2] = [Backend::Sled, Backend::Redb];

/// A data directory with a store.
struct Data {
    dir: tempfile::TempDir,
    store: RecordStore,
}

impl Data {
    fn new(backend: Backend) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let store = RecordStore::open(backend, &dir.path().join("store")).unwrap();
        Self { dir, store }
    }

    /// One with something of everything.
    fn full(backend: Backend) -> Self {
        let data = Self::new(backend);
        let by = By { author: "zunyi", reason: "改名" };
        let store = &data.store;
        store.import("corpus", [division("520300", "遵义市"), division("520000", "贵州省")], &mut |_| {}).unwrap();
        store.import("corpus", [division("520300", "遵义市")], &mut |_| {}).unwrap();
        store.put_meta("corpus.fingerprint", "f00").unwrap();
        let original = data.keep(b"original\0");
        store.put(regulation("r-1", "甲法", &original), &by).unwrap();
        let seen = store.get("r-1").unwrap().unwrap();
        store.put(Record { state: State::Withdrawn, ..seen }, &by).unwrap();
        let proposed = data.keep("送审的".as_bytes());
        store.put(submission("s-1", &proposed), &by).unwrap();
        store.put_secret("password", "zunyi", Some("{\"hash\":\"x\"}")).unwrap();
        store.put_secret("session", "token", Some("signed in")).unwrap();
        data
    }

    fn files(&self) -> Files {
        Files::new(self.dir.path().join("files"))
    }

    fn keep(&self, bytes: &[u8]) -> Sha256Hex {
        let hash = Sha256Hex::of(bytes);
        self.files().keep(&hash, bytes).unwrap();
        hash
    }

    fn back_up(&self) -> (PathBuf, Written) {
        let to = self.dir.path().join(format!("{}.tar.gz", self.store.head().sequence));
        let written = write(&self.store, &self.files(), &to, &mut |_| Ok(())).unwrap();
        (to, written)
    }
}

fn division(id: &str, name: &str) -> Record {
    let sample = samples::division("520300", name, name, DivisionLevel::Prefecture, None);
    Record { id: id.into(), ..sample }
}

fn upload(hash: &Sha256Hex) -> Provenance {
    Provenance { source: "upload:通知.txt".into(), place: Some(format!("sha256:{hash}")), date: None, licence: None }
}

fn regulation(id: &str, title: &str, original: &Sha256Hex) -> Record {
    let mut law = samples::law(title, Date::constant(2024, 4, 2), &["甲。", &"条".repeat(9_000)]);
    if let Body::Regulation(regulation) = &mut law.body {
        regulation.document_number = Some("遵府办发〔2024〕3号".into());
    }
    Record { id: id.into(), provenance: vec![upload(original)], ..law }
}

fn submission(id: &str, original: &Sha256Hex) -> Record {
    let submission = Submission {
        office: "520300/遵义市委编办".into(),
        office_name: "遵义市委编办".into(),
        authors: vec!["zunyi".into()],
        target: "r-2".into(),
        target_title: "乙法".into(),
        based_on: 0,
        content: None,
        provenance: vec![upload(original)],
        answers: None,
        note: "新收".into(),
        published_as: None,
        due: None,
        concerns: Vec::new(),
        clock: None,
        letters: Vec::new(),
        new_hosts: Vec::new(),
        proofs: Vec::new(),
        publish_on: None,
    };
    Record { state: State::Submitted, ..samples::record(id, Body::Submission(submission)) }
}

fn restore_to(backend: Backend, from: &Path, data: &Path) -> Result<Restored, BackupError> {
    restore(backend, from, data, &mut |_| Ok(()))
}

fn open(backend: Backend, data: &Path) -> RecordStore {
    RecordStore::open(backend, &data.join("store")).unwrap()
}

#[test]
fn everything_comes_back_in_either_database() {
    for backend in BACKENDS {
        let data = Data::full(backend);
        let (file, written) = data.back_up();
        assert_eq!((written.end.files, written.end.missing.len()), (2, 0));
        for other in BACKENDS {
            let to = tempfile::tempdir().unwrap();
            let restored = restore_to(other, &file, to.path()).unwrap();
            assert_eq!(restored.head, data.store.head());
            let store = open(other, to.path());
            assert_eq!(store.dump(), data.store.dump());
            assert_eq!(store.secret("session", "token").unwrap(), None, "nobody is signed in by a backup");
            assert!(audit::verify(&store, &mut |_| {}).unwrap().faults.is_empty());
            for bytes in [&b"original\0"[..], "送审的".as_bytes()] {
                let files = Files::new(to.path().join("files"));
                assert_eq!(files.read(&Sha256Hex::of(bytes)).unwrap().unwrap(), bytes);
            }
            store.put_over(division("520300", "新的名字")).unwrap();
            assert!(!to.path().join(".restoring").exists());
        }
    }
}

#[test]
fn a_backup_is_as_of_its_beginning_while_others_write() {
    for backend in BACKENDS {
        let data = Data::full(backend);
        let stop = Arc::new(AtomicBool::new(false));
        let (file, written) = std::thread::scope(|scope| {
            scope.spawn(|| {
                for n in 0.. {
                    let name = format!("名字{n}");
                    data.store.put_over(division(&format!("d-{}", n % 7), &name)).unwrap();
                    if stop.load(Ordering::SeqCst) {
                        break;
                    }
                }
            });
            // Something is written before, meanwhile and after.
            let from = data.store.head().sequence;
            while data.store.head().sequence < from + 5 {
                std::thread::yield_now();
            }
            let to = data.dir.path().join("b.tar.gz");
            let mut waited = false;
            let written = write(&data.store, &data.files(), &to, &mut |_| {
                let from = data.store.head().sequence;
                while !waited && data.store.head().sequence < from + 3 {
                    std::thread::yield_now();
                }
                waited = true;
                Ok(())
            });
            let upto = data.store.head().sequence;
            stop.store(true, Ordering::SeqCst);
            let written = written.unwrap();
            assert!(upto > written.head.sequence, "somebody wrote meanwhile");
            (to, written)
        });
        let to = tempfile::tempdir().unwrap();
        restore_to(backend, &file, to.path()).unwrap();
        let store = open(backend, to.path());
        assert!(audit::verify(&store, &mut |_| {}).unwrap().faults.is_empty());
        assert_eq!(store.head(), written.head);
        let log = |store: &RecordStore| {
            let mut all = Vec::new();
            audit::each(store, &mut |entry| {
                all.push(entry);
                Ok(())
            })
            .unwrap();
            all
        };
        let (then, now) = (log(&store), log(&data.store));
        assert_eq!(then, now[..then.len()], "authors, times, reasons, revisions and links");
        for entry in &then {
            let revision = entry.info.revision;
            let both = (store.get_revision(&entry.id, revision), data.store.get_revision(&entry.id, revision));
            assert_eq!(both.0.unwrap(), both.1.unwrap());
        }
        let mut faults = Vec::new();
        store.check_current(&mut |fault| faults.push(fault), &mut |_, _| Ok(())).unwrap();
        assert_eq!(faults, Vec::<String>::new(), "the listings are those of the records");
    }
}

/// What stood before the chain stays before it.
#[test]
fn a_log_from_before_the_chain_comes_back() {
    let dir = tempfile::tempdir().unwrap();
    let kv = crate::store::open_kv(Backend::Redb, &dir.path().join("store")).unwrap();
    RecordStore::over(kv.clone()).unwrap().put_over(division("a", "甲")).unwrap();
    let mut batch = crate::store::Batch::default();
    batch.put([&b"o"[..], &1u64.to_be_bytes()].concat(), "[\"a\",1]");
    batch.put("mlink", "");
    kv.apply(batch).unwrap();
    let store = RecordStore::over(kv).unwrap();
    store.put_over(division("a", "乙")).unwrap();
    let file = dir.path().join("b.tar.gz");
    write(&store, &Files::new(dir.path().join("files")), &file, &mut |_| Ok(())).unwrap();
    let to = tempfile::tempdir().unwrap();
    restore_to(Backend::Redb, &file, to.path()).unwrap();
    let again = open(Backend::Redb, to.path());
    assert_eq!(again.dump(), store.dump());
    assert_eq!(audit::verify(&again, &mut |_| {}).unwrap().before_chain, 1);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(8))]
    #[test]
    fn any_history_comes_back(steps in proptest::collection::vec((0u8..3, 0u8..5, 0u8..3), 0..25)) {
        for backend in BACKENDS {
            let data = Data::new(backend);
            for (kind, id, content) in &steps {
                let original = data.keep(&[*content]);
                let record = match kind {
                    0 => division(&format!("d-{id}"), &format!("名{content}")),
                    1 => regulation(&format!("r-{id}"), &format!("法{content}"), &original),
                    _ => submission(&format!("s-{id}"), &original),
                };
                let state = if *content == 2 { State::Withdrawn } else { record.state };
                data.store.put_over(Record { state, ..record }).unwrap();
            }
            let (file, _) = data.back_up();
            let to = tempfile::tempdir().unwrap();
            restore_to(backend, &file, to.path()).unwrap();
            prop_assert_eq!(open(backend, to.path()).dump(), data.store.dump());
        }
    }
}

#[test]
fn only_an_empty_directory_is_restored_into_and_no_file_written_over() {
    let data = Data::full(Backend::Redb);
    let (file, _) = data.back_up();
    let again = write(&data.store, &data.files(), &file, &mut |_| Ok(())).unwrap_err();
    assert!(matches!(again, BackupError::Exists(_)), "{again}");
    let error = restore_to(Backend::Redb, &file, data.dir.path()).unwrap_err();
    assert!(error.to_string().contains("--data"), "{error}");
    let to = tempfile::tempdir().unwrap();
    fs::create_dir_all(to.path().join(".restoring/store")).unwrap();
    restore_to(Backend::Redb, &file, to.path()).expect("what a killed restore left is no data");
    let gone = write(&data.store, &data.files(), &data.dir.path().join("x"), &mut |_| Err(io::Error::other("走了")));
    assert!(matches!(gone, Err(BackupError::Stopped(_))));
    let left: Vec<_> = fs::read_dir(data.dir.path()).unwrap().flatten().map(|e| e.file_name()).collect();
    assert!(!left.iter().any(|name| name.to_string_lossy().starts_with('x')), "{left:?}");
}

#[test]
fn a_missing_original_is_told_and_a_damaged_store_not_backed_up() {
    let data = Data::full(Backend::Redb);
    let hash = Sha256Hex::of(b"original\0");
    fs::write(data.files().path(&hash), "other").unwrap();
    let (file, written) = data.back_up();
    assert_eq!((written.end.files, written.end.missing), (1, vec![hash.to_string()]));
    let to = tempfile::tempdir().unwrap();
    assert_eq!(restore_to(Backend::Redb, &file, to.path()).unwrap().end.missing, [hash.to_string()]);

    let dir = tempfile::tempdir().unwrap();
    let kv = crate::store::open_kv(Backend::Redb, dir.path()).unwrap();
    RecordStore::over(kv.clone()).unwrap().put_over(division("a", "甲")).unwrap();
    let mut batch = crate::store::Batch::default();
    batch.put([&b"ra\0"[..], &1u64.to_be_bytes(), &[0; 8]].concat(), "{}");
    kv.apply(batch).unwrap();
    let store = RecordStore::over(kv).unwrap();
    let error = write(&store, &data.files(), &dir.path().join("b"), &mut |_| Ok(())).unwrap_err();
    assert!(matches!(error, BackupError::Broken(_)), "{error}");
    assert!(!dir.path().join("b").exists() && !dir.path().join("b.partial").exists());
}

type Entries = Vec<(String, Vec<u8>)>;

fn unpack(file: &Path) -> Entries {
    let mut archive = tar::Archive::new(GzDecoder::new(fs::File::open(file).unwrap()));
    let read = |entry: io::Result<tar::Entry<'_, GzDecoder<fs::File>>>| {
        let mut entry = entry.unwrap();
        let mut bytes = Vec::new();
        entry.read_to_end(&mut bytes).unwrap();
        (entry.path().unwrap().to_string_lossy().into_owned(), bytes)
    };
    archive.entries().unwrap().map(read).collect()
}

/// Writes names as they are, tricks and all.
fn pack(entries: &Entries, kind: tar::EntryType) -> Vec<u8> {
    let mut builder = tar::Builder::new(GzEncoder::new(Vec::new(), Compression::fast()));
    for (name, bytes) in entries {
        let mut header = tar::Header::new_ustar();
        header.as_old_mut().name[..name.len()].copy_from_slice(name.as_bytes());
        header.set_size(bytes.len() as u64);
        header.set_entry_type(if name.contains("link") { kind } else { tar::EntryType::Regular });
        header.set_cksum();
        builder.append(&header, &bytes[..]).unwrap();
    }
    builder.into_inner().unwrap().finish().unwrap()
}

/// Restores bytes, which must be refused for a reason and leave nothing.
fn refused(bytes: &[u8], told: &str, what: &str) {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("b.tar.gz");
    fs::write(&file, bytes).unwrap();
    let to = dir.path().join("data");
    let error = restore_to(Backend::Redb, &file, &to).expect_err(what).to_string();
    assert!(error.contains(told), "{what}: {error}");
    assert!(!to.exists(), "{what}: something is left");
}

#[test]
fn what_was_cut_off_or_flipped_is_refused() {
    let (file, _) = Data::full(Backend::Redb).back_up_kept();
    let bytes = fs::read(&file.1).unwrap();
    for tenth in 0..10 {
        refused(&bytes[..bytes.len() * tenth / 10], "备份文件有误", "cut off");
    }
    refused(&bytes[..bytes.len() - 4], "备份文件有误", "without its checksum");
    for tenth in 1..10 {
        let mut flipped = bytes.clone();
        flipped[bytes.len() * tenth / 10] ^= 0x10;
        refused(&flipped, "备份文件有误", "flipped");
    }
    refused(b"", "备份文件有误", "empty");
    refused(b"PK\x03\x04 no archive", "备份文件有误", "no archive");
    let mut zip = GzEncoder::new(Vec::new(), Compression::fast());
    zip.write_all(&[b'x'; 4_000]).unwrap();
    refused(&zip.finish().unwrap(), "备份文件有误", "no tar");
}

impl Data {
    /// A backup whose folder stays for as long as what is returned.
    fn back_up_kept(self) -> ((tempfile::TempDir, PathBuf), Written) {
        let (file, written) = self.back_up();
        ((self.dir, file), written)
    }
}

#[test]
fn what_was_altered_is_refused_with_what_and_where() {
    let ((_dir, file), _) = Data::full(Backend::Redb).back_up_kept();
    let whole = unpack(&file);
    let names: Vec<&str> = whole.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(
        names[..5],
        ["backup.json", "metas/000001.jsonl", "secrets/000001.jsonl", "imports/000001.jsonl", "changes/000001.jsonl"]
    );
    assert_eq!(names.last(), Some(&"end.json"));
    let edit = |at: usize, from: &str, to: &str| {
        let mut entries = whole.clone();
        let text = String::from_utf8(entries[at].1.clone()).unwrap();
        let edited = text.replacen(from, to, 1);
        assert_ne!(text, edited, "{from}");
        entries[at].1 = edited.into_bytes();
        entries
    };
    let with = |at: usize, name: &str, bytes: &[u8]| {
        let mut entries = whole.clone();
        entries.insert(at, (name.to_owned(), bytes.to_vec()));
        entries
    };
    let without = |at: usize| {
        let mut entries = whole.clone();
        entries.remove(at);
        entries
    };
    let (changes, files, end) = (4, 5, whole.len() - 1);
    let line = String::from_utf8(whole[changes].1.clone()).unwrap().lines().next().unwrap().to_owned();
    let other = |entries: &mut Entries| entries[files].1[0] ^= 1;
    let mut damaged = whole.clone();
    other(&mut damaged);
    let second = format!("{line}\n{line}\n");
    let hash = "0".repeat(64);
    for (what, entries, told) in [
        ("text", edit(changes, "遵义市", "道义市"), "changes/000001.jsonl 第 1 行：记录 520300 不能保存：第 1 条"),
        ("author", edit(changes, "import:corpus", "import:corpse"), "链接不符"),
        ("reason", edit(changes, "改名", "改命"), "链接不符"),
        ("time", edit(changes, "\"at\":\"2", "\"at\":\"1"), "链接不符"),
        ("twice", edit(changes, &format!("{line}\n"), &second), "第 2 行：记录 520300 不能保存：第 1 条"),
        ("left out", edit(changes, &format!("{line}\n"), ""), "序号不连续"),
        ("no line", edit(changes, "{", "["), "无法解读"),
        ("format", edit(0, "\"format\":1", "\"format\":2"), "请使用较新的"),
        ("end of the log", edit(0, "\"link\":\"", "\"link\":\"0"), "末尾的链接"),
        ("own meta", edit(1, "corpus.fingerprint", "sequence"), "不合规定"),
        ("session", edit(2, "password", "session"), "不合规定"),
        ("import of nothing", edit(3, "520300", ""), "编号为空"),
        ("no manifest", without(0), "不是官搜的备份"),
        ("manifest twice", with(1, "backup.json", &whole[0].1), "不该有"),
        ("no changes", without(changes), "没有记录用到"),
        ("no meta", without(1), "metas 应有 1 行"),
        ("no original", without(files), "不符"),
        ("damaged original", damaged, "内容与摘要不符"),
        ("original twice", with(files, &whole[files].0, &whole[files].1), "重复"),
        ("unnamed original", with(files, &format!("files/00/{hash}"), b""), "没有记录用到"),
        ("no end", without(end), "被截断"),
        ("behind the end", with(end + 1, "x", b""), "结尾之后"),
        ("path up", with(files, "../x", b""), "../x 不该有"),
        ("path up below files", with(files, "files/../../x", b""), "名称不对"),
        ("absolute path", with(files, "/etc/x", b""), "不该有"),
        ("wrong order", with(end, "changes/000002.jsonl", b""), "次序不对"),
        ("gap", with(files, "changes/000003.jsonl", b""), "次序不对"),
        ("control characters", with(files, "a\u{1b}[2J", b""), "\\u{1b}[2J"),
    ] {
        refused(&pack(&entries, tar::EntryType::Regular), told, what);
    }
    for kind in [tar::EntryType::Symlink, tar::EntryType::Link, tar::EntryType::GNULongName, tar::EntryType::XHeader] {
        refused(&pack(&with(files, "link", b"x"), kind), "不是普通文件", "no file");
    }
    let large = vec![b' '; MAX_SMALL + 1];
    refused(&pack(&vec![("backup.json".into(), large)], tar::EntryType::Regular), "超过 4 MiB", "a large manifest");
    let to = tempfile::tempdir().unwrap();
    fs::write(to.path().join("b"), pack(&whole, tar::EntryType::Regular)).unwrap();
    restore_to(Backend::Sled, &to.path().join("b"), &to.path().join("data")).expect("packed anew, it is the same");
}

/// A line that never ends is given up at its bound, not at the end of memory.
#[test]
fn an_endless_line_is_given_up() {
    let ((_dir, file), _) = Data::full(Backend::Redb).back_up_kept();
    let mut entries = unpack(&file);
    entries[4].1 = vec![b' '; MAX_LINE + 2];
    refused(&pack(&entries, tar::EntryType::Regular), "超过 128 MiB", "an endless line");
}

/// A record whose revision the log does not have: what was written could not be restored, and so is no backup.
#[test]
fn a_backup_that_cannot_be_restored_is_none() {
    let dir = tempfile::tempdir().unwrap();
    let kv = crate::store::open_kv(Backend::Redb, &dir.path().join("store")).unwrap();
    let store = RecordStore::over(kv.clone()).unwrap();
    store.put_over(division("a", "甲")).unwrap();
    let then = store.dump();
    store.put_over(division("a", "乙")).unwrap();
    drop(store);
    // The end of the log as it was before the second revision: the next change takes its number.
    let mut batch = crate::store::Batch::default();
    then.into_iter().filter(|(key, _)| matches!(key[0], b'm' | b'p')).for_each(|(k, v)| batch.put(k, v));
    kv.apply(batch).unwrap();
    let store = RecordStore::over(kv).unwrap();
    store.put_over(division("a", "丙")).unwrap();
    let to = dir.path().join("a.tar.gz");
    let error = write(&store, &Files::new(dir.path().join("files")), &to, &mut |_| Ok(())).unwrap_err();
    assert!(error.to_string().contains("修订号应为 2"), "{error}");
    let left: Vec<_> = fs::read_dir(dir.path()).unwrap().map(|e| e.unwrap().file_name()).collect();
    assert_eq!(left, ["store"], "nothing is left beside");
}
