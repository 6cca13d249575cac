//! Where an institution came from and what became of it, by the events on record: its line through all its names, and
//! its end.

use std::collections::{BTreeMap, BTreeSet};

use indexer::{
    index::{
        Generation,
        fields::doc_kind,
        projection::{DirectoryEntry, event_term},
    },
    record::{Date, Entry, Happened, kind_named, staffing},
    text::names::without_country,
};
use tantivy::{
    Term,
    query::{BooleanQuery, Query},
};

use super::{exact, top_entries};
use crate::{SearchError, urls};

/// Events of one line that are read: an institution has some hundreds in a century.
const MAX_EVENTS: usize = 2_000;
/// Names that one line is followed through: the longest reforms join some tens of institutions.
const MAX_NAMES: usize = 200;
/// Changes that leave an institution with another name.
const NAMES: [&str; 5] = ["设立", "更名", "合并", "分设", "撤销"];

/// An event on record.
#[derive(Debug, Clone)]
pub struct RecordedEvent {
    pub id: String,
    pub entry: Entry,
}

impl RecordedEvent {
    /// Its page.
    pub fn url(&self) -> String {
        kind_named(staffing::EVENT).map(|kind| urls::record(kind, &self.id)).unwrap_or_default()
    }
}

/// The events of an institution and of its kin, the oldest first.
pub struct Events(Vec<RecordedEvent>);

/// How an institution came to its end.
#[derive(Debug, Clone)]
pub struct End {
    pub day: Option<Date>,
    /// In a word: 合并.
    pub change: String,
    pub document_number: Option<String>,
    /// Who took over.
    pub to: Vec<String>,
    /// The event: its title and its page.
    pub title: String,
    pub url: String,
}

impl End {
    /// Until when an institution was, and who took over, in words.
    pub fn says(&self, name: &str) -> String {
        let until = self.day.map_or_else(|| "终止日期不详".to_owned(), |day| format!("到 {day} 为止"));
        let document = self.document_number.as_ref().map(|number| format!("，{number}")).unwrap_or_default();
        let after = match &self.to[..] {
            [] => "没有写明由谁承接".to_owned(),
            [only] if self.change == "更名" => format!("之后叫{only}"),
            all => format!("职责由{}承接", all.join("、")),
        };
        format!("{name}{until}（{}{document}），{after}", self.change)
    }
}

fn has(names: &[String], name: &str) -> bool {
    names.iter().any(|known| without_country(known) == without_country(name))
}

/// Whether an event that has one of some names is of an institution of a division: it was recorded on its line, or a
/// name that both have tells the place and no other.
fn is_near(generation: &Generation, division: &str, names: &[String], entry: &Entry) -> bool {
    let own = entry.division.as_ref().map_or("000000", |division| division.as_str());
    if generation.catalogue.lies_in(own, division) || generation.catalogue.lies_in(division, own) {
        return true;
    }
    let Some(happened) = &entry.happened else { return false };
    let has = |name: &str| names.iter().any(|known| known == without_country(name));
    let mut shared = happened.from.iter().chain(&happened.to).chain([&entry.owner_name]).filter(|name| has(name));
    shared.any(|name| tells_place(generation, division, name))
}

/// Whether a name begins with the name of a division or of one above it, and that can mean no other place.
fn tells_place(generation: &Generation, division: &str, name: &str) -> bool {
    let readings =
        generation.gazetteer.readings(&generation.catalogue, &generation.pipeline.key(without_country(name)));
    let Some(longest) = readings.iter().map(|reading| reading.len).max() else { return false };
    let mut places = readings.iter().filter(|reading| reading.len == longest);
    let place = places.next().and_then(|one| generation.catalogue.divisions().get(one.division as usize));
    place.is_some_and(|place| places.next().is_none() && generation.catalogue.lies_in(division, &place.code))
}

impl Events {
    /// Those of an institution and of all that it came from and became: by the names that each event has, whichever
    /// office recorded it, and those that are linked to the institution's record.
    pub fn of(generation: &Generation, name: &str, division: &str, id: Option<&str>) -> Result<Self, SearchError> {
        let Some(kind) = kind_named(staffing::EVENT) else { return Ok(Self(Vec::new())) };
        let f = &generation.directory.fields;
        let term = |field, text: &str| Box::new(exact(Term::from_field_text(field, text))) as Box<dyn Query>;
        let mut names = vec![without_country(name).to_owned()];
        let mut known: BTreeMap<String, RecordedEvent> = BTreeMap::new();
        let mut at = 0;
        while at < names.len() && known.len() < MAX_EVENTS {
            let next = names[at..].iter().map(|name| term(f.office, &event_term(name)));
            let linked = id.filter(|_| at == 0).map(|id| term(f.parent, id));
            let either = BooleanQuery::union(next.chain(linked).collect());
            let of_kind = Box::new(exact(Term::from_field_u64(f.kind, doc_kind(kind))));
            let query = BooleanQuery::intersection(vec![Box::new(either), of_kind]);
            at = names.len();
            for entry in top_entries(generation, &query, MAX_EVENTS)? {
                let DirectoryEntry::Listed { id: event, entry, .. } = entry else { continue };
                let told = RecordedEvent { id: event, entry: *entry };
                let is_linked = id.is_some() && told.entry.owner_id.as_deref() == id;
                if known.contains_key(&told.id) || !is_linked && !is_near(generation, division, &names, &told.entry) {
                    continue;
                }
                if let Some(happened) = told.entry.happened.as_ref().filter(|h| NAMES.contains(&h.change.as_str())) {
                    for name in happened.from.iter().chain(&happened.to).map(|name| without_country(name)) {
                        if names.len() < MAX_NAMES && !names.iter().any(|known| known == name) {
                            names.push(name.to_owned());
                        }
                    }
                }
                known.insert(told.id.clone(), told);
            }
        }
        let mut all: Vec<RecordedEvent> = known.into_values().collect();
        all.sort_by(|a, b| (day(a), &a.id).cmp(&(day(b), &b.id)));
        Ok(Self(all))
    }

    /// How an institution of a name came to its end by a day; `None` while it is there, and where nothing tells.
    pub fn end(&self, name: &str, by: Date) -> Option<End> {
        let mut end = None;
        // One without a day ends what others began.
        let (undated, dated): (Vec<_>, Vec<_>) = self.told().partition(|(_, happened)| happened.day.is_none());
        let dated = dated.into_iter().filter(|(_, happened)| happened.day.is_some_and(|day| day <= by));
        let is_end = |(event, _): &(&RecordedEvent, &Happened)| has(&event.entry.asked_as, name);
        for (event, happened) in dated.chain(undated.into_iter().filter(is_end)) {
            if has(&event.entry.asked_as, name) {
                let to =
                    happened.to.iter().filter(|to| without_country(to) != without_country(name)).cloned().collect();
                end = Some(End {
                    day: happened.day,
                    change: happened.change.clone(),
                    document_number: happened.document_number.clone(),
                    to,
                    title: event.entry.name.clone(),
                    url: event.url(),
                });
            } else if NAMES.contains(&happened.change.as_str()) && begins(event, happened, name) {
                end = None;
            }
        }
        end
    }

    /// The events of an institution's line: of all that it came from and all that it became.
    pub fn line(&self, id: &str, name: &str) -> Vec<&RecordedEvent> {
        let (mut before, mut after) =
            (BTreeSet::from([without_country(name)]), BTreeSet::from([without_country(name)]));
        let known =
            |names: &[String], line: &BTreeSet<&str>| names.iter().any(|name| line.contains(without_country(name)));
        loop {
            let names = before.len() + after.len();
            for (_, happened) in self.told().filter(|(_, happened)| NAMES.contains(&happened.change.as_str())) {
                if known(&happened.to, &before) {
                    before.extend(happened.from.iter().map(|name| without_country(name)));
                }
                if known(&happened.from, &after) {
                    after.extend(happened.to.iter().map(|name| without_country(name)));
                }
            }
            if before.len() + after.len() == names {
                break;
            }
        }
        let is_of = |(event, happened): &(&RecordedEvent, &Happened)| {
            let owner = without_country(&event.entry.owner_name);
            event.entry.owner_id.as_deref() == Some(id)
                || before.contains(owner)
                || after.contains(owner)
                || known(&happened.to, &before)
                || known(&happened.from, &after)
        };
        self.told().filter(is_of).map(|(event, _)| event).collect()
    }

    /// The events of an institution itself: those that are linked to its record, those of the names that it had before,
    /// one after the other, those that gave it one of them, and its end.
    pub fn own(&self, id: &str, name: &str) -> Vec<&RecordedEvent> {
        let mut names = vec![without_country(name)];
        while let Some(before) =
            names.last().and_then(|last| self.renamed_from(last)).filter(|name| !names.contains(name))
        {
            names.push(before);
        }
        let is_of = |(event, happened): &(&RecordedEvent, &Happened)| {
            let gives = NAMES.contains(&happened.change.as_str()) && happened.change != "撤销";
            event.entry.owner_id.as_deref() == Some(id)
                || names.contains(&without_country(&event.entry.owner_name))
                || names.iter().any(|name| has(&event.entry.asked_as, name) || gives && has(&happened.to, name))
        };
        self.told().filter(is_of).map(|(event, _)| event).collect()
    }

    /// The one name that a name was given in place of.
    fn renamed_from(&self, name: &str) -> Option<&str> {
        self.told().find_map(|(_, happened)| match (&happened.from[..], &happened.to[..]) {
            ([from], [to]) if happened.change == "更名" && without_country(to) == name => Some(without_country(from)),
            _ => None,
        })
    }

    fn told(&self) -> impl Iterator<Item = (&RecordedEvent, &Happened)> {
        self.0.iter().filter_map(|event| Some((event, event.entry.happened.as_ref()?)))
    }
}

fn day(event: &RecordedEvent) -> Option<Date> {
    event.entry.happened.as_ref()?.day
}

/// Whether an event gives an institution its name, or sets it up.
fn begins(event: &RecordedEvent, happened: &Happened, name: &str) -> bool {
    let set_up = happened.change == "设立" && without_country(&event.entry.owner_name) == without_country(name);
    set_up || happened.change != "撤销" && has(&happened.to, name)
}

#[cfg(test)]
mod tests {
    use indexer::record::Entry;

    use super::*;

    /// Day, change, from whom, to whom.
    type Change<'a> = (&'a str, &'a str, &'a [&'a str], &'a [&'a str]);

    fn events(all: &[Change<'_>]) -> Events {
        let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
        let event = |(at, (day, change, from, to)): (usize, &Change<'_>)| {
            let ends = ["更名", "合并", "分设", "撤销"].contains(change);
            let gone = from.iter().filter(|name| ends && !to.contains(name)).map(|name| (*name).to_owned()).collect();
            let happened = Happened {
                day: day.parse().ok(),
                change: (*change).to_owned(),
                document_number: Some(format!("甲编〔{at}〕1号")),
                from: names(from),
                to: names(to),
                unseen: false,
            };
            let owner_name = to.first().or(from.first()).map_or_else(String::new, |name| (*name).to_owned());
            let entry = Entry {
                name: format!("{at}"),
                owner_name,
                asked_as: gone,
                happened: Some(happened),
                ..Entry::default()
            };
            RecordedEvent { id: format!("ev-{at}"), entry }
        };
        Events(all.iter().enumerate().map(event).collect())
    }

    const TODAY: Date = Date::constant(2026, 1, 1);

    #[test]
    fn a_body_has_ended_where_the_last_event_of_its_name_says_so() {
        let all = events(&[
            ("2001-03-01", "设立", &[], &["甲市旅游局"]),
            ("2010-05-01", "更名", &["甲市文化局"], &["甲市文体局"]),
            ("2012-01-01", "撤销", &["甲市粮食局"], &["甲市商务局"]),
            ("2015-01-01", "设立", &[], &["甲市粮食局"]),
            ("2019-02-01", "合并", &["甲市文体局", "甲市旅游局"], &["甲市文旅局"]),
            ("2019-03-01", "合并", &["甲市商务局", "甲市外事办"], &["甲市商务局"]),
            ("2099-01-01", "撤销", &["甲市商务局"], &[]),
        ]);
        for (name, expected) in [
            ("甲市旅游局", Some("甲市旅游局到 2019-02-01 为止（合并，甲编〔4〕1号），职责由甲市文旅局承接")),
            ("甲市文化局", Some("甲市文化局到 2010-05-01 为止（更名，甲编〔1〕1号），之后叫甲市文体局")),
            ("甲市粮食局", None),
            ("甲市商务局", None),
            ("甲市外事办", Some("甲市外事办到 2019-03-01 为止（合并，甲编〔5〕1号），职责由甲市商务局承接")),
            ("甲市文旅局", None),
            ("甲市教育局", None),
        ] {
            assert_eq!(all.end(name, TODAY).map(|end| end.says(name)).as_deref(), expected, "{name}");
        }
        assert_eq!(all.end("甲市旅游局", Date::constant(2019, 1, 31)).map(|end| end.change), None);
        // Whatever day an end was on, it came after what it ended; a beginning without a day tells nothing of it.
        let undated = events(&[
            ("", "撤销", &["甲市粮食局"], &["甲市商务局"]),
            ("2001-03-01", "设立", &[], &["甲市粮食局"]),
            ("2010-01-01", "更名", &["甲市外经局"], &["甲市外事办"]),
            ("", "设立", &[], &["甲市外经局"]),
        ]);
        let says = |name: &str| undated.end(name, TODAY).map(|end| end.says(name));
        assert_eq!(
            says("甲市粮食局").as_deref(),
            Some("甲市粮食局终止日期不详（撤销，甲编〔0〕1号），职责由甲市商务局承接")
        );
        assert!(says("甲市外经局").is_some());
    }

    #[test]
    fn a_line_goes_back_and_on_through_all_names() {
        let all = events(&[
            ("1990-01-01", "更名", &["甲县文教局"], &["甲县文化局"]),
            ("2001-01-01", "更名", &["甲县文化局"], &["甲县文体局"]),
            ("2005-01-01", "调整编制", &[], &["甲县文体局"]),
            ("2019-01-01", "合并", &["甲县文体局", "甲县旅游局"], &["甲县文旅局"]),
            ("2019-02-01", "合并", &["甲县水务局"], &["甲县水利局"]),
        ]);
        let line = |name: &str| all.line("", name).into_iter().map(|event| event.id.as_str()).collect::<Vec<_>>();
        assert_eq!(line("甲县文旅局"), ["ev-0", "ev-1", "ev-2", "ev-3"]);
        assert_eq!(line("甲县文教局"), ["ev-0", "ev-1", "ev-2", "ev-3"]);
        assert_eq!(line("甲县旅游局"), ["ev-3"], "whoever else went there is no kin");
        assert_eq!(line("甲县教育局"), [""; 0]);
        let own = |name: &str| all.own("", name).into_iter().map(|event| event.id.as_str()).collect::<Vec<_>>();
        assert_eq!(own("甲县文体局"), ["ev-0", "ev-1", "ev-2", "ev-3"]);
        assert_eq!(own("甲县旅游局"), ["ev-3"]);
        // Each of those that one is divided into, whichever the event is reported of.
        let divided = events(&[("2010-01-01", "分设", &["甲县文教局"], &["甲县文化局", "甲县教育局"])]);
        for name in ["甲县文化局", "甲县教育局"] {
            assert_eq!(divided.own("", name).len(), 1, "{name}");
        }
    }
}
