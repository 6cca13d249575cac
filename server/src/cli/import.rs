//! `guansou import`

use std::path::PathBuf;

use anyhow::Result;
use clap::Subcommand;

use super::{document, register, table};
use crate::{config::Config, service::Service};

#[derive(clap::Args)]
pub struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    /// 导入一份文件：读出文字，识别标题、文号、日期和条文，核对后保存
    Document(document::Args),
    /// 批量导入表格：机构、法规文件（只有各项事实）、网上名称
    Table(table::Args),
    /// 输出空白表格：列名和一行示例
    Template(table::TemplateArgs),
    /// 把注册管理机构的名单与登记簿核对，再按规则和决定办理
    Register(register::Args),
    /// 导入 Markdown 格式的法规：一个文件夹，或 .tar.gz
    #[command(after_help = "\n例：\n  guansou import laws laws.tar.gz\n  guansou import laws ./法规 --strict\n")]
    Laws {
        /// 文件夹或 .tar.gz
        #[arg(value_name = "路径")]
        path: PathBuf,
        /// 有一个文件未能收录即视为失败（其余仍会导入）
        #[arg(long)]
        strict: bool,
    },
}

pub fn run(args: &Args, config: &Config) -> Result<()> {
    let (path, strict) = match &args.what {
        What::Document(args) => return document::run(args, config),
        What::Table(args) => return table::run(args, config),
        What::Register(args) => return register::run(args, config),
        What::Template(args) => return table::template(args, config),
        What::Laws { path, strict } => (path, strict),
    };
    let mut service = Service::open(config)?;
    // The regions of local laws are found in the fact tables.
    service.bring_in(false)?;
    let told = service.import_laws(path, *strict);
    service.generation(false)?;
    told
}
