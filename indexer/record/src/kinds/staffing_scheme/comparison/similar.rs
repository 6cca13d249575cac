//! How alike two duties are.
//!
//! A duty is cut into matters at its stops and commas, since documents put several into one sentence. Words that every
//! scheme has (负责, 组织实施, 全市) say nothing about what a duty is for, and are left out first. What is left is
//! compared by its characters, of which rare ones weigh more: the share of the shorter text that the longer one has,
//! times the share that both have in common (Dice). Pairs of characters, which are usual elsewhere, do worse: parts in
//! another order (行政许可（河道采砂）) and words between them (河道采砂经营单位的行政许可) break them, and a shared
//! object or a shared act (职业教育备案登记, 学前教育备案登记) brings as many.

use std::collections::HashMap;

/// Matters that are this much alike are the same. Set by the made-up divisions of this folder's tests: from 0.70 down
/// duties over another object come in (one in five at 0.70, one in three at 0.65), from 0.85 up those told in other
/// words are lost (one in four).
pub const SAME: f32 = 0.80;
/// A matter is still done where one is this much alike: what is gone is reported only where nothing is left of it. From
/// 0.70 up reworded duties are reported as gone.
pub const STILL_DONE: f32 = 0.65;
/// A duty still says a matter when it has this much of its weight, whatever else it says.
pub const WITHIN: f32 = 0.85;
/// Characters that a matter has at least once the words that say nothing are left out: 审计, 人事 alone are no object.
pub const LEAST_CHARS: usize = 4;

/// Words that say nothing about what a duty is for, the longest first.
const WEIGHTLESS: [&str; 73] = [
    "法律法规规章草案", "地方性法规草案", "规章草案", "法规草案", "贯彻执行", "贯彻落实", "监督实施", "组织实施", "组织落实", "监督检查", "监督管理", "督促落实", "统筹协调", "组织协调", "综合协调", "指导监督", "有关工作", "相关工作", "具体工作", "日常工作", "组织拟订", "组织指导", "组织开展", "统筹推进", "方针政策", "法律法规", "落实情况", "并监督", "本行政区域内", "行政区域内", "本行政区域", "辖区内", "范围内", "相关场所", "有关场所", "全国", "全省", "全市", "全县", "全区", "全镇", "本省", "本市", "本县", "本区", "我省", "我市", "我县", "我区", "负责", "承担", "组织", "指导", "监督", "管理", "拟订", "拟定", "制定", "起草", "开展", "推进", "推动", "协调", "依法", "有关", "相关", "工作", "承办", "实施", "参与", "统筹", "涉及", "事项",
];
/// Characters that join words.
const JOINING: [char; 9] = ['的', '和', '与', '及', '等', '并', '对', '其', '或'];

/// A matter as it stands in a duty, and what it says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Matter {
    pub text: String,
    /// Without weightless words; what is compared.
    pub says: String,
}

/// Cuts a duty into its matters; those that say too little are left out, and so is 完成…交办的其他任务.
pub fn matters(duty: &str) -> Vec<Matter> {
    if is_catch_all(duty) {
        return Vec::new();
    }
    let pieces = duty.split(['，', '。', '；', ';', '：', '\n', ',']).map(str::trim).filter(|piece| !piece.is_empty());
    let matter = |piece: &str| Matter { text: piece.to_owned(), says: says(piece) };
    let all: Vec<Matter> = pieces.map(matter).collect();
    all.into_iter().filter(|matter| matter.says.chars().count() >= LEAST_CHARS).collect()
}

/// The last duty of every scheme, which gives nothing away: 完成市委、市政府交办的其他任务.
pub fn is_catch_all(duty: &str) -> bool {
    ["交办的其他", "交办的其它", "交办其他", "承办的其他", "交办的任务", "交办的工作"]
        .iter()
        .any(|words| duty.contains(words))
}

/// What a text says once weightless words, marks and white space are left out.
pub fn says(text: &str) -> String {
    let number = crate::staffing::mark(text).map_or(0, |mark| mark.len);
    let mut says: String = text[number..].chars().filter(|c| c.is_alphanumeric()).collect();
    for word in WEIGHTLESS {
        if says.contains(word) {
            says = says.replace(word, "");
        }
    }
    says.retain(|c| !JOINING.contains(&c));
    says
}

/// Pairs of neighbouring characters, each once, in order.
fn pairs(text: &str) -> Vec<(char, char)> {
    let chars: Vec<char> = text.chars().collect();
    let mut pairs: Vec<(char, char)> = chars.windows(2).map(|w| (w[0], w[1])).collect();
    pairs.sort_unstable();
    pairs.dedup();
    pairs
}

/// Share of pairs of characters in common (Dice), each pair alike: for two texts alone.
pub fn alike(a: &str, b: &str) -> f32 {
    let (x, y) = (pairs(&says(a)), pairs(&says(b)));
    if x.is_empty() || y.is_empty() {
        return if says(a) == says(b) { 1.0 } else { 0.0 };
    }
    let common = x.iter().filter(|pair| y.binary_search(pair).is_ok()).count();
    2.0 * common as f32 / (x.len() + y.len()) as f32
}

/// Many texts, each of which finds those like it without being compared with all.
pub struct Alike {
    /// Characters of each distinct text, by number, each once and in order; and its pairs of characters.
    texts: Vec<Vec<u32>>,
    pairs: Vec<Vec<u32>>,
    /// Weight of each text, and of each character.
    whole: Vec<f32>,
    weights: Vec<f32>,
    /// Texts that have a pair.
    postings: Vec<Vec<u32>>,
    by_text: HashMap<String, u32>,
}

/// Texts that share a pair beyond which the pair leads to none: whatever is like has rarer ones in common too.
const COMMONEST: usize = 400;

/// The number of a thing among those that were met.
fn number<T: Eq + std::hash::Hash>(known: &mut HashMap<T, u32>, thing: T) -> u32 {
    let next = u32::try_from(known.len()).unwrap_or(u32::MAX);
    *known.entry(thing).or_insert(next)
}

impl Alike {
    pub fn new<'t>(says: impl Iterator<Item = &'t str>) -> Self {
        let mut all = Self {
            texts: Vec::new(),
            pairs: Vec::new(),
            whole: Vec::new(),
            weights: Vec::new(),
            postings: Vec::new(),
            by_text: HashMap::new(),
        };
        let (mut characters, mut met) = (HashMap::new(), HashMap::new());
        let mut having: Vec<u32> = Vec::new();
        for text in says {
            let at = number(&mut all.by_text, text.to_owned());
            if (at as usize) < all.texts.len() {
                continue;
            }
            let mut own: Vec<u32> = text.chars().map(|c| number(&mut characters, c)).collect();
            own.sort_unstable();
            own.dedup();
            having.resize(characters.len(), 0);
            own.iter().for_each(|c| having[*c as usize] += 1);
            all.texts.push(own);
            let pairs: Vec<u32> = pairs(text).into_iter().map(|pair| number(&mut met, pair)).collect();
            all.postings.resize(met.len(), Vec::new());
            pairs.iter().for_each(|pair| all.postings[*pair as usize].push(at));
            all.pairs.push(pairs);
        }
        let count = all.texts.len() as f32;
        all.weights = having.iter().map(|texts| (1.0 + count / (*texts).max(1) as f32).ln()).collect();
        all.whole = all.texts.iter().map(|own| own.iter().map(|c| all.weights[*c as usize]).sum()).collect();
        all
    }

    /// The number of a text among the distinct ones.
    pub fn number(&self, says: &str) -> Option<u32> {
        self.by_text.get(says).copied()
    }

    /// Weight of the characters that two of them have in common.
    fn common(&self, a: u32, b: u32) -> f32 {
        let (x, y) = (&self.texts[a as usize], &self.texts[b as usize]);
        let (mut i, mut j, mut common) = (0, 0, 0.0);
        while i < x.len() && j < y.len() {
            match x[i].cmp(&y[j]) {
                std::cmp::Ordering::Less => i += 1,
                std::cmp::Ordering::Greater => j += 1,
                std::cmp::Ordering::Equal => {
                    common += self.weights[x[i] as usize];
                    (i, j) = (i + 1, j + 1);
                }
            }
        }
        common
    }

    /// How alike two of them are: from 0 to 1.
    pub fn between(&self, a: u32, b: u32) -> f32 {
        let (one, other) = (self.whole[a as usize], self.whole[b as usize]);
        if a == b || one.min(other) <= 0.0 {
            return f32::from(u8::from(a == b));
        }
        let common = self.common(a, b);
        (common / one.min(other)) * (2.0 * common / (one + other))
    }

    /// Share of a text's weight that another one has: whether a duty says what a matter says, and more.
    pub fn within(&self, part: u32, whole: u32) -> f32 {
        let own = self.whole[part as usize];
        if part == whole || own <= 0.0 { f32::from(u8::from(part == whole)) } else { self.common(part, whole) / own }
    }

    /// Those that share a pair of characters with a text, itself among them.
    pub fn near(&self, text: u32) -> Vec<u32> {
        let mut near: Vec<u32> = vec![text];
        for pair in &self.pairs[text as usize] {
            let texts = &self.postings[*pair as usize];
            if texts.len() <= COMMONEST {
                near.extend_from_slice(texts);
            }
        }
        near.sort_unstable();
        near.dedup();
        near
    }
}
