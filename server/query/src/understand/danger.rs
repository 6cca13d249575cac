//! Danger to life or property for which a query asks a number: 溺水打什么电话. Whoever asks is led to the numbers that send
//! help at once, never to one that takes complaints.

use super::{Understanding, contact_words};

/// Words for a danger, and the numbers that send help.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Danger {
    pub word: &'static str,
    /// The first is called first.
    pub numbers: &'static [&'static str],
    /// Whether the number is that of the field itself: 119 of a fire. Where it is not, readers are told so.
    pub own: bool,
}

/// What dangers are called, and who is called. The numbers are those whose records say 公安报警, 火警、消防救援, 医疗急救 and
/// 交通事故报警.
static DANGERS: [(&[&str], &[&str], bool); 8] = [
    (&["火警", "火灾", "着火", "起火", "失火", "山火", "大火"], &["119"], true),
    (
        &["爆炸", "煤气泄漏", "燃气泄漏", "天然气泄漏", "煤气泄露", "燃气泄露", "天然气泄露", "坍塌", "被困"],
        &["119", "120"],
        false,
    ),
    (&["溺水", "落水", "触电", "坠楼"], &["120", "119", "110"], false),
    (
        &[
            "中毒",
            "急救",
            "昏迷",
            "晕倒",
            "心梗",
            "心脏病发作",
            "脑梗",
            "中风",
            "中暑",
            "窒息",
            "大出血",
            "被蛇咬",
            "要生了",
        ],
        &["120"],
        true,
    ),
    (&["车祸", "交通事故"], &["122", "120"], true),
    (
        &[
            "报警",
            "匪警",
            "抢劫",
            "被抢",
            "绑架",
            "家暴",
            "家庭暴力",
            "入室盗窃",
            "被偷",
            "被打",
            "打架",
            "走失",
            "失踪",
            "拐卖",
            "被骗",
            "被跟踪",
        ],
        &["110"],
        true,
    ),
    (&["自杀", "轻生", "自残", "心理", "心理援助", "心理危机", "心理救助", "危机干预"], &["120", "110"], false),
    (&["遇险", "救援", "求救", "遇难", "海难", "海上"], &["110", "119"], false),
];

/// What may stand behind the word for a danger.
const BEHIND: [&str; 10] = ["危机干预", "干预", "援助", "救助", "报警", "急救", "求救", "救援", "搜救", "求助"];
/// Words that ask for a call and name the danger themselves, so that they are looked at as well: 森林火警电话.
const CALL: [&str; 2] = ["电话", "热线"];

/// The danger that a query asks a number for.
pub fn of(u: &Understanding) -> Option<Danger> {
    u.contacts.then(|| of_key(&u.key)).flatten()
}

fn of_key(key: &str) -> Option<Danger> {
    let said = contact_words::strip(key)?;
    let with_call = CALL.iter().find_map(|call| key.strip_suffix(call)).unwrap_or(said);
    [said, with_call].into_iter().find_map(named_in)
}

/// The danger that a text ends in, or begins with before a word for help; of several the longest.
fn named_in(said: &str) -> Option<Danger> {
    let bare = BEHIND.iter().find_map(|behind| said.strip_suffix(behind)).filter(|rest| !rest.is_empty());
    let all = DANGERS
        .iter()
        .flat_map(|(words, numbers, own)| words.iter().map(move |word| Danger { word, numbers, own: *own }));
    let named = |danger: &Danger| said.ends_with(danger.word) || bare.is_some_and(|bare| bare.ends_with(danger.word));
    // What befell people says more than the word for help behind it: 海上救援, 自杀干预.
    let in_bare = |danger: &Danger| bare.is_some_and(|bare| bare.ends_with(danger.word));
    all.filter(named).max_by_key(|danger| (in_bare(danger), danger.word.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dangers_lead_to_those_who_come_at_once() {
        for (key, number, own) in [
            ("海上遇险打什么电话", "110", false),
            ("溺水打什么电话", "120", false),
            ("煤气泄漏打什么电话", "119", false),
            ("食物中毒打什么电话", "120", true),
            ("被骗了打什么电话", "110", true),
            ("自杀干预热线", "120", false),
            ("心理援助热线", "120", false),
            ("火灾报警电话", "119", true),
            ("家暴报警电话", "110", true),
            ("森林火警电话", "119", true),
            ("中毒急救电话", "120", true),
            ("海上救援电话", "110", false),
            ("车祸打什么电话", "122", true),
        ] {
            let found = of_key(key).map(|danger| (danger.numbers[0], danger.own));
            assert_eq!(found, Some((number, own)), "{key}");
        }
        for key in ["消防器材投诉电话", "骚扰电话", "火灾报警器投诉电话", "心理咨询师投诉电话", "医保热线", "溺水"]
        {
            assert_eq!(of_key(key), None, "{key}");
        }
    }
}
