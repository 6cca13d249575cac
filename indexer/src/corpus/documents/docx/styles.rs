//! Styles (ECMA-376 part 1, 17.7): what a paragraph or a run has without saying it itself.

use std::collections::HashMap;

use super::{
    super::{
        DocumentError,
        xml::{Element, Part, Xml, walk},
    },
    FORMAT,
};

/// Styles based on styles: Word itself allows about ten.
const MAX_BASED_ON: usize = 16;

/// What a style gives, with what it is based on.
#[derive(Debug, Clone, Default)]
pub struct Style {
    /// 0 for the title, 1 for outermost headings.
    pub heading: Option<u8>,
    /// Whether its text is hidden (17.3.2.41).
    pub hidden: Option<bool>,
    /// Instance of a list; `0` takes numbers away.
    pub list: Option<String>,
    /// Level in the list, from 0.
    pub level: Option<usize>,
    based_on: Option<String>,
}

#[derive(Debug, Default)]
pub struct Styles {
    by_id: HashMap<String, Style>,
    /// Id of the style of paragraphs that name none.
    paragraph: Option<String>,
    /// What holds where no style says anything (17.7.5).
    hidden: bool,
}

impl Styles {
    /// Reads `word/styles.xml`.
    pub fn read(bytes: &[u8]) -> Result<Self, DocumentError> {
        let mut styles = Self::default();
        let mut own: HashMap<String, Style> = HashMap::new();
        let mut id: Option<String> = None;
        // Formats of parts of tables lie within the style and are not the style's own.
        let mut parts = 0usize;
        walk(bytes, Part::new(FORMAT, "word/styles.xml"), |event| {
            match event {
                Xml::Start(element) if element.name == "style" => {
                    id = element.attribute("styleId");
                    if let Some(id) = &id {
                        own.insert(id.clone(), Style::default());
                        let default = element.attribute("default").is_some_and(|v| is_on(Some(&v)));
                        if default && element.attribute("type").is_some_and(|t| t == "paragraph") {
                            styles.paragraph = Some(id.clone());
                        }
                    }
                }
                Xml::End("style") => id = None,
                Xml::Start(Element { name: "tblStylePr", .. }) => parts += 1,
                Xml::End("tblStylePr") => parts = parts.saturating_sub(1),
                Xml::Start(element) if parts == 0 => match id.as_ref().and_then(|id| own.get_mut(id)) {
                    Some(style) => style.take(&element),
                    None if element.name == "vanish" => styles.hidden = is_on(element.attribute("val").as_deref()),
                    None => {}
                },
                _ => {}
            }
            Ok(())
        })?;
        styles.by_id = own.keys().map(|id| (id.clone(), resolved(&own, id))).collect();
        Ok(styles)
    }

    pub fn get(&self, id: &str) -> Option<&Style> {
        self.by_id.get(id)
    }

    /// Id of the style of paragraphs that name none.
    pub fn default_paragraph(&self) -> Option<&str> {
        self.paragraph.as_deref()
    }

    /// Whether text is hidden where neither run nor style says so.
    pub fn hidden(&self) -> bool {
        self.hidden
    }
}

/// A style with what those that it is based on give and it does not.
fn resolved(own: &HashMap<String, Style>, id: &str) -> Style {
    let mut style = own.get(id).cloned().unwrap_or_default();
    for _ in 0..MAX_BASED_ON {
        let Some(base) = style.based_on.take().and_then(|id| own.get(&id)) else { break };
        style.heading = style.heading.or(base.heading);
        style.hidden = style.hidden.or(base.hidden);
        if style.list.is_none() {
            (style.list, style.level) = (base.list.clone(), style.level.or(base.level));
        }
        style.based_on.clone_from(&base.based_on);
    }
    style
}

impl Style {
    fn take(&mut self, element: &Element<'_>) {
        let value = || element.attribute("val");
        match element.name {
            "name" => self.heading = value().and_then(|n| level_of_name(&n)).or(self.heading),
            "basedOn" => self.based_on = value(),
            "outlineLvl" => self.heading = self.heading.or_else(|| outline_level(element)),
            "vanish" => self.hidden = Some(is_on(value().as_deref())),
            "numId" => self.list = value(),
            "ilvl" => self.level = value().and_then(|v| v.parse().ok()),
            _ => {}
        }
    }
}

/// The value of a property that is there or not (17.17.4).
pub fn is_on(value: Option<&str>) -> bool {
    !matches!(value, Some("0" | "false" | "off"))
}

/// Title → 0, heading 2 → 2; the names that Word keeps in English in every language, and those of WPS.
fn level_of_name(name: &str) -> Option<u8> {
    let name = name.trim().to_lowercase();
    if name == "title" || name == "标题" {
        return Some(0);
    }
    let number = name.strip_prefix("heading").or_else(|| name.strip_prefix("标题"))?;
    number.trim().parse().ok().filter(|n| (1..=9).contains(n))
}

/// `w:outlineLvl`: 0 to 8 are levels, 9 is running text (17.3.1.20).
pub fn outline_level(element: &Element<'_>) -> Option<u8> {
    element.attribute("val")?.parse::<u8>().ok().filter(|n| *n < 9).map(|n| n + 1)
}
