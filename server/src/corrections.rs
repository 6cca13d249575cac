//! 纠错建议: what readers say is wrong goes to the office in charge, as a record in state submitted.
//!
//! No account is needed and nobody is named: the reader gets a private link by which to see what came of it. The link's
//! secret is not kept; the record's id is its hash.

use std::{
    collections::VecDeque,
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

use indexer::record::{Body, Correction, CorrectionMatter, DivisionCode, Provenance, READER, Record, State};
use sha2::{Digest, Sha256};

use crate::{
    clock::today,
    desk::{Desk, Pending},
    source::Source,
    store::{By, RecordStore, StoreError},
};

/// Longest text, in characters: what is wrong and how it should be fits; a treatise belongs in a document.
pub const MAX_SAYS: usize = 1_000;
/// Shortest: a word says nothing that an office could follow.
pub const MIN_SAYS: usize = 4;
/// Longest address of evidence, in characters.
pub const MAX_EVIDENCE: usize = 500;
/// Suggestions taken in a period from all readers together: more than people write, less than a script does.
const MAX_IN_PERIOD: usize = 240;
/// Of these, from one source: more than one reader or the readers of one office write.
const MAX_OF_SOURCE: usize = 20;
/// The same once half of the room is gone: whoever means to close the channel needs more than forty addresses then, and a
/// reader who has written nothing yet still finds it open.
const FEW_OF_SOURCE: usize = 3;
const PERIOD: Duration = Duration::from_secs(3600);

/// What a reader gives, checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Suggestion {
    pub matter: CorrectionMatter,
    pub says: String,
    pub evidence: Option<String>,
}

impl Suggestion {
    /// Checks what a form gave; the error names the field and how to mend it.
    pub fn read(matter: &str, says: &str, evidence: &str) -> Result<Self, (&'static str, String)> {
        let known = CorrectionMatter::ALL.into_iter().find(|m| m.name() == matter);
        let matter = known.ok_or_else(|| ("matter", "请选择是哪方面的错误".to_owned()))?;
        let says = says.replace("\r\n", "\n").trim().to_owned();
        let chars = says.chars().count();
        if chars < MIN_SAYS {
            return Err(("says", format!("请写明哪里错了、应当是什么（至少 {MIN_SAYS} 个字）")));
        }
        if chars > MAX_SAYS {
            return Err(("says", format!("说明有 {chars} 个字，最多 {MAX_SAYS} 个，请删减")));
        }
        if let Some(c) = says.chars().chain(evidence.chars()).find(|c| c.is_control() && *c != '\n' && *c != '\t') {
            return Err(("says", format!("文字中有控制字符 U+{:04X}，请删去", c as u32)));
        }
        let evidence = evidence.trim();
        if evidence.chars().count() > MAX_EVIDENCE {
            return Err(("evidence", format!("依据的网址过长，最多 {MAX_EVIDENCE} 个字")));
        }
        Ok(Self { matter, says, evidence: (!evidence.is_empty()).then(|| evidence.to_owned()) })
    }
}

/// Why a suggestion was not taken.
#[derive(Debug, thiserror::Error)]
pub enum Refused {
    #[error("近一小时收到的建议太多，请过一会儿再提交，写好的内容请先留着")]
    TooMany,
    #[error("近一小时从您的网络收到的建议太多，请过一会儿再提交，写好的内容请先留着")]
    TooManyOfSource,
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("无法取得随机数：{0}")]
    Random(getrandom::Error),
}

/// Takes suggestions, within bounds on how many.
#[derive(Default)]
pub struct Corrections {
    /// Never more than are taken in a period.
    lately: Mutex<VecDeque<(Instant, Source)>>,
}

impl Corrections {
    /// Stores a suggestion about a record; returns the secret of the reader's link. Durable when it returns.
    pub fn submit(
        &self,
        store: &RecordStore,
        desk: &Desk,
        about: &Record,
        suggestion: Suggestion,
        source: Source,
    ) -> Result<String, Refused> {
        self.take(source, Instant::now())?;
        let mut secret = [0u8; 16];
        getrandom::fill(&mut secret).map_err(Refused::Random)?;
        let secret = hex::encode(secret);
        let body = Body::Correction(Correction {
            about: about.id.clone(),
            about_revision: about.revision,
            about_title: about.body.title().to_owned(),
            matter: suggestion.matter,
            says: suggestion.says,
            evidence: suggestion.evidence,
            answer: None,
            letter: None,
        });
        let from = Provenance { source: READER.into(), place: None, date: Some(today()), licence: None };
        let record = Record::published(id(&secret), owner(about), vec![from], body);
        let record = Record { state: State::Submitted, ..record };
        let mut tasks = Pending::new(store, desk);
        tasks.follow_review(&record)?;
        let together = std::iter::once(record).chain(tasks.into_tasks());
        store.put_together(together.map(|record| (record, By { author: READER, reason: "" })).collect())?;
        Ok(secret)
    }

    /// Counts one, where there is room for it.
    fn take(&self, source: Source, now: Instant) -> Result<(), Refused> {
        let mut lately = self.lately.lock().unwrap_or_else(PoisonError::into_inner);
        while lately.front().is_some_and(|(at, _)| now.duration_since(*at) > PERIOD) {
            lately.pop_front();
        }
        let most = if lately.len() < MAX_IN_PERIOD / 2 { MAX_OF_SOURCE } else { FEW_OF_SOURCE };
        if lately.iter().filter(|(_, from)| *from == source).count() >= most {
            return Err(Refused::TooManyOfSource);
        }
        if lately.len() >= MAX_IN_PERIOD {
            return Err(Refused::TooMany);
        }
        lately.push_back((now, source));
        Ok(())
    }
}

/// The suggestion of a private link.
pub fn find(store: &RecordStore, secret: &str) -> Result<Option<(Record, Correction)>, StoreError> {
    let record = store.get(&id(secret))?;
    Ok(record.and_then(|record| match &record.body {
        Body::Correction(correction) => Some((record.clone(), correction.clone())),
        _ => None,
    }))
}

/// What a state means for a suggestion.
pub fn state_label(state: State) -> &'static str {
    match state {
        State::Approved | State::Published => "已采纳",
        State::Returned => "未采纳",
        State::Withdrawn => "已撤回",
        State::Draft | State::Submitted => "已提交，等待办理",
    }
}

/// The division whose office is in charge: the record's own, else the one that it is about.
fn owner(about: &Record) -> Option<DivisionCode> {
    about.owner.clone().or_else(|| about.body.division().cloned())
}

/// Whoever reads the store's ids cannot open the link.
fn id(secret: &str) -> String {
    format!("k-{}", &hex::encode(Sha256::digest(secret.as_bytes()))[..24])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_wrong_with_a_suggestion_is_told_by_field() {
        for (matter, says, evidence, field) in [
            ("", "网址打不开", "", "matter"),
            ("website", " 错 ", "", "says"),
            ("website", &"错".repeat(MAX_SAYS + 1), "", "says"),
            ("website", "网址\u{0}打不开", "", "says"),
            ("website", "网址打不开", &"a".repeat(MAX_EVIDENCE + 1), "evidence"),
        ] {
            assert_eq!(Suggestion::read(matter, says, evidence).map_err(|(field, _)| field), Err(field));
        }
        let read = Suggestion::read("website", " 网址打不开\r\n应为别的 ", " ").unwrap();
        assert_eq!((read.says.as_str(), read.evidence), ("网址打不开\n应为别的", None));
    }

    fn source(n: usize) -> Source {
        Source::of(std::net::Ipv4Addr::from_bits(u32::try_from(n).unwrap()).into())
    }

    #[test]
    fn only_so_many_in_a_period() {
        let corrections = Corrections::default();
        let start = Instant::now();
        let taken = |n, at| corrections.take(source(n), at);
        assert!((0..MAX_IN_PERIOD).all(|n| taken(n, start).is_ok()));
        assert!(matches!(taken(MAX_IN_PERIOD, start), Err(Refused::TooMany)));
        assert!(taken(0, start + PERIOD + Duration::from_secs(1)).is_ok());
        assert_eq!(corrections.lately.lock().unwrap().len(), 1, "nothing is remembered beyond the period");
    }

    #[test]
    fn one_source_closes_the_channel_for_itself_alone() {
        let corrections = Corrections::default();
        let start = Instant::now();
        let taken = |n| corrections.take(source(n), start);
        let of_one = (0..1_000).filter(|_| taken(0).is_ok()).count();
        assert_eq!(of_one, MAX_OF_SOURCE);
        assert!(matches!(taken(0), Err(Refused::TooManyOfSource)));
        // So many that take all they can, and a reader among them still comes through.
        for n in 1..40 {
            while taken(n).is_ok() {}
        }
        assert!(taken(1_000).is_ok());
        assert!(corrections.take(source(0), start + PERIOD + Duration::from_secs(1)).is_ok());
    }
}
