//! The best passage of a text, with what was asked for marked. Works on the original text through the normalizer's map.

use std::{collections::BTreeSet, ops::Range};

use indexer::text::{Pipeline, bigrams};

/// Length of a snippet, in characters: about three lines on a phone.
const SNIPPET_CHARS: usize = 110;
/// Characters shown before the first mark.
const LEAD_CHARS: usize = 18;
/// Longest sentence shown as the one that answers, in characters: about four lines on a phone.
const MAX_SENTENCE: usize = 150;
/// Weight from which on a sentence tells what was asked for: more than a word of four characters, since 用人单位 alone stands
/// in every other sentence of its law.
const TELLING: usize = 9;
/// Marks considered in one text; an article has at most a few hundred words of a query in it.
const MAX_MARKS: usize = 512;

/// What to mark: made once a query, used for every hit.
pub struct Marker<'p> {
    pipeline: &'p Pipeline,
    words: BTreeSet<String>,
    bigrams: BTreeSet<String>,
    /// The query in letters, when it is nothing else.
    latin: Option<String>,
}

impl<'p> Marker<'p> {
    /// `query` and quoted `phrases`, as typed; `meant`, what the law calls the query's everyday words; `latin`, see
    /// [`super::understand::Understanding::latin`].
    pub fn new(
        pipeline: &'p Pipeline,
        query: &str,
        phrases: &[String],
        meant: impl IntoIterator<Item = impl Into<String>>,
        latin: Option<&str>,
    ) -> Self {
        let query = pipeline.normalizer.text(query);
        let mut words: BTreeSet<String> = BTreeSet::new();
        pipeline.segmenter.words(&query, &mut |t| {
            // 的, 了, 我: a single character marked all over a text hides the words that matter.
            if t.text.chars().nth(1).is_some() {
                words.insert(t.text.to_owned());
            }
        });
        words.extend(phrases.iter().map(|p| pipeline.normalizer.text(p)));
        words.extend(meant.into_iter().map(Into::into));
        let mut pairs = BTreeSet::new();
        bigrams(&query, &mut |t| {
            pairs.insert(t.text.to_owned());
        });
        Self { pipeline, words, bigrams: pairs, latin: latin.map(str::to_owned) }
    }

    /// The whole text as HTML with marks.
    pub fn whole(&self, text: &str) -> String {
        html(text, 0..text.len(), &self.marks(text))
    }

    /// The passage with the most different words asked for, as HTML with marks.
    pub fn snippet(&self, text: &str) -> String {
        let marks = self.marks(text);
        let starts: Vec<usize> = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
        let char_at = |byte: usize| starts.partition_point(|at| *at < byte);
        let best = marks
            .iter()
            .map(|first| {
                let from = char_at(first.start).saturating_sub(LEAD_CHARS);
                let to = (from + SNIPPET_CHARS).min(starts.len() - 1);
                let window = starts[from]..starts[to];
                let inside = marks.iter().filter(|m| window.start <= m.start && m.end <= window.end);
                let different: BTreeSet<&str> = inside.map(|m| &text[m.clone()]).collect();
                let weight: usize = different.iter().map(|w| w.chars().count()).sum();
                (weight, std::cmp::Reverse(from), window)
            })
            .max_by_key(|(weight, from, _)| (*weight, *from));
        let window = best.map_or_else(|| 0..starts[SNIPPET_CHARS.min(starts.len() - 1)], |(.., window)| window);
        let mut out = String::new();
        if window.start > 0 {
            out.push('…');
        }
        out.push_str(&html(text, window.clone(), &marks));
        if window.end < text.len() {
            out.push('…');
        }
        out
    }

    /// The sentence or item that tells most of what was asked for, as HTML with marks; none where the text has but one, where
    /// it is too long for a card, or where no other tells less. `asked` is a question that the text was known to answer.
    pub fn sentence(&self, text: &str, asked: Option<&str>) -> Option<String> {
        let marks = self.marks(text);
        let mut pairs = BTreeSet::new();
        let asked = self.pipeline.normalizer.text(asked.unwrap_or_default());
        bigrams(&asked, &mut |pair| {
            pairs.insert(pair.text.to_owned());
        });
        let weight = |sentence: &Range<usize>| -> usize {
            let inside = marks.iter().filter(|mark| sentence.start <= mark.start && mark.end <= sentence.end);
            let different: BTreeSet<&str> = inside.map(|mark| &text[mark.clone()]).collect();
            let normalized = self.pipeline.normalizer.text(&text[sentence.clone()]);
            let shared = pairs.iter().filter(|pair| normalized.contains(pair.as_str())).count();
            // 社会保险 in 社会保险费 tells nothing more.
            let whole =
                |word: &&&str| !different.iter().any(|other| other.len() > word.len() && other.contains(**word));
            // A word of the query tells as much as so many characters; a pair of a question that is like it, half a pair's.
            different.iter().filter(whole).map(|word| word.chars().count() * 2).sum::<usize>() + shared
        };
        let mut weighed: Vec<(usize, Range<usize>)> = sentences(text).map(|s| (weight(&s), s)).collect();
        weighed.sort_by(|a, b| b.0.cmp(&a.0).then(a.1.start.cmp(&b.1.start)));
        let [(best, sentence), (second, _), ..] = weighed.as_slice() else { return None };
        let fits = text[sentence.clone()].chars().count() <= MAX_SENTENCE;
        (*best >= TELLING && best > second && fits).then(|| html(text, sentence.clone(), &marks))
    }

    /// Spans of the original text to mark: sorted, apart from each other.
    fn marks(&self, text: &str) -> Vec<Range<usize>> {
        let normalized = self.pipeline.normalizer.normalized(text);
        let mut spans = occurrences(&normalized.text, &self.words);
        if spans.is_empty() {
            spans = occurrences(&normalized.text, &self.bigrams);
        }
        if let Some(latin) = self.latin.as_ref().filter(|_| spans.is_empty()) {
            spans = self.sounding(&normalized.text, latin);
        }
        let mut spans: Vec<Range<usize>> = spans.into_iter().map(|s| normalized.original(s)).collect();
        spans.sort_by_key(|s| (s.start, s.end));
        let mut merged: Vec<Range<usize>> = Vec::new();
        for span in spans {
            match merged.last_mut() {
                Some(last) if span.start <= last.end => last.end = last.end.max(span.end),
                _ => merged.push(span),
            }
        }
        merged
    }
}

/// Longest text looked through for what sounds like the query, in characters: names and titles have fewer.
const MAX_SOUNDED: usize = 120;

impl Marker<'_> {
    /// Runs of characters whose pinyin, or whose initials, are the letters; the last character may be begun only.
    fn sounding(&self, text: &str, latin: &str) -> Vec<Range<usize>> {
        let has_a_sound = |c: &char| !c.is_ascii() && c.is_alphabetic();
        let chars: Vec<(usize, char)> = text.char_indices().take(MAX_SOUNDED).collect();
        let mut spans = Vec::new();
        for run in chars.chunk_by(|(_, a), (_, b)| has_a_sound(a) == has_a_sound(b)) {
            spans.extend(self.sounding_in(run, latin));
        }
        spans
    }

    /// The same in characters that all have a sound, given with their places.
    fn sounding_in(&self, chars: &[(usize, char)], latin: &str) -> Vec<Range<usize>> {
        let syllables = self.pipeline.pinyin.syllables(&chars.iter().map(|(_, c)| *c).collect::<String>());
        let mut spans = Vec::new();
        if syllables.len() != chars.len() {
            return spans;
        }
        let mut from = 0;
        while from < chars.len() {
            let run = [full_run(&syllables[from..], latin), initials_run(&syllables[from..], latin)];
            match run.into_iter().flatten().max() {
                Some(len) => {
                    let (at, last) = chars[from + len - 1];
                    spans.push(chars[from].0..at + last.len_utf8());
                    from += len;
                }
                None => from += 1,
            }
        }
        spans
    }
}

/// How many syllables the letters spell out.
fn full_run(syllables: &[String], latin: &str) -> Option<usize> {
    let mut rest = latin;
    for (at, syllable) in syllables.iter().enumerate() {
        if let Some(after) = rest.strip_prefix(syllable.as_str()).filter(|_| !syllable.is_empty()) {
            rest = after;
            if rest.is_empty() {
                return Some(at + 1);
            }
        } else {
            return (at > 0 && syllable.starts_with(rest)).then_some(at + 1);
        }
    }
    None
}

fn initials_run(syllables: &[String], latin: &str) -> Option<usize> {
    let initials = syllables.iter().take(latin.len()).filter_map(|s| s.chars().next());
    initials.eq(latin.chars()).then_some(latin.len())
}

/// Sentences and items of a text, without the space around them.
fn sentences(text: &str) -> impl Iterator<Item = Range<usize>> {
    let parts = text.split_inclusive(['。', '；', '！', '？', '\n']);
    parts
        .scan(0, |at, part| {
            let start = *at + (part.len() - part.trim_start().len());
            *at += part.len();
            Some(start..start + part.trim().len())
        })
        .filter(|sentence| !sentence.is_empty())
}

fn occurrences(text: &str, words: &BTreeSet<String>) -> Vec<Range<usize>> {
    let all = words.iter().filter(|w| !w.is_empty()).flat_map(|w| text.match_indices(w.as_str()));
    all.map(|(at, w)| at..at + w.len()).take(MAX_MARKS).collect()
}

/// A window of the text as HTML; line ends become spaces.
fn html(text: &str, window: Range<usize>, marks: &[Range<usize>]) -> String {
    let mut out = String::with_capacity(window.len() * 2);
    let mut at = window.start;
    for mark in marks {
        let (from, to) = (mark.start.max(window.start), mark.end.min(window.end));
        if from >= to || from < at {
            continue;
        }
        escape(&text[at..from], &mut out);
        out.push_str("<mark>");
        escape(&text[from..to], &mut out);
        out.push_str("</mark>");
        at = to;
    }
    escape(&text[at..window.end], &mut out);
    out
}

/// Escapes for HTML text and attribute values. Directional controls go: they could make a text read as another.
pub fn escape(text: &str, out: &mut String) {
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            '\n' | '\r' | '\t' => out.push(' '),
            '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{200E}' | '\u{200F}' => {}
            c if c.is_control() => {}
            c => out.push(c),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use indexer::text::{Normalizer, Pinyin, Segmenter};
    use proptest::prelude::*;
    use std::{collections::HashMap, sync::LazyLock};

    static PIPELINE: LazyLock<Pipeline> = LazyLock::new(|| Pipeline {
        normalizer: Normalizer::new(&HashMap::new()),
        segmenter: Segmenter::new(&[], &["行政许可法".to_owned()]),
        pinyin: Pinyin::default(),
    });

    fn marker(query: &str) -> Marker<'static> {
        Marker::new(&PIPELINE, query, &[], [""; 0], None)
    }

    #[test]
    fn what_was_meant_and_what_sounds_so_is_marked() {
        let meant = Marker::new(&PIPELINE, "欠薪", &[], ["劳动报酬"], None);
        assert_eq!(meant.whole("拖欠劳动报酬的"), "拖欠<mark>劳动报酬</mark>的");
        for (letters, text, marked) in [
            ("zunyi", "贵州省遵义市", "贵州省<mark>遵义</mark>市"),
            ("zunyis", "贵州省遵义市", "贵州省<mark>遵义市</mark>"),
            ("zys", "贵州省 · 遵义市", "贵州省 · <mark>遵义市</mark>"),
            ("zunyis", "遵义", "遵义"),
        ] {
            let marker = Marker::new(&PIPELINE, letters, &[], [""; 0], Some(letters));
            assert_eq!(marker.whole(text), marked, "{letters}");
        }
    }

    #[test]
    fn marks_fall_on_the_original() {
        let marker = marker("行政许可 12");
        assert_eq!(marker.whole("依照《行政許可法》<b>"), "依照《<mark>行政許可</mark>法》&lt;b&gt;");
    }

    #[test]
    fn the_sentence_that_answers_is_the_one_with_most_of_the_question() {
        let text = "用人单位应当按时缴纳费用。用人单位拖欠劳动报酬的，劳动者可以申请支付令。本条自公布之日起施行。";
        let meant = Marker::new(&PIPELINE, "欠薪 申请", &[], ["劳动报酬"], None);
        let found = meant.sentence(text, None).unwrap();
        assert_eq!(found, "用人单位拖欠<mark>劳动报酬</mark>的，劳动者可以<mark>申请</mark>支付令。");
        assert_eq!(marker("欠薪").sentence(text, None), None, "none of its words stands there");
        let asked = marker("欠薪").sentence(text, Some("老板拖欠劳动报酬，能申请支付令吗")).unwrap();
        assert!(asked.contains("支付令"), "{asked}");
        assert_eq!(meant.sentence("拖欠劳动报酬的，可以申请支付令。", None), None, "one sentence is the whole text");
        let items = "有下列情形之一的：\n（一）拖欠劳动报酬的；\n（二）其他情形。";
        let item = Marker::new(&PIPELINE, "欠薪", &[], ["拖欠", "劳动报酬"], None).sentence(items, None).unwrap();
        assert_eq!(item, "（一）<mark>拖欠劳动报酬</mark>的；");
        assert_eq!(meant.sentence(items, None), None, "one common word tells too little");
        let both = Marker::new(&PIPELINE, "社保", &[], ["社会保险", "社会保险费"], None);
        let text = "单位应当缴纳社会保险费。参加社会保险的个人也可以缴纳社会保险费。";
        assert_eq!(both.sentence(text, None), None, "a word within another is none besides");
    }

    #[test]
    fn the_snippet_is_where_the_words_are() {
        let marker = marker("听证 期限");
        let text = format!("{}听证的期限为五日。{}", "甲乙丙。".repeat(60), "丁戊。".repeat(60));
        let snippet = marker.snippet(&text);
        assert!(snippet.contains("<mark>听证</mark>的<mark>期限</mark>"), "{snippet}");
        assert!(snippet.starts_with('…') && snippet.ends_with('…'));
    }

    proptest! {
        #[test]
        fn never_panics_and_always_escapes(query in "\\PC{0,12}", text in "[行政许可法一二<>&\"a \n許]{0,200}") {
            let marker = marker(&query);
            for out in [marker.whole(&text), marker.snippet(&text)] {
                let bare = out.replace("<mark>", "").replace("</mark>", "");
                prop_assert!(!bare.contains(['<', '>', '"']));
            }
        }
    }
}
