//! May this name be registered? Judged by the rules, with what is taken near it and what would be a standard name.

use std::collections::BTreeSet;

use indexer::{
    index::{
        Generation,
        official::{Name, one_edit},
    },
    record::{Category, Institution, NameStatus},
    web_name::{
        AddressFault, Host, Registry, address, fold,
        naming::{self, Alternative, Known, Likelihood, Taken},
        rules::{self, Applicant, Finding, Severity, SharedDivision},
        variant,
    },
};
use serde::Serialize;
use utoipa::ToSchema;

use super::reply::ListedName;

/// Proposals made of one institution's names, and names shown near one.
const MAX_PROPOSALS: usize = 8;
const MAX_NEIGHBOURS: usize = 8;
/// Endings tried for a name's neighbours: the registries' own.
const ENDINGS: [&str; 4] = ["政务", "公益", "政务.cn", "公益.cn"];

/// What is asked.
pub struct Wanted<'a> {
    /// The name as typed; empty where only proposals are wanted.
    pub name: &'a str,
    /// Who wants it, where it has a record.
    pub institution: Option<(&'a str, &'a Institution)>,
    /// Where it has none.
    pub category: Option<Category>,
    pub administrative: Option<bool>,
    /// 网站标识码 of the site, where it has one.
    pub site_code: Option<&'a str>,
}

#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ValidateReply {
    /// As read, in U-labels; `None` where none was given or it is no name.
    pub name: Option<String>,
    /// In A-labels.
    pub host: Option<String>,
    /// `false` where a rule forbids it, `true` where none does and nothing is left to show; `None` where it depends.
    pub allowed: Option<bool>,
    /// In words.
    pub summary: String,
    /// Rules applied, blocking ones first.
    #[schema(value_type = Vec<FindingPart>)]
    pub findings: Vec<Finding>,
    /// Names in use near it: the same label under other endings, names one character away, names that look alike.
    pub neighbours: Vec<ListedName>,
    /// Standard names made from the institution's record.
    pub proposals: Vec<Proposal>,
    /// `likely` or `unlikely` to pass review; `None` where no name was asked about.
    pub likelihood: Option<&'static str>,
    pub likelihood_label: Option<&'static str>,
    /// Up to three other names that no rule speaks against.
    #[schema(value_type = Vec<AlternativePart>)]
    pub alternatives: Vec<Alternative>,
    pub generation: u64,
}

impl ValidateReply {
    /// Adds something that is to be shown or looked at.
    pub fn ask(&mut self, finding: Finding) {
        self.findings.push(finding);
        self.findings.sort_by_key(|finding| finding.severity);
        if self.allowed != Some(false) {
            let asked = self.findings.iter().filter(|finding| finding.severity == Severity::Asks).count();
            (self.allowed, self.summary) = (None, format!("有 {asked} 处需要说明或核对"));
        }
    }
}

/// How a [`Finding`] is written, for the document of the interface.
#[derive(ToSchema)]
#[schema(as = Finding)]
#[allow(dead_code, reason = "never made: it only describes what a finding is written as")]
struct FindingPart {
    /// Stable.
    code: String,
    text: String,
    source: String,
    /// `blocks`, `asks` or `informs`.
    severity: String,
    /// What it means for this name.
    detail: String,
}

/// How an [`Alternative`] is written.
#[derive(ToSchema)]
#[schema(as = Alternative)]
#[allow(dead_code, reason = "never made: it only describes what an alternative is written as")]
struct AlternativePart {
    name: String,
    /// 全称, 简称, 网站名称 …
    made_from: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Proposal {
    pub name: String,
    pub host: String,
    /// 全称, 简称, 拼音.
    pub made_from: &'static str,
    /// Already listed for this institution.
    pub held: bool,
}

/// Judges a proposed name. `Err` where it is no name at all.
pub fn validate(generation: &Generation, wanted: &Wanted<'_>) -> Result<ValidateReply, AddressFault> {
    let applicant = applicant(generation, wanted);
    let proposals = wanted.institution.map(|(id, i)| proposals(generation, id, i, &applicant)).unwrap_or_default();
    if wanted.name.trim().is_empty() && wanted.institution.is_some() {
        let summary = format!("可供选择的标准名称 {} 个", proposals.len());
        return Ok(ValidateReply {
            name: None,
            host: None,
            allowed: None,
            summary,
            findings: Vec::new(),
            neighbours: Vec::new(),
            proposals,
            likelihood: None,
            likelihood_label: None,
            alternatives: Vec::new(),
            generation: generation.number,
        });
    }
    let key = |text: &str| generation.pipeline.key(text);
    let place = |key: &str| !generation.gazetteer.named(key).is_empty();
    let own = wanted.institution.map(|(id, _)| id);
    let taken = |host: &Host| taken(generation, host, own);
    let known = Known { key: &key, is_division: &place, taken: &taken };
    let (host, checked) = match address::parse(wanted.name) {
        Ok(address) => {
            let checked = naming::precheck(&address.host.unicode, &applicant, &known);
            (Some(address.host), checked)
        }
        // What is merely too long is reported by the rule that says so.
        Err(fault) => {
            let checked = naming::precheck(wanted.name, &applicant, &known);
            let long = |f: &Finding| f.rule == rules::LABEL_BYTES || f.rule == rules::CHARACTER_COUNT;
            if !checked.findings.iter().any(long) {
                return Err(fault);
            }
            (None, checked)
        }
    };
    let names = own_names(wanted);
    let alternatives = match checked.likelihood {
        Likelihood::Likely => Vec::new(),
        Likelihood::Unlikely => naming::alternatives(wanted.name, &names, &applicant, &known),
    };
    let mut findings = checked.findings;
    if let Some(code) = wanted.site_code {
        let known = |code: &str| generation.catalogue.division(code).is_some();
        findings.push(match rules::site_code(code, known) {
            Ok(code) => Finding::new(rules::SITE_CODE, Severity::Informs, format!("{code} 的前 6 位是已知的区划")),
            Err(finding) => finding,
        });
        findings.sort_by_key(|f| f.severity);
    }
    let blocked = findings.iter().filter(|f| f.severity == Severity::Blocks).count();
    let asked = findings.iter().filter(|f| f.severity == Severity::Asks).count();
    let (allowed, summary) = match (blocked, asked) {
        (0, 0) => (Some(true), "符合规则，可以提交同级机构编制部门审核".to_owned()),
        (0, n) => (None, format!("有 {n} 处需要说明或核对")),
        (n, _) => (Some(false), format!("有 {n} 处不符合规则")),
    };
    Ok(ValidateReply {
        allowed,
        summary,
        findings,
        neighbours: host.as_ref().map(|host| neighbours(generation, host)).unwrap_or_default(),
        proposals,
        likelihood: Some(checked.likelihood.name()),
        likelihood_label: Some(checked.likelihood.label()),
        alternatives,
        name: Some(host.as_ref().map_or_else(|| wanted.name.trim().to_owned(), |host| host.unicode.clone())),
        host: host.map(|host| host.ascii),
        generation: generation.number,
    })
}

/// Whose a name is by the directory, or one that differs from it by traditional or variant characters alone.
fn taken(generation: &Generation, host: &Host, own: Option<&str>) -> Option<Taken> {
    let official = &generation.official;
    let same =
        |name: &Name<'_>| name.status != NameStatus::NotAdopted && variant(name.unicode) == variant(&host.unicode);
    let label = host.unicode.split('.').next().unwrap_or_default();
    let name = official
        .exact(&host.ascii, &fold(&host.unicode))
        .filter(|name| name.status != NameStatus::NotAdopted)
        .or_else(|| official.labelled(&generation.pipeline.key(label)).into_iter().find(same))?;
    let owners: Vec<&str> = name.owners().map(|(_, owner)| owner).collect();
    Some(Taken {
        name: name.unicode.to_owned(),
        own: own.is_some() && name.owners().any(|(id, _)| id == own),
        owner: owners.join("、"),
    })
}

/// The applicant's names, each with what it is.
fn own_names<'a>(wanted: &Wanted<'a>) -> Vec<(&'a str, &'static str)> {
    let Some((_, i)) = wanted.institution else { return Vec::new() };
    let short = i.short_names.iter().map(|name| (name.as_str(), "简称"));
    std::iter::once((i.name.as_str(), "全称")).chain(short).collect()
}

fn applicant(generation: &Generation, wanted: &Wanted<'_>) -> Applicant {
    let Some((_, i)) = wanted.institution else {
        let (category, administrative) = (wanted.category, wanted.administrative);
        return Applicant { category, administrative, ..Applicant::default() };
    };
    let mut names: Vec<String> = i.names().map(|name| generation.pipeline.key(name)).collect();
    names.extend(i.name.strip_prefix("中华人民共和国").map(|bare| generation.pipeline.key(bare)));
    Applicant {
        names,
        category: Some(wanted.category.unwrap_or(i.category)),
        administrative: wanted.administrative,
        shared_division: shared_division(generation, i),
        credit_code: i.credit_code.clone(),
        governs: governs(generation, i),
    }
}

/// Names of the place whose government an institution is.
fn governs(generation: &Generation, i: &Institution) -> Vec<String> {
    let path = generation.catalogue.path(i.division.as_str());
    let Some(own) = path.last() else { return Vec::new() };
    let key = |text: &str| generation.pipeline.key(text);
    let government = key(&format!("{}人民政府", own.name));
    if i.names().any(|name| key(name).ends_with(&government)) {
        vec![key(&own.name), key(&own.short_name)]
    } else {
        Vec::new()
    }
}

fn shared_division(generation: &Generation, i: &Institution) -> Option<SharedDivision> {
    let path = generation.catalogue.path(i.division.as_str());
    let (own, above) = path.split_last()?;
    let shared = generation.gazetteer.named(&generation.pipeline.key(&own.name)).len() > 1;
    let above = above.iter().rev().flat_map(|d| [d.name.clone(), d.short_name.clone()]).collect();
    shared.then(|| SharedDivision { name: own.name.clone(), above })
}

/// Names that the rules let an institution have, standard ones first.
fn proposals(generation: &Generation, id: &str, i: &Institution, applicant: &Applicant) -> Vec<Proposal> {
    let key = |text: &str| generation.pipeline.key(text);
    let mut labels: Vec<(String, &'static str)> = Vec::new();
    let bare = i.name.strip_prefix("中华人民共和国").unwrap_or(&i.name);
    for (name, made_from) in std::iter::once((bare, "全称")).chain(i.short_names.iter().map(|n| (n.as_str(), "简称")))
    {
        let mut label: String = name.chars().filter(|c| c.is_alphanumeric()).collect();
        if let Some(shared) = &applicant.shared_division {
            let has_parent = shared.above.iter().any(|above| label.contains(above.as_str()));
            if label.contains(&shared.name) && !has_parent {
                label = format!("{}{label}", shared.above.first().map_or("", String::as_str));
            }
        }
        if !labels.iter().any(|(known, _)| *known == label) {
            labels.push((label, made_from));
        }
    }
    let mut names: Vec<(String, &'static str)> = Vec::new();
    for ending in ["政务", "公益"] {
        names.extend(labels.iter().map(|(label, made_from)| (format!("{label}.{ending}"), *made_from)));
    }
    names.extend(latin(generation, i).map(|name| (name, "拼音")));
    let permitted = |host: &Host| {
        let findings = rules::judge(host, applicant, key);
        findings
            .iter()
            .all(|f| f.severity == Severity::Informs || f.rule == rules::AFFAIRS_OWNER && f.severity == Severity::Asks)
    };
    let mut out = Vec::new();
    for (name, made_from) in names {
        let Ok(host) = Host::parse(&name) else { continue };
        let holder = generation.official.exact(&host.ascii, &fold(&host.unicode));
        let held = holder.is_some_and(|name| name.owners().any(|(owner, _)| owner == Some(id)));
        if permitted(&host) && (holder.is_none() || held) && out.len() < MAX_PROPOSALS {
            out.push(Proposal { name: host.unicode, host: host.ascii, made_from, held });
        }
    }
    out
}

/// X.gov.cn for a government, A.X.gov.cn for its departments where X.gov.cn is listed for the government.
fn latin(generation: &Generation, i: &Institution) -> Option<String> {
    let pinyin = &generation.pipeline.pinyin;
    let path = generation.catalogue.path(i.division.as_str());
    let own = path.last()?;
    if i.name.ends_with("人民政府") {
        return Some(format!("{}.gov.cn", pinyin.full(&own.short_name)));
    }
    let portal = generation.official.alike(&fold(&format!("{}.gov.cn", pinyin.full(&own.short_name)))).next()?;
    let is_government = portal.owners().any(|(_, owner)| owner.ends_with("人民政府") && owner.contains(&own.name));
    let office = i.name.split(own.name.as_str()).last().unwrap_or(&i.name);
    is_government.then(|| format!("{}.{}", pinyin.initials(office), portal.host))
}

/// Names in use that a reader could take for this one.
fn neighbours(generation: &Generation, host: &Host) -> Vec<ListedName> {
    let official = &generation.official;
    let mut seen = BTreeSet::new();
    let mut out = Vec::new();
    let mut take = |name: Name<'_>| {
        if name.host != host.ascii && out.len() < MAX_NEIGHBOURS && seen.insert(name.host.to_owned()) {
            out.push(ListedName::from(name));
        }
    };
    official.alike(&fold(&host.unicode)).for_each(&mut take);
    let (label, ending) = host.unicode.split_once('.').unwrap_or((&host.unicode, ""));
    official.labelled(&generation.pipeline.key(label)).into_iter().for_each(&mut take);
    for slip in slips(generation, label) {
        for ending in std::iter::once(ending).chain(ENDINGS) {
            let name = format!("{slip}.{ending}");
            official.alike(&fold(&name)).filter(|n| one_edit(label, first_label(n))).for_each(&mut take);
        }
    }
    out
}

fn first_label<'a>(name: &Name<'a>) -> &'a str {
    name.unicode.split('.').next().unwrap_or_default()
}

/// Texts one character away from a label: Latin ones by every letter, Chinese ones by what is left out.
fn slips(generation: &Generation, label: &str) -> Vec<String> {
    let chars: Vec<char> = label.chars().collect();
    let latin = label.is_ascii() && Registry::of(&format!("{label}.gov.cn")).is_some();
    let letters: Vec<char> = if latin { ('a'..='z').chain('0'..='9').collect() } else { Vec::new() };
    let mut out = Vec::new();
    let text = |chars: &[char]| chars.iter().collect::<String>();
    for at in 0..chars.len() {
        let mut shorter = chars.clone();
        shorter.remove(at);
        out.push(text(&shorter));
        for &letter in &letters {
            let mut other = chars.clone();
            other[at] = letter;
            out.push(text(&other));
            let mut longer = chars.clone();
            longer.insert(at, letter);
            out.push(text(&longer));
        }
    }
    // A Chinese name that is one character longer or other is found by its spelling.
    let near = if latin { Vec::new() } else { generation.spelling.proposals(&generation.pipeline, label) };
    out.extend(near.into_iter().map(|p| p.name.to_owned()));
    out
}
