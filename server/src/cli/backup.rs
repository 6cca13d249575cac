//! `guansou backup`

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use super::task::{OpenData, Task, line};
use crate::{
    backup,
    report::{Report, Said},
    sharing::Files,
};

#[derive(clap::Args)]
#[command(
    after_help = "\n备份里有全部记录与历次修订、变更日志、账户（密码只有摘要）和收录的原件；索引不在其中，恢复后自动重建。\n服务运行时也可备份，由服务进程写文件（目标目录须它可写），内容为开始那一刻的状态。有原件缺失时备份照样写好并说明，退出码为 1。\n\n例：\n  guansou backup\n  guansou backup --to /备份/官搜-周一.tar.gz\n"
)]
pub struct Args {
    /// 备份文件；不写为工作目录下的 官搜备份-日期-时间.tar.gz
    #[arg(long, value_name = "文件")]
    to: Option<PathBuf>,
}

pub fn task(args: Args) -> Result<Task> {
    let to = args.to.unwrap_or_else(default_name);
    let to = std::path::absolute(&to).with_context(|| format!("路径 {} 不对", to.display()))?;
    Ok(Task::Backup { to })
}

fn default_name() -> PathBuf {
    let now = jiff::tz::Offset::constant(8).to_datetime(jiff::Timestamp::now());
    PathBuf::from(format!("官搜备份-{}.tar.gz", now.strftime("%Y%m%d-%H%M%S")))
}

pub fn write(place: &OpenData<'_>, to: &Path, tell: &mut Report<'_>) -> Result<()> {
    let written = backup::write(place.store, &Files::new(place.data.join("files")), to, tell)?;
    line(
        tell,
        format!(
            "已备份到 {}：{} 条变更，{} 个原件，{:.1} MiB",
            to.display(),
            written.head.sequence,
            written.end.files,
            written.bytes as f64 / f64::from(1 << 20)
        ),
    )?;
    if !written.head.link.is_empty() {
        line(tell, format!("末尾的链接：{}", written.head.link))?;
    }
    for hash in &written.end.missing {
        tell(Said::Note(format!("原件 {hash} 缺失或已损坏，不在备份中")))?;
    }
    if !written.end.missing.is_empty() {
        bail!("备份已写好，但缺少 {} 个原件：请用 guansou fsck 查看", written.end.missing.len());
    }
    Ok(())
}
