//! `guansou import table` and `guansou import template`

use std::{io::Write as _, path::PathBuf};

use anyhow::{Context, Result, bail, ensure};
use indexer::{
    corpus::documents::MAX_UPLOAD,
    index::Generation,
    record::{DivisionCode, State, typed},
};

use crate::{
    config::Config,
    progress::Progress,
    service::Service,
    sharing::{
        self, Reader,
        tables::{self, Checked, CheckedBases, Headers, Kind, MAX_ROWS, Said},
    },
};

/// Longest name of an office, in characters, as a record has it.
const MAX_OFFICE: usize = 60;

#[derive(clap::Args)]
#[command(
    after_help = "\n列名和示例见 guansou import template。空格子不改动原有内容；要去掉原有内容，写“无”。\n默认有一处问题就一行也不写。中断后用同样的命令再导入一次，从停下处继续。\n\n例：\n  guansou import table 机构.xlsx --kind institutions --dry-run\n  guansou import table 机构.xlsx --kind institutions --office 遵义市委编办\n  guansou import table 名称.csv --kind web-names --skip-bad\n  guansou import table 清单.xlsx --kind 类别 --columns 科室=承办机构,页码= --division 520300 --skip-columns --dry-run\n"
)]
pub struct Args {
    /// csv（UTF-8 或 GB18030）、xlsx 或 xls 文件
    #[arg(value_name = "文件")]
    path: PathBuf,
    /// 表格里是什么：institutions（机构）、regulations（法规文件）、web-names（网上名称）、services（办事入口）等；写错时列出全部
    #[arg(long, value_name = "类别", value_parser = kind)]
    kind: Kind,
    /// 表头另有叫法时写明：表头=列名，多个用逗号隔开；等号后不写的一列略过不读
    #[arg(long, value_name = "表头=列名", value_delimiter = ',', value_parser = Headers::said)]
    columns: Vec<(String, String)>,
    /// 不认识的列略过不读，列出其名
    #[arg(long)]
    skip_columns: bool,
    /// 表格没有区划一列时，各行都属于的区划（6、9 或 12 位代码）
    #[arg(long, value_name = "区划代码", value_parser = division)]
    division: Option<DivisionCode>,
    /// 只核对：列出全部问题和将有的变动，什么也不写
    #[arg(long)]
    dry_run: bool,
    /// 略过有问题的行，写入其余各行
    #[arg(long)]
    skip_bad: bool,
    /// 略过有问题的编码，照收该行其余各列（逐行列出）
    #[arg(long)]
    skip_bad_codes: bool,
    /// 资料出自哪个机构（全称）：写明后，网址记为由该机构报送；不写则记为待核实
    #[arg(long, value_name = "机构", value_parser = office)]
    office: Option<String>,
}

#[derive(clap::Args)]
#[command(
    after_help = "\n例：\n  guansou import template --kind institutions > 机构.csv\n  guansou import template --kind staff-counts --filled > 编制数.csv\n"
)]
pub struct TemplateArgs {
    /// institutions（机构）、regulations（法规文件）、web-names（网上名称）、services（办事入口）等；写错时列出全部
    #[arg(long, value_name = "类别", value_parser = kind)]
    kind: Kind,
    /// 写出已有的全部记录，改过以后可以再导入
    #[arg(long)]
    filled: bool,
}

fn kind(text: &str) -> Result<Kind, String> {
    Kind::of(text).ok_or_else(|| format!("可用：{}", tables::all_kinds()))
}

fn division(text: &str) -> Result<DivisionCode, String> {
    typed::code(text).ok_or_else(|| "应为 6 位、9 位或 12 位数字，如 520300；全国写 000000".to_owned())
}

fn office(text: &str) -> Result<String, String> {
    let text = text.trim();
    let fits = (2..=MAX_OFFICE).contains(&text.chars().count()) && !text.chars().any(char::is_control);
    if fits { Ok(text.to_owned()) } else { Err(format!("应为机构的全称，2 至 {MAX_OFFICE} 个字")) }
}

/// The template to standard output, what the columns mean to standard error.
pub fn template(args: &TemplateArgs, config: &Config) -> Result<()> {
    if args.filled {
        let store = Service::open(config)?.store;
        let mut written = Ok(());
        tables::export(&store, args.kind, &|record| record.state == State::Published, &mut |line| {
            written = std::io::stdout().write_all(&line);
            written.is_ok()
        })?;
        return written.context("无法写出");
    }
    std::io::stdout().write_all(&tables::template(args.kind)).context("无法写出")?;
    for column in args.kind.columns() {
        let required = if column.required { "（必填）" } else { "" };
        eprintln!("{}{required}　{}", column.name, column.meaning);
    }
    Ok(())
}

pub fn run(args: &Args, config: &Config) -> Result<()> {
    let told = || format!("{}", args.path.display());
    let size = std::fs::metadata(&args.path).map_err(|_| anyhow::anyhow!("文件不存在或无法读取")).with_context(told)?;
    ensure!(size.is_file(), "{}：不是文件", told());
    ensure!(size.len() <= MAX_UPLOAD as u64, "{}：文件过大，最多 {} MiB", told(), MAX_UPLOAD >> 20);
    let name = sharing::file_name(&args.path);
    let sheet = Reader::of_this_program().sheet(&args.path, &name).with_context(told)?;
    let mut service = Service::open(config)?;
    // Divisions and institutions that rows name are found in the records.
    service.bring_in(false)?;
    let said = Said::Operator(args.office.as_deref());
    let headers = Headers {
        named: args.columns.clone(),
        skip_unknown: args.skip_columns,
        skip_codes: args.skip_bad_codes,
        division: args.division.clone(),
    };
    let mut progress = Progress::new();
    let mut show = |done, total| progress.show("核对表格", done, Some(total));
    let mut checked =
        tables::check_with(&service.store, args.kind, (&name, sheet), &headers, said, MAX_ROWS, &mut show)
            .with_context(told)?;
    checked.hold_posts(&service.desk.post_limits);
    progress.done(&summary(&checked));
    tell(&checked);
    if args.dry_run {
        tell_bases(&service, config, &checked);
        println!("只核对，没有写入");
        // A script shall see it too.
        ensure!(
            checked.faults.is_empty() || args.skip_bad,
            "{} 有 {} 处问题：请改正后再导入",
            told(),
            checked.faults.count
        );
        return Ok(());
    }
    if !checked.faults.is_empty() && !args.skip_bad {
        bail!(
            "{} 有 {} 处问题，没有写入：请改正后再导入，或加 --skip-bad 略过有问题的行",
            told(),
            checked.faults.count
        );
    }
    let total = checked.prepared.len() as u64;
    let mut progress = Progress::new();
    let written =
        tables::write(&service.store, &checked.prepared, said, &mut |n| progress.show("写入", n, Some(total)))
            .context("中断处之前的已经写入，再导入一次即可继续")?;
    progress.done(&format!("已写入 {} 行，随之更新网上名称 {} 个", written.rows, written.names));
    let generation = service.generation(false)?;
    println!("第 {} 代索引已可检索", generation.number);
    Ok(())
}

/// How the legal bases of the rows stand: for whoever mends the list, none of it keeps a row out.
fn tell_bases(service: &Service, config: &Config, checked: &Checked) {
    if !checked.prepared.iter().any(|row| row.record.body.bases().next().is_some()) {
        return;
    }
    let Ok(Some(generation)) = Generation::open_current(&config.data.join("index"), &service.lexicon) else {
        println!("还没有索引：依据没有与库中的法规核对");
        return;
    };
    let CheckedBases { outcomes, faults } = tables::check_bases(&generation, &service.store, &checked.prepared);
    for fault in &faults.reported {
        println!("依据　{fault}");
    }
    if faults.unlisted_count() > 0 {
        println!("依据　另有 {} 处没有列出", faults.unlisted_count());
    }
    let counts: Vec<String> = outcomes.iter().map(|(outcome, count)| format!("{} {count}", outcome.label())).collect();
    println!("依据与库中的法规核对：{}（不影响导入）", counts.join("，"));
}

fn summary(checked: &Checked) -> String {
    format!(
        "新增 {}，更新 {}，未变 {}，有问题 {}，示例 {}",
        checked.added, checked.changed, checked.unchanged, checked.bad, checked.examples
    )
}

fn tell(checked: &Checked) {
    for fault in &checked.faults.reported {
        println!("{fault}");
    }
    if checked.faults.unlisted_count() > 0 {
        println!("另有 {} 处问题没有列出", checked.faults.unlisted_count());
    }
    for note in &checked.notes {
        println!("注意：{note}");
    }
}
