use super::*;
use proptest::prelude::*;

/// What each certain address is read as.
fn certain(text: &str) -> Vec<String> {
    find(text).into_iter().filter(|f| f.certain).map(|f| f.text).collect()
}

#[test]
fn addresses_stand_in_sentences() {
    let all = [
        ("www.zunyi.gov.cn是真的吗", &["www.zunyi.gov.cn"][..]),
        ("网址：zunyi.gov.cn", &["zunyi.gov.cn"]),
        ("http://zunyi-gov.cn 是官方网站吗", &["http://zunyi-gov.cn"]),
        ("【贵州政务】请登录 http://www.zunyi.gov.cn/zwgk 办理", &["http://www.zunyi.gov.cn/zwgk"]),
        ("www.zunyi.gov.cn（遵义市人民政府）", &["www.zunyi.gov.cn"]),
        ("（zunyi.gov.cn）、“guiyang.gov.cn”。", &["zunyi.gov.cn", "guiyang.gov.cn"]),
        ("官网zunyi.gov.cn，电话12345。", &["zunyi.gov.cn"]),
        ("是真的吗。bit.ly/3aB", &["bit.ly/3aB"]),
        ("办理。aa.gov.cn", &["aa.gov.cn"]),
        ("办理完成。www.zunyi.gov.cn。谢谢", &["www.zunyi.gov.cn"]),
        ("ｈｔｔｐ：／／ｗｗｗ．ｚｕｎｙｉ．ｇｏｖ．ｃｎ", &["http://www.zunyi.gov.cn"]),
        ("点击 t.cn/A6xyz 领取", &["t.cn/A6xyz"]),
        ("点击t.cn/A6xyz，退订回T", &["t.cn/A6xyz"]),
        ("国务院.政务是真的吗", &["国务院.政务"]),
        ("请登录国务院.政务", &["国务院.政务"]),
        ("上查看。网址：a-b.net", &["a-b.net"]),
        ("遵义市人民政府。网址 www.zunyi.gov.cn", &["www.zunyi.gov.cn"]),
        ("登录青海省人民政府.政务.cn查询", &["青海省人民政府.政务.cn"]),
        ("www.国务院.政务", &["www.国务院.政务"]),
        ("请看遵义市人民政府.com的通知", &["遵义市人民政府.com"]),
        ("zunyi.gov.cn.verify-user.online/login请点", &["zunyi.gov.cn.verify-user.online/login"]),
        ("请登录zunyi-gov点cn", &["zunyi-gov.cn"]),
        ("zunyi点gov点cn", &["zunyi.gov.cn"]),
        ("1、gat点qinghai点gov点cn", &["gat.qinghai.gov.cn"]),
        ("http:// www.zunyi.gov.cn", &["http://www.zunyi.gov.cn"]),
        ("http ： // www.zunyi.gov.cn", &["http://www.zunyi.gov.cn"]),
        ("www.zunyi\n.gov.cn", &["www.zunyi.gov.cn"]),
        ("www. zunyi. gov. cn 上", &["www.zunyi.gov.cn"]),
        ("zunyi .gov .cn", &["zunyi.gov.cn"]),
        ("http://www.zun\n  yi.gov.cn/a", &["http://www.zunyi.gov.cn/a"]),
        ("zunyi[.]gov[.]cn", &["zunyi.gov.cn"]),
        ("zu\u{200B}nyi.gov\u{2060}.cn", &["zunyi.gov.cn"]),
        ("zunyi.gov.cn:8080/a?b=c#d。", &["zunyi.gov.cn:8080/a?b=c#d"]),
        ("HTTPS://WWW.ZUNYI.GOV.CN", &["HTTPS://WWW.ZUNYI.GOV.CN"]),
        ("https://zunyi.gov.cn&login@evil.com/x 快", &["https://zunyi.gov.cn&login@evil.com/x"]),
        ("https://国务院.政务&x@evil.com/", &["https://国务院.政务&x@evil.com/"]),
        ("http://a.com;http://b.com", &["http://a.com", "http://b.com"]),
        ("a.com,b.com;c.com、d.com", &["a.com", "b.com", "c.com", "d.com"]),
        ("①zunyi.gov.cn②guiyang.gov.cn", &["zunyi.gov.cn", "guiyang.gov.cn"]),
        ("1.zunyi.gov.cn 2.guiyang.gov.cn", &["1.zunyi.gov.cn", "2.guiyang.gov.cn"]),
        ("zunyi.gov.cn.1", &["zunyi.gov.cn"]),
        ("https://zunyi.gov.cn\u{2215}login.evil.com/", &["https://zunyi.gov.cn\u{2215}login.evil.com/"]),
        ("https://zunyi.gov.cn&login.evil.com/", &["https://zunyi.gov.cn&login.evil.com/"]),
        ("zunyi.gov.сn骗人", &["zunyi.gov.сn"]),
        ("http://127.0.0.1/a", &["http://127.0.0.1/a"]),
        ("zunyi.gov.cn——贵州", &["zunyi.gov.cn"]),
        ("v1.2http://zunyi.gov.cn", &["http://zunyi.gov.cn"]),
        ("遵义gov.cn", &["遵义gov.cn"]),
        ("请登录gov.cn", &["gov.cn"]),
        ("遵义市人民政府zunyi.gov.cn", &["zunyi.gov.cn"]),
        ("2024.1.1起网址是12345热线.政务", &["12345热线.政务"]),
        ("附件1.docx在沅江市人民政府.com", &["在沅江市人民政府.com"]),
    ];
    let wrong: Vec<_> = all.iter().filter(|(text, wanted)| certain(text) != *wanted).collect();
    let got: Vec<_> = wrong.iter().map(|(text, _)| certain(text)).collect();
    assert!(wrong.is_empty(), "{wrong:#?}\n{got:#?}");
}

#[test]
fn what_a_browser_joins_is_joined() {
    assert_eq!(certain("http://zunyi.gov.cn .evil.top/"), ["http://zunyi.gov.cn", "http://zunyi.gov.cn.evil.top/"]);
    assert_eq!(certain("zunyi.gov.cn。evil.top"), ["zunyi.gov.cn。evil.top"]);
    assert_eq!(certain("zunyi.gov.cn。www.guiyang.gov.cn"), ["zunyi.gov.cn", "www.guiyang.gov.cn"]);
}

#[test]
fn other_texts_hold_none() {
    let all = [
        "",
        "遵义市政府",
        "3.14",
        "3.6.3",
        "2024.1.1",
        "2024.12.31起施行。第一条",
        "附件1.docx",
        "关于印发.pdf",
        "README.md",
        "附件.zip",
        "main.rs",
        "第1.2条",
        "甲。乙",
        "请发到zwgk@zunyi.gov.cn",
        "邮箱：li.na@163.com，电话0851-12345.",
        "zhang_san@mail.zunyi.gov.cn",
        "ftp://a.gov.cn",
        "...",
        "http://",
        "http://localhost/",
        "阿不都·热合曼",
        "Li·Na",
        "一.公司概况",
        "2.政务公开",
        "他去了国务院。政务公开是重点",
        "U.S. e.g. No.1 Mr.Wang",
        "Hello.My friend",
        "增长3.5%。公司成立",
        "9点钟开会",
        "v1.2.3-beta",
        "￥3.50元",
        "GB/T 1.1-2020",
        "国发〔2016〕51号.",
    ];
    let wrong: Vec<_> = all.iter().map(|text| (text, certain(text))).filter(|(_, found)| !found.is_empty()).collect();
    assert!(wrong.is_empty(), "{wrong:?}");
}

#[test]
fn what_may_be_an_address_is_told_apart() {
    for text in [
        "zunyi-gov.zip",
        "附件.zip",
        "zunyi.gov·cn",
        "zunyi.gov۰cn",
        "zunyi.gov\u{A4F8}cn",
        "li.na@163.com",
        "网址是国务院。政务。",
    ] {
        let found = find(text);
        assert_eq!((found.len(), found.iter().any(|f| f.certain)), (1, false), "{text}");
    }
    let found = find("请登录国务院.政务");
    assert_eq!(
        (found[0].text.as_str(), found[0].others.first().map(String::as_str)),
        ("国务院.政务", Some("请登录国务院.政务"))
    );
    // A word that may lead in an address and stands in a name leads nothing in by itself.
    let found = find("中国民用航空局.政务");
    assert_eq!(
        (found[0].text.as_str(), &found[0].others[..]),
        ("中国民用航空局.政务", &["航空局.政务".to_owned()][..])
    );
}

/// What a registry shares out is nobody's site, so that Han characters before it are the name under it.
#[test]
fn an_ending_alone_goes_with_what_stands_before_it() {
    for (text, name) in [("遵义gov.cn", "遵义gov.cn"), ("好qh.cn", "好qh.cn"), ("请登录gov.cn", "gov.cn")] {
        assert_eq!(find(text)[0].text, name, "{text}");
    }
}

/// A first label that is a top-level name too (kg, ai) is no ending of the sentence before it.
#[test]
fn a_name_after_a_sentence_is_no_part_of_it() {
    for (text, name) in [
        ("办好了。kg.gov.cn", "kg.gov.cn"),
        ("了。ai.com", "ai.com"),
        ("遵义。gov.cn", "遵义。gov.cn"),
        ("某某。cn", "某某。cn"),
    ] {
        assert_eq!(find(text)[0].text, name, "{text}");
    }
}

/// Texts made to be read over and over: each takes time in proportion to its length.
#[test]
fn no_text_costs_more_than_its_length() {
    let started = std::time::Instant::now();
    for part in
        ["a.", "中.", "a点cn", "http:", "@a.cn", "a.cn&", ". ", "a .", "www. ", "[.]", "中", "a", "http://a@", "1起."]
    {
        find(&format!("{}.", part.repeat(20_000)));
    }
    assert!(started.elapsed().as_secs() < 20, "{:?}", started.elapsed());
}

#[test]
fn spans_are_those_of_the_text() {
    let text = "【甲】请登录 http：// www.zunyi.gov.cn ，或国务院.政务。";
    let spans: Vec<&str> = find(text).into_iter().map(|f| &text[f.span]).collect();
    assert_eq!(spans, ["http：// www.zunyi.gov.cn", "或国务院.政务"]);
}

const AROUND: &str = "[请您好，。、；：（）“”【】！？ \n0-9贵州查询办理通知了解a-zA-Z]{0,12}";

proptest! {
    /// Whatever Chinese stands around a name, it is found, and read as itself.
    #[test]
    fn names_are_found_in_any_chinese(
        before in "[请您好，。、；：（）“”【】！？ \n贵州查询办理通知了解]{0,12}",
        name in "[a-z]{2,8}(-gov)?\\.(gov\\.cn|com|top|cn)",
        path in "(/[a-z]{0,5})?",
        scheme in "(https?://)?",
        after in "([，。、；：）”】！？ \n贵州查询办理通知了解]{0,12})?",
    ) {
        // An ending alone (qh.cn) goes with what stands before it, as 遵义gov.cn does.
        prop_assume!(super::super::shared(&name) != Some(super::super::Shared::PublicSuffix));
        let wanted = format!("{scheme}{name}{path}");
        let found = find(&format!("{before}{wanted}{after}"));
        prop_assert!(found.iter().any(|f| f.text == wanted || f.others.contains(&wanted)), "{found:?}");
        prop_assert_eq!(found.len(), 1);
    }

    /// Any text is read without a panic, and what is found lies in it, in order.
    #[test]
    fn any_text_is_read(text in "(\\PC|[.。·点@:/\\\\ \n]|http|www|gov|cn|政务|zunyi|国务院|\u{200B}){0,24}") {
        let mut last = 0;
        for found in find(&text) {
            prop_assert!(text.is_char_boundary(found.span.start) && text.is_char_boundary(found.span.end));
            prop_assert!(found.span.start >= last && !found.span.is_empty());
            prop_assert!(!found.text.is_empty() && found.others.iter().all(|r| !r.is_empty()));
            last = found.span.start;
        }
    }

    #[test]
    fn what_surrounds_a_name_never_makes_it_longer_on_the_left(before in AROUND) {
        // A name after a space is read from there, whatever stands before.
        let found = find(&format!("{before} zunyi.gov.cn"));
        prop_assert!(found.iter().any(|f| f.text.ends_with("zunyi.gov.cn")), "{found:?}");
    }
}
