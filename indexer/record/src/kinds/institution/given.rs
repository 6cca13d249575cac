//! What becomes of an institution's facts as a form or a table gives them: which names and addresses may stand, what is
//! known of an address, and what is kept of one that is left out.

use text::{
    names,
    web_name::{SiteFault, is_invisible, is_official, site},
};

use super::{FormerSite, Institution, MAX_NAME, NameBasis};
use crate::{Evidence, Fault, Website, Weight, Word, credit_code};

/// Longest host, in bytes: the record of a host is called by it, and the store's ids have their bound.
const MAX_HOST: usize = 180;

pub(super) fn complete(body: &mut Institution, before: Option<&Institution>, word: Word<'_>) -> Vec<Fault> {
    let mut faults = Vec::new();
    let known = |name: &str| before.is_some_and(|before| before.names().any(|known| known == name));
    body.name = checked("name", &body.name, known, &mut faults).unwrap_or_default();
    for (column, names) in [("short_names", &mut body.short_names), ("former_names", &mut body.former_names)] {
        let mut all: Vec<String> = Vec::new();
        for name in std::mem::take(names) {
            all.extend(checked(column, &name, known, &mut faults).filter(|name| !all.contains(name)));
        }
        *names = all;
    }
    if let Some(parent) = &body.parent_name {
        let known = |name: &str| before.is_some_and(|before| before.parent_name.as_deref() == Some(name));
        body.parent_name = checked("parent_name", parent, known, &mut faults);
    }
    if let Some(given) = hosts(std::mem::take(&mut body.websites), &mut faults) {
        let blank = Institution::new("", body.category, body.division.clone());
        let before = before.unwrap_or(&blank);
        match word.weight {
            Weight::Claim => claimed(body, before, given, word.source, &mut faults),
            weight => answered_for(body, before, given, word.source, weight == Weight::Own),
        }
    }
    body.note_sources(before, word);
    // A name that the institution itself gives is no longer one made by rule.
    body.name_basis = NameBasis::Source;
    faults
}

/// A name as it is to be kept. One that is known stays as its source wrote it.
fn checked(
    column: &'static str,
    name: &str,
    known: impl Fn(&str) -> bool,
    faults: &mut Vec<Fault>,
) -> Option<String> {
    // An empty one was reported already.
    if name.is_empty() || known(name) {
        return Some(name.to_owned());
    }
    match names::standard(name) {
        Ok(name) if name.is_empty() => faults.push((column, "不能为空".to_owned())),
        // Compatible forms may be longer than what stands for them.
        Ok(name) if name.chars().count() > MAX_NAME => {
            let short: String = name.chars().take(20).collect();
            faults.push((column, format!("“{short}……”过长：名称最多 {MAX_NAME} 个字")));
        }
        Ok(name) => return Some(name),
        Err(fault) => {
            let shown: String = name.chars().filter(|c| !names::deceives(c.encode_utf8(&mut [0; 4]))).collect();
            faults.push((column, format!("“{shown}”{fault}")));
        }
    }
    None
}

/// An address as it was typed; what is known of it stays, and of a new one nothing is known yet.
pub(super) fn site_of(known: &[Website], url: String) -> Website {
    known.iter().find(|site| site.url == url).cloned().unwrap_or_else(|| Website {
        url,
        host: String::new(),
        evidence: Evidence::Claimed,
        sources: Vec::new(),
        off_gov_cn: false,
    })
}

/// The given addresses with their hosts, each host once; `None` where one cannot be used, which is reported.
fn hosts(given: Vec<Website>, faults: &mut Vec<Fault>) -> Option<Vec<Website>> {
    let (mut all, before): (Vec<Website>, usize) = (Vec::new(), faults.len());
    for mut site in given {
        if site.host.is_empty() {
            match host(&site.url) {
                Ok(host) => site.host = host,
                Err(fault) => {
                    faults.push(("websites", fault));
                    continue;
                }
            }
        }
        if all.iter().all(|known| known.host != site.host) {
            all.push(site);
        }
    }
    (faults.len() == before).then_some(all)
}

fn host(url: &str) -> Result<String, String> {
    let shown = || url.chars().filter(|c| !is_invisible(*c)).take(80).collect::<String>();
    let address = site(url).map_err(|fault| match fault {
        SiteFault::Scheme => format!("网址“{}”应以 http:// 或 https:// 开头", shown()),
        fault => format!("网址“{}”不能用：{fault}", shown()),
    })?;
    if address.host.ascii.len() > MAX_HOST {
        return Err(format!("网址“{}”不能用：主机名最多 {MAX_HOST} 个字符", shown()));
    }
    Ok(address.host.ascii)
}

/// The sites as an office gives them: known addresses keep their evidence, new ones rest on the office's word, and what
/// it leaves out is kept as given up. An institution's `own` word also settles what is said of an address that stays.
fn answered_for(body: &mut Institution, before: &Institution, given: Vec<Website>, office: &str, own: bool) {
    let stays = |site: &Website| given.iter().any(|given| given.host == site.host);
    // Of addresses that sources disagree about, the one that is kept where another is left out is the right one.
    let decided = before.websites.iter().any(|site| site.evidence == Evidence::Disputed && !stays(site));
    for Website { url, host, .. } in given {
        let known = before.websites.iter().find(|site| site.host == host);
        let (evidence, mut sources) = match known {
            None => (Evidence::Confirmed, Vec::new()),
            Some(site) => {
                let raised = match site.evidence {
                    Evidence::Registry | Evidence::Corroborated | Evidence::Confirmed => false,
                    Evidence::Disputed => own || decided,
                    Evidence::Single | Evidence::Claimed => own,
                };
                (if raised { Evidence::Confirmed } else { site.evidence }, site.sources.clone())
            }
        };
        if evidence == Evidence::Confirmed && !sources.iter().any(|source| source == office) {
            sources.push(office.to_owned());
        }
        body.websites.push(Website { off_gov_cn: !is_official(&host), url, host, evidence, sources });
    }
    let now = &body.websites;
    let absent = |host: &str| now.iter().all(|site| site.host != host);
    body.former_sites = before.former_sites.iter().filter(|former| absent(&former.host)).cloned().collect();
    for gone in before.websites.iter().filter(|site| absent(&site.host)) {
        body.former_sites.push(FormerSite {
            host: gone.host.clone(),
            sources: gone.sources.clone(),
            reason: "机构更正，不再使用".to_owned(),
        });
    }
}

/// Without an office behind it a word confirms no address and takes none away: new ones wait for review.
fn claimed(
    body: &mut Institution,
    before: &Institution,
    given: Vec<Website>,
    source: &str,
    faults: &mut Vec<Fault>,
) {
    if given.is_empty() && !before.websites.is_empty() {
        faults.push(("websites", "去掉已有的网址须有机构为依据：请用 --office 写明".to_owned()));
    }
    body.websites.clone_from(&before.websites);
    for site in given {
        if before.websites.iter().all(|known| known.host != site.host) {
            let off_gov_cn = !is_official(&site.host);
            let sources = vec![source.to_owned()];
            body.websites.push(Website { evidence: Evidence::Claimed, sources, off_gov_cn, ..site });
        }
    }
    let now = &body.websites;
    let absent = |host: &str| now.iter().all(|site| site.host != host);
    body.former_sites = before.former_sites.iter().filter(|former| absent(&former.host)).cloned().collect();
}

pub(super) fn checked_code(text: &str) -> Result<String, String> {
    match credit_code(text) {
        Some(found) => match found.fault {
            None => Ok(found.code),
            Some(fault) => Err(fault.message().to_owned()),
        },
        None => Err("应为 18 位，由数字和不含 I、O、S、V、Z 的大写字母组成".to_owned()),
    }
}
