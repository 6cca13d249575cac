//! Schemes of organization: a file becomes a form with the sentences beside it, duties answer questions, events are
//! drawn.

use indexer::record::{Body as RecordBody, Role, staffing};

use super::{
    offices::{get, post, signed_in, upload},
    *,
};
use crate::reading::schemes::{Schemes, the_public};

const SCHEME: &str = "鼓楼区教育局职能配置、内设机构和人员编制规定\n鼓办发〔2019〕12号\n第一条　根据《鼓楼区机构改革方案》，制定本规定。\n第二条　鼓楼区教育局是鼓楼区人民政府工作部门，为正科级。\n第三条　主要职责是：\n（一）负责全区基础教育工作。\n（二）负责校外培训机构的监督管理。\n（三）完成区委、区政府交办的其他任务。\n第四条　鼓楼区教育局设3个内设机构：\n（一）办公室。负责机关日常运转。\n（二）基础教育科。负责中小学工作。\n第五条　机关行政编制10名（含援派编制12名）。设局长1名，副局长2名。\n第六条　本规定自2019年4月1日起施行。\n";

fn body(kind: &str, columns: &[(&str, &str)]) -> RecordBody {
    let mut body = RecordBody::blank(kind).unwrap();
    let typed = |name: &str| columns.iter().find(|(column, _)| *column == name).map(|(_, text)| *text);
    body.fill(|column| typed(column.name)).unwrap();
    body
}

pub(super) fn record(kind: &str, columns: &[(&str, &str)]) -> Record {
    let body = body(kind, columns);
    let owner = body.division().cloned();
    Record { owner, ..samples::record(&body.id().unwrap(), body) }
}

fn scheme(name: &str, division: &str, id: &str, duty: &str) -> Record {
    let title = format!("{name}职能配置、内设机构和人员编制规定");
    let columns = [
        ("title", title.as_str()),
        ("institution_name", name),
        ("institution_id", id),
        ("division", division),
        ("duties", duty),
        ("staffing", "行政编制10名（含援派编制12名）"),
    ];
    record(staffing::SCHEME, &columns)
}

/// A scheme of the education office: the record that it is linked to, the document's number and its day.
fn dated(id: &str, (number, from): (&str, &str), duty: &str) -> Record {
    let columns = [
        ("title", "遵义市教育局职能配置、内设机构和人员编制规定"),
        ("institution_name", "遵义市教育局"),
        ("institution_id", id),
        ("division", "520300"),
        ("document_number", number),
        ("effective", from),
        ("duties", duty),
    ];
    record(staffing::SCHEME, &columns)
}

/// An event of an institution of Zunyi: what was changed, from and to whom.
fn happened(change: &str, day: &str, from: &str, to: &str) -> Record {
    let title = format!("{from}{change}{to}");
    let columns = [
        ("title", title.as_str()),
        ("institution_name", to),
        ("division", "520300"),
        ("date", day),
        ("change", change),
        ("from", from),
        ("to", to),
        ("document_number", "遵编〔2019〕3号"),
    ];
    record(staffing::EVENT, &columns)
}

async fn shown(site: &Site, address: &str) -> String {
    let asked = Request::get(address).header(header::ACCEPT, "text/html").body(Body::empty()).unwrap();
    let (status, _, page) = call(&site.app, asked).await;
    assert_eq!(status, StatusCode::OK, "{page}");
    page
}

const TAKEN_OVER: &str = "遵义市旅游局到 2019-02-01 为止（合并，遵编〔2019〕3号），职责由遵义市人民政府承接";

/// What an institution that is gone had to do is reported as history, with who took over; where that one's own scheme
/// has it, by that.
#[tokio::test]
async fn a_body_that_has_ended_answers_as_history_alone() {
    let tourism = scheme("遵义市旅游局", "520300", "", "（一）负责景区质量等级评定。");
    let government = scheme("遵义市人民政府", "520300", "520300-gov", "（一）承担景区质量等级评定工作。");
    let merged = happened("合并", "2019-02-01", "遵义市旅游局", "遵义市人民政府");
    let asked = async |records: Vec<Record>| search(&site_with(records).app, "遵义谁负责景区质量等级评定", "").await;
    let found = asked(vec![tourism.clone(), merged.clone()]).await;
    assert_eq!(ids(&found["direct"])[..2], [tourism.id.as_str(), "520300-gov"], "{found}");
    let told = &found["direct"][0];
    assert!(told["why"][0].as_str().unwrap().contains("已经不在"), "{found}");
    assert!(told[staffing::SCHEME]["note"].as_str().unwrap().contains(TAKEN_OVER), "{found}");
    let found = asked(vec![tourism.clone(), merged.clone(), government.clone()]).await;
    assert_eq!(ids(&found["direct"])[..2], [government.id.as_str(), "520300-gov"], "{found}");
    assert!(!ids(&found["direct"]).contains(&tourism.id.as_str()), "{found}");
    // Whatever is still to come ends nothing yet.
    let later = happened("合并", "2099-02-01", "遵义市旅游局", "遵义市人民政府");
    let found = asked(vec![tourism.clone(), later]).await;
    assert!(found["direct"][0]["why"][0].as_str().unwrap().contains("写明由它负责"), "{found}");
}

#[tokio::test]
async fn the_page_of_a_body_that_has_ended_says_so_first() {
    let tourism = samples::institution("b-lv", "遵义市旅游局", "520300");
    let own = scheme("遵义市旅游局", "520300", "b-lv", "（一）负责景区质量等级评定。");
    let merged = happened("合并", "2019-02-01", "遵义市旅游局", "遵义市人民政府");
    let site = site_with(vec![tourism, own, merged]);
    let page = shown(&site, "/institutions/b-lv").await;
    assert!(page.contains("id=\"ended\"") && page.contains(TAKEN_OVER), "{page}");
    assert!(page.contains("现由 <a href=\"/institutions/520300-gov\">遵义市人民政府</a>"), "{page}");
    assert!(page.contains("当时的三定规定写明的职责"), "{page}");
    let page = shown(&site, "/institutions/b-lv?on=2020-01-01").await;
    assert!(page.contains("已经撤销，职责由遵义市人民政府承接") && page.contains("当天已经没有这个机构"), "{page}");
    let then = json(&site.app, "/api/v1/institutions/b-lv?as_of=2020-01-01").await;
    assert_eq!(then["then"]["standing"], "ended", "{then}");
    // The successor is there, and its line has where it came from.
    let page = shown(&site, "/institutions/520300-gov").await;
    assert!(!page.contains("id=\"ended\"") && page.contains("遵义市旅游局合并遵义市人民政府"), "{page}");
}

/// Names before the name before are found, and drawn in one line.
#[tokio::test]
async fn a_line_of_descent_goes_back_beyond_one_step() {
    let events = [
        happened("更名", "1990-01-01", "遵义市文教局", "遵义市文化局"),
        happened("更名", "2001-01-01", "遵义市文化局", "遵义市文体局"),
        happened("合并", "2019-02-01", "遵义市文体局", "遵义市文旅局"),
        happened("更名", "2019-03-01", "遵义市水务局", "遵义市水利局"),
    ];
    let body = samples::institution("b-wl", "遵义市文旅局", "520300");
    let site = site_with(events.into_iter().chain([body]).collect());
    let page = shown(&site, "/institutions/b-wl").await;
    for name in ["遵义市文教局", "遵义市文化局", "遵义市文体局"] {
        assert!(page.contains(name), "{name}: {page}");
    }
    assert!(!page.contains("遵义市水务局"), "{page}");
    for (day, name) in [("2010-01-01", "遵义市文体局"), ("2020-01-01", "遵义市文旅局")] {
        let told = json(&site.app, &format!("/api/v1/institutions/b-wl?as_of={day}")).await;
        assert!(told["then"].to_string().contains(name), "{day}: {told}");
    }
}

/// Whoever a clause of another's scheme names is reported for its part, and so is whoever a duty was given to.
#[tokio::test]
async fn what_anothers_scheme_says_of_a_body_is_told_of_that_body() {
    let duties = "（一）负责基础教育工作。\n【职责分工：市人民政府】（二）与市人民政府的职责分工。市教育局负责校外培训机构资质；市人民政府负责校外培训机构收费监管。\n【职能转变】（三）将自学考试考务的组织职责交给市人民政府。";
    let education = dated("", ("遵府办〔2019〕7号", "2019-04-01"), duties);
    let site = site_with(vec![education.clone()]);
    for (asked, owner, sentence) in [
        ("遵义谁负责校外培训机构收费监管", "遵义市人民政府", "市人民政府负责校外培训机构收费监管"),
        ("遵义谁负责自学考试考务", "遵义市人民政府", "将自学考试考务的组织职责交给市人民政府"),
        ("遵义谁负责校外培训机构资质", "遵义市教育局", "市教育局负责校外培训机构资质"),
    ] {
        let found = search(&site.app, asked, "").await;
        let told = &found["direct"][0];
        assert_eq!(told["id"], education.id, "{asked}: {found}");
        let told = &told[staffing::SCHEME];
        assert_eq!(told["owner"], owner, "{asked}: {found}");
        assert!(told["what"].as_str().unwrap().contains(sentence), "{asked}: {found}");
        let note = told["note"].as_str().unwrap_or_default();
        assert_eq!(
            note.contains("写在遵义市教育局的规定里") && note.contains("遵府办〔2019〕7号"),
            owner == "遵义市人民政府",
            "{note}"
        );
    }
}

/// Where the reader's own region has no record, that is said, and whose the answer is.
#[tokio::test]
async fn a_region_without_a_record_is_told_to_have_none() {
    let city = scheme("南京市教育局", "320100", "", "（一）负责校外培训机构的监督管理。");
    let site = site_with(vec![city.clone()]);
    let found = search(&site.app, "谁负责校外培训", "&region=320106").await;
    let told = &found["direct"][0];
    assert_eq!(told["id"], city.id, "{found}");
    let note = told[staffing::SCHEME]["note"].as_str().unwrap();
    assert!(note.contains("鼓楼区没有收录写明这件事的三定规定，这是") && note.contains("南京市的"), "{note}");
    assert!(told["why"][0].as_str().unwrap().starts_with("本地区没有收录"), "{found}");
}

#[tokio::test]
async fn a_scheme_without_a_day_stands_in_the_sheet_as_one_without() {
    let site = site_with(vec![scheme("遵义市旅游局", "520300", "", "（一）负责景区质量等级评定。")]);
    let (office, _) = signed_in(&site, "zunyi", Role::Reader, "520300");
    let (_, _, page) = call(&site.app, get("/console/schemes?on=2026-01-01", &office)).await;
    assert!(page.contains("<td>日期不详</td>") && page.contains("不知道是否现行的 1 个"), "{page}");
}

#[tokio::test]
async fn who_is_in_charge_is_answered_by_the_duties_of_schemes() {
    let city =
        scheme("遵义市教育局", "520300", "520300-gov", "（一）负责校外培训机构的监督管理。\n（二）负责学校食堂工作。");
    let event = record(
        staffing::EVENT,
        &[
            ("title", "遵义府更名为遵义市人民政府"),
            ("institution_name", "遵义市人民政府"),
            ("institution_id", "520300-gov"),
            ("division", "520300"),
            ("date", "1997-06-10"),
            ("change", "更名"),
            ("from", "遵义府"),
            ("to", "遵义市人民政府"),
            ("document_number", "国函〔1997〕49号"),
        ],
    );
    let site = site_with(vec![city.clone(), event.clone()]);
    let search = async |query: &str| -> Value {
        let address = format!("/api/v1/search?q={}", encoded(query));
        let (status, _, text) = call(&site.app, path(&address)).await;
        assert_eq!(status, StatusCode::OK, "{text}");
        serde_json::from_str(&text).unwrap()
    };
    for asked in ["谁负责校外培训", "遵义市谁负责校外培训？", "校外培训归谁管", "遵义哪个部门管校外培训机构"]
    {
        let found = search(asked).await;
        assert_eq!(found["direct"][0]["id"], city.id, "{asked}: {found}");
        let what = found["direct"][0][staffing::SCHEME]["what"].as_str().unwrap();
        assert!(what.starts_with("主要职责（一）：负责校外培训机构"), "{what}");
        assert_eq!(found["direct"][1]["id"], "520300-gov", "the body itself follows: {found}");
    }
    // Of another region nobody is told, nor of what no duty speaks of.
    for asked in ["福建省谁负责校外培训", "谁负责火星移民"] {
        let found = search(asked).await;
        assert!(!ids(&found["direct"]).contains(&city.id.as_str()), "{asked}: {found}");
    }
    let page = async |address: &str| {
        let asked = Request::get(address).header(header::ACCEPT, "text/html").body(Body::empty()).unwrap();
        call(&site.app, asked).await
    };
    let (status, _, shown) = page("/institutions/520300-gov").await;
    assert_eq!(status, StatusCode::OK, "{shown}");
    for told in ["三定规定写明的职责", "负责校外培训机构的监督管理", "沿革", "<svg", "国函〔1997〕49号", "遵义府"]
    {
        assert!(shown.contains(told), "{told}: {shown}");
    }
    // What does not add up stands on the page of the record.
    let kind = indexer::record::kind_named(staffing::SCHEME).unwrap();
    let (_, _, shown) = page(&format!("/{}/{}", kind.path, city.id)).await;
    assert!(shown.contains("其中各项合计 12 名"), "{shown}");
}

#[tokio::test]
async fn whose_duties_speak_of_a_matter_most_is_told_first_and_what_is_not_yet_in_force_not_at_all() {
    let duties = "（一）负责校外培训机构的监督管理。\n（二）牵头处理校外培训的投诉。";
    let education = scheme("遵义市教育局", "520300", "zy-jy", duties);
    let finance = scheme("遵义市财政局", "520300", "aa-cz", "（一）负责校外培训预收费资金的监管。");
    let columns = [
        ("title", "遵义市培训局职能配置、内设机构和人员编制规定"),
        ("institution_name", "遵义市培训局"),
        ("division", "520300"),
        ("effective", "2099-01-01"),
        ("duties", duties),
    ];
    let coming = record(staffing::SCHEME, &columns);
    let site = site_with(vec![education.clone(), finance.clone(), coming.clone()]);
    let found = search(&site.app, "遵义谁负责校外培训", "").await;
    let schemes: Vec<&str> = ids(&found["direct"]);
    assert_eq!(schemes.first(), Some(&education.id.as_str()), "{found}");
    assert!(schemes.contains(&finance.id.as_str()) && !schemes.contains(&coming.id.as_str()), "{found}");
}

#[tokio::test]
async fn a_file_is_read_beside_its_sentences_and_becomes_a_record_after_review() {
    let site = site();
    let (writer, token) = signed_in(&site, "gulou", Role::Contributor, "320106");
    let (reviewer, review) = signed_in(&site, "reviewer", Role::Reviewer, "320106");
    let request = upload("/console/upload", &writer, &token, "三定.txt", SCHEME.as_bytes());
    let (status, headers, page) = call(&site.app, request).await;
    assert_eq!(status, StatusCode::SEE_OTHER, "{page}");
    let form = headers[header::LOCATION].to_str().unwrap().to_owned();
    let (status, _, page) = call(&site.app, get(&form, &writer)).await;
    assert_eq!(status, StatusCode::OK, "{page}");
    for told in [
        "鼓楼区教育局",
        "原句",
        "（二）负责校外培训机构的监督管理。",
        "写明设内设机构 3 个，列出 2 个",
        "其中各项合计 12 名",
    ] {
        assert!(page.contains(told), "{told}: {page}");
    }
    let (_, _, regulation) = call(&site.app, get(&format!("{form}&as=norm"), &writer)).await;
    assert!(regulation.contains("核对识别出的内容"), "{regulation}");
    let kind = indexer::record::kind_named(staffing::SCHEME).unwrap();
    let read = indexer::corpus::schemes::read(&SCHEME.into()).unwrap();
    let columns = read.columns();
    let with = |numbers: &'static str| {
        let mut fields: Vec<(&str, &str)> = columns.iter().map(|c| (c.column, c.text.as_str())).collect();
        fields.extend([("division", "320106"), ("numbers", numbers), ("token", &token), ("then", "submit")]);
        post(&format!("/console/new/{}", kind.path), &writer, &fields)
    };
    // A number that is not for the public is refused, and nothing is kept of it.
    let (status, _, page) = call(&site.app, with("不公开")).await;
    assert!(status == StatusCode::UNPROCESSABLE_ENTITY && page.contains("编制数不公开"), "{page}");
    let (status, headers, page) = call(&site.app, with("公开")).await;
    assert_eq!(status, StatusCode::SEE_OTHER, "{page}");
    let submission = headers[header::LOCATION].to_str().unwrap().to_owned();
    for (step, revision) in [("approve", "2"), ("publish", "3")] {
        let fields = [("token", review.as_str()), ("revision", revision)];
        let moved = call(&site.app, post(&format!("{submission}/moves/{step}"), &reviewer, &fields)).await;
        assert_eq!(moved.0, StatusCode::SEE_OTHER, "{step}: {}", moved.2);
    }
    let (body, _) = read.body();
    let id = {
        let mut body = body.unwrap();
        body.fill(|column| (column.name == "division").then_some("320106")).unwrap();
        body.id().unwrap()
    };
    let published = site.app.store.get(&id).unwrap().unwrap();
    assert!(published.is_public() && published.body.title().starts_with("鼓楼区教育局"));
}

/// What an office uploads, and what the page says of it before anything is handed in.
async fn told_of(site: &Site, name: &str, file: &[u8]) -> String {
    let (writer, token) = signed_in(site, &format!("w.{}", name.len()), Role::Contributor, "320106");
    let request = upload("/console/upload", &writer, &token, name, file);
    let (status, headers, page) = call(&site.app, request).await;
    assert_eq!(status, StatusCode::SEE_OTHER, "{page}");
    let form = headers[header::LOCATION].to_str().unwrap().to_owned();
    let (status, _, page) = call(&site.app, get(&form, &writer)).await;
    assert_eq!(status, StatusCode::OK, "{page}");
    page
}

/// A county's scheme that its city hands in lies in the county; where nothing tells the division, that is said.
#[tokio::test]
async fn a_scheme_lies_in_the_division_that_its_body_is_named_by() {
    let site = site();
    let (writer, token) = signed_in(&site, "nanjing", Role::Contributor, "320100");
    for (name, text, value, unsure) in [
        ("一.txt", SCHEME.to_owned(), "320106", false),
        ("二.txt", SCHEME.replace("鼓楼区", "南京市鼓楼区"), "320106", false),
        ("三.txt", SCHEME.replace("鼓楼区教育局", "无名山教育局"), "320100", true),
    ] {
        let request = upload("/console/upload", &writer, &token, name, text.as_bytes());
        let (status, headers, page) = call(&site.app, request).await;
        assert_eq!(status, StatusCode::SEE_OTHER, "{page}");
        let (status, _, page) = call(&site.app, get(headers[header::LOCATION].to_str().unwrap(), &writer)).await;
        assert_eq!(status, StatusCode::OK, "{page}");
        assert!(page.contains(&format!("value=\"{value}\"")), "{name}: {page}");
        assert_eq!(page.contains("没有认出"), unsure, "{name}: {page}");
    }
}

/// A notice that changes two institutions leaves a text of each, and changes in each its own numbers alone.
#[tokio::test]
async fn a_notice_about_two_bodies_makes_a_text_of_each() {
    let of = |name: &str, n: u32| {
        let (title, count) = (format!("{name}职能配置、内设机构和人员编制规定"), format!("行政编制{n}名"));
        let columns = [
            ("title", title.as_str()),
            ("institution_name", name),
            ("division", "320106"),
            ("effective", "2019-04-01"),
            ("staffing", count.as_str()),
        ];
        record(staffing::SCHEME, &columns)
    };
    let site = site_with(vec![of("鼓楼区教育局", 30), of("鼓楼区水务局", 26)]);
    let (writer, token) = signed_in(&site, "gulou", Role::Contributor, "320106");
    let notice = "关于调整鼓楼区教育局机构编制的通知\n鼓编〔2021〕9号\n一、核减鼓楼区教育局行政编制2名，调整后28名。\n二、区水务局行政编制由26名增加到28名。\n2021年5月6日\n";
    let request = upload("/console/upload", &writer, &token, "调整.txt", notice.as_bytes());
    let (_, headers, _) = call(&site.app, request).await;
    let form = headers[header::LOCATION].to_str().unwrap().to_owned();
    let (status, _, page) = call(&site.app, get(&form, &writer)).await;
    assert_eq!(status, StatusCode::OK, "{page}");
    assert!(page.contains("as=text&#38;event=2") || page.contains("as=text&amp;event=2"), "{page}");
    let (_, _, page) = call(&site.app, get(&format!("{form}&event=2"), &writer)).await;
    assert!(page.contains("value=\"鼓楼区水务局\""), "written out: {page}");
    for (at, other) in [(1, "属于区水务局，未写入"), (2, "属于鼓楼区教育局，未写入")] {
        let (status, _, page) = call(&site.app, get(&format!("{form}&as=text&event={at}"), &writer)).await;
        assert_eq!(status, StatusCode::OK, "{page}");
        assert!(page.contains("行政编制28名") && page.contains(other), "{at}: {page}");
    }
}

/// A short name is no longer name's: not the office's that alone is on record, nor both where both are.
#[tokio::test]
async fn a_notice_changes_the_body_that_it_names_and_no_other_with_a_longer_name() {
    let of = |name: &str| {
        let title = format!("{name}职能配置、内设机构和人员编制规定");
        let columns = [
            ("title", title.as_str()),
            ("institution_name", name),
            ("division", "320106"),
            ("effective", "2019-04-01"),
            ("staffing", "行政编制30名"),
        ];
        record(staffing::SCHEME, &columns)
    };
    let (own, other) = ("鼓楼区城市管理局", "鼓楼区城市管理综合行政执法局");
    for (recorded, texts) in [(&[other][..], 0), (&[own, other], 1)] {
        let site = site_with(recorded.iter().map(|name| of(name)).collect());
        let (writer, token) = signed_in(&site, "gulou", Role::Contributor, "320106");
        let notice = "关于调整区城市管理局机构编制的通知\n鼓编〔2021〕9号\n一、区城市管理局行政编制由30名减少到28名。\n2021年5月6日\n";
        let request = upload("/console/upload", &writer, &token, "调整.txt", notice.as_bytes());
        let (_, headers, _) = call(&site.app, request).await;
        let form = headers[header::LOCATION].to_str().unwrap().to_owned();
        let (_, _, page) = call(&site.app, get(&form, &writer)).await;
        assert!(page.contains("区城市管理局") && !page.contains(other), "{page}");
        assert_eq!(page.contains(&format!("value=\"{own}\"")), texts == 1, "{page}");
        let (status, _, page) = call(&site.app, get(&format!("{form}&as=text"), &writer)).await;
        assert_eq!(status == StatusCode::OK, texts == 1, "{page}");
        assert_eq!(page.contains("行政编制28名"), texts == 1, "{page}");
    }
}

/// Of an institution that was gone by its day (S10).
#[tokio::test]
async fn a_scheme_of_a_body_that_was_gone_by_its_day_is_told() {
    let renamed = record(
        staffing::EVENT,
        &[
            ("title", "鼓楼区外经局更名为鼓楼区商务局"),
            ("institution_name", "鼓楼区商务局"),
            ("division", "320106"),
            ("date", "2018-12-01"),
            ("change", "更名"),
            ("from", "鼓楼区外经局"),
            ("to", "鼓楼区商务局"),
        ],
    );
    let site = site_with(vec![renamed]);
    let gone = SCHEME.replace("鼓楼区教育局", "鼓楼区外经局");
    let page = told_of(&site, "一.txt", gone.as_bytes()).await;
    let gone_by_then = "“鼓楼区外经局”到 2018-12-01 为止，2019-04-01 时已由鼓楼区商务局承接";
    assert!(page.contains(&format!("“机构”：{gone_by_then}")), "{page}");
    // With where the name stands.
    let divided = SCHEME.replace(
        "第四条　鼓楼区教育局设",
        "第四条　有关职责分工。\n（一）与鼓楼区外经局的职责分工。鼓楼区外经局负责外籍教师管理。\n第五条　鼓楼区教育局设",
    );
    let page = told_of(&site, "分工.txt", divided.as_bytes()).await;
    assert!(page.contains(&format!("职责分工（一）：{gone_by_then}")), "{page}");
    // Without a day nothing is held against it, and that is said.
    let undated = gone.replace("第六条　本规定自2019年4月1日起施行。\n", "");
    let page = told_of(&site, "没有日期.txt", undated.as_bytes()).await;
    assert!(page.contains("没有写成文日期、施行日期") && !page.contains("时已由鼓楼区商务局承接"), "{page}");
}

/// What has no day is left out of no day: events are listed as of a day unknown, and a scheme is counted beside the one
/// in force.
#[tokio::test]
async fn what_has_no_day_is_shown_of_every_day() {
    let undated = record(
        staffing::EVENT,
        &[
            ("title", "遵义市教育局加挂遵义市督导办牌子"),
            ("institution_name", "遵义市教育局"),
            ("institution_id", "b-jy"),
            ("division", "520300"),
            ("change", "挂牌"),
            ("to", "遵义市督导办"),
        ],
    );
    let office = samples::institution("b-jy", "遵义市教育局", "520300");
    let in_force = dated("b-jy", ("遵办〔2014〕1号", "2014-01-01"), "（一）负责甲工作。");
    let without = dated("b-jy", ("遵办〔2001〕1号", ""), "（一）负责乙工作。");
    let site = site_with(vec![office, undated.clone(), in_force, without]);
    let page = shown(&site, "/institutions/b-jy?on=2017-01-01").await;
    let list = format!("<a href=\"/institution-events/{}\">遵义市教育局加挂遵义市督导办牌子</a>", undated.id);
    assert!(page.contains("日期不详的变动") && page.contains(&list), "{page}");
    assert!(page.contains("另有 1 份日期不详，不知道当天是否现行"), "{page}");
    let then = json(&site.app, "/api/v1/institutions/b-jy?as_of=2017-01-01").await;
    assert_eq!(then["then"]["undated"][0]["id"], undated.id, "{then}");
    assert_eq!(then["then"]["scheme"]["document_number"], "遵办〔2014〕1号", "{then}");
}

/// A day is asked for on the page of an institution that has schemes and no events as well.
#[tokio::test]
async fn a_day_can_be_asked_for_where_there_are_schemes_alone() {
    let office = || samples::institution("b-jy", "遵义市教育局", "520300");
    let scheme = |from: &str| dated("b-jy", ("遵办〔2014〕1号", from), "（一）负责甲工作。");
    let repealed = {
        let mut record = scheme("2014-01-01");
        record.body.fill(|column| (column.name == "repealed").then_some("2019-01-01")).unwrap();
        record
    };
    // In force, to come, and repealed.
    for scheme in [scheme("2014-01-01"), scheme("2099-01-01"), repealed] {
        let site = site_with(vec![office(), scheme]);
        let page = shown(&site, "/institutions/b-jy").await;
        assert_eq!(page.matches("name=\"on\"").count(), 1, "{page}");
    }
    let page = shown(&site_with(vec![office()]), "/institutions/b-jy").await;
    assert_eq!(page.matches("name=\"on\"").count(), 0, "{page}");
}

/// Numerals in three scripts are one number (S11), and are added up (S2).
#[tokio::test]
async fn numerals_of_several_scripts_in_one_scheme_are_added_up() {
    let site = site();
    let mixed = SCHEME.replace("10名（含援派编制12名）", "１０名（含援派编制十二名）");
    assert_ne!(mixed, SCHEME);
    let page = told_of(&site, "一.txt", mixed.as_bytes()).await;
    assert!(page.contains("10 名，其中各项合计 12 名"), "{page}");
}

#[tokio::test]
async fn tables_in_the_place_of_clauses_are_read_and_counted() {
    let site = site();
    let tabs = SCHEME
        .replace("（一）负责全区基础教育工作。", "序号\t职责\n1\t负责全区基础教育工作。")
        .replace("（二）负责校外培训机构的监督管理。", "2\t负责校外培训机构的监督管理。")
        .replace("（三）完成", "3\t完成")
        .replace("（一）办公室。负责", "序号\t机构名称\t职责\n1\t办公室\t负责")
        .replace("（二）基础教育科。负责", "2\t基础教育科\t负责");
    let bars: String = tabs
        .lines()
        .map(
            |line| {
                if line.contains('\t') { format!("| {} |\n", line.replace('\t', " | ")) } else { format!("{line}\n") }
            },
        )
        .collect();
    for (name, table) in [("一.txt", tabs), ("二二.md", bars)] {
        let page = told_of(&site, name, table.as_bytes()).await;
        assert!(page.contains("负责校外培训机构的监督管理"), "{name}: {page}");
        assert!(page.contains("写明设内设机构 3 个，列出 2 个"), "{name}: {page}");
    }
}

#[tokio::test]
async fn a_scanned_pdf_is_told_to_have_no_text() {
    let site = site();
    let scan = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n";
    let page = told_of(&site, "一.pdf", scan).await;
    assert!(page.contains("没有文字"), "{page}");
}

/// Two schemes of one institution that hold on the same day (S12): told to whoever hands in the second and whoever
/// reviews it, and in the sheet of the division.
#[tokio::test]
async fn two_schemes_of_a_body_in_force_at_once_are_told() {
    let dated = |number: &str, from: &str, duty: &str| dated("520300-gov", (number, from), duty);
    let older = dated("遵府办〔2014〕3号", "2014-05-01", "（一）负责校外培训机构的监督管理。");
    let newer = dated("遵府办〔2019〕7号", "2019-04-01", "（一）承担校外培训机构的监督管理。");
    let site = site_with(vec![older.clone(), newer.clone()]);
    let (office, _) = signed_in(&site, "zunyi", Role::Reader, "520300");
    let (_, _, page) = call(&site.app, get("/console/schemes?on=2026-01-01", &office)).await;
    assert!(page.contains("两份现行 1") && page.contains("从 2019-04-01 起两份同时现行"), "{page}");
    // Everyone is answered by the later one, once.
    let (_, _, text) = call(&site.app, path(&format!("/api/v1/search?q={}", encoded("谁负责校外培训")))).await;
    let found: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(ids(&found["direct"]), [newer.id.as_str(), "520300-gov"], "{found}");
    let asked =
        Request::get("/institutions/520300-gov").header(header::ACCEPT, "text/html").body(Body::empty()).unwrap();
    let (_, _, page) = call(&site.app, asked).await;
    assert!(page.contains("承担校外培训机构") && !page.contains("负责校外培训机构"), "{page}");
    assert!(page.contains("另有 1 份较早的没有写明废止") && page.contains("遵府办〔2014〕3号"), "{page}");
}

#[tokio::test]
async fn a_scheme_of_a_day_to_come_does_not_lead_the_page_of_its_body() {
    let dated = |number: &str, from: &str, duty: &str| dated("520300-gov", (number, from), duty);
    let now = dated("遵府办〔2019〕7号", "2019-04-01", "（一）负责校外培训机构的监督管理。");
    let coming = dated("遵府办〔2099〕1号", "2099-01-01", "（一）承担学前教育工作。");
    let page = async |records: Vec<Record>| {
        let site = site_with(records);
        let asked = Request::get("/institutions/520300-gov").header(header::ACCEPT, "text/html");
        call(&site.app, asked.body(Body::empty()).unwrap()).await.2
    };
    let both = page(vec![now, coming.clone()]).await;
    assert!(both.contains("负责校外培训机构") && !both.contains("承担学前教育工作"), "{both}");
    assert!(both.contains("自 2099-01-01 起施行") && !both.contains("较早的没有写明废止"), "{both}");
    let alone = page(vec![coming]).await;
    assert!(alone.contains("自 2099-01-01 起施行") && !alone.contains("三定规定写明的职责"), "{alone}");
}

/// An institution's last scheme speaks for it, also of what it does not mention any more.
#[tokio::test]
async fn a_duty_that_a_body_has_given_away_is_not_told_to_be_its_own() {
    // Which of the two names the record of the institution changes nothing.
    for (first, second) in [("520300-gov", "520300-gov"), ("", ""), ("520300-gov", ""), ("", "520300-gov")] {
        let before = dated(first, ("遵府办〔2014〕3号", "2014-05-01"), "（一）负责校外培训机构的监督管理。");
        let after = dated(second, ("遵府办〔2019〕7号", "2019-04-01"), "（一）负责基础教育工作。");
        let coming = dated(second, ("遵府办〔2099〕1号", "2099-01-01"), "（一）负责学前教育工作。");
        let told = async |records: Vec<Record>| {
            let found = search(&site_with(records).app, "遵义谁负责校外培训", "").await;
            ids(&found["direct"]).contains(&before.id.as_str())
        };
        assert!(told(vec![before.clone(), coming]).await, "{first} {second}: what is to come silences nothing yet");
        assert!(!told(vec![before.clone(), after.clone()]).await, "{first} {second}");
        // The one above it answers, and the reason is that the place's own say nothing of it now, not that there are
        // none.
        let above = scheme("贵州省教育厅", "520000", "gz-jy", "（一）负责校外培训机构的监督管理。");
        for (records, silent) in [(vec![before.clone(), after, above.clone()], true), (vec![above], false)] {
            let found = search(&site_with(records).app, "遵义谁负责校外培训", "").await.to_string();
            assert_eq!(found.contains("本地区现行的三定规定没有写明这件事"), silent, "{first} {second}: {found}");
            assert_eq!(found.contains("本地区没有收录"), !silent, "{found}");
        }
    }
}

#[tokio::test]
async fn a_second_scheme_in_force_is_told_before_it_is_handed_in_and_when_it_is_reviewed() {
    const TOLD: &str = "从 2019-04-01 起与鼓楼区教育局（鼓办发〔2014〕3号）同时现行";
    let columns = [
        ("title", "鼓楼区教育局主要职责内设机构和人员编制规定"),
        ("institution_name", "鼓楼区教育局"),
        ("division", "320106"),
        ("document_number", "鼓办发〔2014〕3号"),
        ("effective", "2014-05-01"),
        ("duties", "（一）负责教育。"),
    ];
    let site = site_with(vec![record(staffing::SCHEME, &columns)]);
    let page = told_of(&site, "一.txt", SCHEME.as_bytes()).await;
    assert!(page.contains(TOLD), "{page}");
    let (writer, token) = signed_in(&site, "gulou", Role::Contributor, "320106");
    let read = indexer::corpus::schemes::read(&SCHEME.into()).unwrap();
    let columns = read.columns();
    let kind = indexer::record::kind_named(staffing::SCHEME).unwrap();
    let review = async |supersedes: &str| -> String {
        let mut fields: Vec<(&str, &str)> = columns.iter().map(|c| (c.column, c.text.as_str())).collect();
        let number = format!("鼓办发〔2019〕{}号", supersedes.len() + 1);
        fields.retain(|(column, _)| *column != "document_number");
        fields.extend([
            ("document_number", number.as_str()),
            ("supersedes", supersedes),
            ("division", "320106"),
            ("numbers", "公开"),
            ("token", &token),
            ("then", "submit"),
        ]);
        let (status, headers, page) =
            call(&site.app, post(&format!("/console/new/{}", kind.path), &writer, &fields)).await;
        assert_eq!(status, StatusCode::SEE_OTHER, "{page}");
        let submission = headers[header::LOCATION].to_str().unwrap().to_owned();
        call(&site.app, get(&submission, &writer)).await.2
    };
    let page = review("").await;
    assert!(page.contains(TOLD), "{page}");
    // One that says what it takes the place of closes it.
    let page = review("鼓办发〔2014〕3号").await;
    assert!(!page.contains("同时现行"), "{page}");
}

/// 关于设立甲中心的批复, which lists duties: its events, and the scheme that it is besides.
#[tokio::test]
async fn a_reply_that_lists_duties_is_offered_as_a_scheme_besides_its_events() {
    let site = site();
    let (writer, token) = signed_in(&site, "gulou", Role::Contributor, "320106");
    let reply = "关于设立鼓楼区油茶中心的批复\n鼓编发〔2022〕18号\n区林业局：\n你局请示收悉，批复如下：\n一、同意设立鼓楼区油茶中心，为你局所属公益一类事业单位，机构规格股级。\n二、主要职责\n（一）承担油茶良种选育。\n（二）完成区林业局交办的其他任务。\n三、核定事业编制9名，设主任1名。\n此复。\n中共鼓楼区委机构编制委员会\n2022年7月14日\n";
    let request = upload("/console/upload", &writer, &token, "批复.txt", reply.as_bytes());
    let (status, headers, page) = call(&site.app, request).await;
    assert_eq!(status, StatusCode::SEE_OTHER, "{page}");
    let form = headers[header::LOCATION].to_str().unwrap().to_owned();
    let (_, _, page) = call(&site.app, get(&form, &writer)).await;
    assert!(
        page.contains("核对调整通知") && page.contains("文件列出 2 项职责") && page.contains("as=scheme"),
        "{page}"
    );
    let (status, _, page) = call(&site.app, get(&format!("{form}&as=scheme"), &writer)).await;
    assert_eq!(status, StatusCode::OK, "{page}");
    for told in ["核对识别出的三定规定", "（一）承担油茶良种选育。", "区林业局", "事业编制9名", "鼓楼区油茶中心"]
    {
        assert!(page.contains(told), "{told}: {page}");
    }
    // A notice that lists none is not.
    let bare = "关于核减鼓楼区教育局行政编制的通知\n鼓编〔2019〕6号\n核减鼓楼区教育局行政编制4名，调整后78名。\n";
    let page = told_of(&site, "核减.txt", bare.as_bytes()).await;
    assert!(page.contains("核对调整通知") && !page.contains("as=scheme"), "{page}");
}

/// Institutions of some divisions, each with a scheme, and how those of one division are found: by looking through all,
/// and by the listing of the division. What both took is reported.
fn found_by_division(divisions: usize, bodies: usize) {
    let site = site();
    let all = (0..divisions * bodies).map(|n| {
        let code = format!("{}", 110_101 + n / bodies);
        let duties: String =
            (0..10).map(|duty| format!("负责第{n}类示例事务第{duty}方面的统一管理和监督检查。\n")).collect();
        scheme(&format!("示例{n}局"), &code, "", &duties)
    });
    all.for_each(|record| {
        site.app.store.put(record, &super::offices::BY).unwrap();
    });
    let division: indexer::record::DivisionCode = "110101".parse().unwrap();
    let store = &site.app.store;
    let timed = |read: &dyn Fn() -> Schemes| {
        let began = std::time::Instant::now();
        let read = read();
        let mut ids: Vec<String> = read.held().iter().map(|held| held.id.to_owned()).collect();
        ids.sort();
        (ids, began.elapsed())
    };
    let (walked, walk) = timed(&|| Schemes::read(store, &the_public, |held| held.scheme.division == division).unwrap());
    let (listed, list) = timed(&|| Schemes::of_division(store, &the_public, &division).unwrap());
    println!("{} schemes, {bodies} of the division: {walk:?} through all, {list:?} by the listing", divisions * bodies);
    assert_eq!((walked.len(), &walked), (bodies, &listed));
}

#[tokio::test]
async fn the_schemes_of_a_division_are_found_without_the_others() {
    found_by_division(3, 4);
}

#[tokio::test]
#[ignore = "a measurement"]
async fn the_schemes_of_a_division_among_three_thousand() {
    found_by_division(75, 40);
}
