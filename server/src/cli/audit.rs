//! `guansou audit`

use anyhow::{Result, bail};
use clap::Subcommand;

use super::task::{Task, line};
use crate::{
    report::{Report, Said, progress},
    store::{RecordStore, StoreError, audit},
};

#[derive(clap::Args)]
pub struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    /// 核对全部变更：无缺失、无改动、次序正确
    #[command(
        after_help = "\n末尾的链接可以抄存到别处；以后用 --link 核对，连整个日志被重做也能发现。\n\n例：\n  guansou audit verify\n  guansou audit verify --link 3f0c…\n"
    )]
    Verify {
        /// 以前抄存的链接：须仍在日志中
        #[arg(long, value_name = "链接")]
        link: Option<String>,
    },
    /// 把全部变更写到标准输出，每行一条 JSON：序号、记录、修订、时间、作者、理由、摘要、链接
    #[command(after_help = "\n例：\n  guansou audit export > 变更.jsonl\n")]
    Export,
}

pub fn task(args: Args) -> Task {
    match args.what {
        What::Verify { link } => Task::AuditVerify { link },
        What::Export => Task::AuditExport,
    }
}

pub fn verify(store: &RecordStore, noted: Option<&str>, tell: &mut Report<'_>) -> Result<()> {
    let total = store.last_sequence()?;
    let mut ended = Ok(());
    let found = audit::verify(store, &mut |n| {
        if ended.is_ok() {
            ended = progress(tell, "核对变更", n, total);
        }
    })?;
    ended?;
    for fault in &found.faults {
        tell(Said::Note(fault.clone()))?;
    }
    if !found.faults.is_empty() {
        bail!("变更日志不完整：以上各处与当时所记不符，请从备份恢复并查明原因");
    }
    if let Some(noted) = noted {
        let mut there = false;
        audit::each(store, &mut |entry| {
            there |= entry.link.as_deref() == Some(noted);
            Ok(())
        })?;
        anyhow::ensure!(there, "日志中没有链接 {noted}：抄存有误，或日志被重做过");
    }
    line(tell, format!("{} 条变更，全部相符", found.changes))?;
    if found.before_chain > 0 {
        line(tell, format!("其中最早的 {} 条写于有链接之前：内容已核对，次序无从核对", found.before_chain))?;
    }
    if !found.last_link.is_empty() {
        line(tell, format!("末尾的链接：{}", found.last_link))?;
    }
    Ok(())
}

pub fn export(store: &RecordStore, tell: &mut Report<'_>) -> Result<()> {
    Ok(audit::each(store, &mut |entry| {
        let line = serde_json::to_string(&entry).map_err(|e| StoreError::Engine(e.to_string()))?;
        tell(Said::Line(line)).map_err(|e| StoreError::Engine(format!("没有写完：{e}")))
    })?)
}
