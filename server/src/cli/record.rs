//! `guansou record`

use anyhow::{Context, Result, bail};
use clap::Subcommand;
use indexer::record::{Record, State};

use super::task::{AUTHOR, Task, line};
use crate::{
    clock::moment,
    report::Report,
    sharing,
    store::{By, RecordStore},
};

#[derive(clap::Args)]
pub struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    /// 一条记录的历次修订：时间、状态、作者、理由
    #[command(after_help = "\n例：\n  guansou record history r-170076999fe7\n")]
    History {
        /// 记录的编号，即页面地址的最后一段
        #[arg(value_name = "编号")]
        id: String,
    },
    /// 撤回一份收录的文件：不再出现在任何检索、页面和下载中；原件与修订仍留存
    #[command(after_help = "\n例：\n  guansou record withdraw r-170076999fe7 --reason 重复收录\n")]
    Withdraw {
        /// 记录的编号，即页面地址的最后一段
        #[arg(value_name = "编号")]
        id: String,
        /// 为什么撤回
        #[arg(long, value_name = "理由")]
        reason: String,
    },
}

pub fn task(args: Args) -> Task {
    match args.what {
        What::History { id } => Task::RecordHistory { id },
        What::Withdraw { id, reason } => Task::RecordWithdraw { id, reason },
    }
}

pub fn history(store: &RecordStore, id: &str, tell: &mut Report<'_>) -> Result<()> {
    let record = find(store, id)?;
    line(tell, format!("{}（{id}）", record.body.title()))?;
    for info in store.revisions(id)? {
        let at = moment(info.at);
        let author = if info.author.is_empty() { "（未记）" } else { &info.author };
        let state = info.state.label();
        line(tell, format!("第 {} 次修订　{at}　{state}　{author}　{}", info.revision, info.reason))?;
    }
    Ok(())
}

pub fn withdraw(store: &RecordStore, id: &str, reason: &str, tell: &mut Report<'_>) -> Result<()> {
    let record = find(store, id)?;
    anyhow::ensure!(!reason.is_empty(), "请用 --reason 写明理由");
    anyhow::ensure!(record.state == State::Published, "{id} 现在是“{}”，只有已公布的可以撤回", record.state.label());
    if sharing::original(&record).is_none() {
        bail!("{id} 来自导入的资料，下次导入会再出现：请改正来源后重新导入");
    }
    let name = record.body.title().to_owned();
    store.put(Record { state: State::Withdrawn, ..record }, &By { author: AUTHOR, reason })?;
    line(tell, format!("已撤回《{name}》，不再出现在任何检索、页面和下载中"))
}

fn find(store: &RecordStore, id: &str) -> Result<Record> {
    store.get(id)?.with_context(|| format!("没有编号为“{id}”的记录：编号是页面地址的最后一段"))
}
