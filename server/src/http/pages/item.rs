//! What the page of an item of a list shows besides the facts: its flow drawn from the steps, its duties, the same item
//! at other places, and where its institution's list is.

use indexer::{
    index::Generation,
    record::{
        Record,
        lists::{ListDuty, ListItem, ListRow},
    },
};

use super::{
    descent::{Arrow, NameBox},
    guide::{self, Guide},
    view::Link,
};
use crate::{
    reading::lists::{
        Lists,
        elsewhere::{Elsewhere, compare},
    },
    urls,
};

/// Geometry in the units of the drawing. Narrow, so that letters stay readable on a phone.
const WIDTH: usize = 360;
const BOX: usize = 30;
const GAP: usize = 34;
/// Characters that fit into a box; the list beside the drawing has steps whole.
const IN_BOX: usize = 20;
/// Steps drawn; the list has them all.
const MAX_STEPS: usize = 30;

/// All of it; empty for what is no item of a list.
#[derive(Default)]
pub struct OfItem {
    pub guide: Guide,
    pub flow: Option<Flow>,
    pub duties: Vec<Link>,
    pub elsewhere: Elsewhere,
    /// The institution's list.
    pub list: String,
}

/// The steps, drawn from top to bottom; the list says the same in words.
pub struct Flow {
    pub steps: Vec<String>,
    pub description: String,
    pub width: usize,
    pub height: usize,
    pub boxes: Vec<NameBox>,
    pub arrows: Vec<Arrow>,
}

pub fn of(generation: &Generation, lists: &Lists, record: &Record) -> OfItem {
    let Some(ListRow::Item(item)) = record.body.listed() else { return OfItem::default() };
    let rows = lists.of_institution(&item.owner.division, &item.owner.name);
    let duties = rows.iter().filter_map(|row| match &row.listed {
        Some(ListRow::Duty(duty)) if belongs(duty, &record.id, &item) => {
            Some(Link { url: urls::record(row.kind, &row.id), text: row.title.clone(), detail: duty.stage.clone() })
        }
        _ => None,
    });
    let mut elsewhere = compare(&record.id, &item, lists.same_as(item.basic_code.as_deref(), &item.name));
    for place in &mut elsewhere.items {
        place.division = generation.catalogue.full_name(&place.division);
    }
    OfItem {
        guide: guide::of(record),
        flow: flow(&item.steps),
        duties: duties.collect(),
        elsewhere,
        list: urls::power_list(item.owner.division.as_str(), &item.owner.name),
    }
}

fn belongs(duty: &ListDuty, id: &str, item: &ListItem) -> bool {
    if duty.power_ids.is_empty() { duty.power == item.name } else { duty.power_ids.iter().any(|power| power == id) }
}

/// The drawing of some steps; `None` for none.
fn flow(steps: &[String]) -> Option<Flow> {
    if steps.is_empty() {
        return None;
    }
    let (mut boxes, mut arrows) = (Vec::new(), Vec::new());
    let mut y = 0;
    for (at, step) in steps.iter().take(MAX_STEPS).enumerate() {
        if at > 0 {
            arrows.push(Arrow { label: String::new(), y, end: y + GAP, label_y: y + GAP / 2 });
            y += GAP;
        }
        boxes.push(NameBox { text: shortened(step), y, text_y: y + BOX / 2, height: BOX });
        y += BOX;
    }
    let description = steps.iter().enumerate().map(|(at, step)| format!("{}. {step}", at + 1)).collect::<Vec<_>>();
    Some(Flow {
        description: description.join("；"),
        steps: steps.to_vec(),
        width: WIDTH,
        height: y + 1,
        boxes,
        arrows,
    })
}

fn shortened(text: &str) -> String {
    if text.chars().count() <= IN_BOX {
        return text.to_owned();
    }
    text.chars().take(IN_BOX - 1).chain(['…']).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_are_boxes_with_arrows_between_them() {
        let steps: Vec<String> = ["受理（1个工作日）", "审查（10个工作日）", "送达"].map(str::to_owned).to_vec();
        let drawn = flow(&steps).unwrap();
        assert_eq!(drawn.boxes.iter().map(|b| b.text.as_str()).collect::<Vec<_>>(), steps);
        assert_eq!(drawn.arrows.len(), 2);
        assert!(drawn.arrows.iter().all(|arrow| arrow.end < drawn.height));
        assert_eq!(drawn.description, "1. 受理（1个工作日）；2. 审查（10个工作日）；3. 送达");
        assert!(flow(&[]).is_none());
        let many: Vec<String> = (0..200).map(|n| format!("{n}{}", "长".repeat(100))).collect();
        let drawn = flow(&many).unwrap();
        assert!(drawn.boxes.len() == MAX_STEPS && drawn.boxes.iter().all(|b| b.text.chars().count() <= IN_BOX));
        assert_eq!(drawn.steps.len(), 200, "the list has them all");
    }
}
