//! A larger library, generated: regulations whose articles are made of sentences of the real ones, drawn at random.
//!
//! Words keep their real frequencies, articles their lengths, regulations their headings and numbers; what an article
//! says as a whole does not exist. A title is a real one with the name of a division before it. For measuring alone.

use indexer::record::{Article, Body, Provenance, Record, Regulation, work_key};

use crate::peers::corpus;

/// Seed of every draw.
pub const SEED: u64 = 20_261_124;

/// Where a sentence ends.
const ENDS: [char; 3] = ['。', '；', '\n'];

/// Records of exactly `articles` articles, made of those of `real`, in `places` (code and name).
pub fn records(real: &[Record], places: &[(String, String)], articles: usize) -> Vec<Record> {
    let sentences: Vec<&str> =
        corpus::regulations(real).flat_map(|n| &n.articles).flat_map(|a| a.text.split_inclusive(ENDS)).collect();
    let templates: Vec<&Regulation> = corpus::regulations(real).filter(|n| !n.articles.is_empty()).collect();
    let mut made = Vec::new();
    if sentences.is_empty() || templates.is_empty() || places.is_empty() {
        return made;
    }
    let mut draw = Draw(SEED);
    let mut missing = articles;
    while missing > 0 {
        let template = templates[draw.below(templates.len())];
        let (code, place) = &places[draw.below(places.len())];
        let taken = template.articles.len().min(missing);
        missing -= taken;
        let recombined = |article: &Article| {
            let length = article.text.split_inclusive(ENDS).count();
            let text: String = (0..length).map(|_| sentences[draw.below(sentences.len())]).collect();
            Article { label: article.label.clone(), number: article.number, text: text.trim_end().to_owned() }
        };
        let regulation = Regulation {
            title: format!("{place}{}", work_key(&template.title)),
            division: code.parse().ok(),
            document_number: None,
            articles: template.articles[..taken].iter().map(recombined).collect(),
            headings: template.headings.iter().filter(|h| h.first_article < taken).cloned().collect(),
            ..template.clone()
        };
        let source = Provenance { source: "generated".into(), place: None, date: None, licence: None };
        let id = format!("r-generated-{}", made.len());
        made.push(Record::published(id, regulation.division.clone(), vec![source], Body::Regulation(regulation)));
    }
    made
}

/// SplitMix64: the same numbers on every machine.
struct Draw(u64);

impl Draw {
    fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((z ^ (z >> 31)) % n as u64) as usize
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_many_as_asked_and_the_same_each_time() {
        let article = |label: &str, text: &str| Article { label: label.into(), number: None, text: text.into() };
        let regulation: Regulation = serde_json::from_value(serde_json::json!({
            "title": "测试条例", "level": "行政法规", "document_kind": "norm", "document_number": null, "division": null,
            "version_date": null, "published": null, "effective": null, "stated_status": null,
            "articles": [article("第一条", "甲。乙；丙。"), article("第二条", "丁。")],
        }))
        .unwrap();
        let real = [Record::published("r-1", None, Vec::new(), Body::Regulation(regulation))];
        let places = [("110000".to_owned(), "北京市".to_owned())];
        let made = records(&real, &places, 5);
        assert_eq!(corpus::regulations(&made).map(|n| n.articles.len()).sum::<usize>(), 5);
        assert_eq!(made, records(&real, &places, 5));
        let first = corpus::regulations(&made).next().unwrap();
        assert_eq!(first.title, "北京市测试条例");
        assert_eq!(first.articles[0].text.split_inclusive(ENDS).count(), 3);
    }
}
