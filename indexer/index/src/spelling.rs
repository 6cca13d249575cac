//! Names that a mistyped name may have meant: by sound, by shape, by a character too many, too few or out of order.
//!
//! Holds every name that the segmenter knows (institutions, divisions, titles) with the letters of its pinyin cut into
//! trigrams. Letters are folded first, so that what speakers of many regions do not tell apart (l/n, an/ang, z/zh) is
//! the same. Sound only proposes; an alignment of the characters decides, and what it may cost is bounded by length.

use std::collections::HashMap;

use rustc_hash::FxHashMap;

use text::{Normalizer, Pinyin, Pipeline};

/// Candidates whose characters are aligned: those that share most of their sound. More would only add worse ones.
const MAX_ALIGNED: usize = 64;
/// Share of the sound (Dice over trigrams) below which a name is not looked at.
const MIN_SHARED: f32 = 0.45;
/// Longest text corrected, in characters: the longest title has fewer, and a longer text is a question.
const MAX_CHARS: usize = 80;
/// Proposals returned.
const MAX_PROPOSALS: usize = 5;

/// Costs of one slip, in wrong characters.
mod cost {
    /// Same syllable: 尊义 for 遵义.
    pub const SOUND: f32 = 0.2;
    /// Same syllable once folded: 兰宁 for 南宁.
    pub const FOLDED: f32 = 0.3;
    /// Same shape: 未 for 末.
    pub const SHAPE: f32 = 0.3;
    pub const OTHER: f32 = 1.0;
    pub const MISSING: f32 = 0.6;
    /// A character typed twice.
    pub const DOUBLED: f32 = 0.3;
    pub const SWAPPED: f32 = 0.5;
}

/// Score of a name with a wholly different character at most, and of a short one with one more or one less.
const MAX_WITH_ANOTHER: f32 = 0.8;
/// Names with fewer characters are easily another's by one more or one less: 南京工学院, 南京工程学院.
const SHORT: usize = 8;
/// Numbers of schools, courts and hospitals: 合肥四院 is no slip for 合肥师院, though many say both alike.
pub const NUMERALS: &str = "一二三四五六七八九十";
/// What a name in letters loses whose letters are not those that were typed, so that the one that has them leads by more
/// than what two names may be taken for each other by.
const HEARD_OTHERWISE: f32 = 0.06;

/// What a correction may cost: a short name has room for a slip of sound or shape, a longer one for a wrong character.
fn budget(chars: usize) -> f32 {
    0.2 + 0.12 * chars as f32
}

pub struct Spelling {
    /// Keys, sorted.
    names: Vec<String>,
    /// Folded letters → names that sound so.
    by_sound: FxHashMap<String, Vec<u32>>,
    /// Number of trigrams of each name's sound.
    sizes: Vec<u16>,
    /// Trigram of folded letters → names, in order.
    grams: FxHashMap<[u8; 3], Vec<u32>>,
    look_alikes: HashMap<char, Vec<char>>,
}

/// A name that may have been meant.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Proposal<'a> {
    /// Its key.
    pub name: &'a str,
    /// 1 is the name itself.
    pub score: f32,
}

impl Spelling {
    pub fn new(
        normalizer: &Normalizer,
        pinyin: &Pinyin,
        names: impl IntoIterator<Item = impl AsRef<str>>,
        look_alikes: &[Vec<char>],
    ) -> Self {
        let mut keys: Vec<String> = names.into_iter().map(|n| normalizer.key(n.as_ref())).collect();
        keys.retain(|key| (2..=MAX_CHARS).contains(&key.chars().count()));
        keys.sort_unstable();
        keys.dedup();
        let mut by_sound: FxHashMap<String, Vec<u32>> = FxHashMap::default();
        let mut grams: FxHashMap<[u8; 3], Vec<u32>> = FxHashMap::default();
        let mut sizes = Vec::with_capacity(keys.len());
        for (key, at) in keys.iter().zip(0..) {
            let sound = fold(&pinyin.full(key));
            let found = trigrams(&sound);
            by_sound.entry(sound).or_default().push(at);
            sizes.push(found.len() as u16);
            for gram in found {
                grams.entry(gram).or_default().push(at);
            }
        }
        let mut shapes: HashMap<char, Vec<char>> = HashMap::new();
        for group in look_alikes {
            for &c in group {
                shapes.entry(c).or_default().extend(group.iter().filter(|other| **other != c));
            }
        }
        Self { names: keys, by_sound, sizes, grams, look_alikes: shapes }
    }

    /// Names that a key may have meant, the likeliest first. Nothing where the key is a name itself.
    pub fn proposals(&self, pipeline: &Pipeline, key: &str) -> Vec<Proposal<'_>> {
        self.proposed(pipeline, key, |letters| self.alike_in_sound(letters))
    }

    /// Only names that sound the same or are one slip away: what a few characters at the front of a longer text allow.
    pub fn near_proposals(&self, pipeline: &Pipeline, key: &str) -> Vec<Proposal<'_>> {
        self.proposed(pipeline, key, |letters| self.by_sound.get(letters).cloned().unwrap_or_default())
    }

    fn proposed(&self, pipeline: &Pipeline, key: &str, by_sound: impl Fn(&str) -> Vec<u32>) -> Vec<Proposal<'_>> {
        let chars: Vec<char> = key.chars().collect();
        if !(2..=MAX_CHARS).contains(&chars.len()) || self.position(key).is_some() {
            return Vec::new();
        }
        let latin = key.bytes().any(|b| b.is_ascii_lowercase());
        let as_typed = pipeline.pinyin.full(key);
        let letters = fold(&as_typed);
        let mut candidates = by_sound(&letters);
        if !latin {
            candidates.extend(self.one_slip_away(&chars));
        }
        candidates.sort_unstable();
        candidates.dedup();
        let mut proposals: Vec<Proposal<'_>> = candidates
            .into_iter()
            .filter_map(|at| {
                let name = self.names[at as usize].as_str();
                let score = if latin {
                    let sound = pipeline.pinyin.full(name);
                    let alike = letters_alike(&letters, &fold(&sound))?;
                    // jiangxi is 江西 before it is 涧西 as some say it.
                    if sound == as_typed { alike } else { alike - HEARD_OTHERWISE }
                } else {
                    self.alike(pipeline, &chars, name)?
                };
                Some(Proposal { name, score })
            })
            .collect();
        proposals.sort_by(|a, b| b.score.total_cmp(&a.score).then(a.name.cmp(b.name)));
        proposals.truncate(MAX_PROPOSALS);
        proposals
    }

    fn position(&self, key: &str) -> Option<u32> {
        self.names.binary_search_by(|name| name.as_str().cmp(key)).ok().map(|at| at as u32)
    }

    fn alike_in_sound(&self, letters: &str) -> Vec<u32> {
        let asked = trigrams(letters);
        let mut lists: Vec<&Vec<u32>> = asked.iter().filter_map(|gram| self.grams.get(gram)).collect();
        lists.sort_by_key(|list| list.len());
        // Rare trigrams find the candidates, the common ones (renminzhengfu) only count for those already found.
        let (finders, others) = lists.split_at(lists.len().div_ceil(2));
        let mut shared = vec![0u16; self.names.len()];
        let mut touched: Vec<u32> = Vec::new();
        for at in finders.iter().copied().flatten() {
            let count = &mut shared[*at as usize];
            if *count == 0 {
                touched.push(*at);
            }
            *count += 1;
        }
        for at in others.iter().copied().flatten() {
            let count = &mut shared[*at as usize];
            *count += u16::from(*count > 0);
        }
        let mut scored: Vec<(f32, u32)> = touched
            .into_iter()
            .map(|at| {
                let size = asked.len() + self.sizes[at as usize] as usize;
                (2.0 * f32::from(shared[at as usize]) / size as f32, at)
            })
            .filter(|(dice, _)| *dice >= MIN_SHARED)
            .collect();
        scored.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        scored.truncate(MAX_ALIGNED);
        scored.into_iter().map(|(_, at)| at).collect()
    }

    /// Names that one slip of shape or order, or one character too many, leads to.
    fn one_slip_away(&self, chars: &[char]) -> Vec<u32> {
        let mut found = Vec::new();
        let mut look = |chars: &[char]| found.extend(self.position(&chars.iter().collect::<String>()));
        let mut tried = chars.to_vec();
        for at in 0..chars.len() {
            for &other in self.look_alikes.get(&chars[at]).into_iter().flatten() {
                tried[at] = other;
                look(&tried);
            }
            tried[at] = chars[at];
            if at + 1 < chars.len() {
                tried.swap(at, at + 1);
                look(&tried);
                tried.swap(at, at + 1);
            }
            let mut shorter = chars.to_vec();
            shorter.remove(at);
            look(&shorter);
        }
        found
    }

    /// How much alike a typed name and a name are; `None` beyond the budget.
    fn alike(&self, pipeline: &Pipeline, typed: &[char], name: &str) -> Option<f32> {
        let name: Vec<char> = name.chars().collect();
        let longer = typed.len().max(name.len());
        if name.windows(typed.len()).any(|part| part == typed) {
            // Half a name is no mistake; the search finds it by what is there.
            return None;
        }
        let budget = budget(typed.len().min(name.len()));
        if (longer - typed.len().min(name.len())) as f32 * cost::DOUBLED > budget {
            return None;
        }
        let substitute = |a: char, b: char| -> f32 {
            if a == b {
                return 0.0;
            }
            if self.look_alikes.get(&a).is_some_and(|others| others.contains(&b)) {
                return cost::SHAPE;
            }
            let (x, y) = (syllable(pipeline, a), syllable(pipeline, b));
            match (x, y) {
                (Some(x), Some(y)) if x == y => cost::SOUND,
                (Some(x), Some(y)) if fold(&x) == fold(&y) => cost::FOLDED,
                _ => cost::OTHER,
            }
        };
        let drop_typed = |at: usize| if at > 0 && typed[at] == typed[at - 1] { cost::DOUBLED } else { cost::MISSING };
        let total = align(typed, &name, substitute, drop_typed, cost::MISSING);
        if total > budget {
            return None;
        }
        // What a slip of the hand explains; anything else may be another name that nobody has told us of.
        let short = longer < SHORT;
        let is_slip = |a: char, b: char| match substitute(a, b) {
            cost if cost >= cost::OTHER => f32::INFINITY,
            cost if cost > 0.0 && (NUMERALS.contains(a) || NUMERALS.contains(b)) => f32::INFINITY,
            cost => cost,
        };
        let slip_typed = |at: usize| match drop_typed(at) {
            cost if short && cost >= cost::MISSING => f32::INFINITY,
            cost => cost,
        };
        let slips = align(typed, &name, is_slip, slip_typed, if short { f32::INFINITY } else { cost::MISSING });
        let score = 1.0 - total / longer as f32;
        Some(if slips > total || total >= cost::OTHER { score.min(MAX_WITH_ANOTHER) } else { score })
    }
}

fn syllable(pipeline: &Pipeline, c: char) -> Option<String> {
    pipeline.pinyin.syllables(c.encode_utf8(&mut [0; 4])).pop()
}

/// Damerau's distance with costs of our own. `drop_typed` prices a character typed too many, by its place; `missing` one
/// too few.
fn align(
    typed: &[char],
    name: &[char],
    substitute: impl Fn(char, char) -> f32,
    drop_typed: impl Fn(usize) -> f32,
    missing: f32,
) -> f32 {
    let columns = name.len() + 1;
    let mut table = vec![0.0f32; (typed.len() + 1) * columns];
    for j in 1..columns {
        table[j] = table[j - 1] + missing;
    }
    for i in 1..=typed.len() {
        table[i * columns] = table[(i - 1) * columns] + drop_typed(i - 1);
        for j in 1..columns {
            let (a, b) = (typed[i - 1], name[j - 1]);
            let mut best = table[(i - 1) * columns + j - 1] + substitute(a, b);
            best = best.min(table[(i - 1) * columns + j] + drop_typed(i - 1));
            best = best.min(table[i * columns + j - 1] + missing);
            if i > 1 && j > 1 && a != b && a == name[j - 2] && typed[i - 2] == b {
                best = best.min(table[(i - 2) * columns + j - 2] + cost::SWAPPED);
            }
            table[i * columns + j] = best;
        }
    }
    table[typed.len() * columns + name.len()]
}

/// Letters that may be wrong of one hundred: two of the thirty of a usual name.
const WRONG_LETTERS: f32 = 0.1;

/// How much alike two strings of folded letters are; `None` where too much is wrong.
fn letters_alike(typed: &str, name: &str) -> Option<f32> {
    let (typed, name): (Vec<char>, Vec<char>) = (typed.chars().collect(), name.chars().collect());
    let total = align(&typed, &name, |a, b| if a == b { 0.0 } else { cost::OTHER }, |_| cost::MISSING, cost::MISSING);
    let longer = typed.len().max(name.len()) as f32;
    // Below a full match even when the folded letters are the same: the reader typed no characters.
    (total <= WRONG_LETTERS * longer).then(|| 0.97 - total / longer)
}

/// Letters as those hear them who do not tell l from n, -ng from -n, or zh ch sh from z c s.
pub fn fold(letters: &str) -> String {
    let mut folded = String::with_capacity(letters.len());
    let mut letters = letters.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            'z' | 'c' | 's' => letters.next_if_eq(&'h'),
            'n' => letters.next_if_eq(&'g'),
            _ => None,
        };
        folded.push(if letter == 'l' { 'n' } else { letter });
    }
    folded
}

fn trigrams(letters: &str) -> Vec<[u8; 3]> {
    let mut grams: Vec<[u8; 3]> = letters.as_bytes().windows(3).map(|w| [w[0], w[1], w[2]]).collect();
    grams.sort_unstable();
    grams.dedup();
    grams
}

#[cfg(test)]
mod tests {
    use std::sync::LazyLock;

    use proptest::prelude::*;

    use super::*;
    use text::{Normalizer, Pinyin, Segmenter};

    const NAMES: [&str; 12] = [
        "遵义市人民政府",
        "遵义市",
        "梨树县",
        "南宁市人民政府",
        "兰溪市人民政府",
        "渭南市",
        "人体器官移植条例",
        "行政许可法",
        "合肥师院",
        "上海一院",
        "南京工程学院",
        "郑州轻工业大学",
    ];

    static SPELLING: LazyLock<(Pipeline, Spelling)> = LazyLock::new(|| {
        let pipeline = Pipeline {
            normalizer: Normalizer::new(&HashMap::new()),
            segmenter: Segmenter::new(&[], &[""; 0]),
            pinyin: Pinyin::default(),
        };
        let spelling =
            Spelling::new(&pipeline.normalizer, &pipeline.pinyin, NAMES, &[vec!['未', '末'], vec!['可', '司']]);
        (pipeline, spelling)
    });

    #[test]
    fn slips_lead_to_the_name() {
        let (pipeline, spelling) = &*SPELLING;
        for (typed, meant) in [
            ("尊义市人民政府", "遵义市人民政府"),
            ("梨蜀县", "梨树县"),
            ("兰宁市人民政府", "南宁市人民政府"),
            ("遵义市人政府", "遵义市人民政府"),
            ("遵义市人民民政府", "遵义市人民政府"),
            ("遵市义", "遵义市"),
            ("认体器官移植条例", "人体器官移植条例"),
            ("行政许司法", "行政许可法"),
            ("zunyisirenminzhenfu", "遵义市人民政府"),
            ("zunyi市人民政府", "遵义市人民政府"),
        ] {
            let proposals = spelling.proposals(pipeline, typed);
            assert_eq!(proposals.first().map(|p| p.name), Some(meant), "{typed}: {proposals:?}");
        }
    }

    #[test]
    fn letters_are_first_those_that_were_typed() {
        let (pipeline, _) = &*SPELLING;
        let names = ["涧西", "江西"];
        let spelling = Spelling::new(&pipeline.normalizer, &pipeline.pinyin, names, &[]);
        for (typed, meant) in [("jiangxi", "江西"), ("jianxi", "涧西")] {
            let found = spelling.proposals(pipeline, typed);
            assert_eq!(found.first().map(|p| p.name), Some(meant), "{typed}: {found:?}");
            assert!(found[0].score - found[1].score > 0.05, "no rival: {found:?}");
        }
    }

    #[test]
    fn a_name_that_may_be_another_body_s_is_only_proposed() {
        let (pipeline, spelling) = &*SPELLING;
        for (typed, near, slip) in [
            ("上海一中院", "上海一院", false),
            ("合肥四院", "合肥师院", false),
            ("南京工学院", "南京工程学院", false),
            ("郑州工业大学", "郑州轻工业大学", false),
            ("南京工程学院院", "南京工程学院", true),
            ("南京公程学院", "南京工程学院", true),
            ("郑州轻工业大雪", "郑州轻工业大学", true),
            ("遵义市人政府", "遵义市人民政府", false),
        ] {
            let found = spelling.proposals(pipeline, typed);
            let score = found.iter().find(|p| p.name == near).map(|p| p.score);
            assert_eq!(score.map(|score| score > MAX_WITH_ANOTHER), Some(slip), "{typed}: {found:?}");
        }
    }

    #[test]
    fn names_and_other_texts_are_left_alone() {
        let (pipeline, spelling) = &*SPELLING;
        for typed in ["行政许可", "遵义市", "贵阳市人民政府", "行政处罚法", "公司拖欠工资", "县", ""]
        {
            assert_eq!(spelling.proposals(pipeline, typed), [], "{typed}");
        }
    }

    proptest! {
        #[test]
        fn letters_fold_as_if_one_after_another(letters in "[zcshnglaiu某]{0,12}") {
            let slowly = letters.replace("zh", "z").replace("ch", "c").replace("sh", "s").replace("ng", "n");
            prop_assert_eq!(fold(&letters), slowly.replace('l', "n"));
        }

        #[test]
        fn a_swap_or_a_doubled_character_is_undone(which in 0..NAMES.len(), at in 0usize..5, double in any::<bool>()) {
            let (pipeline, spelling) = &*SPELLING;
            let mut chars: Vec<char> = NAMES[which].chars().collect();
            let at = at % (chars.len() - 1);
            if double { chars.insert(at, chars[at]) } else { chars.swap(at, at + 1) }
            let typed: String = chars.iter().collect();
            if !NAMES.contains(&typed.as_str()) {
                let proposals = spelling.proposals(pipeline, &typed);
                prop_assert_eq!(proposals.first().map(|p| p.name), Some(NAMES[which]), "{}", typed);
            }
        }
    }
}
