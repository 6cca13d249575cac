use super::*;

#[test]
fn article_numbers_read_and_print() {
    for (text, want) in [
        ("第十二条", (12, 0)),
        ("第12条", (12, 0)),
        ("12", (12, 0)),
        ("十二", (12, 0)),
        ("第一百二十条之一", (120, 1)),
        ("120-1", (120, 1)),
        ("第120条之1", (120, 1)),
    ] {
        let got: ArticleNumber = text.parse().unwrap();
        assert_eq!((got.number, got.inserted), want, "{text}");
    }
    assert_eq!(ArticleNumber { number: 1260, inserted: 0 }.to_string(), "第一千二百六十条");
    assert_eq!(ArticleNumber { number: 120, inserted: 1 }.to_string(), "第一百二十条之一");
    assert!("第条".parse::<ArticleNumber>().is_err());
}

#[test]
fn paragraphs_items_subitems() {
    let article = Article {
        label: "第一条".into(),
        number: None,
        text: "甲。\n乙：\n（一）丙；\n1.丁；\n2.戊；\n（二）己。\n庚。".into(),
    };
    let paragraphs = article.paragraphs();
    assert_eq!(paragraphs.len(), 3);
    assert_eq!(paragraphs[1].items.len(), 2);
    assert_eq!(paragraphs[1].items[0].subitems.len(), 2);
    assert_eq!(paragraphs[1].items[1].number, 2);
    assert_eq!(paragraphs[2].text, "庚。");
}

#[test]
fn deleted_articles_are_told_from_those_that_delete() {
    for text in [
        "（删去）",
        "（删除）",
        "（已删除）",
        "（废止）",
        "（已废止）",
        "(删去)",
        "〔删去〕",
        "[已删除]",
        "【删去】",
        "删去",
        "删除。",
        "本条已删去。",
        "（本条删去）",
        "（此条已被删除）",
        "（已失效）",
        "　（删去）\n",
        "（2015年8月29日删去）",
        "（根据《甲法修正案（九）》删去）",
        "（根据2015年8月29日甲法修正案删去）",
        "（删去，2015年8月29日甲法修正案）",
    ] {
        assert!(is_deleted(text), "{text}");
    }
    for text in [
        "",
        "删去甲法第一百九十九条。",
        "删除第七条。",
        "本条例自公布之日起施行，《乙条例》同时废止。",
        "《乙条例》同时废止。",
        "禁止删除、伪造记录。",
        "（一）废止；",
        "合同被撤销的，应当返还财产。",
        "有下列情形之一的，许可失效：",
        "（甲）当事人可以依法删除。（乙）废止",
    ] {
        assert!(!is_deleted(text), "{text}");
    }
}

#[test]
fn work_keys() {
    for (title, key) in [
        ("中华人民共和国行政许可法", "行政许可法"),
        ("《中华人民共和国 行政许可法》", "行政许可法"),
        ("中华人民共和国宪法修正案（1988年）", "宪法修正案（1988年）"),
        ("中华人民共和国刑法修正案（八）", "刑法修正案（八）"),
        ("工会法(2001修正)", "工会法"),
        (
            "最高人民法院关于适用〈中华人民共和国民法典〉婚姻家庭编的解释(一)",
            "最高人民法院关于适用《中华人民共和国民法典》婚姻家庭编的解释（一）",
        ),
    ] {
        assert_eq!(work_key(title), key);
    }
}
