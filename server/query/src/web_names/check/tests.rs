use std::{collections::HashMap, sync::LazyLock};

use indexer::{
    index::official::{Row, encode},
    record::{Evidence, NameForm, WebName},
    text::{Normalizer, Pinyin, Segmenter},
    web_name::Host,
};
use proptest::prelude::*;

use super::*;

const NAMES: [(&str, NameStatus); 20] = [
    ("gov.cn", NameStatus::InUse),
    ("zunyi.gov.cn", NameStatus::InUse),
    ("pingxiang.gov.cn", NameStatus::InUse),
    ("com.gd.gov.cn", NameStatus::InUse),
    ("old.zunyi.gov.cn", NameStatus::NotAdopted),
    ("new.zunyi.gov.cn", NameStatus::Pending),
    ("guess.gov.cn", NameStatus::Pending),
    ("gy.gov.cn", NameStatus::Disputed),
    ("国务院.政务", NameStatus::InUse),
    ("青海省人民政府.政务.cn", NameStatus::InUse),
    ("福州大学.公益", NameStatus::InUse),
    ("qstheory.cn", NameStatus::Pending),
    ("gov.hk", NameStatus::Pending),
    // Recorded before such names were refused, or by way of somebody's word.
    ("com.cn", NameStatus::Pending),
    ("org.cn", NameStatus::InUse),
    ("weibo.com", NameStatus::InUse),
    ("zunyi-gov.cn", NameStatus::Pending),
    ("pingxiang.gov.com", NameStatus::InUse),
    ("zunyi.cc", NameStatus::InUse),
    ("gov-zunyi.net", NameStatus::Pending),
];

/// Institutions with a name of their own; the others are called after their address.
fn body(host: &str) -> String {
    match host {
        "zunyi.gov.cn" | "gov-zunyi.net" => "遵义市人民政府".to_owned(),
        "国务院.政务" => "中华人民共和国国务院".to_owned(),
        host => format!("{host} 的机构"),
    }
}

pub fn pipeline() -> Pipeline {
    Pipeline {
        normalizer: Normalizer::new(&HashMap::new()),
        segmenter: Segmenter::new(&[], &[""; 0]),
        pinyin: Pinyin::default(),
    }
}

pub fn names() -> OfficialNames {
    let name = |(text, status): &(&str, NameStatus)| {
        let host = Host::parse(text).unwrap();
        WebName {
            name: host.unicode,
            ascii: host.ascii,
            institution_name: body(text),
            institution_id: Some(body(text)),
            shared_with: Vec::new(),
            form: NameForm::Latin,
            status: *status,
            evidence: if text.contains("gov.c") { Evidence::Confirmed } else { Evidence::Corroborated },
            basis: String::new(),
            sources: Vec::new(),
            seen: None,
            life: None,
        }
    };
    let dir = tempfile::tempdir().unwrap();
    for (file, bytes) in encode(&pipeline(), NAMES.iter().map(|n| Row::from(&name(n))).collect()).unwrap() {
        std::fs::write(dir.path().join(file), bytes).unwrap();
    }
    OfficialNames::open(dir.path()).unwrap()
}

/// Verdict, deciding reason, and the name it is or imitates.
fn told(names: &OfficialNames, text: &str) -> (Verdict, &'static str, String) {
    let check = check(names, &pipeline(), text);
    let name = match (check.name, check.imitates) {
        (Some(name), _) | (None, Some(Imitated::Name(name))) => name.unicode.to_owned(),
        (None, Some(Imitated::Ending(ending))) => format!("*.{ending}"),
        (None, None) => String::new(),
    };
    (check.verdict, check.reasons[0].code(), name)
}

#[test]
fn official_names_and_what_lies_under_them() {
    let names = names();
    for (text, reason, name) in [
        ("https://www.zunyi.gov.cn/a?b", "listed", "zunyi.gov.cn"),
        ("ZUNYI。gov。cn.", "listed", "zunyi.gov.cn"),
        ("rsj.zunyi.gov.cn:8443", "delegated", "zunyi.gov.cn"),
        ("www.gov.cn", "listed", "gov.cn"),
        ("国务院。政务", "listed", "国务院.政务"),
        ("xn--zfr54hdx6e.xn--zfr164b", "listed", "国务院.政务"),
        ("https://evil.top@zunyi.gov.cn/", "listed", "zunyi.gov.cn"),
    ] {
        assert_eq!(told(&names, text), (Verdict::Official, reason, name.to_owned()), "{text}");
    }
    let check = check(&names, &pipeline(), "https://evil.top@zunyi.gov.cn/");
    assert_eq!(check.reasons, [Reason::Listed, Reason::UserIgnored]);
}

#[test]
fn a_nearer_listing_is_told_beside_the_official_name() {
    let names = names();
    let pipeline = pipeline();
    let check = check(&names, &pipeline, "x.new.zunyi.gov.cn");
    assert_eq!((check.verdict, check.name.map(|n| n.host)), (Verdict::Official, Some("zunyi.gov.cn")));
    assert_eq!(check.nearer.map(|n| n.host), Some("new.zunyi.gov.cn"));
}

#[test]
fn what_was_given_up_is_not_vouched_for_by_the_name_above_it() {
    let names = names();
    for text in ["old.zunyi.gov.cn", "x.old.zunyi.gov.cn"] {
        assert_eq!(told(&names, text), (Verdict::Unknown, "not_adopted", "old.zunyi.gov.cn".to_owned()), "{text}");
    }
}

#[test]
fn imitations_seen_in_the_wild() {
    let names = names();
    for (text, reason, name) in [
        ("pingхiang.gov.cn", "confusable", "pingxiang.gov.cn"),
        ("zunyi.gov.сn", "confusable", "zunyi.gov.cn"),
        ("zunyi.g0v.cn", "confusable", "zunyi.gov.cn"),
        ("zunyi.qov.cn", "confusable", "zunyi.gov.cn"),
        ("other.g0v.cn", "confusable", "gov.cn"),
        ("https://www.zunyi.gov.cn.verify-user.online/login", "official_in_front", "zunyi.gov.cn"),
        ("zunyi.gov.cn.cc", "official_in_front", "zunyi.gov.cn"),
        ("other.gov.cn.top", "official_in_front", "*.gov.cn"),
        ("zunyigov.cn", "glued", "zunyi.gov.cn"),
        ("www.zunyi-gov.cn", "glued", "zunyi.gov.cn"),
        ("zunyi.gov-cn.com", "glued", "zunyi.gov.cn"),
        ("www.com-gd-gov.cn", "glued", "com.gd.gov.cn"),
        ("gov-zunyi.com", "glued", "zunyi.gov.cn"),
        ("othergov.cn", "glued", "*.gov.cn"),
        ("zunyi-gov-cn.evil.top", "glued", "zunyi.gov.cn"),
        ("zunyi.gov.cm", "near_ending", "zunyi.gov.cn"),
        ("zunyi.gov.co", "near_ending", "zunyi.gov.cn"),
        ("zunyi.gow.cn", "near_ending", "zunyi.gov.cn"),
        ("zunyi.gov.top", "other_ending", "zunyi.gov.cn"),
        ("https://www.zunyi.gov.cn@login-check.top/", "official_before_at", "zunyi.gov.cn"),
        ("http://other.gov.cn:80@login-check.top/", "official_before_at", "*.gov.cn"),
        ("国务院.com", "label_elsewhere", "国务院.政务"),
        ("国务院官网.com", "label_elsewhere", "国务院.政务"),
        ("国务院.公益", "label_elsewhere", "国务院.政务"),
        ("福州大学.中国", "label_elsewhere", "福州大学.公益"),
        ("青海省人民政府.政府.cn", "label_elsewhere", "青海省人民政府.政务.cn"),
        ("qstheery.cn", "near_name", "qstheory.cn"),
    ] {
        assert_eq!(told(&names, text), (Verdict::Lookalike, reason, name.to_owned()), "{text}");
    }
}

#[test]
fn an_official_name_before_the_at_sign_is_seen_whatever_stands_between() {
    let names = names();
    for sign in [":", "&", ";", "=", "~", "_", "!", "$", "+", ",", "\u{2044}", "\u{2215}", "%2F", "／", " "] {
        let text = format!("https://zunyi.gov.cn{sign}login@evil.com/");
        let (verdict, reason, _) = told(&names, &text);
        // A slash ends the authority, and a space makes it no address.
        let wanted = match sign {
            "／" => (Verdict::Official, "listed"),
            " " => (Verdict::Invalid, "character"),
            _ => (Verdict::Lookalike, "official_before_at"),
        };
        assert_eq!((verdict, reason), wanted, "{text}");
    }
    for text in [
        "https://a&zunyi.gov.cn@evil.com/",
        "https://国务院.政务&x@evil.com/",
        "https://zunyi.gov.cn.a@evil.com/",
        "https://ZUNYI.GOV.CN&a@evil.com/",
        "https://zunyi.gov۰cn&a@evil.com/",
        "https://other.gov.cn&a@evil.com/",
    ] {
        assert_eq!(told(&names, text).1, "official_before_at", "{text}");
    }
    assert_eq!(told(&names, "https://zhang.san@example.com/").0, Verdict::Unknown);
}

#[test]
fn names_are_compared_as_they_were_written_too() {
    let names = names();
    for (text, reason) in [
        ("ΖUNYI.gov.com", "other_ending"),
        ("ΖUNYI.GOV.CΝ", "confusable"),
        ("zunyi.gov.CΝ", "confusable"),
        ("zunyi.gov۰cn", "confusable"),
        ("zunyi.gov\u{A4F8}cn", "confusable"),
        ("zunyi·gov·cn", "confusable"),
        ("zunyi.gov•cn", "confusable"),
        ("https://zunyi.gov.cn\u{2215}login.evil.com/", "glued"),
        ("https://zunyi.gov.cn&login.evil.com/", "official_in_front"),
        ("https://zunyi.gov.cn~login.evil.com/", "official_in_front"),
        ("https://zunyi.gov.cn\u{2044}login.evil.com/", "glued"),
    ] {
        assert_eq!((told(&names, text).0, told(&names, text).1), (Verdict::Lookalike, reason), "{text}");
    }
    for text in
        ["zunyi。gov．cn", "ZUNYI.GOV.CN", "ｈｔｔｐ：／／ｗｗｗ．ｚｕｎｙｉ．ｇｏｖ．ｃｎ", "ｚｕｎｙｉ｡ｇｏｖ｡ｃｎ"]
    {
        assert_eq!(told(&names, text), (Verdict::Official, "listed", "zunyi.gov.cn".to_owned()), "{text}");
    }
    for text in ["a..gov.cn", "-a.gov.cn", "not a url", "http://exa mple.com", "遵义&财政.政务&x"] {
        assert_eq!(told(&names, text).0, Verdict::Invalid, "{text}");
    }
}

#[test]
fn a_bodys_full_name_under_another_ending_imitates_it() {
    let names = names();
    for text in [
        "遵义市人民政府.com",
        "遵义市人民政府.cn",
        "遵义市人民政府.中国",
        "遵义市人民政府官网.网址",
        "www.遵义市人民政府.top",
        "中华人民共和国国务院.cn",
    ] {
        assert_eq!((told(&names, text).0, told(&names, text).1), (Verdict::Lookalike, "label_elsewhere"), "{text}");
    }
    for text in ["遵义市人民政府.政务", "遵义市人民政府.公益", "遵义市人民.com", "甲市人民政府.com"]
    {
        assert_eq!(told(&names, text).0, Verdict::Unknown, "{text}");
    }
}

#[test]
fn what_is_everybodys_vouches_for_nothing() {
    let names = names();
    for (text, reason) in [
        ("zunyi-gov.com.cn", "glued"),
        ("zunyi.gov.com.cn", "glued"),
        ("国务院.com.cn", "label_elsewhere"),
        ("zunyi-gov.org.cn", "glued"),
    ] {
        assert_eq!((told(&names, text).0, told(&names, text).1), (Verdict::Lookalike, reason), "{text}");
    }
    for (text, reason) in [
        ("example.com.cn", "not_listed"),
        ("example.org.cn", "not_listed"),
        ("https://weibo.com/zunyi", "pending"),
        ("m.weibo.com", "not_listed"),
        ("com.cn", "pending"),
    ] {
        assert_eq!((told(&names, text).0, told(&names, text).1), (Verdict::Unknown, reason), "{text}");
    }
    let reasons = |text: &str| check(&names, &pipeline(), text).reasons;
    assert!(reasons("https://weibo.com/zunyi").contains(&Reason::SharedHost));
    assert!(reasons("https://zunyi.github.io/").contains(&Reason::SharedHost));
    assert_eq!(reasons("http://t.cn/A6"), [Reason::NotListed, Reason::ShortLink]);
}

#[test]
fn a_claim_never_outranks_what_an_address_looks_like() {
    let names = names();
    for (text, reason, name) in [
        ("zunyi-gov.cn", "glued", "zunyi.gov.cn"),
        ("a.zunyi-gov.cn", "glued", "zunyi.gov.cn"),
        ("pingxiang.gov.com", "other_ending", "pingxiang.gov.cn"),
    ] {
        assert_eq!(told(&names, text), (Verdict::Lookalike, reason, name.to_owned()), "{text}");
    }
    let claimed = check(&names, &pipeline(), "zunyi-gov.cn");
    assert_eq!(claimed.reasons, [Reason::Glued, Reason::Pending]);
    // What looks like nothing official stays what it is recorded as.
    assert_eq!(told(&names, "zunyi.cc").0, Verdict::Official);
    // Public lists give it to the institution itself.
    assert_eq!(told(&names, "gov-zunyi.net").0, Verdict::Unknown);
}

#[test]
fn the_unknown_is_neither() {
    let names = names();
    for (text, reason) in [
        ("example.org", "not_listed"),
        ("governor.io", "not_listed"),
        ("zunyi.com", "not_listed"),
        ("other.gov.cn", "unlisted_government"),
        ("zunyl.gov.cn", "unlisted_government"),
        ("遵义.gov.cn", "unlisted_government"),
        ("教育部.政务", "unlisted_chinese"),
        ("国务院.政务.cn", "sister_ending"),
        ("mof.gov.uk", "foreign_government"),
        ("zunyi.gov.uk", "foreign_government"),
        ("guess.gov.cn", "pending"),
        ("qstheory.cn", "pending"),
        ("gy.gov.cn", "disputed"),
        ("a.gov.hk", "foreign_government"),
    ] {
        assert_eq!((told(&names, text).0, told(&names, text).1), (Verdict::Unknown, reason), "{text}");
    }
    let check = check(&names, &pipeline(), "web.archive.org/web/2020/https://www.zunyi.gov.cn/");
    assert_eq!(check.reasons, [Reason::NotListed, Reason::OfficialInPath]);
}

#[test]
fn what_is_unknown_is_told_apart() {
    let names = names();
    let label = |text: &str| check(&names, &pipeline(), text).label();
    let [government, affairs, stranger] = ["other.gov.cn", "教育部.政务", "example.org"].map(label);
    assert!(government.starts_with("政府域名") && government.contains("不知道属于哪个机构"), "{government}");
    assert!(affairs.contains("不知道属于谁"), "{affairs}");
    assert_eq!(stranger, Verdict::Unknown.label());
    assert!(check(&names, &pipeline(), "other.gov.cn").meaning().contains("只有政府机构能注册"));
    for (text, says) in [("guess.gov.cn", "尚待核实"), ("gy.gov.cn", "说法不一"), ("old.zunyi.gov.cn", "没有采用")]
    {
        assert!(label(text).contains(says), "{text}: {}", label(text));
    }
    assert!(label("x.new.zunyi.gov.cn").contains("待核对"), "listed for another than the one above");
    assert_eq!(label("rsj.zunyi.gov.cn"), Verdict::Official.label());
}

#[test]
fn codes_are_stable_and_apart() {
    let codes: std::collections::HashSet<_> = Reason::ALL.iter().map(|r| r.code()).collect();
    assert_eq!(codes.len(), Reason::ALL.len());
    assert!(Reason::ALL.iter().all(|r| !r.text().is_empty()));
    assert_eq!(Verdict::ALL.map(Verdict::name), ["official", "lookalike", "unknown", "invalid"]);
    assert_eq!(told(&names(), "javascript:alert(1)"), (Verdict::Invalid, "scheme", String::new()));
}

proptest! {
    /// Only a name that is listed and in use, or one under it, is ever official, whatever it is wrapped in.
    #[test]
    fn nothing_else_is_official(text in "(https?://)?(zunyi|gov|cn|com|www|国务院|政务|[a-z0-9а-я@:/%.。\\-\u{200B}]){1,12}") {
        static NAMES_AND_PIPELINE: LazyLock<(OfficialNames, Pipeline)> = LazyLock::new(|| (names(), pipeline()));
        let (names, pipeline) = &*NAMES_AND_PIPELINE;
        let check = check(names, pipeline, &text);
        if check.verdict == Verdict::Official {
            let host = check.address.unwrap().host.ascii;
            let name = check.name.unwrap();
            let in_use = NAMES.iter().any(|(n, s)| *s == NameStatus::InUse && Host::parse(n).unwrap().ascii == name.host);
            let under = host == name.host || host.ends_with(&format!(".{}", name.host)) && name.host != "gov.cn";
            prop_assert!(in_use && under, "{} → {}", text, host);
            prop_assert!(check.imitates.is_none());
        }
    }
}
