//! `guansou pull`

use anyhow::Result;

use super::progress::Progress;
use crate::{
    config::Config,
    exchange::KINDS,
    pull::{Client, MAX_PAGES, Origin, PAGE, Pulled, Wanted, pull},
    service::Service,
};

#[derive(clap::Args)]
#[command(
    after_help = "\n把另一个官搜公布的记录取到本地，保留原有来源，并注明取自哪里；以后再运行，只取新的变更。\n本地人员改过的记录不被覆盖；对方撤回的，只撤回取自对方的。中断后再运行一次即可继续。\n\n例：\n  guansou pull https://guansou.example.gov.cn\n  guansou pull https://guansou.example.gov.cn --kind institution --kind web_name\n"
)]
pub struct Args {
    /// 对方的地址
    #[arg(value_name = "地址")]
    url: String,
    /// 只取一类（可写多次）：division、institution、regulation、web_name
    #[arg(long, value_name = "类别", value_parser = KINDS)]
    kind: Vec<String>,
    /// 不从上次停下处继续，从头再取一遍
    #[arg(long)]
    from_start: bool,
}

pub fn run(args: &Args, config: &Config) -> Result<()> {
    let origin = Origin::parse(&args.url)?;
    let host = origin.host.clone();
    let service = Service::open(config)?;
    let kinds: Vec<&str> = args.kind.iter().map(String::as_str).collect();
    let wanted = Wanted { kinds: &kinds, page: PAGE, pages: MAX_PAGES, from_start: args.from_start };
    let mut progress = Progress::new();
    let mut show = |done, total| progress.show("取变更", done, Some(total));
    let pulled = pull(&service.store, &Client::new(origin), &wanted, &mut show)?;
    progress.done(&summary(&host, &pulled));
    for fault in &pulled.faults {
        println!("没有接收 {fault}");
    }
    if pulled.more {
        println!("对方还有更多变更，再运行一次即可继续");
    }
    let generation = service.generation(false)?;
    println!("第 {} 代索引已可检索", generation.number);
    Ok(())
}

fn summary(host: &str, p: &Pulled) -> String {
    format!(
        "{host}：新增 {}，更新 {}，未变 {}，撤回 {}，恢复本地原有 {}，保留本地更正 {}，没有接收 {}",
        p.added, p.changed, p.unchanged, p.withdrawn, p.restored, p.kept, p.refused
    )
}
