//! What the register tells of one name, in the vocabulary of RDAP (RFC 9083) with Chinese labels beside it.

use indexer::{
    record::{Body, NameStage, WebName, web_name_id},
    web_name::{address, is_official},
};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    clock::today,
    http::{App, Problem},
    urls,
};

/// 一个网上名称的登记信息，用词依 RFC 9083。
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct RdapDomain {
    rdap_conformance: Vec<&'static str>,
    /// 总是 `domain`。
    object_class_name: &'static str,
    handle: String,
    /// A-label 形式。
    ldh_name: String,
    /// 汉字形式。
    unicode_name: String,
    lang: &'static str,
    /// RFC 9083 第 10.2.2 节的状态。
    status: Vec<&'static str>,
    /// 状态的中文说法：正常、宽限……；没有登记信息的，是名录中的状态。
    status_label: &'static str,
    events: Vec<RdapEvent>,
    entities: Vec<RdapEntity>,
    /// 曾为谁的名称，至何日。
    former: Vec<String>,
    notices: Vec<RdapNotice>,
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct RdapEvent {
    event_action: &'static str,
    /// 年-月-日，按北京时间。
    event_date: String,
    /// 中文说法。
    label: &'static str,
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct RdapEntity {
    object_class_name: &'static str,
    handle: Option<String>,
    roles: Vec<&'static str>,
    name: String,
    url: Option<String>,
}

#[derive(Serialize, ToSchema)]
pub struct RdapNotice {
    title: &'static str,
    description: Vec<String>,
}

/// The answer for a name as typed.
pub fn of(app: &App, typed: &str) -> Result<RdapDomain, Problem> {
    let host = address::parse(typed).map_err(|fault| Problem::not_found(fault.to_string()))?.host;
    let shown: String = host.unicode.chars().take(100).collect();
    let none = || Problem::not_found(format!("名录中没有“{shown}”；要核验一个网址，请用 /api/v1/check"));
    if !is_official(&host.ascii) {
        return Err(none());
    }
    let record =
        app.store.get(&web_name_id(&host.ascii))?.filter(indexer::record::Record::is_public).ok_or_else(none)?;
    match &record.body {
        Body::WebName(name) => Ok(domain(app, &record.id, name)),
        _ => Err(none()),
    }
}

/// What a name was before, for whoever meets it later: newest first.
pub fn former(app: &App, ascii: Option<&str>) -> Result<Vec<String>, Problem> {
    let Some(ascii) = ascii else { return Ok(Vec::new()) };
    let record = app.store.get(&web_name_id(ascii))?;
    Ok(match record.filter(indexer::record::Record::is_public).map(|record| record.body) {
        Some(Body::WebName(WebName { life: Some(life), .. })) => {
            // Gambling pages are met on names that were an office's once.
            let lapsed = "这个名称已经注销，如果还能打开，可能已由他人注册，请不要在上面填写信息".to_owned();
            let lapsed = life.cancelled.is_some().then_some(lapsed);
            life.tombstones.iter().rev().map(|stone| stone.words()).chain(lapsed).collect()
        }
        _ => Vec::new(),
    })
}

fn domain(app: &App, id: &str, name: &WebName) -> RdapDomain {
    let terms = app.desk.name_terms.of(&name.ascii).terms;
    let stage = name.life.as_ref().map(|life| life.stage(&terms, today()));
    let mut events: Vec<RdapEvent> = Vec::new();
    for event in name.life.iter().flat_map(|life| &life.events) {
        events.extend(event.step.rdap().map(|event_action| RdapEvent {
            event_action,
            event_date: event.on.to_string(),
            label: event.step.label(),
        }));
    }
    let expires = name.life.as_ref().and_then(|life| life.expires);
    events.extend(expires.map(|day| RdapEvent {
        event_action: "expiration",
        event_date: day.to_string(),
        label: "到期",
    }));
    let registrant = |(owner, name): (Option<&str>, &str)| RdapEntity {
        object_class_name: "entity",
        handle: owner.map(str::to_owned),
        roles: vec!["registrant"],
        name: name.to_owned(),
        url: owner.map(urls::institution),
    };
    let gone = stage == Some(NameStage::Cancelled);
    let basis = match stage {
        Some(_) => "登记信息由本平台的申请和审核形成；各期限由平台设定，见机构的规定".to_owned(),
        None => format!("只由公开名单得来，没有登记信息。依据：{}", name.evidence.label()),
    };
    RdapDomain {
        rdap_conformance: vec!["rdap_level_0"],
        object_class_name: "domain",
        handle: id.to_owned(),
        ldh_name: name.ascii.clone(),
        unicode_name: name.name.clone(),
        lang: "zh-CN",
        status: stage.map(|stage| stage.rdap().to_vec()).unwrap_or_default(),
        status_label: stage.map_or(name.status.label(), NameStage::label),
        events,
        entities: if gone { Vec::new() } else { name.owners().map(registrant).collect() },
        former: name.life.iter().flat_map(|life| life.tombstones.iter().rev()).map(|stone| stone.words()).collect(),
        notices: vec![RdapNotice { title: "说明", description: vec![basis] }],
    }
}
