//! Numbers of staff in what is to be public, of bodies whose numbers are not: told to whoever writes it and whoever reviews
//! it, before anything is published. Nothing is refused, since a name in a text may be another matter.

use std::collections::BTreeSet;

use indexer::record::{Audience, Body, Concern, DivisionCode, KINDS, Record, kinds::staffing_scheme::tells_staffing};

use crate::store::{RecordStore, StoreError};

/// The column in which records name the body that they are of.
const BODY: &str = "institution_name";
/// Characters of the shortest name that is looked for in a text: 财政局 is a word, 甲市财政局 a name.
const SHORTEST_NAME: usize = 4;

/// Table of the texts of attached files that tell numbers of staff, by their hash and the number of the piece. Bodies whose
/// numbers are not public change, so that what a file says is kept and looked through again at each review.
const FILE_TEXT: &str = "file_text";
/// Characters of a piece: a value of the store has 16 KiB at most, and a character up to four bytes.
const PIECE: usize = 4_000;
/// Characters that a piece has of the one before it, so that no name is cut in two.
const SHARED: usize = 60;
/// Pieces kept of one file: four million characters, thirty times the longest law.
const MAX_PIECES: usize = 1_000;

/// What is told of a content that is to be public.
pub(super) fn concerns(store: &RecordStore, content: &Body) -> Result<Vec<Concern>, StoreError> {
    if !content.is_for_the_public() {
        return Ok(Vec::new());
    }
    let mut sources = vec![(String::new(), texts(content))];
    for file in content.attached() {
        sources.push((format!("附件“{}”", file.name), text_of_file(store, &file.sha256)?));
    }
    sources.retain(|(_, texts)| texts.iter().any(|text| tells_staffing(text).is_some()));
    if sources.is_empty() {
        return Ok(Vec::new());
    }
    let division = content.division().cloned().unwrap_or_else(DivisionCode::nation);
    let kept_back = kept_back(store, &division)?;
    let mut found = Vec::new();
    for (whence, texts) in &sources {
        let number = texts.iter().find_map(|text| tells_staffing(text)).unwrap_or_default();
        let named = |name: &String| texts.iter().any(|text| text.contains(name.as_str()));
        let mut told: Vec<&String> = kept_back.iter().filter(|name| named(name)).collect();
        // 甲市财政局 within 甲市财政局监督检查分局 is told once.
        told.dedup_by(|a, b| a.contains(b.as_str()) || b.contains(a.as_str()));
        found.extend(told.into_iter().map(|name| Concern {
            division: division.clone(),
            says: format!(
                "{whence}写有“{number}”，而“{name}”的编制数不公开：公布以后人人可见（附上的原件也一样），不公开的请先删去"
            ),
        }));
    }
    Ok(found)
}

/// Keeps what an attached file says, where it tells numbers of staff.
pub fn note_file(store: &RecordStore, sha256: &str, text: &str) -> Result<(), StoreError> {
    if tells_staffing(text).is_none() {
        return Ok(());
    }
    let letters: Vec<char> = text.chars().collect();
    let pieces = (0..letters.len()).step_by(PIECE - SHARED).take(MAX_PIECES);
    store.change_secrets(|secrets| {
        for (n, from) in pieces.enumerate() {
            let piece: String = letters[from..letters.len().min(from + PIECE)].iter().collect();
            secrets.put(FILE_TEXT, &format!("{sha256}/{n:04}"), &piece);
        }
        Ok(())
    })
}

/// A number of staff that an attached file tells, as its text was noted.
pub fn number_in_file(store: &RecordStore, sha256: &str) -> Result<Option<String>, StoreError> {
    let texts = text_of_file(store, sha256)?;
    Ok(texts.iter().find_map(|text| tells_staffing(text)).map(str::to_owned))
}

fn text_of_file(store: &RecordStore, sha256: &str) -> Result<Vec<String>, StoreError> {
    let pieces = store.secrets_starting(FILE_TEXT, &format!("{sha256}/"))?;
    Ok(pieces.into_iter().map(|(_, piece)| piece).collect())
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::Backend;

    #[test]
    fn a_long_file_is_kept_in_pieces_that_cut_no_name() {
        let dir = tempfile::tempdir().unwrap();
        let store = RecordStore::open(Backend::Redb, dir.path()).unwrap();
        note_file(&store, "a", "没有数").unwrap();
        assert_eq!((number_in_file(&store, "a").unwrap(), text_of_file(&store, "a").unwrap()), (None, vec![]));
        for before in [PIECE - SHARED - 3, PIECE - 3, PIECE] {
            let text = format!("{}遵义市财政局行政编制4名{}", "长".repeat(before), "尾".repeat(PIECE));
            note_file(&store, "b", &text).unwrap();
            let pieces = text_of_file(&store, "b").unwrap();
            assert!(pieces.len() > 1 && pieces.iter().all(|piece| piece.chars().count() <= PIECE));
            assert!(pieces.iter().any(|piece| piece.contains("遵义市财政局行政编制4名")), "{before}");
            assert_eq!(number_in_file(&store, "b").unwrap().as_deref(), Some("行政编制4名"));
        }
        assert!(text_of_file(&store, "").unwrap().is_empty());
    }
}
