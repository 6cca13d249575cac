//! A national directory, generated: every division with the institutions it has by law, a school, a hospital and a
//! health station. The names follow the real pattern, the institutions do not exist: the tables say so and are for
//! measuring alone.
//!
//! No random choice is made (every division × every institution), so there is no seed.

use std::{
    fmt::Write as _,
    fs::{self, File},
    io::{BufWriter, Write},
    path::Path,
    process::Command,
    time::Instant,
};

use anyhow::{Context, Result, ensure};
use indexer::{index::Generation, record::DivisionLevel};

use crate::{
    completions::INSTITUTIONS,
    open, percentiles,
    process::{self, Finished, Running},
    queries, row, seals, uncached,
};

/// Tables that are taken over as they are.
const KEPT: [&str; 8] = [
    "sources.csv",
    "divisions.csv",
    "townships.csv",
    "former_divisions.csv",
    "dropped_hosts.csv",
    "abbreviations.csv",
    "short_names.csv",
    "packages.toml",
];
/// One institution in so many has a Chinese name instead of a host under gov.cn.
const CHINESE: usize = 16;

/// Imports, indexes, serves and searches a national directory made from the divisions of `seed`, in `dir`.
pub fn measure(binary: &Path, seed: &Generation, dir: &Path) -> Result<()> {
    let (corpus, data) = (dir.join("corpus"), dir.join("data"));
    let started = Instant::now();
    let (institutions, hosts) = write_tables(seed, &corpus)?;
    let made = started.elapsed().as_secs_f64();
    row(
        "national directory, generated",
        &format!("{institutions} institutions, {hosts} web names, made in {made:.0} s"),
    );
    let with = |command: &[&str]| -> Vec<String> {
        let mut args =
            vec!["--corpus".into(), corpus.display().to_string(), "--data".into(), data.display().to_string()];
        args.extend(command.iter().map(|c| (*c).to_owned()));
        args
    };
    let Finished { seconds, peak_mib } = process::run(binary, &with(&["index"]))?;
    row("national: import and index from nothing", &format!("{seconds:.0} s, {peak_mib} MiB peak"));
    let Finished { seconds, peak_mib } = process::run(binary, &with(&["index", "--rebuild"]))?;
    row("national: full rebuild of the index", &format!("{seconds:.0} s, {peak_mib} MiB peak"));
    for part in ["index", "store"] {
        let size = process::size_of(&data.join(part)) / f64::from(1 << 20);
        row(&format!("national: {part} on disk"), &format!("{size:.0} MiB"));
    }
    let started = Instant::now();
    let generation = open(&data)?;
    row("national: opening a generation", &format!("{:.2} s", started.elapsed().as_secs_f64()));
    seals(&data, "national: ")?;
    let queries = queries::mixed(&generation);
    uncached(&generation, &queries, "national: ")?;
    let mut completions = crate::completions::over_the_corpus(&generation, &queries);
    row("national: completions", &percentiles(&mut completions));
    drop(generation);
    // In a process of its own: what it holds and leaves behind must not stand in the way of the start that follows.
    let fresh =
        Command::new(std::env::current_exe()?).arg("fresh").args([&data, &corpus]).arg("national: ").status()?;
    ensure!(fresh.success(), "the changes to the national directory failed");
    let service = Running::start(binary, &data)?;
    row("national: start until ready", &format!("{:.2} s", service.ready_after.as_secs_f64()));
    let mut client = crate::load::Client::connect(&service.address)?;
    for query in queries.iter().take(1_000) {
        client.get(&crate::load::search_path(query))?;
    }
    row("national: resident after 1,000 mixed queries", &format!("{} MiB", service.resident_mib()?));
    Ok(())
}

/// Writes the tables; how many institutions and how many web names.
fn write_tables(seed: &Generation, corpus: &Path) -> Result<(usize, usize)> {
    fs::create_dir_all(corpus)?;
    for name in KEPT {
        fs::copy(Path::new("corpus").join(name), corpus.join(name)).with_context(|| format!("corpus/{name}"))?;
    }
    let table = |name: &str| -> Result<BufWriter<File>> {
        let mut file = BufWriter::new(File::create(corpus.join(name))?);
        // The real rows first, so that the real queries have their answers.
        file.write_all(&fs::read(Path::new("corpus").join(name))?)?;
        Ok(file)
    };
    let (mut institutions, mut websites, mut web_names) =
        (table("institutions.csv")?, table("websites.csv")?, table("web_names.csv")?);
    let pinyin = &seed.pipeline.pinyin;
    let letters: Vec<String> = INSTITUTIONS.iter().map(|body| pinyin.initials(body)).collect();
    let (mut made, mut named) = (0, 0);
    for division in seed.catalogue.divisions() {
        let level = match division.level {
            DivisionLevel::Nation => continue,
            DivisionLevel::Province => "province",
            DivisionLevel::Prefecture => "prefecture",
            DivisionLevel::County => "county",
            DivisionLevel::Township => "township",
        };
        let path = seed.catalogue.path(&division.code);
        // 遵义市红花岗区: the two innermost, as institutions are called.
        let place: String = path.iter().skip(path.len().saturating_sub(2)).map(|d| d.name.as_str()).collect();
        let host = format!("{}{}", pinyin.full(&division.short_name), division.code);
        for (at, body) in INSTITUTIONS.iter().enumerate() {
            let (id, name) = (format!("g{}-{at}", division.code), format!("{place}{body}"));
            writeln!(institutions, "{id},{name},,政府,{level},{},,constructed,list-01", division.code)?;
            made += 1;
            if at % CHINESE == CHINESE - 1 {
                let unicode = format!("{}{}{at}.政务", division.short_name, body);
                if let Ok(host) = indexer::web_name::Host::parse(&unicode) {
                    writeln!(web_names, "{},{},{name},生成,medium", host.unicode, host.ascii)?;
                    named += 1;
                }
            } else {
                let mut host_of = host.clone();
                let _ = write!(host_of, "{}.gov.cn", letters[at]);
                writeln!(websites, "{id},https://{host_of}/,{host_of},list-01")?;
                named += 1;
            }
        }
    }
    for file in [&mut institutions, &mut websites, &mut web_names] {
        file.flush()?;
    }
    Ok((made, named))
}
