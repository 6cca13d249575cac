//! What a version of a list consists of: a text with every fact of every item, and its hash, so that anybody can see
//! whether the items are those that the version was published with.

use sha2::{Digest, Sha256};

use crate::Record;

/// The form of the text, told in its first line: whoever changes the form counts on, since published hashes are of it.
const FORM: (&str, &str) = ("format", "1");
/// The record of an item's institution: it is looked up and may be another later, while the item is the same.
const LOOKED_UP: &str = "owner_id";

/// The items by their ids, each with the columns that people give and that say something, by their names: a line a
/// value, the column's name before it. A column that comes later and says nothing changes no text, and neither does
/// another word for a column, nor another order of them.
pub fn items_text<'r>(items: impl IntoIterator<Item = &'r Record>) -> String {
    let mut items: Vec<&Record> = items.into_iter().collect();
    items.sort_by(|a, b| a.id.cmp(&b.id));
    let mut text = line(FORM.0, FORM.1);
    for item in items {
        text.push_str(&line("id", &item.id));
        let given = item.body.facts().filter(|(column, _)| column.given && column.name != LOOKED_UP);
        let mut facts: Vec<_> = given.collect();
        facts.sort_by_key(|(column, _)| column.name);
        for (column, values) in facts {
            values.iter().for_each(|value| text.push_str(&line(column.name, value)));
        }
    }
    text
}

/// In one line whatever the value has: `\\` stands for a backslash, `\n` for a line break.
fn line(name: &str, value: &str) -> String {
    format!("{name}\t{}\n", value.replace('\\', "\\\\").replace('\n', "\\n").replace('\r', "\\r"))
}

/// sha256 of such a text, in hex.
pub fn items_hash(text: &str) -> String {
    hex::encode(Sha256::digest(text))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::{Body, KINDS, lists::ListRow, samples};

    fn item(id: &str, name: &str, note: &str) -> Record {
        of(id, &[("name", name), ("note", note)])
    }

    fn of(id: &str, cells: &[(&str, &str)]) -> Record {
        let blank = KINDS.iter().filter_map(|kind| Body::blank(kind.name));
        let mut body = blank.into_iter().find(|body| matches!(body.listed(), Some(ListRow::Item(_)))).unwrap();
        let typed =
            |column: &'static crate::Column| cells.iter().find(|(name, _)| *name == column.name).map(|(_, text)| *text);
        body.fill(typed).unwrap();
        samples::record(id, body)
    }

    #[test]
    fn the_text_is_of_the_items_whatever_their_order_and_tells_every_change() {
        let (a, b) = (item("p-a", "甲证核发", "第一行\n第二行"), item("p-b", "乙证核发", ""));
        let text = items_text([&b, &a]);
        assert_eq!(text, items_text([&a, &b]));
        assert!(
            text.starts_with("format\t1\nid\tp-a\n") && text.contains("name\t甲证核发\nnote\t第一行\\n第二行\n"),
            "{text}"
        );
        let hash = items_hash(&text);
        assert_eq!(hash.len(), 64);
        for other in [vec![&a], vec![], vec![&a, &item("p-b", "乙证核准", "")], vec![&a, &item("p-c", "乙证核发", "")]]
        {
            assert_ne!(items_hash(&items_text(other.clone())), hash, "{other:?}");
        }
        assert_eq!(items_text([]), "format\t1\n");
    }

    /// Published hashes are of this very text: whoever changes it counts the form on.
    #[test]
    fn the_text_of_an_item_stays_what_it_is() {
        let cells = [
            ("name", "甲证核发"),
            ("sort", "行政许可"),
            ("code", "520300123XK00101"),
            ("owner_name", "甲市乙局"),
            ("owner_id", "i-000000000000"),
            ("division", "520300"),
            ("documents", "申请表；身份证"),
            ("note", "第一行\n第二行"),
        ];
        let want = "format\t1\nid\tp-a\ncode\t520300123XK00101\ndivision\t520300\ndocuments\t申请表\n\
                    documents\t身份证\nname\t甲证核发\nnote\t第一行\\n第二行\nowner_name\t甲市乙局\n\
                    sort\t行政许可\n";
        assert_eq!(items_text([&of("p-a", &cells)]), want);
    }

    proptest! {
        #[test]
        fn no_value_makes_a_line_of_its_own(value in "[甲\\\\\n\r\tnr]{0,12}", other in "[甲\\\\\n\r\tnr]{0,12}") {
            let (one, two) = (line("备注", &value), line("备注", &other));
            prop_assert_eq!(one.lines().count(), 1);
            prop_assert_eq!(one == two, value == other);
        }
    }
}
