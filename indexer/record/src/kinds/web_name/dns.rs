//! What was seen of a name in the DNS on a day, as somebody measured it and handed it in: nothing is asked of the
//! network here.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use text::web_name::Host;

use super::NameLife;

/// Rows of one table, and name servers of one name: a registry asks for two, and nobody has more than thirteen (RFC
/// 1034).
const MAX_ROWS: usize = 5_000;
const MAX_SERVERS: usize = 13;
/// Header of the table.
const COLUMNS: [&str; 5] = ["名称", "日期", "域名服务器", "DNSSEC", "地址"];

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DnsFacts {
    /// The day on which it was seen.
    pub on: Date,
    /// In A-labels, sorted; none: the name is not delegated.
    pub servers: Vec<String>,
    /// Whether the zone is signed; `None` where nobody looked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signed: Option<bool>,
    /// Addresses and aliases that it leads to.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub leads_to: Vec<String>,
    /// Who measured it.
    pub source: String,
}

/// A row that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("第 {line} 行：{reason}")]
pub struct DnsFault {
    pub line: usize,
    pub reason: String,
}

impl NameLife {
    /// What is wrong with where it leads by the DNS, beside what the register says; `None` where nothing is, or nobody
    /// looked.
    pub fn misdelegated(&self) -> Option<String> {
        let dns = self.dns.as_ref().filter(|_| self.cancelled.is_none())?;
        if dns.servers.is_empty() {
            return Some(format!("{} 核对时没有域名服务器，网站打不开", dns.on));
        }
        let strange: Vec<&str> =
            dns.servers.iter().filter(|s| !self.servers.contains(s)).map(String::as_str).collect();
        if self.servers.is_empty() || strange.is_empty() {
            return None;
        }
        let (seen, has) = (strange.join("、"), self.servers.join("、"));
        Some(format!("{} 核对时由 {seen} 解析，登记的是 {has}", dns.on))
    }
}

/// Reads a table of what was seen: name (A-labels) to facts. Every fault is reported by its line, and nothing of a
/// table with one is taken.
pub fn read_dns(table: &str, source: &str) -> Result<BTreeMap<String, DnsFacts>, Vec<DnsFault>> {
    let mut found = BTreeMap::new();
    let mut faults = Vec::new();
    let mut lines = (1..).zip(table.lines()).filter(|(_, line)| !line.trim().is_empty());
    let cells = |line: &str| line.split(',').map(|c| c.trim().to_owned()).collect::<Vec<String>>();
    match lines.next() {
        Some((_, head)) if cells(head.trim_start_matches('\u{FEFF}')) == COLUMNS => {}
        _ => return Err(vec![DnsFault { line: 1, reason: format!("表头应为 {}", COLUMNS.join(",")) }]),
    }
    for (at, (line, text)) in lines.enumerate() {
        if at == MAX_ROWS {
            faults.push(DnsFault { line, reason: format!("一次最多 {MAX_ROWS} 行，请分批") });
            break;
        }
        match row(&cells(text), source) {
            Ok((name, facts)) if !found.contains_key(&name) => drop(found.insert(name, facts)),
            Ok((name, _)) => faults.push(DnsFault { line, reason: format!("“{name}”重复") }),
            Err(reason) => faults.push(DnsFault { line, reason }),
        }
    }
    if faults.is_empty() { Ok(found) } else { Err(faults) }
}

fn row(cells: &[String], source: &str) -> Result<(String, DnsFacts), String> {
    let [name, on, servers, signed, leads_to] = cells else {
        return Err(format!("有 {} 栏，应有 {} 栏", cells.len(), COLUMNS.len()));
    };
    let host = |text: &str| Host::parse(text.trim_end_matches('.')).map(|host| host.ascii);
    let name = host(name).map_err(|fault| fault.to_string())?;
    let on = on.parse().map_err(|_| format!("日期“{}”应为 年-月-日", on.chars().take(20).collect::<String>()))?;
    let parts = |text: &str| text.split(';').map(str::trim).filter(|t| !t.is_empty()).map(str::to_owned).collect::<Vec<_>>();
    let servers = parts(servers).iter().map(|s| host(s)).collect::<Result<Vec<_>, _>>();
    let mut servers = servers.map_err(|fault| format!("域名服务器：{fault}"))?;
    servers.sort();
    servers.dedup();
    let signed = match signed.as_str() {
        "" => None,
        "是" => Some(true),
        "否" => Some(false),
        _ => return Err("DNSSEC 应为 是、否，或不填".to_owned()),
    };
    let leads_to = parts(leads_to);
    let long = leads_to.iter().any(|text| text.chars().count() > 253 || text.chars().any(char::is_control));
    if servers.len() > MAX_SERVERS || leads_to.len() > MAX_SERVERS || long {
        return Err(format!("域名服务器和地址各至多 {MAX_SERVERS} 个，每个至多 253 个字符"));
    }
    Ok((name, DnsFacts { on, servers, signed, leads_to, source: source.to_owned() }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Terms;

    const HEAD: &str = "名称,日期,域名服务器,DNSSEC,地址\n";

    #[test]
    fn a_table_is_read_whole_or_not_at_all() {
        let table = format!("\u{FEFF}{HEAD}甲县教育局.政务,2030-05-01,NS2.jia.cn.;ns1.jia.cn,否,1.2.3.4\n\njia.gov.cn,2030-05-01,,,\n");
        let read = read_dns(&table, "甲").unwrap();
        let facts = read.iter().find(|(name, _)| name.ends_with("xn--zfr164b")).unwrap().1;
        assert_eq!((facts.servers.join(" "), facts.signed), ("ns1.jia.cn ns2.jia.cn".to_owned(), Some(false)));
        assert!(read["jia.gov.cn"].servers.is_empty());
        for (row, told) in [
            ("jia.gov.cn,2030-13-01,,,", "日期"),
            ("jia.gov.cn,2030-01-01,,或许,", "DNSSEC"),
            ("jia.gov.cn,2030-01-01", "有 2 栏"),
            ("不 是,2030-01-01,,,", "第 2 行"),
            ("jia.gov.cn,2030-01-01,,,\njia.gov.cn,2030-01-01,,,", "第 3 行"),
        ] {
            let faults = read_dns(&format!("{HEAD}{row}"), "甲").unwrap_err();
            let all = faults.iter().map(ToString::to_string).collect::<String>();
            assert!(all.contains(told), "{row}: {all}");
        }
        assert!(read_dns("a,b", "甲").is_err() && read_dns("", "甲").is_err());
    }

    #[test]
    fn a_name_that_leads_elsewhere_is_told() {
        let mut life = NameLife::begin("2030-01-01".parse().unwrap(), &Terms::default(), "", "");
        assert_eq!(life.misdelegated(), None, "nobody looked");
        let seen = |servers: &[&str]| DnsFacts {
            on: "2030-05-01".parse().unwrap(),
            servers: servers.iter().map(|s| (*s).to_owned()).collect(),
            signed: None,
            leads_to: Vec::new(),
            source: "甲".into(),
        };
        life.dns = Some(seen(&[]));
        assert!(life.misdelegated().unwrap().contains("没有域名服务器"));
        life.dns = Some(seen(&["ns.evil.top"]));
        assert_eq!(life.misdelegated(), None, "the register says nothing");
        life.servers = vec!["ns1.jia.cn".into()];
        assert!(life.misdelegated().unwrap().contains("ns.evil.top"));
        life.dns = Some(seen(&["ns1.jia.cn"]));
        assert_eq!(life.misdelegated(), None);
    }
}
