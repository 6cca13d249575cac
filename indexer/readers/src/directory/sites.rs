//! The sites of institutions, and the rules that every list is held to: what a list says of a host, one host for
//! several institutions, and a department with the host of the institution above it.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::{COMMON_HOSTS, Reader, WEBSITES, required, table::each_row, web_names};
use crate::{ReadError, Report};
use record::{
    Category, Institution, Provenance, Website,
    evidence::{evidence, speaking},
};
use text::web_name::{is_official, site};

/// Institutions as the reader has them: id, institution, provenance.
type Institutions = [(String, Institution, Vec<Provenance>)];

/// A row of `websites.csv`.
struct Row {
    institution: String,
    url: String,
    host: String,
    sources: Vec<String>,
    line: u64,
}

/// What a row's host shares with other institutions.
enum Sharing {
    /// Nothing, or a reason is known.
    Fine,
    /// Several institutions have it and nobody knows why: neither is recommended.
    Unexplained,
    /// It is that of the institution above.
    OfSuperior(String),
}

/// The names of schools by their hosts.
fn schools<'r>(
    rows: &'r [Row],
    at: &HashMap<String, usize>,
    institutions: &'r Institutions,
) -> HashMap<&'r str, &'r str> {
    let school = |row: &'r Row| {
        let (_, institution, _) = institutions.get(*at.get(&row.institution)?)?;
        (institution.category == Category::School).then_some((row.host.as_str(), institution.name.as_str()))
    };
    rows.iter().filter_map(school).collect()
}

/// The school below whose host another one lies: a college that was one of a university's before it had a name of its own.
fn school_above<'s>(host: &str, schools: &HashMap<&str, &'s str>) -> Option<&'s str> {
    host.match_indices('.').find_map(|(dot, _)| schools.get(&host[dot + 1..]).copied())
}

impl Reader<'_> {
    /// Reads `websites.csv` and gives every institution its sites, best evidence first. Two hosts that lists speak for
    /// are a dispute.
    pub(super) fn attach_sites(&self, institutions: &mut Institutions, report: &mut Report) -> Result<(), ReadError> {
        let rows = self.website_rows(report)?;
        let reasons = self.common_hosts(report)?;
        let at: HashMap<String, usize> =
            institutions.iter().enumerate().map(|(at, (id, ..))| (id.clone(), at)).collect();
        let mut by_institution: BTreeMap<&str, Vec<&Row>> = BTreeMap::new();
        let mut by_host: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
        for row in &rows {
            if !at.contains_key(&row.institution) {
                let reason = format!("institution_id {} 不在 institutions.csv 中", row.institution);
                report.reject("websites.csv", Some(row.line), reason);
                continue;
            }
            by_institution.entry(&row.institution).or_default().push(row);
            by_host.entry(&row.host).or_default().insert(&row.institution);
        }
        for (host, ids) in by_host.iter().filter(|(host, ids)| ids.len() > 1 && !reasons.contains_key(**host)) {
            let ids: Vec<&str> = ids.iter().copied().collect();
            let reason = format!("主机 {host} 归于 {}：请在 common_hosts.csv 写明缘由，否则都不推荐", ids.join("、"));
            report.reject("websites.csv", None, reason);
        }
        for host in reasons.keys().filter(|host| by_host.get(host.as_str()).is_none_or(|ids| ids.len() < 2)) {
            report.reject("common_hosts.csv", None, format!("主机 {host} 并没有几个机构共用，请删去这一行"));
        }
        let superiors = |i: &Institution, own: &str| -> Vec<String> {
            let governments = path(i).into_iter().map(|code| format!("{code}-gov"));
            let ids = i.parent_id.iter().cloned().chain(governments);
            ids.filter(|id| id != own && by_institution.contains_key(id.as_str())).collect()
        };
        let schools = schools(&rows, &at, institutions);
        let mut found: Vec<(usize, Vec<Website>)> = Vec::new();
        for (id, rows) in &by_institution {
            let Some(institution) = at.get(*id).and_then(|at| institutions.get(*at)).map(|(_, i, _)| i) else {
                continue;
            };
            let above = superiors(institution, id);
            let hosts_above: Vec<(&str, &str)> = above
                .iter()
                .flat_map(|id| by_institution[id.as_str()].iter().map(move |row| (id.as_str(), row.host.as_str())))
                .collect();
            let mut sites: Vec<(&Row, usize, bool)> = Vec::new();
            for row in rows {
                let sharing = sharing(row, &hosts_above, &by_host, &reasons);
                if let Sharing::OfSuperior(superior) = &sharing {
                    let reason = format!(
                        "{} 是上级 {superior} 的主机，不能作为 {id} 的网站；如果是其中的栏目，请写栏目的网址并在 common_hosts.csv 写明",
                        row.host
                    );
                    report.reject("websites.csv", Some(row.line), reason);
                    continue;
                }
                let other = school_above(&row.host, &schools).filter(|_| institution.category == Category::School);
                if let Some(other) = other.filter(|other| !institution.name.starts_with(other)) {
                    let reason = format!(
                        "{} 在另一所学校（{other}）的域名之下，不能作为{}的网站；现名与之无关的，请移到 dropped_hosts.csv",
                        row.host, institution.name
                    );
                    report.reject("websites.csv", Some(row.line), reason);
                    continue;
                }
                let portals: Vec<&str> = hosts_above.iter().map(|(_, host)| *host).collect();
                let lists = row.sources.iter().filter_map(|s| self.sources.get(s)).map(|s| &s.facts);
                let speaking = speaking(lists, lies_below(row, institution, &portals));
                sites.push((row, speaking, matches!(sharing, Sharing::Unexplained)));
            }
            let spoken_for: BTreeSet<&str> =
                sites.iter().filter(|(_, speaking, _)| *speaking > 0).map(|(row, ..)| row.host.as_str()).collect();
            let mut sites: Vec<Website> = sites
                .into_iter()
                .map(|(row, speaking, unexplained)| Website {
                    off_gov_cn: !is_official(&row.host),
                    url: row.url.clone(),
                    host: row.host.clone(),
                    evidence: evidence(speaking, spoken_for.len() > 1 || unexplained),
                    sources: row.sources.clone(),
                })
                .collect();
            sites.sort_by_key(|s| (s.evidence, std::cmp::Reverse(s.sources.len()), s.host.clone()));
            found.push((at[*id], sites));
        }
        for (at, sites) in found {
            institutions[at].1.websites = sites;
        }
        Ok(())
    }

    fn website_rows(&self, report: &mut Report) -> Result<Vec<Row>, ReadError> {
        let mut rows = Vec::new();
        each_row(self.dir, "websites.csv", WEBSITES, &["institution_id", "host"], report, &mut |row| {
            let sources = row.list("sources");
            if sources.is_empty() {
                return Err("sources 为空：每个网址都要有来源".into());
            }
            for source in &sources {
                self.known(source)?;
            }
            let url = required(&row, "url")?;
            let host = web_names::host(row.get("host"))?.ascii;
            site(&url).map_err(|fault| format!("url“{url}”不能用：{fault}"))?;
            rows.push(Row { institution: required(&row, "institution_id")?, url, host, sources, line: row.line });
            Ok(())
        })?;
        Ok(rows)
    }

    /// Hosts that several institutions have, with why; an empty reason says that nobody knows.
    fn common_hosts(&self, report: &mut Report) -> Result<BTreeMap<String, String>, ReadError> {
        let mut all = BTreeMap::new();
        // A corpus without the table knows no reason for any.
        if !self.dir.join("common_hosts.csv").exists() {
            return Ok(all);
        }
        each_row(self.dir, "common_hosts.csv", COMMON_HOSTS, &["host"], report, &mut |row| {
            all.insert(web_names::host(row.get("host"))?.ascii, row.get("reason").to_owned());
            Ok(())
        })?;
        Ok(all)
    }
}

fn sharing(
    row: &Row,
    above: &[(&str, &str)],
    by_host: &BTreeMap<&str, BTreeSet<&str>>,
    reasons: &BTreeMap<String, String>,
) -> Sharing {
    let reason = reasons.get(&row.host).filter(|reason| !reason.is_empty());
    if let Some((superior, _)) = above.iter().find(|(_, host)| *host == row.host)
        && (reason.is_none() || !has_path(&row.url))
    {
        return Sharing::OfSuperior((*superior).to_owned());
    }
    let several = by_host.get(row.host.as_str()).is_some_and(|ids| ids.len() > 1);
    if several && reason.is_none() { Sharing::Unexplained } else { Sharing::Fine }
}

/// Whether an address names a page or a part of a site.
fn has_path(url: &str) -> bool {
    let behind = url.split_once("://").map_or(url, |(_, rest)| rest);
    behind.split_once('/').is_some_and(|(_, path)| !path.is_empty())
}

/// Whether a host is below the domain of a government that the institution belongs to, or of the institution above it.
/// The nation's own institutions have theirs anywhere below gov.cn, and so has a government itself, which has no other
/// portal.
fn lies_below(row: &Row, i: &Institution, portals: &[&str]) -> bool {
    let below = |portal: &str| row.host.strip_suffix(portal).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'));
    portals.iter().any(|portal| below(portal))
        || ((i.division.is_nation() || row.institution.ends_with("-gov")) && below("gov.cn"))
}

/// Codes of the divisions that an institution's division lies in, itself first.
fn path(i: &Institution) -> Vec<String> {
    let code = i.division.as_str();
    let shorter = [code.get(..6), code.get(..4), code.get(..2)].into_iter().flatten();
    let mut codes: Vec<String> = shorter.map(|part| format!("{part:0<6}")).collect();
    codes.dedup();
    codes
}

#[cfg(test)]
mod tests {
    use crate::directory::tests::{append, read_all, small};
    use record::{Body, Evidence};
    use std::fs;

    fn sites_of(dir: &std::path::Path, id: &str) -> Vec<(String, Evidence)> {
        let (records, _) = read_all(dir);
        let sites = records.iter().find_map(|r| match &r.body {
            Body::Institution(i) if r.id == id => {
                Some(i.websites.iter().map(|w| (w.host.clone(), w.evidence)).collect())
            }
            _ => None,
        });
        sites.unwrap_or_else(|| panic!("{id} is missing"))
    }

    fn with_lists() -> tempfile::TempDir {
        let dir = small();
        for list in ["guess,猜,,,no,,", "bound,许可,,,with_others,,", "old,旧,,,below_portals,,"] {
            append(dir.path(), "sources.csv", list);
        }
        append(
            dir.path(),
            "institutions.csv",
            "520300-cz,遵义市财政局,,政府,prefecture,520300,遵义市人民政府,source,a",
        );
        dir
    }

    fn reasons(dir: &std::path::Path) -> Vec<String> {
        read_all(dir).1.rejected.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn what_no_list_speaks_for_is_not_recommended_and_disputes_nothing() {
        for (list, host) in [("guess", "czj.zunyi.gov.cn"), ("bound", "czj.zunyi.gov.cn"), ("old", "zycz.gov.cn")] {
            let dir = with_lists();
            append(dir.path(), "websites.csv", &format!("520300-cz,http://{host}/,{host},{list}"));
            assert_eq!(sites_of(dir.path(), "520300-cz"), [(host.to_owned(), Evidence::Claimed)], "{list}");
            append(dir.path(), "websites.csv", "520300-cz,http://cz.zunyi.gov.cn/,cz.zunyi.gov.cn,a");
            let both = sites_of(dir.path(), "520300-cz");
            assert_eq!(both[0], ("cz.zunyi.gov.cn".to_owned(), Evidence::Single), "{list}");
            assert_eq!(both[1].1, Evidence::Claimed, "{list}");
        }
    }

    #[test]
    fn an_old_list_counts_below_the_government_s_domain_and_a_bound_one_beside_another() {
        let dir = with_lists();
        append(dir.path(), "websites.csv", "520300-cz,http://czj.zunyi.gov.cn/,czj.zunyi.gov.cn,old;bound");
        assert_eq!(sites_of(dir.path(), "520300-cz")[0].1, Evidence::Corroborated);
    }

    #[test]
    fn the_host_of_the_body_above_is_refused() {
        let dir = with_lists();
        append(dir.path(), "websites.csv", "520300-cz,https://www.zunyi.gov.cn/cz/,zunyi.gov.cn,a;b");
        assert!(sites_of(dir.path(), "520300-cz").is_empty());
        assert!(reasons(dir.path()).iter().any(|r| r.contains("是上级 520300-gov 的主机")));
        fs::write(dir.path().join("common_hosts.csv"), "host,reason\nzunyi.gov.cn,是市政府网站的栏目\n").unwrap();
        assert_eq!(sites_of(dir.path(), "520300-cz")[0].1, Evidence::Corroborated, "a page of its own, with a reason");
        assert!(reasons(dir.path()).is_empty());
    }

    #[test]
    fn a_reason_does_not_make_the_whole_site_of_the_body_above_one_s_own() {
        let dir = with_lists();
        append(dir.path(), "websites.csv", "520300-cz,https://www.zunyi.gov.cn/,zunyi.gov.cn,a;b");
        fs::write(dir.path().join("common_hosts.csv"), "host,reason\nzunyi.gov.cn,是市政府网站的栏目\n").unwrap();
        assert!(sites_of(dir.path(), "520300-cz").is_empty());
    }

    #[test]
    fn one_host_of_two_institutions_is_told_and_neither_is_recommended() {
        let dir = with_lists();
        append(
            dir.path(),
            "institutions.csv",
            "520300-sw,遵义市商务局,,政府,prefecture,520300,遵义市人民政府,source,a",
        );
        for id in ["520300-cz", "520300-sw"] {
            append(dir.path(), "websites.csv", &format!("{id},http://xx.zunyi.gov.cn/,xx.zunyi.gov.cn,a;b"));
        }
        assert!(reasons(dir.path()).iter().any(|r| r.contains("归于 520300-cz、520300-sw")));
        for id in ["520300-cz", "520300-sw"] {
            assert_eq!(sites_of(dir.path(), id)[0].1, Evidence::Disputed, "{id}");
        }
        let table = dir.path().join("common_hosts.csv");
        fs::write(&table, "host,reason\nxx.zunyi.gov.cn,\n").unwrap();
        assert!(reasons(dir.path()).is_empty(), "that nobody knows why is known");
        assert_eq!(sites_of(dir.path(), "520300-cz")[0].1, Evidence::Disputed);
        fs::write(&table, "host,reason\nxx.zunyi.gov.cn,两块牌子，一套人马\n").unwrap();
        assert_eq!(sites_of(dir.path(), "520300-cz")[0].1, Evidence::Corroborated);
    }

    #[test]
    fn a_reason_for_a_host_that_nobody_shares_is_told() {
        let dir = with_lists();
        fs::write(dir.path().join("common_hosts.csv"), "host,reason\nzunyi.gov.cn,缘由\n").unwrap();
        assert!(reasons(dir.path()).iter().any(|r| r.contains("并没有几个机构共用")));
    }
}
