//! `guansou stats`

use anyhow::{Context, Result};
use indexer::index::Generation;

use crate::{config::Config, service::load_lexicon};

#[derive(clap::Args)]
#[command(after_help = "\n例：\n  guansou stats\n  guansou stats --json\n")]
pub struct Args {
    /// 输出 JSON
    #[arg(long)]
    json: bool,
}

pub fn run(args: &Args, config: &Config) -> Result<()> {
    let lexicon = load_lexicon(config)?;
    let generation = Generation::open_current(&config.data.join("index"), &lexicon)?;
    let generation = generation.context("还没有索引，请先运行 guansou index")?;
    let counts = generation.catalogue.counts();
    if args.json {
        println!("{}", serde_json::to_string_pretty(counts)?);
        return Ok(());
    }
    println!("第 {} 代索引，建于 {}", generation.number, generation.manifest.built_on);
    println!("机构 {}（有网站的 {}）", counts.institutions, counts.institutions_with_site);
    println!("行政区划 {}，网上名称 {}", counts.divisions, counts.web_names);
    println!("法规 {}，条文 {}", counts.regulations, counts.articles);
    for (title, list) in [
        ("效力层级", &counts.regulations_by_level),
        ("法规时效", &counts.regulations_by_status),
        ("机构类别", &counts.institutions_by_category),
        ("网址证据", &counts.sites_by_evidence),
    ] {
        let line: Vec<String> = list.iter().map(|(name, n)| format!("{name} {n}")).collect();
        println!("{title}：{}", line.join("，"));
    }
    Ok(())
}
