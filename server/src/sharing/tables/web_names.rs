//! Tables of web names: hosts and Chinese names with the institutions that have them.

use indexer::{
    record::{
        Body, Evidence, Institution, NameForm, NameOwner, NameStatus, Record, Source, State, WebName, web_name_id,
    },
    web_name::{Host, site_host},
};

use super::{Column, Said, known::Known, prepared::Wanted, row::Row};
use crate::store::StoreError;

pub const HOST: &str = "网上名称";
const BODY: &str = "机构";
const BODY_ID: &str = "机构编号";
const DIVISION: &str = "区划代码";
const BASIS: &str = "依据";

/// Longest basis, in characters: a sentence.
const MAX_BASIS: usize = 200;

/// A column beside those of the kind: it tells institutions of one name apart.
pub const DIVISION_OF_INSTITUTION: Column =
    Column::optional(DIVISION, "机构的区划代码；几个地方有同名机构时要写", "520300");

/// What a row wants; `None` where it has faults.
pub fn read(
    row: &mut Row<'_>,
    known: &Known<'_>,
    said: Said<'_>,
    file_name: &str,
) -> Result<Option<Wanted>, StoreError> {
    let host = match row.text(HOST) {
        "" => None,
        text => match Host::parse(text) {
            Ok(host) => match site_host(&host) {
                Ok(()) => Some(host),
                Err(fault) => {
                    row.add_fault(HOST, fault.to_string());
                    None
                }
            },
            Err(fault) => {
                row.add_fault(HOST, format!("不是域名：只写主机名，不带协议、端口和路径（{fault}）"));
                None
            }
        },
    };
    let basis = row.change(BASIS).filter(|basis| !basis.is_empty());
    if let Some(basis) = basis {
        if basis.chars().any(char::is_control) {
            row.add_fault(BASIS, "中间有换行或控制字符，请删去");
        } else if basis.chars().nth(MAX_BASIS).is_some() {
            row.add_fault(BASIS, format!("过长：最多 {MAX_BASIS} 个字"));
        }
    }
    let owner = owner(row, known)?;
    let (Some(host), Some((owner, body))) = (host, owner) else { return Ok(None) };
    let id = web_name_id(&host.ascii);
    let there = known.get(&id)?;
    let was = there.as_ref().filter(|r| r.state == State::Published).and_then(|r| match &r.body {
        Body::WebName(name) => Some(name.clone()),
        _ => None,
    });
    let adopted = was.as_ref().filter(|was| was.status != NameStatus::NotAdopted);
    if let (Some(was), None, None) = (&was, adopted, said.office()) {
        row.add_fault(HOST, format!("此名称登记为“未采用”（{}）：要改为在用，须有机构为依据", was.basis));
    }
    if !row.faults.is_empty() {
        return Ok(None);
    }
    let source = said.office().map_or_else(|| Source::Table(file_name).to_string(), str::to_owned);
    let fresh = fresh(&host, &owner, &body, basis, said, source.clone());
    let name = match adopted.cloned() {
        Some(was) => joined(was, fresh, basis, source),
        None => fresh,
    };
    let owner = match &there {
        Some(record) => record.owner.clone(),
        None => Some(body.division).filter(|d| !d.is_nation()),
    };
    Ok(Some(Wanted { id, before: there, owner, body: Body::WebName(name) }))
}

/// The institution that a row names.
fn owner(row: &mut Row<'_>, known: &Known<'_>) -> Result<Option<(Record, Institution)>, StoreError> {
    let (id, name) = (row.text(BODY_ID), row.text(BODY));
    let division = row.code(DIVISION);
    if !id.is_empty() {
        let found = known.institution(id)?;
        match &found {
            None => row.add_fault(BODY_ID, "库中没有这个编号的机构，请核对"),
            Some((_, body)) if body.name != name && !name.is_empty() => {
                row.add_fault(BODY, format!("与编号不符：编号 {id} 是“{}”", body.name));
            }
            Some(_) => {}
        }
        return Ok(found);
    }
    if name.is_empty() || (division.is_none() && !row.text(DIVISION).is_empty()) {
        return Ok(None);
    }
    match known.institutions_named(name, division.as_ref())[..] {
        [only] => known.institution(only),
        [] => {
            row.add_fault(BODY, "库中没有这个全称的机构：请核对全称和区划，或先导入机构");
            Ok(None)
        }
        [..] => {
            row.add_fault(BODY, "有几个同名的机构：请填写区划代码或机构编号");
            Ok(None)
        }
    }
}

/// The name as if nothing were known of it.
fn fresh(
    host: &Host,
    owner: &Record,
    body: &Institution,
    basis: Option<&str>,
    said: Said<'_>,
    source: String,
) -> WebName {
    let evidence = if said.office().is_some() { Evidence::Confirmed } else { Evidence::Claimed };
    let status = NameStatus::of(&host.ascii, evidence, body.category.has_own_names());
    let label = host.unicode.split('.').next().unwrap_or_default();
    let form = match () {
        () if !host.is_international() => NameForm::Latin,
        () if label == body.name || body.name.strip_prefix("中华人民共和国") == Some(label) => {
            NameForm::FullName
        }
        () if body.short_names.iter().any(|short| short == label) => NameForm::ShortName,
        () => NameForm::SiteName,
    };
    let basis = basis.map_or_else(
        || said.office().map_or_else(|| "批量导入，尚未核实".to_owned(), |office| format!("{office}提供")),
        str::to_owned,
    );
    WebName {
        name: host.unicode.clone(),
        ascii: host.ascii.clone(),
        institution_name: body.name.clone(),
        institution_id: Some(owner.id.clone()),
        shared_with: Vec::new(),
        form,
        status,
        evidence,
        basis,
        sources: vec![source],
        seen: None,
        life: None,
    }
}

/// A name that is known with what the row says of it. What is better attested stays; a second institution joins the
/// first.
fn joined(mut was: WebName, row: WebName, basis: Option<&str>, source: String) -> WebName {
    let own = was.institution_id == row.institution_id;
    if !own && was.institution_id.is_some() {
        let Some(id) = row.institution_id else { return was };
        match was.shared_with.iter_mut().find(|other| other.id == id) {
            Some(shared) => shared.name = row.institution_name,
            None => was.shared_with.push(NameOwner { id, name: row.institution_name }),
        }
    } else {
        (was.institution_id, was.institution_name) = (row.institution_id, row.institution_name);
        // What sources disagree about is settled by an office's word, and by nothing less.
        let better = row.evidence == Evidence::Confirmed
            && matches!(was.evidence, Evidence::Single | Evidence::Claimed | Evidence::Disputed);
        if better {
            (was.evidence, was.status, was.basis) = (row.evidence, row.status, row.basis);
        } else if let Some(basis) = basis {
            basis.clone_into(&mut was.basis);
        }
    }
    if !was.sources.contains(&source) {
        was.sources.push(source);
    }
    was
}
