//! The help of the command line in Chinese: what clap writes in English around our words.

use clap::{Arg, ArgAction, Command};

const TEMPLATE: &str = "{about}\n\n用法：{usage}\n\n{all-args}{after-help}";
const ARGUMENTS: &str = "参数";
const OPTIONS: &str = "选项";
const SUBCOMMANDS: &str = "子命令";

/// A command with its help in Chinese, and its subcommands likewise.
pub fn in_chinese(command: Command) -> Command {
    let mut command = worded(command);
    // Only then does a subcommand know the names of those above it.
    command.build();
    with_usage(command)
}

fn worded(command: Command) -> Command {
    let flag = |name: &'static str, short, action, help: &'static str| {
        Arg::new(name).short(short).long(name).action(action).help(help).help_heading(OPTIONS)
    };
    let has_version = command.get_version().is_some();
    let mut command = command
        .mut_args(argument)
        .help_template(TEMPLATE)
        .subcommand_help_heading(SUBCOMMANDS)
        .subcommand_value_name(SUBCOMMANDS)
        .disable_help_subcommand(true)
        .disable_help_flag(true)
        .disable_version_flag(true)
        .arg(flag("help", 'h', ArgAction::Help, "显示用法"));
    if has_version {
        command = command.arg(flag("version", 'V', ArgAction::Version, "显示版本"));
    }
    each_subcommand(command, worded)
}

/// Under a heading of ours, with the values that it may have and the one that it has by itself.
fn argument(arg: Arg) -> Arg {
    let heading = if arg.is_positional() { ARGUMENTS } else { OPTIONS };
    let arg = if arg.get_help_heading().is_some() { arg } else { arg.help_heading(heading) };
    if !arg.get_action().takes_values() {
        return arg;
    }
    let mut notes = Vec::new();
    let values: Vec<String> = arg.get_possible_values().iter().map(|value| value.get_name().to_owned()).collect();
    if !values.is_empty() {
        notes.push(format!("可用：{}", values.join("、")));
    }
    let by_itself = arg.get_default_values().first().map(|value| value.to_string_lossy().into_owned());
    notes.extend(by_itself.filter(|value| !value.is_empty()).map(|value| format!("不写时为 {value}")));
    let arg = arg.hide_possible_values(true).hide_default_value(true);
    if notes.is_empty() {
        return arg;
    }
    let help = arg.get_help().map(ToString::to_string).unwrap_or_default();
    arg.help(format!("{help}（{}）", notes.join("；")))
}

fn with_usage(mut command: Command) -> Command {
    let usage = command.render_usage().to_string();
    let usage = usage.trim_start_matches("Usage:").trim().replace("[OPTIONS]", "[选项]");
    each_subcommand(command.override_usage(usage), with_usage)
}

fn each_subcommand(command: Command, change: fn(Command) -> Command) -> Command {
    let names: Vec<String> = command.get_subcommands().map(|command| command.get_name().to_owned()).collect();
    names.into_iter().fold(command, |command, name| command.mut_subcommand(name, change))
}
