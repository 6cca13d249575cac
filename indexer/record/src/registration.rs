//! The rules for official web names, each with its source.
//!
//! Sources: the registry's guide for .政务 and .公益 of 2016 (who may register, what a name is made of); 国办发〔2017〕47号
//! on gov.cn (structure, who should not use it); the interim measures of 2014 on web names of party and government
//! organs (one name of each kind); RFC 1035 (lengths). Length of a label in characters and the site identification code
//! are common practice of the field, marked so, and may be changed where a registry says otherwise.

use serde::Serialize;

use crate::Category;
use text::web_name::{
    Host, Registry,
    address::{MAX_HOST, MAX_LABEL},
};

/// A rule as it is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Rule {
    /// Stable.
    pub code: &'static str,
    pub text: &'static str,
    pub source: &'static str,
}

const GUIDE: &str = "政务和公益机构域名注册管理机构指南（2016年）";
const GOV_CN: &str = "国办发〔2017〕47号（政府网站发展指引）";
const MEASURES: &str = "党政机关、事业单位和社会组织网上名称管理暂行办法（2014年）";
const OPENING: &str = "国办函〔2018〕55号（加强政府网站域名管理）";
const RESERVATION: &str = "政务域名注册管理机构的 ICANN 申请书（1-922-56316）";
const RFC: &str = "RFC 1035 第2.3.4节";
const PRACTICE: &str = "通行做法，以注册管理机构的规定为准";

macro_rules! rules {
    ($($name:ident = $code:literal, $text:literal, $source:expr;)*) => {
        $(pub const $name: Rule = Rule { code: $code, text: $text, source: $source };)*
        /// All rules, for the page and the tests.
        pub const ALL: &[Rule] = &[$($name),*];
    };
}

rules! {
    ENDING = "ending", "官方网上名称以 gov.cn、.政务、.公益、.政务.cn、.公益.cn 结尾", GUIDE;
    AFFAIRS_OWNER = "affairs_owner", "“.政务”由党委、人大、政府、政协、监委、法院、检察院和民主党派使用；群团和事业单位承担行政职能的也可以使用", GUIDE;
    PUBLIC_OWNER = "public_owner", "“.公益”由事业单位、基层群众性自治组织、社会组织、民办非企业单位、基金会等非营利单位使用，党政机关不使用", GUIDE;
    GOV_OWNER = "gov_owner", "不承担行政职能的事业单位不使用 gov.cn", GOV_CN;
    REVIEW = "review", "由同级机构编制部门审核", GUIDE;
    CHARACTERS = "characters", "中文名称由汉字组成，可以含字母、数字和连字符，至少有一个汉字；连字符不在首尾", GUIDE;
    LATIN = "latin", "gov.cn 之下的名称由字母、数字和连字符组成；连字符不在首尾", GOV_CN;
    CHARACTER_COUNT = "character_count", "名称不超过 20 个字", PRACTICE;
    LABEL_BYTES = "label_bytes", "名称的每一段编码后不超过 63 个字节，全长不超过 253 个字节", RFC;
    ONE_LABEL = "one_label", "中文名称直接注册在“.政务”“.公益”之下，前面不再分段", GUIDE;
    NAME = "name", "名称用单位的全称、规范简称或其他常用简称；也可以用与职责相符的网站名称", GUIDE;
    PARENT = "parent", "所在行政区划的名称不唯一时，前面加上级行政区划的名称", GUIDE;
    PORTAL = "portal", "政府门户网站用 www.X.gov.cn，X 是地名的拼音或英文", GOV_CN;
    DEPARTMENT = "department", "部门网站用 A.X.gov.cn，A 是部门名称的拼音或英文，X.gov.cn 是本级政府门户的名称", GOV_CN;
    ONE_EACH = "one_each", "一个网站原则上一个中文名称、一个英文名称；有多个时指定一个为主", MEASURES;
    TAKEN = "taken", "名称已经有使用者，不能重复注册", GUIDE;
    SITE_CODE = "site_code", "网站标识码是 10 位数字，前 6 位是行政区划代码；国务院部门的是 bm 和 8 位数字", PRACTICE;
    RESERVED = "reserved", "行政区划的名称留给当地人民政府，别的单位不单独使用", RESERVATION;
    VARIANT = "variant", "与已注册名称只有繁简、异体之别的名称不能再注册", PRACTICE;
    FORMER = "former", "曾属于别的单位的名称，先核对旧文件、链接和标识是否还指向原单位", PRACTICE;
    MAIN_NAME = "main_name", "一个网站有两个以上中文名称或英文名称的，指定其中一个为主域名", OPENING;
}

/// What follows from a finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// The name may not be registered so.
    Blocks,
    /// It depends on something that the registrar has to show.
    Asks,
    /// Fulfilled, or worth knowing.
    Informs,
}

impl Severity {
    /// The name used in the API.
    pub fn name(self) -> &'static str {
        match self {
            Self::Blocks => "blocks",
            Self::Asks => "asks",
            Self::Informs => "informs",
        }
    }
}

/// A rule applied to a proposed name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    #[serde(flatten)]
    pub rule: Rule,
    pub severity: Severity,
    /// What it means for this name.
    pub detail: String,
}

impl Finding {
    pub fn new(rule: Rule, severity: Severity, detail: impl Into<String>) -> Self {
        Self { rule, severity, detail: detail.into() }
    }

    pub fn label(&self) -> &'static str {
        match self.severity {
            Severity::Blocks => "不符合",
            Severity::Asks => "待说明",
            // A rule that says what comes next is not fulfilled by the name.
            Severity::Informs if self.detail.is_empty() => "提示",
            Severity::Informs => "符合",
        }
    }
}

/// Who wants a name.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Applicant {
    /// Full, short and former names, as keys of the text pipeline.
    pub names: Vec<String>,
    pub category: Option<Category>,
    /// Whether it has administrative functions; `None` where that was not said.
    pub administrative: Option<bool>,
    /// The name of its division where other divisions share it, with the names of those above it.
    pub shared_division: Option<SharedDivision>,
    /// Its unified social credit code, where it is known.
    pub credit_code: Option<String>,
    /// Names of the place whose government it is, as keys: 遵义市, 遵义.
    pub governs: Vec<String>,
}

impl Applicant {
    /// Whether its code says that it is an institution 事业单位: most have no administrative functions, and some do.
    pub fn is_institution_by_code(&self) -> bool {
        self.credit_code.as_deref().is_some_and(|code| code.starts_with("12"))
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SharedDivision {
    /// 鼓楼区
    pub name: String,
    /// 南京市, 南京, 江苏省, 江苏
    pub above: Vec<String>,
}

/// Whether a category is an organ of party or state.
pub(crate) fn is_organ(category: Category) -> bool {
    use Category::*;
    matches!(
        category,
        Party
            | Congress
            | Government
            | Cppcc
            | Supervision
            | Court
            | Procuratorate
            | DemocraticParty
            | VerticallyManaged
    )
}

/// Characters that a label may have (rule [`CHARACTER_COUNT`]).
pub(crate) const MAX_CHARACTERS: usize = 20;

/// What the rules say of a name, blocking findings first. `key` brings a label to the form of [`Applicant::names`].
pub fn judge(host: &Host, applicant: &Applicant, key: impl Fn(&str) -> String) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut say = |rule, severity, detail: String| findings.push(Finding::new(rule, severity, detail));
    let Some(registry) = Registry::of(&host.ascii) else {
        say(ENDING, Severity::Blocks, format!("“{}”不在这些后缀之下", host.unicode));
        return findings;
    };
    if let Some((rule, severity, detail)) = ownership(registry, applicant) {
        say(rule, severity, detail.to_owned());
    }
    let own = own_labels(host);
    for (ascii, unicode) in &own {
        let latin = unicode.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
        let han = unicode.chars().any(is_han);
        let permitted = unicode.chars().all(|c| is_han(c) || c.is_ascii_alphanumeric() || c == '-');
        let hyphens = !unicode.starts_with('-') && !unicode.ends_with('-');
        match registry {
            Registry::Government if !latin || !hyphens => {
                say(LATIN, Severity::Blocks, format!("“{unicode}”里有别的字符"));
            }
            Registry::Affairs | Registry::PublicInterest if !han || !permitted || !hyphens => {
                let what = if han { "里有别的字符" } else { "里没有汉字" };
                say(CHARACTERS, Severity::Blocks, format!("“{unicode}”{what}"));
            }
            _ => {}
        }
        let count = unicode.chars().count();
        if count > MAX_CHARACTERS {
            say(CHARACTER_COUNT, Severity::Blocks, format!("“{unicode}”有 {count} 个字"));
        }
        if ascii.len() > MAX_LABEL || host.ascii.len() > MAX_HOST {
            say(LABEL_BYTES, Severity::Blocks, format!("“{unicode}”编码后有 {} 个字节", ascii.len()));
        }
    }
    match registry {
        Registry::Government => structure(&own, applicant, &mut say),
        Registry::Affairs | Registry::PublicInterest => {
            if own.len() > 1 {
                say(ONE_LABEL, Severity::Blocks, format!("“{}”分成了 {} 段", host.unicode, own.len()));
            }
            if let Some((_, label)) = own.first() {
                naming(label, applicant, &key, &mut say);
            }
        }
    }
    say(REVIEW, Severity::Informs, String::new());
    say(ONE_EACH, Severity::Informs, String::new());
    findings.sort_by_key(|f| f.severity);
    findings
}

fn ownership(registry: Registry, applicant: &Applicant) -> Option<(Rule, Severity, &'static str)> {
    use Severity::{Asks, Blocks, Informs};
    let by_code =
        applicant.category.is_none_or(|category| category == Category::Other) && applicant.is_institution_by_code();
    let category = if by_code { Some(Category::PublicInstitution) } else { applicant.category };
    let Some(category) = category else {
        let rule = if registry == Registry::PublicInterest { PUBLIC_OWNER } else { AFFAIRS_OWNER };
        return Some((rule, Asks, "没有说明申请单位的类别，请核对是否属于这些单位"));
    };
    let conditional = |rule| match applicant.administrative {
        Some(true) => (rule, Informs, "承担行政职能，可以使用"),
        Some(false) => (rule, Blocks, "不承担行政职能，不能使用；可以用“.公益”"),
        None => (rule, Asks, "承担行政职能的才可以使用，请说明依据"),
    };
    Some(match registry {
        Registry::Affairs if is_organ(category) => (AFFAIRS_OWNER, Informs, "属于这些单位"),
        Registry::Affairs => conditional(AFFAIRS_OWNER),
        Registry::Government if is_organ(category) => (GOV_OWNER, Informs, "是党政机关，可以使用"),
        Registry::Government => conditional(GOV_OWNER),
        Registry::PublicInterest if is_organ(category) => (PUBLIC_OWNER, Blocks, "是党政机关，应当用“.政务”"),
        Registry::PublicInterest if applicant.administrative == Some(true) => {
            (PUBLIC_OWNER, Asks, "承担行政职能的也可以用“.政务”，请择一为主")
        }
        Registry::PublicInterest => (PUBLIC_OWNER, Informs, "属于这些单位"),
    })
}

/// Labels before the registry's ending, in both forms.
fn own_labels(host: &Host) -> Vec<(&str, &str)> {
    let ending = if host.ascii.ends_with(".cn") { 2 } else { 1 };
    let labels: Vec<(&str, &str)> = host.ascii.split('.').zip(host.unicode.split('.')).collect();
    labels[..labels.len().saturating_sub(ending)].to_vec()
}

/// The structure of a name under gov.cn.
fn structure(own: &[(&str, &str)], applicant: &Applicant, say: &mut impl FnMut(Rule, Severity, String)) {
    let portal = applicant.names.iter().any(|name| name.ends_with("人民政府"));
    match (own.len(), portal) {
        (1, true) => say(PORTAL, Severity::Informs, "是 X.gov.cn 的形式".into()),
        (_, true) => say(PORTAL, Severity::Blocks, "政府门户网站的名称只有一段，不分级".into()),
        (2, false) => say(DEPARTMENT, Severity::Informs, "是 A.X.gov.cn 的形式".into()),
        (1, false) if applicant.names.is_empty() => {
            say(PORTAL, Severity::Asks, "只有政府门户网站直接用 X.gov.cn，请核对申请单位".into());
        }
        (1, false) => say(DEPARTMENT, Severity::Asks, "部门网站应在本级政府门户的名称之下".into()),
        (n, false) => say(DEPARTMENT, Severity::Blocks, format!("gov.cn 之前有 {n} 段，部门网站只有两段")),
    }
}

fn naming(
    label: &str,
    applicant: &Applicant,
    key: &impl Fn(&str) -> String,
    say: &mut impl FnMut(Rule, Severity, String),
) {
    let label_key = key(label);
    if !applicant.names.is_empty() {
        if applicant.governs.contains(&label_key) {
            say(NAME, Severity::Informs, "是本级政府所在行政区划的名称".into());
        } else if applicant.names.contains(&label_key) {
            say(NAME, Severity::Informs, "与资料中该单位的名称一致".into());
        } else {
            say(NAME, Severity::Asks, "不是资料中该单位的全称或简称；作为网站名称，要与职责相符".into());
        }
    }
    let Some(shared) = &applicant.shared_division else { return };
    let division = key(&shared.name);
    if let Some(at) = label_key.find(&division) {
        let before = &label_key[..at];
        if !shared.above.iter().any(|above| before.ends_with(key(above).as_str())) {
            let parent = shared.above.first().map_or("", String::as_str);
            say(PARENT, Severity::Blocks, format!("“{}”不止一个，应写成“{parent}{label}”", shared.name));
        }
    }
}

fn is_han(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{9FFF}' | '\u{20000}'..='\u{3FFFF}' | '〇')
}

/// Reads a site identification code 网站标识码: ten digits, of which the first six are a division's, or `bm` and eight digits for
/// the departments of the State Council. `known` tells whether a division's code exists.
pub fn site_code(code: &str, known: impl Fn(&str) -> bool) -> Result<&str, Finding> {
    let code = code.trim();
    let refuse = |detail: String| Err(Finding::new(SITE_CODE, Severity::Blocks, detail));
    let digits = |text: &str, n: usize| text.len() == n && text.bytes().all(|b| b.is_ascii_digit());
    if code.strip_prefix("bm").is_some_and(|number| digits(number, 8)) {
        return Ok(code);
    }
    if !digits(code, 10) {
        let shown = code.chars().take(30).collect::<String>();
        return refuse(format!("“{shown}”不是 10 位数字，也不是 bm 和 8 位数字"));
    }
    if known(&code[..6]) { Ok(code) } else { refuse(format!("没有代码为 {} 的行政区划", &code[..6])) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(text: &str) -> String {
        text.chars().filter(|c| c.is_alphanumeric()).collect()
    }

    fn applicant(category: Category, names: &[&str]) -> Applicant {
        Applicant {
            names: names.iter().map(|n| (*n).to_owned()).collect(),
            category: Some(category),
            ..Applicant::default()
        }
    }

    fn worst(name: &str, applicant: &Applicant) -> Vec<(&'static str, Severity)> {
        let host = Host::parse(name).unwrap();
        let findings = judge(&host, applicant, key);
        findings.into_iter().filter(|f| f.severity != Severity::Informs).map(|f| (f.rule.code, f.severity)).collect()
    }

    #[test]
    fn who_may_have_what() {
        use Severity::{Asks, Blocks};
        let government = applicant(Category::Government, &["遵义市财政局"]);
        let hospital = applicant(Category::PublicInstitution, &["威海市妇女儿童医院"]);
        let with = |administrative| Applicant { administrative: Some(administrative), ..hospital.clone() };
        assert_eq!(worst("遵义市财政局.政务", &government), []);
        assert_eq!(worst("遵义市财政局.公益", &government), [("public_owner", Blocks)]);
        assert_eq!(worst("威海市妇女儿童医院.公益", &hospital), []);
        assert_eq!(worst("威海市妇女儿童医院.政务", &hospital), [("affairs_owner", Asks)]);
        assert_eq!(worst("威海市妇女儿童医院.政务", &with(false)), [("affairs_owner", Blocks)]);
        assert_eq!(worst("威海市妇女儿童医院.政务", &with(true)), []);
        assert_eq!(worst("yy.weihai.gov.cn", &with(false)), [("gov_owner", Blocks)]);
        assert_eq!(worst("遵义市财政局.网址", &government), [("ending", Blocks)]);
        assert_eq!(worst("遵义市财政局.政务", &Applicant::default())[0].0, "affairs_owner");
    }

    #[test]
    fn labels_have_their_rules() {
        let a = applicant(Category::Government, &["遵义市财政局"]);
        assert_eq!(worst("caizheng.政务", &a)[0].0, "characters");
        assert_eq!(worst("一二三四五六七八九十一二三四五六七八九十一.政务", &a)[0].0, "character_count");
        assert_eq!(worst("财政.遵义.政务", &a)[0].0, "one_label");
        assert_eq!(worst("遵义财政网.政务", &a), [("name", Severity::Asks)]);
        assert_eq!(worst("财政.gov.cn", &a)[0].0, "latin");
        assert!(Host::parse("-财政.政务").is_err());
    }

    #[test]
    fn a_name_that_several_places_share_needs_its_parent() {
        let shared = SharedDivision { name: "鼓楼区".into(), above: vec!["南京市".into(), "南京".into()] };
        let names = &["鼓楼区人民政府", "南京市鼓楼区人民政府"];
        let a = Applicant { shared_division: Some(shared), ..applicant(Category::Government, names) };
        assert_eq!(worst("鼓楼区人民政府.政务", &a), [("parent", Severity::Blocks)]);
        assert_eq!(worst("南京市鼓楼区人民政府.政务", &a), []);
        assert_eq!(worst("南京鼓楼区人民政府.政务", &a), [("name", Severity::Asks)]);
    }

    #[test]
    fn gov_cn_has_a_structure() {
        let portal = applicant(Category::Government, &["遵义市人民政府"]);
        let department = applicant(Category::Government, &["遵义市财政局"]);
        assert_eq!(worst("zunyi.gov.cn", &portal), []);
        assert_eq!(worst("www.zunyi.gov.cn", &portal), []);
        assert_eq!(worst("a.zunyi.gov.cn", &portal), [("portal", Severity::Blocks)]);
        assert_eq!(worst("czj.zunyi.gov.cn", &department), []);
        assert_eq!(worst("zunyicz.gov.cn", &department), [("department", Severity::Asks)]);
        assert_eq!(worst("a.czj.zunyi.gov.cn", &department), [("department", Severity::Blocks)]);
    }

    #[test]
    fn site_codes_are_ten_digits_of_a_known_place() {
        let known = |code: &str| code == "520300";
        assert_eq!(site_code(" 5203000001 ", known), Ok("5203000001"));
        assert_eq!(site_code("bm55000001", known), Ok("bm55000001"));
        for bad in [
            "bm5500000",
            "bm550000011",
            "BM55000001",
            "bm5500000x",
            "520300001",
            "52030000011",
            "9999990001",
            "520300000x",
            "",
        ] {
            assert_eq!(site_code(bad, known).unwrap_err().rule, SITE_CODE, "{bad}");
        }
    }

    #[test]
    fn n6_site_codes_have_two_forms() {
        let known = |code: &str| code == "340600";
        for good in ["bm55000001", "3406000012"] {
            assert_eq!(site_code(good, known), Ok(good));
        }
        assert_eq!(site_code("9906000012", known).unwrap_err().rule, SITE_CODE);
    }

    #[test]
    fn every_rule_has_a_code_of_its_own_and_a_source() {
        let codes: std::collections::HashSet<_> = ALL.iter().map(|r| r.code).collect();
        assert_eq!(codes.len(), ALL.len());
        assert!(ALL.iter().all(|r| !r.source.is_empty() && !r.text.is_empty()));
    }
}
