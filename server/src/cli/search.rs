//! `guansou search`

use std::io::IsTerminal;

use anyhow::{Result, bail};

use crate::{
    config::Config,
    query::{
        reply::Hit,
        request::{KindFilter, MAX_QUERY_CHARS, MAX_SIZE, SearchRequest},
        search,
    },
    service::Service,
};

#[derive(clap::Args)]
#[command(
    after_help = "\n例：\n  guansou search 遵义市政府\n  guansou search 行政许可法第十二条\n  guansou search 拖欠工资 --kind article --size 5 --json\n"
)]
pub struct Args {
    /// 要查的内容
    #[arg(value_name = "内容", required = true, num_args = 1..)]
    query: Vec<String>,
    /// 只查一类：all、institution、regulation、article
    #[arg(long, default_value = "all", value_name = "类别", value_parser = clap::builder::PossibleValuesParser::new(KindFilter::all().into_iter().map(KindFilter::name)))]
    kind: String,
    /// 条数
    #[arg(long, default_value_t = 10, value_name = "条数", value_parser = clap::value_parser!(u32).range(1..=i64::from(MAX_SIZE)))]
    size: u32,
    /// 输出 JSON，与接口相同
    #[arg(long)]
    json: bool,
}

pub fn run(args: &Args, config: &Config) -> Result<()> {
    let text = args.query.join(" ").trim().to_owned();
    if text.chars().count() > MAX_QUERY_CHARS || !text.chars().any(char::is_alphanumeric) {
        bail!("要查的内容应有 1 到 {MAX_QUERY_CHARS} 个字，且不能只有标点");
    }
    let service = Service::open(config)?;
    if service.store.count()? == 0 {
        bail!("库里还没有数据，请先运行 guansou index");
    }
    let generation = service.generation(false)?;
    let kind = KindFilter::all().into_iter().find(|k| k.name() == args.kind).unwrap_or(KindFilter::All);
    let reply = search(&generation, &SearchRequest { kind, size: args.size, ..SearchRequest::new(text) })?;
    if args.json {
        println!("{}", serde_json::to_string_pretty(&reply)?);
        return Ok(());
    }
    let bold = std::io::stdout().is_terminal();
    match (&reply.query.corrected, reply.query.did_you_mean.as_slice()) {
        (Some(corrected), []) => println!("已按“{corrected}”查找"),
        (_, []) => {}
        (_, names) => println!("您是不是要找：{}", names.join("、")),
    }
    for note in &reply.query.notes {
        println!("注意：{note}");
    }
    if let Some(check) = &reply.check {
        super::check::print(check);
    }
    for hit in reply.direct.iter().chain(&reply.hits) {
        print(hit, bold);
    }
    println!("共 {} 条，{:.1} 毫秒", reply.direct.len() as u64 + reply.total, reply.took_ms);
    Ok(())
}

fn print(hit: &Hit, bold: bool) {
    let status = hit.status.map(|s| format!("〔{s}〕")).unwrap_or_default();
    if bold {
        println!("\x1b[1m{}\x1b[0m{status}", hit.title);
    } else {
        println!("{}{status}", hit.title);
    }
    if let Some(i) = &hit.institution {
        println!("  {} · {}", i.division_name, i.category);
        for site in &i.websites {
            let standing = match site.standing_label {
                "" => String::new(),
                label => format!("；{label}"),
            };
            println!("  {}（{}：{}{standing}）", site.url, site.evidence.label(), site.sources.join("、"));
        }
    } else if let Some(text) = hit.article.as_ref().and_then(|a| a.text.as_ref()) {
        for line in text.lines() {
            println!("  {line}");
        }
    } else {
        println!("  {}", plain(&hit.snippet));
    }
    println!();
}

/// A snippet without its markup.
fn plain(html: &str) -> String {
    let mut text = html.replace("<mark>", "").replace("</mark>", "");
    for (entity, c) in [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&amp;", "&")] {
        text = text.replace(entity, c);
    }
    text
}
