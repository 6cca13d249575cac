//! Schemes side by side, institutions as they were, notices, and numbers that are not for the public.

use indexer::record::{Body as RecordBody, Role, kind_named, staffing};

use super::{
    offices::{BY, get, post, signed_in, upload},
    schemes::record,
    shared::catch_up,
    *,
};

/// A scheme of an institution of the prefecture.
fn scheme(
    name: &str,
    id: &str,
    (number, from, until): (&str, &str, &str),
    duties: &str,
    more: &[(&str, &str)],
) -> Record {
    let title = format!("{name}职能配置、内设机构和人员编制规定");
    let mut columns = vec![
        ("title", title.as_str()),
        ("institution_name", name),
        ("institution_id", id),
        ("division", "520300"),
        ("document_number", number),
        ("effective", from),
        ("repealed", until),
        ("duties", duties),
    ];
    columns.extend(more);
    record(staffing::SCHEME, &columns)
}

fn event(columns: &[(&str, &str)]) -> Record {
    record(staffing::EVENT, columns)
}

fn compare(old: &Record, new: &Record) -> String {
    format!("/{}/compare?old={}&new={}", kind_named(staffing::SCHEME).unwrap().path, old.id, new.id)
}

const GOVERNMENT: &str = "520300-gov";

/// Two schemes of the government, and one of another institution which took over a duty.
pub(super) fn three() -> [Record; 3] {
    [
        scheme(
            "遵义市人民政府",
            GOVERNMENT,
            ("遵府〔2014〕3号", "2014-05-01", "2019-04-01"),
            "（一）负责校外培训机构的行政许可。\n（二）负责学校食堂食品安全管理。\n（三）负责烟花爆竹备案登记。\n（四）完成交办的其他任务。",
            &[("superior", "贵州省人民政府"), ("rank", "正厅级"), ("plates", "遵义市外事办")],
        ),
        scheme(
            "遵义市人民政府",
            GOVERNMENT,
            ("遵府〔2019〕7号", "2019-04-01", ""),
            "（一）负责校外培训机构的行政许可和日常检查。\n（二）负责电梯维保信用评价工作。\n（三）完成交办的其他任务。\n【职责分工：遵义市市场监管局】与遵义市市场监管局的职责分工。",
            &[("rank", "正厅级")],
        ),
        scheme(
            "遵义市市场监督管理局",
            "",
            ("遵市监〔2019〕1号", "2019-04-01", ""),
            "（一）指导监督学校食堂食品安全工作。\n（二）组织开展电梯维保的信用评价。\n（三）完成交办的其他任务。",
            &[("numbers", "不公开")],
        ),
    ]
}

async fn page(site: &Site, address: &str) -> String {
    let asked = Request::get(address).header(header::ACCEPT, "text/html").body(Body::empty()).unwrap();
    let (status, _, shown) = call(&site.app, asked).await;
    assert_eq!(status, StatusCode::OK, "{address}: {shown}");
    shown
}

#[tokio::test]
async fn two_schemes_stand_side_by_side_duty_by_duty() {
    let [old, new, other] = three();
    let site = site_with(vec![old.clone(), new.clone(), other.clone()]);
    let shown = page(&site, &compare(&old, &new)).await;
    for told in [
        "<ins>和日常检查</ins>",
        "删去",
        "“负责学校食堂食品安全管理”：现见于遵义市市场监督管理局主要职责（一）",
        "“负责烟花爆竹备案登记”：本地区收录的现行规定中没有承接的机构",
        "新增 2 项",
        "遵府〔2014〕3号",
    ] {
        assert!(shown.contains(told), "{told}: {shown}");
    }
    let (status, _, text) =
        call(&site.app, path(&format!("/api/v1/schemes/compare?old={}&new={}", old.id, new.id))).await;
    assert_eq!(status, StatusCode::OK, "{text}");
    let told: Value = serde_json::from_str(&text).unwrap();
    let changes: Vec<&str> = told["duties"].as_array().unwrap().iter().filter_map(|d| d["change"].as_str()).collect();
    assert_eq!(changes, ["changed", "removed", "removed", "added", "renumbered", "added"], "{told}");
    assert!(told["duties"][1]["traces"][0]["url"].as_str().unwrap().contains(&other.id), "{told}");
    // Whoever comes without an older one is offered those that there are.
    let choose = page(&site, &format!("/{}/compare?new={}", kind_named(staffing::SCHEME).unwrap().path, new.id)).await;
    assert!(choose.contains(&format!("value=\"{}\"", old.id)) && choose.contains("请选一份来对照"), "{choose}");
    let institution = page(&site, &format!("/institutions/{GOVERNMENT}")).await;
    assert!(institution.contains("与别的三定规定对照"), "{institution}");
    for wrong in ["", "?new=", "?new=nothing", "?new=520300-gov", "?old=nothing&new=%00"] {
        let address = format!("/{}/compare{wrong}", kind_named(staffing::SCHEME).unwrap().path);
        let (status, ..) = call(&site.app, path(&address)).await;
        assert!(matches!(status.as_u16(), 400 | 404), "{address}: {status}");
    }
}

#[tokio::test]
async fn all_schemes_of_a_division_stand_in_one_sheet_with_what_nobody_and_what_two_do() {
    let [old, new, other] = three();
    let site = site_with(vec![old, new, other]);
    let (office, _) = signed_in(&site, "zunyi", Role::Reader, "520300");
    let (status, _, shown) = call(&site.app, get("/console/schemes?on=2026-01-01", &office)).await;
    assert_eq!(status, StatusCode::OK, "{shown}");
    for told in [
        "有现行规定的机构 2 个",
        "无人承接 1",
        "负责烟花爆竹备案登记",
        "已经划转 1",
        "重复 0",
        "单方分工 1",
        "“遵义市市场监督管理局”没有写与它的分工",
        "两份现行 0",
    ] {
        assert!(shown.contains(told), "{told}: {shown}");
    }
    let (status, headers, csv) =
        call(&site.app, get("/console/schemes.csv?on=2017-01-01&division=520300", &office)).await;
    assert_eq!((status, &headers[header::CONTENT_TYPE]), (StatusCode::OK, &"text/csv; charset=utf-8".parse().unwrap()));
    let mut read = csv::Reader::from_reader(csv.trim_start_matches('\u{FEFF}').as_bytes());
    let rows: Vec<csv::StringRecord> = read.records().map(Result::unwrap).collect();
    let government = rows.iter().find(|row| &row[0] == "遵义市人民政府").unwrap();
    assert_eq!((&government[2], &government[7]), ("遵府〔2014〕3号", "遵义市外事办"));
    let market = rows.iter().find(|row| &row[0] == "遵义市市场监督管理局").unwrap();
    assert_eq!(&market[1], "没有收录", "its scheme came later");
    // What offices count, for those on the line of its division, by the day that is asked for.
    let count = |day: &str, n: u32| {
        let told = format!("行政编制{n}名");
        let columns = [
            ("title", "遵义市人民政府编制数"),
            ("institution_name", "遵义市人民政府"),
            ("institution_id", GOVERNMENT),
            ("division", "520300"),
            ("as_of", day),
            ("authorised", told.as_str()),
            ("actual", "行政编制1400名"),
        ];
        record(staffing::COUNT, &columns)
    };
    for one in [count("2016-12-31", 1_234), count("2024-12-31", 1_357)] {
        site.app.store.put(one, &BY).unwrap();
    }
    let (other, _) = signed_in(&site, "nanjing", Role::Administrator, "320100");
    for (day, own, later) in [("2017-01-01", "行政编制1234名", "1357"), ("2025-01-01", "行政编制1357名", "1234")]
    {
        for page in ["/console/schemes", "/console/schemes.csv"] {
            let address = format!("{page}?division=520300&on={day}");
            let (_, _, shown) = call(&site.app, get(&address, &office)).await;
            assert!(
                shown.contains(own) && !shown.contains(later) && shown.contains("实有 1400 名"),
                "{address}: {shown}"
            );
            let (_, _, shown) = call(&site.app, get(&address, &other)).await;
            assert!(shown.contains("遵义市人民政府") && !shown.contains(own), "{address}: {shown}");
        }
    }
    for wrong in ["?on=2017-13-01", "?division=1", "?x=1"] {
        let (status, ..) = call(&site.app, get(&format!("/console/schemes{wrong}"), &office)).await;
        assert_eq!(status, StatusCode::BAD_REQUEST, "{wrong}");
    }
}

#[tokio::test]
async fn a_body_is_shown_as_it_was_on_a_day_and_a_former_name_says_who_took_over() {
    let [old, new, _] = three();
    let renamed = event(&[
        ("title", "遵义府更名为遵义市人民政府"),
        ("institution_name", "遵义市人民政府"),
        ("institution_id", GOVERNMENT),
        ("division", "520300"),
        ("date", "2018-06-10"),
        ("change", "更名"),
        ("from", "遵义府署"),
        ("to", "遵义市人民政府"),
        ("document_number", "国函〔2018〕49号"),
    ]);
    let site = site_with(vec![old, new, renamed]);
    for name in ["on", "as_of"] {
        let shown = page(&site, &format!("/institutions/{GOVERNMENT}?{name}=2017-01-01")).await;
        for told in [
            "2017-01-01 的情况",
            "<b>遵义府署</b>",
            "用到 2018-06-10 为止",
            "其后为遵义市人民政府",
            "贵州省人民政府",
            "遵义市外事办",
            "遵府〔2014〕3号",
        ] {
            assert!(shown.contains(told), "{name} {told}: {shown}");
        }
        let (status, _, text) =
            call(&site.app, path(&format!("/api/v1/institutions/{GOVERNMENT}?{name}=2017-01-01"))).await;
        assert_eq!(status, StatusCode::OK, "{text}");
        let told: Value = serde_json::from_str(&text).unwrap();
        let then = &told["then"];
        assert_eq!((&then["standing"], &then["name"]), (&"called".into(), &"遵义府署".into()), "{then}");
        assert_eq!(then["until"]["document_number"], "国函〔2018〕49号");
        assert_eq!(then["scheme"]["document_number"], "遵府〔2014〕3号");
        assert_eq!(then["superior"]["value"], "贵州省人民政府");
    }
    let (_, _, text) = call(&site.app, path(&format!("/api/v1/institutions/{GOVERNMENT}"))).await;
    assert!(!text.contains("\"then\""), "{text}");
    for wrong in ["on=2017-13-01", "on=gestern", "as_of=1-1-1"] {
        for address in
            [format!("/institutions/{GOVERNMENT}?{wrong}"), format!("/api/v1/institutions/{GOVERNMENT}?{wrong}")]
        {
            assert_eq!(call(&site.app, path(&address)).await.0, StatusCode::BAD_REQUEST, "{address}");
        }
    }
    let found = search(&site.app, "遵义府署", "").await;
    let notes = found["query"]["notes"].to_string();
    assert!(notes.contains("用到 2018-06-10 为止（更名，国函〔2018〕49号），由遵义市人民政府承接"), "{found}");
}

const NOTICE: &str = "中共遵义市委机构编制委员会\n关于调整遵义市人民政府机构编制的通知\n遵编〔2020〕6号\n遵义市人民政府：\n经研究，现通知如下：\n一、核减你单位行政编制4名，调整后行政编制为78名。\n中共遵义市委机构编制委员会\n2020年11月2日\n";

/// An upload of a notice becomes an event and a consolidated text, each reviewed before anything changes.
#[tokio::test]
async fn a_notice_becomes_an_event_and_a_consolidated_text_after_review() {
    let [_, mut new, _] = three();
    new.body.fill(|column| (column.name == "staffing").then_some("行政编制82名")).unwrap();
    let site = site_with(vec![new.clone()]);
    let (writer, token) = signed_in(&site, "zunyi", Role::Contributor, "520300");
    let (reviewer, review) = signed_in(&site, "reviewer", Role::Reviewer, "520300");
    let request = upload("/console/upload", &writer, &token, "通知.txt", NOTICE.as_bytes());
    let (status, headers, shown) = call(&site.app, request).await;
    assert_eq!(status, StatusCode::SEE_OTHER, "{shown}");
    let form = headers[header::LOCATION].to_str().unwrap().to_owned();
    let (status, _, shown) = call(&site.app, get(&form, &writer)).await;
    assert_eq!(status, StatusCode::OK, "{shown}");
    for told in ["核对调整通知", "核减你单位行政编制4名", "行政编制：82－4＝78", "合并文本", "遵府〔2019〕7号"]
    {
        let also = told == "行政编制：82－4＝78" && shown.contains("行政编制：？－4＝78");
        assert!(shown.contains(told) || also, "{told}: {shown}");
    }
    let (status, _, text) = call(&site.app, get(&format!("{form}&as=text"), &writer)).await;
    assert!(status == StatusCode::OK && text.contains("行政编制78名") && text.contains("遵编〔2020〕6号"), "{text}");
    assert_eq!(call(&site.app, get(&format!("{form}&event=99"), &writer)).await.0, StatusCode::NOT_FOUND);
    let (_, _, regulation) = call(&site.app, get(&format!("{form}&as=norm"), &writer)).await;
    assert!(regulation.contains("核对识别出的内容"), "{regulation}");
    // Both forms, as the pages propose them, go through review; nothing stands before.
    let events = kind_named(staffing::EVENT).unwrap();
    let schemes = kind_named(staffing::SCHEME).unwrap();
    for (kind, from) in [(events, form.clone()), (schemes, format!("{form}&as=text"))] {
        let (_, _, shown) = call(&site.app, get(&from, &writer)).await;
        let proposed = inputs(&shown);
        let mut fields: Vec<(&str, &str)> =
            proposed.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
        fields.retain(|(name, _)| !["token", "revision", "answers", "_note"].contains(name));
        fields.extend([("token", token.as_str()), ("then", "submit")]);
        let before = site.app.store.head();
        let (status, headers, page) =
            call(&site.app, post(&format!("/console/new/{}", kind.path), &writer, &fields)).await;
        assert_eq!(status, StatusCode::SEE_OTHER, "{}: {page}", kind.label);
        assert!(site.app.store.head() != before);
        let mut published = 0;
        let mut count = |record: Record| -> Result<(), crate::store::StoreError> {
            published += usize::from(record.is_public());
            Ok(())
        };
        site.app.store.each_of(kind.name, &mut count).unwrap();
        assert_eq!(published, usize::from(kind.name == staffing::SCHEME), "not before review");
        let submission = headers[header::LOCATION].to_str().unwrap().to_owned();
        for (step, revision) in [("approve", "2"), ("publish", "3")] {
            let fields = [("token", review.as_str()), ("revision", revision)];
            let moved = call(&site.app, post(&format!("{submission}/moves/{step}"), &reviewer, &fields)).await;
            assert_eq!(moved.0, StatusCode::SEE_OTHER, "{step}: {}", moved.2);
        }
    }
    let mut texts = Vec::new();
    let mut take = |record: Record| -> Result<(), crate::store::StoreError> {
        texts.extend(
            record.body.facts().find(|(column, _)| column.name == "staffing").map(|(_, values)| values.concat()),
        );
        Ok(())
    };
    site.app.store.each_of(staffing::SCHEME, &mut take).unwrap();
    texts.sort();
    assert_eq!(texts, ["行政编制78名", "行政编制82名"]);
}

/// Names and contents of a form's inputs.
fn inputs(page: &str) -> Vec<(String, String)> {
    let form = page.split("<form class=\"fields\"").nth(1).unwrap().split("</form>").next().unwrap();
    let attribute = |tag: &str, name: &str| {
        let text = tag.split(&format!(" {name}=\"")).nth(1)?.split('"').next()?;
        Some(unescaped(text))
    };
    let mut all = Vec::new();
    for piece in form.split('<').skip(1) {
        let (tag, text) = piece.split_once('>').unwrap();
        let Some(name) = attribute(tag, "name") else { continue };
        match () {
            () if tag.starts_with("input") => all.push((name, attribute(tag, "value").unwrap_or_default())),
            () if tag.starts_with("textarea") => all.push((name, unescaped(text))),
            () if tag.starts_with("select") => {
                let block = form.split(&format!("name=\"{name}\"")).nth(1).unwrap().split("</select>").next().unwrap();
                let chosen = block.split("<option").find(|option| option.starts_with(" selected"));
                let text = chosen
                    .and_then(|option| option.split_once('>'))
                    .map_or("", |(_, text)| text.split('<').next().unwrap());
                all.push((name, unescaped(text)));
            }
            () => {}
        }
    }
    all
}

fn unescaped(text: &str) -> String {
    text.replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&#34;", "\"")
        .replace("&#39;", "'")
        .replace("&#60;", "<")
        .replace("&#62;", ">")
        .replace("&#38;", "&")
        .replace("&amp;", "&")
}

/// Everything that anybody may ask about a scheme without signing in.
pub(super) fn addresses(id: &str, number: &str) -> Vec<String> {
    let path = kind_named(staffing::SCHEME).unwrap().path;
    let mut all = vec![
        format!("/{path}"),
        format!("/{path}/{id}"),
        format!("/{path}/compare?new={id}"),
        format!("/institutions/{GOVERNMENT}"),
        format!("/institutions/{GOVERNMENT}?on=2020-01-01"),
        format!("/api/v1/institutions/{GOVERNMENT}?on=2020-01-01"),
        format!("/api/v1/records/{id}"),
        format!("/api/v1/records/{id}/history"),
        format!("/records/{id}/history"),
        "/api/v1/changes?since=0".to_owned(),
        "/api/v1/changes?since=0&records=1".to_owned(),
        "/feeds/regulations.atom".to_owned(),
        "/sitemap.xml".to_owned(),
        "/data".to_owned(),
        "/divisions/520300".to_owned(),
        format!("/api/v1/dumps/{}.jsonl", staffing::SCHEME),
        format!("/api/v1/dumps/{}.csv", staffing::SCHEME),
        "/api/v1/dumps".to_owned(),
        "/status".to_owned(),
        format!("/feeds/{path}.atom"),
        format!("/{path}?division=520300"),
    ];
    for (old, new) in [(1, 2), (2, 1), (1, 3), (3, 1), (2, 3), (1, 1)] {
        all.push(format!("/records/{id}/history/{old}/{new}"));
        all.push(format!("/api/v1/records/{id}/history/{old}/{new}"));
    }
    for asked in [number, "遵义市人民政府", "编制", "人员编制规定", "谁负责校外培训"] {
        let asked = encoded(asked);
        all.push(format!("/search?q={asked}"));
        all.push(format!("/api/v1/search?q={asked}&explain=1"));
        all.push(format!("/api/v1/suggest?q={asked}"));
    }
    all
}

/// What everybody is told, with the headers that tell of contents.
async fn told(site: &Site, addresses: &[String]) -> Vec<(String, String)> {
    let mut all = Vec::new();
    for address in addresses {
        let (_, headers, body) = call(&site.app, path(address)).await;
        let named = [header::ETAG, header::LAST_MODIFIED, header::LOCATION, header::CONTENT_DISPOSITION];
        let headers = format!("{:?}", named.map(|name| headers.get(name).cloned()));
        all.push((address.clone(), format!("{headers}{body}")));
    }
    all
}

/// Shows the public what the store holds now, as the next generation.
fn shown_now(site: &Site) {
    let dictionaries = Dictionaries::load(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../dictionaries")).unwrap();
    let lexicon = Lexicon::new(dictionaries, Vec::new());
    let upto = site.app.store.last_sequence().unwrap();
    let dir = site._dir.path().join("index");
    build(&dir, &site.app.store.as_of(upto), &lexicon, upto, Date::constant(2026, 1, 1), &mut |_| {}).unwrap();
    site.app.publish(Generation::open_current(&dir, &lexicon).unwrap().unwrap());
}

/// Wherever a number stood that was made restricted later, in whatever form: no page, reply, dump, feed, history,
/// search or header tells it; and what offices count changes no answer to others.
#[tokio::test]
async fn a_restricted_number_is_told_nowhere() {
    let strategy = (100_000..999_999u32, 0..5usize, any::<bool>());
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    for _ in 0..4 {
        let (n, place, han) = proptest::strategy::Strategy::new_tree(&strategy, &mut runner)
            .map(|tree| proptest::strategy::ValueTree::current(&tree))
            .unwrap();
        // Six digits stand in no hash by chance.
        let n = if han { 1_000 + n % 9_000 } else { n };
        let number = if han { indexer::text::numerals::format(n) } else { n.to_string() };
        let told_in = [
            ("staffing", format!("行政编制{number}名")),
            ("posts", format!("科级领导职数{number}名")),
            ("clauses", format!("第五条　机关行政编制{number}名。")),
            ("units", format!("（一）办公室：负责日常工作，编制{number}名。")),
            ("note", format!("核定行政编制{number}名")),
        ];
        let (column, text) = &told_in[place];
        let open = scheme(
            "遵义市人民政府",
            GOVERNMENT,
            ("遵府〔2019〕7号", "2019-04-01", ""),
            "（一）负责校外培训机构的行政许可。",
            &[(column, text)],
        );
        let restricted = scheme(
            "遵义市人民政府",
            GOVERNMENT,
            ("遵府〔2019〕7号", "2019-04-01", ""),
            "（一）负责校外培训机构的行政许可。",
            &[("numbers", "不公开")],
        );
        assert_eq!(open.id, restricted.id);
        let site = site_with(vec![open.clone()]);
        let asked = addresses(&open.id, &number);
        let forms = match han {
            true => vec![number.clone(), format!("{n}名"), format!("\"n\":{n}")],
            false => vec![number.clone()],
        };
        let tells = |all: &[(String, String)]| -> Vec<String> {
            let searched = |address: &str| forms.iter().any(|form| address.contains(&encoded(form)));
            all.iter()
                .filter(|(address, told)| !searched(address) && forms.iter().any(|form| told.contains(form.as_str())))
                .map(|(address, _)| address.clone())
                .collect()
        };
        assert!(!tells(&told(&site, &asked).await).is_empty(), "open numbers are told: {column}");
        let by = crate::store::By { reason: &format!("编制数{number}名不公开"), ..BY };
        site.app.store.put(Record { revision: 1, ..restricted.clone() }, &by).unwrap();
        shown_now(&site);
        let all = told(&site, &asked).await;
        assert_eq!(tells(&all), [""; 0], "{column} {number}");
        // What offices count is nobody else's.
        let count = |n: u32| {
            let told = format!("行政编制{n}名");
            record(
                "staff_count",
                &[
                    ("title", "遵义市人民政府编制数"),
                    ("institution_name", "遵义市人民政府"),
                    ("institution_id", GOVERNMENT),
                    ("division", "520300"),
                    ("as_of", "2024-12-31"),
                    ("authorised", &told),
                    ("actual", &told),
                ],
            )
        };
        let before = told(&site, &asked).await;
        let counted = count(n);
        site.app.store.put(counted.clone(), &BY).unwrap();
        catch_up(&site);
        let own = [
            format!("/api/v1/records/{}", counted.id),
            format!("/records/{}/history", counted.id),
            format!("/staff-counts/{}", counted.id),
        ];
        for (address, told) in told(&site, &own).await {
            assert!(!forms.iter().any(|form| told.contains(form.as_str())), "{address}: {told}");
        }
        let mut after = told(&site, &asked).await;
        let same = |address: &str| !address.contains("explain") && !address.contains("/search?");
        after.retain(|(address, _)| same(address));
        let before: Vec<_> = before.into_iter().filter(|(address, _)| same(address)).collect();
        assert_eq!(before, after);
        let (other, _) = signed_in(&site, "nanjing", Role::Administrator, "320100");
        for address in ["/console/schemes?division=520300", "/console/schemes.csv?division=520300", "/console/shared"] {
            let (status, _, shown) = call(&site.app, get(address, &other)).await;
            assert!(
                status == StatusCode::OK && !forms.iter().any(|form| shown.contains(form.as_str())),
                "{address}: {shown}"
            );
        }
        let _: RecordBody = counted.body;
    }
}

/// A scheme that was for everybody and is for offices now, or the other way, tells the public nothing of what it was
/// while it was between them.
#[tokio::test]
async fn a_scheme_between_offices_is_told_nowhere_whatever_it_was_before_or_is_after() {
    const MATTER: &str = "示例烟火作坊巡查";
    let duty = format!("（一）负责{MATTER}工作。");
    let of = |duties: &str, visibility: &str| {
        let columns = ("遵府〔2019〕7号", "2019-04-01", "");
        scheme("遵义市人民政府", GOVERNMENT, columns, duties, &[("visibility", visibility)])
    };
    let (open, own) = (of(&duty, "公开"), of(&duty, "本地区"));
    let other = of("（一）负责别的工作。", "公开");
    assert!(open.id == own.id && own.id == other.id);
    let asked = addresses(&open.id, MATTER);
    let tells = |all: Vec<(String, String)>| -> Vec<String> {
        let told = all.into_iter().filter(|(at, told)| !at.contains(&encoded(MATTER)) && told.contains(MATTER));
        told.map(|(at, _)| at).collect()
    };
    let site = site_with(vec![open]);
    assert!(!tells(told(&site, &asked).await).is_empty(), "what is open is told");
    let by = crate::store::By { reason: &format!("{MATTER}不公开"), ..BY };
    site.app.store.put(Record { revision: 1, ..own.clone() }, &by).unwrap();
    shown_now(&site);
    assert_eq!(tells(told(&site, &asked).await), [""; 0], "for offices now");
    // Whoever follows the changes is told that it is gone.
    let (_, _, changes) = call(&site.app, path("/api/v1/changes?since=0&records=1")).await;
    assert!(changes.contains(&own.id) && changes.contains("withdrawn"), "{changes}");
    let (status, ..) = call(&site.app, path(&format!("/schemes/{}", own.id))).await;
    assert_eq!(status, StatusCode::NOT_FOUND);
    // Opened without it: the revisions between offices stay between them.
    let site = site_with(vec![own.clone()]);
    let (office, _) = signed_in(&site, "zunyi", Role::Reader, "520300");
    let (above, _) = signed_in(&site, "guizhou", Role::Reader, "520000");
    let (beside, _) = signed_in(&site, "nanjing", Role::Administrator, "320100");
    catch_up(&site);
    for (cookie, sees) in [(&office, true), (&above, true), (&beside, false)] {
        for address in [
            format!("/console/schemes/compare?new={}", own.id),
            format!("/console/shared/{}", own.id),
            "/console/schemes?division=520300".to_owned(),
            format!("/console/shared?q={}", encoded("内设机构和人员编制规定")),
        ] {
            let (_, _, shown) = call(&site.app, get(&address, cookie)).await;
            let (_, hash) = own.id.split_once('-').unwrap();
            let told = shown.contains(hash) && shown.contains("遵义市人民政府");
            assert_eq!(told, sees, "{address}: {shown}");
        }
    }
    assert_eq!(tells(told(&site, &asked).await), [""; 0]);
    site.app.store.put(Record { revision: 1, ..other }, &BY).unwrap();
    shown_now(&site);
    let all = told(&site, &asked).await;
    assert!(all.iter().any(|(_, told)| told.contains("负责别的工作")), "opened");
    assert_eq!(tells(all), [""; 0], "nor does its history tell");
}

/// A text for everybody that holds numbers of an institution which keeps them back is reported of before it is
/// published.
#[tokio::test]
async fn numbers_kept_back_are_told_before_a_public_text_has_them() {
    let [_, _, restricted] = three();
    let site = site_with(vec![restricted]);
    let (writer, token) = signed_in(&site, "zunyi", Role::Contributor, "520300");
    let events = kind_named(staffing::EVENT).unwrap();
    let fields = |seen: &'static str| {
        let all = [
            ("title", "遵义市市场监督管理局调整编制"),
            ("institution_name", "遵义市市场监督管理局"),
            ("division", "520300"),
            ("date", "2020-11-02"),
            ("change", "调整编制"),
            ("numbers", "行政编制：82－4＝78"),
            ("token", token.as_str()),
            ("then", "submit"),
            ("seen", seen),
        ];
        post(&format!("/console/new/{}", events.path), &writer, &all)
    };
    let before = site.app.store.head();
    let (status, _, shown) = call(&site.app, fields("")).await;
    assert!(status == StatusCode::OK && shown.contains("编制数不公开"), "{shown}");
    assert_eq!(site.app.store.head(), before, "nothing is kept");
    let seen = shown.split("name=\"seen\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let (status, headers, shown) = call(&site.app, fields(Box::leak(seen.into_boxed_str()))).await;
    assert_eq!(status, StatusCode::SEE_OTHER, "{shown}");
    let (reviewer, _) = signed_in(&site, "reviewer", Role::Reviewer, "520300");
    let (_, _, shown) = call(&site.app, get(headers[header::LOCATION].to_str().unwrap(), &reviewer)).await;
    assert!(shown.contains("编制数不公开"), "whoever reviews it is told: {shown}");
    // The text and the original of a regulation are for everybody.
    let text = "遵义市某某办法\n\n第一条 核定行政编制82名。\n第二条 本办法自2024年5月1日起施行。\n";
    let request = upload("/console/upload", &writer, &token, "办法.txt", text.as_bytes());
    let (_, headers, _) = call(&site.app, request).await;
    let (_, _, shown) = call(&site.app, get(headers[header::LOCATION].to_str().unwrap(), &writer)).await;
    assert!(shown.contains("正文写有编制数或者职数（“行政编制82名”）"), "{shown}");
}
