//! Schemes made by the thousand, with what is planted in them: by these the thresholds are set, and the time is
//! measured.

use super::super::StaffingScheme;
use crate::{
    Date, DivisionCode,
    staffing::{Duty, DutySort},
};

const THEMES: [&str; 40] = [
    "校外培训机构",
    "校外托管机构",
    "学前教育",
    "职业教育",
    "学校食堂",
    "河道采砂",
    "农村饮水",
    "农田灌溉",
    "水库大坝",
    "地下水",
    "建筑垃圾",
    "餐厨垃圾",
    "生活垃圾",
    "户外广告",
    "城市照明",
    "共享单车",
    "出租汽车",
    "道路客运",
    "危险货物运输",
    "内河航道",
    "食品小作坊",
    "特种设备",
    "电梯维保",
    "计量器具",
    "广告经营",
    "文物保护",
    "演出市场",
    "网络出版",
    "体育彩票",
    "登山运动",
    "养老机构",
    "儿童福利",
    "殡葬服务",
    "地名标志",
    "社会组织",
    "烟花爆竹",
    "加油站点",
    "矿山开采",
    "粮食收购",
    "物业服务",
];
const ASPECTS: [&str; 12] = [
    "行政许可",
    "规划编制",
    "执法检查",
    "安全评估",
    "统计监测",
    "信用评价",
    "资金使用",
    "应急预案",
    "从业人员培训",
    "投诉举报",
    "备案登记",
    "标准制定",
];
const VERBS: [&str; 6] = ["负责", "承担", "组织开展", "指导监督", "拟订并组织实施", "统筹推进"];

/// Numbers that look like chance and are always the same.
pub struct Chance(pub u64);

impl Chance {
    pub fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) % n as u64) as usize
    }
}

/// Schemes of one division, and what was planted: titles of institutions with the object.
pub struct Division {
    pub schemes: Vec<(String, StaffingScheme)>,
    /// The same object at two institutions, in other words.
    pub overlaps: Vec<(usize, usize, String)>,
    /// Objects at two institutions that tell how they are divided.
    pub divided: Vec<(usize, usize, String)>,
    /// Objects that left an institution, and nobody has.
    pub orphans: Vec<(usize, String)>,
    /// Objects that left an institution for another.
    pub moved: Vec<(usize, usize, String)>,
    /// Divisions of duties that the second does not tell.
    pub one_sided: Vec<(usize, usize)>,
}

/// A name of two characters that no other has in their order.
pub fn name(body: usize) -> String {
    let c = |from: u32, n: usize| char::from_u32(from + n as u32).unwrap_or('某');
    format!("甲市{}{}局", c(0x5000, body / 97), c(0x6000, body % 97))
}

/// The same object in other words: another verb, other joining words, parts the other way round.
fn told(theme: &str, aspect: &str, way: usize, chance: &mut Chance) -> String {
    let verb = VERBS[chance.below(VERBS.len())];
    match way {
        0 => format!("{verb}{theme}{aspect}工作。"),
        1 => format!("{verb}全市{theme}的{aspect}。"),
        2 => format!("{verb}对{theme}{aspect}的监督管理工作。"),
        3 => format!("{verb}{theme}有关{aspect}，并监督检查落实情况。"),
        4 => format!("依法{verb}{aspect}（{theme}）。"),
        5 => format!("{verb}本行政区域内{theme}和相关场所{aspect}工作。"),
        6 => format!("{verb}{theme}经营单位的{aspect}。"),
        _ => format!("{verb}各类{theme}{aspect}，强化事中事后监管。"),
    }
}
/// Ways of [`told`].
const WAYS: usize = 8;

pub fn duty(text: String) -> Duty {
    Duty { number: String::new(), sort: DutySort::Main, institutions: Vec::new(), text }
}

fn scheme(body: usize, year: i16, duties: Vec<String>) -> StaffingScheme {
    let mut scheme = StaffingScheme {
        title: format!("{}职能配置、内设机构和人员编制规定", name(body)),
        institution_name: name(body),
        division: "520300".parse::<DivisionCode>().unwrap_or_default(),
        effective: Some(Date::constant(year, 4, 1)),
        ..StaffingScheme::default()
    };
    let all = ["管行业必须管安全，负责本行业领域安全生产工作。".to_owned()].into_iter().chain(duties);
    scheme.duties = all.chain(["完成市委、市政府交办的其他任务。".to_owned()]).map(duty).collect();
    let number =
        |(at, duty): (usize, &mut Duty)| duty.number = format!("（{}）", text::numerals::format(at as u32 + 1));
    scheme.duties.iter_mut().enumerate().for_each(number);
    scheme
}

/// A division of so many institutions, each with a scheme; every fifth has one before.
#[allow(clippy::needless_range_loop, reason = "a body is its place in several lists")]
pub fn division(institutions: usize, seed: u64) -> Division {
    let mut chance = Chance(seed);
    let mut objects: Vec<(usize, usize)> =
        (0..THEMES.len() * ASPECTS.len()).map(|n| (n / ASPECTS.len(), n % ASPECTS.len())).collect();
    for at in (1..objects.len()).rev() {
        objects.swap(at, chance.below(at + 1));
    }
    // Larger divisions have objects of several places: 第三片区校外培训机构.
    let mut next = 0;
    let mut object = || {
        let (theme, aspect) = objects[next % objects.len()];
        let round = next / objects.len();
        next += 1;
        let theme = if round == 0 {
            THEMES[theme].to_owned()
        } else {
            format!("{}片区{}", REGIONS[round % REGIONS.len()], THEMES[theme])
        };
        (theme, ASPECTS[aspect])
    };
    let mut now: Vec<Vec<String>> = (0..institutions).map(|_| Vec::new()).collect();
    let mut before: Vec<Option<Vec<String>>> = (0..institutions).map(|body| (body % 5 == 0).then(Vec::new)).collect();
    for body in 0..institutions {
        for _ in 0..8 {
            let (theme, aspect) = object();
            let way = chance.below(WAYS);
            now[body].push(told(&theme, aspect, way, &mut chance));
            let reworded = told(&theme, aspect, chance.below(WAYS), &mut chance);
            if let Some(before) = &mut before[body] {
                before.push(reworded);
            }
        }
    }
    let mut made = Division {
        schemes: Vec::new(),
        overlaps: Vec::new(),
        divided: Vec::new(),
        orphans: Vec::new(),
        moved: Vec::new(),
        one_sided: Vec::new(),
    };
    let mut clauses: Vec<Vec<Duty>> = (0..institutions).map(|_| Vec::new()).collect();
    let clause = |with: usize, theme: &str| Duty {
        number: String::new(),
        sort: DutySort::Division,
        institutions: vec![name(with)],
        text: format!("与{}的职责分工。{}负责{theme}。", name(with), name(with)),
    };
    for body in 0..institutions {
        let other = (body + 1 + chance.below(institutions - 1)) % institutions;
        let (theme, aspect) = object();
        let (one, two) = (chance.below(WAYS), chance.below(WAYS));
        let (here, there) = (told(&theme, aspect, one, &mut chance), told(&theme, aspect, two, &mut chance));
        match body % 6 {
            0 => {
                now[body].push(here);
                now[other].push(there);
                made.overlaps.push((body.min(other), body.max(other), theme));
            }
            1 => {
                now[body].push(here);
                now[other].push(there);
                clauses[body].push(clause(other, &theme));
                clauses[other].push(clause(body, &theme));
                made.divided.push((body.min(other), body.max(other), theme));
            }
            2 => {
                clauses[body].push(clause(other, &theme));
                made.one_sided.push((body, other));
            }
            _ => {}
        }
        if let Some(before) = &mut before[body] {
            let (theme, aspect) = object();
            let way = chance.below(WAYS);
            before.push(told(&theme, aspect, way, &mut chance));
            made.orphans.push((body, theme));
            let (theme, aspect) = object();
            let (one, two) = (chance.below(WAYS), chance.below(WAYS));
            before.push(told(&theme, aspect, one, &mut chance));
            now[other].push(told(&theme, aspect, two, &mut chance));
            made.moved.push((body, other, theme));
        }
    }
    // A division that the other side tells for another reason is two-sided after all.
    let told_by = |clauses: &[Vec<Duty>], body: usize, other: usize| {
        clauses[body].iter().any(|c| c.institutions.contains(&name(other)))
    };
    made.one_sided.retain(|(body, other)| !told_by(&clauses, *other, *body));
    // A clause settles what it speaks of and nothing else.
    let settled = |body: usize, other: usize, theme: &str| {
        clauses[body].iter().any(|c| c.institutions.contains(&name(other)) && c.text.contains(theme))
    };
    made.overlaps.retain(|(one, other, theme)| !settled(*one, *other, theme) && !settled(*other, *one, theme));
    for (body, (duties, clauses)) in now.into_iter().zip(clauses).enumerate() {
        if let Some(before) = before[body].take() {
            let mut old = scheme(body, 2014, before);
            old.repealed = Some(Date::constant(2019, 4, 1));
            made.schemes.push((format!("sd-{body}-2014"), old));
        }
        let mut new = scheme(body, 2019, duties);
        new.duties.extend(clauses);
        made.schemes.push((format!("sd-{body}-2019"), new));
    }
    made
}

const REGIONS: [&str; 8] = ["东城", "南湖", "西岭", "北塘", "中和", "临港", "空港", "大学城"];
