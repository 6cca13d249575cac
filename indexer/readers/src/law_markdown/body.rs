//! A law's text: headings, articles, what stands before and after them.

use std::sync::LazyLock;

use regex::Regex;

use super::header::regex;
use record::{Article, ArticleNumber, Heading};
use text::numerals;

/// What the text of a law holds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Body {
    pub preamble: String,
    pub headings: Vec<Heading>,
    pub articles: Vec<Article>,
    pub attachment: String,
}

static ARTICLE: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"^第([〇零一二三四五六七八九十百千两\d]{1,9})条(?:之([一二三四五六七八九十]{1,3}))?([\s\u{3000}\u{2002}\u{00A0}]*)",
    )
});
static HEADING: LazyLock<Regex> = LazyLock::new(|| {
    regex(r"^(第[〇零一二三四五六七八九十百千\d]{1,9}(编|分编|章|节))[\s\u{3000}\u{2002}\u{00A0}]*(.*)$")
});
static PART: LazyLock<Regex> = LazyLock::new(|| regex(r"^([一二三四五六七八九十]{1,3})、"));
static NOISE: LazyLock<Regex> = LazyLock::new(|| regex(r"<!--.*?-->|</?[a-zA-Z][^>]*>|!\[[^\]]*\]\([^)]*\)"));
static LINK: LazyLock<Regex> = LazyLock::new(|| regex(r"\[([^\]]*)\]\([^)]*\)"));

/// An article's number may skip this many in a text: articles deleted by amendments leave gaps.
const MAX_GAP: u32 = 60;

/// Reads a text in Markdown. Whatever it is, every line goes somewhere.
pub fn parse(text: &str) -> Body {
    let lines: Vec<String> = text.lines().map(clean).collect();
    parse_lines(lines.iter().map(|line| strip_marks(line.trim())))
}

/// Reads lines without mark-up, each with whether its source sets it as a heading.
pub fn parse_lines<'l>(lines: impl Iterator<Item = (bool, &'l str)>) -> Body {
    let mut body = Body::default();
    let mut last: Option<ArticleNumber> = None;
    let mut after_articles = false;
    for (marked, words) in lines {
        if words.is_empty() && !marked {
            continue;
        }
        if let Some(c) = HEADING.captures(words).filter(|c| marked || is_bare_heading(&c[3])) {
            if !after_articles {
                let title = tidy(&c[1], &c[3]);
                body.headings.push(Heading { depth: depth(&c[2]), title, first_article: body.articles.len() });
                continue;
            }
        } else if marked {
            if words.starts_with("附件")
                || words.starts_with("附表")
                || words.starts_with("附录")
                || words.starts_with("附：")
            {
                after_articles = last.is_some();
            } else if words == "序言" {
                // What follows is the preamble, which pages show under this name anyway.
                continue;
            } else if !after_articles && !words.is_empty() {
                body.headings.push(Heading { depth: 3, title: words.to_owned(), first_article: body.articles.len() });
                continue;
            }
        }
        if let Some((number, rest)) = article_start(words, last).filter(|_| !after_articles) {
            last = Some(number);
            body.articles.push(Article { label: number.to_string(), number: Some(number), text: rest.to_owned() });
        } else if after_articles {
            push_line(&mut body.attachment, words);
        } else if let Some(article) = body.articles.last_mut() {
            push_line(&mut article.text, words);
        } else {
            push_line(&mut body.preamble, words);
        }
    }
    if body.articles.is_empty() {
        without_articles(&mut body);
    }
    let articles = body.articles.len();
    body.headings.retain(|h| h.first_article < articles);
    body
}

/// A text without 条: its numbered parts, or the whole.
fn without_articles(body: &mut Body) {
    let text = std::mem::take(&mut body.preamble);
    body.headings.clear();
    for line in text.lines() {
        match PART.captures(line).and_then(|c| Some((c.get(0)?.end(), c[1].to_owned()))) {
            Some((end, label)) => {
                body.articles.push(Article { label, number: None, text: line[end..].trim().to_owned() });
            }
            None => match body.articles.last_mut() {
                Some(article) => push_line(&mut article.text, line),
                None => push_line(&mut body.preamble, line),
            },
        }
    }
    if body.articles.is_empty() && !body.preamble.is_empty() {
        let text = std::mem::take(&mut body.preamble);
        body.articles.push(Article { label: "正文".into(), number: None, text });
    }
}

/// The number that opens a line, when it opens an article and is no mention of one.
fn article_start(line: &str, last: Option<ArticleNumber>) -> Option<(ArticleNumber, &str)> {
    let c = ARTICLE.captures(line)?;
    let number = numerals::parse(&c[1])?;
    let inserted = c.get(2).map_or(Some(0), |m| numerals::parse(m.as_str()))?;
    let found = ArticleNumber { number, inserted };
    let rest = &line[c.get(0)?.end()..];
    let spaced = !c[3].is_empty() || rest.is_empty();
    let follows = match last {
        None => true,
        Some(last) => found > last && number <= last.number + MAX_GAP,
    };
    let next = last.is_none_or(|l| number == l.number + 1 || number == l.number);
    // 第十二条规定的…, 第三条、第四条…: a sentence about articles.
    let mention =
        rest.starts_with(['规', '第', '的', '、', '和', '至', '及', '所', '，', '与', '或', '中', '之', '；', '）']);
    (follows && (spaced || (next && !mention))).then_some((found, rest))
}

fn is_bare_heading(title: &str) -> bool {
    // Without a mark, a line is a heading only when it is nothing but one.
    !title.is_empty() && title.chars().count() <= 20 && !title.contains(['。', '，', '；', '：', '、'])
}

fn depth(kind: &str) -> u8 {
    match kind {
        "编" => 1,
        "分编" => 2,
        "章" => 3,
        _ => 4,
    }
}

/// 第一章 总则, whatever stood between the characters.
fn tidy(number: &str, title: &str) -> String {
    let title: Vec<&str> = title.split_whitespace().collect();
    let single = title.iter().all(|part| part.chars().count() == 1);
    let title = if single { title.concat() } else { title.join(" ") };
    format!("{number} {title}").trim_end().to_owned()
}

/// A line without Markdown's heading and emphasis marks, and whether it was a heading.
fn strip_marks(line: &str) -> (bool, &str) {
    let words = line.trim_start_matches('#');
    let marked = words.len() < line.len();
    (marked, words.trim().trim_start_matches("**").trim_end_matches("**").trim())
}

/// A line without Markdown's links, pictures and comments, and without tags.
pub fn clean(line: &str) -> String {
    let line = line.replace("<br>", " ").replace("<br/>", " ");
    let line = NOISE.replace_all(&line, "");
    LINK.replace_all(&line, "$1").replace("**", "")
}

fn push_line(text: &mut String, line: &str) {
    if !text.is_empty() {
        text.push('\n');
    }
    text.push_str(line);
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn headings_articles_and_what_surrounds_them() {
        let body = parse(
            "## 序言\n我们。\n## 第一章　总 则\n第一条 甲。\n乙。\n第二条规定的除外。\n### 第一节 丙\n第二条　丁：\n（一）戊；\n第二条之一 己。\n## 附件\n第一条 庚。\n",
        );
        assert_eq!(body.preamble, "我们。");
        assert_eq!(body.headings[0].title, "第一章 总则");
        assert_eq!(body.headings[1], Heading { depth: 4, title: "第一节 丙".into(), first_article: 1 });
        let labels: Vec<&str> = body.articles.iter().map(|a| a.label.as_str()).collect();
        assert_eq!(labels, ["第一条", "第二条", "第二条之一"]);
        assert_eq!(body.articles[0].text, "甲。\n乙。\n第二条规定的除外。");
        assert_eq!(body.attachment, "附件\n第一条 庚。");
    }

    #[test]
    fn texts_without_articles() {
        let body = parse("为了甲：\n一、乙。\n丙。\n二、丁。");
        assert_eq!(body.preamble, "为了甲：");
        assert_eq!(body.articles.len(), 2);
        assert_eq!(body.articles[0].text, "乙。\n丙。");
        let body = parse("只有一段。");
        assert_eq!((body.articles[0].label.as_str(), body.articles[0].text.as_str()), ("正文", "只有一段。"));
        assert_eq!(parse(" \n"), Body::default());
    }

    proptest! {
        #[test]
        fn loses_no_character(text in "[第一二十条章之 、。甲乙#\n（）]{0,120}") {
            let body = parse(&text);
            let mut kept = format!("{}{}", body.preamble, body.attachment);
            for a in &body.articles {
                kept.push_str(&a.text);
            }
            let count = |s: &str| s.chars().filter(|c| matches!(c, '甲' | '乙')).count();
            // Headings hold the rest; none is kept after the last article, where a heading has nothing below it.
            let headings: usize = text.lines().filter(|l| l.trim_start().starts_with('#') || l.contains('章')).map(count).sum();
            prop_assert!(count(&kept) + headings >= count(&text));
        }
    }
}
