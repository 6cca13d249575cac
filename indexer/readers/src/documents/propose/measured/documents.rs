//! What offices write to each other and to the public: 通知, 函, 批复, 意见, 通报, 公告, 通告.

use super::{As, Sample, Set, Want, articles, day};
use crate::documents::fixtures;
use record::RegulationLevel;

pub fn add(set: &mut Set) {
    notices(set);
    with_attachments(set);
    letters(set);
    announcements(set);
    rarer(set);
}

/// 通知: letterheads, numbers, addressees, signatures and dates in every written form.
fn notices(set: &mut Set) {
    let forms: [(As, &str, &str, &str); 14] = [
        (As::Text, "甲府办发〔2024〕7号", "甲市人民政府办公室", "2024年4月2日"),
        (As::Gbk, "甲府办发[2024]7号", "甲市人民政府办公室", "二〇二四年四月二日"),
        (As::Word, "甲府办发〔2024〕 7 号　　签发人：张三", "甲 市 人 民 政 府 办 公 室", "2024 年 4 月 2 日"),
        (As::Page, "甲府办发〔２０２４〕７号", "甲市人民政府办公室", "２０２４年４月２日"),
        (As::Site, "甲府办发〔2024〕7号", "甲市人民政府办公室", "2024年4月2日"),
        (As::Web, "甲府办发（2024）7号", "甲市人民政府办公室（盖章）", "2024-04-02"),
        (As::Text, "文号：甲府办发〔2024〕007号", "甲市人民政府办公室", "2024.4.2"),
        (As::Radicals, "甲府办发〔2024〕7号", "甲市人民政府办公室", "2024年4月2日"),
        (As::Text, "甲府办发〔二〇二四〕7号", "甲市人民政府办公室", "二○二四年四月二日"),
        (As::Word, "甲府办发2024年7号", "甲市人民政府办公室", "二0二四年四月二日"),
        (As::Text, "甲府办发〔2024〕第七号", "甲市人民政府办公室", "二O二四年四月二日"),
        (As::Text, "【甲府办发〔2024〕7号】", "甲市人民政府办公室", "2024/4/2"),
        (As::Word, "甲府办发〔2024〕7号", "甲市人民政府办公室", "二〇二四年\n四月二日"),
        (As::Text, "甲府办发〔2024〕7号", "甲市人民政府办公室 2024年4月2日", ""),
    ];
    let topics = ["政务服务事项", "电梯安全", "河湖长制", "公共停车场", "老旧小区改造", "夜间经济", "数据共享"];
    for (n, (form, number, signature, date)) in forms.into_iter().enumerate() {
        let topic = topics[n % topics.len()];
        let title = format!("甲市人民政府办公室关于做好{topic}工作的通知");
        let rows = match n % 3 {
            0 => title.clone(),
            1 => format!("甲市人民政府办公室\n关于做好{topic}工作的通知"),
            _ => format!("甲市人民政府办公室关于做好\n{topic}工作的通知"),
        };
        let number_line = if n % 2 == 0 { format!("{number}\n{rows}") } else { format!("{rows}\n{number}") };
        let head = if n % 4 == 2 { format!("甲市人民政府办公室文件\n{number_line}") } else { number_line };
        let printed = if n % 4 == 0 {
            "\n（此件公开发布）\n抄送：市委办公室。\n甲市人民政府办公室　2024年4月5日印发"
        } else {
            ""
        };
        let text = format!(
            "{head}\n各县（区）人民政府，市政府各部门、各直属机构：\n为做好{topic}工作，现就有关事项通知如下。\n\
             一、提高认识。各地各部门要高度重视。\n二、明确分工。按照职责分工负责。\n三、抓好落实。本通知自2024年5月1日起施行。\n{signature}\n{date}{printed}"
        );
        let want = Want {
            title,
            number: Some("甲府办发〔2024〕7号"),
            issuers: vec!["甲市人民政府办公室"],
            version: day("2024-04-02"),
            published: day("2024-04-05").filter(|_| !printed.is_empty()),
            effective: day("2024-05-01"),
            level: Some(RegulationLevel::NormativeDocument),
            articles: 3,
        };
        set.add(form, text, want);
    }
}

/// 印发: a notice in front of the regulation that it brings, as an attachment or right below.
fn with_attachments(set: &mut Set) {
    let forms: [(As, &str, &str); 6] = [
        (As::Text, "附件\n", "　"),
        (As::Word, "附件1\n", " "),
        (As::Site, "", "　"),
        (As::Page, "附件：\n", "　"),
        (As::Text, "", ""),
        (As::Web, "附　件\n", "　"),
    ];
    for (n, (form, mark, space)) in (3..).zip(forms) {
        let text = format!(
            "乙县人民政府关于印发《乙县犬只管理办法》的通知\n乙府规〔2023〕12号\n各乡镇人民政府，县政府各部门：\n\
             《乙县犬只管理办法》已经县人民政府同意，现印发给你们，请认真贯彻执行。\n乙县人民政府\n2023年11月20日\n{mark}乙县犬只管理办法\n{}",
            articles("办法", "养犬", n, "本K自2024年1月1日起施行，有效期五年。", space)
        );
        let want = Want {
            title: "乙县人民政府关于印发《乙县犬只管理办法》的通知".into(),
            number: Some("乙府规〔2023〕12号"),
            issuers: vec!["乙县人民政府"],
            version: day("2023-11-20"),
            effective: day("2024-01-01"),
            level: Some(RegulationLevel::NormativeDocument),
            articles: n as usize,
            ..Want::default()
        };
        set.add(form, text, want);
    }
    // Numbers that Word counts, through the style of the paragraphs.
    let styled = |style: &str, text: &str| {
        format!("<w:p><w:pPr><w:pStyle w:val=\"{style}\"/></w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>")
    };
    let plain = |text: &str| format!("<w:p><w:r><w:t>{text}</w:t></w:r></w:p>");
    let head = [
        "丙局关于印发丙市渣土运输管理细则的通知",
        "丙城管规〔2024〕3号",
        "各区城市管理局：",
        "现予印发。",
        "丙市城市管理局",
        "2024年6月3日",
        "丙市渣土运输管理细则",
    ];
    let body: String = head.iter().map(|line| plain(&line.replace("丙局", "丙市城市管理局"))).collect::<String>()
        + &styled("zhang", "总则")
        + &styled("tiao", "为了加强渣土运输管理，制定本细则。")
        + &styled("tiao", "本细则适用于本市。")
        + &styled("zhang", "附则")
        + &styled("tiao", "本细则自2024年7月1日起施行。");
    let numbering = r#"<w:numbering xmlns:w="w"><w:abstractNum w:abstractNumId="4"><w:lvl w:ilvl="0"><w:numFmt w:val="chineseCountingThousand"/><w:pStyle w:val="zhang"/><w:lvlText w:val="第%1章"/></w:lvl><w:lvl w:ilvl="1"><w:numFmt w:val="chineseCountingThousand"/><w:pStyle w:val="tiao"/><w:lvlRestart w:val="0"/><w:lvlText w:val="第%2条"/></w:lvl></w:abstractNum><w:num w:numId="2"><w:abstractNumId w:val="4"/></w:num></w:numbering>"#;
    let styles = r#"<w:styles xmlns:w="w"><w:style w:type="paragraph" w:styleId="zhang"><w:pPr><w:numPr><w:numId w:val="2"/></w:numPr></w:pPr></w:style><w:style w:type="paragraph" w:styleId="tiao"><w:pPr><w:numPr><w:numId w:val="2"/></w:numPr></w:pPr></w:style></w:styles>"#;
    let document = format!("<w:document xmlns:w=\"w\"><w:body>{body}</w:body></w:document>");
    let file = fixtures::zip(&[
        ("_rels/.rels", fixtures::RELATIONS.as_bytes()),
        ("word/document.xml", document.as_bytes()),
        ("word/styles.xml", styles.as_bytes()),
        ("word/numbering.xml", numbering.as_bytes()),
    ]);
    let want = Want {
        title: "丙市城市管理局关于印发丙市渣土运输管理细则的通知".into(),
        number: Some("丙城管规〔2024〕3号"),
        issuers: vec!["丙市城市管理局"],
        version: day("2024-06-03"),
        effective: day("2024-07-01"),
        level: Some(RegulationLevel::NormativeDocument),
        articles: 3,
        ..Want::default()
    };
    set.0.push(Sample { name: "自动编号".into(), file, file_name: "文.docx", want });
}

/// 函, 批复, 意见, 通报, 决定: letters and answers, joint issues, seals in the place of others.
fn letters(set: &mut Set) {
    let normative = Some(RegulationLevel::NormativeDocument);
    let one = |title: &str, number, issuers: &[&'static str], version: &str, articles| Want {
        title: title.into(),
        number: Some(number),
        issuers: issuers.to_vec(),
        version: day(version),
        level: normative,
        articles,
        ..Want::default()
    };
    set.add(
        As::Text,
        "甲市水务局\n甲水函〔2024〕31号\n甲市水务局关于商请支持水土保持工作的函\n市财政局：\n为做好水土保持工作，商请贵局予以支持。\n特此致函\n甲市水务局\n2024年3月8日\n（联系人：李四，电话：12345678）",
        one("甲市水务局关于商请支持水土保持工作的函", "甲水函〔2024〕31号", &["甲市水务局"], "2024-03-08", 1),
    );
    set.add(
        As::Word,
        "丙省人民政府关于同意设立青岚经济开发区的批复\n丙府函〔2022〕105号\n甲市人民政府：\n你市《关于设立青岚经济开发区的请示》（甲府呈〔2022〕9号）收悉。现批复如下：\n一、同意设立青岚经济开发区。\n二、请抓紧编制规划。\n丙省人民政府\n二〇二二年十二月三十一日",
        one("丙省人民政府关于同意设立青岚经济开发区的批复", "丙府函〔2022〕105号", &["丙省人民政府"], "2022-12-31", 2),
    );
    set.add(
        As::Site,
        "中共甲市委办公室 甲市人民政府办公室印发《关于推进乡村治理的实施意见》的通知\n甲委办发〔2023〕18号\n各县（区）党委和人民政府：\n现将《关于推进乡村治理的实施意见》印发给你们。\n中共甲市委办公室\n甲市人民政府办公室\n2023年9月1日",
        one("中共甲市委办公室甲市人民政府办公室印发《关于推进乡村治理的实施意见》的通知", "甲委办发〔2023〕18号", &["中共甲市委办公室", "甲市人民政府办公室"], "2023-09-01", 1),
    );
    set.add(
        As::Text,
        "关于开展用气安全检查的通知\n甲应急指〔2024〕7号\n各成员单位：\n现开展用气安全检查。\n甲市应对突发事件\n应急指挥部综合组\n（甲市应急管理局代章）\n2024年4月2日\n附件1\n甲市用气安全检查方案\n一、总则",
        one("关于开展用气安全检查的通知", "甲应急指〔2024〕7号", &["甲市应对突发事件应急指挥部综合组"], "2024-04-02", 1),
    );
    set.add(
        As::Gbk,
        "教育厅 财政厅 人力资源社会保障厅\n关于提高教师待遇的意见\n丙教发〔2021〕4号\n各市教育局、财政局：\n一、提高认识。\n二、落实政策。\n三、加强督查。\n丙省教育厅　　丙省财政厅\n丙省人力资源和社会保障厅\n2021年2月10日",
        one("教育厅财政厅人力资源社会保障厅关于提高教师待遇的意见", "丙教发〔2021〕4号", &["丙省教育厅", "丙省财政厅", "丙省人力资源和社会保障厅"], "2021-02-10", 3),
    );
    set.add(
        As::Page,
        "乙县卫生健康局\n乙卫字〔2024〕15号\n关于2023年度先进单位的通报\n各医疗卫生单位：\n经研究，对下列单位予以通报表扬。\n乙县卫生健康局\n2024年1月15日",
        one("关于2023年度先进单位的通报", "乙卫字〔2024〕15号", &["乙县卫生健康局"], "2024-01-15", 1),
    );
    set.add(
        As::Text,
        "甲市人民政府\n关于废止《甲市户外广告管理办法》\n等一批规范性文件的决定\n甲府规〔2024〕1-2号\n各县人民政府：\n决定废止下列文件。\n甲市人民政府\n2024年5月6日",
        one("甲市人民政府关于废止《甲市户外广告管理办法》等一批规范性文件的决定", "甲府规〔2024〕1-2号", &["甲市人民政府"], "2024-05-06", 1),
    );
}

/// 公告 and 通告 with numbers of their own.
fn announcements(set: &mut Set) {
    let forms: [(As, &str, &str, &str, Vec<&'static str>); 6] = [
        (
            As::Text,
            "甲市财政局关于发布财政票据式样的公告\n甲市财政局公告2024年第7号",
            "甲市财政局",
            "甲市财政局公告2024年第7号",
            vec!["甲市财政局"],
        ),
        (
            As::Site,
            "国家税务总局甲省税务局关于优化发票领用的公告\n（2024年第7号）",
            "国家税务总局甲省税务局",
            "国家税务总局甲省税务局公告2024年第7号",
            vec!["国家税务总局甲省税务局"],
        ),
        (
            As::Word,
            "财政部 税务总局关于延续小微企业优惠的公告\n财政部　税务总局公告2024年第7号",
            "财政部\n税务总局",
            "财政部、税务总局公告2024年第7号",
            vec!["财政部", "税务总局"],
        ),
        (
            As::Page,
            "甲市公安局关于禁止燃放烟花的通告\n甲市公安局通告（2024年第7号）",
            "甲市公安局",
            "甲市公安局通告2024年第7号",
            vec!["甲市公安局"],
        ),
        (
            As::Web,
            "甲市市场监督管理局\n公告\n2024年第7号\n甲市市场监督管理局关于注销许可的公告",
            "甲市市场监督管理局",
            "甲市市场监督管理局公告2024年第7号",
            vec!["甲市市场监督管理局"],
        ),
        (
            As::Text,
            "甲市人民政府关于调整限行区域的通告\n甲府告〔2024〕7号",
            "甲市人民政府",
            "甲府告〔2024〕7号",
            vec!["甲市人民政府"],
        ),
    ];
    for (form, head, signature, number, issuers) in forms {
        let title: String = head.lines().find(|l| l.contains("关于")).unwrap().split_whitespace().collect();
        let text = format!(
            "{head}\n根据有关规定，现就有关事项公告如下：\n一、甲事项。\n二、乙事项，自2024年6月1日起执行。\n特此公告。\n{signature}\n2024年5月20日"
        );
        let want = Want {
            title,
            number: Some(number),
            issuers,
            version: day("2024-05-20"),
            effective: day("2024-06-01"),
            level: Some(RegulationLevel::NormativeDocument),
            articles: 2,
            ..Want::default()
        };
        set.add(form, text, want);
    }
}

/// Forms that are met less often, each once.
fn rarer(set: &mut Set) {
    let normative = Some(RegulationLevel::NormativeDocument);
    let one = |title: &str, number, issuers: &[&'static str], version: &str, articles| Want {
        title: title.into(),
        number: Some(number),
        issuers: issuers.to_vec(),
        version: day(version),
        level: normative,
        articles,
        ..Want::default()
    };
    set.add(
        As::Word,
        "000012\n机密★1年\n特急\n甲市教育局\n甲市财政局\n文件\n甲教发〔2024〕3号\n甲市教育局 甲市财政局\n关于进一步规范中小学校服务性收费\n管理工作的通知\n各县（区）教育局、财政局：\n一、严格收费项目。\n二、加强监督检查。\n附件：1.收费清单\n2.举报电话\n甲市教育局　　　　　　甲市财政局\n2024年2月18日",
        one("甲市教育局甲市财政局关于进一步规范中小学校服务性收费管理工作的通知", "甲教发〔2024〕3号", &["甲市教育局", "甲市财政局"], "2024-02-18", 2),
    );
    set.add(
        As::Text,
        "甲府办函〔2024〕88号\n甲市人民政府办公室关于2024年国庆节放假安排的通知\n各县（区）人民政府：\n现将放假安排通知如下。\n甲市人民政府办公室（印章）2024年9月20日",
        one("甲市人民政府办公室关于2024年国庆节放假安排的通知", "甲府办函〔2024〕88号", &["甲市人民政府办公室"], "2024-09-20", 1),
    );
    set.add(
        As::Site,
        "甲市民政局关于印发《甲市“十四五”养老服务体系规划》的通知\n（甲民发〔2021〕45号）\n各县（区）民政局：\n现将规划印发给你们。\n甲市民政局\n日期：2021年12月30日\n附件：甲市“十四五”养老服务体系规划.docx",
        one("甲市民政局关于印发《甲市“十四五”养老服务体系规划》的通知", "甲民发〔2021〕45号", &["甲市民政局"], "2021-12-30", 1),
    );
    set.add(
        As::Web,
        "索引号：0000/2023-77\n发文机关：丁州人民政府\n发文字号：丁府规〔2023〕6号\n成文日期：2023-10-08\n发布日期：2023-10-12\n丁州人民政府关于加强城市供水管理的实施意见\n各县、市人民政府：\n一、总体要求。\n二、重点任务。\n三、保障措施。本意见自2023年11月10日起施行。",
        Want {
            published: day("2023-10-12"),
            effective: day("2023-11-10"),
            ..one("丁州人民政府关于加强城市供水管理的实施意见", "丁府规〔2023〕6号", &["丁州人民政府"], "2023-10-08", 3)
        },
    );
    set.add(
        As::Text,
        "中共甲市委文件\n甲委发〔2023〕3号\n中共甲市委 甲市人民政府\n关于全面推进乡村振兴的意见\n（2023年3月1日）\n一、抓好粮食生产。\n二、发展富民产业。\n三、建设和美乡村。\n四、加强组织领导。",
        one("中共甲市委甲市人民政府关于全面推进乡村振兴的意见", "甲委发〔2023〕3号", &["中共甲市委", "甲市人民政府"], "2023-03-01", 4),
    );
    set.add(
        As::Gbk,
        "关于公布甲市第五批历史建筑名单的通知\n甲建〔2022〕131号\n各有关单位：\n现予公布。\n甲市住房和城乡建设局办公室\n二○二二年十月廿日",
        one("关于公布甲市第五批历史建筑名单的通知", "甲建〔2022〕131号", &["甲市住房和城乡建设局办公室"], "2022-10-20", 1),
    );
    set.add(
        As::Page,
        "乙县安全生产委员会办公室文件\n乙安办〔2024〕2号　　　　　　　签发人：王五\n关于报送安全生产工作总结的请示\n县安全生产委员会：\n妥否，请批示。\n乙县安全生产委员会办公室\n2024年1月3日\n（联系人：赵六）",
        one("关于报送安全生产工作总结的请示", "乙安办〔2024〕2号", &["乙县安全生产委员会办公室"], "2024-01-03", 1),
    );
    // Without a number nothing tells its standing.
    set.add(
        As::Text,
        "关于暂停办理业务的通告\n因系统升级，暂停办理相关业务。\n甲市不动产登记中心\n2024-6-7",
        Want {
            title: "关于暂停办理业务的通告".into(),
            issuers: vec!["甲市不动产登记中心"],
            version: day("2024-06-07"),
            articles: 1,
            ..Want::default()
        },
    );
    set.add(
        As::Word,
        "国家示例局办公室关于印发示例检测机构管理办法（试行）的通知\n示例办规〔2024〕 2 号\n各省、自治区、直辖市示例局：\n现印发给你们。\n国家示例局办公室\n2024 年 3 月 5 日\n示例检测机构管理办法\n（试行）\n第一章　总　则\n第一条　为了规范检测，制定本办法。\n第二条　本办法由国家示例局负责解释。\n第二章　附　则\n第三条　本办法自印发之日起施行。",
        one("国家示例局办公室关于印发示例检测机构管理办法（试行）的通知", "示例办规〔2024〕2号", &["国家示例局办公室"], "2024-03-05", 3),
    );
    set.add(
        As::Text,
        "公告\n甲市人民代表大会常务委员会公告〔十五届〕第6号\n甲市人民代表大会常务委员会关于接受张三辞职的决定\n（2023年8月30日甲市第十五届人民代表大会常务委员会第十一次会议通过）\n决定接受张三辞去职务的请求。",
        Want {
            level: Some(RegulationLevel::LocalRegulation),
            ..one("甲市人民代表大会常务委员会关于接受张三辞职的决定", "甲市人民代表大会常务委员会公告〔十五届〕第6号", &["甲市人民代表大会常务委员会"], "2023-08-30", 1)
        },
    );
}
