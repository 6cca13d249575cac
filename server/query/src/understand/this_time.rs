//! What says when an errand is run and nothing else, before it: 今年个税申报, 新高考报名, 2027年国考报名.

use indexer::index::Generation;

use super::without_errand;

/// What may stand behind the number of a year.
const YEAR: [&str; 3] = ["年度", "年", "届"];

/// Text and key of an errand without the time that stands before it; `None` where something else is asked for: 新 begins
/// 新生儿登记 and 新县, and 新农合 is what it is.
pub fn errand(generation: &Generation, words: &str, key: &str) -> Option<(String, String)> {
    if is_office(generation, key) {
        return None;
    }
    let rest = without_time(generation, key).filter(|rest| is_errand(generation, rest))?;
    let left = words.strip_prefix(key.strip_suffix(rest)?).unwrap_or(words).trim_start();
    Some((left.to_owned(), rest.to_owned()))
}

fn without_time<'k>(generation: &Generation, key: &'k str) -> Option<&'k str> {
    if let Some(rest) = without_year(key) {
        return Some(rest);
    }
    let words = generation.pipeline.segmenter.plain_words(key);
    let [first, second, ..] = words.as_slice() else { return None };
    let before = generation.asked_words.before_errands.iter();
    let rest = before.filter(|word| *word == first).find_map(|word| key.strip_prefix(word.as_str()))?;
    let place = generation.gazetteer.readings(&generation.catalogue, key).iter().any(|r| r.len > first.len());
    // 新 is part of what follows where that is one character: 新冠.
    let is_word = [first, second].iter().any(|word| word.chars().nth(1).is_some());
    (!place && is_word).then_some(rest)
}

/// 高考报名 of 2027年高考报名.
fn without_year(key: &str) -> Option<&str> {
    let digits = key.bytes().take_while(u8::is_ascii_digit).count();
    let rest = key.get(digits..).filter(|_| digits == 4 && key.starts_with("20"))?;
    Some(YEAR.iter().find_map(|word| rest.strip_prefix(word)).unwrap_or(rest))
}

/// Whether a text is an errand at an office or an entrance, and no title.
fn is_errand(generation: &Generation, key: &str) -> bool {
    let ends = |word: &String| key.strip_suffix(word.as_str()).is_some_and(|rest| rest.chars().nth(1).is_some());
    generation.titles.work(key).is_none()
        && (is_office(generation, key)
            || generation.item_words.find(key).is_some()
            || generation.asked_words.at_entrances.iter().any(ends))
}

/// Whether a text is an office or what one sees to, with what is done there behind it or without.
fn is_office(generation: &Generation, key: &str) -> bool {
    let bare = without_errand(&generation.asked_words, key);
    generation.known_offices.known(key).or_else(|| generation.known_offices.known(bare)).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_year_before_an_errand_goes() {
        for (key, rest) in [
            ("2027年高考报名", Some("高考报名")),
            ("2026年度个税汇算", Some("个税汇算")),
            ("2026国考报名", Some("国考报名")),
            ("12345", None),
            ("1949年", None),
            ("高考报名", None),
        ] {
            assert_eq!(without_year(key), rest, "{key}");
        }
    }
}
