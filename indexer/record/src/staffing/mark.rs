//! Numbers at the front of paragraphs and of what they list: 第五条, 一、, （一）, 1.

use text::numerals;

/// How an item is numbered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum MarkStyle {
    /// 第五条
    Article,
    /// 一、
    Part,
    /// （一）
    Parenthesis,
    /// 1. 1、 1．
    Arabic,
    /// （1）
    ArabicParenthesis,
    /// ① to ⑳
    Circle,
}

/// The number at the front of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mark {
    pub style: MarkStyle,
    pub n: u32,
    /// Bytes that it takes, with white space behind it.
    pub len: usize,
}

/// Characters of the longest number of an item.
const LONGEST: usize = 7;
/// Characters within which the name of a place is over: 和布克赛尔蒙古自治县.
const LONGEST_PLACE: usize = 9;

/// What is said of what stands in an article, behind 中: whole words, since names begin so too (中关村, 中规院, 中应公司).
const OF_AN_ARTICLE: [&str; 27] = [
    "的",
    "规定",
    "所",
    "“",
    "有关",
    "有下列",
    "有的",
    "有“",
    "关于",
    "列",
    "，",
    "、",
    "明确",
    "明文",
    "提及",
    "提到",
    "提出",
    "涉及",
    "第",
    "增加",
    "增写",
    "删去",
    "删除",
    "应当",
    "应由",
    "未",
    "已",
];

/// The number that a text begins with. Brackets of either width are taken, also where they differ from one another.
pub fn mark(text: &str) -> Option<Mark> {
    let first = text.chars().next()?;
    let (style, n, len) = match first {
        '（' | '(' | '〔' | '﹙' => {
            let inner = &text[first.len_utf8()..];
            let (number, rest) = numeral(inner.trim_start())?;
            let rest = rest.trim_start();
            let close = rest.chars().next().filter(|c| ['）', ')', '〕', '﹚'].contains(c))?;
            let arabic = number.chars().all(|c| c.is_ascii_digit() || ('０'..='９').contains(&c));
            let style = if arabic { MarkStyle::ArabicParenthesis } else { MarkStyle::Parenthesis };
            (style, numerals::parse(number)?, text.len() - rest.len() + close.len_utf8())
        }
        '第' => {
            let (number, rest) = numeral(text[first.len_utf8()..].trim_start())?;
            let rest = rest.trim_start().strip_prefix('条')?;
            // 第三条所列, 第三条规定, 第三条中的, 第三条和第四条 speak of an article; 第三条所属事业单位, 第三条中华人民共和国, 第三条中关村 begin one.
            let speaks = |first: char, next: &[&str]| {
                rest.strip_prefix(first)
                    .is_some_and(|rest| rest.is_empty() || next.iter().any(|word| rest.starts_with(word)))
            };
            if rest.starts_with(['第', '的', '、', '至', '及', '之', '）', '，', '与', '或'])
                || speaks('所', &["列", "称", "述", "规", "指", "涉", "定", "说", "设", "作", "确", "要", "提", "附"])
                || speaks('规', &["定", "范"])
                || speaks('中', &OF_AN_ARTICLE)
                || is_and_more(rest)
            {
                return None;
            }
            (MarkStyle::Article, numerals::parse(number)?, text.len() - rest.len())
        }
        '①'..='⑳' => (MarkStyle::Circle, u32::from(first) - u32::from('①') + 1, first.len_utf8()),
        _ => {
            let (number, rest) = numeral(text)?;
            let arabic = number.chars().all(|c| c.is_ascii_digit() || ('０'..='９').contains(&c));
            let point = rest.trim_start_matches(' ').chars().next()?;
            let rest = rest.trim_start_matches(' ');
            let after = &rest[point.len_utf8()..];
            let decimal = after.starts_with(|c: char| c.is_ascii_digit());
            let style = match (arabic, point) {
                (true, '.' | '．' | '、') if !decimal => MarkStyle::Arabic,
                (false, '、' | '.' | '．') => MarkStyle::Part,
                _ => return None,
            };
            (style, numerals::parse(number)?, text.len() - after.len())
        }
    };
    let rest = &text[len..];
    Some(Mark { style, n, len: text.len() - rest.trim_start().len() })
}

/// Whether what follows 第三条 names something more: 和第四条, 和有关规定. 和 begins an article where a space sets it off, or
/// where it is the first sign of a place's name: 第三条 和溪镇, 第三条和溪镇.
fn is_and_more(rest: &str) -> bool {
    let Some(more) = rest.trim_start().strip_prefix('和') else { return false };
    let more = more.trim_start();
    let other = ["第", "本", "其", "该", "各", "《", "前", "上", "下", "有关", "相关", "国家", "省", "市", "区"];
    if other.iter().any(|word| more.starts_with(word)) || numeral(more).is_some() {
        return true;
    }
    let is_apart = rest.starts_with(char::is_whitespace);
    let name: String = more.chars().take(LONGEST_PLACE).take_while(|c| c.is_alphanumeric()).collect();
    !is_apart && !name.contains(['县', '区', '市', '镇', '乡', '旗', '州']) && !name.contains("街道")
}

/// The numeral that a text begins with, and what follows it.
fn numeral(text: &str) -> Option<(&str, &str)> {
    let chars = text.chars().take_while(|c| numerals::is_numeral(*c)).count();
    if chars == 0 || chars > LONGEST {
        return None;
    }
    let end = text.char_indices().nth(chars).map_or(text.len(), |(at, _)| at);
    Some(text.split_at(end))
}
