//! Regulations 法规: laws, regulations, rules, interpretations, and their articles.

mod publication;

use std::{fmt, str::FromStr, sync::LazyLock};

use regex::Regex;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::{AttachedFile, Audience, Column, Date, DivisionCode, Kind, Shape, Values, kind::{Fault, Field, Word}, Provenance, State, keys::{Envelope, key, part}};
use text::{numerals, quoted_titles};

pub use publication::{Openness, Publication};

/// One version of a regulation. Versions of the same regulation share a [`work_key`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Regulation {
    /// As published: 中华人民共和国行政许可法.
    pub title: String,
    pub level: RegulationLevel,
    pub document_kind: DocumentKind,
    /// Issuing institutions; more than one for a joint issue.
    #[serde(default)]
    pub issuers: Vec<String>,
    /// Canonical 发文字号 or order number: 国发〔2016〕51号, 国务院令第227号.
    pub document_number: Option<String>,
    /// The division a local regulation belongs to; `None` for a national one.
    pub division: Option<DivisionCode>,
    /// Day of adoption or of the last amendment that this text carries: what tells versions apart.
    pub version_date: Option<Date>,
    pub published: Option<Date>,
    pub effective: Option<Date>,
    /// The status that the source states; derived from the versions where it states none.
    pub stated_status: Option<Status>,
    /// Adoption, amendments, publication, in the order of the source.
    #[serde(default)]
    pub history: Vec<Event>,
    /// Text before the first article: a preamble, or an introductory sentence.
    #[serde(default)]
    pub preamble: String,
    #[serde(default)]
    pub headings: Vec<Heading>,
    pub articles: Vec<Article>,
    /// Text after the last article: attachments, tables.
    #[serde(default)]
    pub attachment: String,
    /// What the issuer says of its publication.
    #[serde(default, skip_serializing_if = "Publication::is_empty")]
    pub publication: Publication,
}

impl Regulation {
    /// A regulation of which nothing is known but its title and its level, to be filled in.
    pub fn blank(title: impl Into<String>, level: RegulationLevel) -> Self {
        Self {
            title: title.into(),
            level,
            document_kind: DocumentKind::Regulation,
            issuers: Vec::new(),
            document_number: None,
            division: None,
            version_date: None,
            published: None,
            effective: None,
            stated_status: None,
            history: Vec::new(),
            preamble: String::new(),
            headings: Vec::new(),
            articles: Vec::new(),
            attachment: String::new(),
            publication: Publication::default(),
        }
    }
}

/// Place in the hierarchy of regulations (立法法), highest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum RegulationLevel {
    #[serde(rename = "宪法")]
    Constitution,
    #[serde(rename = "法律")]
    Law,
    #[serde(rename = "监察法规")]
    SupervisionRegulation,
    #[serde(rename = "行政法规")]
    AdministrativeRegulation,
    #[serde(rename = "司法解释")]
    JudicialInterpretation,
    #[serde(rename = "部门规章")]
    DepartmentRule,
    #[serde(rename = "地方性法规")]
    LocalRegulation,
    #[serde(rename = "地方政府规章")]
    LocalGovernmentRule,
    #[serde(rename = "规范性文件")]
    NormativeDocument,
    #[serde(rename = "党内法规")]
    PartyRegulation,
    #[serde(rename = "其他")]
    Other,
}

impl RegulationLevel {
    pub const ALL: [RegulationLevel; 11] = [
        Self::Constitution,
        Self::Law,
        Self::SupervisionRegulation,
        Self::AdministrativeRegulation,
        Self::JudicialInterpretation,
        Self::DepartmentRule,
        Self::LocalRegulation,
        Self::LocalGovernmentRule,
        Self::NormativeDocument,
        Self::PartyRegulation,
        Self::Other,
    ];

    /// The word used in the corpus, the API and on pages.
    pub fn label(self) -> &'static str {
        match self {
            Self::Constitution => "宪法",
            Self::Law => "法律",
            Self::SupervisionRegulation => "监察法规",
            Self::AdministrativeRegulation => "行政法规",
            Self::JudicialInterpretation => "司法解释",
            Self::DepartmentRule => "部门规章",
            Self::LocalRegulation => "地方性法规",
            Self::LocalGovernmentRule => "地方政府规章",
            Self::NormativeDocument => "规范性文件",
            Self::PartyRegulation => "党内法规",
            Self::Other => "其他",
        }
    }
}

/// What a document does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DocumentKind {
    /// A regulation of its own.
    #[serde(rename = "norm")]
    Regulation,
    /// 修正案, or a decision that amends other regulations.
    Amendment,
    /// A decision that abolishes other regulations.
    Abolition,
    /// A legislative interpretation 立法解释.
    Interpretation,
    /// Another decision 决定, 决议.
    Decision,
}

impl DocumentKind {
    pub const ALL: [DocumentKind; 5] =
        [Self::Regulation, Self::Amendment, Self::Abolition, Self::Interpretation, Self::Decision];

    /// The word used in forms.
    pub fn label(self) -> &'static str {
        match self {
            Self::Regulation => "规范",
            Self::Amendment => "修改",
            Self::Abolition => "废止",
            Self::Interpretation => "解释",
            Self::Decision => "决定",
        }
    }
}

/// Validity 时效性.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Status {
    #[serde(rename = "现行有效")]
    InForce,
    #[serde(rename = "尚未生效")]
    NotYetInForce,
    /// An older version; a newer text of the same regulation exists.
    #[serde(rename = "已修改")]
    Superseded,
    #[serde(rename = "已废止")]
    Repealed,
}

impl Status {
    pub const ALL: [Status; 4] = [Self::InForce, Self::NotYetInForce, Self::Superseded, Self::Repealed];

    /// The word used in the API and on pages.
    pub fn label(self) -> &'static str {
        match self {
            Self::InForce => "现行有效",
            Self::NotYetInForce => "尚未生效",
            Self::Superseded => "已修改",
            Self::Repealed => "已废止",
        }
    }
}

/// An event in a regulation's history, as its header states it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Event {
    pub date: Option<Date>,
    pub kind: EventKind,
    /// The source's own line without its date.
    pub text: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EventKind {
    /// 通过
    Adopted,
    /// 批准
    Approved,
    /// 公布, 发布
    Published,
    /// 修正, 修订, 修改
    Amended,
    /// 施行
    Effective,
    /// 废止
    Repealed,
    Other,
}

/// A heading 编, 分编, 章 or 节 above articles.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Heading {
    /// 1 = outermost.
    pub depth: u8,
    /// 第一章 总则, with one ordinary space after the number.
    pub title: String,
    /// Index into [`Regulation::articles`] of the first article below it.
    pub first_article: usize,
}

/// An article 条, or, in a text without articles, one of its numbered parts or the whole text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Article {
    /// 第十二条, 第一百二十条之一; `一` for a part numbered 一、; 正文 for an undivided text.
    pub label: String,
    /// The number as a value, for articles proper.
    pub number: Option<ArticleNumber>,
    /// Without the label; one line a paragraph 款, items 项 and 目 on lines of their own.
    pub text: String,
}

/// An article's number through the whole text: 第一百二十条之一 = (120, 1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct ArticleNumber {
    pub number: u32,
    /// 之一 = 1; 0 = none.
    pub inserted: u32,
}

/// A paragraph 款 with its items.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Paragraph {
    pub text: String,
    pub items: Vec<Item>,
}

/// An item 项 （一）, with sub-items 目 1. below it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Item {
    /// The number as a value: （三） = 3.
    pub number: u32,
    pub text: String,
    pub subitems: Vec<String>,
}

/// What texts put in the place of a deleted article: （删去）, （已删除）, 本条已废止。, （根据《甲修正案》删去）,
/// （2015年8月29日删去）.
static DELETED: LazyLock<Regex> = LazyLock::new(|| {
    let word = "(?:删去|删除|删|废止|失效|取消|撤销|空缺)";
    let alone = format!("(?:(?:本|该|此|原)条(?:文|款)?)?(?:已经|已|业经)?(?:被|予以|依法)?{word}了?");
    // With a reason only in brackets: 删去刑法第一百九十九条。 is what an amendment does.
    let reason = format!("[^（）()。]{{0,40}}(?:（[^（）()]{{1,12}}）)?[^（）()。]{{0,12}}{word}了?");
    let after = format!("{alone}[，,：:；;][^（）()。]{{0,40}}");
    let pattern = format!("^(?:{alone}。?|[（(〔\\[【](?:{alone}|{reason}|{after})。?[）)〕\\]】]。?)$");
    Regex::new(&pattern).unwrap_or_else(|error| unreachable!("a fixed pattern: {error}"))
});

impl Article {
    /// Whether the article was deleted by an amendment and only its number stands in the text, so that those after it
    /// keep theirs.
    pub fn is_deleted(&self) -> bool {
        is_deleted(&self.text)
    }

    /// The article's paragraphs, counted as a citation counts them (第一款 is the first).
    pub fn paragraphs(&self) -> Vec<Paragraph> {
        let mut paragraphs: Vec<Paragraph> = Vec::new();
        for line in self.text.lines().map(str::trim).filter(|l| !l.is_empty()) {
            if let Some(number) = item_number(line)
                && let Some(last) = paragraphs.last_mut()
            {
                last.items.push(Item { number, text: line.to_owned(), subitems: Vec::new() });
            } else if is_subitem(line)
                && let Some(item) = paragraphs.last_mut().and_then(|p| p.items.last_mut())
            {
                item.subitems.push(line.to_owned());
            } else {
                paragraphs.push(Paragraph { text: line.to_owned(), items: Vec::new() });
            }
        }
        paragraphs
    }
}

/// See [`Article::is_deleted`].
pub fn is_deleted(text: &str) -> bool {
    /// Bytes of the longest mark of a deletion.
    const LONGEST: usize = 400;
    text.len() <= LONGEST && DELETED.is_match(&text.split_whitespace().collect::<String>())
}

/// `（三）…` → 3.
fn item_number(line: &str) -> Option<u32> {
    let rest = line.strip_prefix(['（', '('])?;
    let (number, _) = rest.split_once(['）', ')'])?;
    numerals::parse(number)
}

/// `1.…`, `1、…`, `１．…`.
fn is_subitem(line: &str) -> bool {
    let rest = line.trim_start_matches(|c: char| c.is_ascii_digit() || ('０'..='９').contains(&c));
    rest.len() < line.len() && rest.starts_with(['.', '．', '、'])
}

impl fmt::Display for ArticleNumber {
    /// In the form of the law: 第一百二十条之一.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "第{}条", numerals::format(self.number))?;
        if self.inserted > 0 {
            write!(f, "之{}", numerals::format(self.inserted))?;
        }
        Ok(())
    }
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("“{0}”不是条号：应如 第十二条、12、第一百二十条之一、120-1")]
pub struct InvalidArticleNumber(pub String);

impl FromStr for ArticleNumber {
    type Err = InvalidArticleNumber;

    /// Reads 第十二条, 第12条, 十二, 12, 第一百二十条之一, 120-1.
    fn from_str(s: &str) -> Result<Self, Self::Err> {
        let invalid = || InvalidArticleNumber(s.to_owned());
        let bare = s.trim().trim_start_matches('第');
        let (number, inserted) = match bare.split_once('条') {
            Some((number, rest)) => (number, rest.trim_start_matches('之')),
            None => bare.split_once(['-', '之']).unwrap_or((bare, "")),
        };
        let number = numerals::parse(number.trim()).ok_or_else(invalid)?;
        let inserted =
            if inserted.trim().is_empty() { 0 } else { numerals::parse(inserted.trim()).ok_or_else(invalid)? };
        Ok(Self { number, inserted })
    }
}

/// A version's id: the same whichever source brought it.
pub fn regulation_id(title: &str, version_date: Option<Date>, division: Option<&DivisionCode>) -> String {
    let date = version_date.map_or_else(|| "undated".to_owned(), |d| d.to_string());
    let division = division.map_or("", DivisionCode::as_str);
    let hash = Sha256::digest(format!("{}@{date}{division}", work_key(title)));
    format!("r-{}", &hex::encode(hash)[..12])
}

/// What versions of one regulation share: its title without 《》, 中华人民共和国 at the front, spaces, a year in
/// parentheses at the end, and with brackets of one kind.
pub fn work_key(title: &str) -> String {
    let mut key = String::with_capacity(title.len());
    for c in title.chars() {
        match c {
            c if c.is_whitespace() => {}
            '(' | '〔' | '[' | '［' => key.push('（'),
            ')' | '〕' | ']' | '］' => key.push('）'),
            '<' | '＜' | '《' | '〈' => key.push('《'),
            '>' | '＞' | '》' | '〉' => key.push('》'),
            c => key.push(c),
        }
    }
    if key.starts_with('《') && key.ends_with('》') && key.matches('《').count() == 1 {
        key = key.trim_matches(['《', '》']).to_owned();
    }
    let key = key.strip_prefix("中华人民共和国").filter(|rest| !rest.is_empty()).unwrap_or(&key);
    strip_version_suffix(key).to_owned()
}

/// What a regulation is found by, whatever its version: a hash of its [`work_key`], since titles are long.
pub fn work_reference(title: &str) -> String {
    format!("work:{}", &hex::encode(Sha256::digest(work_key(title)))[..16])
}

/// Drops a trailing （2018年修正）, （1988修订） and the like; keeps （一） and （试行）.
fn strip_version_suffix(key: &str) -> &str {
    if let Some(open) = key.rfind('（')
        && key.ends_with('）')
    {
        let inside = &key[open + '（'.len_utf8()..key.len() - '）'.len_utf8()];
        let dated = inside.len() >= 4 && inside.as_bytes()[..4].iter().all(u8::is_ascii_digit);
        if dated && open > 0 && inside.contains('修') {
            return &key[..open];
        }
    }
    key
}

/// Regulations named in a text by which it is found: with the rest of its entries they fit into the store's largest
/// value. Only lists of what was repealed name more.
const MAX_NAMED_WORKS: usize = 100;

impl Kind for Regulation {
    const NAME: &'static str = "regulation";
    const LABEL: &'static str = "法规文件";
    const PATH: &'static str = "regulations";
    const AUDIENCE: Audience = Audience::Public;
    const VERSIONS: bool = true;
    const FIELDS: &'static [Field<Self>] = &[
        Field::given(
            Column::given("title", "标题", Shape::Line(300))
                .required()
                .hint("文件的全称，不加书名号")
                .example("遵义市湿地保护条例"),
            |r| vec![r.title.clone()],
            |r, values| {
                r.title = values.into_iter().next().unwrap_or_default();
                Ok(())
            },
        ),
        Field::given(
            Column::given("level", "效力层级", Shape::Choice(|| RegulationLevel::ALL.map(RegulationLevel::label).to_vec()))
                .required()
                .hint("宪法、法律、监察法规、行政法规、司法解释、部门规章、地方性法规、地方政府规章、规范性文件、党内法规、其他")
                .example("地方性法规"),
            |r| vec![r.level.label().to_owned()],
            |r, values| {
                let chosen = RegulationLevel::ALL.into_iter().find(|level| values.iter().any(|v| v == level.label()));
                r.level = chosen.ok_or("请从列表中选择")?;
                Ok(())
            },
        ),
        Field::given(
            Column::given(
                "document_kind",
                "文件种类",
                Shape::Choice(|| DocumentKind::ALL.map(DocumentKind::label).to_vec()),
            )
            .hint("规范、修改、废止、解释、决定；不写时为规范")
            .example("规范"),
            |r| vec![r.document_kind.label().to_owned()],
            |r, values| {
                let chosen = DocumentKind::ALL.into_iter().find(|kind| values.iter().any(|v| v == kind.label()));
                r.document_kind = chosen.unwrap_or(DocumentKind::Regulation);
                Ok(())
            },
        ),
        // The largest joint issues have some forty institutions, the longest names some fifty characters.
        Field::given(
            Column::given("issuers", "制定机关", Shape::Lines { most: 100, longest: 100 })
                .also(&["发文机关"])
                .hint("制定或发文机关的全称，多个用分号隔开")
                .example("遵义市人民代表大会常务委员会"),
            |r| r.issuers.clone(),
            |r, values| {
                r.issuers = values;
                Ok(())
            },
        ),
        Field::given(
            Column::given("document_number", "文号", Shape::Line(100)).hint("发文字号或令号，如 遵府办发〔2024〕3号"),
            |r| r.document_number.iter().cloned().collect(),
            |r, values| {
                r.document_number = values.into_iter().next();
                Ok(())
            },
        ),
        Field::given(
            Column::given("division", "区划代码", Shape::Division)
                .hint("制定机关所在区划的代码；全国性的不写")
                .example("520300"),
            |r| r.division.iter().map(ToString::to_string).collect(),
            |r, values| {
                let code: Option<DivisionCode> = values.first().and_then(|code| code.parse().ok());
                r.division = code.filter(|code| !code.is_nation());
                Ok(())
            },
        ),
        Field::given(
            Column::given("version_date", "成文日期", Shape::Day)
                .hint("通过、成文或最近一次修改的日期：同一标题的各次文本靠它区分")
                .example("2018-10-30"),
            |r| written(r.version_date),
            |r, values| {
                r.version_date = day(&values);
                Ok(())
            },
        ),
        Field::given(
            Column::given("published", "公布日期", Shape::Day).hint("公布日期").example("2018-12-06"),
            |r| written(r.published),
            |r, values| {
                r.published = day(&values);
                Ok(())
            },
        ),
        Field::given(
            Column::given("effective", "施行日期", Shape::Day).hint("施行日期").example("2019-02-02"),
            |r| written(r.effective),
            |r, values| {
                r.effective = day(&values);
                Ok(())
            },
        ),
        publication::TOPICS,
        publication::INDEX_NUMBER,
        publication::VALID_UNTIL,
        publication::OPENNESS,
        publication::EXPLANATION,
        publication::ATTACHMENTS,
        Field::shown(Column::made("stated_status", "来源所载时效", Shape::Line(10)), |r| {
            r.stated_status.iter().map(|status| status.label().to_owned()).collect()
        }),
        Field::shown(Column::made("articles", "条数", Shape::Number), |r| vec![r.articles.len().to_string()]),
    ];

    fn title(&self) -> &str {
        &self.title
    }

    fn blank() -> Option<Self> {
        Some(Self::blank("", RegulationLevel::Other))
    }

    fn complete(&mut self, _: Option<&Self>, _: Word<'_>) -> Vec<Fault> {
        let local = matches!(self.level, RegulationLevel::LocalRegulation | RegulationLevel::LocalGovernmentRule);
        match local && self.division.is_none() {
            true => vec![("division", format!("“{}”须属于一个行政区划：请填写制定机关所在区划的代码", self.level.label()))],
            false => Vec::new(),
        }
    }

    fn id(&self) -> Option<String> {
        Some(regulation_id(&self.title, self.version_date, self.division.as_ref()))
    }

    /// The regulations that its text names in title brackets.
    fn rests_on(&self) -> Vec<String> {
        let own = work_reference(&self.title);
        let mut named: Vec<String> = Vec::new();
        let texts = std::iter::once(&self.preamble).chain(self.articles.iter().map(|article| &article.text));
        for title in texts.flat_map(|text| quoted_titles(text)) {
            let work = work_reference(title);
            if work != own && !named.contains(&work) {
                named.push(work);
            }
            if named.len() == MAX_NAMED_WORKS {
                break;
            }
        }
        named
    }

    fn division(&self) -> Option<&DivisionCode> {
        self.division.as_ref()
    }

    fn attached(&self) -> &[AttachedFile] {
        &self.publication.attachments
    }

    fn attached_mut(&mut self) -> Option<&mut Vec<AttachedFile>> {
        Some(&mut self.publication.attachments)
    }

    fn keys(&self, of: &Envelope<'_>) -> Vec<String> {
        let mut all = Vec::new();
        if of.state != State::Withdrawn {
            all.extend(self.document_number.iter().map(|number| key(&["number", &part(number), of.id])));
            let files = of.provenance.iter().filter_map(Provenance::stored_file);
            all.extend(files.map(|hash| key(&["file", &part(hash), of.id])));
        }
        if of.is_public {
            all.push(key(&["work", &work_reference(&self.title), of.id]));
        }
        all
    }
}

fn written(date: Option<Date>) -> Values {
    date.iter().map(ToString::to_string).collect()
}

/// The day of a column, in its standard form.
fn day(values: &[String]) -> Option<Date> {
    values.first().and_then(|day| day.parse().ok())
}

#[cfg(test)]
mod tests;
