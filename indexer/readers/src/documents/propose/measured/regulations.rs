//! Regulations as they are published: orders, announcements of congresses, interpretations, with their captions.

use super::{As, Set, Want, articles, day};
use record::RegulationLevel;

pub fn add(set: &mut Set) {
    orders(set);
    congresses(set);
    courts(set);
    rarer(set);
}

/// 令: rules of governments and departments, with the order above them or in their caption.
fn orders(set: &mut Set) {
    let closing = "本K自2024年5月1日起施行。";
    let rule = |number, issuer, level| Want {
        number: Some(number),
        issuers: vec![issuer],
        version: day("2024-04-02"),
        published: day("2024-04-02"),
        effective: day("2024-05-01"),
        level: Some(level),
        ..Want::default()
    };
    let local = RegulationLevel::LocalGovernmentRule;
    let text = |head: &str, title: &str, kind: &str, n| {
        format!("{head}\n{title}\n{}", articles(kind, "地下空间", n, closing, "　"))
    };
    let decree = |head: &str, signer: &str, title: &str| {
        format!(
            "{head}\n《{title}》已经2024年3月20日市人民政府第10次常务会议审议通过，现予公布，自2024年5月1日起施行。\n{signer}\n2024年4月2日"
        )
    };
    let title = "甲市地下空间管理办法";
    let named = |want: Want, title: &str, n| Want { title: title.into(), articles: n, ..want };
    let of = || rule("甲市人民政府令第7号", "甲市人民政府", local);
    set.add(
        As::Text,
        text(&decree("甲市人民政府令\n第7号", "市长　张三", title), title, "办法", 5),
        named(of(), title, 5),
    );
    set.add(
        As::Word,
        text(&decree("甲市人民政府令第 7 号", "市　长：张三", title), title, "办法", 8),
        named(of(), title, 8),
    );
    set.add(
        As::Site,
        text(&decree("甲市人民政府第7号令", "市长 张三", title), title, "办法", 4),
        named(of(), title, 4),
    );
    set.add(
        As::Text,
        text(&decree("甲市人民政府令\n（第七号）", "市长　张三", title), title, "办法", 9),
        named(of(), title, 9),
    );
    set.add(
        As::Page,
        format!(
            "{title}\n（2024年4月2日甲市人民政府令第7号公布　自2024年5月1日起施行）\n{}",
            articles("办法", "地下空间", 4, closing, "　")
        ),
        named(of(), title, 4),
    );
    set.add(
        As::Text,
        format!("甲市人民政府公报\n2024年第4期\n【市政府规章】\n{title}\n（2024年4月2日甲市人民政府令第7号公布　自2024年5月1日起施行）\n{}", articles("办法", "地下空间", 6, closing, "　")),
        named(of(), title, 6),
    );
    let title = "示例行业信用管理规定";
    let head = "中华人民共和国商务部令\n2024年第7号\n《示例行业信用管理规定》已经2024年3月1日商务部第3次部务会议审议通过，现予公布，自2024年5月1日起施行。\n部长　赵六\n2024年4月2日";
    set.add(
        As::Text,
        text(head, title, "规定", 5),
        named(rule("商务部令2024年第7号", "商务部", RegulationLevel::DepartmentRule), title, 5),
    );
    let title = "示例登记管理条例";
    let head = "中华人民共和国国务院令\n第901号\n《示例登记管理条例》已经2024年3月1日国务院第30次常务会议通过，现予公布，自2024年5月1日起施行。\n总理　钱七\n2024年4月2日";
    let administrative = rule("国务院令第901号", "国务院", RegulationLevel::AdministrativeRegulation);
    set.add(As::Word, text(head, title, "条例", 7), named(administrative.clone(), title, 7));
    // Amended since: the last amendment is the version.
    set.add(
        As::Text,
        format!("{title}\n（2001年3月1日中华人民共和国国务院令第301号公布　根据2011年1月8日《国务院关于废止和修改部分行政法规的决定》第一次修订　根据2016年2月6日《国务院关于修改部分行政法规的决定》第二次修订）\n{}", articles("条例", "登记", 5, "本K自2001年5月1日起施行。", "　")),
        Want {
            title: title.into(),
            number: Some("国务院令第301号"),
            issuers: vec!["国务院"],
            version: day("2016-02-06"),
            published: day("2001-03-01"),
            effective: day("2001-05-01"),
            level: Some(RegulationLevel::AdministrativeRegulation),
            articles: 5,
        },
    );
}

/// Regulations of congresses: with captions of one and of several versions, with announcements above them.
fn congresses(set: &mut Set) {
    let closing = "本K自2021年1月1日起施行。";
    let want = |title: &str, issuer, version: &str, level, articles| Want {
        title: title.into(),
        issuers: vec![issuer],
        version: day(version),
        effective: day("2021-01-01"),
        level: Some(level),
        articles,
        ..Want::default()
    };
    let local = RegulationLevel::LocalRegulation;
    let (city, province) = ("甲市人民代表大会常务委员会", "丙省人民代表大会常务委员会");
    let title = "甲市湿地保护条例";
    let captions: [(As, &str, &str, &str); 7] = [
        (
            As::Text,
            "（2020年8月1日甲市第十四届人民代表大会常务委员会第二次会议通过　2020年11月27日丙省第十三届人民代表大会常务委员会第六次会议批准）",
            "2020-11-27",
            city,
        ),
        (
            As::Word,
            "（2001年3月1日甲市第十届人民代表大会常务委员会第五次会议通过　根据2010年6月1日甲市第十二届人民代表大会常务委员会第三次会议《关于修改〈甲市湿地保护条例〉的决定》、2015年7月1日甲市第十三届人民代表大会常务委员会第九次会议《关于修改部分地方性法规的决定》和2020年8月1日甲市第十四届人民代表大会常务委员会第二次会议《关于修改部分地方性法规的决定》修正）",
            "2020-08-01",
            city,
        ),
        (
            As::Site,
            "（2001年3月1日甲市第十届人民代表大会常务委员会第五次会议通过\n2001年5月25日丙省第九届人民代表大会常务委员会第二十四次会议批准\n根据2020年8月1日甲市第十四届人民代表大会常务委员会第二次会议《关于修改〈甲市湿地保护条例〉的决定》修正）",
            "2020-08-01",
            city,
        ),
        (As::Page, "（2020年8月1日甲市人大常委会第二次会议通过）", "2020-08-01", city),
        (As::Text, "（二〇二〇年八月一日甲市第十四届人民代表大会常务委员会第二次会议通过）", "2020-08-01", city),
        (
            As::Web,
            "2001年3月1日甲市第十届人民代表大会常务委员会第五次会议通过\n2012年9月27日甲市第十二届人民代表大会常务委员会第三十一次会议第一次修正\n2020年8月1日甲市第十四届人民代表大会常务委员会第二次会议第二次修正",
            "2020-08-01",
            city,
        ),
        (As::Radicals, "（2020年8月1日甲市第十四届人民代表大会第四次会议通过）", "2020-08-01", "甲市人民代表大会"),
    ];
    for (n, (form, caption, version, issuer)) in (4..).zip(captions) {
        let text = format!("{title}\n{caption}\n{}", articles("条例", "湿地保护", n, closing, "　"));
        set.add(form, text, want(title, issuer, version, local, n as usize));
    }
    // The announcement that publishes it stands above it.
    for (form, head) in
        [(As::Text, "丙省人民代表大会常务委员会公告\n第12号"), (As::Word, "丙省人民代表大会常务委员会公告（第12号）")]
    {
        let text = format!(
            "{head}\n《丙省志愿服务条例》已由丙省第十三届人民代表大会常务委员会第十次会议于2020年9月30日通过，现予公布，自2021年1月1日起施行。\n丙省人民代表大会常务委员会\n2020年9月30日\n丙省志愿服务条例\n（2020年9月30日丙省第十三届人民代表大会常务委员会第十次会议通过）\n{}",
            articles("条例", "志愿服务", 6, closing, "　")
        );
        let want = Want {
            number: Some("丙省人民代表大会常务委员会公告第12号"),
            published: day("2020-09-30"),
            ..want("丙省志愿服务条例", province, "2020-09-30", local, 6)
        };
        set.add(form, text, want);
    }
    let npc = "全国人民代表大会常务委员会";
    set.add(
        As::Text,
        format!("中华人民共和国示例促进法\n（2020年8月11日第十三届全国人民代表大会常务委员会第二十一次会议通过）\n目　录\n第一章　总则\n第二章　附则\n{}", articles("法", "示例促进", 9, closing, "　")),
        want("中华人民共和国示例促进法", npc, "2020-08-11", RegulationLevel::Law, 9),
    );
    set.add(
        As::Word,
        format!(
            "中华人民共和国示例登记条例\n（1958年1月9日全国人民代表大会常务委员会第九十一次会议通过）\n{}",
            articles("条例", "登记", 4, "本K自公布之日起施行。", "　")
        ),
        Want {
            effective: None, ..want("中华人民共和国示例登记条例", npc, "1958-01-09", RegulationLevel::Law, 4)
        },
    );
    set.add(
        As::Text,
        "第五届全国人民代表大会常务委员会\n关于批准某某规定的决议\n（1980年9月29日通过）\n第五届全国人民代表大会常务委员会第十六次会议决定：批准某某规定，由国务院公布施行。",
        Want { effective: None, ..want("第五届全国人民代表大会常务委员会关于批准某某规定的决议", npc, "1980-09-29", RegulationLevel::Law, 1) },
    );
    set.add(
        As::Text,
        "甲市国民经济和社会发展第十四个五年规划\n和二〇三五年远景目标纲要\n（2021年1月29日甲市第十五届人民代表大会第六次会议批准）\n一、发展环境\n二、总体要求\n三、重点任务",
        Want { effective: None, ..want("甲市国民经济和社会发展第十四个五年规划和二〇三五年远景目标纲要", "甲市人民代表大会", "2021-01-29", RegulationLevel::Other, 3) },
    );
}

/// Interpretations of courts, and what supervision commissions make.
fn courts(set: &mut Set) {
    let interpretation =
        |title: &str, number, issuers: &[&'static str], version: &str, effective: &str, articles| Want {
            title: title.into(),
            number: Some(number),
            issuers: issuers.to_vec(),
            version: day(version),
            effective: day(effective),
            level: Some(RegulationLevel::JudicialInterpretation),
            articles,
            ..Want::default()
        };
    let (court, prosecution) = ("最高人民法院", "最高人民检察院");
    set.add(
        As::Text,
        format!("最高人民法院\n关于审理示例合同纠纷案件适用法律若干问题的解释\n（2023年5月4日最高人民法院审判委员会第1880次会议通过，自2023年7月1日起施行）\n法释〔2023〕5号\n{}", articles("解释", "示例合同", 4, "本K自2023年7月1日起施行。", "　")),
        interpretation("最高人民法院关于审理示例合同纠纷案件适用法律若干问题的解释", "法释〔2023〕5号", &[court], "2023-05-04", "2023-07-01", 4),
    );
    set.add(
        As::Word,
        format!("最高人民法院 最高人民检察院\n关于办理示例刑事案件适用法律若干问题的解释\n法释〔2022〕19号\n（2022年9月19日最高人民法院审判委员会第1875次会议、2022年10月25日最高人民检察院第十三届检察委员会第一百零六次会议通过，自2022年12月19日起施行）\n{}", articles("解释", "示例案件", 5, "本K自2022年12月19日起施行。", "　")),
        interpretation("最高人民法院最高人民检察院关于办理示例刑事案件适用法律若干问题的解释", "法释〔2022〕19号", &[court, prosecution], "2022-10-25", "2022-12-19", 5),
    );
    set.add(
        As::Site,
        format!("国家监察委员会公告\n第1号\n《示例监察工作条例》已于2021年7月20日由国家监察委员会全体会议决定，现予公布，自2021年9月20日起施行。\n国家监察委员会\n2021年9月20日\n示例监察工作条例\n（2021年7月20日国家监察委员会全体会议决定　自2021年9月20日起施行）\n{}", articles("条例", "监察", 5, "本K自2021年9月20日起施行。", "　")),
        Want {
            level: Some(RegulationLevel::SupervisionRegulation),
            published: day("2021-09-20"),
            ..interpretation("示例监察工作条例", "国家监察委员会公告第1号", &["国家监察委员会"], "2021-07-20", "2021-09-20", 5)
        },
    );
    set.add(
        As::Text,
        format!(
            "中华人民共和国示例法实施条例\n（2021年7月20日国家监察委员会全体会议决定　自2021年9月20日起施行）\n{}",
            articles("条例", "监察", 4, "本K自2021年9月20日起施行。", "　")
        ),
        Want {
            level: Some(RegulationLevel::SupervisionRegulation),
            number: None,
            ..interpretation("中华人民共和国示例法实施条例", "", &["国家监察委员会"], "2021-07-20", "2021-09-20", 4)
        },
    );
}

/// Forms that are met less often, each once.
fn rarer(set: &mut Set) {
    let want = |title: &str, number, issuers: &[&'static str], version: &str, level, articles| Want {
        title: title.into(),
        number,
        issuers: issuers.to_vec(),
        version: day(version),
        level: Some(level),
        articles,
        ..Want::default()
    };
    let closing = "本K自2022年1月1日起施行。";
    set.add(
        As::Text,
        format!("中华人民共和国工业和信息化部\n国家市场监督管理总局\n令\n第60号\n《示例产品管理办法》已经2021年10月8日部务会议审议通过，现予公布，自2022年1月1日起施行。\n部长　张三\n局长　李四\n2021年11月3日\n示例产品管理办法\n{}", articles("办法", "示例产品", 5, closing, "　")),
        Want {
            published: day("2021-11-03"),
            effective: day("2022-01-01"),
            ..want("示例产品管理办法", Some("工业和信息化部、国家市场监督管理总局令第60号"), &["工业和信息化部", "国家市场监督管理总局"], "2021-11-03", RegulationLevel::DepartmentRule, 5)
        },
    );
    set.add(
        As::Word,
        "甲市人民政府关于修改《甲市公园管理办法》的决定\n（2021年11月3日甲市人民政府令第18号公布　自2022年1月1日起施行）\n甲市人民政府决定对《甲市公园管理办法》作如下修改：\n一、将第三条修改为：“公园应当免费开放。”\n二、删去第五条。\n本决定自2022年1月1日起施行。",
        Want {
            published: day("2021-11-03"),
            effective: day("2022-01-01"),
            ..want("甲市人民政府关于修改《甲市公园管理办法》的决定", Some("甲市人民政府令第18号"), &["甲市人民政府"], "2021-11-03", RegulationLevel::LocalGovernmentRule, 2)
        },
    );
    set.add(
        As::Text,
        format!(
            "中国共产党示例工作条例\n（2019年3月20日中共中央政治局会议审议批准　2019年4月7日中共中央发布）\n{}",
            articles("条例", "示例工作", 4, "本K自2019年4月7日起施行。", "　")
        ),
        Want {
            published: day("2019-04-07"),
            effective: day("2019-04-07"),
            ..want("中国共产党示例工作条例", None, &["中共中央"], "2019-04-07", RegulationLevel::PartyRegulation, 4)
        },
    );
    set.add(
        As::Page,
        "最高人民法院关于示例担保问题的批复\n（2021年11月15日由最高人民法院审判委员会第1850次会议通过，自2022年1月1日起施行）\n法释〔2021〕20号\n丙省高级人民法院：\n你院《关于示例担保问题的请示》收悉。经研究，批复如下：\n一、担保有效。\n二、本批复自2022年1月1日起施行。",
        Want {
            effective: day("2022-01-01"),
            ..want("最高人民法院关于示例担保问题的批复", Some("法释〔2021〕20号"), &["最高人民法院"], "2021-11-15", RegulationLevel::JudicialInterpretation, 2)
        },
    );
    set.add(
        As::Site,
        format!("甲市市容环境卫生管理条例\n2005年6月3日甲市第十二届人民代表大会常务委员会第十八次会议通过\n2005年7月29日丙省第十届人民代表大会常务委员会第十七次会议批准\n根据2021年10月29日甲市第十五届人民代表大会常务委员会第三次会议通过　2021年11月26日丙省第十三届人民代表大会常务委员会第三十次会议批准的《甲市人民代表大会常务委员会关于修改〈甲市市容环境卫生管理条例〉的决定》修正\n目　录\n第一章　总则\n第二章　附则\n{}", articles("条例", "市容", 8, "本K自2005年10月1日起施行。", "　")),
        Want {
            effective: day("2005-10-01"),
            ..want("甲市市容环境卫生管理条例", None, &["甲市人民代表大会常务委员会"], "2021-11-26", RegulationLevel::LocalRegulation, 8)
        },
    );
    set.add(
        As::Text,
        format!("乙自治县自治条例\n（1990年4月8日乙自治县第九届人民代表大会第一次会议通过　1990年7月21日丙省第七届人民代表大会常务委员会第十三次会议批准）\n{}", articles("条例", "自治", 7, "本K自公布之日起施行。", "　")),
        want("乙自治县自治条例", None, &["乙自治县人民代表大会"], "1990-07-21", RegulationLevel::LocalRegulation, 7),
    );
    set.add(
        As::Gbk,
        format!("丙省人民政府令\n第 192 号\n现公布《丙省示例保险办法》，自二○二二年一月一日起施行。\n省　长　张三\n二○二一年十一月三日\n丙省示例保险办法\n{}", articles("办法", "保险", 5, "本K自二○二二年一月一日起施行。", "　")),
        Want {
            published: day("2021-11-03"),
            effective: day("2022-01-01"),
            ..want("丙省示例保险办法", Some("丙省人民政府令第192号"), &["丙省人民政府"], "2021-11-03", RegulationLevel::LocalGovernmentRule, 5)
        },
    );
    set.add(
        As::Word,
        format!("中华人民共和国主席令\n第七号\n《中华人民共和国示例保护法》已由中华人民共和国第十三届全国人民代表大会常务委员会第三十一次会议于2021年10月23日通过，现予公布，自2022年1月1日起施行。\n中华人民共和国主席　张三\n2021年10月23日\n中华人民共和国示例保护法\n（2021年10月23日第十三届全国人民代表大会常务委员会第三十一次会议通过）\n{}", articles("法", "示例保护", 10, closing, "　")),
        Want {
            published: day("2021-10-23"),
            effective: day("2022-01-01"),
            ..want("中华人民共和国示例保护法", Some("主席令第7号"), &["全国人民代表大会常务委员会"], "2021-10-23", RegulationLevel::Law, 10)
        },
    );
}
