//! PostgreSQL in a cluster of its own, on a socket in its own directory, stopped and removed at the end.
//!
//! Two ways of searching Chinese with what the distribution has: trigrams (`pg_trgm`), and words that we hand it, our
//! bigrams, as a `tsvector` of the `simple` configuration.

use std::{
    fs,
    io::Write,
    os::unix::{fs::MetadataExt, process::CommandExt},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, ensure};
use indexer::text::{Normalizer, bigrams};
use postgres::{Client, Config, NoTls};
use server::service::load_lexicon;
use tempfile::TempDir;

use super::{
    SIZE, corpus,
    protocol::{Engine, Found, Made, serve},
};
use crate::process;

/// How PostgreSQL searches.
#[derive(Clone, Copy, PartialEq)]
pub enum Way {
    Trigrams,
    Bigrams,
}

/// Where distributions put the server's programs.
const PROGRAMS: [&str; 4] =
    ["/usr/lib/postgresql/15/bin", "/usr/lib/postgresql/16/bin", "/usr/lib/postgresql/17/bin", "/usr/pgsql-15/bin"];
/// The server refuses to run as root; nobody owns nothing else.
const NOBODY: u32 = 65_534;
/// What a memory of 24 GiB lets one have; the writer's memory is that of the others. One process answers a question.
const SETTINGS: [&str; 9] = [
    "listen_addresses=",
    "shared_buffers=512MB",
    "maintenance_work_mem=192MB",
    "work_mem=64MB",
    "max_wal_size=4GB",
    "jit=off",
    "max_parallel_workers_per_gather=0",
    "statement_timeout=20s",
    "client_encoding=UTF8",
];
/// `word_similarity` that counts as found, for questions of everyday words: the default of 0.6 finds next to nothing.
const SIMILAR: &str = "SET pg_trgm.word_similarity_threshold = 0.2";

pub fn run(way: Way, dir: &Path) -> Result<()> {
    let texts = corpus::read_texts(dir)?;
    let normalizer = load_lexicon(&server::config::Config::default())?.normalizer();
    let cluster = Cluster::start()?;
    serve(|| {
        let mut client = cluster.connect()?;
        // Building an index is no question.
        client.batch_execute("SET statement_timeout = 0")?;
        client.batch_execute(match way {
            Way::Trigrams => "CREATE EXTENSION pg_trgm; CREATE TABLE articles (id int, body text)",
            Way::Bigrams => "CREATE TEMP TABLE raw (id int, body text)",
        })?;
        let mut copy = client.copy_in(match way {
            Way::Trigrams => "COPY articles FROM STDIN",
            Way::Bigrams => "COPY raw FROM STDIN",
        })?;
        for (at, text) in texts.iter().enumerate() {
            match way {
                Way::Trigrams => {
                    let text = text.replace('\\', "\\\\").replace('\n', "\\n").replace('\t', " ");
                    writeln!(copy, "{at}\t{text}")?;
                }
                Way::Bigrams => writeln!(copy, "{at}\t{}", cut(&normalizer, text).join(" "))?,
            }
        }
        copy.finish()?;
        client.batch_execute(match way {
            Way::Trigrams => "CREATE INDEX found ON articles USING gin (body gin_trgm_ops); ANALYZE articles",
            Way::Bigrams => {
                "CREATE TABLE articles AS SELECT id, to_tsvector('simple', body) AS words FROM raw;
                 DROP TABLE raw; CREATE INDEX found ON articles USING gin (words); ANALYZE articles"
            }
        })?;
        let bytes: i64 = client.query_one("SELECT pg_total_relation_size('articles')", &[])?.get(0);
        let backend: i32 = client.query_one("SELECT pg_backend_pid()", &[])?.get(0);
        let version: String = client.query_one("SHOW server_version", &[])?.get(0);
        let peak_kib = process::kib(backend as u32, "VmHWM");
        client.batch_execute("SET statement_timeout = '20s'")?;
        if way == Way::Trigrams {
            client.batch_execute(SIMILAR)?;
        }
        let engine = Postgres { client, way, normalizer, _cluster: cluster };
        Ok(Made { engine, version, bytes: bytes as u64, peak_kib })
    })
}

struct Postgres {
    client: Client,
    way: Way,
    normalizer: Normalizer,
    _cluster: Cluster,
}

impl Engine for Postgres {
    fn search(&mut self, text: &str) -> Result<Vec<Found>> {
        let limit = SIZE as i64;
        let rows = match self.way {
            Way::Trigrams => self.client.query(
                "SELECT id FROM articles WHERE $1 <% body ORDER BY word_similarity($1, body) DESC, id LIMIT $2",
                &[&text, &limit],
            )?,
            Way::Bigrams => {
                let any = cut(&self.normalizer, text).iter().map(|t| format!("'{t}'")).collect::<Vec<_>>().join(" | ");
                self.client.query(
                    "SELECT id FROM articles, to_tsquery('simple', $1) query WHERE words @@ query
                     ORDER BY ts_rank(words, query) DESC, id LIMIT $2",
                    &[&any, &limit],
                )?
            }
        };
        Ok(rows.iter().map(|row| Found::Text(row.get::<_, i32>(0) as usize)).collect())
    }
}

/// Our bigrams; letters, digits and Han characters alone, so that nothing in them has a meaning in SQL or COPY.
fn cut(normalizer: &Normalizer, text: &str) -> Vec<String> {
    let mut tokens = Vec::new();
    bigrams(&normalizer.text(text), &mut |token| {
        let token: String = token.text.chars().filter(|c| c.is_alphanumeric()).collect();
        if !token.is_empty() {
            tokens.push(token);
        }
    });
    tokens
}

struct Cluster {
    server: Child,
    programs: PathBuf,
    dir: TempDir,
}

impl Cluster {
    fn start() -> Result<Self> {
        let programs = PROGRAMS.iter().map(PathBuf::from).find(|p| p.join("initdb").exists());
        let programs = programs.context("PostgreSQL is not installed")?;
        let dir = tempfile::Builder::new().prefix("guansou-postgres").tempdir_in("/tmp")?;
        if fs::metadata(dir.path())?.uid() == 0 {
            std::os::unix::fs::chown(dir.path(), Some(NOBODY), Some(NOBODY))?;
        }
        let made = command(&programs, "initdb", dir.path())
            .args(["--locale=C.UTF-8", "--encoding=UTF8", "--auth=trust", "--username=bench", "--no-sync"])
            .output()
            .context("initdb cannot be started")?;
        ensure!(made.status.success(), "initdb: {}", String::from_utf8_lossy(&made.stderr).trim());
        let mut server = command(&programs, "postgres", dir.path());
        server.arg("-k").arg(dir.path()).stdout(Stdio::null()).stderr(Stdio::null());
        for setting in SETTINGS {
            server.args(["-c", setting]);
        }
        let cluster = Self { server: server.spawn().context("postgres cannot be started")?, programs, dir };
        let started = Instant::now();
        while cluster.connect().is_err() {
            ensure!(started.elapsed() < Duration::from_secs(30), "the PostgreSQL server did not get ready");
            thread::sleep(Duration::from_millis(50));
        }
        Ok(cluster)
    }

    fn connect(&self) -> Result<Client> {
        let mut config = Config::new();
        config.host_path(self.dir.path()).user("bench").dbname("postgres");
        Ok(config.connect(NoTls)?)
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        let _ = command(&self.programs, "pg_ctl", self.dir.path())
            .args(["stop", "-w", "-m", "immediate"])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status();
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}

/// A program of the server over its data in `dir`, as the owner of that directory.
fn command(programs: &Path, name: &str, dir: &Path) -> Command {
    let mut command = Command::new(programs.join(name));
    command.arg("-D").arg(dir.join("data")).current_dir(dir).stdin(Stdio::null());
    if let Ok(owner) = fs::metadata(dir)
        && owner.uid() == NOBODY
    {
        command.uid(NOBODY).gid(NOBODY);
    }
    command
}
