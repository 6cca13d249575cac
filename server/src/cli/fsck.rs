//! `guansou fsck`

use anyhow::{Result, bail};

use super::{
    task::{OpenData, line},
    terminal::on_terminal,
};
use crate::{config::Config, control, fsck, report::Report, store::RecordStore};

#[derive(clap::Args)]
#[command(
    after_help = "\n核对：变更日志与内容、当前版本、目录（按文号、文件、队列等的查找项）、导入与记录的对应、公开变更的编号、收录的原件、索引不超出记录库。有错时退出码为 1。\n服务运行时也可检查；--remove-orphans 须先停止服务。\n\n例：\n  guansou fsck\n  guansou fsck --remove-orphans\n"
)]
pub struct Args {
    /// 删除没有任何记录用到的原件（上传未满一天的除外，可能还在等待确认）
    #[arg(long)]
    pub remove_orphans: bool,
}

pub fn remove_orphans(config: &Config) -> Result<()> {
    // What is confirmed while we look must not be taken for unwanted.
    if control::connect(&config.data).is_some() {
        bail!("服务正在运行：--remove-orphans 须先停止服务（只检查不必停止）");
    }
    let store = RecordStore::open(config.store, &config.data.join("store"))?;
    on_terminal(|tell| check(&OpenData { store: &store, data: &config.data }, true, tell))
}

pub fn check(place: &OpenData<'_>, remove: bool, tell: &mut Report<'_>) -> Result<()> {
    let found = fsck::check(place.store, place.data, remove, tell)?;
    line(tell, format!("检查了 {} 条变更、{} 个原件", found.changes, found.originals))?;
    if found.orphans > 0 {
        let size = found.orphan_bytes as f64 / f64::from(1 << 20);
        let removed = match (remove, found.removed) {
            (true, n) => format!("，已删除 {n} 个"),
            (false, _) => "；可停止服务后用 --remove-orphans 删除".to_owned(),
        };
        line(tell, format!("没有记录用到的原件 {} 个，共 {size:.1} MiB{removed}", found.orphans))?;
    }
    if found.faults > 0 {
        bail!("有 {} 处错误：请从备份恢复，并查明原因", found.faults);
    }
    line(tell, "没有发现错误")
}
