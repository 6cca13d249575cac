//! `guansou import register`

use std::{collections::HashMap, fs, path::PathBuf};

use anyhow::{Context, Result, ensure};
use indexer::record::Date;

use crate::{
    access::Actor,
    config::Config,
    exchange::csv_line,
    naming::{self, DIFFERENCE_COLUMNS, Decision, Difference, ListGiven, MAX_BY_COMMAND, Settled},
    report::Said,
    service::Service,
};

/// Differences shown on the terminal; all of them go into a file.
const SHOWN: usize = 20;
/// The header of what somebody decides, beside [`DIFFERENCE_COLUMNS`].
const DECISION: &str = "决定";

#[derive(clap::Args)]
#[command(
    after_help = "\n先不加 --apply 核对一遍；--to 写出的表里有“决定”一栏，填 按名单 或 按本平台 之后用 --decided 交回。\n\n例：\n  guansou import register 名单.csv --called 注册名单 --on 2026-11-01 --whole --to 差异.csv\n  guansou import register 名单.csv --called 注册名单 --on 2026-11-01 --whole --decided 差异.csv --apply\n"
)]
pub struct Args {
    /// 名单：CSV，表头为 名称,持有单位,到期
    #[arg(value_name = "文件")]
    path: PathBuf,
    /// 名单的名称
    #[arg(long, value_name = "名称")]
    called: String,
    /// 名单的日期
    #[arg(long, value_name = "年-月-日")]
    on: Date,
    /// 名单是完整的：名单中没有、本平台有的也要核对
    #[arg(long)]
    whole: bool,
    /// 把差异写成 CSV
    #[arg(long, value_name = "文件")]
    to: Option<PathBuf>,
    /// 填好“决定”一栏的差异表
    #[arg(long, value_name = "文件")]
    decided: Option<PathBuf>,
    /// 办理：规则能定的按规则，其余按 --decided
    #[arg(long)]
    apply: bool,
}

pub fn run(args: &Args, config: &Config) -> Result<()> {
    let called = args.called.trim();
    ensure!(!called.is_empty() && called.chars().count() <= 60, "请用 --called 写明名单的名称，至多 60 个字");
    let read = |path: &PathBuf| fs::read_to_string(path).with_context(|| format!("{} 无法读取", path.display()));
    let table = read(&args.path)?;
    let decided = args.decided.as_ref().map(|path| decisions(&read(path)?)).transpose()?.unwrap_or_default();
    let mut service = Service::open(config)?;
    service.bring_in(false)?;
    let (store, desk, who) = (service.store.clone(), service.desk.clone(), Actor::operator());
    let given = ListGiven { table: &table, most: MAX_BY_COMMAND, called, on: args.on, whole: args.whole };
    let found = naming::differences(&store, &desk, &who, given)?;
    tell(&found);
    if let Some(to) = &args.to {
        fs::write(to, table_of(&found)?).with_context(|| format!("{} 无法写入", to.display()))?;
        println!("差异已写入 {}", to.display());
    }
    if !args.apply {
        println!("没有改动任何记录；加 --apply 办理");
        return Ok(());
    }
    let decided = |of: &Difference| decided.get(&of.name).copied();
    let mut came = Settled::default();
    super::terminal::on_terminal(|tell| {
        let total = Some(found.len() as u64);
        let mut progress = |done: usize| {
            // What cannot be shown is no reason to stop.
            let _ = tell(Said::Progress { stage: "办理".to_owned(), done: done as u64, total });
        };
        came = naming::settle_by_rule(&store, &desk, &who, given, &found, &decided, &mut progress)?;
        Ok(())
    })?;
    println!("已办理 {} 个", came.settled);
    for (name, why) in &came.refused {
        println!("未办理 {name}：{why}");
    }
    service.generation(false)?;
    Ok(())
}

fn tell(found: &[Difference]) {
    let differ: Vec<&Difference> = found.iter().filter(|of| !of.decisions().is_empty()).collect();
    let mut counts: Vec<(&str, usize)> = Vec::new();
    for of in found {
        match counts.iter_mut().find(|(label, _)| *label == of.settlement.label()) {
            Some((_, count)) => *count += 1,
            None => counts.push((of.settlement.label(), 1)),
        }
    }
    for (label, count) in counts {
        println!("{label}：{count} 个");
    }
    for of in differ.iter().take(SHOWN) {
        let [name, place, before, list, here, _] = of.cells();
        println!("  {name}　{place}　上次名单：{before}　这次名单：{list}　本平台：{here}");
    }
    if differ.len() > SHOWN {
        println!("  另有 {} 个，见 --to 写出的文件", differ.len() - SHOWN);
    }
}

fn table_of(found: &[Difference]) -> Result<Vec<u8>> {
    let header = DIFFERENCE_COLUMNS.iter().chain([&DECISION]).map(|cell| (*cell).to_owned()).collect();
    let mut table = ["\u{FEFF}".as_bytes().to_vec(), csv_line(header)?].concat();
    for of in found.iter().filter(|of| !of.decisions().is_empty()) {
        table.extend(csv_line(of.cells().into_iter().chain([String::new()]).collect())?);
    }
    Ok(table)
}

/// What somebody wrote into the last column, by name.
fn decisions(table: &str) -> Result<HashMap<String, Decision>> {
    let mut reader =
        csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(table.trim_start_matches('\u{FEFF}').as_bytes());
    let header = reader.headers().context("差异表不是 CSV")?.clone();
    let place = |wanted: &str| {
        let at = header.iter().position(|cell| cell == wanted);
        at.with_context(|| format!("差异表缺少“{wanted}”一栏"))
    };
    let (name, decision) = (place(DIFFERENCE_COLUMNS[0])?, place(DECISION)?);
    let mut found = HashMap::new();
    for (line, row) in (2..).zip(reader.records()) {
        let row = row.with_context(|| format!("差异表第 {line} 行不是 CSV"))?;
        let (name, said) = (row.get(name).unwrap_or_default(), row.get(decision).unwrap_or_default());
        if said.is_empty() {
            continue;
        }
        let known = Decision::ALL.into_iter().find(|decision| decision.label() == said);
        let known = known.with_context(|| format!("差异表第 {line} 行的决定应为 按名单 或 按本平台"))?;
        found.insert(name.to_owned(), known);
    }
    Ok(found)
}
