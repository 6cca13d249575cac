//! What somebody without an account can send, and who is answered all the same. With `GUANSOU_FLOOD` set, as much of it as
//! an attacker has at hand (which takes a bound of 20,000 open files); without, as much as is quick.

use std::{
    net::Shutdown,
    os::unix::fs::PermissionsExt,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

use super::*;

/// Longest that the 99th of a hundred honest requests may take beside the flood, where that is measured.
const P99: Duration = Duration::from_millis(200);

fn whole() -> bool {
    std::env::var_os("GUANSOU_FLOOD").is_some()
}

/// This process plays all attackers together.
fn open_many_files() -> usize {
    let Rlimit { maximum, .. } = getrlimit(Resource::Nofile);
    let most = maximum.unwrap_or(65_536).min(65_536);
    setrlimit(Resource::Nofile, Rlimit { current: Some(most), maximum }).unwrap();
    usize::try_from(most).unwrap()
}

/// What is held against the service, and goes on until it is dropped.
struct Flood {
    stop: Arc<AtomicBool>,
    threads: Vec<thread::JoinHandle<()>>,
}

impl Flood {
    fn new() -> Self {
        Self { stop: Arc::default(), threads: Vec::new() }
    }

    /// So many connections that begin with `first` and go on with `then`, a connection after the other, `every` so often.
    /// Those that are closed come again.
    fn with(mut self, address: &str, many: usize, (first, then): (&str, &str), every: Duration) -> Self {
        let (address, stop) = (address.to_owned(), self.stop.clone());
        let (first, then) = (first.to_owned(), then.to_owned());
        let mut open: Vec<Option<TcpStream>> = (0..many).map(|_| connect(&address, &first)).collect();
        self.threads.push(thread::spawn(move || {
            while !stop.load(Ordering::Relaxed) {
                let begun = Instant::now();
                for stream in &mut open {
                    let alive = stream.as_mut().is_some_and(|s| is_open(s) && s.write_all(then.as_bytes()).is_ok());
                    if !alive {
                        *stream = connect(&address, &first);
                    }
                }
                while begun.elapsed() < every && !stop.load(Ordering::Relaxed) {
                    thread::sleep(Duration::from_millis(20));
                }
            }
        }));
        self
    }
}

impl Drop for Flood {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        for thread in self.threads.drain(..) {
            thread.join().unwrap();
        }
    }
}

fn connect(address: &str, first: &str) -> Option<TcpStream> {
    let mut stream = TcpStream::connect(address).ok()?;
    stream.write_all(first.as_bytes()).ok()?;
    stream.set_nonblocking(true).ok()?;
    Some(stream)
}

/// Whether the other end has not closed it; what it says is read and forgotten.
fn is_open(stream: &mut TcpStream) -> bool {
    match stream.read(&mut [0; 512]) {
        Ok(n) => n > 0,
        Err(error) => error.kind() == std::io::ErrorKind::WouldBlock,
    }
}

/// Asks one after the other, each on a connection of its own: every request must be answered well. Told with the times.
fn ask_honestly(running: &Running, beside: &str, rounds: usize) {
    let asked = ["/", ZUNYI, "/healthz", "/readyz", "/institutions/520300-gov"];
    let mut took: Vec<Duration> = Vec::new();
    for n in 0..rounds {
        let address = asked[n % asked.len()];
        // What is not kept: every search is made.
        let address = if address == ZUNYI { format!("{ZUNYI}&page={}", n % 90 + 1) } else { address.to_owned() };
        let begun = Instant::now();
        let (status, text) = running.get(&address).unwrap_or_else(|| panic!("{address} beside {beside}: no answer"));
        took.push(begun.elapsed());
        assert_eq!(status, 200, "{address} beside {beside}: {text}");
        // Over a time in which the flood comes and goes.
        thread::sleep(Duration::from_millis(if whole() { 10 } else { 2 }));
    }
    took.sort_unstable();
    let at = |part: usize| took[(took.len() * part / 100).min(took.len() - 1)];
    let (p50, p99, last) = (at(50), at(99), at(100));
    println!("{rounds} honest requests beside {beside}: p50 {p50:.1?}, p99 {p99:.1?}, slowest {last:.1?}");
    assert!(!whole() || p99 <= P99, "beside {beside}: p99 {p99:?}");
}

const HALF_POST: &str =
    "POST /api/v1/match HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 9000\r\n\r\n{";
const HALF_HEAD: &str = "GET / HTTP/1.1\r\n";
const ONE_MORE: &str = "x: y\r\n";

#[test]
fn honest_requests_are_answered_beside_a_flood() {
    let descriptors = open_many_files();
    let place = Place::new();
    // On all addresses, so that the attackers use up the ports of other pairs than the honest need.
    let running = place.serve_on("0.0.0.0", "exec \"$0\" \"$@\"");
    let there = running.address.replace("127.0.0.1", "127.0.0.2");
    let (posts, heads, idle, rounds) = if whole() { (300, 500, 10_000, 1_000) } else { (300, 100, 500, 50) };
    assert!(descriptors > posts + heads + idle + 100, "{descriptors} open files are too few for this");
    ask_honestly(&running, "nothing", rounds);
    let every = Duration::from_secs(1);
    let flood = Flood::new().with(&there, posts, (HALF_POST, ""), every);
    ask_honestly(&running, &format!("{posts} half-sent posts"), rounds);
    drop(flood);
    let flood = Flood::new().with(&there, posts, (HALF_POST, " "), every);
    ask_honestly(&running, &format!("{posts} dribbling posts"), rounds);
    drop(flood);
    let flood = Flood::new().with(&there, heads, (HALF_HEAD, ONE_MORE), every);
    ask_honestly(&running, &format!("{heads} dribbling heads"), rounds);
    drop(flood);
    let flood = Flood::new().with(&there, idle, ("", ""), every);
    ask_honestly(&running, &format!("{idle} idle connections"), rounds);
    drop(flood);
    let flood = Flood::new()
        .with(&there, posts, (HALF_POST, " "), every)
        .with(&there, heads, (HALF_HEAD, ONE_MORE), every)
        .with(&there, idle, ("", ""), every);
    ask_honestly(&running, "all of these", rounds);
    drop(flood);
    running.stop();
}

/// With the bound that most systems begin with, and no higher one to be had.
#[test]
fn as_many_connections_as_there_are_descriptors_leave_room_for_the_store() {
    open_many_files();
    let place = Place::new();
    let mut running = place.serve_on("127.0.0.1", "ulimit -n 1024 && exec \"$0\" \"$@\"");
    let flood = Flood::new().with(&running.address, 1_010, ("", ""), Duration::from_secs(1));
    ask_honestly(&running, "1,010 idle connections with 1,024 descriptors", 50);
    let form = "about=520300-gov&matter=website&says=%E7%BD%91%E5%9D%80%E6%89%93%E4%B8%8D%E5%BC%80";
    for n in 0..10 {
        let (status, told) = running.post("/corrections", form).expect("an answer");
        assert_eq!(status, 303, "{n}: {told}");
    }
    drop(flood);
    // As an outage would: what was acknowledged is there.
    running.child.kill().unwrap();
    running.child.wait().unwrap();
    let out = place.run(&["fsck"]);
    assert!(out.status.success(), "{}{}", text(&out.stdout), text(&out.stderr));
    let log = text(&place.run(&["audit", "export"]).stdout);
    let of_readers = || log.lines().filter(|line| line.contains("\"reader\""));
    // Each comes with the task of whoever is to answer it.
    let tasks = of_readers().filter(|line| line.contains("\"t-")).count();
    let suggestions = of_readers().count() - tasks;
    assert_eq!((suggestions, tasks), (10, 10), "every suggestion that was acknowledged is in the log");
}

/// Seconds of processor time that a process has taken.
#[cfg(target_os = "linux")]
fn worked(process: u32) -> f64 {
    let stat = fs::read_to_string(format!("/proc/{process}/stat")).unwrap();
    // After the name in brackets: the 12th and 13th, in hundredths (proc_pid_stat(5)).
    let times = stat.rsplit(')').next().unwrap().split_whitespace().skip(11).take(2);
    times.map(|ticks| ticks.parse::<f64>().unwrap() / 100.0).sum()
}

#[cfg(target_os = "linux")]
#[test]
fn a_want_of_descriptors_is_waited_out() {
    use rustix::process::{Pid, prlimit};

    let place = Place::new();
    let running = place.serve();
    let process = running.child.id();
    let pid = Pid::from_raw(i32::try_from(process).unwrap());
    // When those who asked whether it is ready have gone. From now on no file can be opened.
    thread::sleep(Duration::from_secs(1));
    let used: Vec<u64> = fs::read_dir(format!("/proc/{process}/fd"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().to_str().unwrap().parse().unwrap())
        .collect();
    let free = (0..).find(|n| !used.contains(n));
    let before = getrlimit(Resource::Nofile);
    prlimit(pid, Resource::Nofile, Rlimit { current: free, ..before }).unwrap();
    let mut waiting = TcpStream::connect(&running.address).unwrap();
    waiting.write_all(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n").unwrap();
    waiting.set_read_timeout(Some(Duration::from_secs(1))).unwrap();
    let took = worked(process);
    assert!(waiting.read(&mut [0; 512]).is_err(), "it could not be taken");
    let took = worked(process) - took;
    assert!(took < 0.5, "the service spins: {took} s of a second");
    prlimit(pid, Resource::Nofile, before).unwrap();
    waiting.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    let mut answer = [0; 512];
    let n = waiting.read(&mut answer).expect("it is answered when there are descriptors again");
    assert!(text(&answer[..n]).starts_with("HTTP/1.1 200"));
    running.stop();
}

#[test]
fn a_proxy_tells_whom_it_asks_for_and_nobody_else_does() {
    let place = Place::new();
    let form = "about=520300-gov&matter=website&says=%E7%BD%91%E5%9D%80%E6%89%93%E4%B8%8D%E5%BC%80";
    let sent = |running: &Running, from: &str| running.post_with("/corrections", form, from).expect("an answer").0;
    // By default a proxy on this machine is believed: one who writes much closes the channel for himself.
    let running = place.serve();
    let taken = (0..118).filter(|_| sent(&running, "X-Forwarded-For: 203.0.113.1\r\n") == 303).count();
    assert!((1..118).contains(&taken), "{taken}");
    assert_eq!(sent(&running, "X-Forwarded-For: 203.0.113.1, 203.0.113.2\r\n"), 303);
    assert_eq!(sent(&running, "X-Forwarded-For: 203.0.113.2, 203.0.113.1\r\n"), 429);
    running.stop();
    // Where nobody is, whatever is written in the header is one source.
    fs::write(place.path("guansou.toml"), "trusted_proxies = \"\"\n").unwrap();
    let running = place.serve();
    let taken = (0..118).filter(|n| sent(&running, &format!("X-Forwarded-For: 203.0.113.{n}\r\n")) == 303).count();
    assert!((1..118).contains(&taken), "{taken}");
    running.stop();
}

/// Rights of all that is below a path, the path itself included.
fn rights(path: &Path, found: &mut Vec<(PathBuf, u32)>) {
    let meta = fs::symlink_metadata(path).unwrap();
    found.push((path.to_owned(), meta.permissions().mode() & 0o777));
    if meta.is_dir() {
        for entry in fs::read_dir(path).unwrap().flatten() {
            rights(&entry.path(), found);
        }
    }
}

fn open_to_others(data: &Path) -> Vec<(PathBuf, u32)> {
    let mut found = Vec::new();
    rights(data, &mut found);
    assert!(found.len() > 5, "{found:?}");
    found.retain(|(_, mode)| mode & 0o077 != 0);
    found
}

#[test]
fn the_data_directory_is_its_owners_alone() {
    let place = Place::new();
    let data = place.path("data");
    fs::write(place.path("通知.txt"), "关于公园的通知\n遵府办发〔2024〕3号\n\n第一条 公园免费开放。\n\n2024年4月2日\n")
        .unwrap();
    assert!(place.run(&["import", "document", "通知.txt", "--level", "其他", "--accept"]).status.success());
    let running = place.serve();
    assert!(data.join("files").exists() && data.join("control.sock").exists());
    assert_eq!(open_to_others(&data), []);
    let out = place.run(&["backup", "--to", "备份.tar.gz"]);
    assert!(out.status.success(), "{}", text(&out.stderr));
    running.stop();
    assert_eq!(fs::metadata(place.path("备份.tar.gz")).unwrap().permissions().mode() & 0o777, 0o600);
    assert!(place.run(&["--data", "data-2", "restore", "备份.tar.gz"]).status.success());
    assert_eq!(open_to_others(&place.path("data-2")), []);
    // As an earlier version left it: closed at the start, which says so.
    let mut all = Vec::new();
    rights(&data, &mut all);
    for (path, mode) in &all {
        fs::set_permissions(path, fs::Permissions::from_mode(mode | (mode & 0o700) >> 3 | (mode & 0o500) >> 6))
            .unwrap();
    }
    assert_eq!(open_to_others(&data).len(), all.len());
    let mut child = place.command(&["serve", "--listen", "127.0.0.1:0"]).stderr(Stdio::piped()).spawn().unwrap();
    let mut told = String::new();
    let mut stderr = std::io::BufReader::new(child.stderr.take().unwrap());
    while !told.contains("官搜已就绪") {
        assert!(std::io::BufRead::read_line(&mut stderr, &mut told).unwrap() > 0, "{told}");
    }
    assert!(told.contains("已收紧为仅本人可读写"), "{told}");
    assert_eq!(open_to_others(&data), []);
    Running { child, address: String::new() }.stop();
}

/// A stop while many hold on does not wait for them.
#[test]
fn a_stop_waits_for_nobody_who_only_holds_on() {
    let place = Place::new();
    let running = place.serve();
    let held: Vec<_> =
        ["", HALF_HEAD, HALF_POST, ""].iter().filter_map(|first| connect(&running.address, first)).collect();
    thread::sleep(Duration::from_millis(200));
    let begun = Instant::now();
    running.stop();
    assert!(begun.elapsed() < Duration::from_secs(8), "{:?}", begun.elapsed());
    held.iter().for_each(|stream| drop(stream.shutdown(Shutdown::Both)));
}
