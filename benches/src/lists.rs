//! Lists of powers as large as a country's: generated items that quote the articles of the regulations in DATA_DIR,
//! what keeping, finding and checking them costs, and how soon offices know of a law that changes.
//!
//! A division has 2,932 items in 40 institutions, the largest with some 440, as a published list of a city has; an item
//! has three or four places of regulations. Every item draws its regulations and articles anew (real lists repeat each
//! other's), a few regulations often and most rarely; of its quotations some have a slip, name an article that is not
//! there or a regulation that nobody has. Choices are by [`SEED`].

use std::{
    path::Path,
    sync::Arc,
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, ensure};
use fastrand::Rng;
use indexer::record::{
    ArticleNumber, Body, Column, Date, DivisionCode, DivisionLevel, Info, KINDS, Provenance, Record, Regulation,
    RegulationLevel, State,
    lists::{ListRow, PowerSort},
    work_reference,
};
use server::{
    config::Config,
    desk::{self, Pending},
    query::{request::SearchRequest, search},
    service::Service,
    store::listings::List,
};

use crate::{
    load::{Client, encoded},
    percentiles,
    process::{self, Finished, Running},
    row,
};

const SEED: u64 = 20_261_127;
const ITEMS_OF_A_DIVISION: usize = 2_932;
const INSTITUTIONS: usize = 40;
/// Items that cite the law which changes.
const CITING: usize = 50_000;
const CHANGING: &str = "中华人民共和国行政处罚法";
const VERSION: &str = "2024年版";
/// Searches of each sort, and pages.
const SEARCHES: usize = 500;
const PAGES: usize = 200;
/// Longest wait for the first page, which waits until every basis was looked up.
const LONGEST: Duration = Duration::from_secs(1_800);

/// What is searched for, of a place and an item.
type Query = fn(&str, usize) -> String;

const QUERIES: [(&str, Query); 8] = [
    ("name", |_, template| name(template)),
    ("place and name", |place, template| format!("{place}{}", name(template))),
    ("half a name", |_, template| name(template).chars().take(6).collect()),
    ("code", |_, template| basic_code(template)),
    ("errand", |place, _| format!("{place}开饭店")),
    ("body", |place, template| body(place, template % INSTITUTIONS)),
    ("everyday words", |_, template| EVERYDAY[template % EVERYDAY.len()].to_owned()),
    ("article", |_, template| format!("行政处罚法第{}条", template % 86 + 1)),
];
/// What people ask for with no place.
const EVERYDAY: [&str; 8] = [
    "开饭店",
    "办厂要什么手续",
    "取水许可怎么办",
    "罚款太高怎么办",
    "结婚登记",
    "占道经营",
    "养犬",
    "烟花爆竹零售许可证",
];
/// Kinds of power with their share in a hundred, as in a published list of a city.
const SORTS: [(PowerSort, u64); 6] = [
    (PowerSort::Penalty, 62),
    (PowerSort::Licence, 10),
    (PowerSort::Inspection, 10),
    (PowerSort::Coercion, 7),
    (PowerSort::Confirmation, 3),
    (PowerSort::Other, 8),
];
const OBJECTS: [&str; 24] = [
    "食品经营",
    "公共场所卫生",
    "取水",
    "排水设施",
    "城市道路",
    "户外广告",
    "建筑施工",
    "道路运输",
    "特种设备",
    "危险化学品",
    "烟花爆竹",
    "民办学校",
    "医疗机构",
    "药品零售",
    "种子生产",
    "渔业捕捞",
    "林木采伐",
    "矿产资源",
    "测绘成果",
    "娱乐场所",
    "出版物",
    "印刷业",
    "职业介绍",
    "养老机构",
];
const ACTS: [&str; 12] =
    ["设立", "变更", "延续", "生产", "经营", "运输", "储存", "安装", "检验", "备案资料", "安全管理", "档案"];

/// Adds `count` items to the store of `data`, indexes, serves and asks; the data is changed. With `only` one of
/// `import`, `search`, `pages` and `change` alone, over data to which these items were added before.
pub fn measure(binary: &Path, data: &Path, count: usize, only: Option<&str>) -> Result<()> {
    let config = Config { data: data.to_owned(), ..Config::default() };
    let wanted = |part| only.is_none_or(|only| only == part);
    row("machine", &process::machine());
    if wanted("import") {
        import(binary, &config, count)?;
    }
    if wanted("search") {
        searched(&config, count)?;
    }
    if wanted("pages") {
        let places = Generated::new(&Service::open(&config)?)?.places(count);
        served(binary, data, &places)?;
    }
    if wanted("change") { changed(&config) } else { Ok(()) }
}

fn import(binary: &Path, config: &Config, count: usize) -> Result<()> {
    let service = Service::open(config)?;
    let generated = Generated::new(&service)?;
    let places = generated.places(count);
    let started = Instant::now();
    let all = places.iter().enumerate().flat_map(|(at, place)| generated.of_division(at, place, count));
    let summary = service.store.import("benches: lists", all, &mut |_| {})?;
    let rate = summary.added as f64 / started.elapsed().as_secs_f64();
    row(
        &format!("{count} items generated and stored, seed {SEED}"),
        &format!(
            "{:.0} s, {rate:.0} a second, {} divisions, {} bodies, {} MiB peak",
            started.elapsed().as_secs_f64(),
            places.len(),
            places.len() * INSTITUTIONS,
            process::own_kib("VmHWM") >> 10
        ),
    );
    drop((generated.regulations, service));
    let rebuild = ["--data".into(), config.data.display().to_string(), "index".into(), "--rebuild".into()];
    let Finished { seconds, peak_mib } = process::run(binary, &rebuild)?;
    row("full build of the index with them", &format!("{seconds:.0} s, {peak_mib} MiB peak"));
    for part in ["index", "store"] {
        let size = process::size_of(&config.data.join(part)) / f64::from(1 << 20);
        row(&format!("{part} on disk"), &format!("{size:.0} MiB"));
    }
    Ok(())
}

/// Searches for items by name, by name and place, by code and by an errand.
fn searched(config: &Config, count: usize) -> Result<()> {
    let service = Service::open(config)?;
    let generation = service.generation(false)?;
    let generated = Generated::new(&service)?;
    let places = generated.places(count);
    let mut rng = Rng::with_seed(SEED);
    let (mut all, mut all_on_a_core) = (Vec::new(), Vec::new());
    for (what, make) in QUERIES {
        let queries: Vec<String> = (0..SEARCHES)
            .map(|_| make(&places[rng.usize(..places.len())].name, rng.usize(..ITEMS_OF_A_DIVISION)))
            .collect();
        let (mut times, mut on_a_core) = (Vec::new(), Vec::new());
        for round in 0..2 {
            times.clear();
            on_a_core.clear();
            for query in &queries {
                let request = SearchRequest::new(query.as_str());
                let (started, had) = (Instant::now(), process::thread_time());
                search(&generation, &request)?;
                times.push(started.elapsed());
                on_a_core.extend(process::thread_time().zip(had).map(|(now, before)| now - before));
            }
            if round == 1 {
                let what = format!("search for items by {what}, in-process, uncached");
                row(&what, &percentiles(&mut times));
                if !on_a_core.is_empty() {
                    row(&format!("{what}: time on a core"), &percentiles(&mut on_a_core));
                }
            }
        }
        all.extend(times);
        all_on_a_core.extend(on_a_core);
    }
    row("these together", &percentiles(&mut all));
    if !all_on_a_core.is_empty() {
        row("these together: time on a core", &percentiles(&mut all_on_a_core));
    }
    Ok(())
}

fn served(binary: &Path, data: &Path, places: &[Place]) -> Result<()> {
    let service = Running::start(binary, data)?;
    let first = &places[0];
    let health = format!("/bases/{}", first.code);
    let started = Instant::now();
    while Client::connect(&service.address).and_then(|mut client| client.get(&health)).is_err() {
        ensure!(started.elapsed() < LONGEST, "the lists were not looked up");
        thread::sleep(Duration::from_millis(20));
    }
    let took = started.elapsed().as_secs_f64();
    row(
        "every basis of every item held against the library (from ready to the first page)",
        &format!("{took:.1} s, {} MiB resident, {} MiB peak", service.resident_mib()?, service.peak_mib()?),
    );
    let mut client = Client::connect(&service.address)?;
    let mut rng = Rng::with_seed(SEED);
    let mut some = |make: &dyn Fn(&Place, usize) -> String| -> Vec<String> {
        (0..PAGES).map(|n| make(&places[rng.usize(..places.len())], n)).collect()
    };
    let of_institution = |place: &Place, n: usize| {
        format!("/power-lists/{}/{}", place.code, encoded(&body(&place.name, n % INSTITUTIONS)))
    };
    for (what, paths) in [
        ("list of a body", some(&of_institution)),
        ("list of a body, the largest of a division", some(&|place, _| of_institution(place, 0))),
        ("lists of a division", some(&|place, _| format!("/power-lists/{}", place.code))),
        ("bases of a division", some(&|place, _| format!("/bases/{}", place.code))),
        ("lists of a province", some(&|place, _| format!("/power-lists/{}0000", &place.code.as_str()[..2]))),
        ("bases of a province", some(&|place, _| format!("/bases/{}0000", &place.code.as_str()[..2]))),
        ("lists of the nation", vec!["/power-lists/000000".into()]),
        ("bases of the nation", vec!["/bases/000000".into()]),
    ] {
        let mut paths = paths;
        // A page that was made is kept.
        paths.sort();
        paths.dedup();
        let mut times = Vec::new();
        for path in &paths {
            let started = Instant::now();
            client.get(path).with_context(|| path.clone())?;
            times.push(started.elapsed());
        }
        row(&format!("page, {what}"), &format!("{} pages made: {}", paths.len(), percentiles(&mut times)));
    }
    Ok(())
}

/// A new version of a law that many items cite: until every office has its task, and what a reviewer waits who
/// publishes it.
fn changed(config: &Config) -> Result<()> {
    let service = Service::open(config)?;
    let mut old = None;
    service.store.each_of::<anyhow::Error>("regulation", &mut |record| {
        if record.is_public() && record.body.title() == CHANGING && newer(&record, old.as_ref()) {
            old = Some(record);
        }
        Ok(())
    })?;
    let old = old.with_context(|| format!("《{CHANGING}》 is not there"))?;
    let Body::Regulation(law) = &old.body else { anyhow::bail!("not a regulation") };
    let mut law = law.clone();
    law.version_date = Some(Date::constant(2026, 11, 27));
    law.articles.iter_mut().step_by(2).for_each(|article| article.text.push_str("法律另有规定的，从其规定。"));
    let new = Record { id: format!("{}-benches", old.id), revision: 0, body: Body::Regulation(law), ..old };

    let started = Instant::now();
    let mut pending = Pending::new(&service.store, &service.desk);
    pending.changed(&new)?;
    let made = pending.into_tasks().count();
    row(
        "a law that many items cite changes: what the reviewer waits for who publishes it",
        &format!("{:.3} s, {made} tasks made in it, the others by the desk", started.elapsed().as_secs_f64()),
    );

    let followed = |upto: u64| -> Result<bool> {
        let at = service.store.meta("desk:events")?.and_then(|at| at.parse::<u64>().ok());
        Ok(at.is_some_and(|at| at >= upto))
    };
    let _keeping =
        desk::keep(service.store.clone(), Arc::clone(&service.desk), server::workflow::schedule::publish_due)?;
    let begun = service.store.last_sequence()?;
    while !followed(begun)? {
        thread::sleep(Duration::from_millis(10));
    }
    let tasks = || service.store.list(&List::Tasks(State::Submitted, &DivisionCode::nation()), None, usize::MAX);
    let before = tasks()?.len();
    let citing = service.store.count_listed(&List::RestsOn(&work_reference(CHANGING)), usize::MAX)?;
    service.store.import("benches: a law", [new], &mut |_| {})?;
    let (started, upto) = (Instant::now(), service.store.last_sequence()?);
    while !followed(upto)? {
        thread::sleep(Duration::from_millis(10));
    }
    let took = started.elapsed().as_secs_f64();
    let mut concerned = 0;
    let made = tasks()?;
    for (_, id) in &made {
        if let Some(Record { body: Body::Task(task), .. }) = service.store.get(id)? {
            concerned += task.records.len() + task.more;
        }
    }
    row(
        "the same: from its publication until every office has its task",
        &format!(
            "{took:.2} s, {citing} records cite it, {concerned} of them a changed article, {} tasks",
            made.len() - before
        ),
    );
    Ok(())
}

fn newer(record: &Record, than: Option<&Record>) -> bool {
    let day = |record: &Record| match &record.body {
        Body::Regulation(r) => r.version_date,
        _ => None,
    };
    than.is_none_or(|than| day(record) > day(than))
}

struct Place {
    code: DivisionCode,
    name: String,
}

/// What items are made of.
struct Generated {
    divisions: Vec<(DivisionCode, String)>,
    regulations: Vec<(Option<DivisionCode>, Regulation)>,
    changing: Option<usize>,
    kind: &'static Info,
}

impl Generated {
    fn new(service: &Service) -> Result<Self> {
        let mut regulations: Vec<(String, Regulation)> = Vec::new();
        let mut divisions = Vec::new();
        service.store.each_of::<anyhow::Error>("regulation", &mut |record| {
            let public = record.is_public();
            if let Body::Regulation(r) = record.body
                && public
                && r.articles.len() > 5
                && r.level != RegulationLevel::JudicialInterpretation
            {
                regulations.push((record.id, r));
            }
            Ok(())
        })?;
        service.store.each_of::<anyhow::Error>("division", &mut |record| {
            if let Body::Division(d) = record.body
                && matches!(d.level, DivisionLevel::Prefecture | DivisionLevel::County)
            {
                divisions.push((d.code, d.name));
            }
            Ok(())
        })?;
        let mut rng = Rng::with_seed(SEED);
        regulations.sort_by(|a, b| a.0.cmp(&b.0));
        rng.shuffle(&mut regulations);
        divisions.sort();
        rng.shuffle(&mut divisions);
        let regulations: Vec<_> = regulations.into_iter().map(|(_, r)| (r.division.clone(), r)).collect();
        let changing = regulations.iter().position(|(_, r)| r.title == CHANGING);
        let is_item = |kind: &&&'static Info| {
            matches!(Body::blank(kind.name).and_then(|body| body.listed()), Some(ListRow::Item(_)))
        };
        let kind = KINDS.iter().find(is_item).context("no kind is an item")?;
        ensure!(!regulations.is_empty() && !divisions.is_empty(), "DATA_DIR has no regulations or no divisions");
        Ok(Self { divisions, regulations, changing, kind })
    }

    fn places(&self, count: usize) -> Vec<Place> {
        let needed = count.div_ceil(ITEMS_OF_A_DIVISION);
        let place = |(code, name): &(DivisionCode, String)| Place { code: code.clone(), name: name.clone() };
        self.divisions.iter().take(needed).map(place).collect()
    }

    fn of_division<'g>(&'g self, at: usize, place: &'g Place, count: usize) -> impl Iterator<Item = Record> + 'g {
        let first = at * ITEMS_OF_A_DIVISION;
        let items = ITEMS_OF_A_DIVISION.min(count - first);
        (0..items).map(move |template| {
            let citing = (first + template).is_multiple_of((count / CITING).max(1));
            self.item(place, template, Rng::with_seed(SEED ^ (first + template) as u64), citing)
        })
    }

    fn item(&self, place: &Place, template: usize, mut rng: Rng, citing: bool) -> Record {
        let owner = body(&place.name, body_of(template));
        let mut basis = self.passages(&mut rng, place, if template.is_multiple_of(4) { 3 } else { 2 });
        if let Some(changing) = self.changing.filter(|_| citing) {
            basis.push_str(&passage(&mut rng, &self.regulations[changing].1));
        }
        let (duties_basis, accountability_basis) = (
            self.passages(&mut rng, place, 1),
            if template.is_multiple_of(3) { self.passages(&mut rng, place, 1) } else { String::new() },
        );
        let (name, code) = (name(template), basic_code(template));
        let promised = ["10个工作日", "15个工作日", "20个工作日"][rng.usize(..3)];
        let typed = |column: &'static Column| {
            Some(match column.name {
                "name" => name.as_str(),
                "sort" => sort(template).label(),
                "basic_code" => code.as_str(),
                "owner_name" => owner.as_str(),
                "division" => place.code.as_str(),
                "basis" => basis.as_str(),
                "duties" => {
                    "1.立案责任：发现或者接到举报，予以审查，决定是否立案。2.调查责任：收集证据，允许当事人陈述申辩。3.审查责任：审理案件调查报告。4.告知责任。5.决定责任。6.送达责任。7.执行责任。"
                }
                "duties_basis" => duties_basis.as_str(),
                "accountable" => "具体承办人；内设机构负责人；单位法定代表人或分管领导",
                "accountability" => {
                    "因不履行或不正确履行职责，有下列情形的，应承担相应责任：没有法律和事实依据实施的；违反法定程序的；其他违反法律法规规定的。"
                }
                "accountability_basis" => accountability_basis.as_str(),
                "promised_limit" => promised,
                "documents" => "申请表；营业执照；场所平面图",
                "list_version" => VERSION,
                _ => "",
            })
        };
        let mut made = Body::blank(self.kind.name).unwrap_or_else(|| unreachable!("the kind has a blank"));
        made.fill(typed).unwrap_or_else(|faults| unreachable!("a generated item is wrong: {faults:?}"));
        let id = made.id().unwrap_or_else(|| unreachable!("items have ids"));
        let from = Provenance { source: "benches".into(), place: None, date: None, licence: None };
        Record::published(id, Some(place.code.clone()), vec![from], made)
    }

    fn passages(&self, rng: &mut Rng, place: &Place, many: usize) -> String {
        let mut text = String::new();
        for _ in 0..many {
            if rng.u32(..100) < 10 {
                text.push_str(
                    "【规章】《没有收录的示例管理办法》第五条：由主管部门负责监督管理，违反规定的依法处理。\n",
                );
                continue;
            }
            // A few regulations often: the square of an even draw; another where it does not hold here.
            let draw = |rng: &mut Rng| ((rng.f64().powi(3)) * self.regulations.len() as f64) as usize;
            let mut at = draw(rng);
            for _ in 0..8 {
                let holds = self.regulations[at].0.as_ref().is_none_or(|own| own.covers(&place.code));
                if holds {
                    break;
                }
                at = draw(rng);
            }
            text.push_str(&passage(rng, &self.regulations[at].1));
        }
        text
    }
}

/// A place of a regulation as lists write it.
fn passage(rng: &mut Rng, regulation: &Regulation) -> String {
    let article = &regulation.articles[rng.usize(..regulation.articles.len())];
    let version = regulation.version_date.map(|day| format!("（{day}公布）")).unwrap_or_default();
    let number = article.number.unwrap_or(ArticleNumber { number: 1, inserted: 0 });
    // Invisible signs of the source would be refused.
    let seen = |c: &char| c.is_alphanumeric() || *c == '\n' || "，。、；：“”（）《》".contains(*c);
    let mut quote: String = article.text.chars().filter(seen).take(400).collect();
    let number = match rng.u32(..100) {
        // A slip.
        0..10 => {
            quote = quote.replacen('的', "之", 2);
            number
        }
        10..12 => ArticleNumber { number: 900, inserted: 0 },
        _ => number,
    };
    format!("【法规】《{}》{version}\n{number}：{quote}\n", regulation.title)
}

fn sort(template: usize) -> PowerSort {
    let mut share = (template as u64).wrapping_mul(37) % 100;
    for (sort, of_all) in SORTS {
        if share < of_all {
            return sort;
        }
        share -= of_all;
    }
    PowerSort::Other
}

fn name(template: usize) -> String {
    let object = OBJECTS[template % OBJECTS.len()];
    let act = ACTS[template / OBJECTS.len() % ACTS.len()];
    let more = template / (OBJECTS.len() * ACTS.len());
    let more = if more == 0 { String::new() } else { format!("第{more}类") };
    match sort(template) {
        PowerSort::Penalty => format!("对违反{object}{act}{more}规定的处罚"),
        PowerSort::Licence => format!("{object}{act}{more}许可"),
        PowerSort::Inspection => format!("对{object}{act}{more}的监督检查"),
        other => format!("{object}{act}{more}的{}", other.label()),
    }
}

fn basic_code(template: usize) -> String {
    let sort = match sort(template) {
        PowerSort::Licence => "01",
        PowerSort::Penalty => "02",
        PowerSort::Coercion => "03",
        PowerSort::Inspection => "06",
        PowerSort::Confirmation => "07",
        _ => "10",
    };
    format!("00{sort}{template:05}000")
}

fn body(place: &str, at: usize) -> String {
    format!("{place}示例第{}局", at + 1)
}

/// The institution of an item: the largest has some 440, the smallest some twenty.
fn body_of(template: usize) -> usize {
    let all: f64 = (0..INSTITUTIONS).map(|at| 1.0 / (at + 2) as f64).sum();
    let mut left = (template.wrapping_mul(7919) % ITEMS_OF_A_DIVISION) as f64 / ITEMS_OF_A_DIVISION as f64 * all;
    for at in 0..INSTITUTIONS {
        left -= 1.0 / (at + 2) as f64;
        if left < 0.0 {
            return at;
        }
    }
    INSTITUTIONS - 1
}
