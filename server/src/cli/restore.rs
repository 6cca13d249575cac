//! `guansou restore`

use std::path::PathBuf;

use anyhow::Result;

use crate::{backup, clock::moment, config::Config, progress::Progress, report::Said};

#[derive(clap::Args)]
#[command(
    after_help = "\n只写入空的数据目录。每条变更的摘要与链接、每个原件的摘要都重新核对，有一处不符即不恢复，不留下任何东西。\n恢复后核对末尾的链接是否与当初抄存的一致，再启动服务；索引自动重建，各账户须重新登录。\n\n例：\n  guansou restore 官搜备份-20260901-030000.tar.gz\n  guansou restore 官搜备份-20260901-030000.tar.gz --data ./data-新\n"
)]
pub struct Args {
    /// guansou backup 写的文件
    #[arg(value_name = "文件")]
    file: PathBuf,
}

pub fn run(args: &Args, config: &Config) -> Result<()> {
    let mut progress = Progress::new();
    let restored = backup::restore(config.store, &args.file, &config.data, &mut |said| {
        if let Said::Progress { stage, done, total } = said {
            progress.show(&stage, done, total);
        }
        Ok(())
    });
    progress.hide();
    let restored = restored?;
    println!(
        "已恢复到 {}：{} 条变更，{} 个原件；备份于 {}",
        config.data.display(),
        restored.head.sequence,
        restored.end.files,
        moment(restored.made)
    );
    if !restored.head.link.is_empty() {
        println!("末尾的链接：{}", restored.head.link);
    }
    for hash in &restored.end.missing {
        eprintln!("原件 {hash} 在备份时就已缺失");
    }
    Ok(())
}
