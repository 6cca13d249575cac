//! What an office may change of a record, as a form gives it.

use indexer::{
    record::{Category, Institution, credit_code},
    text::names,
    web_name::{Host, SiteFault, is_invisible, site as site_of},
};

use super::effects;

/// Names of one kind that a body may have, sites that it may give, characters of a name.
const MAX_NAMES: usize = 30;
const MAX_SITES: usize = 10;
const MAX_NAME: usize = 60;
/// Longest host, in bytes, and longest address, in characters.
const MAX_HOST: usize = 180;
const MAX_SITE: usize = 300;

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidEdit {
    #[error("请填写机构的全称")]
    NoName,
    #[error("“{0}”过长：名称最多 {MAX_NAME} 个字")]
    LongName(String),
    #[error("“{0}”{1}")]
    Character(String, names::Unwritable),
    #[error("{0}最多 {1} 个，请删减")]
    TooMany(&'static str, usize),
    #[error("请选择机构类别")]
    Category,
    #[error("网址“{0}”不能用：{1}")]
    Address(String, String),
    #[error("网址“{0}”应以 http:// 或 https:// 开头")]
    Scheme(String),
    #[error("统一社会信用代码有误：{0}")]
    CreditCode(String),
}

/// A body's facts that its office answers for. Division and level follow from the tree and are not for a form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InstitutionEdit {
    pub name: String,
    pub short_names: Vec<String>,
    pub former_names: Vec<String>,
    /// The category's word.
    pub category: String,
    pub websites: Vec<String>,
    pub credit_code: String,
}

impl InstitutionEdit {
    /// As it is now.
    pub fn of(i: &Institution) -> Self {
        Self {
            name: i.name.clone(),
            short_names: i.short_names.clone(),
            former_names: i.former_names.clone(),
            category: i.category.label().to_owned(),
            websites: i.websites.iter().map(|site| site.url.clone()).collect(),
            credit_code: i.credit_code.clone().unwrap_or_default(),
        }
    }

    /// The body as the form gives it; `office` stands as the source of new addresses.
    pub fn apply(&self, before: &Institution, office: &str) -> Result<Institution, InvalidEdit> {
        self.apply_as(before, office, true)
    }

    /// The same; `own` says whether it is the body itself that speaks.
    pub fn apply_as(&self, before: &Institution, office: &str, own: bool) -> Result<Institution, InvalidEdit> {
        if self.name.trim().is_empty() {
            return Err(InvalidEdit::NoName);
        }
        let name = checked_name(&self.name, before)?;
        let category = Category::ALL.into_iter().find(|c| c.label() == self.category).ok_or(InvalidEdit::Category)?;
        let mut urls: Vec<(String, Host)> = Vec::new();
        for url in lines(&self.websites) {
            let (url, host) = site(&url)?;
            if urls.iter().all(|(_, known)| known.ascii != host.ascii) {
                urls.push((url, host));
            }
        }
        if urls.len() > MAX_SITES {
            return Err(InvalidEdit::TooMany("网址", MAX_SITES));
        }
        let credit_code = match self.credit_code.trim() {
            "" => None,
            text => Some(checked_code(text)?),
        };
        let (websites, former_sites) = effects::sites(before, urls, office, own);
        Ok(Institution {
            name,
            short_names: all_names("简称", &self.short_names, before)?,
            former_names: all_names("曾用名", &self.former_names, before)?,
            category,
            websites,
            former_sites,
            credit_code,
            // A name that the body itself gives is no longer one made by rule.
            name_basis: indexer::record::NameBasis::Source,
            ..before.clone()
        })
    }
}

fn all_names(what: &'static str, given: &[String], before: &Institution) -> Result<Vec<String>, InvalidEdit> {
    let mut all: Vec<String> = Vec::new();
    for name in lines(given) {
        let name = checked_name(&name, before)?;
        if !all.contains(&name) {
            all.push(name);
        }
    }
    if all.len() > MAX_NAMES { Err(InvalidEdit::TooMany(what, MAX_NAMES)) } else { Ok(all) }
}

fn lines(given: &[String]) -> Vec<String> {
    given.iter().map(|line| line.trim().to_owned()).filter(|line| !line.is_empty()).collect()
}

/// A name as it is to be kept. One that the body has already stays as its source wrote it.
fn checked_name(name: &str, before: &Institution) -> Result<String, InvalidEdit> {
    let name = name.trim();
    if before.names().any(|known| known == name) {
        return Ok(name.to_owned());
    }
    if name.chars().count() > MAX_NAME {
        return Err(InvalidEdit::LongName(name.chars().take(20).chain("……".chars()).collect()));
    }
    let shown = || name.chars().filter(|c| !names::deceives(c.encode_utf8(&mut [0; 4]))).collect();
    match names::standard(name) {
        Ok(name) if name.is_empty() => Err(InvalidEdit::NoName),
        // Compatible forms may be longer than what stands for them.
        Ok(name) if name.chars().count() > MAX_NAME => {
            Err(InvalidEdit::LongName(name.chars().take(20).chain("……".chars()).collect()))
        }
        Ok(name) => Ok(name),
        Err(fault) => Err(InvalidEdit::Character(shown(), fault)),
    }
}

/// An address as it is to be kept, and its host.
fn site(text: &str) -> Result<(String, Host), InvalidEdit> {
    let shown = || text.chars().filter(|c| !is_invisible(*c)).take(80).collect::<String>();
    let address = site_of(text).map_err(|fault| match fault {
        SiteFault::Scheme => InvalidEdit::Scheme(shown()),
        fault => InvalidEdit::Address(shown(), fault.to_string()),
    })?;
    // The record of a host is called by it, and the store's ids have their bound.
    if address.host.ascii.len() > MAX_HOST {
        return Err(InvalidEdit::Address(shown(), format!("主机名最多 {MAX_HOST} 个字符")));
    }
    if text.chars().nth(MAX_SITE).is_some() {
        return Err(InvalidEdit::Address(shown(), format!("过长，最多 {MAX_SITE} 个字符")));
    }
    Ok((text.to_owned(), address.host))
}

fn checked_code(text: &str) -> Result<String, InvalidEdit> {
    match credit_code(text) {
        Some(found) => match found.fault {
            None => Ok(found.code),
            Some(fault) => Err(InvalidEdit::CreditCode(fault.message().to_owned())),
        },
        None => Err(InvalidEdit::CreditCode("应为 18 位，由数字和不含 I、O、S、V、Z 的大写字母组成".to_owned())),
    }
}
