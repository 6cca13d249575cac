//! What was understood of a query, what of it leads nowhere, and, for `explain=1`, each step.

use indexer::{
    index::{Generation, projection::DirectoryEntry},
    record::Status,
    text::quoted,
};

use crate::{
    SearchError,
    correct::Correction,
    plan::Plan,
    ranking::{columns::Row, validity},
    reply::{IntentEcho, QueryEcho},
    request::SearchRequest,
    run::{self, Content, Fault, Found, facts},
    understand::{Citation, Outcome, Understanding, What},
};

/// Versions named where the one that was asked for is not there.
const NAMED_VERSIONS: usize = 6;

/// What was understood, for the reader.
pub fn echo(
    generation: &Generation,
    asked: &str,
    u: &Understanding,
    found: &Found,
    correction: Option<Correction>,
    hints: Vec<String>,
) -> Result<QueryEcho, SearchError> {
    let divisions = generation.catalogue.divisions();
    let mut intents = Vec::new();
    let mut push = |kind: &'static str, text: &str, meaning: String| {
        intents.push(IntentEcho { kind, text: text.to_owned(), meaning });
    };
    for address in &u.addresses {
        push("address", &address.text, address.host.clone());
    }
    for citation in &u.citations {
        let text = u.text.get(citation.span.clone()).unwrap_or_default();
        push("citation", text, canonical(generation, citation));
    }
    if let Some(number) = &u.document_number {
        push("document_number", &u.text, number.clone());
    }
    if let Some(code) = &u.credit_code {
        push("credit_code", &u.text, code.code.clone());
    }
    if let Some(code) = &u.division_code {
        push("division_code", code, generation.catalogue.division(code).map(|d| d.name.clone()).unwrap_or_default());
    }
    if let Some(work) = &u.title {
        push("title", &u.text, work.clone());
    }
    let name = |at: u32| divisions.get(at as usize).map(|d| d.name.clone()).unwrap_or_default();
    for at in &u.regions {
        push("region", &u.text, name(*at));
    }
    for region in &u.former.all {
        let code = region.division(generation).map(|d| d.code.as_str()).unwrap_or_default();
        let named = match &region.what {
            What::Former(_) => region.former(generation).map(|f| ("former_division", f.name.as_str())),
            What::OtherLevel(typed) => Some(("similar_division", typed.as_str())),
        };
        named.into_iter().for_each(|(kind, text)| push(kind, text, generation.catalogue.full_name(code)));
    }
    let matched = |code: &str| {
        found.direct.iter().any(|a| {
            matches!(&a.content, Content::Directory(DirectoryEntry::Institution { institution, .. })
                if institution.division.as_str() == code)
        })
    };
    for reading in &u.region_offices {
        if divisions.get(reading.division as usize).is_some_and(|d| matched(&d.code)) {
            push("region_body", &u.text, format!("{} + {}", name(reading.division), reading.office));
        }
    }
    if u.contacts {
        push("contacts", &u.text, "联系方式".to_owned());
    }
    for phrase in &u.phrases {
        push("phrase", phrase, phrase.clone());
    }
    if !u.words.is_empty() && !u.only_addresses {
        push("words", &u.words, generation.pipeline.segmenter.plain_words(&u.words).join(" "));
    }
    let notes = u.credit_code.iter().filter_map(|c| c.fault).map(|f| f.message().to_owned());
    let notes = notes.chain(missing(generation, u)?);
    let notes = hints.into_iter().chain(notes).chain(not_recorded(u, found)).collect();
    let (mut corrected, mut did_you_mean) = (None, Vec::new());
    if let Some(c) = correction {
        if !c.certain {
            did_you_mean.push(c.text.clone());
            did_you_mean.extend(c.others);
        }
        corrected = Some(c.text);
    }
    Ok(QueryEcho { text: asked.to_owned(), intents, corrected, did_you_mean, notes })
}

/// What was named for certain and is not in the data: said, rather than left to be guessed from the hits.
fn not_recorded(u: &Understanding, found: &Found) -> Option<String> {
    if let Some(law) = &u.former_law {
        let (old, new, year) = (&law.title, &law.successor, law.year);
        return Some(format!("《{old}》已不再施行，自 {year} 年起适用《{new}》；条的序号与原来不同，请按内容查找"));
    }
    if !found.direct.is_empty() {
        return None;
    }
    if let Some(number) = &u.document_number {
        return Some(format!("库中没有文号为“{number}”的法规"));
    }
    let code = u.credit_code.as_ref().filter(|c| c.fault.is_none())?;
    Some(format!("代码 {} 的两个校验位都正确，但资料中没有登记此代码的机构", code.code))
}

/// What was cited and is not there, each once, and what of a long list is not shown.
fn missing(generation: &Generation, u: &Understanding) -> Result<Vec<String>, SearchError> {
    let mut notes = Vec::new();
    let all = SearchRequest::new("");
    for citation in u.citations.iter().take(run::MAX_CITED) {
        let fault = run::cited(generation, citation, &all)?.err();
        notes.extend(fault.map(|fault| told(generation, citation, &fault)));
    }
    notes.dedup();
    let omitted: u32 = u.citations.iter().map(|c| c.omitted).sum();
    let omitted = omitted as usize + u.citations.len().saturating_sub(run::MAX_CITED);
    if omitted > 0 {
        notes.push(format!("所引的条文太多，另有 {omitted} 条没有列出，请到法规页面查看"));
    }
    Ok(notes)
}

/// Why a citation leads nowhere, for the reader.
fn told(generation: &Generation, citation: &Citation, fault: &Fault) -> String {
    let title = match &citation.outcome {
        Outcome::Work(title) | Outcome::UnknownTitle(title) => title,
    };
    let number = citation.article.map(|n| n.to_string()).unwrap_or_default();
    let text = citation.version.map_or_else(|| "现行文本".to_owned(), |year| format!(" {year} 年文本"));
    match fault {
        Fault::UnknownTitle => format!("库中没有《{title}》，请核对标题"),
        Fault::NoVersion(year) => {
            let versions = generation.catalogue.versions(title).filter_map(|r| r.version_date);
            let versions: Vec<String> = versions.take(NAMED_VERSIONS).map(|day| day.to_string()).collect();
            format!("库中没有《{title}》{year} 年的文本，有的文本日期是：{}", versions.join("、"))
        }
        Fault::NoArticle => format!("《{title}》的{text}没有{number}"),
        Fault::Deleted => format!("《{title}》{number}已经删去，{}没有内容", text.trim_start()),
        Fault::NoSection => format!("《{title}》的{text}没有{}", section_label(citation)),
    }
}

fn section_label(citation: &Citation) -> String {
    citation.section.iter().map(|step| step.label()).collect()
}

/// 《中华人民共和国行政许可法》第十二条第一款.
pub fn canonical(generation: &Generation, citation: &Citation) -> String {
    let title = match &citation.outcome {
        Outcome::Work(work) => run::regulation_of(generation, citation).map_or(work.as_str(), |r| r.title.as_str()),
        Outcome::UnknownTitle(title) => title,
    };
    let number = citation.article.map(|n| n.to_string()).unwrap_or_default();
    let within = citation.within.label().unwrap_or_default();
    format!("{}{}{number}{within}", quoted(title), section_label(citation))
}

/// The steps, for `explain=1`.
pub fn explain(generation: &Generation, u: &Understanding, plan: &Plan, found: &Found) -> serde_json::Value {
    let articles = found.articles.iter().filter_map(|answer| {
        let Content::Article { regulation, key, .. } = &answer.content else { return None };
        let explanation = found.explanations.get(&(*regulation, *key))?;
        let columns = Row::NAMES.iter().zip(explanation.row.values()).filter(|(_, value)| *value != 0.0);
        Some(serde_json::json!({
            "regulation": facts(generation, *regulation).map(|r| &r.id),
            "key": key,
            "score": answer.score,
            "asked": explanation.asked,
            "columns": columns.map(|(name, value)| ((*name).to_owned(), value.into())).collect::<serde_json::Map<_, _>>(),
        }))
    });
    serde_json::json!({
        "articles": articles.collect::<Vec<_>>(),
        "understand": format!("{u:?}"),
        "plan": format!("{plan:?}"),
        "run": {
            "direct": found.direct.len(),
            "institutions": found.institutions.len(),
            "regulations": found.regulations.len(),
            "articles": found.articles.len(),
        },
        "ranking": {
            "weights": plan.ranking.weights,
            "trees": plan.ranking.trees.as_ref().map(|trees| trees.len()),
            "validity": Status::ALL.map(|s| (s.label(), validity::factor(s, true, plan.ranking.weights.validity))),
        },
    })
}
