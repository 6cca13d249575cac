//! `guansou pull`

use anyhow::Result;
use indexer::record::DivisionCode;

use crate::{
    config::Config,
    exchange,
    progress::Progress,
    pull::{Client, MAX_PAGES, Origin, PAGE, Pin, PullError, Pulled, Wanted, pull},
    service::Service,
};

#[derive(clap::Args)]
#[command(
    after_help = "\n把另一个官搜公布的记录取到本地，保留原有来源，并注明取自哪里；以后再运行，只取新的变更。\n本地人员改过的记录不被覆盖；对方撤回的，只撤回取自对方的。中断后再运行一次即可继续。\n只取写明的区划和其下级的；对方标为“官方登记”的网址，这里只算一份名单所载。\n对方由证书的公钥认定，指纹请向对方的管理员索取；对方可这样算出：\n  openssl x509 -in 证书.pem -pubkey -noout | openssl pkey -pubin -outform der | openssl dgst -sha256 -binary | base64\n\n例：\n  guansou pull https://guansou.example.gov.cn --pin sha256/47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU= --division 520000\n  guansou pull https://guansou.example.gov.cn --pin sha256/… --division 520300 --division 520400 --kind institution\n"
)]
pub struct Args {
    /// 对方的地址
    #[arg(value_name = "地址")]
    url: String,
    /// 对方证书公钥的指纹，sha256/ 后接 Base64（可写多次，供更换密钥时用）
    #[arg(long, value_name = "指纹", value_parser = pin)]
    pin: Vec<Pin>,
    /// 只取此区划和下级的记录（可写多次）；000000 为全国
    #[arg(long, value_name = "代码", value_parser = division, required = true)]
    division: Vec<DivisionCode>,
    /// 地址是本机的 http:// 服务
    #[arg(long)]
    plain_loopback: bool,
    /// 只取一类（可写多次）
    #[arg(long, value_name = "类别", value_parser = clap::builder::PossibleValuesParser::new(exchange::kinds().map(|kind| kind.name)))]
    kind: Vec<String>,
    /// 不从上次停下处继续，从头再取一遍
    #[arg(long)]
    from_start: bool,
}

pub fn run(args: &Args, config: &Config) -> Result<()> {
    let origin = Origin::parse(&args.url, args.plain_loopback)?;
    let host = origin.host.clone();
    let client = Client::new(origin, args.pin.clone())?;
    let service = Service::open(config)?;
    let kinds: Vec<&str> = args.kind.iter().map(String::as_str).collect();
    let wanted =
        Wanted { kinds: &kinds, divisions: &args.division, page: PAGE, pages: MAX_PAGES, from_start: args.from_start };
    let mut progress = Progress::new();
    let mut show = |done, total| progress.show("取变更", done, Some(total));
    let pulled = pull(&service.store, &client, &wanted, &mut show)?;
    progress.done(&summary(&host, &pulled));
    for fault in &pulled.faults {
        println!("没有接收 {fault}");
    }
    if pulled.more {
        println!("对方还有更多变更，再运行一次即可继续");
    }
    let generation = service.generation(false)?;
    println!("第 {} 代索引已可检索", generation.number);
    Ok(())
}

fn pin(text: &str) -> Result<Pin, PullError> {
    text.parse()
}

fn division(text: &str) -> Result<DivisionCode, String> {
    text.parse().map_err(|e| format!("{e}"))
}

fn summary(host: &str, p: &Pulled) -> String {
    format!(
        "{host}：新增 {}，更新 {}，未变 {}，撤回 {}，恢复本地原有 {}，保留本地更正 {}，不在所指区划 {}，没有接收 {}",
        p.added, p.changed, p.unchanged, p.withdrawn, p.restored, p.preserved, p.outside, p.refused
    )
}
