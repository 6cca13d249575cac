//! Moves a store from one embedded database to another.

use std::{fs, ops::ControlFlow, path::Path};

use super::{Backend, RecordStore, StoreError, audit, kv::Batch, layout::Head, open_kv};

/// Bytes written at once, as for an import.
const BATCH: usize = 8 << 20;

/// What came of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Converted {
    pub values: u64,
    pub head: Head,
}

/// Copies everything that lies in `dir` with one database to another, and proves the whole audit log there. The first
/// stays as it is; from now on it is distinguished from the second by the number of its commits.
pub fn convert(
    dir: &Path,
    from: Backend,
    to: Backend,
    progress: &mut dyn FnMut(&str, u64, Option<u64>),
) -> Result<Converted, StoreError> {
    let refused = |reason: String| Err(StoreError::Refused { id: dir.display().to_string(), reason });
    if from == to {
        return refused(format!("记录库现在就是 {to}"));
    }
    if !from.place(dir).exists() {
        return refused(format!("这里没有 {from} 的记录库"));
    }
    let place = to.place(dir);
    if place.exists() {
        return refused(format!("{} 已经存在，请先移走", place.display()));
    }
    // Proves what is copied, and brings it to the layout of today.
    let source = RecordStore::open(from, dir)?;
    let aside = dir.join("converting");
    let failed = |source| StoreError::Io { path: aside.display().to_string(), source };
    if aside.exists() {
        fs::remove_dir_all(&aside).map_err(failed)?;
    }
    let copied = copy(&source, to, &aside, progress);
    let (values, head) = copied.inspect_err(|_| drop(fs::remove_dir_all(&aside)))?;
    drop(source);
    fs::rename(to.place(&aside), &place).map_err(failed)?;
    // The note of the last commit holds for the copy as it is: it has the same log and the same number.
    fs::File::open(dir).and_then(|dir| dir.sync_all()).map_err(failed)?;
    fs::remove_dir_all(&aside).map_err(failed)?;
    Ok(Converted { values, head })
}

fn copy(
    source: &RecordStore,
    to: Backend,
    aside: &Path,
    progress: &mut dyn FnMut(&str, u64, Option<u64>),
) -> Result<(u64, Head), StoreError> {
    let (head, kv) = (source.head(), open_kv(to, aside)?);
    let (mut batch, mut size, mut values) = (Batch::default(), 0, 0);
    let mut written = Ok(());
    source.kv.scan(b"", b"", &mut |key, value| {
        size += key.len() + value.len();
        values += 1;
        batch.put(key, value);
        if size >= BATCH {
            size = 0;
            written = kv.apply(std::mem::take(&mut batch));
            progress("抄写", values, None);
        }
        if written.is_ok() { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    })?;
    written?;
    kv.apply(batch)?;
    // Opened anew, so that what is proved is what lies on the disk.
    drop(kv);
    let copy = RecordStore::over(open_kv(to, aside)?)?;
    let verified = audit::verify(&copy, &mut |n| progress("核对", n, Some(head.sequence)))?;
    if let Some(fault) = verified.faults.first() {
        return Err(StoreError::Damaged { key: "抄写出的变更日志".into(), reason: fault.clone() });
    }
    if copy.head() != head {
        return Err(StoreError::Damaged {
            key: "抄写出的变更日志".into(), reason: "末尾与原来的不同".into()
        });
    }
    Ok((values, head))
}
