//! `guansou import document`

use std::{fs::File, path::PathBuf};

use anyhow::{Context, Result};
use indexer::{
    corpus::documents::{Field, Form, MAX_UPLOAD, Proposal},
    record::{COMMAND_LINE, Date, DivisionCode, DocumentKind, RegulationLevel},
};

use crate::{
    config::Config,
    service::Service,
    sharing::{self, Files, Original, Reader, Upload},
    store::By,
};

/// Characters of evidence shown for a field: the place is recognized by its beginning.
const EVIDENCE_CHARS: usize = 40;

/// Whoever has the machine has the command line.
const BY: By<'_> = By { author: COMMAND_LINE, reason: "" };

#[derive(clap::Args)]
#[command(
    after_help = "\n先只读不存，列出识别出的各项和依据；核对无误后加 --accept 保存，有误处用参数改正。原件按字节保存。\n\n例：\n  guansou import document 通知.docx\n  guansou import document 通知.pdf --level 其他 --division 520300 --accept\n"
)]
pub struct Args {
    /// docx、pdf、ofd、html、md 或 txt 文件
    #[arg(value_name = "文件")]
    path: PathBuf,
    /// 保存：以识别出的各项和下列改正为准
    #[arg(long)]
    accept: bool,
    /// 改正标题
    #[arg(long, value_name = "标题")]
    title: Option<String>,
    /// 改正文号，如 遵府办发〔2024〕3号
    #[arg(long, value_name = "文号")]
    number: Option<String>,
    /// 改正制定机关（可写多次）
    #[arg(long, value_name = "机关")]
    issuer: Vec<String>,
    /// 改正效力层级，如 行政法规、地方性法规、其他
    #[arg(long, value_name = "效力层级", value_parser = level)]
    level: Option<RegulationLevel>,
    /// 改正所属区划的代码，如 520300；全国写 000000
    #[arg(long, value_name = "代码", value_parser = division)]
    division: Option<DivisionCode>,
    /// 改正成文日期，如 2024-04-02
    #[arg(long, value_name = "日期", value_parser = date)]
    date: Option<Date>,
    /// 改正公布日期
    #[arg(long, value_name = "日期", value_parser = date)]
    published: Option<Date>,
    /// 改正施行日期
    #[arg(long, value_name = "日期", value_parser = date)]
    effective: Option<Date>,
}

fn level(text: &str) -> Result<RegulationLevel, String> {
    let known = RegulationLevel::ALL.into_iter().find(|l| l.label() == text);
    known.ok_or_else(|| format!("可用：{}", RegulationLevel::ALL.map(RegulationLevel::label).join("、")))
}

fn division(text: &str) -> Result<DivisionCode, String> {
    text.parse().map_err(|e| format!("{e}"))
}

fn date(text: &str) -> Result<Date, String> {
    text.parse().map_err(|_| "应为 年-月-日，如 2024-04-02".to_owned())
}

pub fn run(args: &Args, config: &Config) -> Result<()> {
    let told = || format!("{}", args.path.display());
    let size = std::fs::metadata(&args.path).map_err(|_| anyhow::anyhow!("文件不存在或无法读取")).with_context(told)?;
    anyhow::ensure!(size.is_file(), "{}：不是文件", told());
    File::open(&args.path).map_err(|_| anyhow::anyhow!("文件无法读取")).with_context(told)?;
    anyhow::ensure!(size.len() <= MAX_UPLOAD as u64, "{}：文件过大，最多 {} MiB", told(), MAX_UPLOAD >> 20);
    let mut service = Service::open(config)?;
    // Regions and what is there already are found in the records.
    service.bring_in(false)?;
    let files = Files::new(config.data.join("files"));
    let copy = match args.accept {
        true => Some(files.copied(File::open(&args.path).with_context(told)?).with_context(told)?),
        false => None,
    };
    let original = match &copy {
        Some(copy) => Original::clone(copy),
        None => Original::of(&args.path).with_context(told)?,
    };
    let reader = Reader::of_this_program();
    let name = sharing::file_name(&args.path);
    let upload = sharing::read(&service.store, &reader, &original, &name).with_context(told)?;
    let form = corrected(upload.proposal.form(), args);
    show(&upload, &form);
    let Some(copy) = copy else {
        if let Some(known) = sharing::known(&service.store, &upload, form.document_number.as_deref())? {
            println!("库中已有{known}");
        }
        println!("没有保存。核对无误后加 --accept 保存，有误处用 --title、--number 等改正");
        return Ok(());
    };
    let record = sharing::accept(&service.store, &files, (copy, upload), form, &BY).with_context(told)?;
    let generation = service.generation(false)?;
    println!("已保存：/regulations/{}（第 {} 代索引已可检索）", record.id, generation.number);
    Ok(())
}

fn corrected(form: Form, args: &Args) -> Form {
    Form {
        title: args.title.clone().unwrap_or(form.title),
        level: args.level.or(form.level),
        document_kind: form.document_kind.or(args.title.as_ref().map(|_| DocumentKind::Regulation)),
        issuers: if args.issuer.is_empty() { form.issuers } else { args.issuer.clone() },
        document_number: args.number.clone().or(form.document_number),
        division: args.division.clone().or(form.division).filter(|code| !code.is_nation()),
        version_date: args.date.or(form.version_date),
        published: args.published.or(form.published),
        effective: args.effective.or(form.effective),
    }
}

fn show(upload: &Upload, form: &Form) {
    let (document, proposal) = (&upload.document, &upload.proposal);
    let pages = document.pages.map(|n| format!("，{n} 页")).unwrap_or_default();
    println!("{}：{}{pages}，sha256 {}", upload.file_name, document.format.label(), upload.hash);
    for warning in &document.warnings {
        println!("注意：{warning}");
    }
    if !document.has_text {
        println!("注意：没有文字（可能是扫描件），识别不出任何一项");
    }
    let text = document.text();
    let days = |date: Option<Date>| date.map(|d| d.to_string());
    line("标题", Some(&form.title).filter(|t| !t.is_empty()).cloned(), &proposal.title, &text);
    line("文号", form.document_number.clone(), &proposal.document_number, &text);
    line("制定机关", Some(form.issuers.join("、")).filter(|t| !t.is_empty()), &proposal.issuers, &text);
    line("效力层级", form.level.map(|l| l.label().to_owned()), &proposal.level, &text);
    line("区划", form.division.as_ref().map(ToString::to_string), &proposal.division, &text);
    line("成文日期", days(form.version_date), &proposal.version_date, &text);
    line("公布日期", days(form.published), &proposal.published, &text);
    line("施行日期", days(form.effective), &proposal.effective, &text);
    let Proposal { text: parts, .. } = proposal;
    println!("正文　{} 条（段），{} 个章节标题", parts.articles.len(), parts.headings.len());
}

/// A field, and where the document says so: `value` is what would be stored.
fn line<T>(name: &str, value: Option<String>, field: &Field<T>, text: &str) {
    println!("{name}　{}", value.unwrap_or_else(|| "（空）".into()));
    let place = field.evidence.first().and_then(|span| text.get(span.start..span.end));
    let place = place.map(|p| p.chars().take(EVIDENCE_CHARS).collect::<String>().replace(['\n', '\t'], " "));
    println!("　　　{}{}", field.reason, place.map(|p| format!("：“{p}”")).unwrap_or_default());
}
