//! Proposals for documents as they are written, and for texts that say nothing.

use proptest::prelude::*;

use super::*;

fn division(name: &str) -> Option<DivisionCode> {
    let code = match name {
        "贵州省" => "520000",
        "遵义市" => "520300",
        "汇川区" => "520303",
        "浙江省" => "330000",
        _ => return None,
    };
    code.parse().ok()
}

fn proposed(text: &str) -> Proposal {
    propose(&Document::from(text), &Context { divisions: &division })
}

fn day(year: i16, month: i8, day: i8) -> Option<Date> {
    Some(Date::constant(year, month, day))
}

const NOTICE: &str = "遵义市人民政府办公室文件\n遵府办发〔2024〕3号\n遵义市人民政府办公室关于印发\n遵义市政务数据管理办法的通知\n\
各县、自治县、区（市）人民政府，市政府各工作部门：\n《遵义市政务数据管理办法》已经市人民政府同意，现印发给你们，请遵照执行。\n\
一、甲。\n二、乙。\n本通知自2024年4月1日起施行。\n附件：1.甲表\n遵义市人民政府办公室\n2024年3月5日\n（此件公开发布）\n\
抄送：市委办公室。\n遵义市人民政府办公室　2024年3月6日印发";

#[test]
fn a_notice() {
    let proposal = proposed(NOTICE);
    let text = Document::from(NOTICE).text();
    assert_eq!(proposal.title.value.as_deref(), Some("遵义市人民政府办公室关于印发遵义市政务数据管理办法的通知"));
    assert_eq!(proposal.document_number.value.as_deref(), Some("遵府办发〔2024〕3号"));
    let at = proposal.document_number.evidence[0];
    assert_eq!(&text[at.start..at.end], "遵府办发〔2024〕3号");
    assert_eq!(proposal.issuers.value.as_deref(), Some(&["遵义市人民政府办公室".to_owned()][..]));
    assert_eq!(proposal.version_date.value, day(2024, 3, 5));
    assert_eq!(proposal.published.value, day(2024, 3, 6));
    assert_eq!(proposal.effective.value, day(2024, 4, 1));
    assert_eq!(proposal.level.value, Some(RegulationLevel::NormativeDocument));
    assert_eq!(proposal.document_kind.value, Some(DocumentKind::Regulation));
    assert_eq!(proposal.division.value.as_ref().map(DivisionCode::as_str), Some("520300"));
    let labels: Vec<&str> = proposal.text.articles.iter().map(|a| a.label.as_str()).collect();
    assert_eq!(labels, ["一", "二"]);
    assert!(proposal.text.attachment.starts_with("遵义市人民政府办公室\n2024年3月5日"));
    let form = proposal.form();
    let regulation = proposal.into_regulation(form).unwrap();
    assert_eq!(regulation.title, "遵义市人民政府办公室关于印发遵义市政务数据管理办法的通知");
}

#[test]
fn an_order_above_the_regulation_it_publishes() {
    let proposal = proposed(
        "中华人民共和国国务院令\n第777号\n《甲管理条例》已经2024年2月23日国务院第25次常务会议通过，现予公布，自2024年5月1日起施行。\n\
         总理　李强\n2024年3月10日\n甲管理条例\n目　录\n第一章　总　则\n第二章　附　则\n第一章　总　则\n第一条　为了测试，制定本条例。\n\
         第二章　附　则\n第二条　本条例自2024年5月1日起施行。1999年1月1日发布的《乙条例》同时废止。",
    );
    assert_eq!(proposal.title.value.as_deref(), Some("甲管理条例"));
    assert_eq!(proposal.document_number.value.as_deref(), Some("国务院令第777号"));
    assert_eq!(proposal.issuers.value.as_deref(), Some(&["国务院".to_owned()][..]));
    assert_eq!(proposal.level.value, Some(RegulationLevel::AdministrativeRegulation));
    assert_eq!((proposal.version_date.value, proposal.published.value), (day(2024, 3, 10), day(2024, 3, 10)));
    assert_eq!(proposal.effective.value, day(2024, 5, 1));
    assert_eq!(proposal.text.articles.len(), 2);
    assert_eq!(proposal.text.headings.len(), 2);
    assert_eq!(proposal.division.value, None);
}

#[test]
fn a_local_regulation_with_its_caption() {
    let proposal = proposed(
        "浙江省甲条例\n（1999年1月2日浙江省第九届人民代表大会常务委员会第十次会议通过　根据2010年3月4日浙江省第十一届人民代表大会\
         常务委员会第二次会议《关于修改〈浙江省甲条例〉的决定》第一次修正）\n第一条　为了测试，制定本条例。\n第二条　本条例自公布之日起施行。",
    );
    assert_eq!(proposal.title.value.as_deref(), Some("浙江省甲条例"));
    assert_eq!(proposal.issuers.value.as_deref(), Some(&["浙江省人民代表大会常务委员会".to_owned()][..]));
    assert_eq!(proposal.level.value, Some(RegulationLevel::LocalRegulation));
    assert_eq!(proposal.version_date.value, day(2010, 3, 4));
    assert_eq!(proposal.history.len(), 2);
    assert_eq!(proposal.division.value.as_ref().map(DivisionCode::as_str), Some("330000"));
    // From the day of publication, which the text does not tell.
    assert_eq!(proposal.effective.value, None);
    assert!(proposal.effective.reason.contains("自公布之日起"), "{}", proposal.effective.reason);
}

#[test]
fn a_joint_issue_with_chinese_dates() {
    let proposal = proposed(
        "教育部 财政部关于做好甲工作的通知\n教财〔２０１８〕１２ 号\n各省、自治区、直辖市教育厅：\n请认真执行。\n教 育 部\n财政部\n二〇一八年三月十二日",
    );
    assert_eq!(proposal.document_number.value.as_deref(), Some("教财〔2018〕12号"));
    assert_eq!(proposal.issuers.value.unwrap(), ["教育部", "财政部"]);
    assert_eq!(proposal.version_date.value, day(2018, 3, 12));
    assert_eq!(proposal.text.articles[0].label, "正文");
    assert_eq!(proposal.text.articles[0].text, "各省、自治区、直辖市教育厅：\n请认真执行。");
}

#[test]
fn numbers_in_the_text_are_not_the_documents_own() {
    let proposal = proposed("关于甲的通知\n各单位：\n根据国发〔2016〕51号文件，现通知如下。\n第一条 甲。");
    assert_eq!(proposal.document_number.value, None);
    assert_eq!((proposal.version_date.value, proposal.issuers.value.clone()), (None, None));
    assert_eq!(proposal.level.value, None);
}

#[test]
fn a_division_that_is_not_known_is_not_taken_for_the_one_above() {
    let of = |body: &str| {
        proposed(&format!("关于甲的通知\n请执行。\n{body}\n2024年1月1日")).division.value.map(String::from)
    };
    assert_eq!(of("遵义市汇川区人民政府").as_deref(), Some("520303"));
    assert_eq!(of("遵义市人民政府").as_deref(), Some("520300"));
    assert_eq!(of("贵州省教育厅").as_deref(), Some("520000"));
    assert_eq!(of("遵义市某某区人民政府"), None);
    assert_eq!(of("教育部"), None);
}

#[test]
fn nothing_is_invented() {
    for text in ["", "甲", "今天天气很好。\n明天也是。", "——————"] {
        let p = proposed(text);
        assert_eq!((p.title.value, p.document_number.value, p.version_date.value), (None, None, None), "{text}");
        assert_eq!((p.issuers.value, p.level.value, p.division.value), (None, None, None), "{text}");
        assert_eq!((p.published.value, p.effective.value, p.document_kind.value), (None, None, None), "{text}");
        assert!(p.title.evidence.is_empty() && !p.title.reason.is_empty());
    }
}

#[test]
fn what_a_site_adds_below_is_no_text() {
    let p = proposed(
        "甲市公园管理办法\n发布时间：2024-04-10　来源：甲市人民政府\n第一条为了测试，制定本办法。\n第二条本办法自2024年5月1日起施行。\n【打印】【关闭】\n责任编辑：王五\n上一篇：关于乙的通知",
    );
    let texts: Vec<&str> = p.text.articles.iter().map(|a| a.text.as_str()).collect();
    assert_eq!(texts, ["为了测试，制定本办法。", "本办法自2024年5月1日起施行。"]);
    assert_eq!((p.text.attachment.as_str(), p.published.value), ("", day(2024, 4, 10)));
}

#[test]
fn dates_and_signatures_in_every_written_form() {
    for date in [
        "2024年4月2日",
        "２０２４年４月２日",
        "2024 年 4 月 2 日",
        "二〇二四年四月二日",
        "二○二四年四月二日",
        "二零二四年四月二日",
        "二0二四年四月二日",
        "二O二四年四月二日",
        "二 Ｏ 二 四 年 四 月 二 日",
        "二〇二四年\n四月二日",
        "2024.4.2",
        "2024.04.02",
        "2024-04-02",
        "2024/4/2",
        "2024－4－2",
        "20240402",
        "（2024年4月2日）",
        "2024年4月2日（印章）",
        "日期：2024年4月2日",
    ] {
        for signature in
            ["甲市教育局", "甲 市 教 育 局", "甲市教育局（盖章）", "甲市教育局\n（甲市人民政府代章）", "甲市\n教育局"]
        {
            let p = proposed(&format!("关于甲的通知\n各学校：\n请认真执行。\n{signature}\n{date}\n（此件公开发布）"));
            assert_eq!(p.version_date.value, day(2024, 4, 2), "{signature} {date}");
            assert_eq!(p.issuers.value.as_deref(), Some(&["甲市教育局".to_owned()][..]), "{signature} {date}");
            assert_eq!(p.text.articles[0].text, "各学校：\n请认真执行。", "{signature} {date}");
        }
    }
    for no_date in ["二〇二四年十三月二日", "2024.13.2", "2024年2月30日", "20241332", "12345678"] {
        let p = proposed(&format!("关于甲的通知\n各学校：\n请认真执行。\n甲市教育局\n{no_date}"));
        assert_eq!(p.version_date.value, None, "{no_date}");
    }
}

#[test]
fn a_minister_signs_an_order_with_the_name_of_the_ministry() {
    let text = "示例部令\n第7号\n《示例办法》已经部务会议审议通过，现予公布，自2024年5月1日起施行。\n示例部部长 张三\n2024年4月2日\n示例办法\n第一条　甲。";
    let proposal = proposed(text);
    assert_eq!((proposal.version_date.value, proposal.published.value), (day(2024, 4, 2), day(2024, 4, 2)));
    assert_eq!(proposal.document_number.value.as_deref(), Some("示例部令第7号"));
}

#[test]
fn the_day_of_effect_that_the_notice_tells() {
    let notice = |said: &str| {
        let text = format!(
            "甲局关于印发《甲基准》的通知\n甲局发〔2024〕7号\n各单位：\n{said}\n甲局\n2024年4月2日\n附件\n甲基准\n{}",
            (1..=9).map(|n| format!("第{}条　甲。\n", text::numerals::format(n))).collect::<String>()
        );
        proposed(&text).effective.value
    };
    assert_eq!(notice("现将《甲基准》印发给你们，自2024年5月1日起施行。"), day(2024, 5, 1));
    for other in
        ["《乙法》自2021年1月1日起施行以来成效显著，现将《甲基准》印发给你们。", "旧基准自2020年1月1日起施行。"]
    {
        assert_eq!(notice(other), None, "{other}");
    }
}

#[test]
fn the_printing_of_another_document_is_no_publication() {
    let text = "甲局关于修订甲预案的通知\n甲局发〔2024〕7号\n各单位：\n2016年8月10日印发的《甲预案》同时废止。\n甲局\n2024年4月2日";
    assert_eq!(proposed(text).published.value, None);
    let printed = format!("{text}\n甲局办公室　　2024年4月3日印");
    assert_eq!(proposed(&printed).published.value, day(2024, 4, 3));
}

#[test]
fn who_adopted_a_regulation_is_its_issuer_and_not_who_announced_it() {
    let text = "遵义市人民代表大会常务委员会公告\n第2号\n《甲条例》已经通过，现予公布。\n遵义市人民代表大会常务委员会\n2024年4月2日\n甲条例\n（2024年1月18日遵义市第八届人民代表大会第四次会议通过）\n第一条　甲。";
    let issuers = proposed(text).issuers;
    assert_eq!(issuers.value, Some(vec!["遵义市人民代表大会".to_owned()]));
}

#[test]
fn a_report_names_its_speaker_and_its_day_below_the_title() {
    let text = "关于甲决算的报告\n——2024年7月24日在遵义市第六届人民代表大会\n第二次会议上\n遵义市财政局局长　张三\n各位代表：\n一、甲。";
    let proposal = proposed(text);
    assert_eq!(proposal.title.value.as_deref(), Some("关于甲决算的报告"));
    assert_eq!(proposal.issuers.value, Some(vec!["遵义市财政局".to_owned()]));
    assert_eq!((proposal.version_date.value, proposal.text.articles.len()), (day(2024, 7, 24), 1));
}

#[test]
fn captions_over_several_lines() {
    let law = "\n第一条　甲。";
    let printed = proposed(&format!("甲办法\n（遵义市财政局\n遵义市教育局\n2020年11月2日印发）{law}"));
    assert_eq!(printed.issuers.value, Some(vec!["遵义市财政局".to_owned(), "遵义市教育局".to_owned()]));
    assert_eq!((printed.version_date.value, printed.published.value), (day(2020, 11, 2), day(2020, 11, 2)));
    let amended = proposed(&format!(
        "甲条例\n（1998年5月29日遵义市第一届人民代表大会常务委员会第三次会议通过\n根据2004年6月30日遵义市第二届人民代表大会常务委员会第四次会议《关于修改〈甲条例〉的决定》修正\n2018年12月27日遵义市第五届人民代表大会常务委员会第二十次会议修订\n2019年3月29日贵州省第十三届人民代表大会常务委员会第十次会议批准）{law}"
    ));
    assert_eq!((amended.version_date.value, amended.history.len()), (day(2019, 3, 29), 4));
}

#[test]
fn plans_that_a_congress_approves_are_no_regulations() {
    let of = |title: &str| {
        let p = proposed(&format!("{title}\n（2021年1月29日甲市第十五届人民代表大会第六次会议通过）\n第一条　甲。"));
        (p.level.value, p.issuers.value.unwrap_or_default())
    };
    let congress = vec!["甲市人民代表大会".to_owned()];
    assert_eq!(of("甲市示例发展规划纲要（2021—2025年）"), (Some(RegulationLevel::Other), congress.clone()));
    assert_eq!(of("甲市示例条例"), (Some(RegulationLevel::LocalRegulation), congress));
}

#[test]
fn forms_say_what_is_missing() {
    let text = "浙江省甲条例\n第一条 为了测试。";
    let proposal = proposed(text);
    let mut form = proposal.form();
    let fault = |proposal: Proposal, form: &Form| proposal.into_regulation(form.clone()).unwrap_err().to_string();
    assert_eq!(fault(proposal.clone(), &form), "效力层级：不能为空");
    form.level = Some(RegulationLevel::LocalRegulation);
    form.division = None;
    assert!(fault(proposal.clone(), &form).starts_with("区划代码：“地方性法规”须属于一个行政区划"));
    form.division = division("浙江省");
    let regulation = proposal.clone().into_regulation(form.clone()).unwrap();
    assert_eq!(regulation.articles[0].label, "第一条");
    form.title = " ".into();
    assert_eq!(fault(proposal, &form), "标题：不能为空");
    form.title = "甲".into();
    let scan = proposed("").into_regulation(form.clone()).unwrap();
    assert!(scan.articles.is_empty(), "of a scan there are the facts that somebody gave");
    form.issuers = vec!["甲\u{7}厅".into()];
    assert!(fault(proposed(""), &form).contains("U+0007"));
}

fn evidence(p: &Proposal) -> Vec<(bool, &[Span])> {
    vec![
        (p.title.value.is_some(), &p.title.evidence),
        (p.issuers.value.is_some(), &p.issuers.evidence),
        (p.document_number.value.is_some(), &p.document_number.evidence),
        (p.version_date.value.is_some(), &p.version_date.evidence),
        (p.published.value.is_some(), &p.published.evidence),
        (p.effective.value.is_some(), &p.effective.evidence),
        (p.document_kind.value.is_some(), &p.document_kind.evidence),
        (p.level.value.is_some(), &p.level.evidence),
        (p.division.value.is_some(), &p.division.evidence),
    ]
}

proptest! {
    #[test]
    fn values_have_evidence_within_the_text(
        text in "([国务院令办发第一二条章通知关于市人民政府局年月日号〔〕（）()《》\\n　。0-9 附件目录文件总理通过公布自起施行]{0,30}|2024年3月1日\n|国务院令第1号|〔2024〕3号|第一条 |关于){0,12}",
    ) {
        let document = Document::from(text.as_str());
        let text = document.text();
        let proposal = propose(&document, &Context { divisions: &division });
        for (has, spans) in evidence(&proposal) {
            prop_assert_eq!(has, !spans.is_empty());
            for span in spans {
                prop_assert!(span.start < span.end && text.get(span.start..span.end).is_some());
            }
        }
        let form = proposal.form();
        let _ = proposal.into_regulation(form);
    }
}
