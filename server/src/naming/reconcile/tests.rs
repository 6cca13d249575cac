//! Lists of a register one after another over the store.

use indexer::{record::web_name_id, web_name::naming::Settlement};

use super::{
    super::tests::{Shelf, first, form, registry, shelf},
    *,
};
use crate::store::By;

impl Shelf {
    fn given<'a>(&self, table: &'a str, on: &str) -> ListGiven<'a> {
        ListGiven { table, most: MAX_BY_FORM, called: "注册名单", on: on.parse().unwrap(), whole: true }
    }

    fn found(&self, given: ListGiven<'_>) -> Vec<Difference> {
        differences(&self.store, &self.desk, &registry(), given).unwrap()
    }

    fn decide(&self, given: ListGiven<'_>, of: &Difference, decision: Decision) -> Result<String, NamingError> {
        settle(&self.store, &self.desk, &registry(), given, (&of.id, of.revision), decision)
    }
}

#[test]
fn what_was_decided_about_a_name_holds_for_the_next_list() {
    let shelf = shelf();
    shelf.approved(&form("甲县教育局.政务", "jy")).unwrap();
    let table = "名称,持有单位,到期\n甲县体育局.政务,甲县体育局,\n";
    let first_list = shelf.given(table, "2026-06-01");
    let found = shelf.found(first_list);
    let places: Vec<(&str, Where)> = found.iter().map(|of| (of.name.as_str(), of.place)).collect();
    assert_eq!(places, [("甲县体育局.政务", Where::OnlyList), ("甲县教育局.政务", Where::OnlyHere)]);
    // What was never registered here has no side of ours.
    assert_eq!(found[0].decisions(), [Decision::List]);
    assert!(matches!(shelf.decide(first_list, &found[0], Decision::Ours), Err(NamingError::Rule(_))));
    shelf.decide(first_list, &found[0], Decision::List).unwrap();
    assert_eq!(found[1].decisions(), Decision::ALL);
    shelf.decide(first_list, &found[1], Decision::Ours).unwrap();
    // The next list says the same: nobody is asked again.
    let found = shelf.found(shelf.given(table, "2026-07-01"));
    assert!(found.iter().all(|of| of.decisions().is_empty()), "{found:?}");
    // It has the name now, and loses it again: that is another question.
    let with = "名称,持有单位,到期\n甲县体育局.政务,甲县体育局,\n甲县教育局.政务,甲县教育局,\n";
    let given = shelf.given(with, "2026-08-01");
    let came =
        settle_by_rule(&shelf.store, &shelf.desk, &registry(), given, &shelf.found(given), &|_| None, &mut |_| ());
    assert_eq!((came.as_ref().unwrap().settled, came.unwrap().refused.len()), (2, 0));
    let asked = shelf.found(shelf.given(table, "2026-09-01"));
    assert_eq!(asked.iter().filter(|of| of.settlement == Settlement::Ask).count(), 1);
}

#[test]
fn a_name_that_was_withdrawn_comes_back_by_a_list() {
    let shelf = shelf();
    let table = "名称,持有单位,到期\n甲县体育局.政务,甲县体育局,\n";
    let given = shelf.given(table, "2026-06-01");
    let found = shelf.found(given);
    shelf.decide(given, &found[0], Decision::List).unwrap();
    let record = shelf.store.get(&found[0].id).unwrap().unwrap();
    let by = By { author: "test", reason: "" };
    shelf.store.put(Record { state: indexer::record::State::Withdrawn, ..record }, &by).unwrap();
    let given = shelf.given(table, "2026-07-01");
    let found = shelf.found(given);
    assert_eq!((found[0].place, found[0].revision), (Where::OnlyList, 0));
    let list = |_: &Difference| Some(Decision::List);
    let came = settle_by_rule(&shelf.store, &shelf.desk, &registry(), given, &found, &list, &mut |_| ()).unwrap();
    assert_eq!((came.settled, came.refused.len()), (1, 0));
    assert!(shelf.store.get(&found[0].id).unwrap().unwrap().is_public());
    // A list of a day that has not come is none.
    let early = ListGiven { on: today().tomorrow().unwrap(), ..given };
    assert!(differences(&shelf.store, &shelf.desk, &registry(), early).is_err());
}

#[test]
fn a_long_list_is_settled_in_batches_and_one_name_does_not_stop_the_others() {
    let shelf = shelf();
    let rows: String = (0..450).map(|n| format!("第{n}号.公益,单位{n},2031-01-01\n")).collect();
    let table = format!("名称,持有单位,到期\n{rows}");
    let given = shelf.given(&table, "2026-06-01");
    let found = shelf.found(given);
    let all = |_: &Difference| Some(Decision::List);
    let ours = |of: &Difference| Some(if of.name == "第7号.公益" { Decision::Ours } else { Decision::List });
    let mut last = 0;
    let came =
        settle_by_rule(&shelf.store, &shelf.desk, &registry(), given, &found, &ours, &mut |done| last = done).unwrap();
    assert_eq!((came.settled, last), (449, 450));
    assert_eq!(came.refused[0].0, "第7号.公益");
    let again = shelf.found(given);
    let came = settle_by_rule(&shelf.store, &shelf.desk, &registry(), given, &again, &all, &mut |_| ()).unwrap();
    assert_eq!((came.settled, came.refused.len()), (1, 0), "the others stand so already");
    let name = shelf.store.get(&web_name_id(&Host::parse("第449号.公益").unwrap().ascii)).unwrap().unwrap();
    assert!(name.is_public());
    // Only who looks after all names settles what a register says.
    let who = first();
    assert!(differences(&shelf.store, &shelf.desk, &who, given).is_err());
    assert!(settle_by_rule(&shelf.store, &shelf.desk, &who, given, &again, &all, &mut |_| ()).is_err());
}
