//! What a name that is not official imitates, in the ways seen in the wild, the surest first.

use indexer::{
    index::official::{Name, OfficialNames, one_edit},
    record::Evidence,
    text::Pipeline,
    web_name::{Address, Host, Registry, below, fold, fold_loosely, is_dot, looks_like_dot, suffixes},
};

use super::reason::Reason;

/// What an imitation looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Imitated<'n> {
    Name(Name<'n>),
    /// Only the ending: gov.cn.
    Ending(&'static str),
}

const GOV_CN: Imitated<'static> = Imitated::Ending("gov.cn");

/// Endings of two characters that are written for `cn` by imitators; all others stand for their countries.
const SLIPS_OF_CN: [&str; 2] = ["co", "cm"];
/// Second-level endings under a country's own.
const SECOND_LEVEL: [&str; 6] = ["com", "net", "org", "edu", "ac", "gov"];
/// Words after an official name that make it no other name.
const SITE_WORDS: [&str; 6] = ["官方网站", "门户网站", "官网", "网站", "首页", "网"];
/// Labels that name a service and nobody.
const SERVICES: [&str; 4] = ["www", "wap", "m", "h5"];

/// What an address imitates. `folded` is the fold of its host, which is known not to be official. `listed`: what
/// somebody has it listed as nevertheless. That takes nothing from what it looks like, unless public lists give both
/// names to the same institution.
pub fn find<'n>(
    names: &'n OfficialNames,
    pipeline: &Pipeline,
    address: &Address,
    folded: &str,
    listed: Option<Name<'n>>,
) -> Option<(Imitated<'n>, Reason)> {
    let attested =
        listed.filter(|name| matches!(name.evidence, Evidence::Registry | Evidence::Corroborated | Evidence::Single));
    let found = imitated(names, pipeline, address, folded, attested.is_some())?;
    match (listed, found.0) {
        (Some(listed), Imitated::Name(name)) if attested.is_some() && is_of_the_same(listed, name) => None,
        // qhu.edu.cn and hqu.edu.cn are two schools: lists give both, and neither is official by its ending.
        (Some(listed), Imitated::Name(name)) if [listed, name].into_iter().all(is_anywhere_by_lists) => None,
        _ => Some(found),
    }
}

/// Whether lists give a name outside the official registries.
fn is_anywhere_by_lists(name: Name<'_>) -> bool {
    let by_lists =
        matches!(name.evidence, Evidence::Registry | Evidence::Corroborated | Evidence::Single | Evidence::Disputed);
    by_lists && Registry::of(name.host).is_none()
}

/// Whether two names are given for the same institution.
fn is_of_the_same(a: Name<'_>, b: Name<'_>) -> bool {
    a.owners().any(|(id, owner)| b.owners().any(|(other_id, other)| id == other_id && owner == other))
}

/// What a text that is no host looks like: zunyi·gov·cn, zunyi.gov.cn&a.top. `written`: see [`Address::written`].
pub fn of_unreadable<'n>(names: &'n OfficialNames, written: &str) -> Option<(Imitated<'n>, Reason)> {
    // Signs that no host has end a label for the eye.
    let sign = |c: char| !(c.is_alphanumeric() || matches!(c, '.' | '-' | '_') || is_dot(c));
    if !written.contains(sign) {
        return None;
    }
    let plain: String = fold_loosely(written).chars().map(|c| if sign(c) { '.' } else { c }).collect();
    let plain = plain.trim_matches('.');
    confusable(names, "", plain).or_else(|| in_front(names, plain))
}

fn imitated<'n>(
    names: &'n OfficialNames,
    pipeline: &Pipeline,
    address: &Address,
    folded: &str,
    attested: bool,
) -> Option<(Imitated<'n>, Reason)> {
    let host = &address.host;
    if let Some(imitated) = before_at(names, &address.user) {
        return Some((imitated, Reason::OfficialBeforeAt));
    }
    let registry = Registry::of(&host.ascii);
    let latin = !host.is_international();
    if latin && (registry.is_some() || host.ascii == "gov.cn") {
        // A registry lets no imitation in: what is not listed there is not known, no more.
        return None;
    }
    let by_letters = |folded: &str| {
        confusable(names, &host.ascii, folded)
            .or_else(|| in_front(names, folded))
            .or_else(|| endings(names, folded, registry))
            .or_else(|| glued(names, folded))
    };
    // As it was written: capitals that look like others than their small letters do, signs that look like dots.
    let written = fold_loosely(&address.written);
    let written = written.trim_matches('.');
    let near = || names.near(&host.ascii).filter(|_| !attested);
    by_letters(folded)
        .or_else(|| if written == folded { None } else { by_letters(written) })
        .or_else(|| label_elsewhere(names, pipeline, host, registry))
        .or_else(|| near().map(|name| (Imitated::Name(name), Reason::NearName)))
}

/// Whether a host is a listed name or lies below it.
fn is_of(host: &str, name: Name<'_>) -> bool {
    host == name.host || below(host, name.host)
}

/// Whether the ending is a government's elsewhere: gov.uk, gov.cy.
pub fn is_foreign_government(host: &str) -> bool {
    let mut labels = host.rsplit('.');
    labels.next().is_some_and(|tld| tld.len() == 2 && tld != "cn") && labels.next() == Some("gov")
}

/// Whether an official name, or gov.cn, stands in a path or query.
pub fn names_in_path(names: &OfficialNames, path: &str) -> bool {
    let pieces = path.split(|c: char| !(c.is_ascii_alphanumeric() || c == '.' || c == '-'));
    pieces.filter(|piece| piece.contains('.')).any(|piece| {
        let piece = fold(piece.trim_matches('.'));
        piece.ends_with(".gov.cn") || known(names, &piece).is_some()
    })
}

/// The name that a folded text is, or lies under.
fn known<'n>(names: &'n OfficialNames, folded: &str) -> Option<Name<'n>> {
    let bare = SERVICES.iter().find_map(|s| folded.strip_prefix(s)?.strip_prefix('.')).unwrap_or(folded);
    let mut all = suffixes(bare).take_while(|suffix| *suffix != "gov.cn");
    all.find_map(|suffix| names.alike(suffix).next())
}

fn before_at<'n>(names: &'n OfficialNames, user: &str) -> Option<Imitated<'n>> {
    if user.is_empty() {
        return None;
    }
    let user = percent_encoding::percent_decode_str(user).decode_utf8_lossy();
    // Whatever stands between it and the @ (: & ; = ~ _ and signs that look like a slash) ends the name for the eye.
    let part = |c: char| c.is_alphanumeric() || c == '-' || is_dot(c) || looks_like_dot(c);
    let mut pieces = user.split(|c| !part(c)).map(fold_loosely);
    pieces.find_map(|piece| {
        let piece = piece.trim_matches('.');
        let official = piece.split('.').zip(piece.split('.').skip(1)).any(|(a, b)| a == "gov" && b == "cn");
        known(names, piece)
            .map(Imitated::Name)
            .or_else(|| in_front(names, piece).map(|(name, _)| name))
            .or(official.then_some(GOV_CN))
    })
}

fn confusable<'n>(names: &'n OfficialNames, host: &str, folded: &str) -> Option<(Imitated<'n>, Reason)> {
    let alike = suffixes(folded).find_map(|folded| {
        // Only what is not the listed name itself, or below it, can imitate it.
        let name = names.alike(folded).find(|name| !is_of(host, *name))?;
        Some((Imitated::Name(name), Reason::Confusable))
    });
    alike.or_else(|| {
        let ending = folded == "gov.cn" || folded.ends_with(".gov.cn");
        let real = host == "gov.cn" || host.ends_with(".gov.cn");
        (ending && !real).then(|| {
            let name = known(names, folded).map(Imitated::Name);
            (name.unwrap_or(GOV_CN), Reason::Confusable)
        })
    })
}

/// zunyi.gov.cn.evil.top
fn in_front<'n>(names: &'n OfficialNames, folded: &str) -> Option<(Imitated<'n>, Reason)> {
    let start = if folded.starts_with("gov.cn.") { Some(0) } else { folded.find(".gov.cn.").map(|at| at + 1) };
    let front = &folded[..start? + "gov.cn".len()];
    Some((known(names, front).map_or(GOV_CN, Imitated::Name), Reason::OfficialInFront))
}

/// zunyi.gov.com, zunyi.gov.cm, zunyi.gav.cn: the rest as an official name has it, the ending another.
fn endings<'n>(names: &'n OfficialNames, folded: &str, registry: Option<Registry>) -> Option<(Imitated<'n>, Reason)> {
    if registry.is_some() {
        return None;
    }
    let (rest, tld) = folded.rsplit_once('.')?;
    let (rest, second) = rest.rsplit_once('.')?;
    let real = known(names, &format!("{rest}.gov.cn")).map(Imitated::Name)?;
    if second == "gov" && (tld.len() > 2 || SLIPS_OF_CN.contains(&tld)) {
        let reason = if one_edit(tld, "cn") { Reason::NearEnding } else { Reason::OtherEnding };
        return Some((real, reason));
    }
    (tld == "cn" && one_edit(second, "gov")).then_some((real, Reason::NearEnding))
}

/// x-gov.cn, xgov.cn, x.gov-cn.com, gov-x.com: gov, or gov.cn, run together with other letters.
fn glued<'n>(names: &'n OfficialNames, folded: &str) -> Option<(Imitated<'n>, Reason)> {
    let labels: Vec<&str> = folded.split('.').collect();
    let [.., second, tld] = labels.as_slice() else { return None };
    let ending = if tld.len() == 2 && SECOND_LEVEL.contains(second) && labels.len() > 2 { 2 } else { 1 };
    let own = &labels[..labels.len() - ending];
    if !own.iter().any(|label| label.contains("gov")) || is_foreign_government(folded) {
        return None;
    }
    // zunyi-gov-cn.evil.top: what follows the label with gov in it is the imitator's own.
    let upto = own.iter().rposition(|label| label.contains("gov")).map_or(own.len(), |at| at + 1);
    let real = [&own[..upto], own].into_iter().find_map(|labels| without_gov(names, labels)).map(Imitated::Name);
    // 政府 itself is written so, whatever stands before it.
    let like_the_ending = ending == 1 && *tld == "cn" && second.ends_with("gov")
        || own.iter().any(|label| label.contains("gov-cn") || label.contains("govcn"));
    match real {
        Some(real) => Some((real, Reason::Glued)),
        None => like_the_ending.then_some((GOV_CN, Reason::Glued)),
    }
}

/// The official name whose letters the labels have, but for gov and cn between them.
fn without_gov<'n>(names: &'n OfficialNames, labels: &[&str]) -> Option<Name<'n>> {
    let mut rest: Vec<&str> = Vec::new();
    for token in labels.iter().flat_map(|label| label.split('-')) {
        let token = token.strip_suffix("govcn").or_else(|| token.strip_suffix("gov")).unwrap_or(token);
        let token = token.strip_prefix("govcn").or_else(|| token.strip_prefix("gov")).unwrap_or(token);
        if !token.is_empty() && token != "cn" && !SERVICES.contains(&token) {
            rest.push(token);
        }
    }
    let candidates = [rest.join("."), rest.concat(), rest.join("-")].map(|name| format!("{name}.gov.cn"));
    candidates.iter().filter(|_| !rest.is_empty()).find_map(|name| known(names, name))
}

/// 国务院.com, 福州大学官网.com, 国务院.公益, 遵义市人民政府.com: the Chinese label of an official name, or the full name of a
/// institution that has one, under an ending that is not its own.
fn label_elsewhere<'n>(
    names: &'n OfficialNames,
    pipeline: &Pipeline,
    host: &Host,
    registry: Option<Registry>,
) -> Option<(Imitated<'n>, Reason)> {
    if registry == Some(Registry::Government) {
        return None;
    }
    host.unicode.split('.').filter(|label| !label.is_ascii()).find_map(|label| {
        let key = pipeline.key(label);
        let bare = SITE_WORDS.iter().find_map(|word| key.strip_suffix(word)).filter(|bare| !bare.is_empty());
        let found = [Some(key.as_str()), bare].into_iter().flatten().find_map(|key| {
            let found = names.labelled(key);
            // The same registry would not give a label to two; its sister ending is another matter.
            let own = found.iter().any(|name| registry.is_some() && Registry::of(name.host) == registry);
            // A registry gives no label to whom it does not belong; elsewhere anybody may have an institution's name.
            let owned = if registry.is_none() { names.owned(key) } else { Vec::new() };
            let mut all = found.iter().chain(&owned).filter(|name| !is_of(&host.ascii, **name));
            if own { None } else { all.next().copied() }
        });
        found.map(|name| (Imitated::Name(name), Reason::LabelElsewhere))
    })
}
