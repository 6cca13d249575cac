//! The command line: one file a subcommand. What users read is Chinese.

mod act;
mod audit;
mod backup;
mod check;
mod config;
mod corpus;
mod dispatch;
mod document;
mod fsck;
mod help;
mod import;
mod index;
mod pull;
mod record;
mod register;
mod restore;
mod search;
mod serve;
mod stats;
mod store;
mod table;
mod task;
mod terminal;
mod user;

use std::{path::PathBuf, process::ExitCode};

use anyhow::Result;
use clap::{CommandFactory, FromArgMatches, Parser, Subcommand, error::ErrorKind};

use task::Task;

use crate::{
    config::{Flags, Loaded, load},
    private,
    sharing::reader,
};

/// Wrong use of the command line.
const USAGE: u8 = 2;
/// The work failed.
const FAILED: u8 = 1;

#[derive(Parser)]
#[command(
    name = "guansou",
    version,
    about = "官搜：查公共机构的官方网站，查法律法规",
    after_help = "\n例：\n  guansou                          建好索引并在 http://127.0.0.1:8080 提供服务\n  guansou search 遵义市政府        在终端里检索\n  guansou import laws laws.tar.gz  导入一批法规\n  guansou backup                   备份，服务不必停\n"
)]
struct Cli {
    /// 配置文件（默认读取工作目录下的 guansou.toml）
    #[arg(long, global = true, value_name = "文件", help_heading = "选项")]
    config: Option<PathBuf>,
    /// 数据目录
    #[arg(long, global = true, value_name = "目录", help_heading = "选项")]
    data: Option<String>,
    /// 事实表目录
    #[arg(long, global = true, value_name = "目录", help_heading = "选项")]
    corpus: Option<String>,
    /// 词典目录
    #[arg(long, global = true, value_name = "目录", help_heading = "选项")]
    dictionaries: Option<String>,
    /// 监听地址，如 127.0.0.1:8080
    #[arg(long, global = true, value_name = "地址", help_heading = "选项")]
    listen: Option<String>,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Subcommand)]
enum Command {
    /// 取数据、建索引、提供服务（不写子命令时的默认动作）
    Up,
    /// 只用已有的数据提供服务
    Serve,
    /// 取数据并建立索引
    Index(index::Args),
    /// 导入资料
    Import(import::Args),
    /// 镜像另一个官搜：取它公布的记录，以后只取新的变更
    Pull(pull::Args),
    /// 数据包
    Corpus(corpus::Args),
    /// 在终端里检索
    Search(search::Args),
    /// 核验网址：是官方网站，还是仿冒的
    Check(check::Args),
    /// 一条记录的修订史；撤回收录的文件
    Record(record::Args),
    /// 变更日志：核对与导出
    Audit(audit::Args),
    /// 账户：开设、重设密码、停用
    User(user::Args),
    /// 备份：全部记录、修订、账户和原件写成一个文件，服务不必停
    Backup(backup::Args),
    /// 从备份恢复到空的数据目录
    Restore(restore::Args),
    /// 检查数据目录：日志、当前版本、目录、原件、索引
    Fsck(fsck::Args),
    /// 记录库：换用另一种数据库；承认丢失
    Store(store::Args),
    /// 库里有什么
    Stats(stats::Args),
    /// 显示生效的配置及每一项的来源
    Config,
}

/// Runs the command line.
pub fn main() -> ExitCode {
    private::write_for_owner();
    // Not for people, and it needs no configuration.
    if std::env::args_os().nth(1).is_some_and(|first| first == reader::SUBCOMMAND) {
        return reader::child::main().map_or(ExitCode::from(FAILED), |()| ExitCode::SUCCESS);
    }
    let parsed = help::in_chinese(Cli::command()).try_get_matches();
    let cli = match parsed.and_then(|matches| Cli::from_arg_matches(&matches)) {
        Ok(cli) => cli,
        Err(error) if matches!(error.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayVersion) => {
            let _ = error.print();
            return ExitCode::SUCCESS;
        }
        Err(error) => {
            eprintln!("{}", usage_error(&error));
            return ExitCode::from(USAGE);
        }
    };
    match run(cli) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("出错：{}", chain(&error));
            ExitCode::from(FAILED)
        }
    }
}

fn run(cli: Cli) -> Result<()> {
    let given =
        [("data", cli.data), ("corpus", cli.corpus), ("dictionaries", cli.dictionaries), ("listen", cli.listen)];
    let flags: Flags = given.into_iter().filter_map(|(name, value)| Some((name, value?))).collect();
    let loaded: Loaded = load(cli.config.as_ref(), &flags)?;
    let config = &loaded.config;
    match cli.command.unwrap_or(Command::Up) {
        Command::Up => serve::run(config, true),
        Command::Serve => serve::run(config, false),
        Command::Index(args) => index::run(&args, config),
        Command::Import(args) => import::run(&args, config),
        Command::Pull(args) => pull::run(&args, config),
        Command::Corpus(args) => corpus::run(&args, config),
        Command::Search(args) => search::run(&args, config),
        Command::Check(args) => check::run(&args, config),
        Command::Record(args) => dispatch::run(config, record::task(args)),
        Command::Audit(args) => dispatch::run(config, audit::task(args)),
        Command::User(args) => dispatch::run(config, user::task(args)?),
        Command::Backup(args) => dispatch::run(config, backup::task(args)?),
        Command::Restore(args) => restore::run(&args, config),
        Command::Fsck(args) if args.remove_orphans => fsck::remove_orphans(config),
        Command::Fsck(_) => dispatch::run(config, Task::Fsck),
        Command::Store(args) => store::run(&args, config),
        Command::Stats(args) => stats::run(&args, config),
        Command::Config => config::run(&loaded),
    }
}

/// An error with its causes, each once: `anyhow` repeats what transparent errors already say.
fn chain(error: &anyhow::Error) -> String {
    let mut parts: Vec<String> = Vec::new();
    for cause in error.chain().map(ToString::to_string) {
        if !parts.iter().any(|p| p.contains(&cause)) {
            parts.push(cause);
        }
    }
    parts.join("：")
}

/// One Chinese line for what clap says in English.
fn usage_error(error: &clap::Error) -> String {
    use clap::error::ContextKind;
    let get = |kind| error.get(kind).map(ToString::to_string).unwrap_or_default();
    let arg = get(ContextKind::InvalidArg);
    let what = match error.kind() {
        ErrorKind::UnknownArgument => format!("不认识参数 {arg}"),
        ErrorKind::InvalidSubcommand => format!("没有子命令 {}", get(ContextKind::InvalidSubcommand)),
        ErrorKind::InvalidValue | ErrorKind::ValueValidation => {
            format!("{arg} 的值“{}”不对{}", get(ContextKind::InvalidValue), allowed(&get(ContextKind::ValidValue)))
        }
        ErrorKind::MissingRequiredArgument => format!("缺少 {arg}"),
        ErrorKind::MissingSubcommand | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            "还要写上子命令".to_owned()
        }
        ErrorKind::ArgumentConflict => format!("{arg} 不能与别的参数同用或重复"),
        _ => "命令行写法不对".to_owned(),
    };
    format!("{what}。用法见 guansou --help")
}

fn allowed(values: &str) -> String {
    if values.is_empty() { String::new() } else { format!("（可用：{values}）") }
}

#[cfg(test)]
mod tests {
    use super::*;
    #[test]
    fn the_command_line_is_sound() {
        help::in_chinese(Cli::command()).debug_assert();
    }

    #[test]
    fn no_help_has_a_word_of_english_around_ours() {
        let mut commands = vec![help::in_chinese(Cli::command())];
        let mut seen = 0;
        while let Some(mut command) = commands.pop() {
            let text = command.render_long_help().to_string();
            assert!(text.contains("用法：guansou") && text.contains("显示用法"), "{text}");
            for english in
                ["Usage", "OPTIONS", "COMMAND", "Options:", "Arguments:", "Print", "possible values", "default:"]
            {
                assert!(!text.contains(english), "{english}: {text}");
            }
            commands.extend(command.get_subcommands().cloned());
            seen += 1;
        }
        assert!(seen > 16, "{seen}");
    }

    #[test]
    fn wrong_use_is_told_in_chinese() {
        for (line, part) in [
            (&["guansou", "--bogus"][..], "不认识参数 --bogus"),
            (&["guansou", "fly"], "没有子命令 fly"),
            (&["guansou", "search"], "缺少"),
            (&["guansou", "search", "x", "--kind", "y"], "--kind"),
        ] {
            let error = help::in_chinese(Cli::command()).try_get_matches_from(line).map(|_| ()).unwrap_err();
            assert!(usage_error(&error).contains(part), "{line:?}: {}", usage_error(&error));
        }
    }
}
