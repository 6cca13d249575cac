//! Messages made of real, imitating and unrelated addresses, over the names of the repository's own tables.

use std::{collections::HashMap, path::Path, sync::LazyLock};

use indexer::{
    corpus::directory,
    index::official::{Row, encode},
    record::{Body, NameStatus, WebName},
    text::{Normalizer, Pinyin, Segmenter},
};

use super::*;

struct World {
    names: OfficialNames,
    pipeline: Pipeline,
    listed: Vec<WebName>,
}

static WORLD: LazyLock<World> = LazyLock::new(|| {
    let mut listed = Vec::new();
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../corpus");
    directory::read(&corpus, &mut |record| {
        if let Body::WebName(name) = record.body {
            listed.push(name);
        }
        Ok(())
    })
    .unwrap();
    let pipeline = Pipeline {
        normalizer: Normalizer::new(&HashMap::new()),
        segmenter: Segmenter::new(&[], &[""; 0]),
        pinyin: Pinyin::default(),
    };
    let dir = tempfile::tempdir().unwrap();
    for (file, bytes) in encode(&pipeline, listed.iter().map(Row::from).collect()).unwrap() {
        std::fs::write(dir.path().join(file), bytes).unwrap();
    }
    World { names: OfficialNames::open(dir.path()).unwrap(), pipeline, listed }
});

/// Numbers that are the same in every run (xorshift64).
struct Dice(u64);

impl Dice {
    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % bound as u64) as usize
    }

    fn one<'a, T: ?Sized>(&mut self, of: &[&'a T]) -> &'a T {
        of[self.below(of.len())]
    }
}

const BEFORE: [&str; 24] = [
    "",
    "请登录",
    "网址：",
    "网址:",
    "官网是",
    "点击",
    "点击 ",
    "【贵州政务】请登录 ",
    "（",
    "“",
    "您的社保卡已停用，请尽快登录",
    "：",
    "退税通知：请于24小时内点击链接",
    "👉",
    "\n",
    "详见",
    "打开浏览器输入",
    "亲，",
    "1、",
    "【ETC】您的账户3.6.3版已过期，",
    "您好！",
    "2024.1.1起",
    "附件1.docx在",
    "回复zwgk@zunyi.gov.cn或",
];
const AFTER: [&str; 22] = [
    "",
    "。",
    "，",
    "办理",
    " 办理",
    "是真的吗",
    "是真的吗？",
    "）",
    "”",
    "！",
    "\n",
    "查询。",
    "👈",
    "（遵义市人民政府）",
    "、",
    "；退订回T",
    "【税务】",
    "上查看",
    "…",
    " 电话12345.",
    "。2024.12.31前有效",
    "的通知",
];
const UNRELATED: [&str; 20] = [
    "example.org",
    "baidu.com",
    "t.cn/A6xYz",
    "https://www.taobao.com/item?id=1&x=2",
    "95588.example.com",
    "weixin110.qq.com",
    "http://m.weibo.com/u/1",
    "a-b.net",
    "www.example.co.uk",
    "dwz.cn/abc",
    "https://xn--fiq64b.example.com/a",
    "bit.ly/3aB",
    "shop.example.top",
    "news.sina.com.cn",
    "http://8.example.xyz:8080/",
    "苹果.中国",
    "WWW.EXAMPLE.COM",
    "zhidao.baidu.com/q",
    "example.io/#a",
    "http://example.cc",
];

/// A real name as people paste it.
fn real(dice: &mut Dice, host: &str) -> String {
    let wide = |text: &str| -> String {
        text.chars()
            .map(|c| if c.is_ascii_graphic() { char::from_u32(c as u32 + 0xFEE0).unwrap() } else { c })
            .collect()
    };
    match dice.below(14) {
        0 => format!("https://www.{host}/zwgk/index.html"),
        1 => format!("http://{host}/"),
        2 => format!("www.{host}"),
        3 => host.to_uppercase(),
        4 => wide(host),
        5 => format!("http：//www.{host}/a?b=c"),
        6 => format!("http:// www.{host}"),
        7 => format!("www.\n{host}"),
        8 => format!("https://{host}:8443/x"),
        9 if host.is_ascii() => host.replace('.', "点"),
        10 => format!("{}\u{200B}{}", &host[..1], &host[1..])
            .replace("\u{200B}", if host.is_ascii() { "\u{200B}" } else { "" }),
        11 if host.is_ascii() => host.replace('.', "[.]"),
        12 if host.is_ascii() => format!("wsbs.{host}"),
        _ => host.to_owned(),
    }
}

/// An imitation of a name X.gov.cn.
fn fake(dice: &mut Dice, host: &str) -> String {
    let label = host.strip_suffix(".gov.cn").unwrap();
    let flat = label.replace('.', "-");
    let evil = ["evil.top", "login-check.cc", "a.b.xyz", "verify-user.online"][dice.below(4)];
    match dice.below(18) {
        0 => format!("{flat}-gov.cn"),
        1 => format!("http://www.{flat}-gov.cn/login"),
        2 => format!("https://{host}.{evil}/x"),
        3 => format!("{host}.{evil}"),
        4 => format!("{label}.g0v.cn"),
        5 => format!("{label}.gov.cm"),
        6 => format!("https://{host}@{evil}/"),
        7 => format!("https://{host}&login@{evil}/x"),
        8 => format!("http://{host}~x@{evil}"),
        9 => format!("{label}.gov.сn"),
        10 => format!("{label}.gov-cn.com"),
        11 => format!("https://{host}\u{2215}login.{evil}/"),
        12 => format!("{label}.gov۰cn"),
        13 => format!("{label}.gov·cn"),
        14 => format!("{flat}-gov点cn"),
        15 => format!("www.{flat}-gov\n.cn"),
        16 => format!("http://{host} .{evil}/"),
        _ => format!("https://{host}&a.{evil}"),
    }
}

#[test]
fn every_address_of_a_thousand_messages_is_found_and_none_is_mistaken() {
    let World { names, pipeline, listed } = &*WORLD;
    let in_use: Vec<&WebName> =
        listed.iter().filter(|n| n.status == NameStatus::InUse && n.ascii != "gov.cn").collect();
    let latin: Vec<&WebName> = in_use.iter().copied().filter(|n| n.ascii.ends_with(".gov.cn")).collect();
    let chinese: Vec<&WebName> = in_use.iter().copied().filter(|n| n.is_chinese()).collect();
    let institutions: Vec<&str> =
        latin.iter().map(|n| n.institution_name.as_str()).filter(|n| n.ends_with("人民政府")).collect();
    assert!(latin.len() > 3_000 && chinese.len() > 10 && institutions.len() > 1_000);
    let mut dice = Dice(0x2545_F491_4F6C_DD1D);
    let mut wrong = Vec::new();
    let (mut planted_in_all, mut unsafe_in_all) = (0, 0);
    for _ in 0..1_000 {
        let mut message = String::new();
        let mut planted: Vec<(String, Verdict)> = Vec::new();
        for _ in 0..=dice.below(3) {
            let host = &latin[dice.below(latin.len())].ascii;
            let (text, verdict) = match dice.below(8) {
                0 | 1 => (real(&mut dice, host), Verdict::Official),
                2 => (chinese[dice.below(chinese.len())].name.clone(), Verdict::Official),
                3 | 4 => (fake(&mut dice, host), Verdict::Lookalike),
                5 => {
                    let ending = dice.one(&["com", "cn", "中国", "top", "网址"]);
                    (format!("{}.{ending}", institutions[dice.below(institutions.len())]), Verdict::Lookalike)
                }
                _ => (dice.one(&UNRELATED).to_owned(), Verdict::Unknown),
            };
            message.push_str(dice.one(&BEFORE));
            message.push_str(&text);
            message.push_str(dice.one(&AFTER));
            // Two addresses of one message never touch.
            message.push_str(dice.one(&["。", "\n", "，另见：", " 或者 "]));
            planted.push((text, verdict));
        }
        planted_in_all += planted.len();
        let spotted = spot(names, pipeline, &message);
        let count = |verdict: Verdict| spotted.iter().filter(|s| s.check.verdict == verdict).count();
        let wanted = |verdict: Verdict| planted.iter().filter(|(_, v)| *v == verdict).count();
        // A name with " .evil.top" behind it is found both as it stands and as a browser joins it.
        let joined = planted.iter().filter(|(text, _)| text.contains(" .")).count();
        let right = count(Verdict::Lookalike) == wanted(Verdict::Lookalike)
            && count(Verdict::Official) == wanted(Verdict::Official) + joined
            && count(Verdict::Unknown) == wanted(Verdict::Unknown)
            && count(Verdict::Invalid) == 0;
        unsafe_in_all += count(Verdict::Official).saturating_sub(wanted(Verdict::Official) + joined);
        let worst = planted.iter().map(|(_, verdict)| *verdict).min_by_key(|verdict| verdict.danger());
        let leads = worst_first(spotted.clone()).first().map(|s| s.check.verdict);
        if !right || leads != worst {
            let told: Vec<_> = spotted
                .iter()
                .map(|s| (s.text.clone(), s.check.verdict, s.check.reasons.first().map(|r| r.code())))
                .collect();
            wrong.push((message, planted, told));
        }
    }
    assert!(planted_in_all > 1_500, "{planted_in_all}");
    assert_eq!((wrong.len(), unsafe_in_all), (0, 0), "{:#?}", &wrong[..wrong.len().min(12)]);
}

/// Every name of the tables, in a sentence, is what it is alone; none that is in use is called an imitation.
#[test]
fn a_sentence_changes_no_verdict() {
    let World { names, pipeline, listed } = &*WORLD;
    let mut wrong = Vec::new();
    for name in listed {
        let alone = check(names, pipeline, &name.name);
        let told = spot(names, pipeline, &format!("请登录{}办理", name.name));
        let same = matches!(&told[..], [one] if one.check.verdict == alone.verdict);
        let imitation = alone.verdict == Verdict::Lookalike;
        let lost = name.status == NameStatus::InUse && alone.verdict != Verdict::Official;
        if !same || imitation || lost {
            wrong.push((
                name.name.clone(),
                name.status,
                alone.verdict,
                alone.imitates.map(|i| format!("{i:?}")),
                told.len(),
            ));
        }
    }
    assert!(wrong.is_empty(), "{} of {}: {:#?}", wrong.len(), listed.len(), &wrong[..wrong.len().min(20)]);
}

#[test]
fn people_paste_whole_messages() {
    let World { names, pipeline, .. } = &*WORLD;
    for (text, wanted) in [
        ("www.zunyi.gov.cn是真的吗", &[Verdict::Official][..]),
        ("http://zunyi-gov.cn 是官方网站吗", &[Verdict::Lookalike]),
        ("【贵州政务】请登录 http://www.zunyi.gov.cn/zwgk 办理", &[Verdict::Official]),
        (
            "真的是zunyi.gov.cn，骗子用zunyi-gov.cn，别点t.cn/x",
            &[Verdict::Lookalike, Verdict::Unknown, Verdict::Official],
        ),
        ("各位市民请尽快上遵义市人民政府.com办理", &[Verdict::Lookalike]),
        ("附件.zip、README.md和3.6.3版，2024.1.1，zwgk@zunyi.gov.cn", &[]),
        ("骗子把网站做成zunyi-gov.zip", &[Verdict::Lookalike]),
        ("遵义gov.cn", &[Verdict::Lookalike]),
        ("请登录gov.cn", &[Verdict::Official]),
        ("网址是国务院办公厅。政务。", &[Verdict::Official]),
        ("他来到遵义市人民政府。网址 www.zunyi.gov.cn", &[Verdict::Official]),
        ("http://192.168.1.1/login 领取补贴", &[Verdict::Invalid]),
        ("https://zunyi.gov.cn。evil.top 领取", &[Verdict::Lookalike]),
    ] {
        let verdicts: Vec<Verdict> =
            worst_first(spot(names, pipeline, text)).iter().map(|spotted| spotted.check.verdict).collect();
        assert_eq!(verdicts, wanted, "{text}");
    }
}

#[test]
fn one_address_is_told_from_a_text() {
    let World { names, pipeline, .. } = &*WORLD;
    let one = |text: &str| is_one(text, &spot(names, pipeline, text));
    for text in [
        "zunyi.gov.cn",
        " “https://zunyi.gov.cn/a”。",
        "国务院.政务",
        "ｚｕｎｙｉ．ｇｏｖ．ｃｎ",
        "https://a@zunyi.gov.cn/",
        "http://exa mple.com",
    ] {
        assert!(one(text), "{text}");
    }
    for text in ["zunyi.gov.cn是真的吗", "zunyi.gov.cn guiyang.gov.cn", "网址：zunyi.gov.cn", "http://x zunyi-gov.cn"]
    {
        assert!(!one(text), "{text}");
    }
}
