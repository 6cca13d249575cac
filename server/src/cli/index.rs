//! `guansou index`

use anyhow::Result;

use crate::{config::Config, service::Service};

#[derive(clap::Args)]
#[command(after_help = "\n例：\n  guansou index\n  guansou index --rebuild\n")]
pub struct Args {
    /// 不取新数据，只从记录库重建索引
    #[arg(long)]
    rebuild: bool,
    /// 有一行未能收录即视为失败
    #[arg(long)]
    strict: bool,
}

pub fn run(args: &Args, config: &Config) -> Result<()> {
    let mut service = Service::open(config)?;
    if !args.rebuild {
        service.bring_in(args.strict)?;
    }
    let generation = service.generation(args.rebuild)?;
    let counts = generation.catalogue.counts();
    eprintln!(
        "第 {} 代：机构 {}，行政区划 {}，法规 {}，条文 {}",
        generation.number, counts.institutions, counts.divisions, counts.regulations, counts.articles
    );
    Ok(())
}
