//! Which institution a scheme means by the name that it uses: 市市场监管局 for 甲市市场监督管理局.

/// Characters of a full name that a short one leaves out, at most as a share of it: 国家发展和改革委员会 keeps
/// 发展改革委.
const LEFT_OUT: f32 = 0.6;

/// The characters of a name, with endings that are one: 委 for 委员会, 办 for 办公室.
fn ended(name: &str) -> Vec<char> {
    let long = [("委员会", '委'), ("办公室", '办'), ("办公厅", '办')];
    let short = long.iter().find_map(|(long, short)| Some((name.strip_suffix(long)?, *short)));
    short.map_or_else(|| name.chars().collect(), |(front, end)| front.chars().chain([end]).collect())
}

/// Characters of one run within a name that a short form leaves out: 大数据发展管理局 for 大数据局. What has more
/// between is another institution: 城市管理综合行政执法局 is not 城市管理局.
const MOST_WITHIN: usize = 4;
/// How institutions end that an institution of a longer name is one of: 甲市财政局监督检查局 is not 甲市财政局.
const INSTITUTIONS: [char; 8] = ['局', '委', '办', '厅', '部', '院', '站', '所'];

/// How names of divisions end, and short names of their institutions begin.
const LEVELS: [char; 8] = ['省', '市', '区', '县', '州', '盟', '旗', '镇'];

/// Characters of a full name that a short one leaves out; `None` where it is no short form of it: its characters in
/// their order, with the same end.
fn left_out(s: &[char], f: &[char]) -> Option<usize> {
    if s.len() < 2 || s.last() != f.last() {
        return None;
    }
    // From the end, since regions in front are what is left out most.
    let mut at = f.len();
    // What is left out between its characters, a run each.
    let mut within: Vec<&[char]> = Vec::new();
    for c in s.iter().rev() {
        let before = f[..at].iter().rposition(|known| known == c)?;
        let run = &f[before + 1..at];
        if !run.is_empty() {
            within.push(run);
        }
        at = before;
    }
    if within.iter().any(|run| run.len() > MOST_WITHIN || run.iter().any(|c| INSTITUTIONS.contains(c))) {
        return None;
    }
    // 市教育局 is the city's, and not that of a district of the city.
    let below = |run: &&[char]| matches!(run, [.., before, last] if LEVELS.contains(last) && *before != '城');
    if LEVELS.contains(&s[0]) && within.iter().any(below) {
        return None;
    }
    let out = f.len() - s.len();
    (out as f32 <= f.len() as f32 * LEFT_OUT).then_some(out)
}

/// A name as it stands, and with its words shortened in the usual way.
type Forms = (Vec<char>, Vec<char>);

fn forms(name: &str) -> Forms {
    (ended(name), ended(&usual(name)))
}

/// How much a short name leaves out of a full one. Of a name whose words are shortened in the usual way the region
/// alone may be left out.
fn least_left_out(name: &Forms, full: &Forms) -> Option<usize> {
    let without_region = || leaves_out_region(&name.1, &full.1).then(|| full.1.len() - name.1.len());
    left_out(&name.0, &full.0).or_else(without_region)
}

/// Whether a full name has the end that a short form of it keeps.
fn ends_alike(name: &Forms, full: &str) -> bool {
    ended(full).last() == name.0.last()
}

/// Which of some institutions is meant by a name; `None` where none or several may be.
pub fn meant<'n>(name: &str, institutions: impl Iterator<Item = &'n str>) -> Option<usize> {
    let name = forms(name);
    let mut found: Vec<(usize, usize)> = institutions
        .enumerate()
        // Most are another's by their ends alone, which costs nothing to see.
        .filter(|(_, full)| ends_alike(&name, full))
        .filter_map(|(at, full)| Some((least_left_out(&name, &forms(full))?, at)))
        .collect();
    found.sort_unstable();
    match found[..] {
        [] => None,
        [(_, only)] => Some(only),
        // The nearest, where it is the only one so near.
        [(first, at), (second, _), ..] => (first < second).then_some(at),
    }
}

/// Words within names, and what documents make of them.
const USUAL: [(&str, &str); 11] = [
    ("监督管理", "监管"),
    ("发展和改革", "发改"),
    ("发展改革", "发改"),
    ("人力资源和社会保障", "人社"),
    ("人力资源社会保障", "人社"),
    ("住房和城乡建设", "住建"),
    ("住房城乡建设", "住建"),
    ("卫生健康", "卫健"),
    ("文化和旅游", "文旅"),
    ("综合行政执法", "综合执法"),
    ("机构编制委员会办公室", "编办"),
];

/// A name with its words shortened in the usual way: 市场监管局 for 市场监督管理局.
fn usual(name: &str) -> String {
    let shorter = |name: String, (long, short): &(&str, &str)| match name.contains(long) {
        true => name.replace(long, short),
        false => name,
    };
    USUAL.iter().fold(name.to_owned(), shorter)
}

/// Whether a name is an institution's own, whole or without the region in front, its words shortened in the usual way
/// or not: 市水务局 and 水务局 for 甲市水务局, 市市场监管局 for 甲市市场监督管理局.
pub fn is_without_region(name: &str, full: &str) -> bool {
    let (name, full) = (forms(name), forms(full));
    leaves_out_region(&name.0, &full.0) || leaves_out_region(&name.1, &full.1)
}

fn leaves_out_region(name: &[char], full: &[char]) -> bool {
    let is_region = |c: &char| ['省', '市', '区', '县', '州', '盟', '旗', '乡', '镇'].contains(c);
    let Some(front) = full.strip_suffix(name) else { return false };
    let cut = front.last().is_some_and(is_region) || name.starts_with(&['自', '治']) || name.first().is_some_and(is_region);
    front.is_empty() || cut && left_out(name, full).is_some()
}

/// Whether a name may mean an institution.
pub fn may_mean(name: &str, full: &str) -> bool {
    let name = forms(name);
    ends_alike(&name, full) && least_left_out(&name, &forms(full)).is_some()
}

/// Names, made ready to be held against many institutions.
pub struct Names(Vec<Forms>);

impl Names {
    pub fn of<'n>(names: impl Iterator<Item = &'n str>) -> Self {
        Self(names.map(forms).collect())
    }

    /// Whether any of them is an institution's, or may mean it.
    pub fn any_means(&self, full: &str) -> bool {
        let full = forms(full);
        self.0.iter().any(|name| name.0 == full.0 || least_left_out(name, &full).is_some())
    }
}
