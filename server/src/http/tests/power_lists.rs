//! Lists of powers and duties: versions, comparison, tables, what is wrong between records, the same item elsewhere.

use super::*;
use indexer::record::{Body as RecordBody, Event, EventKind, KINDS, RegulationLevel, lists::ListRow};

fn html_of(path: &str) -> Request<Body> {
    Request::get(path).header(header::ACCEPT, "text/html").body(Body::empty()).unwrap()
}

/// A record of the kind that is a given thing in lists, with cells over the examples; an empty cell takes one away.
fn listed(is: fn(&ListRow) -> bool, cells: &[(&str, &str)]) -> Record {
    let blank = |kind: &&'static indexer::record::Info| RecordBody::blank(kind.name);
    let mut body = KINDS.iter().filter_map(blank).find(|body| body.listed().as_ref().is_some_and(is)).unwrap();
    let typed = |column: &indexer::record::Column| {
        // What is said last counts.
        let cell = cells.iter().rev().find(|(name, _)| *name == column.name).map(|(_, cell)| *cell);
        Some(cell.unwrap_or(column.example))
    };
    body.fill(typed).unwrap_or_else(|faults| panic!("{faults:?}"));
    let owner = body.division().cloned();
    Record { owner, ..samples::record(&body.id().unwrap(), body) }
}

fn item(name: &str, cells: &[(&str, &str)]) -> Record {
    let cells = [&[("name", name), ("basis", "《行政许可法》第一条")], cells].concat();
    listed(|row| matches!(row, ListRow::Item(_)), &cells)
}

const BODY: &str = "遵义市示例管理局";

fn of_institution(more: &str) -> String {
    format!("/power-lists/520300/{}{more}", encoded(BODY))
}

async fn page(app: &App, path: &str) -> String {
    let (status, _, page) = call(app, html_of(path)).await;
    assert_eq!(status, StatusCode::OK, "{path}: {page}");
    page
}

#[tokio::test]
async fn a_list_is_read_version_by_version_and_as_at_a_day() {
    let version = |number: &str, day: &str, until: &str| {
        let title = format!("{BODY}权责清单（{number}）");
        listed(
            |row| matches!(row, ListRow::Version(_)),
            &[
                ("title", &title),
                ("list_version", number),
                ("approved", day),
                ("published", day),
                ("effective", day),
                ("ended", until),
            ],
        )
    };
    let stays = |number: &str, limit: &str| item("甲场所许可", &[("list_version", number), ("promised_limit", limit)]);
    let gone = item("乙场所许可", &[("list_version", "2023年版")]);
    let new = item("丙场所许可", &[("list_version", "2024年版")]);
    let site = site_with(vec![
        version("2023年版", "2023-03-01", "2024-03-15"),
        version("2024年版", "2024-03-15", ""),
        stays("2023年版", "15个工作日"),
        gone.clone(),
        new.clone(),
    ]);
    let before = page(&site.app, &of_institution("?version=2023%E5%B9%B4%E7%89%88")).await;
    assert!(before.contains("甲场所许可") && before.contains("乙场所许可"), "{before}");
    // The next list brings another revision of what stays.
    let now = stays("2024年版", "10个工作日");
    site.app
        .store
        .import(
            "list of 2024",
            [
                now.clone(),
                new,
                gone.clone(),
                version("2023年版", "2023-03-01", "2024-03-15"),
                version("2024年版", "2024-03-15", ""),
            ],
            &mut |_| {},
        )
        .unwrap();
    rebuilt(&site);
    let present = page(&site.app, &of_institution("")).await;
    assert!(
        present.contains("2024年版") && present.contains("甲场所许可") && present.contains("丙场所许可"),
        "{present}"
    );
    assert!(present.contains("10个工作日") && !present.contains("乙场所许可"), "{present}");
    assert!(present.contains("依据现行有效"), "{present}");
    let old = page(&site.app, &of_institution("?version=2023%E5%B9%B4%E7%89%88")).await;
    assert!(old.contains("乙场所许可") && old.contains("15个工作日") && !old.contains("丙场所许可"), "{old}");
    let at = page(&site.app, &of_institution("?at=2023-12-31")).await;
    assert!(at.contains("乙场所许可") && at.contains("至 2024-03-15 止"), "{at}");
    assert!(page(&site.app, &of_institution("?at=2024-03-15")).await.contains("丙场所许可"));
    let (status, _, before) = call(&site.app, html_of(&of_institution("?at=2020-01-01"))).await;
    assert!(status == StatusCode::BAD_REQUEST && before.contains("没有已知施行的清单版本"), "{status} {before}");
    let (status, _, none) = call(&site.app, html_of(&of_institution("?version=1999"))).await;
    assert!(status == StatusCode::BAD_REQUEST && none.contains("2023年版"), "{none}");
    // The lists of the division name the version of the day, and what is no day is refused wherever it is asked for.
    let then = page(&site.app, "/power-lists/520300?at=2023-12-31").await;
    assert!(then.contains("2023-12-31 施行的是 2023年版") && then.contains("?at=2023-12-31\">"), "{then}");
    let then = page(&site.app, "/power-lists/520300?at=2020-01-01").await;
    assert!(then.contains("没有写明 2020-01-01 施行的是哪一版") && !then.contains("?at=2020-01-01\">"), "{then}");
    let more = ["", "/list.csv", "/compare", "/duties.csv", "/consists", "/items.txt", "/unlisted"];
    let asked = more.iter().map(|more| of_institution(&format!("{more}?at=2024-99-99")));
    for address in asked.chain(["/power-lists/520300?at=2024-99-99".to_owned()]) {
        let (status, _, told) = call(&site.app, html_of(&address)).await;
        assert!(
            status == StatusCode::BAD_REQUEST && told.contains("at 应为 年、年-月 或 年-月-日"),
            "{address} {told}"
        );
    }
    // What became of it.
    let compared =
        page(&site.app, &of_institution("/compare?old=2023%E5%B9%B4%E7%89%88&new=2024%E5%B9%B4%E7%89%88")).await;
    for told in ["新增 1 项", "不再列入 1 项", "有改动 1 项", "承诺时限", "<del>", "<ins>"] {
        assert!(compared.contains(told), "{told}: {compared}");
    }
    assert!(!compared.contains("<th scope=\"row\">清单版本"), "{compared}");
    let (status, _, _) = call(&site.app, html_of(&of_institution("/compare?old=2023"))).await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
    // The table, which can be handed in again.
    let (status, headers, csv) = call(&site.app, path(&of_institution("/list.csv"))).await;
    assert!(status == StatusCode::OK && headers[header::CONTENT_TYPE].to_str().unwrap().starts_with("text/csv"));
    assert_eq!(csv.lines().count(), 3, "{csv}");
    assert!(csv.contains("事项名称") && csv.contains(&now.id), "{csv}");
    let (status, _, none) = call(&site.app, html_of(&format!("/power-lists/520300/{}", encoded("没有的局")))).await;
    assert!(status == StatusCode::NOT_FOUND && none.contains("/power-lists/520300"), "{none}");
    assert_eq!(call(&site.app, html_of("/power-lists/999999")).await.0, StatusCode::NOT_FOUND);
}

/// An item names its version by the number alone, and lists of several sorts may have one.
#[tokio::test]
async fn lists_of_two_sorts_and_one_number_are_told_apart() {
    let version = |sort: &str, day: &str| {
        let cells = [("title", sort), ("sort", sort), ("list_version", "2024年版"), ("ended", "")];
        let days = ["approved", "published", "effective"].map(|column| (column, day));
        listed(|row| matches!(row, ListRow::Version(_)), &[&cells[..], &days[..]].concat())
    };
    let site = site_with(vec![
        version("权力清单", "2024-03-15"),
        version("责任清单", "2024-09-02"),
        item("甲场所许可", &[("list_version", "2024年版")]),
    ]);
    for (asked, since) in [
        ("version=2024年版（权力清单）", "2024-03-15"),
        ("version=2024年版（责任清单）", "2024-09-02"),
        ("at=2024-06-30", "2024-03-15"),
        ("at=2024-10-01", "2024-09-02"),
    ] {
        let (name, value) = asked.split_once('=').unwrap();
        let shown = page(&site.app, &of_institution(&format!("?{name}={}", encoded(value)))).await;
        assert!(shown.contains(&format!("自 {since} 起")) && shown.contains("甲场所许可"), "{asked}: {shown}");
        assert!(shown.contains("有几种清单都叫“2024年版”") && !shown.contains("/compare?"), "{asked}: {shown}");
    }
    let then = page(&site.app, "/power-lists/520300?at=2024-10-01").await;
    assert!(then.contains("2024-10-01 施行的是 2024年版（责任清单）、2024年版（权力清单）"), "{then}");
}

/// The record of a version says what it was published with, and everybody can see whether it is so.
#[tokio::test]
async fn what_a_version_consists_of_can_be_verified() {
    let with = |stated: &[(&str, &str)]| {
        let cells = [("list_version", "2024年版"), ("effective", "2024-03-15"), ("ended", "")];
        let mut version = listed(|row| matches!(row, ListRow::Version(_)), &[&cells[..], stated].concat());
        version.id = "lv-2024".to_owned();
        version
    };
    let items =
        [item("甲场所许可", &[("list_version", "2024年版")]), item("乙场所许可", &[("list_version", "2024年版")])];
    let site = site_with([&items[..], &[with(&[])]].concat());
    let address = of_institution("/consists?at=2024-06-30");
    let unstated = page(&site.app, &address).await;
    assert!(unstated.contains("没有写明公布时的摘要") && unstated.contains("/edit\">写进清单版本</a>"), "{unstated}");
    assert!(page(&site.app, &of_institution("")).await.contains("/consists?version=2024"));
    let (_, _, text) = call(&site.app, path(&of_institution("/items.txt?at=2024-06-30"))).await;
    let hash = indexer::record::lists::items_hash(&text);
    assert!(unstated.contains(&hash) && text.contains("name\t甲场所许可"), "{unstated} {text}");
    site.app.store.put_over(with(&[("items", "2"), ("items_hash", &hash)])).unwrap();
    rebuilt(&site);
    let same = page(&site.app, &address).await;
    assert!(same.contains("2：一致") && same.contains("一致，各事项和写明摘要时一样"), "{same}");
    assert!(same.contains("，晚于生效的 2024-03-15：其间的改动看不出"), "{same}");
    // One is changed and goes on to name the version.
    let changed = item("乙场所许可", &[("list_version", "2024年版"), ("promised_limit", "1个工作日")]);
    assert_eq!(changed.id, items[1].id);
    site.app.store.put_over(changed).unwrap();
    rebuilt(&site);
    let other = page(&site.app, &address).await;
    assert!(other.contains("2：一致") && other.contains("不一致，写明摘要以后有事项改动"), "{other}");
    let (status, _, none) = call(&site.app, html_of(&of_institution("/consists?at=2020-01-01"))).await;
    assert!(status == StatusCode::BAD_REQUEST && none.contains("没有已知施行的清单版本"), "{none}");
}

/// Where there are many records, whoever comes right after a start is told to come again and holds nobody up; what
/// stands in no list is there at once.
#[tokio::test]
async fn nobody_waits_for_the_first_looking_up_of_many_records() {
    let power = item("甲场所许可", &[]);
    let site = site_with(vec![power.clone(), item("乙场所许可", &[])]);
    let generation = site.app.generation().unwrap();
    let of_item = format!("/{}/{}", power.body.info().path, power.id);
    site.app.forget_lists(1);
    for address in [of_item.as_str(), &of_institution(""), "/power-lists/520300", "/bases/520300"] {
        let (status, headers, told) = call(&site.app, html_of(address)).await;
        assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE, "{address}");
        assert!(headers.contains_key(header::RETRY_AFTER) && told.contains("清单还没有核对完"), "{address}: {told}");
    }
    let search = format!("/search?q={}", encoded("甲场所许可"));
    for address in ["/", search.as_str(), "/status", "/readyz"] {
        assert_eq!(call(&site.app, html_of(address)).await.0, StatusCode::OK, "{address}");
    }
    site.app.prepare_lists(&generation).unwrap();
    for address in [of_item.as_str(), &of_institution(""), "/power-lists/520300", "/bases/520300"] {
        page(&site.app, address).await;
    }
    // Few are looked up for who asks first.
    site.app.forget_lists(2);
    page(&site.app, "/power-lists/520300").await;
}

/// The same where rows are there, and are being looked up for a later generation.
#[tokio::test]
async fn nobody_waits_while_many_records_are_looked_up_anew() {
    let site = site_with(vec![item("甲场所许可", &[]), item("乙场所许可", &[])]);
    site.app.forget_lists(1);
    site.app.prepare_lists(&site.app.generation().unwrap()).unwrap();
    page(&site.app, "/power-lists/520300").await;
    rebuilt(&site);
    let looking_up = |of: usize| {
        let (begun, has_begun) = std::sync::mpsc::channel();
        let (end, ends) = std::sync::mpsc::channel::<()>();
        let app = site.app.clone();
        let thread = std::thread::spawn(move || {
            app.while_lists_are_looked_up(of, || {
                begun.send(()).unwrap();
                let _ = ends.recv();
            });
        });
        has_begun.recv().unwrap();
        (end, thread)
    };
    let (end, thread) = looking_up(2);
    let (status, _, told) = call(&site.app, html_of("/power-lists/520300")).await;
    assert!(status == StatusCode::SERVICE_UNAVAILABLE && told.contains("清单还没有核对完"), "{told}");
    drop(end);
    thread.join().unwrap();
    // What one change touches is awaited.
    let (end, thread) = looking_up(1);
    let (asked, pause) = (std::time::Instant::now(), std::time::Duration::from_millis(100));
    let ending = std::thread::spawn(move || {
        std::thread::sleep(pause);
        drop(end);
    });
    page(&site.app, "/power-lists/520300").await;
    assert!(asked.elapsed() >= pause, "it was waited for");
    ending.join().unwrap();
    thread.join().unwrap();
}

/// The index anew over what the store has now.
pub(super) fn rebuilt(site: &Site) {
    let dictionaries = Dictionaries::load(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../dictionaries")).unwrap();
    let lexicon = Lexicon::new(dictionaries, Vec::new());
    let index = site._dir.path().join("index");
    let store = &site.app.store;
    let upto = store.last_sequence().unwrap();
    build(&index, &store.as_of(upto), &lexicon, upto, Date::constant(2026, 1, 1), &mut |_| {}).unwrap();
    site.app.publish(Generation::open_current(&index, &lexicon).unwrap().unwrap());
}

#[tokio::test]
async fn what_is_wrong_between_records_is_told_by_rule_and_column() {
    let catalogued = |name: &str, code: &str| {
        listed(
            |row| matches!(row, ListRow::Catalogued(_)),
            &[("name", name), ("basic_code", code), ("division", "520000"), ("levels", "市级")],
        )
    };
    let coded = |name: &str, code: &str, owner: &str| item(name, &[("basic_code", code), ("owner_name", owner)]);
    let site = site_with(vec![
        catalogued("甲证核发", "520112345000"),
        catalogued("乙证核发", "520112346000"),
        coded("甲证审批", "520112345000", BODY),
        coded("甲证核发", "520112345000", "遵义市示例事务局"),
        listed(|row| matches!(row, ListRow::Version(_)), &[("approved", "2024-03-01"), ("published", "2024-06-01")]),
    ]);
    let all = page(&site.app, "/power-lists/520300").await;
    assert!(all.contains("2 个机构的清单，在用 2 项"), "{all}");
    for (rule, told) in [
        ("P7", "没有责任事项"),
        ("P12", "基本目录里是“甲证核发”"),
        ("P13", "才公布"),
        ("P14", "“乙证核发”（行政许可）没有机构认领"),
        ("P15", "遵义市示例事务局"),
    ] {
        assert!(all.contains(&format!("?rule={rule}")), "{rule}: {all}");
        assert!(!all.contains(&format!(">{rule}<")), "codes of rules are none of a reader's: {all}");
        let named = page(&site.app, &format!("/power-lists/520300?rule={rule}")).await;
        assert!(named.contains(told), "{rule}: {named}");
    }
    assert!(page(&site.app, "/power-lists/520300?rule=P12").await.contains("事项名称"), "by column");
    assert!(!all.contains("?rule=P16") && !all.contains("?rule=P3\""), "{all}");
    let (status, _, _) = call(&site.app, html_of("/power-lists/520300?rule=P99")).await;
    assert!(status.is_client_error());
    assert!(page(&site.app, "/power-lists/320100").await.contains("还没有收录"));
}

#[tokio::test]
async fn duties_are_drafted_by_stage_and_belong_to_their_item() {
    let power = item("甲场所许可", &[]);
    let duty = listed(
        |row| matches!(row, ListRow::Duty(_)),
        &[("title", "甲场所许可：受理"), ("power", "甲场所许可"), ("power_ids", &power.id), ("stage", "受理")],
    );
    let site = site_with(vec![power.clone(), duty.clone()]);
    let kind = power.body.info();
    let shown = page(&site.app, &format!("/{}/{}", kind.path, power.id)).await;
    assert!(shown.contains("责任事项里没有审查、决定、送达环节") && shown.contains(&duty.id), "{shown}");
    let (status, _, draft) = call(&site.app, path(&of_institution("/duties.csv"))).await;
    assert_eq!(status, StatusCode::OK);
    for stage in ["审查", "决定", "送达"] {
        assert!(draft.contains(&format!("甲场所许可：{stage}")), "{stage}: {draft}");
    }
    assert!(!draft.contains("甲场所许可：受理") && draft.contains("第四十四条"), "{draft}");
}

#[tokio::test]
async fn the_same_item_elsewhere_stands_side_by_side() {
    let at = |division: &str, owner: &str, days: &str| {
        let limit = format!("{days}个工作日");
        item(
            "甲场所许可",
            &[
                ("basic_code", "520112345000"),
                ("division", division),
                ("owner_name", owner),
                ("promised_limit", &limit),
                ("documents", "申请表；营业执照"),
                ("steps", "受理（1个工作日）；审查；送达"),
            ],
        )
    };
    let own = at("520300", BODY, "20");
    let site = site_with(vec![own.clone(), at("320100", "南京市示例局", "5"), at("320106", "鼓楼区示例局", "5")]);
    let shown = page(&site.app, &format!("/{}/{}", own.body.info().path, own.id)).await;
    for told in [
        "同一事项在各地",
        "南京市示例局",
        "承诺时限 20个工作日，比中位数 5个工作日多 15个工作日",
        "<svg",
        "办理流程",
        "受理（1个工作日）",
    ] {
        assert!(shown.contains(told), "{told}: {shown}");
    }
}

/// An item covers a power whatever number it knows the article by, whatever law its words stood in, and what another
/// institution lists is that institution's.
#[tokio::test]
async fn powers_are_unlisted_only_where_no_item_has_the_article_in_any_version() {
    let fine = |deed: &str| {
        format!("违反本法规定，{deed}的，由县级以上人民政府水行政主管部门责令改正，处五千元以上二万元以下罚款。")
    };
    let (dumping, sand, mark, pump, report, canal) = (
        fine("在示例河道内倾倒废弃示例物"),
        fine("未经许可在示例湖泊采挖示例砂石"),
        fine("擅自移动示例水文测量标志"),
        fine("向示例水库私设抽水示例泵站"),
        fine("伪造某座水库取水论证报告书"),
        fine("私自填堵引水暗渠"),
    );
    let ends = "本法自2020年1月1日起施行。";
    let water = |day, texts: &[&str]| law("中华人民共和国示例水法", day, texts, None);
    let old = water(Date::constant(2010, 1, 1), &["为了示例，制定本法。", &dumping, ends]);
    let mut new = water(
        Date::constant(2020, 1, 1),
        &["为了示例，制定本法。", "新增的一条说的是示例节约用水的原则。", &dumping, ends],
    );
    if let RecordBody::Regulation(r) = &mut new.body {
        let revised = Event { date: r.version_date, kind: EventKind::Amended, text: "某会议修订".into() };
        r.history.push(revised);
    }
    let details = law("中华人民共和国示例水法实施细则", Date::constant(2015, 1, 1), &[&canal], None);
    let lakes = law(
        "中华人民共和国示例湖泊法",
        Date::constant(2021, 1, 1),
        &["为了示例湖泊，制定本法。", &sand, &mark, &pump, &report],
        None,
    );
    let of = |body: &'static str, name: &str, basis: &str| item(name, &[("owner_name", body), ("basis", basis)]);
    let (own, other, with_sign) = ("遵义市水利局", "遵义市自然资源局", "遵义示例委员会（市水利局）");
    let records = vec![
        old,
        new,
        details,
        lakes,
        of(own, "对倾倒废弃物的处罚", "《示例水法》（2010年1月1日公布）第二条"),
        of(
            own,
            "对采挖砂石的处罚",
            &format!(
                "《示例旧湖泊条例》第四十条：{}",
                sand.replace("本法", "本条例").replace("五千元以上二万元", "一千元以上五千元")
            ),
        ),
        of(other, "对移动标志的处罚", "《示例湖泊法》第三条"),
        item(
            "对伪造某座水库取水论证报告书的行政处罚",
            &[("owner_name", other), ("sort", "行政处罚"), ("basis", "《示例旧湖泊条例》第九条")],
        ),
        of(with_sign, "对示例事项的检查", "《行政许可法》第一条"),
    ];
    let site = site_with(records);
    let shown = page(&site.app, &format!("/power-lists/520300/{}/unlisted", encoded(own))).await;
    for told in [
        "的 6 处，其中 1 处有事项引用",
        "1 处的话有事项引自别的条文",
        "2 处由本地其他机构列出",
        "下面 1 处没有事项引用",
        "另有 1 处写在母法修订以前的实施条例",
    ] {
        assert!(shown.contains(told), "{told}: {shown}");
    }
    let sign = page(&site.app, &format!("/power-lists/520300/{}/unlisted", encoded(with_sign))).await;
    assert!(sign.contains("现行法规里“由水行政主管部门”"), "{sign}");
    assert!(sign.contains("倾倒废弃示例物的，由县级以上"), "what is punished is shown: {sign}");
    let listed = shown.split("<details>").next().unwrap();
    let has = |article: u8| listed.contains(&format!("/articles/{article}\">"));
    assert!(has(4) && !has(2) && !has(3) && !has(5), "{shown}");
    assert!(shown.contains("近于“对采挖砂石的处罚”") && shown.contains(&format!("</a>：{other}")), "{shown}");
}

#[tokio::test]
async fn a_law_change_reaches_the_office_with_the_changed_articles_side_by_side() {
    let resting = |name: &str, place: &str| item(name, &[("basis", &format!("《行政许可法》{place}"))]);
    let (changed, same) = (resting("甲场所许可", "第二条"), resting("乙场所许可", "第一条"));
    let site = site_with(vec![changed.clone(), same.clone()]);
    let new = law(
        "中华人民共和国行政许可法",
        Date::constant(2026, 4, 23),
        &["为了规范行政许可的设定和实施，制定本法。", "本法所称行政许可，是指准予从事所有活动的行为。"],
        None,
    );
    let mut tasks = crate::desk::Pending::new(&site.app.store, &site.app.desk);
    tasks.changed(&new).unwrap();
    let tasks: Vec<Record> = tasks.into_tasks().collect();
    let by = crate::store::By { author: "test", reason: "" };
    site.app.store.put_together(tasks.iter().map(|task| (task.clone(), by)).collect()).unwrap();
    site.app.store.import("new law", [new], &mut |_| {}).unwrap();
    let own = tasks.iter().find(|task| task.owner.as_ref().is_some_and(|d| d.as_str() == "520300")).unwrap();
    let (office, _) = super::offices::signed_in(&site, "office", indexer::record::Role::Reviewer, "520300");
    let (status, _, shown) = call(&site.app, super::offices::get(&format!("/console/tasks/{}", own.id), &office)).await;
    assert_eq!(status, StatusCode::OK, "{shown}");
    for told in ["有改动", "改动的条文", "第二条", "甲场所许可", "<del>", "<ins>", "/compare/"] {
        assert!(shown.contains(told), "{told}: {shown}");
    }
    assert!(!shown.contains("乙场所许可"), "what rests on unchanged articles alone is left alone: {shown}");
}

#[tokio::test]
async fn a_new_version_of_a_regulation_changes_the_rows_that_rest_on_it_and_no_other() {
    let quoted = |name: &str, basis: &str| item(name, &[("basis", basis)]);
    let first = quoted("甲场所许可", "《行政许可法》第一条：为了规范行政许可的设定和实施，制定本法。");
    let other = quoted("乙场所许可", "《招商引资条例》第三条：招商基金的设立，由主管部门批准。");
    let site = site_with(vec![first.clone(), other]);
    let health = page(&site.app, "/bases/520300").await;
    assert!(health.contains("核对 2 条记录") && health.contains("依据现行有效</span> 2 条"), "{health}");
    let new = law(
        "中华人民共和国行政许可法",
        Date::constant(2025, 6, 1),
        &["为了规范一切行政许可，制定本法。", "本法所称行政许可，是指准予从事特定活动的行为。"],
        None,
    );
    site.app.store.import("new law", [new], &mut |_| {}).unwrap();
    rebuilt(&site);
    let health = page(&site.app, "/bases/520300").await;
    assert!(health.contains("依据现行有效</span> 1 条") && health.contains("有依据须核对</span> 1 条"), "{health}");
    let named = page(&site.app, "/bases/520300?outcome=amended").await;
    assert!(named.contains(&first.id), "{named}");
}

/// A regulation of a level; `effective` of a rule of a province.
fn regulation_of(title: &str, level: RegulationLevel, division: Option<&str>, effective: Date) -> Record {
    let mut record = law(title, effective, &["示例场所由主管部门许可。", "示例场所的检查由主管部门实施。"], None);
    if let indexer::record::Body::Regulation(r) = &mut record.body {
        r.level = level;
        r.division = division.and_then(|code| code.parse().ok());
        r.effective = Some(effective);
    }
    record.id = format!("r-{}", title.len() * 1_000 + level as usize);
    record
}

#[tokio::test]
async fn p3_a_licence_rests_on_regulations_that_may_set_one() {
    let recent = crate::clock::today().checked_sub(jiff::Span::new().days(100)).unwrap();
    let long_ago = Date::constant(2015, 1, 1);
    let resting = |name: &str, sort: &str, basis: &str| item(name, &[("sort", sort), ("basis", basis)]);
    let of_rule = resting("甲场所许可", "行政许可", "《示例场所管理办法》第一条");
    let of_notice = resting("乙场所许可", "行政许可", "《示例场所管理通知》第一条");
    let of_old = resting("丙场所许可", "行政许可", "《贵州省示例场所规定》第一条");
    let right = [
        resting("丁场所许可", "行政许可", "《行政许可法》第一条"),
        resting("戊场所许可", "行政许可", "《示例场所管理办法》第一条；《行政许可法》第一条"),
        resting("己场所许可", "行政许可", "《贵州省示例场所条例》第一条"),
        resting("庚场所许可", "行政许可", "《贵州省示例场所暂行规定》第一条"),
        resting("辛场所检查", "行政检查", "《示例场所管理办法》第二条"),
        // Of what the library lacks nothing is claimed.
        resting("壬场所许可", "行政许可", "《示例场所管理办法》第一条；《没有收录的条例》第一条"),
    ];
    let regulations = [
        regulation_of("示例场所管理办法", RegulationLevel::DepartmentRule, None, long_ago),
        regulation_of("示例场所管理通知", RegulationLevel::NormativeDocument, None, long_ago),
        regulation_of("贵州省示例场所规定", RegulationLevel::LocalGovernmentRule, Some("520000"), long_ago),
        regulation_of("贵州省示例场所暂行规定", RegulationLevel::LocalGovernmentRule, Some("520000"), recent),
        regulation_of("贵州省示例场所条例", RegulationLevel::LocalRegulation, Some("520000"), long_ago),
    ];
    let wrong = [&of_rule, &of_notice, &of_old];
    let site = site_with(regulations.into_iter().chain(wrong.map(Record::clone)).chain(right.clone()).collect());
    let named = page(&site.app, "/power-lists/520300?rule=P3").await;
    assert!(named.contains("：3 处") && named.contains("设定依据") && named.contains("部门规章"), "{named}");
    assert!(wrong.iter().all(|record| named.contains(&record.id)), "{named}");
    assert!(!right.iter().any(|record| named.contains(&record.id)), "{named}");
}

/// P9 holds between records too: an institution that took over another has a code of its own.
#[tokio::test]
async fn p9_a_code_names_the_institution_whose_item_it_is() {
    let mut institution = samples::institution("b-code", BODY, "520300");
    let RecordBody::Institution(record) = &mut institution.body else { unreachable!() };
    record.credit_code = Some("11650000010183859F".to_owned());
    let coded = |name: &str, code: &str| item(name, &[("owner_id", "b-code"), ("code", code)]);
    let own = coded("甲场所许可", "11650000010183859F2650116013001");
    let other = coded("乙场所许可", "11440000MB2D0164XH2440289876000");
    // What was cancelled keeps the code that it had.
    let cells = [("owner_id", "b-code"), ("code", "11440000MB2D0164XH2440289876000"), ("standing", "取消")];
    let gone = item("丙场所许可", &cells);
    let site = site_with(vec![institution.clone(), own.clone(), other.clone(), gone.clone()]);
    let shown = async |record: &Record| page(&site.app, &format!("/{}/{}", record.body.info().path, record.id)).await;
    let told = "实施主体代码 11440000MB2D0164XH 不是遵义市示例管理局的统一社会信用代码 11650000010183859F";
    assert!(shown(&other).await.contains(told), "{}", shown(&other).await);
    assert!(!shown(&own).await.contains("的统一社会信用代码 1"), "{}", shown(&own).await);
    let named = page(&site.app, "/power-lists/520300?rule=P9").await;
    assert!(named.contains("：1 处") && named.contains("实施编码") && named.contains(&other.id), "{named}");
    assert!(!named.contains(&gone.id) && !shown(&gone).await.contains("的统一社会信用代码 1"), "{named}");
}

#[tokio::test]
async fn bases_of_a_table_are_told_by_row_and_column_and_keep_no_row_out() {
    use crate::sharing::tables::{Kind, MAX_ROWS, Said, check, check_bases};
    let elsewhere = regulation_of(
        "浙江省示例场所条例",
        RegulationLevel::LocalRegulation,
        Some("330000"),
        Date::constant(2015, 1, 1),
    );
    let rule = regulation_of("示例场所管理办法", RegulationLevel::DepartmentRule, None, Date::constant(2015, 1, 1));
    let whole = ["为了甲。", "本法自2015年1月1日起施行。"];
    let whole = law("示例场所法", Date::constant(2015, 1, 1), &whole, None);
    let site = site_with(vec![elsewhere, rule, whole]);
    let rows = "事项名称,事项类型,实施主体,区划代码,设定依据,追责依据\n\
                甲场所许可,行政许可,遵义市示例局,520300,《浙江省示例场所条例》第一条,\n\
                乙场所许可,行政许可,遵义市示例局,520300,《示例场所管理办法》第一条,\n\
                丙场所许可,行政许可,遵义市示例局,520300,《行政许可法》第一条,《示例场所法》第九十九条\n\
                丁场所许可,行政许可,遵义市示例局,520300,《行政许可法》第一条,\n";
    let kind = Kind::all().find(|kind| kind.columns().iter().any(|column| column.name == "追责依据"));
    let sheet = indexer::corpus::documents::sheet(rows.as_bytes(), "清单.csv").unwrap();
    let table = ("清单.csv", sheet);
    let said = Said::Operator(Some("遵义市示例局"));
    let checked = check(&site.app.store, kind.unwrap(), table, said, MAX_ROWS, &mut |_, _| {}).unwrap();
    assert_eq!((checked.added, checked.bad), (4, 0), "{:?}", checked.faults);
    let generation = site.app.generation().unwrap();
    let told = check_bases(&generation, &site.app.store, &checked.prepared).faults.reported;
    let at: Vec<(u32, &str)> = told.iter().map(|fault| (fault.row, fault.column.as_str())).collect();
    assert_eq!(at, [(2, "设定依据"), (3, "设定依据"), (4, "追责依据")], "{told:?}");
    for (fault, word) in told.iter().zip(["外地法规", "部门规章", "条文不存在"]) {
        assert!(fault.message.contains(word), "{fault}");
    }
    // Of several sheets the one is named.
    let mut sheet = indexer::corpus::documents::sheet(rows.as_bytes(), "清单.csv").unwrap();
    let (header, second) = (sheet.rows[0].clone(), sheet.rows[2].clone());
    sheet.rows.truncate(2);
    sheet.name = "甲类".to_owned();
    sheet.more = vec![("乙类".to_owned(), vec![header, second])];
    let checked = check(&site.app.store, kind.unwrap(), ("清单.xlsx", sheet), said, MAX_ROWS, &mut |_, _| {}).unwrap();
    let told = check_bases(&generation, &site.app.store, &checked.prepared).faults.reported;
    for (fault, (row, word)) in told.iter().zip([(2, "工作表“甲类”：外地法规"), (3, "工作表“乙类”：依据只有")])
    {
        assert!(fault.row == row && fault.message.contains(word), "{fault}");
    }
    assert_eq!(told.len(), 2, "{told:?}");
}
