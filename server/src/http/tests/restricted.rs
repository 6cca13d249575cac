//! What is not for the public, numbers of staff and whole schemes of organization, of random institutions in random divisions,
//! before random people: nobody off the line of its division meets it anywhere, and everybody on it does. What the whole
//! system may read is on the line of the nation.
//!
//! `GUANSOU_RESTRICTED_ROUNDS` sets how many worlds are made (`make soak`: 40).

use std::collections::BTreeSet;

use indexer::record::{Info, Role, Scope, kind_named, staffing};
use proptest::{prelude::*, strategy::ValueTree, test_runner::TestRunner};

use super::{
    offices::{BY, get, signed_in},
    schemes::record,
    schemes_compared::addresses,
    shared::catch_up,
    *,
};

const ROUNDS: usize = 1;
const DIVISIONS: [&str; 6] = ["520300", "520000", "320100", "320106", "350102", "000000"];
const BODIES: [(&str, &str); 4] = [
    ("520300-gov", "遵义市人民政府"),
    ("320106-gov", "南京市鼓楼区人民政府"),
    ("350102-gov", "福州市鼓楼区人民政府"),
    ("000000-hb", "中华人民共和国生态环境部"),
];
const ROLES: [Role; 4] = [Role::Reader, Role::Contributor, Role::Reviewer, Role::Administrator];

fn rounds() -> usize {
    std::env::var("GUANSOU_RESTRICTED_ROUNDS").ok().and_then(|n| n.parse().ok()).unwrap_or(ROUNDS)
}

/// A number that stands nowhere else, the division on whose line it may be met, and its record.
#[derive(Debug, Clone)]
struct Kept {
    number: String,
    line: &'static str,
    record: Record,
}

/// Places of a number in a record of counts.
const IN_COUNTS: usize = 7;
/// What schemes are shown to, and where in them the number stands.
const IN_SCHEMES: [(&str, &str); 8] = [
    ("本地区", "duties"),
    ("本地区", "title"),
    ("本地区", "clauses"),
    ("本地区", "units"),
    ("本地区", "staffing"),
    ("本地区", "note"),
    ("系统内", "duties"),
    ("系统内", "staffing"),
];

/// A scheme that holds a number and is not for the public.
fn scheme(number: &str, (id, name): (&str, &str), division: &str, (visibility, column): (&str, &str)) -> Record {
    let title = format!("{name}{}内设机构规定", if column == "title" { number } else { "" });
    let document = format!("甲编办〔20{}〕{}号", &number[..2], if column == "title" { "1" } else { "2" });
    let text = match column {
        "duties" => format!("（一）负责示例{number}号档案管理。\n（二）完成交办的其他任务。"),
        "clauses" => format!("第一条　示例{number}号。"),
        "units" => format!("（一）示例{number}科：负责示例工作。"),
        "staffing" => format!("行政编制{number}名"),
        _ => format!("示例{number}"),
    };
    let mut columns = vec![
        ("title", title.as_str()),
        ("institution_name", name),
        ("institution_id", id),
        ("division", division),
        ("document_number", document.as_str()),
        ("effective", "2019-04-01"),
        ("visibility", visibility),
    ];
    columns.extend(Some((column, text.as_str())).filter(|_| column != "title"));
    record(staffing::SCHEME, &columns)
}

/// The `at`th number of a world: six digits that begin with its place, so that no two are one another's.
fn kept(at: usize, (tail, body, division, place): (u32, usize, usize, usize)) -> Kept {
    let number = format!("{}{:04}", 73 + at, tail);
    let (id, name) = BODIES[body];
    let division = DIVISIONS[division];
    if let Some(kept) = place.checked_sub(IN_COUNTS) {
        let record = scheme(&number, BODIES[body], division, IN_SCHEMES[kept]);
        let line = if IN_SCHEMES[kept].0 == "系统内" { "000000" } else { division };
        return Kept { number, line, record };
    }
    let (title, day) = (format!("{name}编制数第{at}次"), format!("20{:02}-12-31", 10 + at));
    let staff = format!("行政编制{number}名");
    let posts = format!("副局长{number}名");
    let parts = format!("行政编制999999名（含援派编制{number}名）");
    let note = format!("口径：核定{number}名");
    let put = match place {
        0 => ("authorised", staff.as_str()),
        1 => ("actual", staff.as_str()),
        2 => ("posts", posts.as_str()),
        3 => ("posts_filled", posts.as_str()),
        4 => ("seconded", number.as_str()),
        5 => ("authorised", parts.as_str()),
        _ => ("note", note.as_str()),
    };
    let columns = [
        ("title", title.as_str()),
        ("institution_name", name),
        ("institution_id", id),
        ("division", division),
        ("as_of", day.as_str()),
        put,
    ];
    Kept { record: record(staffing::COUNT, &columns), number, line: division }
}

/// Everything that a person may ask where a number could stand.
fn asked(all: &[Kept]) -> Vec<String> {
    let kinds = [staffing::COUNT, staffing::SCHEME].map(|kind| kind_named(kind).unwrap());
    let mut wanted: Vec<String> = Vec::new();
    for Kept { number, record, .. } in all {
        let (id, path) = (&record.id, record.body.info().path);
        wanted.extend(addresses(id, number));
        wanted.extend([
            format!("/{path}/{id}"),
            format!("/console/shared/{id}"),
            format!("/console/records/{id}/edit"),
            format!("/console/shared?q={}", encoded(record.body.title())),
            format!("/api/v1/shared/{id}"),
            format!("/console/schemes/compare?new={id}"),
            format!("/console/schemes/compare?new={id}&old={id}0"),
            format!("/schemes/compare?new={id}"),
            format!("/api/v1/schemes/compare?new={id}&old={id}"),
            format!("/api/v1/search?q={}", encoded("谁负责示例号档案管理")),
            format!("/console/shared?q={}", encoded("示例号档案管理")),
            format!("/api/v1/search?q={}&explain=1", encoded(record.body.title())),
            format!("/search?q={}", encoded(&format!("行政编制{}", &number[..3]))),
            format!("/api/v1/suggest?q={}", encoded(&record.body.title().chars().take(6).collect::<String>())),
        ]);
    }
    for division in DIVISIONS {
        wanted.extend([
            format!("/console/schemes?division={division}&on=2040-01-01"),
            format!("/console/schemes.csv?division={division}&on=2040-01-01"),
            format!("/divisions/{division}"),
        ]);
        for (_, name) in BODIES {
            let tried = encoded(&format!("撤销：{name}→甲府"));
            wanted.push(format!("/console/reforms?division={division}&on=2040-01-01&measures={tried}"));
        }
    }
    for (id, _) in BODIES {
        wanted.extend([format!("/institutions/{id}"), format!("/api/v1/institutions/{id}")]);
    }
    for page in
        ["/console", "/console/queue", "/console/tasks", "/console/shared", "/console/schemes", "/console/reforms"]
    {
        wanted.push(page.to_owned());
    }
    for Info { name, path, .. } in kinds {
        wanted.extend([format!("/api/v1/dumps/{name}.jsonl"), format!("/api/v1/dumps/{name}.csv"), format!("/{path}")]);
    }
    wanted.extend(["/feeds/regulations.atom", "/feeds/web-names.atom"].map(str::to_owned));
    wanted.extend(["/metrics", "/api/v1/changes?since=0", "/data", "/sitemap.xml", "/readyz"].map(str::to_owned));
    let seen: BTreeSet<String> = wanted.into_iter().collect();
    seen.into_iter().collect()
}

/// The numbers that answers to somebody hold, of those that were not asked for by number, headers among them.
async fn met(
    site: &Site,
    all: &[Kept],
    addresses: &[String],
    sign: impl Fn(&str) -> Request<Body>,
) -> BTreeSet<String> {
    let mut met = BTreeSet::new();
    for address in addresses {
        let (_, headers, body) = call(&site.app, sign(address)).await;
        let told = format!("{headers:?}{body}");
        met.extend(all.iter().map(|kept| &kept.number).filter(|n| !address.contains(*n) && told.contains(*n)).cloned());
    }
    met
}

fn on_the_line(division: &str, of: &str) -> bool {
    let code = |text: &str| text.parse::<indexer::record::DivisionCode>().unwrap();
    code(division).covers(&code(of)) || code(of).covers(&code(division))
}

#[tokio::test]
async fn a_restricted_number_is_met_by_those_on_its_line_and_by_nobody_else() {
    let one = (0..10_000u32, 0..BODIES.len(), 0..DIVISIONS.len(), 0..IN_COUNTS + IN_SCHEMES.len());
    let person = (0..ROLES.len(), 0..DIVISIONS.len());
    let world = (prop::collection::vec(one, 6), prop::collection::vec(person, 3));
    let mut runner = TestRunner::deterministic();
    for _ in 0..rounds() {
        let (numbers, people) = world.new_tree(&mut runner).unwrap().current();
        let all: Vec<Kept> = numbers.into_iter().enumerate().map(|(at, one)| kept(at, one)).collect();
        let site = site();
        for kept in &all {
            site.app.store.put(kept.record.clone(), &BY).unwrap();
        }
        catch_up(&site);
        let asked = asked(&all);
        let public = met(&site, &all, &asked, |address| {
            Request::get(address).header(header::ACCEPT, "text/html").body(Body::empty()).unwrap()
        });
        assert_eq!(public.await, BTreeSet::new(), "without an account");
        for (at, (role, division)) in people.into_iter().enumerate() {
            let (role, division) = (ROLES[role], DIVISIONS[division]);
            let (cookie, _) = signed_in(&site, &format!("somebody.{at}"), role, division);
            let own: BTreeSet<String> =
                all.iter().filter(|kept| on_the_line(division, kept.line)).map(|kept| kept.number.clone()).collect();
            let seen = met(&site, &all, &asked, |address| get(address, &cookie)).await;
            assert_eq!(seen, own, "{role:?} of {division}: {all:?}");
            // A system of the same office, with the right scope and with others.
            for (scopes, may) in [(vec![Scope::Consult], true), (vec![Scope::Search, Scope::Submit], false)] {
                let key = tables::key_for(&site.app, division, scopes);
                let seen = met(&site, &all, &asked, |address| {
                    let request = Request::get(address).header(header::AUTHORIZATION, format!("Bearer {key}"));
                    request.body(Body::empty()).unwrap()
                });
                let wanted = if may { own.clone() } else { BTreeSet::new() };
                assert_eq!(seen.await, wanted, "a key of {division}");
            }
        }
    }
}
