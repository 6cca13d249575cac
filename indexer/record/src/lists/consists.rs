//! What a version of a list consists of: a text with every fact of every item, and its hash, so that anybody can see
//! whether the items are those that the version was published with.

use sha2::{Digest, Sha256};

use crate::Record;

/// The items by their ids, each with the columns that people give and that say something: a line a value, its column's
/// word before it. A column that comes later and says nothing changes no text.
pub fn items_text<'r>(items: impl IntoIterator<Item = &'r Record>) -> String {
    let mut items: Vec<&Record> = items.into_iter().collect();
    items.sort_by(|a, b| a.id.cmp(&b.id));
    let mut text = String::new();
    for item in items {
        text.push_str(&line("编号", &item.id));
        for (column, values) in item.body.facts().filter(|(column, _)| column.given) {
            values.iter().for_each(|value| text.push_str(&line(column.label, value)));
        }
    }
    text
}

/// In one line whatever the value has: `\\` stands for a backslash, `\n` for a line break.
fn line(label: &str, value: &str) -> String {
    format!("{label}\t{}\n", value.replace('\\', "\\\\").replace('\n', "\\n").replace('\r', "\\r"))
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
        let blank = KINDS.iter().filter_map(|kind| Body::blank(kind.name));
        let mut body = blank.into_iter().find(|body| matches!(body.listed(), Some(ListRow::Item(_)))).unwrap();
        let typed = |column: &crate::Column| match column.name {
            "name" => Some(name),
            "note" => Some(note),
            _ => None,
        };
        body.fill(typed).unwrap();
        samples::record(id, body)
    }

    #[test]
    fn the_text_is_of_the_items_whatever_their_order_and_tells_every_change() {
        let (a, b) = (item("p-a", "甲证核发", "第一行\n第二行"), item("p-b", "乙证核发", ""));
        let text = items_text([&b, &a]);
        assert_eq!(text, items_text([&a, &b]));
        assert!(
            text.starts_with("编号\tp-a\n事项名称\t甲证核发\n") && text.contains("备注\t第一行\\n第二行\n"),
            "{text}"
        );
        let hash = items_hash(&text);
        assert_eq!(hash.len(), 64);
        for other in [vec![&a], vec![], vec![&a, &item("p-b", "乙证核准", "")], vec![&a, &item("p-c", "乙证核发", "")]]
        {
            assert_ne!(items_hash(&items_text(other.clone())), hash, "{other:?}");
        }
        // Of nothing it is that of the empty text.
        assert!(items_hash(&items_text([])).starts_with("e3b0c442"));
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
