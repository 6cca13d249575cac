use std::{
    io::{BufRead, BufReader, Read, Write},
    os::unix::{fs::PermissionsExt, net::UnixStream},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use super::*;
use crate::report::Report;

fn echo(request: String, tell: &mut Report<'_>) -> Result<(), String> {
    tell(Said::Line(request.clone())).map_err(|e| e.to_string())?;
    if request == "no" { Err("不行".into()) } else { Ok(()) }
}

fn ask(data: &Path, request: &str) -> (Vec<Said>, Result<(), String>) {
    let mut said = Vec::new();
    let done = connect(data).expect("somebody listens").ask(&request, &mut |s| {
        said.push(s);
        Ok(())
    });
    (said, done.unwrap())
}

#[test]
fn requests_are_answered_and_errors_come_through() {
    let dir = tempfile::tempdir().unwrap();
    assert!(connect(dir.path()).is_none());
    let listening = listen(dir.path(), echo).unwrap();
    let socket = dir.path().join(SOCKET);
    assert_eq!(socket.metadata().unwrap().permissions().mode() & 0o777, 0o600);
    assert_eq!(ask(dir.path(), "甲"), (vec![Said::Line("甲".into())], Ok(())));
    assert_eq!(ask(dir.path(), "no").1, Err("不行".into()));
    // A killed service leaves its socket; the next one takes its place.
    let next = listen(dir.path(), echo).unwrap();
    assert_eq!(ask(dir.path(), "乙").1, Ok(()));
    drop(next);
    assert!(!socket.exists() && connect(dir.path()).is_none(), "removed at the stop");
    drop(listening);
    assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 0, "nothing stays behind");
}

#[test]
fn a_long_path_is_no_hindrance() {
    let dir = tempfile::tempdir().unwrap();
    let long = dir.path().join("很长的目录名".repeat(8)).join("还有一层".repeat(8));
    std::fs::create_dir_all(&long).unwrap();
    let _listening = listen(&long, echo).unwrap();
    assert_eq!(ask(&long, "甲").1, Ok(()));
}

#[test]
fn what_is_no_request_is_told_in_chinese_and_bounded() {
    let dir = tempfile::tempdir().unwrap();
    let _listening = listen(dir.path(), echo).unwrap();
    for (sent, told) in [("{}\n".to_owned(), "不认识"), ("x".repeat(70_000), "超过 64 KiB")] {
        let mut stream = UnixStream::connect(dir.path().join(SOCKET)).unwrap();
        let _ = stream.write_all(sent.as_bytes());
        let mut answer = String::new();
        let _ = BufReader::new(&mut stream).read_line(&mut answer);
        assert!(answer.contains(told), "{answer}");
    }
}

#[test]
fn a_fifth_waits_its_turn_and_a_stop_ends_the_work() {
    let dir = tempfile::tempdir().unwrap();
    let ended = Arc::new(AtomicBool::new(false));
    let seen = ended.clone();
    let listening = listen(dir.path(), move |_: String, tell: &mut Report<'_>| {
        loop {
            if let Err(error) = tell(Said::Note("…".into())) {
                seen.store(true, Ordering::SeqCst);
                return Err(error.to_string());
            }
            thread::sleep(Duration::from_millis(5));
        }
    })
    .unwrap();
    let mut open: Vec<UnixStream> = Vec::new();
    for _ in 0..MAX_AT_ONCE {
        let mut stream = UnixStream::connect(dir.path().join(SOCKET)).unwrap();
        stream.write_all(b"\"x\"\n").unwrap();
        open.push(stream);
    }
    let (_, fifth) = ask(dir.path(), "x");
    assert!(fifth.unwrap_err().contains("请稍后再试"));
    let started = Instant::now();
    drop(listening);
    assert!(ended.load(Ordering::SeqCst) && started.elapsed() < PATIENCE, "it waited for nobody who goes on");
    let mut rest = String::new();
    open[0].read_to_string(&mut rest).unwrap();
    assert!(rest.contains("服务正在停止"), "{rest}");
}
