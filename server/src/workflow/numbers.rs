//! Numbers of staff in what is to be public, of bodies whose numbers are not: told to whoever writes it and whoever reviews
//! it, before anything is published. Nothing is refused, since a name in a text may be another matter.

use std::collections::BTreeSet;

use indexer::record::{Audience, Body, Concern, DivisionCode, KINDS, Record, kinds::staffing_scheme::tells_staffing};

use crate::store::{RecordStore, StoreError};

/// The column in which records name the body that they are of.
const BODY: &str = "institution_name";
/// Characters of the shortest name that is looked for in a text: 财政局 is a word, 甲市财政局 a name.
const SHORTEST_NAME: usize = 4;

/// What is told of a content that is to be public.
pub(super) fn concerns(store: &RecordStore, content: &Body) -> Result<Vec<Concern>, StoreError> {
    if !content.is_for_the_public() {
        return Ok(Vec::new());
    }
    let texts = texts(content);
    let Some(number) = texts.iter().find_map(|text| tells_staffing(text)) else { return Ok(Vec::new()) };
    let division = content.division().cloned().unwrap_or_else(DivisionCode::nation);
    let named = |name: &String| texts.iter().any(|text| text.contains(name.as_str()));
    let kept_back = kept_back(store, &division)?;
    let mut told: Vec<&String> = kept_back.iter().filter(|name| named(name)).collect();
    // 甲市财政局 within 甲市财政局监督检查分局 is told once.
    told.dedup_by(|a, b| a.contains(b.as_str()) || b.contains(a.as_str()));
    let say = |name: &String| Concern {
        division: division.clone(),
        says: format!(
            "写有“{number}”，而“{name}”的编制数不公开：公布以后人人可见（附上的原件也一样），不公开的请先删去"
        ),
    };
    Ok(told.into_iter().map(say).collect())
}

/// All that a content says, its name of the body among it.
fn texts(content: &Body) -> Vec<String> {
    let mut texts: Vec<String> = content.facts().flat_map(|(_, values)| values).collect();
    if let Body::Regulation(norm) = content {
        texts.extend(norm.articles.iter().map(|article| article.text.clone()));
        texts.extend([norm.preamble.clone(), norm.attachment.clone()]);
    }
    texts
}

/// Names of bodies on the line of a division whose numbers are kept back: by their public scheme, or since they stand among
/// what offices share.
fn kept_back(store: &RecordStore, division: &DivisionCode) -> Result<BTreeSet<String>, StoreError> {
    let mut names = BTreeSet::new();
    let mut take = |record: Record| -> Result<(), StoreError> {
        let restricted = record.body.restricts() || record.is_shown_to(Audience::Offices);
        let near = record.body.division().is_some_and(|own| division.covers(own) || own.covers(division));
        if restricted && near && (record.is_public() || record.is_shown_to(Audience::Offices)) {
            let named = record.body.facts().filter(|(column, _)| column.name == BODY).flat_map(|(_, values)| values);
            names.extend(named.filter(|name| name.chars().count() >= SHORTEST_NAME));
        }
        Ok(())
    };
    let counts = |kind: &&&indexer::record::Info| {
        kind.is_searched_by(Audience::Offices) && kind.columns.iter().any(|column| column.name == BODY)
    };
    for kind in KINDS.iter().filter(counts) {
        store.each_of(kind.name, &mut take)?;
    }
    Ok(names)
}
