//! That nobody passes for another: accounts that one administrator makes alone, names of others, addresses that are not
//! the institution's, names that hide characters.

use indexer::record::{Role, Scope};

use super::{
    offices::{BY, PASSWORD, get, office, post, signed_in},
    *,
};
use crate::access::{self, NewKey};

/// What one administrator can do alone, and what takes a second.
#[tokio::test]
async fn one_administrator_alone_makes_no_reviewer() {
    let site = site();
    let (first, token) = signed_in(&site, "admin.1", Role::Administrator, "320000");
    let (second, second_token) = signed_in(&site, "admin.2", Role::Administrator, "320100");
    let form = |name: &'static str, role: &'static str, office: &'static str| {
        [
            ("token", token.as_str()),
            ("name", name),
            ("office_id", ""),
            ("office_name", office),
            ("role", role),
            ("division", "320106"),
        ]
    };
    let send = |fields: &[(&str, &str)]| call(&site.app, post("/console/accounts", &first, fields));
    // Offices come from records, within the administrator's division.
    for (office, told) in
        [("中华人民共和国国务院", "库里没有"), ("遵义市人民政府", "520300"), ("南京市鼓楼区人名政府", "库里没有")]
    {
        let (status, _, page) = send(&form("rev", "reviewer", office)).await;
        assert!(status == StatusCode::UNPROCESSABLE_ENTITY && page.contains(told), "{office}: {page}");
    }
    let (status, _, page) = send(&form("rev", "reviewer", "南京市鼓楼区人民政府")).await;
    assert!(status == StatusCode::OK && page.contains("/set-password/"), "{page}");
    assert!(page.contains("另一位管理员") && page.contains("待确认"), "{page}");
    let link = page.split("/set-password/").nth(1).unwrap()[..64].to_owned();
    let account = || access::find(&site.app.store, "rev").unwrap().unwrap().1;
    assert_eq!((account().role, account().office_id.as_deref()), (Role::Reader, Some("320106-gov")));
    let act = |cookie: &str, token: &str, name: &str, action: &str| {
        let fields = [("token", token), ("action", action)];
        call(&site.app, post(&format!("/console/accounts/{name}"), cookie, &fields))
    };
    // Whoever asked cannot confirm, nor can anybody before the owner has come in.
    assert_eq!(act(&first, &token, "rev", "confirm").await.0, StatusCode::FORBIDDEN);
    let (status, _, page) = act(&second, &second_token, "rev", "confirm").await;
    assert!(status == StatusCode::UNPROCESSABLE_ENTITY && page.contains("还没有用链接设置密码"), "{page}");
    // The owner sets the password, once; the form is no session's.
    let address = format!("/set-password/{link}");
    let (status, headers, page) = call(&site.app, get(&address, "")).await;
    assert!(status == StatusCode::OK && page.contains("rev"), "{page}");
    assert_eq!(headers[header::CACHE_CONTROL], "no-store");
    let set = |new: &str, again: &str| call(&site.app, post(&address, "", &[("new", new), ("again", again)]));
    assert_eq!(set("short", "short").await.0, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(set(PASSWORD, "另一个").await.0, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(set(PASSWORD, PASSWORD).await.0, StatusCode::SEE_OTHER);
    assert_eq!(set(PASSWORD, PASSWORD).await.0, StatusCode::NOT_FOUND, "used");
    assert_eq!(call(&site.app, get(&address, "")).await.0, StatusCode::NOT_FOUND);
    assert_eq!(call(&site.app, get("/set-password/x", "")).await.0, StatusCode::NOT_FOUND);
    assert_eq!(account().role, Role::Reader, "not by the password");
    assert_eq!(act(&second, &second_token, "rev", "confirm").await.0, StatusCode::SEE_OTHER);
    assert_eq!((account().role, account().asked), (Role::Reviewer, None));
    // A new link gives whoever made it a way in: the role waits again.
    let (_, _, page) = act(&first, &token, "rev", "link").await;
    assert!(page.contains("/set-password/"), "{page}");
    assert_eq!((account().role, account().asked.unwrap().by.as_str()), (Role::Reader, "admin.1"));
    // Another administrator is no way round.
    assert_eq!(send(&form("admin.3", "administrator", "南京市鼓楼区人民政府")).await.0, StatusCode::OK);
    assert_eq!(access::find(&site.app.store, "admin.3").unwrap().unwrap().1.role, Role::Reader);
    let fields = [("token", second_token.as_str()), ("action", "role"), ("role", "administrator")];
    assert_eq!(call(&site.app, post("/console/accounts/rev", &second, &fields)).await.0, StatusCode::SEE_OTHER);
    assert_eq!((account().role, account().asked.unwrap().by.as_str()), (Role::Reader, "admin.2"));
    // A contributor is one administrator's to make.
    assert_eq!(send(&form("con", "contributor", "南京市鼓楼区人民政府")).await.0, StatusCode::OK);
    assert_eq!(access::find(&site.app.store, "con").unwrap().unwrap().1.role, Role::Contributor);
}

#[tokio::test]
async fn what_a_key_hands_in_is_its_keepers_too() {
    let site = site();
    office(&site, "鼓楼区档案馆", "320106");
    let (keeper, keeper_token) = signed_in(&site, "keeper", Role::Reviewer, "320106");
    let (other, other_token) = signed_in(&site, "other", Role::Reviewer, "320106");
    let new = NewKey {
        purpose: "区里的系统".into(),
        office_id: None,
        office_name: "鼓楼区档案馆".into(),
        division: "320106".parse().unwrap(),
        scopes: vec![Scope::Submit],
        quota: 60,
        until: None,
        holder: Some("keeper".into()),
    };
    let key = access::create_key(&site.app.store, new, &BY).unwrap();
    let (actor, _) = access::find_key(&site.app.store, &key).unwrap().unwrap();
    assert_eq!(actor.behind, ["test", "keeper"]);
    let record = site.app.store.get("320106-gov").unwrap().unwrap();
    let RecordBody::Institution(mut body) = record.body.clone() else { unreachable!() };
    body.short_names = vec!["鼓楼区政府办".into()];
    let proposed = crate::workflow::Draft {
        target: record.id,
        based_on: record.revision,
        content: Some(RecordBody::Institution(body)),
        provenance: Vec::new(),
        answers: None,
        note: String::new(),
    };
    let written = crate::workflow::draft(&site.app.store, &actor, proposed).unwrap();
    let sent = crate::workflow::hand_in(&site.app.store, &site.app.desk, &actor, &written.id, 1).unwrap();
    let approve = |cookie: &str, token: &str| {
        let fields = [("token", token), ("revision", "2"), ("reason", "")];
        call(&site.app, post(&format!("/console/submissions/{}/moves/approve-and-publish", sent.id), cookie, &fields))
    };
    let (status, _, page) = approve(&keeper, &keeper_token).await;
    assert!(status == StatusCode::FORBIDDEN && page.contains("另一位审核员"), "{page}");
    assert_eq!(approve(&other, &other_token).await.0, StatusCode::SEE_OTHER);
    let info = site.app.store.info("320106-gov", 2).unwrap().unwrap();
    assert_eq!(info.author, actor.name, "the log names the key");
}

/// Two accounts of one district, and a name that is not theirs to give.
#[tokio::test]
async fn a_name_of_others_is_warned_of_and_goes_to_whoever_answers_for_both() {
    let site = site();
    let (writer, token) = signed_in(&site, "gulou", Role::Contributor, "320106");
    let (district, district_token) = signed_in(&site, "gulou.2", Role::Reviewer, "320106");
    let (nation, nation_token) = signed_in(&site, "zybb", Role::Reviewer, "000000");
    let send = |name: &str, seen: &str| {
        let fields = [
            ("token", token.as_str()),
            ("revision", "1"),
            ("name", name),
            ("category", "政府"),
            ("websites", "http://njgl.gov.cn/"),
            ("seen", seen),
            ("then", "submit"),
        ];
        call(&site.app, post("/console/records/320106-gov/edit", &writer, &fields))
    };
    for (name, told) in [
        ("中华人民共和国生\u{200B}态环境部", "看不见的字符 U+200B"),
        ("鼓楼\u{202E}区", "U+202E"),
        ("鼓楼区\u{E000}局", "自造字"),
    ] {
        let (status, _, page) = send(name, "").await;
        assert!(status == StatusCode::UNPROCESSABLE_ENTITY && page.contains(told), "{name}: {page}");
    }
    let name = "中华人民共和国生态环境部";
    let (status, _, page) = send(name, "").await;
    assert!(status == StatusCode::OK && page.contains("role=\"alert\"") && page.contains("000000 的审核员"), "{page}");
    assert!(page.contains("与中华人民共和国生态环境部（区划 000000）的名称"), "{page}");
    let seen = page.split("name=\"seen\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    assert_eq!(send("中华人民共和国生态环境局", &seen).await.0, StatusCode::OK, "another name is another warning");
    let (status, headers, page) = send(name, &seen).await;
    assert_eq!(status, StatusCode::SEE_OTHER, "{page}");
    let address = headers[header::LOCATION].to_str().unwrap().to_owned();
    let (_, _, page) = call(&site.app, get(&address, &district)).await;
    assert!(page.contains("须由更高一级的审核员核准"), "{page}");
    // What would be refused is not offered; to return it is.
    assert!(page.contains("您不能核准或公布这份报送") && page.contains("区划 000000 的审核员核准"), "{page}");
    assert!(!page.contains("/moves/approve") && page.contains("/moves/return"), "{page}");
    let (_, _, page) = call(&site.app, get(&address, &nation)).await;
    assert!(page.contains("/moves/approve-and-publish") && !page.contains("您不能核准"), "{page}");
    let approve = |cookie: &str, token: &str| {
        let fields = [("token", token), ("revision", "2"), ("reason", "")];
        call(&site.app, post(&format!("{address}/moves/approve-and-publish"), cookie, &fields))
    };
    let (status, _, page) = approve(&district, &district_token).await;
    assert!(status == StatusCode::CONFLICT && page.contains("区划 000000 的审核员核准"), "{status} {page}");
    assert_eq!(site.app.store.get("320106-gov").unwrap().unwrap().revision, 1);
    // The district has it in its queue as before, and the nation apart from all that is not its concern.
    let (_, _, page) = call(&site.app, get("/console/queue?state=raised", &district)).await;
    assert!(!page.contains(&address), "{page}");
    let (_, _, page) = call(&site.app, get("/console/queue?state=raised", &nation)).await;
    assert!(page.contains(&address), "{page}");
    assert_eq!(approve(&nation, &nation_token).await.0, StatusCode::SEE_OTHER, "which may have its reasons");
}

/// A new address is published as claimed until somebody has seen that it is in the institution's hands.
#[tokio::test]
async fn a_new_address_waits_for_proof_of_control() {
    use indexer::record::{Evidence, NameStatus};
    let site = site();
    let (writer, token) = signed_in(&site, "gulou", Role::Contributor, "320106");
    let (reviewer, reviewer_token) = signed_in(&site, "gulou.2", Role::Reviewer, "320106");
    let (above, _) = signed_in(&site, "nanjing", Role::Reader, "320100");
    let fields = [
        ("token", token.as_str()),
        ("revision", "1"),
        ("name", "南京市鼓楼区人民政府"),
        ("category", "政府"),
        ("websites", "http://njgl.gov.cn/\nhttps://glnew.gov.cn/\nhttps://www.gltwo.gov.cn/"),
        ("then", "submit"),
    ];
    let (status, headers, page) = call(&site.app, post("/console/records/320106-gov/edit", &writer, &fields)).await;
    assert_eq!(status, StatusCode::SEE_OTHER, "{page}");
    let address = headers[header::LOCATION].to_str().unwrap().to_owned();
    let id = address.rsplit('/').next().unwrap();
    let (_, _, page) = call(&site.app, get(&address, &reviewer)).await;
    let value = crate::workflow::value_to_place(id, "glnew.gov.cn");
    assert!(page.contains("未核验") && page.contains(&value), "{page}");
    assert!(!page.contains(&crate::workflow::value_to_place(id, "njgl.gov.cn")), "what is recorded needs none");
    let prove = |cookie: &str, token: &str, revision: &str, host: &str, method: &str, note: &str| {
        let fields = [("token", token), ("revision", revision), ("host", host), ("method", method), ("note", note)];
        call(&site.app, post(&format!("{address}/proofs"), cookie, &fields))
    };
    let seen = "11月26日查得 TXT 记录";
    assert_eq!(prove(&writer, &token, "2", "glnew.gov.cn", "dns", seen).await.0, StatusCode::FORBIDDEN);
    for (host, method, note) in
        [("njgl.gov.cn", "dns", seen), ("other.gov.cn", "dns", seen), ("glnew.gov.cn", "dns", " ")]
    {
        let status = prove(&reviewer, &reviewer_token, "2", host, method, note).await.0;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{host}");
    }
    assert_eq!(prove(&reviewer, &reviewer_token, "2", "glnew.gov.cn", "x", seen).await.0, StatusCode::BAD_REQUEST);
    assert_eq!(prove(&reviewer, &reviewer_token, "2", "glnew.gov.cn", "dns", seen).await.0, StatusCode::SEE_OTHER);
    let (_, _, page) = call(&site.app, get(&address, &reviewer)).await;
    assert!(
        page.contains("已核验") && page.contains("未核验") && page.contains(seen) && page.contains("gulou.2"),
        "{page}"
    );
    // The office above is reported.
    let (_, _, page) = call(&site.app, get("/console/queue?state=new-hosts", &above)).await;
    assert!(page.contains(&address) && page.contains("新网址：glnew.gov.cn、gltwo.gov.cn"), "{page}");
    let approve = [("token", reviewer_token.as_str()), ("revision", "3"), ("reason", "")];
    let done = call(&site.app, post(&format!("{address}/moves/approve-and-publish"), &reviewer, &approve)).await;
    assert_eq!(done.0, StatusCode::SEE_OTHER, "{}", done.2);
    let evidence = |host: &str| {
        let body = site.app.store.get("320106-gov").unwrap().unwrap().body;
        let RecordBody::Institution(i) = body else { unreachable!() };
        let name = site.app.store.get(&format!("w-{host}")).unwrap().map(|r| r.body);
        let status = match name {
            Some(RecordBody::WebName(name)) => Some(name.status),
            _ => None,
        };
        (i.websites.into_iter().find(|site| site.host == host).unwrap().evidence, status)
    };
    assert_eq!(evidence("glnew.gov.cn"), (Evidence::Confirmed, Some(NameStatus::InUse)));
    assert_eq!(evidence("gltwo.gov.cn"), (Evidence::Claimed, Some(NameStatus::Pending)));
    let (_, _, page) = call(&site.app, get("/console/queue?state=new-hosts", &above)).await;
    assert!(page.contains(&address), "also when it is published: {page}");
    // The same word again proves no more; what is seen later does.
    let sites = [("websites", "http://njgl.gov.cn/\nhttps://gltwo.gov.cn/"), ("then", "submit")];
    let again = [&fields[..1], &[("revision", "2")][..], &fields[2..4], &sites[..]].concat();
    let (_, headers, page) = call(&site.app, post("/console/records/320106-gov/edit", &writer, &again)).await;
    let second = headers.get(header::LOCATION).unwrap_or_else(|| panic!("{page}")).to_str().unwrap().to_owned();
    let recall = [("token", token.as_str()), ("revision", "2"), ("reason", "")];
    let (_, _, page) = call(&site.app, get(&second, &reviewer)).await;
    assert!(page.contains("未核验"), "{page}");
    assert_eq!(
        call(&site.app, post(&format!("{second}/moves/recall"), &writer, &recall)).await.0,
        StatusCode::SEE_OTHER
    );
    let revision = site.app.store.get(id).unwrap().unwrap().revision.to_string();
    let (status, _, page) = prove(&reviewer, &reviewer_token, &revision, "gltwo.gov.cn", "registry", "登记证书").await;
    assert_eq!(status, StatusCode::SEE_OTHER, "{page}");
    assert_eq!(evidence("gltwo.gov.cn"), (Evidence::Confirmed, Some(NameStatus::InUse)));
}

/// An institution that came in before names were looked at, or with a list.
#[tokio::test]
async fn a_name_that_hides_characters_comes_behind_the_one_it_looks_like() {
    use indexer::record::{Evidence, InstitutionLevel, Website};
    let mut fake = samples::institution("i-fake", "生态\u{200B}环境部", "000000");
    let RecordBody::Institution(body) = &mut fake.body else { unreachable!() };
    body.level = InstitutionLevel::Central;
    body.short_names = vec!["生态\u{3164}环境部".into(), "中华人民共和国生态环境\u{FEFF}部".into()];
    body.websites = vec![Website {
        url: "https://fake.gov.cn/".into(),
        host: "fake.gov.cn".into(),
        evidence: Evidence::Confirmed,
        sources: Vec::new(),
        off_gov_cn: false,
    }];
    let site = site_with(vec![fake]);
    for query in ["生态环境部", "中华人民共和国生态环境部", "生态环境部官网", "国家生态环境部", "生态环境"]
    {
        let reply = search(&site.app, query, "").await;
        let all = ["direct", "hits"].map(|part| reply[part].as_array().unwrap().clone()).concat();
        let bodies: Vec<&str> =
            all.iter().filter(|h| h["kind"] == "institution").map(|h| h["id"].as_str().unwrap()).collect();
        assert_eq!(bodies.first(), Some(&"000000-hb"), "{query}: {bodies:?}");
    }
}

/// What was warned of and is mended is saved, though the form still says what was seen.
#[tokio::test]
async fn a_name_that_was_mended_after_a_warning_is_saved() {
    let site = site();
    let (writer, token) = signed_in(&site, "gulou", Role::Contributor, "320106");
    let send = |name: &str, seen: &str| {
        let fields = [
            ("token", token.as_str()),
            ("revision", "1"),
            ("name", name),
            ("category", "政府"),
            ("websites", "http://njgl.gov.cn/"),
            ("seen", seen),
            ("then", "save"),
        ];
        call(&site.app, post("/console/records/320106-gov/edit", &writer, &fields))
    };
    let (_, _, page) = send("中华人民共和国生态环境部", "").await;
    let seen = page.split("name=\"seen\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let (status, _, page) = send("南京市鼓楼区人民政府", &seen).await;
    assert_eq!(status, StatusCode::SEE_OTHER, "{page}");
}
