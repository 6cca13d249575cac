use std::{
    fs::{self, File},
    sync::Arc,
    time::{Duration, SystemTime},
};

use indexer::{
    index::{Lexicon, build},
    record::{Body, Date, DivisionLevel, Provenance, Record, samples},
    text::dictionaries::Dictionaries,
};

use super::*;
use crate::store::{Backend, Batch, Kv, open_kv};

fn regulation(id: &str, title: &str, number: &str) -> Record {
    let mut law = samples::law(title, Date::constant(2024, 4, 2), &["甲。"]);
    if let Body::Regulation(regulation) = &mut law.body {
        regulation.document_number = Some(number.into());
    }
    Record { id: id.into(), ..law }
}

struct Data {
    dir: tempfile::TempDir,
    kv: Arc<dyn Kv>,
    original: Sha256Hex,
}

impl Data {
    fn new(backend: Backend) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let kv = open_kv(backend, &dir.path().join("store")).unwrap();
        let files = Files::new(dir.path().join("files"));
        let original = Sha256Hex::of(b"original");
        files.keep(&original, b"original").unwrap();
        let data = Self { dir, kv, original };
        let store = data.store();
        for title in ["甲法", "甲法（修订）"] {
            let from = Provenance {
                source: "upload:甲.txt".into(),
                place: Some(format!("sha256:{}", data.original)),
                date: None,
                licence: None,
            };
            let record = regulation("r-1", title, "遵府发〔2024〕1号");
            store.put_over(Record { provenance: vec![from], ..record }).unwrap();
        }
        store.put_over(samples::division("520300", "遵义市", "遵义", DivisionLevel::Prefecture, None)).unwrap();
        data
    }

    fn store(&self) -> RecordStore {
        RecordStore::over(self.kv.clone()).unwrap()
    }

    fn files(&self) -> Files {
        Files::new(self.dir.path().join("files"))
    }

    fn set(&self, key: &[u8], value: Option<&[u8]>) {
        let mut batch = Batch::default();
        match value {
            Some(value) => batch.put(key, value),
            None => batch.delete(key),
        }
        self.kv.apply(batch).unwrap();
    }

    fn text(&self, key: &[u8]) -> String {
        let kept = self.kv.get(key).unwrap().expect("the key is there");
        String::from_utf8(crate::store::content(kept).unwrap()).unwrap()
    }

    fn replace(&self, key: &[u8], from: &str, to: &str) {
        let (before, after) = (self.text(key), self.text(key).replace(from, to));
        assert_ne!(before, after);
        self.set(key, Some(after.as_bytes()));
    }

    fn check(&self, remove: bool) -> (Found, String) {
        let mut told = String::new();
        let found = check(&self.store(), self.dir.path(), remove, &mut |said| {
            if let Said::Line(line) = said {
                told += &line;
                told.push('\n');
            }
            Ok(())
        })
        .unwrap();
        (found, told)
    }
}

/// A way of damaging, and what is reported of it.
type Damage = (&'static str, fn(&Data), &'static str);

fn public(number: u64) -> Vec<u8> {
    [&b"p"[..], &number.to_be_bytes()].concat()
}

const DAMAGES: [Damage; 22] = [
    ("content", |d| d.replace(&[&b"rr-1\0"[..], &1u64.to_be_bytes(), &[0; 8]].concat(), "甲法", "戊法"), "内容与当时"),
    ("row", |d| d.set(&[&b"o"[..], &2u64.to_be_bytes()].concat(), None), "序号不连续"),
    ("end", |d| d.set(b"msequence", Some(b"2")), "日志止于第 3 条"),
    ("no pointer", |d| d.set(b"cr-1", None), "r-1：没有当前版本"),
    ("old pointer", |d| d.replace(b"cr-1", "\"revision\":2", "\"revision\":1"), "当前版本是第 1 次修订"),
    ("pointer to nothing", |d| d.replace(b"cr-1", "\"revision\":2", "\"revision\":9"), "没有修订记录"),
    ("unreadable pointer", |d| d.set(b"cr-1", Some(b"{")), "无法解读"),
    ("pointer without a change", |d| d.set(b"cx", Some(d.text(b"c520300").as_bytes())), "x：没有任何变更"),
    ("history", |d| d.set(&[&b"ir-1\0"[..], &1u64.to_be_bytes()].concat(), None), "修订号不连续"),
    ("no entry", |d| d.set("xnumber\0遵府发〔2024〕1号\0r-1".as_bytes(), None), "目录缺少一项（number 遵府发"),
    ("stray entry", |d| d.set(b"xnumber\0x\0r-1", Some(b"r-1")), "r-1：目录多出一项（number x r-1）"),
    ("stray entry of nobody", |d| d.set(b"xnumber\0x\0y", Some(b"y")), "y：目录多出一项"),
    ("no list of its kind", |d| d.set(b"xkind\0regulation\0r-1", None), "目录缺少一项（kind regulation r-1"),
    ("import without its reverse", |d| d.set(b"tcorpus\0r-1", Some(b"")), "由导入 corpus 带来，却没有记在"),
    ("reverse without its import", |d| d.set(b"br-1\0corpus", Some(b"")), "该导入却没有这条记录"),
    ("no public change", |d| d.set(&public(1), None), "应为公开变更第 1 条"),
    ("another public change", |d| d.replace(&public(1), "[1,", "[2,"), "应为公开变更第 1 条"),
    ("public count", |d| d.set(b"mtold", Some(b"4")), "公开变更应有 3 条，计有 4 条"),
    ("lower public count", |d| d.set(b"mtold", Some(b"2")), "公开变更应有 3 条，计有 2 条"),
    ("pointer to another public change", |d| d.replace(b"c520300", "\"told\":3", "\"told\":2"), "记作第 2 条"),
    ("no original", |d| fs::remove_file(d.files().path(&d.original)).unwrap(), "缺失"),
    ("damaged original", |d| fs::write(d.files().path(&d.original), "x").unwrap(), "有误"),
];

#[test]
fn each_kind_of_damage_is_found() {
    for backend in [Backend::Sled, Backend::Redb] {
        let (found, told) = Data::new(backend).check(false);
        assert_eq!(told, "");
        assert_eq!((found.changes, found.originals, found.faults, found.orphans), (3, 1, 0, 0));
        for (what, damage, expected) in DAMAGES {
            let data = Data::new(backend);
            damage(&data);
            let (found, told) = data.check(false);
            assert!(found.faults > 0 && told.contains(expected), "{what}: {told}");
        }
    }
}

#[test]
fn an_index_of_another_store_is_found() {
    let data = Data::new(Backend::Redb);
    let index = data.dir.path().join("index");
    fs::create_dir_all(index.join("00000001")).unwrap();
    fs::write(index.join("current"), "1").unwrap();
    for (upto, faults) in [(3, 0), (4, 1)] {
        let manifest = format!(
            "{{\"number\":1,\"schema_version\":1,\"pipeline_version\":1,\"lexicon_fingerprint\":\"\",\"upto\":{upto},\"changes\":0,\"built_on\":\"2026-01-01\",\"counts_documents\":0}}"
        );
        fs::write(index.join("00000001/manifest.json"), manifest).unwrap();
        let (found, told) = data.check(false);
        assert_eq!(found.faults, faults, "{told}");
        assert_eq!(told.contains("超出了记录库"), faults > 0);
    }
}

#[test]
fn old_orphans_are_removed_when_asked_and_young_ones_wait() {
    let data = Data::new(Backend::Redb);
    let age = |bytes: &[u8], days: u64| {
        let hash = Sha256Hex::of(bytes);
        data.files().keep(&hash, bytes).unwrap();
        let path = data.files().path(&hash);
        let then = SystemTime::now() - Duration::from_secs(days * 24 * 60 * 60 + 60);
        File::open(&path).unwrap().set_modified(then).unwrap();
        path
    };
    let (old, young) = (age(b"old", 1), age(b"new", 0));
    age(b"original", 9);
    let (found, told) = data.check(false);
    assert_eq!((found.faults, found.orphans, found.orphan_bytes, found.removed), (0, 2, 6, 0), "{told}");
    assert!(old.exists());
    assert_eq!(data.check(true).0.removed, 1);
    assert!(!old.exists() && young.exists() && data.files().path(&data.original).exists());
    // Sent once more, it waits anew.
    age(b"again", 3);
    data.files().keep(&Sha256Hex::of(b"again"), b"again").unwrap();
    assert_eq!(data.check(true).0.removed, 0);
}

/// Nothing is taken for damage that is only somebody's writing.
#[test]
fn a_store_that_is_written_to_is_whole() {
    for backend in [Backend::Sled, Backend::Redb] {
        let data = Data::new(backend);
        let store = data.store();
        let done = std::sync::atomic::AtomicBool::new(false);
        std::thread::scope(|scope| {
            scope.spawn(|| {
                for n in 0.. {
                    let (id, number) = (format!("r-{}", n % 9), format!("文{}", n % 5));
                    store.put_over(regulation(&id, &format!("法{n}"), &number)).unwrap();
                    if done.load(std::sync::atomic::Ordering::SeqCst) {
                        break;
                    }
                }
            });
            let mut told = String::new();
            for _ in 0..20 {
                let found = check(&store, data.dir.path(), false, &mut |said| {
                    if let Said::Line(line) = said {
                        told += &line;
                    }
                    Ok(())
                });
                found.unwrap();
            }
            done.store(true, std::sync::atomic::Ordering::SeqCst);
            assert_eq!(told, "");
        });
    }
}

/// A table of names altered by one byte can make a false site an official one.
#[test]
fn an_altered_file_of_the_index_is_a_fault() {
    let data = Data::new(Backend::Redb);
    let dictionaries = Path::new(env!("CARGO_MANIFEST_DIR")).join("../dictionaries");
    let lexicon = Lexicon::new(Dictionaries::load(&dictionaries).unwrap(), Vec::new());
    let (store, index) = (data.store(), data.dir.path().join("index"));
    let upto = store.last_sequence().unwrap();
    let number = build(&index, &store.as_of(upto), &lexicon, upto, crate::clock::today(), &mut |_| {}).unwrap();
    assert_eq!(data.check(false).0.faults, 0);
    let path = generation_dir(&index, number).join("official/names.tsv");
    let bytes = fs::read(&path).unwrap();
    fs::write(&path, [&bytes[..], b"x"].concat()).unwrap();
    let (found, told) = data.check(false);
    assert_eq!(found.faults, 1, "{told}");
    assert!(told.contains("official/names.tsv") && told.contains("--rebuild"), "{told}");
}
