//! An open-loop load over loopback: requests leave at a rate, whether answers come or not, and what is late counts from
//! when it should have left. `oha` sends them; it is no part of the build (`cargo install oha --locked`).
//!
//! The generator shares the machine with the service: what it takes is missing there.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
    sync::atomic::{AtomicBool, Ordering},
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, ensure};
use indexer::index::Generation;

use crate::{
    load::{self, Client, search_path},
    open, percentiles,
    process::{self, Running, Start},
    query_log::{self, QueryLog},
    row,
};

/// Connections of the generator: more than requests are ever under way at 450 answers a second and 200 ms each.
const CONNECTIONS: usize = 256;
/// Rates for searches that are made anew, in requests a second; two cores make some 450 answers.
const UNCACHED_RATES: [u32; 7] = [50, 100, 200, 300, 400, 500, 600];
/// Rates for answers that are kept.
const CACHED_RATES: [u32; 5] = [1_000, 2_000, 5_000, 10_000, 20_000];
/// How long each rate is held.
const STEP: Duration = Duration::from_secs(5);
const OVERLOAD: Duration = Duration::from_secs(12);
/// As many times what it can do.
const OVERLOAD_FACTOR: f64 = 3.0;
/// Share of what it can do, for what is measured beside other work.
const STEADY_SHARE: f64 = 0.4;
/// Asked one at a time for this long after an overload, to see when it is as before.
const RECOVERY: Duration = Duration::from_secs(5);
/// A single search on an idle machine that takes longer is not normal: five times the p99.
const NORMAL: Duration = Duration::from_millis(100);
/// Every search is made anew.
const NO_CACHE: &str = "0";
/// Room for the answers to the whole log, in MiB: the usual 64 hold two thirds of them.
const ROOMY_CACHE: &str = "256";
/// The dictionaries are read again every ten seconds, a rebuild takes twenty beside a load.
const SWAP: Duration = Duration::from_secs(50);

/// Everything about load, over the index in `data`, which is copied: nothing there is changed.
pub fn measure(binary: &Path, data: &Path) -> Result<()> {
    let Some(oha) = oha() else {
        row("open-loop load", "not run: cargo install oha");
        return Ok(());
    };
    let dir = tempfile::tempdir()?;
    let load = Load { oha, binary, data, dir: dir.path(), log: QueryLog::of(&open(data)?)? };
    let (asked, different) = (load.log.asked.len(), load.log.distinct().len());
    row("query log", &format!("{asked} queries, {different} different, seed {}", query_log::SEED));
    let saturation = load.uncached()?;
    load.overload(saturation)?;
    load.swap(saturation)?;
    load.beside_an_import(saturation)?;
    load.cached()
}

/// The generator, where it is installed.
fn oha() -> Option<PathBuf> {
    let oha = PathBuf::from(std::env::var_os("OHA").unwrap_or_else(|| "oha".into()));
    Command::new(&oha).arg("--version").output().is_ok_and(|o| o.status.success()).then_some(oha)
}

struct Load<'a> {
    oha: PathBuf,
    binary: &'a Path,
    data: &'a Path,
    dir: &'a Path,
    log: QueryLog,
}

impl Load<'_> {
    /// Rising rates of searches that are all made anew; the most answers a second.
    fn uncached(&self) -> Result<f64> {
        let service = self.start(NO_CACHE, self.data, Path::new("dictionaries"))?;
        let mut most = 0.0f64;
        for rate in UNCACHED_RATES {
            let mut round = self.send(&service.address, Some(rate), STEP)?;
            most = most.max(round.accepted_a_second());
            row(&format!("open loop, uncached, {rate}/s"), &round.told());
        }
        row("most searches a second, uncached", &format!("{most:.0}"));
        row("resident after the rising rates", &format!("{} MiB", service.resident_mib()?));
        Ok(most)
    }

    /// Three times what can be done, with somebody looking at the health of the service meanwhile and a single reader
    /// asking afterwards.
    fn overload(&self, saturation: f64) -> Result<()> {
        let service = self.start(NO_CACHE, self.data, Path::new("dictionaries"))?;
        let mut warm = self.send(&service.address, Some((saturation * STEADY_SHARE) as u32), STEP)?;
        row("before the overload, four tenths of it", &warm.told());
        let before = service.resident_mib()?;
        let rate = (saturation * OVERLOAD_FACTOR) as u32;
        let (stop, address) = (AtomicBool::new(false), service.address.as_str());
        let (round, health) = thread::scope(|scope| {
            let health = scope.spawn(|| health(address, &stop));
            let round = self.send(address, Some(rate), OVERLOAD);
            stop.store(true, Ordering::Relaxed);
            (round, health.join())
        });
        let ended = Instant::now();
        row(&format!("overload, {rate}/s for {} s", OVERLOAD.as_secs()), &round?.told());
        let mut health = health.map_err(|_| anyhow::anyhow!("the look at the health panicked"))?;
        row("health during the overload", &health.told());
        row("normal again after the overload", &self.recovery(address, ended)?);
        let (after, peak) = (service.resident_mib()?, service.peak_mib()?);
        row("resident before and after the overload, peak", &format!("{before}, {after}, {peak} MiB"));
        Ok(())
    }

    /// Asks one at a time until the end of the window: the last answer that was refused or late ends the disturbance.
    fn recovery(&self, address: &str, ended: Instant) -> Result<String> {
        let mut client = Client::connect(address)?;
        let (mut disturbed, mut times) = (Duration::ZERO, Vec::new());
        for (_, query) in self.log.asked.iter().rev() {
            let asked = Instant::now();
            let answered = client.get(&search_path(query)).is_ok();
            let took = asked.elapsed();
            if !answered || took > NORMAL {
                disturbed = ended.elapsed();
            }
            times.push(took);
            if ended.elapsed() > RECOVERY {
                break;
            }
        }
        let (asked, all) = (times.len(), percentiles(&mut times));
        Ok(format!("{:.2} s; {asked} searches one after another since: {all}", disturbed.as_secs_f64()))
    }

    /// A new generation is built in the serving process and takes the place of the old one under load.
    fn swap(&self, saturation: f64) -> Result<()> {
        let (data, dictionaries) = (self.dir.join("data"), self.dir.join("dictionaries"));
        copy(self.data, &data)?;
        copy(Path::new("dictionaries"), &dictionaries)?;
        let service = self.start(NO_CACHE, &data, &dictionaries)?;
        let rate = (saturation * STEADY_SHARE) as u32;
        let before = generation(&service.address)?;
        // A comment changes nothing but the fingerprint.
        let edited = dictionaries.join("words.txt");
        fs::write(&edited, format!("# changed\n{}", fs::read_to_string(&edited)?))?;
        let started = Instant::now();
        let address = service.address.as_str();
        let (round, swapped) = thread::scope(|scope| {
            let watch = scope.spawn(|| {
                while started.elapsed() < SWAP {
                    if generation(address).is_ok_and(|now| now > before) {
                        return Some(started.elapsed());
                    }
                    thread::sleep(Duration::from_millis(50));
                }
                None
            });
            (self.send(address, Some(rate), SWAP), watch.join())
        });
        let swapped = swapped.ok().flatten().map_or("not within the time".into(), |after| format!("{after:.1?}"));
        let told = round?.told();
        row(&format!("index rebuilt and swapped at {rate}/s"), &format!("new generation after {swapped}; {told}"));
        row("peak of memory with the rebuild", &format!("{} MiB", service.peak_mib()?));
        Ok(())
    }

    /// The store has one owner, so that nothing can be imported into a served one: the import works on data of its own and
    /// contends for the processor and the disk.
    fn beside_an_import(&self, saturation: f64) -> Result<()> {
        let service = self.start(NO_CACHE, self.data, Path::new("dictionaries"))?;
        let rate = (saturation * STEADY_SHARE) as u32;
        let other = self.dir.join("imported");
        let mut args = vec!["--data".to_owned(), other.display().to_string()];
        let laws = Path::new("../shared/corpus/laws.tar.gz");
        if laws.exists() {
            args.extend(["import".into(), "laws".into(), laws.display().to_string()]);
        } else {
            args.push("index".into());
        }
        // Packages fetched already are not fetched again.
        if self.data.join("packages").exists() {
            copy(&self.data.join("packages"), &other.join("packages"))?;
        }
        let (import, mut rounds) = thread::scope(|scope| -> Result<_> {
            let import = scope.spawn(|| process::run(self.binary, &args));
            let mut rounds = Round::default();
            while !import.is_finished() {
                rounds.join(self.send(&service.address, Some(rate), STEP)?);
            }
            Ok((import.join(), rounds))
        })?;
        let import = import.map_err(|_| anyhow::anyhow!("the import panicked"))??;
        let took = format!("import took {:.0} s; {}", import.seconds, rounds.told());
        row(&format!("an import beside, into other data, at {rate}/s"), &took);
        Ok(())
    }

    /// The log against a warm cache, at rising rates and as fast as the generator can; a bare handler as the limit.
    fn cached(&self) -> Result<()> {
        let service = self.start(ROOMY_CACHE, self.data, Path::new("dictionaries"))?;
        let mut client = Client::connect(&service.address)?;
        for (_, query) in self.log.distinct() {
            client.get(&search_path(query))?;
        }
        for rate in CACHED_RATES {
            let mut round = self.send(&service.address, Some(rate), STEP)?;
            row(&format!("open loop, warm log, {rate}/s"), &round.told());
        }
        let mut most = self.send(&service.address, None, STEP)?;
        row("warm log, as fast as the generator can", &most.told());
        row("resident after it", &format!("{} MiB", service.resident_mib()?));
        let body = client.get(&search_path(&self.log.asked[0].1))?;
        let bare = load::bare_handler(body)?;
        let mut round = self.round(&[format!("http://{bare}/")], None, STEP)?;
        row("bare axum handler, as fast as the generator can", &round.told());
        Ok(())
    }

    fn start(&self, cache_mb: &str, data: &Path, dictionaries: &Path) -> Result<Running> {
        Start { variables: &[("GUANSOU_CACHE_MB", cache_mb)], dictionaries }.run(self.binary, data)
    }

    /// The log against a service.
    fn send(&self, address: &str, rate: Option<u32>, time: Duration) -> Result<Round> {
        let urls: Vec<String> =
            self.log.asked.iter().map(|(_, query)| format!("http://{address}{}", search_path(query))).collect();
        self.round(&urls, rate, time)
    }

    /// Addresses drawn by the generator, each as often as it stands in the list (its draw has no seed).
    fn round(&self, urls: &[String], rate: Option<u32>, time: Duration) -> Result<Round> {
        let list = self.dir.join("urls.txt");
        fs::write(&list, urls.join("\n"))?;
        let mut command = Command::new(&self.oha);
        command.args(["--no-tui", "--output-format", "csv", "--urls-from-file", "-c", &CONNECTIONS.to_string()]);
        command.args(["-z", &format!("{}s", time.as_secs())]);
        if let Some(rate) = rate {
            command.args(["-q", &rate.to_string(), "--latency-correction"]);
        }
        let output = command.arg(&list).output()?;
        ensure!(output.status.success(), "oha failed: {}", String::from_utf8_lossy(&output.stderr));
        Round::read(&String::from_utf8_lossy(&output.stdout), time)
    }
}

/// What came of a load.
#[derive(Default)]
struct Round {
    time: Duration,
    accepted: Vec<Duration>,
    refused: Vec<Duration>,
    /// Answers that were neither.
    other: usize,
}

impl Round {
    /// One line an answer, after a head that names the columns.
    fn read(csv: &str, time: Duration) -> Result<Self> {
        let mut lines = csv.lines();
        let names: Vec<&str> = lines.next().unwrap_or_default().split(',').collect();
        let column = |name: &str| names.iter().position(|n| *n == name).with_context(|| format!("no column {name}"));
        let (took, status) = (column("request-duration")?, column("status")?);
        let mut round = Self { time, ..Self::default() };
        for line in lines {
            let cells: Vec<&str> = line.split(',').collect();
            let (Some(took), Some(status)) = (cells.get(took), cells.get(status)) else { continue };
            let took = Duration::from_secs_f64(took.parse()?);
            match *status {
                "200" => round.accepted.push(took),
                "503" => round.refused.push(took),
                _ => round.other += 1,
            }
        }
        Ok(round)
    }

    fn join(&mut self, other: Self) {
        self.time += other.time;
        self.accepted.extend(other.accepted);
        self.refused.extend(other.refused);
        self.other += other.other;
    }

    fn accepted_a_second(&self) -> f64 {
        self.accepted.len() as f64 / self.time.as_secs_f64()
    }

    fn told(&mut self) -> String {
        let answered = |times: &mut Vec<Duration>| match times.as_slice() {
            [] => String::new(),
            _ => format!(" ({})", percentiles(times)),
        };
        let a_second = self.accepted_a_second();
        let refused = self.refused.len();
        let (accepted, refusals) = (answered(&mut self.accepted), answered(&mut self.refused));
        let other = if self.other > 0 { format!(", {} others", self.other) } else { String::new() };
        format!("{a_second:.0}/s answered{accepted}, {refused} refused{refusals}{other}")
    }
}

/// Asks for the health ten times a second.
fn health(address: &str, stop: &AtomicBool) -> Round {
    let (started, mut round) = (Instant::now(), Round::default());
    while !stop.load(Ordering::Relaxed) {
        let asked = Instant::now();
        match Client::connect(address).and_then(|mut client| client.get("/healthz")) {
            Ok(_) => round.accepted.push(asked.elapsed()),
            Err(_) => round.other += 1,
        }
        thread::sleep(Duration::from_millis(100));
    }
    round.time = started.elapsed();
    round
}

/// The number of the generation that a service answers from.
fn generation(address: &str) -> Result<u64> {
    let reply: serde_json::Value = serde_json::from_slice(&Client::connect(address)?.get("/readyz")?)?;
    reply["generation"].as_u64().context("no generation")
}

fn copy(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let (entry, to) = (entry?.path(), to.to_owned());
        let to = to.join(entry.file_name().context("an entry has a name")?);
        if entry.is_dir() {
            copy(&entry, &to)?;
        } else if entry.is_file() {
            // Not the socket that a service has left.
            fs::copy(&entry, &to)?;
        }
    }
    Ok(())
}

/// p50 and p99 of searches in-process by kind of query, on one thread: every different query of the log once uncounted
/// and once timed. `how` says in what way they were made.
pub fn by_kind(generation: &Generation, how: &str) -> Result<()> {
    let log = QueryLog::of(generation)?;
    let distinct = log.distinct();
    for (kind, _) in query_log::Kind::ALL {
        let queries: Vec<&str> = distinct.iter().filter(|(k, _)| *k == kind).map(|(_, q)| q.as_str()).collect();
        let mut times = Vec::with_capacity(queries.len());
        for round in 0..2 {
            for query in &queries {
                let request = server::query::request::SearchRequest::new(*query);
                let started = Instant::now();
                server::query::search(generation, &request)?;
                if round == 1 {
                    times.push(started.elapsed());
                }
            }
        }
        if !times.is_empty() {
            let what = format!("uncached search in-process, {} {} of the log{how}", times.len(), kind.name());
            row(&what, &percentiles(&mut times));
        }
    }
    Ok(())
}
