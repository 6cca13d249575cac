//! Panics of the embedded databases, which meet damaged files and failing disks with them, as errors.

use std::{
    cell::Cell,
    panic::{self, AssertUnwindSafe},
    sync::Once,
};

use super::StoreError;

thread_local! {
    /// Whether a panic on this thread becomes an error.
    static CAUGHT: Cell<bool> = const { Cell::new(false) };
}

/// Names of threads that sled starts begin so.
const SLED_THREADS: &str = "sled";

/// Does what a database does; its panic is reported as damage, and in the log instead of on the terminal.
pub(super) fn caught<T>(work: impl FnOnce() -> Result<T, StoreError>) -> Result<T, StoreError> {
    keep_off_the_terminal();
    let before = CAUGHT.replace(true);
    // The databases are not used for writing after a panic, and what they read is checked.
    let done = panic::catch_unwind(AssertUnwindSafe(work));
    CAUGHT.set(before);
    done.unwrap_or_else(|payload| {
        let what = payload.downcast_ref::<String>().map(String::as_str);
        let what = what.or_else(|| payload.downcast_ref::<&str>().copied()).unwrap_or("原因不明");
        Err(StoreError::Engine(format!(
            "数据文件有损坏，或磁盘读写失败（{}）。请用 guansou fsck 检查，从备份恢复",
            what.lines().next().unwrap_or_default()
        )))
    })
}

fn keep_off_the_terminal() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let others = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            let of_sled = || std::thread::current().name().is_some_and(|name| name.starts_with(SLED_THREADS));
            if CAUGHT.get() || of_sled() {
                tracing::error!(panic = %info, "the embedded database panicked");
            } else {
                others(info);
            }
        }));
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_becomes_an_error_and_others_stay_panics() {
        let error = caught::<()>(|| panic!("page {} is torn\nbacktrace", 7)).unwrap_err().to_string();
        assert!(error.contains("page 7 is torn") && error.contains("备份") && !error.contains("backtrace"), "{error}");
        assert_eq!(caught(|| Ok(1)).unwrap(), 1);
        assert!(!CAUGHT.get());
    }
}
