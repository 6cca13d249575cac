//! A process that is killed has lost nothing that it acknowledged.

use std::{
    io::{BufRead, BufReader},
    process::{Command, Stdio},
};

use super::{regulation, stored};
use crate::{Backend, RecordStore};

for_each_backend! {
    nothing_acknowledged_is_lost,
}

/// Set for the child process of the kill test: where to write, and with what.
const CHILD_DIR: &str = "GUANSOU_TEST_STORE_CHILD";

const CHILD_BACKEND: &str = "GUANSOU_TEST_STORE_BACKEND";

/// The child: writes until it is killed, naming each record once it was acknowledged.
#[test]
#[ignore = "started by the tests that watch it"]
fn kill_test_child() {
    let (Ok(dir), Ok(backend)) = (std::env::var(CHILD_DIR), std::env::var(CHILD_BACKEND)) else { return };
    let backend = if backend == "sled" { Backend::Sled } else { Backend::Redb };
    let store = RecordStore::open(backend, dir.as_ref()).unwrap();
    let start = store.count().unwrap();
    for n in start.. {
        store.put_over(regulation(&format!("k{n}"), &["甲".repeat(3_000), n.to_string()])).unwrap();
        println!("\nacknowledged {n}");
    }
}

fn nothing_acknowledged_is_lost(backend: Backend) {
    let dir = tempfile::tempdir().unwrap();
    let mut acknowledged = 0;
    for round in 0..6u64 {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "tests::killed::kill_test_child", "--ignored", "--nocapture"])
            .env(CHILD_DIR, dir.path())
            .env(CHILD_BACKEND, if backend == Backend::Sled { "sled" } else { "redb" })
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        // A different moment each round, by the number of writes and not by the clock.
        let mut heard = 0;
        while heard < 3 + round {
            let line = lines.next().unwrap_or_else(|| panic!("round {round}: the child ended before it was killed"));
            if let Some(n) = line.unwrap().strip_prefix("acknowledged ") {
                acknowledged = n.parse::<u64>().unwrap() + 1;
                heard += 1;
            }
        }
        child.kill().unwrap();
        child.wait().unwrap();
    }
    let store = RecordStore::open(backend, dir.path()).unwrap();
    for n in 0..acknowledged {
        let want = regulation(&format!("k{n}"), &["甲".repeat(3_000), n.to_string()]);
        assert_eq!(store.get(&format!("k{n}")).unwrap(), Some(stored(want, 1)), "k{n} was acknowledged");
    }
}
