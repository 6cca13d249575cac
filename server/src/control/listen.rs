//! The service's end.

use std::{
    fs::{self, Permissions},
    io::{self, BufRead, BufReader, BufWriter, Read, Write},
    os::unix::{
        fs::PermissionsExt,
        net::{UnixListener, UnixStream},
    },
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread::{self, JoinHandle},
    time::{Duration, Instant},
};

use serde::{Serialize, de::DeserializeOwned};

use super::{Answer, MAX_AT_ONCE, MAX_REQUEST, PATIENCE, SOCKET, address};
use crate::report::{Report, Said};

/// How often it is looked whether somebody has connected, or the service stops.
const LOOK_EVERY: Duration = Duration::from_millis(50);
/// Time between two words on how far a stage is: more often nobody can read it.
const PROGRESS_EVERY: Duration = Duration::from_millis(200);

/// Listens until it is dropped; then what is under way is told to end, and the socket is removed.
pub struct Listening {
    path: PathBuf,
    stop: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Drop for Listening {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
        let _ = fs::remove_file(&self.path);
    }
}

/// Listens in a data directory, in place of whatever socket an earlier service left there: the store's lock, which the
/// caller has, proves that it runs no more. `work` does what a request asks.
pub fn listen<T, W>(data: &Path, work: W) -> io::Result<Listening>
where
    T: DeserializeOwned,
    W: Fn(T, &mut Report<'_>) -> Result<(), String> + Send + Sync + 'static,
{
    let path = data.join(SOCKET);
    let listener = bind(data, &path)?;
    let stop = Arc::new(AtomicBool::new(false));
    let stopped = stop.clone();
    let thread =
        thread::Builder::new().name("control".into()).spawn(move || accept(&listener, &stopped, &Arc::new(work)))?;
    Ok(Listening { path, stop, thread: Some(thread) })
}

/// Made in a folder that only its owner may enter and moved from there, so that at no moment others can open it.
fn bind(data: &Path, path: &Path) -> io::Result<UnixListener> {
    let aside = tempfile::Builder::new().prefix(".control-").tempdir_in(data)?;
    let (made, _handle) = address(aside.path(), SOCKET)?;
    let listener = UnixListener::bind(made)?;
    let made = aside.path().join(SOCKET);
    fs::set_permissions(&made, Permissions::from_mode(0o600))?;
    fs::rename(&made, path)?;
    listener.set_nonblocking(true)?;
    Ok(listener)
}

fn accept<T, W>(listener: &UnixListener, stop: &Arc<AtomicBool>, work: &Arc<W>)
where
    T: DeserializeOwned,
    W: Fn(T, &mut Report<'_>) -> Result<(), String> + Send + Sync + 'static,
{
    let mut busy: Vec<JoinHandle<()>> = Vec::new();
    while !stop.load(Ordering::Relaxed) {
        busy.retain(|thread| !thread.is_finished());
        let Ok((stream, _)) = listener.accept() else {
            thread::sleep(LOOK_EVERY);
            continue;
        };
        if busy.len() >= MAX_AT_ONCE {
            let told = format!("已有 {MAX_AT_ONCE} 个命令在进行，请稍后再试");
            let _ = stream.set_write_timeout(Some(PATIENCE)).and_then(|()| send(&stream, &Answer::Failed(told)));
            continue;
        }
        let (stop, work) = (stop.clone(), work.clone());
        let served = thread::Builder::new().name("control-work".into()).spawn(move || {
            if let Err(error) = serve(&stream, &stop, &*work) {
                tracing::info!("控制连接中断：{error}");
            }
        });
        busy.extend(served);
    }
    // What is under way ends at its next word. One that is long without a word must not hold up the stop: the store is
    // right whenever it is left.
    let until = Instant::now() + PATIENCE;
    while busy.iter().any(|thread| !thread.is_finished()) && Instant::now() < until {
        thread::sleep(LOOK_EVERY);
    }
}

fn serve<T, W>(stream: &UnixStream, stop: &AtomicBool, work: &W) -> io::Result<()>
where
    T: DeserializeOwned,
    W: Fn(T, &mut Report<'_>) -> Result<(), String>,
{
    stream.set_nonblocking(false)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.set_write_timeout(Some(PATIENCE))?;
    let mut line = Vec::new();
    BufReader::new(stream.take(MAX_REQUEST + 1)).read_until(b'\n', &mut line)?;
    let answer = if line.len() as u64 > MAX_REQUEST {
        Answer::Failed(format!("请求超过 {} KiB", MAX_REQUEST >> 10))
    } else {
        match serde_json::from_slice::<T>(&line) {
            // The other end is another version's.
            Err(error) => Answer::Failed(format!("正在运行的服务不认识这个请求（{error}）：两边的版本可能不同")),
            Ok(request) => do_it(stream, stop, work, request)?,
        }
    };
    send(stream, &answer)
}

fn do_it<T, W>(stream: &UnixStream, stop: &AtomicBool, work: &W, request: T) -> io::Result<Answer>
where
    W: Fn(T, &mut Report<'_>) -> Result<(), String>,
{
    let mut out = BufWriter::new(stream);
    let mut told: Option<(String, Instant)> = None;
    let result = work(request, &mut |said: Said| {
        if stop.load(Ordering::Relaxed) {
            return Err(io::Error::other("服务正在停止"));
        }
        if let Said::Progress { stage, done, total } = &said {
            let fresh = told.as_ref().is_some_and(|(last, at)| last == stage && at.elapsed() < PROGRESS_EVERY);
            if fresh && Some(*done) != *total {
                return Ok(());
            }
            told = Some((stage.clone(), Instant::now()));
            send(&mut out, &Answer::Said(said))?;
            // Also how it is noticed that the other end has gone.
            return out.flush();
        }
        send(&mut out, &Answer::Said(said))
    });
    out.flush()?;
    Ok(result.map_or_else(Answer::Failed, |()| Answer::Done))
}

fn send(mut to: impl Write, answer: &impl Serialize) -> io::Result<()> {
    let mut line = serde_json::to_vec(answer)?;
    line.push(b'\n');
    to.write_all(&line)
}
