//! Web names from the tables: the hosts of sites, the Chinese names met, and the hosts that were left out.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::{DROPPED, Reader, WEB_NAME_SOURCE, WEB_NAMES, required};
use crate::{ReadError, Report, directory::table::each_row};
use record::{
    Date, Entry, Evidence, FormerSite, Institution, InstitutionLevel, NameForm, NameOwner, NameStatus, Provenance,
    Record, WebName, Website,
};
use text::web_name::{Host, site_host};

/// Institutions as the reader has them: id, institution, provenance.
type Institutions = [(String, Institution, Vec<Provenance>)];

/// An institution that a host is given for, by its own site or by that of an entrance which it is in charge of.
struct Owner<'a> {
    id: Option<&'a str>,
    name: &'a str,
    /// `None` for an entrance.
    level: Option<InstitutionLevel>,
    site: &'a Website,
    /// See [`NameStatus::of`].
    anywhere: bool,
}

/// What a host of a site rests on.
const LISTED: &str = "公开名单所载";

impl Reader<'_> {
    /// The Chinese names of `web_names.csv`, without their owners' records.
    pub(super) fn chinese_names(&self, report: &mut Report) -> Result<Vec<(WebName, Vec<Provenance>)>, ReadError> {
        let mut all = Vec::new();
        each_row(self.dir, "web_names.csv", WEB_NAMES, &["name"], report, &mut |row| {
            let name = required(&row, "name")?;
            let host = host(&name)?;
            site_host(&host).map_err(|fault| fault.to_string())?;
            if host.ascii != row.get("ascii") {
                return Err(format!("ascii 应为 {}，而不是“{}”", host.ascii, row.get("ascii")));
            }
            let evidence = match row.get("strength") {
                // One page that names it is one source, however good the page.
                "strong" | "medium" => Evidence::Single,
                "weak" | "illustration" => Evidence::Claimed,
                other => return Err(format!("strength 应为 strong、medium、weak 或 illustration，而不是“{other}”")),
            };
            let name = WebName {
                status: NameStatus::of(&host.ascii, evidence, false),
                name,
                ascii: host.ascii,
                institution_name: row.get("institution").to_owned(),
                institution_id: None,
                shared_with: Vec::new(),
                form: NameForm::SiteName,
                evidence,
                basis: row.get("basis").to_owned(),
                sources: vec![WEB_NAME_SOURCE.to_owned()],
                seen: self.sources.get(WEB_NAME_SOURCE).and_then(|s| s.taken),
                life: None,
            };
            all.push((name, vec![self.provenance(WEB_NAME_SOURCE, row.location())]));
            Ok(())
        })?;
        Ok(all)
    }

    /// Hosts that a list gave and that were not taken over, by institution.
    pub(super) fn former_sites(&self, report: &mut Report) -> Result<HashMap<String, Vec<FormerSite>>, ReadError> {
        let mut all: HashMap<String, Vec<FormerSite>> = HashMap::new();
        each_row(self.dir, "dropped_hosts.csv", DROPPED, &["institution_id", "host"], report, &mut |row| {
            let site = FormerSite {
                host: host(row.get("host"))?.ascii,
                sources: row.list("sources"),
                reason: required(&row, "reason")?,
            };
            for source in &site.sources {
                self.known(source)?;
            }
            all.entry(required(&row, "institution_id")?).or_default().push(site);
            Ok(())
        })?;
        Ok(all)
    }

    /// One record a host: those of sites and entrances, with all who share it, and those left out.
    pub(super) fn host_names(
        &self,
        institutions: &Institutions,
        general: &[Record],
    ) -> Vec<(WebName, Vec<Provenance>)> {
        let mut by_host: BTreeMap<&str, Vec<Owner<'_>>> = BTreeMap::new();
        for (id, i, _) in institutions {
            for site in &i.websites {
                let owner = Owner {
                    id: Some(id),
                    name: &i.name,
                    level: Some(i.level),
                    site,
                    anywhere: i.category.has_own_names(),
                };
                by_host.entry(&site.host).or_default().push(owner);
            }
        }
        let entries: Vec<Entry> =
            general.iter().filter(|r| r.body.info().is_public()).filter_map(|r| r.body.entry()).collect();
        for entry in &entries {
            let (id, name) = (entry.owner_id.as_deref(), entry.owner_name.as_str());
            for site in &entry.sites {
                by_host.entry(&site.host).or_default().push(Owner { id, name, level: None, site, anywhere: true });
            }
        }
        let mut all: Vec<(WebName, Vec<Provenance>)> = Vec::new();
        for (host, owners) in &mut by_host {
            // The best attested owner first; of equals an institution's own site, and the higher institution, whose
            // platform others share.
            owners.sort_by_key(|o| (o.site.evidence, o.level.is_none(), o.level, o.id));
            let sources: BTreeSet<&str> =
                owners.iter().flat_map(|o| o.site.sources.iter().map(String::as_str)).collect();
            let Some(best) = owners.first() else { continue };
            let stands = |o: &Owner<'_>| NameStatus::of(host, o.site.evidence, o.anywhere);
            let in_use = owners.iter().map(stands).find(|status| *status == NameStatus::InUse);
            let (evidence, status) = (best.site.evidence, in_use.unwrap_or_else(|| stands(best)));
            let owners = owners.iter().map(|o| (o.id, o.name)).collect();
            all.push(self.host_name(host, owners, evidence, status, LISTED, &sources));
        }
        let mut left_out: BTreeMap<&str, Vec<(&str, &Institution, &FormerSite)>> = BTreeMap::new();
        for (id, i, _) in institutions {
            for site in i.former_sites.iter().filter(|site| !by_host.contains_key(site.host.as_str())) {
                left_out.entry(&site.host).or_default().push((id, i, site));
            }
        }
        for (host, owners) in left_out {
            let sources: BTreeSet<&str> =
                owners.iter().flat_map(|(.., s)| s.sources.iter().map(String::as_str)).collect();
            let reason = owners.first().map_or("", |(.., site)| site.reason.as_str());
            let owners = owners.iter().map(|(id, i, _)| (Some(*id), i.name.as_str())).collect();
            all.push(self.host_name(host, owners, Evidence::Claimed, NameStatus::NotAdopted, reason, &sources));
        }
        all
    }

    fn host_name(
        &self,
        host: &str,
        owners: Vec<(Option<&str>, &str)>,
        evidence: Evidence,
        status: NameStatus,
        basis: &str,
        sources: &BTreeSet<&str>,
    ) -> (WebName, Vec<Provenance>) {
        let (id, name) = owners.first().copied().unwrap_or_default();
        let mut shared_with: Vec<NameOwner> = Vec::new();
        for (other, name) in owners.into_iter().skip(1).filter_map(|(id, name)| Some((id?, name))) {
            if Some(other) != id && shared_with.iter().all(|known| known.id != other) {
                shared_with.push(NameOwner { id: other.to_owned(), name: name.to_owned() });
            }
        }
        let seen: Option<Date> = sources.iter().filter_map(|s| self.sources.get(*s)?.taken).max();
        let name = WebName {
            // A host of the tables was read as one, so that this cannot fail.
            name: Host::parse(host).map_or_else(|_| host.to_owned(), |h| h.unicode),
            ascii: host.to_owned(),
            institution_name: name.to_owned(),
            institution_id: id.map(str::to_owned),
            shared_with,
            form: NameForm::Latin,
            status,
            evidence,
            basis: basis.to_owned(),
            sources: sources.iter().map(|s| (*s).to_owned()).collect(),
            seen,
            life: None,
        };
        let place = if status == NameStatus::NotAdopted { "dropped_hosts.csv" } else { "websites.csv" };
        let provenance = sources.iter().map(|s| self.provenance(s, place.to_owned())).collect();
        (name, provenance)
    }
}

/// Gives a Chinese name its owner's record and tells what it says of the owner.
pub(super) fn attribute(name: &mut WebName, institutions: &Institutions, by_name: &HashMap<String, usize>) {
    let Some((id, i, _)) = by_name.get(name.institution_name.as_str()).and_then(|at| institutions.get(*at)) else {
        return;
    };
    name.institution_id = Some(id.clone());
    let label = name.name.split('.').next().unwrap_or_default();
    name.form = if label == i.name || i.name.strip_prefix("中华人民共和国") == Some(label) {
        NameForm::FullName
    } else if i.short_names.iter().any(|short| short == label) {
        NameForm::ShortName
    } else {
        NameForm::SiteName
    };
}

/// A host alone, in canonical form.
pub(super) fn host(text: &str) -> Result<Host, String> {
    Host::parse(text).map_err(|fault| format!("“{text}”不是域名：只写主机名，不带协议、端口和路径（{fault}）"))
}

#[cfg(test)]
mod tests {
    use crate::directory::tests::{append, read_all, small};
    use record::{Body, Evidence, NameStatus, WebName};
    use std::fs;

    fn name_of(dir: &std::path::Path, host: &str) -> Option<WebName> {
        let (records, report) = read_all(dir);
        assert_eq!(report.rejected, []);
        records.into_iter().find_map(|r| match r.body {
            Body::WebName(name) if name.ascii == host => Some(name),
            _ => None,
        })
    }

    #[test]
    fn a_school_s_own_host_is_in_use_where_lists_agree() {
        let dir = small();
        let table = "institutions.csv";
        append(dir.path(), table, "x-1,黔北示例大学,,学校,prefecture,520300,,source,a");
        append(dir.path(), table, "x-2,遵义市示例办,,政府,prefecture,520300,,source,a");
        append(dir.path(), table, "x-3,黔南示例大学,,学校,prefecture,520300,,source,a");
        append(dir.path(), "websites.csv", "x-1,http://www.qbsl.edu.cn/,qbsl.edu.cn,a;b");
        append(dir.path(), "websites.csv", "x-2,http://zysl.cn/,zysl.cn,a;b");
        append(dir.path(), "websites.csv", "x-3,http://qnsl.edu.cn/,qnsl.edu.cn,a");
        let status = |host| name_of(dir.path(), host).unwrap().status;
        assert_eq!(status("qbsl.edu.cn"), NameStatus::InUse);
        assert_eq!(status("qnsl.edu.cn"), NameStatus::Pending, "one list alone");
        assert_eq!(status("zysl.cn"), NameStatus::Pending, "an office's, outside the registries");
    }

    #[test]
    fn the_hosts_of_entrances_are_names_of_those_in_charge() {
        let dir = small();
        let header = "name,other_names,purpose,entrance,owner_name,owner_id,division,websites,hotline,note,fields,evidence,sources\n";
        let rows = "示例查询网,,查示例,查询,遵义市人民政府,520300-gov,520300,https://cx.example.cn/,,,,corroborated,a;b\n\
                    示例门户,,办示例,办理,遵义市人民政府,520300-gov,520300,https://www.zunyi.gov.cn/x/,,,,single,a\n\
                    示例旧网,,办旧,办理,示例公司,,520300,https://old.example.cn/,,,,single,a\n";
        fs::write(dir.path().join("services.csv"), format!("{header}{rows}")).unwrap();
        let name = name_of(dir.path(), "cx.example.cn").unwrap();
        assert_eq!((name.status, name.evidence), (NameStatus::InUse, Evidence::Corroborated));
        assert_eq!(name.institution_id.as_deref(), Some("520300-gov"));
        let own = name_of(dir.path(), "zunyi.gov.cn").unwrap();
        assert_eq!((own.evidence, own.shared_with.len()), (Evidence::Corroborated, 0), "its own site stays its own");
        let alone = name_of(dir.path(), "old.example.cn").unwrap();
        assert_eq!(
            (alone.status, alone.institution_id, &*alone.institution_name),
            (NameStatus::Pending, None, "示例公司")
        );
    }
}
