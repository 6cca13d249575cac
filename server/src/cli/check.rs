//! `guansou check`

use anyhow::{Context, Result};
use indexer::index::Generation;

use crate::{
    config::Config,
    service::load_lexicon,
    web_names::{self, CheckReply},
};

#[derive(clap::Args)]
#[command(after_help = "\n例：\n  guansou check www.zunyi.gov.cn\n  guansou check 国务院.政务 zunyi-gov.cn --json\n")]
pub struct Args {
    /// 要核验的网址或名称
    #[arg(value_name = "网址", required = true, num_args = 1..)]
    urls: Vec<String>,
    /// 输出 JSON，与接口相同
    #[arg(long)]
    json: bool,
}

pub fn run(args: &Args, config: &Config) -> Result<()> {
    // The index alone, so that it works while the service has the store.
    let generation = Generation::open_current(&config.data.join("index"), &load_lexicon(config)?)?;
    let generation = generation.context("还没有索引，请先运行 guansou index")?;
    for url in &args.urls {
        let reply = web_names::answer(&generation, url)?.reply;
        if args.json {
            println!("{}", serde_json::to_string(&reply)?);
        } else {
            print(&reply);
        }
    }
    Ok(())
}

/// A check in a few lines.
pub fn print(check: &CheckReply) {
    println!("{}：{}", check.host_unicode.as_ref().unwrap_or(&check.url), check.verdict_label);
    println!("  {}", check.meaning);
    if let Some(i) = &check.institution {
        println!("  属于 {}（{}）", i.name, check.evidence_label.unwrap_or_default());
    }
    if let Some(imitates) = &check.imitates {
        let owner = imitates.owners.first().map(|o| format!("（{}）", o.name)).unwrap_or_default();
        println!("  仿冒的是 {}{owner}", imitates.name);
    }
    for reason in &check.reasons {
        println!("  {}", reason.text);
    }
    println!();
}
