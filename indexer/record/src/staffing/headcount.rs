//! Numbers of staff and of leading posts: 机关行政编制805名（含两委人员编制2名、援派机动编制3名）.

use serde::{Deserialize, Serialize};
use text::numerals;

use super::Item;

/// A number of one kind of staff or posts, with what is known of what it includes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Headcount {
    /// As the document calls it: 机关行政编制, 局长, 司局级领导职数.
    pub name: String,
    pub n: u32,
    /// What it includes (含, 其中), which need not be all of it.
    #[serde(default)]
    pub of_which: Vec<Part>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Part {
    pub name: String,
    pub n: u32,
}

/// Kinds of staffing 编制: each comes from a purse of its own and is not mixed with others
/// (地方各级人民政府机构设置和编制管理条例, art. 15).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum StaffKind {
    Administrative,
    /// 政法专项编制
    Justice,
    Public,
    Service,
    Other,
}

impl StaffKind {
    pub const ALL: [StaffKind; 5] = [Self::Administrative, Self::Justice, Self::Public, Self::Service, Self::Other];

    pub fn label(self) -> &'static str {
        match self {
            Self::Administrative => "行政编制",
            Self::Justice => "政法专项编制",
            Self::Public => "事业编制",
            Self::Service => "工勤编制",
            Self::Other => "其他编制",
        }
    }
}

impl Headcount {
    pub fn new(name: impl Into<String>, n: u32) -> Self {
        Self { name: name.into(), n, of_which: Vec::new() }
    }

    /// What kind of staff it counts, by its name.
    pub fn kind(&self) -> StaffKind {
        let says = |words: &[&str]| words.iter().any(|word| self.name.contains(word));
        match () {
            () if says(&["政法专项", "专项编制"]) => StaffKind::Justice,
            () if says(&["事业编制"]) => StaffKind::Public,
            () if says(&["工勤", "后勤服务", "工人"]) => StaffKind::Service,
            () if says(&["行政", "公务员"]) => StaffKind::Administrative,
            () => StaffKind::Other,
        }
    }

    /// The sum of what it is said to include.
    pub fn included(&self) -> u64 {
        self.of_which.iter().map(|part| u64::from(part.n)).sum()
    }

    /// Whether it counts posts of the institution's deputies 副职, and not those of its units.
    pub fn is_deputies(&self) -> bool {
        let of_unit =
            ["副科长", "副股长", "副处长", "副司长", "副督察", "副总"].iter().any(|of| self.name.starts_with(of));
        let posts = self.name.contains("职数") || self.counts_grades();
        let deputy = self.name.starts_with('副') || self.name.starts_with("常务副") || self.name.ends_with("副主任");
        deputy && !of_unit && !posts && !self.name.starts_with("专职") && !self.name.starts_with("兼职")
    }

    /// Whether it counts posts of the institution's units, by its name alone.
    fn is_of_units(&self) -> bool {
        let name = self.name.strip_prefix('正').unwrap_or(&self.name);
        let heads = ["科长", "股长", "处长", "副科长", "副股长", "副处长"].iter().any(|of| name.starts_with(of));
        let posts = (self.name.contains("职数") && self.name != "领导职数") || self.counts_grades();
        let of_institution = || self.of_which.iter().any(|part| Headcount::new(&part.name, part.n).is_first());
        heads || (posts && !of_institution())
    }

    /// 司局级干部, 司局级领导干部: posts by their grade.
    fn counts_grades(&self) -> bool {
        self.name.ends_with("级干部") || self.name.ends_with("级领导干部")
    }

    /// 部长（主任）, 副部长（副主任）: of units some of which are offices, or of an institution that is one and the
    /// other.
    fn has_two_names(&self) -> bool {
        self.name.ends_with("（主任）") || self.name.ends_with("（副主任）")
    }

    /// Whether it counts who stands at the head of an institution, and not of one of its units.
    fn is_first(&self) -> bool {
        let ends = ["局长", "镇长", "乡长", "部长", "厅长", "书记", "主任", "院长", "馆长", "站长", "所长", "校长"];
        let unit = ["专职", "机关", "办公室", "科", "股", "处", "（", "党组织", "委员会"];
        let of_unit = unit.iter().any(|word| self.name.contains(word)) || self.name.contains('副');
        ends.iter().any(|end| self.name.ends_with(end)) && !of_unit
    }

    /// Whether it counts the institution's head 正职.
    pub fn is_head(&self) -> bool {
        !self.name.contains("职数") && !self.name.contains('副') && !self.name.contains("总")
    }
}

/// Numbers of staff, in the order of [`StaffKind::ALL`]. A number of all kinds together is the sum of those beside it
/// or of its parts, and counts for nothing more: 机关编制35名（含行政编制32名、工勤编制3名）.
pub fn totals(staff: &[Headcount]) -> [Option<u32>; 5] {
    let known: Vec<&Headcount> = staff.iter().filter(|count| count.kind() != StaffKind::Other).collect();
    let sum = |counts: &mut dyn Iterator<Item = u32>| counts.fold(0, u32::saturating_add);
    let together = sum(&mut known.iter().map(|count| count.n));
    let mut all = [None; 5];
    let mut add = |kind: StaffKind, n: u32| {
        let at = StaffKind::ALL.iter().position(|known| *known == kind).unwrap_or(4);
        all[at] = Some(all[at].map_or(n, |had: u32| had.saturating_add(n)));
    };
    for count in staff {
        if count.kind() != StaffKind::Other {
            add(count.kind(), count.n);
            continue;
        }
        let parts: Vec<Headcount> = count.of_which.iter().map(|part| Headcount::new(&part.name, part.n)).collect();
        let parts: Vec<&Headcount> = parts.iter().filter(|part| part.kind() != StaffKind::Other).collect();
        let listed = |part: &Headcount| known.iter().any(|count| count.name == part.name && count.n == part.n);
        parts.iter().filter(|part| !listed(part)).for_each(|part| add(part.kind(), part.n));
        let rest = count.n.saturating_sub(sum(&mut parts.iter().map(|part| part.n)));
        let is_sum = known.len() > 1 && together == count.n;
        if !is_sum && (rest > 0 || parts.is_empty()) {
            add(StaffKind::Other, rest);
        }
    }
    all
}

/// Who leads an institution and its units, as the numbers of its posts say.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Leadership {
    /// 正职: the first that is reported.
    pub head: Option<u32>,
    /// 副职, together.
    pub deputies: Option<u32>,
    /// 内设机构领导职数, together.
    pub of_units: Option<u32>,
    /// What these include.
    pub of_units_parts: Vec<Part>,
}

/// Sums up posts. A number of all that lead an institution (科级领导职数9名，其中书记1名、镇长1名…) tells its head and
/// deputies.
pub fn leadership(posts: &[Headcount]) -> Leadership {
    let (mut own, mut two_names, mut units): (Vec<Headcount>, Vec<&Headcount>, Vec<&Headcount>) = Default::default();
    for count in posts {
        match () {
            () if count.is_of_units() => units.push(count),
            () if count.has_two_names() => two_names.push(count),
            () if count.name.contains("职数") => {
                own.extend(count.of_which.iter().map(|part| Headcount::new(&part.name, part.n)));
            }
            () => own.push(count.clone()),
        }
    }
    // 部长（主任） heads a unit where the institution has another head.
    match own.iter().any(Headcount::is_head) {
        true => units.extend(two_names),
        false => own.extend(two_names.into_iter().cloned()),
    }
    let sum = |counts: Vec<u32>| (!counts.is_empty()).then(|| counts.into_iter().fold(0, u32::saturating_add));
    let total = |count: &&Headcount| count.name.contains("职数") || count.counts_grades();
    let of_a_grade = |name: &str| name.starts_with(['正', '副']) && !name.starts_with("正副");
    let graded = units.iter().any(|count| of_a_grade(&count.name) || !total(count));
    let of_units_parts = match graded {
        true => units.iter().map(|count| Part { name: count.name.clone(), n: count.n }).collect(),
        false => units.iter().flat_map(|count| count.of_which.clone()).collect(),
    };
    Leadership {
        head: own.iter().find(|count| count.is_head()).map(|count| count.n),
        deputies: sum(own.iter().filter(|count| count.is_deputies()).map(|count| count.n).collect()),
        of_units: sum(units.iter().map(|count| count.n).collect()),
        of_units_parts,
    }
}

/// Words that stand between a name and its number.
const BETWEEN: [&str; 6] = ["共计", "总数", "为", "共", "：", ":"];

/// A name and its number: 副局长4名, 行政编制一百二十名, 编制共 12 人.
pub fn counted(text: &str) -> Option<Part> {
    let text = text.trim();
    let bare = text.strip_suffix('名').or_else(|| text.strip_suffix('人')).or_else(|| text.strip_suffix('个'))?;
    let bare = bare.trim_end();
    let arabic = |c: char| c.is_ascii_digit() || ('０'..='９').contains(&c);
    let in_digits = bare.trim_end_matches(arabic);
    let name = match in_digits.len() < bare.len() {
        true => in_digits,
        false => bare.trim_end_matches(numerals::is_numeral),
    };
    let n = number(&bare[name.len()..])?;
    let mut name = name.trim();
    for word in BETWEEN {
        name = name.strip_suffix(word).unwrap_or(name).trim_end();
    }
    (!name.is_empty()).then(|| Part { name: name.to_owned(), n })
}

/// Largest number of staff that one institution may have: the largest ministries have some thousands; more is a slip.
const MAX: u32 = 999_999;

/// A number of people in digits or in words.
fn number(text: &str) -> Option<u32> {
    let plain: String = text.chars().map(half).collect();
    match plain.bytes().all(|b| b.is_ascii_digit()) {
        true => plain.parse().ok().filter(|n| *n <= MAX),
        false => numerals::parse(text),
    }
}

fn half(c: char) -> char {
    match c {
        '０'..='９' => char::from_u32(c as u32 - 0xFEE0).unwrap_or(c),
        c => c,
    }
}

impl Item for Headcount {
    fn written(&self) -> String {
        let part = |part: &Part| format!("{}{}名", part.name, part.n);
        let whole = format!("{}{}名", self.name, self.n);
        match self.of_which.is_empty() {
            true => whole,
            false => format!("{whole}（含{}）", self.of_which.iter().map(part).collect::<Vec<_>>().join("、")),
        }
    }

    fn read(line: &str) -> Result<Self, String> {
        let shape = || "应写作“行政编制20名”或“行政编制20名（含援派编制2名、工勤编制1名）”".to_owned();
        let line = line.trim().trim_end_matches(['。', '；', ';', '，', ',', '、']);
        let open = ["名（", "名(", "人（", "人("].iter().filter_map(|open| line.find(open)).min();
        let Some(open) = open.map(|at| at + '名'.len_utf8()) else {
            let part = counted(line).ok_or_else(shape)?;
            return Ok(Self::new(part.name, part.n));
        };
        let (head, inner) = line.split_at(open);
        let inner = inner.trim_start_matches(['（', '(']);
        let inner = inner.strip_suffix(['）', ')']).ok_or_else(shape)?;
        let whole = counted(head).ok_or_else(shape)?;
        let leads = ["其中含", "其中：", "其中:", "其中", "包括", "包含", "含"];
        let inner = leads.iter().find_map(|lead| inner.strip_prefix(lead)).unwrap_or(inner);
        let parts = inner.split(['、', '，', ',', '；', ';']).map(|part| counted(part).ok_or_else(shape));
        Ok(Self { name: whole.name, n: whole.n, of_which: parts.collect::<Result<_, _>>()? })
    }
}
