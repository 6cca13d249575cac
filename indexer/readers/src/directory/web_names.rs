//! Web names from the tables: the hosts of sites, the Chinese names met, and the hosts that were left out.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::{DROPPED, Reader, WEB_NAME_SOURCE, WEB_NAMES, required};
use crate::{ReadError, Report, directory::table::each_row};
use record::{Date, Evidence, FormerSite, Institution, NameForm, NameOwner, NameStatus, Provenance, WebName, Website};
use text::web_name::{Host, is_official, site_host};

/// Institutions as the reader has them: id, body, provenance.
type Institutions = [(String, Institution, Vec<Provenance>)];

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
                status: status(&host.ascii, evidence),
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
            };
            all.push((name, vec![self.provenance(WEB_NAME_SOURCE, row.place())]));
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

    /// One record a host: those of sites, with all who share it, and those left out.
    pub(super) fn host_names(&self, institutions: &Institutions) -> Vec<(WebName, Vec<Provenance>)> {
        let mut by_host: BTreeMap<&str, Vec<(&str, &Institution, &Website)>> = BTreeMap::new();
        for (id, i, _) in institutions {
            for site in &i.websites {
                by_host.entry(&site.host).or_default().push((id, i, site));
            }
        }
        let mut all: Vec<(WebName, Vec<Provenance>)> = Vec::new();
        for (host, mut owners) in by_host.clone() {
            // The best attested owner first; of equals the higher body, whose platform the others share.
            owners.sort_by_key(|(id, i, site)| (site.evidence, i.level, *id));
            let sources: BTreeSet<&str> =
                owners.iter().flat_map(|(.., s)| s.sources.iter().map(String::as_str)).collect();
            let evidence = owners.iter().map(|(.., s)| s.evidence).min().unwrap_or(Evidence::Claimed);
            let owners = owners.iter().map(|(id, i, _)| (*id, i.name.as_str())).collect();
            all.push(self.host_name(host, owners, evidence, status(host, evidence), LISTED, &sources));
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
            let owners = owners.iter().map(|(id, i, _)| (*id, i.name.as_str())).collect();
            all.push(self.host_name(host, owners, Evidence::Claimed, NameStatus::NotAdopted, reason, &sources));
        }
        all
    }

    fn host_name(
        &self,
        host: &str,
        owners: Vec<(&str, &str)>,
        evidence: Evidence,
        status: NameStatus,
        basis: &str,
        sources: &BTreeSet<&str>,
    ) -> (WebName, Vec<Provenance>) {
        let mut owners = owners.into_iter().map(|(id, name)| NameOwner { id: id.to_owned(), name: name.to_owned() });
        let first = owners.next();
        let seen: Option<Date> = sources.iter().filter_map(|s| self.sources.get(*s)?.taken).max();
        let name = WebName {
            // A host of the tables was read as one, so that this cannot fail.
            name: Host::parse(host).map_or_else(|_| host.to_owned(), |h| h.unicode),
            ascii: host.to_owned(),
            institution_name: first.as_ref().map(|o| o.name.clone()).unwrap_or_default(),
            institution_id: first.map(|o| o.id),
            shared_with: owners.collect(),
            form: NameForm::Latin,
            status,
            evidence,
            basis: basis.to_owned(),
            sources: sources.iter().map(|s| (*s).to_owned()).collect(),
            seen,
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

fn status(host: &str, evidence: Evidence) -> NameStatus {
    let official = is_official(host);
    match evidence {
        _ if !official => NameStatus::Pending,
        Evidence::Registry | Evidence::Confirmed | Evidence::Corroborated | Evidence::Single => NameStatus::InUse,
        Evidence::Claimed => NameStatus::Pending,
        Evidence::Disputed => NameStatus::Disputed,
    }
}

/// A host alone, in canonical form.
pub(super) fn host(text: &str) -> Result<Host, String> {
    Host::parse(text).map_err(|fault| format!("“{text}”不是域名：只写主机名，不带协议、端口和路径（{fault}）"))
}
