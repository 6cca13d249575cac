//! What a search answers, in the shape of the API's contract. Pages are made from the same values.

use std::collections::BTreeMap;

use indexer::record::{Contacts, Date, Evidence, InstitutionLevel, RegulationLevel, Stated, Status, lists::codes};
use serde::Serialize;
use utoipa::ToSchema;

use crate::web_names::{AddressPart, Imitates, ListedName, OwnerPart, ReasonPart};

/// The answer to a search.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct SearchReply {
    pub query: QueryEcho,
    /// Number of the index generation that answered.
    pub generation: u64,
    /// Milliseconds spent searching. No part of the answer, which is the same from run to run: callers find it in
    /// a header.
    #[serde(skip)]
    pub took_ms: f64,
    /// Ranked hits in all, without `direct`.
    pub total: u64,
    /// Page shown, counted from 1.
    pub page: u32,
    /// Hits a page.
    pub size: u32,
    /// Certain answers: a citation resolved, a document number, a code, an exact official name, an address.
    pub direct: Vec<Hit>,
    pub hits: Vec<Hit>,
    pub facets: Facets,
    /// Articles left out since they hold only pieces of what was asked for; `partial=1` lists them.
    pub partial_articles: u64,
    /// Institutions and divisions left out since only their names are like that of a certain answer; `partial=1` lists them.
    pub partial_names: u64,
    /// An institution that was named and has no record.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub missing: Option<MissingPart>,
    /// What the address is that was typed; see `/check`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub check: Option<Box<CheckReply>>,
    /// The steps of the query, with `explain=1`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    pub explain: Option<serde_json::Value>,
}

/// An institution that a query names and that has no record: a division and a kind of office that other regions have.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct MissingPart {
    /// The division's code.
    pub division: String,
    pub division_name: String,
    /// The kind of office, without the region: 医疗保障局.
    #[serde(rename = "body")]
    pub office: String,
    /// Institutions of the division that have a record.
    pub institutions: u64,
    /// Path of the division's page, which lists them.
    pub url: String,
}

/// Whether an address is an official web name.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct CheckReply {
    /// The address as pasted, without control characters; of several in a text the worst.
    pub url: String,
    /// `official`, `lookalike`, `unknown` or `invalid`.
    pub verdict: &'static str,
    pub verdict_label: &'static str,
    /// What the verdict means, in words for everyone.
    pub meaning: &'static str,
    /// The host that a browser would go to, in A-labels.
    pub host: Option<String>,
    /// The same in U-labels.
    pub host_unicode: Option<String>,
    /// The listed name that it is, or lies under.
    pub name: Option<ListedName>,
    /// A nearer name that a list gives to another institution, not reviewed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub nearer: Option<ListedName>,
    /// Whose the name is, where the verdict is `official`.
    pub institution: Option<OwnerPart>,
    #[schema(value_type = Option<String>)]
    pub evidence: Option<Evidence>,
    pub evidence_label: Option<&'static str>,
    /// The deciding reason first.
    pub reasons: Vec<ReasonPart>,
    /// Whose name it was before, and until when, the latest first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub former: Vec<String>,
    /// What it imitates.
    pub imitates: Option<Imitates>,
    /// Institutions that may be meant, with their own sites.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub see: Vec<Hit>,
    /// Where a text was pasted that is not one address alone: every address in it, the worst first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub addresses: Vec<AddressPart>,
    pub generation: u64,
}

impl CheckReply {
    /// Code of the reason that decided; empty where there is none.
    pub fn deciding_reason(&self) -> &'static str {
        self.reasons.first().map_or("", |reason| reason.code)
    }
}

/// What was understood of the query.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct QueryEcho {
    pub text: String,
    /// Names of the intents found: `citation`, `address`, `region_body`, `words` …
    pub intents: Vec<IntentEcho>,
    /// What was most likely meant, where the query has no answer of its own.
    pub corrected: Option<String>,
    /// Everything that may have been meant, where that is not certain; empty when the correction was answered instead.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub did_you_mean: Vec<String>,
    /// Things the reader should know: an ignored part, a code whose check digit is wrong.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
}

#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct IntentEcho {
    pub kind: &'static str,
    /// The part of the query it was read from.
    pub text: String,
    /// What it was read as: a title and article, a canonical document number, a division's name.
    pub meaning: String,
}

/// One answer. `kind` tells which of the optional parts is filled.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Hit {
    pub id: String,
    /// `institution`, `service`, `regulation`, `article`, `division` or `web_name`.
    pub kind: &'static str,
    pub title: String,
    /// The title as HTML: escaped, matches in `<mark>`.
    pub title_html: String,
    /// The best passage as HTML: escaped, matches in `<mark>`.
    pub snippet: String,
    /// Path of its page.
    pub url: String,
    pub score: f32,
    /// Validity of a regulation: 现行有效, 尚未生效, 已修改, 已废止.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub article: Option<ArticlePart>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub regulation: Option<RegulationPart>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub institution: Option<InstitutionPart>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub division: Option<DivisionPart>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub web_name: Option<WebNamePart>,
    /// For kinds that the directory knows in general, by the name of the kind: `service`.
    #[serde(flatten)]
    pub listed: BTreeMap<&'static str, ListedPart>,
    /// Why it is here, in words: 名称完全一致, 网址一致, 引用条文.
    pub why: Vec<String>,
}

#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ArticlePart {
    /// Title of the regulation.
    pub regulation: String,
    pub regulation_id: String,
    /// 第十二条
    pub number: String,
    /// Headings above it, outermost first: 第一章 总则.
    pub headings: Vec<String>,
    /// Whole text; given for direct answers only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// Where a citation names a paragraph or item: 第一款第（三）项.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub within: Option<String>,
    /// The sentence that answers the question, as HTML with what was asked for in `<mark>`; left out where no question
    /// was asked, or no sentence stands out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sentence: Option<String>,
    #[serde(flatten)]
    pub summary: RegulationSummary,
}

/// What is said of a regulation wherever it or its articles appear.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct RegulationSummary {
    /// 法律, 行政法规 …
    #[schema(value_type = String)]
    pub level: RegulationLevel,
    #[schema(value_type = String)]
    pub validity: Status,
    /// Whether the library holds the text that replaced or repealed it; a source's word alone may be a mistake.
    pub attested: bool,
    pub issuers: Vec<String>,
    pub document_number: Option<String>,
    #[schema(value_type = Option<String>, format = Date)]
    pub version_date: Option<Date>,
    /// Code of the division of a local regulation.
    pub division: Option<String>,
}

#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct RegulationPart {
    #[serde(flatten)]
    pub summary: RegulationSummary,
    pub articles: u32,
    /// Number of versions known of it, this one included.
    pub versions: u32,
}

#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct InstitutionPart {
    pub short_names: Vec<String>,
    pub division: String,
    pub division_name: String,
    /// 政府, 党委 …
    pub category: &'static str,
    #[schema(value_type = String)]
    pub level: InstitutionLevel,
    pub websites: Vec<WebsitePart>,
    pub web_names: Vec<String>,
    /// The name was made by rule and may differ from the real one.
    pub name_constructed: bool,
    /// How it is reached, as far as that is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub contacts: Option<ContactsPart>,
    /// Where the query asks how it is reached: numbers of its system or of the local government that answer for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hotlines: Option<Vec<HotlinePart>>,
    /// Entrances of the same name whose site is the institution's: they are no hits of their own.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub entrances: Vec<EntrancePart>,
}

/// What is done at an institution's site.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct EntrancePart {
    /// The entrance 办事入口.
    pub name: String,
    /// What one does there.
    pub what: String,
    /// Path of its page.
    pub url: String,
}

/// A number of a whole system.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct HotlinePart {
    pub number: String,
    /// The entrance 办事入口 whose number it is.
    pub name: String,
    /// What it is for.
    pub matter: String,
    /// Who answers.
    pub owner: String,
    /// Path of its page.
    pub url: String,
}

/// How an institution is reached; what is not known is left out.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ContactsPart {
    /// Public phones of the office.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub phones: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
    /// Office hours, in words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hours: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub postcode: Option<String>,
    /// Its mini-programs and public accounts, by name.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub accounts: Vec<String>,
    /// Number of its site's ICP record.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub icp: Option<String>,
    /// Its site's 网站标识码.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub site_code: Option<String>,
    /// Where each comes from; of the credit code too.
    pub sources: Vec<ContactSource>,
}

/// Where a way to reach an institution comes from.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ContactSource {
    /// `phones`, `address`, `hours`, `postcode`, `accounts`, `credit_code`, `icp` or `site_code`.
    pub field: String,
    /// A list, or an office.
    pub source: String,
    #[schema(value_type = Option<String>, format = Date)]
    pub date: Option<Date>,
}

impl ContactsPart {
    /// `None` where nothing is known.
    pub fn of(contacts: &Contacts) -> Option<Self> {
        let source = |(field, stated): (&String, &Stated)| ContactSource {
            field: field.clone(),
            source: stated.source.clone(),
            date: stated.day,
        };
        (!contacts.is_empty()).then(|| Self {
            phones: contacts.phones.clone(),
            address: contacts.address.clone(),
            hours: contacts.hours.clone(),
            postcode: contacts.postcode.clone(),
            accounts: contacts.accounts.clone(),
            icp: contacts.icp.clone(),
            site_code: contacts.site_code.clone(),
            sources: contacts.stated.iter().map(source).collect(),
        })
    }
}

/// A record of a kind that the directory knows in general.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ListedPart {
    pub other_names: Vec<String>,
    /// What kind of thing it is: 查询, 办理, 投诉举报 …
    pub category: String,
    /// The institution in charge.
    pub owner: String,
    pub owner_id: Option<String>,
    /// Code of the division that it serves.
    pub division: Option<String>,
    /// What one does there.
    pub what: String,
    pub hotline: Option<String>,
    /// What else to know: a number that another one took over, a former address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    pub websites: Vec<WebsitePart>,
}

impl ListedPart {
    /// Its other names but for codes of items, by which it is found and which nobody calls it.
    pub fn words_for_it(&self) -> Vec<&str> {
        let is_code = |name: &str| {
            name.is_ascii() && (codes::basic_code(name).is_ok() || codes::implementation_code(name).is_ok())
        };
        self.other_names.iter().map(String::as_str).filter(|name| !is_code(name)).collect()
    }
}

#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct WebsitePart {
    pub url: String,
    pub host: String,
    #[schema(value_type = String)]
    pub evidence: Evidence,
    /// Titles of the lists that give this address.
    pub sources: Vec<String>,
    /// Not under gov.cn: waits for review.
    pub off_gov_cn: bool,
    /// How it may be offered: `official`, `government_name` or `recorded_name` (under a recorded name; whether it is
    /// this institution's own site is not settled), `unverified`.
    pub standing: &'static str,
    /// That in words, where the evidence does not say it.
    #[serde(skip_serializing_if = "str::is_empty")]
    pub standing_label: &'static str,
    /// May be opened: not `unverified`.
    #[serde(skip)]
    pub linked: bool,
}

#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct DivisionPart {
    pub code: String,
    /// 省级, 地级 …
    pub level: &'static str,
    /// Names above it, outermost first.
    pub path: Vec<String>,
    pub institutions: u64,
    /// The same with all divisions below.
    pub institutions_with_below: u64,
    /// Its government with its site; where that has none that may be opened, the nearest above follows.
    pub governments: Vec<GovernmentPart>,
    /// Numbers that its government, or the nearest above that has some, is in charge of.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub hotlines: Vec<HotlinePart>,
}

/// A government that a division leads to.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct GovernmentPart {
    pub id: String,
    pub name: String,
    /// Path of its page.
    pub url: String,
    /// The division's own; otherwise of one above.
    pub own: bool,
    pub websites: Vec<WebsitePart>,
}

#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct WebNamePart {
    pub ascii: String,
    pub institution: String,
    pub institution_id: Option<String>,
    #[schema(value_type = String)]
    pub evidence: Evidence,
    pub basis: String,
}

/// Counts over all hits, each list by falling count.
#[derive(Debug, Clone, Default, Serialize, ToSchema)]
pub struct Facets {
    pub kind: Vec<FacetValue>,
    pub level: Vec<FacetValue>,
    pub region: Vec<FacetValue>,
    pub status: Vec<FacetValue>,
    pub year: Vec<FacetValue>,
    /// As the issuers of regulations class them; regulations that are not classed are in none.
    pub topic: Vec<FacetValue>,
}

#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct FacetValue {
    /// What to give as the parameter of the same name.
    pub value: String,
    /// What to show.
    pub label: String,
    pub count: u64,
}

/// Completions of what is being typed, grouped by kind.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct SuggestReply {
    pub query: String,
    pub generation: u64,
    pub suggestions: Vec<Suggestion>,
    /// Whether the text holds an address, by the rule of the box and of the check; told by whoever answers over HTTP.
    pub holds_address: bool,
}

#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Suggestion {
    pub kind: &'static str,
    /// What the kind is called: the heading of its group.
    pub label: &'static str,
    pub text: String,
    /// Beside the text: a division's path, a regulation's level and date.
    pub detail: String,
    pub url: String,
}

/// What a text cites.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ResolveReply {
    pub generation: u64,
    pub citations: Vec<ResolvedCitation>,
    /// More citations were found than a request may resolve.
    pub truncated: bool,
}

#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ResolvedCitation {
    /// As written.
    pub text: String,
    /// Place in the request's text, in Unicode characters: start and end.
    #[schema(value_type = Vec<usize>, min_items = 2, max_items = 2)]
    pub span: (usize, usize),
    /// Canonical form: 《中华人民共和国行政许可法》第十二条.
    pub canonical: Option<String>,
    /// `resolved`, `no_such_article`, `deleted_article`, `no_such_section`, `no_such_version`, `no_such_number`,
    /// `unknown_title`.
    pub outcome: &'static str,
    pub hits: Vec<Hit>,
}

/// Names matched to institutions.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct MatchReply {
    pub generation: u64,
    pub results: Vec<MatchResult>,
}

#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct MatchResult {
    pub name: String,
    /// The one institution it certainly is; `None` where there is none or more than one.
    pub chosen: Option<String>,
    pub candidates: Vec<MatchCandidate>,
}

#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct MatchCandidate {
    pub id: String,
    pub name: String,
    /// From 0 to 1.
    pub confidence: f32,
    /// What it rests on: 全称一致, 简称一致 …
    pub basis: &'static str,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_of_items_are_no_words_for_them_and_other_numbers_are() {
        let names = [
            "办示例证",
            "511A0017300006",
            "XK00101000",
            "650200207CF49000",
            "520112345000",
            "12345678",
            "GB18030-2005",
        ];
        let part = ListedPart {
            other_names: names.map(str::to_owned).to_vec(),
            category: String::new(),
            owner: String::new(),
            owner_id: None,
            division: None,
            what: String::new(),
            hotline: None,
            note: None,
            websites: Vec::new(),
        };
        assert_eq!(part.words_for_it(), ["办示例证", "12345678", "GB18030-2005"]);
    }
}
