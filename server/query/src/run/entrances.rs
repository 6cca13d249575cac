//! Entrances to what is done online, for a query that says what is to be done: 个税申报, 查公司信息. Whoever asks so looks for
//! the place to do it before the law about it.

use indexer::{
    index::{Generation, fields::DocKind, projection::DirectoryEntry},
    record::Entry,
    text::dictionaries::AskedWords,
};
use tantivy::Term;

use super::{
    Answer, Content, Found, Identity, STRONG_NAME, directory_entry, exact, load,
    queries::{any_of, directory_filters, must_not, top, with_filters},
};
use crate::{
    SearchError,
    grams::distinct,
    plan::{Plan, bigrams},
    request::{KindFilter, SearchRequest},
};

/// Words that say no more of what is asked for.
const FILLERS: [&str; 4] = ["信息", "情况", "网上", "业务"];
/// Longest query read so, in characters: what is longer is a question.
const MAX_CHARS: usize = 10;
/// Entrances looked at, and those that lead.
const CANDIDATES: usize = 60;
const MAX: usize = 3;
/// Above every text, below a name that is the query.
const SCORE: f32 = 0.98;
/// What is no strong name comes behind the articles.
const BEHIND: f32 = STRONG_NAME / 2.0;
const WHY: &str = "办这件事的入口";

/// What is to be done, and with what.
#[derive(Debug, PartialEq, Eq)]
struct Asked<'k> {
    errand: &'k str,
    subject: &'k str,
}

fn asked<'k>(words: &'k AskedWords, key: &'k str) -> Option<Asked<'k>> {
    let few = key.chars().count() <= MAX_CHARS;
    let of = |errand: &'k String| {
        let errand = errand.as_str();
        let subject = key.strip_suffix(errand).or_else(|| key.strip_prefix(errand))?;
        let subject = FILLERS.iter().find_map(|filler| subject.strip_suffix(filler)).unwrap_or(subject);
        subject.chars().nth(1).map(|_| Asked { errand, subject })
    };
    words.at_entrances.iter().filter(|_| few).find_map(of)
}

/// Lets the entrances that an errand asks for lead. Those that have nothing of it but the errand are left out then; where none
/// leads, they come behind the articles.
pub fn lead(
    generation: &Generation,
    plan: &Plan,
    request: &SearchRequest,
    found: &mut Found,
) -> Result<(), SearchError> {
    let Some(asked) = asked(&generation.asked_words, &plan.key)
        .filter(|_| matches!(request.kind, KindFilter::All | KindFilter::Listed(_)))
    else {
        return Ok(());
    };
    let words = generation.pipeline.segmenter.plain_words(asked.subject);
    let subjects = alternatives(&generation.asked_words.same, asked.subject, &words);
    let has_nothing_of_it = |answer: &Answer| {
        let Content::Directory(DirectoryEntry::Listed { entry, .. }) = &answer.content else { return false };
        let text = text(generation, entry);
        let says = |subject: &String| bigrams(subject).iter().any(|(_, pair)| text.contains(pair));
        !entry.sites.is_empty() && !subjects.iter().any(says)
    };
    let listed = |answer: &&mut Answer| matches!(answer.content, Content::Unread { of: Some(_), .. });
    load(generation, found.institutions.iter_mut().filter(listed))?;
    for answer in found.institutions.iter_mut().filter(|answer| has_nothing_of_it(answer)) {
        answer.score = answer.score.min(BEHIND);
    }
    if found.items > 0 {
        return Ok(());
    }
    // Where the reader is, and all above it.
    let reader = request.near.as_ref().filter(|region| !region.is_nation());
    let path = reader.map(|region| generation.catalogue.path(region.as_str())).unwrap_or_default();
    let home: Vec<&str> = path.iter().map(|division| division.code.as_str()).collect();
    let mut fitting = Vec::new();
    for entry in candidates(generation, &subjects, request)? {
        let DirectoryEntry::Listed { entry: listed, .. } = &entry else { continue };
        let national = listed.division.as_ref().is_none_or(|division| division.is_nation());
        let local = listed.division.as_ref().is_some_and(|division| home.contains(&division.as_str()));
        let here = request.region.is_some() || national || local;
        let fits = !listed.sites.is_empty() && !listed.applied_for && here;
        if let Some(fit) = fit(generation, listed, &asked, &subjects).filter(|_| fits) {
            fitting.push(((fit, local), entry));
        }
    }
    // Of those that fit alike the reader's own; equals stay in the order of the search.
    fitting.sort_by_key(|(fit, _)| std::cmp::Reverse(*fit));
    let leading: Vec<Answer> = fitting
        .into_iter()
        .take(MAX)
        .map(|(_, entry)| Answer { score: SCORE, content: Content::Directory(entry), why: WHY })
        .collect();
    if !leading.is_empty() {
        found.institutions.retain(|answer| !has_nothing_of_it(answer));
    }
    let identities: Vec<Identity> = leading.iter().map(|answer| answer.content.identity()).collect();
    found.institutions.retain(|answer| !identities.contains(&answer.content.identity()) || answer.score > SCORE);
    let known: Vec<Identity> = found.institutions.iter().map(|answer| answer.content.identity()).collect();
    found.institutions.extend(leading.into_iter().filter(|answer| !known.contains(&answer.content.identity())));
    found.institutions.sort_by(|a, b| b.score.total_cmp(&a.score));
    Ok(())
}

/// The subject, and the same in other words; `words` are its words, within which nothing is exchanged: 工商银行 is no 公司银行.
fn alternatives(same: &[Vec<String>], subject: &str, words: &[&str]) -> Vec<String> {
    let ends = words.iter().scan(0, |end, word| {
        *end += word.len();
        Some(*end)
    });
    let between: Vec<usize> = std::iter::once(0).chain(ends).collect();
    let stands = |word: &str| {
        let at = subject.find(word)?;
        (between.contains(&at) && between.contains(&(at + word.len()))).then_some(at)
    };
    let mut all = vec![subject.to_owned()];
    for same in same {
        // The longest: 车辆违章 has 违章 in it.
        let Some(word) = same.iter().filter(|word| stands(word).is_some()).max_by_key(|word| word.len()) else {
            continue;
        };
        let others = same.iter().filter(|other| *other != word);
        for other in others.map(|other| subject.replacen(word.as_str(), other, 1)) {
            if !all.contains(&other) {
                all.push(other);
            }
        }
    }
    all
}

fn candidates(
    generation: &Generation,
    subjects: &[String],
    request: &SearchRequest,
) -> Result<Vec<DirectoryEntry>, SearchError> {
    let f = &generation.directory.fields;
    let mut terms = Vec::new();
    for subject in subjects {
        terms.extend(distinct(&bigrams(subject)).into_iter().map(|pair| Term::from_field_text(f.bigrams, &pair)));
        generation.pipeline.segmenter.words(subject, &mut |word| terms.push(Term::from_field_text(f.words, word.text)));
    }
    terms.sort_unstable();
    terms.dedup();
    let terms = terms.into_iter().map(|term| (term, 1.0)).collect();
    let Some(query) = any_of(&generation.directory.searcher, terms, 1.0) else { return Ok(Vec::new()) };
    let others = [DocKind::Institution, DocKind::Division, DocKind::WebName];
    let mut filters = directory_filters(generation, request);
    filters.extend(others.map(|kind| must_not(exact(Term::from_field_u64(f.kind, kind as u64)))));
    let query = with_filters(query, filters);
    let found = top(&generation.directory.searcher, &*query, CANDIDATES)?;
    found.into_iter().map(|(_, at)| directory_entry(generation, at)).collect()
}

/// Everything that an entrance says of itself, as a key.
fn text(generation: &Generation, entry: &Entry) -> String {
    let names = std::iter::once(&entry.name).chain(&entry.other_names).chain(&entry.asked_as);
    let parts = names.chain(&entry.fields).chain([&entry.about]);
    parts.map(|part| generation.pipeline.key(part)).collect::<Vec<_>>().join(" ")
}

/// How well an entrance fits, where it says all words of the subject: the errand with its subject in one word first, then
/// the errand at all, then the subject in its names.
fn fit(generation: &Generation, entry: &Entry, asked: &Asked<'_>, subjects: &[String]) -> Option<(bool, bool, bool)> {
    let text = text(generation, entry);
    let names = generation.pipeline.key(&[&entry.name, &entry.other_names.concat()].map(String::as_str).concat());
    let said = |subject: &String| {
        let words = generation.pipeline.segmenter.plain_words(subject);
        let all = !words.is_empty() && words.iter().all(|word| text.contains(word));
        let together = [format!("{subject}{}", asked.errand), format!("{}{subject}", asked.errand)]
            .iter()
            .any(|way| text.contains(way));
        all.then(|| (together, text.contains(asked.errand), words.iter().all(|word| names.contains(word))))
    };
    subjects.iter().filter_map(said).max()
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use indexer::text::dictionaries::Dictionaries;

    use super::*;

    #[test]
    fn an_errand_stands_at_an_end_of_the_query() {
        let dictionaries = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../dictionaries");
        let words = Dictionaries::load(&dictionaries).unwrap().asked_words;
        for (key, errand, subject) in [
            ("个税申报", "申报", "个税"),
            ("投诉快递", "投诉", "快递"),
            ("工商信息查询", "查询", "工商"),
            ("查公司信息", "查", "公司"),
            ("驾照查分", "查分", "驾照"),
        ] {
            assert_eq!(asked(&words, key), Some(Asked { errand, subject }), "{key}");
        }
        for key in ["查询", "申报税", "行政许可法", "老板拖欠我三个月工资怎么投诉"] {
            assert_eq!(asked(&words, key), None, "{key}");
        }
        let alternatives = |of: &[&str]| super::alternatives(&words.same, &of.concat(), of);
        assert_eq!(alternatives(&["公司"]), ["公司", "企业", "工商"]);
        assert_eq!(alternatives(&["车辆", "违章"]), ["车辆违章", "违章", "交通违章"]);
        assert_eq!(alternatives(&["工商银行"]), ["工商银行"]);
        assert_eq!(alternatives(&["公积金"]), ["公积金"]);
    }
}
