//! Schemes of organization from the store, and two of them duty by duty in words.

use std::collections::{BTreeSet, HashMap, HashSet};

use indexer::{
    record::{
        Audience, Body, DivisionCode, Kind as _, Record,
        comparison::{self, DutyChange, Held, Territory, in_force, redline},
        kind_named,
        kinds::institution_event::{InUse, event_of, names_of, out_of_line},
        staffing,
    },
    text::names::without_country,
};

use super::{
    compare::{Run, RunKind, runs},
    facts::{self, Pair},
};
use crate::{
    store::{RecordStore, StoreError, listings::List},
    urls,
};

/// Schemes that one page looks through: those of a province, within some seconds of reading.
pub const MAX_READ: usize = 5_000;

/// Events of one name that are held against a record: an institution has some hundreds in a century.
const MAX_EVENTS: usize = 1_000;

/// Events of all names together that are held against a record: its line of descent is worked out for each row of a table.
const MAX_LINE: usize = 2_000;

/// Other schemes of its institution that one is held against: an institution has some dozens in a century, and each row of
/// a table is held against all of them.
const MAX_OF_INSTITUTION: usize = 100;

/// Whether somebody sees what offices share on the line of a division.
pub type MaySee<'a> = &'a dyn Fn(&DivisionCode) -> bool;

/// Whoever has no account sees nothing of it.
pub fn the_public(_: &DivisionCode) -> bool {
    false
}

/// Whether somebody reads a record: it is public, or shared where they see it.
pub fn is_read_by(record: &Record, may_see: MaySee<'_>) -> bool {
    record.is_public() || record.is_shown_to(Audience::Offices) && may_see(&record.body.shared_on())
}

/// Published schemes.
#[derive(Default)]
pub struct Schemes {
    records: Vec<Record>,
    /// Whether more are there than were read.
    pub more: bool,
}

impl Schemes {
    /// The published schemes that are wanted, of those that somebody reads.
    pub fn read(
        store: &RecordStore,
        may_see: MaySee<'_>,
        wanted: impl Fn(&Held<'_>) -> bool,
    ) -> Result<Self, StoreError> {
        let mut all = Self::default();
        store.each_of::<StoreError>(staffing::SCHEME, &mut |record| {
            if !is_read_by(&record, may_see) || !Held::of(&record).is_some_and(|held| wanted(&held)) {
                return Ok(());
            }
            match all.records.len() < MAX_READ {
                true => all.records.push(record),
                false => all.more = true,
            }
            Ok(())
        })?;
        Ok(all)
    }

    /// Those of a division. Takes time by how many it has, whatever the others have.
    pub fn of_division(store: &RecordStore, may_see: MaySee<'_>, division: &DivisionCode) -> Result<Self, StoreError> {
        let mut all = Self::default();
        all.take(store, may_see, &List::Versions(staffing::SCHEME, division))?;
        Ok(all)
    }

    /// Takes those of a listing that somebody reads, each once.
    fn take(&mut self, store: &RecordStore, may_see: MaySee<'_>, list: &List<'_>) -> Result<(), StoreError> {
        let known: HashSet<String> = self.records.iter().map(|record| record.id.clone()).collect();
        for (_, id) in store.list(list, None, MAX_READ + 1)? {
            if known.contains(&id) {
                continue;
            }
            let record = store.get(&id)?.filter(|record| is_read_by(record, may_see) && Held::of(record).is_some());
            match self.records.len() < MAX_READ {
                true => self.records.extend(record),
                false => self.more |= record.is_some(),
            }
        }
        Ok(())
    }

    pub fn held(&self) -> Vec<Held<'_>> {
        self.records.iter().filter_map(Held::of).collect()
    }
}

/// Whether two schemes are of one institution.
pub fn same_institution(a: &Held<'_>, b: &Held<'_>) -> bool {
    match (&a.scheme.institution_id, &b.scheme.institution_id) {
        (Some(a), Some(b)) => a == b,
        _ => a.scheme.institution_name == b.scheme.institution_name && a.scheme.division == b.scheme.division,
    }
}

/// The page of a scheme.
pub fn url(held: &Held<'_>) -> String {
    if held.scheme.audience() != Audience::Public {
        return urls::shared(held.id);
    }
    kind_named(staffing::SCHEME).map(|kind| urls::record(kind, held.id)).unwrap_or_default()
}

/// Where two schemes stand side by side.
pub fn comparison_url(old: &str, new: &str) -> String {
    kind_named(staffing::SCHEME).map(|kind| urls::compared(kind, old, new)).unwrap_or_default()
}

/// The same for offices, with those that they share.
pub fn shared_comparison_url(old: &str, new: &str) -> String {
    urls::console::compared_schemes(old, new)
}

/// Where a record stands beside another of its institution, if it is a scheme.
pub fn shared_comparison_of(record: &Record) -> Option<String> {
    (record.body.kind() == staffing::SCHEME).then(|| shared_comparison_url("", &record.id))
}

/// A duty of one scheme beside that of another.
pub struct DutyRow {
    pub change: DutyChange,
    pub label: String,
    pub old: Vec<Run>,
    pub new: Vec<Run>,
    /// Where a duty that is gone stands now: what to say and the address; or that it stands nowhere.
    pub traces: Vec<(String, String)>,
}

/// Two schemes.
pub struct Redline {
    pub rows: Vec<DutyRow>,
    /// Everything but the duties, column by column.
    pub others: Vec<Pair>,
}

/// Columns that say in other words what the rows of duties say, or are made by the service.
const IN_ROWS: [&str; 3] = ["duties", "clauses", "findings"];

/// Compares two schemes. `beside` are the schemes of the division, in which duties that are gone are looked for where
/// both are of one institution.
pub fn compare(old: &Record, new: &Record, beside: &Schemes) -> Option<Redline> {
    let (before, after) = (Held::of(old)?, Held::of(new)?);
    let all = beside.held();
    let from = in_force::begins(&after).unwrap_or_else(crate::clock::today);
    let left = match same_institution(&before, &after) && before.id != after.id {
        true => Territory::new(&all, from).left(),
        false => Vec::new(),
    };
    let row = |row: indexer::record::comparison::Row| {
        let (o, n) = (row.old.map(|at| &before.scheme.duties[at]), row.new.map(|at| &after.scheme.duties[at]));
        let label = match (o, n) {
            (Some(o), Some(n)) if o.called() != n.called() => format!("{} → {}", o.called(), n.called()),
            (Some(duty), _) | (None, Some(duty)) => duty.called(),
            (None, None) => String::new(),
        };
        let whole = |kind, text: &str| vec![Run { kind, text: text.to_owned() }];
        let (old, new) = match (o, n) {
            (Some(o), Some(n)) => {
                let all = runs(&o.text, &n.text);
                let without = |kind| all.iter().filter(|run| run.kind != kind).cloned().collect();
                (without(RunKind::New), without(RunKind::Old))
            }
            (Some(o), None) => (whole(RunKind::Old, &o.text), Vec::new()),
            (None, Some(n)) => (Vec::new(), whole(RunKind::New, &n.text)),
            (None, None) => (Vec::new(), Vec::new()),
        };
        let of_duty = |left: &&indexer::record::comparison::Left<'_>| {
            left.from.held.id == before.id
                && o.is_some_and(|duty| std::ptr::eq(duty, left.from.duty) || *duty == *left.from.duty)
        };
        let mut traces: Vec<(String, String)> = Vec::new();
        for left in left.iter().filter(of_duty) {
            if left.is_orphan() {
                traces.push((format!("“{}”：本地区收录的现行规定中没有承接的机构", left.matter), String::new()));
            }
            for arrival in &left.arrived {
                let body = &arrival.at.held.scheme.institution_name;
                let says = format!("“{}”：现见于{body}{}", left.matter, arrival.at.duty.called());
                traces.push((says, url(&arrival.at.held)));
            }
        }
        DutyRow { change: row.change, label, old, new, traces }
    };
    let labels: Vec<&str> = old
        .body
        .info()
        .columns
        .iter()
        .filter(|column| IN_ROWS.contains(&column.name))
        .map(|column| column.label)
        .collect();
    let mut others = facts::compare(Some(&old.body), Some(&new.body)).pairs;
    others.retain(|pair| !labels.contains(&pair.name));
    let rows = redline(&before.scheme.duties, &after.scheme.duties).into_iter().map(row).collect();
    Some(Redline { rows, others })
}

/// What records say against a scheme or an event, in words: rules S6, S10 and S12.
pub fn against_records(
    store: &RecordStore,
    may_see: MaySee<'_>,
    body: &Body,
    itself: Option<&str>,
    division: &DivisionCode,
) -> Result<Vec<String>, StoreError> {
    Against::new(store, may_see, &[]).says(body, itself, division)
}

/// The same of each of some records that are to be written together: they are held against one another as well, and
/// stand in the place of what is there under their ids.
pub fn against_each_other(
    store: &RecordStore,
    may_see: MaySee<'_>,
    records: &[&Record],
) -> Result<Vec<Vec<String>>, StoreError> {
    let mut against = Against::new(store, may_see, records);
    let nation = DivisionCode::nation();
    let says = |record: &&Record| {
        let division = record.body.division().unwrap_or(&nation);
        against.says(&record.body, Some(&record.id), division)
    };
    records.iter().map(says).collect()
}

/// What records are held against: those on record, and those that are to be written together with the one that is looked
/// at.
struct Against<'a> {
    store: &'a RecordStore,
    may_see: MaySee<'a>,
    /// Ids of the records that are written together, and the records by the names that events have, and by what tells of
    /// whom a scheme is.
    ids: HashSet<&'a str>,
    events: HashMap<&'a str, Vec<&'a Record>>,
    schemes: HashMap<Whose, Vec<Held<'a>>>,
    /// Schemes of divisions that are on record, read once.
    divisions: HashMap<DivisionCode, OnRecord>,
}

/// Of whom a scheme is.
#[derive(PartialEq, Eq, Hash)]
enum Whose {
    Linked(String),
    /// By its name alone, since it has no link.
    Unlinked(String, DivisionCode),
    /// By its name, linked or not.
    Named(String, DivisionCode),
}

impl Whose {
    /// What a scheme is found by.
    fn all(held: &Held<'_>) -> [Self; 2] {
        let (name, division) = (&held.scheme.institution_name, &held.scheme.division);
        let first = match &held.scheme.institution_id {
            Some(id) => Self::Linked(id.clone()),
            None => Self::Unlinked(name.clone(), division.clone()),
        };
        [first, Self::Named(name.clone(), division.clone())]
    }

    /// What all others of its institution are found by, and no others: see [`same_institution`].
    fn others(held: &Held<'_>) -> Vec<Self> {
        let (name, division) = (held.scheme.institution_name.clone(), held.scheme.division.clone());
        match &held.scheme.institution_id {
            Some(id) => vec![Self::Linked(id.clone()), Self::Unlinked(name, division)],
            None => vec![Self::Named(name, division)],
        }
    }
}

/// Schemes that are on record, by what tells of whom they are.
#[derive(Default)]
struct OnRecord {
    records: Vec<Record>,
    by: HashMap<Whose, Vec<usize>>,
    ids: HashSet<String>,
    /// Institutions by whose id schemes were looked for.
    linked: HashSet<String>,
}

impl OnRecord {
    fn put(&mut self, record: Record) {
        let Some(held) = Held::of(&record) else { return };
        if self.ids.insert(record.id.clone()) {
            for whose in Whose::all(&held) {
                self.by.entry(whose).or_default().push(self.records.len());
            }
            self.records.push(record);
        }
    }

    /// Reads those that are linked to an institution, wherever they are; once.
    fn link(&mut self, store: &RecordStore, may_see: MaySee<'_>, institution: &str) -> Result<(), StoreError> {
        if !self.linked.insert(institution.to_owned()) {
            return Ok(());
        }
        for (_, id) in store.list(&List::RestsOn(institution), None, MAX_READ + 1)? {
            if !self.ids.contains(&id)
                && let Some(record) = store.get(&id)?.filter(|record| is_read_by(record, may_see))
            {
                self.put(record);
            }
        }
        Ok(())
    }

    fn of(&self, whose: &[Whose]) -> impl Iterator<Item = Held<'_>> {
        let found: Vec<usize> = whose.iter().filter_map(|whose| self.by.get(whose)).flatten().copied().collect();
        found.into_iter().filter_map(move |at| Held::of(&self.records[at]))
    }
}

impl<'a> Against<'a> {
    fn new(store: &'a RecordStore, may_see: MaySee<'a>, together: &[&'a Record]) -> Self {
        let ids = together.iter().map(|record| record.id.as_str()).collect();
        let (mut events, mut schemes) = (HashMap::<_, Vec<_>>::new(), HashMap::<_, Vec<_>>::new());
        for record in together.iter().copied() {
            for name in names_of(&record.body) {
                events.entry(name).or_default().push(record);
            }
            if let Some(held) = Held::of(record) {
                Whose::all(&held).into_iter().for_each(|whose| schemes.entry(whose).or_default().push(held));
            }
        }
        Self { store, may_see, ids, events, schemes, divisions: HashMap::new() }
    }
}

impl Against<'_> {
    fn says(&mut self, body: &Body, itself: Option<&str>, division: &DivisionCode) -> Result<Vec<String>, StoreError> {
        let (event, scheme) = (event_of(body), comparison::scheme_of(body));
        if event.is_none() && scheme.is_none() {
            return Ok(Vec::new());
        }
        let division = event.map_or(division, |event| &event.division);
        let named = comparison::named_on_its_day(body);
        let names: Vec<&str> =
            named.iter().flat_map(|(_, names)| names.iter().map(|(_, name)| *name)).chain(names_of(body)).collect();
        let (on_record, more) = self.events(&names, itself, division)?;
        let mut near: Vec<_> = on_record.iter().filter_map(|record| event_of(&record.body)).collect();
        let together = self.events_together(&names, itself, division);
        near.extend(
            together.filter_map(|record| event_of(&record.body)).take((MAX_LINE + 1).saturating_sub(near.len())),
        );
        let more = more || near.len() > MAX_LINE;
        near.truncate(MAX_LINE);
        let mut told = match named {
            Some((day, names)) => {
                // Each finding with where the name stands first.
                let mut seen = BTreeSet::new();
                let named = names.into_iter().filter(|(_, name)| seen.insert(without_country(name)));
                let in_use = InUse::of(near.iter().copied());
                let of = |(place, name): comparison::Named<'_>| {
                    in_use.out_of_time(name, day).map(|says| format!("{place}：{says}"))
                };
                named.filter_map(of).collect()
            }
            None if scheme.is_some() => vec![NO_DAY.to_owned()],
            None => Vec::new(),
        };
        told.extend(out_of_line(body, &near));
        told.extend(more.then(|| format!("写到的机构的变动超过 {MAX_LINE} 条，没有核对其余的")));
        if let Some(scheme) = scheme {
            told.extend(self.double(Held { id: "", scheme }, itself)?);
        }
        told.extend(elsewhere(self.store, body)?);
        Ok(told)
    }

    /// The other events on record near a division that tell of institutions of some names, and whether there are more.
    fn events(
        &self,
        names: &[&str],
        itself: Option<&str>,
        division: &DivisionCode,
    ) -> Result<(Vec<Record>, bool), StoreError> {
        let mut ids = BTreeSet::new();
        for name in names.iter().filter(|name| !name.is_empty()).collect::<BTreeSet<_>>() {
            ids.extend(self.store.list(&List::Events(name), None, MAX_EVENTS)?.into_iter().map(|(_, id)| id));
        }
        ids.retain(|id| !self.ids.contains(id.as_str()) && Some(id.as_str()) != itself);
        let mut records = Vec::new();
        for id in ids {
            if records.len() == MAX_LINE {
                return Ok((records, true));
            }
            records.extend(public_near(self.store, &id, division)?);
        }
        Ok((records, false))
    }

    /// The same of those that are written together, each once.
    fn events_together<'s>(
        &'s self,
        names: &'s [&'s str],
        itself: Option<&'s str>,
        division: &'s DivisionCode,
    ) -> impl Iterator<Item = &'s Record> {
        let mut seen = HashSet::new();
        let of_name = move |name: &&str| self.events.get(without_country(name));
        let near = names.iter().filter_map(of_name).flat_map(|of| of.iter().take(MAX_EVENTS)).copied();
        near.filter(move |record| {
            is_near(record, division) && Some(record.id.as_str()) != itself && seen.insert(record.id.as_str())
        })
    }

    /// Rule S12: schemes of the same institution that are not told to be over when this one begins to hold.
    fn double(&mut self, own: Held<'_>, itself: Option<&str>) -> Result<Vec<String>, StoreError> {
        let (store, may_see, scheme) = (self.store, self.may_see, own.scheme);
        if !self.divisions.contains_key(&scheme.division) {
            let mut there = OnRecord::default();
            let read = Schemes::of_division(store, may_see, &scheme.division)?;
            read.records.into_iter().for_each(|record| there.put(record));
            self.divisions.insert(scheme.division.clone(), there);
        }
        if let Some((id, there)) = scheme.institution_id.as_ref().zip(self.divisions.get_mut(&scheme.division)) {
            there.link(store, may_see, id)?;
        }
        let whose = Whose::others(&own);
        let there = self.divisions.get(&scheme.division).into_iter().flat_map(|there| there.of(&whose));
        let there = there.filter(|held| !self.ids.contains(held.id));
        let together = whose.iter().filter_map(|whose| self.schemes.get(whose)).flatten().copied();
        let mut seen: HashSet<&str> = itself.into_iter().collect();
        let others = there.chain(together).filter(|held| seen.insert(held.id)).take(MAX_OF_INSTITUTION + 1);
        let others: Vec<Held<'_>> = others.collect();
        if others.len() > MAX_OF_INSTITUTION {
            return Ok(vec![format!("本机构另有超过 {MAX_OF_INSTITUTION} 份规定，没有核对是否与它们同时现行")]);
        }
        let told = in_force::double_with(&own, &others).into_iter().map(|(other, from)| {
            format!(
                "从 {from} 起与{}同时现行：一个机构同一天只有一份现行的规定，请在“取代的规定”写被取代的一份的文号，或者写明它的废止日期",
                other.called()
            )
        });
        Ok(told.collect())
    }
}

/// Of a scheme without a day rules S10 and S12 say nothing, and that is said.
const NO_DAY: &str = "没有写成文日期、施行日期：没有核对写到的机构当时是否存在、是否与本机构别的规定同时现行";

/// Whether a record is of a division, or of one above or below it.
fn is_near(record: &Record, division: &DivisionCode) -> bool {
    record.body.division().is_none_or(|own| own.covers(division) || division.covers(own))
}

/// The public events on the line of a division that tell of institutions of some names.
pub fn events_of<'n>(
    store: &RecordStore,
    names: impl Iterator<Item = &'n str>,
    division: &DivisionCode,
) -> Result<Vec<Record>, StoreError> {
    let mut ids = BTreeSet::new();
    for name in names.filter(|name| !name.is_empty()) {
        ids.extend(store.list(&List::Events(name), None, MAX_EVENTS)?.into_iter().map(|(_, id)| id));
    }
    let mut records = Vec::new();
    for id in ids {
        records.extend(public_near(store, &id, division)?);
    }
    Ok(records)
}

/// A public record near a division.
fn public_near(store: &RecordStore, id: &str, division: &DivisionCode) -> Result<Option<Record>, StoreError> {
    Ok(store.get(id)?.filter(|record| record.is_public() && is_near(record, division)))
}

/// Whether the record of the institution lies in another division than the scheme says.
fn elsewhere(store: &RecordStore, body: &Body) -> Result<Option<String>, StoreError> {
    let Some(scheme) = comparison::scheme_of(body) else { return Ok(None) };
    let Some(id) = &scheme.institution_id else { return Ok(None) };
    let record = store.get(id)?.filter(Record::is_public);
    let other = record.and_then(|record| record.body.division().cloned()).filter(|own| *own != scheme.division);
    Ok(other.map(|other| {
        format!(
            "行政区划填的是 {}，而机构“{}”的记录在 {other}：请核对行政区划，或者改正机构记录的编号",
            scheme.division, scheme.institution_name
        )
    }))
}
