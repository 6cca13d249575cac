//! `guansou store`

use anyhow::{Result, bail};
use clap::Subcommand;

use crate::{
    config::Config,
    control,
    progress::Progress,
    store::{Backend, RecordStore, convert},
};

#[derive(clap::Args)]
#[command(
    after_help = "\n两种数据库存的内容相同：sled（默认）写得快；redb 每次启动时核对每一页，较慢，更稳妥。须先停止服务。\n\n例：\n  guansou store convert --to redb   转换后在 guansou.toml 写 store = \"redb\"\n  guansou store accept-loss         记录库丢失了确认过的内容又找不回时，承认后继续\n"
)]
pub struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// 把记录库抄写到另一种数据库，并核对全部变更日志；原来的留着
    Convert {
        /// 换成哪一种
        #[arg(long, value_name = "sled|redb")]
        to: Backend,
    },
    /// 承认丢失：以现有的内容继续，丢失了什么留有记载
    AcceptLoss,
}

pub fn run(args: &Args, config: &Config) -> Result<()> {
    if control::connect(&config.data).is_some() {
        bail!("服务正在运行：须先停止服务");
    }
    let dir = config.data.join("store");
    match args.command {
        Command::Convert { to } => {
            let mut bar = Progress::new();
            let converted = convert(&dir, config.store, to, &mut |stage, n, total| bar.show(stage, n, total))?;
            bar.done(&format!("已抄写 {} 项，{} 条变更逐条核对无误", converted.values, converted.head.sequence));
            println!("请在 guansou.toml 写 store = \"{to}\"（或设 GUANSOU_STORE={to}）再启动服务。");
            println!("原来的 {} 记录库还在 {}，确认无误后可删去。", config.store, dir.display());
        }
        Command::AcceptLoss => match RecordStore::accept_loss(config.store, &dir)? {
            Some(what) => println!("已承认：{what}。以现有的内容继续，这一丢失记在库中，guansou fsck 会说明。"),
            None => println!("没有丢失，什么也没有改动。"),
        },
    }
    Ok(())
}
