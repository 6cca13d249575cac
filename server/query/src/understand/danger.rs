//! Danger to life or property for which a query asks a number: 溺水打什么电话. Whoever asks is led to the numbers that send
//! help at once, never to one that takes complaints.

use indexer::text::dictionaries::Danger;

use super::{Understanding, contact_words};

/// Words for help that may stand behind the word for a danger. Behind another word they make no danger: 道路救援, 宠物急救.
const BEHIND: [&str; 10] = ["危机干预", "干预", "援助", "救助", "报警", "急救", "求救", "救援", "搜救", "求助"];
/// Words that ask for a call and name the danger themselves, so that they are looked at as well: 森林火警电话.
const CALL: [&str; 2] = ["电话", "热线"];
/// What asks for somebody who takes complaints, whatever it is about: 食物中毒投诉电话.
const COMPLAINTS: [&str; 4] = ["投诉", "监督", "维权", "举报"];
/// Whom people report what they have seen to, and who has to hear of it at once: 山火举报电话, 拐卖举报电话.
const REPORTED_TO: [&str; 2] = ["119", "110"];

/// The danger that a query asks a number for.
pub fn of<'d>(dangers: &'d [Danger], u: &Understanding) -> Option<&'d Danger> {
    u.contacts.then(|| of_key(dangers, &u.key)).flatten()
}

fn of_key<'d>(dangers: &'d [Danger], key: &str) -> Option<&'d Danger> {
    let said = contact_words::strip(key)?;
    let asking = key.strip_prefix(said).unwrap_or_default();
    let complains = |word: &&&str| said.ends_with(**word) || asking.contains(**word);
    let complaint = COMPLAINTS.iter().find(complains).copied();
    let with_call = CALL.iter().find_map(|call| key.strip_suffix(call)).unwrap_or(said);
    let found = [said, with_call].into_iter().find_map(|said| named_in(dangers, said))?;
    let reported =
        complaint == Some("举报") && found.numbers.first().is_some_and(|number| REPORTED_TO.contains(&number.as_str()));
    (complaint.is_none() || reported).then_some(found)
}

/// The danger that a text ends in, before a word for help or without; of several the longest.
fn named_in<'d>(dangers: &'d [Danger], said: &str) -> Option<&'d Danger> {
    let rest = BEHIND.iter().find_map(|behind| said.strip_suffix(behind)).filter(|rest| !rest.is_empty());
    let said = rest.unwrap_or(said);
    dangers.iter().filter(|danger| said.ends_with(&danger.word)).max_by_key(|danger| danger.word.len())
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use indexer::text::dictionaries::Dictionaries;

    use super::*;

    #[test]
    fn dangers_lead_to_those_who_come_at_once() {
        let dictionaries = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../dictionaries");
        let dangers = Dictionaries::load(&dictionaries).unwrap().dangers;
        for (key, number, own) in [
            ("海上遇险打什么电话", "110", false),
            ("溺水打什么电话", "120", false),
            ("煤气泄漏打什么电话", "119", false),
            ("食物中毒打什么电话", "120", true),
            ("被骗了打什么电话", "110", true),
            ("自杀干预热线", "120", false),
            ("心理援助热线", "120", false),
            ("心理危机干预热线", "120", false),
            ("火灾报警电话", "119", true),
            ("家暴报警电话", "110", true),
            ("森林火警电话", "119", true),
            ("中毒急救电话", "120", true),
            ("报警电话", "110", true),
            ("急救电话", "120", true),
            ("海上救援电话", "110", false),
            ("车祸打什么电话", "122", true),
            ("山火举报电话", "119", true),
            ("家暴举报电话", "110", true),
        ] {
            let found = of_key(&dangers, key).map(|danger| (danger.numbers[0].as_str(), danger.own));
            assert_eq!(found, Some((number, own)), "{key}");
        }
        for key in [
            "消防器材投诉电话",
            "骚扰电话",
            "火灾报警器投诉电话",
            "心理咨询师投诉电话",
            "医保热线",
            "溺水",
            "食物中毒投诉电话",
            "交通事故维权电话",
            "交通事故举报电话",
            "食物中毒举报电话",
            "煤气中毒举报电话",
            "道路救援电话",
            "宠物急救电话",
        ] {
            assert_eq!(of_key(&dangers, key), None, "{key}");
        }
    }
}
