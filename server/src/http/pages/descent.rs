//! The line of descent of an institution: what happened to it, drawn from top to bottom, each arrow a document. The
//! list beside it says the same in words.

use indexer::record::Happened;

use crate::query::RecordedEvent;

/// Geometry in the units of the drawing. Narrow, so that letters stay readable on a phone.
const WIDTH: usize = 360;
const BOX: usize = 30;
const GAP: usize = 46;
/// Characters of names that fit into a box, and of what stands beside an arrow; the list has them whole.
const IN_BOX: usize = 20;
const BESIDE: usize = 22;
/// Events drawn; the list has them all.
const MAX: usize = 40;

/// An event in words.
pub struct Step {
    pub day: String,
    pub change: String,
    pub document: String,
    pub title: String,
    pub url: String,
    /// The institution that it is reported of.
    pub institution: String,
    pub from: String,
    pub to: String,
    /// Whether nobody has held it against its document yet.
    pub unseen: bool,
}

pub struct Descent {
    pub steps: Vec<Step>,
    pub description: String,
    pub width: usize,
    pub height: usize,
    pub boxes: Vec<NameBox>,
    pub arrows: Vec<Arrow>,
}

pub struct NameBox {
    pub text: String,
    pub y: usize,
    pub text_y: usize,
    pub height: usize,
}

pub struct Arrow {
    pub label: String,
    pub y: usize,
    pub end: usize,
    pub label_y: usize,
}

/// Events, the oldest first.
pub fn of(events: &[&RecordedEvent]) -> Descent {
    let step = |event: &&RecordedEvent| {
        let Happened { day, change, document_number, from, to, unseen } =
            event.entry.happened.clone().unwrap_or_default();
        Step {
            day: day.map_or_else(|| "日期不详".to_owned(), |day| day.to_string()),
            change,
            document: document_number.unwrap_or_default(),
            title: event.entry.name.clone(),
            url: event.url(),
            institution: event.entry.owner_name.clone(),
            from: from.join("、"),
            to: to.join("、"),
            unseen,
        }
    };
    drawn(events.iter().map(step).collect())
}

/// What an institution has after a change that leaves it its name, in a few words; `None` of a change of names.
fn beside(step: &Step) -> Option<String> {
    let text = match step.change.as_str() {
        "设立" | "更名" | "合并" | "分设" | "撤销" => return None,
        "挂牌" if !step.to.is_empty() => format!("加挂{}", step.to),
        "摘牌" if !step.from.is_empty() => format!("不再加挂{}", step.from),
        "划转隶属" if !step.to.is_empty() => format!("隶属{}", step.to),
        "升格" | "降格" if !step.to.is_empty() => step.to.clone(),
        change => change.to_owned(),
    };
    Some(text)
}

fn drawn(steps: Vec<Step>) -> Descent {
    let (mut boxes, mut arrows) = (Vec::new(), Vec::new());
    let mut y = 0;
    let mut last = String::new();
    let mut put = |text: &str, y: usize| {
        boxes.push(NameBox { text: shortened(text, IN_BOX), y, text_y: y + BOX / 2, height: BOX });
    };
    for step in steps.iter().take(MAX) {
        let beside = beside(step);
        let from = match &beside {
            // Plates, ranks and units are no names of it.
            Some(_) => &step.institution,
            None if step.from.is_empty() => &last,
            None => &step.from,
        };
        let from = from.as_str();
        if (!from.is_empty() && from != last) || (from.is_empty() && last.is_empty() && y == 0) {
            put(if from.is_empty() { "（此前没有）" } else { from }, y);
            y += BOX;
        }
        let label = [&step.day, &step.change, &step.document].map(String::as_str).join(" ");
        arrows.push(Arrow { label: shortened(label.trim(), BESIDE + 8), y, end: y + GAP, label_y: y + GAP / 2 });
        y += GAP;
        let to = match &beside {
            Some(_) => from,
            None if step.to.is_empty() => {
                if step.change == "撤销" {
                    "（撤销）"
                } else {
                    from
                }
            }
            None => step.to.as_str(),
        };
        let to = if to.is_empty() { step.title.clone() } else { to.to_owned() };
        put(&beside.map_or_else(|| to.clone(), |beside| format!("{to}（{beside}）")), y);
        y += BOX;
        last = to;
    }
    let told: Vec<String> = steps.iter().map(|step| format!("{} {}", step.day, step.title)).collect();
    Descent { description: told.join("；"), steps, width: WIDTH, height: y + 1, boxes, arrows }
}

fn shortened(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    text.chars().take(most - 1).chain(['…']).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn step(change: &str, from: &str, to: &str) -> Step {
        let (day, document) = ("2019-03-20".to_owned(), "甲编〔2019〕3号".to_owned());
        let title = format!("{from}{change}{to}");
        Step {
            day,
            change: change.into(),
            document,
            title,
            url: String::new(),
            institution: "甲局".into(),
            from: from.into(),
            to: to.into(),
            unseen: false,
        }
    }

    #[test]
    fn names_are_boxes_and_documents_the_arrows_between_them() {
        let drawing = drawn(vec![step("设立", "", "甲局"), step("更名", "甲局", "乙局"), step("撤销", "乙局", "")]);
        let names: Vec<&str> = drawing.boxes.iter().map(|b| b.text.as_str()).collect();
        assert_eq!(names, ["（此前没有）", "甲局", "乙局", "（撤销）"]);
        assert_eq!(drawing.arrows.len(), 3);
        assert!(
            drawing.arrows.iter().all(|arrow| arrow.label.contains("甲编〔2019〕3号") && arrow.end <= drawing.height)
        );
        assert!(drawing.description.contains("甲局更名乙局"));
    }

    /// A plate, a rank or a number leaves an institution its name.
    #[test]
    fn what_is_no_name_is_drawn_beside_the_name() {
        let names = |steps| drawn(steps).boxes.into_iter().map(|b| b.text).collect::<Vec<_>>();
        let all = vec![
            step("设立", "", "甲局"),
            step("挂牌", "", "丙办"),
            step("升格", "正科级", "副处级"),
            step("更名", "甲局", "乙局"),
        ];
        assert_eq!(names(all), ["（此前没有）", "甲局", "甲局（加挂丙办）", "甲局（副处级）", "乙局"]);
        assert_eq!(names(vec![step("调整编制", "", "")]), ["甲局", "甲局（调整编制）"]);
        assert_eq!(names(vec![step("划转隶属", "", "")]), ["甲局", "甲局（划转隶属）"]);
    }

    #[test]
    fn nothing_and_very_much_are_drawn_within_bounds() {
        assert_eq!(drawn(Vec::new()).boxes.len(), 0);
        let many = (0..500).map(|_| step("更名", &"甲".repeat(200), &"乙".repeat(200))).collect();
        let drawing = drawn(many);
        assert!(drawing.arrows.len() == MAX && drawing.boxes.iter().all(|b| b.text.chars().count() <= IN_BOX));
        assert_eq!(drawing.steps.len(), 500);
    }
}
