//! Whether an address is an official web name, with the institutions that may be meant; what a search tells of an
//! address that was typed.

use indexer::{
    index::Generation,
    record::Evidence,
    web_name::{fold, unescaped},
};

use super::{
    SearchError, institutions_by_id,
    ranking::Ranking,
    reply::{CheckReply, Hit, SearchReply},
    request::{KindFilter, MAX_QUERY_CHARS, SearchRequest},
    unchecked,
};
use crate::web_names::{
    AddressPart, Check, Imitates, ListedName, OwnerPart, ReasonPart, Verdict, check, is_one, owners, shown, spot,
    worst_first,
};

/// Institutions pointed to by name where an address is not official.
const MAX_SEE: usize = 3;
/// Addresses of one text that are reported one by one: a message has a few, and the worst come first.
const MAX_ADDRESSES: usize = 100;

/// A check with all that a page shows.
pub struct Checked {
    pub reply: CheckReply,
    /// Ids of the institutions that the address is about, the owner first.
    pub about: Vec<String>,
}

/// Checks what was pasted: an address, or a text with addresses in it, of which the worst leads.
pub fn check_address(generation: &Generation, pasted: &str) -> Result<Checked, SearchError> {
    let pasted: &str = &unescaped(pasted);
    let spotted = spot(&generation.official, &generation.pipeline, pasted);
    if is_one(pasted, &spotted) {
        return match spotted.into_iter().next() {
            // Full-width, spelt out or broken by spaces: what it was read as.
            Some(one) if !pasted.is_ascii() || pasted.trim().contains(char::is_whitespace) => {
                answer_for(generation, one.check, &one.text)
            }
            _ => answer_for(generation, check(&generation.official, &generation.pipeline, pasted), pasted),
        };
    }
    let spotted = worst_first(spotted);
    let addresses = spotted.iter().take(MAX_ADDRESSES).map(|one| AddressPart::new(&one.text, &one.check)).collect();
    let Some(worst) = spotted.into_iter().next() else {
        return answer_for(generation, check(&generation.official, &generation.pipeline, pasted), pasted);
    };
    let mut answer = answer_for(generation, worst.check, &worst.text)?;
    answer.reply.addresses = addresses;
    Ok(answer)
}

/// The answer for one address.
fn answer_for(generation: &Generation, checked: Check<'_>, pasted: &str) -> Result<Checked, SearchError> {
    let see = match checked.verdict {
        Verdict::Official => Vec::new(),
        _ => see(generation, &checked, pasted)?,
    };
    let about = owners(&checked).filter_map(|(id, _)| id.map(str::to_owned)).collect();
    let institution =
        if checked.verdict == Verdict::Official { owners(&checked).next().map(OwnerPart::from) } else { None };
    let evidence = checked.name.map(|name| name.evidence);
    let host = checked.address.as_ref().map(|a| &a.host);
    let reply = CheckReply {
        url: shown(pasted),
        verdict: checked.verdict.name(),
        verdict_label: checked.label(),
        meaning: checked.meaning(),
        host: host.map(|h| h.ascii.clone()),
        host_unicode: host.map(|h| h.unicode.clone()),
        institution,
        evidence,
        evidence_label: evidence.map(Evidence::label),
        reasons: checked.reasons.iter().map(|r| ReasonPart::from(*r)).collect(),
        name: checked.name.map(ListedName::from),
        nearer: checked.nearer.map(ListedName::from),
        imitates: checked.imitates.map(Imitates::from),
        see,
        former: Vec::new(),
        addresses: Vec::new(),
        generation: generation.number,
    };
    Ok(Checked { reply, about })
}

/// Adds to a search's reply what the address is that was typed, where one was. The right sites are its direct answers.
pub(super) fn attach(generation: &Generation, reply: &mut SearchReply) -> Result<(), SearchError> {
    if reply.query.intents.iter().any(|intent| intent.kind == "address") {
        let mut checked = check_address(generation, &reply.query.text)?;
        checked.reply.see.retain(|hit| !reply.direct.iter().any(|direct| direct.id == hit.id));
        reply.check = Some(Box::new(checked.reply));
    }
    Ok(())
}

/// The right sites by name: of the institutions that the address is listed for or imitates, else of those that the
/// words in it name.
fn see(generation: &Generation, checked: &Check<'_>, pasted: &str) -> Result<Vec<Hit>, SearchError> {
    let ids: Vec<&str> = owners(checked).filter_map(|(id, _)| id).collect();
    if !ids.is_empty() {
        return institutions_by_id(generation, ids.into_iter().take(MAX_SEE));
    }
    let mut hits: Vec<Hit> = Vec::new();
    match &checked.address {
        None => {
            // Not an address: perhaps a name typed where an address was asked for.
            let text: String = pasted.trim().chars().take(MAX_QUERY_CHARS).collect();
            if text.chars().any(char::is_alphanumeric) {
                hits = named(generation, &text)?;
            }
        }
        Some(address) => {
            for label in address.host.unicode.split('.').filter(|label| !label.is_ascii()) {
                hits.extend(named(generation, label)?);
            }
            let labels = address.host.ascii.split(['.', '-']).filter(|l| l.len() >= 4);
            for label in labels {
                let likely = format!("{label}.gov.cn");
                let likely = generation.official.exact(&likely, &fold(&likely));
                let ids = likely.into_iter().flat_map(|n| n.owners()).filter_map(|(id, _)| id);
                hits.extend(institutions_by_id(generation, ids)?);
            }
        }
    }
    hits.truncate(MAX_SEE);
    Ok(hits)
}

/// Institutions that a text certainly names.
fn named(generation: &Generation, text: &str) -> Result<Vec<Hit>, SearchError> {
    let request = SearchRequest { kind: KindFilter::Institution, size: 1, ..SearchRequest::new(text) };
    // Without its own check, which would ask here again.
    let reply = unchecked(generation, &request, Ranking::shipped())?;
    Ok(reply.direct.into_iter().filter(|h| h.institution.is_some()).collect())
}
