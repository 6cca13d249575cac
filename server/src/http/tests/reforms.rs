//! Plans of reform: what they touch is seen before anything is decided, and by nobody who may not; what they bring
//! comes once they are published.

use indexer::record::{Role, kind_named, staffing};

use super::{
    offices::{get, post, signed_in},
    schemes::record,
    *,
};
use crate::store::listings::List;

fn office(name: &str, id: &str, staff: &str, numbers: &str) -> Record {
    let duty = format!("（一）负责{name}的事务。\n（二）完成交办的其他任务。");
    record(
        staffing::SCHEME,
        &[
            ("title", &format!("{name}职能配置、内设机构和人员编制规定")),
            ("institution_name", name),
            ("institution_id", id),
            ("division", "520300"),
            ("effective", "2019-04-01"),
            ("duties", &duty),
            ("units", "（一）办公室。\n（二）人事科。"),
            ("staffing", staff),
            ("numbers", numbers),
        ],
    )
}

fn institution(id: &str, name: &str) -> Record {
    let record = samples::institution(id, name, "520300");
    Record { owner: Some("520300".parse().unwrap()), ..record }
}

/// Two institutions, one of which keeps its numbers back, and an event and a count.
fn world() -> Vec<Record> {
    let count = record(
        staffing::COUNT,
        &[
            ("title", "遵义市甲管理局编制数"),
            ("institution_name", "遵义市甲管理局"),
            ("institution_id", "b-jia"),
            ("division", "520300"),
            ("as_of", "2023-12-31"),
            ("authorised", "行政编制34567名"),
            ("actual", "行政编制34500名"),
            ("posts", "局长1名\n副局长3名"),
        ],
    );
    vec![
        institution("b-jia", "遵义市甲管理局"),
        institution("b-yi", "遵义市乙管理局"),
        office("遵义市甲管理局", "b-jia", "", "不公开"),
        office("遵义市乙管理局", "b-yi", "行政编制21名\n事业编制4名", "公开"),
        count,
    ]
}

fn tried(measures: &str) -> String {
    format!("/console/reforms?division=520300&on=2024-03-20&measures={}", encoded(measures))
}

const MERGED: &str = "合并：遵义市甲管理局、遵义市乙管理局→遵义市丙管理局";

#[tokio::test]
async fn measures_are_tried_out_and_restricted_numbers_are_for_those_on_the_line() {
    let site = site_with(world());
    let head = site.app.store.head();
    let (own, _) = signed_in(&site, "zunyi", Role::Reader, "520300");
    let (other, _) = signed_in(&site, "nanjing", Role::Administrator, "320100");
    let after = site.app.store.head();
    let (status, headers, shown) = call(&site.app, get(&tried(MERGED), &own)).await;
    assert_eq!((status, &headers[header::CACHE_CONTROL]), (StatusCode::OK, &"no-store".parse().unwrap()), "{shown}");
    for told in [
        "变动前各机构合计",
        "行政编制 34588",
        "事业编制 4",
        "副职 3",
        "内设机构 4",
        "职责 4",
        "核定：行政编制34567名",
        "编制数不公开",
        "行政编制21名",
        "遵义市甲管理局、遵义市乙管理局合并为遵义市丙管理局",
        "库中没有记录",
    ] {
        assert!(shown.contains(told), "{told}: {shown}");
    }
    assert_eq!(site.app.store.head(), after, "nothing is kept");
    assert_ne!(head, after);
    let (status, _, shown) = call(&site.app, get(&tried(MERGED), &other)).await;
    assert!(status == StatusCode::OK && !shown.contains("编制34567") && !shown.contains("编制 34588"), "{shown}");
    assert!(shown.contains("行政编制21名"), "what is public is public");
    for (measures, told) in [
        ("合并：遵义市甲管理局→", "应写作"),
        ("改名：甲→乙", "不是措施的种类"),
        ("更名：遵义市子虚局→遵义市乌有局", "库中没有“遵义市子虚局”"),
        ("撤销：遵义市甲管理局", "没有写明由哪个机构承接职责"),
    ] {
        let (status, _, shown) = call(&site.app, get(&tried(measures), &own)).await;
        assert!(status == StatusCode::OK && shown.contains(told), "{measures}: {shown}");
    }
    for wrong in ["?of=none", "?of=b-jia", "?of=%00"] {
        let (status, ..) = call(&site.app, get(&format!("/console/reforms{wrong}"), &own)).await;
        assert!(matches!(status.as_u16(), 400 | 404), "{wrong}: {status}");
    }
    for wrong in ["?on=2024-02-30", "?division=1", "?x=1"] {
        let (status, ..) = call(&site.app, get(&format!("/console/reforms{wrong}"), &own)).await;
        assert_eq!(status, StatusCode::BAD_REQUEST, "{wrong}");
    }
    let (status, ..) = call(&site.app, get(&tried(MERGED), "")).await;
    assert_eq!(status, StatusCode::SEE_OTHER, "to the sign-in");
}

/// An institution that has a scheme on file and no record of its own is found by its name.
#[tokio::test]
async fn a_measure_reaches_the_scheme_of_a_body_without_a_record() {
    let mut known = world();
    known.push(office("遵义市丁管理局", "", "行政编制17名", "公开"));
    let site = site_with(known);
    let (own, _) = signed_in(&site, "zunyi", Role::Reader, "520300");
    let merged = "合并：遵义市乙管理局、遵义市丁管理局→遵义市丙管理局";
    let (status, _, shown) = call(&site.app, get(&tried(merged), &own)).await;
    assert_eq!(status, StatusCode::OK, "{shown}");
    for told in ["行政编制17名", "行政编制 38", "没有机构记录，按名称找到三定规定", "负责遵义市丁管理局的事务"]
    {
        assert!(shown.contains(told), "{told}: {shown}");
    }
}

/// A record of a kind by the examples of its form, of the first institution.
fn of_first_body(kind: &str) -> Record {
    let mut body = RecordBody::blank(kind).unwrap();
    let of_institution = |name: &str| match name {
        "institution_name" | "owner_name" => Some("遵义市甲管理局"),
        "institution_id" | "owner_id" => Some("b-jia"),
        "division" => Some("520300"),
        _ => None,
    };
    body.fill(|column| Some(of_institution(column.name).unwrap_or(column.example))).unwrap();
    samples::record(&body.id().unwrap(), body)
}

/// All that a measure touches is named: items of power, web names, marks, regulations and tasks, beside staff, posts
/// and duties.
#[tokio::test]
async fn a_measure_names_all_that_it_touches() {
    let mut known = world();
    let name = indexer::record::WebName {
        institution_id: Some("b-jia".into()),
        ..samples::web_name("遵义市甲管理局.政务", "遵义市甲管理局")
    };
    known.push(samples::record(&indexer::record::web_name_id(&name.ascii), RecordBody::WebName(name)));
    known.extend(["power_item", "duty_item", "site_mark"].map(of_first_body));
    known.push(samples::law("遵义市示例办法", Date::constant(2020, 1, 1), &["遵义市甲管理局负责示例管理。"]));
    let site = site_with(known);
    let (own, _) = signed_in(&site, "zunyi", Role::Reader, "520300");
    let (status, _, shown) = call(&site.app, get(&tried(MERGED), &own)).await;
    assert_eq!(status, StatusCode::OK, "{shown}");
    for told in [
        "权力事项",
        "责任事项",
        "网站标识",
        "遵义市甲管理局.政务",
        "遵义市示例办法",
        "行政编制34567名",
        "负责遵义市甲管理局的事务",
        "人事科",
    ] {
        assert!(shown.contains(told), "{told}: {shown}");
    }
}

#[tokio::test]
async fn a_plan_is_reviewed_then_brings_events_and_tasks_and_stays_among_offices() {
    let site = site_with(world());
    let (writer, token) = signed_in(&site, "zunyi", Role::Contributor, "520300");
    let (reviewer, review) = signed_in(&site, "reviewer", Role::Reviewer, "520300");
    let (other, _) = signed_in(&site, "nanjing", Role::Reviewer, "320100");
    let kind = kind_named(staffing::REFORM).unwrap();
    let fields = |measures: &'static str| {
        let all = [
            ("title", "遵义市机构改革方案（2024）"),
            ("division", "520300"),
            ("date", "2024-03-20"),
            ("document_number", "遵党发〔2024〕7号"),
            ("organ", "贵州省人民政府"),
            ("measures", measures),
            ("token", token.as_str()),
            ("then", "submit"),
        ];
        post(&format!("/console/new/{}", kind.path), &writer, &all)
    };
    let (status, _, shown) = call(&site.app, fields("调整职责：遵义市甲管理局（行政编制4名）→遵义市乙管理局")).await;
    assert!(status == StatusCode::UNPROCESSABLE_ENTITY && shown.contains("编制数请另记"), "{shown}");
    let (status, headers, shown) = call(&site.app, fields(MERGED)).await;
    assert_eq!(status, StatusCode::SEE_OTHER, "{shown}");
    let submission = headers[header::LOCATION].to_str().unwrap().to_owned();
    let id = submission.rsplit('/').next().unwrap().to_owned();
    let (_, _, shown) = call(&site.app, get(&submission, &reviewer)).await;
    let reach = format!("/console/reforms?of={}", crate::urls::encode(&id));
    assert!(shown.contains(&reach) && shown.contains("公布后写入沿革"), "{shown}");
    let (status, _, shown) = call(&site.app, get(&reach, &reviewer)).await;
    assert!(status == StatusCode::OK && shown.contains("已提交") && shown.contains("行政编制 34588"), "{shown}");
    let (_, _, list) = call(&site.app, get("/console/reforms", &reviewer)).await;
    assert!(list.contains("遵义市机构改革方案（2024）"), "{list}");
    assert_eq!(call(&site.app, get(&reach, &other)).await.0, StatusCode::NOT_FOUND);
    let (_, _, list) = call(&site.app, get("/console/reforms", &other)).await;
    assert!(!list.contains("遵义市机构改革方案（2024）"), "{list}");
    let events = |site: &Site| site.app.store.list(&List::Kind(staffing::EVENT), None, 10).unwrap();
    assert!(events(&site).is_empty(), "nothing before review");
    let publish = [("token", review.as_str()), ("revision", "2")];
    let (status, _, shown) =
        call(&site.app, post(&format!("{submission}/moves/approve-and-publish"), &reviewer, &publish)).await;
    assert_eq!(status, StatusCode::SEE_OTHER, "{shown}");
    let [(_, event)] = &events(&site)[..] else { panic!("one event") };
    let (status, _, told) = call(&site.app, path(&format!("/api/v1/records/{event}"))).await;
    assert!(status == StatusCode::OK && told.contains("遵党发〔2024〕7号") && told.contains("2024-03-20"), "{told}");
    let (_, _, tasks) = call(&site.app, get("/console/tasks", &reviewer)).await;
    assert!(tasks.contains("机构改革") && tasks.contains("并为遵义市丙管理局收录机构"), "{tasks}");
    let target = site.app.store.list(&List::Kind(staffing::REFORM), None, 10).unwrap()[0].1.clone();
    let (status, _, shown) = call(&site.app, get(&format!("/console/shared/{target}"), &reviewer)).await;
    assert!(
        status == StatusCode::OK && shown.contains(&format!("/console/reforms?of={}", crate::urls::encode(&target))),
        "{shown}"
    );
    // What it made offices do, and what it wrote, can be followed from it.
    let (_, _, shown) = call(&site.app, get(&format!("/console/reforms?of={target}"), &reviewer)).await;
    assert!(
        shown.contains("交办的任务 1") && shown.contains("/console/tasks/t-") && shown.contains("待办，期限"),
        "{shown}"
    );
    let written = format!("<a href=\"/institution-events/{event}\">");
    assert!(shown.contains(&written) && shown.contains("（已写入）"), "{shown}");
    // The plan itself is nobody's but the offices'.
    for address in [
        format!("/{}/{target}", kind.path),
        format!("/api/v1/records/{target}"),
        format!("/records/{target}/history"),
        format!("/api/v1/records/{target}/history"),
    ] {
        assert_eq!(call(&site.app, path(&address)).await.0, StatusCode::NOT_FOUND, "{address}");
    }
    let (_, _, changes) = call(&site.app, path("/api/v1/changes?since=0&records=1")).await;
    assert!(!changes.contains("遵义市机构改革方案"), "{changes}");
    for address in
        ["/console/reforms".to_owned(), format!("/console/reforms?of={target}"), format!("/console/shared/{target}")]
    {
        let (_, _, shown) = call(&site.app, get(&address, &other)).await;
        assert!(!shown.contains("遵义市机构改革方案（2024）"), "{address}: {shown}");
    }
    // The same again changes nothing.
    let (status, ..) = call(&site.app, fields(MERGED)).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(events(&site).len(), 1);
}

/// Measures that were tried become a plan without being typed again.
#[tokio::test]
async fn measures_that_were_tried_lead_to_the_form_of_a_plan() {
    let site = site_with(world());
    let (writer, _) = signed_in(&site, "zunyi", Role::Contributor, "520300");
    let (_, _, page) = call(&site.app, get(&tried(MERGED), &writer)).await;
    let link = page.split("class=\"go\" href=\"").nth(1).and_then(|rest| rest.split('"').next()).unwrap();
    assert!(page.contains("用这些措施写成方案") && link.contains("measures="), "{page}");
    let link = link.replace("&#38;", "&").replace("&amp;", "&");
    let (status, _, form) = call(&site.app, get(&link, &writer)).await;
    assert_eq!(status, StatusCode::OK, "{form}");
    for filled_in in [format!(">{MERGED}</textarea>"), "value=\"2024-03-20\"".to_owned()] {
        assert!(form.contains(&filled_in), "{filled_in}: {form}");
    }
}

/// Who reads, and the page of tasks, when a plan with a measure is published and the desk has looked at it.
async fn tasks_of_a_plan(site: &Site, measures: &str) -> (String, String) {
    let look = || crate::desk::look(&site.app.store, &site.app.desk, crate::clock::today()).unwrap();
    look();
    let plan =
        [("title", "遵义市机构改革方案"), ("division", "520300"), ("date", "2024-03-20"), ("measures", measures)];
    site.app.store.put(record(staffing::REFORM, &plan), &super::offices::BY).unwrap();
    look();
    let (reader, _) = signed_in(site, "zunyi", Role::Reader, "520300");
    let (_, _, tasks) = call(&site.app, get("/console/tasks", &reader)).await;
    (reader, tasks)
}

/// Schemes of institutions that have no record are looked after too.
#[tokio::test]
async fn a_plan_reaches_schemes_of_institutions_without_a_record() {
    let mut known = world();
    known.extend(["遵义市丁管理局", "遵义市戊管理局"].map(|name| office(name, "", "行政编制17名", "公开")));
    let site = site_with(known);
    let (reader, tasks) = tasks_of_a_plan(&site, "撤销：遵义市丁管理局→遵义市戊管理局").await;
    assert!(tasks.contains("请更正写到有关机构的 2 条记录，并为遵义市戊管理局收录机构"), "{tasks}");
    assert!(!tasks.contains("收录机构、三定规定"), "its scheme is there: {tasks}");
    // Of more tasks than a page lists it tells how many; those of others count for nothing, wherever they stand.
    let target = site.app.store.list(&List::Kind(staffing::REFORM), None, 1).unwrap()[0].1.clone();
    let [(_, made)] = &site.app.store.list(&List::TasksAbout(&target), None, 2).unwrap()[..] else {
        panic!("one task")
    };
    let made = site.app.store.get(made).unwrap().unwrap();
    for n in 0..210 {
        let owner = Some(if n < 10 { "320100" } else { "520300" }.parse().unwrap());
        let copy = Record { id: format!("t-{n:012}"), revision: 0, owner, ..made.clone() };
        site.app.store.put(copy, &super::offices::BY).unwrap();
    }
    let (_, _, page) = call(&site.app, get(&format!("/console/reforms?of={target}"), &reader)).await;
    assert!(page.contains("交办的任务 201") && page.contains("另有 1 项没有列出"), "{page}");
}

/// A scheme that nobody linked to the record of its institution is looked after with it.
#[tokio::test]
async fn a_plan_reaches_the_scheme_that_is_not_linked_to_its_institution() {
    let known = vec![institution("b-geng", "遵义市庚管理局"), office("遵义市庚管理局", "", "行政编制17名", "公开")];
    let site = site_with(known);
    let (_, tasks) = tasks_of_a_plan(&site, "更名：遵义市庚管理局→遵义市辛管理局").await;
    assert!(tasks.contains("请更正写到有关机构的 2 条记录"), "{tasks}");
}

/// An event counts as written by a plan where a published plan has brought it, and not where others have recorded it.
#[tokio::test]
async fn an_event_that_others_recorded_is_not_called_written() {
    let event = [
        ("title", "遵义市甲管理局、遵义市乙管理局合并为遵义市丙管理局"),
        ("institution_name", "遵义市丙管理局"),
        ("division", "520300"),
        ("date", "2024-03-20"),
        ("change", "合并"),
        ("from", "遵义市甲管理局；遵义市乙管理局"),
        ("to", "遵义市丙管理局"),
    ];
    let site = site_with(world().into_iter().chain([record(staffing::EVENT, &event)]).collect());
    let (own, _) = signed_in(&site, "zunyi", Role::Reader, "520300");
    let (_, _, shown) = call(&site.app, get(&tried(MERGED), &own)).await;
    assert!(shown.contains("公布后写入公开的机构沿革：") && !shown.contains("（已写入）"), "{shown}");
}

/// What institutions have together is counted once, and of whom nothing is known that is said; a scheme without a day
/// says that it has none.
#[tokio::test]
async fn the_sums_of_a_plan_count_each_number_once() {
    let undated = {
        let mut record = office(
            "遵义市丙管理局",
            "b-bing",
            "机关编制14名（含行政编制12名、工勤编制2名）\n行政编制12名\n工勤编制2名",
            "公开",
        );
        let mut body = record.body.clone();
        body.fill(|column| (column.name == "effective").then_some("")).unwrap();
        record.body = body;
        record
    };
    let records = world()
        .into_iter()
        .chain([institution("b-bing", "遵义市丙管理局"), institution("b-ding", "遵义市丁管理局"), undated])
        .collect();
    let site = site_with(records);
    let (office, _) = signed_in(&site, "zunyi", Role::Reader, "520300");
    let plan = "合并：遵义市乙管理局、遵义市丙管理局、遵义市丁管理局→遵义市戊管理局";
    let (status, _, page) = call(&site.app, get(&tried(plan), &office)).await;
    assert_eq!(status, StatusCode::OK, "{page}");
    assert!(page.contains("行政编制 33，事业编制 4，工勤编制 2") && !page.contains("其他编制"), "{page}");
    assert!(page.contains("不含没有收录的遵义市丁管理局"), "{page}");
    assert!(page.contains("日期不详，不知道是否现行"), "{page}");
}

/// Of more measures than a page shows it tells how many more there are.
#[tokio::test]
async fn measures_beyond_those_that_are_shown_are_counted() {
    let site = site_with(vec![]);
    let (office, _) = signed_in(&site, "zunyi", Role::Reader, "520300");
    let measures: Vec<String> = (0..41).map(|n| format!("设立：甲{n}局")).collect();
    let (status, _, page) = call(&site.app, get(&tried(&measures.join("\n")), &office)).await;
    assert_eq!(status, StatusCode::OK, "{page}");
    assert!(page.contains("另有 1 项措施没有列出"), "{page}");
    // Of measures that name many institutions fewer are looked at.
    let names = |n: u32| (0..20).map(|at| format!("甲{n}第{at}局")).collect::<Vec<_>>().join("、");
    let measures: Vec<String> = (0..4).map(|n| format!("合并：{}→乙{n}局", names(n))).collect();
    let (_, _, page) = call(&site.app, get(&tried(&measures.join("\n")), &office)).await;
    assert!(page.contains("另有 2 项措施没有列出"), "{page}");
}
