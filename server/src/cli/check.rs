//! `guansou check`

use std::io::Read;

use anyhow::{Context, Result, bail};
use indexer::index::Generation;

use crate::{
    config::Config,
    query::{check_address, reply::CheckReply},
    service::load_lexicon,
};

/// Longest text read from standard input, in bytes: a mailbox of messages.
const MAX_INPUT: u64 = 4 << 20;

#[derive(clap::Args)]
#[command(
    after_help = "\n例：\n  guansou check www.zunyi.gov.cn\n  guansou check 国务院.政务 zunyi-gov.cn --json\n  guansou check < 短信.txt\n"
)]
pub struct Args {
    /// 要核验的网址、名称，或含有网址的文字；不写或写 - 时从标准输入读取
    #[arg(value_name = "网址", num_args = 0..)]
    urls: Vec<String>,
    /// 输出 JSON，与接口相同
    #[arg(long)]
    json: bool,
}

pub fn run(args: &Args, config: &Config) -> Result<()> {
    let texts = texts(&args.urls, std::io::stdin())?;
    // The index alone, so that it works while the service has the store.
    let generation = Generation::open_current(&config.data.join("index"), &load_lexicon(config)?)?;
    let generation = generation.context("还没有索引，请先运行 guansou index")?;
    for text in &texts {
        let reply = check_address(&generation, text)?.reply;
        if args.json {
            println!("{}", serde_json::to_string(&reply)?);
        } else {
            print(&reply);
        }
    }
    Ok(())
}

/// What is to be checked: the arguments, with standard input in place of `-` or of none.
fn texts(urls: &[String], mut input: impl Read) -> Result<Vec<String>> {
    let mut read = || -> Result<String> {
        let mut bytes = Vec::new();
        (&mut input).take(MAX_INPUT + 1).read_to_end(&mut bytes).context("标准输入读不出来")?;
        if bytes.len() as u64 > MAX_INPUT {
            bail!("标准输入超过 {} MiB，请分几次核验", MAX_INPUT >> 20);
        }
        let text = String::from_utf8(bytes).context("标准输入不是 UTF-8 文字，请先转换编码")?;
        if text.trim().is_empty() {
            bail!("没有要核验的内容：请写网址，或者从标准输入给出文字，例如 guansou check www.zunyi.gov.cn");
        }
        Ok(text)
    };
    if urls.is_empty() {
        return Ok(vec![read()?]);
    }
    urls.iter().map(|url| if url == "-" { read() } else { Ok(url.clone()) }).collect()
}

/// A check in a few lines, and every address in one line where there are several.
pub fn print(check: &CheckReply) {
    println!("{}：{}", check.host_unicode.as_ref().unwrap_or(&check.url), check.verdict_label);
    println!("  {}", check.meaning);
    if let Some(i) = &check.institution {
        println!("  属于 {}（{}）", i.name, check.evidence_label.unwrap_or_default());
    }
    if let Some(imitates) = &check.imitates {
        let owner = imitates.owners.first().map(|o| format!("（{}）", o.name)).unwrap_or_default();
        println!("  仿冒的是 {}{owner}", imitates.name);
    }
    for reason in &check.reasons {
        println!("  {}", reason.text);
    }
    if check.addresses.len() > 1 {
        println!("文字里的 {} 个网址：", check.addresses.len());
        for address in &check.addresses {
            let owner = address.institution.as_ref().map(|i| format!("（{}）", i.name)).unwrap_or_default();
            println!("  {}：{}{owner}", address.host_unicode.as_ref().unwrap_or(&address.url), address.verdict_label);
        }
    }
    println!();
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_come_from_arguments_or_standard_input() {
        let of = |urls: &[&str], input: &str| {
            texts(&urls.iter().map(|u| (*u).to_owned()).collect::<Vec<_>>(), input.as_bytes())
        };
        assert_eq!(of(&["a.cn", "b.cn"], "c.cn").unwrap(), ["a.cn", "b.cn"]);
        assert_eq!(of(&[], "请看\nc.cn").unwrap(), ["请看\nc.cn"]);
        assert_eq!(of(&["a.cn", "-"], "c.cn").unwrap(), ["a.cn", "c.cn"]);
        assert!(of(&[], " \n").is_err());
        assert!(texts(&[], &[0xFF, 0xFE][..]).is_err());
        assert!(texts(&[], std::io::repeat(b'a')).unwrap_err().to_string().contains("MiB"));
    }
}
