//! Which of the powers that regulations give to an institution no item of its list rests on.
//!
//! Articles are compared as they are numbered now, whatever version an item cites. A power that an item has by the
//! words of another article, as where a law was taken over into a code, counts as listed; so does one that another
//! institution of the division lists, by the article, the same deed or the certificate, and that one is named.

use std::{
    collections::{BTreeSet, HashMap, HashSet},
    sync::Arc,
};

use indexer::{
    index::{
        Generation,
        basis::{Quotations, SameDeeds},
    },
    record::{
        ArticleNumber, Body, DivisionCode, Record, RegulationLevel, Status, effect,
        lists::{ListRow, PowerSort},
        work_key, work_reference,
    },
};

use super::{Lists, Row};
use crate::{
    query::unlisted::Given,
    reading::bases::Bases,
    store::{RecordStore, StoreError},
};

/// Items whose bases are read for one list, and for the others of its division.
const MAX_ITEMS: usize = 5_000;

/// An article of a regulation in force.
type Place = (String, ArticleNumber);

/// Powers by what came of them.
#[derive(Default)]
pub struct Sorted {
    /// How many an item of the list rests on, under whatever number.
    pub listed: usize,
    /// Those whose words an item quotes of another article, or whose deed or certificate it names, with its name.
    pub alike: Vec<(Given, String)>,
    /// Those that others of the division list, with their names.
    pub elsewhere: Vec<(Given, String)>,
    pub unlisted: Vec<Given>,
    /// How many no item has and stand in a regulation that carries out a law and is older than the law's last revision.
    pub before_revision: usize,
}

/// What titles of regulations that carry out a law have behind the law's.
const CARRIES_OUT: [&str; 3] = ["实施条例", "实施细则", "实施办法"];

/// Whether the version that gives a power is older than the last revision of the whole law that it carries out: what is
/// punished, and who is in charge, may be others since. Nothing is said where the history of the law has no revision.
fn is_before_revision((generation, store): (&Generation, &RecordStore), power: &Given) -> Result<bool, StoreError> {
    let version = generation.catalogue.regulation(&power.regulation).and_then(|r| r.version_date);
    let law = CARRIES_OUT.iter().find_map(|end| power.title.strip_suffix(end));
    let law = law.and_then(|title| generation.catalogue.current_version(&work_key(title)));
    let law = law.filter(|r| r.level == RegulationLevel::Law && r.status == Status::InForce);
    let (Some(version), Some(law)) = (version, law) else { return Ok(false) };
    let record = store.get(&law.id)?.filter(Record::is_public);
    let revised = record.and_then(|record| match record.body {
        Body::Regulation(r) => effect::last_revision(&r.history),
        _ => None,
    });
    Ok(revised.is_some_and(|day| version < day))
}

/// Sorts powers by the items of an institution and of the others of its division.
pub fn sort(
    (generation, store): (&Generation, &RecordStore),
    lists: &Lists,
    (division, own): (&DivisionCode, &[Arc<Row>]),
    given: Vec<Given>,
) -> Result<Sorted, StoreError> {
    let bases = Bases::new(generation, store);
    let is_item = |row: &&Arc<Row>| matches!(&row.listed, Some(ListRow::Item(item)) if item.is_exercised());
    let (mut rests_on, mut quotations) = (HashSet::<Place>::new(), Quotations::default());
    let mut texts = HashSet::new();
    given.iter().filter(|power| texts.insert(&power.url)).for_each(|power| quotations.look_for(&power.text));
    let items: Vec<&Arc<Row>> = own.iter().filter(is_item).take(MAX_ITEMS).collect();
    for (whose, row) in (0..).zip(&items) {
        let Some(record) = store.get(&row.id)?.filter(Record::is_public) else { continue };
        let mut quoted = |words: &str| quotations.add(words, whose);
        let places = bases.resting_on(&record.body, |_| true, &mut quoted);
        rests_on.extend(
            places
                .into_iter()
                .flat_map(|(regulation, articles)| articles.into_iter().map(move |n| (regulation.clone(), n))),
        );
    }
    let sort_of = |row: &Row| match &row.listed {
        Some(ListRow::Item(item)) => Some(item.sort),
        _ => None,
    };
    let penalties = (0..).zip(&items).filter(|(_, row)| sort_of(row) == Some(PowerSort::Penalty));
    let deeds = quotations.deeds(penalties.map(|(whose, row)| (row.title.as_str(), whose)));
    // By the words that it quotes of another article, the deed that it is called by, or the certificate.
    let named = |power: &Given| {
        let by_words = quotations.nearest(&power.text).or_else(|| deeds.nearest(power.deed()?));
        by_words.and_then(|at| items.get(at as usize)).or_else(|| {
            let certificate = power.certificate()?;
            items.iter().find(|row| sort_of(row) == Some(PowerSort::Licence) && row.title.contains(certificate))
        })
    };
    let mut sorted = Sorted::default();
    let mut left: Vec<(Given, Option<Place>)> = Vec::new();
    for power in given {
        let place = power.number.map(|number| (power.regulation.clone(), number));
        if place.as_ref().is_some_and(|place| rests_on.contains(place)) {
            sorted.listed += 1;
        } else if let Some(item) = named(&power) {
            sorted.alike.push((power, item.title.clone()));
        } else {
            left.push((power, place));
        }
    }
    let works: HashSet<String> = left.iter().map(|(power, _)| work_reference(&power.title)).collect();
    let places: HashSet<&Place> = left.iter().filter_map(|(_, place)| place.as_ref()).collect();
    let mut others: HashMap<Place, BTreeSet<String>> = HashMap::new();
    let own: HashSet<&str> = own.iter().map(|row| row.id.as_str()).collect();
    let here = lists.of_division(division).iter().filter(|row| !own.contains(row.id.as_str())).filter(is_item);
    let there: Vec<&Arc<Row>> = here.clone().take(MAX_ITEMS).collect();
    let mut same = SameDeeds::default();
    for row in there.iter().filter(|row| sort_of(row) == Some(PowerSort::Penalty)) {
        same.name(&row.title, &row.owner);
    }
    let cites = |row: &&Arc<Row>| row.cited.iter().any(|(work, _)| works.contains(&**work));
    for row in here.filter(cites).take(MAX_ITEMS) {
        let Some(record) = store.get(&row.id)?.filter(Record::is_public) else { continue };
        let wanted = |title: &str| works.contains(&work_reference(title));
        let owner: &str = &row.owner;
        let mut quoted = |words: &str| same.quote(words, owner);
        for (regulation, articles) in bases.resting_on(&record.body, wanted, &mut quoted) {
            for place in
                articles.into_iter().map(|number| (regulation.clone(), number)).filter(|place| places.contains(place))
            {
                others.entry(place).or_default().insert(row.owner.clone());
            }
        }
    }
    let mut outdated: HashMap<&str, bool> = HashMap::new();
    for (power, place) in left.iter() {
        let by_place = place.as_ref().and_then(|place| others.get(place));
        let by_words = || {
            let deed = power.deed().and_then(|deed| same.find(deed));
            deed.or_else(|| {
                let certificate = power.certificate()?;
                let names =
                    |row: &&&Arc<Row>| sort_of(row) == Some(PowerSort::Licence) && row.title.contains(certificate);
                there.iter().find(names).map(|row| row.owner.as_str())
            })
        };
        let names = match by_place {
            Some(names) => Some(names.iter().map(String::as_str).collect::<Vec<_>>().join("、")),
            None => by_words().map(str::to_owned),
        };
        match names {
            Some(names) => sorted.elsewhere.push((power.clone(), names)),
            None => {
                let is = match outdated.get(power.regulation.as_str()) {
                    Some(is) => *is,
                    None => is_before_revision((generation, store), power)?,
                };
                outdated.insert(&power.regulation, is);
                if is {
                    sorted.before_revision += 1;
                } else {
                    sorted.unlisted.push(power.clone());
                }
            }
        }
    }
    Ok(sorted)
}
