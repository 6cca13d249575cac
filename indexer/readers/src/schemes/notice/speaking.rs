//! Which institution a notice speaks of: its own until an item, or a heading, names another.

use record::staffing::{Mark, MarkStyle};

/// How no name of an institution begins.
const NO_BODY: [&str; 25] = [
    "你",
    "该",
    "本",
    "核",
    "增",
    "减",
    "收",
    "调",
    "从",
    "将",
    "由",
    "同意",
    "新设",
    "设立",
    "组建",
    "成立",
    "撤销",
    "明确",
    "内设",
    "划转",
    "有关",
    "相关",
    "各",
    "办公室",
    "机关",
];

/// Names of places that begin so.
const PLACES: [&str; 6] = ["本溪", "增城", "从化", "从江", "将乐", "调兵山"];

/// Whether what stands where the name of an institution may is one.
pub(super) fn is_institution(name: &str) -> bool {
    let begins = |words: &[&str]| words.iter().any(|word| name.starts_with(word));
    !begins(&NO_BODY) || begins(&PLACES)
}

/// The institution that is spoken of: the notice's own until an item, or a heading, names another.
pub(super) struct Speaking {
    pub(super) home: String,
    named: Vec<Named>,
    /// How the item is numbered.
    style: Option<MarkStyle>,
    /// Whether the item moves numbers from one institution to another: then it is about no one of them.
    pub(super) transfers: bool,
}

/// An institution that an item named.
struct Named {
    body: String,
    style: Option<MarkStyle>,
    /// Whether a row without a number names it, with a list of its own below.
    heading: bool,
    /// Whether that list is numbered as the items before the heading.
    above: bool,
}

impl Speaking {
    pub(super) fn of(home: &str) -> Self {
        Self { home: home.to_owned(), named: Vec::new(), style: None, transfers: false }
    }

    pub(super) fn body(&self) -> &str {
        self.named.last().map_or(&self.home, |named| &named.body)
    }

    /// A row begins. Whoever was named holds until the next item of the same or a higher sort.
    pub(super) fn begin(&mut self, item: Option<&Mark>) {
        match item {
            Some(item) => {
                let style = Some(item.style);
                if let Some(last) = self.named.last_mut().filter(|last| last.heading && item.n == 1) {
                    last.above |= last.style == style;
                }
                let is_over = |named: &Named| named.style > style || named.style == style && !named.above;
                while self.named.last().is_some_and(is_over) {
                    self.named.pop();
                }
                (self.style, self.transfers) = (style, false);
            }
            // Without numbers each paragraph is an item.
            None if self.style.is_none() => {
                self.named.retain(|named| named.heading);
                self.transfers = false;
            }
            None => {}
        }
    }

    pub(super) fn name(&mut self, body: &str) {
        if self.body() != body {
            while self.named.last().is_some_and(|last| last.style >= self.style && !last.heading) {
                self.named.pop();
            }
            self.named.push(Named { body: body.to_owned(), style: self.style, heading: false, above: false });
        }
    }

    /// Of headings the last one holds.
    pub(super) fn head(&mut self, body: &str) {
        let (mut style, mut above) = (self.style, false);
        if let Some(at) = self.named.iter().position(|named| named.heading) {
            (style, above) = (self.named[at].style, self.named[at].above);
            self.named.truncate(at);
        }
        self.named.push(Named { body: body.to_owned(), style, heading: true, above });
    }
}
